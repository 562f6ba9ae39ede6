"""One scheduler holds the lease, every slot runs once, and hours without observation are listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.at_once import at_once
from tracker.store.engine import Store, Tx
from tracker.store.jobs import (
    Gap,
    begin_run,
    end_run,
    find_last_slot,
    list_gaps,
    read_lease,
    release_lease,
    renew_lease,
    stop_runs,
    take_lease,
)

START = datetime(2015, 7, 1, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def take(tx: Tx, holder: str, minute: float, *, displace: str | None = None) -> tuple[str, datetime]:
    lease = take_lease(tx, "scheduler", holder, now=at(minute), until=at(minute + 1), displace=displace)
    return lease.holder, lease.since


def test_the_second_scheduler_is_told_who_holds_it_and_since_when(store: Store) -> None:
    with store.begin() as tx:
        assert take(tx, "a:1", 0) == ("a:1", at(0))
        assert take(tx, "b:2", 0.5) == ("a:1", at(0))


def test_a_holder_keeps_its_lease_by_its_heartbeat(store: Store) -> None:
    with store.begin() as tx:
        take(tx, "a:1", 0)
        assert renew_lease(tx, "scheduler", "a:1", now=at(0.9), until=at(1.9))
        assert take(tx, "b:2", 1.5) == ("a:1", at(0))


def test_a_lease_that_ran_out_goes_to_the_next_and_the_first_learns_of_it(store: Store) -> None:
    with store.begin() as tx:
        take(tx, "a:1", 0)
        assert take(tx, "b:2", 1) == ("b:2", at(1))
        assert not renew_lease(tx, "scheduler", "a:1", now=at(1.5), until=at(2.5))


def test_a_dead_holder_is_displaced_but_only_the_one_that_was_named(store: Store) -> None:
    with store.begin() as tx:
        take(tx, "a:1", 0)
        assert take(tx, "b:2", 0.5, displace="c:3") == ("a:1", at(0))
        assert take(tx, "b:2", 0.5, displace="a:1") == ("b:2", at(0.5))


def test_a_released_lease_is_free_and_nobody_releases_another_ones(store: Store) -> None:
    with store.begin() as tx:
        take(tx, "a:1", 0)
        release_lease(tx, "scheduler", "b:2")
        lease = read_lease(tx, "scheduler")
        assert lease is not None
        assert lease.holder == "a:1"
        release_lease(tx, "scheduler", "a:1")
        assert read_lease(tx, "scheduler") is None


def test_of_six_that_start_at_once_one_holds_the_lease(store_url: str) -> None:
    with Store(store_url) as first, Store(store_url) as second:

        def start(number: int) -> str:
            with (first if number % 2 else second).begin() as tx:
                return take(tx, f"h:{number}", 0)[0]

        held = at_once(partial(start, number) for number in range(6))
    assert len(set(held)) == 1


def test_a_slot_runs_once_also_when_two_begin_it_at_once(store_url: str) -> None:
    with Store(store_url) as first, Store(store_url) as second:

        def begin(store: Store) -> int | None:
            with store.begin() as tx:
                return begin_run(tx, "tick", at(0), at(0.1))

        begun = at_once(partial(begin, store) for store in (first, second, first))
    assert sum(run is not None for run in begun) == 1


def test_a_done_slot_stays_done_and_a_failed_or_stopped_one_may_run_again(store: Store) -> None:
    with store.begin() as tx:
        run = begin_run(tx, "tick", at(0), at(0))
        assert run is not None
        end_run(tx, run, at(1), "failed", "no route")
        again = begin_run(tx, "tick", at(0), at(2))
        assert again == run
        assert find_last_slot(tx, "tick", at(9)) is None
        assert stop_runs(tx, at(3)) == 1  # its scheduler was killed
        assert begin_run(tx, "tick", at(0), at(4)) == run
        end_run(tx, run, at(5))
        assert begin_run(tx, "tick", at(0), at(6)) is None
        assert stop_runs(tx, at(7)) == 0
        assert find_last_slot(tx, "tick", at(9)) == at(0)


GAPS = {
    "nothing ever ran": ([], []),
    "no run is late": ([(0, 5), (60, 65), (120, 125)], []),
    "a run was left out": ([(0, 5), (180, 185)], [(5, 180)]),
    "nothing since": ([(0, 5), (60, 65)], [(65, 200)]),
    "a long run covers its own time": ([(0, 110), (130, 135)], []),
    "a short run inside a long one changes nothing": ([(0, 110), (10, 11), (195, 196)], []),
    "before the first run there is no gap": ([(150, 155)], []),
}


@pytest.mark.parametrize("case", GAPS)
def test_the_hours_without_observation_are_told(store: Store, case: str) -> None:
    runs, expected = GAPS[case]
    with store.begin() as tx:
        for begin, end in runs:
            run = begin_run(tx, "crawl", at(begin), at(begin))
            assert run is not None
            end_run(tx, run, at(end))
        found = list_gaps(tx, since=at(0), until=at(200), max_age=timedelta(minutes=90))
    assert found == [Gap(at(first), at(last)) for first, last in expected]


def test_a_failed_run_observes_nothing(store: Store) -> None:
    with store.begin() as tx:
        for minute, outcome in ((0, "ok"), (60, "failed"), (120, "stopped"), (180, "ok")):
            run = begin_run(tx, "crawl", at(minute), at(minute))
            assert run is not None
            end_run(tx, run, at(minute + 1), outcome)  # type: ignore[arg-type]
        found = list_gaps(tx, since=at(0), until=at(200), max_age=timedelta(minutes=90))
    assert found == [Gap(at(1), at(180))]


SINCE = {
    # since which minute, runs, gaps of more than 90 minutes until minute 200
    "what was observed before does not count": (50, [(0, 5), (180, 185)], [(50, 180)]),
    "a run that reaches into it covers its part": (50, [(0, 110), (195, 196)], []),
    "a gap of exactly so long is none": (0, [(0, 5), (95, 110)], []),
    "a minute more is one": (0, [(0, 5), (96, 110)], [(5, 96)]),
    "at the end too": (0, [(0, 110)], []),
    "and a minute more": (0, [(0, 109)], [(109, 200)]),
    "a run that ends as it is asked counts": (0, [(0, 5), (60, 65), (120, 200)], []),
    "one that ends later is not known yet": (0, [(0, 5), (60, 65), (120, 201)], [(65, 200)]),
}


@pytest.mark.parametrize("case", SINCE)
def test_the_hours_without_observation_to_the_minute(store: Store, case: str) -> None:
    since, runs, expected = SINCE[case]
    with store.begin() as tx:
        for begin, end in runs:
            run = begin_run(tx, "crawl", at(begin), at(begin))
            assert run is not None
            end_run(tx, run, at(end))
        found = list_gaps(tx, since=at(since), until=at(200), max_age=timedelta(minutes=90))
    assert found == [Gap(at(first), at(last)) for first, last in expected]


def test_a_lease_is_free_at_the_instant_at_which_it_runs_out(store: Store) -> None:
    moment = 1 / 60_000_000  # a microsecond, in minutes
    with store.begin() as tx:
        assert take(tx, "a:1", 0) == ("a:1", at(0))
        assert take(tx, "b:2", 1 - moment)[0] == "a:1"
        assert take(tx, "b:2", 1)[0] == "b:2"


def test_a_lease_and_a_slot_of_a_clock_that_ran_ahead_count_for_nothing(store: Store) -> None:
    year = timedelta(days=365)
    with store.begin() as tx:
        taken = take_lease(tx, "scheduler", "a:1", now=at(0) + year, until=at(1) + year)
        assert taken.holder == "a:1"
        run = begin_run(tx, "crawl", at(0) + year, at(0) + year)
        assert run is not None
        end_run(tx, run, at(1) + year)
    with store.begin() as tx:
        assert find_last_slot(tx, "crawl", at(0)) is None
        assert take_lease(tx, "scheduler", "b:2", now=at(0), until=at(1)).holder == "b:2"


def test_the_lease_of_a_machine_whose_clock_is_ahead_by_minutes_is_kept(store: Store) -> None:
    with store.begin() as tx:
        take_lease(tx, "scheduler", "a:1", now=at(30), until=at(31))
        assert take_lease(tx, "scheduler", "b:2", now=at(0), until=at(1)).holder == "a:1"
