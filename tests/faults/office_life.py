"""A small county's morning, lived in a process of its own: its passes, and where their steps begin."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from notifications.channels.base import Channel, Outgoing, SendResult
from notifications.channels.mail import MailChannel, SmtpSettings
from tests.decide.small_county import COUNTY, SCHEDULE, Publication, at, write_rules
from tests.live_county import all_live
from tests.reports.criticised import PACKS
from tests.smtp_server import SENDER
from tracker.clock import Clock
from tracker.console.links import AnswerLinks
from tracker.daemon.jobs import Office
from tracker.daemon.system_clock import GuardedClock
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Console, Schedule
from tracker.store.engine import Store

#: The steps of the passes, in the order in which a morning first comes to them.
STEPS = ("crawl", "archive", "write", "decide", "freeze", "claim", "send", "record", "journal", "circular")
MORNING = at("2015-10-12", "09:00")
#: After a disturbed morning: leases and pauses of attempts have run out, then another working day.
LATER = (timedelta(hours=3), timedelta(days=1))
SITE_TIMEOUT, SMTP_TIMEOUT = 3, 2.0
_CIRCULAR = "circular: {issuer: 小县人民政府办公室, prefix: 小政办公开通, incomplete: 5}\n"
#: The writing statement at which a step begins, by the pass it belongs to.
_STATEMENTS = {
    ("crawl", "INSERT INTO entries"): "write",
    ("tick", "INSERT INTO occurrences"): "decide",
    ("deliver", "INSERT INTO messages"): "claim",
    ("circular", "INSERT INTO circulars"): "circular",
}
_WRITING = ("INSERT", "UPDATE", "DELETE")


def publications() -> list[Publication]:
    """What the site shows all the while: something is met, something late, something missing."""
    rows = (
        ("environment", "8月份水环境质量状况", "2015-09-20"),
        ("environment", "7月份水环境质量状况", "2015-09-10"),
        ("insurance", "二季度社会保险情况", "2015-09-29"),
        ("powers", "科技局权力清单", "2015-09-25"),
    )
    return [
        Publication(
            number=n, column=column, title=title, paragraphs=("参保情况如下",), published_at=at(day), claimed=at(day)
        )
        for n, (column, title, day) in enumerate(rows)
    ]


def load_rules(root: Path) -> Loaded:
    """The county's rules, written into the folder. The site's address is in SMALL_SITE."""
    schedule = SCHEDULE.replace("timeout: 10 seconds", f"timeout: {SITE_TIMEOUT} seconds")
    county = COUNTY.replace("start: 2015-07-01", "start: 2015-09-01").replace("[small]", "[small, rectification]")
    write_rules(root, county=county + _CIRCULAR, schedule=schedule)
    shutil.copy(PACKS / "rectification.yaml", root / "rules" / "packs")
    return all_live(load(root, dict(os.environ)))


class HeldError(Exception):
    """A pass that the clock's guard held."""


@dataclass
class ShiftedClock:
    """The machine's clock, which a fault puts ahead or back."""

    now: datetime = MORNING
    shift: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.now + self.shift


@dataclass
class Watch:
    """Says when a step begins, once; and every writing statement after that, for as long as the fault lasts."""

    step: str
    strike: Callable[[Life], None]
    life: Life
    writing: Callable[[Any, str], str] | None = None
    phase: str = ""
    has_sent: bool = False
    has_struck: bool = False
    is_over: bool = False
    thread: int = field(default_factory=threading.get_ident)

    def at(self, step: str) -> None:
        if step == self.step and not self.has_struck:
            self.has_struck = True
            self.strike(self.life)

    def before_statement(
        self, _connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
        """Listens to the engine: finds the step that begins, and lets the fault have its way with the statement."""
        if not statement.startswith(_WRITING):
            return statement, parameters
        for (phase, begins), step in _STATEMENTS.items():
            if self.phase == phase and statement.startswith(begins):
                self.at(step)
        if self.has_sent and self.phase == "deliver":
            self.at("journal" if statement.startswith("INSERT INTO journal") else "record")
        if self.writing is None or not self.has_struck or self.is_over:
            return statement, parameters
        instead = self.writing(cursor, context.dialect.name)
        return (instead, ()) if instead else (statement, parameters)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str) and "/archive/" in args[0] and args[0].endswith(".gz"):
            self.at("archive")


