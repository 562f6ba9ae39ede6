"""A drawing as PNG, painted by matplotlib in a process of its own: it weighs 60 MB, and is seldom needed."""

from __future__ import annotations

import asyncio
import json
import os
import struct
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


async def png_of(drawings: Sequence[Drawing], families: Sequence[str] = FAMILIES) -> list[bytes]:
    """The PNGs, all by one process. Raises NoPainter: no font with Chinese characters, or matplotlib is missing."""
    if not drawings:
        return []
    asked = {"families": list(families), "drawings": [_plain(one) for one in drawings]}
    with tempfile.TemporaryDirectory(prefix="duban-picture-") as folder:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _START, str(_ROOT), str(_SCALE),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            # Nothing of our surroundings, where secrets may stand; matplotlib's own files go with the folder.
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": folder,
                 "MPLCONFIGDIR": folder, "MPLBACKEND": "agg"},
        )  # fmt: skip
        try:
            async with asyncio.timeout(_PATIENCE):
                made, said = await running.communicate(json.dumps(asked).encode())
        except TimeoutError:
            running.kill()
            await running.wait()
            raise NoPainter(f"no PNG was painted within {_PATIENCE:g} seconds") from None
    if running.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise NoPainter(lines[-1] if lines else f"the painting process ended with {running.returncode}")
    return _parted(made)


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    width, height = one["width"], one["height"]
    figure = Figure(figsize=(width / 100, height / 100), dpi=100 * scale, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set_xlim(0, width)
    page.set_ylim(height, 0)
    for shape in one["shapes"]:
        _paint(page, shape, fonts)
    canvas.draw()  # type: ignore[no-untyped-call]
    # Few colours in a picture like this: with 64 of them it takes a third of the room, and nobody sees it.
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]
    drawn = Image.fromarray(pixels).quantize(64, dither=Image.Dither.NONE)
    held = io.BytesIO()
    drawn.save(held, "PNG", optimize=True)
    return held.getvalue()


def _paint(page: Any, shape: Mapping[str, Any], fonts: Mapping[bool, Any]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    if shape["kind"] == "Box":
        page.add_patch(
            Rectangle(
                (shape["x"], shape["y"]),
                shape["width"],
                shape["height"],
                facecolor=shape["fill"],
                edgecolor=shape["stroke"] or "none",
                linewidth=0.72 if shape["stroke"] else 0,
            )
        )
    elif shape["kind"] == "Stroke":
        xs, ys = zip(*shape["points"], strict=True)
        style: Any = (0, (7 / shape["width"], 4 / shape["width"])) if shape["dashed"] else "solid"
        page.add_line(Line2D(xs, ys, color=shape["colour"], linewidth=shape["width"] * 0.72, linestyle=style))
    else:
        _write(page, shape, fonts)


def _write(page: Any, shape: Mapping[str, Any], fonts: Mapping[bool, Any]) -> None:
    """A point is 1/72 inch, a pixel of the drawing 1/100."""
    size = shape["size"]
    style = {
        "fontproperties": fonts[shape["bold"]], "fontsize": size * 0.72, "color": shape["colour"],
        "verticalalignment": "baseline", "parse_math": False,
    }  # fmt: skip
    if shape["halo"]:
        from matplotlib.patheffects import withStroke

        style["path_effects"] = [withStroke(linewidth=2.2, foreground="white")]
    if shape["stacked"]:
        for number, letter in enumerate(shape["words"]):
            y = shape["y"] + size * (number + 0.5) + size * 0.38
            page.text(shape["x"], y, letter, horizontalalignment="center", **style)
        return
    side = {"start": "left", "middle": "center", "end": "right"}[shape["anchor"]]
    page.text(shape["x"], shape["y"] + size * 0.38, shape["words"], horizontalalignment=side, **style)
