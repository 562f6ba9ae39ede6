"""The working tree beside the commit that `dev.py compare` names: what a year, a pass and a command cost.

    python benchmarks/before_after.py [ROW …] [--runs 3] [--counties 3000]

Both sides are measured in turns, on the same rules and the same facts, each by processes of its own: CPU is what they
and their children used, user and system. The median of the runs is printed with the spread, and the ratio of the
medians. Scripts in `measured/` run inside each side; where the program has changed so much that one script cannot
measure both, `NAME_after.py` takes the place of `NAME.py` for the working tree. The earlier commit is installed as
`dev.py compare` installs it, in `.compare/`; each side prepares the databases on which it is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from prepared import make_counties, make_history, make_rules_of_history  # noqa: E402

from tests.compare.checkouts import Checkout, CheckoutError, earlier, working_tree  # noqa: E402

MEASURED = HERE / "measured"
#: After the year's last pass: nothing comes due any more.
INSTANT = "2015-12-31T23:30:00+08:00"
#: Where the prepared year's site was served. Nobody answers there later: what is measured reads no site.
PORT = 48154
SITE = f"http://127.0.0.1:{PORT}/"
SPRING = "2015-03-31"
#: Passes of one process, of which each counts.
PASSES = "3"


@dataclass(frozen=True)
class Prepared:
    """What a side is measured on: the rules as they were, and what the side made of them."""

    rules: Path
    year: Path
    history_rules: Path
    history: Path
    counties: Path
    scratch: Path


# -- what is measured --------------------------------------------------------------------------


def _environment(side: Checkout) -> dict[str, str]:
    """The site's address, and modules compiled once as an installation has them, whatever is set here."""
    environment = side.environment(DUBAN_SITE=SITE)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _run(side: Checkout, words: list[str]) -> tuple[float, str]:
    """CPU seconds of the process with its children, and what it printed. Exit status 1 is no failure."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(words, cwd=side.folder, env=_environment(side), stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (output, errors):
            stream.seek(0)
        told = errors.read()
        if process.returncode not in (0, 1) or "Traceback" in told:
            sys.exit(f"{side.name}: {' '.join(words)}: exit status {process.returncode}\n{told}")
        return usage.ru_utime + usage.ru_stime, output.read()


def _script(side: Checkout, name: str, *words: str) -> list[str]:
    own = MEASURED / f"{name}_{side.name}.py"
    return [side.python, str(own if own.exists() else MEASURED / f"{name}.py"), *words]


def _measured(side: Checkout, name: str, *words: str) -> dict[str, Any]:
    _, printed = _run(side, _script(side, name, *words))
    result: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return result


def _copy(database: Path, prepared: Prepared, side: Checkout) -> Path:
    """A copy of the database that this side may change."""
    target = prepared.scratch / f"{side.name}-{database.name}"
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copy(database, target)
    return target


def _replay(side: Checkout, prepared: Prepared, last: str) -> float:
    words = ["--root", str(prepared.rules), "replay", "--to", last, "--format", "csv"]
    return _run(side, side.duban(*words))[0]


def replay(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """A whole year, and what part of it its first quarter costs."""
    spring, year = _replay(side, prepared, SPRING), _replay(side, prepared, "2015-12-31")
    return {"replay of 2015, s": [year], "January to March of it": [spring / year]}


def idle(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """A pass in which nothing changes, of one county with its year."""
    database = str(_copy(prepared.year, prepared, side))
    found = _measured(side, "passes", "idle", str(prepared.rules), database, INSTANT, PASSES)
    return {"idle pass, 1 county, ms": [1000 * seconds for seconds in found["seconds"]]}


def counties(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """A pass in which nothing changes, of many small counties."""
    count = len(list((prepared.counties / "rules" / "counties").iterdir()))
    database = prepared.scratch / f"{side.name}-counties.db"
    words = ("idle", str(prepared.counties), str(database), "2015-11-18T23:30:00+08:00", PASSES)
    found = _measured(side, "passes", *words)
    return {f"idle pass, {count:,} counties, s": found["seconds"]}


def verdicts(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """How many of the verdicts of a year say something new."""
    found = _measured(side, "verdicts", str(prepared.rules), "2015-12-31")
    return {
        "verdicts computed in 2015": [found["computed"]],
        "of them new or changed, %": [100 * found["changed"] / found["computed"]],
    }


def cold(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """The first pass of a process, by how many years the facts reach back, and the plans."""
    figures = {}
    for name, rules, database in (
        ("one year", prepared.rules, prepared.year),
        ("five years of facts", prepared.rules, prepared.history),
        ("five years of facts and plans", prepared.history_rules, prepared.history),
    ):
        copy = str(_copy(database, prepared, side))
        figures[name] = _measured(side, "passes", "cold", str(rules), copy, INSTANT, PASSES)["seconds"]
    medians = {name: statistics.median(seconds) for name, seconds in figures.items()}
    ratios = {f"{name}, by one year's": [median / medians["one year"]] for name, median in medians.items()}
    del ratios["one year, by one year's"]
    return {f"cold pass, {name}, s": seconds for name, seconds in figures.items()} | ratios


def commands(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """Commands over a year's database, as processes."""
    place = ["--root", str(prepared.rules), "--database", f"sqlite:///{_copy(prepared.year, prepared, side)}"]
    tick = side.duban(*place, "tick", "--now", INSTANT)
    status = side.duban(*place, "status")
    for words in (tick, status):  # the first migrates, compiles and decides what follows from these rules
        _run(side, words)
    return {"duban status, s": [_run(side, status)[0]], "duban tick, s": [_run(side, tick)[0]]}


