"""Every row on which a decision or a mail depends is held against the journal, and each tampering is named."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from tests.at_once import at_once
from tests.store.chains import NOW, entry, fill, renumbered, unguard
from tracker.store.chain import verify_chain
from tracker.store.columns import Addresses, EnumText, Instant, MomentText, Reached
from tracker.store.counties import ensure_county, mark_ticked, next_seq, read_county, store_document
from tracker.store.engine import Store, Tx
from tracker.store.journal import append_entries, compute_hash, list_rows
from tracker.store.migrations import build_config
from tracker.store.row_check import verify_rows
from tracker.store.tables import counties, entry_versions, journal, messages, metadata, notices, pages
from tracker.store.tables_requests import persons
from tracker.store.watched_rows import WATCHED

DOCUMENT = hashlib.sha256(b"text").hexdigest()


def some_value(column: sa.Column[Any]) -> Any:
    """A value of the column's type that is not empty."""
    kind = column.type
    if column.foreign_keys:
        parent = next(iter(column.foreign_keys)).column
        return {"counties": "sample", "messages": "messages-id"}.get(parent.table.name, 1)
    if isinstance(kind, EnumText):
        return next(iter(kind.choices))
    if isinstance(kind, (MomentText, Reached, sa.Date)):
        return date(2015, 7, 1)
    if isinstance(kind, Instant):
        return NOW
    if isinstance(kind, Addresses):
        return ("https://x/1",)
    if isinstance(kind, sa.types.TypeDecorator) and isinstance(kind.impl_instance, sa.JSON):
        return ()
    if isinstance(kind, sa.JSON):
        return {"kind": "x"}
    if isinstance(kind, sa.LargeBinary):
        return b"bytes"
    if isinstance(kind, (sa.Integer, sa.Boolean)):
        return 1 if isinstance(kind, sa.Integer) else True
    length = getattr(kind, "length", None) or 99
    return f"{column.table.name}-{column.name}"[:length]


def write_all(store: Store) -> None:
    """One row in every watched table, then changes as Duban makes them."""
    with store.begin() as tx:
        ensure_county(tx, "sample")
        append_entries(tx, "sample", [entry(1)], NOW)
        store_document(tx, DOCUMENT, "rulebook", "text", NOW)
        for table in metadata.sorted_tables:
            if table.name in WATCHED and table is not counties:
                values = {column.name: some_value(column) for column in table.c if column.name != "id"}
                if table is messages:
                    values["id"] = "messages-id"
                values.pop("repeats", None)
                tx.execute(table.insert().values(values))
    with store.begin() as tx:
        tx.execute(notices.update().values(state="claimed"))
        mark_ticked(tx, "sample", rulebook="r", calendar="c", by="b", seq=7, until=date(2015, 8, 1), at=NOW)
        assert next_seq(tx, "sample") == 1
        append_entries(tx, "sample", [entry(2)], NOW)


