"""The formula of assessment in a county's or a pack's file, and how it is checked and built."""

from __future__ import annotations

from tracker.core.law.duties import EventRule
from tracker.core.values.formulas import Bonus, Deduction, Grade, Scoring
from tracker.core.values.message import Message
from tracker.rulebook.document import Defined
from tracker.rulebook.scalars import Amount, Slug, Text
from tracker.rulebook.shape import Model, Read, optional, required


class BonusModel(Model):
    """Points won by a recorded event."""

    EXAMPLE = "{event: praised, points: 2, most: 4}"
    event: Slug = required("The event; declared under `events` of a pack.")
    title: Text | None = optional("What it is called; the event's title if left out.")
    points: Amount = required("Points won by each.")
    most: Amount | None = optional("Not more than so many in one period.")


class ScoringModel(Model):
    """A formula of assessment (考核评议): no law sets one, so it is written here."""

    title: Text = required("What it is called.")
    full: Amount = optional("The marks that everybody starts with.", 100.0)
    deductions: list[Read[Deduction]] = required("What costs points.", min_length=1)
    item: Amount | None = optional("A duty costs not more than so many points times its weight in one period.")
    bonuses: list[BonusModel] = optional("What wins points.", factory=list)
    veto: list[Slug] = optional("Events of which one is enough for nought and the last grade (一票否决).", factory=list)
    grades: dict[Text, Amount] = optional(
        "Grades by the least marks that give them, best first, the last from 0.", factory=dict
    )


def build_scoring(model: ScoringModel, events: Defined[EventRule]) -> Scoring:
    """The formula. `events`: those that packs declare."""
    _check_deductions(model)
    _check_grades(model)
    named = [(bonus.spot / "event", bonus.event) for bonus in model.bonuses]
    named += [(model.spot / "veto" / index, name) for index, name in enumerate(model.veto)]
    for place, name in named:
        events.check(name, place)
    titles = {name: events[name].title if name in events else name for _, name in named}
    return Scoring(
        title=model.title,
        full=model.full,
        deductions=tuple(model.deductions),
        item=model.item,
        bonuses=tuple(
            Bonus(bonus.event, bonus.title or titles[bonus.event], bonus.points, bonus.most) for bonus in model.bonuses
        ),
        vetoes={name: titles[name] for name in model.veto},
        grades=tuple(Grade(name, least) for name, least in model.grades.items()),
    )


def _check_deductions(model: ScoringModel) -> None:
    seen: set[str] = set()
    for index, deduction in enumerate(model.deductions):
        here = model.spot / "deductions" / index
        if deduction.fault in seen:
            (here / "for").report(Message("{fault!r} costs points already", fault=deduction.fault))
        seen.add(deduction.fault)
        if deduction.each == 0:
            (here / "each").report(Message("points for every 0 matters"), ("1, 2, …",))


def _check_grades(model: ScoringModel) -> None:
    here, before = model.spot / "grades", None
    for name, least in model.grades.items():
        if before is not None and least >= before:
            (here / name).report(
                Message(
                    "{name!r} begins at {least:g}, not below the grade before it ({before:g}): best first",
                    name=name,
                    least=least,
                    before=before,
                )
            )
        before = least
    if before and not here.names_left_out:
        here.report(Message("no grade begins at 0: who has fewer than {before:g} marks would have none", before=before))
