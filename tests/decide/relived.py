"""What a small county lived through, kept: several tests begin where the same weeks end, and each day of them costs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from tests.decide.small_county import Small
from tests.live_county import all_live
from tracker.daemon.jobs import Office
from tracker.demo.simulation import open_null_channels
from tracker.demo.world import Publication
from tracker.rulebook.load import load
from tracker.store.engine import Store, Tx
from tracker.store.tables import metadata


@dataclass(frozen=True)
class _Kept:
    """A county as it stood: its database, its files, what its site shows and where, and the hour."""

    rows: dict[sa.Table, list[dict[str, Any]]]
    folder: Path
    articles: list[Publication]
    port: int
    now: datetime


_kept: dict[Hashable, _Kept] = {}


async def relive(county: Small, name: Hashable, live: Callable[[Small], Awaitable[None]]) -> None:
    """`live` for the first who asks for the name on this kind of database; the rest go on from where that one ended.

    The county must be new: whatever was done to it before is not in what is kept.
    """
    assert not county.site.articles, "only a new county can go on from where another one stood"
    key = (name, county.office.store.sqlite)
    known = _kept.get(key)
    if known is None or not await _moved(county, known.port):
        await live(county)
        _kept[key] = _keep(county)
        return
    shutil.copytree(known.folder, county.root, dirs_exist_ok=True)
    county.site.articles[:] = known.articles
    county.clock.now = known.now
    _put(county.office.store, known.rows)
    loaded = all_live(load(county.root, dict(os.environ)))
    county.office = Office(loaded, county.office.store, county.clock, county.root, channels=open_null_channels)
    county.office.adopt(loaded)


async def _moved(county: Small, port: int) -> bool:
    """The site at the address that stands in what was kept; False where another program has it by now."""
    if county.port == port:
        return True
    runner = county.bound._runner
    there = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    try:
        await there.start()
    except OSError:
        return False
    await county.bound.stop()
    county.bound, county.port = there, port
    os.environ["SMALL_SITE"] = f"http://127.0.0.1:{port}/"
    return True


def _keep(county: Small) -> _Kept:
    folder = Path(tempfile.mkdtemp(prefix="duban-lived-"))
    shutil.copytree(county.root, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.db*"))
    with county.office.store.read() as tx:
        rows = {
            table: [dict(one._mapping) for one in tx.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }
    return _Kept(rows, folder, list(county.site.articles), county.port, county.clock.now)


def _put(store: Store, rows: dict[sa.Table, list[dict[str, Any]]]) -> None:
    """Into a database that holds no more than a new county's rules."""
    with store.begin() as tx:
        for table in reversed(metadata.sorted_tables):
            if table.name != "journal":
                tx.execute(table.delete())
        for table, found in rows.items():
            if found:
                tx.execute(table.insert(), found)
        if not store.sqlite:
            _count_on(tx)


def _count_on(tx: Tx) -> None:
    """PostgreSQL gives the next row the number after those that were put there."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            series = sa.func.pg_get_serial_sequence(table.name, column.name)
            tx.execute(sa.select(sa.func.setval(series, sa.func.max(column))).where(series.is_not(None)))
