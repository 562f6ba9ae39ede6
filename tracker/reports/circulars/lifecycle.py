"""The moves of a circular: draft, consultation of the departments, objection, signature, issue."""

from __future__ import annotations

from datetime import date, datetime

from tracker.core.assessment.circular import Criticism, Findings, find_untrue_reason, narrow_findings
from tracker.core.assessment.lines import Line
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message
from tracker.core.values.rulings import Subject
from tracker.registers.checks import check_texts, is_same_person
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.objections import file_objection
from tracker.registers.own_events import CIRCULAR, record_criticised, record_own_event
from tracker.registers.rulings import list_standing_rulings
from tracker.reports.circulars.drafting import Drafting
from tracker.reports.circulars.errata import Errata
from tracker.reports.circulars.shared import DRAFTER, document_of, number_of
from tracker.reports.circulars.text import day_of
from tracker.reports.snapshot import CountySnapshot
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    change_line,
    find_last_number,
    find_latest_edition,
    list_circular_lines,
    update_circular,
)
from tracker.store.counties import lock_county
from tracker.store.journal import list_rows


class Circulars(Drafting, Errata):
    """One county's circulars, in one transaction. Every method raises RegisterError where it may not be done."""

    def draft(self, month: str, by: str) -> CircularRow:
        """Count how the county stands now and write a new edition, about which the departments are to be consulted."""
        rules, window = self.rules, self._month(month)
        check_texts(by=by)
        lock_county(self.tx, self.county)
        before = find_latest_edition(self.tx, self.county, month)
        if before is not None and before.state == "issued":
            raise RegisterError(
                "the circular of {month} is issued already: what is wrong in it is an erratum", month=month
            )
        if before is not None and before.state == "signed":
            raise RegisterError(
                "the circular of {month} is signed already: sign it anew where something changed", month=month
            )
        snapshot, findings = self._find(window, rules)
        values = self._values(snapshot, findings)
        if before is not None:
            update_circular(self.tx, before, state="replaced")
            self.mails.withdraw(before, "该稿已由新稿取代")
        return self._write(month, before, values, state="draft", by=by, action="circular.drafted")

    def consult(self, month: str, by: str) -> CircularRow:
        """Ask the departments named by mail: they have `window` working days to object to their lines.

        The days are counted from the one after the mail may leave.
        """
        row = self._row(month, "draft")
        check_texts(by=by)
        lines = list_circular_lines(self.tx, row.id)
        if not lines:
            raise RegisterError("the draft of {month} names nobody: sign it", month=month)
        until = self.loaded.calendar.add_workdays(self._asked_on(self.now), self.window.amount)
        update_circular(self.tx, row, state="consulting", consulted_at=self.now, window_until=until)
        self.mails.consult(row, lines, document_of(row, self.rulebook).title, until)
        self._journal("circular.consulted", month, by, {"until": until.isoformat()})
        return self._row(month, "consulting")

    def object(self, month: str, line: int, by: str, reason: str, proof: str) -> Registered[Ruling]:
        """File an objection (异议) to a line within the window. Somebody else decides it before the signature."""
        row = self._row(month, "consulting")
        assert row.consulted_at is not None
        subject = str(Subject(self._line(row, line).occurrence, month))
        ruling = Ruling(0, "object", subject, self.now, by, reason, proof)
        begun = self._asked_on(row.consulted_at)
        return file_objection(
            self.tx, self.rulebook, self.loaded.calendar, ruling, window=self.window, begun=begun
        )  # fmt: skip

    def sign(self, month: str, by: str) -> CircularRow:
        """Fix numbers and words as the county stands now, without lines about which nobody was consulted.

        Until the issue it can be signed again.
        """
        row = self._row(month, "consulting", "draft", "signed")
        check_texts(by=by)
        lines = list_circular_lines(self.tx, row.id)
        self._may_sign(row, lines, by)
        if unasked := [self.rulebook.county.department_names(key) for key in self.mails.unasked(row)]:
            raise RegisterError(
                "{unasked} could not be told of its lines yet: wait for the mails to leave (duban once)",
                unasked="、".join(unasked),
            )
        snapshot, findings = self._find(self._month(month), self.rules)
        remaining = self._remaining(row, lines, snapshot, findings)
        findings = narrow_findings(findings, remaining, tuple(snapshot.rulebook.county.departments), self.rules)
        values = self._values(snapshot, findings)
        update_circular(self.tx, row, state="replaced")
        self.mails.withdraw(row, "该稿已经签发")
        return self._write(month, row, values, state="signed", by=by, action="circular.signed")

    def issue(self, month: str, by: str) -> CircularRow:
        """Give the number and start every line's duty to rectify. Raises where a line is no longer true."""
        row = self._row(month, "signed")
        check_texts(by=by)
        lock_county(self.tx, self.county)
        self._check_truth(row)
        on = day_of(self.now, self.rulebook)
        number = find_last_number(self.tx, self.county, on.year) + 1
        update_circular(self.tx, row, state="issued", year=on.year, number=number, issued_by=by, issued_at=self.now)
        issued = self._row(month, "issued")
        full_number = number_of(issued, self.rules)
        lines = list_circular_lines(self.tx, row.id)
        record_criticised(self.tx, self.rulebook, issued, lines, full_number, on, self.now)
        record_own_event(self.tx, self.rulebook, CIRCULAR, self.now, month, self.now)
        document = document_of(issued, self.rulebook)
        paper = self._keep(issued, 0, number, document, issued.values, issued.text)
        self.mails.issue(issued, lines, paper, full_number)
        after = {"number": full_number, "lines": len(lines), "digest": row.digest, "docx": paper.digest}
        self._journal("circular.issued", month, by, after)
        return issued

    def _asked_on(self, at: datetime) -> date:
        """The day on which a mail that was decided then could be sent."""
        office = self.loaded.office_time(self.rulebook.county.zone)
        return day_of(office.next_opening(at), self.rulebook)

    # -- signing ---------------------------------------------------------------------------------

    def _asked_by(self, row: CircularRow) -> str:
        """The person who started the consultation; "" where nobody did."""
        moves = list_rows(self.tx, self.county, subject=f"circular:{row.month}")
        return next((move.who for move in reversed(moves) if move.action == "circular.consulted"), "")

    def _may_sign(self, row: CircularRow, lines: list[CircularLineRow], by: str) -> None:
        if is_same_person(by, row.drafted_by):
            raise RegisterError("{by} drafted it: somebody else must sign", by=by)
        if row.drafted_by == DRAFTER and (asked := self._asked_by(row)) and is_same_person(by, asked):
            raise RegisterError(
                "{by} put it to the departments, and no person drafted it: somebody else must sign", by=by
            )
        if not lines:
            return
        if row.window_until is None:
            raise RegisterError(
                "the departments named were not consulted (duban circular consult {month})", month=row.month
            )
        if day_of(self.now, self.rulebook) <= row.window_until:
            raise RegisterError(
                "they may object until {window_until}: sign it after that day",
                window_until=row.window_until.isoformat(),
            )

    def _remaining(
        self, row: CircularRow, lines: list[CircularLineRow], snapshot: CountySnapshot, findings: Findings
    ) -> list[Criticism]:
        """The criticisms that still hold of those in the consultation; the others are dropped with their reasons."""
        now = {criticism.line.key: criticism for criticism in findings.criticisms}
        spared = {exempt.line.key: exempt.reason for exempt in findings.spared}
        objections = {line.line: self._objection(row, line, snapshot.by_key.get(line.occurrence)) for line in lines}
        if pending := [str(number) for number, state in objections.items() if state == "pending"]:
            raise RegisterError(
                "decide the objections against line {pending} first (duban object list)", pending=", ".join(pending)
            )
        if blind := [line for line in lines if line.occurrence in self.unseen and objections[line.line] != "upheld"]:
            numbers = ", ".join(str(line.line) for line in blind)
            raise RegisterError(
                "nobody looked for line {numbers} since the previous working day began ({unseen}): "
                "it is signed after the next crawl (duban crawl)",
                numbers=numbers,
                unseen=self.unseen[blind[0].occurrence],
            )
        if again := [line for line in lines if line.occurrence in self.unlooked and objections[line.line] != "upheld"]:
            raise RegisterError(
                "line {numbers} is to be looked at again first ({reason}): it is signed after the next crawl "
                "(duban crawl), and once what that finds is decided",
                numbers=", ".join(str(line.line) for line in again),
                reason=self.unlooked[again[0].occurrence],
            )
        remaining = []
        for line in lines:
            matter = snapshot.by_key.get(line.occurrence)
            if objections[line.line] == "upheld":
                reason = "单位异议成立，不予通报"
            elif line.occurrence in now:
                remaining.append(now[line.occurrence])
                continue
            else:
                status = matter.status_zh if matter else "已不在应公开事项之列"
                reason = spared.get(line.occurrence, f"{status}，不再通报")
            change_line(self.tx, row.id, line.line, dropped=reason)
        return remaining

    def _objection(self, row: CircularRow, line: CircularLineRow, matter: Line | None) -> str:
        """The state (pending, upheld, dismissed or "") of the objection to the line, else of that to the matter."""
        subject = str(Subject(line.occurrence, row.month))
        rulings = list_standing_rulings(self.tx, self.county, subject)
        filed = [ruling for ruling in rulings if ruling.kind == "object"]
        if not filed:
            return matter.objection if matter else ""
        answers = [ruling.kind for ruling in rulings if ruling.target == f"ruling:{filed[-1].id}"]
        return {"uphold": "upheld", "dismiss": "dismissed"}[answers[-1]] if answers else "pending"

    def _check_truth(self, row: CircularRow) -> None:
        """Raise where a line became untrue since the signature."""
        snapshot = self._read()
        untrue = [
            Message("line {number} ({key}): {why}", number=line.line, key=line.occurrence, why=why)
            for line in list_circular_lines(self.tx, row.id)
            if (why := find_untrue_reason(line.problem, snapshot.by_key.get(line.occurrence), row.as_of))
        ]
        if untrue:
            raise RegisterError(
                "since the signature of {month} it turned out: {untrue}. Let it be signed anew "
                "(duban circular sign {month})",
                month=row.month,
                untrue=Message.joined("; ", untrue),
            )
