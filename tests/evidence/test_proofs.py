"""What may be filed is told by what it holds; what is refused is told what it really is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.proof_files import archive, attached, chunk, jpeg, packed, pdf, png, relation, with_member
from tests.examples import examples
from tracker.evidence.attachments.readers.proofs import inspect
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader, inspect_file
from tracker.evidence.attachments.readers.text import Unfit

TAKEN = {
    "a photograph": ("公示栏.jpg", jpeg(), "jpeg"),
    "a photograph by another ending": ("公示栏.JPEG", jpeg(), "jpeg"),
    "a photograph with a second picture behind it": ("公示栏.jpg", jpeg() + jpeg(), "jpeg"),
    "a photograph that moves": ("公示栏.jpg", jpeg() + b"\x00\x00\x00\x18ftypmp42" + bytes(40), "jpeg"),
    "a photograph with a telephone's notes": ("公示栏.jpg", jpeg() + b"\x00\x00notesSEFT", "jpeg"),
    "a picture of the screen": ("截图.png", png(), "png"),
    "a picture padded by a mail server": ("截图.png", png() + b"\r\n", "png"),
    "a scan": ("扫描件.pdf", attached("notice.pdf"), "pdf"),
    "a page without anything on it": ("空白.pdf", pdf(), "pdf"),
    "a Word document": ("制度.docx", attached("notice.docx"), "docx"),
    "a Word document made from a template of one's own": (
        "制度.docx",
        with_member(
            attached("notice.docx"), "word/_rels/x.xml.rels", relation("attachedTemplate", r"file:///C:\t.dotm")
        ),
        "docx",
    ),
    "a Word document with a link in it": (
        "制度.docx",
        with_member(attached("notice.docx"), "word/_rels/x.xml.rels", relation("hyperlink", "http://www.gov.cn/")),
        "docx",
    ),
    "a PDF with packed objects": ("空白.pdf", pdf(b"", packed(b"5 0 <</Type/Font>>")), "pdf"),
    "an old Word document": ("制度.doc", attached("notice.doc"), "doc"),
    "the same, as WPS calls it": ("制度.wps", attached("notice.doc"), "doc"),
    "a sheet": ("台账.xlsx", attached("table.xlsx"), "xlsx"),
    "an old sheet": ("台账.xls", attached("table.xls"), "xls"),
    "the same, as WPS calls it (et)": ("台账.et", attached("table.xls"), "xls"),
    "an OFD document": ("批复.ofd", archive(OFD_xml=b"<ofd:OFD xmlns:ofd='x'/>", Doc_0__Document_xml=b"<a/>"), "ofd"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_people_file_is_known_by_its_content(case: str) -> None:
    name, body, kind = TAKEN[case]
    assert inspect(body, name) == kind


REFUSED = {
    "nothing": ("a.jpg", b"", "it is empty"),
    "blanks": ("a.jpg", b"\x00\n \x00", "it is empty"),
    "a program": ("照片.jpg", b"MZ\x90\x00" + bytes(200), "it is a program"),
    "a program of Linux": ("照片.jpg", b"\x7fELF" + bytes(200), "it is a program"),
    "a script": ("a.jpg", b"#!/bin/sh\nrm -rf /\n", "it is a script"),
    "a web page": ("a.jpg", b"<html><script>1</script>", "it is a web page: file its link"),
    "a page that begins like a text": ("a.pdf", b"hello <script >1</script>", "it is a web page"),
    "a drawing that runs": ("a.svg", b"<svg xmlns='x'><script/></svg>", "it is an SVG drawing"),
    "a drawing behind its declaration": ("a.png", b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "it is an SVG drawing"),
    "plain text": ("说明.txt", "本季度无相关信息".encode(), "plain text: file it as a statement"),
    "an iPhone picture": ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40), "save it as JPEG"),
    "a film": ("a.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(40), "it is sound or video"),
    "a GIF": ("a.gif", b"GIF89a" + bytes(40), "a picture of another kind: save it as JPEG or PNG"),
    "an archive": ("a.zip", archive(a_jpg=jpeg()), "it is an archive: file what is in it"),
    "a RAR archive": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(40), "it is an archive (RAR)"),
    "a presentation": ("a.pptx", archive(ppt__presentation_xml=b"<a/>"), "it is a presentation"),
    "what nobody knows": ("a.dat", bytes(range(1, 120)), "it is of no known kind"),
    "a picture called a PDF": ("a.pdf", jpeg(), r"a JPEG picture, but its name ends in \.pdf: name it so .* \.jpg"),
    "a PDF called a picture": ("a.jpg", pdf(), r"a PDF document, but its name ends in \.jpg"),
    "a picture called a program": ("公示.jpg.exe", jpeg(), r"its name ends in \.exe"),
    "a picture without an ending": ("公示栏", jpeg(), "its name has no ending"),
    "a sheet called a document": ("a.docx", attached("table.xlsx"), r"an Excel sheet, but its name ends in \.docx"),
    "half a photograph": ("a.jpg", jpeg()[:-2], "not whole: it breaks off"),
    "the head of a photograph": ("a.jpg", jpeg()[:30], "is none, or is not whole|not whole"),
    "first bytes alone": ("a.jpg", b"\xff\xd8\xff\xd9" + bytes(30), "begins like a JPEG picture and holds none"),
    "a photograph with an archive behind it": ("a.jpg", jpeg() + archive(a_exe=b"MZ"), "bytes follow the picture"),
    "an archive behind a film behind a photograph": (
        "a.jpg",
        jpeg() + b"\x00\x00\x00\x18ftypmp42" + archive(a_exe=b"MZ"),
        "a JPEG picture and an archive at once",
    ),
    "a photograph with a page behind it": ("a.jpg", jpeg() + b"<html >", "bytes follow the picture"),
    "a program in a photograph's notes": ("a.jpg", jpeg(notes=b"<script >x"), "a program stands among the notes"),
    "half a picture": ("a.png", png()[:-20], "not whole: it breaks off"),
    "a picture with a changed byte": (
        "a.png",
        png().replace(b"\x08\x00\x00", b"\x09\x00\x00", 1),
        "that is broken, or not whole",
    ),
    "a picture without pixels": ("a.png", png()[:33] + chunk(b"IEND", b""), "that is broken, or not whole"),
    "a picture beyond all bounds": ("a.png", png(60_000, 60_000), "of too many pixels: scan it coarser"),
    "a picture with an archive behind it": ("a.png", png() + archive(a_txt=b"x"), "bytes follow the picture"),
    "a program in a picture's notes": ("a.png", png(extra=chunk(b"tEXt", b"a\x00<?php x")), "among the notes"),
    "half a PDF": ("a.pdf", pdf()[:60], "cannot be opened"),
    "a PDF with a password": ("a.pdf", attached("locked.pdf"), "it has a password"),
    "a PDF that runs": (
        "a.pdf",
        pdf(b"/OpenAction 4 0 R", b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        "it holds a program",
    ),
    "a PDF that runs, its names spelt otherwise": (
        "a.pdf",
        pdf(b"/Open#41ction 4 0 R", b"<</S/J#61va#53cript/J#53(app.alert\\(1\\))>>"),
        "it holds a program",
    ),
    "a PDF that runs, its objects packed": (
        "a.pdf",
        pdf(b"/OpenAction 5 0 R", packed(b"5 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")),
        "it holds a program",
    ),
    "a PDF with more packed into it than can be looked through": (
        "a.pdf",
        pdf(b"", packed(b"5 0 " + b" " * 50_000_000)),
        "more is packed into it",
    ),
    "a PDF that starts something": ("a.pdf", pdf(b"/OpenAction 4 0 R", b"<</S/Launch/F(cmd.exe)>>"), "holds a program"),
    "a PDF with files": (
        "a.pdf",
        pdf(
            b"/Names<</EmbeddedFiles<</Names[(a.exe)4 0 R]>>>>",
            b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
            b"<</Length 2>>stream\nMZ\nendstream",
        ),
        "other files are attached",
    ),
    "a PDF that is an archive too": ("a.pdf", pdf() + archive(a_exe=b"MZ"), "a PDF document and an archive at once"),
    "a PDF that is a page too": ("a.pdf", pdf(b"/A(<script >)"), "a PDF document and a web page at once"),
    "a sheet with a password": ("a.xlsx", attached("locked.xlsx"), "with a password"),
    "a document with macros": (
        "a.docx",
        with_member(attached("notice.docx"), "word/vbaProject.bin"),
        "it holds macros",
    ),
    "a document with a program": (
        "a.docx",
        with_member(attached("notice.docx"), "word/embeddings/setup.exe"),
        "it holds a program, word/embeddings/setup.exe",
    ),
    "a document whose template lies elsewhere": (
        "a.docx",
        with_member(
            attached("notice.docx"), "word/_rels/x.xml.rels", relation("attachedTemplate", "http://evil.example/x.dotm")
        ),
        "it fetches something from another address",
    ),
    "a document with an object on another machine": (
        "a.docx",
        with_member(attached("notice.docx"), "word/_rels/x.xml.rels", relation("oleObject", r"file:\\evil\x.html")),
        "it fetches something from another address",
    ),
    "a document with a packed file": (
        "a.docx",
        with_member(attached("notice.docx"), "word/embeddings/oleObject1.bin", "\x01Ole10Native".encode("utf-16-le")),
        "another file is packed into it",
    ),
    "a program in front of a document": ("a.docx", b"MZ" + attached("notice.docx"), "it is a program"),
    "a picture in front of a document": ("a.jpg", jpeg() + attached("notice.docx"), "bytes follow the picture"),
    "something behind a document": ("a.docx", attached("notice.docx") + b"<script>", "something follows the document"),
    "a document without its words": ("a.docx", archive(word__document_xml=b"<a"), "lacks what every Word"),
    "a broken document": (
        "a.docx",
        with_member(archive(word__document_xml=b"<a"), "[Content_Types].xml", b"<Types/>"),
        "cannot be opened",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_filed_is_told_what_it_is(case: str) -> None:
    name, body, why = REFUSED[case]
    with pytest.raises(Unfit, match=why.replace("(RAR)", r"\(RAR\)")):
        inspect(body, name)


async def test_files_are_looked_into_in_the_confined_child() -> None:
    async with FileReader(FileLimits()) as reader:
        assert await reader.inspect(jpeg(), "公示栏.jpg") == "jpeg"
        with pytest.raises(Unfit, match="a PDF document, but"):
            await reader.inspect(pdf(), "公示栏.jpg")
        assert (await reader.read(attached("notice.docx"), "a.docx")).text  # the same child reads on
        assert reader.workers[0].pid is not None


async def test_a_file_beyond_the_limit_is_not_looked_into() -> None:
    with pytest.raises(Unfit, match="more than 100 bytes"):
        await inspect_file(jpeg() + bytes(200), "a.jpg", FileLimits(max_bytes=100))


_SEEDS = [body for _, body, _ in TAKEN.values()]


@examples(50)
@given(seed=st.sampled_from(_SEEDS), data=st.data())
def test_whatever_bytes_come_the_answer_is_a_kind_or_a_reason(seed: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(seed)))
    body = seed[:place] + data.draw(st.binary(max_size=40)) + seed[place + data.draw(st.integers(0, 40)) :]
    name = data.draw(st.sampled_from(["a.jpg", "a.png", "a.pdf", "a.docx", "a.xls", "a.ofd", "a"]))
    assert kind_or_reason(body, name)


def kind_or_reason(body: bytes, name: str) -> str:
    try:
        return inspect(body, name)
    except (AssertionError, NameError):
        raise
    except Exception as error:  # `Unfit`, or a library's way to say that the file is broken: the reader says so
        return str(error) or type(error).__name__
