"""Paints drawings as PNG with resvg. Import it where it is needed: resvg and Pillow take 20 MB."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tracker.reports.pictures.drawing import FAMILIES, Drawing, ShapeGroup, TextShape, svg_of

#: Pixels of the PNG for a pixel of the drawing: sharp on paper at 156 mm.
_SCALE = 2
#: Colours of the PNG's palette: the file is half as large and looks the same, as drawings have few colours.
_COLOURS = 64
_NEARLY_WHITE = 250


class NoPainter(RuntimeError):
    """No PNG can be made here; the message says what to install."""


def png_of(drawings: Sequence[Drawing], *, system_fonts: bool = True) -> list[bytes]:
    """The drawings as PNG. Raises NoPainter where the machine has no font with Chinese characters."""
    if drawings and _painted(_letter_svg("督"), system_fonts) == _painted(_letter_svg(""), system_fonts):
        families = ", ".join(FAMILIES)
        raise NoPainter(
            f"no font with Chinese characters is installed: install one of {families} (Debian: fonts-noto-cjk)"
        )
    return [_reduced(_painted(svg_of(drawing), system_fonts)) for drawing in drawings]


def _letter_svg(text: str) -> str:
    return svg_of(Drawing(20, 20, "", "", (ShapeGroup((TextShape(0, 10, text),)),)))


def _painted(svg: str, system_fonts: bool) -> bytes:
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg, zoom=_SCALE, background="#ffffff", skip_system_fonts=not system_fonts, languages=["zh-Hans"]
    )


def _reduced(png: bytes) -> bytes:
    from PIL import Image

    pixels = Image.open(io.BytesIO(png)).convert("RGB")
    reduced = pixels.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = reduced.getpalette() or []
    for at in range(0, len(palette), 3):  # the quantizer mixes paper and edges of letters: paper stays white
        if min(palette[at : at + 3]) >= _NEARLY_WHITE:
            palette[at : at + 3] = [255, 255, 255]
    reduced.putpalette(palette)
    buffer = io.BytesIO()
    reduced.save(buffer, "PNG")
    return buffer.getvalue()
