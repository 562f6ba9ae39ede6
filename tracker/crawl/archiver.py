"""Archives new answers of the site: bytes in WARC files, their places in a table.

A readable answer is archived whenever it changed. A failure is archived once for each kind, and at most once a day if
only its text differs. An unchanged answer adds nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.core.values.facts import VisitOutcome
from tracker.evidence.archive import Archive, ArchiveError, Place, body_of, raw
from tracker.evidence.fetch.answer import Answer, Exchange
from tracker.evidence.fetch.fetcher import CaptureKind
from tracker.store.captures import READ, Capture, LastCapture, load_last_captures, record_captures
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: A failure that differs only in its text (a token, a clock) is archived again after this time.
_SAME_FAILURE_AFTER = timedelta(days=1)
#: Bytes that may wait in memory for the next transaction.
_MAX_WAITING = 16_000_000
#: Longer addresses do not fit into the table.
_MAX_URL_LENGTH = 2048
#: Number of addresses whose last captures are cached.
_MAX_CACHED = 20_000
ACTION = "archive"

#: The last captures of an address by whether it could be read.
_Last = dict[bool, LastCapture]


@dataclass(slots=True)
class Archiver:
    """Archives one county's answers for one process; a listener of the fetcher. Without an archive it does nothing.

    An error of the archive (a full disk) is recorded as a fault and never stops the pass.
    """

    store: Store
    county: str
    archive: Archive | None = None
    _last: OrderedDict[str, _Last] = field(default_factory=OrderedDict)
    _waiting: list[tuple[Capture, Sequence[Exchange]]] = field(default_factory=list)
    _written: list[Capture] = field(default_factory=list)
    _bytes: int = 0
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _is_failing: bool = False

    @property
    def listener(self) -> Archiver | None:
        """The listener for the fetcher, if answers are archived."""
        return self if self.archive is not None else None

    async def lacks(self, url: str) -> bool:
        """Return whether the archive has no readable answer of the address."""
        return len(url) <= _MAX_URL_LENGTH and True not in await self._last_of(url)

    async def hear(self, kind: CaptureKind, url: str, answer: Answer, outcome: VisitOutcome, column: str) -> None:
        """Archive an answer if it is new. A bare "not modified" is not."""
        if not answer.trail or answer.unchanged or len(url) > _MAX_URL_LENGTH:
            return
        body = answer.body if answer.outcome is VisitOutcome.READ else body_of(answer.trail[-1])
        status = answer.status or answer.trail[-1].status
        new = LastCapture(answer.at, str(outcome), status, hashlib.sha256(body).hexdigest())
        last = await self._last_of(url)
        if not _is_new(new, last):
            return
        last[new.outcome == READ] = new
        capture = Capture(column, kind, url, new.at, new.outcome, new.status, new.digest, len(body), "", 0, 0)
        self._waiting.append((capture, answer.trail))
        self._bytes += sum(len(exchange.body) for exchange in answer.trail)
        if self._bytes > _MAX_WAITING:
            await self.write()

    async def write(self) -> None:
        """Write the waiting answers to the disk. This must precede the transaction that records them."""
        async with self._writing:
            waiting, self._waiting, self._bytes = self._waiting, [], 0
            if not waiting or self.archive is None:
                return
            trails = [(capture.at, trail) for capture, trail in waiting]
            try:
                places = await asyncio.to_thread(self.archive.write, trails)
            except OSError as error:
                log.exception("cannot write to the archive", extra={"action": ACTION})
                self.forget([capture.url for capture, _ in waiting])
                await self._record_fault(f"存档未能写入：{error.strerror or error}", waiting[-1][0].at)
                return
            self._written += _moved([capture for capture, _ in waiting], places)
            if self._is_failing:
                await self._record_fault("", waiting[-1][0].at)

    def take_written(self) -> list[Capture]:
        """Return the captures written since the last call, to be recorded with the facts that rest on them."""
        rows, self._written = self._written, []
        return rows

    async def finish(self) -> None:
        """Write and record the remaining answers."""
        await self.write()
        if rows := self.take_written():
            await run_write(self.store, lambda tx: record_captures(tx, self.county, rows))

    async def copy(self, captures: Sequence[Capture]) -> list[Capture]:
        """Copy records into this process's file. Return them with their new places; unreadable ones are left out."""
        archive = self.archive
        if archive is None or not captures:
            return []
        readable, records = [], []
        for capture in captures:
            place = Place(capture.file, capture.offset, capture.length)
            try:
                records.append(await asyncio.to_thread(raw, archive.folder, place))
            except ArchiveError as error:
                log.warning("%s", error, extra={"action": ACTION})
                continue
            readable.append(capture)
        async with self._writing:
            archive.leave()  # its current file may be one of those to delete
            if not readable:
                return []
            newest = max(capture.at for capture in readable)
            return _moved(readable, await asyncio.to_thread(archive.put, newest, records))

    # -- cache of last captures ------------------------------------------------------------------

    def forget(self, urls: Collection[str] | None = None) -> None:
        """Empty the cache, which may be wrong: of these addresses, or of all."""
        for url in list(self._last) if urls is None else urls:
            self._last.pop(url, None)

    def uncached(self, urls: Collection[str]) -> list[str]:
        """Return the addresses whose last captures are needed and not cached."""
        return [] if self.archive is None else [url for url in urls if url not in self._last]

    def cache(self, captures: Mapping[str, Sequence[LastCapture]]) -> None:
        """Cache the last captures of addresses; those already cached are newer, and stay."""
        for url, url_captures in captures.items():
            if url not in self._last:
                self._last[url] = {capture.outcome == READ: capture for capture in sorted(url_captures)}
        while len(self._last) > _MAX_CACHED:
            self._last.popitem(last=False)

    async def prepare(self, urls: Collection[str]) -> None:
        """Load the last captures of addresses that are about to be fetched, unless cached."""
        if uncached := self.uncached(urls):
            self.cache(await run_read(self.store, lambda tx: load_last_captures(tx, self.county, uncached)))

    async def _last_of(self, url: str) -> _Last:
        await self.prepare([url])
        self._last.move_to_end(url)
        return self._last[url]

    async def _record_fault(self, note: str, at: datetime) -> None:
        """Record the archive's fault; "": clear it."""
        self._is_failing = bool(note)

        def record(tx: Tx) -> None:
            if note:
                record_fault(tx, self.county, "archive", ACTION, note, at)
            else:
                clear_fault(tx, self.county, "archive", ACTION, at)

        await run_write(self.store, record)


def _is_new(capture: LastCapture, last: _Last) -> bool:
    is_read = capture.outcome == READ
    before = last.get(is_read)
    if before is None or (not is_read and (before.outcome, before.status) != (capture.outcome, capture.status)):
        return True
    return before.digest != capture.digest and (is_read or capture.at - before.at >= _SAME_FAILURE_AFTER)


def _moved(captures: Sequence[Capture], places: Sequence[Place]) -> list[Capture]:
    """Return the captures with their new places."""
    return [
        replace(capture, file=place.file, offset=place.offset, length=place.length)
        for capture, place in zip(captures, places, strict=True)
    ]
