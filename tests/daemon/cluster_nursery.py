"""Workers of a cluster as processes of their own: `python cluster_nursery.py FOLDER DATABASE`.

Each line `AHEAD KIND …` on stdin forks one from what is loaded here, and its number is printed. Its clock has run a
minute in each second since `BEGIN`, and is AHEAD seconds ahead of the others'. Its beats are as much quicker.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
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
from tracker.store.engine import Store

#: Overdue matters are told at this hour.
BEGIN = datetime(2015, 8, 12, 8, 31, tzinfo=ZoneInfo("Asia/Shanghai"))
SPEED = 60
BEATS = Beats(0.3, 3.0, Signs(heartbeat=0.5, given_up=3, again=0.3, stop=0.5))


def clock_since(began: float, ahead: float = 0) -> datetime:
    return BEGIN + timedelta(seconds=(time.time() - began) * SPEED + ahead)


async def work(folder: Path, database: str, loaded: Loaded, began: float, ahead: float, kinds: list[str]) -> int:
    workers = worker_threads()
    asyncio.get_running_loop().set_default_executor(workers)
    with Store(database, durable=False, origin=daemon_origin()) as store:

        def clock() -> datetime:
            return clock_since(began, ahead)

        office = Office(loaded, store, clock, folder, lives_on=True)
        code = await ClusterWorker(office, lambda _: loaded, clock, kinds, BEATS).run()
    exit_process(workers, code)
    return code


def main(folder: Path, database: str, began: float) -> None:
    loaded = all_live(load(folder, dict(os.environ)))
    configure("text", 20)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while line := sys.stdin.readline():
        ahead, *kinds = line.split()
        if pid := os.fork():
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin = open(os.devnull)  # noqa: SIM115
        os._exit(asyncio.run(work(folder, database, loaded, began, float(ahead), kinds)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
