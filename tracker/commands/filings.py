"""`duban attest`, `zero-report`, `upkeep`: what people file to prove a duty, and what becomes of it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, plain, row_of, say
from tracker.commands.parsing import add, group
from tracker.commands.proofs import filed_files, proof_of, proof_options
from tracker.commands.recording import decision, do, occurrence, person, seen_option, weigh
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Filing, Ruling
from tracker.evidence.attachments.filed import FiledError, FiledFiles
from tracker.registers.errors import Registered
from tracker.registers.filings import find_filed, record_filing, withdraw
from tracker.store.engine import Tx
from tracker.store.papers import StoredFiling, all_filings, list_filed_files, rulings_of

COLUMNS = (
    "number", "kind", "occurrence", "part", "form", "proof", "on", "filed_at", "by", "state", "decided_by", "reason",
)  # fmt: skip
_NARROW = ("number", "kind", "occurrence", "proof", "by", "filed_at", "state", "reason")
_DECIDED = ("accept", "reject")


def register(commands: Any) -> None:
    attest = group(commands, "attest")
    filed = add(
        attest, "file", _attest, "file a proof; it counts once another person accepts it (`file` may be left out)"
    )
    occurrence(filed)
    proof_options(filed, "a picture, a scan or a document; it is kept")
    filed.add_argument("--part", metavar="NAME")
    filed.add_argument("--on", metavar="DAY[THH:MM]", help="when it was done (default: now)")
    person(filed)
    listed = add(attest, "list", _list, "list what was filed and what became of it", rows=True)
    listed.add_argument("--waiting", action="store_true", help="only what waits for the county office")
    listed.add_argument("--department", metavar="ID")
    shown = add(attest, "show", _show, "show one filing; a file is checked against its hash")
    _numbered(shown)
    shown.add_argument("--save", type=Path, metavar="PATH", help="write the filed file there (never over another)")
    for name, kind, help in (
        ("accept", "accept", "let a filed proof count; not one's own"),
        ("refuse", "reject", "return a filed proof, with the reason; its liaison is told"),
    ):
        made = decision(attest, name, kind, help, weigh)
        _numbered(made)
        if kind == "accept":
            made.add_argument("--as-seen", action="store_true", help="counts from its filing, not from its own date")
        seen_option(made)
        person(made, reason="why")
    withdrawn = add(attest, "withdraw", _withdraw, "take back what one filed oneself, while nobody decided about it")
    _numbered(withdrawn)
    person(withdrawn, reason="why")
    for report in ("zero-report", "upkeep"):
        made = add(commands, report, _report)
        made.set_defaults(kind=report)
        occurrence(made)
        made.add_argument("--statement", default="", metavar="TEXT")
        person(made)


def _numbered(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "number", type=_number, metavar="ID", help="as `duban attest list` shows it: 12, or attestation:12"
    )


def _number(text: str) -> int:
    kind, _, digits = text.rpartition(":")
    if kind not in ("", "attestation", "zero-report", "upkeep") or not digits.isdecimal() or len(digits) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a filing; write 12 or attestation:12")
    return int(digits)


def _attest(args: argparse.Namespace) -> int:
    proof = proof_of(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Filing]:
        claimed = context.moment(args.on, rulebook.county.zone, "--on") if args.on else None
        filing = Filing(0, "attestation", args.occurrence, now, args.by, proof.proof, proof.form, args.part, claimed)
        done = record_filing(tx, rulebook, filing, file=proof.file(now))
        proof.keep()
        return done

    return do(args, deed)


def _report(args: argparse.Namespace) -> int:
    """A zero report, or that what is kept current is still right."""

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Filing]:
        filing = Filing(0, args.kind, args.occurrence, now, args.by)
        return record_filing(tx, rulebook, filing, statement=args.statement)

    return do(args, deed)


def _withdraw(args: argparse.Namespace) -> int:
    return do(
        args,
        lambda tx, rulebook, now: withdraw(tx, rulebook, number=args.number, by=args.by, reason=args.reason, now=now),
    )


def _list(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        county = rulebook.county
        context.one_of("--department", args.department, county.departments)
        filings, rulings = all_filings(tx, county.id), rulings_of(tx, county.id, _DECIDED)
    rows = [_row(stored, rulings, rulebook) for stored in filings if _is_of(args.department, stored.filing)]
    rows = [row for row in rows if not args.waiting or row["state"] == "waiting"]
    if args.format != "table":
        emit(COLUMNS, rows, args.format)
        return 0
    emit(_NARROW, [row | _short(row) for row in rows], args.format)
    if args.waiting:
        say(f"{len(rows)} to decide: duban attest accept|refuse ID --by … --reason …" if rows else "nothing waits")
    return 0


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """As a table has room for it: the key from the duty on, as every command takes it."""
    return {"occurrence": row["occurrence"].split("/", 2)[2], "filed_at": row["filed_at"].date()}


def _is_of(department: str | None, filing: Filing) -> bool:
    return department is None or department in filing.occurrence.split("/")[3].split("+")


def _row(stored: StoredFiling, rulings: Sequence[Ruling], rulebook: Rulebook) -> dict[str, Any]:
    filing = stored.filing
    subject = (filing.occurrence, f"{filing.kind}:{filing.id}")
    last = next((ruling for ruling in reversed(rulings) if (ruling.occurrence, ruling.target) == subject), None)
    own = {
        "number": filing.id,
        "proof": filing.title if filing.proof else "",
        "on": filing.claimed,
        "filed_at": filing.recorded_at.astimezone(rulebook.county.zone),
        "state": _state(stored, last),
        "decided_by": last.by if last else "",
        "reason": last.reason if last else "",
    }
    return row_of(filing, COLUMNS, own)


def _state(stored: StoredFiling, last: Ruling | None) -> str:
    if stored.withdrawn_at is not None:
        return "withdrawn"
    if stored.filing.kind != "attestation":
        return "filed"
    return "waiting" if last is None else "accepted" if last.kind == "accept" else "refused"


def _show(args: argparse.Namespace) -> int:
    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    county = rulebook.county.id
    with context.opened(args, create=False) as store, store.read() as tx:
        stored = find_filed(tx, rulebook, args.number)
        filing, rulings = stored.filing, rulings_of(tx, county, _DECIDED)
        files = list_filed_files(tx, county, [filing.digest])
    for name, value in _row(stored, rulings, rulebook).items():
        if value not in ("", None):
            print(f"{name:<11} {plain(value)}")
    if filing.form != "file":
        if args.save:
            raise UsageError(f"{args.number} is no file: there is nothing to save")
        return 0
    print(f"{'sha256':<11} {filing.digest}")
    if not files:
        raise UsageError(f"the file of {args.number} was filed before files were kept: only its hash is known")
    print(f"{'file':<11} {files[0].kind}, {files[0].size} bytes, filed {files[0].filed_at:%Y-%m-%d}")
    return _save(filed_files(args, loaded, rulebook), filing.digest, args.save)


def _save(files: FiledFiles, digest: str, path: Path | None) -> int:
    """Check the file against its hash, and write it where it is wanted."""
    try:
        content = files.read(digest)
    except FiledError as error:
        print(f"{'kept':<11} {error}")
        say("the filed file is not what was filed: nothing was saved")
        return 1
    print(f"{'kept':<11} {files.place(digest)}, whole")
    if path is not None:
        try:
            with path.open("xb") as out:
                out.write(content)
        except FileExistsError:
            raise UsageError(f"--save {path}: there is such a file already; name another one") from None
        os.chmod(path, 0o640)  # what was filed may be about persons
        print(f"{'saved':<11} {path}")
    return 0
