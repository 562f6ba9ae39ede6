"""Where a list's older rows may stand though no pager leads there: lists of other years and months, archives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Node, Page, resolve, squeeze

YEAR = re.compile(r"^[\[<\s]*(20[0-3]\d)\s*年?度?(?:\s*[(（]\d{1,5}[篇条]?[)）])?[\]\s>›»]*$")
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
_BY_MONTH = "页面另有按月份归档的列表，本页之前的条目没有看到"
_BY_YEAR = "页面另有其他年份的列表，未能翻到"
_ELSEWHERE = "页面称较早的条目在别处，没有看到"
ADDRESS = re.compile(r"[/?]|\.\w{2,5}$")


def put_away(page: Page, link: Node, words: str) -> str:
    """Why a link speaks for older rows elsewhere: 2015年8月(12), 往期公告; "" where it does not."""
    if _MONTH.match(words):
        url = resolve(page.base, link.attributes.get("href") or "")
        return _BY_MONTH if url is None or of_this(page, url) else ""
    return _ELSEWHERE if _OLDER.match(words) else ""


def says_newest_only(page: Page) -> str:
    """Why a page speaks for it itself: 仅显示最近10条."""
    return _ELSEWHERE if _NEWEST_ONLY.search(page.visible) else ""


def years_to_choose(page: Page, chooser: Node) -> dict[int, str]:
    """A list of years of which one is shown, each with its address where it has one; where all are shown at first,
    nothing follows from it."""
    options = chooser.css("option")[:200]
    if options and not YEAR.match(squeeze(options[0].text())):
        return {}
    found: dict[int, str] = {}
    for option in options:
        if match := YEAR.match(squeeze(option.text())):
            value = option.attributes.get("value") or ""
            found[int(match[1])] = (resolve(page.base, value) or "") if ADDRESS.search(value) else ""
    return found


def year_before(sightings: tuple[Sighting, ...], years: dict[int, str], page: Page) -> str | None:
    """Where a list of one year alone goes on; "" where nobody knows; None where it needs not.

    Only addresses below the column's own, or its own with another query, are the same column's.
    """
    shown = {day_of(one.claimed).year for one in sightings if one.claimed is not None}
    if len(shown) > 1:
        return None
    before = [year for year in years if years[year] and years[year] != page.url and (not shown or year < min(shown))]
    here = urlsplit(page.url)
    own = [year for year in before if of_column(urlsplit(years[year]), here, above(here))]
    if not own:
        return None
    return years[max(own)] if shown else ""


def newer_year(sightings: tuple[Sighting, ...], years: dict[int, str], page: Page) -> str | None:
    """Where the same column's list of the latest year stands, if only earlier ones are shown; "" where nobody knows."""
    shown = [day_of(one.claimed).year for one in sightings if one.claimed is not None]
    here = urlsplit(page.url)
    later = [year for year, url in years.items() if shown and max(shown) < year <= page.today.year and url != page.url]
    own = [year for year in later if of_column(urlsplit(years[year]), here, above(here))]
    return years[max(own)] if own else "" if later else None


def doubt_of(sightings: tuple[Sighting, ...], years: Mapping[int, str], said: str, page: Page, *, led: bool) -> str:
    """Why older rows than these may stand elsewhere, though no pager says so; "" where nothing speaks for it.

    `years`: lists of other years; `said`: what the page says; `led`: the list of the year before is followed.
    """
    shown = {day_of(one.claimed).year for one in sightings if one.claimed is not None}
    earlier = [url for year, url in years.items() if shown and year < min(shown)]
    if not led and len(years) > 1 and any(not url or of_this(page, url) for url in earlier):
        return _BY_YEAR
    return said


def above(here: SplitResult) -> str:
    """The column's own folder, where the page stands in that of a year."""
    below = here.path.rpartition("/")[0] + "/"
    return below.rstrip("/").rpartition("/")[0] + "/" if re.search(r"/20\d\d/$", below) else below


def of_this(page: Page, url: str) -> bool:
    """Whether an address is the column's own, or lies below it."""
    here = urlsplit(page.url)
    return of_column(urlsplit(url), here, above(here))


def of_column(there: SplitResult, here: SplitResult, below: str) -> bool:
    if there.netloc != here.netloc:
        return False
    return there.path == here.path or (below != "/" and there.path.startswith(below))
