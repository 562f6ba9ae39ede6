"""Keeps the site's answers that say something new: bytes in WARC files, places in a table.

What could be read is kept whenever it changed; what could not is kept too, once for each way of failing and at most
once a day where only its words differ. What is unchanged adds nothing: a visit is known by what stood at its time.
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
from tracker.store.captures import READ, Capture, LastCapture, last_captures, record_captures
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: A refusal that differs only in its words (a token, a clock) is kept again after this long.
_AGAIN = timedelta(days=1)
#: Bytes that may wait in memory for the next transaction.
_MOST = 16_000_000
#: A longer address has no place in the table.
_LONGEST = 2048
#: Addresses whose last captures are remembered.
_REMEMBERED = 20_000
ACTION = "archive"


@dataclass(slots=True)
class Last:
    """The last capture of an address: of what could be read, and of what could not."""

    read: LastCapture | None = None
    failed: LastCapture | None = None

    def differs(self, capture: LastCapture) -> bool:
        """Whether `capture` says something that the captures do not say."""
        if capture.outcome == READ:
            return self.read is None or self.read.digest != capture.digest
        last = self.failed
        if last is None or (last.outcome, last.status) != (capture.outcome, capture.status):
            return True
        return last.digest != capture.digest and capture.at - last.at >= _AGAIN

    def take(self, capture: LastCapture) -> None:
        if capture.outcome == READ:
            self.read = capture
        else:
            self.failed = capture


@dataclass(slots=True)
class Keeper:
    """Keeps what one county's site says, for one process. A listener of the fetcher's.

    A fault of the archive (a full disk) is recorded and never stops the pass. Without an archive nothing is kept.
    """

    store: Store
    county: str
    archive: Archive | None = None
    _last: OrderedDict[str, Last] = field(default_factory=OrderedDict)
    _waiting: list[tuple[Capture, Sequence[Exchange]]] = field(default_factory=list)
    _written: list[Capture] = field(default_factory=list)
    _bytes: int = 0
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _broken: bool = False

    @property
    def listener(self) -> Keeper | None:
        """Who is to be told what the site answers, if anybody."""
        return self if self.archive is not None else None

    async def lacks(self, url: str) -> bool:
        """Whether nothing that was read at this address lies in the archive."""
        return len(url) <= _LONGEST and (await self._known(url)).read is None

    async def hear(self, kind: CaptureKind, url: str, answer: Answer, outcome: VisitOutcome, column: str) -> None:
        """Keep an answer where it says something new. A bare "not modified" says nothing."""
        if not answer.trail or answer.unchanged or len(url) > _LONGEST:
            return
        body = answer.body if answer.outcome is VisitOutcome.READ else body_of(answer.trail[-1])
        status = answer.status or answer.trail[-1].status
        one = LastCapture(answer.at, str(outcome), status, hashlib.sha256(body).hexdigest())
        last = await self._known(url)
        if not last.differs(one):
            return
        last.take(one)
        capture = Capture(column, kind, url, one.at, one.outcome, one.status, one.digest, len(body), "", 0, 0)
        self._waiting.append((capture, answer.trail))
        self._bytes += sum(len(exchange.body) for exchange in answer.trail)
        if self._bytes > _MOST:
            await self.write()

    async def write(self) -> None:
        """Put on the disk what waits. It must come before the transaction that records it."""
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
                await self._mark(f"存档未能写入：{error.strerror or error}", waiting[-1][0].at)
                return
            self._written += [
                replace(capture, file=place.file, offset=place.offset, length=place.length)
                for (capture, _), place in zip(waiting, places, strict=True)
            ]
            if self._broken:
                await self._mark("", waiting[-1][0].at)

    def written(self) -> list[Capture]:
        """What was put on the disk since, for the transaction that records the facts resting on it."""
        rows, self._written = self._written, []
        return rows

    async def finish(self) -> None:
        """Write and record what no transaction has taken along."""
        await self.write()
        if rows := self.written():
            await run_write(self.store, lambda tx: record_captures(tx, self.county, rows))

    async def carry(self, old: Sequence[Capture]) -> list[Capture]:
        """Copy records into this process's file; where they lie now. What cannot be read any more is left out."""
        archive = self.archive
        if archive is None or not old:
            return []
        readable, blobs = [], []
        for one in old:
            try:
                blobs.append(await asyncio.to_thread(raw, archive.folder, Place(one.file, one.offset, one.length)))
            except ArchiveError as error:
                log.warning("%s", error, extra={"action": ACTION})
                continue
            readable.append(one)
        async with self._writing:
            archive.leave()  # it may be one of those that are to go
            places = (
                await asyncio.to_thread(archive.put, max(capture.at for capture in readable), blobs) if blobs else []
            )
        return [
            replace(capture, file=place.file, offset=place.offset, length=place.length)
            for capture, place in zip(readable, places, strict=True)
        ]

    def forget(self, urls: Collection[str] | None = None) -> None:
        """What is remembered may be wrong: of these addresses, or of all."""
        for url in list(self._last) if urls is None else urls:
            self._last.pop(url, None)

    def unknown(self, urls: Collection[str]) -> list[str]:
        """Those of the addresses whose last captures are needed and not remembered."""
        return [] if self.archive is None else [url for url in urls if url not in self._last]

    def remember(self, captures: Mapping[str, Sequence[LastCapture]]) -> None:
        """Take up the last captures of addresses; what is remembered already is newer, and stays."""
        for url, standings in captures.items():
            if url in self._last:
                continue
            last = self._last[url] = Last()
            for standing in sorted(standings):
                last.take(standing)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    async def prepare(self, urls: Collection[str]) -> None:
        """Load what is held of addresses that are about to be asked, where it is not remembered."""
        if unknown := self.unknown(urls):
            self.remember(await run_read(self.store, lambda tx: last_captures(tx, self.county, unknown)))

    async def _known(self, url: str) -> Last:
        await self.prepare([url])
        self._last.move_to_end(url)
        return self._last[url]

    async def _mark(self, note: str, at: datetime) -> None:
        self._broken = bool(note)

        def mark(tx: Tx) -> None:
            if note:
                record_fault(tx, self.county, "archive", ACTION, note, at)
            else:
                clear_fault(tx, self.county, "archive", ACTION, at)

        await run_write(self.store, mark)
