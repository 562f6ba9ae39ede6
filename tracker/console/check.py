"""Whether what lies at an address proves what is owed: looked at now, with the readers and the rules of the crawl.

Nothing is concluded from it but words: the status follows from what a visit to the county's columns finds.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from tracker.console.context import ConsoleContext
from tracker.core.escalation.notice_fields import cells_zh
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, day_zh
from tracker.core.matching.near_misses import find_near_misses
from tracker.core.values.facts import Entry, EntryVersion, Moment, VisitOutcome
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.status import judge
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.evidence.attachments.collect import Files
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.fetch.failures import remedy
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import read_article
from tracker.evidence.listing.inspect import Seen, inspect, with_files
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Crawl

#: A person waits for the answer: seconds for one request, for all of it, between two requests.
_ONE, _ALL, _PAUSE = 10.0, 25.0, 0.5
_PORTS = {"http": 80, "https": 443}
_USUAL = tuple(_PORTS.values())
#: Ends of names that no public name has (RFC 6762, RFC 8375 and use).
_INSIDE = (".local", ".localhost", ".lan", ".internal", ".intranet", ".home.arpa")
#: `host:8080` and `[::1]:8080`, but no bare IPv6 address.
_ENDS_IN_PORT = re.compile(r"^([^:]+|\[.*\]):\d+$")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of looking at an address, in words (Chinese).

    `wrong`: the address cannot be meant, so nothing is recorded. `unseen`: no crawl will find it where it lies, so
    that it is filed for a person to look at. `told`: nor would it prove anything there, so that the county office
    only hears of it. `claimed`: the date that the article names.
    """

    words: str
    wrong: bool = False
    unseen: bool = False
    told: bool = False
    claimed: Moment | None = None


async def look_at(desk: ConsoleContext, rulebook: Rulebook, key: str, url: str, now: datetime) -> CheckResult:
    """Look at `url`, which is said to prove the occurrence `key`."""
    loaded = desk.loaded
    if not on_site(rulebook, url):
        facts = await asyncio.to_thread(desk.facts_about, rulebook, key)
        return _elsewhere(rulebook, url, facts.find_occurrence(key))
    seen = await _inspect(rulebook, loaded.schedule.crawl, url, now)
    if (early := _plain(seen, rulebook, url)) is not None:
        return early
    return await asyncio.to_thread(_weighed, desk, rulebook, key, seen, now)


def _weighed(desk: ConsoleContext, rulebook: Rulebook, key: str, seen: Seen, now: datetime) -> CheckResult:
    facts = desk.facts_about(rulebook, key)
    if (found := facts.find_occurrence(key)) is None:
        return CheckResult(f"已打开《{seen.title}》，但现行规则中已没有该事项，未作核对。")
    return _judged(desk.loaded, facts, *found, seen, now)


def on_site(rulebook: Rulebook, url: str) -> bool:
    """Whether the address lies where the county's sites are read: a host of theirs at one of its ports."""
    return _place(url) in _places(rulebook)


def _elsewhere(rulebook: Rulebook, url: str, found: tuple[DutyGroup, Occurrence] | None) -> CheckResult:
    """It is filed where a filed proof is one; an address alone takes no matter out of what is pressed."""
    host, _, port = _place(url).rpartition(":")
    here = any(place.rpartition(":")[0] == host for place in _places(rulebook))
    if not here and not _public(host.strip("[]")):
        return CheckResult("该网址只能在单位内部打开，公众看不到。请填写公众能打开的网址。", wrong=True)
    what = f"的端口（{port}）不是本县政府网站所用的端口" if here else "不在本县政府网站范围内"
    filed = found is not None and _by_filing(*found)
    return CheckResult(f"该网址{what}，系统不能核对，须由人工认定。", unseen=filed, told=not filed)


def _by_filing(group: DutyGroup, occurrence: Occurrence) -> bool:
    """Whether a part of what is owed can be proved by what is filed."""
    cells = cells_of(group.duty, occurrence.department, occurrence.label)
    return any(source.kind == "filing" for cell in cells for source in cell.sources)


