"""What every channel promises, whichever it is: one suite for all, each against its real other side."""

from __future__ import annotations

import io
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import web

from notifications.channels.base import Channel, Outgoing
from notifications.channels.folder import FolderChannel
from notifications.channels.mail import MailChannel, SmtpSettings
from notifications.channels.stdout import StdoutChannel
from tests.notifications.test_gateways import KINDS, Far
from tests.notifications.test_mail_faults import outgoing
from tests.smtp_server import SENDER, Catcher, serving

NAMES = ("mail", "folder", "stdout", *KINDS)


@dataclass
class Both:
    """A channel and what its other side has got, in order."""

    channel: Channel
    got: Callable[[], list[bytes]]


@pytest.fixture(params=NAMES)
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    name = request.param
    async with AsyncExitStack() as stack:
        if name == "mail":
            catcher = Catcher()
            settings = await stack.enter_async_context(serving(catcher))
            yield Both(MailChannel(settings), lambda: [bytes(one.content or b"") for one in catcher.taken])
        elif name == "folder":
            folder = tmp_path / "mails"
            yield Both(FolderChannel(folder), lambda: [one.read_bytes() for one in sorted(folder.glob("*.eml"))])
        elif name == "stdout":
            stream = io.StringIO()
            yield Both(StdoutChannel(stream), lambda: [one.encode() for one in stream.getvalue().split("To: ")[1:]])
        else:
            make, answer, *_ = KINDS[name]
            far = Far(answer)
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", far.answers)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            channel = make(f"http://127.0.0.1:{runner.addresses[0][1]}")
            yield Both(channel, lambda: [path.encode() + body for path, _, body in far.asked])


async def test_it_says_what_it_carries_and_how_much(both: Both) -> None:
    assert both.channel.form in ("mail", "chat", "sms", "json")
    assert both.channel.max_bytes >= 600  # a short message of 200 characters
    await both.channel.close()


async def test_what_is_taken_is_said_to_be_and_has_arrived_once(both: Both) -> None:
    result = await both.channel.send(outgoing())
    await both.channel.close()
    assert (result.ok, result.retry, result.down, result.doubtful) == (True, False, False, False)
    assert result.answer or isinstance(both.channel, StdoutChannel)
    assert len(both.got()) == 1


async def test_a_repeat_is_recognisable_as_the_same(both: Both) -> None:
    for _ in range(2):
        assert (await both.channel.send(outgoing())).ok
    await both.channel.close()
    assert len(set(both.got())) == 1


async def test_two_messages_arrive_as_two_in_their_order(both: Both) -> None:
    first, second = outgoing("m-1"), outgoing("m-2", "cz@example.gov.cn")
    second = replace(second, subject="第二件")
    for one in (first, second):
        assert (await both.channel.send(one)).ok
    await both.channel.close()
    assert len(both.got()) == 2


async def test_it_may_be_closed_unused_and_twice(both: Both) -> None:
    await both.channel.close()
    await both.channel.close()
    assert both.got() == []


def unreachable(name: str, port: int, tmp_path: Path) -> Channel:
    if name == "mail":
        return MailChannel(SmtpSettings("127.0.0.1", SENDER, port, "none", timeout=1))
    if name == "folder":
        (tmp_path / "file").write_text("no folder")
        return FolderChannel(tmp_path / "file")
    return KINDS[name][0](f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("name", [one for one in NAMES if one != "stdout"])
async def test_with_nobody_there_it_raises_nothing_and_asks_for_another_try(name: str, tmp_path: Path) -> None:
    message: Outgoing = outgoing()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: refused
        channel = unreachable(name, taken.getsockname()[1], tmp_path)
        result = await channel.send(message)
        await channel.close()
    assert (result.ok, result.retry, result.down) == (False, True, True)
    assert result.answer
