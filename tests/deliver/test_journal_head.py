"""The head of the journal leaves the house by mail, and what the mail prints is found in the chain again."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from tests.deliver.outbox_office import Clock, folder_channel, insert_due, notice, read_mails, rules, text_of
from tests.journalled import assert_journal_holds
from tracker.deliver.run import deliver
from tracker.reports.journal_head import announce_heads
from tracker.reports.overdue import announce_overdue
from tracker.store.chain import find_hash, find_row_hash
from tracker.store.engine import Store
from tracker.store.journal import JournalEntry, append_entries

WEEK = timedelta(days=7)


def journalled(store: Store, clock: Clock) -> None:
    insert_due(store, notice())
    with store.begin() as tx:
        append_entries(tx, "sample", [JournalEntry("张三", "event.recorded", f"x/{n}") for n in range(5)], clock.now)


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


async def sent_to_office(store: Store, clock: Clock, tmp_path: Path) -> list[EmailMessage]:
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    return [mail for mail in read_mails(tmp_path) if "zwgk@example.gov.cn" in mail["To"]]


async def test_the_report_ends_with_the_head_and_verify_knows_it(store: Store, clock: Clock, tmp_path: Path) -> None:
    journalled(store, clock)
    assert announce_overdue(store, rules(), clock.now) == 1
    [mail] = await sent_to_office(store, clock, tmp_path)
    text = text_of(mail)
    assert "日志存证：截至2015年10月8日08:30，督办日志共6条，末条校验值（SHA-256）\n" in text
    [whole] = re.findall(r"^[0-9a-f]{64}$", text, re.MULTILINE)
    [short] = re.findall(r"简码(6-[0-9a-f]{16})。", text)
    assert whole in html_of(mail)
    assert short in html_of(mail)
    with store.read() as tx:
        assert find_row_hash(tx, "sample", 6) == whole
        assert find_hash(tx, "sample", short.removeprefix("6-")) == 6
        assert_journal_holds(tx, "sample")


async def test_without_a_report_the_head_goes_out_by_itself(store: Store, clock: Clock, tmp_path: Path) -> None:
    journalled(store, clock)
    for days, expected in ((0, 0), (7, 0), (8, 1), (9, 0), (15, 0), (16, 1)):
        at = clock.now + timedelta(days=days)
        assert announce_heads(store, rules(), at) == expected, days
    clock.forward(timedelta(days=20))
    found = [text_of(mail) for mail in await sent_to_office(store, clock, tmp_path)]
    [first, second] = re.findall(r"--head (\d+-[0-9a-f]{16})", "".join(found))
    with store.read() as tx:
        for told in (first, second):
            height, _, start = told.partition("-")
            assert find_hash(tx, "sample", start) == int(height)


def test_where_reports_go_out_every_week_nothing_is_added(store: Store, clock: Clock) -> None:
    journalled(store, clock)
    for number in range(4):
        announce_overdue(store, rules(), clock.now + number * WEEK)
        for days in range(7):
            assert announce_heads(store, rules(), clock.now + number * WEEK + timedelta(days=days)) == 0
