"""Transactions behave the same on both databases, and a county's facts are numbered in order without a gap."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.at_once import at_once
from tracker.store.counties import (
    ensure_county,
    find_document_body,
    lock_county,
    mark_ticked,
    next_seq,
    read_county,
    store_document,
)
from tracker.store.engine import Store, StoreError
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.tables import counties, documents, events, visits

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("duban.db", "not a database URL"),
        ("mysql://localhost/duban", "unknown database 'mysql'"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        Store(url)


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/duban.db", "postgresql://u:secret@127.0.0.1:1/duban"])
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url: str) -> None:
    store = Store(url)
    with pytest.raises(StoreError, match="cannot open") as error:
        store.open()
    assert "secret" not in str(error.value)


def test_a_mistyped_folder_begins_no_empty_history(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=f"there is no folder {tmp_path}/dubna; mend the path, or make the folder"):
        Store(f"sqlite:///{tmp_path}/dubna/duban.db").open()
    assert not list(tmp_path.iterdir())


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(StoreError, match="is not open"), store.begin():
        pass


def test_sqlite_keeps_what_was_committed_through_a_power_cut(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'a.db'}") as store, store.read() as tx:
        asked = {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
    assert asked == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    def fail() -> None:
        with store.begin() as tx:
            ensure_county(tx, "sample")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as tx:
        assert tx.execute(sa.select(counties)).all() == []


def test_a_reader_sees_one_state_however_many_queries_it_makes(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
    with store.read() as reader:
        before = read_county(reader, "sample")
        with store.begin() as writer:
            next_seq(writer, "sample")
        assert read_county(reader, "sample") == before
    with store.read() as reader:
        assert read_county(reader, "sample").seq == 1


def test_two_stores_number_facts_without_doubles_and_in_order(store_url: str) -> None:
    given: list[int] = []

    def write(store: Store) -> None:
        for _ in range(15):
            with store.begin() as tx:
                number = next_seq(tx, "sample")
                given.append(number)  # still under the lock: the list is in the order of the locks

    with Store(store_url) as first, Store(store_url) as second:
        with first.begin() as tx:
            ensure_county(tx, "sample")
        at_once(partial(write, store) for store in (first, second, first, second))
    assert given == list(range(1, 61))


@pytest.mark.nightly
@pytest.mark.sampled(2)
def test_two_processes_that_read_and_write_lose_nothing(store_url: str) -> None:
    program = (
        "import sys\n"
        "from tracker.store.engine import Store\n"
        "from tracker.store.counties import lock_county, next_seq\n"
        "with Store(sys.argv[1]) as store:\n"
        "    for _ in range(20):\n"
        "        with store.begin() as tx:\n"
        "            before = lock_county(tx, 'sample').seq\n"
        "            assert next_seq(tx, 'sample') == before + 1\n"
    )
    with Store(store_url) as store:
        with store.begin() as tx:
            ensure_county(tx, "sample")
        running = [subprocess.Popen([sys.executable, "-c", program, store_url]) for _ in range(2)]
        assert [process.wait() for process in running] == [0, 0]
        with store.read() as tx:
            assert read_county(tx, "sample").seq == 40


def test_a_process_killed_in_mid_transaction_leaves_nothing_of_it(store_url: str) -> None:
    program = (
        "import sys\n"
        "from tracker.store.engine import Store\n"
        "from tracker.store.counties import next_seq\n"
        "with Store(sys.argv[1]) as store:\n"
        "    with store.begin() as tx: next_seq(tx, 'sample')\n"
        "    with store.begin() as tx:\n"
        "        next_seq(tx, 'sample')\n"
        "        print('in the middle', flush=True)\n"
        "        sys.stdin.read()\n"
    )
    with Store(store_url) as store:
        with store.begin() as tx:
            ensure_county(tx, "sample")
        command = [sys.executable, "-c", program, store_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"in the middle\n"
            child.kill()
        with store.begin() as tx:
            assert next_seq(tx, "sample") == 2


def test_naive_instants_are_refused_and_aware_ones_come_back_as_they_were(store: Store) -> None:
    east = timezone(timedelta(hours=8))
    midnight = datetime(2015, 7, 1, 0, 30, tzinfo=east)
    given: dict[str, Any] = {"rulebook": "r", "calendar": "c", "by": "1", "seq": 7, "until": date(2015, 7, 14)}
    with store.begin() as tx:
        ensure_county(tx, "sample")
        mark_ticked(tx, "sample", **given, at=midnight)
        row = lock_county(tx, "sample")
    assert (row.ticked_at, row.decided_seq, row.opened_until, row.rulebook) == (midnight, 7, given["until"], "r")
    with pytest.raises(sa.exc.StatementError, match="naive instant"), store.begin() as tx:
        mark_ticked(tx, "sample", **given, at=datetime(2015, 7, 1))


def test_instants_are_ordered_as_instants_whatever_their_zone(store: Store) -> None:
    east = timezone(timedelta(hours=8))
    values = {"county": "sample", "seq": 1, "ended_at": NOW, "outcome": "read", "pages": 1, "entries": 1}
    with store.begin() as tx:
        ensure_county(tx, "sample")
        for column, began_at in (
            ("b", datetime(2015, 1, 1, 0, 30, tzinfo=east)),
            ("a", datetime(2014, 12, 31, 17, tzinfo=UTC)),
        ):
            tx.execute(visits.insert(), {**values, "column": column, "began_at": began_at})
        order = tx.execute(sa.select(visits.c.column).order_by(visits.c.began_at)).scalars().all()
    assert order == ["b", "a"]


@pytest.mark.parametrize("moment", [date(2015, 3, 2), datetime(2015, 3, 2, 9, 30, tzinfo=UTC)], ids=["day", "instant"])
def test_a_moment_keeps_what_it_knows(store: Store, moment: date) -> None:
    values = {"county": "sample", "seq": 1, "name": "e", "department": "d", "reference": "r", "fields": {}}
    with store.begin() as tx:
        ensure_county(tx, "sample")
        tx.execute(events.insert(), {**values, "occurred": moment, "recorded_at": NOW})
        found = tx.execute(sa.select(events.c.occurred)).scalar_one()
    assert (found, type(found)) == (moment, type(moment))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2015年部门预算", '{"title":"2015年部门预算"}'),  # not \\u5e74, which is twice as long and as slow to read
        ("nothing\x00, \u2028", '{"title":"nothing\\u0000, \u2028"}'),
        ("half a pair: \ud83d", '{"title": "half a pair: \\ud83d"}'),
    ],
    ids=["Chinese", "control characters", "half a pair"],
)
def test_what_is_kept_as_json_is_written_as_people_read_it(store: Store, value: str, written: str) -> None:
    values = {"county": "sample", "seq": 1, "name": "e", "department": "d", "reference": "r", "occurred": NOW.date()}
    with store.begin() as tx:
        ensure_county(tx, "sample")
        tx.execute(events.insert(), {**values, "fields": {"title": value}, "recorded_at": NOW})
        assert tx.execute(sa.select(sa.cast(events.c.fields, sa.Text))).scalar_one() == written
        assert tx.execute(sa.select(events.c.fields)).scalar_one() == {"title": value}


def test_a_row_without_its_county_is_refused(store: Store) -> None:
    values = {"county": "nowhere", "seq": 1, "name": "e", "department": "d", "reference": "r", "fields": {}}
    with pytest.raises(sa.exc.IntegrityError), store.begin() as tx:
        tx.execute(events.insert(), {**values, "occurred": NOW.date(), "recorded_at": NOW})


def test_an_unknown_county_is_named(store: Store) -> None:
    with store.begin() as tx:
        for ask in (read_county, lock_county, next_seq):
            with pytest.raises(StoreError, match="county 'nowhere'"):
                ask(tx, "nowhere")


def test_a_document_is_kept_once(store: Store) -> None:
    with store.begin() as tx:
        assert store_document(tx, "d1", "rulebook", "body", NOW) is True
        assert store_document(tx, "d1", "rulebook", "body", NOW + timedelta(days=1)) is False
        assert find_document_body(tx, "d1") == "body"
        assert find_document_body(tx, "d2") is None
        assert tx.execute(sa.select(documents.c.loaded_at)).scalars().all() == [NOW]


def test_a_fault_is_counted_cleared_and_begins_anew(store: Store) -> None:
    def at(hours: int) -> datetime:
        return NOW + timedelta(hours=hours)

    with store.begin() as tx:
        assert clear_fault(tx, "sample", "mailbox", "send", at(0)) is False
        record_fault(tx, "sample", "mailbox", "send", "550 no such user", at(0))
        record_fault(tx, "sample", "mailbox", "send", "451 later", at(1))
        [fault] = list_faults(tx, "sample")
        assert (fault.first_at, fault.last_at, fault.count, fault.error) == (at(0), at(1), 2, "451 later")
        assert clear_fault(tx, "sample", "mailbox", "send", at(2)) is True
        assert list_faults(tx) == []
        assert [fault.cleared_at for fault in list_faults(tx, cleared=True)] == [at(2)]
        record_fault(tx, "sample", "mailbox", "send", "550 again", at(3))
        [fault] = list_faults(tx)
        assert (fault.first_at, fault.count, fault.cleared_at) == (at(3), 1, None)
