"""One answer of the site, decoded and parsed once, for whoever reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, tzinfo
from functools import cached_property, lru_cache
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from tracker.evidence.page.encoding import decode

Node = LexborNode
#: Something written, with the element it stands in and that one's tag; or a link or button itself ("" for a text).
#: The number is its place in the document.
Piece = tuple[int, Node, str, str]

#: The longest address that is kept; a longer one is no address of an article.
MAX_URL = 2048
_ANY_CASE = "(?i)"


@dataclass(frozen=True)
class Page:
    """A page's bytes and where they came from. `today`: the day it was read, in the county's zone;
    `form`: the fields that were sent for it."""

    url: str
    body: bytes
    zone: tzinfo
    today: date
    content_type: str = ""
    form: tuple[tuple[str, str], ...] | None = None

    def __reduce__(self) -> tuple[type[Page], tuple[object, ...]]:
        """Pickled as it came, without what was made of it here."""
        return Page, tuple(getattr(self, one.name) for one in fields(self))

    def holding(self, html: str) -> Page:
        """A page at the same place that consists of some markup found in this one."""
        return Page(self.base if self.kind == "html" else self.url, html.encode("utf-8", "replace"), self.zone,
                    self.today, "text/html; charset=utf-8")  # fmt: skip

    @cached_property
    def kind(self) -> Literal["html", "xml", "json", "other"]:
        """What it is by its first characters, since half of all servers call everything text/html."""
        head = self.text[:1000].lstrip("\ufeff \t\r\n") if self.is_text else ""
        if head[:1] in ("{", "[") or _CALLBACK.match(head):
            return "json"
        if _XML.match(head):
            return "xml"
        return "html" if self.is_html else "other"

    @cached_property
    def text(self) -> str:
        text = self._decoded[0]
        return text.replace("\x00", "") if "\x00" in text else text

    @cached_property
    def lowered(self) -> str:
        """For a cheap look whether a word stands anywhere, in whatever case."""
        return self.text.lower()

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode("utf-8", "replace")

    def says(self, *words: str) -> bool:
        """Whether one of these words stands anywhere in its markup; in whatever case where they begin with (?i)."""
        return any(
            word.removeprefix(_ANY_CASE).lower() in self.lowered if word.startswith(_ANY_CASE) else word in self.text
            for word in words
        )

    @property
    def encoding(self) -> str:
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return decode(self.body, self.content_type)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page. Raises `MemoryError`."""
        try:
            return LexborHTMLParser(self._bytes)
        except SelectolaxError as error:  # the parser takes any markup: it fails for want of memory only
            raise MemoryError from error

    @property
    def cut(self) -> bool:
        """Whether it breaks off: inside a tag, or before the end that its beginning promises."""
        if self.torn:
            return True
        tail = self.text[-3000:].rstrip()
        if _ENDED.search(tail) is not None or not self.is_begun:
            return False
        if _ENDED.search(self.text) is not None:
            return False
        return _FOOT.search(tail) is None  # old pages are never closed, but have a foot

    def has_end(self, place: int = 0) -> bool:
        """Whether its end, or a foot, stands at or behind a place in its text."""
        return _ENDED.search(self.text, place) is not None or _FOOT.search(self.text, place) is not None

    @property
    def is_begun(self) -> bool:
        """Whether it begins as a whole page does, and not as a piece of one."""
        return _BEGUN.search(self.text[:4000]) is not None

    @property
    def torn(self) -> bool:
        """Whether it breaks off inside a tag or a character."""
        tail = self.text[-3000:].rstrip()
        if tail.endswith("\ufffd"):
            return True
        opened = tail.rfind("<")
        return opened > tail.rfind(">") and tail[opened + 1 : opened + 2].isascii()

    @cached_property
    def base(self) -> str:
        """What relative links start from."""
        node = self.tree.css_first("base[href]") if self.says("(?i)<base") else None
        return self.url if node is None else resolve(self.url, node.attributes.get("href") or "") or self.url

    @cached_property
    def made(self) -> dict[str, Any]:
        """What readers made of it and need again, by name."""
        return {}

    @cached_property
    def title(self) -> str:
        node = self.tree.css_first("title")
        return squeeze(node.text()) if node is not None else ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The texts, links and buttons of its body in document order, white space left out."""
        pieces: list[Piece] = []
        body = self.tree.body
        if body is None:
            return pieces
        for place, node in enumerate(body.traverse(include_text=True)):
            if node.is_text_node:
                text = node.text_content
                if text and not text.isspace() and (parent := node.parent) is not None:
                    pieces.append((place, parent, parent.tag or "", text))
            elif (tag := node.tag) in _PRESSED:
                pieces.append((place, node, tag or "", ""))
        return pieces

    @cached_property
    def visible(self) -> str:
        """What a person reads on it, scripts and styles left out."""
        return squeeze(" ".join([text for _, _, tag, text in self.pieces if text and tag not in _UNSEEN]))

    @cached_property
    def scripts(self) -> str:
        """What its own scripts say, and the names of those it loads."""
        nodes = self.tree.css("script")[:300]
        return "\n".join(f"{node.attributes.get('src') or ''}\n{node.text()}" for node in nodes)

    @property
    def is_html(self) -> bool:
        kind = self.content_type.partition(";")[0].strip().lower()
        known = ("", "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "text/xml")
        return kind in known and self.is_text

    @property
    def is_text(self) -> bool:
        """Whether its first bytes are those of a text and not of a file."""
        if self.body.startswith(_FILES):
            return False
        return b"\x00" not in self.body[:512] or self.encoding.startswith("utf-16")


_BEGUN = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_FOOT = re.compile(
    r"版权所有|copyright|&copy;|©|ICP备|技术支持|主办(?:单位)?[:：]|承办(?:单位)?[:：]|网站标识码|公网安备",
    re.IGNORECASE,
)
_ENDED = re.compile(r"</(?:html|body)\b", re.IGNORECASE)
#: Documents of data in XML; XHTML is a web page.
_XML = re.compile(
    r"(?:<\?xml[^>]*>\s*)?"
    r"(?>(?><!--(?:(?!-->).)*-->|<\?xml-stylesheet[^>]*>|<!DOCTYPE\s+(?!html)[^\[>]*(?:\[[^\]]*\]\s*)?>)\s*)*+"
    r"<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex|datastore)\b",
    re.IGNORECASE | re.DOTALL,
)
_CALLBACK = re.compile(r"[\w$.]{1,60}\s*\(\s*[{\[]")

_FILES = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"Rar!",
          b"7z\xbc\xaf", b"{\\rtf")  # fmt: skip

_PRESSED = {"a", "button", "input"}


_UNSEEN = {"script", "style", "noscript", "template", "textarea", "option", "title", "head"}


def short_text(node: Node, limit: int, separator: str = "") -> str | None:
    """A node's visible text where it is no longer than `limit`, in bounded time; else None."""
    pieces: list[str] = []
    size = 0
    for steps, below in enumerate(node.traverse(include_text=True)):
        if steps > 300:
            return None
        if below.is_text_node and below.parent is not None and below.parent.tag not in _UNSEEN:
            pieces.append(below.text_content or "")
            size += len(pieces[-1])
            if size > limit + 200:  # white space between elements is much of it
                return None
    text = squeeze(separator.join(pieces))
    return text if len(text) <= limit else None


