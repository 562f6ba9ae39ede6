"""Somebody logs in at the office's identity provider; what could be forged on the way lets nobody in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from aiohttp import web
from joserfc.jwk import RSAKey

from tests.console.identity_provider import CLIENT, SECRET, IdentityProvider, identity_provider
from tests.console.people import FIRST, OWN, Come, Person, add
from tests.console.served_pages import House
from tracker.console import oidc
from tracker.core.values.accounts import Role
from tracker.daemon.check_lines import CheckLine
from tracker.daemon.doctor import _check_provider
from tracker.registers.accounts import record_disabled
from tracker.rulebook.schedule import IdentityProvider as Settings
from tracker.rulebook.secrets import Secret
from tracker.store.tables import journal
from tracker.store.tables_accounts import accounts, sessions


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def provider(house: House) -> AsyncIterator[IdentityProvider]:
    async with provided(house) as made:
        yield made


@asynccontextmanager
async def provided(house: House) -> AsyncIterator[IdentityProvider]:
    """The provider, and a console that leads to it."""
    async with identity_provider(lambda: house.small.clock.now.timestamp()) as made:
        office = house.small.office
        console = office.loaded.schedule.console
        assert console is not None
        console = replace(console, oidc=Settings(made.issuer, CLIENT, Secret(SECRET)))
        office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=console))
        yield made


@pytest.fixture
async def zhang(house: House, come: Come) -> Person:
    """Somebody with an account who has never logged in."""
    one = await come(Role.OFFICE, "zhang", known=False)
    add(house, "zhang", Role.OFFICE)
    return one


async def go(one: Person, follow: str = "/matters") -> str:
    """Follow the link of the log-in page; where at the provider it leads."""
    address = f"{one.house.base}d/sign-in"
    async with one.http.get(address, params={"next": follow}, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]


async def back(one: Person, **given: str) -> tuple[int, str, str]:
    """Come back from the provider: the status, where it leads, and the page."""
    async with one.http.get(f"{one.house.base}d/sign-in/back", params=given, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_whom_the_provider_names_is_let_in_by_its_account(
    house: House, provider: IdentityProvider, zhang: Person
) -> None:
    _, page = await zhang.open("/login?next=/matters")
    assert "统一身份认证" in page
    assert 'href="/d/sign-in?next=/matters"' in page
    address = await go(zhang)
    assert address.startswith(f"{provider.issuer}/auth?")
    status, place, _ = await back(zhang, **provider.grant(address))
    assert (status, place) == (303, "/d/matters")
    assert "zhang的姓名" in (await zhang.open("/matters"))[1]
    # The first password, which somebody else knows, is void; the journal says so.
    (row,) = house.rows(accounts)
    assert (row["password"], row["must_change"], row["role"]) == ("", False, "county-office")
    assert [each["action"] for each in house.rows(journal)].count("account.first-password-void") == 1
    assert (await zhang.log_in(FIRST))[0] == 403
    assert "没有密码" in (await zhang.open("/account"))[1]
    # Again, another session takes the place of this one, and the addresses and keys are not asked for again.
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
    assert len(house.rows(sessions)) == 1
    assert [provider.asked.count(path) for path in ("/.well-known/openid-configuration", "/keys", "/token")] == [
        1,
        1,
        2,
    ]


async def test_a_name_that_is_not_in_the_token_is_asked_for(
    house: House, provider: IdentityProvider, zhang: Person
) -> None:
    provider.in_token = False
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
    provider.answers["/me"] = web.json_response({"sub": "1", "preferred_username": "zhang"})
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 403


async def test_a_second_factor_is_asked_for_here_too(house: House, provider: IdentityProvider, come: Come) -> None:
    one, clock = await come(Role.OFFICE, "zhang"), house.small.clock
    secret = re.search(r'name="secret" value="(\w+)"', (await one.open("/account"))[1])
    assert secret
    await one.do("/account", "totp", password=OWN, secret=secret[1], code=pyotp.TOTP(secret[1]).at(clock.now))
    await one.do("/account", "log-out")
    clock.now += timedelta(seconds=30)

    async def give(page: str, code: str) -> tuple[int, str]:
        state = re.search(r'name="state" value="([^"]+)"', page)
        data = {"state": state[1] if state else "", "code": code}
        async with one.http.post(f"{house.base}d/sign-in/code", data=data, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    status, _, page = await back(one, **provider.grant(await go(one)))
    assert (status, 'name="code"' in page, house.rows(sessions)) == (200, True, [])
    status, again = await give(page, "000000")
    assert (status, "验证码不正确" in again) == (403, True)
    assert (await give(page, pyotp.TOTP(secret[1]).at(clock.now)))[0] == 403  # that page has been used
    _, _, page = await back(one, **provider.grant(await go(one)))
    assert (await give(page, pyotp.TOTP(secret[1]).at(clock.now)))[0] == 303
    assert len(house.rows(sessions)) == 1
    _, _, page = await back(one, **provider.grant(await go(one)))
    for _ in range(5):
        status, page = await give(page, "000000")
        assert status == 403
    assert (await give(page, "000000"))[0] == 429


async def test_who_has_no_password_takes_a_second_factor_just_after_a_log_in(
    house: House, provider: IdentityProvider, zhang: Person
) -> None:
    clock = house.small.clock

    async def change(**fields: str) -> tuple[int, str]:
        page = (await zhang.open("/account"))[1]
        secret = re.search(r'name="secret" value="(\w+)"', page)
        given = {"secret": secret[1], "code": pyotp.TOTP(secret[1]).at(clock.now)} if secret else {}
        return await zhang.do("/account", "totp", **{**given, **fields})

    def has_factor() -> bool:
        return bool(house.rows(accounts)[0]["totp"])

    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
    page = (await zhang.open("/account"))[1]
    assert ("登录后10分钟内可以设置" in page, 'name="password"' in page) == (True, False)
    assert (await change(code="000000"))[0] == 422
    clock.now += timedelta(minutes=11)
    status, page = await change(password="")  # whoever finds a browser open has no password either
    assert (status, "超过10分钟" in page, has_factor()) == (422, True, False)
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
    assert ((await change())[0], has_factor()) == (200, True)
    status, _, page = await back(zhang, **provider.grant(await go(zhang)))
    assert (status, 'name="code"' in page) == (200, True)


async def test_the_way_leads_to_no_other_site(provider: IdentityProvider, zhang: Person) -> None:
    for follow in ("//evil.cn/", "https://evil.cn/", "/\\evil.cn", "/\tmatters"):
        place = (await back(zhang, **provider.grant(await go(zhang, follow))))[1]
        assert (follow, place) == (follow, "/d/")


async def test_only_the_browser_that_asked_brings_an_answer_back_and_once(
    house: House, provider: IdentityProvider, zhang: Person, come: Come
) -> None:
    given = provider.grant(await go(zhang))
    other = await come(Role.OFFICE, "other", known=False)
    for one, sent in ((other, given), (zhang, {**given, "state": "x" * 43}), (zhang, {"code": given["code"]})):
        status, _, page = await back(one, **sent)
        assert (status, "时间过长" in page) == (403, True)
    assert provider.codes  # nothing was asked of the provider
    assert (await back(zhang, **given))[0] == 303
    assert (await back(zhang, **given))[0] == 403
    given = provider.grant(await go(zhang))
    house.small.clock.now += timedelta(minutes=10)
    assert (await back(zhang, **given))[0] == 403
    given = provider.grant(await go(zhang))
    provider.codes.clear()  # used already
    status, _, page = await back(zhang, **given)
    assert (status, "不能证明" in page) == (403, True)
    assert (await back(zhang, **provider.grant(await go(zhang)), iss="https://evil.cn"))[0] == 403
    assert (await back(zhang, state=provider.grant(await go(zhang))["state"], error="access_denied"))[0] == 403


def claim(name: str, value: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    """Changes a claim; None takes it away."""

    def twist(claims: dict[str, Any], _header: dict[str, Any]) -> None:
        claims.pop(name) if value is None else claims.update({name: value})

    return twist


TWISTED = {
    "nonce": claim("nonce", "another"),
    "no nonce": claim("nonce", None),
    "audience": claim("aud", "another"),
    "audiences": claim("aud", [CLIENT, "another"]),
    "audience of another party": lambda claims, _header: claims.update(aud="another", azp=CLIENT),
    "party": claim("azp", "another"),
    "issuer": claim("iss", "https://evil.cn"),
    "expired": claim("exp", 1_400_000_000),
    "no end": claim("exp", None),
    "of tomorrow": claim("iat", 2_000_000_000),
    "no name": claim("preferred_username", ["zhang"]),
    "unsigned": lambda _claims, header: header.update(alg="none"),
    "access token": claim("at_hash", "AAAA"),
}


async def test_a_token_that_does_not_hold_lets_nobody_in(
    house: House, provider: IdentityProvider, zhang: Person
) -> None:
    for name, twist in TWISTED.items():
        provider.twist = twist
        status, _, page = await back(zhang, **provider.grant(await go(zhang)))
        assert (name, status, "不能证明" in page, house.rows(sessions)) == (name, 403, True, [])
    provider.twist = lambda _claims, _header: None
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303


async def test_a_new_key_is_asked_for_and_a_foreign_one_is_not_taken(
    house: House, provider: IdentityProvider, zhang: Person
) -> None:
    published = provider.key.as_dict(private=False)
    assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
    for kid in ("second", "first"):
        provider.key = RSAKey.generate_key(2048, {"kid": kid})
        house.small.clock.now += timedelta(minutes=1)
        provider.answers["/keys"] = web.json_response({"keys": [published]})
        assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 403
        house.small.clock.now += timedelta(minutes=1)
        del provider.answers["/keys"]
        assert (await back(zhang, **provider.grant(await go(zhang))))[0] == 303
        published = provider.key.as_dict(private=False)


async def test_who_has_no_open_account_is_told_so(house: House, provider: IdentityProvider, zhang: Person) -> None:
    office = house.small.office
    add(house, "disabled", Role.OFFICE)
    with office.store.begin() as tx:
        record_disabled(tx, office.loaded.rulebooks[0], "disabled", "管理员", "调离", office.clock())
    before = house.rows(accounts)
    for who in ("nobody", "ZHANG", "zhang ", "<b>zhang</b>", "disabled"):
        provider.who = who
        status, _, page = await back(zhang, **provider.grant(await go(zhang)))
        assert (who, status, "没有启用" in page, "<b>zhang" in page) == (who, 403, True, False)
        assert (house.rows(accounts), house.rows(sessions)) == (before, [])
        assert [row["action"] for row in house.rows(journal)].count("access.refused") == (who == "disabled")


def elsewhere(name: str) -> Callable[[IdentityProvider], None]:
    def names(provider: IdentityProvider) -> None:
        found = {key: f"{provider.issuer}/{key}" for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        found |= {"issuer": provider.issuer, name: "http://127.0.0.2:1/x"}
        provider.answers["/.well-known/openid-configuration"] = web.json_response(found)

    return names


def answers(path: str, **response: Any) -> Callable[[IdentityProvider], None]:
    return lambda provider: provider.answers.update({path: web.Response(**response)})


#: The ways in which a provider fails.
FAILS: list[Callable[[IdentityProvider], None]] = [
    answers("/.well-known/openid-configuration", status=500),
    answers("/.well-known/openid-configuration", body=b"[" * 100_000),
    answers("/.well-known/openid-configuration", body=b'{"a": "' + b"x" * 300_000 + b'"}'),
    answers("/.well-known/openid-configuration", status=302, headers={"Location": "http://127.0.0.2:1/"}),
    elsewhere("issuer"),
    elsewhere("authorization_endpoint"),
    elsewhere("token_endpoint"),
    elsewhere("jwks_uri"),
    answers("/keys", body=b'{"keys": [1, {"kty": "oct", "k": "AAAA"}, {"kty": "RSA"}]}'),
    answers("/keys", body=b'{"keys": 5}'),
    answers("/token", status=401, body=b'{"error": "invalid_client"}'),
    answers("/token", body=b"<html>"),
    lambda provider: provider.silent.add("/.well-known/openid-configuration"),
    lambda provider: provider.silent.add("/token"),
]


async def test_a_provider_that_fails_bars_no_password(
    house: House, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_SECONDS", 0.3)
    one = await come(Role.OFFICE, "zhang")
    for number, fails in enumerate(FAILS):
        async with provided(house) as provider:
            fails(provider)
            async with one.http.get(f"{house.base}d/sign-in", allow_redirects=False) as answer:
                status, page = answer.status, await answer.text()
                if status == 303:
                    status, _, page = await back(one, **provider.grant(answer.headers["Location"]))
            assert (number, status, "没有正常应答" in page, 'name="password"' in page) == (number, 503, True, True)
            assert (await one.log_in())[0] == 303


async def test_without_a_provider_there_is_no_way_to_one(house: House, zhang: Person) -> None:
    assert "sign-in" not in (await zhang.open("/login"))[1]
    assert [(await zhang.open(path))[0] for path in ("/sign-in", "/sign-in/back?code=1&state=2")] == [404, 404]


async def test_the_doctor_asks_the_provider(house: House, provider: IdentityProvider) -> None:
    office = house.small.office

    async def look(*, offline: bool = False) -> list[CheckLine]:
        return [line async for line in _check_provider(office.loaded, office.clock(), offline=offline)]

    assert [line[1] for line in await look(offline=True)] == ["note"]
    assert provider.asked == []
    assert [line[1] for line in await look()] == ["ok"]
    elsewhere("issuer")(provider)
    ((name, state, text),) = await look()
    assert (name, state) == ("oidc", "wrong")
    assert "calls itself 'http://127.0.0.2:1/x'" in text