def _public(host: str) -> bool:
    """Whether somebody outside may reach the host, by its name alone."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.rstrip(".").endswith(_INSIDE)


def _place(url: str) -> str:
    """`host:port` of an address, the port of its scheme where it names none; "" where it is none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}" if host and port else ""


def _places(rulebook: Rulebook) -> frozenset[str]:
    """`host:port` wherever a person may have us look: the places of the county's columns, and its hosts at the ports
    that every site has. Others may be anything that happens to listen there."""
    columns = {_place(column.url) for column in rulebook.county.columns.values()} - {""}
    named = {host.lower() for host in rulebook.county.hosts} | {column.rpartition(":")[0] for column in columns}
    given = {one for one in named if _ENDS_IN_PORT.search(one)}
    return frozenset(columns | given | {f"{_bracketed(one)}:{port}" for one in named - given for port in _USUAL})


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


async def _inspect(rulebook: Rulebook, crawl: Crawl, url: str, now: datetime) -> Seen:
    county = rulebook.county
    limits = Limits(
        delay=min(crawl.delay.total_seconds(), _PAUSE),
        timeout=min(crawl.timeout.total_seconds(), _ONE),
        max_bytes=crawl.max_bytes,
        max_pages=1,
    )
    file_limits = FileLimits(crawl.max_file_bytes, min(crawl.file_timeout.total_seconds(), _ONE))
    seen: Seen | None = None
    try:
        async with (
            asyncio.timeout(_ALL),
            Fetcher(_places(rulebook), county.allow_private, limits, lambda: now, own=county.own_hosts) as fetcher,
            FileReader(file_limits) as reader,
        ):
            files = Files(fetcher, reader)
            seen = await inspect(url, fetcher, county.zone, files)
            if seen.kind == "unverifiable":
                seen = await _as_article(seen, fetcher, files, rulebook)
            return await with_files(seen, files)
    except TimeoutError:  # of the files at most: then what the article says is known
        return seen or Seen(url, "unverifiable", "网站未能及时答复")


async def _as_article(seen: Seen, fetcher: Fetcher, files: Files, rulebook: Rulebook) -> Seen:
    """What does not say by itself that it is an article is read as one, as the crawl reads what a column lists."""
    answer, article = await read_article(fetcher, seen.url, rulebook.county.zone, files=files)
    if article is None or article.state != "read":
        reason = article.reason if article is not None else answer.note
        return replace(seen, reason=reason or seen.reason)
    return replace(seen, kind="article", reason="", title=article.title, published=article.claimed, article=article)


def _plain(seen: Seen, rulebook: Rulebook, url: str) -> CheckResult | None:
    """What can be said without the rules; None where an article or a file was read."""
    if seen.kind == "missing":
        return CheckResult(f"该网址打不开：{seen.reason}。请核对后重新填写。", wrong=True)
    is_page = any(column.kind == "page" and column.url == url for column in rulebook.county.columns.values())
    if seen.kind == "listing" and not is_page:
        return CheckResult("该网址是栏目或列表，请打开所公开的文章，填写文章本身的网址。", wrong=True)
    if not seen.looked:
        words = f"系统暂时未能读取该网址（{seen.reason}）。{remedy(seen.reason)}"
        return CheckResult(f"{words}本次填报已经登记，系统下次查看网站时再行核对。")
    return None


