"""What an article's page links that belongs to the article: files, and pictures of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.core.values.facts import Attachment
from tracker.evidence.article.content import Content
from tracker.evidence.page.flow import is_frame
from tracker.evidence.page.nodes import names_of, up_from
from tracker.evidence.page.parsed import Node, Page, resolve, short_text, squeeze

_FILE = re.compile(
    r"\.(docx?|xlsx?|pdf|wps|et|ett|wpt|ofd|ceb|zip|rar|7z|txt|csv|pptx?|dps|rtf|xlsm|docm)(?:$|[?#&])", re.IGNORECASE
)
_FILE_SERVICE = re.compile(r"download|downfile|/attach|fileid=|getfile|filedown", re.IGNORECASE)
#: A cheap look before the dear ones.
_MAYBE = re.compile(
    r"\.(?:doc|xls|pdf|wp[st]|ett?|ofd|ceb|zip|rar|7z|txt|csv|ppt|dps|rtf)|down|/attach|fileid=|getfile", re.IGNORECASE
)
_QUOTED_FILE = re.compile(
    r"""["']([^"'\s]{1,500}\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?|rtf|csv)(?:\?[^"']{0,200})?)["']""",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"\.(jpe?g|png|gif|bmp|tiff?|webp)(?:$|\?)", re.IGNORECASE)
