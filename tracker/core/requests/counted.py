"""What the statistics know of a request: when it came, when and how it was done, and what was appealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.requests.answer_kinds import ANSWER_KINDS, GROUND_LINES
from tracker.core.requests.values import Move, MoveKind, Request

#: The moves by which a request is done.
CLOSING = (MoveKind.ANSWER, MoveKind.ABANDON, MoveKind.WITHDRAW)
#: The moves that the statistics read.
READ_MOVES = (
    *CLOSING,
    MoveKind.ASK_CORRECTION,
    MoveKind.EXTEND,
    MoveKind.APPEAL,
    MoveKind.APPEAL_RESULT,
)
#: What stands for the kind of answer where the applicant withdrew the request: counted as 其他处理 (assumed).
WITHDRAWN, _WITHDRAWN_LINE = "withdrawn", "6.3"


@dataclass(frozen=True, slots=True)
class CountedAppeal:
    """An appeal. `remedy`: "review", "suit" or "suit-after-review"; `result`: "" until it is decided on `ended`."""

    remedy: str
    filed: date
    result: str = ""
    ended: date | None = None

    def result_in(self, year: int) -> str:
        """In which column a year counts it: how it ended in that year, "pending" where it had not at the year's end, ""
        where it belongs to another year."""
        if self.filed.year > year or (self.ended is not None and self.ended.year < year):
            return ""
        return self.result if self.ended is not None and self.ended.year == year else "pending"


@dataclass(frozen=True, slots=True)
class CountedRequest:
    """A request as it is counted.

    `line`: the line of part 三(三) in which it is done, "" while it is not done or where its answer has none.
    """

    reference: str
    department: str
    owner: str
    applicant: str
    way: str
    topic: str
    title: str
    received: date
    closed: date | None = None
    answer: str = ""
    ground: str = ""
    line: str = ""
    extended: bool = False
    corrected: bool = False
    appeals: tuple[CountedAppeal, ...] = ()

    def is_new(self, year: int) -> bool:
        return self.received.year == year

    def is_carried_over(self, year: int) -> bool:
        """Whether it came before the year and was not done before it."""
        return self.received.year < year and (self.closed is None or self.closed.year >= year)

    def is_done(self, year: int) -> bool:
        return self.closed is not None and self.closed.year == year

    def is_carried_on(self, year: int) -> bool:
        """Whether it came up to the year's end and was not done by then."""
        return self.received.year <= year and (self.closed is None or self.closed.year > year)


def count_request(request: Request, moves: Iterable[Move], zone: ZoneInfo) -> CountedRequest:
    """The request as it is counted. `moves`: all of it, or those of the kinds `READ_MOVES`.

    The day of receipt by law decides to which year it belongs (assumed; the form says only 收到). It is done once, in
    the year of its first answer, as that year's last answer says: an answer given anew in a later year, as after an
    appeal, changes no table of before and is not counted again (assumed).
    """
    dated = [(moment_day(move.on, zone), move.ordinal, move) for move in moves if move.withdrawn_at is None]
    steps = [(day, move) for day, _, move in sorted(dated, key=lambda step: step[:2])]
    kinds = {move.kind for _, move in steps}
    closing = [(day, move) for day, move in steps if move.kind in CLOSING]
    closed, answer, ground, line = None, "", "", ""
    if closing:
        closed, last = [step for step in closing if step[0].year == closing[0][0].year][-1]
        answer, ground, line = _outcome(last)
    return CountedRequest(
        reference=request.reference,
        department=request.department,
        owner=request.owner,
        applicant=request.applicant_kind,
        way=request.way,
        topic=request.topic,
        title=request.title,
        received=moment_day(request.received, zone),
        closed=closed,
        answer=answer,
        ground=ground,
        line=line,
        extended=MoveKind.EXTEND in kinds,
        corrected=MoveKind.ASK_CORRECTION in kinds,
        appeals=_appeals(steps) if MoveKind.APPEAL in kinds else (),
    )


def _outcome(move: Move) -> tuple[str, str, str]:
    """Kind of answer, ground and line of a closing move."""
    if move.kind is MoveKind.WITHDRAW:
        return WITHDRAWN, "", _WITHDRAWN_LINE
    fields: Mapping[str, str] = move.fields
    answer, ground = fields.get("answer") or fields.get("why", ""), fields.get("ground", "")
    kind = ANSWER_KINDS.get(answer)
    return answer, ground, (kind.line or GROUND_LINES.get(ground, "")) if kind else ""


def _appeals(steps: Iterable[tuple[date, Move]]) -> tuple[CountedAppeal, ...]:
    """The appeals with their results. A result ends the appeal whose number it gives, else the oldest open one."""
    appeals: dict[int, CountedAppeal] = {}
    for day, move in steps:
        if move.kind is MoveKind.APPEAL:
            appeals[move.ordinal] = CountedAppeal(move.fields.get("remedy", ""), day)
        elif move.kind is MoveKind.APPEAL_RESULT:
            still_open = [number for number, appeal in appeals.items() if appeal.ended is None]
            named = move.fields.get("appeal", "")
            ended = int(named) if named.isdecimal() else next(iter(still_open), 0)
            if ended in still_open:
                before = appeals[ended]
                appeals[ended] = CountedAppeal(before.remedy, before.filed, move.fields.get("result", ""), day)
    return tuple(appeals.values())
