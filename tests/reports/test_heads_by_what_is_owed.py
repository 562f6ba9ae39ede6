"""Heads and words of circulars and reports follow what a matter asks for: publication, an answer, a review."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.core.law.wording import heads_zh
from tracker.documents.page import _facts
from tracker.reports.circulars.tables import tables_of

PUBLICATION = ("应公开时限", "实际公开日期", "未公开")
ANY = ("应办时限", "实际办结日期", "未办结")


def line(**changes: Any) -> dict[str, Any]:
    return {
        "number": 1, "who": "国土局", "title": "公开申请答复", "period": "", "basis": "第三十三条", "clause": "",
        "due": "4月2日", "published": "", "problem": "overdue", "problem_zh": "逾期未答复", "days_late": 3,
        "anchor": "a", "derivation": "", "reason": "", "missing": [], "proofs": [], **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("deeds", "heads"),
    [((), PUBLICATION), (("公开", "公开"), PUBLICATION), (("公开", "答复"), ANY), (("审查",), ANY)],
)
def test_the_heads_of_a_table(deeds: tuple[str, ...], heads: tuple[str, ...]) -> None:
    assert tuple(heads_zh(deeds).values()) == heads


@pytest.mark.parametrize(
    ("lines", "heads", "done"),
    [
        ([line(deed="答复")], ANY[:2], ["未答复"]),
        ([line(), line(number=2)], PUBLICATION[:2], ["未公开", "未公开"]),
        ([line(), line(number=2, deed="审查")], ANY[:2], ["未公开", "未审查"]),
    ],
    ids=["an answer", "publications alone", "a review among them"],
)
def test_the_table_of_a_circular(lines: list[dict[str, Any]], heads: tuple[str, str], done: list[str]) -> None:
    matters, _ = tables_of({"lines": lines, "span": "10个工作日", "departments": []})
    columns = list(matters.columns)
    assert tuple(columns[4:6]) == heads
    assert [row[5].text for row in matters.rows] == done


@pytest.mark.parametrize(("deed", "name"), [("答复", "应答复时限"), ("", "应公开时限")])
def test_the_evidence_of_a_matter(deed: str, name: str) -> None:
    assert name in dict(_facts(line(**({"deed": deed} if deed else {}))))
