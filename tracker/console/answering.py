"""What a link leads to, as it stands now, and what is done when somebody answers. No HTTP here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Literal

from tracker.console import links
from tracker.console.check import CheckResult, look_at
from tracker.console.context import ConsoleContext
from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notice_kinds import AnswerKind, rules_of
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.escalation.steps import MOMENT
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import cells_of, day_zh, role_zh, status_zh
from tracker.core.values.facts import Filing
from tracker.registers.acknowledgements import acknowledge, pass_on
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.filings import record_filing
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, load_occurrences
from tracker.store.replies import Letter, MessageNotice, answer_by_token, answers_about, find_letter
from tracker.store.threads import run_read

log = logging.getLogger(__name__)

#: The answers by their names on the pages.
KINDS: Mapping[AnswerKind, str] = {"seen": "知悉", "published": "已公开", "explained": "说明情况"}
_NAMES = {
    "reminder": "催办提醒", "overdue": "逾期通知", "escalation": "逾期上报", "slip": "督办单", "reopened": "重新督办",
    "record": "请登记",
}  # fmt: skip
_MET = ("met", "met-late", "met-disputed")
#: Addresses looked at at the same time; who comes then waits.
_CHECKS = 2


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as the pages show it; `quiet_until`: "" where its time is over."""

    kind: str
    at: str
    by: str
    text: str
    quiet_until: str


