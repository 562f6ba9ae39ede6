"""Bundles due notices by reader and renders each message once, for every attempt."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications.channels.base import Channel
from notifications.compose import Enclosure, Envelope
from notifications.forms import freeze
from notifications.render import MailReader, RenderedMail, render, template_of
from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.law.duties import County
from tracker.deliver.mailboxes import OFFICE_ONLY, Recipient, route
from tracker.rulebook.loaded import Loaded
from tracker.store.messages import DueNotice, MessageRow

#: The address at which a message can be answered, "" where nothing in it can: county, message, kinds, instant.
Links = Callable[[County, str, Iterable[str], datetime], str]
_NAMESPACE = uuid.UUID("6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11")


@dataclass(slots=True)
class Bundle:
    """All that one person is told in one message."""

    county: County
    channel: str
    mailbox: Recipient
    members: list[DueNotice] = field(default_factory=list)
    boxes: list[Recipient] = field(default_factory=list)

    @property
    def urgent(self) -> bool:
        return any(member.urgent for member in self.members)

    @property
    def department(self) -> str:
        """The one department it is about; "" where it names several, or is read in a county role."""
        found = {box.department for box in self.boxes}
        return found.pop() if len(found) == 1 else ""

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What each member shows. Who reads a step for somebody else too is told of the matter once."""
        own = {_step(notice) for notice, box in zip(self.members, self.boxes, strict=True) if not box.instead_of}
        return [
            {
                **notice.detail,
                "instead_of": box.instead_of,
                "because": box.because,
                "sent_to": box.called,
                "notice": notice.id,
            }
            for notice, box in zip(self.members, self.boxes, strict=True)
            if not box.instead_of or _step(notice) not in own
        ]


@dataclass(slots=True)
class Sorting:
    """What is due, by what can be done with it now."""

    bundles: list[Bundle] = field(default_factory=list)
    homeless: list[DueNotice] = field(default_factory=list)
    held: int = 0  # waits for the reader's daily summary


def sort(
    loaded: Loaded,
    waiting: Iterable[DueNotice],
    channels: Mapping[str, Channel],
    failing: Mapping[str, frozenset[str]],
    now: datetime,
) -> Sorting:
    """By person, urgent ones first. A report is a paper of its own and is not mixed with lines.

    `failing`: by county, the addresses that are not written to now.
    """
    counties = {rulebook.county.id: rulebook.county for rulebook in loaded.rulebooks}
    sorting, bundles = Sorting(), dict[tuple[str, ...], Bundle]()
    for notice in waiting:
        county = counties.get(notice.county)
        mailbox = _mailbox(county, notice, channels, failing.get(notice.county, frozenset()), now) if county else None
        if county is None or mailbox is None:
            sorting.homeless.append(notice)
            continue
        if mailbox.daily and not _at_once(notice) and now < _summary_at(loaded, county, notice):
            sorting.held += 1
            continue
        # In a group's chat everybody is addressed for themselves.
        shared = mailbox.reader if mailbox.address == notice.channel else ""
        key = (county.id, notice.channel, mailbox.address, shared, _alone(notice))
        bundle = bundles.setdefault(key, Bundle(county, notice.channel, mailbox))
        bundle.members.append(notice)
        bundle.boxes.append(mailbox)
    sorting.bundles = sorted(bundles.values(), key=lambda one: not one.urgent)
    return sorting


def _alone(notice: DueNotice) -> str:
    """What may stand in one message has the same: papers alone, slips and circulars once for all roles of a reader."""
    if rules_of(notice.kind).once_per_reader:
        return f"{notice.subject}:{notice.kind}"
    if notice.kind == "slip":
        return f"{notice.subject}:{notice.detail.get('step')}:{notice.ordinal}"
    return str(notice.id) if rules_of(notice.kind).own_mail else template_of(notice.detail)


def _mailbox(
    county: County, notice: DueNotice, channels: Mapping[str, Channel], failing: frozenset[str], now: datetime
) -> Recipient | None:
    """Where the notice goes on its channel; None: to nobody."""
    channel = channels.get(notice.channel)
    if channel is None:
        return None
    return route(
        county, notice.role, notice.department, failing,
        form=channel.form, channel=notice.channel, office_only=notice.kind in OFFICE_ONLY or county.shadow(now),
    )  # fmt: skip


def _at_once(notice: DueNotice) -> bool:
    """What a summary never hides: emergencies, the first word of a step that presses harder, and circulars."""
    first = notice.kind in ("escalation", "slip") and notice.ordinal == 0
    return notice.urgent or first or rules_of(notice.kind).once_per_reader


def _summary_at(loaded: Loaded, county: County, notice: DueNotice) -> datetime:
    return loaded.office_time(county.zone).next_morning(notice.not_before)


def _step(notice: DueNotice) -> tuple[str, str, int, str]:
    whose = notice.department if notice.kind == "consult" else ""  # each is asked about its own lines
    return notice.subject, str(notice.detail.get("step", notice.kind)), notice.ordinal, whose


def frozen(
    loaded: Loaded,
    bundle: Bundle,
    channel: Channel,
    now: datetime,
    holder: str,
    links: Links | None = None,
    files: Sequence[Enclosure] = (),
) -> tuple[RenderedMail, MessageRow]:
    """The bundle's words and the message that carries them: the same bytes at every attempt. `files` go with it."""
    box, county, delivery = bundle.mailbox, bundle.county, loaded.schedule.delivery
    local = now.astimezone(county.zone)
    shown = [aged(one, now, loaded.calendar, county.zone) for one in bundle.shown]
    numbers = ",".join(str(member.id) for member in bundle.members)
    # The same members may have to be told again, elsewhere or later: that is another message.
    name = str(uuid.uuid5(_NAMESPACE, f"{county.id}:{bundle.channel}:{box.address}:{numbers}:{now.isoformat()}"))
    answer = links(county, name, [member.kind for member in bundle.members], now) if links else ""
    if links and answer:  # each matter has its own page behind that of the mail
        shown = [
            {**one, "answer": f"{answer}/{one['notice']}"} if links(county, name, [one["kind"]], now) else one
            for one in shown
        ]
    reader = MailReader(county.name, box.reader, bundle.department, answer)
    rendered = render(reader, shown, local, loaded.templates.get(county.id))
    envelope = Envelope(delivery.sender, box.address, box.name, delivery.reply_to)
    body = freeze(channel.form, name, envelope, rendered, reader, shown, local, channel.max_bytes, files)
    return rendered, MessageRow(
        name, county.id, bundle.channel, box.role, box.department, box.address, rendered.subject, body, 1, now, holder
    )
