"""What the site said, as it went over the wire: WARC files that only grow, one gzip member a record.

A file belongs to the process that made it and is never opened again after that process ends, so what a kill tore
off lies at the end of a file and nothing points to it. The only home of warcio.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tracker.evidence.disk import sync_folder
from tracker.evidence.fetch.answer import Exchange
from tracker.evidence.fetch.unpack import BrokenPacking, CannotUnpack, TooLarge, Unpacker

#: A file that has grown beyond this is followed by another one.
MAX_FILE = 200_000_000
#: Fast: a county's pages shrink to a fifth at any level.
_LEVEL = 3
#: Told apart from what the site itself calls so: chunks are put together before they are kept.
_CHUNKED, _WAS_CHUNKED = b"transfer-encoding", b"X-Duban-Transfer-Encoding"
#: More than this is not unpacked when a record is read.
_MAX_BODY = 200_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where records lie: a file, relative to the archive's folder, and the bytes in it."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Saved:
    """One response as it was kept. `body` is unpacked, `packed` as it was sent; `headers` as text."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    cut: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class ArchiveError(Exception):
    """A record cannot be read where it should lie; the message says why."""


@dataclass(slots=True)
class Archive:
    """One process's part of a county's archive. `durable`: what is written outlives a power cut. Writing blocks."""

    folder: Path
    county: str
    agent: str = ""
    durable: bool = True
    max_file: int = MAX_FILE
    _name: str = field(default="", init=False)
    _size: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)  # a cancelled pass leaves its thread

    def write(self, trails: Sequence[tuple[datetime, Sequence[Exchange]]]) -> list[Place]:
        """Append what went over the wire at these instants; where each lies. On disk when it returns.

        Raises OSError; then nothing of it counts, and the next write begins another file.
        """
        return self.put(trails[0][0], (b"".join(_members(at, trail)) for at, trail in trails)) if trails else []

    def put(self, at: datetime, blobs: Iterable[bytes]) -> list[Place]:
        """Append records as they are, those of `at` first; as `write` does."""
        places: list[Place] = []
        with self._lock:
            try:
                with self._open(at) as out:
                    for blob in blobs:
                        out.write(blob)
                        places.append(Place(self._name, self._size, len(blob)))
                        self._size += len(blob)
                    out.flush()
                    if self.durable:
                        os.fsync(out.fileno())
            except OSError:
                self._name = ""
                raise
        return places

    def leave(self) -> None:
        """Write to the current file no more."""
        self._name = ""

    def _open(self, at: datetime) -> Any:
        """The file that is being written, as it was left; or a new one of this month."""
        path = self.folder / self._name
        whole = self._name and path.exists() and path.stat().st_size == self._size
        if whole and self._size < self.max_file and path.name.startswith(f"{at:%Y-%m-}"):
            return path.open("ab")
        name = f"{at:%Y-%m-%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(4)}.warc.gz"
        self._name = f"{self.county}/{name}"
        path = self.folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        out = path.open("xb")
        self._size = out.write(head(at, name, self.agent))
        if self.durable:
            sync_folder(path.parent)
        return out


# -- writing -----------------------------------------------------------------------------------------


def _members(at: datetime, trail: Sequence[Exchange]) -> Iterator[bytes]:
    """The answer and the request of each exchange, as WARC has them: one gzip member a record."""
    for one in trail:
        begins, body = _answer_head(one), one.body
        extra = {"WARC-IP-Address": one.peer} if one.peer else {}
        if one.cut:
            extra["WARC-Truncated"] = "length"
        name, answer = _record("response", one.url, at, begins, body, extra)
        yield answer
        yield _record("request", one.url, at, _request_head(one), _form(one), {"WARC-Concurrent-To": name})[1]


