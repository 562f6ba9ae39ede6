"""The evidence of one occurrence as a zip that a third person checks with `sha256sum -c SHA256SUMS` alone.

It holds the pages as the site sent them, the conclusions drawn from them, and every file's hash. The same facts give
the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from notifications.kind_words import words_of
from notifications.render import TONES, environment
from tracker.core.law.wording import day_zh, matter_zh, moment_zh
from tracker.evidence.archive import ArchiveError, Place, Saved, head, raw, responses
from tracker.evidence.disk import replaced
from tracker.evidence.fetch.failures import status_note
from tracker.store.captures import Capture

FORMAT = "duban evidence 1"
WARC, PAGE, MANIFEST, SUMS, README = "evidence.warc.gz", "index.html", "manifest.json", "SHA256SUMS", "README.txt"
#: The time of every member, so that the bytes do not depend on the time of the export.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_HUGE = 2**31 - 1
_FILES = {
    "pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ppt", "pptx", "zip", "rar", "ofd", "txt", "csv", "jpg", "png",
}  # fmt: skip

_README = """\
本压缩包是一项公开义务的核验证据。打开 index.html 可以阅读。

核对方法：解压到一个空文件夹，在其中执行
    sha256sum -c SHA256SUMS
每一行都应显示 OK。改动任何一个字节，相应的行会显示 FAILED。

bodies/            网站当时返回的内容，逐字节原样（已解压缩），文件名即其 SHA-256。
                   网页以 .html.txt 结尾，以免打开时运行其中的脚本。
filed/             单位报送的佐证材料，逐字节原样，文件名即其 SHA-256；原文件名见 index.html。
evidence.warc.gz   同一批请求与应答的完整记录（含报文头和时间），WARC 1.1 格式，可用任何 WARC 工具读取。
manifest.json      机器可读的清单：事项、时限及其推算、核查过程、所依据的规则与工作日历的摘要、督办日志。
"""


@dataclass(frozen=True, slots=True)
class DossierVisit:
    """A visit that decided something. `captures`: of the column's pages as they were then.

    `why`: by reason the titles of the parts, none where there is but one. Reasons: `before`: the last complete visit
    before it was due; `lacked`: a later complete one that did not see what is to be published; `showed`: the first
    that saw what proves it; `failed`: one that could not look. `certificate`: on what a claim that something is not
    there rests, part by part.
    """

    why: Mapping[str, Sequence[str]]
    column: str
    title: str
    url: str
    began_at: datetime
    ended_at: datetime
    outcome: str
    reached: str
    pages: int
    entries: int
    note: str
    certificate: Sequence[Mapping[str, Any]] = ()
    captures: tuple[Capture, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """The contents of the zip. `facts`: JSON values; see `tracker.reports.export`."""

    occurrence: str
    as_of: datetime
    zone: ZoneInfo
    facts: Mapping[str, Any]
    visits: tuple[DossierVisit, ...]
    captures: tuple[Capture, ...]
    filed: Mapping[str, Path] = field(default_factory=dict)  # by SHA-256: where a filed file lies
    faults: list[str] = field(default_factory=list)  # captures and files that are no longer there


def write_dossier(dossier: Dossier, archive: Path, target: Path) -> None:
    """Write the zip completely or not at all. What the archive no longer has is named in it and in `faults`."""
    with replaced(target) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zip:
        _ZipWriter(dossier, archive, zip).write()


@dataclass(slots=True)
class _ZipWriter:
    dossier: Dossier
    archive: Path
    zip: zipfile.ZipFile
    sums: dict[str, str] = field(default_factory=dict)

    def write(self) -> None:
        captures = self._captures()
        self._filed()
        manifest = self._manifest(captures)
        self._put(MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
        self._put(PAGE, _page(manifest, self.dossier.zone).encode())
        self._put(README, _README.encode())
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums.items()))
        self._put(SUMS, lines.encode())

    def _captures(self) -> list[dict[str, Any]]:
        """Copy the records into the WARC file and then the bodies they hold; a row of the manifest for each."""
        rows: list[dict[str, Any]] = []
        captures = self.dossier.captures
        bodies: dict[str, tuple[str, Capture]] = {}
        with self._open(WARC, stored=True, huge=sum(capture.length for capture in captures) > _HUGE) as out:
            blob = head(self.dossier.as_of, WARC, seed=self.dossier.occurrence)
            out.write(blob)
            offset, digest = len(blob), hashlib.sha256(blob)
            for capture in captures:
                row = {key: value for key, value in asdict(capture).items() if key not in ("file", "offset", "length")}
                try:
                    blob, saved = self._record(capture)
                except ArchiveError as error:
                    self.dossier.faults.append(f"{capture.url} ({capture.at.isoformat()}): {error}")
                    rows.append({**row, "fault": str(error)})
                    continue
                out.write(blob)
                digest.update(blob)
                name, _ = bodies.setdefault(capture.digest, (f"bodies/{capture.digest}{_extension(saved)}", capture))
                kind = saved.header("content-type")
                rows.append({**row, "content_type": kind, "body": name, "offset": offset, "length": len(blob)})
                offset += len(blob)
        self.sums[WARC] = digest.hexdigest()
        for _, (name, capture) in sorted(bodies.items()):
            self._put(name, self._record(capture)[1].body)
        return rows

    def _record(self, capture: Capture) -> tuple[bytes, Saved]:
        """The capture's records and its answer, checked against its digest. Raises `ArchiveError`."""
        blob = raw(self.archive, Place(capture.file, capture.offset, capture.length))
        saved = responses(blob)[-1]
        if hashlib.sha256(saved.body).hexdigest() != capture.digest:
            raise ArchiveError(f"{capture.file}: what lies at {capture.offset} is not what was captured")
        return blob, saved

    def _filed(self) -> None:
        """Put in the files that people filed; one that is lost or was changed since is a fault and stays out."""
        for digest, path in sorted(self.dossier.filed.items()):
            try:
                content = path.read_bytes()
            except OSError as error:
                self.dossier.faults.append(f"filed file {digest}: {error.strerror}")
                continue
            if hashlib.sha256(content).hexdigest() != digest:
                self.dossier.faults.append(f"filed file {digest}: changed on the disk since it was filed")
                continue
            self._put(filed_as(digest), content)

    def _manifest(self, captures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        numbers = {(row["kind"], row["url"], row["at"]): number for number, row in enumerate(captures)}
        visits = [
            {
                **{name: value for name, value in asdict(visit).items() if name != "captures"},
                "captures": sorted(numbers[capture.kind, capture.url, capture.at] for capture in visit.captures),
            }
            for visit in self.dossier.visits
        ]
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "occurrence": self.dossier.occurrence,
            "as_of": self.dossier.as_of,
            **self.dossier.facts,
            "visits": visits,
            "captures": [{"number": number, **row} for number, row in enumerate(captures)],
            "files": dict(sorted(self.sums.items())),
        }
        return json.loads(json.dumps(manifest, default=_text))  # type: ignore[no-any-return]

    def _put(self, name: str, content: bytes) -> None:
        with self._open(name, huge=len(content) > _HUGE) as out:
            out.write(content)
        if name != SUMS:
            self.sums[name] = hashlib.sha256(content).hexdigest()

    def _open(self, name: str, *, stored: bool = False, huge: bool = False) -> IO[bytes]:
        """A new member, with the same metadata whoever writes it, and when."""
        info = zipfile.ZipInfo(name, _NO_TIME)
        info.create_system, info.external_attr = 3, 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        return self.zip.open(info, "w", force_zip64=huge)


