"""Stored wrappers before changed pages: redesigns are learned anew, wrong pages and barriers pass nowhere.

`python -m tests.sites.redesigned [--every N]` prints the table; N: only every N-th column of the corpora.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from tests.evidence.evidence_site import SHANGHAI as ZONE
from tests.sites import rows, words
from tests.sites.build import CORPORA, build
from tests.sites.case import OWN, Row, StoredCase, load
from tests.sites.plain import addressed, make_rows
from tests.sites.skins import SKINS, Place, side_list
from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.relearn import relearn
from tracker.evidence.wrappers.run import run_wrapper
from tracker.evidence.wrappers.verify import WrapperState, verify
from tracker.evidence.wrappers.wrapper import Wrapper

#: The eight ways: style of the rows, skin of the page, form of the days.
WAYS = [
    ("items", "boxes", rows.DASHES), ("layout-rows", "tables", rows.BRACKETED), ("definition", "wide", rows.DASHES),
    ("day-block", "boxes", rows.DASHES), ("inside", "wide", rows.DOTS), ("trailing-text", "tables", rows.SLASHES),
    ("pairs", "boxes", rows.HAN), ("date-first", "wide", rows.NO_YEAR),
]  # fmt: skip
#: So many rows stand on the page of a redesign, of which the first are new.
_SHOWN, _NEW = 20, 2


@dataclass(frozen=True, slots=True)
class Learned:
    """A column with the wrapper that was learned from its first page, and what that read."""

    name: str
    page: Page
    wrapper: Wrapper
    last: tuple[Sighting, ...]


def page_at(case: StoredCase, url: str) -> Page | None:
    """Return the page that a case answers an address with; None where it answers in another way."""
    how = case.answers.get(url)
    if how is None or "file" not in how or int(how.get("status", 200)) != 200:
        return None
    body = (case.folder / how["file"]).read_bytes()
    return Page(OWN + url, body, ZONE, date.fromisoformat(case.today), how.get("type") or "text/html")


def corpora(every: int, names: Iterable[str] = tuple(CORPORA)) -> tuple[list[Learned], list[Page]]:
    """Return what is learned of every N-th column of all corpora, and all of their barrier pages."""
    learned: list[Learned] = []
    barriers: list[Page] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            folder = Path(scratch) / name.replace(" ", "-")
            build(folder, name)
            for case in load(folder) if folder.exists() else ():
                for truth in case.columns:
                    page = page_at(case, truth["url"])
                    if page is None or page.kind != "html":
                        continue
                    if truth.get("outcome") == "unseen":
                        barriers.append(page)
                    elif truth.get("outcome", "read") == "read" and (one := _learn(f"{case.name}", page)) is not None:
                        learned.append(one)
    return learned[::every], barriers


def _learn(name: str, page: Page) -> Learned | None:
    wrapper = induce(page)
    if wrapper is None:
        return None
    last = run_wrapper(wrapper, page).sightings
    dated = [one for one in last if one.claimed is not None]
    return Learned(name, page, wrapper, last) if len(dated) >= 5 else None


def redesign(one: Learned, way: int, *, new_addresses: bool, rng: Random) -> Page:
    """Return the page of a column in another way of writing lists, with two new rows on top."""
    style, skin, form = WAYS[way]
    known = _rows(one.last)
    known.sort(key=lambda row: row.day or date.min, reverse=True)
    newest = min(known[0].day or one.page.today, one.page.today)
    new = [Row(words.title(rng, "阳黎县", newest), f"/neu/{n}.html", newest) for n in range(_NEW)]
    shown = [*new, *known[: _SHOWN - _NEW]]
    if new_addresses:
        shown = [replace(row, url=f"/content/{n + 7000}.shtml") for n, row in enumerate(shown)]
    return _written(one, rows.write(style, shown, form), skin, rng)


def _rows(seen: Sequence[Sighting]) -> list[Row]:
    return [Row(one.title, one.url.removeprefix(OWN), day_of(one.claimed)) for one in seen if one.claimed is not None]


def _written(one: Learned, main: str, skin: str, rng: Random, *, title: str = "政务公开") -> Page:
    place = Place("阳黎县", title, one.page.today)
    html = SKINS[skin](rng, place, title, main, side_list(rng, place))
    return Page(one.page.url, html.encode(), ZONE, one.page.today, "text/html; charset=utf-8")


def wrong_pages(one: Learned, way: int, rng: Random) -> Iterator[tuple[str, Page]]:
    """Return pages that are not the column's list, by what they are."""
    style, skin, form = WAYS[way]
    newest = max((day_of(seen.claimed) for seen in one.last if seen.claimed), default=one.page.today)
    others = make_rows(rng, "阳黎县", newest, 20, addressed("/other/{d:%Y%m}/{n}.html"))
    yield "another column", _written(one, rows.write(style, others, form), skin, rng)
    yield "missing, with a side list", _written(one, "<h2>404</h2><p>您访问的页面不存在</p>", skin, rng, title="404")
    yield "the list gone", _written(one, '<div class="list"></div>', skin, rng)
    form_of_login = '<form><input name="user"><input type="password"><button>登录</button></form>'
    yield "login", _written(one, form_of_login, skin, rng)
    mixed = sorted([*_rows(one.last[:2]), *others[:12]], key=lambda row: row.day or date.min, reverse=True)
    yield "front page", _written(one, rows.write(style, mixed, form), skin, rng, title="首页")


def passes(one: Learned, page: Page) -> tuple[bool, bool]:
    """Return whether the stored wrapper takes a page for the column, and whether one learned anew would be adopted."""
    kept = verify(one.wrapper, run_wrapper(one.wrapper, page), one.last, page.today)
    return kept.state is WrapperState.OK, relearn(page, one.last).adopted


def measure(every: int, names: Iterable[str] = tuple(CORPORA)) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return how often each kind of page was tried and how often it was taken for the column, and each fault."""
    learned, barriers = corpora(every, names)
    tried: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    faults: list[str] = []
    rng = Random(20150401)
    for number, one in enumerate(learned):
        for way in range(len(WAYS)):
            kind = "redesign, new addresses" if (number + way) % 2 else "redesign"
            page = redesign(one, way, new_addresses=(number + way) % 2 == 1, rng=rng)
            tried[kind] += 1
            if any(passes(one, page)):
                taken[kind] += 1
            else:
                faults.append(f"{one.name}: {kind} {WAYS[way][0]} was not adopted")
        for kind, page in wrong_pages(one, number % len(WAYS), rng):
            tried[kind] += 1
            if any(passes(one, page)):
                taken[kind] += 1
                faults.append(f"{one.name}: {kind} was taken for the column")
    for one in learned:
        for page in barriers:
            tried["barrier"] += 1
            read = run_wrapper(one.wrapper, page)
            if read.sightings and verify(one.wrapper, read, one.last, page.today).state is WrapperState.OK:
                taken["barrier"] += 1
                faults.append(f"{one.name}: {page.url} was taken for the column")
    for page in barriers:
        tried["barrier at first sight"] += 1
        taken["barrier at first sight"] += induce(page) is not None
    return tried, taken, faults


def table(tried: Counter[str], taken: Counter[str]) -> str:
    lines = ["| page | tried | taken for the column |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {kind} | {count} | {taken[kind]} |" for kind, count in tried.items())])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sites.redesigned", description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    chosen = parser.parse_args(arguments)
    tried, taken, faults = measure(chosen.every)
    print(table(tried, taken))
    if chosen.faults:
        print("\n".join(faults))


if __name__ == "__main__":
    main()
