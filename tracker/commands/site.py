"""`duban inspect | site`: prints what the readers see at an address, and how well each column can be read."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import head_of, pad, tr, word
from tracker.commands.output import console, emit, say
from tracker.commands.parsing import command, count, now_option, option
from tracker.reports.list_csv import plain

if TYPE_CHECKING:
    from tracker.core.assessment.enrolment import Enrolment
    from tracker.core.law.county import County, Interface, SiteColumn
    from tracker.core.law.duties import Duty, Item
    from tracker.core.law.workdays import Calendar
    from tracker.evidence.listing.inspect import InspectedItem, Seen
    from tracker.rulebook.loaded import Loaded
    from tracker.store.visits import Health

ENTRIES = ("date", "title", "url")
COLUMNS = (
    "county", "column", "title", "outcome", "note", "last_attempt", "last_success", "entries", "newest", "days",
    "workdays", "dialect", "url", "reached", "certificate", "confirmed", "asked",
)  # fmt: skip
TABLE = ("column", "outcome", "last_success", "entries", "newest", "days", "workdays", "absence", "note")
WHOLE = (
    "column", "title", "url", "dialect", "outcome", "note", "last_attempt", "last_success", "entries", "newest",
    "days", "workdays", "absence", "confirmed", "asked",
)  # fmt: skip


# -- inspect ---------------------------------------------------------------------------------------


@command("inspect", fallback=True)
@option("url", metavar="URL", help="of a column, an article or a file")
@option("--duty", metavar="ID", help="look for what this duty asks for (DUTY or PACK/DUTY)")
@option("--json", action="store_true", help="for programs")
@option("--allow-private", action="store_true", help="private and loopback addresses too")
@option("--max-pages", type=count, default=50, metavar="N", help="of a list (default: 50)")
def inspect_url(args: Namespace, context: CommandContext) -> int:
    host = _host(args.url)
    settings = _settings_of(args, context)
    seen, contents = asyncio.run(_inspect(args, host, settings))
    if _is_refused_as_private(args, seen) and _county_allows_private(args):
        args.allow_private = True
        seen, contents = asyncio.run(_inspect(args, host, settings))
    if args.json:
        print(json.dumps(seen.to_json(contents), ensure_ascii=False, indent=1))
    else:
        _print(seen, contents, has_duty=bool(settings.duties))
        if _is_refused_as_private(args, seen):
            say("give --allow-private to look at a private or loopback address")
    return 0 if seen.looked else 1


def _is_refused_as_private(args: Namespace, seen: Seen) -> bool:
    return not (seen.looked or args.allow_private) and "内部地址" in seen.reason


def _county_allows_private(args: Namespace) -> bool:
    """Whether a county of the folder has its sites on private addresses.

    Rules that are wrong allow nothing, nor do the shipped ones in place of the folder's own.
    """
    from tracker.rulebook.errors import RuleErrors

    try:
        return any(book.county.allow_private for book in CommandContext(args).rulebooks)
    except (RuleErrors, UsageError):
        return False


async def _inspect(args: Namespace, host: str, settings: _Settings) -> tuple[Seen, dict[str, InspectedItem]]:
    from tracker.clock import system_clock
    from tracker.evidence.attachments.collect import Files
    from tracker.evidence.attachments.readers.reader import FileReader
    from tracker.evidence.fetch.fetcher import Fetcher, Limits
    from tracker.evidence.listing.inspect import contents_of, inspect, with_files

    limits = Limits(max_pages=args.max_pages, delay=0 if _is_this_machine(args.url) else Limits().delay)
    async with Fetcher([host], args.allow_private, limits, system_clock) as fetcher, FileReader() as reader:
        files = Files(fetcher, reader)
        seen = await inspect(
            args.url, fetcher, settings.zone, files, dialect=settings.dialect, interface=settings.interface
        )
        if not settings.duties:
            return seen, {}
        seen = await with_files(seen, files)
        return seen, contents_of(seen, settings.items, system_clock())


def _host(url: str) -> str:
    """The host of the address, with its port if it names one; no other host is read."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("{url!r} is no address", url=url) from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError("{url!r} is no address; write it whole, as http://… or https://…", url=url)
    if parts.username is not None:
        raise UsageError("an address with a user's name in it is not asked")
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _is_this_machine(url: str) -> bool:
    """Whether the address is on this machine, so that requests need no pause between them."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class _Settings:
    """What --duty says: the duties of that name, and how the rules have the address read."""

    zone: tzinfo
    duties: tuple[Duty, ...] = ()
    dialect: str = ""
    interface: Interface | None = None

    @property
    def items(self) -> list[Item]:
        """The items that the duties demand, each once."""
        return list(dict.fromkeys(item for duty in self.duties for part in duty.parts for item in part.contents.items))


def _settings_of(args: Namespace, context: CommandContext) -> _Settings:
    if args.duty is None:
        return _Settings(ZoneInfo("Asia/Shanghai"))
    books = context.rulebooks
    duties = [duty for book in books for duty in book.duties if args.duty in (duty.id, f"{duty.pack}/{duty.id}")]
    if not duties:
        from tracker.rulebook.suggest import suggestion

        known = {duty.id for book in books for duty in book.duties}
        raise UsageError("--duty {duty}: unknown{suggestion}", duty=args.duty, suggestion=suggestion(args.duty, known))
    county = next(book.county for book in books if book.county.id == duties[0].county)
    column = next((column for column in county.columns.values() if column.url == args.url), None)
    if column is None:
        return _Settings(county.zone, tuple(duties))
    return _Settings(county.zone, tuple(duties), column.dialect, column.interface)


def _print(seen: Seen, contents: Mapping[str, InspectedItem], *, has_duty: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _fields(seen):
        table.add_row(head_of(name), Text(word(name, value)))
    for label, item in contents.items():
        mark = tr({True: "found", False: "not found", None: "cannot judge"}[item.found])
        table.add_row(head_of("contents"), Text(f"{label}: {mark}{f'  ({item.where})' if item.where else ''}"))
    console().print(table)
    if has_duty and not contents:
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


def _fields(seen: Seen) -> Iterator[tuple[str, str]]:
    published = f"{plain(seen.published)} ({seen.published_from})" if seen.published else ""
    fields = {
        "url": seen.url, "kind": seen.kind, "reason": seen.reason, "dialect": seen.dialect, "title": seen.title,
        "published": published, "source": seen.source, "encoding": seen.encoding,
        "entries": str(len(seen.entries)) if seen.kind == "listing" else "",
        "pages": str(seen.pages) if seen.pages else "", "flags": ", ".join(seen.flags),
    }  # fmt: skip
    yield from ((name, value) for name, value in fields.items() if value)
    if seen.article is not None:
        for file in seen.article.attachments:
            yield "attachment", f"{file.name}  {file.url}{f'  ({file.note})' if file.note else ''}"


# -- site ------------------------------------------------------------------------------------------


@command("site", rows=True)
@option("columns", nargs="*", default=[], metavar="COLUMN", help="only these, whole: keys, or what they end in")
@now_option(help="count the days without update up to then")
def show_site(args: Namespace, context: CommandContext) -> int:
    from tracker.registers.columns import load_enrolments
    from tracker.store.site import load_listing_pages
    from tracker.store.visits import load_column_health

    loaded = context.loaded
    counties = [book.county for book in context.rulebooks]
    now, shown = context.instant(loaded.schedule.zone), list[_ShownColumn]()
    with context.open_store() as store, store.read() as tx:
        for county in counties:
            health = load_column_health(tx, county.id, now.astimezone(county.zone).date())
            pages = load_listing_pages(tx, county.id, [column.url for column in county.columns.values()])
            dialects = {url: str(page.parsed.get("dialect", "")) for url, page in pages.items()}
            enrolments = {enrolment.column.url: enrolment for enrolment in load_enrolments(tx, county)}
            shown += [
                _ShownColumn(
                    county, column, dialects.get(column.url, ""), health.get(column.key), enrolments.get(column.url)
                )
                for column in county.columns.values()
            ]
    visited = any(each.health for each in shown)
    chosen = _choose(shown, args.columns)
    rows = [each.row(loaded, now, args.format) for each in chosen]
    if args.columns and args.format == "table":
        for each, row in zip(chosen, rows, strict=True):
            _print_whole(each, row)
    else:
        emit(COLUMNS, rows, args.format, table=TABLE)
    if not visited:
        say("no column was visited yet: run `duban crawl` or `duban once` first")
    return int(any(row["outcome"] not in ("read", None) for row in rows))


@dataclass(frozen=True, slots=True)
class _ShownColumn:
    """A column with what is known of it. `enrolment`: None for a standing page."""

    county: County
    column: SiteColumn
    dialect: str
    health: Health | None
    enrolment: Enrolment | None

    def row(self, loaded: Loaded, now: datetime, form: str) -> dict[str, Any]:
        column, health, zone = self.column, self.health, self.county.zone
        row: dict[str, Any] = {"county": self.county.id, "column": column.key, "title": column.title}
        row |= {"url": column.url, "dialect": self.dialect}
        if health is None:
            return row | {"outcome": None, "note": "从未读取"}
        last = _day_of(health.newest or health.arrived_at, zone)
        today = now.astimezone(zone).date()
        in_minutes = form == "table"
        return row | self._certified(form) | {
            "outcome": health.outcome.value,
            "note": health.note,
            "last_attempt": _local(health.attempted_at, zone, in_minutes=in_minutes),
            "last_success": _local(health.succeeded_at, zone, in_minutes=in_minutes),
            "entries": health.entries,
            "newest": last,
            "days": (today - last).days if last else None,
            "workdays": _workdays(loaded.calendar, last, today) if last else None,
        }  # fmt: skip

    def _certified(self, form: str) -> dict[str, Any]:
        """What the last visit that read it may claim, by which certificate, and what people confirmed."""
        from tracker.commands.certificate_lines import claim, to_json

        enrolment = self.enrolment
        if enrolment is None or enrolment.visit is None:
            return {}
        zone = self.county.zone
        parts: Any = to_json(enrolment.certificate)
        confirmed = [
            (kind, one.by, one.at.astimezone(zone).date().isoformat()) for kind, one in enrolment.in_force.items()
        ]
        if form == "json":
            shown: Any = [{"kind": kind, "by": by, "on": on} for kind, by, on in confirmed]
        else:
            shown = tr("; ").join(
                f"{word('kind', kind) if form == 'table' else kind} {by} {on}" for kind, by, on in confirmed
            )
            parts = " ".join(f"{part['part']}={plain(part['holds']) or '-'}" for part in parts or ())
        asked = [word("kind", kind) if form == "table" else kind for kind in enrolment.asked]
        return {
            "reached": str(enrolment.visit.reached or ""),
            "absence": claim(enrolment.certificate, enrolment.visit.reached),
            "certificate": parts,
            "confirmed": shown,
            "asked": (tr(", ") if form == "table" else " ").join(asked),
        }


def _choose(shown: list[_ShownColumn], names: list[str]) -> list[_ShownColumn]:
    """The columns of these names, all if there are none. Raises UsageError for a name of no column."""
    from tracker.registers.errors import suggest_names

    chosen = list[_ShownColumn]()
    for name in names:
        found = [each for each in shown if each.column.key == name or each.column.key.endswith(f"/{name}")]
        if not found:
            hint = suggest_names(name, [each.column.key.rpartition("/")[2] for each in shown])
            raise UsageError("no column {name!r}: {hint}", name=name, hint=hint)
        chosen += [each for each in found if each not in chosen]
    return chosen if names else shown


def _print_whole(shown: _ShownColumn, row: Mapping[str, Any]) -> None:
    """Print a column field by field, and the certificate of its last visit part by part."""
    from tracker.commands.certificate_lines import part_lines
    from tracker.core.values.certificate import parts_in_order

    for name in WHOLE:
        if value := word(name, plain(row.get(name))):
            print(f"{pad(head_of(name), 14)}{value}")
    certificate = shown.enrolment.certificate if shown.enrolment else None
    if certificate is not None:
        print(f"{head_of('certificate')}")
        print("\n".join(f"  {line}" for line in part_lines(parts_in_order(certificate))))
    print()


def _local(moment: datetime | None, zone: tzinfo, *, in_minutes: bool) -> datetime | str | None:
    """An instant by the county's clock; in a table to the minute."""
    if moment is None:
        return None
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}" if in_minutes else local


def _day_of(moment: date | datetime | None, zone: tzinfo) -> date | None:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _workdays(calendar: Calendar, last: date, today: date) -> int | None:
    """Working days after the last day on which something was published; None beyond the calendar."""
    from tracker.core.law.workdays import FIRST_DAY, LAST_DAY

    if not FIRST_DAY <= last <= today <= LAST_DAY:
        return None
    return calendar.workdays_between(last, today)
