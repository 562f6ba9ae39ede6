"""Opens the page of a link in a mail and records the answers that are given on it. Knows no HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Literal

from tracker.console import links
from tracker.console.check import CheckResult, check_url
from tracker.console.context import ConsoleContext
from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notice_kinds import AnswerKind, rules_of
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.escalation.steps import MOMENT
from tracker.core.law.binding import explain_not_binding
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import cells_of, day_zh, moment_zh, status_zh
from tracker.core.values.facts import Filing
from tracker.registers.answers import forward_explanation, record_acknowledgement
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.filings import record_filing
from tracker.store.answers import MessageNotice, SentMessage, find_answer, find_message, list_answers
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.threads import run_read

log = logging.getLogger(__name__)

#: The answers by their names on the pages.
ANSWER_NAMES: Mapping[AnswerKind, str] = {"seen": "知悉", "published": "已公开", "explained": "说明情况"}
_NOTICE_NAMES = {
    "reminder": "催办提醒", "question": "请核对", "overdue": "逾期通知", "escalation": "提级督办", "slip": "督办单",
    "reopened": "重新督办", "record": "请登记",
}  # fmt: skip
_MET = ("met", "met-late", "met-disputed")
#: Addresses that are checked at the same time; further ones wait.
_CHECKS = 2


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the pages show it; `quiet_until`: "" if the notice is sent again already."""

    kind: str
    at: str
    by: str
    text: str
    quiet_until: str


