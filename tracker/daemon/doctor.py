"""The checks of `duban doctor`: whether everything works that a county relies on."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from notifications.returned import MailboxError, opened
from tracker.core.law.county import County, SiteColumn
from tracker.core.values.formulas import ReportRules
from tracker.core.values.message import Message
from tracker.daemon.check_lines import CheckLine
from tracker.daemon.doctor_database import check_database
from tracker.daemon.doctor_mail import check_mail
from tracker.daemon.file_modes import check_modes
from tracker.daemon.system_clock import explain_hold, is_synchronised
from tracker.deliver.bounces import mailbox_settings
from tracker.evidence.attachments.readers.reader import FileLimits, read_file
from tracker.evidence.attachments.readers.registry import CAN_READ, CANNOT_READ
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.reading_process import GLANCE, UnreadPageError, read_apart
from tracker.registers.golive import list_warnings, load_live_counties
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.secret_files import SECRETS_FILE, Variables
from tracker.rulebook.secrets import Redactor, find_clear_secrets, find_unset_secrets
from tracker.store.engine import Store

#: So many bad addresses of one channel are named, and each may take so long to answer.
_NAMED, _SITE_SECONDS = 5, 15


async def run_checks(loaded: Loaded, root: Path, database: str, now: datetime, *, offline: bool) -> list[CheckLine]:
    """Run every check; its state is `ok`, `note` (good to know) or `wrong` (to be repaired)."""
    lines: list[CheckLine] = [
        ("rules", "ok", Message("{root}: {count} county, all files hold", root=root, count=len(loaded.rulebooks)))
    ]
    lines += _check_calendar(loaded, now.astimezone(loaded.schedule.zone).date())
    for rulebook in loaded.rulebooks:
        lines += _check_contacts(rulebook.county)
    live = load_live_counties(database, loaded)
    is_current = live is not None and Store(database).exists
    for rulebook in loaded.rulebooks:
        today = now.astimezone(rulebook.county.zone).date()
        lines += [("county", state, text) for state, text in list_warnings(loaded, rulebook, today, live)]
    lines += _check_week(loaded)
    lines += check_database(loaded, root, database, now)
    lines += [line async for line in _check_clock(loaded, database, now, is_current=is_current, offline=offline)]
    lines += check_modes(loaded, root, database)
    lines += _check_secrets(loaded, root)
    lines.append(await check_mail(loaded, root, offline=offline))
    lines.append(_check_console(loaded))
    lines += [line async for line in _check_provider(loaded, now, offline=offline)]
    lines += [("channel", "wrong", error.text) for error in find_unset_secrets(loaded.schedule.channels)]
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
        yield (
            "calendar",
            "wrong",
            Message("{year} is provisional: add rules/calendar/{year}.yaml from the notice", year=today.year),
        )
    coming = today.year + 1
    if today.month >= 11 and calendar.is_provisional(date(coming, 6, 1)):
        text = Message(
            "{coming} is provisional: add rules/calendar/{coming}.yaml when the State Council's notice is out",
            coming=coming,
        )
        yield "calendar", "wrong" if today.month == 12 else "note", text


def _check_week(loaded: Loaded) -> Iterator[CheckLine]:
    """A schedule written before there was a weekly mail names no time for it."""
    wanted = any((rulebook.report or ReportRules()).week for rulebook in loaded.rulebooks)
    if "week" not in loaded.schedule.jobs and wanted:
        text = Message(
            "schedule.yaml: jobs has no `week`: the county office gets no weekly mail; write {line}, or `report: "
            "{off}` in the county's file",
            line='`week: "10 8 * * mon"`',
            off="{week: false}",
        )
        yield "schedule", "note", text


async def _check_clock(
    loaded: Loaded, database: str, now: datetime, *, is_current: bool, offline: bool
) -> AsyncIterator[CheckLine]:
    """Whether the machine's clock is kept right, as far as systemd tells, and whether passes are held for it.

    `is_current`: there is a database with this version's schema.
    """
    synchronised = is_synchronised()
    if synchronised is not None:
        yield (
            ("clock", "ok", Message("synchronised"))
            if synchronised
            else (
                "clock",
                "note",
                Message("not synchronised: due dates and mails follow this clock (timedatectl set-ntp true)"),
            )
        )
    if is_current:
        with Store(database) as store:
            hold = await explain_hold(store, loaded, now, lambda: synchronised, offline=offline)
        if hold is not None:
            yield "clock", "wrong", hold


def _check_secrets(loaded: Loaded, root: Path) -> Iterator[CheckLine]:
    """Whether the file of secrets is read, and which secrets stand in schedule.yaml instead."""
    path = root / SECRETS_FILE
    if (fault := Variables(root, {}).fault) is not None:
        yield "secrets", "wrong", fault
    elif path.exists():
        yield "secrets", "ok", Message("{path}: nobody else can read it", path=path)
    for key in find_clear_secrets(loaded.schedule):
        yield (
            "secrets",
            "note",
            Message(
                "{key} stands in schedule.yaml in clear: move it to {file} and write {variable}",
                key=key,
                file=SECRETS_FILE,
                variable="${NAME}",
            ),
        )


def _check_contacts(county: County) -> Iterator[CheckLine]:
    missing = [department.name for department in county.departments.values() if not department.liaison.mail]
    if missing:
        text = Message(
            "{id}: no liaison mail for {names} (their mail goes to the next role)",
            id=county.id,
            names="、".join(missing),
        )
        yield "contacts", "wrong", text
    else:
        yield "contacts", "ok", Message("{id}: {count} liaisons", id=county.id, count=len(county.departments))
    headless = [department.name for department in county.departments.values() if not department.lead.mail]
    if headless:
        yield "contacts", "note", Message("{id}: no lead mail for {names}", id=county.id, names="、".join(headless))
    for name, role in county.roles.items():
        if not role.mail:
            yield "contacts", "wrong", Message("{id}: role {name} has no mail", id=county.id, name=name)


def _check_console(loaded: Loaded) -> CheckLine:
    """The pages on which mails are answered, and the secret without which no mail has a link to them."""
    console = loaded.schedule.console
    if console is None:
        return (
            "console",
            "note",
            Message("no pages are served: mails carry no link to answer by (schedule.yaml: console)"),
        )
    for error in find_unset_secrets(console):
        return "console", "wrong", error.text
    if not console.secret:
        return "console", "wrong", Message("console.secret is empty: mails carry no links; set it from the environment")
    host = urlsplit(console.base).hostname or ""
    if console.base.startswith("http://") and not (host == "localhost" or host.startswith("127.") or host == "::1"):
        return (
            "console",
            "note",
            Message("{base} is not encrypted: whoever reads the line can use the links", base=console.base),
        )
    if console.hides_callers:
        text = Message(
            "behind a web server everybody looks like one caller: name its machine under console.proxies, or listen at "
            "unix:pages.sock"
        )
        return "console", "note", text
    return (
        "console",
        "ok",
        Message("served at {place} while the daemon runs, reached as {base}", place=console.place, base=console.base),
    )


async def _check_provider(loaded: Loaded, now: datetime, *, offline: bool) -> AsyncIterator[CheckLine]:
    """The identity provider at which people may log in, if the schedule names one."""
    settings = loaded.schedule.console.oidc if loaded.schedule.console else None
    if settings is None or settings.secret.unset is not None:
        return
    if offline:
        yield "oidc", "note", Message("{name} not asked (--offline)", name=settings.issuer)
        return
    from tracker.console.oidc import Provider, ProviderError

    try:
        await Provider(settings).check(now)
    except ProviderError as error:
        yield "oidc", "wrong", Message("{error}; until then people log in by password alone", error=error.args[0])
    else:
        yield "oidc", "ok", Message("{issuer} gives its addresses and keys", issuer=settings.issuer)


async def _check_bounces(loaded: Loaded, *, offline: bool) -> AsyncIterator[CheckLine]:
    """The mailbox that mails come back to, if the schedule names one."""
    bounces = loaded.schedule.delivery.bounces
    if bounces is None:
        return
    for error in find_unset_secrets(bounces):
        yield "bounces", "wrong", error.text
        return
    name = Message(
        "{user} at {host}:{port}, folder {folder}",
        user=bounces.user.reveal(),
        host=bounces.host,
        port=bounces.port,
        folder=bounces.folder,
    )
    if offline:
        yield "bounces", "note", Message("{name} not asked (--offline)", name=name)
        return

    def look() -> None:
        with opened(replace(mailbox_settings(bounces), timeout=10)):
            pass

    try:
        await asyncio.to_thread(look)
    except MailboxError as error:
        yield "bounces", "wrong", Message("{name}: {error}", name=name, error=Redactor(loaded.schedule)(str(error)))
    else:
        yield "bounces", "ok", Message("{name} opened", name=name)


async def _check_page_reader(loaded: Loaded) -> CheckLine:
    """Whether the process that reads pages starts here, under its limits, and reads one."""
    zone = loaded.schedule.zone
    page = Page("http://localhost/", b"<html><title>ok</title><body>ok", zone, date.min, "text/html")
    try:
        await read_apart(GLANCE, page)
    except UnreadPageError as error:
        return "pages", "wrong", Message("pages cannot be read ({error}): no column can be looked at", error=error)
    return "pages", "ok", Message("pages are read in a process of their own")


async def _check_file_reader(loaded: Loaded) -> CheckLine:
    """Whether the process that reads attachments starts here, under its limits, and reads a file."""
    crawl, sample = loaded.schedule.crawl, BytesIO()
    with zipfile.ZipFile(sample, "w") as archive:
        archive.writestr("sample.txt", "ok")
    file_text = await read_file(
        sample.getvalue(), "sample.zip", limits=FileLimits(crawl.max_file_bytes, crawl.file_timeout.total_seconds())
    )
    if file_text.text is None:
        return (
            "files",
            "wrong",
            Message("attachments cannot be read ({note}): what they hold cannot be judged", note=file_text.note),
        )
    return (
        "files",
        "ok",
        Message(
            "attachments read: {can_read}; cannot be judged: {cannot_read}, pictures, scans, what has a password",
            can_read=CAN_READ,
            cannot_read=CANNOT_READ,
        ),
    )


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
        text = Message(
            "{folder} cannot be written ({strerror}): let the user that runs duban write it",
            folder=folder,
            strerror=error.strerror,
        )
        return "archive", "wrong", text
    if free < _LEAST_FREE:
        return (
            "archive",
            "wrong",
            Message(
                "{folder}: {free} MiB free, the archive needs {least_free}: make room",
                folder=folder,
                free=free >> 20,
                least_free=_LEAST_FREE >> 20,
            ),
        )
    return "archive", "ok", Message("{folder}: can be written, {free} GiB free", folder=folder, free=free >> 30)


#: The captures of a few days need this much.
_LEAST_FREE = 256 * 1024 * 1024


async def _check_sites(county: County) -> AsyncIterator[CheckLine]:
    """Which columns of each channel answer."""
    channels: dict[str, list[SiteColumn]] = {}
    for column in county.columns.values():
        if not column.is_unfilled:
            channels.setdefault(column.channel, []).append(column)
    turns = asyncio.Semaphore(4)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SITE_SECONDS)) as session:
        for channel, columns in channels.items():
            answers = await asyncio.gather(*(_request_status(session, turns, column.url) for column in columns))
            bad = [(column.url, said) for column, said in zip(columns, answers, strict=True) if said != "200"]
            if not bad:
                yield (
                    "site",
                    "ok",
                    Message("{channel}: {count} columns and pages answer", channel=channel, count=len(columns)),
                )
            for url, answer in bad[:_NAMED]:
                yield "site", "wrong", Message("{channel}: {url} {answer}", channel=channel, url=url, answer=answer)
            if len(bad) > _NAMED:
                yield (
                    "site",
                    "wrong",
                    Message(
                        "{channel}: and {count} more of {total}",
                        channel=channel,
                        count=len(bad) - _NAMED,
                        total=len(columns),
                    ),
                )


async def _request_status(session: aiohttp.ClientSession, turns: asyncio.Semaphore, url: str) -> str:
    """The HTTP status of an address, or why there is none."""
    async with turns:
        try:
            async with session.get(url) as answer:
                return str(answer.status)
        except TimeoutError:
            return Message("no answer within {seconds} seconds", seconds=_SITE_SECONDS)
        except (aiohttp.ClientError, OSError) as error:
            return Message("no answer ({error})", error=str(error) or type(error).__name__)
