"""Recognizes the columns of an office's sheet of requests by their heads.

No error quotes a cell below the heads: a column that is taken for another one may hold names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import SheetRow, Table, column_letters
from tracker.registers.errors import RegisterError
from tracker.registers.eventrows import format_cell, normalize_head
from tracker.registers.request_words import AMBIGUOUS_HEADS, HEADS

#: A column of each, or what --set says of all rows; of `title` and `text` one will do, of `owner` and `department` too.
_NEEDED = (("received",), ("way",), ("title", "text"), ("owner", "department"))
#: The heads stand in one of the first rows of the table.
_HEAD_ROWS = 30
_FIELD_BY_HEAD = {head: field for field, heads in HEADS.items() for head in heads}


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column of the sheet was taken for. `field` "": it is not read; None: its head may mean several fields."""

    index: int
    letters: str
    head: str
    field: str | None


@dataclass(frozen=True, slots=True)
class SheetHeads:
    """The columns of a sheet. `line`: that of the heads. `columns`: the index of each field's cell in a row."""

    line: int
    columns: Mapping[str, int]
    uses: tuple[ColumnUse, ...]


def field_title(field: str) -> str:
    """The Chinese name of a field."""
    return HEADS[field][0]


def find_field(text: str) -> str | None:
    """The field that a key or any of its heads names; "" for "-", which is not read; None: unknown."""
    head = normalize_head(text)
    return head if head in HEADS else "" if head == "-" else _FIELD_BY_HEAD.get(head)


def read_heads(table: Table, chosen: Mapping[str, str], given: Collection[str] = ()) -> SheetHeads:
    """The columns of the sheet. `chosen`: by head or letters, the field that a person says; "": not to be read.
    `given`: fields that need no column. Raises RegisterError with everything that is wrong with the heads."""
    if not table.rows:
        raise RegisterError("the sheet holds no row")
    first = table.rows[:_HEAD_ROWS]
    row = max(first, key=lambda row: (sum(bool(use.field) for use in _list_uses(table, row, chosen)), -row.line))
    uses = _list_uses(table, row, chosen)
    if sum(bool(use.field) for use in uses) < 2:
        raise RegisterError(
            "none of the first {count} rows holds heads of a sheet of requests, such as 收到日期, 申请内容, 承办单位",
            count=len(first),
        )
    columns: dict[str, int] = {}
    for use in uses:
        if use.field:
            columns.setdefault(use.field, use.index)
    errors = [*_merged_errors(table, row.line), *_use_errors(uses, row.line), *_missing_errors(columns, given)]
    errors += _unknown_choices(uses, chosen)
    if errors:
        raise RegisterError(Message.lines(errors))
    return SheetHeads(row.line, columns, uses)


def _list_uses(table: Table, row: SheetRow, chosen: Mapping[str, str]) -> tuple[ColumnUse, ...]:
    """What each column under a head is taken for."""
    named: list[tuple[int, str, str]] = []
    fields: dict[int, str] = {}
    for index, cell in enumerate(row.cells):
        if not (text := format_cell(cell)):
            continue
        head, letters = normalize_head(text), column_letters(table.first_column + index)
        named.append((index, letters, head))
        if (field := chosen.get(letters, chosen.get(head))) is None:
            field = _guess_field(head)
        if field is not None:
            fields[index] = field
    for index, _, head in named:
        if index not in fields and head in AMBIGUOUS_HEADS:
            free = [field for field in AMBIGUOUS_HEADS[head] if field not in fields.values()]
            if len(free) == 1:
                fields[index] = free[0]
    return tuple(
        ColumnUse(index, letters, head, fields.get(index, None if head in AMBIGUOUS_HEADS else ""))
        for index, letters, head in named
    )


def _guess_field(head: str) -> str | None:
    """The field of a head; of 答复类型/办理结果 the one that both name. None: no field, or several."""
    if head in _FIELD_BY_HEAD:
        return _FIELD_BY_HEAD[head]
    fields = {_FIELD_BY_HEAD.get(part) for part in re.split("[/、]", head)}
    return fields.pop() if len(fields) == 1 else None


def _merged_errors(table: Table, line: int) -> Iterator[Message]:
    """Errors where heads are merged, over one row or two, and where a cell below spans several columns."""
    rows = {line}
    for _ in table.merged:  # what is merged with a row of the heads makes more rows into heads
        for merged in table.merged:
            if rows & {*range(merged.top, merged.bottom + 1)}:
                rows |= {*range(merged.top, merged.bottom + 1)}
    heads = [merged.address for merged in table.merged if merged.top in rows]
    if heads:
        yield Message(
            "merged heads {cells}: unmerge them and write in one row, above each column, what it holds",
            cells=", ".join(heads),
        )
    wide = [merged.address for merged in table.merged if merged.top > line and merged.right > merged.left]
    if wide and not heads:
        yield Message("cells merged over several columns {cells}: unmerge them", cells=", ".join(wide))


def _use_errors(uses: tuple[ColumnUse, ...], line: int) -> Iterator[Message]:
    """Errors where a head may mean several fields, and where two columns hold one field."""
    taken: dict[str, ColumnUse] = {}
    for use in uses:
        cell = f"{use.letters}{line}"
        if use.field is None:
            first, second = AMBIGUOUS_HEADS[use.head]
            yield Message(
                "{cell} {head} may be {first} or {second}: say which with --map {letters}={first}",
                cell=cell, head=use.head, first=field_title(first), second=field_title(second), letters=use.letters,
            )  # fmt: skip
        elif use.field and use.field in taken:
            yield Message(
                "{first} and {cell}: two columns for {field}; leave one out with --map {letters}=-",
                first=f"{taken[use.field].letters}{line}", cell=cell, field=field_title(use.field), letters=use.letters,
            )  # fmt: skip
        elif use.field:
            taken[use.field] = use


def _missing_errors(columns: Mapping[str, int], given: Collection[str]) -> Iterator[Message]:
    """Errors where neither a column nor a value for all rows says what every row needs."""
    for fields in _NEEDED:
        if not any(field in columns or field in given for field in fields):
            yield Message(
                "no column {fields}: name it with --map HEAD={field}, or say it of all rows with --set {field}=…",
                fields=" / ".join(field_title(field) for field in fields), field=field_title(fields[0]),
            )  # fmt: skip


def _unknown_choices(uses: tuple[ColumnUse, ...], chosen: Mapping[str, str]) -> Iterator[Message]:
    """Errors where --map names a head that the sheet does not have."""
    known = {name for use in uses for name in (use.letters, use.head)}
    for head in chosen:
        if head not in known:
            yield Message(
                "--map {head}: the sheet has no such head (it has {heads})",
                head=head, heads="、".join(use.head for use in uses),
            )  # fmt: skip
