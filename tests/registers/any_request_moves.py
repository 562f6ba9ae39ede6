"""Requests that live through any moves in any order, as a state machine that checks the register after each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.entered import ZONE
from tests.journalled import assert_journal_holds
from tests.two_regulations import ANSWERS, COUNTY
from tracker.core.law.counting import moment_day
from tracker.core.law.instances import from_event
from tracker.core.law.occurrences import Occurrence
from tracker.core.requests.moves import MOVES, list_allowed_moves, name_register_moves
from tracker.core.requests.state import FollowedMove, derive_standing, follow_moves
from tracker.core.requests.values import Move, MoveKind, Request, RequestKind, RequestState
from tracker.core.values.facts import Event
from tracker.registers.errors import RegisterError
from tracker.registers.requests import enter_move, receive, withdraw_move
from tracker.registers.rulings import list_standing_rulings
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.events import list_events
from tracker.store.requests import list_moves, list_requests
from tracker.store.tables import events, journal, rulings
from tracker.store.tables_requests import request_moves, requests

#: Before New Year, the Spring Festival, National Day, and 15 May 2019, on which the Regulations changed.
FIRST_DAYS = [
    date(2015, 12, 18), date(2018, 1, 29), date(2018, 9, 20), date(2019, 5, 6), date(2020, 12, 21), date(2025, 9, 18),
]  # fmt: skip
KINDS: list[RequestKind] = ["request", "request", "request", "complaint", "question"]
WAYS = ["in-person", "registered-post", "ordinary-post", "online", "oral"]
#: What a field of a move may say; days are counted from the day of the move.
VALUES: dict[str, list[Any]] = {
    "until": [10, 30],
    "told": [0, 1],
    "reached": [0, 4],
    "owner": ["guotu", "keji"],
    "amount": ["100"],
    "author": ["李梅", "王敏"],
    "again": ["", "yes"],
}
#: Answers with what they must say under either Regulations.
ANSWERED = [
    {"answer": "published", "where": "县政府信息网"},
    {"answer": "withheld", "ground": "secret", "reason": "涉及国家秘密"},
]
#: What the register writes.
TABLES = (requests, request_moves, events, rulings, journal)
#: How many requests there are at most at a time, so that each gets some moves.
MOST = 3
RARELY = st.sampled_from([False] * 9 + [True])


class Requests(RuleBasedStateMachine):
    """A register from one of the first days on. Its acts are drawn; most are possible where they are tried."""

    template: Path
    loaded: Loaded

    @initialize(day=st.sampled_from(FIRST_DAYS))
    def begin(self, day: date) -> None:
        self.folder = Path(mkdtemp(prefix="duban-requests-"))
        self.store = Store(f"sqlite:///{shutil.copy(self.template, self.folder / 'd.db')}", durable=False)
        self.store.open()
        self.rulebook, self.calendar = self.loaded.rulebooks[0], self.loaded.calendar
        self.now = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
        with self.store.begin() as tx:
            ensure_county(tx, COUNTY)
        self.receive("request", "guotu", "in-person", 0, None)
        self.register_all()

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        try:
            self.withdraw_everything()
        finally:
            self.store.close()
            shutil.rmtree(self.folder)

    # -- acts ----------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: len(self.standing()) < MOST)
    @rule(
        kind=st.sampled_from(KINDS),
        department=st.sampled_from(["guotu", "keji"]),
        way=st.sampled_from(WAYS),
        ago=st.sampled_from([-1, 0, 0, 1, 4, 12]),
        later=st.none() | st.integers(-1, 6),
        is_registered=st.sampled_from([True, True, True, False]),
    )
    def receive_another(
        self, kind: RequestKind, department: str, way: Any, ago: int, later: int | None, is_registered: bool
    ) -> None:
        self.receive(kind, department, way, ago, later)
        if is_registered:
            self.register_all()

    def register_all(self) -> None:
        for request in self.standing():
            if request.state is RequestState.RECEIVED:
                self.enter(request, MoveKind.REGISTER, moment_day(request.received, ZONE), {})

    def receive(self, kind: RequestKind, department: str, way: Any, ago: int, later: int | None) -> None:
        """`ago`: filed so many days ago; `later`: signed for and confirmed so many days after that."""
        day = self.now.date() - timedelta(days=ago)
        seen = None if later is None else day + timedelta(days=later)
        request = Request(0, COUNTY, kind, department, 0, 0, department, way, day, day, "natural", "土地出让方案")
        self.act(
            lambda tx: receive(
                tx, self.rulebook, self.calendar, request, by="王敏", now=self.now, signed_on=seen, confirmed_on=seen
            )
        )

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def handle(self, data: st.DataObject) -> None:
        """Today a move that the state allows, with all that it must say."""
        request = data.draw(st.sampled_from(self.standing()))
        kind = data.draw(st.sampled_from(list_allowed_moves(request.kind, request.state) or [MoveKind.ANSWER]))
        if kind is not MoveKind.WITHDRAW or data.draw(RARELY):
            self.move(data, request, kind, self.now.date(), st.just(False))

    @precondition(lambda self: self.standing())
    @rule(data=st.data(), days=st.integers(1, 12))
    def handle_later(self, data: st.DataObject, days: int) -> None:
        self.wait(days)
        self.handle(data)

    @precondition(lambda self: self.standing())
    @rule(data=st.data(), kind=st.sampled_from(MoveKind), ago=st.sampled_from([-1, 0, 1, 3, 15]))
    def enter_anything(self, data: st.DataObject, kind: MoveKind, ago: int) -> None:
        request = data.draw(st.sampled_from(self.standing()))
        self.move(data, request, kind, self.now.date() - timedelta(days=ago), RARELY)

    def move(self, data: st.DataObject, request: Request, kind: MoveKind, day: date, left_out: Any) -> None:
        fields = dict(self.draw_fields(data, request, kind, day, left_out))
        before = self.find_due(request)
        done = self.enter(request, kind, day, fields)
        after = self.find_due(request)
        if done and kind in (MoveKind.CONSULT, MoveKind.EXTEND) and before and after and before.due_on and after.due_on:
            assert after.due_on >= before.due_on, f"{kind} made it due earlier"

    def enter(self, request: Request, kind: MoveKind, day: date, fields: dict[str, str]) -> bool:
        return self.act(
            lambda tx: enter_move(
                tx, self.rulebook, self.calendar, request, kind, day, by="王敏", now=self.now, reason="经办",
                fields=fields,
            )
        )  # fmt: skip

    def draw_fields(
        self, data: st.DataObject, request: Request, kind: MoveKind, day: date, left_out: Any
    ) -> Iterator[tuple[str, str]]:
        """What the move says. `left_out`: whether a field of it is missing."""
        rule = MOVES[kind]
        answer = data.draw(st.sampled_from(ANSWERED))
        fields: dict[str, list[Any]] = {
            name: VALUES.get(name) or [*rule.choices.get(name, ["x"])] for name in rule.needs
        }
        fields |= {name: VALUES[name] for name in rule.may if name in VALUES}
        if kind is MoveKind.ANSWER:
            fields = {name: [value] for name, value in answer.items()}
        if kind is MoveKind.OPINION and request.state == "consulting":
            asked = [move for move in self.moves(request) if move.kind is MoveKind.CONSULT]
            fields["whom"] = sorted({move.fields["whom"] for move in asked})
        for name, values in fields.items():
            value = data.draw(st.sampled_from(values))
            if not data.draw(left_out):
                yield name, str(day + timedelta(days=value)) if isinstance(value, int) else value

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self.standing()))
        self.withdraw_one(request, data.draw(st.sampled_from(self.moves(request))).ordinal)

    def withdraw_one(self, request: Request, ordinal: int) -> bool:
        return self.act(
            lambda tx: withdraw_move(
                tx, self.rulebook, self.calendar, request, ordinal, by="李梅", reason="误录", now=self.now
            )
        )

    def act(self, deed: Callable[[Tx], Any]) -> bool:
        """Do it; whether it was done. What is refused leaves every table as it was."""
        self.now += timedelta(minutes=1)
        before = self.rows()
        try:
            with self.store.begin() as tx:
                deed(tx)
        except RegisterError:
            assert self.rows() == before
            return False
        assert len(self.rows()["journal"]) > len(before["journal"]), "an act without a line in the journal"
        return True

    # -- what is on record -----------------------------------------------------------------------------

    def rows(self) -> dict[str, list[Any]]:
        with self.store.read() as tx:
            return {
                table.name: [tuple(row) for row in tx.execute(table.select().order_by(*table.primary_key))]
                for table in TABLES
            }

    def standing(self) -> list[Request]:
        """The requests that were not entered by mistake."""
        with self.store.read() as tx:
            return list_requests(tx, COUNTY)

    def moves(self, request: Request) -> list[Move]:
        with self.store.read() as tx:
            return list_moves(tx, request.id)

    def events(self) -> list[Event]:
        with self.store.read() as tx:
            return [stored.event for stored in list_events(tx, COUNTY)]

    def find_due(self, request: Request) -> Occurrence | None:
        """What is owed to who asks, by the Regulations that govern it."""
        events = self.events() if request.kind == "request" else []
        for event in events:
            if event.name == "foi-request-received" and event.reference == request.reference:
                for pack, duty_id in ANSWERS.items():
                    key = f"{COUNTY}/{pack}/{duty_id}/{event.department}/event:{event.name}:{event.reference}"
                    found = from_event(
                        self.duty(pack, duty_id), event, self.calendar, self.rulebook.county, self.granted(key), events
                    )
                    if found:
                        return found[0]
        return None

    def granted(self, key: str) -> dict[str, date]:
        """When the matter's extension was granted, by its key."""
        with self.store.read() as tx:
            rulings = list_standing_rulings(tx, COUNTY, key)
        return {
            ruling.occurrence: moment_day(ruling.recorded_at, ZONE) for ruling in rulings if ruling.kind == "extend"
        }

    def duty(self, pack: str, duty_id: str) -> Any:
        return self.rulebook.duty(pack, duty_id)

    # -- what holds ------------------------------------------------------------------------------------

    @invariant()
    def a_row_says_where_its_moves_led(self) -> None:
        for request in self.standing() if hasattr(self, "store") else ():
            standing = derive_standing(request.kind, self.moves(request), ZONE)
            assert (request.state, request.owner, request.answer, request.ground, request.answered_on) == (
                standing.state, standing.owner or request.department, standing.answer, standing.ground,
                standing.answered_on,
            )  # fmt: skip

    @invariant()
    def no_number_is_given_twice(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as tx:
            every = list_requests(tx, COUNTY, withdrawn=True)
        numbers = [(request.kind, request.reference) for request in every]
        assert len(set(numbers)) == len(numbers)

    @invariant()
    def each_event_is_that_of_a_move(self) -> None:
        if not hasattr(self, "store"):
            return
        wanted = {}
        for request in self.standing():
            steps = follow_moves(request.kind, self.moves(request), ZONE)
            for step in steps:
                names = name_register_moves(
                    request.kind, step.move.kind, step.move.fields, is_again=step.before.again is not None
                )
                for name, event_rule in self.rulebook.events.items():
                    if event_rule.move in names:
                        on = request.received if step.move.kind is MoveKind.RECEIVE else step.move.on
                        fulfilled = find_order(steps, step) if event_rule.move.endswith("answer.again") else step
                        reference = fulfilled.reference_of(request.reference)
                        about = {"about": request.title} if step.move.kind in BEGINNING else {}
                        wanted[name, request.owner, reference] = on, {**step.move.fields, **about}, is_idle(step)
        found = {event.key: (event.occurred, without_idle(event), event.is_idle) for event in self.events()}
        assert {(key.name, key.department, key.reference): said for key, said in found.items()} == wanted

    @invariant()
    def nothing_is_due_before_it_was_received(self) -> None:
        for request in self.standing() if hasattr(self, "store") else ():
            occurrence = self.find_due(request)
            if request.kind != "request":
                assert occurrence is None
                continue
            assert occurrence is not None
            assert occurrence.due_on is None or occurrence.due_on > moment_day(request.received, ZONE)
            assert occurrence.pack == [*ANSWERS][moment_day(request.received, ZONE) >= date(2019, 5, 15)]

    def withdraw_everything(self) -> None:
        """Whatever was entered is withdrawn, the last first; nothing is owed then, and the journal tells it all."""
        for request in self.standing():
            for move in sorted(self.moves(request), key=lambda move: move.kind is MoveKind.RECEIVE):
                self.withdraw_one(request, move.ordinal)
        assert self.standing() == []
        assert self.events() == []
        with self.store.read() as tx:
            assert_journal_holds(tx, COUNTY)


def is_idle(step: FollowedMove) -> bool:
    """Whether it moves no clock: it would have given more time and was not lawful, or it ends such a one."""
    moves = [step.move, *([step.closed] if step.closed and step.move.kind is not MoveKind.ABANDON else [])]
    return any(MOVES[move.kind].relies and bool(move.remarks) for move in moves)


#: The moves from which an answer's time runs: their events say what the request is about.
BEGINNING = {MoveKind.RECEIVE, MoveKind.ANNOUNCE_DELAY, MoveKind.APPEAL_RESULT}


def without_idle(event: Event) -> dict[str, str]:
    return {name: text for name, text in event.fields.items() if name != "idle"}


def find_order(steps: list[FollowedMove], answer: FollowedMove) -> FollowedMove:
    """The step by which the new answer was ordered."""
    return next(step for step in steps if step.move is answer.before.again)
