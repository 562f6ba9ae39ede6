"""The further channels of schedule.yaml: robots of groups, short messages, other systems of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.scalars import Code, SecretText, SecretUrl, Text
from tracker.rulebook.schedule import GroupRobot, SmsGateway
from tracker.rulebook.secrets import Secret
from tracker.rulebook.shape import Model

#: The channel that every schedule has.
MAIL = "mail"
_KINDS = ("wecom", "dingtalk", "feishu", "sms", "webhook")
#: By kind: the keys that it takes beside `kind` and `url`.
_KEYS = {
    "wecom": frozenset[str](),
    "dingtalk": frozenset({"secret"}),
    "feishu": frozenset({"secret"}),
    "webhook": frozenset({"secret"}),
    "sms": frozenset({"method", "body", "headers", "code", "sent", "later"}),
}


class ChannelModel(Model):
    """One way out of the house beside mail. Addresses with keys in them are written `${NAME}`."""

    EXAMPLE = '{kind: dingtalk, url: "${DUBAN_DINGTALK}", secret: "${DUBAN_DINGTALK_SECRET}"}'
    kind: Literal["wecom", "dingtalk", "feishu", "sms", "webhook"] = Field(
        description="A group's robot, a gateway for short messages, or a signed JSON call."
    )
    url: SecretUrl = Field(description="Where to call. For `sms` it may hold `{phone}`, `{text}` and `{id}`.")
    secret: SecretText = Field(default_factory=Secret, description="What `dingtalk`, `feishu` and `webhook` sign with.")
    method: Literal["POST", "GET"] = Field(default="POST", description="Of an `sms` gateway.")
    body: SecretText = Field(
        default_factory=Secret, description="Of an `sms` gateway: a form or JSON with `{phone}`, `{text}`, `{id}`."
    )
    headers: dict[Text, SecretText] = Field(default_factory=dict, description="Of an `sms` gateway.")
    code: Code = Field(
        default="code",
        description="Of an `sms` gateway: where its answer says what became of it. A dotted path into JSON, members of "
        "a list by their number (`0.result.code`), or a pattern (RE2) whose first group is the code in any answer, XML "
        "or plain text (`<code>(.*?)</code>`, `^(-?\\d+)`): what holds a parenthesis is a pattern.",
    )
    sent: list[Text] = Field(default=["0"], min_length=1, description="Values of `code` that mean sent.")
    later: list[Text] = Field(default_factory=list, description="Values of `code` after which it is tried again.")


def check_channels(models: Mapping[str, ChannelModel], spot: Spot, sink: Sink) -> None:
    """What the shape alone does not say."""
    for name, one in models.items():
        here = spot / name
        if name == MAIL:
            sink.add(here, f"{MAIL!r} is set under delivery and needs no entry", key=True)
        allowed = _KEYS[one.kind]
        for key in sorted(one.model_fields_set - {"kind", "url"} - allowed):
            known = tuple(sorted({"kind", "url", *allowed}))
            sink.add(here / key, f"{key!r} is no key of the kind {one.kind!r}", known, key=True)
        if one.kind == "webhook" and not one.secret:
            sink.add(here, "missing key 'secret': the receiver could not tell who calls", ("secret",), key=True)


def build_channel(model: ChannelModel) -> GroupRobot | SmsGateway:
    """The channel's values."""
    if model.kind == "sms":
        return SmsGateway(
            model.url, model.method, model.body, dict(model.headers), model.code, tuple(model.sent), tuple(model.later)
        )
    return GroupRobot(model.kind, model.url, model.secret)
