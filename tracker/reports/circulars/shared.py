"""What every move of a circular shares: its rules, its rows, its words, the bytes that are kept, the journal."""

from __future__ import annotations

from collections.abc import Mapping
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
from tracker.deliver.failures import notify_office
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument
from tracker.registers.errors import RegisterError
from tracker.registers.golive import with_golive
from tracker.reports.circulars.mails import CircularMails
from tracker.reports.circulars.text import RECTIFICATION, day_of, official
from tracker.rulebook.loaded import Loaded
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    Paper,
    add_paper,
    find_paper,
    lines_of,
    standing_circular,
)
from tracker.store.engine import Tx
from tracker.store.faults import clear_fault, record_fault
from tracker.store.journal import JournalEntry, append

#: Who drafted what the schedule had drafted.
DRAFTER = "督办系统"


class CircularContext:
    """One county's circulars, in one transaction. Every method raises RegisterError where it may not be done."""

    def __init__(self, tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> None:
        self.tx, self.loaded, self.rulebook, self.now = tx, loaded, rulebook, now
        self.county = rulebook.county.id
        self.folder: Path | None = loaded.templates.get(self.county)
        self.mails = CircularMails(tx, loaded, rulebook, now)
        self.fault = ""  # why the county's own words were left aside
        self.unseen: Mapping[str, str] = {}  # by occurrence: late as it stands, but not looked for lately

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

    def _month(self, month: str, *, issued: bool = False) -> Window:
        """The month's days. None of a county that is not live, nor of a month before it was supervised or in which it
        was not live; what is `issued` can be put right in any case."""
        try:
            window = window_of(month) if unit_of(month) == "month" else None
        except ValueError:
            window = None
        if window is None:
            raise RegisterError(f"{month!r} is no month: write 2015-09")
        if window.last < (start := self.rulebook.county.start):
            raise RegisterError(f"{self.county} is supervised from {start} on: there is no circular of {month}")
        county = with_golive(self.tx, self.rulebook.county)
        if not issued and (county.golive is None or county.shadow(self.now)):
            raise RegisterError(f"there is no circular of a county that is not live: {not_live_message(self.county)}")
        if not issued and county.golive is not None and not was_live_between(county, window.first, window.last):
            raise RegisterError(f"{self.county} is live from {county.golive.on} on: there is no circular of {month}")
        if day_of(self.now, self.rulebook) <= window.last:
            first = (window.last + timedelta(days=1)).isoformat()
            raise RegisterError(f"{month} has not ended: its circular is drafted from {first} on")
        return window

    def _row(self, month: str, *states: str) -> CircularRow:
        self._month(month, issued=states == ("issued",))
        row = standing_circular(self.tx, self.county, month)
        if row is None:
            raise RegisterError(f"there is no circular of {month}: duban circular draft {month}")
        if row.state not in states:
            raise RegisterError(f"the circular of {month} is {row.state}, not {' or '.join(states)}")
        return row

    def _line(self, row: CircularRow, line: int) -> CircularLineRow:
        found = next((one for one in lines_of(self.tx, row.id) if one.line == line), None)
        if found is None:
            raise RegisterError(f"the circular of {row.month} has no line {line}")
        return found

    def _keep(
        self, row: CircularRow, line: int, number: int, document: OfficialDocument, values: Mapping[str, Any], text: Any
    ) -> Paper:
        """Keep the bytes of a paper as everybody is sent them."""
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
        """A county's template that fails is a fault until it works; the county office hears of it."""
        subject = f"template:{name}"
        if not fault:
            clear_fault(self.tx, self.county, subject, "render", self.now)
            return
        self.fault = fault
        record_fault(self.tx, self.county, subject, "render", fault, self.now)
        told = f"已改用系统自带的措辞：{fault}"
        day = day_of(self.now, self.rulebook)
        county = self.rulebook.county
        notify_office(self.tx, self.loaded, county, f"{subject}:{day}", "公文措辞模板出错", told, self.now)

    def _journal(self, action: str, subject: str, by: str, after: Mapping[str, Any], reason: str = "") -> None:
        entry = JournalEntry(by, action, f"circular:{subject}", None, dict(after), reason)
        append(self.tx, self.county, [entry], self.now)


def number_of(row: CircularRow, rules: CircularRules) -> str:
    """样政办公开通〔2015〕1号: hexagonal brackets, no leading nought; "" before it is issued."""
    return f"{rules.prefix}〔{row.year}〕{row.number}号" if row.number is not None else ""


def document_of(row: CircularRow, rulebook: Rulebook, paper: Paper | None = None) -> OfficialDocument:
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
