"""Which of several dates an entry is taken to claim: what the article says for sure, else what the list says."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.evidence.crawled import WATER, Office, Site
from tests.evidence.evidence_site import SHANGHAI


def article(head: str = "", above: str = "", end: str = "") -> str:
    text = "<p>全县水环境质量良好，各断面均达到规定类别。</p>" * 3
    return f"<html><head>{head}</head><body><h1>{WATER}</h1>{above}<div id=zoom>{text}{end}</div></body></html>"


@pytest.mark.parametrize(
    ("html", "claimed", "where"),
    [
        (article('<meta name=PubDate content="2015-09-25">'), date(2015, 9, 25), "tag"),
        (article(above="<span itemprop=datePublished content='2015-09-25'></span>"), date(2015, 9, 25), "data"),
        (article(end="<p>样例县环保局</p><p>2015年9月25日</p>"), date(2015, 9, 28), "listing"),
        (article('<meta name=PubDate content="2015-09-30 08:00">'), date(2015, 9, 28), "listing"),
    ],
    ids=["the tag", "data", "a signature says less than the list", "a tag that is the page's clock"],
)
async def test_the_surest_is_taken(html: str, claimed: date, where: str, site: Site, office: Office) -> None:
    site.publish("1", WATER)
    site.articles["/hjbh/1.html"] = html
    await office.crawl()
    (entry,) = office.entries()
    assert (entry.claimed, entry.current.claimed_from) == (claimed, where)


async def test_a_tag_of_today_stands_where_the_list_says_the_same(site: Site, office: Office) -> None:
    site.publish("1", WATER, "2015-09-30")
    site.articles["/hjbh/1.html"] = article('<meta name=PubDate content="2015-09-30 07:45">')
    await office.crawl()
    (entry,) = office.entries()
    assert (entry.claimed, entry.current.claimed_from) == (datetime(2015, 9, 30, 7, 45, tzinfo=SHANGHAI), "tag")
