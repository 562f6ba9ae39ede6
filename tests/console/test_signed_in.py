"""People log in and see the matters that are theirs; what a role may not do is refused and journalled."""

from __future__ import annotations

import io
import os
import re
from datetime import timedelta

import pyotp
import pytest
from python_calamine import CalamineWorkbook

from tests.console.people import FIRST, OWN, WATER, Come, add
from tests.console.served_pages import House
from tests.decide.small_county import at
from tracker.console.access import PAGES
from tracker.console.sessions import IDLE, LASTS
from tracker.core.values.accounts import Role
from tracker.registers.accounts import record_disabled, record_reset
from tracker.store.tables import journal, rulings
from tracker.store.tables_accounts import accounts, login_failures, sessions


async def test_whoever_is_not_logged_in_is_led_to_the_log_in_and_back(house: House, come: Come) -> None:
    async with house.http.get(f"{house.base}d/matters?light=red", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/d/login?next=/matters%3Flight%3Dred")
    liaison = await come(Role.LIAISON)
    status, page = await liaison.open("/matters")
    assert (status, "水环境" in page) == (200, True)


async def test_the_log_in_leads_to_no_other_site(come: Come) -> None:
    one = await come(Role.OFFICE, "office", changed=False)
    for follow in ("//evil.cn/", "/\\evil.cn", "https://evil.cn/", "", "/\tmatters"):
        _, place, _ = await one.log_in(FIRST, next=follow)
        assert (follow, place) == (follow, "/d/")


async def test_a_first_password_opens_nothing_but_the_page_on_which_it_is_changed(house: House, come: Come) -> None:
    one = await come(Role.OFFICE, "office", changed=False)
    async with one.http.get(f"{house.base}d/matters", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/d/account")
    assert "初始密码" in (await one.open("/account"))[1]
    status, page = await one.do("/account", "password", password=FIRST, new=OWN, again=OWN)
    assert (status, "密码已修改" in page, (await one.open("/matters"))[0]) == (200, True, 200), page


#: What is given instead, and what the page says to it.
NOT_TAKEN: list[tuple[dict[str, str], str]] = [
    ({"password": "wrong"}, "现在的密码不正确"),
    ({"again": OWN + "1"}, "两次输入的新密码不一致"),
    ({"new": "short", "again": "short"}, "密码为10至128个字符"),
    ({"new": FIRST, "again": FIRST}, "新密码与现在的密码相同"),
    ({"new": "ababababab", "again": "ababababab"}, "密码重复的字符过多"),
    ({"new": "my-office-pw", "again": "my-office-pw"}, "密码中含有登录名"),
    ({"csrf": "0" * 64}, "上次登录时打开"),
    ({"csrf": ""}, "上次登录时打开"),
]


async def test_a_password_that_is_guessed_soon_or_not_ones_own_is_not_taken(house: House, come: Come) -> None:
    one = await come(Role.OFFICE, "office", changed=False)
    before = house.rows(accounts)
    for fields, said in NOT_TAKEN:
        status, page = await one.do("/account", "password", **{"password": FIRST, "new": OWN, "again": OWN, **fields})
        assert (status in (403, 422), said in page) == (True, True), page
        assert house.rows(accounts) == before


async def test_a_changed_password_ends_the_sessions_elsewhere(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    elsewhere = await come(Role.OFFICE, one.login, known=False)
    await elsewhere.log_in()
    assert (await elsewhere.open("/matters"))[0] == 200
    await one.do("/account", "password", password=OWN, new=OWN + "2", again=OWN + "2")
    assert (await elsewhere.open("/matters"))[0] == 303
    assert (await one.open("/matters"))[0] == 200


async def test_a_session_ends_by_itself_by_a_log_out_and_everywhere(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    clock = house.small.clock
    clock.now += IDLE - timedelta(minutes=1)
    assert (await one.open("/matters"))[0] == 200
    clock.now += IDLE - timedelta(seconds=1)
    assert (await one.open("/matters"))[0] == 200
    clock.now += IDLE
    assert (await one.open("/matters"))[0] == 303
    await one.log_in()
    for _ in range(LASTS // IDLE * 2 - 1):
        clock.now += IDLE / 2
        assert (await one.open("/matters"))[0] == 200
    clock.now += IDLE / 2
    assert (await one.open("/matters"))[0] == 303
    for act in ("log-out", "log-out-everywhere"):
        await one.log_in()
        await one.do("/account", act)
        assert (await one.open("/matters"))[0] == 303
    assert house.rows(sessions) == []


async def test_the_log_in_takes_another_key_and_says_no_more_than_wrong(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    keys = {row["digest"] for row in house.rows(sessions)}
    await one.log_in()
    assert len({row["digest"] for row in house.rows(sessions)} | keys) == 2
    assert len(house.rows(sessions)) == 1  # the one before has ended
    strangers = [await come(Role.OFFICE, login, known=False) for login in (one.login, "nobody")]
    refusals = {re.sub('value="[^"]*"', "", page) for _, _, page in [await each.log_in("wrong") for each in strangers]}
    assert len(refusals) == 1


async def test_who_fails_waits_twice_as_long_each_time_and_is_never_shut_out(house: House, come: Come) -> None:
    one, clock = await come(Role.OFFICE), house.small.clock
    assert [(await one.log_in("wrong"))[0] for _ in range(6)] == [403] * 5 + [429]
    assert (await one.log_in())[0] == 429  # nor with the right one
    clock.now += timedelta(seconds=30)
    assert (await one.log_in("wrong"))[0] == 403
    clock.now += timedelta(seconds=30)
    assert (await one.log_in())[0] == 429
    clock.now += timedelta(seconds=30)
    assert (await one.log_in())[0] == 303
    assert [row["key"] for row in house.rows(login_failures)] == ["address:127.0.0.1"]
    assert [row["action"] for row in house.rows(journal)].count("account.waits") == 1


async def test_a_second_factor_is_asked_for_and_each_code_counts_once(house: House, come: Come) -> None:
    one, clock = await come(Role.OFFICE), house.small.clock
    _, page = await one.open("/account")
    secret = re.search(r'name="secret" value="(\w+)"', page)
    assert secret

    def code() -> str:
        return pyotp.TOTP(secret[1]).at(clock.now)

    status, page = await one.do("/account", "totp", password=OWN, secret=secret[1], code="000000")
    assert (status, "验证码不正确" in page) == (422, True)
    status, _ = await one.do("/account", "totp", password=OWN, secret=secret[1], code=code())
    assert status == 200
    status, _, page = await one.log_in()
    assert (status, 'name="code"' in page) == (200, True)
    assert (await one.log_in(code=code()))[0] == 403  # it was taken when the secret was
    clock.now += timedelta(seconds=30)
    assert (await one.log_in(code=code()))[0] == 303
    assert (await one.log_in(code=code()))[0] == 403


async def test_a_disabled_account_is_out_at_once_and_a_reset_one_begins_anew(house: House, come: Come) -> None:
    one, office = await come(Role.LIAISON), house.small.office
    rulebook = office.loaded.rulebooks[0]
    with office.store.begin() as tx:
        record_disabled(tx, rulebook, one.login, "管理员", "调离", office.clock())
    assert (await one.open("/matters"))[0] == 303
    assert (await one.log_in())[0] == 403
    with office.store.begin() as tx:
        record_reset(tx, rulebook, one.login, "another-first-1", "管理员", "回来", office.clock())
    assert (await one.log_in())[0] == 403
    assert (await one.log_in("another-first-1"))[:2] == (303, "/d/matters")
    assert (await one.open("/matters"))[0] == 303  # to the page of the password


async def test_a_liaison_sees_the_matters_of_the_own_department_alone(house: House, come: Come) -> None:
    liaison, office = await come(Role.LIAISON), await come(Role.OFFICE)
    _, all_of_them = await office.open("/matters?all=1")
    _, own = await liaison.open("/matters?all=1")
    keys = set(re.findall(r'href="/d/matter/([^"]+)"', all_of_them))
    assert {key.split("/")[3] for key in keys} > {"huanbao"}
    assert set(re.findall(r'href="/d/matter/([^"]+)"', own)) == {key for key in keys if "/huanbao/" in key}
    for key in sorted(keys):
        is_own = "/huanbao/" in key
        assert [(await one.open(f"/matter/{key}"))[0] for one in (office, liaison)] == [200, 200 if is_own else 404]
    assert (await liaison.open("/matters?all=1&department=shebao"))[1].count("/shebao/") == 0


async def test_the_list_is_a_sheet_too_of_the_own_department_alone(house: House, come: Come) -> None:
    for role, departments in ((Role.OFFICE, {"环保局", "社保局", "科技局"}), (Role.LIAISON, {"环保局"})):
        one = await come(role)
        async with one.http.get(f"{house.base}d/matters.xlsx?all=1") as answer:
            assert answer.headers["Content-Disposition"] == 'attachment; filename="matters.xlsx"'
            book = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read()))
        rows = book.get_sheet_by_index(0).to_python()
        head = next(number for number, row in enumerate(rows) if "单位" in row)
        assert {row[4] for row in rows[head + 1 :]} == departments
        assert {row[0] for row in rows[head + 1 :]} >= {"红", "灰"}


async def test_the_page_of_a_matter_says_why(house: House, come: Come) -> None:
    liaison = await come(Role.LIAISON)
    status, page = await liaison.open("/matter/small/small/water/huanbao/2015-07")
    assert status == 200
    for words in ("每月一期", "逾期未公开", "查看了哪些栏目", "环境保护", "经过", "最近一次查看网站"):
        assert words in page, words


PATHS = {
    "counties": "/counties",
    "overview": "/overview",
    "matters": "/matters",
    "matter": "/matter/small/small/water/huanbao/2015-07",
    "search": "/search?q=水",
    "queue": "/queue",
    "compare": "/compare?matter=small/small/water/huanbao/2015-07&url=",
    "events": "/events",
    "site": "/site",
    "column": "/site/county-site/environment",
    "rules": "/rules",
    "people": "/people",
    "reports": "/reports",
    "circulars": "/circulars",
    "circular": "/circular/2015-07",
    "journal": "/journal",
    "account": "/account",
    "public": "/../public",  # beside the pages behind the log-in
}


@pytest.mark.parametrize("role", Role)
async def test_every_cell_of_role_page_and_act(house: House, come: Come, role: Role) -> None:
    """What the table does not permit is answered with 403 and journalled, and changes nothing; the rest is not."""
    one = await come(role)
    assert PATHS.keys() == PAGES.keys()
    for name, rule in PAGES.items():
        status, _ = await one.open(PATHS[name])
        assert (status != 403) is (role in rule.sees and not rule.is_above)  # test_counties has those above
        for act, roles in rule.acts.items():
            if role not in roles:
                before = house.everything() | {"journal": [], "counties": []}
                status, page = await one.do(PATHS[name], act)
                assert (status, "没有这项权限" in page) == (403, True)
                assert house.everything() | {"journal": [], "counties": []} == before
                last = house.rows(journal)[-1]
                assert (last["action"], last["subject"], last["who"]) == (
                    "access.refused", f"page:{name}", f"{one.login}的姓名",
                )  # fmt: skip
    refused = [row for row in house.rows(journal) if row["action"] == "access.refused"]
    rights = [
        roles for rule in PAGES.values() for roles in (rule.sees if not rule.is_above else (), *rule.acts.values())
    ]
    assert len(refused) == sum(role not in roles for roles in rights)


async def test_a_liaison_says_where_it_is_published_and_sees_at_once_what_is_found_there(
    house: House, come: Come
) -> None:
    one, site = await come(Role.LIAISON), os.environ["SMALL_SITE"].rstrip("/")
    status, page = await one.do(WATER, "published", url=f"{site}/environment/77.html")
    assert (status, "网页无法打开（404）" in page, "77.html" in page) == (422, True, True)
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "09:30"), "水质良好。")
    status, page = await one.do(WATER, "published", url=f"{site}/environment/0.html")
    assert (status, "已打开" in page or "《6月份水环境质量》" in page) == (200, True), page


async def test_a_liaison_files_a_proof_and_objects_and_nothing_is_lost_where_it_is_refused(
    house: House, come: Come
) -> None:
    one = await come(Role.LIAISON)
    status, page = await one.do(WATER, "objected", reason="监测站停用", proof="")
    assert (status, "监测站停用" in page, "请填写异议的依据" in page) == (422, True, True)
    status, page = await one.do(WATER, "objected", reason="监测站停用", proof="县环〔2015〕8号")
    assert (status, "已登记异议" in page) == (200, True), page
    _, page = await one.open(WATER)
    assert 'value="objected"' not in page  # one waits already
    assert "县环〔2015〕8号" in str(house.rows(rulings))
    assert {row["by"] for row in house.rows(rulings)} == {"liaison的姓名"}


async def test_what_was_said_is_taken_from_no_link(house: House, come: Come) -> None:
    one = await come(Role.LIAISON)
    _, page = await one.open(f"{WATER}?outcome=请把密码发给我&signature={'0' * 64}")
    assert "请把密码发给我" not in page


async def test_pages_speak_english_where_it_is_chosen(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    await one.do("/account", "language", language="en")
    _, page = await one.open("/matters")
    assert '<html lang="en">' in page
    assert "What was looked at" in (await one.open("/matter/small/small/water/huanbao/2015-07"))[1]
    await one.do("/account", "language", language="zh")
    assert '<html lang="zh-CN">' in (await one.open("/matters"))[1]


async def test_cookies_are_for_the_browser_alone_and_nothing_is_kept_in_caches(house: House) -> None:
    add(house, "office", Role.OFFICE)
    data = {"login": "office", "password": FIRST}
    async with house.http.post(f"{house.base}d/login", data=data, allow_redirects=False) as answer:
        (cookie,) = answer.headers.getall("Set-Cookie")
        assert re.fullmatch(r"duban=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    key = cookie.partition("=")[2].partition(";")[0]
    assert key not in str(house.everything())


async def test_another_site_posts_nothing(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    for headers in ({"Origin": "https://evil.cn"}, {"Sec-Fetch-Site": "cross-site"}):
        async with one.http.post(f"{house.base}d/account", data={"act": "log-out"}, headers=headers) as answer:
            assert answer.status == 403
        async with one.http.post(f"{house.base}d/login", data={"login": "office"}, headers=headers) as answer:
            assert answer.status == 403
    assert (await one.open("/matters"))[0] == 200
