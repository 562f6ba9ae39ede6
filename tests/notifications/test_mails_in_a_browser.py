"""Every kind of mail as a mail reader draws it, at a desk and on a phone: nothing is wider than the window.

DUBAN_PICTURES=FOLDER leaves a picture of each, to be looked at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from notifications.render import Addressee, render
from tests.notifications.test_render import DEPARTMENT, INCOMPLETE, NOW, OFFICE, SECTION, SOON, air, shown

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)")
PICTURES = os.environ.get("DUBAN_PICTURES")
WIDTHS = (1200, 375)

ADDRESS = "https://www.example.gov.cn/" + "a" * 40 + "/201510/t20151009_76543210.html"
LINK = "https://duban.example.gov.cn/r/sample.6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11.20160107.q0Z3sXh1Jm8"
LIAISON = Addressee("样例县", "环保局 张三", "huanbao", LINK, SECTION)
COUNTY = Addressee("样例县", SECTION.name, "", LINK, SECTION)
LEADER = Addressee("样例县", "县政府分管领导", office=SECTION)
COLUMN = {"kind": "fault", "step": "outage", "column": "c", "title": "环境保护", "reason": f"无法查看（{ADDRESS}）。"}
LINE = {
    "department": "环保局", "title": "水环境质量状况", "clause": "", "period": "2015年9月", "due": "2015年9月30日",
    "days_late": 9, "lateness": "", "status": "逾期未公开", "light": "red", "reason": f"其地址{ADDRESS}无法打开",
    "said": f"张三2015年10月9日说明：见{ADDRESS}", "fresh": True, "marks": ["参照时限"], "count": 1,
}  # fmt: skip
REPORT = {
    "kind": "report", "step": "overdue-report", "title": "逾期情况报告", "day": "2015年10月19日",
    "as_of": "2015年10月19日08:00", "since": "2015年10月12日", "reason": "",
    "totals": {"late": 1, "overdue": 1, "incomplete": 0, "unjudged": 1, "fresh": 1, "mended": 1, "coming": 1},
    "departments": [{"name": "环保局", "late": 1, "overdue": 1, "incomplete": 0, "unjudged": 1, "fresh": 1, "worst": 9,
                     "lines": [LINE]}],
    "unjudged": [{**LINE, "light": "grey"}], "mended": [LINE], "coming": [LINE], "dark": ["10月14日06:00至16日06:00"],
    "decide": [{"kind": "疑似倒填日期", "tone": "yellow", "matter": "环保局：水环境质量状况", "title": "9月份",
                "url": ADDRESS, "question": f"见{ADDRESS}", "command": f"duban evidence accept {'x' * 60} {ADDRESS}"}],
    "decide_kinds": ["疑似倒填日期1项"], "decide_more": 2,
    "faults": [{"where": "“环境保护”", "note": ADDRESS, "since": "10月16日06:00"}],
}  # fmt: skip
WEEK = {
    "kind": "week", "step": "week", "title": "一周督办要点", "day": "2015年10月19日", "as_of": "2015年10月19日8时10分",
    "reason": "2015年10月19日：7日内到期4项，其后至30日内到期1项。", "decide": REPORT["decide"],
    "totals": {"near": 4, "ahead": 1, "decide": 1, "objections": 1, "records": 1, "unread": 1, "unanswered": 31},
    "near": [{**LINE, "department": "环保局、科技局、民政局等4个单位", "count": 4}], "ahead": [LINE],
    "decide_kinds": ["佐证待认定1项"], "decide_more": 0, "objections": [LINE], "records": [{**LINE, "due": "待定"}],
    "unread": REPORT["faults"], "unanswered": [{**LINE, "notified": "2015年10月12日逾期通知"}],
    "more": {"near": 0, "ahead": 0, "objections": 0, "records": 0, "unread": 0, "unanswered": 30},
}  # fmt: skip
CRITICISED = {
    "number": 3, "who": "环保局",
    "title": "部门预算及“三公”经费预算", "period": "预算批复（2015）", "clause": "一（二）1",
    "due": "2015年3月30日", "days_late": 138,
    "problem_zh": "公开不完整", "why": "时限届满138个工作日，公开内容仍不完整",
    "reason": f"其地址{ADDRESS}无法打开",
    "derivation": "自预算批复之日（2015年3月10日）的次日起20日内，至2015年3月30日届满",
    "missing": ["“三公”经费预算（“财政预决算”）", f"见{ADDRESS}"], "published": "2015年4月2日",
    "looked": [{"title": "财政预决算", "url": ADDRESS, "at": "2015年10月12日06:05"},
               {"title": "甲", "url": ADDRESS, "at": ""}],
    "proofs": [{"url": ADDRESS, "title": "2015年部门预算"}],
}  # fmt: skip
TITLE = "样例县人民政府办公室关于2015年9月政府信息公开督办情况的通报"
CONSULT = {
    "kind": "consult", "step": "consult", "title": TITLE, "month": "2015-09", "again": False, "until": "2015年10月19日",
    "window": 5, "reason": "征求意见", "lines": [{**CRITICISED, "number": number} for number in (3, 4, 5, 6)],
}  # fmt: skip
ISSUED = {
    "kind": "circular", "step": "circular", "title": TITLE, "number": "样政办公开通〔2015〕1号",
    "issued": "2015年10月21日",
    "digest": "ab12" * 16, "named": 24, "span": "15个工作日", "count": {"due": 129, "on_time": 113}, "rate": "89%",
    "window": 5, "reason": "印发", "lines": [CRITICISED, {**CRITICISED, "number": 12}],
}  # fmt: skip
CORRECTED = {
    "kind": "erratum", "step": "erratum",
    "title": "样例县人民政府办公室关于更正2015年9月政府信息公开督办情况通报有关内容的通报",
    "number": "样政办公开通〔2015〕2号", "of": "样政办公开通〔2015〕1号", "issued": "2015年10月28日",
    "digest": "ab12" * 16,
    "line": 3, "said": "环保局“部门预算及‘三公’经费预算”（预算批复（2015），时限2015年3月30日，已逾期138个工作日）",
    "truth": "环保局已于2015年3月28日公开", "ground": f"网站改版，原址{ADDRESS}可查", "reason": "更正",
}  # fmt: skip


def slip(colour: str, **more: Any) -> dict[str, Any]:
    return shown(kind="slip", step=colour, colour=colour, slip="〔2015〕3号", pack="工作方案", **more)


MAILS: dict[str, tuple[Addressee, Sequence[dict[str, Any]]]] = {
    "department": (
        LIAISON,
        [shown(kind="escalation"), INCOMPLETE, SOON, shown("乙", kind="reopened", reason=f"其地址{ADDRESS}无法打开"),
         *(air(day) for day in (12, 13, 14)), shown("丙", kind="mended", reason="已整改，督办办结。")],
    ),
    "office": (
        COUNTY,
        [shown(marks=["参照时限", "暂定"], instead_of="环保局联络员"),
         shown("甲", kind="decide", about={"target": ADDRESS, "title": "某"}),
         shown("乙", kind="record", due="待定"), shown("丙", kind="explained", reason=f"张三说明：{ADDRESS}"),
         shown("丁", kind="correction"), shown("戊", kind="wait"), COLUMN,
         {**COLUMN, "kind": "restored", "column": "d"}],
    ),
    "site down": (COUNTY, [{**COLUMN, "column": "", "site": "www.x.cn", "title": "县政府信息网（46个栏目）"}]),
    "recorded": (LIAISON, [shown("部门预算", kind="recorded", due="待定", reason="预算批复（2015年3月9日）已登记。")]),
    "leader": (LEADER, [shown(kind="escalation"), INCOMPLETE]),
    "emergency": (LIAISON, [shown(kind="reminder", urgent=True)]),
    "shadow": (OFFICE, [shown(meant_for="联络员、负责人")]),
    "copied": (DEPARTMENT, [shown(copied=True)]),
    "slip, blue": (LIAISON, [slip("blue")]),
    "slip, orange, repeated": (LIAISON, [slip("orange", repeat=2, marks=["暂定"], missing=[f"见{ADDRESS}"])]),
    "slip, red, to the office": (COUNTY, [slip("red", unseen=["附件"], instead_of="环保局联络员")]),
    "report": (COUNTY, [REPORT]),
    "week": (COUNTY, [WEEK]),
    "consult": (LIAISON, [CONSULT]),
    "consult, in shadow mode": (COUNTY, [{**CONSULT, "meant_for": ["环保局联络员", "环保局负责人"], "again": True}]),
    "circular, named": (LIAISON, [ISSUED]),
    "circular, not named": (LIAISON, [{**ISSUED, "lines": []}]),
    "circular, to the office": (
        COUNTY, [{**ISSUED, "lines": [], "instead_of": "环保局联络员", "because": "未登记有效邮箱"}]
    ),
    "erratum": (LIAISON, [CORRECTED]),
}  # fmt: skip


@pytest.fixture(scope="module")
def mails() -> dict[str, str]:
    found = {name: render(reader, members, NOW) for name, (reader, members) in MAILS.items()}
    assert {name: one.fault for name, one in found.items() if one.fault} == {}
    return {name: one.html for name, one in found.items()}


@pytest.mark.nightly
async def test_no_mail_is_wider_than_the_window(mails: dict[str, str]) -> None:
    wide: dict[tuple[str, int], int] = {}
    async with playwright.async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page()
        for width in WIDTHS:
            await tab.set_viewport_size({"width": width, "height": 800})
            for name, html in mails.items():
                await tab.set_content(html)
                wide[name, width] = await tab.evaluate("document.documentElement.scrollWidth")
                if PICTURES:
                    picture = f"mail-{name.replace(', ', '-')}-{width}.png"
                    await tab.screenshot(path=Path(PICTURES) / picture, full_page=True)
        await browser.close()
    assert {(name, width): one for (name, width), one in wide.items() if one > width} == {}


def test_columns_that_are_read_again_are_named_and_lack_nothing() -> None:
    many = [{**COLUMN, "kind": "restored", "title": name, "column": name} for name in ("环境保护", "财政")]
    said = render(COUNTY, many, NOW)
    for part in (said.text, said.html):
        assert "涉及：环境保护；财政" in part
        assert "欠缺" not in part
