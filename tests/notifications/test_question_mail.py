"""The mail that asks a department: where was looked, what came near, how to answer; no word that accuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from notifications.lines import sections
from notifications.render import Addressee, render
from tests.notifications.test_render import DEPARTMENT, NOW, OFFICE, shown

LINK = "https://duban.example.gov.cn/r/abc"
NEAR = {
    "title": "8月份水环境质量状况",
    "url": "https://www.example.gov.cn/hjbh/8.html",
    "reason": "2015年9月8日公开，已计入2015年8月",
}


def asked(duty: str = "环境质量月度信息", **changes: Any) -> dict[str, Any]:
    """One question, with the fields that a decision gives it."""
    fields = {
        "kind": "question", "step": "question", "light": "grey", "light_zh": "", "status_zh": "待核对",
        "days_late": 0, "lateness": "", "judged": "", "mend_by": "2015-10-20", "next_to": "本单位负责人",
        "reason": "时限为2015年9月30日，查看网站时未查到全部公开内容，按办法于时限后1个工作日请其核对。",
        "looked": [{"title": "环境保护", "url": "https://www.example.gov.cn/hjbh/", "at": "2015年10月19日6时4分",
                    "kind": "listing"}],
        "expected": ["水环境质量：标题含“水环境”或“水质”，所属时期为2015年9月"],
        "near": [NEAR],
    }  # fmt: skip
    return shown(duty, **(fields | changes))


def test_the_subject_asks() -> None:
    assert render(DEPARTMENT, [asked()], NOW).subject == "【样例县政务公开】请核对：环境质量月度信息，2015年9月"
    several = render(DEPARTMENT, [asked(), asked("财政预算公开")], NOW)
    assert several.subject == "【样例县政务公开】请核对2件事项：环境质量月度信息，2015年9月等"


@pytest.mark.parametrize(
    "reader", [DEPARTMENT, replace(DEPARTMENT, is_lead=True), OFFICE], ids=["liaison", "lead", "trial"]
)
@pytest.mark.parametrize("link", [LINK, ""])
def test_no_word_accuses(reader: Addressee, link: str) -> None:
    mail = render(replace(reader, answer=link), [asked(), asked("财政预算公开", near=[])], NOW)
    assert mail.fault == ""
    for words in ("逾期", "未公开到位", "督办单", "整改", "红灯", "异议", "催办", "办理要求"):
        assert words not in mail.subject + mail.text + mail.html, words


def test_it_says_where_was_looked_what_came_near_and_what_would_be_right() -> None:
    mail = render(replace(DEPARTMENT, answer=LINK), [asked()], NOW)
    for said in (
        "环境保护",
        "https://www.example.gov.cn/hjbh/",
        "2015年10月19日6时4分查看",
        "8月份水环境质量状况",
        "已计入2015年8月",
        "标题含“水环境”或“水质”，所属时期为2015年9月",
        "2015年10月20日下班前",
        "告知本单位负责人",
        "不是对办理结果的认定",
        LINK,
    ):
        assert said in mail.text, said
        assert said in mail.html, said


def test_without_a_page_it_is_answered_by_telephone_or_mail() -> None:
    by_phone = render(DEPARTMENT, [asked()], NOW).text
    assert "请联系县政府办公室政务公开科（联系人：王芳，电话：0431-81234567）。" in by_phone
    assert "直接回复本邮件" not in by_phone
    reached = replace(DEPARTMENT, office=replace(DEPARTMENT.office, reply="gongkai@sample.example"))
    assert "请直接回复本邮件，或者联系县政府办公室政务公开科" in render(reached, [asked()], NOW).text


def test_questions_stand_in_no_mail_with_what_is_late() -> None:
    assert [part.name for part in sections([shown(), asked()])] == ["pressed", "question"]
    from notifications.render import template_of

    assert (template_of(asked()), template_of(shown())) == ("question", "digest")


def test_the_days_of_a_daily_duty_are_asked_about_in_one_line() -> None:
    days = [
        asked(
            "空气质量指数",
            period=f"2015年10月{day}日",
            day=f"2015-10-{day}",
            missing=[f"未查到2015年10月{day}日的空气质量指数"],
        )
        for day in (12, 13, 14)
    ]
    mail = render(DEPARTMENT, days, NOW)
    assert "空气质量指数，2015年10月12日—14日（共3天）" in mail.text
    assert mail.text.count("查看栏目") == 1
    assert mail.subject.endswith("请核对3件事项：空气质量指数，2015年10月12日—14日（共3天）")


def test_what_was_answered_is_closed_with_thanks() -> None:
    found = shown(kind="confirmed", status="met", light="green", light_zh="绿", lateness="", days_late=0,
                  reason="此前请核对的事项已查到公开内容，核对完毕。")  # fmt: skip
    mail = render(DEPARTMENT, [found], NOW)
    assert "核对完毕，感谢配合" in mail.text
    assert "整改" not in mail.text + mail.html
