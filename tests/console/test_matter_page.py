"""The page of a matter tells all that happened, what comes next, and what changed on the pages that prove it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.console.people import WATER, Come
from tests.console.served_pages import House
from tests.decide.small_county import at
from tracker.core.values.accounts import Role
from tracker.core.values.text_differences import compare_texts, split_sentences

KEY = WATER.removeprefix("/matter/")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def published(house: House, text: str = "水质良好。断面达标率九成。") -> str:
    """The article is published, crawled, and changed afterwards; its address."""
    site, clock = house.small.site, house.small.clock
    site.publish("environment", "6月份水环境质量", at("2015-08-03", "10:30"), text)
    clock.now = at("2015-08-03", "11:00")
    await house.small.turn(crawl=True)
    return f"{house.small.office.loaded.rulebooks[0].county.columns['county-site/environment'].url}0.html"


async def test_it_tells_what_comes_next_and_all_that_happened_in_one_order(house: House, come: Come) -> None:
    one = await come(Role.LIAISON)
    _, page = await one.open(WATER)
    story = page[page.index("<h2>经过</h2>") :]
    assert 0 < story.index("列入督办") < story.index("已查看栏目全部内容，未见")
    ahead = page[page.index("<h2>接下来</h2>") : page.index("<h2>查到的文章</h2>")]
    assert "2015-08-" in ahead
    assert "没有后续步骤" not in ahead
    assert "occurrence.opened" in page[page.index("督办日志") :]


async def test_what_is_met_has_no_step_ahead_and_its_entry_stands_in_the_story(house: House, come: Come) -> None:
    url = await published(house)
    one = await come(Role.OFFICE)
    _, page = await one.open(WATER)
    assert "照现在的情况，没有后续步骤" in page
    assert "首次在网站上看到" in page
    assert f"/compare?matter={quote(KEY, safe='')}&amp;url={quote(url, safe='')}" in page


async def test_each_value_stands_beside_its_own_head_also_where_there_is_no_period(house: House, come: Come) -> None:
    """A head without a value has no height, and moved the following heads up by a line."""
    one = await come(Role.OFFICE)
    for path in (WATER, "/matter/small/small/powers/huanbao/once"):
        status, page = await one.open(path)
        assert (status, re.findall(r"<dt>[^<]*</dt><dd></dd>", page)) == (200, [])


async def test_the_captured_page_stands_beside_todays_with_the_differences(house: House, come: Come) -> None:
    url = await published(house)
    one = await come(Role.OFFICE)
    place = f"/compare?matter={quote(KEY)}&url={quote(url, safe='')}"
    status, page = await one.open(place)
    assert (status, "首次读取以来，正文没有变化" in page) == (200, True)
    articles = house.small.site.articles
    articles[0] = replace(articles[0], paragraphs=("水质良好。断面达标率八成。",))
    status, page = await one.do(place, "look")
    assert (status, "<del>断面达标率九成。</del>" in page) == (200, True), page
    assert "<ins>断面达标率八成。</ins>" in page
    house.small.clock.now = at("2015-08-04", "11:00")
    await house.small.turn(crawl=True)
    await one.log_in()  # hours have passed
    assert "<ins>断面达标率八成。</ins>" in (await one.open(place))[1]
    assert "正文有变动" in (await one.open(WATER))[1]


@pytest.mark.parametrize("url", ["", "http://evil.example/", "file:///etc/passwd"])
async def test_no_page_is_shown_or_asked_for_that_the_matter_did_not_consider(
    house: House, come: Come, url: str
) -> None:
    await published(house)
    one = await come(Role.OFFICE)
    place = f"/compare?matter={quote(KEY)}&url={quote(url, safe='')}"
    assert (await one.open(place))[0] == 404
    assert (await one.do(place, "look"))[0] == 404


async def test_nobody_compares_for_matters_of_others_and_an_auditor_asks_no_site(house: House, come: Come) -> None:
    url = await published(house)
    liaison, auditor = await come(Role.LIAISON), await come(Role.AUDITOR)
    other = KEY.replace("water/huanbao", "powers/keji")
    assert (await liaison.open(f"/compare?matter={quote(other)}&url={quote(url, safe='')}"))[0] == 404
    place = f"/compare?matter={quote(KEY)}&url={quote(url, safe='')}"
    assert ("现在读取该网页" in (await auditor.open(place))[1], (await auditor.do(place, "look"))[0]) == (False, 403)


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("甲。乙。", "甲。乙。", ["= 甲。乙。"]),
        ("甲。乙。丙。", "甲。丁。丙。", ["= 甲。", "- 乙。", "+ 丁。", "= 丙。"]),
        ("", "甲。", ["+ 甲。"]),
        ("甲\n乙", "甲", ["= 甲", "- \n乙"]),
        ("他说：“好。”走了。", "他说：“好。”来了。", ["= 他说：“好。”", "- 走了。", "+ 来了。"]),
    ],
)
def test_texts_are_compared_by_sentence(before: str, after: str, parts: list[str]) -> None:
    signs = {"same": "=", "removed": "-", "added": "+"}
    assert [f"{signs[part.kind]} {part.text}" for part in compare_texts(before, after)] == parts
    assert "".join(part.text for part in compare_texts(before, after) if part.kind != "removed") == after


def test_a_long_text_is_compared_without_end() -> None:
    text = "同一句话。" * 5_000
    assert "".join(split_sentences(text)) == text
    assert [part.kind for part in compare_texts(text, text)] == ["same"]
