"""Articles that show nothing of what they held: one look accuses nobody, and a site that shows nothing is its own fault."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import pytest

from tests.evidence.crawled import EIA, WATER, Office, Site
from tracker.core.values.facts import Entry
from tracker.crawl.site_state import SiteState
from tracker.store.faults import list_faults

ONE = "/hjbh/1.html"
TEXT = "全县水环境质量状况：地表水各监测断面水质达标率为百分之百，集中式饮用水源地水质全部达标。" * 4
SHELL = (
    f"<html><head><title>{WATER}-样例县</title></head><body><h1>{WATER}</h1><p>发布时间：2015-09-28 09:30 来源：环保局</p>"
    "<div id='zoom'>{body}</div><p>【打印本页】【关闭窗口】</p></body></html>"
)
EMPTIED = SHELL.replace("{body}", "")
SCANNED = SHELL.replace("{body}", "<img src='/upload/2015/W020150928.jpg'>")
EMBEDDED = SHELL.replace("{body}", "<iframe src='/pdfjs/web/viewer.html?file=/a.pdf'></iframe>")
DENIED = "<html><head><title>提示信息</title></head><body><p>您访问的页面不存在或已被删除！</p></body></html>"
SERVICING = SHELL.replace("{body}", "<p>系统维护升级，预计明日恢复，给您带来不便敬请谅解。</p>")


@pytest.fixture
async def published(site: Site, office: Office) -> Office:
    """Three articles were read a day ago."""
    for name in ("1", "2", "3"):
        site.publish(name, WATER if name == "1" else f"{EIA}{name}", text=TEXT)
    await office.crawl()
    return office


def first(office: Office) -> Entry:
    return next(one for one in office.entries() if one.url.endswith(ONE))


async def look(office: Office, *, hours: float = 0.0, names: str = "1") -> Entry:
    office.clock.advance(hours=hours)
    await office.crawl(reread={f"{office.base}/hjbh/{name}.html" for name in names})
    return first(office)


def fault_of(office: Office) -> list[str]:
    with office.store.read() as tx:
        return [f"{one.action} {one.subject}: {one.error}" for one in list_faults(tx, "sample")]


class TestOneArticle:
    async def test_emptied_is_doubted_first_and_gone_at_the_second_look(self, site: Site, published: Office) -> None:
        site.articles[ONE] = EMPTIED
        doubted = await look(published)
        assert (doubted.gone_at, doubted.current.text) == (None, TEXT)
        assert doubted.hollow_at is not None
        soon = await look(published, hours=0.5)
        assert (soon.gone_at, soon.hollow_at) == (None, doubted.hollow_at)
        gone = await look(published, hours=0.6)
        assert (gone.gone_at, gone.gone_status, gone.hollow_at) == (doubted.hollow_at, 200, None)
        assert (gone.current.text, len(gone.versions)) == (TEXT, 1)

    async def test_the_second_look_comes_by_itself(self, site: Site, published: Office) -> None:
        site.articles[ONE] = EMPTIED
        await look(published)
        published.clock.advance(hours=1)
        await published.crawl()
        assert first(published).gone_status == 200

    async def test_it_comes_back(self, site: Site, published: Office) -> None:
        kept, site.articles[ONE] = site.articles[ONE], EMPTIED
        await look(published)
        assert (await look(published, hours=2)).gone_status == 200
        site.articles[ONE] = kept
        back = await look(published, hours=2)
        assert (back.gone_at, back.gone_status, back.hollow_at, len(back.versions)) == (None, None, None, 1)

    async def test_a_doubt_ends_when_the_text_is_there(self, site: Site, published: Office) -> None:
        kept, site.articles[ONE] = site.articles[ONE], EMPTIED
        assert (await look(published)).hollow_at is not None
        site.articles[ONE] = kept
        assert (await look(published, hours=2)).hollow_at is None

    @pytest.mark.parametrize("html", [SCANNED, EMBEDDED], ids=["a picture", "an embedded file"])
    async def test_what_shows_its_text_otherwise_is_not_emptied(self, html: str, site: Site, published: Office) -> None:
        site.articles[ONE] = html
        for _ in range(3):
            seen = await look(published, hours=2)
        assert (seen.gone_at, seen.hollow_at) == (None, None)

    async def test_a_page_that_denies_it_counts_only_off_the_list(self, site: Site, published: Office) -> None:
        site.articles[ONE] = DENIED
        for _ in range(3):
            listed = await look(published, hours=2)
        assert listed.gone_at is None
        assert listed.hollow_at is not None  # a person may decide
        del site.lists["hjbh"][ONE]
        assert (await look(published, hours=2)).gone_status == 200

    async def test_so_does_the_way_to_the_front_page(self, site: Site, published: Office) -> None:
        site.moved[ONE] = "/"
        site.pages[""] = "<html><body><h1>样例县</h1></body></html>"
        assert (await look(published, hours=2)).gone_at is None
        assert (await look(published, hours=2)).gone_at is None
        del site.lists["hjbh"][ONE]
        assert (await look(published, hours=2)).gone_status == 200

    async def test_a_text_cut_to_a_few_words_is_believed_at_the_second_look(
        self, site: Site, published: Office
    ) -> None:
        site.articles[ONE] = SHELL.replace("{body}", "<p>本文所列数据有误，现予更正，更正内容另行公布，请关注。</p>")
        doubted = await look(published)
        assert (doubted.current.text, doubted.gone_at) == (TEXT, None)
        taken = await look(published, hours=2)
        assert (taken.hollow_at, taken.gone_at, len(taken.versions)) == (None, None, 2)
        assert "更正" in (taken.current.text or "")

    async def test_alone_in_its_place_it_is_never_gone_by_a_machines_word(self, site: Site, office: Office) -> None:
        """Nothing stands beside it: whether it or the site shows nothing, nobody can say."""
        site.publish("1", WATER, text=TEXT)
        await office.crawl()
        site.articles[ONE] = EMPTIED
        for _ in range(4):
            seen = await look(office, hours=3)
        assert seen.gone_at is None
        assert seen.hollow_at is not None

    async def test_what_no_second_look_settles_is_told_until_it_is(self, site: Site, office: Office) -> None:
        site.publish("1", WATER, text=TEXT)
        await office.crawl()
        kept, site.articles[ONE] = site.articles[ONE], EMPTIED
        await look(office, hours=3)
        assert fault_of(office) == []
        await look(office, hours=3)
        assert [one.partition("：")[0] for one in fault_of(office)] == [
            "articles column:county-site/environment: 1篇文章再次读取仍看不到原来的内容，系统无从断定，请人工打开核对"
        ]
        site.articles[ONE] = kept
        await look(office, hours=3)
        assert fault_of(office) == []


class TestTheSite:
    @pytest.mark.parametrize("html", [EMPTIED, DENIED, SERVICING], ids=["empty", "denied", "being serviced"])
    async def test_that_shows_nothing_at_all_takes_nothing_away(self, html: str, site: Site, published: Office) -> None:
        kept = dict(site.articles)
        site.articles = dict.fromkeys(kept, html)
        for _ in range(3):
            await look(published, hours=3, names="123")
        held = published.entries()
        assert [(one.gone_at, one.hollow_at, one.current.text, len(one.versions)) for one in held] == [
            (None, None, TEXT, 1)
        ] * 3
        assert fault_of(published) == [
            "articles column:county-site/environment: 3篇文章同时打不开或没有内容，视为网站故障，不作撤下处理"
        ]
        site.articles = kept
        await look(published, hours=3, names="123")
        assert fault_of(published) == []

    async def test_is_asked_for_others_before_one_is_doubted(self, site: Site, published: Office) -> None:
        """Only one was due; the others, asked for comparison, show as little."""
        site.articles = dict.fromkeys(site.articles, EMPTIED)
        for _ in range(3):
            seen = await look(published, hours=3)
        assert seen.gone_at is None

    async def test_two_emptied_beside_others_that_are_sound_are_gone(self, site: Site, published: Office) -> None:
        for name in ("4", "5", "6"):
            site.publish(name, f"{EIA}{name}", text=TEXT)
        await published.crawl()
        site.articles[ONE] = site.articles["/hjbh/2.html"] = EMPTIED
        await look(published, names="12")
        await look(published, hours=2, names="12")
        assert sorted(one.gone_status or 0 for one in published.entries()) == [0, 0, 0, 0, 200, 200]

    async def test_of_many_columns_with_one_article_each(self, site: Site, office: Office) -> None:
        site.publish("1", WATER, text=TEXT)
        site.publish("9", EIA, column="cwgk", text=TEXT)
        await office.crawl()
        site.articles = dict.fromkeys(site.articles, EMPTIED)
        for _ in range(3):
            office.clock.advance(hours=3)
            await office.crawl(reread={f"{office.base}{path}" for path in site.articles})
        held = [*office.entries(), *office.entries("county-site/finance")]
        assert [(one.gone_at, one.hollow_at) for one in held] == [(None, None)] * 2
        assert len(fault_of(office)) == 2

    async def test_whose_addresses_all_answer_404_while_it_lists_them(self, site: Site, published: Office) -> None:
        site.broken = dict.fromkeys(site.articles, 404)
        await look(published, hours=2, names="123")
        assert [one.gone_at for one in published.entries()] == [None] * 3
        assert len(fault_of(published)) == 1
        site.broken = {}
        del site.articles[ONE]
        assert (await look(published, hours=2, names="123")).gone_status == 404

    async def test_what_is_already_gone_is_not_counted_with_what_goes_now(self, site: Site, published: Office) -> None:
        site.articles[ONE] = EMPTIED
        for hours in (0, 2):
            await look(published, hours=hours)
        site.articles["/hjbh/2.html"] = EMPTIED
        for hours in (2, 2):
            await look(published, hours=hours, names="12")
        assert sorted(one.gone_status or 0 for one in published.entries()) == [0, 200, 200]


async def test_on_either_database(site: Site, either_office: Office) -> None:
    for name in ("1", "2", "3"):
        site.publish(name, WATER if name == "1" else f"{EIA}{name}", text=TEXT)
    await either_office.crawl()
    kept = dict(site.articles)
    site.articles[ONE] = EMPTIED
    assert (await look(either_office)).hollow_at is not None
    assert (await look(either_office, hours=2)).gone_status == 200
    site.articles = kept
    assert (await look(either_office, hours=2)).gone_at is None
    site.articles = dict.fromkeys(kept, EMPTIED)
    await look(either_office, hours=2, names="123")
    assert len(fault_of(either_office)) == 1
    assert [one.gone_at for one in either_office.entries()] == [None] * 3


async def test_a_long_running_caller_remembers_what_was_settled(site: Site, published: Office) -> None:
    memory = SiteState()
    site.articles[ONE] = EMPTIED
    reread = {f"{published.base}{ONE}"}
    for _ in range(2):
        published.clock.advance(hours=2)
        await published.crawl(reread=reread, site_state=memory)
    assert first(published).gone_status == 200
