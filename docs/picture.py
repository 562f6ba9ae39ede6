"""Draws `docs/demo.svg`, the picture in the README: the live view of a real run of the sample year.

PYTHONPATH=. python docs/picture.py [DAY]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import deque
from dataclasses import replace
from datetime import date
from pathlib import Path

from docs import terminal
from tracker.commands.demo import line_of, scene_of
from tracker.demo.live import NoticeLine, Scene, draw_scene
from tracker.demo.simulation import simulate_county
from tracker.store.occurrences import list_lights
from tracker.store.sent import list_sent_notices

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 80, 24


async def scene_on(day: date) -> Scene:
    """The view at noon of that day in the sample year."""
    lines: deque[NoticeLine] = deque(maxlen=40)
    seen = mails = 0
    with tempfile.TemporaryDirectory() as folder:
        async with simulate_county(ROOT, Path(folder), date(2015, 1, 1), day) as box:
            async for at in box.replay.run():
                now = at
            with box.office.store.read() as tx:
                lights = list_lights(tx, box.rulebook.county.id)
                for one in list_sent_notices(tx, seen):
                    lines.appendleft(line_of(one, box))
                    mails += 1
            return replace(scene_of(box, lights, now, tuple(lines), mails), last=date(2015, 12, 31))


if __name__ == "__main__":
    when = date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else date(2015, 8, 21)
    picture = terminal.svg(draw_scene(asyncio.run(scene_on(when)), WIDTH, HEIGHT), WIDTH, HEIGHT)
    (ROOT / "docs" / "demo.svg").write_text(picture, encoding="utf-8")
