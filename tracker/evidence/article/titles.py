"""The title of an article, whole and without the site's name, and the source that it names."""

from __future__ import annotations

import re
from itertools import islice

from tracker.evidence.article.blocks import Block, is_prose
from tracker.evidence.article.publication import heads
from tracker.evidence.article.structured import Tags
from tracker.evidence.page.dates import FULL, plain
from tracker.evidence.page.nodes import names_of, up_from
from tracker.evidence.page.parsed import Page, legible, squeeze
from tracker.evidence.page.row_titles import is_short_for

MAX_TITLE = 500
_MOST_CUTS = 12
_SHORTEST = 5
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
_SITE_WORDS = re.compile(r"(?:网|网站|政府|门户|门户网站|平台|信息公开|公开网|频道|栏目|局|委员会|办公室|首页)$")
_SEPARATOR = re.compile(r"\s*(?:[_|—–»>]{1,2}|-{1,2}|·)\s*")
_CUT = re.compile(rf"{_SEPARATOR.pattern}|\s+")
_SUBTITLE = re.compile(r"sub_?-?title|sub_?tit|fu_?title|ftitle|fubiaoti|\bfbt\b|title2|titsub|副标题", re.IGNORECASE)
_TITLED = re.compile(r"title|\bbt\b|biaoti|\btit|headline|\bxl_?t", re.IGNORECASE)
_RIM = " :：·•.。*~☆★【】[]〖〗<>《》「」|_-—"  # what sites put around their names
_HEADINGS = {"h1", "h2", "h3", "h4"}
#: What is shown above a text and is no title of it.
_NO_TITLE = re.compile(
    r"^(?:当前|您(?:的|所在|现在)?的?)位置|^首页|今天是|[>»].*[>»]|^[\d\W]+$|(?:发布|公开|更新)?(?:时间|日期)\s*[:：]|来源\s*[:：]"
    r"|(?:浏览|点击|阅读)(?:次数|量)?\s*[:：]|字体|字号|索引号|^[【\[]"
)
_OFFICE = r"[\u4e00-\u9fff]{2,24}(?:局|委|委员会|办|办公室|政府|院|中心|公司|大队|站|处|社|会|厅|部|所|网|乡|镇|街道)"
#: 2015/02/06 县卫生局 浏览次数: the office stands behind the day, or before it, without a label.
_BARE_SOURCES = (
    re.compile(rf"^[\[【(（]?\s*{FULL.pattern}\s*[|/]?\s*(?:By\s*[:：])?\s*(?P<office>{_OFFICE})(?![\u4e00-\u9fff])"),
    re.compile(rf"^[\[【(（]?\s*(?P<office>{_OFFICE})\s*[|/]?\s*{FULL.pattern}"),
)
_NOBODY = {"未知", "不详", "佚名", "无", "admin", "管理员", "暂无"}


def title_of(page: Page, tags: Tags, blocks: list[Block]) -> str:
    """The tag for it, else what the window's title and the page both say, else the heading above the text.

    A shortened one gives way to the whole; a subtitle is added to it.
    """
    shown = [(place, one) for place, one in enumerate(blocks) if _may_be_title(one)]
    bar = page.title[: 2 * MAX_TITLE]
    tagged = next((one for name in _TITLE_TAGS for one in tags.get(name, ()) if _speaks(one, tags)), "")
    short = _without_site(bar, tags, blocks)
    title = tagged or _in_both(bar, shown, tags) or short
    nameless = len(title) < 4 and title not in {one.text for _, one in shown}
    if nameless or _is_site(title, _names(tags)):
        title = _heading(blocks, shown, tags) or title or bar
    for whole in (*(one.text for _, one in shown), short):
        if is_short_for(title, whole):
            title = whole
            break
    return legible(_with_subtitle(title, shown)[:MAX_TITLE])


def _may_be_title(block: Block) -> bool:
    return (
        block.zone != "after"
        and 2 <= len(block.text) <= 200
        and block.linked * 2 <= len(block.text)
        and not _NO_TITLE.search(block.text)
        and not _PLACEHOLDER.search(block.text)
    )


def _in_both(bar: str, shown: list[tuple[int, Block]], tags: Tags) -> str:
    """The longest part of the window's title, between its separators, that stands by itself on the page."""
    texts = {"".join(one.text.split()): one.text for _, one in reversed(shown)}
    cuts = islice(_CUT.finditer(bar), _MOST_CUTS)
    edges = [(0, 0), *((one.start(), one.end()) for one in cuts), (len(bar), len(bar))]
    parts = [bar[a[1] : b[0]] for n, a in enumerate(edges) for b in edges[n + 1 :]]
    for part in sorted(parts, key=len, reverse=True):
        text = texts.get("".join(part.split()))
        if text is not None and len(text) >= 4 and _speaks(text, tags) and not _is_site(text, _names(tags)):
            return text
    return ""


