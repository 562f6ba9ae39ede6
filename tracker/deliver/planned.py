"""Lists the notices that would be sent if a county went live. Writes nothing.

Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.core.assessment.golive import build_golive
from tracker.core.escalation.case import Case
from tracker.core.escalation.decision import decide_notices
from tracker.core.escalation.notice_building import is_office_notice
from tracker.core.escalation.notices import Notice
from tracker.core.law.duties import County
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import role_zh
from tracker.core.values.verdicts import Verdict
from tracker.decide.change_reasons import start_liability_at_entry
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.deliver.mailboxes import route
from tracker.registers.adoptions import in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store


@dataclass(frozen=True, slots=True)
class Planned:
    """One notice: to whom, about what, from when it may leave. `then`: the steps that follow while nothing is done.

    `waits`: the site has to be looked at again before it may leave.
    """

    department: str
    role: str
    name: str
    mail: str
    occurrence: str
    due: date | None
    step: str
    when: datetime
    then: tuple[tuple[str, datetime], ...]
    waits: bool


def planned(store: Store, loaded: Loaded, county: str, on: date, now: datetime) -> list[Planned]:
    """Every notice that would be decided on the first day, in the order of the county's departments; without what the
    county office is told in any case."""
    book = next(book for book in loaded.rulebooks if book.county.id == county)
    with store.read() as tx:
        book = in_force(tx, loaded, book)
        golive = build_golive(on, now, "", "", book.county.zone)
        live = replace(book.county, mode="live", golive=golive)
        as_of = max(golive.begins_at, loaded.office_time(live.zone).opening_on(on))
        county_facts = load_county(tx, replace(book, county=live), loaded.calendar, as_of, until=on)
    groups = county_facts.groups.by_prefix.values()
    notices = [notice for group in groups for notice in _of_group(loaded, county_facts, group, as_of)]
    places = {name: place for place, name in enumerate(live.departments)}
    last = len(places)
    return sorted(notices, key=lambda row: (places.get(row.department, last), row.role, row.due or on, row.occurrence))


def _of_group(loaded: Loaded, county_facts: CountyFacts, group: DutyGroup, as_of: datetime) -> Iterator[Planned]:
    verdicts = judge_group(loaded, county_facts, group, as_of)
    for occurrence in county_facts.occurrences(group):
        yield from _of_occurrence(loaded, county_facts, group, occurrence, verdicts[occurrence.key], as_of)


def _of_occurrence(
    loaded: Loaded,
    county_facts: CountyFacts,
    group: DutyGroup,
    occurrence: Occurrence,
    verdict: Verdict,
    as_of: datetime,
) -> Iterator[Planned]:
    row, county = county_facts.rows.get(occurrence.key), county_facts.rulebook.county
    if row is not None:
        verdict = start_liability_at_entry(verdict, row, county_facts.began_at, county.zone)
    case = Case(
        occurrence, replace(verdict, fresh=True), loaded.schedule.policies[group.duty.escalation], group.duty, county,
        loaded.office_time(county.zone), row.due_revision if row else 0, row.episode if row else 0,
        county_facts.delivery_states.get(occurrence.key, {}), as_of,
        acknowledgements=county_facts.answers.get(occurrence.key, ()), silences=county_facts.silences,
    )  # fmt: skip
    decisions = decide_notices(case)
    then = tuple((step.name, at) for at, step in case.placed_steps() if at > as_of)
    for decision in decisions:
        if decision.outcome == "send" and decision.notice is not None and not is_office_notice(decision.notice):
            waits = verdict.status.late and not verdict.fresh
            yield _line(decision.notice, occurrence, county, then, waits=waits)


def _line(
    notice: Notice, occurrence: Occurrence, county: County, then: tuple[tuple[str, datetime], ...], *, waits: bool
) -> Planned:
    box = route(county, notice.key.role, notice.department)
    base = notice.key.role.partition("@")[0]
    return Planned(
        department=notice.department or occurrence.department,
        role=base,
        name=box.name if box else role_zh(base),
        mail=box.address if box else "",
        occurrence=occurrence.key,
        due=occurrence.due_on,
        step=notice.key.step,
        when=notice.not_before.astimezone(county.zone),
        then=tuple((name, at.astimezone(county.zone)) for name, at in then),
        waits=waits,
    )
