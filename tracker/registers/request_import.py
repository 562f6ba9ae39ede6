"""Imports requests with their moves from the rows of an office's sheet: all of them or none, each once.

Each row is entered by the acts of the register, so that the table of moves, the remarks and the events apply as to what
is entered one by one. A dry run does the same and takes it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Literal

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.requests.values import Move, MoveKind, Person, Request
from tracker.core.values.message import ListedWord, Message, MessageError
from tracker.registers.checks import begin_act
from tracker.registers.eventimport import SourceFile
from tracker.registers.persons import check_no_personal_data
from tracker.registers.request_row_moves import RowMove
from tracker.registers.request_rows import RequestRow, RowReading
from tracker.registers.requests import enter_move, receive
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.person_keys import Keys
from tracker.store.persons import list_persons, read_person
from tracker.store.requests import find_request, list_moves, list_requests

#: `continued`: the register has the request, and the sheet tells of moves after those on record. `total`: no request,
#: the row adds up others.
RequestOutcome = Literal["new", "continued", "same", "total", "differs", "bad"]
_WRITTEN = ("new", "continued")
_REFUSED = ("differs", "bad")
#: Ways whose day of receipt the department confirms to the applicant.
_CONFIRMED = ("online", "fax", "mail")


@dataclass(frozen=True, slots=True)
class ImportedRequest:
    """What became of a row. `moves`: how many were entered; `notes`: errors, remarks, and what was assumed."""

    line: int
    outcome: RequestOutcome
    row: RequestRow | None
    reference: str = ""
    received: date | None = None
    moves: int = 0
    notes: tuple[Message | str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestImport:
    """What became of the sheet. `is_refused`: because of some rows nothing at all was written."""

    rows: tuple[ImportedRequest, ...]
    is_refused: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which outcome."""
        return dict(Counter(row.outcome for row in self.rows))

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return not self.is_refused and any(row.outcome in _WRITTEN for row in self.rows)

    @property
    def refused(self) -> list[ImportedRequest]:
        """The rows because of which nothing was written."""
        return [row for row in self.rows if row.outcome in _REFUSED]


