"""Learns a wrapper from one page: which of its lists is the column's own, and where its titles and days stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from posixpath import dirname
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import MonthDay, day_of
from tracker.evidence.page.parsed import Node, Page, squeeze
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.data_records import arrays_of, data_records, fits, url_key
from tracker.evidence.wrappers.day_forms import read_day
from tracker.evidence.wrappers.fields import Fields, find_fields
from tracker.evidence.wrappers.link_groups import GroupLink, LinkTree, Shape, shapes_of
from tracker.evidence.wrappers.profile import page_profile, profiles_of
from tracker.evidence.wrappers.publishers import publisher_place
from tracker.evidence.wrappers.records import BoxRun, column_heads, find_runs, heading_before, leads_on, read_records
from tracker.evidence.wrappers.run import WrappedPage, rows_of
from tracker.evidence.wrappers.stores import store_of
from tracker.evidence.wrappers.wrapper import RecordBound, SourceKind, Wrapper


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words of class and id of what stands beside a column's own list.
_CHROME = _words_in(
    "nav navi navbar navigation menu submenu header foot footer bottom copyright crumb crumbs breadcrumb location "
    "position friendlink yqlj banner topbar toolbar share pagination pager pagenav fenye langs login search"
)
_BESIDE = _words_in(
    "side aside sidebar hot rank ranking paihang recommend tuijian related relation xgwz xgyd rdtj hits latest"
)
_WORD = re.compile(r"[^a-z]+")
#: What lists beside a column's own are called.
_CALLED = re.compile(
    r"热点|热门|热词|推荐|相关|排行|点击|图片新闻|猜你喜欢|延伸阅读|关联|为您|浏览记录|往期|最新|最近更新|近期更新|友情|站内|下载"
)
#: What is worth less is a list beside the column's own; what stands elsewhere needs less.
LEAST_SCORE, _LEAST_ALONE = 20.0, 4.0
#: A list of which so many rows have a day needs no other bound.
_FULL = 0.95
#: A list of this share of the best one's score may be the column's as well.
_RIVAL = 0.4
#: So many candidates are looked at closely.
_CLOSELY = 8


@dataclass(frozen=True, slots=True)
class InducedList:
    """A list that may be the column's own, with how it is read and how much speaks for it. `is_beside`: by its place or
    its heading it is another."""

    wrapper: Wrapper
    fields: Fields
    read: WrappedPage
    score: float
    is_beside: bool = False


def induce(page: Page, draft: Wrapper | None = None) -> Wrapper | None:
    """Return the wrapper of the list that is most likely the column's own; None where the page holds none."""
    found = sorted(candidates(page, draft), key=lambda one: -one.score)
    if not found or found[0].score < (LEAST_SCORE if found[0].is_beside else _LEAST_ALONE):
        return None
    best = found[0]
    own = {one.url for one in best.read.sightings}
    others = [one for one in found[1:] if any(row.url not in own for row in one.read.sightings)]
    beside = [one.wrapper.record_path for one in others if one.read.dated * 2 > len(one.read.sightings)]
    rivals = [one.wrapper.record_path for one in others if one.score > _RIVAL * best.score]
    rivals += [best.wrapper.record_path] if best.wrapper.box is not None else []
    return replace(best.wrapper, beside=tuple(dict.fromkeys(beside)), rivals=tuple(dict.fromkeys(rivals)))


def candidates(page: Page, draft: Wrapper | None = None) -> list[InducedList]:
    """Return the lists of a page, read in the way that fits each best; of a store those of the store alone.

    `draft`: what the page that led here tells of them.
    """
    stored = store_of(page)
    if stored is not None:
        found = _page_candidates(stored[1])
        kind = {"kind": SourceKind.STORE, "profile": stored[0].name, "url": page.url}
        return [replace(one, wrapper=replace(one.wrapper, **kind)) for one in found]  # type: ignore[arg-type]
    if page.kind == "html":
        return _page_candidates(page)
    return _data_candidates(page, draft) if page.kind in ("json", "xml") else []


