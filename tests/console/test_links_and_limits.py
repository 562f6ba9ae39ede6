"""Links, stamps, forms and limits, without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.console import links
from tracker.console.forms import FormError, line, prose, web_address
from tracker.console.limiter import Limiter, network_of
from tracker.console.links import LinkError

SECRET = "s" * 32
MESSAGE = "6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11"
OTHER = "6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d12"
NOW = datetime(2015, 8, 3, 2, tzinfo=UTC)


def why(secret: str, token: str) -> str:
    with pytest.raises(LinkError) as caught:
        links.read(secret, token)
    return caught.value.why


def test_a_token_names_what_it_was_made_for_and_fits_into_any_address() -> None:
    token = links.make(SECRET, MESSAGE)
    assert links.read(SECRET, token) == MESSAGE
    assert links.make(SECRET, MESSAGE) == token  # the same bytes whenever it leaves again
    assert len(token) < 100
    assert not set(token) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_what_is_stored_in_its_place_is_as_long_and_opens_nothing() -> None:
    token, placeholder = links.make(SECRET, MESSAGE), links.placeholder(MESSAGE)
    assert len(placeholder) == len(token)
    assert placeholder != links.placeholder(OTHER)
    assert why(SECRET, placeholder) == "unknown"


def test_a_mail_of_an_earlier_version_opens_its_page() -> None:
    """As that version made it, with the county and the last day."""
    token = "small.bQ-dXEsOXwqcQw9vC3otEQ.735873.hEd2oZOpH6KNQDpeUCNFmS1-C-GYG8zXR8ReCZGqWDs"
    assert links.read(SECRET, token) == MESSAGE
    assert why(SECRET, token.replace("small", "large")) == "unknown"


def test_no_character_can_be_changed_left_out_or_added() -> None:
    token = links.make(SECRET, MESSAGE)
    # The last character of base64 holds bits that say nothing: another one there may name the same signature.
    for place in range(len(token) - 1):
        for other in "Aa0.-_é\n":
            if other != token[place]:
                assert why(SECRET, token[:place] + other + token[place + 1 :]) == "unknown"
        assert why(SECRET, token[:place] + token[place + 1 :]) == "unknown"
    for odd in ("", ".", "...", "a.b.c.d", f"{token}.{token}", token * 9, "\ud800"):
        assert why(SECRET, odd) == "unknown"


def test_another_secret_an_empty_one_and_another_purpose_open_nothing() -> None:
    token = links.make(SECRET, MESSAGE)
    assert why("t" * 32, token) == "unknown"
    assert why("", token) == "unknown"
    stamp = links.stamp(SECRET, token, NOW)
    assert why(SECRET, stamp) == "unknown"
    assert why(SECRET, f"{token.rpartition('.')[0]}.{stamp.rpartition('.')[2]}") == "unknown"
    assert not links.stamped(SECRET, token, token, NOW)


def test_a_stamp_is_good_for_its_own_link_and_for_a_day() -> None:
    token, other = links.make(SECRET, MESSAGE), links.make(SECRET, OTHER)
    stamp = links.stamp(SECRET, token, NOW)
    assert links.stamped(SECRET, token, stamp, NOW + timedelta(hours=23, minutes=59))
    assert not links.stamped(SECRET, token, stamp, NOW + timedelta(hours=24, minutes=2))
    assert not links.stamped(SECRET, token, stamp, NOW - timedelta(hours=25))
    assert not links.stamped(SECRET, other, stamp, NOW)
    minute, _, signature = stamp.partition(".")
    for odd in ("", ".", minute, f"{int(minute) + 1}.{signature}", f"-1.{signature}", f"²{stamp}", "9" * 300 + stamp):
        assert not links.stamped(SECRET, token, odd, NOW)


def test_each_use_of_a_link_has_its_own_mark() -> None:
    uses = {
        links.use(MESSAGE, n, kind, url) for n in (1, 12, 2) for kind in ("seen", "published") for url in ("", "a", "b")
    }
    assert len(uses) == 18
    assert {len(one) for one in uses} == {64}
    assert links.use(MESSAGE, 1, "seen") != links.use(OTHER, 1, "seen")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (" https://www.x.gov.cn/a/1.html ", "https://www.x.gov.cn/a/1.html"),
        ("www.x.gov.cn/a/1.html", "http://www.x.gov.cn/a/1.html"),
        ("http://www.x.gov.cn:8080/信息?id=1&b=2#c", "http://www.x.gov.cn:8080/信息?id=1&b=2#c"),
        ("", None),
        ("见附件", None),
        ("ftp://www.x.gov.cn/a", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x.y", None),
        ("http://user:pass@www.x.gov.cn/", None),
        ("http://www.x.gov.cn:0/", None),
        ("http://www.x.gov.cn:99999/", None),
        ("http://[::1", None),
        ("http://localhost/", None),
        ("http://www.x.gov.cn/a b", None),
        ("http://a.cn/1\nhttp://a.cn/2", None),
        ("http://a.cn/\u202e1", None),
        ("http://a.cn/" + "x" * 1000, None),
    ],
)
def test_an_address_is_a_whole_one_or_none(given: str, address: str | None) -> None:
    if address is not None:
        assert web_address(given) == address
        return
    with pytest.raises(FormError):
        web_address(given)


def test_names_and_texts_lose_what_no_text_should_hold() -> None:
    assert line(" 张\x00三\r\nBcc: x@y \u2028", 40) == "张 三 Bcc: x@y"
    assert line("长" * 99, 40) == "长" * 40
    assert prose(" 一\r\n\r\n二\t三\x07 \r四\u200b\n") == "一\n\n二 三\n四"
    assert len(prose("长" * 2000)) == 2000
    with pytest.raises(FormError, match="2000字以内，现为2001字"):
        prose("长" * 2001)


def test_who_asks_too_often_is_let_in_again_at_a_steady_pace() -> None:
    limiter = Limiter(3, timedelta(minutes=1))
    assert [limiter.allows("a", NOW) for _ in range(5)] == [True] * 3 + [False] * 2
    assert limiter.allows("b", NOW)
    assert [limiter.allows("a", NOW + timedelta(seconds=20)) for _ in range(2)] == [True, False]
    assert [limiter.allows("a", NOW + timedelta(minutes=5)) for _ in range(4)] == [True] * 3 + [False]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_a_limit_counts_the_network_that_one_caller_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_clock_that_is_set_back_shuts_nobody_out_for_longer() -> None:
    limiter = Limiter(3, timedelta(minutes=1))
    assert [limiter.allows("a", NOW) for _ in range(4)] == [True, True, True, False]
    back = NOW - timedelta(days=1)
    assert not limiter.allows("a", back)
    assert limiter.allows("a", back + timedelta(minutes=1))


def test_a_flood_of_callers_takes_no_more_than_its_share_of_memory() -> None:
    limiter = Limiter(1, timedelta(minutes=1))
    for number in range(20_000):
        assert limiter.allows(str(number), NOW)
    assert len(limiter._full_at) == 10_000