@dataclass(frozen=True, slots=True)
class AnswerableNotice:
    """A notice as the pages show it. `beside`: the same step, meant for somebody who could not be written to; an answer
    is one to all of them. `over`: why nothing need be answered any longer, "" while it need.

    `answers`: of its role to its step, to earlier notices too; `offers`: what may still be answered to this one.
    """

    told: MessageNotice
    beside: tuple[MessageNotice, ...]
    name: str
    title: str
    department: str
    period: str
    due: str
    lateness: str
    tone: str
    chip: str
    reason: str
    over: str
    answers: tuple[GivenAnswer, ...]
    offers: tuple[AnswerKind, ...]

    @property
    def id(self) -> int:
        return self.told.id


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What a link leads to."""

    link: links.AnswerLink
    rulebook: Rulebook
    letter: Letter
    reader: str
    matters: tuple[AnswerableNotice, ...]
    caller: str  # the address from which it was opened

    def matter(self, number: int) -> AnswerableNotice | None:
        return next(
            (matter for matter in self.matters if number in (matter.id, *(notice.id for notice in matter.beside))), None
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an answer. `words` (Chinese): for the person; `outcome`: `refused` where nothing was recorded."""

    outcome: Literal["recorded", "known", "refused"]
    words: str


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer as it is recorded. `address`: the one that is claimed, "" where none is."""

    kind: AnswerKind
    by: str
    text: str
    address: str = ""


@dataclass(slots=True)
class Answering:
    """Answers to the links of one house."""

    desk: ConsoleContext
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHECKS))

    def open(self, token: str, now: datetime, caller: str) -> AnswerPage:
        """What the token leads to at `now`, opened from the address `caller`. Raises LinkError. Only reads."""
        loaded = self.desk.loaded
        console, zone = loaded.schedule.console, loaded.schedule.zone
        link = links.read(console.secret.reveal() if console else "", token, now.astimezone(zone).date())
        rulebook = next((one for one in loaded.rulebooks if one.county.id == link.county), None)
        if rulebook is None:
            raise links.LinkError("unknown")
        with self.desk.store.read() as tx:
            letter = find_letter(tx, link.county, link.message)
            if letter is None:
                raise links.LinkError("unknown")
            return self._page(tx, rulebook, link, letter, now, caller)

    def _page(
        self, tx: Tx, rulebook: Rulebook, link: links.AnswerLink, letter: Letter, now: datetime, caller: str
    ) -> AnswerPage:
        told = _gathered(letter)
        keys = list(dict.fromkeys(notice.subject for notice, *_ in told))
        rows = load_occurrences(tx, link.county, keys=keys) if keys else {}
        answers = answers_about(tx, link.county, keys) if keys else []
        department = rulebook.county.departments.get(letter.department)
        return AnswerPage(
            link,
            rulebook,
            letter,
            role_zh(letter.role.partition("@")[0], department.name if department else ""),
            tuple(
                self._matter(rulebook, link, notices, rows.get(notices[0].subject), answers, now) for notices in told
            ),
            caller,
        )

    def _matter(
        self,
        rulebook: Rulebook,
        link: links.AnswerLink,
        gathered: Sequence[MessageNotice],
        row: OccurrenceRow | None,
        answers: Sequence[tuple[str, Acknowledgement]],
        now: datetime,
    ) -> AnswerableNotice:
        notice, *beside = gathered
        zone = rulebook.county.zone
        shown = aged(notice.detail, now, self.desk.loaded.calendar, zone)
        over = _over(row)
        about = (notice.subject, notice.step, notice.role)
        mine = [
            (use, acknowledgement)
            for use, acknowledgement in answers
            if (acknowledgement.occurrence, acknowledgement.step, acknowledgement.role) == about
        ]
        return AnswerableNotice(
            told=notice,
            beside=tuple(beside),
            name=_NAMES[notice.kind],
            title=str(shown.get("duty", notice.subject)),
            department=str(shown.get("department", "")),
            period=str(shown.get("period", "")),
            due=str(shown.get("due", "")),
            lateness="" if over else str(shown.get("lateness", "")),
            tone=row.light.value if row else "grey",
            chip=_chip(rulebook, row),
            reason=row.reason if row else "",
            over=over,
            answers=tuple(_said(acknowledgement, now, rulebook) for _, acknowledgement in mine),
            offers=() if over else _offers(link, notice, mine),
        )

    async def answer(
        self,
        page: AnswerPage,
        matter: AnswerableNotice,
        kind: AnswerKind,
        now: datetime,
        *,
        name: str = "",
        text: str = "",
    ) -> Done:
        """Record an answer, once. `text`: the explanation, or the address that is claimed."""
        token = links.use(page.link, matter.id, kind, text if kind == "published" else "")
        before = await run_read(self.desk.store, lambda tx: answer_by_token(tx, page.link.county, token))
        if before is not None:
            return Done("known", self._known(page, before))
        if kind not in matter.offers:
            return Done("refused", matter.over or "该事项不需要这项回执。")
        look = await self._look(page, matter, text, now) if kind == "published" else None
        if look is not None and look.wrong:
            return Done("refused", look.words)
        try:
            return await asyncio.to_thread(self._record, page, matter, kind, name, text, look, now)
        except RegisterError as error:
            log.warning("not recorded: %s", error, extra={"action": "console"})
            return Done("refused", "未能登记：该事项的状态刚刚发生变化，请重新打开邮件中的链接查看。")

    async def _look(self, page: AnswerPage, matter: AnswerableNotice, url: str, now: datetime) -> CheckResult:
        async with self._turns:
            return await look_at(self.desk, page.rulebook, matter.told.subject, url, now)

    def _record(
        self,
        page: AnswerPage,
        matter: AnswerableNotice,
        kind: AnswerKind,
        name: str,
        text: str,
        look: CheckResult | None,
        now: datetime,
    ) -> Done:
        notice = matter.told
        by = f"{name or page.reader}（{page.letter.recipient}）"
        words = look.words if look else ""
        with self.desk.store.begin(via=f"console {page.caller} link") as tx:
            if look is not None and look.unseen:
                words += self._file(tx, page, notice.subject, text, by, look, now)
            elif look is not None and look.told:
                words += "已转县政务公开办公室；认定采信之前，催办和上报照常进行。"
            given = _Given(kind, by, f"{text}\n{words}" if look else text, text if look else "")
            made = self._acknowledge(tx, page, notice, given, now)
            for other in matter.beside if made.changed else ():
                self._acknowledge(tx, page, other, given, now)
            if made.changed:
                office = self.desk.loaded.office_time(page.rulebook.county.zone)
                claim = text if look is not None and look.told else ""
                pass_on(tx, page.rulebook, office, made.value, now, claim)
        return self._done(page, matter, made, words)

    def _acknowledge(
        self, tx: Tx, page: AnswerPage, told: MessageNotice, given: _Given, now: datetime
    ) -> Registered[Acknowledgement]:
        console = self.desk.loaded.schedule.console
        assert console is not None
        return acknowledge(
            tx,
            page.rulebook,
            self.desk.loaded.calendar,
            Acknowledgement(0, told.subject, told.step, told.role, given.kind, given.text, given.by, now, now),
            token=links.use(page.link, told.id, given.kind, given.address),
            told_at=page.letter.claimed_at,
            quiet=console.quiet,
        )

    def _file(
        self, tx: Tx, page: AnswerPage, occurrence: str, url: str, by: str, look: CheckResult, now: datetime
    ) -> str:
        """File as a proof what no crawl can find; it counts once a person accepts it."""
        zone = page.rulebook.county.zone
        ahead = look.claimed is not None and moment_day(look.claimed, zone) >= moment_day(now, zone)
        claimed = None if ahead else look.claimed
        filing = Filing(0, "attestation", occurrence, now, by[:128], url, "link", claimed=claimed)
        try:
            filed = record_filing(tx, page.rulebook, filing)
        except RegisterError as error:
            log.info("not filed: %s", error, extra={"action": "console"})
            return "未能作为佐证报送，请与县政务公开办公室联系。"
        return f"已作为佐证报送（编号{filed.value.id}），待县政务公开办公室认定。"

    def _done(self, page: AnswerPage, matter: AnswerableNotice, made: Registered[Acknowledgement], words: str) -> Done:
        if not made.changed:
            return Done("known", self._known(page, made.value))
        acknowledgement = made.value
        log.info(
            "%s answered to %s of %s", acknowledgement.kind, acknowledgement.step, acknowledgement.occurrence,
            extra={"action": "console", "county": page.link.county, "role": acknowledgement.role},
        )  # fmt: skip
        return Done("recorded", words)

    def _known(self, page: AnswerPage, before: Acknowledgement) -> str:
        at = _clock(before.recorded_at, page.rulebook)
        return f"“{KINDS[before.kind]}”已于{at}由{before.by}登记，本次未作改动。"


def _gathered(letter: Letter) -> list[list[MessageNotice]]:
    """What can be answered: the notices of one step together, the reader's own first."""
    found: dict[tuple[str, str], list[MessageNotice]] = {}
    for one in letter.told:
        if rules_of(one.kind).answers:
            found.setdefault((one.subject, one.step), []).append(one)
    own = letter.role
    return [sorted(notices, key=lambda notice: notice.role.partition("@")[0] != own) for notices in found.values()]


