"""Refuses rules in which a department or a duty came under another id, or two were swapped, while records exist.

A filing, an answer, an event and a decision name the occurrence or the department by its id. Under another id they
would prove nothing any more, or something of another, and nobody would be told. An id that changed together with its
name cannot be told from one that ended and one that began: it is named, with what has the same contact or clause.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tracker.core.law.county import Rulebook
from tracker.core.values.message import Message
from tracker.registers.errors import RegisterError
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import find_county, find_document_body
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.migrations import HEAD, read_revision
from tracker.store.records_by_id import count_records


@dataclass(frozen=True, slots=True)
class LostId:
    """An id that the rules in force had and the new ones have not, or for another, while records name it.

    `new`: the id that has its name now; "" where none has. `old` of a duty is `PACK/DUTY`. `similar`: an id that came
    with its contact's mail, or its clause.
    """

    kind: Literal["department", "duty"]
    old: str
    name: str
    new: str
    records: Message
    similar: str = ""

    @property
    def text(self) -> Message:
        """What would be lost, and what to write instead."""
        if self.similar and not self.new:
            return Message(
                "{name} ({old}) is not there any more; these records count for nothing then: {records}. {new} came, "
                "with the same mail or clause: if it is the same, write {old} for {new} wherever it stands and change "
                "the name alone",
                name=self.name,
                old=self.old,
                new=self.similar,
                records=self.records,
            )
        if not self.new:
            return Message(
                "{name} ({old}) is not there any more; these records count for nothing then: {records}. If it goes on "
                "under another name, keep the id {old} and change the name alone",
                name=self.name,
                old=self.old,
                records=self.records,
            )
        return Message(
            "{name} is called {new} now, was {old}; these records would be lost: {records}. Write {old} for {new} "
            "wherever it stands: an id is never changed, the name beside it may be",
            name=self.name,
            old=self.old,
            new=self.new,
            records=self.records,
        )


def find_lost_ids(tx: Tx, rulebook: Rulebook) -> list[LostId]:
    """What the county's last decided rules had and these have not, where records name it."""
    row = find_county(tx, rulebook.county.id)
    if row is None or row.rulebook == rulebook.digest:
        return []
    body = find_document_body(tx, row.rulebook)
    if body is None:
        return []
    stored = json.loads(body)
    departments = {
        one.id: _Marks(one.names, {one.liaison.mail, one.lead.mail}) for one in rulebook.county.departments.values()
    }
    duties = {f"{duty.pack}/{duty.id}": _duty_marks(duty.pack, duty.title, duty.clause) for duty in rulebook.duties}
    return [
        *_compare(tx, rulebook.county.id, "department", _stored_departments(stored), departments),
        *_compare(tx, rulebook.county.id, "duty", _stored_duties(stored), duties),
    ]


class _Marks(NamedTuple):
    """What an id is known by: its names, the first one shown, and what else only it has."""

    names: tuple[str, ...]
    others: Set[str]


def check_ids_kept(tx: Tx, rulebook: Rulebook) -> None:
    """Raises RegisterError where an id with records came under another one."""
    if lost := [one.text for one in find_lost_ids(tx, rulebook) if one.new]:
        raise RegisterError(Message.lines(lost))


def find_renamed_ids(tx: Tx, rulebooks: Iterable[Rulebook]) -> dict[str, RegisterError]:
    """By county, what `check_ids_kept` raises."""
    renamed: dict[str, RegisterError] = {}
    for rulebook in rulebooks:
        try:
            check_ids_kept(tx, rulebook)
        except RegisterError as error:
            renamed[rulebook.county.id] = error
    return renamed


def load_lost_ids(url: str, loaded: Loaded) -> list[LostId]:
    """What these rules lose of what the database at `url` was last decided by; none where it cannot be read."""
    store = Store(url)
    if not store.exists:
        return []
    try:
        with store, store.read() as tx:
            if read_revision(tx) != HEAD:
                return []
            return [one for rulebook in loaded.rulebooks for one in find_lost_ids(tx, rulebook)]
    except StoreError:
        return []


def _compare(
    tx: Tx,
    county: str,
    kind: Literal["department", "duty"],
    before: Mapping[str, _Marks],
    after: Mapping[str, _Marks],
) -> Iterator[LostId]:
    came = sorted(after.keys() - before.keys())
    for old in sorted(before):
        names = before[old].names
        if old in after and not {*names}.isdisjoint(after[old].names):
            continue
        # A name that went to an id of before, whose own id is gone, is a merger.
        others = came if old not in after else sorted(after.keys() - {old})
        new = next((id for id in others if not {*names}.isdisjoint(after[id].names)), "")
        if (old in after and not new) or not (records := _describe(count_records(tx, county, kind, old))):
            continue
        marks = before[old].others - {""}
        similar = next((id for id in came if not new and marks & after[id].others), "")
        yield LostId(kind, old, names[0].rpartition("/")[2], new, records, similar)


def _describe(counts: Mapping[str, int]) -> Message | None:
    """The kinds of records with their numbers; None where there are none."""
    sentences = {
        "filings": Message("{count} filings", count=counts["filings"]),
        "decisions": Message("{count} decisions", count=counts["decisions"]),
        "events": Message("{count} events", count=counts["events"]),
        "answers": Message("{count} answers", count=counts["answers"]),
        "requests": Message("{count} requests", count=counts["requests"]),
    }
    named = [sentence for kind, sentence in sentences.items() if counts[kind]]
    return Message.joined(", ", named) if named else None


def _stored_departments(stored: Mapping[str, Any]) -> dict[str, _Marks]:
    listed = stored["county"]["departments"]
    return {
        id: _Marks(
            (one["name"], *one.get("aliases", ())),
            {one.get(role, {}).get("mail", "") for role in ("liaison", "lead")},
        )
        for id, one in listed.items()
    }


def _stored_duties(stored: Mapping[str, Any]) -> dict[str, _Marks]:
    return {
        f"{one['pack']}/{one['id']}": _duty_marks(one["pack"], one["title"], one.get("clause", ""))
        for one in stored["duties"]
    }


def _duty_marks(pack: str, title: str, clause: str) -> _Marks:
    return _Marks((f"{pack}/{title}",), {clause and f"{pack}/{clause}"})
