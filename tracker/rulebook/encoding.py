"""Compiled rules as JSON and back: frozen dataclasses, tuples, mappings and the plain values in them.

Every value that JSON does not know is a list that begins with its kind. A dataclass begins with the number of its
class, whose module and name stand once at the head of the document. No text of a secret is written: only what stands in
the file, from which it is filled in again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tracker.core.law.workdays import Calendar
from tracker.rulebook.secrets import Secret
from tracker.rulebook.variables import filled, unset_in

#: No class of another package is ever made of what stands in a document.
_HOMES = ("tracker.core.", "tracker.rulebook.")
_PLAIN = (str, int, float, bool, type(None))


class StaleError(ValueError):
    """A document does not hold under this environment, or is none of ours."""


def encode(value: Any) -> dict[str, Any]:
    """The document of a value. Raises TypeError where a value of some kind cannot be written."""
    writer = _Writer()
    body = writer.node(value)
    return {"classes": [f"{kind.__module__}:{kind.__qualname__}" for kind in writer.classes], "value": body}


def decode(document: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    """The value of a document, with its secrets filled in from the environment.

    Raises StaleError where a secret is set, empty, short or an address, and was not when the document was written, or
    the other way round: then the files have to be checked again.
    """
    return _Decoder(document["classes"], environ).value(document["value"])


class _Writer:
    def __init__(self) -> None:
        self.classes: dict[type, int] = {}

    def node(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple:
            return ["tuple", *map(self.node, value)]
        if isinstance(value, Mapping):
            return ["dict", *(self.node(part) for pair in value.items() for part in pair)]
        if kind is frozenset:
            return ["set", *sorted(map(self.node, value), key=repr)]
        if kind is Secret:
            return ["secret", value.source, self.node(value.unset), list(value.form)]
        if is_dataclass(value):
            number = self.classes.setdefault(kind, len(self.classes))
            return [number, *(self.node(getattr(value, each.name)) for each in fields(value))]
        return _written(kind, value)


def _written(kind: type, value: Any) -> list[Any]:
    if kind in (date, time):
        return [kind.__name__, value.isoformat()]
    if kind is datetime and isinstance(value.tzinfo, ZoneInfo | None):
        zone = value.tzinfo.key if value.tzinfo else None
        return ["datetime", value.replace(tzinfo=None).isoformat(), zone, value.fold]
    if kind is timedelta:
        return ["timedelta", value.days, value.seconds, value.microseconds]
    if kind is ZoneInfo:
        return ["zone", value.key]
    if kind is Calendar:
        return ["calendar", value.body]
    if isinstance(value, Path):
        return ["path", str(value)]
    raise TypeError(f"a value of {kind} cannot be written")


class _Decoder:
    def __init__(self, classes: list[str], environ: Mapping[str, str]) -> None:
        self.classes = [_class_of(name) for name in classes]
        self.environ = environ
        self.made: dict[str, Callable[..., Any]] = {
            "tuple": lambda *parts: tuple(map(self.value, parts)),
            "dict": self._mapping,
            "set": lambda *parts: frozenset(map(self.value, parts)),
            "secret": self._secret,
            "date": date.fromisoformat,
            "time": time.fromisoformat,
            "datetime": _datetime,
            "timedelta": timedelta,
            "zone": ZoneInfo,
            "calendar": Calendar.from_body,
            "path": Path,
        }

    def value(self, node: Any) -> Any:
        if type(node) is not list:
            return node
        kind, *parts = node
        if type(kind) is int:
            made, names = self.classes[kind]
            return made(**dict(zip(names, map(self.value, parts), strict=True)))
        return self.made[kind](*parts)

    def _mapping(self, *parts: Any) -> dict[Any, Any]:
        return dict(zip(map(self.value, parts[::2]), map(self.value, parts[1::2]), strict=True))

    def _secret(self, source: str, unset: Any, form: list[bool]) -> Secret:
        lacks = bool(unset_in(source, self.environ))
        secret = Secret("" if lacks else filled(source, self.environ), self.value(unset), source)
        if list(secret.form) != form or lacks != (secret.unset is not None):
            raise StaleError("a secret has another form")
        return secret


def _class_of(name: str) -> tuple[Any, list[str]]:
    module, _, attribute = name.partition(":")
    if not module.startswith(_HOMES):
        raise StaleError(f"{name} is no class of rules")
    found = getattr(import_module(module), attribute, None)
    if not (isinstance(found, type) and is_dataclass(found)):
        raise StaleError(f"{name} is no class of rules")
    return found, [each.name for each in fields(found)]


def _datetime(text: str, zone: str | None, fold: int) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone) if zone else None, fold=fold)
