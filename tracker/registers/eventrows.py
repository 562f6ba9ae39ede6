"""Reads events from the rows of a table: recognizes columns and names, and lists all errors of a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from difflib import get_close_matches

from tracker.core.law.clock import REACHED
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, EventKey, Moment
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import BadTable, Cell, SheetRow, Table
from tracker.evidence.attachments.readers.sheetfaults import ERRORS
from tracker.registers.errors import RegisterError, suggest_names
from tracker.registers.eventdates import parse_moment
from tracker.registers.eventrules import EventRules, build_day_reference, tidy_text

#: Accepted heads of each column: the first is its key, the second stands in the form to fill in.
HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "事项", "事件", "事项名称", "事件名称", "event"),
    "department": ("department", "部门", "单位", "部门名称", "单位名称", "责任单位", "责任部门"),
    "on": ("on", "日期", "发生日期", "办理日期", "批复日期", "时间", "发生时间", "date", "day"),
    "reference": ("reference", "文号", "编号", "批复文号"),
    "duty": ("duty", "任务", "公开任务"),
    "by": ("by", "登记人"),
    "recorded": ("recorded", "登记时间", "登记日期"),
}
#: Fields with Chinese heads; the head of any other field is its name in the pack.
FIELD_HEADS: Mapping[str, tuple[str, ...]] = {
    "year": ("year", "年度", "年份"),
    "item": ("item", "项目名称", "项目"),
    REACHED: (REACHED, "送达日期", "寄达日期", "签收日期"),
}
NEEDED = ("name", "department", "on")
#: The heads stand in one of the first rows of the table.
_HEAD_ROWS = 30
_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
#: A spreadsheet may have rounded numbers from this one on.
INEXACT_FROM = 10**15
#: The hour of recording where the row gives only a day for it.
_RECORDING_HOUR = time(9)


@dataclass(frozen=True, slots=True)
class EventRow:
    """The event of a row, with the row's time of recording and person, or the errors of the row."""

    number: int
    event: Event | None
    errors: tuple[str, ...] = ()
    has_reference: bool = True  # False: the reference was derived from the day


@dataclass(frozen=True, slots=True)
class EventRows:
    """The rows of a table in their order. `unused`: heads of columns that are not read."""

    rows: tuple[EventRow, ...]
    unused: tuple[str, ...] = ()


def read_event_rows(table: Table, rules: EventRules, name: str | None = None) -> EventRows:
    """Every row below the heads. `name`: the event of all rows where no column gives it. Raises BadTable."""
    names = _Names(rules)
    needed = tuple(key for key in NEEDED if key != "name" or name is None)
    head, columns, unused = _find_heads(table.rows, needed, names)
    if name is not None and "name" not in columns:
        rules.rule(name)
    events = []
    for row in table.rows[head + 1 :]:
        cells = {key: row.cells[index] for key, index in columns.items() if index < len(row.cells)}
        cells = {key: cell for key, cell in cells.items() if format_cell(cell)}
        if cells:
            if name is not None and "name" not in columns:
                cells["name"] = name
            events.append(_read_event(row.line, cells, rules, names, since_1904=table.since_1904))
    return EventRows(tuple(events), unused)


def read_records(records: Iterable[Mapping[str, str]], rules: EventRules) -> list[EventRow]:
    """The event of each record of another system, numbered from 1. Its keys are those of `HEADS`, or fields' names;
    a field that no event has is an error, for it may be mistyped."""
    names, rows = _Names(rules), []
    for number, record in enumerate(records, 1):
        row = _read_event(number, {key: text for key, text in record.items() if text}, rules, names, since_1904=False)
        unknown = [key for key in record if key not in HEADS and key not in names.fields]
        errors = [
            Message("no field {field!r}: {hint}", field=key, hint=suggest_names(key, names.fields)) for key in unknown
        ]
        rows.append(replace(row, event=None, errors=(*row.errors, *errors)) if errors else row)
    return rows


# -- heads ---------------------------------------------------------------------------------------


