"""How a clock stops, goes on, starts anew and ends: the worked days of the rule language, and each boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.law.clock_lines import (
    ANSWER,
    ANSWER_2007,
    CALENDAR,
    FOI_2007,
    FOI_2019,
    RULES,
    ZONE,
    fact,
    facts,
    moment,
    run,
    shown,
)
from tracker.core.law.assumed_rules import CLOCK_RULES, AssumedRule
from tracker.core.law.deadlines import due_within
from tracker.core.law.duties import EventRule, Span, Stop, Within
from tracker.core.law.statutes import Provision


# Days off in 2026: 15 to 23 February, 4 to 6 April, 1 to 5 May; worked: 14 and 28 February, 9 May.
@pytest.mark.parametrize(
    ("deadline", "line", "now", "expected"),
    [
        # the worked days of the rule language
        (ANSWER, "received 2026-02-10", "2026-02-10", "2026-03-16"),
        (ANSWER, "received 2026-02-10, unclear 2026-02-26", "2026-02-27", "paused"),
        (ANSWER, "received 2026-02-10, unclear 2026-02-26, corrected 2026-03-03", "2026-03-03", "2026-03-31"),
        (ANSWER, "received 2026-03-02, fee-asked 2026-03-06", "2026-03-07", "paused until 2026-04-03"),
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06, a-answered 2026-03-13",
            "2026-03-13",
            "2026-04-07",
        ),
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06 co-maker=yes",
            "2026-03-07",
            "paused until 2026-03-27, due 2026-04-21",
        ),
        (ANSWER, "received 2026-03-02, extended 2026-03-25", "2026-03-25", "2026-04-28"),
        (ANSWER_2007, "received 2015-09-21", "2015-09-21", "2015-10-16"),
        (
            ANSWER_2007,
            "received 2015-09-21, t-asked 2015-09-25, t-answered 2015-10-12",
            "2015-10-12",
            "2015-10-27",
        ),
        # a silence: shown as standing to the end of its last day, then as gone on
        (
            ANSWER,
            "received 2026-03-02, a-asked 2026-03-06 co-maker=yes",
            "2026-03-27T23:59",
            "paused until 2026-03-27, due 2026-04-21",
        ),
        (ANSWER, "received 2026-03-02, a-asked 2026-03-06 co-maker=yes", "2026-03-28", "2026-04-21"),
        # an answer on the silence's last day is in time, one of the day after is not: the clock went on before
        (ANSWER, "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-27", "2026-03-27", "2026-04-21"),
        (ANSWER, "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-30", "2026-03-30", "2026-04-21"),
        # counted from the day on which the letter arrived
        (
            ANSWER,
            "received 2026-03-02, t-asked 2026-03-06 reached=2026-03-10",
            "2026-03-07",
            "paused until 2026-03-31, due 2026-04-23",
        ),
        # nothing limits another agency's time
        (ANSWER, "received 2026-03-02, a-asked 2026-03-06", "2026-06-01", "paused"),
        # 2007 knows no silence
        (ANSWER_2007, "received 2015-09-21, t-asked 2015-09-25", "2015-12-01", "paused"),
    ],
)
def test_worked_days(deadline: Within, line: str, now: str, expected: str) -> None:
    assert shown(run(line, deadline), now) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # both days of the pause: its first counts, its last does not. Received on Monday 2 March, due on the 30th.
        ("t-asked 2026-03-09, t-answered 2026-03-09", "2026-03-30"),
        ("t-asked 2026-03-09, t-answered 2026-03-10", "2026-03-31"),
        ("t-asked 2026-03-06, t-answered 2026-03-07", "2026-03-30"),  # only a Saturday between
        ("t-asked 2026-03-06, t-answered 2026-03-09", "2026-03-31"),
        ("t-asked 2026-03-07, t-answered 2026-03-09", "2026-03-31"),  # asked on the Saturday
        # two that overlap count once; two that touch as one; with a day between, as two
        ("t-asked 2026-03-06, t-answered 2026-03-12, a-asked 2026-03-10, a-answered 2026-03-13", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-13, a-asked 2026-03-10, a-answered 2026-03-12", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-11, a-asked 2026-03-11, a-answered 2026-03-13", "2026-04-07"),
        ("t-asked 2026-03-06, t-answered 2026-03-10, a-asked 2026-03-11, a-answered 2026-03-13", "2026-04-03"),
        # two third parties, each with an answer of its own
        ("t-asked 2026-03-06, t-answered 2026-03-10, t-asked~2 2026-03-11, t-answered~2 2026-03-13", "2026-04-03"),
        ("t-asked 2026-03-06, t-asked~2 2026-03-06, t-answered 2026-03-10, t-answered~2 2026-03-13", "2026-04-07"),
        # an answer of before the question answers nothing; 15 working days on it is silence
        ("t-asked 2026-03-06, t-answered 2026-03-05", "2026-04-21"),
        # the silence's last day is Thursday the 26th: an answer on it is in time, on the next it is not
        ("t-asked 2026-03-05, t-answered 2026-03-26", "2026-04-21"),
        ("t-asked 2026-03-05, t-answered 2026-03-27", "2026-04-21"),
        ("t-asked 2026-03-05, t-answered 2026-04-10", "2026-04-21"),
        # asked on the last day: the limit runs out when the clock goes on, on a day off on the next working day
        ("t-asked 2026-03-27, t-answered 2026-04-01", "2026-04-02"),
        ("t-asked 2026-03-30, t-answered 2026-04-01", "2026-04-01"),
        ("t-asked 2026-03-30, t-answered 2026-04-04", "2026-04-07"),
        # asked after the last day: too late to move anything
        ("t-asked 2026-03-31, t-answered 2026-04-03", "2026-03-30"),
        ("unclear 2026-03-31", "2026-03-30"),
        ("unclear 2026-03-30, corrected 2026-04-01", "2026-04-30"),
        # restart: pauses and extensions of before are void; what stands on still stands
        ("t-asked 2026-03-03, t-answered 2026-03-05, unclear 2026-03-09, corrected 2026-03-16", "2026-04-14"),
        ("t-asked 2026-03-06, t-answered 2026-03-18, unclear 2026-03-09, corrected 2026-03-16", "2026-04-16"),
        ("extended 2026-03-12, unclear 2026-03-13, corrected 2026-03-16", "2026-04-14"),
        ("extended 2026-03-16, unclear 2026-03-13, corrected 2026-03-16", "2026-05-14"),
        ("unclear 2026-03-09, corrected 2026-03-16, fee-asked 2026-03-20, fee-paid 2026-03-23", "2026-04-21"),
        # an extension runs on from the result, and pauses in it do not count either
        ("extended 2026-03-12, t-asked 2026-03-09, t-answered 2026-03-10", "2026-04-29"),
        ("extended 2026-03-12, t-asked 2026-04-01, t-answered 2026-04-02", "2026-04-29"),
        # facts of another request move nothing
        ("", "2026-03-30"),
    ],
)  # fmt: skip
def test_boundaries(line: str, expected: str) -> None:
    assert shown(run(f"received 2026-03-02, {line}".removesuffix(", ")), "2026-12-31") == expected


def test_facts_of_another_matter_move_nothing() -> None:
    received = fact("received", "2026-03-02")
    others = [fact("unclear", "2026-03-06", "71"), fact("unclear", "2026-03-06", "8~7")]
    assert due_within(ANSWER, received, CALENDAR, ZONE, related=others).on == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("span", "line", "expected"),
    [
        # days: every day counts, a last day that is off moves; 22 March 2026 is a Sunday
        (Span(20, "days"), "received 2026-03-02", "2026-03-23"),
        (Span(20, "days"), "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-08", "2026-03-24"),
        (Span(2, "weeks"), "received 2026-03-02, t-asked 2026-03-06, t-answered 2026-03-07", "2026-03-17"),
        (Span(1, "months"), "received 2026-03-02, t-asked 2026-03-20, t-answered 2026-03-25", "2026-04-07"),
        # the last day rolls into a pause: Saturday the 21st to Monday the 23rd, asked on the Sunday
        (Span(19, "days"), "received 2026-03-02, t-asked 2026-03-22, t-answered 2026-03-25", "2026-03-25"),
    ],
)
def test_spans_of_days_to_years_move_by_the_days_of_the_pause(span: Span, line: str, expected: str) -> None:
    assert shown(run(line, replace(ANSWER, span=span)), "2026-12-31") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("received 2026-03-02T09:00", "2026-03-03T09:00"),
        ("received 2026-03-02T09:00, t-asked 2026-03-02T10:00, t-answered 2026-03-02T13:30", "2026-03-03T12:30"),
        ("received 2026-03-02T09:00, t-asked 2026-03-03T09:00, t-answered 2026-03-04T09:00", "2026-03-03T09:00"),
        ("received 2026-03-02T09:00, t-asked 2026-03-02, t-answered 2026-03-03", "2026-03-04T09:00"),  # from 24:00
        ("received 2026-03-02T09:00, unclear 2026-03-02T10:00, corrected 2026-03-04T08:00", "2026-03-05T08:00"),
    ],
)
def test_hours_stop_at_the_instant(line: str, expected: str) -> None:
    assert run(line, replace(ANSWER, span=Span(24, "hours"))).at == moment(expected)


@pytest.mark.parametrize(
    ("received", "corrected", "articles", "rules"),
    [
        ("2019-05-10", "2019-05-14", "第二十四条", ()),
        ("2019-05-10", "2019-05-15", "第二十四条", ("restart-law",)),
        ("2019-05-14", "2019-05-20", "第二十四条", ("restart-law",)),
        ("2019-05-15", "2019-05-20", "第三十三条", ()),
    ],
)
def test_the_text_of_the_first_day_governs(
    received: str, corrected: str, articles: str, rules: tuple[str, ...]
) -> None:
    deadline = replace(ANSWER, law=(Provision(FOI_2007, "24"), Provision(FOI_2019, "33")))
    due = run(f"received {received}, unclear {received}, corrected {corrected}", deadline)
    assert due.rests_on == rules
    assert f"《政府信息公开条例》{articles}；" in due.derivation.text
    assert ("重新起算后仍按首次起算时施行的规定计算，系参照时限掌握，本县尚未采用" in due.derivation.text) == bool(
        rules
    )


ASKED = "received 2026-03-02, t-asked 2026-03-06"


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("received 2026-03-02", ()),
        (f"{ASKED}, t-answered 2026-03-06", ()),
        (f"{ASKED}, t-answered 2026-03-09", ("pause-days",)),
        (f"{ASKED} reached=2026-03-09", ("pause-days",)),
        (ASKED, ("pause-days", "lapse-sent")),
        ("received 2026-03-02, unclear 2026-03-06, corrected 2026-03-09", ()),
    ],
)
def test_what_is_ours_in_it_is_named(line: str, rules: tuple[str, ...]) -> None:
    assert run(line).rests_on == rules


@pytest.mark.parametrize(
    ("line", "text", "short"),
    [
        (
            "received 2026-03-02, a-asked 2026-03-06, a-answered 2026-03-13",
            "2026年3月2日“收到公开申请”（7），当日不计，自次日起算20个工作日，3月7日至13日中止计时不计入"
            "（3月6日“征求其他机关意见”至13日“其他机关答复”），扣除3月14日至15日周末、3月21日至22日周末、3月28日至29日周末、"
            "4月4日至6日清明节，至4月7日届满（原为3月30日）；时限依据：《政府信息公开条例》第三十三条；"
            "中止计时的起始日计入、恢复日不计入，系参照时限掌握，本县尚未采用；期间参照《民法典》第二百零一条、第二百零三条计算；"
            "放假安排：国办发明电〔2025〕7号。",
            "自3月2日收到公开申请次日起20个工作日，扣除中止期间（参照时限）",
        ),
        (
            "received 2026-02-10, unclear 2026-02-26, corrected 2026-03-03, extended 2026-03-20",
            "2026年2月10日“收到公开申请”（7），2月26日“要求补正”停止计时，自3月3日“申请人补正”重新起算，当日不计，自次日起算"
            "20个工作日，扣除3月7日至8日周末、3月14日至15日周末、3月21日至22日周末、3月28日至29日周末，至3月31日届满；"
            "经批准延长20个工作日，自届满次日起连续计算，扣除4月4日至6日清明节、4月11日至12日周末、4月18日至19日周末、"
            "4月25日至26日周末，至4月29日届满（原为4月14日）；时限依据：《政府信息公开条例》第三十三条；"
            "期间参照《民法典》第二百零一条、第二百零三条计算；放假安排：国办发明电〔2025〕7号。",
            "自3月3日申请人补正次日起20个工作日，延长20个工作日",
        ),
        (
            "received 2026-03-02, fee-asked 2026-03-06 reached=2026-03-09",
            "2026年3月2日“收到公开申请”（7），当日不计，自次日起算20个工作日，3月6日“通知缴费”停止计时，登记“缴费”后重新起算；"
            "至4月7日“逾期未缴费”，自3月9日送达起算20个工作日，此后不再要求，时限待定（原为3月30日）；"
            "时限依据：《政府信息公开条例》第三十三条。",
            "3月6日通知缴费，计时停止",
        ),
    ],
)
def test_the_sentence_says_what_moved_the_clock(line: str, text: str, short: str) -> None:
    derivation = run(line).derivation
    assert (derivation.text, derivation.short) == (text, short)


def test_days_off_in_a_pause_are_not_left_out_twice() -> None:
    text = run("received 2026-03-02, t-asked 2026-03-07, t-answered 2026-03-08").derivation.text
    assert (
        "3月8日中止计时不计入（3月7日“征求第三方意见”至8日“第三方答复”），扣除3月7日周六、3月14日至15日周末、" in text
    )


DAYS = st.dates(date(2015, 1, 1), date(2026, 6, 30))
PAUSES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4)


def walk(start: date, amount: int, pauses: list[tuple[date, date]]) -> date:
    """The last day by walking from day to day: another way than the ranks and sums of the code."""
    day, counted = start, 0
    while counted < amount:
        day += timedelta(days=1)
        is_stopped = any(first < day <= last for first, last in pauses)
        counted += CALENDAR.is_workday(day) and not is_stopped
    for first, last in sorted(pauses):  # stopped on the last day
        if first < last and first <= day <= last:
            day = CALENDAR.roll(last)
    return day


@given(start=DAYS, amount=st.integers(1, 30), pauses=PAUSES)
@example(start=date(2018, 12, 20), amount=15, pauses=[(3, 12), (10, 9)])
@example(start=date(2015, 1, 1), amount=21, pauses=[(29, 1), (30, 3)])  # the second one begins after the last day
def test_pauses_of_any_kind_as_walked_day_by_day(start: date, amount: int, pauses: list[tuple[int, int]]) -> None:
    days = [(start + timedelta(days=after), start + timedelta(days=after + length)) for after, length in pauses]
    facts = [fact("received", start.isoformat())]
    for number, (first, last) in enumerate(days, 1):
        reference = f"7~{number}"
        facts += [fact("t-asked", first.isoformat(), reference), fact("t-answered", last.isoformat(), reference)]
    deadline = replace(ANSWER_2007, span=Span(amount, "workdays"))
    due = due_within(deadline, facts[0], CALENDAR, ZONE, related=facts)
    assert due.on == walk(start, amount, days)


def test_what_is_counted_from_an_assumed_day_is_no_law_until_the_clock_starts_anew() -> None:
    assumed = fact("received", "2026-03-02", assumed="yes", awaits="confirmed", basis="未登记确认之日，以提交之日为准")
    due = due_within(ANSWER, assumed, CALENDAR, ZONE)
    assert (str(due.on), due.rests_on) == ("2026-03-30", ("awaited-day",))
    adopted = replace(ANSWER, clock_rules=dict.fromkeys(CLOCK_RULES, AssumedRule(adopted=True)))
    assert ANSWER.is_weak(due.rests_on)
    assert adopted.is_weak(due.rests_on)
    assert "起算之日系推定：未登记确认之日，以提交之日为准" in due.derivation.text
    assert due.derivation.short.endswith("（参照时限、起算日待确认）")
    again = due_within(ANSWER, assumed, CALENDAR, ZONE, related=facts("unclear 2026-03-06, corrected 2026-03-09"))
    assert not ANSWER.is_weak(again.rests_on)


def test_a_county_adopts_the_day_that_no_text_sets() -> None:
    assumed = fact("received", "2026-03-02", assumed="yes", basis="网络的，以提交之日为收到申请之日")
    due = due_within(ANSWER, assumed, CALENDAR, ZONE)
    assert due.rests_on == ("assumed-day",)
    assert ANSWER.is_weak(due.rests_on)
    assert "起算之日系推定：网络的，以提交之日为收到申请之日，本县尚未采用" in due.derivation.text
    adopted = replace(ANSWER, clock_rules=dict.fromkeys(CLOCK_RULES, AssumedRule(adopted=True)))
    assert not adopted.is_weak(due.rests_on)
    assert due_within(adopted, assumed, CALENDAR, ZONE).derivation.short.endswith("（起算日系推定、本县掌握时限）")


def test_what_was_unlawful_moves_no_clock_and_is_named() -> None:
    received, asked, done = (
        fact("received", "2026-03-02"), fact("unclear", "2026-03-12", idle="《政府信息公开条例》第三十条"),
        fact("corrected", "2026-03-16", idle="idle"),
    )  # fmt: skip
    due = due_within(ANSWER, received, CALENDAR, ZONE, related=[received, asked, done])
    assert (str(due.on), due.rests_on) == ("2026-03-30", ("unlawful-steps",))
    assert "3月12日“要求补正”与《政府信息公开条例》第三十条不符，不影响计时" in due.derivation.text
    assert "不合规定的步骤不影响计时，系参照时限掌握，本县尚未采用" in due.derivation.text
    # After the last day it would have changed nothing; what ends nothing is no rule of ours.
    late = fact("unclear", "2026-03-31", idle="《政府信息公开条例》第三十条")
    assert due_within(ANSWER, received, CALENDAR, ZONE, related=[received, late]).rests_on == ()
    ended = fact("withdrawn", "2026-03-13", idle="《政府信息公开条例》第三十条")
    kept = due_within(ANSWER, received, CALENDAR, ZONE, related=[received, ended])
    assert (kept.ending, kept.rests_on) == (None, ())
    assert "3月13日“申请人撤回”与《政府信息公开条例》第三十条不符，不影响计时" in kept.derivation.text


@pytest.mark.parametrize(
    ("paid", "on", "otherwise"),
    [
        ("2026-03-11", "2026-04-09", "2026-04-10"),
        ("2026-03-13", "2026-04-13", None),  # a Friday: by both readings Monday is the first day that counts
    ],
)
def test_the_day_after_payment_has_two_readings(paid: str, on: str, otherwise: str | None) -> None:
    then = replace(RULES["fee-paid"], next_day=True)
    first = replace(RULES["fee-asked"], basis="国办函〔2020〕109号")
    deadline = replace(ANSWER, stops=(Stop(first, (then,), restarts=True),))
    received, *related = facts(f"received 2026-03-02, fee-asked 2026-03-06, fee-paid {paid}")
    due = due_within(deadline, received, CALENDAR, ZONE, related=[received, *related])
    assert (str(due.on), due.rests_on) == (on, ("next-day",) if otherwise else ())
    assert "重新起算依据：国办函〔2020〕109号" in due.derivation.text
    day = date.fromisoformat(otherwise or on)
    named = f"另一种理解以次日为起算之日、当日不计，至{day.month}月{day.day}日届满"
    assert (named in due.derivation.text) == (otherwise is not None)


def test_a_stated_day_is_the_limit() -> None:
    deadline = Within(span=Span(0, "stated-day"), event=EventRule("told", "告知延迟答复"), until=(RULES["withdrawn"],))
    told = fact("told", "2026-03-20", until="2026-06-30")
    due = due_within(deadline, told, CALENDAR, ZONE)
    assert (str(due.opens_on), str(due.on)) == ("2026-03-20", "2026-06-30")
    assert due.derivation.text == "2026年3月20日“告知延迟答复”（7），以所定日期为限，至6月30日届满。"
    assert due.derivation.short == "告知延迟答复，定于6月30日"
    sunday = due_within(deadline, fact("told", "2026-03-20", until="2026-06-28"), CALENDAR, ZONE)
    assert str(sunday.on) == "2026-06-29"
    assert "该日系休息日（6月28日周日），顺延至6月29日；期间参照《民法典》第二百零三条计算" in sunday.derivation.text
    unstated = due_within(deadline, fact("told", "2026-03-20"), CALENDAR, ZONE)
    assert (unstated.on, unstated.derivation.text) == (None, "“告知延迟答复”（7）未登记所定期限，时限待定。")
