"""Opens the page of a link in a mail and takes the answers that are given on it. Knows no HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tracker.console import links
from tracker.console.check import CheckResult, check_url
from tracker.console.consultation import Consultation, build_consultation, file_line_objection
from tracker.console.context import ConsoleContext
from tracker.console.files import FileRefusedError, find_kind
from tracker.console.given import Given
from tracker.console.recording import Answered, record_given
from tracker.console.views import ANSWER_NAMES, AnswerableNotice, build_answerable, find_closed_reason, time_zh
from tracker.core.escalation.notice_kinds import AnswerKind, rules_of
from tracker.core.escalation.notices import DEPARTMENT_ROLES, Acknowledgement
from tracker.core.law.county import Rulebook
from tracker.registers.errors import RegisterError
from tracker.registers.filed_events import find_awaited_event
from tracker.registers.objections import may_object
from tracker.store.answers import MessageNotice, SentMessage, find_answer, find_message, list_answers
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.threads import run_read

log = logging.getLogger(__name__)

#: Addresses and files that are checked at the same time; further ones wait.
_CHECKS = 2
_CHANGED = "未能登记：该事项的状态刚刚发生变化，请重新打开邮件中的链接查看。"


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The notices of the message that a link names."""

    rulebook: Rulebook
    letter: SentMessage
    reader: str
    notices: tuple[AnswerableNotice, ...]
    consultations: tuple[Consultation, ...]
    caller: str  # the address from which it was opened

    def find_notice(self, number: int) -> AnswerableNotice | None:
        for notice in self.notices:
            if number == notice.id or any(number == other.id for other in notice.also_for):
                return notice
        return None

    def sign(self, name: str) -> str:
        """Who answers: the name that was entered, else the reader's, and the mailbox to which the mail went."""
        return f"{name or self.reader}（{self.letter.recipient}）"


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The result of an answer. `message` (Chinese): for the person; `refused`: nothing was recorded."""

    outcome: Literal["recorded", "known", "refused"]
    message: str


@dataclass(slots=True)
class Answering:
    """Opens the links of mails and records the answers."""

    office: ConsoleContext
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHECKS))

    def open(self, token: str, now: datetime, caller: str) -> AnswerPage:
        """The page of the token at `now`, opened from the address `caller`. Raises LinkError. Only reads."""
        loaded = self.office.loaded
        console = loaded.schedule.console
        if console is None:
            raise links.LinkError("unknown")
        message = links.read(console.secret.reveal(), token)
        with self.office.store.read() as tx:
            letter = find_message(tx, message)
            rulebook = next((book for book in loaded.rulebooks if letter and book.county.id == letter.county), None)
            if letter is None or rulebook is None:
                raise links.LinkError("unknown")
            county = rulebook.county
            last_day = links.last_day(console, county, loaded.calendar, letter.claimed_at)
            if now.astimezone(county.zone).date() > last_day:
                raise links.LinkError("expired")
            # A group's chat has its channel's name for an address, and no person.
            if letter.recipient != letter.channel and not county.is_contact(letter.recipient, letter.department):
                raise links.LinkError("former")
            return self._page(tx, rulebook, letter, now, caller)

    def _page(self, tx: Tx, rulebook: Rulebook, letter: SentMessage, now: datetime, caller: str) -> AnswerPage:
        steps = _group_by_step(letter)
        keys = list(dict.fromkeys(notice.subject for notice, *_ in steps))
        rows = load_occurrences(tx, letter.county, keys=keys) if keys else {}
        answers = list_answers(tx, letter.county, keys) if keys else []
        reader = rulebook.county.role_name(letter.role, letter.department)
        shown = [
            self._answerable(tx, rulebook, letter, notices, rows.get(notices[0].subject), answers, now)
            for notices in steps
        ]
        consultations = tuple(
            build_consultation(tx, rulebook, notice, now) for notice in letter.notices if notice.kind == "consult"
        )
        return AnswerPage(rulebook, letter, reader, tuple(shown), consultations, caller)

    def _answerable(
        self,
        tx: Tx,
        rulebook: Rulebook,
        letter: SentMessage,
        notices: Sequence[MessageNotice],
        row: OccurrenceRow | None,
        answers: Sequence[tuple[str, Acknowledgement]],
        now: datetime,
    ) -> AnswerableNotice:
        notice, loaded = notices[0], self.office.loaded
        about = (notice.subject, notice.step, notice.role)
        own = [(use, each) for use, each in answers if (each.occurrence, each.step, each.role) == about]
        window = loaded.schedule.objections
        objects = row is not None and may_object(tx, rulebook, loaded.calendar, row, now, window=window)
        awaits = find_awaited_event(rulebook, notice.subject) is not None
        may = {"event": awaits, "published": not awaits, "filed": not awaits, "objected": objects}
        is_closed = bool(find_closed_reason(row))
        kinds = tuple(
            kind
            for kind in _open_answers(letter, notice, own)
            if may.get(kind, True) and (kind == "objected" or not is_closed)
        )
        return build_answerable(rulebook, loaded.calendar, notices, row, [each for _, each in own], kinds, now)

    async def answer(self, page: AnswerPage, answerable: AnswerableNotice, given: Given, now: datetime) -> AnswerResult:
        """Record an answer, once."""
        token = links.use(page.letter.id, answerable.id, given.kind, given.identity)
        before = await run_read(self.office.store, lambda tx: find_answer(tx, page.letter.county, token))
        if before is not None:
            return _already_recorded(page, before)
        if given.kind not in answerable.open_answers:
            return AnswerResult("refused", answerable.closed_because or "该事项不需要这项回执。")
        check, file_kind = None, ""
        if given.kind == "published":
            async with self._turns:
                check = await self._check(page, answerable, given.text, now)
            if check.is_refused:
                return AnswerResult("refused", check.message)
        if given.file is not None:
            try:
                async with self._turns:
                    file_kind = await find_kind(self.office.loaded.schedule, given.file)
            except FileRefusedError as refusal:
                return AnswerResult("refused", str(refusal))
        try:
            done = await asyncio.to_thread(self._record, page, answerable, given, check, file_kind, now)
        except RegisterError as error:
            log.warning("not recorded: %s", error, extra={"action": "console"})
            return AnswerResult("refused", _CHANGED)
        if done.before is not None:
            return _already_recorded(page, done.before)
        log.info(
            "%s answered to %s of %s", given.kind, answerable.notice.step, answerable.notice.subject,
            extra={"action": "console", "county": page.letter.county, "role": answerable.notice.role},
        )  # fmt: skip
        return AnswerResult("recorded", done.message)

    async def _check(self, page: AnswerPage, answerable: AnswerableNotice, url: str, now: datetime) -> CheckResult:
        is_asked = answerable.notice.kind == "question"
        return await check_url(self.office, page.rulebook, answerable.notice.subject, url, now, is_asked=is_asked)

    def _record(
        self,
        page: AnswerPage,
        answerable: AnswerableNotice,
        given: Given,
        check: CheckResult | None,
        file_kind: str,
        now: datetime,
    ) -> Answered:
        by, notices = page.sign(given.name), (answerable.notice, *answerable.also_for)
        with self.office.store.begin(via=f"console {page.caller} link") as tx:
            return record_given(tx, self.office, page.rulebook, page.letter, notices, given, by, check, file_kind, now)

    async def object_to_line(
        self, page: AnswerPage, consultation: Consultation, number: int, given: Given, now: datetime
    ) -> AnswerResult:
        """File an objection to a line of a circular's draft."""
        line = consultation.find_line(number)
        if line is None or not line.is_open:
            return AnswerResult("refused", consultation.closed_because or "该项已提出异议，待认定；认定之前不再受理。")

        def record() -> None:
            with self.office.store.begin(via=f"console {page.caller} link") as tx:
                file_line_objection(
                    tx, self.office.loaded, page.rulebook, consultation, line, given, page.sign(given.name), now
                )

        try:
            await asyncio.to_thread(record)
        except RegisterError as error:
            log.warning("not recorded: %s", error, extra={"action": "console"})
            return AnswerResult("refused", _CHANGED)
        return AnswerResult("recorded", "")