#: What somebody does with SQL, and how the sentence begins that names it.
TAMPERINGS = {
    "a notice set to sent": (
        "UPDATE notices SET state = 'sent'",
        "notices 1 (notices-subject · notices-department · notices-step): state stands there as sent, "
        "row 4 of the journal says claimed",
    ),
    "a notice taken out": (
        "DELETE FROM notices",
        "notices 1 (notices-subject · notices-department · notices-step) is",
    ),
    "a notice put off": ("UPDATE notices SET not_before = '2099-01-01 00:00:00+00'", "notices 1 (notices-subject"),
    "a notice copied": (
        "INSERT INTO notices SELECT 2, {notices} FROM notices",
        "notices 2 (notices-subject · notices-department · xnotices-step) stands there (",
    ),
    "a mail to another": (
        "UPDATE messages SET recipient = 'li@example.com'",
        "messages messages-id (messages-subject · messages-department · li@example.com): recipient stands there as "
        "li@example.com, row 2 of the journal says messages-recipient",
    ),
    "the words of a mail": ("UPDATE messages SET body = {bytes}", "messages messages-id (messages-subject"),
    "a mail sent that was not": ("UPDATE messages SET state = 'sent'", "messages messages-id (messages-subject"),
    "a matter met": (
        "UPDATE occurrences SET status = 'met'",
        "occurrences occurrences-key (occurrences-department): status stands there as met, row 2 of the journal says ",
    ),
    "a matter due later": (
        "UPDATE occurrences SET due_at = '2016-01-01 00:00:00+00'",
        "occurrences occurrences-key (occurrences-department): due_at stands there as 2016-01-01 00:00:00.000000, "
        "row 2 of the journal says 2015-07-01 08:00:00.000000",
    ),
    "a matter that time does not reach": ("UPDATE occurrences SET next_at = NULL", "occurrences occurrences-key ("),
    "a matter gone": ("DELETE FROM occurrences", "occurrences occurrences-key (occurrences-department) is missing;"),
    "an earlier decision": ("UPDATE standings SET light = 'green'", 'standings ["standings-key","2015-07-01 08:00:00'),
    "a filing accepted for another": ("UPDATE filings SET occurrence = 'x'", "filings 1 (x): occurrence stands"),
    "a filing gone": ("DELETE FROM filings", "filings 1 (filings-occurrence"),
    "a ruling's day": (
        "UPDATE rulings SET until = '2099-01-01'",
        "rulings 1 (rulings-occurrence): until stands there ",
    ),
    "an adoption invented": ("INSERT INTO rulings SELECT 2, {rulings} FROM rulings", "rulings 2 (rulings-occurrence"),
    "an event moved": ("UPDATE events SET occurred = '2015-12-31'", "events 1 (events-name · events-department): occ"),
    "an event withdrawn": ("UPDATE events SET withdrawn_at = NULL", "events 1 (events-name · events-department): with"),
    "an answer lasting": ("UPDATE acknowledgements SET quiet_until = '2099-01-01 00:00:00+00'", "acknowledgements 1 ("),
    "a silence for ever": ("UPDATE silences SET until = '2099-01-01 00:00:00+00'", "silences 1 (silences-occurrence"),
    "a slip renumbered": ("UPDATE slips SET number = 9", 'slips ["sample",1,9] (slips-occurrence · slips-step) stands'),
    "a request answered": ("UPDATE requests SET answered_on = '2015-01-01'", "requests 1 (requests-department"),
    "a step of a request": ("UPDATE request_moves SET reason = ''", "request_moves 1: reason stands there as –, row 2"),
    "a person": ("UPDATE persons SET box = {bytes}", "persons 1 is not what row 2 of the journal says was written"),
    "a look hidden": (
        "DELETE FROM person_looks",
        "person_looks 1 is missing; row 2 of the journal says that it stands",
    ),
    "a review decided": ("UPDATE reviews SET decision = 'open'", "reviews 1 (reviews-occurrence · reviews-column"),
    "a column confirmed": (
        "UPDATE column_confirmations SET withdrawn_at = NULL",
        "column_confirmations 1 (column_conf",
    ),
    "a line of a circular": ("UPDATE circular_lines SET dropped = 'x'", "circular_lines [1,1] (circular_lines-occ"),
    "a circular's text": ("UPDATE circulars SET text = '[]'", "circulars 1 (circula): text stands there as []"),
    "a publication invented": ("INSERT INTO entries SELECT 2, {entries} FROM entries", "entries 2 (https://2 · "),
    "a title": ("UPDATE entry_versions SET title = 'x'", "entry_versions [1,1] (x) is not what row 2 of the journal"),
    "a visit that saw nothing": ("UPDATE visits SET outcome = 'read', entries = 0", "visits 1 (visits-column) is not"),
    "a page in the cache": ("UPDATE pages SET parsed = '{{}}'", 'pages ["sample","pages-url"] is not what row 2 of '),
    "facts passed over": (
        "UPDATE counties SET decided_seq = 99",
        "counties sample: decided_seq stands there as 99, row 4 of the journal says 7",
    ),
    "the clock of the passes": ("UPDATE counties SET ticked_at = '2099-01-01 00:00:00+00'", "counties sample: ticked_"),
}


