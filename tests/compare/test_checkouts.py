"""The earlier commit that the working tree is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare import checkouts


def test_a_clone_without_the_commit_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkouts, "CACHE", tmp_path / "cache")
    with pytest.raises(checkouts.CheckoutError, match=r"has no commit 0000000.*git fetch --unshallow"):
        checkouts.earlier(commit="0" * 40)
    assert not (tmp_path / "cache").exists()