def _already_recorded(page: AnswerPage, before: Acknowledgement) -> AnswerResult:
    at = time_zh(before.recorded_at, page.rulebook)
    return AnswerResult("known", f"“{ANSWER_NAMES[before.kind]}”已于{at}由{before.by}登记，本次未作改动。")


def _group_by_step(letter: SentMessage) -> list[list[MessageNotice]]:
    """The notices that can be answered, those of one step together, the reader's own first."""
    steps: dict[tuple[str, ...], list[MessageNotice]] = {}
    for notice in letter.notices:
        if rules_of(notice.kind).answers and notice.kind != "consult":
            steps.setdefault((notice.subject, notice.step), []).append(notice)
    return [sorted(step, key=lambda notice: notice.role.partition("@")[0] != letter.role) for step in steps.values()]


def _open_answers(
    letter: SentMessage, notice: MessageNotice, answers: Sequence[tuple[str, Acknowledgement]]
) -> tuple[AnswerKind, ...]:
    """知悉 while nothing was answered since the mail, one explanation, and any number of addresses, files and records.

    What a department alone may do is open to its own roles.
    """
    answered = any(answer.recorded_at >= letter.claimed_at for _, answer in answers)
    explained = any(use == links.use(letter.id, notice.id, "explained") for use, _ in answers)
    is_department = notice.role.partition("@")[0] in DEPARTMENT_ROLES
    may: Mapping[AnswerKind, bool] = {
        "seen": not answered, "explained": not explained, "filed": is_department, "event": is_department,
        "objected": is_department,
    }  # fmt: skip
    return tuple(kind for kind in rules_of(notice.kind).answers if may.get(kind, True))
