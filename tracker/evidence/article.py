"""What one published page says: title, instant of publication, source, text, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.core.facts import Attachment, Moment
from tracker.evidence.barriers import REASONS, strict_barrier
from tracker.evidence.content import Content, attachments, content_of, text_below
from tracker.evidence.dates import day_of, find_moment, moment_in_url, plain
from tracker.evidence.page import Node, Page, short_text, squeeze

_TITLE_TAGS = ("articletitle", "article_title", "og:title")
_DATE_TAGS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "pubtime",
    "releasedate",
    "article:published_time",
    "datepublished",
)
_SOURCE_TAGS = ("contentsource", "content_source", "source")

#: Why an article with neither text nor files is not read: one that had them may have been emptied.
EMPTY = "页面中没有认出正文"

#: What stands before a date of publication, surest first. 成文 and 签发 are dates of the paper, not of publication.
_LABELS = tuple(
    re.compile(rf"(?<![成签])(?:{words})\s*[:：]?\s*(?=[\d〇○零一二])")
    for words in (
        "发布(?:时间|日期)|发表(?:时间|日期)|发布于|发稿时间",
        "公开(?:时间|日期)|公布(?:时间|日期)|上网(?:时间|日期)",
        "生成(?:时间|日期)|信息时间|文章时间",
        "(?:录入|上传|添加|加入|编辑|创建)(?:时间|日期)|(?<![\u4e00-\u9fff])(?:时间|日期)",
        "更新(?:时间|日期)",
    )
)
_HEADS = (("发布日期", "发布时间"), ("公开日期", "公开时间", "公布日期"), ("生成日期", "生成时间"))
_SOURCE_LABEL = re.compile(
    r"(?:信息来源|文章来源|稿件来源|内容来源|来源|稿源|发布机构|发布单位|发文机关|公开单位)\s*[:：]\s*(?!\S{2,8}[:：])([^\s|<>【】\[\]（）()]{2,40})"
)
_SOURCE_HEADS = ("发布机构", "发布单位", "发文机关", "发文单位", "公开单位", "公开机构", "信息来源", "来源")
_NOISE = re.compile(r"今天是|版权所有|copyright|©|ICP备|星期[一二三四五六日天]|当前时间", re.IGNORECASE)
_MAX_TITLE = 500


@dataclass(frozen=True, slots=True)
class Article:
    """A page read. `state` unreadable: `reason` (Chinese) says why nothing may be concluded from it.

    `dates`: every place that named an instant of publication, in the order of trust; the first one is `claimed`.
    """

    state: Literal["read", "unreadable"]
    reason: str = ""
    title: str = ""
    claimed: Moment | None = None
    claimed_from: str = ""
    dates: tuple[tuple[str, Moment], ...] = ()
    source: str = ""
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    pictured: bool = False  # it has next to no text, and pictures or embedded files beside it


def parse_article(page: Page) -> Article:
    """An article's page. Never raises: what cannot be read is unreadable."""
    if not page.is_html:
        name = page.url.rpartition("/")[2][:200]
        return Article("unreadable", "条目直接链接到文件，尚不能读取", attachments=(Attachment(name, page.url),))
    if page.crowded:
        return Article("unreadable", "页面元素过多，不是可读的文章")
    if (found := strict_barrier(page)) is not None:
        return Article("unreadable", REASONS[found])
    tags = _tags(page)
    content = content_of(page)
    dates = tuple(_dates(page, tags, content))
    text = text_below(content.node) if content is not None else ""
    files = attachments(page, content.node if content is not None else None, short=len(text) < 80)
    claimed_from, claimed = dates[0] if dates else ("", None)
    if len(text) < 5 and not files:
        return Article("unreadable", EMPTY, _title(page, tags, content), claimed, claimed_from, dates)
    return Article(
        state="read",
        title=_title(page, tags, content),
        claimed=claimed,
        claimed_from=claimed_from,
        dates=dates,
        source=_source(page, tags, content),
        text=text,
        attachments=files,
    )


def _tags(page: Page) -> dict[str, str]:
    """The page tags by lower-case name, whichever attribute names them; the first of a name stands."""
    tags: dict[str, str] = {}
    for node in page.tree.css("meta")[:300]:
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        for kind in ("name", "property", "http-equiv", "itemprop"):
            name = attributes.get(kind, "").strip().lower()
            if name and attributes.get("content", "").strip():
                tags.setdefault(name, squeeze(attributes["content"]))
    return tags


def _dates(page: Page, tags: dict[str, str], content: Content | None) -> Iterator[tuple[str, Moment]]:
    """Page tags, the visible line, the catalogue head, the address: never the running text."""
    for name in _DATE_TAGS:
        if name in tags and (moment := find_moment(tags[name], page.zone)) is not None:
            yield "tag", moment
            break
    if (moment := _line_date(page, content)) is not None:
        yield "line", moment
    if (moment := _head_date(page)) is not None:
        yield "catalogue", moment
    if (day := moment_in_url(page.url)) is not None:
        yield "url", day


