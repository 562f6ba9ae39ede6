"""What the commands under `duban request` share: how a request is named, and the keys of its personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.listed import KINDS, find_listed, list_both
from tracker.commands.parsing import option
from tracker.core.requests.values import Request
from tracker.registers.requests import load_request

if TYPE_CHECKING:
    from tracker.store.engine import Tx
    from tracker.store.person_keys import Keys

REQUEST = option("request", metavar="REQUEST", help="2026-guotu-12; of another register complaint:2026-guotu-12")


def find_named_request(tx: Tx, context: CommandContext, text: str) -> Request:
    """The request named KIND:YEAR-DEPARTMENT-NUMBER; without a kind, which is a code or a Chinese word, a request."""
    named, _, reference = text.replace("：", ":").rpartition(":")
    kind = find_listed(KINDS, named or "request")
    if kind is None:
        raise UsageError(
            "{text}: no register {kind!r} (one of: {known})", text=text, kind=named, known=list_both(KINDS)
        )
    return load_request(tx, context.rulebook, kind, reference)  # type: ignore[arg-type]


def load_person_keys(context: CommandContext) -> Keys:
    """The key file that schedule.yaml names. Call it in the transaction, once the county is locked: a key that was
    read before might be retired meanwhile. Raises StoreError, with what to do, where it cannot be used."""
    from tracker.store.person_keys import load_keys

    return load_keys(context.folder / context.loaded.schedule.persons.key_file)
