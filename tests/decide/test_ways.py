"""The two ways that docs/how-it-works.md names are walked: from a page to a status, from a due date to a message."""

from __future__ import annotations

import importlib
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.decide.small_county import Small, at

PAGE = (Path(__file__).parents[2] / "docs/how-it-works.md").read_text("utf-8")
WAYS = {
    heading: re.findall(r"^\d+\. `([\w.]+)`", PAGE.partition(f"### {heading}\n")[2].partition("\n##")[0], re.MULTILINE)
    for heading in ("From a page to a status, in ten calls", "From a due date to a message, in ten calls")
}


def function(name: str) -> Any:
    """The function or method of a dotted name."""
    parts = name.split(".")
    for place in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:place]))
        except ModuleNotFoundError:
            continue
        for part in parts[place:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"{name} is nowhere")


@contextmanager
def watched(names: list[str]) -> Iterator[list[str]]:
    """The names in the order in which they are called, every time."""
    codes: dict[CodeType, str] = {function(name).__code__: name for name in names}
    called: list[str] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in codes:
            called.append(codes[frame.f_code])

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def is_walked(way: list[str], called: list[str]) -> bool:
    """Whether the calls hold all of the way one after another."""
    rest = iter(called)
    return all(name in rest for name in way)


@pytest.mark.parametrize("heading", WAYS)
async def test_the_ten_calls_of_a_way_are_made_in_their_order(heading: str, county: Small) -> None:
    """A report that is there, and one that is not: the county's whole week, from the first crawl to the mail."""
    way = WAYS[heading]
    assert len(way) == 10
    with watched(way) as called:
        county.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
        await county.live(date(2015, 7, 28), date(2015, 8, 3))
    assert set(way) <= set(called), set(way) - set(called)
    assert is_walked(way, called)
