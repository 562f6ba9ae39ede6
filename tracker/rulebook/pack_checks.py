"""Checks the meaning of a pack, whichever county uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.escalation.policies import Policy
from tracker.core.law.assumed_rules import ASSUMED_RULES
from tracker.core.law.duties import Span
from tracker.core.law.worked_examples import Example, PausedDue
from tracker.core.values.message import Message
from tracker.rulebook.acts import Acts
from tracker.rulebook.clock_checks import ClockCheck, find_clash
from tracker.rulebook.deadline_model import EveryModel, WithinModel
from tracker.rulebook.document import Defined, Spot, items_of
from tracker.rulebook.pack_model import DutyModel, KindsModel, PackModel, PartModel, ReadingModel
from tracker.rulebook.scalars import DueMonthDay, LawText

#: How many days a period of the kind has at most: `due: day N` may not point past it.
_LONGEST = {"day": 1, "workday": 1, "week": 7, "month": 31, "quarter": 92, "half-year": 184, "year": 366}


def check_pack(pack: PackModel, policies: Defined[Policy] | None, acts: Acts) -> None:
    """Report all errors of a pack by itself. `policies`: those of the schedule, None where it cannot be read."""
    check = PackCheck(pack, acts)
    if pack.in_force.until < pack.in_force.from_:
        (pack.in_force.spot / "until").report(Message("the last day lies before the first"))
    check.issued(pack.issued, pack.spot / "issued")
    if pack.issued_assumed and pack.issued is None:
        (pack.spot / "issued_assumed").report(Message("says that `issued` is assumed, which is not given"))
    for name, reading in pack.readings.items():
        if name in ASSUMED_RULES:
            (pack.spot / "readings" / name).report(
                Message("{name!r} is a name of the rules, not of a reading", name=name), key=True
            )
        check.reading(reading)
    ClockCheck(pack).events()
    first: dict[str, Spot] = {}
    for duty in pack.duties:
        if duty.id in first:
            line = (first[duty.id] / "id").position()[0]
            (duty.spot / "id").report(
                Message("the duty {id!r} is given twice (first in line {line})", id=duty.id, line=line)
            )
        first.setdefault(duty.id, duty.spot)
        # `standard` is a default; where the schedule lacks it, the error stands there.
        if policies is not None and duty.escalation not in ("standard", ""):
            policies.check(duty.escalation, duty.spot / "escalation")
        check.duty(duty)


@dataclass(frozen=True, slots=True)
class PackCheck:
    """Checks what a pack says, or a county in its place."""

    pack: PackModel
    acts: Acts

    def issued(self, issued: date | None, spot: Spot) -> None:
        """Check that the instrument is issued by its last day: else it would never bind anybody."""
        last = self.pack.in_force.until
        if issued is not None and issued > last:
            spot.report(Message("issued after the pack's last day in force, {last}", last=last))

    def reading(self, reading: ReadingModel) -> None:
        """Check a reading of the pack, or of a county in its place."""
        self._law(reading.law, reading.spot / "law", assumed=reading.assumed)
        labels: list[tuple[str, Mapping[str, str]]] = []
        for form, place in items_of(reading.deadline, reading.spot / "deadline"):
            self._deadline(form, place)
            label, where = _label(form), form.where if isinstance(form, WithinModel) else {}
            if clash := find_clash(label, where, labels):
                place.report(clash)
            labels.append((label, where))

    def duty(self, duty: DutyModel) -> None:
        """Check a duty with its parts and examples."""
        self._law(duty.law, duty.spot / "law")
        pieces: tuple[DutyModel | PartModel, ...] = (duty, *duty.parts.values())
        for piece in pieces:
            for form, place in items_of(piece.deadline, piece.spot / "deadline"):
                self._deadline(form, place)
        self._kinds(duty)
        if duty.deadline is None and (not duty.parts or any(part.deadline is None for part in duty.parts.values())):
            duty.spot.report(Message("missing key 'deadline'"))
        for index, example in enumerate(duty.examples):
            self._example(example, duty, duty.spot / "examples" / index)

    def _kinds(self, duty: DutyModel) -> None:
        """Check that kinds have names where, and only where, `cover` asks for each, and that no name is given twice."""
        names = set(duty.parts)
        for piece in duty.parts.values() or (duty,):
            form = duty.contents if piece.contents is None else piece.contents
            if not isinstance(form, KindsModel):
                continue
            if form.cover and not form.named:
                (form.spot / "kinds").report(Message("`cover` needs a name for each kind"), ("kinds: {NAME: WORDS}",))
            elif not form.cover and isinstance(form.kinds, dict):
                (form.spot / "kinds").report(Message("names for kinds have a use only with `cover`"), ("cover: year",))
            for name in form.named:
                if name in names:
                    (form.spot / "kinds" / name).report(
                        Message("the duty has a part or kind {name!r} already", name=name), key=True
                    )
                names.add(name)

    def _deadline(self, form: object, spot: Spot) -> None:
        """Check a deadline where it is written, whoever uses it; it may also be a reading's name, or None."""
        self._law(getattr(form, "law", None), spot / "law", assumed=getattr(form, "assumed", False))
        after, of = getattr(form, "after", None), getattr(form, "of", None)
        if after is not None:
            self.pack.known_duties.check(after, spot / "after")
        if of is not None:
            self.pack.known_events.check(of, spot / "of")
        if isinstance(form, WithinModel):
            ClockCheck(self.pack).deadline(form, spot)
        if not isinstance(form, EveryModel):
            return
        if isinstance(form.due, Span) and form.about != "this" and form.due.amount:
            message = Message("`due` lies past the period's end: an entry then proves the period it names")
            (spot / "due").report(message, ("about: this",))
        longest = _LONGEST[form.every]
        if isinstance(form.due, DueMonthDay) and form.every != "year":
            (spot / "due").report(
                Message("a month and a day belong to `every: year`, not to a {every}", every=form.every), ("day N",)
            )
        if isinstance(form.due, int) and not 1 <= form.due <= longest:
            (spot / "due").report(
                Message("a {every} has no day {due}", every=form.every, due=form.due),
                (Message("day 1 to day {longest}", longest=longest),),
            )

    def _law(self, law: Sequence[LawText] | None, spot: Spot, *, assumed: bool = False) -> None:
        """Check that every cited act is known, and in force on some day of the pack."""
        in_force = self.pack.in_force
        if law and assumed:
            spot.report(Message("`law` beside `assumed`: a number that an act sets is not ours"), key=True)
        usable = {
            name
            for name, act in self.acts.items()
            if act.since <= in_force.until and (act.until is None or act.until >= in_force.from_)
        }
        for index, cited in enumerate(law or ()):
            if self.acts.check(cited.act, spot / index) and cited.act not in usable:
                act = self.acts[cited.act]
                days = Message("from {first}", first=act.since)
                if act.until:
                    days = Message("from {first} to {last}", first=act.since, last=act.until)
                message = Message("the act {act!r} is in force {days}, on no day of the pack", act=cited.act, days=days)
                (spot / index).report(message, tuple(sorted(usable)))

    def _example(self, example: Example, duty: DutyModel, spot: Spot) -> None:
        for message in _reasons_not_to_run(example):
            spot.report(message)
        if example.of is not None and self.pack.known_events.check(example.of, spot / "of"):
            fields = self.pack.fields_of(example.of)
            for field in example.fields:
                fields.check(field, spot / "fields" / field, key=True)
        for name in example.facts:
            if self.pack.known_events.check(name, spot / "facts" / name, key=True) and self.pack.events[name].lapse:
                (spot / "facts" / name).report(
                    Message("{name!r} is a silence: it follows from the other facts", name=name), key=True
                )
        for key, part in (("part", example.part), ("proves", (example.proves or "").partition("/")[2])):
            if part and part not in duty.parts:
                (spot / key).report_unknown(Message("part"), part, duty.parts, among=duty.spot / "parts")


