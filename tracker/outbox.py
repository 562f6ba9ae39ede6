"""From due notices to mail: claim, freeze, hand to a channel, record. At least once, never unseen.

What one person has to be told in one pass is one message. Its members and bytes are frozen in the
transaction that claims them; a repeat carries the same bytes under the same Message-ID.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from notifications.channels.base import Channel, Outgoing, SendResult
from notifications.compose import Envelope, compose
from notifications.render import Reader, Rendered, render
from tracker.clock import Clock
from tracker.core.duties import Contact, County
from tracker.core.notices import DEPARTMENT_ROLES, Notice, NoticeKey
from tracker.core.particulars import aged, role_zh
from tracker.core.steps import opening
from tracker.rulebook import Loaded
from tracker.store import messages
from tracker.store.counties import lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append
from tracker.store.messages import DueNotice, Member, MessageRow
from tracker.store.notices import insert_notices

log = logging.getLogger(__name__)

OFFICE = "county-office"
#: How long one attempt may hold a message: longer than any dialogue with a server lasts.
LEASE = timedelta(minutes=10)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
_NAMESPACE = uuid.UUID("6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+", re.ASCII)


@dataclass(slots=True)
class DeliveryReport:
    """What a pass did. `later`: will be tried again; `homeless`: notices that nobody can be sent."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    homeless: int = 0
    notices: int = 0
    unwritten: int = 0  # messages that could not be composed; they stay due, and the fault is shown

    @property
    def moved(self) -> bool:
        """Whether anything came further."""
        return self.sent + self.later + self.failed > 0

    @property
    def well(self) -> bool:
        """Whether everything that was due has left."""
        return self.later + self.failed + self.homeless + self.unwritten == 0

    def __str__(self) -> str:
        text = (
            f"{self.sent} messages sent ({self.notices} notices), {self.later} to be tried again, {self.failed} failed"
        )
        text += f", {self.unwritten} could not be written" if self.unwritten else ""
        return text + (f", {self.homeless} notices without an address" if self.homeless else "")


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """Where a notice goes. `instead_of`: whom it was meant for, where that one cannot be written to."""

    address: str
    role: str
    department: str
    name: str
    reader: str
    instead_of: str = ""


@dataclass(slots=True)
class _Bundle:
    """All that one person is told in one message."""

    county: County
    channel: str
    mailbox: _Mailbox
    members: list[DueNotice] = field(default_factory=list)
    boxes: list[_Mailbox] = field(default_factory=list)

    @property
    def department(self) -> str:
        """The one department it is about; "" where it names several, or is read in a county role."""
        found = {box.department for box in self.boxes}
        return found.pop() if len(found) == 1 else ""

    @property
    def shown(self) -> list[dict[str, Any]]:
        pairs = zip(self.members, self.boxes, strict=True)
        return [{**one.detail, "instead_of": box.instead_of} for one, box in pairs]


