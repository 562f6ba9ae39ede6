"""Who is mailed what of a circular: those named are asked, everybody gets what was issued and what corrects it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from email.message import EmailMessage

import pytest

from notifications.channels.mail import MailChannel
from tests.decide.small_county import COUNTY, Small, at
from tests.deliver.outbox_office import parse_mail
from tests.deliver.outbox_office import text_of as words_of
from tests.printers import show_libreoffice
from tests.reports.criticised import CIRCULAR, SEPTEMBER, acting, lived, signed, standing
from tests.smtp_server import Catcher, serving
from tracker.deliver.run import deliver
from tracker.documents import pdf
from tracker.registers.errors import RegisterError
from tracker.registers.golive import revoke_golive
from tracker.store.circulars import list_papers

DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


@asynccontextmanager
async def posting(county: Small) -> AsyncIterator[Catcher]:
    """What is due until now has left; a mail server takes what comes next."""
    await county.office.deliver()
    catcher = Catcher()
    async with serving(catcher) as settings:
        yield catcher
        channel = MailChannel(settings)
        await deliver(county.office.store, county.office.loaded, {"mail": channel}, county.clock)
        await channel.close()


def by_reader(catcher: Catcher) -> dict[str, EmailMessage]:
    """The mails by address; every reader got one."""
    found = [(one.rcpt_tos[0], parse_mail(one.content)) for one in catcher.taken]
    assert len({address for address, _ in found}) == len(found), "a reader was written to twice"
    return dict(found)


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    return {str(one.get_filename()): one.get_content() for one in mail.iter_attachments()}


async def asked(county: Small) -> dict[str, EmailMessage]:
    async with posting(county) as catcher, acting(county, "2015-10-16") as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        circulars.consult(SEPTEMBER, "王敏")
    return by_reader(catcher)


async def issued(county: Small) -> dict[str, EmailMessage]:
    await signed(county)
    async with posting(county) as catcher, acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    return by_reader(catcher)


@pytest.fixture
def no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert pdf.libreoffice() is None


async def test_each_department_named_is_asked_about_its_own_lines_only(county: Small) -> None:
    await lived(county)
    mails = await asked(county)
    assert sorted(mails) == [
        "huanbao-lead@small.example", "huanbao@small.example", "shebao-lead@small.example", "shebao@small.example",
    ]  # fmt: skip
    ours, theirs = words_of(mails["huanbao@small.example"]), words_of(mails["shebao@small.example"])
    assert "第1项  环保局：行政权力清单" in ours
    assert "社保局" not in ours
    assert "第2项  社保局：社会保险情况，2015年第二季度" in theirs
    assert "环保局" not in theirs


async def test_the_question_carries_the_evidence_the_last_day_and_how_to_object(county: Small) -> None:
    await lived(county)
    mail = (await asked(county))["shebao@small.example"]
    assert mail["Subject"] == (
        "【小县政务公开督办】征求意见：小县人民政府办公室关于2015年9月政府信息公开督办情况的通报拟列入贵单位1项，异议请于2015年10月23日前提出"
    )
    words = words_of(mail)
    for said in (
        "反馈时限：2015年10月23日（含当日）",
        "依据：《小方案》一2", "时限由来：", "判定理由：",
        "查看结果：“社会保险”栏目《二季度社会保险情况》中未见“基金收支”",
        "查看栏目：社会保险 http://127.0.0.1:", "/insurance/（2015年10月16日6时查看）",
        "已见信息：《二季度社会保险情况》http://127.0.0.1:",
        "直接回复本邮件", "由政务公开主管部门登记",
    ):  # fmt: skip
        assert said in words, said
    html = mail.get_body(("html",))
    assert html is not None
    assert "duban" not in words + html.get_content()  # a department has no command line
    assert files_of(mail) == {}


async def test_a_draft_is_not_signed_while_a_department_could_not_be_told(county: Small) -> None:
    await lived(county)
    async with acting(county, "2015-10-16") as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        circulars.consult(SEPTEMBER, "王敏")
    async with acting(county, "2015-10-26") as circulars:
        with pytest.raises(RegisterError, match="环保局、社保局 could not be told of its lines yet"):
            circulars.sign(SEPTEMBER, "赵督查")
    await county.office.deliver()
    async with acting(county) as circulars:
        assert circulars.sign(SEPTEMBER, "赵督查").state == "signed"


async def test_a_question_that_has_not_left_is_taken_back_with_its_draft(county: Small) -> None:
    await lived(county)
    async with acting(county, "2015-10-16") as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        circulars.consult(SEPTEMBER, "王敏")
        circulars.draft(SEPTEMBER, "王敏")
    told = [one for one in county.notices() if " consult " in one]
    assert len(told) == 4
    assert all(one.endswith(" cancelled") for one in told)


async def test_the_window_is_counted_from_the_day_on_which_the_mail_may_leave(county: Small) -> None:
    await lived(county)
    async with acting(county, "2015-10-17") as circulars:  # a Saturday
        circulars.draft(SEPTEMBER, "王敏")
        row = circulars.consult(SEPTEMBER, "王敏")
    assert row.window_until == date(2015, 10, 26)  # five working days after Monday the 19th
    assert {one.split(" circular")[0] for one in county.notices() if " consult " in one} == {"10-19 08:30"}


async def test_everybody_gets_what_was_issued_once_with_the_kept_document(
    county: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_libreoffice(monkeypatch)
    await lived(county)
    mails = await issued(county)
    assert sorted(one.removesuffix("@small.example") for one in mails) == [
        "huanbao", "huanbao-lead", "keji", "office", "shebao", "shebao-lead", "supervisor",
    ]  # fmt: skip
    with county.office.store.read() as tx:
        paper = list_papers(tx, standing(county)[0].id)[0]
    assert hashlib.sha256(paper.docx).hexdigest() == paper.digest
    title = "小县人民政府办公室关于2015年9月政府信息公开督办情况的通报"
    for address, mail in mails.items():
        files = files_of(mail)
        assert files[f"{title}.docx"] == paper.docx, address
        assert files.get(f"{title}.pdf") == paper.pdf, address
        assert paper.digest in words_of(mail)
    assert (paper.pdf is not None) == (pdf.libreoffice() is not None)
    assert "其中涉及贵单位1项，请自印发之日起15个工作日内整改到位" in words_of(mails["huanbao-lead@small.example"])
    assert "本期没有通报贵单位的事项" in words_of(mails["keji@small.example"])
    assert mails["huanbao@small.example"]["Subject"] == (
        f"【小县政务公开督办】小政办公开通〔2015〕1号：{title}（涉及贵单位1项）"
    )


@pytest.mark.nightly
async def test_where_nothing_prints_the_circular_goes_without_a_pdf(county: Small, no_printer: None) -> None:
    await lived(county)
    mails = await issued(county)
    assert {tuple(one.rpartition(".")[2] for one in files_of(mail)) for mail in mails.values()} == {("docx",)}


async def test_what_is_issued_at_night_leaves_in_the_morning(county: Small, no_printer: None) -> None:
    await lived(county)
    await signed(county)
    await county.office.deliver()
    county.clock.now = at("2015-10-26", "22:00")
    async with acting(county) as circulars:
        circulars.issue(SEPTEMBER, "王敏")
    told = [one for one in county.notices() if " circular:2015-09 circular " in one]
    assert {one[:11] for one in told} == {"10-27 08:30"}


async def test_the_erratum_goes_to_all_who_got_the_circular(county: Small, no_printer: None) -> None:
    await lived(county)
    before = await issued(county)
    async with posting(county) as catcher, acting(county, "2015-10-28") as circulars:
        circulars.correct(SEPTEMBER, 1, "环保局已于9月28日公开", "网站栏目改版，原址可查", "赵督查")
    mails = by_reader(catcher)
    assert sorted(mails) == sorted(before)
    words = words_of(mails["keji@small.example"])
    assert "小政办公开通〔2015〕1号中的下列内容与事实不符" in words
    assert "原文第1项：环保局“行政权力清单”（时限2015年9月30日" in words
    assert "更正为：环保局已于9月28日公开\n依据：网站栏目改版，原址可查" in words
    with county.office.store.read() as tx:
        circular, erratum = list_papers(tx, standing(county)[0].id)
    assert (circular.number, erratum.number, erratum.line) == (1, 2, 1)
    assert files_of(mails["keji@small.example"]) == {f"{erratum.title}.docx": erratum.docx}


@pytest.mark.nightly
async def test_of_a_county_that_is_not_live_any_longer_an_erratum_is_read_by_the_office_alone(
    county: Small, no_printer: None
) -> None:
    await lived(county)
    await issued(county)
    with county.office.store.begin() as tx:
        (book,) = county.office.loaded.rulebooks
        revoke_golive(tx, book, by="陈县长", reason="纪要", now=county.clock.now)
    async with posting(county) as catcher, acting(county, "2015-10-28") as circulars:
        circulars.correct(SEPTEMBER, 1, "环保局已于9月28日公开", "网站栏目改版，原址可查", "赵督查")
    assert {mail.rcpt_tos[0] for mail in catcher.taken} == {"office@small.example"}


async def test_who_speaks_for_two_departments_is_written_to_once(county: Small, no_printer: None) -> None:
    await lived(county)
    shared = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR
    county.reload(county=shared.replace("shebao@small.example", "huanbao@small.example"))
    mail = (await asked(county))["huanbao@small.example"]
    assert "第1项  环保局" in words_of(mail)
    assert "第2项  社保局" in words_of(mail)


async def test_a_repeat_of_the_delivery_sends_nothing_again(county: Small, no_printer: None) -> None:
    await lived(county)
    await issued(county)
    async with posting(county) as catcher:
        pass
    assert catcher.taken == []
