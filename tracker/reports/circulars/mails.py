"""The mails of a circular (通报): departments named are consulted; everybody gets the circular and its errata."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.core.escalation.notice_kinds import NoticeKind
from tracker.core.escalation.notices import DEPARTMENT_ROLES, Notice, NoticeKey
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.registers.golive import apply_golive
from tracker.rulebook.loaded import Loaded
from tracker.store.circulars import CircularLineRow, CircularRow, Erratum, Paper
from tracker.store.engine import Tx
from tracker.store.journal import append_entries
from tracker.store.notices import build_notice_entry, cancel_notices, insert_notices, load_delivery_states

OFFICE = "county-office"
#: A reader: (role, department), with department "" for the county's own roles.
Reader = tuple[str, str]
#: The values of a line in a mail, with which the department can check it.
_SHOWN = (
    "number", "who", "title", "period", "clause", "basis", "due", "days_late", "problem_zh", "why", "reason",
    "derivation", "missing", "published", "deed",
)  # fmt: skip


class CircularMails:
    """The notices of one county's circulars, written in the transaction of the move."""

    def __init__(self, tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.loaded, self.rulebook, self.now = tx, loaded, rulebook, now
        self.county = rulebook.county

    @property
    def opens_at(self) -> datetime:
        """When what is decided now may leave: in working hours."""
        return self.loaded.office_time(self.county.zone).next_opening(self.now)

    def consult(self, row: CircularRow, lines: Sequence[CircularLineRow], title: str, until: date) -> None:
        """Ask each department named about its own lines."""
        common = {
            "title": title,
            "month": row.month,
            "again": row.edition > 1,
            "until": day_zh(until),
            "window": self.loaded.schedule.objections.amount,
        }
        notices = []
        for department in _departments_of(lines):
            theirs = _lines_of(department, lines)
            detail = {**common, "lines": theirs, "asked": True}
            reason = f"征求意见：{title}拟列入{len(theirs)}项，{common['until']}前可以提出异议"
            readers = [(role, department) for role in ("liaison", "lead")]
            notices += self._notices(consult_subject(row), "consult", readers, detail, reason)
        self._decide(notices)

    def withdraw(self, row: CircularRow, reason: str) -> None:
        """Cancel the consultation's mails that were not sent yet."""
        subject = consult_subject(row)
        waiting = load_delivery_states(self.tx, self.county.id, {subject}).get(subject, {})
        cancelled = cancel_notices(self.tx, self.county.id, ((key, reason) for key in waiting), self.now)
        self._journal("notice.cancelled", [(key, reason) for key in cancelled])

    def unasked(self, row: CircularRow) -> list[str]:
        """The departments of the consultation that no mail has reached yet."""
        subject = consult_subject(row)
        reached: dict[str, bool] = {}
        for key, state in load_delivery_states(self.tx, self.county.id, {subject}).get(subject, {}).items():
            _, department = _reader(key)
            reached[department] = reached.get(department, False) or state.reached
        return [department for department, is_reached in reached.items() if not is_reached]

    def issue(self, row: CircularRow, lines: Sequence[CircularLineRow], paper: Paper, number: str) -> None:
        """Send the circular to everybody; the mails to departments named have their own lines."""
        values = row.values
        common = {
            **_paper(paper, number, self.rulebook),
            "named": len(lines),
            "span": values["span"],
            "month_zh": values["month"],
            "count": values["count"],
            "rate": values["rate"],
            "window": values["window"],
        }
        notices = []
        for role, department in self._everybody(_departments_of(lines)):
            theirs = _lines_of(department, lines)
            reason = f"印发{number}" + (f"，涉及{len(theirs)}项" if theirs else "")
            detail = {**common, "lines": theirs}
            notices += self._notices(issue_subject(row.month), "circular", [(role, department)], detail, reason)
        self._decide(notices)

    def correct(self, row: CircularRow, erratum: Erratum, paper: Paper, number: str, of: str) -> None:
        """Send the erratum to everybody who was sent the circular. `of`: the circular's number."""
        subject = issue_subject(row.month)
        before = load_delivery_states(self.tx, self.county.id, {subject}).get(subject, {})
        readers = [_reader(key) for key, state in before.items() if state.state != "cancelled"]
        line = next(iter(paper.values["corrections"]))
        detail = {**_paper(paper, number, self.rulebook), "of": of, **line, "ground": line["reason"]}
        reason = f"{of}第{erratum.line}项更正：{erratum.truth}"
        everybody = readers or self._everybody(str(line["department"]).split("+"))
        self._decide(self._notices(f"{subject}:{erratum.line}", "erratum", everybody, detail, reason))

    def _everybody(self, named: Collection[str]) -> list[Reader]:
        """Every department's liaison, the leads of the departments named, and the county's own roles."""
        readers: list[Reader] = [(role, "") for role in (OFFICE, "supervisor") if role in self.county.roles]
        for department in self.county.departments:
            readers += [("liaison", department), *([("lead", department)] if department in named else [])]
        return readers

    def _notices(
        self, subject: str, kind: NoticeKind, readers: Iterable[Reader], detail: Mapping[str, Any], reason: str
    ) -> list[Notice]:
        """A notice for each reader; in shadow mode all go to the county office and name whom they are meant for."""
        shadow = apply_golive(self.tx, self.county).shadow(self.now)
        notices: dict[NoticeKey, Notice] = {}
        for role, department in readers:
            to = OFFICE if shadow else role
            key = NoticeKey(subject, 0, 0, kind, 0, f"{to}@{department}" if department else to, "mail")
            shown = {**detail, "kind": kind, "step": kind, "reason": reason}
            if shadow and role != OFFICE:
                others = notices[key].detail.get("meant_for", []) if key in notices else []
                shown["meant_for"] = [*others, self.county.role_name(role, department)]
            owner = department if to in DEPARTMENT_ROLES else ""
            notices[key] = Notice(key, self.county.id, owner, kind, False, reason, self.opens_at, shown)
        return list(notices.values())

    def _decide(self, notices: Sequence[Notice]) -> None:
        decided = insert_notices(self.tx, notices, self.now)
        self._journal("notice.decided", [(notice.key, notice.reason) for notice in decided])

    def _journal(self, action: str, keys: Iterable[tuple[NoticeKey, str]]) -> None:
        who = f"rule:{self.rulebook.digest[:12]}"
        lines = [build_notice_entry(who, action, key, reason) for key, reason in keys]
        if lines:
            append_entries(self.tx, self.county.id, lines, self.now)


def consult_subject(row: CircularRow) -> str:
    return f"circular:{row.month}:draft-{row.edition}"


def issue_subject(month: str) -> str:
    return f"circular:{month}"


def _reader(key: NoticeKey) -> Reader:
    role, _, department = key.role.partition("@")
    return role, department


def _departments_of(lines: Iterable[CircularLineRow]) -> list[str]:
    return list(dict.fromkeys(department for line in lines for department in line.department.split("+")))


def _lines_of(department: str, lines: Iterable[CircularLineRow]) -> list[dict[str, Any]]:
    return [_line(line.shown) for line in lines if department in line.department.split("+")]


def _line(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a line in a mail, with the columns that were looked at and the addresses that counted."""
    proofs = [{"url": url, "title": title} for url, title, _ in shown.get("proofs", ()) if url]
    return {name: shown.get(name, "") for name in _SHOWN} | {"looked": list(shown.get("looked", ())), "proofs": proofs}


def _paper(paper: Paper, number: str, rulebook: Rulebook) -> dict[str, Any]:
    issued = paper.issued_at.astimezone(rulebook.county.zone).date()
    return {
        "paper": [paper.year, paper.number],
        "title": paper.title,
        "number": number,
        "issued": day_zh(issued),
        "digest": paper.digest,
    }
