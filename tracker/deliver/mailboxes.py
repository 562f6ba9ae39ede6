"""Finds the mailbox of a role: the person's, or the next role's where that one fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notifications.addresses import usable
from notifications.channels.base import MessageForm
from tracker.core.escalation.notices import DEPARTMENT_ROLES
from tracker.core.law.duties import Contact, County
from tracker.core.law.wording import role_zh
from tracker.store.faults import Fault

OFFICE, SUPERVISOR = "county-office", "supervisor"
#: Who is told instead, one after the other, where a role has no mailbox that works.
_NEXT = {"liaison": ("lead", OFFICE, SUPERVISOR), OFFICE: (SUPERVISOR,)}
_OTHERS = (OFFICE, SUPERVISOR)
#: What only the county office is to know of.
OFFICE_ONLY = frozenset({"decide", "wait"})
#: A mailbox that failed is tried again after a day: the one that was mended heals by itself.
TRY_AGAIN = timedelta(hours=24)
#: So many messages in a row that are refused for the time being, and the mailbox is taken for one that fails.
IN_A_ROW = 3
#: The faults that say so: `BOUNCES` at once, `REFUSES` by their count.
BOUNCES, REFUSES = "bounce", "deliver"
_PREFIX = "mailbox:"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a notice goes. `instead_of`: whom it was meant for, where that one cannot be written to, and
    `because` of what. `daily`: what can wait comes once a day."""

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
    """The mailbox that a role means, else the next role's: liaison, lead, county office, supervisor.

    `failing`: addresses that are not written to now. `office_only`: what is for the county office alone, and all that
    a county in shadow mode tells, never goes past the county office. On a channel that carries short messages the
    address is a telephone; a group's chat and another system are themselves the address, by the channel's name.
    """
    base = role.partition("@")[0]
    meant, because = None, ""
    for one in _chain(base, stay=office_only):
        box = _own(county, one, department, form, channel)
        first, meant = meant is None, meant or box
        if not _reachable(box.address, form):
            because = because or ("未登记手机号码" if form == "sms" else "未登记有效邮箱")
        elif box.address in failing:
            because = because or "邮箱退信或屡次投递失败"
        else:
            return box if first else replace(box, instead_of=meant.called, because=because)
    return None


def _reachable(address: str, form: MessageForm) -> bool:
    return usable(address) if form == "mail" else bool(address)


def addresses(county: County) -> Iterator[tuple[str, str]]:
    """Every address of the county file with what its owner is called."""
    for unit in county.departments.values():
        for role in sorted(DEPARTMENT_ROLES):
            yield getattr(unit, role).mail, role_zh(role, unit.name)
    for role, contact in county.roles.items():
        yield contact.mail, contact.name or role_zh(role)


def phones(county: County) -> Iterator[str]:
    """Every telephone of the county file."""
    for unit in county.departments.values():
        yield from (unit.liaison.phone, unit.lead.phone)
    yield from (contact.phone for contact in county.roles.values())


def recipient(role: str, department: str) -> str:
    """The subject of the fault that nobody can be written to in this role."""
    return f"recipient:{role.partition('@')[0]}" + (f":{department}" if department else "")


def box_fault(address: str) -> str:
    """The subject of the faults of a mailbox."""
    return _PREFIX + address


def failing(faults: Collection[Fault], now: datetime) -> frozenset[str]:
    """The addresses that are not written to now, by the faults that stand."""
    return frozenset(
        fault.subject.removeprefix(_PREFIX)
        for fault in faults
        if fault.subject.startswith(_PREFIX) and _fails(fault) and now < fault.last_at + TRY_AGAIN
    )


def _fails(fault: Fault) -> bool:
    return fault.action == BOUNCES or (fault.action == REFUSES and fault.count >= IN_A_ROW)


def described(county: County, fault: Fault) -> str | None:
    """A mailbox's fault in words, for `duban doctor`; None for any other fault."""
    if not fault.subject.startswith(_PREFIX):
        return None
    address = fault.subject.removeprefix(_PREFIX)
    owners = "、".join(dict.fromkeys(name for mail, name in addresses(county) if mail == address))
    state = "its mail goes to the next role, tried again daily" if _fails(fault) else "its mail waits"
    when = f"{fault.count} times since {fault.first_at:%Y-%m-%d %H:%M}"
    return f"{county.id}: {owners} {address}: {fault.error} ({when}; {state})"


def open_faults(
    faults: Iterable[Fault], counties: Mapping[str, County], channels: Collection[str] = ()
) -> tuple[list[Fault], list[Fault]]:
    """The faults that stand, and those that are over: of addresses that the county file no longer names.

    `channels`: their names, for a group's chat and another system are themselves the address.
    """
    known = {
        county.id: {*(mail for mail, _ in addresses(county)), *phones(county), *channels}
        for county in counties.values()
    }
    standing: list[Fault] = []
    over: list[Fault] = []
    for fault in faults:
        address = fault.subject.removeprefix(_PREFIX)
        gone = fault.county in known and fault.subject.startswith(_PREFIX) and address not in known[fault.county]
        (over if gone else standing).append(fault)
    return standing, over


def _chain(base: str, *, stay: bool) -> tuple[str, ...]:
    following = _NEXT.get(base, tuple(one for one in _OTHERS if one != base))
    return (base, *(one for one in following if not stay or one == OFFICE))


def _own(county: County, role: str, department: str, form: MessageForm, channel: str) -> Recipient:
    """The role's own mailbox, whatever stands for its address."""
    unit = county.departments.get(department)
    if role in DEPARTMENT_ROLES:
        contact: Contact = getattr(unit, role) if unit else Contact()
        called = role_zh(role, unit.name if unit else department)
    else:
        contact, unit = county.roles.get(role, Contact()), None
        called = role_zh(role)
    address = {"mail": contact.mail, "sms": contact.phone}.get(form, channel)
    reader = f"{unit.name} {contact.name}".strip() if unit else contact.name or called
    return Recipient(
        address, role, unit.id if unit else "", contact.name or called, reader, called, daily=contact.summary == "daily"
    )
