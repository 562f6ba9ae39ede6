"""The checks of `duban doctor` that look into the database: its revision, the daemon, filed files, keys, clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tracker.core.values.message import Message
from tracker.daemon.check_lines import CheckLine
from tracker.deliver.late_mail import find_late_mail
from tracker.deliver.mailboxes import describe_fault
from tracker.evidence.attachments.filed import FiledFiles
from tracker.registers.columns import describe_waiting
from tracker.registers.golive import describe_unseen
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import read_county
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.faults import list_faults
from tracker.store.filings import list_all_filings, list_filed_files
from tracker.store.jobs import read_lease
from tracker.store.migrations import HEAD, explain_refusal, read_revision
from tracker.store.migrations.differences import describe_differences
from tracker.store.reserve import get_reserve
from tracker.store.restores import load_restores


def check_database(loaded: Loaded, root: Path, url: str, now: datetime) -> Iterator[CheckLine]:
    try:
        store = Store(url)
        shortage = get_reserve(store).describe_shortage() if store.exists else ""
        if shortage:
            yield "disk", "wrong", shortage
        store.open()
    except StoreError as error:
        yield "database", "wrong", error.args[0]
        return
    try:
        with store.read() as tx:
            revision = read_revision(tx)
        if revision is not None and (why := explain_refusal(revision)):
            yield "database", "wrong", Message("{name}: {error}", name=store.name, error=why)
            return
        if revision != HEAD:
            text = Message(
                "{name}: revision {revision}, brought to {head} at the next start",
                name=store.name,
                revision=revision or Message("none yet"),
                head=HEAD,
            )
            yield "database", "note", text
            return
        with store.read() as tx:
            differences = describe_differences(tx)
        for difference in differences:
            yield "database", "wrong", difference
        if not differences:
            yield "database", "ok", Message("{name}: revision {head}", name=store.name, head=HEAD)
        yield from _check_contents(store, loaded, now)
        yield from _check_waiting(store, loaded, now)
        yield from _check_filed_files(store, loaded, root)
        yield from _check_person_keys(store, root / loaded.schedule.persons.key_file)
    finally:
        store.close()


def describe_daemon(tx: Tx, now: datetime) -> CheckLine:
    """Which daemon is at work on this database; `note` where none renewed its lease within the last minute."""
    lease = read_lease(tx, "scheduler")
    if lease is None or lease.until <= now:
        return "daemon", "note", Message("not running on this database")
    return "daemon", "ok", Message("{holder} since {since:%Y-%m-%d %H:%M}", holder=lease.holder, since=lease.since)


def _check_contents(store: Store, loaded: Loaded, now: datetime) -> Iterator[CheckLine]:
    with store.read() as tx:
        yield describe_daemon(tx, now)
        for name, restore in load_restores(tx).items():
            if restore.is_held:
                yield (
                    "restore",
                    "wrong",
                    Message(
                        "{county}: restored from the backup of {at:%Y-%m-%d %H:%M}Z, sends nothing: see duban restore",
                        county=name,
                        at=restore.made_at,
                    ),
                )
        for fault in list_faults(tx):
            county = next((book.county for book in loaded.rulebooks if book.county.id == fault.county), None)
            mailbox = describe_fault(county, fault) if county else None
            if mailbox is not None:
                yield "mailbox", "wrong", mailbox
                continue
            yield (
                "fault",
                "wrong",
                Message(
                    "{action} {subject}: {error} (since {at:%Y-%m-%d %H:%M}, {count} times)",
                    action=fault.action,
                    subject=fault.subject,
                    error=fault.error,
                    at=fault.first_at,
                    count=fault.count,
                ),
            )
        for rulebook in loaded.rulebooks:
            try:
                row = read_county(tx, rulebook.county.id)
            except StoreError:
                yield "county", "note", Message("{id}: never ticked yet", id=rulebook.county.id)
                continue
            yield _check_clock(rulebook.county.id, row.ticked_at, now)
            for describe in (describe_waiting, describe_unseen):
                if (text := describe(tx, rulebook.county)) is not None:
                    yield "columns", "note", text


def _check_waiting(store: Store, loaded: Loaded, now: datetime) -> Iterator[CheckLine]:
    """Mails that should have left by now, and mails that a clock put off which ran ahead."""
    with store.read() as tx:
        late = find_late_mail(tx, [rulebook.county for rulebook in loaded.rulebooks], now)
    for mail in late:
        values = {"id": mail.county, "count": mail.count, "at": mail.since}
        text = (
            Message(
                "{id}: a clock that ran ahead put {count} mails and notices off, to {at:%Y-%m-%d %H:%M}Z and later",
                **values,
            )
            if mail.is_stranded
            else Message("{id}: {count} mails and notices are overdue, the first since {at:%Y-%m-%d %H:%M}Z", **values)
        )
        yield "delivery", "wrong", text


def _check_filed_files(store: Store, loaded: Loaded, root: Path) -> Iterator[CheckLine]:
    """Every file that people filed, read back and checked against its hash."""
    for rulebook in loaded.rulebooks:
        county = rulebook.county.id
        files = FiledFiles(root / loaded.schedule.filings.folder, county)
        with store.read() as tx:
            kept, filings = list_filed_files(tx, county), list_all_filings(tx, county)
        faults = [(file.digest, fault) for file in kept if (fault := files.fault(file.digest, file.size)) is not None]
        for digest, fault in faults:
            supported = Message.joined(
                ", ",
                (
                    Message(
                        "attestation:{id} of {occurrence} ({title})",
                        id=stored.filing.id,
                        occurrence=stored.filing.occurrence,
                        title=stored.filing.title,
                    )
                    for stored in filings
                    if stored.filing.digest == digest
                ),
            )
            supported = supported or Message("an objection (duban object list --all)")
            yield (
                "filed",
                "wrong",
                Message(
                    "{fault}; it supports {supported}: file the same file again to mend it",
                    fault=fault,
                    supported=supported,
                ),
            )
        if kept and not faults:
            yield (
                "filed",
                "ok",
                Message("{county}: {count} filed files, all as they were filed", county=county, count=len(kept)),
            )


def _check_person_keys(store: Store, path: Path) -> Iterator[CheckLine]:
    """Whether the personal data of requests can be read: the key file, and each key that a row needs."""
    from tracker.store.person_keys import load_keys
    from tracker.store.persons import count_persons_by_key

    with store.read() as tx:
        used = count_persons_by_key(tx)
    if not used and not path.exists():
        return
    try:
        keys = load_keys(path)
    except StoreError as error:
        yield "keys", "wrong", error.args[0]
        return
    missing = [name for name in used if name not in keys.by_name]
    for name in missing:
        text = Message(
            "{path}: {count} persons need the key {name}, which is missing: bring the file back from its copy",
            path=path,
            count=used[name],
            name=name,
        )
        yield "keys", "wrong", text
    if older := sum(count for name, count in used.items() if name in keys.by_name and name != keys.current.name):
        yield (
            "keys",
            "note",
            Message("{older} persons are encrypted with an older key: duban request key rotate goes on", older=older),
        )
    if not missing:
        yield (
            "keys",
            "ok",
            Message(
                "{path}: {count} persons can be decrypted; keep its copy off the database's",
                path=path,
                count=sum(used.values()),
            ),
        )


def _check_clock(county: str, ticked_at: datetime | None, now: datetime) -> CheckLine:
    """Whether the clock was set back: publications would then seem earlier than they were."""
    if ticked_at is None:
        return "county", "note", Message("{id}: never ticked yet", id=county)
    if ticked_at > now + timedelta(minutes=1):
        return (
            "clock",
            "wrong",
            Message(
                "{county}: last tick at {ticked_at:%Y-%m-%d %H:%M}Z lies ahead of this clock",
                county=county,
                ticked_at=ticked_at,
            ),
        )
    return (
        "clock",
        "ok",
        Message("{county}: last tick at {ticked_at:%Y-%m-%d %H:%M}Z", county=county, ticked_at=ticked_at),
    )
