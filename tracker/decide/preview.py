"""Says what other rules would do to the notices that wait, before they are applied. It only reads."""

from __future__ import annotations

from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.decide.load import load_selected
from tracker.decide.replan import MovedNotice, Replan
from tracker.decide.report import TickReport
from tracker.decide.run import DecidingPass, decision_basis, effective_now
from tracker.decide.select import EVERYTHING
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import CountyRow, find_county
from tracker.store.engine import Store, Tx
from tracker.store.notices import list_waiting_notices


def preview_rules(store: Store, loaded: Loaded, now: datetime, county: str = "") -> list[Replan]:
    """What these rules would do to the waiting notices of a county; "": of each.

    Counties that no pass has decided yet are left out, and those whose rules are the ones in force.
    """
    replans = []
    for rulebook in loaded.rulebooks:
        if county in ("", rulebook.county.id):
            with store.read() as tx:
                row = find_county(tx, rulebook.county.id)
                if row is not None and row.decided_by not in ("", decision_basis(loaded, rulebook)):
                    replans.append(_preview(tx, loaded, rulebook, row, now))
    return replans


def _preview(tx: Tx, loaded: Loaded, of_files: Rulebook, row: CountyRow, now: datetime) -> Replan:
    """Decide everything by the new rules, as the next pass will, and compare with what waits."""
    now = effective_now(row.ticked_at, now)
    rulebook = load_rules_in_force(tx, loaded, of_files)
    facts = load_selected(tx, rulebook, loaded.calendar, EVERYTHING, now)
    run = DecidingPass(tx, loaded, facts, now, TickReport(), rules_changed=True)
    run.decide(EVERYTHING)
    changes = run.change_set.changes
    waiting = {notice.key: notice for notice in list_waiting_notices(tx, row.id)}
    withdrawn = [key for key, _ in changes.cancelled if key in waiting]
    decided = {*withdrawn, *(notice.key for notice in (*changes.superseded, *changes.notices))}
    moves = run.plan_moves(notice for key, notice in waiting.items() if key not in decided)
    moved = [MovedNotice(move.notice.key, move.notice.not_before, move.at) for move in moves]
    return Replan(row.id, moved, withdrawn, rulebook.county.zone)
