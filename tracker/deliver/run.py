"""Runs the sending pass: claims due notices, freezes messages, hands them to channels, records the answers.

What one person is told in one pass is one message. Its members and bytes are frozen in the transaction that claims
them, so that a repeat carries the same bytes under the same Message-ID. Nothing is sent while an outcome could not be
recorded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from notifications.channels.base import Channel, Outgoing, SendResult
from notifications.render import RenderedMail, template_of
from tracker.clock import Clock
from tracker.deliver.delivered import DeliveryReport as DeliveryReport
from tracker.deliver.enclosing import enclosed
from tracker.deliver.freezing import Bundle, Links, frozen, sort
from tracker.deliver.holding import LEASE as LEASE
from tracker.deliver.holding import Holding
from tracker.deliver.mailboxes import OFFICE, recipient
from tracker.deliver.outcomes import Outcomes
from tracker.deliver.rates import Rates
from tracker.deliver.recording import Answered, Recorder
from tracker.deliver.sending import Ahead, side_by_side
from tracker.deliver.undelivered import drop_if_stale, note_repeat, tell_office
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.counties import lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import record_fault
from tracker.store.messages import DueNotice, MessageRow
from tracker.store.reserve import NoRoomError, reserve_of
from tracker.store.slips import number_slip
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: The subject of the fault that outcomes cannot be recorded.
_DATABASE = "database"
#: A bundle, its words, and the message that carries them.
Drawn = tuple[Bundle, RenderedMail, MessageRow]


class _TakenError(Exception):
    """Another deliverer holds one of the members: the claim is rolled back."""


async def deliver(
    store: Store,
    loaded: Loaded,
    channels: Mapping[str, Channel],
    clock: Clock,
    holder: str = "",
    links: Links | None = None,
    unrecorded: list[Answered] | None = None,
) -> DeliveryReport:
    """Send everything that may leave now, and try again what an earlier pass could not finish.

    `holder`: this process, so that what it holds can be let go of should it die. `links`: made as a message is frozen.
    `unrecorded`: outcomes that this process could not record yet; the list is emptied and filled.
    """
    post = _Post(store, loaded, channels, clock, holder, links, [] if unrecorded is None else unrecorded)
    try:
        await post.prepare()
        if await post.can_record():
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
        links: Links | None,
        unrecorded: list[Answered],
    ) -> None:
        self._store = store
        self._loaded = loaded
        self._delivery = loaded.schedule.delivery
        self._counties = {rulebook.county.id: rulebook.county for rulebook in loaded.rulebooks}
        self._channels = channels
        self._clock = clock
        self._holder = holder
        self._links = links
        self._down: set[str] = set()
        self._turns: dict[str, asyncio.Semaphore] = {}
        unrecorded[:] = [answered for answered in unrecorded if answered[0].county in self._counties]
        self.report = DeliveryReport()
        self._outcomes = Outcomes(store, loaded, self._counties, clock, self.report)
        self._recorder = Recorder(self._outcomes.write, unrecorded)
        self._reserve = reserve_of(store)
        self._holding = Holding(store, loaded.schedule.delivery, clock)
        self._answered_bytes = 0  # of the messages between their dialogue and their record
        self._rates = Rates(self._delivery.rate)
        self._closed: set[str] = set()  # counties whose office is not open now
        self._shadow: set[str] = set()  # counties whose office alone is written to now

    async def prepare(self) -> None:
        """What stands in the way: the hour, and mailboxes that fail."""
        now = self._clock()
        self._shadow = {name for name, county in self._counties.items() if county.shadow(now)}
        self.report.not_live = tuple(
            name for name, county in self._counties.items() if name in self._shadow and county.mode == "live"
        )
        offices = {name: self._loaded.office_time(county.zone) for name, county in self._counties.items()}
        self._closed = {name for name, office in offices.items() if office.next_opening(now) != now}
        await self._outcomes.load(self._channels)

    async def can_record(self) -> bool:
        """Whether the outcome of what is sent now can be recorded; False, with a fault, where it cannot.

        What an earlier pass could not record is recorded first, then disk space is reserved.
        """
        try:
            await self._recorder.retry()
            await asyncio.to_thread(self._reserve.hold)
            await self._outcomes.all_over(self._counties, _DATABASE, "deliver")
        except Exception as error:
            await self._block(error)
        return not self.report.blocked

    async def _block(self, error: Exception) -> None:
        """Send nothing more in this pass; the fault is recorded where the database takes it, else only logged."""
        if self.report.blocked:
            return
        self.report.blocked = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        log.error("nothing is sent: %s", self.report.blocked, extra={"action": "deliver"})
        text = f"nothing is sent, for its outcome cannot be recorded: {self.report.blocked}"
        try:
            await self._record_fault(self._counties, _DATABASE, text)
        except Exception as again:
            log.error("the fault cannot be recorded: %s", again, extra={"action": "deliver"})

    async def finish(self) -> None:
        """Messages whose attempt failed or whose sender died: the same bytes again."""
        now = self._clock()
        waiting = await run_read(self._store, lambda tx: messages.unfinished(tx, now))
        urgent = await run_read(self._store, messages.urgent_ones) if waiting else frozenset()
        rows = [row for row in waiting if row.county in self._counties]
        wanted = [row for row in rows if self._may(row.county, row.role, row.id in urgent)]
        widest = max((self.width(name) for name in self._channels), default=1)
        await side_by_side(wanted, self._again, widest)

    async def start(self) -> None:
        """Notices that are due: one message for each person."""
        now = self._clock()
        notices = await run_read(self._store, lambda tx: messages.due_notices(tx, now))
        waiting = [one for one in notices if self._may(one.county, one.role, one.urgent)]
        sorting = sort(self._loaded, waiting, self._channels, self._outcomes.failing, now)
        for notice in sorting.homeless:
            await self._homeless(notice)
        await Ahead(self, sorting.bundles).run()

    async def settle(self) -> None:
        """Record what has been answered; where that failed, once more with the space that was reserved for it."""
        await self._recorder.settle()
        if not self._recorder.unrecorded:
            return
        self._reserve.spend()
        try:
            await self._recorder.retry()
        except Exception as error:
            await self._block(error)

    def _may(self, county: str, role: str, urgent: bool) -> bool:
        """Whether it may leave at this hour, and while a county is not live only to its office."""
        if county in self._shadow and role.partition("@")[0] != OFFICE:
            self.report.held += 1
            return False
        resting = county in self._closed and not urgent
        self.report.resting += resting
        return not resting

    def usable(self, channel: str) -> bool:
        return channel in self._channels and channel not in self._down and not self.report.blocked

    def width(self, channel: str) -> int:
        """How many messages the channel carries at once."""
        return int(getattr(self._channels[channel], "width", 1))

    async def _again(self, message: MessageRow) -> None:
        now = self._clock()
        if not self.usable(message.channel) or self._crowded(message.channel, now):
            return
        until = self._holding.until(now)

        def retake(tx: Tx) -> Literal["crowded", "taken", "dropped", "mine"]:
            lock_county(tx, message.county)
            (free,) = self._rates.admit(tx, message.channel, [message.recipient], now)
            if not free:
                return "crowded"
            if not messages.retake(tx, message, now, until, self._holder):
                return "taken"
            if message.unrecorded:
                note_repeat(tx, message, now)
            return "dropped" if not message.doubtful and drop_if_stale(tx, message, now) else "mine"

        outcome = await run_write(self._store, retake)
        self.report.slowed += outcome == "crowded"
        self.report.dropped += outcome == "dropped"
        if outcome == "mine":
            await self.send(replace(message, attempts=message.attempts + 1, lease_until=until))

    def _crowded(self, channel: str, now: datetime) -> bool:
        crowded = self._rates.full(channel, now)
        self.report.slowed += crowded
        return crowded

    async def _homeless(self, notice: DueNotice) -> None:
        """Nobody to write to, the county office included: it stays due, and the fault is shown."""
        self.report.homeless += 1
        what = f"no address for {notice.role} and none for {OFFICE}, or no channel {notice.channel!r}"
        await self._record_fault([notice.county], recipient(notice.role, notice.department), what)

    async def _record_fault(self, counties: Iterable[str], subject: str, text: str) -> None:
        now = self._clock()

        def record(tx: Tx) -> None:
            for county in counties:
                record_fault(tx, county, subject, "deliver", text, now)

        await run_write(self._store, record)

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

        def number(tx: Tx) -> list[DueNotice]:
            lock_county(tx, county.id)
            return [
                replace(member, detail=number_slip(tx, county.id, member.id, year, now)) for member in bundle.members
            ]

        bundle.members = await run_write(self._store, number)

    async def _claim(self, drawn: Sequence[Drawn], now: datetime) -> list[MessageRow]:
        if not drawn:
            return []
        until = self._holding.until(now)

        def claim(tx: Tx) -> Sequence[Drawn]:
            lock_county(tx, drawn[0][0].county.id)
            admitted = self._admitted(tx, drawn, now)
            wanted = [(message, [member.id for member in bundle.members]) for bundle, _, message in admitted]
            if wanted and not messages.claim(tx, wanted, now, until):
                raise _TakenError
            for bundle, rendered, message in admitted:
                self._note_claim(tx, bundle, rendered, message, now)
            return admitted

        try:
            admitted = await run_write(self._store, claim)
        except Exception as error:
            if len(drawn) > 1:  # each for itself: one that is taken or bad never stops the others
                return [message for one in drawn for message in await self._claim([one], now)]
            if not isinstance(error, _TakenError):
                await self._unwritten(drawn[0][0], error)
            return []
        self.report.slowed += len(drawn) - len(admitted)
        return [replace(message, lease_until=until) for _, _, message in admitted]

    def _admitted(self, tx: Tx, drawn: Sequence[Drawn], now: datetime) -> Sequence[Drawn]:
        """Those for which the rates have room now; they are claimed in this transaction."""
        if not self._rates.limited:
            return drawn
        free: set[str] = set()
        for channel in dict.fromkeys(bundle.channel for bundle, _, _ in drawn):
            rows = [message for bundle, _, message in drawn if bundle.channel == channel]
            room = self._rates.admit(tx, channel, [row.recipient for row in rows], now)
            free |= {row.id for row, has_room in zip(rows, room, strict=True) if has_room}
        return [one for one in drawn if one[2].id in free]

    async def _unwritten(self, bundle: Bundle, error: Exception) -> None:
        """One bad message never stops the pass: it stays due, and the fault is shown."""
        self.report.unwritten += 1
        to = bundle.mailbox.address
        log.error("the mail to %s cannot be written", to, exc_info=error, extra={"action": "deliver"})
        await self._record_fault([bundle.county.id], f"message:{to}", repr(error))

    def _note_claim(self, tx: Tx, bundle: Bundle, rendered: RenderedMail, message: MessageRow, now: datetime) -> None:
        county = bundle.county
        self._note_template(tx, bundle, rendered, now)
        for notice, box in zip(bundle.members, bundle.boxes, strict=True):
            subject = recipient(notice.role, notice.department)
            if box.instead_of:
                record_fault(tx, county.id, subject, "deliver", box.because, now)
                self._outcomes.faults.add((county.id, subject, "deliver"))
            else:
                self._outcomes.over(tx, county.id, subject, "deliver", now)

    def _note_template(self, tx: Tx, bundle: Bundle, rendered: RenderedMail, now: datetime) -> None:
        """A template that fails is a fault until it works; the county office hears of it once, and once a day at the
        most: what tells of it may be written with that very template."""
        county, name = bundle.county, f"template:{template_of(bundle.shown[0])}"
        if not rendered.fault:
            self._outcomes.over(tx, county.id, name, "render", now)
            return
        record_fault(tx, county.id, name, "render", rendered.fault, now)
        if (county.id, name, "render") in self._outcomes.faults:
            return
        self._outcomes.faults.add((county.id, name, "render"))
        told = f"已改用{'系统自带的模板' if rendered.html else '纯文本'}发送，修好之前不再逐次提示：{rendered.fault}"
        day = now.astimezone(county.zone).date()
        tell_office(tx, self._loaded, county, f"{name}:{day}", "邮件模板出错", told, now)

    async def let_go(self, waiting: Collection[MessageRow]) -> None:
        """What was frozen ahead and never tried, because the channel is down, is as if it had not been."""
        if not waiting:
            return
        numbers = [message.id for message in waiting]
        await run_write(self._store, lambda tx: messages.unclaim(tx, numbers))

    # -- send and record -------------------------------------------------------------------------

    async def send(self, message: MessageRow) -> bool:
        """Send and record; False, and nothing done, where it may not leave now: the channel is down, another deliverer
        took it, or there is no room for its outcome."""
        async with self._turns.setdefault(message.channel, asyncio.Semaphore(self.width(message.channel))):
            if not self.usable(message.channel) or not await self._may_leave(message):
                return False
            began = self._clock()
            result = await self._handed(message)
            self._holding.took(self._clock() - began)
            if not result.ok and message.recipient == message.channel:  # a group, another system: the one address
                result = replace(result, down=True)
            if result.down:
                self._down.add(message.channel)
        try:
            await self._recorder.record(message, result)
        finally:
            self._answered_bytes -= len(message.body)
        return True

    async def _may_leave(self, message: MessageRow) -> bool:
        """Whether the lease lasts and there is room to record the outcome: the row is written anew, body included."""
        if not await self._holding.holds(message):
            return False
        needed = 2 * (self._answered_bytes + len(message.body))
        try:
            if not self._reserve.holds(needed):
                await asyncio.to_thread(self._reserve.hold, needed)
        except NoRoomError as error:
            await self._block(error)
            return False
        self._answered_bytes += len(message.body)
        return True

    def fits(self, channel: str, most: int) -> int:
        """How many messages of the channel may be claimed at once: as many as leave within their lease."""
        return self._holding.fits(self.width(channel), most)

    async def _handed(self, message: MessageRow) -> SendResult:
        out = Outgoing(message.id, message.recipient, message.subject, message.body, message.claimed_at)
        try:
            async with asyncio.timeout(self._holding.dialogue.total_seconds()):
                return await self._channels[message.channel].send(out)
        except Exception as error:  # a defect of a channel is no reason to lose a message or the rest
            log.exception("channel %s failed", message.channel, extra={"action": "deliver"})
            return SendResult(False, repr(error), retry=True, doubtful=True)
