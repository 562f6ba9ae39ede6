"""What `duban demo` and `duban replay` show while simulated time passes."""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tracker.commands.output import say
from tracker.core.law.wording import role_zh
from tracker.deliver.channels import open_channels
from tracker.demo.live import LiveView, NoticeLine, Scene, tally_lights
from tracker.demo.mailbox import MailServer, serve_mailbox
from tracker.demo.simulation import SimulatedCounty, sample_county
from tracker.reports.ledger import Asked, write_ledger
from tracker.reports.reading import Reader
from tracker.rulebook.schedule import Delivery, Smtp
from tracker.store.engine import Tx
from tracker.store.occurrences import Lit, lights_of
from tracker.store.sent import sent_notices
from tracker.store.threads import run_read


async def run_demo(root: Path, folder: Path, first: date, until: date, speed: float) -> int:
    """Live through the year; Ctrl-C ends it at once and says where everything lies."""
    place = sample_county(root, folder, first, until, archive="archive")
    async with place as box, serve_mailbox(folder / "mails") as mailbox:
        _mail_to(box, mailbox)
        task = asyncio.ensure_future(_show(box, mailbox, speed))
        with _stops(task):
            try:
                await task
            except asyncio.CancelledError:
                say("stopped")
        _tell(box, mailbox, folder)
    return 0


def _mail_to(box: SimulatedCounty, mailbox: MailServer) -> None:
    """Mail leaves over real SMTP, to the server that keeps it."""
    schedule = box.office.loaded.schedule
    smtp = Smtp(host="127.0.0.1", port=mailbox.port, tls="none")
    delivery: Delivery = replace(schedule.delivery, via="smtp", smtp=smtp)
    box.office.loaded = replace(box.office.loaded, schedule=replace(schedule, delivery=delivery))
    box.office.channels = open_channels


@contextmanager
def _stops(task: asyncio.Future[None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _show(box: SimulatedCounty, mailbox: MailServer, speed: float) -> None:
    lines: deque[NoticeLine] = deque(maxlen=40)
    seen, before = 0, box.first
    with LiveView() as view:
        async for at in box.replay.run():
            fresh, lights = await run_read(box.office.store, partial(_news, county=box.rulebook.county.id, after=seen))
            seen = max([seen, *(one["id"] for one in fresh)])
            lines.extendleft(_line(one, box) for one in fresh)
            view.show(_scene(box, lights, at, tuple(lines), mailbox.mail_count))
            if speed:
                await asyncio.sleep((at - before).total_seconds() / 86400 / speed)
            before = at


def _news(tx: Tx, county: str, after: int) -> tuple[list[Any], list[Lit]]:
    """What was sent since, and the lights."""
    return sent_notices(tx, after), lights_of(tx, county)


def _scene(
    box: SimulatedCounty, rows: Collection[Lit], at: datetime, lines: tuple[NoticeLine, ...], mails: int
) -> Scene:
    county = box.rulebook.county
    note = "县政府网站无法访问" if box.world and box.world.is_down(at) else ""
    return Scene(
        title=f"{county.name} 政务公开督办（演示）",
        now=at,
        first=box.first.date(),
        last=box.replay.last.date(),
        tallies=tally_lights(rows, county),
        notices=lines,
        mails=mails,
        note=note,
    )


def _line(found: object, box: SimulatedCounty) -> NoticeLine:
    row: dict[str, object] = dict(found)  # type: ignore[call-overload]
    detail = row["detail"] if isinstance(row["detail"], dict) else {}
    department = str(row["department"])
    departments = box.rulebook.county.departments
    who = departments[department].name if department in departments else role_zh(str(row["role"]))
    text = f"{detail.get('duty', '')} {detail.get('period', '')}".strip() or str(row["reason"])
    at = row["sent_at"]
    assert isinstance(at, datetime)
    return NoticeLine(at.astimezone(box.rulebook.county.zone), str(row["kind"]), who, text)


def _tell(box: SimulatedCounty, mailbox: MailServer, folder: Path) -> None:
    """Where database, mails and ledger lie."""
    reader = Reader(box.rulebook, box.office.loaded.calendar)
    ledger = folder / "ledger.xlsx"
    with box.office.store.read() as tx, ledger.open("wb") as out:
        lines = write_ledger(tx, reader, box.rulebook, box.replay.clock.now, Asked(), out)
    print(f"database  {folder / 'duban.db'}")
    print(f"mails     {mailbox.folder} ({mailbox.mail_count} .eml files)")
    print(f"ledger    {ledger} ({lines} matters)")
    print(f"archive   {folder / 'archive'}")
