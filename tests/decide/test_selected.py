"""Deciding what a pass selects gives what deciding everything gives: whatever facts arrive, whenever it looks."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.decide.any_facts import Life, rules

#: How long a life is at every change, and at night.
SHORT, LONG = 30, 60
GATE = (0, 1, 2, 8)
#: Lives in which a pass once left something out.
FOUND = (1006, 1016, 1050, 1051)
NIGHT = (*FOUND, *range(100))
LIVES = [
    *((seed, SHORT) for seed in GATE),
    (4, LONG),  # a person took an undated entry of long ago: its day rests on a visit before what is judged
    *(pytest.param(seed, LONG, marks=pytest.mark.nightly) for seed in NIGHT if seed != 4),
]


class Broken(BaseException):
    """The process dies here."""


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("seed", "steps"), LIVES)
def test_what_is_selected_is_all_that_changes(seed: int, steps: int, tmp_path: Path, sqlite_url: str) -> None:
    """Facts come one by one; passes come at times, and some of them break off at some statement."""
    _live(Life(rules(tmp_path / "rules"), sqlite_url, seed), steps)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1, *range(200, 220)])
def test_so_it_is_on_postgresql(seed: int, tmp_path: Path, postgres_url: str) -> None:
    _live(Life(rules(tmp_path / "rules"), postgres_url, seed), LONG // 3)


def _live(life: Life, steps: int) -> None:
    life.tick()
    for _ in range(steps):
        life.step()
        if life.dice.random() < 0.2:
            _break_off(life, life.dice.randrange(1, 60))
        if life.dice.random() < 0.7:
            life.tick()
            assert life.differences() == {}, life.log
    life.store.close()


def _break_off(life: Life, statement: int) -> None:
    """A pass that dies before its n-th statement, if it has so many."""
    left = [statement]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Broken

    sa.event.listen(life.store.engine, "before_cursor_execute", count)
    try:
        life.tick()
    except Broken:
        pass
    finally:
        sa.event.remove(life.store.engine, "before_cursor_execute", count)
