"""Reads YAML files: every scalar stays the text it was, every value and key knows its line and column.

Text keeps YAML 1.1's guesses out (8:30 is not 510, `no` is not false); `scalars.py` gives the types.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from tracker.core.values.message import Message
from tracker.core.values.visible import UNSEEN
from tracker.rulebook.document import Document, Loc, Spot
from tracker.rulebook.errors import RuleError
from tracker.rulebook.secrets import Secret

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
#: Characters of one value or key; the longest that is shipped has ninety.
MAX_TEXT = 2_000
#: Values in a file once its aliases are written out; a pack of sixty duties has some four thousand.
MAX_VALUES = 50_000
#: What the parser says of files, as it says it: texts that have their Chinese.
PROBLEMS = (
    Message("found undefined alias"),
    Message("found unexpected end of stream"),
    Message("did not find expected key"),
    Message("could not find expected ':'"),
    Message("mapping values are not allowed in this context"),
    Message("block sequence entries are not allowed in this context"),
    Message("found character that cannot start any token"),
    Message("did not find expected '-' indicator"),
    Message("did not find expected ',' or '}'"),
    Message("did not find expected ',' or ']'"),
    Message("did not find expected node content"),
    Message("found unknown escape character"),
    Message("found duplicate anchor"),
    Message("found undefined tag handle"),
    Message("mapping keys are not allowed in this context"),
)
#: libyaml where the wheel has it: a pack of sixty duties reads in milliseconds instead of half a second.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: `${VAR}` and `${VAR:-default}`, as shells write them.
_VARIABLE = re.compile(r"\$\{((?:[^}:]|:(?!-))*)(?::-([^}]*))?\}")


def rule_files(folder: Path) -> list[Path]:
    """The YAML files of a folder in order, without an editor's hidden ones; none where there is no folder."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if path.suffix.lower() in (".yaml", ".yml") and not path.name.startswith("."))


def read(path: Path, name: str, errors: list[RuleError]) -> Document:
    """The file, called `name` in errors. Where it cannot be used, that is reported and `is_read` is false."""
    document = Document(name, errors)
    spot = Spot(document)
    try:
        # A pipe or a device would keep whoever reads it waiting for ever.
        if not (stat.S_ISREG(mode := path.stat().st_mode) or stat.S_ISDIR(mode)):
            spot.report(Message("cannot be read: not a file"))
            return document
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        spot.report(Message("cannot be read: {why}", why=Message(error.strerror or str(error))))
        return document
    if len(raw) > MAX_BYTES:
        spot.report(Message("the file is larger than {count} bytes", count=MAX_BYTES))
        return document
    try:
        parse(raw.decode("utf-8-sig"), document)
    except UnicodeDecodeError as error:
        document.report(
            _end_of(raw[: error.start].decode("utf-8", "replace")), Message("not UTF-8: save the file as UTF-8")
        )
    return document


def parse(text: str, document: Document) -> Document:
    """The empty document, filled from its text; what is wrong with the YAML is reported."""
    document.text, plain = text, text.replace("\t", " ")
    try:
        if _check_tabs(text, document) and _check_events(plain, document):
            document.data = _Builder(document).value(yaml.compose(plain, LOADER), ())
            document.is_read = True
    except _TooManyValuesError as error:
        error.spot.report(Message("more than {count} values once the aliases are written out", count=MAX_VALUES))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = Message(error.problem or error.context or "")
        document.report(position, Message("not YAML: {problem}", problem=problem))
    except yaml.reader.ReaderError as error:
        document.report(_end_of(plain[: error.position]), Message("a character that YAML does not allow"))
    return document


def _check_tabs(text: str, document: Document) -> bool:
    """Report every tab. False where one is part of the indentation: it may mean any depth."""
    usable = True
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            document.report((number, line.index("\t") + 1), Message("a tab: use spaces"))
            usable = usable and "\t" not in line[: len(line) - len(line.lstrip())]
    return usable


def _check_events(text: str, document: Document) -> bool:
    """Report what is refused before a tree is built. False where none can be built; a tag alone does not prevent it."""
    documents = depth = 0
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1 or depth > MAX_DEPTH:
            second, deep = (
                Message("a second document: one file holds one"),
                Message("nested deeper than {count} levels", count=MAX_DEPTH),
            )
            document.report(_start_of(event), second if documents > 1 else deep)
            return False
        if tag := getattr(event, "tag", None):
            document.report(_start_of(event), Message("the tag {tag!r} is refused: write the plain value", tag=tag))
    if not documents:
        document.report((1, 1), Message("the file is empty"))
    return documents == 1


