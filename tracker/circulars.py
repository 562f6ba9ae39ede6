"""The monthly circular (通报) from draft to erratum: who may do what, when, and what becomes fixed by it.

A draft counts what stands; the departments named in it are consulted; a supervisor who did not draft it signs, which
fixes every number and word; its issue gives the number and starts the duty to put right. Whatever turns out later is
an erratum, never a change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from notifications.wording import wording
from tracker.core.circular import Criticism, Findings, Spared, find
from tracker.core.duties import Rulebook, Span
from tracker.core.facts import Ruling
from tracker.core.formulas import CircularRules
from tracker.core.objections import Subject, last_day
from tracker.core.occurrences import Window
from tracker.core.periods import unit_of, window_of
from tracker.core.steps import opening
from tracker.delivery.undelivered import tell_office
from tracker.registers.decided import standing_rulings
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.objections import file_objection
from tracker.registers.rectification import CRITICISED, record_criticised, take_back
from tracker.registers.reports import CIRCULAR, record_own
from tracker.reports.circular_mails import CircularMails
from tracker.reports.circular_text import RECTIFICATION, Look, day_of, official, title_zh, values_of, words_of
from tracker.reports.docx import docx_of
from tracker.reports.erratum import erratum_values
from tracker.reports.official import Official
from tracker.reports.pictures.enclosed import painted
from tracker.reports.reading import Reader, Reading
from tracker.rulebook import Loaded
from tracker.store.circular_papers import Paper, add_paper, find_paper
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    add_circular,
    add_erratum,
    change_line,
    errata_of,
    last_number,
    lines_of,
    move,
    standing_circular,
    warnings,
)
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.health import last_looked
from tracker.store.journal import JournalEntry, append, canonical


class Circulars:
    """One county's circulars, in one transaction. Every method raises RegisterError where it may not be done."""

    def __init__(self, tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.loaded, self.rulebook, self.now = tx, loaded, rulebook, now
        self.county = rulebook.county.id
        self.folder: Path | None = loaded.templates.get(self.county)
        self.mails = CircularMails(tx, loaded, rulebook, now)
        self.fault = ""  # why the county's own words were left aside

    @property
    def rules(self) -> CircularRules:
        rules = self.rulebook.circular
        if rules is None:
            raise RegisterError(f"{self.county} issues no circulars: write `circular:` into its file")
        if self.rulebook.duty(*RECTIFICATION) is None or CRITICISED not in self.rulebook.events:
            raise RegisterError(
                f"{self.county}: a circular starts the duty to put right: list the pack `rectification`"
            )
        return rules

    @property
    def window(self) -> Span:
        """How long those who are named may object."""
        return self.loaded.schedule.objections

    async def draft(self, month: str, by: str) -> CircularRow:
        """Count what stands now and write a new edition. Those named in it are to be consulted, again if need be."""
        rules, window = self.rules, self._month(month)
        await lock_county(self.tx, self.county)
        before = await standing_circular(self.tx, self.county, month)
        if before is not None and before.state in ("signed", "issued"):
            raise RegisterError(f"the circular of {month} is {before.state} already: what is wrong in it is an erratum")
        reading, found = await self._found(window, rules)
        values = await self._values(reading, found)
        if before is not None:
            await move(self.tx, before, state="replaced")
            await self.mails.withdraw(before, "该稿已由新稿取代")
        return await self._write(month, before, values, state="draft", by=by, action="circular.drafted")

    async def consult(self, month: str, by: str) -> CircularRow:
        """Ask the departments named, by mail: they have `window` working days to object to their lines.

        The day on which the mail may leave is the first that is not counted.
        """
        row = await self._row(month, "draft")
        lines = await lines_of(self.tx, row.id)
        if not lines:
            raise RegisterError(f"the draft of {month} names nobody: sign it")
        until = last_day(self._asked_on(self.now), self.window, self.loaded.calendar)
        await move(self.tx, row, state="consulting", consulted_at=self.now, window_until=until)
        await self.mails.consult(row, lines, title_zh(row.values), until)
        await self._journal("circular.consulted", month, by, {"until": until.isoformat()})
        return await self._row(month, "consulting")

    async def object(self, month: str, line: int, by: str, reason: str, proof: str) -> Registered[Ruling]:
        """申诉 against a line, within the window. Somebody else decides it before the signature."""
        row = await self._row(month, "consulting")
        found = await self._line(row, line)
        assert row.consulted_at is not None
        return await file_objection(
            self.tx, self.rulebook, self.loaded.calendar, subject=str(Subject(found.occurrence, month)), proof=proof,
            by=by, reason=reason, now=self.now, window=self.window, begun=self._asked_on(row.consulted_at),
        )  # fmt: skip

    async def sign(self, month: str, by: str) -> CircularRow:
        """Fix its numbers and words as things stand now. What was not put to the departments does not come in."""
        row = await self._row(month, "consulting", "draft")
        lines = await lines_of(self.tx, row.id)
        self._may_sign(row, lines, by)
        if unasked := [self.rulebook.county.department_names(one) for one in await self.mails.unasked(row)]:
            raise RegisterError(
                f"nobody could tell {'、'.join(unasked)} of its lines yet: duban once sends it, or wait"
            )
        reading, found = await self._found(self._month(month), self.rules)
        left = await self._left(row, lines, found)
        found = replace(found, criticisms=tuple(left))
        values = await self._values(reading, found)
        await move(self.tx, row, state="replaced")
        await self.mails.withdraw(row, "该稿已经签发")
        return await self._write(month, row, values, state="signed", by=by, action="circular.signed")

    async def issue(self, month: str, by: str) -> CircularRow:
        """Give the number, and start the duty to put right of every line."""
        row = await self._row(month, "signed")
        await lock_county(self.tx, self.county)
        on = day_of(self.now, self.rulebook)
        number = await last_number(self.tx, self.county, on.year) + 1
        await move(self.tx, row, state="issued", year=on.year, number=number, issued_by=by, issued_at=self.now)
        issued = await self._row(month, "issued")
        whole = number_of(issued, self.rules)
        lines = await lines_of(self.tx, row.id)
        await record_criticised(self.tx, self.rulebook, issued, lines, whole, on, self.now)
        await record_own(self.tx, self.rulebook, CIRCULAR, self.now, month, self.now)
        document = document_of(issued, self.rulebook)
        paper = await self._keep(issued, 0, number, document, issued.values, issued.text)
        await self.mails.issue(issued, lines, paper, whole)
        told = {"number": whole, "lines": len(lines), "digest": row.digest, "docx": paper.digest}
        await self._journal("circular.issued", month, by, told)
        return issued

    async def correct(self, month: str, line: int, truth: str, reason: str, by: str) -> CircularRow:
        """更正: say what is true instead of what a line said, in a paper with a number of its own that goes to
        whoever got the circular. The duty to put it right falls with it."""
        row = await self._row(month, "issued")
        found = await self._line(row, line)
        if not truth.strip() or not reason.strip():
            raise RegisterError("an erratum says what is true and what that rests on: neither may be empty")
        if any(one.line == line for one in await errata_of(self.tx, row.id)):
            raise RegisterError(f"line {line} of {month} was corrected already")
        await lock_county(self.tx, self.county)
        await add_erratum(self.tx, row.id, line, truth=truth, reason=reason, by=by, now=self.now)
        await take_back(self.tx, self.rulebook, row, found, by, reason, self.now)
        whole = await self._publish_erratum(row, found)
        await self._journal("circular.corrected", f"{month}:{line}", by, {"truth": truth, **whole}, reason)
        return row

    async def _publish_erratum(self, row: CircularRow, line: CircularLineRow) -> dict[str, str]:
        """Give the erratum the next number of the year, keep it and send it; its number and hash."""
        assert row.issued_at is not None
        wrong = next(one for one in await errata_of(self.tx, row.id) if one.line == line.line)
        year = day_of(self.now, self.rulebook).year
        number = await last_number(self.tx, self.county, year) + 1
        whole, of = f"{self.rules.prefix}〔{year}〕{number}号", number_of(row, self.rules)
        values = erratum_values(
            row.values, line.shown, wrong.truth, wrong.reason, of, day_of(row.issued_at, self.rulebook)
        )
        words = wording("erratum", values, self.folder)
        await self._note_wording("erratum", words.fault)
        text = [[list(run) for run in runs] for runs in words.paragraphs]
        dated = day_of(self.now, self.rulebook)
        document = official(self.rulebook, values, text, number=whole, dated=dated, erratum=True)
        paper = await self._keep(row, line.line, number, document, values, text)
        await self.mails.correct(row, wrong, paper, whole, of)
        return {"number": whole, "docx": paper.digest} | ({"fault": words.fault} if words.fault else {})

    async def _keep(
        self, row: CircularRow, line: int, number: int, document: Official, values: Mapping[str, Any], text: Any
    ) -> Paper:
        """Keep the bytes of a paper as everybody is sent them."""
        docx = docx_of(document)
        year = day_of(self.now, self.rulebook).year
        await add_paper(
            self.tx, county=self.county, circular=row.id, line=line, year=year, number=number, title=document.title,
            values=dict(values), text=text, issued_at=self.now, docx=docx, pdf=None,
        )  # fmt: skip
        paper = await find_paper(self.tx, self.county, year, number)
        assert paper is not None
        return paper

    # -- reading ---------------------------------------------------------------------------------

    async def _found(self, window: Window, rules: CircularRules) -> tuple[Reading, Findings]:
        reading = await Reader(self.rulebook, self.loaded.calendar).read(self.tx, self.now)
        earlier = await warnings(self.tx, self.county, rules.prefix)
        departments = tuple(self.rulebook.county.departments)
        before, year_ago = _months_before(window, 1), _months_before(window, 12)
        return reading, find(reading.lines, window, before, year_ago, rules, earlier, departments)

    async def _values(self, reading: Reading, found: Findings) -> dict[str, Any]:
        said = values_of(reading, found, await self._looked(reading, found), self.window.amount)
        return said | {"pictures": await painted(reading, found.month, self.rules)}

    async def _looked(self, reading: Reading, found: Findings) -> Mapping[str, list[Look]]:
        """By occurrence: its columns and when each was last looked at in whole (复查)."""
        looked = await last_looked(self.tx, self.county, self.now)
        county, found_looks = reading.rulebook.county, {}
        for line in (*(one.line for one in found.criticisms), *(line for line, _ in found.mended)):
            duty = reading.rulebook.duty(line.pack, line.duty)
            assignment = duty.assignment(line.department) if duty else None
            cells = assignment.cells if assignment else ()
            columns = dict.fromkeys(key for cell in cells for source in cell.sources for key in source.columns)
            found_looks[line.key] = [
                Look(county.columns[key].title or key, county.columns[key].url, looked.get(key))
                for key in columns
                if key in county.columns
            ]
        return found_looks

    def _asked_on(self, at: datetime) -> date:
        """The day on which what was decided then could leave the house."""
        hours, zone = self.loaded.schedule.hours, self.rulebook.county.zone
        return day_of(opening(at, self.loaded.calendar, hours, zone), self.rulebook)

    def _month(self, month: str) -> Window:
        try:
            window = window_of(month) if unit_of(month) == "month" else None
        except ValueError:
            window = None
        if window is None:
            raise RegisterError(f"{month!r} is no month: write 2015-09")
        if day_of(self.now, self.rulebook) <= window.last:
            raise RegisterError(f"{month} has not ended: its circular is drafted from {window.last.isoformat()} on")
        return window

    async def _row(self, month: str, *states: str) -> CircularRow:
        self._month(month)
        row = await standing_circular(self.tx, self.county, month)
        if row is None:
            raise RegisterError(f"there is no circular of {month}: duban circular draft {month}")
        if row.state not in states:
            raise RegisterError(f"the circular of {month} is {row.state}, not {' or '.join(states)}")
        return row

    async def _line(self, row: CircularRow, line: int) -> CircularLineRow:
        found = next((one for one in await lines_of(self.tx, row.id) if one.line == line), None)
        if found is None:
            raise RegisterError(f"the circular of {row.month} has no line {line}")
        return found

    # -- signing ---------------------------------------------------------------------------------

    def _may_sign(self, row: CircularRow, lines: list[CircularLineRow], by: str) -> None:
        if by.strip() == row.drafted_by.strip():
            raise RegisterError(f"{by} drafted it: somebody else must sign")
        if not lines:
            return
        if row.window_until is None:
            raise RegisterError(f"the departments named were not consulted: duban circular consult {row.month}")
        if day_of(self.now, self.rulebook) <= row.window_until:
            raise RegisterError(f"they may object until {row.window_until.isoformat()}: sign it after that day")

    async def _left(self, row: CircularRow, lines: list[CircularLineRow], found: Findings) -> list[Criticism]:
        """What is still to be criticised of what was put to the departments; the rest falls away with its reason."""
        now = {one.line.key: one for one in found.criticisms}
        spared = {one.line.key: one for one in found.spared}
        objections = {one.line: await self._objection(row, one, spared) for one in lines}
        if pending := [str(line) for line, state in objections.items() if state == "pending"]:
            raise RegisterError(f"decide the objections against line {', '.join(pending)} first (duban object list)")
        left = []
        for line in lines:
            if objections[line.line] != "upheld" and line.occurrence in now:
                left.append(now[line.occurrence])
                continue
            why = spared[line.occurrence].reason if line.occurrence in spared else "已经公开，不再通报"
            why = "单位申诉成立，不予通报" if objections[line.line] == "upheld" else why
            await change_line(self.tx, row.id, line.line, dropped=why)
        return left

    async def _objection(self, row: CircularRow, line: CircularLineRow, spared: Mapping[str, Spared]) -> str:
        """pending, upheld, dismissed or "": of the objection to the line, else of that to the matter itself."""
        subject = str(Subject(line.occurrence, row.month))
        rulings = await standing_rulings(self.tx, self.rulebook, subject)
        filed = [one for one in rulings if one.kind == "object"]
        if not filed:
            return spared[line.occurrence].line.objection if line.occurrence in spared else ""
        answers = [one.kind for one in rulings if one.target == f"ruling:{filed[-1].id}"]
        return {"uphold": "upheld", "dismiss": "dismissed"}[answers[-1]] if answers else "pending"

    # -- writing ---------------------------------------------------------------------------------

    async def _write(
        self, month: str, before: CircularRow | None, values: Mapping[str, Any], *, state: str, by: str, action: str
    ) -> CircularRow:
        words = words_of(values, self.folder)
        await self._note_wording("circular", words.fault)
        text = [[list(run) for run in runs] for runs in words.paragraphs]
        digest = hashlib.sha256(canonical({"values": values, "text": text}).encode()).hexdigest()
        signed = state == "signed"
        row = {
            "county": self.county,
            "month": month,
            "edition": before.edition + 1 if before else 1,
            "state": state,
            "as_of": self.now,
            "values": dict(values),
            "text": text,
            "digest": digest,
            "rulebook": self.rulebook.digest,
            "drafted_by": before.drafted_by if signed and before else by,
            "drafted_at": before.drafted_at if signed and before else self.now,
            "consulted_at": before.consulted_at if signed and before else None,
            "window_until": before.window_until if signed and before else None,
            "signed_by": by if signed else "",
            "signed_at": self.now if signed else None,
        }
        lines = [
            {
                "line": one["number"],
                "occurrence": one["key"],
                "department": one["key"].split("/", 4)[3],
                "problem": one["problem"],
                "shown": one,
            }
            for one in values["lines"]
        ]
        await add_circular(self.tx, row, lines)
        told = {"edition": row["edition"], "lines": len(lines), "digest": digest}
        await self._journal(action, month, by, told, words.fault)
        made = await standing_circular(self.tx, self.county, month)
        assert made is not None
        return made

    async def _note_wording(self, name: str, fault: str) -> None:
        """A county's template that fails is a fault until it works; the county office hears of it."""
        subject = f"template:{name}"
        if not fault:
            await clear_fault(self.tx, self.county, subject, "render", self.now)
            return
        self.fault = fault
        await record_fault(self.tx, self.county, subject, "render", fault, self.now)
        told = f"已改用系统自带的措辞：{fault}"
        day = day_of(self.now, self.rulebook)
        await tell_office(
            self.tx, self.loaded, self.rulebook.county, f"{subject}:{day}", "公文措辞模板出错", told, self.now
        )

    async def _journal(self, action: str, subject: str, by: str, after: Mapping[str, Any], reason: str = "") -> None:
        entry = JournalEntry(by, action, f"circular:{subject}", None, dict(after), reason)
        await append(self.tx, self.county, [entry], self.now)


def number_of(row: CircularRow, rules: CircularRules) -> str:
    """样政办公开通〔2015〕1号: hexagonal brackets, no leading nought; "" before it is issued."""
    return f"{rules.prefix}〔{row.year}〕{row.number}号" if row.number is not None else ""


def document_of(row: CircularRow, rulebook: Rulebook, paper: Paper | None = None) -> Official:
    """The document in its places: as drafted, or as signed with the number and day of its issue.

    `paper`: as it was issued, or what corrects it.
    """
    rules = rulebook.circular
    if rules is None:
        raise RegisterError(f"{row.county} issues no circulars: write `circular:` into its file")
    if paper is not None and paper.line:
        whole, on = f"{rules.prefix}〔{paper.year}〕{paper.number}号", day_of(paper.issued_at, rulebook)
        return official(rulebook, paper.values, paper.text, number=whole, dated=on, erratum=True)
    dated = day_of(row.issued_at, rulebook) if row.issued_at else None
    return official(rulebook, row.values, row.text, number=number_of(row, rules), dated=dated)


def _months_before(window: Window, months: int) -> Window:
    index = window.first.year * 12 + window.first.month - 1 - months
    return window_of(f"{index // 12:04}-{index % 12 + 1:02}")