def _over(row: OccurrenceRow | None) -> str:
    if row is None:
        return "该事项已不在督办之列，无需回执。"
    if row.closed or row.status.value in ("waived", "not-applicable", "closed"):
        return f"该事项已了结，无需回执：{row.reason}"
    if row.status.value in _MET:
        return f"已查到公开内容，无需回执：{row.reason}"
    return ""


def _chip(rulebook: Rulebook, row: OccurrenceRow | None) -> str:
    if row is None:
        return "已撤销"
    duty = rulebook.duty(row.pack, row.duty)
    cells: Any = cells_of(duty, row.department, row.label) if duty else ()
    return status_zh(row.status, cells, row.reason)


def _offers(
    link: links.AnswerLink, told: MessageNotice, mine: Sequence[tuple[str, Acknowledgement]]
) -> tuple[AnswerKind, ...]:
    """知悉 while nothing was answered to this very notice, one explanation, and as many addresses as there are."""
    used = {
        acknowledgement.kind
        for use, acknowledgement in mine
        if use
        == links.use(
            link,
            told.id,
            acknowledgement.kind,
            acknowledgement.text.partition("\n")[0] if acknowledgement.kind == "published" else "",
        )
    }
    answers = rules_of(told.kind).answers
    return tuple(kind for kind in answers if kind == "published" or not (used if kind == "seen" else kind in used))


def _said(acknowledgement: Acknowledgement, now: datetime, rulebook: Rulebook) -> GivenAnswer:
    quiet = _until(acknowledgement.quiet_until, rulebook) if acknowledgement.quiet_until > now else ""
    return GivenAnswer(
        KINDS[acknowledgement.kind],
        _clock(acknowledgement.recorded_at, rulebook),
        acknowledgement.by,
        acknowledgement.text,
        quiet,
    )


def _clock(at: datetime, rulebook: Rulebook) -> str:
    local = at.astimezone(rulebook.county.zone)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _until(at: datetime, rulebook: Rulebook) -> str:
    """The last day, where it ends with one."""
    zone = rulebook.county.zone
    if at.astimezone(zone).time() == time(0):
        return day_zh(moment_day(at - MOMENT, zone))
    return _clock(at, rulebook)
