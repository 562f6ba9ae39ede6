"""The statistics of requests on application of a year: the national table and the yearly analysis, read from the
register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.requests.answer_kinds import ANSWER_KINDS
from tracker.core.requests.answers import REGULATIONS
from tracker.core.requests.counted import WITHDRAWN, CountedRequest
from tracker.core.requests.national_form import COLUMNS, REMEDY_TITLES, RESULTS, TOTAL
from tracker.core.requests.national_table import Figures, NationalTable, table_of
from tracker.core.requests.receipt import WAY_TITLES
from tracker.core.requests.yearly_analysis import YearlyAnalysis, analyse
from tracker.registers.request_view import find_due_rows
from tracker.reports.snapshot import name_departments
from tracker.store.engine import Tx
from tracker.store.request_years import count_remarks_in, load_counted

#: Columns of the requests behind a number.
LISTED = ("request", "title", "department", "owner", "applicant_kind", "received", "answered_on", "result")
#: Names of the columns of parts 三 and 四 in rows, by applicant and by result.
APPLICANT_COLUMNS = {column: "sum" if column == TOTAL else column for column in COLUMNS}
RESULT_COLUMNS = {result: "sum" if result == TOTAL else f"result_{result}" for result in RESULTS}
#: Where no subject was entered.
NO_TOPIC = "未分类"


@dataclass(frozen=True, slots=True)
class RequestStatistics:
    """A year as the register knows it on `today`. `department`: the one that registered them; "" for all.
    `remarks`: by kind, how many steps of the year were late or contrary to the law."""

    rulebook: Rulebook
    year: int
    today: date
    department: str
    table: NationalTable
    analysis: YearlyAnalysis
    remarks: Mapping[str, int] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Whose statistics they are."""
        return self.name(self.department) if self.department else self.rulebook.county.name

    @property
    def is_over(self) -> bool:
        """Whether the year is over, so that no day of it is missing."""
        return self.today.year > self.year

    def name(self, department: str) -> str:
        return name_departments(self.rulebook.county, department)

    def ground(self, name: str) -> str:
        """The title of a ground, or of a kind of answer that needs none."""
        grounds = {own: ground.title for act in self._regulations for own, ground in act.grounds.items()}
        return grounds.get(name) or result_zh(name)

    @property
    def _regulations(self) -> Iterator[Any]:
        """The Regulations, those of today last."""
        return (act for act in self.rulebook.acts if act.id in REGULATIONS)

    def listed(self, request: CountedRequest) -> dict[str, Any]:
        """A request in the columns `LISTED`."""
        result = result_zh(request.answer) if request.closed else ""
        return {
            "request": request.reference,
            "title": request.title,
            "department": self.name(request.department),
            "owner": self.name(request.owner),
            "applicant_kind": COLUMNS.get(request.applicant, request.applicant),
            "received": request.received,
            "answered_on": request.closed,
            "result": f"{result}（{self.ground(request.ground)}）" if request.ground else result,
        }


def read_statistics(
    tx: Tx,
    rulebook: Rulebook,
    calendar: Calendar,
    year: int,
    today: date,
    department: str = "",
    figures: Iterable[Figures] = (),
) -> RequestStatistics:
    """The statistics of a year. `figures`: of tables that were issued or kept elsewhere, see `table_of`."""
    county = rulebook.county
    table = table_of(year, load_counted(tx, county.id, county.zone, year, department or None), figures)
    due = _load_due_days(tx, rulebook, table.requests.values())
    analysis = analyse(table, due, calendar, today)
    remarks = count_remarks_in(tx, county.id, county.zone, year, department or None)
    return RequestStatistics(rulebook, year, today, department, table, analysis, remarks)


def _load_due_days(tx: Tx, rulebook: Rulebook, requests: Iterable[CountedRequest]) -> dict[str, date]:
    """By reference the last day on time of the answer, where a pass has judged it."""
    rows = find_due_rows(tx, rulebook, "request", first_answer=True)
    return {
        request.reference: row.due_on
        for request in requests
        if (row := rows.get((request.reference, request.owner))) is not None and row.due_on is not None
    }


def result_zh(answer: str) -> str:
    """The title of a kind of answer, and of what stands in the place of one."""
    if answer == WITHDRAWN:
        return "申请人撤回"
    return ANSWER_KINDS[answer].title if answer in ANSWER_KINDS else answer


def way_zh(way: str) -> str:
    """The title of a way of filing."""
    return next((title for own, title in WAY_TITLES.items() if own == way), way)


# -- the table as rows -----------------------------------------------------------------------------------


def table_rows(table: NationalTable) -> list[dict[str, Any]]:
    """Part 三 as rows: code and title of the line, and a number a column."""
    return [
        {
            "code": line.code,
            "item": line.title,
            **{name: table.count(line.code, column) for column, name in APPLICANT_COLUMNS.items()},
        }
        for line in table.form.lines
    ]


def appeal_rows(table: NationalTable) -> list[dict[str, Any]]:
    """Part 四 as rows: a remedy a row."""
    return [
        {
            "code": remedy,
            "item": title,
            **{name: table.count(remedy, result) for result, name in RESULT_COLUMNS.items()},
        }
        for remedy, title in REMEDY_TITLES.items()
    ]


def fault_rows(table: NationalTable) -> list[dict[str, Any]]:
    """The sums that do not add up."""
    return [
        {
            "rule": fault.rule,
            "where": fault.where,
            "left": fault.left,
            "right": fault.right,
            "requests": " ".join(fault.references),
        }
        for fault in table.faults
    ]


def assumptions(table: NationalTable) -> list[str]:
    """By which reading it is counted where the form is silent, in sentences."""
    form = table.form
    sentences = (
        []
        if form.is_prescribed(table.year)
        else [f"{table.year}年年度报告另有统计指标，未分申请人类型和结转，本表参照{form.instrument}的格式编制"]
    )
    return [
        *sentences,
        "本年新收按法定收到之日所在年度计，办理结果按答复之日所在年度计",
        "申请人撤回的，计入“其他处理”",
        "经复议、诉讼重新答复的，仍计入首次答复年度，不重复计数",
        "行政复议、行政诉讼计本年度审结的和年末尚未审结的",
        "同一申请转办的，计入登记单位",
    ]
