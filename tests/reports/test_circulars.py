"""A circular from draft to erratum: who may do what and when, and what it starts."""

from __future__ import annotations

import io
from datetime import date

import pytest
import python_calamine
from docx import Document

from tests.decide.small_county import Small, at
from tests.journalled import assert_journal_holds
from tests.reports.criticised import SEPTEMBER, acting, consulted, lived, signed, standing, text_of
from tracker.documents.official import OfficialTable
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.shared import document_of, number_of
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.overdue_paper import _late_row
from tracker.reports.snapshot import CountyReader
from tracker.store.circulars import list_circular_lines, list_dropped_lines, list_papers
from tracker.store.events import list_events
from tracker.store.journal import list_rows

CRITICISED = ("small/small/powers/huanbao/once", "small/small/insurance/shebao/2015-Q3")


async def test_a_draft_names_what_qualifies_and_calls_it_by_its_name(county: Small) -> None:
    await lived(county)
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
    row, lines = standing(county)
    assert [(one.line, one.department, one.problem) for one in lines] == [
        (1, "huanbao", "overdue"),
        (2, "shebao", "incomplete"),
    ]
    words = text_of(row)
    assert "2015年9月全县到期应公开事项4项，按时公开2项" in words
    assert "环保局“行政权力清单”（时限2015年9月30日，已逾期8个工作日）" in words
    assert "社保局“社会保险情况”（2015年第二季度，时限2015年9月30日，已逾期8个工作日）" in words
    (problems, *_) = document_of(row, county.office.loaded.rulebooks[0]).attachments
    assert isinstance(problems, OfficialTable)
    assert problems.rows[1][7].text.startswith("公开不完整：“社会保险”栏目")  # what is missing stands in the table
    assert words.count("《中华人民共和国政府信息公开条例》") == 1
    assert words.index("公开内容不完整") > words.index("逾期未公开。环保局")


async def test_the_sentence_of_a_matter_is_tied_to_its_line(county: Small) -> None:
    await lived(county)
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
    tied = {anchor: text for runs in row.text for text, anchor in runs if anchor}
    assert tied["line-1"].startswith("环保局")
    assert tied["table-2"] == "科技局到期事项全部按时公开"
    assert "问题较多" not in text_of(row)  # each of the two departments has one matter
    assert any(text.startswith("2015年9月全县到期应公开事项") for runs in row.text for text, anchor in runs if anchor)


async def test_who_drafted_it_may_not_sign_it_and_nobody_before_the_window_is_over(county: Small) -> None:
    await lived(county)
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        for name in ("王敏", " 王　敏"):
            with pytest.raises(RegisterError, match="drafted it: somebody else must sign"):
                circulars.sign(SEPTEMBER, name)
        with pytest.raises(RegisterError, match=r"were not consulted \(duban circular consult 2015-09\)"):
            circulars.sign(SEPTEMBER, "赵督查")
        row = circulars.consult(SEPTEMBER, "王敏")
        assert row.window_until == date(2015, 10, 23)  # five working days after Friday the 16th
    await county.office.deliver()
    async with acting(county, "2015-10-23") as circulars:
        with pytest.raises(RegisterError, match="may object until 2015-10-23: sign it after that day"):
            circulars.sign(SEPTEMBER, "赵督查")
    async with acting(county, "2015-10-24") as circulars:
        assert circulars.sign(SEPTEMBER, "赵督查").state == "signed"


@pytest.mark.nightly
async def test_what_was_put_right_before_the_signature_is_not_criticised(county: Small) -> None:
    await lived(county)
    await consulted(county)
    draft = standing(county)[0].id
    county.site.publish("powers", "环保局权力清单", at("2015-10-20"))
    await county.live(date(2015, 10, 17), date(2015, 10, 24))
    async with acting(county) as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
        dropped = {one.department: one.dropped for one in list_circular_lines(circulars.tx, draft)}
    row, lines = standing(county)
    assert [(one.line, one.department) for one in lines] == [(1, "shebao")]
    assert dropped == {"huanbao": "逾期后已公开，按本县规定不予通报", "shebao": ""}
    with county.office.store.read() as tx:
        fallen = [(one.line, one.department, one.dropped) for one in list_dropped_lines(tx, row)]
    assert fallen == [(1, "huanbao", "逾期后已公开，按本县规定不予通报")]  # `duban circular show --lines` says it
    assert "环保局" not in text_of(row)


