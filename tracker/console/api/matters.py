"""Matters out: each as every report words it, with its derivation and its reason; a matter's past statuses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tracker.console.api.call import Call, Day, Line, allowed
from tracker.console.api.problems import Fault
from tracker.console.context import ConsoleContext
from tracker.core.assessment import lines
from tracker.core.values.accounts import Scope
from tracker.core.values.message import Message
from tracker.core.values.verdicts import Light, Status
from tracker.registers.errors import suggest_names
from tracker.reports.snapshot import CountyReader
from tracker.store.engine import Tx
from tracker.store.matters import MatterFilter, MatterWord, list_keys_after
from tracker.store.occurrences import find_occurrence
from tracker.store.standings import Standing, list_standings_of

_NO_MATTER = Message("there is no such matter, or the token does not reach it")


class Proof(BaseModel):
    about: str = Field(description="an address, or a filing: attestation:12")
    title: str
    at: datetime | None


class Matter(BaseModel):
    """What a department owes for one period or event, as it was decided last."""

    key: str
    department: str = Field(description="its id; a+b where several owe it together")
    department_name: str
    duty: str
    pack: str
    title: str
    basis: str
    period: str
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    due: str = Field(description="the due date in words")
    derivation: str = Field(description="how the due date follows from the rules")
    status: Status
    status_name: str
    light: Light
    reason: str
    days_late: int = Field(description="working days")
    missing: list[str]
    proofs: list[Proof]
    published_on: date | None
    assumed: bool = Field(description="参照时限: the date rests on an assumption; nobody is liable")
    provisional: bool = Field(description="暂定: the date may move with a year not yet announced")
    decided_at: datetime


class Decision(BaseModel):
    """A status that the matter had from `at` on."""

    at: datetime
    status: Status
    light: Light
    reason: str
    due_at: datetime | None
    derivation: str


class MatterHistory(BaseModel):
    matter: Matter
    history: list[Decision] = Field(description="from first to last")


class Matters(BaseModel):
    matters: list[Matter]
    next: str | None = Field(description="the cursor of the next page; null: this is the last one")


class MatterQuery(BaseModel):
    """Which matters: those that fulfil all that is given."""

    model_config = ConfigDict(extra="forbid")

    department: Line | None = Field(
        default=None, description="id, name or alias; with what it owes together with others"
    )
    light: Light | None = None
    status: Status | None = None
    duty: Line | None = Field(default=None, description="DUTY or PACK/DUTY")
    due_from: Day | None = Field(default=None, description="due on this day or later")
    due_until: Day | None = Field(default=None, description="due on this day or before")
    cursor: Line | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200, description="matters of a page")


def routes(office: ConsoleContext) -> APIRouter:
    router = APIRouter(tags=["matters"])
    readable = allowed(office, Scope.MATTERS_READ)

    @router.get("/matters", summary="List matters", response_model=Matters)
    def list_matters(query: Annotated[MatterQuery, Query()], call: Call = readable) -> Matters:
        """In the order of their keys, a page at a time."""
        wanted = MatterFilter(
            call.find_department(query.department), query.light, words=_duties(call, query.duty), all=True,
            status=query.status, due_from=query.due_from, due_until=query.due_until,
        )  # fmt: skip
        after = _read_cursor(call, query.cursor)
        with office.store.read() as tx:
            keys = list_keys_after(tx, call.rulebook.county.id, wanted, after, query.limit + 1)
            found = _read(call, tx, keys[: query.limit])
        more = len(keys) > query.limit
        return Matters(matters=found, next=_write_cursor(keys[query.limit - 1]) if more else None)

    @router.get("/matters/{key:path}", summary="One matter and its past", response_model=MatterHistory)
    def show_matter(key: Line, call: Call = readable) -> MatterHistory:
        with office.store.read() as tx:
            row = find_occurrence(tx, call.rulebook.county.id, key)
            if row is None or not call.token.owns(row.department):
                raise call.refuse("not-found", _NO_MATTER)
            standings = list_standings_of(tx, call.rulebook.county.id, [key])
            found = _words(call, tx, standings[-1:])
        if not found:
            raise call.refuse("not-found", _NO_MATTER)
        return MatterHistory(matter=found[0], history=[_decision(standing) for standing in standings])

    return router


def _duties(call: Call, text: str | None) -> Sequence[MatterWord]:
    """That the duty is one of that id, which several packs may have."""
    if text is None:
        return ()
    duties = [(duty.pack, duty.id) for duty in call.rulebook.duties]
    found = [(pack, duty) for pack, duty in duties if text in (duty, f"{pack}/{duty}")]
    if not found:
        hint = suggest_names(text, {duty for _, duty in duties})
        detail = Message("no duty {name!r}: {hint}", name=text, hint=hint)
        raise call.refuse("invalid", detail, Fault(parameter="duty", detail=call.translate(detail)))
    return (MatterWord(duties=found),)


def _read(call: Call, tx: Tx, keys: Collection[str]) -> list[Matter]:
    """The matters as they were decided last, in the order of their keys."""
    newest = {each.key: each for each in list_standings_of(tx, call.rulebook.county.id, keys)}
    return _words(call, tx, [newest[key] for key in keys if key in newest])


def _words(call: Call, tx: Tx, standings: Collection[Standing]) -> list[Matter]:
    reader = CountyReader(call.rulebook, call.office.loaded.calendar)
    worded = reader.lines(tx, standings, call.now)
    return [_matter(line, standing.at) for line, standing in zip(worded, standings, strict=True)]


def _matter(line: lines.Line, decided_at: datetime) -> Matter:
    return Matter(
        key=line.key,
        department=line.department,
        department_name=line.who,
        duty=line.duty,
        pack=line.pack,
        title=line.title,
        basis=line.basis,
        period=line.period,
        opens_on=line.opens_on,
        due_on=line.due_on,
        due_at=line.due_at,
        due=line.due,
        derivation=line.derivation,
        status=line.status,
        status_name=line.status_zh,
        light=line.light,
        reason=line.reason,
        days_late=line.days_late,
        missing=list(line.missing),
        proofs=[Proof(about=proof.about, title=proof.title, at=proof.at) for proof in line.proofs],
        published_on=line.published_on,
        assumed=line.assumed,
        provisional=line.provisional,
        decided_at=decided_at,
    )


def _decision(standing: Standing) -> Decision:
    return Decision(
        at=standing.at,
        status=standing.status,
        light=standing.light,
        reason=standing.reason,
        due_at=standing.due_at,
        derivation=standing.derivation,
    )


def _write_cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read_cursor(call: Call, cursor: str | None) -> str:
    """The key of the last matter of the page before; "" where there is none."""
    if cursor is None:
        return ""
    try:
        key = base64.b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}", b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = ""
    if not key.isprintable() or not key:
        detail = Message("no cursor; take `next` of the page before as it stands")
        raise call.refuse("invalid", detail, Fault(parameter="cursor", detail=call.translate(detail)))
    return key