def filed_as(digest: str) -> str:
    """The name of a filed file in the zip. It has no extension, so that nobody opens it by a click."""
    return f"filed/{digest}"


def _text(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _extension(saved: Saved) -> str:
    """The extension of a body's file: from its address, else from its content type."""
    last = urlsplit(saved.url).path.rpartition(".")[2].lower()
    kind = saved.header("content-type").lower()
    if last in _FILES and "html" not in kind:
        return f".{last}"
    if "html" in kind or "xml" in kind or saved.body.lstrip()[:1] == b"<":
        return ".html.txt"
    return ".txt" if "text" in kind or "json" in kind else ".bin"


# -- for people ----------------------------------------------------------------------------------------

_WHY = {
    "before": "时限届满前最后一次完整检查",
    "lacked": "时限届满后的完整检查，未查到所要求的内容",
    "showed": "首次看到作为依据的内容",
    "failed": "未能完成的检查，不作为依据",
}
#: Of many visits the page lists the first and the last few.
_FIRST, _LAST = 5, 10


def _page(manifest: Mapping[str, Any], zone: ZoneInfo) -> str:
    """The readable page: instants in the county's time, long lists shortened, links to the bodies."""
    visits = manifest["visits"]
    if len(visits) > _FIRST + _LAST + 1:
        visits = [*visits[:_FIRST], {"left_out": len(visits) - _FIRST - _LAST}, *visits[-_LAST:]]
    by_url: dict[str, list[Mapping[str, Any]]] = {}
    for capture in manifest["captures"]:
        by_url.setdefault(capture["url"], []).append(capture)
    matter = matter_zh(manifest["title"], manifest["period"])
    values = {**manifest, "visits": visits, "by_url": by_url, "tones": TONES, "matter": matter}
    return (
        environment()
        .get_template("dossier.html.j2")
        .render(values, why_zh=_why_zh, words_of=words_of, status_note=status_note, clock=partial(_clock, zone=zone))
    )


def _why_zh(why: Mapping[str, Sequence[str]]) -> str:
    return "；".join(
        _WHY[name] + (f"（{'、'.join(parts)}）" if parts and name in ("lacked", "showed") else "")
        for name, parts in why.items()
    )


def _clock(text: str | None, zone: ZoneInfo) -> str:
    """2015年9月30日8时5分, or the bare day; "" where there is none."""
    if not text:
        return ""
    if "T" not in text:
        return day_zh(date.fromisoformat(text))
    return moment_zh(datetime.fromisoformat(text).astimezone(zone))
