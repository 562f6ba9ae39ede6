"""What people answer to a notice: seen, published there, or why not. Each use of a link is recorded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from shlex import quote

from tracker.core.escalation.notices import Acknowledgement, Notice, NoticeKey
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.counting import count
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar
from tracker.registers.checks import check_now, check_words
from tracker.registers.errors import Registered, RegisterError
from tracker.store.answers import add_acknowledgement, answer_by_token, list_acknowledgements
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.notices import insert_notices, line_of, shown
from tracker.store.occurrences import find_occurrence

_WHO, _BY = 128, 320  # as wide as the journal's and the table's columns
_OFFICE = "county-office"
#: What of a matter is shown beside an explanation.
_MATTER = ("occurrence", "duty_id", "duty", "department", "period", "day", "due", "due_on", "due_at")


def acknowledge(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    answer: Acknowledgement,
    *,
    token: str,
    told_at: datetime,
    quiet: Span,
) -> Registered[Acknowledgement]:
    """Record what a role answered to a step; the same `token` again changes nothing. Sets the answer's `quiet_until`.

    `told_at`: when the notice was sent. It buys one quiet time, however many answers are given to it; an answer
    that comes later than a notice of the same step buys none of that one's.
    """
    check_now(answer.recorded_at)
    check_words(by=answer.by)
    if answer.kind != "seen":
        check_words(text=answer.text)
    county, key = rulebook.county, answer.occurrence
    lock_county(tx, county.id)
    if (before := answer_by_token(tx, county.id, token)) is not None:
        at = before.recorded_at.isoformat(timespec="minutes")
        return Registered(before, False, f"answered before, at {at} by {before.by}: nothing changed")
    row = find_occurrence(tx, county.id, key)
    if row is None:
        raise RegisterError(f"no occurrence {key!r}")
    if row.closed:
        raise RegisterError(f"{key} is closed: {row.reason}")
    earlier = [
        acknowledgement.quiet_until
        for acknowledgement in list_acknowledgements(tx, county.id, key)
        if (acknowledgement.step, acknowledgement.role) == (answer.step, answer.role)
        and acknowledgement.recorded_at >= told_at
    ]
    now = answer.recorded_at
    until = min(earlier) if earlier else count(quiet, now, calendar, county.zone, roll=False).at
    added = add_acknowledgement(tx, county.id, replace(answer, by=answer.by[:_BY], quiet_until=until), token)
    if added is None:
        raise RegisterError(f"the link was used by another process at this very moment: {token[:8]}…")
    after = {name: getattr(added, name) for name in ("id", "kind", "step", "role")}
    after["quiet_until"] = until.isoformat()
    append(tx, county.id, [JournalEntry(added.by[:_WHO], "notice.answered", key, None, after, added.text)], now)
    return Registered(added, True, f"recorded answer {added.id}: {added.kind}")


def pass_on(
    tx: Tx,
    rulebook: Rulebook,
    office: OfficeTime,
    answer: Acknowledgement,
    now: datetime,
    claim: str = "",
) -> bool:
    """Tell the county office what was explained, in its next mail; whether there was anything to tell it.

    `claim`: an address that is said to prove it and that only a person can judge. In the transaction that recorded
    the answer.
    """
    county = rulebook.county
    if answer.role.partition("@")[0] == _OFFICE or not (answer.kind == "explained" or claim):
        return False
    last = shown(tx, county.id, [answer.occurrence]).get(answer.occurrence, {})
    reason = f"{answer.by}说明：{' '.join(answer.text.split())}"
    if claim:
        filing = f"duban attest {quote(answer.occurrence)} --link {quote(claim)} --by 姓名"
        reason = f"{answer.by}称已公开，系统不能核对，催办照常进行。拟予采信的，请先报送，再由他人认定：{filing}"
    detail = {name: last[name] for name in _MATTER if name in last}
    detail |= {"kind": "explained", "step": "explained", "reason": reason, "day": ""}
    key = NoticeKey(f"answer:{answer.id}", 0, 0, "explained", 0, _OFFICE, "mail")
    at = office.next_opening(now)
    notice = Notice(key, county.id, "", "explained", False, reason, at, detail)
    made = insert_notices(tx, [notice], now)
    append(tx, county.id, [line_of(answer.by[:_WHO], "notice.decided", each.key, each.reason) for each in made], now)
    return bool(made)
