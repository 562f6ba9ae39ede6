"""Shows on stderr how far a long command has come."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any, Self

from tracker.commands.language import tr
from tracker.commands.output import console, say


class _Bar:
    """A progress bar on stderr; nothing if that is no terminal."""

    def __init__(self, task: str, total: float, *columns: Any) -> None:
        from rich.progress import Progress

        shown = console(stderr=True)
        self._is_drawn = shown.is_terminal
        self._progress = Progress(*columns, console=shown, disable=not shown.is_terminal, transient=True)
        self._task = self._progress.add_task(task, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()


class ColumnBar(_Bar):
    """Shows how many columns of how many were read: as a bar on a terminal, else in a line for each."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

        self._total, self._count = total, 0
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        super().__init__("", total, *columns)

    def done(self, column: str) -> None:
        """One column was visited."""
        self._count += 1
        self._progress.update(self._task, advance=1, description=column)
        if not self._is_drawn:
            say(f"{self._count}/{self._total} {column}")


class YearBar(_Bar):
    """Shows how far a simulated year has come."""

    def __init__(self, first: datetime, last: datetime) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

        self._first, self._seconds = first, (last - first).total_seconds()
        percent = TextColumn("{task.percentage:>3.0f}%")
        super().__init__("replay", 1.0, TextColumn("{task.description}"), BarColumn(), percent, TimeElapsedColumn())

    def show(self, at: datetime) -> None:
        done = (at - self._first).total_seconds() / self._seconds
        self._progress.update(self._task, completed=done, description=f"{at:%Y-%m-%d}")


#: Seconds after which a person wonders whether the command still works.
_PATIENCE = 2.0


class RowCount:
    """Says every two seconds how many rows of a county were read."""

    def __init__(self, county: str, total: int) -> None:
        self._county, self._total = county, total
        self._last_line = time.monotonic()

    def report_progress(self, count: int) -> None:
        """So many were read."""
        if time.monotonic() - self._last_line >= _PATIENCE:
            self._last_line = time.monotonic()
            say("{county}: {count:,} of {total:,} rows", county=self._county, count=count, total=self._total)


class Underway:
    """Says every two seconds what is being done, how far it has come if that is known, and for how long. It speaks from
    a thread, so also while this process computes."""

    def __init__(self, what: str, patience: float | None = None) -> None:
        self._task, self._patience = what, _PATIENCE if patience is None else patience
        self._progress = ""
        self._finished = threading.Event()
        self._speaker = threading.Thread(target=self._speak, daemon=True)

    def report_progress(self, count: int, total: int) -> None:
        """So many matters were read, of how many."""
        self._progress = tr(": {count:,} of {total:,} matters", count=count, total=total)

    def __enter__(self) -> Self:
        self._speaker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._finished.set()
        self._speaker.join()

    def _speak(self) -> None:
        began = time.monotonic()
        while not self._finished.wait(self._patience):
            seconds = time.monotonic() - began
            say("{task}{progress} ({seconds:.0f} s)", task=self._task, progress=self._progress, seconds=seconds)
