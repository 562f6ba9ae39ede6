"""Finds what a person should look at: an old text under a new date, a moved date, an emptied page.

Flags change no status. They go to the county office, never to a department, and fall silent once somebody has
decided about the entry for that occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Cell, County, Duty, Every, Within
from tracker.core.law.notice_fields import day_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.attribution import attribute, directory
from tracker.core.matching.candidates import day_start
from tracker.core.matching.contents import held
from tracker.core.matching.contradicted import contradictions
from tracker.core.matching.fingerprint import size
from tracker.core.matching.naming import flat, flatten
from tracker.core.matching.texts import Texts, print_of
from tracker.core.values.facts import Entry, EntryVersion, Moment, Ruling, Visit
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Finding, Status, Verdict, gone_zh

FlagKind = Literal["gone", "hollow", "old-text", "redated", "changed", "dates", "contradicted"]

#: Places that name the day of publication plainly.
_SURE = ("tag", "line", "catalogue")
_WHERE = {
    "tag": "页面标记", "line": "正文上方", "catalogue": "信息目录", "listing": "列表", "url": "网址",
    "data": "结构化数据", "signature": "落款", "inferred": "列表（年份系推断）",
}  # fmt: skip
_DAY = timedelta(days=1)
#: A text is told from others by so many figures or characters; what comes every day or week, by more of them.
_FIGURES, _LENGTH = 2, 80
_MANY, _LONG = 5, 150
_OFTEN = ("day", "workday", "week")
_GIVEN_UP = (Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at. `at`: since when it is so; `settled`: who decided about the entry after that."""

    kind: FlagKind
    occurrence: str
    cell: str
    url: str
    title: str
    question: str
    at: datetime
    settled: Ruling | None = None


def flags_of(
    duty: Duty,
    occurrence: Occurrence,
    verdict: Verdict,
    entries: Mapping[str, Sequence[Entry]],
    texts: Texts,
    rulings: Sequence[Ruling],
    county: County,
    visits: tuple[Visit, ...] = (),
) -> tuple[Flag, ...]:
    """What to look at in what an occurrence rests on, or rested on. `entries`: by address; `visits`: to its columns."""
    if verdict.status in _GIVEN_UP or verdict.not_binding:
        return ()
    rulings = not_revoked(rulings)
    case = _Case(duty, occurrence, texts, county, county.zone)
    assignment = duty.assignment(occurrence.department)
    cells = {cell.name: cell for cell in assignment.cells} if assignment else {}
    gone = {cell.cell for cell in verdict.cells if cell.gone}
    found: dict[tuple[str, str, str], Flag] = {}
    for finding in verdict.findings:
        for entry in _entries(finding, cells, entries):
            if finding.counts or (finding.cell in gone and entry.gone_at is not None):
                for kind, at, question in case.questions(entry, gone=finding.cell in gone):
                    flag = Flag(kind, occurrence.key, finding.cell, entry.url, entry.title, question, at)
                    found.setdefault((finding.cell, entry.url, kind), flag)
    for paper, at, question in contradictions(occurrence, verdict, tuple(cells.values()), rulings, visits, county):
        flag = Flag("contradicted", occurrence.key, paper.cell, paper.about, paper.title, question, at)
        found.setdefault((paper.cell, paper.about, "contradicted"), flag)
    return tuple(_settled(flag, occurrence, cells[flag.cell].part, rulings) for flag in found.values())


def _entries(finding: Finding, cells: Mapping[str, Cell], entries: Mapping[str, Sequence[Entry]]) -> Iterator[Entry]:
    """The entries that a finding is about: those of its cell's columns, else all at the address."""
    held = entries.get(finding.about, ())
    columns = {key for source in cells[finding.cell].sources for key in source.columns} if finding.cell in cells else ()
    yield from [entry for entry in held if entry.column in columns] or held


def _settled(flag: Flag, occurrence: Occurrence, part: str, rulings: Sequence[Ruling]) -> Flag:
    about = [
        ruling
        for ruling in rulings
        if ruling.kind in ("accept", "reject")
        and (ruling.occurrence, ruling.target) == (occurrence.key, flag.url)
        and ruling.part in (None, part)
        and ruling.recorded_at >= flag.at
    ]
    last = max(about, key=lambda ruling: (ruling.recorded_at, ruling.id), default=None)
    return Flag(flag.kind, flag.occurrence, flag.cell, flag.url, flag.title, flag.question, flag.at, last)


