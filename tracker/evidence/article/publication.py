"""Which of the many dates of a page is the instant of its publication, and where it stood.

Never the page's own clock, a copyright year, a date in the running text, of a related list or of a comment,
nor the day on which the paper was made (成文日期) or printed (印发日期).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain

from tracker.core.values.facts import Moment
from tracker.evidence.article.blocks import Block
from tracker.evidence.article.structured import Tags, created, first_moment, structured, variable
from tracker.evidence.page.dates import (
    FULL,
    arabic,
    day_of,
    either_way,
    find_moment,
    labelled_day,
    moment_in_url,
    plain,
    strict_moment,
)
from tracker.evidence.page.grid import cells_of, expand, table_rows
from tracker.evidence.page.nodes import names_of
from tracker.evidence.page.parsed import Node, Page, short_text

Dated = tuple[str, Moment]

_DATE_TAGS = (
    "pubdate", "publishdate", "publish_date", "publishtime", "publish_time", "pubtime", "pub_date", "releasedate",
    "article:published_time", "og:published_time", "og:release_date", "firstpublishedtime", "dc.date.issued",
)  # fmt: skip


def _spaced(words: str) -> str:
    """Alternatives whose characters may stand apart: 日　期."""
    return "|".join(r"\s*".join(word) for word in words.split())


#: What stands before the date of publication, surest first. 成文, 印发 and 签发 are dates of the paper.
_LABELS = tuple(
    re.compile(rf"(?<![成签印])(?:{words})\s*[\]】)）]?\s*[:：]?\s*[\[【(（<《「]?\s*(?=[\d〇○零一二])")
    for words in (
        _spaced(
            "发布时间 发布日期 发表时间 发表日期 发布于 发表于 发布在 发表在 刊登于 刊登时间 刊登日期 "
            "发稿时间 发稿日期 刊发时间 首次发布"
        ),
        _spaced("公开时间 公开日期 公布时间 公布日期 上网时间 上网日期 上线时间"),
        _spaced("生成时间 生成日期 信息时间 文章时间"),
        _spaced(
            "录入时间 录入日期 上传时间 上传日期 上传于 录入于 添加时间 添加日期 加入时间 编辑时间 编辑日期 "
            "创建时间 创建日期"
        )
        + rf"|(?<![\u4e00-\u9fff])(?:{_spaced('时间 日期')})",
        _spaced("更新时间 更新日期 最后更新 最近更新 修改时间 修改日期 最后修改 最近修改"),
    )
)
_BARE = 3  # the place in _LABELS whose words may mean the time of a meeting as well
_DIGIT = re.compile(r"[\d〇○零OＯ]")
_AFTER = re.compile(r"^\s*(?:日|号)?\s*发布(?!会|机构|单位|者|人|时间|日期)")
_HEADS = (("发布日期", "发布时间"), ("公开日期", "公开时间", "公布日期"), ("生成日期", "生成时间"))
_ALL_HEADS = {one for heads in _HEADS for one in heads}
#: Heads that only a disclosure catalogue has: a table of the text is none.
_COMPANIONS = re.compile(
    r"索\s*引\s*号|信息分类|主题分类|体裁分类|公开(?:形式|方式|范围|时限|责任|类别)|发文字号|发布机构|信息名称|文\s*号"
)
#: Behind a date under the title: whoever wrote it, and nothing that was passed on that day.
_BYLINE = re.compile(
    r"[\s|/,，]*(?:by\s*[:：])?\s*(?!.*(?:通过|批准|修订|修正|至|到|会议|公布))[\u4e00-\u9fff（）()、\s]{0,30}[\])】）]?",
    re.IGNORECASE,
)
_NEAR = 6
_COMPANY = re.compile(r"来源|浏览|点击|字体|字号|阅读|作者|打印|编辑|审核|信息员|发布人|责编|分享|稿源")
#: A foot names when the site was renewed, and a visitor's clock when it is now.
_FOOT = re.compile(
    r"版权所有|copyright|©|ICP备|技术支持|标识码|公安备|公网安备|建议使用|主办单位|(?:本站|网站|本网|系统|数据)(?:最后)?更新|今天是|当前时间|现在是",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"截止|截至|有效期|成文|报名|施行|实施|活动|会议|地点|印发|签发|开标|投标|公示期|时限|止$|受理|办结|征集|起止|填表|拟稿|来信|报送"
)
_OTHER_DAY = re.compile(rf"{_OTHER.pattern}|通过|批准|修订|修正|[至到]")
#: Where a date is the value of the head before it.
_VALUES, _HEAD_END = {"td", "th", "dd"}, re.compile(r"(?:日期|时间|[:：])\s*$")
_LINKS = re.compile(r"来源|作者|机构|单位")
_CLASSED = re.compile(r"date|time|pub|info|riqi|shijian|sj\b|rq\b|source|laiyuan|xinxi|msg|meta|tit", re.IGNORECASE)
_LAST_WORDS = re.compile(
    r"^(?:附件|附[:：]|[(（].{0,30}[)）]$|联系|抄送|抄报|责任编辑|编辑|审核|来源|信息来源|咨询|电话|【|分享|文件下载|相关|原文|上一|下一|主办|公开方式|公开属性)"
)
_ISSUER = re.compile(r"^[\u4e00-\u9fff（）()、\s]{2,40}$")


def publication_dates(page: Page, tags: Tags, blocks: list[Block], title: str, lines: Sequence[str]) -> list[Dated]:
    """Every place that names an instant of publication, surest first; none later than tomorrow.

    `tags`: page tags by lower-case name; `lines`: the text, for the signature. Places: tag, line, catalogue,
    data, url, signature, hint.
    """
    latest = page.today + timedelta(days=1)  # the site's clock may be ahead of ours
    found = [one for one in _named(page, tags, blocks, title, lines) if day_of(one[1]) <= latest]
    if not found and (guess := _created(page) or _hint(page, blocks)) is not None:
        return [("hint", guess)]
    return _distrust_today(found, page.today)


def _named(page: Page, tags: Tags, blocks: list[Block], title: str, lines: Sequence[str]) -> Iterator[Dated]:
    places = (
        ("tag", first_moment(page, chain.from_iterable(tags.get(name, ()) for name in _DATE_TAGS))),
        ("line", _line(page, blocks, title)),
        ("catalogue", _catalogue(page, blocks)),
        ("data", structured(page, tags)),
    )
    found = [(where, moment) for where, moment in places if moment is not None]
    if not found and (moment := variable(page)) is not None:
        found = [("data", moment)]
    yield from found
    for where, moment in (("url", moment_in_url(page.url)), ("signature", _signature(page, lines))):
        if moment is not None:
            yield where, moment


def _distrust_today(found: list[Dated], today: date) -> list[Dated]:
    """A tag that names the day of reading, where others name an earlier one, is the clock of whatever wrote it."""
    if found and found[0][0] == "tag" and day_of(found[0][1]) >= today:
        others = [one for one in found[1:] if one[0] in ("line", "catalogue", "data", "url")]
        if others and all(day_of(moment) < today for _, moment in others):
            return [*found[1:], found[0]]
    return found


def _line(page: Page, blocks: list[Block], title: str) -> Moment | None:
    """The visible line of particulars: by its label, else by what stands beside it, else alone under the title."""
    title_at = _title_at(blocks, title)
    starts = next((n for n, block in enumerate(blocks) if block.zone == "text"), len(blocks))
    dated = sorted(
        (_distance(place, block, title_at, starts), place)
        for place, block in enumerate(blocks)
        if _DIGIT.search(block.text) and not _is_other_article(block) and not _FOOT.search(block.text)
    )
    lines = [(distance, place, arabic(plain(blocks[place].text))) for distance, place in dated]
    for level, label in enumerate(_LABELS):
        for _, place, line in lines:
            if (moment := _labelled(page, label, level, blocks[place], line)) is not None:
                return moment
    for distance, place, line in lines:
        before = blocks[place - 1].text if place else ""
        if distance <= 2 and (moment := _unlabelled(page, distance, blocks[place], line, before)) is not None:
            return moment
    return None


def _title_at(blocks: list[Block], title: str) -> int:
    """The place of the last block before the text that repeats the title; -1 where none does."""
    start = "".join(title.split())[:16]
    places = [
        place
        for place, block in enumerate(blocks)
        if start and block.zone != "after" and "".join(block.text.split()).startswith(start)
    ]
    before = [place for place in places if blocks[place].zone == "before"]
    return before[-1] if before else places[0] if places else -1


def _distance(place: int, block: Block, title_at: int, starts: int) -> int:
    """0: under the title and before the text; 1: in the text's own head; 2: after it; 3: before the title; 4: in it.

    `starts`: where the text begins; on a page that does not print its title, the lines right before it are near.
    """
    if block.zone == "before":
        if title_at < 0:
            return 1 if starts - place <= _NEAR else 3
        return 0 if place >= title_at else 1 if place == title_at - 1 else 3
    if block.zone == "after":
        return 2
    if title_at < 0:
        return 1 if place - starts <= 1 else 4
    return 1 if 0 <= place - title_at <= 4 else 4


def _is_other_article(block: Block) -> bool:
    """A row of a list: the date beside a link is the date of what it leads to."""
    return block.linked >= 8 and not _LINKS.search(block.text)


def _labelled(page: Page, label: re.Pattern[str], level: int, block: Block, line: str) -> Moment | None:
    for match in label.finditer(line):
        if block.zone == "text" and not _is_particulars(line, match, level):
            continue
        if level == _BARE and _OTHER.search(line) and not _COMPANY.search(line):
            continue
        value = line[match.end() : match.end() + 40]
        moment = find_moment(value, page.zone) if FULL.match(value) or not value[0].isdigit() else None
        if moment is None and (compact := re.match(r"\d{8}(?!\d)", value)):
            moment = strict_moment(compact[0], page.zone)
        if moment is None:
            moment = labelled_day(value, page.zone, page.today)
        if moment is not None:
            return moment
    return None


def _is_particulars(line: str, match: re.Match[str], level: int) -> bool:
    """Whether a line in the text holds nothing but labels and values; 时间 alone may be that of a meeting."""
    if "。" in line or len(line) > 160 or (level == _BARE and not _COMPANY.search(line)):
        return False
    before = line[: match.start()]
    rest = [one.strip() for one in re.split(r"[\u4e00-\u9fff]{2,6}\s*[:：]", line[match.end() :])]
    return all(len(one) <= 30 for one in rest) and (
        len(before.strip("[【(（ ")) <= 2 or bool(_COMPANY.search(before)) or bool(_COMPANIONS.search(before))
    )


def _unlabelled(page: Page, distance: int, block: Block, line: str, before: str) -> Moment | None:
    """2015-09-25 09:30 来源：环保局 浏览：12; 2015-09-25 发布; a date alone under the title."""
    if len(line) > 120 or _OTHER.search(line) or either_way(line):
        return None
    match = FULL.search(line)
    moment = find_moment(line, page.zone) or strict_moment(line, page.zone)
    if moment is None or (day_of(moment) == page.today and distance and not _COMPANY.search(line)):
        return None  # today's day beside no particulars is a clock
    if match is not None and len(FULL.findall(line)) == 1:
        if _AFTER.match(line[match.end() :]):
            return find_moment(line, page.zone)
        head = line[: match.start()].strip("[【(（ ")
        begins = not head or _COMPANY.search(head) or (distance <= 1 and _ISSUER.match(head))
        if _COMPANY.search(line) and begins and (block.zone != "text" or distance == 1):
            return find_moment(line, page.zone)
        after = line[match.end() :]
        if distance == 0 and not block.linked and not after and _ISSUER.match(head) and _BYLINE.fullmatch(head):
            return find_moment(line, page.zone)
        if distance <= 1 and not block.linked and not head and after.strip(" )]】") and _BYLINE.fullmatch(after):
            return find_moment(line, page.zone)
    if block.tag in _VALUES or _HEAD_END.search(before):
        return None  # the value of some head, and not of ours
    alone = distance == 0 or (distance == 1 and (block.zone == "before" or _is_classed(block.node)))
    return strict_moment(line, page.zone) if alone else None


def _is_classed(node: Node) -> bool:
    return bool(_CLASSED.search(names_of(node)))


_MARKS = re.compile(r"[\s:：【】\[\]]")


def heads(blocks: list[Block], names: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Place, head and value of particulars that stand in elements of their own, side by side or one above the other."""
    wanted = set(names)
    for place, block in enumerate(blocks):
        text = block.text
        if not 2 <= len(text) <= 16:
            continue
        head = text if text.isalpha() else _MARKS.sub("", text)
        if head in wanted:
            following = blocks[place + 1].text if place + 1 < len(blocks) else ""
            value = "" if _NEXT_HEAD.match(following) else following.strip(":： ")
            yield place, head, value[:120]
            if block.tag in ("td", "th") and (below := _below(block.node)):
                yield place, head, below[:120]