def _record(
    kind: str, url: str, at: datetime, begins: bytes, body: bytes, extra: dict[str, str], number: str = ""
) -> tuple[str, bytes]:
    """A record's id and its bytes. The block goes in as it is: warcio would write foreign headers its own way."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    name = f"<urn:uuid:{_uuid(number or secrets.token_hex(16))}>"
    block = begins + body
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", name),
        ("WARC-Target-URI", url),
        ("WARC-Date", _date(at)),
        *extra.items(),
        ("WARC-Payload-Digest", f"sha256:{hashlib.sha256(body).hexdigest()}"),
        ("WARC-Block-Digest", f"sha256:{hashlib.sha256(block).hexdigest()}"),
    ]
    if kind == "warcinfo":
        headers = [one for one in headers if one[0] not in ("WARC-Target-URI", "WARC-Payload-Digest")]
    fits = f"application/http; msgtype={kind}" if kind != "warcinfo" else "application/warc-fields"
    record = ArcWarcRecord(
        "warc", kind, StatusAndHeaders("", headers, protocol="WARC/1.1"), BytesIO(block), None, fits, len(block)
    )
    out = BytesIO()
    WARCWriter(out, gzip=False).write_record(record)
    return name, zlib.compress(out.getvalue(), _LEVEL, 31)


def _uuid(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def head(at: datetime, name: str, agent: str = "", seed: str = "") -> bytes:
    """The first record of a file: what it is and who made it. With a `seed` always the same bytes."""
    lines = {
        "software": "Duban",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "http-header-user-agent": agent,
    }
    text = "".join(f"{key}: {value}\r\n" for key, value in lines.items() if value)
    number = hashlib.sha256(seed.encode()).hexdigest() if seed else secrets.token_hex(16)
    return _record("warcinfo", "", at, b"", text.encode(), {"WARC-Filename": name}, number)[1]


def _answer_head(one: Exchange) -> bytes:
    """Status line and headers. Chunks were put together, so the header that speaks of them is put aside."""
    lines = [f"HTTP/{one.version} {one.status} {one.reason}".rstrip().encode("utf-8", "replace")]
    lines += [b": ".join((_WAS_CHUNKED if name.lower() == _CHUNKED else name, value)) for name, value in one.headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _request_head(one: Exchange) -> bytes:
    parts = urlsplit(one.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{one.method} {path} HTTP/1.1".encode("utf-8", "replace")]
    lines += [b": ".join(pair) for pair in one.request_headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _form(one: Exchange) -> bytes:
    return urlencode(one.form).encode() if one.form is not None else b""


# -- reading -----------------------------------------------------------------------------------------


def raw(folder: Path, place: Place) -> bytes:
    """The bytes of the records at a place. Raises `ArchiveError` where they are not there."""
    try:
        with (folder / place.file).open("rb") as source:
            source.seek(place.offset)
            found = source.read(place.length)
    except OSError as error:
        raise ArchiveError(f"{place.file}: {error.strerror}") from None
    if len(found) != place.length:
        raise ArchiveError(f"{place.file}: ends before {place.offset + place.length}")
    return found


def responses(blob: bytes) -> list[Saved]:
    """The responses among some records, redirects first; their digests are checked. Raises `ArchiveError`."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    try:
        for record in ArchiveIterator(BytesIO(blob), check_digests="raise"):
            packed = record.raw_stream.read()
            if record.rec_type == "response":
                found.append(_saved(record, packed))
    except Exception as error:  # whatever bytes that are no records do to their reader
        raise ArchiveError(f"not a whole record: {error}") from None
    if not found:
        raise ArchiveError("no answer among the records")
    return found


def _saved(record: Any, packed: bytes) -> Saved:
    headers = tuple(record.http_headers.headers)
    at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00"))
    encoding = next((value for key, value in headers if key.lower() == "content-encoding"), "")
    return Saved(
        record.rec_headers.get_header("WARC-Target-URI"), at, int(record.http_headers.get_statuscode() or 0), headers,
        unpacked(packed, encoding), packed, record.rec_headers.get_header("WARC-Truncated") is not None,
    )  # fmt: skip


def body_of(one: Exchange) -> bytes:
    """What an exchange's answer says, unpacked as far as it can be."""
    return unpacked(one.body, one.header(b"content-encoding").decode("latin-1"))


def unpacked(packed: bytes, encoding: str) -> bytes:
    """The body unpacked; as it was sent where it cannot be, or was cut off."""
    try:
        unpacker = Unpacker(encoding, _MAX_BODY)
        body = b"".join(unpacker.feed(packed))
        unpacker.end(empty=not packed)
    except (TooLarge, CannotUnpack, BrokenPacking):
        return packed
    return body


def county_files(folder: Path, county: str) -> list[str]:
    """The names of a county's files, as places name them, oldest first."""
    return sorted(f"{county}/{path.name}" for path in (folder / county).glob("*.warc.gz"))
