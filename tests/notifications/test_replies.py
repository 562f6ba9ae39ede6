"""What a mail server's refusal is about: the recipient's mailbox, this one mail, or our server."""

from __future__ import annotations

import pytest

from notifications.channels.replies import Step, Subject, subject_of_refusal

REFUSALS: list[tuple[Step, str, Subject]] = [
    # The recipient's mailbox.
    ("rcpt", "550 5.1.1 <hb@example.gov.cn>: Recipient address rejected: User unknown", "mailbox"),
    ("rcpt", "550 no such user", "mailbox"),
    ("rcpt", "551 user not local", "mailbox"),
    ("rcpt", "552 mailbox full", "mailbox"),
    ("rcpt", "553 mailbox name not allowed", "mailbox"),
    ("rcpt", "550 5.4.1 Recipient address rejected: Access denied", "mailbox"),
    ("rcpt", "556 5.1.10 recipient has a null MX", "mailbox"),
    ("rcpt", "450 4.2.1 busy", "mailbox"),
    ("data", "552 5.2.2 over quota", "mailbox"),
    ("data", "550 5.1.1 no such user", "mailbox"),
    # This mail, by its size, its content or a policy.
    ("mail", "552 5.3.4 message size exceeds fixed limit", "mail"),
    ("rcpt", "552 5.2.3 length exceeds administrative limit", "mail"),
    ("data", "552 too much mail data", "mail"),
    ("data", "554 DT:SPM", "mail"),
    ("data", "550 Mail content denied", "mail"),
    ("data", "554 5.6.0 bad content", "mail"),
    ("rcpt", "550 5.7.1 unable to relay", "mail"),
    ("rcpt", "554 5.7.1 <hb@example.gov.cn>: Relay access denied", "mail"),
    ("rcpt", "550 relay not permitted", "mail"),
    ("rcpt", "550 Relaying denied", "mail"),
    ("rcpt", "553 sorry, that domain isn't in my list of allowed rcpthosts", "mail"),
    ("rcpt", "554 5.3.2 not accepting mail", "mail"),
    ("rcpt", "503 5.5.1 bad sequence", "mail"),
    # Our server, sender or login.
    ("mail", "550 not you", "server"),
    ("mail", "553 5.1.8 sender domain not found", "server"),
    ("mail", "451 later", "server"),
    ("rcpt", "553 5.1.8 sender domain not found", "server"),
    ("rcpt", "550 5.1.7 bad sender", "server"),
    ("rcpt", "530 5.7.0 authenticate first", "server"),
    ("data", "535 5.7.8 wrong password", "server"),
    ("data", "421 4.3.2 going down", "server"),
    # A code that RFC 3463 does not have, and a number that is no code.
    ("rcpt", "550 5.9.9 whatever", "mailbox"),
    ("rcpt", "550 5.7 users have this name", "mailbox"),
    ("rcpt", "550 see 5.7.1", "mailbox"),
    ("data", "550 5.0.0 no", "mail"),
]


@pytest.mark.parametrize(
    ("step", "reply", "subject"), REFUSALS, ids=[f"{step}: {reply}" for step, reply, _ in REFUSALS]
)
def test_what_a_refusal_is_about(step: Step, reply: str, subject: Subject) -> None:
    assert subject_of_refusal(step, int(reply[:3]), reply[4:]) == subject
