"""The API does what it says of itself: schemathesis reads the description and asks whatever it allows, and what not."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.console.served_pages import House
from tests.console.systems import Connect

#: Left out: an event whose department does not exist is refused, which no schema can say.
LEFT_OUT = "positive_data_acceptance"
#: Wrong values may also be refused because the body is too long.
SETTINGS = Path(__file__).with_name("schemathesis.toml")


@dataclass
class TickingClock:
    """Goes on by a second each time it is read, so that no limit of a minute is reached."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


async def hold_to_its_description(house: House, connect: Connect, *options: str) -> None:
    system, office = connect(days=3000), house.small.office
    office.clock = TickingClock(office.clock())
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS),
        "run", f"{house.base}api/v1/openapi.json", "--url", f"{house.base}api/v1",
        "--header", f"Authorization: Bearer {system.token}", "--checks", "all", "--exclude-checks", LEFT_OUT,
        "--suppress-health-check", "all", "--continue-on-failure", *options,
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=office.folder
    )
    output, _ = await process.communicate()
    print(output.decode())
    assert process.returncode == 0


async def test_it_answers_as_it_says(house: House, connect: Connect) -> None:
    await hold_to_its_description(house, connect, "--phases", "fuzzing", "--max-examples", "4", "--seed", "1")


@pytest.mark.nightly
async def test_it_answers_as_it_says_for_long(house: House, connect: Connect) -> None:
    await hold_to_its_description(house, connect, "--max-time", "120")
