"""What a notice says beside the verdict: what was looked for and not found, how and by when it is to be made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.escalation.asking import CALENDAR, STANDARD, ZONE, at, case, county, said, told, verdict
from tests.core.verdict.judging import (
    COLUMN,
    COUNTY,
    OWN,
    cell,
    daily_visits,
    duty,
    entry,
    filing,
    items,
    listing,
    occurrences,
    record,
    ruling,
    verdicts,
)
from tests.core.verdict.judging import visit as seen
from tracker.core.escalation.cell_words import CellWords
from tracker.core.escalation.decision import decide_notices
from tracker.core.escalation.notice_fields import aged, detail, with_objection_day
from tracker.core.escalation.notices import SHADOW, DeliveryState, Notice, NoticeKey
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.county import Contact
from tracker.core.law.duties import Assignment, By, Cell, Every, Source, Span
from tracker.core.values.verdicts import CellVerdict, Status

MONTHLY = Every(unit="month")
REQUIRED = items("水质类别", "主要污染物")
ZERO = Every(unit="month", zero_report=True)
KEPT = Every(unit="quarter", upkeep=True)


def words(cells: list[Cell], *, entries: Any = (), deadline: Every = MONTHLY, looked: bool = True) -> CellWords:
    """The words of July's water quality, overdue on 3 August."""
    one = duty(deadline, cells=cells, contents=REQUIRED)
    (july,) = (owed for owed in occurrences(one) if owed.label == "2015-07")
    visits = [seen("2015-08-01T06:00", column=column) for column in (COLUMN, OWN)] if looked else []
    judged = verdicts(one, "2015-08-03", entries=entries, visits=visits)["2015-07"]
    return CellWords(july, judged, one, COUNTY)


def test_nothing_published_names_the_column_the_period_and_what_it_should_hold() -> None:
    found = words([cell(listing(title="水质"))])
    assert found.sentences("missing") == ["“环境保护”栏目未查到2015年7月的水环境质量（应有水质类别、主要污染物）"]
    assert found.requests() == ["在“环境保护”栏目公开"]


def test_a_publication_that_lacks_items_is_named_with_what_it_lacks() -> None:
    published = entry("7月份水质情况", "2015-07-20", text="水质类别为Ⅲ类")
    found = words([cell(listing(title="水质"))], entries=[published])
    assert found.sentences("missing") == ["“环境保护”栏目《7月份水质情况》中未见“主要污染物”"]
    assert found.requests() == ["在“环境保护”栏目补充公开"]


def test_a_publication_ruled_to_be_anothers_is_not_named() -> None:
    published = entry("7月份水质情况", "2015-07-20", text="水质类别为Ⅲ类")
    one = duty(MONTHLY, cells=[cell(listing(title="水质"))], contents=REQUIRED)
    (july,) = (owed for owed in occurrences(one) if owed.label == "2015-07")
    refused = [ruling("reject", july.key, published.url)]
    visits = [seen("2015-08-01T06:00")]
    judged = verdicts(one, "2015-08-03", entries=[published], visits=visits, rulings=refused)["2015-07"]
    assert any(finding.held and finding.lacks for finding in judged.findings)  # its text holds words of the duty
    (sentence,) = CellWords(july, judged, one, COUNTY).sentences("missing")
    assert sentence.startswith("“环境保护”栏目未查到2015年7月的水环境质量")


@pytest.mark.parametrize(
    ("words", "holding"),
    [
        (("水环境质量",), ""),
        (("水环境", "质量"), ""),
        (("“水环境”质量",), ""),
        (("水质类别",), "（应有水质类别）"),
    ],
)
def test_items_that_only_repeat_the_title_are_left_out(words: tuple[str, ...], holding: str) -> None:
    one = duty(MONTHLY, cells=[cell(listing(title="水质"))], contents=items(*words))
    (july,) = (owed for owed in occurrences(one) if owed.label == "2015-07")
    judged = verdicts(one, "2015-08-03", visits=[seen("2015-08-01T06:00")])["2015-07"]
    found = CellWords(july, judged, one, COUNTY).sentences("missing")
    assert found == [f"“环境保护”栏目未查到2015年7月的水环境质量{holding}"]


def test_what_is_published_and_was_not_kept_current_is_not_said_to_be_unpublished() -> None:
    one = duty(By(day=date(2015, 3, 1)), KEPT, cells=[cell(listing(title="水质"))])
    (quarter,) = (owed for owed in occurrences(one) if owed.label == "2015-Q3")
    published, looked = entry("水质指南", "2015-02-20"), daily_visits("2015-01-02", "2015-10-09")
    judged = verdicts(one, "2015-10-09", entries=[published], visits=looked)["2015-Q3"]
    found = CellWords(quarter, judged, one, COUNTY)
    assert found.sentences("missing") == ["水环境质量已公开，2015年第三季度未见更新或确认"]
    assert found.requests() == ["核对内容，有变更的更新，无变更的确认有效"]
    shown = detail(quarter, judged, one, COUNTY, CALENDAR, at("10-9"))
    assert (shown["status"], shown["status_zh"]) == ("overdue", "未核对更新")


