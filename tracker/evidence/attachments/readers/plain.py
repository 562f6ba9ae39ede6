"""Plain text and tables in plain text: .txt, .csv, and the tab-parted lines that call themselves .xls."""

from __future__ import annotations

import csv

from tracker.evidence.attachments.readers.text import Lines, UnreadableFile
from tracker.evidence.page.encoding import decode


def read(body: bytes, out: Lines) -> None:
    text, _ = decode(body)
    text = text.replace("\x00", "")
    if text.count("\ufffd") * 20 > len(text):
        raise UnreadableFile("无法识别文件的文字编码")
    lines = text.splitlines()
    if _is_csv(lines[:20]):
        for cells in csv.reader(lines):
            out.row(cells)
        return
    for line in lines:
        out.text(line)


def _is_csv(head: list[str]) -> bool:
    """Whether each of the first lines has the same number of ASCII commas: Chinese prose has none."""
    counts = {line.count(",") for line in head if line.strip() and '"' not in line}
    return len(counts) == 1 and counts.pop() > 0
