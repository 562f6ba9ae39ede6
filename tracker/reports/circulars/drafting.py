"""What stands now, counted and put into words: an edition of a circular as it is drafted or signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tracker.core.assessment.circular import Findings, find_criticisms
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import window_of
from tracker.core.values.formulas import CircularRules
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.freshness import as_seen, columns_of, judge_news, unseen
from tracker.reports.circulars.shared import CircularContext
from tracker.reports.circulars.text import ColumnLook, values_of, words_of
from tracker.reports.pictures.enclosed import painted
from tracker.reports.reading import Reader, Reading
from tracker.store.circulars import CircularRow, add_circular, standing_circular, warnings
from tracker.store.counties import read_county
from tracker.store.journal import canonical
from tracker.store.visits import last_looked


class Drafting(CircularContext):
    """Editions of one county's circulars."""

    def _read(self) -> Reading:
        """How the county stands now, with all that was seen of it judged."""
        if read_county(self.tx, self.county).ticked_at is None:
            raise RegisterError(f"nothing was decided for {self.county} yet: duban once")
        judge_news(self.tx, self.loaded, self.rulebook, self.now)
        return Reader(self.rulebook, self.loaded.calendar).read(self.tx, self.now)

    def _found(self, window: Window, rules: CircularRules) -> tuple[Reading, Findings]:
        """What the circular of the window says, and the reading that it is counted from."""
        raw = self._read()
        reading = as_seen(raw, last_looked(self.tx, self.county, self.now), self.loaded.calendar)
        self.unseen = unseen(raw, reading)
        earlier = warnings(self.tx, self.county, rules.prefix, self.rulebook.county.zone)
        departments = tuple(self.rulebook.county.departments)
        before, year_ago = _months_before(window, 1), _months_before(window, 12)
        return reading, find_criticisms(reading.lines, window, before, year_ago, rules, earlier, departments)

    def _values(self, reading: Reading, findings: Findings) -> dict[str, Any]:
        said = values_of(reading, findings, self._looked(reading, findings), self.window.amount)
        return said | {"pictures": painted(reading, findings.month, self.rules)}

    def _looked(self, reading: Reading, findings: Findings) -> Mapping[str, list[ColumnLook]]:
        """By occurrence: its columns and when each was last looked at in whole (复查)."""
        looked, columns = last_looked(self.tx, self.county, self.now), reading.rulebook.county.columns
        return {
            line.key: [
                ColumnLook(columns[key].title or key, columns[key].url, looked.get(key))
                for key in columns_of(line, reading.rulebook)
            ]
            for line in (*(criticism.line for criticism in findings.criticisms), *(line for line, _ in findings.mended))
        }

    def _write(
        self, month: str, before: CircularRow | None, values: Mapping[str, Any], *, state: str, by: str, action: str
    ) -> CircularRow:
        words = words_of(values, self.folder)
        self._note_wording("circular", words.fault)
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
                "line": value["number"],
                "occurrence": value["key"],
                "department": value["key"].split("/", 4)[3],
                "problem": value["problem"],
                "shown": value,
            }
            for value in values["lines"]
        ]
        add_circular(self.tx, row, lines)
        told = {"edition": row["edition"], "lines": len(lines), "digest": digest}
        self._journal(action, month, by, told, words.fault)
        made = standing_circular(self.tx, self.county, month)
        assert made is not None
        return made


def _months_before(window: Window, months: int) -> Window:
    index = window.first.year * 12 + window.first.month - 1 - months
    return window_of(f"{index // 12:04}-{index % 12 + 1:02}")