def _find_heads(
    rows: Sequence[SheetRow], needed: Sequence[str], names: _Names
) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """The index of the head row, the index of each column by key, and the heads that are not read."""
    if not rows:
        raise BadTable(Message("holds no row"))
    candidates = [(_read_columns(row), index) for index, row in enumerate(rows[:_HEAD_ROWS])]
    (columns, repeated), head = max(candidates, key=lambda row: (sum(key in row[0][0] for key in needed), -row[1]))
    line = rows[head].line
    missing = [_describe_column(key) for key in needed if key not in columns]
    if len(missing) == len(needed):
        wanted = ", ".join(map(_describe_column, needed))
        raise BadTable("no row of the first {count} names the columns {wanted}", count=len(candidates), wanted=wanted)
    if missing:
        absent, unread = ", ".join(missing), _list_unread_heads(rows[head], columns)
        if unread:
            raise BadTable("line {line}: no column {absent}; it has {unread}", line=line, absent=absent, unread=unread)
        raise BadTable("line {line}: no column {absent}", line=line, absent=absent)
    if repeated:
        twice = ", ".join(map(_describe_column, repeated))
        raise BadTable("line {line}: two columns for {twice}: keep one of each", line=line, twice=twice)
    for key in columns:
        near = get_close_matches(key, [*HEADS, *names.fields], n=1, cutoff=0.75)
        if near and key not in HEADS and key not in names.fields:
            raise BadTable("line {line}: column {key!r}: did you mean {near}?", line=line, key=key, near=near[0])
    used = set(columns.values())
    unused = tuple(
        format_cell(cell) for index, cell in enumerate(rows[head].cells) if index not in used and format_cell(cell)
    )
    return head, columns, unused


def _read_columns(row: SheetRow) -> tuple[dict[str, int], list[str]]:
    """The index of each column by key, and the keys that more than one column has."""
    columns: dict[str, int] = {}
    repeated = []
    for index, cell in enumerate(row.cells):
        key = _KEY_BY_HEAD.get(head := normalize_head(format_cell(cell))) or (head if _FIELD.fullmatch(head) else None)
        if key is None:
            continue
        if key in columns:
            repeated.append(key)
        columns.setdefault(key, index)
    return columns, repeated


