"""Assesses one entry against one cell: its department, the kind that its title names, the items that it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import re2

from tracker.core.law.counting import day_end, day_start
from tracker.core.law.duties import Cell, Contents, County, Duty, SiteColumn, Source
from tracker.core.matching.attribution import Directory, attribute_entry, directory_of
from tracker.core.matching.contents import HeldItem, find_held_items, holds_item_in_text, is_unread
from tracker.core.matching.naming import flat, parse_year
from tracker.core.matching.republished import is_written_over
from tracker.core.matching.title_case import TitleKind, leave_open
from tracker.core.matching.title_kind import classify_title
from tracker.core.matching.title_words import DutyWords, words_of
from tracker.core.values.facts import Entry, Event, Moment
from tracker.core.values.lexicon import Lexicon

_PLACEHOLDER = re.compile(r"\{event\.(\w+)\}")
_YEAR_IN_WORDS = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_ANYTHING = ".*"
_INSTANT = timedelta(microseconds=1)
_TITLE_NOT_READ = TitleKind("thing", "")


@dataclass(frozen=True, slots=True, eq=False)
class CellCriteria:
    """The requirements of a cell, with the columns and names that one department's entries are compared with."""

    cell: Cell
    contents: Contents
    members: tuple[str, ...]
    directory: Directory
    columns: Mapping[str, SiteColumn]
    by_column: Mapping[str, tuple[Source, ...]]
    lexicon: Lexicon | None = None
    words: Mapping[Source, DutyWords] = field(default_factory=dict)

    @property
    def accepts_records(self) -> bool:
        """Whether a recorded event may prove the cell."""
        return any(source.kind == "record" for source in self.cell.sources)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One entry assessed against one cell, whatever the period.

    `refusal`: why it can never count, or "". `open_question`: what a person has to decide before it counts, or "".
    `held_items`: beside `CellCriteria.contents.items`, None for an item that it does not hold.
    """

    source: Source
    refusal: str
    open_question: str
    held_items: tuple[HeldItem | None, ...]
    is_unread: bool
    belongs_to_others: bool = False  # it is another department's

    @property
    def is_relevant(self) -> bool:
        """Whether it is at least part of the owed publication: its title fits a pattern, or it holds an item."""
        return bool(self.source.title) or not self.held_items or any(self.held_items)


def build_criteria(
    cell: Cell,
    contents: Contents,
    members: tuple[str, ...],
    directory: Directory,
    columns: tuple[SiteColumn, ...],
    lexicon: Lexicon | None = None,
    words: tuple[DutyWords, ...] = (),
) -> CellCriteria:
    """Return the cell with its sources by column.

    `words`: the words of the rule, beside the cell's sources; empty where titles are not read.
    """
    by_column: dict[str, tuple[Source, ...]] = {}
    for source in cell.sources:
        for key in source.columns:
            by_column[key] = (*by_column.get(key, ()), source)
    by_source = dict(zip(cell.sources, words, strict=bool(words)))
    return CellCriteria(
        cell, contents, members, directory, {column.key: column for column in columns}, by_column, lexicon, by_source
    )


def assess_entry(criteria: CellCriteria, source: Source, entry: Entry) -> Assessment:
    """Return the assessment of the entry for the cell, by the pattern and publisher of one source."""
    refusal, open_question = check_ownership(
        entry, source, criteria.columns.get(entry.column), criteria.members, criteria.directory
    )
    of_others = bool(refusal)
    held_items = find_held_items(entry, criteria.contents.items)
    title_kind = _read_title(criteria, source, entry)
    if title_kind.answer == "about":
        refusal = refusal or title_kind.reason
    elif title_kind.answer == "undecided" and not refusal and not open_question:
        open_question = f"{title_kind.reason}，待县政府办公室认定"
    return Assessment(source, refusal, open_question, held_items, is_unread(entry) and bool(held_items), of_others)


def check_ownership(
    entry: Entry, source: Source, column: SiteColumn | None, members: Sequence[str], directory: Directory
) -> tuple[str, str]:
    """Return (why the entry is another department's, why its department is unknown); "" where that is not so."""
    owner = column.owner if column else None
    attribution = attribute_entry(owner, entry.title, entry.now.source, entry.publisher, directory)
    our_names = "、".join(directory.title(member) for member in members)
    if source.publisher == "any":
        # A rule that opens other owners' columns takes what they publish there under their own names.
        if owner is not None and owner not in members:
            return "", ""
        if attribution.named and not set(attribution.named) & set(members):
            named = "、".join(directory.title(department) for department in attribution.named)
            return f"标题点名“{named}”，不属于{our_names}", ""
        return "", ""
    if attribution.named and set(attribution.named) <= set(members) and owner is None:
        return "", ""
    if attribution.department is None and attribution.named and not set(attribution.named) & set(members):
        return f"{attribution.reason}，均不属于{our_names}", ""
    if attribution.department is None:
        return "", f"{attribution.reason}，待县政府办公室认定是否属于{our_names}"
    return ("", "") if attribution.department in members else (f"{attribution.reason}，不属于{our_names}", "")


def _read_title(criteria: CellCriteria, source: Source, entry: Entry) -> TitleKind:
    """Return the kind of the entry by its title or, where the title leaves it open, by its text."""
    if criteria.lexicon is None or source not in criteria.words:
        return _TITLE_NOT_READ
    title_kind = classify_title(entry.title, criteria.words[source], criteria.lexicon, source.accepts)
    if title_kind.answer == "thing":
        return title_kind
    is_decided = _is_decided_by_text(criteria.contents, entry)
    if title_kind.answer == "undecided":
        return _TITLE_NOT_READ if is_decided else title_kind
    if is_decided:
        return leave_open(title_kind, "但正文或附件中有规则所要求的内容")
    earlier_title = _find_earlier_title(criteria, source, entry)
    return leave_open(title_kind, f"但同一地址此前以《{earlier_title}》为题公开") if earlier_title else title_kind


def _find_earlier_title(criteria: CellCriteria, source: Source, entry: Entry) -> str:
    """Return the last earlier title under which the entry was the owed publication, or "".

    A title is skipped where another text stands there now.
    """
    for index in range(len(entry.versions) - 1, 0, -1):
        earlier = replace(entry, versions=entry.versions[:index])
        if not may_match(source.title, earlier.title) or is_written_over(entry, earlier.now):
            continue
        if earlier.title != entry.title and _read_title(criteria, source, earlier).answer == "thing":
            return earlier.title
    return ""


def classify_entry_title(duty: Duty, cell: Cell, source: Source, entry: Entry, county: County) -> TitleKind:
    """Return the kind of an entry that fits the source's pattern, for callers without `CellCriteria`."""
    lexicon, contents = county.lexicon, duty.part(cell.part).contents
    words = {source: words_of(duty, cell.part, source, lexicon)} if lexicon else {}
    return _read_title(CellCriteria(cell, contents, (), directory_of(county), {}, {}, lexicon, words), source, entry)


def _is_decided_by_text(contents: Contents, entry: Entry) -> bool:
    """Return whether its text or files hold the required items, so that the title need not name its kind."""
    required = [item for item in contents.items if not item.advisory]
    held = (holds_item_in_text(entry.now, item) for item in required)
    return bool(required) and (any(held) if contents.mode == "kinds" else all(held))


def title_matches(source: Source, title: str, event: Event | None = None) -> bool:
    """Return whether the title fits the source's pattern; the event's fields stand in it as plain text."""
    if source.title is None or not uses_event(source):
        return may_match(source.title, title)
    values = tuple(str(event.fields.get(name, "")) if event else "" for name in _event_fields(source.title))
    patterns = _fill_pattern(source.title, values)
    return any(_pattern_occurs(pattern, text) for pattern, text in zip(patterns, _title_forms(title), strict=True))


@lru_cache(maxsize=4096)
def may_match(pattern: str | None, title: str) -> bool:
    """Return whether the title fits the pattern with any text for the event's fields. A missing pattern fits any."""
    if pattern is None:
        return True
    loose = _PLACEHOLDER.sub(_ANYTHING, pattern)
    compiled = _compile_pattern(loose)  # not by `_pattern_occurs`, whose cache would hold the same answers again
    return any(compiled.search(text) is not None for text in _title_forms(title))


def uses_event(source: Source) -> bool:
    """Return whether the title pattern names fields of the event."""
    return source.title is not None and "{event." in source.title


def names_event(source: Source, event: Event) -> bool:
    """Return whether a title that matches names the event: the pattern uses a field that is filled."""
    return uses_event(source) and any(event.fields.get(name) for name in _event_fields(source.title or ""))


@lru_cache(maxsize=1024)
def _event_fields(pattern: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.findall(pattern))


@lru_cache(maxsize=4096)
def _fill_pattern(pattern: str, values: tuple[str, ...]) -> tuple[str, str]:
    """Return the pattern with the event's fields filled in, for a title as it stands and for a flattened one."""
    fields = dict(zip(_event_fields(pattern), values, strict=True))

    def fill(form: Callable[[str], str]) -> str:
        return _PLACEHOLDER.sub(lambda match: str(re2.escape(form(fields[match[1]]))), pattern)

    return fill(str), fill(flat)


@lru_cache(maxsize=4096)
def _title_forms(title: str) -> tuple[str, str]:
    """Return the title as it stands, and flattened with its years in digits."""
    plain = _YEAR_IN_WORDS.sub(lambda year: str(parse_year(year[0])), flat(title))
    return title, plain


@lru_cache(maxsize=4096)
def _compile_pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


@lru_cache(maxsize=4096)
def _pattern_occurs(pattern: str, title: str) -> bool:
    return _compile_pattern(pattern).search(title) is not None


# -- instants ------------------------------------------------------------------------------------


def earliest_instant(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the earliest instant a moment may mean: a bare day counts from its 00:00, so it is on time on the due
    day."""
    return moment if isinstance(moment, datetime) else day_start(moment, zone)


def end_of_moment(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the first instant after a moment, for a bare day after its end."""
    return moment + _INSTANT if isinstance(moment, datetime) else day_end(moment, zone)
