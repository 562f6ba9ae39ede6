"""Claims due notices: their messages are frozen in the transaction that claims them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from notifications.render import RenderedMail, SendingOffice, template_of
from tracker.deliver.bundles import Bundle, freeze_message, sending_office
from tracker.deliver.enclosures import load_enclosures
from tracker.deliver.failures import notify_office
from tracker.deliver.load import PassState
from tracker.deliver.mailboxes import recipient_subject
from tracker.deliver.open_faults import FaultChanges
from tracker.store import messages
from tracker.store.counties import lock_county
from tracker.store.engine import Tx, is_unavailable
from tracker.store.messages import DueNotice, MessageRow
from tracker.store.slips import number_slip
from tracker.store.threads import run_write

log = logging.getLogger(__name__)

#: A bundle, its rendered mail, and its message.
_Draft = tuple[Bundle, RenderedMail, MessageRow]


class _TakenError(Exception):
    """Another process claimed one of the notices; the transaction is rolled back."""


async def claim_bundles(state: PassState, bundles: Sequence[Bundle]) -> list[MessageRow]:
    """Claim the bundles of one county in one transaction. Return their messages.

    Left out are those that another process claimed first, and those that cannot be composed or sent now.
    """
    now, office = state.clock(), sending_office(state.loaded, bundles[0].county)
    drafts = [draft for bundle in bundles if (draft := await _draft(state, bundle, office, now))]
    return await _claim(state, drafts, now)


async def release_claims(state: PassState, unsent: Collection[MessageRow]) -> None:
    """Undo the claim of messages that were not tried. If the database fails, they wait until their leases end."""
    if not unsent:
        return
    ids = [message.id for message in unsent]
    try:
        await run_write(state.store, lambda tx: messages.release_untried(tx, ids))
    except Exception as error:
        await state.block(error)


async def _draft(state: PassState, bundle: Bundle, office: SendingOffice, now: datetime) -> _Draft | None:
    if not state.is_usable(bundle.channel) or state.is_rate_limited(bundle.channel, now):
        return None
    try:
        if bundle.notices[0].kind == "slip":
            await _number_slip(state, bundle, now)
        channel = state.channels[bundle.channel]
        enclosures = await load_enclosures(state.store, bundle) if channel.form == "mail" else []
        rendered, message = freeze_message(
            state.loaded, bundle, channel, office, now, state.holder, state.links, enclosures
        )
    except Exception as error:
        await _record_unwritten(state, bundle, error)
        return None
    return bundle, rendered, message


async def _number_slip(state: PassState, bundle: Bundle, now: datetime) -> None:
    """Give a slip (督办单), which is alone in its message, a number in the county's year."""
    county, year = bundle.county, now.astimezone(bundle.county.zone).year

    def number(tx: Tx) -> list[DueNotice]:
        lock_county(tx, county.id)
        return [replace(notice, detail=number_slip(tx, county.id, notice.id, year, now)) for notice in bundle.notices]

    bundle.notices = await run_write(state.store, number)


async def _claim(state: PassState, drafts: Sequence[_Draft], now: datetime) -> list[MessageRow]:
    if not drafts or state.report.blocked:
        return []
    lease_until = now + state.leases.lease

    def claim() -> Sequence[_Draft]:
        with state.change_faults(now) as faults:
            lock_county(faults.tx, drafts[0][0].county.id)
            admitted = _admit(state, faults.tx, drafts, now)
            wanted = [(message, [notice.id for notice in bundle.notices]) for bundle, _, message in admitted]
            if wanted and not messages.claim_messages(faults.tx, wanted, now, lease_until):
                raise _TakenError
            for bundle, rendered, _ in admitted:
                _record_faults(state, faults, bundle, rendered)
        return admitted

    try:
        admitted = await asyncio.to_thread(claim)
    except Exception as error:
        if len(drafts) > 1:  # singly: one that is taken or cannot be claimed does not stop the others
            return [message for draft in drafts for message in await _claim(state, [draft], now)]
        if not isinstance(error, _TakenError):
            await _record_unwritten(state, drafts[0][0], error)
        return []
    state.report.rate_limited += len(drafts) - len(admitted)
    return [replace(message, lease_until=lease_until) for _, _, message in admitted]


def _admit(state: PassState, tx: Tx, drafts: Sequence[_Draft], now: datetime) -> Sequence[_Draft]:
    """Return the drafts that the rates allow now; they are claimed in this transaction."""
    if not state.rates.is_limited:
        return drafts
    free: set[str] = set()
    for channel in dict.fromkeys(bundle.channel for bundle, _, _ in drafts):
        rows = [message for bundle, _, message in drafts if bundle.channel == channel]
        admitted = state.rates.admit(tx, channel, [row.recipient for row in rows], now)
        free |= {row.id for row, is_free in zip(rows, admitted, strict=True) if is_free}
    return [draft for draft in drafts if draft[2].id in free]


async def _record_unwritten(state: PassState, bundle: Bundle, error: Exception) -> None:
    """Record a fault; the notices stay due. A database that fails ends the pass, a message's own defect does not."""
    if is_unavailable(error):
        await state.block(error)
        return
    state.report.unwritten += 1
    address = bundle.recipient.address
    log.error("the mail to %s cannot be written", address, exc_info=error, extra={"action": "deliver"})
    await state.record_fault([bundle.county.id], f"message:{address}", repr(error))


def _record_faults(state: PassState, faults: FaultChanges, bundle: Bundle, rendered: RenderedMail) -> None:
    """Record or clear the faults of the template and of the roles' mailboxes."""
    county, now = bundle.county, faults.now
    template = f"template:{template_of(bundle.shown[0])}"
    if not rendered.fault:
        faults.clear(county.id, template, "render")
    elif faults.add(county.id, template, "render", rendered.fault):
        # Once a day at most: the line itself may be rendered with that very template.
        fallback = "系统自带的模板" if rendered.html else "纯文本"
        reason = f"已改用{fallback}发送，修好之前不再逐次提示：{rendered.fault}"
        day = now.astimezone(county.zone).date()
        notify_office(faults.tx, state.loaded, county, f"{template}:{day}", "邮件模板出错", reason, now)
    for notice, recipient in zip(bundle.notices, bundle.recipients, strict=True):
        subject = recipient_subject(notice.role, notice.department)
        if recipient.instead_of:
            faults.add(county.id, subject, "deliver", recipient.because)
        else:
            faults.clear(county.id, subject, "deliver")
