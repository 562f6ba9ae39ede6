"""Handles messages that did not arrive: each notice is due again, sent to the next role, or cancelled.

Everything is done in the caller's transaction, under the county's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.core.escalation.notice_kinds import find_stale_reason
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.county import County
from tracker.deliver.mailboxes import BOUNCED, OFFICE, failing_addresses, mailbox_subject, route
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.engine import Tx
from tracker.store.faults import list_faults, record_fault
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.messages import (
    MessageRow,
    UnsentMember,
    cancel_follow_ups,
    drop_notice,
    list_unsent_members,
    return_to_due,
)
from tracker.store.notices import build_notice_entry, insert_notices
from tracker.store.occurrences import request_decision

_NOT_TOLD = "此前的通知未曾发出，无需告知。"


def drop_if_stale(tx: Tx, message: MessageRow, now: datetime) -> bool:
    """Drop a message that was never sent and of which a notice no longer applies. The other notices are due again."""
    members = list_unsent_members(tx, message.id)
    reason = next(filter(None, (_stale_reason(member) for member in members)), "")
    if not reason or not messages.record_ended(tx, message.id, "dropped", reason):
        return False
    _return_members(tx, message, members, "notice.dropped", reason, now)
    return True


def journal_repeat(tx: Tx, message: MessageRow, now: datetime) -> None:
    """Journal that a message is sent again because the outcome of its last attempt was not recorded.

    These lines need as much room as the outcome: on a full disk they fail, and the message is not sent again.
    """
    reason = "上次发送的结果未能记录，可能已经送达；现以同一邮件编号再次发送。"
    entries = [
        JournalEntry("outbox", "notice.repeated", member.subject, None,
                     {"message": message.id, "role": member.role, "step": member.step}, reason)
        for member in list_unsent_members(tx, message.id)
    ]  # fmt: skip
    if entries:
        append_entries(tx, message.county, entries, now)


def record_failure(
    tx: Tx, loaded: Loaded, message: MessageRow, answer: str, now: datetime, *, is_mailbox_failing: bool
) -> int | None:
    """End a message that is not tried again. Return its number of notices; None: its outcome was already recorded.

    `is_mailbox_failing`: the address fails, not the channel, so the next role and the county office are notified.
    """
    if not messages.record_ended(tx, message.id, "failed", answer):
        return None
    members = list_unsent_members(tx, message.id)
    if is_mailbox_failing:
        _record_failing_mailbox(tx, loaded, message, members, answer, now)
    _return_members(tx, message, members, "notice.failed", answer, now)
    return len(members)


def record_bounce(tx: Tx, loaded: Loaded, message: str, answer: str, now: datetime) -> MessageRow | None:
    """Record that a sent mail came back. Return its message; None if unknown or already recorded."""
    row = messages.mark_bounced(tx, message, answer)
    if row is None:
        return None
    members = list_unsent_members(tx, row.id)
    _record_failing_mailbox(tx, loaded, row, members, answer, now)
    _return_members(tx, row, members, "notice.bounced", answer, now)
    request_decision(tx, row.county, {member.subject for member in members}, now)
    return row


def notify_of_channel(tx: Tx, loaded: Loaded, message: MessageRow, answer: str, now: datetime) -> None:
    """Notify the county office by mail of a failing channel beside mail, once until it works again.

    Its messages wait for it, and nobody else would learn of them.
    """
    county = _county_of(loaded, message)
    if county is None or message.channel == "mail":
        return
    subject = f"channel:{message.channel}"
    since = next((fault.first_at for fault in list_faults(tx, message.county) if fault.subject == subject), now)
    names = _join_names(list_unsent_members(tx, message.id))
    reason = f"对方答复“{answer}”。恢复之前经该渠道的通知不能送达" + (f"，包括：{names}。" if names else "。")
    notify_office(
        tx, loaded, county, f"{subject}:{since:%Y%m%dT%H%M%S}", f"通知渠道“{message.channel}”发送失败", reason, now
    )


def notify_of_unacceptable(tx: Tx, loaded: Loaded, message: MessageRow, answer: str, now: datetime) -> None:
    """Notify the county office of a mail that is refused for what it is or by a policy, while it is tried again.

    Not of one to the office itself: that notice would be refused as well.
    """
    county = _county_of(loaded, message)
    if county is None or message.role == OFFICE:
        return
    names = _join_names(list_unsent_members(tx, message.id))
    reason = f"对方服务器答复“{answer}”，拒收的是这封邮件，并非该邮箱失效。系统将继续重试" + (
        f"，以下事项可先另行告知：{names}。" if names else "。"
    )
    title = f"邮件被拒收：{county.role_name(message.role, message.department)}（{message.recipient}）"
    notify_office(tx, loaded, county, f"message:{message.id}:refused", title, reason, now)


def notify_office(tx: Tx, loaded: Loaded, county: County, subject: str, title: str, reason: str, now: datetime) -> None:
    """Add a line to the county office's next mail, once for each subject."""
    key = NoticeKey(subject, 0, 0, "undelivered", 0, OFFICE, "mail")
    shown = {"kind": "fault", "step": key.step, "title": title, "reason": reason}
    at = loaded.office_time(county.zone).next_opening(now)
    inserted = insert_notices(tx, [Notice(key, county.id, "", "fault", False, reason, at, shown)], now)
    append_entries(
        tx,
        county.id,
        [build_notice_entry("outbox", "notice.decided", notice.key, notice.reason) for notice in inserted],
        now,
    )


