"""Addresses that lead to something else than was asked for: the front page, another column."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tracker.evidence.answer import Answer
from tracker.evidence.page import Page

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
    if (_bare(here) == _bare(there) and own in ("", its)) or page.kind != "html" or not _CHINESE.search(called):
        return ""
    said = "".join(f"{page.title}{page.visible}".split())
    return "" if "".join(called.split()) in said else f"栏目地址被转到了 {here[:80]}，页面上没有栏目名称“{called}”"


def _bare(path: str) -> str:
    """Without the name that an index has or has not."""
    return _INDEX.sub("", path.partition(";")[0]).rstrip("/").lower()
