"""What people are asked to look at, and that it changes no status: a row for every kind of flag, and for what is none.

The duty is a monthly one of the 环保局 on the column 环境保护, looked at for June 2015 (due on the 30th).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.verdict.judging import (
    COUNTY,
    EVENT,
    OWN,
    at,
    attestation,
    cell,
    changed,
    day,
    duty,
    entry,
    event,
    items,
    key,
    listing,
    occurrences,
    ruling,
    verdicts,
)
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.matching.fingerprint import fingerprint, text_size
from tracker.core.matching.texts import TextIndex
from tracker.core.values.facts import Attachment
from tracker.core.verdict.flags import find_flags

JUNE = key("2015-06")
WATER = duty(Every(unit="month"), cells=[cell(listing(title="水质"))])
LISTED = duty(By(day=day("2015-06-30")), Every(unit="quarter", upkeep=True, upkeep_after=day("2015-06-30")))
STANDING = duty(By(day=day("2015-06-30")))
APPROVED = duty(Within(span=Span(20, "days"), event=EVENT), cells=[cell(listing(title="{event.year}年.*预算"))])

REPORT = (
    "本月我县地表水水质总体良好。东河断面高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升；"
    "西河断面高锰酸盐指数4.1毫克每升，氨氮0.57毫克每升，总磷0.11毫克每升。饮用水源地达标率100%，较上月持平。"
)
OTHER = REPORT.replace("3.2", "5.9").replace("0.42", "1.31").replace("0.57", "0.99").replace("0.11", "0.27")
NOTICE = "各乡镇人民政府：现将有关事项通知如下，请认真贯彻执行，遇到问题及时报告。" * 10


def flagged(asked, entries, *, label="2015-06", rulings=(), events=(), now="2015-07-08", beside=(), filed=()):
    """The flags of one occurrence as `kind: question`. `beside`: entries of columns that the duty does not look at."""
    found = verdicts(asked, now, entries=entries, rulings=rulings, events=events, filings=filed)[label]
    (wanted,) = [one for one in occurrences(asked, events) if one.label == label]
    by_url = defaultdict(list)
    for one in entries:
        by_url[one.url].append(one)
    texts = TextIndex([*entries, *beside])
    return find_flags(asked, wanted, found, by_url, texts, rulings, COUNTY)


def kinds(*args, **values):
    return [flag.kind for flag in flagged(*args, **values) if flag.settled is None]


NEW = entry("水质月报", "2015-06-10", text=REPORT, url="http://127.0.0.1/new.html")
OLD = entry("水质月报", "2015-03-05", text=REPORT, url="http://127.0.0.1/old.html")


class TestAnOldText:
    def test_of_an_earlier_period_under_a_new_date(self):
        (flag,) = flagged(WATER, [NEW, OLD])
        assert (flag.kind, flag.url, flag.at) == ("old-text", NEW.url, NEW.first_seen_at)
        assert flag.question == (
            "该文标注2015年6月10日公开，与2015年3月5日公开的《水质月报》（http://127.0.0.1/old.html）内容相同或基本相同，"
            "能否认定为本期公开"
        )

    def test_read_before_fingerprints_were_kept(self):
        old, new = (replace(one, versions=(replace(one.current, fingerprint=""),)) for one in (OLD, NEW))
        assert kinds(WATER, [new, old]) == ["old-text"]

    def test_of_any_column_under_any_title(self):
        old = replace(OLD, column=OWN, versions=(replace(OLD.current, title="一季度通报"),))
        assert kinds(WATER, [NEW], beside=[old]) == ["old-text"]

    def test_of_the_same_address_with_its_date_renewed(self):
        first = entry("水质月报", "2015-03-05", seen="2015-06-08", text=REPORT)
        one = changed(first, "2015-06-10", claimed=day("2015-06-10"))
        (flag,) = flagged(WATER, [one])
        assert (flag.kind, flag.at) == ("old-text", at("2015-06-10"))
        assert flag.question.startswith("该文原标注2015年3月5日公开，2015年6月10日改为2015年6月10日，内容未变")

    def test_of_an_address_seen_before_proves_its_own_period_and_no_later_one(self):
        one = changed(OLD, "2015-06-10", claimed=day("2015-06-10"))
        assert verdicts(WATER, "2015-07-08", entries=[one])["2015-06"].status == "unverifiable"
        assert kinds(WATER, [one]) == []
        assert kinds(WATER, [one], label="2015-03") == ["redated"]

    def test_of_few_words_and_figures_that_come_once_a_month(self):
        text = "本月共监测断面12个，其中达标的10个，达标率为83.3%。与上月相比，水质总体稳定，下一步将加强治理。"
        new, old = entry("9月水质", "2015-06-10", text=text), entry("8月水质", "2015-03-05", text=text)
        assert kinds(WATER, [new, replace(old, url=OLD.url)]) == ["old-text"]

    def test_says_nothing_of_a_report_with_other_figures(self):
        assert kinds(WATER, [NEW, replace(OLD, versions=(entry("x", "2015-03-05", text=OTHER).current,))]) == []

    @pytest.mark.parametrize(
        "text",
        [
            "按照要求，现予公开，请社会各界监督。AQI：109，空气质量级别为良。以上信息如有变动，将及时更新。",
            NOTICE + "共3项。",
        ],
    )
    def test_says_nothing_where_a_daily_report_has_one_figure(self, text):
        daily = duty(Every(unit="day"), cells=[cell(listing(title="空气"))])
        today, before = entry("空气质量", "2015-06-10", text=text), entry("空气质量", "2015-05-10", text=text)
        assert kinds(daily, [today, before], label="2015-06-10") == []

    def test_says_nothing_of_a_few_words_of_form(self):
        form = "根据《政府信息公开条例》有关规定，现将本月有关情况予以公布，详细内容请见附件，请社会各界监督。"
        assert kinds(WATER, [entry("水质", "2015-06-10", text=form), entry("水质", "2015-05-10", text=form)]) == []

    def test_says_nothing_where_the_files_are_others(self):
        def with_file(one, digest):
            file = Attachment("水质.xls", f"{one.url}.xls", "甲", "", digest)
            return replace(one, versions=(replace(one.current, attachments=(file,)),))

        assert kinds(WATER, [with_file(NEW, "a"), with_file(OLD, "b")]) == []
        assert kinds(WATER, [with_file(NEW, "a"), with_file(OLD, "a")]) == ["old-text"]

    def test_says_nothing_of_what_bears_another_departments_name(self):
        theirs = replace(OLD, versions=(replace(OLD.current, source="民政局"),))
        ours = replace(NEW, versions=(replace(NEW.current, source="县环境保护局"),))
        assert kinds(WATER, [ours, theirs]) == []
        assert kinds(WATER, [ours, replace(OLD, publisher="环保局")]) == ["old-text"]

    def test_says_nothing_of_what_another_department_put_into_its_own_column(self):
        asked = duty(Every(unit="month"), cells=[cell(listing(OWN, channel="own-site"))])
        new, theirs = replace(NEW, column=OWN), replace(OLD, column="county-site/focus@minzheng")
        assert kinds(asked, [new], beside=[theirs]) == []
        assert kinds(asked, [new], beside=[OLD]) == ["old-text"]

    def test_says_nothing_of_a_copy_in_the_same_period(self):
        again = entry("水质月报", "2015-06-08", text=REPORT, column=OWN)
        assert kinds(WATER, [NEW], beside=[again]) == []

    def test_says_nothing_of_what_came_later(self):
        later = entry("水质月报", "2015-03-05", text=REPORT, seen="2015-07-01")
        assert kinds(WATER, [NEW, later]) == []

    def test_says_nothing_where_any_age_counts(self):
        assert kinds(STANDING, [NEW, OLD], label="once") == []

    def test_of_another_event(self):
        happened = event("approved", "2015-06-01", year="2015")
        new = entry("2015年部门预算", "2015-06-10", text=REPORT)
        old = entry("2014年部门预算", "2014-03-05", text=REPORT)
        label = "event:approved:2015-06-01"
        assert kinds(APPROVED, [new, old], label=label, events=[happened]) == ["old-text"]

    def test_is_found_among_thousands_of_texts(self):
        many = [
            entry("通知", "2015-02-02", text=NOTICE + f"第{n}号，编号{n * 7919}，共{n}项，限{n % 28 + 1}日内办结。")
            for n in range(300)
        ]
        assert [other.url for other, _ in TextIndex([*many, NEW, OLD]).find_alike(NEW.current)] == sorted(
            [NEW.url, OLD.url]
        )


class TestADateThatMoved:
    @pytest.mark.parametrize(("to", "way"), [("2015-06-02", "提前"), ("2015-06-25", "推迟")])
    def test_either_way(self, to, way):
        (flag,) = flagged(WATER, [changed(NEW, "2015-06-26", claimed=day(to))])
        assert (flag.kind, flag.at) == ("redated", at("2015-06-26"))
        assert way in flag.question

    def test_and_moved_back_is_no_matter(self):
        twice = changed(changed(NEW, "2015-06-20", claimed=day("2015-06-02")), "2015-06-22", claimed=day("2015-06-10"))
        assert kinds(WATER, [twice]) == []

    def test_by_hours_alone_is_no_matter(self):
        assert kinds(WATER, [changed(NEW, "2015-06-20", claimed=at("2015-06-10T16:00"))]) == []

    def test_because_it_was_read_elsewhere_on_the_page_is_no_matter(self):
        one = replace(NEW, versions=(replace(NEW.current, dates=(("line", day("2015-06-10")),)),))
        dates = (("tag", day("2015-06-09")), ("line", day("2015-06-10")))
        read = changed(one, "2015-06-20", claimed=day("2015-06-09"), claimed_from="tag", dates=dates)
        assert kinds(WATER, [read]) == []


class TestWhatChanged:
    def test_after_it_was_met(self):
        (flag,) = flagged(WATER, [changed(NEW, "2015-06-26", text=OTHER, title="水质季报")])
        assert (flag.kind, flag.at) == ("changed", at("2015-06-26"))
        assert "标题由《水质月报》改为《水质季报》、正文有改动" in flag.question

    def test_until_it_held_all_is_the_mending_of_it(self):
        asked = duty(Every(unit="month"), cells=[cell(listing(title="水质"))], contents=items("甲", "乙"))
        mended = changed(entry("水质", "2015-06-10", text="甲"), "2015-06-26", text="甲乙")
        assert kinds(asked, [mended]) == []
        assert kinds(asked, [changed(mended, "2015-06-28", text="甲乙丙")]) == ["changed"]

    def test_in_white_space_or_in_our_reading_is_no_matter(self):
        assert kinds(WATER, [changed(NEW, "2015-06-26", text=f" {REPORT}\n")]) == []
        file = Attachment("附件.pdf", "http://127.0.0.1/a.pdf")
        unread = replace(NEW, versions=(replace(NEW.current, attachments=(file,)),))
        read = changed(unread, "2015-06-26", attachments=(replace(file, text="甲", digest="d"),))
        assert kinds(WATER, [read]) == []
        replaced = changed(read, "2015-06-27", attachments=(replace(file, text="乙", digest="e"),))
        assert kinds(WATER, [replaced]) == ["changed"]

    def test_of_what_is_kept_current_is_meant_to_change(self):
        assert kinds(LISTED, [changed(NEW, "2015-06-26", text=OTHER)], label="once") == []


class TestWhatShowsNothing:
    def test_gone(self):
        (flag,) = flagged(WATER, [replace(NEW, gone_at=at("2015-07-02T10:00"), gone_status=404)])
        assert (flag.kind, flag.at) == ("gone", at("2015-07-02T10:00"))
        assert flag.question == "曾据此认定已公开，其网页自2015年7月2日10时起无法打开（404），是否仍予采信"

    def test_emptied(self):
        (flag,) = flagged(WATER, [replace(NEW, gone_at=at("2015-07-02T10:00"), gone_status=200)])
        assert "起看不到原来的内容" in flag.question

    def test_doubted_after_one_look(self):
        (flag,) = flagged(WATER, [replace(NEW, hollow_at=at("2015-07-02T10:00"))])
        assert (flag.kind, flag.at) == ("hollow", at("2015-07-02T10:00"))
        found = verdicts(WATER, "2015-07-08", entries=[replace(NEW, hollow_at=at("2015-07-02T10:00"))])
        assert found["2015-06"].status == "met"

    def test_beside_another_that_proves_it_is_no_matter(self):
        again = entry("水质月报", "2015-06-20", text=REPORT)
        assert kinds(WATER, [replace(NEW, gone_at=at("2015-07-02"), gone_status=404), again]) == []


# when the site shows what a paper said was published on 20 June, whether people are asked
SHOWN = [
    ("2015-06-30T23:59", False),
    ("2015-07-01", True),  # the deadline itself
    ("2015-07-06", True),
]


@pytest.mark.parametrize(("shown", "is_asked"), SHOWN)
def test_an_accepted_paper_that_the_site_shows_later(shown, is_asked):
    paper = attestation(key("once"), "2015-06-20")
    taken = ruling("accept", key("once"), f"attestation:{paper.id}", recorded="2015-06-21")
    once = duty(By(day=day("2015-06-30")), cells=WATER.assignments[0].cells)
    asked = flagged(once, [entry("水质月报", shown, seen=shown)], label="once", filed=[paper], rulings=[taken])
    assert [flag.question for flag in asked] == is_asked * [
        f"佐证经认定按2015年6月20日计，而网站上《水质月报》公开于2015年7月{shown[8:].lstrip('0')}日，"
        "晚于时限2015年6月30日，是否仍予采信"
    ]


# the dates that the article named, whether people are asked
DATES = [
    ((("tag", "2015-06-10"), ("line", "2015-06-10"), ("listing", "2015-06-10")), False),
    ((("tag", "2015-06-10"), ("line", "2015-06-12")), True),
    ((("line", "2015-06-10"), ("listing", "2015-06-13")), True),
    ((("line", "2015-06-10"), ("listing", "2015-06-11")), False),  # a day's difference
    ((("line", "2015-06-30"), ("listing", "2015-07-01")), True),  # and the deadline between
    ((("line", "2015-06-10"), ("url", "2015-05-01"), ("signature", "2015-05-20")), False),  # not dates of publication
]


@pytest.mark.parametrize(("dates", "asked"), DATES)
def test_dates_that_disagree(dates, asked):
    one = entry("水质", dates[0][1], text=REPORT, dates=dates)
    found = flagged(WATER, [one])
    assert [flag.kind for flag in found] == (["dates"] if asked else [])
    if asked:
        assert f"现按{day(dates[0][1]).year}年6月" in found[0].question


class TestSilence:
    def test_once_somebody_decided_about_the_entry(self):
        said = ruling("accept", JUNE, NEW.url, recorded="2015-07-01")
        (flag,) = flagged(WATER, [NEW, OLD], rulings=[said])
        assert flag.settled == said

    def test_but_not_of_what_came_after(self):
        said = ruling("accept", JUNE, NEW.url, recorded="2015-06-20")
        later = changed(NEW, "2015-06-26", text=OTHER)
        assert kinds(WATER, [later], rulings=[said]) == ["changed"]

    def test_nor_by_what_was_said_of_another_occurrence(self):
        said = ruling("accept", key("2015-05"), NEW.url, recorded="2015-07-01")
        assert kinds(WATER, [NEW, OLD], rulings=[said]) == ["old-text"]

    def test_nothing_is_asked_of_what_is_not_owed(self):
        assert kinds(WATER, [NEW, OLD], rulings=[ruling("waive", JUNE)]) == []

    def test_a_rejected_entry_proves_nothing_and_asks_nothing(self):
        said = ruling("reject", JUNE, NEW.url, recorded="2015-07-01")
        assert flagged(WATER, [NEW, OLD], rulings=[said]) == ()


def test_an_entry_that_counts_for_nothing_asks_nothing():
    assert kinds(WATER, [replace(NEW, versions=(replace(NEW.current, title="空气质量"),)), OLD]) == []


# -- at the very instant, day and number ---------------------------------------------------------


class TestAtTheInstant:
    @pytest.mark.parametrize(("start", "asked"), [("2015-06-30", ["old-text"]), ("2015-07-01", [])])
    def test_of_what_was_due_before_the_countys_first_day_nothing_is_asked(self, start, asked):
        county = replace(COUNTY, start=day(start))
        found = verdicts(WATER, "2015-07-08", entries=[NEW, OLD], county=county)["2015-06"]
        (wanted,) = [one for one in occurrences(WATER) if one.label == "2015-06"]
        by_url = {one.url: [one] for one in (NEW, OLD)}
        flags = find_flags(WATER, wanted, found, by_url, TextIndex([NEW, OLD]), (), county)
        assert [one.kind for one in flags] == asked

    @pytest.mark.parametrize(("after", "settled"), [(timedelta(), True), (-timedelta(microseconds=1), False)])
    def test_a_decision_made_as_it_became_so_settles_it(self, after, settled):
        later = changed(NEW, "2015-06-26", text=OTHER)
        said = replace(ruling("accept", JUNE, NEW.url), recorded_at=at("2015-06-26") + after)
        (flag,) = flagged(WATER, [later], rulings=[said])
        assert (flag.settled == said) is settled

    def test_of_several_decisions_the_last_one_settles_it(self):
        first = ruling("accept", JUNE, NEW.url, recorded="2015-07-01")
        second = replace(first, id=first.id + 1000, reason="再次核实", recorded_at=at("2015-07-02"))
        (flag,) = flagged(WATER, [NEW, OLD], rulings=[first, second])
        assert flag.settled == second

    @pytest.mark.parametrize(("claimed", "asked"), [("2015-05-31", ["old-text"]), ("2015-06-01", [])])
    def test_an_old_text_stood_before_the_first_day_of_the_period(self, claimed, asked):
        old = entry("水质月报", claimed, text=REPORT, url="http://127.0.0.1/old.html")
        assert kinds(WATER, [NEW, old]) == asked

    @pytest.mark.parametrize(("seen", "asked"), [("2015-06-10", ["old-text"]), ("2015-06-11", [])])
    def test_an_old_text_was_seen_on_the_day_of_the_new_one_or_before(self, seen, asked):
        old = entry("水质月报", "2015-03-05", seen=seen, text=REPORT, url="http://127.0.0.1/old.html")
        assert kinds(WATER, [NEW, old]) == asked

    @pytest.mark.parametrize(("claimed", "asked"), [("2015-05-01", ["old-text"]), ("2015-05-02", [])])
    def test_an_old_text_stood_before_the_slack_of_the_event(self, claimed, asked):
        """The event is of 1 June; an entry that names it may lie 30 days before, from 2 May on."""
        happened = event("approved", "2015-06-01", year="2015")
        new = entry("2015年部门预算", "2015-06-10", text=REPORT)
        old = entry("2014年部门预算", claimed, text=REPORT)
        label = "event:approved:2015-06-01"
        assert kinds(APPROVED, [new, old], label=label, events=[happened]) == asked

    @pytest.mark.parametrize(("seen", "asked"), [("2015-06-26", ["changed"]), ("2015-06-10", [])])
    def test_a_change_counts_after_the_reading_that_first_held_it_all(self, seen, asked):
        """What it held at its first sighting is compared with what came after that reading."""
        assert kinds(WATER, [changed(NEW, seen, text=OTHER)]) == asked

    @pytest.mark.parametrize(
        ("one", "two", "asked"),
        [
            ("2015-06-10", "2015-06-11", []),  # a day apart
            ("2015-06-10", "2015-06-12", ["dates"]),
            ("2015-06-29", "2015-06-30", []),  # both in time
            ("2015-06-30", "2015-07-01", ["dates"]),  # the deadline between
            ("2015-07-01", "2015-07-02", []),  # both late
        ],
    )
    def test_dates_a_day_apart_matter_where_the_deadline_lies_between(self, one, two, asked):
        dates = (("line", one), ("listing", two))
        assert kinds(WATER, [entry("水质", one, text=REPORT, dates=dates)]) == asked

    @pytest.mark.parametrize(
        ("unit", "length", "figures", "asked"),
        [
            # A daily report is told from others by five figures, or by 150 characters without any.
            ("day", 60, 5, ["old-text"]),
            ("day", 60, 4, []),
            ("day", 150, 0, ["old-text"]),
            ("day", 149, 0, []),
            # What comes once a month, by two figures or eighty characters.
            ("month", 60, 2, ["old-text"]),
            ("month", 60, 1, []),
            ("month", 80, 0, ["old-text"]),
            ("month", 79, 0, []),
        ],
    )
    def test_a_text_is_told_from_others_by_so_many_figures_or_characters(self, unit, length, figures, asked):
        text = "".join(f"{137 + 59 * number}值" for number in range(figures))
        text += "".join(chr(0x5000 + number) for number in range(length - len(text)))
        assert text_size(fingerprint(text)) == (length, figures)
        asked_of = duty(Every(unit=unit), cells=[cell(listing(title="水质"))])
        new = entry("水质", "2015-06-10", text=text, url="http://127.0.0.1/new.html")
        old = entry("水质", "2015-03-05", text=text, url="http://127.0.0.1/old.html")
        label = "2015-06-10" if unit == "day" else "2015-06"
        assert kinds(asked_of, [new, old], label=label) == asked
