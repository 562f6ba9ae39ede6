"""YAML files as text with places: every scalar stays the text it was, every value and key knows its line and column.

Text keeps YAML 1.1's guesses out (8:30 is not 510, `no` is not false); `scalars.py` gives the types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tracker.rulebook.errors import RuleError
from tracker.rulebook.suggest import suggestion

Loc = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
#: Values in a file once its aliases are written out; a pack of sixty duties has some four thousand.
MAX_VALUES = 50_000
#: libyaml where the wheel has it: a pack of sixty duties reads in milliseconds instead of half a second.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: `${VAR}`, or `${VAR:-default}` as shells write it.
_VARIABLE = re.compile(r"\$\{((?:[^}:]|:(?!-))*)(?::-([^}]*))?\}")


@dataclass(slots=True)
class Document:
    """One file: `data` of dicts, lists, texts and None, and the place of each value and key."""

    path: str
    text: str = ""
    data: Any = None
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    #: Values that wait for an unset variable: what else is wrong with them cannot be said.
    unset: set[Loc] = field(default_factory=set)


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


class Sink:
    """Where all defects of all files gather."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []

    def add(self, spot: Spot, message: str, allowed: tuple[str, ...] = (), *, key: bool = False) -> None:
        line, column = spot.place(key=key)
        self.errors.append(RuleError(spot.document.path, line, column, message, allowed))

    def unknown(
        self, spot: Spot, what: str, name: str, known: Iterable[str], *, where: str = "", key: bool = False
    ) -> None:
        """A name that nothing answers to, with the nearest one that exists."""
        names = tuple(sorted(known))
        self.add(spot, f"unknown {what} {name!r}{where}{suggestion(name, names)}", names, key=key)


def read(path: Path, name: str, sink: Sink) -> Document | None:
    """Read one file; None where it cannot be used, its defects then being in the sink."""
    document = Document(name)
    spot = Spot(document)
    try:
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


def parse(text: str, document: Document, sink: Sink) -> Document | None:
    """Parse text into an empty document."""
    before = len(sink.errors)
    document.text = text
    for place, message in _refusals(text):
        document.values[()] = place
        sink.add(Spot(document), message)
    if len(sink.errors) > before:
        return None
    try:
        _Builder(document, sink).build(yaml.compose(text, LOADER))
    except _Bomb as bomb:
        sink.add(Spot(document, bomb.loc), f"more than {MAX_VALUES} values once the aliases are written out")
    except yaml.MarkedYAMLError as error:
        document.values[()] = _mark(error)
        sink.add(Spot(document), f"not YAML: {error.problem or error.context}")
    return document if len(sink.errors) == before else None


def substitute(document: Document, environ: Mapping[str, str], sink: Sink) -> None:
    """Put the environment's values in place of `${VAR}`; an unset variable without a default is a defect."""
    document.data = _substituted(document.data, Spot(document), environ, sink)


def _substituted(value: Any, spot: Spot, environ: Mapping[str, str], sink: Sink) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(one, spot / key, environ, sink) for key, one in value.items()}
    if isinstance(value, list):
        return [_substituted(one, spot / index, environ, sink) for index, one in enumerate(value)]
    if not isinstance(value, str):
        return value
    for name, default in _VARIABLE.findall(value):
        if not (environ.get(name) or default):
            sink.add(spot, f"the environment variable {name!r} is not set")
            spot.document.unset.add(spot.loc)
    return _VARIABLE.sub(lambda match: environ.get(match[1]) or match[2] or match[0], value)


def _decode(raw: bytes, document: Document, sink: Sink) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        document.values[()] = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        sink.add(Spot(document), "not UTF-8: save the file as UTF-8")
        return None


def _refusals(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """What is refused before any tree is built."""
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield (number, line.index("\t") + 1), "a tab: use spaces"
            return
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
            message = _refused(event, documents, depth)
            if message:
                yield place, message
                return
    except yaml.MarkedYAMLError as error:
        yield _mark(error), f"not YAML: {error.problem or error.context}"
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        yield (before.count("\n") + 1, len(before) - before.rfind("\n")), "a character that YAML does not allow"
    else:
        if not documents:
            yield (1, 1), "the file is empty"


def _refused(event: Any, documents: int, depth: int) -> str | None:
    if documents > 1:
        return "a second document: one file holds one"
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH} levels"
    if getattr(event, "tag", None):
        return f"the tag {event.tag!r} is refused: write the plain value"
    return None


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
            return [self._value(one, (*loc, index)) for index, one in enumerate(node.value)]
        # A plain nothing (`key:`) is a value that was forgotten; a quoted "" is a text.
        return node.value if node.value or node.style in ("'", '"') else None

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            spot = Spot(self.document, (*loc, key.value if isinstance(key, yaml.ScalarNode) else "?"))
            if not isinstance(key, yaml.ScalarNode):
                self.document.keys[spot.loc] = _place(key)
                self.sink.add(spot, "a key must be a plain text", key=True)
            elif key.value in data:
                first = self.document.keys[spot.loc]
                self.document.keys[spot.loc] = _place(key)
                self.sink.add(spot, f"the key {key.value!r} is given twice (first in line {first[0]})", key=True)
            else:
                self.document.keys[spot.loc] = _place(key)
                data[key.value] = self._value(value, spot.loc)
                if data[key.value] is None:
                    self.sink.add(spot, f"the key {key.value!r} has no value", key=True)
        return data


def _mark(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(thing: Any) -> tuple[int, int]:
    return thing.start_mark.line + 1, thing.start_mark.column + 1
