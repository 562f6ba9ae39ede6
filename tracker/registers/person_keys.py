"""Rotates the keys of personal data: a new key, every row encrypted anew in batches, the old key taken out at last.

Each step locks every county, so that no other process enters a person with a key that it read before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker.core.values.message import Message
from tracker.registers.checks import check_texts
from tracker.registers.errors import Registered, RegisterError
from tracker.store.counties import lock_counties
from tracker.store.engine import Store
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.person_keys import Keys, add_key, load_keys, remove_key
from tracker.store.persons import count_persons_by_key, reencrypt_persons

_SUBJECT = "persons:key"
#: Rows that are encrypted anew in one transaction.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did. `has_new_key` False: it went on with one that had been broken off."""

    key: str
    rows: int
    has_new_key: bool


def rotate_keys(
    store: Store, path: Path, by: str, now: datetime, today: date, *, progress: Callable[[int], None] = lambda _: None
) -> Rotation:
    """Make a new key the current one and encrypt every row with it, a batch a transaction; digests too.

    Where rows of an older key are left from a rotation that was broken off, it goes on with that and makes no new key.
    Older keys stay in the file until `retire_key`. `progress` is told how many rows are done.
    """
    check_texts(by=by)
    with store.begin() as tx:
        lock_counties(tx)
        keys = load_keys(path)
        used = count_persons_by_key(tx)
        for name in used:
            keys.get(name)  # before anything is written
        has_new_key = not used.keys() - {keys.current.name}
        if has_new_key:
            keys = add_key(keys, today)
    done = 0
    while batch := _rotate_batch(store, keys, by, now):
        done += batch
        progress(done)
    return Rotation(keys.current.name, done, has_new_key)


def _rotate_batch(store: Store, keys: Keys, by: str, now: datetime) -> int:
    with store.begin() as tx:
        lock_counties(tx)
        counts = reencrypt_persons(tx, keys, _BATCH)
        for county, count in sorted(counts.items()):
            after = {"key": keys.current.name, "count": count}
            append_entries(tx, county, [JournalEntry(by, "persons.reencrypted", _SUBJECT, None, after)], now)
        return counts.total()


def retire_key(store: Store, path: Path, name: str, by: str, now: datetime) -> Registered[str]:
    """Take an older key out of the key file, once no row needs it. Raises RegisterError while one does."""
    check_texts(by=by)
    with store.begin() as tx:
        counties = lock_counties(tx)
        keys = load_keys(path)
        if name not in keys.by_name:
            raise RegisterError("{path} has no key {name} (duban request key list)", path=path, name=name)
        if name == keys.current.name:
            raise RegisterError("{name} is the current key: duban request key rotate makes a new one first", name=name)
        if count := count_persons_by_key(tx).get(name):
            raise RegisterError(
                "{count} persons are still encrypted with {name}: duban request key rotate goes on with them",
                count=count,
                name=name,
            )
        for county in counties:
            append_entries(tx, county, [JournalEntry(by, "persons.key-retired", _SUBJECT, {"key": name})], now)
        remove_key(keys, name)
    return Registered(name, True, Message("{name} is taken out of {path}", name=name, path=path))
