"""A journal that an older version wrote holds after migration, goes on, and is guarded from then on."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from chains import NOW, entry

from tracker.store import migrations
from tracker.store.chain import verify
from tracker.store.engine import Store, Tx
from tracker.store.journal import append, show

COLUMNS = ("county", "height", "at", "who", "action", "subject", "before", "after", "reason", "previous", "hash")


def rows_as_0004_wrote_them() -> list[dict[str, object]]:
    """Its own code, as it was: nothing of today's can make these."""
    rows: list[dict[str, object]] = []
    previous = ""
    for height in range(1, 6):
        at = NOW + timedelta(seconds=height)
        parts = [
            "sample",
            height,
            at.isoformat(timespec="microseconds"),
            "张三",
            "status",
            "x/<&>\u2028",
            "",
            '{"a":"督办"}',
        ]
        text = json.dumps([*parts, '为"此"\n', previous], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        own = hashlib.sha256(text.encode()).hexdigest()
        rows.append(dict(zip(COLUMNS, [*parts[:2], at, *parts[3:], '为"此"\n', previous, own], strict=True)))
        previous = own
    return rows


def at_0004(tx: Tx) -> None:
    migrations.upgrade(tx, "0004")
    rows = rows_as_0004_wrote_them()
    head = {"id": "sample", "height": len(rows), "head": rows[-1]["hash"]}
    county = "INSERT INTO counties (id, journal_height, journal_head) VALUES (:id, :height, :head)"
    tx.execute(sa.text(county), head)
    insert = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{one}' for one in COLUMNS)})"
    as_stored = sa.text(insert).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True)))
    tx.execute(as_stored, rows)


def test_rows_written_before_hold_after_migration_and_are_continued(empty_url: str) -> None:
    with Store(empty_url, origin="cli li@office") as store:
        with store.begin() as tx:
            at_0004(tx)
        store.migrate()
        with store.read() as tx:
            assert verify(tx, "sample") == []
        with store.begin() as tx:
            assert append(tx, "sample", [entry(6)], NOW) == 6
            assert verify(tx, "sample") == []
            forms = [(row.form, row.origin) for row in show(tx, "sample")]
    assert forms == [(1, "")] * 5 + [(2, "cli li@office")]


def test_an_origin_put_into_an_old_row_is_found(empty_url: str) -> None:
    """The old form says nothing of it: it must be empty there."""
    with Store(empty_url) as store:
        with store.begin() as tx:
            at_0004(tx)
        store.migrate()
        with store.begin() as tx:
            if store.sqlite:
                tx.execute(sa.text("DROP TRIGGER journal_no_update"))
            else:
                tx.execute(sa.text("SET LOCAL session_replication_role = replica"))
            tx.execute(sa.text("UPDATE journal SET origin = 'console 10.0.0.5' WHERE height = 3"))
            found = verify(tx, "sample")
    assert [(one.height, one.kind) for one in found] == [(3, "changed")]


def test_back_and_forth_again_keeps_old_rows(empty_url: str) -> None:
    with Store(empty_url) as store:
        with store.begin() as tx:
            at_0004(tx)
        store.migrate()
        with store.begin() as tx:
            migrations.downgrade(tx, "0004")
        store.migrate()
        with store.read() as tx:
            assert verify(tx, "sample") == []


def test_rows_of_the_new_form_cannot_go_back(empty_url: str) -> None:
    with Store(empty_url) as store:
        with store.begin() as tx:
            at_0004(tx)
        store.migrate()
        with store.begin() as tx:
            append(tx, "sample", [entry(6)], NOW)
        refused = "cannot verify: go back by restoring a copy"
        with pytest.raises(RuntimeError, match=refused), store.begin() as tx:
            migrations.downgrade(tx, "0004")
        with store.read() as tx:
            assert verify(tx, "sample") == []
