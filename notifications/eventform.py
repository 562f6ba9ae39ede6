"""Makes an empty table of events to fill in (事项登记表), with lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

_ROWS = 2_000
_WIDTHS = {"事项": 24, "部门": 18, "日期": 14, "文号": 24, "任务": 30}
_NOTE = (
    "填写说明：每行一个事项，事项、部门、任务从下拉列表中选取；日期写法如 2015-03-02，知道时刻的写 2015-03-02 09:30；"
    "同一部门同一事项有多件的，各填各的文号（不含空格和 / . :），不填时以日期为号。"
)


def event_form(
    heads: Sequence[str], events: Mapping[str, str], departments: Sequence[str], duties: Sequence[str]
) -> bytes:
    """The workbook. `events`: by title the fields that it needs, as they are called in the heads."""
    from notifications.workbook import Book  # heavy, and needed once

    buffer = io.BytesIO()
    book = Book(buffer, in_memory=True)
    sheet = book.add_worksheet("事项")
    needs = "；".join(f"{title}须填{what}" for title, what in events.items() if what)
    note = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#5B6470"})
    sheet.merge_range(0, 0, 0, max(len(heads) - 1, 1), f"{_NOTE}{needs}{'。' if needs else ''}", note)
    sheet.set_row(0, 64)
    sheet.write_row(1, 0, heads, book.add_format({"bold": True, "bg_color": "#E3E6EA", "border": 1}))
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    lists = book.add_worksheet("可选项")
    lists.hide()
    chosen = {"事项": list(events), "部门": departments, "任务": duties}
    for place, head in enumerate(heads):
        sheet.set_column(place, place, _WIDTHS.get(head, 12), day if head == "日期" else text)
        if choices := chosen.get(head):
            lists.write_column(0, place, choices)
            source = f"=可选项!${chr(65 + place)}$1:${chr(65 + place)}${len(choices)}"
            sheet.data_validation(2, place, _ROWS, place, {"validate": "list", "source": source})
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()
