"""The overdue report: what is late, what could not be judged, what changed since the last one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notifications.render import Addressee, render
from tests.journalled import assert_journal_holds
from tracker.core.law.county import Contact, County, Department, Rulebook
from tracker.core.law.duties import Assignment, Cell, Duty, EventRule, Every, Part, Source
from tracker.core.values.verdicts import Light, Status
from tracker.reports.overdue import announce_overdue
from tracker.reports.overdue_paper import page_of_report, paper_of
from tracker.reports.overdue_view import Previous
from tracker.reports.overdue_view import build as built
from tracker.reports.snapshot import CountyReader as LineReader
from tracker.reports.snapshot import CountySnapshot
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.jobs import Gap
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow
from tracker.store.standings import Standing, add_standings

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 10, 19, 8, 0, tzinfo=ZONE)
CALENDAR = load_calendar(None)
YEAR = (date(2015, 1, 1), date(2015, 12, 31))


def duty(name: str, title: str, *parts: Part) -> Duty:
    whole = parts or (Part("", title, (Every(unit="month"),)),)
    everyone = (Assignment("huanbao", ("huanbao",), ()), Assignment("caizheng", ("caizheng",), ()))
    return Duty("sample", "plan-2015", name, title, "一", *YEAR, whole, everyone)


RULES = Rulebook(
    County(
        "sample",
        "样例县",
        date(2015, 3, 1),
        {"huanbao": Department("huanbao", "环保局"), "caizheng": Department("caizheng", "财政局")},
        {"county-office": Contact("", "o@x.cn")},
        {},
    ),
    (
        duty("monthly", "环境质量月度信息", Part("water", "水环境质量", (), own_deadline=True)),
        duty("air", "空气质量指数"),
        duty("budget", "财政预算"),
    ),
    {"budget-approved": EventRule("budget-approved", "预算批复")},
    digest="d" * 64,
)
LOADED = Loaded((RULES,), Schedule(zone=ZONE, jobs={}, policies={}), CALENDAR)


def row(
    what: str, label: str, due: date | None, status: Status = Status.OVERDUE, *, department: str = "huanbao"
) -> OccurrenceRow:
    due_at = datetime.combine(due + timedelta(days=1), time(0), ZONE) if due else None
    return OccurrenceRow(
        key=f"sample/plan-2015/{what}/{department}/{label}",
        county="sample", pack="plan-2015", duty=what, department=department, label=label,
        opens_on=None, due_on=due, due_at=due_at, status=status,
        light=Light.RED if status.late else Light.GREY, reason="判定理由。",
        rulebook=RULES.digest, calendar=CALENDAR.digest, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


WATER = row("monthly", "2015-09.water", date(2015, 9, 30))
AIR = [row("air", f"2015-10-{day}", date(2015, 10, day)) for day in range(12, 17)]
BUDGET = row("budget", "event:budget-approved:2015-09-20", date(2015, 10, 12), Status.INCOMPLETE, department="caizheng")
BLIND = row("budget", "2015-09", date(2015, 10, 15), Status.UNVERIFIABLE)
UNKNOWN = row("budget", "awaiting:budget-approved", None, Status.CLOCK_UNKNOWN, department="caizheng")
COMING = row("budget", "2015-10", date(2015, 10, 23), Status.DUE_SOON)
ROWS = [WATER, *AIR, BUDGET, BLIND, UNKNOWN, COMING]


def build(
    rows: list[OccurrenceRow],
    before: Previous | None = None,
    dark: list[Gap] | None = None,
    rules: Rulebook = RULES,
    *,
    looked: Mapping[str, datetime] = {},
    shown: Mapping[str, Any] = {},
) -> Any:
    """The report of these rows as they stand."""
    names = [one.name for one in fields(Standing) if one.name not in ("at", "shown")]
    found = [
        Standing(**{name: getattr(one, name) for name in names}, at=NOW, shown=shown.get(one.key, {})) for one in rows
    ]
    lines = LineReader(rules, CALENDAR).lines(None, found, NOW)  # type: ignore[arg-type]  # all is known
    return built(CountySnapshot(rules, CALENDAR, NOW, tuple(lines)), before, dark or [], looked=looked)


def test_late_and_could_not_judge_are_counted_apart() -> None:
    totals = build(ROWS)["totals"]
    assert totals == {
        "late": 7, "overdue": 6, "incomplete": 1, "unkept": 0,
        "reminded": 0, "unjudged": 2, "fresh": 7, "mended": 0, "coming": 1,
    }  # fmt: skip


ASSUMED = replace(row("budget", "2015-08", date(2015, 9, 15)), assumed=True)
UNKEPT = replace(
    row("budget", "2015-07", date(2015, 9, 16)), reason="内容已公开，但至2015年9月16日未见更新，也未确认仍然有效"
)


def test_what_is_only_reminded_of_is_in_no_count_and_stands_apart_with_its_mark() -> None:
    report = build([*ROWS, ASSUMED])
    assert (report["totals"]["late"], report["totals"]["reminded"]) == (7, 1)
    assert [sum(one["late"] for one in report[part]) for part in ("departments", "duties")] == [7, 7]
    assert report["summary"].endswith("；另有参照时限事项逾期1件，仅作提醒")
    document = paper_of(RULES, {**report, "faults": []}, date(2015, 10, 19))
    late, reminded = document.attachments[:2]
    assert (late.title, reminded.title) == ("逾期事项清单", "仅作提醒的逾期事项清单")
    assert [one[2].text for one in reminded.rows] == ["财政预算（2015年8月，参照时限）"]  # type: ignore[union-attr]
    assert "整改时限" not in late.columns  # type: ignore[union-attr]  # no circular has set one
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [report], NOW)
    for part in (mail.text, mail.html):
        assert "、仅作提醒的逾期事项（不计入逾期）" in part


def test_what_was_published_and_not_kept_current_is_not_called_unpublished() -> None:
    report = build([WATER, UNKEPT])
    assert report["summary"] == "逾期2件（未公开1件、未核对更新1件）"
    lines = {one["period"]: one["problem"] for unit in report["departments"] for one in unit["lines"]}
    assert lines == {"2015年9月": "逾期未公开", "2015年7月": "未核对更新"}


ANSWER = Duty(
    "sample", "foi-2019", "answer", "公开申请答复", "三十三", *YEAR,
    (Part("", "公开申请答复", (Every(unit="month"),)),),
    (Assignment("huanbao", ("huanbao",), (Cell("@tracker", "", (Source("tracker", "record", deed="答复"),)),)),),
)  # fmt: skip
WITH_ANSWERS = replace(RULES, duties=(*RULES.duties, ANSWER))
UNANSWERED = replace(
    row("answer", "2015-08", date(2015, 9, 2)), pack="foi-2019", key="sample/foi-2019/answer/huanbao/2015-08"
)


def test_answers_are_counted_as_unanswered_under_words_that_hold_for_both() -> None:
    report = build([WATER, AIR[0], UNANSWERED], rules=WITH_ANSWERS)
    assert report["summary"] == "逾期3件（未公开2件、未答复1件）"
    document = paper_of(WITH_ANSWERS, {**report, "faults": []}, date(2015, 10, 19))
    late, units = document.attachments[:2]
    assert {"应办时限", "实际办结日期"} <= set(late.columns)  # type: ignore[union-attr]
    assert "未办结" in units.columns  # type: ignore[union-attr]
    assert [one[5].text for one in late.rows] == ["未答复", "未公开", "未公开"]  # type: ignore[union-attr]
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [report], NOW)
    page = page_of_report("样例县", {**report, "faults": []})
    for part in (mail.text, mail.html, page):
        assert "以公开网站的查看记录和登记簿的记录为准" in part
    assert "应公开时限" not in page


def test_answers_alone_speak_of_no_site() -> None:
    report = build([UNANSWERED], rules=WITH_ANSWERS)
    assert report["summary"] == "逾期1件（未答复1件）"
    assert "网站" not in render(Addressee("样例县", "县政府办公室政务公开科"), [report], NOW).text


def test_a_row_whose_days_count_from_a_later_day_says_so() -> None:
    shown = {UNANSWERED.key: {"since": "2015-10-12T00:00:00+08:00"}}
    report = build([UNANSWERED], rules=WITH_ANSWERS, shown=shown)
    (line,) = report["departments"][0]["lines"]
    assert (line["days_late"], line["reason"]) == (6, "判定理由。；逾期天数自2015年10月12日起计")
    late = paper_of(WITH_ANSWERS, {**report, "faults": []}, date(2015, 10, 19)).attachments[0]
    assert late.rows[0][6].text == "6（自2015年10月12日起计）"  # type: ignore[union-attr]


def test_the_last_look_that_did_not_find_it_is_told_beside_the_first() -> None:
    never = replace(
        WATER, reason="应不晚于2015年9月30日公开；2015年10月1日6时已完整检查“环境保护”栏目，未查到所要求的内容"
    )
    report = build([never, BUDGET], looked={one.key: NOW - timedelta(hours=2) for one in (never, BUDGET)})
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [report], NOW)
    told = "2015年10月1日6时已完整检查“环境保护”栏目，未查到所要求的内容；截至2015年10月19日6时最近一次查看，仍未查到"
    assert told in mail.text
    assert told in mail.html
    assert told in page_of_report("样例县", {**report, "faults": []})
    table = paper_of(RULES, {**report, "faults": []}, date(2015, 10, 19)).attachments[0]
    cells = [one[5].text for one in table.rows]  # type: ignore[union-attr]
    assert cells == ["未公开，截至2015年10月19日6时查看", "部分公开"]


def test_what_was_taken_down_has_the_day_of_its_publication() -> None:
    why = "《水质》曾公开，其网页（http://x/1）自2015年11月6日起无法打开（404）"
    gone = replace(WATER, status=Status.INCOMPLETE, reason=why)
    report = build([gone], shown={gone.key: {"published": "2015-07-08T00:00:00+00:00"}})
    table = paper_of(RULES, {**report, "faults": []}, date(2015, 10, 19)).attachments[0]
    assert [one.text for one in table.rows[0]][5:] == ["2015年7月8日", "—", "公开后撤下"]  # type: ignore[union-attr]
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [report], NOW)
    assert "原公开网页自2015年11月6日起无法打开（404），请核实恢复" in mail.text


def test_departments_with_most_late_matters_come_first() -> None:
    found = build(ROWS)["departments"]
    assert [(one["name"], one["late"], one["incomplete"], one["unjudged"], one["worst"]) for one in found] == [
        ("环保局", 6, 0, 1, 9),
        ("财政局", 1, 1, 1, 5),
    ]


def test_lines_name_the_matter_as_an_office_does() -> None:
    first, second = build(ROWS)["departments"]
    assert [(one["title"], one["period"], one["due"], one["days_late"]) for one in first["lines"]] == [
        ("环境质量月度信息（水环境质量）", "2015年9月", "2015年9月30日", 9),
        ("空气质量指数", "2015年10月12日—16日（共5天）", "逐日", 5),
    ]
    assert second["lines"][0]["period"] == "预算批复（2015年9月20日）"
    assert [one["period"] for one in build([UNKNOWN])["unjudged"]] == ["预算批复（待登记）"]


def test_what_is_new_and_what_was_mended_since_the_last_report() -> None:
    before = Previous(NOW - timedelta(days=7), frozenset({WATER.key, BUDGET.key}))
    mended = replace(WATER, status=Status.MET_LATE)
    found = build([mended, *AIR, BUDGET], before)
    assert (found["totals"]["fresh"], found["totals"]["mended"]) == (5, 1)
    assert [one["title"] for one in found["mended"]] == ["环境质量月度信息（水环境质量）"]
    assert found["since"] == "2015年10月12日"


def test_what_was_published_and_taken_down_is_not_late_by_the_days_since_it_was_due() -> None:
    why = "应不晚于2015年9月30日公开齐全，尚缺：“环境保护”：《水质》曾公开，其地址http://x/1自2015年11月6日起无法打开（404）"
    found = build([replace(WATER, status=Status.INCOMPLETE, reason=why)])["departments"]
    assert (found[0]["worst"], found[0]["lines"][0]["lateness"]) == (0, "公开后撤下")
    both = replace(WATER, status=Status.INCOMPLETE, reason=f"{why}；“财政”截止后已完整检查，未见所要求的内容")
    found = build([both])["departments"]
    assert (found[0]["worst"], found[0]["lines"][0]["lateness"]) == (9, "")


def test_neither_closed_matters_nor_those_before_the_start_are_shown() -> None:
    early = row("monthly", "2015-02.water", date(2015, 2, 28))
    gone = replace(WATER, closed=True, status=Status.CLOSED)
    assert build([early, gone])["totals"]["late"] == 0


def test_hours_without_observation_are_said() -> None:
    gap = Gap(datetime(2015, 10, 14, 6, tzinfo=ZONE), datetime(2015, 10, 16, 6, tzinfo=ZONE))
    assert build([], dark=[gap])["dark"] == ["2015年10月14日6时至10月16日6时（48小时）"]


def test_the_mail_reads_as_a_report() -> None:
    gap = Gap(datetime(2015, 10, 14, 6, tzinfo=ZONE), datetime(2015, 10, 16, 6, tzinfo=ZONE))
    before = Previous(NOW - timedelta(days=7), frozenset({WATER.key}))
    shown = build(ROWS, before, [gap])
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [shown], NOW)
    assert mail.fault == ""
    assert mail.subject.endswith("政务公开督办专报（2015年10月19日）：逾期7件、未能判定2件，环保局最多")
    for words in (
        "逾期7件（未公开6件、公开不完整1件）；未能判定2件，不计入逾期。与2015年10月12日相比，新增逾期",
        "环保局：逾期6件（新增5件），未能判定1件",
        "未监测时段",
        "二、各事项情况",
        "空气质量指数：逾期5件；环保局",
        "三、未能判定（不计入逾期）",
        "四、未来七日到期",
    ):
        assert words in mail.text


def test_a_week_without_anything_late_says_so() -> None:
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [build([])], NOW)
    assert mail.subject.endswith("：无逾期事项")
    for part in (mail.text, mail.html):
        assert "本期没有逾期或未能判定的事项" in part
        assert "无逾期事项。" in part
        assert "0件（" not in part


def test_a_report_is_decided_once_a_day_and_compared_with_the_one_before(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        add_standings(tx, [(one, {}) for one in ROWS])
    assert announce_overdue(store, LOADED, NOW) == 1
    assert announce_overdue(store, LOADED, NOW + timedelta(hours=3)) == 0
    week_later = (NOW + timedelta(days=7)).astimezone(UTC)
    assert announce_overdue(store, LOADED, week_later) == 1
    with store.read() as tx:
        first, second = list_notices(tx, "sample")
        assert_journal_holds(tx, "sample")
    assert (first["subject"], second["subject"]) == ("report:overdue:2015-10-19", "report:overdue:2015-10-26")
    assert (first["role"], first["kind"], first["state"]) == ("county-office", "report", "due")
    assert first["not_before"] == datetime(2015, 10, 19, 8, 30, tzinfo=ZONE)
    assert (first["detail"]["bulletin"], second["detail"]["bulletin"]) == ([2015, 1], [2015, 2])
    assert first["detail"]["totals"]["fresh"] == 7
    assert second["detail"]["totals"]["fresh"] == 0


def test_what_is_recorded_while_the_report_is_drafted_is_in_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drafted before the county is locked, and drafted again where the county is another by then."""
    with store.begin() as tx:
        ensure_county(tx, "sample")
    read, begin, drafts = store.read, store.begin, list[int]()

    def read_first() -> AbstractContextManager[Tx]:
        drafts.append(1)
        return read()

    def begin_later() -> AbstractContextManager[Tx]:
        if drafts and drafts.pop():
            drafts.append(0)
            with begin() as tx:
                add_standings(tx, [(one, {}) for one in ROWS])
                append_entries(tx, "sample", [JournalEntry("rule:x", "decided", "sample", None, {}, "")], NOW)
        return begin()

    monkeypatch.setattr(store, "read", read_first)
    monkeypatch.setattr(store, "begin", begin_later)
    assert announce_overdue(store, LOADED, NOW) == 1
    assert 0 in drafts
    with read() as tx:
        (report,) = list_notices(tx, "sample")
    assert report["detail"]["totals"]["late"] == 7


def test_who_cannot_be_written_to_is_told_to_the_county_office(store: Store) -> None:
    book, well = LOADED.rulebooks[0], Contact("张三", "a@x.cn")
    units = {
        "huanbao": Department("huanbao", "环保局", liaison=Contact("李四", ""), lead=well),
        "caizheng": Department("caizheng", "财政局", liaison=well, lead=Contact("王五", "no address")),
    }
    office = {"county-office": Contact("县政府办公室政务公开科", "o@x.cn")}
    county = replace(book.county, departments=units, roles=office)
    announce_overdue(store, replace(LOADED, rulebooks=(replace(book, county=county),)), NOW)
    with store.read() as tx:
        (told,) = list_notices(tx, "sample")
    mail = render(Addressee("样例县", "县政府办公室政务公开科"), [told["detail"]], NOW)
    for part in (mail.text, mail.html):
        assert "、未登记有效邮箱的人员" in part
        assert "联络员：环保局。通知改发本单位负责人；负责人也没有邮箱的，改发县政府办公室政务公开科。" in part
        assert "负责人：财政局。通知改发县政府办公室政务公开科。" in part
