"""What a password costs whoever guesses it."""

from __future__ import annotations

from tracker.registers.passwords import hash_password, is_password


def test_a_password_costs_64_megabytes_and_three_passes() -> None:
    digest = hash_password("correct horse")
    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password(digest, "correct horse")
    assert not is_password(digest, "correct horsf")
    assert not is_password("", "correct horse")
