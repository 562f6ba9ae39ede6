"""Bundles due notices by reader, and renders and freezes each message once for all its attempts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from notifications.channels.base import Channel
from notifications.compose import Enclosure, Envelope
from notifications.forms import encode_message
from notifications.render import Addressee, RenderedMail, SendingOffice, render, template_of
from tracker.core.assessment.golive import is_reachable
from tracker.core.escalation.notice_fields import aged, with_objection_day
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.law.county import Contact, County
from tracker.deliver.mailboxes import OFFICE, OFFICE_ONLY, Recipient, route
from tracker.rulebook.loaded import Loaded
from tracker.store.messages import DueNotice, MessageRow

_NAMESPACE = uuid.UUID("6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11")


class Links(Protocol):
    """The links in messages, at which they can be answered. No message is stored with its token."""

    def address(self, message: str) -> str:
        """Return the address for a message as it is stored, with a placeholder for its token; "" if there is none."""

    def token(self, message: str) -> tuple[str, str]:
        """Return the placeholder of a message, and the token that takes its place when it leaves."""


@dataclass(slots=True)
class Bundle:
    """The notices that one person gets in one message. `recipients`: of each notice."""

    county: County
    channel: str
    recipient: Recipient
    notices: list[DueNotice] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)

    @property
    def is_urgent(self) -> bool:
        return any(notice.urgent for notice in self.notices)

    @property
    def department(self) -> str:
        """The department if the message is about one alone, else ""; "" for county roles."""
        departments = {recipient.department for recipient in self.recipients}
        return departments.pop() if len(departments) == 1 else ""

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The fields that each notice shows.

        A reader who also gets a step in another's place sees the occurrence once.
        """
        pairs = list(zip(self.notices, self.recipients, strict=True))
        own_steps = {_step_key(notice) for notice, recipient in pairs if not recipient.instead_of}
        return [
            {
                **notice.detail,
                "instead_of": recipient.instead_of,
                "because": recipient.because,
                "sent_to": recipient.called,
                "notice": notice.id,
            }
            for notice, recipient in pairs
            if not recipient.instead_of or _step_key(notice) not in own_steps
        ]


def bundle_notices(
    loaded: Loaded,
    notices: Iterable[DueNotice],
    channels: Mapping[str, Channel],
    failing: Mapping[str, frozenset[str]],
    now: datetime,
) -> tuple[list[Bundle], list[DueNotice]]:
    """Return the bundles by person, urgent ones first, and the notices without an address.

    Notices that wait for their reader's daily summary are in neither. `failing`: by county, addresses not used now.
    """
    counties = {rulebook.county.id: rulebook.county for rulebook in loaded.rulebooks}
    bundles: dict[tuple[str, ...], Bundle] = {}
    unaddressed = []
    for notice in notices:
        county = counties.get(notice.county)
        recipient = _route(county, notice, channels, failing.get(notice.county, frozenset()), now) if county else None
        if county is None or recipient is None:
            unaddressed.append(notice)
            continue
        if recipient.daily and not _skips_summary(notice):
            summary_at = loaded.office_time(county.zone).next_morning(notice.not_before)
            if now < summary_at:
                continue
        # In a group's chat each person gets a message of their own.
        reader = recipient.reader if recipient.address == notice.channel else ""
        key = (county.id, notice.channel, recipient.address, reader, _message_key(notice))
        bundle = bundles.setdefault(key, Bundle(county, notice.channel, recipient))
        bundle.notices.append(notice)
        bundle.recipients.append(recipient)
    return sorted(bundles.values(), key=lambda bundle: not bundle.is_urgent), unaddressed


def _message_key(notice: DueNotice) -> str:
    """Return a key that is equal for notices that may share a message.

    Documents are sent alone; slips (督办单) and circulars once for all roles of a reader.
    """
    if rules_of(notice.kind).once_per_reader:
        return f"{notice.subject}:{notice.kind}"
    if notice.kind == "slip":
        return f"{notice.subject}:{notice.detail.get('step')}:{notice.ordinal}"
    return str(notice.id) if rules_of(notice.kind).own_mail else template_of(notice.detail)


