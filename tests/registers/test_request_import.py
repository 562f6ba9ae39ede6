"""A sheet of requests is entered whole or not at all, once, by the acts of the register; nobody is named in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.registers.register_office import journalled
from tests.registers.request_office import CALENDAR, NOW, RULES, moved, new_request, standing_events
from tests.registers.request_sheet import HEADS, ID_NUMBER, NAME, PHONE, SECRETS, row_of, workbook
from tracker.core.requests.values import Request
from tracker.evidence.attachments.readers.sheet_rows import read_table
from tracker.registers.errors import RegisterError
from tracker.registers.eventimport import SourceFile
from tracker.registers.request_cells import SheetWords
from tracker.registers.request_heads import read_heads
from tracker.registers.request_import import RequestImport, import_requests
from tracker.registers.request_rows import read_request_rows
from tracker.registers.requests import receive
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.person_keys import Keys, create_key_file
from tracker.store.persons import list_persons, read_person
from tracker.store.requests import list_moves, list_requests
from tracker.store.tables import metadata

FILE = SourceFile("登记表.xlsx", "a" * 64, "2025年")
MORE = (*HEADS, "告知补正日期", "收到补正日期", "归档日期", "受理机关")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return create_key_file(tmp_path / "keys.yaml", date(2025, 1, 1))


@pytest.fixture
def office(store: Store) -> Store:
    with store.begin() as tx:
        ensure_county(tx, "sample")
    return store


def sheet_row(*more: Any, **changed: Any) -> tuple[Any, ...]:
    return (*row_of(承办单位="guotu", **changed), *more)


def bring(tx: Tx, keys: Keys | None, *rows: Sequence[Any], heads: Sequence[str] = MORE, **how: Any) -> RequestImport:
    table = read_table(workbook(*rows, heads=heads))
    readings = read_request_rows(table, read_heads(table, {}), RULES, SheetWords())
    return import_requests(tx, RULES, CALENDAR, keys, readings, FILE, **{"by": "李录", "now": NOW, **how})


def contents(tx: Tx) -> dict[str, list[Any]]:
    """Every row of the database, by table."""
    return {table.name: [tuple(row) for row in tx.execute(sa.select(table))] for table in metadata.sorted_tables}


def steps(tx: Tx, request: Request) -> list[str]:
    return [f"{move.kind} {move.on}" for move in list_moves(tx, request.id)]


def told(done: RequestImport) -> Iterator[str]:
    for row in done.rows:
        yield from (f"{row.line} {row.outcome}: {note}" for note in row.notes or [""])


# -- what is entered -------------------------------------------------------------------------------


def test_a_case_of_a_sheet_is_entered_step_by_step_with_its_days(office: Store, keys: Keys) -> None:
    row = sheet_row("2025-3-6", "2025-3-12", "2025-5-30", 延期="2025-3-31", 答复日期="2025-4-20")
    with office.begin() as tx:
        done = bring(tx, keys, row)
        (request,) = list_requests(tx, "sample")
        assert done.counts == {"new": 1}
        assert request.reference == "2025-guotu-7"
        assert (request.state, request.answer, request.answered_on) == ("archived", "disclosed", date(2025, 4, 20))
        assert steps(tx, request) == [
            "receive 2025-03-03", "register 2025-03-03", "ask-correction 2025-03-06", "corrected 2025-03-12",
            "extend 2025-03-31", "answer 2025-04-20", "archive 2025-05-30",
        ]  # fmt: skip
        assert {move.reason.partition("；")[0] for move in list_moves(tx, request.id)} == {"自登记表.xlsx第2行导入"}
        assert standing_events(tx) == [
            "corrected guotu 2025-guotu-7 2025-03-12", "correction-asked guotu 2025-guotu-7 2025-03-06",
            "foi-answered guotu 2025-guotu-7 2025-04-20", "foi-received guotu 2025-guotu-7 2025-03-03",
        ]  # fmt: skip
        (person,) = list_persons(tx, request.id)
        found = read_person(keys, "sample", person)
    assert (found.name, found.id_number, found.phone) == (NAME, ID_NUMBER, PHONE)


def test_a_second_extension_is_entered_with_a_remark(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        done = bring(tx, keys, sheet_row(延期="2025-3-20；2025-4-10", 答复日期="2025-5-12"))
        (request,) = list_requests(tx, "sample")
        extensions = [move for move in list_moves(tx, request.id) if move.kind == "extend"]
    assert [[remark.code for remark in move.remarks] for move in extensions] == [[], ["contrary"]]
    assert "2025年3月20日已延长答复期限，2025年4月10日再次延长" in done.rows[0].notes


def test_what_a_sheet_does_not_tell_is_held_against_nobody(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row())  # no column of reviews: that there was none is not known
        (request,) = list_requests(tx, "sample")
        assert [move.remarks for move in list_moves(tx, request.id) if move.remarks] == []


def test_a_late_answer_is_remarked_by_the_regulations_in_force_on_the_day_of_receipt(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(
            tx, keys,
            sheet_row(登记编号="2018-1", 收到日期="2018-3-5", 答复日期="2018-3-27"),  # 15 working days: to the 26th
            sheet_row(登记编号="2025-1", 收到日期="2025-3-3", 答复日期="2025-3-31"),  # 20 working days: to the 31st
        )  # fmt: skip
        remarks = {
            request.reference: [remark.code for move in list_moves(tx, request.id) for remark in move.remarks]
            for request in list_requests(tx, "sample")
        }
    assert remarks == {"2018-guotu-1": ["late"], "2025-guotu-1": []}


def test_the_department_that_answers_gets_the_request(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row("", "", "", "bianban", 答复日期="", 办理结果=""))
        (request,) = list_requests(tx, "sample")
        assert (request.reference, request.department, request.owner) == ("2025-bianban-7", "bianban", "guotu")
        assert [event.split()[1] for event in standing_events(tx)] == ["guotu"]


def test_requests_without_a_number_get_the_next_ones(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(
            tx, keys, sheet_row(), sheet_row(登记编号="", 申请内容="土地台账"), sheet_row(登记编号="", 申请内容="规划")
        )
        assert [request.reference for request in list_requests(tx, "sample")] == [
            "2025-guotu-7", "2025-guotu-8", "2025-guotu-9",
        ]  # fmt: skip


# -- a whole import or none ------------------------------------------------------------------------

BAD: dict[str, tuple[Mapping[str, Any], str]] = {
    "an answer before the receipt": (
        {"答复日期": "2025-3-1"},
        "K3 答复日期: answer on 2025-03-01, before 2025-guotu-8 was received on 2025-03-03",
    ),
    "a receipt in the future": ({"收到日期": "2027-3-3"}, "B3 收到日期: filed on 2027-03-03: that lies in the future"),
    "the same number again": (
        {"登记编号": "2025-7"},
        "the same request as line 2: keep one, or give each its own number",
    ),
    "an unknown ground": ({"办理结果": "不予公开", "不予公开理由": "不便"}, "M3 不予公开理由: the word is not known"),
    "a refusal without its ground": ({"办理结果": "不予公开"}, "K3 答复日期: an answer withheld rests on a ground"),
    "a wrong check digit": ({"身份证号": "371323199003070018"}, "E3 身份证号: the check digit of the identity number"),
    "an extension after the answer": (
        {"归档日期": "2025-3-21", "延期": "2025-3-28"},
        "K3 答复日期: ",
    ),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("changed", "error"), BAD.values(), ids=BAD)
def test_one_wrong_row_and_nothing_at_all_is_written(
    office: Store, keys: Keys, changed: Mapping[str, Any], error: str
) -> None:
    with office.begin() as tx:
        before = contents(tx)
        done = bring(tx, keys, sheet_row(), sheet_row(**{"登记编号": "2025-8", **changed}))
        assert done.is_refused
        (line,) = [line for line in told(done) if line.startswith("3 ")]
        assert error in line
        assert contents(tx) == before
    with office.read() as tx:
        assert contents(tx) == before
        assert [secret for secret in SECRETS if secret in "".join(told(done))] == []


def test_all_wrong_rows_are_told_at_once(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        done = bring(
            tx, keys, sheet_row(), sheet_row(登记编号="2025-8", 答复日期="2025-3-1"),
            sheet_row(登记编号="2025-9", 收到日期="不详"), sheet_row(),
        )  # fmt: skip
    assert [(row.line, row.outcome) for row in done.rows] == [(2, "new"), (3, "bad"), (4, "bad"), (5, "bad")]


def test_a_dry_run_says_the_same_and_writes_nothing(office: Store, keys: Keys) -> None:
    rows = (sheet_row(延期="2025-3-20；2025-4-10", 答复日期="2025-5-12"), sheet_row(登记编号="", 申请内容="规划"))
    with office.begin() as tx:
        before = contents(tx)
        tried = bring(tx, keys, *rows, dry_run=True)
        assert contents(tx) == before
        assert bring(tx, keys, *rows) == tried
        assert contents(tx) != before


# -- the same file again ---------------------------------------------------------------------------


def test_the_same_sheet_again_changes_nothing(office: Store, keys: Keys) -> None:
    rows = (sheet_row("2025-3-6", "2025-3-12"), sheet_row(登记编号="", 申请内容="土地台账"))
    with office.begin() as tx:
        bring(tx, keys, *rows)
        before = contents(tx)
        again = bring(tx, keys, *rows, by="王录")
        assert again.counts == {"same": 2}
        assert contents(tx) == before


def test_a_sheet_that_tells_more_continues_the_request(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row(答复日期="", 办理结果=""))
        again = bring(tx, keys, sheet_row(延期="2025-3-28"))
        (request,) = list_requests(tx, "sample")
        assert (again.counts, again.rows[0].moves) == ({"bad": 1}, 0)  # extended after the answer of 20 March
        again = bring(tx, keys, sheet_row(延期="2025-3-18"))
        assert (again.counts, again.rows[0].moves) == ({"continued": 1}, 2)
        assert steps(tx, request)[2:] == ["extend 2025-03-18", "answer 2025-03-20"]


def test_a_register_that_is_further_than_the_sheet_stays_as_it_is(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row(答复日期="", 办理结果=""))
        (request,) = list_requests(tx, "sample")
        moved(tx, request, "answer", "2025-03-20")
        assert bring(tx, keys, sheet_row(答复日期="", 办理结果="")).counts == {"same": 1}


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"答复日期": "2025-3-21"}, "K2 答复日期: the register has answer of 2025-03-20"),
        ({"办理结果": "部分公开", "不予公开理由": "个人隐私"}, "K2 答复日期: the register has answer of 2025-03-20"),
        ({"收到日期": "2025-3-4"}, "the register has another filed_on"),
        ({"联系电话": "13900000000"}, "the register has other data of the applicant"),
        ({"申请方式": "传真"}, "the register has another way"),
    ],
)
def test_what_differs_from_the_register_is_refused(
    office: Store, keys: Keys, changed: Mapping[str, Any], difference: str
) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row())
        before = contents(tx)
        again = bring(tx, keys, sheet_row(**changed))
        assert again.is_refused
        assert [difference in line for line in told(again)] == [True]
        assert contents(tx) == before
    assert [secret for secret in (*SECRETS, "13900000000") if secret in "".join(told(again))] == []


def test_what_retention_deleted_does_not_come_back(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row())
        (request,) = list_requests(tx, "sample")
        tx.execute(metadata.tables["persons"].delete())
        assert bring(tx, keys, sheet_row()).counts == {"same": 1}
        assert list_persons(tx, request.id) == []


# -- the applicant's data --------------------------------------------------------------------------


def test_nobody_is_named_in_clear_in_any_table(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row(申请内容=f"{NAME}的宅基地审批表", 备注="已电话告知本人"))
        everything = repr(contents(tx))
        assert "申请人的宅基地审批表" in everything
        assert [secret for secret in (*SECRETS, "已电话告知本人") if secret in everything] == []


def test_a_file_named_after_the_applicant_is_refused(office: Store, keys: Keys) -> None:
    table = read_table(workbook(sheet_row(), heads=MORE))
    readings = read_request_rows(table, read_heads(table, {}), RULES, SheetWords())
    source = SourceFile(f"{NAME}.xlsx", "a" * 64)
    with office.begin() as tx, pytest.raises(RegisterError, match="file: it holds the 姓名 of the person"):
        import_requests(tx, RULES, CALENDAR, keys, readings, source, by="李录", now=NOW)


def test_the_import_itself_is_journalled(office: Store, keys: Keys) -> None:
    with office.begin() as tx:
        bring(tx, keys, sheet_row())
        last = journalled(tx)[-1]
    assert (last.who, last.action, last.subject) == ("李录", "requests.imported", f"file:{'a' * 64}")


def test_what_is_entered_by_hand_and_what_is_imported_are_one_register(office: Store, keys: Keys) -> None:
    by_hand = new_request(number=7, year=2025, filed_on=date(2025, 3, 3))
    nobody = {"申请人": "", "身份证号": "", "联系电话": ""}
    with office.begin() as tx:
        request = receive(tx, RULES, CALENDAR, by_hand, by="王收", now=NOW).value
        done = bring(tx, keys, sheet_row(申请方式="当面", 申请内容="征地补偿安置方案", **nobody))
        assert done.counts == {"continued": 1}
        assert steps(tx, request) == ["receive 2025-03-03", "register 2025-03-03", "answer 2025-03-20"]
