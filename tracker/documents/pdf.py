"""PDF of a document: through LibreOffice from the .docx where that is installed, else WeasyPrint from the HTML."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from tracker.documents.fonts import fontconfig

#: A document that takes longer has hung its reader.
_SECONDS = 120


class NoPrinter(RuntimeError):
    """Neither LibreOffice nor WeasyPrint can be used here; the message says what to install."""


def libreoffice() -> str | None:
    """The command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


async def pdf_of(docx: bytes, html: str) -> bytes:
    """The PDF. Raises NoPrinter where nothing here makes one, or what does fails."""
    command = libreoffice()
    if command is not None:
        return await _by_libreoffice(command, docx)
    return await asyncio.to_thread(by_weasyprint, html)


async def _by_libreoffice(command: str, docx: bytes) -> bytes:
    """In a folder and with a profile of its own: several may run at once, and nothing of a user's is read."""
    with tempfile.TemporaryDirectory(prefix="duban-pdf-") as name:
        folder = Path(name)
        source = folder / "document.docx"
        source.write_bytes(docx)
        environ = {**os.environ, "FONTCONFIG_FILE": str(fontconfig(folder)), "HOME": name}
        running = await asyncio.create_subprocess_exec(
            command, "--headless", "--norestore", f"-env:UserInstallation=file://{name}/profile",
            "--convert-to", "pdf", "--outdir", name, str(source),
            env=environ, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_SECONDS):
                _, said = await running.communicate()
        except TimeoutError:
            running.kill()
            await running.wait()
            raise NoPrinter(f"LibreOffice did not finish within {_SECONDS} seconds") from None
        made = folder / "document.pdf"
        if running.returncode or not made.exists():
            raise NoPrinter(f"LibreOffice made no PDF: {said.decode(errors='replace').strip() or running.returncode}")
        return made.read_bytes()


def by_weasyprint(html: str) -> bytes:
    """The PDF of a page as it prints. Raises NoPrinter where that cannot be."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:  # the package, or Pango that it needs
        raise NoPrinter(
            f"no PDF can be made here ({error}): install LibreOffice, or the extra `pdf` and Pango"
        ) from None
    # A document carries all that it shows: nothing is fetched for it.
    return bytes(HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf())
