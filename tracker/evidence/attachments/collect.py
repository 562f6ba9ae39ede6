"""The files that articles link, and entries that are files: fetched from the county's hosts, read apart.

What could not be fetched or read is noted on the attachment, and nothing is concluded from it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from tracker.core.values.facts import NO_FILE, Attachment, VisitOutcome
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.readers.kinds import UNREAD, extension
from tracker.evidence.attachments.readers.reader import FileReader
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Bounds, Fetcher
from tracker.evidence.page.parsed import Page

#: Files of one article that are read; a budget with its tables has a dozen.
MOST = 20
TOO_MANY = "附件过多，未读取"
ELSEWHERE = "附件不在本县站点范围内，未读取"
#: Files remembered within a pass, for those that many articles link.
_REMEMBERED = 100
#: After so many files of a host in a row that did not come, its others wait for the next pass: pages come first.
_PATIENCE = 2
#: What no text can come of is not asked for.
_UNASKED = dict.fromkeys(("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"), "image") | dict.fromkeys(
    ("mp3", "mp4", "flv", "swf", "avi", "wmv", "rm", "rmvb", "wav"), "media"
)
_NAMED = re.compile(r"filename\*?\s*=\s*(?:UTF-8'')?\"?([^\";]{1,300})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an address gave. `failed`: nothing that says anything about the file; what was read before stands."""

    text: str | None = None
    note: str = ""
    digest: str = ""
    etag: str = ""
    failed: bool = False
    unchanged: bool = False


@dataclass(slots=True)
class Files:
    """Fetches and reads files during one pass, each address once."""

    fetcher: Fetcher
    reader: FileReader
    _asked: dict[tuple[str, str], asyncio.Task[_Found]] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)  # by host

    @property
    def bounds(self) -> Bounds:
        """Of one file on its way; reading it has the same time again."""
        return Bounds(self.reader.limits.max_bytes, self.reader.limits.timeout)

    async def read(
        self,
        files: Sequence[Attachment],
        before: Sequence[Attachment],
        *,
        unread: bool = True,
        read: bool = True,
        own: str = "",
    ) -> tuple[Attachment, ...]:
        """The files with their texts. `before`: as they were known.

        `unread`, `read`: whether those known are asked for once more, by whether they could be read.
        `own`: the entry's own address; where that is a file, the entry is read as such.
        """
        known = {one.url: one for one in before}
        return tuple(
            [
                one if one.url == own else await self._read(one, known.get(one.url), place, (unread, read))
                for place, one in enumerate(files)
            ]
        )

    async def _read(
        self, one: Attachment, known: Attachment | None, place: int, again: tuple[bool, bool]
    ) -> Attachment:
        looked_at = known is not None and (known.text is not None or known.note != "")
        if known is not None and looked_at and not (place < MOST and again[known.text is not None]):
            return replace(known, name=one.name)
        if place >= MOST:
            return replace(one, note=TOO_MANY)
        if (kind := _UNASKED.get(extension(one.url))) is not None:
            return replace(one, note=UNREAD[kind])
        before = known or one
        found = await self._once(one, before)
        if found.unchanged or (found.failed and before.text is not None):
            return replace(before, name=one.name)
        if found.text is not None and (found.text, found.note) == (before.text, before.note):
            return replace(before, name=one.name, etag=found.etag)  # saved anew, saying the same
        digest = found.digest or before.digest
        return Attachment(one.name, one.url, found.text, found.note, digest, found.etag)

    async def _once(self, one: Attachment, before: Attachment) -> _Found:
        etag = before.etag if before.text is not None else ""
        key = (one.url, etag)
        if key not in self._asked:
            if len(self._asked) >= _REMEMBERED:
                self._asked = {key: task for key, task in self._asked.items() if not task.done()}
            self._asked[key] = asyncio.create_task(self._find(one, before, etag))
        return await self._asked[key]

    async def _find(self, one: Attachment, before: Attachment, etag: str) -> _Found:
        host = urlsplit(one.url).netloc
        if self._failures[host] >= _PATIENCE:
            return _Found(None, "本轮中该站点的附件多次未能取得，不再尝试", failed=True)
        answer = await self.fetcher.get(one.url, etag=etag, bounds=self.bounds)
        self._failures[host] = self._failures[host] + 1 if answer.strikes else 0
        found = await self._said(one, before, etag, answer)
        read = answer.outcome is VisitOutcome.READ and not found.failed
        await self.fetcher.tell(
            "file",
            one.url,
            answer,
            VisitOutcome.NOT_UNDERSTOOD if answer.status == 200 and not read else answer.outcome,
        )
        return found

    async def _said(self, one: Attachment, before: Attachment, etag: str, answer: Answer) -> _Found:
        if answer.unchanged:
            return _Found(unchanged=True) if etag else _Found(None, "网站只答复“未修改”，没有给出内容", failed=True)
        if answer.outcome is not VisitOutcome.READ:
            return _missed(answer)
        digest = hashlib.sha256(answer.body).hexdigest()
        if digest == before.digest and before.text is not None:
            return _Found(before.text, before.note, digest, answer.etag)
        said = await self.reader.read(answer.body, name_of(answer, one.name), answer.content_type)
        if said.kind == "webpage":
            return _Found(None, said.note, failed=True)
        return _Found(said.text, said.note, digest, answer.etag)


def _missed(answer: Answer) -> _Found:
    if answer.gone:
        return _Found(None, f"{NO_FILE}（{answer.status}）")
    if answer.outcome is VisitOutcome.FORBIDDEN and answer.url == answer.asked and not answer.trail:
        return _Found(None, ELSEWHERE if "站点范围内" in answer.note else answer.note, failed=True)
    return _Found(None, f"附件未能读取：{answer.note}", failed=True)


def name_of(answer: Answer, told: str = "") -> str:
    """The name that says best what a file is: its own, its address's, that of its link."""
    sent = answer.trail[-1].header(b"content-disposition").decode("latin-1") if answer.trail else ""
    names = [unquote(match[1]) for match in _NAMED.finditer(sent)]
    names += [answer.url, answer.asked, told]
    return next((name for name in names if extension(name)), answer.url)


def looks_like_file(url: str) -> bool:
    """Whether an address names a file, which may be larger than a page."""
    return extension(url) in _FILES


def is_file(answer: Answer, page: Page) -> bool:
    """Whether an entry's address gave a file and no page."""
    return not page.is_html or extension(name_of(answer)) in _NO_PAGE


#: What browsers show as text and is no page.
_NO_PAGE = {"txt", "csv", "rtf"}
_FILES = _NO_PAGE | {
    "pdf", "doc", "docx", "wps", "wpt", "xls", "xlsx", "et", "ett", "ppt", "pptx", "dps", "zip", "rar", "7z", "ofd",
}  # fmt: skip


async def read_entry(reader: FileReader, answer: Answer) -> Article:
    """An entry that is a file: its text is the article's. Title and date are its list's to say.

    What could not be read beside the text stays noted on the file: what the text lacks is not missing then.
    """
    said = await reader.read(answer.body, name_of(answer), answer.content_type)
    shown = unquote(urlsplit(answer.url).path.rpartition("/")[2])[:200] or answer.url[:200]
    digest = hashlib.sha256(answer.body).hexdigest()
    if said.text is None:
        file = Attachment(shown, answer.asked, None, said.note, digest)
        return Article("unreadable", f"条目直接链接到文件：{said.note}", attachments=(file,))
    return Article("read", text=said.text, attachments=(Attachment(shown, answer.asked, "", said.note, digest),))
