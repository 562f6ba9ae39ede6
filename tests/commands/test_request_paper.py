"""`duban request paper` and `duban request fee`: what is written, what is refused, and who can read the file."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document

from tests.commands.command_line import Duban
from tracker.core.requests.moves import IMPORTED
from tracker.core.requests.values import Move, MoveKind, Person, Request
from tracker.store.engine import Store
from tracker.store.person_keys import load_keys
from tracker.store.person_looks import list_looks
from tracker.store.persons import add_person
from tracker.store.requests import add_move, add_request, find_request

NAME, PARTY, HANDLER = "诸葛明月", "样例县兴农投资有限公司", "杨帆"  # the liaison of guotu by the sample county's file
PAPER = "2026-guotu-12"
REQUEST = Request(
    0, "sample", "request", "guotu", 2026, 12, "guotu", "online", date(2026, 3, 1), date(2026, 3, 2), "natural",
    "2025年度征地补偿安置方案", created_at=datetime(2026, 3, 2, tzinfo=UTC), created_by=HANDLER,
)  # fmt: skip
ANSWER = {"answer": "withheld", "ground": "process", "reason": "该信息是讨论记录"}


@pytest.fixture
def office(county: Path, duban: Duban) -> Path:
    """A county with a request, its applicant and a third party, consulted, extended and answered."""
    assert duban("request", "key", "create", "--by", HANDLER).status == 0
    with _store(county).begin() as tx:
        request = add_request(tx, REQUEST)
        keys = load_keys(next(county.rglob("*person*key*")))
        add_person(tx, keys, request, "applicant", Person(NAME))
        add_person(tx, keys, request, "third-party", Person(PARTY, id_type="credit"))
        _enter(tx, request, MoveKind.EXTEND, date(2026, 3, 20), {}, reason="调取的档案较多")
        _enter(tx, request, MoveKind.CONSULT, date(2026, 3, 23), {"whom": "third-party"})
        _enter(tx, request, MoveKind.ANSWER, date(2026, 4, 20), ANSWER)
    return county


def _store(county: Path) -> Store:
    store = Store(f"sqlite:///{county / 'duban.db'}")
    store.open()
    return store


def _enter(tx: object, request: Request, kind: MoveKind, on: date, fields: Mapping[str, str], reason: str = "") -> None:
    at = datetime(2026, 4, 20, tzinfo=UTC)
    add_move(tx, Move(0, request.id, 0, kind, on, at, HANDLER, reason, fields))  # type: ignore[arg-type]


def _texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def test_an_answer_is_written_for_its_applicant_and_nobody_else_can_read_the_file(office: Path, duban: Duban) -> None:
    said = duban(
        "request", "paper", "answer", PAPER, "--number", "样国土依复〔2026〕3号",
        "--out", "答复书.docx", "--by", HANDLER,
    )  # fmt: skip
    assert said.status == 0, said.err
    out = office / "答复书.docx"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    texts = _texts(out)
    assert f"{NAME}：" in texts
    assert "2026年4月20日" in texts
    assert any("第三十六条第三项、第十六条" in text and "该信息是讨论记录" in text for text in texts)
    assert any("应当先自收到本答复书之日起60日内" in text for text in texts)
    assert "the file holds personal data" in said.err
    assert NAME not in said.out + said.err
    with _store(office).read() as tx:
        assert [(look.by, look.purpose) for look in list_looks(tx, "sample")] == [(HANDLER, "制作答复书")]


def test_a_preview_names_nobody_and_looks_at_nobody(office: Path, duban: Duban) -> None:
    said = duban("request", "paper", "answer", PAPER, "--preview")
    assert said.status == 0, said.err
    assert "政府信息公开申请答复书" in said.out
    assert NAME not in said.out
    assert "it has no document number" in said.err
    with _store(office).read() as tx:
        assert list(list_looks(tx, "sample")) == []


def test_the_reason_of_the_step_stands_in_the_paper(office: Path, duban: Duban) -> None:
    fields = ("--field", "until=2026-05-05", "--field", "approved=李公开")
    said = duban("request", "paper", "extension", PAPER, *fields, "--preview")
    assert "因调取的档案较多，本机关不能在规定的期限内答复" in said.out
    assert "经本机关政府信息公开工作机构负责人（李公开）同意，答复期限延长20个工作日，至2026年5月5日止" in said.out


@pytest.mark.parametrize("more", [{}, {IMPORTED: "登记表.xlsx"}], ids=["entered", "imported"])
def test_the_reason_of_an_entry_is_not_that_of_a_refusal(office: Path, duban: Duban, more: dict[str, str]) -> None:
    """What the clerk wrote into the journal is no reason to the applicant."""
    with _store(office).begin() as tx:
        request = find_request(tx, "sample", "request", "guotu", 2026, 12)
        assert request is not None
        _enter(tx, request, MoveKind.ANSWER, date(2026, 4, 21), {"answer": "not-held", **more}, reason="补录旧台账")
    said = duban("request", "paper", "answer", PAPER, "--preview")
    assert (said.status, "an answer not-held says 理由 (--field reason=…)" in said.err) == (2, True)


def test_a_request_that_was_given_up_is_answered_with_why(office: Path, duban: Duban) -> None:
    with _store(office).begin() as tx:
        request = find_request(tx, "sample", "request", "guotu", 2026, 12)
        assert request is not None
        _enter(tx, request, MoveKind.ABANDON, date(2026, 4, 21), {"why": "unpaid"})
    fields = ("--field", "asked=样国土依费〔2026〕1号，2026年3月12日")
    assert "逾期没有缴纳" in duban("request", "paper", "answer", PAPER, *fields, "--preview").out


def test_a_third_party_is_written_to_by_its_number(office: Path, duban: Duban) -> None:
    wrong = duban("request", "paper", "consultation", PAPER, "--to", "2", "--out", "函.docx", "--by", HANDLER)
    assert (wrong.status, "1 third parties are on record: there is no number 2" in wrong.err) == (2, True)
    said = duban("request", "paper", "consultation", PAPER, "--to", "1", "--out", "函.docx", "--by", HANDLER)
    assert said.status == 0, said.err
    texts = _texts(office / "函.docx")
    assert f"{PARTY}：" in texts
    assert NAME not in "".join(texts), "a third party is not told who asks"


def test_a_paper_can_be_drafted_before_its_step_is_entered(office: Path, duban: Duban) -> None:
    fields = ("--field", "what=请写明地块和年份", "--field", "until=2026-03-20", "--dated", "2026-03-10")
    said = duban("request", "paper", "correction", PAPER, *fields, "--out", "补正.docx", "--blank")
    assert said.status == 0, said.err
    texts = _texts(office / "补正.docx")
    assert "需要补正的事项：请写明地块和年份。" in texts
    assert "2026年3月10日" in texts
    assert NAME not in "".join(texts)
    assert "the name is left blank" in said.err
    assert "no ask-correction is on record" in said.err


def test_what_a_draft_promises_stands_in_brackets(office: Path, duban: Duban) -> None:
    fields = ("--field", "补正内容=请写明地块和年份", "--field", "补正期限=2026-03-20", "--dated", "2026-03-10")
    drafted = duban("request", "paper", "correction", PAPER, *fields, "--preview").out
    first, _, text = drafted.partition("\n\n")
    assert first == "【预览】“要求补正”一步尚未录入：方括号内的日期为拟定，期限以录入后为准。"
    assert "请于［2026年3月20日］前" in text
    assert text.endswith("［2026年3月10日］\n")
    assert text.startswith("政府信息公开申请补正告知书")
    assert "［2026年3月1日］" not in text
    assert "2026年3月1日" in text, "the day of filing is on record"


@pytest.mark.parametrize("until", ["2026-03-10", "2026-03-01"])
def test_a_paper_gives_no_term_that_is_over_on_its_day(office: Path, duban: Duban, until: str) -> None:
    fields = ("--field", "what=请写明地块和年份", "--field", f"until={until}", "--dated", "2026-03-10")
    said = duban("request", "paper", "correction", PAPER, *fields, "--out", "补正.docx", "--blank")
    assert f"until={until}: the term must end after 2026-03-10" in said.err
    assert not (office / "补正.docx").exists()


def test_a_paper_takes_its_words_from_the_step_that_was_entered(county: Path, duban: Duban) -> None:
    who = ("--by", HANDLER, "--reason", "按程序办理")
    steps = (
        ("receive", "--department", "guotu", "--way", "in-person", "--filed", "2026-03-02", "--title", "征地材料"),
        ("register", "2026-guotu-1", "--on", "2026-03-02"),
        ("correct", "2026-guotu-1", "--on", "2026-03-05", "--until", "2026-03-20", "--what", "请写明地块和年份"),
        ("correct", "2026-guotu-1", "--on", "2026-03-10", "--done"),
        ("charge", "2026-guotu-1", "--on", "2026-03-12", "--items", "3", "--earlier", "9", "--reached", "2026-03-12",
         "--payment", "到政务服务大厅缴纳"),
    )  # fmt: skip
    for step in steps:
        said = duban("request", *step, *who)
        assert said.status == 0, said.err
    correction = duban("request", "paper", "correction", "2026-guotu-1", "--preview").out
    assert "需要补正的事项：请写明地块和年份。\n请于2026年3月20日前（含当日）" in correction
    assert correction.endswith("2026年3月5日\n")
    fee = duban("request", "paper", "fee", "2026-guotu-1", "--preview").out
    assert "收取信息处理费200元" in fee
    assert "20个工作日内（至2026年4月10日止）缴纳。缴纳方式：到政务服务大厅缴纳。" in fee


def test_a_file_that_others_could_read_is_replaced_by_one_that_they_cannot(office: Path, duban: Duban) -> None:
    out = office / "回执.docx"
    out.write_text("old")
    out.chmod(0o644)
    assert duban("request", "paper", "receipt", PAPER, "--out", out, "--by", HANDLER).status == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert f"{NAME}：" in _texts(out)


def test_a_fee_is_computed_in_the_notice(office: Path, duban: Duban) -> None:
    how = ("--field", "items=3", "--field", "earlier=9", "--field", "payment=到政务服务大厅缴纳")
    said = duban("request", "paper", "fee", PAPER, *how, "--preview")
    assert "收取信息处理费200元" in said.out
    assert "计算过程：当月第10至12件：第10件不收费；第11至12件共2件，每件100元，计200元；合计200元。" in said.out
    assert "20个工作日内缴纳。" in said.out  # nobody knows yet when the notice will arrive
    short = duban(
        "request", "paper", "fee", PAPER, *how, "--dated", "2026-03-06", "--field", "until=2026-03-10", "--preview"
    )
    assert (short.status, "until 2026-04-03 at the earliest, not 2026-03-10" in short.err) == (2, True)
    wrong = duban("request", "paper", "fee", PAPER, *how, "--field", "amount=300", "--preview")
    assert (wrong.status, "the fee is 200 yuan, not 300" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("answer", PAPER, "--field", "answer=nonexistent"),
            "an answer nonexistent says 不存在的是什么信息 (--field missing=…)",
        ),
        (("answer", PAPER, "--field", "ground=inconvenient"), "ground 'inconvenient': 《政府信息公开条例》"),
        (
            ("correction", PAPER),
            "a 补正告知书 says 需要补正的事项 (--field what=…); a 补正告知书 says 补正期限 (--field until=…)",
        ),
        (("answer", PAPER, "--field", "reason=详见身份证110101199003070011"), "an identity number stands"),
        (("answer", PAPER, "--field", "reason"), "'reason' is no field; write one like reason=TEXT"),
        (("answer", PAPER, "--step", "1"), "step 1 is none that this paper tells of"),
        (("answer", PAPER, "--to", "1"), "--to belongs to a paper for a third party"),
        (("consultation", PAPER, "--field", "whom=agency"), "--to NAME: which agency is asked"),
        (("consultation", PAPER, "--to", PARTY), "give the third party's number, as 1"),
        (("answer", "2026-guotu-13"), "2026-guotu-13"),
        (("answer", PAPER, "--number", "样国土依复[2026]003号"), "write it as 样国土依复〔2026〕3号"),
        (("answer", PAPER, "--number", "样国土依复（2026）3"), "write it as 样国土依复〔2026〕3号"),
        (("answer", PAPER, "--number", "三号"), "write it as 样国土依复〔2026〕3号"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_written_is_refused_with_what_would_be_right(
    office: Path, duban: Duban, words: tuple[str, ...], said: str
) -> None:
    refused = duban("request", "paper", *words, "--preview")
    assert (refused.status, refused.out) == (2, "")
    assert said in refused.err


@pytest.mark.parametrize(
    ("out", "said"),
    [("答复书.pdf", "write .docx"), ("无此处/答复书.docx", "there is no folder of that name")],
)
def test_a_file_that_cannot_be_written_is_refused_before_anybody_is_looked_at(
    office: Path, duban: Duban, out: str, said: str
) -> None:
    refused = duban("request", "paper", "answer", PAPER, "--out", out, "--by", HANDLER)
    assert (refused.status, said in refused.err) == (2, True)
    with _store(office).read() as tx:
        assert list(list_looks(tx, "sample")) == []


def test_the_name_is_written_for_who_handles_the_request_alone(office: Path, duban: Duban) -> None:
    unnamed = duban("request", "paper", "answer", PAPER, "--out", "答复书.docx")
    assert (unnamed.status, "give --by WHO" in unnamed.err) == (2, True)
    other = duban("request", "paper", "answer", PAPER, "--out", "答复书.docx", "--by", "路人")
    assert (other.status, "does not handle" in other.err) == (2, True)
    assert not (office / "答复书.docx").exists()


def test_a_complaint_has_no_such_papers(office: Path, duban: Duban) -> None:
    with _store(office).begin() as tx:
        add_request(tx, replace(REQUEST, kind="complaint", number=1))
    refused = duban("request", "paper", "receipt", "complaint:2026-guotu-1", "--preview")
    assert (refused.status, "登记回执 is written about a request" in refused.err) == (2, True)


def test_a_county_words_its_own_papers(office: Path, duban: Duban) -> None:
    folder = office / "rules/counties/sample/templates"
    folder.mkdir()
    own = folder / "request_receipt.txt.j2"
    own.write_text("回执\n{{ opening }}已登记（{{ registered }}）。", "utf-8")
    assert "回执\n" in duban("request", "paper", "receipt", PAPER, "--preview").out
    own.write_text("{{ nothing.there }}", "utf-8")
    said = duban("request", "paper", "receipt", PAPER, "--preview")
    assert "政府信息公开申请登记回执" in said.out
    assert "the county's own template was left aside for the shipped one: request_receipt" in said.err


def test_a_fee_is_computed_with_its_working(made: Path, duban: Duban) -> None:
    assert duban("request", "fee", "--items", "11").out == "当月累计11件：第1至10件不收费；第11件100元；合计100元。\n"
    assert "合计10元。" in duban("request", "fee", "--pages", "31").out
    assert duban("request", "fee", "--pages", "31", "--earlier", "2").status == 2
    assert duban("request", "fee", "--pages", "31", "--items", "2").status == 2
