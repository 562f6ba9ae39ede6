"""Facts are loaded as the core's values, all or exactly those after a number; occurrences are stored by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.entered import new_event, new_filing, new_ruling, new_silence
from tracker.core.values.facts import Attachment, EventKey, VisitOutcome
from tracker.core.values.verdicts import Light, Status
from tracker.store.answers import add_silence
from tracker.store.counties import ensure_county, next_seq
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.events import StoredEvent, add_event, change_event, find_event, list_events
from tracker.store.facts import EntrySelection, FactDelta, FactSelection, load_facts, load_selected_facts
from tracker.store.filings import add_filing, list_filings
from tracker.store.occurrences import (
    OccurrenceRow,
    find_occurrence,
    list_keys,
    load_occurrences,
    upsert_occurrences,
)
from tracker.store.rulings import add_ruling, list_rulings
from tracker.store.site import was_entry_seen
from tracker.store.tables import entries, entry_versions, visits

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)
KEY = "sample/plan-2015/budget/huanbao/2015-Q1"


def an_event(tx: Tx, reference: str = "2015-03-02", county: str = "sample") -> int:
    event = add_event(
        tx,
        county,
        new_event(
            name="budget-approved",
            department="huanbao",
            duty=None,
            reference=reference,
            occurred=date(2015, 3, 2),
            fields={"year": "2015"},
            by="王",
            now=NOW,
        ),
    )
    return event.id


def stored(tx: Tx, reference: str) -> StoredEvent:
    found = find_event(tx, "sample", EventKey("budget-approved", "huanbao", reference))
    assert found is not None
    return found


def an_entry(tx: Tx, url: str, titles: list[str], seq: int | None = None) -> int:
    values = {
        "county": "sample",
        "seq": seq if seq is not None else next_seq(tx, "sample"),
        "column": "county-site/finance",
        "url": url,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    number: int = tx.execute(entries.insert().values(values).returning(entries.c.id)).scalar_one()
    files = [Attachment("表.xls", "http://x/1.xls")]
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
    tx.execute(entry_versions.insert(), versions)
    return number


def a_visit(tx: Tx, reached: str, minute: int, county: str = "sample") -> None:
    values = {
        "county": county,
        "seq": next_seq(tx, county),
        "column": "county-site/finance",
        "began_at": NOW + timedelta(minutes=minute),
        "ended_at": NOW + timedelta(minutes=minute, seconds=9),
        "outcome": "read",
        "reached": reached,
        "pages": 2,
        "entries": 30,
    }
    tx.execute(visits.insert(), values)


@pytest.fixture
def county(store: Store) -> Store:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        ensure_county(tx, "other")
    return store


def test_nothing_happened_yet(county: Store) -> None:
    with county.read() as tx:
        delta = load_facts(tx, "sample")
    assert delta == FactDelta(0)
    assert not delta


def test_an_entry_comes_with_its_versions_from_oldest_to_newest(county: Store) -> None:
    with county.begin() as tx:
        an_entry(tx, "http://x/1", ["部门预算", "部门预算（更正）"])
        an_entry(tx, "http://x/2", ["决算"])
        delta = load_facts(tx, "sample")
    first, second = delta.entries
    assert [version.title for version in first.versions] == ["部门预算", "部门预算（更正）"]
    assert (first.title, first.claimed, first.url) == ("部门预算（更正）", date(2015, 3, 9), "http://x/1")
    assert first.current.attachments == (Attachment("表.xls", "http://x/1.xls", None),)
    assert second.title == "决算"


@pytest.mark.parametrize(
    ("stored", "reached"), [("", None), ("end", "end"), ("2015-06-30", date(2015, 6, 30))], ids=["none", "end", "day"]
)
def test_a_visit_says_how_far_it_reached(county: Store, stored: str, reached: object) -> None:
    with county.begin() as tx:
        a_visit(tx, stored, 0)
        [visit] = load_facts(tx, "sample").visits
    assert (visit.reached, visit.outcome, visit.pages) == (reached, VisitOutcome.READ, 2)


def test_after_a_number_come_exactly_the_facts_that_came_or_changed_since(county: Store) -> None:
    with county.begin() as tx:
        changed, withdrawn = an_event(tx, "a"), an_event(tx, "b")
        untouched = an_event(tx, "c")
        an_entry(tx, "http://x/1", ["旧"])
        a_visit(tx, "end", 0)
        before = load_facts(tx, "sample")
    assert {event.id for event in before.events} == {changed, withdrawn, untouched}
    with county.begin() as tx:
        an_event(tx, county="other")
        change_event(tx, "sample", stored(tx, "a"), occurred=date(2015, 3, 3), fields={})
        change_event(tx, "sample", stored(tx, "b"), withdrawn_at=NOW)
        an_entry(tx, "http://x/2", ["新"])
        a_visit(tx, "end", 1)
        delta = load_facts(tx, "sample", before.seq)
    assert [(event.id, event.occurred) for event in delta.events] == [(changed, date(2015, 3, 3))]
    assert [event.id for event in delta.withdrawn_events] == [withdrawn]
    assert [entry.title for entry in delta.entries] == ["新"]
    assert len(delta.visits) == 1
    with county.read() as tx:
        assert not load_facts(tx, "sample", delta.seq)


def test_selected_visits_begin_with_the_countys_last_complete_one_before_the_day(county: Store) -> None:
    day = 24 * 60
    selection = FactSelection([EntrySelection("county-site/finance", date(2015, 7, 2))], ["sample/plan-2015/"], [])
    with county.begin() as tx:
        for reached, minute in (("end", 0), ("end", 10), ("", 20), ("end", day)):
            a_visit(tx, reached, minute)
        a_visit(tx, "end", 30, "other")
        found = load_selected_facts(tx, "sample", selection, ZoneInfo("Asia/Shanghai")).visits
    assert [(visit.began_at - NOW) // timedelta(minutes=1) for visit in found] == [10, 20, day]


def test_silences_come_with_any_selection(county: Store) -> None:
    with county.begin() as tx:
        silence = add_silence(
            tx, "sample", new_silence(until=NOW + timedelta(days=9), by="李", reason="机构改革", begins_at=NOW), NOW
        )
        for duties in ([], ["sample/plan-2015/"]):
            selection = FactSelection([], duties, [])
            assert load_selected_facts(tx, "sample", selection, ZoneInfo("Asia/Shanghai")).silences == (silence,)


def test_a_fact_of_a_transaction_still_open_is_not_passed_over(store_url: str) -> None:
    """The later writer waits for the earlier one: no number appears before a smaller one."""
    with Store(store_url) as one, Store(store_url) as other:
        with one.begin() as tx:
            ensure_county(tx, "sample")
        with one.begin() as tx:
            an_event(tx, "first")
            with other.read() as reader:
                assert load_facts(reader, "sample").seq == 0
        with other.read() as reader:
            delta = load_facts(reader, "sample")
    assert (delta.seq, [event.reference for event in delta.events]) == (1, ["first"])


def test_an_event_changes_only_from_the_version_that_was_looked_at(county: Store) -> None:
    with county.begin() as tx:
        an_event(tx)
        seen = stored(tx, "2015-03-02")
        change_event(tx, "sample", seen, occurred=date(2015, 3, 3), fields={})
    refused = "event budget-approved:2015-03-02 was changed by another process"
    with pytest.raises(StoreError, match=refused), county.begin() as tx:
        change_event(tx, "sample", seen, withdrawn_at=NOW)
    with county.read() as tx:
        assert stored(tx, "2015-03-02").withdrawn_at is None


def test_an_event_is_unique_by_name_department_duty_and_reference(county: Store) -> None:
    with county.begin() as tx:
        an_event(tx)
    with (
        pytest.raises(StoreError, match="was recorded by another process"),
        county.begin() as tx,
    ):
        an_event(tx)


def test_a_withdrawn_event_is_found_but_not_listed(county: Store) -> None:
    with county.begin() as tx:
        an_event(tx)
        change_event(tx, "sample", stored(tx, "2015-03-02"), withdrawn_at=NOW)
        found = find_event(tx, "sample", EventKey("budget-approved", "huanbao", "2015-03-02"))
        assert found is not None
        assert found.withdrawn_at == NOW
        assert list_events(tx, "sample") == []
        assert list_events(tx, "sample", name="budget-approved", department="huanbao", withdrawn=True) == [found]


def test_the_same_proof_is_filed_once_and_a_long_statement_has_room(county: Store) -> None:
    statement = "已向公众公开。" * 2000
    with county.begin() as tx:
        first = add_filing(
            tx, "sample", new_filing("attestation", occurrence=KEY, by="王", now=NOW, form="statement", proof=statement)
        )
        again = add_filing(
            tx, "sample", new_filing("attestation", occurrence=KEY, by="李", now=NOW, form="statement", proof=statement)
        )
        part = add_filing(
            tx,
            "sample",
            new_filing(
                "attestation",
                occurrence=KEY,
                by="李",
                now=NOW,
                form="statement",
                proof=statement,
                part="water",
                claimed=date(2015, 6, 1),
            ),
        )
        assert again is None
        assert [(filing.by, filing.part, filing.claimed) for filing in list_filings(tx, "sample", KEY)] == [
            ("王", None, None),
            ("李", "water", date(2015, 6, 1)),
        ]
        assert load_facts(tx, "sample").filings == (first, part)


def test_rulings_come_in_the_order_in_which_they_were_made(county: Store) -> None:
    with county.begin() as tx:
        for kind in ("accept", "reject"):
            add_ruling(
                tx,
                "sample",
                new_ruling(kind, occurrence=KEY, by="王", reason="据实", now=NOW, target="http://x/1", as_seen=True),
            )
        found = list_rulings(tx, "sample", KEY)
        assert [(ruling.kind, ruling.as_seen, ruling.part) for ruling in found] == [
            ("accept", True, None),
            ("reject", True, None),
        ]
        assert load_facts(tx, "sample").rulings == tuple(found)


def test_whether_an_address_was_seen(county: Store) -> None:
    with county.begin() as tx:
        an_entry(tx, "http://x/1", ["旧"])
        assert was_entry_seen(tx, "sample", "http://x/1")
        assert not was_entry_seen(tx, "sample", "http://x/2")
        assert not was_entry_seen(tx, "other", "http://x/1")


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


def test_an_occurrence_comes_back_as_it_was_written(county: Store) -> None:
    rows = [row("2015-Q1", provisional=True, next_at=NOW), row("awaiting:x", due_at=None, due_on=None, opens_on=None)]
    with county.begin() as tx:
        upsert_occurrences(tx, [])
        upsert_occurrences(tx, rows)
        assert load_occurrences(tx, "sample") == {row.key: row for row in rows}
        assert load_occurrences(tx, "other") == {}
        assert list_keys(tx, "sample") == [row.key for row in rows]
        assert find_occurrence(tx, "sample", rows[0].key) == rows[0]
        assert find_occurrence(tx, "other", rows[0].key) is None
        assert list(load_occurrences(tx, "sample", department="keji")) == []


def test_a_new_decision_replaces_the_old_one_and_keeps_when_it_was_created(county: Store) -> None:
    later = NOW + timedelta(days=1)
    changed = row(
        "2015-Q1", status=Status.MET_LATE, light=Light.YELLOW, reason="逾期后公开", due_revision=1, episode=2,
        proved_at=later, closed=True, created_at=later, updated_at=later,
    )  # fmt: skip
    with county.begin() as tx:
        upsert_occurrences(tx, [row("2015-Q1"), row("2015-Q2")])
        upsert_occurrences(tx, [changed])
        found = load_occurrences(tx, "sample")
    assert found[changed.key] == replace(changed, created_at=NOW)
    assert found[row("2015-Q2").key] == row("2015-Q2")


def test_of_two_decisions_that_would_have_one_number_one_is_written(county: Store) -> None:
    given: dict[str, Any] = {"kind": "waive", "occurrence": KEY, "reason": "据实认定", "now": NOW}
    with county.begin() as tx:
        first = add_ruling(tx, "sample", new_ruling(**given, by="李主任"), seen=0)
        assert add_ruling(tx, "sample", new_ruling(**given, by="赵主任"), seen=0) is None
        assert list_rulings(tx, "sample", KEY) == [first]
