"""The tables that are attached to a circular: its matters, and the counts of the departments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.core.law.citations import common_instrument
from tracker.core.law.wording import PUBLISHED, heads_zh, matter_zh
from tracker.documents.official import OfficialTable, TextRun, note_of, text_row

_MATTERS = {
    "序号": 0.05, "责任单位": 0.095, "事项": 0.18, "依据条款": 0.13, "应公开时限": 0.14, "实际公开日期": 0.14,
    "逾期天数": 0.05, "问题类型": 0.105, "整改时限": 0.11,
}  # fmt: skip
#: The same where some were published in part: what is missing stands beside the type.
_WITH_MISSING = {
    "序号": 0.045, "责任单位": 0.085, "事项": 0.15, "依据条款": 0.115, "应公开时限": 0.115, "实际公开日期": 0.105,
    "逾期天数": 0.05, "问题类型": 0.23, "整改时限": 0.105,
}  # fmt: skip
_COUNTS = {
    "单位": ("who", 0.18), "到期": ("due", 0.08), "其中每日": ("daily", 0.08), "按时": ("on_time", 0.08),
    "逾期后公开": ("late", 0.12), "逾期未公开": ("overdue", 0.12), "不完整": ("incomplete", 0.1),
    "未核对更新": ("unkept", 0.12), "未能判定": ("unjudged", 0.12), "按时率": ("rate", 0.11), "通报": ("named", 0.09),
}  # fmt: skip
#: Columns that are left out where no department has any.
_IF_ANY = ("daily", "unkept")
#: What stands for the day of publication where it is not known.
_PUBLISHED = {"incomplete": "部分公开", "gone": "曾公开", "unkept": "已公开"}


def tables_of(values: Mapping[str, Any]) -> Iterator[OfficialTable]:
    """The list of matters, where there are some, and the counts of the departments."""
    if values["lines"]:
        instrument = common_instrument(line.get("basis", "") for line in values["lines"])
        rows = tuple(_row(line, values["span"], instrument) for line in values["lines"])
        heads = heads_zh(line.get("deed", PUBLISHED) for line in values["lines"])
        named = {"应公开时限": heads["due"], "实际公开日期": heads["done"]}
        shares = _WITH_MISSING if any(line.get("lacking") for line in values["lines"]) else _MATTERS
        columns = {named.get(head, head): share for head, share in shares.items()}
        yield OfficialTable("问题清单", columns, rows, landscape=True, note=note_of(instrument))
    counts = (*values["departments"], *([values["total"]] if "total" in values else ()))
    shown = {
        head: (name, share)
        for head, (name, share) in _COUNTS.items()
        if name not in _IF_ANY or any(count.get(name) for count in counts)  # older versions did not freeze them
    }
    rows = tuple(text_row(count.get(name, 0) for name, _ in shown.values()) for count in counts)
    yield OfficialTable("各单位公开情况统计表", {head: share for head, (_, share) in shown.items()}, rows)


def _row(line: Mapping[str, Any], span: str, instrument: str) -> tuple[TextRun, ...]:
    basis = line.get("basis", line["clause"]).removeprefix(instrument)  # older versions did not freeze it
    cells = (
        line["number"], line["who"], matter_zh(line["title"], line["period"]), basis, line["due"],
        line["published"] or _PUBLISHED.get(line["problem"], f"未{line.get('deed', PUBLISHED)}"),
        line["days_late"] or "—", "：".join(filter(None, (line["problem_zh"], line.get("lacking")))), f"印发后{span}内",
    )  # fmt: skip
    return text_row(cells, {2: f"#{line['anchor']}"})
