"""Sends messages, several at once, and claims a few ahead."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace

from notifications.channels.base import Outgoing, SendResult
from notifications.forms import fill_in
from tracker.deliver.bundles import Bundle
from tracker.deliver.claim import claim_bundles, release_claims
from tracker.deliver.load import PassState
from tracker.deliver.write import Recorder
from tracker.store.messages import MessageRow
from tracker.store.reserve import NoRoomError, Reserve

log = logging.getLogger(__name__)

#: How many messages are claimed in one transaction, once the channel is known to work.
_CLAIM_AHEAD = 64
#: Senders of a channel: each talks to the server or waits for its commit. A crash then repeats so many mails at most.
_SENDERS = 20


@dataclass(slots=True)
class Sender:
    """Sends claimed messages and has their outcomes recorded. `reserve`: disk space for that."""

    state: PassState
    recorder: Recorder
    reserve: Reserve
    _turns: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    _answered_bytes: int = 0  # of messages between their dialogue and their record

    async def send(self, message: MessageRow) -> bool:
        """Send the message and record the outcome.

        False: it was not tried, because its channel is down, another process took it, or there is no room for its
        outcome.
        """
        with self.recorder.expecting():
            result = await self._try(message)
        if result is None:
            return False
        try:
            await self.recorder.record(message, result)
        except Exception as error:  # the recorder keeps the outcome
            await self.state.block(error)
        finally:
            self._answered_bytes -= len(message.body)
        return True

    async def _try(self, message: MessageRow) -> SendResult | None:
        """Hand the message over when it is its turn. None: it was not tried."""
        state = self.state
        async with self._turns.setdefault(message.channel, asyncio.Semaphore(state.width(message.channel))):
            if not state.is_usable(message.channel) or not await self._may_try(message):
                return None
            began = state.clock()
            result = await self._hand_over(message)
            state.leases.note_dialogue(state.clock() - began)
            return self._judge(message, result)

    def _judge(self, message: MessageRow, result: SendResult) -> SendResult:
        """Return the result, with `down` set if it says that the channel is; nothing more is then tried on it.

        One message without an answer may be the message's own fault. A second one in a pass is the channel's, and so is
        the first while the channel is known to be in trouble: a hung server holds a pass for two dialogues at most.
        """
        state, channel = self.state, message.channel
        result = replace(result, answer=state.redact(result.answer))  # a server may repeat what it was sent
        is_only_address = message.recipient == channel  # a group chat or another system
        is_again = result.unanswered and (channel in state.unanswered or state.is_in_trouble(channel))
        if is_again or (not result.ok and is_only_address):
            result = replace(result, down=True)
        if result.unanswered:
            state.unanswered.add(channel)
        elif result.ok:
            state.unanswered.discard(channel)
        if result.down and channel not in state.down:
            state.down.add(channel)
            log.warning(
                "channel %s is down, nothing more is tried on it in this pass: %s", channel, result.answer,
                extra={"action": "deliver"},
            )  # fmt: skip
        return result

    async def _may_try(self, message: MessageRow) -> bool:
        """Return whether the lease lasts and there is room for the outcome: the row is rewritten with its body."""
        if not await self.state.leases.ensure(message):
            return False
        needed = 2 * (self._answered_bytes + len(message.body))
        try:
            if not self.reserve.is_filled(needed):
                await asyncio.to_thread(self.reserve.fill, needed)
        except NoRoomError as error:
            await self.state.block(error)
            return False
        self._answered_bytes += len(message.body)
        return True

    async def _hand_over(self, message: MessageRow) -> SendResult:
        channel, links = self.state.channels[message.channel], self.state.links
        longest = self.state.leases.dialogue.total_seconds()
        try:
            body = fill_in(channel.form, message.body, *links.token(message.id)) if links else message.body
            outgoing = Outgoing(message.id, message.recipient, message.subject, body, message.claimed_at)
            async with asyncio.timeout(longest):
                return await channel.send(outgoing)
        except TimeoutError:
            answer = f"the dialogue was not over after {longest:.0f} seconds"
        except Exception as error:  # a defect of a channel must not lose a message or stop the others
            log.exception("channel %s failed", message.channel, extra={"action": "deliver"})
            answer = repr(error)
        return SendResult(False, answer, retry=True, doubtful=True, unanswered=True)


class Pipeline:
    """Claims messages of one channel a little ahead of those being sent, so that no sender waits for the database."""

    def __init__(self, state: PassState, sender: Sender, bundles: Sequence[Bundle]) -> None:
        self._state = state
        self._sender = sender
        self._bundles = deque(bundles)
        self._claimed: deque[MessageRow] = deque()
        self._claiming: asyncio.Task[None] | None = None
        self._open = 0  # messages that are claimed and not yet recorded or released
        self._width = width = state.width(bundles[0].channel)
        # With one connection each mail is committed before the next one is claimed.
        self._senders, self._ahead = (_SENDERS, _CLAIM_AHEAD) if width > 1 else (1, 1)

    async def run(self) -> None:
        """Send all bundles: the first alone, which shows whether the channel is down, then several at once."""
        try:
            first = await self._next(1)
            if first is not None:
                await self._send(first)
            await gather_all(self._run_sender() for _ in range(self._senders))
        finally:
            if self._claiming is not None:
                await asyncio.wait([self._claiming])
            await release_claims(self._state, self._claimed)

    async def _run_sender(self) -> None:
        while (message := await self._next(self._ahead)) is not None:
            await self._send(message)

    async def _send(self, message: MessageRow) -> None:
        try:
            if not await self._sender.send(message):
                await release_claims(self._state, [message])
        finally:
            self._open -= 1

    async def _next(self, ahead: int) -> MessageRow | None:
        """Return the next message, or None if none is left for this sender."""
        while self._bundles or self._claimed or self._claiming is not None:
            room = self._most_open() - self._open
            if len(self._claimed) < min(ahead, self._senders) and self._bundles and self._claiming is None and room > 0:
                self._claiming = asyncio.create_task(self._claim(min(ahead, room)))
            if self._claimed:
                return self._claimed.popleft()
            if self._claiming is None:
                return None
            await asyncio.shield(self._claiming)
        return None

    def _most_open(self) -> int:
        """Return how many messages may be open: as many as can be sent within their leases."""
        return self._state.leases.fitting(self._width, self._senders + self._ahead)

    async def _claim(self, most: int) -> None:
        """Claim the next bundles of one county."""
        try:
            batch = [self._bundles.popleft()]
            while self._bundles and len(batch) < most and self._bundles[0].county.id == batch[0].county.id:
                batch.append(self._bundles.popleft())
            claimed = await claim_bundles(self._state, batch)
            self._open += len(claimed)
            self._claimed.extend(claimed)
        finally:
            self._claiming = None


async def send_concurrently(
    rows: Sequence[MessageRow], send: Callable[[MessageRow], Awaitable[None]], width: int
) -> None:
    """Send the first message alone, which shows whether the channel is down; then `width` at a time."""
    for first in rows[:1]:
        await send(first)
    remaining = iter(rows[1:])

    async def run_sender() -> None:
        for row in remaining:
            await send(row)

    await gather_all(run_sender() for _ in range(width))


async def gather_all(coroutines: Iterable[Coroutine[None, None, None]]) -> None:
    """Await all, then raise the first error. None is cancelled within a dialogue, whose outcome would be unknown."""
    results = await asyncio.gather(*coroutines, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
