"""Secrets that sign: what can be guessed is refused; and texts of other systems in which secrets are hidden."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass

import pytest

from tracker.rulebook.secrets import Redactor, Secret, find_weakness


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("abc123", "it has 6 characters, 32 are needed"),
        ("q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aE", "it has 31 characters, 32 are needed"),
        ("s" * 32, "it repeats a few characters"),
        ("0123456789abcdef0123456789abcdef", "it repeats a few characters"),
        ("Xk2!" * 12, "it repeats a few characters"),
        ("aababbabaabbabaababbabbaabbabaab", "it repeats a few characters"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "its characters follow an order"),
        ("zyxwvutsrqponmlkjihgfedcba9876543210", "its characters follow an order"),
        ("Please-Change-Me-Before-Going-Live!", "it holds a well-known word"),
        ("my-very-long-PASSWORD-for-the-pages", "it holds a well-known word"),
        ("duban-county-2015-console-key-0001x", "it holds a well-known word"),
    ],
)
def test_what_can_be_guessed_is_refused(secret: str, why: str) -> None:
    assert str(find_weakness(secret)) == why


def test_what_is_drawn_at_random_is_taken() -> None:
    draw = random.Random(18)
    for _ in range(2000):
        drawn = draw.randbytes(32)
        assert find_weakness(base64.b64encode(drawn).decode()) is None
        assert find_weakness(drawn.hex()) is None


@dataclass(frozen=True)
class Settings:
    """Settings with secrets, as the schedule has them."""

    password: Secret
    url: Secret


def test_a_text_that_repeats_a_secret_shows_it_no_more() -> None:
    redact = Redactor(Settings(Secret("p4ss-w0rd"), Secret("https://sms.example.cn/send?key=Zk0sVb3mXr9tLw2n&to=1")))
    assert redact("535 no such password: p4ss-w0rd") == "535 no such password: ***"
    assert redact("bad key Zk0sVb3mXr9tLw2n") == "bad key ***"
    assert redact(base64.b64encode(b"p4ss-w0rd").decode().rstrip("=")) == "***"
    assert redact("250 taken") == "250 taken"
    assert (
        Redactor(Settings(Secret("duban@example.gov.cn"), Secret()))("550 hb@example.gov.cn") == "550 hb@example.gov.cn"
    )
    assert Redactor(Settings(Secret(), Secret()))("250 taken") == "250 taken"
