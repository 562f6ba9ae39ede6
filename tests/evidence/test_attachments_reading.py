"""What files say: real ones of every format, each cell in its place, and what could not be read said beside it."""

from __future__ import annotations

import base64
import struct
from collections.abc import AsyncIterator
from io import BytesIO

import olefile
import pytest

from tests.evidence.attached_files import PICTURE, archive, docx, made, pages, pdf, words, xlsx
from tracker.evidence.attachments.readers.kinds import UNREAD, kind_of
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader, read_file
from tracker.evidence.attachments.readers.registry import READERS

NOTICE = """\
样例县2015年8月环境空气质量公报
城区空气质量指数（AQI）为65，首要污染物为细颗粒物。
监测结果汇总表
点位\tAQI\t责任人
城区\t65\t
城区\t58\t
开发区\t71\t
监督电话：0551-12345678"""
TABLE = """\
收支总表
2015年收支预算总表
项目\t金额\t金额\t批复日期
项目\t上年\t本年\t批复日期
三公经费\t12.5\t8\t2015-03-02
监督电话\t\t\t"""


@pytest.fixture
async def reader() -> AsyncIterator[FileReader]:
    async with FileReader(FileLimits(timeout=20)) as reader:
        yield reader


class TestEveryFormat:
    @pytest.mark.parametrize("name", ["notice.docx", "notice.doc", "notice.wps", "公报.doc?fileid=3"])
    async def test_a_text_with_a_table(self, reader: FileReader, name: str) -> None:
        """Merged cells stand in each cell they cover, an empty cell stays one, a title over all is none."""
        file = "notice.docx" if name.endswith("docx") else "notice.doc"
        said = await reader.read(made(file), name)
        assert (said.text, said.note) == (NOTICE, "")

    @pytest.mark.parametrize("name", ["table.xlsx", "table.xls", "table.et"])
    async def test_a_table(self, reader: FileReader, name: str) -> None:
        said = await reader.read(made("table.xlsx" if name.endswith("xlsx") else "table.xls"), name)
        assert (said.text, said.note) == (TABLE, "")

    async def test_an_open_document_table(self, reader: FileReader) -> None:
        said = await reader.read(made("table.ods"), "table.ods")
        assert said.text is not None
        assert "三公经费\t12.5\t8\t2015-03-02" in said.text

    async def test_a_pdf(self, reader: FileReader) -> None:
        """Without lines its table is prose: an empty cell cannot be seen in it."""
        said = await reader.read(made("notice.pdf"), "notice.pdf")
        assert said.text is not None
        assert "城区空气质量指数（AQI）为 65，首要污染物为细颗粒物。" in said.text.split("\n")
        assert ("\t" in said.text, said.note) == (False, "")

    async def test_rich_text_in_gbk(self, reader: FileReader) -> None:
        def gbk(text: str) -> str:
            return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))

        row = rf"\trowd\cellx100\cellx200\intbl {gbk('点位')}\cell \cell\row\pard"
        body = rf"{{\rtf1\ansi\ansicpg936 {gbk('空气质量公报')}\par {row} {gbk('完')}\par}}"
        said = await reader.read(body.encode(), "notice.doc")  # as old programs name it
        assert said.text == "空气质量公报\n点位\t\n完"

    async def test_slides(self, reader: FileReader) -> None:
        def slide(text: str) -> bytes:
            cells = "".join(f"<a:tc><a:p><a:r><a:t>{one}</a:t></a:r></a:p></a:tc>" for one in ("甲", "", "乙"))
            table = f"<a:tbl><a:tr>{cells}</a:tr></a:tbl>"
            return f'<s xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p>{table}</s>'.encode()

        names = {2: "第二张", 10: "第十张", 1: "第一张"}
        members = {f"ppt/slides/slide{number}.xml": slide(text) for number, text in names.items()}
        said = await reader.read(archive({"ppt/presentation.xml": b"<p/>", **members}), "a.pptx")
        assert said.text == "\n".join(f"{text}\n甲\t\t乙" for text in ("第一张", "第二张", "第十张"))

    @pytest.mark.parametrize(
        ("name", "body", "text"),
        [
            ("a.txt", "第一行\r\n第二行\r\n".encode("gb18030"), "第一行\n第二行"),
            ("a.csv", '项目,金额\r\n"三公,经费",\r\n'.encode(), "项目\t金额\n三公,经费\t"),
            ("a.xls", "项目\t金额\n三公经费\t12\n".encode("gb18030"), "项目\t金额\n三公经费\t12"),
            ("a.xls", b"\xff\xfe" + "项目\t金额".encode("utf-16-le"), "项目\t金额"),
        ],
    )
    async def test_plain_text(self, reader: FileReader, name: str, body: bytes, text: str) -> None:
        said = await reader.read(body, name)
        assert said.text == text

    async def test_a_web_page_that_calls_itself_a_spreadsheet(self, reader: FileReader) -> None:
        rows = "<tr><td>项目</td><td>金额</td></tr><tr><td>三公经费</td><td></td></tr>"
        page = f"<html><body><table>{rows}</table></body></html>"
        for name, content_type in (("a.xls", "application/vnd.ms-excel"), ("a.et", "application/x-msexcel")):
            said = await reader.read(page.encode(), name, content_type)
            assert said.text == "项目\t金额\n三公经费\t"
        marked = page.replace("<html>", '<html xmlns:x="urn:schemas-microsoft-com:office:excel">')
        assert (await reader.read(marked.encode(), "a.xls", "text/html")).text == "项目\t金额\n三公经费\t"

    async def test_a_spreadsheet_in_xml(self, reader: FileReader) -> None:
        xml = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
          xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表一"><Table>
          <Row><Cell ss:MergeAcross="2"><Data>收支表</Data></Cell></Row>
          <Row><Cell><Data>项目</Data></Cell><Cell ss:Index="3"><Data>金额</Data></Cell></Row>
          </Table></Worksheet></Workbook>"""
        assert (await reader.read(xml.encode(), "a.xls")).text == "表一\n收支表\n项目\t\t金额"

    @pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
    async def test_a_word_file_in_xml(self, reader: FileReader, encoding: str) -> None:
        """What systems fill in from templates."""

        def cell(text: str, more: str = "") -> str:
            return f"<w:tc><w:tcPr>{more}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

        begins, goes_on = '<w:vmerge w:val="restart"/>', "<w:vmerge/>"
        rows = (cell("项目", begins) + cell("金额"), cell("", goes_on) + cell(""))
        table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
        xml = f"""<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Word.Document"?>
          <w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>
          <w:p><w:r><w:t>公报</w:t></w:r></w:p><w:tbl>{table}</w:tbl></w:body></w:wordDocument>"""
        assert (await reader.read(xml.encode(encoding), "a.doc")).text == "公报\n项目\t金额\n项目\t"

    async def test_a_web_archive(self, reader: FileReader) -> None:
        rows = "<tr><td>项目</td><td>金额</td></tr><tr><td>三公经费</td><td></td></tr>"
        page = f"<html><body><p>公报</p><table>{rows}</table>"
        body = (
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
            b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(page.encode("gb2312"))
            + b"\r\n--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n"
        )
        said = await reader.read(body, "a.doc")
        assert said.text == "公报\n项目\t金额\n三公经费\t"

    async def test_a_chart_of_steps_drawn_in_a_sheet(self, reader: FileReader) -> None:
        shape = "<d xmlns:a='a'><a:p><a:r><a:t>受理</a:t></a:r></a:p><a:p><a:r><a:t>办结</a:t></a:r></a:p></d>"
        body = archive({"xl/drawings/drawing1.xml": shape.encode()}, into=xlsx({"A1": "流程", "A3": "时限"}))
        assert (await reader.read(body, "a.xlsx")).text == "表\n流程\n时限\n受理\n办结"

    async def test_a_file_is_what_it_is_and_not_what_it_is_called(self, reader: FileReader) -> None:
        assert (await reader.read(made("table.xlsx"), "a.doc", "application/msword")).text == TABLE
        assert (await reader.read(made("notice.doc"), "a.pdf", "application/pdf")).text == NOTICE


def written(*cells: tuple[int, int, str]) -> bytes:
    """Words in the cells of a table of 100 by 20 points, columns and rows counted from the lower left."""
    return b" ".join(
        f"BT /F 10 Tf {60 + 100 * column} {505 + 20 * row} Td ({text}) Tj ET".encode() for column, row, text in cells
    )


def ruled(*lines: tuple[int, int, int, int]) -> bytes:
    """Lines of that table, by its corners."""
    return b" ".join(
        f"{50 + 100 * a} {500 + 20 * b} m {50 + 100 * c} {500 + 20 * d} l S".encode() for a, b, c, d in lines
    )


class TestATableInAPdf:
    HEAD = ((0, 2, "point"), (1, 2, "value"), (2, 2, "who"))
    ROWS = (*HEAD, (0, 1, "north"), (1, 1, "65"), (0, 0, "south"), (1, 0, "71"))
    WHOLE = (*((0, n, 3, n) for n in range(4)), *((n, 0, n, 3) for n in range(4)))

    async def test_is_read_in_cells_where_lines_rule_it(self, reader: FileReader) -> None:
        before, after = b"BT /F 10 Tf 60 600 Td (before) Tj ET", b"BT /F 10 Tf 60 400 Td (after) Tj ET"
        body = pages(b" ".join((before, ruled(*self.WHOLE), written(*self.ROWS), after)))
        said = await reader.read(body, "a.pdf")
        assert said.text == "before\npoint\tvalue\twho\nnorth\t65\t\nsouth\t71\t\nafter"

    async def test_a_cell_stands_wherever_no_line_parts_it(self, reader: FileReader) -> None:
        lines = [one for one in self.WHOLE if one not in ((0, 1, 3, 1), (1, 0, 1, 3))]
        lines += [(1, 1, 3, 1), (1, 0, 1, 2)]  # open between the two lower rows of the first column, and above
        body = pages(
            ruled(*lines) + b" " + written((0, 2, "wide"), (2, 2, "who"), (0, 1, "deep"), (1, 1, "65"), (2, 0, "x"))
        )
        said = await reader.read(body, "a.pdf")
        assert said.text == "wide\twide\twho\ndeep\t65\t\ndeep\t\tx"

    async def test_what_is_drawn_in_a_cell_fills_it(self, reader: FileReader) -> None:
        tick = b"255 525 m 260 522 l 270 535 l S"
        said = await reader.read(pages(b" ".join((ruled(*self.WHOLE), written(*self.ROWS), tick))), "a.pdf")
        assert "north\t65\t（图片）" in (said.text or "").split("\n")

    async def test_without_lines_it_is_prose(self, reader: FileReader) -> None:
        rules = ruled(*((0, n, 3, n) for n in (0, 2, 3)))  # as papers are set: above, below, and under the head
        said = await reader.read(pages(rules + b" " + written(*self.ROWS)), "a.pdf")
        assert (said.text or "").split("\n")[1] == "north 65"

    async def test_where_the_lines_leave_a_doubt_it_is_prose(self, reader: FileReader) -> None:
        lines = [one for one in self.WHOLE if one not in ((0, 1, 3, 1), (1, 0, 1, 3))]
        lines += [(1, 1, 3, 1), (1, 0, 1, 1)]  # the cells left open make no rectangle
        said = await reader.read(pages(ruled(*lines) + b" " + written(*self.ROWS)), "a.pdf")
        assert "\t" not in (said.text or "\t")


class TestAnArchive:
    async def test_each_member_by_its_own_reader(self, reader: FileReader) -> None:
        inner = archive({"说明.txt": "里层".encode()})
        body = archive({"附件/公报.doc": made("notice.doc"), "附件/": b"", "里.zip": inner, "__MACOSX/x": b"x"})
        said = await reader.read(body, "附件.zip")
        assert (said.text, said.note) == (f"附件/公报.doc\n{NOTICE}\n里.zip\n说明.txt\n里层", "")

    @pytest.mark.parametrize("gbk", [True, False])
    async def test_names_as_their_systems_wrote_them(self, reader: FileReader, gbk: bool) -> None:
        said = await reader.read(archive({"图表公报.txt": b"1", "图.txt": b"2"}, gbk=gbk), "a.zip")
        assert said.text == "图表公报.txt\n1\n图.txt\n2"

    async def test_what_cannot_be_read_is_named_beside_the_rest(self, reader: FileReader) -> None:
        said = await reader.read(archive({"甲.txt": "有".encode(), "乙.png": b"\x89PNG\r\n\x1a\n"}), "a.zip")
        assert (said.text, said.note) == ("甲.txt\n有\n乙.png", "“乙.png”：图片，没有可检索的文字")

    async def test_nothing_but_what_cannot_be_read(self, reader: FileReader) -> None:
        said = await reader.read(archive({"乙.png": b"\x89PNG\r\n\x1a\n"}), "a.zip")
        assert (said.text, said.note) == (None, "“乙.png”：图片，没有可检索的文字")

    async def test_one_with_a_password(self, reader: FileReader) -> None:
        body = bytearray(archive({"甲.txt": "有".encode()}))
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            body[body.index(mark) + place] |= 1
        assert (await reader.read(bytes(body), "a.zip")).note == "“甲.txt”：设有密码，无法读取"

    async def test_an_empty_one(self, reader: FileReader) -> None:
        assert (await reader.read(archive({}), "a.zip")).note == "压缩包是空的"


class TestCannotJudge:
    @pytest.mark.parametrize(
        ("body", "name", "note"),
        [
            (b"", "a.pdf", "文件是空的"),
            (b"\r\n \x00", "a.doc", "文件是空的"),
            (archive({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"}), "a.ofd", "OFD 文件尚不能读取"),
            (b"Rar!\x1a\x07\x00" + b"x" * 99, "a.rar", "RAR 压缩包尚不能读取"),
            (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "a.zip", "7z 压缩包尚不能读取"),
            (b"\xff\xd8\xff\xe0" + bytes(99), "a.jpg", "图片，没有可检索的文字"),
            (b"<html><body>404 Not Found</body></html>", "a.pdf", "地址给出的是网页，不是文件"),
            (b"<html><body>404 Not Found</body></html>", "a.xls", "地址给出的是网页，不是文件"),
            (bytes(range(256)) * 9, "a.doc", "无法识别的文件格式"),
            (made("locked.pdf"), "a.pdf", "PDF 文件设有密码，无法读取"),
            (made("locked.xlsx"), "a.xlsx", "文件设有密码，无法读取"),
            (pages(PICTURE, PICTURE), "a.pdf", "扫描件，没有可检索的文字"),
            (pages(b""), "a.pdf", "PDF 文件中没有文字"),
            (docx(more={"word/media/image1.png": b"x"}), "a.docx", "文件中只有图片，没有可检索的文字"),
            (docx(), "a.docx", "文件中没有文字"),
        ],
    )
    async def test_and_says_why(self, reader: FileReader, body: bytes, name: str, note: str) -> None:
        said = await reader.read(body, name)
        assert (said.text, said.note) == (None, note)

    async def test_a_page_that_was_scanned_among_others(self, reader: FileReader) -> None:
        said = await reader.read(pages(words("Air quality index 65"), PICTURE, b""), "a.pdf")
        assert (said.text, said.note) == ("Air quality index 65", "第 2 页为扫描件，没有可检索的文字")

    async def test_a_font_that_names_no_character(self, reader: FileReader) -> None:
        said = await reader.read(pages(words("\\001\\002\\003 \\004\\005\\006\\016\\017")), "a.pdf")
        assert said.text is None

    @pytest.mark.parametrize(
        ("letters", "picture", "whole"),
        [(2, 1, False), (300, 1, True), (300, 60_000, False), (500, 60_000, True)],
    )
    async def test_a_word_file_with_little_beside_its_pictures(
        self, reader: FileReader, letters: int, picture: int, whole: bool
    ) -> None:
        """A seal or a logo says nothing; a picture of a page may say what the text does not."""
        body = docx("公" * letters, more={"word/media/image1.png": bytes(picture)})
        said = await reader.read(body, "a.docx")
        assert (said.text, said.note) == ("公" * letters, "" if whole else "文件中有图片，其中的文字无法检索")

    async def test_a_table_that_a_word_file_shows_as_an_object(self, reader: FileReader) -> None:
        inner = {"word/embeddings/a.xlsx": made("table.xlsx"), "word/embeddings/b.bin": made("locked.xlsx")}
        said = await reader.read(docx("正文", more=inner), "a.docx")
        assert (said.text, said.note) == (f"正文\n{TABLE}", "文件中嵌有其他文件：文件设有密码，无法读取")

    async def test_a_scan_with_a_line_stamped_on_it(self, reader: FileReader) -> None:
        stamped = words("Page 1 of 2, received 2015-09-28") + b" " + PICTURE
        said = await reader.read(pages(stamped), "a.pdf")
        assert said.note == "第 1 页为扫描件，没有可检索的文字"
        logo = words("Page 1 of 2, received 2015-09-28") + b" q 60 0 0 60 0 0 cm /I Do Q"
        assert (await reader.read(pages(logo), "a.pdf")).note == ""

    async def test_a_picture_in_a_table_is_no_empty_cell(self, reader: FileReader) -> None:
        def cell(inner: str) -> str:
            return f"<w:tc><w:p><w:r>{inner}</w:r></w:p></w:tc>"

        row = cell("<w:t>印章</w:t>") + cell("<w:drawing/>")
        said = await reader.read(docx(body=f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"), "a.docx")
        assert said.text == "印章\t（图片）"

    def test_every_kind_without_a_reader_has_a_reason(self) -> None:
        assert not READERS.keys() & UNREAD.keys()
        kinds = {
            kind_of(body, "a.bin") for body in (b"MZ\x00", b"ID3\x03", b"\x1f\x8b\x08", b"BM\x00", b"CEB\x00", b"?")
        }
        assert kinds <= UNREAD.keys()


class TestWord97:
    async def test_pieces_of_one_byte_and_of_two_in_any_order(self, reader: FileReader) -> None:
        """As quick saving leaves them: text that was put in later lies behind what it stands before."""
        main, table = streams_of("notice.doc")
        at = main.index("样例县".encode("utf-16-le"))
        early, late = "先写的\r".encode("utf-16-le"), b"AQI 65 "
        main[at : at + len(early + late)] = early + late
        plc = struct.pack("<3I", 0, len(late), len(late) + 4)
        plc += struct.pack("<HIH", 0, (at + len(early)) * 2 | 0x4000_0000, 0) + struct.pack("<HIH", 0, at, 0)
        clx = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(plc)) + plc
        table[: len(clx)] = clx
        struct.pack_into("<II", main, 0x9A + 8 * 33, 0, len(clx))
        struct.pack_into("<8I", main, 0x4C, len(late) + 4, *[0] * 7)
        said = await reader.read(rewritten("notice.doc", main, table), "a.doc")
        assert said.text == "AQI 65 先写的"

    async def test_a_locked_one(self, reader: FileReader) -> None:
        main, table = streams_of("notice.doc")
        main[0x0B] |= 0x01  # fEncrypted of the FIB
        said = await reader.read(rewritten("notice.doc", main, table), "a.doc")
        assert said.note == "Word 文件设有密码，无法读取"

    async def test_one_from_before_1997(self, reader: FileReader) -> None:
        main, table = streams_of("notice.doc")
        main[2:4] = struct.pack("<H", 0x68)
        said = await reader.read(rewritten("notice.doc", main, table), "a.doc")
        assert said.note == "Word 97 以前的文件尚不能读取"


def streams_of(name: str) -> tuple[bytearray, bytearray]:
    with olefile.OleFileIO(BytesIO(made(name))) as container:
        return bytearray(container.openstream("WordDocument").read()), bytearray(container.openstream("1Table").read())


def rewritten(name: str, main: bytes, table: bytes) -> bytes:
    file = BytesIO(made(name))
    with olefile.OleFileIO(file, write_mode=True) as container:
        container.write_stream("WordDocument", bytes(main))
        container.write_stream("1Table", bytes(table))
        return file.getvalue()


async def test_a_single_file_without_a_reader_of_ones_own() -> None:
    assert (await read_file(made("table.xls"), "a.xls")).text == TABLE


async def test_a_pdf_whose_pages_hold_themselves() -> None:
    body = pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 5 >>"])
    assert (await read_file(body, "a.pdf")).note == "PDF 文件已损坏"
