"""Values of the register of requests: the request, its moves, the persons it is about, and secrecy reviews.

A request is what its moves made of it; the columns of its row (`state`, `answer`, …) are derived from them at each
move, so that lists need not read every move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from tracker.core.values.facts import Moment
from tracker.core.values.message import Message

#: "request": a request on application (依申请公开). "complaint": a complaint about disclosure (2019, arts. 47 and 51).
#: "question": a question of the 12345 kind.
RequestKind = Literal["request", "complaint", "question"]
#: How it came in: 当面、挂号信（含特快专递）、平常信函、网络、传真、电子邮件、口头.
Way = Literal["in-person", "registered-post", "ordinary-post", "online", "fax", "mail", "oral"]
#: Who asks, by the columns of the national table: 自然人, then 法人或其他组织: 商业企业、科研机构、社会公益组织、
#: 法律服务机构、其他.
ApplicantKind = Literal["natural", "company", "research", "welfare", "legal", "other"]


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"  # 已接收，未登记
    HANDLING = "handling"  # 办理中
    CORRECTING = "correcting"  # 待补正
    CONSULTING = "consulting"  # 征求意见中
    PAYING = "paying"  # 待缴费
    DELAYED = "delayed"  # 已告知延迟答复（第三十五条）
    REVIEWED = "reviewed"  # 已审核，待答复
    ANSWERED = "answered"  # 已答复
    ARCHIVED = "archived"  # 已归档
    WITHDRAWN = "withdrawn"  # 申请人撤回
    ABANDONED = "abandoned"  # 视为放弃：逾期不补正、逾期不缴费


class MoveKind(StrEnum):
    """The steps that change a request. Each becomes an event where a rule names it (`register: request.receive`)."""

    RECEIVE = "receive"
    REGISTER = "register"
    ASK_CORRECTION = "ask-correction"
    CORRECTED = "corrected"
    ASSIGN = "assign"  # 转办：主办、协办
    CONSULT = "consult"  # of a third party, a co-maker (共同制作) or another agency: field `whom`
    OPINION = "opinion"  # the answer of whom was asked
    ASK_FEE = "ask-fee"
    FEE_PAID = "fee-paid"
    EXTEND = "extend"
    ANNOUNCE_DELAY = "announce-delay"  # 2019, art. 35
    REVIEW = "review"  # 审核
    ANSWER = "answer"
    TELL_PARTY = "tell-party"  # 告知第三方：其不同意而决定公开 (2007, art. 23; 2019, art. 32)
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"  # by the applicant
    ABANDON = "abandon"
    APPEAL = "appeal"  # 行政复议、行政诉讼
    APPEAL_RESULT = "appeal-result"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was unlawful about a move that happened all the same: it is recorded, moves no clock, and the office hears
    of it. `code`: "late", "contrary", or "procedure" for a step that the county asks and no article; `provision`: act
    and article, or what else asks it; `text` (Chinese) says what and why."""

    code: Literal["late", "contrary", "procedure"]
    provision: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """One dated step of a request. `ordinal` counts them from 1; `on`: when it happened.

    `fields` hold nothing personal. `id`: 0 until it is stored. `withdrawn_at`: it was entered by mistake.
    """

    id: int
    request: int
    ordinal: int
    kind: MoveKind
    on: Moment
    recorded_at: datetime
    by: str
    reason: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    withdrawn_at: datetime | None = None


#: What complaints and questions are called, so that their numbers are not taken for those of requests.
_NAMED = {"complaint": Message("complaint:{reference}"), "question": Message("question:{reference}")}


@dataclass(frozen=True, slots=True)
class Request:
    """A request, complaint or question, without the person who asks.

    `department` registered it and counts its `number` in the `year`; `owner` has to answer it (主办). `filed_on`: the
    day it was sent or handed in; `received`: the day from which the law counts (`receipt.py`).
    `title`: what is asked, in words that name no person. `topic`: for the yearly analysis.
    `answer`, `ground`: codes of `answer_kinds.py`. `repeats`: the request that it repeats.
    """

    id: int
    county: str
    kind: RequestKind
    department: str
    year: int
    number: int
    owner: str
    way: Way
    filed_on: date
    received: Moment
    applicant_kind: ApplicantKind
    title: str
    topic: str = ""
    state: RequestState = RequestState.RECEIVED
    answer: str = ""
    ground: str = ""
    answered_on: date | None = None
    repeats: int | None = None
    created_at: datetime | None = None
    created_by: str = ""
    withdrawn_at: datetime | None = None

    @property
    def reference(self) -> str:
        """The reference of its events: 2026-guotu-12."""
        return f"{self.year}-{self.department}-{self.number}"

    @property
    def name(self) -> str:
        """What it is called on the command line: 2026-guotu-12, complaint:2026-guotu-12."""
        return (
            self.reference if self.kind == "request" else Message(_NAMED[self.kind].template, reference=self.reference)
        )


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Who asks, or whose interests an answer touches. Stored encrypted, shown only to who handles the request."""

    name: str
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    mail: str = ""
    #: What the person wrote, word for word.
    text: str = ""

    def __repr__(self) -> str:
        """Nothing of the data: by mistake it may come into a log or an error."""
        return "Person(…)"


#: 公开、部分公开、不予公开、送保密部门确定.
ReviewDecision = Literal["publish", "partly", "withhold", "refer"]


@dataclass(frozen=True, slots=True)
class Review:
    """A secrecy review of one item. `symbol`: its document number (文号); `address`: where it was or will be published.

    `ground`: on what it is withheld, a name of `acts.yaml`; `basis`: the article. `decision` "": not decided yet;
    "refer": sent to the secrecy authority on `referred_on`, a second decision follows. `decided_on`: the day of the
    decision, `decided_at`: when it was entered. `occurrence`: the matter that needs the publication, "" for none.
    """

    id: int
    county: str
    department: str
    year: int
    number: int
    title: str
    symbol: str
    address: str
    column: str
    author: str
    asked_on: date
    recorded_at: datetime
    reviewer: str = ""
    decision: ReviewDecision | Literal[""] = ""
    decided_on: date | None = None
    ground: str = ""
    basis: str = ""
    reason: str = ""
    occurrence: str = ""
    referred_on: date | None = None
    decided_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def reference(self) -> str:
        """The reference of its events: 2026-guotu-12."""
        return f"{self.year}-{self.department}-{self.number}"

    @property
    def is_decided(self) -> bool:
        """Whether it is finally decided: a referral leaves it open."""
        return self.decision not in ("", "refer")
