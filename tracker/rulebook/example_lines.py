"""The `examples:` lines of a duty as values; `examples.py` runs them."""

from __future__ import annotations

from tracker.core.duties import Example
from tracker.rulebook.document import Spot
from tracker.rulebook.models import DutyModel, ExampleModel


def build_examples(duty: DutyModel, spot: Spot) -> tuple[Example, ...]:
    """The duty's examples, each with the line to blame when it fails."""
    return tuple(
        _example(duty.id, one, str(spot / "examples" / index)) for index, one in enumerate(duty.examples)
    )


def _example(duty: str, model: ExampleModel, line: str) -> Example:
    return Example(
        duty=duty,
        department=model.department,
        line=line,
        entry=model.entry,
        published=model.published,
        proves=model.proves,
        of=model.of,
        event=model.event,
        period=model.period,
        due=model.due,
        fields=dict(model.fields),
        contents=model.text,
    )
