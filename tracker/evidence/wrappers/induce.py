"""Learns a wrapper from one page: which of its lists is the column's own, and where its titles and days stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tracker.core.law.county import ListRule
from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import MonthDay, day_of
from tracker.evidence.page.parsed import Page, squeeze
from tracker.evidence.wrappers.cells import STATED_DAY, STATED_TITLE, Record
from tracker.evidence.wrappers.data_records import arrays_of, data_records, fits, url_key
from tracker.evidence.wrappers.fields import Fields, find_fields
from tracker.evidence.wrappers.link_groups import GroupLink, LinkTree, Shape, shapes_of
from tracker.evidence.wrappers.list_signs import FAR, MOST_BOXES, PageMarks, Signs, begins_anew, heading_of
from tracker.evidence.wrappers.lone_rows import is_no_row
from tracker.evidence.wrappers.own_list import Choice, InducedList, choose
from tracker.evidence.wrappers.profile import has_marked_records, page_profile, profiles_of
from tracker.evidence.wrappers.publishers import publisher_key, publisher_place
from tracker.evidence.wrappers.records import BoxRun, column_heads, find_runs, read_records
from tracker.evidence.wrappers.ruled import find_ruled_runs, put_parts
from tracker.evidence.wrappers.run import WrappedPage, days_of, rows_of
from tracker.evidence.wrappers.stores import store_of
from tracker.evidence.wrappers.wrapper import RecordBound, SourceKind, Wrapper

#: A list of which so many rows have a day needs no other bound.
_FULL = 0.95
#: So many candidates are looked at closely.
_CLOSELY = 8
#: What is made for programs holds the column's rows and nothing beside them.
_OF_DATA = Signs(is_own=True)


def induce(page: Page) -> Wrapper | None:
    """Return the wrapper of the list that is most likely the column's own; None where the page holds none."""
    choice = find_list(page)
    return own_wrapper(choice) if choice is not None else None


def own_wrapper(choice: Choice) -> Wrapper:
    """Return the wrapper of a column's list, with those of the lists that may be it as well."""
    return replace(choice.best.wrapper, rivals=tuple(one.wrapper for one in choice.rivals))


def find_list(page: Page, draft: Wrapper | None = None) -> Choice | None:
    """Return the list that is most likely the column's own, and what may be as well; None where the page holds none."""
    return choose_on(page, candidates(page, draft))


def choose_on(page: Page, found: Sequence[InducedList]) -> Choice | None:
    """Return which of a page's lists is most likely the column's own."""
    return choose(found, PageMarks(page if page.kind == "html" else page.holding("<html></html>")))


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


def ruled_wrapper(page: Page, rule: ListRule) -> Wrapper | str:
    """Return the wrapper that a rule states, with what it leaves out learned from its rows; or what it does not find
    (Chinese)."""
    runs = find_ruled_runs(page, rule) if page.kind == "html" else []
    if not runs:
        return "没有找到带链接的条目（rows、link）"
    bound, parts, fields = best_bound(page, runs, rule)
    records = [record for part in parts for record in part]
    for name, place in (("title", STATED_TITLE), ("day", STATED_DAY)):
        if getattr(rule, name) and not any(place in record.texts for record in records):
            return f"在各条目中没有找到 {name}"
    if rule.day and not fields.days:
        return "从 day 所指之处没有读出日期"
    source = publisher_place(records, column_heads(runs[0]))
    wrapper = Wrapper(
        page.url, bound=bound, title=fields.title, days=fields.days, others=(("source", source),) if source else (),
        rule=rule,
    )  # fmt: skip
    return _with_usual(wrapper, rows_of(wrapper, page, records))


