"""The county's site as the readers saw it: how each column is read, since when it is not, what rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.responses import Response

from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.core.assessment.enrolment import Enrolment
from tracker.core.law.county import Rulebook, SiteColumn
from tracker.core.law.duties import Duty
from tracker.core.values.facts import VisitOutcome
from tracker.registers.columns import load_enrolments
from tracker.store.engine import Tx
from tracker.store.faults import Fault
from tracker.store.site import list_newest_rows, load_listing_pages
from tracker.store.visits import Health, list_blind_columns, load_column_health

#: Rows of a column that are shown.
_MOST = 40


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column with what is known of it. `fault`: since when and why it is not read; `days`: without a new row."""

    column: SiteColumn
    health: Health | None
    enrolment: Enrolment | None
    fault: Fault | None
    newest: date | None
    days: int | None
    duties: tuple[Duty, ...]

    @property
    def light(self) -> str:
        if self.fault is not None or (self.health is not None and self.health.outcome is not VisitOutcome.READ):
            return "red"
        if self.health is None or (self.enrolment is not None and (self.enrolment.is_doubtful or self.enrolment.asked)):
            return "yellow"
        return "green"


def show_site(ask: PageRequest) -> Response:
    """The columns, those that are not read first, then those about which a person is asked."""
    columns, ask = ask.keep("site", lambda tx: _read_columns(ask, tx))
    order = {"red": 0, "yellow": 1, "green": 2}
    return ask.page("site", columns=sorted(columns, key=lambda each: order[each.light]))


def _read_columns(ask: PageRequest, tx: Tx) -> list[ShownColumn]:
    rulebook, county = ask.viewer.rulebook, ask.viewer.rulebook.county
    health = load_column_health(tx, county.id, ask.today)
    enrolments = {each.column.url: each for each in load_enrolments(tx, county)}
    faults = {fault.subject: fault for fault in reversed(list_blind_columns(tx, county.id, ask.now))}
    duties = _list_duties(rulebook)
    return [
        _show_column(
            column, health.get(column.key), enrolments.get(column.url), faults.get(f"column:{column.key}"),
            duties.get(column.key, ()), ask,
        )
        for column in county.columns.values()
    ]  # fmt: skip


def _show_column(
    column: SiteColumn, health: Health | None, enrolment: Enrolment | None, fault: Fault | None,
    duties: tuple[Duty, ...], ask: PageRequest,
) -> ShownColumn:  # fmt: skip
    zone = ask.viewer.rulebook.county.zone
    last = (health.newest or health.arrived_at) if health is not None else None
    newest = last.astimezone(zone).date() if isinstance(last, datetime) else last
    days = (ask.today - newest).days if newest is not None else None
    return ShownColumn(column, health, enrolment, fault, newest, days, duties)


def _list_duties(rulebook: Rulebook) -> Mapping[str, tuple[Duty, ...]]:
    """The duties that look for a proof in each column, by the column's key."""
    found: dict[str, dict[str, Duty]] = defaultdict(dict)
    for duty in rulebook.duties:
        for assignment in duty.assignments:
            for cell in assignment.cells:
                for key in (key for source in cell.sources for key in source.columns):
                    found[key][f"{duty.pack}/{duty.id}"] = duty
    return {key: tuple(duties.values()) for key, duties in found.items()}


def show_column(ask: PageRequest) -> Response:
    """One column: what the reader saw of it, and its newest rows."""
    key, county = ask.request.path_params["key"], ask.viewer.rulebook.county
    if key not in county.columns:
        raise MissingError
    columns, ask = ask.keep("site", lambda tx: _read_columns(ask, tx))
    shown = next(each for each in columns if each.column.key == key)
    with ask.office.store.read() as tx:
        rows = list_newest_rows(tx, county.id, key, _MOST)
        page = load_listing_pages(tx, county.id, [shown.column.url]).get(shown.column.url)
    return ask.page("column", shown=shown, rows=rows, dialect=str(page.parsed.get("dialect", "")) if page else "")


SITE = SignedInPage("site", "/site", show_site)
COLUMN = SignedInPage("column", "/site/{key:path}", show_column)
