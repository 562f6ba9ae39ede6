"""Records what was found about entries without their secrecy review as events, which packs make matters of.

An event is recorded once for each entry and kind of finding, on the day on which it was found. It is withdrawn when the
finding no longer holds: the review was recorded, its address mended, the column switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from tracker.core.law.counting import day_start, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.requests.moves import REVIEW_FINDING_MOVES
from tracker.core.requests.reviews import ReviewFinding, drop_republished, find_first_day, find_review_findings
from tracker.core.values.facts import Event
from tracker.registers.eventrules import EventRules
from tracker.registers.events import record_event, withdraw_event
from tracker.registers.register_events import list_move_events
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.reviews import list_older_entries, list_published_entries, list_reviews

#: The event of an entry with a finding that was taken down.
GONE = "review.gone"
#: Who records it: not a person.
_BY = "duban"
_SETTLED = "保密审查情况已有变化，或者该信息已不在核对范围，不再成立。"


def load_review_findings(tx: Tx, rulebook: Rulebook) -> list[ReviewFinding]:
    """What is wrong with the reviews of published entries now; empty where the county has not switched it on."""
    county = rulebook.county
    days = {name: day for name in county.columns if (day := find_first_day(county, name)) is not None}
    if not days:
        return []
    since = day_start(min(days.values()), county.zone)
    entries = list_published_entries(tx, county.id, days, since, county.zone)
    findings = find_review_findings(county, entries, list_reviews(tx, county.id))
    titles = {finding.entry.title for finding in findings if finding.link is None}
    older = list_older_entries(tx, county.id, titles, since, county.zone) if titles else []
    return drop_republished(findings, older)


def record_review_findings(tx: Tx, rulebook: Rulebook, now: datetime) -> None:
    """Record the findings as the events that packs name for them, and withdraw those that no longer hold."""
    county, names = rulebook.county, {move: list_move_events(rulebook, (move,)) for move in REVIEW_FINDING_MOVES}
    events = [name for of_move in names.values() for name in of_move]
    if not events:
        return
    wanted = {event.key: event for event in _list_events(rulebook, load_review_findings(tx, rulebook), names, now)}
    standing = {
        stored.event.key for name in events for stored in list_events(tx, county.id, name=name)
    }  # a withdrawn one is recorded anew, with the day on which it is found again
    for key in wanted.keys() - standing:
        event = wanted[key]
        record_event(tx, rulebook, event, correct=True, reason=event.fields["found"], by_register=True)
    for key in standing - wanted.keys():
        withdraw_event(tx, rulebook, key, by=_BY, reason=_SETTLED, now=now, by_register=True)


def _list_events(
    rulebook: Rulebook, findings: Iterable[ReviewFinding], names: Mapping[str, Sequence[str]], now: datetime
) -> Iterator[Event]:
    """Yield the events of the findings, and of the entries among them that were taken down."""
    today, rules = moment_day(now, rulebook.county.zone), EventRules(rulebook)
    for finding in findings:
        entry = finding.entry
        fields = {"about": f"《{entry.title}》", "address": entry.url, "found": finding.reason}
        moves = {f"review.{finding.kind}": today} | ({GONE: entry.gone} if entry.gone is not None else {})
        for move, day in moves.items():
            for name in names[move]:
                if rules.duties_of(name, finding.department):
                    yield Event(0, name, finding.department, finding.reference, day, now, fields=fields, by=_BY)
