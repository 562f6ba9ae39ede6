"""Records that a county goes live, so that its departments get notices from a day on, or takes that back.

Before it is recorded, all notices go to the county office alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from tracker.core.assessment.enrolment import Enrolment
from tracker.core.assessment.golive import (
    GOLIVE,
    UNGOLIVE,
    apply_live_spans,
    build_live_spans,
    find_obstacles,
    golive_subject,
    live_since_start,
    not_live_message,
)
from tracker.core.law.counting import moment_day
from tracker.core.law.county import County, GoLive, Rulebook
from tracker.core.values.certificate import Confirmation, ConfirmationKind
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message
from tracker.registers.checks import begin_act, check_not_backdated
from tracker.registers.columns import GOLIVE_NOTE, confirm_for_golive, load_enrolments
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.rulings import write_ruling
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Delivery
from tracker.rulebook.unfilled import list_unfilled, list_unowned
from tracker.store.certificates import list_confirmations
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.journal import last_entry_at
from tracker.store.migrations import HEAD, read_revision
from tracker.store.notices import has_reached_departments, list_reached_counties
from tracker.store.rulings import list_rulings_of_kinds, load_rulings_of_kinds

#: The reason given for a county that is live without a ruling.
_NOTIFIED_BEFORE = "此前已向部门发出通知"


def find_golive(tx: Tx, county: County) -> GoLive | None:
    """The live span that has not ended; None while all notices go to the county office alone."""
    spans = _load_spans(tx, county)
    return spans[-1] if spans and spans[-1].until is None else None


def apply_golive(tx: Tx, county: County) -> County:
    """The county with its recorded live spans; unchanged where none is on record."""
    return _apply_spans(county, _load_spans(tx, county))


def _apply_spans(county: County, spans: tuple[GoLive, ...] | None) -> County:
    return apply_live_spans(county, spans) if spans is not None else county


def _load_spans(tx: Tx, county: County) -> tuple[GoLive, ...] | None:
    """The spans for which the county was live; None where nothing is on record."""
    rulings = list_rulings_of_kinds(tx, county.id, (GOLIVE, UNGOLIVE))
    return _build_spans(county, rulings, has_reached=not rulings and has_reached_departments(tx, county.id))


def _build_spans(county: County, rulings: Sequence[Ruling], *, has_reached: bool) -> tuple[GoLive, ...] | None:
    """A county that sent notices to departments before there were such rulings counts as live from its start."""
    if rulings:
        return build_live_spans(rulings, county.zone)
    return (live_since_start(county, _NOTIFIED_BEFORE),) if has_reached else None


def load_live_rules(store: Store, loaded: Loaded) -> Loaded:
    """The loaded rules, each county with its recorded live spans: two statements, however many there are."""
    with store.read() as tx:
        rulings, reached = load_rulings_of_kinds(tx, (GOLIVE, UNGOLIVE)), list_reached_counties(tx)

    def live(county: County) -> County:
        spans = _build_spans(county, rulings.get(county.id, ()), has_reached=county.id in reached)
        return _apply_spans(county, spans)

    books = [replace(book, county=live(book.county)) for book in loaded.rulebooks]
    return replace(loaded, rulebooks=tuple(books))


def list_senders(delivery: Delivery) -> tuple[str, ...]:
    """The addresses from which mail is sent by SMTP; none where it is delivered in another way."""
    return tuple(filter(None, (delivery.sender, delivery.reply_to))) if delivery.via == "smtp" else ()


def load_live_counties(url: str, loaded: Loaded) -> frozenset[str] | None:
    """The ids of the counties that are live in the database.

    None where the database cannot be read or its schema is not the current one.
    """
    store = Store(url)
    if not store.exists:
        return frozenset()
    try:
        with store, store.read() as tx:
            if read_revision(tx) != HEAD:
                return None
            counties = [book.county for book in loaded.rulebooks]
            return frozenset([county.id for county in counties if find_golive(tx, county) is not None])
    except StoreError:
        return None


def list_warnings(
    loaded: Loaded, rulebook: Rulebook, today: date, live: Collection[str] | None
) -> Iterator[tuple[Literal["note", "wrong"], str]]:
    """Warnings about the county's file, each with the remedy. `live`: the ids of live counties, None where unknown."""
    county = rulebook.county
    for place, text in list_unfilled(county):
        file = f"rules/counties/{county.id}/county.yaml"
        yield "wrong", Message("{file}: {place}: {text} has to be filled in", file=file, place=place, text=text)
    yield from (("note", text) for text in list_unowned(rulebook, today))
    is_live = live is not None and county.id in live
    for obstacle in find_obstacles(rulebook, today, list_senders(loaded.schedule.delivery)):
        yield "note" if is_live or obstacle.key.startswith("start:") else "wrong", obstacle.text
    if county.mode == "live" and live is not None and county.id not in live:
        yield "note", not_live_message(county.id)


def list_first_sights(tx: Tx, county: County) -> frozenset[str]:
    """Return the columns of a live county that count for presence only: since it went live nobody said that their lists
    are theirs. None where going live confirmed no column, as before there was such a rule."""
    said = _load_said(tx, county)
    if not _confirmed_columns(find_golive(tx, county), said):
        return frozenset()
    known = {one.url for one in said if one.withdrawn_at is None}
    lists = (column for column in county.columns.values() if column.kind == "listing")
    return frozenset(column.key for column in lists if column.url not in known)


