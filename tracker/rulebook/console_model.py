"""The `console` part of schedule.yaml: the pages behind the links in mails."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, WithJsonSchema

from tracker.core.law.duties import Span
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.scalars import SecretText, SpanText, Url, refuse, scalar
from tracker.rulebook.schedule import Console
from tracker.rulebook.secrets import SHORTEST_SECRET, Secret
from tracker.rulebook.shape import Model

LISTENS = ("127.0.0.1:8080", "[::1]:8080")


def _listen(value: str) -> tuple[str, int]:
    """An address of this machine and a port; names are not looked up."""
    host, colon, port = value.rpartition(":")
    try:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        at = ipaddress.ip_address(bare)
        if colon and (at.version == 6) == (bare != host) and port.isascii() and port.isdecimal() and int(port) < 65536:
            return bare, int(port)
    except ValueError:
        pass
    raise refuse(f"not an address to listen at: {value!r}", *LISTENS)


def _proxy(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise refuse(f"not the address of a machine: {value!r}", "127.0.0.1", "::1") from None


Listen = Annotated[
    tuple[str, int],
    scalar(_listen, "an address to listen at"),
    WithJsonSchema({"type": "string", "pattern": r"^(\S+:\d{1,5}|\$\{.*)$", "examples": list(LISTENS)}),
]
Machine = Annotated[str, scalar(_proxy, "the address of a machine"), WithJsonSchema({"type": "string"})]


class ConsoleModel(Model):
    """The pages on which mails are answered, served by `duban run`."""

    listen: Listen = Field(default=("127.0.0.1", 8080), description="Where they are served: address and port.")
    base: Url = Field(description="How people reach them: links in mails begin with it.")
    secret: SecretText = Field(
        default_factory=Secret,
        description=f"Write `${{NAME}}`: signs the links, at least {SHORTEST_SECRET} characters; empty: no links.",
    )
    quiet: SpanText = Field(
        default=Span(3, "workdays"), description="How long an answer holds back the repeats of what it answers."
    )
    valid: SpanText = Field(default=Span(90, "days"), description="How long a link opens its page.")
    proxies: list[Machine] = Field(
        default_factory=lambda: ["127.0.0.1", "::1"],
        description="The machines whose `X-Forwarded-For` is believed.",
    )


def check_console(model: ConsoleModel, spot: Spot, sink: Sink) -> None:
    """What the shape alone does not say."""
    length = 0 if model.secret.unset else len(model.secret.reveal())
    if 0 < length < SHORTEST_SECRET:
        sink.add(spot / "secret", f"a secret of {length} characters can be guessed: {SHORTEST_SECRET} or more")
    parts = urlsplit(model.base)
    if parts.query or parts.fragment or parts.username is not None:
        sink.add(
            spot / "base", "a base has neither a user nor a question mark nor a #", ("https://duban.example.gov.cn/",)
        )
    for name in ("quiet", "valid"):
        span: Span = getattr(model, name)
        if span.unit == "same-workday" or span.amount < 1:
            sink.add(spot / name, f"{name} lasts at least a while", ("N days", "N workdays", "N hours"))


def build_console(model: ConsoleModel) -> Console:
    """The values."""
    host, port = model.listen
    base = model.base if model.base.endswith("/") else f"{model.base}/"
    return Console(host, port, base, model.secret, model.quiet, model.valid, tuple(model.proxies))
