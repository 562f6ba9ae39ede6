"""Who is named in a circular, with what words, and who is spared: a row for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from tests.core.assessment.reported import line
from tracker.core.assessment.circular import (
    Criticism,
    DueCount,
    Findings,
    Spared,
    Warned,
    count_due,
    find_criticisms,
    find_untrue_reason,
    narrow_findings,
    qualify,
)
from tracker.core.assessment.lines import Line, ProofLink
from tracker.core.law.periods import window_of
from tracker.core.values.formulas import CircularRules
from tracker.core.values.verdicts import TAKEN_DOWN, Status

RULES = CircularRules("样例县人民政府办公室", "样政办公开通", "县直各有关部门")
SEPTEMBER, AUGUST, YEAR_AGO = window_of("2015-09"), window_of("2015-08"), window_of("2014-09")
#: As `postponement.postponed` writes it.
POSTPONED = "原时限2015年9月30日，环保局申请，2015年9月20日经王芳批准延期至2015年10月20日（设备检修）。"
AUGUSTS = Warned("样政办公开通〔2015〕7号", date(2015, 9, 9), 3)


def judged(one: Line, *others: Line, rules: CircularRules = RULES, warned: tuple[Warned, ...] = ()) -> str:
    """What becomes of it, in a word and a reason."""
    found = qualify(one, SEPTEMBER, rules, (one, *others), warned)
    if isinstance(found, Criticism):
        return f"{found.problem}: {found.reason}"
    return f"spared: {found.reason}" if isinstance(found, Spared) else "nothing"


ROWS: dict[str, tuple[Line, str]] = {
    "nothing published": (line(), "overdue: 逾期12个工作日未公开"),
    "due today, no working day late": (line(late=0), "spared: 时限届满0个工作日，不足1个工作日，暂不通报"),
    "incomplete for long": (line(Status.INCOMPLETE), "incomplete: 时限届满12个工作日，公开内容仍不完整"),
    "incomplete, but not for long": (
        line(Status.INCOMPLETE, late=9),
        "spared: 时限届满9个工作日，不足10个工作日，暂不通报",
    ),
    "published and taken down": (
        line(
            Status.INCOMPLETE, late=0, reason=f"《水质》{TAKEN_DOWN}网页（http://x/1）自2015年9月6日起无法打开（404）"
        ),
        "gone: 原公开网页自2015年9月6日起无法打开（404），请核实恢复",
    ),
    "taken down, and nobody has decided that it is gone": (
        line(
            Status.INCOMPLETE,
            late=0,
            reason=f"《水质》{TAKEN_DOWN}网页（http://x/1）自2015年9月6日起无法打开（404）",
            doubted=True,
        ),
        "spared: 原公开网页无法打开，是否确已撤下尚待认定，暂不通报",
    ),
    "published, and not kept current": (
        line(reason="内容已公开，但至2015年9月30日未见更新，也未确认仍然有效"),
        "unkept: 内容已公开，时限届满12个工作日，仍未更新或确认",
    ),
    "one part of it not kept current": (
        line(Status.INCOMPLETE, reason="应不晚于2015年9月30日更新齐全；已完整检查“指南”栏目，未查到公开指南的更新"),
        "unkept: 内容已公开，时限届满12个工作日，仍未更新或确认",
    ),
    "made good late": (line(Status.MET_LATE, late=3), "spared: 逾期后已公开，按本县规定不予通报"),
    "published in time": (line(Status.MET, late=0), "nothing"),
    "could not be judged": (line(Status.UNVERIFIABLE), "spared: 无法核验，不能据以通报"),
    "a date in dispute": (line(Status.MET_DISPUTED), "spared: 公开日期存疑，不能据以通报"),
    "nobody recorded the event": (line(Status.CLOCK_UNKNOWN), "spared: 时限起算依据未登记，不能据以通报"),
    "exempt": (line(Status.WAIVED), "nothing"),
    "not due yet": (line(Status.OPEN), "nothing"),
    "due next month": (line(due="2015-10-08"), "nothing"),
    "its clock stands, whenever it will be due": (
        line(Status.PAUSED, due_on=None, reason="2015年9月2日“要求补正”，计时中止"),
        "spared: 计时中止，暂不通报：2015年9月2日“要求补正”，计时中止",
    ),
    "its clock stands, and began after the month": (line(Status.PAUSED, opens_on=date(2015, 10, 1)), "nothing"),
    "postponed from the month to the next": (
        line(Status.OPEN, "2015-10-20", derivation=POSTPONED),
        "spared: 原时限2015年9月30日，已批准延期至2015-10-20，本月不予通报",
    ),
    "postponed, and published by then": (line(Status.MET, "2015-10-20", derivation=POSTPONED), "nothing"),
    "postponed within the month": (line(due="2015-09-10", derivation=POSTPONED), "overdue: 逾期12个工作日未公开"),
    "postponed by a month that is looked at later": (
        line(Status.OPEN, "2015-10-20", derivation=POSTPONED.replace("9月30日", "10月8日")),
        "nothing",
    ),
    "due before the county's start": (line(is_liable=False), "nothing"),
    "an assumed reading": (line(assumed=True), "spared: 时限为参照时限，本县尚未采用，不予通报"),
    "a date that may still move": (
        line(provisional=True),
        "spared: 时限为暂定，所涉年份的放假安排尚未公布，不予通报",
    ),
    "an objection that is pending": (line(objection="pending"), "spared: 单位已提出异议，尚未作出处理决定，暂不通报"),
    "an objection that holds": (line(objection="upheld"), "spared: 单位异议成立，不予通报"),
    "an objection that does not": (line(objection="dismissed"), "overdue: 逾期12个工作日未公开"),
    "overdue since an earlier month": (line(due="2015-07-10", late=54), "overdue: 逾期54个工作日未公开"),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_a_circular_says_of_a_matter(row: str) -> None:
    one, expected = ROWS[row]
    assert judged(one) == expected


def test_what_was_late_before_within_a_year_is_named_though_made_good() -> None:
    one, before = line(Status.MET_LATE, late=3), line(Status.MET_LATE, "2015-08-10")
    assert judged(one, before) == "repeated: 十二个月内再次逾期，逾期3个工作日后公开"
    assert judged(one, replace(before, duty="air")) == "spared: 逾期后已公开，按本县规定不予通报"
    assert judged(one, replace(before, objection="upheld")) == "spared: 逾期后已公开，按本县规定不予通报"
    assert judged(one, replace(before, assumed=True)) == "spared: 逾期后已公开，按本县规定不予通报"
    assert judged(one, before, rules=replace(RULES, repeated=False)) == "spared: 逾期后已公开，按本县规定不予通报"


def test_a_county_may_name_all_that_was_late() -> None:
    strict = replace(RULES, late=True, incomplete=1)
    assert judged(line(Status.MET_LATE, late=3), rules=strict) == "late: 逾期3个工作日后公开"
    assert judged(line(Status.INCOMPLETE, late=1), rules=strict) == "incomplete: 时限届满1个工作日，公开内容仍不完整"
    assert judged(line(Status.MET_LATE, "2015-08-20", 3), rules=strict) == "nothing"  # August's circular names it


def test_what_was_named_and_not_put_right_is_named_again_with_its_warning() -> None:
    found = qualify(line(due="2015-08-10", late=0), SEPTEMBER, RULES, (), (AUGUSTS,))
    assert isinstance(found, Criticism)
    assert (found.warned, found.reason) == (AUGUSTS, "样政办公开通〔2015〕7号通报后仍未整改到位：逾期未公开")


def found(lines: list[Line], warned: Mapping[str, tuple[Warned, ...]] = {}) -> Findings:
    return find_criticisms(
        lines, SEPTEMBER, AUGUST, YEAR_AGO, RULES, warned, ("huanbao", "caizheng", "keji", "minzheng")
    )


def test_what_was_named_and_put_right_is_struck_off_once() -> None:
    one = line(Status.MET_LATE, "2015-08-10", 20)
    assert found([one], {one.key: (AUGUSTS,)}).mended == ((one, AUGUSTS),)
    assert found([one], {one.key: (replace(AUGUSTS, mended=True),)}).mended == ()


@pytest.mark.parametrize("status", [Status.UNVERIFIABLE, Status.OVERDUE, Status.INCOMPLETE, Status.MET_DISPUTED])
def test_what_could_not_be_looked_at_is_not_struck_off(status: Status) -> None:
    one = line(status, "2015-08-10")
    assert found([one], {one.key: (AUGUSTS,)}).mended == ()


def test_the_best_had_all_on_time_and_the_worst_are_named_most() -> None:
    lines = [
        line(), line(duty="air"),
        line(who="caizheng", late=20),
        line(Status.MET, who="keji", duty="a"), line(Status.MET, who="keji", duty="b"),
        line(Status.MET, who="minzheng"), line(Status.UNVERIFIABLE, who="minzheng", duty="b"),
    ]  # fmt: skip
    said = found(lines)
    assert (said.best, said.worst) == (("keji",), ("huanbao",))  # one matter is not many


def test_what_was_not_kept_current_is_counted_apart_from_what_was_not_published() -> None:
    kept = line(duty="guide", reason="内容已公开，但至2015年9月30日未见更新，也未确认仍然有效")
    count = count_due([line(), kept, line(Status.MET, duty="air", label="2015-09-10")], SEPTEMBER)
    assert (count.due, count.on_time, count.overdue, count.unkept, count.daily) == (3, 1, 1, 1, 1)


def test_rates_leave_out_what_could_not_be_judged_and_what_is_not_owed() -> None:
    lines = [line(one, due=f"2015-09-{day:02}") for day, one in enumerate(Status, 1)]
    lines += [line(assumed=True, due="2015-09-20"), line(objection="upheld", due="2015-09-21"), line(is_liable=False)]
    counted = count_due(lines, SEPTEMBER)
    assert counted == DueCount(due=7, on_time=1, late=1, overdue=1, incomplete=1, unjudged=3)
    assert counted.rate == 0.25
    assert count_due([], SEPTEMBER).rate is None


def test_months_are_compared_with_the_one_before_and_a_year_ago() -> None:
    said = found([line(Status.MET), line(Status.MET, "2015-08-31"), line(Status.OVERDUE, "2014-09-30")])
    assert [one.rate for one in (said.count, said.month_before, said.year_before)] == [1, 1, 0]


def test_the_order_of_the_lines_changes_nothing() -> None:
    lines = [line(), line(duty="air", late=30), line(Status.INCOMPLETE, who="keji"), line(Status.MET, who="caizheng")]
    assert len({str(found(list(order))) for order in permutations(lines)}) == 1


def test_every_matter_with_a_fault_is_named_or_spared_with_a_reason() -> None:
    lines = [line(one, due=f"2015-09-{day:02}") for day, one in enumerate(Status, 1)]
    said = found(lines)
    assert all(one.reason for one in (*said.criticisms, *said.spared))
    told = {one.line.status for one in (*said.criticisms, *said.spared)}
    assert told == {
        Status.OVERDUE, Status.INCOMPLETE, Status.MET_LATE, Status.PAUSED,
        Status.UNVERIFIABLE, Status.CLOCK_UNKNOWN, Status.MET_DISPUTED,
    }  # fmt: skip


def test_what_is_left_at_the_signature_stands_in_the_order_of_problems_again() -> None:
    """A matter that was overdue when it was put to the department may have been made good late since."""
    again = [line(Status.MET_LATE, "2015-08-10", duty="air"), line(Status.MET_LATE, late=3, duty="air")]
    whole = found([*again, line(), line(Status.INCOMPLETE, duty="soil")])
    mixed = narrow_findings(whole, whole.criticisms[::-1], ("huanbao",), RULES)
    assert [one.problem for one in mixed.criticisms] == ["overdue", "incomplete", "repeated"]


# -- at the very day and number ------------------------------------------------------------------

DAYS: dict[str, tuple[Line, str]] = {
    "due on the month's last day": (line(due="2015-09-30", late=1), "overdue: 逾期1个工作日未公开"),
    "due on the next day": (line(due="2015-10-01", late=1), "nothing"),
    "as late as the rules ask": (line(late=1), "overdue: 逾期1个工作日未公开"),
    "incomplete as long as they ask": (
        line(Status.INCOMPLETE, late=10), "incomplete: 时限届满10个工作日，公开内容仍不完整",
    ),
    "made good, due on the month's first day": (
        line(Status.MET_LATE, "2015-09-01", 3), "spared: 逾期后已公开，按本县规定不予通报",
    ),
    "made good, due the day before": (line(Status.MET_LATE, "2015-08-31", 3), "nothing"),
}  # fmt: skip


@pytest.mark.parametrize("row", DAYS)
def test_on_which_day_a_matter_is_named(row: str) -> None:
    one, expected = DAYS[row]
    assert judged(one) == expected


@pytest.mark.parametrize(
    ("due", "counted"), [("2015-08-31", 0), ("2015-09-01", 1), ("2015-09-30", 1), ("2015-10-01", 0)]
)
def test_a_month_counts_from_its_first_day_to_its_last(due: str, counted: int) -> None:
    assert count_due([line(due=due)], SEPTEMBER).due == counted


def test_the_last_warning_that_was_not_put_right_is_named() -> None:
    julys = Warned("样政办公开通〔2015〕6号", date(2015, 8, 9), 1)
    for warned, expected in (
        ((julys, AUGUSTS), AUGUSTS),
        ((replace(julys, mended=True), AUGUSTS), AUGUSTS),
        ((julys, replace(AUGUSTS, mended=True)), julys),
        ((replace(julys, mended=True),), None),
    ):
        found = qualify(line(due="2015-07-10"), SEPTEMBER, RULES, (), warned)
        assert isinstance(found, Criticism)
        assert found.warned == expected


def test_what_was_struck_off_by_the_last_circular_is_not_struck_off_again() -> None:
    one = line(Status.MET_LATE, "2015-07-10", 20)
    julys = Warned("样政办公开通〔2015〕6号", date(2015, 8, 9), 1)
    assert found([one], {one.key: (julys, replace(AUGUSTS, mended=True))}).mended == ()
    assert found([one], {one.key: (replace(julys, mended=True), AUGUSTS)}).mended == ((one, AUGUSTS),)


def test_the_best_and_the_worst_are_as_many_as_the_rules_name() -> None:
    names = [f"d{number}" for number in range(RULES.named + 2)]
    late = [line(who=name, late=5 + number, duty=duty) for number, name in enumerate(names) for duty in ("a", "b")]
    good = [line(Status.MET, who=name) for name in names]
    for lines, side in ((late, "worst"), (good, "best")):
        said = find_criticisms(lines, SEPTEMBER, AUGUST, YEAR_AGO, RULES, {}, names)
        assert len(getattr(said, side)) == RULES.named
    assert (
        find_criticisms(late, SEPTEMBER, AUGUST, YEAR_AGO, RULES, {}, names).worst[0] == names[-1]
    )  # the latest of them


def test_whoever_has_one_matter_late_is_not_among_the_best() -> None:
    lines = [line(Status.MET, duty="a"), line(Status.MET_LATE, duty="b", late=1)]
    assert found(lines).best == ()


AS_OF = datetime.fromisoformat("2015-10-08T09:00+08:00")
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("due_at", "is_true"), [(AS_OF - MOMENT, True), (AS_OF, True), (AS_OF + MOMENT, False)])
def test_what_was_late_when_it_was_signed_was_due_by_then(due_at: datetime, is_true: bool) -> None:
    assert (find_untrue_reason("overdue", line(due_at=due_at), AS_OF) == "") is is_true


@pytest.mark.parametrize(("proved_at", "is_true"), [(AS_OF - MOMENT, False), (AS_OF, True), (AS_OF + MOMENT, True)])
def test_what_was_put_right_as_it_was_signed_or_later_was_true_then(proved_at: datetime, is_true: bool) -> None:
    made_good = line(Status.MET_LATE, proved_at=proved_at, due_at=AS_OF - timedelta(days=8))
    assert (find_untrue_reason("overdue", made_good, AS_OF) == "") is is_true
    half = line(
        Status.INCOMPLETE, proofs=(ProofLink("http://x/1", "水质", proved_at),), due_at=AS_OF - timedelta(days=8)
    )
    assert (find_untrue_reason("overdue", half, AS_OF) == "") is is_true