def _line_date(page: Page, content: Content | None) -> Moment | None:
    lines = [line for line in _lines(page, content) if not _NOISE.search(line)]
    for label in _LABELS:
        for line in lines:
            for match in label.finditer(line):
                if (moment := find_moment(line[match.end() : match.end() + 40], page.zone)) is not None:
                    return moment
    return _bare_line(lines, page)


def _bare_line(lines: list[str], page: Page) -> Moment | None:
    """A line of particulars without a label before the date: 2015-09-25 09:30 来源：环保局 浏览：12."""
    for line in lines:
        if re.search(r"来源|浏览|点击|字体|字号|阅读|作者|打印", line) and len(line) < 120:
            head = re.split(r"[:：]", re.sub(r"\d{1,2}\s*[:：]\s*\d{2}", "", line), maxsplit=1)[0]
            if (moment := find_moment(line, page.zone)) is not None and re.search(r"(?:19|20)\d\d", head):
                return moment
    return None


def _lines(page: Page, content: Content | None) -> list[str]:
    """Short blocks outside the text proper: where systems print the particulars of an article.

    Where it is not sure where the text begins, blocks inside it count if they are plainly particulars.
    """
    inside = content.keys() if content is not None else set()
    lines = []
    for node in page.tree.css(_LINE_TAGS)[:6000]:
        within = node.mem_id in inside
        if within and content is not None and content.sure:
            continue
        line = plain(short_text(node, 200, separator=" ") or "")
        if (
            len(line) >= 8
            and any(one.isdigit() or one in "〇○零" for one in line)
            and (not within or _particulars(line))
        ):
            lines.append(line)
    return sorted(lines, key=len)


_LINE_TAGS = "div, p, li, td, span, h2, h3, h4, h5, h6, dd, center, em, i, b, strong, font, time, label"


def _particulars(line: str) -> bool:
    """Whether a block holds nothing but labels and their values, or begins with the date itself."""
    if re.match(r"\d{4}\D\d{1,2}\D\d{1,2}", line) and re.search(r"来源|浏览|点击|字体|阅读|作者", line):
        return True
    before, *values = re.split(r"[\u4e00-\u9fff]{2,6}\s*[:：]", line)
    return (
        bool(values)
        and len(before.strip("[【(（ ")) <= 2
        and all(len(one.strip()) <= 30 for one in values)
        and "。" not in line
    )


def _heads(page: Page) -> Iterator[tuple[str, str]]:
    """Head and value of the catalogue table above an article: cells side by side, or dt and dd."""
    for node in page.tree.css("td, th, dt, b, strong, span, label, em, i")[:4000]:
        head = re.sub(r"[\s:：【】\[\]]", "", short_text(node, 12) or "")
        if head in _ALL_HEADS and (value := _beside(node)):
            yield head, value


_ALL_HEADS = {one for heads in _HEADS for one in heads} | set(_SOURCE_HEADS)


def _beside(node: Node) -> str:
    following = node.next
    while following is not None:
        text = (
            squeeze(following.text_content or "") if following.is_text_node else short_text(following, 120, " ") or ""
        )
        if text.strip(":： ") or following.tag in ("td", "th", "dd"):  # an empty cell is the value: nothing
            return text.strip(":： ")[:120]
        following = following.next
    return ""


def _head_date(page: Page) -> Moment | None:
    found = dict(reversed(list(_heads(page))))
    for heads in _HEADS:
        for head in heads:
            if head in found and (moment := find_moment(found[head][:40], page.zone)) is not None:
                return moment
    return None


def _source(page: Page, tags: dict[str, str], content: Content | None) -> str:
    for name in _SOURCE_TAGS:
        if tags.get(name):
            return tags[name][:256]
    for line in _lines(page, content):
        if match := _SOURCE_LABEL.search(line):
            return match[1]
    found = dict(reversed(list(_heads(page))))
    return next((found[head][:256] for head in _SOURCE_HEADS if head in found), "")


def _title(page: Page, tags: dict[str, str], content: Content | None) -> str:
    for name in _TITLE_TAGS:
        if tags.get(name):
            return tags[name][:_MAX_TITLE]
    inside = content.keys() if content is not None and content.sure else set()
    headings = [
        node for node in page.tree.css("h1, h2, [class*=title i], [id*=title i]")[:40] if node.mem_id not in inside
    ]
    whole = page.title
    for node in headings:
        text = squeeze(node.text())
        if 4 <= len(text) <= 200 and whole.startswith(text[:20]):
            return text
    for node in headings:
        text = squeeze(node.text())
        if node.tag == "h1" and 4 <= len(text) <= 200 and len(headings) > 1:
            return text
    return re.split(r"\s*[-_|—–]{1,2}\s*(?=\S*(?:网|政府|局|门户|公开|平台))", whole, maxsplit=1)[0][:_MAX_TITLE]


def disagree(article: Article) -> bool:
    """Whether the page names different days of publication in different places."""
    return len({day_of(moment) for _, moment in article.dates}) > 1
