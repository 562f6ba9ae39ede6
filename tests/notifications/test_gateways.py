"""The contract of every channel that is an HTTP call, against a real server that answers well, badly or not at all."""
# ruff: noqa: E501  (a row a channel)

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from notifications.channels.base import Channel, Outgoing
from notifications.channels.http import as_json
from notifications.channels.robots import PLATFORMS
from notifications.channels.sms import Gateway, SmsChannel
from notifications.channels.webhook import ID, SIGNATURE, WebhookChannel, signature
from notifications.forms import chat_text
from notifications.render import RenderedMail
from tracker.deliver.channels import further_channel
from tracker.rulebook.schedule import FurtherChannel
from tracker.rulebook.secrets import Secret

Kinds = Literal["wecom", "dingtalk", "feishu", "sms", "webhook"]
NOW = datetime(2015, 10, 8, 0, 30, tzinfo=UTC)
TEXT = "【逾期】环保局：水环境质量状况\n“引号”、\\反斜线、{phone}、<b>&amp;"
MESSAGE = Outgoing("6d0f9d5c-0000-5000-8000-000000000001", "13800000000", "逾期1件", TEXT.encode(), NOW)


def clock() -> datetime:
    return NOW


def verify(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Whether a receiver takes the call: the signature is right and at most 5 minutes old."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    seconds = int(parts["t"])
    is_fresh = abs(now.timestamp() - seconds) <= 300
    return hmac.compare_digest(signature(secret, seconds, body), parts["v1"]) and is_fresh


def scheduled(kind: Kinds, url: str, secret: str = "", **of_gateway: Any) -> Channel:
    """The channel that the schedule names so."""
    return further_channel(FurtherChannel(kind, Secret(url), Secret(secret), **of_gateway), clock)


SMS = {
    "body": Secret('{"mobile":"{phone}","content":"{text}"}'),
    "headers": {"X-Key": Secret("k-{id}")},
    "later": ("7",),
}
#: By name: the channel at an address, an answer that means sent, one that means never, one that means later.
KINDS: dict[str, tuple[Callable[[str], Channel], object, object, object]] = {
    "wecom": (lambda url: scheduled("wecom", f"{url}/send?key=k"), {"errcode": 0, "errmsg": "ok"}, {"errcode": 93000}, {"errcode": 45009}),
    "dingtalk": (lambda url: scheduled("dingtalk", f"{url}/send?access_token=k", "s"), {"errcode": 0}, {"errcode": 310000, "errmsg": "sign not match"}, {"errcode": 130101}),
    "feishu": (lambda url: scheduled("feishu", f"{url}/hook/k", "s"), {"code": 0, "msg": "success"}, {"code": 19021, "msg": "sign match fail"}, {"code": 11232}),
    "feishu of old": (lambda url: scheduled("feishu", f"{url}/hook/k"), {"StatusCode": 0}, {"StatusCode": 1}, {"StatusCode": 9499}),
    "sms": (lambda url: scheduled("sms", f"{url}/sms?id={{id}}", **SMS), {"code": 0}, {"code": 3}, {"code": "7"}),
    "sms, nested": (lambda url: scheduled("sms", f"{url}/sms", method="GET", code="r.ok", sent=("true",)), {"r": {"ok": True}}, {"r": {"ok": False}}, None),
    "webhook": (lambda url: scheduled("webhook", f"{url}/duban", "s"), {}, None, None),
}  # fmt: skip


@dataclass
class Far:
    """The other side: what it will answer, and what it was sent."""

    answer: object = None
    status: int = 200
    raw: bytes | None = None
    hangs: bool = False
    pieces: bool = False
    asked: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    async def answers(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, dict(request.headers), await request.read()))
        if self.hangs and request.transport is not None:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b'{"errcode": 0')
            request.transport.abort()
            return response
        body = self.raw if self.raw is not None else json.dumps(self.answer).encode()
        if self.pieces:
            response = web.StreamResponse()
            await response.prepare(request)
            for one in body:
                await response.write(bytes([one]))
                await asyncio.sleep(0)
            return response
        return web.Response(status=self.status, body=body, headers={"Location": "/elsewhere"})


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
async def base(far: Far) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", far.answers)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture(params=KINDS)
async def kind(request: pytest.FixtureRequest, base: str) -> AsyncIterator[tuple[Channel, object, object, object]]:
    make, sent, never, later = KINDS[request.param]
    channel = make(base)
    yield channel, sent, never, later
    await channel.close()


Kind = tuple[Channel, object, object, object]


async def test_what_the_body_calls_sent_is_sent(kind: Kind, far: Far) -> None:
    channel, far.answer, _, _ = kind
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry, result.down) == (True, False, False)
    assert len(far.asked) == 1


