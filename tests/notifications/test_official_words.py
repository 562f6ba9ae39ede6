"""A mail as an office writes it: who signs, on what ground, what to do by when, how to object, and nothing internal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from notifications.render import Addressee, RenderedMail, SendingOffice, render
from tests.notifications.test_mails_in_a_browser import LEADER, MAILS
from tests.notifications.test_render import DEPARTMENT, NOW, OFFICE, air, shown

PLAIN = Addressee("样例县", "环保局 张三", "huanbao")  # of a county whose file names nobody


def parts(mail: RenderedMail) -> tuple[str, str]:
    assert mail.fault == ""
    return mail.text, re.sub(r"<(style|!--).*?</style>|<[^>]*>", "", mail.html, flags=re.DOTALL)


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_takes_its_names_from_the_county(name: str) -> None:
    reader, members = MAILS[name]
    for part in parts(render(reader, members, NOW)):
        assert "政务公开办公室" not in part
        assert "督查室" not in part


@pytest.mark.parametrize("name", [name for name in MAILS if name != "report"])
def test_no_mail_shows_a_key_or_a_command(name: str) -> None:
    reader, members = MAILS[name]
    for part in parts(render(reader, members, NOW)):
        assert not re.search(r"plan-2015|attestation|zero-report|column:|county-site/|duban (evidence|circular)", part)


def test_a_line_says_on_what_ground_what_to_do_by_when_and_how_to_object() -> None:
    matter = shown(mend_by="2015-10-21", first_notice=True, pack="2015年政府信息公开工作方案")
    for part in parts(render(DEPARTMENT, [matter], NOW)):
        for words in (
            "查看结果：“环境保护”栏目未查到2015年9月的环境质量",
            "请于2015年10月21日下班前在“环境保护”栏目公开。",
            "依据：《2015年政府信息公开工作方案》一（七）1",
            "如对逾期认定有异议，请自收到本通知之日起5个工作日内向县政府办公室政务公开科提出，并附依据。",
            "联系单位：县政府办公室政务公开科，联系人：王芳，电话：0431-81234567。",
        ):
            assert words in part


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"basis": "《工作方案》一（七）1；《预算法》第十四条", "pack": "别的"},
            "依据：《工作方案》一（七）1；《预算法》第十四条",
        ),
        ({"mend_by": ""}, "请立即在“环境保护”栏目公开。"),
        (
            {"how": ["报送佐证材料", "确无应公开内容的，报送零报告"]},
            "请立即报送佐证材料；确无应公开内容的，报送零报告。",
        ),
        ({"kind": "reminder"}, "请于时限前在“环境保护”栏目公开。"),
        ({"first_notice": False}, "请自首次收到有关事项的逾期通知之日起5个工作日内"),
    ],
)
def test_what_a_department_reads_follows_its_notice(fields: dict[str, Any], words: str) -> None:
    for part in parts(render(DEPARTMENT, [shown(**fields)], NOW)):
        assert words in part


@pytest.mark.parametrize(
    ("untils", "words"),
    [
        (["2015-10-26"], "之日起5个工作日内（异议截至2015年10月26日）向县政府办公室政务公开科提出"),
        (
            ["2015-10-21", "2015-10-26"],
            "（异议截至2015年10月21日、2015年10月26日，以各事项首次通知之日起算）",
        ),
        (["2015-10-16", "2015-10-19"], "（异议截至2015年10月19日）"),
        (["2015-10-16"], ""),  # the mail is of the 19th
    ],
)
def test_the_last_day_to_object_is_printed_while_it_has_not_passed(untils: list[str], words: str) -> None:
    members = [shown(f"事项{day}", first_notice=False, object_until=day) for day in untils]
    for part in parts(render(DEPARTMENT, members, NOW)):
        assert words in part
        assert ("异议" in part) is bool(words)


@pytest.mark.parametrize(
    ("reader", "fields"),
    [(LEADER, {}), (OFFICE, {}), (DEPARTMENT, {"copied": True}), (DEPARTMENT, {"kind": "reminder"})],
    ids=["a leader", "the office", "a copy", "before it is late"],
)
def test_only_a_department_that_is_held_late_is_told_how_to_object(reader: Addressee, fields: dict[str, Any]) -> None:
    assert "异议" not in render(reader, [shown(first_notice=True, **fields)], NOW).text


def test_a_leader_is_asked_to_read_not_to_publish() -> None:
    mail = render(LEADER, [shown()], NOW)
    assert "以下事项请阅处" in mail.text
    for words in ("请立即", "时限由来"):
        assert words not in mail.text + mail.html


def test_a_mail_is_signed_unless_the_office_reads_it_itself() -> None:
    head = replace(DEPARTMENT, is_lead=True)
    issuer, section = "样例县人民政府办公室", "县政府办公室政务公开科"
    for reader, name in ((DEPARTMENT, section), (LEADER, issuer), (head, issuer)):  # those above a section's rank
        assert f"\n{name}\n2015年10月19日\n" in render(reader, [shown()], NOW).text
    assert "2015年10月19日\n" not in render(OFFICE, [shown()], NOW).text


def test_a_department_is_told_to_whom_its_matter_was_raised() -> None:
    raised = shown(kind="escalation", raised_to="本单位负责人、县政府办公室政务公开科")
    for part in parts(render(DEPARTMENT, [raised], NOW)):
        assert "提级督办" in part
        assert "已提级至本单位负责人、县政府办公室政务公开科。" in part
    assert "已提级至" not in render(LEADER, [raised], NOW).text


def test_a_closed_matter_names_what_closed_it() -> None:
    mended = shown(kind="mended", reason="已整改，督办办结。", proof=["9月环境质量", "http://x.cn/1.html"])
    assert "公开情况：《9月环境质量》 http://x.cn/1.html" in render(DEPARTMENT, [mended], NOW).text


def test_a_record_that_is_asked_for_has_its_ground_and_a_place_to_go() -> None:
    asked = shown("部门预算", kind="record", due="待定", basis="《工作方案》一（二）1", reason="尚未登记。")
    for part in parts(render(DEPARTMENT, [asked], NOW)):
        assert "依据：《工作方案》一（二）1" in part
        assert "告知县政府办公室政务公开科（联系人：王芳，电话：0431-81234567），由其登记。" in part
        assert "所列预计日期由县政府办公室政务公开科估计，仅供提醒，不是法定时限。" in part


def test_an_issued_circular_is_laid_before_leaders_and_names_its_month() -> None:
    issued = {**MAILS["circular, not named"][1][0], "month_zh": "2015年9月"}
    for reader, words in ((LEADER, "呈上，请阅示，"), (DEPARTMENT, "发给你们，")):
        for part in parts(render(reader, [issued], NOW)):
            assert words in part
            assert "2015年9月到期应公开" in part


def test_notices_held_back_are_one_line_that_says_so() -> None:
    who = ("环保局", "安监局")
    waits = [
        shown(kind="wait", reason="暂缓。", department=one, occurrence=str(number)) for number, one in enumerate(who)
    ]
    mail = render(OFFICE, waits, NOW)
    assert mail.subject == "【样例县政务公开督办】无法核验2件｜2件逾期通知暂缓发出"
    assert "涉及：环保局、安监局：环境质量月度信息，2015年9月" in mail.text


def test_an_outage_of_a_site_is_one_line_with_the_number_of_its_columns() -> None:
    outage = {
        "kind": "fault",
        "step": "outage",
        "site": "www.x.cn",
        "title": "县政府信息网（46个栏目）",
        "reason": "无法查看。",
    }
    mail = render(OFFICE, [outage], NOW)
    assert mail.subject == "【样例县政务公开督办】无法核验1件｜县政府信息网（46个栏目）"
    assert "[网站无法查看] 县政府信息网（46个栏目）" in mail.text
    again = render(OFFICE, [{**outage, "kind": "restored", "title": "县政府信息网"}], NOW)
    assert "[恢复查看] 县政府信息网\n" in again.text


@pytest.mark.parametrize(
    ("office", "words"),
    [
        (SendingOffice("公开科", mail="a@b.cn"), "联系单位：公开科，邮箱：a@b.cn。"),
        (SendingOffice("公开科", person="王芳", mail="a@b.cn"), "联系单位：公开科，联系人：王芳，邮箱：a@b.cn。"),
        (SendingOffice("公开科", tel="0431-1"), "联系单位：公开科，电话：0431-1。"),
    ],
)
def test_whom_to_ask_is_what_the_county_file_has(office: SendingOffice, words: str) -> None:
    assert words in render(Addressee("样例县", "环保局 张三", "huanbao", office=office), [shown()], NOW).text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("gk@x.gov.cn", "请于上述时限内直接回复本邮件，"),
        ("", "请于上述时限内书面告知县政府办公室政务公开科（联系人：王芳，电话：0431-81234567），"),
    ],
)
def test_a_consultation_asks_for_a_reply_only_where_one_arrives(reply: str, words: str) -> None:
    reader = replace(DEPARTMENT, office=replace(DEPARTMENT.office, reply=reply))
    for part in parts(render(reader, [MAILS["consult"][1][0]], NOW)):
        assert words in part


def test_nobody_is_told_to_ask_himself() -> None:
    assert "联系单位" not in render(OFFICE, [shown()], NOW).text
    assert "联系单位" not in render(PLAIN, [shown()], NOW).text


def test_a_slip_has_all_that_a_slip_needs() -> None:
    slip = shown(kind="slip", slip="〔2015〕3号", colour="blue", pack="工作方案", within=3, signer="县政府分管领导")
    text, page = parts(render(DEPARTMENT, [slip], NOW))
    for words in (
        "〔2015〕3号", "督办依据：《工作方案》一（七）1", "督办事项：环境质量月度信息（2015年9月）",
        "办结时限：请于收到本单之日起3个工作日内办结，并书面报告办理情况。", "签发：县政府分管领导",
        "联系单位：县政府办公室政务公开科，联系人：王芳，电话：0431-81234567", "样例县人民政府办公室\n2015年10月19日",
    ):  # fmt: skip
        assert words in text
        assert all(word in page for word in re.split("：|\n", words, maxsplit=1))


@pytest.mark.parametrize(("reader", "word"), [(LEADER, "抄报"), (OFFICE, "抄送"), (DEPARTMENT, "抄送")])
def test_a_slip_orders_the_department_and_is_laid_before_everybody_else(reader: Addressee, word: str) -> None:
    slip = shown(kind="slip", slip="〔2015〕3号", colour="red", within=3, copied=bool(reader.department))
    for part in parts(render(reader, [slip], NOW)):
        assert f"{word}：现将督办单呈阅（主送环保局）。" in part
        assert "责任单位收到之日起3个工作日内" in part
        for words in ("请于收到", "办理要求", "异议", "请在“环境保护”"):
            assert words not in part
    for part in parts(render(DEPARTMENT, [shown(kind="slip", slip="〔2015〕3号", within=3)], NOW)):
        assert "呈阅" not in part


def test_a_slip_that_nobody_signs_names_no_signer_and_its_repeat_asks_at_once() -> None:
    slip = shown(kind="slip", slip="〔2015〕3号", colour="blue", within=3, repeat=1)
    text, _ = parts(render(DEPARTMENT, [slip], NOW))
    assert "签发" not in text
    assert "办结时限：请立即办结，并书面报告办理情况。" in text


def test_days_of_one_duty_are_one_line_though_each_sentence_names_its_day() -> None:
    days = [air(day, missing=[f"“环境保护”栏目未查到2015年10月{day}日的空气质量指数日报"]) for day in (12, 13, 14)]
    for part in parts(render(DEPARTMENT, days, NOW)):
        assert "“环境保护”栏目未查到2015年10月12日—14日（共3天）的空气质量指数日报" in part


def test_a_record_that_came_is_no_matter_that_is_done() -> None:
    reason = "预算批复（2015年3月9日）已登记，时限自该日起算，至2015年3月29日；公开任务仍需完成。"
    recorded = shown("部门预算", kind="recorded", reason=reason, due="待定", period="预算批复（待登记）")
    mail = render(DEPARTMENT, [recorded, shown(kind="mended", reason="已整改，督办办结。")], NOW)
    for part in parts(mail):
        assert reason in part
        assert "时限起算依据已登记" in part
        assert "待定" not in part
        assert "待登记" not in part
    assert "已登记1件、已办结1件" in mail.text


def test_titles_of_publications_stand_side_by_side() -> None:
    for reader, members in MAILS.values():
        assert "》、《" not in render(reader, members, NOW).text
