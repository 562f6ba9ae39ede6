"""The checks of `duban doctor`: whether everything works that a county relies on."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
import aiosmtplib

from notifications.returned import MailboxError, opened
from tracker.core.law.county import County, SiteColumn
from tracker.deliver.bounces import mailbox_settings
from tracker.deliver.channels import smtp_settings
from tracker.deliver.mailboxes import describe_fault
from tracker.evidence.attachments.filed import FiledFiles
from tracker.evidence.attachments.readers.reader import FileLimits, read_file
from tracker.evidence.attachments.readers.registry import CAN_READ, CANNOT_READ
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.reading_process import UnreadPageError, read_apart
from tracker.evidence.page.readings import glance
from tracker.registers.golive import list_warnings, load_live_counties
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.secrets import find_unset_secrets
from tracker.store.counties import read_county
from tracker.store.engine import Store, StoreError
from tracker.store.faults import list_faults
from tracker.store.filings import list_all_filings, list_filed_files
from tracker.store.jobs import read_lease
from tracker.store.migrations import HEAD, explain_refusal, read_revision
from tracker.store.reserve import get_reserve

#: So many bad addresses of one channel are named.
_NAMED = 5

CheckLine = tuple[str, Literal["ok", "note", "wrong"], str]


async def run_checks(loaded: Loaded, root: Path, database: str, now: datetime, *, offline: bool) -> list[CheckLine]:
    """Run every check; its state is `ok`, `note` (good to know) or `wrong` (to be repaired)."""
    lines: list[CheckLine] = [("rules", "ok", f"{root}: {len(loaded.rulebooks)} county, all files hold")]
    lines += _check_calendar(loaded, now.astimezone(loaded.schedule.zone).date())
    for rulebook in loaded.rulebooks:
        lines += _check_contacts(rulebook.county)
    live = load_live_counties(database, loaded)
    for rulebook in loaded.rulebooks:
        today = now.astimezone(rulebook.county.zone).date()
        lines += [("county", state, text) for state, text in list_warnings(loaded, rulebook, today, live)]
    lines += _check_database(loaded, root, database, now)
    lines.append(await _check_mail(loaded, root, offline=offline))
    lines.append(_check_console(loaded))
    lines += [("channel", "wrong", str(error)) for error in find_unset_secrets(loaded.schedule.channels)]
    lines += [line async for line in _check_bounces(loaded, offline=offline)]
    lines.append(await _check_page_reader(loaded))
    lines.append(await _check_file_reader(loaded))
    if loaded.schedule.crawl.archive:
        lines.append(_check_archive(root / loaded.schedule.crawl.archive))
    if not offline:
        for rulebook in loaded.rulebooks:
            lines += [line async for line in _check_sites(rulebook.county)]
    return lines


def _check_calendar(loaded: Loaded, today: date) -> Iterator[CheckLine]:
    """The State Council announces the next year's days off in November; without them dates are provisional."""
    calendar = loaded.calendar
    yield "calendar", "ok", calendar.version
    if calendar.is_provisional(today):
        yield "calendar", "wrong", f"{today.year} is provisional: add rules/calendar/{today.year}.yaml from the notice"
    coming = today.year + 1
    if today.month >= 11 and calendar.is_provisional(date(coming, 6, 1)):
        text = f"{coming} is provisional: add rules/calendar/{coming}.yaml when the State Council's notice is out"
        yield "calendar", "wrong" if today.month == 12 else "note", text


def _check_contacts(county: County) -> Iterator[CheckLine]:
    missing = [department.name for department in county.departments.values() if not department.liaison.mail]
    if missing:
        text = f"{county.id}: no liaison mail for {'、'.join(missing)} (their mail goes to the next role)"
        yield "contacts", "wrong", text
    else:
        yield "contacts", "ok", f"{county.id}: {len(county.departments)} liaisons"
    headless = [department.name for department in county.departments.values() if not department.lead.mail]
    if headless:
        yield "contacts", "note", f"{county.id}: no lead mail for {'、'.join(headless)}"
    for name, role in county.roles.items():
        if not role.mail:
            yield "contacts", "wrong", f"{county.id}: role {name} has no mail"


def _check_database(loaded: Loaded, root: Path, url: str, now: datetime) -> Iterator[CheckLine]:
    try:
        store = Store(url)
        shortage = get_reserve(store).describe_shortage() if store.exists else ""
        if shortage:
            yield "disk", "wrong", shortage
        store.open()
    except StoreError as error:
        yield "database", "wrong", str(error)
        return
    try:
        with store.read() as tx:
            revision = read_revision(tx)
        if revision is not None and (why := explain_refusal(revision)):
            yield "database", "wrong", f"{store.name}: {why}"
            return
        if revision != HEAD:
            text = f"{store.name}: revision {revision or 'none yet'}, brought to {HEAD} at the next start"
            yield "database", "note", text
            return
        yield "database", "ok", f"{store.name}: revision {HEAD}"
        yield from _check_contents(store, loaded, now)
        yield from _check_filed_files(store, loaded, root)
        yield from _check_person_keys(store, root / loaded.schedule.persons.key_file)
    finally:
        store.close()


