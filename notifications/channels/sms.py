"""Short messages through a gateway's HTTP call, as the schedule describes it: what is sent is what the body says."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import re2

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.http import Caller, Reply, parsed


@dataclass(frozen=True, slots=True)
class Gateway:
    """`url`, `body` and the values of `headers` may hold `{phone}`, `{text}` and `{id}`.

    They are put in as the place demands: percent-encoded in the URL and in a form's body, escaped in JSON.
    `path`: where the answer's code stands: a dotted path into JSON (`0.code`: of a list's first member), or, where it
    holds a parenthesis, an RE2 pattern over the body as it came, whose first group is the code. `sent`: its values
    for success; `later`: those worth another try.
    """

    url: str
    method: str = "POST"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: str = "code"
    sent: Collection[str] = ("0",)
    later: Collection[str] = ()


class SmsChannel:
    """One gateway. A repeat carries the same id, by which a gateway that knows ids can tell it."""

    form: MessageForm = "sms"
    max_bytes = 1_000

    def __init__(self, gateway: Gateway, timeout: float = 15.0) -> None:
        self._gateway = gateway
        self._caller = Caller(timeout)

    async def send(self, message: Outgoing) -> SendResult:
        said = {"phone": message.recipient, "text": message.body.decode("utf-8", "replace"), "id": message.id}
        gateway = self._gateway
        url = _filled(gateway.url, {name: quote_plus(value) for name, value in said.items()})
        form = gateway.body.lstrip()[:1] not in ("{", "[")
        inside = {name: quote_plus(value) if form else json.dumps(value)[1:-1] for name, value in said.items()}
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
        headers |= {
            name: _filled(value, {"id": message.id, "phone": message.recipient})
            for name, value in gateway.headers.items()
        }
        reply = await self._caller.call(
            gateway.method, url, body=_filled(gateway.body, inside).encode(), headers=headers
        )
        return reply if isinstance(reply, SendResult) else self._judged(reply)

    def _judged(self, reply: Reply) -> SendResult:
        path = self._gateway.path
        code = _matched(reply.text, path) if "(" in path else _at(parsed(reply.text), path)
        if code is None:
            return SendResult(False, f"no {path!r} in the answer: {reply}", retry=True, down=True)
        if code in self._gateway.sent:
            return SendResult(True, str(reply))
        return SendResult(False, str(reply), retry=code in self._gateway.later)

    async def close(self) -> None:
        await self._caller.close()


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Each placeholder once and literally: what is put in is not looked at again."""
    pieces, rest = [], text
    while rest:
        places = {name: at for name in values if (at := rest.find(f"{{{name}}}")) >= 0}
        if not places:
            break
        name = min(places, key=lambda place: places[place])
        pieces += [rest[: places[name]], values[name]]
        rest = rest[places[name] + len(name) + 2 :]
    return "".join([*pieces, rest])


def _matched(text: str, pattern: str) -> str | None:
    """What the pattern's first group holds; None where it matches nothing."""
    found = re2.search(pattern, text)
    return found[1].strip() if found and found[1] is not None else None


def _at(data: Any, path: str) -> str | None:
    """The value at a dotted path as text; None where there is none."""
    found = data
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            return None
    return (
        str(found).lower()
        if isinstance(found, bool)
        else None
        if isinstance(found, dict | list)
        else str(found).strip()
    )
