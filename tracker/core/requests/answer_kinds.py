"""The kinds of answer to a request, with the line of the national table in which each is counted.

Regulations on Open Government Information (2019), arts. 30, 35-39; the table of the annual report is that of
国办公开办函〔2021〕30号, part 三.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer. `article`: of the Regulations of 2019; `line`: of the national table, part 三(三), as
    予以公开 "1" or 不予处理之重复申请 "5.2"; "" where the ground decides (`GROUND_LINES`)."""

    code: str
    title: str
    article: str
    line: str


ANSWER_KINDS: Mapping[str, AnswerKind] = {
    kind.code: kind
    for kind in (
        AnswerKind("published", "已主动公开，告知获取方式和途径", "第三十六条第一项", "1"),
        AnswerKind("disclosed", "予以公开", "第三十六条第二项", "1"),
        AnswerKind("partly", "部分公开", "第三十七条", "2"),
        AnswerKind("withheld", "不予公开", "第三十六条第三项", ""),
        AnswerKind("special-register", "有关法律、行政法规对信息获取有特别规定", "第三十六条第七项", "3.8"),
        AnswerKind("not-held", "本机关不掌握", "第三十六条第四项、第五项", "4.1"),
        AnswerKind("needs-making", "没有现成信息，需要另行制作", "第三十八条", "4.2"),
        AnswerKind("unclear", "补正后内容仍不明确", "第三十条", "4.3"),
        AnswerKind("petition", "以申请形式进行信访、投诉、举报等活动", "第三十九条第一款", "5.1"),
        AnswerKind("repeated", "重复申请", "第三十六条第六项", "5.2"),
        AnswerKind("publications", "要求提供公开出版物", "第三十九条第二款", "5.3"),
        AnswerKind("excessive", "无正当理由大量反复申请", "第三十五条", "5.4"),
        AnswerKind("reissue", "要求确认或者重新出具已获取信息", "第三十六条第六项", "5.5"),
        AnswerKind("uncorrected", "无正当理由逾期不补正，不再处理", "第三十条", "6.1"),
        AnswerKind("unpaid", "逾期未按收费通知缴纳费用，不再处理", "第四十二条", "6.2"),
        AnswerKind("other", "其他处理", "", "6.3"),
    )
}
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
