"""Makes and reads the links in mails, which name one message, are signed and expire, and the stamps of their forms.

Pure: the secret, the day and the instant are parameters. What a link may be used for follows from the message it
names, whose notices (occurrence, step, role) were frozen when it was sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from itsdangerous import BadSignature, Signer

from tracker.core.law.counting import count
from tracker.core.law.county import County
from tracker.core.law.workdays import Calendar
from tracker.rulebook.schedule import Console

#: The path of the pages below the base.
PLACE = "r/"
#: Characters of a link at most; a longer one is not read.
LONGEST = 256
#: How long after a page was opened its form may be posted.
FORM_LASTS = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class LinkError(Exception):
    """A link opens nothing. `why`: it is not one of ours, or it has expired."""

    def __init__(self, why: Literal["unknown", "expired"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What a link names: a message of a county, and the last day on which it opens."""

    county: str
    message: str
    until: date


def make(secret: str, link: AnswerLink) -> str:
    """The token of a link: letters, digits, `.`, `-` and `_`."""
    number = base64.urlsafe_b64encode(uuid.UUID(link.message).bytes).decode().rstrip("=")
    return _signer(secret, "answer").sign(f"{link.county}.{number}.{link.until.toordinal()}").decode()


def read(secret: str, token: str, today: date) -> AnswerLink:
    """What the token names. Raises LinkError."""
    if not secret or len(token) > LONGEST or not token.isascii():
        raise LinkError("unknown")
    try:
        county, number, until = _signer(secret, "answer").unsign(token).decode().split(".")
        message = str(uuid.UUID(bytes=base64.urlsafe_b64decode(f"{number}==")))
        link = AnswerLink(county, message, date.fromordinal(int(until)))
    except (BadSignature, ValueError, binascii.Error, OverflowError):
        raise LinkError("unknown") from None
    if today > link.until:
        raise LinkError("expired")
    return link


def address(console: Console | None, county: County, calendar: Calendar, message: str, now: datetime) -> str:
    """The link for a message that is frozen at `now`; "" if there are no pages or no secret."""
    if console is None or not console.secret:
        return ""
    until = count(console.valid, now, calendar, county.zone, roll=False).on
    return f"{console.base}{PLACE}{make(console.secret.reveal(), AnswerLink(county.id, message, until))}"


def stamp(secret: str, token: str, now: datetime) -> str:
    """The stamp of a page's form: a post is only accepted from a page that was opened recently."""
    minute = str((now - _EPOCH) // _MINUTE)
    return f"{minute}.{_signer(secret, 'form').get_signature(f'{token} {minute}').decode()}"


def stamped(secret: str, token: str, given: str, now: datetime) -> bool:
    """Whether the form belongs to this link and was opened recently."""
    minute, _, signature = given.partition(".")
    if not (minute.isascii() and minute.isdecimal() and signature.isascii()) or len(given) > LONGEST:
        return False
    age = now - (_EPOCH + int(minute[:12]) * _MINUTE)
    is_recent = -FORM_LASTS < age <= FORM_LASTS
    return is_recent and _signer(secret, "form").verify_signature(f"{token} {minute}", signature)


def use(link: AnswerLink, notice: int, kind: str, what: str = "") -> str:
    """The ID of one use of a link, 64 hexadecimal digits. `what`: the address that is claimed, if any."""
    return hashlib.sha256("\n".join((link.message, str(notice), kind, what)).encode()).hexdigest()


def _signer(secret: str, purpose: str) -> Signer:
    """The signer for one purpose; its signatures are not valid for another."""
    return Signer(secret, salt=f"duban.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
