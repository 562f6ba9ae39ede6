"""The moves of the registers: in which states each is possible, to which it leads, and what it must say.

`MOVES` is the whole state machine; docs/requests.md shows it as a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracker.core.requests.values import MoveKind, RequestKind, RequestState

_HANDLING, _DELAYED, _REVIEWED = RequestState.HANDLING, RequestState.DELAYED, RequestState.REVIEWED
_CORRECTING, _CONSULTING, _PAYING = RequestState.CORRECTING, RequestState.CONSULTING, RequestState.PAYING
_ANSWERED, _ARCHIVED = RequestState.ANSWERED, RequestState.ARCHIVED
_WITHDRAWN, _ABANDONED = RequestState.WITHDRAWN, RequestState.ABANDONED
#: The department works on the answer.
_AT_WORK = (_HANDLING, _DELAYED, _REVIEWED)
_UNANSWERED = (RequestState.RECEIVED, *_AT_WORK, _CORRECTING, _CONSULTING, _PAYING)
_NOT_WITHDRAWN = tuple(state for state in RequestState if state is not _WITHDRAWN)

#: Whom a consultation asks, with the state's name of each: 2019, art. 32, art. 34, art. 33.
CONSULTED: Mapping[str, str] = {"third-party": "第三方", "co-maker": "共同制作的机关", "agency": "其他机关"}
#: What came of a consultation. "silent": no opinion came.
OPINIONS: Mapping[str, str] = {"agree": "同意公开", "refuse": "不同意公开", "silent": "逾期未提出意见"}
#: What a review found.
REVIEW_RESULTS: Mapping[str, str] = {"passed": "审核通过", "returned": "退回修改"}
#: Why a request counts as given up: 2019, arts. 30 and 42. The codes are those of `answer_kinds.py`.
ABANDONMENTS: Mapping[str, str] = {"uncorrected": "逾期不补正", "unpaid": "逾期不缴费"}
#: The remedies of the national table: 行政复议、未经复议直接起诉、复议后起诉.
REMEDIES: Mapping[str, str] = {"review": "行政复议", "suit": "行政诉讼", "suit-after-review": "复议后起诉"}
#: How an appeal ended, by the national table.
APPEAL_RESULTS: Mapping[str, str] = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}


#: What people call the fields of moves; those of an answer are in `answer_kinds.ELEMENTS`.
FIELD_TITLES: Mapping[str, str] = {
    "signed": "签收日期", "confirmed": "确认日期", "basis": "起算依据", "assumed": "参照口径", "receipt": "回执",
    "until": "期限", "what": "补正内容", "owner": "主办单位", "co": "协办单位", "whom": "征求对象", "party": "称谓",
    "interest": "涉及权益", "reached": "送达日期", "result": "结果", "consult": "所答步骤", "amount": "金额",
    "items": "件数", "earlier": "本月此前件数", "pages": "页数", "working": "计算过程", "payment": "缴费方式",
    "told": "告知日期", "approved": "同意延期的负责人", "alike": "申请人数",
    "author": "拟稿人", "answer": "答复类型", "ground": "不予公开依据", "place": "存放位置",
    "why": "原因", "remedy": "救济途径", "again": "责令重新答复", "appeal": "所指步骤", "imported": "导入",
}  # fmt: skip
#: A field of what was imported from a sheet, which says when something was done and seldom how: what the sheet does not
#: say is neither asked for nor held against anybody.
IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class MoveRule:
    """What holds for a kind of move.

    `states`: where it is possible; empty: before anything else. `after`: the state that follows, None: the same one.
    `turns`: a field, its value and the state that follows instead where the field has that value.
    `needs`, `may`: the fields that it must and may have; `choices`: the values that a field may have.
    `variant`: a field whose value gives the move an event of its own: `request.consult.third-party`.
    `closes`: the kind of move that it ends, one at a time; by the value of `variant` where that decides.
    `kinds`: the registers that have it.
    `relies`: it lets the department answer later, or not at all, so that it moves no clock where it was unlawful
    (assumed).
    """

    title: str
    states: tuple[RequestState, ...]
    after: RequestState | None
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    turns: tuple[str, str, RequestState] | None = None
    variant: str = ""
    closes: MoveKind | Mapping[str, MoveKind] | None = None
    kinds: tuple[RequestKind, ...] = ("request",)
    relies: bool = False

    def list_closed_kinds(self) -> tuple[MoveKind, ...]:
        """The kinds of moves that it may end."""
        if isinstance(self.closes, Mapping):
            return tuple(self.closes.values())
        return (self.closes,) if self.closes else ()

    def find_closed_kind(self, fields: Mapping[str, str]) -> MoveKind | None:
        """The kind of move that a move with these fields ends."""
        if isinstance(self.closes, Mapping):
            return self.closes.get(fields.get(self.variant, ""))
        return self.closes


_ALL: tuple[RequestKind, ...] = ("request", "complaint", "question")

MOVES: Mapping[MoveKind, MoveRule] = {
    MoveKind.RECEIVE: MoveRule(
        "接收",
        (),
        RequestState.RECEIVED,
        may=("signed", "confirmed", "basis", "assumed", "awaits", "alike"),
        kinds=_ALL,
    ),
    MoveKind.REGISTER: MoveRule("登记", (RequestState.RECEIVED,), _HANDLING, may=("receipt",), kinds=_ALL),
    MoveKind.ASK_CORRECTION: MoveRule("要求补正", _AT_WORK, _CORRECTING, needs=("until",), may=("what",), relies=True),
    MoveKind.CORRECTED: MoveRule("补正", (_CORRECTING, *_AT_WORK), _HANDLING, closes=MoveKind.ASK_CORRECTION),
    MoveKind.ASSIGN: MoveRule("转办", _UNANSWERED, None, needs=("owner",), may=("co",), kinds=_ALL),
    MoveKind.CONSULT: MoveRule(
        "征求意见",
        (*_AT_WORK, _CONSULTING),
        _CONSULTING,
        needs=("whom",),
        may=("party", "interest", "reached", "until"),
        choices={"whom": CONSULTED},
        variant="whom",
        relies=True,
    ),
    MoveKind.OPINION: MoveRule(
        "收到意见",
        (_CONSULTING,),
        _HANDLING,
        needs=("whom", "result"),
        may=("consult",),
        choices={"whom": CONSULTED, "result": OPINIONS},
        variant="whom",
        closes=MoveKind.CONSULT,
    ),
    MoveKind.ASK_FEE: MoveRule(
        "通知缴费",
        _AT_WORK,
        _PAYING,
        needs=("amount",),
        may=("items", "earlier", "pages", "working", "payment", "reached", "until"),
        relies=True,
    ),
    MoveKind.FEE_PAID: MoveRule("缴费", (_PAYING, *_AT_WORK), _HANDLING, may=("amount",), closes=MoveKind.ASK_FEE),
    MoveKind.EXTEND: MoveRule(
        "延期", (*_AT_WORK, _CONSULTING), None, may=("told", "until", "approved"), kinds=_ALL, relies=True
    ),
    MoveKind.ANNOUNCE_DELAY: MoveRule("告知延迟答复", _AT_WORK, _DELAYED, needs=("until",), relies=True),
    MoveKind.REVIEW: MoveRule(
        "审核",
        (*_AT_WORK, _CORRECTING),
        _REVIEWED,
        needs=("author", "result"),
        choices={"result": REVIEW_RESULTS},
        turns=("result", "returned", _HANDLING),
        kinds=_ALL,
    ),
    MoveKind.ANSWER: MoveRule("答复", (*_AT_WORK, _CORRECTING), _ANSWERED, needs=("answer",), may=("*",), kinds=_ALL),
    MoveKind.TELL_PARTY: MoveRule("告知第三方", (*_AT_WORK, _ANSWERED, _ARCHIVED), None, may=("party", "what")),
    MoveKind.ARCHIVE: MoveRule("归档", (_ANSWERED, _WITHDRAWN, _ABANDONED), _ARCHIVED, may=("place",), kinds=_ALL),
    MoveKind.WITHDRAW: MoveRule("申请人撤回", _UNANSWERED, _WITHDRAWN, kinds=_ALL),
    MoveKind.ABANDON: MoveRule(
        "视为放弃",
        (_CORRECTING, _PAYING, *_AT_WORK),
        _ABANDONED,
        needs=("why",),
        choices={"why": ABANDONMENTS},
        variant="why",
        closes={"uncorrected": MoveKind.ASK_CORRECTION, "unpaid": MoveKind.ASK_FEE},
        relies=True,
    ),
    MoveKind.APPEAL: MoveRule("申请救济", _NOT_WITHDRAWN, None, needs=("remedy",), choices={"remedy": REMEDIES}),
    MoveKind.APPEAL_RESULT: MoveRule(
        "救济结果",
        _NOT_WITHDRAWN,
        None,
        needs=("result",),
        may=("again", "until", "appeal"),
        choices={"result": APPEAL_RESULTS, "again": {"yes": "是"}},
        turns=("again", "yes", _HANDLING),
        closes=MoveKind.APPEAL,
    ),
}

STATE_TITLES: Mapping[RequestState, str] = {
    RequestState.RECEIVED: "待登记",
    RequestState.HANDLING: "办理中",
    RequestState.CORRECTING: "待补正",
    RequestState.CONSULTING: "征求意见中",
    RequestState.PAYING: "待缴费",
    RequestState.DELAYED: "延迟答复",
    RequestState.REVIEWED: "已审核",
    RequestState.ANSWERED: "已答复",
    RequestState.ARCHIVED: "已归档",
    RequestState.WITHDRAWN: "已撤回",
    RequestState.ABANDONED: "视为放弃",
}


#: The field of an appeal's result by which a new answer is ordered.
AGAIN = "again"
#: An order that sets no term: `request.appeal-result.again-undated`. One with a term is `request.appeal-result.again`.
UNDATED = f"{AGAIN}-undated"
#: A request by which several applicants have asked for the same (its field `alike`): `request.receive.many`.
MANY = "many"
#: The moves that another one ends.
CLOSABLE = (MoveKind.ASK_CORRECTION, MoveKind.CONSULT, MoveKind.ASK_FEE, MoveKind.APPEAL)


def list_allowed_moves(kind: RequestKind, state: RequestState | None) -> tuple[MoveKind, ...]:
    """The moves that a register of that kind allows in a state; None: nothing was entered yet."""
    return tuple(
        move
        for move, rule in MOVES.items()
        if kind in rule.kinds and (state in rule.states if state is not None else not rule.states)
    )


def name_register_moves(
    kind: RequestKind, move: MoveKind, fields: Mapping[str, str], *, is_again: bool = False
) -> tuple[str, ...]:
    """The names under which events may stand for a move: `request.consult`, `request.consult.third-party`.

    `is_again`: a new answer had been ordered. An order with a term and one without have names of their own.
    """
    name, variant = f"{kind}.{move}", MOVES[move].variant
    more: tuple[str, ...] = (AGAIN,) if is_again and move is MoveKind.ANSWER else ()
    if move is MoveKind.APPEAL_RESULT and AGAIN in fields:
        more += (AGAIN if "until" in fields else UNDATED,)
    more += (MANY,) if move is MoveKind.RECEIVE and "alike" in fields else ()
    more += (fields[variant],) if variant in fields else ()
    return (name, *(f"{name}.{each}" for each in more))


def _list_register_moves() -> Iterator[str]:
    for move, rule in MOVES.items():
        for kind in rule.kinds:
            yield f"{kind}.{move}"
            yield from (f"{kind}.{move}.{value}" for value in rule.choices.get(rule.variant, ()))
    yield f"request.{MoveKind.RECEIVE}.{MANY}"
    yield from (f"request.{MoveKind.APPEAL_RESULT}.{order}" for order in (AGAIN, UNDATED))
    yield f"request.{MoveKind.ANSWER}.{AGAIN}"


#: What was found about published entries (`reviews.py`), and that such an entry was taken down.
REVIEW_FINDING_MOVES = ("review.missing", "review.early", "review.withheld", "review.doubtful", "review.gone")
#: What an event's `register:` may say: the moves above, and those of the register of secrecy reviews.
REGISTER_MOVES: tuple[str, ...] = (
    *_list_register_moves(), "review.ask", "review.refer", "review.decide", *REVIEW_FINDING_MOVES,
)  # fmt: skip
