"""Mails a second from due notice to `250` recorded, beside what the server and the client can do at most.

    python benchmarks/notices.py [MAILS [RUNS]]

Against Postfix's smtp-sink (Debian: `apt-get install --no-install-recommends postfix`, not started), on SQLite as
it is shipped (each commit survives a power cut). One notice a person, rendered, composed, frozen, sent, recorded.
Beside it in the same run, on as many connections: smtp-source with bodies of the same size, and aiosmtplib with
the very messages built beforehand.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import aiosmtplib
import sqlalchemy as sa

from notifications.channels.base import Outgoing, SendResult
from notifications.channels.mail import MailChannel, SmtpSettings
from tracker.core.assessment.golive import live_since_start
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.county import Contact, County, Rulebook
from tracker.deliver.run import deliver
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Delivery, Schedule
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.notices import insert_notices
from tracker.store.tables import messages

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 10, 8, 8, 30, tzinfo=ZONE)
CONNECTIONS = 4
SINK, SOURCE = "/usr/sbin/smtp-sink", "/usr/sbin/smtp-source"
SENDER = "duban@example.gov.cn"


class Timed(MailChannel):
    """Remembers when the first mail was taken."""

    first: float | None = None

    async def send(self, message: Outgoing) -> SendResult:
        result = await super().send(message)
        self.first = self.first or time.perf_counter()
        return result


@contextmanager
def sink() -> Iterator[int]:
    """smtp-sink on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([SINK, "-u", "nobody", f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()


def rules(mails: int) -> Loaded:
    """A county with as many persons to write to."""
    roles = {f"role-{n}": Contact(f"联络员{n}", f"r{n}@example.gov.cn") for n in range(mails)}
    county = County("sample", "样例县", date(2015, 1, 1), {}, roles, {})
    county = replace(county, golive=live_since_start(county, "benchmark"))
    schedule = Schedule(zone=ZONE, jobs={}, policies={}, delivery=Delivery(sender=f"政务公开督办 <{SENDER}>"))
    return Loaded((Rulebook(county, (), {}),), schedule, load_calendar(None))


def notice(number: int) -> Notice:
    subject = f"sample/plan-2015/water/huanbao/2015-{number}"
    shown = {
        "kind": "overdue", "step": "overdue", "occurrence": subject, "duty_id": "water", "duty": "环境质量月度信息",
        "department": "环保局", "period": "2015年9月", "day": "", "due": "2015年9月30日", "due_on": "2015-09-30",
        "due_at": "2015-10-01T00:00:00+08:00", "days_late": 0, "lateness": "", "weight": 1, "status": "overdue",
        "status_zh": "逾期未公开", "light": "red", "light_zh": "红灯", "missing": ["水环境质量：未查到公开内容"],
        "reason": "公开时限为2015年9月30日，至2015年10月8日8时未在“环境保护”栏目查到水环境质量月度信息。",
        "why_short": "每月一次，2015年9月的最后一天为2015年9月30日。",
    }  # fmt: skip
    key = NoticeKey(subject, 0, 0, "overdue", 0, f"role-{number}", "mail")
    return Notice(key, "sample", "", "overdue", False, shown["reason"], NOW, shown)


class Burst(NamedTuple):
    """Mails a second, seconds to the first one, processor seconds of the pass, and the bytes that were sent."""

    rate: float
    first: float
    cpu: float
    bodies: list[bytes]


async def ours(folder: Path, port: int, mails: int) -> Burst:
    with Store(f"sqlite:///{folder / 'duban.db'}") as store:
        store.migrate()
        with store.begin() as tx:
            ensure_county(tx, "sample")
            insert_notices(tx, [notice(number) for number in range(mails)], NOW)
        channel = Timed(SmtpSettings("127.0.0.1", SENDER, port, "none", connections=CONNECTIONS))
        loaded = rules(mails)
        began, cpu = time.perf_counter(), time.process_time()
        report = await deliver(store, loaded, {"mail": channel}, lambda: NOW + timedelta(seconds=1))
        ended, cpu = time.perf_counter(), time.process_time() - cpu
        await channel.close()
        assert report.sent == mails, report
        with store.read() as tx:
            bodies = [body for (body,) in tx.execute(sa.select(messages.c.body))]
    assert channel.first is not None
    return Burst(mails / (ended - began), channel.first - began, cpu, bodies)


async def built_beforehand(port: int, bodies: list[bytes]) -> float:
    """Mails a second of the client alone."""
    rest = iter(bodies)

    async def one() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for body in rest:
            await client.sendmail(SENDER, ["r@example.gov.cn"], body)
        await client.quit()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(bodies) / (time.perf_counter() - began)


def source(port: int, mails: int, size: int) -> float:
    """Mails a second of smtp-source."""
    command = [SOURCE, "-d", "-s", str(CONNECTIONS), "-m", str(mails), "-l", str(size), "-f", SENDER]
    began = time.perf_counter()
    subprocess.run([*command, "-t", "r@example.gov.cn", f"127.0.0.1:{port}"], check=True)
    return mails / (time.perf_counter() - began)


def run(mails: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="duban-notices-"))
    try:
        with sink() as port:
            rate, first, _, bodies = asyncio.run(ours(folder, port, mails))
            client = asyncio.run(built_beforehand(port, bodies))
            limit = source(port, mails, round(statistics.mean(map(len, bodies))))
    finally:
        shutil.rmtree(folder)
    return {"ours": rate, "aiosmtplib": client, "smtp-source": limit, "first": first, "bytes": len(bodies[0])}


def main() -> None:
    mails, runs = (int(one) for one in (sys.argv[1:] + ["2000", "5"][len(sys.argv) - 1 :]))
    if not Path(SINK).exists():
        sys.exit(f"{SINK} is missing: apt-get install --no-install-recommends postfix")
    found = [run(mails) for _ in range(runs)]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {mails} mails of {found[0]['bytes']:,.0f} bytes"
    )
    for name in ("ours", "aiosmtplib", "smtp-source"):
        every = [one[name] for one in found]
        print(f"{name}: median {statistics.median(every):,.0f} mails a second ({min(every):,.0f} to {max(every):,.0f})")
    for name, limit in (("aiosmtplib", 0.35), ("smtp-source", 0.0)):
        every = [one["ours"] / one[name] for one in found]
        aim = f"; aim: {limit}" if limit else ""
        print(f"ours / {name}: {statistics.median(every):.2f} ({min(every):.2f} to {max(every):.2f}){aim}")
    every = [one["first"] for one in found]
    print(f"first mail out: median {statistics.median(every):.3f} s ({min(every):.3f} to {max(every):.3f}); aim: 0.2 s")


if __name__ == "__main__":
    main()
