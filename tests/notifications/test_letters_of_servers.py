"""Returned mails that are no report by the standard: what a server wrote about one of ours, in its own words."""

from __future__ import annotations

from base64 import b64encode
from email.header import Header

import pytest

from notifications.bounces import Bounce, bounce_of

OURS = "6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11"
HEADERS = f"From: duban@example.gov.cn\nMessage-ID: <{OURS}@example.gov.cn>\nSubject: =?utf-8?b?6YC+5pyf?=\n"


def letter(body: str, sender: str = "MAILER-DAEMON@mail.cn", subject: str = "failure notice", **more: str) -> bytes:
    """A letter without parts. `more`: further headers."""
    heads = {"From": sender, "Subject": subject, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "".join(f"{name}: {value}\n" for name, value in heads.items()).encode() + b"\n" + body.encode()


def in_chinese(words: str, subject: str, enclosed: str, kind: str = "html") -> bytes:
    """A letter of a mail service of the country: in GB 18030, our mail beside it."""
    body = b64encode(words.encode("gb18030")).decode()
    return (
        f"From: PostMaster@mail.cn\nSubject: {Header(subject, 'gb18030').encode()}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/{kind}; charset="gb18030"\n'
        f"Content-Transfer-Encoding: base64\n\n{body}\n--b\n{enclosed}\n--b--\n"
    ).encode()


WHOLE = f"Content-Type: message/rfc822\n\n{HEADERS}\n550 5.1.1 in our own words"
FILE = (
    'Content-Type: application/octet-stream; name="a.eml"\nContent-Transfer-Encoding: base64\n\n'
    + b64encode(HEADERS.encode()).decode()
)
REFUSED = "<p>无法发送到 <b>hb@example.gov.cn</b></p><p>收件方服务器答复：550 5.1.1 User not found: hb</p><p>谢谢</p>"


def report(status: str, original: str, *fields: str) -> bytes:
    """A report whose parts bear the names that RFC 6522 and RFC 6533 give them."""
    return (
        'From: MAILER-DAEMON@mail.cn\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary="b"\n\n'
        f"--b\nContent-Type: message/{status}\n\nReporting-MTA: dns; mail.cn\n\n" + "\n".join(fields) +
        f"\n\n--b\nContent-Type: {original}\n\n{HEADERS}\n--b--\n"
    ).encode()  # fmt: skip


NO_USER = "Diagnostic-Code: smtp; 550 no such user"
COPY = "--- Below this line is a copy of the message.\n\n"
LETTERS = {
    "qmail": (
        letter(f"I'm afraid I wasn't able.\n\n<hb@example.gov.cn>:\n1.2.3.4 said: 550 5.2.1 full\n\n{COPY}{HEADERS}"),
        Bounce(OURS, "", "550 5.2.1 full"),
    ),
    "exim, before it wrote reports": (
        letter(f"failed:\n\n  hb@example.gov.cn\n    Unrouteable address\n\n{HEADERS}", X_Failed_Recipients="hb@x.cn"),
        Bounce(OURS, "hb@x.cn", "failure notice"),
    ),
    "in Chinese, with our mail enclosed": (
        in_chinese(REFUSED, "系统退信", WHOLE), Bounce(OURS, "", "550 5.1.1 User not found: hb")
    ),
    "in Chinese, with our mail as a file": (
        in_chinese(REFUSED, "系统退信", FILE), Bounce(OURS, "", "550 5.1.1 User not found: hb")
    ),
    "in Chinese, without any code": (
        in_chinese("您的邮件被退回到您的邮箱", "来自mail.cn的退信", WHOLE, "plain"),
        Bounce(OURS, "", "来自mail.cn的退信")
    ),
    "a report on an address of any script": (
        report("global-delivery-status", "message/global-headers", "Final-Recipient: utf-8; 张三@x.cn",
               "Action: failed", NO_USER),
        Bounce(OURS, "张三@x.cn", "550 no such user"),
    ),
    "a report without an action": (
        report("delivery-status", "text/rfc822-headers", "Final-Recipient: rfc822; a@x.cn", "Status: 5.1.1", NO_USER),
        Bounce(OURS, "a@x.cn", "550 no such user"),
    ),
    "a report with our mail as a file": (
        report("delivery-status", "text/plain", "Final-Recipient: rfc822; a@x.cn", "Action: failed", NO_USER),
        Bounce(OURS, "a@x.cn", "550 no such user"),
    ),
    "a report of a delay without an action": (
        report("delivery-status", "text/rfc822-headers", "Final-Recipient: rfc822; a@x.cn", "Status: 4.4.1"), None
    ),
    "only delayed": (letter(f"no error yet, 451 4.4.1 busy\n\n{HEADERS}", subject="Warning: message delayed"), None),
    "delayed, in Chinese": (in_chinese("暂时未能送达，稍后重试", "邮件投递延迟通知", WHOLE), None),
    "neither a code nor a word": (in_chinese("欢迎使用邮箱", "系统通知", WHOLE), None),
    "about no mail": (letter("550 5.1.1 no such user"), None),
    "what a person sends on": (letter(f"550 5.1.1 see below\n\n{HEADERS}", sender="zhang@example.gov.cn"), None),
    "an automatic reply": (
        letter("我正在休假", sender="hb@x.cn", Auto_Submitted="auto-replied", In_Reply_To=f"<{OURS}@x.cn>"), None
    ),
    "a name that no database takes": (letter(f"550 5.1.1 no\n\n{HEADERS}".replace(OURS, "a\x00b")), None),
    "a subject in no encoding": (
        letter(f"failed\n{HEADERS}", subject="=?gb18\x07030?b?eA==?="), Bounce(OURS, "", "=?gb18 030?b?eA==?=")
    ),
    "an encoding that nobody knows": (
        letter(f"550 no\n{HEADERS}", Content_Type="text/plain; charset=x-unknown"), Bounce(OURS, "", "550 no")
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), LETTERS.values(), ids=LETTERS)
def test_what_a_letter_says(raw: bytes, expected: Bounce | None) -> None:
    assert bounce_of(raw) == expected


@pytest.mark.parametrize("line", [b"\n ", b">", b"<a", b"Message-ID: <", b"=?utf-8?q?x?="])
def test_a_letter_without_end_is_read_to_one(line: bytes) -> None:
    whole = line * (1_000_000 // len(line))
    kinds = b"Content-Type: text/html\n" if b"<a" in line else b""
    assert bounce_of(b"From: postmaster@x.cn\n" + kinds + b"Subject: " + whole.strip() + b"\n\n" + whole) is None


def test_a_sender_of_groups_within_groups_is_no_server() -> None:
    assert bounce_of(b"From: " + b"a:" * 50_000 + b"\n\nreturned") is None
