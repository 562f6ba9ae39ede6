"""更正通报: what is true instead of what a line said, as a paper of its own, never a change of the circular."""

from __future__ import annotations

from notifications.wording import wording
from tracker.registers.errors import RegisterError
from tracker.registers.own_events import take_back
from tracker.reports.circulars.erratum import erratum_values
from tracker.reports.circulars.shared import CircularContext, number_of
from tracker.reports.circulars.text import day_of, official
from tracker.store.circulars import CircularLineRow, CircularRow, add_erratum, errata_of, last_number
from tracker.store.counties import lock_county


class Errata(CircularContext):
    """Correcting lines of an issued circular."""

    def correct(self, month: str, line: int, truth: str, reason: str, by: str) -> CircularRow:
        """更正: say what is true instead of what a line said, in a paper with a number of its own that goes to
        whoever got the circular. The duty to put it right falls with it."""
        row = self._row(month, "issued")
        found = self._line(row, line)
        if not truth.strip() or not reason.strip():
            raise RegisterError("an erratum says what is true and what that rests on: neither may be empty")
        if any(erratum.line == line for erratum in errata_of(self.tx, row.id)):
            raise RegisterError(f"line {line} of {month} was corrected already")
        lock_county(self.tx, self.county)
        add_erratum(self.tx, row.id, line, truth=truth, reason=reason, by=by, now=self.now)
        take_back(self.tx, self.rulebook, row, found, by, reason, self.now)
        whole = self._publish_erratum(row, found)
        self._journal("circular.corrected", f"{month}:{line}", by, {"truth": truth, **whole}, reason)
        return row

    def _publish_erratum(self, row: CircularRow, line: CircularLineRow) -> dict[str, str]:
        """Give the erratum the next number of the year, keep it and send it; its number and hash."""
        assert row.issued_at is not None
        wrong = next(erratum for erratum in errata_of(self.tx, row.id) if erratum.line == line.line)
        year = day_of(self.now, self.rulebook).year
        number = last_number(self.tx, self.county, year) + 1
        whole, of = f"{self.rules.prefix}〔{year}〕{number}号", number_of(row, self.rules)
        values = erratum_values(
            row.values, line.shown, wrong.truth, wrong.reason, of, day_of(row.issued_at, self.rulebook)
        )
        words = wording("erratum", values, self.folder)
        self._note_wording("erratum", words.fault)
        text = [[list(run) for run in runs] for runs in words.paragraphs]
        dated = day_of(self.now, self.rulebook)
        document = official(self.rulebook, values, text, number=whole, dated=dated, erratum=True)
        paper = self._keep(row, line.line, number, document, values, text)
        self.mails.correct(row, wrong, paper, whole, of)
        return {"number": whole, "docx": paper.digest} | ({"fault": words.fault} if words.fault else {})
