"""Makes and reads the links in mails, which name one message, are signed and expire, and the stamps of their forms.

Pure: the secret and the instant are parameters. What a link may be used for follows from the message it names, whose
notices (occurrence, step, role) were frozen when it was sent. The database keeps no token: where a message is stored a
placeholder of the same length stands, and the token, which follows from the message's id and the secret, goes in at
each sending.
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
#: Characters of a signature.
_SIGNATURE = 43
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class LinkError(Exception):
    """A link opens nothing. `why`: it is not one of ours, it has expired, or it went to a mailbox that is no longer
    a contact's of that department (`former`)."""

    def __init__(self, why: Literal["unknown", "expired", "former"]) -> None:
        super().__init__(why)
        self.why = why


def make(secret: str, message: str) -> str:
    """The token of a message's link: letters, digits, `.`, `-` and `_`."""
    return _signer(secret, "answer").sign(_number(message)).decode()


def placeholder(message: str) -> str:
    """What stands for the token where the message is stored. It opens nothing, and nobody else can write it before."""
    return f"{_number(message)}.{'x' * _SIGNATURE}"


def read(secret: str, token: str) -> str:
    """The message that the token names. Raises LinkError.

    Mails of earlier versions carry tokens that name the county and a day as well.
    """
    if not secret or len(token) > LONGEST or not token.isascii():
        raise LinkError("unknown")
    try:
        parts = _signer(secret, "answer").unsign(token).decode().split(".")
        number = parts[1] if len(parts) == 3 else parts[0]
        return str(uuid.UUID(bytes=base64.urlsafe_b64decode(f"{number}==")))
    except (BadSignature, ValueError, binascii.Error):
        raise LinkError("unknown") from None


def last_day(console: Console, county: County, calendar: Calendar, frozen_at: datetime) -> date:
    """The last day on which the link of a message that was frozen then opens its page."""
    return count(console.valid, frozen_at, calendar, county.zone, roll=False).on


@dataclass(frozen=True, slots=True)
class AnswerLinks:
    """The links of the pages as they are set up, for the messages that leave."""

    console: Console

    def address(self, message: str) -> str:
        """The link of a message as it is stored, with the placeholder; "" if there is no secret."""
        return f"{self.console.base}{PLACE}{placeholder(message)}" if self.console.secret else ""

    def token(self, message: str) -> tuple[str, str]:
        """The placeholder of a message, and the token that takes its place when it leaves."""
        secret = self.console.secret.reveal()
        return placeholder(message), make(secret, message) if secret else placeholder(message)


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


def use(message: str, notice: int, kind: str, what: str = "") -> str:
    """The ID of one use of a link, 64 hexadecimal digits. `what`: the address that is claimed, if any."""
    return hashlib.sha256("\n".join((message, str(notice), kind, what)).encode()).hexdigest()


def _number(message: str) -> str:
    """The message's id in 22 characters."""
    return base64.urlsafe_b64encode(uuid.UUID(message).bytes).decode().rstrip("=")


def _signer(secret: str, purpose: str) -> Signer:
    """The signer for one purpose; its signatures are not valid for another."""
    return Signer(secret, salt=f"duban.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
