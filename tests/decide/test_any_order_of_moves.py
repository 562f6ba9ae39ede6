"""Whatever people do in whatever order: every status has a reason that names what decided it."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.decide.moves import COLUMNS, Moves, rules
from tests.entered import do_decide, do_file, do_object, do_record, new_ruling
from tests.examples import at_night, examples
from tests.journalled import assert_journal_holds
from tracker.core.matching.filings import RELEASE_KINDS, duty_subject
from tracker.core.values.facts import EventKey, Ruling
from tracker.core.values.rulings import not_revoked
from tracker.core.values.verdicts import Light, Status
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.registers.adoptions import record_adoption
from tracker.registers.events import withdraw_event
from tracker.registers.filings import withdraw as withdraw_filing

MONTHS = [
    f"small/small/{duty}/{label}" for duty in ("water/huanbao", "review/shebao") for label in ("2015-07", "2015-08")
]
BUDGETS = [f"small/small/budget/keji/event:budget-approved:{one}" for one in ("a", "b")]
KEYS = [*MONTHS, *BUDGETS, "small/small/budget/keji/awaiting:budget-approved"]
WHOLES = ["small/small/water/huanbao/*", "small/small/review/shebao/*"]

keys = st.sampled_from(KEYS)
days_on = st.integers(-5, 60)
grounds = st.sampled_from(["secret", "no-such-business"])


class County(RuleBasedStateMachine):
    """One life: moves through the registers on a database of its own."""

    loaded: Any
    template: Path
    folder: Path
    lives = 0

    @initialize()
    def begin(self) -> None:
        County.lives += 1
        self.moves = Moves(self.loaded, self.template, self.folder / f"{County.lives}.db")

    def day(self, on: int) -> Any:
        return (self.moves.now + timedelta(days=on)).date()

    # -- moves -----------------------------------------------------------------------------------

    @rule(days=st.integers(1, 25), ticked=st.booleans())
    def wait(self, days: int, ticked: bool) -> None:
        self.moves.now += timedelta(days=days)
        if ticked:
            self.moves.tick()

    @rule(column=st.sampled_from(sorted(COLUMNS)), publish=st.booleans())
    def look(self, column: str, publish: bool) -> None:
        self.moves.visit(column, publish)
        self.moves.tick()

    @rule(reference=st.sampled_from("ab"), on=st.integers(-15, 0), correct=st.booleans())
    def record(self, reference: str, on: int, correct: bool) -> None:
        self.moves.enter(
            do_record, name="budget-approved", department="keji", occurred=self.day(on), reference=reference,
            fields={"year": "2015"}, correct=correct,
        )  # fmt: skip

    @rule(reference=st.sampled_from("ab"))
    def withdraw(self, reference: str) -> None:
        self.moves.enter(withdraw_event, key=EventKey("budget-approved", "keji", reference))

    @rule(key=keys, text=st.sampled_from(["汇报材料", "会议记录"]))
    def attest(self, key: str, text: str) -> None:
        self.moves.enter(do_file, kind="attestation", occurrence=key, form="statement", proof=text, by="王敏")

    @rule(key=st.sampled_from(MONTHS[1:]))
    def report_nothing(self, key: str) -> None:
        self.moves.enter(do_file, kind="zero-report", occurrence=key, by="王敏")

    @rule(data=st.data())
    def take_a_filing_back(self, data: Any) -> None:
        if filed := self.moves.filings():
            self.moves.enter(withdraw_filing, number=data.draw(st.sampled_from(filed)).id, by="王敏")

    @rule(data=st.data(), kind=st.sampled_from(["accept", "reject"]))
    def accept_or_refuse(self, data: Any, kind: str) -> None:
        if filed := [one for one in self.moves.filings() if one.kind == "attestation"]:
            one = data.draw(st.sampled_from(filed))
            self.moves.enter(do_decide, kind=kind, occurrence=one.occurrence, target=f"attestation:{one.id}")

    @rule(key=keys)
    def extend(self, key: str) -> None:
        self.moves.enter(do_decide, kind="extend", occurrence=key)

    @rule(data=st.data(), ground=grounds, end=st.none() | days_on)
    def waive(self, data: Any, ground: str, end: int | None) -> None:
        key = data.draw(st.sampled_from(sorted(self.moves.rows())))
        until = None if end is None else self.day(end)
        given = {"ground": ground, "basis": "条例第八条", "asked_by": "王敏", "until": until}
        self.moves.enter(do_decide, kind="waive", occurrence=key, **given)

    @rule(key=st.sampled_from([*KEYS, *WHOLES]), end=st.none() | days_on)
    def say_not_applicable(self, key: str, end: int | None) -> None:
        until = None if end is None else self.day(end)
        self.moves.enter(do_decide, kind="not-applicable", occurrence=key, basis="三定方案", until=until)

    @rule(data=st.data(), to=days_on)
    def postpone(self, data: Any, to: int) -> None:
        rows = self.moves.rows()
        ahead = [key for key, row in rows.items() if row.due_at is not None and row.due_at > self.moves.now]
        key = data.draw(st.sampled_from(sorted(ahead or rows)))
        self.moves.enter(do_decide, kind="postpone", occurrence=key, to=self.day(to), asked_by="王敏")

    @rule(data=st.data())
    def object(self, data: Any) -> None:
        late = [key for key, row in self.moves.rows().items() if row.status.late or row.status is Status.MET_LATE]
        self.moves.enter(
            do_object, calendar=self.moves.loaded.calendar, occurrence=data.draw(st.sampled_from(late or KEYS)),
            target="附件", by="王敏", window=self.moves.loaded.schedule.objections,
        )  # fmt: skip

    @rule(data=st.data(), upheld=st.booleans())
    def answer(self, data: Any, upheld: bool) -> None:
        if filed := self.moves.rulings("object"):
            number = data.draw(st.sampled_from(filed)).id
            self.moves.enter(do_decide, kind="uphold" if upheld else "dismiss", number=number)

    @rule(data=st.data())
    def revoke(self, data: Any) -> None:
        if made := self.moves.rulings():
            self.moves.enter(do_decide, kind="revoke", number=data.draw(st.sampled_from(made)).id)

    @rule(back=st.booleans())
    def record_adoption(self, back: bool) -> None:
        def deed(tx: Any, book: Any, **given: Any) -> Any:
            ruling = new_ruling("unadopt" if back else "adopt", occurrence="reading:small/monthly", **given)
            return record_adoption(tx, self.moves.loaded, book, ruling)

        self.moves.enter(deed)

    # -- what holds after each -------------------------------------------------------------------

    @precondition(lambda self: hasattr(self, "moves"))
    @invariant()
    def every_status_is_explained(self) -> None:
        facts = self.moves.facts()
        for group, one, verdict, row in self.moves.judged(facts):
            _explained(one, verdict, not_revoked(facts.rulings(group)), self.moves.now)
            assert one.derivation.text
            if row is not None and not row.closed and row.updated_at == self.moves.now and row.status == verdict.status:
                assert row.due_at == one.due_at

    def teardown(self) -> None:
        if not hasattr(self, "moves"):
            return
        moves = self.moves
        moves.tick()
        facts = moves.facts()
        for _, one, verdict, row in moves.judged(facts):
            assert row is not None
            assert (row.status, row.light, row.reason, row.due_at) == (
                verdict.status, verdict.light, verdict.reason, one.due_at,
            )  # fmt: skip
        assert moves.differences() == {}
        for group in facts.groups.by_prefix.values():
            _in_any_order(moves, facts, group)

        with moves.store.read() as tx:
            assert_journal_holds(tx, "small")
        moves.close()


def _explained(one: Any, verdict: Any, held: list[Ruling], now: Any) -> None:
    """The reason is there, and names the very fact that decided the status."""
    reason, status = verdict.reason, verdict.status
    assert reason.strip("；。 ")
    mine = [each for each in held if each.occurrence == one.key and each.kind in RELEASE_KINDS]
    whole = [each for each in held if each.occurrence == duty_subject(one.key)]
    if status.released:
        # The department's own where it lasts, else that of the whole duty.
        (last, *_) = [each for each in (*mine[-1:], *whole[-1:]) if each.until is None or now.date() <= each.until]
        assert last.by in reason
        assert last.reason in reason
        assert last.basis in reason
    elif mine and (mine[-1].until is None or now.date() <= mine[-1].until):
        raise AssertionError(f"{one.key} is {status} though {mine[-1]} holds")
    if status.late:
        assert one.due_at is not None
        assert now >= one.due_at
        assert "应不晚于" in reason
        assert re.search(r"时限届满|其网页|未", reason)
    if status in (Status.MET, Status.MET_LATE):
        assert verdict.proved_at is not None
        assert "时限" in reason
    if status is Status.CLOCK_UNKNOWN:
        assert "尚未登记" in reason
    if status is Status.UNVERIFIABLE:
        assert "无法核验" in reason or "有待认定" in reason
    if verdict.light is Light.RED:
        assert not one.is_weak_at(now)
        assert verdict.objection != "upheld"
    if verdict.objection:
        assert "异议" in reason
    if verdict.liable_from is not None and not status.released and not status.met and status is not Status.CLOSED:
        assert verdict.liability_reason in reason
        assert one.due_at is not None
        assert one.due_at < verdict.liable_from <= now
    if one.postponed_from is not None:
        assert one.due_at is not None
        assert one.due_at > one.postponed_from  # never earlier than the original
        assert "原时限" in one.derivation.text


def _in_any_order(moves: Moves, facts: CountyFacts, group: DutyGroup) -> None:
    """The facts come in another order and under other numbers: the same is decided."""
    known = facts.facts
    mixed = random.Random(len(known.rulings)).sample
    moved = replace(
        known,
        entries=tuple(mixed(known.entries, len(known.entries))),
        visits=tuple(mixed(known.visits, len(known.visits))),
        events=tuple(mixed(known.events, len(known.events))),
        filings=tuple(mixed(known.filings, len(known.filings))),
        rulings=tuple(_renumbered(one) for one in mixed(known.rulings, len(known.rulings))),
    )
    other = replace(facts, facts=moved)
    assert _told(judge_group(moves.loaded, facts, group, moves.now)) == _told(
        judge_group(moves.loaded, other, group, moves.now)
    )
    owed = {each.key: each for each in facts.occurrences(group)}
    assert {each.key: each for each in other.occurrences(group)} == owed


def _renumbered(one: Ruling) -> Ruling:
    """As if what was decided first had reached the system last."""
    kind, _, number = one.target.partition(":")
    target = f"ruling:{1000 - int(number)}" if kind == "ruling" else one.target
    return replace(one, id=1000 - one.id, target=target)


def _told(verdicts: Any) -> dict[str, tuple[Any, ...]]:
    return {key: (one.status, one.light, one.reason, one.liable_from, one.next_at) for key, one in verdicts.items()}


@pytest.mark.nightly
@pytest.mark.hypothesis
def test_no_order_of_moves_reaches_a_status_without_its_reason(tmp_path: Path, sqlite_template: Path) -> None:
    County.loaded, County.template, County.folder = rules(tmp_path / "rules"), sqlite_template, tmp_path
    run_state_machine_as_test(
        County,
        settings=examples(
            8,
            stateful_step_count=30,
            phases=list(Phase) if at_night() else [Phase.generate],  # a quick run does not shrink
            suppress_health_check=list(HealthCheck),
        ),
    )
