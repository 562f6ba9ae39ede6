"""Refusals of single values in our own words, and the validators that make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tracker.core.values.message import Message
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")


def refuse(message: Message, *allowed: str) -> PydanticCustomError:
    """An error in our own words, for pydantic to carry to where the place is known."""
    return PydanticCustomError("rule", "{message}", {"message": message, "allowed": list(allowed)})


def describe(value: object) -> str:
    """What a wrong value is, for messages."""
    kinds = {dict: Message("a mapping"), list: Message("a list"), type(None): Message("nothing")}
    return kinds.get(type(value), repr(value))


def not_a_word(value: object, words: Sequence[str]) -> Message:
    """The message for a value that is none of these words."""
    similar = suggestion(value, words) if isinstance(value, str) else ""
    return Message("expected one of these words, found {given}{suggestion}", given=describe(value), suggestion=similar)


def scalar(parse: Callable[[str], T], what: Message) -> BeforeValidator:
    """A validator that parses texts; a value that is parsed already passes."""

    def validate(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if value is None or isinstance(value, dict | list):
            raise refuse(Message("expected {what}, found {given}", what=what, given=describe(value)))
        return value

    # The reference names the type by it.
    validate.__doc__ = what
    return BeforeValidator(validate)


def matching(pattern: str, make: Callable[[re.Match[str]], T], complaint: Message, *allowed: str) -> Callable[[str], T]:
    """A parser of texts that match the pattern as a whole; any other is refused with the complaint."""

    def parse(value: str) -> T:
        if (match := re.fullmatch(pattern, value)) is None:
            raise refuse(Message(complaint.template, value=value), *allowed)
        return make(match)

    return parse


def str_of(match: re.Match[str]) -> str:
    """The whole of a match."""
    return match[0]


def schema(kind: str | list[str] = "string", **more: Any) -> WithJsonSchema:
    """The JSON Schema of a scalar."""
    return WithJsonSchema({"type": kind, **more})


def check_text(value: str) -> str:
    """A text that is not empty."""
    if not value.strip():
        raise refuse(Message("an empty text"))
    return value
