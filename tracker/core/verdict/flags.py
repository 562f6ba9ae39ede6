"""Finds flags, matters of doubt for a person: an old text under a new date, a changed date, an emptied page.

Flags change no status. They go to the county office, never to a department, and are settled once somebody has decided
about the entry for that occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Literal

from tracker.core.law.counting import day_start, moment_day
from tracker.core.law.county import County
from tracker.core.law.duties import Cell, Duty, Every, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, moment_zh
from tracker.core.matching.attribution import attribute_entry, directory_of
from tracker.core.matching.contents import find_held_item
from tracker.core.matching.contradicted import find_contradictions
from tracker.core.matching.fingerprint import text_size
from tracker.core.matching.naming import flat, flatten
from tracker.core.matching.republished import have_same_files
from tracker.core.matching.texts import TextIndex, fingerprint_of
from tracker.core.values.facts import Entry, EntryVersion, Moment, Ruling, Visit, are_of_one_day
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Finding, Verdict, gone_zh

#: Why an entry that proved something is in doubt. "gone": its address does not answer any more. "hollow": its page
#: opens without its content. "old-text": the text of an earlier period under a new date. "redated": its date was moved.
#: "changed": its title, text or files were changed. "dates": the page gives several dates. "contradicted": an accepted
#: filing is contradicted by what a visit saw.
FlagKind = Literal["gone", "hollow", "old-text", "redated", "changed", "dates", "contradicted"]

#: Places of a page that name the day of publication explicitly.
_EXPLICIT_PLACES = ("tag", "line", "catalogue")
_PLACES_ZH = {
    "tag": "网页标签", "line": "正文上方", "catalogue": "信息目录", "listing": "列表", "url": "网址",
    "data": "结构化数据", "signature": "落款", "inferred": "列表（年份为推算）",
}  # fmt: skip
_DAY = timedelta(days=1)
#: A text is distinctive with so many figures or characters; one of a daily or weekly duty with more of them.
_FIGURES, _LENGTH = 2, 80
_MANY, _LONG = 5, 150
_FREQUENT_UNITS = ("day", "workday", "week")


@dataclass(frozen=True, slots=True)
class Flag:
    """One matter of doubt about an entry. `at`: since when; `settled`: the ruling on the entry after that."""

    kind: FlagKind
    occurrence: str
    cell: str
    url: str
    title: str
    question: str
    at: datetime
    settled: Ruling | None = None


def find_flags(
    duty: Duty,
    occurrence: Occurrence,
    verdict: Verdict,
    entries: Mapping[str, Sequence[Entry]],
    texts: TextIndex,
    rulings: Sequence[Ruling],
    county: County,
    visits: tuple[Visit, ...] = (),
) -> tuple[Flag, ...]:
    """Return the flags of the entries that prove an occurrence, or proved it.

    `entries`: by URL; `visits`: to its columns. Empty for occurrences that are not owed or not binding.
    """
    if verdict.status.ended or verdict.not_binding_reason:
        return ()
    rulings = not_revoked(rulings)
    case = _FlagCase(duty, occurrence, texts, county)
    assignment = duty.assignment(occurrence.department)
    cells = {cell.name: cell for cell in assignment.cells} if assignment else {}
    cells_gone = {cell.cell for cell in verdict.cells if cell.gone}
    flags: dict[tuple[str, str, str], Flag] = {}  # by cell, address and kind
    for finding in verdict.findings:
        for entry in _entries_of(finding, cells, entries):
            if finding.counts or (finding.cell in cells_gone and entry.gone_at is not None):
                for kind, at, question in case.questions(entry, is_gone=finding.cell in cells_gone):
                    flag = Flag(kind, occurrence.key, finding.cell, entry.url, entry.title, question, at)
                    flags.setdefault((finding.cell, entry.url, kind), flag)
    for filing, at, question in find_contradictions(
        occurrence, verdict, tuple(cells.values()), rulings, visits, county
    ):
        flag = Flag("contradicted", occurrence.key, filing.cell, filing.about, filing.title, question, at)
        flags.setdefault((filing.cell, filing.about, "contradicted"), flag)
    return tuple(_with_settlement(flag, occurrence, cells[flag.cell].part, rulings) for flag in flags.values())


def _entries_of(finding: Finding, cells: Mapping[str, Cell], entries: Mapping[str, Sequence[Entry]]) -> Iterator[Entry]:
    """Yield the entries that a finding is about: those of its cell's columns, else all at the address."""
    at_address = entries.get(finding.about, ())
    columns = {key for source in cells[finding.cell].sources for key in source.columns} if finding.cell in cells else ()
    yield from [entry for entry in at_address if entry.column in columns] or at_address


