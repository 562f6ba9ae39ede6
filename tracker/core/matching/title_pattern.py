"""Compares titles with the patterns of rules. A pattern may hold fields of an event: `{event.year}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

from tracker.core.law.duties import Source
from tracker.core.matching.naming import flat, parse_year
from tracker.core.values.facts import Event

_PLACEHOLDER = re.compile(r"\{event\.(\w+)\}")
#: What stands for a field whose value is not known: by its name; any text for others.
_ANY = {"year": r"[^\p{Han}]*"}
_GROUP = re.compile(r"\(([^()]*)\)")
_YEAR_IN_WORDS = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")


def title_matches(source: Source, title: str, event: Event | None = None) -> bool:
    """Return whether the title fits the source's pattern; the event's fields stand in it as plain text."""
    if source.title is None or not uses_event(source):
        return may_match(source.title, title)
    values = tuple(str(event.fields.get(name, "")) if event else "" for name in _event_fields(source.title))
    patterns = _fill_pattern(source.title, values)
    return any(_pattern_occurs(pattern, form) for pattern, form in zip(patterns, _title_forms(title), strict=True))


@lru_cache(maxsize=16384)
def may_match(pattern: str | None, title: str) -> bool:
    """Return whether the title fits the pattern with any text for the event's fields, any number for a year. A missing
    pattern fits any."""
    if pattern is None:
        return True
    compiled = _compile_pattern(_PLACEHOLDER.sub(lambda match: _ANY.get(match[1], ".*"), pattern))
    return any(compiled.search(form) is not None for form in _title_forms(title))


def may_match_flat(pattern: str | None, title: str) -> bool:
    """Return whether the title fits the pattern as it stands or in comparable form.

    The comparable form finds copies of an entry too: they show since when it was published.
    """
    return pattern is None or any(may_match(form, title) for form in dict.fromkeys((pattern, flat(pattern))))


def uses_event(source: Source) -> bool:
    """Return whether the title pattern names fields of the event."""
    return source.title is not None and "{event." in source.title


def names_event(source: Source, event: Event) -> bool:
    """Return whether a title that matches names the event: the pattern uses a field that is filled."""
    return uses_event(source) and any(event.fields.get(name) for name in _event_fields(source.title or ""))


def pattern_zh(pattern: str, event: Event | None = None) -> str:
    """Return the pattern in words, as an office reads it: “水环境”或“水质”; “突发/事件…应对/处置”.

    The event's fields stand in it with their values. Alternatives that hold more than words are left out; "" where
    nothing is left. A group of two is two alternatives: “2026年…预算”或“部门…预算”.
    """
    written = [each for text in _split_alternatives(_fill(pattern, event)) for each in _write_out(text)]
    return "或".join(f"“{text}”" for text in dict.fromkeys(map(_alternative_zh, written)) if text)


def search_words(pattern: str, event: Event | None = None) -> list[str]:
    """Return what to ask a site's search for: of each alternative of the pattern that is plain words the first ones."""
    alternatives = filter(None, map(_alternative_zh, _split_alternatives(_fill(pattern, event))))
    return [" ".join(part.split("/")[0] for part in text.split("…") if part) for text in alternatives]


def _fill(pattern: str, event: Event | None) -> str:
    """Return the pattern with the values of the event's fields."""
    fields = dict(event.fields) if event is not None else {}
    return _PLACEHOLDER.sub(lambda match: str(fields.get(match[1], "")), pattern)


def _write_out(alternative: str) -> list[str]:
    """Return the two texts that an alternative with one group of two stands for; else the alternative alone."""
    groups = _GROUP.findall(alternative)
    if len(groups) != 1 or groups[0].count("|") != 1 or f"({groups[0]})?" in alternative:
        return [alternative]
    return [alternative.replace(f"({groups[0]})", each) for each in groups[0].split("|")]


def _split_alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern; those within brackets stay together."""
    alternatives, depth = [""], 0
    for letter in pattern:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            alternatives.append("")
        else:
            alternatives[-1] += letter
    return alternatives


def _alternative_zh(alternative: str) -> str:
    """Return one alternative in words; "" where it holds more than words."""
    text = re.sub(r"\(([^()]*)\)\?", "", alternative) if ")?" in alternative else alternative
    text = text.replace(".*", "…")
    text = re.sub(r"\(([^()]*)\)", lambda group: group[1].strip("|$").replace("|", "/"), text)
    return text if text.strip("…") and all(letter.isalnum() or letter in "…/" for letter in text) else ""


@lru_cache(maxsize=1024)
def _event_fields(pattern: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.findall(pattern))


@lru_cache(maxsize=4096)
def _fill_pattern(pattern: str, values: tuple[str, ...]) -> tuple[str, str]:
    """Return the pattern with the event's fields filled in, for a title as it stands and for a flattened one."""
    fields = dict(zip(_event_fields(pattern), values, strict=True))

    def fill(form: Callable[[str], str]) -> str:
        return _PLACEHOLDER.sub(lambda match: str(re2.escape(form(fields[match[1]]))), pattern)

    return fill(str), fill(flat)


@lru_cache(maxsize=4096)
def _title_forms(title: str) -> tuple[str, str]:
    """Return the title as it stands, and flattened with its years in digits."""
    return title, _YEAR_IN_WORDS.sub(lambda year: str(parse_year(year[0])), flat(title))


@lru_cache(maxsize=4096)
def _compile_pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


@lru_cache(maxsize=4096)
def _pattern_occurs(pattern: str, title: str) -> bool:
    return _compile_pattern(pattern).search(title) is not None
