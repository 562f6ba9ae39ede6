"""What waits: for a server, a summary, the rates, the night. What no longer applies is never sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.mail import SmtpSettings
from tests.deliver.outbox_office import (
    NOW,
    SOON,
    ZONE,
    Clock,
    insert_due,
    notice,
    notice_states,
    open_faults,
    parse_mail,
    rules,
    select_rows,
    send_all,
    text_of,
)
from tests.smtp_server import Catcher, serving
from tracker.core.escalation.notice_kinds import CurrentStanding, find_stale_reason
from tracker.core.values.verdicts import Status
from tracker.deliver.attempts import LEASE
from tracker.deliver.report import DeliveryReport
from tracker.rulebook.loaded import Loaded
from tracker.store import journal
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.tables import messages, occurrences

KEY = notice("月报").key.subject


def stands(store: Store, duty: str, status: Status, *, due_revision: int = 0, episode: int = 0) -> None:
    """What the tick decided last about a duty's occurrence."""
    key = notice(duty).key.subject
    row = {
        "key": key, "county": "sample", "pack": "plan-2015", "duty": duty, "department": "huanbao", "label": "2015-09",
        "due_revision": due_revision, "episode": episode, "status": status, "light": "red",
        "reason": f"现为{status.zh}。",
        "rulebook": "", "calendar": "", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    with store.begin() as tx:
        ensure_county(tx, "sample")
        tx.execute(occurrences.delete().where(occurrences.c.key == key))
        tx.execute(occurrences.insert().values(row))


# -- the server is down --------------------------------------------------------------------------


@asynccontextmanager
async def nobody() -> AsyncIterator[SmtpSettings]:
    """A port at which nobody listens."""
    async with serving(Catcher()) as settings:
        pass
    yield settings


async def test_a_server_that_is_down_for_a_day_costs_nothing_but_time(store: Store, clock: Clock) -> None:
    for duty in ("月报", "季报"):
        stands(store, duty, Status.OVERDUE)
    insert_due(store, notice("月报"), notice("季报"))
    async with nobody() as settings:
        assert (await send_all(settings, store, clock)).retried == 1
        insert_due(store, notice("预算", department="caizheng"))
        for _ in range(8):
            clock.forward(timedelta(hours=3))
            await send_all(settings, store, clock)
    assert open_faults(store) == ["channel:mail"]
    catcher = Catcher()
    clock.forward(timedelta(hours=5))
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock) == DeliveryReport(sent=2, notices=3)
    assert sorted(one.rcpt_tos[0] for one in catcher.taken) == ["cz@example.gov.cn", "hb@example.gov.cn"]
    assert open_faults(store) == []


async def test_what_no_longer_applies_is_dropped_and_the_rest_goes_out_anew(store: Store, clock: Clock) -> None:
    for duty in ("月报", "季报"):
        stands(store, duty, Status.OVERDUE)
    insert_due(store, notice("月报"), notice("季报"))
    async with nobody() as settings:
        assert (await send_all(settings, store, clock)).retried == 1
    ((first,),) = select_rows(store, messages, "id")
    stands(store, "月报", Status.MET_LATE)
    insert_due(store, notice("月报", step="mended", kind="mended"))  # thanks for what was never asked for
    clock.forward(SOON)
    catcher = Catcher()
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock) == DeliveryReport(sent=1, notices=1, dropped=1)
    (mail,) = catcher.taken
    assert "季报" in text_of(parse_mail(mail.content))
    assert "月报" not in text_of(parse_mail(mail.content))
    assert first not in str(parse_mail(mail.content)["Message-ID"])
    assert notice_states(store) == ["cancelled", "sent", "cancelled"]
    found = dict(select_rows(store, messages, "id", "state"))
    assert found.pop(first) == "dropped"
    assert list(found.values()) == ["sent"]
    with store.read() as tx:
        told = [(one.subject, one.reason) for one in journal.list_rows(tx, "sample", action="notice.dropped")]
    assert (KEY, f"现为{Status.MET_LATE.zh}。") in told


async def test_what_may_have_arrived_is_repeated_and_not_dropped(store: Store, clock: Clock) -> None:
    stands(store, "月报", Status.OVERDUE)
    insert_due(store, notice("月报"))
    catcher = Catcher(data="cut after taking")
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
        stands(store, "月报", Status.MET_LATE)
        clock.forward(SOON)
        catcher.answers = {"rcpt": "450 busy"}
        assert (
            await send_all(settings, store, clock)
        ).retried == 1  # this time for sure not; the first time nobody knows
        clock.forward(2 * SOON)
        catcher.answers = {}
        assert (await send_all(settings, store, clock)).sent == 1
    first, second = (one.content for one in catcher.taken)
    assert first == second


