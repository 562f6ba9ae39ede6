"""The matrix fault x step x database: each cell is a county's morning that is disturbed once, and what became of it.

    python -m tests.faults.matrix [FAULT …] [--step STEP]      runs cells and prints them
    python -m tests.faults.matrix --write                      writes the table into docs/reliability.md

In every cell nothing is lost, the journal verifies, and every mail arrives once; twice only where its sender died, or
heard no answer in time, with the mail in the server's hands.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email import message_from_bytes
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.decide.small_county import Site
from tests.faults.causes import FAULTS, SQLITE, DiskFull, Fault
from tests.faults.office_life import LATER, MORNING, STEPS, Life, live_apart, load_rules, publications, run_in_child
from tests.smtp_server import Catcher
from tracker.demo.replay import SimulatedClock
from tracker.demo.site import listen
from tracker.evidence import archive
from tracker.store import chain
from tracker.store.engine import Store
from tracker.store.tables import captures, entries, messages, notices, occurrences
from tracker.store.tables_reports import circulars

#: What the site's own clock shows.
MIDDAY = (MORNING + max(LATER) / 2).astimezone(UTC)
DOC = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- matrix -->\n", "<!-- end of the matrix -->\n"
#: Where a mail may come twice: its sender died before the record, the server had it and never answered, or a lease ran
#: out while it was in the server's hands.
TWICE = {
    ("SIGKILL", "record"), ("SIGKILL", "journal"), ("mail server hangs at body", "send"),
    ("slow deliverer and a second one", "send"),
}  # fmt: skip
DECIDED = ("key", "status", "light", "due_on", "due_at")


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A fault that begins at a step."""

    fault: Fault
    step: str
    database: str

    @property
    def name(self) -> str:
        return f"{self.fault.name} at {self.step} on {self.database}"

    @property
    def may_double(self) -> bool:
        return (self.fault.name, self.step) in TWICE


def cells() -> list[MatrixCell]:
    return [
        MatrixCell(fault, step, database) for fault in FAULTS for step in fault.steps for database in fault.databases
    ]


def drawn(number: int, seed: int, database: str) -> list[MatrixCell]:
    """So many cells of one database, another fault each; without those that are waited for."""
    chance = random.Random(seed)
    found = [one for one in cells() if one.database == database and not one.fault.hangs]
    chance.shuffle(found)
    by_fault = {one.fault.name: one for one in found}
    return [by_fault[name] for name in chance.sample(sorted(by_fault), number)]


@dataclass
class Outcome:
    """What the database and the mail server hold in the end."""

    decided: dict[str, tuple[Any, ...]]
    notices: Counter[tuple[Any, ...]]
    entries: dict[str, str]
    circulars: list[tuple[Any, ...]]
    arrived: Counter[str]
    sent: set[str]
    broken: list[str] = field(default_factory=list)
    said: str = ""


class Server(Catcher):
    """A mail server that says nothing more at a stage, for as long as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs, self.transports = "", list[asyncio.Transport]()

    async def stage(self, name: str) -> None:
        if self.hangs == f"smtp:{name}":
            await asyncio.Event().wait()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        await self.stage("ehlo")
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.stage("mail")
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.stage("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await self.stage("body")
        return answer


class Talk(SMTP):
    """Its greeting and its go-ahead hang too."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.transports.append(transport)
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        await self.event_handler.stage("greeting")
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        await self.event_handler.stage("data")
        await super().smtp_DATA(arg)