def import_requests(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    keys: Keys | None,
    readings: Sequence[RowReading],
    source: SourceFile,
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> RequestImport:
    """Enter the rows in the caller's transaction, or nothing where one of them cannot be entered, or in a dry run.

    `keys`: needed where a row names a person. A request is known again by its department and number, without a number
    by its content; then only what is new is entered, and the persons are left as they are.
    """
    begin_act(tx, rulebook.county.id, now, by=by)
    people = [reading.row.person for reading in readings if reading.row and reading.row.person]
    check_no_personal_data(people, file=source.file, sheet=source.sheet)
    with tx.begin_nested() as savepoint:
        importer = _Importer(tx, rulebook, calendar, keys, source, by, now)
        done = tuple(importer.enter(reading) for reading in readings)
        result = RequestImport(done, any(row.outcome in _REFUSED for row in done))
        if result.is_refused or dry_run:
            savepoint.rollback()
        elif result.has_changes:
            after = {**asdict(source), "rows": result.counts}
            entry = JournalEntry(by, "requests.imported", f"file:{source.sha256}", None, after)
            append_entries(tx, rulebook.county.id, [entry], now)
    return result


@dataclass(slots=True)
class _Importer:
    """Enters row by row. `lines`: by the id of a request, the line that told of it."""

    tx: Tx
    rulebook: Rulebook
    calendar: Calendar
    keys: Keys | None
    source: SourceFile
    by: str
    now: datetime
    lines: dict[int, int] = field(default_factory=dict)

    def enter(self, reading: RowReading) -> ImportedRequest:
        row = reading.row
        if reading.is_total:
            return ImportedRequest(reading.line, "total", None, notes=(Message("a total, no request: not entered"),))
        if row is None:
            return ImportedRequest(reading.line, "bad", None, notes=reading.errors)
        try:
            stored = self._find(row)
            if stored is None:
                return self._enter_new(row)
            if (line := self.lines.get(stored.id)) is not None:
                note = Message("the same request as line {line}: keep one, or give each its own number", line=line)
                return ImportedRequest(row.line, "bad", row, stored.reference, notes=(note,))
            self.lines[stored.id] = row.line
            return self._continue(row, stored)
        except _RowError as error:
            return ImportedRequest(row.line, "bad", row, notes=(error.args[0],))

    def _find(self, row: RequestRow) -> Request | None:
        """The request on record that the row tells of."""
        county = self.rulebook.county.id
        if row.number:
            return find_request(self.tx, county, row.kind, row.department, row.year, row.number)
        day = row.filed_on
        alike = list_requests(self.tx, county, kind=row.kind, department=row.department, since=day, until=day)
        return next((other for other in alike if self._is_same(row, other)), None)

    def _is_same(self, row: RequestRow, other: Request) -> bool:
        """Whether a request without a number in the sheet is this one, by all that the row says of its receipt."""
        told = (row.title, row.way, row.applicant_kind, row.topic)
        if told != (other.title, other.way, other.applicant_kind, other.topic):
            return False
        return self._stored_person(other) in (None, row.person)

    def _stored_person(self, request: Request) -> Person | None:
        """The applicant on record; None where there is none, or none any more."""
        stored = [person for person in list_persons(self.tx, request.id) if person.role == "applicant"]
        if not stored or self.keys is None:
            return None
        return read_person(self.keys, request.county, stored[0])

    # -- entering ----------------------------------------------------------------------------------

    def _enter_new(self, row: RequestRow) -> ImportedRequest:
        day = moment_day(row.received, self.rulebook.county.zone)
        draft = Request(
            0, self.rulebook.county.id, row.kind, row.department, row.year, row.number, row.owner, row.way,
            row.filed_on, row.received, row.applicant_kind, row.title, row.topic,
        )  # fmt: skip
        try:
            request = receive(
                self.tx, self.rulebook, self.calendar, draft, by=self.by, now=self.now, reason=self._reason(row),
                signed_on=day if row.way.endswith("post") else None,
                confirmed_on=day if row.way in _CONFIRMED else None, person=row.person, keys=self.keys,
            ).value  # fmt: skip
        except MessageError as error:
            raise _RowError(row.place, error) from None
        self.lines[request.id] = row.line
        notes = [*self._enter_moves(request, row, row.moves)]
        counted = moment_day(request.received, self.rulebook.county.zone)
        if counted != day:
            notes.insert(0, Message("by the way of filing {day} counts as the day of receipt", day=counted.isoformat()))
        return ImportedRequest(row.line, "new", row, request.reference, counted, len(row.moves) + 1, tuple(notes))

    def _enter_moves(self, request: Request, row: RequestRow, moves: Sequence[RowMove]) -> list[str]:
        """Enter moves; what was assumed of them, and what was unlawful about them."""
        notes: list[str] = []
        for move in moves:
            try:
                entered = enter_move(
                    self.tx, self.rulebook, self.calendar, request, move.kind, move.on,
                    by=move.by or self.by, now=self.now, reason=self._reason(row, move.note), fields=move.fields,
                ).value  # fmt: skip
            except MessageError as error:
                raise _RowError(move.place, error) from None
            if move.note and move.kind is not MoveKind.REGISTER:  # there its reason is enough: it may be of every row
                notes.append(move.note)
            notes += [remark.text for remark in entered.remarks]
        return notes

    def _reason(self, row: RequestRow, note: str = "") -> str:
        return "；".join(filter(None, (f"自{self.source.file}第{row.line}行导入", note)))

    # -- comparing ---------------------------------------------------------------------------------

    def _continue(self, row: RequestRow, stored: Request) -> ImportedRequest:
        """Enter the moves that the register does not have yet, or say what differs."""
        on_record = [move for move in list_moves(self.tx, stored.id) if move.kind is not MoveKind.RECEIVE]
        difference = self._find_difference(row, stored) or self._find_other_move(row, on_record)
        if difference is not None:
            note = Message("{difference}: correct the sheet, or withdraw what the register has", difference=difference)
            return ImportedRequest(row.line, "differs", row, stored.reference, notes=(note,))
        added = self._list_new(row, on_record)
        notes = self._enter_moves(stored, row, added)
        counted = moment_day(stored.received, self.rulebook.county.zone)
        outcome: RequestOutcome = "continued" if added else "same"
        return ImportedRequest(row.line, outcome, row, stored.reference, counted, len(added), tuple(notes))

    def _find_difference(self, row: RequestRow, stored: Request) -> Message | None:
        """What the register says otherwise of the receipt; of the applicant only that it does."""
        if stored.withdrawn_at is not None:
            return Message("{reference} was withdrawn from the register", reference=stored.reference)
        for name in ("filed_on", "way", "applicant_kind", "title", "topic"):
            if getattr(stored, name) != getattr(row, name):
                return Message("the register has another {column}", column=ListedWord("column", name))
        if self._stored_person(stored) not in (None, row.person):
            return Message("the register has other data of the applicant")
        return None

    def _find_other_move(self, row: RequestRow, on_record: Sequence[Move]) -> Message | None:
        """The first move of the row that stands in the register with another day or other contents."""
        for told in self._list_new(row, on_record):
            like = [move for move in on_record if move.kind is told.kind]
            if len(like) >= sum(other.kind is told.kind for other in row.moves):
                days = ", ".join(moment_day(move.on, self.rulebook.county.zone).isoformat() for move in like)
                return Message(
                    "{place}: the register has {move} of {days}, with this or other contents",
                    place=told.place, move=ListedWord("move", told.kind), days=days,
                )  # fmt: skip
        return None

    def _list_new(self, row: RequestRow, on_record: Sequence[Move]) -> list[RowMove]:
        """The moves of the row that are not on record; each that is matches one of the row."""
        left, new = list(on_record), []
        for told in row.moves:
            match = next((move for move in left if self._is_on_record(told, move)), None)
            if match is None:
                new.append(told)
            else:
                left.remove(match)
        return new

    def _is_on_record(self, told: RowMove, move: Move) -> bool:
        """Whether a move says all that the row says; what was only assumed of the row's move does not count."""
        zone = self.rulebook.county.zone
        if told.kind is not move.kind:
            return False
        if "on" not in told.assumed and moment_day(told.on, zone) != moment_day(move.on, zone):
            return False
        return all(move.fields.get(name) == value for name, value in told.fields.items() if name not in told.assumed)


class _RowError(Exception):
    """A row cannot be entered. `args[0]`: its cell and why."""

    def __init__(self, place: str, error: MessageError) -> None:
        super().__init__(Message("{place}: {problem}", place=place, problem=error.args[0]))
