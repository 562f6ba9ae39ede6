"""From a rendered notice to the bytes of a mail, so that channels only carry them."""

from __future__ import annotations

import unicodedata
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from urllib.parse import quote

from notifications.addresses import on_the_wire
from notifications.render import RenderedMail

_WORD = "=?utf-8?b?"
#: Bytes that fit into a line of encoded words: 76 characters, one of which is the space it begins with.
_ROOM = (75 - len(_WORD) - 2) // 4 * 3


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom. `sender` and `reply_to` may carry a name: `督办 <duban@example.gov.cn>`."""

    sender: str
    recipient: str
    recipient_name: str = ""
    reply_to: str = ""


def message_id(message: str, sender: str) -> str:
    """The Message-ID that follows from a message's id: a repeat is recognisable by it."""
    return f"<{message}@{_domain(sender)}>"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail. `kind`: its media type, without the `application/`."""

    name: str
    kind: str
    body: bytes


def compose(
    message: str, envelope: Envelope, rendered: RenderedMail, now: datetime, enclosures: Sequence[Enclosure] = ()
) -> bytes:
    """The whole mail. Text first, HTML second, both base64: no server or client can break a Chinese line.

    Put together by hand: the classes of `email` take several times as long for the same bytes.
    """
    headers = {
        "From": _address("From", envelope.sender),
        "To": _person("To", one_line(envelope.recipient), one_line(envelope.recipient_name)),
        "Reply-To": _address("Reply-To", envelope.reply_to) if envelope.reply_to else "",
        "Subject": _header(one_line(rendered.subject), "Subject"),
        "Date": format_datetime(now),
        "Message-ID": message_id(message, envelope.sender),
        "List-Id": f"<duban.{_domain(envelope.sender)}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    body = _body(message, rendered)
    if enclosures:
        body = _multipart("mixed", f"=_{message}_all", [body, *(_attached(enclosure) for enclosure in enclosures)])
    return head.encode() + body


def _body(message: str, rendered: RenderedMail) -> bytes:
    text = _part("text/plain", rendered.text)
    if not rendered.html:
        return text
    return _multipart("alternative", f"=_{message}", [text, _part("text/html", rendered.html)])


def _attached(enclosure: Enclosure) -> bytes:
    """Its name twice: by RFC 2231, and as older mail programs of the country read it."""
    name = _header(one_line(enclosure.name).replace('"', "'"), "name").replace("\r\n", "\r\n ")
    head = (
        f'Content-Type: application/{enclosure.kind};\r\n name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f"Content-Disposition: attachment;\r\n filename*=utf-8''{quote(one_line(enclosure.name), safe='')}\r\n\r\n"
    )
    return head.encode() + _base64(enclosure.body)


def _part(kind: str, text: str) -> bytes:
    head = f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + _base64(text.encode("utf-8", "replace"))


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """The same words give the same bytes: the boundary follows from the message, and base64 holds no underscore."""
    line = f"--{boundary}".encode()
    inner = b"".join(line + b"\r\n" + part for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return head.encode() + inner + line + b"--\r\n"


def _base64(data: bytes) -> bytes:
    """In lines of 76, each with its end."""
    whole = b2a_base64(data, newline=False)
    return b"".join([whole[at : at + 76] + b"\r\n" for at in range(0, len(whole), 76)])


@lru_cache(maxsize=16)
def _domain(sender: str) -> str:
    return on_the_wire(parseaddr(sender)[1])[0].rpartition("@")[2] or "localhost"


def one_line(text: str) -> str:
    """The text without control characters: a title from a web site can end no header and start none."""
    if text.isprintable():  # which none of those is
        return " ".join(text.split())
    spaced = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text)
    return " ".join("".join(spaced).split())


def _header(text: str, header: str, then: str = "") -> str:
    """The text as encoded words (RFC 2047) where it is not plain ASCII, and `then` as it stands. What
    only looks like an encoded word is encoded too, or a reader would decode it."""
    if text.isascii() and "=?" not in text:
        made = Header(text, "us-ascii", header_name=header)
        if then:
            made.append(then, "us-ascii")
        return made.encode(linesep="\r\n", maxlinelen=76)
    lines = _encoded_words(text, 76 - len(header) - 2)
    if then:
        used = len(lines[-1]) + (len(header) + 2 if len(lines) == 1 else 1)
        lines += [then] if used + 1 + len(then) > 76 else [f"{lines.pop()} {then}"]
    return "\r\n ".join(lines)


def _encoded_words(text: str, first: int) -> list[str]:
    """The text in base64, a word a line of 76, of which the header's name takes some of the `first`. No character is
    cut in two."""
    lines, held, room = [], b"", (first - len(_WORD) - 2) // 4 * 3
    for one in text:
        more = one.encode("utf-8", "replace")
        if len(held) + len(more) > room:
            lines.append(held)
            held, room = b"", _ROOM
        held += more
    return [f"{_WORD}{b2a_base64(one, newline=False).decode()}?=" for one in (*lines, held)]


@lru_cache(maxsize=64)
def _address(header: str, text: str) -> str:
    """A mailbox as an office writes it: `督办 <duban@example.gov.cn>`."""
    shown, spec = parseaddr(one_line(text))
    return _person(header, spec, one_line(shown))


def _person(header: str, spec: str, shown: str) -> str:
    spec, utf8 = on_the_wire(spec)
    if not shown:
        return spec
    if utf8:  # such a mail is UTF-8 throughout (RFC 6532)
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{spec}>'
    if shown.isascii() and "=?" not in shown:
        return formataddr((shown, spec))
    return _header(shown, header, f"<{spec}>")
