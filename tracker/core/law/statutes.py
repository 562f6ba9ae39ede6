"""Acts and their articles: which are in force on a day, how a sentence cites them, and how time limits are counted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar

from tracker.core.values.keys import Key  # how a field is written in a rule file

_DIGITS = "零一二三四五六七八九"
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class WorkdayRule:
    """An article by which a limit of so many days (日) that the act sets means working days."""

    EXAMPLE: ClassVar[str] = "{article: 85, days: [2, 3, 5, 7]}"
    article: Annotated[str, Key("The article of the act.", "label")]
    days: Annotated[tuple[int, ...], Key("Only limits of just so many days; left out: all.")] = ()
    up_to: Annotated[int | None, Key("Only limits of at most so many days.")] = None

    def covers(self, amount: int) -> bool:
        """Return whether it is about a limit of that many days."""
        return (not self.days or amount in self.days) and (self.up_to is None or amount <= self.up_to)


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """An instrument of its own on the day that counts as the day of receipt, from which a limit of the act runs."""

    EXAMPLE: ClassVar[str] = "{number: 国办公开办函〔2015〕207号, articles: [24], from: 2016-01-01}"
    number: Annotated[str, Key("Its number.")]
    articles: Annotated[tuple[str, ...], Key("The articles of the act whose limits run from receipt.", "texts")]
    since: Annotated[date, Key("The first day on which it is cited.", name="from")]


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which an act lets information be withheld."""

    title: Annotated[str, Key("What it is called.")]
    article: Annotated[str, Key("The article that names it.", "article")]


@dataclass(frozen=True, slots=True)
class Act:
    """One text of a statute; a revision that changes what is cited is an act of its own."""

    id: str
    title: Annotated[str, Key("Its full title, without brackets.")]
    number: Annotated[str, Key("The number of the order that promulgated it.")]
    since: Annotated[date, Key("The first day it is in force.", name="from")]
    until: Annotated[date | None, Key("The last day; left out while it is in force.")] = None
    counting: Annotated[WorkdayRule | None, Key("Which of its limits in days are counted in working days.")] = None
    receipt: Annotated[ReceiptRule | None, Key("What says which day counts as the day of receipt.")] = None
    # Only decisions name them, so they are no part of the rules by which an occurrence is judged.
    grounds: Annotated[
        Mapping[str, Ground],
        Key("The grounds on which it lets information be withheld, by the name that decisions use."),
    ] = field(default_factory=dict, compare=False)

    def is_in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def short(self) -> str:
        """预算法 for 中华人民共和国预算法."""
        return short_title(self.title)


@dataclass(frozen=True, slots=True)
class Provision:
    """An article of an act: `14`, or `4.12` of a numbered catalogue."""

    act: Act
    article: str

    @property
    def in_words(self) -> str:
        """第十四条, 第4.12项."""
        return f"第{_numeral(int(self.article))}条" if self.article.isdecimal() else f"第{self.article}项"


def short_title(title: str) -> str:
    """Return an act's title without the name of the state."""
    return title.removeprefix(_STATE)


def provisions_in_force(provisions: Iterable[Provision], day: date) -> tuple[Provision, ...]:
    """Return the provisions whose act is in force on that day."""
    return tuple(provision for provision in provisions if provision.act.is_in_force(day))


def grounds_in_force(acts: Iterable[Act], day: date) -> dict[str, tuple[str, Provision]]:
    """Return by name the title and article of each ground of the acts in force on that day."""
    grounds: dict[str, tuple[str, Provision]] = {}
    for act in acts:
        if act.is_in_force(day):
            for name, ground in act.grounds.items():
                grounds.setdefault(name, (ground.title, Provision(act, ground.article)))
    return grounds


def cite(provisions: Iterable[Provision], *, full: bool = False) -> str:
    """Return the citation 《行政处罚法》第四十八条、第八十五条, or "". `full`: with the acts' full titles."""
    articles: dict[str, list[str]] = {}
    for provision in provisions:
        act = provision.act
        articles.setdefault(act.title if full else act.short, []).append(provision.in_words)
    return "、".join(f"《{title}》{'、'.join(named)}" for title, named in articles.items())


def _numeral(number: int) -> str:
    """Return a whole number below a thousand in Chinese: 十四, 一百零五, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else _DIGITS[tens]}十"
    elif hundreds and ones:
        text += _DIGITS[0]
    return text + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class CountingAct:
    """A civil act on counting time, which limits set for offices follow by analogy (参照): its articles on the first
    day that is counted (`begin`), on months and years (`months`), and on the last day (`end`).

    The rule stayed the same: the first day is not counted, hours run from the moment, a last day that is off moves to
    the next working day, a day ends at 24:00. Only the article that says so changed; that a month ends on the
    corresponding day is written since 2017. Source: the acts themselves.
    """

    since: date
    name: str
    begin: int
    months: int
    end: int

    def cite(self, units: Sequence[str]) -> str:
        """Return 《民法典》第二百零一条、第二百零三条. `units`: those of the spans; "": a named day is only moved."""
        return self._cite(self._begins(units) | self._ends(units))

    def cite_begin(self, units: Iterable[str]) -> str:
        """Return the citation on the first day alone, or ""."""
        return self._cite(self._begins(units))

    def cite_end(self, units: Iterable[str]) -> str:
        """Return the citation on the last day alone, or ""."""
        return self._cite(self._ends(units))

    def _begins(self, units: Iterable[str]) -> set[int]:
        return {self.begin for unit in units if unit not in ("", "same-workday")}

    def _ends(self, units: Iterable[str]) -> set[int]:
        ends = {self.end for unit in units if unit != "hours"}
        return ends | {self.months for unit in units if unit in ("months", "years")}

    def _cite(self, numbers: set[int]) -> str:
        articles = [f"第{_numeral(number)}条" for number in sorted(numbers)]
        named = f"{articles[0]}至{articles[-1]}" if len(articles) > 2 else "、".join(articles)
        return f"《{self.name}》{named}" if articles else ""


LAWS = (
    CountingAct(date(1987, 1, 1), "民法通则", 154, 154, 154),
    CountingAct(date(2017, 10, 1), "民法总则", 201, 202, 203),
    CountingAct(date(2021, 1, 1), "民法典", 201, 202, 203),
)
#: Since when an article says that a month without the corresponding day ends on its last.
MONTHS_END_SINCE = LAWS[1].since
_SINCE = [law.since for law in LAWS]


def counting_act_on(day: date) -> CountingAct:
    """Return the act in force on that day; for days before the first of them, the first."""
    return LAWS[max(bisect_right(_SINCE, day) - 1, 0)]
