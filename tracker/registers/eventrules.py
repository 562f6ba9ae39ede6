"""Checks an event against the rules: its name, its department and duty, its reference and its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from tracker.core.law.clock import REACHED
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Assignment, Duty, EventRule, Within
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, EventKey, Moment
from tracker.core.values.message import Message
from tracker.registers.checks import check_moment
from tracker.registers.errors import RegisterError, suggest_departments, suggest_names

#: A reference becomes part of an occurrence's key, so it must not contain the key's separators.
_REFERENCE = re.compile(r"[^/.:\s]{1,128}")
#: A reference of the registers of requests and reviews: year, department, number, and which time it happened.
_REGISTER_REFERENCE = re.compile(r"[0-9]{4}-([a-z0-9-]+)-[0-9]+(?:~[0-9]+)?")
#: Full-width digits and letters, as a Chinese keyboard writes them, to their ASCII forms.
_NARROW = {**{0xFF10 + n: 0x30 + n for n in range(10)}, **{0xFF21 + n: 0x41 + n for n in range(26)},
           **{0xFF41 + n: 0x61 + n for n in range(26)}}  # fmt: skip
#: Characters that are dropped: control characters, zero-width ones, lone surrogates.
_DROPPED = dict.fromkeys(
    (*range(9), *range(0x0E, 0x20), 0x7F, 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0xD800, 0xE000))
)
#: What an office does on a working day, by the title of its event.
_DECISION = re.compile("批复|批准|审议通过|印发|签发")
_SPACE = re.compile(r"\s+")


def tidy_text(text: str) -> str:
    """The text on one line, stripped, with half-width digits and letters."""
    return _SPACE.sub(" ", text.translate(_NARROW).translate(_DROPPED)).strip()


def build_day_reference(occurred: Moment, rulebook: Rulebook) -> str:
    """The reference of an event that was entered without one: its day by the county's clock."""
    return moment_day(occurred, rulebook.county.zone).isoformat()


@dataclass(slots=True)
class EventRules:
    """Checks events against the rules in force. One object serves many events and caches which duties use them."""

    rulebook: Rulebook
    _users: dict[str, list[tuple[Duty, Assignment]]] = field(default_factory=dict)
    _duties: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def rule(self, name: str) -> EventRule:
        """Raises RegisterError where the rules know no such event."""
        rule = self.rulebook.events.get(name)
        if rule is None:
            raise RegisterError("no event {name!r}: {hint}", name=name, hint=suggest_names(name, self.rulebook.events))
        return rule

    def check(self, event: Event, *, by_register: bool = False) -> Event:
        """The event with its reference and fields normalized. Raises RegisterError with all errors.

        `by_register`: the register of requests or reviews records it.
        """
        check_moment(event.occurred, Message("the event's day"))
        rule = self.rule(event.name)
        if rule.lapse is not None:
            of, unless = self.rule(rule.of), " / ".join(rule.unless)
            raise RegisterError(
                "{name} is never recorded: it follows from {of} without {unless}",
                name=rule.name,
                of=of.name,
                unless=unless,
            )
        fields = {key: text for key, value in event.fields.items() if (text := tidy_text(value))}
        errors = [*self._check_owner(rule, event.department, event.duty), *_check_fields(rule, fields)]
        errors += _check_arrival(rule.name, fields, moment_day(event.occurred, self.rulebook.county.zone))
        reference = tidy_text(event.reference)
        if not _REFERENCE.fullmatch(reference):
            errors.append(
                Message(
                    "reference {reference!r}: 1 to 128 characters without / . : or spaces, like 2015-18号",
                    reference=event.reference,
                )
            )
        if errors:
            raise RegisterError(Message.joined("; ", errors))
        if not by_register:
            self.check_no_register(replace(event.key, reference=reference))
        return replace(event, reference=reference, fields=fields)

    def check_no_register(self, key: EventKey) -> None:
        """Refuse an event that the register of requests or reviews records: its reference is 2026-guotu-12."""
        move, match = self.rule(key.name).move, _REGISTER_REFERENCE.fullmatch(key.reference)
        if move and match is not None and match[1] in self.rulebook.county.departments:
            raise RegisterError(
                "{key} follows from the register of requests and reviews ({move}): enter, correct or withdraw it there",
                key=key.message,
                move=move,
            )

    def _check_owner(self, rule: EventRule, department: str, duty: str | None) -> Iterable[Message]:
        """Errors where the department is unknown, the duty is missing or wrong, or no duty of it uses the event."""
        departments = self.rulebook.county.departments
        if department not in departments:
            hint = suggest_departments(department, self.rulebook.county)
            yield Message("no department {department!r}: {hint}", department=department, hint=hint)
            return
        duties = self.duties_of(rule.name, department)
        if rule.per_duty and duty is None:
            known = ", ".join(duties) or Message("none here")
            yield Message("{name} is recorded per duty: name it ({duties})", name=rule.name, duties=known)
        elif not rule.per_duty and duty is not None:
            yield Message("{name} is not recorded per duty: leave the duty out", name=rule.name)
        elif duty is not None and duty not in duties:
            values = {"duty": duty, "department": department, "name": rule.name, "hint": suggest_names(duty, duties)}
            yield Message("duty {duty!r} of {department} does not use {name}: {hint}", **values)
        elif not duties and rule.name not in self.rulebook.scored_events:
            members = {member for _, assignment in self.users(rule.name) for member in assignment.members}
            yield Message(
                "no duty of {department} uses {name} (departments: {members})",
                department=department,
                name=rule.name,
                members=", ".join(sorted(members)),
            )

    def duties_of(self, name: str, department: str) -> list[str]:
        """The ids of the department's duties that use the event, sorted."""
        key = (name, department)
        if key not in self._duties:
            self._duties[key] = sorted(
                {duty.id for duty, assignment in self.users(name) if department in assignment.members}
            )
        return self._duties[key]

    def users(self, name: str) -> list[tuple[Duty, Assignment]]:
        """The duties whose clock the event moves or which its record proves, with their assignments."""
        if name not in self._users:
            self._users[name] = [
                (duty, assignment)
                for duty in self.rulebook.duties
                for assignment in duty.assignments
                if name in list_starting_events(duty) | list_related_events(duty) | list_proving_events(assignment)
            ]
        return self._users[name]

    def likeness(self, event: Event) -> tuple[str, ...] | None:
        """The values, the reference apart, that two records of one event share; None where its rule needs no fields."""
        rule = self.rulebook.events.get(event.name)
        if rule is None or not rule.needs:
            return None
        return (event.name, event.department, event.duty or "", *(event.fields.get(key, "") for key in rule.needs))

    def list_doubts(self, event: Event, *, is_future: bool, calendar: Calendar | None = None) -> list[Message]:
        """Why its day may be mistyped: it is to come, no rule was in force then, or an office decided on a day off."""
        doubts = [Message("it lies in the future")] if is_future else []
        day = moment_day(event.occurred, self.rulebook.county.zone)
        duties = [duty for duty, assignment in self.users(event.name) if event.department in assignment.members]
        is_scored = event.name in self.rulebook.scored_events
        if not is_scored and not any(duty.is_in_force(day) for duty in duties):
            doubts.append(Message("no rule that uses it was in force on that day"))
        is_decision = _DECISION.search(self.rule(event.name).title) is not None
        if calendar is not None and is_decision and (name := calendar.day_off_name(day)):
            doubts.append(Message("{day} is a day off ({name}), on which offices seldom decide", day=day, name=name))
        return doubts

    def list_notes(self, event: Event, alike: Iterable[str], *, is_future: bool) -> list[Message]:
        """Notes for the person who records the event. `alike`: references of events with the same likeness."""
        notes = self.list_doubts(event, is_future=is_future)
        if others := list(islice((reference for reference in alike if reference != event.reference), 3)):
            shared = ", ".join(f"{key}={event.fields[key]}" for key in self.rule(event.name).needs)
            text = Message(
                "{others} with {fields} too: correct that one if it is the same",
                others=", ".join(others),
                fields=shared,
            )
            notes.append(text)
        return notes


