"""From a rendered notice to the bytes of a mail, so that channels only carry them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from notifications.render import Rendered


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
    """The whole mail. Text first, HTML second, both base64: no server or client can break a Chinese line."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(envelope.sender)
    mail["To"] = _address(envelope.recipient, envelope.recipient_name)
    if envelope.reply_to:
        mail["Reply-To"] = _address(envelope.reply_to)
    mail["Subject"] = one_line(rendered.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message, envelope.sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(rendered.text, cte="base64")
    if rendered.html:
        mail.add_alternative(rendered.html, subtype="html", cte="base64")
        mail.set_boundary(f"=_{message}")  # the same words give the same bytes; base64 holds no underscore
    return mail.as_bytes()


def one_line(text: str) -> str:
    """The text without control characters: a title from a web site can end no header and start none."""
    spaced = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text)
    return " ".join("".join(spaced).split())


def _address(text: str, name: str = "") -> Address:
    found, spec = parseaddr(one_line(text))
    return Address(one_line(name or found), addr_spec=spec)
