"""Verification finds every change made past the guards and names the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from tests.examples import at_night, examples
from tests.store.chains import fill, forged, renumbered, unguard, verify_rewritten
from tracker.store.chain import list_journalled_counties, verify_chain
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.journal import JournalRow, list_rows
from tracker.store.tables import counties, journal


def without(rows: list[JournalRow], *heights: int) -> list[JournalRow]:
    return [row for row in rows if row.height not in heights]


def swapped(rows: list[JournalRow], one: int, other: int) -> list[JournalRow]:
    places = {one: other, other: one}
    return sorted((replace(row, height=places.get(row.height, row.height)) for row in rows), key=lambda row: row.height)


def shifted(rows: list[JournalRow], one: int, other: int) -> list[JournalRow]:
    """The row is taken from its place and put into another, the others close up."""
    rest = without(rows, one)
    return renumbered([*rest[: other - 1], rows[one - 1], *rest[other - 1 :]])


Tamper = Callable[[list[JournalRow]], list[JournalRow]]
TAMPERED: dict[str, tuple[Tamper, list[tuple[int, str]]]] = {
    "a row taken out": (lambda rows: without(rows, 4), [(4, "removed")]),
    "the first row taken out": (lambda rows: without(rows, 1), [(1, "removed")]),
    "three rows taken out": (lambda rows: without(rows, 4, 5, 6), [(4, "removed")]),
    "rows taken out in two places": (lambda rows: without(rows, 2, 6, 7), [(2, "removed"), (6, "removed")]),
    "a row taken out and the gap closed": (lambda rows: renumbered(without(rows, 4)), [(4, "removed")]),
    "the first taken out and the gap closed": (lambda rows: renumbered(without(rows, 1)), [(1, "removed")]),
    "the last row cut off": (lambda rows: without(rows, 8), [(8, "truncated")]),
    "the last rows cut off": (lambda rows: without(rows, 7, 8), [(7, "truncated")]),
    "all rows cut off": (lambda rows: [], [(1, "truncated")]),
    "neighbours changed places": (lambda rows: swapped(rows, 4, 5), [(4, "reordered")]),
    "far rows changed places": (lambda rows: swapped(rows, 2, 7), [(2, "reordered")]),
    "the first and the last changed places": (lambda rows: swapped(rows, 1, 8), [(1, "reordered")]),
    "a row moved back": (lambda rows: shifted(rows, 6, 3), [(6, "reordered")]),
    "a forged row in front of the first": (lambda rows: [forged(0, ""), *rows], [(0, "inserted")]),
    "a forged row at the end": (lambda rows: [*rows, forged(9, rows[-1].hash)], [(9, "inserted")]),
    "a forged row in the middle": (
        lambda rows: renumbered([*rows[:3], forged(4, rows[2].hash), *rows[3:]]),
        [(4, "inserted")],
    ),
    "a row twice": (lambda rows: renumbered([*rows[:4], *rows[3:]]), [(5, "inserted")]),
    "a row replaced by a forged one": (
        lambda rows: [*rows[:3], forged(4, rows[2].hash), *rows[4:]],
        [(4, "changed")],
    ),
    "the first row replaced by a forged one": (lambda rows: [forged(1, ""), *rows[1:]], [(1, "changed")]),
    "the last row replaced by a forged one": (lambda rows: [*rows[:-1], forged(8, rows[-2].hash)], [(8, "changed")]),
    "two rows changed": (
        lambda rows: [replace(row, reason="x") if row.height in (3, 6) else row for row in rows],
        [(3, "changed"), (6, "changed")],
    ),
    "one taken out, another changed": (
        lambda rows: [replace(row, who="x") if row.height == 7 else row for row in without(rows, 3)],
        [(3, "removed"), (7, "changed")],
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_tampering_is_named(store: Store, case: str) -> None:
    tamper, named = TAMPERED[case]
    found = verify_rewritten(store, tamper(fill(store)))
    assert [(broken.height, broken.kind) for broken in found] == named
    assert str(found[0]).startswith(f"row {named[0][0]}: {named[0][1]}: ")


# -- every byte ----------------------------------------------------------------------------------

TEXTS = ("county", "who", "action", "subject", "before", "after", "reason", "origin", "previous", "hash")


#: The same instant in another spelling is a changed row too.
STORED = b"2015-07-01 08:00:00.000000"
RESPELT = [STORED.replace(b" ", b"T"), STORED + b" AD", STORED + b"Z", STORED[:-1], b" " + STORED]


def flips(value: bytes) -> Iterator[bytes]:
    """The value with one byte changed, each in turn, in its lowest bit, and at night in its highest too."""
    for place in range(len(value)):
        for bit in (1, 128) if at_night() else (1,):
            yield value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]


def numbers(value: int) -> Iterator[int]:
    for bit in range(63):
        yield value ^ (1 << bit)


def stored_otherwise(sqlite: bool, row: JournalRow) -> Iterator[tuple[str, str, Any]]:
    """(column, SQL of its new value, what is bound to it): each byte of each stored value."""
    for name in TEXTS:
        value = str(getattr(row, name)).encode()
        longer = [] if len(value) == 64 else [value + b" "]  # a hash fills its column
        for changed in [*flips(value), *longer, b"" if value else b"0"]:
            if sqlite:
                yield name, "CAST(:value AS TEXT)", changed
            elif changed.decode("utf-8", "ignore").encode() == changed and b"\0" not in changed:
                yield name, "CAST(:value AS TEXT)", changed.decode()
    taken = range(1, 6)  # the key lets no two rows have one height
    yield from (("height", "CAST(:value AS BIGINT)", number) for number in numbers(row.height) if number not in taken)
    yield from (("form", "CAST(:value AS BIGINT)", number) for number in numbers(row.form) if number < 2**31)
    if sqlite:
        yield from (("at", "CAST(:value AS TEXT)", text) for text in [*flips(STORED), *RESPELT])
        yield from ((name, "CAST(:value AS BLOB)", str(getattr(row, name)).encode()) for name in TEXTS)
        yield "height", ":value", f"{row.height}x"
        yield "height", ":value", row.height + 0.5
    else:
        yield from (("at", "at + :value * interval '1 microsecond'", 1 << bit) for bit in range(57))
        yield from (
            ("at", "CAST(:value AS TIMESTAMPTZ)", text) for text in ("infinity", "-infinity", "2015-07-01 08:00+00 BC")
        )


@pytest.mark.nightly
@pytest.mark.parametrize("height", [5, *(pytest.param(height, marks=pytest.mark.nightly) for height in (1, 3))])
def test_each_byte_of_each_column_counts(store: Store, height: int) -> None:
    rows = fill(store, 5, via="cli li@office")
    tried = set()
    with store.engine.connect() as tx:
        unguard(tx)
        if store.sqlite:
            tx.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for name, sql, value in stored_otherwise(store.sqlite, rows[height - 1]):
            change = sa.text(f"UPDATE journal SET {name} = {sql} WHERE height = :height")
            with tx.begin_nested() as attempt:
                tx.execute(change, {"value": value, "height": height})
                found = verify_chain(tx, "sample")
                assert [broken.height for broken in found] == [height], (name, value, found)
                if name == "county" and value != b"sample":
                    assert len(list_journalled_counties(tx)) == 2
                attempt.rollback()
            tried.add(name)
        tx.rollback()
    assert tried == {column.name for column in journal.c}


# -- anything at all -----------------------------------------------------------------------------

CHANGES = st.one_of(
    st.tuples(st.sampled_from(["drop", "swap", "copy", "forge"]), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("flip"), st.integers(0, 5), st.integers(0, 400)),
)


def flipped(text: str, place: int) -> str:
    place %= len(text)
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


def changed(rows: list[JournalRow], change: tuple[str, int, int]) -> list[JournalRow]:
    kind, first, second = change
    rows = list(rows)
    if kind == "forge":
        place = min(first, len(rows))
        rows.insert(place, forged(place + 1, rows[place - 1].hash if place else ""))
    elif first < len(rows) and kind == "drop":
        del rows[first]
    elif first < len(rows) and kind == "flip":
        column = ("who", "action", "subject", "after", "reason", "previous", "hash", "origin")[second % 8]
        text = getattr(rows[first], column) or "0"
        rows[first] = replace(rows[first], **{column: flipped(text, second)})
    elif first < len(rows) and second < len(rows) and kind == "swap":
        rows[first], rows[second] = rows[second], rows[first]
    elif first < len(rows) and kind == "copy":
        rows.insert(min(second, len(rows)), rows[first])
    return rows


@examples(35, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_whatever_is_done_to_the_rows_is_found(store: Store, changes: list[tuple[str, int, int]]) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        original = list_rows(tx, "sample")
    if not original:
        original = fill(store, 6)
    rows = original
    for change in changes:
        rows = changed(rows, change)
    rows = renumbered(rows)
    assume(rows != original)
    assert verify_rewritten(store, rows)


# -- the head ------------------------------------------------------------------------------------

HEADS: dict[str, tuple[dict[str, Any], list[tuple[int, str]]]] = {
    "another hash": ({"journal_head": "0" * 64}, [(8, "changed")]),
    "no hash": ({"journal_head": ""}, [(8, "changed")]),
    "a greater height": ({"journal_height": 12}, [(8, "changed")]),
    "a smaller height": ({"journal_height": 5}, [(8, "changed")]),
    "no chain at all": ({"journal_height": 0, "journal_head": ""}, [(height, "inserted") for height in range(1, 9)]),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_moved_head_is_found(store: Store, case: str) -> None:
    values, named = HEADS[case]
    fill(store)
    with store.begin() as tx:
        unguard(tx)
        tx.execute(counties.update().values(values))
        found = verify_chain(tx, "sample")
    assert [(broken.height, broken.kind) for broken in found] == named


def test_rows_of_a_county_that_is_gone_are_still_seen(store: Store) -> None:
    fill(store, 2)
    with store.engine.connect() as tx:
        if store.sqlite:
            tx.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        unguard(tx)
        tx.execute(sa.text("UPDATE counties SET id = 'other'"))
        found = {
            county: [(broken.height, broken.kind) for broken in verify_chain(tx, county)]
            for county in list_journalled_counties(tx)
        }
        tx.rollback()
    assert found == {"other": [(1, "truncated")], "sample": [(1, "inserted"), (2, "inserted")]}
