"""Mails that came back: which of ours they were, and what the other side said.

Most servers write a report (RFC 3464); many of the country, and older ones, only a letter to people.
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
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_WHOLE = ("message/rfc822", "message/global")
#: Who writes for a mail server. What people write, and what answers for them, comes from elsewhere.
_SERVERS = frozenset({"mailer-daemon", "postmaster"})
#: A reply for good, by its code or its enhanced status (RFC 3463).
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
    """Whether a mail with this head can be one that came back."""
    if head.get_content_type() == "multipart/report" or head["X-Failed-Recipients"]:
        return True
    return parseaddr(str(head["From"] or ""))[1].partition("@")[0].lower() in _SERVERS


def bounce_of(raw: bytes) -> Bounce | None:
    """What a returned mail says; None for what is no final failure of a mail that it names.

    Delays, confirmations, answers of people and automatic replies are none.
    """
    mail = message_from_bytes(raw, policy=policy.compat32)
    if not by_a_server(mail):
        return None
    bounce = _reported(mail) if mail.get_content_type() == "multipart/report" else _told(mail)
    if bounce is None or not bounce.message or not bounce.message.isprintable():
        return None  # none of ours, and no database takes it
    said = " ".join("".join(map(_plain, bounce.answer)).split())[:_MAX_ANSWER]
    return Bounce(bounce.message, bounce.recipient, said)


def _plain(one: str) -> str:
    """A control character as a blank: no database takes it."""
    return one if one.isprintable() else " "


# -- a report ------------------------------------------------------------------------------------


def _reported(mail: Message) -> Bounce | None:
    failed = next((one for one in _recipients(mail) if _failed(one)), None)
    if failed is None:
        return None
    recipient = _after_type(failed, "Original-Recipient") or _after_type(failed, "Final-Recipient")
    said = _after_type(failed, "Diagnostic-Code") or f"status {_word(failed, 'Status') or 'unknown'}"
    return Bounce(_enclosed(mail) or _named(mail), recipient, said)


def _failed(group: Message) -> bool:
    """Where no action is given, the status says it."""
    action = _word(group, "Action")
    return action == "failed" or (not action and _word(group, "Status").startswith("5."))


def _recipients(mail: Message) -> Iterator[Message]:
    """The groups of fields, one a recipient."""
    for part in mail.walk():
        if part.get_content_type() not in _STATUS or not part.is_multipart():
            continue
        for group in part.get_payload():
            if not isinstance(group, Message):
                continue
            yield group
            # Of addresses of any script (RFC 6533), which `email` does not take apart, the others follow as its text.
            rest = _bytes(group).decode("utf-8", "replace")
            yield from (message_from_string(one) for one in re.split(r"\r?\n\s*\r?\n", rest) if one.strip())


def _enclosed(mail: Message) -> str:
    """The name of the mail that came back, which is enclosed, whole or its headers alone."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in _WHOLE and part.is_multipart():
            inner = part.get_payload(0)
            found = str(inner["Message-ID"] or "") if isinstance(inner, Message) else ""
        elif kind in _HEADERS:
            inner = part.get_payload(0) if part.is_multipart() else message_from_bytes(_bytes(part))
            found = str(inner["Message-ID"] or "") if isinstance(inner, Message) else ""
        else:
            continue
        return found.strip().removeprefix("<").removesuffix(">").rpartition("@")[0]
    return ""


def _word(group: Message, field: str) -> str:
    return str(group[field] or "").strip().lower()


def _after_type(group: Message, field: str) -> str:
    """A field's value behind its type: `rfc822; who@where` or `smtp; 550 no`."""
    return str(group[field] or "").partition(";")[2].strip()


# -- a letter ------------------------------------------------------------------------------------


def _told(mail: Message) -> Bounce | None:
    """A letter that a server wrote about one mail: it must name the mail, and say that it gave up."""
    subject, said = _subject(mail), "\n".join(_words(part) for part in _own_parts(mail))
    said = _NAMED.split(said)[0]  # what follows is our own mail
    refused = next(filter(None, map(_REFUSED.search, said.splitlines())), None)
    gave_up = refused is not None or _GAVE_UP.search(f"{subject}\n{said}") is not None
    failed = str(mail["X-Failed-Recipients"] or "").partition(",")[0].strip()
    if not failed and (not gave_up or _NOT_YET.search(subject)):
        return None
    return Bounce(_enclosed(mail) or _named(mail), failed, refused[0] if refused else subject)


def _own_parts(mail: Message) -> Iterator[Message]:
    """The texts of the letter, without what is enclosed."""
    if not mail.is_multipart():
        if mail.get_content_maintype() == "text" and mail.get_content_type() not in _HEADERS:
            yield mail
    elif mail.get_content_maintype() == "multipart":
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)


def _named(mail: Message) -> str:
    """The last mail that is named anywhere in the letter, or in a file that goes with it."""
    found = [name for part in mail.walk() if not part.is_multipart() for name in _NAMED.findall(_words(part))]
    return found[-1] if found else ""


def _words(part: Message) -> str:
    """A part as text: in its own encoding, or as servers of the country write."""
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
    """As people read it; of one without end, its beginning."""
    said = " ".join(str(mail["Subject"] or "")[:_MAX_SUBJECT].split())
    try:
        return str(make_header(decode_header(said)))
    except (LookupError, ValueError, MessageError):  # no such encoding, or no text in it
        return said


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
