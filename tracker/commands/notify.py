"""`duban notify preview | test`: prints what would be sent about an occurrence, and sends a test message."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
import webbrowser
from argparse import SUPPRESS, Namespace
from pathlib import Path

from notifications.channels.base import Outgoing, SendResult
from notifications.compose import Envelope
from notifications.forms import encode_message
from notifications.render import Addressee, RenderedMail
from tracker.clock import system_clock
from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.output import say
from tracker.commands.parsing import command, now_option, option
from tracker.core.escalation.notices import DEPARTMENT_ROLES
from tracker.deliver.channels import open_channels
from tracker.deliver.mailboxes import Recipient, route
from tracker.deliver.preview import Preview, PreviewError, preview


@command("notify preview")
@option("occurrence", metavar="OCCURRENCE", help="county/pack/duty/department/label, or its tail")
@option("--step", default="", metavar="NAME", help="the escalation step to show (default: the one reached now)")
@option("--to", default="", metavar="ROLE", help="only to this role")
@option("--html", type=Path, metavar="FILE", help="write the page that mail programs show")
@option("--open", action="store_true", help="and open it in the browser")
@now_option(help="as if it were then")
def preview_notices(args: Namespace, context: CommandContext) -> int:
    """Show what would be sent about one occurrence now."""
    loaded, now = context.loaded, context.now
    with context.open_store() as store:
        try:
            previews_or_keys = preview(store, loaded, args.occurrence, now, args.step, args.to)
        except PreviewError as error:
            raise UsageError(str(error)) from None
    previews = [result for result in previews_or_keys if isinstance(result, Preview)]
    if not previews:
        similar_keys = ", ".join(str(key) for key in previews_or_keys) or tr("none is called alike")
        raise UsageError(
            "no occurrence {occurrence!r} ({similar_keys})", occurrence=args.occurrence, similar_keys=similar_keys
        )
    for shown in previews:
        mail = shown.words
        print(
            tr(
                "To: {role} {recipient}\nSubject: {subject}\n\n{text}",
                role=shown.role,
                recipient=shown.recipient or tr("(no address)"),
                subject=mail.subject,
                text=mail.text,
            )
        )
        if mail.fault:
            say("template: {fault}", fault=mail.fault)
    _write_page(args, previews[0].words.html)
    return int(any(shown.words.fault or not shown.recipient for shown in previews))


def _write_page(args: Namespace, html: str) -> None:
    """Write the message as a page and open it, if the options say so."""
    if args.html is None and not args.open:
        return
    path = args.html or Path(tempfile.mkdtemp(prefix="duban-")) / "notice.html"
    path.write_text(html, encoding="utf-8")
    say("written to {path}", path=path)
    if args.open:
        webbrowser.open(path.resolve().as_uri())


@command("notify test")
@option("--to", required=True, metavar="ROLE", help="county-office, or liaison@DEPARTMENT")
@option("--channel", default="mail", metavar="NAME", help="a channel of the schedule (default: mail)")
@now_option(help=SUPPRESS)
def test_channel(args: Namespace, context: CommandContext) -> int:
    """Send one message and say what the other side answered."""
    recipient, result = asyncio.run(_send(args, context))
    if recipient.instead_of:
        say(
            "{role} ({name}) cannot be written to, {because}: {called} is told instead",
            role=args.to,
            name=recipient.instead_of,
            because=recipient.because,
            called=recipient.called,
        )
    answer = tr("taken: {answer}" if result.ok else "not taken: {answer}", answer=result.answer)
    print(tr("{channel} to {address}: {answer}", channel=args.channel, address=recipient.address, answer=answer))
    return int(not result.ok or bool(recipient.instead_of))


async def _send(args: Namespace, context: CommandContext) -> tuple[Recipient, SendResult]:
    """Send a message that says that it is a test."""
    schedule, county = context.loaded.schedule, context.county
    async with open_channels(schedule, context.folder, system_clock) as channels:
        if args.channel not in channels:
            raise UsageError(
                "no channel {channel!r} (one of: {channels})",
                channel=args.channel,
                channels=", ".join(sorted(channels)),
            )
        channel = channels[args.channel]
        role, _, department = args.to.partition("@")
        roles = {*county.roles, *(f"{name}@{unit}" for name in DEPARTMENT_ROLES for unit in county.departments)}
        if args.to not in roles:
            raise UsageError(
                "no role {to!r} (a role of the county, or liaison@DEPARTMENT, lead@DEPARTMENT)", to=args.to
            )
        recipient = route(county, role, department, form=channel.form, channel=args.channel)
        if recipient is None:
            raise UsageError("nobody can be written to for {to}: the county file has no address", to=args.to)
        now, delivery = context.now.astimezone(county.zone), schedule.delivery
        text = f"{recipient.reader}：\n\n这是一条测试消息，收到即说明通知渠道畅通，无须办理。\n"
        mail = RenderedMail(f"【{county.name}政务公开督办】测试", text)
        reader = Addressee(county.name, recipient.reader, department)
        message_id = str(uuid.uuid4())
        envelope = Envelope(delivery.sender, recipient.address, recipient.name, delivery.reply_to)
        body = encode_message(channel.form, message_id, envelope, mail, reader, [], now, channel.max_bytes)
        return recipient, await channel.send(Outgoing(message_id, recipient.address, mail.subject, body, now))
