"""Throws broken input at each reader for as long as it is told, goes on where it stood, and prints a table.

    python -m fuzz.campaign [READER …] [--minutes 30] [--within 600] [--seed 1] [--folder build/campaign] [--list]

`--minutes` are those of the processor, so that a busy machine tries as many inputs as an idle one. `--within` bounds
the whole by the clock: of the time that is left, each reader has no more than its share.

Each reader runs in a process of its own, which ends with what it reads. A round is a hundred inputs drawn from one
seed; what breaks a reader is shrunk and kept in the folder with its traceback, and the next round goes on. The folder
holds how far each reader came: called again, the campaign adds what is left. Exit status 1 where one broke.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz import file_readers, page_readers, text_readers
from fuzz.reader import Reader

READERS: dict[str, Reader] = {
    reader.name: reader for reader in (*page_readers.READERS, *text_readers.READERS, *file_readers.READERS)
}
FOLDER = Path(__file__).resolve().parents[1] / "build" / "campaign"
ROUND = 100
#: Bytes of memory that the process of a reader may take beyond what it begins with.
MEMORY = 1 << 30
#: Seconds by the clock after which a round that says nothing is ended.
SILENT = 1800


@dataclass(slots=True)
class Progress:
    """How far a reader came. `seconds`: of the processor. `broken`: the file of each place in the code that broke."""

    name: str
    seconds: float = 0.0
    inputs: int = 0
    rounds: int = 0
    broken: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, name: str) -> Progress:
        path = folder / f"{name}.json"
        return cls(**json.loads(path.read_text("utf-8"))) if path.exists() else cls(name)

    def write(self, folder: Path) -> None:
        part = folder / f"{self.name}.json.part"
        part.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        part.rename(folder / f"{self.name}.json")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a reader is hunted: seconds of processor time in all, and a moment of the monotonic clock."""

    seconds: float
    until: float = inf

    def is_reached(self, progress: Progress) -> bool:
        return progress.seconds >= self.seconds or monotonic() >= self.until


def play_round(reader: Reader, number: int, examples: int = ROUND) -> int:
    """Try a round's inputs on a reader; how many there were. Raises what the smallest one that breaks it raises."""
    count = 0

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink], print_blob=False,
    )  # fmt: skip
    @given(reader.inputs())
    def round_of(case: Any) -> None:
        nonlocal count
        count += 1
        last_case[0] = case
        reader.try_on(case)

    round_of()
    return count


last_case: list[Any] = [None]


def keep_broken(folder: Path, progress: Progress, error: BaseException, number: int) -> None:
    """Keep the input and the traceback, once for each place in the code."""
    place = next((f"{one.filename}:{one.lineno}" for one in reversed(traceback.extract_tb(error.__traceback__))
                  if "hypothesis" not in one.filename), "nowhere")  # fmt: skip
    place = f"{place} {type(error).__name__}"
    if place in progress.broken:
        return
    path = folder / f"{progress.name}-{hashlib.sha256(place.encode()).hexdigest()[:8]}.txt"
    words = "".join(traceback.format_exception(error))
    path.write_text(f"seed {number}\n{last_case[0]!r}\n\n{words}", "utf-8", errors="backslashreplace")
    progress.broken[place] = path.name


def spent() -> float:
    """Seconds of processor time of this process and of those that it started, also where they still run."""
    running = (Path(f"/proc/{one}/stat") for one in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
    ticks = (line.read_text().rpartition(")")[2].split()[11:13] for line in running)
    return sum(os.times()[:4]) + sum(int(tick) for both in ticks for tick in both) / os.sysconf("SC_CLK_TCK")


def hunt(reader: Reader, limit: Limit, first_seed: int, folder: Path) -> None:
    """Rounds of one reader up to its limit."""
    progress = Progress.read(folder, reader.name)
    while not limit.is_reached(progress):
        began, number = spent(), first_seed * 1_000_000 + progress.rounds
        try:
            progress.inputs += play_round(reader, number)
        except Exception as error:
            keep_broken(folder, progress, error, number)
        progress.seconds += spent() - began
        progress.rounds += 1
        progress.write(folder)
        signal.alarm(SILENT if signal.alarm(0) else 0)  # where the process has one


def hunt_apart(reader: Reader, limit: Limit, first_seed: int, folder: Path) -> None:
    """The same in a process of its own, with little memory, which ends where a round takes for ever."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))
    signal.alarm(SILENT)
    hunt(reader, limit, first_seed, folder)


def run_reader(reader: Reader, limit: Limit, first_seed: int, folder: Path) -> Progress:
    """The same from outside: a process that dies is a reader that broke, and its round is passed over."""
    while not limit.is_reached(progress := Progress.read(folder, reader.name)):
        process = multiprocessing.get_context("fork").Process(
            target=hunt_apart, args=(reader, limit, first_seed, folder)
        )
        process.start()
        process.join()
        if process.exitcode != 0:
            progress = Progress.read(folder, reader.name)
            number = first_seed * 1_000_000 + progress.rounds
            progress.broken[f"the process ended with {process.exitcode}, seed {number}"] = ""
            progress.rounds += 1
            progress.seconds += 60.0
            progress.write(folder)
    return progress


def table(found: list[Progress]) -> str:
    """A row for each reader, as Markdown."""
    rows = ["| reader | minutes | inputs | broke at |", "|---|--:|--:|---|"]
    for one in found:
        rows.append(f"| {one.name} | {one.seconds / 60:.1f} | {one.inputs:,} | {'; '.join(one.broken) or '-'} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="*", metavar="READER", help="default: each (--list names them)")
    parser.add_argument(
        "--minutes", type=float, default=30, help="of processor time, for each reader in all (default: 30)"
    )
    parser.add_argument("--within", type=float, default=inf, help="minutes by the clock for this run (default: any)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    if unknown := set(args.readers) - set(READERS):
        parser.error(f"no such reader: {', '.join(sorted(unknown))} (one of: {', '.join(READERS)})")
    if args.list:
        print("\n".join(READERS))
        return 0
    folder = args.folder / str(args.seed)
    folder.mkdir(parents=True, exist_ok=True)
    found, names, end = [], args.readers or list(READERS), monotonic() + 60 * args.within
    for place, name in enumerate(names):
        share = (end - monotonic()) / (len(names) - place)
        limit = Limit(60 * args.minutes, monotonic() + share)
        found.append(run_reader(READERS[name], limit, args.seed, folder))
        print(table(found[-1:]).splitlines()[-1], flush=True)
    print(f"\n{table(found)}")
    for one in found:
        for place, file in one.broken.items():
            print(f"{one.name}: {place}\n  {folder / file}")
    return int(any(one.broken for one in found))


if __name__ == "__main__":
    sys.exit(main())
