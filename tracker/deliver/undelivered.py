"""Handles a message that did not arrive: its notices are due again, moved to the next role, or cancelled.

Each member is looked at for itself: what still holds is due again (and goes to the next role where the
mailbox fails), what does not is taken back with its reason. Everything in the caller's transaction, under
the county's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.core.escalation.notice_kinds import find_stale_reason
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.duties import County
from tracker.core.law.wording import role_zh
from tracker.deliver.mailboxes import BOUNCES, OFFICE, box_fault, failing, route
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.engine import Tx
from tracker.store.faults import list_faults, record_fault
from tracker.store.journal import JournalEntry, append
from tracker.store.messages import MessageRow
from tracker.store.notices import insert_notices, line_of
from tracker.store.occurrences import decide_again
from tracker.store.unsent import Unsent, cancel_echoes, give_up, put_back, unsent_members

_NOT_TOLD = "此前的通知未曾发出，无需告知。"


def drop_if_stale(tx: Tx, message: MessageRow, now: datetime) -> bool:
    """Drop a message that never left and of which a member no longer applies. What still applies is due again."""
    members = unsent_members(tx, message.id)
    reasons = [_why(member) for member in members]
    if not any(reasons):
        return False
    why = next(filter(None, reasons))
    if not messages.record_ended(tx, message.id, "dropped", why):
        return False
    _put_back(tx, message, members, "notice.dropped", why, now)
    return True


def note_repeat(tx: Tx, message: MessageRow, now: datetime) -> None:
    """Journal that a message is sent again because the outcome of its last attempt was never recorded.

    These lines need the room that the outcome needs: on a full disk they fail, and the message is not sent again.
    """
    reason = "上次发送的结果未能记录，可能已经送达；现以同一邮件编号再次发送。"
    entries = [
        JournalEntry("outbox", "notice.repeated", member.subject, None,
                     {"message": message.id, "role": member.role, "step": member.step}, reason)
        for member in unsent_members(tx, message.id)
    ]  # fmt: skip
    if entries:
        append(tx, message.county, entries, now)


def fail(tx: Tx, loaded: Loaded, message: MessageRow, answer: str, now: datetime, *, mailbox: bool) -> int | None:
    """It will not be tried again; how many notices it held. None where another attempt was recorded first.

    `mailbox`: the address is at fault, not the channel: the next role is told, and the county office hears of it.
    """
    if not messages.record_ended(tx, message.id, "failed", answer):
        return None
    members = unsent_members(tx, message.id)
    if mailbox:
        _mailbox_fails(tx, loaded, message, members, answer, now)
    _put_back(tx, message, members, "notice.failed", answer, now)
    return len(members)


def bounce(tx: Tx, loaded: Loaded, message: str, answer: str, now: datetime) -> MessageRow | None:
    """A mail that was taken came back; the message, None where that is known already or it is none of ours."""
    row = messages.mark_bounced(tx, message, answer)
    if row is None:
        return None
    members = unsent_members(tx, row.id)
    _mailbox_fails(tx, loaded, row, members, answer, now)
    _put_back(tx, row, members, "notice.bounced", answer, now)
    decide_again(tx, row.county, {member.subject for member in members}, now)
    return row


def tell_channel(tx: Tx, loaded: Loaded, message: MessageRow, answer: str, now: datetime) -> None:
    """A channel beside mail that stays in trouble: the county office hears of it by mail, once until it works again.

    What was to go that way waits for it, and nobody else would know.
    """
    county = next((rulebook.county for rulebook in loaded.rulebooks if rulebook.county.id == message.county), None)
    subject = f"channel:{message.channel}"
    since = next((fault.first_at for fault in list_faults(tx, message.county) if fault.subject == subject), now)
    if county is None or message.channel == "mail":
        return
    matters = _matters(unsent_members(tx, message.id))
    reason = f"对方答复“{answer}”。恢复之前经该渠道的通知不能送达" + (f"，包括：{matters}。" if matters else "。")
    tell_office(
        tx, loaded, county, f"{subject}:{since:%Y%m%dT%H%M%S}", f"通知渠道“{message.channel}”发送失败", reason, now
    )


def tell_office(tx: Tx, loaded: Loaded, county: County, subject: str, title: str, reason: str, now: datetime) -> None:
    """A line in the county office's next mail, once a subject."""
    key = NoticeKey(subject, 0, 0, "undelivered", 0, OFFICE, "mail")
    shown = {"kind": "fault", "step": key.step, "title": title, "reason": reason}
    at = loaded.office_time(county.zone).next_opening(now)
    made = insert_notices(tx, [Notice(key, county.id, "", "fault", False, reason, at, shown)], now)
    append(tx, county.id, [line_of("outbox", "notice.decided", notice.key, notice.reason) for notice in made], now)


