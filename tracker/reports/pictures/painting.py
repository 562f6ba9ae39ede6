"""A drawing as PNG, painted by matplotlib in a process of its own: it weighs 60 MB, and is seldom needed."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.reports.pictures.drawing import FAMILIES, Drawing

#: Seconds for one call; pixels of the PNG for one of the drawing (twice: sharp on paper at 156 mm).
_PATIENCE, _SCALE = 120.0, 2.0
_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from tracker.reports.pictures.painting import serve; "
    "serve(sys.argv[2])"
)


class NoPainter(RuntimeError):
    """No PNG can be made here; the message says what to install."""


def png_of(
    drawings: Sequence[Drawing], families: Sequence[str] = FAMILIES, *, patience: float = _PATIENCE
) -> list[bytes]:
    """The PNGs, all by one process. Raises NoPainter: no font with Chinese characters, matplotlib is missing, or
    `patience` (seconds) is over."""
    if not drawings:
        return []
    asked = {"families": list(families), "drawings": [_plain(one) for one in drawings]}
    with tempfile.TemporaryDirectory(prefix="duban-picture-") as folder:
        try:
            painted = subprocess.run(  # noqa: S603  (our own interpreter and code)
                [sys.executable, "-I", "-c", _START, str(_ROOT), str(_SCALE)],
                input=json.dumps(asked).encode(), capture_output=True, timeout=patience, check=False,
                # Nothing of our surroundings, where secrets may stand; matplotlib's own files go with the folder.
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": folder,
                     "MPLCONFIGDIR": folder, "MPLBACKEND": "agg"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoPainter(f"no PNG was painted within {patience:g} seconds") from None
    if painted.returncode:
        lines = painted.stderr.decode(errors="replace").strip().splitlines()
        raise NoPainter(lines[-1] if lines else f"the painting process ended with {painted.returncode}")
    return _parted(painted.stdout)


def _plain(one: Drawing) -> dict[str, Any]:
    shapes = [{"kind": type(shape).__name__} | asdict(shape) for shape in one.shapes]
    return {"width": one.width, "height": one.height, "shapes": shapes}


def _parted(made: bytes) -> list[bytes]:
    """Each is preceded by its length."""
    found, at = [], 0
    while at < len(made):
        (length,) = struct.unpack_from(">I", made, at)
        found.append(made[at + 4 : at + 4 + length])
        at += 4 + length
    return found


# -- the process -------------------------------------------------------------------------------------


def serve(scale: str) -> None:
    """Read what is asked on stdin, write the PNGs on stdout."""
    asked = json.load(sys.stdin)
    try:
        from matplotlib.font_manager import FontProperties
    except ImportError as error:
        sys.exit(f"no PNG can be made here ({error}): pip install matplotlib")
    regular, bold = font(asked["families"]), font(asked["families"], bold=True)
    if regular is None:
        wanted = ", ".join(asked["families"])
        sys.exit(f"no font with Chinese characters is installed: install one of {wanted} (Debian: fonts-noto-cjk)")
    fonts = {False: FontProperties(fname=regular), True: FontProperties(fname=bold or regular)}
    for one in asked["drawings"]:
        made = _painted(one, fonts, float(scale))
        sys.stdout.buffer.write(struct.pack(">I", len(made)) + made)


def font(families: Sequence[str], *, bold: bool = False) -> Any:
    """The file of the first of these families that is installed, with the face in it; None where none is."""
    from matplotlib.font_manager import FontPath, fontManager

    order = {name: place for place, name in enumerate(families)}
    found = [
        (order[one.name], abs(int(one.weight) - (700 if bold else 400)), one.fname, getattr(one, "index", 0))
        for one in fontManager.ttflist
        if one.name in order and one.style == "normal" and str(one.weight).isdigit()
    ]
    if not found:
        return None
    _, _, path, face = min(found)
    return FontPath(path, face)


def _painted(one: Mapping[str, Any], fonts: Mapping[bool, Any], scale: float) -> bytes:
    import io

    import numpy as np
    from PIL import Image

    brush = _Brush(one["width"], one["height"], fonts, scale)
    for shape in one["shapes"]:
        brush.paint(shape)
    # Few colours in a picture like this: with 64 of them it takes a third of the room, and nobody sees it.
    pixels = np.asarray(brush.renderer.buffer_rgba())[:, :, :3]
    drawn = Image.fromarray(pixels).quantize(64, dither=Image.Dither.NONE)
    held = io.BytesIO()
    drawn.save(held, "PNG", optimize=True)
    return held.getvalue()


class _Brush:
    """Paints shapes one after the other, straight by the renderer: as artists of a figure they take four times as
    long. A unit of the drawing is `scale` pixels, and 1/100 inch."""

    def __init__(self, width: float, height: float, fonts: Mapping[bool, Any], scale: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.path import Path as Outline
        from matplotlib.transforms import Affine2D

        figure = Figure(figsize=(width / 100, height / 100), dpi=100 * scale)
        self.renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        self._outline, self._place, self._fonts, self._scale = Outline, Affine2D, fonts, scale
        self._height = height
        self._sized: dict[tuple[bool, float], Any] = {}
        self._wide: dict[tuple[bool, float, str], float] = {}
        self._box({"x": 0, "y": 0, "width": width, "height": height, "fill": "#ffffff", "stroke": ""})

    def paint(self, shape: Mapping[str, Any]) -> None:
        {"Box": self._box, "Stroke": self._stroke, "Text": self._write}[shape["kind"]](shape)

    def _pen(self, colour: str, width: float) -> Any:
        """`width`: in units of the drawing, which are 0.72 points; 0 draws no line."""
        pen = self.renderer.new_gc()
        pen.set_foreground(colour)
        pen.set_linewidth(width * 0.72)
        return pen

    def _draw(self, pen: Any, points: Sequence[tuple[float, float]], fill: Any = None) -> None:
        """Paths are measured from below, words from above."""
        place = self._place().scale(self._scale, -self._scale).translate(0, self._height * self._scale)
        self.renderer.draw_path(pen, self._outline(points, closed=fill is not None), place, fill)

    def _box(self, shape: Mapping[str, Any]) -> None:
        from matplotlib.colors import to_rgba

        x, y, right, low = shape["x"], shape["y"], shape["x"] + shape["width"], shape["y"] + shape["height"]
        pen = self._pen(shape["stroke"] or shape["fill"], 1 if shape["stroke"] else 0)
        self._draw(pen, [(x, y), (right, y), (right, low), (x, low), (x, y)], to_rgba(shape["fill"]))

    def _stroke(self, shape: Mapping[str, Any]) -> None:
        pen = self._pen(shape["colour"], shape["width"])
        if shape["dashed"]:
            pen.set_dashes(0, [7 * 0.72, 4 * 0.72])
        self._draw(pen, shape["points"])

    def _write(self, shape: Mapping[str, Any]) -> None:
        size, x, y = shape["size"], shape["x"], shape["y"] + shape["size"] * 0.38
        if shape["stacked"]:
            for number, letter in enumerate(shape["words"]):
                self._put(shape, letter, x - self._width(shape, letter) / 2, y + size * (number + 0.5))
            return
        share = {"start": 0, "middle": 0.5, "end": 1}[shape["anchor"]]
        left = x - share * self._width(shape, shape["words"])
        if shape["halo"]:  # white all around, as wide as a stroke of three units
            for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)):
                self._put({**shape, "colour": "#ffffff"}, shape["words"], left + across * 1.5, y + down * 1.5)
        self._put(shape, shape["words"], left, y)

    def _put(self, shape: Mapping[str, Any], words: str, left: float, base: float) -> None:
        pen, font = self._pen(shape["colour"], 0), self._font(shape)
        self.renderer.draw_text(pen, left * self._scale, base * self._scale, words, font, 0)

    def _font(self, shape: Mapping[str, Any]) -> Any:
        """A point is 1/72 inch."""
        from matplotlib.font_manager import FontProperties

        key = (shape["bold"], shape["size"])
        if key not in self._sized:
            file = self._fonts[shape["bold"]].get_file()
            self._sized[key] = FontProperties(fname=file, size=shape["size"] * 0.72)
        return self._sized[key]

    def _width(self, shape: Mapping[str, Any], words: str) -> float:
        key = (shape["bold"], shape["size"], words)
        if key not in self._wide:
            wide, _, _ = self.renderer.get_text_width_height_descent(words, self._font(shape), False)
            self._wide[key] = wide / self._scale
        return self._wide[key]
