"""Prints as PDF: a document with LibreOffice from the .docx where that is installed, else with WeasyPrint; a sheet with
LibreOffice alone.

Either runs in a process of its own, which ends after some time: WeasyPrint takes as much memory as a daemon.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tracker.documents.fonts import fontconfig

#: Most seconds that a program may take.
_SECONDS = 120
_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.append(sys.argv.pop()); from tracker.documents.pdf import main; main()"


class NoPrinter(RuntimeError):
    """Neither LibreOffice nor WeasyPrint can be used here; the message says what to install."""


def libreoffice() -> str | None:
    """The command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def can_print() -> tuple[bool, bool]:
    """Whether a PDF can be made here of a document, and of a sheet."""
    has_libreoffice = libreoffice() is not None
    return has_libreoffice or find_spec("weasyprint") is not None, has_libreoffice


async def pdf_of(docx: bytes, html: str, seconds: float = _SECONDS) -> bytes:
    """The PDF. Raises NoPrinter where neither program is installed, or the program fails or takes longer."""
    command = libreoffice()
    if command is not None:
        return await _by_libreoffice(command, docx, "docx", seconds)
    arguments = ("-I", "-c", _START, str(_ROOT))
    status, made, errors = await _run("WeasyPrint", seconds, html.encode(), sys.executable, *arguments)
    if status:
        raise NoPrinter(errors.strip().rpartition("\n")[2] or f"WeasyPrint made no PDF: {status}")
    return made


async def pdf_of_sheet(xlsx: bytes, seconds: float = _SECONDS) -> bytes:
    """The PDF of a workbook. Raises NoPrinter where LibreOffice is not installed, fails or takes longer."""
    command = libreoffice()
    if command is None:
        raise NoPrinter("no PDF can be made of a sheet here: install LibreOffice")
    return await _by_libreoffice(command, xlsx, "xlsx", seconds)


async def _by_libreoffice(command: str, content: bytes, ending: str, seconds: float) -> bytes:
    """The PDF by LibreOffice in a folder and with a profile of its own, so that several can run at once."""
    with tempfile.TemporaryDirectory(prefix="duban-pdf-") as name:
        folder = Path(name)
        source = folder / f"document.{ending}"
        source.write_bytes(content)
        environ = {"FONTCONFIG_FILE": str(fontconfig(folder)), "HOME": name}
        status, _, errors = await _run(
            "LibreOffice", seconds, b"", command, "--headless", "--norestore",
            f"-env:UserInstallation=file://{name}/profile", "--convert-to", "pdf", "--outdir", name, str(source),
            **environ,
        )  # fmt: skip
        pdf = folder / "document.pdf"
        if status or not pdf.exists():
            raise NoPrinter(f"LibreOffice made no PDF: {errors.strip() or status}")
        return pdf.read_bytes()


async def _run(name: str, seconds: float, given: bytes, *command: str, **environ: str) -> tuple[int, bytes, str]:
    """The program's status, output and errors. It and all that it started are ended where it takes longer, or nobody
    waits for it any more. Raises NoPrinter."""
    running = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environ}, start_new_session=True,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            made, errors = await running.communicate(given)
    except TimeoutError:
        raise NoPrinter(f"{name} did not finish within {seconds:g} seconds") from None
    finally:
        if running.returncode is None:
            if os.name == "posix":
                os.killpg(running.pid, signal.SIGKILL)
            else:
                running.kill()
            await running.wait()
    return running.returncode or 0, made, errors.decode(errors="replace")


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


def main() -> None:
    """Print the HTML page at the standard input, as the child process does."""
    try:
        sys.stdout.buffer.write(by_weasyprint(sys.stdin.buffer.read().decode()))
    except NoPrinter as error:
        sys.exit(str(error))
