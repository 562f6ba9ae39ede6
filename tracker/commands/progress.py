"""How far a crawl has come: a bar on a terminal, else a line for each column. On stderr."""

from __future__ import annotations

from types import TracebackType

from tracker.commands.output import console, say


class ColumnBar:
    """Told each column that is done; shows how many are, of how many."""

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
