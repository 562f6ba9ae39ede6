"""YAML files as text with places: every scalar stays the text it was, every value and key knows its line and column.

Text keeps YAML 1.1's guesses out (8:30 is not 510, `no` is not false); `scalars.py` gives the types.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import Secret
from tracker.rulebook.suggest import suggestion

T = TypeVar("T")
Loc = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
#: Values in a file once its aliases are written out; a pack of sixty duties has some four thousand.
MAX_VALUES = 50_000
#: libyaml where the wheel has it: a pack of sixty duties reads in milliseconds instead of half a second.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: `${VAR}` and `${VAR:-default}`, as shells write them.
_VARIABLE = re.compile(r"\$\{((?:[^}:]|:(?!-))*)(?::-([^}]*))?\}")


@dataclass(slots=True)
class Document:
    """One file: `data` of dicts, lists, texts and None, and the place of each value and key."""

    path: str
    text: str = ""
    data: Any = None
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    #: Values whose error is reported already: a key without a value, a variable that is not set.
    reported: set[Loc] = field(default_factory=set)
    #: Entries that are left out for an error of shape, by container and name; the name is None where it is not known.
    left_out: set[tuple[str | int | None, ...]] = field(default_factory=set)

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
        for places in (self.values, self.keys):
            behind = {_moved_up(place, loc): at for place, at in places.items() if place[:2] != loc}
            places.clear()
            places.update(behind)


def _moved_up(loc: Loc, gone: Loc) -> Loc:
    """A location after the item at `gone`, of a list of the file, was removed."""
    (key, index), step = gone, loc[1] if len(loc) > 1 else None
    behind = isinstance(step, int) and isinstance(index, int) and loc[0] == key and step > index
    return (key, step - 1, *loc[2:]) if behind and isinstance(step, int) else loc


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, from which messages are made. `spot / "key" / 0` goes down."""

    document: Document
    loc: Loc = ()

    def __truediv__(self, step: str | int) -> Spot:
        return Spot(self.document, (*self.loc, step))

    @property
    def parent(self) -> Spot:
        return Spot(self.document, self.loc[:-1])

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

    def place(self, *, key: bool = False) -> tuple[int, int]:
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
        line, column = self.place()
        return f"{self.document.path}:{line}:{column}"


def each(value: Any, spot: Spot) -> list[tuple[Any, Spot]]:
    """A value that may stand alone or in a list: each item with its place."""
    if isinstance(value, list):
        return [(item, spot / index) for index, item in enumerate(value)]
    return [(value, spot)]


class Sink:
    """Collects the errors of all files."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []

    def add(self, spot: Spot, message: str, allowed: tuple[str, ...] = (), *, key: bool = False) -> None:
        """Add an error at a value, or at its key."""
        self.at(spot.document, spot.place(key=key), message, allowed)

    def at(self, document: Document, place: tuple[int, int], message: str, allowed: tuple[str, ...] = ()) -> None:
        """Add an error at a line and column."""
        self.errors.append(RuleError(document.path, *place, message, allowed))

    def unknown(
        self,
        spot: Spot,
        what: str,
        name: str,
        known: Iterable[str],
        *,
        among: Spot,
        where: str = "",
        key: bool = False,
    ) -> None:
        """Add the error of a name that is not defined, with the nearest one that is.

        `among`: where the names are defined. A name that may have been left out there is not reported.
        """
        if among.may_hold(name):
            return
        names = tuple(sorted({*known, *map(str, among.names_left_out)}))
        self.add(spot, f"unknown {what} {name!r}{where}{suggestion(name, names)}", names, key=key)


class Defined(dict[str, T]):
    """Named values and the place where they are defined.

    `what`: what such a value is called in messages; `where`: what a message adds, as ` in county 'x'`.
    """

    def __init__(self, values: Mapping[str, T], spot: Spot, what: str, where: str = "") -> None:
        super().__init__(values)
        self.spot = spot
        self.what = what
        self.where = where

    def knows(self, name: str, spot: Spot, sink: Sink, *, key: bool = False) -> bool:
        """Whether the name is defined; if not, the error is in the sink."""
        if name not in self:
            sink.unknown(spot, self.what, name, self, among=self.spot, where=self.where, key=key)
        return name in self


def read(path: Path, name: str, sink: Sink) -> Document | None:
    """Read one file; None where it cannot be used, its defects then being in the sink."""
    document = Document(name)
    spot = Spot(document)
    try:
        # A pipe or a device would keep whoever reads it waiting for ever.
        if not (stat.S_ISREG(mode := path.stat().st_mode) or stat.S_ISDIR(mode)):
            sink.add(spot, "cannot be read: not a file")
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        sink.add(spot, f"cannot be read: {error.strerror}")
        return None
    if len(raw) > MAX_BYTES:
        sink.add(spot, f"the file is larger than {MAX_BYTES} bytes")
        return None
    text = _decode(raw, document, sink)
    return None if text is None else parse(text, document, sink)


def rule_files(folder: Path) -> list[Path]:
    """The YAML files of a folder in order; none where it is not there. What an editor hides is none."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if path.suffix.lower() in (".yaml", ".yml") and not path.name.startswith("."))


def parse(text: str, document: Document, sink: Sink) -> Document | None:
    """Parse text into an empty document; None where no tree can be made of it."""
    document.text = text
    if not _check_text(text, document, sink):
        return None
    try:
        _Builder(document, sink).build(yaml.compose(text.replace("\t", " "), LOADER))
    except _Bomb as bomb:
        sink.add(Spot(document, bomb.loc), f"more than {MAX_VALUES} values once the aliases are written out")
    except yaml.MarkedYAMLError as error:
        sink.at(document, _mark(error), f"not YAML: {error.problem or error.context}")
    else:
        return document
    return None


