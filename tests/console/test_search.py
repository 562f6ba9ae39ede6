"""The search of every page finds matters that are the viewer's and titles of the site, and nothing by wildcards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.console.people import WATER, Come, Person
from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.decide.small_county import COUNTY, at
from tracker.core.values.accounts import Role
from tracker.store.tables import entries, entry_versions

NAMED = COUNTY.replace("{name: 环保局,", "{name: 环保局, aliases: [生态环境局],")


async def find(one: Person, words: str, more: str = "") -> tuple[set[str], list[str], str]:
    """The matters by duty and department, and the titles, that a search finds."""
    status, page = await one.open(f"/search?q={words}{more}")
    assert status == 200
    keys = re.findall(r'href="/d/matter/([^"]+)"', page)
    titles = re.findall(r'<li><a href="https?://[^"]+" rel="noreferrer">([^<]+)</a>', page)
    return {"/".join(key.split("/")[2:4]) for key in keys}, titles, page


def put_titles(house: House, titles: list[str]) -> None:
    """Entries of the site, the later ones first seen later."""
    with house.small.office.store.begin() as tx:
        for number, title in enumerate(titles):
            seen = at("2015-07-01", "06:00") + timedelta(minutes=number)
            values = {
                "county": "small", "seq": number, "column": "county-site/environment", "url": f"http://x.cn/{number}",
                "listed_title": title[:6], "first_seen_at": seen, "last_seen_at": seen,
            }  # fmt: skip
            key = tx.execute(entries.insert().values(values)).inserted_primary_key
            version = {"entry": key[0] if key else 0, "seen_at": seen, "state": "read", "attachments": ()}
            for count, text in enumerate((f"旧稿{number}", title), 1):
                tx.execute(entry_versions.insert().values(version | {"number": count, "title": text, "claimed": None}))


#: Words that are looked for; the matters by duty and department that they find.
FOUND = [
    ("水环境", {"water/huanbao"}),
    ("环保局", {"water/huanbao", "air/huanbao", "powers/huanbao"}),
    ("环保局 空气", {"air/huanbao"}),
    ("环保局空气质量", {"air/huanbao"}),
    ("生态环境", {"water/huanbao", "air/huanbao", "powers/huanbao"}),
    ("shebao", {"insurance/shebao"}),
    ("water/huanbao/2015-07", {"water/huanbao"}),
    ("WATER/", {"water/huanbao"}),
    ("税务局", set()),
    ("%", set()),
    ("水_境", set()),
    ("water%2015", set()),
]


async def test_matters_are_found_by_duty_department_alias_and_key(house: House, come: Come) -> None:
    house.small.reload(pack=WITH_AIR, county=NAMED, schedule=REPEATS)
    one = await come(Role.OFFICE)
    for words, found in FOUND:
        asked = words.replace("%", "%25")
        shown, _, page = await find(one, asked)
        assert shown <= found, words
        _, listed = await one.open(f"/matters?all=1&q={asked}")
        keys = re.findall(r'href="/d/matter/([^"]+)"', listed)
        assert (words, {"/".join(key.split("/")[2:4]) for key in keys}) == (words, found)
        assert f"共{len(keys)}件" in page, words


async def test_a_liaison_finds_matters_of_the_own_department_alone_and_public_titles(house: House, come: Come) -> None:
    put_titles(house, ["7月社会保险基金收支情况", "水环境质量"])
    one = await come(Role.LIAISON)
    for words in ("shebao", "社保局", "社会保险", "insurance/shebao/2015-Q2"):
        found, titles, page = await find(one, words)
        assert (found, "department=shebao" in page, "insurance" in page.replace(words, "")) == (set(), False, False)
        assert titles == (["7月社会保险基金收支情况"] if words == "社会保险" else [])
    found, _, page = await find(one, "行政权力")
    assert found == {"powers/huanbao"}
    _, page = await one.open("/matters?all=1&q=shebao")
    assert "/shebao/" not in page


@pytest.mark.both_databases
async def test_titles_are_found_by_the_newest_version_and_come_in_pages(house: House, come: Come) -> None:
    put_titles(house, [f"{number}号县 政府100%公开通知" for number in range(60)])
    one = await come(Role.AUDITOR)
    _, first, page = await find(one, "政府100%25")
    assert first == [f"{number}号县 政府100%公开通知" for number in range(59, 34, -1)]
    assert "环境保护　2015-07-01" in page
    _, last, page = await find(one, "政府100%25", "&page=3")
    assert last == [f"{number}号县 政府100%公开通知" for number in range(9, -1, -1)]
    assert ('rel="prev"' in page, 'rel="next"' in page) == (True, False)
    assert (await find(one, "旧稿"))[1] == []
    assert (await find(one, "政府100_公开"))[1] == []


async def test_the_box_stands_on_every_page_and_keeps_what_was_typed(come: Come) -> None:
    one = await come(Role.LIAISON)
    for path in ("/matters", WATER, "/account"):
        assert 'action="/d/search"' in (await one.open(path))[1]
    _, page = await one.open("/search?q=%3Cb%3E%22水")
    assert 'value="&lt;b&gt;&#34;水"' in page
