"""The base of all moves of a circular: its rules and rows, the papers that are kept, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.core.assessment.circular import CRITICISED
from tracker.core.assessment.golive import not_live_message, was_live_between
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Span
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import unit_of, window_of
from tracker.core.values.formulas import CircularRules
from tracker.core.values.message import ListedWord, Message
from tracker.deliver.failures import notify_office
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument
from tracker.registers.errors import RegisterError
from tracker.registers.golive import apply_golive
from tracker.reports.circulars.mails import CircularMails
from tracker.reports.circulars.text import RECTIFICATION, day_of, official
from tracker.rulebook.loaded import Loaded
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    Paper,
    add_paper,
    find_latest_edition,
    find_paper,
    list_circular_lines,
)
from tracker.store.engine import Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append_entries

#: Who drafted what the schedule had drafted.
DRAFTER = "督办系统"


class CircularContext:
    """One county's circulars, in one transaction. Every method raises RegisterError where it may not be done."""

    def __init__(self, tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.loaded, self.rulebook, self.now = tx, loaded, rulebook, now
        self.county = rulebook.county.id
        self.folder: Path | None = loaded.templates.get(self.county)
        self.mails = CircularMails(tx, loaded, rulebook, now)
        self.fault = ""  # why the county's own template was not used
        self.unseen: Mapping[str, str] = {}  # by occurrence: why it is not called late, as nobody looked lately
        self.unlooked: Mapping[str, str] = {}  # by occurrence: why it is to be looked at again before it is named

    @property
    def rules(self) -> CircularRules:
        rules = self.rulebook.circular
        if rules is None:
            raise RegisterError("{county} issues no circulars: write `circular:` into its file", county=self.county)
        if self.rulebook.duty(*RECTIFICATION) is None or CRITICISED not in self.rulebook.events:
            raise RegisterError(
                "{county}: a circular starts the duty to put right: list the pack `rectification`", county=self.county
            )
        return rules

    @property
    def window(self) -> Span:
        """How long the departments named may object."""
        return self.loaded.schedule.objections

    def _month(self, month: str, *, issued: bool = False) -> Window:
        """The month's days. Raises where the county is not live, or was not or not supervised in that month.

        `issued`: whether the circular is issued, which can be corrected in any case.
        """
        try:
            window = window_of(month) if unit_of(month) == "month" else None
        except ValueError:
            window = None
        if window is None:
            raise RegisterError("{month!r} is no month: write 2015-09", month=month)
        if window.last < (start := self.rulebook.county.start):
            raise RegisterError(
                "{county} is supervised from {start} on: there is no circular of {month}",
                county=self.county,
                start=start,
                month=month,
            )
        county = apply_golive(self.tx, self.rulebook.county)
        if not issued and (county.golive is None or county.shadow(self.now)):
            raise RegisterError(
                "there is no circular of a county that is not live: {why}",
                why=not_live_message(self.county),
            )
        if not issued and county.golive is not None and not was_live_between(county, window.first, window.last):
            raise RegisterError(
                "{county} is live from {on} on: there is no circular of {month}",
                county=self.county,
                on=county.golive.on,
                month=month,
            )
        if day_of(self.now, self.rulebook) <= window.last:
            first = (window.last + timedelta(days=1)).isoformat()
            raise RegisterError(
                "{month} has not ended: its circular is drafted from {first} on", month=month, first=first
            )
        return window

    def _row(self, month: str, *states: str) -> CircularRow:
        self._month(month, issued=states == ("issued",))
        row = find_latest_edition(self.tx, self.county, month)
        if row is None:
            raise RegisterError("there is no circular of {month} (duban circular draft {month})", month=month)
        if row.state not in states:
            raise RegisterError(
                "the circular of {month} is {state}, not {states}",
                month=month,
                state=ListedWord("state", row.state),
                states=Message.joined(", ", (ListedWord("state", state) for state in states)),
            )
        return row

    def _line(self, row: CircularRow, line: int) -> CircularLineRow:
        for row_line in list_circular_lines(self.tx, row.id):
            if row_line.line == line:
                return row_line
        raise RegisterError("the circular of {month} has no line {line}", month=row.month, line=line)

    def _keep(
        self, row: CircularRow, line: int, number: int, document: OfficialDocument, values: Mapping[str, Any], text: Any
    ) -> Paper:
        """Keep a paper in the bytes that everybody is sent."""
        docx = docx_of(document)
        year = day_of(self.now, self.rulebook).year
        add_paper(
            self.tx, county=self.county, circular=row.id, line=line, year=year, number=number, title=document.title,
            values=dict(values), text=text, issued_at=self.now, docx=docx, pdf=None,
        )  # fmt: skip
        paper = find_paper(self.tx, self.county, year, number)
        assert paper is not None
        return paper

    def _note_wording(self, name: str, fault: str) -> None:
        """Record a county's template that fails as a fault until it works, and tell the county office."""
        subject = f"template:{name}"
        if not fault:
            clear_fault(self.tx, self.county, subject, "render", self.now)
            return
        self.fault = fault
        record_fault(self.tx, self.county, subject, "render", fault, self.now)
        notice = f"已改用系统自带的措辞：{fault}"
        day = day_of(self.now, self.rulebook)
        county = self.rulebook.county
        notify_office(self.tx, self.loaded, county, f"{subject}:{day}", "公文措辞模板出错", notice, self.now)

    def _journal(self, action: str, subject: str, by: str, after: Mapping[str, Any], reason: str = "") -> None:
        entry = JournalEntry(by, action, f"circular:{subject}", None, dict(after), reason)
        append_entries(self.tx, self.county, [entry], self.now)


def number_of(row: CircularRow, rules: CircularRules) -> str:
    """The full number; "" before it is issued."""
    return full_number(rules, row.year, row.number) if row.year is not None and row.number is not None else ""


def full_number(rules: CircularRules, year: int, number: int) -> str:
    """样政办公开通〔2015〕1号: hexagonal brackets, no leading zero."""
    return f"{rules.prefix}〔{year}〕{number}号"


def document_of(row: CircularRow, rulebook: Rulebook, paper: Paper | None = None) -> OfficialDocument:
    """The document as drafted, or as signed with number and day of its issue. `paper`: the circular or an erratum."""
    rules = rulebook.circular
    if rules is None:
        raise RegisterError("{county} issues no circulars: write `circular:` into its file", county=row.county)
    if paper is not None and paper.line:
        number, dated = full_number(rules, paper.year, paper.number), day_of(paper.issued_at, rulebook)
        document = official(rulebook, paper.values, paper.text, number=number, dated=dated, erratum=True)
        return replace(document, title=paper.title)
    issued_on = day_of(row.issued_at, rulebook) if row.issued_at else None
    document = official(rulebook, row.values, row.text, number=number_of(row, rules), dated=issued_on)
    return replace(document, title=paper.title) if paper is not None else document
