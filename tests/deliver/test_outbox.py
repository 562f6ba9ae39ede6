"""Delivery on both databases against real servers: at least once, never two at a time, never unseen."""

from __future__ import annotations

import asyncio
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

import pytest

from notifications.addresses import usable
from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from tests.deliver.outbox_office import (
    ZONE,
    Clock,
    folder_channel,
    insert_due,
    notice,
    notice_states,
    open_faults,
    parse_mail,
    read_mails,
    rules,
    select_rows,
    text_of,
)
from tracker.deliver.attempts import LEASE
from tracker.deliver.mailboxes import route
from tracker.deliver.report import DeliveryReport
from tracker.deliver.run import deliver
from tracker.store.bulletins import add_bulletin
from tracker.store.engine import Store
from tracker.store.journal import list_rows
from tracker.store.tables import messages

# -- one mail a person ---------------------------------------------------------------------------


async def test_one_mail_a_person_and_pass_with_all_that_is_due(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice("月报"), notice("季报"), notice("月报", "lead"), notice("预算", department="caizheng"))
    with folder_channel(tmp_path) as channels:
        assert await deliver(store, rules(), channels, clock) == DeliveryReport(sent=3, notices=4)
        assert await deliver(store, rules(), channels, clock) == DeliveryReport()
    found = {mail["To"].addresses[0].addr_spec: mail for mail in read_mails(tmp_path)}
    assert set(found) == {"hb@example.gov.cn", "huanbao-lead@x.cn", "cz@example.gov.cn"}
    assert found["hb@example.gov.cn"]["Subject"].startswith("【样例县政务公开督办】逾期2件：")
    assert "环保局 张三：" in text_of(found["hb@example.gov.cn"])
    assert notice_states(store) == ["sent"] * 4
    with store.read() as tx:
        assert [entry.action for entry in list_rows(tx, "sample")].count("notice.sent") == 4


async def test_the_message_id_follows_from_the_row(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice())
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    ((name, body, recipient),) = select_rows(store, messages, "id", "body", "recipient")
    assert parse_mail(body)["Message-ID"] == f"<{name}@example.gov.cn>"
    assert recipient == "hb@example.gov.cn"
    assert read_mails(tmp_path)[0].as_bytes() == parse_mail(body).as_bytes()


async def test_days_are_counted_on_the_day_it_leaves(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice())
    clock.now = datetime(2015, 10, 12, 8, 30, tzinfo=ZONE)  # 8, 9, 10 (made up) and 12 October are worked
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    assert "逾期4个工作日" in text_of(read_mails(tmp_path)[0])


async def test_a_report_is_a_mail_of_its_own(store: Store, tmp_path: Path, clock: Clock) -> None:
    totals = dict.fromkeys(("late", "overdue", "incomplete", "unjudged", "fresh", "mended", "coming"), 0)
    report = notice("report", "county-office", kind="report", title="逾期情况报告", day="2015年10月8日", since="",
                    as_of="2015年10月8日08:00",
                    totals=totals, departments=[], unjudged=[], mended=[], coming=[], dark=[])  # fmt: skip
    insert_due(store, report, notice("月报", "county-office"))
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    subjects = sorted(str(mail["Subject"]) for mail in read_mails(tmp_path))
    assert len(subjects) == 2
    assert any("逾期情况报告（2015年10月8日）：无逾期事项" in subject for subject in subjects)


async def test_a_numbered_report_goes_with_the_paper_that_was_kept(store: Store, tmp_path: Path, clock: Clock) -> None:
    totals = dict.fromkeys(("late", "overdue", "incomplete", "unjudged", "fresh", "mended", "coming"), 0)
    report = notice("report", "county-office", kind="report", title="政务公开督办专报", day="2015年10月8日", since="",
                    as_of="2015年10月8日8时", bulletin=[2015, 3], recipient="王县长",
                    totals=totals, departments=[], unjudged=[], mended=[], coming=[], dark=[])  # fmt: skip
    insert_due(store, report)
    with store.begin() as tx:
        add_bulletin(tx, "sample", 2015, 3, subject="report", title="专报第3期", docx=b"as sent", now=clock.now)
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(), channels, clock)
    (mail,) = read_mails(tmp_path)
    files = {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}
    assert files.pop("专报第3期.docx") == b"as sent"
    assert list(files) == ["逾期台账（2015年10月8日）.xlsx"]
    assert "政务公开督办专报第3期（2015年10月8日）：无逾期事项" in str(mail["Subject"])
    assert "本期专报见附件，请审签后报送王县长。" in text_of(mail)


# -- nobody to write to --------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "not an address", "a@x.cn, b@x.cn", "a@x.cn\nBcc: b@x.cn"])
async def test_a_vacant_role_goes_to_the_next_role_and_says_so(
    store: Store, tmp_path: Path, clock: Clock, address: str
) -> None:
    insert_due(store, notice("月报"), notice("季报", "lead"))
    with folder_channel(tmp_path) as channels:
        await deliver(store, rules(huanbao=address), channels, clock)
        assert open_faults(store) == ["recipient:liaison:huanbao"]
        (mail,) = read_mails(tmp_path)
        assert mail["To"].addresses[0].addr_spec == "huanbao-lead@x.cn"
        assert text_of(mail).count("原应发环保局联络员，因未登记有效邮箱，改发环保局负责人") == 1
        insert_due(store, notice("年报"))
        await deliver(store, rules(), channels, clock)
    assert open_faults(store) == []


