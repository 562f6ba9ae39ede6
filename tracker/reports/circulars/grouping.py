"""Groups a circular's lines for its text: by type of fault, then by duty; the attached table has every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from tracker.core.assessment.circular import PROBLEMS, Problem
from tracker.core.law.periods import split_label
from tracker.core.law.wording import day_zh, days_zh, nested

_HEADINGS: Mapping[Problem, str] = {
    "overdue": "逾期未公开",
    "incomplete": "公开内容不完整",
    "gone": "公开后又撤下",
    "unkept": "已公开的内容未核对更新",
    "repeated": "屡次逾期",
    "late": "未按时限公开",
}
#: By type of fault what the lines of a duty have in common, before their days late.
_STATES = {
    "overdue": "已逾期",
    "incomplete": "已逾期",
    "unkept": "内容已公开，至今未更新或确认，已逾期",
    "repeated": "已公开，逾期",
    "late": "已公开，逾期",
}
#: What is said of the days of a daily duty.
_DAILY = {"overdue": "至今未公开", "incomplete": "至今仍不完整", "unkept": "至今未更新"}
#: So many departments are named one by one.
_NAMED = 3


def group_by_problem(fresh: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines of each type of fault: `duties` for the text, `lines` one by one for a county's own template."""
    by_problem = {problem: [line for line in fresh if line["problem"] == problem] for problem in PROBLEMS}
    return [
        {"problem": problem, "title": _HEADINGS[problem], "lines": _fold_days(lines), "duties": group_by_duty(lines)}
        for problem, lines in by_problem.items()
        if lines
    ]


def group_by_duty(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the text says of each duty: `who` (…等9个单位), `title`, `about`, and the `anchor` of what it rests on.

    Lines that an earlier circular named stand together by its number.
    """
    by_duty: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for line in lines:
        by_duty.setdefault((line["duty"], line["title"], line["warned"]), []).append(line)
    return [_one(folded[0]) if len(folded := _fold_days(group)) == 1 else _several(group) for group in by_duty.values()]


def _one(line: Mapping[str, Any]) -> dict[str, Any]:
    """One line: everything about it but what is missing, which the table says."""
    detail = line["detail"].removesuffix(f"，{line['lacking']}") if line["lacking"] else line["detail"]
    about = about_of({**line, "detail": detail})
    return {"who": line["who"], "title": line["title"], "about": about, "anchor": line["anchor"]}


def _several(group: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The lines of one duty: whom it concerns, what they have in common, and where they stand in the table."""
    units = list(dict.fromkeys(line["who"] for line in group))
    more = f"等{len(units)}个单位" if len(units) > _NAMED else ""
    parts = [f"共{len(group)}项" if len(group) > len(units) else "", _common(group, "period"), _limits(group)]
    parts += [_state(group), f"见附件1第{_numbers([line['number'] for line in group])}项"]
    about = nested("，".join(filter(None, parts)))
    return {"who": "、".join(units[:_NAMED]) + more, "title": group[0]["title"], "about": about, "anchor": "table-1"}


def _common(group: Sequence[Mapping[str, Any]], name: str) -> str:
    """The value that all of them have; "" where they differ."""
    values = {line[name] for line in group}
    return str(values.pop()) if len(values) == 1 else ""


def _limits(group: Sequence[Mapping[str, Any]]) -> str:
    """Their time limit, or the first and the last of them."""
    days = sorted(line["due_on"] for line in group if line["due_on"])
    if all(line["day"] for line in group):
        return "应逐日公开"
    if (limit := _common(group, "limit")) or not days:
        return limit
    first, last = (date.fromisoformat(day) for day in (days[0], days[-1]))
    return f"时限{day_zh(first)}" if first == last else f"时限{day_zh(first)}至{day_zh(last)}"


def _state(group: Sequence[Mapping[str, Any]]) -> str:
    first = group[0]
    if first["warned"]:
        return f"{first['warned']}通报，至今仍未更新到位"
    if first["problem"] == "gone":
        return "公开后撤下，至今未恢复"
    if all(line["day"] for line in group):
        return _DAILY.get(first["problem"], str(first["problem_zh"]))
    days = sorted(line["days_late"] for line in group)
    if not days[-1]:
        return ""
    count = f"{days[0]}至{days[-1]}" if days[0] != days[-1] else f"{days[0]}"
    return f"{_STATES[first['problem']]}{count}个工作日"


def _numbers(numbers: Sequence[int]) -> str:
    """`3、5～8`."""
    runs = groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    return "、".join(_run([number for _, number in run]) for _, run in runs)


def _run(numbers: Sequence[int]) -> str:
    if len(numbers) < 3:
        return "、".join(map(str, numbers))
    return f"{numbers[0]}～{numbers[-1]}"


def _fold_days(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines, with the days that a department missed of a daily duty as one."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for line in lines:
        key = (line["duty"], line["department"]) if line["day"] else (line["key"],)
        groups.setdefault(key, []).append(line)
    return [group[0] if len(group) == 1 else _days(group) for group in groups.values()]


def _days(group: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    days = [date.fromisoformat(split_label(line["day"])[0]) for line in group]
    period = days_zh(days).replace("（", "，").removesuffix("）")  # it stands in brackets itself
    folded = {**group[0], "period": period, "limit": "应逐日公开", "detail": f"，{_state(group)}", "lacking": ""}
    return folded | {"about": about_of(folded)}


def about_of(line: Mapping[str, Any]) -> str:
    """What stands in brackets behind a matter: its period, its limit, and the detail."""
    return nested("，".join(filter(None, (line["period"], line["limit"]))) + line["detail"])


def missing_zh(missing: Sequence[str]) -> str:
    """What is missing: sentences as they are; names of items, which earlier versions stored, as what is lacking."""
    are_sentences = all("未" in words for words in missing)
    return "，".join(missing) if are_sentences else f"尚缺{'、'.join(missing)}"
