"""What the rules ask of an event: which names there are, whom they belong to, which fields they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Assignment, Duty, EventRule, Within
from tracker.core.values.facts import Event, Moment
from tracker.registers.checks import check_moment
from tracker.registers.errors import RegisterError, close_ones

#: A reference is part of an occurrence's key, whose separators it must not hold.
_REFERENCE = re.compile(r"[^/.:\s]{1,128}")
#: Full-width digits and letters, as a Chinese keyboard writes them: two spellings of a number are one number.
_NARROW = {**{0xFF10 + n: 0x30 + n for n in range(10)}, **{0xFF21 + n: 0x41 + n for n in range(26)},
           **{0xFF41 + n: 0x61 + n for n in range(26)}}  # fmt: skip
#: What no database takes and no eye sees: control characters, zero-width ones, halves of characters.
_UNSEEN = dict.fromkeys(
    (*range(9), *range(0x0E, 0x20), 0x7F, 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0xD800, 0xE000))
)
_SPACE = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text on one line, without blanks around it, its digits and letters narrow."""
    return _SPACE.sub(" ", text.translate(_NARROW).translate(_UNSEEN)).strip()


def day_reference(occurred: Moment, rulebook: Rulebook) -> str:
    """The reference of an event that nobody gave one: its day by the county's clock."""
    return moment_day(occurred, rulebook.county.zone).isoformat()


@dataclass(slots=True)
class EventRules:
    """Checks events against the rules in force; made once for many of them."""

    rulebook: Rulebook
    _users: dict[str, list[tuple[Duty, Assignment]]] = field(default_factory=dict)
    _duties: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def rule(self, name: str) -> EventRule:
        """Raises RegisterError where the rules know no such event."""
        rule = self.rulebook.events.get(name)
        if rule is None:
            raise RegisterError(f"no event {name!r}: {close_ones(name, self.rulebook.events)}")
        return rule

    def check(self, event: Event) -> Event:
        """The event, its reference and fields in their one spelling. Raises RegisterError with all that is wrong."""
        check_moment(event.occurred, "the event's day")
        rule = self.rule(event.name)
        fields = {key: text for key, value in event.fields.items() if (text := tidy(value))}
        wrong = [*self._owner(rule, event.department, event.duty), *_check_fields(rule, fields)]
        reference = tidy(event.reference)
        if not _REFERENCE.fullmatch(reference):
            wrong.append(f"reference {event.reference!r}: 1 to 128 characters without / . : or spaces, like 2015-18号")
        if wrong:
            raise RegisterError("; ".join(wrong))
        return replace(event, reference=reference, fields=fields)

    def _owner(self, rule: EventRule, department: str, duty: str | None) -> Iterable[str]:
        """The department exists, the duty is named where it must be, and something waits for the event."""
        departments = self.rulebook.county.departments
        if department not in departments:
            yield f"no department {department!r}: {close_ones(department, departments)}"
            return
        mine = self.duties_of(rule.name, department)
        if rule.per_duty and duty is None:
            yield f"{rule.name} is recorded per duty: name it ({', '.join(mine) or 'none here'})"
        elif not rule.per_duty and duty is not None:
            yield f"{rule.name} is not recorded per duty: leave the duty out"
        elif duty is not None and duty not in mine:
            yield f"duty {duty!r} of {department} does not use {rule.name}: {close_ones(duty, mine)}"
        elif not mine and rule.name not in self.rulebook.scored_events:
            others = {member for _, assignment in self.users(rule.name) for member in assignment.members}
            yield f"no duty of {department} uses {rule.name} (departments: {', '.join(sorted(others))})"

    def duties_of(self, name: str, department: str) -> list[str]:
        """The duties of the department that the event bears on, by their ids."""
        key = (name, department)
        if key not in self._duties:
            self._duties[key] = sorted(
                {duty.id for duty, assignment in self.users(name) if department in assignment.members}
            )
        return self._duties[key]

    def users(self, name: str) -> list[tuple[Duty, Assignment]]:
        """The duties, with their assignments, whose clock the event starts or which it proves."""
        if name not in self._users:
            self._users[name] = [
                (duty, assignment)
                for duty in self.rulebook.duties
                for assignment in duty.assignments
                if name in starting_events(duty) or name in proving_events(assignment)
            ]
        return self._users[name]

    def likeness(self, event: Event) -> tuple[str, ...] | None:
        """What two records of one and the same thing would share, reference apart; None where nothing tells."""
        rule = self.rulebook.events.get(event.name)
        if rule is None or not rule.needs:
            return None
        return (event.name, event.department, event.duty or "", *(event.fields.get(key, "") for key in rule.needs))

    def notes(self, event: Event, alike: Iterable[str], *, future: bool) -> list[str]:
        """What the person who records it should know at once. `alike`: references of what shares its likeness."""
        notes = ["it lies in the future"] if future else []
        day = moment_day(event.occurred, self.rulebook.county.zone)
        duties = [duty for duty, assignment in self.users(event.name) if event.department in assignment.members]
        scored = event.name in self.rulebook.scored_events
        if not scored and not any(duty.is_in_force(day) for duty in duties):
            notes.append("no rule that uses it was in force on that day")
        if others := list(islice((reference for reference in alike if reference != event.reference), 3)):
            shared = ", ".join(f"{key}={event.fields[key]}" for key in self.rule(event.name).needs)
            notes.append(f"{' and '.join(others)} with {shared} too: correct that one if it is the same")
        return notes


def proving_events(assignment: Assignment) -> set[str]:
    """The names of the events whose record proves it."""
    return {source.record for cell in assignment.cells for source in cell.sources if source.record}


def starting_events(duty: Duty) -> set[str]:
    """The names of the events that start a clock of the duty."""
    return {each.event.name for part in duty.parts for each in part.deadlines if isinstance(each, Within)}


def _check_fields(rule: EventRule, fields: Mapping[str, str]) -> Iterable[str]:
    missing = [need for need in rule.needs if need not in fields]
    if missing:
        example = " ".join(f"--field {need}=…" for need in missing)
        yield f"{rule.name} needs {', '.join(missing)} ({example})"
    # A title is searched for it: 2015年 or 15 would match none, and what was published would be called missing.
    elif "year" in rule.needs and not re.fullmatch(r"(19|20)[0-9]{2}", fields["year"]):
        yield f"{rule.name}: year={fields['year']}: write the year in four digits, like 2015"
