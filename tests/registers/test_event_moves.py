"""In any order of entries the register of events holds what was entered last, and its history is complete."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.examples import examples
from tests.journalled import assert_journal_holds
from tests.registers.import_office import BOOK, OFFICE, rows
from tests.registers.register_office import NOW, budget
from tracker.core.law.instances import awaiting, from_event
from tracker.core.values.facts import EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.eventimport import SourceFile, import_events
from tracker.registers.events import correct_event, load_history, record_event, withdraw_event
from tracker.rulebook.calendars import load_calendar
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.events import list_events
from tracker.store.journal import list_rows

T = TypeVar("T")
REFERENCES = st.sampled_from(["1号", "2号"])
DAYS = st.sampled_from([date(2015, 3, 2), date(2015, 3, 9), date(2014, 12, 31)])
YEARS = st.sampled_from(["2014", "2015"])
HEADS = ("事项", "部门", "日期", "文号", "年度")
BUDGET = BOOK.duties[1]
CALENDAR = load_calendar(None)


def key(reference: str) -> EventKey:
    return EventKey("budget-approved", "huanbao", reference)


class Moves(RuleBasedStateMachine):
    """`held`: by reference the day, the year and whether it holds; `changes`: how often each was changed."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="duban-moves-"))
        self.store = Store(f"sqlite:///{shutil.copy(self.template, self.folder / 'd.db')}", durable=False)
        self.store.open()
        self.held: dict[str, tuple[date, str, bool]] = {}
        self.changes: dict[str, int] = {}
        self.at = NOW
        self._in(lambda tx: ensure_county(tx, "sample"))

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def _in(self, deed: Any) -> Any:
        with self.store.begin() as tx:
            return deed(tx)

    def attempt(self, deed: Any, reference: str, after: tuple[date, str, bool] | None, refused: bool) -> None:
        """Do it; `after`: what then stands, None where nothing changes."""
        self.at += timedelta(hours=1)
        try:
            self._in(deed)
        except RegisterError:
            assert refused
            return
        assert not refused
        if after is not None and after != self.held.get(reference):
            self.held[reference] = after
            self.changes[reference] = self.changes.get(reference, 0) + 1

    @rule(reference=REFERENCES, day=DAYS, year=YEARS)
    def record(self, reference: str, day: date, year: str) -> None:
        before = self.held.get(reference)
        self.attempt(
            lambda tx: record_event(
                tx, BOOK, budget(occurred=day, reference=reference, fields={"year": year}, now=self.at)
            ),
            reference, (day, year, True), before is not None and before != (day, year, True),
        )  # fmt: skip

    @rule(reference=REFERENCES, day=st.none() | DAYS, year=st.none() | YEARS)
    def correct(self, reference: str, day: date | None, year: str | None) -> None:
        before = self.held.get(reference)
        after = (day or before[0], year or before[1], True) if before else None
        self.attempt(
            lambda tx: correct_event(
                tx, BOOK, key(reference), by="李", reason="核对", now=self.at, occurred=day,
                fields={"year": year} if year else None,
            ),
            reference, after, before is None,
        )  # fmt: skip

    @rule(reference=REFERENCES)
    def withdraw(self, reference: str) -> None:
        before = self.held.get(reference)
        self.attempt(
            lambda tx: withdraw_event(tx, BOOK, key(reference), by="王", reason="误录", now=self.at),
            reference, (before[0], before[1], False) if before else None, before is None,
        )  # fmt: skip

    @rule(
        said=st.lists(st.tuples(REFERENCES, DAYS, YEARS), max_size=2, unique_by=lambda one: one[0]), takes=st.booleans()
    )
    def bring(self, said: list[tuple[str, date, str]], takes: bool) -> None:
        """A file of them, all or nothing."""
        self.at += timedelta(hours=1)
        lines = rows(HEADS, *(("预算批复", "环保局", day, reference, year) for reference, day, year in said))
        wants = {reference: (day, year, True) for reference, day, year in said}
        plan = self._in(
            lambda tx: import_events(
                tx, OFFICE, lines, SourceFile("a.csv", "0" * 64), by="李", now=self.at, reason="核对", correct=takes
            )
        )
        differ = [
            reference for reference, want in wants.items() if reference in self.held and self.held[reference] != want
        ]
        assert plan.is_refused == (bool(differ) and not takes)
        if not plan.is_refused:
            for reference, want in wants.items():
                if self.held.get(reference) != want:
                    self.held[reference] = want
                    self.changes[reference] = self.changes.get(reference, 0) + 1

    @invariant()
    def the_register_holds_what_was_last_said(self) -> None:
        events = self._in(lambda tx: list_events(tx, "sample", withdrawn=True))
        assert {
            stored.event.reference: (stored.event.occurred, stored.event.fields["year"], stored.withdrawn_at is None)
            for stored in events
        } == self.held

    @precondition(lambda self: self.held)
    @invariant()
    def the_history_tells_every_change_and_the_journal_holds(self) -> None:
        def look(tx: Any) -> None:
            assert_journal_holds(tx, "sample")
            for reference, (day, year, holds) in self.held.items():
                found = load_history(tx, BOOK, key(reference))
                assert len(found.versions) == self.changes[reference]
                last = found.versions[-1]
                assert (last.action == "withdrawn") is not holds
                if holds:
                    assert (last.occurred, dict(last.fields)) == (day.isoformat(), {"year": year})
                lines = list_rows(tx, "sample", subject=f"event:budget-approved:huanbao:{reference}")
                for before, after in pairwise(lines):  # each change begins where the last one ended
                    if before.after:
                        assert after.before in ("", before.after) or json.loads(after.before) == json.loads(
                            before.after
                        )

        self._in(look)

    @invariant()
    def what_is_owed_follows_from_what_holds_alone(self) -> None:
        events = [stored.event for stored in self._in(lambda tx: list_events(tx, "sample"))]
        mine = [occurrence for event in events for occurrence in from_event(BUDGET, event, CALENDAR, BOOK.county)]
        in_force = {reference for reference, (day, _, holds) in self.held.items() if holds and day.year == 2015}
        assert {occurrence.label for occurrence in mine} == {
            f"event:budget-approved:{reference}" for reference in in_force
        }
        waits = {occurrence.department for occurrence in awaiting(BUDGET, BOOK.county, events)}
        assert ("huanbao" in waits) == (not in_force)
        backwards = [
            occurrence for event in reversed(events) for occurrence in from_event(BUDGET, event, CALENDAR, BOOK.county)
        ]
        assert {(occurrence.key, occurrence.due_at) for occurrence in mine} == {
            (occurrence.key, occurrence.due_at) for occurrence in backwards
        }


@pytest.mark.nightly
@pytest.mark.hypothesis
def test_no_order_of_moves_leads_the_register_astray(sqlite_template: Path) -> None:
    Moves.template = sqlite_template
    run_state_machine_as_test(Moves, settings=examples(15, stateful_step_count=15))
