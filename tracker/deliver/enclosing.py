"""Loads the documents that go with a mail, and makes a .pdf of them once."""

from __future__ import annotations

import logging

from notifications.compose import Enclosure
from tracker.deliver.freezing import Bundle
from tracker.documents.pdf import NoPrinter, libreoffice, pdf_of
from tracker.store.circulars import Paper, add_pdf, find_paper
from tracker.store.engine import Store, Tx
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

_DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


async def enclosed(store: Store, bundle: Bundle) -> list[Enclosure]:
    """The files of the bundle's paper, the same for every reader; none where it encloses nothing."""
    named = bundle.members[0].detail.get("paper")
    if not named:
        return []
    paper = await run_read(store, lambda tx: find_paper(tx, bundle.county.id, *named))
    if paper is None:
        raise LookupError(f"the paper 〔{named[0]}〕{named[1]}号 is not in the database")
    pdf = paper.pdf or await printed(store, paper)
    files = [Enclosure(f"{paper.title}.docx", _DOCX, paper.docx)]
    return [*files, Enclosure(f"{paper.title}.pdf", "pdf", pdf)] if pdf else files


async def printed(store: Store, paper: Paper) -> bytes | None:
    """The .pdf of an issued paper, made once and kept; None where nothing here prints: it then goes without."""
    if paper.pdf is not None:
        return paper.pdf
    if libreoffice() is None:
        return None
    try:
        made = await pdf_of(paper.docx, "")
    except (NoPrinter, OSError) as error:
        log.warning("no .pdf of %s: %s", paper.title, error, extra={"action": "deliver"})
        return None
    return await run_write(store, lambda tx: _keep_pdf(tx, paper, made))


def _keep_pdf(tx: Tx, paper: Paper, pdf: bytes) -> bytes | None:
    """The one that is kept: this, or another that was made at the same time."""
    if add_pdf(tx, paper.id, pdf):
        return pdf
    kept = find_paper(tx, paper.county, paper.year, paper.number)
    return kept.pdf if kept else pdf
