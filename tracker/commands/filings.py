"""`duban attest`, `zero-report`, `upkeep`: records what people file to prove a duty, and shows what became of it."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError, parse_moment
from tracker.commands.language import head_of, pad, tr, word
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import (
    DEPARTMENT,
    OCCURRENCE,
    PART,
    SEEN,
    Option,
    command,
    exclusive,
    option,
    options,
    person,
)
from tracker.commands.recording import record, records, weigh
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Filing, Ruling
from tracker.evidence.attachments.filed import FiledError, FiledFiles
from tracker.registers.errors import Registered
from tracker.registers.filings import build_file_proof, check_file_name, load_filing, record_filing, withdraw
from tracker.reports.list_csv import plain
from tracker.store.engine import Tx
from tracker.store.filings import FiledFile, StoredFiling, list_all_filings, list_filed_files
from tracker.store.rulings import list_rulings_of_kinds

COLUMNS = (
    "number", "kind", "occurrence", "part", "form", "proof", "on", "filed_at", "by", "state", "decided_by", "reason",
)  # fmt: skip
TABLE = ("number", "kind", "occurrence", "proof", "by", "filed_at", "state", "reason")
_DECIDED = ("accept", "reject")


# -- proofs ----------------------------------------------------------------------------------------


def proof_options(file_help: str | None = None) -> Option:
    """The options of a proof: --link, --file or --statement."""
    return exclusive(
        option("--link", metavar="URL"),
        option("--file", type=Path, metavar="FILE", help=file_help),
        option("--statement", metavar="TEXT"),
        required=True,
    )


@dataclass(frozen=True, slots=True)
class FiledProof:
    """A proof to be filed. Of a file: `kind`: its type by its content; `content`: its bytes; `files`: its folder."""

    form: Any
    proof: str
    files: FiledFiles
    kind: str = ""
    content: bytes = b""

    def file(self, now: datetime) -> FiledFile | None:
        """The file as it is noted; None if the proof is none."""
        digest = self.proof.rpartition(" sha256:")[2]
        return FiledFile(digest, self.kind, len(self.content), now) if self.content else None

    def keep(self) -> None:
        """Write a file to the disk before what names it is committed; the same file again mends a damaged one."""
        if self.content:
            self.files.keep(self.content)


def filed_files(context: CommandContext) -> FiledFiles:
    """The folder of the county's filed files."""
    return FiledFiles(context.folder / context.loaded.schedule.filings.folder, context.county.id)


def proof_of(args: Namespace, context: CommandContext) -> FiledProof:
    """The proof that --link, --file or --statement gives. Raises UsageError for a file that cannot be read or is not
    taken."""
    files = filed_files(context)
    if args.link is not None:
        return FiledProof("link", args.link, files)
    if args.file is None:
        return FiledProof("statement", args.statement, files)

    from tracker.evidence.attachments.readers.reader import FileLimits, inspect_file
    from tracker.evidence.attachments.readers.text import Unfit

    schedule = context.loaded.schedule
    path, most = args.file, schedule.filings.max_bytes
    name = check_file_name(path.name)
    try:
        if path.exists() and not path.is_file():
            raise UsageError("--file {path}: not a file", path=path)
        with path.open("rb") as source:
            content = source.read(most + 1)
    except OSError as error:
        raise UsageError("--file {path}: {strerror}", path=path, strerror=tr(error.strerror or "")) from None
    if len(content) > most:
        raise UsageError(
            "--file {path}: more than {most} bytes (schedule.yaml: filings: max_bytes)", path=path, most=most
        )
    limits = FileLimits(most, schedule.crawl.file_timeout.total_seconds())
    try:
        kind = asyncio.run(inspect_file(content, name, limits))
    except Unfit as reason:
        raise UsageError("--file {path}: {reason}", path=path, reason=reason) from None
    return FiledProof("file", build_file_proof(name, content), files, kind, content)


# -- attest ----------------------------------------------------------------------------------------


def _number(text: str) -> int:
    """argparse type: the number of a filing, with or without its kind."""
    kind, _, digits = text.rpartition(":")
    if kind not in ("", "attestation", "zero-report", "upkeep") or not digits.isdecimal() or len(digits) > 9:
        raise ArgumentTypeError(tr("{text!r} is no number of a filing; write 12 or attestation:12", text=text))
    return int(digits)


NUMBER = option("number", type=_number, metavar="ID", help="as `duban attest list` shows it: 12, or attestation:12")


@command("attest file")
@OCCURRENCE
@proof_options("a picture, a scan or a document; it is kept")
@PART
@option("--on", metavar="DAY[THH:MM]", help="when it was done (default: now)")
@person()
def file_attestation(args: Namespace, context: CommandContext) -> None:
    """File a proof; it counts once another person accepts it (`file` may be left out)."""
    proof = proof_of(args, context)

    def act(tx: Tx) -> Registered[Filing]:
        now, claimed = context.now, parse_moment(args.on, context.zone, "--on") if args.on else None
        filing = Filing(0, "attestation", args.occurrence, now, args.by, proof.proof, proof.form, args.part, claimed)
        done = record_filing(tx, context.rulebook, filing, file=proof.file(now))
        proof.keep()
        return done

    record(context, act)


