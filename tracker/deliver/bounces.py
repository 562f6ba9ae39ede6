"""Reads returned mails, finds their notices by Message-ID, and sends these to the next role."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from notifications.bounces import Bounce, bounce_of
from notifications.returned import MailboxError, MailboxSettings, opened
from tracker.clock import Clock
from tracker.deliver.failures import record_bounce
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Bounces
from tracker.rulebook.secrets import Redactor
from tracker.store.counties import lock_county
from tracker.store.engine import Store
from tracker.store.faults import clear_fault, record_fault
from tracker.store.messages import find_message_county

log = logging.getLogger(__name__)

#: How far back the mailbox is searched for returned mails.
_SEARCH_BACK = timedelta(days=14)
_SUBJECT = "channel:bounces"


def read_bounces(
    store: Store, loaded: Loaded, clock: Clock, trusted: str | None = None, known: set[str] | None = None
) -> int:
    """Record the mails that were returned since the last pass. Return how many.

    Those that somebody opened meanwhile are recorded too. `known`: the numbers of mails marked as read that this
    process has looked into; it is added to.

    It waits for the mailbox's server, so a coroutine runs it in a worker thread. Mails are marked as read after the
    commit: if the process dies in between, they are read again without effect. `trusted`: a file of CA certificates.
    """
    settings = loaded.schedule.delivery.bounces
    if settings is None:
        return 0
    mailbox, now = mailbox_settings(settings), clock()
    known, since = set() if known is None else known, (now - _SEARCH_BACK).date()
    count, error_text = 0, ""
    try:
        with opened(mailbox, trusted) as mails:
            read = [(number, bounce_of(raw)) for number, raw in mails.opened(since, known)]
            unread = [(number, bounce_of(raw)) for number, raw in mails.unread(since)]
        done = set[str]()
        for number, returned in (*read, *unread):
            recorded = returned is not None and _record(store, loaded, returned, now)
            if recorded is not None:
                done.add(number)
                count += recorded
        known |= done
        if unread:
            with opened(mailbox, trusted) as mails:
                mails.mark_read([number for number, _ in unread if number in done])
    except MailboxError as error:
        error_text = Redactor(loaded.schedule)(str(error))
        log.warning("the mailbox of returned mails cannot be read: %s", error_text, extra={"action": "deliver"})
    with store.begin() as tx:
        for rulebook in loaded.rulebooks:
            if error_text:
                record_fault(tx, rulebook.county.id, _SUBJECT, "deliver", error_text, now)
            else:
                clear_fault(tx, rulebook.county.id, _SUBJECT, "deliver", now)
    return count


def mailbox_settings(bounces: Bounces) -> MailboxSettings:
    """Return the settings of the mailbox of returned mails."""
    return MailboxSettings(
        host=bounces.host, user=bounces.user.reveal(), password=bounces.password.reveal(), port=bounces.port,
        tls=bounces.tls, folder=bounces.folder, timeout=bounces.timeout.total_seconds(),
    )  # fmt: skip


def _record(store: Store, loaded: Loaded, returned: Bounce, now: datetime) -> bool | None:
    """Return whether the mail was one of ours and not recorded yet.

    None: an error, which is logged: it must not stop the others, and the next pass tries again.
    """
    try:
        with store.begin() as tx:
            county = find_message_county(tx, returned.message)
            if county is None:
                log.info("a returned mail that is none of ours: %s", returned.message, extra={"action": "deliver"})
                return False
            lock_county(tx, county)
            row = record_bounce(tx, loaded, returned.message, returned.answer, now)
    except Exception:
        log.exception("a returned mail cannot be taken in", extra={"action": "deliver"})
        return None
    if row is not None:
        log.warning("returned from %s: %s", row.recipient, returned.answer, extra={"action": "deliver"})
    return row is not None