_Question = tuple[FlagKind, datetime, str]


@dataclass(frozen=True, slots=True)
class _Case:
    duty: Duty
    occurrence: Occurrence
    texts: Texts
    county: County
    zone: ZoneInfo

    def questions(self, entry: Entry, *, gone: bool) -> Iterator[_Question]:
        """`gone`: what it proved is not proved without it."""
        if gone and entry.gone_at is not None:
            answers = gone_zh(entry.gone_status)
            yield "gone", entry.gone_at, f"曾据此认定公开，其地址自{self._hour(entry.gone_at)}起{answers}，是否仍予采信"
        if entry.hollow_at is not None:
            since = self._hour(entry.hollow_at)
            emptied = f"自{since}起，其地址打开后看不到原来的内容，疑似已清空，是否仍予采信"
            dead = f"自{since}起，栏目列有此条，但其地址答复页面不存在，是否仍予采信"
            yield "hollow", entry.hollow_at, emptied if entry.now.state == "read" else dead
        old = self._old_text(entry)
        if old is not None:
            yield old
        if (moved := self._redated(entry)) is not None and old is None:
            yield moved
        if (change := self._changed(entry)) is not None:
            yield change
        if (apart := self._dates(entry)) is not None:
            yield apart

    # -- an old text under a new date --------------------------------------------------------------

    def _old_text(self, entry: Entry) -> _Question | None:
        """It says what stood before the period began, or before the event, under an older date."""
        since, now = self._since(), entry.now
        if since is None or now.claimed is None:
            return None
        day, began = self._day(now.claimed), _standing_since(entry, now)
        if not self._telling(now):
            return None
        older = [
            (then, other, version)
            for other, version in self.texts.like(now)
            if self._same_publisher((entry, now), (other, version))
            and _same_files(version, now)
            and (then := self._day(version.claimed or version.seen_at)) < min(since, day)
            and self._day(version.seen_at) <= self._day(began)
        ]
        if not older:
            return None
        then, other, version = min(older, key=lambda one: (one[0], one[1].url, one[1].column, one[1].id))
        if other.url == entry.url:
            said = f"该文原标注{day_zh(then)}，{self._seen(began)}改标{day_zh(day)}，内容相同"
        else:
            said = f"标注{day_zh(day)}，与{day_zh(then)}的《{version.title}》（{other.url}）内容相同或几乎相同"
        return "old-text", began, f"{said}，疑似旧稿新发，能否认定为本期公开"

    def _telling(self, version: EntryVersion) -> bool:
        """Whether its likeness is no chance. Words of form come again, and so does one figure of a daily report."""
        length, figures = size(print_of(version))
        if isinstance(self.occurrence.deadline, Every) and self.occurrence.deadline.unit in _OFTEN:
            return figures >= _MANY or (length >= _LONG and not figures)
        return figures >= _FIGURES or length >= _LENGTH

    def _same_publisher(self, one: tuple[Entry, EntryVersion], two: tuple[Entry, EntryVersion]) -> bool:
        """Whether one department may have put out both: others share its words of form."""
        found = {self._publisher(*one), self._publisher(*two)}
        return None in found or len(found) == 1

    def _publisher(self, entry: Entry, version: EntryVersion) -> str | None:
        column = self.county.columns.get(entry.column)
        owner = column.owner if column else None
        by = attribute(owner, version.title, version.source, entry.publisher, directory(self.county))
        return by.department

    def _since(self) -> date | None:
        """The first day on which what is owed may have come out; None where any age counts."""
        occurrence = self.occurrence
        if occurrence.upkeep:
            return None
        if occurrence.window is not None:
            return occurrence.window.first
        if occurrence.event is not None and isinstance(occurrence.deadline, Within):
            return self._day(occurrence.event.occurred) - timedelta(days=occurrence.deadline.slack)
        return None

    # -- what moved --------------------------------------------------------------------------------

    def _redated(self, entry: Entry) -> _Question | None:
        first, now = entry.versions[0], entry.now
        if first.claimed is None or now.claimed is None or not self._moved(first, now):
            return None
        was, day = self._day(first.claimed), self._day(now.claimed)
        at = _standing_since(entry, now)
        way = "提前" if day < was else "推后"
        return "redated", at, f"标注日期由{day_zh(was)}改为{day_zh(day)}（{way}，{self._seen(at)}看到），以哪个日期为准"

    def _moved(self, before: EntryVersion, after: EntryVersion) -> bool:
        """Whether the page names another day than it did, rather than that we read it elsewhere on the page."""
        if before.claimed is None or after.claimed is None or self._day(before.claimed) == self._day(after.claimed):
            return False
        if before.claimed_from == after.claimed_from:
            return True
        then, now = dict(before.dates), dict(after.dates)
        both = [where for where in then if where in now]
        return not both or any(self._day(then[where]) != self._day(now[where]) for where in both)

    def _changed(self, entry: Entry) -> _Question | None:
        """Another title or text than when it was first all there. What is kept current is meant to change."""
        parts = [self.duty.part(name) for name in self.occurrence.parts]
        if len(entry.versions) == 1 or any(
            isinstance(deadline, Every) and deadline.upkeep for part in parts for deadline in part.deadlines
        ):
            return None
        items = [found for part in parts for item in part.contents.items if (found := held(entry, item)) is not None]
        since = max((item.since for item in items if item.since), default=entry.first_seen_at)
        place = max([n for n, version in enumerate(entry.versions) if version.seen_at <= since], default=0)
        edits = _edits(entry.versions[place:])
        if not edits:
            return None
        at, what = max(edits.values()), "、".join(edits)
        return "changed", at, f"认定公开以后，{what}（{self._seen(at)}看到），是否仍符合要求"

    # -- dates that disagree -----------------------------------------------------------------------

    def _dates(self, entry: Entry) -> _Question | None:
        """Places that name plainly different days; a day's difference matters only where the deadline lies between."""
        now = entry.now
        if now.claimed is None:
            return None
        named = {where: self._day(moment) for where, moment in reversed(now.dates) if where in (*_SURE, "listing")}
        if "listing" in named and not any(where in named for where in _SURE):
            named[now.claimed_from] = self._day(now.claimed)
        if not any(self._apart(day, two) for day, two in combinations(named.values(), 2)):
            return None
        said = "、".join(f"{_WHERE.get(where, where)}{day_zh(day)}" for where, day in named.items())
        return (
            "dates",
            now.seen_at,
            f"同一文章的日期不一致：{said}；现按{day_zh(self._day(now.claimed))}计，以哪个为准",
        )

    def _apart(self, day: date, two: date) -> bool:
        if abs(day - two) > _DAY:
            return True
        due = self.occurrence.due_at
        return due is not None and (day_start(day, self.zone) < due) != (day_start(two, self.zone) < due)

    # -- words -------------------------------------------------------------------------------------

    def _day(self, moment: Moment) -> date:
        return moment_day(moment, self.zone)

    def _seen(self, at: datetime) -> str:
        return day_zh(self._day(at))

    def _hour(self, at: datetime) -> str:
        return f"{self._seen(at)}{at.astimezone(self.zone):%H:%M}"


