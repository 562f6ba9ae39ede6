"""Looks for markup on which parsing or reading a page takes more than linear time: every tag, alone and in pairs.

    python -m fuzz.sweep_markup [--minutes 4] [--seed 7] [--readers]

Each shape is built of n and of 2n elements and read as the worker reads it: refused by the pre-scan, or parsed. Where
twice the size costs far more than twice the processor time, it is built twice as large again, up to the size that the
pre-scan refuses, and named with the ratio. A seed draws the order, `--minutes` of the processor how many are tried: all
of them take two hours. Exit status 1 where a shape is named. Not collected by the test runner: it takes minutes.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date

from selectolax.lexbor import LexborHTMLParser

from tracker.evidence.page.parsed import Page
from tracker.evidence.page.prescan import is_too_heavy
from tracker.evidence.reading.readings import glance

TAGS = """
a abbr address applet area article aside audio b base basefont bgsound bdi bdo big blockquote body br button canvas
caption center cite code col colgroup command data datalist dd del details dfn dialog dir div dl dt em embed fieldset
figcaption figure font footer form frame frameset h1 h2 head header hgroup hr html i iframe image img input ins kbd
keygen label legend li link listing main map mark marquee math menu menuitem meta meter mi nav nobr noembed noframes
noscript object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script
search section select selectedcontent slot small source span strike strong style sub summary sup svg table tbody td
template textarea tfoot th thead time title tr track tt u ul var video wbr xmp desc foreignobject annotation-xml
my-tag
""".split()  # noqa: SIM905
#: Written over and over.
PIECES = (
    "x", " ", "&amp;", "&", "&#65;", "&notit;", "\x00", "\r\n", "<", "</", "<!", "<!-->", "<!--", "<!--x-->", "-->",
    "<?x>", "]]>", "<![CDATA[x]]>", "</>", "<!doctype html>", "<a/", "<a b='", "<a b", "</p>", "</br>", "</body>",
    "</html>", "</form>",
)  # fmt: skip
#: Markup that changes how what follows it is read.
PLACES = (
    "", "<table>", "<table><tr>", "<table><tr><td>", "<select>", "<svg>", "<math><mi>", "<template>", "<frameset>",
    "<title>", "<textarea>", "<script>", "<p>", "<button>", "<head>", "<ruby>", "<a>", "<form>", "<svg><desc>",
    "<dl><dd>", '<a b="', "<!--", "<a ",
)  # fmt: skip

Shape = Callable[[int], str]
Work = Callable[[str], None]

#: Elements of the smaller page, at first and at most; seconds under which a time says nothing; ratio above which growth
#: is not linear.
SIZE, LARGEST, LEAST, RATIO = 1_500, 12_000, 0.016, 2.9


def shapes() -> Iterator[tuple[str, Shape]]:
    """Every shape with its name."""
    for tag in TAGS:
        yield f"<{tag} a1 a2 …>", lambda n, t=tag: f"<{t} {' '.join(f'a{i}' for i in range(n))}>"
        for place in PLACES:
            yield f"{place}(<{tag}>x)…", lambda n, t=tag, p=place: p + f"<{t}>x" * n
            yield f"{place}(<{tag} c=1…>)…", lambda n, t=tag, p=place: p + "".join(f"<{t} c={i}>" for i in range(n))
            yield f"{place}(<{tag} a1…>)…", lambda n, t=tag, p=place: p + "".join(f"<{t} a{i}>" for i in range(n))
            yield f"{place}(<{tag}>x</{tag}>)…", lambda n, t=tag, p=place: p + f"<{t}>x</{t}>" * n
            yield f"{place}(x</{tag}>)…", lambda n, t=tag, p=place: p + f"x</{t}>" * n
    for piece in PIECES:
        for place in PLACES:
            yield f"{place}({piece!r})…", lambda n, w=piece, p=place: p + w * n * 8
    for outer in TAGS:
        for inner in TAGS:
            if outer != inner:
                yield from _pairs(outer, inner)


def _pairs(s: str, t: str) -> Iterator[tuple[str, Shape]]:
    yield f"(<{s}>)… (<{t}>)…", lambda n: f"<{s}>" * n + f"<{t}>" * n
    yield f"(<{s}>)… (<{t}>x</{t}>)…", lambda n: f"<{s}>" * n + f"<{t}>x</{t}>" * n
    yield f"(<{s}>)… (x</{t}>)…", lambda n: f"<{s}>" * n + f"x</{t}>" * n
    yield f"(<{s}><{t}>)…", lambda n: f"<{s}><{t}>" * n
    yield f"(<{s}><{t}>)… (</{s}>)…", lambda n: f"<{s}><{t}>" * n + f"</{s}>" * n
    yield f"(<{s}><{t}>x</{s}>)…", lambda n: f"<{s}><{t}>x</{s}>" * n
    yield f"(<{s} c=1…><{t}>x</{s}>)…", lambda n: "".join(f"<{s} c={i}><{t}>x</{s}>" for i in range(n))
    yield f"(<{s} c=1…><{t}>x)…", lambda n: "".join(f"<{s} c={i}><{t}>x" for i in range(n))
    yield f"<{s}>(<{t}>x)…", lambda n: f"<{s}>" + f"<{t}>x" * n
    yield f"<{s}>(<{t}>x</{t}>)…", lambda n: f"<{s}>" + f"<{t}>x</{t}>" * n


def parse(markup: str) -> None:
    """Parse without reading."""
    if not is_too_heavy(markup):
        LexborHTMLParser(markup.encode())


def read(markup: str) -> None:
    """Read as a listing and as an article."""
    glance(Page("http://www.example.gov.cn/a/", markup.encode(), UTC, date(2015, 9, 30), "text/html"))


def seconds(work: Work, markup: str) -> float:
    """Processor time of the work; next to nothing where the pre-scan refuses the page."""
    began = time.process_time()
    work(markup)
    return time.process_time() - began


def growth(work: Work, shape: Shape) -> tuple[float, float] | None:
    """Seconds and ratio at doubled sizes, where time grows faster than the page; None where it does not."""
    size = SIZE
    while True:
        if (large := seconds(work, shape(2 * size))) < LEAST:
            return None
        small = seconds(work, shape(size))
        if large < RATIO * small:
            return None
        if size >= LARGEST:
            return large, large / max(small, 1e-9)
        size *= 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=math.inf, help="of processor time (default: all shapes)")
    parser.add_argument("--readers", action="store_true", help="read the pages too: takes ten times as long")
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    args = parser.parse_args()
    drawn = list(shapes())
    random.Random(args.seed).shuffle(drawn)
    tried = named = 0
    for name, shape in drawn:
        if time.process_time() > 60 * args.minutes:
            break
        tried += 1
        if (found := growth(read if args.readers else parse, shape)) is not None:
            named += 1
            print(f"{name}: {found[0]:.2f} s, {found[1]:.1f} times as long at twice the size", flush=True)
    print(f"{tried} of {len(drawn)} shapes tried, {named} take more than linear time")
    return 1 if named else 0


if __name__ == "__main__":
    sys.exit(main())
