"""Short messages through a gateway's HTTP call, as the schedule describes it: the answer's body says what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import re2

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.http import HttpCall, HttpChannel, Reply, parsed


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


class SmsChannel(HttpChannel):
    """One gateway. A repeat carries the same id, by which a gateway that knows ids can recognise it."""

    form: MessageForm = "sms"
    max_bytes = 1_000

    def __init__(self, gateway: Gateway, timeout: float = 15.0) -> None:
        super().__init__(timeout)
        self._gateway = gateway

    def call_for(self, message: Outgoing) -> HttpCall:
        gateway, sender = self._gateway, {"phone": message.recipient, "id": message.id}
        values = {**sender, "text": message.body.decode("utf-8", "replace")}
        encoded = {name: quote_plus(value) for name, value in values.items()}
        if gateway.body.lstrip()[:1] in ("{", "["):
            kind, inside = "application/json", {name: json.dumps(value)[1:-1] for name, value in values.items()}
        else:
            kind, inside = "application/x-www-form-urlencoded", encoded
        headers = {name: _filled(value, sender) for name, value in gateway.headers.items()}
        return HttpCall(
            gateway.method,
            _filled(gateway.url, encoded),
            _filled(gateway.body, inside).encode(),
            {"Content-Type": kind, **headers},
        )

    def result_of(self, reply: Reply) -> SendResult:
        path = self._gateway.path
        code = _matched(reply.text, path) if "(" in path else _at(parsed(reply.text), path)
        if code is None:
            return SendResult(False, f"no {path!r} in the answer: {reply}", retry=True, down=True, doubtful=True)
        if code in self._gateway.sent:
            return SendResult(True, str(reply))
        return SendResult(False, str(reply), retry=code in self._gateway.later)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, each once: a placeholder in a value stays as it is."""
    return re.sub(r"\{(phone|text|id)\}", lambda placeholder: values.get(placeholder[1], placeholder[0]), text)


def _matched(text: str, pattern: str) -> str | None:
    """The text of the pattern's first group; None where it matches nothing."""
    match = re2.search(pattern, text)
    return match[1].strip() if match and match[1] is not None else None


def _at(data: Any, path: str) -> str | None:
    """The value at a dotted path as text; None where there is none."""
    value = data
    for name in path.split("."):
        if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return None
    if isinstance(value, dict | list):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