class Town:
    """The county's rules, its site and its mail server on loopback, served while a child lives."""

    def __init__(self, folder: Path) -> None:
        self.site_socket, base = listen(0)
        self.mail_socket, mail_base = listen(0)
        self.port = int(mail_base.rstrip("/").rpartition(":")[2])
        self.mails, self.hangs, self.over = Server(), "", asyncio.Event()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMALL_SITE", base)
            self.loaded = load_rules(folder)
        self.site = Site(SimulatedClock(MORNING), publications())

    def close(self) -> None:
        self.site_socket.close()
        self.mail_socket.close()

    @web.middleware
    async def _hanging(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.hangs == "site:before its head":
            await self.over.wait()
        answer: web.StreamResponse = await handler(request)
        answer.headers["Date"] = format_datetime(MIDDAY, usegmt=True)
        if self.hangs == "site:in its body" and isinstance(answer, web.Response) and answer.body:
            torn = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": str(answer.body_length)})
            await torn.prepare(request)
            await torn.write(bytes(answer.body)[: len(answer.body) // 2])
            await self.over.wait()
        return answer

    async def serve_until(self, child: int) -> int:
        """Serve until the child has ended; its exit status as `os.waitpid` gives it."""
        self.over = asyncio.Event()
        app = self.site.app()
        app.middlewares.append(self._hanging)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        await web.SockSite(runner, self.site_socket.dup()).start()
        loop = asyncio.get_running_loop()
        mail = await loop.create_server(lambda: Talk(self.mails, loop=loop), sock=self.mail_socket.dup())
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        self.over.set()
        mail.close()
        await runner.cleanup()
        hanging = asyncio.all_tasks() - {asyncio.current_task()}
        for task in hanging:
            task.cancel()
        for transport in self.mails.transports:
            transport.abort()
        await asyncio.gather(*hanging, return_exceptions=True)
        self.mails.transports.clear()
        return status


def run_cell(town: Town, cell: MatrixCell | None, root: Path, url: str) -> Outcome:
    """Live the morning with the cell's fault, or with none, and then without any; what is there in the end."""
    fault, step = (cell.fault, cell.step) if cell is not None else (Fault("none"), "")
    town.mails, town.hangs = Server(), fault.hangs
    town.mails.hangs = fault.hangs
    status, said = run_once(town, Life(town.loaded, root, url, town.port, ends_at_noon=bool(fault.hangs)), step, fault)
    town.hangs = town.mails.hangs = ""  # whoever served the other process forgets what hung there
    if os.WIFSIGNALED(status) or fault.hangs:
        status, more = run_once(town, Life(town.loaded, root, url, town.port), "", None)
        said += more
    outcome = read_outcome(root, url, town.mails)
    outcome.said = said
    if status != 0 or (step and "never came to" in said):
        outcome.broken.append(f"the child ended with {status}: {said}")
    return outcome


def run_once(town: Town, life: Life, step: str, fault: Fault | None) -> tuple[int, str]:
    """A child's life while the town is served: how it ended, and what it said."""
    with tempfile.TemporaryFile() as words:
        kept = os.dup(2)
        os.dup2(words.fileno(), 2)
        try:
            child = run_in_child(lambda: live_apart(life, step, fault))
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        status = asyncio.run(town.serve_until(child))
        words.seek(0)
        return status, words.read().decode(errors="replace")


def read_outcome(root: Path, url: str, mails: Catcher) -> Outcome:
    """Read the tables, the archive and the mail server's mails."""
    with Store(url) as store, store.read() as tx:
        rows = tx.execute(sa.select(*(occurrences.c[name] for name in DECIDED))).all()
        told = tx.execute(sa.select(notices.c.subject, notices.c.step, notices.c.role, notices.c.state)).all()
        listed = tx.execute(sa.select(entries.c.url, entries.c.gone_at, entries.c.missing_at)).all()
        papers = tx.execute(sa.select(circulars.c.month, circulars.c.state)).all()
        sent = set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sent")).scalars())
        broken = [str(one) for one in chain.verify_chain(tx, "small")]
        kept = tx.execute(sa.select(captures.c.file, captures.c.offset, captures.c.length, captures.c.digest)).all()
    for file, offset, length, digest in kept:
        if file:
            said = archive.responses(archive.raw(root / "archive", archive.Place(file, offset, length)))[-1]
            if hashlib.sha256(said.body).hexdigest() != digest:
                broken.append(f"{file} at {offset} is not what was kept")
    arrived = Counter(
        str(message_from_bytes(one.content)["Message-ID"]).strip("<>").partition("@")[0]
        for one in mails.taken if isinstance(one.content, bytes)
    )  # fmt: skip
    return Outcome(
        {row[0]: tuple(row) for row in rows},
        Counter(tuple(row) for row in told),
        {urlsplit(url).path: f"{gone or ''}{missing or ''}" for url, gone, missing in listed},
        sorted(tuple(row) for row in papers),
        arrived,
        sent,
        broken,
    )


def list_otherwise(calm: Outcome, found: Outcome) -> list[str]:
    """What is decided otherwise, or more than undisturbed."""
    wrong = [
        f"decided otherwise: {found.decided.get(key)}, not {row}"
        for key, row in calm.decided.items()
        if found.decided.get(key) != row
    ]
    if found.circulars != calm.circulars:
        wrong.append(f"circulars {found.circulars}, not {calm.circulars}")
    return wrong + [f"more than undisturbed: {notice}" for notice in found.notices - calm.notices]


def compare(cell: MatrixCell, calm: Outcome, found: Outcome) -> list[str]:
    """What the disturbance changed that it may not change."""
    wrong = list(found.broken)
    wrong += list_otherwise(calm, found)
    wrong += [f"not listed: {url} {state}" for url, state in calm.entries.items() if found.entries.get(url) != state]
    wrong += [f"lost: {one}" for one in calm.notices - found.notices]
    if set(found.arrived) != found.sent:
        wrong.append(f"{len(set(found.arrived) ^ found.sent)} mails arrived without a record, or the other way round")
    twice = {name: times for name, times in found.arrived.items() if times > 1}
    if twice and not cell.may_double:
        wrong.append(f"{len(twice)} mails came more than once")
    return wrong


@contextmanager
def small_disk(folder: Path, is_small: bool) -> Iterator[Path]:
    """A folder; on a file system of 24 MB where the fault is a full disk."""
    if is_small:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mark_of(fault: Fault, step: str) -> str:
    return "twice" if (fault.name, step) in TWICE else "·"


def render() -> str:
    """The table as it stands in the docs: what the tests hold every cell to."""
    heads = ["| fault, beginning at | " + " | ".join(STEPS) + " |", "|---|" + ":-:|" * len(STEPS)]
    rows = []
    for fault in FAULTS:
        marks = ["" if step not in fault.steps else mark_of(fault, step) for step in STEPS]
        where = "" if SQLITE in fault.databases else " (PostgreSQL)"
        rows.append(f"| {fault.name}{where} | {' | '.join(marks)} |")
    return "\n".join([*heads, *rows]) + "\n"


def write_docs() -> None:
    text = DOC.read_text("utf-8")
    head, rest = text.split(BEGIN)
    DOC.write_text(f"{head}{BEGIN}{render()}{END}{rest.split(END)[1]}", "utf-8")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="words of faults; default: all")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--write", action="store_true", help="only write the table")
    args = parser.parse_args(arguments)
    if args.write:
        write_docs()
        return 0
    chosen = [
        cell for cell in cells()
        if cell.database == SQLITE and args.step in (None, cell.step)
        and (not args.faults or any(word in cell.fault.name for word in args.faults))
    ]  # fmt: skip
    wrong = sum(print_cell(*row) for row in run_on_sqlite(chosen))
    return int(wrong > 0)


def run_on_sqlite(chosen: Sequence[MatrixCell]) -> Iterator[tuple[MatrixCell, Outcome, list[str]]]:
    """Each cell, what is there in the end, and what is wrong with it."""
    with tempfile.TemporaryDirectory() as rules:
        town, calm = Town(Path(rules)), None
        for cell in (None, *chosen):
            is_small = cell is not None and isinstance(cell.fault, DiskFull)
            with tempfile.TemporaryDirectory() as name, small_disk(Path(name), is_small) as folder:
                url = f"sqlite:///{folder / 'duban.db'}"
                with Store(url) as store:
                    store.migrate()
                found = run_cell(town, cell, folder, url)
            calm = calm or found
            if cell is not None:
                yield cell, found, compare(cell, calm, found)
            else:
                assert found.broken == [], found
        town.close()


def print_cell(cell: MatrixCell, found: Outcome, wrong: list[str]) -> bool:
    """Print what became of a cell; whether anything is wrong."""
    print(f"{cell.name}: {'; '.join(wrong) or 'nothing lost'}", flush=True)
    if wrong and found.said:
        print("    " + found.said.strip().replace("\n", "\n    "), flush=True)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
