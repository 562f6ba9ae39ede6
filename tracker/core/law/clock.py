"""Follows the clock of a time limit: what starts it anew, while what it stands, and what ends it (docs/time.md).

A fact moves the clock of the event whose reference it has; `REF~2` is a further fact of the same kind for `REF`. A
second fact answers a first one by the same reference. Nothing here knows the present instant: a silence (`lapse`) is
taken to come unless an answer is on record, so that its day, and what follows from it, are known beforehand.
Sources: Regulations on Open Government Information (2019), arts. 30, 32-34; (2007), art. 24.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import (
    ASSUMED_DAY,
    AWAITED_DAY,
    LAPSE_SENT,
    NEXT_DAY,
    PAUSE_DAYS,
    RESTART_LAW,
    UNLAWFUL_STEPS,
)
from tracker.core.law.counting import CountedSpan, Stretch, count, day_end, earliest_instant, moment_day
from tracker.core.law.duties import EventRule, Stop, Within
from tracker.core.law.occurrences import Ending, Standstill
from tracker.core.law.statutes import provisions_in_force
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Moment, base_reference

#: The field that says on which day a letter reached its addressee; a silence is counted from it.
REACHED = "reached"
_ONE = timedelta(days=1)
#: The field in which an event names a day: a limit of the unit `stated-day` ends on it.
UNTIL = "until"
#: How the moves begin that order a new answer on appeal.
_ORDERS = "request.appeal-result."


@dataclass(frozen=True, slots=True)
class Lapse:
    """The last day of an answer's time. `from_sending`: counted from sending, the day of arrival is not on record."""

    rule: EventRule
    end: CountedSpan
    from_sending: bool

    @property
    def moment(self) -> Moment:
        return self.end.at if self.end.span.unit == "hours" else self.end.on


@dataclass(frozen=True, slots=True)
class Stoppage:
    """A stretch in which the clock stands. `first`: the fact that stopped it.

    `second`, `ended`: the kind of fact that ends it, and when; None: a fact that nobody has recorded has to end it.
    `silence`: the one by which it ends. `closes`: after it nothing is owed any longer.
    """

    stop: Stop
    first: Event
    since: date
    until: date | None = None
    second: EventRule | None = None
    ended: Moment | None = None
    silence: Lapse | None = None
    closes: bool = False

    @property
    def first_title(self) -> str:
        return self.stop.first.title

    @property
    def second_title(self) -> str:
        return self.second.title if self.second is not None else ""

    @property
    def is_open(self) -> bool:
        """Whether no due day follows from it."""
        return self.ended is None or self.closes


@dataclass(frozen=True, slots=True)
class ClockRun:
    """How a clock ran. `counts`: the span and its extension, from the last start; without a due day where one of the
    `pauses` or the `restart` is open.

    `otherwise`: the last day by the other reading of "from the day after" (`NEXT_DAY`), None where both agree.
    `idle`: the facts that would have stopped or ended it, had they been lawful.
    `plain`: the last count as if nothing had stopped it. `restart`: the last one. `pauses`: those that bear on the
    counts. `held`: the day to which a limit moves whose last day lies in a pause. `stood`: every stretch in which it
    stands. `rests_on`: the rules of ours that bear on it.
    """

    counts: tuple[CountedSpan, ...]
    plain: CountedSpan
    pauses: tuple[Stoppage, ...] = ()
    restart: Stoppage | None = None
    held: date | None = None
    stood: tuple[Standstill, ...] = ()
    ending: Ending | None = None
    rests_on: tuple[str, ...] = ()
    otherwise: date | None = None
    idle: tuple[Event, ...] = ()

    @property
    def open(self) -> Stoppage | None:
        """The stoppage for which there is no due day."""
        stoppages = (self.restart, *self.pauses) if self.restart else self.pauses
        return next((stoppage for stoppage in stoppages if stoppage.is_open), None)


def matches(where: Mapping[str, str], event: Event) -> bool:
    """Return whether the event has these fields."""
    return all(event.fields.get(name) == value for name, value in where.items())


def find_related(deadline: Within, event: Event, facts: Iterable[Event], zone: ZoneInfo) -> list[Event]:
    """Return the facts about the same matter: of its department and reference.

    Of an order to answer anew, those since its day: what came before belongs to the clock of the first answer.
    """
    reference, day = base_reference(event.reference), moment_day(event.occurred, zone)
    is_order = deadline.event.move.startswith(_ORDERS)
    return [
        fact
        for fact in facts
        if base_reference(fact.reference) == reference
        and fact.department == event.department
        and fact.duty in (None, event.duty)
        and (not is_order or moment_day(fact.occurred, zone) >= day)
    ]


