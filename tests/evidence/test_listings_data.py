"""Columns that are data and no pages: RSS and Atom, site maps, JSON interfaces that a rule describes."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime

import pytest

import tests.evidence.test_listings_systems as systems
from tests.evidence.test_listings_systems import DAYS, ROWS, SITE, TRUTH, ZONE, PageOf, page, rows, seen
from tracker.core.law.county import Interface
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Ask, Listing


class TestFeeds:
    RSS = '<?xml version="1.0" encoding="{enc}"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>环境保护</title><link>http://www.yangli.gov.cn/</link>{items}</channel></rss>'

    @pytest.mark.parametrize(
        "item",
        [
            "<item><title>{title}</title><link>/hjbh/{id}.html</link><pubDate>{d:%a, %d %b %Y} 00:00:00 +0800</pubDate></item>",
            "<item><title><![CDATA[{title}]]></title><link><![CDATA[http://www.yangli.gov.cn/hjbh/{id}.html]]></link><dc:date>{d:%Y-%m-%d}</dc:date></item>",
            "<item><title>{title}</title><guid>http://www.yangli.gov.cn/hjbh/{id}.html</guid><pubDate>{d:%Y-%m-%d} 00:00:00</pubDate></item>",
            "<item><media:title>图</media:title><title>{title}</title><link>http://www.yangli.gov.cn/hjbh/{id}.html?a=1&b=2#x</link><pubDate>{d:%Y年%m月%d日}</pubDate></item>",
            "<item><title>&lt;font color=red&gt;{title}&lt;/font&gt;&nbsp;</title><link>/hjbh/{id}.html</link><pubDate>{d:%d %b %Y}</pubDate></item>",
        ],
        ids=["RFC 822", "CDATA and dc:date", "guid", "unescaped and unbound", "markup and entities"],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
    def test_rss(self, item: str, encoding: str, page_of: PageOf) -> None:
        xml = self.RSS.format(enc=encoding, items=rows(item)).encode("gb18030" if encoding == "gb2312" else encoding)
        listing = parse_listing(page_of(xml, url=f"{SITE}/rss.xml", content_type="application/xml"))
        assert (listing.dialect, seen(listing)) == ("feed", TRUTH)
        assert all(one.url.startswith(f"{SITE}/hjbh/10") for one in listing.sightings)

    def test_a_feed_is_whole_down_to_its_oldest_entry(self, page_of: PageOf) -> None:
        items = rows("<item><title>{title}</title><link>/hjbh/{id}.html</link><pubDate>{d:%Y-%m-%d}</pubDate></item>")
        listing = parse_listing(page_of(self.RSS.format(enc="utf-8", items=items), content_type="text/xml"))
        assert (listing.more, listing.since) == (True, DAYS[-1])
        disordered = self.RSS.format(enc="utf-8", items=items + items.replace("/hjbh/", "/b/"))
        assert parse_listing(page_of(disordered, content_type="text/xml")).since is None

    def test_atom(self, page_of: PageOf) -> None:
        entries = rows(
            '<entry><title type="html">{title}</title><link rel="enclosure" href="/x.pdf"/><link href="hjbh/{id}.html"/>'
            "<published>{d:%Y-%m-%d}T09:30:00+08:00</published><updated>2015-09-29T00:00:00Z</updated><author><name>县环保局</name></author></entry>"
        )
        xml = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{SITE}/"><title>x</title><link rel="next" href="feed2.xml"/>{entries}</feed>'
        listing = parse_listing(page_of(xml, url=f"{SITE}/feed", content_type="application/atom+xml"))
        assert seen(listing) == [(t, datetime(d.year, d.month, d.day, 9, 30, tzinfo=ZONE)) for t, d in TRUTH]
        assert listing.sightings[0].publisher == "县环保局"
        assert (listing.sightings[0].url, listing.next) == (f"{SITE}/hjbh/103.html", Ask(f"{SITE}/feed2.xml"))

    def test_an_hour_in_greenwich_is_an_hour_in_the_county(self, page_of: PageOf) -> None:
        item = "<item><title>公告</title><link>/a.html</link><pubDate>Mon, 28 Sep 2015 01:30:00 GMT</pubDate></item>"
        listing = parse_listing(page_of(self.RSS.format(enc="utf-8", items=item), content_type="application/rss+xml"))
        assert seen(listing) == [("公告", datetime(2015, 9, 28, 1, 30, tzinfo=UTC))]
        assert listing.sightings[0].claimed.hour == 9  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "xml",
        [
            '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title><link>/1.html</link></item></channel></rss>',
            '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title><link>/1.html</link></item></channel></rss>',
            "<rss><channel>" + "<a>" * 5000 + "</channel></rss>",
            "<rss><channel><item><title>x</title>",
            "<rss><channel></channel></rss>",
            "<rss><channel><item><title></title><link>/1.html</link></item></channel></rss>",
        ],
        ids=["entities", "file", "depth", "cut", "no items", "no titles"],
    )
    def test_what_cannot_be_read_is_no_empty_feed(self, xml: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(xml, content_type="application/xml"))
        assert not listing.understood
        assert listing.reason


class TestSitemaps:
    NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

    def test_addresses_with_their_days(self, page_of: PageOf) -> None:
        urls = rows("<url><loc>http://www.yangli.gov.cn/hjbh/{id}.html</loc><lastmod>{d:%Y-%m-%d}</lastmod></url>")
        xml = f"<?xml version='1.0' encoding='UTF-8'?><urlset {self.NS}><url><loc>{SITE}/</loc></url><url><loc>{SITE}/hjbh/index.html</loc></url>{urls}</urlset>"
        for body, kind in ((xml, "text/xml"), (gzip.compress(xml.encode()), "application/x-gzip")):
            listing = parse_listing(page_of(body, url=f"{SITE}/sitemap.xml.gz", content_type=kind))
            assert (listing.dialect, seen(listing)) == ("sitemap", [(f"/hjbh/{i}.html", d) for i, _, d in ROWS])
            assert all(one.inferred for one in listing.sightings)

    def test_titles_of_news(self, page_of: PageOf) -> None:
        urls = rows(
            "<url><loc>http://www.yangli.gov.cn/hjbh/{id}.html</loc><news:news><news:publication_date>{d:%Y-%m-%d}</news:publication_date><news:title>{title}</news:title></news:news></url>"
        )
        listing = parse_listing(page_of(f"<urlset {self.NS}>{urls}</urlset>", content_type="application/xml"))
        assert (seen(listing), listing.sightings[0].inferred) == (TRUTH, False)

    def test_the_files_of_an_index(self, page_of: PageOf) -> None:
        xml = f"<sitemapindex {self.NS}><sitemap><loc>/a.xml</loc><lastmod>2015-01-01</lastmod></sitemap><sitemap><loc>/b.xml</loc><lastmod>2015-09-01</lastmod></sitemap></sitemapindex>"
        assert parse_listing(page_of(xml, content_type="application/xml")).parts == (
            Ask(f"{SITE}/b.xml"),
            Ask(f"{SITE}/a.xml"),
        )

    def test_more_than_can_be_read_is_said(self, page_of: PageOf) -> None:
        many = "".join(f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(60))
        assert not parse_listing(
            page_of(f"<sitemapindex {self.NS}>{many}</sitemapindex>", content_type="text/xml")
        ).understood
        urls = "".join(f"<url><loc>/a/{n}.html</loc><lastmod>2015-0{1 + n % 6}-01</lastmod></url>" for n in range(6000))
        listing = parse_listing(page_of(f"<urlset {self.NS}>{urls}</urlset>", content_type="text/xml"))
        assert (len(listing.sightings), listing.more, listing.since) == (5000, True, date(2015, 2, 1))
        listing = parse_listing(page_of(f"<urlset {self.NS}>{urls * 2}</urlset>", content_type="text/xml"))
        assert len(listing.sightings) == 5000

    def test_an_empty_one_is_not_understood(self, page_of: PageOf) -> None:
        assert not parse_listing(page_of(f"<urlset {self.NS}></urlset>", content_type="text/xml")).understood


class TestAnInterfaceDescribedInTheRule:
    RULE = Interface(
        items="result.docs", title="bt", url="lj", date="sj", publisher="dw.mc", pages="result.pages", page="p"
    )

    def answer(self, **also: object) -> str:
        docs = [{"bt": t, "lj": f"/a/{i}.html", "sj": f"{d:%Y%m%d}", "dw": {"mc": "县环保局"}} for i, t, d in ROWS]
        return json.dumps({"code": 0, "result": {"docs": docs, "pages": 4, **also}})

    def test_is_read_as_described(self, page_of: PageOf) -> None:
        listing = parse_listing(
            page_of(self.answer(), url=f"{SITE}/api?c=3", content_type="application/json"), "interface", self.RULE
        )
        assert (listing.dialect, seen(listing), listing.sightings[0].publisher) == ("interface", TRUTH, "县环保局")
        assert (listing.total, listing.next) == (4, Ask(f"{SITE}/api?c=3&p=2"))
        last = parse_listing(page_of(self.answer(), url=f"{SITE}/api?c=3&p=4"), "interface", self.RULE)
        assert (last.next, last.more) == (None, False)

    def test_counts_from_where_the_rule_says(self, page_of: PageOf) -> None:
        rule = Interface(items="result.docs", title="bt", url="lj", date="sj", page="p", first=0)
        assert parse_listing(page_of(self.answer(), url=f"{SITE}/api"), "interface", rule).next == Ask(
            f"{SITE}/api?p=1"
        )
        beyond = page_of(json.dumps({"result": {"docs": []}}), url=f"{SITE}/api?p=7")
        listing = parse_listing(beyond, "interface", rule)
        assert (listing.understood, listing.sightings, listing.next) == (True, (), None)

    @pytest.mark.parametrize(
        ("text", "understood"),
        [
            ('{"code":0,"result":{"docs":[]}}', True),
            ('{"code":500,"result":{"docs":[]}}', False),
            ('{"success":false,"result":{"docs":[]}}', False),
            ('{"code":0,"result":{"list":[]}}', False),
            ('{"code":0,"result":{"docs":[{"title":"改了名","lj":"/1.html"}]}}', False),
            ('{"code":0,"result":{"docs":[{"bt":"甲","lj":"/1.html","sj":"刚刚"}]}}', False),
            ("<html><body>本栏目暂无信息</body></html>", False),
            ("<html><title>安全验证</title><body>请完成安全验证后继续访问</body></html>", False),
            ("", False),
        ],
        ids=["empty", "error", "no success", "moved", "renamed", "no dates", "a page", "a guard", "nothing"],
    )
    def test_whatever_else_comes_is_not_understood(self, text: str, understood: bool, page_of: PageOf) -> None:
        listing = parse_listing(page_of(text, url=f"{SITE}/api"), "interface", self.RULE)
        assert (listing.understood, listing.sightings) == (understood, ())
        assert understood or listing.reason


def test_every_kind_survives_the_cache(page_of: PageOf) -> None:
    jcms = systems.TestJcms()
    html = page(f'<script type="text/xml">{jcms.store()}</script>' + jcms.SETTINGS.format(total=100))
    feed = TestFeeds.RSS.format(
        enc="utf-8", items=rows("<item><title>{title}</title><link>/hjbh/{id}.html</link><pubDate>{d}</pubDate></item>")
    )
    for text in (html, feed, page(jcms.SETTINGS.format(total=9))):
        listing = parse_listing(page_of(text, content_type="text/xml"))
        assert listing.understood
        assert Listing.from_json(json.loads(json.dumps(listing.to_json()))) == listing