def _with_settlement(flag: Flag, occurrence: Occurrence, part: str, rulings: Sequence[Ruling]) -> Flag:
    about = [
        ruling
        for ruling in rulings
        if ruling.kind in ("accept", "reject")
        and (ruling.occurrence, ruling.target) == (occurrence.key, flag.url)
        and ruling.part in (None, part)
        and ruling.recorded_at >= flag.at
    ]
    last = max(about, key=lambda ruling: (ruling.recorded_at, ruling.id), default=None)
    return replace(flag, settled=last)


_Question = tuple[FlagKind, datetime, str]


@dataclass(frozen=True, slots=True)
class _FlagCase:
    duty: Duty
    occurrence: Occurrence
    texts: TextIndex
    county: County

    def questions(self, entry: Entry, *, is_gone: bool) -> Iterator[_Question]:
        """Yield the flags of an entry. `is_gone`: the cell that it proved is not proved without it."""
        if is_gone and entry.gone_at is not None:
            answers = gone_zh(entry.gone_status)
            yield (
                "gone",
                entry.gone_at,
                f"曾据此认定已公开，其网页自{self._hour_text(entry.gone_at)}起{answers}，是否仍予采信",
            )
        if entry.hollow_at is not None:
            since = self._hour_text(entry.hollow_at)
            emptied = f"自{since}起，网页可以打开，但看不到原来的内容，是否仍予采信"
            dead = f"自{since}起，栏目仍列有该文，但网页无法打开，是否仍予采信"
            yield "hollow", entry.hollow_at, emptied if entry.current.state == "read" else dead
        old = self._find_old_text(entry)
        if old is not None:
            yield old
        if (moved := self._find_redating(entry)) is not None and old is None:
            yield moved
        if (change := self._find_change(entry)) is not None:
            yield change
        if (dates := self._find_date_conflict(entry)) is not None:
            yield dates

    # -- an old text under a new date --------------------------------------------------------------

    def _find_old_text(self, entry: Entry) -> _Question | None:
        """Return a flag if the same text stood under an older date before the period or the event began."""
        since, current = self._first_countable_day(), entry.current
        if since is None or current.claimed is None:
            return None
        day, began = self._day(current.claimed), _dated_since(entry, current)
        if not self._is_distinctive(current):
            return None
        older = [
            (older_day, older_entry, version)
            for older_entry, version in self.texts.find_alike(current)
            if self._have_same_publisher((entry, current), (older_entry, version))
            and have_same_files(version, current)
            and (older_day := self._day(version.claimed or version.seen_at)) < min(since, day)
            and self._day(version.seen_at) <= self._day(began)
        ]
        if not older:
            return None
        older_day, older_entry, version = min(
            older, key=lambda match: (match[0], match[1].url, match[1].column, match[1].id)
        )
        if older_entry.url == entry.url:
            description = f"该文原标注{day_zh(older_day)}公开，{self._day_text(began)}改为{day_zh(day)}，内容未变"
        else:
            older_text = f"{day_zh(older_day)}公开的《{version.title}》（{older_entry.url}）"
            description = f"该文标注{day_zh(day)}公开，与{older_text}内容相同或基本相同"
        return "old-text", began, f"{description}，能否认定为本期公开"

    def _is_distinctive(self, version: EntryVersion) -> bool:
        """Return whether the text is distinctive: set phrases recur, and so does a single figure of a daily report."""
        length, figures = text_size(fingerprint_of(version))
        if isinstance(self.occurrence.deadline, Every) and self.occurrence.deadline.unit in _FREQUENT_UNITS:
            return figures >= _MANY or (length >= _LONG and not figures)
        return figures >= _FIGURES or length >= _LENGTH

    def _have_same_publisher(self, first: tuple[Entry, EntryVersion], second: tuple[Entry, EntryVersion]) -> bool:
        """Return whether one department may have published both: departments share set phrases."""
        publishers = {self._publisher_of(*first), self._publisher_of(*second)}
        return None in publishers or len(publishers) == 1

    def _publisher_of(self, entry: Entry, version: EntryVersion) -> str | None:
        column = self.county.columns.get(entry.column)
        owner = column.owner if column else None
        by = attribute_entry(owner, version.title, version.source, entry.publisher, directory_of(self.county))
        return by.department

    def _first_countable_day(self) -> date | None:
        """Return the first day on which the owed publication may have come out; None where any age counts."""
        occurrence = self.occurrence
        if occurrence.upkeep:
            return None
        if occurrence.window is not None:
            return occurrence.window.first
        if occurrence.event is not None and isinstance(occurrence.deadline, Within):
            return self._day(occurrence.event.occurred) - timedelta(days=occurrence.deadline.slack)
        return None

    # -- what moved --------------------------------------------------------------------------------

    def _find_redating(self, entry: Entry) -> _Question | None:
        first, current = entry.versions[0], entry.current
        if first.claimed is None or current.claimed is None or not self._has_moved(first, current):
            return None
        earlier_day, day = self._day(first.claimed), self._day(current.claimed)
        at = _dated_since(entry, current)
        direction = "提前" if day < earlier_day else "推迟"
        return (
            "redated",
            at,
            f"{self._day_text(at)}发现，标注的公开日期由{day_zh(earlier_day)}{direction}为{day_zh(day)}，以哪个日期为准",
        )

    def _has_moved(self, before: EntryVersion, after: EntryVersion) -> bool:
        """Return whether the page changed its day, and not only the place on the page where it was read."""
        if before.claimed is None or after.claimed is None or self._day(before.claimed) == self._day(after.claimed):
            return False
        if before.claimed_from == after.claimed_from:
            return True
        dates_before, dates_after = dict(before.dates), dict(after.dates)
        both = [where for where in dates_before if where in dates_after]
        return not both or any(self._day(dates_before[where]) != self._day(dates_after[where]) for where in both)

    def _find_change(self, entry: Entry) -> _Question | None:
        """Return a flag if title, text or files changed since all items were first there; not for duties of upkeep."""
        parts = [self.duty.part(name) for name in self.occurrence.parts]
        if len(entry.versions) == 1 or any(
            isinstance(deadline, Every) and deadline.upkeep for part in parts for deadline in part.deadlines
        ):
            return None
        items = [
            held for part in parts for item in part.contents.items if (held := find_held_item(entry, item)) is not None
        ]
        since = max((item.held_since for item in items if item.held_since), default=entry.first_seen_at)
        index = max([number for number, version in enumerate(entry.versions) if version.seen_at <= since], default=0)
        edits = _list_edits(entry.versions[index:])
        if not edits:
            return None
        at, changes = max(edits.values()), "、".join(edits)
        return "changed", at, f"认定公开以后，{self._day_text(at)}发现{changes}，是否仍符合要求"

    # -- dates that disagree -----------------------------------------------------------------------

    def _find_date_conflict(self, entry: Entry) -> _Question | None:
        """Return a flag if places name different days; one day's difference counts only across the deadline."""
        current = entry.current
        if current.claimed is None:
            return None
        day_by_place = {
            where: self._day(moment)
            for where, moment in reversed(current.dates)
            if where in (*_EXPLICIT_PLACES, "listing")
        }
        if "listing" in day_by_place and not any(where in day_by_place for where in _EXPLICIT_PLACES):
            day_by_place[current.claimed_from] = self._day(current.claimed)
        if not any(
            self._differ_materially(day, other_day) for day, other_day in combinations(day_by_place.values(), 2)
        ):
            return None
        named_text = "、".join(f"{_PLACES_ZH.get(where, where)}{day_zh(day)}" for where, day in day_by_place.items())
        return (
            "dates",
            current.seen_at,
            f"文章标有不同的日期：{named_text}；现按{day_zh(self._day(current.claimed))}计，以哪个日期为准",
        )

    def _differ_materially(self, day: date, other_day: date) -> bool:
        if abs(day - other_day) > _DAY:
            return True
        due, zone = self.occurrence.due_at, self.county.zone
        return due is not None and (day_start(day, zone) < due) != (day_start(other_day, zone) < due)

    # -- words -------------------------------------------------------------------------------------

    def _day(self, moment: Moment) -> date:
        return moment_day(moment, self.county.zone)

    def _day_text(self, at: datetime) -> str:
        return day_zh(self._day(at))

    def _hour_text(self, at: datetime) -> str:
        return moment_zh(at.astimezone(self.county.zone))


