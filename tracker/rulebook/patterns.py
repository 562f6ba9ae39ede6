"""RE2 patterns in rule files, and the placeholders in them."""

from __future__ import annotations

import re

import re2

from tracker.core.values.message import Message
from tracker.rulebook.refusals import check_text, refuse

_PLACEHOLDER = re.compile(r"\{event\.([a-z][a-z0-9_-]*)\}")
_STRAY = re.compile(r"\{[^\d}]*\}?")


def find_placeholders(pattern: str) -> tuple[str, ...]:
    """The event fields that a pattern uses."""
    return tuple(_PLACEHOLDER.findall(pattern))


def read_pattern(value: str) -> str:
    """A pattern that RE2 takes, with placeholders or without."""
    plain = _PLACEHOLDER.sub("x", check_text(value))
    if stray := _STRAY.search(plain):
        raise refuse(Message("not a placeholder: {value!r}", value=stray[0]), "{event.FIELD}")
    _compiled(value, plain)
    return value


def read_code(value: str) -> str:
    """A dotted path; a pattern where it holds a group."""
    if "(" in check_text(value) and not _compiled(value, value).groups:
        raise refuse(Message("the pattern {value!r} has no group", value=value), "result.code", "<code>(.*?)</code>")
    return value


#: What RE2 says of a pattern, as it says it.
_REFUSALS = (
    Message("missing )"),
    Message("unexpected )"),
    Message("missing ]"),
    Message("invalid character class"),
    Message("invalid character class range"),
    Message("invalid escape sequence"),
    Message("invalid named capture group"),
    Message("invalid perl operator"),
    Message("invalid repetition size"),
    Message("bad repetition operator"),
    Message("no argument for repetition operator"),
    Message("trailing \\"),
)


def _word_refusal(text: str) -> str:
    """What RE2 says of a pattern, in words that have their Chinese if they are known."""
    problem, colon, rest = text.partition(": ")
    known = next((message for message in _REFUSALS if message == problem), problem)
    return Message("{problem}: {rest}", problem=known, rest=rest) if colon else known


def _compiled(value: str, plain: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(plain, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise refuse(
            Message("RE2 refuses the pattern {value!r}: {why}", value=value, why=_word_refusal(shown))
        ) from None
