"""`duban report picture`: a year as a picture, SVG for a page and PNG for paper."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import say
from tracker.commands.parsing import add
from tracker.commands.progress import Underway
from tracker.reports.pictures import year as pictures
from tracker.reports.pictures.drawing import Drawing, svg_of
from tracker.reports.reading import Reader

KINDS = {
    "lights": "each department and duty, by the gravest of its matters",
    "rate": "the rate on time by month, the county's and with --department that one's",
    "days": "how many days late, by duty",
}


def register(reports: Any) -> None:
    shown = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    made = add(reports, "picture", _picture, "draw a year as a picture")
    made.epilog = shown
    made.add_argument("kind", choices=KINDS, help=shown)
    made.add_argument("--to", type=Path, required=True, metavar="FILE", help="where to write it: .svg or .png")
    made.add_argument("--year", type=_year, metavar="YEAR", help="the year (default: that of the day it is read)")
    made.add_argument("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
    made.add_argument("--department", metavar="ID", help="of this department, for `rate` against the county")
    made.add_argument("--paged", action="store_true", help="in parts that fit on A4: FILE-1, FILE-2, …")


def _year(text: str) -> int:
    """argparse type."""
    if not text.isdecimal() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r} is no year; write 2015")
    return int(text)


def _picture(args: argparse.Namespace) -> int:
    if args.to.suffix not in (".svg", ".png"):
        raise UsageError(f"--to {args.to}: write .svg or .png")
    if not args.to.absolute().parent.is_dir():
        raise UsageError(f"--to {args.to}: there is no folder {args.to.absolute().parent}")

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    at = context.as_of(args, rulebook)
    with Underway(f"{rulebook.county.id} report picture {args.kind}") as under_way:
        with context.opened(args, create=False) as store, store.read() as tx:
            reading = Reader(rulebook, loaded.calendar).read(tx, at, under_way.told)
        context.one_of("--department", args.department, reading.rulebook.county.departments)
        if not reading.lines:
            say("nothing was decided by then: run `duban tick` or `duban once` first")
        _write(args.to, _drawn(args, reading))
    return 0


def _drawn(args: argparse.Namespace, reading: Any) -> tuple[Drawing, ...]:
    year = args.year or reading.today.year
    if args.kind == "rate":
        return pictures.rate(reading, year, args.department)
    draw = pictures.lights if args.kind == "lights" else pictures.days
    return draw(reading, year, args.department, paged=args.paged)


def _write(path: Path, drawings: tuple[Drawing, ...]) -> None:
    from tracker.reports.pictures.painting import NoPainter, png_of

    if path.suffix == ".svg":
        made = [svg_of(drawing).encode() for drawing in drawings]
    else:
        try:
            made = png_of(drawings)
        except NoPainter as error:
            raise UsageError(str(error)) from None
    for number, content in enumerate(made, 1):
        to = path if len(made) == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            to.write_bytes(content)
        except OSError as error:
            raise UsageError(f"--to {to}: {error.strerror}") from None
        say(f"{to}: {len(content):,} bytes")
