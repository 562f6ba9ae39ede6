"""Runs the `examples:` of duties through the core: due days worked by hand, and what entries prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from tracker.core.law.counting import earliest_instant, moment_day
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import Assignment, Contents, Duty
from tracker.core.law.instances import from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.periods import split_label
from tracker.core.law.workdays import Calendar
from tracker.core.law.worked_examples import Example, PausedDue
from tracker.core.matching.criteria import classify_entry_title
from tracker.core.matching.title_case import TitleKind
from tracker.core.matching.title_pattern import title_matches
from tracker.core.values.facts import Entry, EntryVersion, Event, Facts, Moment
from tracker.core.values.message import Message
from tracker.core.verdict.status import judge
from tracker.rulebook.errors import RuleError
from tracker.rulebook.suggest import suggestion

NOTHING, THE_EVENT = "nothing", "event"


def check_examples(rulebook: Rulebook, calendar: Calendar) -> list[RuleError]:
    """An error for each example that does not hold in this county, with what came out instead."""
    return [error for duty in rulebook.duties for error in _duty_errors(duty, rulebook, calendar)]


def _duty_errors(duty: Duty, rulebook: Rulebook, calendar: Calendar) -> Iterator[RuleError]:
    runs: dict[str, _ExampleRun] = {}
    for example in duty.examples:
        assignment = next((group for group in duty.assignments if example.department in group.members), None)
        if assignment is None:
            yield _error(
                example,
                Message(
                    "{id}: the department {department!r} does not have this duty",
                    id=duty.id,
                    department=example.department,
                ),
            )
            continue
        if assignment.key not in runs:
            # Only one department's occurrences: an example is about one.
            own = replace(duty, assignments=(assignment,))
            runs[assignment.key] = _ExampleRun(
                own, assignment, rulebook, calendar, instances_of(own, calendar, rulebook.county, _last_day(duty))
            )
        for message in runs[assignment.key].messages(example):
            yield _error(example, Message("{id}: {message}", id=duty.id, message=message))


def _last_day(duty: Duty) -> date:
    """The end of the year after the latest that an example names, if the duty is in force so long: a statute's periods
    run to the end of the century, and those that no example is about need not be judged."""
    texts = [text for line in duty.examples for text in (line.period, line.event, line.published, line.due) if text]
    years = [int(year) for text in texts if (year := str(text)[:4]).isdecimal()]
    return min(duty.in_force_until, date(max(years, default=duty.in_force_until.year) + 1, 12, 31))


@dataclass(frozen=True, slots=True)
class _ExampleRun:
    """One department's share of a duty, against which its examples are run."""

    duty: Duty
    assignment: Assignment
    rulebook: Rulebook
    calendar: Calendar
    periods: tuple[Occurrence, ...]

    def messages(self, example: Example) -> Iterator[Message]:
        event = self._event(example)
        started = self._start(event, example) if event else ()
        started = tuple(occurrence for occurrence in started if example.part in (None, *occurrence.parts))
        if event is not None and not started:
            yield Message("the event {name!r} of {event} starts nothing here", name=event.name, event=example.event)
            return
        if example.due is not None:
            yield from self._check_due(example, started)
        if example.proves is not None and example.entry is not None:
            yield from self._check_proof(example, event, started)

    def _check_due(self, example: Example, started: tuple[Occurrence, ...]) -> Iterator[Message]:
        occurrences = started or self._find_periods(example.period or "")
        if not occurrences:
            labels = [period.label for period in self.periods]
            yield Message(
                "no occurrence {period!r}{suggestion}",
                period=example.period,
                suggestion=suggestion(example.period or "", labels),
            )
        for occurrence in occurrences:
            found = self._find_due(occurrence, example)
            if found != example.due:
                wanted = _word_due(example.due)
                if not isinstance(found, PausedDue) and not isinstance(example.due, PausedDue):
                    wanted = Message("on {day}", day=example.due)
                due = Message(
                    "{label} is {found}, not {wanted}", label=occurrence.label, found=_word_due(found), wanted=wanted
                )
                yield Message("{due}: {text}", due=due, text=occurrence.derivation.text)

    def _find_due(self, occurrence: Occurrence, example: Example) -> date | PausedDue | None:
        """The due day, or where the clock stands for a silence or for good by the last of the facts, until when."""
        days = [_moment(fact.on, self.rulebook.county) for fact in example.facts.values()]
        zone = self.rulebook.county.zone
        last = max((earliest_instant(day, zone) for day in days), default=None)
        standing = occurrence.standing_at(last) if last is not None else None
        return occurrence.due_on if standing is None else PausedDue(standing.until)

    def _find_periods(self, label: str) -> tuple[Occurrence, ...]:
        """The occurrence of that label, else those of its parts: 2015 stands for 2015.policy and 2015.sampling."""
        of_label = tuple(period for period in self.periods if period.label == label)
        return of_label or tuple(period for period in self.periods if split_label(period.label)[0] == label)

    def _check_proof(self, example: Example, event: Event | None, started: tuple[Occurrence, ...]) -> Iterator[Message]:
        label, _, part = (example.proves or "").partition("/")
        if label == THE_EVENT and started:
            label = started[0].label
        proved = self._find_proved(example, event, (*self.periods, *started))
        if label == NOTHING:
            if found := {key for key, kind in proved.items() if kind.answer == "thing"}:
                yield Message("the entry proves {found}, not nothing", found=_join_keys(found))
            return
        wanted = {key: kind for key, kind in proved.items() if key[0] == label and part in ("", key[1])}
        latest = self._find_later(label, set(proved))
        if not wanted or latest:
            yield Message(
                "the entry proves {found}, not {wanted}",
                found=_join_keys(latest or set(proved)),
                wanted=example.proves,
            )
        elif not any(kind.answer == "thing" for kind in wanted.values()):
            yield _describe_misread(next(iter(wanted.values())))

    def _find_later(self, label: str, proved: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """What is proved of periods after the named one: only earlier ones are closed along with it."""
        windows = {period.label: period.window for period in self.periods}
        own = windows.get(label)
        if own is None:
            return set()
        later = {name for name, window in windows.items() if window is not None and window.first > own.last}
        return {(label, part) for label, part in proved if label in later}

    def _find_proved(
        self, example: Example, event: Event | None, occurrences: tuple[Occurrence, ...]
    ) -> dict[tuple[str, str], TitleKind]:
        """(label, part) of all that the entry proves in any of its columns, with what its title says it is."""
        duty, county = self.duty, replace(self.rulebook.county, lexicon=None)
        if example.contents is None:
            # Without a text only title and date are tried, and the words of a title that tell one kind from the others.
            parts = (part if part.contents.other_kinds else replace(part, contents=Contents()) for part in duty.parts)
            duty = replace(duty, parts=tuple(parts))
        labels = {occurrence.key: occurrence.label for occurrence in occurrences}
        proved: dict[tuple[str, str], TitleKind] = {}
        for column in self._columns():
            entry = self._entry(example, column)
            facts = Facts(entries=(entry,), events=(event,) if event else ())
            verdicts = judge(duty, self.assignment, occurrences, facts, county, self.calendar, self._after_all())
            # An entry that counts and lacks an item proves nothing: the cell must hold, not the finding.
            for key, verdict in verdicts.items():
                for cell in verdict.cells:
                    if cell.state == "proved":
                        proved.setdefault((labels[key], cell.part), self._kind(cell.cell, entry, event))
        return proved

    def _kind(self, name: str, entry: Entry, event: Event | None) -> TitleKind:
        """What the title says the entry is, by the first source of the cell that it fits; its text may decide too."""
        cell = next(cell for cell in self.assignment.cells if cell.name == name)
        sources = [source for source in cell.sources if entry.column in source.columns]
        source = next((source for source in sources if title_matches(source, entry.title, event)), sources[0])
        return classify_entry_title(self.duty, cell, source, entry, self.rulebook.county)

    def _after_all(self) -> datetime:
        """An instant after every due date: some lie in the year after the instrument's."""
        return datetime(self.duty.in_force_until.year + 2, 1, 1, tzinfo=self.rulebook.county.zone)

    def _columns(self) -> list[str]:
        sources = (source for cell in self.assignment.cells for source in cell.sources if source.columns)
        return list(dict.fromkeys(column for source in sources for column in source.columns))

    def _start(self, event: Event, example: Example) -> tuple[Occurrence, ...]:
        """What the event starts, with the facts of the example and its extension, granted on the last fact's day."""
        county = self.rulebook.county
        facts = [self._build_event(name, fact.on, fact.fields, event.reference) for name, fact in example.facts.items()]
        started = from_event(self.duty, event, self.calendar, county, related=facts)
        if not example.extended:
            return started
        granted_on = max(moment_day(fact.occurred, county.zone) for fact in (event, *facts))
        extended = {occurrence.key: granted_on for occurrence in started}
        return from_event(self.duty, event, self.calendar, county, extended, facts)

    def _event(self, example: Example) -> Event | None:
        if example.of is None or example.event is None:
            return None
        return self._build_event(example.of, example.event, example.fields, example.event[:10], example.department)

    def _build_event(
        self, name: str, on: str, fields: Mapping[str, str], reference: str, department: str = ""
    ) -> Event:
        occurred = _moment(on, self.rulebook.county)
        return Event(
            id=1,
            name=name,
            department=department or self.assignment.members[0],
            reference=reference,
            occurred=occurred,
            recorded_at=_instant(occurred, self.rulebook.county),
            duty=self.duty.id if self.rulebook.events[name].per_duty else None,
            fields=fields,
        )

    def _entry(self, example: Example, column: str) -> Entry:
        claimed = _moment(example.published or "", self.rulebook.county)
        seen = _instant(claimed, self.rulebook.county)
        state = "unread" if example.contents is None else "read"
        version = EntryVersion(seen, example.entry or "", claimed, example.contents, state)  # type: ignore[arg-type]
        url = f"{self.rulebook.county.columns[column].url}example.html"
        return Entry(1, column, url, (version,), first_seen_at=seen, last_seen_at=seen)


def _word_due(due: date | PausedDue | None) -> str:
    if isinstance(due, PausedDue):
        return Message("paused until {day}", day=due.until) if due.until else Message("paused")
    return Message("due on {day}", day=due)


def _moment(text: str, county: County) -> Moment:
    if "T" in text:
        return datetime.fromisoformat(text).replace(tzinfo=county.zone)
    return date.fromisoformat(text)


def _instant(moment: Moment, county: County) -> datetime:
    """When it was seen: at once, or at noon where only the day is known."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(12), county.zone)


def _describe_misread(kind: TitleKind) -> Message:
    """The message for a title that fits its rule's pattern and still does not read as a proof, with what to write."""
    if kind.accepts:
        return Message(
            "the title only speaks about what is owed ({reason}): write `accepts: [{kind}]`",
            reason=kind.reason,
            kind=kind.accepts,
        )
    return Message(
        "the title does not say that it is what is owed ({reason}): give the `text` that says so", reason=kind.reason
    )


def _join_keys(proved: set[tuple[str, str]]) -> str:
    names = sorted(label if split_label(label)[1] == part else f"{label}/{part}" for label, part in proved)
    return ", ".join(names) or Message("nothing")


def _error(example: Example, message: Message) -> RuleError:
    path, line, column = example.line.rsplit(":", 2)
    return RuleError(path, int(line), int(column), message)
