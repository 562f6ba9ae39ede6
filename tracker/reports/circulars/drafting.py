"""Counts how the county stands now and words it: an edition of a circular as it is drafted or signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tracker.core.assessment.circular import Findings, find_criticisms
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import window_of
from tracker.core.values.formulas import CircularRules
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.freshness import as_doubted, as_looked, as_seen, columns_of, judge_news, unseen
from tracker.reports.circulars.shared import CircularContext
from tracker.reports.circulars.text import ColumnLook, values_of, words_of
from tracker.reports.pictures.enclosed import painted
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.store.circulars import CircularRow, add_circular, find_latest_edition, load_warnings
from tracker.store.counties import read_county
from tracker.store.journal import encode_canonical
from tracker.store.occurrences import list_open_questions
from tracker.store.visits import load_last_complete


class Drafting(CircularContext):
    """Editions of one county's circulars."""

    def _read(self) -> CountySnapshot:
        """The county as it stands now, after all new facts were judged."""
        if read_county(self.tx, self.county).ticked_at is None:
            raise RegisterError("nothing was decided for {county} yet (duban once)", county=self.county)
        judge_news(self.tx, self.loaded, self.rulebook, self.now)
        return CountyReader(self.rulebook, self.loaded.calendar).read(self.tx, self.now)

    def _find(self, window: Window, rules: CircularRules) -> tuple[CountySnapshot, Findings]:
        """The findings of the circular of the window, and the snapshot that they are counted from."""
        judged = self._read()
        seen = as_seen(judged, load_last_complete(self.tx, self.county, self.now), self.loaded.calendar)
        self.unseen = unseen(judged, seen)
        snapshot = as_doubted(seen, list_open_questions(self.tx, self.county))
        snapshot = as_looked(self.tx, snapshot, rules.look_again)
        earlier = load_warnings(self.tx, self.county, rules.prefix, self.rulebook.county.zone)
        departments = tuple(self.rulebook.county.departments)
        before, year_ago = _months_before(window, 1), _months_before(window, 12)
        findings = find_criticisms(snapshot.lines, window, before, year_ago, rules, earlier, departments)
        self.unlooked = findings.unlooked
        return snapshot, findings

    def _values(self, snapshot: CountySnapshot, findings: Findings) -> dict[str, Any]:
        values = values_of(snapshot, findings, self._column_looks(snapshot, findings), self.window.amount)
        return values | {"pictures": painted(snapshot, findings.month, self.rules)}

    def _column_looks(self, snapshot: CountySnapshot, findings: Findings) -> Mapping[str, list[ColumnLook]]:
        """By occurrence: its columns and when each was last looked at completely (复查)."""
        looked, columns = load_last_complete(self.tx, self.county, self.now), snapshot.rulebook.county.columns
        return {
            line.key: [
                ColumnLook(columns[key].title or key, columns[key].url, looked.get(key))
                for key in columns_of(line, snapshot.rulebook)
            ]
            for line in (*(criticism.line for criticism in findings.criticisms), *(line for line, _ in findings.mended))
        }

    def _write(
        self, month: str, before: CircularRow | None, values: Mapping[str, Any], *, state: str, by: str, action: str
    ) -> CircularRow:
        words = words_of(values, self.folder)
        self._note_wording("circular", words.fault)
        text = [[list(run) for run in runs] for runs in words.paragraphs]
        digest = hashlib.sha256(encode_canonical({"values": values, "text": text}).encode()).hexdigest()
        signed = before if state == "signed" else None
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
            "drafted_by": signed.drafted_by if signed else by,
            "drafted_at": signed.drafted_at if signed else self.now,
            "consulted_at": signed.consulted_at if signed else None,
            "window_until": signed.window_until if signed else None,
            "signed_by": by if state == "signed" else "",
            "signed_at": self.now if state == "signed" else None,
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
        self._journal(
            action, month, by, {"edition": row["edition"], "lines": len(lines), "digest": digest}, words.fault
        )
        written = find_latest_edition(self.tx, self.county, month)
        assert written is not None
        return written


def _months_before(window: Window, months: int) -> Window:
    index = window.first.year * 12 + window.first.month - 1 - months
    return window_of(f"{index // 12:04}-{index % 12 + 1:02}")
