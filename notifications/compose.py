"""Makes the bytes of a mail from a rendered notice, so that channels only carry them."""

from __future__ import annotations

import re
import unicodedata
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from urllib.parse import quote

from notifications.addresses import to_ascii_domain
from notifications.render import RenderedMail

_WORD = "=?utf-8?b?"
#: Bytes in an encoded word that fills a line of 76 characters with the space before it.
_ROOM = (75 - len(_WORD) - 2) // 4 * 3


@dataclass(frozen=True, slots=True)
class Envelope:
    """The addresses of a mail. `sender` and `reply_to` may have a name: `督办 <duban@example.gov.cn>`."""

    sender: str
    recipient: str
    recipient_name: str = ""
    reply_to: str = ""


def message_id(message: str, sender: str) -> str:
    """The Message-ID, which is the same for each attempt to send a message."""
    return f"<{message}@{_domain(sender)}>"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file enclosed in a mail. `kind`: its media type, without the `application/`."""

    name: str
    kind: str
    body: bytes


def compose(
    message: str, envelope: Envelope, rendered: RenderedMail, now: datetime, enclosures: Sequence[Enclosure] = ()
) -> bytes:
    """The mail: text, then HTML, both in base64 so that no server or client breaks a Chinese line.

    It is put together by hand: the classes of `email` take several times as long for the same bytes.
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
    """The part of a file. Its name stands in it twice, by RFC 2231 and for older mail programs."""
    name = _header(one_line(enclosure.name).replace('"', "'"), "name").replace("\r\n", "\r\n ")
    head = (
        f'Content-Type: application/{enclosure.kind};\r\n name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f"Content-Disposition: attachment;\r\n filename*=utf-8''{quote(one_line(enclosure.name), safe='')}\r\n\r\n"
    )
    return head.encode() + _base64(enclosure.body)


def _part(kind: str, text: str) -> bytes:
    head = f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + _base64(text.encode("utf-8", "replace"))


#: A part as `_part` makes it: its head, and its lines of base64.
_TEXT_PART = re.compile(
    rb'(Content-Type: text/[a-z]+; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n)'
    rb"((?:[A-Za-z0-9+/=]+\r\n)*)"
)


def fill_in_mail(mail: bytes, placeholder: bytes, text: bytes) -> bytes:
    """The mail with `text` in place of the placeholder in its texts; all else stays as it is, byte for byte."""

    def refill(part: re.Match[bytes]) -> bytes:
        content = a2b_base64(part[2])
        return part[1] + _base64(content.replace(placeholder, text)) if placeholder in content else part[0]

    return _TEXT_PART.sub(refill, mail)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """The parts with their boundary, which no part can contain: base64 has no underscore."""
    line = f"--{boundary}".encode()
    inner = b"".join(line + b"\r\n" + part for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return head.encode() + inner + line + b"--\r\n"


def _base64(data: bytes) -> bytes:
    """Base64 in lines of 76 characters."""
    encoded = b2a_base64(data, newline=False)
    return b"".join([encoded[at : at + 76] + b"\r\n" for at in range(0, len(encoded), 76)])


@lru_cache(maxsize=16)
def _domain(sender: str) -> str:
    return to_ascii_domain(parseaddr(sender)[1])[0].rpartition("@")[2] or "localhost"


def one_line(text: str) -> str:
    """The text without control characters, so that a title from a web site cannot start another header."""
    if text.isprintable():
        return " ".join(text.split())
    spaced = (" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs") else letter for letter in text)
    return " ".join("".join(spaced).split())


def _header(text: str, header: str, then: str = "") -> str:
    """The text as encoded words (RFC 2047) where it is not plain ASCII, and then the ASCII text `then`.

    A text that looks like an encoded word is encoded too, or a reader would decode it.
    """
    if text.isascii() and "=?" not in text:
        plain = Header(text, "us-ascii", header_name=header)
        if then:
            plain.append(then, "us-ascii")
        return plain.encode(linesep="\r\n", maxlinelen=76)
    lines = _encoded_words(text, 76 - len(header) - 2)
    if then:
        used = len(lines[-1]) + (len(header) + 2 if len(lines) == 1 else 1)
        lines += [then] if used + 1 + len(then) > 76 else [f"{lines.pop()} {then}"]
    return "\r\n ".join(lines)


def _encoded_words(text: str, first: int) -> list[str]:
    """The text in words of base64 that fill a line each and cut no character. `first`: length of the first line."""
    lines, rest, room = [], text.encode("utf-8", "replace"), (first - len(_WORD) - 2) // 4 * 3
    while (end := room) < len(rest):
        while rest[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        lines.append(rest[:end])
        rest, room = rest[end:], _ROOM
    return [f"{_WORD}{b2a_base64(line, newline=False).decode()}?=" for line in (*lines, rest)]


@lru_cache(maxsize=64)
def _address(header: str, text: str) -> str:
    """A mailbox as an office writes it: `督办 <duban@example.gov.cn>`."""
    name, address = parseaddr(one_line(text))
    return _person(header, address, one_line(name))


def _person(header: str, address: str, name: str) -> str:
    address, needs_utf8 = to_ascii_domain(address)
    if not name:
        return address
    if needs_utf8:  # such a mail is UTF-8 throughout (RFC 6532)
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    if name.isascii() and "=?" not in name:
        return formataddr((name, address))
    return _header(name, header, f"<{address}>")