#: The address at which a message can be answered, "" where nothing in it can: county, message, kinds, instant.
Links = Callable[[County, str, Iterable[str], datetime], str]


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
    await post.finish()
    await post.start()
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
        self.report = DeliveryReport()

    async def finish(self) -> None:
        """Messages whose attempt failed or whose sender died: the same bytes again."""
        async with self._store.read() as tx:
            waiting = await messages.unfinished(tx, self._clock())
        for message in waiting:
            if not self._usable(message.channel) or message.county not in self._counties:
                continue
            now = self._clock()
            async with self._store.begin() as tx:
                mine = await messages.retake(tx, message, now, now + LEASE, self._holder)
            if mine:
                await self._send(replace(message, attempts=message.attempts + 1))

    async def start(self) -> None:
        """Notices that are due: one message for each person."""
        now = self._clock()
        async with self._store.read() as tx:
            waiting = await messages.due_notices(tx, now)
        for bundle in await self._bundles(waiting):
            if not self._usable(bundle.channel):
                continue
            message = await self._claim(bundle)
            if message is not None:
                await self._send(message)

    def _usable(self, channel: str) -> bool:
        return channel in self._channels and channel not in self._down

    # -- who is told what ------------------------------------------------------------------------

    async def _bundles(self, waiting: Iterable[DueNotice]) -> list[_Bundle]:
        """By person, urgent ones first. A report is a paper of its own and is not mixed with lines."""
        bundles: dict[tuple[str, ...], _Bundle] = {}
        for notice in waiting:
            county = self._counties.get(notice.county)
            mailbox = mailbox_of(county, notice.role, notice.department) if county else None
            if county is None or mailbox is None or notice.channel not in self._channels:
                await self._homeless(notice)
                continue
            alone = str(notice.id) if notice.kind == "report" else ""
            key = (county.id, notice.channel, mailbox.address, alone)
            bundle = bundles.setdefault(key, _Bundle(county, notice.channel, mailbox))
            bundle.members.append(notice)
            bundle.boxes.append(mailbox)
        return sorted(bundles.values(), key=lambda one: not any(member.urgent for member in one.members))

    async def _homeless(self, notice: DueNotice) -> None:
        """Nobody to write to, the county office included: it stays due, and the fault is shown."""
        self.report.homeless += 1
        async with self._store.begin() as tx:
            what = f"no address for {notice.role} and none for {OFFICE}, or no channel {notice.channel!r}"
            await record_fault(tx, notice.county, _box(notice.role, notice.department), "deliver", what, self._clock())

    # -- claim and freeze ------------------------------------------------------------------------

    async def _claim(self, bundle: _Bundle) -> MessageRow | None:
        """The members and the bytes in one transaction; None where another deliverer was first."""
        now = self._clock()
        try:
            async with self._store.begin() as tx:
                await lock_county(tx, bundle.county.id)
                rendered, message = self._frozen(bundle, now)
                if not await messages.claim(tx, [one.id for one in bundle.members], message, now, now + LEASE):
                    raise _TakenError
                await self._note_claim(tx, bundle, rendered, message, now)
        except _TakenError:
            return None
        except Exception as error:  # one bad message never stops the pass
            log.exception("the mail to %s cannot be written", bundle.mailbox.address, extra={"action": "deliver"})
            self.report.unwritten += 1
            await self._fault(bundle.county.id, f"message:{bundle.mailbox.address}", repr(error))
            return None
        return message

    def _frozen(self, bundle: _Bundle, now: datetime) -> tuple[Rendered, MessageRow]:
        box, county = bundle.mailbox, bundle.county
        local = now.astimezone(county.zone)
        shown = [aged(one, now, self._loaded.calendar, county.zone) for one in bundle.shown]
        numbers = ",".join(str(one.id) for one in bundle.members)
        name = str(uuid.uuid5(_NAMESPACE, f"{county.id}:{numbers}:{bundle.members[0].subject}"))
        answer = self._links(county, name, [one.kind for one in bundle.members], now) if self._links else ""
        rendered = render(Reader(county.name, box.reader, bundle.department, answer), shown, local)
        envelope = Envelope(self._delivery.sender, box.address, box.name, self._delivery.reply_to)
        body = compose(name, envelope, rendered, local)
        return rendered, MessageRow(
            name, county.id, bundle.channel, box.role, box.department, box.address, rendered.subject, body, 1, now,
            self._holder,
        )  # fmt: skip

    async def _note_claim(
        self, tx: Tx, bundle: _Bundle, rendered: Rendered, message: MessageRow, now: datetime
    ) -> None:
        county = bundle.county.id
        if rendered.fault:
            await record_fault(tx, county, "template", "render", rendered.fault, now)
            await self._tell_office(
                tx, bundle.county, f"template:{message.id}", "邮件模板出错", f"已改用纯文本发送：{rendered.fault}", now
            )
        met: set[str] = set()  # a fault is counted by the notice, and cleared once
        for one, box in zip(bundle.members, bundle.boxes, strict=True):
            subject = _box(one.role, one.department)
            if box.instead_of:
                await record_fault(tx, county, subject, "deliver", "no mail address", now)
            elif subject not in met:
                await clear_fault(tx, county, subject, "deliver", now)
                met.add(subject)

    # -- send and record -------------------------------------------------------------------------

    async def _send(self, message: MessageRow) -> None:
        out = Outgoing(message.id, message.recipient, message.subject, message.body, message.claimed_at)
        try:
            result = await self._channels[message.channel].send(out)
        except Exception as error:  # a defect of a channel is no reason to lose a message or the rest
            log.exception("channel %s failed", message.channel, extra={"action": "deliver"})
            result = SendResult(False, repr(error), retry=True)
        now = self._clock()
        async with self._store.begin() as tx:
            await lock_county(tx, message.county)
            await self._record(tx, message, result, now)
        if result.down:
            self._down.add(message.channel)

    async def _record(self, tx: Tx, message: MessageRow, result: SendResult, now: datetime) -> None:
        channel = f"channel:{message.channel}"
        if result.ok:
            members = await messages.record_sent(tx, message.id, result.answer, now)
            if members is not None:
                self.report.sent += 1
                await self._journal(tx, message, members, "notice.sent", result.answer, now)
            await clear_fault(tx, message.county, channel, "deliver", now)
            await clear_fault(tx, message.county, f"mailbox:{message.recipient}", "deliver", now)
            return
        if result.down:
            await record_fault(tx, message.county, channel, "deliver", result.answer, now)
        if result.retry and now < message.claimed_at + self._delivery.retry_for:
            pause = min(_FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), _LONGEST_PAUSE)
            await messages.record_retry(tx, message, result.answer, now, now + pause)
            self.report.later += 1
            return
        members = await messages.record_failed(tx, message.id, result.answer)
        if members is not None:
            self.report.failed += 1
            await self._journal(tx, message, members, "notice.failed", result.answer, now)
            await self._undeliverable(tx, message, members, result.answer, now)

    async def _journal(
        self, tx: Tx, message: MessageRow, members: Sequence[Member], action: str, answer: str, now: datetime
    ) -> None:
        self.report.notices += len(members)
        entries = [
            JournalEntry(
                "outbox", action, one.subject, None, {"message": message.id, "role": one.role, "step": one.step}, answer
            )
            for one in members
        ]
        await append(tx, message.county, entries, now)

    async def _undeliverable(
        self, tx: Tx, message: MessageRow, members: Sequence[Member], answer: str, now: datetime
    ) -> None:
        """A mailbox that refuses is a fault, and the county office hears what did not arrive."""
        county = self._counties[message.county]
        await record_fault(tx, county.id, f"mailbox:{message.recipient}", "deliver", answer, now)
        if message.role == OFFICE:
            return
        named = dict.fromkeys(f"{one.detail.get('duty', '')}，{one.detail.get('period', '')}" for one in members)
        department = county.departments.get(message.department)
        whom = role_zh(message.role.partition("@")[0], department.name if department else "")
        await self._tell_office(
            tx,
            county,
            f"message:{message.id}",
            f"邮件未能送达{whom}（{message.recipient}）",
            f"对方服务器答复“{answer}”。以下事项请另行告知：{'；'.join(named)}。",
            now,
        )

    async def _tell_office(self, tx: Tx, county: County, subject: str, title: str, reason: str, now: datetime) -> None:
        key = NoticeKey(subject, 0, 0, "undelivered", 0, OFFICE, "mail")
        shown = {"kind": "fault", "step": key.step, "title": title, "reason": reason}
        at = opening(now, self._loaded.calendar, self._loaded.schedule.hours, county.zone)
        await insert_notices(tx, [Notice(key, county.id, "", "fault", False, reason, at, shown)], now)

    async def _fault(self, county: str, subject: str, what: str) -> None:
        async with self._store.begin() as tx:
            await record_fault(tx, county, subject, "deliver", what, self._clock())


def mailbox_of(county: County, role: str, department: str) -> _Mailbox | None:
    """Whom a role means today. A role without a usable address goes to the county office, and says so."""
    base = role.partition("@")[0]
    unit = county.departments.get(department)
    contact = (getattr(unit, base) if unit else Contact()) if base in DEPARTMENT_ROLES else county.roles.get(base)
    called = role_zh(base, unit.name if unit else department)
    if contact is not None and usable(contact.mail):
        reader = f"{unit.name} {contact.name}".strip() if unit else contact.name or called
        return _Mailbox(contact.mail, base, unit.id if unit else "", contact.name or called, reader)
    office = county.roles.get(OFFICE, Contact())
    if base == OFFICE or not usable(office.mail):
        return None
    name = office.name or role_zh(OFFICE)
    return _Mailbox(office.mail, OFFICE, "", name, name, called)


def usable(address: str) -> bool:
    """Whether the text can be the address of a mail: one mailbox and nothing else."""
    return _ADDRESS.fullmatch(address) is not None


def _box(role: str, department: str) -> str:
    return f"recipient:{role.partition('@')[0]}" + (f":{department}" if department else "")
