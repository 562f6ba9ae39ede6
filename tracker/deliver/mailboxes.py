"""Finds the mailbox of a role: the person's, or the next role's if that one fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notifications.addresses import usable
from notifications.channels.base import MessageForm
from tracker.clock import SKEW
from tracker.core.escalation.notices import DEPARTMENT_ROLES
from tracker.core.law.county import Contact, County
from tracker.core.values.message import Message
from tracker.store.faults import Fault

OFFICE, SUPERVISOR = "county-office", "supervisor"
#: The roles that are notified instead, in this order, if a role has no working mailbox.
_NEXT_ROLES = {"liaison": ("lead", OFFICE, SUPERVISOR), OFFICE: (SUPERVISOR,)}
_NEXT_OF_OTHERS = (OFFICE, SUPERVISOR)
#: Kinds of notices for the county office alone.
OFFICE_ONLY = frozenset({"decide", "wait"})
#: A failed mailbox is tried again after this time, so that a repaired one recovers by itself.
RETRY_AFTER = timedelta(hours=24)
#: After so many messages in a row with temporary refusals a mailbox counts as failed.
_REFUSALS_IN_A_ROW = 3
#: The actions of a mailbox's faults: one `BOUNCED` makes it fail, `REFUSED` by their count.
BOUNCED, REFUSED = "bounce", "deliver"
_PREFIX = "mailbox:"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a notice goes.

    `called`: the Chinese name of the role. `instead_of`: the intended reader, if that one's mailbox fails, and
    `because`: why. `daily`: notices that can wait are sent once a day.
    """

    address: str
    role: str
    department: str
    name: str
    reader: str
    called: str = ""
    instead_of: str = ""
    because: str = ""
    daily: bool = False


def route(
    county: County,
    role: str,
    department: str,
    failing: Collection[str] = (),
    *,
    form: MessageForm = "mail",
    channel: str = "mail",
    office_only: bool = False,
) -> Recipient | None:
    """Return the mailbox of a role, else that of the next role: liaison, lead, county office, supervisor.

    `failing`: addresses that are not used now. `office_only`: nobody after the county office is tried, as for notices
    to it alone and for all notices of a county in shadow mode. On a channel that carries short messages the address is
    a telephone number; a group's chat and another system have the channel's name as their address.
    """
    role = role.partition("@")[0]
    next_roles = _NEXT_ROLES.get(role, tuple(other for other in _NEXT_OF_OTHERS if other != role))
    intended, because = None, ""
    for candidate in (role, *(other for other in next_roles if not office_only or other == OFFICE)):
        mailbox = _mailbox_of(county, candidate, department, form, channel)
        if intended is None:
            intended = mailbox
        if not (usable(mailbox.address) if form == "mail" else mailbox.address):
            because = because or ("未登记手机号码" if form == "sms" else "未登记有效邮箱")
        elif mailbox.address in failing:
            because = because or "邮箱退信或屡次投递失败"
        elif mailbox is intended:
            return mailbox
        else:
            return replace(mailbox, instead_of=intended.called, because=because)
    return None


def _mailbox_of(county: County, role: str, department: str, form: MessageForm, channel: str) -> Recipient:
    """Return the role's own mailbox, even if its address is unusable."""
    unit = county.departments.get(department)
    if role in DEPARTMENT_ROLES:
        contact: Contact = getattr(unit, role) if unit else Contact()
    else:
        contact, unit = county.roles.get(role, Contact()), None
    called = county.role_name(role, department)
    address = {"mail": contact.mail, "sms": contact.phone}.get(form, channel)
    reader = f"{unit.name} {contact.name}".strip() if unit else contact.name or called
    return Recipient(
        address, role, unit.id if unit else "", contact.name or called, reader, called, daily=contact.summary == "daily"
    )


def _named_addresses(county: County) -> Iterator[tuple[str, str]]:
    """Yield every mail address of the county file with its owner's name."""
    for unit in county.departments.values():
        for role in sorted(DEPARTMENT_ROLES):
            yield getattr(unit, role).mail, county.role_name(role, unit.id)
    for role, contact in county.roles.items():
        yield contact.mail, contact.name or county.role_name(role)


def _phones(county: County) -> Iterator[str]:
    for unit in county.departments.values():
        yield from (unit.liaison.phone, unit.lead.phone)
    yield from (contact.phone for contact in county.roles.values())


# -- faults --------------------------------------------------------------------------------------


def recipient_subject(role: str, department: str) -> str:
    """Return the subject of the fault that a role has no mailbox of its own."""
    return f"recipient:{role.partition('@')[0]}" + (f":{department}" if department else "")


def mailbox_subject(address: str) -> str:
    """Return the subject of the faults of a mailbox."""
    return _PREFIX + address


def failing_addresses(faults: Collection[Fault], now: datetime) -> frozenset[str]:
    """Return the addresses that are not used now because of these faults."""
    return frozenset(
        fault.subject.removeprefix(_PREFIX)
        for fault in faults
        if fault.subject.startswith(_PREFIX) and _is_failing(fault) and now - RETRY_AFTER < fault.last_at <= now + SKEW
    )


def _is_failing(fault: Fault) -> bool:
    return fault.action == BOUNCED or (fault.action == REFUSED and fault.count >= _REFUSALS_IN_A_ROW)


def describe_fault(county: County, fault: Fault) -> str | None:
    """Return a line about a mailbox's fault for `duban doctor`; None for any other fault."""
    if not fault.subject.startswith(_PREFIX):
        return None
    address = fault.subject.removeprefix(_PREFIX)
    owners = "、".join(dict.fromkeys(name for mail, name in _named_addresses(county) if mail == address))
    state = Message("its mail goes to the next role, tried again daily" if _is_failing(fault) else "its mail waits")
    return Message(
        "{county}: {owners} {address}: {error} ({count} times since {at:%Y-%m-%d %H:%M}; {state})",
        county=county.id,
        owners=owners,
        address=address,
        error=fault.error,
        count=fault.count,
        at=fault.first_at,
        state=state,
    )


def split_faults(
    faults: Iterable[Fault], counties: Mapping[str, County], channels: Collection[str] = ()
) -> tuple[list[Fault], list[Fault]]:
    """Return the faults that remain, and those of addresses that the county file no longer has.

    `channels`: their names, which are the addresses of group chats and other systems.
    """
    known = {
        county.id: {*(mail for mail, _ in _named_addresses(county)), *_phones(county), *channels}
        for county in counties.values()
    }
    remaining: list[Fault] = []
    obsolete: list[Fault] = []
    for fault in faults:
        is_mailbox = fault.county in known and fault.subject.startswith(_PREFIX)
        is_obsolete = is_mailbox and fault.subject.removeprefix(_PREFIX) not in known[fault.county]
        (obsolete if is_obsolete else remaining).append(fault)
    return remaining, obsolete
