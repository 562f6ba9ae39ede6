"""What people file as proof: a link, a statement, or a file, which is looked into before it is taken and then kept."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.core.law.county import Rulebook
from tracker.evidence.attachments.filed import FiledFiles
from tracker.registers.filings import check_file_name, file_proof
from tracker.rulebook.loaded import Loaded
from tracker.store.papers import FiledFile


def proof_options(made: argparse.ArgumentParser, file_help: str | None = None) -> None:
    proof = made.add_mutually_exclusive_group(required=True)
    proof.add_argument("--link", metavar="URL")
    proof.add_argument("--file", type=Path, metavar="FILE", help=file_help)
    proof.add_argument("--statement", metavar="TEXT")


@dataclass(frozen=True, slots=True)
class FiledProof:
    """What is filed. `kind`, `content`: of a file, what it is by its content and its bytes; `files`: where it goes."""

    form: Any
    proof: str
    files: FiledFiles
    kind: str = ""
    content: bytes = b""

    def file(self, now: datetime) -> FiledFile | None:
        """The file as it is noted; None where none is filed."""
        digest = self.proof.rpartition(" sha256:")[2]
        return FiledFile(digest, self.kind, len(self.content), now) if self.content else None

    def keep(self) -> None:
        """Write a file to the disk, before what names it is committed; the same again mends what was lost."""
        if self.content:
            self.files.keep(self.content)


def filed_files(args: argparse.Namespace, loaded: Loaded, rulebook: Rulebook) -> FiledFiles:
    """Where the county's filed files lie."""
    return FiledFiles(context.root(args) / loaded.schedule.filings.folder, rulebook.county.id)


def proof_of(args: argparse.Namespace) -> FiledProof:
    """What --link, --file or --statement gives. Raises UsageError for a file that cannot be read or is not taken."""
    loaded = context.load(args)
    files = filed_files(args, loaded, context.pick(loaded, args))
    if args.file is None:
        return FiledProof(
            "statement" if args.link is None else "link", args.statement if args.link is None else args.link, files
        )

    from tracker.evidence.attachments.readers.reader import FileLimits, inspect_file
    from tracker.evidence.attachments.readers.unfit import Unfit

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
    return FiledProof("file", file_proof(name, content), files, kind, content)
