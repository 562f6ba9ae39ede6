"""Faults, channels and numbers of several counties and messages: none is taken for another's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from tests.deliver.outbox_office import NOW, Clock, insert_due, notice, rules, select_rows
from tracker.core.escalation.notices import Notice
from tracker.deliver.load import PassState
from tracker.deliver.run import deliver
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.faults import list_faults, record_fault
from tracker.store.notices import insert_notices
from tracker.store.restores import Restore
from tracker.store.tables import notices, slips

OK = SendResult(True, "250 taken")
SILENT = SendResult(False, "no answer", retry=True, doubtful=True, unanswered=True)
BUSY = SendResult(False, "452 mailbox full", retry=True)
DOWN = SendResult(False, "HTTP 503", down=True)


@dataclass
class Scripted:
    """A channel with one connection that gives these answers, and then the last one for ever."""

    answers: list[SendResult]
    form: MessageForm = "mail"
    max_bytes: int = NO_LIMIT
    asked: list[str] = field(default_factory=list)

    async def send(self, message: Outgoing) -> SendResult:
        self.asked.append(message.recipient)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def close(self) -> None:
        """Nothing is held."""


def two_counties() -> Loaded:
    loaded = rules()
    (book,) = loaded.rulebooks
    other = replace(book, county=replace(book.county, id="other", name="邻县"))
    return replace(loaded, rulebooks=(book, other))


def of_county(county: str, made: Notice, channel: str = "mail") -> Notice:
    subject = made.key.subject.replace("sample/", f"{county}/", 1)
    return replace(made, county=county, key=replace(made.key, subject=subject, channel=channel))


def insert_in_both(store: Store, wanted: Iterable[Notice], faulty: Iterable[str] = ()) -> None:
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
        insert_notices(tx, list(wanted), NOW)
        for county in faulty:
            record_fault(tx, county, "channel:mail", "deliver", "HTTP 503", NOW - timedelta(hours=1))


@pytest.mark.parametrize(("faulty", "asked"), [((), 2), (("sample",), 1), (("other",), 1), (("sample", "other"), 1)])
async def test_a_channel_in_trouble_in_any_county_is_in_trouble(
    store: Store, clock: Clock, faulty: tuple[str, ...], asked: int
) -> None:
    """It is down at the next message without an answer, of whichever county; with no trouble before, at the second."""
    insert_in_both(
        store, (of_county("other", notice(role=role)) for role in ("liaison", "lead", "county-office")), faulty
    )
    channel = Scripted([SILENT])
    await deliver(store, two_counties(), {"mail": channel}, clock)
    assert len(channel.asked) == asked


async def test_a_channel_that_works_again_is_in_trouble_no_longer(store: Store, clock: Clock) -> None:
    """Then one message without an answer may be that message's own fault again, and the others are tried."""
    wanted = (of_county("sample", notice(role=role)) for role in ("liaison", "lead", "county-office"))
    insert_in_both(store, wanted, faulty=("sample",))
    channel = Scripted([OK, SILENT, OK])
    report = await deliver(store, two_counties(), {"mail": channel}, clock)
    assert (report.sent, report.retried) == (2, 1)


@pytest.mark.parametrize("county", ["sample", "other"])
async def test_the_office_of_the_messages_county_hears_of_a_channel(store: Store, clock: Clock, county: str) -> None:
    """By the beginning of that channel's fault: an older fault of something else makes no other spell of it."""
    insert_in_both(store, [of_county(county, notice(), "group")])
    with store.begin() as tx:
        record_fault(tx, county, "column:beside", "crawl", "HTTP 404", NOW - timedelta(days=1))
    group = Scripted([DOWN], form="chat")
    while len(group.asked) < 3:
        await deliver(store, two_counties(), {"group": group}, clock)
        clock.forward(timedelta(minutes=5))
    with store.read() as tx:
        (since,) = [fault.first_at for fault in list_faults(tx, county) if fault.subject == "channel:group"]
    rows = [row for row in select_rows(store, notices, "county", "subject", "kind") if row[2] == "fault"]
    assert rows == [(county, f"channel:group:{since:%Y%m%dT%H%M%S}", "fault")]


async def test_a_mailbox_counts_once_at_the_third_refusal_of_a_message(store: Store, clock: Clock) -> None:
    insert_due(store, replace(notice(), urgent=True))
    counts = []
    for _ in range(5):
        await deliver(store, rules(), {"mail": Scripted([BUSY])}, clock)
        with store.read() as tx:
            counts.append([(fault.subject, fault.count) for fault in list_faults(tx, "sample")])
        clock.forward(timedelta(hours=3))
    assert counts == [[], [], *[[("mailbox:hb@example.gov.cn", 1)]] * 3]


async def test_slips_are_numbered_and_nothing_else_is(store: Store, clock: Clock) -> None:
    """督办单 alone have numbers, one after the other within a county."""
    made = [notice(duty, kind="slip", colour="red", pack="工作方案", within=3) for duty in ("月报", "季报")]
    insert_due(store, *made, notice("年报"), notice("预算", department="caizheng"))
    assert (await deliver(store, rules(), {"mail": Scripted([OK])}, clock)).notices == 4
    assert select_rows(store, slips, "year", "number") == [(2015, 1), (2015, 2)]
    details = [detail for (detail,) in select_rows(store, notices, "detail")]
    numbers = {detail["duty"]: detail.get("slip", "") for detail in details if "duty" in detail}
    assert numbers == {"月报": "〔2015〕1号", "季报": "〔2015〕2号", "年报": "", "预算": ""}


@pytest.mark.parametrize(("county", "confirmed", "presumed"), [("sample", 0, 1), ("sample", 365, 0), ("other", 0, 0)])
async def test_what_a_lost_installation_sent_counts_as_sent_in_the_counties_of_the_pass_for_a_while(
    store: Store, clock: Clock, county: str, confirmed: int, presumed: int
) -> None:
    """`confirmed`: how many days ago a person said until when it ran."""
    insert_in_both(store, [of_county(name, notice()) for name in ("sample", "other")])
    state = PassState(store, rules(), {}, clock, "", None)
    since = NOW - timedelta(days=confirmed)
    restore = Restore(since, NOW - timedelta(days=400), 1, confirmed_at=since, ran_until=NOW + timedelta(hours=1))
    state.restores = {county: restore}
    await state.presume_sent()
    assert state.report.presumed == presumed
