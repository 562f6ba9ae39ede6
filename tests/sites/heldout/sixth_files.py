"""The files of the sixth set held out, written byte by byte: the same bytes whenever they are made."""
# ruff: noqa: E501  (XML is easier to read as it stands)

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

KEPT = Path(__file__).parent / "kept"
#: Those of the corpus: binary formats that cannot be written by hand.
_SHARED = Path(__file__).parents[1] / "kept"
_THEN = (2015, 9, 3, 8, 0, 0)


def kept(name: str) -> bytes:
    own = KEPT / name
    return (own if own.exists() else _SHARED / name).read_bytes()


class _Named(zipfile.ZipInfo):
    """A member whose name is written in GBK, as archives made in Chinese Windows have it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def packed(members: Mapping[str, bytes | str], *, gbk: bool = False, locked: bool = False) -> bytes:
    """An archive. `locked`: its members are marked as encrypted, and hold nothing that could be read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            info = (_Named if gbk else zipfile.ZipInfo)(name, _THEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    data = bytearray(out.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) if locked else -1
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    return (
        "<w:tbl><w:tblPr/><w:tblGrid/>"
        + "".join("<w:tr>" + "".join(f"<w:tc><w:tcPr/>{para(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
        + "</w:tbl>"
    )


def docx(body: str, media: Mapping[str, bytes] | None = None) -> bytes:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/{name}"/>'
        for n, name in enumerate(media or {}, 7)
    )
    return packed(
        {
            "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>',
            "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{body}</w:body></w:document>',
            **{f"word/media/{name}": data for name, data in (media or {}).items()},
        }
    )


def drawing(n: int = 7) -> str:
    """A paragraph that is nothing but a picture as large as the page."""
    return f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="5274310" cy="7459345"/><wp:docPr id="{n}" name="图片 {n}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="rId{n}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'


def picture(width: int = 600, height: int = 840) -> bytes:
    """A PNG of grey lines, as a scanned page looks from afar."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    lines = b"".join(b"\0" + (b"\x60" if row % 24 < 9 else b"\xf6") * width for row in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def xlsx(sheets: Mapping[str, Sequence[Sequence[str]]], *, hidden: Sequence[str] = (), merged: Mapping[str, Sequence[str]] | None = None) -> bytes:  # fmt: skip
    """A workbook of cells typed in; figures stay figures. `merged`: ranges of a sheet."""

    def cell(row: int, column: int, text: str) -> str:
        at = f"{chr(65 + column)}{row + 1}"
        if not text:
            return f'<c r="{at}"/>'
        if text.replace(".", "", 1).isdigit():
            return f'<c r="{at}"><v>{text}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'

    def sheet(name: str, rows: Sequence[Sequence[str]]) -> str:
        data = "".join(
            f'<row r="{y + 1}">' + "".join(cell(y, x, text) for x, text in enumerate(row)) + "</row>"
            for y, row in enumerate(rows)
        )
        ranges = (merged or {}).get(name, ())
        joined = f'<mergeCells count="{len(ranges)}">' + "".join(f'<mergeCell ref="{one}"/>' for one in ranges) + "</mergeCells>" if ranges else ""  # fmt: skip
        return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{data}</sheetData>{joined}</worksheet>'

    names = list(sheets)
    return packed(
        {
            "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            + "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' for n in range(1, len(names) + 1))
            + "</Types>",
            "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
            + "".join(f'<sheet name="{name}" sheetId="{n}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""} r:id="rId{n}"/>' for n, name in enumerate(names, 1))
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(names) + 1))
            + "</Relationships>",
            **{f"xl/worksheets/sheet{n}.xml": sheet(name, sheets[name]) for n, name in enumerate(names, 1)},
        }
    )  # fmt: skip


#: How a page of a PDF is set: the operators that place its lines.
_UPRIGHT, _TURNED = "1 0 0 1 60 {y} Tm", "0 1 -1 0 {y} 60 Tm"


def pdf(*pages: Sequence[str], turned: bool = False, mode: str = "text", scans: Sequence[int] = ()) -> bytes:
    """Lines of text on pages. `mode`: text; mojibake (GBK bytes in a Latin font); glyphs (numbers of glyphs without
    a table that says what they mean). `scans`: which pages are one picture instead."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(head: str, data: bytes) -> int:
        return add(f"<<{head}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream")

    catalogue, tree = add(b""), add(b"")
    if mode == "mojibake":
        font = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    else:
        ordering = "GB1" if mode == "text" else "Identity"
        told = add(b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752/Descent -271/CapHeight 737/StemV 58>>")  # fmt: skip
        below = add(f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>/FontDescriptor {told} 0 R/DW 1000>>".encode())  # fmt: skip
        font = add(f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{'UniGB-UCS2-H' if mode == 'text' else 'Identity-H'}/DescendantFonts[{below} 0 R]>>".encode())  # fmt: skip
    lines_of_scan = b"".join((b"\x60" if row % 24 < 9 else b"\xf6") * 300 for row in range(420))
    shot = stream("/Type/XObject/Subtype/Image/Width 300/Height 420/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", zlib.compress(lines_of_scan, 9))  # fmt: skip
    numbers = []
    for n, page in enumerate(pages):
        if n in scans:
            drawn = b"q 560 0 0 800 18 20 cm /I Do Q"
        else:
            parts = ["BT /F 12 Tf"]
            for at, line in enumerate(page):
                place = (_TURNED if turned else _UPRIGHT).format(y=(80 + 22 * at) if turned else (780 - 22 * at))
                raw = {
                    "text": line.encode("utf-16-be"), "mojibake": line.encode("gbk"),
                    "glyphs": b"".join((ord(char) % 6000 + 40).to_bytes(2, "big") for char in line),
                }[mode]  # fmt: skip
                parts.append(f"{place} <{raw.hex()}> Tj")
            drawn = "\n".join([*parts, "ET"]).encode()
        body = stream("", drawn)
        turn = "/Rotate 90" if turned else ""
        numbers.append(add(f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]{turn}/Resources<</Font<</F {font} 0 R>>/XObject<</I {shot} 0 R>>>>/Contents {body} 0 R>>".encode()))  # fmt: skip
    objects[catalogue - 1] = f"<</Type/Catalog/Pages {tree} 0 R>>".encode()
    objects[tree - 1] = f"<</Type/Pages/Count {len(numbers)}/Kids[{' '.join(f'{n} 0 R' for n in numbers)}]>>".encode()
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for n, body_ in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n".encode() + body_ + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{at:010d} 00000 n \n".encode() for at in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root {catalogue} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def rtf(*lines: str) -> bytes:
    """What WordPad of a Chinese Windows saves as .doc."""
    body = "".join("".join(char if char.isascii() else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk")) for char in line) + "\\par\n" for line in lines)  # fmt: skip
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0\\deflang2052{\\fonttbl{\\f0\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}}\\viewkind4\\uc1\\pard\\f0\\fs24 " + body + "}").encode("ascii")  # fmt: skip


def mht(html: str) -> bytes:
    """A page saved as one file, under the name .doc."""
    from quopri import encodestring

    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart_01D"\r\n\r\n------=_NextPart_01D\r\nContent-Location: file:///C:/plan.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n'
    return head + encodestring(html.encode("gb2312")) + b"\r\n------=_NextPart_01D--\r\n"


def sheet_xml(rows: Sequence[Sequence[str]]) -> bytes:
    """An XML Spreadsheet of 2003, under the name .xls."""
    body = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{escape(one)}</Data></Cell>' if one else "<Cell/>" for one in row) + "</Row>" for row in rows)  # fmt: skip
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Sheet1"><Table>{body}</Table></Worksheet></Workbook>'.encode()


def tabbed(rows: Sequence[Sequence[str]]) -> bytes:
    """What an export of a report writes under the name .xls: text in UTF-16, parted by tabs."""
    return b"\xff\xfe" + "\r\n".join("\t".join(row) for row in rows).encode("utf-16-le")
