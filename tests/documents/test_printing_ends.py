"""A program that prints is given so much time; then it and what it started are ended."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.documents.pdf import NoPrinter, libreoffice, pdf_of, pdf_of_sheet


async def test_a_program_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, program = tmp_path / "pipe", tmp_path / "soffice"
    os.mkfifo(pipe)
    program.write_text(f"#!/bin/sh\nsh -c 'echo begun; exec sleep 600' >{pipe} &\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert libreoffice() == str(program)
    reader = asyncio.StreamReader()
    opened = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb")
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), opened)
    printing = asyncio.create_task(pdf_of_sheet(b"sheet", 2))
    assert await reader.readline() == b"begun\n"
    with pytest.raises(NoPrinter, match="LibreOffice did not finish within 2 seconds"):
        await printing
    assert await asyncio.wait_for(reader.read(), 30) == b""  # nobody holds the other end any more


async def test_weasyprint_is_given_so_much_time_too() -> None:
    with pytest.raises(NoPrinter, match=r"WeasyPrint did not finish within 0\.01 seconds"):
        await pdf_of(b"", "<p>文", 0.01)


@pytest.mark.nightly
def test_weasyprint_is_not_loaded_into_the_process_that_asks() -> None:
    """Whose memory it would keep: more than the whole daemon takes."""
    pytest.importorskip("weasyprint")
    program = (
        "import asyncio, sys; from tracker.documents.pdf import pdf_of; made = asyncio.run(pdf_of(b'', '<p>文')); "
        "print(made[:5], 'weasyprint' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "b'%PDF-' False\n"
