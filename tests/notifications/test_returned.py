"""What is returned stands in the mail paper by paper, each with its own reason."""

from __future__ import annotations

from typing import Any

from notifications.lines import sections


def returned(reason: str, step: str = "returned", **more: Any) -> dict[str, Any]:
    about = {"target": "attestation:1", "title": "照片.jpg"}
    return {
        "kind": "returned",
        "step": step,
        "reason": reason,
        "duty": "政务公开",
        "duty_id": "d",
        "department": "环保局",
        "status": "overdue",
        "occurrence": "a/b/d/huanbao/2015-07",
        "light": "red",
        "about": about,
        **more,
    }


def test_two_papers_for_one_matter_are_two_lines_each_with_its_reason() -> None:
    (section,) = sections([returned("照片看不清"), returned("日期不符"), returned("日期不符", day="2015-07-01")])
    assert (section.name, section.title, section.counted_as) == ("returned", "退回的材料", "退回")
    assert [line.reason for line in section.lines] == ["照片看不清", "日期不符"]
    assert {(line.chip, line.tone) for line in section.lines} == {("退回", "yellow")}


def test_a_fallen_zero_report_is_called_so() -> None:
    (section,) = sections([returned("本期已有公开内容，零报告失效", "fallen")])
    assert [line.chip for line in section.lines] == ["零报告失效"]
