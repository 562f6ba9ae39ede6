"""What an article speaks of and nobody can open: files behind a script, and another site that holds the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tracker.core.facts import Attachment
from tracker.evidence.content import Content
from tracker.evidence.flow import is_frame
from tracker.evidence.page import Node, Page, resolve, short_text, squeeze

FILE_NOTE = "附件由脚本打开，未能读取"
ELSEWHERE_NOTE = "正文指向其他页面，该页面未读取"
_MOST, _MOST_LINKS, _NAME = 20, 2000, 200
#: A link that says that it is a file: by the ending of its name, or by calling it one.
_IS_FILE = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|ceb|zip|rar|7z|pptx?|rtf|csv)\s*(?:[(（【\[].{0,20}[)）】\]])?\s*(?:下载)?$"
    r"|^\W*附[件表]\s*\d{0,2}\s*[:：.、]|^\W*(?:点击)?下载附件|^\W*附件下载",
    re.IGNORECASE,
)
#: A text that is no more than a way to another one.
_POINTS = re.compile(
    r"详见|详情(?:请)?(?:见|查看|点击|访问)|请?点击|请(?:见|查看|访问|登[录陆])|参见|见(?:链接|附件|网址)|原文链接|阅读原文|查看原文"
)
_POINTER, _LITTLE = 120, 80


def unopened(page: Page, content: Content | None, own: list[str], known: set[str]) -> Iterator[Attachment]:
    """Each as an attachment without a text. `own`: what the article says; `known`: the files that can be asked for."""
    if content is None:
        return
    links = [node for one in content.nodes for node in one.css("a")[:_MOST_LINKS]]
    names = (_file_name(page, node) for node in links)
    for name in list(dict.fromkeys(name for name in names if name))[:_MOST]:
        yield Attachment(name, page.url, None, FILE_NOTE)
    if sum(map(len, own)) >= _LITTLE or known:
        return
    for node in links:
        url = resolve(page.base, node.attributes.get("href") or "")
        if url is not None and url != page.url and _is_pointer(node, url):
            yield Attachment(squeeze(node.text())[:_NAME] or url, url, None, ELSEWHERE_NOTE)
            return


def _file_name(page: Page, node: Node) -> str:
    """What a link that only a script follows calls the file; "" where it is another."""
    href = node.attributes.get("href") or ""
    if resolve(page.base, href) is not None or not (href or "onclick" in node.attributes):
        return ""
    words = short_text(node, _NAME) or squeeze(node.attributes.get("title") or "")
    return words if _IS_FILE.search(words) and '"' not in words else ""


def _is_pointer(node: Node, url: str) -> bool:
    """Whether a line of a few words leads by this link to a page of its own, and is no line of a menu."""
    path = urlsplit(url)
    line = node.parent if node.parent is not None else node
    above: Node | None = line
    for _ in range(8):
        if above is None or above.tag == "body":
            break
        if is_frame(above):
            return False
        above = above.parent
    words = short_text(line, _POINTER) or ""
    return bool(path.netloc) and len(line.css("a")) <= 2 and _POINTS.search(words) is not None
