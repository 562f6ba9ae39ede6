"""The passes of a cluster: one for each county and slot, open until the last attempt that began has done it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tracker.clock import SKEW
from tracker.store.engine import Store
from tracker.store.host_turns import leave_turn, take_turn
from tracker.store.jobs import begin_run
from tracker.store.passes import (
    StartedPass,
    end_pass,
    find_newest_slot,
    list_open_passes,
    plan_run,
    return_pass,
    start_pass,
    stop_foreign_work,
)
from tracker.store.queue_tables import DIGEST, LAST, list_library_files, make_types_whole
from tracker.store.tables_reports import runs

NOON = datetime(2015, 8, 12, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=6)


def planned(store: Store, *counties: str, slot: datetime = NOON) -> list[int]:
    with store.begin() as tx:
        plan_run(tx, "crawl", slot, counties, slot)
        return [one.id for one in list_open_passes(tx)]


def started(store: Store, id: int, holder: str = "one", attempts: int = 0) -> StartedPass:
    with store.begin() as tx:
        attempt = start_pass(tx, id, attempts, holder)
    assert attempt is not None
    return attempt


def outcomes(store: Store) -> list[tuple[str, str]]:
    with store.read() as tx:
        return [(row.outcome, row.note) for row in tx.execute(sa.select(runs).order_by(runs.c.slot_at))]


def test_a_slot_is_planned_once_with_a_pass_a_county(store: Store) -> None:
    assert len(planned(store, "east", "west")) == 2
    assert len(planned(store, "east", "west")) == 2
    with store.read() as tx:
        assert find_newest_slot(tx, "crawl", NOON) == NOON
        assert find_newest_slot(tx, "tick", NOON) is None
        assert find_newest_slot(tx, "crawl", NOON - SKEW) == NOON
        assert find_newest_slot(tx, "crawl", NOON - SKEW - timedelta(seconds=1)) is None  # a clock ran ahead


def test_a_county_whose_pass_is_open_is_left_out_of_the_next_slot(store: Store) -> None:
    east, west = planned(store, "east", "west")
    with store.begin() as tx:
        assert plan_run(tx, "crawl", LATER, ["east", "west"], LATER) == 0
        assert plan_run(tx, "tick", LATER, ["east"], LATER) == 1
        assert end_pass(tx, start_pass(tx, east, 0, "one"), LATER, "ok")  # type: ignore[arg-type]
        assert plan_run(tx, "crawl", LATER, ["east", "west"], LATER) == 1
        assert {one.county for one in list_open_passes(tx) if one.job == "crawl"} == {"east", "west"}
        assert west in {one.id for one in list_open_passes(tx)}


def test_a_slot_in_which_nothing_is_to_be_done_is_over(store: Store) -> None:
    assert planned(store) == []
    assert outcomes(store) == [("ok", "nothing to do")]


def test_the_last_pass_ends_the_run(store: Store) -> None:
    east, west = planned(store, "east", "west")
    with store.begin() as tx:
        assert end_pass(tx, start_pass(tx, east, 0, "one"), LATER, "failed", "broken")  # type: ignore[arg-type]
    assert outcomes(store) == [("running", "")]
    with store.begin() as tx:
        assert end_pass(tx, start_pass(tx, west, 0, "two"), LATER, "ok")  # type: ignore[arg-type]
        assert list_open_passes(tx) == []
    assert outcomes(store) == [("ok", "1 counties, failed: east")]


def test_a_run_fails_where_every_county_fails(store: Store) -> None:
    (east,) = planned(store, "east")
    with store.begin() as tx:
        assert end_pass(tx, start_pass(tx, east, 0, "one"), LATER, "failed", "broken")  # type: ignore[arg-type]
    assert outcomes(store) == [("failed", "broken")]


@pytest.mark.parametrize("holder", ["two", "one"])
def test_only_the_last_attempt_ends_a_pass(store: Store, holder: str) -> None:
    (east,) = planned(store, "east")
    silent, last = started(store, east), started(store, east, holder, attempts=1)
    assert (silent.attempts, last.attempts) == (1, 2)
    with store.begin() as tx:
        assert not end_pass(tx, silent, LATER, "failed")
        assert end_pass(tx, last, LATER, "ok")
        assert not end_pass(tx, last, LATER, "ok")
        assert start_pass(tx, east, 2, "three") is None


def test_a_pass_that_is_offered_twice_is_begun_once(store: Store) -> None:
    (east,) = planned(store, "east")
    with store.begin() as tx:
        assert [one.attempts for one in list_open_passes(tx)] == [0]
        assert start_pass(tx, east, 0, "one")
        assert start_pass(tx, east, 0, "two") is None
        assert [one.attempts for one in list_open_passes(tx)] == [1]
        assert start_pass(tx, east, 1, "two")  # the first gave no sign of life and was taken from


def test_what_is_given_back_counts_for_nothing(store: Store) -> None:
    (east,) = planned(store, "east")
    first = started(store, east)
    with store.begin() as tx:
        return_pass(tx, first)
    second = started(store, east, "two")
    assert second.attempts == 1
    with store.begin() as tx:
        return_pass(tx, first)  # too late
        assert not end_pass(tx, first, LATER, "ok")
        assert end_pass(tx, second, LATER, "ok")


def test_the_work_of_a_single_daemon_that_died_is_stopped_and_that_of_a_cluster_goes_on(store: Store) -> None:
    (east,) = planned(store, "east")
    with store.begin() as tx:
        begin_run(tx, "tick", NOON, NOON)
        stop_foreign_work(tx, LATER)
        assert [one.id for one in list_open_passes(tx)] == [east]
    assert sorted(outcome for outcome, _ in outcomes(store)) == ["running", "stopped"]


def test_after_a_single_daemon_the_counties_are_planned_again(store: Store) -> None:
    planned(store, "east")
    with store.begin() as tx:
        tx.execute(runs.update().values(outcome="stopped"))  # as a daemon does that takes the lease
        stop_foreign_work(tx, LATER)
        assert plan_run(tx, "crawl", LATER, ["east"], LATER) == 1


def test_a_host_has_one_turn_at_a_time(postgres_url: str) -> None:
    with Store(postgres_url, durable=False) as store:

        def take(holder: str, longest: float = 60) -> float:
            with store.begin() as tx:
                return take_turn(tx, "www.example", holder, longest)

        def leave(holder: str, pause: float) -> None:
            with store.begin() as tx:
                leave_turn(tx, "www.example", holder, pause)

        assert take("one") == 0
        assert 50 < take("two") <= 60
        leave("two", 0)  # it has none
        assert take("two") > 50
        leave("one", 20)  # the pause after a request
        assert 10 < take("two") <= 20
        leave("one", 0)
        assert take("two", longest=0) == 0  # it dies
        assert take("one") == 0


def test_the_library_has_no_file_that_no_revision_runs() -> None:
    """A version with further files needs a revision that runs them."""
    assert list_library_files()[-1].name == LAST
    assert len(DIGEST) == 64


def test_a_type_of_the_queue_is_made_with_the_values_that_later_files_add() -> None:
    """Before PostgreSQL 17 no statement may use a value that was added in its own transaction."""
    made = "CREATE TYPE status AS ENUM (\n    'todo', -- new\n    'done' -- over\n);"
    added = "ALTER TYPE status ADD VALUE 'lost';\nALTER TYPE status ADD VALUE 'doing' BEFORE 'done';\nSELECT 1;"
    whole = "CREATE TYPE status AS ENUM (\n    'todo', -- new\n    'doing', 'done' -- over\n, 'lost'\n);"
    assert make_types_whole([made, added]) == [whole, "\n\nSELECT 1;"]
