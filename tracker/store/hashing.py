"""The canonical bytes of a journal row, and their hash. docs/journal.md says the same for anybody to check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

#: The form in which rows are hashed: netstrings. Form 1 was used before the first version and is no longer read.
FORM = 2


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, characters as they are. None gives ""."""
    return "" if value is None else _JSON.encode(value)


def _text(value: object) -> str:
    """What JSON does not know: dates and enums by their own text."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(form: int, height: int, texts: Sequence[bytes], origin: bytes, previous: bytes) -> str:
    """The hash of a row. `texts`: county, at, who, action, subject, before, after, reason, in UTF-8.

    Raises ValueError for any other form than `FORM`.
    """
    county, at, *rest = texts
    if form != FORM:
        raise ValueError(f"no row has the form {form}")
    parts = (b"%d" % form, county, b"%d" % height, at, *rest, origin, previous)
    return hashlib.sha256(b"".join([b"%d:%b," % (len(one), one) for one in parts])).hexdigest()
