"""A clock that stops, goes on, starts anew and ends, from the register to the mails."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.deciding import postpone
from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.entered import new_event, new_ruling
from tracker.core.values.facts import EventKey
from tracker.core.verdict.adoption import reading_subject
from tracker.decide.explain import explain
from tracker.decide.run import judge_new_facts
from tracker.registers.adoptions import record_adoption
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event, withdraw_event
from tracker.store.counties import lock_county
from tracker.store.journal import list_rows

REQUESTS = (
    PACK.replace(
        "duties:\n",
        """\
  received: {title: 收到公开申请}
  third-asked: {title: 征求第三方意见}
  third-answered: {title: 第三方答复}
  third-silent: {title: 第三方逾期未答复, lapse: 15 workdays, of: third-asked, unless: third-answered}
  agency-asked: {title: 征求其他机关意见}
  agency-answered: {title: 其他机关答复}
  unclear: {title: 要求补正}
  corrected: {title: 申请人补正}
  withdrawn: {title: 申请人撤回}
  answered: {title: 答复公开申请}
duties:
""",
    )
    + """\
  - id: answer
    title: 公开申请答复
    clause: 三
    departments: [keji]
    channels: tracker
    deadline:
      within: 20 workdays
      of: received
      pause: {third-asked: [third-answered, third-silent], agency-asked: agency-answered}
      restart: {unclear: corrected}
      until: withdrawn
    evidence: {record: answered}
"""
)
ADOPTED = COUNTY + "adopted: {small: [pause-days, restart-law, lapse-sent]}\n"
KEY = "answer/keji/event:received:7"


def record(county: Small, name: str, on: str, **fields: str) -> None:
    """Record a fact of keji's request 7, at the present hour."""
    event = new_event(
        name=name, department="keji", occurred=date.fromisoformat(on), by="王敏", now=county.clock.now, reference="7",
        fields=fields,
    )  # fmt: skip
    with county.office.store.begin() as tx:
        record_event(tx, county.office.loaded.rulebooks[0], event)


def withdraw(county: Small, name: str) -> None:
    with county.office.store.begin() as tx:
        rules = county.office.loaded.rulebooks[0]
        withdraw_event(tx, rules, EventKey(name, "keji", "7"), by="王敏", reason="误录", now=county.clock.now)


def told(county: Small) -> list[str]:
    return [line for line in county.notices() if KEY in line]


def stands(county: Small) -> tuple[str, str]:
    """The status and the due day of the request."""
    row = county.rows()[KEY]
    return row.status.value, str(row.due_on)


@pytest.fixture
def requests(county: Small) -> Small:
    county.reload(pack=REQUESTS, county=ADOPTED)
    record(county, "received", "2015-07-01")  # due on 29 July, first reminder on the 22nd
    return county


@pytest.mark.nightly
async def test_a_silence_sets_the_clock_going_again_by_itself(requests: Small) -> None:
    await requests.live(date(2015, 7, 8), date(2015, 7, 8))
    assert stands(requests) == ("open", "2015-07-29")
    record(requests, "third-asked", "2015-07-08")
    await requests.live(date(2015, 7, 9), date(2015, 7, 9))
    assert stands(requests) == ("paused", "2015-08-19")
    row = requests.rows()[KEY]
    assert row.light == "none"
    assert row.reason == (
        "2015年7月8日“征求第三方意见”，计时中止，登记“第三方答复”后恢复，至迟2015年7月29日止；"
        "时限最迟为2015年8月19日，中止期间不催办"
    )
    assert row.next_at == at("2015-07-30", "00:00")
    await requests.live(date(2015, 7, 22), date(2015, 7, 29))
    assert (stands(requests), told(requests)) == (("paused", "2015-08-19"), [])
    await requests.live(date(2015, 7, 30), date(2015, 8, 13))
    assert stands(requests) == ("due-soon", "2015-08-19")
    assert told(requests) == [f"08-12 08:30 {KEY} reminder liaison sent"]


async def test_an_answer_before_that_brings_the_due_day_forward(requests: Small) -> None:
    await requests.live(date(2015, 7, 8), date(2015, 7, 8))
    record(requests, "third-asked", "2015-07-08")
    await requests.live(date(2015, 7, 9), date(2015, 7, 9))
    record(requests, "third-answered", "2015-07-15")
    await requests.live(date(2015, 7, 16), date(2015, 7, 16))
    assert stands(requests) == ("open", "2015-08-05")
    assert "7月9日至15日中止计时不计入（7月8日“征求第三方意见”至15日“第三方答复”）" in requests.rows()[KEY].derivation
    with requests.office.store.read() as tx:
        moves = [row for row in list_rows(tx, "small") if row.action == "due.moved"]
    assert [("2015-07-30" in row.before, "2015-08-20" in row.after) for row in moves] == [(True, True), (False, False)]


async def test_a_pause_after_a_reminder_writes_to_nobody(requests: Small) -> None:
    await requests.live(date(2015, 7, 22), date(2015, 7, 27))
    reminded = [f"07-22 08:30 {KEY} reminder liaison sent"]
    assert told(requests) == reminded
    record(requests, "agency-asked", "2015-07-27")
    await requests.live(date(2015, 7, 28), date(2015, 8, 3))
    assert (stands(requests), told(requests)) == (("paused", "None"), reminded)
    record(requests, "agency-answered", "2015-08-03")
    await requests.live(date(2015, 8, 4), date(2015, 8, 4))
    assert stands(requests) == ("due-soon", "2015-08-05")  # two of twenty days were left
    assert told(requests) == [
        *reminded,
        f"08-04 08:30 {KEY} reminder liaison superseded",
        f"08-04 08:30 {KEY} last-reminder liaison sent",
    ]


