"""Verdicts that a replay computes, and decisions that are new or changed: python verdicts.py ROOT LAST_DAY

A verdict counts where `judge` gives it. New or changed are the rows of `standings`: each holds a
decision, from when it stood.
"""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracker.decide import judge as home

try:
    from tracker.commands.main import main as duban
except ImportError:  # the commit before
    from tracker.cli import main as duban  # type: ignore[no-redef]


def counted(judge: Callable[..., Any], counts: dict[str, int]) -> Callable[..., Any]:
    """The function, with its verdicts counted."""

    def judge_and_count(*arguments: Any, **options: Any) -> Any:
        verdicts = judge(*arguments, **options)
        counts["computed"] += len(verdicts)
        return verdicts

    return judge_and_count


def main() -> None:
    root, last = sys.argv[1:]
    counts = {"computed": 0}
    home.judge = counted(home.judge, counts)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            duban(["--root", root, "replay", "--to", last, "--keep", folder])
        with sqlite3.connect(Path(folder) / "duban.db") as connection:
            (counts["changed"],) = connection.execute("SELECT count(*) FROM standings").fetchone()
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
