"""`duban status | explain`: what was decided, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.output import emit, row_of, say
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
    status = add(commands, "status", _status, rows=True)
    status.add_argument("--department", metavar="ID")
    status.add_argument("--light", choices=LIGHTS)
    status.add_argument("--all", action="store_true", help="with what is closed, met or not yet open")
    explain = add(commands, "explain", _explain)
    explain.add_argument("occurrence", metavar="OCCURRENCE", help="county/pack/duty/department/label, or its tail")
    explain.add_argument("--now", metavar="INSTANT", help="as judged at that instant")


def _status(args: argparse.Namespace) -> int:
    from tracker.store.occurrences import load_occurrences

    with context.reading(args) as (tx, rulebook):
        context.one_of("--department", args.department, rulebook.county.departments)
        occurrences = list(load_occurrences(tx, rulebook.county.id).values())
    rows = sorted((row for row in occurrences if _wanted(row, args)), key=_worst_first)
    zone = rulebook.county.zone
    emit(SHOWN if args.format == "table" else STATUS, [_row(row, zone) for row in rows], args.format)
    if not occurrences:
        say("nothing was decided yet: run `duban tick` or `duban once` first")
    return int(any(row.light == "red" for row in rows))


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
    proved_at = row.proved_at.astimezone(zone) if row.proved_at else None
    own = {"period": row.label, "light": row.light.value, "status": row.status.value, "proved_at": proved_at}
    return row_of(row, STATUS, own)


def _explain(args: argparse.Namespace) -> int:
    from tracker.decide.explain import explain

    loaded = context.load(args)
    now = context.instant(args, loaded.schedule.zone)
    with context.opened(args, create=False) as store:
        explanation = explain(store, loaded, args.occurrence, now)
    if isinstance(explanation, list):
        raise context.unknown_occurrence(args.occurrence, explanation)
    print("\n".join(_lines(explanation)))
    return 0


def _lines(explanation: Explanation) -> Iterator[str]:
    verdict = explanation.verdict
    yield explanation.occurrence.key
    yield f"  {explanation.title}（{explanation.clause}）  {explanation.department}  {explanation.period}"
    yield f"\nDue      {explanation.due}{''.join(f'  [{mark}]' for mark in explanation.marks)}"
    yield f"Why      {explanation.occurrence.derivation.text}"
    yield f"Status   {verdict.status.value} ({verdict.light.value})  {explanation.status_zh}"
    yield f"Reason   {verdict.reason}"
    yield "\nCells"
    yield from (f"  {cell.cell or '-':24} {cell.state:8} {cell.reason}" for cell in verdict.cells)
    nothing = "nothing: proved by filing or record, or not visited yet"
    yield from _section("Looked at", _indented(explanation.visits or [nothing]))
    yield from _section("Findings", map(_finding, verdict.findings), "  none")
    yield from _section("Passed over, the nearest first", map(_finding, explanation.near_misses.nearest))
    if explanation.near_misses.more:
        yield f"  and {explanation.near_misses.more} further off"
    yield from _section("Flags: for a person to look at, without effect on the status", map(_flag, explanation.flags))
    yield from _section(f"Decisions ({explanation.seen} about it)", _indented(explanation.decisions))
    yield from _section("Notices", _indented(explanation.notices or ["none"]))
    yield from _section("Answers to them", _indented(explanation.answers))


def _section(title: str, lines: Iterable[str], empty: str = "") -> list[str]:
    """The lines under their title; where there are none, `empty` under it, or nothing at all."""
    shown = [*lines] or [empty] * bool(empty)
    return [f"\n{title}", *shown] if shown else []


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _flag(flag: Flag) -> str:
    by = flag.settled
    settled = f"\n      settled by {by.by}: {by.kind}, {by.reason}" if by else ""
    return f"  ? {flag.title}\n      {flag.url}\n      {flag.question}{settled}"


def _finding(finding: Finding) -> str:
    lines = [f"  {'+' if finding.counts else '-'} {finding.title or finding.about}"]
    lines += [f"      {finding.about}", f"      {finding.reason}"]
    lines += [f"      {item} ← {place}" for item, place in zip(finding.held, finding.where, strict=False) if place]
    return "\n".join(lines)