def memory(side: Checkout, prepared: Prepared) -> dict[str, list[float]]:
    """The resident memory of a daemon that has caught up and has nothing to do."""
    database = _copy(prepared.year, prepared, side)
    with sqlite3.connect(database) as connection:  # it has looked at the site lately, so it does not begin with that
        instants = ["2015-12-31 15:00:00.000000"] * 3
        sql = "INSERT INTO runs (job, slot_at, began_at, ended_at, outcome) VALUES ('crawl', ?, ?, ?, 'ok')"
        connection.execute(sql, instants)
    process = subprocess.Popen(
        _script(side, "daemon", str(prepared.rules), str(database), INSTANT),
        cwd=side.folder, env=_environment(side), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "caught up" in line:
                break
        else:
            sys.exit(f"{side.name}: the daemon ended before it had caught up")
        time.sleep(3)
        status = Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return {"memory of the idle daemon, MB": [int(kilobytes) / 1000]}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


ROWS: dict[str, Callable[[Checkout, Prepared], dict[str, list[float]]]] = {
    "replay": replay,
    "idle": idle,
    "counties": counties,
    "verdicts": verdicts,
    "cold": cold,
    "commands": commands,
    "memory": memory,
}
#: What takes minutes to set up, or comes out the same every time.
ONCE = ("counties", "verdicts")
#: What each figure should be of the working tree, as it is written.
AIMS = {
    "replay of 2015, s": "ratio 0.5, stretch 0.25",
    "January to March of it": "0.25",
    "idle pass, 1 county, ms": "2",
    "idle pass, 3,000 counties, s": "0.1",
    "of them new or changed, %": "30",
    "five years of facts, by one year's": "1.5",
    "duban status, s": "0.6",
    "duban tick, s": "1.0",
    "memory of the idle daemon, MB": "100",
}


# -- what is prepared --------------------------------------------------------------------------


def prepare(side: Checkout, kept: Path, rules: Path, arguments: argparse.Namespace) -> Prepared:
    """Let a side live the sample year, and make the five years and the many counties of it, unless `kept` has them.

    Each side prepares its own databases: neither is bound to read what the other has written.
    """
    year, history_rules, history = kept / "year" / "duban.db", kept / "rules-of-five-years", kept / "five-years.db"
    if not (kept / "made").exists():
        shutil.rmtree(kept, ignore_errors=True)
        print(f"preparing: a year as it is lived {side.name}", file=sys.stderr, flush=True)
        _run(side, side.duban("--root", str(rules), "replay", "--port", str(PORT), "--keep", str(year.parent)))
        make_rules_of_history(rules, history_rules)
        make_history(year, history)
        (kept / "made").touch()
    if "counties" in arguments.rows:
        make_counties(rules, kept / "counties", arguments.counties)
    return Prepared(rules, year, history_rules, history, kept / "counties", kept)


# -- the table ---------------------------------------------------------------------------------


def in_turns(row: str, sides: list[tuple[Checkout, Prepared]], runs: int) -> list[dict[str, list[float]]]:
    """The figures of each side, measured in turns."""
    figures: list[dict[str, list[float]]] = [{}, {}]
    for _ in range(1 if row in ONCE else runs):
        for (side, prepared), own in zip(sides, figures, strict=True):
            for name, values in ROWS[row](side, prepared).items():
                own.setdefault(name, []).extend(values)
    return figures


def lines(before: dict[str, list[float]], after: dict[str, list[float]]) -> Iterator[str]:
    """Rows of the table, one a figure."""
    for name, values in before.items():
        ratio = statistics.median(after[name]) / statistics.median(values)
        aim = AIMS.get(name, "")
        yield f"| {name} | {_shown(values)} | {_shown(after[name])} | {ratio:.2f} | {aim} |"


def _shown(values: list[float]) -> str:
    middle = statistics.median(values)
    if len(values) == 1:
        return _number(middle)
    return f"{_number(middle)} ({_number(min(values))} to {_number(max(values))})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"some of {', '.join(ROWS)} (default: all)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each figure (default: 3)")
    parser.add_argument("--counties", type=int, default=3000, metavar="N", help="small counties (default: 3000)")
    arguments = parser.parse_args()
    arguments.rows = arguments.rows or list(ROWS)
    if unknown := set(arguments.rows) - set(ROWS):
        parser.error(f"no row {', '.join(sorted(unknown))} (there are: {', '.join(ROWS)})")
    try:
        before, after = earlier(), working_tree()
    except CheckoutError as error:
        sys.exit(str(error))
    cache = before.folder.parent
    rules = cache / "measured-rules"
    if not rules.exists():
        shutil.copytree(before.folder / "rules", rules / "rules")
        shutil.copy(before.folder / "schedule.yaml", rules / "schedule.yaml")
    with tempfile.TemporaryDirectory(prefix="duban-before-after-") as folder:
        places = [(before, cache / "measured"), (after, Path(folder) / "measured")]
        sides = [(side, prepare(side, kept, rules, arguments)) for side, kept in places]
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {arguments.runs} runs\n")
        print("| what | before | after | ratio | aim |\n|---|---|---|---|---|", flush=True)
        for row in arguments.rows:
            for line in lines(*in_turns(row, sides, arguments.runs)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
