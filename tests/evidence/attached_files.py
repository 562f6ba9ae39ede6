"""Files as they hang on articles, good and bad, made where no office suite is needed for it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

MADE = Path(__file__).parent / "attached"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def made(name: str) -> bytes:
    """A file that an office suite wrote."""
    return (MADE / name).read_bytes()


def docx(*paragraphs: str, body: str = "", doctype: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A Word file with these paragraphs, and after them the markup `body`."""
    text = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    main = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{_W}"><w:body>{text}{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": main.encode(), **(more or {})})


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(cells: dict[str, str]) -> bytes:
    """A spreadsheet with texts in these cells."""
    rows = "".join(
        f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">'
        f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for place, text in cells.items()
    )
    sheets = '<sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
    book = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    member = f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{book}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{member}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return archive({name: part.encode() for name, part in parts.items()})


class _OldName(zipfile.ZipInfo):
    """A member whose name is written as Chinese systems of the time did, without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def archive(members: dict[str, bytes], *, gbk: bool = False, into: bytes = b"") -> bytes:
    """A ZIP archive, or one with these members more; `gbk`: with names in GBK."""
    out = BytesIO(into)
    with zipfile.ZipFile(out, "a" if into else "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in members.items():
            info = _OldName(name) if gbk else zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, body)
    return out.getvalue()


def pdf(objects: Sequence[str | bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first one is its catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + (one.encode() if isinstance(one, str) else one) + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(body: bytes, head: str = "") -> bytes:
    """A stream object."""
    return f"<< {head} /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"


_IMAGE = stream(
    b"\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
)
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pages(*contents: bytes) -> bytes:
    """A PDF whose pages are drawn so; a font is called F, a picture I."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(contents)))
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>",
        _FONT,
        _IMAGE,
    ]
    for number, content in enumerate(contents):
        resources = "<< /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources {resources}"
        objects += [f"{page} /Contents {6 + 2 * number} 0 R >>", stream(content)]
    return pdf(objects)


PICTURE = b"q 600 0 0 800 0 0 cm /I Do Q"


def words(text: str) -> bytes:
    """A page's drawing of one line."""
    return f"BT /F 12 Tf 50 700 Td ({text}) Tj ET".encode()


def laughing_pdf(levels: int = 12) -> bytes:
    """Forms that draw ten times the next one: a small file that takes for ever."""
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Contents 4 0 R >>",
        stream(b"/X Do"),
        _FONT,
    ]
    for level in range(levels):
        inner = f"/Resources << /Font << /F 5 0 R >> /XObject << /X {7 + level} 0 R >> >>"
        head = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner if level < levels - 1 else ''}"
        objects.append(stream(b"/X Do " * 10 if level < levels - 1 else words("x"), head))
    return pdf(objects)