def test_what_could_not_be_looked_at_is_not_said_to_be_missing() -> None:
    found = words([cell(listing(title="水质"))], looked=False)
    assert found.sentences("missing") == []
    assert found.sentences("unseen") == ["“环境保护”栏目2015年7月的水环境质量"]


@pytest.mark.parametrize(
    ("source", "sentence", "asked"),
    [
        (filing(), "2015年7月的水环境质量尚未报送佐证材料", "报送佐证材料"),
        (record("done"), "2015年7月的水环境质量尚未登记", "办理并登记"),
    ],
)
def test_what_is_proved_by_a_filing_or_a_record_is_asked_for(source: Source, sentence: str, asked: str) -> None:
    found = words([cell(source)])
    assert found.sentences("missing") == [sentence]
    assert found.requests() == [asked]


def test_only_what_was_looked_at_is_said_not_to_have_it_and_each_way_is_named() -> None:
    media = replace(COUNTY, channels={"attested": "新闻媒体"})
    found = replace(words([cell(listing(COLUMN, OWN, title="水质"), filing())]), county=media)
    assert found.sentences("missing") == [
        "“环境保护”“本局动态”栏目未查到2015年7月的水环境质量（应有水质类别、主要污染物），也未收到在新闻媒体公开的佐证材料"
    ]
    assert found.requests() == ["在“环境保护”或“本局动态”栏目公开，或报送在新闻媒体公开的佐证材料"]


def test_what_one_site_has_is_said_beside_what_the_other_lacks() -> None:
    cells = [cell(listing(title="水质")), cell(listing(OWN, title="水质", channel="own-site"))]
    one = duty(MONTHLY, cells=cells)
    (july,) = (owed for owed in occurrences(one) if owed.label == "2015-07")
    visits = [seen("2015-08-01T06:00", column=column) for column in (COLUMN, OWN)]
    judged = verdicts(one, "2015-08-03", entries=[entry("6月份水质", "2015-07-20")], visits=visits)["2015-07"]
    found = CellWords(july, judged, one, COUNTY).sentences("missing")
    assert found == ["“环境保护”栏目已公开，“本局动态”栏目未查到2015年7月的水环境质量"]


def test_what_awaits_a_person_is_not_said_to_be_missing_and_asks_the_department_for_nothing() -> None:
    found = words([cell(listing(title="水质"))])
    waiting = replace(found.verdict, cells=tuple(replace(one, awaits="待认定") for one in found.verdict.cells))
    found = replace(found, verdict=waiting)
    assert found.sentences("missing") == ["“环境保护”栏目2015年7月的水环境质量有待人工认定"]
    assert found.requests() == []


def test_a_zero_report_is_offered_where_one_counts() -> None:
    found = words([cell(listing(title="水质"))], deadline=ZERO)
    assert found.requests() == ["在“环境保护”栏目公开", "确无应公开内容的，报送零报告"]


# -- by when -------------------------------------------------------------------------------------


def notices(*args: Any, **more: Any) -> dict[str, Notice]:
    """By role, what is decided of a `case` with `STANDARD`."""
    decided = decide_notices(case(STANDARD, *args, **more))
    return {one.key.role: one.notice for one in decided if one.outcome == "send" and one.notice}


@pytest.mark.parametrize(
    ("now", "history", "mend_by"),
    [
        (at("10-8", "08:30"), (), "2015-10-09"),  # due on 30 September; to the lead on the 10th, a day worked
        (at("10-10", "08:30"), ("overdue",), "2015-10-12"),  # to the office on Tuesday the 13th
        (at("10-13", "08:30"), ("overdue", "to-lead", "to-lead/lead"), ""),  # nothing follows
    ],
)
def test_it_is_to_be_made_good_before_the_next_step_stands(now: Any, history: tuple[str, ...], mend_by: str) -> None:
    sent = told(*history, when=at("10-8", "08:30"))
    assert notices(Status.OVERDUE, now, sent)["liaison"].detail["mend_by"] == mend_by


def test_a_day_that_has_gone_by_when_the_mail_leaves_is_not_named() -> None:
    shown = {"due_at": "2015-10-01T00:00:00+08:00", "due_on": "2015-09-30", "mend_by": "2015-10-09"}
    assert aged(shown, at("10-9"), CALENDAR, ZONE)["mend_by"] == "2015-10-09"
    assert aged(shown, at("10-10"), CALENDAR, ZONE)["mend_by"] == ""


