"""Delivery status notifications (RFC 3464): which of our mails came back, and what the other side said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

_MAX_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that could not be delivered. `message`: its Message-ID without brackets and domain."""

    message: str
    recipient: str
    answer: str


def bounce_of(raw: bytes) -> Bounce | None:
    """What a returned mail says; None for what is no final failure of a mail that it names.

    Delays, confirmations, answers of people and automatic replies are none.
    """
    mail = message_from_bytes(raw, policy=policy.compat32)
    if mail.get_content_type() != "multipart/report":
        return None
    failed = next((one for one in _recipients(mail) if _word(one, "Action") == "failed"), None)
    name = _message_id(mail)
    if failed is None or not name:
        return None
    recipient = _after_type(failed, "Original-Recipient") or _after_type(failed, "Final-Recipient")
    if not name.isprintable():
        return None  # none of ours, and no database takes it
    said = _after_type(failed, "Diagnostic-Code") or f"status {_word(failed, 'Status') or 'unknown'}"
    return Bounce(name, recipient, " ".join("".join(map(_plain, said)).split())[:_MAX_ANSWER])


def _plain(one: str) -> str:
    """A control character as a blank: no database takes it."""
    return one if one.isprintable() else " "


def _recipients(mail: Message) -> Iterator[Message]:
    """The groups of fields, one a recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (group for group in part.get_payload() if isinstance(group, Message))


def _message_id(mail: Message) -> str:
    """Of the mail that came back, whole or its headers alone."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            found = str(inner["Message-ID"] or "") if isinstance(inner, Message) else ""
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            headers = message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=policy.compat32)
            found = str(headers["Message-ID"] or "")
        else:
            continue
        return found.strip().removeprefix("<").removesuffix(">").rpartition("@")[0]
    return ""


def _word(group: Message, field: str) -> str:
    return str(group[field] or "").strip().lower()


def _after_type(group: Message, field: str) -> str:
    """A field's value behind its type: `rfc822; who@where` or `smtp; 550 no`."""
    return str(group[field] or "").partition(";")[2].strip()
