"""Reads the cells of one row of an office's sheet, and notes what is wrong with each.

An error names the cell and what would be right, and never what stands there: it may be a name, an identity number or
what a person wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from tracker.core.law.county import Department, Rulebook
from tracker.core.values.facts import Moment
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import Cell, SheetRow, Table
from tracker.evidence.attachments.readers.sheetfaults import ERRORS
from tracker.registers.errors import RegisterError, suggest_names
from tracker.registers.eventdates import parse_moment
from tracker.registers.eventrows import INEXACT_FROM, format_cell
from tracker.registers.request_heads import SheetHeads, field_title
from tracker.registers.request_words import AMBIGUOUS_WORDS, NOTHING, WORDS, squeeze_word

DAY_HELP = Message("write a day as 2025-03-02, 2025/3/2, 2025年3月2日 or 20250302")

#: How a row begins that adds up those above it.
_TOTAL = re.compile(r"(合计|总计|小计|共计|累计|本页合计|本月合计|本年合计)[:(（]?\d*[件条宗份]?[)）]?")


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What a person says about the words of a sheet.

    `given`: by field, the value of every row that has no cell for it. `meanings`: by a squeezed word, the word meant.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)


def list_words(name: str) -> str:
    """The words of a closed list, as an error names them."""
    return "、".join(words[0] for words in WORDS[name].values())


def find_code(name: str, text: str, meanings: Mapping[str, str]) -> str:
    """The code of a word of a closed list. Raises RegisterError, which does not repeat the word."""
    wanted = squeeze_word(text)
    wanted = squeeze_word(meanings.get(wanted, wanted))
    for code, words in WORDS[name].items():
        if wanted == code or wanted in map(squeeze_word, words):
            return code
    if codes := AMBIGUOUS_WORDS.get(name, {}).get(wanted, ()):
        raise RegisterError(
            "the word may mean {choices}: write which, or say it of all rows with --value WORD=MEANING",
            choices="、".join(WORDS[name][code][0] for code in codes),
        )
    raise RegisterError(
        "the word is not known: write one of {words}, or say what it means with --value WORD=MEANING",
        words=list_words(name),
    )


class RowCells:
    """The cells of a row by field. `errors` grow as cells are read; a field has one error at most."""

    def __init__(self, row: SheetRow, table: Table, heads: SheetHeads, rulebook: Rulebook, words: SheetWords) -> None:
        self.line = row.line
        self.zone = rulebook.county.zone
        self._county = rulebook.county
        self._since_1904 = table.since_1904
        self._words = words
        self._errors: dict[str, Message] = {}
        self._addresses = {name: table.address(row.line, index) for name, index in heads.columns.items()}
        cells = {name: row.cells[index] for name, index in heads.columns.items() if index < len(row.cells)}
        self._cells: dict[str, Cell] = {name: cell for name, cell in cells.items() if format_cell(cell)}
        self.holds_something = bool(self._cells)
        self._is_named_total = any(_TOTAL.fullmatch(squeeze_word(format_cell(cell))) for cell in row.cells)
        for name in tuple(self._cells):
            self._drop_broken(name)

    @property
    def is_total(self) -> bool:
        """Whether the row adds up those above it: a cell says so, and none says when, by whom or for what."""
        told = [
            squeeze_word(format_cell(self._cells[name])) for name in ("applicant", "title", "text") if self.holds(name)
        ]
        says_more = self.holds("received") or any(not (_TOTAL.fullmatch(text) or text.isdecimal()) for text in told)
        return self._is_named_total and not says_more

    @property
    def errors(self) -> tuple[Message, ...]:
        return tuple(self._errors.values())

    def place(self, *names: str) -> str:
        """The address and head of the first of these fields that the row fills in, for an error about it."""
        name = next((name for name in names if name in self._cells), names[0])
        return f"{self._addresses.get(name, '')} {field_title(name)}".strip()

    def fail(self, name: str, problem: Message) -> None:
        """Note an error of a field; of several the first."""
        self._errors.setdefault(name, Message("{place}: {problem}", place=self.place(name), problem=problem))

    def holds(self, name: str) -> bool:
        """Whether the row itself fills in the field, so that it is not what is said of all rows."""
        return name in self._cells

    def has_failed(self, name: str) -> bool:
        return name in self._errors

    def _drop_broken(self, name: str) -> None:
        """Note a cell whose formula has no value, and a number that the spreadsheet has rounded; neither is read."""
        cell = self._cells[name]
        if cell in ERRORS:
            self.fail(name, Message("the cell's formula gives no value; write the value itself"))
        elif isinstance(cell, int | float) and abs(cell) >= INEXACT_FROM:
            self.fail(name, Message("a spreadsheet rounds numbers this long; format the column as text"))
        if name in self._errors:
            del self._cells[name]

    # -- values ------------------------------------------------------------------------------------

    def text(self, name: str) -> str:
        """The text of a cell on one line, else what is said of all rows; "" where the cell says that there is none."""
        text = format_cell(self._cells[name]) if name in self._cells else self._words.given.get(name, "")
        return "" if squeeze_word(text) in NOTHING else text

    def written(self, name: str) -> str:
        """The text of a cell as it was written."""
        cell = self._cells.get(name, "")
        text = unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else format_cell(cell)
        return "" if squeeze_word(text) in NOTHING else text

    def word(self, name: str, *, needed: bool = False) -> str:
        """The code of a word of a closed list; "" where there is none or it is wrong."""
        if not (text := self.text(name)):
            if needed:
                self.fail(name, Message("it is empty: write one of {words}", words=list_words(name)))
            return ""
        try:
            return find_code(name, text, self._words.meanings)
        except RegisterError as error:
            self.fail(name, error.args[0])
            return ""

    def day(self, name: str, *, needed: bool = False) -> Moment | None:
        """The day or instant of a cell; None where there is none or it is wrong."""
        days = self.days(name)
        if len(days) > 1:
            self.fail(name, Message("it holds {count} days: write one", count=len(days)))
        if not days and needed:
            self.fail(name, Message("it is empty: {help}", help=DAY_HELP))
        return days[0] if days else None

    def days(self, name: str) -> list[Moment]:
        """The days of a cell, parted by ；、or a new line."""
        if not self.text(name):
            return []
        cell = self._cells.get(name, self.text(name))
        days = []
        for part in re.split("[;；、\n]", cell.strip("; ；、\n")) if isinstance(cell, str) else [cell]:
            try:
                days.append(parse_moment(part, self.zone, since_1904=self._since_1904))
            except ValueError:
                self.fail(name, Message("it is no day: {help}", help=DAY_HELP))
                return []
        return days

    def department(self, name: str) -> str:
        """The id of the department that a cell names; "" where there is none or it is wrong."""
        if not (text := self.text(name)):
            return ""
        wanted = squeeze_word(self._words.meanings.get(squeeze_word(text), text))
        departments = self._county.departments.values()
        ids = sorted(each.id for each in departments if wanted in map(squeeze_word, (each.id, *each.names)))
        if len(ids) == 1:
            return ids[0]
        if ids:
            self.fail(name, Message("it may be {ids}: write its id", ids=" or ".join(ids)))
            return ""
        self.fail(name, Message("no department of that name: {hint}", hint=_suggest_department(wanted, departments)))
        return ""


def _suggest_department(wanted: str, departments: Collection[Department]) -> Message:
    names = {squeeze_word(name): name for each in departments for name in each.names}
    near = get_close_matches(wanted, names, n=3, cutoff=0.5)  # 环宝局 and 环保局 have two of three in common
    if near:
        return Message("did you mean {names}?", names=", ".join(names[name] for name in near))
    return suggest_names("", [each.id for each in departments])
