"""Reads every site of a corpus by the project's own path and compares what it says with the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from tests.sites.case import Known
from tests.sites.serve import served
from tracker.core.law.county import Interface, SiteColumn
from tracker.core.law.duties import Item
from tracker.core.matching.contents import find_item, is_readable
from tracker.core.values.facts import EntryVersion, Moment, VisitOutcome
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.collect import Files
from tracker.evidence.attachments.readers.reader import FileReader
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import ColumnReading, KeptPage, read_article, read_column
from tracker.evidence.listing.inspect import inspect

ZONE = ZoneInfo("Asia/Shanghai")
_LIMITS = Limits(delay=0, timeout=10)


@dataclass(slots=True)
class Score:
    """Counts of one thing measured. `said`: what was claimed at all, `right` among it, `true`: what there was."""

    right: int = 0
    said: int = 0
    true: int = 0

    def add(self, other: Score) -> None:
        self.right += other.right
        self.said += other.said
        self.true += other.true

    @property
    def precision(self) -> float | None:
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true if self.true else None


@dataclass(slots=True)
class Result:
    """One column or article: `scores` by what was measured, `misses` as sentences, `wrong`: absence claimed wrongly."""

    path: str
    part: str  # columns | articles
    dialect: str
    traps: Sequence[str]
    scores: dict[str, Score] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def score(self, name: str, right: int, said: int, true: int) -> None:
        self.scores.setdefault(name, Score()).add(Score(right, said, true))


async def measure(cases: Sequence[Known]) -> list[Result]:
    """Every column and article of every case, over a real connection."""
    results: list[Result] = []
    async with served(cases) as bases, FileReader() as reader:
        for case in cases:
            base = bases[case.name]
            clock = _clock(case.today)
            async with Fetcher([urlsplit(base).netloc], True, _LIMITS, clock) as fetcher:
                files = Files(fetcher, reader)
                for told in case.columns:
                    results.append(await _column(fetcher, case, base, told))
                    await _inspected(files, results[-1], base, told, _kinds_of_column(told))
                for told in case.articles:
                    results.append(await _article(files, case, base, told))
                    await _inspected(files, results[-1], base, told, set(told.get("inspected", _KINDS[told["kind"]])))
    return results


#: What `duban inspect` may call an article's address by what the truth calls it.
_KINDS = {"article": {"article"}, "file": {"file"}, "unverifiable": {"missing", "unverifiable"}, "any": set()}
#: Addresses of which only the items and the files are asked.
_LOOSE = {"file", "any"}


def _kinds_of_column(told: Mapping[str, Any]) -> set[str]:
    """Nothing where only a rule could tell, or where either may be said."""
    if told.get("interface") or told.get("outcome", "read") == "any":
        return set()
    return {"listing"} if told.get("outcome", "read") == "read" else {"missing", "unverifiable"}


async def _inspected(files: Files, result: Result, base: str, told: Mapping[str, Any], kinds: set[str]) -> None:
    """What it is called by who knows nothing but the address."""
    if not kinds:
        return
    seen = await inspect(base + told["url"], files.fetcher, ZONE, files)
    result.score("inspected", seen.kind in kinds, 1, 1)
    if seen.kind not in kinds:
        result.misses.append(f"inspect: expected {' or '.join(sorted(kinds))}, got {seen.kind}: {seen.reason}")


class _clock:
    """Half past eight of the case's day, a second later with every reading."""

    def __init__(self, day: str) -> None:
        self._now = datetime.combine(date.fromisoformat(day), time(8, 30), ZONE)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


async def _nothing_kept(_url: str) -> KeptPage | None:
    return None


def path_of(url: str, base: str) -> str:
    return unquote(url.removeprefix(base)) if url.startswith(base) else unquote(url)


