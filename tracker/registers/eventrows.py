"""Events from the rows of a table: which column is which, whom a name means, and all that is wrong with a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from tracker.core.law.duties import Rulebook
from tracker.core.values.facts import Moment
from tracker.evidence.attachments.readers.sheet_rows import BadTable, Cell, SheetRow, Table
from tracker.evidence.attachments.readers.sheetfaults import ERRORS
from tracker.registers.errors import RegisterError, close_ones
from tracker.registers.eventdates import moment_of
from tracker.registers.eventrules import Checked, EventRules, tidy

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


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row as an event, or what is wrong with it. `by` and `recorded` are for a replay alone."""

    number: int
    event: Checked | None
    faults: tuple[str, ...] = ()
    by: str = ""
    recorded: Moment | None = None
    given: bool = True  # whether the reference stood in the row


@dataclass(frozen=True, slots=True)
class EventRows:
    """The rows of a table in their order. `unused`: heads of columns that are not kept."""

    lines: tuple[EventRow, ...]
    unused: tuple[str, ...] = ()


def read_lines(table: Table, rules: EventRules, name: str | None = None) -> EventRows:
    """Every row below the heads. `name`: the event of all rows, where no column says it. Raises BadTable."""
    known = _Names(rules)
    needed = tuple(one for one in NEEDED if one != "name" or name is None)
    at, columns, unused = _heads(table.rows, needed, known)
    if name is not None and "name" not in columns:
        rules.rule(name)
    lines = []
    for row in table.rows[at + 1 :]:
        said = {key: row.cells[place] for key, place in columns.items() if place < len(row.cells)}
        said = {key: cell for key, cell in said.items() if _text(cell)}
        if said:
            if name is not None and "name" not in columns:
                said["name"] = name
            lines.append(_line(row.line, said, rules, known, since_1904=table.since_1904))
    return EventRows(tuple(lines), unused)


# -- heads ---------------------------------------------------------------------------------------


def _heads(
    rows: Sequence[SheetRow], needed: Sequence[str], known: _Names
) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """Where the heads stand, which column is which, and the heads of no use."""
    if not rows:
        raise BadTable("holds no row")
    read = [(_columns(row), place) for place, row in enumerate(rows[:_ABOVE])]
    (columns, twice), at = max(read, key=lambda one: (sum(key in one[0][0] for key in needed), -one[1]))
    line = rows[at].line
    missing = [_called(one) for one in needed if one not in columns]
    if len(missing) == len(needed):
        raise BadTable(f"no row of the first {len(read)} names the columns {', '.join(map(_called, needed))}")
    if missing:
        raise BadTable(f"line {line}: no column {', '.join(missing)}" + _hint(rows[at], columns))
    if twice:
        raise BadTable(f"line {line}: two columns for {', '.join(_called(one) for one in twice)}: keep one of each")
    for key in columns:
        near = get_close_matches(key, [*HEADS, *known.fields], n=1, cutoff=0.75)
        if near and key not in HEADS and key not in known.fields:
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
    needs = dict.fromkeys(need for one in rulebook.events.values() for need in one.needs)
    keys = ["name", "department", "on", "reference"]
    keys += ["duty"] if any(one.per_duty for one in rulebook.events.values()) else []
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
        for one in book.county.departments.values():
            _note(self.departments, one.id, one.id, *one.names)
        for duty in book.duties:
            _note(self.duties, duty.id, duty.id, duty.title)


def _note(names: dict[str, set[str]], id: str, *words: str) -> None:
    for word in words:
        names.setdefault(_plain(word), set()).add(id)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(text))).casefold()


def _meant(names: Mapping[str, set[str]], text: str, what: str) -> str:
    found = names.get(_plain(text), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise RegisterError(f"{what} {text!r} may be {' or '.join(sorted(found))}: write its id")
    near = get_close_matches(_plain(text), names, n=3, cutoff=0.5)  # 环宝局 and 环保局 have two of three in common
    hint = f"did you mean {' or '.join(near)}?" if near else close_ones(text, names)
    raise RegisterError(f"{what} {text!r} is not known: {hint}")


# -- rows ----------------------------------------------------------------------------------------


def _line(number: int, said: Mapping[str, Cell], rules: EventRules, known: _Names, *, since_1904: bool) -> EventRow:
    given = set(said)
    faults: list[str] = [f"no {_called(one)}" for one in NEEDED if one not in given]
    faults += [
        f"{_called(key)} {cell}: the cell's formula gives no value; write the value itself"
        for key, cell in said.items()
        if cell in ERRORS
    ]
    said = {key: cell for key, cell in said.items() if cell not in ERRORS}
    zone = rules.rulebook.county.zone
    ids: dict[str, str] = {}
    for key, names in (("name", known.events), ("department", known.departments), ("duty", known.duties)):
        if key in said:
            try:
                ids[key] = _meant(names, _text(said[key]), _called(key))
            except RegisterError as error:
                faults.append(str(error))
    moments: dict[str, Moment] = {}
    for key in ("on", "recorded"):
        if key in said:
            try:
                moments[key] = moment_of(said[key], zone, since_1904=since_1904)
            except ValueError as error:
                faults.append(f"{_called(key)} {error}")
    faults += [
        f"{_called(key)} {cell:.0f}: a spreadsheet rounds numbers this long; format the column as text"
        for key, cell in said.items()
        if isinstance(cell, int | float) and abs(cell) >= _EXACT
    ]
    needs = rules.rule(ids["name"]).needs if "name" in ids else ()
    faults += [f"no {_called(one)}, which {ids['name']} needs" for one in needs if one not in given]
    event = None
    if not faults:
        fields = {key: _text(cell) for key, cell in said.items() if key not in HEADS}
        reference = _text(said["reference"]) if "reference" in said else None
        try:
            event = rules.check(ids["name"], ids["department"], moments["on"], reference, ids.get("duty"), fields)
        except RegisterError as error:
            faults.append(str(error))
    by = _text(said["by"]) if "by" in said else ""
    return EventRow(number, event, tuple(faults), by, moments.get("recorded"), "reference" in said)


def _text(cell: Cell) -> str:
    """A cell as it is read: 65 and not 65.0."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return cell.isoformat() if isinstance(cell, date | datetime) else tidy(str(cell))


def duplicates(lines: Iterable[EventRow]) -> dict[int, str]:
    """By line what is wrong with rows that are one event twice: two that say the same, or two that do not."""
    first: dict[tuple[str, ...], list[EventRow]] = {}
    for line in lines:
        if (one := line.event) is not None:
            first.setdefault((one.name, one.department, one.duty or "", one.reference), []).append(line)
    found = {}
    for group in first.values():
        if len(group) == 1:
            continue
        alike = all(one.event == group[0].event for one in group)
        numbers = ", ".join(str(one.number) for one in group)
        what = "say the same" if alike else "contradict each other"
        right = "keep one of them" if all(one.given for one in group) else "keep one of them, or give each its own 文号"
        for line in group[1:] if alike else group:
            found[line.number] = f"the same event as another row: lines {numbers} {what}; {right}"
    return found
