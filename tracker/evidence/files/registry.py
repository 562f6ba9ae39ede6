"""Which module reads which kind: one line a format. They are loaded when a file of their kind comes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from tracker.evidence.files.kinds import UNREAD
from tracker.evidence.files.text import Lines, Unreadable

#: Reads a whole file into the lines. Raises `Unreadable` where nothing may be concluded from it.
Read = Callable[[bytes, Lines], None]

READERS = {
    "pdf": "tracker.evidence.files.pdf",
    "zip": "tracker.evidence.files.archive",
    "docx": "tracker.evidence.files.docx",
    "pptx": "tracker.evidence.files.pptx",
    "ole": "tracker.evidence.files.ole",
    "doc": "tracker.evidence.files.word97",
    "sheet": "tracker.evidence.files.sheets",
    "xmlsheet": "tracker.evidence.files.xmlsheet",
    "rtf": "tracker.evidence.files.rtf",
    "wordxml": "tracker.evidence.files.wordxml",
    "mht": "tracker.evidence.files.mht",
    "html": "tracker.evidence.files.saved",
    "text": "tracker.evidence.files.plain",
}
#: The formats as people call them, for `duban doctor`.
CAN_READ = ".pdf .doc .wps .docx .xls .et .xlsx .ods .pptx .rtf .csv .txt .zip"
CANNOT_READ = ".ofd .ceb .rar .7z .ppt, pictures, scans, what has a password"


def reader(kind: str) -> Read:
    """The reader of a kind; raises `Unreadable` with the reason where there is none."""
    if kind not in READERS:
        raise Unreadable(UNREAD.get(kind, UNREAD["unknown"]))
    read: Read = import_module(READERS[kind]).read
    return read
