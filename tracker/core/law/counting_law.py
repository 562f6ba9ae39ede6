"""The act that rules how time is counted, by the day it was in force. Source: the acts themselves.

Source: the acts themselves.

民法通则 in force from 1987-01-01, 民法总则 from 2017-10-01, 民法典 from 2021-01-01. The rule stayed the
same: the first day is not counted, hours run from the moment, a last day that is off moves to the
next working day, a day ends at 24:00. Only the article that says so changed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CountingAct:
    """An act on counting time. `begin`: where counting starts (day zero, or the hour); `end`: the last day."""

    since: date
    name: str
    begin: str
    end: str

    def cite(self, *, begin: bool) -> str:
        """《民法典》第二百零一条、第二百零三条; without `begin` only the article on the last day."""
        articles = [self.begin, self.end] if begin and self.begin != self.end else [self.end]
        return f"《{self.name}》" + "、".join(articles)


LAWS = (
    CountingAct(date(1987, 1, 1), "民法通则", "第一百五十四条", "第一百五十四条"),
    CountingAct(date(2017, 10, 1), "民法总则", "第二百零一条", "第二百零三条"),
    CountingAct(date(2021, 1, 1), "民法典", "第二百零一条", "第二百零三条"),
)
_SINCE = [law.since for law in LAWS]


def counting_act_on(day: date) -> CountingAct:
    """The act in force on that day; for days before the first of them, the first."""
    return LAWS[max(bisect_right(_SINCE, day) - 1, 0)]