def day_of(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    day = moment.astimezone(ZONE).date() if isinstance(moment, datetime) else moment
    return day.isoformat()


async def _column(fetcher: Fetcher, case: Known, base: str, told: Mapping[str, Any]) -> Result:
    result = Result(f"{case.name} {told['url']}", "columns", told["dialect"], told.get("traps", ()))
    column = _as_ruled(told, base)
    reading = await read_column(fetcher, column, ZONE, since=None, kept=_nothing_kept)
    outcome, expected = reading.visit.outcome, told.get("outcome", "read")
    if expected == "any":
        result.score("kinds", 1, 1, 1)
    else:
        right = (outcome is VisitOutcome.READ) == (expected == "read")
        result.score("kinds", right, 1, 1)
        if not right:
            result.misses.append(f"outcome: expected {expected}, got {outcome}: {reading.visit.note}")
    _entries(result, told, reading, base)
    _claims(result, told, reading, base)
    if told.get("outcome", "read") == "read" and not result.wrong and (days := _days(told)):
        shorter = await read_column(fetcher, column, ZONE, since=days[len(days) // 3], kept=_nothing_kept)
        _claims(result, told, shorter, base, as_far=True)
    return result


def _as_ruled(told: Mapping[str, Any], base: str, kind: Literal["listing", "page"] = "listing") -> SiteColumn:
    interface = Interface(**told["interface"]) if told.get("interface") else None
    return SiteColumn(
        "site/measured", "site", "measured", kind, "栏目", base + told["url"],
        dialect="interface" if interface else "", interface=interface,
    )  # fmt: skip


def _days(told: Mapping[str, Any]) -> list[date]:
    return sorted((date.fromisoformat(str(row["date"])) for row in told["entries"] if row.get("date")), reverse=True)


def _entries(result: Result, told: Mapping[str, Any], reading: ColumnReading, base: str) -> None:
    """Which entries were seen, and their dates, titles and marks of inference."""
    got = {path_of(one.url, base): one for one in reading.sightings}
    true = {unquote(row["url"]): row for row in told["entries"]}
    hidden = {unquote(row["url"]) for row in told.get("hidden", ())}
    both = [url for url in true if url in got]
    said = [url for url in got if url not in hidden]
    result.score("entries", len(both), len(said), len(true))
    result.misses += [f"entry missed: {true[url]['title']} {url}" for url in true if url not in got][:8]
    result.misses += [f"not an entry: {got[url].title} {url}" for url in said if url not in true][:8]
    dated = right = titled = marked = 0
    for url in both:
        expected, day = true[url].get("date"), day_of(got[url].claimed)
        expected = str(expected) if expected else None
        dated += day is not None
        right += day is not None and day == expected
        if day != expected:
            result.misses.append(f"entry's date: expected {expected}, got {day}: {true[url]['title']} {url}")
        same = _same(got[url].title, true[url]["title"]) or not true[url]["title"]
        titled += same
        if not same and told.get("titles", True):
            result.misses.append(f"entry's title: expected {true[url]['title']}, got {got[url].title}")
        if expected and day == expected and told.get("marks", True):
            agrees = bool(got[url].inferred) == bool(true[url].get("inferred"))
            marked += agrees
            if not agrees:
                result.misses.append(f"inferred: expected {bool(true[url].get('inferred'))}: {true[url]['title']}")
    result.score("entry dates", right, dated, sum(1 for url in both if true[url].get("date")))
    if told.get("titles", True):
        result.score("entry titles", titled, len(both), len(both))
    if told.get("marks", True):
        result.score("inferred marks", marked, right, right)


def _claims(
    result: Result, told: Mapping[str, Any], reading: ColumnReading, base: str, *, as_far: bool = False
) -> None:
    """A visit that says how far it reached, and yet lacks what lies within: an innocent department accused."""
    reached = reading.visit.reached if reading.visit.outcome is VisitOutcome.READ else None
    got = {path_of(one.url, base) for one in reading.sightings}
    rows = [*told["entries"], *told.get("hidden", ())]
    for row in rows:
        within = reached == "end" or (
            isinstance(reached, date) and bool(row.get("date")) and str(row["date"]) > reached.isoformat()
        )
        if within and unquote(row["url"]) not in got:
            result.wrong.append(f"claims to have seen back to {reached}, and lacks {row['title']} {row['url']}")
    if told.get("outcome") == "unseen" and reading.visit.outcome is VisitOutcome.READ:
        result.wrong.append(f"a barrier was taken for a column (reached {reached})")
    if reached == "end" and told["complete"] is False and told.get("outcome", "read") == "read":
        result.wrong.append("claims the end of a column whose end it cannot know")
    if told["complete"] is True and told.get("outcome") == "read" and not as_far:
        whole = reached == "end" or (isinstance(reached, date) and reached <= min(_days(told), default=date.min))
        result.score("complete", whole, 1, 1)
        if not whole:
            result.misses.append(f"not read to its end: reached {reached}, {reading.visit.note}")


def _same(left: str, right: str) -> bool:
    return _flat(left) == _flat(right)


def _flat(text: str) -> str:
    return "".join(text.split())


async def _article(files: Files, case: Known, base: str, told: Mapping[str, Any]) -> Result:
    result = Result(f"{case.name} {told['url']}", "articles", told["dialect"], told.get("traps", ()))
    answer, article = await read_article(files.fetcher, base + told["url"], ZONE, files=files)
    read = article is not None and article.state == "read"
    expected = told["kind"] == "article"
    if told["kind"] not in _LOOSE:
        result.score("kinds", read == expected, 1, 1)
    if read != expected and told["kind"] not in _LOOSE:
        result.misses.append(f"kind: expected {told['kind']}, got {answer.outcome} {article and article.reason}")
    if expected and article is not None:
        _particulars(result, told, article, base)
    if told["kind"] not in _LOOSE:
        await _as_page(files.fetcher, result, told, base)
    await _items(files, result, told, article, answer)
    return result


async def _as_page(fetcher: Fetcher, result: Result, told: Mapping[str, Any], base: str) -> None:
    """The same address as a standing page that a rule asks for: up, or not to be seen."""
    reading = await read_column(fetcher, _as_ruled(told, base, "page"), ZONE, since=None, kept=_nothing_kept)
    up, expected = reading.visit.outcome is VisitOutcome.READ, told["kind"] == "article"
    result.score("pages", up == expected, 1, 1)
    if up != expected:
        result.misses.append(f"as a page: expected {told['kind']}, got {reading.visit.outcome}: {reading.visit.note}")


def _particulars(result: Result, told: Mapping[str, Any], article: Article, base: str) -> None:
    day = day_of(article.claimed)
    true = str(told["date"]) if told.get("date") else None
    if day not in told.get("date_any", ()):
        result.score("dates", day is not None and day == true, day is not None, true is not None)
    if day != true and day not in told.get("date_any", ()):
        result.misses.append(f"date: expected {true}, got {day} from {article.claimed_from or 'nowhere'}")
    for name, got in (("title", article.title), ("source", article.source)):
        if (wanted := told.get(name)) is None:
            continue
        result.score(f"{name}s", _same(got, wanted), bool(got), 1)
        if not _same(got, wanted):
            result.misses.append(f"{name}: expected {wanted}, got {got}")
    text = "".join((article.text or "").split())
    for wanted in told.get("has", ()):
        there = "".join(wanted.split()) in text
        result.score("texts", there, 1, 1)
        if not there:
            result.misses.append(f"text lacks: {wanted}")
    for unwanted in told.get("lacks", ()):
        clean = "".join(unwanted.split()) not in text
        result.score("texts", clean, 1, 1)
        if not clean:
            result.misses.append(f"text holds what is not its own: {unwanted}")
    if told.get("attachments") is not None:
        linked = {path_of(one.url, base) for one in article.attachments}
        true_links = {unquote(url) for url in told["attachments"]}
        result.score("attachments", len(linked & true_links), len(linked), len(true_links))
        result.misses += [f"attachment missed: {url}" for url in sorted(true_links - linked)]
        result.misses += [f"not an attachment: {url}" for url in sorted(linked - true_links)]


async def _items(
    files: Files, result: Result, told: Mapping[str, Any], article: Article | None, answer: Answer
) -> None:
    """Each item as the rules would ask for it: found, missing, or unseen."""
    if not told.get("items"):
        return
    version = await _version(files, article, answer.at, answer.asked)
    for one in told["items"]:
        low, high = one.get("number") or (None, None)
        item = Item(
            tuple(one.get("any", ())),
            number=None if low is None or high is None else (low, high),
            names=one.get("names"),
        )
        place = find_item(version, item) if version is not None and version.state == "read" else None
        got = "found" if place is not None else "missing" if version is not None and is_readable(version) else "unseen"
        result.score("items", got == one["verdict"], 1, 1)
        if got != one["verdict"]:
            held = version.attachments if version else ()
            notes = "; ".join(f"{file.name}: {file.note or len(file.text or '')}" for file in held)
            result.misses.append(f"item {item.label}: expected {one['verdict']}, got {got} ({notes})")
        if one.get("where") and place is not None:
            told_where = all(_flat(part) in _flat(str(place)) for part in one["where"])
            result.score("places", told_where, 1, 1)
            if not told_where:
                result.misses.append(f"item {item.label}: proved by {place}, expected {one['where']}")
        if got == "missing" and one["verdict"] != "missing":
            result.wrong.append(f"item {item.label} is called missing, it is {one['verdict']}")


async def _version(files: Files, article: Article | None, at: datetime, own: str) -> EntryVersion | None:
    """The article with its files read, as the crawl would record it."""
    if article is None:
        return None
    read = await files.read(article.attachments, (), own=own)
    return EntryVersion(
        at, article.title, article.claimed, article.text, article.state, read, article.source,
        article.claimed_from, article.dates,
    )  # fmt: skip
