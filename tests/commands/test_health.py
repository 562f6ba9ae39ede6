"""What the health check of a container or a monitor asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

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
