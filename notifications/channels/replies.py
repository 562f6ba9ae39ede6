"""What a refusal of a mail server is about (RFC 5321, 4.2 and 4.3.2; RFC 3463, 3)."""

from __future__ import annotations

import re
from typing import Literal

#: Commands of the dialogue; `data` is the mail's text too.
Step = Literal["mail", "rcpt", "data"]
#: The recipient's mailbox; this one mail, by its content or by a policy; or our server, sender or login.
Subject = Literal["mailbox", "mail", "server"]

#: Codes that are about our connection or login at any step (RFC 5321, RFC 4954).
_OURS = frozenset({421, 530, 534, 535, 538})
#: By subject, or subject and detail, of the enhanced status code.
_BY_STATUS: dict[str, Subject] = {
    "1": "mailbox",
    "1.7": "server",  # our sender's address
    "1.8": "server",
    "2": "mailbox",
    "2.3": "mail",  # too long
    "3": "mail",  # the system at the other end: too long for it, or not accepting now
    "4": "mailbox",  # the way to its domain
    "5": "mail",
    "6": "mail",  # content
    "7": "mail",  # policy: relaying denied, taken for spam
}
#: By command, where there is no such code: a refusal is about what the command named.
_BY_STEP: dict[Step, Subject] = {"mail": "server", "rcpt": "mailbox", "data": "mail"}
#: The mail is larger than the server takes, which it may say at MAIL already (RFC 1870).
_TOO_LARGE = 552
_STATUS = re.compile(r"\s*[45]\.(\d{1,3})\.(\d{1,3})\b")
#: Exim and qmail refuse to relay without an enhanced status code.
_RELAY = re.compile(r"\brelay|rcpthosts", re.IGNORECASE)


def subject_of_refusal(step: Step, code: int, text: str) -> Subject:
    """Return what a reply 4yz or 5yz to a command is about."""
    if code in _OURS:
        return "server"
    if step == "mail":
        return "mail" if code == _TOO_LARGE else "server"
    if status := _STATUS.match(text):
        subject, detail = status.groups()
        return _BY_STATUS.get(f"{subject}.{detail}") or _BY_STATUS.get(subject) or _BY_STEP[step]
    return "mail" if _RELAY.search(text) else _BY_STEP[step]
