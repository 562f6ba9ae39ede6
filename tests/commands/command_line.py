"""What a command answered, as the tests of the command line read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
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


Duban = Callable[..., Said]
