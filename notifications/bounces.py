"""Reads returned mails: which of our mails they return, and the reason.

Most servers write a report (RFC 3464); older ones and many Chinese ones write only a letter to people.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

_MAX_ANSWER, _MAX_SUBJECT = 300, 1_000
#: Letters of a line (RFC 5322, 2.1.1).
_MAX_LINE = 998
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_WHOLE = ("message/rfc822", "message/global")
#: The senders of mails that a mail server writes.
SERVERS = frozenset({"mailer-daemon", "postmaster"})
#: A permanent failure, by its code or its enhanced status (RFC 3463).
_REFUSED = re.compile(r"(?<![\d.])(?:5\d\d(?=[ \-#])|#?5\.\d{1,3}\.\d{1,3})(?![\d.]).*")
_GAVE_UP = re.compile("undeliver|not delivered|failure|failed|returned|退信|退回|投递失败|无法投递|未能送达", re.I)
_NOT_YET = re.compile("delay|warning|will be retried|延迟|延误|暂未", re.I)
_NAMED = re.compile(r"^[> \t]*Message-ID:[ \t]*<([^<>@\s]+)@[^<>\s]*>", re.I | re.M)
_TAG = re.compile(r"<(?:/?(?:p|div|tr|li|table)\b[^>]*|br ?/?)>", re.I)
_OTHER_TAG = re.compile(r"</?[a-z!][^<>@]*>", re.I)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that could not be delivered. `message`: its Message-ID without brackets and domain."""

    message: str
    recipient: str
    answer: str


def by_a_server(head: Message) -> bool:
    """Whether a mail with this head can be a returned mail."""
    if head.get_content_type() == "multipart/report" or head["X-Failed-Recipients"]:
        return True
    sender = str(head["From"] or "")[:_MAX_LINE]  # the parser calls itself for every colon
    return parseaddr(sender)[1].partition("@")[0].lower() in SERVERS


def bounce_of(raw: bytes) -> Bounce | None:
    """The bounce that a mail reports; None where it reports no permanent failure of a mail that it names.

    Delays, confirmations, answers of people and automatic replies report none.
    """
    mail = message_from_bytes(raw, policy=policy.compat32)
    if not by_a_server(mail):
        return None
    bounce = _from_report(mail) if mail.get_content_type() == "multipart/report" else _from_letter(mail)
    if bounce is None or not bounce.message or not bounce.message.isprintable():
        return None  # not one of ours
    # No database takes control characters.
    answer = "".join(letter if letter.isprintable() else " " for letter in bounce.answer)
    return Bounce(bounce.message, bounce.recipient, " ".join(answer.split())[:_MAX_ANSWER])


# -- a report ------------------------------------------------------------------------------------


def _from_report(mail: Message) -> Bounce | None:
    failed = next(filter(_is_failure, _recipients(mail)), None)
    if failed is None:
        return None
    recipient = _after_type(failed, "Original-Recipient") or _after_type(failed, "Final-Recipient")
    answer = _after_type(failed, "Diagnostic-Code") or f"status {_word(failed, 'Status') or 'unknown'}"
    return Bounce(_enclosed_id(mail) or _named_id(mail), recipient, answer)


def _is_failure(group: Message) -> bool:
    """Whether the action, or else the status, is a permanent failure."""
    action = _word(group, "Action")
    return action == "failed" or (not action and _word(group, "Status").startswith("5."))


def _recipients(mail: Message) -> Iterator[Message]:
    """A group of fields for each recipient."""
    for part in mail.walk():
        if part.get_content_type() not in _STATUS or not part.is_multipart():
            continue
        for group in part.get_payload():
            if not isinstance(group, Message):
                continue
            yield group
            # `email` does not split reports of addresses of any script (RFC 6533): further groups are the text.
            rest = _bytes(group).decode("utf-8", "replace")
            yield from (message_from_string(text) for text in re.split(r"\r?\n\s*\r?\n", rest) if text.strip())


def _enclosed_id(mail: Message) -> str:
    """The id of the returned mail, from the mail or the headers that are enclosed."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in _WHOLE and part.is_multipart():
            inner = part.get_payload(0)
        elif kind in _HEADERS:
            inner = part.get_payload(0) if part.is_multipart() else message_from_bytes(_bytes(part))
        else:
            continue
        header = str(inner["Message-ID"] or "") if isinstance(inner, Message) else ""
        return header.strip().removeprefix("<").removesuffix(">").rpartition("@")[0]
    return ""


def _word(group: Message, field: str) -> str:
    return str(group[field] or "").strip().lower()


def _after_type(group: Message, field: str) -> str:
    """A field's value after its type: `rfc822; who@where` or `smtp; 550 no`."""
    return str(group[field] or "").partition(";")[2].strip()


# -- a letter ------------------------------------------------------------------------------------


def _from_letter(mail: Message) -> Bounce | None:
    """The bounce in a letter that a server wrote: it must name the mail, and say that it gave up."""
    subject, text = _subject(mail), "\n".join(_text(part) for part in _text_parts(mail))
    text = _NAMED.split(text)[0]  # our own mail follows
    refused = next(filter(None, map(_REFUSED.search, text.splitlines())), None)
    gave_up = refused is not None or _GAVE_UP.search(f"{subject}\n{text}") is not None
    failed = str(mail["X-Failed-Recipients"] or "").partition(",")[0].strip()
    if not failed and (not gave_up or _NOT_YET.search(subject)):
        return None
    return Bounce(_enclosed_id(mail) or _named_id(mail), failed, refused[0] if refused else subject)


def _text_parts(mail: Message) -> Iterator[Message]:
    """The texts of the letter, without enclosed mails."""
    if not mail.is_multipart():
        if mail.get_content_maintype() == "text" and mail.get_content_type() not in _HEADERS:
            yield mail
    elif mail.get_content_maintype() == "multipart":
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _text_parts(part)


def _named_id(mail: Message) -> str:
    """The last id in the text of the letter or of a file that is enclosed."""
    ids = [id for part in mail.walk() if not part.is_multipart() for id in _NAMED.findall(_text(part))]
    return ids[-1] if ids else ""


def _text(part: Message) -> str:
    """A part as text, in its own encoding or in GB 18030."""
    raw = _bytes(part)
    for charset in (part.get_content_charset() or "utf-8", "gb18030"):
        try:
            text = raw.decode(charset)
            break
        except (LookupError, ValueError):  # no such encoding, or no text in it
            continue
    else:
        text = raw.decode("latin-1")
    return html.unescape(_OTHER_TAG.sub("", _TAG.sub("\n", text))) if part.get_content_subtype() == "html" else text


def _subject(mail: Message) -> str:
    """The decoded subject; the beginning of a very long one."""
    subject = " ".join(str(mail["Subject"] or "")[:_MAX_SUBJECT].split())
    try:
        return str(make_header(decode_header(subject)))
    except (LookupError, ValueError, MessageError):  # no such encoding, or no text in it
        return subject


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