async def test_a_sender_that_died_may_have_sent_it(store: Store, clock: Clock) -> None:
    stands(store, "月报", Status.OVERDUE)
    insert_due(store, notice("月报"))
    catcher = Catcher()
    async with serving(catcher) as settings:
        await send_all(settings, store, clock)
        with store.begin() as tx:  # the record was never written
            tx.execute(messages.update().values(state="sending", sent_at=None))
            tx.execute(sa.text("UPDATE notices SET state = 'claimed'"))
        stands(store, "月报", Status.MET_LATE)
        clock.forward(LEASE)
        assert (await send_all(settings, store, clock)).sent == 1
    first, second = (one.content for one in catcher.taken)
    assert first == second


async def test_a_later_step_stands_for_the_one_that_waited(store: Store, clock: Clock) -> None:
    stands(store, "月报", Status.OVERDUE)
    insert_due(store, notice("月报"))
    async with nobody() as settings:
        await send_all(settings, store, clock)
    insert_due(store, notice("月报", step="to-lead", kind="escalation"))
    clock.forward(SOON)
    catcher = Catcher()
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock) == DeliveryReport(sent=1, notices=1, dropped=1)
    assert notice_states(store) == ["superseded", "sent"]
    assert len(catcher.taken) == 1


STALE: dict[str, tuple[str, Status | None, dict[str, Any], bool]] = {
    "a reminder before it is due": ("reminder", Status.DUE_SOON, {}, False),
    "a reminder past due": ("reminder", Status.OVERDUE, {}, True),
    "a reminder of what is published": ("reminder", Status.MET, {}, True),
    "overdue, and still so": ("overdue", Status.OVERDUE, {}, False),
    "overdue, and some of it published": ("overdue", Status.INCOMPLETE, {}, False),
    "overdue, and mended": ("overdue", Status.MET_LATE, {}, True),
    "overdue, and nobody can look any more": ("escalation", Status.UNVERIFIABLE, {}, True),
    "overdue, and waived": ("overdue", Status.WAIVED, {}, True),
    "overdue by a date that moved": ("overdue", Status.OVERDUE, {"due_revision": 1}, True),
    "overdue, mended and open again": ("overdue", Status.OVERDUE, {"episode": 1}, True),
    "overdue, and a later step is due": ("overdue", Status.OVERDUE, {"followed": True}, True),
    "thanks": ("mended", Status.MET_LATE, {}, False),
    "thanks for what is open again": ("mended", Status.OVERDUE, {}, True),
    "a flag on what is met": ("decide", Status.MET, {}, False),
    "a correction of what is closed": ("correction", Status.CLOSED, {}, False),
    "a record that was made": ("record", Status.OPEN, {}, True),
    "a report": ("report", None, {}, False),
    "a fault": ("fault", None, {}, False),
}


@pytest.mark.parametrize(("kind", "status", "more", "stale"), STALE.values(), ids=STALE)
def test_what_still_holds(kind: str, status: Status | None, more: dict[str, Any], stale: bool) -> None:
    followed = more.get("followed", False)
    standing = (
        CurrentStanding(status, "原因。", more.get("due_revision", 0), more.get("episode", 0)) if status else None
    )
    assert bool(find_stale_reason(kind, 0, 0, standing, followed=followed)) is stale


# -- a summary a day -----------------------------------------------------------------------------


def daily() -> Loaded:
    """The liaison of the environment office has asked for one mail a day."""
    loaded = rules()
    book = loaded.rulebooks[0]
    unit = book.county.departments["huanbao"]
    units = {**book.county.departments, "huanbao": replace(unit, liaison=replace(unit.liaison, summary="daily"))}
    return replace(loaded, rulebooks=(replace(book, county=replace(book.county, departments=units)),))