def _reasons_not_to_run(example: Example) -> list[Message]:
    """The reasons for which an example cannot be run."""
    gaps = []
    if example.due is None and example.proves is None:
        gaps.append(Message("an example says `due` or `proves`"))
    if (example.facts or example.extended) and example.of is None:
        gaps.append(Message("`facts` and `extended` move the clock of an event: name it with `of`"))
    if isinstance(example.due, PausedDue) and not example.facts:
        gaps.append(Message("a clock is `paused` by one of the `facts`"))
    if (example.of is None) != (example.event is None):
        gaps.append(Message("`of` names an event and `event` says when it was: both or neither"))
    if example.due is not None and (example.of is None) == (example.period is None):
        gaps.append(Message("a due day belongs to a `period`, or to an event (`of` and `event`)"))
    given = [example.entry is not None, example.published is not None, example.proves is not None]
    if any(given) and not all(given):
        gaps.append(Message("an entry has a title (`entry`), a day (`published`) and what it `proves`"))
    if example.contents is not None and example.entry is None:
        gaps.append(Message("a `text` belongs to an `entry`"))
    return gaps


def _label(form: object) -> str:
    """What all labels of a deadline of this form look like."""
    if isinstance(form, WithinModel):
        return f"event:{form.of or 'EVENT'}:REFERENCE"
    return label_of_periods(form.every) if isinstance(form, EveryModel) else "once"


def label_of_periods(unit: str) -> str:
    """The label of periods; a day and a workday are both named by their date."""
    return f"every {'day' if unit == 'workday' else unit}"
