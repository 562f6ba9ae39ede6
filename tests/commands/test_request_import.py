"""`duban request import`: what each column was taken for, what each row would do, and a whole import or none."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tests.registers.request_sheet import HEADS, SECRETS, csv_file, row_of, workbook

NOW = "2025-06-01T09:00"


@pytest.fixture
def office(county: Path, duban: Duban) -> Path:
    """The sample county with a key for personal data, and a sheet 登记表.xlsx beside it."""
    assert duban("request", "key", "create").status == 0
    write_sheet(county)
    return county


def write_sheet(folder: Path, *rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> None:
    (folder / "登记表.xlsx").write_bytes(workbook(*(rows or (row_of(),)), heads=heads))


def rows_on_record(folder: Path) -> int:
    with sqlite3.connect(folder / "duban.db") as connection:
        return int(connection.execute("SELECT count(*) FROM requests").fetchone()[0])


def test_a_dry_run_shows_what_each_column_was_taken_for_and_writes_nothing(office: Path, duban: Duban) -> None:
    write_sheet(office, (*row_of(), "否"), heads=(*HEADS, "是否逾期"))
    said = duban("request", "import", "登记表.xlsx", "--dry-run", "--now", NOW)
    lines = [line.split() for line in said.out.splitlines()]
    assert ["J", "延期", "延期告知日期"] in lines
    assert ["O", "是否逾期", "not", "read"] in lines
    assert "2025-huanbao-7" in said.out
    assert "钱**" in said.out
    assert said.err == "登记表.xlsx: 1 to enter; nothing was written\n"
    assert (said.status, rows_on_record(office)) == (0, 0)


def test_an_import_is_entered_once(office: Path, duban: Duban) -> None:
    said = duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW)
    assert (said.status, said.out) == (0, "登记表.xlsx: 1 entered (judged at the next tick)\n")
    assert said.err == ""
    again = duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW)
    assert (again.status, again.out, rows_on_record(office)) == (0, "登记表.xlsx: 1 as on record\n", 1)


def test_all_wrong_rows_are_told_and_nothing_is_written(office: Path, duban: Duban) -> None:
    write_sheet(
        office, row_of(), row_of(登记编号="2025-8", 收到日期="昨天"), row_of(登记编号="2025-9", 答复日期="2025-3-1")
    )
    said = duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW)
    assert said.status == 2
    assert "登记表.xlsx: line 3: B3 收到日期: it is no day" in said.err
    assert "登记表.xlsx: line 4: K4 答复日期: answer on 2025-03-01, before 2025-huanbao-9 was received" in said.err
    assert said.err.endswith("登记表.xlsx: 1 to enter, 2 bad; nothing was written\n")
    assert rows_on_record(office) == 0
    assert [secret for secret in SECRETS if secret in said.out + said.err] == []
    dry = duban("request", "import", "登记表.xlsx", "--dry-run", "--now", NOW)
    assert (dry.status, dry.err) == (1, "登记表.xlsx: 1 to enter, 2 bad; nothing was written\n")


def test_the_words_of_an_office_are_told_on_the_command_line(office: Path, duban: Duban) -> None:
    heads = ("来件日", "件号", "科室", "要求", "渠道", "结果", "哪天", "申请人类别")
    write_sheet(office, ("2025-3-3", 4, "环境科", "监测数据", "信函", "给了", "2025-3-9", "公民"), heads=heads)
    said = duban(
        "request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW, "--format", "csv",
        "--map", "来件日=收到日期", "--map", "B=number", "--map", "科室=承办单位", "--map", "要求=title",
        "--map", "G=答复日期", "--value", "信函=平信", "--value", "给了=予以公开", "--value", "环境科=huanbao",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert [(row["reference"], row["outcome"], row["moves"]) for row in said.rows] == [("2025-huanbao-4", "new", "3")]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--map", "收到"], "--map '收到': write HEAD=FIELD, with one of the fields 登记编号、"),
        (["--map", "收到=什么"], "--map '收到=什么': write HEAD=FIELD"),
        (["--set", "申请方式="], "--set '申请方式=': write FIELD=VALUE"),
        (["--value", "信函"], "--value '信函': write WORD=MEANING, like 信函=挂号信"),
        (["--sheet", "三月"], "登记表.xlsx: no sheet '三月' (one of: 2025年)"),
        ([], "--by is missing: who says so? (--dry-run needs nobody)"),
    ],
)
def test_wrong_words_are_refused(office: Path, duban: Duban, words: list[str], error: str) -> None:
    who = ["--by", "李录"] if words else []
    said = duban("request", "import", "登记表.xlsx", *words, *who)
    assert said.status == 2
    assert error in said.err


def test_a_text_file_is_taken_too(office: Path, duban: Duban) -> None:
    (office / "登记表.csv").write_bytes(csv_file(row_of(收到日期=date(2025, 3, 3)), code="gbk"))
    said = duban("request", "import", "登记表.csv", "--by", "李录", "--now", NOW)
    assert (said.status, said.out) == (0, "登记表.csv: 1 entered (judged at the next tick)\n")


def test_without_a_key_nobody_is_entered(county: Path, duban: Duban) -> None:
    write_sheet(county)
    said = duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW)
    assert said.status == 2
    assert "duban request key create makes one" in said.err
    assert rows_on_record(county) == 0


def test_nothing_in_clear_is_left_in_the_folder(office: Path, duban: Duban) -> None:
    assert duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW).status == 0
    (office / "登记表.xlsx").unlink()
    found = [
        path.name
        for path in office.rglob("*")
        if path.is_file() and any(s.encode() in path.read_bytes() for s in SECRETS)
    ]
    assert found == []


def test_it_speaks_chinese(office: Path, duban: Duban) -> None:
    write_sheet(office, row_of(收到日期="昨天"))
    said = duban("--lang", "zh", "request", "import", "登记表.xlsx", "--dry-run", "--now", NOW)
    assert "登记表.xlsx：有误 1 行；未写入" in said.err
    assert "B2 收到日期：不是日期，日期写作 2025-03-02" in said.out.replace("\n", "")
