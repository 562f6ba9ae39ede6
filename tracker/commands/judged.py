"""`duban status | explain`: what was decided, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, say
from tracker.commands.parsing import add

if TYPE_CHECKING:
    from tracker.core.values.verdicts import Finding
    from tracker.core.verdict.flags import Flag
    from tracker.decide.explain import Explanation
    from tracker.store.occurrences import OccurrenceRow

STATUS = (
    "county", "pack", "duty", "department", "period", "due_on", "light", "status",
    "provisional", "assumed", "proved_at", "reason",
)  # fmt: skip
SHOWN = ("duty", "department", "period", "due_on", "light", "reason")
LIGHTS = ("red", "yellow", "blue", "green", "grey", "none")


def register(commands: Any) -> None:
    status = add(
        commands,
        "status",
        _status,
        "list what was decided at the last tick (exit status 1: something is red)",
        rows=True,
    )
    status.add_argument("--department", metavar="ID")
    status.add_argument("--light", choices=LIGHTS)
    status.add_argument("--all", action="store_true", help="with what is closed, met or not yet open")
    explain = add(
        commands,
        "explain",
        _explain,
        "tell why one occurrence is due and judged as it is",
    )
    explain.add_argument("occurrence", metavar="OCCURRENCE", help="county/pack/duty/department/label, or its tail")
    explain.add_argument("--now", metavar="INSTANT", help="as judged at that instant")


def _status(args: argparse.Namespace) -> int:
    from tracker.store.occurrences import load_occurrences

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    context.one_of("--department", args.department, rulebook.county.departments)
    with context.opened(args, create=False) as store, store.read() as tx:
        found = list(load_occurrences(tx, rulebook.county.id).values())
    rows = sorted((one for one in found if _wanted(one, args)), key=_worst_first)
    zone = rulebook.county.zone
    emit(SHOWN if args.format == "table" else STATUS, [_row(one, zone) for one in rows], args.format)
    if not found:
        say("nothing was decided yet: run `duban tick` or `duban once` first")
    return int(any(one.light == "red" for one in rows))


def _wanted(row: OccurrenceRow, args: argparse.Namespace) -> bool:
    if args.department and args.department not in row.department.split("+"):
        return False
    if args.light:
        return row.light == args.light and not row.closed
    quiet = row.closed or row.status in ("upcoming", "met", "closed")
    return args.all or args.format != "table" or not quiet


def _worst_first(row: OccurrenceRow) -> tuple[int, str, str, str]:
    return LIGHTS.index(row.light), str(row.due_on or "9999"), row.duty, row.department


def _row(row: OccurrenceRow, zone: tzinfo) -> dict[str, Any]:
    return {name: getattr(row, name) for name in STATUS if name != "period"} | {
        "period": row.label,
        "light": row.light.value,
        "status": row.status.value,
        "proved_at": row.proved_at.astimezone(zone) if row.proved_at else None,
    }


def _explain(args: argparse.Namespace) -> int:
    from tracker.decide.explain import explain

    loaded = context.load(args)
    now = context.instant(args, loaded.schedule.zone)
    with context.opened(args, create=False) as store:
        found = explain(store, loaded, args.occurrence, now)
    if isinstance(found, list):
        hint = f"; did you mean {', '.join(found)}" if found else "; `duban status --all` lists them"
        raise UsageError(f"no occurrence {args.occurrence!r}{hint}")
    print("\n".join(_lines(found)))
    return 0


def _lines(found: Explanation) -> Iterator[str]:
    yield found.occurrence.key
    yield f"  {found.title}（{found.clause}）  {found.department}  {found.period}"
    yield f"\nDue      {found.due}{''.join(f'  [{mark}]' for mark in found.marks)}"
    yield f"Why      {found.occurrence.derivation.text}"
    yield f"Status   {found.verdict.status.value} ({found.verdict.light.value})  {found.status_zh}"
    yield f"Reason   {found.verdict.reason}"
    yield "\nCells"
    for cell in found.verdict.cells:
        yield f"  {cell.cell or '-':24} {cell.state:8} {cell.reason}"
    yield "\nLooked at"
    yield from (f"  {line}" for line in found.visits or ["nothing: proved by filing or record, or not visited yet"])
    yield "\nFindings"
    yield from (_finding(one) for one in found.verdict.findings)
    if not found.verdict.findings:
        yield "  none"
    if found.near_misses.nearest:
        yield "\nPassed over, the nearest first"
        yield from (_finding(one) for one in found.near_misses.nearest)
    if found.near_misses.more:
        yield f"  and {found.near_misses.more} further off"
    if found.flags:
        yield "\nFlags: for a person to look at, without effect on the status"
        yield from (_flag(one) for one in found.flags)
    if found.decisions:
        yield f"\nDecisions ({found.seen} about it)"
        yield from (f"  {line}" for line in found.decisions)
    yield "\nNotices"
    yield from (f"  {line}" for line in found.notices or ["none"])
    if found.answers:
        yield "\nAnswers to them"
        yield from (f"  {line}" for line in found.answers)


def _flag(one: Flag) -> str:
    settled = f"\n      settled by {one.settled.by}: {one.settled.kind}, {one.settled.reason}" if one.settled else ""
    return f"  ? {one.title}\n      {one.url}\n      {one.question}{settled}"


def _finding(one: Finding) -> str:
    lines = [f"  {'+' if one.counts else '-'} {one.title or one.about}", f"      {one.about}", f"      {one.reason}"]
    lines += [f"      {item} ← {place}" for item, place in zip(one.held, one.where, strict=False) if place]
    return "\n".join(lines)
