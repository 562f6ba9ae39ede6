"""The legal remedies that an answer names, with their terms, by the day of the answer.

Reconsideration (行政复议): within 60 days of knowing of the act: Reconsideration Law of 1999, art. 9; as revised in
2023, in force from 1 January 2024, art. 20. Lawsuit (行政诉讼): within three months of knowing: Administrative
Litigation Law of 1989, art. 39; as amended in 2014, in force from 1 May 2015, within six months: art. 46. From 2024
reconsideration comes first where disclosure was refused, and the answer says so: art. 23, first paragraph, no. 4, and
second paragraph; against its decision there is the lawsuit of art. 45 of the Administrative Litigation Law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.core.requests.answer_kinds import ANSWER_KINDS

#: From this day the lawsuit's term is six months.
SIX_MONTHS_SINCE = date(2015, 5, 1)
#: From this day reconsideration comes first where disclosure was refused.
RECONSIDERATION_FIRST_SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy. `term` (Chinese): from when the answer is known, as 60日 or 六个月; `provision`: act and article.

    `after_reconsideration`: a lawsuit that is open only against the decision on reconsideration.
    """

    way: Literal["reconsideration", "lawsuit"]
    term: str
    provision: str
    after_reconsideration: bool = False


def remedies(kind: str, answered_on: date) -> tuple[Remedy, ...]:
    """The remedies against an answer of that kind given on that day, in the order in which they are open."""
    revised = answered_on >= RECONSIDERATION_FIRST_SINCE
    reconsideration = Remedy("reconsideration", "60日", f"《行政复议法》第{'二十' if revised else '九'}条")
    if revised and ANSWER_KINDS[kind].refuses:
        return reconsideration, Remedy("lawsuit", "15日", "《行政诉讼法》第四十五条", after_reconsideration=True)
    if answered_on >= SIX_MONTHS_SINCE:
        return reconsideration, Remedy("lawsuit", "六个月", "《行政诉讼法》第四十六条")
    return reconsideration, Remedy("lawsuit", "三个月", "《行政诉讼法》第三十九条")
