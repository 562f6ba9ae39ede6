"""`duban notify preview | test`: what a notice would look like, and whether a channel gets through."""

from __future__ import annotations

import argparse
import tempfile
import uuid
import webbrowser
from pathlib import Path
from typing import Any

from notifications.channels.base import Outgoing, SendResult
from notifications.compose import Envelope
from notifications.forms import freeze
from notifications.render import MailReader, RenderedMail
from tracker.clock import system_clock
from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import say
from tracker.commands.parsing import add, group
from tracker.core.escalation.notices import DEPARTMENT_ROLES
from tracker.core.law.county import County
from tracker.deliver.channels import open_channels
from tracker.deliver.mailboxes import Recipient, route
from tracker.deliver.preview import Preview, PreviewError, preview
from tracker.rulebook.loaded import Loaded


def register(commands: Any) -> None:
    notify = group(commands, "notify")
    preview = add(notify, "preview", _preview, "show what would be sent about one occurrence now")
    preview.add_argument("occurrence", metavar="OCCURRENCE", help="county/pack/duty/department/label, or its tail")
    preview.add_argument("--step", default="", metavar="NAME", help="this step (default: the one that stands now)")
    preview.add_argument("--to", default="", metavar="ROLE", help="only to this role")
    preview.add_argument("--html", type=Path, metavar="FILE", help="write the page that mail readers show")
    preview.add_argument("--open", action="store_true", help="and open it in the browser")
    preview.add_argument("--now", metavar="INSTANT", help="as if it were then")
    test = add(notify, "test", _test, "send one message and say what the other side answered")
    test.add_argument("--to", required=True, metavar="ROLE", help="county-office, or liaison@DEPARTMENT")
    test.add_argument("--channel", default="mail", metavar="NAME", help="a channel of the schedule (default: mail)")
    test.add_argument("--now", metavar="INSTANT", help=argparse.SUPPRESS)


def _preview(args: argparse.Namespace) -> int:
    loaded = context.load(args)
    now = context.instant(args, context.pick(loaded, args).county.zone)
    with context.opened(args, create=False) as store:
        try:
            found = preview(store, loaded, args.occurrence, now, args.step, args.to)
        except PreviewError as error:
            raise UsageError(str(error)) from None
    made = [one for one in found if isinstance(one, Preview)]
    if not made:
        alike = ", ".join(str(one) for one in found) or "none is called alike"
        raise UsageError(f"no occurrence {args.occurrence!r} ({alike})")
    for one in made:
        print(f"To: {one.role} {one.recipient or '(no address)'}\nSubject: {one.words.subject}\n\n{one.words.text}")
        if one.words.fault:
            say(f"template: {one.words.fault}")
    _show(args, made[0].words.html)
    return int(any(one.words.fault or not one.recipient for one in made))


def _show(args: argparse.Namespace, html: str) -> None:
    """The first message as a page, where that is asked for."""
    if args.html is None and not args.open:
        return
    path = args.html or Path(tempfile.mkdtemp(prefix="duban-")) / "notice.html"
    path.write_text(html, encoding="utf-8")
    say(f"written to {path}")
    if args.open:
        webbrowser.open(path.resolve().as_uri())


def _test(args: argparse.Namespace) -> int:
    async def work() -> int:
        loaded = context.load(args)
        county = context.pick(loaded, args).county
        async with open_channels(loaded.schedule, context.root(args), system_clock) as channels:
            if args.channel not in channels:
                raise UsageError(f"no channel {args.channel!r} (one of: {', '.join(sorted(channels))})")
            box, result = await _send(loaded, county, args, channels[args.channel])
        if box.instead_of:
            say(f"{args.to} ({box.instead_of}) cannot be written to, {box.because}: {box.called} is told instead")
        print(f"{args.channel} to {box.address}: {'taken' if result.ok else 'not taken'}: {result.answer}")
        return int(not result.ok or bool(box.instead_of))

    return context.run(work())


async def _send(loaded: Loaded, county: County, args: argparse.Namespace, channel: Any) -> tuple[Recipient, SendResult]:
    """One message that says of itself that it is a trial."""
    role, _, department = args.to.partition("@")
    known = {*county.roles, *(f"{one}@{unit}" for one in sorted(DEPARTMENT_ROLES) for unit in county.departments)}
    if args.to not in known:
        raise UsageError(f"no role {args.to!r} (a role of the county, or liaison@DEPARTMENT, lead@DEPARTMENT)")
    box = route(county, role, department, form=channel.form, channel=args.channel)
    if box is None:
        raise UsageError(f"nobody can be written to for {args.to}: the county file has no address")
    now, delivery = context.instant(args, county.zone).astimezone(county.zone), loaded.schedule.delivery
    text = f"{box.reader}：\n\n这是一条测试消息，收到即说明通知渠道畅通，无须办理。\n"
    words, reader = (
        RenderedMail(f"【{county.name}政务公开督办】测试", text),
        MailReader(county.name, box.reader, department),
    )
    name = str(uuid.uuid4())
    envelope = Envelope(delivery.sender, box.address, box.name, delivery.reply_to)
    body = freeze(channel.form, name, envelope, words, reader, [], now, channel.max_bytes)
    return box, await channel.send(Outgoing(name, box.address, words.subject, body, now))
