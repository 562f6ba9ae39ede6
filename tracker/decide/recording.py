"""Records an act and judges in the same transaction what it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from tracker.core.law.county import Rulebook
from tracker.decide.run import judge_new_facts
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county, lock_county
from tracker.store.engine import Store, Tx
from tracker.store.occurrences import OccurrenceRow

T = TypeVar("T")


def record_and_judge(
    store: Store,
    loaded: Loaded,
    rulebook: Rulebook,
    act: Callable[[Tx], T],
    *,
    now: datetime,
    via: str = "",
    is_judged: Callable[[T], bool] = lambda _done: True,
    about: Callable[[], str] = lambda: "",
    undone: bool = False,
) -> tuple[T, dict[str, OccurrenceRow]]:
    """The result of the act, and the rows of the matters that are other ones now, by key.

    `via`: from where it comes, for the journal. `is_judged`: False leaves what it changes to the next pass. `about`:
    the key of the matter whose row is returned even where it is the same, asked once the act is done. `undone`: all
    is undone, for whoever only wants to see what it would change.
    """

    def judge(tx: Tx, since: int, done: T) -> dict[str, OccurrenceRow]:
        return judge_new_facts(tx, loaded, rulebook, since, now, about(), own_only=True) if is_judged(done) else {}

    with store.begin(via=via, undone=undone) as tx:
        ensure_county(tx, rulebook.county.id)
        since = lock_county(tx, rulebook.county.id).seq
        done = act(tx)
        return done, judge(tx, since, done)