HOURS = [
    # now, sent then, sent at the opening after it
    ("2015-10-08T17:29", 2, 0),
    ("2015-10-08T17:30", 1, 1),
    ("2015-10-08T22:00", 1, 1),
    ("2015-10-09T06:00", 1, 1),
    ("2015-10-09T08:30", 2, 0),
    ("2015-10-10T10:00", 2, 0),  # a Saturday made up for the holiday
    ("2015-10-11T10:00", 1, 1),  # a Sunday
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("tried", [False, True], ids=["never tried", "tried before"])
@pytest.mark.parametrize(("now", "sent", "later"), HOURS, ids=[row[0] for row in HOURS])
async def test_what_was_late_to_leave_waits_for_the_office_to_open_and_an_emergency_does_not(
    store: Store, clock: Clock, now: str, sent: int, later: int, tried: bool
) -> None:
    """The server was down, or nobody sent: that is no reason to write to people at night."""
    insert_due(store, notice(), replace(notice("火灾", department="caizheng"), urgent=True))
    if tried:
        async with serving(Catcher(rcpt="451 later")) as settings:
            assert (await send_all(settings, store, clock)).retried == 2
    clock.now = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    catcher = Catcher()
    async with serving(catcher) as settings:
        report = await send_all(settings, store, clock)
        assert (report.sent, report.deferred) == (sent, later)
        assert ["cz@example.gov.cn"] in [one.rcpt_tos for one in catcher.taken]
        clock.now = rules().office_time(ZONE).next_morning(clock.now)
        assert (await send_all(settings, store, clock)).sent == later


async def test_a_summary_comes_the_next_morning_and_hides_no_first_escalation(store: Store, clock: Clock) -> None:
    at = datetime(2015, 10, 8, 10, 20, tzinfo=ZONE)
    clock.now = at
    waiting = [notice("月报"), notice("季报", step="reminder", kind="reminder")]
    first = notice("年报", step="to-lead", kind="escalation")
    again = notice("旬报", step="to-lead", kind="escalation")
    urgent = notice("应急", step="overdue")
    ordered = [
        *(replace(one, not_before=at) for one in (*waiting, first)),
        replace(again, not_before=at, key=replace(again.key, ordinal=1)),
        replace(urgent, not_before=at, urgent=True),
    ]
    insert_due(store, *ordered)
    catcher = Catcher()
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock, daily())).notices == 2
        assert "年报" in text_of(parse_mail(catcher.taken[0].content))
        assert "应急" in text_of(parse_mail(catcher.taken[0].content))
        clock.now = datetime(2015, 10, 8, 17, 0, tzinfo=ZONE)
        assert await send_all(settings, store, clock, daily()) == DeliveryReport()
        clock.now = datetime(2015, 10, 9, 8, 30, tzinfo=ZONE)
        assert await send_all(settings, store, clock, daily()) == DeliveryReport(sent=1, notices=3)
    assert len(catcher.taken) == 2


async def test_what_comes_due_at_the_opening_is_not_held_for_another_day(store: Store, clock: Clock) -> None:
    insert_due(store, notice("月报"))
    async with serving(Catcher()) as settings:
        assert (await send_all(settings, store, clock, daily())).sent == 1


# -- many at once --------------------------------------------------------------------------------


class Slow(Catcher):
    """Answers only when four are waiting for an answer at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.four = asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.taken) > 1:  # the first one goes alone
            self.waiting += 1
            if self.waiting == 4:
                self.four.set()
            await self.four.wait()
        return answer


async def test_several_are_sent_at_once(store: Store, clock: Clock) -> None:
    insert_due(store, *(notice(f"事项{n}", f"role-{n}") for n in range(9)))
    loaded = rules()
    book = loaded.rulebooks[0]
    roles = {f"role-{n}": replace(book.county.roles["county-office"], mail=f"r{n}@x.cn") for n in range(9)}
    county = replace(book.county, roles={**book.county.roles, **roles})
    catcher = Slow()
    async with serving(catcher) as settings, asyncio.timeout(20):
        report = await send_all(settings, store, clock, replace(loaded, rulebooks=(replace(book, county=county),)))
    assert (report.sent, report.notices) == (9, 9)
    assert {one.rcpt_tos[0] for one in catcher.taken} == {f"r{n}@x.cn" for n in range(9)}


async def test_a_server_that_goes_down_midway_leaves_the_rest_unfrozen(store: Store, clock: Clock) -> None:
    insert_due(store, *(notice(f"事项{n}", f"role-{n}") for n in range(12)))
    loaded = rules()
    book = loaded.rulebooks[0]
    roles = {f"role-{n}": replace(book.county.roles["county-office"], mail=f"r{n}@x.cn") for n in range(12)}
    loaded = replace(
        loaded, rulebooks=(replace(book, county=replace(book.county, roles={**book.county.roles, **roles})),)
    )
    catcher = Catcher()
    catcher.most = 2
    async with serving(catcher) as settings:
        report = await send_all(settings, store, clock, loaded)
        assert 2 <= report.sent < 2 + settings.connections  # those that were under way
        assert 1 <= report.retried <= settings.connections
        found = notice_states(store)
        assert (found.count("sent"), found.count("claimed")) == (report.sent, report.retried)
        assert found.count("due") == 12 - report.sent - report.retried
        catcher.most = None
        clock.forward(SOON)
        assert (await send_all(settings, store, clock, loaded)).sent == 12 - report.sent
    assert len({str(parse_mail(one.content)["Message-ID"]) for one in catcher.taken}) == len(catcher.taken) == 12
