"""A rule file in memory: its data, the position of each value and key, and what was left out for an error of shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tracker.core.values.message import Message
from tracker.rulebook.errors import RuleError
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")
#: The keys and indexes that lead to a value.
Loc = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """One file: `data` of dicts, lists, texts and None; `values` and `keys`: line and column by location.

    `errors`: those of all files that are read together. `is_read`: whether `data` could be made of the file.
    """

    path: str
    errors: list[RuleError]
    text: str = ""
    data: Any = None
    is_read: bool = False
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    #: Values whose error is reported already: a key without a value, a variable that is not set.
    reported: set[Loc] = field(default_factory=set)
    #: Entries that are left out for an error of shape, by container and name; the name is None where it is not known.
    left_out: set[tuple[str | int | None, ...]] = field(default_factory=set)

    def report(self, position: tuple[int, int], message: Message, allowed: tuple[str, ...] = ()) -> None:
        """Add an error at a line and column."""
        self.errors.append(RuleError(self.path, *position, message, allowed))

    def value(self, loc: Iterable[str | int]) -> Any:
        """The value at a location that exists."""
        value = self.data
        for step in loc:
            value = value[step]
        return value

    def leave_out(self, loc: Loc) -> None:
        """Remove an entry of a mapping, or an item of a list of the file; the items behind it move up."""
        entry = self.value(loc[:-1]).pop(loc[-1])
        if isinstance(loc[-1], str):
            self.left_out.add(loc)
            return
        name = entry.get("id") if isinstance(entry, dict) else entry
        self.left_out.add((*loc[:-1], name if isinstance(name, str) else None))
        for positions in (self.values, self.keys):
            behind = {_moved_up(place, loc): position for place, position in positions.items() if place[:2] != loc}
            positions.clear()
            positions.update(behind)


def _moved_up(loc: Loc, gone: Loc) -> Loc:
    """A location after the item at `gone`, of a list of the file, was removed."""
    (key, index), step = gone, loc[1] if len(loc) > 1 else None
    behind = isinstance(step, int) and isinstance(index, int) and loc[0] == key and step > index
    return (key, step - 1, *loc[2:]) if behind and isinstance(step, int) else loc


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, where errors are reported. `spot / "key" / 0` goes down."""

    document: Document
    loc: Loc = ()

    def __truediv__(self, step: str | int) -> Spot:
        return Spot(self.document, (*self.loc, step))

    @property
    def parent(self) -> Spot:
        return Spot(self.document, self.loc[:-1])

    def position(self, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or its key), or of the nearest thing around it that exists."""
        first, second = self.document.values, self.document.keys
        if key:
            first, second = second, first
        for length in range(len(self.loc), -1, -1):
            loc = self.loc[:length]
            if loc in first or loc in second:
                return first.get(loc) or second[loc]
        return 1, 1

    def __str__(self) -> str:
        line, column = self.position()
        return f"{self.document.path}:{line}:{column}"

    @property
    def names_left_out(self) -> set[str | int | None]:
        """The names of the entries that were left out of this mapping or list; None stands for an unknown name."""
        depth, left_out = len(self.loc), self.document.left_out
        names = {loc[-1] for loc in left_out if len(loc) == depth + 1 and loc[:-1] == self.loc}
        around = any(loc == self.loc[: len(loc)] for loc in left_out)
        # A misspelt key beside it may be the mapping itself.
        misspelt = self.loc not in self.document.values and any(
            len(loc) == depth and loc[:-1] == self.loc[:-1] for loc in left_out
        )
        return names | {None} if around or misspelt else names

    def may_hold(self, name: str) -> bool:
        """Whether an entry of this name may be among those that were left out."""
        return not self.names_left_out.isdisjoint((name, None))

    def report(self, message: Message, allowed: tuple[str, ...] = (), *, key: bool = False) -> None:
        """Add an error at the value, or at its key."""
        self.document.report(self.position(key=key), message, allowed)

    def report_unknown(
        self,
        what: Message,
        name: str,
        known: Iterable[str],
        *,
        among: Spot,
        where: str = "",
        more: str = "",
        key: bool = False,
    ) -> None:
        """Add the error of a name that is not defined, with the nearest one that is.

        `among`: where the names are defined. A name that may have been left out there is not reported. `more`: what
        could be written there, for a name that is like no other.
        """
        if among.may_hold(name):
            return
        names = tuple(sorted({*known, *map(str, among.names_left_out)}))
        similar = suggestion(name, names)
        values = {"what": what, "name": name, "where": where, "suggestion": similar}
        allowed = (*names, more) if more and not similar else names
        self.report(Message("unknown {what} {name!r}{where}{suggestion}", **values), allowed, key=key)


def items_of(value: Any, spot: Spot) -> list[tuple[Any, Spot]]:
    """The items of a list, or the value that stands alone, each with its place."""
    if isinstance(value, list):
        return [(item, spot / index) for index, item in enumerate(value)]
    return [(value, spot)]


def in_county(county: str) -> Message:
    """What a message adds of the county in which a name is not defined."""
    return Message(" in county {county!r}", county=county)


class Defined(dict[str, T]):
    """Named values and the place where they are defined.

    `what`: what such a value is called in messages; `where`: what a message adds, as ` in county 'x'`.
    """

    def __init__(self, values: Mapping[str, T], spot: Spot, what: Message, where: str = "") -> None:
        super().__init__(values)
        self.spot = spot
        self.what = what
        self.where = where

    def check(self, name: str, spot: Spot, *, key: bool = False, also: Collection[str] = ()) -> bool:
        """Whether the name is defined, or one of those that may stand here `also`; if not, the error is reported."""
        is_known = name in self or name in also
        if not is_known:
            spot.report_unknown(self.what, name, [*self, *also], among=self.spot, where=self.where, key=key)
        return is_known
