"""A network of its own for a process of a test, as on another machine, and a cable to it that can be cut.

Nothing tells either end of the cut: frames go to an address that nobody has. It needs root and `ip`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

IS_POSSIBLE = os.geteuid() == 0 and shutil.which("ip") is not None
_NOBODY = "02:00:00:00:00:99"


@dataclass(frozen=True, slots=True)
class Cable:
    """`here`, `there`: the addresses of its ends; there lies the namespace `name`."""

    name: str
    here: str
    there: str

    def cut(self) -> None:
        for end in self._ends():
            _ip(*end, "lladdr", _NOBODY, "nud", "permanent", verb="replace")

    def mend(self) -> None:
        for end in self._ends():
            _ip(*end, verb="del")

    def _ends(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """For each end the namespace, the other's address and the device."""
        return ("", self.there, "dev", f"{self.name}a"), (self.name, self.here, "dev", f"{self.name}b")


def _ip(namespace: str, *words: str, verb: str) -> None:
    _run(*(("-n", namespace) if namespace else ()), "neigh", verb, *words)


def _run(*words: str) -> None:
    subprocess.run(("ip", *words), check=True)


@contextmanager
def cable() -> Iterator[Cable]:
    number = os.getpid() % 16_000  # its four addresses lie in 198.18.0.0/16, which is for tests of networks
    high, low = divmod(4 * number, 256)
    one = Cable(f"duban{number}", f"198.18.{high}.{low + 1}", f"198.18.{high}.{low + 2}")
    near, far = f"{one.name}a", f"{one.name}b"
    _run("netns", "add", one.name)
    try:
        _run("link", "add", near, "type", "veth", "peer", "name", far, "netns", one.name)
        for inside, address, device in (((), one.here, near), (("-n", one.name), one.there, far)):
            _run(*inside, "address", "add", f"{address}/30", "dev", device)
            _run(*inside, "link", "set", device, "up")
        yield one
    finally:
        _run("netns", "del", one.name)
