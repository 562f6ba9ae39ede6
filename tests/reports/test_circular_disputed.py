"""What is disputed, or turns out otherwise, between the draft of a circular and its issue, and after it."""

from __future__ import annotations

import io
from datetime import date

import pytest
import python_calamine

from tests.decide.small_county import Small, at
from tests.entered import new_ruling
from tests.reports.criticised import SEPTEMBER, acting, consulted, lived, signed, standing, text_of
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.values.verdicts import Light
from tracker.decide.run import judge_new_facts
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.objections import file_objection
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.ledger import LedgerQuery, rectify_by, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.snapshot import CountyReader
from tracker.store.circulars import find_latest_edition, list_circular_lines
from tracker.store.counties import lock_county
from tracker.store.journal import list_rows

POWERS = "small/small/powers/huanbao/once"


async def test_an_objection_to_a_line_is_decided_before_the_signature(county: Small) -> None:
    await lived(county)
    rulebook = county.office.loaded.rulebooks[0]
    await consulted(county)
    async with acting(county, "2015-10-20") as circulars:
        filed = circulars.object(SEPTEMBER, 1, "周联络", "已在县报公开", "县报9月29日3版").value
    async with acting(county, "2015-10-24") as circulars:
        with pytest.raises(RegisterError, match="objections are heard for 5 working days, until 2015-10-23"):
            circulars.object(SEPTEMBER, 2, "吴联络", "晚了", "无")
        with pytest.raises(RegisterError, match="decide the objections against line 1 first"):
            circulars.sign(SEPTEMBER, "赵督查")
        record_ruling(
            circulars.tx, rulebook, new_ruling("uphold", number=filed.id, by="赵督查", reason="查实", now=circulars.now)
        )
        row = find_latest_edition(circulars.tx, "small", SEPTEMBER)
        assert row is not None
        circulars.sign(SEPTEMBER, "赵督查")
        dropped = {one.department: one.dropped for one in list_circular_lines(circulars.tx, row.id)}
    assert dropped == {"huanbao": "单位异议成立，不予通报", "shebao": ""}
    assert [one.department for one in standing(county)[1]] == ["shebao"]


async def answered(county: Small, *, upheld: bool) -> None:
    """Huanbao objects to its line, and the supervisor answers; both are judged as the commands do it."""
    rulebook = county.office.loaded.rulebooks[0]
    await consulted(county, "2015-10-16")
    async with acting(county, "2015-10-20") as circulars:
        since = lock_county(circulars.tx, "small").seq
        filed = circulars.object(SEPTEMBER, 1, "周联络", "已在县报公开", "县报9月29日3版").value
        record_ruling(
            circulars.tx,
            rulebook,
            new_ruling(
                "uphold" if upheld else "dismiss", number=filed.id, by="赵督查", reason="查实", now=circulars.now
            ),
        )
        judge_new_facts(circulars.tx, county.office.loaded, rulebook, since, circulars.now)


async def test_what_was_upheld_of_a_line_is_held_against_nobody_in_any_count(county: Small) -> None:
    await lived(county)
    await answered(county, upheld=True)
    matter = county.rows()["powers/huanbao/once"]
    assert matter.light is Light.YELLOW
    assert matter.reason.endswith("；经赵督查认定异议成立，不作逾期处理：查实")
    async with acting(county, "2015-10-24") as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
    words = text_of(standing(county)[0])
    assert "2015年9月全县到期应公开事项3项，按时公开2项，逾期后公开0项，逾期未公开0项，公开不完整1项" in words
    assert "问题较多" not in words  # of the two matters named one is left
    assert "环保局“行政权力清单”" not in words
    loaded, held = county.office.loaded, io.BytesIO()
    with county.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        report = overdue_at(tx, reader, "small", county.clock.now)
        write_ledger(tx, reader, loaded.rulebooks[0], county.clock.now, LedgerQuery(), held)
    assert (report["totals"]["overdue"], report["totals"]["incomplete"]) == (0, 1)
    assert POWERS not in report["late_keys"]
    held.seek(0)
    rows = python_calamine.CalamineWorkbook.from_filelike(held).get_sheet_by_name("台账").to_python()
    (row,) = (dict(zip(rows[1], one, strict=True)) for one in rows[2:] if one[-1] == POWERS)
    assert (row["问题类型"], row["逾期天数"], row["灯号"]) == ("", "", "◆ 黄")


@pytest.mark.nightly
async def test_what_was_upheld_is_not_named_in_the_next_month_either(county: Small) -> None:
    await lived(county)
    await answered(county, upheld=True)
    await county.live(date(2015, 10, 21), date(2015, 11, 3))
    async with acting(county) as circulars:
        october = circulars.draft("2015-10", "王敏")
    assert POWERS not in [one["key"] for one in october.values["lines"]]
    assert [one["reason"] for one in october.values["spared"] if one["key"] == POWERS] == ["单位异议成立，不予通报"]