def _heading(blocks: list[Block], shown: list[tuple[int, Block]], tags: Tags) -> str:
    """The nearest heading above the text, else what is printed bold there, else the nearest line that stands by
    itself; never the site's name."""
    first = next((n for n, one in enumerate(blocks) if one.zone == "text" and is_prose(one.text)), len(blocks))
    above = [one for n, one in shown if n < first and _speaks(one.text, tags) and not _is_site(one.text, _names(tags))]
    for fits in (_is_heading, _stands_out, _is_line):
        if found := [one for one in above if fits(one)]:
            return found[-1].text
    return ""


def _stands_out(block: Block) -> bool:
    """Whether a line above the text is printed larger or bolder, as a whole."""
    if block.zone != "before" or len(block.text) < _SHORTEST:
        return False
    bold = (squeeze(one.text()) for one in block.node.css("b, strong, big, font[size]")[:10])
    return block.text in bold


def _is_line(block: Block) -> bool:
    return len(block.text) >= (8 if block.tag in ("td", "th") else 4)


def _is_heading(block: Block) -> bool:
    return any(one.tag in _HEADINGS or _TITLED.search(names_of(one)) for one in up_from(block.node, 2))


def _names(tags: Tags) -> set[str]:
    return {one for name in _SITE_TAGS for one in tags.get(name, ())}


def _speaks(title: str, tags: Tags) -> bool:
    """Whether a title is one: not what a template left unfilled, and not the site's or the column's name."""
    return len(title) >= 2 and not _PLACEHOLDER.search(title) and title not in _names(tags)


def _without_site(title: str, tags: Tags, blocks: list[Block]) -> str:
    """What a browser's title bar says, less the names of site and column on either side."""
    names = _names(tags) | {one.text for one in blocks if one.linked >= len(one.text) > 0}
    names |= {word for one in blocks if one.linked for word in re.split(r"\s*[>»\s]\s*", one.text) if len(word) <= 12}
    pieces = [(one.start(), one.end()) for one in islice(_SEPARATOR.finditer(title), _MOST_CUTS)]
    while pieces and _is_site(title[pieces[-1][1] :].strip(), names):
        title = title[: pieces.pop()[0]]
    while pieces and _is_site(title[: pieces[0][0]].strip(), names):
        cut = pieces.pop(0)[1]
        title, pieces = title[cut:], [(a - cut, b - cut) for a, b in pieces]
    return title.strip(" _-|—–»>·")


def _is_site(words: str, names: set[str]) -> bool:
    words = words.strip(_RIM)
    if words in names or not words:
        return True
    return len(words) <= 20 and bool(_SITE_WORDS.search(words)) and not re.search(r"关于|通知|公告|公示|20\d\d", words)


def _with_subtitle(title: str, shown: list[tuple[int, Block]]) -> str:
    for _, one in shown:
        names = "".join(names_of(node) for node in up_from(one.node, 2))
        if _SUBTITLE.search(names) and len(one.text) <= 100 and one.text not in title and title not in one.text:
            return f"{title} {one.text}"
    return title


def source_of(tags: Tags, blocks: list[Block]) -> str:
    """Whom the page names as its source: by tag, by the line of particulars, by the catalogue's head."""
    for name in _SOURCE_TAGS:
        for value in tags.get(name, ()):
            if value and not _PLACEHOLDER.search(value) and not value.isdigit() and value not in _NOBODY:
                return value[:256]
    lines = [one for one in blocks if one.zone != "text" or len(one.text) <= 160]
    for block in sorted(lines, key=lambda one: one.zone == "text"):
        if block.zone == "text" and "。" in block.text:
            continue
        match = _SOURCE_LABEL.search(plain(block.text))
        if match and (name := match[1].strip("；;，,")) not in _NOBODY:
            return name
    for block in blocks:
        line = plain(block.text) if block.zone != "after" and len(block.text) <= 120 else ""
        for bare in _BARE_SOURCES:
            if match := bare.search(line):
                return match["office"]
    found: dict[str, str] = {}
    for _, head, value in heads(blocks, _SOURCE_HEADS):
        if value and not value.rstrip().endswith((":", "：")):  # the next head is no value of this one
            found.setdefault(head, value)
    return next((found[head][:256] for head in _SOURCE_HEADS if head in found), "")
