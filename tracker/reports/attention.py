"""What of a report asks somebody to act: evidence that waits for a person, a site that could not be looked at, people
who cannot be written to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from notifications.addresses import usable
from tracker.core.law.county import County, Rulebook
from tracker.core.law.wording import role_zh
from tracker.core.verdict.questions import KINDS, Question
from tracker.store.faults import Fault

#: More than this a mail does not list; `duban evidence list` has all of them.
SHOWN = 30
_TONES = {"gone": "red"} | dict.fromkeys(("disputed", "contradicted", "hollow", "old-text", "redated"), "yellow")
_NAMED = 5
#: Faults of the site itself: its lists, and the articles behind them.
_OF_THE_SITE = ("crawl", "articles")


def for_people(waiting: Sequence[Question] | None) -> dict[str, Any]:
    """The list of what is to be decided, as JSON: the first of them, and how many there are of each kind."""
    if waiting is None:
        return {}
    kinds = Counter(question.kind for question in waiting)
    return {
        "decide": [_shown(question) for question in waiting[:SHOWN]],
        "decide_more": max(0, len(waiting) - SHOWN),
        "decide_kinds": [f"{KINDS[kind]}{kinds[kind]}项" for kind in KINDS if kinds[kind]],
    }


def _shown(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind_zh,
        "tone": _TONES.get(question.kind, "grey"),
        "matter": f"{question.department}：{question.duty}，{question.period}",
        "title": question.title,
        "url": question.target if "://" in question.target else "",
        "question": question.question,
        "command": question.accept,
    }


def blind(rulebook: Rulebook, faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """What could not be looked at and why: columns with the same fault in one line."""
    zone, columns = rulebook.county.zone, rulebook.county.columns
    by_note: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.action in _OF_THE_SITE:
            by_note[fault.error].append(fault)
    lines = []
    for note, group in by_note.items():
        names = [column.title or column.name for one in group if (column := columns.get(_key(one))) is not None]
        names = list(dict.fromkeys(names)) or [_key(one) for one in group]
        since = min(one.first_at for one in group).astimezone(zone)
        where = "、".join(f"“{name}”" for name in names[:_NAMED])
        if len(names) > _NAMED:
            where += f"等{len(names)}个栏目"
        lines.append({"where": where, "note": note, "since": f"{since.month}月{since.day}日{since:%H:%M}"})
    return lines


def unreachable(county: County) -> list[str]:
    """Who cannot be written to for want of an address, and who is told instead."""
    units = county.departments.values()
    liaisons = [unit.name for unit in units if not usable(unit.liaison.mail)]
    leads = [unit.name for unit in units if not usable(unit.lead.mail)]
    roles = [role_zh(name) for name, contact in county.roles.items() if not usable(contact.mail)]
    lines = {
        "联络员：{}。通知改发本单位负责人；负责人也没有邮箱的，改发县政务公开办公室。": liaisons,
        "负责人：{}。通知改发县政务公开办公室。": leads,
        "县级：{}。": roles,
    }
    return [line.format("、".join(names)) for line, names in lines.items() if names]


def _key(fault: Fault) -> str:
    return fault.subject.removeprefix("column:")
