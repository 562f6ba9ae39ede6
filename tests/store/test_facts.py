"""All facts, or exactly those after a number, come as the core's values; decisions are remembered by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tracker.core.facts import Attachment, Outcome
from tracker.core.verdicts import Light, Status
from tracker.store.counties import ensure_county, next_seq
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.events import StoredEvent, add_event, change_event, end_event, find_event, list_events
from tracker.store.facts import FactDelta, load_facts
from tracker.store.occurrences import (
    OccurrenceRow,
    find_occurrence,
    load_occurrences,
    occurrence_keys,
    upsert_occurrences,
)
from tracker.store.papers import add_filing, add_ruling, entry_was_seen, list_filings, list_rulings
from tracker.store.tables import entries, entry_versions, visits

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)
KEY = "sample/plan-2015/budget/huanbao/2015-Q1"


async def an_event(tx: Tx, reference: str = "2015-03-02", county: str = "sample") -> int:
    event = await add_event(
        tx, county, name="budget-approved", department="huanbao", duty=None, reference=reference,
        occurred=date(2015, 3, 2), fields={"year": "2015"}, by="王", now=NOW,
    )  # fmt: skip
    return event.id


async def stored(tx: Tx, reference: str) -> StoredEvent:
    found = await find_event(tx, "sample", "budget-approved", "huanbao", reference)
    assert found is not None
    return found


async def an_entry(tx: Tx, url: str, titles: list[str], seq: int | None = None) -> int:
    values = {
        "county": "sample",
        "seq": seq if seq is not None else await next_seq(tx, "sample"),
        "column": "county-site/finance",
        "url": url,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    number: int = (await tx.execute(entries.insert().values(values).returning(entries.c.id))).scalar_one()
    files = [{"name": "表.xls", "url": "http://x/1.xls", "text": None}]
    versions: list[Mapping[str, Any]] = [
        {
            "entry": number,
            "number": place,
            "seen_at": NOW + timedelta(days=place),
            "title": title,
            "claimed": date(2015, 3, 9),
            "text": "正文",
            "state": "read",
            "attachments": files,
        }
        for place, title in enumerate(titles)
    ]
    await tx.execute(entry_versions.insert(), versions)
    return number


async def a_visit(tx: Tx, reached: str, minute: int) -> None:
    values = {
        "county": "sample",
        "seq": await next_seq(tx, "sample"),
        "column": "county-site/finance",
        "began_at": NOW + timedelta(minutes=minute),
        "ended_at": NOW + timedelta(minutes=minute, seconds=9),
        "outcome": "read",
        "reached": reached,
        "pages": 2,
        "entries": 30,
    }
    await tx.execute(visits.insert(), values)


@pytest.fixture
async def county(store: Store) -> Store:
    async with store.begin() as tx:
        await ensure_county(tx, "sample")
        await ensure_county(tx, "other")
    return store


async def test_nothing_happened_yet(county: Store) -> None:
    async with county.read() as tx:
        delta = await load_facts(tx, "sample")
    assert delta == FactDelta(0)
    assert not delta


async def test_an_entry_comes_with_its_versions_from_oldest_to_newest(county: Store) -> None:
    async with county.begin() as tx:
        await an_entry(tx, "http://x/1", ["部门预算", "部门预算（更正）"])
        await an_entry(tx, "http://x/2", ["决算"])
        delta = await load_facts(tx, "sample")
    first, second = delta.entries
    assert [one.title for one in first.versions] == ["部门预算", "部门预算（更正）"]
    assert (first.title, first.claimed, first.url) == ("部门预算（更正）", date(2015, 3, 9), "http://x/1")
    assert first.now.attachments == (Attachment("表.xls", "http://x/1.xls", None),)
    assert second.title == "决算"


@pytest.mark.parametrize(
    ("stored", "reached"), [("", None), ("end", "end"), ("2015-06-30", date(2015, 6, 30))], ids=["none", "end", "day"]
)
async def test_a_visit_says_how_far_it_reached(county: Store, stored: str, reached: object) -> None:
    async with county.begin() as tx:
        await a_visit(tx, stored, 0)
        [visit] = (await load_facts(tx, "sample")).visits
    assert (visit.reached, visit.outcome, visit.pages) == (reached, Outcome.READ, 2)


async def test_after_a_number_come_exactly_the_facts_that_came_or_changed_since(county: Store) -> None:
    async with county.begin() as tx:
        changed, withdrawn = await an_event(tx, "a"), await an_event(tx, "b")
        untouched = await an_event(tx, "c")
        await an_entry(tx, "http://x/1", ["旧"])
        await a_visit(tx, "end", 0)
        before = await load_facts(tx, "sample")
    assert {one.id for one in before.events} == {changed, withdrawn, untouched}
    async with county.begin() as tx:
        await an_event(tx, county="other")
        await change_event(tx, "sample", await stored(tx, "a"), occurred=date(2015, 3, 3), fields={})
        await end_event(tx, "sample", await stored(tx, "b"), NOW)
        await an_entry(tx, "http://x/2", ["新"])
        await a_visit(tx, "end", 1)
        delta = await load_facts(tx, "sample", before.seq)
    assert [(one.id, one.occurred) for one in delta.events] == [(changed, date(2015, 3, 3))]
    assert [one.id for one in delta.withdrawn_events] == [withdrawn]
    assert [one.title for one in delta.entries] == ["新"]
    assert len(delta.visits) == 1
    async with county.read() as tx:
        assert not await load_facts(tx, "sample", delta.seq)


async def test_a_fact_of_a_transaction_still_open_is_not_passed_over(store_url: str) -> None:
    """The later writer waits for the earlier one: no number appears before a smaller one."""
    async with Store(store_url) as one, Store(store_url) as other:
        async with one.begin() as tx:
            await ensure_county(tx, "sample")
        async with one.begin() as tx:
            await an_event(tx, "first")
            async with other.read() as reader:
                assert (await load_facts(reader, "sample")).seq == 0
        async with other.read() as reader:
            delta = await load_facts(reader, "sample")
    assert (delta.seq, [event.reference for event in delta.events]) == (1, ["first"])


async def test_an_event_changes_only_from_the_version_that_was_looked_at(county: Store) -> None:
    async with county.begin() as tx:
        await an_event(tx)
        seen = await stored(tx, "2015-03-02")
        await change_event(tx, "sample", seen, occurred=date(2015, 3, 3), fields={})
    with pytest.raises(StoreError, match="event budget-approved:2015-03-02 was changed by another process"):
        async with county.begin() as tx:
            await end_event(tx, "sample", seen, NOW)
    async with county.read() as tx:
        assert (await stored(tx, "2015-03-02")).withdrawn_at is None


async def test_an_event_is_unique_by_name_department_duty_and_reference(county: Store) -> None:
    async with county.begin() as tx:
        await an_event(tx)
    with pytest.raises(sa.exc.IntegrityError):
        async with county.begin() as tx:
            await an_event(tx)


async def test_a_withdrawn_event_is_found_but_not_listed(county: Store) -> None:
    async with county.begin() as tx:
        await an_event(tx)
        await end_event(tx, "sample", await stored(tx, "2015-03-02"), NOW)
        found = await find_event(tx, "sample", "budget-approved", "huanbao", "2015-03-02")
        assert found is not None
        assert found.withdrawn_at == NOW
        assert await list_events(tx, "sample") == []
        assert await list_events(tx, "sample", name="budget-approved", department="huanbao", withdrawn=True) == [found]


async def test_the_same_proof_is_filed_once_and_a_long_statement_has_room(county: Store) -> None:
    statement = "已向公众公开。" * 2000
    async with county.begin() as tx:
        first = await add_filing(
            tx, "sample", kind="attestation", occurrence=KEY, by="王", now=NOW, form="statement", proof=statement
        )
        again = await add_filing(
            tx, "sample", kind="attestation", occurrence=KEY, by="李", now=NOW, form="statement", proof=statement
        )
        part = await add_filing(
            tx, "sample", kind="attestation", occurrence=KEY, by="李", now=NOW, form="statement", proof=statement,
            part="water", claimed=date(2015, 6, 1),
        )  # fmt: skip
        assert again is None
        assert [(one.by, one.part, one.claimed) for one in await list_filings(tx, "sample", KEY)] == [
            ("王", None, None),
            ("李", "water", date(2015, 6, 1)),
        ]
        assert (await load_facts(tx, "sample")).filings == (first, part)


async def test_rulings_come_in_the_order_in_which_they_were_made(county: Store) -> None:
    async with county.begin() as tx:
        for kind in ("accept", "reject"):
            await add_ruling(
                tx,
                "sample",
                kind=kind,
                occurrence=KEY,
                by="王",
                reason="据实",
                now=NOW,
                target="http://x/1",
                as_seen=True,
            )
        found = await list_rulings(tx, "sample", KEY)
        assert [(one.kind, one.as_seen, one.part) for one in found] == [("accept", True, None), ("reject", True, None)]
        assert (await load_facts(tx, "sample")).rulings == tuple(found)


async def test_whether_an_address_was_seen(county: Store) -> None:
    async with county.begin() as tx:
        await an_entry(tx, "http://x/1", ["旧"])
        assert await entry_was_seen(tx, "sample", "http://x/1")
        assert not await entry_was_seen(tx, "sample", "http://x/2")
        assert not await entry_was_seen(tx, "other", "http://x/1")


def row(label: str, **changes: Any) -> OccurrenceRow:
    one = OccurrenceRow(
        key=f"sample/plan-2015/budget/huanbao/{label}",
        county="sample",
        pack="plan-2015",
        duty="budget",
        department="huanbao",
        label=label,
        opens_on=date(2015, 1, 1),
        due_on=date(2015, 3, 31),
        due_at=NOW,
        status=Status.OPEN,
        light=Light.NONE,
        reason="进行中",
        rulebook="r" * 64,
        calendar="c" * 64,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(one, **changes)


async def test_an_occurrence_comes_back_as_it_was_written(county: Store) -> None:
    rows = [row("2015-Q1", provisional=True, next_at=NOW), row("awaiting:x", due_at=None, due_on=None, opens_on=None)]
    async with county.begin() as tx:
        await upsert_occurrences(tx, [])
        await upsert_occurrences(tx, rows)
        assert await load_occurrences(tx, "sample") == {one.key: one for one in rows}
        assert await load_occurrences(tx, "other") == {}
        assert await occurrence_keys(tx, "sample") == [one.key for one in rows]
        assert await find_occurrence(tx, "sample", rows[0].key) == rows[0]
        assert await find_occurrence(tx, "other", rows[0].key) is None
        assert list(await load_occurrences(tx, "sample", department="keji")) == []


async def test_a_new_decision_replaces_the_old_one_and_keeps_when_it_was_created(county: Store) -> None:
    later = NOW + timedelta(days=1)
    changed = row(
        "2015-Q1", status=Status.MET_LATE, light=Light.YELLOW, reason="逾期后公开", due_revision=1, episode=2,
        proved_at=later, closed=True, created_at=later, updated_at=later,
    )  # fmt: skip
    async with county.begin() as tx:
        await upsert_occurrences(tx, [row("2015-Q1"), row("2015-Q2")])
        await upsert_occurrences(tx, [changed])
        found = await load_occurrences(tx, "sample")
    assert found[changed.key] == replace(changed, created_at=NOW)
    assert found[row("2015-Q2").key] == row("2015-Q2")


async def test_of_two_decisions_that_would_have_one_number_one_is_written(county: Store) -> None:
    given: dict[str, Any] = {"kind": "waive", "occurrence": KEY, "reason": "据实认定", "now": NOW, "seen": 0}
    async with county.begin() as tx:
        first = await add_ruling(tx, "sample", by="李主任", **given)
        assert await add_ruling(tx, "sample", by="赵主任", **given) is None
        assert await list_rulings(tx, "sample", KEY) == [first]
