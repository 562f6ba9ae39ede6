"""What one published page says: title, instant of publication, source, text, attachments."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from tracker.core.values.facts import Attachment, Moment
from tracker.evidence.article.blocks import Block, blocks_of, is_prose
from tracker.evidence.article.content import Content, content_of, empty_place, own_length, showing
from tracker.evidence.article.embedded_text import tucked_away
from tracker.evidence.article.further import frames, further_pages
from tracker.evidence.article.linked import attachments
from tracker.evidence.article.messages import is_nameless, message_of, spoken
from tracker.evidence.article.pending import placeholder
from tracker.evidence.article.publication import publication_dates
from tracker.evidence.article.structured import Tags
from tracker.evidence.article.titles import source_of, title_of
from tracker.evidence.article.unread import pending_text, unread_parts
from tracker.evidence.page.barriers import REASONS, loaded_by_script, strict_barrier
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.flow import MAX_TEXT
from tracker.evidence.page.parsed import Page, squeeze

#: Labels that stand around a text: what is left when they are taken away is the text.
_PARTICULARS = re.compile(
    r"^(?:[\[【(（]?(?:发布|公开|更新|生成|录入|信息)?(?:时间|日期|来源|机构|单位|作者|编辑|浏览|点击|字体|字号|索引号|文号|名称|标题|审核)"
    r"|\d{4}\D\d{1,2}\D\d{1,2})"
)
#: What lets nothing through; the other barriers are messages, of which an article that is dated may speak.
_CLOSED_DOORS = ("login", "moved")
#: Less than the first is no text anywhere; less than the second beside a script may be what it has yet to fill.
_LEAST, _LITTLE = 5, 15
#: Where the place that is often the text is empty, less than a sentence beside it is none.
_LINE = 30
#: So little said elsewhere is no text, where the place that is kept for it is empty.
_FEW = 200
#: A page that says more than this is no barrier, unless it asks for a password.
_WORDY = 1000
#: Why an article with neither text nor files is not read: one that had them may have been emptied.
EMPTY = "页面中没有认出正文"
SCRIPTED = "正文由脚本载入，未能读取"
#: Why a page with a sentence or two is not: what says neither its title nor its day may be a notice of the site.
NAMELESS = "页面只有简短的一句话，没有标题和日期，不能断定是文章"


@dataclass(frozen=True, slots=True)
class Article:
    """A page read. `state` unreadable: `reason` (Chinese) says why nothing may be concluded from it.

    `dates`: every place that named an instant of publication, in the order of trust; the first one is `claimed`,
    and `claimed_from` says where it stood: tag, line, catalogue, data, url, signature or hint.
    `further`: addresses on which the text goes on, until they are read each an attachment without a text; of an
    unreadable page, the frames that it is built of.
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
    further: tuple[str, ...] = ()
    pictured: bool = False  # it has next to no text, and pictures or embedded files beside it


def parse_article(page: Page, *, standing: bool = False) -> Article:
    """An article's page; what cannot be read is unreadable.

    `standing`: a page under a known name, which a single sentence may be all of.
    """
    if not page.is_html:
        name = page.url.rpartition("/")[2][:200]
        return Article("unreadable", "条目直接链接到文件，尚不能读取", attachments=(Attachment(name, page.url),))
    found = strict_barrier(page) if _may_be_barrier(page) else None
    if found in _CLOSED_DOORS:
        return Article("unreadable", REASONS[found])
    if page.tree.css_first("frameset") is not None:
        return Article("unreadable", "页面由框架拼成，正文在其他地址", page.title, further=frames(page))
    tags, content = _tags(page), content_of(page)
    blocks = blocks_of(page, content)
    if content is not None and not content.named and not any(map(is_prose, spoken(blocks))):
        content = showing(page) or content
        blocks = blocks_of(page, content)
    lines = content.lines() if content is not None else []
    title = title_of(page, tags, blocks)
    dates = tuple(publication_dates(page, tags, blocks, title, lines))
    text, whole = _bounded("\n".join(lines))
    vague = content is not None and _is_vague(content, blocks)
    own = _own(spoken(blocks) if vague else lines, title, particulars=content is not None and content.sure)
    beside = _own(spoken(blocks), title, particulars=False)
    files = attachments(page, content, "\n".join(own))
    claimed_from, claimed = dates[0] if dates else ("", None)
    if not _is_dated(dates) and (reason := REASONS[found] if found else message_of(page, blocks)):
        return Article("unreadable", reason)
    if (reason := _no_text(page, own, beside, sure=content is not None and content.sure)) and not files:
        if kept := tucked_away(page):
            text, _ = _bounded("\n".join(kept))
            source = source_of(tags, blocks)
            return Article("read", "", title, claimed, claimed_from, dates, source, text, (pending_text(page),))
        return Article("unreadable", reason, title, claimed, claimed_from, dates)
    further = further_pages(page)
    if not (standing or files or further or _is_signed(dates)) and is_nameless(page, blocks, title, own, vague=vague):
        return Article("unreadable", NAMELESS, title, claimed, claimed_from, dates)
    unread = unread_parts(page, content, lines, own, files, further, whole=whole, vague=vague)
    return Article(
        state="read",
        title=title,
        claimed=claimed,
        claimed_from=claimed_from,
        dates=dates,
        source=source_of(tags, blocks),
        text=text,
        attachments=(*files, *unread),
        further=further,
    )


