"""Mails that came back, from a real IMAP server: found again, told to the next role, taken in once."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa

from notifications.bounces import Bounce, bounce_of
from notifications.returned import MailboxError, MailboxSettings, opened
from tests.deliver.outbox_office import (
    Clock,
    folder_channel,
    insert_due,
    notice,
    notice_states,
    open_faults,
    read_mails,
    rules,
    select_rows,
    text_of,
)
from tests.imap_server import ImapServer, serving_imap
from tests.journalled import assert_journal_holds
from tracker.core.values.verdicts import Light, Status
from tracker.deliver.bounces import read_bounces
from tracker.deliver.run import deliver
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Bounces
from tracker.rulebook.secrets import Secret
from tracker.store import journal
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.tables import messages, notices, occurrences

CRLF = b"\r\n"


def returned(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    headers_only: bool = False,
    diagnostic: bool = True,
) -> bytes:
    """A notification as a mail server of another office sends it."""
    original = f"From: duban@example.gov.cn\r\nMessage-ID: {message_id}\r\nSubject: =?utf-8?b?6YC+5pyf?=\r\n\r\n"
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    lines = [
        "From: MAILER-DAEMON@mail.example.gov.cn", "To: duban@example.gov.cn", "Subject: Undelivered Mail",
        "MIME-Version: 1.0", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain; charset=utf-8", "", "无法投递。", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example.gov.cn", "",
        "Final-Recipient: rfc822; hb@example.gov.cn", f"Action: {action}", f"Status: {status}",
        *(["Diagnostic-Code: smtp; 550 5.1.1 no such", " user here"] if diagnostic else []), "",
        "--b", f"Content-Type: {kind}", "", original, "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


NO_USER = Bounce("m-1", "hb@example.gov.cn", "550 5.1.1 no such user here")
READ = {
    "a failure with the whole mail": (returned("<m-1@x.cn>"), NO_USER),
    "a failure with its headers": (
        returned("<m-1@x.cn>", headers_only=True), NO_USER
    ),
    "given up after days": (
        returned("<m-1@x.cn>", status="4.4.7", diagnostic=False), Bounce("m-1", "hb@example.gov.cn", "status 4.4.7")
    ),
    "a name that no database takes": (returned("<m-1\0@x.cn>"), None),
    "words that no database takes": (
        returned("<m-1@x.cn>").replace(b"such user", b"such\0user"), NO_USER
    ),
    "only delayed": (returned("<m-1@x.cn>", action="delayed", status="4.4.1"), None),
    "a confirmation": (returned("<m-1@x.cn>", action="delivered", status="2.0.0"), None),
    "names no mail": (returned(""), None),
    "a person's answer": (b"From: a@x.cn\r\nSubject: Re\r\n\r\nhello", None),
    "no mail at all": (b"\x00\xff\xfe", None),
    "nothing": (b"", None),
    "cut in the middle": (returned("<m-1@x.cn>")[:420], None),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), READ.values(), ids=READ)
def test_what_a_returned_mail_says(raw: bytes, expected: Bounce | None) -> None:
    assert bounce_of(raw) == expected


def with_mailbox(box: MailboxSettings) -> Loaded:
    loaded = rules()
    bounces = Bounces(
        box.host,
        Secret(box.user),
        Secret(box.password),
        port=box.port,
        tls=box.tls,
        folder=box.folder,
        timeout=timedelta(seconds=5),
    )
    delivery = replace(loaded.schedule.delivery, bounces=bounces)
    return replace(loaded, schedule=replace(loaded.schedule, delivery=delivery))


async def sent(store: Store, tmp_path: Path, clock: Clock) -> str:
    """One mail to the liaison that was taken; its Message-ID."""
    insert_due(store, notice("月报"), notice("季报"))
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, rules(), channels, clock)).sent == 1
    (mail,) = read_mails(tmp_path)
    (tmp_path / "mails" / next((tmp_path / "mails").iterdir()).name).unlink()
    return str(mail["Message-ID"])


async def test_a_mail_that_came_back_goes_to_the_next_role_once(store: Store, tmp_path: Path, clock: Clock) -> None:
    server = ImapServer()
    name = await sent(store, tmp_path, clock)
    answer = server.put(b"From: a@x.cn\r\nSubject: Re\r\n\r\nhello")
    server.put(returned(name))
    server.put(returned("<00000000-0000-0000-0000-000000000000@elsewhere.cn>"))
    async with serving_imap(server) as box:
        loaded = with_mailbox(box)
        assert await asyncio.to_thread(read_bounces, store, loaded, clock) == 1
        server.mails[2].flags.clear()  # as if we had died before it was marked
        assert await asyncio.to_thread(read_bounces, store, loaded, clock) == 0
    assert "\\Seen" in server.mails[2].flags
    assert answer.flags == set()  # what people wrote is theirs to read
    assert select_rows(store, messages, "state") == [("bounced",)]
    assert open_faults(store) == ["mailbox:hb@example.gov.cn"]
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, loaded, channels, clock)).sent == 2
    told = {mail["To"].addresses[0].addr_spec: text_of(mail) for mail in read_mails(tmp_path)}
    assert "原应发环保局联络员" in told["huanbao-lead@x.cn"]
    assert "550 5.1.1 no such user here" in told["zwgk@example.gov.cn"]
    with store.read() as tx:
        assert len(journal.list_rows(tx, "sample", action="notice.bounced")) == 2
        assert_journal_holds(tx, "sample")


async def test_a_returned_mail_that_somebody_opened_is_taken_in_too(store: Store, tmp_path: Path, clock: Clock) -> None:
    """The clerk looks into the mailbox with another program, which marks what they open."""
    server, known = ImapServer(), set[str]()
    server.put(returned(await sent(store, tmp_path, clock))).flags.add("\\Seen")
    server.put(b"From: postmaster@x.cn\r\nSubject: welcome\r\n\r\nYour mailbox is ready.\r\n").flags.add("\\Seen")
    server.put(b"From: a@x.cn\r\nSubject: Re\r\n\r\nhello").flags.add("\\Seen")
    async with serving_imap(server) as box:
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock, None, known) == 1
        fetched = server.commands.count("FETCH")
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock, None, known) == 0
        assert server.commands.count("FETCH") == fetched  # nothing is looked into again
    assert select_rows(store, messages, "state") == [("bounced",)]


async def test_what_the_database_did_not_take_is_taken_in_at_the_next_pass(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    server = ImapServer()
    server.put(returned(await sent(store, tmp_path, clock)))

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE messages"):
            raise sa.exc.OperationalError(statement, None, Exception("database or disk is full"))

    async with serving_imap(server) as box:
        sa.event.listen(store.engine, "before_cursor_execute", refuse)
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock) == 0
        sa.event.remove(store.engine, "before_cursor_execute", refuse)
        assert server.mails[1].flags == set()
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock) == 1
    assert server.mails[1].flags == {"\\Seen"}


async def test_what_a_mail_told_of_is_decided_again_after_a_bounce(store: Store, tmp_path: Path, clock: Clock) -> None:
    server = ImapServer()
    server.put(returned(await sent(store, tmp_path, clock)))
    with store.begin() as tx:
        subjects = tx.execute(sa.select(notices.c.subject).distinct()).scalars().all()
        upsert_occurrences(tx, [standing(subject, clock()) for subject in subjects])
    async with serving_imap(server) as box:
        await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock)
    assert set(select_rows(store, occurrences, "next_at")) == {(clock(),)}
    assert notice_states(store) == ["due", "due", "due"]


def standing(key: str, now: datetime) -> OccurrenceRow:
    """A row of which time alone changes nothing."""
    county, pack, duty, department, label = key.split("/")
    return OccurrenceRow(
        key=key, county=county, pack=pack, duty=duty, department=department, label=label, opens_on=None, due_on=None,
        due_at=None, status=Status.OVERDUE, light=Light.RED, reason="", rulebook="", calendar="", created_at=now,
        updated_at=now,
    )  # fmt: skip


async def test_a_mailbox_that_cannot_be_read_is_a_fault_and_heals(store: Store, tmp_path: Path, clock: Clock) -> None:
    await sent(store, tmp_path, clock)
    server = ImapServer()
    async with serving_imap(server) as box:
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(replace(box, password="wrong")), clock) == 0
        assert open_faults(store) == ["channel:bounces"]
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(replace(box, password="密码")), clock) == 0
        assert await asyncio.to_thread(read_bounces, store, with_mailbox(replace(box, folder="退信")), clock) == 0
        assert open_faults(store) == ["channel:bounces"]
        await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock)
    assert open_faults(store) == []
    assert await asyncio.to_thread(read_bounces, store, with_mailbox(box), clock) == 0  # nobody listens any more
    assert open_faults(store) == ["channel:bounces"]


async def test_a_server_that_wants_to_know_who_asks() -> None:
    server = ImapServer(wary=True)
    server.put(returned("<m-1@x.cn>"))
    async with serving_imap(server) as box:
        assert await asyncio.to_thread(unread, box) == ["1"]


async def test_what_else_a_postmaster_writes_stays_unread() -> None:
    server = ImapServer()
    server.put(b"From: postmaster@x.cn\r\nSubject: welcome\r\n\r\nYour mailbox is ready.\r\n")
    server.put(b"From: postmaster@x.cn\r\nSubject: failure\r\n\r\n550 no\r\nMessage-ID: <m-1@x.cn>\r\n")
    async with serving_imap(server) as box:
        assert await asyncio.to_thread(unread, box) == ["2"]


def unread(box: MailboxSettings) -> list[str]:
    with opened(box) as found:
        return [number for number, _ in found.unread(datetime(2015, 10, 1).date())]


async def test_a_folder_of_any_script() -> None:
    server = ImapServer(folder="&kABP4Q-&-a")
    server.put(returned("<m-1@x.cn>"))
    async with serving_imap(server) as box:
        assert await asyncio.to_thread(unread, replace(box, folder="退信&a")) == ["1"]


@pytest.mark.parametrize("beginning", [b"", b"* OK ready\r\n"])
@pytest.mark.parametrize("tls", ["none", "implicit"])
async def test_a_server_that_trickles_holds_nobody_for_long(tls: Literal["none", "implicit"], beginning: bytes) -> None:
    """Each byte comes in time, and the line never ends."""

    ended = asyncio.Event()

    async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        with contextlib.suppress(OSError):
            while True:
                writer.write(b"*")
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.close()
        ended.set()

    listening = await asyncio.start_server(trickle, "127.0.0.1", 0)
    box = MailboxSettings("127.0.0.1", "u", "p", listening.sockets[0].getsockname()[1], tls, timeout=0.2)
    with pytest.raises(MailboxError, match="not finished within 1 seconds" if tls == "none" else r"127\.0\.0\.1"):
        await asyncio.to_thread(unread, box)
    listening.close()
    await ended.wait()


def test_nothing_that_listens_there() -> None:
    with (
        pytest.raises(MailboxError, match=r"127\.0\.0\.1:9"),
        opened(MailboxSettings("127.0.0.1", "u", "p", 9, "none")),
    ):
        pass


def test_the_sample_is_a_mail() -> None:
    assert message_from_bytes(returned("<m-1@x.cn>")).get_content_type() == "multipart/report"
