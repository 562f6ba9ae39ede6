"""What a command answered, as the tests of the command line read it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))

    @property
    def columns(self) -> str:
        return self.out.partition("\n")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def let_pass_now(folder: Path) -> None:
    """Let the last pass of a folder's county be one of just now: its commands need nobody to confirm the clock."""
    now = f"{datetime.now(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    with closing(sqlite3.connect(folder / "duban.db", isolation_level=None)) as connection:
        connection.execute("UPDATE counties SET ticked_at = ?", [now])


Duban = Callable[..., Said]
