"""The files that people filed: each under the SHA-256 of what it holds, written once and kept for good."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tracker.core.values.message import Message
from tracker.evidence.disk import sync_folder

_CHUNK = 1_000_000


class FiledError(Exception):
    """A filed file is not what was filed, or not there; the message says which and where."""


@dataclass(frozen=True, slots=True)
class FiledFiles:
    """One county's filed files, `folder/COUNTY/ab/abcdef…`. The folder is made when the first file comes."""

    folder: Path
    county: str

    def place(self, digest: str) -> Path:
        """Where the file with this hash lies, or would."""
        return self.folder / self.county / digest[:2] / digest

    def keep(self, content: bytes) -> str:
        """Its SHA-256. On the disk when it returns; what lies there already is left as it is.

        A damaged file under that name is put aside, never overwritten. Raises OSError.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.place(digest)
        if path.exists():
            if self.fault(digest, len(content)) is None:
                return digest
            path.rename(path.with_name(f"{digest}.damaged-{secrets.token_hex(4)}"))
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        try:
            with beside.open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            with suppress(FileExistsError):  # another process filed the very same meanwhile
                os.link(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        for folder in (path.parent, path.parent.parent, self.folder):
            sync_folder(folder)
        return digest

    def read(self, digest: str) -> bytes:
        """What was filed. Raises `FiledError` where it is lost or changed."""
        if (fault := self.fault(digest)) is not None:
            raise FiledError(fault)
        return self.place(digest).read_bytes()

    def fault(self, digest: str, size: int | None = None) -> str | None:
        """Why the file is not what was filed; None where it is. `size`: in bytes, as it was filed."""
        path, seen = self.place(digest), hashlib.sha256()
        try:
            if size is not None and path.stat().st_size != size:
                return Message(
                    "{path}: changed on the disk, {found} bytes where {size} were filed",
                    path=path,
                    found=path.stat().st_size,
                    size=size,
                )
            with path.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    seen.update(chunk)
        except FileNotFoundError:
            return Message("{path}: lost from the disk", path=path)
        except OSError as error:
            return Message("{path}: cannot be read ({why})", path=path, why=Message(error.strerror or ""))
        if seen.hexdigest() == digest:
            return None
        return Message("{path}: changed on the disk, it no longer has its hash", path=path)