def _judged(
    loaded: Loaded, county_facts: CountyFacts, group: DutyGroup, occurrence: Occurrence, seen: Seen, now: datetime
) -> CheckResult:
    """What the rules say of the occurrence as if its columns showed this article."""
    named = f"《{seen.title}》" + (
        f"（{_when(seen.published, county_facts)}）" if seen.published else "（未见发布日期）"
    )
    if not group.columns:
        words = f"已打开{named}；该事项凭报送的材料认定，须由人工核对。"
        return CheckResult(words, unseen=True, claimed=seen.published)
    county, duty, owed, facts = (
        county_facts.rulebook.county,
        group.duty,
        county_facts.occurrences(group),
        county_facts.facts_of(group),
    )
    listed = [entry for entry in facts.entries if _bare(entry.url) == _bare(seen.url) and entry.gone_at is None]
    entries = _entries(group, seen, listed, now)
    others = [entry for entry in facts.entries if _bare(entry.url) != _bare(seen.url)]
    as_if = replace(facts, entries=(*others, *entries))
    verdict = judge(duty, group.assignment, owed, as_if, county, loaded.calendar, now)[occurrence.key]
    addresses = {entry.url for entry in entries}
    about = [finding for finding in verdict.findings if finding.about in addresses]
    if not any(finding.counts for finding in about):
        alone = replace(facts, entries=entries)
        passed = find_near_misses(duty, group.assignment, owed, alone, county, loaded.calendar, occurrence).nearest
        why = next((finding.reason for finding in (*about, *passed)), "与该事项的要求不符")
        return CheckResult(f"已打开{named}，但按规则尚不能证明该事项：{why}。", claimed=seen.published)
    words = _enough(named, verdict, group, occurrence, county_facts)
    if listed:
        words += "该文章已在应公开的栏目中查到，系统下次核对后更新状态。"
        return CheckResult(words, claimed=seen.published)
    titles = dict.fromkeys(county.columns[key].title for key in sorted(group.columns) if key in county.columns)
    words += (
        f"该文章尚未在应公开的栏目（“{'”“'.join(titles)}”）中查到，请确认已发布到该栏目，系统下次查看网站时再行核对。"
    )
    return CheckResult(words, unseen=_looked_over(county_facts, group, seen.published), claimed=seen.published)


def _entries(group: DutyGroup, seen: Seen, listed: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """The article as the crawl would know it: where it is listed, else in each column of the duty."""
    article = seen.article
    assert article is not None
    version = EntryVersion(
        now, article.title or seen.title, article.claimed, article.text, article.state, article.attachments,
        article.source, article.claimed_from, article.dates,
    )  # fmt: skip
    if listed:
        # A list may print a title that the article's own page cuts short.
        return tuple(
            replace(entry, versions=(*entry.versions, replace(version, title=entry.title))) for entry in listed
        )
    return tuple(
        Entry(-number, column, seen.url, (version,), now, now) for number, column in enumerate(sorted(group.columns), 1)
    )


def _enough(named: str, verdict: Verdict, group: DutyGroup, occurrence: Occurrence, county_facts: CountyFacts) -> str:
    """What is still wanting beside it, if anything."""
    county = county_facts.rulebook.county
    wanting = [
        one
        for state in ("missing", "open", "unseen")
        for one in cells_zh(state, verdict, group.duty, county, occurrence.department)
    ]
    if not wanting:
        return f"已打开{named}，内容符合该事项的要求。"
    return f"已打开{named}，可以证明该事项的一部分，尚缺：{'；'.join(dict.fromkeys(wanting))}。"


def _looked_over(county_facts: CountyFacts, group: DutyGroup, published: Moment | None) -> bool:
    """Whether every column was read after the article came out: then it is listed in none, and no visit finds it."""
    if published is None:
        return False
    after = published if isinstance(published, datetime) else day_end(published, county_facts.rulebook.county.zone)
    visits = county_facts.facts_of(group).visits
    read = {visit.column for visit in visits if visit.outcome is VisitOutcome.READ and visit.began_at >= after}
    return group.columns <= read


def _when(moment: Moment | None, county_facts: CountyFacts) -> str:
    if moment is None:
        return ""
    zone = county_facts.rulebook.county.zone
    return f"{day_zh(moment_day(moment, zone))}发布"


def _bare(url: str) -> str:
    """An address without what does not change the page."""
    return url.partition("#")[0].partition("://")[2]
