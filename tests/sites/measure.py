"""Reads every site of a corpus by the project's own path and compares what it says with the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from tests.evidence.evidence_site import SHANGHAI as ZONE
from tests.evidence.evidence_site import Clock
from tests.sites.case import StoredCase
from tests.sites.serve import serve_cases
from tracker.core.law.county import Interface, SiteColumn
from tracker.core.law.duties import Item
from tracker.core.matching.contents import find_item, is_readable
from tracker.core.values.facts import EntryVersion, Moment, VisitOutcome
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.collect import Files
from tracker.evidence.attachments.readers.reader import FileReader
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import ColumnReading, Kept, KeptPage, none_kept, read_article, read_column
from tracker.evidence.listing.inspect import inspect

_LIMITS = Limits(delay=0, timeout=10)


@dataclass(slots=True)
class Score:
    """Counts of one thing measured. `claimed`: what was claimed at all, `right` among it, `true`: what there was."""

    right: int = 0
    claimed: int = 0
    true: int = 0

    def add(self, other: Score) -> None:
        self.right += other.right
        self.claimed += other.claimed
        self.true += other.true

    @property
    def precision(self) -> float | None:
        return self.right / self.claimed if self.claimed else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true if self.true else None


@dataclass(slots=True)
class Result:
    """One column or article: `scores` by what was measured, `misses` as sentences, `wrong`: absence claimed wrongly.

    `plain`: listing or article, where it can be nothing else (else ""); `seen_as`: what it is called by who knows
    nothing but the address.
    """

    path: str
    part: str  # columns | articles
    dialect: str
    traps: Sequence[str]
    scores: dict[str, Score] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    plain: str = ""
    seen_as: str = ""

    def score(self, name: str, right: int, claimed: int, true: int) -> None:
        self.scores.setdefault(name, Score()).add(Score(right, claimed, true))


async def measure(cases: Sequence[StoredCase]) -> list[Result]:
    """Every column and article of every case, over a real connection."""
    results: list[Result] = []
    async with serve_cases(cases) as bases, FileReader() as reader:
        for case in cases:
            base = bases[case.name]
            clock = Clock(datetime.combine(date.fromisoformat(case.today), time(8, 30), ZONE))
            async with Fetcher([urlsplit(base).netloc], True, _LIMITS, clock) as fetcher:
                files = Files(fetcher, reader)
                for truth in case.columns:
                    results.append(await _measure_column(fetcher, case, base, truth))
                    await _measure_inspection(files, results[-1], base, truth, _kinds_of_column(truth))
                for truth in case.articles:
                    results.append(await _measure_article(files, case, base, truth))
                    await _measure_inspection(
                        files, results[-1], base, truth, set(truth.get("inspected", _KINDS[truth["kind"]]))
                    )
    return results


#: What `duban inspect` may call an article's address by what the truth calls it.
_KINDS = {"article": {"article"}, "file": {"file"}, "unverifiable": {"missing", "unverifiable"}, "any": set()}
#: Addresses of which only the items and the files are asked.
_LOOSE = {"file", "any"}


def _kinds_of_column(truth: Mapping[str, Any]) -> set[str]:
    """Nothing where only a rule could tell, or where either answer is right."""
    if truth.get("interface") or truth.get("outcome", "read") == "any":
        return set()
    return {"listing"} if truth.get("outcome", "read") == "read" else {"missing", "unverifiable"}


async def _measure_inspection(
    files: Files, result: Result, base: str, truth: Mapping[str, Any], kinds: set[str]
) -> None:
    """What it is called by who knows nothing but the address."""
    if not kinds:
        return
    seen = await inspect(base + truth["url"], files.fetcher, ZONE, files)
    if kinds in ({"listing"}, {"article"}):
        result.plain, result.seen_as = next(iter(kinds)), seen.kind
    result.score("inspected", seen.kind in kinds, 1, 1)
    if seen.kind not in kinds:
        result.misses.append(f"inspect: expected {' or '.join(sorted(kinds))}, got {seen.kind}: {seen.reason}")


def _recall(reading: ColumnReading) -> Kept:
    """The pages of a reading as a later visit has them: of those that are the same the list is known."""
    pages = {one.url: one for one in reading.pages}

    async def kept(url: str) -> KeptPage | None:
        return pages.get(url)

    return kept


def path_of(url: str, base: str) -> str:
    return unquote(url.removeprefix(base)) if url.startswith(base) else unquote(url)


def day_of(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    day = moment.astimezone(ZONE).date() if isinstance(moment, datetime) else moment
    return day.isoformat()


async def _measure_column(fetcher: Fetcher, case: StoredCase, base: str, truth: Mapping[str, Any]) -> Result:
    result = Result(f"{case.name} {truth['url']}", "columns", truth["dialect"], truth.get("traps", ()))
    column = make_column(truth, base)
    reading = await read_column(fetcher, column, ZONE, since=None, kept=none_kept)
    outcome, expected = reading.visit.outcome, truth.get("outcome", "read")
    if expected == "any":
        result.score("kinds", 1, 1, 1)
    else:
        right = (outcome is VisitOutcome.READ) == (expected == "read")
        result.score("kinds", right, 1, 1)
        if not right:
            result.misses.append(f"outcome: expected {expected}, got {outcome}: {reading.visit.note}")
    _score_entries(result, truth, reading, base)
    _check_claims(result, truth, reading, base)
    if truth.get("outcome", "read") == "read" and not result.wrong and (days := _list_days(truth)):
        shorter = await read_column(fetcher, column, ZONE, since=days[len(days) // 3], kept=_recall(reading))
        _check_claims(result, truth, shorter, base, as_far=True)
    return result


def make_column(truth: Mapping[str, Any], base: str, kind: Literal["listing", "page"] = "listing") -> SiteColumn:
    interface = Interface(**truth["interface"]) if truth.get("interface") else None
    return SiteColumn(
        "site/measured", "site", "measured", kind, "栏目", base + truth["url"],
        dialect="interface" if interface else "", interface=interface,
    )  # fmt: skip


def _list_days(truth: Mapping[str, Any]) -> list[date]:
    return sorted((date.fromisoformat(str(row["date"])) for row in truth["entries"] if row.get("date")), reverse=True)


def _score_entries(result: Result, truth: Mapping[str, Any], reading: ColumnReading, base: str) -> None:
    """Which entries were seen, and their dates, titles and marks of inference."""
    got = {path_of(sighting.url, base): sighting for sighting in reading.sightings}
    true = {unquote(row["url"]): row for row in truth["entries"]}
    hidden = {unquote(row["url"]) for row in truth.get("hidden", ())}
    both = [url for url in true if url in got]
    claimed = [url for url in got if url not in hidden]
    result.score("entries", len(both), len(claimed), len(true))
    result.misses += [f"entry missed: {true[url]['title']} {url}" for url in true if url not in got][:8]
    result.misses += [f"not an entry: {got[url].title} {url}" for url in claimed if url not in true][:8]
    dated = right = titled = marked = 0
    for url in both:
        expected, day = true[url].get("date"), day_of(got[url].claimed)
        expected = str(expected) if expected else None
        dated += day is not None
        right += day is not None and day == expected
        if day != expected:
            result.misses.append(f"entry's date: expected {expected}, got {day}: {true[url]['title']} {url}")
        same = _is_same(got[url].title, true[url]["title"]) or not true[url]["title"]
        titled += same
        if not same and truth.get("titles", True):
            result.misses.append(f"entry's title: expected {true[url]['title']}, got {got[url].title}")
        if expected and day == expected and truth.get("marks", True):
            agrees = bool(got[url].inferred) == bool(true[url].get("inferred"))
            marked += agrees
            if not agrees:
                result.misses.append(f"inferred: expected {bool(true[url].get('inferred'))}: {true[url]['title']}")
    result.score("entry dates", right, dated, sum(1 for url in both if true[url].get("date")))
    if truth.get("titles", True):
        result.score("entry titles", titled, len(both), len(both))
    if truth.get("marks", True):
        result.score("inferred marks", marked, right, right)


def _check_claims(
    result: Result, truth: Mapping[str, Any], reading: ColumnReading, base: str, *, as_far: bool = False
) -> None:
    """A visit that says how far it reached, and yet lacks what lies within: an innocent department accused."""
    reached = reading.visit.reached if reading.visit.outcome is VisitOutcome.READ else None
    got = {path_of(sighting.url, base) for sighting in reading.sightings}
    rows = [*truth["entries"], *truth.get("hidden", ())]
    for row in rows:
        within = reached == "end" or (
            isinstance(reached, date) and bool(row.get("date")) and str(row["date"]) > reached.isoformat()
        )
        if within and unquote(row["url"]) not in got:
            result.wrong.append(f"claims to have seen back to {reached}, and lacks {row['title']} {row['url']}")
    if truth.get("outcome") == "unseen" and reading.visit.outcome is VisitOutcome.READ:
        result.wrong.append(f"a barrier was taken for a column (reached {reached})")
    if reached == "end" and truth["complete"] is False and truth.get("outcome", "read") == "read":
        result.wrong.append("claims the end of a column whose end it cannot know")
    if truth["complete"] is True and truth.get("outcome") == "read" and not as_far:
        shown, first = reading.certificate.shown_to, min(_list_days(truth), default=date.min)
        whole = shown == "end" or (isinstance(shown, date) and shown <= first)
        result.score("complete", whole, 1, 1)
        if not whole:
            result.misses.append(f"not read to its end: read to {shown}, {reading.visit.note}")
        claims_all = reached == "end" or (isinstance(reached, date) and reached <= first)
        result.score("claims", claims_all, int(claims_all), 1)


def _is_same(left: str, right: str) -> bool:
    return _strip_blanks(left) == _strip_blanks(right)


def _strip_blanks(text: str) -> str:
    return "".join(text.split())


async def _measure_article(files: Files, case: StoredCase, base: str, truth: Mapping[str, Any]) -> Result:
    result = Result(f"{case.name} {truth['url']}", "articles", truth["dialect"], truth.get("traps", ()))
    answer, article = await read_article(files.fetcher, base + truth["url"], ZONE, files=files)
    read = article is not None and article.state == "read"
    expected = truth["kind"] == "article"
    if truth["kind"] not in _LOOSE:
        result.score("kinds", read == expected, 1, 1)
    if read != expected and truth["kind"] not in _LOOSE:
        result.misses.append(f"kind: expected {truth['kind']}, got {answer.outcome} {article and article.reason}")
    if expected and article is not None:
        _score_particulars(result, truth, article, base)
    if truth["kind"] not in _LOOSE:
        await _measure_as_page(files.fetcher, result, truth, base)
    await _score_items(files, result, truth, article, answer)
    return result


async def _measure_as_page(fetcher: Fetcher, result: Result, truth: Mapping[str, Any], base: str) -> None:
    """The same address as a standing page that a rule asks for: up, or not to be seen."""
    reading = await read_column(fetcher, make_column(truth, base, "page"), ZONE, since=None, kept=none_kept)
    up, expected = reading.visit.outcome is VisitOutcome.READ, truth["kind"] == "article"
    result.score("pages", up == expected, 1, 1)
    if up != expected:
        result.misses.append(f"as a page: expected {truth['kind']}, got {reading.visit.outcome}: {reading.visit.note}")


def _score_particulars(result: Result, truth: Mapping[str, Any], article: Article, base: str) -> None:
    day = day_of(article.claimed)
    true = str(truth["date"]) if truth.get("date") else None
    if day not in truth.get("date_any", ()):
        result.score("dates", day is not None and day == true, day is not None, true is not None)
    if day != true and day not in truth.get("date_any", ()):
        result.misses.append(f"date: expected {true}, got {day} from {article.claimed_from or 'nowhere'}")
    for name, got in (("title", article.title), ("source", article.source)):
        if (wanted := truth.get(name)) is None:
            continue
        result.score(f"{name}s", _is_same(got, wanted), bool(got), 1)
        if not _is_same(got, wanted):
            result.misses.append(f"{name}: expected {wanted}, got {got}")
    text = "".join((article.text or "").split())
    for wanted in truth.get("has", ()):
        there = "".join(wanted.split()) in text
        result.score("texts", there, 1, 1)
        if not there:
            result.misses.append(f"text lacks: {wanted}")
    for unwanted in truth.get("lacks", ()):
        clean = "".join(unwanted.split()) not in text
        result.score("texts", clean, 1, 1)
        if not clean:
            result.misses.append(f"text holds what is not its own: {unwanted}")
    if truth.get("attachments") is not None:
        linked = {path_of(file.url, base) for file in article.attachments}
        true_links = {unquote(url) for url in truth["attachments"]}
        result.score("attachments", len(linked & true_links), len(linked), len(true_links))
        result.misses += [f"attachment missed: {url}" for url in sorted(true_links - linked)]
        result.misses += [f"not an attachment: {url}" for url in sorted(linked - true_links)]


async def _score_items(
    files: Files, result: Result, truth: Mapping[str, Any], article: Article | None, answer: Answer
) -> None:
    """Each item as the rules would ask for it: found, missing, or unseen."""
    if not truth.get("items"):
        return
    version = await _read_version(files, article, answer.at, answer.asked)
    for asked in truth["items"]:
        low, high = asked.get("number") or (None, None)
        item = Item(
            tuple(asked.get("any", ())),
            number=None if low is None or high is None else (low, high),
            names=asked.get("names"),
        )
        place = find_item(version, item) if version is not None and version.state == "read" else None
        got = "found" if place is not None else "missing" if version is not None and is_readable(version) else "unseen"
        result.score("items", got == asked["verdict"], 1, 1)
        if got != asked["verdict"]:
            held = version.attachments if version else ()
            notes = "; ".join(f"{file.name}: {file.note or len(file.text or '')}" for file in held)
            result.misses.append(f"item {item.label}: expected {asked['verdict']}, got {got} ({notes})")
        if asked.get("where") and place is not None:
            is_right_place = all(_strip_blanks(part) in _strip_blanks(str(place)) for part in asked["where"])
            result.score("places", is_right_place, 1, 1)
            if not is_right_place:
                result.misses.append(f"item {item.label}: proved by {place}, expected {asked['where']}")
        if got == "missing" and asked["verdict"] != "missing":
            result.wrong.append(f"item {item.label} is called missing, it is {asked['verdict']}")


async def _read_version(files: Files, article: Article | None, at: datetime, own: str) -> EntryVersion | None:
    """The article with its files read, as the crawl would record it."""
    if article is None:
        return None
    read = await files.read(article.attachments, (), own=own)
    return EntryVersion(
        at, article.title, article.claimed, article.text, article.state, read, article.source,
        article.claimed_from, article.dates,
    )  # fmt: skip
