"""Runs a stored wrapper on a page: the rows that it finds, with what verification asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.listing.dialects.rows import NO_TITLE, is_readable
from tracker.evidence.page.dates import MonthDay, day_of, moment_in_url
from tracker.evidence.page.parsed import Page, legible
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.day_forms import read_day
from tracker.evidence.wrappers.fields import title_of
from tracker.evidence.wrappers.link_groups import Shape
from tracker.evidence.wrappers.records import find_runs, read_records
from tracker.evidence.wrappers.wrapper import Wrapper
from tracker.evidence.wrappers.years import with_years


@dataclass(frozen=True, slots=True)
class WrappedPage:
    """What a wrapper read of one page. `records`: how many stood there; `lost`: of these, such as have no title or lead
    nowhere; `dated`: of the rows, those with a day."""

    sightings: tuple[Sighting, ...] = ()
    records: int = 0
    lost: int = 0
    dated: int = 0


_FILLED = 0.8


def run_wrapper(wrapper: Wrapper, page: Page, above: date | None = None) -> WrappedPage:
    """Return the rows of a web page. `above`: the last day of the page before, for days without a year."""
    runs = find_runs(page, Shape(wrapper.record_path, wrapper.link, wrapper.skip))
    if wrapper.box is not None:
        runs = runs[wrapper.box : wrapper.box + 1]
    headed = any(one.place.startswith("<") for one in wrapper.days)
    records = [record for run in runs for record in read_records(run, wrapper.bound, headed=headed)]
    return rows_of(wrapper, page, records, above)


def rows_of(wrapper: Wrapper, page: Page, records: Sequence[Record], above: date | None = None) -> WrappedPage:
    """Return the rows of records that were found already."""
    places = frozenset(one.place for one in wrapper.days if one.form != "tail")
    tailed = any(one.form == "tail" for one in wrapper.days)
    rows: list[tuple[Record, str, Moment | MonthDay | None, bool]] = []
    lost = 0
    for record in records:
        title = legible(title_of(record, wrapper.title, places, tailed=tailed))
        if not title or NO_TITLE.match(title):
            lost += title == ""
            continue
        if not is_readable(title):
            lost += 1
            continue
        when, told = _when(wrapper, record, page)
        if when is None and wrapper.fill > _FILLED and len(title) * 2 < wrapper.row_length:
            continue  # among rows that all have days, a word without one is no row
        rows.append((record, title, when, told == "ago"))
    return WrappedPage(_sightings(rows, page, above), len(records), lost, sum(row[2] is not None for row in rows))


def _when(wrapper: Wrapper, record: Record, page: Page) -> tuple[Moment | MonthDay | None, str]:
    for one in wrapper.days:
        text = record.read(one.place)
        if text and (when := read_day(text, one.form, page.zone, page.today)) is not None:
            return when, one.form
    return None, ""


def _sightings(
    rows: Sequence[tuple[Record, str, Moment | MonthDay | None, bool]], page: Page, above: date | None
) -> tuple[Sighting, ...]:
    """Return one row an address; days without a year take the one of the address, else the nearest to the row above."""
    days: list[MonthDay | date | None] = []
    for record, _, when, _ in rows:
        if isinstance(when, MonthDay):
            known = moment_in_url(record.url)
            days.append(known if known and (known.month, known.day) == (when.month, when.day) else when)
        else:
            days.append(None if when is None else day_of(when))
    full = with_years(days, page.today, above) if any(isinstance(day, MonthDay) for day in days) else days
    seen: dict[str, Sighting] = {}
    for (record, title, when, reckoned), before, day in zip(rows, days, full, strict=True):
        claimed: Moment | None = when if isinstance(when, datetime) else day if isinstance(day, date) else None
        inferred = claimed is not None and (reckoned or isinstance(before, MonthDay))
        known = seen.get(record.url)
        if known is None or (known.claimed is None and claimed is not None):
            seen[record.url] = Sighting(record.url, title, claimed, "", inferred)
    return tuple(seen.values())
