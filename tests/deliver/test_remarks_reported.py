"""The overdue report tells the county office once of steps of requests that were late or contrary to the law."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

from tests.deliver.outbox_office import Clock, folder_channel, insert_due, notice, read_mails, rules, text_of
from tracker.core.requests.values import Move, MoveKind, Remark, Request
from tracker.deliver.run import deliver
from tracker.reports.overdue import announce_overdue
from tracker.store.engine import Store
from tracker.store.requests import add_move, add_request

WEEK = timedelta(days=7)
LATE = Remark("late", "《政府信息公开条例》第二十四条", "2015年9月30日答复，答复期限已于2015年9月23日届满")


def record(store: Store, clock: Clock) -> None:
    """A request answered late, and one whose late answer was entered by mistake."""
    day = date(2015, 9, 1)
    with store.begin() as tx:
        for number in (1, 2):
            request = add_request(
                tx,
                Request(
                    0, "sample", "request", "huanbao", 2015, number, "huanbao", "in-person", day, day, "natural", "x",
                    created_at=clock.now, created_by="王",
                ),
            )  # fmt: skip
            withdrawn_at = clock.now if number == 2 else None
            add_move(tx, Move(0, request.id, 0, MoveKind.ANSWER, day, clock.now, "王", remarks=(LATE,),
                              withdrawn_at=withdrawn_at))  # fmt: skip


async def last_report(store: Store, clock: Clock, tmp_path: Path) -> str:
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    mails: list[EmailMessage] = [mail for mail in read_mails(tmp_path) if "zwgk@example.gov.cn" in mail["To"]]
    return text_of(mails[-1])


async def test_the_office_is_told_once(store: Store, clock: Clock, tmp_path: Path) -> None:
    insert_due(store, notice())
    record(store, clock)
    announce_overdue(store, rules(), clock.now)
    text = await last_report(store, clock, tmp_path / "first")
    assert "、依申请公开办理步骤逾期或者不合规定的情况\n" in text
    assert text.count(f"环保局：2015-huanbao-1，{LATE.text}（{LATE.provision}）") == 1
    assert "2015-huanbao-2" not in text
    clock.forward(WEEK)
    announce_overdue(store, rules(), clock.now)
    assert "依申请公开办理步骤" not in await last_report(store, clock, tmp_path / "second")
