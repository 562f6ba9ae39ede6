"""The files that articles link, over HTTP into a real database: read once, asked for with their article's rhythm."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from aiohttp import web

from tests.evidence.attached_files import PICTURE, docx, made, pages
from tests.evidence.crawled import SETTINGS, WATER, Office, Site
from tracker.core.matching.contents import is_readable
from tracker.core.values.facts import Attachment, EntryVersion
from tracker.evidence.attachments.collect import ELSEWHERE, MOST, TOO_MANY

FILE = "/hjbh/P020150928_1.doc"


class FiledSite(Site):
    """The same with files; a status in place of one's bytes is what its address answers."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes | int] = {}
        self.content_types: dict[str, str] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.conditional: list[str] = []
        self.cut: set[str] = set()

    def link(self, *paths: str, name: str = "a", text: str = "现将水环境质量状况予以公布，详见所附文件。") -> None:
        links = "".join(f'<p><a href="{path}">附件{number}</a></p>' for number, path in enumerate(paths, 1))
        self.publish(name, WATER, text=f"{text}</p>{links}<p>")

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path in self.cut and request.transport is not None:
            self.asked.append(request.path)
            request.transport.close()
        body = self.files.get(request.path)
        if body is None:
            return await super().__call__(request)
        self.asked.append(request.path)
        if isinstance(body, int):
            return web.Response(status=body)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            self.conditional.append(request.path)
            return web.Response(status=304)
        content_type = self.content_types.get(request.path, "application/octet-stream")
        headers = {"ETag": tag} | self.headers.get(request.path, {})
        return web.Response(body=body, content_type=content_type, headers=headers)


@pytest.fixture
def site() -> FiledSite:
    return FiledSite()


def version(office: Office) -> EntryVersion:
    (entry,) = office.entries()
    return entry.current


def file_of(office: Office) -> Attachment:
    (file,) = version(office).attachments
    return file


