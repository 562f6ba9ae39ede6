"""Checks at once whether an address proves an occurrence, with the readers and the rules of the crawl.

The result is only a message: the status follows from what a visit to the county's columns finds.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.console.context import ConsoleContext
from tracker.core.escalation.cell_words import CellWords
from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.county import County, Rulebook
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, day_zh, quoted_zh
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
from tracker.evidence.fetch.guard import permitted
from tracker.evidence.listing.columns import read_article
from tracker.evidence.listing.inspect import Seen, inspect, with_files
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Crawl

#: A person waits for the answer: seconds for one request, for the whole check, and between two requests.
_REQUEST_SECONDS, _TOTAL_SECONDS, _PAUSE_SECONDS = 10.0, 25.0, 0.5
_PORTS = {"http": 80, "https": 443}
_DEFAULT_PORTS = tuple(_PORTS.values())
#: Suffixes of hosts that are never public (RFC 6762, RFC 8375 and common use).
_PRIVATE_SUFFIXES = (".local", ".localhost", ".lan", ".internal", ".intranet", ".home.arpa")
_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
#: `host:8080` and `[::1]:8080`, but no bare IPv6 address.
_HAS_PORT = re.compile(r"^([^:]+|\[.*\]):\d+$")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check, in Chinese (`message`).

    `is_refused`: the address cannot be right, so nothing is recorded. `needs_filing`: no crawl will find the article
    there, so it is filed for a person to look at. `is_for_office`: nor would it prove anything there, so the county
    office only hears of it. `claimed`: the date that the article names.
    """

    message: str
    is_refused: bool = False
    needs_filing: bool = False
    is_for_office: bool = False
    claimed: Moment | None = None


async def check_url(
    office: ConsoleContext, rulebook: Rulebook, key: str, url: str, now: datetime, *, is_asked: bool = False
) -> CheckResult:
    """Check whether `url` proves the occurrence `key`.

    `is_asked`: it answers a question (请核对). The site may have been misread: what fits and no column shows is filed
    at once, and so is an address that only a person can judge: nobody is told more until it is decided.
    """
    loaded = office.loaded
    if not on_site(rulebook, url):
        facts = await asyncio.to_thread(office.facts_about, rulebook, key)
        return _result_off_site(rulebook, url, facts.find_occurrence(key), is_asked=is_asked)
    seen = await look_at_page(rulebook, loaded.schedule.crawl, url, now)
    result = _result_without_rules(seen, rulebook, url)
    if result is not None:
        return result
    return await asyncio.to_thread(_judge_page, office, rulebook, key, seen, now, is_asked=is_asked)


def _judge_page(
    office: ConsoleContext, rulebook: Rulebook, key: str, seen: Seen, now: datetime, *, is_asked: bool
) -> CheckResult:
    facts = office.facts_about(rulebook, key)
    if (found := facts.find_occurrence(key)) is None:
        return CheckResult(f"已打开《{seen.title}》，但现行规则中已没有该事项，未作核对。")
    return _judge(office.loaded, facts, *found, seen, now, is_asked=is_asked)


def on_site(rulebook: Rulebook, url: str) -> bool:
    """Whether the address is on one of the county's sites: one of their hosts at one of its ports."""
    return _host_and_port(url) in _allowed_hosts(rulebook)


def _result_off_site(
    rulebook: Rulebook, url: str, found: tuple[DutyGroup, Occurrence] | None, *, is_asked: bool
) -> CheckResult:
    """The result for an address elsewhere. It is filed if the duty can be proved by a filing, or if it was asked for;
    any other address stops no notices."""
    host, _, port = _host_and_port(url).rpartition(":")
    is_our_host = any(place.rpartition(":")[0] == host for place in _allowed_hosts(rulebook))
    if not is_our_host and not _is_public(host.strip("[]")):
        return CheckResult("该网址只能在单位内部打开，公众看不到。请填写公众能打开的网址。", is_refused=True)
    what = f"的端口（{port}）不是本县政府网站所用的端口" if is_our_host else "不在本县政府网站范围内"
    is_filed = found is not None and (is_asked or _accepts_filing(*found))
    return CheckResult(f"该网址{what}，系统不能核对，须由人工认定。", needs_filing=is_filed, is_for_office=not is_filed)


