"""One listing page of 40 KB read by its wrapper, beside the bare selectors that any reader needs.

    python benchmarks/wrappers.py [--rounds 15]

The floor parses the page, takes all links with their texts and all texts with a day. A page is parsed anew each
time. CPU time of one process; each figure is the ratio to the floor of the same round.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections.abc import Callable
from datetime import date
from time import process_time
from zoneinfo import ZoneInfo

from benchmarks.evidence import page_html
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import ReadSoFar

ZONE, TODAY = ZoneInfo("Asia/Shanghai"), date(2015, 11, 20)
URL = "http://www.example.gov.cn/c0/index.html"
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
#: Pages a figure of one round.
_PAGES = 20


def _page(number: int, edition: int = 0) -> Page:
    url = URL if number == 1 else URL.replace("index", f"index_{number - 1}")
    return Page(url, page_html(0, number, 20, edition).encode(), ZONE, TODAY, "text/html; charset=utf-8")


def _floor(page: Page) -> int:
    tree = page.tree
    links = [(node.attributes.get("href"), node.text()) for node in tree.css("a")]
    return len(links) + sum(_DAY.search(node.text()) is not None for node in tree.css("span, td, li"))


def _cpu(read: Callable[[], object]) -> float:
    began = process_time()
    for _ in range(_PAGES):
        read()
    return process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    first = parse_listing(_page(1))
    known = ReadSoFar(first.wrapper, last=first.sightings)
    above = first.sightings[-1].claimed
    further = ReadSoFar(first.wrapper, 2, len(first.sightings), above if isinstance(above, date) else None)
    readings: dict[str, Callable[[], object]] = {
        "a further page: rows, residue, pager": lambda: parse_listing(_page(2), so_far=further),
        "the first page, verified by the last visit": lambda: parse_listing(_page(1), so_far=known),
        "the first page, changed": lambda: parse_listing(_page(1, 1), so_far=known),
        "learned": lambda: parse_listing(_page(1)),
    }
    found: dict[str, list[float]] = {name: [] for name in readings}
    for _ in range(rounds):
        floor = _cpu(lambda: _floor(_page(1)))
        for name, read in readings.items():
            found[name].append(_cpu(read) / floor)
    print("| reading, in times the floor | median | spread |\n|---|---|---|")
    for name, ratios in found.items():
        print(f"| {name} | {statistics.median(ratios):.2f} | {min(ratios):.2f} to {max(ratios):.2f} |")


if __name__ == "__main__":
    main()
