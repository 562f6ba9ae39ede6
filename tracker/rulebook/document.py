"""YAML files as text with places: every scalar stays the text it was, every value and key knows its line and column.

Text keeps YAML 1.1's guesses out (8:30 is not 510, `no` is not false); `scalars.py` gives the types.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import Secret
from tracker.rulebook.suggest import close, suggestion
from tracker.rulebook.variables import filled, unset_in, variables_of

Loc = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
#: Values in a file once its aliases are written out; a pack of sixty duties has some four thousand.
MAX_VALUES = 50_000
#: libyaml where the wheel has it: a pack of sixty duties reads in milliseconds instead of half a second.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """One file: `data` of dicts, lists, texts and None, and the place of each value and key."""

    path: str
    text: str = ""
    data: Any = None
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    #: Values that could not be read: what else is wrong with them, or comes of it, cannot be said.
    holes: set[Loc] = field(default_factory=set)
    #: Mappings with something that found no place in them: what they seem to lack may be that.
    gaps: set[Loc] = field(default_factory=set)
    #: Keys under the name they were meant to have: that it was another one is told already.
    renamed: set[Loc] = field(default_factory=set)
    #: What was filled in from the environment outside secrets: "" for a variable that is not set.
    variables: dict[str, str] = field(default_factory=dict)


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
    def hole(self) -> bool:
        """Whether the value, or what it lies in, could not be read."""
        holes = self.document.holes
        return bool(holes) and any(self.loc[:length] in holes for length in range(len(self.loc) + 1))

    @property
    def open(self) -> bool:
        """Whether the mapping or list may hold more than could be read of it."""
        document = self.document
        items = (one[:-1] for one in document.holes if one and isinstance(one[-1], int))
        misplaced = self.loc not in document.values and self.loc[:-1] in document.gaps
        return self.loc in document.gaps or self.loc in items or misplaced or self.hole

    @property
    def renamed(self) -> bool:
        """Whether the key stood here under another name, which is told."""
        return self.loc in self.document.renamed

    @property
    def whole(self) -> bool:
        """Whether everything at this place and below it could be read."""
        below = (one[: len(self.loc)] == self.loc for one in (*self.document.holes, *self.document.gaps))
        return not (self.hole or any(below))

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
    """A value that may stand alone or in a list: each one with its place."""
    if isinstance(value, list):
        return [(one, spot / index) for index, one in enumerate(value)]
    return [(value, spot)]


class Sink:
    """Where all defects of all files gather."""

    def __init__(self) -> None:
        self.errors: list[RuleError] = []

    def add(self, spot: Spot, message: str, allowed: tuple[str, ...] = (), *, key: bool = False) -> None:
        """One defect; nothing where it only follows from one that is told already."""
        if not spot.hole:
            self.at(spot.document, spot.place(key=key), message, allowed)

    def at(self, document: Document, place: tuple[int, int], message: str, allowed: tuple[str, ...] = ()) -> None:
        """One defect at a line and column."""
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
        """A name that nothing answers to, with the nearest one that exists.

        `among`: where the names are defined; where that could not be read in full, nothing is said.
        """
        names = tuple(sorted(known))
        near = close(name, names)
        # A name that was itself written wrongly where it is defined is told there.
        if among.open or (key and spot.renamed) or (near and (among / near).renamed):
            return
        self.add(spot, f"unknown {what} {name!r}{where}{suggestion(name, names)}", names, key=key)


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
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in found if one.suffix.lower() in (".yaml", ".yml") and not one.name.startswith("."))


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
    unset = unset_in(value, environ)
    if any(_matches(spot.loc, place) for place in secrets):
        if not unset:
            return Secret(filled(value, environ), source=value)
        key = ".".join(str(step) for step in spot.loc)
        message = f"{key}: the environment variable {unset[0]!r} is not set"
        return Secret(unset=RuleError(spot.document.path, *spot.place(), message), source=value)
    spot.document.variables |= {name: environ.get(name, "") for name in variables_of(value)}
    for name in unset:
        sink.add(spot, f"the environment variable {name!r} is not set")
    if unset:
        spot.document.holes.add(spot.loc)
    return filled(value, environ)


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
            return [self._value(one, (*loc, index)) for index, one in enumerate(node.value)]
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
                self.document.holes.add(spot.loc)
        return data

    def _entries(self, node: yaml.MappingNode, loc: Loc) -> dict[str, tuple[Any, Any]]:
        """Name to nodes of key and value. Of a key given twice, the second adds what the first lacks."""
        entries: dict[str, tuple[Any, Any]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.sink.at(self.document, _place(key), "a key must be a plain text")
                self.document.gaps.add(loc)
            elif key.value in entries:
                first, held = entries[key.value]
                message = f"the key {key.value!r} is given twice (first in line {_place(first)[0]})"
                self.sink.at(self.document, _place(key), message)
                _add_lacking(held, value)
            else:
                entries[key.value] = (key, value)
        return entries


def _add_lacking(held: Any, more: Any) -> None:
    if isinstance(held, yaml.MappingNode) and isinstance(more, yaml.MappingNode):
        names = {key.value for key, _ in held.value if isinstance(key, yaml.ScalarNode)}
        held.value += [pair for pair in more.value if getattr(pair[0], "value", None) not in names]
    elif isinstance(held, yaml.SequenceNode) and isinstance(more, yaml.SequenceNode) and held is not more:
        held.value += more.value


def _mark(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(thing: Any) -> tuple[int, int]:
    return thing.start_mark.line + 1, thing.start_mark.column + 1
