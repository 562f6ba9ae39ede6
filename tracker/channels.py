"""The channels that schedule.yaml names, opened for a pass and closed after it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.utils import parseaddr
from pathlib import Path

from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.mail import MailChannel, SmtpSettings
from notifications.channels.stdout import StdoutChannel
from tracker.rulebook.schedule import Delivery


def smtp_settings(delivery: Delivery) -> SmtpSettings:
    """The mail server's settings as the channel takes them."""
    smtp = delivery.smtp
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        sender=parseaddr(delivery.sender)[1],
        tls=smtp.tls,
        user=smtp.user,
        password=smtp.password,
        timeout=smtp.timeout.total_seconds(),
    )


def make_channel(delivery: Delivery, folder: Path) -> Channel:
    """What carries mail: a server, a folder of .eml files (relative to `folder`), or the terminal."""
    match delivery.via:
        case "smtp":
            return MailChannel(smtp_settings(delivery))
        case "folder":
            return FolderChannel(folder / delivery.folder)
        case "stdout":
            return StdoutChannel()


@asynccontextmanager
async def open_channels(delivery: Delivery, folder: Path) -> AsyncIterator[Mapping[str, Channel]]:
    """The channels by the names that notices carry."""
    channel = make_channel(delivery, folder)
    try:
        yield {"mail": channel}
    finally:
        await channel.close()
