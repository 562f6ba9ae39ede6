"""The quick looks at a page say what the slow ones would: words of its markup, addresses of its links."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.page.marks import marks_in
from tracker.evidence.page.parsed import resolve

_WORDS = ("line_u", "lineu", "(?i)pager(", "(?i).pagination", "加载更多", "<datastore", "iframe", "名")
_PIECES = st.sampled_from([*(word.removeprefix("(?i)") for word in _WORDS), "PAGER(", "Pager", "line", " ", "多", "<"])


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_a_word_is_found_exactly_where_it_stands_first_time_or_later(text: str) -> None:
    marks = marks_in(text, text.encode())
    for word in _WORDS:
        bare = word.removeprefix("(?i)")
        stands = bare.lower() in text.lower() if bare != word else bare in text
        assert marks.hold(word) is stands


def test_a_word_asked_for_the_first_time_is_found_too() -> None:
    marks = marks_in("a page of forty kilobytes", b"a page of forty kilobytes")
    assert marks.hold("forty kilobytes")
    assert not marks.hold("FORTY kilo")
    assert marks.hold("(?i)FORTY kilo")
    again = marks_in("nothing of the kind", b"nothing of the kind")
    assert again.hold("of the kind")
    assert not again.hold("forty kilobytes")


_BASES = [
    "http://www.x.gov.cn/", "http://www.x.gov.cn/zwgk/", "http://www.x.gov.cn/zwgk/tzgg/index_3.html",
    "http://127.0.0.1:8080/a/b/list.jsp?id=3&page=../2", "https://x.gov.cn/a..b/c.html",
]  # fmt: skip
_LINKS = st.lists(
    st.sampled_from(["a", "b.html", "t20150925_1", "/", "//", ".", "..", "./", "../", "?p=1", "&q=/x", "-", "_", "1"]),
    min_size=1, max_size=7,
).map("".join)  # fmt: skip


@given(st.sampled_from(_BASES), _LINKS)
def test_a_link_leads_where_the_standard_says(base: str, link: str) -> None:
    said = urldefrag(urljoin(base, link))[0]
    if "//" not in link and said.count("/") > 2:
        assert resolve(base, link) == said


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("./201509/t20150925_1.html", "http://x.cn/zwgk/201509/t20150925_1.html"),
        ("../../../../info/1.htm", "http://x.cn/info/1.htm"),
        ("index_2.html", "http://x.cn/zwgk/index_2.html"),
        ("./", "http://x.cn/zwgk/"),
        ("?page=2", "http://x.cn/zwgk/list.html?page=2"),
        ("http://y.cn/a/b.html?id=1;2", "http://y.cn/a/b.html?id=1;2"),
        ("http://y.cn:80/a", "http://y.cn/a"),
        ("http://Y.cn/a", "http://y.cn/a"),
        ("http://y.cn:65536/a", None),
        ("/a/./b/../c.html", "http://x.cn/a/c.html"),
        ("/a.jsp;jsessionid=1?b=2", "http://x.cn/a.jsp?b=2"),
        (" /a\n.html#top ", "http://x.cn/a.html"),
        ("JavaScript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("#", None),
        ("", None),
        ("/" + "a" * 2040, None),
    ],
)
def test_addresses(link: str, leads: str | None) -> None:
    assert resolve("http://x.cn/zwgk/list.html", link) == leads
