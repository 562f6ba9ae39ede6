"""What is published without its secrecy review becomes a matter of the department and of the county office: once, until
the review is there, the entry is taken down, or the office rules."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.decide.small_county import COUNTY, SCHEDULE, Small, at
from tests.deliver.outbox_office import parse_mail, text_of
from tests.entered import new_ruling
from tests.shipped_acts import PATH
from tracker.core.requests.values import Review
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.events import withdraw_event
from tracker.registers.reviews import ask_review, decide_review, place_review, withdraw_review
from tracker.reports.overdue import overdue_at
from tracker.reports.snapshot import CountyReader
from tracker.store.events import list_events
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow
from tracker.store.tables import messages

TITLE = "环保局关于开展环境影响评价文件抽查的通知"
SWITCHED_ON = COUNTY.replace("packs: [small]", "packs: [small, secrecy-review-2007]") + (
    "secrecy_review: {columns: {environment: 2015-07-10}, unattributed: keji}\n"
)
POLICIES = SCHEDULE.replace(
    "delivery:",
    """\
  finding:
    steps:
      found: {at: open +0 hours, kind: reminder, to: [liaison, county-office]}
      overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}
      to-lead: {at: due +3 workdays, kind: escalation, to: [liaison, lead, county-office]}
  office-finding:
    steps:
      found: {at: open +0 hours, kind: reminder, to: [county-office]}
      last-reminder: {at: due -1 workdays, kind: reminder, to: [county-office]}
