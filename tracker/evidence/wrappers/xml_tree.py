"""Documents in XML, read without what makes XML dangerous: no entities, no depth, no end of elements."""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import replace
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from tracker.evidence.page.parsed import Page

_MAX_DEPTH = 100
_MAX_ELEMENTS = 400_000
_MAX_UNPACKED = 20_000_000

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
#: An ampersand that begins no entity of XML: half of all feeds have some.
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_NAMED = re.compile(r"&(\w{2,30});")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class UnreadableTree(Exception):
    """A document that is not read. The message (Chinese) says why."""


def tree_of(page: Page) -> Element:
    """Return the root element; names are as written, prefixes and all. Raises `UnreadableTree`."""
    if "tree" not in page.made:
        page.made["tree"] = _read(page)
    root: Element = page.made["tree"]
    return root


def _read(page: Page) -> Element:
    text = _DECLARATION.sub("", page.text.lstrip("\ufeff"), count=1)
    if re.search(r"<!ENTITY", text[:20_000], re.IGNORECASE):
        raise UnreadableTree("XML 中定义了实体，不予读取")
    try:
        return _parse(text)
    except expat.ExpatError:
        return _mended(text)


def _mended(text: str) -> Element:
    """Once more without what people forget to escape."""
    text = _NAMED.sub(lambda match: _escaped(match[0]), _CONTROL.sub("", text))
    try:
        return _parse(_LOOSE.sub("&amp;", text))
    except expat.ExpatError as error:
        raise UnreadableTree(f"XML 有错：{error}"[:200]) from error


def _escaped(entity: str) -> str:
    meant = html.unescape(entity)
    return entity if meant in "&<>\"'" or meant == entity else meant


def unpacked(page: Page) -> Page:
    """Return a packed file of a site map (`sitemap.xml.gz`) as the document that is in it; another page as it is."""
    if not page.body.startswith(b"\x1f\x8b") or not urlsplit(page.url).path.endswith(".gz"):
        return page
    packed = zlib.decompressobj(wbits=31)
    try:
        body = packed.decompress(page.body, _MAX_UNPACKED)
    except zlib.error:
        return page
    return page if packed.unconsumed_tail else replace(page, body=body, content_type="text/xml")


def _parse(text: str) -> Element:
    builder, parser = TreeBuilder(), expat.ParserCreate()
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _MAX_DEPTH or count > _MAX_ELEMENTS:
            raise UnreadableTree("XML 元素过多或嵌套过深")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: object) -> None:
        raise UnreadableTree("XML 中定义了实体，不予读取")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.Parse(text, True)
    return builder.close()


def local(element: Element) -> str:
    """Return an element's name without its prefix, in small letters."""
    return element.tag.rpartition(":")[2].lower()


def text_in(element: Element) -> str:
    """Return all text below an element, white space squeezed."""
    return " ".join("".join(element.itertext()).split())
