"""The journal is one chain a county: whatever is done to its rows is found, at the first height."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tracker.store.counties import ensure_county, read_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import Broken, JournalEntry, JournalRow, append, canonical, hash_of, show, verify
from tracker.store.tables import counties, journal

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)


def entry(number: int) -> JournalEntry:
    return JournalEntry(
        "rule:abc", "status", f"sample/p/d/huanbao/{number}", None, {"status": "open", "n": number}, "开"
    )


async def fill(store: Store, count: int = 8, county: str = "sample") -> list[JournalRow]:
    async with store.begin() as tx:
        await ensure_county(tx, county)
        await append(tx, county, [entry(number) for number in range(1, count + 1)], NOW)
        return await show(tx, county)


async def verify_rewritten(store: Store, rows: list[JournalRow]) -> list[Broken]:
    """What verify says when the table holds these rows; the table is put back."""
    async with store.engine.connect() as tx:
        await tx.execute(journal.delete())
        if rows:
            await tx.execute(journal.insert(), [asdict(row) for row in rows])
        broken = await verify(tx, "sample")
        await tx.rollback()
    return broken


def renumbered(rows: list[JournalRow]) -> list[JournalRow]:
    return [replace(row, height=height) for height, row in enumerate(rows, 1)]


def forged(height: int, previous: str) -> JournalRow:
    """A row that fits behind `previous`, made by one who knows how the hash is built."""
    row = JournalRow("sample", height, NOW, "someone", "waive", "x", "", "", "because", previous, "")
    return replace(row, hash=hash_of(row))


async def test_an_untouched_chain_holds(store: Store) -> None:
    await fill(store)
    async with store.begin() as tx:
        assert await append(tx, "sample", [entry(9), entry(10)], NOW + timedelta(days=1)) == 10
    async with store.read() as tx:
        assert await verify(tx, "sample") == []
        assert [row.height for row in await show(tx, "sample", last=3)] == [8, 9, 10]


async def test_an_empty_journal_holds(store: Store) -> None:
    async with store.begin() as tx:
        await ensure_county(tx, "sample")
        assert await append(tx, "sample", [], NOW) == 0
        assert await verify(tx, "sample") == []


async def test_counties_have_chains_of_their_own(store: Store) -> None:
    await fill(store, 3)
    rows = await fill(store, 5, county="other")
    assert [row.height for row in rows] == [1, 2, 3, 4, 5]
    async with store.read() as tx:
        assert await verify(tx, "sample") == await verify(tx, "other") == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOW + timedelta(microseconds=1)),
        ("who", "rule:abd"),
        ("action", "waive"),
        ("subject", ""),
        ("before", "{}"),
        ("after", '{"n":3,"status":"oPen"}'),
        ("reason", "关"),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
    ],
)
async def test_a_changed_column_is_found_at_its_height(store: Store, column: str, value: Any) -> None:
    await fill(store)
    async with store.begin() as tx:
        await tx.execute(journal.update().where(journal.c.height == 3).values({column: value}))
        [broken] = await verify(tx, "sample")
    assert (broken.height, broken.kind) == (3, "changed")


def without(rows: list[JournalRow], *heights: int) -> list[JournalRow]:
    return [row for row in rows if row.height not in heights]


def swapped(rows: list[JournalRow], one: int, other: int) -> list[JournalRow]:
    places = {one: other, other: one}
    return sorted((replace(row, height=places.get(row.height, row.height)) for row in rows), key=lambda row: row.height)


TAMPERED = {
    "a row taken out": (lambda rows: without(rows, 4), 4, "removed"),
    "the first row taken out": (lambda rows: without(rows, 1), 1, "removed"),
    "three rows taken out": (lambda rows: without(rows, 4, 5, 6), 4, "removed"),
    "a row taken out and the gap closed": (lambda rows: renumbered(without(rows, 4)), 4, "removed"),
    "the last rows cut off": (lambda rows: without(rows, 7, 8), 7, "truncated"),
    "all rows cut off": (lambda rows: [], 1, "truncated"),
    "neighbours changed places": (lambda rows: swapped(rows, 4, 5), 4, "reordered"),
    "far rows changed places": (lambda rows: swapped(rows, 2, 7), 2, "reordered"),
    "a forged row in front of the first": (lambda rows: [forged(0, ""), *rows], 0, "inserted"),
    "a forged row at the end": (lambda rows: [*rows, forged(9, rows[-1].hash)], 9, "inserted"),
    "a forged row in the middle": (
        lambda rows: renumbered([*rows[:3], forged(4, rows[2].hash), *rows[3:]]),
        5,  # the forged one follows its neighbour; the next one no longer does
        "inserted",
    ),
    "the last row replaced by a forged one": (lambda rows: [*rows[:-1], forged(8, rows[-2].hash)], 8, "changed"),
}


@pytest.mark.parametrize("case", TAMPERED)
async def test_tampering_is_named(store: Store, case: str) -> None:
    tamper, height, kind = TAMPERED[case]
    [broken] = await verify_rewritten(store, tamper(await fill(store)))
    assert (broken.height, broken.kind) == (height, kind)
    assert str(broken).startswith(f"row {height}: {kind}: ")


CHANGES = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("swap"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("copy"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("forge"), st.integers(0, 5), st.integers(0, 5)),
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
        column = ("who", "action", "subject", "after", "reason", "previous", "hash")[second % 7]
        text = getattr(rows[first], column) or "0"
        rows[first] = replace(rows[first], **{column: flipped(text, second)})
    elif first < len(rows) and second < len(rows) and kind == "swap":
        rows[first], rows[second] = rows[second], rows[first]
    elif first < len(rows) and kind == "copy":
        rows.insert(min(second, len(rows)), rows[first])
    return rows


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=1, max_size=4))
async def test_whatever_is_done_to_the_rows_is_found(store: Store, changes: list[tuple[str, int, int]]) -> None:
    async with store.begin() as tx:
        await ensure_county(tx, "sample")
        original = await show(tx, "sample")
    if not original:
        original = await fill(store, 6)
    rows = original
    for change in changes:
        rows = changed(rows, change)
    rows = renumbered(rows)
    assume(rows != original)
    assert await verify_rewritten(store, rows)


async def test_a_moved_head_is_found(store: Store) -> None:
    await fill(store)
    async with store.begin() as tx:
        await tx.execute(counties.update().values(journal_head="0" * 64))
        [broken] = await verify(tx, "sample")
    assert (broken.height, broken.kind) == (8, "changed")


async def test_two_writers_at_once_make_one_chain(store_url: str) -> None:
    async def write(other: Store) -> None:
        for number in range(10):
            async with other.begin() as tx:
                await append(tx, "sample", [entry(number), entry(number)], NOW)

    async with Store(store_url) as first, Store(store_url) as second:
        await fill(first, 1)
        await asyncio.gather(write(first), write(second), write(second))
        async with first.read() as tx:
            assert await verify(tx, "sample") == []
            assert (await read_county(tx, "sample")).journal_height == 61


async def test_what_is_rolled_back_leaves_no_row_and_no_height(store: Store) -> None:
    await fill(store, 2)

    async def fail(tx: Tx) -> None:
        await append(tx, "sample", [entry(3)], NOW)
        raise RuntimeError("in mid-pass")

    with pytest.raises(RuntimeError, match="in mid-pass"):
        async with store.begin() as tx:
            await fail(tx)
    async with store.read() as tx:
        assert await verify(tx, "sample") == []
        assert (await read_county(tx, "sample")).journal_height == 2


async def test_the_hash_knows_the_instant_not_its_zone(store: Store) -> None:
    [row, *_] = await fill(store, 1)
    east = timezone(timedelta(hours=8))
    assert hash_of(replace(row, at=row.at.astimezone(east))) == row.hash


def test_canonical_json_has_one_form() -> None:
    assert canonical({"b": 1, "a": "督办"}) == canonical({"a": "督办", "b": 1}) == '{"a":"督办","b":1}'
    assert canonical(None) == ""
    assert canonical({"due": NOW.date()}) == '{"due":"2015-07-01"}'


async def test_show_picks_by_subject_and_action(store: Store) -> None:
    await fill(store, 4)
    async with store.read() as tx:
        assert [row.height for row in await show(tx, "sample", subject="sample/p/d/huanbao/3")] == [3]
        assert await show(tx, "sample", action="waive") == []
