"""What the statistics know of a request: when it came, when and how it was done, and what was appealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.requests.answer_kinds import ANSWER_KINDS, GROUND_LINES
from tracker.core.requests.state import is_unlawful_end
from tracker.core.requests.values import Move, MoveKind, Request

#: The moves by which a request is done.
CLOSING = (MoveKind.ANSWER, MoveKind.ABANDON, MoveKind.WITHDRAW)
APPEALING = (MoveKind.APPEAL, MoveKind.APPEAL_RESULT)
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
    `replied`: the day on which it was first done, by which a time limit is measured; `closed`: see `conclude`.
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
    replied: date | None = None
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


class CountedMove(NamedTuple):
    """What the statistics need of a move in force, in the order in which they happened."""

    on: date
    ordinal: int
    kind: MoveKind
    fields: Mapping[str, str]


def count_request(request: Request, moves: Iterable[Move], zone: ZoneInfo) -> CountedRequest:
    """The request as it is counted. `moves`: all of it.

    The day of receipt by law decides to which year it belongs (assumed; the form says only 收到).
    """
    counted = CountedRequest(
        request.reference, request.department, request.owner, request.applicant_kind, request.way, request.topic,
        request.title, moment_day(request.received, zone),
    )  # fmt: skip
    steps = [
        CountedMove(moment_day(move.on, zone), move.ordinal, move.kind, move.fields)
        for move in moves
        if move.withdrawn_at is None and not is_unlawful_end(move)
    ]
    kinds = {step.kind for step in steps}
    extended, corrected = MoveKind.EXTEND in kinds, MoveKind.ASK_CORRECTION in kinds
    return replace(conclude(counted, steps), extended=extended, corrected=corrected)


def conclude(counted: CountedRequest, steps: Iterable[CountedMove]) -> CountedRequest:
    """The request with how it was done and what was appealed, by its moves of the kinds `CLOSING` and `APPEALING`.

    It is done once, in the year of its first answer, as that year's last answer says: an answer given anew in a later
    year, as after an appeal, changes no table of before and is not counted again (assumed).
    """
    ordered = sorted(steps, key=lambda step: step[:2])
    closing = [step for step in ordered if step.kind in CLOSING]
    appeals = _appeals(step for step in ordered if step.kind in APPEALING)
    if not closing:
        return replace(counted, closed=None, replied=None, answer="", ground="", line="", appeals=appeals)
    last = [step for step in closing if step.on.year == closing[0].on.year][-1]
    answer, ground, line = _outcome(last)
    return replace(
        counted, closed=last.on, replied=closing[0].on, answer=answer, ground=ground, line=line, appeals=appeals
    )


def _outcome(step: CountedMove) -> tuple[str, str, str]:
    """Kind of answer, ground and line of a closing move."""
    if step.kind is MoveKind.WITHDRAW:
        return WITHDRAWN, "", _WITHDRAWN_LINE
    answer, ground = step.fields.get("answer") or step.fields.get("why", ""), step.fields.get("ground", "")
    return answer, ground, line_of(answer, ground)


def line_of(answer: str, ground: str) -> str:
    """The line of part 三(三) in which an answer counts, as "3.4"; "" where it has none."""
    kind = ANSWER_KINDS.get(answer)
    return (kind.line or GROUND_LINES.get(ground, "")) if kind else ""


def _appeals(steps: Iterable[CountedMove]) -> tuple[CountedAppeal, ...]:
    """The appeals with their results. A result ends the appeal whose number it gives, else the oldest open one."""
    appeals: dict[int, CountedAppeal] = {}
    for step in steps:
        if step.kind is MoveKind.APPEAL:
            appeals[step.ordinal] = CountedAppeal(step.fields.get("remedy", ""), step.on)
            continue
        still_open = [number for number, appeal in appeals.items() if appeal.ended is None]
        named = step.fields.get("appeal", "")
        ended = int(named) if named.isdecimal() else next(iter(still_open), 0)
        if ended in still_open:
            appeals[ended] = replace(appeals[ended], result=step.fields.get("result", ""), ended=step.on)
    return tuple(appeals.values())
