"""Checks what a pack says of the facts that start, stop and end clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.law.clock import UNTIL
from tracker.core.law.duties import EventRule
from tracker.core.values.message import Message
from tracker.rulebook.deadline_model import WithinModel
from tracker.rulebook.document import Spot, items_of
from tracker.rulebook.pack_model import PackModel

_LAPSE_KEYS = ("of", "unless", "where")
_NEVER: Mapping[str, Message] = {
    "extension": Message("`{written}` cannot be extended"),
    "pause": Message("`{written}` cannot be paused"),
    "restart": Message("`{written}` cannot be started anew"),
}


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """Checks the events of a pack, and the clocks of its deadlines."""

    pack: PackModel

    def events(self) -> None:
        """Check every event: a silence names the recorded facts from which it is known; others have none of its
        keys."""
        for name, event in self.pack.events.items():
            spot = self.pack.known_events.spot / name
            if event.lapse is not None:
                self._silence(event, spot)
                continue
            for key in _LAPSE_KEYS:
                if getattr(event, key):
                    message = Message("`{key}` without `lapse`: only a silence has it", key=key)
                    (spot / key).report(message, ("lapse: N workdays",), key=True)

    def deadline(self, form: WithinModel, spot: Spot) -> None:
        """Check the clock of a deadline where it is written."""
        if form.of is not None:
            self.start(form, form.of, spot)
        stops = [(key, first, then) for key in ("pause", "restart") for first, then in getattr(form, key).items()]
        seen: set[str] = set()
        for key, first, then in stops:
            place = spot / key / first
            if self._check_recorded(first, place, key=True) and first in seen:
                place.report(
                    Message("{first!r} stands under `pause` too: a fact stops a clock in one way", first=first),
                    key=True,
                )
            seen.add(first)
            for name, second in _names(then, place):
                self._check_second(name, first, {other for _, other, _ in stops}, second)
        for name, place in _names(form.until, spot / "until"):
            self.pack.known_events.check(name, place)
        if isinstance(form.extension, dict):
            for name in form.extension:
                self._check_recorded(name, spot / "extension" / name, key=True)
        if form.within.unit in ("same-workday", "stated-day"):
            for key, message in _NEVER.items():
                if getattr(form, key):
                    written = form.within.unit.replace("-", " ")
                    (spot / key).report(Message(message.template, written=written))

    def start(self, form: WithinModel, of: str, spot: Spot) -> None:
        """Check what depends on the event that starts the clock."""
        if of in self.pack.events:
            self._check_recorded(of, spot / "of")
            event = self.pack.events[of]
            if form.within.unit == "stated-day" and UNTIL not in event.needs:
                message = Message("`stated day`: the event {of!r} names no day", of=of)
                (spot / "within").report(message, (f"needs: [{UNTIL}]",))
            self._check_where(form.where, of, spot / "where")
        for key in ("pause", "restart"):
            for first, then in getattr(form, key).items():
                if first == of:
                    message = Message(
                        "the clock starts with {of!r}, which cannot stop it: name a fact that comes later", of=of
                    )
                    (spot / key / first).report(message, key=True)
                for name, place in _names(then, spot / key / first):
                    if name == of:
                        place.report(Message("the clock starts with {of!r}, which cannot set it going again", of=of))
        for name, place in _names(form.until, spot / "until"):
            if name == of:
                place.report(Message("the clock starts with {of!r}, which cannot end it", of=of))

    def _silence(self, event: EventRule, spot: Spot) -> None:
        if event.lapse is not None and event.lapse.unit in ("same-workday", "stated-day"):
            written = event.lapse.unit.replace("-", " ")
            message = Message("`{written}` is no time for an answer", written=written)
            (spot / "lapse").report(message, ("N days", "N workdays", "N hours"))
        for key in ("per", "needs", "expected", "recorder", "register"):
            if (spot / key).loc in spot.document.keys:
                (spot / key).report(Message("a silence is derived: nobody records it"), _LAPSE_KEYS, key=True)
        if not event.of:
            (spot / "lapse").report(Message("`lapse` without `of`: say whose silence it is"), ("of: EVENT",), key=True)
            return
        self._check_recorded(event.of, spot / "of")
        self._check_where(event.where, event.of, spot / "where")
        for name, place in _names(list(event.unless), spot / "unless"):
            if self._check_recorded(name, place) and name == event.of:
                place.report(Message("{name!r} would answer itself", name=name))

    def _check_recorded(self, name: str, spot: Spot, *, key: bool = False) -> bool:
        """Whether the event is known and recorded; a silence follows from recorded facts alone, never from another."""
        if not self.pack.known_events.check(name, spot, key=key):
            return False
        if self.pack.events[name].lapse is None:
            return True
        recorded = tuple(other for other, event in self.pack.events.items() if event.lapse is None)
        spot.report(Message("{name!r} is a silence: name a fact that is recorded", name=name), recorded, key=key)
        return False

    def _check_second(self, name: str, first: str, firsts: Iterable[str], spot: Spot) -> None:
        if not self.pack.known_events.check(name, spot):
            return
        rule = self.pack.events[name]
        if name == first:
            spot.report(Message("{name!r} would answer itself", name=name))
        elif name in firsts:
            spot.report(Message("{name!r} would stop the clock and set it going again: a circle", name=name))
        elif rule.lapse is not None and rule.of and rule.of != first:
            fitting = tuple(other.name for other in self.pack.events.values() if other.lapse and other.of == first)
            spot.report(
                Message(
                    "{name!r} is the silence after {of!r}, not after {first!r}", name=name, of=rule.of, first=first
                ),
                fitting,
            )

    def _check_where(self, where: Mapping[str, str], event: str, spot: Spot) -> None:
        """Check that every record of the event gives these fields, and that each may have the value."""
        if event not in self.pack.events:
            return
        fields, choices = self.pack.fields_of(event), self.pack.events[event].choices
        for name, value in where.items():
            if fields.check(name, spot / name, key=True) and value not in choices.get(name, (value,)):
                (spot / name).report(
                    Message(
                        "the field {name!r} of the event {event!r} is never {value!r}",
                        name=name,
                        event=event,
                        value=value,
                    ),
                    choices[name],
                )


def find_clash(
    label: str, where: Mapping[str, str], earlier: Iterable[tuple[str, Mapping[str, str]]]
) -> Message | None:
    """Return what is wrong with a second deadline of the label, if anything. `earlier`: label and `where` of others."""
    for other, condition in earlier:
        if other != label or any(condition.get(name, value) != value for name, value in where.items()):
            continue
        if where or condition:
            return Message("two `where` do not exclude each other: one event would start both ({label})", label=label)
        return Message("two deadlines give one label: {label}", label=label)
    return None


def _names(value: str | Sequence[str] | None, spot: Spot) -> list[tuple[str, Spot]]:
    """The names of a key that holds one or a list of them, each with its place."""
    return [] if value is None else items_of(value, spot)