def _check_contents(store: Store, loaded: Loaded, now: datetime) -> Iterator[CheckLine]:
    with store.read() as tx:
        lease = read_lease(tx, "scheduler")
        if lease and lease.until > now:
            yield "daemon", "ok", f"{lease.holder} since {lease.since:%Y-%m-%d %H:%M}"
        else:
            yield "daemon", "note", "not running on this database"
        for fault in list_faults(tx):
            county = next((book.county for book in loaded.rulebooks if book.county.id == fault.county), None)
            mailbox = describe_fault(county, fault) if county else None
            if mailbox is not None:
                yield "mailbox", "wrong", mailbox
                continue
            when = f"since {fault.first_at:%Y-%m-%d %H:%M}, {fault.count} times"
            yield "fault", "wrong", f"{fault.action} {fault.subject}: {fault.error} ({when})"
        for rulebook in loaded.rulebooks:
            try:
                row = read_county(tx, rulebook.county.id)
            except StoreError:
                yield "county", "note", f"{rulebook.county.id}: never ticked yet"
                continue
            yield _check_clock(rulebook.county.id, row.ticked_at, now)


def _check_filed_files(store: Store, loaded: Loaded, root: Path) -> Iterator[CheckLine]:
    """Every file that people filed, read back and checked against its hash."""
    for rulebook in loaded.rulebooks:
        county = rulebook.county.id
        files = FiledFiles(root / loaded.schedule.filings.folder, county)
        with store.read() as tx:
            kept, filings = list_filed_files(tx, county), list_all_filings(tx, county)
        faults = [(file.digest, fault) for file in kept if (fault := files.fault(file.digest, file.size)) is not None]
        for digest, fault in faults:
            supported = ", ".join(
                f"attestation:{stored.filing.id} of {stored.filing.occurrence} ({stored.filing.title})"
                for stored in filings
                if stored.filing.digest == digest
            )
            supported = supported or "an objection (duban object list --all)"
            yield "filed", "wrong", f"{fault}; it supports {supported}: file the same file again to mend it"
        if kept and not faults:
            yield "filed", "ok", f"{county}: {len(kept)} filed files, all as they were filed"


def _check_person_keys(store: Store, path: Path) -> Iterator[CheckLine]:
    """Whether the personal data of requests can be read: the key file, and each key that a row needs."""
    from tracker.store.person_keys import load_keys
    from tracker.store.persons import count_persons_by_key

    with store.read() as tx:
        used = count_persons_by_key(tx)
    if not used and not path.exists():
        return
    try:
        keys = load_keys(path)
    except StoreError as error:
        yield "keys", "wrong", str(error)
        return
    missing = [name for name in used if name not in keys.by_name]
    for name in missing:
        text = f"{path}: {used[name]} persons need the key {name}, which is missing: bring the file back from its copy"
        yield "keys", "wrong", text
    if older := sum(count for name, count in used.items() if name in keys.by_name and name != keys.current.name):
        yield "keys", "note", f"{older} persons are encrypted with an older key: duban request key rotate goes on"
    if not missing:
        yield "keys", "ok", f"{path}: {sum(used.values())} persons can be decrypted; keep its copy off the database's"


def _check_clock(county: str, ticked_at: datetime | None, now: datetime) -> CheckLine:
    """Whether the clock was set back: publications would then seem earlier than they were."""
    if ticked_at is None:
        return "county", "note", f"{county}: never ticked yet"
    if ticked_at > now + timedelta(minutes=1):
        return "clock", "wrong", f"{county}: last tick at {ticked_at:%Y-%m-%d %H:%M}Z lies ahead of this clock"
    return "clock", "ok", f"{county}: last tick at {ticked_at:%Y-%m-%d %H:%M}Z"


async def _check_mail(loaded: Loaded, root: Path, *, offline: bool) -> CheckLine:
    delivery = loaded.schedule.delivery
    if delivery.via == "folder":
        return "mail", "note", f"mails are written to {root / delivery.folder}, nothing is sent (delivery.via: folder)"
    if delivery.via == "stdout":
        return "mail", "note", "mails are printed, nothing is sent (delivery.via: stdout)"
    for error in find_unset_secrets(delivery.smtp):
        return "mail", "wrong", str(error)
    if offline:
        return "mail", "note", f"{delivery.smtp.host}:{delivery.smtp.port} not asked (--offline)"
    settings = smtp_settings(delivery)
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.tls == "implicit",
        start_tls=settings.tls == "starttls",
        username=settings.user or None,
        password=settings.password or None,
        timeout=10,
    )
    try:
        async with client:
            answer = await client.noop()
    except (aiosmtplib.SMTPException, OSError) as error:
        return "mail", "wrong", f"{settings.host}:{settings.port}: {error}"
    return "mail", "ok", f"{settings.host}:{settings.port} answered {answer.code}"


