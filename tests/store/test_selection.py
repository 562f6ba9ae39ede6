"""What is selected to be decided anew: by time, by addresses that papers name, and what listings show of an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.entered import new_filing, new_ruling
from tests.store.test_facts import KEY, NOW, a_visit, an_entry
from tests.store.test_occurrences import row
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.filings import add_filing
from tracker.store.occurrences import upsert_occurrences
from tracker.store.rulings import add_ruling
from tracker.store.selection import (
    ListedEntry,
    find_next_change,
    list_due_keys,
    list_subjects_naming,
    load_listed_entries,
)

URL, MINUTE = "http://x/1", timedelta(minutes=1)


@pytest.fixture
def counties(store: Store) -> Store:
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
    return store


def test_time_alone_changes_the_countys_own_occurrences(counties: Store) -> None:
    rows = [
        replace(row(f"2015-0{number}", county=county), next_at=NOW + number * MINUTE)
        for county, number in (("sample", 0), ("other", 1), ("sample", 2), ("sample", 3))
    ]
    with counties.begin() as tx:
        upsert_occurrences(tx, rows)
        assert list_due_keys(tx, "sample", NOW) == [rows[0].key]
        assert find_next_change(tx, "sample", NOW) == NOW + 2 * MINUTE
        assert find_next_change(tx, "sample", NOW + 3 * MINUTE) is None


def test_papers_and_rulings_name_addresses(counties: Store) -> None:
    ruled, filed = KEY.replace("budget", "water"), KEY
    with counties.begin() as tx:
        for county, target in (("sample", URL), ("sample", "http://x/2"), ("other", "http://x/3")):
            what = {"by": "李", "reason": "属实", "now": NOW, "target": target}
            add_ruling(tx, county, new_ruling("accept", occurrence=f"{ruled}{target[-1]}", **what))
        paper = new_filing("attestation", occurrence=filed, by="王", now=NOW, form="link", proof=URL)
        add_filing(tx, "sample", paper)
        assert list_subjects_naming(tx, "sample", [URL, "http://x/3"]) == {f"{ruled}1", filed}
        assert list_subjects_naming(tx, "sample", ["http://x/4"]) == set()


def test_of_an_entry_it_is_known_which_complete_visit_of_its_column_lacked_it(counties: Store) -> None:
    with counties.begin() as tx:
        for reached, minute in (("end", -5), ("end", -3), ("", -2), ("end", 0)):
            a_visit(tx, reached, minute)
        a_visit(tx, "end", -1, "other")
        number = an_entry(tx, URL, ["旧", "新"])
        assert load_listed_entries(tx, "sample", [number]) == {number: ListedEntry("", NOW - 3 * MINUTE)}
        assert load_listed_entries(tx, "other", [number]) == {}
