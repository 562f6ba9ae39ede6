"""Evidence in: an address that a department says proves a matter, looked at at once as 已公开 on a page is."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tracker.console.api.call import Call, Line, allowed
from tracker.console.api.events import Short
from tracker.console.api.problems import Fault
from tracker.console.check import CheckResult, check_url
from tracker.console.context import ConsoleContext
from tracker.console.forms import FormError, web_address
from tracker.console.given import Given
from tracker.console.limiter import Limiter
from tracker.console.recording import apply_given, tell_office_of
from tracker.console.views import find_closed_reason
from tracker.core.values.accounts import Receipt, Scope
from tracker.core.values.message import Message
from tracker.registers.filed_events import find_awaited_event
from tracker.store.api import add_receipts, load_receipts
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.occurrences import find_occurrence
from tracker.store.threads import run_read

KIND = "evidence"
#: Addresses that are looked at at the same time; further ones wait.
_TURNS = 2
_NO_MATTER = Message("there is no such matter, or the token does not reach it")
_OTHER = Message("this number was sent before with another matter or address: give this one its own number")
_AWAITS = Message("this matter waits for an event: post that (/events)")
_TOO_OFTEN = Message("too many addresses for one matter within an hour; nothing was recorded, try again in an hour")
_REFUSED = Message("the address cannot prove the matter; nothing was recorded")


class EvidenceIn(BaseModel):
    """The address at which something is published."""

    model_config = ConfigDict(extra="forbid")

    number: Short = Field(description="the sender's own number: the same again is answered as the first time")
    matter: Line = Field(description="its key, as /matters has it")
    url: Line = Field(description="the address of the article itself, which everybody can open")

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.matter}\n{self.url}".encode()).hexdigest()


class EvidenceResult(BaseModel):
    """What came of it. `checked`: the next crawl asks for it again, and that alone makes it count; `filed`: a person
    decides whether it counts; `referred`: the county office hears of it, and the steps go on meanwhile."""

    number: str
    matter: str
    url: str
    outcome: Literal["checked", "filed", "referred"]
    message: str = Field(description="what was found there, in the words of the rules (Chinese)")
    repeated: bool = Field(description="the same was sent before; this is what was answered then")


def routes(office: ConsoleContext, checks: Limiter) -> APIRouter:
    router, turns = APIRouter(tags=["evidence"]), asyncio.Semaphore(_TURNS)
    permitted = allowed(office, Scope.EVIDENCE_WRITE)

    @router.post("/evidence", summary="Name the address of a publication", response_model=EvidenceResult)
    async def post_evidence(body: EvidenceIn, call: Call = permitted) -> EvidenceResult:
        """It is opened and judged by the rules within 25 seconds."""
        before = await run_read(office.store, lambda tx: _find_open(call, tx, body))
        if before is not None:
            return before
        try:
            url = web_address(body.url)
        except FormError as error:
            raise call.refuse("invalid", _REFUSED, Fault(pointer="/url", detail=str(error))) from None
        if not checks.allows(body.matter, call.now):
            raise call.refuse("too-often", _TOO_OFTEN)
        async with turns:
            check = await check_url(office, call.rulebook, body.matter, url, call.now)
        if check.is_refused:
            raise call.refuse("invalid", _REFUSED, Fault(pointer="/url", detail=check.message))
        return await asyncio.to_thread(_record, call, body, url, check)

    return router


def _find_open(call: Call, tx: Tx, body: EvidenceIn) -> EvidenceResult | None:
    """What was answered to the same before; None where it is new. Raises ProblemError where the matter takes none."""
    county, token = call.rulebook.county.id, call.token
    receipt = load_receipts(tx, county, token.name, KIND, [body.number]).get(body.number)
    if receipt is not None and receipt.digest == body.digest:
        return EvidenceResult(**receipt.answer, repeated=True)
    if receipt is not None:
        raise call.refuse(
            "conflict", _OTHER, Fault(pointer="/number", number=body.number, detail=call.translate(_OTHER))
        )
    row = find_occurrence(tx, county, body.matter)
    if row is None or not token.owns(row.department):
        raise call.refuse("not-found", _NO_MATTER, Fault(pointer="/matter", detail=call.translate(_NO_MATTER)))
    closed = call.translate(_AWAITS) if find_awaited_event(call.rulebook, row.key) else find_closed_reason(row)
    if closed:
        raise call.refuse("conflict", closed, Fault(pointer="/matter", detail=closed))
    return None


def _record(call: Call, body: EvidenceIn, url: str, check: CheckResult) -> EvidenceResult:
    """Record it if nobody did meanwhile, and judge the matter anew."""
    by, key, now = call.token.name, body.matter, call.now
    outcome = "filed" if check.needs_filing else "referred" if check.is_for_office else "checked"

    def act(tx: Tx) -> EvidenceResult:
        if (before := _find_open(call, tx, body)) is not None:
            return before
        given = Given("published", by, url)
        effect = apply_given(tx, call.office, call.rulebook, key, given, by, check, "", now)
        tell_office_of(tx, call.office, call.rulebook, key, by, effect, now)
        answer: dict[str, Any] = {"number": body.number, "matter": key, "url": url, "outcome": outcome}
        entry = JournalEntry(by, "evidence.named", key, None, answer, effect.message)
        append_entries(tx, call.token.county, [entry], now)
        answer["message"] = effect.message
        add_receipts(tx, [Receipt(call.token.county, by, KIND, body.number, body.digest, answer, now)])
        return EvidenceResult(**answer, repeated=False)

    return call.record(act)[0]
