"""`duban request statistics`: the year's table, the requests behind its numbers, files, and what is refused."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

BY = ("--by", "王收")


@pytest.fixture
def year(county: Path, duban: Duban) -> Path:
    """Three requests of 2015: one answered on time, one after its limit, one not at all; then a tick."""
    for day in ("2015-03-02", "2015-03-03", "2015-11-30"):
        said = duban(
            "request", "receive", "--department", "keji", "--way", "in-person", "--filed", day, "--title",
            "专项资金分配结果", "--applicant-kind", "company", "--topic", "财政资金", *BY, "--now", f"{day}T10:00",
        )  # fmt: skip
        assert said.status == 0, said.err
    for number, on in ((1, "2015-03-10"), (2, "2015-06-10")):
        name = f"2015-keji-{number}"
        step = ("--on", on, "--by", "李办", "--now", f"{on}T11:00")
        assert duban("request", "register", name, *step).status == 0
        said = duban("request", "answer", name, "--kind", "disclosed", "--field", "where=随函附送", *step)
        assert said.status == 0, said.err
    assert duban("tick", "--now", "2016-01-10T09:00").status == 0
    return county


@pytest.mark.nightly
def test_the_table_is_printed_and_each_number_opens_its_requests(duban: Duban, year: Path) -> None:
    said = duban("request", "statistics", "2015", "--format", "csv")
    assert (said.status, said.columns) == (0, "code,item,natural,company,research,welfare,legal,other,sum")
    numbers = {row["code"]: (row["company"], row["sum"]) for row in said.rows if row["sum"] != "0"}
    assert numbers == {"1": ("3", "3"), "3.1": ("2", "2"), "3.7": ("2", "2"), "4": ("1", "1")}
    opened = duban("request", "statistics", "2015", "--list", "3.1/company", "--format", "csv")
    assert [row["request"] for row in opened.rows] == ["2015-keji-1", "2015-keji-2"]
    printed = duban("request", "statistics", "2015", "--department", "keji", "--lang", "zh")
    assert "法律服务机构" in printed.out
    assert "2015年年度报告另有统计指标" in printed.out
    assert "上年结转数未作比对" in printed.err


@pytest.mark.nightly
def test_the_files_hold_the_same_numbers(duban: Duban, year: Path, tmp_path: Path) -> None:
    sheets, paper, analysis = tmp_path / "t.xlsx", tmp_path / "t.docx", tmp_path / "a.docx"
    for path, more in ((sheets, ()), (paper, ()), (analysis, ("--analysis",))):
        assert duban("request", "statistics", "2015", "--to", path, *more).status == 0
    with zipfile.ZipFile(sheets) as book:
        cells, listed = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 5))
        words = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    links = dict(re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', cells))
    numbers = dict(re.findall(r'<c r="(\w+)"[^>]*><v>([1-9]\d*)</v></c>', re.sub(r'<c [^>]*t="s".*?</c>', "", cells)))
    assert links.keys() == numbers.keys()
    for cell, location in links.items():
        first, last = map(int, re.search(r"!A(\d+):H(\d+)", location).groups())  # type: ignore[union-attr]
        rows = [re.search(rf'<c r="A{row}"[^>]*><v>(\d+)</v>', listed)[1] for row in range(first, last + 1)]  # type: ignore[index]
        assert len({words[int(row)] for row in rows}) == int(numbers[cell])
    assert "<f>" not in cells
    text = words_of(analysis)
    assert "新收政府信息公开申请3件，上年结转0件，办结2件，结转下年度继续办理1件" in text
    assert (
        "其中能够核定时限的2件，按时答复1件，按时答复率33.3%（逾期未答复的计入分母）；逾期答复1件（2015-keji-2）"
        in text
    )
    assert "新收政府信息公开申请3件" in words_of(paper)
    with zipfile.ZipFile(analysis) as book:
        assert sum(name.endswith(".png") for name in book.namelist()) == 3


def words_of(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", book.read("word/document.xml").decode()))


@pytest.mark.nightly
def test_a_table_that_was_issued_is_compared_with_what_was_carried_over(
    duban: Duban, year: Path, tmp_path: Path
) -> None:
    issued = tmp_path / "2015.json"
    assert duban("request", "statistics", "2015", "--to", issued).status == 0
    said = duban("request", "statistics", "2016", "--figures", issued)
    assert (said.status, said.err) == (0, "")
    content = json.loads(issued.read_text("utf-8"))
    content["figures"]["4"] = {"company": 2}
    issued.write_text(json.dumps(content), "utf-8")
    said = duban("request", "statistics", "2016", "--figures", issued)
    assert said.status == 1
    assert "上年结转等于上年度报告表的结转下年度继续办理 (商业企业): 1 and 2" in said.err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "line 1: not JSON"),
        ('{"year": 2013}', '"year": write 2015 or 2014'),
        ('{"year": 2014, "figures": {"9": {}}}', "line '9': the table has none (one of: 1, 2,"),
        ('{"year": 2014, "figures": {"4": {"robot": 1}}}', "line '4': no column 'robot'"),
        ('{"year": 2014, "figures": {"4": {"natural": -1}}}', "line '4', natural: -1 is no count"),
        ('{"year": 2014, "figures": {"4": {"natural": 1, "natural": 2}}}', "'natural' stands there twice"),
    ],
)
def test_wrong_figures_are_refused(duban: Duban, county: Path, tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, "utf-8")
    said = duban("request", "statistics", "2015", "--figures", path)
    assert said.status == 2
    assert said.err.startswith(f"duban: --figures {path}: {why}")


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("--list", "3.9"), "--list 3.9: no such number (lines: 1, 2, 3.1,"),
        (("--list", "3.1/robot"), "--list 3.1/robot: no such number"),
        (("--to", "a.pdf"), "--to a.pdf: end it in one of .xlsx, .docx"),
        (("--analysis",), "--analysis needs --to FILE.docx"),
        (("--department", "nobody"), "--department nobody: unknown"),
    ],
)
def test_what_cannot_be_is_refused(duban: Duban, county: Path, argv: tuple[str, ...], why: str) -> None:
    said = duban("request", "statistics", "2015", *argv)
    assert said.status == 2
    assert why in said.err
    assert duban("request", "statistics", "2099").err == "duban: 2099 is still to come\n"
