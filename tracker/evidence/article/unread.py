"""What of an article could not be read, each part as an attachment without a text: while one is noted, an item that was
not found is unseen and not missing. Whether an article's silence may be believed is asked here and nowhere else.

The parts: further pages, files behind a script, on somebody's own disk or without any link, another page that holds
the text, what a script has yet to bring, what lies behind a break or a bound, a text whose place was not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from tracker.core.values.facts import ON_A_DISK, Attachment
from tracker.evidence.article.content import Content
from tracker.evidence.article.further import leads_on
from tracker.evidence.article.linked import calls_itself_file, quoted_file
from tracker.evidence.article.pending import fills_later
from tracker.evidence.page.flow import is_frame
from tracker.evidence.page.nodes import names_of, up_from
from tracker.evidence.page.parsed import Node, Page, resolve, short_text, squeeze

#: How the further pages of an article are named among its attachments until they are read.
FURTHER_NOTE = "正文的后续分页，未读取"
UNSEEN_NOTE = "正文的后续部分由脚本或客户端打开，未能读取"
PENDING_NOTE = "正文的一部分由脚本载入，未能读取"
BROKEN_NOTE = "页面在中途断开，后面的内容未收到"
VAGUE_NOTE = "未能认出正文的位置，页面其他内容可能混入或遗漏"
CUT_NOTE = "正文过长，只读取了前一部分"
FILE_NOTE = "附件由脚本打开，未能读取"
ELSEWHERE_NOTE = "正文指向其他页面，该页面未读取"
DISK_NOTE = f"{ON_A_DISK}上的文件，网站上没有该文件"
INLINE_NOTE = "图片，没有可检索的文字"
UNLINKED_NOTE = "文末列出的附件没有链接，未能读取"
_MOST, _MOST_LINKS, _NAME = 20, 5000, 200
#: A text that is no more than a way to another one.
_POINTS = re.compile(
    r"详见|详情(?:请)?(?:见|查看|点击|访问)|请?点击|请(?:见|查看|访问|登[录陆])|参见|见(?:链接|附件|网址)|原文链接|阅读原文|查看原文"
)
_POINTER, _LITTLE = 120, 80
#: An address that only the editor's machine understands.
_DISK = re.compile(r"\s*(?:file:|[A-Za-z]:[\\/])", re.IGNORECASE)
#: The line that names the files, and so much at most behind it: what follows may be the files themselves.
_LISTED = re.compile(r"^\W*附\s*件\s*\d{0,2}\s*[:：]\s*(?:\d{0,2}\s*[.、．]?\s*)?[\u4e00-\u9fff《“(（A-Za-z\d]")
_NAMED = re.compile(r"[^\s.]\.(?:docx?|xlsx?|pdf|wps|et|ofd|ceb|zip|rar|pptx?)\W{0,3}$", re.IGNORECASE)
_BEHIND = 150
_SMALLEST = 100  # pixels
_HIDDEN = re.compile(
    r"display\s*:\s*none|max-height|overflow\s*:\s*hidden|line-clamp|\b(?:hid|fold|collaps)", re.IGNORECASE
)
_HIDDEN_TEXT = 10
_OTHERS = re.compile(r"comment|pinglun|reply|list|relat|recommend|hot|liuyan|message", re.IGNORECASE)
_DISABLED = re.compile(r"disab|no-?link|gr[ae]y|unable", re.IGNORECASE)


def unread_parts(
    page: Page, content: Content | None, lines: Sequence[str], own: list[str], files: Sequence[Attachment],
    further: Sequence[str], *, whole: bool, vague: bool,
) -> Iterator[Attachment]:  # fmt: skip
    """`lines`: the text; `own`: what of it the article says; `files`: those that can be asked for; `further`: its own
    further pages; `whole`: whether its text is no longer than is kept; `vague`: its place was looked for in vain."""
    for number, url in enumerate(further, 2):
        yield Attachment(f"正文第{number}页", url, None, FURTHER_NOTE)
    if content is not None:
        yield from _unopened(page, content, own, files, further)
    for name, note, is_so in (
        ("正文后续部分", UNSEEN_NOTE, _goes_on_unseen(page, content)),
        ("正文的一部分", PENDING_NOTE, fills_later(page, content, lines)),
        ("正文其余部分", CUT_NOTE, not whole),
        ("正文其余部分", BROKEN_NOTE, page.cut),
        ("正文", VAGUE_NOTE, vague and not files),
    ):
        if is_so:
            yield Attachment(name, page.url, None, note)


def pending_text(page: Page) -> Attachment:
    """Stands for what a script will show beside a text that the page brings along."""
    return Attachment("正文的一部分", page.url, None, PENDING_NOTE)


def _unopened(
    page: Page, content: Content, own: list[str], files: Sequence[Attachment], further: Sequence[str]
) -> Iterator[Attachment]:
    """The files, pictures and pages that it speaks of and nobody can open."""
    known, names = {one.url for one in files}, [one.name for one in files]
    links = [node for one in content.nodes for node in one.css("a")[:_MOST_LINKS]]
    told = [one for node in links if (one := _told(page, node))]
    called = [name for name, _ in told] + names
    told += [(line[:_NAME], UNLINKED_NOTE) for line in own if _is_file_name(line) and not _is_among(line, called)]
    for name, note in list(dict.fromkeys(told))[:_MOST]:
        yield Attachment(name, page.url, None, note)
    if not (told or known) and _lists_files(own):
        yield Attachment("附件", page.url, None, UNLINKED_NOTE)
    little = sum(map(len, own)) < _LITTLE
    if little and not known and (note := _lost_picture(content)):
        yield Attachment("图片", page.url, None, note)
    if (found := _pointer(page, links, own, known | set(further), alone=not known, sure=content.sure)) is not None:
        yield Attachment(squeeze(found[0].text())[:_NAME] or found[1], found[1], None, ELSEWHERE_NOTE)


def _told(page: Page, node: Node) -> tuple[str, str] | None:
    """What a link that nobody can follow calls its file, and why it cannot be followed; None where it is another."""
    href = node.attributes.get("href") or ""
    if _DISK.match(href):
        return squeeze(node.text())[:_NAME] or "附件", DISK_NOTE
    script = node.attributes.get("onclick") or ""
    if resolve(page.base, href) is not None or not (href or script) or quoted_file(href, script):
        return None
    words = short_text(node, _NAME) or squeeze(node.attributes.get("title") or "")
    return (words, FILE_NOTE) if calls_itself_file(words) and '"' not in words else None


def _is_file_name(line: str) -> bool:
    """Whether a line of the text is the name of a file."""
    return len(line) <= _NAME and "\t" not in line and _NAMED.search(line) is not None


def _is_among(line: str, called: list[str]) -> bool:
    """Whether a line is one of these names, or holds it with what is written around."""
    form = "".join(line.split())
    return any((name := "".join(one.split())) and (name in form or form in name) for one in called)


def _lists_files(own: list[str]) -> bool:
    """Whether the text ends with the names of files, and not with the files."""
    at = next((n for n in range(len(own) - 1, -1, -1) if _LISTED.match(own[n])), None)
    if at is None:
        return False
    behind = own[at + 1 :]
    return sum(map(len, behind)) < _BEHIND and not any("\t" in line for line in own[at:])


def _lost_picture(content: Content) -> str:
    """Why a picture that may be the text is not to be had: it never left a disk, or the page holds it itself."""
    for one in content.nodes:
        for node in one.css("img")[:200]:
            source = node.attributes.get("src") or ""
            sizes = [
                re.match(r"\s*(\d{1,5})(?:px)?\s*$", node.attributes.get(key) or "") for key in ("width", "height")
            ]
            if any(size and int(size[1]) < _SMALLEST for size in sizes):
                continue
            if _DISK.match(source):
                return DISK_NOTE
            if source[:11].lower() == "data:image/":
                return INLINE_NOTE
    return ""


def _pointer(
    page: Page, links: list[Node], own: list[str], known: set[str], *, alone: bool, sure: bool
) -> tuple[Node, str] | None:
    """The link on which the text is: one that says so, or one of those that are much of what is said.
    `alone`: there is no file beside the text; `sure`: its place is, so that no menu stands in it."""
    pages = [
        (node, url) for node in links if (url := resolve(page.base, node.attributes.get("href") or "")) is not None
    ]
    pages = [(node, url) for node, url in pages if url != page.url and url not in known]
    for node, url in pages:
        if leads_on(short_text(node, 20) or ""):
            return node, url
    said = sum(map(len, own))
    linked = sum(len(squeeze(node.text())) for node, _ in pages)
    if not alone or said - min(linked, said) >= _LITTLE:
        return None
    if said < _LITTLE and (found := next(((a, b) for a, b in pages if _is_pointer(a, b)), None)) is not None:
        return found
    listed = [(node, url) for node, url in pages if sure and not _in_frame(node)]
    return listed[0] if listed and linked * 3 >= said else None


def _is_pointer(node: Node, url: str) -> bool:
    """Whether a line of a few words leads by this link to a page of its own, and is no line of a menu."""
    line = node.parent if node.parent is not None else node
    words = short_text(line, _POINTER) or ""
    return (
        bool(urlsplit(url).netloc) and len(line.css("a")) <= 2 and not _in_frame(line) and bool(_POINTS.search(words))
    )


def _in_frame(node: Node) -> bool:
    return any(map(is_frame, up_from(node, 8)))


def _goes_on_unseen(page: Page, content: Content | None) -> bool:
    """Whether what is pressed at the text leads to more of it where nobody can follow: a script, an application."""
    inside = {node.mem_id for one in content.nodes for node in one.css("a, button")} if content is not None else set()
    around = content.around() if content is not None else set()
    for node in page.tree.css("a, button")[:_MOST_LINKS]:
        href = node.attributes.get("href") or ""
        if resolve(page.base, href) is not None or (not href and node.tag == "a" and "onclick" not in node.attributes):
            continue
        words = short_text(node, 20) or ""
        if not leads_on(words) or _DISABLED.search(node.attributes.get("class") or ""):
            continue
        if node.mem_id in inside or _beside(node, around):
            return not (content is not None and "展开" in words and any(map(_is_folded, content.nodes)))
    return False


def _is_folded(node: Node) -> bool:
    """Whether a part of the text is only hidden until something is pressed, and so already there."""
    hidden = (one for one in node.css("[style], [class]")[:500] if _HIDDEN.search(_manner(one)))
    return any(len(squeeze(one.text())) >= _HIDDEN_TEXT for one in hidden)


def _manner(node: Node) -> str:
    return f"{node.attributes.get('style') or ''} {node.attributes.get('class') or ''}"


def _beside(node: Node, around: set[int]) -> bool:
    """Whether it stands in what holds the text, and in no list or place for comments of its own."""
    above = node.parent
    for _ in range(4):
        if above is None or above.tag in ("body", "ul", "ol"):
            return above is not None and above.tag == "body" and above.mem_id in around
        if above.mem_id in around:
            return True
        if _OTHERS.search(names_of(above)):
            return False
        above = above.parent
    return False
