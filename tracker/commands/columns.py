"""`duban columns enrol | confirm | withdraw | list | wrapper`: what people confirm of columns, how they are read."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import pad, quoted, tr, word
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import command, option, person
from tracker.commands.recording import records
from tracker.core.law.county import Interface
from tracker.registers.column_wrappers import ColumnWrapper, load_column_wrappers
from tracker.registers.columns import confirm_columns, find_column, load_enrolments, withdraw_columns
from tracker.registers.errors import Registered
from tracker.registers.golive import describe_unseen
from tracker.reports.list_csv import plain
from tracker.store.certificates import list_confirmations
from tracker.store.engine import Tx
from tracker.store.site import load_newest_titles

if TYPE_CHECKING:
    from tracker.core.assessment.enrolment import Enrolment
    from tracker.core.values.facts import Moment
    from tracker.core.values.message import Message

ENROL = (
    "column", "title", "url", "entries", "pages", "end", "asked", "waits_since", "changed", "superseded",
    "newest_titles",
)  # fmt: skip
CONFIRMATIONS = ("column", "kind", "state", "by", "at", "entries", "note", "reason", "withdrawn_by", "withdrawn_at")
TABLE = ("column", "kind", "state", "by", "at", "entries", "note", "reason")
WRAPPERS = ("column", "how", "rule")
#: So many titles of a column are shown.
TITLES = 3

_KEYS = option("columns", nargs="*", default=[], metavar="COLUMN", help="keys, or what they end in")


@command("columns enrol", rows=True)
def enrol_columns(args: Namespace, context: CommandContext) -> int:
    """Show the columns that a person has yet to confirm: their newest titles, and how their end is known."""
    with context.read() as tx:
        enrolments = load_enrolments(tx, context.county)
        titles = load_newest_titles(tx, context.county.id, TITLES)
        unseen = describe_unseen(tx, context.county)
    waiting = [enrolment for enrolment in enrolments if enrolment.asked]
    if args.format != "table":
        emit(ENROL, [_row(each, titles.get(each.column.key, []), args.format) for each in waiting], args.format)
    elif waiting:
        print("\n\n".join("\n".join(column_lines(each, titles.get(each.column.key, []), context)) for each in waiting))
    filled_in = [enrolment for enrolment in enrolments if not enrolment.column.is_unfilled]
    _say_what_to_do(waiting, unread=sum(enrolment.visit is None for enrolment in filled_in))
    _say_unseen(unseen)
    return int(bool(waiting))


def _say_what_to_do(waiting: Sequence[Enrolment], *, unread: int) -> None:
    if unread:
        say("{count} columns could not be read yet: duban crawl reads them, duban site says why not", count=unread)
    if not waiting:
        say("no column waits for a confirmation")
        return
    pages = sum("one-page" in enrolment.asked for enrolment in waiting)
    say("{count} columns wait: compare the titles with the site, then confirm", count=len(waiting))
    say("  duban columns confirm --all --by WHO               the titles are the columns' own")
    if pages:
        say(
            "  duban columns confirm --all --one-page --by WHO    and the {count} lists of one page are shown whole",
            count=pages,
        )
    say("one that is wrong is left out: name the others (duban columns confirm COLUMN… --by WHO)")


def _say_unseen(unseen: Message | None) -> None:
    if unseen is not None:
        say(unseen)


def _row(enrolment: Enrolment, titles: Sequence[tuple[str, Moment | None]], form: str) -> dict[str, Any]:
    column, visit, proposal = enrolment.column, enrolment.visit, enrolment.proposal
    shown: Any = [{"date": plain(day), "title": title} for title, day in (proposal.titles if proposal else titles)]
    return {
        "column": column.key,
        "title": column.title,
        "url": column.url,
        "entries": proposal.entries if proposal else visit.entries if visit else None,
        "pages": visit.pages if visit and not proposal else None,
        "end": _end(enrolment),
        "asked": " ".join(enrolment.asked),
        "waits_since": enrolment.waits_since,
        "changed": proposal.reason if proposal else "",
        "superseded": "; ".join(f"{one.confirmation.kind}: {one.reason}" for one in enrolment.superseded),
        "newest_titles": shown if form == "json" else "；".join(f"{one['date']} {one['title']}" for one in shown),
    }


def column_lines(
    enrolment: Enrolment, titles: Sequence[tuple[str, Moment | None]], context: CommandContext
) -> Iterator[str]:
    """One column as a person reads it: its name and address, its newest titles, its end, and what is asked."""
    column, visit, proposal = enrolment.column, enrolment.visit, enrolment.proposal
    assert visit is not None  # only columns that were read are shown
    yield f"{column.key}  {quoted(column.title)}"
    yield f"  {column.url}"
    if proposal is not None:
        yield f"  {tr('its layout changed, and this list was found: is it the column?')}"
    shown = proposal.titles if proposal is not None else titles
    for title, claimed in shown:
        yield f"  {pad(plain(claimed)[:10], 10)}  {title}"
    if not shown:
        yield f"  {tr('(no title)')}"
    if proposal is not None:
        rows = tr("{entries} rows on the first page", entries=proposal.entries)
    else:
        rows = tr("{entries} rows on {pages} pages", entries=visit.entries, pages=visit.pages)
    yield f"  {rows}{tr('; ')}{_end(enrolment)}"
    for one in enrolment.superseded:
        past = one.confirmation
        day = past.at.astimezone(context.zone).date().isoformat()
        values = {"kind": word("kind", past.kind), "by": quoted(past.by), "day": day, "reason": tr(one.reason)}
        yield f"  {tr('no longer true: {kind}, confirmed by {by} on {day}: {reason}', **values)}"
    if enrolment.asked:
        yield f"  {tr('to confirm')}{tr(': ')}{tr(', ').join(word('kind', kind) for kind in enrolment.asked)}"


def _end(enrolment: Enrolment) -> str:
    """How the end of the list is known."""
    from tracker.core.values.certificate import ConfirmationKind, PartName

    if enrolment.proposal is not None:
        return enrolment.proposal.end
    if enrolment.certificate is None:
        return tr("how its end is known shows after the next crawl")
    if ConfirmationKind.ONE_PAGE in enrolment.asked:
        return tr("one page: is this all?")
    part = next((part for part in enrolment.certificate.parts if part.name is PartName.END_KNOWN), None)
    if part is not None and part.holds:
        return tr("its end is known: {reason}", reason=quoted(part.reason))
    return tr("its end was not reached: {reason}", reason=quoted(part.reason if part else ""))


@records("columns confirm", judged=False)
@_KEYS
@option("--all", action="store_true", help="every column that waits (duban columns enrol)")
@option("--one-page", action="store_true", help="and the list is this one page: all of it is shown")
@option("--note", default="", metavar="TEXT", help="what was looked at")
@person()
def confirm(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Confirm that the titles of columns are their own and, where the list is one page, that this is all of it."""
    if bool(args.columns) == args.all:
        raise UsageError("name the columns, or give --all")
    return confirm_columns(
        tx, context.county, args.columns, one_page=args.one_page, by=args.by, now=context.now, note=args.note
    )


