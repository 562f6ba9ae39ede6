"""Says as of when the pages speak, and when the site was last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.core.law.county import County
from tracker.core.values.accounts import Role
from tracker.core.values.message import Message
from tracker.store.engine import Store
from tracker.store.jobs import MISSED, find_last_runs

FRESH = Message("As of {now}. Decided last at {decided}, the site was last read at {read}.")
#: What it means for the reader; which command is to be looked at, the administrator's guide says.
LATE = Message(
    "Duban does not work as it should. The site was last read: {read}; matters were last decided: {decided}. What was "
    "published, filed or recorded since may not be seen here, and mails may not have left. Please urge and name nobody "
    "by this page until this notice is gone, and call {keeper}."
)
NOBODY_NAMED = Message("the administrator of the system")


@dataclass(frozen=True, slots=True)
class Freshness:
    """When was decided and when the site was read last; None: never. `late`: what did not happen in time."""

    decided_at: datetime | None
    read_at: datetime | None
    late: tuple[str, ...]


def read_freshness(store: Store, now: datetime) -> Freshness:
    with store.read() as tx:
        ends = {job: run.ended_at for job, run in find_last_runs(tx, ("tick", "crawl"), now).items()}
    late = tuple(job for job in ("tick", "crawl") if job not in ends or now - ends[job] > MISSED)
    return Freshness(ends.get("tick"), ends.get("crawl"), late)


def find_keeper(county: County, reader: Role) -> str:
    """Return whom a reader calls when the pages are out of date: the administrator that the county's file names, else
    the county office; "" for the office itself where no administrator is named."""
    roles = ("administrator",) if reader is Role.OFFICE else ("administrator", "county-office")
    for role in roles:
        if (contact := county.roles.get(role)) is not None:
            return " ".join(filter(None, (county.role_name(role), contact.person, contact.tel or contact.mail)))
    return ""
