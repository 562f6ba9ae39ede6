"""In which zone the log writes its times."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from tracker.daemon.log import configure, use_zone

#: 1 October 2015, 00:30 in China.
AT = 1443630600.25


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("zone", "plain", "offset"),
    [
        ("Asia/Shanghai", "2015-10-01 00:30:00 ", "2015-10-01T00:30:00+0800"),
        ("UTC", "2015-09-30 16:30:00 ", "2015-09-30T16:30:00+0000"),
    ],
)
def test_times_are_those_of_the_county_whatever_the_machine_is_set_to(zone: str, plain: str, offset: str) -> None:
    record = logging.LogRecord("tracker", logging.INFO, "", 0, "督办", (), None)
    record.created = AT
    for form in ("plain", "json"):
        configure(form, logging.INFO)
        use_zone(ZoneInfo(zone))
        (handler,) = logging.getLogger().handlers
        line = handler.format(record)
        assert json.loads(line)["time"] == offset if form == "json" else line.startswith(plain)
