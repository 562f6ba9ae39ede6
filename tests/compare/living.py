"""Lives through a county's year with one side, by its command line, and keeps what came of it in a folder."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.compare.checkouts import Checkout
from tests.compare.counties import ComparedCounty

#: Ledger and overdue report are written as of these days.
REPORT_DAYS = ("2015-03-31", "2015-06-30", "2015-09-30", "2015-12-31")
#: The pass of a process that has just begun, after the year's last: it decides everything from the stored facts.
LAST_PASS = "2015-12-31T23:30"
#: When the circular of December is drafted, whose commands the replayed year has no room for.
AFTERWARDS = ("circular", "draft", "2015-12", "--by", "政务公开科", "--now", "2016-01-08T09:05")
#: Explained at the year's end: the occurrences about which people decided something, and one of so many of all.
EVERY = 150
_SUBJECTS = """
    SELECT "key" FROM (SELECT "key", row_number() OVER (ORDER BY "key") AS place FROM occurrences)
    WHERE place % ? = 0 OR "key" IN (SELECT occurrence FROM rulings WHERE kind <> 'accept') ORDER BY "key"
"""


class LivingError(Exception):
    """A side could not live through the year; the message holds what it said."""


@dataclass(frozen=True)
class LivedYear:
    """What a side made of a county's year: its database, and what its commands printed."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "year" / "duban.db"

    @property
    def printed(self) -> list[Path]:
        """The files that hold what was printed, each called after what printed it."""
        return sorted((self.folder / "printed").iterdir())


def inputs_digest(county: ComparedCounty, rules: Path) -> str:
    """Changes with the rules, the commands, the seed, and what is printed."""
    digest = hashlib.sha256(f"{county.seed} {county.port}".encode())
    files = sorted(path for path in rules.rglob("*") if path.is_file())
    for path in (*files, county.commands, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def live(side: Checkout, county: ComparedCounty, rules: Path, folder: Path) -> LivedYear:
    """Replay the county's year with this side and let it print its reports. Raises LivingError."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "printed").mkdir(parents=True)
    year = LivedYear(folder)
    base = ["--root", str(rules), "--county", county.name]
    seed = ["--seed", str(county.seed)] if county.seed else []
    replay = [
        "replay",
        *seed,
        "--port",
        str(county.port),
        "--commands",
        str(county.commands),
        "--keep",
        str(year.database.parent),
    ]
    with _served_alone(county.port):
        _print(side, [*base, *replay, "--format", "csv"], folder, "replay")
    kept = [*base, "--database", f"sqlite:///{year.database}"]
    site = f"http://127.0.0.1:{county.port}/"
    _print(side, [*kept, "tick", "--now", LAST_PASS], folder, "tick", DUBAN_SITE=site)
    _print(side, [*kept, *AFTERWARDS], folder, "circular of December", DUBAN_SITE=site)
    for name, words in _reports(folder, year.database).items():
        _print(side, [*kept, *words], folder, name, DUBAN_SITE=site)
    return year


@contextmanager
def _served_alone(port: int) -> Iterator[None]:
    """Wait until no other comparison on this machine serves a site at the port."""
    with (Path(tempfile.gettempdir()) / f"duban-compare-{port}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _reports(folder: Path, database: Path) -> dict[str, list[str]]:
    """The commands that print what stands, by the name under which it is kept."""
    words = {"status": ["status", "--all", "--format", "csv"], "score": ["score", "2015", "--format", "csv"]}
    for day in REPORT_DAYS:
        words[f"overdue {day}"] = ["report", "overdue", "--as-of", day, "--format", "csv"]
        ledger = folder / "printed" / f"ledger {day}.xlsx"
        words[f"ledger {day} made"] = ["report", "ledger", "--as-of", day, "--to", str(ledger)]
    for subject in _subjects(database):
        words[f"explain {subject.replace('/', ' ')}"] = ["explain", subject, "--now", LAST_PASS]
    return words


def _print(side: Checkout, words: list[str], folder: Path, name: str, **variables: str) -> None:
    """Keep what the command prints, and why it refuses what it refuses: that is compared too."""
    done = subprocess.run(
        side.duban(*words), cwd=side.folder, env=side.environment(**variables), capture_output=True, text=True
    )
    usable = (0, 1) if name in ("replay", "tick") else (0, 1, 2)
    if done.returncode not in usable or "Traceback" in done.stderr:
        raise LivingError(f"{side.name}: duban {' '.join(words)}: exit status {done.returncode}\n{done.stderr}")
    text = f"{done.stdout}{done.stderr}exit status {done.returncode}\n"
    (folder / "printed" / f"{name}.txt").write_text(text, "utf-8")


def _subjects(database: Path) -> list[str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [key for (key,) in connection.execute(_SUBJECTS, (EVERY,))]
