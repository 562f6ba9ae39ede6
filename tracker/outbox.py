"""From due notices to mail: claim, freeze, hand to a channel, record. At least once, never unseen.

What one person has to be told in one pass is one message. Its members and bytes are frozen in the
transaction that claims them; a repeat carries the same bytes under the same Message-ID. Several are sent
at once; who sends takes the next one only when what became of the last one is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from notifications.channels.base import Channel, Outgoing, SendResult
from notifications.render import Rendered, template_of
from tracker.clock import Clock
from tracker.core.steps import opening
from tracker.delivery.delivered import DeliveryReport as DeliveryReport
from tracker.delivery.enclosing import enclosed
from tracker.delivery.freezing import Bundle, Links, frozen, sort
from tracker.delivery.mailboxes import BOUNCES, OFFICE, REFUSES, box_fault, failing, open_faults, recipient
from tracker.delivery.rates import Rates
from tracker.delivery.recording import Recorder
from tracker.delivery.retrying import last_try, next_try
from tracker.delivery.sending import Ahead, together
from tracker.delivery.undelivered import drop_if_stale, fail, tell_channel, tell_office
from tracker.rulebook import Loaded
from tracker.store import messages
from tracker.store.counties import CountyRow, lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append
from tracker.store.messages import DueNotice, Member, MessageRow
from tracker.store.slips import number_slip

log = logging.getLogger(__name__)

#: How long one attempt may hold a message: longer than any dialogue with a server lasts.
LEASE = timedelta(minutes=10)
#: So many attempts, and a message counts against its mailbox.
_OFTEN = 3


#: A bundle, its words, and the message that carries them.
Drawn = tuple[Bundle, Rendered, MessageRow]


class _TakenError(Exception):
    """Another deliverer holds one of the members: the claim is rolled back."""


async def deliver(
    store: Store,
    loaded: Loaded,
    channels: Mapping[str, Channel],
    clock: Clock,
    holder: str = "",
    links: Links | None = None,
) -> DeliveryReport:
    """Send everything that may leave now, and try again what an earlier pass could not finish.

    `holder`: this process, so that what it holds can be let go of should it die. `links`: made as a message is frozen.
    """
    post = _Post(store, loaded, channels, clock, holder, links)
    try:
        await post.prepare()
        await post.finish()
        await post.start()
    finally:
        await post.settle()
    log.info("%s", post.report, extra={"action": "deliver"})
    return post.report


class _Post:
    """One pass."""

    def __init__(
        self,
        store: Store,
        loaded: Loaded,
        channels: Mapping[str, Channel],
        clock: Clock,
        holder: str,
        links: Links | None = None,
    ) -> None:
        self._store = store
        self._loaded = loaded
        self._delivery = loaded.schedule.delivery
        self._counties = {one.county.id: one.county for one in loaded.rulebooks}
        self._channels = channels
        self._clock = clock
        self._holder = holder
        self._links = links
        self._down: set[str] = set()
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._recorder = Recorder(self._write)
        self._rates = Rates(self._delivery.rate)
        self._faults: set[tuple[str, str, str]] = set()
        self._failing: dict[str, frozenset[str]] = {}
        self._closed: set[str] = set()  # counties whose office is not open now
        self.report = DeliveryReport()

    async def prepare(self) -> None:
        """What stands in the way: the hour, and mailboxes that fail."""
        now, hours, calendar = self._clock(), self._loaded.schedule.hours, self._loaded.calendar
        self._closed = {name for name, one in self._counties.items() if opening(now, calendar, hours, one.zone) != now}
        async with self._store.begin() as tx:
            faults = await open_faults(tx, self._counties, now, self._channels)
        self._faults = {(one.county, one.subject, one.action) for one in faults}
        for county in self._counties:
            self._failing[county] = failing([one for one in faults if one.county == county], now)

    async def finish(self) -> None:
        """Messages whose attempt failed or whose sender died: the same bytes again."""
        async with self._store.read() as tx:
            waiting = await messages.unfinished(tx, self._clock())
            urgent = await messages.urgent_ones(tx)
        wanted = [one for one in waiting if one.county in self._counties and self._may(one.county, one.id in urgent)]
        await self._side_by_side(wanted, self._again)

    async def start(self) -> None:
        """Notices that are due: one message for each person."""
        now = self._clock()
        async with self._store.read() as tx:
            found = await messages.due_notices(tx, now)
        waiting = [one for one in found if self._may(one.county, one.urgent)]
        sorting = sort(self._loaded, waiting, self._channels, self._failing, now)
        for notice in sorting.homeless:
            await self._homeless(notice)
        await Ahead(self, sorting.bundles).run()

    async def settle(self) -> None:
        """What is being recorded is recorded."""
        await self._recorder.settle()

    def _may(self, county: str, urgent: bool) -> bool:
        """Whether it may leave at this hour: what was late to leave waits for the next opening like all else."""
        resting = county in self._closed and not urgent
        self.report.resting += resting
        return not resting

    def usable(self, channel: str) -> bool:
        return channel in self._channels and channel not in self._down

    def width(self, channel: str) -> int:
        """How many messages the channel carries at once."""
        return int(getattr(self._channels[channel], "width", 1))

    async def _side_by_side(self, items: Sequence[MessageRow], work: Callable[[MessageRow], Awaitable[None]]) -> None:
        """The first one alone, to know whether the channel is down; then as many as the widest channel carries."""
        for first in items[:1]:
            await work(first)
        rest = iter(items[1:])

        async def one() -> None:
            for item in rest:
                await work(item)

        await together(one() for _ in range(max((self.width(name) for name in self._channels), default=1)))

    async def _again(self, message: MessageRow) -> None:
        now = self._clock()
        if not self.usable(message.channel) or self._crowded(message.channel, now):
            return
        async with self._store.begin() as tx:
            await lock_county(tx, message.county)
            (free,) = await self._rates.admit(tx, message.channel, [message.recipient], now)
            self.report.slowed += not free
            mine = free and await messages.retake(tx, message, now, now + LEASE, self._holder)
            dropped = mine and not message.doubtful and await drop_if_stale(tx, message, now)
        if dropped:
            self.report.dropped += 1
        elif mine:
            await self.send(replace(message, attempts=message.attempts + 1))

    def _crowded(self, channel: str, now: datetime) -> bool:
        crowded = self._rates.full(channel, now)
        self.report.slowed += crowded
        return crowded

    async def _homeless(self, notice: DueNotice) -> None:
        """Nobody to write to, the county office included: it stays due, and the fault is shown."""
        self.report.homeless += 1
        async with self._store.begin() as tx:
            what = f"no address for {notice.role} and none for {OFFICE}, or no channel {notice.channel!r}"
            subject = recipient(notice.role, notice.department)
            await record_fault(tx, notice.county, subject, "deliver", what, self._clock())

    # -- claim and freeze ------------------------------------------------------------------------

    async def claim(self, bundles: Sequence[Bundle]) -> list[MessageRow]:
        """The members and the bytes of one county's messages in one transaction; without those of which
        another deliverer was first, or that cannot be written."""
        now = self._clock()
        return await self._claim([one for bundle in bundles if (one := await self._draw(bundle, now))], now)

    async def _draw(self, bundle: Bundle, now: datetime) -> Drawn | None:
        """The bundle as a message; None where it cannot leave in this pass."""
        if not self.usable(bundle.channel) or self._crowded(bundle.channel, now):
            return None
        try:
            if bundle.members[0].kind == "slip":
                await self._number(bundle, now)
            channel = self._channels[bundle.channel]
            files = await enclosed(self._store, bundle) if channel.form == "mail" else []
            rendered, message = frozen(self._loaded, bundle, channel, now, self._holder, self._links, files)
        except Exception as error:
            await self._unwritten(bundle, error)
            return None
        return bundle, rendered, message

    async def _number(self, bundle: Bundle, now: datetime) -> None:
        """A slip, which is alone in its message, with its number in the county's year."""
        county, year = bundle.county, now.astimezone(bundle.county.zone).year
        async with self._store.begin() as tx:
            await lock_county(tx, county.id)
            bundle.members = [
                replace(one, detail=await number_slip(tx, county.id, one.id, year, now)) for one in bundle.members
            ]

    async def _claim(self, drawn: Sequence[Drawn], now: datetime) -> list[MessageRow]:
        if not drawn:
            return []
        try:
            async with self._store.begin() as tx:
                await lock_county(tx, drawn[0][0].county.id)
                admitted = await self._admitted(tx, drawn, now)
                wanted = [(message, [one.id for one in bundle.members]) for bundle, _, message in admitted]
                if wanted and not await messages.claim(tx, wanted, now, now + LEASE):
                    raise _TakenError
                for bundle, rendered, message in admitted:
                    await self._note_claim(tx, bundle, rendered, message, now)
        except Exception as error:
            if len(drawn) > 1:  # each for itself: one that is taken or bad never stops the others
                return [message for one in drawn for message in await self._claim([one], now)]
            if not isinstance(error, _TakenError):
                await self._unwritten(drawn[0][0], error)
            return []
        self.report.slowed += len(drawn) - len(admitted)
        return [message for _, _, message in admitted]

    async def _admitted(self, tx: Tx, drawn: Sequence[Drawn], now: datetime) -> Sequence[Drawn]:
        """Those for which the rates have room now; they are claimed in this transaction."""
        if not self._rates.limited:
            return drawn
        free: set[str] = set()
        for channel in dict.fromkeys(bundle.channel for bundle, _, _ in drawn):
            mine = [message for bundle, _, message in drawn if bundle.channel == channel]
            room = await self._rates.admit(tx, channel, [one.recipient for one in mine], now)
            free |= {one.id for one, has_room in zip(mine, room, strict=True) if has_room}
        return [one for one in drawn if one[2].id in free]

    async def _unwritten(self, bundle: Bundle, error: Exception) -> None:
        """One bad message never stops the pass: it stays due, and the fault is shown."""
        self.report.unwritten += 1
        to = bundle.mailbox.address
        log.error("the mail to %s cannot be written", to, exc_info=error, extra={"action": "deliver"})
        async with self._store.begin() as tx:
            await record_fault(tx, bundle.county.id, f"message:{to}", "deliver", repr(error), self._clock())

    async def _note_claim(self, tx: Tx, bundle: Bundle, rendered: Rendered, message: MessageRow, now: datetime) -> None:
        county = bundle.county
        await self._note_template(tx, bundle, rendered, now)
        for one, box in zip(bundle.members, bundle.boxes, strict=True):
            subject = recipient(one.role, one.department)
            if box.instead_of:
                await record_fault(tx, county.id, subject, "deliver", box.because, now)
                self._faults.add((county.id, subject, "deliver"))
            else:
                await self._over(tx, county.id, subject, "deliver", now)

    async def _note_template(self, tx: Tx, bundle: Bundle, rendered: Rendered, now: datetime) -> None:
        """A template that fails is a fault until it works; the county office hears of it once, and once a day at the
        most: what tells of it may be written with that very template."""
        county, name = bundle.county, f"template:{template_of(bundle.shown[0])}"
        if not rendered.fault:
            await self._over(tx, county.id, name, "render", now)
            return
        await record_fault(tx, county.id, name, "render", rendered.fault, now)
        if (county.id, name, "render") in self._faults:
            return
        self._faults.add((county.id, name, "render"))
        told = f"已改用{'系统自带的模板' if rendered.html else '纯文本'}发送，修好之前不再逐次提示：{rendered.fault}"
        day = now.astimezone(county.zone).date()
        await tell_office(tx, self._loaded, county, f"{name}:{day}", "邮件模板出错", told, now)

    async def _over(self, tx: Tx, county: str, subject: str, action: str, now: datetime) -> None:
        """A fault that stood is over."""
        if (county, subject, action) in self._faults:
            self._faults.discard((county, subject, action))
            if await clear_fault(tx, county, subject, action, now) and action == BOUNCES:
                await append(tx, county, [JournalEntry("outbox", "mailbox.mended", subject)], now)

    async def let_go(self, waiting: Collection[MessageRow]) -> None:
        """What was frozen ahead and never tried, because the channel is down, is as if it had not been."""
        if not waiting:
            return
        async with self._store.begin() as tx:
            await messages.unclaim(tx, [one.id for one in waiting])

    # -- send and record -------------------------------------------------------------------------

    async def send(self, message: MessageRow) -> bool:
        """Send and record; False, and nothing done, where the channel went down before its turn came."""
        async with self._turns.setdefault(message.channel, asyncio.Semaphore(self.width(message.channel))):
            if not self.usable(message.channel):
                return False
            result = await self._handed(message)
            if not result.ok and message.recipient == message.channel:  # a group, another system: the one address
                result = replace(result, down=True)
            if result.down:
                self._down.add(message.channel)
        await self._recorder.record(message, result)
        return True

    async def _handed(self, message: MessageRow) -> SendResult:
        out = Outgoing(message.id, message.recipient, message.subject, message.body, message.claimed_at)
        try:
            return await self._channels[message.channel].send(out)
        except Exception as error:  # a defect of a channel is no reason to lose a message or the rest
            log.exception("channel %s failed", message.channel, extra={"action": "deliver"})
            return SendResult(False, repr(error), retry=True, doubtful=True)

    async def _write(self, answered: Sequence[tuple[MessageRow, SendResult]]) -> None:
        """What became of messages of one county, in one transaction."""
        now, county = self._clock(), answered[0][0].county
        async with self._store.begin() as tx:
            head = await lock_county(tx, county)
            taken = [(message, result) for message, result in answered if result.ok]
            if taken:
                await self._write_sent(tx, head, taken, now)
            for message, result in answered:
                if not result.ok:
                    await self._write_unsent(tx, message, result, now)

    async def _write_sent(
        self, tx: Tx, head: CountyRow, taken: Sequence[tuple[MessageRow, SendResult]], now: datetime
    ) -> None:
        answers = {message.id: result.answer for message, result in taken}
        members = await messages.record_sent(tx, answers, now)
        entries = [_sent(one, name, answers[name]) for name, found in members.items() for one in found]
        if entries:
            await append(tx, head.id, entries, now, head)
        self.report.sent += len(members)
        self.report.notices += len(entries)
        county = head.id
        for message, _ in taken:
            await self._over(tx, county, f"channel:{message.channel}", "deliver", now)
            for action in (REFUSES, BOUNCES):
                await self._over(tx, county, box_fault(message.recipient), action, now)

    async def _write_unsent(self, tx: Tx, message: MessageRow, result: SendResult, now: datetime) -> None:
        county, box = message.county, box_fault(message.recipient)
        if result.down:
            subject = f"channel:{message.channel}"
            await record_fault(tx, county, subject, "deliver", result.answer, now)
            self._faults.add((county, subject, "deliver"))
            if message.attempts == _OFTEN:
                await tell_channel(tx, self._loaded, message, result.answer, now)
        elif result.retry and message.attempts == _OFTEN:
            await record_fault(tx, county, box, REFUSES, result.answer, now)
            self._faults.add((county, box, REFUSES))
        # A channel in trouble is no message's fault, whatever it says: it is asked more and more seldom.
        hours, zone = self._loaded.schedule.hours, self._counties[county].zone
        until = last_try(message.claimed_at, self._delivery.retry_for, self._loaded.calendar, hours, zone)
        if (result.retry or result.down) and now < until:
            doubtful = message.doubtful or result.doubtful
            again = next_try(message, now, hours, zone)
            await messages.record_retry(tx, message, result.answer, now, again, doubtful=doubtful)
            self.report.later += 1
            return
        held = await fail(tx, self._loaded, message, result.answer, now, mailbox=not result.down)
        if held is not None:
            self.report.failed += 1
            self.report.notices += held
            if not result.down:
                self._faults.add((county, box, BOUNCES))
                self._failing[county] |= {message.recipient}


def _sent(member: Member, message: str, answer: str) -> JournalEntry:
    after = {"message": message, "role": member.role, "step": member.step}
    return JournalEntry("outbox", "notice.sent", member.subject, None, after, answer)
