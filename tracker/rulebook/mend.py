"""Sets aside what could not be read of a document, piece by piece, so that the rest can be checked in the same go.

A value gets a stand-in and becomes a hole. A key that is misspelt moves to the name that was meant, with all it
holds; a key that belongs nowhere is taken out and leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from tracker.rulebook.document import Document, Loc
from tracker.rulebook.standins import UNREAD, form_at, name_like, stand_in
from tracker.rulebook.suggest import nearest


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """A place that could not be read. `path`: pydantic's way to it; `loc`: the document's; `given`: what is there.

    `kind`: `value`, a `lacking` or `short` one, a `key` of the wrong form, or a `stray` key, which no form has;
    `meant`: the key that a stray one stands for, if any.
    """

    kind: Literal["value", "lacking", "short", "key", "stray"]
    path: Loc
    loc: Loc
    given: Any
    meant: str | None = None


def mend(document: Document, model: type[BaseModel], faults: Iterable[UnreadPlace]) -> bool:
    """Set the faults aside; False where the file as a whole cannot be read."""
    faults = list(faults)
    if any(fault.loc == () for fault in faults):
        return False
    for fault in faults:
        if fault.kind in ("value", "lacking", "short"):
            _fill(document, model, fault)
    # Keys last and from the inside out: the places of all other faults go by the old names.
    for fault in sorted(faults, key=lambda one: -len(one.loc)):
        if fault.kind == "stray" and fault.meant and fault.meant not in _at(document.data, fault.loc[:-1]):
            _rename(document, fault.loc, fault.meant)
        elif fault.kind == "stray":
            _take_out(document, fault.loc)
        elif fault.kind == "key":
            _rename_or_take_out(document, model, fault)
    return True


def _fill(document: Document, model: type[BaseModel], fault: UnreadPlace) -> None:
    parent = _at(document.data, fault.loc[:-1])
    filled = stand_in(form_at(model, fault.path), fault.given)
    parent[fault.loc[-1]] = filled
    if fault.kind == "short" and fault.given:
        # What is there stays; only what was added is a hole.
        document.holes |= {(*fault.loc, index) for index in range(len(fault.given), len(filled))}
    else:
        document.holes.add(fault.loc)


def _rename_or_take_out(document: Document, model: type[BaseModel], fault: UnreadPlace) -> None:
    form = form_at(model, fault.path)
    if get_origin(form.annotation) is Literal:
        meant = nearest(fault.loc[-1], get_args(form.annotation))
    else:
        meant = name_like(fault.loc[-1])
    taken = _at(document.data, fault.loc[:-1])
    if meant == UNREAD:
        meant = next(name for number in range(1, len(taken) + 2) if (name := f"{UNREAD}-{number}") not in taken)
    if meant is None or meant in taken:
        _take_out(document, fault.loc)
    else:
        _rename(document, fault.loc, meant)


def _take_out(document: Document, loc: Loc) -> None:
    del _at(document.data, loc[:-1])[loc[-1]]
    document.gaps.add(loc[:-1])


def _rename(document: Document, loc: Loc, name: str) -> None:
    parent = _at(document.data, loc[:-1])
    entries = [(name if key == loc[-1] else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(entries)
    new = (*loc[:-1], name)
    for places in (document.values, document.keys):
        places |= {(*new, *one[len(loc) :]): place for one, place in places.items() if one[: len(loc)] == loc}
    for marks in (document.holes, document.gaps, document.renamed):
        marks |= {(*new, *one[len(loc) :]) for one in marks if one[: len(loc)] == loc}
    document.renamed.add(new)


def _at(data: Any, loc: Loc) -> Any:
    for step in loc:
        data = data[step]
    return data
