"""Cites how time limits are counted: an act's own rule, the instrument on receipt, else civil law by analogy (参照)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.core.law.counting import CountedSpan
from tracker.core.law.duties import Span
from tracker.core.law.statutes import Provision, cite, counting_act_on


def find_workday_rule(law: Iterable[Provision], span: Span) -> Provision | None:
    """Return the article by which a span of days or working days that this law sets is counted in working days; None
    where none says so. Source: Licensing Law 82, Compulsion Law 69, Penalty Law 85, Reconsideration Law 88."""
    for provision in law if span.unit in ("days", "workdays") else ():
        rule = provision.act.counting
        if rule is not None and rule.covers(span.amount):
            return Provision(provision.act, rule.article)
    return None


def cite_limits(
    in_force: Sequence[Provision],
    counted: CountedSpan,
    limits: Iterable[Span | None],
    *,
    roll: bool = True,
    last: date | None = None,
) -> list[str]:
    """Return by what the limits that began with `counted` are counted. `limits`: spans, or None for a named day that
    was moved. `in_force`: the articles that set them. `roll`: whether a last day that is off moves; where not, civil
    law is cited for the first day alone, as it says otherwise of the last. `last`: the last day, where an extension
    follows; the end of a limit follows the civil act in force on its last day."""
    special, civil = list[str](), list[str]()
    for limit in limits:
        rule = find_workday_rule(in_force, limit) if limit is not None else None
        if rule is None:
            civil.append(limit.unit if limit is not None else "")
        else:
            special.append(f"期间依照{cite([rule])}以工作日计算")
    parts = list(dict.fromkeys(special))
    if not civil:
        return parts
    act, act_of_end = counting_act_on(counted.day), counting_act_on(last or counted.last)
    begin, end = act.cite_begin(civil), act_of_end.cite_end(civil)
    if not roll:
        return [*parts, f"起算参照{act.cite_begin(['hours'])}"]
    if act is act_of_end or not begin or not end:
        return [*parts, f"期间参照{(act if begin else act_of_end).cite(civil)}计算"]
    return [*parts, f"起算参照{begin}，届满参照{end}"]


def cite_receipt(in_force: Iterable[Provision], day: date) -> list[str]:
    """Return which instrument says what the day of receipt is from which these articles count."""
    rules = [
        rule.number
        for provision in in_force
        if (rule := provision.act.receipt) is not None and provision.article in rule.articles and rule.since <= day
    ]
    return [f"收到之日的认定，见{number}" for number in dict.fromkeys(rules)]