def _why(unsent: Unsent) -> str:
    return find_stale_reason(
        unsent.kind, unsent.due_revision, unsent.episode, unsent.standing, followed=unsent.followed
    )


def _put_back(tx: Tx, message: MessageRow, members: Sequence[Unsent], action: str, why: str, now: datetime) -> None:
    """Members that still apply are due again, the others are taken back; the journal says of each what and why."""
    entries: list[JournalEntry] = []
    still = []
    for member in members:
        reason = _why(member)
        if reason:
            give_up(tx, member.id, reason, followed=member.followed)
            echoes = cancel_echoes(tx, message.county, member, _NOT_TOLD)
            entries += [line_of("outbox", "notice.cancelled", key, _NOT_TOLD) for key in echoes]
        else:
            still.append(member.id)
        after = {"message": message.id, "role": member.role, "step": member.step, "again": not reason}
        entries.append(JournalEntry("outbox", action, member.subject, None, after, reason or why))
    if still:
        put_back(tx, still)
    append(tx, message.county, entries, now)


def _mailbox_fails(
    tx: Tx, loaded: Loaded, message: MessageRow, members: Sequence[Unsent], answer: str, now: datetime
) -> None:
    """A mailbox that refuses is a fault; the county office hears of it once, until it works again."""
    county = next((rulebook.county for rulebook in loaded.rulebooks if rulebook.county.id == message.county), None)
    if county is None:
        return
    subject = box_fault(message.recipient)
    before = list_faults(tx, county.id)
    record_fault(tx, county.id, subject, BOUNCES, answer, now)
    if any(fault.subject == subject and fault.action == BOUNCES for fault in before):
        return
    after = {"message": message.id, "role": message.role, "department": message.department}
    append(tx, county.id, [JournalEntry("outbox", "mailbox.failed", subject, None, after, answer)], now)
    out = failing(list_faults(tx, county.id), now)
    instead = route(county, message.role, message.department, out, office_only=county.shadow(now))
    if message.role == OFFICE and instead is None:
        return  # there is nobody to hear it
    unit = county.departments.get(message.department)
    whom = role_zh(message.role, unit.name if unit else "")
    matters = _matters(members)
    mail = message.channel == "mail"
    what, where = ("邮件", "邮箱恢复收信或更换地址") if mail else ("通知", "号码可用或更换")
    then = f"以下事项改发{instead.called}" if instead else "以下事项请另行告知"
    reason = f"对方服务器答复“{answer}”。" + (f"{then}：{matters}。" if matters else "")
    tell_office(
        tx, loaded, county, f"message:{message.id}", f"{what}未能送达{whom}（{message.recipient}）",
        reason + f"该{where}后自动恢复。", now,
    )  # fmt: skip


def _matters(members: Sequence[Unsent]) -> str:
    """What a message told of, each matter once."""
    named = (f"{member.detail.get('duty', '')}，{member.detail.get('period', '')}".strip("，") for member in members)
    return "；".join(filter(None, dict.fromkeys(named)))
