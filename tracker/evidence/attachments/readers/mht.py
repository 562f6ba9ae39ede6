"""Web archives (MHTML), which office suites save and systems export under .doc and .xls."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from tracker.evidence.attachments.readers import saved
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile

_MAX_PARTS = 2000


def read(body: bytes, out: Lines) -> None:
    pictures: list[int] = []
    for number, part in enumerate(message_from_bytes(body.lstrip()).walk()):
        if number > _MAX_PARTS:
            raise UnreadableFile("网页存档的部分过多，无法读取")
        kind = part.get_content_maintype()
        if kind == "image":
            pictures.append(len(_payload(part)))
        elif part.get_content_type() == "text/html":
            saved.read(_payload(part), out, f"text/html; charset={part.get_content_charset() or ''}")
    out.beside_pictures(pictures)


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""
