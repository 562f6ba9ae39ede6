"""Where a list's older rows may stand though no pager leads there: lists of other years and months, archives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Node, Page, resolve, squeeze
from tracker.evidence.wrappers.values import Ask

_YEAR = re.compile(r"^[\[<\s]*(20[0-3]\d)\s*年?度?(?:\s*[(（]\d{1,5}[篇条]?[)）])?[\]\s>›»]*$")
_MONTH = re.compile(r"^20[0-3]\d\s*[年./-]\s*\d{1,2}\s*月?(?:\s*[(（]\d{1,5}[篇条]?[)）])?$")
#: Links to where a list's older rows have been put.
_OLDER = re.compile(
    r"^[\[<\s]*(?:点击)?(?:查看|浏览)?(?:以前|以往|往期|往年|历年|历史|更早|早期|过往|旧版|老版|原)的?"
    r"(?:公告|通知|公示|信息|内容|文件|数据|资料|动态|记录|归档|存档|回顾|栏目|网站|版本?|文章|政策)*[\]\s>›»…]*$"
    r"|^[\[<\s]*20[0-3]\d\s*年(?:度|\d{1,2}月)?(?:[(（]含[)）])?(?:及其?)?(?:以前|之前|前)的?(?!的?通知)[^。，,]{0,12}$"
    r"|^[\[<\s]*(?:归档|存档|档案库)(?:信息|文件|文章)?[\]\s>›»…]*$"
)
_NEWEST_ONLY = re.compile(
    r"[仅只](?:显示|列出|展示|保留|提供)[^。；]{0,8}(?:最近|最新|近期|近\d|前\s*\d)|(?:显示|列出|展示)最[近新]的?\s*\d+\s*[条篇]"
)
#: A sentence that sends to where older or more rows stand.
_SENT_AWAY = re.compile(
    r"(?:20[0-3]\d年度?(?:[(（]含[)）])?(?:及其?)?(?:以前|之前|前)|以往|往年|历年|历史|[较更]早|早期|更多)的?"
    r"(?:[^。；，,\s请]{0,8}(?:信息|内容|公告|公示|文件|数据|资料|报告|政策|通知))[，,]?"
    r"请[^。；\s]{0,8}(?:到|至|在|点击|前往|移步|访问|登[录陆]|查|见|浏览)"
)
#: What all of these begin with, and the longest of them.
_BEGUN = re.compile(r"[\[<\s]*(?:20[0-3]\d|[点查浏以往历更早过旧老原归存档])")
#: The same in a page's markup, for a cheap look: a day of a row begins with no year by itself.
_WRITTEN = re.compile(
    r">(?!<)(?:[\[\s]|&\w+;)*(?:20[0-3]\d(?:\s|&\w+;)*(?:[年<(（\]&度>›»]|[./-]\s*\d{1,2}\s*[月(（<])"
    r"|[点查浏以往历更早过旧老原归存档])"
)
_WORDS = 18
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_WORDED = frozenset({"a", "span", "strong", "b", "em", "li", "font", "td"}) | _HEADINGS
_BY_MONTH = "页面另有按月份归档的列表，本页之前的条目没有看到"
_BY_YEAR = "页面另有其他年份的列表，未能翻到"
_ELSEWHERE = "页面称较早的条目在别处，没有看到"
_ADDRESS = re.compile(r"[/?]|\.\w{2,5}$")


@dataclass(frozen=True, slots=True)
class OtherYears:
    """Where a list's other rows stand by year. `then`: the list of the year before; `newer`: that of a later year;
    `is_hidden`: such a list is there, and nobody can tell where; `has_unseen_newer`: it is of a later year. `doubt`
    (Chinese): why older rows may stand elsewhere; `named`: the year of all rows, where it stands above them."""

    then: Ask | None = None
    newer: Ask | None = None
    is_hidden: bool = False
    has_unseen_newer: bool = False
    doubt: str = ""
    named: int | None = None


def read_other_years(page: Page, sightings: Sequence[Sighting]) -> OtherYears:
    """Return where a page says that other rows of its list stand than those that it shows."""
    rows = {one.url for one in sightings}
    groups: dict[int, dict[int, str]] = defaultdict(dict)
    said = ""
    for node, words in _worded(page):
        url = resolve(page.base, node.attributes.get("href") or "") if node.tag == "a" else None
        if url in rows:
            continue
        if match := _YEAR.match(words):
            if (holder := _holder(node)) is not None and (url or not groups[holder.mem_id].get(int(match[1]))):
                groups[holder.mem_id][int(match[1])] = url or ""
        elif node.tag == "a" or node.tag in _HEADINGS:
            said = said or _put_away(page, url, words, is_link=node.tag == "a")
    years = max(groups.values(), key=len, default={})
    for chooser in page.tree.css("select")[:20] if page.says("(?i)<select") else ():
        if len(chosen := _years_to_choose(page, chooser)) > max(1, len(years)):
            years = chosen
    if not said and page.says("显示", "列出", "展示", "保留", "提供") and _NEWEST_ONLY.search(page.visible):
        said = _ELSEWHERE
    if not said and page.says("请") and _SENT_AWAY.search(page.visible):
        said = _ELSEWHERE
    then = _year_before(sightings, years, page) if len(years) > 1 else None
    newer = _newer_year(sightings, years, page) if years else None
    has_unseen_newer = newer == "" and len(years) > 1
    return OtherYears(
        Ask(then) if then else None,
        Ask(newer) if newer else None,
        then == "" or has_unseen_newer,
        has_unseen_newer,
        _doubt(sightings, years, said, page, is_led=then is not None),
        _named_above(page, sightings),
    )


def _named_above(page: Page, sightings: Sequence[Sighting]) -> int | None:
    """Return the year that all rows are of, where a text above them names it and no other: 2024年重点领域信息."""
    years, rows = (
        {day_of(one.claimed).year for one in sightings if one.claimed is not None},
        {one.url for one in sightings},
    )
    if len(years) != 1 or not page.says(str(year := years.pop())):
        return None
    named, before = re.compile(rf"(?<!\d){year}(?!\d)(?:年度?(?!\s*\d)|(?![-/.年]))"), ""
    for _, node, tag, text in page.pieces:
        if tag == "a" and not text and resolve(page.base, node.attributes.get("href") or "") in rows:
            break
        if not text or tag in ("a", "option", "script", "style") or len(words := squeeze(text)) > _HEADING:
            continue
        if before and words[0].isalpha():  # no day in pieces
            return year
        before = words if named.search(words) and len(_ANY_YEAR.findall(words)) == 1 else ""
        if len(before) > _BARE:
            return year
    return year if before else None


#: Characters of a heading, and of a year alone.
_HEADING, _BARE, _ANY_YEAR = 40, 6, re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _worded(page: Page) -> Iterator[tuple[Node, str]]:
    """Return the links and the elements of one text that name a year, or may speak of older rows."""
    for _, node, tag, text in page.pieces if _WRITTEN.search(page.text) is not None else ():
        if not text or tag not in _WORDED or not _BEGUN.match(text):
            continue
        link = next((one for one in (node, node.parent) if one is not None and one.tag == "a"), None)
        child = node.child
        if link is None and (child is None or child.next is not None):
            continue
        words = squeeze(text if link is None else link.text())
        if 1 < len(words) <= _WORDS:
            yield link or node, words


def _holder(node: Node) -> Node | None:
    holder = node.parent
    return holder.parent if holder is not None and holder.tag in ("li", "td", "span") else holder


def _put_away(page: Page, url: str | None, words: str, *, is_link: bool) -> str:
    """Why a link or heading speaks for older rows elsewhere: 2015年8月(12), 往期公告; "" where it does not."""
    if is_link and _MONTH.match(words):
        return _BY_MONTH if url is None or _of_this(page, url) else ""
    return _ELSEWHERE if _OLDER.match(words) else ""


def _years_to_choose(page: Page, chooser: Node) -> dict[int, str]:
    """A list of years of which one is shown, each with its address where it has one; where all are shown at first,
    nothing follows from it."""
    options = chooser.css("option")[:200]
    if options and not _YEAR.match(squeeze(options[0].text())):
        return {}
    found: dict[int, str] = {}
    for option in options:
        if match := _YEAR.match(squeeze(option.text())):
            value = option.attributes.get("value") or ""
            found[int(match[1])] = (resolve(page.base, value) or "") if _ADDRESS.search(value) else ""
    return found


def _year_before(sightings: Sequence[Sighting], years: dict[int, str], page: Page) -> str | None:
    """Where a list of one year alone goes on; "" where nobody knows; None where it needs not.

    Only addresses below the column's own, or its own with another query, are the same column's.
    """
    shown = {day_of(one.claimed).year for one in sightings if one.claimed is not None}
    if len(shown) > 1:
        return None
    before = [year for year in years if years[year] and years[year] != page.url and (not shown or year < min(shown))]
    here = urlsplit(page.url)
    own = [year for year in before if _of_column(urlsplit(years[year]), here, _above(here))]
    if not own:
        return None
    return years[max(own)] if shown else ""


def _newer_year(sightings: Sequence[Sighting], years: dict[int, str], page: Page) -> str | None:
    """Where the same column's list of the latest year stands, if only earlier ones are shown; "" where nobody knows."""
    shown = [day_of(one.claimed).year for one in sightings if one.claimed is not None]
    here = urlsplit(page.url)
    later = [year for year, url in years.items() if shown and max(shown) < year <= page.today.year and url != page.url]
    own = [year for year in later if _of_column(urlsplit(years[year]), here, _above(here))]
    return years[max(own)] if own else "" if later else None


