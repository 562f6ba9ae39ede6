"""The title of an article, whole and without the site's name, and the source that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tracker.evidence.blocks import Block
from tracker.evidence.dates import plain
from tracker.evidence.dialects.rows import is_short_for
from tracker.evidence.page import Page, squeeze
from tracker.evidence.publication import heads

Tags = Mapping[str, Sequence[str]]

MAX_TITLE = 500
_TITLE_TAGS = ("articletitle", "article_title", "article:title", "og:title")
_SITE_TAGS = ("sitename", "site_name", "og:site_name", "columnname", "sitedomain")
_SOURCE_TAGS = ("contentsource", "content_source", "source", "article:source", "mediaid")
_SOURCE_LABEL = re.compile(
    r"(?:信息来源|文章来源|稿件来源|内容来源|来\s*源|稿\s*源|发布机构|发布单位|发文机关|公开单位|供稿单位|信息提供)\s*[:：]\s*"
    r"(?!\S{2,8}[:：])[\[【(（<《「]*([^\s|<>【】\[\]（）()《》「」]{2,40})"
)
_SOURCE_HEADS = (
    "发布机构", "发布单位", "发文机关", "发文单位", "公开单位", "公开机构", "信息来源", "公开责任部门", "来源",
)  # fmt: skip
_PLACEHOLDER = re.compile(
    r"\$\{|\{\{|<%|^(?:null|undefined|none|无标题(?:文档)?|untitled.*|标题|文章标题|首页)$", re.IGNORECASE
)
_SITE_WORDS = re.compile(r"(?:网|网站|政府|门户|门户网站|平台|公开|公开网|频道|栏目|局|委员会|办公室|首页)$")
_SEPARATOR = re.compile(r"\s*(?:[_|—–»>]{1,2}|\s-{1,2}\s|-{1,2}|·)\s*")
_SUBTITLE = re.compile(r"sub_?-?title|sub_?tit|fu_?title|ftitle|fubiaoti|\bfbt\b|title2|titsub|副标题", re.IGNORECASE)


def title_of(page: Page, tags: Tags, in_text: frozenset[int] | set[int]) -> str:
    """The tag for it, else the heading that the page's title repeats, else the page's title without the site.

    A shortened one gives way to the whole; a subtitle is added to it. `in_text`: elements of the text proper.
    """
    headings = _headings(page, in_text)
    tagged = next((one for name in _TITLE_TAGS for one in tags.get(name, ()) if _speaks(one, tags)), "")
    shown = next((text for text, _, _ in headings if _repeats(text, tagged or page.title)), "")
    if not shown and not tagged:
        shown = next((text for text, tag, _ in headings if tag == "h1" and _speaks(text, tags)), "")
    title = (
        tagged
        or shown
        or _without_site(page.title, tags)
        or next((text for text, tag, _ in headings if tag == "h1"), "")
    )
    for whole in (shown, _without_site(page.title, tags)):
        if is_short_for(title, whole):
            title = whole
    return _with_subtitle(title, headings)[:MAX_TITLE]


def _headings(page: Page, in_text: frozenset[int] | set[int]) -> list[tuple[str, str, str]]:
    """Text, tag and names of what may be the title or its subtitle."""
    found = []
    for node in page.tree.css("h1, h2, h3, [class*=title i], [id*=title i], [class*=bt i], .tit, #tit, .biaoti")[:60]:
        if node.mem_id in in_text or node.tag in ("script", "style", "input", "a", "img", "ul", "body"):
            continue
        text = squeeze(node.text()) if len(node.text()) < 2000 else ""
        if 2 <= len(text) <= 200 and not _PLACEHOLDER.search(text):
            found.append(
                (text, node.tag or "", f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}")
            )
    return found


def _repeats(heading: str, title: str) -> bool:
    """Whether a heading says what the title begins with, in whatever spacing."""
    a, b = "".join(heading.split()), "".join(title.split())
    stem = re.sub(r"(?:…|\.{2,})$", "", a)
    other = re.sub(r"(?:…|\.{2,}).*$", "", b)
    return len(stem) >= 4 and (b.startswith(stem[:20]) or (len(other) >= 4 and other != b and a.startswith(other)))


def _speaks(title: str, tags: Tags) -> bool:
    """Whether a title is one: not what a template left unfilled, and not the site's or the column's name."""
    if len(title) < 2 or _PLACEHOLDER.search(title):
        return False
    return title not in {one for name in _SITE_TAGS for one in tags.get(name, ())}


def _without_site(title: str, tags: Tags) -> str:
    """What a browser's title bar says, less the names of site and column on either side."""
    names = {one for name in _SITE_TAGS for one in tags.get(name, ())}
    pieces = [(one.start(), one.end()) for one in _SEPARATOR.finditer(title)]
    while pieces and _is_site(title[pieces[-1][1] :].strip(), names):
        title = title[: pieces.pop()[0]]
    while pieces and _is_site(title[: pieces[0][0]].strip(), names):
        cut = pieces.pop(0)[1]
        title, pieces = title[cut:], [(a - cut, b - cut) for a, b in pieces]
    return title.strip(" _-|—–»>·")


def _is_site(words: str, names: set[str]) -> bool:
    if words in names or not words:
        return True
    return len(words) <= 20 and bool(_SITE_WORDS.search(words)) and not re.search(r"关于|通知|公告|公示|20\d\d", words)


def _with_subtitle(title: str, headings: list[tuple[str, str, str]]) -> str:
    for text, _, named in headings:
        if _SUBTITLE.search(named) and len(text) <= 100 and text not in title and title not in text:
            return f"{title} {text}"
    return title


def source_of(tags: Tags, blocks: list[Block]) -> str:
    """Whom the page names as its source: by tag, by the line of particulars, by the catalogue's head."""
    for name in _SOURCE_TAGS:
        for value in tags.get(name, ()):
            if value and not _PLACEHOLDER.search(value) and not value.isdigit():
                return value[:256]
    lines = [one for one in blocks if one.zone != "text" or len(one.text) <= 160]
    for block in sorted(lines, key=lambda one: one.zone == "text"):
        if block.zone == "text" and "。" in block.text:
            continue
        if match := _SOURCE_LABEL.search(plain(block.text)):
            return match[1].strip("；;，,")
    found: dict[str, str] = {}
    for _, head, value in heads(blocks, _SOURCE_HEADS):
        if value:
            found.setdefault(head, value)
    return next((found[head][:256] for head in _SOURCE_HEADS if head in found), "")
