"""Opens the channels of schedule.yaml for a pass and closes them after it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.utils import parseaddr
from pathlib import Path

from notifications.channels import sms
from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.mail import MailChannel, SmtpSettings
from notifications.channels.robots import PLATFORMS, RobotChannel
from notifications.channels.sms import SmsChannel
from notifications.channels.stdout import StdoutChannel
from notifications.channels.webhook import WebhookChannel
from tracker.clock import Clock
from tracker.rulebook.schedule import Delivery, FurtherChannel, Schedule


def smtp_settings(delivery: Delivery) -> SmtpSettings:
    """Return the mail server's settings."""
    smtp = delivery.smtp
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        sender=parseaddr(delivery.sender)[1],
        tls=smtp.tls,
        user=smtp.user.reveal(),
        password=smtp.password.reveal(),
        timeout=smtp.timeout.total_seconds(),
        connections=smtp.connections,
    )


@asynccontextmanager
async def open_channels(schedule: Schedule, folder: Path, clock: Clock) -> AsyncIterator[Mapping[str, Channel]]:
    """Yield the channels by the names that notices carry. Folders are relative to `folder`."""
    channels = {"mail": _mail_channel(schedule.delivery, folder, clock)}
    channels |= {name: further_channel(channel, clock) for name, channel in schedule.channels.items()}
    try:
        yield channels
    finally:
        for channel in channels.values():
            await channel.close()


def _mail_channel(delivery: Delivery, folder: Path, clock: Clock) -> Channel:
    match delivery.via:
        case "smtp":
            return MailChannel(smtp_settings(delivery))
        case "folder":
            return FolderChannel(folder / delivery.folder, clock())
        case "stdout":
            return StdoutChannel()


def further_channel(channel: FurtherChannel, clock: Clock) -> Channel:
    """Return the channel that a section of schedule.yaml describes."""
    url, secret = channel.url.reveal(), channel.secret.reveal()
    if channel.kind == "sms":
        headers = {name: value.reveal() for name, value in channel.headers.items()}
        body = channel.body.reveal()
        return SmsChannel(
            sms.Gateway(url, channel.method, body, headers, path=channel.code, sent=channel.sent, later=channel.later)
        )
    if channel.kind == "webhook":
        return WebhookChannel(url, secret, clock)
    return RobotChannel(PLATFORMS[channel.kind], url, secret, clock)
