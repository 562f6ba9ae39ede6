"""Reads returned mails, finds their notices by Message-ID, and sends these to the next role."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from notifications.bounces import Bounce, bounce_of
from notifications.returned import MailboxError, MailboxSettings, opened
from tracker.clock import Clock
from tracker.deliver.undelivered import bounce
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Bounces
from tracker.store.counties import lock_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.messages import county_of

log = logging.getLogger(__name__)

#: A mail that comes back later than that after it was sent is not waited for.
_BACK = timedelta(days=14)
_SUBJECT = "channel:bounces"


def read_bounces(store: Store, loaded: Loaded, clock: Clock, trusted: str | None = None) -> int:
    """Take in what came back since the last pass; how many mails. A mailbox that cannot be read is a fault.

    It waits for the mailbox's server: a coroutine has it run in a worker thread.
    What was taken in is marked as read after the commit: a pass that dies in between takes it in again, and
    nothing more comes of it.
    """
    settings = loaded.schedule.delivery.bounces
    if settings is None:
        return 0
    box = mailbox_settings(settings)
    now = clock()
    since = (now - _BACK).date()
    try:
        found = _unread(box, since, trusted)
    except MailboxError as error:
        log.warning("the mailbox of returned mails cannot be read: %s", error, extra={"action": "deliver"})
        _note(store, loaded, str(error), now)
        return 0
    taken = 0
    for _, one in found:
        if one is not None:
            taken += _taken_in(store, loaded, one, now)
    try:
        _mark(box, [number for number, _ in found], trusted)
    except MailboxError as error:
        _note(store, loaded, str(error), now)
        return taken
    _note(store, loaded, "", now)
    return taken


def mailbox_settings(bounces: Bounces) -> MailboxSettings:
    """The mailbox as its reader takes it."""
    return MailboxSettings(
        host=bounces.host, user=bounces.user.reveal(), password=bounces.password.reveal(), port=bounces.port,
        tls=bounces.tls, folder=bounces.folder, timeout=bounces.timeout.total_seconds(),
    )  # fmt: skip


def _unread(box: MailboxSettings, since: date, trusted: str | None) -> list[tuple[str, Bounce | None]]:
    with opened(box, trusted) as mails:
        return [(number, bounce_of(raw)) for number, raw in mails.unread(since)]


def _mark(box: MailboxSettings, numbers: Sequence[str], trusted: str | None) -> None:
    if numbers:
        with opened(box, trusted) as mails:
            mails.mark_read(numbers)


def _taken_in(store: Store, loaded: Loaded, one: Bounce, now: datetime) -> bool:
    """One that cannot be taken in, from wherever it came, keeps nothing else from being sent."""
    try:
        return _take_in(store, loaded, one, now)
    except Exception:
        log.exception("a returned mail cannot be taken in", extra={"action": "deliver"})
        return False


def _take_in(store: Store, loaded: Loaded, one: Bounce, now: datetime) -> bool:
    """Whether it was one of ours and not known yet."""
    with store.begin() as tx:
        county = county_of(tx, one.message)
        if county is None:
            log.info("a returned mail that is none of ours: %s", one.message, extra={"action": "deliver"})
            return False
        lock_county(tx, county)
        row = bounce(tx, loaded, one.message, one.answer, now)
    if row is not None:
        log.warning("returned from %s: %s", row.recipient, one.answer, extra={"action": "deliver"})
    return row is not None


def _note(store: Store, loaded: Loaded, what: str, now: datetime) -> None:
    """The fault of the mailbox stands, or is over ("")."""
    with store.begin() as tx:
        for rulebook in loaded.rulebooks:
            _one(tx, rulebook.county.id, what, now)


def _one(tx: Tx, county: str, what: str, now: datetime) -> None:
    if what:
        record_fault(tx, county, _SUBJECT, "deliver", what, now)
    else:
        clear_fault(tx, county, _SUBJECT, "deliver", now)