def substitute(
    document: Document, environ: Mapping[str, str], sink: Sink, secrets: Collection[tuple[str, ...]] = ()
) -> None:
    """Put the environment's values in place of `${VAR}`; an unset variable without a default is a defect.

    `secrets`: places (`*`: any key) where it is none: a text there becomes a Secret, which says what is not set.
    """
    document.data = _substituted(document.data, Spot(document), environ, sink, secrets)


def _substituted(
    value: Any, spot: Spot, environ: Mapping[str, str], sink: Sink, secrets: Collection[tuple[str, ...]]
) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(inner, spot / key, environ, sink, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_substituted(inner, spot / index, environ, sink, secrets) for index, inner in enumerate(value)]
    if not isinstance(value, str):
        return value
    unset = [name for name, default in _VARIABLE.findall(value) if not (environ.get(name) or default)]
    filled = _VARIABLE.sub(lambda match: environ.get(match[1]) or match[2] or match[0], value)
    if any(_matches(spot.loc, place) for place in secrets):
        if not unset:
            return Secret(filled)
        key = ".".join(str(step) for step in spot.loc)
        message = f"{key}: the environment variable {unset[0]!r} is not set"
        return Secret(unset=RuleError(spot.document.path, *spot.place(), message))
    for name in unset:
        sink.add(spot, f"the environment variable {name!r} is not set")
    if unset:
        spot.document.reported.add(spot.loc)
    return filled


def _matches(loc: Loc, place: tuple[str, ...]) -> bool:
    return len(loc) == len(place) and all(step in ("*", given) for given, step in zip(loc, place, strict=True))


def _decode(raw: bytes, document: Document, sink: Sink) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        sink.at(document, place, "not UTF-8: save the file as UTF-8")
        return None


def _check_text(text: str, document: Document, sink: Sink) -> bool:
    """Whether a tree can be built; what is refused before that is in the sink."""
    buildable = True
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            sink.at(document, (number, line.index("\t") + 1), "a tab: use spaces")
            # In front of the text it may mean any depth.
            buildable = buildable and "\t" not in line[: len(line) - len(line.lstrip())]
    if not buildable:
        return False
    for place, message in _refusals(text.replace("\t", " ")):
        buildable = buildable and message.startswith(_TAG)
        sink.at(document, place, message)
    return buildable


_TAG = "the tag "


def _refusals(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """What is refused as soon as it is met; only a tag lets the reading go on."""
    documents = depth = 0
    try:
        for event in yaml.parse(text, LOADER):
            place = _place(event)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            if documents > 1:
                yield place, "a second document: one file holds one"
                return
            if depth > MAX_DEPTH:
                yield place, f"nested deeper than {MAX_DEPTH} levels"
                return
            tag = getattr(event, "tag", None)
            if tag:
                yield place, f"{_TAG}{tag!r} is refused: write the plain value"
    except yaml.MarkedYAMLError as error:
        yield _mark(error), f"not YAML: {error.problem or error.context}"
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        yield (before.count("\n") + 1, len(before) - before.rfind("\n")), "a character that YAML does not allow"
    else:
        if not documents:
            yield (1, 1), "the file is empty"


class _Bomb(Exception):
    """Aliases that multiply: the tree is never built to the end."""

    def __init__(self, loc: Loc) -> None:
        super().__init__(loc)
        self.loc = loc


class _Builder:
    """Turns nodes into data and notes the places. An alias is written out, at the place of its anchor."""

    def __init__(self, document: Document, sink: Sink) -> None:
        self.document = document
        self.sink = sink
        self.count = 0

    def build(self, node: Any) -> None:
        self.document.data = self._value(node, ())

    def _value(self, node: Any, loc: Loc) -> Any:
        self.document.values[loc] = _place(node)
        self.count += 1
        if self.count > MAX_VALUES or len(loc) > MAX_DEPTH:
            raise _Bomb(loc[:1])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*loc, index)) for index, item in enumerate(node.value)]
        # A plain nothing (`key:`) is a value that was forgotten; a quoted "" is a text.
        return node.value if node.value or node.style in ("'", '"') else None

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, (key, value) in self._entries(node, loc).items():
            spot = Spot(self.document, (*loc, name))
            self.document.keys[spot.loc] = _place(key)
            data[name] = self._value(value, spot.loc)
            if data[name] is None:
                self.sink.add(spot, f"the key {name!r} has no value", key=True)
                self.document.reported.add(spot.loc)
        return data

    def _entries(self, node: yaml.MappingNode, loc: Loc) -> dict[str, tuple[Any, Any]]:
        """Name to nodes of key and value; of a key given twice, the first."""
        entries: dict[str, tuple[Any, Any]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.sink.at(self.document, _place(key), "a key must be a plain text")
                self.document.left_out.add((*loc, None))
            elif key.value in entries:
                first = _place(entries[key.value][0])[0]
                self.sink.at(
                    self.document, _place(key), f"the key {key.value!r} is given twice (first in line {first})"
                )
                self.document.left_out.add((*loc, key.value, None))
            else:
                entries[key.value] = (key, value)
        return entries


def _mark(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(thing: Any) -> tuple[int, int]:
    return thing.start_mark.line + 1, thing.start_mark.column + 1
