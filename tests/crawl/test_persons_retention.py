"""The nightly job deletes the persons of requests that ended long ago, and nothing else of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from tests.decide.small_county import SCHEDULE, Small, at
from tracker.core.requests.values import Move, MoveKind, Person, Request, RequestState
from tracker.store.counties import ensure_county
from tracker.store.journal import list_rows
from tracker.store.person_keys import create_key_file
from tracker.store.persons import add_person, list_persons
from tracker.store.requests import add_move, add_request
from tracker.store.tables import metadata

REQUESTS = [(1, date(2015, 8, 3)), (2, date(2015, 10, 1))]


async def test_the_nightly_job_keeps_to_the_schedule(county: Small, tmp_path: Path) -> None:
    county.reload(schedule=SCHEDULE + "retention: {persons: 30 days}\n")
    office, now = county.office, at("2015-10-20", "03:30")
    county.clock.now = now
    keys = create_key_file(tmp_path / "persons.key", date(2015, 1, 5))
    with office.store.begin() as tx:
        ensure_county(tx, "small")
        for number, archived in REQUESTS:
            request = add_request(tx, Request(
                0, "small", "request", "huanbao", 2015, number, "huanbao", "online", archived, archived, "natural",
                "监测数据", state=RequestState.ARCHIVED, created_at=now, created_by="王五",
            ))  # fmt: skip
            add_move(tx, Move(0, request.id, 0, MoveKind.ARCHIVE, archived, now, "王五"))
            add_person(tx, keys, request, "applicant", Person("张三"))
    assert "1 applicants' data deleted" in await office.tidy()
    assert "0 applicants' data deleted" in await office.tidy()
    with office.store.read() as tx:
        assert [len(list_persons(tx, number)) for number, _ in REQUESTS] == [0, 1]
        assert [len(tx.execute(sa.select(metadata.tables[name])).all()) for name in ("requests", "request_moves")] == [
            2, 2,
        ]  # fmt: skip
        [line] = list_rows(tx, "small", action="persons.deleted")
    assert (line.who, line.subject) == ("duban", "retention:persons")
