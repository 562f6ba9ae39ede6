"""Rich text (.rtf), which older programs write under .doc too."""

from __future__ import annotations

from striprtf.striprtf import rtf_to_text

from tracker.evidence.attachments.readers.text import Lines, UnreadableFile


def read(body: bytes, out: Lines) -> None:
    try:
        text: str = rtf_to_text(body.decode("gb18030", "replace"), encoding="gb18030", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError) as error:
        raise UnreadableFile("RTF 文件已损坏") from error
    for line in text.split("\n"):
        if line.endswith("|"):  # how the library shows the cells of a row
            out.row(line[:-1].split("|"))
        else:
            out.line(line)
    if not body.rstrip(b"\x00\r\n\t ").endswith(b"}"):
        out.lack("文件末尾不完整，可能没有传完")
    # Pictures are written in hexadecimal digits.
    out.beside_pictures([len(one) // 2 for one in body.split(b"\\pict")[1:]])
