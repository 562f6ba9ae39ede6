"""How far what takes long has come, on stderr."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from tracker.commands.output import console, say


class ColumnBar:
    """Told each column that is done; shows how many are, of how many: a bar on a terminal, else a line for each."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        shown = console(stderr=True)
        self._drawn = shown.is_terminal
        self._total, self._count = total, 0
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=shown,
            disable=not shown.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> ColumnBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def done(self, column: str) -> None:
        """One column was visited."""
        self._count += 1
        self._progress.update(self._task, advance=1, description=column)
        if not self._drawn:
            say(f"{self._count}/{self._total} {column}")


#: Seconds after which somebody asks whether anything still moves.
_PATIENCE = 2.0


class RowCount:
    """Told how many rows of a county were read; says so where it takes longer than two seconds, every two."""

    def __init__(self, county: str, total: int) -> None:
        self._county, self._total = county, total
        self._said = time.monotonic()

    def __enter__(self) -> RowCount:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def told(self, count: int) -> None:
        """So many were read."""
        if time.monotonic() - self._said >= _PATIENCE:
            self._said = time.monotonic()
            say(f"{self._county}: {count:,} of {self._total:,} rows")


class Underway:
    """Says every two seconds what is being done, how far it is where that is told, and since when; nothing of what
    takes less. It speaks from a thread, so also while this process computes."""

    def __init__(self, what: str, patience: float | None = None) -> None:
        self._what, self._patience = what, _PATIENCE if patience is None else patience
        self._far = ""
        self._over = threading.Event()
        self._speaker = threading.Thread(target=self._speak, daemon=True)

    def told(self, count: int, total: int) -> None:
        """So many matters were read, of how many."""
        self._far = f": {count:,} of {total:,} matters"

    def __enter__(self) -> Underway:
        self._speaker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._speaker.join()

    def _speak(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self._patience):
            say(f"{self._what}{self._far} ({time.monotonic() - began:.0f} s)")