@dataclass(frozen=True, slots=True)
class AnswerableNotice:
    """A notice as the pages show it.

    `also_for`: notices of the same step for recipients who could not be written to; an answer counts for them too.
    `closed_because`: why no answer is needed any more, "" while one is. `answers`: those of its role to its step, to
    earlier notices too; `open_answers`: the kinds of answer that may still be given to this one.
    """

    notice: MessageNotice
    also_for: tuple[MessageNotice, ...]
    name: str
    title: str
    department: str
    period: str
    due: str
    lateness: str
    tone: str
    chip: str
    reason: str
    closed_because: str
    answers: tuple[AnswerView, ...]
    open_answers: tuple[AnswerKind, ...]

    @property
    def id(self) -> int:
        return self.notice.id


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The notices of the message that a link names."""

    rulebook: Rulebook
    letter: SentMessage
    reader: str
    notices: tuple[AnswerableNotice, ...]
    caller: str  # the address from which it was opened

    def find_notice(self, number: int) -> AnswerableNotice | None:
        for notice in self.notices:
            if number == notice.id or any(number == other.id for other in notice.also_for):
                return notice
        return None


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
            return self._page(tx, rulebook, letter, now, caller)

    def _page(self, tx: Tx, rulebook: Rulebook, letter: SentMessage, now: datetime, caller: str) -> AnswerPage:
        steps = _group_by_step(letter)
        keys = list(dict.fromkeys(notice.subject for notice, *_ in steps))
        rows = load_occurrences(tx, letter.county, keys=keys) if keys else {}
        answers = list_answers(tx, letter.county, keys) if keys else []
        reader = rulebook.county.role_name(letter.role, letter.department)
        shown = [
            self._answerable(rulebook, letter.id, notices, rows.get(notices[0].subject), answers, now)
            for notices in steps
        ]
        return AnswerPage(rulebook, letter, reader, tuple(shown), caller)

    def _answerable(
        self,
        rulebook: Rulebook,
        message: str,
        notices: Sequence[MessageNotice],
        row: OccurrenceRow | None,
        answers: Sequence[tuple[str, Acknowledgement]],
        now: datetime,
    ) -> AnswerableNotice:
        notice, *others = notices
        detail = aged(notice.detail, now, self.office.loaded.calendar, rulebook.county.zone)
        closed_because, is_question = _closed_because(row), notice.kind == "question"
        about = (notice.subject, notice.step, notice.role)
        own_answers = [(use, each) for use, each in answers if (each.occurrence, each.step, each.role) == about]
        return AnswerableNotice(
            notice=notice,
            also_for=tuple(others),
            name=_NOTICE_NAMES[notice.kind],
            title=str(detail.get("duty", notice.subject)),
            department=str(detail.get("department", "")),
            period=str(detail.get("period", "")),
            due=str(detail.get("due", "")),
            lateness="" if closed_because else str(detail.get("lateness", "")),
            tone="blue" if is_question else row.light.value if row else "grey",
            chip="请核对" if is_question else _status_zh(rulebook, row),
            reason=_question_zh(detail) if is_question else _sentence(row.reason) if row else "",
            closed_because=closed_because,
            answers=tuple(_view_of(acknowledgement, now, rulebook) for _, acknowledgement in own_answers),
            open_answers=() if closed_because else _open_answers(message, notice, own_answers),
        )

    async def answer(
        self,
        page: AnswerPage,
        answerable: AnswerableNotice,
        kind: AnswerKind,
        now: datetime,
        *,
        name: str = "",
        text: str = "",
    ) -> AnswerResult:
        """Record an answer, once. `text`: the explanation, or the address of what was published."""
        token = links.use(page.letter.id, answerable.id, kind, text if kind == "published" else "")
        before = await run_read(self.office.store, lambda tx: find_answer(tx, page.letter.county, token))
        if before is not None:
            return _already_recorded(page, before)
        if kind not in answerable.open_answers:
            return AnswerResult("refused", answerable.closed_because or "该事项不需要这项回执。")
        check = None
        if kind == "published":
            async with self._turns:
                check = await check_url(
                    self.office,
                    page.rulebook,
                    answerable.notice.subject,
                    text,
                    now,
                    is_asked=answerable.notice.kind == "question",
                )
            if check.is_refused:
                return AnswerResult("refused", check.message)
        by = f"{name or page.reader}（{page.letter.recipient}）"
        try:
            return await asyncio.to_thread(self._record, page, answerable, kind, by, text, check, now)
        except RegisterError as error:
            log.warning("not recorded: %s", error, extra={"action": "console"})
            return AnswerResult("refused", "未能登记：该事项的状态刚刚发生变化，请重新打开邮件中的链接查看。")

    def _record(
        self,
        page: AnswerPage,
        answerable: AnswerableNotice,
        kind: AnswerKind,
        by: str,
        text: str,
        check: CheckResult | None,
        now: datetime,
    ) -> AnswerResult:
        loaded, rulebook = self.office.loaded, page.rulebook
        console = loaded.schedule.console
        assert console is not None
        message = check.message if check else ""
        office = rulebook.county.role_name("county-office")
        with self.office.store.begin(via=f"console {page.caller} link") as tx:
            if check is not None and check.needs_filing:
                message += self._file_proof(tx, page, answerable.notice.subject, text, by, check, now)
            elif check is not None and check.is_for_office:
                message += f"已转{office}；认定采信之前，催办和上报照常进行。"

            def acknowledge_notice(notice: MessageNotice) -> Registered[Acknowledgement]:
                words = f"{text}\n{message}" if check else text
                given = Acknowledgement(0, notice.subject, notice.step, notice.role, kind, words, by, now, now)
                token = links.use(page.letter.id, notice.id, kind, text if check else "")
                sent_at = page.letter.claimed_at
                return record_acknowledgement(
                    tx, rulebook, loaded.calendar, given, token=token, sent_at=sent_at, quiet=console.quiet
                )

            recorded = acknowledge_notice(answerable.notice)
            if not recorded.changed:
                return _already_recorded(page, recorded.value)
            for notice in answerable.also_for:
                acknowledge_notice(notice)
            claim = text if check is not None and check.is_for_office else ""
            forward_explanation(tx, rulebook, loaded.office_time(rulebook.county.zone), recorded.value, now, claim)
        notice = answerable.notice
        log.info(
            "%s answered to %s of %s", kind, notice.step, notice.subject,
            extra={"action": "console", "county": page.letter.county, "role": notice.role},
        )  # fmt: skip
        return AnswerResult("recorded", message)

    def _file_proof(
        self, tx: Tx, page: AnswerPage, occurrence: str, url: str, by: str, check: CheckResult, now: datetime
    ) -> str:
        """File the address as a proof, which counts once a person accepts it; the answer to the person."""
        zone, office = page.rulebook.county.zone, page.rulebook.county.role_name("county-office")
        is_past = check.claimed is not None and moment_day(check.claimed, zone) < moment_day(now, zone)
        claimed = check.claimed if is_past else None
        filing = Filing(0, "attestation", occurrence, now, by[:128], url, "link", claimed=claimed)
        try:
            filed = record_filing(tx, page.rulebook, filing)
        except RegisterError as error:
            log.info("not filed: %s", error, extra={"action": "console"})
            return f"未能作为佐证报送，请与{office}联系。"
        return f"已作为佐证报送（编号{filed.value.id}），待{office}认定。"


def _already_recorded(page: AnswerPage, before: Acknowledgement) -> AnswerResult:
    at = _time_zh(before.recorded_at, page.rulebook)
    return AnswerResult("known", f"“{ANSWER_NAMES[before.kind]}”已于{at}由{before.by}登记，本次未作改动。")


def _group_by_step(letter: SentMessage) -> list[list[MessageNotice]]:
    """The notices that can be answered, those of one step together, the reader's own first."""
    steps: dict[tuple[str, str], list[MessageNotice]] = {}
    for notice in letter.notices:
        if rules_of(notice.kind).answers:
            steps.setdefault((notice.subject, notice.step), []).append(notice)
    return [sorted(step, key=lambda notice: notice.role.partition("@")[0] != letter.role) for step in steps.values()]


