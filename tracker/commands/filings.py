"""`duban attest`, `zero-report`, `upkeep`: what people file to prove a duty, and what becomes of it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.facts import do, known_decisions, person, seen_option
from tracker.commands.output import emit, plain, say
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from tracker.core.law.duties import Rulebook
    from tracker.core.values.facts import Ruling
    from tracker.evidence.attachments.filed import FiledFiles
    from tracker.registers.errors import Registered
    from tracker.rulebook.loaded import Loaded
    from tracker.store.engine import Tx
    from tracker.store.papers import StoredFiling

COLUMNS = (
    "number", "kind", "occurrence", "part", "form", "proof", "on", "filed_at", "by", "state", "decided_by", "reason",
)  # fmt: skip
_NARROW = ("number", "kind", "occurrence", "proof", "by", "filed_at", "state", "reason")
_VERBS = ("file", "list", "show", "accept", "refuse", "withdraw")
_VALUED = ("--root", "--database", "--county", "--log-format")


def spelled(argv: Sequence[str]) -> list[str]:
    """`duban attest OCCURRENCE …` is short for `duban attest file OCCURRENCE …`."""
    words, skip = list(argv), False
    for place, word in enumerate(words):
        if skip or word.startswith("-"):
            skip = not skip and word in _VALUED
            continue
        after = words[place + 1 : place + 2]
        if word == "attest" and after and after[0] not in (*_VERBS, "-h", "--help"):
            words.insert(place + 1, "file")
        break
    return words


def register(commands: Any) -> None:
    attest = group(commands, "attest", "file proofs that no crawl can find, and decide about them")
    filed = add(
        attest, "file", _file, "file a proof; it counts once another person accepts it (`file` may be left out)"
    )
    filed.add_argument("occurrence", metavar="OCCURRENCE")
    proof = filed.add_mutually_exclusive_group(required=True)
    proof.add_argument("--link", metavar="URL")
    proof.add_argument("--file", type=Path, metavar="FILE", help="a picture, a scan or a document; it is kept")
    proof.add_argument("--statement", metavar="TEXT")
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
        ruled = add(attest, name, _ruled(kind), help)
        _numbered(ruled)
        if kind == "accept":
            ruled.add_argument("--as-seen", action="store_true", help="counts from its filing, not from its own date")
        seen_option(ruled)
        person(ruled, reason="why")
    withdrawn = add(attest, "withdraw", _withdraw, "take back what one filed oneself, while nobody decided about it")
    _numbered(withdrawn)
    person(withdrawn, reason="why")
    for name, handler, help in (
        ("zero-report", _zero_report, "report that nothing arose in a period"),
        ("upkeep", _upkeep, "report that what is kept current is still right"),
    ):
        said = add(commands, name, handler, help)
        said.add_argument("occurrence", metavar="OCCURRENCE")
        said.add_argument("--statement", default="", metavar="TEXT")
        person(said)


def _numbered(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "number", type=_number, metavar="ID", help="as `duban attest list` shows it: 12, or attestation:12"
    )


def _number(text: str) -> int:
    kind, _, digits = text.rpartition(":")
    if kind not in ("", "attestation", "zero-report", "upkeep") or not digits.isdecimal() or len(digits) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of a filing; write 12 or attestation:12")
    return int(digits)


# -- filing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiledProof:
    """What is filed. `content`: of a file."""

    form: Any
    proof: str
    kind: str = ""
    content: bytes = b""

    @property
    def digest(self) -> str:
        """The SHA-256 of a file; "" of what is none."""
        return self.proof.rpartition(" sha256:")[2] if self.form == "file" else ""


def _file(args: argparse.Namespace) -> int:
    found: list[tuple[FiledProof, FiledFiles]] = []

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_attestation

        proof, files = found[0]
        claimed = context.moment(args.on, rulebook.county.zone, "--on") if args.on else None
        done = file_attestation(
            tx, rulebook, occurrence=args.occurrence, form=proof.form, proof=proof.proof, by=args.by, now=now,
            part=args.part, claimed=claimed, kind=proof.kind, size=len(proof.content),
        )  # fmt: skip
        if proof.content:  # on the disk before what names it is; the same again mends what was lost
            files.keep(proof.content)
        return done

    loaded = context.load(args)
    found.append((proof_of(args, loaded), filed_files(args, loaded, context.pick(loaded, args))))
    return do(args, deed)


def filed_files(args: argparse.Namespace, loaded: Loaded, rulebook: Rulebook) -> FiledFiles:
    """Where the county's filed files lie."""
    from tracker.evidence.attachments.filed import FiledFiles

    return FiledFiles(context.root(args) / loaded.schedule.filings.folder, rulebook.county.id)


def proof_of(args: argparse.Namespace, loaded: Loaded) -> FiledProof:
    """What --link, --file or --statement gives; a file is looked into. Raises UsageError."""
    if args.link is not None:
        return FiledProof("link", args.link)
    if args.statement is not None:
        return FiledProof("statement", args.statement)
    from tracker.evidence.attachments.readers.reader import FileLimits, inspect_file
    from tracker.evidence.attachments.readers.unfit import Unfit
    from tracker.registers.filings import check_file_name, file_proof

    path, most = args.file, loaded.schedule.filings.max_bytes
    name = check_file_name(path.name)
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"--file {path}: not a file")
        with path.open("rb") as source:
            content = source.read(most + 1)
    except OSError as error:
        raise UsageError(f"--file {path}: {error.strerror}") from None
    if len(content) > most:
        raise UsageError(f"--file {path}: more than {most} bytes (schedule.yaml: filings: max_bytes)")
    limits = FileLimits(most, loaded.schedule.crawl.file_timeout.total_seconds())
    try:
        kind = context.run(inspect_file(content, name, limits))
    except Unfit as reason:
        raise UsageError(f"--file {path}: {reason}") from None
    return FiledProof("file", file_proof(name, content), kind, content)