def normalize_head(text: str) -> str:
    """The head without blanks, asterisks and a remark in brackets: 日期（必填） becomes 日期."""
    head = re.sub(r"\s+|\*", "", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[(\[【].*[)\]】]$", "", head).rstrip(":")


def _describe_column(key: str) -> str:
    names = HEADS[key] if key in HEADS else FIELD_HEADS.get(key, (key,))
    return f"{names[1]} ({key})" if len(names) > 1 else key


def _list_unread_heads(row: SheetRow, columns: Mapping[str, int]) -> str:
    """The heads of the row that are no known column, for an error; "" where there are none."""
    used = {index for key, index in columns.items() if key in HEADS}
    unread = [format_cell(cell) for index, cell in enumerate(row.cells) if index not in used and format_cell(cell)]
    return ", ".join(unread)


_KEY_BY_HEAD = {head: key for columns in (HEADS, FIELD_HEADS) for key, heads in columns.items() for head in heads}


def list_form_heads(rulebook: Rulebook) -> list[str]:
    """The heads of a table to fill in: the fixed columns and the fields that the county's events need, in Chinese."""
    needs = dict.fromkeys(need for rule in rulebook.events.values() for need in rule.needs)
    needs |= dict.fromkeys([REACHED] if any(rule.lapse for rule in rulebook.events.values()) else [])
    keys = ["name", "department", "on", "reference"]
    keys += ["duty"] if any(rule.per_duty for rule in rulebook.events.values()) else []
    return [*(HEADS[key][1] for key in keys), *(FIELD_HEADS.get(key, (key, key))[1] for key in needs)]


# -- names ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Names:
    """The ids of events, departments and duties by their normalized names; a name of several ids is refused."""

    rules: EventRules
    events: dict[str, set[str]] = field(default_factory=dict)
    departments: dict[str, set[str]] = field(default_factory=dict)
    duties: dict[str, set[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        book = self.rules.rulebook
        for event in book.events.values():
            _add_names(self.events, event.name, event.name, event.title)
            self.fields |= {*event.needs} | ({REACHED} if event.lapse else set())
        for department in book.county.departments.values():
            _add_names(self.departments, department.id, department.id, *department.names)
        for duty in book.duties:
            _add_names(self.duties, duty.id, duty.id, duty.title)


def _add_names(ids: dict[str, set[str]], id: str, *names: str) -> None:
    for name in names:
        ids.setdefault(_normalize_name(name), set()).add(id)


def _normalize_name(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy_text(text))).casefold()


def _find_id(names: Mapping[str, set[str]], text: str, column: str) -> str:
    ids = names.get(_normalize_name(text), set())
    if len(ids) == 1:
        return next(iter(ids))
    if ids:
        raise RegisterError(
            "{column} {text!r} may be {ids}: write its id", column=column, text=text, ids=" or ".join(sorted(ids))
        )
    near = get_close_matches(
        _normalize_name(text), names, n=3, cutoff=0.5
    )  # 环宝局 and 环保局 have two of three in common
    hint = Message("did you mean {names}?", names=", ".join(near)) if near else suggest_names(text, names)
    raise RegisterError("{column} {text!r} is not known: {hint}", column=column, text=text, hint=hint)


# -- rows ----------------------------------------------------------------------------------------


def _read_event(
    number: int, row: Mapping[str, Cell], rules: EventRules, names: _Names, *, since_1904: bool
) -> EventRow:
    errors: list[str] = [Message("no {column}", column=_describe_column(key)) for key in NEEDED if key not in row]
    formula = Message("the cell's formula gives no value; write the value itself")
    errors += [
        Message("{column} {cell}: {problem}", column=_describe_column(key), cell=cell, problem=formula)
        for key, cell in row.items()
        if cell in ERRORS
    ]
    cells = {key: cell for key, cell in row.items() if cell not in ERRORS}
    zone = rules.rulebook.county.zone
    ids: dict[str, str] = {}
    for key, meanings in (("name", names.events), ("department", names.departments), ("duty", names.duties)):
        if key in cells:
            try:
                ids[key] = _find_id(meanings, format_cell(cells[key]), _describe_column(key))
            except RegisterError as error:
                errors.append(error.args[0])
    moments: dict[str, Moment] = {}
    for key in ("on", "recorded"):
        if key in cells:
            try:
                moments[key] = parse_moment(cells[key], zone, since_1904=since_1904)
            except ValueError as error:
                errors.append(Message("{column} {problem}", column=_describe_column(key), problem=error.args[0]))
    rounded = Message("a spreadsheet rounds numbers this long; format the column as text")
    errors += [
        Message("{column} {cell}: {problem}", column=_describe_column(key), cell=f"{cell:.0f}", problem=rounded)
        for key, cell in cells.items()
        if isinstance(cell, int | float) and abs(cell) >= INEXACT_FROM
    ]
    needs = rules.rule(ids["name"]).needs if "name" in ids else ()
    errors += [
        Message("no {column}, which {name} needs", column=_describe_column(need), name=ids["name"])
        for need in needs
        if need not in row
    ]
    event = None
    if not errors:
        fields = {key: format_cell(cell) for key, cell in cells.items() if key not in HEADS}
        occurred, by = moments["on"], format_cell(cells.get("by", ""))
        reference = (
            format_cell(cells["reference"]) if "reference" in cells else build_day_reference(occurred, rules.rulebook)
        )
        recorded = moments.get("recorded", occurred)
        recorded_at = recorded if isinstance(recorded, datetime) else datetime.combine(recorded, _RECORDING_HOUR, zone)
        try:
            event = rules.check(
                Event(0, ids["name"], ids["department"], reference, occurred, recorded_at, ids.get("duty"), fields, by)
            )
        except RegisterError as error:
            errors.append(error.args[0])
    return EventRow(number, event, tuple(errors), "reference" in cells)


def format_cell(cell: Cell) -> str:
    """The text of a cell, with 65.0 as 65."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.isoformat() if isinstance(cell, date | datetime) else tidy_text(str(cell))


def find_duplicates(rows: Iterable[EventRow]) -> dict[int, Message]:
    """The error of each row whose key another row has too, by line number.

    Where the rows are equal the first one is good; where they contradict each other none is.
    """
    groups: dict[EventKey, list[EventRow]] = {}
    for row in rows:
        if row.event is not None:
            groups.setdefault(row.event.key, []).append(row)
    errors = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        contents = [(row.event.occurred, row.event.fields) for row in group if row.event]
        are_same = all(content == contents[0] for content in contents)
        numbers = ", ".join(str(row.number) for row in group)
        problem = Message("say the same" if are_same else "contradict each other")
        has_references = all(row.has_reference for row in group)
        remedy = Message("keep one of them" if has_references else "keep one of them, or give each its own 文号")
        for row in group[1:] if are_same else group:
            errors[row.number] = Message(
                "the same event as another row: lines {numbers} {problem}; {remedy}",
                numbers=numbers,
                problem=problem,
                remedy=remedy,
            )
    return errors