def _bounded(text: str) -> tuple[str, bool]:
    """A text no longer than is kept, and whether that is all of it."""
    return (text, True) if len(text) <= MAX_TEXT else (text[:MAX_TEXT], False)


def _may_be_barrier(page: Page) -> bool:
    """Whether so little is said that the page may be a barrier, or a password is asked for."""
    body = page.tree.body
    return body is None or own_length(body) < _WORDY or page.tree.css_first("input[type=password i]") is not None


def _is_dated(dates: tuple[tuple[str, Moment], ...]) -> bool:
    """Whether the page itself says when it was published, as no message does."""
    return any(where in ("tag", "line", "catalogue", "data") for where, _ in dates)


def _is_signed(dates: tuple[tuple[str, Moment], ...]) -> bool:
    """Whether the page bears any day; one in its address stands there whatever is shown."""
    return any(where != "url" for where, _ in dates)


def _is_vague(content: Content, blocks: list[Block]) -> bool:
    """Whether the text was looked for in vain: what was taken for it is mostly links, and no sentence among them."""
    if content.sure or not content.linked:
        return False
    return not any(map(is_prose, spoken(blocks)))


def _own(lines: list[str], title: str, *, particulars: bool) -> list[str]:
    """What is said besides the title and, unless they are `particulars` of the text itself, labels and values."""
    start = "".join(title.split())[:16]
    return [
        line
        for line in lines
        if particulars or not (_PARTICULARS.match(line) or (start and "".join(line.split()).startswith(start)))
    ]


def _no_text(page: Page, own: list[str], beside: list[str], *, sure: bool) -> str:
    """Why there is no text; "" where there is one. Title and particulars alone are none.

    `beside`: what the page says that is neither a link nor its title.
    """
    said = sum(len(line) for line in own if not placeholder(line))
    if not said and own:
        return SCRIPTED
    if said < (_LEAST if sure else _LITTLE) and loaded_by_script(page):
        return SCRIPTED
    place = empty_place(page) if said < _FEW else ""
    if place == "scripted" or (place and loaded_by_script(page)):
        return SCRIPTED
    if place and not any(is_prose(line) for line in own):
        return EMPTY
    if not sure and sum(map(len, beside)) < _LINE and (place := empty_place(page, likely=True)):
        return SCRIPTED if place == "scripted" or loaded_by_script(page) else EMPTY
    return EMPTY if said < _LEAST else ""


def _tags(page: Page) -> Tags:
    """The values of page tags by lower-case name, whichever attribute names them, in their order."""
    tags: dict[str, list[str]] = defaultdict(list)
    for node in page.tree.css("meta")[:300]:
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        value = squeeze(attributes.get("content", "")[:2000])
        for kind in ("name", "property", "http-equiv", "itemprop"):
            name = attributes.get(kind, "").strip().lower()
            if name and value:
                tags[f"itemprop:{name}" if kind == "itemprop" else name].append(value)
    return tags


def disagree(article: Article) -> bool:
    """Whether the page names different days of publication in different places."""
    return len({day_of(moment) for _, moment in article.dates}) > 1
