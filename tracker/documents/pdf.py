"""Prints as PDF: a document with LibreOffice from the .docx where that is installed, else with WeasyPrint; a sheet with
LibreOffice alone."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tracker.documents.fonts import fontconfig

#: Most seconds that LibreOffice may take.
_SECONDS = 120


class NoPrinter(RuntimeError):
    """Neither LibreOffice nor WeasyPrint can be used here; the message says what to install."""


def libreoffice() -> str | None:
    """The command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def can_print() -> tuple[bool, bool]:
    """Whether a PDF can be made here of a document, and of a sheet."""
    has_libreoffice = libreoffice() is not None
    return has_libreoffice or find_spec("weasyprint") is not None, has_libreoffice


async def pdf_of(docx: bytes, html: str, seconds: int = _SECONDS) -> bytes:
    """The PDF. Raises NoPrinter where neither program is installed, or the program fails or takes longer."""
    command = libreoffice()
    if command is not None:
        return await _by_libreoffice(command, docx, "docx", seconds)
    return await asyncio.to_thread(by_weasyprint, html)


async def pdf_of_sheet(xlsx: bytes, seconds: int = _SECONDS) -> bytes:
    """The PDF of a workbook. Raises NoPrinter where LibreOffice is not installed, fails or takes longer."""
    command = libreoffice()
    if command is None:
        raise NoPrinter("no PDF can be made of a sheet here: install LibreOffice")
    return await _by_libreoffice(command, xlsx, "xlsx", seconds)


async def _by_libreoffice(command: str, content: bytes, ending: str, seconds: int) -> bytes:
    """The PDF by LibreOffice in a folder and with a profile of its own, so that several can run at once."""
    with tempfile.TemporaryDirectory(prefix="duban-pdf-") as name:
        folder = Path(name)
        source = folder / f"document.{ending}"
        source.write_bytes(content)
        environ = {**os.environ, "FONTCONFIG_FILE": str(fontconfig(folder)), "HOME": name}
        running = await asyncio.create_subprocess_exec(
            command, "--headless", "--norestore", f"-env:UserInstallation=file://{name}/profile",
            "--convert-to", "pdf", "--outdir", name, str(source),
            env=environ, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(seconds):
                _, errors = await running.communicate()
        except TimeoutError:
            running.kill()
            await running.wait()
            raise NoPrinter(f"LibreOffice did not finish within {seconds} seconds") from None
        pdf = folder / "document.pdf"
        if running.returncode or not pdf.exists():
            raise NoPrinter(f"LibreOffice made no PDF: {errors.decode(errors='replace').strip() or running.returncode}")
        return pdf.read_bytes()


def by_weasyprint(html: str) -> bytes:
    """The PDF of an HTML page. Raises NoPrinter where WeasyPrint or Pango is missing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:  # the package, or Pango that it needs
        raise NoPrinter(
            f"no PDF can be made here ({error}): install LibreOffice, or the extra `pdf` and Pango"
        ) from None
    # A document contains everything that it shows: nothing is fetched.
    return bytes(HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf())
