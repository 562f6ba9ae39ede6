"""Assesses one entry against one cell: whose it is, what its title says it is, which items it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import re2

from tracker.core.law.counting import day_end
from tracker.core.law.duties import Cell, Contents, County, Duty, SiteColumn, Source
from tracker.core.matching.attribution import Directory, attribute, directory
from tracker.core.matching.contents import HeldItem, all_held, holds_beside_title, unread
from tracker.core.matching.naming import flat, year_number
from tracker.core.matching.republished import is_written_over
from tracker.core.matching.title_case import TitleKind, left_open
from tracker.core.matching.title_kind import kind
from tracker.core.matching.title_words import DutyWords, words_of
from tracker.core.values.facts import Entry, Event, Moment
from tracker.core.values.lexicon import Lexicon

_PLACEHOLDER = re.compile(r"\{event\.(\w+)\}")
_YEAR_IN_WORDS = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_ANYTHING = ".*"
_INSTANT = timedelta(microseconds=1)
_NOT_READ = TitleKind("thing", "")


@dataclass(frozen=True, slots=True, eq=False)
class CellCriteria:
    """A cell as one department's entries are held against it."""

    cell: Cell
    contents: Contents
    members: tuple[str, ...]
    known: Directory
    columns: Mapping[str, SiteColumn]
    by_column: Mapping[str, tuple[Source, ...]]
    lexicon: Lexicon | None = None
    words: Mapping[Source, DutyWords] = field(default_factory=dict)

    @property
    def by_record(self) -> bool:
        """Whether an event may prove it."""
        return any(source.kind == "record" for source in self.cell.sources)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an entry is to a cell, whatever the period. `refusal`: why it can never count, or ""."""

    source: Source
    refusal: str
    unattributed: str
    held: tuple[HeldItem | None, ...]  # beside `CellCriteria.contents.items`
    unread: bool
    of_others: bool = False  # it is another department's

    @property
    def relevant(self) -> bool:
        """Something of what is owed, though perhaps not all: its title says so, or it holds an item."""
        return bool(self.source.title) or not self.held or any(self.held)


def criteria_of(
    cell: Cell,
    contents: Contents,
    members: tuple[str, ...],
    known: Directory,
    columns: tuple[SiteColumn, ...],
    lexicon: Lexicon | None = None,
    words: tuple[DutyWords, ...] = (),
) -> CellCriteria:
    """The cell with its sources by column. `words`: beside the cell's sources, where titles are read."""
    by_column: dict[str, tuple[Source, ...]] = {}
    for source in cell.sources:
        for key in source.columns:
            by_column[key] = (*by_column.get(key, ()), source)
    by_source = dict(zip(cell.sources, words, strict=bool(words)))
    return CellCriteria(
        cell, contents, members, known, {column.key: column for column in columns}, by_column, lexicon, by_source
    )


def assess(criteria: CellCriteria, source: Source, entry: Entry) -> Assessment:
    """The entry against the cell by way of one source."""
    refusal, waits = whose(entry, source, criteria.columns.get(entry.column), criteria.members, criteria.known)
    of_others = bool(refusal)
    items = all_held(entry, criteria.contents.items)
    told = _told(criteria, source, entry)
    if told.answer == "about":
        refusal = refusal or told.reason
    elif told.answer == "undecided" and not refusal and not waits:
        waits = f"{told.reason}，待县政府办公室认定"
    return Assessment(source, refusal, waits, items, unread(entry) and bool(items), of_others)


def whose(
    entry: Entry, source: Source, column: SiteColumn | None, members: Sequence[str], known: Directory
) -> tuple[str, str]:
    """(why it is another department's, why nobody can say whose it is)."""
    owner = column.owner if column else None
    by = attribute(owner, entry.title, entry.now.source, entry.publisher, known)
    ours = "、".join(known.title(member) for member in members)
    if source.publisher == "any":
        # A rule that opens other owners' columns takes what they publish there under their own names.
        if owner is not None and owner not in members:
            return "", ""
        if by.named and not set(by.named) & set(members):
            return f"标题点名“{'、'.join(known.title(one) for one in by.named)}”，不属于{ours}", ""
        return "", ""
    if by.named and set(by.named) <= set(members) and owner is None:
        return "", ""
    if by.department is None and by.named and not set(by.named) & set(members):
        return f"{by.why}，均不属于{ours}", ""
    if by.department is None:
        return "", f"{by.why}，待县政府办公室认定是否属于{ours}"
    return ("", "") if by.department in members else (f"{by.why}，不属于{ours}", "")


