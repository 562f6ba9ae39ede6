"""Reads requests with their moves from the rows of an office's sheet, and lists all errors of each row.

An error names the cell and what would be right, and never what stands there: it may be a name, an identity number or
what a person wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import cast

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.requests.values import ApplicantKind, MoveKind, Person, RequestKind, Way
from tracker.core.values.facts import Moment
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import Cell, SheetRow, Table
from tracker.evidence.attachments.readers.sheetfaults import ERRORS
from tracker.registers.errors import RegisterError, suggest_names
from tracker.registers.eventdates import parse_moment
from tracker.registers.eventrows import INEXACT_FROM, format_cell
from tracker.registers.persons import check_no_personal_data, check_person
from tracker.registers.request_heads import SheetHeads, field_title
from tracker.registers.request_words import AMBIGUOUS_WORDS, NOTHING, WORDS

_DAY_HELP = Message("write a day as 2025-03-02, 2025/3/2, 2025年3月2日 or 20250302")
#: 12, 〔2025〕12号, 2025-12, 依申请2025年第12号.
_NUMBER = re.compile(r"(?:\D*?(?P<year>(?:19|20)\d\d)\D+)?第?0*(?P<number>[1-9]\d{0,5})号?")
_DIGITS_ONLY = re.compile(r"0*(?P<number>[1-9]\d{0,5})")
_LONGEST_TITLE = 120
#: Answers that are moves of their own, and the word for none yet.
_WITHDRAWN, _ABANDONED, _OPEN = "withdrawn", "abandoned", "open"
#: In which order the moves of one day happened.
_ORDER = (
    MoveKind.RECEIVE, MoveKind.REGISTER, MoveKind.ASSIGN, MoveKind.ASK_CORRECTION, MoveKind.CORRECTED, MoveKind.CONSULT,
    MoveKind.OPINION, MoveKind.EXTEND, MoveKind.REVIEW, MoveKind.ANSWER, MoveKind.WITHDRAW, MoveKind.ABANDON,
    MoveKind.ARCHIVE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowMove:
    """A move that a row tells. `cell`: where it stands. `by`: who did it, "" for who imports. `note`: what is assumed."""

    kind: MoveKind
    on: Moment
    cell: str
    fields: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a row tells it. `number` 0: the sheet gives none. `received`: the day that the sheet calls so."""

    line: int
    kind: RequestKind
    department: str
    owner: str
    year: int
    number: int
    way: Way
    filed_on: date
    received: Moment
    applicant_kind: ApplicantKind
    title: str
    topic: str
    person: Person | None
    moves: tuple[RowMove, ...]
    cells: Mapping[str, str]

    @property
    def reference(self) -> str:
        """2025-guotu-12, or the department and year where the number is still to be given."""
        return f"{self.year}-{self.department}-{self.number or '…'}"


@dataclass(frozen=True, slots=True)
class RowReading:
    """What came of one row: a request, or the errors."""

    line: int
    row: RequestRow | None
    errors: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What a person says about the words of a sheet.

    `given`: by field, the value of every row that has no cell for it. `meanings`: by a word, the word that is meant.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)


def read_request_rows(table: Table, heads: SheetHeads, rulebook: Rulebook, words: SheetWords) -> list[RowReading]:
    """Every row below the heads that holds something in a column that is read."""
    readings = []
    for row in table.rows:
        if row.line > heads.line:
            reader = _RowReader(row, table, heads, rulebook, words)
            if reader.holds_something:
                readings.append(reader.read())
    return readings


