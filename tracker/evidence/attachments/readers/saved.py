"""Web pages saved as office files: tables that call themselves .xls, texts that call themselves .doc."""

from __future__ import annotations

from datetime import UTC, date

from tracker.evidence.attachments.readers.text import Lines, UnreadableFile
from tracker.evidence.page.barriers import REASONS, strict_barrier
from tracker.evidence.page.flow import text_below
from tracker.evidence.page.parsed import Page


def read(body: bytes, out: Lines, content_type: str = "") -> None:
    page = Page("", body, UTC, date.min, content_type)
    if (found := strict_barrier(page)) is not None:
        raise UnreadableFile(REASONS[found])
    root = page.tree.body
    for line in (text_below(root) if root is not None else "").split("\n"):
        out.text(line)
