"""Readers of files: each kind of attachment, what may be filed as a proof, tables of events and of requests."""
# ruff: noqa: E501  (seeds are easier to read as they would come)

from __future__ import annotations

import asyncio
import io
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path

import xlsxwriter
from hypothesis import strategies as st

from fuzz.reader import LIMIT, Reader
from fuzz.wounds import WORDS, wounded
from tests.evidence import attached_files, proof_files
from tests.registers.import_office import BOOK, OFFICE
from tests.registers.request_sheet import ID_NUMBER, PHONE, csv_file, row_of, workbook
from tracker.core.values.message import MessageError
from tracker.evidence.attachments.readers.kinds import UNREAD
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.attachments.readers.registry import READERS as KINDS
from tracker.evidence.attachments.readers.sheet_rows import BadTable, read_table
from tracker.evidence.attachments.readers.text import Unfit
from tracker.registers.eventrows import find_duplicates, read_event_rows
from tracker.registers.request_cells import SheetWords
from tracker.registers.request_heads import read_heads
from tracker.registers.request_rows import read_request_rows

ATTACHED = Path(attached_files.__file__).with_name("attached")
_SHEET_XML = (
    b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell>'
    b"<Data>2015</Data></Cell></Row></Table></Worksheet></Workbook>"
)
_WORD_XML = (
    b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p>'
    b"<w:r><w:t>2015</w:t></w:r></w:p></w:body></w:wordDocument>"
)
_MAIL = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    b"<html><p>2015</p></html>\r\n--b--\r\n"
)
_RAR, _SEVEN, _OLE = b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def attached(*names: str) -> list[bytes]:
    return [(ATTACHED / name).read_bytes() for name in names]


def slides() -> bytes:
    members = {
        "ppt/presentation.xml": b"<p:presentation xmlns:p='p'/>",
        "ppt/slides/slide1.xml": b"<p:sld xmlns:p='p' xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
        b"<a:p><a:r><a:t>2015</a:t></a:r></a:p></p:sld>",
    }
    return attached_files.archive(members)


def seeds() -> dict[str, tuple[str, list[bytes]]]:
    """By kind the name under which its files come, and small whole files of it."""
    pages = attached_files.pages(attached_files.words("2015"), attached_files.PICTURE)
    return {
        "pdf": ("a.pdf", [*attached("notice.pdf", "locked.pdf"), pages]),
        "docx": ("a.docx", [*attached("notice.docx"), attached_files.docx("第一段", "第二段")]),
        "doc": ("a.doc", attached("notice.doc")),
        "xlsx": ("a.xlsx", [*attached("table.xlsx", "locked.xlsx"), attached_files.xlsx({"A1": "2015"})]),
        "xls": ("a.xls", attached("table.xls")),
        "ods": ("a.ods", attached("table.ods")),
        "pptx": ("a.pptx", [slides()]),
        "rtf": ("a.rtf", [rb"{\rtf1\ansicpg936{\fonttbl\f0 x;}\'b9\'ab\'b8\'e6\u20844?\par 2015{\*\x y}}"]),
        "zip": ("a.zip", [
            attached_files.archive({"a.txt": "公告".encode(), "表.xlsx": attached_files.xlsx({"A1": "1"})}, gbk=True),
            attached_files.archive({"b.zip": attached_files.archive({"c.pdf": pages})}),
        ]),
        "mht": ("a.mht", [_MAIL]),
        "xml": ("a.xml", [_SHEET_XML, _WORD_XML]),
        "saved page": ("a.html", [b"<html><meta charset=gbk><table><tr><td>2015</table></html>"]),
        "text": ("a.txt", ["公告,2015\r\n".encode("gb18030"), "公告\t2015".encode("utf-16")]),
        "unread": ("a.ofd", [
            attached_files.archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": b"<a/>"}),
            _RAR + bytes(64), _SEVEN + bytes(64), _OLE + bytes(504), proof_files.png(), proof_files.jpeg(),
        ]),
    }  # fmt: skip


