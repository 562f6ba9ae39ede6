"""Workers of a cluster as processes of their own: `python cluster_nursery.py FOLDER DATABASE`.

Each line `AHEAD NETWORK KIND …` on stdin forks one from what is loaded here, and its number is printed. Its clock is
that of the folder, AHEAD seconds ahead, and its beats are much quicker than an office's. NETWORK: the namespace in
which it lives; `-`: this one.
"""

from __future__ import annotations

import asyncio
import ctypes
import mmap
import os
import signal
import struct
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.live_county import all_live
from tracker.daemon.cluster import Beats, ClusterWorker
from tracker.daemon.jobs import Office
from tracker.daemon.log import configure
from tracker.daemon.process import daemon_origin, exit_process, worker_threads
from tracker.daemon.queue import Signs
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import KEEPALIVE, SILENCE, Store

#: Overdue matters are told at this hour.
BEGIN = datetime(2015, 8, 12, 8, 31, tzinfo=ZoneInfo("Asia/Shanghai"))
#: Seconds of the workers' clock in one of ours, while it runs.
SPEED = 40
BEATS = Beats(0.2, 4.0, Signs(heartbeat=0.3, given_up=4, again=0.2, stop=0.5))
#: As much sooner either end of a connection notices that the network is cut, and the server that a worker is frozen.
SOON = {"keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 3_000}
_CLONE_NEWNET = 0x40000000


class SharedClock:
    """A clock in a file: the seconds since `BEGIN`, which the test sets and every worker reads."""

    def __init__(self, folder: Path) -> None:
        path = folder / "clock"
        if not path.exists():
            path.write_bytes(struct.pack("d", 0))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 8)

    def read(self) -> float:
        seconds: float = struct.unpack("d", self._page[:])[0]
        return seconds

    def advance(self, seconds: float) -> None:
        self._page[:] = struct.pack("d", self.read() + seconds)

    def ahead(self, seconds: float) -> Callable[[], datetime]:
        return lambda: BEGIN + timedelta(seconds=self.read() + seconds)


def enter_network(name: str) -> None:
    """Live in the network namespace from now on."""
    with open(f"/var/run/netns/{name}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


async def work(folder: Path, database: str, loaded: Loaded, ahead: float, kinds: list[str]) -> int:
    workers, clock = worker_threads(), SharedClock(folder).ahead(ahead)
    asyncio.get_running_loop().set_default_executor(workers)
    with Store(database, durable=False, origin=daemon_origin()) as store:
        office = Office(loaded, store, clock, folder, lives_on=True)
        code = await ClusterWorker(office, lambda _: loaded, clock, kinds, BEATS).run()
    exit_process(workers, code)
    return code


def main(folder: Path, database: str) -> None:
    loaded = all_live(load(folder, dict(os.environ)))
    configure("text", 20)
    KEEPALIVE.update(SOON)
    SILENCE.update(dict.fromkeys(SILENCE, 6_000))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while line := sys.stdin.readline():
        ahead, network, *kinds = line.split()
        if pid := os.fork():
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin = open(os.devnull)  # noqa: SIM115
        if network != "-":
            enter_network(network)
        os._exit(asyncio.run(work(folder, database, loaded, float(ahead), kinds)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