def _accepts_filing(group: DutyGroup, occurrence: Occurrence) -> bool:
    """Whether a part of the occurrence can be proved by a filing."""
    cells = cells_of(group.duty, occurrence.department, occurrence.label)
    return any(source.kind == "filing" for cell in cells for source in cell.sources)


def _is_public(host: str) -> bool:
    """Whether the public may reach the host, by its name alone."""
    try:
        return permitted(host, allow_private=False)
    except ValueError:
        name = host.rstrip(".")
        # Browsers take a name that ends in a number for an IPv4 address, as 127.1 or 0x7f.1.
        return "." in name.lstrip(".") and not _NUMBER.search(name) and not name.endswith(_PRIVATE_SUFFIXES)


def _host_and_port(url: str) -> str:
    """`host:port` of an address, by default with the port of its scheme; "" if it is no address."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}" if host and port else ""


def _allowed_hosts(rulebook: Rulebook) -> frozenset[str]:
    """Every `host:port` that a person may have us read: those of the county's columns, and its hosts at the default
    ports. At other ports anything may listen."""
    columns = {_host_and_port(column.url) for column in rulebook.county.columns.values()} - {""}
    hosts = {host.lower() for host in rulebook.county.hosts} | {column.rpartition(":")[0] for column in columns}
    with_port = {host for host in hosts if _HAS_PORT.search(host)}
    default = {f"{_with_brackets(host)}:{port}" for host in hosts - with_port for port in _DEFAULT_PORTS}
    return frozenset(columns | with_port | default)


def _with_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


async def look_at_page(rulebook: Rulebook, crawl: Crawl, url: str, now: datetime) -> Seen:
    """What stands at an address of the county's sites at this moment, with the files of an article."""
    county = rulebook.county
    limits = Limits(
        delay=min(crawl.delay.total_seconds(), _PAUSE_SECONDS),
        timeout=min(crawl.timeout.total_seconds(), _REQUEST_SECONDS),
        max_bytes=crawl.max_bytes,
        max_pages=1,
    )
    file_limits = FileLimits(crawl.max_file_bytes, min(crawl.file_timeout.total_seconds(), _REQUEST_SECONDS))
    seen: Seen | None = None
    try:
        fetching = Fetcher(_allowed_hosts(rulebook), county.allow_private, limits, lambda: now, own=county.own_hosts)
        async with asyncio.timeout(_TOTAL_SECONDS), fetching as fetcher, FileReader(file_limits) as reader:
            files = Files(fetcher, reader)
            seen = await inspect(url, fetcher, county.zone, files)
            if seen.kind == "unverifiable":
                seen = await _read_as_article(seen, fetcher, files, rulebook)
            return await with_files(seen, files)
    except TimeoutError:  # if only the files came too late, the article is known
        return seen or Seen(url, "unverifiable", "网站未能及时打开")


async def _read_as_article(seen: Seen, fetcher: Fetcher, files: Files, rulebook: Rulebook) -> Seen:
    """Read a page that is not marked as an article as one, as the crawl reads the entries of a column."""
    answer, article = await read_article(fetcher, seen.url, rulebook.county.zone, files=files)
    if article is None or article.state != "read":
        reason = article.reason if article is not None else answer.note
        return replace(seen, reason=reason or seen.reason)
    return replace(seen, kind="article", reason="", title=article.title, published=article.claimed, article=article)


def _result_without_rules(seen: Seen, rulebook: Rulebook, url: str) -> CheckResult | None:
    """The result if no article or file was read; None if one was, and the rules must judge it."""
    if seen.kind == "missing":
        return CheckResult(f"该网址不能作为公开的依据：{seen.reason}。请核对后重新填写。", is_refused=True)
    is_page = any(column.kind == "page" and column.url == url for column in rulebook.county.columns.values())
    if seen.kind == "listing" and not is_page:
        return CheckResult("该网址是栏目或列表，请打开所公开的文章，填写文章本身的网址。", is_refused=True)
    if not seen.looked:
        cause = f"系统暂时未能读取该网址（{seen.reason}）。{remedy(seen.reason)}"
        return CheckResult(f"{cause}本次填报已经登记，系统下次检查网站时再行核对。")
    return None


