"""Shows on stderr how three workers read and decide many counties: who reads what, who is killed, who takes over."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tracker.commands.language import tr
from tracker.commands.output import console
from tracker.demo.workers import Progress


class CountryView:
    """Bars and a line for each worker, in place; above them what happens, a line each. Where stderr is no terminal, a
    line for each tenth that is read in place of the bars."""

    def __init__(self, names: Mapping[str, str], processes: Sequence[int]) -> None:
        self._names, self._processes = names, processes
        self._console = console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False)
        self._began = time.monotonic()
        self._told: set[str] = set()
        self._tenths = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, progress: Progress, now: datetime) -> None:
        """Replace what is shown, and tell what is new."""
        for line in self._tell(progress):
            self._console.print(Text.assemble((f"{now:%H:%M:%S}  ", "bright_black"), line), soft_wrap=True)
        if self._console.is_terminal:
            self._live.update(self._draw(progress), refresh=True)

    def _tell(self, progress: Progress) -> Iterable[Text]:
        """What has happened since the last time."""
        tenths = len(progress.read) * 10 // len(self._names)
        if tenths > self._tenths and not self._console.is_terminal:
            self._tenths = tenths
            yield Text(tr("{read} of {count} counties are read", read=len(progress.read), count=len(self._names)))
        if progress.killed and self._is_new("killed"):
            yield Text(
                tr(
                    "worker {worker} is killed (kill -9) while it reads {count} counties: {counties}",
                    worker=progress.killed, count=len(progress.lost), counties=self._list(progress.lost),
                ),
                "bold red",
            )  # fmt: skip
        for worker in range(1, len(self._processes) + 1):
            taken = [county for county, reader in progress.lost.items() if reader == worker and self._is_new(county)]
            if taken:
                yield Text(
                    tr("worker {worker} takes over from it: {counties}", worker=worker, counties=self._list(taken)),
                    "bold green",
                )
        if len(progress.read) == len(self._names) and self._is_new("all read"):
            yield Text(tr("all sites are read; now each county is decided"))

    def _is_new(self, what: str) -> bool:
        """Whether that has not been told yet."""
        is_new = what not in self._told
        self._told.add(what)
        return is_new

    def _list(self, counties: Iterable[str]) -> str:
        return "、".join(self._names[county] for county in counties)

    def _draw(self, progress: Progress) -> RenderableType:
        gone = round(time.monotonic() - self._began)
        bars = Table.grid(padding=(0, 2))
        for what, count in ((tr("sites read"), len(progress.read)), (tr("counties decided"), progress.decided)):
            bar = ProgressBar(total=len(self._names), completed=count, width=40, complete_style="cyan")
            bars.add_row(what, bar, f"{count}/{len(self._names)}", "")
        bars.add_row(tr("time gone"), f"{gone // 60}:{gone % 60:02}")
        return Group(Text(), bars, Text(), self._draw_workers(progress))

    def _draw_workers(self, progress: Progress) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bright_black", expand=True)
        for head in (tr("worker"), tr("process"), tr("has read")):
            table.add_column(head, no_wrap=True)
        table.add_column(tr("reads now"), no_wrap=True, overflow="ellipsis", ratio=1)
        for worker, process in enumerate(self._processes, start=1):
            reading = progress.reading(worker)
            state = Text(f"{len(reading)}: {self._list(reading)}" if reading else "")
            if worker == progress.killed:
                state = Text(tr("killed"), "bold red")
            table.add_row(str(worker), str(process), str(progress.read_by(worker)), state)
        return table
