"""Closed lists of `duban request` and `duban review` take the Chinese word or the code, and errors list both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.commands import listed
from tracker.commands.listed import find_listed

BY = ("--by", "李办", "--reason", "按程序办理")


def enter(duban: Duban, *words: str, on: str) -> str:
    said = duban("--lang", "zh", *words, *BY, "--now", f"{on}T10:00")
    assert said.status == 0, said.err
    return said.out


def test_a_request_is_handled_in_chinese_words(duban: Duban, county: Path) -> None:
    given = ("--department", "科技局", "--way", "当面", "--filed", "2015-05-04", "--title", "科技项目评审意见")
    enter(duban, "request", "receive", *given, "--applicant-kind", "商业企业", "--kind", "申请", on="2015-05-04")
    enter(duban, "request", "register", "2015-keji-1", on="2015-05-04")
    consulted = ("--whom", "第三方", "--interest", "商业秘密")
    enter(duban, "request", "consult", "2015-keji-1", *consulted, on="2015-05-06")
    enter(duban, "request", "opinion", "2015-keji-1", "--whom", "第三方", "--result", "同意公开", on="2015-05-08")
    fields = ("--field", "获取方式=附后", "--field", "不予公开的部分=第3页", "--field", "理由=涉及商业秘密")
    partly = ("--kind", "部分公开", "--ground", "商业秘密", *fields)
    enter(duban, "request", "answer", "2015-keji-1", *partly, on="2015-05-12")
    enter(duban, "request", "appeal", "2015-keji-1", "--remedy", "行政复议", on="2015-06-01")
    enter(duban, "request", "appeal", "2015-keji-1", "--result", "结果维持", on="2015-07-01")
    shown = duban("request", "show", "2015-keji-1", "--format", "json").json
    assert (shown["answer_kind"], shown["ground"], shown["way"], shown["applicant_kind"]) == (
        "partly", "commercial-secret", "in-person", "company",
    )  # fmt: skip
    (answer,) = [step["fields"] for step in shown["steps"] if step["move"] == "answer"]
    assert {"where=附后", "withheld=第3页", "reason=涉及商业秘密"} <= set(answer.split())
    said = duban("--lang", "zh", "request", "show", "2015-keji-1").out
    for words in ("科技局", "商业秘密", "部分公开", "征求对象：第三方", "结果：同意公开", "救济途径：行政复议"):
        assert words in said.replace("\n", "").replace(" ", ""), said
    for code in ("third-party", "partly", "whom=", "agree", "commercial-secret", "T10:00", "upheld"):
        assert code not in said
    chosen = ("--department", "科技局", "--state", "已答复", "--kind", "申请")
    [row] = duban("request", "list", *chosen, "--format", "csv").rows
    assert row["request"] == "2015-keji-1"


@pytest.mark.parametrize("kind", ["投诉:", "投诉：", "complaint:", "举报:"])
def test_a_complaint_is_named_in_chinese(duban: Duban, county: Path, kind: str) -> None:
    given = ("--department", "科技局", "--way", "当面", "--filed", "2015-05-04", "--title", "公告未按期公开")
    said = enter(duban, "request", "receive", *given, "--kind", "投诉", on="2015-05-04")
    assert "投诉:2015-keji-1" in said
    assert (
        "收到投诉举报（“公告未按期公开”，2015年5月4日，编号2015-keji-1）已登记" in said
    )  # so do mails and reports name it
    assert "complaint:2015" not in said
    assert "投诉:2015-keji-1" in enter(duban, "request", "register", f"{kind}2015-keji-1", on="2015-05-04")
    assert "投诉:2015-keji-1" in duban("--lang", "zh", "request", "list").out
    [row] = duban("--lang", "zh", "request", "list", "--format", "json").json
    assert row["request"] == "complaint:2015-keji-1"


def test_what_an_answer_lacks_is_named_in_the_words_that_give_it(duban: Duban, county: Path) -> None:
    given = ("--department", "科技局", "--way", "当面", "--filed", "2015-05-04", "--title", "评审意见")
    enter(duban, "request", "receive", *given, on="2015-05-04")
    enter(duban, "request", "register", "2015-keji-1", on="2015-05-04")
    said = duban(
        "--lang", "zh", "request", "answer", "2015-keji-1", "--kind", "予以公开", *BY, "--now", "2015-05-05T10:00"
    )
    assert said.err == "duban：答复种类“予以公开”须写明获取方式、途径（--field 获取方式、途径=…）\n"


def test_a_review_is_decided_in_chinese_words(duban: Duban, county: Path) -> None:
    item = ("--department", "科技局", "--title", "科技计划项目公示", "--author", "张三", "--by", "张三")
    assert duban("review", "ask", *item, "--now", "2015-05-05T09:00").status == 0
    decision = ("2015-keji-1", "送保密部门确定", "--reviewer", "李四", "--now", "2015-05-05T09:00")
    assert duban("review", "decide", *decision).status == 0
    [row] = duban("review", "list", "--department", "科技局", "--format", "csv").rows
    assert row["state"] == "refer"


@pytest.mark.parametrize(
    ("words", "both"),
    [
        (("list", "--state", "办完"), "待登记（received）、办理中（handling）"),
        (("list", "--kind", "申请书"), "依申请公开（request）、投诉（complaint）"),
        (("answer", "2015-keji-1", "--kind", "公布"), "予以公开（disclosed）、部分公开（partly）"),
        (("abandon", "2015-keji-1", "--why", "不来"), "逾期不补正（uncorrected）、逾期不缴费（unpaid）"),
    ],
)
def test_an_error_lists_words_and_codes(duban: Duban, county: Path, words: tuple[str, ...], both: str) -> None:
    said = duban("--lang", "zh", "request", *words)
    assert said.status == 2
    assert both in said.err
    assert "<RequestState" not in said.err


@pytest.mark.parametrize("name", ["KINDS", "WAYS", "APPLICANTS", "GROUNDS", "STATES", "CONSULTATIONS", "OPINION_WORDS",
                                  "GIVEN_UP", "APPEALS", "APPEAL_ENDS", "ANSWERS", "REVIEW_WORDS",
                                  "FIELDS"])  # fmt: skip
def test_each_word_stands_for_one_code(name: str) -> None:
    words = getattr(listed, name)
    assert {code: {find_listed(words, said) for said in (code, *several)} for code, several in words.items()} == {
        code: {code} for code in words
    }
