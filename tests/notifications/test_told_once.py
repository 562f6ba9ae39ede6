"""A mail tells each matter once, whoever it is read for, says of a repeat that it is one, and what is to be done."""

from __future__ import annotations

from notifications.render import render
from tests.notifications.test_render import DEPARTMENT, NOW, OFFICE, air, shown


def test_who_holds_two_roles_is_told_of_one_matter_once() -> None:
    both = [shown(kind="escalation", answer=f"https://x.cn/{n}", notice=n) for n in (1, 2)]
    mail = render(DEPARTMENT, [*both, shown("乙", kind="escalation")], NOW)
    assert "逾期2件：" in mail.subject
    assert mail.text.count("环境质量月度信息") == 1
    assert 'href="https://x.cn/1"' in mail.html


def test_who_reads_for_two_others_is_told_of_one_matter_once() -> None:
    vacant = {"because": "未登记有效邮箱", "sent_to": "县政务公开办公室"}
    both = [shown(kind="escalation", instead_of=f"环保局{role}", **vacant) for role in ("联络员", "负责人")]
    mail = render(OFFICE, both, NOW)
    assert "逾期1件：" in mail.subject
    assert "原应发环保局联络员、环保局负责人，因未登记有效邮箱，改发县政务公开办公室。" in mail.text
    own = render(OFFICE, [both[0], shown(kind="escalation")], NOW)
    assert "逾期1件：" in own.subject
    assert "原应发" not in own.text


def test_two_matches_of_one_matter_are_two() -> None:
    about = [{"target": f"https://x.cn/{n}", "title": f"某{n}"} for n in (1, 2)]
    mail = render(OFFICE, [shown(kind="decide", about=one) for one in about], NOW)
    assert "待判定2件" in mail.subject


def test_a_repeat_says_that_it_is_one() -> None:
    mail = render(DEPARTMENT, [shown(kind="escalation", repeat=2), shown("乙", kind="escalation")], NOW)
    assert "提级督办·第3次] 环境质量月度信息" in mail.text
    assert "提级督办] 乙" in mail.text
    assert "提级督办·第3次" in mail.html


def test_days_of_different_repeats_are_one_line_that_counts_none() -> None:
    same = render(DEPARTMENT, [{**air(day), "repeat": 1} for day in (12, 13)], NOW)
    assert "逾期通知·第2次] 空气质量指数" in same.text
    mixed = render(DEPARTMENT, [{**air(day), "repeat": day - 11} for day in (12, 13)], NOW)
    assert "逾期通知] 空气质量指数" in mixed.text


def test_what_was_not_found_is_said_and_what_is_missing_is_named() -> None:
    named = shown("乙", missing=["水质、AQI（“环境保护”）"])  # as an earlier version stored it
    mail = render(DEPARTMENT, [shown(missing=["“环境保护”栏目未查到水环境质量"]), named], NOW)
    for part in (mail.text, mail.html):
        assert "查看结果：“环境保护”栏目未查到水环境质量" in part
        assert "欠缺：水质、AQI（“环境保护”）" in part