def run_clock(
    deadline: Within,
    event: Event,
    facts: Collection[Event],
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    extended: bool = False,
    granted_on: date | None = None,
) -> ClockRun:
    """Return how the clock runs that the event starts. `facts`: those of its reference. `granted_on`: when the
    extension was granted; a restart after that day voids it."""
    facts, idle = [fact for fact in facts if not fact.is_idle], [fact for fact in facts if fact.is_idle]
    stoppages = sorted(_find_stoppages(deadline, facts, calendar, zone), key=lambda stoppage: stoppage.since)
    start, restart, stood = _find_start(deadline, event), None, list[Stoppage]()
    plain = _count(deadline, start, calendar, zone, extended=extended)[-1]
    while True:
        day = moment_day(start, zone)
        bearing = [stoppage for stoppage in stoppages if _bears(stoppage, start, deadline, zone)]
        pauses = [stoppage for stoppage in bearing if not stoppage.stop.restarts]
        stretches = [(pause.first.occurred, pause.ended) for pause in pauses if pause.ended and not pause.closes]
        longer = extended and (granted_on is None or granted_on >= day)
        counts = _count(deadline, start, calendar, zone, extended=longer, excluded=stretches)
        held = _hold(counts[-1], pauses, calendar, zone)
        limit = counts[-1].at if held == counts[-1].on else day_end(held, zone)
        in_time = [one for one in bearing if earliest_instant(one.first.occurred, zone) < limit]
        following = next((one for one in in_time if one.stop.restarts), None)
        pauses = [pause for pause in pauses if pause in in_time]
        if following is None or following.ended is None or following.is_open:
            break
        start, restart = following.ended, following
        stood.append(following)
    restart = following or restart
    stood = [*stood, *([following] if following else []), *pauses]
    otherwise: date | None = None
    if restart is not None and not restart.is_open and restart.second is not None and restart.second.next_day:
        later = _count(deadline, day + _ONE, calendar, zone, extended=longer, excluded=stretches)[-1].on
        otherwise = later if later != counts[-1].on else None
    bearing_idle = [fact for fact in idle if earliest_instant(fact.occurred, zone) < counts[-1].at]
    rests_on = [*_find_rules(deadline, event, start, pauses, stood, zone), *([NEXT_DAY] if otherwise else [])]
    if {fact.name for fact in bearing_idle} & {stop.first.name for stop in deadline.stops}:
        rests_on.append(UNLAWFUL_STEPS)
    ends = {rule.name for rule in (*deadline.until, *(stop.first for stop in deadline.stops))}
    return ClockRun(
        counts=counts,
        plain=plain,
        pauses=tuple(pauses),
        restart=restart,
        held=held if held != counts[-1].on else None,
        stood=tuple(_standstill(stoppage, zone) for stoppage in stood),
        ending=_find_ending(deadline, event, facts, calendar, zone),
        rests_on=tuple(rests_on),
        otherwise=otherwise,
        idle=tuple(fact for fact in bearing_idle if fact.name in ends),
    )


def _find_start(deadline: Within, event: Event) -> Moment:
    """Return from when it counts: the event, or the day that it names."""
    return stated_day(event) or event.occurred if deadline.span.unit == "stated-day" else event.occurred


def stated_day(event: Event) -> date | None:
    """Return the day that the event names as the last one, None where it names none."""
    return _read_day(event.fields.get(UNTIL, ""))


def _count(
    deadline: Within,
    start: Moment,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    extended: bool,
    excluded: Sequence[Stretch] = (),
) -> tuple[CountedSpan, ...]:
    """Return the span, and the extension that runs on from its end."""
    base = count(deadline.span, start, calendar, zone, roll=deadline.roll, excluded=excluded)
    if not extended or deadline.extension is None:
        return (base,)
    begin = base.at if deadline.extension.unit == "hours" else base.on
    return base, count(deadline.extension, begin, calendar, zone, roll=deadline.roll, excluded=excluded)


def _bears(stoppage: Stoppage, start: Moment, deadline: Within, zone: ZoneInfo) -> bool:
    """Return whether the stoppage may change a count from `start`: not one that was over by then, nor a pause of no
    day."""
    if stoppage.ended is None or stoppage.until is None:
        return True
    if deadline.span.unit == "hours":
        return _end_of(stoppage.ended, zone) > _end_of(start, zone)
    is_empty = not stoppage.stop.restarts and stoppage.until == stoppage.since
    return stoppage.until > moment_day(start, zone) and not is_empty


def _find_stoppages(
    deadline: Within, facts: Collection[Event], calendar: Calendar, zone: ZoneInfo
) -> Iterator[Stoppage]:
    for stop in deadline.stops:
        for first in facts:
            if first.name == stop.first.name:
                yield _find_end(stop, first, deadline.until, facts, calendar, zone)