def _with_usual(wrapper: Wrapper, read: WrappedPage) -> Wrapper:
    """Return a wrapper with what its rows are usually like."""
    lengths = sorted(len(one.title) for one in read.sightings) or [0]
    return replace(
        wrapper, row_length=lengths[len(lengths) // 2],
        newest_first=_runs_down(read.sightings), fill=round(read.dated / max(1, read.records), 2),
    )  # fmt: skip


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
        source = publisher_key(records, SourceKind(page.kind))
        wrapper = Wrapper(
            page.url, SourceKind(page.kind), profile=_data_profile(page, draft),
            record_path=path, link=keys[path], title=fields.title, days=fields.days, fill=round(fields.fill, 2),
            others=(("source", source),) if source else (),
        )  # fmt: skip
        read = rows_of(wrapper, page, records)
        is_list = page.kind == "xml" or (read.dated * 2 >= len(records) and read.lost * 4 <= len(records))
        if read.sightings and is_list:
            found.append(InducedList(wrapper, read, (1 + fields.weight) * len(read.sightings), _OF_DATA))
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
    marks = PageMarks(page)
    readings = (_best_reading(page, shape, marks) for shape in shapes_of(groups))
    return [one for one in readings if one is not None]


def _promise(links: Sequence[GroupLink]) -> int:
    """Return how much there is to read in the links of a group, and by them."""
    texts = (squeeze(link.node.text()) or link.node.attributes.get("title") or "" for link in links)
    return sum(map(_words_to_read, texts))


def _words_to_read(title: str) -> int:
    return min(len(title), 40) if len(title) > 4 else 1


def _best_reading(page: Page, shape: Shape, marks: PageMarks) -> InducedList | None:
    """Return a list in the bound and the choice of boxes under which it says most."""
    runs = find_runs(page, shape)
    if not runs:
        return None
    if page.cut:  # what stands behind the last link may be of a row that did not come
        del runs[-1].children[runs[-1].starts[-1][0] + 1 :]
    bound, records, fields = best_bound(page, runs)
    box = _own_box(page, runs, records, fields, marks)
    part = [one for of in records for one in of] if box is None else records[box]
    known = fields if box is None else find_fields(part, page.zone, page.today, column_heads(runs[box]))
    return _candidate(page, shape, bound, box, part, runs if box is None else [runs[box]], known, marks)


def best_bound(
    page: Page, runs: Sequence[BoxRun], rule: ListRule | None = None
) -> tuple[RecordBound, list[list[Record]], Fields]:
    """Return how far records reach around their links: the bound under which they say most; so read, box by box."""
    bounds = [RecordBound.ELEMENT]
    if any(run.gaps for run in runs):
        bounds += [RecordBound.TO_NEXT, RecordBound.FROM_PREVIOUS]
    readings: list[tuple[float, int, RecordBound, list[list[Record]], Fields]] = []
    for bound in bounds:
        if readings and readings[0][0] >= 10 * _FULL:
            break  # the children themselves say all
        records = [read_records(run, bound) for run in runs]
        if rule is not None:
            put_parts((one for part in records for one in part), rule)
        fields = find_fields([one for part in records for one in part], page.zone, page.today, column_heads(runs[0]))
        borrowed = any(one.place.startswith("<") for one in fields.days)
        readings.append((fields.fill * 10 + fields.order - borrowed, -len(readings), bound, records, fields))
    return max(readings, key=lambda one: one[:2])[2:]


def _own_box(
    page: Page, runs: Sequence[BoxRun], records: Sequence[Sequence[Record]], fields: Fields, marks: PageMarks
) -> int | None:
    """Return the number of the only box that is told from the others; None where all are one list.

    Others are told from it where days begin anew in them, or where they have none and are called or stand like
    another list.
    """
    if not 1 < len(runs) <= MOST_BOXES:
        return None
    days = days_of(records, fields.days, page)
    if not begins_anew(days):
        return _only_dated(days, runs, marks)
    signs = [marks.signs_of([run], ()) for run in runs]
    is_above_all = not any(heading_of(run) for run in runs[1:])  # what stands before the first box is no sign of it
    boxes = [box for box, one in enumerate(signs) if one.is_own and not is_above_all]
    boxes = boxes or [box for box, one in enumerate(signs) if not one.is_weak]
    below = [box for box in boxes if marks.most_below([one.url for one in records[box]])]
    boxes = below or boxes
    nearest = min((signs[box].to_pager for box in boxes), default=FAR)
    boxes = [box for box in boxes if signs[box].to_pager == nearest]
    return boxes[0] if len(boxes) == 1 else None


def _only_dated(
    days: Sequence[Sequence[date | MonthDay | None]], runs: Sequence[BoxRun], marks: PageMarks
) -> int | None:
    """Return the number of the only box with days beside what is called or stands like another list, or is one link."""
    full = [box for box, part in enumerate(days) if sum(day is not None for day in part) * 2 > len(part)]
    rest = [box for box, part in enumerate(days) if not any(part)]
    if len(full) != 1 or len(rest) + 1 != len(days):
        return None
    lists = [box for box in rest if len(days[box]) > 1]
    return full[0] if lists and all(marks.signs_of([runs[box]], ()).is_weak for box in lists) else None


def _candidate(
    page: Page, shape: Shape, bound: RecordBound, box: int | None, records: Sequence[Record], runs: Sequence[BoxRun],
    fields: Fields, marks: PageMarks,
) -> InducedList | None:  # fmt: skip
    source = publisher_place(records, column_heads(runs[0]))
    wrapper = Wrapper(
        page.url, SourceKind.PAGE, record_path=shape.box, box=box, bound=bound,
        skip=shape.ordinal, link=shape.link, title=fields.title, days=fields.days,
        fill=round(fields.fill, 2), profile=page_profile(page, records),
        others=(("source", source),) if source else (),
    )  # fmt: skip
    read = rows_of(wrapper, page, records)
    if not read.sightings:
        return None
    wrapper = replace(_with_usual(wrapper, read), fill=wrapper.fill)
    if len(read.sightings) == 1 and _is_no_list(read.sightings[0], fields, records, page):
        return None
    signs = marks.signs_of(runs, read.sightings)
    if has_marked_records(wrapper.profile):
        signs = replace(signs, is_own=True, is_marked=True)
    return InducedList(wrapper, read, _score(wrapper, fields, read), signs, records)


def _is_no_list(row: Sighting, fields: Fields, records: Sequence[Record], page: Page) -> bool:
    """Return whether a row that stands alone is none: what it is, or that a day above it alone dates it, says so."""
    is_headed = any(one.place.startswith("<") for one in fields.days)
    return is_headed or any(is_no_row(row, one.nodes, page.today) for one in records if one.url == row.url)


def _runs_down(sightings: Sequence[Sighting]) -> bool:
    """Return whether a list runs from new to old."""
    days = [day_of(one.claimed) for one in sightings if one.claimed is not None]
    falls = sum(below < above for above, below in pairwise(days))
    return falls >= sum(below > above for above, below in pairwise(days))


def _score(wrapper: Wrapper, fields: Fields, read: WrappedPage) -> float:
    """Return how much there is to read in a list, as its titles and days say."""
    titles = [one.title for one in read.sightings]
    named = [one for one in titles if any(map(str.isalpha, one))] or titles  # a moment or a number names nothing
    score = sum(map(_words_to_read, named)) * len(set(named)) / len(titles)
    dated = read.dated / max(1, len(titles))
    score *= 0.25 + 0.75 * dated * (0.2 + 0.8 * fields.order)
    if not wrapper.title[-1].startswith("^"):
        score *= 0.25 if "/a" in wrapper.title[-1] else 0.8
    return score * read.records and score * len(titles) / max(read.records, len(titles))