def _zero_report(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_zero_report

        return file_zero_report(tx, rulebook, occurrence=args.occurrence, by=args.by, now=now, statement=args.statement)

    return do(args, deed)


def _upkeep(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_upkeep

        return file_upkeep(tx, rulebook, occurrence=args.occurrence, by=args.by, now=now, statement=args.statement)

    return do(args, deed)


# -- what becomes of it --------------------------------------------------------------------------


def _ruled(kind: Any) -> Callable[[argparse.Namespace], int]:
    def handler(args: argparse.Namespace) -> int:
        seen = known_decisions(args, args.number)

        def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
            from tracker.registers.filings import find_waiting
            from tracker.registers.rulings import rule

            filing = find_waiting(tx, rulebook, args.number)
            args.occurrence = filing.occurrence
            return rule(
                tx, rulebook, kind=kind, occurrence=filing.occurrence, by=args.by, reason=args.reason, now=now,
                target=f"{filing.kind}:{filing.id}", as_seen=getattr(args, "as_seen", False), seen=seen,
            )  # fmt: skip

        return do(args, deed)

    return handler


def _withdraw(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import withdraw

        return withdraw(tx, rulebook, number=args.number, by=args.by, reason=args.reason, now=now)

    return do(args, deed)


def _list(args: argparse.Namespace) -> int:
    from tracker.store.papers import all_filings, rulings_of

    rulebook = context.pick(context.load(args), args)
    county = rulebook.county
    context.one_of("--department", args.department, county.departments)
    with context.opened(args, create=False) as store, store.read() as tx:
        found, rulings = all_filings(tx, county.id), rulings_of(tx, county.id, ("accept", "reject"))
    rows = [_row(one, rulings, rulebook) for one in found if _of(args.department, one)]
    rows = [one for one in rows if not args.waiting or one["state"] == "waiting"]
    if args.format != "table":
        emit(COLUMNS, rows, args.format)
        return 0
    emit(_NARROW, [one | _short(one) for one in rows], args.format)
    if args.waiting:
        say(f"{len(rows)} to decide: duban attest accept|refuse ID --by … --reason …" if rows else "nothing waits")
    return 0


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """As a table has room for it: the key from the duty on, as every command takes it."""
    return {"occurrence": row["occurrence"].split("/", 2)[2], "filed_at": row["filed_at"].date()}


def _of(department: str | None, one: StoredFiling) -> bool:
    return department is None or department in one.filing.occurrence.split("/")[3].split("+")


def _row(one: StoredFiling, rulings: Sequence[Ruling], rulebook: Rulebook) -> dict[str, Any]:
    filing, zone = one.filing, rulebook.county.zone
    last = next((each for each in reversed(rulings) if _about(each, one)), None)
    return {
        "number": filing.id,
        "kind": filing.kind,
        "occurrence": filing.occurrence,
        "part": filing.part,
        "form": filing.form,
        "proof": filing.title if filing.proof else "",
        "on": filing.claimed,
        "filed_at": filing.recorded_at.astimezone(zone),
        "by": filing.by,
        "state": _state(one, last),
        "decided_by": last.by if last else "",
        "reason": last.reason if last else "",
    }


def _about(ruling: Ruling, one: StoredFiling) -> bool:
    return (ruling.occurrence, ruling.target) == (one.filing.occurrence, f"{one.filing.kind}:{one.filing.id}")


def _state(one: StoredFiling, last: Ruling | None) -> str:
    if one.withdrawn_at is not None:
        return "withdrawn"
    if one.filing.kind != "attestation":
        return "filed"
    return "waiting" if last is None else "accepted" if last.kind == "accept" else "refused"


def _show(args: argparse.Namespace) -> int:
    from tracker.registers.filings import find_filed
    from tracker.store.papers import list_filed_files, rulings_of

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    county = rulebook.county.id
    with context.opened(args, create=False) as store, store.read() as tx:
        one = find_filed(tx, rulebook, args.number)
        rulings = rulings_of(tx, county, ("accept", "reject"))
        kept = list_filed_files(tx, county, [one.filing.digest])
    shown = _row(one, rulings, rulebook)
    for name in COLUMNS:
        if shown[name] not in ("", None):
            print(f"{name:<11} {plain(shown[name])}")
    if one.filing.form != "file":
        if args.save:
            raise UsageError(f"{args.number} is no file: there is nothing to save")
        return 0
    print(f"{'sha256':<11} {one.filing.digest}")
    if not kept:
        raise UsageError(f"the file of {args.number} was filed before files were kept: only its hash is known")
    print(f"{'file':<11} {kept[0].kind}, {kept[0].size} bytes, filed {kept[0].filed_at:%Y-%m-%d}")
    return _saved(filed_files(args, loaded, rulebook), one.filing.digest, args.save)


def _saved(files: FiledFiles, digest: str, save: Path | None) -> int:
    """Check the file against its hash, and write it where it is wanted."""
    from tracker.evidence.attachments.filed import FiledError

    try:
        content = files.read(digest)
    except FiledError as error:
        print(f"{'kept':<11} {error}")
        say("the filed file is not what was filed: nothing was saved")
        return 1
    print(f"{'kept':<11} {files.place(digest)}, whole")
    if save is not None:
        try:
            with save.open("xb") as out:
                out.write(content)
        except FileExistsError:
            raise UsageError(f"--save {save}: there is such a file already; name another one") from None
        os.chmod(save, 0o640)  # what was filed may be about persons
        print(f"{'saved':<11} {save}")
    return 0
