"""`python -m tests.sites.wrapped` reads every column of the corpora and says how many are exact.

A column is exact where its entries are the true ones, all of them, each with its day. `--only NAME`, `--corpus NAME`,
`--draw N` choose; `--misses` prints what is read otherwise, and by which wrapper; `--stated` has each column read by a
rule that says what was learned of it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from tracker.core.law.county import ListRule
from tracker.core.values.facts import Sighting
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import none_kept, read_column
from tracker.evidence.wrappers.wrapper import stored_wrapper
from tracker.evidence.wrappers.written_form import written_form

_LIMITS = Limits(delay=0, timeout=10)


@dataclass(slots=True)
class Reading:
    """What was read of one column, against the truth. `rows`: true and seen; `days`: of these, right.
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
class ReadColumn:
    """One column. `how`: the wrapper that was learned, or why there is none; `readable`: whether a list is there."""

    path: str
    traps: str
    reading: Reading
    how: str
    readable: bool


async def read_columns(cases: Sequence[StoredCase], *, stated: bool = False) -> list[ReadColumn]:
    """Read every column that can be read, over a real connection. `stated`: as a rule would state what was learned."""
    found: list[ReadColumn] = []
    async with serve_cases(cases) as bases:
        for case in cases:
            base = bases[case.name]
            clock = Clock(datetime.combine(date.fromisoformat(case.today), time(8, 30), ZONE))
            async with Fetcher([urlsplit(base).netloc], True, _LIMITS, clock) as fetcher:
                for truth in case.columns:
                    if (one := await _read(fetcher, case, base, truth, stated=stated)) is not None:
                        found.append(one)
    return found


async def _read(
    fetcher: Fetcher, case: StoredCase, base: str, truth: Mapping[str, Any], *, stated: bool
) -> ReadColumn | None:
    column = make_column(truth, base)
    seen = await read_column(fetcher, column, ZONE, since=None, kept=none_kept)
    if stated:
        wrapper = next((stored_wrapper(page.listing.wrapper) for page in seen.pages if page.listing.wrapper), None)
        rule = written_form(wrapper) if wrapper is not None else None
        if not isinstance(rule, ListRule):
            return None
        seen = await read_column(
            fetcher, replace(column, dialect="", list_rule=rule), ZONE, since=None, kept=none_kept
        )  # fmt: skip
    reading = score(truth, seen.sightings, base)
    _claims(reading, truth, seen.sightings, base, seen.visit.reached)
    how = next((page.listing.wrapper for page in seen.pages if page.listing.wrapper), seen.visit.note)
    readable = truth.get("outcome", "read") == "read" and bool(truth["entries"])
    return ReadColumn(
        f"{case.name} {truth['url']}", f"{truth['dialect']}: {', '.join(truth['traps'])}", reading, how, readable
    )


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


def table(results_of: Mapping[str, Sequence[ReadColumn]]) -> str:
    """One line a corpus: exact columns, entries found and right, days right, claims."""
    lines = [
        "| corpus | columns | exact | entries found | of them true | days right | claimed whole | all columns "
        "| wrong claims |",
        f"|{'---|' * 9}",
    ]
    for name, results in results_of.items():
        readings = [one.reading for one in results if one.readable]
        cells = [name, str(len(readings)), str(sum(one.exact for one in readings))]
        for measured, of in (("rows", "true"), ("rows", "seen"), ("days", "dated")):
            most = sum(getattr(one, of) for one in readings)
            cells.append(f"{100 * sum(getattr(one, measured) for one in readings) / most:.2f} %" if most else "–")
        cells += [str(sum(one.whole for one in readings)), str(len(results))]
        cells.append(str(sum(bool(one.reading.wrong) for one in results)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def misses(results: Iterable[ReadColumn]) -> str:
    """What is called absent and is there, and what is read otherwise than it is."""
    lines = []
    for one in results:
        lines += [f"! {one.path}: {fault}" for fault in one.reading.wrong[:2]]
        if not one.readable or one.reading.exact:
            continue
        faults = one.reading.faults
        lines += [f"- {one.path}  [{one.traps}]", f"      {one.how[:600]}"]
        lines += [f"      {fault}" for fault in faults[:4]]
        lines += [f"      and {len(faults) - 4} more"] if len(faults) > 4 else []
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sites.wrapped", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--corpus", choices=list(CORPORA), action="append", help="default: all")
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--stated", action="store_true")
    arguments = parser.parse_args()
    results_of: dict[str, list[ReadColumn]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in arguments.corpus or CORPORA:
            folder = Path(scratch) / name.replace(" ", "-")
            build(folder, name, draw=arguments.draw)
            cases = [case for case in load(folder) if arguments.only in case.name] if folder.exists() else []
            if results := asyncio.run(read_columns(cases, stated=arguments.stated)):
                results_of[name] = results
    print(table(results_of))
    if arguments.misses:
        for name, results in results_of.items():
            print(f"\n=== {name}\n{misses(results)}")


if __name__ == "__main__":
    main()
