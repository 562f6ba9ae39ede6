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
    MoveKind.ASK_CORRECTION, MoveKind.ABANDON, MoveKind.ANSWER, MoveKind.CORRECTED, MoveKind.EXTEND, MoveKind.APPEAL,
    MoveKind.APPEAL_RESULT,
)  # fmt: skip
#: Each a kind, the days since the step before, and the days of the term that it sets.
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 11), st.integers(1, 9)), min_size=3, max_size=8)


def a_move(ordinal: int, kind: MoveKind, day: date, term: int = 1) -> Move:
    fields = dict(FIELDS.get(kind, {}))
    if "until" in fields:
        fields["until"] = (day + timedelta(days=term)).isoformat()
    if kind is MoveKind.APPEAL_RESULT:
        fields["again"] = "yes"
    return Move(ordinal, 1, ordinal, kind, day, NOW, "李办", "按程序办理", fields)


def take(request: Request, moves: list[Move]) -> list[Move]:
    """The steps with their remarks; empty where the register refuses them, with its own error alone."""
    try:
        check_path(RULES, CALENDAR, request, moves, NOW)
    except RegisterError:
        return []
    return [step.move for step in work_out(RULES, CALENDAR, request, moves, NOW).steps]


@pytest.mark.hypothesis
@examples(40)
@given(steps=STEPS, later=st.integers(1, 12), dropped=st.integers(0, 8))
def test_every_late_change_is_taken_or_refused(
    steps: list[tuple[MoveKind, int, int]], later: int, dropped: int
) -> None:
    request, day = new_request(id=1, year=2026, number=1), RECEIVED
    moves = [a_move(1, MoveKind.RECEIVE, RECEIVED), a_move(2, MoveKind.REGISTER, RECEIVED)]
    for kind, after, term in steps:
        day += timedelta(days=after)
        moves = take(request, [*moves, a_move(len(moves) + 1, kind, day, term)]) or moves
    take(replace(request, received=RECEIVED + timedelta(days=later)), moves)
    take(request, [move for move in moves if move.ordinal != 3 + dropped])
