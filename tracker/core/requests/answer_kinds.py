"""The kinds of answer to a request: the article of each, what it must say, and the line of the national table.

Regulations on Open Government Information of 2019 (`foi-2019`), arts. 30, 35-39, and of 2007 (`foi-2007`), arts. 21
and 22; for what goes unpaid 国办函〔2020〕109号. The table of the annual report is that of 国办公开办函〔2021〕30号,
part 三.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_2007, _2019 = "foi-2007", "foi-2019"


@dataclass(frozen=True, slots=True)
class AnswerElement:
    """Something that an answer must say, as a field of its move. `title` (Chinese) is what people call it."""

    name: str
    title: str


#: The elements by the name of their field.
ELEMENTS: Mapping[str, AnswerElement] = {
    element.name: element
    for element in (
        AnswerElement("where", "获取方式、途径"),
        AnswerElement("reason", "理由"),
        AnswerElement("withheld", "不予公开的部分"),
        AnswerElement("missing", "不存在的是什么信息"),
        AnswerElement("searched", "检索的经过"),
        AnswerElement("agency", "负责公开的行政机关"),
        AnswerElement("contact", "该行政机关的联系方式"),
        AnswerElement("law", "作特别规定的法律、行政法规及其条款"),
        AnswerElement("earlier", "此前的答复（文号、日期）"),
        AnswerElement("asked", "此前的通知（文号、日期）"),
        AnswerElement("finding", "调查核实的情况"),
        AnswerElement("measures", "处理结果"),
    )
}


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer.

    `articles`: by act, the article that provides for it; "" where the practice knows it and no article is sure. A kind
    exists under the acts named there. `line`: of the national table, part 三(三), as 予以公开 "1" or 不予处理之重复申请
    "5.2"; "" where the ground decides (`GROUND_LINES`). `needs`: the elements that its answer must hold.
    `ground`: whether it rests on a ground of `acts.yaml`. `since`: the first day on which it can be given, where that
    is later than its act's.
    """

    code: str
    title: str
    articles: Mapping[str, str]
    line: str
    needs: tuple[str, ...] = ()
    ground: bool = False
    since: date | None = None


def _by_2019(article: str) -> Mapping[str, str]:
    return {_2019: article}


def _by_both(article_2007: str, article_2019: str) -> Mapping[str, str]:
    return {_2007: article_2007, _2019: article_2019}


ANSWER_KINDS: Mapping[str, AnswerKind] = {
    kind.code: kind
    for kind in (
        AnswerKind("published", "已主动公开，告知获取方式和途径", _by_both("第二十一条第一项", "第三十六条第一项"), "1",
                   ("where",)),
        AnswerKind("disclosed", "予以公开", _by_both("第二十一条第一项", "第三十六条第二项"), "1", ("where",)),
        AnswerKind("partly", "部分公开", _by_both("第二十二条", "第三十七条"), "2", ("where", "withheld", "reason"),
                   ground=True),
        AnswerKind("withheld", "不予公开", _by_both("第二十一条第二项", "第三十六条第三项"), "", ("reason",),
                   ground=True),
        AnswerKind("special-register", "有关法律、行政法规对信息获取有特别规定", _by_2019("第三十六条第七项"), "3.8",
                   ("law", "where")),
        AnswerKind("nonexistent", "信息不存在", _by_both("第二十一条第三项", "第三十六条第四项"), "4.1",
                   ("missing", "searched")),
        AnswerKind("not-held", "不属于本机关负责公开", _by_both("第二十一条第三项", "第三十六条第五项"), "4.1",
                   ("reason",)),
        AnswerKind("needs-making", "没有现成信息，需要另行制作", _by_2019("第三十八条"), "4.2", ("reason",)),
        AnswerKind("unclear", "补正后内容仍不明确", _by_both("第二十一条第四项", "第三十条"), "4.3", ("reason",)),
        AnswerKind("petition", "以申请形式进行信访、投诉、举报等活动", _by_2019("第三十九条第一款"), "5.1",
                   ("reason",)),
        AnswerKind("repeated", "重复申请", _by_2019("第三十六条第六项"), "5.2", ("earlier",)),
        AnswerKind("publications", "要求提供公开出版物", _by_2019("第三十九条第二款"), "5.3", ("where",)),
        AnswerKind("excessive", "无正当理由大量反复申请", _by_2019("第三十五条"), "5.4", ("asked", "reason")),
        AnswerKind("reissue", "要求确认或者重新出具已获取信息", _by_2019(""), "5.5", ("earlier", "reason")),
        AnswerKind("uncorrected", "无正当理由逾期不补正，不再处理", _by_2019("第三十条"), "6.1", ("asked",)),
        AnswerKind("unpaid", "逾期未按收费通知缴纳费用，不再处理", _by_2019(""), "6.2", ("asked",),
                   since=date(2021, 1, 1)),
        AnswerKind("other", "其他处理", _by_both("", ""), "6.3", ("reason",)),
    )
}  # fmt: skip
#: The line of an answer `withheld`, by its ground (a name of `acts.yaml`).
GROUND_LINES: Mapping[str, str] = {
    "secret": "3.1",
    "prohibited": "3.2",
    "stability": "3.3",
    "commercial-secret": "3.4",
    "privacy": "3.4",
    "internal": "3.5",
    "process": "3.6",
    "enforcement-file": "3.7",
}
#: The answers to a complaint about disclosure (2007, art. 33; 2019, arts. 47 and 51): ours, no text lists them.
COMPLAINT_ANSWERS: Mapping[str, AnswerKind] = {
    kind.code: kind
    for kind in (
        AnswerKind("founded", "投诉属实", {}, "", ("finding", "measures")),
        AnswerKind("partly-founded", "投诉部分属实", {}, "", ("finding", "measures")),
        AnswerKind("unfounded", "投诉不属实", {}, "", ("finding",)),
        AnswerKind("referred", "转有权机关处理", {}, "", ("agency",)),
        AnswerKind("other", "其他处理", {}, "", ("reason",)),
    )
}


def answer_title(code: str) -> str:
    """The title of a kind of answer, to a request or to a complaint; the code itself where it is none."""
    kind = ANSWER_KINDS.get(code) or COMPLAINT_ANSWERS.get(code)
    return kind.title if kind else code
