"""`python -m tests.sites.wrapped` reads every column by a learned wrapper beside today's readers and tells them apart.

A column is exact where its entries are the true ones, all of them, each with its day. Of the wrappers a person is taken
to see the first titles at enrolment and to say yes to a column's and no to a barrier's. `--only NAME`, `--corpus NAME`,
`--draw N` choose; `--differences` prints where the two differ, `--misses` all that the wrappers miss, `--alone` leaves
today's readers out.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from tests.evidence.evidence_site import SHANGHAI as ZONE
from tests.evidence.evidence_site import Clock
from tests.sites.build import CORPORA, build
from tests.sites.case import StoredCase, load
from tests.sites.measure import day_of, make_column, path_of
from tests.sites.serve import serve_cases
from tracker.core.values.facts import Sighting
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import none_kept, read_column
from tracker.evidence.wrappers.visit import read_wrapped

_LIMITS = Limits(delay=0, timeout=10)


@dataclass(slots=True)
class Reading:
    """What one reader said of one column, against the truth. `rows`: true and seen; `days`: of these, right.
    `whole`: it claims to have seen all; `wrong`: what it called absent that is there, or that nobody could see."""

    seen: int = 0
    rows: int = 0
    true: int = 0
    dated: int = 0
    days: int = 0
    whole: bool = False
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class Compared:
    """One column, read in both ways. `how`: the wrapper that was learned; `readable`: whether a list is there."""

    path: str
    traps: str
    today: Reading | None
    wrapped: Reading
    how: str = ""
    readable: bool = True


async def compare_columns(cases: Sequence[StoredCase], *, alone: bool = False) -> list[Compared]:
    """Read every column that can be read, over a real connection."""
    found: list[Compared] = []
    async with serve_cases(cases) as bases:
        for case in cases:
            base = bases[case.name]
            clock = Clock(datetime.combine(date.fromisoformat(case.today), time(8, 30), ZONE))
            async with Fetcher([urlsplit(base).netloc], True, _LIMITS, clock) as fetcher:
                for truth in case.columns:
                    found.append(await _compare(fetcher, case, base, truth, alone=alone))
    return found


async def _compare(fetcher: Fetcher, case: StoredCase, base: str, truth: Mapping[str, Any], *, alone: bool) -> Compared:
    column = make_column(truth, base)
    today = None
    if not alone:
        reading = await read_column(fetcher, column, ZONE, since=None, kept=none_kept)
        today = score(truth, reading.sightings, base)
        _claims(today, truth, reading.sightings, base, reading.visit.reached)
    says_yes = (
        "" if truth.get("outcome") == "unseen" else "office-1"
    )  # who sees the first titles of a side list says no
    visit = await read_wrapped(fetcher, column.url, ZONE, title=column.title, adopted_by=says_yes)
    wrapped = score(truth, visit.sightings, base)
    _claims(wrapped, truth, visit.sightings, base, visit.certificate.reached)
    how = visit.wrapper.to_json() if visit.wrapper is not None else visit.reason
    readable = truth.get("outcome", "read") == "read" and bool(truth["entries"])
    traps = f"{truth['dialect']}: {', '.join(truth['traps'])}"
    return Compared(f"{case.name} {truth['url']}", traps, today, wrapped, how, readable)


def _claims(
    reading: Reading, truth: Mapping[str, Any], sightings: Iterable[Sighting], base: str,
    reached: Literal["end"] | date | None,
) -> None:  # fmt: skip
    """Note what a reader calls absent that is there."""
    if reached is None:
        return
    got = {path_of(one.url, base) for one in sightings}
    for row in (*truth["entries"], *truth.get("hidden", ())):
        within = reached == "end" or (row.get("date") and str(row["date"]) > str(reached))
        if within and unquote(row["url"]) not in got:
            reading.wrong.append(f"claims all back to {reached}, and lacks {row['title']} {row['url']}")
    if truth.get("outcome") == "unseen":
        reading.wrong.append(f"claims all back to {reached} of a barrier")
    if reached == "end" and truth["complete"] is False and truth.get("outcome", "read") == "read":
        reading.wrong.append("claims the end of a column whose end it cannot know")
    days = [str(row["date"]) for row in truth["entries"] if row.get("date")]
    reading.whole = reached == "end" or str(reached) <= min(days, default="")


def score(truth: Mapping[str, Any], sightings: Iterable[Sighting], base: str) -> Reading:
    """Compare the rows that were seen with the true ones."""
    got = {path_of(one.url, base): one for one in sightings}
    true = {unquote(row["url"]): row for row in truth["entries"]}
    hidden = {unquote(row["url"]) for row in truth.get("hidden", ())}
    reading = Reading(seen=sum(url not in hidden for url in got), true=len(true))
    for url, row in true.items():
        if url not in got:
            reading.faults.append(f"missed: {row['title']} {url}")
            continue
        reading.rows += 1
        expected, day = str(row["date"]) if row.get("date") else None, day_of(got[url].claimed)
        reading.dated += expected is not None
        reading.days += expected is not None and day == expected
        if day != expected:
            reading.faults.append(f"day: expected {expected}, got {day}: {row['title']} {url}")
    reading.faults += [
        f"no entry: {one.title} {url}" for url, one in got.items() if url not in true | dict.fromkeys(hidden)
    ]
    return reading


def table(results_of: Mapping[str, Sequence[Compared]]) -> str:
    """One line a corpus: exact columns, entries found and right, days right, claims; today's readers, then wrappers."""
    lines = [
        "| corpus | columns | exact: today | wrappers | entries found | | of them true | | days right | "
        "| claimed whole | | all columns | wrong claims | |",
        f"|{'---|' * 14}",
    ]
    for name, results in results_of.items():
        columns = [one for one in results if one.readable]
        pairs = [[one.today for one in columns if one.today is not None], [one.wrapped for one in columns]]
        every = [[one.today for one in results if one.today is not None], [one.wrapped for one in results]]
        cells = [name, str(len(columns)), *(str(sum(one.exact for one in part)) for part in pairs)]
        for measured, of in (("rows", "true"), ("rows", "seen"), ("days", "dated")):
            for part in pairs:
                most = sum(getattr(one, of) for one in part)
                cells.append(f"{100 * sum(getattr(one, measured) for one in part) / most:.2f} %" if most else "–")
        cells += [str(sum(one.whole for one in part)) for part in pairs]
        cells += [str(len(results)), *(str(sum(bool(one.wrong) for one in part)) for part in every)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def differences(results: Iterable[Compared], *, misses: bool) -> str:
    """Where one of the two is exact and the other is not; with `misses` all that the wrappers read otherwise."""
    lines = []
    for one in results:
        for who, reading in (("today", one.today), ("wrappers", one.wrapped)):
            lines += [f"! {one.path} {who}: {fault}" for fault in (reading.wrong[:2] if reading is not None else ())]
        if not one.readable:
            continue
        if one.wrapped.exact and (one.today is None or one.today.exact):
            continue
        if not misses and one.today is not None and one.today.exact == one.wrapped.exact:
            continue
        better = one.wrapped.exact
        lines.append(f"{'+ ' if better else '- '}{one.path}  [{one.traps}]")
        if not better:
            lines.append(f"      {one.how[:600]}")
        faults = one.today.faults if better and one.today is not None else one.wrapped.faults
        lines += [f"      {fault}" for fault in faults[:4]]
        lines += [f"      and {len(faults) - 4} more"] if len(faults) > 4 else []
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sites.wrapped", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--corpus", choices=list(CORPORA), action="append", help="default: all")
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--differences", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--alone", action="store_true")
    arguments = parser.parse_args()
    results_of: dict[str, list[Compared]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in arguments.corpus or CORPORA:
            folder = Path(scratch) / name.replace(" ", "-")
            build(folder, name, draw=arguments.draw)
            cases = [case for case in load(folder) if arguments.only in case.name] if folder.exists() else []
            if results := asyncio.run(compare_columns(cases, alone=arguments.alone)):
                results_of[name] = results
    print(table(results_of))
    if arguments.differences or arguments.misses:
        for name, results in results_of.items():
            print(f"\n=== {name}\n{differences(results, misses=arguments.misses)}")


if __name__ == "__main__":
    main()