class TestAFileThatAnArticleLinks:
    async def test_is_kept_with_its_text_and_digest(self, either_office: Office, site: FiledSite) -> None:
        site.files[FILE] = made("notice.doc")
        site.link(FILE)
        await either_office.crawl()
        file = file_of(either_office)
        assert (file.name, file.url, file.note) == ("附件1", either_office.base + FILE, "")
        assert file.digest == hashlib.sha256(made("notice.doc")).hexdigest()
        assert "开发区\t71\t" in (file.text or "").split("\n")
        assert is_readable(version(either_office))

    async def test_is_asked_for_once_a_pass_whoever_links_it(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = made("notice.doc")
        for name in "abc":
            site.link(FILE, name=name)
        await office.crawl()
        assert office.asked.count(FILE) == 1
        assert {one.current.attachments[0].text is None for one in office.entries()} == {False}

    async def test_is_not_asked_for_elsewhere(self, office: Office, site: FiledSite) -> None:
        site.link("http://files.example.com/a.pdf")
        await office.crawl()
        file = file_of(office)
        assert (file.text, file.note) == (None, ELSEWHERE)
        assert not is_readable(version(office))

    @pytest.mark.parametrize(
        "disposition", ['attachment; filename="sz.csv"', "attachment; filename*=UTF-8''%E6%94%B6%E6%94%AF.csv"]
    )
    async def test_is_called_what_its_server_calls_it(self, office: Office, site: FiledSite, disposition: str) -> None:
        site.files["/download.jsp"] = "项目,金额\n三公经费,\n".encode("gb18030")
        site.headers["/download.jsp"] = {"Content-Disposition": disposition}
        site.link("/download.jsp?fileid=3")
        await office.crawl()
        assert file_of(office).text == "项目\t金额\n三公经费\t"

    async def test_is_not_asked_for_where_no_text_can_come_of_it(self, office: Office, site: FiledSite) -> None:
        site.publish("a", WATER, text='见图</p><p><img src="/hjbh/W020150928_1.jpg" width="600"></p><p>')
        await office.crawl()
        file = file_of(office)
        assert (file.text, file.note) == (None, "图片，没有可检索的文字")
        assert not [path for path in office.asked if path.endswith(".jpg")]

    async def test_of_very_many_the_first_are_read(self, office: Office, site: FiledSite) -> None:
        paths = [f"/hjbh/{number}.txt" for number in range(MOST + 3)]
        site.files |= dict.fromkeys(paths, "有".encode())
        site.link(*paths)
        await office.crawl()
        notes = [file.note for file in version(office).attachments]
        assert notes == [""] * MOST + [TOO_MANY] * 3
        assert len([path for path in office.asked if path.endswith(".txt")]) == MOST

    @pytest.mark.parametrize(
        ("body", "note"),
        [
            (404, "附件不存在（404）"),
            (503, "附件未能读取：网站出错（503）"),
            (403, "附件未能读取：网站拒绝访问（403）"),
            (b"", "文件是空的"),
            ("<html><body>您访问的页面不存在</body></html>".encode(), "地址给出的是网页，不是文件"),
            (pages(PICTURE), "扫描件，没有可检索的文字"),
            (made("locked.pdf"), "PDF 文件设有密码，无法读取"),
        ],
    )
    async def test_that_cannot_be_read_leaves_the_article_unjudged(
        self, office: Office, site: FiledSite, body: bytes | int, note: str
    ) -> None:
        site.files[FILE] = body
        site.link(FILE)
        await office.crawl()
        file, now = file_of(office), version(office)
        assert (file.text, file.note) == (None, note)
        assert (now.state, is_readable(now)) == ("read", False)

    async def test_may_be_larger_than_a_page_but_not_without_end(self, office: Office, site: FiledSite) -> None:
        site.files["/hjbh/a.txt"] = ("公开内容" * 20 + "\n").encode() * 25_000  # 6 MB
        site.files["/hjbh/b.txt"] = bytes(20_000_001)
        site.link("/hjbh/a.txt", "/hjbh/b.txt")
        await office.crawl()
        large, larger = version(office).attachments
        assert (large.text or "").startswith("公开内容")
        assert larger.note == "附件未能读取：内容超过 20000000 字节"

    async def test_that_does_not_come_leaves_time_for_the_pages(self, office: Office, site: FiledSite) -> None:
        """A host that answers pages and hangs on files is not given up for the pass."""
        paths = [f"/hjbh/{number}.pdf" for number in range(9)]
        site.cut |= set(paths)
        site.link(*paths)
        report = await office.crawl()
        assert len(set(paths) & set(office.asked)) == 2
        assert not report.could_not_look
        notes = [file.note for file in version(office).attachments]
        assert notes[2:] == ["本轮中该站点的附件多次未能取得，不再尝试"] * 7


class TestOverTime:
    async def test_what_could_not_be_fetched_is_asked_for_again_with_growing_distance(
        self, office: Office, site: FiledSite
    ) -> None:
        site.files[FILE] = 503
        site.link(FILE)
        reread = {office.base + "/hjbh/a.html"}
        tries = 0
        await office.crawl()
        for _ in range(24):  # the article is asked for at each pass, its file 1, 2, 4, 8, 16 hours after it was seen
            office.clock.advance(hours=1)
            await office.crawl(reread=reread)
            tries += office.asked.count(FILE)
        assert tries == 5
        site.files[FILE] = made("notice.doc")
        office.clock.advance(days=1)
        await office.crawl(reread=reread)
        (entry,) = office.entries()
        assert (entry.current.attachments[0].text is not None, len(entry.versions)) == (True, 1)

    async def test_a_file_that_an_old_article_gained_is_tried_as_often_as_that_of_a_new_one(
        self, office: Office, site: FiledSite
    ) -> None:
        site.link()
        await office.crawl()
        office.clock.advance(days=100)
        site.files[FILE] = 503
        site.link(FILE)
        await office.crawl()
        office.clock.advance(hours=2)
        site.files[FILE] = made("notice.doc")
        await office.crawl(reread={office.base + "/hjbh/a.html"})
        assert file_of(office).text is not None

    async def test_a_file_replaced_under_an_article_that_is_as_it_was(
        self, either_office: Office, site: FiledSite
    ) -> None:
        office = either_office
        site.files[FILE] = docx("只有目录")
        site.link(FILE)
        await office.crawl()
        office.clock.advance(days=2)
        site.files[FILE] = docx("目录和正文")
        await office.crawl()
        (entry,) = office.entries()
        assert [one.attachments[0].text for one in entry.versions] == ["只有目录", "目录和正文"]
        assert entry.versions[1].seen_at > entry.versions[0].seen_at

    async def test_a_file_that_is_as_it_was_is_not_sent_again(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = made("notice.doc")
        site.link(FILE)
        await office.crawl()
        office.clock.advance(days=2)
        await office.crawl()
        assert site.conditional == [FILE]
        site.link(FILE, text="现将八月份水环境质量状况予以公布，详见所附文件，请予监督。")
        office.clock.advance(days=4)
        await office.crawl()
        assert site.conditional == [FILE, FILE]
        (entry,) = office.entries()
        assert len(entry.versions) == 2
        assert entry.current.attachments[0].text is not None

    @pytest.mark.parametrize("instead", [503, "<html><body>请先登录</body></html>".encode()])
    async def test_what_was_read_stands_while_the_site_fails(
        self, office: Office, site: FiledSite, instead: bytes | int
    ) -> None:
        site.files[FILE] = made("notice.doc")
        site.link(FILE)
        await office.crawl()
        site.files[FILE] = instead
        office.clock.advance(days=2)
        await office.crawl()
        (entry,) = office.entries()
        assert (len(entry.versions), is_readable(entry.current)) == (1, True)

    async def test_a_file_taken_away_is_no_longer_read_in(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = made("notice.doc")
        site.link(FILE)
        await office.crawl()
        site.files[FILE] = 404
        office.clock.advance(days=2)
        await office.crawl()
        (entry,) = office.entries()
        assert [one.attachments[0].note for one in entry.versions] == ["", "附件不存在（404）"]

    async def test_a_file_saved_anew_that_says_the_same_is_no_change(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = docx("一样的内容")
        site.link(FILE)
        await office.crawl()
        site.files[FILE] = docx("一样的内容", more={"docProps/core.xml": b"<saved-anew/>"})
        office.clock.advance(days=2)
        await office.crawl()
        assert len(office.entries()[0].versions) == 1


class TestAnEntryThatIsAFile:
    async def test_is_read(self, either_office: Office, site: FiledSite) -> None:
        site.files[FILE] = made("notice.doc")
        site.lists["hjbh"][FILE] = (WATER, "2015-09-28")
        await either_office.crawl()
        now = version(either_office)
        assert (now.title, now.state, is_readable(now)) == (WATER, "read", True)
        assert "城区空气质量指数（AQI）为65" in (now.text or "")

    async def test_by_what_it_is_and_not_by_its_address(self, office: Office, site: FiledSite) -> None:
        site.files["/hjbh/show"] = made("notice.pdf")
        site.content_types["/hjbh/show"] = "application/pdf"
        site.lists["hjbh"]["/hjbh/show"] = (WATER, "2015-09-28")
        await office.crawl()
        assert "首要污染物" in (version(office).text or "")

    async def test_that_cannot_be_read_says_why_and_is_tried_again(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = pages(PICTURE)
        site.lists["hjbh"][FILE] = (WATER, "2015-09-28")
        await office.crawl()
        now = version(office)
        assert (now.state, now.text, now.attachments[0].note) == ("unreadable", None, "扫描件，没有可检索的文字")
        site.files[FILE] = made("notice.doc")
        office.clock.advance(hours=2)
        await office.crawl()
        assert version(office).state == "read"

    async def test_that_can_be_read_in_part_lacks_nothing_for_certain(self, office: Office, site: FiledSite) -> None:
        site.files[FILE] = docx("公报", more={"word/media/image1.png": b"x"})
        site.lists["hjbh"][FILE] = (WATER, "2015-09-28")
        await office.crawl()
        now = version(office)
        assert (now.state, now.text, is_readable(now)) == ("read", "公报", False)
        office.clock.advance(days=2)
        await office.crawl()
        assert office.asked.count(FILE) == 1


class TestAPageColumn:
    async def test_its_files_are_read_and_asked_for_again(self, office: Office, site: FiledSite) -> None:
        site.pages["jubao"] = (
            "<html><title>在线举报</title><body><h1>在线举报</h1><p>欢迎通过本页举报环境违法行为，电话见附件。</p>"
            f'<p><a href="{FILE}">附件</a></p></body></html>'
        )
        site.files[FILE] = docx("电话一")
        await office.crawl()
        site.files[FILE] = docx("电话二")
        office.clock.advance(hours=2)
        await office.crawl()
        office.clock.advance(minutes=1)
        await office.crawl()
        assert FILE not in office.asked
        (entry,) = office.entries("county-site/page:hotline")
        assert [one.attachments[0].text for one in entry.versions] == ["电话一", "电话二"]


def test_the_bounds_of_a_file_are_the_schedules() -> None:
    assert (SETTINGS.max_file_bytes, SETTINGS.file_timeout) == (20_000_000, timedelta(seconds=60))
