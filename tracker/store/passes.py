"""Stores the passes of a cluster: a slot's work by county, which is open until an attempt has done it.

A slot has one run and a county one pass in it, by unique keys, however many workers plan. An attempt is counted when it
starts, and only the last one that started ends the pass.

Whoever plans has just written the lease that the workers hold together (`store/jobs.py`): its row lets one at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import sqlalchemy as sa

from tracker.clock import SKEW
from tracker.store.engine import Tx
from tracker.store.jobs import begin_run, end_run
from tracker.store.rows import columns_of, read_all, read_one
from tracker.store.tables_cluster import passes
from tracker.store.tables_reports import runs


class OpenPass(NamedTuple):
    """A pass that is to be done. County '': all of them; `attempts`: those that began so far."""

    id: int
    job: str
    county: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class StartedPass:
    """A pass that a worker has begun. `attempts`: this one, and those that ended with their worker."""

    id: int
    run: int
    job: str
    county: str
    holder: str
    attempts: int


def read_clock(tx: Tx) -> datetime:
    """The instant by the database's clock (PostgreSQL), which is one for all machines."""
    now: datetime = tx.execute(sa.select(sa.func.now())).scalar_one()
    return now


def end_if_silent(tx: Tx, seconds: float) -> None:
    """Let the server end this transaction, and with it its locks, when its process says nothing for so long."""
    name, value = "idle_in_transaction_session_timeout", f"{seconds * 1000:.0f}"
    tx.execute(sa.select(sa.func.set_config(name, value, True)))


def find_newest_slot(tx: Tx, job: str, now: datetime) -> datetime | None:
    """The newest slot that was begun, however it ended, without those of a clock that ran ahead."""
    query = sa.select(runs.c.slot_at).where(runs.c.job == job, runs.c.slot_at <= now + SKEW)
    slot: datetime | None = tx.execute(query.order_by(runs.c.slot_at.desc()).limit(1)).scalar_one_or_none()
    return slot


def has_ended(tx: Tx, job: str) -> bool:
    """Whether a run of the job ever came to an end."""
    ended = sa.select(runs.c.id).where(runs.c.job == job, runs.c.outcome != "running").limit(1)
    return tx.execute(ended).one_or_none() is not None


def list_holders(tx: Tx, job: str) -> list[tuple[str, str, str]]:
    """Of each pass of the job its county, the worker of its last attempt, and its state."""
    query = sa.select(passes.c.county, passes.c.holder, passes.c.state).where(passes.c.job == job)
    return [(*row,) for row in tx.execute(query.order_by(passes.c.id))]


def plan_run(tx: Tx, job: str, slot: datetime, counties: Collection[str], now: datetime) -> int:
    """Begin the slot's run with a pass for each of these counties; their number.

    A county whose pass of an earlier slot is still open is left out. Where all are, the slot is. Without counties the
    run has nothing to do and is over.
    """
    open_ones = sa.select(passes.c.county).where(passes.c.state == "open", passes.c.job == job)
    wanted = sorted(set(counties) - set(tx.execute(open_ones).scalars()))
    if counties and not wanted:
        return 0
    run = begin_run(tx, job, slot, now)
    if run is None:
        return 0
    if not wanted:
        end_run(tx, run, now, "ok", "nothing to do")
        return 0
    tx.execute(passes.insert(), [{"run": run, "job": job, "county": county} for county in wanted])
    return len(wanted)


def list_open_passes(tx: Tx) -> list[OpenPass]:
    """The passes that are not done, in the order in which they were planned."""
    query = sa.select(*(passes.c[name] for name in OpenPass._fields)).join(runs, runs.c.id == passes.c.run)
    is_open = (passes.c.state == "open", runs.c.outcome == "running")
    return read_all(tx, OpenPass, query.where(*is_open).order_by(passes.c.id))


def start_pass(tx: Tx, id: int, attempts: int, holder: str) -> StartedPass | None:
    """Count an attempt; None where the pass is done, or another began since it was offered after so many `attempts`."""
    running = sa.exists().where(runs.c.id == passes.c.run, runs.c.outcome == "running")
    begun = passes.update().where(passes.c.id == id, passes.c.attempts == attempts, passes.c.state == "open", running)
    begun = begun.values(attempts=passes.c.attempts + 1, holder=holder)
    return read_one(tx, StartedPass, begun.returning(*columns_of(StartedPass, passes)))


def return_pass(tx: Tx, attempt: StartedPass) -> None:
    """Give the pass back undone, as if it had not been begun, unless a later attempt has begun."""
    tx.execute(_of(attempt).values(attempts=passes.c.attempts - 1, holder=""))


def end_pass(tx: Tx, attempt: StartedPass, now: datetime, outcome: Literal["ok", "failed"], note: str = "") -> bool:
    """Record what the attempt came to; False where a later one has begun. The last pass of a run ends it."""
    tx.execute(sa.select(runs.c.id).where(runs.c.id == attempt.run).with_for_update())  # one after the other
    if tx.execute(_of(attempt).values(state=outcome, note=note[:500])).rowcount != 1:
        return False
    _end_run(tx, attempt.run, now)
    return True


def _of(attempt: StartedPass) -> sa.Update:
    is_last = (passes.c.holder == attempt.holder, passes.c.attempts == attempt.attempts)
    return passes.update().where(passes.c.id == attempt.id, passes.c.state == "open", *is_last)


def _end_run(tx: Tx, run: int, now: datetime) -> None:
    """End the run if none of its passes is open. Its passes have told what they had to tell, and are deleted."""
    is_open = sa.select(passes.c.id).where(passes.c.run == run, passes.c.state == "open").limit(1)
    if tx.execute(is_open).one_or_none() is not None:
        return
    found = sa.select(passes.c.county, passes.c.state, passes.c.note).where(passes.c.run == run)
    rows = tx.execute(found.order_by(passes.c.county)).all()
    failed = [row.county for row in rows if row.state == "failed"]
    note = rows[0].note
    if len(rows) > 1:
        note = f"{len(rows) - len(failed)} counties" + (f", failed: {', '.join(failed)}" if failed else "")
    end_run(tx, run, now, "failed" if len(failed) == len(rows) else "ok", note[:500])
    tx.execute(passes.delete().where(passes.c.run == run))


def stop_foreign_work(tx: Tx, now: datetime) -> None:
    """Mark as stopped the running jobs that no pass belongs to: those of a daemon that died. Passes of jobs that such a
    daemon stopped are deleted."""
    is_running = runs.c.outcome == "running"
    tx.execute(passes.delete().where(passes.c.run.not_in(sa.select(runs.c.id).where(is_running))))
    foreign = runs.update().where(is_running, runs.c.id.not_in(sa.select(passes.c.run)))
    tx.execute(foreign.values(ended_at=now, outcome="stopped"))
