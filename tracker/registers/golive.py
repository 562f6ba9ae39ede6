"""The county goes live: from a day on its departments are pressed, by an act on record; and takes that back.

Without such an act everything goes to the county office alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

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
from tracker.core.values.facts import Ruling
from tracker.registers.checks import begin_act, check_forward
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.rulings import write_ruling
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Delivery
from tracker.rulebook.unfilled import list_unfilled
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.journal import last_entry_at
from tracker.store.migrations import HEAD, current
from tracker.store.notices import has_reached_departments
from tracker.store.papers import rulings_of

_TOLD_BEFORE = "此前已向部门发出通知"


def golive_of(tx: Tx, county: County) -> GoLive | None:
    """The act by which the county is live; None while everything goes to its office alone."""
    spans = _spans(tx, county)
    return spans[-1] if spans and spans[-1].until is None else None


def with_golive(tx: Tx, county: County) -> County:
    """The county, live where and when its acts make it so; as it is given where there is none."""
    spans = _spans(tx, county)
    return apply_live_spans(county, spans) if spans is not None else county


def _spans(tx: Tx, county: County) -> tuple[GoLive, ...] | None:
    """The times for which the county was live; None where nothing is on record.

    A county that wrote to its departments before there was such an act counts as live from its start.
    """
    rulings = rulings_of(tx, county.id, (GOLIVE, UNGOLIVE))
    if rulings:
        return build_live_spans(rulings, county.zone)
    return (live_since_start(county, _TOLD_BEFORE),) if has_reached_departments(tx, county.id) else None


def live_rules(store: Store, loaded: Loaded) -> Loaded:
    """The rules of the files, each county as its acts leave it."""
    with store.read() as tx:
        books = [replace(book, county=with_golive(tx, book.county)) for book in loaded.rulebooks]
    return replace(loaded, rulebooks=tuple(books))


def senders_of(delivery: Delivery) -> tuple[str, ...]:
    """The addresses under which mail leaves the house; none where it does not leave by SMTP."""
    return tuple(filter(None, (delivery.sender, delivery.reply_to))) if delivery.via == "smtp" else ()


def live_counties(url: str, loaded: Loaded) -> frozenset[str] | None:
    """The counties that are live by the acts in that database; None where they cannot be read as they stand."""
    store = Store(url)
    if not store.exists:
        return frozenset()
    try:
        with store, store.read() as tx:
            if current(tx) != HEAD:
                return None
            counties = [book.county for book in loaded.rulebooks]
            return frozenset([county.id for county in counties if golive_of(tx, county) is not None])
    except StoreError:
        return None


def warnings_of(
    loaded: Loaded, rulebook: Rulebook, today: date, live: Collection[str] | None
) -> Iterator[tuple[Literal["note", "wrong"], str]]:
    """What of the county should not stay as it is, each with the remedy. `live`: the counties that are live, None where
    that is not known."""
    county = rulebook.county
    for place, text in list_unfilled(county):
        yield "wrong", f"rules/counties/{county.id}/county.yaml: {place}: {text} has to be filled in"
    is_live = live is not None and county.id in live
    for obstacle in find_obstacles(rulebook, today, senders_of(loaded.schedule.delivery)):
        yield "note" if is_live or obstacle.key.startswith("start:") else "wrong", obstacle.text
    if county.mode == "live" and live is not None and county.id not in live:
        yield "note", not_live_message(county.id)


def why_not(tx: Tx, loaded: Loaded, rulebook: Rulebook, on: date, now: datetime) -> list[str]:
    """Why the county cannot go live from that day on, each reason with its remedy. Most of them concern only a county
    that never was live."""
    county = rulebook.county
    today, reasons = moment_day(now, county.zone), []
    if on < today:
        reasons.append(f"--on {on} has passed: nobody is pressed for days before this is recorded")
    if county.mode == "shadow":
        file = f"rules/counties/{county.id}/county.yaml"
        reasons.append(f"{file}: mode: shadow sends everything to the county office alone; write mode: live")
    if not rulings_of(tx, county.id, (GOLIVE, UNGOLIVE)):
        senders = senders_of(loaded.schedule.delivery)
        reasons += [obstacle.text for obstacle in find_obstacles(rulebook, today, senders)]
    return reasons


def go_live(
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
    """Press the county's departments from the day `on` (default: today). What is late by then starts at its first step.

    Raises RegisterError with all that stands in the way. `simulated`: nothing leaves the house, so nothing does.
    """
    county = rulebook.county
    check_forward(begin_act(tx, county.id, now, by=by, reason=reason), last_entry_at(tx, county.id), now)
    if (live := golive_of(tx, county)) is not None:
        return Registered(None, False, f"{county.id} is live from {live.on} on, by {live.by}; nothing changed")
    on = on or moment_day(now, county.zone)
    if not simulated and (reasons := why_not(tx, loaded, rulebook, on, now)):
        raise RegisterError("\n".join([f"{county.id} cannot go live:", *(f"  {reason}" for reason in reasons)]))
    ruling = _write(tx, county, Ruling(0, "golive", golive_subject(county.id), now, by, reason, on.isoformat()))
    return Registered(ruling, True, f"{county.id} goes live: its departments are pressed from {on} on")


def take_back_golive(tx: Tx, rulebook: Rulebook, *, by: str, reason: str, now: datetime) -> Registered[Ruling | None]:
    """Tell the county office alone again. What has left the house stays told."""
    county = rulebook.county
    check_forward(begin_act(tx, county.id, now, by=by, reason=reason), last_entry_at(tx, county.id), now)
    live = golive_of(tx, county)
    if live is None:
        return Registered(None, False, f"{county.id} is not live, nothing changed")
    ruling = _write(tx, county, Ruling(0, "ungolive", golive_subject(county.id), now, by, reason, live.on.isoformat()))
    return Registered(ruling, True, f"{county.id} is not live any longer: everything goes to its office alone")


def _write(tx: Tx, county: County, ruling: Ruling) -> Ruling:
    before, after = (None, ruling.target) if ruling.kind == GOLIVE else (ruling.target, None)
    days = {"pressed_from": before}, {"pressed_from": after}
    return write_ruling(tx, county.id, ruling, *days, action=f"county.{ruling.kind}")
