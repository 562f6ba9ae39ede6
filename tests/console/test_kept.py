"""What is counted of all matters is counted by one request at a time; nobody is told what was long ago."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.console.served_pages import House
from tracker.console.kept import Counted, CountedMatters
from tracker.store.counties import next_seq

SECOND = timedelta(seconds=1)


async def test_while_one_counts_others_get_what_was_right_seconds_ago(house: House) -> None:
    store, rulebook = house.small.office.store, house.small.office.loaded.rulebooks[0]
    now = house.small.clock.now
    counts, begun, go = CountedMatters(), threading.Event(), threading.Event()

    def find(age: int, count: Callable[[], str]) -> Counted[str]:
        with store.read() as tx:
            return counts.find(tx, rulebook, "lights", 2015, now + age * SECOND, count)

    def slowly() -> str:
        begun.set()
        assert go.wait(60)
        return "after"

    assert find(0, lambda: "before") == ("before", now)
    assert find(5, lambda: "never counted") == ("before", now + 5 * SECOND)  # it was right then, too
    with store.begin() as tx:
        next_seq(tx, "small")
    with ThreadPoolExecutor() as threads:
        counting = threads.submit(find, 14, slowly)
        assert begun.wait(60)
        assert find(15, lambda: "never counted") == ("before", now + 5 * SECOND)
        late = threads.submit(find, 16, lambda: "never counted")
        go.set()
        assert counting.result(60) == ("after", now + 14 * SECOND)
        assert late.result(60) == ("after", now + 16 * SECOND)


async def test_after_an_act_nobody_is_told_what_was_before_it(house: House) -> None:
    store, rulebook = house.small.office.store, house.small.office.loaded.rulebooks[0]
    now = house.small.clock.now
    counts = CountedMatters()

    def find(count: Callable[[], str]) -> str:
        with store.read() as tx:
            return counts.find(tx, rulebook, "lights", 2015, now, count).value

    def acted_meanwhile() -> str:
        counts.forget("small")
        return "before"

    assert find(acted_meanwhile) == "before"
    assert find(lambda: "after") == "after"
    assert find(lambda: "never counted") == "after"
    counts.forget("small")
    assert find(lambda: "later") == "later"
