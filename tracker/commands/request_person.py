"""`duban request person` and `looks`: the personal data of requests, and who looked at it."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path
from typing import get_args

import yaml

from tracker.commands.context import CommandContext, UsageError, begin_of
from tracker.commands.language import word
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, day, option, person
from tracker.commands.recording import record
from tracker.commands.request_names import REQUEST, find_named_request, load_person_keys
from tracker.core.requests.identity import ID_TYPES
from tracker.core.requests.values import Person
from tracker.registers.errors import Registered
from tracker.registers.persons import FIELD_TITLES, look_at_persons, parse_person, person_subject, record_person
from tracker.store.engine import Tx
from tracker.store.person_looks import list_looks
from tracker.store.persons import Role, StoredPerson
from tracker.store.requests import list_requests

LOOKS = ("at", "request", "by", "purpose")
_LARGEST_FILE = 1_000_000


@command("request person")
@REQUEST
@option("--purpose", default="", metavar="TEXT", help="what the data is needed for: it is recorded with the look")
@option("--file", default="", metavar="FILE", help="record the person of this YAML file (-: standard input) instead")
@option("--role", choices=get_args(Role), default="applicant", help="who it is (default: applicant)")
@person()
def show_or_record(args: Namespace, context: CommandContext) -> None:
    """Show the personal data of a request to who handles it, or record it, encrypted."""
    if bool(args.file) == bool(args.purpose):
        raise UsageError("give --purpose TEXT to look at the data, or --file FILE to record it")
    if args.file:
        _record(args, context)
    else:
        _show(args, context)


def _record(args: Namespace, context: CommandContext) -> None:
    given = read_person_file(args.file)

    def act(tx: Tx) -> Registered[StoredPerson]:
        request = find_named_request(tx, context, args.request)
        keys = load_person_keys(context)
        return record_person(tx, context.rulebook, keys, request, args.role, given, args.by, context.now)

    record(context, act, judged=False)
    if args.file != "-":
        say("{file} was read and not kept; delete it where it is no longer needed", file=args.file)


def read_person_file(name: str) -> Person:
    """The person in a YAML file, or in what comes by standard input (-). The file is read and copied nowhere."""
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
        raw = stream.read(_LARGEST_FILE + 1)
    try:
        content = yaml.load(raw.decode("utf-8-sig"), yaml.BaseLoader)  # noqa: S506  (texts only)
    except UnicodeDecodeError:
        raise UsageError("{file}: not UTF-8: save the file as UTF-8", file=name) from None
    except yaml.YAMLError as error:
        line = mark.line + 1 if (mark := getattr(error, "problem_mark", None)) else 1
        raise UsageError("{file}, line {line}: not YAML", file=name, line=line) from None
    if (
        len(raw) > _LARGEST_FILE
        or not isinstance(content, dict)
        or not all(isinstance(text, str) for text in (*content, *content.values()))
    ):
        raise UsageError(
            "{file}: write a field a line, as name: TEXT (fields: {fields})",
            file=name,
            fields="、".join(FIELD_TITLES.values()),
        )
    return parse_person(content)


def _show(args: Namespace, context: CommandContext) -> None:
    with context.open_store() as store, store.begin() as tx:
        request = find_named_request(tx, context, args.request)
        keys = load_person_keys(context)
        shown = look_at_persons(tx, context.rulebook, keys, request, by=args.by, purpose=args.purpose, now=context.now)
    if not shown:
        say("{request}: no personal data is on record", request=args.request)
    for role, found in shown:
        print(f"{word('role', role)}")
        for name, title in FIELD_TITLES.items():
            text = ID_TYPES.get(found.id_type, "") if name == "id_type" else getattr(found, name)
            if text:
                print(f"  {title}  {text}")
    if shown:
        say("the look is recorded; do not keep what is shown in a file")


@command("request looks", rows=True)
@option("request", nargs="?", default="", metavar="REQUEST", help="of this request only")
@option("--since", type=day, metavar="DAY", help="from this day on")
def show_looks(args: Namespace, context: CommandContext) -> None:
    """List who looked at personal data, when, and what for."""
    since = begin_of(args.since, context.zone) if args.since else None
    with context.read() as tx:
        request = find_named_request(tx, context, args.request).id if args.request else None
        looks = list_looks(tx, context.county.id, request=request, since=since)
        found = list_requests(tx, context.county.id, ids={look.request for look in looks}, withdrawn=True)
    names = {request.id: request.name if args.format == "table" else person_subject(request) for request in found}
    rows = [
        {
            "at": f"{at:%Y-%m-%d %H:%M}" if args.format == "table" else at,
            "request": names[look.request],
            "by": look.by,
            "purpose": look.purpose,
        }
        for look, at in ((look, look.at.astimezone(context.zone)) for look in looks)
    ]
    emit(LOOKS, rows, args.format)
