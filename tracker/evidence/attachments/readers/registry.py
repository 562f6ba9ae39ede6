"""Which module reads which kind: one line a format. They are loaded when a file of their kind comes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from tracker.evidence.attachments.readers.kinds import UNREAD
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile

#: Reads a whole file into the lines. Raises `UnreadableFile` where nothing may be concluded from it.
Read = Callable[[bytes, Lines], None]

READERS = {
    "pdf": "tracker.evidence.attachments.readers.pdf",
    "zip": "tracker.evidence.attachments.readers.packed",
    "docx": "tracker.evidence.attachments.readers.docx",
    "pptx": "tracker.evidence.attachments.readers.pptx",
    "ole": "tracker.evidence.attachments.readers.ole",
    "doc": "tracker.evidence.attachments.readers.word97",
    **dict.fromkeys(("xlsx", "xlsb", "ods", "xls"), "tracker.evidence.attachments.readers.sheets"),
    "xmlsheet": "tracker.evidence.attachments.readers.xmlsheet",
    "rtf": "tracker.evidence.attachments.readers.rtf",
    "wordxml": "tracker.evidence.attachments.readers.wordxml",
    "mht": "tracker.evidence.attachments.readers.mht",
    "html": "tracker.evidence.attachments.readers.saved",
    "text": "tracker.evidence.attachments.readers.plain",
}
#: The formats as people call them, for `duban doctor`.
CAN_READ = ".pdf .doc .wps .docx .xls .et .xlsx .ods .pptx .rtf .csv .txt .zip"
CANNOT_READ = ".ofd .ceb .rar .7z .ppt"


def reader(kind: str) -> Read:
    """The reader of a kind; raises `UnreadableFile` with the reason where there is none."""
    if kind not in READERS:
        raise UnreadableFile(UNREAD.get(kind, UNREAD["unknown"]))
    read: Read = import_module(READERS[kind]).read
    return read
