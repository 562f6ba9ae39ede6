"""Marks the fields of values that people write in rule files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """A field is written under a key of a rule file; a field without one is worked out.

    `doc`: what the key means, for the reference and the editors' schemas.
    `read_as`: how its text is read, where the field's type does not say it: a word of `rulebook/shape.py`, or a type.
    `name`: the key, where it is not the field's name.
    `required`: the key must be given, although the field has a default.
    """

    doc: str
    read_as: Any = None
    name: str = ""
    required: bool = False
