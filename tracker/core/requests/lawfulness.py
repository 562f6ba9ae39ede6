"""What was unlawful about a move that happened all the same.

Regulations on Open Government Information of 2019 (arts. 30, 32-35) and of 2007 (arts. 23 and 24); on fees
国办函〔2020〕109号. Which Regulations govern follows from the day of receipt. A remark is for the office and the
journal; a move that would have given the department more time moves no clock then (assumed: neither text says so).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.statutes import Act, Provision, cite
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.requests.fees import FEES_SINCE, find_last_day_to_pay
from tracker.core.requests.moves import CONSULTED, IMPORTED, MOVES
from tracker.core.requests.state import FollowedMove
from tracker.core.requests.values import Move, MoveKind, Remark, Request

#: 2019, art. 30: a correction is asked for within so many working days of receipt.
CORRECTION_WORKDAYS = 7
#: 2019, arts. 32 and 34: who is asked has so many working days from the day on which the letter arrived.
OPINION_WORKDAYS = 15
#: The article that sets the time for an answer, and that for its extension.
_ANSWER_ARTICLE = {"foi-2007": "24", "foi-2019": "33"}
#: The working days in which an answer is due, and by which they may be extended: 2007, art. 24; 2019, art. 33.
ANSWER_WORKDAYS = {"foi-2007": 15, "foi-2019": 20}
#: The State Council's rules on fees for requests.
FEES = "国办函〔2020〕109号"
#: What sets the time for an answer that was ordered anew, where it sets one.
AGAIN = "责令重新答复的决定"
#: The review of an answer (审核) is the county's own step: art. 45 of 2019 orders a system, not one for each answer.
PROCEDURE = "本县办理程序"
#: 2007, art. 23: a third party is asked about these only.
_INTERESTS_OF_2007 = ("privacy", "commercial-secret")


@dataclass(frozen=True, slots=True)
class LawOfRequest:
    """What governs a request: its Regulations, the working days, and how days are told from instants."""

    act: Act
    calendar: Calendar
    zone: ZoneInfo

    def cite(self, article: str) -> str:
        return cite([Provision(self.act, article)])

    @property
    def is_revised(self) -> bool:
        """Whether the Regulations of 2019 govern it."""
        return self.act.id == "foi-2019"


def list_remarks(
    law: LawOfRequest,
    request: Request,
    before: Sequence[FollowedMove],
    step: FollowedMove,
    due_on: date | None,
    idle: Collection[int] = (),
    parties_told: Collection[str] = (),
) -> tuple[Remark, ...]:
    """What was unlawful about a move, after the steps `before` it.

    `due_on`: the last day for the answer as it stood then; None where the clock stood still or nothing sets a day.
    `idle`: the ids of the moves that moved no clock, being unlawful. `parties_told`: the third parties that are told,
    before or after, why it is disclosed against their will.
    """
    kind, moves = step.move.kind, [earlier.move for earlier in before]
    given = _Given(law, request, moves, idle, step.move, step.closed, moment_day(step.move.on, law.zone))
    if is_again := step.before.again is not None:  # the decision on the appeal sets the time, and no article
        due_on = step.before.again_until
    found = [*_CHECKS.get(kind, _no_remarks)(given)]
    found += _third_party(law, before, step.move, parties_told)
    told = given.field_day(step.move, "told") if kind is MoveKind.EXTEND else None
    day = max(given.day, told or given.day)  # an extension holds once the applicant is told
    if (
        due_on is not None
        and day > due_on
        and kind is not MoveKind.ABANDON
        and (MOVES[kind].relies or kind is MoveKind.ANSWER)
    ):
        found.insert(0, given.remark_overdue(day, due_on, is_again=is_again, is_delayed=step.before.delayed))
    return tuple(found)


def list_excess(law: LawOfRequest, step: FollowedMove, due_on: date | None) -> tuple[Remark, ...]:
    """That an extension names a later day than it may reach. It holds for the time that it may give, so that this voids
    nothing. `due_on` as above."""
    until, most = step.move.fields.get("until"), ANSWER_WORKDAYS[law.act.id]
    if step.move.kind is not MoveKind.EXTEND or until is None or due_on is None or step.before.again is not None:
        return ()
    last = law.calendar.add_workdays(due_on, most)
    if date.fromisoformat(until) <= last:
        return ()
    text = f"延长至{day_zh(date.fromisoformat(until))}，超过{most}个工作日（{day_zh(last)}）"
    return (Remark("contrary", law.cite(_ANSWER_ARTICLE[law.act.id]), text),)


@dataclass(frozen=True, slots=True)
class _Given:
    """A move with those before it and the one that it ends. `day`: when it happened."""

    law: LawOfRequest
    request: Request
    before: Sequence[Move]
    idle: Collection[int]
    move: Move
    closed: Move | None
    day: date

    def remark(self, code: Literal["late", "contrary"], article: str, text: str) -> Remark:
        return Remark(code, self.law.cite(article), text + (self._name_assumed_day() if code == "late" else ""))

    def _name_assumed_day(self) -> str:
        """That the day is assumed from which it is counted, "" where it is on record or the clock started anew."""
        restarted = any(_is_restart(move) for move in self.before if move.id not in self.idle)
        is_assumed = any(move.kind is MoveKind.RECEIVE and move.fields.get("assumed") for move in self.before)
        return "（收到申请之日系推定，待核）" if is_assumed and not restarted else ""

    def remark_overdue(self, day: date, due_on: date, *, is_again: bool, is_delayed: bool) -> Remark:
        title = MOVES[self.move.kind].title
        if is_again:
            return Remark("late", AGAIN, f"{day_zh(day)}{title}，重新答复的期限已于{day_zh(due_on)}届满")
        text = f"{day_zh(day)}{title}，答复期限已于{day_zh(due_on)}届满"
        article = "35" if is_delayed else _ANSWER_ARTICLE[self.law.act.id]
        return self.remark("late", article, text)

    def had(self, kind: MoveKind) -> Move | None:
        """The last earlier move of that kind."""
        return next((move for move in reversed(self.before) if move.kind is kind), None)

    def find_running_extension(self) -> Move | None:
        """The extension of the clock that runs now: neither one of before it started anew nor an unlawful one."""
        running: Move | None = None
        for move in self.before:
            if move.id not in self.idle and _is_restart(move):
                running = None
            elif move.id not in self.idle and move.kind is MoveKind.EXTEND:
                running = move
        return running

    def day_of(self, move: Move) -> date:
        return moment_day(move.on, self.law.zone)

    def field_day(self, move: Move, name: str) -> date | None:
        return date.fromisoformat(move.fields[name]) if move.fields.get(name) else None


def _no_remarks(given: _Given) -> Iterator[Remark]:
    return iter(())


def _ask_correction(given: _Given) -> Iterator[Remark]:
    if not given.law.is_revised:  # the Regulations of 2007 set neither a limit nor how often (art. 21, no. 4)
        return
    corrected = given.had(MoveKind.CORRECTED)
    since, what = moment_day(given.request.received, given.law.zone), "收到申请"
    if corrected is not None:  # a second notice: whether art. 30 allows one is open; the corrected request is looked at
        since, what = given.day_of(corrected), "收到补正"
    last = given.law.calendar.add_workdays(since, CORRECTION_WORKDAYS)
    if given.day > last:
        text = f"{day_zh(given.day)}要求补正，超过{what}之日起{CORRECTION_WORKDAYS}个工作日（{day_zh(last)}）"
        yield given.remark("late", "30", text)


def _extend(given: _Given) -> Iterator[Remark]:
    article = _ANSWER_ARTICLE[given.law.act.id]
    if (earlier := given.find_running_extension()) is not None:
        text = f"{day_zh(given.day_of(earlier))}已延长答复期限，{day_zh(given.day)}再次延长"
        yield given.remark("contrary", article, text)
    told = given.field_day(given.move, "told")
    if told is None:
        yield given.remark("contrary", article, "延长答复期限，未登记告知申请人")


def _is_restart(move: Move) -> bool:
    """Whether the time starts anew after the move, so that it may be extended once again (assumed)."""
    is_again = move.kind is MoveKind.APPEAL_RESULT and move.fields.get("again") == "yes"
    return is_again or move.kind in (MoveKind.CORRECTED, MoveKind.FEE_PAID)


def _consult(given: _Given) -> Iterator[Remark]:
    interest = given.move.fields.get("interest", "")
    is_third_party = given.move.fields["whom"] == "third-party"
    if is_third_party and not given.law.is_revised and interest not in _INTERESTS_OF_2007:
        yield given.remark("contrary", "23", "征求第三方意见，未登记所涉商业秘密或者个人隐私")


def _opinion(given: _Given) -> Iterator[Remark]:
    """A silence that was taken for one before the time of who was asked had run out."""
    whom, asked = given.move.fields["whom"], given.closed
    article = {"third-party": "32", "co-maker": "34"}.get(whom)
    if asked is None or article is None or given.move.fields["result"] != "silent" or not given.law.is_revised:
        return
    reached = given.field_day(asked, "reached") or given.day_of(asked)
    last = given.law.calendar.add_workdays(reached, OPINION_WORKDAYS)
    if given.day <= last:
        text = f"{CONSULTED[whom]}提出意见的期限至{day_zh(last)}，{day_zh(given.day)}即按逾期未提出处理"
        yield given.remark("contrary", article, text)


def _announce_delay(given: _Given) -> Iterator[Remark]:
    if not given.law.is_revised:
        yield given.remark("contrary", "24", "延迟答复，条例未作规定")


def _ask_fee(given: _Given) -> Iterator[Remark]:
    """Until 2019 fees were for costs (2007, art. 27); from then on the rates are those of the State Council."""
    if given.law.is_revised and given.day < FEES_SINCE:
        yield Remark("contrary", FEES, f"信息处理费的收费标准{day_zh(FEES_SINCE)}起施行，{day_zh(given.day)}即通知缴费")


def _answer(given: _Given) -> Iterator[Remark]:
    received_on = moment_day(given.request.received, given.law.zone)
    reviewed = given.had(MoveKind.REVIEW)
    is_reviewed = reviewed is not None and reviewed.fields["result"] == "passed"
    if IMPORTED in given.move.fields and reviewed is None:  # a sheet without a day of review says nothing of it
        return
    if given.law.is_revised and not is_reviewed and given.day != received_on:  # else it was answered on the spot
        yield Remark("procedure", PROCEDURE, "答复前未登记审核")


def _third_party(
    law: LawOfRequest, before: Sequence[FollowedMove], answer: Move, told: Collection[str]
) -> Iterator[Remark]:
    """That a third party was not told why the information is disclosed against its will, and what of it.

    By art. 23 of 2007 it is always told; by art. 32 of 2019 where its reasons were good and the public interest goes
    before them, which the register does not know: so that no article is held against the answer.
    """
    if answer.kind is not MoveKind.ANSWER or answer.fields.get("answer") != "disclosed" or IMPORTED in answer.fields:
        return
    refused = {
        step.closed.fields.get("party", "") if step.closed is not None else ""
        for step in before
        if step.move.kind is MoveKind.OPINION
        and (step.move.fields["whom"], step.move.fields["result"]) == ("third-party", "refuse")
    }
    if missing := sorted(refused - {*told}) if "" not in told else []:
        names = "、".join(filter(None, missing))
        text = f"第三方{f'（{names}）' if names else ''}不同意而决定公开，未登记将公开的内容和理由书面告知第三方"
        if law.is_revised:
            yield Remark("procedure", PROCEDURE, f"{text}（第三方有合理理由、因公共利益公开的，{law.cite('32')}）")
        else:
            yield Remark("contrary", law.cite("23"), text)


def _abandon(given: _Given) -> Iterator[Remark]:
    """One before the term was over, or after a term that was itself set against the law (assumed)."""
    asked = given.closed
    last = given.field_day(asked, "until") if asked is not None else None
    if asked is not None and asked.kind is MoveKind.ASK_FEE and (sent_on := given.day_of(asked)) >= FEES_SINCE:
        last = max(find_last_day_to_pay(asked.fields, sent_on, given.law.calendar), last or date.min)
    if last is not None and given.day <= last and given.law.is_revised:
        provision = given.law.cite("30") if given.move.fields["why"] == "uncorrected" else FEES
        yield Remark("contrary", provision, f"期限至{day_zh(last)}，{day_zh(given.day)}即视为放弃")
    elif asked is not None and asked.remarks:
        first = asked.remarks[0]
        text = f"{day_zh(given.day_of(asked))}{MOVES[asked.kind].title}不合规定，据此视为放弃，仍应答复"
        yield Remark("contrary", first.provision, text)


_CHECKS: dict[MoveKind, Callable[[_Given], Iterator[Remark]]] = {
    MoveKind.ASK_CORRECTION: _ask_correction,
    MoveKind.EXTEND: _extend,
    MoveKind.CONSULT: _consult,
    MoveKind.OPINION: _opinion,
    MoveKind.ANNOUNCE_DELAY: _announce_delay,
    MoveKind.ASK_FEE: _ask_fee,
    MoveKind.ANSWER: _answer,
    MoveKind.ABANDON: _abandon,
}
