"""From a document to a model, with every defect at its line and column."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tracker.rulebook.document import Document, Loc, Sink, Spot
from tracker.rulebook.scalars import shape
from tracker.rulebook.suggest import suggestion

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "string_type": "a text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
}


def validate(document: Document, model: type[M], sink: Sink) -> M | None:
    """The model, or None with all that is wrong in the sink."""
    keys: dict[int, tuple[str, ...]] = {}
    try:
        return model.model_validate(document.data, context=keys)
    except ValidationError as failure:
        for error in failure.errors(include_url=False):
            _report(document, dict(error), keys, sink)
        return None


def _report(document: Document, error: dict[str, Any], keys: dict[int, tuple[str, ...]], sink: Sink) -> None:
    kind, given = error["type"], error["input"]
    spot, about_key = _spot(document, error["loc"])
    if spot.loc in document.unset:
        return
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(spot.loc[-1])
        allowed = keys.get(id(_at(document.data, spot.parent.loc)), ())
        sink.add(spot, f"unknown key {name!r}{suggestion(name, allowed)}", allowed, key=True)
    elif kind == "missing":
        sink.add(spot.parent, f"missing key {str(spot.loc[-1])!r}", key=_named(spot.parent))
    elif kind == "rule":
        sink.add(spot, context["message"], tuple(context["allowed"]), key=about_key)
    elif kind == "forms":
        sink.add(spot, f"in none of the forms it may have: {_outline(given)}", tuple(error["msg"].split("; ")))
    elif kind == "literal_error":
        words = tuple(re.findall(r"'([^']*)'", context["expected"]))
        what = f"expected one of these words, found {shape(given)}"
        sink.add(spot, what + (suggestion(given, words) if isinstance(given, str) else ""), words, key=about_key)
    elif kind in ("too_short", "list_too_short"):
        sink.add(spot, f"too few: at least {context['min_length']}")
    elif kind in _EXPECTED:
        sink.add(spot, f"expected {_EXPECTED[kind]}, found {shape(given)}")
    else:
        sink.add(spot, error["msg"])


def _outline(given: Any) -> str:
    return f"a mapping of {', '.join(map(repr, given))}" if isinstance(given, dict) and given else shape(given)


def _named(spot: Spot) -> bool:
    """Whether a missing key is best shown at its parent's name; an item of a list has none."""
    return bool(spot.loc) and isinstance(spot.loc[-1], str)


def _spot(document: Document, loc: Loc) -> tuple[Spot, bool]:
    """Where pydantic means: its path holds tags of unions (`<within>`) and `[key]` for a key itself."""
    steps: Loc = ()
    here: Any = document.data
    for step in loc:
        key = isinstance(here, dict) and step in here  # a key may look like a tag: `<<`
        if key or not (isinstance(step, str) and step.startswith("<")):
            steps = (*steps, step)
            here = here[step] if key or (isinstance(here, list) and isinstance(step, int)) else None
    if steps and steps[-1] == "[key]":
        return Spot(document, steps[:-1]), True
    return Spot(document, steps), False


def _at(data: Any, loc: Loc) -> Any:
    for step in loc:
        data = data[step]
    return data