def _standing_since(entry: Entry, now: EntryVersion) -> datetime:
    """Since when it bears the date it bears now; what was there from the start, since it was first seen."""
    at = now.seen_at
    for version in reversed(entry.versions):
        if version.claimed != now.claimed:
            return at
        at = version.seen_at
    return min(at, entry.first_seen_at)


def _edits(versions: Sequence[EntryVersion]) -> dict[str, datetime]:
    """In words what the site changed, not what we read anew, and when last. Changed back is unchanged."""
    first, last = versions[0], versions[-1]
    found: dict[str, datetime] = {}
    for one, two in pairwise(versions):
        if flat(one.title) != flat(two.title) and flat(first.title) != flat(last.title):
            found[f"标题由《{first.title}》改为《{last.title}》"] = two.seen_at
        texts = [flatten(version.text or "") for version in (one, two, first, last)]
        if texts[0] and texts[1] and texts[0] != texts[1] and texts[2] != texts[3]:
            found["正文有改动"] = two.seen_at
        if _other_files(one, two):
            found["附件有改动"] = two.seen_at
    return found


def _same_files(one: EntryVersion, two: EntryVersion) -> bool:
    """What is in the files of an article is not told by the text above them."""
    first, second = (sorted(file.digest or file.url for file in version.attachments) for version in (one, two))
    return first == second


def _other_files(one: EntryVersion, two: EntryVersion) -> bool:
    before, after = ({file.url: file.digest for file in version.attachments} for version in (one, two))
    replaced = any(digest and after.get(url, "") not in ("", digest) for url, digest in before.items())
    return replaced or (before.keys() != after.keys() and one.state == two.state)
