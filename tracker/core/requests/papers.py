"""The papers of a request: the move that each belongs to, and what it must say beyond what is on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.core.requests.fees import FEES_SINCE
from tracker.core.requests.values import MoveKind, RequestKind
from tracker.core.values.message import ListedWord, Message


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper. `title` (Chinese): what it is called; `move`: that it tells of; `needs`: its fields by name,
    with what people call them. `is_numbered`: it leaves the office under a document number (文号). `register`: which
    register has it."""

    code: str
    title: str
    move: MoveKind
    needs: Mapping[str, str]
    is_numbered: bool = True
    register: RequestKind = "request"


PAPERS: Mapping[str, PaperKind] = {
    paper.code: paper
    for paper in (
        PaperKind("receipt", "登记回执", MoveKind.REGISTER, {}, is_numbered=False),
        PaperKind("correction", "补正告知书", MoveKind.ASK_CORRECTION, {"what": "需要补正的事项", "until": "补正期限"}),
        PaperKind("consultation", "征求意见函", MoveKind.CONSULT, {"whom": "征求谁的意见"}),
        PaperKind(
            "extension",
            "延期告知书",
            MoveKind.EXTEND,
            {"reason": "延期的理由", "approved": "同意延期的政府信息公开工作机构负责人"},
        ),
        PaperKind("delay", "延迟答复告知书", MoveKind.ANNOUNCE_DELAY, {"reason": "延迟的理由", "until": "答复的日期"}),
        PaperKind(
            "fee", "收费通知", MoveKind.ASK_FEE, {"amount": "金额", "working": "计算过程", "payment": "缴纳方式"}
        ),
        PaperKind("answer", "答复书", MoveKind.ANSWER, {"answer": "答复种类"}),
        PaperKind(
            "override", "决定公开告知书", MoveKind.TELL_PARTY, {"what": "决定公开的内容", "reason": "公开的理由"}
        ),
        PaperKind("complaint", "投诉举报答复书", MoveKind.ANSWER, {"answer": "答复种类"}, register="complaint"),
    )
}


def check_paper(paper: PaperKind, fields: Mapping[str, str], dated: date) -> list[Message]:
    """What a paper lacks, each with what would be right; the elements of an answer are checked by `check_answer`."""
    errors = [
        Message(
            "a {paper} says {title} (--field {name}=…)", paper=paper.title, name=ListedWord("field", name), title=title
        )
        for name, title in paper.needs.items()
        if not fields.get(name, "").strip()
    ]
    if paper.code == "fee" and dated < FEES_SINCE:
        errors.append(Message("a fee can be charged from {day} on", day=FEES_SINCE))
    return errors + list_term_errors(fields, dated)


def list_term_errors(fields: Mapping[str, str], asked_on: date) -> list[Message]:
    """That the last day which is given for something, the field `until`, has to come after the day of asking."""
    try:
        until = date.fromisoformat(fields.get("until", ""))
    except ValueError:
        return []
    if until > asked_on:
        return []
    return [Message("until={until}: the term must end after {day}, the day it was set", until=until, day=asked_on)]
