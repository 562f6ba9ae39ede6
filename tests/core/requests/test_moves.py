"""The table of moves: every move in every state, of each register, by a table written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.core.requests.moves import MOVES, REGISTER_MOVES, STATE_TITLES, list_allowed_moves, name_register_moves
from tracker.core.requests.state import MoveError, derive_standing, follow_moves
from tracker.core.requests.values import Move, MoveKind, RequestKind, RequestState

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
#: What a move says in these tests, where it must say anything.
FIELDS = {
    "assign": {"owner": "huanbao"},
    "consult": {"whom": "agency"},
    "opinion": {"whom": "agency", "result": "agree"},
    "review": {"author": "赵", "result": "passed"},
    "review-back": {"author": "赵", "result": "returned"},
    "answer": {"answer": "disclosed"},
    "abandon": {"why": "uncorrected"},
    "abandon-unpaid": {"why": "unpaid"},
    "appeal": {"remedy": "review"},
    "appeal-result": {"result": "upheld"},
    "appeal-again": {"result": "corrected", "again": "yes"},
}
_KINDS = {"review-back": "review", "abandon-unpaid": "abandon", "appeal-again": "appeal-result"}
#: A way to each state; every way has an appeal under way where the table asks for the result of one.
WAYS = {
    "nothing": "",
    "received": "receive",
    "handling": "receive register",
    "correcting": "receive register ask-correction",
    "consulting": "receive register consult",
    "paying": "receive register ask-fee",
    "delayed": "receive register announce-delay",
    "reviewed": "receive register review",
    "answered": "receive register review answer",
    "archived": "receive register review answer archive",
    "withdrawn": "receive register withdraw",
    "abandoned": "receive register ask-correction abandon",
}
STATES = tuple(WAYS)
#: For each move the state after it, in the order of `STATES`: - it is impossible, = the state stays.
TABLE = """
                nothing   received  handling   correcting consulting paying    delayed    reviewed   answered archived withdrawn abandoned