#: The next head stands where this one has no value.
_NEXT_HEAD = re.compile(r"\S[^:：]{0,12}[:：]\s*$")


def _below(cell: Node) -> str:
    """The value under a head, where heads stand in one row and values in the next."""
    row = cell.parent
    table = row.parent if row is not None else None
    if table is not None and table.tag in ("thead", "tbody"):
        table = table.parent
    if row is None or table is None or table.tag != "table":
        return ""
    rows = table_rows(table)[:12]
    at = next((n for n, one in enumerate(rows) if one.mem_id == row.mem_id), len(rows))
    grid = expand([[(short_text(one, 120, " ") or "", 1, 1) for one in cells_of(part)] for part in rows[at : at + 2]])
    column = next((n for n, one in enumerate(cells_of(row)) if one.mem_id == cell.mem_id), None)
    return grid[1][column] if len(grid) == 2 and column is not None and column < len(grid[1]) else ""


def _catalogue(page: Page, blocks: list[Block]) -> Moment | None:
    found: dict[str, list[str]] = {}
    for place, head, value in heads(blocks, _ALL_HEADS):
        around = blocks[max(place - 16, 0) : place + 16]
        if blocks[place].zone != "text" or any(_COMPANIONS.match(one.text) for one in around):
            found.setdefault(head, []).append(value)
    for level in _HEADS:
        for head in level:
            for value in found.get(head, ()):
                if (moment := _value(page, value)) is not None:
                    return moment
    return None


