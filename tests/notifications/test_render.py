"""What a mail says: one table, worst first, words that nobody can inject."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notifications.lines import sections
from notifications.render import TEMPLATES, Addressee, SendingOffice, render
from tracker.core.law.wording import days_zh

NOW = datetime(2015, 10, 19, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECTION = SendingOffice(
    "县政府办公室政务公开科", "样例县人民政府办公室", "王芳", "0431-81234567", "gongkai@sample.example", 5
)
DEPARTMENT = Addressee("样例县", "环保局 张三", "huanbao", office=SECTION)
OFFICE = Addressee("样例县", "县政府办公室政务公开科", office=SECTION)


def shown(duty: str = "环境质量月度信息", **changes: Any) -> dict[str, Any]:
    """One matter, overdue unless said otherwise."""
    return {
        "occurrence": f"sample/plan-2015/{duty}/huanbao/{changes.get('period', '2015年9月')}",
        "duty_id": f"plan-2015/{duty}",
        "duty": duty,
        "clause": "一（七）1",
        "weight": 1,
        "department": "环保局",
        "period": "2015年9月",
        "day": "",
        "due": "2015年9月30日",
        "due_on": "2015-09-30",
        "due_at": "2015-10-01T00:00:00+08:00",
        "days_late": 8,
        "lateness": "逾期8个工作日",
        "status": "overdue",
        "status_zh": "逾期未公开",
        "light": "red",
        "light_zh": "红",
        "missing": ["“环境保护”栏目未查到2015年9月的环境质量"],
        "unseen": [],
        "open": ["“环境保护”栏目未查到2015年9月的环境质量"],
        "how": ["在“环境保护”栏目公开"],
        "why": "",
        "why_short": "每月公开一次，月末为限",
        "marks": [],
        "kind": "overdue",
        "step": "overdue",
        "reason": "时限为2015年9月30日，逾期未公开，按办法于时限后1个工作日通知。",
        "urgent": False,
        **changes,
    }


def air(day: int, **changes: Any) -> dict[str, Any]:
    when = date(2015, 10, day)
    return shown(
        "空气质量指数",
        period=f"2015年10月{day}日",
        day=when.isoformat(),
        due=f"2015年10月{day}日",
        days_late=max(1, 17 - day),
        lateness=f"逾期{max(1, 17 - day)}个工作日",
        **changes,
    )


SOON = shown("财政预算公开", kind="reminder", status="due-soon", status_zh="即将到期", light="blue", light_zh="蓝",
             days_late=-5, lateness="还有5个工作日")  # fmt: skip
INCOMPLETE = shown(
    "审批事项目录", status="incomplete", status_zh="公开不完整", missing=["联系电话"], unseen=["注意事项"]
)


def test_the_subject_says_how_many_and_the_worst() -> None:
    mail = render(DEPARTMENT, [SOON, INCOMPLETE, shown(kind="escalation")], NOW)
    assert mail.subject == "【样例县政务公开督办】逾期2件、即将到期1件：环境质量月度信息，2015年9月，逾期8个工作日"
    assert mail.fault == ""


def test_a_subject_line_names_three_counts_and_adds_up_the_rest() -> None:
    members = [shown(), SOON, shown("甲", kind="correction"), shown("乙", kind="mended"), shown("丙", kind="mended")]
    mail = render(DEPARTMENT, members, NOW)
    assert mail.subject.startswith("【样例县政务公开督办】逾期1件、更正1件、即将到期1件等共5件：环境质量月度信息")
    assert "逾期1件、更正1件、即将到期1件、已办结2件" in mail.text


@pytest.mark.parametrize("kind", ["overdue", "slip"])
def test_a_matter_that_a_record_proves_is_not_counted_by_a_site(kind: str) -> None:
    answer = shown("公开申请答复", kind=kind, slip="〔2015〕3号", colour="red", recorded=True, missing=[], how=[])
    mail = render(DEPARTMENT, [answer], NOW)
    for part in (mail.text, mail.html):
        assert "逾期天数按工作日计算，以登记簿的记录为准。" in part
        assert "公开网站" not in part
    both = render(DEPARTMENT, [shown(), answer | {"kind": "overdue"}], NOW)
    assert "以公开网站的查看记录和登记簿的记录为准。" in both.text


def test_an_emergency_says_so_in_the_subject() -> None:
    assert render(DEPARTMENT, [shown(urgent=True)], NOW).subject.startswith("【紧急·样例县政务公开督办】逾期1件")


def test_a_county_reader_is_told_whose_matter_it_is() -> None:
    mail = render(OFFICE, [shown()], NOW)
    assert "环保局环境质量月度信息" in mail.subject
    assert "环保局：环境质量月度信息" in mail.text
    assert "环保局：" not in render(DEPARTMENT, [shown()], NOW).text.replace("环保局 张三：", "")


def test_worst_first_whatever_the_order() -> None:
    members = [SOON, shown("乙", days_late=2), shown("甲", days_late=9), shown("丙", kind="escalation", days_late=3)]
    for order in (members, members[::-1]):
        assert [line.title for part in sections(order) for line in part.lines] == ["丙", "甲", "乙", "财政预算公开"]


@pytest.mark.parametrize(
    ("pack", "expected"),
    [("工作方案", "《工作方案》一（七）1"), ("《条例》实施办法", "《条例》实施办法一（七）1"), ("", "一（七）1")],
)
def test_a_slip_names_its_instrument_and_who_signs(pack: str, expected: str) -> None:
    mail = render(DEPARTMENT, [shown(kind="slip", slip="〔2015〕3号", colour="red", pack=pack)], NOW)
    for part in (mail.text, mail.html):
        assert expected in part
        assert "样例县人民政府办公室" in part


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_line_says_what_when_how_late_what_is_missing_and_why(part: str) -> None:
    body = getattr(render(DEPARTMENT, [INCOMPLETE | {"marks": ["参照时限", "暂定"]}], NOW), part)
    for words in (
        "审批事项目录", "2015年9月", "时限：2015年9月30日", "逾期8个工作日", "红灯 公开不完整",
        "欠缺：联系电话", "未能核验：注意事项", "每月公开一次，月末为限", "参照时限", "暂定", "参照掌握",
        "尚未公布放假安排",
    ):  # fmt: skip
        assert words in body


def test_incomplete_is_never_called_unpublished() -> None:
    mail = render(DEPARTMENT, [INCOMPLETE], NOW)
    assert "未公开" not in mail.text + mail.html
    assert "未查到" not in mail.text + mail.html


def test_days_in_a_row_are_one_line_that_counts_them_all() -> None:
    (part,) = sections([air(day) for day in (13, 12, 16, 14, 15)])
    (line,) = part.lines
    assert (line.period, line.count, line.due, line.lateness) == (
        "2015年10月12日—16日（共5天）",
        5,
        "逐日",
        "最长逾期5个工作日",
    )


def test_a_day_that_differs_keeps_its_own_line() -> None:
    half = air(14, status="incomplete", status_zh="公开不完整", missing=["AQI"])
    (part,) = sections([air(12), air(13), half])
    assert [line.period for line in part.lines] == ["2015年10月12日—13日（共2天）", "2015年10月14日"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2015, 10, 12)], "2015年10月12日（共1天）"),
        ([date(2015, 10, 12), date(2015, 10, 13), date(2015, 10, 19)], "2015年10月12日—13日、19日（共3天）"),
        ([date(2015, 9, 30), date(2015, 10, 1)], "2015年9月30日—10月1日（共2天）"),
        ([date(2014, 12, 30), date(2015, 1, 5), date(2015, 1, 6)], "2014年12月30日、2015年1月5日—6日（共3天）"),
        ([date(2014, 12, 31), date(2015, 1, 1)], "2014年12月31日—2015年1月1日（共2天）"),
        ([date(2015, 9, 30), date(2015, 10, 8)], "2015年9月30日、10月8日（共2天）"),
    ],
)
def test_runs_of_days(days: list[date], words: str) -> None:
    assert days_zh(days) == words


def test_one_match_that_many_duties_meet_is_one_line() -> None:
    about = {"target": "https://x/1", "title": "关于某案的通报"}
    members = [
        shown(kind="decide", about=about, reason="未标明发布单位，待人工判定。", department=who)
        for who in ("环保局", "安监局")
    ]
    (part,) = sections(members)
    (line,) = part.lines
    assert line.title == "《关于某案的通报》"
    assert line.wants == ("环保局、安监局：环境质量月度信息，2015年9月",)
    assert (line.count, line.link) == (1, "https://x/1")


def test_two_faults_of_different_matters_stay_apart() -> None:
    members = [{"kind": "fault", "title": f"邮件未能送达{who}", "reason": "拒收。"} for who in ("环保局", "安监局")]
    assert [line.title for part in sections(members) for line in part.lines] == [
        "邮件未能送达环保局",
        "邮件未能送达安监局",
    ]


def test_faults_that_say_the_same_stand_one_by_one() -> None:
    members = [{"kind": "fault", "step": "undelivered", "title": "邮件模板出错", "reason": "出错。"}] * 3
    assert render(OFFICE, members, NOW).fault == ""


def test_who_could_not_be_written_to_is_said() -> None:
    assert "原应发环保局联络员，因未登记有效邮箱" in render(OFFICE, [shown(instead_of="环保局联络员")], NOW).text


def test_markup_in_a_title_is_text() -> None:
    nasty = "<script>alert(1)</script>{{ 7 * 7 }}\n\r\nBcc: x@y"
    mail = render(OFFICE, [shown(nasty, kind="decide", about={"target": "u", "title": nasty})], NOW)
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "{{ 7 * 7 }}" in mail.text
    assert "\n" not in mail.subject


def test_a_title_does_not_turn_the_direction_of_what_follows() -> None:
    turned = "关于\u202e水\x07环境\u2067的\x1b通报\x85"
    mail = render(OFFICE, [shown(turned, kind="decide", about={"target": "u", "title": turned})], NOW)
    assert "关于水环境的通报" in mail.text
    assert "关于水环境的通报" in mail.html
    assert not set("\u202e\u2067\x07\x1b\x85") & set(mail.subject + mail.text + mail.html)


# -- templates that fail -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


@pytest.mark.parametrize(
    "broken",
    [
        "{{ nothing.at.all }}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ reader.__init__.__globals__ }}",
        "{{ worst.marks.append(1) }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "{% extends 'digest.txt.j2' %}",
        "  ",
    ],
    ids=["undefined", "syntax", "arithmetic", "class", "globals", "immutable", "circle", "extends itself", "empty"],
)
def test_a_broken_template_sends_the_plain_words(folder: Path, broken: str) -> None:
    (folder / "digest.txt.j2").write_text(broken, encoding="utf-8")
    mail = render(DEPARTMENT, [shown(), INCOMPLETE], NOW, shipped=folder)
    assert mail.fault
    assert mail.html == ""
    assert mail.subject == "【样例县政务公开督办】2件事项"
    assert "环境质量月度信息，2015年9月；时限：2015年9月30日" in mail.text


def test_a_detail_that_templates_cannot_read_is_still_told() -> None:
    mail = render(DEPARTMENT, [{"kind": "strange", "reason": "某事。"}], NOW)
    assert "某事。" in mail.text
    assert mail.fault


def test_a_countys_own_template_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "digest.subject.j2").write_text("{{ reader.county }}：{{ counts }}", encoding="utf-8")
    mail = render(DEPARTMENT, [shown(), INCOMPLETE], NOW, tmp_path)
    assert (mail.subject, mail.fault) == ("样例县：逾期2件", "")
    assert "环境质量月度信息" in mail.text


def test_a_countys_broken_template_is_left_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "digest.txt.j2").write_text("{{ nothing.at.all }}", encoding="utf-8")
    mail = render(DEPARTMENT, [shown(), INCOMPLETE], NOW, tmp_path)
    assert "digest: UndefinedError" in mail.fault
    assert "【逾期事项】2件" in mail.text
    assert mail.html


SLIP = {"kind": "slip", "step": "orange", "colour": "orange", "slip": "〔2015〕3号", "repeat": 2}


def test_a_slip_is_a_paper_of_its_own_with_its_number_and_colour() -> None:
    mail = render(DEPARTMENT, [shown(**SLIP)], NOW)
    assert mail.fault == ""
    assert "橙色督办单〔2015〕3号（第2次催办）" in mail.subject
    assert "〔2015〕3号  橙色警告  第2次催办" in mail.text
    assert "督办单〔2015〕3号" in mail.html


def test_a_step_may_ask_for_a_template_of_its_own(tmp_path: Path) -> None:
    for part in ("subject", "txt", "html"):
        (tmp_path / f"polite.{part}.j2").write_text("敬请{{ first.department }}留意", encoding="utf-8")
    mail = render(DEPARTMENT, [shown(template="polite")], NOW, tmp_path)
    assert (mail.subject, mail.text, mail.html) == ("敬请环保局留意", "敬请环保局留意\n", "敬请环保局留意")


def test_a_missing_template_folder_is_a_fault_not_a_loss(tmp_path: Path) -> None:
    assert "环境质量月度信息" in render(DEPARTMENT, [shown()], NOW, tmp_path).text


# -- whose it is, and what is asked ------------------------------------------------------------


def test_a_copy_names_whose_matter_it_is_and_asks_to_see_to_it() -> None:
    leading = Addressee("样例县", "发改局 李四", "fagai")
    mail = render(leading, [shown(copied=True)], NOW)
    assert "逾期1件：环保局环境质量月度信息" in mail.subject
    for words in ("请贵单位督促有关单位办理", "环保局：环境质量月度信息", "抄送贵单位：贵单位为牵头单位"):
        assert words in mail.text
    assert "环保局：环境质量月度信息" in mail.html
    both = render(leading, [shown(copied=True), shown("部门预算", department="发改局")], NOW)
    assert "请贵单位办理" in both.text
    assert "] 部门预算" in both.text  # its own matter without its name


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["mended"], "以下事项已整改办结，请知悉"),
        (["recorded"], "以下时限起算依据已经登记，请知悉"),
        (["correction"], "现将以下情况告知"),
        (["mended", "correction"], "现将以下情况告知"),
        (["mended", "overdue"], "以下事项请贵单位办理"),
        (["record"], "以下事项请贵单位办理"),
    ],
)
def test_the_opening_asks_for_nothing_where_nothing_is_asked(kinds: list[str], words: str) -> None:
    mail = render(
        DEPARTMENT, [shown(kind=kind, step=kind, period=f"2015年{n}月") for n, kind in enumerate(kinds, 1)], NOW
    )
    assert words in mail.text
    assert words in mail.html


def test_columns_that_cannot_be_read_for_one_cause_are_one_line() -> None:
    reason = "自2015年10月16日06:00起无法查看（连接超时）。"
    failing = [
        {"kind": "fault", "step": "outage", "title": title, "column": title, "reason": reason}
        for title in ("环境保护", "社会保险")
    ]
    (part,) = sections(failing)
    (line,) = part.lines
    assert (line.title, line.wants, line.count) == ("2个栏目", ("环境保护", "社会保险"), 2)
    mail = render(OFFICE, failing, NOW)
    assert "无法核验2件" in mail.subject
    assert "涉及：环境保护；社会保险" in mail.text
    assert "“环境保护”栏目" in render(OFFICE, failing[:1], NOW).text


def test_faults_of_the_system_itself_are_none_of_the_site() -> None:
    own = [
        {"kind": "fault", "step": "undelivered", "title": title, "reason": f"{title}。"}
        for title in ("邮件未能送达环保局联络员（a@b.cn）", "邮件模板出错", "通知渠道“group”发送失败")
    ]
    dark = {"kind": "fault", "step": "outage", "title": "环境保护", "column": "c", "reason": "无法查看。"}
    mail = render(OFFICE, own, NOW)
    assert mail.subject == "【样例县政务公开督办】系统提示3件｜邮件未能送达环保局联络员（a@b.cn）"
    assert "督办系统运行中出现以下情况，请查看处理" in mail.text
    assert "【系统运行提示】3件" in mail.text
    assert "核验" not in mail.text + mail.html
    both = sections([*own, dark, shown(kind="fault", step="unverifiable")])
    assert [(one.title, one.count) for one in both] == [("暂时无法核验", 2), ("系统运行提示", 3)]
    assert [[line.chip for line in one.lines] for one in both] == [["无法核验", "栏目无法查看"], ["系统提示"] * 3]
    assert all(line.kind == line.chip for one in both for line in one.lines)  # said once


def test_what_is_returned_names_its_number_as_its_sender_knows_it() -> None:
    papers = [
        shown(duty, kind="returned", about={"target": target, "title": "材料"}, reason="未附会议记录。")
        for duty, target in (("汇报", "attestation:17"), ("投诉", "zero-report:4"))
    ]
    mail = render(DEPARTMENT, papers, NOW)
    for said in (mail.text, mail.html):
        assert "报送编号：17" in said
        assert "报送编号：4" in said
        assert "attestation" not in said
        assert "zero-report" not in said
    office = render(OFFICE, [shown(kind="decide", about={"target": "attestation:17", "title": "材料"})], NOW)
    assert "报送编号：17" in office.text
