"""Policies over a history: a row per policy, what happened and when one looks, with the diary of what was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from tests.core.escalation.asking import (
    ASSUMED,
    EMERGENCY,
    HOURS,
    URGENT,
    ZONE,
    ask,
    at,
    case,
    county,
    duty,
    key,
    occurrence,
    told,
)
from tracker.core.escalation.decision import next_step_at
from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey, Silence
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Policy, Repeat, Step, When
from tracker.core.law.county import County
from tracker.core.law.duties import Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Event
from tracker.core.values.verdicts import Status

MORNING = "08:30"
OVERDUE = Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison",))
TO_LEAD = Step("to-lead", "due", Offset(3, "workdays"), "escalation", ("lead",))
SLIP = Step("blue", "due", Offset(3, "workdays"), "slip", ("lead",), colour="blue")


def every(amount: int, unit: str = "workdays", slower: int = 1, until: int | None = None) -> Repeat:
    limit = None if until is None else Offset(until, unit)  # type: ignore[arg-type]
    return Repeat(Offset(amount, unit), slower, limit)  # type: ignore[arg-type]


def again(step: Step, repeat: Repeat) -> Step:
    return replace(step, repeat=repeat)


@dataclass(frozen=True)
class Life:
    """What a matter goes through: from which instant on it stands how, and in which episode."""

    stands: tuple[tuple[datetime, Status, int], ...] = ((at("9-1"), Status.OVERDUE, 0),)
    answers: tuple[Acknowledgement, ...] = ()
    silences: tuple[Silence, ...] = ()
    one: Occurrence | None = None
    where: County | None = None

    def at(self, now: datetime) -> tuple[Status, int]:
        return next((status, episode) for since, status, episode in reversed(self.stands) if since <= now)


def lived(policy: Policy, life: Life, instants: Iterable[datetime]) -> list[str]:
    """`MM-DD HH:MM step#n/episode role` of what left, at the first of the instants at which it may."""
    known: dict[NoticeKey, DeliveryState] = {}
    release: dict[NoticeKey, datetime] = {}
    lines: list[str] = []
    before: Status | None = None
    for now in instants:
        status, episode = life.at(now)
        decisions = ask(
            policy, status, now, known, one=life.one, where=life.where, episode=episode,
            changed=before not in (None, status),
            acknowledgements=[one for one in life.answers if one.recorded_at <= now], silences=life.silences,
        )  # fmt: skip
        before = status
        for made in decisions:
            if made.outcome == "send" and made.notice is not None:
                known[made.key], release[made.key] = DeliveryState("due", now), made.notice.not_before
            elif made.outcome in ("cancel", "superseded"):
                known[made.key] = DeliveryState("cancelled" if made.outcome == "cancel" else "superseded", now)
        for waiting, what in known.items():
            if what.state == "due" and release[waiting] <= now:
                known[waiting] = replace(what, state="sent")
                lines.append(f"{now.astimezone(ZONE):%m-%d %H:%M} {_named(waiting)}")
    return lines


def _named(of: NoticeKey) -> str:
    number = f"#{of.ordinal}" if of.ordinal else ""
    return of.step + number + (f"/{of.episode}" if of.episode else "") + f" {of.role}"


def mornings(first: str, count: int) -> list[datetime]:
    return [at(first, MORNING) + timedelta(days=n) for n in range(count)]


def hourly(first: str, hours: int) -> list[datetime]:
    return [at(first, "00:00") + timedelta(hours=n) for n in range(hours)]


def answer(step: str, role: str, said: datetime, days: int) -> Acknowledgement:
    return Acknowledgement(1, occurrence().key, step, role, "seen", "", "张三", said, said + timedelta(days=days))


def silence(begins: datetime, until: datetime) -> Silence:
    return Silence(1, begins, until, "机构改革", "李主任", department="huanbao")


def one_step(step: Step, **changes: object) -> Policy:
    return replace(Policy("one", (step,)), **changes)  # type: ignore[arg-type]


def day_of(day: date) -> Occurrence:
    """What is due every day, on that day."""
    return replace(occurrence(day, deadline=Every(unit="day"), opens=day), label=day.isoformat())


NIGHT = Event(1, "emergency", "huanbao", "E1", at("10-3", "22:15"), at("10-3", "22:15"))
EMERGENCY_ = occurrence(
    date(2015, 10, 4), deadline=EMERGENCY, opens=date(2015, 10, 3), due_at=at("10-4", "22:15"), event=NIGHT
)
GONE = ((at("9-1"), Status.MET, 0), (at("11-2", "18:00"), Status.INCOMPLETE, 1))
TWICE_GONE = (*GONE, (at("11-10"), Status.MET, 1), (at("11-16", "18:00"), Status.INCOMPLETE, 2))

# Due on 30 September; 1-7 October are off, Saturday the 10th is worked.
ROWS: dict[str, tuple[Policy, Life, Sequence[datetime], list[str]]] = {
    "repeats in days fall on days off and leave at the next opening, once": (
        one_step(again(OVERDUE, every(1, "days", until=13))), Life(), mornings("10-8", 8),
        # The 11th is a Sunday: what stood then leaves on Monday, in whose mail the Monday's is not said again.
        ["10-08 08:30 overdue liaison", "10-09 08:30 overdue#1 liaison", "10-10 08:30 overdue#2 liaison",
         "10-12 08:30 overdue#3 liaison", "10-13 08:30 overdue#5 liaison"],
    ),
    "repeats in days, slower each time, until a day that is counted from due": (
        one_step(again(OVERDUE, every(2, "days", slower=2, until=30))), Life(), mornings("10-8", 60),
        ["10-08 08:30 overdue liaison", "10-10 08:30 overdue#1 liaison", "10-14 08:30 overdue#2 liaison",
         "10-22 08:30 overdue#3 liaison"],
    ),
    "repeats in hours wait for the office, and one stands for those of the night": (
        one_step(again(OVERDUE, every(4, "hours", until=300))), Life(), hourly("10-8", 36),
        ["10-08 09:00 overdue liaison", "10-08 13:00 overdue#1 liaison", "10-08 17:00 overdue#2 liaison",
         "10-09 09:00 overdue#3 liaison"],
    ),
    "repeats of an emergency go at night": (
        replace(URGENT, steps=(*URGENT.steps[:2], again(URGENT.steps[2], every(3, "hours", until=9)))),
        Life(((at("10-1"), Status.OVERDUE, 0),), one=EMERGENCY_), hourly("10-4", 40)[22:],
        ["10-04 23:00 overdue liaison", "10-04 23:00 overdue lead", "10-05 02:00 overdue#1 liaison",
         "10-05 02:00 overdue#1 lead", "10-05 05:00 overdue#2 liaison", "10-05 05:00 overdue#2 lead",
         "10-05 08:00 overdue#3 liaison", "10-05 08:00 overdue#3 lead"],
    ),
    "a weekly batch says it once a week, however often it is repeated": (
        one_step(again(OVERDUE, every(1)), batch="week"), Life(), hourly("10-8", 24 * 26),
        ["10-12 09:00 overdue liaison", "10-19 09:00 overdue#4 liaison", "10-26 09:00 overdue#9 liaison",
         "11-02 09:00 overdue#14 liaison"],
    ),
    "a condition that comes to hold lets the step stand, one that no longer holds takes the unsent back": (
        Policy("p", (OVERDUE, replace(TO_LEAD, when=When(incomplete=True)))),
        Life(((at("9-1"), Status.OVERDUE, 0), (at("10-14"), Status.INCOMPLETE, 0), (at("10-20"), Status.OVERDUE, 0))),
        mornings("10-8", 20), ["10-08 08:30 overdue liaison", "10-15 08:30 to-lead lead"],
    ),
    "a step whose condition held and holds no more is not begun again by its repeats": (
        Policy("p", (OVERDUE, replace(TO_LEAD, when=When(incomplete=True), repeat=every(1)))),
        Life(((at("9-1"), Status.INCOMPLETE, 0), (at("10-13", "12:00"), Status.OVERDUE, 0))), mornings("10-8", 12),
        ["10-08 08:30 overdue liaison", "10-10 08:30 to-lead lead", "10-12 08:30 to-lead#1 lead",
         "10-13 08:30 to-lead#2 lead"],
    ),
    "an assumed reading is repeated, never escalated": (
        Policy("p", (again(OVERDUE, every(3, until=8)), TO_LEAD)), Life(one=occurrence(deadline=ASSUMED)),
        mornings("10-8", 30),
        ["10-08 08:30 overdue liaison", "10-12 08:30 overdue#1 liaison", "10-15 08:30 overdue#2 liaison"],
    ),
    "an assumed reading gets no slip": (
        Policy("p", (OVERDUE, again(SLIP, every(1)))), Life(one=occurrence(deadline=ASSUMED)), mornings("10-8", 20),
        ["10-08 08:30 overdue liaison"],
    ),
    "adopted, it does": (
        Policy("p", (OVERDUE, SLIP)), Life(one=occurrence(deadline=replace(ASSUMED, adopted=True))),
        mornings("10-8", 20), ["10-08 08:30 overdue liaison", "10-10 08:30 blue lead"],
    ),
    "a matter reopened in the evening is told next morning, pressed the day after, and repeated from there": (
        one_step(again(OVERDUE, every(2, until=4))), Life(GONE), hourly("11-2", 24 * 9),
        ["11-03 09:00 reopened/1 liaison", "11-03 09:00 reopened/1 county-office", "11-04 09:00 overdue/1 liaison",
         "11-06 09:00 overdue#1/1 liaison"],
    ),
    "a second reopening begins anew": (
        one_step(OVERDUE), Life(TWICE_GONE), mornings("11-2", 20),
        ["11-03 08:30 reopened/1 liaison", "11-03 08:30 reopened/1 county-office", "11-04 08:30 overdue/1 liaison",
         "11-11 08:30 mended/1 liaison", "11-11 08:30 mended/1 county-office", "11-17 08:30 reopened/2 liaison",
         "11-17 08:30 reopened/2 county-office", "11-18 08:30 overdue/2 liaison"],
    ),
    "an answer to an earlier episode quiets nothing of a later one": (
        one_step(again(OVERDUE, every(2))),
        Life(((at("9-1"), Status.OVERDUE, 0), (at("10-9"), Status.MET_LATE, 0),
              (at("10-12", "18:00"), Status.OVERDUE, 1)),
             answers=(answer("overdue", "liaison", at("10-8", "15:00"), 60),)),
        mornings("10-8", 12),
        ["10-08 08:30 overdue liaison", "10-10 08:30 mended liaison", "10-13 08:30 reopened/1 liaison",
         "10-13 08:30 reopened/1 county-office", "10-14 08:30 overdue/1 liaison", "10-16 08:30 overdue#1/1 liaison"],
    ),
    "a silence over the due date holds back everything that presses, and then the ladder begins": (
        Policy("p", (OVERDUE, TO_LEAD)), Life(silences=(silence(at("9-20"), at("10-15", "00:00")),)),
        mornings("10-1", 20), ["10-15 08:30 overdue liaison", "10-19 08:30 to-lead lead"],
    ),
    "a silence takes back what waits": (
        one_step(OVERDUE, batch="week"), Life(silences=(silence(at("10-9", "12:00"), at("10-20", "00:00")),)),
        hourly("10-8", 24 * 20), ["10-26 09:00 overdue liaison"],
    ),
    "mended goes out in a silence": (
        one_step(OVERDUE), Life(((at("9-1"), Status.OVERDUE, 0), (at("10-14"), Status.MET_LATE, 0)),
                                silences=(silence(at("10-9"), at("11-1")),)),
        mornings("10-8", 10), ["10-08 08:30 overdue liaison", "10-15 08:30 mended liaison"],
    ),
    "that it is no longer owed goes out in a silence": (
        one_step(OVERDUE), Life(((at("9-1"), Status.OVERDUE, 0), (at("10-14", "08:00"), Status.WAIVED, 0)),
                                silences=(silence(at("10-9"), at("11-1")),)),
        mornings("10-8", 10), ["10-08 08:30 overdue liaison", "10-14 08:30 closed liaison"],
    ),
    "what reopens in a silence is told at its end, and pressed from there": (
        one_step(OVERDUE), Life(GONE, silences=(silence(at("10-9"), at("11-10", "00:00")),)), mornings("11-2", 12),
        ["11-10 08:30 reopened/1 liaison", "11-10 08:30 reopened/1 county-office", "11-11 08:30 overdue/1 liaison"],
    ),
    "no record is chased in a silence": (
        one_step(OVERDUE),
        Life(((at("9-1"), Status.CLOCK_UNKNOWN, 0),), silences=(silence(at("9-1"), at("10-15", "00:00")),)),
        mornings("10-13", 4), ["10-15 08:30 record liaison", "10-15 08:30 record county-office"],
    ),
    "in shadow mode the county office hears all of it": (
        Policy("p", (again(OVERDUE, every(1)), TO_LEAD)), Life(where=county(mode="shadow")), mornings("10-8", 5),
        ["10-08 08:30 overdue county-office@shadow", "10-09 08:30 overdue#1 county-office@shadow",
         "10-10 08:30 to-lead county-office@shadow"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "life", "instants", "expected"), ROWS.values(), ids=ROWS)
def test_what_leaves(policy: Policy, life: Life, instants: Sequence[datetime], expected: list[str]) -> None:
    assert lived(policy, life, instants) == expected


#: With the days between two of the dates that are missed: at night every day is one.
REPEATS = ((None, 9), (every(1), 27), (every(1, "days"), 27), (every(5, slower=2), 9))


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("repeat", "step"),
    [*REPEATS, *(pytest.param(repeat, 1, marks=pytest.mark.nightly) for repeat, _ in REPEATS)],
)
def test_who_owes_something_every_few_days_gets_a_mail_a_week(repeat: Repeat | None, step: int) -> None:
    """A year in which nothing ever comes out, every notice repeated: 53 mornings at the most."""
    policy = one_step(replace(OVERDUE, offset=Offset(0, "hours"), repeat=repeat), batch="week")
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range(0, 365, step)]
    sent: set[str] = set()
    for day in days:
        one = day_of(day)
        begin = datetime.combine(day, HOURS.begin, ZONE)
        life = Life(((begin - timedelta(days=1), Status.OVERDUE, 0),), one=one)
        sent |= {line[:11] for line in lived(policy, life, [begin + timedelta(days=n) for n in range(1, 60)])}
    assert 40 < len(sent) <= 62  # until March of the next year
    assert all(line.endswith("08:30") for line in sent)


def test_an_answer_to_a_date_that_was_corrected_quiets_nothing_of_the_new_one() -> None:
    policy = one_step(again(OVERDUE, every(1)))
    history = {
        **told("overdue", when=at("9-8")),
        key("overdue", revision=1): DeliveryState("sent", at("10-8", MORNING)),
    }
    said_before, said_since = answer("overdue", "liaison", at("9-9"), 60), answer("overdue", "liaison", at("10-8"), 60)
    seen = []
    for said in (said_before, said_since):
        made = ask(policy, Status.OVERDUE, at("10-9"), history, revision=1, acknowledgements=[said])
        seen.append([one.key.ordinal for one in made if one.outcome == "send"])
    assert seen == [[1], []]


def test_met_in_time_after_all_takes_the_accusation_back() -> None:
    (made,) = ask(one_step(OVERDUE), Status.MET, at("10-9"), told("overdue"))
    assert made.notice is not None
    assert (made.notice.kind, made.reason) == ("correction", "此前的逾期通知不再成立：判定理由。")


def test_thanks_for_an_emergency_wait_for_the_office_to_open() -> None:
    history = {replace(key("overdue"), subject=EMERGENCY_.key): DeliveryState("sent", at("10-5"))}
    (made,) = ask(URGENT, Status.MET_LATE, at("10-6", "03:00"), history, one=EMERGENCY_)
    assert made.notice is not None
    assert (made.notice.not_before, made.notice.urgent) == (at("10-8", MORNING), False)


def test_what_awaits_an_event_is_looked_at_when_a_silence_ends() -> None:
    waiting = replace(occurrence(None), due_at=None)
    quiet = [silence(at("9-1"), at("10-15"))]
    waits = case(one_step(OVERDUE), Status.UNVERIFIABLE, at("10-1"), one=waiting, silences=quiet)
    assert next_step_at(waits) == at("10-15")


def test_a_copy_for_the_department_that_leads_says_so() -> None:
    made = ask(one_step(OVERDUE), Status.OVERDUE, at("10-8"), what=duty("huanbao", lead="fagai"))
    assert {one.key.role: one.notice.detail.get("copied", False) for one in made if one.notice} == {
        "liaison": False, "liaison@fagai": True,
    }  # fmt: skip