def _value(page: Page, text: str) -> Moment | None:
    """The date that a value begins with: where there is none, the next block is the text with its own days."""
    text = plain(text)[:40].lstrip("[【(（<《「 :：")
    return find_moment(text, page.zone) if FULL.match(text) else strict_moment(text, page.zone)


def _signature(page: Page, lines: Sequence[str]) -> Moment | None:
    """落款: the day on a line of its own at the text's end, or behind the issuer's name."""
    kept = [line for line in lines if "\t" not in line]
    for line in reversed(kept[-8:]):
        bare = plain(line).strip(" 。.")
        moment = strict_moment(bare, page.zone) or strict_moment("".join(bare.split()), page.zone)
        if moment is not None and len(bare) <= 40 and not re.search(r"时间|日期|发布|更新", bare):
            return moment
        match = re.search(r"(?:(?:19|20)\d\d|[〇○零一二三四五六七八九OＯ]{4})\s*[年./-]", bare)
        if match and ("年" in match[0]) != ("月" in bare[match.end() :]):
            continue  # the shortened title of a list, with the day of its row: 情况（2015年09/25
        if match and len(bare) <= 60 and _ISSUER.match(bare[: match.start()]):
            moment = strict_moment(bare[match.start() :], page.zone)
            if moment is not None and not _OTHER.search(bare[: match.start()]):
                return moment
        if not _LAST_WORDS.match(bare) and len(bare) > 40:
            return None
    return None


def _created(page: Page) -> Moment | None:
    moment = created(page)
    return moment if moment is not None and day_of(moment) < page.today else None


def _hint(page: Page, blocks: list[Block]) -> date | None:
    """The only day that stands outside the text, if it is no clock."""
    days = set(_outside(page, blocks))
    return days.pop() if len(days) == 1 and min(days) < page.today else None


def _outside(page: Page, blocks: list[Block]) -> Iterator[date]:
    """The days that stand outside the text and are not plainly something else, and those of any page tag."""
    for place, block in enumerate(blocks):
        if block.zone == "text" or block.tag in _VALUES or (block.linked and not _COMPANY.search(block.text)):
            continue
        before = blocks[place - 1].text if place else ""
        if not (_FOOT.search(block.text) or _OTHER_DAY.search(block.text) or _HEAD_END.search(before)):
            moment = find_moment(block.text, page.zone)
            if moment is not None:
                yield day_of(moment)
    for node in page.tree.css("meta[content]")[:100]:
        moment = find_moment((node.attributes.get("content") or "")[:80], page.zone)
        if moment is not None:
            yield day_of(moment)
