"""Runs the delivering pass: claims due notices, freezes messages, hands them to channels, records the outcomes.

Each channel sends by itself, so that none waits for the server of another. A person gets one message in a pass. Its
notices and bytes are frozen in the transaction that claims them, so that a repeat carries the same bytes under the same
Message-ID. Nothing is sent while an outcome could not be recorded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from notifications.channels.base import Channel
from tracker.clock import Clock
from tracker.deliver.bundles import Links, bundle_notices
from tracker.deliver.failures import drop_if_stale, journal_repeat
from tracker.deliver.load import PassState
from tracker.deliver.mailboxes import OFFICE, recipient_subject
from tracker.deliver.report import DeliveryReport
from tracker.deliver.send import Pipeline, Sender, gather_all, send_concurrently
from tracker.deliver.write import Answered, Recorder, write_outcomes
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.counties import lock_county
from tracker.store.engine import Store, Tx, is_unavailable
from tracker.store.messages import DueNotice, MessageRow
from tracker.store.reserve import get_reserve
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)


async def deliver(
    store: Store,
    loaded: Loaded,
    channels: Mapping[str, Channel],
    clock: Clock,
    holder: str = "",
    links: Links | None = None,
    unrecorded: list[Answered] | None = None,
) -> DeliveryReport:
    """Send everything that may be sent now, and try again what an earlier pass could not finish.

    `holder`: the name of this process, whose leases can be released if it dies. `links`: those at which messages
    can be answered. `unrecorded`: outcomes that this process could not record yet; the list is emptied and filled.
    """
    run = _DeliveringPass(PassState(store, loaded, channels, clock, holder, links), unrecorded)
    try:
        await run.state.load()
        if await run.can_record():
            await run.state.presume_sent()
            await run.send()
    finally:
        await run.finish()
    log.info("%s", run.state.report, extra={"action": "deliver"})
    return run.state.report


async def record_sent(store: Store, loaded: Loaded, clock: Clock, unrecorded: list[Answered]) -> None:
    """Record the outcomes that this process could not record yet, and send nothing. Raises the database's error."""
    state = PassState(store, loaded, {}, clock, "", None)
    await state.load()
    await Recorder(partial(write_outcomes, state), unrecorded).retry()


class _DeliveringPass:
    def __init__(self, state: PassState, unrecorded: list[Answered] | None) -> None:
        unrecorded = [] if unrecorded is None else unrecorded
        unrecorded[:] = [answered for answered in unrecorded if answered[0].county in state.counties]
        self.state = state
        self._recorder = Recorder(partial(write_outcomes, state), unrecorded)
        self._reserve = get_reserve(state.store)
        self._sender = Sender(state, self._recorder, self._reserve)

    async def can_record(self) -> bool:
        """Return whether outcomes can be recorded; if not, a fault is recorded.

        Outcomes of earlier passes are recorded first, then disk space is reserved.
        """
        try:
            await self._recorder.retry()
            await asyncio.to_thread(self._reserve.fill)
            await self.state.unblock()
        except Exception as error:
            await self.state.block(error)
        return not self.state.report.blocked

    async def send(self) -> None:
        """Send what is unfinished and then what is due, on all channels at once."""
        now, unfinished = self.state.clock(), await self._list_unfinished()
        due = await run_read(self.state.store, lambda tx: messages.list_due_notices(tx, now))
        channels = dict.fromkeys([*(row.channel for row in unfinished), *(notice.channel for notice in due)])
        await gather_all(self._send_on(channel, unfinished, due) for channel in channels)

    async def _send_on(self, channel: str, unfinished: Sequence[MessageRow], due: Sequence[DueNotice]) -> None:
        rows = [row for row in unfinished if row.channel == channel]
        if rows and channel in self.state.channels:
            await send_concurrently(rows, self._send_again, self.state.width(channel))
            now = self.state.clock()
            due = await run_read(self.state.store, lambda tx: messages.list_due_notices(tx, now))  # some were dropped
        await self._send_due([notice for notice in due if notice.channel == channel])

    async def _list_unfinished(self) -> list[MessageRow]:
        """Return the messages whose attempt failed or whose process died: they are sent again with the same bytes."""
        state, now = self.state, self.state.clock()
        unfinished = await run_read(state.store, lambda tx: messages.list_unfinished(tx, now, state.leases.lease))
        urgent = await run_read(state.store, messages.list_urgent_messages) if unfinished else frozenset()
        return [
            row
            for row in unfinished
            if row.county in state.counties and state.may_send(row.county, row.role, is_urgent=row.id in urgent)
        ]

    async def _send_due(self, due: Sequence[DueNotice]) -> None:
        """Send notices of one channel: one message for each person."""
        state, now = self.state, self.state.clock()
        notices = [notice for notice in due if state.may_send(notice.county, notice.role, is_urgent=notice.urgent)]
        bundles, unaddressed = bundle_notices(state.loaded, notices, state.channels, state.failing, now)
        for notice in unaddressed:
            await self._record_unaddressed(notice)
        if bundles:
            await Pipeline(state, self._sender, bundles).run()

    async def finish(self) -> None:
        """Record the remaining outcomes; if that failed, once more with the reserved disk space."""
        await self._recorder.finish()
        if not self._recorder.unrecorded:
            return
        self._reserve.release()
        try:
            await self._recorder.retry()
        except Exception as error:
            await self.state.block(error)

    async def _send_again(self, message: MessageRow) -> None:
        state, now = self.state, self.state.clock()
        if not state.is_usable(message.channel) or state.is_rate_limited(message.channel, now):
            return
        lease_until = now + state.leases.lease

        def retake(tx: Tx) -> Literal["rate-limited", "taken", "dropped"] | MessageRow:
            lock_county(tx, message.county)
            (is_free,) = state.rates.admit(tx, message.channel, [message.recipient], now)
            if not is_free:
                return "rate-limited"
            taken = messages.retake_message(tx, message, now, lease_until, state.holder)
            if taken is None:
                return "taken"
            if message.unrecorded:
                journal_repeat(tx, message, now)
            return "dropped" if not message.doubtful and drop_if_stale(tx, message, now) else taken

        try:
            outcome = await run_write(state.store, retake)
        except Exception as error:
            if not is_unavailable(error):
                raise
            await state.block(error)
            return
        state.report.rate_limited += outcome == "rate-limited"
        state.report.dropped += outcome == "dropped"
        if isinstance(outcome, MessageRow):
            await self._sender.send(outcome)

    async def _record_unaddressed(self, notice: DueNotice) -> None:
        """Record the fault that a notice has no address, not even the county office's; it stays due."""
        self.state.report.unaddressed += 1
        text = f"no address for {notice.role} and none for {OFFICE}, or no channel {notice.channel!r}"
        await self.state.record_fault([notice.county], recipient_subject(notice.role, notice.department), text)