@pytest.mark.nightly
async def test_what_comes_up_after_the_departments_were_asked_does_not_come_in(county: Small) -> None:
    await lived(county, date(2015, 10, 8))  # insurance is three days late: too soon
    await consulted(county)
    await county.live(date(2015, 10, 9), date(2015, 10, 24))
    async with acting(county) as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
    assert [one.department for one in standing(county)[1]] == ["huanbao"]


async def test_once_signed_nothing_of_it_changes(county: Small) -> None:
    await lived(county)
    await signed(county)
    before = standing(county)
    county.site.publish("powers", "环保局权力清单", at("2015-10-27"))
    await county.live(date(2015, 10, 27), date(2015, 10, 28))
    async with acting(county) as circulars:
        with pytest.raises(RegisterError, match="is signed already: sign it anew where something changed"):
            circulars.draft(SEPTEMBER, "王敏")
        circulars.issue(SEPTEMBER, "王敏")
    row, lines = standing(county)
    assert (row.values, row.text, row.digest, lines) == (
        before[0].values, before[0].text, before[0].digest, before[1],
    )  # fmt: skip


async def test_its_issue_gives_the_number_and_starts_the_duty_to_put_right(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        row = circulars.issue(SEPTEMBER, "王敏")
        assert number_of(row, circulars.rules) == "小政办公开通〔2015〕1号"
    await county.turn()
    rows = county.rows()

    found = {one.department: (one.due_on, one.status) for name, one in rows.items() if "event:criticised" in name}
    # Fifteen working days after Monday 26 October.
    assert {name: due for name, (due, _) in found.items()} == {
        "huanbao": date(2015, 11, 16),
        "shebao": date(2015, 11, 16),
    }


@pytest.mark.nightly
async def test_ledger_and_report_say_by_when_it_has_to_be_put_right(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    await county.turn()
    loaded, book = county.office.loaded, io.BytesIO()
    with county.office.store.read() as tx:
        reader = CountyReader(loaded.rulebooks[0], loaded.calendar)
        write_ledger(tx, reader, loaded.rulebooks[0], county.clock.now, LedgerQuery(), book)
        report = overdue_at(tx, reader, "small", county.clock.now)
    book.seek(0)
    _, heads, *rows = python_calamine.CalamineWorkbook.from_filelike(book).get_sheet_by_name("台账").to_python()
    told = {row[heads.index("事项编号")]: row[heads.index("整改时限")] for row in rows}
    # Fifteen working days after Monday 26 October.
    assert {key: day for key, day in told.items() if day} == dict.fromkeys(CRITICISED, date(2015, 11, 16))
    late = [line for unit in report["departments"] for line in unit["lines"]]
    assert {key: one["rectify_by"] for one in late for key in one["keys"] if one["rectify_by"]} == dict.fromkeys(
        CRITICISED, "2015-11-16"
    )


async def test_what_is_put_right_is_struck_off_and_told_next_month(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    county.site.publish("powers", "环保局权力清单", at("2015-10-28"))
    await county.live(date(2015, 10, 27), date(2015, 11, 3))
    lines = standing(county)[1]
    assert {one.department: one.mended_on is not None for one in lines} == {"huanbao": True, "shebao": False}
    with county.office.store.read() as tx:
        assert [one.event.reference for one in list_events(tx, "small", name="rectified")] == ["2015-09-1"]
    rows = county.rows()
    done = {one.department: one.status.value for name, one in rows.items() if "event:criticised" in name}
    assert done == {"huanbao": "met", "shebao": "open"}
    async with acting(county) as circulars:
        october = circulars.draft("2015-10", "王敏")
    words = text_of(october)
    assert "此前通报仍未更新到位。社保局“社会保险情况”" in words
    assert "2015年10月26日小政办公开通〔2015〕1号通报，2015年11月3日复查仍未更新到位" in words


@pytest.mark.nightly
async def test_the_pass_that_finds_a_matter_met_strikes_it_off(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    await county.live(date(2015, 10, 27), date(2015, 10, 27))
    county.site.publish("powers", "环保局权力清单", county.clock.now)
    await county.office.crawl()
    county.office.tick()
    assert [one.department for one in standing(county)[1] if one.mended_on] == ["huanbao"]


async def test_an_erratum_says_what_is_true_and_ends_the_duty(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
        circulars.correct(SEPTEMBER, 1, "环保局已于9月28日公开", "网站栏目改版，原址可查", "赵督查")
        with pytest.raises(RegisterError, match="line 1 of 2015-09 was corrected already"):
            circulars.correct(SEPTEMBER, 1, "再改", "再改", "赵督查")
        with pytest.raises(RegisterError, match="has no line 9"):
            circulars.correct(SEPTEMBER, 9, "无", "无", "赵督查")
    with county.office.store.read() as tx:
        erratum = list_papers(tx, standing(county)[0].id)[-1]
    words = "\n".join(one.text for one in Document(io.BytesIO(erratum.docx)).paragraphs)
    assert "更正为：环保局已于9月28日公开。依据：网站栏目改版，原址可查。" in words
    assert "通报事项由2项更正为1项，环保局的通报事项由1项更正为0项，原附件“问题清单”第1项不再计入。" in words
    assert "以本更正为准" not in words
    await county.turn()
    open_ones = {one.department for name, one in county.rows().items() if "criticised:2015" in name and not one.closed}
    assert open_ones == {"shebao"}


async def test_a_month_with_nobody_to_criticise_is_a_report_on_the_situation(county: Small) -> None:
    await lived(county, date(2015, 9, 3))
    async with acting(county) as circulars:
        row = circulars.draft("2015-07", "王敏")
        assert "本月没有需要通报批评的事项" in text_of(row)
        with pytest.raises(RegisterError, match="names nobody: sign it"):
            circulars.consult("2015-07", "王敏")
        assert circulars.sign("2015-07", "赵督查").state == "signed"


async def test_a_month_that_has_not_ended_has_no_circular(county: Small) -> None:
    await lived(county, date(2015, 9, 3))
    async with acting(county, "2015-09-30") as circulars:
        with pytest.raises(RegisterError, match="2015-09 has not ended: its circular is drafted from 2015-10-01 on"):
            circulars.draft(SEPTEMBER, "王敏")
        with pytest.raises(RegisterError, match="'2015-Q3' is no month: write 2015-09"):
            circulars.draft("2015-Q3", "王敏")


async def test_every_move_is_in_the_journal(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    with county.office.store.read() as tx:
        moves = [(one.action, one.who) for one in list_rows(tx, "small", subject="circular:2015-09")]
        moves = [(action, who) for action, who in moves if action.startswith("circular.")]
        assert_journal_holds(tx, "small")
    assert moves == [
        ("circular.drafted", "王敏"),
        ("circular.consulted", "王敏"),
        ("circular.signed", "赵督查"),
        ("circular.issued", "王敏"),
    ]


def test_the_paper_of_the_report_writes_days_as_papers_do() -> None:
    late = {
        "department": "环保局", "title": "权力清单", "period": "", "clause": "一3", "basis": "一3",
        "due": "2015年9月30日",
        "published_on": "", "days_late": 9, "lateness": "", "problem": "逾期未公开", "rectify_by": "2015-11-06",
        "url": "",
    }  # fmt: skip
    cells = [one.text for one in _late_row(1, late)]
    assert cells == [
        "1",
        "环保局",
        "权力清单",
        "一3",
        "2015年9月30日",
        "未公开",
        "9",
        "逾期未公开",
        "2015年11月6日",
    ]
