"""A folder of backups: each file once under its SHA-256, and a manifest for each backup, which is written last.

A backup that is killed leaves files that no manifest names, so the earlier ones stay whole. What a later one finds
there already it does not copy again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from tracker.core.values.message import Message
from tracker.store.engine import StoreError

FORMAT = 1
#: Nothing is written any more to a file that was not written for so long (WARC files end with their month): it may be
#: linked instead of copied. In nanoseconds.
_AT_REST = 32 * 24 * 3600 * 1_000_000_000
_CHUNK = 1 << 20
_PATTERN = "backup-*.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a backup. `modified`: when the original was last written, in nanoseconds since 1970."""

    sha256: str
    size: int
    modified: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a county's journal."""

    height: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `files`: by their path in the folder of the rules; `left_out`: files that are never in it.

    `kind`: sqlite or postgresql; `revision`: that of the tables; `heads`: by county.
    """

    made_at: str
    version: str
    kind: str
    revision: str
    database: FileEntry
    heads: Mapping[str, Head]
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def hashes(self) -> set[str]:
        return {self.database.sha256, *(entry.sha256 for entry in self.files.values())}


class BackupFolder:
    """A folder of backups. Raises OSError where the disk does not take them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def place(self, sha256: str) -> Path:
        """Where the file with that hash lies, or would."""
        return self.path / "files" / sha256[:2] / sha256

    def manifests(self) -> list[Path]:
        """The manifests, oldest first: their names begin with the instant."""
        return sorted(self.path.glob(_PATTERN))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Make the folder, hold it against a second backup, and delete what a killed one left unfinished."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        with (self.path / ".lock").open("w") as handle:
            _lock_file(handle, self.path)
            (self.path / "files").mkdir(exist_ok=True)
            for part in (*self.path.glob(".part-*"), *self.path.glob("files/.part-*")):
                part.unlink()
            yield

    def part(self, name: str) -> Path:
        """A place for a file that is being made; `take` or the next backup removes it."""
        return self.path / f".part-{name}"

    def take(self, part: Path) -> FileEntry:
        """Move a finished file in."""
        with part.open("rb") as source:
            sha256, size = _hash(source)
            os.fsync(source.fileno())
        self._place(part, sha256)
        return FileEntry(sha256, size)

    def add(self, source: Path, known: FileEntry | None = None) -> FileEntry | None:
        """Copy a file in, or link one at rest; None where it is gone. `known`: its entry in the backup before."""
        try:
            state = source.stat()
            is_known = known and (known.size, known.modified) == (state.st_size, state.st_mtime_ns)
            if known and is_known and self.place(known.sha256).exists():
                return known
            part = self.path / "files" / f".part-{os.getpid()}"
            if self._is_long_past(state.st_mtime_ns) and _link(source, part):
                return replace(self.take(part), modified=state.st_mtime_ns)
            with source.open("rb") as original, part.open("xb") as copy:
                sha256, size = _hash(original, copy)
                copy.flush()
                os.fsync(copy.fileno())
        except FileNotFoundError:
            return None
        self._place(part, sha256)
        return FileEntry(sha256, size, state.st_mtime_ns)

    def _is_long_past(self, written: int) -> bool:
        """By the clock of the disk: that of its lock file, which was just opened."""
        return written < (self.path / ".lock").stat().st_mtime_ns - _AT_REST

    def _place(self, part: Path, sha256: str) -> None:
        path = self.place(sha256)
        if path.exists():
            part.unlink()
            return
        path.parent.mkdir(exist_ok=True)
        part.replace(path)
        _sync(path.parent)
        _sync(path.parent.parent)

    def finish(self, manifest: Manifest, made_at: datetime) -> Path:
        """Write the manifest: from here on the backup is whole."""
        path = self.path / f"backup-{made_at:%Y%m%dT%H%M%SZ}.json"
        part = self.part("manifest")
        body = asdict(manifest)
        with part.open("w", encoding="utf-8") as out:
            json.dump({**body, "sha256": _digest(body)}, out, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _sync(self.path)
        return path

    def prune(self, keep: int) -> int:
        """Delete all backups but the newest `keep`, then the files that none names; how many backups went.

        Nothing is deleted while a manifest cannot be read: the files that it names are not known.
        """
        manifests = self.manifests()
        kept = {sha256 for path in manifests[-keep:] for sha256 in read_manifest(path).hashes}
        for path in manifests[:-keep]:
            path.unlink()
        _sync(self.path)
        for path in self.path.glob("files/*/*"):
            if path.name not in kept:
                path.unlink()
        return len(manifests[:-keep])

    def list_defects(self, manifest: Manifest) -> Iterator[Message]:
        """A sentence for each file that is lost or not what was backed up."""
        entries = {"database": manifest.database, **manifest.files}
        for name, entry in sorted(entries.items()):
            path = self.place(entry.sha256)
            try:
                with path.open("rb") as source:
                    found = _hash(source)
            except OSError as error:
                yield Message("{name}: {path}: {why}", name=name, path=path, why=error.strerror)
                continue
            if found != (entry.sha256, entry.size):
                yield Message("{name}: {path} was changed, it no longer has its hash", name=name, path=path)

    def put_back(self, entry: FileEntry, path: Path) -> None:
        """Copy a file out, on the disk when it returns."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.place(entry.sha256), path)
        if entry.modified:
            os.utime(path, ns=(entry.modified, entry.modified))
        with path.open("rb") as copy:
            os.fsync(copy.fileno())
        _sync(path.parent)


def find_backup(path: Path) -> Path:
    """The manifest that a path names: itself, or the newest one in a folder. Raises StoreError for neither."""
    if path.is_file():
        return path
    if manifests := BackupFolder(path).manifests():
        return manifests[-1]
    raise StoreError(Message("{path}: no backup here; name the folder that `duban backup` was given", path=path))


def read_manifest(path: Path) -> Manifest:
    """Raises StoreError for what is no manifest, or was changed."""
    try:
        body: dict[str, Any] = json.loads(path.read_text("utf-8"))
        digest = body.pop("sha256", None)
        if body.get("format") != FORMAT:
            raise StoreError(
                Message(
                    "{path}: a backup of another version of duban (format {found}): restore it with that version",
                    path=path,
                    found=body.get("format"),
                )
            )
        if digest == _digest(body):
            body["database"] = FileEntry(**body["database"])
            body["files"] = {name: FileEntry(**entry) for name, entry in body["files"].items()}
            body["heads"] = {name: Head(**head) for name, head in body["heads"].items()}
            return Manifest(**{**body, "left_out": tuple(body["left_out"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise StoreError(Message("{path}: no manifest of a backup, or it was changed; name an earlier one", path=path))


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(source: IO[bytes], copy: IO[bytes] | None = None) -> tuple[str, int]:
    """The SHA-256 and the size of what is read; written to `copy` on the way."""
    seen, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        seen.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)
    return seen.hexdigest(), size


def _link(source: Path, path: Path) -> bool:
    """Whether the file could be linked: it lies on the same file system, which has such links."""
    with suppress(OSError):
        path.hardlink_to(source)
        return True
    return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock_file(handle: IO[str], folder: Path) -> None:
    """Raises StoreError while another process holds the lock; its end releases it, however it ends."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise StoreError(
            Message("{folder}: another backup is being written here; wait for it", folder=folder)
        ) from None