def _route(
    county: County, notice: DueNotice, channels: Mapping[str, Channel], failing: frozenset[str], now: datetime
) -> Recipient | None:
    channel = channels.get(notice.channel)
    if channel is None:
        return None
    return route(
        county, notice.role, notice.department, failing,
        form=channel.form, channel=notice.channel, office_only=notice.kind in OFFICE_ONLY or county.shadow(now),
    )  # fmt: skip


def _skips_summary(notice: DueNotice) -> bool:
    """Return whether the notice is sent at once: urgent ones, the first of an escalation or slip, and circulars."""
    is_first = notice.kind in ("escalation", "slip") and notice.ordinal == 0
    return notice.urgent or is_first or rules_of(notice.kind).once_per_reader


def _step_key(notice: DueNotice) -> tuple[str, str, int, str]:
    department = notice.department if notice.kind == "consult" else ""  # each is consulted about its own lines
    return notice.subject, str(notice.detail.get("step", notice.kind)), notice.ordinal, department


def sending_office(loaded: Loaded, county: County) -> SendingOffice:
    """Return the office that sends the county's mails, by the county file."""
    contact = county.roles.get(OFFICE, Contact())
    delivery = loaded.schedule.delivery
    addresses = [delivery.reply_to] if delivery.reply_to else [contact.mail, delivery.sender]
    reply = next(filter(is_reachable, addresses), "")
    rules = next((rulebook.circular for rulebook in loaded.rulebooks if rulebook.county.id == county.id), None)
    return SendingOffice(
        county.role_name(OFFICE), rules.issuer if rules else "", contact.person, contact.tel, contact.mail,
        loaded.schedule.objections.amount, reply,
    )  # fmt: skip


def freeze_message(
    loaded: Loaded,
    bundle: Bundle,
    channel: Channel,
    office: SendingOffice,
    now: datetime,
    holder: str,
    links: Links | None = None,
    enclosures: Sequence[Enclosure] = (),
) -> tuple[RenderedMail, MessageRow]:
    """Return the rendered mail and its message, whose bytes are the same at every attempt."""
    recipient, county, delivery = bundle.recipient, bundle.county, loaded.schedule.delivery
    local = now.astimezone(county.zone)
    window = loaded.schedule.objections.amount
    shown = [
        with_objection_day(aged(fields, now, loaded.calendar, county.zone), local.date(), window, loaded.calendar)
        for fields in bundle.shown
    ]
    numbers = ",".join(str(notice.id) for notice in bundle.notices)
    # The same notices may be sent again, elsewhere or later: that is another message.
    name = f"{county.id}:{bundle.channel}:{recipient.address}:{numbers}:{now.isoformat()}"
    message_id = str(uuid.uuid5(_NAMESPACE, name))
    can_be_answered = any(rules_of(notice.kind).answers for notice in bundle.notices)
    link = links.address(message_id) if links and can_be_answered else ""
    if link:  # each occurrence has its own page behind that of the mail
        shown = [
            {**fields, "answer": f"{link}/{fields['notice']}"} if rules_of(fields["kind"]).answers else fields
            for fields in shown
        ]
    is_lead = bool(bundle.department) and recipient.role.partition("@")[0] == "lead"
    reader = Addressee(county.name, recipient.reader, bundle.department, link, office, is_lead)
    rendered = render(reader, shown, local, loaded.templates.get(county.id))
    envelope = Envelope(delivery.sender, recipient.address, recipient.name, delivery.reply_to or office.reply)
    body = encode_message(
        channel.form, message_id, envelope, rendered, reader, shown, local, channel.max_bytes, enclosures
    )
    return rendered, MessageRow(
        message_id, county.id, bundle.channel, recipient.role, recipient.department, recipient.address,
        rendered.subject, body, 1, now, holder,
    )  # fmt: skip
