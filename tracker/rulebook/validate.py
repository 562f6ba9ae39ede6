"""From a document to a model, with every defect at its line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tracker.rulebook.document import Document, Loc, Sink, Spot
from tracker.rulebook.mend import UnreadPlace, mend
from tracker.rulebook.scalars import shape
from tracker.rulebook.suggest import close, suggestion

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
_SHORT = ("too_short", "list_too_short")


#: One round more than any file needs: each goes a level deeper into keys that were put right.
_ROUNDS = 20


def validate(document: Document, model: type[M], sink: Sink) -> M | None:
    """The model, with all that is wrong in the sink; None where nothing of the file can be read.

    With defects it is whole only in form: what could not be read is mended in the document and marked there
    (`mend.py`), so that the rest can be checked against the other files. It must not be used otherwise.
    """
    for _ in range(_ROUNDS):
        keys: dict[int, tuple[str, ...]] = {}
        try:
            return model.model_validate(document.data, context=keys)
        except ValidationError as failure:
            defects = [_Defect.of(document, dict(error), keys) for error in failure.errors(include_url=False)]
        meant = {(*one.spot.parent.loc, one.meant) for one in defects if one.meant}
        for defect in defects:
            # A key that was put right on a guess proves the guess wrong if its value has another form.
            if not (defect.kind == "missing" and defect.spot.loc in meant) and not _guessed(defect):
                _report(defect, sink)
        lacking = (one for one in defects if not (one.kind == "missing" and one.spot.loc in meant))
        if not mend(document, model, (one.fault for one in lacking)):
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Defect:
    """An error of pydantic's with its place in the document. `meant`: the key that an unknown one stands for."""

    error: dict[str, Any]
    spot: Spot
    about_key: bool
    allowed: tuple[str, ...] = ()
    meant: str | None = None

    @classmethod
    def of(cls, document: Document, error: dict[str, Any], keys: dict[int, tuple[str, ...]]) -> _Defect:
        spot, about_key = _spot(document, error["loc"])
        if error["type"] != "extra_forbidden":
            return cls(error, spot, about_key)
        mapping = _at(document.data, spot.parent.loc)
        allowed = keys.get(id(mapping), ())
        meant = close(str(spot.loc[-1]), allowed)
        return cls(error, spot, True, allowed, None if meant in mapping else meant)

    @property
    def kind(self) -> str:
        return str(self.error["type"])

    @property
    def fault(self) -> UnreadPlace:
        path, loc, given = self.error["loc"], self.spot.loc, self.error["input"]
        if self.kind == "extra_forbidden":
            return UnreadPlace("stray", path, loc, given, self.meant)
        if self.about_key:
            return UnreadPlace("key", path, loc, given)
        if self.kind == "missing":
            return UnreadPlace("lacking", path, loc, None)
        return UnreadPlace("short" if self.kind in _SHORT else "value", path, loc, given)


def _guessed(defect: _Defect) -> bool:
    return not defect.about_key and defect.kind != "missing" and defect.spot.renamed


def _report(defect: _Defect, sink: Sink) -> None:
    kind, spot, about_key = defect.kind, defect.spot, defect.about_key
    given, context = defect.error["input"], defect.error.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(spot.loc[-1])
        sink.add(spot, f"unknown key {name!r}{suggestion(name, defect.allowed)}", defect.allowed, key=True)
    elif kind == "missing":
        sink.add(spot.parent, f"missing key {str(spot.loc[-1])!r}", key=_named(spot.parent))
    elif kind == "rule":
        sink.add(spot, context["message"], tuple(context["allowed"]), key=about_key)
    elif kind == "forms":
        sink.add(spot, f"in none of the forms it may have: {_outline(given)}", tuple(defect.error["msg"].split("; ")))
    elif kind == "literal_error":
        words = tuple(re.findall(r"'([^']*)'", context["expected"]))
        what = f"expected one of these words, found {shape(given)}"
        sink.add(spot, what + (suggestion(given, words) if isinstance(given, str) else ""), words, key=about_key)
    elif kind in _SHORT:
        sink.add(spot, f"too few: at least {context['min_length']}")
    elif kind in _EXPECTED:
        sink.add(spot, f"expected {_EXPECTED[kind]}, found {shape(given)}")
    else:
        sink.add(spot, defect.error["msg"])


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
