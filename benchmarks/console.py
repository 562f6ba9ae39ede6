"""How quickly the signed-in pages are served, beside a bare page of the same framework with the same template.

    python benchmarks/console.py [RUNS] [--keep FOLDER] [--seconds N]

A county of 60 departments and 60 duties with a year of history, 246,000 matters on SQLite. Both pages are served by
one process and asked in turns by wrk (`apt install wrk`): the bare one fills in the same template with the same values,
which it has at hand. Then with decision passes running as the daemon runs them: in a child process.
`--keep`: where the county lies, so that the next run need not make it anew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.large_county import LOGIN, MATTER, NOW, PASSWORD, make_county, request_passes  # noqa: E402

PAGES = {"overview": "/overview", "matters": "/matters", "matter": f"/matter/{MATTER}"}
#: What each figure should be at least, or at most.
AIMS = {"rate": 1 / 3, "unchanged": 8, "p95": 2, "memory": 200}
_LUA = """done = function(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.status + summary.errors.timeout
  local rate, p95 = summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000
  io.write(string.format("figures %f %f %d\\n", rate, p95, errors))
end
"""


@dataclass
class Figures:
    """Of one page: requests a second and 95th percentiles in milliseconds, one of each run."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.values[name])

    def text(self, name: str) -> str:
        values = self.values[name]
        return f"{self.median(name):,.4g} ({min(values):,.4g} to {max(values):,.4g})"

    def ratio(self, name: str, beside: str) -> str:
        ratios = [a / b for a, b in zip(self.values[name], self.values[beside], strict=True)]
        return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


# -- serving ---------------------------------------------------------------------------------------


async def serve(folder: Path) -> None:
    """Serve the console and the bare pages until told to stop; SIGUSR1 and SIGUSR2 begin and end passes.

    Prints the ports, then waits.
    """
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Route

    from benchmarks.large_county import office_of, turn_forever
    from tracker.console import signed_in
    from tracker.console.html import render_page
    from tracker.console.limiter import Limiter
    from tracker.console.server import ConsoleServer

    seen: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {}

    def noted(*words: Any, **options: Any) -> Any:
        """Make the page, and remember of what."""
        seen[words[1]["here"]] = words, options
        return render_page(*words, **options)

    signed_in.render_page = noted
    signed_in.Limiter = lambda _most, span: Limiter(10**9, span)  # type: ignore[assignment,misc]
    office = office_of(folder)
    console = ConsoleServer(office)
    await console.follow(office.loaded.schedule.console)

    def bare(request: Any) -> Any:
        words, options = seen[request.path_params["name"]]
        return render_page(*words, **options)

    app = Starlette(routes=[Route("/{name}", bare)])
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", http="h11", ws="none")
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(uvicorn.Server(config).serve([listening]))
    print(console.port, listening.getsockname()[1], flush=True)
    passes: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: passes.append(loop.create_task(turn_forever(office))))
    loop.add_signal_handler(signal.SIGUSR2, lambda: passes.pop().cancel())
    await task


