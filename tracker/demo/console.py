"""The pages of the demo: served on the simulated clock while the year runs, then in real time with a log-in a role."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import partial

from tracker.console.server import ConsoleServer
from tracker.core.law.counting import moment_day
from tracker.core.values.accounts import Role
from tracker.core.values.verdicts import Light
from tracker.demo.simulation import SimulatedCounty
from tracker.demo.site import listen
from tracker.registers.accounts import record_account
from tracker.registers.passwords import make_password
from tracker.rulebook.schedule import Console
from tracker.rulebook.secrets import Secret
from tracker.store.accounts import change_account
from tracker.store.engine import Tx
from tracker.store.occurrences import list_lights

#: When the office opens on the morning on which the pages begin to run in real time.
_MORNING = clock_time(9)
#: Seconds between two passes in real time, and between two looks at the clock.
_PASS, _LOOK = 30.0, 1.0


@asynccontextmanager
async def serve_pages(box: SimulatedCounty, port: int = 0) -> AsyncIterator[str]:
    """Serve the pages on 127.0.0.1 (port 0: any free one) and give their address; the mails' links lead there."""
    sock, base = listen(port)
    with closing(sock):
        at = sock.getsockname()[1]
    console = Console(base, ("127.0.0.1", at), Secret(secrets.token_urlsafe(32)))
    box.office.loaded = replace(box.office.loaded, schedule=replace(box.office.loaded.schedule, console=console))
    server = ConsoleServer(box.office)
    await server.follow(console)
    try:
        yield base
    finally:
        await server.stop()


async def go_to_next_morning(box: SimulatedCounty) -> None:
    """Go on to the working morning after the year, and run the passes of that morning."""
    office, clock, zone = box.office, box.replay.clock, box.rulebook.county.zone
    day = office.loaded.calendar.add_workdays(moment_day(clock.now, zone), 1)
    clock.now = datetime.combine(day, _MORNING, zone)
    await office.record("crawl", clock.now, office.crawl)
    await _pass(box)


async def _pass(box: SimulatedCounty) -> None:
    """Judge and deliver, each recorded as a run: the pages say when that was last done."""
    office, now = box.office, box.replay.clock.now
    await office.record("tick", now, partial(asyncio.to_thread, office.tick))
    await office.record("deliver", now, office.deliver)


async def keep_passing(box: SimulatedCounty, mornings: asyncio.Queue[int], show: Callable[[datetime], None]) -> None:
    """Let the clock run on with the real one, with a pass every half minute, until it is cancelled.

    `mornings`: how many working days to go on at once, each with the passes of its morning; `show` is told the last.
    """
    clock = box.replay.clock
    began, since, passed = clock.now, time.monotonic(), 0.0
    while True:
        await asyncio.sleep(_LOOK)
        if not mornings.empty():
            for _ in range(mornings.get_nowait()):
                await go_to_next_morning(box)
            show(clock.now)
            began, since, passed = clock.now, time.monotonic(), 0.0
        gone = time.monotonic() - since
        clock.now = began + timedelta(seconds=gone)
        if gone - passed >= _PASS:
            passed = gone
            await _pass(box)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A log-in of the demo. `name`: who it is, as the pages show it."""

    login: str
    password: str
    name: str


def add_accounts(tx: Tx, box: SimulatedCounty) -> list[DemoAccount]:
    """Add a log-in of each role; the liaison is of the department with the most red matters."""
    county, now = box.rulebook.county, box.replay.clock.now
    red = Counter(light.department for light in list_lights(tx, county.id) if light.light is Light.RED)
    alone = [department for department, _ in red.most_common() if department in county.departments]
    department = county.departments[alone[0] if alone else next(iter(county.departments))]
    people = (
        ("liaison", Role.LIAISON, f"{department.name}联络员", department.name),
        ("office", Role.OFFICE, "县政务公开办经办人", ""),
        ("supervisor", Role.SUPERVISOR, "县政府办分管负责人", ""),
        ("auditor", Role.AUDITOR, "县审计监督人员", ""),
    )
    return [_add(tx, box, login, role, name, of, now) for login, role, name, of in people]


def _add(
    tx: Tx, box: SimulatedCounty, login: str, role: Role, name: str, department: str, now: datetime
) -> DemoAccount:
    password = make_password()
    done = record_account(tx, box.rulebook, login, name, role, department, password, "演示", now)
    change_account(tx, done.value.id, must_change=False)
    return DemoAccount(login, password, name)
