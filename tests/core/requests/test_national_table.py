"""The national table of a year of invented requests beside sums made by other means, and what makes it not add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.invented_requests import Invented, as_values, invent
from tracker.core.requests.counted import CountedRequest, count_request
from tracker.core.requests.national_form import COLUMNS, form_for
from tracker.core.requests.national_table import Figures, NationalTable, table_of
from tracker.core.requests.values import MoveKind

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2026, 2, 1, tzinfo=UTC)
DEPARTMENTS = ("guotu", "huanbao", "caizheng")
#: The lines of 国办公开办函〔2021〕30号, part 三(三), by answer and ground, written down by hand.
LINES = {
    ("published", ""): "3.1", ("disclosed", ""): "3.1", ("partly", "privacy"): "3.2",
    ("withheld", "secret"): "3.3.1", ("withheld", "prohibited"): "3.3.2", ("withheld", "stability"): "3.3.3",
    ("withheld", "commercial-secret"): "3.3.4", ("withheld", "privacy"): "3.3.4", ("withheld", "internal"): "3.3.5",
    ("withheld", "process"): "3.3.6", ("withheld", "enforcement-file"): "3.3.7", ("special-register", ""): "3.3.8",
    ("nonexistent", ""): "3.4.1", ("not-held", ""): "3.4.1", ("needs-making", ""): "3.4.2", ("unclear", ""): "3.4.3",
    ("petition", ""): "3.5.1", ("repeated", ""): "3.5.2", ("publications", ""): "3.5.3", ("excessive", ""): "3.5.4",
    ("reissue", ""): "3.5.5", ("uncorrected", ""): "3.6.1", ("unpaid", ""): "3.6.2", ("other", ""): "3.6.3",
    ("withdrawn", ""): "3.6.3",
}  # fmt: skip


def counted(invented: list[Invented]) -> list[CountedRequest]:
    return [count_request(request, moves, ZONE) for request, moves in as_values(invented, "sample", NOW)]


def summed(invented: list[Invented], year: int) -> Counter[tuple[str, str]]:
    """The numbers of parts 三 and 四, by loops over the invented steps."""
    sums: Counter[tuple[str, str]] = Counter()
    for each in invented:
        ends = [
            (day, "withdrawn" if kind is MoveKind.WITHDRAW else fields.get("answer") or fields["why"], fields)
            for kind, day, fields in each.steps
            if kind in (MoveKind.ANSWER, MoveKind.ABANDON, MoveKind.WITHDRAW)
        ]
        done = ends[0][0].year if ends else 9999
        lines = []
        if each.received.year == year:
            lines.append("1")
        if each.received.year < year <= done:
            lines.append("2")
        if done == year:
            _, answer, fields = [end for end in ends if end[0].year == year][-1]
            lines += ["3.7", LINES[answer, fields.get("ground", "")]]
        if each.received.year <= year < done:
            lines.append("4")
        for line in lines:
            sums[line, each.applicant] += 1
            sums[line, "total"] += 1
        for remedy, filed, result, ended in appeals(each):
            if filed.year <= year <= (ended.year if ended else 9999):
                sums[remedy, result if ended and ended.year == year else "pending"] += 1
                sums[remedy, "total"] += 1
    return sums


def appeals(each: Invented) -> list[tuple[str, date, str, date | None]]:
    found: list[tuple[str, date, str, date | None]] = []
    for kind, day, fields in each.steps:
        if kind is MoveKind.APPEAL:
            found.append((fields["remedy"], day, "", None))
        if kind is MoveKind.APPEAL_RESULT:
            found[-1] = (*found[-1][:2], fields["result"], day)
    return found


def numbers(table: NationalTable) -> Counter[tuple[str, str]]:
    return Counter({place: cell.count for place, cell in table.cells.items()})


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_table_of_200_requests_adds_up_and_equals_an_independent_sum(seed: int, year: int) -> None:
    invented = invent(seed, 200, DEPARTMENTS)
    table = table_of(year, counted(invented))
    assert numbers(table) == summed(invented, year)
    assert table.faults == ()


def test_a_year_has_every_line() -> None:
    """The invented years are worth something: no line of the form stays empty in them."""
    sums = sum((summed(invent(seed, 200, DEPARTMENTS), 2025) for seed in range(20)), Counter())
    assert {line for line, _ in sums} == {*form_for(2025).codes, "review", "suit", "suit-after-review"}


def test_each_number_opens_its_requests() -> None:
    table = table_of(2025, counted(invent(1, 200, DEPARTMENTS)))
    for line in form_for(2025).codes:
        for column in COLUMNS:
            found = table.open_cell(line, column)
            assert len(found) == table.count(line, column)
            assert column == "total" or {request.applicant for request in found} <= {column}
    assert len(table.open_cell("3.3")) == sum(table.count(f"3.3.{number}") for number in range(1, 9))
    assert len(table.open_cell("3")) == table.count("3.7")
    with pytest.raises(KeyError, match=r"3\.9"):
        table.open_cell("3.9")


def test_what_one_year_carries_on_the_next_carries_over() -> None:
    requests = counted(invent(3, 200, DEPARTMENTS))
    first, second = table_of(2024, requests), table_of(2025, requests)
    issued = Figures(2024, {("4", column): first.count("4", column) for column in COLUMNS})
    assert second.count("2") == first.count("4") > 0
    assert table_of(2025, requests, [issued]).faults == ()


# -- what does not add up ------------------------------------------------------------------------------

ONE = CountedRequest(
    "2025-guotu-1", "guotu", "guotu", "natural", "online", "", "征地补偿安置方案", date(2025, 3, 2),
    date(2025, 3, 20), date(2025, 3, 20), "disclosed", "", "1",
)  # fmt: skip
BALANCE, RESULTS = "第一项加第二项之和，等于第三项总计加第四项之和", "第三项总计等于其各行之和"


@pytest.mark.parametrize(
    ("request_", "rule", "where", "sides"),
    [
        (replace(ONE, closed=date(2024, 12, 30)), BALANCE, "自然人", (1, 0)),  # done before it came
        (replace(ONE, answer="withheld", line=""), RESULTS, "自然人", (1, 0)),  # a ground that has no line
        (replace(ONE, applicant="robot"), "总计等于各类申请人之和", "（一）予以公开", (1, 0)),
    ],
)
def test_a_request_that_falls_out_of_the_table_is_named(
    request_: CountedRequest, rule: str, where: str, sides: tuple[int, int]
) -> None:
    faults = table_of(2025, [request_, replace(ONE, reference="2025-guotu-2")]).faults
    fault = next(fault for fault in faults if fault.rule == rule and fault.where.endswith(where))
    assert (fault.left - 1, fault.right - 1) == sides
    assert fault.references == ("2025-guotu-1",)


def test_a_figure_does_not_make_up_for_a_lost_request() -> None:
    """Where a figure kept elsewhere happens to fill the gap, the sums are equal and the request is named still."""
    lost = replace(ONE, answer="withheld", line="")
    table = table_of(2025, [lost], [Figures(2025, {("3.3.1", "natural"): 1, ("3.3.1", "total"): 1})])
    assert [(fault.rule, fault.references) for fault in table.faults] == [(RESULTS, ("2025-guotu-1",))] * 2


def test_figures_of_a_table_that_was_issued_are_compared_and_never_corrected() -> None:
    table = table_of(2025, [ONE], [Figures(2024, {("4", "natural"): 2, ("4", "total"): 2})])
    assert table.count("2") == 0
    assert [(fault.where, fault.left, fault.right) for fault in table.faults] == [("自然人", 0, 2), ("总计", 0, 2)]


def test_figures_of_the_same_year_are_added() -> None:
    kept = {("1", "company"): 3, ("3.1", "company"): 3, ("3.7", "company"): 3}
    kept |= {(line, "total"): 3 for line, _ in kept}
    table = table_of(2025, [ONE], [Figures(2025, kept)])
    assert (table.count("1"), table.count("3.1", "company"), table.faults) == (4, 3, ())


# -- which day, which form -----------------------------------------------------------------------------


def test_a_new_answer_after_an_appeal_changes_no_table_of_before() -> None:
    """Answered in 2025, set aside in 2026 and answered anew: done in 2025, and not again."""
    steps = [
        (MoveKind.REGISTER, date(2025, 11, 3), {}),
        (MoveKind.ANSWER, date(2025, 11, 20), {"answer": "withheld", "ground": "privacy"}),
        (MoveKind.APPEAL, date(2025, 12, 1), {"remedy": "review"}),
        (MoveKind.APPEAL_RESULT, date(2026, 1, 20), {"result": "corrected", "again": "yes"}),
        (MoveKind.ANSWER, date(2026, 2, 3), {"answer": "disclosed"}),
    ]
    requests = counted([Invented("guotu", "natural", "online", "", "征地方案", date(2025, 11, 3), steps)])
    year_25, year_26 = table_of(2025, requests), table_of(2026, requests)
    assert (year_25.count("3.3.4"), year_25.count("review", "pending")) == (1, 1)
    assert (year_26.count("3.7"), year_26.count("2"), year_26.count("review", "corrected")) == (0, 0, 1)


@pytest.mark.parametrize(
    ("year", "instrument", "prescribed", "line"),
    [
        (2015, "国办公开办函〔2019〕60号", False, "3.6"),
        (2019, "国办公开办函〔2019〕60号", True, "3.6"),
        (2020, "国办公开办函〔2019〕60号", True, "3.6"),
        (2021, "国办公开办函〔2021〕30号", True, "3.6.1"),
        (2025, "国办公开办函〔2021〕30号", True, "3.6.1"),
    ],
)
def test_the_form_of_a_year(year: int, instrument: str, prescribed: bool, line: str) -> None:
    form = form_for(year)
    assert (form.instrument, form.is_prescribed(year), form.place("6.1")) == (instrument, prescribed, line)