async def test_an_answer_in_pieces_is_read_to_its_end(kind: Kind, far: Far) -> None:
    channel, far.answer, *_ = kind
    far.pieces = True
    assert (await channel.send(MESSAGE)).ok


@pytest.mark.parametrize("raw", ["{}".encode("utf-8-sig"), '{"msg": "提交成功"}'.encode("gbk"), b"{}\x00\r\n"])
async def test_an_answer_in_any_encoding_is_understood(kind: Kind, far: Far, raw: bytes) -> None:
    """Not understood, a short message that was sent would be sent again and again."""
    channel, sent, *_ = kind
    inside = json.dumps(sent).encode()[1:-1]
    at = raw.index(b"{") + 1
    far.raw = raw[:at] + inside + (b"," if inside and raw[at : at + 1] != b"}" else b"") + raw[at:]
    result = await channel.send(MESSAGE)
    assert result.ok, result
    assert "\x00" not in result.answer
    assert "提交成功" in result.answer or b"msg" not in raw


async def test_http_200_with_an_error_code_is_not_sent(kind: Kind, far: Far) -> None:
    channel, _, far.answer, _ = kind
    if far.answer is None:
        pytest.skip("this channel goes by the HTTP status alone")
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry) == (False, False)
    assert "HTTP 200" in result.answer


async def test_too_many_a_minute_may_go_later(kind: Kind, far: Far) -> None:
    channel, _, _, far.answer = kind
    if far.answer is None:
        pytest.skip("no such code here")
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry) == (False, True)


@pytest.mark.parametrize(
    ("status", "retry", "down", "doubtful"),
    [
        (500, True, True, False), (503, True, True, False), (429, True, True, False), (408, True, True, False),
        (502, True, True, True), (504, True, True, True),  # what stands behind the gateway may have taken it
        (400, False, False, False), (404, False, False, False), (302, False, False, False),
    ],
)  # fmt: skip
async def test_the_status_says_whether_to_try_again(
    kind: Kind, far: Far, status: int, retry: bool, down: bool, doubtful: bool
) -> None:
    channel, far.answer, _, _ = kind
    far.status = status
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry, result.down, result.doubtful) == (False, retry, down, doubtful)
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"<html>gateway</html>", b"[0]", b'{"errcode": true}', b'{"errcode": "0', b"[" * 99_999]
)
async def test_an_answer_without_a_code_is_no_success(kind: Kind, far: Far, raw: bytes) -> None:
    channel, *_ = kind
    if isinstance(channel, WebhookChannel):
        pytest.skip("this channel goes by the HTTP status alone")
    far.raw = raw
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry, result.doubtful) == (False, True, True)


async def test_a_line_cut_in_the_answer_may_have_been_sent_so_it_is_tried_again(kind: Kind, far: Far) -> None:
    channel, *_ = kind
    if isinstance(channel, WebhookChannel):
        pytest.skip("its status line said that it was taken")
    far.hangs = True
    result = await channel.send(MESSAGE)
    assert (result.ok, result.retry) == (False, True)


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_a_full_message_fits_into_a_call_with_what_json_adds(name: str) -> None:
    text = chat_text(RenderedMail("逾期", "逾期“事项”\n" * 2_000), PLATFORMS[name].max_bytes)
    _, body = PLATFORMS[name].request("https://x/?a=1", "s", text.decode(), NOW)
    assert len(text) > 15_000
    assert len(as_json(body)) <= 20_000


