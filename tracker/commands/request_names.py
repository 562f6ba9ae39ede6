"""What the commands under `duban request` share: how a request is named, and the keys of its personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.parsing import option
from tracker.core.requests.values import Request, RequestKind
from tracker.registers.requests import load_request

if TYPE_CHECKING:
    from tracker.store.engine import Tx
    from tracker.store.person_keys import Keys

REQUEST = option("request", metavar="REQUEST", help="2026-guotu-12; of another register complaint:2026-guotu-12")


def find_named_request(tx: Tx, context: CommandContext, text: str) -> Request:
    """The request that is named KIND:YEAR-DEPARTMENT-NUMBER; the kind `request` may be left out."""
    kind, _, reference = text.rpartition(":")
    known = get_args(RequestKind)
    if kind not in ("", *known):
        raise UsageError("{text}: no register {kind!r} (one of: {known})", text=text, kind=kind, known=", ".join(known))
    return load_request(tx, context.rulebook, kind or "request", reference)  # type: ignore[arg-type]


def load_person_keys(context: CommandContext) -> Keys:
    """The key file that schedule.yaml names. Call it in the transaction, once the county is locked: a key that was
    read before might be retired meanwhile. Raises StoreError, with what to do, where it cannot be used."""
    from tracker.store.person_keys import load_keys

    return load_keys(context.folder / context.loaded.schedule.persons.key_file)
