"""The overdue report as an official document (公文), with its tables attached, and as flat rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh, role_zh
from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, TextRun

#: The parts of the report as rows name them.
PARTS = {"late": "逾期", "unjudged": "未能判定", "mended": "已补正", "coming": "将到期"}
#: What a row of the report tells, in CSV and tables.
COLUMNS = (
    "part", "department", "title", "period", "clause", "due", "published_on", "days_late", "problem", "status",
    "light", "fresh", "count", "reason", "said", "url", "occurrences",
)  # fmt: skip
_MATTERS = ("序号", "责任单位", "事项", "依据条款", "应公开时限", "实际公开日期", "逾期天数", "问题类型", "整改时限")
_MATTER_WIDTHS = (0.05, 0.11, 0.20, 0.085, 0.145, 0.10, 0.06, 0.11, 0.14)
_DUTIES = ("事项", "依据条款", "逾期", "未公开", "不完整", "未能判定")
_DUTY_WIDTHS = (0.42, 0.18, 0.1, 0.1, 0.1, 0.1)
_COUNTS = ("单位", "逾期", "未公开", "不完整", "新增", "未能判定")
_COUNT_WIDTHS = (0.35, 0.13, 0.13, 0.13, 0.13, 0.13)
_BLIND = ("责任单位", "事项", "应公开时限", "状态", "原因")
_BLIND_WIDTHS = (0.14, 0.26, 0.14, 0.14, 0.32)


def rows_of(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each line of the report with the part that it stands in; see `COLUMNS`."""
    late = [line for unit in report["departments"] for line in unit["lines"]]
    parts = {"late": late, **{name: report[name] for name in ("unjudged", "mended", "coming")}}
    for part, lines in parts.items():
        for line in lines:
            days = line["days_late"] if part in ("late", "mended") and not line["lateness"] else None
            marks = "".join(f"［{mark}］" for mark in line["marks"])
            yield {
                **line,
                "part": PARTS[part],
                "title": line["title"] + marks,
                "days_late": days,
                "occurrences": " ".join(line["keys"]),
            }


def paper_of(rulebook: Rulebook, report: Mapping[str, Any], dated: date) -> OfficialDocument:
    """The document: what stands in words, the lists as attached tables."""
    county, rules = rulebook.county, rulebook.circular
    issuer = rules.issuer if rules else f"{county.name}政务公开办公室"
    return OfficialDocument(
        issuer=issuer,
        title=f"关于{county.name}政务公开逾期情况的报告",
        addressee=role_zh("county-office"),
        body=tuple(_body(county.name, report)),
        signature=issuer,
        dated=dated,
        attachments=tuple(_tables(report)),
    )


def _body(county: str, report: Mapping[str, Any]) -> Iterator[Paragraph]:
    totals = report["totals"]
    yield _plain(f"现将截至{report['as_of']}{county}应公开事项逾期情况报告如下。")
    yield _heading("一、总体情况")
    since = (
        f"与{report['since']}的报告相比，新增逾期{totals['fresh']}件，已补正{totals['mended']}件。"
        if report["since"]
        else ""
    )
    yield _plain(
        f"逾期{totals['late']}件，其中未公开{totals['overdue']}件、公开不完整{totals['incomplete']}件；"
        f"未能判定{totals['unjudged']}件，不计入逾期。{since}"
    )
    for one in report["dark"]:
        yield _plain(f"{one}未查看网站，其间有关事项不据此认定逾期。")
    yield _heading("二、各单位情况")
    named = [f"{unit['name']}{unit['late']}件" for unit in report["departments"] if unit["late"]]
    yield _plain(f"逾期单位{len(named)}个：{'、'.join(named)}。" if named else "没有逾期事项。")
    worst = [
        unit for unit in report["departments"] if unit["worst"] == max(one["worst"] for one in report["departments"])
    ]
    if worst and worst[0]["worst"]:
        yield _plain(f"逾期最长的是{'、'.join(unit['name'] for unit in worst)}，为{worst[0]['worst']}个工作日。")
    if report["unjudged"] or report["faults"]:
        yield _heading("三、未能判定的事项和网站故障")
        yield _plain(f"未能判定{totals['unjudged']}件，原因见附表，不作为逾期。")
        for one in report["faults"]:
            yield _plain(f"{one['where']}：{one['note']}（自{one['since']}起）。")
    yield _heading("四、未来七日到期事项" if report["unjudged"] or report["faults"] else "三、未来七日到期事项")
    yield _plain(f"未来七日到期{totals['coming']}件。" if totals["coming"] else "未来七日没有到期事项。")


def _plain(text: str) -> Paragraph:
    return Paragraph((TextRun(text),))


def _heading(text: str) -> Paragraph:
    return Paragraph((TextRun(text),), 1)


def _tables(report: Mapping[str, Any]) -> Iterator[OfficialTable]:
    late = [line for unit in report["departments"] for line in unit["lines"]]
    if late:
        yield OfficialTable(
            "逾期事项清单", _MATTERS, _MATTER_WIDTHS, tuple(_late(n, one) for n, one in enumerate(late, 1)), True
        )
    if report["departments"]:
        counts = [
            (one["name"], *_numbers(one, "late", "overdue", "incomplete", "fresh", "unjudged"))
            for one in report["departments"]
        ]
        yield OfficialTable("各单位逾期情况统计表", _COUNTS, _COUNT_WIDTHS, _words(counts))
        duties = [
            (one["title"], one["clause"], *_numbers(one, "late", "overdue", "incomplete", "unjudged"))
            for one in report["duties"]
        ]
        yield OfficialTable("各事项逾期情况统计表", _DUTIES, _DUTY_WIDTHS, _words(duties))
    if report["unjudged"]:
        blind = [
            (one["department"], f"{one['title']}（{one['period']}）", one["due"], one["status"], one["reason"])
            for one in report["unjudged"]
        ]
        yield OfficialTable("未能判定事项清单", _BLIND, _BLIND_WIDTHS, _words(blind), True)
    if report["coming"]:
        coming = [(one["due"], one["department"], f"{one['title']}（{one['period']}）") for one in report["coming"]]
        yield OfficialTable("未来七日到期事项清单", ("时限", "责任单位", "事项"), (0.25, 0.25, 0.5), _words(coming))


def _late(number: int, line: Mapping[str, Any]) -> tuple[TextRun, ...]:
    days = "—" if line["lateness"] else str(line["days_late"])
    cells = (
        str(number), line["department"], f"{line['title']}（{line['period']}）", line["clause"], line["due"],
        _day(line["published_on"]) or ("未公开" if line["problem"].endswith("未公开") else "—"), days, line["problem"],
        _day(line["rectify_by"]) or "—",
    )  # fmt: skip
    return tuple(TextRun(cell, line["url"] if place == 2 else "") for place, cell in enumerate(cells))


def _day(iso: str) -> str:
    return day_zh(date.fromisoformat(iso)) if iso else ""


def _numbers(one: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(str(one[name]) for name in names)


def _words(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[TextRun, ...], ...]:
    return tuple(tuple(TextRun(cell) for cell in row) for row in rows)
