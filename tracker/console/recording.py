"""Records one answer of a page with what it files: an attestation, the record of an event, or an objection."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.console import links
from tracker.console.check import CheckResult
from tracker.console.context import ConsoleContext
from tracker.console.given import Given
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.core.values.facts import Filing, Ruling, write_event_proof
from tracker.evidence.attachments.filed import FiledFiles
from tracker.registers.answers import (
    describe_claim,
    describe_objection,
    forward_explanation,
    record_acknowledgement,
    tell_office,
)
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.filings import build_file_proof, check_file_name, record_filing
from tracker.registers.objections import file_objection
from tracker.store.answers import MessageNotice, SentMessage, find_answer
from tracker.store.engine import Tx
from tracker.store.filings import FiledFile

log = logging.getLogger(__name__)

#: As wide as the column of a filing's or a ruling's author.
_WHO = 128


@dataclass(frozen=True, slots=True)
class Answered:
    """The result. `message`: for the person; `before`: the same answer where it was recorded before."""

    message: str = ""
    before: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer did beside being recorded. `text`: as it is kept; `message`: what became of it, kept below it;
    `claim`, `objection`: of what the county office is notified at once."""

    text: str = ""
    message: str = ""
    claim: str = ""
    objection: int = 0


def record_given(
    tx: Tx,
    office: ConsoleContext,
    rulebook: Rulebook,
    letter: SentMessage,
    notices: Sequence[MessageNotice],
    given: Given,
    by: str,
    check: CheckResult | None,
    file_kind: str,
    now: datetime,
) -> Answered:
    """Record the answer to the first of the notices and to those that stand for it. Raises RegisterError.

    `check`: of an address; `file_kind`: of a file, by its content.
    """
    loaded, notice = office.loaded, notices[0]
    console = loaded.schedule.console
    assert console is not None
    if (before := find_answer(tx, letter.county, _token(letter, notice, given))) is not None:
        return Answered(before=before)
    effect = apply_given(tx, office, rulebook, notice.subject, given, by, check, file_kind, now)
    text = "\n".join(filter(None, (effect.text, effect.message)))

    def acknowledge(notice: MessageNotice) -> Registered[Acknowledgement]:
        answer = Acknowledgement(0, notice.subject, notice.step, notice.role, given.kind, text, by, now, now)
        token = _token(letter, notice, given)
        return record_acknowledgement(
            tx, rulebook, loaded.calendar, answer, token=token, sent_at=letter.claimed_at, quiet=console.quiet
        )

    recorded = acknowledge(notice)
    for other in notices[1:]:
        acknowledge(other)
    office_time = loaded.office_time(rulebook.county.zone)
    forward_explanation(tx, rulebook, office_time, recorded.value, now, effect.claim, effect.objection)
    return Answered(effect.message)


def tell_office_of(
    tx: Tx, office: ConsoleContext, rulebook: Rulebook, occurrence: str, by: str, effect: Effect, now: datetime
) -> None:
    """Tell the county office in its next mail of an address that only a person can judge, and of an objection, where
    no answer to a mail brought it."""
    subject, reason = "", ""
    if effect.claim:
        subject = f"claim:{hashlib.sha256(f'{occurrence} {effect.claim}'.encode()).hexdigest()[:32]}"
        reason = describe_claim(by, occurrence, effect.claim)
    if effect.objection:
        subject, reason = f"objection:{effect.objection}", describe_objection(by, effect.text, effect.objection)
    if subject:
        office_time = office.loaded.office_time(rulebook.county.zone)
        tell_office(tx, rulebook, office_time, subject, occurrence, by, reason, now)


def _token(letter: SentMessage, notice: MessageNotice, given: Given) -> str:
    return links.use(letter.id, notice.id, given.kind, given.identity)


def apply_given(
    tx: Tx,
    office: ConsoleContext,
    rulebook: Rulebook,
    occurrence: str,
    given: Given,
    by: str,
    check: CheckResult | None,
    file_kind: str,
    now: datetime,
) -> Effect:
    """File what the answer brings: an address, a file, the record of an event, an objection. Raises RegisterError."""
    name = rulebook.county.role_name("county-office")
    match given.kind:
        case "published" if check is not None:
            return _claim(tx, rulebook, occurrence, given, by, check, now)
        case "filed":
            return _file(tx, office, rulebook, occurrence, given, by, file_kind, now)
        case "event" if given.day is not None:
            proof = write_event_proof(given.day, given.reference, given.fields)
            filing = Filing(0, "attestation", occurrence, now, by[:_WHO], proof, "event", claimed=given.day)
            filed = record_filing(tx, rulebook, filing)
            day = day_zh(moment_day(given.day, rulebook.county.zone))
            text = "，".join((day, given.reference, *given.fields.values()))
            return Effect(text, f"已报送（编号{filed.value.id}），待{name}认定后登记，并自该日起算时限。")
        case "objected":
            window, calendar = office.loaded.schedule.objections, office.loaded.calendar
            ruling = Ruling(0, "object", occurrence, now, by[:_WHO], given.text, given.proof)
            objection = file_objection(tx, rulebook, calendar, ruling, window=window)
            text = f"{given.text}\n依据：{given.proof}"
            message = f"已登记异议（编号{objection.value.id}），由{name}未参与登记的人员认定。"
            return Effect(text, message, objection=objection.value.id)
    return Effect(given.text)


def _claim(
    tx: Tx, rulebook: Rulebook, occurrence: str, given: Given, by: str, check: CheckResult, now: datetime
) -> Effect:
    """File the claimed address as a proof where no crawl will find it; else only say what was found there."""
    zone, name = rulebook.county.zone, rulebook.county.role_name("county-office")
    if check.needs_filing:
        is_past = check.claimed is not None and moment_day(check.claimed, zone) < moment_day(now, zone)
        claimed = check.claimed if is_past else None
        filing = Filing(0, "attestation", occurrence, now, by[:_WHO], given.text, "link", claimed=claimed)
        try:
            filed = record_filing(tx, rulebook, filing)
        except RegisterError as error:
            log.info("not filed: %s", error, extra={"action": "console"})
            return Effect(given.text, f"{check.message}未能作为佐证报送，请与{name}联系。")
        return Effect(given.text, f"{check.message}已作为佐证报送（编号{filed.value.id}），待{name}认定。")
    if check.is_for_office:
        message = f"{check.message}已转{name}；认定采信之前，催办和上报照常进行。"
        return Effect(given.text, message, claim=given.text)
    return Effect(given.text, check.message)


def _file(
    tx: Tx, office: ConsoleContext, rulebook: Rulebook, occurrence: str, given: Given, by: str, kind: str, now: datetime
) -> Effect:
    """File the file as a proof; it lies on the disk, under its hash, before the transaction ends."""
    assert given.file is not None
    name, content = check_file_name(given.file.name), given.file.content
    proof = build_file_proof(name, content)
    filing = Filing(0, "attestation", occurrence, now, by[:_WHO], proof, "file", claimed=given.day)
    filed = record_filing(tx, rulebook, filing, file=FiledFile(filing.digest, kind, len(content), now))
    FiledFiles(office.folder / office.loaded.schedule.filings.folder, rulebook.county.id).keep(content)
    who, number = rulebook.county.role_name("county-office"), filed.value.id
    if not filed.changed:
        return Effect(name, f"该文件此前已由{filed.value.by}报送（编号{number}）。")
    return Effect(name, f"已作为佐证报送（编号{number}），待{who}认定；认定之前不能据以认定已公开。")
