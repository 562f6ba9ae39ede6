"""The canonical body of a rulebook: the same rules always give the same text, and so the same hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.law.county import Rulebook

#: Grows when the body's shape changes, so that an old body is never read as a new one.
FORMAT = 3


def canonical_body(rulebook: Rulebook, files: Mapping[str, str]) -> str:
    """JSON of all that was resolved, and the text of the files it came from (before `${VAR}` was filled in)."""
    resolved = {name: _plain(getattr(rulebook, name)) for name in ("county", "duties", "events", "scoring", "circular")}
    body = {"format": FORMAT, "files": dict(files), **resolved}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(body: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def adopted_body(rulebook: Rulebook, body: str) -> str:
    """The canonical body of a rulebook with adoptions, beside the files that `body`, that of the rules alone, names."""
    return canonical_body(rulebook, json.loads(body)["files"])


def _left_out(value: Any, name: str) -> bool:
    """The example's line is a path of this machine, and going live an act, not a rule; without an adoption, rules read
    as they ever did."""
    return name in ("line", "golive", "was_live") or (name == "adoption" and value.adoption is None)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not _left_out(value, field.name)
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, ZoneInfo) else value