class Apart:
    """The process that reads files, kept for the next one as a crawl keeps it. It ends with ours."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.reader = FileReader(FileLimits(timeout=4 * LIMIT, max_text=100_000))

    def close(self) -> None:
        self.runner.run(self.reader.close())
        self.runner.close()


@cache
def apart() -> Apart:
    return Apart()


def check_file(case: tuple[str, bytes]) -> None:
    """A file has a text or a note, of a kind that is known."""
    (name, body), one = case, apart()
    said = one.runner.run(one.reader.read(body, name))
    assert said.text is not None or said.note
    assert said.kind in KINDS or said.kind in UNREAD or not said.kind
    assert said.text is None or len(said.text) <= 100_000


def check_proof(case: tuple[str, bytes]) -> None:
    """A proof is of a kind, or says why it cannot be filed."""
    one = apart()
    try:
        assert one.runner.run(one.reader.inspect(case[1], case[0]))
    except Unfit as error:
        assert str(error)


#: Kinds with a reader of their own in the campaign; the others share one.
APART = ("pdf", "docx", "doc", "xlsx", "xls", "zip")


def files(*kinds: str) -> st.SearchStrategy[tuple[str, bytes]]:
    """Wounded files of these kinds, with their names."""
    known = seeds()
    return st.sampled_from(kinds).flatmap(
        lambda kind: st.tuples(st.just(known[kind][0]), wounded(known[kind][1], from_soup=False))
    )


_EVENTS = (
    "事项,部门,日期,文号,年度,任务\r\n预算批复,环保局,2015-03-02,环发〔2015〕9号,2015,预算\r\n"
    "budget-approved,管理局,42065,,2015,\r\n"
)


def event_book() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, text in enumerate(_EVENTS.splitlines()):
            sheet.write_row(line, 0, text.split(","))
        sheet.merge_range("A5:B6", "预算批复")
        sheet.write_datetime("C5", datetime(2015, 3, 2, 9), book.add_format({"num_format": "yyyy/m/d h:mm"}))
        sheet.write_formula("D5", "=1/0", None, "#DIV/0!")
    return made.getvalue()


def check_events(body: bytes) -> None:
    """Each row is an event or says why not; a file that is no table says so."""
    try:
        rows = read_event_rows(read_table(body), OFFICE).rows
    except BadTable as error:
        assert str(error)
        return
    for row in rows:
        assert (row.event is None) == bool(row.errors)
    find_duplicates(rows)


def check_requests(body: bytes) -> None:
    """Each row is a request or says why not, and no error repeats what stands in a cell of a person."""
    try:
        table = read_table(body)
        readings = read_request_rows(table, read_heads(table, {}, ()), BOOK, SheetWords())
    except (BadTable, MessageError) as error:
        assert str(error)
        return
    for reading in readings:
        assert reading.row is not None or reading.errors
        said = " ".join(map(str, reading.errors))
        assert ID_NUMBER not in said
        assert PHONE not in said


_CELLS = [*WORDS, ",", '"', "\r\n", ";", "\t", "=1+1", "网上申请", "公民", "予以公开", "2025-7", "42065", "1e308", "-0"]

READERS = (
    *(Reader(f"file-{kind}", partial(files, kind), check_file) for kind in APART),
    Reader("file-others", lambda: files(*sorted(seeds().keys() - set(APART))), check_file),
    Reader("proofs", lambda: files(*sorted(seeds())), check_proof),
    Reader("events", lambda: wounded([_EVENTS.encode(), _EVENTS.encode("gb18030")], _CELLS), check_events),
    Reader("event-books", lambda: wounded([event_book()], from_soup=False), check_events),
    Reader("requests", lambda: wounded(
        [csv_file(row_of()), csv_file(row_of(收到日期=date(2025, 2, 28)), row_of(), code="gb18030"), workbook(row_of())], _CELLS
    ), check_requests),
)  # fmt: skip
