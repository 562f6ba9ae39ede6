"""A reader of foreign bytes: what it is given, and what must hold of what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

from hypothesis import strategies as st

#: Seconds of processor time that one input may cost the process that reads it.
LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Reader:
    """`check` raises where a promise is broken; `inputs` makes the strategy when it is needed, for seeds take time."""

    name: str
    inputs: Callable[[], st.SearchStrategy[Any]]
    check: Callable[[Any], None]

    def try_on(self, case: Any) -> None:
        """Raises where the reader gives no verdict, or takes for ever over it."""
        began = process_time()
        self.check(case)
        took = process_time() - began
        assert took < LIMIT, f"{took:.1f} seconds of processor time"
