"""No title makes a terminal do anything: control characters, which no page shows, are none of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tracker.core.law.county import Interface
from tracker.evidence.article.read import parse_article
from tracker.evidence.page.parsed import Page, legible
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
SITE = "http://www.yangli.gov.cn"
DAYS = (12, 11, 10)
TURNED = "水环境\x9b31m质量\x7f状况"
ROW = "<li><a href='/a/{n}.html'>水环境&#27;[31m质量&#7;状况{n}</a><span>2015-09-{n}</span></li>"
FEED = "".join(f"<item><title>{TURNED}{n}</title><link>{SITE}/a/{n}.html</link></item>" for n in DAYS)
ITEMS = [{"t": f"{TURNED}{n}", "u": f"/a/{n}.html", "d": f"2015-09-{n}"} for n in DAYS]
LISTINGS = {
    "list": ("<ul>" + "".join(ROW.format(n=n) for n in DAYS) + "</ul>", "text/html", None),
    "feed": (f"<?xml version='1.0'?><rss version='2.0'><channel>{FEED}</channel></rss>", "application/rss+xml", None),
    "interface": (json.dumps({"i": ITEMS}), "application/json", Interface("i", "t", "u", "d")),
}


@pytest.mark.parametrize(("body", "kind", "rule"), LISTINGS.values(), ids=LISTINGS)
def test_of_a_listing(page_of: PageOf, body: str, kind: str, rule: Interface | None) -> None:
    found = parse_listing(page_of(body, content_type=kind), "interface" if rule else "", rule)
    assert [one.title.isprintable() and one.title.startswith("水环境") for one in found.sightings] == [True] * 3


def test_of_an_article(page_of: PageOf) -> None:
    tag = "<meta name=ArticleTitle content='水环境&#27;[31m质量状况'>"
    html = f"<html><head>{tag}</head><body><h1>水环境&#27;[31m质量状况</h1><p>达标率为百分之百。</p></body></html>"
    assert parse_article(page_of(html)).title == "水环境[31m质量状况"


def test_blanks_stay() -> None:
    assert legible("水环境 质量\t状况\x1b") == "水环境 质量\t状况"
