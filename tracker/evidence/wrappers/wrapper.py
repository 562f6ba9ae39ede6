"""The wrapper of a column: everything that is needed to read its pages again, as data.

A place is a path of elements below a record, written `table/tr:2/span.date`: the tag with its first class (digits left
out), else with its number among the sisters of that tag where it is not the first. What follows says what is read
there: nothing for the element's own text, `#n` for the n-th of several texts, `+` for all texts below it, `@name` for
an attribute; `&` joins two places, `<` is what stands above the record. `^` at its head stands for the record's own
link. A record of JSON or XML has the names of its keys instead.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from tracker.core.law.county import ListRule

#: The number of the stored form. A wrapper of another one is learned again.
WRAPPER_VERSION = 2


class SourceKind(StrEnum):
    """What the records stand in."""

    PAGE = "page"  # the elements of a web page
    STORE = "store"  # markup kept in a script or in the XML of an interface
    JSON = "json"
    XML = "xml"  # feeds and site maps


class RecordBound(StrEnum):
    """How far a record reaches around its link."""

    ELEMENT = "element"  # the child of the box that holds the link
    TO_NEXT = "to-next"  # from the link's child of the box to the next one
    FROM_PREVIOUS = "from-previous"  # from behind the one before to the link's own


class PagerKind(StrEnum):
    """How the next page is asked for."""

    NONE = "none"
    NEXT_LINK = "next-link"  # a link that says so
    NUMBERED = "numbered"  # links named by their numbers
    COUNTED = "counted"  # the page's own address with its number raised by one
    SCRIPT = "script"  # the arguments of a script's call make the addresses
    TEMPLATE = "template"  # an address of the profile's with a number or a range put in
    FORM = "form"  # fields that are posted
    UNKNOWN = "unknown"  # a pager stands there, and nobody knows how it goes on


@dataclass(frozen=True, slots=True)
class DayPlace:
    """One place of days and the form that they are printed in (`day_forms.FORMS`)."""

    place: str
    form: str


@dataclass(frozen=True, slots=True)
class PagerPlace:
    """`place`: the path of the box that it stands in; `promise`: whether it says how many pages or rows there are."""

    kind: PagerKind = PagerKind.NONE
    place: str = ""
    promise: bool = False


@dataclass(frozen=True, slots=True)
class Wrapper:
    """How one column is read.

    `record_path`: the path of the boxes whose children are records, of which `box` is the number of the only one (None:
    all); of JSON the keys down to the array. `link`: the tag path of the link from the child of the box on; of JSON the
    key of the address. `title`: places in the order of trial; an attribute among them completes a shortened text.
    `days`: in the order of trial; empty where the list prints none.
    `others`: name → place of what else is taken (`source`). `skip`: of how many links of a line which one is the
    record's, as (number, of); (0, 1) where each is. `newest_first`: the usual order. `fill`: the share of records with
    a day. `row_length`: characters of a usual title.
    `rivals`: the lists that may be the column's as well, until a person says which is. `rule`: what the column's rule
    states, in place of `record_path`, `box`, `skip` and `link`.
    """

    url: str
    kind: SourceKind = SourceKind.PAGE
    profile: str = ""
    record_path: str = ""
    box: int | None = None
    bound: RecordBound = RecordBound.ELEMENT
    skip: tuple[int, int] = (0, 1)
    link: str = ""
    title: tuple[str, ...] = ()
    days: tuple[DayPlace, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    newest_first: bool = True
    fill: float = 0.0
    row_length: int = 0
    pager: PagerPlace = field(default_factory=PagerPlace)
    rivals: tuple[Wrapper, ...] = ()
    rule: ListRule | None = None
    version: int = WRAPPER_VERSION

    def to_json(self) -> str:
        """Return the stored form; equal wrappers give equal texts."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """Return the wrapper of a stored form; None for one of another version."""
        stored: dict[str, Any] = json.loads(text)
        if stored.get("version") != WRAPPER_VERSION:
            return None
        return cls._of(stored)

    @classmethod
    def _of(cls, stored: dict[str, Any]) -> Self:
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        values["kind"], values["bound"] = SourceKind(values["kind"]), RecordBound(values["bound"])
        values["skip"], values["title"] = tuple(values["skip"]), tuple(values["title"])
        values["rivals"] = tuple(map(cls._of, values["rivals"]))
        values["rule"] = ListRule(**rule) if (rule := values.get("rule")) is not None else None
        values["days"] = tuple(DayPlace(**one) for one in values["days"])
        values["others"] = tuple((name, place) for name, place in values["others"])
        values["pager"] = PagerPlace(**{**values["pager"], "kind": PagerKind(values["pager"]["kind"])})
        return cls(**values)

    @property
    def is_draft(self) -> bool:
        """Return whether it is only what another page tells of this one, before this one came."""
        return not self.title


@lru_cache(maxsize=512)
def stored_wrapper(text: str) -> Wrapper | None:
    """Return the wrapper of a stored form; None for one of another version, and where there is none yet ("")."""
    return Wrapper.from_json(text) if text else None
