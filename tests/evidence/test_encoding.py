"""Bytes to text: header, page and the bytes themselves, none of which is always right."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import codecs

import pytest

from tracker.evidence.page.encoding import decode

LONG = "关于公开2015年部门预算及“三公”经费预算的通知，朱镕基、喆。"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (LONG.encode(), "text/html; charset=utf-8"),
        (LONG.encode(), "text/html"),
        (b"\xef\xbb\xbf" + LONG.encode(), "text/html; charset=gbk"),
        (LONG.encode(), "text/html; charset=gb2312"),
        (LONG.encode(), "text/html; charset=ISO-8859-1"),
        (LONG.encode("gb18030"), "text/html; charset=gb2312"),
        (LONG.encode("gb18030"), "text/html"),
        (LONG.encode("gb18030"), "text/html; charset=utf-8"),
        (LONG.encode("gb18030"), "text/html; charset=ISO-8859-1"),
        (LONG.encode("utf-16"), "text/html"),
    ],
    ids=["utf-8", "nothing said", "mark beats header", "header wrong: is utf-8", "server's default", "gb18030", "gb18030, nothing said",
         "header wrong: is gb18030", "server's default, gb18030", "utf-16"],
)  # fmt: skip
def test_text_is_read_as_it_was_written(body: bytes, content_type: str) -> None:
    assert decode(body, content_type)[0] == LONG


@pytest.mark.parametrize("word", ["通知", "喆", "公开"])
def test_a_few_characters_are_not_guessed_away(word: str) -> None:
    assert decode(word.encode("gb18030"), "")[0] == word
    assert decode(b'<meta charset="gb2312">' + word.encode("gb18030"), "")[0].endswith(word)
    assert decode(word.encode(), "text/html;charset=utf-8")[0] == word


def test_the_page_speaks_where_the_header_is_silent() -> None:
    body = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>中文</p>'.encode("gb18030")
    assert decode(body, "text/html")[0].endswith("<p>中文</p>")


def test_a_title_cut_in_mid_character_breaks_no_page() -> None:
    body = LONG.encode() * 3 + "预".encode()[:2] + b"</a>" + LONG.encode()
    text, name = decode(body, "text/html")
    assert name == "utf-8"
    assert text.count("\ufffd") == 1


HEAD = "<html><head><title>公开</title>"


@pytest.mark.parametrize(
    ("body", "content_type", "name"),
    [
        (f'{HEAD}<meta charset="utf-8"></head>通知'.encode(), "text/html; charset=gbk", "utf-8"),
        (f'{HEAD}<meta charset="gbk"></head>通知'.encode("gbk"), "text/html; charset=utf-8", "gb18030"),
        (f'{HEAD}<meta charset="gb2312"></head>通知'.encode(), "text/html", "utf-8"),
        (f"{HEAD}<!--{'x' * 9000}--><meta charset='gb2312'></head>喆".encode("gb18030"), "", "gb18030"),
        (f"{HEAD}<meta http-equiv='Content-Type' content='text/html; charset=CP936'></head>喆".encode("gbk"), "", "gb18030"),
        (f"{HEAD}{LONG}".encode("utf-16-le"), "text/html", "utf-16-le"),
        (f"{HEAD}{LONG}".encode("utf-16-be"), "text/html; charset=utf-8", "utf-16-be"),
        (codecs.BOM_UTF16_BE + f"{HEAD}{LONG}".encode("utf-16-be"), "text/html", "utf-16-be"),
        (f"{HEAD}{LONG}".encode("gb18030")[:-1], "text/html; charset=utf-8", "gb18030"),
        (f"{HEAD}© 2015 Gemeinde Müllheim".encode(), "text/html; charset=utf-8", "utf-8"),
        ("預算公開，重點領域".encode("big5"), "text/html; charset=big5", "big5hkscs"),
        (f"{HEAD}{LONG}{LONG}".encode("gb18030"), "text/html; charset=big5", "gb18030"),
    ],
    ids=["header wrong, page right", "header wrong: is gbk", "page wrong: is utf-8, and short", "said late", "another name",
         "utf-16 without its mark", "utf-16 the other way round", "utf-16 with its mark", "cut at its end", "not Chinese",
         "big5", "called big5"],
)  # fmt: skip
def test_which_encoding_it_is(body: bytes, content_type: str, name: str) -> None:
    assert decode(body, content_type)[1] == name


def test_a_few_broken_bytes_leave_the_rest_of_a_gbk_page_alone() -> None:
    body = (LONG * 5).encode("gb18030") + b"\xff\xfe\x80" + LONG.encode("gb18030")
    text, name = decode(body, "text/html; charset=gb2312")
    assert name == "gb18030"
    assert text.count(LONG) >= 5
    assert text.endswith("朱镕基、喆。")


def test_a_large_page_is_decoded_at_once() -> None:
    text, _ = decode((LONG * 40_000).encode("gb18030"), "text/html; charset=utf-8")
    assert text.startswith(LONG)
