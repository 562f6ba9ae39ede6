"""Word files in one XML file: WordprocessingML 2003 and flat OPC, which systems write from templates under .doc."""

from __future__ import annotations

from tracker.evidence.attachments.readers.markup import parse
from tracker.evidence.attachments.readers.story import Story
from tracker.evidence.attachments.readers.text import Lines
from tracker.evidence.page.encoding import decode


def read(body: bytes, out: Lines) -> None:
    text, _ = decode(body)
    parse(text.encode("utf-8", "replace"), Story(out), encoding="utf-8")
    # Pictures stand in it in base64.
    out.beside_pictures([len(one.partition("<")[0]) * 3 // 4 for one in text.split("binData")[1::2]])
