"""What was renamed, moved or dated a year off: it proves what it proved, or a person is asked; nobody is accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.verdict.judging import (
    COLUMN,
    END,
    LOOKED,
    OWN,
    WATER,
    changed,
    daily_visits,
    duty,
    entry,
    key,
    reasons,
    ruling,
    verdicts,
)
from tracker.core.law.duties import By, Every

MONTHLY = duty(Every(unit="month", about="previous"), cells=[WATER])
TEXT = "全县地表水各监测断面水质达标率为百分之百，集中式饮用水源地水质全部达标。"
ANOTHER = "全县森林防火工作会议召开，要求各乡镇强化值守，严防死守，确保不发生重大火灾。"
JUNE = "6月份水环境质量状况"
OLD, NEW = "http://127.0.0.1/old", "http://127.0.0.1/new"


def july(*entries, visits=LOOKED, rulings=()):
    found = verdicts(MONTHLY, END, entries=entries, visits=visits, rulings=rulings)
    return found["2015-07"].status, reasons(found, "2015-07")


@pytest.mark.parametrize(
    ("title", "text", "status"),
    [
        ("水质情况通报", TEXT, "met"),
        ("水情通报", TEXT, "met"),
        ("水情通报", None, "met"),  # not read again yet: nothing says that it says anything else
        ("森林防火会议召开", ANOTHER, "incomplete"),  # it was published, and is gone
        ("5月份水环境质量状况", TEXT, "overdue"),  # it names another month now
    ],
)
def test_a_title_that_no_longer_fits_proves_as_long_as_its_text_is_the_same(title, text, status):
    first = entry(JUNE, "2015-07-08", text=TEXT)
    read = {"state": "unread"} if text is None else {}
    assert july(changed(first, "2015-08-20", title=title, text=text, **read))[0] == status


@pytest.mark.parametrize(
    ("title", "text", "gone", "status"),
    [
        (JUNE, TEXT, "2015-08-20", "met"),
        (JUNE, f"{TEXT} ", "2015-08-20", "met"),
        (JUNE, ANOTHER, "2015-08-20", "met-late"),  # a paper of its own, which closes the month late
        ("水情通报", TEXT, "2015-08-20", "incomplete"),
        (JUNE, TEXT, None, "met"),
    ],
)
def test_what_is_gone_and_stands_at_another_address_is_up(title, text, gone, status):
    before = entry(JUNE, "2015-07-08", text=TEXT, url=OLD, gone=gone)
    after = entry(title, "2015-08-18", seen="2015-08-20", text=text, url=NEW)
    assert july(before, after)[0] == status


OLD_FRAME = f"{JUNE}\n发布时间：2015-07-08　来源：县环保局　浏览次数：35 次\n{TEXT}\n样例县环境保护局\n2015年7月8日"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (TEXT, "met"),
        (f"{TEXT}\n【字体：大 中 小】【打印本页】【关闭窗口】", "met"),
        (f"来 源：县环保局 日期：2015/7/8 09:30\n{TEXT}\n上一篇：五月份水环境质量状况", "met"),
        (f"发布时间：2015-07-08\n{TEXT}\n样例县环境保护局\n二〇一五年七月八日", "met"),
        (f"发布时间：2015-08-18\n{TEXT}", "met-late"),  # a short text under another day: a paper of its own
        (f"发布时间：2015-07-08\n{ANOTHER}", "met-late"),
    ],
)
def test_another_template_prints_another_frame_around_the_same_text(text, status):
    before = entry(JUNE, "2015-07-08", text=OLD_FRAME, url=OLD, gone="2015-08-20")
    after = entry(JUNE, "2015-08-18", seen="2015-08-20", text=text, url=NEW)
    assert july(before, after)[0] == status


def test_a_redesign_that_prints_hours_and_gives_new_addresses_disputes_nothing():
    before = entry(JUNE, "2015-07-08", text=OLD_FRAME, url=OLD, gone="2015-08-20")
    after = entry(JUNE, "2015-07-08T09:30", seen="2015-08-20", text=TEXT, url=NEW)
    assert july(before, after)[0] == july(after, before)[0] == "met"


@pytest.mark.parametrize(
    "copy",
    [
        {"column": OWN, "seen": "2015-08-20"},
        {"seen": "2015-08-20", "source": "样例县民政局"},
    ],
    ids=["of-another-column", "of-another-office"],
)
def test_a_copy_does_not_stand_for_it(copy):
    before = entry(JUNE, "2015-07-08", text=TEXT, url=OLD, gone="2015-08-20", source="样例县环保局")
    after = entry(JUNE, "2015-08-18", text=TEXT, url=NEW, **copy)
    assert july(before, after)[0] in {"incomplete", "met-late", "unverifiable"}


FIRST = "全县监测水质断面12个。其中优良断面10个，占83.3%。主要污染指标为氨氮、总磷。与上年同期相比，水质有所改善。"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"{FIRST}城关断面由四类改善为三类，特此补充。", "met"),
        (FIRST.replace("10个，占83.3%", "9个，占75%"), "met"),
        (f"{FIRST[:12]}{ANOTHER}", "met-late"),  # most of it is another
        (
            FIRST.replace("12个", "11个").replace("10个，占83.3%", "9个，占81.8%"),
            "met-late",
        ),  # another report of its form
    ],
)
def test_a_text_that_was_amended_when_it_was_put_up_anew_is_up(text, status):
    before = entry(JUNE, "2015-07-08", text=FIRST, url=OLD, gone="2015-08-20")
    after = entry(JUNE, "2015-08-18", seen="2015-08-20", text=text, url=NEW)
    assert july(before, after)[0] == status


@pytest.mark.parametrize("gone", ["2015-10-08", None])
@pytest.mark.parametrize("seen", ["2015-10-08", "2015-11-08"])
def test_another_edition_of_what_is_owed_once_is_not_late_for_coming_later(gone, seen):
    before = entry("水质断面清单", "2015-09-10", text=TEXT, url=OLD, gone=gone)
    after = entry("水质断面清单（修订）", seen, text=ANOTHER, url=NEW)
    once = duty(By(day=date(2015, 9, 30)), cells=[WATER])
    assert verdicts(once, END, entries=[before, after], visits=LOOKED)["once"].status == "met"
    assert verdicts(once, END, entries=[after], visits=LOOKED)["once"].status == "met-late"


def test_where_it_stands_now_is_said():
    before = entry(JUNE, "2015-07-08", text=TEXT, url=OLD, gone="2015-08-20")
    after = entry(JUNE, "2015-08-18", seen="2015-08-20", text=TEXT, url=NEW)
    assert f"原网址已失效，现网址为{NEW}" in july(before, after)[1]


def test_what_stood_elsewhere_and_is_gone_there_too_is_gone():
    before = entry(JUNE, "2015-07-08", text=TEXT, url=OLD, gone="2015-08-20")
    after = entry(JUNE, "2015-08-18", seen="2015-08-20", text=TEXT, url=NEW, gone="2015-10-08")
    assert july(before, after)[0] == "incomplete"


class TestAYearThatCannotBeRight:
    """6月份 under 8 July 2014, seen first on 8 July 2015, while every look until then lacked it."""

    SLIP = entry("6月份水环境质量状况", "2014-07-08", seen="2015-07-08", text=TEXT)

    def test_waits_for_a_person(self):
        status, why = july(self.SLIP)
        assert status == "unverifiable"
        assert "标注2014年7月8日，但2015年7月7日完整检查时未查到" in why

    def test_who_accepts_it_or_not(self):
        accepted = ruling("accept", key("2015-07"), self.SLIP.url, as_seen=True)
        assert july(self.SLIP, rulings=[accepted])[0] == "met"
        assert july(self.SLIP, rulings=[ruling("reject", key("2015-07"), self.SLIP.url)])[0] == "overdue"

    @pytest.mark.parametrize(
        ("claimed", "seen", "visits"),
        [
            ("2014-07-08", "2014-12-01", LOOKED),  # there from the first look on: an old paper
            ("2015-03-01", "2015-07-08", LOOKED),  # not a year off
            ("2014-07-08", "2015-07-08", daily_visits("2014-12-01", "2016-03-10", reached="2015-01-01")),
        ],
        ids=["old", "months", "no-look-went-so-far-back"],
    )
    def test_other_dates_are_believed(self, claimed, seen, visits):
        assert july(entry("6月份水环境质量状况", claimed, seen=seen, text=TEXT), visits=visits)[0] == "overdue"

    def test_a_single_page_that_lacked_it_just_before_asks_too(self):
        looks = daily_visits("2014-12-01", "2016-03-10", reached="2015-01-01")
        visits = [replace(look, pages=1) for look in looks]
        first = next(look for look in visits if look.began_at.date().isoformat() == "2015-07-08")
        slip = replace(self.SLIP, first_seen_at=first.began_at)
        status, why = july(slip, visits=visits)
        assert status == "unverifiable"
        assert "2015年7月7日检查时未查到" in why

    def test_a_title_with_its_year_is_believed(self):
        slip = entry("2014年6月份水环境质量状况", "2014-07-08", seen="2015-07-08", text=TEXT)
        assert july(slip)[0] == "overdue"

    def test_the_period_that_its_own_date_names_is_not_touched_where_another_proves(self):
        assert july(self.SLIP, entry(JUNE, "2015-07-10", text=TEXT, column=COLUMN))[0] == "met"
