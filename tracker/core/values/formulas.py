"""What a county sets for itself: the formula of scores, and the rules of its circulars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: What scores hold against a department.
FaultKind = Literal["overdue", "late", "incomplete", "gone", "repeated", "early"]


@dataclass(frozen=True, slots=True)
class Deduction:
    """`points` for every `each` matters of that fault. `by_weight`: times the duty's weight.

    `months`: how far back an earlier fault of the same duty makes it `repeated`.
    """

    fault: FaultKind
    points: float
    each: int = 1
    by_weight: bool = False
    months: int = 12


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points won by an event of that name, together not more than `most` (None: no limit)."""

    event: str
    title: str
    points: float
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the least marks that give it."""

    name: str
    least: float


@dataclass(frozen=True, slots=True)
class Scoring:
    """A formula of assessment. `item`: a duty of weight 1 costs not more than so many points (None: no cap).

    `vetoes`: events of which one is enough (一票否决), by name and title. `grades`: best first.
    """

    title: str
    full: float
    deductions: tuple[Deduction, ...]
    item: float | None = None
    bonuses: tuple[Bonus, ...] = ()
    vetoes: Mapping[str, str] = field(default_factory=dict)
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True)
class CircularRules:
    """How a county criticises in public, and what its circulars bear.

    `issuer`: the red head; `prefix`: of the number; `overdue`, `incomplete`: at least so many working days late;
    `late`, `repeated`: whether what was made good late, or late once more within a year, is named; `named`: so many of
    the best and the worst; `lights`: whether the lights of the year so far are attached as a picture.
    """

    issuer: str
    prefix: str
    addressee: str
    copies: str = ""
    printed_by: str = ""
    overdue: int = 1
    incomplete: int = 10
    late: bool = False
    repeated: bool = True
    named: int = 3
    lights: bool = False