def _data_candidates(page: Page, draft: Wrapper | None) -> list[InducedList]:
    """Return the arrays of an answer whose objects have a title, an address and, but in documents, mostly a day."""
    found = []
    arrays = arrays_of(page)
    link = draft.link if draft is not None else ""
    keys = {path: link if fits(link, objects) else url_key(objects, page) for path, objects in arrays.items()}
    for path, objects in arrays.items():
        if path == "sitemap" or not keys[path] or any(one.startswith(f"{path}.") and keys[one] for one in arrays):
            continue
        records = data_records(objects, keys[path], page)
        fields = find_fields(records, page.zone, page.today)
        source = publisher_place(records)
        wrapper = Wrapper(
            page.url, SourceKind(page.kind), profile=_data_profile(page, draft), encoding=page.encoding,
            record_path=path, link=keys[path], title=fields.title, days=fields.days, fill=round(fields.fill, 2),
            others=(("source", source),) if source else (), rows=len(records),
        )  # fmt: skip
        read = rows_of(wrapper, page, records)
        is_list = page.kind == "xml" or (read.dated * 2 >= len(records) and read.lost * 4 <= len(records))
        if read.sightings and is_list:
            found.append(InducedList(wrapper, fields, read, LEAST_SCORE + fields.weight * len(read.sightings)))
    return found


def _data_profile(page: Page, draft: Wrapper | None) -> str:
    if draft is not None and draft.profile:
        return draft.profile
    return next((one.name for one in profiles_of(page, SourceKind(page.kind))), "")


def _page_candidates(page: Page) -> list[InducedList]:
    tree = LinkTree(page)
    if tree.crowded:
        return []
    groups = sorted(tree.groups(), key=_promise, reverse=True)[:_CLOSELY]
    found: dict[Shape, InducedList] = {}
    for links in groups:
        for shape in shapes_of(links):
            if shape not in found and (one := _best_reading(page, shape)) is not None:
                found[shape] = one
    return list(found.values())


def _promise(links: Sequence[GroupLink]) -> int:
    """Return how much there is to read in the links of a group, and by them."""
    texts = (squeeze(link.node.text()) or link.node.attributes.get("title") or "" for link in links)
    return sum(min(len(text), 40) if len(text) > 4 else 1 for text in texts)


def _best_reading(page: Page, shape: Shape) -> InducedList | None:
    """Return a list in the bound and the choice of boxes under which it says most."""
    runs = find_runs(page, shape)
    if not runs:
        return None
    bounds = [RecordBound.ELEMENT]
    if any(run.gaps for run in runs):
        bounds += [RecordBound.TO_NEXT, RecordBound.FROM_PREVIOUS]
    readings: list[tuple[float, int, RecordBound, list[list[Record]], Fields]] = []
    for bound in bounds:
        if readings and readings[0][0] >= 10 * _FULL:
            break  # the children themselves say all
        records = [read_records(run, bound) for run in runs]
        fields = find_fields([one for part in records for one in part], page.zone, page.today, column_heads(runs[0]))
        borrowed = any(one.place.startswith("<") for one in fields.days)
        readings.append((fields.fill * 10 + fields.order - borrowed, -len(readings), bound, records, fields))
    _, _, bound, records, fields = max(readings, key=lambda one: one[:2])
    best: InducedList | None = None
    for box, part in _choices(page, records, fields):
        known = fields if box is None else find_fields(part, page.zone, page.today, column_heads(runs[box]))
        candidate = _candidate(page, shape, bound, box, part, runs, known)
        if candidate is not None and (best is None or candidate.score > best.score):
            best = candidate
    return best


def _choices(
    page: Page, records: Sequence[Sequence[Record]], fields: Fields
) -> Iterator[tuple[int | None, Sequence[Record]]]:
    """Return all boxes as one list where the days run on from box to box, else each by itself."""
    whole = [record for part in records for record in part]
    if len(records) == 1 or not _begins_anew(page, records, fields):
        yield None, whole
        return
    yield from enumerate(records)


def _begins_anew(page: Page, records: Sequence[Sequence[Record]], fields: Fields) -> bool:
    """Return whether in most boxes the days begin later than they ended in the box before."""
    ends: list[tuple[date, date]] = []
    for part in records:
        days = []
        for record in part:
            for one in fields.days:
                day = read_day(record.read(one.place), one.form, page.zone, page.today)
                if day is not None:
                    if not isinstance(day, MonthDay):
                        days.append(day_of(day))
                    break
        if len(part) > 1 and days:
            ends.append((days[0], days[-1]))
    steps = [below[0] > above[1] for above, below in pairwise(ends)]
    return bool(steps) and sum(steps) * 2 > len(steps)


