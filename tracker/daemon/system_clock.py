"""Whether the machine's clock can be trusted: whether it is synchronised, and whether it leapt since the last pass."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tracker.core.values.message import Message
from tracker.store.engine import Store
from tracker.store.jobs import find_last_instant

#: A daemon makes a pass every few minutes. After so long without one it was down, or the clock leapt.
LEAP = timedelta(hours=36)
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


def explain_leap(store: Store, now: datetime, ask: Callable[[], bool | None]) -> Message | None:
    """Return why no pass may run now: the clock leapt ahead since the last one, and is not synchronised.

    A clock that is a year ahead would hold against everybody what falls due in that year. `ask`: as `is_synchronised`.
    """
    with store.read() as tx:
        last = find_last_instant(tx)
    if last is None or now - last <= LEAP or ask() is not False:
        return None
    return Message(
        "the clock is {days} days ahead of the last pass ({last:%Y-%m-%d %H:%M}Z) and not synchronised: nothing is "
        "read, decided or sent. Set the clock (timedatectl set-ntp true); if it is right, run `duban tick` once",
        days=(now - last).days,
        last=last,
    )