def _told(criteria: CellCriteria, source: Source, entry: Entry) -> TitleKind:
    """What the entry is to the cell: as its title says, or, where that leaves it open, as its text decides."""
    if criteria.lexicon is None or source not in criteria.words:
        return _NOT_READ
    answer = kind(entry.title, criteria.words[source], criteria.lexicon, source.accepts)
    if answer.answer == "thing":
        return answer
    holds_all = _decided_by_text(criteria.contents, entry)
    if answer.answer == "undecided":
        return _NOT_READ if holds_all else answer
    if holds_all:
        return left_open(answer, "但正文或附件中有规则所要求的内容")
    before = _title_before(criteria, source, entry)
    return left_open(answer, f"但同一地址此前以《{before}》为题公开") if before else answer


def _title_before(criteria: CellCriteria, source: Source, entry: Entry) -> str:
    """The last of its earlier titles under which the entry was the thing, while no other text stands there; else ""."""
    for place in range(len(entry.versions) - 1, 0, -1):
        earlier = replace(entry, versions=entry.versions[:place])
        if not may_match(source.title, earlier.title) or is_written_over(entry, earlier.now):
            continue
        if earlier.title != entry.title and _told(criteria, source, earlier).answer == "thing":
            return earlier.title
    return ""


def title_kind(duty: Duty, cell: Cell, source: Source, entry: Entry, county: County) -> TitleKind:
    """The same of an entry that fits the source's pattern, where no view is at hand."""
    lexicon, contents = county.lexicon, duty.part(cell.part).contents
    words = {source: words_of(duty, cell.part, source, lexicon)} if lexicon else {}
    return _told(CellCriteria(cell, contents, (), directory(county), {}, {}, lexicon, words), source, entry)


def _decided_by_text(contents: Contents, entry: Entry) -> bool:
    """Whether what must be in it stands in its text or files, so that the title need not say what it is."""
    required = [item for item in contents.items if not item.advisory]
    found = (holds_beside_title(entry.now, item) for item in required)
    return bool(required) and (any(found) if contents.mode == "kinds" else all(found))


def title_matches(source: Source, title: str, event: Event | None = None) -> bool:
    """Whether the title fits the source's pattern; the event's fields stand in it as plain text."""
    if source.title is None or not uses_event(source):
        return may_match(source.title, title)
    said = tuple(str(event.fields.get(name, "")) if event else "" for name in _fields(source.title))
    patterns = _filled(source.title, said)
    return any(_search(pattern, text) for pattern, text in zip(patterns, _forms(title), strict=True))


@lru_cache(maxsize=4096)
def may_match(pattern: str | None, title: str) -> bool:
    """The same as long as no event is recorded: any text may stand for a field."""
    if pattern is None:
        return True
    loose = _PLACEHOLDER.sub(_ANYTHING, pattern)
    compiled = _pattern(loose)  # not by `_search`: what it would keep is kept here
    return any(compiled.search(text) is not None for text in _forms(title))


def uses_event(source: Source) -> bool:
    """Whether the title pattern names fields of the event."""
    return source.title is not None and "{event." in source.title


def names_event(source: Source, event: Event) -> bool:
    """Whether a title that matches thereby names the event: the pattern uses a field that is filled."""
    return uses_event(source) and any(event.fields.get(name) for name in _fields(source.title or ""))


@lru_cache(maxsize=1024)
def _fields(pattern: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.findall(pattern))


@lru_cache(maxsize=4096)
def _filled(pattern: str, said: tuple[str, ...]) -> tuple[str, str]:
    """The pattern with the event's fields in it, for a title as it stands and for a flattened one."""
    fields = dict(zip(_fields(pattern), said, strict=True))

    def filled(form: Callable[[str], str]) -> str:
        return _PLACEHOLDER.sub(lambda place: str(re2.escape(form(fields[place[1]]))), pattern)

    return filled(str), filled(flat)


@lru_cache(maxsize=4096)
def _forms(title: str) -> tuple[str, str]:
    """The title as it stands, and flattened with its years in digits."""
    plain = _YEAR_IN_WORDS.sub(lambda year: str(year_number(year[0])), flat(title))
    return title, plain


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


@lru_cache(maxsize=4096)
def _search(pattern: str, title: str) -> bool:
    return _pattern(pattern).search(title) is not None


# -- instants ------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """00:00 of the day in the county's zone."""
    return datetime.combine(day, time.min, zone)


def begins(moment: Moment, zone: ZoneInfo) -> datetime:
    """The earliest instant a moment may mean: what is known by its day is on time on the due day."""
    return moment if isinstance(moment, datetime) else day_start(moment, zone)


def is_over(moment: Moment, zone: ZoneInfo) -> datetime:
    """The first instant that certainly lies after a moment: after a bare day's end."""
    return moment + _INSTANT if isinstance(moment, datetime) else day_end(moment, zone)
