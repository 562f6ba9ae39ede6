"""Builds what the entries of a part must contain, and makes parts of the kinds that `cover` asks for by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.core.law.duties import Contents, Item, Part
from tracker.core.values.message import Message
from tracker.rulebook.cells import MergedPiece
from tracker.rulebook.pack_model import DutyModel, EachModel, KindsModel, PartModel, WordsModel
from tracker.rulebook.readings import DeadlineResolver


def find_contents(duty: DutyModel, piece: DutyModel | PartModel) -> object:
    """The contents of a part as written there, else those of its duty."""
    return duty.contents if piece.contents is None else piece.contents


def build_contents(form: object) -> Contents:
    """The contents that the form asks for; without a form, nothing is asked for."""
    if form is None:
        return Contents()
    if isinstance(form, KindsModel):
        return Contents("kinds", tuple(map(_build_item, form.items)))
    if isinstance(form, EachModel):
        return Contents("each", tuple(map(_build_item, form.each)))
    assert isinstance(form, list)
    return Contents("all", tuple(map(_build_item, form)))


def _build_item(form: object) -> Item:
    if isinstance(form, str):
        return Item((form,))
    if isinstance(form, WordsModel):
        return Item(tuple(form.any), form.advisory, form.number)
    return Item((), form.advisory, None, form.names)  # type: ignore[attr-defined]


def unroll_kinds(
    duty: DutyModel, proof: MergedPiece, part: Part, form: object, resolver: DeadlineResolver
) -> Iterator[tuple[MergedPiece, Part]]:
    """A part for each kind that is owed by itself, found where the part's own entries are.

    The part itself keeps its deadlines, and any one kind proves them.
    """
    if not isinstance(form, KindsModel) or not form.named:
        return
    if "column" not in proof.evidence:
        (form.spot / "cover").report(Message("kinds are told apart in what a column lists"), ("column: NAME",))
    deadlines = resolver.cover(form, duty, part.deadlines)
    items = {name: _build_item(kind) for name, kind in form.named.items()}
    for name, item in items.items():
        if not item.advisory:
            others = tuple(other for other in items.values() if other is not item)
            contents = Contents("all", (item,), others)
            yield replace(proof, part=name), Part(name, item.label, deadlines, contents, own_deadline=True)
