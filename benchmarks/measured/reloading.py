"""Rules of many counties: python reloading.py ROOT COUNTY

Loads the rules under ROOT as a daemon does, then again after a change of that county's file. Prints seconds, the memory
of this process before and after, and the most that its child took.
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tracker.store.engine  # noqa: F401  (as in a daemon)
from tracker.decide.run import tick  # noqa: F401
from tracker.rulebook.load_process import load_in_process


def main() -> None:
    root, county = Path(sys.argv[1]), sys.argv[2]
    knows = "before" in inspect.signature(load_in_process).parameters  # the commit before reads all again
    empty = _memory()
    first, seconds = _timed(lambda: load_in_process(root, os.environ))
    loaded = _memory()
    path = root / "rules/counties" / county / "county.yaml"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    again, reload = _timed(lambda: load_in_process(root, os.environ, *([first] if knows else [])))
    same = sum(one is other for one, other in zip(first.rulebooks, again.rulebooks, strict=True))
    print(
        json.dumps(
            {
                "first": seconds,
                "reload": reload,
                "read": len(first.rulebooks) - same,
                "memory": loaded - empty,
                "during": _memory() - empty,
                "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
            }
        )
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def _memory() -> float:
    """Megabytes of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1_048_576


if __name__ == "__main__":
    main()
