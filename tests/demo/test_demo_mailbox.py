"""The demo's mail server writes real SMTP mails into files."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from tracker.demo.mailbox import serve_mailbox


def mail(to: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "duban@sample.example", to, subject
    message["Message-ID"] = "<1@sample.example>"
    message.set_content("环保局：6月份水环境质量状况应于2015年7月31日前公开。", cte="base64")
    return message


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_mail_over_smtp_is_written_as_it_came(tmp_path: Path) -> None:
    async with serve_mailbox(tmp_path / "mails") as mailbox:
        for subject in ("逾期通知", "上报"):
            await aiosmtplib.send(
                mail("huanbao@sample.example", subject), hostname="127.0.0.1", port=mailbox.port, start_tls=False
            )
    assert mailbox.mail_count == 2
    paths = sorted((tmp_path / "mails").iterdir())
    assert [path.name for path in paths] == ["00001-huanbao.eml", "00002-huanbao.eml"]
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    assert [(message["Subject"], message["To"]) for message in messages] == [
        ("逾期通知", "huanbao@sample.example"), ("上报", "huanbao@sample.example"),
    ]  # fmt: skip
    assert messages[0]["Message-ID"] == "<1@sample.example>"
    assert "应于2015年7月31日前公开" in messages[0].get_body().get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("to", "name"),
    [
        pytest.param('"../../etc/passwd"@sample.example', "00001-etc-passwd.eml", id="an address is no path"),
        pytest.param("a.b+c@sample.example", "00001-a-b-c.eml", id="dots and signs"),
    ],
)
async def test_a_file_name_never_leaves_the_folder(tmp_path: Path, to: str, name: str) -> None:
    async with serve_mailbox(tmp_path) as mailbox:
        await aiosmtplib.send(
            mail("x@sample.example", "试"),
            sender="d@sample.example",
            recipients=[to],
            hostname="127.0.0.1",
            port=mailbox.port,
            start_tls=False,
        )
    assert names(tmp_path) == [name]


async def test_an_open_connection_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with serve_mailbox(tmp_path) as mailbox:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=mailbox.port, start_tls=False)
        await client.connect()
    client.close()
    assert mailbox.mail_count == 0
