"""`duban request import`: enters the requests of an office's sheet, all of them or none."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.eventfile import read_sheet
from tracker.commands.language import tr
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, now_option, option
from tracker.commands.request_names import load_person_keys
from tracker.core.requests.masking import mask_name
from tracker.core.values.message import Message
from tracker.registers.eventrows import normalize_head
from tracker.registers.request_cells import SheetWords
from tracker.registers.request_heads import SheetHeads, field_title, find_field, read_heads
from tracker.registers.request_import import ImportedRequest, RequestImport, import_requests
from tracker.registers.request_rows import read_request_rows
from tracker.registers.request_words import HEADS, squeeze_word
from tracker.store.counties import ensure_county, lock_county

COLUMNS = ("letters", "sheet_head", "taken_for")
ROWS = ("row", "outcome", "reference", "received", "department", "applicant", "title", "moves", "note")
_ENTERED = {
    "new": Message("{count} entered"), "continued": Message("{count} continued"),
    "same": Message("{count} as on record"), "differs": Message("{count} differ"), "bad": Message("{count} bad"),
    "total": Message("{count} totals left out"),
}  # fmt: skip
_TO_ENTER = {**_ENTERED, "new": Message("{count} to enter"), "continued": Message("{count} to continue")}


@command("request import", rows=True)
@option("file", type=Path, metavar="FILE")
@option("--sheet", metavar="NAME", help="which sheet, where several hold something")
@option(
    "--map", action="append", default=[], metavar="HEAD=FIELD",
    help="what a column holds, by its head or its letters; HEAD=- leaves it out (repeatable)",
)  # fmt: skip
@option(
    "--set",
    action="append",
    default=[],
    metavar="FIELD=VALUE",
    help="the value of every row that has none (repeatable)",
)
@option(
    "--value", action="append", default=[], metavar="WORD=MEANING", help="what a word of the sheet means (repeatable)"
)
@option(
    "--dry-run", action="store_true", help="show what each column was taken for and each row would do, write nothing"
)
@option("--by", metavar="WHO", help="the person who says so (needed unless --dry-run)")
@now_option(help="as if it were entered then (for trials; default: now)")
def import_file(args: Namespace, context: CommandContext) -> int:
    """Enter the requests of an office's sheet (.xlsx, .xls or .csv), all of them or none."""
    if not args.dry_run and not (args.by or "").strip():
        raise UsageError("--by is missing: who says so? (--dry-run needs nobody)")
    chosen, words = _read_choices(args.map), _read_words(args)
    table, source = read_sheet(args.file, args.sheet)
    heads = read_heads(table, chosen, words.given)
    _print_heads(args, heads)
    readings = read_request_rows(table, heads, context.rulebook, words)
    now = context.now
    with (
        context.open_store(create=not args.dry_run) as store,
        store.begin(f"import {source.file} sha256:{source.sha256}") as tx,
    ):
        ensure_county(tx, context.county.id)
        lock_county(tx, context.county.id)
        keys = load_person_keys(context) if any(reading.row and reading.row.person for reading in readings) else None
        done = import_requests(
            tx, context.rulebook, context.loaded.calendar, keys, readings, source, by=args.by or "dry-run", now=now,
            dry_run=args.dry_run,
        )  # fmt: skip
    return _print_plan(args, done) if args.dry_run else _print_outcome(args, done)


# -- what the person says about the sheet ----------------------------------------------------------


def _read_choices(texts: Sequence[str]) -> dict[str, str]:
    """By head or letters, the field that --map gives; "" for a column that is left out."""
    chosen = {}
    for text in texts:
        head, equals, name = text.rpartition("=")
        field = find_field(name) if equals and head else None
        if field is None:
            raise UsageError(
                "--map {text!r}: write HEAD=FIELD, with one of the fields {fields}, or - for none",
                text=text, fields="、".join(map(field_title, HEADS)),
            )  # fmt: skip
        chosen[head if head.isascii() and head.isupper() else normalize_head(head)] = field
    return chosen


def _read_words(args: Namespace) -> SheetWords:
    """What --set and --value say."""
    given, meanings = {}, {}
    for text in args.set:
        name, equals, value = text.partition("=")
        field = find_field(name)
        if not (equals and field and value.strip()):
            raise UsageError(
                "--set {text!r}: write FIELD=VALUE, with one of the fields {fields}",
                text=text, fields="、".join(map(field_title, HEADS)),
            )  # fmt: skip
        given[field] = value
    for text in args.value:
        word, equals, meaning = text.rpartition("=")
        if not (equals and word.strip() and meaning.strip()):
            raise UsageError("--value {text!r}: write WORD=MEANING, like 信函=挂号信", text=text)
        meanings[squeeze_word(word)] = meaning
    return SheetWords(given, meanings)


# -- answers ---------------------------------------------------------------------------------------


def _print_heads(args: Namespace, heads: SheetHeads) -> None:
    """Say what each column was taken for: in a dry run all, else those that are not read."""
    unread = [use.head for use in heads.uses if not use.field]
    if args.dry_run and args.format == "table":
        rows = [
            {
                "letters": use.letters,
                "sheet_head": use.head,
                "taken_for": field_title(use.field) if use.field else tr("not read"),
            }
            for use in heads.uses
        ]
        emit(COLUMNS, rows, "table")
    elif unread:
        say("columns not read: {unread}", unread="、".join(unread))


def _print_plan(args: Namespace, done: RequestImport) -> int:
    shown = [row for row in done.rows if args.format != "table" or row.outcome != "same"]
    emit(ROWS, map(_row, shown), args.format)
    say("{file}: {counted}; nothing was written", file=args.file, counted=_counted(done, _TO_ENTER))
    return int(done.is_refused)


def _print_outcome(args: Namespace, done: RequestImport) -> int:
    for row in done.refused:
        for note in row.notes:
            say("{file}: line {line}: {note}", file=args.file, line=row.line, note=note)
    if done.is_refused:
        raise UsageError("{file}: {counted}; nothing was written", file=args.file, counted=_counted(done, _TO_ENTER))
    for row in done.rows:
        for note in row.notes:
            say("{file}: line {line}: note: {note}", file=args.file, line=row.line, note=note)
    if args.format == "table":
        later = tr(" (judged at the next tick)") if done.has_changes else ""
        print(f"{args.file}: {_counted(done, _ENTERED)}{later}")
    else:
        emit(ROWS, map(_row, done.rows), args.format)
    return 0


def _counted(done: RequestImport, words: Mapping[str, Message]) -> str:
    outcomes = [tr(text, count=done.counts[key]) for key, text in words.items() if key in done.counts]
    return tr(", ").join(outcomes) or tr("no row below the heads")


def _row(done: ImportedRequest) -> dict[str, Any]:
    values: dict[str, Any] = {
        "row": done.line, "outcome": done.outcome, "reference": done.reference, "received": done.received,
        "moves": done.moves, "note": Message.lines(done.notes),
    }  # fmt: skip
    if done.row is not None:
        name = mask_name(done.row.person.name) if done.row.person else ""
        values |= {"department": done.row.owner, "applicant": name, "title": done.row.title}
    return values
