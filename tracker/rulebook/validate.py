"""Reads a document by a model, and reports every error of shape at its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from tracker.core.values.message import Message
from tracker.rulebook.document import Document, Loc, Spot
from tracker.rulebook.refusals import describe, not_a_word
from tracker.rulebook.shape import Mappings, as_model
from tracker.rulebook.suggest import find_similar, suggestion

M = TypeVar("M")

_LIST, _MAPPING = Message("a list"), Message("a mapping")
#: Forms that a value of several forms may have, where they have no key.
_FORMS = {"a name": Message("a name"), "a list": _LIST}
_EXPECTED = {
    "string_type": Message("a text"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dataclass_type": _MAPPING,
}
_SHORT = ("too_short", "list_too_short")
#: The allowed keys of each mapping that a model reads.
Keys = dict[Loc, tuple[str, ...]]


def validate(document: Document, kind: type[M]) -> M | None:
    """A model, or a dataclass with keys, of all that has the right shape. None where too little has it.

    Errors are reported. A named entry with an error is left out whole, so that the meaning of the others can still be
    checked; see `_entry`.
    """
    if not document.is_read:
        return None
    model = as_model(kind)
    assert model is not None
    wrong, reported = set(document.reported), False
    while True:
        keys: Keys = {}
        spots = dict(_mappings(document.data, Spot(document)))
        try:
            result = model.model_validate(document.data, context=Mappings(spots, keys))
        except ValidationError as failure:
            errors = failure.errors(include_url=False)
            wrong |= {_find_spot(document, error["loc"])[0].loc for error in errors}
            if not reported:
                _report_all(errors, document, keys)
        else:
            if not wrong:
                return result if isinstance(result, kind) else kind(**dict(result))
        reported = True
        entries = {_entry(document, loc, keys) for loc in wrong}
        wrong.clear()
        for loc in sorted(entries, key=_sort_key, reverse=True):
            if not any(loc[:length] in entries for length in range(len(loc))) and not _leave_out(document, loc):
                return None


def _mappings(value: Any, spot: Spot) -> Iterator[tuple[int, Spot]]:
    """The identity of each mapping in a value, and its place."""
    if isinstance(value, dict):
        yield id(value), spot
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from _mappings(inner, spot / step)


def _entry(document: Document, loc: Loc, keys: Keys) -> Loc:
    """What to leave out for an error at `loc`: an item of a list that is the value of a key of the file, else the
    innermost entry of a mapping by names, else the whole key of the file."""
    entry, value = loc[:1], document.data
    for depth, step in enumerate(loc):
        if isinstance(value, list):
            return loc[:2] if depth == 1 else entry
        if not isinstance(value, dict):
            break
        if loc[:depth] not in keys:
            entry = loc[: depth + 1]
        value = value.get(step)
    return entry


def _sort_key(loc: Loc) -> list[tuple[str, int]]:
    return [(step, 0) if isinstance(step, str) else ("", step) for step in loc]


def _leave_out(document: Document, loc: Loc) -> bool:
    """Remove the entry; False where there is none, or only the whole file."""
    container = document.value(loc[:-1])
    if not loc or not (isinstance(container, list) or (isinstance(container, dict) and loc[-1] in container)):
        return False
    document.leave_out(loc)
    return True


def _report_all(errors: list[Any], document: Document, keys: Keys) -> None:
    misspelt = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *mapping, name = _find_spot(document, error["loc"])[0].loc
            misspelt.add((*mapping, find_similar(str(name), keys.get(tuple(mapping), ()))))
    for error in errors:
        spot, about_key = _find_spot(document, error["loc"])
        # A key that is misspelt is not missing, too.
        is_misspelt = error["type"] == "missing" and spot.loc in misspelt
        is_reported = any(spot.loc[:length] in document.reported for length in range(len(spot.loc) + 1))
        if about_key and spot.loc:
            document.left_out.add((*spot.loc[:-1], None))
        if not is_misspelt and not is_reported:
            _report(error, spot, about_key, keys)


def _report(error: Any, spot: Spot, about_key: bool, keys: Keys) -> None:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        name, allowed = str(spot.loc[-1]), keys.get(spot.loc[:-1], ())
        spot.report(
            Message("unknown key {name!r}{suggestion}", name=name, suggestion=suggestion(name, allowed)),
            allowed,
            key=True,
        )
    elif kind == "missing":
        # Shown at its parent's name; an item of a list has none.
        named = len(spot.loc) > 1 and isinstance(spot.loc[-2], str)
        spot.parent.report(Message("missing key {name!r}", name=str(spot.loc[-1])), key=named)
    elif kind == "rule":
        spot.report(context["message"], tuple(context["allowed"]), key=about_key)
    elif kind == "forms":
        spot.report(
            Message("in none of the forms it may have: {outline}", outline=_outline(given)),
            tuple(_FORMS.get(form, form) for form in error["msg"].split("; ")),
        )
    elif kind == "literal_error":
        words = tuple(re.findall(r"'([^']*)'", context["expected"]))
        spot.report(not_a_word(given, words), words, key=about_key)
    elif kind in _SHORT:
        spot.report(Message("too few: at least {least}", least=context["min_length"]))
    elif kind in _EXPECTED:
        spot.report(Message("expected {what}, found {given}", what=_EXPECTED[kind], given=describe(given)))
    else:
        spot.report(Message(error["msg"]))


def _outline(given: Any) -> str:
    if isinstance(given, dict) and given:
        return Message("a mapping of {names}", names=", ".join(map(repr, given)))
    return describe(given)


def _find_spot(document: Document, loc: Loc) -> tuple[Spot, bool]:
    """The place of an error, and whether it is about the key.

    pydantic's path holds tags of unions (`<within>`), and `[key]` for a key itself.
    """
    steps: Loc = ()
    value: Any = document.data
    for step in loc:
        is_key = isinstance(value, dict) and step in value  # a key may look like a tag: `<<`
        if is_key or not (isinstance(step, str) and step.startswith("<")):
            steps = (*steps, step)
            value = value[step] if is_key or (isinstance(value, list) and isinstance(step, int)) else None
    if steps and steps[-1] == "[key]":
        return Spot(document, steps[:-1]), True
    return Spot(document, steps), False