def _doubt(sightings: Sequence[Sighting], years: Mapping[int, str], said: str, page: Page, *, is_led: bool) -> str:
    """Why older rows than these may stand elsewhere, though no pager says so; "" where nothing speaks for it.

    `years`: lists of other years; `said`: what the page says; `is_led`: the list of the year before is followed.
    """
    shown = {day_of(one.claimed).year for one in sightings if one.claimed is not None}
    earlier = [url for year, url in years.items() if shown and year < min(shown)]
    if not is_led and len(years) > 1 and any(not url or _of_this(page, url) for url in earlier):
        return _BY_YEAR
    return said


def _above(here: SplitResult) -> str:
    """The column's own folder, where the page stands in that of a year."""
    below = here.path.rpartition("/")[0] + "/"
    return below.rstrip("/").rpartition("/")[0] + "/" if re.search(r"/20\d\d/$", below) else below


def _of_this(page: Page, url: str) -> bool:
    """Whether an address is the column's own, or lies below it."""
    here = urlsplit(page.url)
    return _of_column(urlsplit(url), here, _above(here))


def _of_column(there: SplitResult, here: SplitResult, below: str) -> bool:
    if there.netloc != here.netloc:
        return False
    return there.path == here.path or (below != "/" and there.path.startswith(below))
