"""Loads the documents that go with a mail, and prints each as .pdf once."""

from __future__ import annotations

import logging

from notifications.compose import Enclosure
from tracker.deliver.bundles import Bundle
from tracker.documents.pdf import NoPrinter, libreoffice, pdf_of
from tracker.store.bulletins import find_bulletin
from tracker.store.circulars import Paper, add_pdf, find_paper
from tracker.store.engine import Store, Tx
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

_DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


async def load_enclosures(store: Store, bundle: Bundle) -> list[Enclosure]:
    """Return the files of the document that the bundle's first notice names, or an empty list."""
    detail = bundle.notices[0].detail
    if issue := detail.get("bulletin"):
        bulletin = await run_read(store, lambda tx: find_bulletin(tx, bundle.county.id, *issue))
        return [Enclosure(f"{bulletin.title}.docx", _DOCX, bulletin.docx)] if bulletin else []
    year_and_number = detail.get("paper")
    if not year_and_number:
        return []
    paper = await run_read(store, lambda tx: find_paper(tx, bundle.county.id, *year_and_number))
    if paper is None:
        raise LookupError(f"the paper 〔{year_and_number[0]}〕{year_and_number[1]}号 is not in the database")
    pdf = await ensure_pdf(store, paper)
    files = [Enclosure(f"{paper.title}.docx", _DOCX, paper.docx)]
    return [*files, Enclosure(f"{paper.title}.pdf", "pdf", pdf)] if pdf else files


async def ensure_pdf(store: Store, paper: Paper) -> bytes | None:
    """Return the stored .pdf of an issued document; it is printed and stored if there is none.

    None: no printer is installed, or it failed.
    """
    if paper.pdf is not None:
        return paper.pdf
    if libreoffice() is None:
        return None
    try:
        pdf = await pdf_of(paper.docx, "")
    except (NoPrinter, OSError) as error:
        log.warning("no .pdf of %s: %s", paper.title, error, extra={"action": "deliver"})
        return None
    return await run_write(store, lambda tx: _store_pdf(tx, paper, pdf))


def _store_pdf(tx: Tx, paper: Paper, pdf: bytes) -> bytes | None:
    """Store the .pdf and return the stored one: this, or one that was stored at the same time."""
    if add_pdf(tx, paper.id, pdf):
        return pdf
    stored = find_paper(tx, paper.county, paper.year, paper.number)
    return stored.pdf if stored else pdf
