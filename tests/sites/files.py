"""Makes the attachments in `kept/`: run by hand when one is to change; what they hold is in `HOLDS`.

Needs reportlab, python-docx, xlsxwriter, xlwt and Pillow, which nothing else here needs: the files are kept.
"""

# ruff: noqa: E501  (XML is easier to read as it stands)

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

FILES = Path(__file__).parent / "kept"

#: Words that each file holds, for whoever can read it; empty where no text is in it.
HOLDS: dict[str, tuple[str, ...]] = {
    "budget.pdf": ("一般公共预算支出表", "三公经费", "政府采购预算"),
    "scan.pdf": (),
    "locked.pdf": (),
    "cut.pdf": (),
    "water.docx": ("饮用水水源", "达标率", "粪大肠菌群"),
    "fees.xlsx": ("收费项目", "收费标准", "征收依据"),
    "households.xls": ("低保对象", "保障人数", "月保障金额"),
    "households.et": ("低保对象", "保障人数", "月保障金额"),
    "saved-page.xls": ("抽检批次", "合格率"),
    "saved-page.doc": ("应急预案", "响应分级"),
    "notice.rtf.doc": ("Emergency",),
    "plan.doc": ("征地补偿标准", "安置途径"),
    "bundle.zip": ("饮用水水源", "收费标准"),
    "bundle-gbk.zip": ("收费标准",),
    "report.ofd": ("财政决算",),
}


