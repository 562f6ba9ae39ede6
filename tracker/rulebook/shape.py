"""Shapes of rule files: models of keys, and frozen dataclasses that are read as they stand.

A dataclass whose fields have a `Key` is its own model: `Read[Hours]` in a model reads a mapping with those keys into
`Hours`, `Named[EventRule]` a mapping of names to them, the name being the first field. Defaults and descriptions stand
in the dataclass alone.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from dataclasses import Field as DataclassField
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    Tag,
    ValidationInfo,
    create_model,
    model_validator,
)
from pydantic_core import core_schema

from tracker.core.law.duties import Span
from tracker.core.law.worked_examples import ExampleFact
from tracker.core.values.keys import Key
from tracker.core.values.message import Message
from tracker.rulebook import scalars
from tracker.rulebook.document import Loc, Spot
from tracker.rulebook.refusals import refuse
from tracker.rulebook.secrets import Secret

T = TypeVar("T")
#: How a field is read, by its type and by the `read_as` of its key; what only one file has is added where it is read.
FORMS: dict[Any, Any] = {
    str: scalars.Text,
    bool: scalars.Flag,
    int: scalars.Count,
    float: scalars.Amount,
    date: scalars.Day,
    time: scalars.Clock,
    timedelta: scalars.Length,
    Path: scalars.PathText,
    Span: scalars.SpanText,
    ZoneInfo: scalars.Zone,
    Secret: scalars.SecretText,
    "name": scalars.Slug,
    "label": scalars.Label,
    "article": scalars.Article,
    "moment": scalars.MomentText,
    "labels": dict[scalars.Text, scalars.Label],
    "by department": dict[scalars.Slug, scalars.Text],
    "maybe": scalars.Maybe,
    "mail": scalars.Mail,
    "sender": scalars.Sender,
    "reply": scalars.Reply,
    "phone": scalars.Phone,
    "division": scalars.DivisionCode,
    "per duty": scalars.PerDuty,
    "distance": scalars.Gap,
    "later": scalars.Until,
    "code": scalars.Code,
    "register": scalars.RegisterMove,
    "secret url": scalars.SecretUrl,
    "css": scalars.Selector,
    "css part": scalars.PartSelector,
    "css or none": scalars.PagerSelector,
    "names": tuple[scalars.Slug, ...],
    "texts": Annotated[tuple[scalars.Text, ...], Field(min_length=1)],
}


@dataclass(frozen=True, slots=True)
class Mappings:
    """The mappings of a document: their places, by identity; by location, the keys allowed where a model reads one."""

    spots: Mapping[int, Spot]
    keys: dict[Loc, tuple[str, ...]]


class Model(BaseModel):
    """Strict: a key that is not listed is an error. A model knows the place it was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)

    #: What the form looks like, for the reference.
    EXAMPLE: ClassVar[str] = ""
    _spot: Spot = PrivateAttr()

    @property
    def spot(self) -> Spot:
        """Where the mapping stands in its document."""
        return self._spot

    @model_validator(mode="wrap")
    @classmethod
    def _note_place(cls, value: Any, read: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        mappings: Mappings | None = info.context
        spot = mappings.spots.get(id(value)) if mappings else None
        if mappings and spot:
            mappings.keys[spot.loc] = tuple(field.alias or name for name, field in cls.model_fields.items())
        model = read(value)
        if spot:
            model._spot = spot
        return model


class _FromKeys:
    """Reads a mapping of keys into the dataclass."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        inner = handler.generate_schema(model_of(source))
        return core_schema.no_info_after_validator_function(lambda model: source(**dict(model)), inner)


class _FromNames:
    """Reads a mapping of names to mappings of keys; the first field of the dataclass gets the name."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        kind = get_args(source)[1]
        inner = handler.generate_schema(dict[scalars.Slug, model_of(kind)])  # type: ignore[misc]
        return core_schema.no_info_after_validator_function(
            lambda models: {name: kind(name, **dict(model)) for name, model in models.items()}, inner
        )


Read = Annotated[T, _FromKeys()]
Named = Annotated[dict[scalars.Slug, T], _FromNames()]


@cache
def model_of(kind: type) -> type[Model]:
    """The model of a dataclass: its fields that have a key."""
    hints, keys = get_type_hints(kind, include_extras=True), {}
    for field in fields(kind):
        key = next((extra for extra in get_args(hints[field.name]) if isinstance(extra, Key)), None)
        if key is not None:
            more = {} if key.required else _default(field, key)
            form = _read_as(hints[field.name], key)
            keys[field.name] = (form, Field(description=key.doc, alias=key.name or None, **more))
    name = kind.__name__.removesuffix("Rules").removesuffix("Rule")
    model: type[Model] = create_model(name, __base__=Model, __doc__=kind.__doc__, **keys)  # type: ignore[call-overload]
    model.EXAMPLE = getattr(kind, "EXAMPLE", "")
    return model


def _default(field: DataclassField[Any], key: Key) -> dict[str, Any]:
    """The default of a field; made, and not shown by the reference, where no text of a file says it."""
    default = field.default
    if default is MISSING:
        return {} if field.default_factory is MISSING else {"default_factory": field.default_factory}
    written = default is None or (default != "" and isinstance(default, int | float | str | timedelta | Path))
    return (
        {"default": default}
        if written and not (key.read_as and default is False)
        else {"default_factory": lambda: default}
    )


def _read_as(hint: Any, key: Key | None = None) -> Any:
    """The type by which pydantic reads a field of this type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _read_as(inner[0], key)
    if origin in (Union, types.UnionType):
        return Union[tuple(_read_as(part, key) for part in inner)]  # noqa: UP007
    if key is not None and key.read_as is not None and hint is not type(None):
        return FORMS[key.read_as] if isinstance(key.read_as, str) else key.read_as
    if origin is tuple:
        return tuple[_read_as(inner[0]), ...]  # type: ignore[misc]
    if origin is Mapping:
        names = scalars.Slug if is_dataclass(inner[1]) and inner[1] not in FORMS else _read_as(inner[0])
        return dict[names, _read_as(inner[1])]  # type: ignore[misc, valid-type]
    return Annotated[hint, _FromKeys()] if is_dataclass(hint) and hint not in FORMS else FORMS.get(hint, hint)


def as_model(annotation: Any) -> type[BaseModel] | None:
    """The model that reads a value of the type; None where none does."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if isinstance(annotation, type) and is_dataclass(annotation) and annotation not in FORMS:
        model = model_of(annotation)
        return model if model.model_fields else None
    return None


def by_key(*keys: str) -> Discriminator:
    """Choose the form with the tag `<key>` by the first of the keys a mapping holds; `text` and `list` are such forms.

    The tags stand in angle brackets: no key of a file can be mistaken for one.
    """

    def tag(value: Any) -> str | None:
        kind = {str: "text", type(None): "text", list: "list"}.get(type(value))
        if isinstance(value, dict):
            kind = next((key for key in keys if key in value), None)
        return f"<{kind}>" if kind in keys else None

    # A discriminator must be hashable, so the forms travel as the message.
    allowed = "; ".join({"text": "a name", "list": "a list"}.get(key, f"{{{key}: …}}") for key in keys)
    return Discriminator(tag, custom_error_type="forms", custom_error_message=allowed)


def one_or_list(value: Any) -> str:
    """The tag of a value that may stand alone or in a list."""
    return "<list>" if isinstance(value, list) else "<one>"


def list_or_names(value: Any) -> str:
    """The tag of a list, or of a mapping of names."""
    return "<names>" if isinstance(value, dict) else "<list>"


#: A name or a list of names.
Names = Annotated[
    Annotated[scalars.Slug, Tag("<one>")] | Annotated[list[scalars.Slug], Field(min_length=1), Tag("<list>")],
    Discriminator(one_or_list),
]


def _one_or_names(value: Any) -> str:
    return "<names>" if isinstance(value, dict) else "<one>"


#: A span, or with the fact that grants it.
Extension = Annotated[
    Annotated[scalars.SpanText, Tag("<one>")]
    | Annotated[dict[scalars.Slug, scalars.SpanText], Field(min_length=1, max_length=1), Tag("<names>")],
    Discriminator(_one_or_names),
]


def _read_fact(value: Any) -> ExampleFact:
    """A fact of an example, from its moment or from a mapping with `on`."""
    if isinstance(value, str):
        return ExampleFact(value)
    if "on" not in value:
        raise refuse(Message("a fact without `on`, the day on which it happened"), "{on: DAY, FIELD: VALUE}")
    fields = {name: text for name, text in value.items() if name != "on"}
    return ExampleFact(scalars.read_moment(value["on"]), fields)


FORMS |= {
    "facts": Annotated[Names, AfterValidator(lambda value: (value,) if isinstance(value, str) else tuple(value))],
    "needs": Annotated[
        Annotated[list[scalars.Slug], Tag("<list>")]
        | Annotated[
            dict[
                scalars.Slug,
                Annotated[
                    Annotated[scalars.AnyValue, Tag("<text>")]
                    | Annotated[list[scalars.Label], Field(min_length=1), Tag("<list>")],
                    by_key("text", "list"),
                ],
            ],
            Tag("<names>"),
        ],
        Discriminator(list_or_names),
    ],
    "due": scalars.ExampleDue,
    "facts on": dict[
        scalars.Slug,
        Annotated[
            Annotated[scalars.MomentText, Tag("<one>")] | Annotated[dict[scalars.Text, scalars.Label], Tag("<names>")],
            Discriminator(_one_or_names),
            AfterValidator(_read_fact),
        ],
    ],
}


def secret_places(annotation: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of a file where secrets stand, by the types of its keys; `*` stands for any name."""
    if annotation is Secret:
        yield place
    elif (model := as_model(annotation)) is not None:
        for name, field in model.model_fields.items():
            yield from secret_places(field.annotation, (*place, field.alias or name))
    elif get_origin(annotation) is dict:
        yield from secret_places(get_args(annotation)[1], (*place, "*"))
    else:
        for inner in get_args(annotation):
            yield from secret_places(inner, place)


def required(description: str, **more: Any) -> Any:
    """A key that must be given."""
    return Field(description=description, **more)


def optional(description: str, default: Any = None, *, factory: Any = None, **more: Any) -> Any:
    """A key that may be left out."""
    if factory is not None:
        return Field(description=description, default_factory=factory, **more)
    return Field(description=description, default=default, **more)