def _load_said(tx: Tx, county: County) -> list[Confirmation]:
    return [one for one in list_confirmations(tx, county.id, withdrawn=True) if one.kind is ConfirmationKind.RIGHT_LIST]


def _confirmed_columns(live: GoLive | None, said: Sequence[Confirmation]) -> bool:
    """Return whether a county is live, and going live confirmed columns."""
    return live is not None and any(one.note == GOLIVE_NOTE and one.at == live.recorded_at for one in said)


def describe_unseen(tx: Tx, county: County) -> Message | None:
    """Return that columns of a live county are judged though nobody said yes to them, since going live confirmed none;
    None for another county."""
    live = find_golive(tx, county)
    if live is None or _confirmed_columns(live, _load_said(tx, county)):
        return None
    return Message(
        "{county} went live without its columns being confirmed: those that nobody confirmed are judged all the same; "
        "for them to count for presence only, take it back and go live anew (duban golive --revoke, duban golive)",
        county=county.id,
    )


def list_reasons_against(tx: Tx, loaded: Loaded, rulebook: Rulebook, on: date, now: datetime) -> list[str]:
    """The reasons why the county cannot go live from the day `on`, each with its remedy.

    The obstacles of the rulebook are checked only for a county that never went live.
    """
    county = rulebook.county
    today, reasons = moment_day(now, county.zone), list[str]()
    if on < today:
        reasons.append(Message("--on {on} has passed: nobody is pressed for days before this is recorded", on=on))
    if county.mode == "shadow":
        file = f"rules/counties/{county.id}/county.yaml"
        reasons.append(
            Message("{file}: mode: shadow sends everything to the county office alone; write mode: live", file=file)
        )
    if not list_rulings_of_kinds(tx, county.id, (GOLIVE, UNGOLIVE)):
        senders = list_senders(loaded.schedule.delivery)
        reasons += [obstacle.text for obstacle in find_obstacles(rulebook, today, senders)]
    return reasons


def record_golive(
    tx: Tx,
    loaded: Loaded,
    rulebook: Rulebook,
    *,
    by: str,
    reason: str,
    now: datetime,
    on: date | None = None,
    simulated: bool = False,
) -> Registered[Ruling | None]:
    """Record that departments get notices from the day `on` (default: today). Late cases start at their first step.

    Raises RegisterError with all reasons against it. `simulated`: no mail is sent, so the reasons are not checked.
    """
    county = rulebook.county
    check_not_backdated(begin_act(tx, county.id, now, by=by, reason=reason), last_entry_at(tx, county.id), now)
    if (live := find_golive(tx, county)) is not None:
        return Registered(
            None,
            False,
            Message("{id} is live from {on} on, by {by}; nothing changed", id=county.id, on=live.on, by=live.by),
        )
    on = on or moment_day(now, county.zone)
    if not simulated and (reasons := list_reasons_against(tx, loaded, rulebook, on, now)):
        refused = Message("{county} cannot go live:", county=county.id)
        raise RegisterError(Message.lines([refused, *(Message("  {reason}", reason=reason) for reason in reasons)]))
    ruling = _write_ruling(tx, county, Ruling(0, "golive", golive_subject(county.id), now, by, reason, on.isoformat()))
    enrolments = load_enrolments(tx, county)
    confirmed = confirm_for_golive(tx, county, enrolments, by=by, now=now)
    told = [Message("{id} goes live: its departments are pressed from {on} on", id=county.id, on=on)]
    if confirmed:
        told += [
            Message("the lists of {count} columns are confirmed by it", count=confirmed),
            *describe_left(enrolments),
        ]
    return Registered(ruling, True, Message.lines(told))


def describe_left(enrolments: Sequence[Enrolment]) -> list[Message]:
    """Return which columns going live does not confirm: those that were not read, and those read with doubt."""
    unread = [one.column.key for one in enrolments if one.visit is None]
    doubtful = [one.column.key for one in enrolments if one.visit is not None and one.is_doubtful]
    told: list[Message] = []
    if unread:
        told.append(Message("{count} columns were not read yet: {names}", count=len(unread), names=" ".join(unread)))
    if doubtful:
        names = " ".join(doubtful)
        told.append(Message("{count} columns are read with doubt: {names}", count=len(doubtful), names=names))
    return [*told, Message("they count for presence only until duban columns confirm")] if told else []


def revoke_golive(tx: Tx, rulebook: Rulebook, *, by: str, reason: str, now: datetime) -> Registered[Ruling | None]:
    """Record that notices go to the county office alone again. Notices sent before are not taken back."""
    county = rulebook.county
    check_not_backdated(begin_act(tx, county.id, now, by=by, reason=reason), last_entry_at(tx, county.id), now)
    live = find_golive(tx, county)
    if live is None:
        return Registered(None, False, Message("{id} is not live, nothing changed", id=county.id))
    ruling = _write_ruling(
        tx, county, Ruling(0, "ungolive", golive_subject(county.id), now, by, reason, live.on.isoformat())
    )
    return Registered(
        ruling, True, Message("{id} is not live any longer: everything goes to its office alone", id=county.id)
    )


def _write_ruling(tx: Tx, county: County, ruling: Ruling) -> Ruling:
    before, after = (None, ruling.target) if ruling.kind == GOLIVE else (ruling.target, None)
    changes = {"pressed_from": before}, {"pressed_from": after}
    return write_ruling(tx, county.id, ruling, *changes, action=f"county.{ruling.kind}")
