"""Makes the moves of a request out of the days of a sheet's row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.core.law.counting import moment_day
from tracker.core.requests.moves import IMPORTED
from tracker.core.requests.values import MoveKind
from tracker.core.values.facts import Moment
from tracker.core.values.message import Message
from tracker.registers.request_cells import DAY_HELP, RowCells, list_words
from tracker.registers.request_words import squeeze_word

#: Results that are moves of their own, and the one that says that there is none yet.
_WITHDRAWN, _ABANDONED, _OPEN = "withdrawn", "abandoned", "open"
#: How a cell says that there was an extension, without its day.
_YES = frozenset(("是", "有", "已延期", "延期", "√"))
#: In which order moves of one day happened, between registration and answer.
_ORDER = (
    MoveKind.ASK_CORRECTION, MoveKind.CORRECTED, MoveKind.CONSULT, MoveKind.OPINION, MoveKind.EXTEND, MoveKind.REVIEW,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowMove:
    """A move that a row tells. `place`: its cell. `by`: who did it, "" for who imports.

    `assumed`: what the sheet does not say: "on", or names of fields; `note` says so (Chinese).
    """

    kind: MoveKind
    on: Moment
    place: str
    fields: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    assumed: tuple[str, ...] = ()
    note: str = ""


def read_moves(cells: RowCells, received: Moment) -> tuple[RowMove, ...]:
    """The moves after the receipt, in the order in which they happened."""
    registered = cells.day("registered")
    on, place = registered or received, cells.place("registered", "number", "received")
    if registered is None:
        moves = [RowMove(MoveKind.REGISTER, on, place, assumed=("on",), note="来表未列登记日期，按收到日期登记")]
    else:
        moves = [RowMove(MoveKind.REGISTER, on, place)]
    between = [*_corrections(cells), *_consultations(cells), *_extensions(cells), *_reviews(cells)]
    between.sort(key=lambda move: (moment_day(move.on, cells.zone), _ORDER.index(move.kind)))
    moves += [*between, *_ending(cells)]
    if (archived := cells.day("archived")) is not None:
        moves.append(RowMove(MoveKind.ARCHIVE, archived, cells.place("archived")))
    return tuple(moves)


def _corrections(cells: RowCells) -> Iterator[RowMove]:
    asked, corrected, until = cells.days("asked"), cells.days("corrected"), cells.day("until")
    if corrected and not asked:
        cells.fail("asked", Message("it is empty, though a correction came: write the day on which it was asked for"))
    ends = [*corrected, *_last_days_before_ending(cells)]
    assumed = () if until else ("until",)
    note = "" if until else "来表未列补正期限，按补正之日（或者办结之日，视为放弃的为其前一日）记，不早于告知补正的次日"
    for place, on in enumerate(asked):
        end = until or (ends[place] if place < len(ends) else None)
        if end is None:
            cells.fail("until", Message("it is empty: write the day by which the applicant was to correct"))
            continue
        last = moment_day(end, cells.zone)
        if until is None:  # a term ends after the day on which it is set
            last = max(last, moment_day(on, cells.zone) + timedelta(days=1))
        fields = {"until": last.isoformat()}
        yield RowMove(MoveKind.ASK_CORRECTION, on, cells.place("asked"), fields, assumed=assumed, note=note)
    for on in corrected:
        yield RowMove(MoveKind.CORRECTED, on, cells.place("corrected"))


def _last_days_before_ending(cells: RowCells) -> list[Moment]:
    """The day on which it ended; where it was given up, the day before, on which the term ran out at the latest."""
    days = cells.days("answered")
    if cells.word("result") != _ABANDONED:
        return days
    return [moment_day(day, cells.zone) - timedelta(days=1) for day in days]


def _consultations(cells: RowCells) -> Iterator[RowMove]:
    asked, told = cells.day("consulted"), cells.day("opinion")
    third = {"whom": "third-party"}
    if asked is not None:
        yield RowMove(MoveKind.CONSULT, asked, cells.place("consulted"), third)
    if told is not None:
        result = cells.word("opinion_result", needed=True)
        yield RowMove(MoveKind.OPINION, told, cells.place("opinion"), {**third, "result": result})


def _extensions(cells: RowCells) -> Iterator[RowMove]:
    for name in ("extended", "extended_again"):
        if squeeze_word(cells.text(name)) in _YES:
            cells.fail(name, Message("write the day on which the applicant was told of the extension"))
            continue
        for on in cells.days(name):
            told = {"told": moment_day(on, cells.zone).isoformat()}
            yield RowMove(MoveKind.EXTEND, on, cells.place(name), told)


def _reviews(cells: RowCells) -> Iterator[RowMove]:
    on, author, reviewer = cells.day("reviewed"), cells.text("author"), cells.text("reviewer")
    if on is not None and author and reviewer:
        fields = {"author": author, "result": "passed"}
        yield RowMove(MoveKind.REVIEW, on, cells.place("reviewed"), fields, by=reviewer)


def _ending(cells: RowCells) -> Iterator[RowMove]:
    """The answer, or how the request ended without one."""
    on, result = cells.day("answered"), cells.word("result")
    if result in ("", _OPEN):
        if on is not None:
            problem = Message(
                "there is a day of answer, and no answer: write one of {words}", words=list_words("result")
            )
            cells.fail("result", problem)
        return
    if on is None:
        cells.fail("answered", Message("it is empty, though there is a result: {help}", help=DAY_HELP))
        return
    place = cells.place("answered")
    if result == _WITHDRAWN:
        yield RowMove(MoveKind.WITHDRAW, on, place)
    elif result == _ABANDONED:
        yield RowMove(MoveKind.ABANDON, on, place, {"why": "uncorrected"})
    else:
        ground = cells.word("ground")
        if result == "partly" and not ground and not cells.has_failed("ground"):
            problem = Message("it is empty, though part is withheld: write one of {words}", words=list_words("ground"))
            cells.fail("ground", problem)
        fields = {"answer": result, **({"ground": ground} if ground else {}), IMPORTED: "yes"}
        yield RowMove(MoveKind.ANSWER, on, place, fields)
