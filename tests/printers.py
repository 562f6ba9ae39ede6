"""Keeps LibreOffice out of sight of the tests that do not ask for it: printing a document takes seconds.

A county without it sends circulars as .docx alone, and whether they are sent, counted and answered is the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.documents.pdf import libreoffice as find_libreoffice

#: The search path as it was found; xdist's workers inherit it from the process that hid the program.
_FOUND = os.environ.setdefault("PATH_WITH_LIBREOFFICE", os.environ["PATH"])
_PROGRAMS = ("soffice", "libreoffice")


def hide_libreoffice() -> None:
    """Put links to all other programs into the search path in place of each folder that holds LibreOffice."""
    links: dict[Path, str] = {}
    places = []
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        real = place.resolve()
        if real not in links and any((place / name).exists() for name in _PROGRAMS):
            links[real] = tempfile.mkdtemp(prefix="duban-programs-")
            for program in real.iterdir():
                if program.name not in _PROGRAMS:
                    (Path(links[real]) / program.name).symlink_to(program)
        places.append(links.get(real, str(place)))
    os.environ["PATH"] = os.pathsep.join(places)
    assert find_libreoffice() is None


def show_libreoffice(patch: pytest.MonkeyPatch) -> None:
    """Let one test find it, where it is installed."""
    patch.setenv("PATH", _FOUND)


@pytest.fixture(scope="module")
def libreoffice() -> Iterator[str]:
    """The command, which the tests of the module can find."""
    with pytest.MonkeyPatch.context() as patch:
        show_libreoffice(patch)
        command = find_libreoffice()
        if command is None:
            pytest.skip("LibreOffice is not installed on this machine")
        yield command
