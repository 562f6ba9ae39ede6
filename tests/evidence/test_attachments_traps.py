"""Files made to hurt their reader: each ends within its bounds with a reason, and the next one is read as ever."""

from __future__ import annotations

import asyncio
import os
import signal
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.evidence.attached_files import archive, docx, laughing_pdf, made, pdf, stream, words, xlsx
from tests.examples import examples
from tracker.evidence.attachments.readers.child import read_text
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.attachments.readers.text import MAX_TEXT

SOUND = archive({"a.txt": "完好".encode()})


@pytest.fixture
async def reader() -> AsyncIterator[FileReader]:
    async with FileReader(FileLimits(timeout=20)) as reader:
        yield reader


#: A file, and which of its bytes are other ones.
DAMAGE = st.tuples(
    st.sampled_from(["notice.doc", "notice.docx", "table.xls", "table.xlsx"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20),
)


async def sound(reader: FileReader) -> bool:
    return (await reader.read(SOUND, "a.zip")).text == "a.txt\n完好"


def swollen(name: str, size: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as member:
        for _ in range(size // 1_000_000):
            member.write(bytes(1_000_000))
    return out.getvalue()


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


class TestBombs:
    @pytest.mark.parametrize("name", ["a.txt", "word/document.xml", "xl/workbook.xml"])
    async def test_a_small_archive_that_unpacks_to_a_mountain(self, reader: FileReader, name: str) -> None:
        said = await reader.read(swollen(name, 30_000_000), "a.zip")
        assert (said.text, said.note) == (None, "压缩包解开后过大，疑为压缩炸弹，不予解开")

    async def test_many_members(self, reader: FileReader) -> None:
        said = await reader.read(archive({f"{n}.txt": b"" for n in range(2001)}), "a.zip")
        assert said.note == "压缩包内文件超过 2000 个"

    async def test_archives_inside_archives(self, reader: FileReader) -> None:
        body = b"x"
        for depth in range(8):
            body = archive({f"{depth}.zip" if depth else "0.txt": body})
        said = await reader.read(body, "a.zip")
        assert said.text is None
        assert said.note == "“6.zip”：压缩包层层嵌套，不再解开；“7.zip”：其中没有可读的文件"

    async def test_entities(self, reader: FileReader) -> None:
        names = "abcdefghij"
        laughs = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
        said = await reader.read(docx("&j;", doctype=f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{laughs}]>'), "a.docx")
        assert said.note == "文件含有文档类型声明，不是正常的办公文件"

    async def test_an_entity_that_names_a_file_of_ours(self, reader: FileReader) -> None:
        said = await reader.read(
            docx("&x;", doctype='<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "a.docx"
        )
        assert said.text is None

    async def test_a_sheet_as_large_as_sheets_may_be(self, reader: FileReader) -> None:
        """Two cells at its ends: a grid of all between them fills any memory."""
        said = await reader.read(xlsx({"A1": "甲", "XFD1048576": "乙"}), "a.xlsx")
        assert (said.text, said.note) == (None, "文件使读取程序异常终止，无法读取")
        assert await sound(reader)

    async def test_a_text_without_end(self, reader: FileReader) -> None:
        said = await reader.read(docx(*["公开" * 500] * 1100), "a.docx")
        assert said.text is not None
        assert (len(said.text), said.note) == (MAX_TEXT, f"文字超过 {MAX_TEXT} 字，后面的未读取")

    async def test_a_file_that_is_too_large_is_not_even_opened(self) -> None:
        async with FileReader() as reader:
            said = await reader.read(b"%PDF-1.4" + bytes(30_000_000), "a.pdf")
            assert said.note == "文件超过 20000000 字节，未读取"


class TestAReaderThatFails:
    async def test_a_pdf_that_never_ends(self) -> None:
        async with FileReader(FileLimits(timeout=1)) as reader:
            said = await reader.read(laughing_pdf(), "a.pdf")
            assert (said.text, said.note) == (None, "1 秒内没有读完文件，已停止")
            assert await sound(reader)

    async def test_the_process_is_ended_from_outside(self, reader: FileReader) -> None:
        assert await sound(reader)
        assert reader.workers[0].pid is not None
        os.kill(reader.workers[0].pid, signal.SIGKILL)
        said = await reader.read(SOUND, "a.zip")
        assert said.note == "文件使读取程序异常终止，无法读取"
        assert await sound(reader)

    async def test_nothing_is_left_behind(self) -> None:
        async with FileReader() as reader:
            assert await sound(reader)
            pid = reader.workers[0].pid
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    async def test_what_opens_files_knows_no_secret(self, reader: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DUBAN_SMTP_PASSWORD", "geheim")
        assert await sound(reader)
        assert reader.workers[0].pid is not None
        assert b"geheim" not in environment_of(reader.workers[0].pid)


class TestWhateverBytesCome:
    @pytest.mark.parametrize(
        "name", ["notice.doc", "notice.docx", "notice.pdf", "table.xls", "table.xlsx", "table.ods"]
    )
    async def test_cut_anywhere(self, reader: FileReader, name: str) -> None:
        """Never half a text as if it were all of it."""
        body = made(name)
        whole = (await reader.read(body, name)).text
        for end in range(1, len(body), len(body) // 12):
            said = await reader.read(body[:end], name)
            assert said.text in (None, whole) or said.note

    @pytest.mark.parametrize(("place", "value"), [(1588, 81), (3193, 221)])
    async def test_a_reader_that_breaks_down_is_a_note(self, reader: FileReader, place: int, value: int) -> None:
        """Lengths that point beyond the file: the library panics, which is no `Exception`. The process goes on."""
        body = bytearray(made("table.xls"))
        body[place] = value
        assert await sound(reader)
        pid = reader.workers[0].pid
        said = await reader.read(bytes(body), "table.xls")
        assert said.note
        packed = await reader.read(archive({"坏.xls": bytes(body), "好.txt": "预算总表".encode()}), "a.zip")
        assert packed.text is not None
        assert "预算总表" in packed.text
        assert "坏.xls" in packed.note
        assert await sound(reader)
        assert reader.workers[0].pid == pid

    @examples(4, suppress_health_check=list(HealthCheck))
    @given(damages=st.lists(DAMAGE, min_size=18, max_size=20))
    def test_damaged_anywhere(self, damages: list[tuple[str, list[tuple[float, int]]]]) -> None:
        """In the process that is made for it: a reader of sheets that gives up takes its process with it."""
        asyncio.run(self.read_damaged(damages))

    async def read_damaged(self, damages: list[tuple[str, list[tuple[float, int]]]]) -> None:
        async with FileReader(FileLimits(timeout=20)) as reader:
            for name, flips in damages:
                body = bytearray(made(name))
                for place, value in flips:
                    body[int(place * len(body))] = value
                said = await reader.read(bytes(body), name)
                assert said.text is not None or said.note
            assert await sound(reader)

    @examples(35)
    @given(
        head=st.sampled_from(
            [b"", b"%PDF-1.5\n", b"PK\x03\x04", b"{\\rtf1 ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"]
        ),
        tail=st.binary(max_size=2000),
        name=st.sampled_from(["a.doc", "a.xls", "a.txt", "a.csv", "a", "http://h/x.pdf?a=1"]),
    )
    def test_noise(self, head: bytes, tail: bytes, name: str) -> None:
        said = read_text(head + tail, name, "", 100_000)
        assert said.text is not None or said.note
        assert "\x00" not in (said.text or "")


def _lettered(first: str) -> bytes:
    """A PDF whose font says that its letters mean these characters and those that follow."""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> "
        f"<FF> endcodespacerange 1 beginbfrange <20> <7E> <{first}> endbfrange endcmap end end"
    )
    return pdf([
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 5 0 R >> >> "
        "/Contents 4 0 R >>",
        stream(words("THE QUICK BROWN FOX JUMPS OVER")),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>", stream(cmap.encode()),
    ])  # fmt: skip


@pytest.mark.parametrize(("first", "note"), [("0C00", True), ("1200", True), ("9EA0", True), ("0410", False)])
async def test_letters_that_nobody_writes_are_glyphs_without_a_meaning(reader: FileReader, first: str, note: bool):
    said = await reader.read(_lettered(first), "a.pdf")
    assert ("字体没有给出对应的文字" in said.note) is note


async def test_a_web_archive_whose_page_stands_in_the_open(reader: FileReader):
    page = "<html><body><p>=C9=E7=BB=E1=B1=A3=CF=D5</p></body></html>"
    head = "From: <Saved by an office suite>\nSubject: =?gb2312?B?xtk=?=\n x\nMime-Version: 1.0\n"
    head += 'Content-Type: multipart/related; boundary="=_x"\n\n--=_x\n'
    head += "Content-Type: text/html; charset=gb2312\n"
    body = f"{head}Content-Transfer-Encoding: quoted-printable\n\n{page}\n--=_x--\n"
    assert (await reader.read(body.encode(), "a.doc", "application/msword")).text == "社会保险"


async def test_a_document_put_into_another_leaves_open_what_is_lacking(reader: FileReader):
    said = await reader.read(docx("说明", body="<w:altChunk/>"), "a.docx")
    assert (said.text, said.note) == ("说明", "文件中嵌入了另一个文件，其内容未读取")


async def test_of_empty_rows_one_is_left_behind_a_full_one(reader: FileReader):
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{one}</w:t></w:r></w:p></w:tc>" for one in cells) + "</w:tr>"

    rows = (row("姓名", "金额"), row("", ""), row("", ""), row("合计", "3"), row("", ""))
    said = await reader.read(docx(body=f"<w:tbl>{''.join(rows)}</w:tbl>"), "a.docx")
    assert said.text == "姓名\t金额\n\t\n合计\t3\n\t"
