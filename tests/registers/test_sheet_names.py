"""Which sheets of a workbook are read, and what is said where one bears another name."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from tracker.registers.county_sheet import read_sheets

EXPECTED = ("本县", "单位", "栏目")
NOT_READ = "not read: the sheet 部门. Sheets are known by their names: 本县、单位、栏目; not there: 单位"


def workbook(*names: str) -> bytes:
    """A workbook with these sheets; one whose name ends in `-` is empty."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        for name in names:
            sheet = book.add_worksheet(name.removesuffix("-"))
            if not name.endswith("-"):
                sheet.write_string(0, 0, name)
    return body.getvalue()


@pytest.mark.parametrize(
    ("names", "read", "said"),
    [
        (("本县", "单位", "栏目"), "本县 单位 栏目", ""),
        (("单位",), "单位", ""),
        (("单位", "Sheet1-"), "单位", ""),
        (("本县", "单位", "栏目", "说明"), "本县 单位 栏目", ""),  # all are there: the other is the person's own
        (("本县", "部门", "栏目"), "本县 栏目", f"{NOT_READ}. Give it its name again, or delete it from the workbook"),
        (("本县-", "部门"), "", f"{NOT_READ.replace('there: ', 'there: 本县、')}、栏目. Give it its name again"),
        (("单位-",), "", "nothing to read: it has none of the sheets 本县、单位、栏目, or they are empty"),
    ],
)
def test_a_sheet_that_may_be_one_under_another_name_is_never_passed_over(
    names: tuple[str, ...], read: str, said: str
) -> None:
    errors: list[str] = []
    sheets = read_sheets(workbook(*names), EXPECTED, errors)  # type: ignore[arg-type]
    assert " ".join(name for name, table in sheets.items() if table.rows) == read
    assert len(errors) == bool(said)
    assert not said or errors[0].startswith(said)
