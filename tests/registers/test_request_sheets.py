"""Sheets of requests are read by their heads; each error names its cell and repeats nothing that stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from tests.registers.import_office import BOOK
from tests.registers.request_sheet import (
    HEADS,
    ID_NUMBER,
    NAME,
    PHONE,
    ROW,
    SECRETS,
    csv_file,
    row_of,
    workbook,
)
from tracker.evidence.attachments.readers.sheet_rows import read_table
from tracker.registers.errors import RegisterError
from tracker.registers.request_cells import SheetWords
from tracker.registers.request_heads import SheetHeads, find_field, read_heads
from tracker.registers.request_rows import RequestRow, RowReading, read_request_rows
from tracker.registers.request_words import AMBIGUOUS_HEADS, WORDS
from tracker.registers.request_words import HEADS as KNOWN_HEADS


def heads_of(*heads: str, chosen: Mapping[str, str] | None = None, given: Sequence[str] = ()) -> SheetHeads:
    return read_heads(read_table(workbook(heads=heads)), chosen or {}, given)


def read(body: bytes, *, chosen: Mapping[str, str] | None = None, words: SheetWords | None = None) -> list[RowReading]:
    table, words = read_table(body), words or SheetWords()
    return read_request_rows(table, read_heads(table, chosen or {}, words.given), BOOK, words)


def errors_of(**changed: Any) -> list[str]:
    """The errors of the one row below the heads, whose line is 2."""
    return [*map(str, read(workbook(row_of(**changed)))[0].errors)]


def row_with(**changed: Any) -> RequestRow:
    (reading,) = read(workbook(row_of(**changed)))
    assert reading.row is not None, reading.errors
    return reading.row


# -- heads -----------------------------------------------------------------------------------------


def test_no_head_means_two_fields() -> None:
    heads = [head for names in KNOWN_HEADS.values() for head in names] + [*AMBIGUOUS_HEADS]
    assert sorted({head for head in heads if heads.count(head) > 1}) == []


@pytest.mark.parametrize("name", WORDS)
def test_no_word_means_two_codes(name: str) -> None:
    words = [word for words in WORDS[name].values() for word in words]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("登记编号", "number"), ("收到日期 ", "received"), ("申请时间", "filed"), ("申请人（姓名/名称）", "applicant"),
        ("身份证号*", "id_number"), ("答复类型/办理结果", "result"), ("延\n期", "extended"), ("备注：", "note"),
        ("E-mail", ""), ("序号", ""), ("答复期限", ""),
    ],
)  # fmt: skip
def test_a_head_is_known_as_offices_write_it(head: str, field: str) -> None:
    uses = heads_of(
        "收到日期" if field != "received" else "x", "承办单位", "申请方式", "申请内容", head, given=KNOWN_HEADS
    ).uses
    assert uses[-1].field == field


def test_a_person_says_what_other_heads_hold() -> None:
    found = heads_of(
        "来件日", "科室", "如何收到", "要什么", "备用",
        chosen={"来件日": "received", "B": "owner", "如何收到": "way", "要什么": "title", "备用": ""},
    )  # fmt: skip
    assert found.columns == {"received": 0, "owner": 1, "way": 2, "title": 3}


def test_a_head_of_two_meanings_is_the_one_that_is_left() -> None:
    both = ("收到日期", "承办单位", "申请方式", "申请内容", "告知补正日期", "补正日期")
    assert {use.letters: use.field for use in heads_of(*both).uses}["F"] == "corrected"
    other = (*both[:4], "收到补正日期", "补正日期")
    assert {use.letters: use.field for use in heads_of(*other).uses}["F"] == "asked"


WRONG_HEADS: dict[str, tuple[tuple[str, ...], dict[str, str], list[str]]] = {
    "no heads at all": (
        ("甲", "乙"), {},
        ["none of the first 1 rows holds heads of a sheet of requests, such as 收到日期, 申请内容, 承办单位"],
    ),
    "a column that every row needs": (
        ("收到日期", "申请内容"), {},
        ["no column 申请方式: name it with --map HEAD=申请方式, or say it of all rows with --set 申请方式=…",
         "no column 承办单位 / 受理机关: name it with --map HEAD=承办单位, or say it of all rows with --set "
         "承办单位=…"],
    ),
    "two columns for one field": (
        ("收到日期", "收件日期", "申请方式", "申请内容", "承办单位"), {},
        ["A1 and B1: two columns for 收到日期; leave one out with --map B=-"],
    ),
    "a head of two meanings": (
        ("收到日期", "申请方式", "申请内容", "承办单位", "补正日期"), {},
        ["E1 补正日期 may be 收到补正日期 or 告知补正日期: say which with --map E=收到补正日期"],
    ),
    "a --map for a head that is not there": (
        ("收到日期", "申请方式", "申请内容", "承办单位"), {"办结日": "answered"},
        ["--map 办结日: the sheet has no such head (it has 收到日期、申请方式、申请内容、承办单位)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("heads", "chosen", "errors"), WRONG_HEADS.values(), ids=WRONG_HEADS)
def test_wrong_heads_are_refused_all_at_once(heads: tuple[str, ...], chosen: dict[str, str], errors: list[str]) -> None:
    with pytest.raises(RegisterError) as refused:
        heads_of(*heads, chosen=chosen)
    assert str(refused.value).splitlines() == errors


def test_merged_heads_are_refused_with_their_cells() -> None:
    rows = workbook(
        ("", "", "", "", "日期", "类型"), row_of()[:6], heads=("", "", "", "申请方式", "", ""), first="A3",
        merged={"A3:A4": "收到日期", "B3:B4": "申请内容", "C3:C4": "承办单位", "E3:F3": "答复",
                "A1:F1": "2025年登记台账"},
    )  # fmt: skip
    with pytest.raises(
        RegisterError, match="merged heads A3:A4, B3:B4, C3:C4, E3:F3: unmerge them and write in one row"
    ):
        read(rows)


def test_a_merged_title_above_the_heads_is_no_head() -> None:
    (reading,) = read(workbook(row_of(), first="B3", merged={"B1:O1": "2025年依申请公开登记台账"}))
    assert reading.row is not None
    assert reading.line == 4


def test_a_cell_merged_over_columns_below_the_heads_is_refused() -> None:
    with pytest.raises(RegisterError, match="cells merged over several columns A3:B3: unmerge them"):
        read(workbook(row_of(), merged={"A3:B3": "小计"}))


# -- rows ------------------------------------------------------------------------------------------


def test_a_row_of_a_workbook_becomes_a_request_with_its_moves() -> None:
    row = row_with(延期="2025年3月31日", 备注="电话沟通过")
    assert (row.department, row.year, row.number, row.way, row.filed_on) == (
        "huanbao", 2025, 7, "online", date(2025, 3, 3),
    )  # fmt: skip
    assert (row.kind, row.applicant_kind, row.title) == ("request", "natural", "2024年大气环境质量监测数据")
    assert row.person is not None
    assert (row.person.name, row.person.id_number, row.person.phone) == (NAME, ID_NUMBER, PHONE)
    assert row.person.text == "2024年大气环境质量监测数据\n备注：电话沟通过"
    assert [(move.kind.value, str(move.on), move.place) for move in row.moves] == [
        ("register", "2025-03-03", "A2 登记编号"),
        ("extend", "2025-03-31", "J2 延期告知日期"),
        ("answer", "2025-03-20", "K2 答复日期"),
    ]
    assert row.moves[-1].fields == {"answer": "disclosed", "imported": "yes"}


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_text_file_gives_the_same_as_a_workbook(code: str) -> None:
    assert read(csv_file(row_of(), code=code)) == read(workbook(row_of()))


@pytest.mark.parametrize(
    "day", [date(2025, 3, 2), "2025-03-02", "2025/3/2", "2025.3.2", "2025年3月2日", "２０２５年３月２日", "20250302",
            20250302, 45718]
)  # fmt: skip
def test_a_day_is_read_as_offices_write_it(day: Any) -> None:
    assert row_with(收到日期=day).received == date(2025, 3, 2)


@pytest.mark.parametrize(
    ("number", "read_as"),
    [
        (7, (2025, 7)), ("007", (2025, 7)), ("7号", (2025, 7)), ("2024-7", (2024, 7)), ("〔2024〕7号", (2024, 7)),
        ("沂环依申请〔2024〕第12号", (2024, 12)), ("", (2025, 0)),
    ],
)  # fmt: skip
def test_a_number_is_read_as_offices_write_it(number: Any, read_as: tuple[int, int]) -> None:
    row = row_with(登记编号=number)
    assert (row.year, row.number) == read_as


def test_moves_come_in_the_order_of_their_days() -> None:
    heads = (*HEADS, "告知补正日期", "补正日期", "归档日期")
    cells = (*row_of(延期="2025-3-28；2025-4-10", 答复日期="2025-4-20"), "2025-3-5", "2025-3-12", "2025-5-6")
    (reading,) = read(workbook(cells, heads=heads))
    assert reading.row is not None
    assert [(move.kind.value, str(move.on)[5:]) for move in reading.row.moves] == [
        ("register", "03-03"), ("ask-correction", "03-05"), ("corrected", "03-12"), ("extend", "03-28"),
        ("extend", "04-10"), ("answer", "04-20"), ("archive", "05-06"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("result", "ground", "kind", "fields"),
    [
        ("同意公开", "", "answer", {"answer": "disclosed"}),
        ("不予公开", "个人隐私", "answer", {"answer": "withheld", "ground": "privacy"}),
        ("信息不存在", "/", "answer", {"answer": "nonexistent"}),
        ("申请人撤回", "", "withdraw", {}),
        ("视为放弃", "", "abandon", {"why": "uncorrected"}),
    ],
)
def test_a_result_becomes_the_move_that_it_means(result: str, ground: str, kind: str, fields: dict[str, str]) -> None:
    last = row_with(办理结果=result, 不予公开理由=ground).moves[-1]
    imported = {"imported": "yes"} if kind == "answer" else {}
    assert (last.kind.value, last.fields) == (kind, {**fields, **imported})


@pytest.mark.parametrize(
    ("result", "answered", "until"),
    [
        ("视为放弃", "2026-03-30", "2026-03-29"),
        ("视为放弃", "2026-03-05", "2026-03-06"),
        ("予以公开", "2026-03-05", "2026-03-06"),
    ],
)
def test_a_term_that_no_sheet_gives_is_lawful(result: str, answered: str, until: str) -> None:
    cells = (*row_of(登记编号="2026-7", 收到日期="2026-03-03", 答复日期=answered, 办理结果=result), "2026-03-05")
    (reading,) = read(workbook(cells, heads=(*HEADS, "告知补正日期")))
    moves = reading.row.moves if reading.row else ()
    assert [dict(move.fields) for move in moves if move.kind.value == "ask-correction"] == [{"until": until}]


def test_what_is_disclosed_in_part_says_why() -> None:
    assert ["it is empty, though part is withheld" in error for error in errors_of(办理结果="部分公开")] == [True]
    assert errors_of(办理结果="部分公开", 不予公开理由="个人隐私") == []


TOTAL = dict.fromkeys(ROW, "")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        ({"登记编号": "合计", "申请人类别": 12}, True),
        ({"申请人": "合  计", "申请内容": 12}, True),
        ({"备注": "总计：12件"}, True),
        ({"登记编号": "小计"}, True),
        ({"收到日期": date(2025, 3, 3), "备注": "合计"}, False),
        ({"申请人": NAME, "备注": "合计"}, False),
        ({"申请内容": "各类补偿合计"}, False),
    ],
)
def test_a_row_that_adds_up_others_is_no_request(cells: dict[str, Any], is_total: bool) -> None:
    first, second = read(workbook(row_of(), row_of(**{**TOTAL, **cells})))
    assert (first.is_total, second.is_total) == (False, is_total)
    assert bool(second.errors) is not is_total


@pytest.mark.parametrize(("cell", "head"), [("公民", "D2 申请人类别"), ("", "C2 申请人")])
def test_an_organisation_is_no_natural_person(cell: str, head: str) -> None:
    row = row_of(申请人="样例县某某建材有限公司", 身份证号="", 申请人类别=cell)
    (reading,) = read(workbook(row), words=SheetWords({"applicant_kind": "自然人"}))
    (error,) = reading.errors
    assert error.startswith(f"{head}: this is an organisation, no natural person")
    assert "建材" not in error


def test_an_open_request_has_no_answer() -> None:
    assert [move.kind.value for move in row_with(答复日期="", 办理结果="办理中").moves] == ["register"]


def test_what_the_applicant_wrote_becomes_a_title_without_the_applicant() -> None:
    text = f"本人{NAME}（电话{PHONE}）要求公开某地块的征收公告"
    row = row_with(申请内容=text)
    assert row.title == "本人申请人(电话申请人)要求公开某地块的征收公告".replace("(", "（").replace(")", "）")
    assert row.person is not None
    assert row.person.text == text


def test_the_words_of_an_office_are_told_once_for_all_rows() -> None:
    words = SheetWords(
        given={"applicant_kind": "自然人", "owner": "环保局"}, meanings={"信函": "平常信函", "已办": "disclosed"}
    )
    heads = ("收到日期", "申请方式", "申请内容", "答复日期", "办理结果")
    (reading,) = read(workbook(("2025-3-3", "信函", "规划", "2025-3-9", "已办"), heads=heads), words=words)
    assert reading.row is not None
    assert (reading.row.way, reading.row.applicant_kind, reading.row.department) == (
        "ordinary-post", "natural", "huanbao",
    )  # fmt: skip
    assert reading.row.moves[-1].fields["answer"] == "disclosed"


def test_the_department_that_registers_and_the_one_that_answers_are_told_apart() -> None:
    (reading,) = read(workbook((*row_of(), "财政局"), heads=(*HEADS, "受理机关")))
    assert reading.row is not None
    assert (reading.row.department, reading.row.owner) == ("caizheng", "huanbao")


# -- wrong rows ------------------------------------------------------------------------------------

DAY_HELP = "write a day as 2025-03-02, 2025/3/2, 2025年3月2日 or 20250302"
WAYS = "当面、挂号信、平常信函、网络、传真、电子邮件、口头"
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no day of receipt": ({"收到日期": ""}, [f"B2 收到日期: it is empty: {DAY_HELP}"]),
    "a day without its year": ({"收到日期": "3月2日"}, [f"B2 收到日期: it is no day: {DAY_HELP}"]),
    "a day that there is not": ({"答复日期": "2025-02-30"}, [f"K2 答复日期: it is no day: {DAY_HELP}"]),
    "a name for a day": ({"收到日期": NAME}, [f"B2 收到日期: it is no day: {DAY_HELP}"]),
    "two days of receipt": ({"收到日期": "2025-3-2；2025-3-3"}, ["B2 收到日期: it holds 2 days: write one"]),
    "a wrong check digit": (
        {"身份证号": "371323199003070018"},
        ["E2 身份证号: the check digit of the identity number is wrong: character 18 would be X if the others are "
         "right"],
    ),
    "a number that the spreadsheet rounded": (
        {"身份证号": 371323199003070015},
        ["E2 身份证号: a spreadsheet rounds numbers this long; format the column as text"],
    ),
    "an unknown way": (
        {"申请方式": NAME},
        [f"H2 申请方式: the word is not known: write one of {WAYS}, or say what it means with --value WORD=MEANING"],
    ),
    "a way between which the law makes a difference": (
        {"申请方式": "邮寄"},
        ["H2 申请方式: the word may mean 挂号信、平常信函: write which, or say it of all rows with --value "
         "WORD=MEANING"],
    ),
    "an unknown department": (
        {"承办单位": "财正局"}, ["I2 承办单位: no department of that name: did you mean 财政局?"],
    ),
    "a department of two": ({"承办单位": "管理局"}, ["I2 承办单位: it may be bianban or caizheng: write its id"]),
    "an unknown ground": (
        {"办理结果": "不予公开", "不予公开理由": "涉及稳定"},
        ["M2 不予公开理由: the word is not known: write one of 国家秘密、法律、行政法规禁止公开、三安全一稳定、"
         "商业秘密、个人隐私、内部事务信息、过程性信息、行政执法案卷信息, or say what it means with --value "
         "WORD=MEANING"],
    ),
    "an extension without its day": (
        {"延期": "是"}, ["J2 延期告知日期: write the day on which the applicant was told of the extension"],
    ),
    "an answer without its day": (
        {"答复日期": ""}, [f"K2 答复日期: it is empty, though there is a result: {DAY_HELP}"],
    ),
    "a number that is none": (
        {"登记编号": "甲乙"}, ["A2 登记编号: it is no number of the register: write 12, 2025-12 or 〔2025〕12号"],
    ),
    "a remark on nobody": (
        {"申请人": "", "身份证号": "", "联系电话": "", "备注": "来电"},
        ["C2 申请人: it is empty: a remark is kept with the applicant's data, so write the name"],
    ),
    "another's identity number in the text": (
        {"申请内容": "要求公开371323199103070019的档案"},
        ["G2 申请内容: title: an identity number stands at character 5: leave it out here; it belongs to the person "
         "(duban request person … --file FILE), where it is stored encrypted; write what is asked in a column "
         "事项名称, in words that name no person"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "errors"), WRONG.values(), ids=WRONG)
def test_an_error_names_its_cell_and_what_would_be_right(changed: dict[str, Any], errors: list[str]) -> None:
    assert errors_of(**changed) == errors
    assert [secret for secret in SECRETS if secret in "\n".join(errors)] == []


def test_all_errors_of_a_row_are_told_at_once() -> None:
    errors = errors_of(
        收到日期="昨天", 身份证号="371323199003070018", 申请方式="飞鸽", 承办单位="火星局", 答复日期="不详"
    )
    assert [error.split(" ")[0] for error in errors] == ["B2", "H2", "I2", "E2", "K2"]


def test_a_formula_without_a_value_is_no_blank() -> None:
    heads, cells = list(HEADS), list(row_of())
    cells[heads.index("答复日期")] = "#N/A"
    (reading,) = read(csv_file(cells))
    assert [*map(str, reading.errors)] == ["K2 答复日期: the cell's formula gives no value; write the value itself"]


def test_a_row_without_anything_that_is_read_is_none() -> None:
    assert len(read(workbook(row_of(), ["", ""], heads=(*HEADS, "小计")))) == 1


def test_every_field_can_be_named_by_its_key_and_its_chinese_name() -> None:
    assert {name: (find_field(name), find_field(heads[0])) for name, heads in KNOWN_HEADS.items()} == {
        name: (name, name) for name in KNOWN_HEADS
    }
    assert (find_field("-"), find_field("备用")) == ("", None)
    assert set(ROW) <= set(HEADS)
