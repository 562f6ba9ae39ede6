"""A part of a rule file as a table that people edit in a spreadsheet, and what their edits change in the file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import Table
from tracker.registers.errors import RegisterError
from tracker.registers.eventrules import tidy_text
from tracker.registers.sheet_records import Record, cell_error, read_records, row_error
from tracker.rulebook.document import Loc
from tracker.rulebook.yaml_edit import CannotEditError, YamlText, value_at

#: What becomes of an entry or a value. `missing`: it is not in the sheet, and stays.
ChangeKind = Literal["added", "changed", "missing", "removed"]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column. `heads`: its names, the first for the form. `note`: how it is filled in, in Chinese."""

    heads: tuple[str, ...]
    width: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A place in the file with its new value, and the cell that says so: its address and the head of its column."""

    loc: Loc
    value: Any
    address: str = ""
    head: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `edits`: those of a new entry lie below `root`."""

    sheet: str
    line: int | None
    entry: str
    field: str
    change: ChangeKind
    before: str = ""
    after: str = ""
    root: Loc = ()
    edits: tuple[Edit, ...] = ()
    address: str = ""


class RuleTable(ABC):
    """The rows of a sheet as a rule file has them: texts by key and column.

    `key_columns`: columns that say which entry a row is. `shown_columns`: columns that only explain.
    """

    sheet: str
    columns: ClassVar[Mapping[str, TableColumn]]
    needed: ClassVar[tuple[str, ...]]
    key_columns: ClassVar[tuple[str, ...]]
    shown_columns: ClassVar[tuple[str, ...]] = ()
    hint: str = ""

    def __init__(self) -> None:
        self.rows: dict[Key, dict[str, str]] = {}

    @abstractmethod
    def key_of(self, cells: Mapping[str, str]) -> Key:
        """Which entry a row is about; of a new one, its new key. Raises RegisterError."""

    @abstractmethod
    def root(self, key: Key) -> Loc:
        """The place of an entry in the file."""

    @abstractmethod
    def place(self, key: Key, column: str) -> Loc:
        """The place of a cell in the file."""

    @abstractmethod
    def parse(self, key: Key, column: str, text: str) -> Any:
        """The value that a text stands for. Raises RegisterError, which says what would be right."""

    def label(self, key: Key, cells: Mapping[str, str]) -> str:
        """What a row is called in a list of changes."""
        return cells.get(self.needed[0]) or key[-1]

    def check_new(self, key: Key, cells: Mapping[str, str]) -> None:  # noqa: B027
        """Refuse a new entry that cannot be one. Raises RegisterError."""


def compare_table(table: RuleTable, given: Table, *, remove: bool, errors: list[Message]) -> list[Change]:
    """What a sheet would change in the file. `remove`: what is not in the sheet is removed from it."""
    if not given.rows:
        return []
    heads = {key: column.heads for key, column in table.columns.items()}
    changes: list[Change] = []
    seen: dict[Key, int] = {}
    for record in read_records(given, table.sheet, heads, table.needed, errors):
        try:
            key = table.key_of(record.cells)
            if key in seen:
                raise RegisterError("the same entry stands in line {line}", line=seen[key])
        except RegisterError as error:
            errors.append(row_error(table.sheet, record.line, error.args[0]))
            continue
        seen[key] = record.line
        changes += (
            _changed(table, key, record, errors, remove) if key in table.rows else _added(table, key, record, errors)
        )
    change: ChangeKind = "removed" if remove else "missing"
    for key, cells in table.rows.items():
        if key not in seen and any(cells[column] for column in cells if column not in table.key_columns):
            root = table.root(key)
            label = table.label(key, cells)
            changes.append(
                Change(table.sheet, None, label, "", change, before=label, root=root, edits=(Edit(root, None),))
            )
    return changes


def _changed(table: RuleTable, key: Key, record: Record, errors: list[Message], remove: bool) -> Iterator[Change]:
    before = table.rows[key]
    for column, text in record.cells.items():
        was = before.get(column, "")
        if column in table.key_columns or text == tidy_text(was) or (not text and column in table.shown_columns):
            continue
        head, loc = table.columns[column].heads[0], table.place(key, column)
        change: ChangeKind = "changed" if text else "removed" if remove else "missing"
        value = _parse(table, key, column, text, record, errors) if text else None
        label, address = table.label(key, before), record.addresses[column]
        edits = (Edit(loc, value, address, head),)
        yield Change(table.sheet, record.line, label, head, change, was, text, loc, edits, address)


def _added(table: RuleTable, key: Key, record: Record, errors: list[Message]) -> Iterator[Change]:
    try:
        table.check_new(key, record.cells)
    except RegisterError as error:
        errors.append(row_error(table.sheet, record.line, error.args[0]))
        return
    columns = sorted(set(record.cells) - set(table.shown_columns), key=[*table.key_columns, *table.columns].index)
    filled = {column: record.cells[column] for column in columns if record.cells[column]}
    edits = tuple(
        Edit(
            table.place(key, column),
            _parse(table, key, column, text, record, errors),
            record.addresses[column],
            table.columns[column].heads[0],
        )
        for column, text in filled.items()
        if column not in table.key_columns or len(table.place(key, column)) > len(table.root(key))
    )
    label, after = table.label(key, record.cells), "；".join(filled.values())
    address = record.addresses[table.needed[0]]
    yield Change(table.sheet, record.line, label, "", "added", "", after, table.root(key), edits, address)


def _parse(table: RuleTable, key: Key, column: str, text: str, record: Record, errors: list[Message]) -> Any:
    try:
        if column in table.shown_columns:
            raise RegisterError(Message("this column only explains: put it back, and change what it explains"))
        return table.parse(key, column, text)
    except RegisterError as error:
        head = table.columns[column].heads[0]
        errors.append(cell_error(table.sheet, record.addresses[column], head, error.args[0]))
        return None


def apply_changes(file: YamlText, changes: Sequence[Change], errors: list[Message]) -> None:
    """Make the changes in the text of the file; what is missing stays. An edit that cannot be made is an error."""
    removed = [change for change in changes if change.change == "removed"]
    roots = {change.root for change in removed}
    removed = [
        change for change in removed if not any(change.root[:length] in roots for length in range(len(change.root)))
    ]
    kept = [change for change in changes if change.change in ("added", "changed")]
    # Of a list, the last first: the others' places stay.
    for change in [*kept, *sorted(removed, key=lambda one: [str(step).zfill(6) for step in one.root], reverse=True)]:
        try:
            _apply(file, change)
        except CannotEditError as error:
            written = Message("the file writes {place} in a way that only an editor can change", place=str(error))
            errors.append(cell_error(change.sheet, change.address or "-", change.field or change.entry, written))


def _apply(file: YamlText, change: Change) -> None:
    if change.change == "removed":
        file.remove(change.root)
    elif change.change == "added" and value_at(file.data, change.root) is None:
        entry: dict[str | int, Any] = {}
        for edit in change.edits:
            _put(entry, edit.loc[len(change.root) :], edit.value)
        file.set(change.root, entry)
    else:
        for edit in change.edits:
            file.set(edit.loc, edit.value)


def _put(entry: dict[str | int, Any], steps: Loc, value: Any) -> None:
    for step in steps[:-1]:
        entry = entry.setdefault(step, {})
    entry[steps[-1]] = value
