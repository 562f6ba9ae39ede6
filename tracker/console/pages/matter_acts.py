"""What a liaison does on the page of a matter: says where it is published, files a proof, reports that nothing arose,
gives the day of an event, objects."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from tracker.console.check import CheckResult, check_url
from tracker.console.files import FileRefusedError, find_kind
from tracker.console.forms import FormError, prose
from tracker.console.given import Given, read_given
from tracker.console.recording import apply_given, tell_office_of
from tracker.console.signed_in import Act, MissingError, PageRequest
from tracker.console.views import build_event_form, find_closed_reason
from tracker.core.values.facts import Filing
from tracker.registers.filed_events import find_awaited_event
from tracker.registers.filings import may_report_nothing, record_filing
from tracker.registers.objections import may_object
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, find_occurrence
from tracker.store.threads import run_read


def find_own(ask: PageRequest, tx: Tx, key: str = "") -> OccurrenceRow:
    """The matter of the page's address, or of the key. Raises MissingError where there is none, or it is another
    department's."""
    row = find_occurrence(tx, ask.viewer.rulebook.county.id, key or ask.request.path_params.get("key", ""))
    if row is None or not ask.viewer.owns(row.department):
        raise MissingError
    return row


def list_acts(ask: PageRequest, tx: Tx, row: OccurrenceRow) -> list[str]:
    """The acts that are open to the viewer on this matter."""
    viewer, loaded = ask.viewer, ask.office.loaded
    rulebook, is_open = viewer.rulebook, not find_closed_reason(row)
    awaits = find_awaited_event(rulebook, row.key) is not None
    may = {
        "published": is_open and not awaits,
        "filed": is_open and not awaits,
        "event": is_open and awaits,
        "zero-report": is_open and may_report_nothing(tx, rulebook, row.key, ask.now),
        "objected": may_object(tx, rulebook, loaded.calendar, row, ask.now, window=loaded.schedule.objections),
    }
    return [act for act, is_possible in may.items() if is_possible and viewer.may("matter", act)]


async def answer(ask: PageRequest) -> Response:
    """Take what the form of an act says, look at once at what it names, record it, and judge the matter anew."""
    row, kind = await run_read(ask.office.store, lambda tx: find_own(ask, tx)), ask.form.first("act")
    rulebook, key, office = ask.viewer.rulebook, row.key, ask.office
    form = replace(ask.form, fields={**ask.form.fields, "kind": [kind], "name": [ask.viewer.account.name]})
    given = read_given(form, build_event_form(rulebook, key), rulebook.county, ask.now)
    check, file_kind = None, ""
    if given.kind == "published":
        if not ask.shared.checks.allows(key, ask.now):
            raise FormError(429, "本小时内提交核对的次数过多，本次未登记，请过一小时再提交。")
        check = await check_url(office, rulebook, key, given.text, ask.now)
        if check.is_refused:
            raise FormError(422, check.message)
    if given.file is not None:
        try:
            file_kind = await find_kind(office.loaded.schedule, given.file)
        except FileRefusedError as refusal:
            raise FormError(422, str(refusal)) from None
    said = await asyncio.to_thread(_record, ask, key, given, check, file_kind)
    return ask.redirect(f"/matter/{key}", kind, said)


def _record(ask: PageRequest, key: str, given: Given, check: CheckResult | None, file_kind: str) -> str:
    """Record the answer if it is still open to the viewer; what came of it, in words."""

    def act(tx: Tx) -> str:
        if given.kind not in list_acts(ask, tx, find_own(ask, tx)):
            raise FormError(409, "该事项的状态刚刚发生变化，请重新打开页面查看。")
        by, rulebook = ask.viewer.account.name, ask.viewer.rulebook
        effect = apply_given(tx, ask.office, rulebook, key, given, by, check, file_kind, ask.now)
        tell_office_of(tx, ask.office, rulebook, key, by, effect, ask.now)
        return effect.message

    return ask.record(act)


def report_nothing(ask: PageRequest) -> Response:
    """Record a zero report: nothing arose in the period."""
    statement = prose(ask.form.first("text"))

    def act(tx: Tx) -> str:
        filing = Filing(0, "zero-report", find_own(ask, tx).key, ask.now, ask.viewer.account.name)
        return record_filing(tx, ask.viewer.rulebook, filing, statement=statement).value.occurrence

    return ask.redirect(f"/matter/{ask.record(act)}", "zero-report")


ACTS: Mapping[str, Act] = {
    **dict.fromkeys(("published", "filed", "event", "objected"), answer),
    "zero-report": report_nothing,
}
