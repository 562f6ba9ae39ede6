"""The machine's clock, and who confirms it after a leap: systemd, or the sites that are watched."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.clock import Clock, system_clock
from tracker.core.values.message import Message
from tracker.store.engine import Store
from tracker.store.jobs import find_last_instant
from tracker.store.threads import run_read

if TYPE_CHECKING:
    from tracker.core.law.county import County
    from tracker.rulebook.loaded import Loaded

#: A daemon makes a pass every few minutes. After so long without one it was down, or the clock leapt.
LEAP = timedelta(hours=36)
#: How far a site's clock may be from ours, or from another site's, and still confirm it.
AGREES = timedelta(days=1)
#: So many sites are asked for the time at most; each within so many seconds.
_ASKED, _TIMEOUT = 4, 10.0
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_COMMAND = ("timedatectl", "show", "--property=NTPSynchronized", "--value")


def is_synchronised(flag: Path = _SYNCHRONISED, command: tuple[str, ...] = _COMMAND) -> bool | None:
    """Return whether systemd says that the clock is synchronised; None where it says nothing.

    `flag`: the file that systemd-timesyncd(8) makes. timedatectl(1) knows of other daemons too.
    """
    if flag.exists():
        return True
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def seconds_since_boot() -> float:
    """Return the seconds since the machine started, suspended ones too. Setting the clock does not change them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class GuardedClock:
    """The machine's clock, read before a pass and then counted on: it cannot leap while a pass is under way.

    `machine`: the clock that may be wrong; `elapsed`: seconds that always run on; `ask`: as `is_synchronised`.
    """

    def __init__(
        self,
        machine: Clock = system_clock,
        elapsed: Callable[[], float] = seconds_since_boot,
        ask: Callable[[], bool | None] = is_synchronised,
    ) -> None:
        self._machine = machine
        self._elapsed = elapsed
        self._ask = ask
        self._read: tuple[datetime, float] | None = None  # the last instant that was believed, and when that was

    def __call__(self) -> datetime:
        if self._read is None:
            return self._machine()
        at, seconds = self._read
        return at + timedelta(seconds=self._elapsed() - seconds)

    async def explain_hold(self, store: Store, loaded: Loaded) -> Message | None:
        """Read the machine's clock. Return why no pass may run by it; then the earlier time is counted on."""
        now = self._machine()
        if self._read is None or abs(now - self()) > LEAP:
            counted = None if self._read is None else self()
            hold = await explain_hold(store, loaded, now, self._ask, counted=counted)
            if hold is not None:
                return hold
        self._read = now, self._elapsed()
        return None


async def explain_hold(
    store: Store,
    loaded: Loaded,
    now: datetime,
    ask: Callable[[], bool | None],
    *,
    counted: datetime | None = None,
    offline: bool = False,
) -> Message | None:
    """Return why no pass may run at `now`: it is far from the last pass, and nobody confirms it.

    A clock that is a year ahead would hold against everybody what falls due in that year. systemd is asked first,
    then the sites. `counted`: the last pass's instant on a new database; `offline`: the sites are not asked.
    """
    last = await run_read(store, find_last_instant) or counted
    if last is None or abs(now - last) <= LEAP or await asyncio.to_thread(lambda: ask() is True):
        return None
    said = None if offline else await ask_sites(loaded)
    if said is None:
        return Message(
            "by this clock it is {now:%Y-%m-%d %H:%M}Z, the last pass was at {last:%Y-%m-%d %H:%M}Z, and neither "
            "systemd nor a watched site confirms it: nothing is read, decided, sent or deleted. Set the clock "
            "(timedatectl set-ntp true); if it is right, run `duban tick --now` with the date and time "
            "(2015-03-02T09:30)",
            now=now,
            last=last,
        )
    if abs(now - said[1]) <= AGREES:
        return None
    return Message(
        "by this clock it is {now:%Y-%m-%d %H:%M}Z, but {host} says {said:%Y-%m-%d %H:%M}Z (last pass: "
        "{last:%Y-%m-%d %H:%M}Z): nothing is read, decided, sent or deleted. Set the clock (timedatectl set-ntp true); "
        "if it is right, run `duban tick --now` with the date and time (2015-03-02T09:30)",
        now=now,
        host=said[0],
        said=said[1],
        last=last,
    )


async def ask_sites(loaded: Loaded) -> tuple[str, datetime] | None:
    """Return the first host whose time (HTTP `Date`) another watched one confirms, or the only one that says it."""
    from tracker.evidence.fetch.fetcher import Bounds, Fetcher, Limits

    sites: dict[str, tuple[County, str]] = {}
    for rulebook in loaded.rulebooks:
        for column in rulebook.county.columns.values():
            sites.setdefault(urlsplit(column.url).netloc, (rulebook.county, column.url))
    said: dict[str, datetime] = {}
    for host, (county, url) in list(sites.items())[:_ASKED]:
        hosts = county.hosts | {urlsplit(url).hostname or ""}
        async with Fetcher(hosts, county.allow_private, Limits(delay=0, timeout=_TIMEOUT), system_clock) as fetcher:
            answer = await fetcher.get(url, bounds=Bounds(65_536, _TIMEOUT))
        if (date := answer.date) is None:
            continue
        for earlier in said.items():
            if abs(date - earlier[1]) <= AGREES:
                return earlier
        said[host] = date
    return next(iter(said.items())) if len(said) == 1 else None