def _check_console(loaded: Loaded) -> CheckLine:
    """The pages on which mails are answered, and the secret without which no mail has a link to them."""
    console = loaded.schedule.console
    if console is None:
        return "console", "note", "no pages are served: mails carry no link to answer by (schedule.yaml: console)"
    for error in find_unset_secrets(console):
        return "console", "wrong", str(error)
    if not console.secret:
        return "console", "wrong", "console.secret is empty: mails carry no links; set it from the environment"
    host = urlsplit(console.base).hostname or ""
    if console.base.startswith("http://") and not (host == "localhost" or host.startswith("127.") or host == "::1"):
        return "console", "note", f"{console.base} is not encrypted: whoever reads the line can use the links"
    return "console", "ok", f"served at {console.host}:{console.port} while the daemon runs, reached as {console.base}"


async def _check_bounces(loaded: Loaded, *, offline: bool) -> AsyncIterator[CheckLine]:
    """The mailbox that mails come back to, if the schedule names one."""
    bounces = loaded.schedule.delivery.bounces
    if bounces is None:
        return
    for error in find_unset_secrets(bounces):
        yield "bounces", "wrong", str(error)
        return
    name = f"{bounces.user.reveal()} at {bounces.host}:{bounces.port}, folder {bounces.folder}"
    if offline:
        yield "bounces", "note", f"{name} not asked (--offline)"
        return

    def look() -> None:
        with opened(replace(mailbox_settings(bounces), timeout=10)):
            pass

    try:
        await asyncio.to_thread(look)
    except MailboxError as error:
        yield "bounces", "wrong", f"{name}: {error}"
    else:
        yield "bounces", "ok", f"{name} opened"


async def _check_page_reader(loaded: Loaded) -> CheckLine:
    """Whether the process that reads pages starts here, under its limits, and reads one."""
    zone = loaded.schedule.zone
    page = Page("http://localhost/", b"<html><title>ok</title><body>ok", zone, date.min, "text/html")
    try:
        await read_apart(glance, page)
    except UnreadPageError as error:
        return "pages", "wrong", f"pages cannot be read ({error}): no column can be looked at"
    return "pages", "ok", "pages are read in a process of their own"


async def _check_file_reader(loaded: Loaded) -> CheckLine:
    """Whether the process that reads attachments starts here, under its limits, and reads a file."""
    crawl, sample = loaded.schedule.crawl, BytesIO()
    with zipfile.ZipFile(sample, "w") as archive:
        archive.writestr("sample.txt", "ok")
    file_text = await read_file(
        sample.getvalue(), "sample.zip", limits=FileLimits(crawl.max_file_bytes, crawl.file_timeout.total_seconds())
    )
    if file_text.text is None:
        return "files", "wrong", f"attachments cannot be read ({file_text.note}): what they hold cannot be judged"
    return "files", "ok", f"attachments read: {CAN_READ}; cannot be judged: {CANNOT_READ}"


def _check_archive(folder: Path) -> CheckLine:
    """Whether pages can be archived: the folder takes a file, and has room for many more."""
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        with tempfile.TemporaryFile(dir=existing) as trial:
            trial.write(b"duban doctor")
        free = shutil.disk_usage(existing).free
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror}): let the user that runs duban write it"
        return "archive", "wrong", text
    if free < _LEAST_FREE:
        return "archive", "wrong", f"{folder}: {free >> 20} MiB free, the archive needs {_LEAST_FREE >> 20}: make room"
    return "archive", "ok", f"{folder}: can be written, {free >> 30} GiB free"


#: The captures of a few days need this much.
_LEAST_FREE = 256 * 1024 * 1024


async def _check_sites(county: County) -> AsyncIterator[CheckLine]:
    """Which columns of each channel answer."""
    channels: dict[str, list[SiteColumn]] = {}
    for column in county.columns.values():
        channels.setdefault(column.channel, []).append(column)
    turns = asyncio.Semaphore(4)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
        for channel, columns in channels.items():
            answers = await asyncio.gather(*(_request_status(session, turns, column.url) for column in columns))
            bad = [f"{column.url} {answer}" for column, answer in zip(columns, answers, strict=True) if answer != "200"]
            if not bad:
                yield "site", "ok", f"{channel}: {len(columns)} columns and pages answer"
            for text in bad[:_NAMED]:
                yield "site", "wrong", f"{channel}: {text}"
            if len(bad) > _NAMED:
                yield "site", "wrong", f"{channel}: and {len(bad) - _NAMED} more of {len(columns)}"


async def _request_status(session: aiohttp.ClientSession, turns: asyncio.Semaphore, url: str) -> str:
    """The HTTP status of an address, or why there is none."""
    async with turns:
        try:
            async with session.get(url) as answer:
                return str(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return str(error) or type(error).__name__