def _dated_since(entry: Entry, current: EntryVersion) -> datetime:
    """Return since when the entry has its current date: its first sighting, if it had that date from the start."""
    at = current.seen_at
    for version in reversed(entry.versions):
        if not are_of_one_day(version.claimed, current.claimed):
            return at
        at = version.seen_at
    return min(at, entry.first_seen_at)


def _list_edits(versions: Sequence[EntryVersion]) -> dict[str, datetime]:
    """Return the changes made by the site in words (Chinese), each with its last instant.

    Changes of our reading are left out, and changes that were undone.
    """
    first, last = versions[0], versions[-1]
    edits: dict[str, datetime] = {}
    for earlier, later in pairwise(versions):
        if flat(earlier.title) != flat(later.title) and flat(first.title) != flat(last.title):
            edits[f"标题由《{first.title}》改为《{last.title}》"] = later.seen_at
        texts = [flatten(version.text or "") for version in (earlier, later, first, last)]
        if texts[0] and texts[1] and texts[0] != texts[1] and texts[2] != texts[3]:
            edits["正文有改动"] = later.seen_at
        if _have_other_files(earlier, later):
            edits["附件有改动"] = later.seen_at
    return edits


def _have_other_files(earlier: EntryVersion, later: EntryVersion) -> bool:
    before, after = ({file.url: file.digest for file in version.attachments} for version in (earlier, later))
    replaced = any(digest and after.get(url, "") not in ("", digest) for url, digest in before.items())
    return replaced or (before.keys() != after.keys() and earlier.state == later.state)
