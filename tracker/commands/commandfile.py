"""Reads a file of command lines that people enter during a replayed year."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.demo.replay import Command


def read_commands(path: Path, zone: tzinfo) -> list[Command]:
    """The commands of the file, in its order: a line each, the instant and then the words. Raises UsageError."""
    return list(_commands(path, zone))


def _commands(path: Path, zone: tzinfo) -> Iterator[Command]:
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from None
        if not words:
            continue
        at = context.moment(words[0], zone, f"{path}:{number}:")
        if not isinstance(at, datetime):
            raise UsageError(f"{path}:{number}: {words[0]!r}: write an instant as 2015-03-02T09:30, then the command")
        if len(words) == 1:
            raise UsageError(f"{path}:{number}: no command after {words[0]}")
        yield Command(at, tuple(words[1:]))
