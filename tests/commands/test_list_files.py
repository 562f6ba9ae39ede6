"""Lists as .xlsx: Chinese heads and words, days as days, filters and fixed heads, and nobody named in clear."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tests.registers.request_sheet import SECRETS, row_of, workbook
from tracker.evidence.attachments.readers.sheet_rows import Table, read_table

NOW = "2025-06-01T09:00"


@pytest.fixture
def office(county: Path, duban: Duban) -> Path:
    """The sample county with two requests and a complaint."""
    assert duban("request", "key", "create").status == 0
    rows = (row_of(), row_of(登记编号="2025-8", 办理结果="", 答复日期="", 申请内容="=1+1的说明"))
    (county / "登记表.xlsx").write_bytes(workbook(*rows))
    assert duban("request", "import", "登记表.xlsx", "--by", "李录", "--now", NOW).status == 0
    complaint = ("--kind", "complaint", "--department", "guotu", "--way", "oral", "--filed", "2025-05-30")
    assert duban("request", "receive", *complaint, "--title", "公告未公开", "--by", "王敏", "--now", NOW).status == 0
    return county


def written(duban: Duban, folder: Path, *words: str) -> Table:
    assert duban("request", "list", *words, "--out", "清单.xlsx").status == 0
    return read_table((folder / "清单.xlsx").read_bytes())


def test_the_sheet_says_in_chinese_what_the_list_says(office: Path, duban: Duban) -> None:
    title, heads, *rows = [row.cells for row in written(duban, office).rows]
    assert str(title[0]).startswith("样例县申请、投诉和咨询清单（")
    first = dict(zip(heads, next(row for row in rows if "2025-huanbao-7" in row), strict=True))
    assert (first["标题"], date(2025, 3, 20) in first.values(), "环保局" in first.values()) == (
        "2024年大气环境质量监测数据", True, True,
    )  # fmt: skip
    assert {"网络", "自然人", "已答复", "予以公开"} <= set(map(str, first.values()))
    assert [cell for row in rows for cell in row if str(cell) in ("online", "natural", "answered", "disclosed")] == []


def test_applicants_are_left_out_or_masked(office: Path, duban: Duban) -> None:
    assert "申请人" not in written(duban, office).rows[1].cells
    masked = written(duban, office, "--applicants")
    assert "钱**" in [cell for row in masked.rows for cell in row.cells]
    body = (office / "清单.xlsx").read_bytes()
    with zipfile.ZipFile(office / "清单.xlsx") as book:
        everything = body + b"".join(book.read(name) for name in book.namelist())
    assert [secret for secret in SECRETS if secret.encode() in everything] == []
    assert duban("request", "list", "--applicants", "--format", "json").json[1]["applicant"] == "钱**"


def test_a_title_is_never_a_formula(office: Path, duban: Duban) -> None:
    assert "=1+1的说明" in [cell for row in written(duban, office).rows for cell in row.cells]


def test_the_sheet_has_filters_and_fixed_heads(office: Path, duban: Duban) -> None:
    written(duban, office)
    with zipfile.ZipFile(office / "清单.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<autoFilter" in sheet
    assert 'state="frozen"' in sheet


def test_one_register_alone(office: Path, duban: Duban) -> None:
    title, _, *rows = written(duban, office, "--kind", "complaint").rows
    assert str(title.cells[0]).startswith("样例县投诉清单（")
    assert len(rows) == 1


def test_reviews_are_listed_the_same_way(county: Path, duban: Duban) -> None:
    asked = ("--department", "guotu", "--title", "征地补偿安置方案", "--author", "杨帆", "--by", "杨帆")
    assert duban("review", "ask", *asked, "--now", "2015-05-05T09:00").status == 0
    assert duban("review", "list", "--out", "审查.xlsx").status == 0
    title, heads, row = [row.cells for row in read_table((county / "审查.xlsx").read_bytes()).rows]
    assert str(title[0]).startswith("样例县保密审查清单（")
    assert len(heads) == 15
    assert {"2015-guotu-1", "国土局", "征地补偿安置方案", "杨帆", date(2015, 5, 5)} <= set(row)


def test_another_name_is_refused(office: Path, duban: Duban) -> None:
    said = duban("request", "list", "--out", "清单.csv")
    assert (said.status, said.err) == (2, "duban: --out 清单.csv: name it .xlsx (for CSV: --format csv)\n")
    assert not (office / "清单.csv").exists()
