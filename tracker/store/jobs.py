"""Stores the scheduler's lease and the runs of jobs, and finds the hours in which nothing was observed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import sqlalchemy as sa

from tracker.clock import SKEW
from tracker.store.engine import Tx, insert
from tracker.store.instants import has_come
from tracker.store.rows import read_one, select_as
from tracker.store.tables import counties
from tracker.store.tables_reports import leases, runs

#: A pause of the observation that is longer than the night between two crawls: a crawl was missed.
MISSED = timedelta(hours=14)
JobOutcome = Literal["ok", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Lease:
    """The process that holds a name (`holder`), since when, and until when unless it renews the lease."""

    name: str
    holder: str
    since: datetime
    until: datetime


class Gap(NamedTuple):
    """A stretch of time in which nothing was observed."""

    first: datetime
    last: datetime


def take_lease(tx: Tx, name: str, holder: str, *, now: datetime, until: datetime, displace: str | None = None) -> Lease:
    """Take the lease if it is free, expired, the holder's own, or held by `displace` (known to be dead).

    Returns the lease as it is then: another `holder` in it means that it was not taken.
    """
    statement = insert(tx, leases).values(name=name, holder=holder, since=now, until=until)
    is_own = leases.c.holder == holder
    is_free = sa.or_(is_own, has_come(leases.c.until, now, until - now), leases.c.holder == displace)
    since = sa.case((is_own, leases.c.since), else_=statement.excluded.since)
    taken = {"holder": holder, "since": since, "until": until}
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=taken, where=is_free))
    lease = read_lease(tx, name)
    assert lease is not None  # it existed or was inserted
    return lease


def renew_lease(tx: Tx, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Extend the lease; False where another process has taken it."""
    lease = take_lease(tx, name, holder, now=now, until=until)
    return lease.holder == holder


def release_lease(tx: Tx, name: str, holder: str) -> None:
    tx.execute(leases.delete().where(leases.c.name == name, leases.c.holder == holder))


def read_lease(tx: Tx, name: str) -> Lease | None:
    return read_one(tx, Lease, select_as(Lease, leases).where(leases.c.name == name))


def begin_run(tx: Tx, job: str, slot_at: datetime, now: datetime) -> int | None:
    """The new run of this slot; None where one is done or running. A slot that was stopped or failed may run again."""
    statement = insert(tx, runs).values(job=job, slot_at=slot_at, began_at=now)
    again = {"began_at": now, "ended_at": None, "outcome": "running", "note": ""}
    statement = statement.on_conflict_do_update(
        index_elements=["job", "slot_at"], set_=again, where=runs.c.outcome.in_(("failed", "stopped"))
    )
    run: int | None = tx.execute(statement.returning(runs.c.id)).scalar_one_or_none()
    return run


def end_run(tx: Tx, run: int, now: datetime, outcome: JobOutcome = "ok", note: str = "") -> None:
    tx.execute(runs.update().where(runs.c.id == run).values(ended_at=now, outcome=outcome, note=note))


def stop_runs(tx: Tx, now: datetime) -> int:
    """Mark the running jobs of a dead scheduler as stopped; their number. Only the holder of the lease may call it."""
    running = runs.update().where(runs.c.outcome == "running")
    return tx.execute(running.values(ended_at=now, outcome="stopped")).rowcount


def find_last_slot(tx: Tx, job: str, now: datetime) -> datetime | None:
    """The newest slot that the job has completed, without those of a clock that ran ahead."""
    is_done = (runs.c.job == job, runs.c.outcome == "ok", runs.c.slot_at <= now + SKEW)
    query = sa.select(sa.func.max(runs.c.slot_at)).where(*is_done)
    slot: datetime | None = tx.execute(query).scalar_one_or_none()
    return slot


class LastRun(NamedTuple):
    """The newest slot that a job has completed, and when a run of it last ended."""

    slot_at: datetime
    ended_at: datetime


def find_last_runs(tx: Tx, jobs: Collection[str], now: datetime) -> dict[str, LastRun]:
    """The last completed runs by job, without what a clock that ran ahead has written."""
    is_done = (runs.c.job.in_(jobs), runs.c.outcome == "ok", runs.c.ended_at <= now + SKEW)
    newest = [sa.func.max(column, type_=column.type) for column in (runs.c.slot_at, runs.c.ended_at)]
    query = sa.select(runs.c.job, *newest).where(*is_done).group_by(runs.c.job)
    return {job: LastRun(*at) for job, *at in tx.execute(query)}


def find_last_instant(tx: Tx) -> datetime | None:
    """The newest instant at which a job ended by itself or a county was decided.

    A scheduler that starts writes the end of jobs that were stopped: its clock may be wrong.
    """
    ended, ticked = runs.c.ended_at, counties.c.ticked_at
    queries = (
        sa.select(sa.func.max(ended, type_=ended.type)).where(runs.c.outcome.in_(("ok", "failed"))),
        sa.select(sa.func.max(ticked, type_=ticked.type)),
    )
    newest = [tx.execute(query).scalar_one_or_none() for query in queries]
    return max((at for at in newest if at is not None), default=None)


def list_gaps(
    tx: Tx, *, since: datetime, until: datetime, max_age: timedelta, jobs: Collection[str] = ("crawl",)
) -> list[Gap]:
    """The gaps longer than `max_age` between `since` and `until` that no run completed by `until` covers.

    The time before the first run of the database is no gap.
    """
    done = (runs.c.job.in_(jobs), runs.c.outcome == "ok", runs.c.ended_at <= until)
    first = tx.execute(sa.select(sa.func.min(runs.c.began_at)).where(*done)).scalar_one_or_none()
    if first is None:
        return []
    query = sa.select(runs.c.began_at, runs.c.ended_at).where(*done, runs.c.ended_at >= since).order_by(runs.c.began_at)
    gaps, seen_until = [], max(since, first)
    for began_at, ended_at in tx.execute(query):
        if began_at - seen_until > max_age:
            gaps.append(Gap(seen_until, began_at))
        seen_until = max(seen_until, ended_at)
    if until - seen_until > max_age:
        gaps.append(Gap(seen_until, until))
    return gaps
