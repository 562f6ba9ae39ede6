"""The bytes of a mail: parsed back, they are what was meant, and nothing can be injected."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.compose import Envelope, compose, message_id, one_line
from notifications.render import RenderedMail

NOW = datetime(2015, 10, 19, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ENVELOPE = Envelope("政务公开督办 <duban@example.gov.cn>", "hb@example.gov.cn", "张三", "office@example.gov.cn")
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
}  # fmt: skip


def parsed(rendered: RenderedMail, envelope: Envelope = ENVELOPE) -> EmailMessage:
    mail = message_from_bytes(compose("m-1", envelope, rendered, NOW), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_headers() -> None:
    mail = parsed(RenderedMail("逾期2件" * 20, "正文\n", "<p>正文</p>"))
    assert str(mail["From"]) == "政务公开督办 <duban@example.gov.cn>"
    assert str(mail["To"]) == "张三 <hb@example.gov.cn>"
    assert mail["Reply-To"] == "office@example.gov.cn"
    assert mail["Subject"] == "逾期2件" * 20
    assert mail["Message-ID"] == "<m-1@example.gov.cn>"
    assert mail["List-Id"] == "<duban.example.gov.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert set(mail.keys()) == HEADERS


def test_text_and_html_travel_as_base64() -> None:
    mail = parsed(RenderedMail("题", "逾期\n" * 500, "<p>逾期</p>" * 500))
    text, html = mail.iter_parts()
    for part, kind, words in ((text, "text/plain", "逾期\n" * 500), (html, "text/html", "<p>逾期</p>" * 500)):
        assert part.get_content_type() == kind
        assert part["Content-Transfer-Encoding"] == "base64"
        assert part.get_content().split() == words.split()


def test_every_line_is_short_and_ascii() -> None:
    body = compose("m-1", ENVELOPE, RenderedMail("逾" * 400, "长" * 5000, "<p>" + "长" * 5000), NOW)
    assert body.isascii()
    assert max(len(line) for line in body.split(b"\r\n")) <= 78


def test_plain_words_alone_need_no_alternative() -> None:
    assert parsed(RenderedMail("题", "正文")).get_content_type() == "text/plain"


@given(st.text(max_size=60))
def test_no_subject_can_start_a_header(title: str) -> None:
    mail = parsed(RenderedMail(f"事项：{title}\r\nBcc: thief@example.com", "正文"))
    assert mail["Bcc"] is None
    assert set(mail.keys()) <= HEADERS | {"Content-Transfer-Encoding"}
    assert len(mail.get_all("Subject", [])) == 1


@pytest.mark.parametrize("name", ["张三\r\nBcc: x@y", '"张" <z@z>, 李', "a,b;c", ""])
def test_no_name_can_add_a_recipient(name: str) -> None:
    mail = parsed(RenderedMail("题", "正文"), Envelope(ENVELOPE.sender, "hb@example.gov.cn", name))
    assert [one.addr_spec for one in mail["To"].addresses] == ["hb@example.gov.cn"]
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("sender", "expected"),
    [("督办 <d@a.cn>", "<m@a.cn>"), ("d@a.cn", "<m@a.cn>"), ("督办 <duban@localhost>", "<m@localhost>")],
)
def test_the_message_id_follows_from_the_id(sender: str, expected: str) -> None:
    assert message_id("m", sender) == expected


@given(st.text(max_size=3000), st.text(max_size=3000), st.text(max_size=200), st.text(max_size=40))
def test_whatever_is_said_comes_back_and_no_line_is_too_long(text: str, html: str, subject: str, name: str) -> None:
    whole = compose("m-1", Envelope("督办 <d@x.cn>", "hb@x.cn", name), RenderedMail(subject, text, html), NOW)
    assert max(len(line) for line in whole.split(b"\r\n")) <= 998
    assert b"\n" not in whole.replace(b"\r\n", b"")
    assert whole.isascii()
    mail = message_from_bytes(whole, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    parts = list(mail.iter_parts()) if html else [mail]
    said = [text, html] if html else [text]
    assert [part.get_payload(decode=True) for part in parts] == [one.encode("utf-8", "replace") for one in said]
    assert str(mail["Subject"] or "").split() == one_line(subject).split()
    assert mail["To"].addresses[0].addr_spec == "hb@x.cn"


def test_the_same_mail_by_the_standard_library_says_the_same() -> None:
    rendered = RenderedMail("【样例县】逾期2件", "正文\n" * 50, "<p>正文</p>\n" * 50)
    ours = parsed(rendered)
    theirs = EmailMessage(policy.default)
    theirs["Subject"], theirs["From"], theirs["To"] = rendered.subject, ENVELOPE.sender, "张三 <hb@example.gov.cn>"
    theirs.set_content(rendered.text, cte="base64")
    theirs.add_alternative(rendered.html, subtype="html", cte="base64")
    theirs = message_from_bytes(theirs.as_bytes(), policy=policy.default)  # type: ignore[assignment]
    for header in ("Subject", "From", "To"):
        assert str(ours[header]) == str(theirs[header])
    for mine, other in zip(ours.walk(), theirs.walk(), strict=True):
        assert mine.get_content_type() == other.get_content_type()
        assert mine.get_payload(decode=True) == other.get_payload(decode=True)


def test_an_address_of_any_script() -> None:
    envelope = Envelope("duban@样例.中国", "张三@样例.中国", '张"三')
    lines = compose("m-1", envelope, RenderedMail("题", "正文"), NOW).decode().split("\r\n")
    assert "From: duban@xn--fsq541d.xn--fiqs8s" in lines
    assert 'To: "张\\"三" <张三@xn--fsq541d.xn--fiqs8s>' in lines  # as RFC 6532 has it
    assert "Message-ID: <m-1@xn--fsq541d.xn--fiqs8s>" in lines
