"""The archive: what the site said, byte by byte, found again and found whole; what is unchanged adds nothing."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.evidence.crawled import WATER, Office, Site
from tests.evidence.evidence_site import SHANGHAI, Clock, Serve
from tracker.crawl.archiver import Archiver
from tracker.evidence.archive import Archive, ArchiveError, Place, county_files, raw, responses
from tracker.evidence.fetch.answer import Exchange
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.store.captures import Capture, delete_captures, load_captures
from tracker.store.faults import list_faults

AT = datetime(2015, 9, 30, 8, tzinfo=SHANGHAI)


def exchange(body: bytes = b"<html>x</html>", **changes: object) -> Exchange:
    values: dict[str, object] = {
        "url": "http://www.yangli.gov.cn/hjbh/?a=1",
        "method": "GET",
        "request_headers": ((b"Host", b"www.yangli.gov.cn"),),
        "form": None,
        "version": "1.1",
        "status": 200,
        "reason": "OK",
        "headers": ((b"Content-Type", b"text/html"), (b"X-Name", "县".encode("gbk"))),
        "body": body,
        "peer": "202.102.192.68",
    }
    return Exchange(**{**values, **changes})  # type: ignore[arg-type]


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """What the library's own check says of a file."""
    command = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class TestTheFiles:
    def test_what_is_written_is_read_again_as_it_was_sent(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path, "sample", "Duban/1")
        moved = exchange(b"moved", status=302, headers=((b"Location", b"/b"),))
        places = archive.write([(AT, [moved, exchange()]), (AT, [exchange("公开".encode())])])
        first = responses(raw(tmp_path, places[0]))
        assert [(one.status, one.body) for one in first] == [(302, b"moved"), (200, b"<html>x</html>")]
        assert (first[1].at, first[1].url) == (AT, "http://www.yangli.gov.cn/hjbh/?a=1")
        assert first[1].header("x-name").encode("latin-1") == "县".encode("gbk")
        assert responses(raw(tmp_path, places[1]))[0].body == "公开".encode()

    def test_the_librarys_own_check_passes(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path, "sample")
        odd = exchange(
            b"",
            url="http://a.cn/公开?x=1",
            reason="",
            headers=((b"Transfer-Encoding", b"chunked"),),
            form={"a": "公开"},
        )
        cut = exchange(b"\x1f\x8b broken", headers=((b"Content-Encoding", b"gzip"),), cut=True)
        [place, *_] = archive.write([(AT, [exchange()]), (AT, [odd]), (AT, [cut])])
        done = check(tmp_path / place.file)
        assert (done.returncode, done.stdout) == (0, "")

    def test_a_changed_byte_is_found(self, tmp_path: Path) -> None:
        body = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(200))  # too odd to shrink
        [place] = Archive(tmp_path, "sample").write([(AT, [exchange(body)])])
        path = tmp_path / place.file
        content = bytearray(path.read_bytes())
        content[place.offset + place.length // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(ArchiveError):
            responses(raw(tmp_path, place))

    def test_no_two_writers_share_a_file(self, tmp_path: Path) -> None:
        one, other = Archive(tmp_path, "sample"), Archive(tmp_path, "sample")
        files = {archive.write([(AT, [exchange()])])[0].file for archive in (one, other, one, other)}
        assert len(files) == 2 == len(county_files(tmp_path, "sample"))

    def test_a_file_is_followed_by_another_one_when_it_is_large_and_when_the_month_is_over(
        self, tmp_path: Path
    ) -> None:
        archive = Archive(tmp_path, "sample", max_file=2000)
        for days in (0, 0, 0, 0, 1):
            archive.write([(AT + timedelta(days=days), [exchange()])])
        files = county_files(tmp_path, "sample")
        assert [Path(name).name[:10] for name in files] == ["2015-09-30", "2015-09-30", "2015-10-01"]

    def test_what_a_kill_tore_off_is_nowhere_pointed_to(self, tmp_path: Path) -> None:
        """The next process begins a file of its own; what was whole before is still there."""
        [place] = Archive(tmp_path, "sample").write([(AT, [exchange()])])
        path = tmp_path / place.file
        path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\x00 torn")
        [later] = Archive(tmp_path, "sample").write([(AT, [exchange(b"later")])])
        assert later.file != place.file
        assert responses(raw(tmp_path, place))[0].body == b"<html>x</html>"

    def test_a_file_that_is_not_as_it_was_left_is_not_written_to(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path, "sample")
        [place] = archive.write([(AT, [exchange()])])
        (tmp_path / place.file).unlink()
        [later] = archive.write([(AT, [exchange(b"later")])])
        assert later.file != place.file
        assert responses(raw(tmp_path, later))[0].body == b"later"
        with pytest.raises(ArchiveError, match="No such file"):
            raw(tmp_path, place)

    @pytest.mark.parametrize("blob", [b"", b"nonsense", b"\x1f\x8b\x08\x00", b"WARC/1.1\r\n"])
    def test_what_is_no_record_is_none(self, blob: bytes, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(blob)
        with pytest.raises(ArchiveError):
            responses(raw(tmp_path, Place("a", 0, len(blob))))

    def test_a_record_beyond_the_end_is_missing(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"abc")
        with pytest.raises(ArchiveError, match="ends before"):
            raw(tmp_path, Place("a", 1, 100))


async def test_a_real_answer_is_kept_packed_as_it_came(tmp_path: Path, serve: Serve, clock: Clock) -> None:
    async def answer(request: web.Request) -> web.Response:
        response = web.Response(text="<html>公开</html>" * 50, headers={"X-Served-By": "a"})
        response.enable_compression(web.ContentCoding.gzip)
        return response

    async with Fetcher(["127.0.0.1"], True, Limits(0), clock) as fetcher:
        got = await fetcher.get(await serve(answer))
    [place] = Archive(tmp_path, "sample").write([(got.at, got.trail)])
    [kept] = responses(raw(tmp_path, place))
    assert (kept.body, kept.packed[:2], kept.header("x-served-by")) == (got.body, b"\x1f\x8b", "a")
    assert check(tmp_path / place.file).returncode == 0


class Kept:
    """An office with an archive, and what lies in it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.restart()

    def restart(self) -> None:
        """Another process: it remembers nothing."""
        self.archiver = Archiver(self.office.store, "sample", Archive(self.folder, "sample", durable=False))

    async def crawl(self) -> None:
        await self.office.crawl(archiver=self.archiver)

    def of(self, path: str) -> list[Capture]:
        with self.office.store.read() as tx:
            return load_captures(tx, "sample", [self.office.base + path])

    def body(self, one: Capture) -> bytes:
        return responses(raw(self.folder, Place(one.file, one.offset, one.length)))[-1].body


@pytest.fixture
def kept(office: Office, tmp_path: Path) -> Kept:
    return Kept(office, tmp_path / "archive")


class TestWhatIsKept:
    async def test_every_page_and_article_as_it_was_sent(
        self, either_office: Office, site: Site, tmp_path: Path
    ) -> None:
        kept = Kept(either_office, tmp_path / "archive")
        site.publish("1", WATER)
        await kept.crawl()
        for path, kind, html in (
            ("/hjbh/", "listing", site.listing("hjbh")),
            ("/hjbh/1.html", "article", site.articles["/hjbh/1.html"]),
            ("/jubao/", "listing", site.pages["jubao"]),
        ):
            [one] = kept.of(path)
            assert (one.kind, one.outcome, one.status, one.size) == (kind, "read", 200, len(html.encode()))
            assert kept.body(one) == html.encode()
            assert one.digest == hashlib.sha256(html.encode()).hexdigest()
        assert all(check(kept.folder / name).returncode == 0 for name in county_files(kept.folder, "sample"))

    async def test_what_is_unchanged_adds_nothing(self, kept: Kept, site: Site, clock: Clock) -> None:
        site.publish("1", WATER)
        await kept.crawl()
        size = sum(path.stat().st_size for path in kept.folder.rglob("*.gz"))
        for _ in range(3):
            clock.advance(days=1)
            await kept.crawl()
        kept.restart()
        clock.advance(days=1)
        await kept.crawl()
        assert len(kept.of("/hjbh/")) == len(kept.of("/hjbh/1.html")) == 1
        assert sum(path.stat().st_size for path in kept.folder.rglob("*.gz")) == size

    async def test_what_changed_is_kept_beside_what_it_was(self, kept: Kept, site: Site, clock: Clock) -> None:
        site.publish("1", WATER, text="前一稿。" * 10)
        await kept.crawl()
        clock.advance(days=1)
        site.publish("1", WATER, text="后一稿。" * 10)
        site.publish("2", "9月份水环境质量状况")
        await kept.crawl()
        before, after = kept.of("/hjbh/1.html")
        assert ("前一稿" in kept.body(before).decode(), "后一稿" in kept.body(after).decode()) == (True, True)
        assert before.at < after.at
        assert len(kept.of("/hjbh/")) == 2

    async def test_a_refusal_is_kept_once_and_what_stood_before_goes_on_standing(
        self, kept: Kept, site: Site, clock: Clock
    ) -> None:
        await kept.crawl()
        for status in (521, 521, 503, 521, None):
            clock.advance(hours=6)
            site.broken = {"/hjbh/": status} if status else {}
            await kept.crawl()
        held = [(one.outcome, one.status) for one in kept.of("/hjbh/")]
        assert held == [("read", 200), ("refused", 521), ("unreachable", 503), ("refused", 521)]

    async def test_an_article_that_is_gone_is_kept_as_gone(self, kept: Kept, site: Site, clock: Clock) -> None:
        site.publish("1", WATER)
        await kept.crawl()
        site.lists["hjbh"].clear()
        site.articles.clear()
        clock.advance(days=1)
        await kept.crawl()
        assert [(one.outcome, one.status) for one in kept.of("/hjbh/1.html")] == [("read", 200), ("missing", 404)]

    async def test_what_the_archive_lacks_is_asked_for_anew(self, kept: Kept, site: Site, clock: Clock) -> None:
        """An archive that was begun late, or lost a file, is whole again after the next look."""
        site.publish("1", WATER)
        await kept.office.crawl()
        assert kept.of("/hjbh/") == []
        clock.advance(days=1)
        await kept.crawl()
        assert len(kept.of("/hjbh/")) == len(kept.of("/hjbh/1.html")) == 1
        with kept.office.store.begin() as tx:
            delete_captures(tx, "sample", county_files(kept.folder, "sample"))
        kept.restart()
        clock.advance(days=2)
        await kept.crawl()
        assert len(kept.of("/hjbh/")) == len(kept.of("/hjbh/1.html")) == 1

    async def test_a_fault_of_the_archive_does_not_stop_the_pass(
        self, kept: Kept, site: Site, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        kept.folder.write_text("not a folder")
        site.publish("1", WATER)
        await kept.crawl()
        assert len(kept.office.entries()) == 1
        with kept.office.store.read() as tx:
            [fault] = list_faults(tx, "sample")
        assert (fault.action, "存档未能写入" in fault.error) == ("archive", True)
        kept.folder.unlink()
        clock.advance(days=1)
        await kept.crawl()
        assert len(kept.of("/hjbh/")) == 1
        with kept.office.store.read() as tx:
            assert list_faults(tx, "sample") == []

    async def test_much_that_waits_is_written_before_it_fills_the_memory(
        self, kept: Kept, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tracker.crawl.archiver._MAX_WAITING", 1000)
        for number in range(5):
            site.publish(str(number), f"{number}月份水环境质量状况", text="水环境。" * 100)
        await kept.crawl()
        assert kept.archiver._waiting == kept.archiver._written == []
        assert all(len(kept.of(f"/hjbh/{number}.html")) == 1 for number in range(5))


def test_the_clock_of_a_record_is_the_answers(tmp_path: Path) -> None:
    [place] = Archive(tmp_path, "sample").write([(AT, [exchange()])])
    assert b"WARC-Date: 2015-09-30T00:00:00.000000Z" in gzip.decompress(raw(tmp_path, place))