def _closed_because(row: OccurrenceRow | None) -> str:
    if row is None:
        return "该事项已不再督办，无需回执。"
    if row.closed or row.status.value in ("waived", "not-applicable", "closed"):
        return f"该事项不再要求，无需回执：{_sentence(row.reason)}"
    if row.status.value in _MET:
        return f"已查到公开内容，无需回执：{_sentence(row.reason)}"
    return ""


def _question_zh(detail: Mapping[str, Any]) -> str:
    """What was looked for and not found, as the mail says it; nothing of how late it is."""
    looked = "、".join(f"{place['title']}（{place['at']}查看）" for place in detail.get("looked", ()) if place["at"])
    expected = "；".join(detail.get("expected", ()))
    parts = [
        "；".join(detail.get("missing", ())),
        f"查看栏目：{looked}" if looked else "",
        f"要找的是：{expected}" if expected else "",
    ]
    return "。".join(filter(None, parts)) + "。" if any(parts) else ""


def _sentence(reason: str) -> str:
    """The reason with its full stop; those of closed rows have one."""
    return f"{reason.removesuffix('。')}。"


def _status_zh(rulebook: Rulebook, row: OccurrenceRow | None) -> str:
    if row is None:
        return "已撤销"
    duty = rulebook.duty(row.pack, row.duty)
    if (shown_only := explain_not_binding(row, duty, rulebook.county)) and not row.status.met:
        return shown_only.partition("：")[0]
    cells: Any = cells_of(duty, row.department, row.label) if duty else ()
    return status_zh(row.status, cells, row.reason)


def _open_answers(
    message: str, notice: MessageNotice, answers: Sequence[tuple[str, Acknowledgement]]
) -> tuple[AnswerKind, ...]:
    """知悉 while nothing was answered to this very notice, one explanation, and any number of addresses."""
    used = set()
    for use, answer in answers:
        address = answer.text.partition("\n")[0] if answer.kind == "published" else ""
        if use == links.use(message, notice.id, answer.kind, address):
            used.add(answer.kind)
    kinds = rules_of(notice.kind).answers
    return tuple(kind for kind in kinds if kind == "published" or not (used if kind == "seen" else kind in used))


def _view_of(acknowledgement: Acknowledgement, now: datetime, rulebook: Rulebook) -> AnswerView:
    quiet = _quiet_until_zh(acknowledgement.quiet_until, rulebook) if acknowledgement.quiet_until > now else ""
    return AnswerView(
        ANSWER_NAMES[acknowledgement.kind],
        _time_zh(acknowledgement.recorded_at, rulebook),
        acknowledgement.by,
        acknowledgement.text,
        quiet,
    )


def _time_zh(at: datetime, rulebook: Rulebook) -> str:
    return moment_zh(at.astimezone(rulebook.county.zone))


def _quiet_until_zh(at: datetime, rulebook: Rulebook) -> str:
    """The instant in words; of one at midnight the day that ends then."""
    zone = rulebook.county.zone
    if at.astimezone(zone).time() == time(0):
        return day_zh(moment_day(at - MOMENT, zone))
    return _time_zh(at, rulebook)
