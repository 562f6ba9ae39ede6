"""The sums on every form of the overdue report and the ledger, against a count in plain SQL that shares no code."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
import python_calamine
import sqlalchemy as sa
from docx import Document

from notifications.ledger import HEADS
from tests.decide.small_county import Small, at
from tracker.commands.report import content_of
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.snapshot import CountyReader

HEAD = {name: place for place, name in enumerate(HEADS)}
#: What stood at an instant and is held against somebody: the last decision of each key, open, due since the start.
SQL = """
SELECT s.key, s.status, s.due_on FROM standings s
WHERE s.county = 'small' AND s.at <= :at AND s.closed = :no
  AND NOT EXISTS (SELECT 1 FROM standings n WHERE n.key = s.key AND n.at <= :at AND n.at > s.at)
  AND (s.due_on IS NULL OR s.due_on >= :start)
"""
DAYS = ("2015-09-07", "2015-09-18", "2015-10-05", "2015-10-12", "2015-10-28")


def counted(county: Small, when: datetime) -> list[tuple[str, str, str]]:
    """Key, status and last day of each matter, by SQL alone."""
    with county.office.store.read() as tx:
        instant = sa.DateTime(timezone=True)
        types = {"at": instant, "no": sa.Boolean(), "start": sa.Date()}
        query = sa.text(SQL).bindparams(*(sa.bindparam(name, type_=each) for name, each in types.items()))
        values = {"at": when.astimezone(UTC), "no": False, "start": date(2015, 7, 1)}
        return [(row.key, row.status, str(row.due_on or "")) for row in tx.execute(query, values)]


def reported(county: Small, when: datetime) -> dict[str, Any]:
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        return overdue_at(tx, CountyReader(loaded.rulebooks[0], loaded.calendar), "small", when)


def booked(county: Small, when: datetime, asked: LedgerQuery) -> python_calamine.CalamineWorkbook:
    loaded, held = county.office.loaded, io.BytesIO()
    with county.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        write_ledger(tx, reader, loaded.rulebooks[0], when, asked, held)
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(held.getvalue()))


def body(book: python_calamine.CalamineWorkbook, sheet: str = "台账") -> list[list[Any]]:
    return book.get_sheet_by_name(sheet).to_python()[2:]


@pytest.mark.nightly
def test_the_totals_of_every_form_are_those_of_plain_sql(quarter: Small) -> None:
    for day in DAYS:
        when = at(day, "20:00")
        found = Counter(status for _, status, _ in counted(quarter, when))
        late, blind = (
            sum(found[one] for one in each)
            for each in (("overdue", "incomplete"), ("unverifiable", "clock-unknown", "met-disputed"))
        )
        report = reported(quarter, when)
        rulebook = quarter.office.loaded.rulebooks[0]
        made = {form: content_of(form, report, rulebook, when) for form in ("json", "csv", "html", "docx", "xlsx")}

        totals = json.loads(made["json"])["totals"]
        assert (totals["late"], totals["overdue"], totals["incomplete"], totals["unjudged"]) == (
            late, found["overdue"], found["incomplete"], blind,
        )  # fmt: skip
        for key in ("departments", "duties"):
            for name, sum_ in (("late", late), ("unjudged", blind), ("overdue", found["overdue"])):
                assert sum(one[name] for one in report[key]) == sum_, (day, key, name)

        rows = list(csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"))))
        parts = Counter[str]()
        for row in rows:
            parts[row["part"]] += int(row["count"])
        assert (parts["逾期"], parts["未能判定"], parts["将到期"]) == (late, blind, totals["coming"])

        page = made["html"].decode()
        kinds = {"未公开": found["overdue"], "公开不完整": found["incomplete"]}
        each = "、".join(f"{name}{count}件" for name, count in kinds.items() if count)
        counted_as = f"逾期{late}件（{each}）" if late else "无逾期事项"
        counted_as += f"；未能判定{blind}件，不计入逾期" if blind else ""
        assert f"<b>{counted_as}</b>。" in page
        paper = Document(io.BytesIO(made["docx"]))
        words = "\n".join(one.text for one in paper.paragraphs)
        assert f"{counted_as}。" in words
        counts = [table for table in paper.tables if table.rows[0].cells[0].text == "单位"]
        assert sum(int(row.cells[1].text) for table in counts for row in table.rows[1:]) == late

        sheet = body(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made["xlsx"])))
        keys = [key for row in sheet for key in row[HEAD["事项编号"]].splitlines()]
        assert len([row for row in sheet if row[0]]) == len(keys) == late + blind


@pytest.mark.nightly
def test_the_ledger_holds_what_plain_sql_holds(quarter: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in DAYS:
        when = at(day, "20:00")
        owed = [one for one in counted(quarter, when) if one[2] or one[1] != "upcoming"]
        found = Counter(status for _, status, _ in owed)
        book = booked(quarter, when, LedgerQuery())
        assert keys(book) == sorted(key for key, *_ in owed)
        total = dict(zip(book.get_sheet_by_name("汇总").to_python()[1], body(book, "汇总")[-1], strict=True))
        assert (total["事项合计"], total["按时公开"], total["逾期后公开"]) == (
            len(owed),
            found["met"],
            found["met-late"],
        )
        assert (total["逾期未公开"], total["公开不完整"]) == (found["overdue"], found["incomplete"])

    # What fell due in some days.
    for first, last in (("2015-09-30", "2015-09-30"), ("2015-09-01", None), (None, "2015-08-31")):
        asked = LedgerQuery(*(date.fromisoformat(one) if one else None for one in (first, last)))
        inside = [key for key, _, due in owed if due and (first or "") <= due <= (last or "9")]
        assert keys(booked(quarter, when, asked)) == sorted(inside), (first, last)

    # A sheet for each department behind that of all; what stands on two is counted once.
    parts = booked(quarter, when, LedgerQuery(sheets="department"))
    assert parts.sheet_names == ["汇总", "台账", "环保局", "社保局", "科技局"]
    whole = [row[1:] for row in body(parts)]
    assert whole == [row[1:] for name in parts.sheet_names[2:] for row in body(parts, name)]
    assert {row[HEAD["责任单位"]] for row in body(parts, "环保局")} == {"环保局"}
    assert body(parts, "汇总")[-1][1] == len(whole)

    # A few rows at a time, in the same order.
    monkeypatch.setattr("tracker.reports.snapshot._BATCH", 3)
    assert body(booked(quarter, when, LedgerQuery())) == body(book)
    assert len(body(book)) > 9


@pytest.mark.nightly
def test_a_row_says_what_is_owed_by_when_and_what_had_become_of_it(quarter: Small) -> None:
    book = booked(quarter, at("2015-10-28", "20:00"), LedgerQuery())
    note = "；依据条款未注明文件的，为《小方案》的条款"
    for sheet, more in (("汇总", ""), ("台账", note)):  # the instrument once, where rows leave it out
        title = book.get_sheet_by_name(sheet).to_python()[0][0]
        assert title.startswith(f"小县政务公开台账（截至2015年10月28日20时{more}）")
    rows = by_key(book)
    assert not any("《小方案》" in row[HEAD["依据条款"]] for row in rows.values())
    water, insurance = rows["water/huanbao/2015-08"], rows["insurance/shebao/2015-Q3"]
    names = ("责任单位", "事项", "应公开时限", "实际公开日期", "逾期天数", "问题类型", "目前状态", "灯号")
    assert [water[HEAD[name]] for name in names] == [
        "环保局", "地表水质量月报", date(2015, 8, 31), date(2015, 9, 17), 12, "逾期后公开", "逾期后公开", "◆ 黄",
    ]  # fmt: skip
    assert [insurance[HEAD[name]] for name in names[3:]] == ["", 16, "公开不完整", "公开不完整", "▲ 红"]
    assert water[HEAD["单位说明"]] == "甲2015年9月10日说明：监测设备检修"
    assert water[HEAD["证据链接"]].startswith("http://127.0.0.1:")
    assert "限2015年8月31日" in water[HEAD["时限推算"]]
    # Of the past day nothing is known that came later.
    then = by_key(booked(quarter, at("2015-09-08", "20:00"), LedgerQuery()))["water/huanbao/2015-08"]
    assert [then[HEAD[name]] for name in ("事项", "目前状态", "实际公开日期", "单位说明")] == [
        "水环境质量月报", "逾期未公开", "", "",
    ]  # fmt: skip


def keys(book: python_calamine.CalamineWorkbook) -> list[str]:
    return sorted(row[HEAD["事项编号"]] for row in body(book) if row[0])


def by_key(book: python_calamine.CalamineWorkbook) -> dict[str, list[Any]]:
    return {row[HEAD["事项编号"]].removeprefix("small/small/"): row for row in body(book)}