delivery:""",
)
FINDINGS = ("unreviewed-publication", "review-in-doubt")


@pytest.fixture
async def switched_on(county: Small) -> Small:
    shutil.copy(PATH.parent / "packs" / "secrecy-review-2007.yaml", county.root / "rules" / "packs")
    county.reload(county=SWITCHED_ON, schedule=POLICIES)
    return county


def open_rows(small: Small) -> list[OccurrenceRow]:
    return [
        row
        for row in small.rows().values()
        if row.duty in FINDINGS and not row.closed and row.label.startswith("event:")
    ]


def matters(small: Small) -> dict[str, str]:
    """The status of each open matter of this kind, by its duty, department and event."""
    return {
        f"{row.duty} {row.department} {row.label.split(':')[1]}": row.status.value.replace("due-soon", "open")
        for row in open_rows(small)
    }


def told(small: Small) -> list[str]:
    """`role step day` of each notice about them that was sent."""
    with small.office.store.read() as tx:
        return sorted(
            f"{notice['role']} {notice['step']} {notice['not_before'].astimezone(at('2015-07-01').tzinfo):%m-%d}"
            for notice in list_notices(tx, "small")
            if any(f"/{duty}/" in notice["subject"] for duty in FINDINGS) and notice["state"] == "sent"
        )


def reviewed(small: Small, on: str, decision: Any = "publish", title: str = TITLE, **more: Any) -> str:
    """A review that was decided on that day is entered now; its reference."""
    book, now, day = small.office.loaded.rulebooks[0], small.clock.now, date.fromisoformat(on)
    review = Review(0, "small", "huanbao", 0, 0, title, "", "", "", "张三", day, now)
    with small.office.store.begin() as tx:
        reference = ask_review(tx, book, review, by="张三").value.reference
        decide_review(tx, book, reference, decision, reviewer="李四", on=day, by="李四", now=now, **more)
    return reference


async def published(small: Small, day: str = "2015-07-13") -> None:
    """The notice is published on that Monday at nine, and seen on the next morning."""
    small.site.publish("environment", TITLE, at(day))
    await small.live(date(2015, 7, 9), date(2015, 7, 14))


UNREVIEWED = "unreviewed-publication huanbao published-unreviewed"


@pytest.mark.nightly
@pytest.mark.both_databases
async def test_the_department_and_the_office_are_told_once(switched_on: Small) -> None:
    await published(switched_on)
    assert matters(switched_on) == {UNREVIEWED: "open"}
    assert told(switched_on) == ["county-office found 07-14", "liaison found 07-14"]
    await switched_on.live(date(2015, 7, 15), date(2015, 7, 17))
    assert told(switched_on) == ["county-office found 07-14", "liaison found 07-14"], "once"
    [row] = open_rows(switched_on)
    assert row.due_on == date(2015, 7, 21), "found on the 14th, five working days"


async def test_nothing_is_found_while_it_is_switched_off(county: Small) -> None:
    await published(county)
    assert matters(county) == {}
    with county.office.store.read() as tx:
        assert list_events(tx, "small") == []


async def test_nothing_of_before_the_first_day_counts(switched_on: Small) -> None:
    switched_on.site.publish("environment", TITLE, at("2015-07-09"))
    await switched_on.live(date(2015, 7, 9), date(2015, 7, 14))
    assert matters(switched_on) == {}


async def test_an_entry_reviewed_in_time_is_no_matter(switched_on: Small) -> None:
    switched_on.clock.now = at("2015-07-13", "08:00")
    reviewed(switched_on, "2015-07-13")
    await published(switched_on)
    assert matters(switched_on) == {}


@pytest.mark.parametrize(
    ("entered", "decided", "left"),
    [
        # seen on the 14th
        ("2015-07-14", "2015-07-13", {}),
        ("2015-07-15", "2015-07-13", {"review-in-doubt huanbao review-doubtful": "open"}),
        ("2015-07-15", "2015-07-14", {"review-in-doubt huanbao review-doubtful": "open"}),
        ("2015-07-15", "2015-07-15", {"unreviewed-publication huanbao published-before-review": "open"}),
    ],
)
async def test_a_review_that_is_entered_later(
    switched_on: Small, entered: str, decided: str, left: dict[str, str]
) -> None:
    await published(switched_on)
    switched_on.clock.now = at(entered, "15:00")
    reviewed(switched_on, decided)
    switched_on.office.tick()
    assert matters(switched_on) == left


@pytest.mark.nightly
async def test_a_doubt_is_the_office_s_alone_and_it_settles_it(switched_on: Small) -> None:
    await published(switched_on)
    switched_on.clock.now = at("2015-07-15", "15:00")
    reference = reviewed(switched_on, "2015-07-13", title=TITLE.replace("抽查", "检查"))
    await switched_on.live(date(2015, 7, 16), date(2015, 7, 16))
    assert matters(switched_on) == {"review-in-doubt huanbao review-doubtful": "open"}
    assert [line for line in told(switched_on) if "07-16" in line] == [
        "county-office correction 07-16", "county-office found 07-16", "liaison correction 07-16"
    ], "who heard of the first matter hears that it is none; of the doubt the office alone"  # fmt: skip
    [row] = open_rows(switched_on)
    switched_on.clock.now = at("2015-07-16", "15:00")
    book = switched_on.office.loaded.rulebooks[0]
    with switched_on.office.store.begin() as tx:
        record_ruling(
            tx,
            book,
            new_ruling("not-applicable", occurrence=row.key, basis="已核实", now=switched_on.clock.now),
        )
    switched_on.office.tick()
    assert matters(switched_on) == {"review-in-doubt huanbao review-doubtful": "not-applicable"}
    assert reference == "2015-huanbao-1"


async def test_the_address_of_a_review_makes_the_link_sure(switched_on: Small) -> None:
    await published(switched_on)
    switched_on.clock.now = at("2015-07-14", "15:00")
    reference = reviewed(switched_on, "2015-07-13", title=TITLE.replace("抽查", "检查"))
    switched_on.office.tick()
    assert matters(switched_on) == {"review-in-doubt huanbao review-doubtful": "open"}
    book = switched_on.office.loaded.rulebooks[0]
    url = f"{book.county.columns['county-site/environment'].url}0.html"
    with switched_on.office.store.begin() as tx:
        place_review(tx, book, reference, url, by="张三", reason="已核对", now=switched_on.clock.now)
    switched_on.office.tick()
    assert matters(switched_on) == {}


async def test_a_withdrawn_review_brings_the_matter_back_with_a_time_of_its_own(switched_on: Small) -> None:
    await published(switched_on)
    switched_on.clock.now = at("2015-07-14", "15:00")
    reference = reviewed(switched_on, "2015-07-13")
    switched_on.office.tick()
    assert matters(switched_on) == {}
    switched_on.clock.now = at("2015-07-20", "15:00")
    book = switched_on.office.loaded.rulebooks[0]
    with switched_on.office.store.begin() as tx:
        withdraw_review(tx, book, reference, by="张三", reason="误登", now=switched_on.clock.now)
    switched_on.office.tick()
    assert matters(switched_on) == {UNREVIEWED: "open"}
    [row] = open_rows(switched_on)
    assert row.due_on == date(2015, 7, 27), "five working days from the 20th"


async def test_taking_it_down_settles_it(switched_on: Small) -> None:
    await published(switched_on)
    del switched_on.site.articles[:]
    await switched_on.live(date(2015, 7, 15), date(2015, 7, 20))
    assert matters(switched_on) == {UNREVIEWED: "met"}


async def test_nobody_but_the_register_touches_what_it_found(switched_on: Small) -> None:
    await published(switched_on)
    book = switched_on.office.loaded.rulebooks[0]
    with switched_on.office.store.begin() as tx:
        [stored] = list_events(tx, "small")
        with pytest.raises(RegisterError, match="follows from the register"):
            withdraw_event(tx, book, stored.event.key, by="甲", reason="不属实", now=switched_on.clock.now)


async def test_switching_it_off_closes_what_it_found(switched_on: Small) -> None:
    await published(switched_on)
    switched_on.reload(county=SWITCHED_ON.replace("2015-07-10", "2015-08-01"), schedule=POLICIES)
    switched_on.clock.now = at("2015-07-15")
    switched_on.office.tick()
    assert matters(switched_on) == {}


async def test_columns_and_departments_that_are_not_there_are_named(county: Small) -> None:
    wrong = SWITCHED_ON.replace("environment: 2015", "enviroment: 2015").replace(
        "unattributed: keji", "unattributed: kej"
    )
    shutil.copy(PATH.parent / "packs" / "secrecy-review-2007.yaml", county.root / "rules" / "packs")
    with pytest.raises(Exception, match=r"(?s)unknown column 'enviroment'.*did you mean.*unknown department 'kej'"):
        county.reload(county=wrong, schedule=POLICIES)
    alone = SWITCHED_ON.replace("[small, secrecy-review-2007]", "[small]")
    with pytest.raises(Exception, match="add `secrecy-review` to the packs"):
        county.reload(county=alone, schedule=POLICIES)


ADOPTED = "adopted: {secrecy-review-2007: [put-right]}\n"
REMINDED = ["liaison overdue 07-22"]
PRESSED = ["county-office to-lead 07-24", "lead to-lead 07-24", "liaison overdue 07-22", "liaison to-lead 07-24"]


@pytest.mark.nightly
@pytest.mark.parametrize(("adopted", "light", "said"), [("", "yellow", REMINDED), (ADOPTED, "red", PRESSED)])
async def test_what_is_not_put_right_is_overdue_and_reported(
    switched_on: Small, adopted: str, light: str, said: list[str]
) -> None:
    """While the five days are not the county's own, they are only reminded of."""
    switched_on.reload(county=SWITCHED_ON + adopted, schedule=POLICIES)
    await published(switched_on)
    await switched_on.live(date(2015, 7, 20), date(2015, 7, 24))
    [row] = open_rows(switched_on)
    assert (row.status, row.light, row.due_on) == ("overdue", light, date(2015, 7, 21))
    assert [line for line in told(switched_on) if "07-2" in line] == said
    loaded = switched_on.office.loaded
    with switched_on.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        report = overdue_at(tx, reader, "small", switched_on.clock.now)
    assert row.key in str(report)


async def test_the_mail_says_what_was_seen_and_where(switched_on: Small) -> None:
    await published(switched_on)
    with switched_on.office.store.read() as tx:
        mails = [text_of(parse_mail(body)) for (body,) in tx.execute(sa.select(messages.c.body))]
    url = f"{switched_on.office.loaded.rulebooks[0].county.columns['county-site/environment'].url}0.html"
    told_liaison = next(mail for mail in mails if mail.startswith("环保局") and "保密审查" in mail)
    assert f"查看结果：《{TITLE}》（{url}）于2015年7月13日公开，未见保密审查记录；" in told_liaison
    assert "依据：《政府信息公开条例》第十四条" in told_liaison
