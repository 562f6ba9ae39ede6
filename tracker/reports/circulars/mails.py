"""Who is told what of a circular (通报): those named are asked, all are sent what was issued and what corrects it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.core.escalation.notice_kinds import NoticeKind
from tracker.core.escalation.notices import DEPARTMENT_ROLES, Notice, NoticeKey
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh, role_zh
from tracker.registers.golive import with_golive
from tracker.rulebook.loaded import Loaded
from tracker.store.circulars import CircularLineRow, CircularRow, Erratum, Paper
from tracker.store.engine import Tx
from tracker.store.journal import append
from tracker.store.notices import cancel_unsent, insert_notices, line_of, told

OFFICE = "county-office"
#: (role, department) of whom a paper goes to; department "" for the county's own roles.
Reader = tuple[str, str]
#: What a mail says of a line: all that the department needs to check it.
_SHOWN = (
    "number", "who", "title", "period", "clause", "due", "days_late", "problem_zh", "why", "reason", "derivation",
    "missing", "published",
)  # fmt: skip


class CircularMails:
    """The notices of one county's circulars, in the transaction of what they tell of."""

    def __init__(self, tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.loaded, self.rulebook, self.now = tx, loaded, rulebook, now
        self.county = rulebook.county

    @property
    def opens_at(self) -> datetime:
        """When what is decided now may leave: in working hours."""
        return self.loaded.office_time(self.county.zone).next_opening(self.now)

    def consult(self, row: CircularRow, lines: Sequence[CircularLineRow], title: str, until: date) -> None:
        """Each department named is asked about its own lines."""
        shown = {
            "title": title,
            "month": row.month,
            "again": row.edition > 1,
            "until": day_zh(until),
            "window": self.loaded.schedule.objections.amount,
        }
        named = dict.fromkeys(one for line in lines for one in line.department.split("+"))
        wanted = []
        for department in named:
            mine = [_line(line.shown) for line in lines if department in line.department.split("+")]
            detail = {**shown, "lines": mine, "asked": True}
            reason = f"征求意见：{title}拟列入{len(mine)}项，{shown['until']}前可以提出异议"
            wanted += self._notices(
                consult_subject(row), "consult", [(role, department) for role in ("liaison", "lead")], detail, reason
            )
        self._decide(wanted)

    def withdraw(self, row: CircularRow, reason: str) -> None:
        """Take back questions that have not left the house: there is another edition."""
        subject = consult_subject(row)
        waiting = told(self.tx, self.county.id, {subject}).get(subject, {})
        taken = cancel_unsent(self.tx, self.county.id, ((key, reason) for key in waiting), self.now)
        lines = [line_of(self._who, "notice.cancelled", key, reason) for key in taken]
        if lines:
            append(self.tx, self.county.id, lines, self.now)

    def unasked(self, row: CircularRow) -> list[str]:
        """The departments that were to be asked and that nobody has been able to write to yet."""
        subject = consult_subject(row)
        reached: dict[str, bool] = {}
        for key, what in told(self.tx, self.county.id, {subject}).get(subject, {}).items():
            department = key.role.partition("@")[2]
            reached[department] = reached.get(department, False) or what.reached
        return [one for one, was in reached.items() if not was]

    def issue(self, row: CircularRow, lines: Sequence[CircularLineRow], paper: Paper, whole: str) -> None:
        """Everybody is sent the circular; those named find their own lines in the mail, their leads too."""
        values = row.values
        shown = {
            **_paper(paper, whole, self.rulebook),
            "named": len(lines),
            "span": values["span"],
            "count": values["count"],
            "rate": values["rate"],
            "window": values["window"],
        }
        wanted = []
        for role, department in self._everybody({one for line in lines for one in line.department.split("+")}):
            mine = [_line(line.shown) for line in lines if department and department in line.department.split("+")]
            reason = f"印发{whole}" + (f"，涉及{len(mine)}项" if mine else "")
            detail = {**shown, "lines": mine}
            wanted += self._notices(issue_subject(row.month), "circular", [(role, department)], detail, reason)
        self._decide(wanted)

    def correct(self, row: CircularRow, wrong: Erratum, paper: Paper, whole: str, of: str) -> None:
        """Whoever was sent the circular is sent the erratum."""
        subject = issue_subject(row.month)
        before = told(self.tx, self.county.id, {subject}).get(subject, {})
        readers = [_reader(key) for key, what in before.items() if what.state != "cancelled"]
        line = next(iter(paper.values["corrections"]))
        shown = {**_paper(paper, whole, self.rulebook), "of": of, **line, "ground": line["reason"]}
        reason = f"{of}第{wrong.line}项更正：{wrong.truth}"
        department = str(line["department"])
        everybody = readers or self._everybody(set(department.split("+")))
        self._decide(self._notices(f"{subject}:{wrong.line}", "erratum", everybody, shown, reason))

    def _everybody(self, named: set[str]) -> list[Reader]:
        """Every department's liaison, the leads of those named, and the county's own roles."""
        found: list[Reader] = [(role, "") for role in (OFFICE, "supervisor") if role in self.county.roles]
        for department in self.county.departments:
            found.append(("liaison", department))
            if department in named:
                found.append(("lead", department))
        return found

    def _notices(
        self, subject: str, kind: NoticeKind, readers: Iterable[Reader], detail: Mapping[str, Any], reason: str
    ) -> list[Notice]:
        """One for each reader; in shadow mode the county office reads them all, and for whom each is meant."""
        shadow = with_golive(self.tx, self.county).shadow(self.now)
        made: dict[NoticeKey, Notice] = {}
        for role, department in readers:
            to = OFFICE if shadow else role
            key = NoticeKey(subject, 0, 0, kind, 0, f"{to}@{department}" if department else to, "mail")
            shown = {**detail, "kind": kind, "step": kind, "reason": reason}
            if shadow and role != OFFICE:
                name = self.county.departments[department].name if department in self.county.departments else ""
                others = made[key].detail.get("meant_for", []) if key in made else []
                shown["meant_for"] = [*others, role_zh(role, name)]
            owner = department if to in DEPARTMENT_ROLES else ""
            made[key] = Notice(key, self.county.id, owner, kind, False, reason, self.opens_at, shown)
        return list(made.values())

    def _decide(self, wanted: Sequence[Notice]) -> None:
        made = insert_notices(self.tx, wanted, self.now)
        lines = [line_of(self._who, "notice.decided", notice.key, notice.reason) for notice in made]
        if lines:
            append(self.tx, self.county.id, lines, self.now)

    @property
    def _who(self) -> str:
        return f"rule:{self.rulebook.digest[:12]}"


def consult_subject(row: CircularRow) -> str:
    return f"circular:{row.month}:draft-{row.edition}"


def issue_subject(month: str) -> str:
    return f"circular:{month}"


def _reader(key: NoticeKey) -> Reader:
    role, _, department = key.role.partition("@")
    return role, department


def _line(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a line, with what was looked at and the addresses that counted."""
    said = {name: shown.get(name, "") for name in _SHOWN}
    proofs = [{"url": url, "title": title} for url, title, _ in shown.get("proofs", ()) if url]
    return said | {"looked": list(shown.get("looked", ())), "proofs": proofs}


def _paper(paper: Paper, whole: str, rulebook: Rulebook) -> dict[str, Any]:
    issued = paper.issued_at.astimezone(rulebook.county.zone).date()
    return {
        "paper": [paper.year, paper.number],
        "title": paper.title,
        "number": whole,
        "issued": day_zh(issued),
        "digest": paper.digest,
    }
