"""Defines what a register answers: the error where it refuses an entry, and the result where it accepts one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from tracker.core.values.message import Message, MessageError
from tracker.core.values.near import find_near

if TYPE_CHECKING:
    from tracker.core.law.county import County, Department

T = TypeVar("T")


class RegisterError(MessageError):
    """An entry is refused; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Registered(Generic[T]):
    """The result of an entry. `changed` False: the same was on record before and nothing was written."""

    value: T
    changed: bool
    message: Message


def suggest_names(name: str, allowed: Iterable[str]) -> Message:
    """A hint for an unknown name: the allowed names that come close, else all of them, or their number above 40."""
    known = sorted(allowed)
    near = find_near(name, known)
    if near:
        return Message("did you mean {names}?", names=", ".join(near))
    if len(known) > 40:
        return Message("there are {count}", count=len(known))
    return Message("known: {names}", names=", ".join(known) or Message("none"))


def suggest_departments(name: str, county: County) -> Message:
    """A hint for a department that is not known by that name: those whose id, name or alias comes close, else all."""
    called = {word: one for one in county.departments.values() for word in (one.id, *one.names)}
    near = list(dict.fromkeys(_shown(called[word]) for word in find_near(name, called)))
    if near:
        return Message("did you mean {names}?", names=", ".join(near))
    return Message("one of: {names}", names=", ".join(county.departments))


def _shown(department: Department) -> str:
    return department.id if department.name == department.id else f"{department.name} ({department.id})"
