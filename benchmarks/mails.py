"""Processor time a mail, from due notice to `250` recorded, beside aiosmtplib with the messages built beforehand.

    python benchmarks/mails.py [MAILS [RUNS]] [--profile FILE]

Against Postfix's smtp-sink (Debian: `apt-get install --no-install-recommends postfix`, not started) in a process of
its own, on as many connections, on SQLite as it is shipped. What is counted is the processor time of this process with
all its threads, so that a busy machine or a slow disk changes little. The peer sends the very bytes that ours sent.
"""

from __future__ import annotations

import asyncio
import cProfile
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.notices import SINK, built_beforehand, ours, sink
from benchmarks.rows import Row, Scale, within


def run(mails: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="duban-mails-"))
    try:
        with sink() as port:
            burst = asyncio.run(ours(folder, port, mails))
            began = time.process_time()
            asyncio.run(built_beforehand(port, burst.bodies))
            peer = time.process_time() - began
    finally:
        shutil.rmtree(folder)
    return {"ours": 1000 * burst.cpu / mails, "aiosmtplib": 1000 * peer / mails, "first": burst.first}


def rows(scale: Scale) -> Iterator[Row]:
    """Seconds a mail, and until the first of a burst is out."""
    run(100)  # what is loaded and compiled once
    found = [run(1000) for _ in range(scale.rounds)]
    ours, peer = ([one[name] / 1000 for one in found] for name in ("ours", "aiosmtplib"))
    yield Row("a mail, from due notice to `250` recorded", ours, "aiosmtplib, built beforehand", peer, least=0.5)
    yield within("first mail of a burst of 1,000", [one["first"] for one in found], 0.2)


def main() -> None:
    words = sys.argv[1:]
    profile = words.pop(words.index("--profile") + 1) if "--profile" in words else ""
    words = [word for word in words if word != "--profile"]
    mails, runs = (int(one) for one in (words + ["2000", "5"][len(words) :]))
    if not Path(SINK).exists():
        sys.exit(f"{SINK} is missing: apt-get install --no-install-recommends postfix")
    if profile:
        with cProfile.Profile(time.process_time) as seen:
            run(mails)
        seen.dump_stats(profile)
        return
    run(100)  # what is loaded and compiled once
    found = [run(mails) for _ in range(runs)]
    for name in ("ours", "aiosmtplib"):
        every = [one[name] for one in found]
        print(f"{name}: median {statistics.median(every):.2f} ms a mail ({min(every):.2f} to {max(every):.2f})")
    every = [one["aiosmtplib"] / one["ours"] for one in found]
    print(f"aiosmtplib / ours: {statistics.median(every):.2f} ({min(every):.2f} to {max(every):.2f}); aim: 0.5")
    every = [one["first"] for one in found]
    print(f"first mail out: median {statistics.median(every):.3f} s ({min(every):.3f} to {max(every):.3f}); aim: 0.2 s")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
