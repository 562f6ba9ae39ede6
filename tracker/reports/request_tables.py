"""The national table and the classifications of a year as tables, for papers and sheets alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tracker.core.law.wording import percent_zh
from tracker.core.requests.national_form import (
    APPLICANTS,
    CARRIED_OVER,
    COLUMNS,
    NEW,
    ORGANISATIONS,
    REMEDY_HEADS,
    RESULTS,
)
from tracker.core.requests.yearly_analysis import AnalysisGroup
from tracker.documents.official import OfficialTable, text_row
from tracker.reports.request_statistics import NO_TOPIC, RequestStatistics, assumptions, way_zh

#: How many columns of part 三 stand left of its numbers.
LABELS = 3
_RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_APPLICANT_HEAD, _ORGANISATION_HEAD = "申请人情况", "法人或其他组织"
_GROUPED = {
    "": 0.2, "收到": 0.08, "办结": 0.08, "答复": 0.08, "按时答复": 0.1, "逾期未答复": 0.1, "按时答复率": 0.12,
    "平均工作日": 0.1, "延期": 0.06, "要求补正": 0.08,
}  # fmt: skip


def part_three(statistics: RequestStatistics) -> OfficialTable:
    """收到和处理政府信息公开申请情况."""
    table = statistics.table
    heads = tuple(
        (*[_RULE] * LABELS, *(heads[depth] for heads in (_column_heads(column) for column in COLUMNS)))
        for depth in range(3)
    )
    shares = {"一": 0.075, "二": 0.12, "三": 0.405, **dict.fromkeys(COLUMNS, 0.4 / len(COLUMNS))}
    rows = tuple(
        text_row((*_labels(line.heads), *(table.count(line.code, column) for column in COLUMNS)))
        for line in table.form.lines
    )
    note = f"统计期限：{_span(statistics)}。"
    return OfficialTable(f"{statistics.year}年收到和处理政府信息公开申请情况", shares, rows, note=note, heads=heads,
                         joined=LABELS)  # fmt: skip


def _span(statistics: RequestStatistics) -> str:
    year, today = statistics.year, statistics.today
    end = "12月31日" if statistics.is_over else f"{today.month}月{today.day}日"
    return f"{year}年1月1日至{end}"


def _column_heads(column: str) -> tuple[str, str, str]:
    """The three heads above a column; equal ones are one cell."""
    title = COLUMNS[column]
    return _APPLICANT_HEAD, _ORGANISATION_HEAD if column in ORGANISATIONS else title, title


def _labels(heads: tuple[str, ...]) -> tuple[str, ...]:
    """The heads of a line in the columns left of its numbers: the last one reaches up to the numbers."""
    return heads + heads[-1:] * (LABELS - len(heads))


def basis_zh(statistics: RequestStatistics) -> str:
    """By which form and readings it is counted, in a sentence."""
    table = statistics.table
    form = f"按{table.form.instrument}的格式编制" if table.form.is_prescribed(statistics.year) else ""
    return f"统计口径：{'；'.join(filter(None, (form, *assumptions(table))))}。"


def part_four(statistics: RequestStatistics) -> OfficialTable:
    """政府信息公开行政复议、行政诉讼情况."""
    places = [(remedy, result) for remedy in REMEDY_HEADS for result in RESULTS]
    heads = tuple(
        tuple(
            (*REMEDY_HEADS[remedy], *REMEDY_HEADS[remedy][-1:])[depth] if depth < 2 else RESULTS[result]
            for remedy, result in places
        )
        for depth in range(3)
    )
    row = text_row(statistics.table.count(remedy, result) for remedy, result in places)
    columns = {f"{remedy}/{result}": 1 / len(places) for remedy, result in places}
    return OfficialTable(f"{statistics.year}年政府信息公开行政复议、行政诉讼情况", columns, (row,), heads=heads)


def faults_table(statistics: RequestStatistics) -> OfficialTable:
    """The sums that do not add up."""
    rows = (
        text_row((number, fault.rule, fault.where, fault.left, fault.right, "、".join(fault.references) or "—"))
        for number, fault in enumerate(statistics.table.faults, 1)
    )
    columns = {"序号": 0.07, "应当相符": 0.3, "所在行列": 0.21, "左": 0.08, "右": 0.08, "一侧未计的申请": 0.26}
    return OfficialTable("勾稽关系不符清单", columns, tuple(rows))


# -- classifications -------------------------------------------------------------------------------------


def grouped_tables(statistics: RequestStatistics) -> list[OfficialTable]:
    """By subject, department, month and way of filing."""
    analysis, year = statistics.analysis, statistics.year
    return [
        _grouped(f"{year}年政府信息公开申请按主题分类", "主题", analysis.topics, lambda key: key or NO_TOPIC),
        _grouped(f"{year}年政府信息公开申请按承办单位分类", "承办单位", analysis.departments, statistics.name),
        _grouped(f"{year}年政府信息公开申请按收到月份分类", "月份", analysis.months, lambda key: f"{key}月"),
        _grouped(f"{year}年政府信息公开申请按申请方式分类", "申请方式", analysis.ways, way_zh),
    ]


def _grouped(title: str, head: str, groups: Iterable[AnalysisGroup], name: Callable[[str], str]) -> OfficialTable:
    columns = {head if own == "" else own: share for own, share in _GROUPED.items()}
    rows = tuple(
        text_row(
            (
                name(group.key), group.received, group.done, group.answered, group.on_time, group.overdue,
                "—" if group.share_on_time is None else percent_zh(group.share_on_time),
                "—" if group.mean_workdays is None else f"{group.mean_workdays:.1f}",
                group.extended, group.corrected,
            )
        )
        for group in groups
    )  # fmt: skip
    note = (
        "注：按时答复率以能够核定时限的答复和逾期未答复的申请为分母；平均工作日自收到次日起算，含依法不计入期限的时间。"
    )
    return OfficialTable(title, columns, rows, note=note)


def applicants_in_words(statistics: RequestStatistics) -> str:
    """自然人12件、商业企业3件, of what was new or carried over; kinds without any are left out."""
    table = statistics.table
    counts = {
        title: table.count(NEW, column) + table.count(CARRIED_OVER, column) for column, title in APPLICANTS.items()
    }
    return "、".join(f"{title}{count}件" for title, count in counts.items() if count)
