"""Records answers to notices: acknowledgements, of which each link takes one, and silences with an end and a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from shlex import quote

from tracker.core.escalation.notices import Acknowledgement, Notice, NoticeKey, Silence
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.counting import count
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.workdays import Calendar
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import begin_act, check_texts, find_obligation
from tracker.registers.errors import Registered, RegisterError
from tracker.store.answers import (
    add_acknowledgement,
    add_silence,
    find_answer,
    lift_silence,
    list_acknowledgements,
    list_silences,
)
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import build_notice_entry, insert_notices, load_last_details
from tracker.store.occurrences import find_occurrence

_WHO, _BY = 128, 320  # as wide as the journal's and the table's columns
_OFFICE = "county-office"
#: Details of the last notice that are repeated in the notice about an explanation.
_REPEATED_DETAILS = ("occurrence", "duty_id", "duty", "department", "period", "day", "due", "due_on", "due_at")


def record_acknowledgement(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    answer: Acknowledgement,
    *,
    token: str,
    sent_at: datetime,
    quiet: Span,
) -> Registered[Acknowledgement]:
    """Record the answer of a role to a step and set its `quiet_until`; the same `token` again changes nothing.

    `sent_at`: when the notice was sent. All answers given since then share the earliest `quiet_until`, so that
    further answers to the same notice do not prolong it.
    """
    county, key = rulebook.county, answer.occurrence
    begin_act(tx, county.id, answer.recorded_at, by=answer.by)
    if answer.kind != "seen":
        check_texts(text=answer.text)
    if (before := find_answer(tx, county.id, token)) is not None:
        at = before.recorded_at.isoformat(timespec="minutes")
        return Registered(
            before, False, Message("answered before, at {at} by {by}: nothing changed", at=at, by=before.by)
        )
    row = find_occurrence(tx, county.id, key)
    if row is None:
        raise RegisterError("no occurrence {key!r}", key=key)
    if row.closed:
        raise RegisterError("{key} is closed: {reason}", key=key, reason=row.reason)
    earlier = [
        acknowledgement.quiet_until
        for acknowledgement in list_acknowledgements(tx, county.id, key)
        if (acknowledgement.step, acknowledgement.role) == (answer.step, answer.role)
        and acknowledgement.recorded_at >= sent_at
    ]
    now = answer.recorded_at
    until = min(earlier) if earlier else count(quiet, now, calendar, county.zone, roll=False).at
    added = add_acknowledgement(tx, county.id, replace(answer, by=answer.by[:_BY], quiet_until=until), token)
    if added is None:
        raise RegisterError("the link was used by another process at this very moment: {token}…", token=token[:8])
    after = {"id": added.id, "kind": added.kind, "step": added.step, "role": added.role, "quiet_until": until}
    append_entries(tx, county.id, [JournalEntry(added.by[:_WHO], "notice.answered", key, None, after, added.text)], now)
    return Registered(
        added, True, Message("recorded answer {id}: {kind}", id=added.id, kind=ListedWord("answer", added.kind))
    )


def forward_explanation(
    tx: Tx,
    rulebook: Rulebook,
    office: OfficeTime,
    answer: Acknowledgement,
    now: datetime,
    claim: str = "",
    objection: int = 0,
) -> bool:
    """Insert a notice that tells the county office of an explanation in its next mail; True where one was inserted.

    `claim`: an address that the department gives as proof and that only a person can judge. `objection`: the number of
    the objection that the answer filed. Call it in the transaction that recorded the answer.
    """
    if answer.role.partition("@")[0] == _OFFICE or not (answer.kind == "explained" or claim or objection):
        return False
    reason = f"{answer.by}说明：{' '.join(answer.text.split())}"
    if claim:
        reason = describe_claim(answer.by, answer.occurrence, claim)
    if objection:
        reason = describe_objection(answer.by, answer.text, objection)
    return tell_office(tx, rulebook, office, f"answer:{answer.id}", answer.occurrence, answer.by, reason, now)


def describe_claim(by: str, occurrence: str, url: str) -> str:
    """What the county office reads of an address that only a person can judge, with the command that files it."""
    filing = f"duban attest {quote(occurrence)} --link {quote(url)} --by 姓名"
    return f"{by}称已公开，系统不能核对，催办照常进行。拟予采信的，请先报送，再由他人认定：{filing}"


def describe_objection(by: str, text: str, number: int) -> str:
    """What the county office reads of an objection that was filed, with the command that decides it (Chinese)."""
    decide = f"duban object decide {number} --upheld（不成立的用 --dismissed） --by 姓名 --reason 理由"
    return f"{by}提出异议：{' '.join(text.split()).rstrip('。')}。请由他人认定：{decide}"


def tell_office(
    tx: Tx, rulebook: Rulebook, office: OfficeTime, subject: str, occurrence: str, by: str, reason: str, now: datetime
) -> bool:
    """Insert a notice that tells the county office in its next mail what a department wrote of an occurrence.

    `subject`: of what it is notified, once. True where a notice was inserted.
    """
    county = rulebook.county
    last = load_last_details(tx, county.id, [occurrence]).get(occurrence, {})
    detail = {name: last[name] for name in _REPEATED_DETAILS if name in last}
    detail |= {"kind": "explained", "step": "explained", "reason": reason, "day": ""}
    key = NoticeKey(subject, 0, 0, "explained", 0, _OFFICE, "mail")
    at = office.next_opening(now)
    notice = Notice(key, county.id, "", "explained", False, reason, at, detail)
    is_new = bool(insert_notices(tx, [notice], now))
    if is_new:
        append_entries(tx, county.id, [build_notice_entry(by[:_WHO], "notice.decided", key, reason)], now)
    return is_new


def order_silence(tx: Tx, rulebook: Rulebook, silence: Silence, now: datetime) -> Registered[Silence]:
    """Record a silence. It must name a known duty, department or occurrence, at least one of the three."""
    county = rulebook.county
    begin_act(tx, county.id, now, by=silence.by, reason=silence.reason)
    if silence.until <= max(silence.begins_at, now):
        raise RegisterError(
            "a silence ends after it begins and after now, not at {until}", until=silence.until.isoformat()
        )
    _check_subject(rulebook, silence)
    if silence.occurrence:
        find_obligation(tx, rulebook, silence.occurrence)
    for earlier in list_silences(tx, county.id):
        if replace(silence, id=earlier.id, by=earlier.by, reason=earlier.reason) == earlier:
            return Registered(earlier, False, Message("silence {id} says so already, nothing changed", id=earlier.id))
    added = add_silence(tx, county.id, silence, now)
    names = {name: value for name in ("duty", "department", "occurrence") if (value := getattr(silence, name))}
    after = {**names, "id": added.id, "from": silence.begins_at, "until": silence.until}
    entry = JournalEntry(added.by, "silence.ordered", f"silence:{added.id}", None, after, added.reason)
    append_entries(tx, county.id, [entry], now)
    last = added.until.astimezone(county.zone).strftime("%Y-%m-%d %H:%M")
    return Registered(added, True, Message("silence {id} holds until {last}", id=added.id, last=last))


def end_silence(
    tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime
) -> Registered[Silence | None]:
    """End a silence before its time."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, reason=reason)
    silences = {silence.id: silence for silence in list_silences(tx, county)}
    if number not in silences:
        numbers = ", ".join(map(str, silences)) or "none"
        raise RegisterError("no silence {number} (there are: {numbers})", number=number, numbers=numbers)
    silence = silences[number]
    if silence.lifted_at is not None or silence.until <= now:
        return Registered(silence, False, Message("silence {number} has ended already, nothing changed", number=number))
    lifted = lift_silence(tx, county, number, by=by, now=now)
    append_entries(tx, county, [JournalEntry(by, "silence.lifted", f"silence:{number}", None, None, reason)], now)
    return Registered(lifted, True, Message("silence {number} is lifted", number=number))


def _check_subject(rulebook: Rulebook, silence: Silence) -> None:
    if not (silence.duty or silence.department or silence.occurrence):
        raise RegisterError("a silence names a duty, a department or an occurrence: silencing all would be a failure")
    duties = {duty.id for duty in rulebook.duties}
    departments = {
        *rulebook.county.departments,
        *(assignment.key for duty in rulebook.duties for assignment in duty.assignments),
    }
    for what, name, known in (("duty", silence.duty, duties), ("department", silence.department, departments)):
        if name and name not in known:
            raise RegisterError(
                "no {what} {name!r} (one of: {known})",
                what=ListedWord("column", what),
                name=name,
                known=", ".join(sorted(known)),
            )
