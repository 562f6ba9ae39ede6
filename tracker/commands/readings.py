"""`duban reading adopt | unadopt | list`: assumed numbers become the county's own, and are assumed again."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker.commands import context
from tracker.commands.output import emit
from tracker.commands.parsing import add, group
from tracker.commands.recording import decision, do, person, ruling_of
from tracker.core.law.county import Rulebook
from tracker.core.verdict.adoption import assumed_readings, reading_subject
from tracker.registers.adoptions import adopt, adoptions
from tracker.registers.errors import Registered
from tracker.store.engine import Tx

READING = ("pack", "reading", "adopted", "by", "at", "reason")


def register(commands: Any) -> None:
    readings = group(commands, "reading")
    for kind, help in (
        ("adopt", "make the assumed numbers of a reading the county's own"),
        ("unadopt", "take an adoption back"),
    ):
        made = decision(readings, kind, kind, help, _adopt)
        made.add_argument("pack", metavar="PACK")
        made.add_argument("readings", nargs="+", metavar="READING")
        person(made, reason="the document or meeting it rests on")
    add(readings, "list", _list, "list the readings with an assumed number", rows=True)


def _adopt(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        rulings = [replace(ruling_of(args, now), occurrence=reading_subject(args.pack, name)) for name in args.readings]
        done = [adopt(tx, args.loaded, rulebook, ruling) for ruling in rulings]
        return Registered(
            None, any(registered.changed for registered in done), "\n".join(registered.message for registered in done)
        )

    return do(args, deed)


def _list(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        acts = adoptions(tx, rulebook)
    rows = []
    for (pack, name), is_by_file in sorted(assumed_readings(rulebook).items()):
        act = None if is_by_file else acts.get((pack, name))
        how = "by the county's file" if is_by_file else "by an act" if act else "no"
        who = {"by": act.by, "at": act.at, "reason": act.reason} if act else {}
        rows.append({"pack": pack, "reading": name, "adopted": how, **who})
    emit(READING, rows, args.format)
    return 0
