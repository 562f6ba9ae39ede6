"""Corrects lines of an issued circular by errata (更正通报): papers of their own that leave the circular as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from notifications.wording import quoted, wording
from tracker.core.law.wording import day_zh
from tracker.registers.errors import RegisterError
from tracker.registers.own_events import withdraw_criticised
from tracker.reports.circulars.grouping import about_of
from tracker.reports.circulars.shared import CircularContext, document_of, full_number, number_of
from tracker.reports.circulars.text import day_of, official
from tracker.reports.snapshot import name_departments
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    Erratum,
    add_erratum,
    find_last_number,
    list_circular_lines,
    list_errata,
    list_papers,
)
from tracker.store.counties import lock_county


class Errata(CircularContext):
    """Correcting lines of an issued circular."""

    def correct(self, month: str, line: int, truth: str, reason: str, by: str) -> CircularRow:
        """Publish what is true instead of a line, in a paper with its own number, to everybody who got the circular.

        The line's duty to rectify ends.
        """
        row = self._row(month, "issued")
        wrong = self._line(row, line)
        if not truth.strip() or not reason.strip():
            raise RegisterError("an erratum says what is true and what that rests on: neither may be empty")
        if any(erratum.line == line for erratum in list_errata(self.tx, row.id)):
            raise RegisterError("line {line} of {month} was corrected already", line=line, month=month)
        lock_county(self.tx, self.county)
        add_erratum(self.tx, row.id, line, truth=truth, reason=reason, by=by, now=self.now)
        withdraw_criticised(self.tx, self.rulebook, row, wrong, by, reason, self.now)
        published = self._publish_erratum(row, wrong)
        self._journal("circular.corrected", f"{month}:{line}", by, {"truth": truth, **published}, reason)
        return row

    def _publish_erratum(self, row: CircularRow, line: CircularLineRow) -> dict[str, str]:
        """Give the erratum the next number of the year, keep it and send it; return its number and hash."""
        assert row.issued_at is not None
        erratum = next(erratum for erratum in list_errata(self.tx, row.id) if erratum.line == line.line)
        today = day_of(self.now, self.rulebook)
        number = find_last_number(self.tx, self.county, today.year) + 1
        own, corrected = full_number(self.rules, today.year, number), number_of(row, self.rules)
        paper = next((paper for paper in list_papers(self.tx, row.id) if not paper.line), None)
        title, issued = document_of(row, self.rulebook, paper).title, day_of(row.issued_at, self.rulebook)
        values = _values(row, line.shown, erratum, (title, corrected), issued)
        values |= {"counts": self._counts(row, line)}
        words = wording("erratum", values, self.folder)
        self._note_wording("erratum", words.fault)
        text = [[list(run) for run in runs] for runs in words.paragraphs]
        document = official(self.rulebook, values, text, number=own, dated=today, erratum=True)
        paper = self._keep(row, line.line, number, document, values, text)
        self.mails.correct(row, erratum, paper, own, corrected)
        return {"number": own, "docx": paper.digest} | ({"fault": words.fault} if words.fault else {})

    def _counts(self, row: CircularRow, line: CircularLineRow) -> str:
        """The counts of matters named as they are without the line, and without those that were corrected before."""
        corrected = {erratum.line for erratum in list_errata(self.tx, row.id)}
        kept = [one for one in list_circular_lines(self.tx, row.id) if one.line not in corrected]
        parts = [f"通报事项由{len(kept) + 1}项更正为{len(kept)}项"]
        for member in line.shown["department"].split("+"):
            count = sum(member in one.shown["department"].split("+") for one in kept)
            parts.append(f"{name_departments(self.rulebook.county, member)}的通报事项由{count + 1}项更正为{count}项")
        return f"{'，'.join(parts)}，原附件“问题清单”第{line.line}项不再计入。"


def _values(
    row: CircularRow, line: Mapping[str, Any], erratum: Erratum, named: tuple[str, str], issued: date
) -> dict[str, Any]:
    """The values of an erratum. `line`, `named` (title and number) and `issued` are the circular's."""
    title, number = named
    return {
        "month": row.values["month"],
        "named": 1,
        "head": row.values.get("head"),
        "title": title,
        "number": number,
        "issued": day_zh(issued),
        "lines": [line],
        "mended": [],
        "corrections": [
            {
                "line": line["number"],
                "anchor": line["anchor"],
                "department": line["department"],
                "who": line["who"],
                "said": f"{line['who']}{quoted(line['title'])}（{about_of(line)}）",
                "truth": erratum.truth.rstrip("。"),
                "reason": erratum.reason.rstrip("。"),
            }
        ],
    }