@command("attest list", rows=True)
@option("--waiting", action="store_true", help="only what waits for the county office")
@DEPARTMENT
def show_filings(args: Namespace, context: CommandContext) -> None:
    """List what was filed and what became of it."""
    with context.read() as tx:
        context.check_department()
        filings, rulings = (
            list_all_filings(tx, context.county.id),
            list_rulings_of_kinds(tx, context.county.id, _DECIDED),
        )
    rows = [
        _row(stored, rulings, context.rulebook)
        for stored in filings
        if args.department is None or args.department in stored.filing.occurrence.split("/")[3].split("+")
    ]
    rows = [row for row in rows if not args.waiting or row["state"] == "waiting"]
    if args.format != "table":
        emit(COLUMNS, rows, args.format)
        return
    emit(TABLE, [row | _shorten(row) for row in rows], args.format)
    if args.waiting:
        say(
            tr("{count} to decide: duban attest accept|refuse ID --by … --reason …", count=len(rows))
            if rows
            else tr("nothing waits")
        )


def _shorten(row: dict[str, Any]) -> dict[str, Any]:
    """The values that a table shortens: the key from the duty on, as every command takes it, and the day."""
    return {"occurrence": row["occurrence"].split("/", 2)[2], "filed_at": row["filed_at"].date()}


def _row(stored: StoredFiling, rulings: Sequence[Ruling], rulebook: Rulebook) -> dict[str, Any]:
    filing = stored.filing
    subject = (filing.occurrence, f"{filing.kind}:{filing.id}")
    last = next((ruling for ruling in reversed(rulings) if (ruling.occurrence, ruling.target) == subject), None)
    values = {
        "number": filing.id,
        "proof": filing.title if filing.proof else "",
        "on": filing.claimed,
        "filed_at": filing.recorded_at.astimezone(rulebook.county.zone),
        "state": _state(stored, last),
        "decided_by": last.by if last else "",
        "reason": last.reason if last else "",
    }
    return row_of(filing, COLUMNS, values)


def _state(stored: StoredFiling, last: Ruling | None) -> str:
    if stored.withdrawn_at is not None:
        return "withdrawn"
    if stored.filing.kind != "attestation":
        return "filed"
    return "waiting" if last is None else "accepted" if last.kind == "accept" else "refused"


@command("attest show")
@NUMBER
@option("--save", type=Path, metavar="PATH", help="write the filed file there (never over another)")
def show_filing(args: Namespace, context: CommandContext) -> int:
    """Show one filing; a file is checked against its hash."""
    county = context.county.id
    with context.read() as tx:
        stored = load_filing(tx, context.rulebook, args.number)
        filing, rulings = stored.filing, list_rulings_of_kinds(tx, county, _DECIDED)
        files = list_filed_files(tx, county, [filing.digest])
    for name, value in _row(stored, rulings, context.rulebook).items():
        if value not in ("", None):
            print(_field(name, value))
    if filing.form != "file":
        if args.save:
            raise UsageError("{number} is no file: there is nothing to save", number=args.number)
        return 0
    print(_field("sha256", filing.digest))
    if not files:
        raise UsageError(
            "the file of {number} was filed before files were kept: only its hash is known", number=args.number
        )
    size = tr("{kind}, {size} bytes, filed {day}", kind=files[0].kind, size=files[0].size, day=files[0].filed_at.date())
    print(_field("file", size))
    return _save(filed_files(context), filing.digest, args.save)


def _field(name: str, value: Any) -> str:
    """A line with a field of a filing."""
    text = "" if value is None else word(name, plain(value))
    return f"{pad(head_of(name), 11)} {text}"


def _save(files: FiledFiles, digest: str, path: Path | None) -> int:
    """Check the file against its hash and copy it to `path`; the exit status."""
    try:
        content = files.read(digest)
    except FiledError as error:
        print(_field("kept", error))
        say("the filed file is not what was filed: nothing was saved")
        return 1
    print(_field("kept", tr("{place}, whole", place=files.place(digest))))
    if path is not None:
        try:
            with path.open("xb") as out:
                out.write(content)
        except FileExistsError:
            raise UsageError("--save {path}: there is such a file already; name another one", path=path) from None
        os.chmod(path, 0o640)  # what was filed may be about persons
        print(_field("saved", path))
    return 0


@command("attest accept")
@NUMBER
@option("--as-seen", action="store_true", help="counts from its filing, not from its own date")
@SEEN
@person("why")
def accept_filing(args: Namespace, context: CommandContext) -> None:
    """Let a filed proof count; not one's own."""
    weigh(context, "accept", args.number)


@command("attest refuse")
@NUMBER
@SEEN
@person("why")
def refuse_filing(args: Namespace, context: CommandContext) -> None:
    """Return a filed proof, with the reason; its liaison is told."""
    weigh(context, "reject", args.number)


@records("attest withdraw")
@NUMBER
@person("why")
def withdraw_filing(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Take back what one filed oneself, while nobody decided about it."""
    return withdraw(tx, context.rulebook, number=args.number, by=args.by, reason=args.reason, now=context.now)


# -- zero-report, upkeep ---------------------------------------------------------------------------

REPORT = options(OCCURRENCE, option("--statement", default="", metavar="TEXT"), person())


@records("zero-report")
@REPORT
def file_zero_report(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Filing]:
    filing = Filing(0, "zero-report", args.occurrence, context.now, args.by)
    return record_filing(tx, context.rulebook, filing, statement=args.statement)


@records("upkeep")
@REPORT
def file_upkeep(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Filing]:
    filing = Filing(0, "upkeep", args.occurrence, context.now, args.by)
    return record_filing(tx, context.rulebook, filing, statement=args.statement)
