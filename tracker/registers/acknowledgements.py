"""What people answer to a notice: seen, published there, or why not. Each use of a link is recorded once."""

from __future__ import annotations

from datetime import datetime
from shlex import quote

from tracker.core.escalation.notices import Acknowledgement, AnswerKind, Hours, Notice, NoticeKey
from tracker.core.escalation.steps import opening
from tracker.core.law.counting import count
from tracker.core.law.duties import Rulebook, Span
from tracker.core.law.workdays import Calendar
from tracker.registers.checks import check_now, check_words
from tracker.registers.errors import Registered, RegisterError
from tracker.store.answers import add_acknowledgement, list_acknowledgements
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import insert_notices, line_of, shown
from tracker.store.occurrences import find_occurrence
from tracker.store.replies import answer_by_token

_WHO, _BY = 128, 320  # as wide as the journal's and the table's columns
_OFFICE = "county-office"
#: What of a matter is shown beside an explanation.
_MATTER = ("occurrence", "duty_id", "duty", "department", "period", "day", "due", "due_on", "due_at")


def acknowledge(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    *,
    occurrence: str,
    step: str,
    role: str,
    kind: AnswerKind,
    by: str,
    token: str,
    told_at: datetime,
    quiet: Span,
    now: datetime,
    text: str = "",
) -> Registered[Acknowledgement]:
    """Record what a role answered to a step; the same `token` again changes nothing.

    `told_at`: when the notice was sent. It buys one quiet time, however many answers are given to it; an answer
    that comes later than a notice of the same step buys none of that one's.
    """
    check_now(now)
    check_words(by=by)
    if kind != "seen":
        check_words(text=text)
    county = rulebook.county
    lock_county(tx, county.id)
    if (before := answer_by_token(tx, county.id, token)) is not None:
        return _known(before)
    row = find_occurrence(tx, county.id, occurrence)
    if row is None:
        raise RegisterError(f"no occurrence {occurrence!r}")
    if row.closed:
        raise RegisterError(f"{occurrence} is closed: {row.reason}")
    given = [
        one.quiet_until
        for one in list_acknowledgements(tx, county.id, occurrence)
        if (one.step, one.role) == (step, role) and one.recorded_at >= told_at
    ]
    until = min(given) if given else count(quiet, now, calendar, county.zone, roll=False).at
    made = add_acknowledgement(
        tx, county.id, occurrence=occurrence, step=step, role=role, kind=kind, text=text, by=by[:_BY], now=now,
        quiet_until=until, token=token,
    )  # fmt: skip
    if made is None:
        raise RegisterError(f"the link was used by another process at this very moment: {token[:8]}…")
    after = {"id": made.id, "kind": kind, "step": step, "role": role, "quiet_until": until.isoformat()}
    append(tx, county.id, [JournalEntry(by[:_WHO], "notice.answered", occurrence, None, after, text)], now)
    return Registered(made, True, f"recorded answer {made.id}: {kind}")


def pass_on(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    hours: Hours,
    said: Acknowledgement,
    now: datetime,
    claim: str = "",
) -> bool:
    """Tell the county office what was explained, in its next mail; whether there was anything to tell it.

    `claim`: an address that is said to prove it and that only a person can judge. In the transaction that recorded
    the answer.
    """
    county = rulebook.county
    if said.role.partition("@")[0] == _OFFICE or not (said.kind == "explained" or claim):
        return False
    last = shown(tx, county.id, [said.occurrence]).get(said.occurrence, {})
    reason = f"{said.by}说明：{' '.join(said.text.split())}"
    if claim:
        filing = f"duban attest {quote(said.occurrence)} --link {quote(claim)} --by 姓名"
        reason = f"{said.by}称已公开，系统不能核对，催办照常进行。拟予采信的，请先报送，再由他人认定：{filing}"
    detail = {name: last[name] for name in _MATTER if name in last}
    detail |= {"kind": "explained", "step": "explained", "reason": reason, "day": ""}
    key = NoticeKey(f"answer:{said.id}", 0, 0, "explained", 0, _OFFICE, "mail")
    at = opening(now, calendar, hours, county.zone)
    notice = Notice(key, county.id, "", "explained", False, reason, at, detail)
    made = insert_notices(tx, [notice], now)
    append(tx, county.id, [line_of(said.by[:_WHO], "notice.decided", one.key, one.reason) for one in made], now)
    return bool(made)


def _known(before: Acknowledgement) -> Registered[Acknowledgement]:
    at = before.recorded_at.isoformat(timespec="minutes")
    return Registered(before, False, f"answered before, at {at} by {before.by}: nothing changed")
