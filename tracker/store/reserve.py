"""Reserves disk space beside a SQLite database for recording sent messages; not for a server, whose disk is remote."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from tracker.core.values.message import Message
from tracker.store.engine import Store, StoreError

#: Bytes to reserve, in addition to those that the messages being sent need.
SIZE = 8_000_000
_BLOCK = 1_000_000


class NoRoomError(StoreError):
    """The disk has no room for recording messages; the text says where and how many bytes are needed."""


class Reserve:
    """A file that is written before sending and deleted when space is needed. Its random bytes cannot be compressed."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """The number of bytes reserved now."""
        try:
            return self.path.stat().st_size if self.path is not None else 0
        except OSError:
            return 0

    def is_filled(self, more: int = 0) -> bool:
        """Whether `SIZE` and `more` bytes are reserved; always true where there is no reserve."""
        return self.path is None or self.size >= SIZE + more

    def describe_shortage(self) -> str:
        """The lack of disk space in words; "" where the space is reserved or can be."""
        if self.path is None or self.is_filled():
            return ""
        free = shutil.disk_usage(self.path.parent).free
        if free >= SIZE:
            return ""
        return Message(
            "{free:.1f} MB free in {folder}, {size:.0f} MB are wanted: no mail leaves until there is room",
            free=free / 1_000_000,
            folder=self.path.parent,
            size=SIZE / 1_000_000,
        )

    def fill(self, more: int = 0) -> None:
        """Reserve `SIZE` and `more` bytes. Raises NoRoomError, with nothing reserved then."""
        if self.path is None or self.is_filled(more):
            return
        try:
            _write(self.path, SIZE + more)
        except OSError as error:
            self.release()
            size = f"{(SIZE + more) / 1_000_000:.0f} MB"
            text = f"no room for {size} in {self.path.parent} ({error.strerror}): make room on this disk"
            raise NoRoomError(text) from error

    def release(self) -> None:
        """Delete the reserve, for a record that needs the space."""
        if self.path is not None:
            with contextlib.suppress(OSError):
                self.path.unlink()


def get_reserve(store: Store) -> Reserve:
    """The reserve of a database; without a file for a server's and for a throw-away database."""
    if not store.sqlite or not store.durable:
        return Reserve(None)
    return Reserve(Path(f"{store.url.database}-reserve").absolute())


def _write(path: Path, size: int) -> None:
    """Fill the file up to `size` bytes and sync it to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        at = os.fstat(handle).st_size
        while at < size:
            at += os.pwrite(handle, os.urandom(min(_BLOCK, size - at)), at)
        os.fsync(handle)
    finally:
        os.close(handle)
