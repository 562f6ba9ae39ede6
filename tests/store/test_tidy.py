"""Old data is deleted; data that a decision depends on stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.messages import delete_bodies
from tracker.store.site import delete_listing_pages
from tracker.store.tables import messages, pages

NOW = datetime(2018, 2, 1, tzinfo=UTC)


def message(name: str, state: str, sent_at: datetime | None) -> dict[str, object]:
    at = sent_at or NOW - timedelta(days=2000)
    return {
        "id": name, "county": "sample", "channel": "mail", "role": "liaison", "department": "keji",
        "recipient": "keji@sample.example", "subject": "逾期1件", "body": b"mail", "state": state,
        "claimed_at": at, "lease_until": at, "next_attempt_at": at, "sent_at": sent_at,
    }  # fmt: skip


def test_the_bytes_of_old_mails_go_and_that_they_were_sent_stays(store: Store) -> None:
    old, young = NOW - timedelta(days=1200), NOW - timedelta(days=10)
    rows = [message("old", "sent", old), message("young", "sent", young), message("failed", "failed", None)]
    with store.begin() as tx:
        ensure_county(tx, "sample")
        tx.execute(messages.insert(), rows)
        assert delete_bodies(tx, NOW - timedelta(days=1100), NOW) == 1
        assert delete_bodies(tx, NOW - timedelta(days=1100), NOW) == 0
        query = sa.select(messages.c.id, messages.c.body, messages.c.state).order_by(messages.c.id)
        left = [tuple(row) for row in tx.execute(query)]
    assert left == [("failed", b"mail", "failed"), ("old", b"", "sent"), ("young", b"mail", "sent")]


def test_pages_not_read_for_long_are_forgotten(store: Store) -> None:
    rows = [
        {"county": "sample", "url": f"http://site/{days}", "parsed": parsed, "read_at": NOW - timedelta(days=days)}
        for days, parsed in ((1, {}), (500, {}), (501, {"wrapper": ""}), (502, {"wrapper": "{}"}))
    ]
    with store.begin() as tx:
        ensure_county(tx, "sample")
        tx.execute(pages.insert(), rows)
        assert delete_listing_pages(tx, NOW - timedelta(days=400)) == 2
        assert list(tx.execute(sa.select(pages.c.url)).scalars()) == ["http://site/1", "http://site/502"]
