"""A county of 60 departments and 60 duties with a year of history: 246,000 matters, as passes had decided them.

Its occurrences are those that the rules give; their statuses and standings are written as they would be after a year in
which of forty matters one is overdue, one incomplete, one not judged, and three were made good late.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.core.law.instances import instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.accounts import Role
from tracker.core.values.verdicts import Light, Status
from tracker.daemon.jobs import Office
from tracker.decide.load import horizon
from tracker.decide.run import decision_basis
from tracker.registers.accounts import record_account
from tracker.rulebook.load_process import load_in_process
from tracker.rulebook.loaded import Loaded
from tracker.store.accounts import change_account, find_account
from tracker.store.counties import mark_ticked
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.standings import add_standings
from tracker.store.tables import occurrences

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 12, 30, 10, tzinfo=ZONE)
#: When the matters were decided that `request_pass` names: nothing of what proves them is in the database.
EARLIER = NOW - timedelta(days=5)
LOGIN, PASSWORD = "bench", "正确的密码短语Zq7"
MATTER = "large/big/m10/d10/2015-W30"
DEPARTMENTS, DUTIES, DAILY = 60, 60, 5
#: Matters that each pass of `turn_forever` decides: it takes seconds, as after a crawl that saw much. The fewer there
#: are, the more often what the pages have counted is out of date.
_A_PASS = 10_000
REASON = "应不晚于{due}公开齐全，至今未在“工作信息”栏目查到；截止后已完整检查该栏目，未见所要求的内容。"


def _rules() -> dict[str, str]:
    everybody = ", ".join(f"d{n:02}" for n in range(DEPARTMENTS))
    duties = "".join(
        f"  - id: m{n:02}\n    title: 第{n:02}项工作信息公开\n    clause: 一({n})\n    departments: [{everybody}]\n"
        f"    channels: county-site\n    deadline: {{every: {'workday' if n < DAILY else 'week'}}}\n"
        f"    evidence: {{column: works, title: 第{n:02}项}}\n"
        for n in range(DUTIES)
    )
    people = "".join(
        f"  d{n:02}: {{name: 第{n:02}局, liaison: {{name: 甲{n}, mail: a{n}@large.example}}, "
        f"lead: {{name: 乙{n}, mail: b{n}@large.example}}}}\n"
        for n in range(DEPARTMENTS)
    )
    return {
        "rules/packs/big.yaml": "pack: big\ntitle: 大方案\nin_force: {from: 2015-01-01, until: 2015-12-31}\n"
        f"duties:\n{duties}",
        "rules/counties/large/county.yaml": "county: large\nname: 大县\nstart: 2015-01-01\npacks: [big]\n"
        f"departments:\n{people}"
        "roles: {county-office: {mail: office@large.example}, supervisor: {mail: supervisor@large.example}}\n"
        "channels:\n  county-site:\n    base: http://www.large.example/\n"
        "    columns:\n      works: {title: 工作信息, url: /works/}\n",
        "schedule.yaml": "zone: Asia/Shanghai\n"
        "jobs: {crawl: '0 6 * * *', tick: '*/10 * * * *', deliver: '*/10 * * * *'}\n"
        "policies:\n  standard:\n    steps:\n      overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}\n"
        "delivery: {via: folder, folder: mails, sender: 督办 <duban@large.example>}\n"
        "console: {listen: '127.0.0.1:0', base: 'http://127.0.0.1/', secret: q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu, "
        "quiet: 3 workdays, valid: 60 days}\n",
    }  # fmt: skip


def _row(number: int, occurrence: Occurrence, loaded: Loaded) -> OccurrenceRow:
    """The decision about the occurrence of that number, as if it were made a day after it was due."""
    status, light = {
        0: (Status.OVERDUE, Light.RED), 1: (Status.MET_LATE, Light.YELLOW), 2: (Status.MET_LATE, Light.YELLOW),
        3: (Status.MET_LATE, Light.YELLOW), 4: (Status.INCOMPLETE, Light.RED), 5: (Status.UNVERIFIABLE, Light.GREY),
    }.get(number * 7 % 40, (Status.MET, Light.GREEN))  # fmt: skip
    due_on, due_at = occurrence.due_on, occurrence.due_at
    assert due_on is not None
    assert due_at is not None
    if due_at > NOW:
        status, light = Status.OPEN, Light.NONE
    at = min(due_at + timedelta(days=1, hours=number % 24), NOW - timedelta(hours=1))
    proved = due_at + timedelta(days=5 if status is Status.MET_LATE else -1) if status.met else None
    return OccurrenceRow(
        key=occurrence.key, county="large", pack=occurrence.pack, duty=occurrence.duty,
        department=occurrence.department, label=occurrence.label, opens_on=occurrence.opens_on, due_on=due_on,
        due_at=due_at, status=status, light=light, reason=REASON.format(due=due_on),
        derivation=f"每期一次，{due_on}为限。", proved_at=proved, rulebook=loaded.rulebooks[0].digest,
        calendar=loaded.calendar.digest, created_at=due_at - timedelta(days=7), updated_at=at,
    )  # fmt: skip


def _rows(loaded: Loaded) -> Iterator[list[OccurrenceRow]]:
    book, number = loaded.rulebooks[0], 0
    for duty in book.duties:
        rows = []
        for occurrence in instances_of(duty, loaded.calendar, book.county, NOW.date()):
            rows.append(_row(number, occurrence, loaded))
            number += 1
        yield rows


def make_county(folder: Path) -> None:
    """Make the county in the folder, unless it is there. Takes a minute or two."""
    if (folder / "made").exists():
        return
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    for path, text in _rules().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    (folder / "rules" / "calendar").mkdir()
    shutil.copy(Path(__file__).parents[1] / "rules" / "acts.yaml", folder / "rules" / "acts.yaml")
    office = office_of(folder)
    office.prepare()
    proof: dict[str, Any] = {"proofs": [["http://www.large.example/works/1.html", "第1期工作信息", "2015-06-01T09:00"]]}
    count = 0
    for rows in _rows(office.loaded):
        with office.store.begin() as tx:
            upsert_occurrences(tx, rows)
            add_standings(tx, [(row, proof if row.proved_at else {}) for row in rows])
        count += len(rows)
    book = office.loaded.rulebooks[0]
    with office.store.begin() as tx:
        mark_ticked(
            tx, "large", rulebook=book.digest, calendar=office.loaded.calendar.digest,
            by=decision_basis(office.loaded, book), seq=0, until=horizon(book, NOW), at=EARLIER,
        )  # fmt: skip
        record_account(tx, book, LOGIN, "测试", Role.OFFICE, "", PASSWORD, "管理员", NOW)
        account = find_account(tx, LOGIN)
        assert account is not None
        change_account(tx, account.id, must_change=False)
    office.clock = lambda: EARLIER
    request_pass(office.store, EARLIER)
    office.tick()
    office.store.close()
    (folder / "made").write_text(f"{count} matters\n")
    print(f"{count:,} matters")


def office_of(folder: Path) -> Office:
    """The county's passes as the daemon runs them, with the clock at `NOW`."""
    store = Store(f"sqlite:///{folder}/duban.db", durable=False)
    store.open()
    return Office(load_in_process(folder, {}), store, lambda: NOW, folder, lives_on=True)


def request_pass(store: Store, at: datetime = NOW) -> None:
    """Let the next pass decide some matters; the same ones every time, so that after the first time few change."""
    some = sa.select(occurrences.c.key).order_by(occurrences.c.key).limit(_A_PASS)
    with store.begin() as tx:
        tx.execute(occurrences.update().where(occurrences.c.key.in_(some)).values(next_at=at))


def request_passes(folder: Path) -> None:
    """Keep asking for passes: in a process of its own, as what it writes is not the work of who serves."""
    with Store(f"sqlite:///{folder}/duban.db", durable=False) as store:
        while True:
            request_pass(store)
            time.sleep(0.5)


async def turn_forever(office: Office) -> None:
    """Run passes one after the other."""
    while True:
        await asyncio.to_thread(office.tick)
        await asyncio.sleep(0.1)
