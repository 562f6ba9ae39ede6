"""Prints papers and sheets as PDF, for the commands that write files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tracker.commands.context import UsageError
from tracker.documents.pdf import NoPrinter, libreoffice, pdf_of, pdf_of_sheet


def print_paper(docx: bytes, html: str) -> bytes:
    """The PDF of a paper. Raises UsageError where it cannot be printed here."""
    try:
        return asyncio.run(pdf_of(docx, html))
    except NoPrinter as error:
        raise UsageError(str(error)) from None


def print_sheet(xlsx: bytes) -> bytes:
    """The PDF of a sheet, as its page is set up. Raises UsageError where it cannot be printed here."""
    try:
        return asyncio.run(pdf_of_sheet(xlsx))
    except NoPrinter as error:
        raise UsageError(str(error)) from None


def check_sheet(path: Path) -> bool:
    """Whether the sheet is to be a PDF. Raises UsageError for another ending, and where no PDF can be made of it."""
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".pdf"):
        raise UsageError("--to {to}: write .xlsx or .pdf", to=path)
    if ending == ".pdf" and libreoffice() is None:
        raise UsageError(
            "--to {to}: only LibreOffice prints a sheet, and it is not installed here: install it, or write .xlsx",
            to=path,
        )
    return ending == ".pdf"
