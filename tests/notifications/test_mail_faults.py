"""Every step of the dialogue with a mail server, and every way in which it can go wrong there."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.channels.base import Outgoing, SendResult
from notifications.channels.mail import MailChannel, SmtpSettings
from notifications.compose import Envelope, compose
from notifications.render import RenderedMail
from tests.scripted_smtp import Scripted, scripted
from tests.smtp_server import SENDER, Catcher, serving

NOW = datetime(2015, 10, 8, 8, 30, tzinfo=UTC)
SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin") or ""


def outgoing(name: str = "m-1", to: str = "hb@example.gov.cn") -> Outgoing:
    body = compose(name, Envelope(SENDER, to), RenderedMail("逾期1件", "正文：逾期。\n", "<p>逾期</p>"), NOW)
    return Outgoing(name, to, "逾期1件", body, NOW)


async def send(settings: SmtpSettings, *messages: Outgoing) -> list[SendResult]:
    channel = MailChannel(settings)
    try:
        return [await channel.send(message) for message in messages or (outgoing(),)]
    finally:
        await channel.close()


LATER, DOWN, FINAL = (True, False, False), (True, True, False), (False, False, False)
MAYBE = (True, False, True)
#: Step, what happens there, and (retry, down, doubtful).
FAULTS = [
    ("greeting", "drop", DOWN),
    ("greeting", "stall", DOWN),
    ("greeting", "421 not now", DOWN),
    ("greeting", "554 no", DOWN),
    ("ehlo", "drop", DOWN),
    ("ehlo", "stall", DOWN),
    ("ehlo", "421 not now", DOWN),
    ("mail", "drop", DOWN),
    ("mail", "stall", DOWN),
    ("mail", "trickle", DOWN),
    ("mail", "421 not now", DOWN),
    ("mail", "451 later", DOWN),
    ("mail", "550 not you", DOWN),
    ("rcpt", "drop", LATER),
    ("rcpt", "stall", LATER),
    ("rcpt", "421 not now", DOWN),
    ("rcpt", "451 later", LATER),
    ("rcpt", "550 nobody", FINAL),
    ("rcpt", "550 5.7.1 relaying denied", LATER),
    ("mail", "552 too large", LATER),
    ("data", "drop", MAYBE),
    ("data", "stall", MAYBE),
    ("data", "421 not now", DOWN),
    ("data", "451 later", LATER),
    ("data", "550 no", LATER),
    ("body", "drop", MAYBE),
    ("body", "stall", MAYBE),
    ("body", "trickle", MAYBE),
    ("body", "421 not now", DOWN),
    ("body", "451 later", LATER),
    ("body", "554 spam", LATER),
    ("body", "552 5.2.2 full", FINAL),
    ("rcpt", "gibberish", LATER),
    ("rcpt", "999 what", LATER),
    ("data", "gibberish", MAYBE),
    ("data", "250 already", MAYBE),
    ("body", "gibberish", MAYBE),
    ("body", "251 elsewhere", MAYBE),
    ("body", "354 go on", MAYBE),
    ("body", "999 what", MAYBE),
    ("body", "-12 what", MAYBE),
    ("body", "flood", MAYBE),
]


@pytest.mark.parametrize(("at", "how", "expected"), FAULTS, ids=[f"{at}: {how}" for at, how, _ in FAULTS])
async def test_a_fault_at_each_step(at: str, how: str, expected: tuple[bool, bool, bool]) -> None:
    await see_fault(Scripted(at, how), at, how, expected)


ENVELOPE = [fault for fault in FAULTS if fault[0] in ("mail", "rcpt", "data", "body")]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("at", "how", "expected"), ENVELOPE, ids=[f"{at}: {how}" for at, how, _ in ENVELOPE])
async def test_the_same_where_the_commands_are_written_together(
    at: str, how: str, expected: tuple[bool, bool, bool]
) -> None:
    await see_fault(Scripted(at, how, offers="PIPELINING"), at, how, expected)


async def see_fault(server: Scripted, at: str, how: str, expected: tuple[bool, bool, bool]) -> None:
    async with scripted(server) as settings:
        (result,) = await send(settings)
    assert not result.ok
    assert (result.retry, result.down, result.doubtful) == expected
    if how[0] in "45":
        assert how in result.answer
    assert result.unacceptable is (expected == LATER and how[0] == "5")
    assert result.unanswered is (not result.down and how[:1] not in ("4", "5"))
    if server.taken and not how[0].isdigit():
        assert result.doubtful  # what the server has, we never take for lost


@pytest.mark.parametrize("how", ["stall", "220 go on"], ids=["no reply", "no handshake"])
async def test_a_server_that_hangs_at_starttls_is_down(how: str) -> None:
    server = Scripted("starttls", how)
    async with scripted(server) as settings:
        (result,) = await send(replace(settings, host="localhost", tls="starttls"))
    assert (result.retry, result.down, result.doubtful) == DOWN


async def test_a_late_reply_is_not_taken_for_that_of_the_next_mail() -> None:
    """After nonsense nobody knows which reply belongs to which command: the connection is given up."""
    server = Scripted("body", "gibberish")
    async with scripted(server) as settings:
        first, second = await send(settings, outgoing("m-1"), outgoing("m-2"))
    assert first.doubtful
    assert second.doubtful
    assert len(server.talks) == 2


async def test_a_mail_that_was_refused_leaves_nothing_of_itself_to_the_next_one() -> None:
    """Written together, DATA is answered after the refusal: a server that then wants the text gets none."""
    server = Scripted("rcpt", "550 nobody", offers="PIPELINING")
    async with scripted(server) as settings:
        results = await send(settings, outgoing("m-1"), outgoing("m-2"))
    assert [(one.ok, one.retry, one.answer) for one in results] == [(False, False, "550 nobody")] * 2
    assert (server.taken, len(server.talks)) == (0, 2)
    async with sink("-f", "RCPT") as settings:
        results = await send(settings, outgoing("m-1"), outgoing("m-2"))
    assert [one.unacceptable for one in results] == [True, True]


@pytest.mark.parametrize("offers", ["HELP", "PIPELINING"])
async def test_a_reply_that_nobody_asked_for_is_not_taken_for_that_of_the_next_mail(offers: str) -> None:
    server = Scripted("body", "250 taken\r\n250 taken again", offers=offers)
    async with scripted(server) as settings:
        results = await send(settings, outgoing("m-1"), outgoing("m-2"))
    assert [one.ok for one in results] == [True, True]
    assert (server.taken, len(server.talks)) == (2, 2)


async def test_a_line_that_is_a_dot_does_not_end_the_mail() -> None:
    catcher = Catcher()
    body = b"Subject: x\r\n\r\n.\r\n..\r\nend"
    async with serving(catcher) as settings:
        assert (await send(settings, Outgoing("m-1", "hb@example.gov.cn", "x", body, NOW)))[0].ok
    assert catcher.taken[0].content == body + b"\r\n"


@pytest.mark.parametrize(
    ("step", "said"), [("body", "250 邮件已接收"), ("rcpt", "550 用户不存在"), ("rcpt", "451 稍后\0")]
)
async def test_an_answer_in_the_encoding_of_the_country_can_be_kept_and_read(step: str, said: str) -> None:
    async with scripted(Scripted(step, said, encoding="gbk")) as settings:
        (result,) = await send(settings)
    assert said[4:].strip("\0") in result.answer
    assert result.answer.encode()
    assert "\0" not in result.answer


async def test_a_kept_connection_that_the_server_has_closed_costs_no_mail() -> None:
    """Servers take so many mails on one connection, or close it after a while."""
    catcher = Catcher()
    async with serving(catcher) as settings:
        channel = MailChannel(settings)
        assert (await channel.send(outgoing("m-1"))).ok
        catcher.answers["mail"] = "421 enough on this connection"
        lost = await channel.send(outgoing("m-2"))
        assert (lost.ok, lost.retry, lost.down) == (False, True, True)  # the fresh one was refused too
        catcher.answers.clear()
        assert (await channel.send(outgoing("m-2"))).ok
        channel._idle[0].close()
        assert (await channel.send(outgoing("m-3"))).ok
        await channel.close()
    assert len(catcher.taken) == 3


async def test_an_address_of_any_script_needs_a_server_that_takes_it() -> None:
    catcher = Catcher()
    async with serving(catcher, enable_SMTPUTF8=True) as settings:
        results = await send(settings, outgoing("m-1", "张三@example.gov.cn"), outgoing("m-2", "zs@样例.中国"))
    assert [one.ok for one in results] == [True, True]
    assert [one.rcpt_tos for one in catcher.taken] == [["张三@example.gov.cn"], ["zs@xn--fsq541d.xn--fiqs8s"]]
    async with serving(catcher, enable_SMTPUTF8=False) as settings:
        one, other = await send(settings, outgoing("m-1", "张三@example.gov.cn"), outgoing("m-2", "zs@样例.中国"))
    assert (one.ok, one.retry) == (False, False)
    assert "SMTPUTF8" in one.answer
    assert other.ok


@asynccontextmanager
async def sink(*options: str) -> AsyncIterator[SmtpSettings]:
    """Postfix's smtp-sink with these options."""
    if not SINK:
        pytest.skip("smtp-sink is not installed (Debian: postfix)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = await asyncio.create_subprocess_exec(SINK, *user, *options, f"127.0.0.1:{port}", "100")
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                assert process.returncode is None
                continue
            writer.close()
            break
        yield SmtpSettings("127.0.0.1", SENDER, port, "none", timeout=2)
    finally:
        process.kill()
        await process.wait()


SINKS = {
    "takes it": ((), None),
    "hangs up at EHLO": (("-q", "EHLO,HELO"), DOWN),
    "hangs up at MAIL": (("-q", "MAIL"), DOWN),
    "hangs up at RCPT": (("-q", "RCPT"), LATER),
    "hangs up at DATA": (("-q", "DATA"), MAYBE),
    "hangs up at the end of the data": (("-q", "."), MAYBE),
    "4xx for EHLO and HELO": (("-r", "EHLO,HELO"), DOWN),
    "5xx for EHLO, not for HELO": (("-f", "EHLO"), None),
    "4xx for our sender": (("-r", "MAIL"), DOWN),
    "5xx for our sender": (("-f", "MAIL"), DOWN),
    "4xx before the data": (("-r", "DATA"), LATER),
    "5xx before the data": (("-f", "DATA"), LATER),
    "4xx for recipients": (("-r", "RCPT"), LATER),
    "5xx for recipients, of its own system": (("-f", "RCPT"), LATER),
    "4xx at the end of the data": (("-r", "."), LATER),
    "5xx at the end of the data": (("-f", "."), LATER),
}


@pytest.mark.parametrize(("options", "expected"), SINKS.values(), ids=SINKS)
async def test_against_smtp_sink(options: tuple[str, ...], expected: tuple[bool, bool, bool] | None) -> None:
    async with sink(*options) as settings:
        (result,) = await send(settings)
    assert result.ok is (expected is None), result
    assert expected is None or (result.retry, result.down, result.doubtful) == expected
