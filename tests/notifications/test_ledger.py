"""The report's table, opened again with a reader of spreadsheets."""
# ruff: noqa: E501  (rows as they would be read)

from __future__ import annotations

import io
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import python_calamine

from notifications.compose import Envelope
from notifications.forms import freeze
from notifications.ledger import HEADS, file_name, ledger
from notifications.render import Reader, Rendered

NOW = datetime(2015, 10, 12, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def line(title: str, **changes: object) -> dict[str, Any]:
    plain = {
        "department": "环保局", "title": title, "clause": "一(七)1", "period": "2015年9月", "due": "9月30日", "days_late": 3,
        "lateness": "", "status": "逾期未公开", "light": "red", "reason": "至今未查到。", "marks": [], "count": 1, "fresh": True,
    }  # fmt: skip
    return plain | changes


REPORT = {
    "kind": "report", "title": "逾期情况报告", "day": "10月12日", "as_of": "10月12日08:00",
    "departments": [
        {"name": "环保局", "lines": [line("水环境质量状况"), line("=HYPERLINK(1)", lateness="已公开后撤下", marks=["推定"])]},
    ],
    "unjudged": [line("空气质量", light="grey", days_late=2, status="无法核验", said="张三10月9日说明：设备检修")],
}  # fmt: skip


def rows(body: bytes) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("台账").to_python()


def test_every_matter_has_its_row_and_a_title_is_no_formula() -> None:
    head, columns, *found = rows(ledger("样例县", REPORT, NOW))
    assert head[0] == "样例县逾期情况报告（截至10月12日08:00）"
    assert tuple(columns) == HEADS
    assert [(row[0], row[2], row[6]) for row in found] == [
        (1, "水环境质量状况", 3), (2, "=HYPERLINK(1)［推定］", "已公开后撤下"), (3, "空气质量", ""),
    ]  # fmt: skip
    assert [row[9] for row in found] == ["", "", "张三10月9日说明：设备检修"]


def test_the_same_report_gives_the_same_bytes() -> None:
    assert ledger("样例县", REPORT, NOW) == ledger("样例县", REPORT, NOW)


def test_it_goes_with_the_mail_under_its_chinese_name() -> None:
    envelope, rendered = Envelope("duban@s.example", "office@s.example"), Rendered("逾期", "正文\n", "<p>正文</p>")
    raw = freeze("mail", "6d0f", envelope, rendered, Reader("样例县", "县办"), [REPORT], NOW)
    mail = message_from_bytes(raw, policy=policy.default)
    (part,) = mail.iter_attachments()
    assert part.get_filename() == file_name(REPORT) == "逾期台账（10月12日）.xlsx"
    assert rows(part.get_content())[2][1] == "环保局"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "正文\n"
    assert max(len(one) for one in raw.split(b"\r\n")) <= 998
