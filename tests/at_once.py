"""Several people or processes at the same instant, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(works: Iterable[Callable[[], T]]) -> list[T | Exception]:
    """What each of the works returns or raises, all begun together."""
    each = list(works)
    start = threading.Barrier(len(each))

    def run(work: Callable[[], T]) -> T | Exception:
        start.wait()
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(run, each))
