"""A title whose year or month was forgotten is not believed, and while nothing better is there, a person is asked."""

# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

import pytest

from tests.core.verdict.judging import (
    COLUMN,
    END,
    LOOKED,
    WATER,
    cell,
    duty,
    entry,
    items,
    key,
    listing,
    ruling,
    verdicts,
)
from tracker.core.law.duties import Every, Span

MONTHLY, WEEKLY = Every(unit="month", about="previous"), Every(unit="week", about="this")
QUARTERLY, PAST = (
    Every(unit="quarter", about="previous"),
    Every(unit="month", about="this", due_after_end=Span(10, "days")),
)
YEARLY = Every(unit="year", about="previous")

# deadline, title, published, the period of which a person is asked
YEARS = [
    (MONTHLY, "2014年6月份水质", "2015-07-20", "2015-07"),
    (MONTHLY, "2014年6月份水质", "2015-08-05", "2015-07"),
    (MONTHLY, "2014年1月份水质", "2015-02-10", "2015-02"),
    (QUARTERLY, "2014年二季度水质", "2015-07-20", "2015-Q3"),
    (PAST, "2014年6月份水质", "2015-07-08", "2015-06"),
    (WEEKLY, "2014年第27周水质", "2015-07-02", "2015-W27"),
    (MONTHLY, "2014年6月份水质", "2015-10-20", ""),  # neither in its time nor shortly after
    (MONTHLY, "2013年6月份水质", "2015-07-20", ""),
    (MONTHLY, "2014年12月份水质", "2015-01-20", ""),  # as it should be
    (YEARLY, "2013年度水质", "2015-05-20", ""),
]  # fmt: skip


def asked(found) -> str:
    return " ".join(sorted(one for one, verdict in found.items() if verdict.status == "unverifiable"))


@pytest.mark.parametrize(("deadline", "title", "published", "period"), YEARS, ids=[f"{r[1]}-{r[2]}" for r in YEARS])
def test_the_year_before_in_a_title(deadline, title, published, period):
    found = verdicts(duty(deadline, cells=[WATER]), END, entries=[entry(title, published)], visits=LOOKED)
    assert asked(found) == period
    assert not period or "年份可能有误" in found[period].reason


def test_nobody_is_asked_once_the_period_is_proved_or_somebody_has_decided():
    slip, right = entry("2014年6月份水质", "2015-07-20"), entry("2015年6月份水质", "2015-07-21")
    assert asked(verdicts(duty(MONTHLY, cells=[WATER]), END, entries=[slip, right], visits=LOOKED)) == ""
    for kind, status in (("accept", "met"), ("reject", "overdue")):
        decided = [ruling(kind, key("2015-07"), slip.url)]
        found = verdicts(duty(MONTHLY, cells=[WATER]), END, entries=[slip], visits=LOOKED, rulings=decided)
        assert found["2015-07"].status == status


# the second entry's title and text, what is said of August
AGAIN = [
    ("6月份水质", "西河总磷0.31毫克每升，较上月上升，主要超标因子为氨氮", "unverifiable"),
    ("6月份水质", "", "unverifiable"),  # a picture, say: nothing says that it is the same
    ("6月份水质", "东河氨氮0.42毫克每升，达标率为百分之百，水质总体良好", "overdue"),  # put up twice
    ("6月份水质（更正）", "西河总磷0.31毫克每升，较上月上升，主要超标因子为氨氮", "overdue"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "status"), AGAIN)
def test_the_month_before_in_the_title_of_another_text(title, text, status):
    first = entry("6月份水质", "2015-07-08", text="东河氨氮0.42毫克每升，达标率为百分之百，水质总体良好")
    second = entry(title, "2015-08-10", text=text, url="http://127.0.0.1/august")
    found = verdicts(duty(MONTHLY, cells=[WATER]), END, entries=[first, second], visits=LOOKED)
    assert (found["2015-07"].status, found["2015-08"].status) == ("met", status)


@pytest.mark.parametrize(("files", "status"), [(("6.pdf", "6.pdf"), "overdue"), (("6.pdf", "7.pdf"), "unverifiable")])
def test_the_month_before_in_the_title_over_another_file(files, status):
    first, second = (
        entry(
            "6月份水质",
            day,
            text="内容详见附件，欢迎社会各界监督。",
            url=f"http://127.0.0.1/{n}.html",
            files=[(file, "")],
        )
        for n, (day, file) in enumerate(zip(("2015-07-08", "2015-08-10"), files, strict=True))
    )
    found = verdicts(duty(MONTHLY, cells=[WATER]), END, entries=[first, second], visits=LOOKED)
    assert (found["2015-07"].status, found["2015-08"].status) == ("met", status)


