"""Acts and their articles: whether they are in force on a day, and how a sentence cites them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from tracker.core.values.keys import Key

_DIGITS = "零一二三四五六七八九"
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Act:
    """One text of a statute; a revision that changes what is cited is an act of its own."""

    id: str
    title: Annotated[str, Key("Its full title, without brackets.")]
    number: Annotated[str, Key("The number of the order that promulgated it.")]
    since: Annotated[date, Key("The first day it is in force.", name="from")]
    until: Annotated[date | None, Key("The last day; left out while it is in force.")] = None

    def in_force(self, day: date) -> bool:
        """Whether the text is in force on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def short(self) -> str:
        """预算法 for 中华人民共和国预算法."""
        return self.title.removeprefix(_STATE)


@dataclass(frozen=True, slots=True)
class Provision:
    """An article of an act: `14`, or `4.12` of a numbered catalogue."""

    act: Act
    article: str


def in_force(law: Iterable[Provision], day: date) -> tuple[Provision, ...]:
    """The provisions whose act is in force on that day."""
    return tuple(provision for provision in law if provision.act.in_force(day))


def cite(law: Iterable[Provision]) -> str:
    """《行政处罚法》第四十八条、第八十五条; "" where there is nothing to cite."""
    articles: dict[str, list[str]] = {}
    for provision in law:
        articles.setdefault(provision.act.short, []).append(_article(provision.article))
    return "、".join(f"《{title}》{'、'.join(named)}" for title, named in articles.items())


def _article(number: str) -> str:
    return f"第{_numeral(int(number))}条" if number.isdecimal() else f"第{number}项"


def _numeral(number: int) -> str:
    """A whole number below a thousand in Chinese: 十四, 一百零五, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else _DIGITS[tens]}十"
    elif hundreds and ones:
        text += _DIGITS[0]
    return text + (_DIGITS[ones] if ones else "")
