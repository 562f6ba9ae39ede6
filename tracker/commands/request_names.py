"""What the commands under `duban request` share: how a request is named, and the keys of its personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.parsing import option
from tracker.core.requests.values import Request, RequestKind
from tracker.store.requests import find_request

if TYPE_CHECKING:
    from tracker.store.engine import Tx
    from tracker.store.person_keys import Keys

REQUEST = option("request", metavar="REQUEST", help="request/guotu/2026/12: kind, department, year and number")


def find_named_request(tx: Tx, context: CommandContext, text: str) -> Request:
    """The request that is named KIND/DEPARTMENT/YEAR/NUMBER; the kind `request` may be left out."""
    parts = text.split("/")
    kind, department, year, number = parts if len(parts) == 4 else ["request", *parts] if len(parts) == 3 else [""] * 4
    if kind not in get_args(RequestKind) or not (year.isdecimal() and number.isdecimal() and len(year + number) < 14):
        raise UsageError("{text}: name a request as request/guotu/2026/12 (or complaint/…, question/…)", text=text)
    found = find_request(tx, context.county.id, kind, department, int(year), int(number))  # type: ignore[arg-type]
    if found is None:
        raise UsageError("there is no {text} on record (duban request list)", text=text)
    return found


def load_person_keys(context: CommandContext) -> Keys:
    """The key file that schedule.yaml names. Call it in the transaction, once the county is locked: a key that was
    read before might be retired meanwhile. Raises StoreError, with what to do, where it cannot be used."""
    from tracker.store.person_keys import load_keys

    return load_keys(context.folder / context.loaded.schedule.persons.key_file)