receive         received  -         -          -          -          -         -          -          -        -        -         -
register        -         handling  -          -          -          -         -          -          -        -        -         -
ask-correction  -         -         correcting -          -          -         correcting correcting -        -        -         -
corrected       -         -         -          handling   -          -         -          -          -        -        -         -
assign          -         =         =          =          =          =         =          =          -        -        -         -
consult         -         -         consulting -          =          -         consulting consulting -        -        -         -
opinion         -         -         -          -          handling   -         -          -          -        -        -         -
ask-fee         -         -         paying     -          -          -         paying     paying     -        -        -         -
fee-paid        -         -         -          -          -          handling  -          -          -        -        -         -
extend          -         -         =          -          =          -         =          =          -        -        -         -
announce-delay  -         -         delayed    -          -          -         delayed    delayed    -        -        -         -
review          -         -         reviewed   =          -          -         reviewed   reviewed   -        -        -         -
review-back     -         -         handling   =          -          -         delayed    handling   -        -        -         -
answer          -         -         answered   answered   -          -         answered   answered   -        -        -         -
tell-party      -         -         =          -          -          -         =          =          =        =        -         -
archive         -         -         -          -          -          -         -          -          archived -        archived  archived
withdraw        -         withdrawn withdrawn  withdrawn  withdrawn  withdrawn withdrawn  withdrawn  -        -        -         -
abandon         -         -         -          abandoned  -          -         -          -          -        -        -         -
abandon-unpaid  -         -         -          -          -          abandoned -          -          -        -        -         -
appeal          -         =         =          =          =          =         =          =          =        =        -         =
appeal-result   -         =         =          =          =          =         =          =          =        =        -         =
appeal-again    -         handling  handling   handling   handling   handling  handling   handling   handling handling -         handling
"""  # noqa: E501
EXPECTED = {
    (row.split()[0], state): after
    for row in TABLE.strip().splitlines()[1:]
    for state, after in zip(STATES, row.split()[1:], strict=True)
}


def moves_of(names: str) -> list[Move]:
    """The moves, one a day."""
    return [
        Move(
            number, 1, number, MoveKind(_KINDS.get(name, name)), FIRST + timedelta(days=number), NOW, "李",
            fields=FIELDS.get(name, {}),
        )
        for number, name in enumerate(names.split(), 1)
    ]  # fmt: skip


def state_after(names: str, kind: RequestKind = "request") -> str:
    """The state after the moves, "-" where one of them is impossible."""
    try:
        state = derive_standing(kind, moves_of(names), ZONE).state
    except MoveError:
        return "-"
    return state or "nothing"


def test_the_table_here_has_every_move_and_every_state() -> None:
    assert {*STATES} == {"nothing", *RequestState}
    assert {_KINDS.get(name, name) for name, _ in EXPECTED} == {*MoveKind}
    assert {*STATE_TITLES} == {*RequestState}


@pytest.mark.parametrize("state", STATES)
def test_a_way_leads_to_each_state(state: str) -> None:
    assert state_after(WAYS[state]) == state


@pytest.mark.parametrize(("move", "state"), EXPECTED)
def test_each_move_in_each_state(move: str, state: str) -> None:
    way = WAYS[state]
    if move.startswith("appeal-") and state not in ("nothing", "withdrawn"):
        way += " appeal"
    after = EXPECTED[move, state]
    assert state_after(f"{way} {move}") == (state if after == "=" else after)


def test_complaints_and_questions_have_fewer_moves() -> None:
    lacks = "ask-correction corrected consult opinion ask-fee fee-paid announce-delay abandon appeal appeal-result"
    lacks += " tell-party"
    for kind, missing in (("complaint", lacks), ("question", lacks), ("request", "")):
        assert {move for move in MoveKind if kind not in MOVES[move].kinds} == {*missing.split()}


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ("receive register consult consult opinion", "consulting"),
        ("receive register consult consult opinion opinion", "handling"),
        ("receive register announce-delay consult opinion", "delayed"),
        ("receive register announce-delay ask-correction corrected", "delayed"),
        ("receive register review consult opinion", "handling"),
        ("receive register answer appeal appeal-again answer", "answered"),
        ("receive register appeal-result", "-"),
        ("receive register answer appeal appeal-result appeal-result", "-"),
    ],
)
def test_what_leads_where(names: str, state: str) -> None:
    """Who is asked together answers together; a delay that was announced stays announced; each ending ends one."""
    assert state_after(names) == state


def test_an_opinion_ends_the_consultation_that_it_names() -> None:
    moves = moves_of("receive register consult consult opinion")
    moves[4] = Move(5, 1, 5, MoveKind.OPINION, moves[4].on, NOW, "李", fields={**FIELDS["opinion"], "consult": "4"})
    steps = follow_moves("request", moves, ZONE)
    assert steps[-1].closed == moves[3]
    assert [step.reference_of("2026-guotu-1") for step in steps[2:]] == [
        "2026-guotu-1", "2026-guotu-1~2", "2026-guotu-1~2",
    ]  # fmt: skip


def test_an_opinion_of_another_than_who_was_asked_is_impossible() -> None:
    moves = moves_of("receive register consult opinion")
    other = {"whom": "third-party", "result": "agree"}
    moves[3] = Move(4, 1, 4, MoveKind.OPINION, moves[3].on, NOW, "李", fields=other)
    with pytest.raises(MoveError):
        derive_standing("request", moves, ZONE)


def test_moves_stand_by_their_day_and_not_by_when_they_were_entered() -> None:
    moves = moves_of("receive register answer ask-correction corrected")
    days = {3: 20, 4: 5, 5: 9}
    late = [
        Move(move.id, 1, move.ordinal, move.kind, date(2026, 3, days.get(move.ordinal, 2)), NOW, "李", "", move.fields)
        for move in moves
    ]
    assert derive_standing("request", late, ZONE).state is RequestState.ANSWERED


def test_the_error_names_the_moves_that_are_possible() -> None:
    with pytest.raises(MoveError) as caught:
        derive_standing("request", moves_of("receive answer"), ZONE)
    assert caught.value.state is RequestState.RECEIVED
    assert caught.value.allowed == (MoveKind.REGISTER, MoveKind.ASSIGN, MoveKind.WITHDRAW, MoveKind.APPEAL)


def test_the_names_of_moves_that_packs_may_use() -> None:
    assert name_register_moves("request", MoveKind.CONSULT, {"whom": "co-maker"}) == (
        "request.consult", "request.consult.co-maker",
    )  # fmt: skip
    assert {
        "request.receive",
        "request.opinion.agency",
        "request.abandon.unpaid",
        "complaint.answer",
        "review.ask",
    } <= {*REGISTER_MOVES}
    assert "complaint.consult" not in REGISTER_MOVES
    assert list_allowed_moves("question", None) == (MoveKind.RECEIVE,)
