"""Makes the pictures of the clerk's guide (docs/手册/图/) again: `python docs/pictures.py [YEAR]`.

They show real output: the sample county is run on a simulated clock to 21 October 2015, then commands are run in it and
pages photographed by chromium. With YEAR, a folder, the run is kept there and used again.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from tracker.demo.simulation import simulate_county

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "手册" / "图"
FIRST, LAST = date(2015, 1, 1), date(2015, 10, 21)
SITE, CONSOLE = "https://www.sample.example", "https://duban.sample.example/"
SECRET = "k0sVb3mXr9tLw2nHc5yDg8fJp4aEuZqP"


async def live_the_year(folder: Path) -> None:
    """Run the sample county, with pages on which mails are answered, in the folder."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    console = f"console: {{listen: 'unix:pages.sock', base: '{CONSOLE}', secret: '{SECRET}'}}\n"
    (folder / "schedule.yaml").write_text((ROOT / "schedule.yaml").read_text("utf-8") + console, "utf-8")
    async with simulate_county(folder, folder, FIRST, LAST) as box:
        async for _ in box.replay.run():
            pass
        (folder / "site.txt").write_text(box.base, "utf-8")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name)
        if not (folder / "site.txt").exists():
            folder.mkdir(parents=True, exist_ok=True)
            asyncio.run(live_the_year(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
