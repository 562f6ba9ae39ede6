"""The statistics of requests as papers: the national table, and the yearly analysis with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.core.law.wording import percent_zh
from tracker.core.requests.national_form import CARRIED_ON, CARRIED_OVER, DONE, NEW, REMEDY_TITLES, RESULTS, TOTAL
from tracker.core.requests.national_table import SumCheck
from tracker.core.requests.yearly_analysis import AnalysisGroup
from tracker.documents.official import OfficialDocument, Paragraph, Picture, TextRun
from tracker.reports.pictures.bars import Bar, bars, bars_in_parts
from tracker.reports.pictures.drawing import svg_of
from tracker.reports.request_statistics import NO_TOPIC, RequestStatistics, way_zh
from tracker.reports.request_tables import (
    applicants_in_words,
    basis_zh,
    faults_table,
    grouped_tables,
    part_four,
    part_three,
)

#: The groups of results of part 三(三).
_GROUPS = {
    "3.1": "予以公开", "3.2": "部分公开", "3.3": "不予公开", "3.4": "无法提供", "3.5": "不予处理", "3.6": "其他处理",
}  # fmt: skip
#: Steps that were unlawful and happened, by the code of their remark.
_REMARKS = {"late": "逾期办理", "contrary": "违反规定办理"}
#: How many references a sentence names.
_NAMED = 10


def national_paper(statistics: RequestStatistics) -> OfficialDocument:
    """The national table with what it was counted by, and the sums that do not meet."""
    body = [_plain(sentence) for sentence in (_overall(statistics), _sums(statistics), basis_zh(statistics))]
    return _paper(statistics, "政府信息公开申请统计表", body, with_groups=False)


def analysis_paper(statistics: RequestStatistics, painted: bool = True) -> OfficialDocument:
    """The yearly analysis; `painted`: with pictures. Raises NoPainter where the machine cannot paint them."""
    pictures = tuple(_paint(statistics, chart) for chart in charts(statistics)) if painted else ()
    return _paper(statistics, "政府信息公开申请办理情况分析", list(_analysis(statistics)), pictures=pictures)


def _paper(
    statistics: RequestStatistics,
    title: str,
    body: Iterable[Paragraph],
    *,
    with_groups: bool = True,
    pictures: tuple[Picture, ...] = (),
) -> OfficialDocument:
    faults = (faults_table(statistics),) if statistics.table.faults else ()
    groups = tuple(grouped_tables(statistics)) if with_groups else ()
    return OfficialDocument(
        issuer="",
        title=f"{statistics.unit}{statistics.year}年{title}",
        addressee="",
        body=tuple(body),
        signature=statistics.rulebook.county.role_name("county-office"),
        dated=statistics.today,
        attachments=(part_three(statistics), part_four(statistics), *faults, *groups, *pictures),
    )


def _plain(text: str) -> Paragraph:
    return Paragraph((TextRun(text),))


def _heading(text: str) -> Paragraph:
    return Paragraph((TextRun(text),), 1)


# -- the words ---------------------------------------------------------------------------------------------


def _analysis(statistics: RequestStatistics) -> Iterator[Paragraph]:
    yield _heading("一、总体情况")
    yield _plain(_overall(statistics))
    yield _heading("二、申请情况")
    for sentence in _requested(statistics):
        yield _plain(sentence)
    yield _heading("三、办理情况")
    for sentence in (*_timely(statistics), _refused(statistics), *_departments(statistics)):
        yield _plain(sentence)
    yield _heading("四、行政复议和行政诉讼情况")
    yield _plain(_appealed(statistics))
    yield _heading("五、需要说明的情况")
    yield _plain(_sums(statistics))
    yield _plain(basis_zh(statistics))


def _overall(statistics: RequestStatistics) -> str:
    table = statistics.table
    results = _parts((title, _count_under(statistics, code)) for code, title in _GROUPS.items())
    since = f"{statistics.year}年" if statistics.is_over else f"{statistics.year}年1月1日至{_day(statistics.today)}"
    carried = "结转下年度继续办理" if statistics.is_over else "尚在办理"
    sentence = (
        f"{since}，{statistics.unit}新收政府信息公开申请{table.count(NEW)}件，上年结转{table.count(CARRIED_OVER)}件，"
        f"办结{table.count(DONE)}件，{carried}{table.count(CARRIED_ON)}件。"
    )
    return sentence + (f"办结的申请中，{results}。" if results else "")


def _count_under(statistics: RequestStatistics, code: str) -> int:
    return sum(statistics.table.count(line) for line in statistics.table.form.under(code))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _parts(counts: Iterable[tuple[str, int]], unit: str = "件") -> str:
    """予以公开12件、部分公开3件; without those of which there are none; with commas where a title has 、 itself."""
    words = [f"{title}{count}{unit}" for title, count in counts if count]
    return ("，" if any("、" in word for word in words) else "、").join(words)


def _requested(statistics: RequestStatistics) -> Iterator[str]:
    analysis = statistics.analysis
    if words := applicants_in_words(statistics):
        yield f"从申请人看，新收和上年结转的申请中，{words}。"
    if topics := _parts((group.key or NO_TOPIC, group.received) for group in analysis.topics):
        yield f"从内容看，新收的申请涉及{topics}。"
    if ways := _parts((way_zh(group.key), group.received) for group in analysis.ways):
        yield f"从申请方式看，{ways}。"
    most = max(group.received for group in analysis.months)
    if most:
        months = "、".join(f"{group.key}月" for group in analysis.months if group.received == most)
        yield f"从时间看，{months}收到的申请最多，{'各' if '、' in months else ''}{most}件。"


def _timely(statistics: RequestStatistics) -> Iterator[str]:
    whole, analysis = statistics.analysis.whole, statistics.analysis
    if analysis.overdue:
        day = "年末" if statistics.is_over else _day(statistics.today)
        yield f"截至{day}，逾期未答复{len(analysis.overdue)}件（{_named(analysis.overdue)}）。"
    if statistics.remarks:
        kinds = _parts(((title, statistics.remarks.get(code, 0)) for code, title in _REMARKS.items()), "处")
        yield f"本年度登记的办理步骤中，不合规定的{sum(statistics.remarks.values())}处：{kinds}。"
    if not whole.answered:
        yield "本年度没有答复的申请。"
        return
    sentence = f"本年度办结的申请中，由承办单位作出答复的{whole.answered}件"
    if whole.share_on_time is not None:
        sentence += (
            f"，其中能够核定时限的{whole.timed}件，按时答复{whole.on_time}件，"
            f"按时答复率{percent_zh(whole.share_on_time)}{'（逾期未答复的计入分母）' if whole.overdue else ''}"
        )
    if analysis.late:
        sentence += f"；逾期答复{len(analysis.late)}件（{_named(analysis.late)}）"
    yield f"{sentence}。"
    if analysis.untimed:
        yield f"答复的申请中有{len(analysis.untimed)}件未能核定时限，不计入按时答复率。"
    yield (
        f"自收到次日起至答复，平均用时{whole.mean_workdays or 0:.1f}个工作日（含依法不计入期限的时间）；"
        f"办结的申请中延期{whole.extended}件，新收的申请中要求补正{whole.corrected}件。"
    )


def _named(references: tuple[str, ...]) -> str:
    """Some references, and whether there are more."""
    words = "、".join(references[:_NAMED])
    return f"{words}等" if len(references) > _NAMED else words


def _refused(statistics: RequestStatistics) -> str:
    refusals = statistics.analysis.refusals
    ordered = sorted(refusals.items(), key=lambda pair: (-pair[1], pair[0]))
    grounds = _parts((statistics.ground(name), count) for name, count in ordered)
    if not grounds:
        return "本年度没有不予公开的申请。"
    return f"不予公开{_count_under(statistics, '3.3')}件，按理由分，{grounds}。"


def _departments(statistics: RequestStatistics) -> Iterator[str]:
    groups = statistics.analysis.departments
    if len(groups) < 2:
        return
    busiest = _parts((statistics.name(group.key), group.received) for group in groups[:3])
    if busiest:
        yield f"新收申请较多的承办单位是{busiest}。"
    behind = [group for group in groups if group.share_on_time is not None and group.share_on_time < 1]
    ordered = sorted(behind, key=lambda group: (group.share_on_time or 0, group.key))
    words = "、".join(_behind(statistics, group) for group in ordered)
    if words:
        unanswered = "或者逾期未答复" if any(group.overdue for group in groups) else ""
        yield f"有逾期答复{unanswered}的承办单位是{words}。"


def _behind(statistics: RequestStatistics, group: AnalysisGroup) -> str:
    late = f"{group.timed - group.on_time}件" if group.timed > group.on_time or not group.overdue else ""
    late += f"{'，' if late else ''}逾期未答复{group.overdue}件" if group.overdue else ""
    return f"{statistics.name(group.key)}{late}（按时答复率{percent_zh(group.share_on_time or 0)}）"


def _appealed(statistics: RequestStatistics) -> str:
    table = statistics.table
    sentences = []
    for remedy, title in REMEDY_TITLES.items():
        if count := table.count(remedy):
            results = _parts((name, table.count(remedy, result)) for result, name in RESULTS.items() if result != TOTAL)
            sentences.append(f"{title}{count}件，其中{results}")
    return (
        f"因政府信息公开申请引起的{'；'.join(sentences)}。"
        if sentences
        else "本年度没有政府信息公开行政复议、行政诉讼案件。"
    )


def _sums(statistics: RequestStatistics) -> str:
    """Whether the sums meet, in a sentence."""
    table = statistics.table
    compared = "" if table.compared else "上年度报告表的结转数未提供，未作比对。"
    if not table.faults:
        return f"统计表各项勾稽关系已核对，均相符。{compared}"
    words = "；".join(
        f"{rule}（{'；'.join(_fault(fault) for fault in table.faults if fault.rule == rule)}）"
        for rule in dict.fromkeys(fault.rule for fault in table.faults)
    )
    return f"统计表有{len(table.faults)}处勾稽关系不符，未作调整，须核实登记簿后重新统计：{words}。{compared}"


def _fault(fault: SumCheck) -> str:
    named = f"，{_named(fault.references)}" if fault.references else ""
    return f"{fault.where}：{fault.left}与{fault.right}{named}"


# -- the pictures --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BarChart:
    """What a picture shows: its bars, what each of their counts is, and its title."""

    title: str
    names: tuple[str, ...]
    rows: tuple[Bar, ...]


def charts(statistics: RequestStatistics) -> Iterator[BarChart]:
    """Months, results, and departments with what they answered late."""
    analysis, year = statistics.analysis, statistics.year
    months = (Bar(f"{group.key}月", (group.received,)) for group in analysis.months)
    yield BarChart(f"{year}年各月收到的政府信息公开申请", ("收到",), tuple(months))
    results = (Bar(title, (_count_under(statistics, code),)) for code, title in _GROUPS.items())
    yield BarChart(f"{year}年政府信息公开申请办理结果", ("办结",), tuple(results))
    units = tuple(
        Bar(
            statistics.name(group.key),
            (group.answered + group.overdue, group.timed - group.on_time + group.overdue),
        )
        for group in analysis.departments
        if group.answered or group.overdue
    )
    if units:
        names = ("答复和逾期未答复" if analysis.overdue else "答复", "其中逾期")
        yield BarChart(f"{year}年各承办单位答复政府信息公开申请情况", names, units)


def _paint(statistics: RequestStatistics, chart: BarChart) -> Picture:
    from tracker.reports.pictures.painting import png_of

    whole = bars(chart.rows, chart.names, chart.title, statistics.unit)
    first, *more = png_of(bars_in_parts(chart.rows, chart.names, statistics.unit))
    return Picture(chart.title, whole.alt, first, svg_of(whole), tuple(more))
