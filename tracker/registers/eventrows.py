"""Events from the rows of a table: which column is which, whom a name means, and all that is wrong with a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches

from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, EventKey, Moment
from tracker.evidence.attachments.readers.sheet_rows import BadTable, Cell, SheetRow, Table
from tracker.evidence.attachments.readers.sheetfaults import ERRORS
from tracker.registers.errors import RegisterError, close_ones
from tracker.registers.eventdates import moment_of
from tracker.registers.eventrules import EventRules, day_reference, tidy

#: What a column may be called; the first is what we call it, the second what the form calls it.
HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "事项", "事件", "事项名称", "事件名称", "event"),
    "department": ("department", "部门", "单位", "部门名称", "单位名称", "责任单位", "责任部门"),
    "on": ("on", "日期", "发生日期", "办理日期", "批复日期", "时间", "发生时间", "date", "day"),
    "reference": ("reference", "文号", "编号", "批复文号"),
    "duty": ("duty", "任务", "公开任务"),
    "by": ("by", "登记人"),
    "recorded": ("recorded", "登记时间", "登记日期"),
}
#: Fields that have a Chinese head too; any other field is called as the pack calls it.
FIELD_HEADS: Mapping[str, tuple[str, ...]] = {"year": ("year", "年度", "年份"), "item": ("item", "项目名称", "项目")}
NEEDED = ("name", "department", "on")
#: So many rows may stand above the heads.
_ABOVE = 30
_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
#: Numbers with more digits than this a spreadsheet has rounded.
_EXACT = 10**15
#: When a clerk entered what the row gives a day for.
_ENTERED = time(9)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row as an event, recorded when and by whom the row says, or what is wrong with it."""

    number: int
    event: Event | None
    faults: tuple[str, ...] = ()
    given: bool = True  # whether the reference stood in the row


@dataclass(frozen=True, slots=True)
class EventRows:
    """The rows of a table in their order. `unused`: heads of columns that are not kept."""

    lines: tuple[EventRow, ...]
    unused: tuple[str, ...] = ()


def read_lines(table: Table, rules: EventRules, name: str | None = None) -> EventRows:
    """Every row below the heads. `name`: the event of all rows, where no column says it. Raises BadTable."""
    names = _Names(rules)
    needed = tuple(key for key in NEEDED if key != "name" or name is None)
    at, columns, unused = _heads(table.rows, needed, names)
    if name is not None and "name" not in columns:
        rules.rule(name)
    lines = []
    for row in table.rows[at + 1 :]:
        cells = {key: row.cells[place] for key, place in columns.items() if place < len(row.cells)}
        cells = {key: cell for key, cell in cells.items() if _text(cell)}
        if cells:
            if name is not None and "name" not in columns:
                cells["name"] = name
            lines.append(_line(row.line, cells, rules, names, since_1904=table.since_1904))
    return EventRows(tuple(lines), unused)


# -- heads ---------------------------------------------------------------------------------------


def _heads(
    rows: Sequence[SheetRow], needed: Sequence[str], names: _Names
) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """Where the heads stand, which column is which, and the heads of no use."""
    if not rows:
        raise BadTable("holds no row")
    read = [(_columns(row), place) for place, row in enumerate(rows[:_ABOVE])]
    (columns, twice), at = max(read, key=lambda row: (sum(key in row[0][0] for key in needed), -row[1]))
    line = rows[at].line
    missing = [_called(key) for key in needed if key not in columns]
    if len(missing) == len(needed):
        raise BadTable(f"no row of the first {len(read)} names the columns {', '.join(map(_called, needed))}")
    if missing:
        raise BadTable(f"line {line}: no column {', '.join(missing)}" + _hint(rows[at], columns))
    if twice:
        raise BadTable(f"line {line}: two columns for {', '.join(map(_called, twice))}: keep one of each")
    for key in columns:
        near = get_close_matches(key, [*HEADS, *names.fields], n=1, cutoff=0.75)
        if near and key not in HEADS and key not in names.fields:
            raise BadTable(f"line {line}: column {key!r}: did you mean {near[0]}?")
    used = set(columns.values())
    unused = tuple(_text(cell) for place, cell in enumerate(rows[at].cells) if place not in used and _text(cell))
    return at, columns, unused


def _columns(row: SheetRow) -> tuple[dict[str, int], list[str]]:
    found: dict[str, int] = {}
    twice = []
    for place, cell in enumerate(row.cells):
        key = _WORDS.get(head := _head(_text(cell))) or (head if _FIELD.fullmatch(head) else None)
        if key is None:
            continue
        if key in found:
            twice.append(key)
        found.setdefault(key, place)
    return found, twice