#: What leads to a file when it is pressed.
_PRESSED = "a, area[href], [onclick]"
#: A link that says that it is a file: by the ending of its name, or by calling it one.
_CALLED_FILE = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|ceb|zip|rar|7z|pptx?|rtf|csv)\s*(?:[(（【\[].{0,20}[)）】\]])?\s*(?:下载)?$"
    r"|^\W*附[件表]\s*\d{0,2}\s*[:：.、]|^\W*(?:点击)?下载附件|附件\s*(?:的?下载|页面)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"url\(\s*['\"]?([^'\")\s]{1,500})", re.IGNORECASE)
#: Where editors put the pictures of a text, not where a site keeps those of its design.
_PUT_IN = re.compile(r"upload|attach|userfiles?|editor|/files?/|/pic|/photo|/[WP]0\d{6}", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"icon|logo|ico_|qrcode|erweima|ewm|share|print|btn|button|bullet|arrow|space|blank|face|emoji|weixin|wechat"
    r"|filetype|loading|banner|/skin|/theme|line\.|dot\.",
    re.IGNORECASE,
)
#: The text says that what matters is in the picture.
_POINTS = re.compile(r"如图|见图|附图|扫描件|下图|图片形式|见图片|附后|如下[:：]?$|见附件", re.MULTILINE)
#: Less text than this for each picture, and the pictures are the text.
_SHORT, _EACH = 80, 120
_SMALLEST = 100  # pixels: a smaller picture is no page of a document
_MAX_FILES, _MOST_LINKS = 100, 5000
_MOST_CALLED = 5


def attachments(page: Page, content: Content | None, text: str) -> tuple[Attachment, ...]:
    """Files that the article links, wherever the page puts them, and what shows instead of a text."""
    found: dict[str, Attachment] = {}
    shown = [*_viewers(page, content)]
    if len(text) < _SHORT:
        shown += [*_embedded(page, content), *_called_up(page)]
    for name, url in (*_files(page, content), *shown, *_pictures(page, content, text)):
        if url not in found and url != page.url:
            found[url] = Attachment(name[:300], url)
        if len(found) >= _MAX_FILES:
            break
    return tuple(found.values())


def _files(page: Page, content: Content | None) -> Iterator[tuple[str, str]]:
    nodes = content.nodes if content is not None else ()
    inside = {node.mem_id for one in nodes for node in one.css(_PRESSED)}
    around = content.around() if content is not None else set()
    rest: list[tuple[str, str]] = []
    for node in page.tree.css(_PRESSED)[:_MOST_LINKS]:
        attributes = node.attributes
        href, script = attributes.get("href") or "", attributes.get("onclick") or ""
        own = node.mem_id in inside
        if _MAYBE.search(href) or (script and _MAYBE.search(script)):
            found = _file(page, node, href, script)
        else:
            found = _called_file(page, node, href) if own else None
        if found is None:
            continue
        if own:
            yield found
        elif not _in_frame(node, around):
            rest.append(found)
    yield from rest


def _file(page: Page, node: Node, href: str, script: str) -> tuple[str, str] | None:
    """Name and address of the file that a link leads to."""
    calls = "script:" in href[:20].lower()
    if not calls and (_FILE.search(href) or _FILE_SERVICE.search(href)):
        url = resolve(page.base, href)
    elif quoted := quoted_file(href, script):
        url = resolve(page.base, quoted)
    else:
        return None
    return (_name(node, url), url) if url is not None else None


def quoted_file(href: str, script: str) -> str:
    """The address of a file that stands in the call by which a link opens it; "" where there is none."""
    if href and not href.startswith("#") and "script:" not in href[:20].lower():
        return ""
    match = _QUOTED_FILE.search(f"{href} {script}"[:4000])
    return match[1] if match else ""


def calls_itself_file(words: str) -> bool:
    """Whether the words of a link say that a file is behind it."""
    return _CALLED_FILE.search(words) is not None


def _called_file(page: Page, node: Node, href: str) -> tuple[str, str] | None:
    """A link of the text whose words say that a file is behind it, or whose address is a picture's."""
    url = resolve(page.base, href) if href else None
    words = short_text(node, 200) if url is not None else None
    if url is None or not words or not (calls_itself_file(words) or _IMAGE.search(url)):
        return None
    return words, url


def _name(node: Node, url: str) -> str:
    told = squeeze(node.text()) or squeeze(node.attributes.get("title") or "")
    if not told or re.fullmatch(r"(?:点击|附件)?下载|查看|附件|打开|详情|download", told, re.IGNORECASE):
        told = squeeze(node.attributes.get("title") or node.attributes.get("download") or "") or told
    return told or unquote(urlsplit(url).path.rpartition("/")[2]) or url


def _in_frame(node: Node, around: set[int]) -> bool:
    """Whether a link stands in the frame of the page, and not in a list of the article's own files.

    `around`: what holds the text itself, and is no frame whatever it is called.
    """
    for one in up_from(node, 30):
        named = names_of(one)
        if one.mem_id in around or re.search(r"attach|fujian|annex|\bfj|file|附件", named):
            return False
        if one.tag in ("nav", "footer", "aside") or is_frame(one) or re.search(r"\bside|\bleft|\bright", named):
            return "附件" not in squeeze(node.text())
    return False


def _viewers(page: Page, content: Content | None) -> Iterator[tuple[str, str]]:
    """Documents shown in the page: <iframe src="viewer.html?file=/a.pdf">, <embed>, <object>."""
    for one in content.nodes if content is not None else ():
        for node in one.css("iframe[src], iframe[data-src], embed[src], object[data]")[:20]:
            attributes = node.attributes
            source = attributes.get("data-src") or attributes.get("src") or attributes.get("data") or ""
            inner = next(iter(parse_qs(urlsplit(source).query).get("file", [])), "") if "file=" in source else ""
            url = resolve(page.base, inner or source)
            if url is not None and not re.search(r"\.(swf|mp4|flv|mp3)(?:$|\?)", url, re.IGNORECASE):
                yield squeeze(node.attributes.get("title") or "") or unquote(url.rpartition("/")[2]) or "嵌入页面", url


def _embedded(page: Page, content: Content | None) -> Iterator[tuple[str, str]]:
    """What is embedded beside a text that says next to nothing: a document in a player of its own."""
    around = content.around() if content is not None else set()
    for node in page.tree.css("embed[src], object[data]")[:20]:
        url = resolve(page.base, node.attributes.get("src") or node.attributes.get("data") or "")
        if url is not None and not _in_frame(node, around):
            yield unquote(url.rpartition("/")[2]) or "嵌入页面", url


def _called_up(page: Page) -> Iterator[tuple[str, str]]:
    """The document that a script shows where next to nothing is said: PDFObject.embed("/a.pdf", …)."""
    for match in islice(_QUOTED_FILE.finditer(page.scripts[:200_000]), _MOST_CALLED):
        if (url := resolve(page.base, match[1])) is not None:
            yield unquote(url.rpartition("/")[2]) or "嵌入页面", url


def _pictures(page: Page, content: Content | None, text: str) -> Iterator[tuple[str, str]]:
    """Pictures that may be the text: where there is little other text, or where it points to them."""
    pictures = []
    for one in content.nodes if content is not None else ():
        for node in one.css("img, source[srcset], [style*=background]")[:200]:
            url = next((url for source in _sources(node) if (url := resolve(page.base, source)) is not None), None)
            if url is not None and _IMAGE.search(url) and not _ORNAMENT.search(url) and _is_put_in(page, node, url):
                pictures.append((squeeze(node.attributes.get("alt") or "") or "图片", url))
    if len(text) < max(_SHORT, _EACH * len(pictures)) or _POINTS.search(text):
        yield from pictures[:40]


def _sources(node: Node) -> Iterator[str]:
    """Where a picture may come from: what a script will put in before what stands in its place until then."""
    attributes = node.attributes
    if node.tag not in ("img", "source"):
        yield from (match[1] for match in _BACKGROUND.finditer(attributes.get("style") or ""))
        return
    for name, value in attributes.items():
        if value and name not in ("src", "alt", "title", "style") and not name.startswith("on"):
            first = value.split(",")[0].strip().split(" ")[0]
            if _IMAGE.search(first) and not _ORNAMENT.search(first):
                yield first
    yield attributes.get("src") or ""


def _is_put_in(page: Page, node: Node, url: str) -> bool:
    """Whether a picture belongs to the text: by where it is kept, or by its size."""
    sizes = [re.match(r"\s*(\d{1,5})(?:px)?\s*$", node.attributes.get(key) or "") for key in ("width", "height")]
    known = [int(size[1]) for size in sizes if size]
    if any(size < _SMALLEST for size in known):
        return False
    folder = page.url.rpartition("/")[0]
    return bool(known) or _PUT_IN.search(url) is not None or url.startswith(f"{folder}/")