#: What no page shows: not the blanks among it.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def squeeze(text: str) -> str:
    """Runs of white space, non-breaking and full-width ones too, made one blank."""
    return " ".join(text.split())


def legible(text: str) -> str:
    """Without control characters: no page shows them, and a terminal obeys them."""
    return text if text.isprintable() else _CONTROL.sub("", text)


#: Most links of most pages: a site and a path, a path alone, or one that starts from the page's folder or above it.
_SIMPLE = re.compile(
    r"(https?://[a-z0-9][a-z0-9.-]*(?::(?!(?:80|443)/)[1-9]\d{0,3})?(?=/))?(/|\./|(?:\.\./)+|)((?:[\w-][\w./-]*)?)(\?[!-\"$-~]+)?",
    re.ASCII,
)
#: A page's address that needs no tidying: site, folder, and what the folder holds.
_TIDY = re.compile(
    r"(https?://[a-z0-9][a-z0-9.-]*(?::(?!(?:80|443)/)[1-9]\d{0,4})?)(/(?:[\w-]+(?:\.[\w-]+)*/)*)(?:[\w-]+(?:\.[\w-]+)*)?(?:\?[^#;]*)?",
    re.ASCII,
)


@lru_cache(maxsize=256)
def _tidy(base: str) -> tuple[str, str] | None:
    """The site and the folder of an address; None where they have to be worked out."""
    match = _TIDY.fullmatch(base)
    return (match[1], match[2]) if match is not None else None


def resolve(base: str, href: str) -> str | None:
    """The absolute http address of a link, without fragment and session; None where it leads nowhere."""
    if (simple := _SIMPLE.fullmatch(href)) is not None and (url := _joined(base, *simple.groups(""))) is not None:
        return url if len(url) <= MAX_URL else None
    href = href.strip().replace("\n", "").replace("\r", "").replace("\t", "")
    if not href or href.startswith("#") or len(href) > MAX_URL or href[:11].lower() == "javascript:":
        return None
    if "\\" in href:  # as browsers read it
        path, mark, query = href.partition("?")
        href = path.replace("\\", "/") + mark + query
    try:
        url = urldefrag(urljoin(base, href))[0]
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(url) > MAX_URL:
        return None
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, {"http": 80, "https": 443}[parts.scheme]) else f"{shown}:{port}"
    path = (parts.path or "/").partition(";jsessionid=")[0]
    return parts._replace(netloc=netloc, path=path).geturl().strip()  # white space before a fragment now ends it


def _joined(base: str, site: str, start: str, path: str, query: str) -> str | None:
    """A simple link put together; None where its path or the page's address is not as simple as it looks."""
    if "/." in path or "//" in path:
        return None
    if site:
        return f"{site}/{path}{query}" if start == "/" else None
    if not (start or path) or (known := _tidy(base)) is None:
        return None
    site, folder = known
    if start == "/":
        return f"{site}/{path}{query}"
    for _ in range(start.count("../")):
        folder = folder[: folder.rfind("/", 0, -1) + 1] or "/"
    return f"{site}{folder}{path}{query}"
