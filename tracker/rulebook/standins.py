"""What stands in for a value that could not be read, so that the rest of its file still can be.

A stand-in has the right form and, where the wrong value allows a guess, the meaning that was most likely meant.
Its place is a hole of the document: nothing that is wrong about it is told, and nothing is ever loaded with it.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Tag
from pydantic.fields import FieldInfo

from tracker.core.law.duties import DIALECTS
from tracker.rulebook.secrets import Secret
from tracker.rulebook.suggest import nearest

#: The step of pydantic's for a key itself.
KEY = "[key]"
#: A name that no file gives to anything.
UNREAD = "unread"
#: By what a scalar's validator calls itself: a text that it takes.
SCALARS = {
    "a text": "?",
    "a day": "2015-01-01",
    "a moment": "2015-01-01",
    "an article": "unread 1",
    "a time of day": "12:00",
    "true or false": "false",
    "a whole number": "1",
    "a number": "1",
    "a span": "1 days",
    "a number of working days": "1 workdays",
    "a shift of the due day": "day 1",
    "a range of numbers": "0-1",
    "a mail address": "",
    "an address, behind a name if wanted": "duban@localhost",
    "a phone number": "",
    "a dialect": DIALECTS[0],
    "a time zone": "Asia/Shanghai",
    "an address": "http://unread.invalid/",
    "a pattern": "unread",
    "a dotted path, or a pattern with a group": "unread",
    "an offset": "due +0 days",
    "a distance": "1 days",
    "a distance onwards": "+1 days",
    "a length of time": "1 days",
    "a cron line": "0 0 * * *",
    "an address to listen at": "127.0.0.1:1",
    "the address of a machine": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class TypeForm:
    """A type as pydantic sees it: the annotation without its metadata, and those."""

    annotation: Any
    metadata: tuple[Any, ...] = ()

    @property
    def scalar(self) -> str | None:
        """What a scalar's own validator calls it; None for what is no scalar."""
        return next((one.func.__doc__ for one in self.metadata if isinstance(one, BeforeValidator)), None)

    @property
    def shortest(self) -> int:
        """How many items a list or mapping has at least."""
        return max((getattr(one, "min_length", None) or 0 for one in self.metadata), default=0)

    def down(self, step: str | int) -> TypeForm:
        """The form of what lies one step below: a key, a place in a list, `[key]`, or the tag of a union."""
        origin, inner = get_origin(self.annotation), get_args(self.annotation)
        if origin in (Union, types.UnionType):
            return next(one for one in _alternatives(inner) if Tag(str(step)) in one.metadata)
        if origin is dict:
            return form_of(inner[0] if step == KEY else inner[1])
        if origin in (list, tuple):
            return form_of(inner[0])
        fields = self.annotation.model_fields
        field = next(one for name, one in fields.items() if (one.alias or name) == step)
        return form_of(field.annotation, field.metadata)


def form_of(annotation: Any, metadata: Iterable[Any] = ()) -> TypeForm:
    """Without `Annotated` and `| None` around it."""
    metadata = tuple(metadata)
    while True:
        inner = get_args(annotation)
        if get_origin(annotation) is Annotated:
            annotation, metadata = inner[0], (*metadata, *inner[1:])
        elif get_origin(annotation) in (Union, types.UnionType) and type(None) in inner and len(inner) == 2:
            annotation = next(one for one in inner if one is not type(None))
        else:
            return TypeForm(annotation, tuple(_flat(metadata)))


def form_at(model: type[BaseModel], loc: Iterable[str | int]) -> TypeForm:
    """The form of the value to which a path of pydantic's leads."""
    form, steps = TypeForm(model), list(loc)
    if steps[-1:] == [KEY]:
        # The key itself: the step before it is what the key says.
        del steps[-2]
    for step in steps:
        form = form.down(step)
    return form


def secret_places(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of a document where secrets stand, by the types of the model's keys; `*` for any key."""
    for name, each in model.model_fields.items():
        form, here = form_of(each.annotation, each.metadata), (*at, each.alias or name)
        while get_origin(form.annotation) is dict:
            form, here = form_of(get_args(form.annotation)[1]), (*here, "*")
        if form.annotation is Secret:
            yield here
        elif isinstance(form.annotation, type) and issubclass(form.annotation, BaseModel):
            yield from secret_places(form.annotation, here)


def stand_in(form: TypeForm, given: Any = None) -> Any:
    """Data of the form, as a document holds it; a text that was `given` may say what was meant."""
    origin, inner = get_origin(form.annotation), get_args(form.annotation)
    if form.scalar is not None:
        return name_like(given) if form.scalar == "a name" else SCALARS[form.scalar]
    if origin in (Union, types.UnionType):
        return stand_in(_alternatives(inner)[0], given)
    if origin is Literal:
        return nearest(given, inner) or inner[0]
    if origin in (list, tuple):
        held = given if isinstance(given, list) else [stand_in(form_of(inner[0]), given)]
        return [*held, *(stand_in(form_of(inner[0])) for _ in range(form.shortest - len(held)))]
    if origin is dict:
        return {UNREAD: stand_in(form_of(inner[1]))} if form.shortest else {}
    fields = form.annotation.model_fields.items()
    return {
        one.alias or name: stand_in(form_of(one.annotation, one.metadata)) for name, one in fields if one.is_required()
    }


def name_like(given: Any) -> str:
    """The name that a wrong one comes nearest to: `Budget_2015` gives `budget-2015`."""
    plain = re.sub(r"[^a-z0-9]+", "-", given.lower()).strip("-") if isinstance(given, str) else ""
    return plain if plain[:1].isalpha() else UNREAD


def _flat(metadata: Iterable[Any]) -> Iterator[Any]:
    """A `Field(min_length=1)` inside `Annotated` holds its bounds one level deeper."""
    for one in metadata:
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)


def _alternatives(inner: Iterable[Any]) -> list[TypeForm]:
    return [form_of(one) for one in inner if one is not type(None)]