def _county_of(loaded: Loaded, message: MessageRow) -> County | None:
    return next((rulebook.county for rulebook in loaded.rulebooks if rulebook.county.id == message.county), None)


def _stale_reason(member: UnsentMember) -> str:
    return find_stale_reason(
        member.kind, member.due_revision, member.episode, member.standing, followed=member.followed
    )


def _return_members(
    tx: Tx, message: MessageRow, members: Sequence[UnsentMember], action: str, reason: str, now: datetime
) -> None:
    """Make notices that still apply due again, cancel the others, and journal each with its reason."""
    entries: list[JournalEntry] = []
    due_again = []
    for member in members:
        stale_reason = _stale_reason(member)
        if stale_reason:
            drop_notice(tx, member.id, stale_reason, followed=member.followed)
            echoes = cancel_follow_ups(tx, message.county, member, _NOT_TOLD)
            entries += [build_notice_entry("outbox", "notice.cancelled", key, _NOT_TOLD) for key in echoes]
        else:
            due_again.append(member.id)
        after = {"message": message.id, "role": member.role, "step": member.step, "again": not stale_reason}
        entries.append(JournalEntry("outbox", action, member.subject, None, after, stale_reason or reason))
    if due_again:
        return_to_due(tx, due_again)
    append_entries(tx, message.county, entries, now)


def _record_failing_mailbox(
    tx: Tx, loaded: Loaded, message: MessageRow, members: Sequence[UnsentMember], answer: str, now: datetime
) -> None:
    """Record the fault of a mailbox, and notify the county office once until it works again."""
    county = _county_of(loaded, message)
    if county is None:
        return
    subject = mailbox_subject(message.recipient)
    before = list_faults(tx, county.id)
    record_fault(tx, county.id, subject, BOUNCED, answer, now)
    if any(fault.subject == subject and fault.action == BOUNCED for fault in before):
        return
    after = {"message": message.id, "role": message.role, "department": message.department}
    append_entries(tx, county.id, [JournalEntry("outbox", "mailbox.failed", subject, None, after, answer)], now)
    failing = failing_addresses(list_faults(tx, county.id), now)
    instead = route(county, message.role, message.department, failing, office_only=county.shadow(now))
    if message.role == OFFICE and instead is None:
        return  # nobody can be notified
    role_name = county.role_name(message.role, message.department)
    names = _join_names(members)
    is_mail = message.channel == "mail"
    medium, repair = ("邮件", "邮箱恢复收信或更换地址") if is_mail else ("通知", "号码可用或更换")
    consequence = f"以下事项改发{instead.called}" if instead else "以下事项请另行告知"
    reason = f"对方服务器答复“{answer}”。" + (f"{consequence}：{names}。" if names else "")
    notify_office(
        tx, loaded, county, f"message:{message.id}", f"{medium}未能送达{role_name}（{message.recipient}）",
        reason + f"该{repair}后自动恢复。", now,
    )  # fmt: skip


def _join_names(members: Sequence[UnsentMember]) -> str:
    """Return the duties and periods of the notices (Chinese), each once."""
    names = (f"{member.detail.get('duty', '')}，{member.detail.get('period', '')}".strip("，") for member in members)
    return "；".join(filter(None, dict.fromkeys(names)))
