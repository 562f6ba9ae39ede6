"""`duban inspect | site`: what the readers see at one address, and how well each column can be read."""

from __future__ import annotations

import argparse
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import console, emit, plain, say
from tracker.commands.parsing import add

if TYPE_CHECKING:
    from tracker.core.law.county import Interface, SiteColumn
    from tracker.core.law.duties import Duty, Item
    from tracker.core.law.workdays import Calendar
    from tracker.evidence.listing.inspect import InspectedItem, Seen
    from tracker.rulebook.loaded import Loaded
    from tracker.store.health import Health

ENTRIES = ("date", "title", "url")
SITE = (
    "county", "column", "title", "outcome", "note", "last_attempt", "last_success", "entries", "newest", "days",
    "workdays", "dialect", "url",
)  # fmt: skip
SHOWN = ("column", "outcome", "last_success", "entries", "newest", "days", "workdays", "dialect", "note")


def register(commands: Any) -> None:
    inspect = add(commands, "inspect", _inspect)
    inspect.add_argument("url", metavar="URL", help="of a column, an article or a file")
    inspect.add_argument("--duty", metavar="ID", help="look for what this duty asks for (DUTY or PACK/DUTY)")
    inspect.add_argument("--json", action="store_true", help="for programs")
    inspect.add_argument("--allow-private", action="store_true", help="private and loopback addresses too")
    inspect.add_argument("--max-pages", type=context.count, default=50, metavar="N", help="of a list (default: 50)")
    site = add(commands, "site", _site, rows=True)
    site.add_argument("--now", metavar="INSTANT", help="count the days without update up to then")


# -- inspect ---------------------------------------------------------------------------------------


def _inspect(args: argparse.Namespace) -> int:
    host = _host(args.url)
    asked = _asked(args)

    async def work() -> tuple[Seen, dict[str, InspectedItem]]:
        from tracker.clock import system_clock
        from tracker.evidence.attachments.collect import Files
        from tracker.evidence.attachments.readers.reader import FileReader
        from tracker.evidence.fetch.fetcher import Fetcher, Limits
        from tracker.evidence.listing.inspect import contents_of, inspect, with_files

        limits = Limits(max_pages=args.max_pages, delay=0 if _is_this_machine(args.url) else Limits().delay)
        async with Fetcher([host], args.allow_private, limits, system_clock) as fetcher, FileReader() as reader:
            files = Files(fetcher, reader)
            seen = await inspect(args.url, fetcher, asked.zone, files, dialect=asked.dialect, interface=asked.interface)
            if not asked.duties:
                return seen, {}
            seen = await with_files(seen, files)
            return seen, contents_of(seen, asked.items, system_clock())

    seen, contents = context.run(work())
    if args.json:
        import json

        print(json.dumps(seen.to_json(contents), ensure_ascii=False, indent=1))
    else:
        _show(seen, contents, asked=bool(asked.duties))
        if not (seen.looked or args.allow_private) and "内部地址" in seen.reason:
            say("give --allow-private to look at a private or loopback address")
    return 0 if seen.looked else 1


def _host(url: str) -> str:
    """The only host that is read: the address's own, with its port where it names one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"{url!r} is no address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{url!r} is no address; write it whole, as http://… or https://…")
    if parts.username is not None:
        raise UsageError("an address with a user's name in it is not asked")
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _is_this_machine(url: str) -> bool:
    """Which needs no pause between requests."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class _AskedColumn:
    """What --duty brings along: the duties of that name, and how the rules have the address read."""

    zone: tzinfo
    duties: tuple[Duty, ...] = ()
    dialect: str = ""
    interface: Interface | None = None

    @property
    def items(self) -> list[Item]:
        """What the duties ask for, each thing once."""
        return list(dict.fromkeys(item for duty in self.duties for part in duty.parts for item in part.contents.items))


def _asked(args: argparse.Namespace) -> _AskedColumn:
    if args.duty is None:
        from zoneinfo import ZoneInfo

        return _AskedColumn(ZoneInfo("Asia/Shanghai"))
    loaded = context.load(args, fallback=True)
    books = [context.pick(loaded, args)] if args.county else list(loaded.rulebooks)
    duties = [duty for book in books for duty in book.duties if args.duty in (duty.id, f"{duty.pack}/{duty.id}")]
    if not duties:
        from tracker.rulebook.suggest import suggestion

        raise UsageError(f"--duty {args.duty}: unknown{suggestion(args.duty, {d.id for b in books for d in b.duties})}")
    county = next(book.county for book in books if book.county.id == duties[0].county)
    column = next((one for one in county.columns.values() if one.url == args.url), None)
    if column is None:
        return _AskedColumn(county.zone, tuple(duties))
    return _AskedColumn(county.zone, tuple(duties), column.dialect, column.interface)


