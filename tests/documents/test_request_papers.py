"""The papers of a request: what each says, in whose name, and that no template sees who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.shipped_acts import ACTS
from tracker.core.law.county import Contact, County, Department, Rulebook
from tracker.core.requests.answer_kinds import ANSWER_KINDS, ELEMENTS, AnswerKind
from tracker.core.requests.papers import PAPERS, check_paper
from tracker.core.requests.values import Request
from tracker.core.values.formulas import RequestRules
from tracker.documents.request_papers import RequestPaper, build_paper, issuer_of

NAME = "诸葛明月"
COUNTY = County(
    "sample", "样例县", date(2015, 1, 1),
    {"guotu": Department("guotu", "国土局", liaison=Contact("杨帆", tel="0431-81234567")),
     "fagai": Department("fagai", "样例县发展和改革局")},
    {}, {},
)  # fmt: skip
BOOK = Rulebook(COUNTY, (), {}, acts=ACTS)
REQUEST = Request(
    1, "sample", "request", "guotu", 2026, 12, "guotu", "online", date(2026, 3, 1), date(2026, 3, 2), "natural",
    "2025年度征地补偿安置方案",
)  # fmt: skip
OLD = replace(REQUEST, year=2015, filed_on=date(2015, 3, 2), received=date(2015, 3, 2), way="in-person")
FIELDS: Mapping[str, Mapping[str, str]] = {
    "receipt": {},
    "correction": {"what": "没有写明地块和年份。", "until": "2026-03-20"},
    "consultation": {"whom": "third-party", "interest": "商业秘密"},
    "extension": {"reason": "调取的档案较多", "until": "2026-04-27", "approved": "李公开"},
    "delay": {"reason": "所涉档案较多", "until": "2026-06-30"},
    "fee": {"amount": "3000", "working": "当月累计35件：……；合计3000元。", "payment": "到政务服务大厅缴纳"},
    "answer": {"answer": "published", "where": "县政府网站“规划计划”栏目"},
    "override": {"what": "补偿标准和总额", "reason": "涉及全村被征地农民的利益"},
    "complaint": {"answer": "founded", "finding": "公告迟了九日", "measures": "已责令改正并补发"},
}


def _paper(
    code: str, fields: Mapping[str, str] | None = None, request: Request = REQUEST, book: Rulebook = BOOK,
    folder: Path | None = None, dated: date = date(2026, 3, 16),
) -> RequestPaper:  # fmt: skip
    return build_paper(
        PAPERS[code], request, FIELDS[code] if fields is None else fields, rulebook=book, addressee=NAME, dated=dated,
        number="样国土依复〔2026〕3号", folder=folder,
    )  # fmt: skip


def _says(paper: RequestPaper, *texts: str) -> None:
    missing = [text for text in texts if text not in paper.text]
    assert not missing, f"{missing} in\n{paper.text}"


@pytest.mark.parametrize("code", PAPERS)
def test_every_paper_is_a_letter_of_the_department_to_who_asks(code: str) -> None:
    paper = _paper(code)
    assert paper.fault == ""
    assert check_paper(PAPERS[code], FIELDS[code], date(2026, 3, 16)) == []
    document = paper.document
    assert (document.issuer, document.signature, document.letter) == ("样例县国土局", "样例县国土局", True)
    assert (document.addressee, document.number, document.note) == (
        NAME,
        "样国土依复〔2026〕3号",
        "联系电话：0431-81234567",
    )
    _says(paper, "2026年3月2日", "“2025年度征地补偿安置方案”", "2026年3月16日")
    assert "。。" not in paper.text


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("receipt", ("登记回执", "登记编号为2026年第12号", "20个工作日内予以答复")),
        ("correction", ("补正告知书", "第三十条", "没有写明地块和年份。", "2026年3月20日前（含当日）", "视为放弃申请")),
        ("consultation", ("征求政府信息公开意见的函", "第三十二条", "15个工作日", "不同意公开的，请说明理由")),
        ("extension", ("延期答复告知书", "第三十三条第二款", "延长20个工作日，至2026年4月27日止")),
        ("delay", ("延迟答复告知书", "第三十五条", "2026年6月30日前")),
        ("fee", ("收费通知", "第四十二条", "国办函〔2020〕109号", "3000元", "20个工作日内缴纳", "不再处理")),
        (
            "answer",
            (
                "答复书",
                "第三十六条第一项",
                "县政府网站“规划计划”栏目",
                "60日内向样例县人民政府申请行政复议",
                "六个月内",
            ),
        ),
    ],
)
def test_a_paper_says_what_the_regulations_of_2019_ask(code: str, texts: tuple[str, ...]) -> None:
    _says(_paper(code), *texts)


@pytest.mark.parametrize(
    ("code", "texts", "none"),
    [
        ("receipt", ("15个工作日内予以答复",), ("20个工作日",)),
        ("correction", ("第二十一条第四项", "更改、补充"), ("补正的申请之日", "视为放弃")),
        ("consultation", ("第二十三条", "是否同意公开"), ("15个工作日",)),
        ("extension", ("第二十四条第二款", "延长15个工作日"), ("20个工作日",)),
        ("answer", ("第二十一条第一项", "上一级主管部门", "三个月内"), ("六个月",)),
    ],
)
def test_a_paper_says_what_the_regulations_of_2007_ask(
    code: str, texts: tuple[str, ...], none: tuple[str, ...]
) -> None:
    paper = _paper(code, request=OLD, dated=date(2015, 3, 16))
    _says(paper, *texts)
    assert [text for text in none if text in paper.text.replace("政府信息公开申请补正告知书", "")] == []


@pytest.mark.parametrize("received", [OLD.received, REQUEST.received], ids=["2007", "2019"])
@pytest.mark.parametrize("kind", ANSWER_KINDS.values(), ids=lambda kind: kind.code)
def test_an_answer_holds_the_elements_of_its_kind_its_article_and_the_remedies(
    kind: AnswerKind, received: date
) -> None:
    act = "foi-2019" if received.year > 2019 else "foi-2007"
    if act not in kind.articles:
        pytest.skip("not known to these Regulations")
    fields = {name: f"〈{ELEMENTS[name].title}〉" for name in kind.needs}
    ground = "privacy" if kind.ground else ""
    request = replace(REQUEST, received=received)
    paper = _paper("answer", {"answer": kind.code, "ground": ground, **fields}, request, dated=received)
    _says(paper, *fields.values(), kind.articles[act], "申请行政复议", "提起行政诉讼")
    if ground:
        _says(paper, "涉及个人隐私的信息", "第十五条" if act == "foi-2019" else "第十四条")


def test_an_agency_that_is_known_is_named_with_its_contacts() -> None:
    fields = {"answer": "not-held", "reason": "由交通部门制作", "agency": "样例县交通局", "contact": "0431-80000000"}
    _says(_paper("answer", fields), "样例县交通局", "0431-80000000")
    assert "联系方式" not in _paper("answer", {"answer": "not-held", "reason": "由交通部门制作"}).text


@pytest.mark.parametrize(
    ("answer", "dated", "first"),
    [
        ("withheld", date(2023, 12, 31), False),
        ("withheld", date(2024, 1, 1), True),
        ("partly", date(2024, 1, 1), True),
        ("published", date(2024, 1, 1), False),
    ],
)
def test_from_2024_a_refusal_says_that_reconsideration_comes_first(answer: str, dated: date, first: bool) -> None:
    fields = dict.fromkeys(ELEMENTS, "某事") | {"answer": answer, "ground": "process"}
    text = _paper("answer", fields, dated=dated).text
    assert ("应当先自收到本答复书之日起60日内" in text) is first
    assert ("收到行政复议决定书之日起15日内" in text) is first
    assert ("逾期没有复议决定的，可以自收到有关决定或者复议期限届满之日起15日内" in text) is first
    assert ("《中华人民共和国行政复议法》第三十四条" in text) is first
    assert ("六个月内" in text) is not first


def test_a_co_maker_and_another_agency_are_asked_in_their_own_words() -> None:
    _says(_paper("consultation", {"whom": "co-maker"}), "共同制作", "第三十四条", "视为同意公开")
    other = _paper("consultation", {"whom": "agency", "until": "2026-03-25"})
    _says(other, "于2026年3月25日前（含当日）函复")
    assert "第三十" not in other.text


@pytest.mark.parametrize(
    ("request_", "harm"), [(OLD, "可能损害"), (REQUEST, "会损害")], ids=["2007 art. 23", "2019 art. 32"]
)
def test_the_harm_to_a_third_party_is_said_as_the_regulations_do(request_: Request, harm: str) -> None:
    _says(_paper("consultation", {"whom": "third-party"}, request_), f"公开后{harm}")


@pytest.mark.parametrize(
    ("interest", "said"), [("commercial-secret", "（商业秘密）"), ("贵单位的商标", "（贵单位的商标）")]
)
def test_what_a_third_party_may_lose_is_named_in_words(interest: str, said: str) -> None:
    _says(_paper("consultation", {"whom": "third-party", "interest": interest}), f"合法权益{said}")


def test_an_organisation_is_addressed_as_one() -> None:
    assert "您" not in _paper("answer", request=replace(REQUEST, applicant_kind="company")).text
    assert "贵单位" not in _paper("answer").text


def test_no_template_sees_who_asks(tmp_path: Path) -> None:
    (tmp_path / "request_answer.txt.j2").write_text(
        "答复书\n{{ kind }}{{ title }}{{ opening }}{{ fields }}{{ law }}{{ you }}{{ remedies }}", "utf-8"
    )
    paper = _paper("answer", folder=tmp_path)
    assert (paper.fault, paper.document.title) == ("", "答复书")
    assert NAME not in "".join(paragraph.text for paragraph in paper.document.body)


def test_a_county_words_its_papers_itself_and_a_broken_template_is_left_aside(tmp_path: Path) -> None:
    own = tmp_path / "request_extension.txt.j2"
    own.write_text("延期通知\n{{ opening }}延长{{ days }}个工作日。\n", "utf-8")
    paper = _paper("extension", folder=tmp_path)
    assert (paper.document.title, len(paper.document.body)) == ("延期通知", 1)
    own.write_text("{{ nothing.there }}", "utf-8")
    fallback = _paper("extension", folder=tmp_path)
    assert fallback.fault.startswith("request_extension: UndefinedError")
    assert fallback.text == _paper("extension").text


def test_names_and_contacts_come_from_the_county_file() -> None:
    rules = RequestRules(names={"guotu": "样例县自然资源局"}, contacts={"guotu": "联系人：李老师，电话：0431-80001111"})
    document = _paper("answer", book=replace(BOOK, requests=rules)).document
    assert (document.issuer, document.note) == ("样例县自然资源局", "联系人：李老师，电话：0431-80001111")
    assert issuer_of(BOOK, "fagai+guotu") == "样例县发展和改革局"  # the first of several answers
    office = replace(COUNTY, departments={"xianfuban": Department("xianfuban", "县政府办公室")})
    assert issuer_of(replace(BOOK, county=office), "xianfuban") == "样例县政府办公室"


@pytest.mark.parametrize("code", PAPERS)
def test_what_a_paper_lacks_is_named(code: str) -> None:
    errors = check_paper(PAPERS[code], {"until": " "}, date(2026, 3, 16))
    paper = PAPERS[code]
    assert errors == [f"a {paper.title} says {title} (--field {name}=…)" for name, title in paper.needs.items()]


def test_a_fee_is_charged_from_2021_on() -> None:
    assert check_paper(PAPERS["fee"], FIELDS["fee"], date(2020, 12, 31)) == ["a fee can be charged from 2021-01-01 on"]
    assert check_paper(PAPERS["fee"], FIELDS["fee"], date(2021, 1, 1)) == []


def test_a_notice_that_moves_no_clock_promises_no_new_time() -> None:
    assert "答复期限自本机关收到补正" in _paper("correction").text
    late = _paper("correction", {**FIELDS["correction"], "idle": "yes"}).text
    assert "答复期限" not in late
    assert "视为放弃申请" in late


def test_an_extension_says_no_more_than_the_regulations_allow() -> None:
    assert "延长20个工作日，至2026年4月27日止" in _paper("extension").text
    assert "延长20个工作日，至" in _paper("extension", {**FIELDS["extension"], "days": "40"}).text
    assert "延长10个工作日" in _paper("extension", {**FIELDS["extension"], "days": "10"}).text
    assert "止" not in _paper("extension", {**FIELDS["extension"], "idle": "yes"}).text
