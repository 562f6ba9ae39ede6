"""The pages as a browser, a scanner and a stranger meet them: real HTTP, on either database."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.console.served_pages import REPEATS, WITH_AIR, House, html_of, text_of
from tests.decide.small_county import at
from tracker.console import links
from tracker.core.law.county import Contact, Department
from tracker.decide.explain import Explanation, explain
from tracker.store.tables import messages, notices


async def test_a_mail_carries_one_link_and_it_lists_what_the_mail_tells(house: House) -> None:
    found = house.links()
    assert len(found) == 1
    status, page = await house.open(found[-1])
    assert status == 200
    assert "水环境质量月报，2015年6月" in page
    assert "空气质量月报，2015年6月" in page
    assert "环保局联络员" in page
    assert "2015年7月31日" in page


async def test_each_line_of_a_mail_leads_to_the_page_of_its_own_matter(house: House) -> None:
    (mail,) = house.letters.bodies()
    found = re.findall(rf'<a href="({house.base}r/[^"/]+/\d+)"[^>]*>([^<]+)</a>', html_of(mail).decode())
    assert sorted(title for _, title in found) == ["水环境质量月报", "空气质量月报"]
    for link, title in found:
        status, page = await house.open(link)
        assert (status, title in page, page.count("质量月报")) == (200, True, page.count(title))


async def test_a_matter_found_to_lie_before_its_paper_is_marked_so(house: House) -> None:
    matter = await house.matter()
    assert ">逾期未公开<" in (await house.open(matter))[1]
    house.small.reload(pack=WITH_AIR.replace("events:", "issued: 2015-08-01\nevents:", 1), schedule=REPEATS)
    house.small.office.tick()
    _, page = await house.open(matter)
    assert ">发文前<" in page
    assert "发文前：应于文件印发之日（2015年8月1日）以前完成" in page
    assert ">逾期未公开<" not in page


async def test_who_only_opens_every_link_changes_nothing(house: House) -> None:
    before = house.everything()
    for link in house.links() + house.links("office@"):
        _, page = await house.open(link)
        for url in (link, *(f"{house.base}r/{one}" for one in re.findall(r'href="([^"]+)"', page))):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
                async with house.http.request(method, url) as answer:
                    assert answer.status == (200 if method in ("GET", "HEAD") else 405)
    assert house.everything() == before


async def test_what_is_ticked_is_seen_and_said_to_be(house: House) -> None:
    link = house.links()[-1]
    _, page = await house.open(link)
    numbers = re.findall(r'name="matter" value="(\d+)"', page)
    assert len(numbers) == 2
    status, after = await house.post(link, matter=numbers, name=" 张\n三 ")
    assert status == 200
    assert after.count("张 三（huanbao@small.example）") == 2
    assert "至2015年8月6日不再重复催办" in after
    assert 'type="checkbox"' not in after
    assert sorted(house.answers()) == [("air", "seen", ""), ("water", "seen", "")]
    assert [one["action"] for one in house.journal()] == ["notice.answered"] * 2
    assert {one["origin"] for one in house.journal()} == {"console 127.0.0.1 link"}


async def test_the_second_use_for_the_same_says_when_and_by_whom_and_changes_nothing(house: House) -> None:
    matter = await house.matter()
    _, page = await house.open(matter)
    assert (await house.post(matter, kind="seen"))[0] == 200
    before = house.everything()
    house.small.clock.now += timedelta(hours=2)
    status, again = await house.post(matter, page=page, kind="seen", name="李四")
    assert status == 200
    assert "“知悉”已于2015年8月3日10时由环保局联络员（huanbao@small.example）登记，本次未作改动。" in again
    assert house.everything() == before


@pytest.mark.both_databases
async def test_two_at_once_are_recorded_once(house: House) -> None:
    matter = await house.matter()
    _, page = await house.open(matter)
    done = await asyncio.gather(*(house.post(matter, page=page, kind="explained", text=f"原因{n}") for n in range(6)))
    assert {status for status, _ in done} == {200}
    assert len(house.answers()) == 1
    assert len(house.journal()) == 1


async def test_an_explanation_is_kept_and_shown_as_text(house: House) -> None:
    matter = await house.matter()
    said = "<script>alert(1)</script>\r\n数据待省厅核定\x00，\u202e预计8月10日公开 {{ 7*7 }}"
    status, page = await house.post(matter, kind="explained", text=said, name='"><b>x</b>')
    assert status == 200
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n数据待省厅核定 ， 预计8月10日公开 {{ 7*7 }}" in page
    assert "<b>x" not in page
    assert "提交回执后3个工作日内不再重复催办，但不影响提级督办" in page
    assert house.answers() == [
        ("water", "explained", "<script>alert(1)</script>\n数据待省厅核定 ， 预计8月10日公开 {{ 7*7 }}")
    ]


async def test_explain_shows_what_was_answered(house: House) -> None:
    await house.post(await house.matter(), kind="explained", text="数据待核定\n下周公开", name="张三")
    office = house.small.office
    found = explain(office.store, office.loaded, "water/huanbao/2015-07", office.clock())
    assert isinstance(found, Explanation)
    (answer,) = found.answers
    assert (answer.recorded_at, answer.kind) == (at("2015-08-03", "10:00"), "explained")
    assert (answer.step, answer.role, answer.by) == ("overdue", "liaison", "张三（huanbao@small.example）")
    assert answer.text == "数据待核定\n下周公开"


@pytest.mark.sampled(2)
@pytest.mark.both_databases
async def test_what_was_explained_reaches_the_county_office_in_its_next_mail_and_in_the_report(house: House) -> None:
    said = "数据待省厅核定，\n<b>预计</b>8月10日公开"
    await house.post(await house.matter(), kind="explained", text=said, name="张三")
    await house.small.turn()
    told = [one for one in house.rows(notices) if one["kind"] == "explained"]
    assert [(one["role"], one["state"]) for one in told] == [("county-office", "sent")]
    mail = next(one for one in house.rows(messages) if one["id"] == told[0]["message"])
    assert mail["recipient"].startswith("office@")
    words = "张三（huanbao@small.example）说明：数据待省厅核定， <b>预计</b>8月10日公开"
    assert words in text_of(mail["body"])
    assert "情况说明1件" in text_of(mail["body"])
    assert "环保局：水环境质量月报，2015年6月" in text_of(mail["body"])
    assert b"<b>" not in html_of(mail["body"]).split("说明：".encode())[-1].split("公开".encode())[0]
    house.small.office.report_overdue()
    (report,) = [one for one in house.rows(notices) if one["kind"] == "report"]
    lines = [one for unit in report["detail"]["departments"] for one in unit["lines"]]
    found = {one["title"]: one["said"] for one in lines}
    assert found["水环境质量月报"].startswith("张三（huanbao@small.example）2015年8月3日说明：数据待省厅核定")
    assert found["空气质量月报"] == ""


async def test_that_a_mail_was_seen_is_no_news_for_the_county_office(house: House) -> None:
    await house.post(await house.matter(), kind="seen")
    await house.post(await house.matter(), kind="seen")
    assert [one for one in house.rows(notices) if one["kind"] == "explained"] == []


async def test_an_answer_buys_one_quiet_time_however_many_follow(house: House) -> None:
    matter = await house.matter()
    await house.post(matter, kind="seen")
    house.small.clock.now += timedelta(days=2)
    _, page = await house.post(matter, kind="explained", text="仍在办理")
    assert page.count("至2015年8月6日不再重复催办") == 2


async def test_a_form_that_says_nothing_is_told_so_and_keeps_what_was_written(house: House) -> None:
    matter = await house.matter()
    for fields, words in (
        ({"kind": "explained", "text": " \n "}, "请填写情况说明"),
        ({"kind": "published", "url": "见网站首页"}, "请填写文章的完整网址"),
        ({"kind": "published", "url": "javascript:alert(1)//.x"}, "请填写文章的完整网址"),
        ({"kind": "approved"}, "请选择回执的种类"),
        ({}, "请选择回执的种类"),
        ({"kind": "explained", "text": "长" * 2001}, "2000字以内，现为2001字"),
    ):
        status, page = await house.post(matter, **fields)
        assert (status in (413, 422), words in page) == (True, True), fields
    _, page = await house.post(matter, kind="published", url="见网站首页", name="张三")
    assert 'value="见网站首页"' in page
    assert 'value="张三"' in page
    assert house.answers() == []


class TestLinks:
    @pytest.fixture
    def store_url(self, sqlite_url: str) -> str:
        """What is refused never reaches the database: one is enough."""
        return sqlite_url

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
            lambda token: ("B" if token[0] != "B" else "C") + token[1:],
            lambda token: token[: len(token) // 2],
            lambda token: token + "x",
            lambda token: "x" * 400,
            lambda token: "%00%0d%0aSet-Cookie:x",
            lambda token: "<script>",
        ],
    )
    async def test_what_is_not_ours_opens_nothing_and_says_what_to_do(self, house: House, spoil: object) -> None:
        link = house.links()[-1]
        token = link.rpartition("/")[2]
        status, page = await house.open(f"{house.base}r/{spoil(token)}")  # type: ignore[operator]
        assert status == 404
        assert "请使用最近一封督办邮件中的链接" in page
        assert "<script>" not in page

    async def test_another_message_s_and_those_of_a_county_that_is_gone_open_nothing_here(self, house: House) -> None:
        console = house.small.office.loaded.schedule.console
        assert console is not None
        link = house.links()[-1]
        token = links.make(console.secret.reveal(), "6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11")
        assert (await house.open(f"{house.base}r/{token}"))[0] == 404
        assert (await house.open(f"{link}/99999999999999999999999"))[0] == 404
        other = next(one["id"] for one in house.everything()["notices"] if one["role"] != "liaison")
        assert (await house.open(f"{link}/{other}"))[0] == 404
        house.small.office.loaded = replace(house.small.office.loaded, rulebooks=())
        assert (await house.open(link))[0] == 404

    async def test_after_its_time_it_opens_nothing_and_takes_nothing(self, house: House) -> None:
        matter = await house.matter()
        _, page = await house.open(matter)
        house.small.clock.now = at("2015-10-02", "23:59")
        assert (await house.open(matter))[0] == 200
        house.small.clock.now = at("2015-10-03", "00:01")
        status, said = await house.open(matter)
        assert (status, "链接已过期" in said) == (410, True)
        assert (await house.post(matter, page=page, kind="seen"))[0] == 410
        assert house.answers() == []

    @pytest.mark.parametrize(
        ("change", "opens"),
        [
            (lambda bureau: replace(bureau, liaison=Contact("王新", "new@x.example")), False),
            (lambda bureau: replace(bureau, liaison=replace(bureau.liaison, name="王新")), True),  # the same mailbox
            (lambda bureau: replace(bureau, liaison=Contact("王新", "new@x.example"), lead=bureau.liaison), True),
        ],
    )
    async def test_a_former_liaison_s_link_opens_nothing_and_takes_nothing(
        self, house: House, change: Callable[[Department], Department], opens: bool
    ) -> None:
        matter, loaded = await house.matter(), house.small.office.loaded
        _, page = await house.open(matter)
        (book,) = loaded.rulebooks
        bureau = change(book.county.departments["huanbao"])
        # Elsewhere in the county the same mailbox goes on: its owner moved to another department.
        moved = Department("other", "他局", liaison=book.county.departments["huanbao"].liaison)
        departments = {**book.county.departments, "huanbao": bureau, "other": moved}
        county = replace(book.county, departments=departments)
        house.small.office.loaded = replace(loaded, rulebooks=(replace(book, county=county),))
        status, said = await house.open(matter)
        assert (status, "链接已停用" in said) == ((200, False) if opens else (410, True))
        assert (await house.post(matter, page=page, kind="seen"))[0] == (200 if opens else 410)
        assert len(house.answers()) == opens

    async def test_what_is_met_meanwhile_needs_no_answer(self, house: House) -> None:
        matter = await house.matter()
        _, page = await house.open(matter)
        house.small.site.publish("environment", "6月份水环境质量", house.small.clock.now)
        await house.small.turn(crawl=True)
        status, said = await house.open(matter)
        assert status == 200
        assert "已查到公开内容，无需回执" in said
        assert (said.count("<form"), "提交异议" in said) == (1, True)  # it came late, to which they may object
        assert (await house.post(matter, page=page, kind="seen"))[0] == 422
        assert house.answers() == []


class TestForms:
    @pytest.fixture
    def store_url(self, sqlite_url: str) -> str:
        """What is refused never reaches the database: one is enough."""
        return sqlite_url

    async def test_only_a_form_opened_of_late_from_this_very_page_is_taken(self, house: House) -> None:
        matter, other = await house.matter(), await house.matter("空气")
        (_, page), (_, foreign) = await house.open(matter), await house.open(house.links()[-1])
        assert (await house.post(matter, page="", kind="seen"))[0] == 403
        assert (await house.post(matter, page='name="stamp" value="8205000.abc"', kind="seen"))[0] == 403
        house.small.clock.now += timedelta(hours=25)
        status, said = await house.post(matter, page=page, kind="seen")
        assert (status, "请核对下面所填内容后重新提交" in said) == (403, True)
        assert other != matter
        assert "stamp" in foreign
        assert house.answers() == []

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://127.0.0.1:1"}],
    )
    async def test_a_post_from_another_site_is_refused(self, house: House, headers: dict[str, str]) -> None:
        matter = await house.matter()
        _, page = await house.open(matter)
        stamp = re.findall(r'name="stamp" value="([^"]+)"', page)[0]
        async with house.http.post(matter, data={"stamp": stamp, "kind": "seen"}, headers=headers) as answer:
            assert answer.status == 403
        own = {"Origin": house.base.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        async with house.http.post(matter, data={"stamp": stamp, "kind": "seen"}, headers=own) as answer:
            assert answer.status == 200
        assert len(house.answers()) == 1

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (413, b"text=" + b"x" * 70_000, "application/x-www-form-urlencoded"),
            (415, b"{}", "application/json"),
            (400, b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
            (415, b"", "multipart/form-data"),
            (400, b"text=%ff%fe", "application/x-www-form-urlencoded"),
            (400, "text=中文".encode("gb18030"), "application/x-www-form-urlencoded"),
            (400, b"a&" * 5000, "application/x-www-form-urlencoded"),
            (403, b"", "application/x-www-form-urlencoded"),
        ],
    )
    async def test_a_body_that_is_no_form_of_ours_is_refused(
        self, house: House, status: int, body: bytes, kind: str
    ) -> None:
        matter = await house.matter()
        async with house.http.post(matter, data=body, headers={"Content-Type": kind}) as answer:
            assert answer.status == status
            assert "text/html" in answer.headers["Content-Type"]
        assert house.answers() == []


async def test_whoever_asks_too_often_waits_and_then_may_again(house: House) -> None:
    stati = [(await house.open(f"{house.base}r/guess{n}"))[0] for n in range(40)]
    assert (stati[0], stati[-1]) == (404, 429)
    link = house.links()[-1]
    assert (await house.open(link))[0] == 200
    stati = [(await house.open(f"{house.base}r/guess"))[0] for _ in range(240)]
    assert (await house.open(link))[0] == stati[-1] == 429
    house.small.clock.now += timedelta(minutes=2)
    assert (await house.open(link))[0] == 200


async def test_pages_load_nothing_are_not_kept_and_no_log_names_a_link(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="tracker")  # a command that ran before may have hushed it
    matter = await house.matter()
    await house.post(matter, kind="explained", text="说明")
    async with house.http.get(matter) as answer:
        page, headers = await answer.text(), answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Server" not in headers
    assert not re.findall(r"<script|<img|<link|(?:src|href|action)=.?https?:", page)
    assert any("explained answered to overdue" in one.getMessage() for one in caplog.records)
    token = matter.split("/r/")[1].split("/")[0]
    assert not [one for one in caplog.records if token in one.getMessage()]


async def test_no_redirect_leads_out_of_the_house(house: House) -> None:
    for path in ("r/x/", "//evil.example/", "r//evil.example", "", "r/", "docs", "openapi.json"):
        async with house.http.get(
            f"{house.base}{path}", headers={"Host": "evil.example"}, allow_redirects=False
        ) as answer:
            assert (answer.status, answer.headers.get("Location")) == (404, None)
