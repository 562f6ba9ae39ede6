"""Acts and their articles: which are in force on a day, how a sentence cites them, and the acts on counting time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from tracker.core.values.keys import Key  # how a field is written in a rule file

_DIGITS = "零一二三四五六七八九"
_STATE = "中华人民共和国"


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
    """An act on counting time. `begin`: its article on the first day that is counted; `end`: the one on the last day.

    The rule stayed the same: the first day is not counted, hours run from the moment, a last day that is off moves to
    the next working day, a day ends at 24:00. Only the article that says so changed. Source: the acts themselves.
    """

    since: date
    name: str
    begin: str
    end: str

    def cite(self, *, begin: bool) -> str:
        """Return 《民法典》第二百零一条、第二百零三条; without `begin` only the article on the last day."""
        articles = [self.begin, self.end] if begin and self.begin != self.end else [self.end]
        return f"《{self.name}》" + "、".join(articles)


LAWS = (
    CountingAct(date(1987, 1, 1), "民法通则", "第一百五十四条", "第一百五十四条"),
    CountingAct(date(2017, 10, 1), "民法总则", "第二百零一条", "第二百零三条"),
    CountingAct(date(2021, 1, 1), "民法典", "第二百零一条", "第二百零三条"),
)
_SINCE = [law.since for law in LAWS]


def counting_act_on(day: date) -> CountingAct:
    """Return the act in force on that day; for days before the first of them, the first."""
    return LAWS[max(bisect_right(_SINCE, day) - 1, 0)]
