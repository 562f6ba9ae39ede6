"""The quick looks at a page say what the slow ones would: words of its markup, addresses of its links."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.page.parsed import Page, resolve


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        (("forty kilobytes",), True),
        (("FORTY kilo",), False),
        (("(?i)FORTY kilo",), True),
        (("nothing", "(?i)of FORTY"), True),
        (("nothing", "加载更多"), False),
        ((), False),
    ],
)
def test_a_word_is_looked_for_as_it_is_written(
    page_of: Callable[..., Page], words: tuple[str, ...], stands: bool
) -> None:
    assert page_of("<p>A page of forty kilobytes</p>").says(*words) is stands


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