ROLES = {
    "the liaison": ("liaison", {}, "hb@example.gov.cn"),
    "no liaison: the lead": ("liaison", {"huanbao": ""}, "huanbao-lead@x.cn"),
    "neither: the county office": ("liaison", {"huanbao": "", "lead": ""}, "zwgk@example.gov.cn"),
    "nor that: the supervisor": ("liaison", {"huanbao": "", "lead": "", "office": ""}, "dc@example.gov.cn"),
    "no lead: the county office, not the liaison": ("lead", {"lead": ""}, "zwgk@example.gov.cn"),
    "no county office: the supervisor": ("county-office", {"office": ""}, "dc@example.gov.cn"),
    "no supervisor: the county office": ("supervisor", {"supervisor": ""}, "zwgk@example.gov.cn"),
    "a role that is not filled: the county office": ("mayor", {}, "zwgk@example.gov.cn"),
    "nobody at all": ("lead", {"lead": "", "office": "", "supervisor": ""}, None),
}


@pytest.mark.parametrize(("role", "addresses", "expected"), ROLES.values(), ids=ROLES)
def test_who_is_written_to_instead(role: str, addresses: dict[str, str], expected: str | None) -> None:
    county = rules(**({"supervisor": "dc@example.gov.cn"} | addresses)).rulebooks[0].county
    box = route(county, role, "huanbao")
    assert (box.address if box else None) == expected
    out = {mail for mail in ("hb@example.gov.cn",) if role == "liaison" and not addresses}
    failed = route(county, role, "huanbao", out)
    assert (failed.address if failed else None) == ("huanbao-lead@x.cn" if out else expected)


def test_a_county_in_shadow_and_what_is_for_the_office_alone_stay_with_it() -> None:
    county = rules(huanbao="", office="", supervisor="dc@example.gov.cn").rulebooks[0].county
    assert route(county, "county-office", "", office_only=True) is None
    assert route(county, "county-office", "") is not None


async def test_what_is_for_the_office_alone_waits_for_its_address(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice(role="county-office", kind="decide"))
    with folder_channel(tmp_path) as channels:
        no_office = rules(office="", supervisor="dc@example.gov.cn")
        assert await deliver(store, no_office, channels, clock) == DeliveryReport(unaddressed=1)
        assert (await deliver(store, rules(), channels, clock)).sent == 1


async def test_whoever_reads_for_another_too_is_told_of_a_matter_once(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    insert_due(store, notice("月报", step="to-lead"), notice("月报", "lead", step="to-lead"))
    with folder_channel(tmp_path) as channels:
        report = await deliver(store, rules(huanbao=""), channels, clock)
    assert (report.sent, report.notices) == (1, 2)
    assert "逾期1件" in str(read_mails(tmp_path)[0]["Subject"])


async def test_without_any_address_nothing_is_lost(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice())
    nobody = dict.fromkeys(("huanbao", "lead", "office"), "")
    with folder_channel(tmp_path) as channels:
        assert await deliver(store, rules(**nobody), channels, clock) == DeliveryReport(unaddressed=1)
        assert notice_states(store) == ["due"]
        assert open_faults(store) == ["recipient:liaison:huanbao"]
        assert (await deliver(store, rules(), channels, clock)).sent == 1


@pytest.mark.parametrize("address", ["a@b", "zhang.san+1@example.gov.cn", "张三@example.gov.cn", "zs@样例.中国"])
def test_addresses_that_can_be_written_to(address: str) -> None:
    assert usable(address)


# -- two at once, and death between claim and record ---------------------------------------------


async def test_two_deliverers_never_send_the_same(store: Store, store_url: str, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, *(notice(f"事项{n}", department=who) for n in range(6) for who in ("huanbao", "caizheng")))
    with Store(store_url) as other, folder_channel(tmp_path / "a") as first, folder_channel(tmp_path / "b") as second:
        reports = await asyncio.gather(deliver(store, rules(), first, clock), deliver(other, rules(), second, clock))
    assert sum(one.sent for one in reports) == 2
    assert sum(one.notices for one in reports) == 12
    assert len(read_mails(tmp_path / "a")) + len(read_mails(tmp_path / "b")) == 2


async def test_where_nothing_is_due_no_writer_is_waited_for(sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    """Somebody else writes all the while."""
    with Store(sqlite_url) as writer, writer.begin(), Store(sqlite_url) as store, folder_channel(tmp_path) as channels:
        report = await deliver(store, rules(), channels, clock)
    assert not any(astuple(report))


class Hanging:
    """A channel whose other side never answers: the sender dies while it waits."""

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> SendResult:
        self.sent.append(message)
        self.reached.set()
        await asyncio.Event().wait()
        raise AssertionError("never answered")

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_sender_that_died_is_followed_under_the_same_message_id(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    insert_due(store, notice())
    dying = Hanging()
    task = asyncio.create_task(deliver(store, rules(), {"mail": dying}, clock))
    await dying.reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with folder_channel(tmp_path) as channels:
        assert await deliver(store, rules(), channels, clock) == DeliveryReport()  # the lease still runs
        clock.forward(LEASE)
        assert (await deliver(store, rules(), channels, clock)).sent == 1
    (mail,) = read_mails(tmp_path)
    assert mail["Message-ID"] == parse_mail(dying.sent[0].body)["Message-ID"]
    assert notice_states(store) == ["sent"]


def test_a_report_of_nothing_has_no_progress_and_lacks_nothing() -> None:
    report = DeliveryReport()
    assert (report.has_progress, report.is_complete) == (False, True)
    assert str(report) == "0 messages sent (0 notices), 0 to be tried again, 0 failed"
