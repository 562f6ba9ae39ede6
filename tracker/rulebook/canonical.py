"""The canonical body of a rulebook: the same rules always give the same text, and so the same hash; and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracker.core.law.county import Rulebook
from tracker.core.values.lexicon import Lexicon

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: Grows when the body's shape changes, the name of a field included: an old body is never read as a new one.
FORMAT = 4
_PARTS = ("county", "duties", "events", "scoring", "circular")
#: Parts that a body has only where the county sets them: bodies of earlier versions know nothing of them.
_OPTIONAL = ("report",)
#: Fields that a body has only where a rule says something there, for the same reason.
_ADDED = {
    "County": ("secrecy_review", "searches"),
    "SiteColumn": ("list_rule",),
    "Source": ("deed",),
    "EventRule": ("move", "deed", "lapse", "of", "unless", "where", "choices", "next_day", "basis"),
    "Within": ("extended_by", "where", "stops", "until", "clock_rules"),
    "Example": ("facts", "extended"),
    "ReportRules": ("week",),
}
#: Fields that no body has.
_LEFT_OUT = ("line", "golive", "was_live", "grounds", "division")
#: The default of a field that every body has.
_ALWAYS = object()


def build_body(rulebook: Rulebook, files: Mapping[str, str]) -> str:
    """JSON of all that was resolved, and the text of the files it came from (before `${VAR}` was filled in)."""
    names = (*_PARTS, *(name for name in _OPTIONAL if getattr(rulebook, name) is not None))
    body = {"format": FORMAT, "files": dict(files), **{name: _plain(getattr(rulebook, name)) for name in names}}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(body: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def build_adopted_body(rulebook: Rulebook, body: str) -> str:
    """The canonical body of a rulebook with adoptions; the files are those that `body`, of the rules alone, names."""
    return build_body(rulebook, json.loads(body)["files"])


def restore_rulebook(body: str, digest: str) -> Rulebook:
    """The rulebook that the body describes, without what only deciding needs: the examples and the words of titles.

    Raises ValueError where another version of duban has written it in another shape.
    """
    stored = json.loads(body)
    if stored["format"] != FORMAT:
        raise ValueError(f"rulebook {digest[:12]} is stored in format {stored['format']}, this version reads {FORMAT}")
    stored["county"]["lexicon"] = None
    for duty in stored["duties"]:
        duty["examples"] = []
    names = (*_PARTS, *(name for name in _OPTIONAL if name in stored))
    restored = _adapter().validate_python({name: stored[name] for name in names})
    return replace(restored, duties=tuple(restored.duties), digest=digest)


@cache
def _adapter() -> TypeAdapter[Rulebook]:
    from pydantic import TypeAdapter  # slow to import, and needed for the past alone

    return TypeAdapter(Rulebook)


@cache
def _fields_of(kind: type) -> tuple[tuple[str, Any], ...] | None:
    """The fields of a dataclass that a body has, each with the value with which it leaves it out; None for others.

    The example's line is a path of this machine, going live and what a decision rests on are acts, not rules, and by a
    county's division nothing is decided; without an adoption or what was added later, rules read as they ever did.
    """
    if not is_dataclass(kind):
        return None
    optional = ("adoption", "issued_assumed", *_ADDED.get(kind.__name__, ()))
    kept = (field for field in fields(kind) if field.name not in _LEFT_OUT)
    return tuple((field.name, field.default if field.name in optional else _ALWAYS) for field in kept)


def _is_left_out(value: Any, default: Any) -> bool:
    """Whether the body has no such field: it has its default, or is as empty as that."""
    return default is not _ALWAYS and (value == default or not (value or default is True))


def _plain(value: Any) -> Any:
    """The value as JSON has it; of the lexicon a hash, which changes with its words."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Lexicon):
        return digest_of(repr(astuple(value)))
    if (names := _fields_of(value.__class__)) is not None:
        parts = ((name, getattr(value, name), default) for name, default in names)
        return {name: _plain(part) for name, part, default in parts if not _is_left_out(part, default)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, ZoneInfo) else value
