"""From a rendered notice to the bytes of a mail, so that channels only carry them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr

from notifications.render import Rendered

_POLICY = compat32.clone(linesep="\r\n", max_line_length=76)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom. `sender` and `reply_to` may carry a name: `督办 <duban@example.gov.cn>`."""

    sender: str
    recipient: str
    recipient_name: str = ""
    reply_to: str = ""


def message_id(message: str, sender: str) -> str:
    """The Message-ID that follows from a message's id: a repeat is recognisable by it."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{message}@{domain}>"


def compose(message: str, envelope: Envelope, rendered: Rendered, now: datetime) -> bytes:
    """The whole mail. Text first, HTML second, both base64: no server or client can break a Chinese line.

    Built from the MIME classes: EmailMessage folds Chinese headers at a third of their speed.
    """
    headers = {
        "From": _address("From", envelope.sender),
        "To": _address("To", envelope.recipient, envelope.recipient_name),
        "Reply-To": _address("Reply-To", envelope.reply_to) if envelope.reply_to else "",
        "Subject": _header(one_line(rendered.subject), "Subject"),
        "Date": format_datetime(now),
        "Message-ID": message_id(message, envelope.sender),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    mail = _body(message, rendered)
    for name, value in headers.items():
        if value:
            mail[name] = value  # type: ignore[assignment]  # the stubs know no Header
    return mail.as_bytes(policy=_POLICY)


def _body(message: str, rendered: Rendered) -> MIMEText | MIMEMultipart:
    text = MIMEText(rendered.text, "plain", "utf-8")
    if not rendered.html:
        return text
    # The same words give the same bytes; base64 holds no underscore.
    mail = MIMEMultipart("alternative", boundary=f"=_{message}")
    mail.attach(text)
    mail.attach(MIMEText(rendered.html, "html", "utf-8"))
    return mail


def one_line(text: str) -> str:
    """The text without control characters: a title from a web site can end no header and start none."""
    spaced = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text)
    return " ".join("".join(spaced).split())


def _header(text: str, header: str, then: str = "") -> Header | str:
    """The text as encoded words (RFC 2047) where it is not plain ASCII, and `then` as it stands. What
    only looks like an encoded word is encoded too, or a reader would decode it."""
    if text.isascii() and "=?" not in text:
        return f"{text} {then}".strip()
    made = Header(text, "utf-8", header_name=header)
    if then:
        made.append(then, "us-ascii")
    return made


def _address(header: str, text: str, name: str = "") -> Header | str:
    found, spec = parseaddr(one_line(text))
    shown = one_line(name or found)
    if not shown:
        return spec
    if shown.isascii() and "=?" not in shown:
        return formataddr((shown, spec))
    return _header(shown, header, f"<{spec}>")
