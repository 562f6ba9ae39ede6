"""Rich text (.rtf), which older programs write under .doc too."""

from __future__ import annotations

from striprtf.striprtf import rtf_to_text

from tracker.evidence.files.text import Lines, Unreadable


def read(body: bytes, out: Lines) -> None:
    try:
        text: str = rtf_to_text(body.decode("gb18030", "replace"), encoding="gb18030", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError) as error:
        raise Unreadable("RTF 文件已损坏") from error
    for line in text.split("\n"):
        if line.endswith("|"):  # how the library shows the cells of a row
            out.row(line[:-1].split("|"))
        else:
            out.line(line)
    if not out.size:
        raise Unreadable("文件中没有可检索的文字")
    if "\\pict" in body[:5_000_000].decode("latin-1") and out.size < 200:
        out.lack("文件中有图片，其中的文字无法检索")
