"""The journal is one chain per county; any process can append to it and none can change it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial

import pytest
import sqlalchemy as sa

from tests.at_once import at_once
from tests.store.chains import NOW, entry, fill
from tracker.store.chain import verify_chain
from tracker.store.counties import ensure_county, read_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import (
    JournalEntry,
    append_entries,
    compute_hash,
    encode_canonical,
    last_entry_at,
    list_rows,
)


def test_an_untouched_chain_holds(store: Store) -> None:
    fill(store)
    with store.begin() as tx:
        assert append_entries(tx, "sample", [entry(9), entry(10)], NOW + timedelta(days=1)) == 10
    with store.read() as tx:
        assert verify_chain(tx, "sample") == []
        assert [row.height for row in list_rows(tx, "sample", last=3)] == [8, 9, 10]


def test_an_empty_journal_holds(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        assert append_entries(tx, "sample", [], NOW) == 0
        assert verify_chain(tx, "sample") == []


def test_counties_have_chains_of_their_own(store: Store) -> None:
    fill(store, 3)
    rows = fill(store, 5, county="other")
    assert [row.height for row in rows] == [1, 2, 3, 4, 5]
    with store.read() as tx:
        assert verify_chain(tx, "sample") == verify_chain(tx, "other") == []
        assert last_entry_at(tx, "other") == rows[-1].at
        assert last_entry_at(tx, "third") is None


REFUSED = {
    "a changed row": "UPDATE journal SET reason = '' WHERE height = 3",
    "a row taken out": "DELETE FROM journal WHERE height = 3",
    "all rows taken out": "DELETE FROM journal",
    "a head set back": "UPDATE counties SET journal_height = 3",
    "another head": "UPDATE counties SET journal_head = 'x'",
}
BY_ONE = {
    "sqlite": {
        "a row put in another's place": (
            "INSERT OR REPLACE INTO journal (county, height, at, who, action, subject, previous, hash) "
            "VALUES ('sample', 3, '2015-07-01 08:00:00.000000', 'x', 'x', 'x', 'x', 'x')"
        ),
    },
    "postgresql": {
        "the table emptied": "TRUNCATE journal",
        "a row put in another's place": (
            "INSERT INTO journal (county, height, at, who, action, subject, previous, hash) "
            "VALUES ('sample', 3, now(), 'x', 'x', 'x', 'x', 'x') "
            "ON CONFLICT (county, height) DO UPDATE SET reason = 'x'"
        ),
    },
}


def refusal(store: Store, statement: str) -> str:
    try:
        with store.begin() as tx:
            tx.execute(sa.text(statement))
    except sa.exc.DBAPIError as error:
        return str(error.orig)
    return ""


def test_the_database_itself_refuses(store: Store) -> None:
    fill(store)
    for what, statement in (REFUSED | BY_ONE[store.url.get_backend_name()]).items():
        assert re.search("append-only|only moves forward", refusal(store, statement)), what
    with store.read() as tx:
        assert verify_chain(tx, "sample") == []


def test_a_row_says_from_where_it_came(store_url: str) -> None:
    with Store(store_url, origin="cli li@office") as store:
        fill(store, 1)
        with store.begin(via="import events.xlsx sha256:ab") as tx:
            append_entries(tx, "sample", [entry(2)], NOW)
        with store.begin() as tx:
            append_entries(tx, "sample", [entry(3)], NOW)
            origins = [row.origin for row in list_rows(tx, "sample")]
            assert verify_chain(tx, "sample") == []
    assert origins == ["cli li@office", "cli li@office import events.xlsx sha256:ab", "cli li@office"]


def test_two_writers_at_once_make_one_chain(store_url: str) -> None:
    def write(other: Store) -> None:
        for number in range(10):
            with other.begin() as tx:
                append_entries(tx, "sample", [entry(number), entry(number)], NOW)

    with Store(store_url) as first, Store(store_url) as second:
        fill(first, 1)
        at_once(partial(write, store) for store in (first, second, second))
        with first.read() as tx:
            assert verify_chain(tx, "sample") == []
            assert read_county(tx, "sample").journal_height == 61


def test_what_is_rolled_back_leaves_no_row_and_no_height(store: Store) -> None:
    fill(store, 2)

    def fail(tx: Tx) -> None:
        append_entries(tx, "sample", [entry(3)], NOW)
        raise RuntimeError("in mid-pass")

    with pytest.raises(RuntimeError, match="in mid-pass"), store.begin() as tx:
        fail(tx)
    with store.read() as tx:
        assert verify_chain(tx, "sample") == []
        assert read_county(tx, "sample").journal_height == 2


def test_the_hash_knows_the_instant_not_its_zone(store: Store) -> None:
    [row, *_] = fill(store, 1)
    east = timezone(timedelta(hours=8))
    assert compute_hash(replace(row, at=row.at.astimezone(east))) == row.hash


def test_canonical_json_has_one_form() -> None:
    assert encode_canonical({"b": 1, "a": "督办"}) == encode_canonical({"a": "督办", "b": 1}) == '{"a":"督办","b":1}'
    assert encode_canonical(None) == ""
    assert encode_canonical({"due": NOW.date()}) == '{"due":"2015-07-01"}'


MINUTE = timedelta(minutes=1)
LINES = [
    ("张三", "event.recorded", "event:budget-approved:keji:2015"),
    ("rule:abc", "status", "sample/plan/budget/keji/2015"),
    ("rule:abd", "status", "sample/plan/budget/huanbao/2015"),
    ("李_四", "ruling.waive", "sample/plan/budget/keji/2015"),
    ("outbox", "notice.sent", "sample/plan/budget_x/keji/2015"),
]
FOUND: list[tuple[dict[str, str | int | datetime], list[int]]] = [
    ({}, [1, 2, 3, 4, 5]),
    ({"subject": "sample/plan/budget/keji/2015"}, [2, 4]),
    ({"subject": "budget/keji/2015"}, [2, 4]),
    ({"subject": "keji/2015"}, [2, 4, 5]),
    ({"subject": "2015"}, [2, 3, 4, 5]),
    ({"subject": "%"}, []),
    ({"subject": "budget_/keji/2015"}, []),
    ({"action": "status"}, [2, 3]),
    ({"action": "ruling"}, [4]),
    ({"action": "rul"}, []),
    ({"who": "rule"}, [2, 3]),
    ({"who": "rule:abd"}, [3]),
    ({"who": "李_四"}, [4]),
    ({"who": "李?四"}, []),
    ({"since": NOW + 2 * MINUTE}, [3, 4, 5]),
    ({"until": NOW + 2 * MINUTE}, [1, 2]),
    ({"since": NOW + MINUTE, "until": NOW + 3 * MINUTE, "action": "status"}, [2, 3]),
    ({"last": 2}, [4, 5]),
    ({"subject": "keji/2015", "last": 1}, [5]),
]


def test_show_picks(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        for number, (who, action, subject) in enumerate(LINES):
            append_entries(tx, "sample", [JournalEntry(who, action, subject)], NOW + number * MINUTE)
    with store.read() as tx:
        for asked, heights in FOUND:
            assert [row.height for row in list_rows(tx, "sample", **asked)] == heights, asked  # type: ignore[arg-type]
