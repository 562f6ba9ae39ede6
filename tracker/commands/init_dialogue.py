"""Asks at the terminal what `duban init` should write: county, site, mail, departments, packs, columns."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from tracker.clock import system_clock
from tracker.commands.context import UsageError, shipped
from tracker.commands.init import ZONE, check_name
from tracker.commands.language import tr
from tracker.commands.outline import Outline
from tracker.commands.output import emit, say
from tracker.core.values.message import Message
from tracker.evidence.listing.survey import FoundColumn, SiteSurvey
from tracker.registers.county_sheet import CountySheet, SheetColumn, build_departments, is_mail
from tracker.rulebook.offered import COLUMN_NAMES, COLUMN_PARTS, ONE_PAGE, OfferedPack, list_offered_packs

#: So many duties of a pack are named.
_SHOWN = 4
FOUND = ("column", "title", "state", "entries", "newest", "end", "url")


def ask_outline(known: Outline) -> Outline:
    """What is known of the county, with what a person says of the rest; Enter leaves a thing to be filled in later.
    Raises UsageError where the input ends: nothing is written then."""
    sheet = known.sheet or CountySheet()
    facts = dict(sheet.facts)
    say("A few questions; Enter takes what stands in brackets, or leaves it for later.")
    name = known.name or _ask(tr("What is the county called?"), check=_checked_name)
    questions = {
        "site": (tr("Address of the county's site"), _checked_site),
        "office_mail": (tr("Mail of the county office: on trial it gets every notice"), _checked_mail),
        "smtp": (
            tr("Mail server, as host or host:port (none: mails are written into the folder mails)"),
            _checked_server,
        ),
    }
    for key, (question, check) in questions.items():
        if key not in facts and (answer := _ask(question, default="", check=check)):
            facts[key] = answer
    departments = sheet.departments
    if not departments:
        said = _ask(tr("Departments, with commas between them (or later: --from FILE.xlsx)"), default="")
        departments = build_departments(dict.fromkeys(filter(None, re.split(r"[、，,;；\s]+", said))))
    packs = _ask_packs(list_offered_packs(shipped() / "rules/packs", known.start))
    columns, is_private = sheet.columns, False
    if "site" in facts:
        facts["site"], found, is_private = _ask_columns(facts["site"], packs, {one.id for one in columns})
        columns = (*columns, *found)
    return replace(known, name=name, sheet=CountySheet(facts, departments, columns), packs=packs, is_private=is_private)


# -- questions -------------------------------------------------------------------------------------


def _ask(question: str, *, default: str | None = None, check: Callable[[str], str] = str) -> str:
    """The answer, asked for until it can be used. `default`: what an empty line stands for; None: it is needed."""
    while True:
        print(f"{question}{f' [{default}]' if default else ''}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the input ended; nothing was written")
        text = line.strip() or default
        if text == "":
            return ""
        try:
            if text is not None:
                return check(text)
            say("this one is needed")
        except UsageError as error:
            print(tr(error.args[0]), file=sys.stderr)


def _is_yes(question: str) -> bool:
    answer = _ask(f"{question} [Y/n]", default="") or "y"
    return answer.lower() in ("y", "yes", "是", "好", "对")


def _checked_name(text: str) -> str:
    return check_name(text)


def _checked_site(text: str) -> str:
    if not re.fullmatch(r"(https?://)?[^\s/@:]+(:\d{1,5})?(/\S*)?", text):
        raise UsageError("{url!r} is no address; write it whole, as http://… or https://…", url=text)
    return text if "/" in text.partition("://")[2] or ("://" not in text and "/" in text) else f"{text}/"


def _checked_mail(text: str) -> str:
    if not is_mail(text):
        raise UsageError(Message("{mail!r} is no mail address; write name@host", mail=text))
    return text


def _checked_server(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", text):
        raise UsageError(
            "{text!r} is no mail server; write it as smtp.example.gov.cn or smtp.example.gov.cn:465", text=text
        )
    return text


def _ask_packs(offered: Sequence[OfferedPack]) -> list[OfferedPack]:
    names = {pack.name: pack for pack in offered}
    say("Packs in force:")
    for pack in offered:
        print(f"  {pack.name}  《{pack.title}》{'、'.join(pack.duties[:_SHOWN])}…", file=sys.stderr)

    def check(text: str) -> str:
        if unknown := [name for name in _words(text) if name not in names]:
            raise UsageError("no pack {name}; write one of: {known}", name=unknown[0], known=", ".join(names))
        return text

    usual = ", ".join(pack.name for pack in offered if pack.is_usual)
    chosen = _ask(tr("Which packs?"), default=usual or ", ".join(names), check=check)
    return [names[name] for name in dict.fromkeys(_words(chosen))]


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[、，,;；\s]+", text) if word]


# -- the site --------------------------------------------------------------------------------------


def _ask_columns(said: str, packs: Sequence[OfferedPack], known: set[str]) -> tuple[str, list[SheetColumn], bool]:
    """The site's whole address, the columns that the packs look at and a person takes, and whether it is internal."""
    sites = [said] if "://" in said else [f"https://{said}", f"http://{said}"]
    site = sites[0]
    names = dict.fromkeys(column for pack in packs for column in pack.columns if column not in known)
    wanted = {name: COLUMN_NAMES[name] for name in names if name in COLUMN_NAMES}
    is_private = _is_private(site)
    if not wanted:
        return site, [], is_private
    say("looking at {site} for {count} columns; this may take some minutes", site=site, count=len(wanted))
    for site in sites:
        survey = asyncio.run(_survey(site, wanted, is_private=is_private))
        if not survey.refusal or "内部地址" in survey.refusal:
            break
    if "内部地址" in survey.refusal and _is_yes(tr("The site is on an internal address. Is that right?")):
        is_private = True
        survey = asyncio.run(_survey(site, wanted, is_private=True))
    if survey.refusal:
        say("the site could not be read ({why}): fill in its columns later", why=survey.refusal)
        return sites[0], [], is_private
    emit(FOUND, [_row(one) for one in survey.columns], "table")
    missing = [COLUMN_NAMES[name][0] for name in wanted if name not in {one.name for one in survey.columns}]
    if missing:
        say("not found among its {count} links: {missing}", count=survey.links, missing="、".join(missing))
    read = [one for one in survey.columns if one.is_read]
    if not read or not _is_yes(tr("Take the columns that could be read?")):
        return site, [], is_private
    together = {one.name: tuple(part.name for part in read if part.part_of == one.name) for one in read}
    return (
        site,
        [SheetColumn(one.name, one.title, one.url, together[one.name], one.is_page) for one in read],
        is_private,
    )


async def _survey(site: str, wanted: dict[str, tuple[str, ...]], *, is_private: bool) -> SiteSurvey:
    from tracker.evidence.fetch.fetcher import Fetcher, Limits
    from tracker.evidence.listing.survey import survey_site

    limits = Limits(delay=0) if _is_private(site) else Limits()
    async with Fetcher([urlsplit(site).netloc], is_private, limits, system_clock) as fetcher:
        return await survey_site(site, fetcher, ZONE, wanted, COLUMN_PARTS, ONE_PAGE, _tell)


def _tell(found: FoundColumn) -> None:
    print(f"  {found.title}", file=sys.stderr)


def _row(one: FoundColumn) -> dict[str, object]:
    state = tr("one page") if one.is_read and one.is_page else tr("read") if one.is_read else tr("could not be read")
    entries = one.entries if one.is_read and not one.is_page else None
    return {
        "column": one.name, "title": one.title, "state": state, "entries": entries, "newest": one.newest,
        "end": one.end, "url": one.url,
    }  # fmt: skip


def _is_private(site: str) -> bool:
    """Whether the address names this machine or an internal one by its number."""
    host = urlsplit(site).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"