class _TooManyValuesError(Exception):
    """Aliases that multiply: the tree is never built to the end."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.spot = spot


class _Builder:
    """Turns nodes into data and notes the positions. An alias is written out, at the position of its anchor."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0

    def value(self, node: Any, loc: Loc) -> Any:
        """The data of a node."""
        self.document.values[loc] = _start_of(node)
        self.count += 1
        if self.count > MAX_VALUES or len(loc) > MAX_DEPTH:
            raise _TooManyValuesError(Spot(self.document, loc[:1]))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, index)) for index, item in enumerate(node.value)]
        self._check_text(node)
        # A plain nothing (`key:`) is a value that was forgotten; a quoted "" is a text.
        return node.value if node.value or node.style in ("'", '"') else None

    def _check_text(self, node: Any) -> None:
        """Report what no name, address or date holds, and what would break tables, mails and documents that show it."""
        if len(node.value) > MAX_TEXT:
            message = Message("a text of {count} characters: {most} at most", count=len(node.value), most=MAX_TEXT)
            self.document.report(_start_of(node), message)
        if "\n" in node.value:
            self.document.report(
                _start_of(node), Message("a text with line ends: write it in one line, or fold it by >-")
            )
        elif not node.value.isprintable() and (found := UNSEEN.search(node.value)):
            message = Message(
                "a character that nobody sees (U+{number}): write the text anew", number=f"{ord(found[0]):04X}"
            )
            self.document.report(_start_of(node), message)

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, (key, value) in self._entries(node, loc).items():
            spot = Spot(self.document, (*loc, name))
            self.document.keys[spot.loc] = _start_of(key)
            data[name] = self.value(value, spot.loc)
            if data[name] is None:
                spot.report(Message("the key {name!r} has no value", name=name), key=True)
                self.document.reported.add(spot.loc)
        return data

    def _entries(self, node: yaml.MappingNode, loc: Loc) -> dict[str, tuple[Any, Any]]:
        """The nodes of key and value by name; of a key given twice, the first."""
        entries: dict[str, tuple[Any, Any]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.document.report(_start_of(key), Message("a key must be a plain text"))
                self.document.left_out.add((*loc, None))
                continue
            self._check_text(key)
            if key.value in entries:
                first = _start_of(entries[key.value][0])[0]
                self.document.report(
                    _start_of(key),
                    Message("the key {name!r} is given twice (first in line {first})", name=key.value, first=first),
                )
                self.document.left_out.add((*loc, key.value, None))
            else:
                entries[key.value] = (key, value)
        return entries


def _start_of(thing: Any) -> tuple[int, int]:
    """Line and column where a node or an event begins."""
    return thing.start_mark.line + 1, thing.start_mark.column + 1


def _end_of(text: str) -> tuple[int, int]:
    """Line and column behind a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


#: Keys whose text is a secret by itself; an account or an address may stand in a file.
_CLEAR = ("password", "secret")


def find_variables(text: str) -> list[str]:
    """The names of the variables that stand in a text, each once."""
    return list(dict.fromkeys(name for name, _ in _VARIABLE.findall(text)))


def substitute(document: Document, environ: Mapping[str, str], secrets: Collection[tuple[str, ...]] = ()) -> None:
    """Put the environment's values in place of `${VAR}`; an unset variable without a default is a defect.

    `secrets`: places (`*`: any key) where it is none: a text there becomes a Secret, which says what is not set.
    """
    document.data = _substituted(document.data, Spot(document), environ, secrets)


def _substituted(value: Any, spot: Spot, environ: Mapping[str, str], secrets: Collection[tuple[str, ...]]) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(inner, spot / key, environ, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_substituted(inner, spot / index, environ, secrets) for index, inner in enumerate(value)]
    if not isinstance(value, str):
        return value
    unset = [name for name, default in _VARIABLE.findall(value) if not (environ.get(name) or default)]
    filled = _VARIABLE.sub(lambda match: environ.get(match[1]) or match[2] or match[0], value)
    if any(_matches(spot.loc, place) for place in secrets):
        key = ".".join(str(step) for step in spot.loc)
        if not unset:
            is_clear = bool(value) and spot.loc[-1] in _CLEAR and not _VARIABLE.search(value)
            return Secret(filled, clear_at=key if is_clear else "")
        fault: Message | None = getattr(environ, "fault", None)
        message = (
            Message("{key}: the environment variable {name!r} is not set", key=key, name=unset[0])
            if fault is None
            else Message("{key}: {fault}", key=key, fault=fault)
        )
        return Secret(unset=RuleError(spot.document.path, *spot.position(), message))
    for name in unset:
        spot.report(Message("the environment variable {name!r} is not set", name=name))
    if unset:
        spot.document.reported.add(spot.loc)
    return filled


def _matches(loc: Loc, place: tuple[str, ...]) -> bool:
    return len(loc) == len(place) and all(step in ("*", given) for given, step in zip(loc, place, strict=True))
