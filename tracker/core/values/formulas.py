"""What a county sets for itself: the formula of scores, and the rules of its circulars, reports and requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from tracker.core.values.keys import Key

#: What costs a department points: not published by now, published late, published in part, published and taken down,
#: the same duty failed again, published before its period or event.
FaultKind = Literal["overdue", "late", "incomplete", "gone", "repeated", "early"]


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a fault costs."""

    EXAMPLE: ClassVar[str] = "{for: late, points: 1, each: 2}"
    fault: Annotated[
        FaultKind,
        Key(
            "The fault: not published by now, published late, published in part, published and taken down, the same "
            "duty failed again, published before the matter arose.",
            name="for",
        ),
    ]
    points: Annotated[float, Key("Points lost.")]
    each: Annotated[int, Key("Lost for every so many matters of the period.")] = 1
    by_weight: Annotated[bool, Key("Times the duty's weight.")] = False
    months: Annotated[int, Key("For `repeated`: how many months back an earlier failure counts.")] = 12


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
    """The monthly circular (通报): what it bears, and whom it names."""

    EXAMPLE: ClassVar[str] = "{issuer: 样例县人民政府办公室, prefix: 样政公开通}"
    issuer: Annotated[str, Key("The issuing body: its red head and its signature.")]
    prefix: Annotated[str, Key("What stands before 〔2015〕1号 in its number.")]
    addressee: Annotated[str, Key("To whom it is addressed, without the colon.")] = "县直各有关部门"
    copies: Annotated[str, Key("抄送: who gets a copy.", "maybe")] = ""
    printed_by: Annotated[str, Key("印发: who prints it; the issuer if left out.", "maybe")] = ""
    disclosure: Annotated[str, Key("附注: 此件公开发布 or the like, put in brackets below the date.", "maybe")] = ""
    overdue: Annotated[int, Key("Nothing published: named from so many working days late.")] = 1
    incomplete: Annotated[int, Key("Published in part: named from so many working days late.")] = 10
    look_again: Annotated[
        int, Key("What a site does not show is named only if it was looked for again in the last so many working days.")
    ] = 1
    late: Annotated[bool, Key("Name what was published late in that month, too.")] = False
    repeated: Annotated[bool, Key("Name what was published late and had been late within a year.")] = True
    named: Annotated[int, Key("So many of the best and of the worst departments are named.")] = 3
    lights: Annotated[bool, Key("Attach the lights of the year so far, as a picture.")] = False


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The overdue report: in which form the county office sends it, and what it bears."""

    EXAMPLE: ClassVar[str] = "{form: bulletin, signer: 丁启明}"
    form: Annotated[
        Literal["bulletin", "list"],
        Key("`bulletin`: a numbered 专报, which the office signs and sends up; `list`: an internal 逾期情况清单."),
    ] = "bulletin"
    name: Annotated[str, Key("The red head of a bulletin.")] = "政务公开督办专报"
    issuer: Annotated[str, Key("Who issues it; left out: as the circular, else the county office.", "maybe")] = ""
    signer: Annotated[str, Key("签发人; a blank to fill in by hand if left out.", "maybe")] = ""
    recipient: Annotated[str, Key("报送: to whom; the supervisor if left out.", "maybe")] = ""
    week: Annotated[bool, Key("Mail the office its week (一周督办要点) when the schedule's job `week` says.")] = True


@dataclass(frozen=True, slots=True)
class RequestRules:
    """Requests on application: what their papers say of the department and of the bodies to which one can turn."""

    EXAMPLE: ClassVar[str] = "{court: 样例市铁路运输法院}"
    names: Annotated[
        Mapping[str, str],
        Key("By department, its name on papers; left out: the county's name and the department's.", "by department"),
    ] = field(default_factory=dict)
    contacts: Annotated[
        Mapping[str, str],
        Key("By department, whom an applicant asks, in words; left out: the liaison's `tel`.", "by department"),
    ] = field(default_factory=dict)
    government: Annotated[
        str, Key("The government that hears reconsideration; left out: the county's, as 样例县人民政府.", "maybe")
    ] = ""
    superiors: Annotated[
        Mapping[str, str],
        Key(
            "By department, its superior at the next level, which until 2023 could hear reconsideration, too; left "
            "out: 上一级主管部门.",
            "by department",
        ),
    ] = field(default_factory=dict)
    superior_alone: Annotated[
        tuple[str, ...],
        Key(
            "Departments whose superior alone hears reconsideration: those under vertical leadership (实行垂直领导), "
            "and one that answers for the county's government itself.",
            "names",
        ),
    ] = ()
    court: Annotated[str, Key("The court; left out: 有管辖权的人民法院.", "maybe")] = ""
    reconsider_first: Annotated[
        tuple[str, ...],
        Key(
            "The kinds of answer against which reconsideration comes before a lawsuit from 2024 on. That a refusal in "
            "part counts among them is an assumption.",
            "names",
        ),
    ] = ("withheld", "partly")
