"""A mail server that repeats our password in its answer: it stands in no table."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from tests.deliver.outbox_office import Clock, insert_due, notice, rules, send_all
from tests.smtp_server import Catcher, serving
from tracker.rulebook.secrets import Secret
from tracker.store.engine import Store
from tracker.store.tables import metadata

PASSWORD = "hidden7Q-k0sVb3mX"


async def test_what_a_server_repeats_of_a_secret_is_stored_nowhere(store: Store, clock: Clock) -> None:
    loaded = rules()
    delivery = loaded.schedule.delivery
    delivery = replace(delivery, smtp=replace(delivery.smtp, password=Secret(PASSWORD)))
    loaded = replace(loaded, schedule=replace(loaded.schedule, delivery=delivery))
    insert_due(store, notice())
    async with serving(Catcher(rcpt=f"550 log in with {PASSWORD} first")) as settings:
        assert (await send_all(settings, store, clock, loaded)).failed == 1
    with store.read() as tx:
        dump = "".join(str(row) for table in metadata.sorted_tables for row in tx.execute(sa.select(table)))
    assert "log in with *** first" in dump
    assert PASSWORD not in dump
