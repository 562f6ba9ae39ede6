"""Keeps the log-ins at the identity provider that were begun and have not come back."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.console.oidc import Question
from tracker.registers.passwords import digest_of, make_token

#: How long one may take, and how many are kept: the oldest goes first.
LASTS, _MOST = timedelta(minutes=10), 10_000


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A log-in that was begun. `follow`: the page after it; `login`: whom the provider named, where only the code of
    the second factor is missing."""

    begun_at: datetime
    question: Question
    follow: str
    login: str = ""


@dataclass(slots=True)
class PendingSignIns:
    """They lie in memory under the hash of a key that one browser alone has; each comes back once."""

    _pending: OrderedDict[str, PendingSignIn] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, pending: PendingSignIn) -> str:
        """Keep it; the key for the browser's cookie."""
        key = make_token()
        with self._lock:
            self._pending[digest_of(key)] = pending
            while len(self._pending) > _MOST:
                self._pending.popitem(last=False)
        return key

    def take(self, key: str, state: str, now: datetime) -> PendingSignIn | None:
        """The log-in of that browser, which is over with this; None where it has none with that state any more."""
        with self._lock:
            found = self._pending.get(digest_of(key))
            if found is None or not hmac.compare_digest(found.question.state.encode(), state.encode()):
                return None
            del self._pending[digest_of(key)]
        return found if timedelta(0) <= now - found.begun_at < LASTS else None
