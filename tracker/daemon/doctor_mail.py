"""What `duban doctor` says of the mail server."""

from __future__ import annotations

from pathlib import Path

import aiosmtplib

from tracker.core.values.message import Message
from tracker.daemon.check_lines import CheckLine
from tracker.deliver.channels import smtp_settings
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.secrets import Redactor, find_unset_secrets


async def check_mail(loaded: Loaded, root: Path, *, offline: bool) -> CheckLine:
    """Whether the mail server answers. `offline`: it is not asked."""
    delivery = loaded.schedule.delivery
    if delivery.via == "folder":
        return (
            "mail",
            "note",
            Message(
                "mails are written to {folder}, nothing is sent (delivery.via: folder)", folder=root / delivery.folder
            ),
        )
    if delivery.via == "stdout":
        return "mail", "note", Message("mails are printed, nothing is sent (delivery.via: stdout)")
    for error in find_unset_secrets(delivery.smtp):
        return "mail", "wrong", error.text
    if offline:
        return (
            "mail",
            "note",
            Message("{host}:{port} not asked (--offline)", host=delivery.smtp.host, port=delivery.smtp.port),
        )
    settings = smtp_settings(delivery)
    server = f"{settings.host}:{settings.port}"
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.tls == "implicit",
        start_tls=settings.tls == "starttls",
        username=settings.user or None,
        password=settings.password or None,
        timeout=10,
    )
    try:
        async with client:
            answer = await client.noop()
    except (aiosmtplib.SMTPException, OSError) as error:
        return "mail", "wrong", _describe_mail_failure(server, error, Redactor(loaded.schedule)(str(error)))
    return (
        "mail",
        "ok",
        Message("{host}:{port} answered {code}", host=settings.host, port=settings.port, code=answer.code),
    )


def _describe_mail_failure(server: str, error: Exception, why: str) -> Message:
    """What the mail server refused, and what to change. `why`: the library's words, without secrets."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Message(
            "{server}: user or password are not accepted (schedule.yaml: delivery.smtp): {why}", server=server, why=why
        )
    if "STARTTLS" in why:
        return Message(
            "{server}: the server does not speak STARTTLS. Write in schedule.yaml, at delivery.smtp: "
            "`port: 465` and `tls: implicit`, or `tls: none` where the server runs on this machine",
            server=server,
        )
    return Message("{server}: no mail server answers (schedule.yaml: delivery.smtp): {why}", server=server, why=why)