def _find_end(
    stop: Stop,
    first: Event,
    until: Sequence[EventRule],
    facts: Collection[Event],
    calendar: Calendar,
    zone: ZoneInfo,
) -> Stoppage:
    """Return the stoppage that `first` begins, with the first fact that ends it."""
    since = moment_day(first.occurred, zone)
    ends = [
        Stoppage(stop, first, since, moment_day(fact.occurred, zone), rule, fact.occurred)
        for rule in stop.then
        if not rule.lapse
        for fact in facts
        if fact.name == rule.name and fact.reference == first.reference and moment_day(fact.occurred, zone) >= since
    ]
    for closes, rules in ((False, stop.then), (True, until)):
        for rule in rules:
            silence = find_silence(rule, first, facts, calendar, zone)
            if silence is not None:
                last = moment_day(silence.moment, zone)
                ends.append(Stoppage(stop, first, since, last, rule, silence.moment, silence, closes))
    ends.sort(key=lambda end: (end.until or date.max, end.silence is not None))
    return ends[0] if ends else Stoppage(stop, first, since)


def find_silence(
    rule: EventRule, asked: Event, facts: Iterable[Event], calendar: Calendar, zone: ZoneInfo
) -> Lapse | None:
    """Return the silence that follows the fact, None where an answer came in time or the rule is about another."""
    if rule.lapse is None or asked.name != rule.of or not matches(rule.where, asked):
        return None
    reached = _read_day(asked.fields.get(REACHED, ""))
    end = count(rule.lapse, reached or asked.occurred, calendar, zone)
    is_answered = any(
        fact.name in rule.unless
        and fact.reference == asked.reference
        and moment_day(asked.occurred, zone) <= moment_day(fact.occurred, zone)
        and earliest_instant(fact.occurred, zone) < end.at
        for fact in facts
    )
    return None if is_answered else Lapse(rule, end, reached is None)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _hold(counted: CountedSpan, pauses: Iterable[Stoppage], calendar: Calendar, zone: ZoneInfo) -> date:
    """Return the last day: a limit does not run out on a day on which its clock is stopped, but when it goes on."""
    on = counted.on
    for pause in pauses:
        if counted.span.unit != "hours" and pause.until is not None and pause.since <= on <= pause.until:
            on = calendar.roll(pause.until)
    return on


def _find_ending(
    deadline: Within, event: Event, facts: Collection[Event], calendar: Calendar, zone: ZoneInfo
) -> Ending | None:
    """Return the first fact after which nothing is owed; a silence that ends it once its last day is over."""
    day, endings = moment_day(event.occurred, zone), list[Ending]()
    for rule in deadline.until:
        for fact in facts:
            on = moment_day(fact.occurred, zone)
            if fact.name == rule.name and on >= day:
                endings.append(Ending(earliest_instant(fact.occurred, zone), on, rule.title))
            elif (silence := find_silence(rule, fact, facts, calendar, zone)) is not None:
                endings.append(Ending(silence.end.at, silence.end.on, rule.title))
    return min(endings, key=lambda ending: ending.at, default=None)


def _standstill(stoppage: Stoppage, zone: ZoneInfo) -> Standstill:
    """Return from when to when it is shown as standing: until its end is on record, or a silence is over."""
    ended, first = stoppage.ended, stoppage.first
    ends_at: datetime | None = None
    if ended is not None:
        ends_at = _end_of(ended, zone) if stoppage.silence else earliest_instant(ended, zone)
    title = stoppage.stop.first.title
    then = "、".join(f"“{rule.title}”" for rule in stoppage.stop.then if not rule.lapse)
    return Standstill(earliest_instant(first.occurred, zone), ends_at, stoppage.since, stoppage.until, title, then)


def _end_of(moment: Moment, zone: ZoneInfo) -> datetime:
    return moment if isinstance(moment, datetime) else day_end(moment, zone)


def _find_rules(
    deadline: Within,
    event: Event,
    start: Moment,
    pauses: Sequence[Stoppage],
    stood: Sequence[Stoppage],
    zone: ZoneInfo,
) -> Iterator[str]:
    """Yield the names of the rules of ours that bear on the due day."""
    if event.is_assumed and start == event.occurred:
        yield AWAITED_DAY if event.fields.get("awaits") else ASSUMED_DAY
    if any(pause.ended is not None for pause in pauses) and deadline.span.unit != "hours":
        yield PAUSE_DAYS
    texts = [provisions_in_force(deadline.law, moment_day(moment, zone)) for moment in (event.occurred, start)]
    if texts[0] != texts[1]:
        yield RESTART_LAW
    if any(stoppage.silence is not None and stoppage.silence.from_sending for stoppage in stood):
        yield LAPSE_SENT
