"""Keeps files between the page that shows what they would do and the form that confirms it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.console.forms import UploadedFile

#: How long a file is kept, and how many are: the oldest goes first.
_KEPT, _MOST = timedelta(minutes=30), 8


@dataclass(slots=True)
class UploadShelf:
    """Files in memory by whose they are and their SHA-256, for half an hour; a restart forgets them."""

    _files: OrderedDict[tuple[str, str], tuple[datetime, UploadedFile]] = field(default_factory=OrderedDict)

    def keep(self, login: str, file: UploadedFile, now: datetime) -> str:
        """Keep the file; its SHA-256."""
        digest = hashlib.sha256(file.content).hexdigest()
        self._files.pop((login, digest), None)
        self._files[login, digest] = now, file
        while len(self._files) > _MOST:
            self._files.popitem(last=False)
        return digest

    def find(self, login: str, digest: str, now: datetime) -> UploadedFile | None:
        """The file of that person with that hash; None where it is not kept any more."""
        at, file = self._files.get((login, digest), (None, None))
        return file if at is not None and now - at <= _KEPT else None
