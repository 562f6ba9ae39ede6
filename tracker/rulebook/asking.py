"""Finds what tells of a matter that only a site shows, without asking the department or looking again first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker.core.escalation.policies import Policy, Step
from tracker.core.escalation.second_look import tells_others
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty
from tracker.core.values.message import Message
from tracker.rulebook.document import Spot
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.yaml_files import read

_HOURS = {"hours": 1, "days": 24, "workdays": 24}
_SCHEDULE = "schedule.yaml"


def find_unasked_policies(loaded: Loaded, folder: Path) -> Iterator[Message]:
    """Yield a warning for each policy of a duty that the crawl proves, whose first step after the due instant is no
    question; with its place in the schedule and the line that would be right. `folder`: that of the rules."""
    spot: Spot | None = None
    for policy in loaded.schedule.policies.values():
        first = _find_first_late_step(policy)
        if first is None or (first.kind == "question" and first.when is None):
            continue
        duties = [duty for book in loaded.rulebooks for duty in _crawled_duties(book) if duty.escalation == policy.name]
        if not duties:
            continue
        spot = spot or Spot(read(folder / _SCHEDULE, _SCHEDULE, []))
        line, column = (spot / "policies" / policy.name / "steps" / first.name).position(key=True)
        yield Message(
            "{file}:{line}:{column}: policies.{policy}: the first step after the due date, {step!r}, does not ask "
            "whether the site was misread, which alone proves {count} of its duties ({duty} …); "
            "write before it: {right}",
            file=_SCHEDULE, line=line, column=column, policy=policy.name, count=len(duties), duty=duties[0].id,
            step=first.name, right=_build_right_line(first),
        )  # fmt: skip


def find_unlooked_policies(loaded: Loaded, folder: Path) -> Iterator[Message]:
    """Yield a warning for each policy of a duty that the crawl proves, which tells more than the liaison without a
    second look; with its place in the schedule. And one for each county whose circular asks for none."""
    spot: Spot | None = None
    for policy in loaded.schedule.policies.values():
        step = next((step for step in policy.steps if tells_others(step)), None)
        if step is None or policy.second_look:
            continue
        duties = [duty for book in loaded.rulebooks for duty in _crawled_duties(book) if duty.escalation == policy.name]
        if not duties:
            continue
        spot = spot or Spot(read(folder / _SCHEDULE, _SCHEDULE, []))
        line, column = (spot / "policies" / policy.name).position(key=True)
        yield Message(
            "{file}:{line}:{column}: policies.{policy}: the step {step!r} tells more than the liaison and the site is "
            "not looked at again before, which alone proves {count} of its duties ({duty} …); write in it: "
            "second_look: true",
            file=_SCHEDULE, line=line, column=column, policy=policy.name, step=step.name, count=len(duties),
            duty=duties[0].id,
        )  # fmt: skip
    for book in loaded.rulebooks:
        if book.circular is not None and book.circular.look_again < 1 and any(_crawled_duties(book)):
            yield Message(
                "{county}: circular: look_again: {days} lets a circular name what only a site shows without a second "
                "look; leave it out, or write 1",
                county=book.county.id,
                days=book.circular.look_again,
            )


def _crawled_duties(rulebook: Rulebook) -> Iterator[Duty]:
    """Yield the duties with a cell that the crawl alone can prove."""
    for duty in rulebook.duties:
        cells = (cell for assignment in duty.assignments for cell in assignment.cells)
        if any(all(source.columns for source in cell.sources) for cell in cells):
            yield duty


def _find_first_late_step(policy: Policy) -> Step | None:
    late = [step for step in policy.steps if step.kind != "reminder"]
    return min(late, key=lambda step: step.offset.amount * _HOURS[step.offset.unit], default=None)


def _build_right_line(first: Step) -> str:
    """Return the step that asks, at the place of the first one, for whom that one tells in the department."""
    to = [role for role in first.to if role in ("liaison", "lead")] or ["liaison"]
    offset = f"{first.offset.amount:+} {first.offset.unit}"
    return f"question: {{at: {first.anchor} {offset}, kind: question, to: [{', '.join(to)}]}}"
