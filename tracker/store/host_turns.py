"""Stores whose turn it is at a host, for workers on several machines (PostgreSQL).

A turn is a row with an end, not a lock: it outlives a lost connection and ends by itself when its worker dies. All ends
are set and compared by the database's clock, so the machines' clocks may differ.
"""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store.engine import Tx, insert
from tracker.store.tables_cluster import host_turns

_NOW = sa.func.clock_timestamp()


def _later(seconds: float) -> sa.ColumnElement[object]:
    return _NOW + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def take_turn(tx: Tx, host: str, holder: str, longest: float) -> float:
    """Take the host for `longest` seconds if nobody has it: 0. Otherwise the seconds until it may be free."""
    statement = insert(tx, host_turns).values(host=host, holder=holder, free_at=_later(longest))
    taken = statement.on_conflict_do_update(
        index_elements=["host"],
        set_={"holder": holder, "free_at": _later(longest)},
        where=host_turns.c.free_at <= _NOW,
    )
    if tx.execute(taken.returning(host_turns.c.host)).one_or_none() is not None:
        return 0.0
    wait = sa.func.extract("epoch", host_turns.c.free_at - _NOW)
    left = tx.execute(sa.select(wait).where(host_turns.c.host == host)).scalar_one_or_none()
    return max(0.01, float(left or 0))


def leave_turn(tx: Tx, host: str, holder: str, pause: float) -> None:
    """Free the host after a pause of so many seconds, unless the turn has passed to somebody else."""
    own = host_turns.update().where(host_turns.c.host == host, host_turns.c.holder == holder)
    tx.execute(own.values(free_at=_later(pause)))
