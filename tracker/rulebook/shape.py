"""What the types of a model say about the places of its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from tracker.rulebook.secrets import Secret


def secret_places(annotation: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of a file where secrets stand, by the types of its keys; `*` stands for any name."""
    if annotation is Secret:
        yield place
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from secret_places(field.annotation, (*place, field.alias or name))
    elif get_origin(annotation) is dict:
        yield from secret_places(get_args(annotation)[1], (*place, "*"))
    else:
        for inner in get_args(annotation):
            yield from secret_places(inner, place)
