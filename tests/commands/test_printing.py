"""Ledger, scores and the overdue report as PDF: by LibreOffice where it is installed, the report by WeasyPrint too."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.commands.command_line import Duban
from tests.printers import show_libreoffice
from tracker.documents.pdf import libreoffice

DAY = "2015-05-04"
#: By command a text that its print holds, and whether its pages are turned.
PRINTED = {
    ("report", "ledger", "--as-of", DAY, "--until", DAY): ("部门预算", True),
    ("score", "2015-04"): ("科技局", True),
    ("report", "overdue", "--as-of", DAY): ("政务公开督办专报", False),
}


def read(path: Path) -> tuple[str, bool]:
    """The words of the print, and whether its first page is turned."""
    pages = pypdfium2.PdfDocument(path)
    words = "".join(page.get_textpage().get_text_range() for page in pages)
    return words.replace(" ", ""), pages[0].get_width() > pages[0].get_height()


@pytest.mark.nightly
@pytest.mark.parametrize("command", PRINTED)
def test_what_libreoffice_prints_is_a_page_of_a4_with_its_words(
    duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    show_libreoffice(monkeypatch)
    if libreoffice() is None:
        pytest.skip("LibreOffice is not installed on this machine")
    assert duban(*command, "--to", county / "o.pdf").status == 0
    word, is_turned = PRINTED[command]
    words, turned = read(county / "o.pdf")
    assert word in words
    assert turned is is_turned
    assert not list(county.glob(".o.pdf*"))


@pytest.mark.nightly
def test_without_libreoffice_weasyprint_prints_the_report(duban: Duban, county: Path) -> None:
    pytest.importorskip("weasyprint")
    assert duban("report", "overdue", "--as-of", DAY, "--to", county / "o.pdf").status == 0
    assert "政务公开督办专报" in read(county / "o.pdf")[0]


@pytest.mark.parametrize("command", [("report", "ledger"), ("score", "2015-04")])
def test_without_libreoffice_a_sheet_is_refused_before_the_work_begins(
    duban: Duban, county: Path, command: tuple[str, ...]
) -> None:
    said = duban(*command, "--to", "o.pdf")
    assert (said.status, "install it, or write .xlsx" in said.err) == (2, True)
    assert not (county / "o.pdf").exists()