@dataclass(frozen=True)
class Server:
    """The process that serves, the bases of both kinds of pages, and the session's cookie."""

    process: subprocess.Popen[str]
    ours: str
    bare: str
    cookie: str = ""

    @property
    def memory(self) -> float:
        """Its resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1000


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, __file__, "--serve", str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ports = process.stdout.readline().split()
        ours, bare = (f"http://127.0.0.1:{port}" for port in ports)
        yield Server(process, f"{ours}/d", bare, log_in(f"{ours}/d"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _curl(*words: str) -> str:
    done = subprocess.run(
        ["curl", "-s", "-D", "-", "-o", os.devnull, *words], check=True, capture_output=True, text=True
    )
    return done.stdout


def log_in(base: str) -> str:
    """The cookie of a session."""
    said = _curl(f"{base}/login", "-d", f"login={LOGIN}", "--data-urlencode", f"password={PASSWORD}")
    found = re.search(r"(?i)^set-cookie: (duban=[^;]+)", said, re.MULTILINE)
    assert found, said
    return found[1]


def tag_of(server: Server, path: str) -> str:
    said = _curl(f"{server.ours}{path}", "-H", f"Cookie: {server.cookie}")
    found = re.search(r"(?i)^etag: (\S+)", said, re.MULTILINE)
    assert found, said
    return found[1]


@contextmanager
def passes(server: Server, folder: Path) -> Iterator[None]:
    """Decision passes one after the other, as the daemon runs them; another process asks for them."""
    asking = subprocess.Popen([sys.executable, __file__, "--ask", str(folder)])
    server.process.send_signal(signal.SIGUSR1)
    time.sleep(3)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGUSR2)
        asking.terminate()
        asking.wait()
        time.sleep(2)


# -- asking ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrk:
    script: Path
    seconds: int

    def ask(self, url: str, *headers: str) -> tuple[float, float]:
        """Requests a second, and the 95th percentile of their times in ms."""
        words = ["wrk", "-t1", "-c4", f"-d{self.seconds}s", "--timeout", "30s", "-s", str(self.script)]
        for header in headers:
            words += ["-H", header]
        said = subprocess.run([*words, url], check=True, capture_output=True, text=True).stdout
        rate, p95, errors = re.search(r"figures (\S+) (\S+) (\d+)", said).groups()  # type: ignore[union-attr]
        if int(errors):
            sys.exit(f"{url}: {errors} requests failed\n{said}")
        return float(rate), float(p95)


def measure(server: Server, wrk: Wrk, folder: Path, runs: int) -> tuple[dict[str, Figures], Figures]:
    cookie = f"Cookie: {server.cookie}"
    found = {name: Figures() for name in PAGES}
    for name, path in PAGES.items():
        tag_of(server, path)  # made once: the bare page has its values
        figures = found[name]

        def note(what: str, url: str, *headers: str, figures: Figures = figures) -> None:
            rate, p95 = wrk.ask(url, *headers)
            figures.add(what, rate)
            figures.add(f"{what} p95", p95)

        for _ in range(runs):
            note("bare", f"{server.bare}/{name}")
            note("ours", f"{server.ours}{path}", cookie)
            note("unchanged", f"{server.ours}{path}", cookie, f"If-None-Match: {tag_of(server, path)}")
    memory = Figures()
    memory.add("before passes", server.memory)
    for _ in range(runs):
        for name, path in PAGES.items():
            found[name].add("before p95", wrk.ask(f"{server.ours}{path}", cookie)[1])
        with passes(server, folder):
            for name, path in PAGES.items():
                found[name].add("beside p95", wrk.ask(f"{server.ours}{path}", cookie)[1])
                memory.add("while they run", server.memory)
    memory.add("after", server.memory)
    return found, memory


def report(found: dict[str, Figures], memory: Figures) -> None:
    print("| page | bare, a second | ours | ratio | 304 | to ours | p95, ms | while passes run | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, figures in found.items():
        cells = [
            name, figures.text("bare"), figures.text("ours"), figures.ratio("ours", "bare"), figures.text("unchanged"),
            figures.ratio("unchanged", "ours"), figures.text("before p95"), figures.text("beside p95"),
            figures.ratio("beside p95", "before p95"),
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    print(f"| aim | | | {AIMS['rate']:.2f} | | {AIMS['unchanged']} | | | {AIMS['p95']} |")
    print(f"\nmemory of the process that serves, MB (aim: {AIMS['memory']}):")
    for when in memory.values:
        print(f"  {when}: {memory.median(when):.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", nargs="?", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="the folder of the county (default: made anew)")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (default: 5)")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        request_passes(arguments.ask)
    if arguments.serve:
        asyncio.run(serve(arguments.serve))
        return
    if missing := [name for name in ("wrk", "curl") if shutil.which(name) is None]:
        sys.exit(f"not installed: {', '.join(missing)} (Debian: apt install {' '.join(missing)})")
    with tempfile.TemporaryDirectory(prefix="duban-console-") as scratch:
        folder = arguments.keep or Path(scratch) / "county"
        make_county(folder)
        script = Path(scratch) / "figures.lua"
        script.write_text(_LUA)
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {arguments.runs} runs, as of {NOW:%Y-%m-%d}\n"
        )
        with served(folder) as server:
            report(*measure(server, Wrk(script, arguments.seconds), folder, arguments.runs))


if __name__ == "__main__":
    main()