def _candidate(
    page: Page, shape: Shape, bound: RecordBound, box: int | None, records: Sequence[Record], runs: Sequence[BoxRun],
    fields: Fields,
) -> InducedList | None:  # fmt: skip
    source = publisher_place(records, column_heads(runs[box or 0]))
    wrapper = Wrapper(
        page.url, SourceKind.PAGE, encoding=page.encoding, record_path=shape.box, box=box, bound=bound,
        skip=shape.ordinal, link=shape.link, title=fields.title, title_whole=fields.title_whole, days=fields.days,
        fill=round(fields.fill, 2), profile=page_profile(page, records),
        others=(("source", source),) if source else (),
    )  # fmt: skip
    read = rows_of(wrapper, page, records)
    if not read.sightings:
        return None
    lengths = sorted(len(one.title) for one in read.sightings)
    wrapper = replace(wrapper, row_length=lengths[len(lengths) // 2])
    read = rows_of(wrapper, page, records)
    down, pinned = _order_of(read.sightings)
    wrapper = replace(wrapper, rows=len(read.sightings), newest_first=down, pinned=pinned)
    beside = _is_beside(runs[box or 0])
    return InducedList(wrapper, fields, read, _score(page, wrapper, fields, read, runs), beside)


def _is_beside(run: BoxRun) -> bool:
    """Return whether a box is furniture by its place, or its heading calls it another list."""
    return not _words(run).isdisjoint(_CHROME | _BESIDE) or _CALLED.search(heading_before(run)) is not None


def _order_of(sightings: Sequence[Sighting]) -> tuple[bool, int]:
    """Return whether a list runs from new to old, and how many rows at its head stand out of this order."""
    days = [day_of(one.claimed) for one in sightings if one.claimed is not None]
    falls = sum(below < above for above, below in pairwise(days))
    rises = sum(below > above for above, below in pairwise(days))
    newest = max(range(len(days)), key=lambda number: days[number], default=0)
    return falls >= rises, newest if falls >= rises and newest <= _MOST_PINNED else 0


_MOST_PINNED = 5


def _score(page: Page, wrapper: Wrapper, fields: Fields, read: WrappedPage, runs: Sequence[BoxRun]) -> float:
    """Return how much speaks for a list: how much there is to read, its days, its place and its addresses."""
    titles = [one.title for one in read.sightings]
    score = sum(min(len(one), 40) if len(one) > 4 else 1 for one in titles) * len(set(titles)) / len(titles)
    dated = read.dated / max(1, len(titles))
    score *= 0.25 + 0.75 * dated * (0.2 + 0.8 * fields.order)
    if not wrapper.title[-1].startswith("^"):
        score *= 0.25 if "/a" in wrapper.title[-1] else 0.8
    score *= read.records and len(titles) / max(read.records, len(titles))
    words = _words(runs[0])
    if not words.isdisjoint(_CHROME):
        score *= 0.2
    if not words.isdisjoint(_BESIDE):
        score *= 0.3
    if _CALLED.search(heading_before(runs[wrapper.box or 0])):
        score *= 0.1
    heading = heading_before(runs[wrapper.box or 0])
    if len(heading) > 1 and heading in page.title:
        score *= 4
    if leads_on(runs[-1 if wrapper.box is None else wrapper.box].box):
        score *= 3
    folder = dirname(urlsplit(page.url).path).rstrip("/")
    below = sum(urlsplit(one.url).path.startswith(f"{folder}/") for one in read.sightings) if folder else 0
    if below * 2 > len(titles):
        score *= 3
    if not dated and sum(map(len, titles)) < 8 * len(titles):
        return 0.0
    return score


def _words(run: BoxRun) -> set[str]:
    words: set[str] = set()
    node: Node | None = run.box
    for _ in range(60):
        if node is None or node.tag in ("body", None):
            break
        known = node.attributes
        words |= {*_WORD.split(f"{known.get('class') or ''} {known.get('id') or ''}".lower()), node.tag}
        node = node.parent
    return words