def _show(seen: Seen, contents: Mapping[str, InspectedItem], *, asked: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _particulars(seen):
        table.add_row(name, Text(value))
    for label, item in contents.items():
        mark = {True: "found", False: "not found", None: "cannot judge"}[item.found]
        table.add_row("contents", Text(f"{label}: {mark}{f'  ({item.where})' if item.where else ''}"))
    console().print(table)
    if asked and not contents:
        say("contents are looked for in an article or a file that asks for any; there is nothing to look for here")
    if seen.entries:
        rows = [
            {
                "date": f"{plain(sighting.claimed)}{' ?' if sighting.inferred else ''}",
                "title": sighting.title,
                "url": sighting.url,
            }
            for sighting in seen.entries
        ]
        emit(ENTRIES, rows, "table")


def _particulars(seen: Seen) -> Iterator[tuple[str, str]]:
    published = f"{plain(seen.published)} ({seen.published_from})" if seen.published else ""
    named = {
        "url": seen.url, "kind": seen.kind, "reason": seen.reason, "dialect": seen.dialect, "title": seen.title,
        "published": published, "source": seen.source, "encoding": seen.encoding,
        "entries": str(len(seen.entries)) if seen.kind == "listing" else "",
        "pages": str(seen.pages) if seen.pages else "", "flags": ", ".join(seen.flags),
    }  # fmt: skip
    yield from ((name, value) for name, value in named.items() if value)
    if seen.article is not None:
        for file in seen.article.attachments:
            yield "attachment", f"{file.name}  {file.url}{f'  ({file.note})' if file.note else ''}"


# -- site ------------------------------------------------------------------------------------------


def _site(args: argparse.Namespace) -> int:
    from tracker.store.health import column_health
    from tracker.store.site import kept_pages

    loaded = context.load(args)
    books = [context.pick(loaded, args)] if args.county else list(loaded.rulebooks)
    now, rows, visited = context.instant(args, loaded.schedule.zone), [], False
    with context.opened(args, create=False) as store, store.read() as tx:
        for county in (book.county for book in books):
            health = column_health(tx, county.id, now.astimezone(county.zone).date())
            pages = kept_pages(tx, county.id, [column.url for column in county.columns.values()])
            dialects = {url: str(page.parsed.get("dialect", "")) for url, page in pages.items()}
            visited = visited or bool(health)
            rows += [
                {"county": county.id, "dialect": dialects.get(column.url, "")}
                | _row(column, health.get(column.key), loaded, now, county.zone)
                for column in county.columns.values()
            ]
    emit(SHOWN if args.format == "table" else SITE, rows, args.format)
    if not visited:
        say("no column was visited yet: run `duban crawl` or `duban once` first")
    return int(any(row["outcome"] not in ("read", None) for row in rows))


def _row(column: SiteColumn, health: Health | None, loaded: Loaded, now: datetime, zone: tzinfo) -> dict[str, Any]:
    row: dict[str, Any] = {"column": column.key, "title": column.title, "url": column.url}
    if health is None:
        return row | {"outcome": None, "note": "从未读取"}
    last = _day(health.newest or health.arrived_at, zone)
    today = now.astimezone(zone).date()
    return row | {
        "outcome": health.outcome.value,
        "note": health.note,
        "last_attempt": health.attempted_at.astimezone(zone),
        "last_success": health.succeeded_at.astimezone(zone) if health.succeeded_at else None,
        "entries": health.entries,
        "newest": last,
        "days": (today - last).days if last else None,
        "workdays": _workdays(loaded.calendar, last, today) if last else None,
    }


def _day(moment: date | datetime | None, zone: tzinfo) -> date | None:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _workdays(calendar: Calendar, last: date, today: date) -> int | None:
    """Working days after the last one on which something came out; None beyond the calendar."""
    from tracker.core.law.workdays import FIRST_DAY, LAST_DAY

    if not FIRST_DAY <= last <= today <= LAST_DAY:
        return None
    return calendar.workdays_between(last, today)
