"""Objections (申诉): a department files one within its window, somebody else decides it with a reason."""

from __future__ import annotations

from datetime import date, datetime

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.duties import Rulebook, Span
from tracker.core.law.objections import last_day
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import subject_of
from tracker.core.values.verdicts import Status
from tracker.registers.checks import Owed, check_now, check_words, find_owed, same_person
from tracker.registers.decided import REVOKE, check_seen, said_of, standing_rulings, write_ruling
from tracker.registers.errors import Registered, RegisterError
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.notices import list_notices
from tracker.store.papers import find_ruling

#: What a department is held to have missed.
_HELD = (Status.OVERDUE, Status.INCOMPLETE, Status.MET_LATE)
_NOTICES = ("overdue", "escalation", "slip", "reopened")


def file_objection(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    *,
    subject: str,
    proof: str,
    by: str,
    reason: str,
    now: datetime,
    window: Span,
    begun: date | None = None,
    seen: int | None = None,
) -> Registered[Ruling]:
    """Object to an overdue occurrence or to a circular's line. `reason`: the grounds; `proof`: what supports them.

    `begun`: the day of a circular's draft; for an occurrence the day of its first overdue notice is looked up, and
    before there is one the window stands open.
    """
    check_now(now)
    check_words(by=by, reason=reason, proof=proof)
    try:
        about = subject_of(subject)
    except ValueError as error:
        raise RegisterError(str(error)) from None
    lock_county(tx, rulebook.county.id)
    owed = find_owed(tx, rulebook, about.occurrence)
    if about.circular and begun is None:
        raise RegisterError(
            f"a circular's line is objected to by its number: duban circular object {about.circular} LINE"
        )
    if not about.circular:
        if owed.row.status not in _HELD:
            raise RegisterError(f"{subject} is {owed.row.status.value}: nothing is held against the department")
        begun = _noticed_on(tx, rulebook, owed)
    known = standing_rulings(tx, rulebook, subject)
    if (before := _open(known, begun, rulebook)) is not None:
        if (before.by, before.reason, before.target) == (by, reason, proof):
            return Registered(before, False, f"objection {before.id} says so already, nothing changed")
        raise RegisterError(f"{said_of(before)}: one objection at a time; to change it, revoke that first")
    check_seen(tx, rulebook, subject, seen)
    _check_window(rulebook, calendar, begun, window, now)
    ruling = write_ruling(
        tx, rulebook, kind="object", subject=subject, by=by, reason=reason, now=now, seen=seen, target=proof,
        before={"status": owed.row.status.value, "reason": owed.row.reason},
    )  # fmt: skip
    return Registered(ruling, True, f"objection {ruling.id} is filed; somebody else decides it (duban object decide)")


def decide_objection(
    tx: Tx, rulebook: Rulebook, *, number: int, upheld: bool, by: str, reason: str, now: datetime
) -> Registered[Ruling]:
    """Answer an objection. Upheld, it is not held against the department; what else follows is decided beside it."""
    check_now(now)
    check_words(by=by, reason=reason)
    lock_county(tx, rulebook.county.id)
    filed = find_ruling(tx, rulebook.county.id, number)
    if filed is None or filed.kind != "object":
        raise RegisterError(f"no objection {number} (duban object list)")
    if same_person(filed.by, by):
        raise RegisterError(f"{by} filed it: somebody else must decide")
    known = standing_rulings(tx, rulebook, filed.occurrence)
    if filed not in known:
        raise RegisterError(f"objection {number} was withdrawn")
    kind = "uphold" if upheld else "dismiss"
    about = f"ruling:{number}"
    decided = [one for one in known if one.kind in ("uphold", "dismiss") and one.target == about]
    if decided:
        last = decided[-1]
        if (last.kind, last.by, last.reason) == (kind, by, reason):
            return Registered(last, False, f"{said_of(last)}, nothing changed")
        raise RegisterError(f"{said_of(last)}: to decide otherwise, take that back ({REVOKE} {last.id})")
    ruling = write_ruling(
        tx, rulebook, kind="uphold" if upheld else "dismiss", subject=filed.occurrence, by=by, reason=reason, now=now,
        seen=None, target=about, before={"id": filed.id, "by": filed.by, "reason": filed.reason}, asked_by=filed.by,
    )  # fmt: skip
    word = "upheld" if upheld else "dismissed"
    return Registered(ruling, True, f"objection {number} against {filed.occurrence} is {word}")


def _open(known: list[Ruling], begun: date | None, rulebook: Rulebook) -> Ruling | None:
    """The objection that stands in the way of another: undecided, or about what was told last."""
    filed = [one for one in known if one.kind == "object"]
    if not filed:
        return None
    last = filed[-1]
    decided = any(one.target == f"ruling:{last.id}" for one in known)
    on = moment_day(last.recorded_at, rulebook.county.zone)
    return last if not decided or begun is None or on >= begun else None


def _check_window(rulebook: Rulebook, calendar: Calendar, begun: date | None, window: Span, now: datetime) -> None:
    if begun is None:
        return
    last = last_day(begun, window, calendar)
    if now >= day_end(last, rulebook.county.zone):
        raise RegisterError(
            f"told on {begun.isoformat()}: objections are heard for {window.amount} working days, until "
            f"{last.isoformat()} (schedule.yaml, objections)"
        )


def _noticed_on(tx: Tx, rulebook: Rulebook, owed: Owed) -> date | None:
    """The day on which the department was first told of it as it stands now."""
    row = owed.row
    told = [
        one["decided_at"]
        for one in list_notices(tx, rulebook.county.id, row.key)
        if one["kind"] in _NOTICES
        and one["state"] in ("claimed", "sent")
        and (one["due_revision"], one["episode"]) == (row.due_revision, row.episode)
    ]
    return moment_day(min(told), rulebook.county.zone) if told else None