def _head(text: str) -> str:
    """A head without blanks, marks and what is said in brackets: 日期（必填） is 日期."""
    plain = re.sub(r"\s+|\*", "", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[(\[【].*[)\]】]$", "", plain).rstrip(":")


def _called(key: str) -> str:
    names = HEADS[key] if key in HEADS else FIELD_HEADS.get(key, (key,))
    return f"{names[1]} ({key})" if len(names) > 1 else key


def _hint(row: SheetRow, columns: Mapping[str, int]) -> str:
    used = {place for key, place in columns.items() if key in HEADS}
    others = [_text(cell) for place, cell in enumerate(row.cells) if place not in used and _text(cell)]
    return f"; it has {', '.join(others)}" if others else ""


_WORDS = {word: key for heads in (HEADS, FIELD_HEADS) for key, words in heads.items() for word in words}


def form_heads(rulebook: Rulebook) -> list[str]:
    """The heads of a table to fill in: what the county's events need, as a clerk calls it."""
    needs = dict.fromkeys(need for rule in rulebook.events.values() for need in rule.needs)
    keys = ["name", "department", "on", "reference"]
    keys += ["duty"] if any(rule.per_duty for rule in rulebook.events.values()) else []
    return [*(HEADS[key][1] for key in keys), *(FIELD_HEADS.get(key, (key, key))[1] for key in needs)]


# -- names ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Names:
    """What people may call an event, a department, a duty; more than one meaning is asked about."""

    rules: EventRules
    events: dict[str, set[str]] = field(default_factory=dict)
    departments: dict[str, set[str]] = field(default_factory=dict)
    duties: dict[str, set[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        book = self.rules.rulebook
        for event in book.events.values():
            _note(self.events, event.name, event.name, event.title)
            self.fields |= {*event.needs}
        for department in book.county.departments.values():
            _note(self.departments, department.id, department.id, *department.names)
        for duty in book.duties:
            _note(self.duties, duty.id, duty.id, duty.title)


def _note(names: dict[str, set[str]], id: str, *words: str) -> None:
    for word in words:
        names.setdefault(_plain(word), set()).add(id)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(text))).casefold()


def _meant(names: Mapping[str, set[str]], text: str, what: str) -> str:
    ids = names.get(_plain(text), set())
    if len(ids) == 1:
        return next(iter(ids))
    if ids:
        raise RegisterError(f"{what} {text!r} may be {' or '.join(sorted(ids))}: write its id")
    near = get_close_matches(_plain(text), names, n=3, cutoff=0.5)  # 环宝局 and 环保局 have two of three in common
    hint = f"did you mean {' or '.join(near)}?" if near else close_ones(text, names)
    raise RegisterError(f"{what} {text!r} is not known: {hint}")


# -- rows ----------------------------------------------------------------------------------------


def _line(number: int, row: Mapping[str, Cell], rules: EventRules, names: _Names, *, since_1904: bool) -> EventRow:
    faults = [f"no {_called(key)}" for key in NEEDED if key not in row]
    faults += [
        f"{_called(key)} {cell}: the cell's formula gives no value; write the value itself"
        for key, cell in row.items()
        if cell in ERRORS
    ]
    cells = {key: cell for key, cell in row.items() if cell not in ERRORS}
    zone = rules.rulebook.county.zone
    ids: dict[str, str] = {}
    for key, meanings in (("name", names.events), ("department", names.departments), ("duty", names.duties)):
        if key in cells:
            try:
                ids[key] = _meant(meanings, _text(cells[key]), _called(key))
            except RegisterError as error:
                faults.append(str(error))
    moments: dict[str, Moment] = {}
    for key in ("on", "recorded"):
        if key in cells:
            try:
                moments[key] = moment_of(cells[key], zone, since_1904=since_1904)
            except ValueError as error:
                faults.append(f"{_called(key)} {error}")
    faults += [
        f"{_called(key)} {cell:.0f}: a spreadsheet rounds numbers this long; format the column as text"
        for key, cell in cells.items()
        if isinstance(cell, int | float) and abs(cell) >= _EXACT
    ]
    needs = rules.rule(ids["name"]).needs if "name" in ids else ()
    faults += [f"no {_called(need)}, which {ids['name']} needs" for need in needs if need not in row]
    event = None
    if not faults:
        fields = {key: _text(cell) for key, cell in cells.items() if key not in HEADS}
        occurred, by = moments["on"], _text(cells.get("by", ""))
        reference = _text(cells["reference"]) if "reference" in cells else day_reference(occurred, rules.rulebook)
        recorded = moments.get("recorded", occurred)
        recorded_at = recorded if isinstance(recorded, datetime) else datetime.combine(recorded, _ENTERED, zone)
        try:
            event = rules.check(
                Event(0, ids["name"], ids["department"], reference, occurred, recorded_at, ids.get("duty"), fields, by)
            )
        except RegisterError as error:
            faults.append(str(error))
    return EventRow(number, event, tuple(faults), "reference" in cells)


def _text(cell: Cell) -> str:
    """A cell as it is read: 65 and not 65.0."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.isoformat() if isinstance(cell, date | datetime) else tidy(str(cell))


def duplicates(lines: Iterable[EventRow]) -> dict[int, str]:
    """By line what is wrong with rows that are one event twice: two that say the same, or two that do not."""
    groups: dict[EventKey, list[EventRow]] = {}
    for line in lines:
        if line.event is not None:
            groups.setdefault(line.event.key, []).append(line)
    faults = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        contents = [(line.event.occurred, line.event.fields) for line in group if line.event]
        are_same = all(each == contents[0] for each in contents)
        numbers = ", ".join(str(line.number) for line in group)
        what = "say the same" if are_same else "contradict each other"
        right = (
            "keep one of them" if all(line.given for line in group) else "keep one of them, or give each its own 文号"
        )
        for line in group[1:] if are_same else group:
            faults[line.number] = f"the same event as another row: lines {numbers} {what}; {right}"
    return faults
