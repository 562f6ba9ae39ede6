"""What requests share while the pages are served; a restart forgets it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.console.kept import CountedMatters
from tracker.console.limiter import Limiter
from tracker.console.typed import TypedForms
from tracker.console.uploads import UploadShelf
from tracker.reports.sums import KeptCounts

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shared:
    """`checks`: addresses looked at for one matter, whoever names them; `looks`: at one address, by whoever compares
    it; `verifying`: the journal is verified for one person at a time, as it reads every row; `printing`: one PDF at
    a time is made, by a program that takes as much memory as the daemon; `counted`: what pages count of all matters
    of a county; `sums`: the numbers of each county of a region; `typed`: forms that were sent when their session was
    over."""

    checks: Limiter = field(default_factory=lambda: Limiter(20, _HOUR))
    looks: Limiter = field(default_factory=lambda: Limiter(12, _HOUR))
    uploads: UploadShelf = field(default_factory=UploadShelf)
    typed: TypedForms = field(default_factory=TypedForms)
    counted: CountedMatters = field(default_factory=CountedMatters)
    sums: KeptCounts = field(default_factory=KeptCounts)
    verifying: threading.Lock = field(default_factory=threading.Lock)
    printing: threading.Lock = field(default_factory=threading.Lock)
