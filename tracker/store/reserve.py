"""Disk space beside a SQLite database, kept free for recording what was sent. A server's disk is not visible here."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from tracker.store.engine import Store, StoreError

#: Bytes that are kept free, beside those that the messages under way need.
SIZE = 8_000_000
_BLOCK = 1_000_000


class NoRoomError(StoreError):
    """The disk has no room for recording what would be sent; the message says where and how much is wanted."""


class Reserve:
    """A file of random bytes, which no file system compresses: written before sending, deleted when room is needed."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """Bytes reserved now."""
        try:
            return self.path.stat().st_size if self.path is not None else 0
        except OSError:
            return 0

    def holds(self, more: int = 0) -> bool:
        """Whether `SIZE` and `more` bytes are reserved; always where nothing can be."""
        return self.path is None or self.size >= SIZE + more

    def shortage(self) -> str:
        """What is wrong with the disk, in words; "" where the space is reserved or could be."""
        if self.path is None or self.holds():
            return ""
        free = shutil.disk_usage(self.path.parent).free
        text = f"{free / 1_000_000:.1f} MB free in {self.path.parent}, {SIZE / 1_000_000:.0f} MB are wanted"
        return f"{text}: no mail leaves until there is room" if free < SIZE else ""

    def hold(self, more: int = 0) -> None:
        """Reserve `SIZE` and `more` bytes. Raises NoRoomError and then keeps nothing reserved."""
        if self.path is None or self.holds(more):
            return
        try:
            _write(self.path, SIZE + more)
        except OSError as error:
            self.spend()
            wanted = f"{(SIZE + more) / 1_000_000:.0f} MB"
            text = f"no room for {wanted} in {self.path.parent} ({error.strerror}): make room on this disk"
            raise NoRoomError(text) from error

    def spend(self) -> None:
        """Give the reserved space back, for a record that needs it."""
        if self.path is not None:
            with contextlib.suppress(OSError):
                self.path.unlink()


def get_reserve(store: Store) -> Reserve:
    """The reserve of a database: none for a server's, and none for one that is thrown away."""
    if not store.sqlite or not store.durable:
        return Reserve(None)
    return Reserve(Path(f"{store.url.database}-reserve").absolute())


def _write(path: Path, size: int) -> None:
    """Fill the file up to `size` bytes, through to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        at = os.fstat(handle).st_size
        while at < size:
            at += os.pwrite(handle, os.urandom(min(_BLOCK, size - at)), at)
        os.fsync(handle)
    finally:
        os.close(handle)