async def test_what_was_dismissed_is_named(county: Small) -> None:
    await lived(county)
    await answered(county, upheld=False)
    async with acting(county, "2015-10-24") as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
    assert [one.department for one in standing(county)[1]] == ["huanbao", "shebao"]


@pytest.mark.nightly
async def test_nobody_is_among_the_worst_by_what_was_not_put_to_him(county: Small) -> None:
    await lived(county, date(2015, 10, 8))  # insurance is three days late: too soon
    await consulted(county)
    await county.live(date(2015, 10, 9), date(2015, 10, 24))
    async with acting(county) as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
    words = text_of(standing(county)[0])
    assert "问题较多" not in words
    assert "对1项予以通报" in words
    assert "社保局" not in words


async def test_what_turns_out_untrue_after_the_signature_is_not_issued_but_signed_anew(county: Small) -> None:
    await lived(county)
    await signed(county)
    county.site.publish("powers", "环保局权力清单", at("2015-10-20"))  # before it was signed; seen after it
    await county.live(date(2015, 10, 27), date(2015, 10, 28))
    async with acting(county) as circulars:
        with pytest.raises(RegisterError, match=rf"since the signature of 2015-09 it turned out: line 1 \({POWERS}\)"):
            circulars.issue(SEPTEMBER, "王敏")
        with pytest.raises(RegisterError, match="王敏 drafted it: somebody else must sign"):
            circulars.sign(SEPTEMBER, "王敏")
        circulars.sign(SEPTEMBER, "赵督查")
        circulars.issue(SEPTEMBER, "王敏")
    row, lines = standing(county)
    assert (row.edition, row.state, [one.department for one in lines]) == (3, "issued", ["shebao"])
    assert "环保局" not in text_of(row)


async def test_an_objection_after_the_signature_is_decided_before_the_issue(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county, "2015-10-27") as circulars:
        rulebook, loaded = county.office.loaded.rulebooks[0], county.office.loaded
        since = lock_county(circulars.tx, "small").seq
        objected_to(circulars, rulebook)
        judge_new_facts(circulars.tx, loaded, rulebook, since, circulars.now)
        with pytest.raises(RegisterError, match=r"单位已提出异议，尚未作出处理决定\. Let it be signed anew"):
            circulars.issue(SEPTEMBER, "王敏")


def objected_to(circulars: Circulars, rulebook: Rulebook) -> None:
    file_objection(
        circulars.tx,
        rulebook,
        circulars.loaded.calendar,
        new_ruling(
            "object",
            occurrence="small/small/insurance/shebao/2015-Q3",
            target="省厅文件",
            by="吴联络",
            reason="数据由省厅发布",
            now=circulars.now,
        ),
        window=Span(60, "workdays"),
    )


@pytest.mark.nightly
async def test_the_day_of_a_warning_is_that_of_the_county_s_clock(county: Small) -> None:
    await lived(county)
    await signed(county)
    county.clock.now = at("2015-10-27", "07:30")  # still the 26th in Greenwich
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    await county.live(date(2015, 10, 27), date(2015, 11, 3))
    async with acting(county) as circulars:
        october = circulars.draft("2015-10", "王敏")
    assert "2015年10月27日小政办公开通〔2015〕1号通报，2015年11月3日复查仍未更新到位" in text_of(october)


@pytest.mark.nightly
async def test_what_an_erratum_took_back_is_neither_struck_off_nor_to_be_put_right(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    await county.turn()
    assert to_put_right(county) == {POWERS, "small/small/insurance/shebao/2015-Q3"}
    async with acting(county) as circulars:
        circulars.correct(SEPTEMBER, 1, "环保局已于9月28日公开", "原址可查", "赵督查")
    assert to_put_right(county) == {"small/small/insurance/shebao/2015-Q3"}
    county.site.publish("powers", "环保局权力清单", at("2015-10-28"))
    await county.live(date(2015, 10, 27), date(2015, 11, 3))
    assert [one.mended_on for one in standing(county)[1]] == [None, None]
    with county.office.store.read() as tx:
        assert not [one for one in list_rows(tx, "small") if one.action == "circular.mended"]


def to_put_right(county: Small) -> set[str]:
    """The matters for which the ledger and the report give a day by which a circular wants them put right."""
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        held = CountyReader(loaded.rulebooks[0], loaded.calendar).list_standings(tx, county.clock.now)
        found = rectify_by(tx, "small", county.clock.now, held)
    assert set(found.values()) <= {date(2015, 11, 16)}
    return set(found)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("move", ["draft", "consult", "sign", "issue"])
async def test_every_move_is_made_by_somebody(county: Small, move: str) -> None:
    await lived(county)
    before = {"draft": [], "consult": ["draft"], "sign": ["draft", "consult"], "issue": []}[move]
    if move == "issue":
        await signed(county)
    async with acting(county) as circulars:
        for name in before:
            getattr(circulars, name)(SEPTEMBER, "王敏")
        with pytest.raises(RegisterError, match="by is missing"):
            getattr(circulars, move)(SEPTEMBER, " ")