def _judge(
    loaded: Loaded,
    county_facts: CountyFacts,
    group: DutyGroup,
    occurrence: Occurrence,
    seen: Seen,
    now: datetime,
    *,
    is_asked: bool,
) -> CheckResult:
    """The result by the rules, judged as if the columns of the occurrence showed this article."""
    county, duty = county_facts.rulebook.county, group.duty
    named = f"《{seen.title}》（{_published_zh(seen.published, county.zone)}）"
    if not group.columns:
        message = f"已打开{named}；该事项凭报送的材料认定，须由人工核对。"
        return CheckResult(message, needs_filing=True, claimed=seen.published)
    occurrences, facts = county_facts.occurrences(group), county_facts.facts_of(group)
    same = [entry for entry in facts.entries if _without_scheme(entry.url) == _without_scheme(seen.url)]
    others = [entry for entry in facts.entries if _without_scheme(entry.url) != _without_scheme(seen.url)]
    listed = [entry for entry in same if entry.gone_at is None]
    entries = _entries(group, seen, listed, now)
    as_if = replace(facts, entries=(*others, *entries))
    verdict = judge(duty, group.assignment, occurrences, as_if, county, loaded.calendar, now)[occurrence.key]
    addresses = {entry.url for entry in entries}
    about = [finding for finding in verdict.findings if finding.about in addresses]
    if not any(finding.counts for finding in about):
        alone = replace(facts, entries=entries)
        near_misses = find_near_misses(
            duty, group.assignment, occurrences, alone, county, loaded.calendar, occurrence
        ).nearest
        why = next((finding.reason for finding in (*about, *near_misses)), "与该事项的要求不符")
        return CheckResult(f"已打开{named}，但按规则尚不能证明该事项：{why}。", claimed=seen.published)
    message = _proof_message(named, verdict, group, occurrence, county)
    if listed:
        message += "该文章已在应公开的栏目中查到，系统下次核对后更新状态。"
        return CheckResult(message, claimed=seen.published)
    titles = quoted_zh(county.columns[key].title for key in sorted(group.columns) if key in county.columns)
    message += f"该文章尚未在应公开的栏目{titles}中查到，请确认已发布到该栏目，系统下次检查网站时再行核对。"
    is_unlisted = is_asked or _is_read_since(county_facts, group, seen.published)
    return CheckResult(message, needs_filing=is_unlisted, claimed=seen.published)


def _entries(group: DutyGroup, seen: Seen, listed: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """The article as entries of a crawl: in the columns that list it, else in each column of the duty."""
    article = seen.article
    assert article is not None
    version = EntryVersion(
        now, article.title or seen.title, article.claimed, article.text, article.state, article.attachments,
        article.source, article.claimed_from, article.dates,
    )  # fmt: skip
    if listed:
        # A list may print a title in full that the article's own page cuts short.
        return tuple(
            replace(entry, versions=(*entry.versions, replace(version, title=entry.title))) for entry in listed
        )
    return tuple(
        Entry(-number, column, seen.url, (version,), now, now) for number, column in enumerate(sorted(group.columns), 1)
    )


def _proof_message(named: str, verdict: Verdict, group: DutyGroup, occurrence: Occurrence, county: County) -> str:
    """The message that the article proves the occurrence, or which cells of it are still unproved."""
    unproved = CellWords(occurrence, verdict, group.duty, county).sentences("missing", "open", "unseen")
    if not unproved:
        return f"已打开{named}，内容符合该事项的要求。"
    return f"已打开{named}，可以证明该事项的一部分，尚不完整：{'；'.join(unproved)}。"


def _is_read_since(county_facts: CountyFacts, group: DutyGroup, published: Moment | None) -> bool:
    """Whether every column was read since the article was published: no later visit will find it there either."""
    if published is None:
        return False
    after = published if isinstance(published, datetime) else day_end(published, county_facts.rulebook.county.zone)
    visits = county_facts.facts_of(group).visits
    read = {visit.column for visit in visits if visit.outcome is VisitOutcome.READ and visit.began_at >= after}
    return group.columns <= read


def _published_zh(moment: Moment | None, zone: ZoneInfo) -> str:
    return "未见发布日期" if moment is None else f"{day_zh(moment_day(moment, zone))}发布"


def _without_scheme(url: str) -> str:
    """The address without scheme and fragment, which do not change the page."""
    return url.partition("#")[0].partition("://")[2]
