"""One year of one department under the shipped rules and policies, as a list that a person reads from top to bottom.

After a deliberate change `.venv/bin/python -m tests.rules.test_golden_year --write`; then read it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.journalled import assert_journal_holds
from tests.rules.department_year import ROOT
from tests.rules.huanbao_2015 import LAST, ZONE, story
from tests.rules.huanbao_year import REPORTS, live_the_year
from tracker.rulebook.load import load
from tracker.store.engine import Store
from tracker.store.notices import list_notices
from tracker.store.sent import list_sent_notices

GOLDEN = Path(__file__).parent / "golden" / "huanbao-2015.txt"
_DAYS = "一二三四五六日"
_ROLES = {"liaison": "联络员", "lead": "负责人", "county-office": "公开办", "supervisor": "分管领导"}


def written(store: Store, until: date = LAST) -> tuple[str, list[Any]]:
    """The list to the end of that day, and every notice that was decided, both without the weekly reports."""
    with store.read() as tx:
        sent, decided = [
            [notice for notice in notices if not notice["subject"].startswith(REPORTS)]
            for notices in (list_sent_notices(tx), list_notices(tx, "sample"))
        ]
        assert_journal_holds(tx, "sample")
    return "\n".join(_written(sent, decided, until)) + "\n", decided


def _written(sent: list[Any], decided: list[Any], until: date) -> Iterator[str]:
    calendar = load(ROOT, {}).calendar
    yield "# 样例县环保局2015年。“·”当年发生的事；“✉”发出的通知：步骤（#重复/重开）、种类、收件人、事项 — 理由。"
    yield "# What happened (·) and what was mailed (✉): step (#repeat/episode), kind, to whom, the matter — why."
    told = [(at, 0, f"· {said}") for at, said in story().happenings() if at.date() <= until]
    told += [(at, number, f"✉ {line}") for at, number, line in _notices(sent)]
    day = None
    for at, _, line in sorted(told, key=lambda one: one[:2]):
        if at.date() != day:
            day = at.date()
            yield ""
            yield f"{day} 周{_DAYS[day.weekday()]}" + ("" if calendar.is_workday(day) else "（休息日）")
        yield f"  {at:%H:%M} {line}"
    if until == LAST:
        yield from _totals({one["message"]: one for one in sent}.values(), decided)


def _notices(sent: list[Any]) -> Iterator[tuple[datetime, int, str]]:
    """One line for what went to several at one time."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for one in sent:
        key = (one["sent_at"].astimezone(ZONE), *(one[name] for name in ("subject", "step", "ordinal", "episode")))
        alike.setdefault(key, []).append(one)
    for (at, *_), group in alike.items():
        roles = sorted({one["role"] for one in group}, key=lambda role: ([*_ROLES].index(role.partition("@")[0]), role))
        yield at, min(one["id"] for one in group), _line(group[0], "、".join(dict.fromkeys(map(_role, roles))))


def _role(role: str) -> str:
    base, _, department = role.partition("@")
    return {"fagai": "发改局"}.get(department, department) + _ROLES[base]


def _line(one: Any, roles: str) -> str:
    shown, numbered = one["detail"], one["ordinal"] and one["kind"] not in ("decide", "fault", "restored", "returned")
    step = one["step"] + (f"#{one['ordinal']}" if numbered else "") + (f"/{one['episode']}" if one["episode"] else "")
    kind = "" if one["kind"] == one["step"] else f" {one['kind']}"
    matter = "，".join(filter(None, (shown["duty"], shown["period"]))) if "duty" in shown else shown["title"]
    wants = "" if one["kind"] not in ("overdue", "escalation", "reopened") else "；".join(shown["missing"])
    return f"{step}{kind} {roles} {matter} — {one['reason']}" + (f"〔缺：{wants}〕" if wants else "")


def _totals(mails: Iterable[Any], decided: list[Any]) -> Iterator[str]:
    yield ""
    yield "合计"
    by_role = Counter(_ROLES[one["role"].partition("@")[0]] for one in mails)
    yield "    邮件：" + "，".join(f"{role} {count}" for role, count in sorted(by_role.items()))
    states = Counter(one["state"] for one in decided)
    yield "    通知：" + "，".join(f"{state} {count}" for state, count in sorted(states.items()))
    steps = Counter(one["step"].partition(".")[0] for one in decided if one["state"] == "sent")
    yield "    步骤：" + "，".join(f"{step} {count}" for step, count in sorted(steps.items()))


def golden(until: date) -> list[str]:
    """The lines that were read, to the end of that day."""
    lines = GOLDEN.read_text("utf-8").splitlines()
    later = [place for place, line in enumerate(lines) if line[:4].isdigit() and date.fromisoformat(line[:10]) > until]
    return lines[: later[0] - 1] if later else lines


def test_the_year_reads_as_it_was_read(year: Store, until: date) -> None:
    text, decided = written(year, until)
    assert text.splitlines() == golden(until)
    _none_is_doubled(decided)
    _none_leaves_a_closed_office(decided)


def _none_is_doubled(decided: list[Any]) -> None:
    """Nobody is pressed twice about one matter in one mail."""
    pressed = Counter(
        (one["message"], one["subject"])
        for one in decided
        if one["state"] == "sent" and one["kind"] in ("reminder", "overdue", "escalation", "reopened")
    )
    assert {key: count for key, count in pressed.items() if count > 1} == {}


def _none_leaves_a_closed_office(decided: list[Any]) -> None:
    """Only emergencies are told at night and on days off."""
    calendar = load(ROOT, {}).calendar
    closed = {
        one["detail"]["duty_id"]
        for one in decided
        if one["state"] == "sent"
        for at in (one["not_before"].astimezone(ZONE),)
        if not (calendar.is_workday(at.date()) and time(8, 30) <= at.time() < time(17, 30))
    }
    assert closed == {"plan-2015/environment-emergency"}


async def _live_and_write(folder: Path) -> str:
    await live_the_year(folder)
    with Store(f"sqlite:///{folder / 'duban.db'}") as store:
        return written(store)[0]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        text = asyncio.run(_live_and_write(Path(folder)))
    if "--write" in sys.argv:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
