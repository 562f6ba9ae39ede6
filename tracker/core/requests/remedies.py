"""The legal remedies that an answer names, with their terms, by the day of the answer.

Reconsideration (行政复议): within 60 days of knowing of the act: Reconsideration Law of 1999, art. 9; as revised in
2023, in force from 1 January 2024, art. 20. Lawsuit (行政诉讼): within three months of knowing: Administrative
Litigation Law of 1989, art. 39; as amended in 2014, in force from 1 May 2015, within six months: art. 46. From 2024
reconsideration comes first where disclosure was refused, and the answer says so: art. 23, first paragraph, no. 4, and
second paragraph; against its decision, and where it is not accepted or not decided in time (art. 34), there is the
lawsuit of art. 45 of the Administrative Litigation Law within 15 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.core.law.county import Department
from tracker.core.values.formulas import RequestRules

#: From this day the lawsuit's term is six months.
SIX_MONTHS_SINCE = date(2015, 5, 1)
#: From this day the county's government alone hears reconsideration of its departments' acts (art. 24), and
#: reconsideration comes first where disclosure was refused.
REVISED_SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy. `body` (Chinese): to whom one turns; `term` (Chinese): from when one knows of the answer, as 60日;
    `provision`: acts and articles.

    `after_reconsideration`: a lawsuit that is open only against the decision on reconsideration, and from then on.
    """

    way: Literal["reconsideration", "lawsuit"]
    body: str
    term: str
    provision: str
    after_reconsideration: bool = False


def remedies(
    kind: str, answered_on: date, *, department: str, county: str, rules: RequestRules | None = None
) -> tuple[Remedy, ...]:
    """The remedies against an answer of that kind given on that day, in the order in which they are open.

    `department`: the id of the one that answers; `county`: the county's name; `rules`: the county's.
    """
    rules = rules or RequestRules()
    revised = answered_on >= REVISED_SINCE
    is_first = revised and kind in rules.reconsider_first
    body = _reconsideration_body(department, county, rules, revised=revised)
    articles = "第二十条、第二十三条第一款第四项" if is_first else "第二十条" if revised else "第九条"
    reconsideration = Remedy("reconsideration", body, "60日", f"《中华人民共和国行政复议法》{articles}")
    court = rules.court or "有管辖权的人民法院"
    if is_first:
        return reconsideration, Remedy(
            "lawsuit", court, "15日", "《中华人民共和国行政诉讼法》第四十五条", after_reconsideration=True
        )
    if answered_on >= SIX_MONTHS_SINCE:
        return reconsideration, Remedy("lawsuit", court, "六个月", "《中华人民共和国行政诉讼法》第四十六条")
    return reconsideration, Remedy("lawsuit", court, "三个月", "《中华人民共和国行政诉讼法》第三十九条")


def list_government_offices(departments: Mapping[str, Department], rules: RequestRules | None = None) -> list[str]:
    """The departments, by id, that may answer for the county's government itself, where the county does not say who is
    above them: against the government's own acts one turns to the one above it (2023, art. 24; 1999, art. 13)."""
    rules = rules or RequestRules()
    return [
        id
        for id, department in departments.items()
        if department.name.endswith(("政府办公室", "政府办", "人民政府"))
        and id not in rules.superiors
        and id not in rules.superior_alone
    ]


def _reconsideration_body(department: str, county: str, rules: RequestRules, *, revised: bool) -> str:
    """The government; until 2023 the department's superior, too (1999, art. 12); under vertical leadership it alone
    (1999, art. 12; 2023, art. 27)."""
    government = rules.government or f"{county}人民政府"
    superior = rules.superiors.get(department, "上一级主管部门")
    if department in rules.superior_alone:
        return superior
    return government if revised else f"{government}或者{superior}"