def list_proving_events(assignment: Assignment) -> set[str]:
    """The names of the events whose record proves the assignment."""
    return {source.record for cell in assignment.cells for source in cell.sources if source.record}


def list_starting_events(duty: Duty) -> set[str]:
    """The names of the events that start a clock of the duty."""
    return {deadline.event.name for part in duty.parts for deadline in part.deadlines if isinstance(deadline, Within)}


def list_related_events(duty: Duty) -> set[str]:
    """The names of the events that stop, restart or end a clock of the duty."""
    within = (deadline for part in duty.parts for deadline in part.deadlines if isinstance(deadline, Within))
    return {name for deadline in within for name in deadline.related_events}


def _check_fields(rule: EventRule, fields: Mapping[str, str]) -> Iterable[Message]:
    missing = [need for need in rule.needs if need not in fields]
    if missing:
        example = " ".join(f"--field {need}=…" for need in missing)
        yield Message("{name} needs {fields} ({example})", name=rule.name, fields=", ".join(missing), example=example)
    # Titles are searched for the year: 2015年 or 15 would match none, and a publication would count as missing.
    elif "year" in rule.needs and not re.fullmatch(r"(19|20)[0-9]{2}", fields["year"]):
        year = fields["year"]
        yield Message("{name}: year={year}: write the year in four digits, like 2015", name=rule.name, year=year)
    for need, values in rule.choices.items():
        if need in fields and fields[need] not in values:
            hint = suggest_names(fields[need], values)
            yield Message(
                "{name}: {field}={value!r}: {hint}", name=rule.name, field=need, value=fields[need], hint=hint
            )


def _check_arrival(name: str, fields: Mapping[str, str], sent: date) -> Iterable[Message]:
    """The error where the day on which a letter arrived is no day, or lies before it was sent."""
    if REACHED not in fields:
        return
    try:
        arrived = date.fromisoformat(fields[REACHED])
    except ValueError:
        yield Message("{name}: reached={day}: write the day like 2026-03-09", name=name, day=fields[REACHED])
        return
    if arrived < sent:
        yield Message(
            "{name}: reached={day} lies before the day it was sent, {sent}", name=name, day=arrived, sent=sent
        )