FIRST, SECOND = (
    "东河氨氮0.42毫克每升，达标率为百分之百，水质总体良好",
    "西河总磷0.31毫克每升，较上月上升，主要超标因子为氨氮",
)
OWN_ONES = cell(listing(COLUMN, title="水质", publisher="own"))


def twins(title="6月份水质", *, months=("2015-07-08", "2015-08-10"), texts=(FIRST, SECOND), sources=("", ""), **how):
    """Two reports of one title, in the month in which the first is owed and in the next."""
    urls = ("http://127.0.0.1/july", "http://127.0.0.1/august")
    return [
        entry(title, day, text=text, source=source, url=url, **how)
        for day, text, source, url in zip(months, texts, sources, urls, strict=True)
    ]


HELD = items("氨氮", "总磷")
BOTH = (f"{FIRST}，总磷0.08", f"{SECOND}，总磷0.11")
# why the first report is in doubt; the duty, the two reports; what is said of July and of August
IN_DOUBT = [
    ("nobody knows whose it is", duty(MONTHLY, cells=[OWN_ONES]), twins(sources=("", "环保局")), "unverifiable unverifiable"),
    ("nobody knows whose either is", duty(MONTHLY, cells=[OWN_ONES]), twins(), "unverifiable unverifiable"),
    ("nobody knows whose the second is", duty(MONTHLY, cells=[OWN_ONES]), twins(sources=("环保局", "")), "met unverifiable"),
    ("its article was not read", duty(MONTHLY, cells=[WATER], contents=HELD), twins(texts=(None, BOTH[1])), "unverifiable unverifiable"),
    ("it holds none of the items", duty(MONTHLY, cells=[WATER], contents=HELD), twins(texts=("本期公报见公示栏，欢迎社会各界监督，联系电话见首页", BOTH[1])), "unverifiable unverifiable"),
    ("its year may be wrong", duty(MONTHLY, cells=[WATER]), twins("2014年6月份水质"), "unverifiable unverifiable"),
    ("it is in none", duty(MONTHLY, cells=[WATER], contents=HELD), twins(texts=BOTH), "met unverifiable"),
    ("it is another department's", duty(MONTHLY, cells=[OWN_ONES]), twins(sources=("民政局", "环保局")), "met-late overdue"),
    ("it says the same, put up again", duty(MONTHLY, cells=[OWN_ONES]), twins(sources=("", "环保局"), texts=(FIRST, FIRST)), "met-late overdue"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked_for", "both", "status"), [row[1:] for row in IN_DOUBT], ids=[row[0] for row in IN_DOUBT]
)
def test_a_title_copied_over_other_figures_while_the_first_is_in_doubt(asked_for, both, status):
    found = verdicts(asked_for, END, entries=both, visits=LOOKED)
    assert f"{found['2015-07'].status} {found['2015-08'].status}" == status


JULY, AUGUST = key("2015-07"), key("2015-08")
# what was decided of the two reports, and for which month; what is said of July and of August
DECIDED = [
    ([("accept", JULY, 0)], "met unverifiable"),
    ([("reject", JULY, 0)], "unverifiable unverifiable"),  # the second is asked about next
    ([("reject", JULY, 0), ("reject", JULY, 1)], "overdue unverifiable"),
    ([("accept", JULY, 1)], "met-late unverifiable"),
    ([("accept", JULY, 0), ("accept", AUGUST, 1)], "met met"),
    ([("accept", JULY, 0), ("reject", AUGUST, 1)], "met overdue"),
]  # fmt: skip


@pytest.mark.parametrize(("decisions", "status"), DECIDED)
def test_what_people_decide_of_the_two(decisions, status):
    both = twins(sources=("", "环保局"))
    said = [ruling(kind, label, both[number].url) for kind, label, number in decisions]
    found = verdicts(duty(MONTHLY, cells=[OWN_ONES]), END, entries=both, visits=LOOKED, rulings=said)
    assert f"{found['2015-07'].status} {found['2015-08'].status}" == status