@dataclass(frozen=True, slots=True)
class WatchedLinks(AnswerLinks):
    """No links, for they have no secret; they are asked for one as a message is being frozen."""

    watch: Watch | None

    def address(self, message: str) -> str:
        if self.watch is not None:
            self.watch.at("freeze")
        return ""


class WatchedOffice(Office):
    """The passes, which say when a message is being frozen."""

    watch: Watch | None = None

    def _answer_links(self) -> AnswerLinks:
        return WatchedLinks(Console("http://127.0.0.1/"), WatchedOffice.watch)


class WatchedMail(MailChannel):
    """The mail channel, which says when a dialogue begins and when it is over."""

    watch: Watch | None = None

    async def send(self, message: Outgoing) -> SendResult:
        if self.watch is not None:
            self.watch.at("send")
        result = await super().send(message)
        if self.watch is not None and result.ok:
            self.watch.has_sent = True
        return result


@dataclass
class Life:
    """A process of the county: its rules, and where its files, its database and its mail server are."""

    loaded: Loaded
    root: Path
    url: str
    smtp: int
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    ends_at_noon: bool = False  # what is left to do another process does
    watch: Watch | None = None
    store: Store | None = None
    errors: list[str] = field(default_factory=list)
    beside: list[threading.Thread] = field(default_factory=list)

    @asynccontextmanager
    async def channels(self, _schedule: Schedule, _folder: Path, _clock: Clock) -> AsyncIterator[Mapping[str, Channel]]:
        channel = WatchedMail(SmtpSettings("127.0.0.1", SENDER, self.smtp, "none", timeout=SMTP_TIMEOUT, connections=1))
        channel.watch = self.watch
        yield {"mail": channel}
        await channel.close()

    def office(self, store: Store, holder: str = "") -> Office:
        # A machine in which nobody says whether its clock is right, and which counts seconds all the same.
        clock = GuardedClock(self.clock, lambda: self.clock.now.timestamp(), lambda: None)
        office = WatchedOffice(self.loaded, store, clock, self.root, channels=self.channels)
        office.holder = holder or office.holder
        return office

    async def passes(self, office: Office) -> None:
        """A morning's passes. What fails is told and the next one goes on, as the daemon does."""

        async def circular() -> None:
            await asyncio.to_thread(office.draft_circulars)

        async def tick() -> None:
            await asyncio.to_thread(office.tick)

        async def crawl() -> None:
            await office.crawl(progress=lambda _: self.watch.at("crawl") if self.watch else None)

        for phase, work in (("crawl", crawl), ("tick", tick), ("deliver", office.deliver), ("circular", circular),
                            ("deliver", office.deliver)):  # fmt: skip
            if self.watch is not None:
                self.watch.phase = phase
            try:
                if (hold := await office.explain_hold()) is not None:
                    raise HeldError(hold)
                await work()
            except Exception as error:
                self.errors.append(f"{phase}: {type(error).__name__} {error}".partition("\n")[0][:120])

    async def live(self, heal: Callable[[Life], None] | None) -> None:
        """The disturbed morning, where there is a fault; then what is left to do, on two later instants."""
        with Store(self.url) as store:
            self.store, office = store, self.office(store)
            office.adopt(office.loaded)
            if self.watch is not None and heal is not None:
                WatchedOffice.watch = self.watch
                await self.passes(office)
                self.watch.is_over = True
                heal(self)
                for thread in self.beside:
                    await asyncio.to_thread(thread.join)
            if self.ends_at_noon:
                return
            for span in LATER:
                self.clock.now = MORNING + span
                await self.passes(office)


def run_in_child(work: Callable[[], str]) -> int:
    """Fork, and do the work there; its process id. What goes wrong there is written to standard error."""
    if child := os.fork():
        return child
    status = 3
    try:
        sys.stderr.write(work())
        status = 0
    except BaseException as error:  # nothing of the parent may go on here
        sys.stderr.write(f"the child: {type(error).__name__}: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(status)


def live_apart(life: Life, step: str, fault: Any) -> str:
    """The life of a child: with a fault at a step, or with none. Says what failed meanwhile."""
    logging.disable()
    if fault is not None:
        fault.prepare(life)
        life.watch = Watch(step, fault.strike, life, fault.writing)
        sa.event.listen(sa.Engine, "before_cursor_execute", life.watch.before_statement, retval=True)
        sys.addaudithook(life.watch.audit)
    asyncio.run(life.live(fault.heal if fault is not None else None))
    struck = "" if not step or life.watch is None or life.watch.has_struck else f"the morning never came to {step}\n"
    return struck + "".join(f"{error}\n" for error in life.errors)
