"""Reads requests with their moves from the rows of an office's sheet, and lists all errors of each row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.requests.identity import is_organisation
from tracker.core.requests.values import ApplicantKind, Person, RequestKind, Way
from tracker.core.values.facts import Moment
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import Table
from tracker.registers.errors import RegisterError
from tracker.registers.persons import check_no_personal_data, check_person
from tracker.registers.request_cells import RowCells, SheetWords, list_words
from tracker.registers.request_heads import SheetHeads
from tracker.registers.request_row_moves import RowMove, read_moves

#: 12, 012, 12号, 2025-12, 〔2025〕12号, 依申请公开〔2025〕第12号.
_NUMBER = re.compile(r"(?:\D*(?P<year>(?:19|20)\d\d)\D+)?第?\s*0*(?P<number>[1-9]\d{0,5})\s*号?")
_BRACKETS = re.compile(r"[〔〕\[\]()【】]")
#: Characters of what the applicant wrote that become the title.
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a row tells it. `number` 0: the sheet gives none. `received`: the day that the sheet calls so.

    `place`: the cell of the receipt.
    """

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
    place: str


@dataclass(frozen=True, slots=True)
class RowReading:
    """What was read in a row: a request, or all that is wrong with it; neither where it adds up the rows above it."""

    line: int
    row: RequestRow | None
    errors: tuple[Message, ...] = ()
    is_total: bool = False


def read_request_rows(table: Table, heads: SheetHeads, rulebook: Rulebook, words: SheetWords) -> list[RowReading]:
    """Every row below the heads that holds something in a column that is read."""
    below = (RowCells(row, table, heads, rulebook, words) for row in table.rows if row.line > heads.line)
    return [_read_row(cells) for cells in below if cells.holds_something]


def _read_row(cells: RowCells) -> RowReading:
    if cells.is_total:
        return RowReading(cells.line, None, is_total=True)
    kind = cast("RequestKind", cells.word("kind") or "request")
    received = cells.day("received", needed=True)
    filed = cells.day("filed") or received
    way = cast("Way", cells.word("way", needed=True))
    owner = cells.department("owner")
    department = cells.department("department") or owner
    if not department:
        cells.fail("owner", Message("it is empty: write the department"))
    person = _read_person(cells)
    applicant_kind = _read_applicant_kind(cells, person)
    title = _read_title(cells, person)
    year, number = _read_number(cells, received)
    moves = read_moves(cells, received or date.min)
    if cells.errors or received is None or filed is None:
        return RowReading(cells.line, None, cells.errors)
    row = RequestRow(
        cells.line, kind, department, owner or department, year, number, way, moment_day(filed, cells.zone), received,
        applicant_kind, title, cells.text("topic"), person, moves, cells.place("received"),
    )  # fmt: skip
    return RowReading(cells.line, row)


def _read_number(cells: RowCells, received: Moment | None) -> tuple[int, int]:
    """The year and the number; 0 where the sheet gives none. The year is the number's own, else that of the day of
    registration."""
    day = cells.day("registered") or received
    year = moment_day(day, cells.zone).year if day is not None else 0
    if not (text := cells.text("number")):
        return year, 0
    match = _NUMBER.fullmatch(_BRACKETS.sub(" ", unicodedata.normalize("NFKC", text)).strip())
    if match is None:
        cells.fail("number", Message("it is no number of the register: write 12, 2025-12 or 〔2025〕12号"))
        return year, 0
    return int(match["year"] or year), int(match["number"])


def _read_person(cells: RowCells) -> Person | None:
    """Who asks. What the row remarks (备注) is kept with what the person wrote, for it may name somebody."""
    names = {"name": "applicant"} | {name: name for name in ("id_type", "id_number", "phone", "address", "mail")}
    texts = {name: cells.written(column) for name, column in names.items()}
    note = cells.written("note")
    if not any(texts.values()):
        if note:
            cells.fail(
                "applicant", Message("it is empty: a remark is kept with the applicant's data, so write the name")
            )
        return None
    text = "\n".join(filter(None, (cells.written("text"), note and f"备注：{note}")))
    try:
        return check_person(Person(**texts, text=text))
    except RegisterError as error:
        cells.fail("id_number" if texts["name"] else "applicant", error.args[0])
        return None


def _read_applicant_kind(cells: RowCells, person: Person | None) -> ApplicantKind:
    """The column of the national table; who has a resident's identity number is a natural person."""
    if not cells.text("applicant_kind") and person is not None and person.id_type == "resident":
        return "natural"
    kind = cast("ApplicantKind", cells.word("applicant_kind", needed=True))
    if kind == "natural" and person is not None and is_organisation(person):
        name = "applicant_kind" if cells.holds("applicant_kind") else "applicant"
        words = list_words("applicant_kind")
        cells.fail(name, Message("this is an organisation, no natural person: write one of {words}", words=words))
    return kind


def _read_title(cells: RowCells, person: Person | None) -> str:
    """What is asked, in words that name no person: the sheet's own title, else what the applicant wrote, without what
    the row says of them."""
    name = "title" if cells.text("title") else "text"
    title = cells.text(name)
    if not title:
        cells.fail(name, Message("it is empty: write what is asked"))
        return ""
    if name == "text":
        for secret in _list_secrets(person):
            title = title.replace(secret, "申请人")
        title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}……"
    try:
        check_no_personal_data((person,) if person else (), title=title)
    except RegisterError as error:
        remedy = Message("write what is asked in a column 事项名称, in words that name no person")
        cells.fail(name, Message("{problem}; {remedy}", problem=error.args[0], remedy=remedy))
    return title


def _list_secrets(person: Person | None) -> Collection[str]:
    """What a row says of a natural person, longest first."""
    if person is None or person.id_type == "credit":
        return ()
    texts = {person.name, person.id_number, person.phone, person.mail, person.address}
    return sorted((text for text in texts if len(text) > 1), key=len, reverse=True)
