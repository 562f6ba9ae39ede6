"""The mail catcher keeps real SMTP mails as files."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from tracker.demo.mailbox import Caught, catch


def mail(to: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "duban@sample.example", to, subject
    message["Message-ID"] = "<1@sample.example>"
    message.set_content("环保局：6月份水环境质量状况应于2015年7月31日前公开。", cte="base64")
    return message


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_mail_over_smtp_is_kept_and_told(tmp_path: Path) -> None:
    told: list[Caught] = []
    async with catch(tmp_path / "mails", told.append) as mailbox:
        for subject in ("逾期通知", "上报"):
            await aiosmtplib.send(
                mail("huanbao@sample.example", subject), hostname="127.0.0.1", port=mailbox.port, start_tls=False
            )
    assert mailbox.caught == 2
    assert [(one.subject, one.recipients) for one in told] == [
        ("逾期通知", ("huanbao@sample.example",)),
        ("上报", ("huanbao@sample.example",)),
    ]
    kept = sorted((tmp_path / "mails").iterdir())
    assert [path.name for path in kept] == ["00001-huanbao.eml", "00002-huanbao.eml"]
    message = message_from_bytes(kept[0].read_bytes(), policy=policy.default)
    assert message["Message-ID"] == "<1@sample.example>"
    assert "应于2015年7月31日前公开" in message.get_body().get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("to", "name"),
    [
        pytest.param('"../../etc/passwd"@sample.example', "00001-etc-passwd.eml", id="an address is no path"),
        pytest.param("a.b+c@sample.example", "00001-a-b-c.eml", id="dots and signs"),
    ],
)
async def test_a_file_name_never_leaves_the_folder(tmp_path: Path, to: str, name: str) -> None:
    async with catch(tmp_path) as mailbox:
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
    async with catch(tmp_path) as mailbox:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=mailbox.port, start_tls=False)
        await client.connect()
    client.close()
    assert mailbox.caught == 0
