"""Whatever is changed late, each step is judged anew: the change is taken as a whole, or refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.registers.request_office import CALENDAR, FIELDS, NOW, RULES, new_request
from tracker.core.requests.values import Move, MoveKind, Request
from tracker.registers.errors import RegisterError
from tracker.registers.request_checks import check_path
from tracker.registers.request_settling import work_out

RECEIVED = date(2026, 3, 2)
KINDS = (
    MoveKind.ASK_CORRECTION, MoveKind.CORRECTED, MoveKind.ABANDON, MoveKind.REVIEW, MoveKind.ANSWER, MoveKind.EXTEND,
    MoveKind.CONSULT, MoveKind.OPINION, MoveKind.APPEAL, MoveKind.APPEAL_RESULT,
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.integers(1, 20)), min_size=3, max_size=9)


def a_move(ordinal: int, kind: MoveKind, day: date, term: int = 1) -> Move:
    fields = dict(FIELDS.get(kind, {}))
    if "until" in fields:
        fields["until"] = (day + timedelta(days=term)).isoformat()
    if kind is MoveKind.APPEAL_RESULT:
        fields["again"] = "yes"
    return Move(ordinal, 1, ordinal, kind, day, NOW, "李办", "按程序办理", fields)


def is_possible(request: Request, moves: list[Move]) -> bool:
    """Whether the register takes these steps; it refuses others with its own error alone."""
    try:
        check_path(RULES, CALENDAR, request, moves, NOW)
    except RegisterError:
        return False
    work_out(RULES, CALENDAR, request, moves, NOW)
    return True


@pytest.mark.hypothesis
@examples(60)
@given(steps=STEPS, later=st.integers(1, 12), dropped=st.integers(0, 8))
def test_every_late_change_is_taken_or_refused(
    steps: list[tuple[MoveKind, int, int]], later: int, dropped: int
) -> None:
    request = new_request(id=1, year=2026, number=1)
    moves = [a_move(1, MoveKind.RECEIVE, RECEIVED), a_move(2, MoveKind.REGISTER, RECEIVED)]
    for kind, after, term in steps:
        tried = [*moves, a_move(len(moves) + 1, kind, RECEIVED + timedelta(days=after), term)]
        moves = tried if is_possible(request, tried) else moves
    is_possible(replace(request, received=RECEIVED + timedelta(days=later)), moves)
    is_possible(request, [move for move in moves if move.ordinal != 3 + dropped])
