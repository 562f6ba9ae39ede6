"""A required item that stands in an attachment alone: it proves, lacks, or cannot be judged."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest

from tests.decide.small_county import Small, at

QUARTER = "insurance/shebao/2015-Q3"
PATH = "/insurance/fb.docx"
SCAN = b"%PDF-1.4 of which nothing more came"


def docx(text: str) -> bytes:
    out = BytesIO()
    paragraph = f'<d xmlns:w="w"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></d>'
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", paragraph)
    return out.getvalue()


def publish(county: Small, file: bytes | int) -> None:
    county.site.publish(
        "insurance", "二季度社会保险情况", at("2015-09-21"), f'参保情况如下，其余见附件：<a href="{PATH}">附表</a>'
    )
    county.site.instead[PATH] = file


async def test_an_item_that_only_the_attachment_holds_proves(county: Small) -> None:
    publish(county, docx("基金收支：收入一千万元。"))
    await county.live(date(2015, 9, 29), date(2015, 10, 1))
    row = county.rows()[QUARTER]
    assert (row.status, row.light) == ("met", "green")
    assert not [line for line in county.notices() if "insurance" in line and "overdue" in line]


@pytest.mark.nightly
async def test_an_item_that_the_attachment_lacks_too_is_missing(county: Small) -> None:
    publish(county, docx("其他事项。"))
    await county.live(date(2015, 9, 29), date(2015, 10, 8))
    row = county.rows()[QUARTER]
    assert (row.status, row.light) == ("incomplete", "red")
    assert "基金收支" in row.reason


@pytest.mark.sampled(2)
@pytest.mark.parametrize("file", [SCAN, 503])
async def test_what_cannot_be_read_is_nobodys_omission(county: Small, file: bytes | int) -> None:
    publish(county, file)
    await county.live(date(2015, 9, 29), date(2015, 10, 8))
    row = county.rows()[QUARTER]
    assert (row.status, row.light) == ("unverifiable", "grey")
    assert "未能读取" in row.reason
    to_people = [line for line in county.notices() if "insurance" in line and "county-office" not in line]
    assert not [line for line in to_people if "overdue" in line or "to-lead" in line]


async def test_a_file_mended_after_its_day_is_read_and_counts_from_when_it_was_published(county: Small) -> None:
    publish(county, SCAN)
    await county.live(date(2015, 9, 30), date(2015, 10, 1))
    county.site.instead[PATH] = docx("基金收支：收入一千万元。")
    await county.live(date(2015, 10, 4), date(2015, 10, 5))
    row = county.rows()[QUARTER]
    assert row.status in ("met", "met-late")
