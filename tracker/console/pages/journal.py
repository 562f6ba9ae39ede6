"""The journal: who did what, when and why, the newest first; and whether it is as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from tracker.console.downloads import MOST_ROWS, send_list
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.core.values.message import Message
from tracker.registers.errors import RegisterError
from tracker.reports.verification import Verification, verify_journal
from tracker.store.engine import Tx
from tracker.store.journal import JournalRow, list_newest_rows

#: Rows of one page; lines of one row's values.
_MOST, _MOST_LINES = 50, 40
#: The kinds of action, by the part before the dot; `rows`: which rows of tables were written, only where asked for.
KINDS = (
    "occurrence", "due", "status", "notice", "event", "attestation", "zero-report", "upkeep", "ruling", "reading",
    "county", "circular", "report", "week", "slip", "silence", "column", "review", "request", "complaint", "question",
    "person", "account", "access", "mailbox", "rulebook", "calendar", "archive", "backup", "rows",
)  # fmt: skip
_COLUMNS = (
    (Message("No."), 8), (Message("Time"), 18), (Message("Person"), 16), (Message("Action"), 22),
    (Message("About"), 40), (Message("Before"), 40), (Message("After"), 40), (Message("Reason"), 50),
    (Message("From where"), 30),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for, as it was typed. `before`: the row below which the page begins."""

    about: str
    who: str
    kind: str
    first: str
    last: str
    before: int | None

    @property
    def kept(self) -> dict[str, str]:
        """The same as a query, without where the page begins."""
        query = {"about": self.about, "who": self.who, "kind": self.kind, "from": self.first, "until": self.last}
        return {name: value for name, value in query.items() if value}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its values in lines. `matter`: the key of the matter that it is about, "" for none."""

    row: JournalRow
    kind: str
    matter: str
    changes: list[tuple[str, str, str]]
    more: int


def _asked(ask: PageRequest) -> Asked:
    given = ask.request.query_params
    kind, before = given.get("kind", ""), given.get("before", "")
    texts = [given.get(name, "").strip()[:200] for name in ("about", "who")]
    days = [day if _read_day(day) else "" for day in (given.get("from", ""), given.get("until", ""))]
    below = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    return Asked(texts[0], texts[1], kind if kind in KINDS else "", days[0], days[1], below)


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _list_rows(ask: PageRequest, tx: Tx, asked: Asked, most: int) -> tuple[list[JournalRow], int | None]:
    """The rows that are asked for, and below which row the search goes on; None: there are no more."""
    rulebook = ask.viewer.rulebook
    zone, county = rulebook.county.zone, rulebook.county.id
    first, last = _read_day(asked.first), _read_day(asked.last)
    packs = sorted({duty.pack for duty in rulebook.duties})
    subjects = [asked.about, f"{county}/{asked.about}", *(f"{county}/{pack}/{asked.about}" for pack in packs)]
    return list_newest_rows(
        tx,
        county,
        subjects=subjects if asked.about else (),
        who=asked.who or None,
        action=asked.kind or None,
        since=datetime.combine(first, time(), zone) if first else None,
        until=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        below=asked.before,
        most=most,
    )


def show_journal(ask: PageRequest) -> Response:
    return _show(ask, Verification())


def _show(ask: PageRequest, verdict: Verification) -> Response:
    asked = _asked(ask)
    with ask.office.store.read() as tx:
        rows, below = _list_rows(ask, tx, asked, _MOST)
    kept = urlencode(asked.kept)
    return ask.page(
        "journal",
        asked=asked,
        kinds=KINDS,
        rows=[_word_row(ask, row) for row in rows],
        newest=f"?{kept}" if asked.before else "",
        older=f"?{urlencode({**asked.kept, 'before': below})}" if below else "",
        files=[(end, f"journal.{end}?{kept}") for end in ("xlsx", "csv")],
        may_verify=ask.viewer.may("journal", "verify"),
        verdict=[ask.translate(text) for text in (*verdict.holds, *verdict.defects)],
        is_whole=not verdict.defects,
    )


def show_file(ask: PageRequest) -> Response:
    """The newest rows that are asked for, as a file."""
    zone = ask.viewer.rulebook.county.zone
    with ask.office.store.read() as tx:
        rows, _ = _list_rows(ask, tx, _asked(ask), MOST_ROWS)
    cells = [
        (row.height, f"{row.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", row.who, row.action, row.subject, row.before,
         row.after, row.reason, row.origin)
        for row in rows
    ]  # fmt: skip
    return send_list(ask, Message("Journal"), _COLUMNS, cells)


def verify(ask: PageRequest) -> Response:
    """Read every row, compare it with its hash and the tables with what the journal says, and say what was found."""
    if not ask.shared.verifying.acquire(blocking=False):
        raise RegisterError("the journal is being verified by somebody else; try again in some minutes")
    try:
        with ask.office.store.read() as tx:
            county = ask.viewer.rulebook.county
            verdict = verify_journal(tx, county.id, county.name)
    finally:
        ask.shared.verifying.release()
    return _show(ask, verdict)


def _word_row(ask: PageRequest, row: JournalRow) -> ShownRow:
    kind = row.action.partition(".")[0]
    changes = list(_compare(_read(row.before), _read(row.after)))
    is_matter = row.subject.startswith(f"{row.county}/") and row.subject.count("/") >= 4
    word = ask.catalogue.pgettext("journal", kind) if kind in KINDS else ""
    return ShownRow(
        row, word, row.subject if is_matter else "", changes[:_MOST_LINES], max(0, len(changes) - _MOST_LINES)
    )


def _read(text: str) -> dict[str, Any]:
    """The value of a row by names; {"": …} where it has none."""
    try:
        value = json.loads(text) if text else {}
    except ValueError:  # it was tampered with; it is shown as it stands
        value = text
    return value if isinstance(value, dict) else {"": value}


def _compare(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, old and new text of each value that is not the same before and after."""
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield name, _word(before.get(name)), _word(after.get(name))


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


JOURNAL = SignedInPage("journal", "/journal", show_journal, {"verify": verify})
JOURNAL_FILES = tuple(SignedInPage("journal", f"/journal.{end}", show_file) for end in ("xlsx", "csv"))
