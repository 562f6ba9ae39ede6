"""Addresses that lead to something else than was asked for: the front page, another column."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tracker.evidence.fetch.answer import Answer
from tracker.evidence.page.nodes import up_from
from tracker.evidence.page.parsed import Page

_FRONT = {"", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php", "/default.aspx", "/default.asp"}
_INDEX = re.compile(r"/(?:(?:index|default|list)(?:_0|_1)?\.\w+)?$", re.IGNORECASE)
_SPLIT = re.compile(r"[-_|—–›»>,，·\s]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")


def sent_home(answer: Answer) -> bool:
    """Whether a redirect led from a page of its own to the site's front page: a soft 404."""
    return (
        answer.url != answer.asked and is_front(urlsplit(answer.url).path) and not is_front(urlsplit(answer.asked).path)
    )


def is_front(path: str) -> bool:
    """Whether a path is that of a site's front page."""
    return path.rstrip("/").lower() in _FRONT


def is_front_page(page: Page) -> bool:
    """Whether a page calls itself the site's front page."""
    return "首页" in _SPLIT.split(page.title)


def astray(page: Page, asked: str, called: str) -> str:
    """Why a page is not the column that was asked for (Chinese); "" where nothing speaks against it.

    A column may have moved; then the page to which its address leads names it, as it is `called` by the rule.
    """
    (here, its), (there, own) = ((one.path, one.query) for one in (urlsplit(page.url), urlsplit(asked)))
    if is_front(here) and not is_front(there):
        return "栏目地址被转到了网站首页"
    if (bare_path(here) == bare_path(there) and own in ("", its)) or page.kind != "html" or not _CHINESE.search(called):
        return ""
    return "" if _named(page, called) else f"栏目地址被转到了 {here[:80]}，页面上没有栏目名称“{called}”"


def _named(page: Page, called: str) -> bool:
    """Whether a page calls itself so: in its title, or in a text of its own that is no link, as a heading or the end of
    the way to it. In its menu every column is named, in its rows any word."""
    name = "".join(called.split())
    if name in "".join(page.title.split()):
        return True
    for _, node, _, text in page.pieces:
        named = len(text) <= _LINE and name in text and _is_name(text, name)
        if named and not any(one.tag == "a" for one in up_from(node, 5)):
            return True
    return False


def _is_name(text: str, name: str) -> bool:
    bare = _BESIDE.sub("", text)
    return bare == name or (bare.endswith(name) and _WAY.search(text) is not None)


def stale(answer: Answer) -> str:
    """Return why an answer is an old copy (Chinese), "" where nothing says so: a cache tells its age or that it could
    not reach the site, or gives an answer whose date lies hours back. A date alone may be that of a wrong clock."""
    last = answer.trail[-1] if answer.trail else None
    if last is None:
        return ""
    age = last.header(b"age").strip()
    if age.isdigit() and len(age) < 10 and int(age) >= _OLD:
        return f"站点给出的是缓存副本，距今已 {int(age) // 3600} 小时，不能据此认定现在的情况"
    if _STALE.match(last.header(b"warning").strip()):
        return "站点给出的是过期的缓存副本，不能据此认定现在的情况"
    if age == b"" and b"hit" in last.header(b"x-cache").lower() and (made := _date(last.header(b"date"))) is not None:
        hours = (answer.at - made).total_seconds() // 3600
        if hours >= _OLD // 3600:
            return f"站点给出的是缓存副本，距今已 {hours:.0f} 小时，不能据此认定现在的情况"
    return ""


def _date(value: bytes) -> datetime | None:
    try:
        made = parsedate_to_datetime(value.decode("ascii", "replace"))
    except ValueError:
        return None
    return made if made.tzinfo is not None else None


#: Seconds; and what a cache says that could not reach the site (RFC 9111, 5.1 and 5.5).
_OLD = 6 * 3600
_STALE = re.compile(rb"11[012]\b")
_LINE = 80
_BESIDE = re.compile(r"[\s\W]+|当前位置|您的位置|首页")
_WAY = re.compile(r"[>›»＞/]|位置")


def bare_path(path: str) -> str:
    """A list's path without the name that an index has or has not."""
    return _INDEX.sub("", path.partition(";")[0]).rstrip("/").lower()
