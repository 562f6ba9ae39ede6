"""The page of a consultation: a department objects there to its lines of a circular's draft."""

from __future__ import annotations

import email
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.served_pages import House, in_october, text_of
from tests.decide.small_county import at
from tests.reports.criticised import acting, consulted
from tracker.store.engine import Store
from tracker.store.tables import notices, rulings

POWERS = "circular:2015-09/small/small/powers/huanbao/once"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """The registers are tested on both databases; what a page asks of them depends on none."""
    return sqlite_url


@pytest.fixture
async def asked(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On 16 October the departments were asked about September's draft."""
    async with in_october(tmp_path, store) as house:
        await consulted(house.small, "2015-10-16")
        yield house


async def test_a_line_is_objected_to_on_the_page_until_the_last_day(asked: House) -> None:
    link, mail = asked.links()[-1], asked.letters.bodies()[-1]
    assert "打开下面的网址逐项填写" in text_of(mail)
    assert "duban" not in text_of(mail).replace(link, "")
    assert email.message_from_bytes(mail)["Reply-To"] == "office@small.example"
    status, opened_page = await asked.open(link)
    page = opened_page
    assert (status, "权力清单" in page, "社会保险情况" in page) == (200, True, False)
    [number] = [int(part.split('"')[0]) for part in page.split('name="line" value="')[1:]]
    [about] = [part.split('"')[0] for part in page.split('name="consultation" value="')[1:]]
    fields = {"consultation": about, "line": str(number), "reason": "已并入统一清单", "name": "张三"}
    status, page = await asked.post(link, **fields, proof="")
    assert (status, "请填写异议的依据" in page, "已并入统一清单" in page) == (422, True, True)
    status, page = await asked.post(link, **fields, proof="县办〔2015〕9号")
    assert (status, "待认定" in page, "提交异议" in page) == (200, True, False)
    (ruling,) = asked.rows(rulings)
    assert (ruling["kind"], ruling["occurrence"], ruling["by"]) == ("object", POWERS, "张三（huanbao@small.example）")
    (told,) = [one for one in asked.rows(notices) if one["kind"] == "explained"]
    assert f"duban object decide {ruling['id']} --upheld" in told["reason"]
    assert (await asked.post(link, page=opened_page, **fields, proof="另一份文件"))[0] == 422
    assert (await asked.post(link, page=opened_page, **{**fields, "line": "99"}, proof="x"))[0] == 422
    assert len(asked.rows(rulings)) == 1
    asked.small.clock.now = at("2015-11-02", "10:00")
    assert "反馈时限" in (await asked.open(link))[1]
    shebao = asked.links("shebao@")[-1]
    _, page = await asked.open(shebao)
    assert ("已过，不再受理" in page, "提交异议" in page) == (True, False)


async def test_a_draft_that_was_replaced_takes_no_objection(asked: House) -> None:
    async with acting(asked.small) as circulars:
        circulars.draft("2015-09", "王敏")
    _, page = await asked.open(asked.links()[-1])
    assert ("已由新稿取代" in page, "提交异议" in page) == (True, False)
