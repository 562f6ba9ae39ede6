"""Requests from receipt to answer, lived day by day: the due day, the pause, who hears when, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.two_regulations import COUNTY, load_two_regulations
from tracker.core.requests.values import MoveKind, Request, RequestKind
from tracker.daemon.jobs import Office
from tracker.demo.replay import SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.registers.request_view import load_dues
from tracker.registers.requests import enter_move, load_request, receive, withdraw_move
from tracker.store.engine import Store
from tracker.store.events import list_events
from tracker.store.notices import list_notices
from tracker.store.occurrences import OccurrenceRow, load_occurrences

ZONE = ZoneInfo("Asia/Shanghai")
KEY = "foi-2019/foi-answer/guotu/event:foi-request-received:2026-guotu-1"


class Register:
    """The county at work from Sunday 1 March 2026 on: a pass at 8:30 and one at 13:00, people enter at 10:00."""

    def __init__(self, store: Store, root: Path, start: str = "2026-01-01", first: str = "2026-03-01") -> None:
        self.clock = SimulatedClock(datetime.fromisoformat(f"{first}T09:00").replace(tzinfo=ZONE))
        loaded = load_two_regulations(root, start)
        self.office = Office(loaded, store, self.clock, root, channels=open_null_channels)
        self.office.adopt(loaded)
        self.rulebook, self.calendar = self.office.loaded.rulebooks[0], self.office.loaded.calendar

    async def live_until(self, day: str) -> None:
        """Live until the morning of that day."""
        last = date.fromisoformat(day)
        while (today := self.clock.now.date()) < last:
            for at in (time(13), time(8, 30)):
                self.clock.now = datetime.combine(today + timedelta(days=at < time(13)), at, ZONE)
                self.office.tick()
                await self.office.deliver()

    def enter(self, deed: Callable[..., Any]) -> Any:
        self.clock.now = datetime.combine(self.clock.now.date(), time(10), ZONE)
        with self.office.store.begin() as tx:
            return deed(tx, self.rulebook, self.calendar).value

    def receive(self, kind: RequestKind = "request") -> str:
        """The reference of what is received today; the acts that follow are about it."""
        today = self.clock.now.date()
        request = Request(0, COUNTY, kind, "guotu", 0, 0, "", "in-person", today, today, "natural", "土地出让方案")
        received = self.enter(lambda *given: receive(*given, request, by="王敏", now=self.clock.now))
        self.kind, self.reference = kind, received.reference
        self.move(MoveKind.REGISTER)
        return str(received.reference)

    def move(self, kind: MoveKind, by: str = "王敏", on: str = "", **fields: str) -> Any:
        today = date.fromisoformat(on) if on else self.clock.now.date()
        return self.enter(
            lambda *given: enter_move(
                *given, self.request(), kind, today, by=by, now=self.clock.now, reason="经办", fields=fields
            )
        )

    def answer(self) -> Any:
        self.move(MoveKind.REVIEW, by="李梅", author="王敏", result="passed")
        if self.kind == "complaint":
            return self.move(MoveKind.ANSWER, answer="unfounded", finding="已按期公开")
        return self.move(MoveKind.ANSWER, answer="disclosed", where="县政府信息网")

    def withdraw(self, ordinal: int) -> None:
        self.enter(
            lambda *given: withdraw_move(
                *given, self.request(), ordinal, by="李梅", reason="误录", now=self.clock.now
            )
        )  # fmt: skip

    def request(self) -> Request:
        with self.office.store.read() as tx:
            return load_request(tx, self.rulebook, self.kind, self.reference)

    def row(self, key: str = KEY) -> OccurrenceRow:
        with self.office.store.read() as tx:
            return load_occurrences(tx, COUNTY)[f"{COUNTY}/{key}"]

    def status(self, key: str = KEY) -> tuple[str, str]:
        row = self.row(key)
        return str(row.status), str(row.due_on)

    def told(self, key: str = KEY) -> list[str]:
        """`DAY step role` of what was sent about it."""
        with self.office.store.read() as tx:
            notices = list_notices(tx, COUNTY, f"{COUNTY}/{key}")
        return [
            f"{notice['not_before'].astimezone(ZONE):%m-%d} {notice['step']} {notice['role']}"
            for notice in notices
            if notice["state"] == "sent"
        ]


@pytest.fixture
def register(store: Store, tmp_path: Path) -> Register:
    return Register(store, tmp_path / "rules")


@pytest.mark.nightly
async def test_a_third_party_is_silent_and_the_answer_is_in_time(register: Register) -> None:
    await register.live_until("2026-03-02")
    register.receive()
    await register.live_until("2026-03-03")
    assert register.status() == ("open", "2026-03-30")
    assert "自次日起算20个工作日" in register.row().derivation
    assert "《政府信息公开条例》第三十三条" in register.row().derivation

    await register.live_until("2026-03-06")
    asked = register.move(MoveKind.CONSULT, whom="third-party", interest="privacy")
    await register.live_until("2026-03-11")
    assert register.status() == ("paused", "2026-04-21")  # at most, counted from sending
    register.withdraw(asked.ordinal)  # the letter is known to have come on the 10th
    register.move(MoveKind.CONSULT, on="2026-03-06", whom="third-party", interest="privacy", reached="2026-03-10")
    await register.live_until("2026-03-31")  # the fifteenth working day after the letter came: it still stands
    assert register.status() == ("paused", "2026-04-23")
    assert register.told() == []

    await register.live_until("2026-04-02")  # silent: 4 days were over, 16 are left from 1 April
    assert register.status()[1] == "2026-04-23"
    assert register.row().status != "paused"
    register.move(MoveKind.OPINION, whom="third-party", result="silent")
    await register.live_until("2026-04-22")
    assert register.status() == ("due-soon", "2026-04-23")
    assert register.told() == ["04-16 reminder liaison", "04-21 to-lead liaison", "04-21 to-lead lead"]
    register.answer()
    await register.live_until("2026-05-06")
    assert register.status() == ("met", "2026-04-23")
    assert len(register.told()) == 3


@pytest.mark.nightly
async def test_an_answer_that_is_late_is_heard_of_by_the_office_on_the_day_after(register: Register) -> None:
    await register.live_until("2026-03-02")
    register.receive()
    await register.live_until("2026-04-02")
    assert register.status() == ("overdue", "2026-03-30")
    assert register.told() == [
        "03-23 reminder liaison",
        "03-26 to-lead liaison",
        "03-26 to-lead lead",
        "03-31 overdue liaison",
        "03-31 to-county-office liaison",
        "03-31 to-county-office lead",
        "03-31 to-county-office county-office",
    ]
    late = register.answer()
    assert [(remark.code, remark.provision) for remark in late.remarks] == [("late", "《政府信息公开条例》第三十三条")]
    await register.live_until("2026-04-08")
    assert register.status() == ("met-late", "2026-03-30")
    assert [line for line in register.told() if "mended" in line] == [
        "04-03 mended liaison", "04-03 mended lead", "04-03 mended county-office",
    ]  # fmt: skip


@pytest.mark.nightly
async def test_a_reminder_told_before_the_clock_stopped_is_corrected(register: Register) -> None:
    await register.live_until("2026-03-02")
    register.receive()
    await register.live_until("2026-03-24")  # the liaison was reminded on the 23rd
    register.move(MoveKind.CONSULT, whom="agency")
    await register.live_until("2026-04-20")
    assert register.status() == ("paused", "None")
    assert register.told()[0] == "03-23 reminder liaison"
    assert {line.split()[1] for line in register.told()[1:]} <= {"correction"}
    register.move(MoveKind.OPINION, whom="agency", result="agree")
    await register.live_until("2026-04-22")  # 16 days were over on 24 March, 4 are left: 21 to 24 April
    assert register.status()[1] == "2026-04-24"


async def test_who_asks_withdraws_and_a_wrong_entry_is_withdrawn(register: Register) -> None:
    await register.live_until("2026-03-02")
    register.receive()
    await register.live_until("2026-03-05")
    withdrawn = register.move(MoveKind.WITHDRAW)
    await register.live_until("2026-03-06")
    assert register.status()[0] == "closed"
    register.withdraw(withdrawn.ordinal)
    await register.live_until("2026-03-07")
    assert register.status() == ("open", "2026-03-30")
    register.withdraw(1)  # the receipt: the whole request was entered by mistake
    await register.live_until("2026-03-10")
    assert register.status()[0] == "closed"
    with register.office.store.read() as tx:
        assert list_events(tx, COUNTY) == []


async def test_who_does_not_correct_a_request_gives_it_up(register: Register) -> None:
    await register.live_until("2026-03-02")
    register.receive()
    await register.live_until("2026-03-05")
    register.move(MoveKind.ASK_CORRECTION, until="2026-03-20")
    await register.live_until("2026-04-08")  # long after the first limit
    assert register.status() == ("paused", "None")
    assert register.told() == []
    register.move(MoveKind.ABANDON, why="uncorrected")
    await register.live_until("2026-04-09")
    assert register.status()[0] == "closed"


@pytest.mark.nightly
async def test_the_regulations_of_the_day_of_receipt_govern_to_the_end(store: Store, tmp_path: Path) -> None:
    """Received on 14 and on 15 May 2019; both are corrected in June, which starts each clock anew by its own text:
    15 working days under those of 2007 (our reading), 20 under those of 2019."""
    register = Register(store, tmp_path / "rules", "2019-01-01", "2019-05-14")
    received = [register.receive()]
    await register.live_until("2019-05-15")
    received.append(register.receive())
    old, new = (
        f"{duty}/guotu/event:foi-request-received:{reference}"
        for duty, reference in zip(("requests-2007/foi-request", "foi-2019/foi-answer"), received, strict=True)
    )
    await register.live_until("2019-05-20")
    for register.reference in received:
        register.move(MoveKind.ASK_CORRECTION, until="2019-06-15")
    await register.live_until("2019-06-10")
    assert register.status(old) == register.status(new) == ("paused", "None")
    for register.reference in received:
        register.move(MoveKind.CORRECTED)
    await register.live_until("2019-06-11")
    assert register.status(old)[1] == "2019-07-01"
    assert register.status(new)[1] == "2019-07-08"
    assert "《政府信息公开条例》第二十四条" in register.row(old).derivation
    assert "《政府信息公开条例》第三十三条" in register.row(new).derivation


async def test_the_limit_of_a_complaint_is_ours_until_the_county_adopts_it(register: Register) -> None:
    await register.live_until("2026-03-02")
    key = f"foi-2019/complaint-answer/guotu/event:complaint-received:{register.receive('complaint')}"
    await register.live_until("2026-03-25")
    assert register.status(key) == ("overdue", "2026-03-23")
    assert str(register.row(key).light) == "yellow"
    register.answer()
    await register.live_until("2026-03-26")
    assert register.status(key)[0] == "met-late"


@pytest.mark.nightly
async def test_a_delayed_answer_is_reminded_of_before_the_day_that_was_announced(register: Register) -> None:
    await register.live_until("2026-03-02")
    reference = register.receive()
    key = f"foi-2019/foi-delayed-answer/guotu/event:foi-delay-announced:{reference}"
    register.move(MoveKind.ANNOUNCE_DELAY, until="2026-03-20")
    await register.live_until("2026-03-19")
    assert register.status(key) == ("due-soon", "2026-03-20")
    assert register.told(key) == ["03-13 reminder liaison", "03-18 to-lead liaison", "03-18 to-lead lead"]
    with register.office.store.read() as tx:
        [due] = load_dues(tx, register.rulebook, [register.request()]).values()
    assert str(due.due_on) == "2026-03-20"


async def test_a_new_answer_that_was_ordered_is_pressed_until_it_is_given(register: Register) -> None:
    await register.live_until("2026-03-02")
    reference = register.receive()
    key = f"foi-2019/foi-new-answer/guotu/event:foi-again-ordered:{reference}"
    register.answer()
    register.move(MoveKind.APPEAL, remedy="review")
    await register.live_until("2026-03-03")
    register.move(MoveKind.APPEAL_RESULT, result="corrected", again="yes", until="2026-03-10")
    await register.live_until("2026-03-12")
    assert register.status(KEY)[0] == "met"
    assert register.status(key) == ("overdue", "2026-03-10")
    assert "03-11 overdue liaison" in register.told(key)
    with register.office.store.read() as tx:
        [due] = load_dues(tx, register.rulebook, [register.request()]).values()
    assert (str(due.due_on), str(due.light)) == ("2026-03-10", "red")
    register.answer()
    await register.live_until("2026-03-13")
    assert register.status(key)[0] == "met-late"


@pytest.mark.nightly
async def test_an_order_without_a_term_is_pressed_by_the_time_of_the_regulations(register: Register) -> None:
    """It is ours until the county adopts it: yellow, and never red."""
    await register.live_until("2026-03-02")
    reference = register.receive()
    key = f"foi-2019/foi-new-answer/guotu/event:foi-again-ordered-undated:{reference}"
    register.answer()
    register.move(MoveKind.APPEAL, remedy="suit")
    await register.live_until("2026-03-03")
    register.move(MoveKind.APPEAL_RESULT, result="corrected", again="yes")
    await register.live_until("2026-04-02")
    assert register.status(KEY)[0] == "met"
    assert register.status(key) == ("overdue", "2026-03-31")
    assert str(register.row(key).light) == "yellow"
    assert any("reminder" in told for told in register.told(key))
    with register.office.store.read() as tx:
        [due] = load_dues(tx, register.rulebook, [register.request()]).values()
    assert str(due.due_on) == "2026-03-31"
    register.answer()
    await register.live_until("2026-04-03")
    assert register.status(key)[0] == "met-late"