@records("columns withdraw", judged=False)
@option("columns", nargs="+", metavar="COLUMN", help="keys, or what they end in")
@person("why")
def withdraw(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Take back what was confirmed of columns."""
    return withdraw_columns(tx, context.county, args.columns, by=args.by, reason=args.reason, now=context.now)


@command("columns list", rows=True)
@option("--all", action="store_true", help="with those that were taken back")
def show_confirmations(args: Namespace, context: CommandContext) -> None:
    """List what people confirmed of columns, and what of it is no longer true."""
    with context.read() as tx:
        enrolments = load_enrolments(tx, context.county)
        confirmations = list_confirmations(tx, context.county.id, withdrawn=args.all)
        unseen = describe_unseen(tx, context.county)
    superseded: Mapping[int, str] = {
        one.confirmation.id: one.reason for enrolment in enrolments for one in enrolment.superseded
    }
    holding = {one.id for enrolment in enrolments for one in enrolment.in_force.values()}
    rows = []
    for confirmation in confirmations:
        state = "withdrawn" if confirmation.withdrawn_at else "holds" if confirmation.id in holding else "superseded"
        rows.append(row_of(confirmation, CONFIRMATIONS, {
            "state": state,
            "reason": superseded.get(confirmation.id, ""),
            "at": confirmation.at.astimezone(context.zone),
            "withdrawn_at": confirmation.withdrawn_at and confirmation.withdrawn_at.astimezone(context.zone),
        }))  # fmt: skip
    emit(CONFIRMATIONS, rows, args.format, table=TABLE)
    _say_unseen(unseen)


@command("columns wrapper", rows=True)
@_KEYS
def show_wrappers(args: Namespace, context: CommandContext) -> None:
    """Show how columns are read, as their rules may say it: to copy into the county's file, and to mend there."""
    lists = [column for column in context.county.columns.values() if column.kind == "listing"]
    columns = [find_column(context.county, name) for name in args.columns] or lists
    with context.read() as tx:
        found = load_column_wrappers(tx, context.county.id, columns)
    if args.format != "table":
        rows = [{"column": one.column.key, "how": one.how, "rule": _rule_as_data(one, args.format)} for one in found]
        emit(WRAPPERS, rows, args.format)
    elif found:
        print("\n\n".join("\n".join(_rule_lines(one)) for one in found))


def _rule_as_data(one: ColumnWrapper, form: str) -> Any:
    """The keys that a rule gives, under its name in the file: for JSON as they are, else as text."""
    if one.rule is None:
        return None
    name = "interface" if isinstance(one.rule, Interface) else "list"
    given = {field.name: getattr(one.rule, field.name) for field in fields(one.rule)}
    data = {name: {key: value for key, value in given.items() if value not in ("", 1) or key == "items"}}
    return data if form == "json" else json.dumps(data, ensure_ascii=False)


def _rule_lines(one: ColumnWrapper) -> Iterator[str]:
    """A column with its rule as YAML."""
    yield f"# {one.column.key}  {quoted(one.column.title)}  {one.column.url}"
    yield f"# {tr('read as')}{tr(': ')}{word('how', one.how)}"
    data = _rule_as_data(one, "json")
    if data is None:
        if one.how != "unread":
            yield f"# {tr('no rule says the same; one of your own begins with list: rows')}"
        return
    yield f"{one.column.name}:"
    for name, parts in data.items():
        yield f"  {name}:"
        for key, value in parts.items():
            yield f"    {key}: {value if _PLAIN.fullmatch(str(value)) else json.dumps(value, ensure_ascii=False)}"


#: What YAML takes as it stands.
_PLAIN = re.compile(r"[A-Za-z0-9][\w.>()@ -]*(?::[\w(][\w.>()@: -]*)?")
