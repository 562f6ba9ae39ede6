"""Makes the PDF of a paper or a sheet for who asked for it on a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from tracker.console.signed_in import PageRequest
from tracker.core.values.message import Message
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument
from tracker.documents.page import page_of
from tracker.documents.pdf import NoPrinter, pdf_of, pdf_of_sheet
from tracker.registers.errors import RegisterError

log = logging.getLogger(__name__)

#: An answer that takes longer is given up by the server.
_SECONDS = 45
_BUSY = Message("another document is being printed; try again in a minute")
_FAILED = Message("the PDF could not be made here: take the document or the sheet, or ask the administrator")


def print_paper(ask: PageRequest, paper: OfficialDocument) -> bytes:
    """Raises RegisterError where no PDF can be made, or another one is being made."""
    return _print(ask, pdf_of(docx_of(paper), page_of(paper), _SECONDS))


def print_docx(ask: PageRequest, docx: bytes, paper: OfficialDocument) -> bytes:
    """The same of a document in the bytes that were sent."""
    return _print(ask, pdf_of(docx, page_of(paper), _SECONDS))


def print_sheet(ask: PageRequest, xlsx: bytes) -> bytes:
    """The same of a workbook, as its page is set up."""
    return _print(ask, pdf_of_sheet(xlsx, _SECONDS))


def _print(ask: PageRequest, printing: Coroutine[Any, Any, bytes]) -> bytes:
    if not ask.shared.printing.acquire(blocking=False):
        printing.close()
        raise RegisterError(_BUSY)
    try:
        return asyncio.run(printing)
    except NoPrinter as error:
        log.warning("no PDF was made: %s", error, extra={"action": "console"})
        raise RegisterError(_FAILED) from None
    finally:
        ask.shared.printing.release()
