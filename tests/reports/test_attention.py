"""What the weekly mail asks somebody to decide: each article once, in words."""

from __future__ import annotations

from dataclasses import replace

from tracker.core.law.wording import quoted_zh
from tracker.core.verdict.questions import Question
from tracker.reports.attention import for_people

ASKED = Question(
    kind="gone", occurrence="c/p/water/huanbao/2015-06", department="环保局", duty="水环境质量", period="2015年6月",
    due="2015年7月10日", status="公开不完整", target="http://x.cn/1", title="水质", question="是否仍予采信", since=None,
)  # fmt: skip


def test_each_article_is_asked_about_once_with_whom_it_concerns() -> None:
    same = [replace(ASKED, period=f"2015年{month}月", occurrence=f"{month}") for month in range(6, 11)]
    other = replace(ASKED, kind="hollow", target="http://x.cn/2")
    shown = for_people([*same, other])
    assert [(one["url"], one["matter"], one["question"]) for one in shown["decide"]] == [
        (
            "http://x.cn/1",
            "环保局：水环境质量，2015年6月；环保局：水环境质量，2015年7月；环保局：水环境质量，2015年8月等5项",
            "是否仍予采信",
        ),
        ("http://x.cn/2", "环保局：水环境质量，2015年6月", "是否仍予采信"),
    ]
    assert shown["decide_kinds"] == ["公开后撤下5项", "疑似已清空1项"]
    assert not any("duban" in str(value) for one in shown["decide"] for value in one.values())


def test_quotation_marks_within_others_are_single() -> None:
    assert quoted_zh(["“三公”经费决算", "部门决算"]) == "“‘三公’经费决算”“部门决算”"