def _pdf(pages: list[list[str]], **how: object) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, **how)
    for lines in pages:
        canvas.setFont("STSong-Light", 12)
        for n, line in enumerate(lines):
            canvas.drawString(72, 780 - 22 * n, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _scan() -> bytes:
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    picture = Image.new("L", (300, 420), 250)
    draw = ImageDraw.Draw(picture)
    for n in range(18):
        draw.line((30, 40 + 20 * n, 270 - 7 * (n % 5), 40 + 20 * n), fill=60, width=4)
    shot = io.BytesIO()
    picture.save(shot, "JPEG", quality=30)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawImage(ImageReader(shot), 50, 200, 500, 600)
    canvas.save()
    return out.getvalue()


def _docx() -> bytes:
    from docx import Document

    document = Document()
    document.add_heading("阳黎县集中式饮用水水源水质监测报告", 1)
    document.add_paragraph("2015年第三季度，全县集中式饮用水水源水质达标率为100%。")
    table = document.add_table(rows=1, cols=3)
    for cell, text in zip(table.rows[0].cells, ("水源名称", "监测项目", "评价"), strict=True):
        cell.text = text
    for row in (("青石水库", "粪大肠菌群", "达标"), ("柳坝水厂", "氨氮", "达标")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_FEES = [
    ("序号", "收费项目", "收费标准", "征收依据"),
    (1, "污水处理费", "0.8元/吨", "省价费〔2014〕12号"),
    (2, "城市道路占用费", "0.3元/平方米·天", "省价费〔2010〕7号"),
]
_HOUSEHOLDS = [
    ("乡镇", "低保对象", "保障人数", "月保障金额"),
    ("城关镇", "王某某", 3, 960),
    ("柳坝镇", "李某某", 2, 640),
]


def _xlsx() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("收费目录")
        for n, row in enumerate(_FEES):
            sheet.write_row(n, 0, row)
        book.add_worksheet("Sheet2")
    return out.getvalue()


def _xls() -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("低保")
    for n, row in enumerate(_HOUSEHOLDS):
        for k, value in enumerate(row):
            sheet.write(n, k, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ofd() -> bytes:
    page = '<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="1"><ofd:TextObject ID="2" Boundary="20 20 100 10" Font="3" Size="6"><ofd:TextCode X="0" Y="6" DeltaX="g 5 6">2014年度财政决算</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>'
    root = '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    document = '<?xml version="1.0" encoding="UTF-8"?><ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'
    return _zip(
        {
            "OFD.xml": root.encode(),
            "Doc_0/Document.xml": document.encode(),
            "Doc_0/Pages/Page_0/Content.xml": page.encode(),
        }
    )


class _CodePage(zipfile.ZipInfo):
    """A member named as packers on Chinese desktops did it: in the code page, without the flag for UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _zip(members: dict[str, bytes], kind: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(kind(name, (2015, 9, 28, 10, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _compound(streams: dict[str, bytes]) -> bytes:
    """A compound file as Word 97 wrote them: every stream at least 4,096 bytes, so no mini stream is needed."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    padded = {name: body.ljust(max(4096, -(-len(body) // sector) * sector), b"\0") for name, body in streams.items()}
    chain: list[int] = []
    starts: dict[str, int] = {}
    for name, body in padded.items():
        starts[name] = len(chain)
        count = len(body) // sector
        chain += [len(chain) + k + 1 for k in range(count - 1)] + [end]
    directory_at = len(chain)
    chain += [directory_at + 1, end] if len(streams) > 3 else [end]
    fat_at = len(chain)
    chain.append(0xFFFFFFFD)
    names = sorted(streams, key=lambda name: (len(name), name.upper()))

    def entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0" if name else b""
        identity = bytes.fromhex("0609020000000000C000000000000046") if kind == 5 else bytes(16)
        return struct.pack(
            "<64sHBBIII16sIQQIII", coded, len(coded), kind, 1, left, right, child, identity, 0, 0, 0, start, size, 0
        )

    middle = len(names) // 2
    slots = {name: n + 1 for n, name in enumerate(names)}
    directory = entry("Root Entry", 5, free, free, slots[names[middle]], end, 0)
    for n, name in enumerate(names):
        left = slots[names[n - 1]] if n == middle and n else free
        right = slots[names[n + 1]] if n == middle and n + 1 < len(names) else free
        directory += entry(name, 2, left, right, free, starts[name], len(padded[name]))
    directory = directory.ljust(-(-len(directory) // sector) * sector, b"\0")
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        directory_at,
        0,
        4096,
        end,
        0,
        end,
        0,
    )
    head += struct.pack("<I", fat_at) + struct.pack("<I", free) * 108
    fat = struct.pack(f"<{len(chain)}I", *chain) + struct.pack("<I", free) * (128 - len(chain))
    return head + b"".join(padded.values()) + directory + fat


def _doc(text: str) -> bytes:
    """A Word 97 file of plain paragraphs: the header, the text in UTF-16, one piece."""
    coded = text.replace("\n", "\r").encode("utf-16-le")
    count = len(coded) // 2
    begin = 2048
    pieces = struct.pack("<II", 0, count) + struct.pack("<HIH", 0, begin, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    fib = bytearray(begin)
    struct.pack_into(
        "<HHHHHHHI", fib, 0, 0xA5EC, 0xC1, 0, 0x804, 0, 0x1200, 0xBF, 0
    )  # 0x1200: table in 1Table, extended characters
    struct.pack_into("<II", fib, 24, begin, begin + len(coded))
    struct.pack_into("<H", fib, 32, 14)
    struct.pack_into("<H", fib, 62, 22)
    struct.pack_into("<I", fib, 64, begin + len(coded))
    struct.pack_into("<i", fib, 76, count)
    struct.pack_into("<H", fib, 152, 93)
    struct.pack_into("<II", fib, 154 + 33 * 8, 0, len(table))  # where the piece table lies
    return _compound({"WordDocument": bytes(fib) + coded, "1Table": table})


def main() -> None:
    """Write every file anew."""
    saved = "<html xmlns:x='urn:schemas-microsoft-com:office:{0}'><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body>{1}</body></html>"
    files = {
        "budget.pdf": _pdf(
            [
                [
                    "阳黎县环境保护局2015年部门预算",
                    "一、收入预算表",
                    "二、一般公共预算支出表",
                    "三、三公经费支出预算：12.5万元",
                ],
                ["四、政府采购预算：无", "五、机关运行经费：36万元"],
            ]
        ),
        "scan.pdf": _scan(),
        "locked.pdf": _pdf([["不公开口令"]], encrypt="secret"),
        "cut.pdf": _pdf([["残缺的文件"]])[:900],
        "water.docx": _docx(),
        "fees.xlsx": _xlsx(),
        "households.xls": _xls(),
        "households.et": _xls(),
        "saved-page.xls": saved.format(
            "excel",
            "<table border=1><tr><td>抽检批次</td><td>合格率</td></tr><tr><td>120</td><td>98.3%</td></tr></table>",
        ).encode("gbk"),
        "saved-page.doc": saved.format(
            "word", "<p>青岚县突发事件应急预案</p><p>响应分级：一级、二级、三级。</p>"
        ).encode("gbk"),
        "notice.rtf.doc": rb"{\rtf1\ansi\ansicpg936\deff0 Emergency \'cf\'ec\'d3\'a6\par}",
        "plan.doc": _doc(
            "征地补偿安置方案\n一、征地补偿标准：每亩三万八千元。\n二、安置途径：货币安置、社会保障安置。\n" * 3
        ),
        "report.ofd": _ofd(),
    }
    files["bundle.zip"] = _zip({"水质.docx": files["water.docx"], "收费目录/收费.xlsx": files["fees.xlsx"]})
    files["bundle-gbk.zip"] = _zip({"收费目录.xlsx": files["fees.xlsx"]}, _CodePage)
    FILES.mkdir(exist_ok=True)
    for name, body in files.items():
        (FILES / name).write_bytes(body)


if __name__ == "__main__":
    main()
