"""A question that is answered with an address: what fits becomes evidence, and the lead hears nothing meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.console.served_pages import REPEATS, House, served, text_of
from tests.console.test_published import WATER, claim, hidden, site
from tests.decide.small_county import at
from tracker.store.engine import Store
from tracker.store.tables import messages

ASKING = REPEATS.replace(
    "overdue: {at: due +1 workdays, kind: overdue, to: [liaison], repeat: {every: 1 workdays}}",
    "question: {at: due +1 workdays, kind: question, to: [liaison]}",
).replace("due +9 workdays", "due +3 workdays")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What is said of an address depends on no database: one is enough."""
    return sqlite_url


@pytest.fixture
async def house(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On Monday morning: the questions about both matters have left."""
    async with served(tmp_path, store, ASKING) as made:
        yield made


def mail_of(house: House) -> str:
    return next(text_of(row["body"]) for row in house.rows(messages) if row["recipient"].startswith("huanbao@"))


async def test_the_mail_asks_and_the_page_says_what_was_looked_at(house: House) -> None:
    mail = mail_of(house)
    assert "经查看网站，贵单位应公开的以下2件事项没有查到。" in mail
    assert f"查看栏目：环境保护 {site()}/environment/（2015年8月3日6时" in mail
    assert "要找的是：水环境质量月报：标题含“水环境”，所属时期为2015年6月" in mail
    _, page = await house.open(await house.matter())
    for words in (
        "请核对",
        "“环境保护”栏目未查到2015年6月的水环境质量月报",
        "标题含“水环境”",
        "尚未公开的，请说明原因",
    ):
        assert words in page, words
    for words in ("逾期", "未能按时"):
        assert words not in mail + page, words


#: The day of the page that the department names; "" for one on another site.
ADDRESSES = {
    "a page that the column does not show, of before": "2015-07-20",
    "a page of today": "2015-08-03",
    "a page on another site": "",
}


@pytest.mark.parametrize("day", ADDRESSES.values(), ids=ADDRESSES)
async def test_an_address_is_evidence_until_a_person_decides(house: House, day: str) -> None:
    url = f"{site()}/other/1.html" if day else "https://www.elsewhere.example/1.html"
    house.small.site.instead["/other/1.html"] = hidden("6月份水环境质量", day)
    code, page = await claim(house, url)
    assert (code, "已作为佐证报送" in page) == (200, True), page
    assert house.filed() == [("water", url)]
    await house.small.turn(crawl=True)
    assert house.small.rows()["water/huanbao/2015-07"].status == "unverifiable"
    await house.small.live(date(2015, 8, 4), date(2015, 8, 6))
    assert {duty for _, duty, _ in house.sent("to-lead")} == {"air"}  # the one that nobody answered for


async def test_what_does_not_fit_is_no_evidence_and_the_lead_hears(house: House) -> None:
    house.small.site.instead["/other/1.html"] = hidden("7月份工作简报", "2015-07-20")
    _, page = await claim(house, f"{site()}/other/1.html")
    assert "按规则尚不能证明该事项" in page
    assert house.filed() == []
    await house.small.live(date(2015, 8, 4), date(2015, 8, 6))
    assert {duty for _, duty, _ in house.sent("to-lead")} == {"water", "air"}


async def test_what_the_crawl_finds_after_the_question_ends_it_with_thanks(house: House) -> None:
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "11:00"), WATER)
    await house.small.live(date(2015, 8, 4), date(2015, 8, 4))
    assert house.sent("confirmed") == [("08-04", "water", "liaison")]
