"""The kinds of notices: one table of how each is handled, and whether a notice that waited is still true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tracker.core.values.verdicts import Status

StepKind = Literal["reminder", "question", "overdue", "escalation", "slip"]
NoticeKind = Literal[
    "reminder",  # 催办提醒: not yet due
    "question",  # 请核对: past due and not found on the site; asks the department before anybody is told
    "overdue",  # 逾期通知
    "escalation",  # 上报
    "slip",  # 督办单
    "reopened",  # was met and is not any longer
    "mended",  # made good after an overdue notice
    "confirmed",  # 核对完毕: found after a question, before an overdue notice
    "record",  # the record of an event is missing
    "recorded",  # the record that was asked for has come; the duty itself is still owed
    "decide",  # a person must decide (county office)
    "returned",  # 退回: what was filed is not taken, or no longer counts
    "wait",  # escalation waits for a visit (county office)
    "fault",  # a column could not be read, nobody to write to, a mail refused (county office)
    "restored",  # a column can be read again (county office)
    "explained",  # 说明情况: what a department answered (county office)
    "correction",  # 更正
    "report",  # 逾期情况报告
    "week",  # 一周督办要点 (county office)
    "consult",  # 征求意见: a department's lines of a circular that is drafted
    "circular",  # 通报, as issued
    "erratum",  # 更正通报
    "head",  # 日志存证: up to where the journal goes (county office)
]
#: What a reader may answer: 知悉, 已公开, a proof, the record of an event, 说明情况, 异议.
AnswerKind = Literal["seen", "published", "filed", "event", "explained", "objected"]

_ASKED: tuple[AnswerKind, ...] = ("seen", "published", "filed", "explained")
_LIABLE_ANSWERS: tuple[AnswerKind, ...] = (*_ASKED, "objected")  # once the department is liable
_COMING = frozenset(status for status in Status if status.running)
_LATE = frozenset(status for status in Status if status.late)
_MET = frozenset(status for status in Status if status.met)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRules:
    """How notices of one kind are handled.

    `true_in`: the statuses in which it is still true. `after_end`: it stays true when nothing is owed any longer.
    `on_ladder`: it belongs to the escalation ladder, where the last notice replaces those before it; in shadow mode the
    county office gets it on trial. `severity`: of a notice that the department is liable, 1 the mildest; else 0.
    `answers`: the answers it takes. `next_morning`: gathered for the next morning, in one mail. `never_urgent`: it asks
    for nothing, so it waits for the office to open under an urgent policy too. `own_mail`: it stands alone in its mail.
    `once_per_reader`: it reaches a reader once, however many roles they hold.
    """

    true_in: frozenset[Status] = frozenset(Status)
    after_end: bool = False
    on_ladder: bool = False
    severity: int = 0
    answers: tuple[AnswerKind, ...] = ()
    next_morning: bool = False
    never_urgent: bool = False
    own_mail: bool = False
    once_per_reader: bool = False


_PLAIN = KindRules()
_KINDS: Mapping[str, KindRules] = {
    "reminder": KindRules(on_ladder=True, answers=_ASKED, true_in=_COMING),
    "question": KindRules(on_ladder=True, answers=_ASKED, true_in=_LATE),
    "overdue": KindRules(on_ladder=True, severity=1, answers=_LIABLE_ANSWERS, true_in=_LATE),
    "reopened": KindRules(on_ladder=True, severity=2, answers=_LIABLE_ANSWERS, true_in=_LATE | _COMING),
    "escalation": KindRules(on_ladder=True, severity=3, answers=_LIABLE_ANSWERS, true_in=_LATE),
    "slip": KindRules(on_ladder=True, severity=4, answers=_LIABLE_ANSWERS, true_in=_LATE, own_mail=True),
    "mended": KindRules(next_morning=True, never_urgent=True, true_in=_MET),
    "confirmed": KindRules(next_morning=True, never_urgent=True, true_in=_MET),
    "record": KindRules(
        next_morning=True, answers=("seen", "event", "explained"), true_in=frozenset({Status.CLOCK_UNKNOWN})
    ),
    "recorded": KindRules(next_morning=True, never_urgent=True, after_end=True),
    "decide": KindRules(next_morning=True),
    "returned": KindRules(never_urgent=True, after_end=True, answers=("published", "filed", "event", "explained")),
    "wait": KindRules(true_in=_LATE | {Status.UNVERIFIABLE}),
    "fault": KindRules(next_morning=True),
    "correction": KindRules(never_urgent=True, after_end=True),
    "report": KindRules(own_mail=True),
    "week": KindRules(own_mail=True, never_urgent=True),
    "consult": KindRules(own_mail=True, once_per_reader=True, answers=("objected",)),
    "circular": KindRules(own_mail=True, once_per_reader=True),
    "erratum": KindRules(own_mail=True, once_per_reader=True),
}
LADDER_KINDS = frozenset(kind for kind, rules in _KINDS.items() if rules.on_ladder)
#: The kinds that tell a department that it is liable.
LIABLE_KINDS = frozenset(kind for kind, rules in _KINDS.items() if rules.severity)


def rules_of(kind: str) -> KindRules:
    """Return how notices of a kind are handled; a kind that is not in the table has nothing special."""
    return _KINDS.get(kind, _PLAIN)


@dataclass(frozen=True, slots=True)
class CurrentStanding:
    """The current state of an occurrence by its last decision."""

    status: Status
    reason: str
    due_revision: int
    episode: int


def find_stale_reason(
    kind: str, due_revision: int, episode: int, standing: CurrentStanding | None, *, followed: bool
) -> str:
    """Return why a notice that waited no longer applies (Chinese), or "".

    `standing`: None for a notice about no occurrence. `followed`: a later step was decided for the same role.
    """
    if standing is None:
        return ""
    rules = rules_of(kind)
    if due_revision < standing.due_revision:
        return f"时限已更正。{standing.reason}"
    if kind == "mended" and standing.status is Status.CLOSED:
        return ""  # the requested record has come; notices of before `recorded` say so
    if standing.status not in rules.true_in or (standing.status.ended and not rules.after_end):
        return standing.reason
    if rules.on_ladder and episode < standing.episode:
        return f"事项整改后又重新督办。{standing.reason}"
    return "已由后续步骤取代。" if followed and rules.on_ladder else ""