@pytest.mark.parametrize(
    ("key", "is_first"),
    [
        (None, True),
        (("overdue", "liaison", 0, 0), False),
        (("overdue", "liaison", 0, 1), True),  # under another due date
        (("overdue", "liaison", 1, 0), True),  # of another episode
        (("overdue", SHADOW, 0, 0), True),  # on trial
        (("reminder", "liaison", 0, 0), True),
    ],
)
def test_a_notice_is_the_first_from_which_a_department_may_object(
    key: tuple[str, str, int, int] | None, is_first: bool
) -> None:
    history = {}
    if key is not None:
        step, role, episode, revision = key
        kind = "reminder" if step == "reminder" else "overdue"
        one = NoticeKey(
            case(STANDARD, Status.OVERDUE, at("10-10")).occurrence.key, revision, episode, step, 0, role, "mail"
        )
        history[one] = DeliveryState("sent", at("10-8"), kind)
    detail = notices(Status.OVERDUE, at("10-12", "08:30"), history)["liaison"].detail
    assert detail["first_notice"] is is_first
    assert detail["notified_on"] == ("" if is_first else "2015-10-08")


@pytest.mark.parametrize(
    ("fields", "last"),
    [
        ({"first_notice": True, "notified_on": ""}, "2015-10-19"),  # sent on the 12th, a Monday
        ({"first_notice": False, "notified_on": "2015-10-08"}, "2015-10-14"),  # the 10th was worked
        ({"first_notice": False}, ""),  # decided by an earlier version
        ({}, ""),
    ],
)
def test_the_last_day_to_object_counts_from_the_day_of_the_first_notice(fields: dict[str, Any], last: str) -> None:
    assert with_objection_day(fields, date(2015, 10, 12), 5, CALENDAR).get("object_until", "") == last


# -- slips, and names ----------------------------------------------------------------------------


def slip_detail(**step: Any) -> Any:
    policy = Policy("slips", (Step("blue", "due", Offset(1, "workdays"), "slip", ("liaison",), colour="blue", **step),))
    named = county(roles={"supervisor": Contact("县政府分管领导"), "county-office": Contact("公开科")})
    (decision,) = decide_notices(case(policy, Status.OVERDUE, at("10-8"), where=named))
    assert decision.notice is not None
    return decision.notice.detail


def test_a_slip_has_its_time_and_its_signer_from_the_schedule() -> None:
    detail = slip_detail(within=Span(3, "workdays"), signed_by="supervisor")
    assert (detail["colour"], detail["within"], detail["signer"]) == ("blue", 3, "县政府分管领导")
    assert (slip_detail()["within"], slip_detail()["signer"]) == (5, "")


@pytest.mark.parametrize(
    ("role", "department", "name"),
    [
        ("county-office", "", "公开科"),
        ("county-office@shadow", "", "公开科"),
        ("supervisor", "", "分管领导"),  # without a name in the county file
        ("liaison", "huanbao", "环保局联络员"),
        ("lead@huanbao", "huanbao", "环保局负责人"),
        ("inspection", "", "督查室"),
        ("other", "", "other"),
    ],
)
def test_a_role_is_called_by_the_county_file(role: str, department: str, name: str) -> None:
    roles = {"county-office": Contact("公开科"), "supervisor": Contact(), "inspection": Contact("督查室")}
    assert county(roles=roles).role_name(role, department) == name


# -- outages -------------------------------------------------------------------------------------


def watched(state: str, *, filed_only: bool = False, awaits: str = "", unread: str = COLUMN) -> list[str]:
    """What is decided on 9 October of a matter due on 30 September, without a fresh visit. `unread`: a column."""
    what = duty(MONTHLY, cells=[cell(listing(title="水质"))])
    status = Status.OVERDUE if state == "missing" else Status.UNVERIFIABLE
    one = CellVerdict("@county-site", "", state, "", filed_only=filed_only, awaits=awaits)  # type: ignore[arg-type]
    found = replace(verdict(status, fresh=False), cells=(one,))
    assignment = Assignment("huanbao", ("huanbao",), what.assignments[0].cells)
    whose = replace(what, assignments=(assignment,))
    decided = decide_notices(case(STANDARD, found, at("10-9"), what=whose, unread_columns=frozenset({unread})))
    return said(one for one in decided if one.outcome != "superseded")


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("unseen", {}, []),
        ("unseen", {"unread": "county-site/other"}, ["send unverifiable county-office"]),
        ("missing", {}, ["wait overdue liaison"]),
        ("missing", {"unread": "county-site/other"}, ["send overdue.waits county-office", "wait overdue liaison"]),
    ],
)
def test_what_an_outage_hides_is_told_with_the_outage_alone(
    state: str, more: dict[str, Any], expected: list[str]
) -> None:
    assert watched(state, **more) == expected
