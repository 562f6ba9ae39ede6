"""Whoever oversees a city or a province reads the sums of its counties and opens any of them, and no other."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.console.people import FIRST, OWN, Come, Person
from tests.console.query_count import ALWAYS, counted, multiply
from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.console.systems import systems
from tests.console.test_people_page import form_about
from tests.console.test_signed_in import PATHS
from tests.decide.small_county import COUNTY
from tracker.console.access import PAGES
from tracker.core.values.accounts import Role, Scope
from tracker.core.values.divisions import COUNTRY
from tracker.core.values.verdicts import Light
from tracker.registers.accounts import record_account
from tracker.registers.errors import RegisterError
from tracker.store.counties import next_seq
from tracker.store.matters import MatterFilter, count_matters
from tracker.store.tables import journal
from tracker.store.tables_accounts import accounts, api_tokens

#: What each county's file says of its division; the first is the county of the other tests.
DIVISIONS = {
    "small": "{code: 440106, city: 广州市, province: 广东省}",
    "tianhe": "{code: 440105, city: 广州市}",
    "yantian": '{code: "440308", city: 深圳市, province: 广东省}',
    "zhen": "{code: 330211, city: 宁波市, province: 浙江省}",
    "zzz": "",
}
#: Which counties somebody sees, by the region of the account.
REACH = {"": {"small"}, "4401": {"small", "tianhe"}, "44": {"small", "tianhe", "yantian"}, COUNTRY: set(DIVISIONS)}
#: The pages that every county has.
LISTS = PAGES.keys() - {"public", "account", "counties", "matter", "compare", "circular"}


@pytest.fixture
async def several(house: House) -> House:
    """The small county and four more on the same site, each decided once."""
    office, schedule = house.small.office, house.small.office.loaded.schedule
    for name, division in DIVISIONS.items():
        text = COUNTY.replace("county: small\nname: 小县", f"county: {name}\nname: {name}县")
        text += f"division: {division}\n" if division else ""
        (house.small.root / f"rules/counties/{name}").mkdir(exist_ok=True)
        (house.small.root / f"rules/counties/{name}/county.yaml").write_text(text, "utf-8")
    text = (house.small.root / "rules/counties/small/county.yaml").read_text("utf-8")
    house.small.reload(pack=WITH_AIR, schedule=REPEATS, county=text)
    office.loaded = replace(office.loaded, schedule=schedule)
    office.tick()
    return house


async def overseer(house: House, come: Come, region: str) -> Person:
    """An auditor of the small county who reads the counties of a region."""
    office, login = house.small.office, f"auditor-{region or 'own'}"
    with office.store.begin() as tx:
        who = (login, f"{login}的姓名", Role.AUDITOR, "", FIRST, "管理员")
        record_account(tx, office.loaded.rulebooks[0], *who, office.clock(), region)
    one = await come(Role.AUDITOR, login, known=False)
    await one.log_in(FIRST)
    await one.do("/account", "password", password=FIRST, new=OWN, again=OWN)
    return one


async def test_every_cell_of_region_county_page_and_act(several: House, come: Come) -> None:
    """What lies in the region is read as an auditor reads; of what does not, there is no page and no word."""
    for region, reach in REACH.items():
        one = await overseer(several, come, region)
        status, sums = await one.open("/counties")
        assert status == (200 if region else 403)
        assert {name for name in DIVISIONS if f"/d/county/{name}/overview" in sums} == (reach if region else set())
        for county in (*DIVISIONS, "nobody"):
            for name in LISTS if region == "44" else ("overview",):
                status, page = await one.open(f"/county/{county}{PATHS[name]}")
                assert (status, f">{county}县政务公开督办<" in page) == (
                    (200, True) if county in reach else (404, False)
                ), (region, county, name)
        assert (await one.open("/county/small/account"))[0] == (await one.open("/county/small/counties"))[0] == 404
        for other in ("small", *(reach - {"small"})):
            _, page = await one.open(f"/county/{other}/matters")
            others = DIVISIONS.keys() - {other}
            assert not [name for name in others if f"/matter/{name}/" in page]
    one = await come(Role.AUDITOR, "auditor-44", known=False)
    await one.log_in()
    before = several.everything() | {"journal": [], "counties": []}
    acts = [(name, act) for name, rule in PAGES.items() for act, who in rule.acts.items() if Role.AUDITOR not in who]
    for name, act in acts:
        if "{" not in PATHS[name] and name not in ("matter", "compare"):
            assert (await one.do(f"/county/yantian{PATHS[name]}", act))[0] == 403, (name, act)
    assert several.everything() | {"journal": [], "counties": []} == before
    refused = {row["county"] for row in several.rows(journal) if row["action"] == "access.refused"}
    assert refused == {"small", "yantian"}  # the sums, by whom no region is open to; and the acts


async def test_the_sums_are_those_of_the_counties_in_four_statements(several: House, come: Come) -> None:
    office, one = several.small.office, await overseer(several, come, "44")
    multiply(several, 3)  # only of the small county there is a new number, so only it is counted anew
    with office.store.begin() as tx:
        next_seq(tx, "small")
    for needed in (4, 3):
        with counted(several) as statements:
            status, _ = await one.open("/counties")
        assert (status, len(statements) - ALWAYS) == (200, needed), statements
    with office.store.read() as tx:
        wanted = {name: count_matters(tx, name, MatterFilter(all=True)) for name in sorted(REACH["44"])}
    _, sheet = await one.open("/counties.csv?region=country")  # no more than the own region
    rows = {row["县（市、区）"]: row for row in csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff")))}
    assert {name.removesuffix("县"): int(row["红灯"]) for name, row in rows.items()} == {
        name: counts.get(Light.RED, 0) for name, counts in wanted.items()
    }
    assert [(row["市"], row["代码"]) for row in rows.values()] == [
        ("广州市", "440105"), ("广州市", "440106"), ("深圳市", "440308"),
    ]  # fmt: skip
    assert (rows["small县"]["督办情况"], rows["tianhe县"]["督办情况"]) == ("正常", "尚未开始")  # nobody read its site
    _, part = await one.open("/counties?region=4403")
    assert ("yantian县" in part, "tianhe县" in part, "返回全部" in part) == (True, False, True)
    office.clock.now += timedelta(hours=15)  # type: ignore[attr-defined]
    await one.log_in()
    assert "超时" in (await one.open("/counties"))[1]


async def test_a_system_reads_the_sums_of_its_region(several: House) -> None:
    async with systems(several) as connect:
        for region, reach in REACH.items():
            system, name = connect(Scope.COUNTIES_READ, name=f"省平台{region}"), f"省平台{region}"
            with several.small.office.store.begin() as tx:
                tx.execute(api_tokens.update().where(api_tokens.c.name == name).values(region=region))
            status, answer = await system.get("/counties")
            assert (status, {each["id"] for each in answer["counties"]}) == (200, reach)
            total = answer["total"]["matters"]["overdue"]
            assert total == sum(city["matters"]["overdue"] for city in answer["cities"])
            assert total == sum(each["matters"]["overdue"] for each in answer["counties"])
        assert (await connect(Scope.COUNTIES_READ, department="huanbao").get("/counties"))[0] == 403
        assert (await connect(Scope.MATTERS_READ).get("/counties"))[0] == 403


async def test_the_account_of_a_region_is_the_administrators_to_give_and_to_take(several: House, come: Come) -> None:
    office, store = await come(Role.OFFICE), several.small.office.store
    await overseer(several, come, "44")
    _, page = await office.open("/people")
    for act in ("disable", "reset"):
        status, answer = await office.do("/people", act, **form_about(page, "auditor-44"), reason="调离")
        assert (status, "由管理员" in answer) == (422, True)
    assert not [row for row in several.rows(accounts) if row["disabled_at"]]
    rulebook, now = several.small.office.loaded.rulebooks[0], several.small.office.clock()
    for role, region, why in (
        (Role.OFFICE, "44", "only an auditor's account"),
        (Role.AUDITOR, "4", "no region '4'"),
        (Role.AUDITOR, "440106", "no region"),
        (Role.AUDITOR, "33", "county small does not lie in region 33"),
    ):
        with pytest.raises(RegisterError, match=why), store.begin() as tx:
            record_account(tx, rulebook, "other", "李华", role, "", FIRST, "管理员", now, region)