def statement_of(tx: Tx, text: str) -> str:
    """The SQL with the columns of a copied row, of which what must be unique differs, and the database's bytes."""
    if tx.dialect.name == "sqlite":
        text = text.replace("00:00:00+00", "00:00:00.000000")
    different = {"step": "'x' || step", "number": "7", "url": "'https://2'"}
    if "SELECT 2" in text:
        name = text.split()[2]
        order = [column["name"] for column in sa.inspect(tx).get_columns(name)][1:]
        return text.replace(f"{{{name}}}", ", ".join(different.get(column, f'"{column}"') for column in order))
    return text.format(bytes="x'00'" if tx.dialect.name == "sqlite" else "'\\x00'")


def test_each_tampering_is_named(store: Store) -> None:
    write_all(store)
    named = {}
    with store.engine.connect() as tx:
        assert verify_chain(tx, "sample") == []
        assert verify_rows(tx, "sample") == (len(WATCHED), [])
        for case, (sql, _) in TAMPERINGS.items():
            tx.exec_driver_sql(statement_of(tx, sql))
            named[case] = verify_rows(tx, "sample")[1]
            tx.rollback()
    beginnings = {case: expected for case, (_, expected) in TAMPERINGS.items()}
    assert {case: next(iter(texts), "")[: len(beginnings[case])] for case, texts in named.items()} == beginnings


@pytest.mark.parametrize("name", WATCHED)
def test_no_watched_table_may_lose_a_row(sqlite_url: str, name: str) -> None:
    with Store(sqlite_url, durable=False) as store:
        write_all(store)
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as outsider:
            outsider.execute(f"DELETE FROM {name}")
            outsider.commit()
        with store.read() as tx:
            defects = [*verify_chain(tx, "sample"), *verify_rows(tx, "sample")[1]]
    assert any(name in str(defect) for defect in defects) or (name == "counties" and defects)


def test_what_was_changed_and_then_written_over_is_named(store: Store) -> None:
    """The pass mends the row, but a mail may have gone out on it."""
    write_all(store)
    with store.engine.begin() as tx:
        tx.execute(notices.update().values(state="cancelled"))
    with store.begin() as tx:
        tx.execute(notices.update().values(state="due"))
    with store.read() as tx:
        [text] = verify_rows(tx, "sample")[1]
    assert text == (
        "notices 1 (notices-subject · notices-department · notices-step): state was changed past the journal: "
        "row 4 says claimed, row 5 found cancelled"
    )


def test_a_chain_written_anew_is_found_by_the_heads_that_were_told(store: Store) -> None:
    """The county office's mails have them; here the notices of those mails."""
    fill(store)
    with store.begin() as tx:
        head = read_county(tx, "sample")
        detail = {"journal": {"height": head.journal_height, "head": head.journal_head}}
        values = {column.name: some_value(column) for column in notices.c if column.name not in ("id", "message")}
        tx.execute(notices.insert().values(values | {"subject": "journal:2015-07-01", "detail": detail}))
    with store.read() as tx:
        rows = list_rows(tx, "sample") + list_rows(tx, "sample", action="rows.written")
        assert verify_rows(tx, "sample") == (2, [])
    written, previous = [], ""
    for row in renumbered([row for row in rows if row.height != 3]):
        row = replace(row, previous=previous)
        written.append(replace(row, hash=compute_hash(row)))
        previous = written[-1].hash
    with store.engine.connect() as tx:
        unguard(tx)
        tx.execute(journal.delete())
        tx.execute(journal.insert(), [asdict(row) for row in written])
        tx.execute(counties.update().values(journal_height=len(written), journal_head=previous))
        assert verify_chain(tx, "sample") == []
        text = verify_rows(tx, "sample")[1][0]
        tx.rollback()
    assert text.startswith(f"the head that journal:2015-07-01 told the county office was row 8, {rows[7].hash[:16]}…; ")


