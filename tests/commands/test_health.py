"""What the health check of a container or a monitor asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.store.engine import Store
from tracker.store.jobs import take_lease


def test_doctor_says_whether_a_daemon_is_at_work(duban: Duban, county: Path) -> None:
    """Exit status 0 only while a daemon renews its lease."""
    assert duban("doctor", "--daemon").status == 1
    now = datetime.now(UTC)
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        take_lease(tx, "scheduler", "there:1", now=now, until=now + timedelta(minutes=1))
    answer = duban("doctor", "--daemon", "--format", "csv")
    assert (answer.status, [(row["check"], row["state"]) for row in answer.rows]) == (0, [("daemon", "ok")])


def test_the_database_is_named_by_a_credential_too(duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its URL holds a password: systemd and containers give it as a file."""
    folder = county.parent / "credentials"
    folder.mkdir()
    (county / "duban.db").rename(county / "other.db")
    (folder / "DUBAN_DATABASE").write_text(f"sqlite:///{county / 'other.db'}\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert duban("status").status in (0, 1)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert "no database there yet" in duban("status").err