def squeeze_word(text: str) -> str:
    """A word of a closed list without blanks, in half width and lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold().rstrip("。;；")


class _RowReader:
    """Reads one row and notes its errors."""

    def __init__(
        self, row: SheetRow, table: Table, heads: SheetHeads, rulebook: Rulebook, words: SheetWords
    ) -> None:
        self._line = row.line
        self._table = table
        self._rulebook = rulebook
        self._words = words
        self._errors: list[Message] = []
        self._cells: dict[str, Cell] = {}
        self.addresses: dict[str, str] = {}
        for name, index in heads.columns.items():
            self.addresses[name] = table.address(row.line, index)
            if index < len(row.cells) and format_cell(row.cells[index]):
                self._cells[name] = row.cells[index]
        self.holds_something = bool(self._cells)
        for name in (*self._cells,):
            self._drop_broken(name)

    def read(self) -> RowReading:
        kind = cast("RequestKind", self._word("kind") or "request")
        received = self._day("received", needed=True)
        way = cast("Way", self._word("way", needed=True))
        person = self._person()
        applicant_kind = self._applicant_kind(person)
        title = self._title(person)
        owner = self._department("owner")
        department = self._department("department") or owner
        if not department:
            self._fail("owner", Message("it is empty: write the department"))
        year, number = self._number(received)
        filed = self._day("filed") or received
        moves = self._moves(received, owner, department) if received is not None else ()
        topic = self._text("topic")
        if self._errors or received is None or filed is None:
            return RowReading(self._line, None, tuple(self._errors))
        zone = self._rulebook.county.zone
        row = RequestRow(
            self._line, kind, department, owner or department, year, number, way, moment_day(filed, zone), received,
            applicant_kind, title, topic, person, moves, self.addresses,
        )  # fmt: skip
        return RowReading(self._line, row)

    # -- cells -------------------------------------------------------------------------------------

    def _fail(self, name: str, problem: Message) -> None:
        place = self.addresses.get(name) or Message("line {line}", line=self._line)
        self._errors.append(
            Message("{place} {column}: {problem}", place=place, column=field_title(name), problem=problem)
        )

    def _drop_broken(self, name: str) -> None:
        """Note a cell whose formula has no value, and a number that the spreadsheet has rounded."""
        cell = self._cells[name]
        if cell in ERRORS:
            self._fail(name, Message("the cell's formula gives no value; write the value itself"))
        elif isinstance(cell, int | float) and abs(cell) >= INEXACT_FROM:
            self._fail(name, Message("a spreadsheet rounds numbers this long; format the column as text"))
        else:
            return
        del self._cells[name]
        self.addresses.setdefault(name, "")

    def _text(self, name: str) -> str:
        """The text of a cell, else what is said of all rows; "" where it says that there is nothing."""
        text = format_cell(self._cells[name]) if name in self._cells else self._words.given.get(name, "")
        return "" if squeeze_word(text) in NOTHING else text

    def _word(self, name: str, *, needed: bool = False) -> str:
        """The code of a word of a closed list."""
        if not (text := self._text(name)):
            if needed and not self._has_error(name):
                self._fail(name, Message("it is empty: write one of {words}", words=_list_words(name)))
            return ""
        try:
            return find_code(name, text, self._words.meanings)
        except RegisterError as error:
            self._fail(name, error.args[0])
            return ""

    def _has_error(self, name: str) -> bool:
        return any(error.values.get("column") == field_title(name) for error in self._errors)

    def _day(self, name: str, *, needed: bool = False) -> Moment | None:
        days = self._days(name)
        if len(days) > 1:
            self._fail(name, Message("it holds {count} days: write one", count=len(days)))
        if not days and needed and not self._has_error(name):
            self._fail(name, Message("it is empty: {help}", help=_DAY_HELP))
        return days[0] if days else None

    def _days(self, name: str) -> list[Moment]:
        """The days of a cell, of which there may be several, parted by ；or a new line."""
        if not self._text(name):
            return []
        cell = self._cells.get(name, self._text(name))
        parts = re.split("[;；、\n]", cell) if isinstance(cell, str) else [cell]
        days = []
        for part in parts:
            try:
                days.append(
                    parse_moment(part, self._rulebook.county.zone, since_1904=self._table.since_1904)
                )
            except ValueError:
                self._fail(name, Message("it is no day: {help}", help=_DAY_HELP))
                return []
        return days

    # -- fields ------------------------------------------------------------------------------------

    def _number(self, received: Moment | None) -> tuple[int, int]:
        """The year and the number; 0 where the sheet gives none."""
        day = received or date.min
        year = moment_day(self._first_day("registered") or day, self._rulebook.county.zone).year
        text = self._text("number")
        if not text:
            return year, 0
        plain = re.sub(r"[\s〔〕\[\]()（）【】]", " ", unicodedata.normalize("NFKC", text)).strip()
        match = _DIGITS_ONLY.fullmatch(plain) or _NUMBER.fullmatch(plain)
        if match is None:
            self._fail("number", Message("it is no number of the register: write 12, 2025-12 or 〔2025〕12号"))
            return year, 0
        told = match.groupdict().get("year")
        return int(told) if told else year, int(match["number"])

    def _first_day(self, name: str) -> Moment | None:
        cell = self._cells.get(name)
        try:
            return parse_moment(cell, self._rulebook.county.zone, since_1904=self._table.since_1904) if cell else None
        except ValueError:
            return None  # `_moves` notes it

    def _department(self, name: str) -> str:
        if not (text := self._text(name)):
            return ""
        text = self._words.meanings.get(squeeze_word(text), text)
        wanted = squeeze_word(text)
        departments = self._rulebook.county.departments.values()
        ids = {each.id for each in departments if wanted in map(squeeze_word, (each.id, *each.names))}
        if len(ids) == 1:
            return ids.pop()
        if ids:
            self._fail(name, Message("it may be {ids}: write its id", ids=" or ".join(sorted(ids))))
            return ""
        near = get_close_matches(wanted, [each.name for each in departments], n=3, cutoff=0.5)
        hint = (
            Message("did you mean {names}?", names=", ".join(near))
            if near
            else suggest_names("", [each.id for each in departments])
        )
        self._fail(name, Message("no department of that name: {hint}", hint=hint))
        return ""

    def _person(self) -> Person | None:
        """Who asks. What the row's remarks say is kept with what the person wrote, encrypted."""
        texts = {
            "name": self._raw("applicant"), "id_type": self._raw("id_type"), "id_number": self._raw("id_number"),
            "phone": self._raw("phone"), "address": self._raw("address"), "mail": self._raw("mail"),
        }  # fmt: skip
        note = self._raw("note")
        written = "\n".join(filter(None, (self._raw("text"), note and f"备注：{note}")))
        if not any(texts.values()):
            if note:
                self._fail("applicant", Message("it is empty: what the row says of a person needs their name"))
            return None
        try:
            return check_person(Person(**texts, text=written))
        except RegisterError as error:
            self._fail("id_number" if texts["name"] else "applicant", error.args[0])
            return None

    def _raw(self, name: str) -> str:
        """The text of a cell as it was written; a whole number without its fraction."""
        cell = self._cells.get(name, "")
        text = unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else format_cell(cell)
        return "" if squeeze_word(text) in NOTHING else text

    def _applicant_kind(self, person: Person | None) -> ApplicantKind:
        if not self._text("applicant_kind") and person is not None and person.id_type == "resident":
            return "natural"
        return cast("ApplicantKind", self._word("applicant_kind", needed=True))

    def _title(self, person: Person | None) -> str:
        """What is asked, in words that name no person: the sheet's title, else what the applicant wrote without what
        the row says of them."""
        name = "title" if self._text("title") else "text"
        title = self._text(name)
        if not title:
            self._fail("title" if "title" in self.addresses else "text", Message("it is empty: write what is asked"))
            return ""
        if name == "text":
            for secret in _secrets(person):
                title = title.replace(secret, "申请人")
            title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}……"
        try:
            check_no_personal_data((person,) if person else (), title=title)
        except RegisterError as error:
            remedy = Message("write what is asked in a column 事项名称, in words that name no person")
            self._fail(name, Message("{problem}; {remedy}", problem=error.args[0], remedy=remedy))
        return title

    # -- moves -------------------------------------------------------------------------------------

    def _moves(self, received: Moment, owner: str, department: str) -> tuple[RowMove, ...]:
        """The moves after the receipt, in the order in which they happened."""
        registered = self._day("registered")
        note = "" if registered else "来表未列登记日期，按收到日期登记"
        moves = [RowMove(MoveKind.REGISTER, registered or received, self._cell("registered", "number"), note=note)]
        if owner and department and owner != department:
            moves.append(RowMove(MoveKind.ASSIGN, moves[0].on, self._cell("owner"), {"owner": owner}))
        between = [*self._corrections(), *self._consultations(), *self._extensions(), *self._reviews()]
        between.sort(key=lambda move: (moment_day(move.on, self._rulebook.county.zone), _ORDER.index(move.kind)))
        moves += [*between, *self._ending()]
        if (archived := self._day("archived")) is not None:
            moves.append(RowMove(MoveKind.ARCHIVE, archived, self._cell("archived")))
        return tuple(moves)

    def _cell(self, *names: str) -> str:
        """The first of the cells that the sheet has, with its head."""
        name = next((name for name in names if name in self._cells), names[0])
        return f"{self.addresses.get(name, '')} {field_title(name)}".strip()

    def _corrections(self) -> Iterator[RowMove]:
        asked, corrected, until = self._days("asked"), self._days("corrected"), self._day("until")
        if corrected and not asked and not self._has_error("asked"):
            self._fail("asked", Message("it is empty, though a correction came: write the day on which it was asked for"))
        ends = [*corrected, *self._days("answered")]
        for place, on in enumerate(asked):
            end = until or (ends[place] if place < len(ends) else None)
            note = "" if until else "来表未列补正期限，按补正（或办结）之日记"
            if end is None:
                self._fail("until", Message("it is empty: write the day by which the applicant was to correct"))
                continue
            day = moment_day(end, self._rulebook.county.zone).isoformat()
            yield RowMove(MoveKind.ASK_CORRECTION, on, self._cell("asked"), {"until": day}, note=note)
        for on in corrected:
            yield RowMove(MoveKind.CORRECTED, on, self._cell("corrected"))

    def _consultations(self) -> Iterator[RowMove]:
        asked, told = self._day("consulted"), self._day("opinion")
        third = {"whom": "third-party"}
        if asked is not None:
            yield RowMove(MoveKind.CONSULT, asked, self._cell("consulted"), third)
        if told is not None:
            result = self._word("opinion_result", needed=True)
            yield RowMove(MoveKind.OPINION, told, self._cell("opinion"), {**third, "result": result})

    def _extensions(self) -> Iterator[RowMove]:
        for name in ("extended", "extended_again"):
            if squeeze_word(self._text(name)) in ("是", "有", "已延期", "延期"):
                self._fail(name, Message("write the day on which the applicant was told of the extension"))
                continue
            for on in self._days(name):
                yield RowMove(MoveKind.EXTEND, on, self._cell(name))

    def _reviews(self) -> Iterator[RowMove]:
        if (on := self._day("reviewed")) is None:
            return
        author, reviewer = self._text("author"), self._text("reviewer")
        if author and reviewer:
            fields = {"author": author, "result": "passed"}
            yield RowMove(MoveKind.REVIEW, on, self._cell("reviewed"), fields, by=reviewer)

    def _ending(self) -> Iterator[RowMove]:
        """The answer, or how the request ended without one."""
        on, result = self._day("answered"), self._word("result")
        if result in ("", _OPEN):
            if on is not None and not self._has_error("result"):
                words = _list_words("result")
                self._fail("result", Message("it says no answer, though there is its day: write one of {words}", words=words))
            return
        if on is None:
            if not self._has_error("answered"):
                self._fail("answered", Message("it is empty, though there is a result: {help}", help=_DAY_HELP))
            return
        cell = self._cell("answered")
        if result == _WITHDRAWN:
            yield RowMove(MoveKind.WITHDRAW, on, cell)
        elif result == _ABANDONED:
            yield RowMove(MoveKind.ABANDON, on, cell, {"why": "uncorrected"})
        else:
            ground = self._word("ground")
            yield RowMove(MoveKind.ANSWER, on, cell, {"answer": result, **({"ground": ground} if ground else {})})


def find_code(name: str, text: str, meanings: Mapping[str, str]) -> str:
    """The code of a word. Raises RegisterError, which does not repeat the word."""
    wanted = squeeze_word(text)
    wanted = squeeze_word(meanings.get(wanted, wanted))
    for code, words in WORDS[name].items():
        if wanted == code or wanted in map(squeeze_word, words):
            return code
    if codes := AMBIGUOUS_WORDS.get(name, {}).get(wanted, ()):
        choices = "、".join(WORDS[name][code][0] for code in codes)
        raise RegisterError(
            "the word may mean {choices}: write which, or say it of all rows with --value WORD=MEANING", choices=choices
        )
    raise RegisterError(
        "the word is not known: write one of {words}, or say what it means with --value WORD=MEANING",
        words=_list_words(name),
    )


def _list_words(name: str) -> str:
    return "、".join(words[0] for words in WORDS[name].values())


def _secrets(person: Person | None) -> Collection[str]:
    """What a row says of a natural person, longest first."""
    if person is None or person.id_type == "credit":
        return ()
    texts = {person.name, person.id_number, person.phone, person.mail, person.address}
    return sorted((text for text in texts if len(text) > 1), key=len, reverse=True)