@pytest.mark.parametrize("name", KINDS)
async def test_nobody_there_is_no_exception_and_tells_no_key(name: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        channel = KINDS[name][0](f"http://127.0.0.1:{free.getsockname()[1]}")
        result = await channel.send(MESSAGE)
    await channel.close()
    assert (result.ok, result.retry, result.down) == (False, True, True)
    assert "key=" not in result.answer
    assert "token" not in result.answer


async def test_a_repeat_is_the_same_message(kind: Kind, far: Far) -> None:
    channel, far.answer, _, _ = kind
    await channel.send(MESSAGE)
    await channel.send(MESSAGE)
    assert far.asked[0][0] == far.asked[1][0]
    assert far.asked[0][2] == far.asked[1][2]


#: What gateways of the country answer beside a JSON object: where the code stands, and an answer to each of its values.
ANSWERS = [
    ("xml", "<returnstatus>(\\w+)</returnstatus>", "Success", "Busy",
     "<?xml version='1.0' encoding='utf-8' ?><returnsms>\n <returnstatus>{}</returnstatus>\n <message>提交</message></returnsms>"),
    ("xml with a space", r"<code>([^<]*)</code>", "03", "07", "<r><code> {} </code></r>"),
    ("a number alone", r"^\s*(-?\d+)", "0", "-7", "{}"),
    ("a number with words behind it", r"^(-?\d+)[,|]", "0", "-7", "{},提交成功"),
    ("a form", r"(?:^|&)result=(\d+)", "0", "7", "msgid=12&result={}&description=ok"),
    ("a list", "0.code", "0", "7", '[{{"code": {}, "mobile": "13800000000"}}]'),
    ("a list inside", "data.0.status", "ok", "busy", '{{"data": [{{"status": "{}"}}]}}'),
    ("json by a pattern", r'"code"\s*:\s*"?(\d+)', "0", "7", '{{"x": [], "code": "{}"}}'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "sent", "later", "answer"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
async def test_a_gateway_may_answer_as_it_likes(
    base: str, far: Far, path: str, sent: str, later: str, answer: str
) -> None:
    channel = SmsChannel(Gateway(f"{base}/sms", body="m={phone}", path=path, sent=(sent,), later=(later,)))
    said = []
    for code in (sent, "99", later):
        far.raw = answer.format(code).encode("gbk")
        result = await channel.send(MESSAGE)
        said.append((result.ok, result.retry, result.down))
    far.raw = b"<html>busy</html>"  # no answer of the gateway's own
    nothing = await channel.send(MESSAGE)
    await channel.close()
    assert said == [(True, False, False), (False, False, False), (False, True, False)]
    assert (nothing.ok, nothing.retry, nothing.down) == (False, True, True)
    assert "in the answer: HTTP 200" in nothing.answer


class TestWhatIsSaid:
    async def send(self, base: str, far: Far, name: str) -> tuple[str, Mapping[str, str], bytes]:
        make, far.answer, _, _ = KINDS[name]
        channel = make(base)
        await channel.send(MESSAGE)
        await channel.close()
        return far.asked[0]

    async def test_wecom_gets_markdown(self, base: str, far: Far) -> None:
        path, _, body = await self.send(base, far, "wecom")
        assert path == "/send?key=k"
        assert json.loads(body) == {"msgtype": "markdown", "markdown": {"content": TEXT}}

    async def test_dingtalk_gets_its_signature(self, base: str, far: Far) -> None:
        path, _, body = await self.send(base, far, "dingtalk")
        said = parse_qs(path.partition("?")[2])
        stamp = str(int(NOW.timestamp() * 1000))
        expected = base64.b64encode(hmac.new(b"s", f"{stamp}\ns".encode(), hashlib.sha256).digest()).decode()
        assert said == {"access_token": ["k"], "timestamp": [stamp], "sign": [expected]}
        assert json.loads(body) == {"msgtype": "text", "text": {"content": TEXT}}  # markdown runs lines together

    async def test_feishu_gets_its_signature(self, base: str, far: Far) -> None:
        _, _, body = await self.send(base, far, "feishu")
        stamp = str(int(NOW.timestamp()))
        expected = base64.b64encode(hmac.new(f"{stamp}\ns".encode(), b"", hashlib.sha256).digest()).decode()
        assert json.loads(body) == {
            "msg_type": "text", "content": {"text": TEXT}, "timestamp": stamp, "sign": expected,
        }  # fmt: skip

    async def test_a_gateway_gets_its_body_with_everything_escaped(self, base: str, far: Far) -> None:
        path, headers, body = await self.send(base, far, "sms")
        assert path == f"/sms?id={MESSAGE.id}"
        assert (headers["Content-Type"], headers["X-Key"]) == ("application/json", f"k-{MESSAGE.id}")
        assert json.loads(body) == {"mobile": "13800000000", "content": TEXT}

    async def test_or_as_a_form(self, base: str, far: Far) -> None:
        far.answer = {"code": 0}
        channel = SmsChannel(Gateway(f"{base}/sms", body="m={phone}&c={text}"))
        await channel.send(MESSAGE)
        await channel.close()
        assert parse_qs(far.asked[0][2].decode()) == {"m": ["13800000000"], "c": [TEXT]}

    async def test_a_webhook_is_signed_over_its_very_bytes(self, base: str, far: Far) -> None:
        _, headers, body = await self.send(base, far, "webhook")
        assert headers[ID] == MESSAGE.id
        assert body == MESSAGE.body
        assert verify("s", headers[SIGNATURE], body, NOW)
        assert not verify("s", headers[SIGNATURE], body + b" ", NOW)
        assert not verify("t", headers[SIGNATURE], body, NOW)
        assert not verify("s", headers[SIGNATURE], body, datetime(2015, 10, 8, 1, tzinfo=UTC))