def test_a_trigger_that_writes_in_our_transactions_is_named(store: Store) -> None:
    """Its changes are noted as if they were ours."""
    write_all(store)
    made = (
        "CREATE TRIGGER quiet AFTER INSERT ON runs BEGIN UPDATE notices SET state = 'sent'; END"
        if store.sqlite
        else "CREATE RULE quiet AS ON INSERT TO runs DO ALSO UPDATE notices SET state = 'sent'"
    )
    with store.engine.connect() as tx:
        tx.exec_driver_sql(made)
        assert [*verify_rows(tx, "sample")[1]] == [
            "trigger quiet on runs is not one of Duban: what it writes passes for Duban's"
        ]
        tx.rollback()


def test_a_revision_set_back_does_not_record_what_was_tampered_with(store: Store) -> None:
    write_all(store)
    with store.engine.begin() as tx:
        tx.execute(notices.update().values(state="sent"))
        for table in ("occurrences", "accounts", "api_tokens") if store.sqlite else ():
            for action in ("insert", "update", "delete"):
                tx.exec_driver_sql(f"DROP TRIGGER temp.{table}_{action}")  # this connection's own
        command.downgrade(build_config(tx), "4")
    store.migrate()
    with store.read() as tx:
        texts = verify_rows(tx, "sample")[1]
    assert any("state stands there as sent, row 4 of the journal says claimed" in text for text in texts), texts


def test_a_text_that_is_none_is_named(sqlite_url: str) -> None:
    with Store(sqlite_url, durable=False) as store:
        write_all(store)
        with store.engine.begin() as tx:
            tx.exec_driver_sql("UPDATE filings SET \"by\" = CAST(X'FF' AS TEXT)")
            tx.exec_driver_sql("UPDATE documents SET body = 'other'")
        with store.read() as tx:
            assert [text.partition(":")[0] for text in verify_rows(tx, "sample")[1]] == [
                "filings 1 (filings-occurrence)",
                f"documents {DOCUMENT}",
            ]


def test_those_that_write_at_once_are_all_recorded(store: Store) -> None:
    """None of them locks the county first, and none waits for another for ever."""
    write_all(store)

    def write(number: int) -> None:
        with store.begin() as tx:
            values = {column.name: some_value(column) for column in pages.c}
            tx.execute(pages.insert().values(values | {"url": f"https://{number}"}))

    assert at_once([partial(write, number) for number in range(4)]) == [None] * 4
    with store.read() as tx:
        assert verify_chain(tx, "sample") == []
        assert verify_rows(tx, "sample") == (len(WATCHED) + 4, [])


def test_what_is_rolled_back_is_not_recorded(store: Store) -> None:
    write_all(store)
    with suppress(ZeroDivisionError), store.begin() as tx:
        tx.execute(notices.update().values(state="sent"))
        raise ZeroDivisionError
    with store.begin() as tx:
        append_entries(tx, "sample", [entry(3)], NOW + timedelta(days=1))
    with store.read() as tx:
        assert verify_rows(tx, "sample")[1] == []
        assert len(list_rows(tx, "sample", action="rows.written")) == 2


def test_rows_that_are_deleted_and_made_again_agree(store: Store) -> None:
    """Persons are deleted by retention, versions written over, bytes changed twice in one transaction."""
    write_all(store)
    with store.begin() as tx:
        tx.execute(persons.delete())
        tx.execute(entry_versions.update().values(title="另一标题"))
        tx.execute(messages.update().values(body=b"other"))
        tx.execute(messages.update().values(state="failed"))
    with store.begin() as tx:
        tx.execute(messages.update().values(body=b""))
    with store.read() as tx:
        assert verify_rows(tx, "sample") == (len(WATCHED) - 1, [])
