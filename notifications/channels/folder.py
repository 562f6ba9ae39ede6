"""Mails as `.eml` files in a folder: for trying out, and for offices that send by hand."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult

#: After so long half a mail is nobody's any more: one is written in far less.
_ABANDONED = timedelta(hours=1)


class FolderChannel:
    """One file a message, named by its instant and id: a repeat overwrites itself.

    `now`: half a mail that a killed process left an hour before is removed.
    """

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self.folder = folder
        if now is not None:
            self._sweep((now - _ABANDONED).timestamp())

    def _sweep(self, before: float) -> None:
        for part in self.folder.glob("*.part"):
            with contextlib.suppress(OSError):  # another process was quicker
                if part.stat().st_mtime < before:
                    part.unlink()

    async def send(self, message: Outgoing) -> SendResult:
        path = self.folder / f"{message.frozen_at:%Y%m%dT%H%M%S}-{message.id[:13]}.eml"
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(message.body)
            os.replace(part, path)
        except OSError as error:
            with contextlib.suppress(OSError):  # half a mail takes room that the next one may need
                part.unlink()
            return SendResult(False, str(error), retry=True, down=True)
        return SendResult(True, f"written to {path}")

    async def close(self) -> None:
        """Nothing is held."""
