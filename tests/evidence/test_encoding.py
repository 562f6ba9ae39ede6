"""Bytes to text: header, page and the bytes themselves, none of which is always right."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import pytest

from tracker.evidence.encoding import decode

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