@pytest.mark.nightly
async def test_a_pause_recorded_late_corrects_those_who_were_told_of_a_missed_limit(requests: Small) -> None:
    await requests.live(date(2015, 7, 22), date(2015, 7, 31))
    assert stands(requests) == ("overdue", "2015-07-29")
    record(requests, "agency-asked", "2015-07-20")
    await requests.live(date(2015, 8, 3), date(2015, 8, 3))
    assert stands(requests) == ("paused", "None")
    assert [line.split()[3] for line in told(requests)] == ["reminder", "last-reminder", "overdue", "correction"]
    assert "计时已中止，办理时限由2015年7月29日变更为待定。" in requests.reasons()


async def test_a_restart_counts_anew(requests: Small) -> None:
    record(requests, "unclear", "2015-07-08")
    await requests.live(date(2015, 7, 9), date(2015, 7, 9))
    assert stands(requests) == ("paused", "None")
    record(requests, "corrected", "2015-07-13")
    await requests.live(date(2015, 7, 14), date(2015, 7, 14))
    assert stands(requests) == ("open", "2015-08-10")
    withdraw(requests, "corrected")
    await requests.live(date(2015, 7, 15), date(2015, 7, 15))
    assert stands(requests) == ("paused", "None")
    withdraw(requests, "unclear")
    await requests.live(date(2015, 7, 16), date(2015, 7, 16))
    assert stands(requests) == ("open", "2015-07-29")


async def test_what_is_withdrawn_is_not_owed_any_longer(requests: Small) -> None:
    await requests.live(date(2015, 7, 22), date(2015, 7, 23))
    record(requests, "withdrawn", "2015-07-24")
    await requests.live(date(2015, 7, 24), date(2015, 7, 24))
    row = requests.rows()[KEY]
    assert (row.status, row.reason) == ("closed", "2015年7月24日“申请人撤回”，自此不再要求")
    assert [line.split()[3] for line in told(requests)] == ["reminder", "closed"]
    withdraw(requests, "withdrawn")
    await requests.live(date(2015, 7, 27), date(2015, 7, 27))
    assert stands(requests) == ("due-soon", "2015-07-29")


async def test_an_answer_given_before_stays_one(requests: Small) -> None:
    record(requests, "answered", "2015-07-10")
    record(requests, "withdrawn", "2015-07-13")
    await requests.live(date(2015, 7, 14), date(2015, 7, 14))
    assert stands(requests) == ("met", "2015-07-29")


async def test_who_asks_gets_the_same_answer(requests: Small) -> None:
    record(requests, "third-asked", "2015-07-08", reached="2015-07-10")
    await requests.live(date(2015, 7, 13), date(2015, 7, 13))
    asked = explain(requests.office.store, requests.office.loaded, KEY, requests.clock.now)
    assert not isinstance(asked, list)
    row = requests.rows()[KEY]
    assert (asked.status_zh, asked.verdict.reason, asked.occurrence.derivation.text) == (
        "中止计时",
        row.reason,
        row.derivation,
    )
    assert (asked.due, row.due_on) == ("2015年8月21日", date(2015, 8, 21))  # fifteen days from arrival: to 31 July


async def test_before_the_county_adopts_our_reading_nobody_is_escalated(county: Small) -> None:
    county.reload(pack=REQUESTS)
    record(county, "received", "2015-07-01")
    record(county, "agency-asked", "2015-07-08")
    record(county, "agency-answered", "2015-07-09")
    await county.live(date(2015, 7, 30), date(2015, 8, 10))
    row = county.rows()[KEY]
    assert (row.status, row.light, row.assumed, str(row.due_on)) == ("overdue", "yellow", True, "2015-07-30")
    assert "中止计时的起始日计入、恢复日不计入，系参照时限掌握，本县尚未采用" in row.derivation
    assert {line.split()[4] for line in told(county)} == {"liaison"}


async def test_once_the_county_adopts_our_reading_the_answer_is_pressed_as_any_other(county: Small) -> None:
    county.reload(pack=REQUESTS)
    record(county, "received", "2015-07-01")
    record(county, "agency-asked", "2015-07-08")
    record(county, "agency-answered", "2015-07-09")
    await county.live(date(2015, 7, 31), date(2015, 7, 31))
    loaded, now = county.office.loaded, county.clock.now
    with county.office.store.begin() as tx:
        since = lock_county(tx, "small").seq
        ruling = new_ruling(
            "adopt", now=now, occurrence=reading_subject("small", "pause-days"), by="陈县长", reason="第7次常务会议纪要"
        )
        record_adoption(tx, loaded, loaded.rulebooks[0], ruling)
        row = judge_new_facts(tx, loaded, loaded.rulebooks[0], since, now)[f"small/small/{KEY}"]
    assert (row.light, row.assumed) == ("red", False)
    assert "系参照时限掌握，本县已采用（2015年7月31日经陈县长决定：第7次常务会议纪要）" in row.derivation


async def test_nothing_is_postponed_while_no_day_is_due(requests: Small) -> None:
    record(requests, "agency-asked", "2015-07-08")
    await requests.live(date(2015, 7, 9), date(2015, 7, 9))
    with pytest.raises(RegisterError, match="stands, nothing is due: 2015年7月8日“征求其他机关意见”，计时中止"):
        postpone(requests, "2015-09-01", occurrence=f"small/small/{KEY}")
