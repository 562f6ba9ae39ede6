"""The parts of a report that ask somebody to act: evidence to decide on, faults of the site, missing addresses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from notifications.addresses import usable
from tracker.core.law.county import County, Rulebook
from tracker.core.law.wording import moment_zh
from tracker.core.requests.values import Move, Request
from tracker.core.verdict.questions import KINDS, Question
from tracker.store.engine import Tx
from tracker.store.faults import Fault
from tracker.store.person_looks import Look
from tracker.store.visits import list_blind_columns

#: The most articles that a mail lists; `duban evidence list` has all of them.
SHOWN = 30
_TONES = {"gone": "red"} | dict.fromkeys(("disputed", "contradicted", "hollow", "old-text", "redated"), "yellow")
_MAX_COLUMNS = 5
_MAX_MATTERS = 3
#: Actions whose faults are those of the site: reading its lists, and the articles behind them.
_OF_THE_SITE = ("crawl", "articles")


def for_people(waiting: Sequence[Question]) -> dict[str, Any]:
    """The questions as JSON: the first articles that they are about, each once, how many more articles there are, and
    how many questions of each kind."""
    kinds = Counter(question.kind for question in waiting)
    by_article: dict[str, list[Question]] = defaultdict(list)
    for question in waiting:
        by_article[question.target].append(question)
    return {
        "decide": [_shown(questions) for questions in list(by_article.values())[:SHOWN]],
        "decide_more": max(0, len(by_article) - SHOWN),
        "decide_kinds": [f"{KINDS[kind]}{kinds[kind]}项" for kind in KINDS if kinds[kind]],
    }


def _shown(questions: Sequence[Question]) -> dict[str, Any]:
    """The questions about one article: of which kinds, whom they concern, and each question once."""
    first = questions[0]
    matters = list(dict.fromkeys(question.matter for question in questions))
    more = f"等{len(matters)}项" if len(matters) > _MAX_MATTERS else ""
    return {
        "kind": "、".join(dict.fromkeys(question.kind_zh for question in questions)),
        "tone": _TONES.get(first.kind, "grey"),
        "matter": "；".join(matters[:_MAX_MATTERS]) + more,
        "title": first.title,
        "url": first.target if "://" in first.target else "",
        "question": "；".join(dict.fromkeys(question.question for question in questions)),
    }


def list_blind(tx: Tx, rulebook: Rulebook, at: datetime) -> list[Fault]:
    """The faults of the columns that could not be read at that instant, without columns that the county dropped."""
    columns = rulebook.county.columns
    faults = list_blind_columns(tx, rulebook.county.id, at)
    watched = {key for key, column in columns.items() if not column.is_unfilled}
    return [fault for fault in faults if _column_of(fault) in watched]


def _column_of(fault: Fault) -> str:
    return fault.subject.removeprefix("column:")


def blind(rulebook: Rulebook, faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """The columns that could not be read and why, those with the same fault in one line."""
    zone, columns = rulebook.county.zone, rulebook.county.columns
    by_note: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.action in _OF_THE_SITE:
            by_note[fault.error].append(fault)
    lines = []
    for note, group in by_note.items():
        known = [columns[_column_of(fault)] for fault in group]
        names = list(dict.fromkeys(column.title or column.name for column in known))
        since = min(fault.first_at for fault in group).astimezone(zone)
        where = "".join(f"“{name}”" for name in names[:_MAX_COLUMNS])
        if len(names) > _MAX_COLUMNS:
            where += f"等{len(names)}个栏目"
        lines.append({"where": where, "note": note, "since": moment_zh(since)})
    return lines


def looks_zh(looks: Sequence[Look]) -> list[str]:
    """Who looked at the personal data of requests: how often, at how many, and the last purposes."""
    by_person: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        by_person[look.by].append(look)
    lines = []
    for by, own in by_person.items():
        purposes = list(dict.fromkeys(look.purpose for look in reversed(own)))
        more = "等" if len(purposes) > _MAX_MATTERS else ""
        requests = len({look.request for look in own})
        lines.append(f"{by}：{len(own)}次，{requests}件（{'、'.join(purposes[:_MAX_MATTERS])}{more}）")
    return lines


def remarks_zh(rulebook: Rulebook, found: Sequence[tuple[Request, Move]]) -> list[str]:
    """What was unlawful about steps of requests, a line each; the first of many."""
    names = {key: unit.name for key, unit in rulebook.county.departments.items()}
    lines = [
        f"{names.get(request.owner, request.owner)}：{request.reference}，{remark.text}（{remark.provision}）"
        for request, move in found
        for remark in move.remarks
    ]
    return lines[:SHOWN] + ([f"另有{len(lines) - SHOWN}条。"] if len(lines) > SHOWN else [])


def unreachable(county: County) -> list[str]:
    """The people without a usable address, and who gets their mails instead."""
    units = county.departments.values()
    liaisons = [unit.name for unit in units if not usable(unit.liaison.mail)]
    leads = [unit.name for unit in units if not usable(unit.lead.mail)]
    roles = [county.role_name(name) for name, contact in county.roles.items() if not usable(contact.mail)]
    office = county.role_name("county-office")
    lines = (
        ("联络员", liaisons, f"通知改发本单位负责人；负责人也没有邮箱的，改发{office}。"),
        ("负责人", leads, f"通知改发{office}。"),
        ("县级", roles, ""),
    )
    return [f"{whom}：{'、'.join(names)}。{instead}" for whom, names, instead in lines if names]
