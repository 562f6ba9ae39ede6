"""Decides whether a step that tells more than the liaison has been preceded by a second look, and from when on one is
wanted.

A second look is a fact that the crawl records (`core/values/second_looks.py`). It has to begin within the last day
before the notice leaves, and so do the complete visits that the verdict rests on. What it found holds the step back for
a working day, in which the county office decides; then the step is taken and names what was found.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case
from tracker.core.escalation.notice_building import NoticeIntent, build_notices, is_unnotified, office_intent
from tracker.core.escalation.notices import SHADOW, Decision
from tracker.core.escalation.office_time import Offset
from tracker.core.escalation.policies import Step
from tracker.core.law.wording import moment_zh, quoted_zh
from tracker.core.values.second_looks import PLACES_ZH, Hit, SecondLook
from tracker.core.values.verdicts import Finding

#: How long before its notice leaves a look may begin; after what time one that waits is made anew; how long what it
#: found holds a step back.
VALID, RENEWED = timedelta(days=1), timedelta(hours=12)
HELD = Offset(1, "workdays")
_WAITING = "上报前须再次查看网站，一日内未能完整查看有关栏目，暂缓上报，查看后再发。"
NOT_READ = "自上一工作日起未能完整查看有关栏目，逾期通知暂缓发出，恢复查看并核实后再发。"


def wants_look(case: Case, step: Step) -> bool:
    """Return whether a second look precedes the step: it tells more than the liaison what the crawl did not find."""
    is_crawled = any(cell.state == "missing" and not cell.filed_only for cell in case.verdict.cells)
    return case.policy.second_look and case.verdict.status.late and is_crawled and tells_others(step)


def tells_others(step: Step) -> bool:
    """Return whether the step says to more than the liaison that something is missing."""
    others = any(role.partition("@")[0] != "liaison" for role in step.to)
    return others and step.kind not in ("reminder", "question")


def _look_since(case: Case, stands_at: datetime) -> datetime:
    """Return the first instant at which the look may begin for a notice that stands at `stands_at`."""
    leaves_at = case.earliest_send_at(stands_at, max(case.now, stands_at))
    due_at = case.occurrence.due_at
    return max(leaves_at - VALID, due_at) if due_at is not None else leaves_at - VALID


def find_look(case: Case, stands_at: datetime) -> SecondLook | None:
    """Return the last look that serves for a notice that stands at `stands_at`."""
    since, visited_at = _look_since(case, stands_at), case.verdict.visited_at
    if visited_at is None or visited_at < since:
        return None
    looks = (look for look in case.second_looks if look.began_at >= since)
    return max(looks, key=lambda look: (look.began_at, look.id), default=None)


def hold_unlooked(case: Case, step: Step, intents: list[NoticeIntent]) -> tuple[list[NoticeIntent], list[Decision]]:
    """Return the intents without those that wait for a second look or for a decision about what it found, the intents
    for what the county office hears instead, and the waiting decisions."""
    if not wants_look(case, step):
        return intents, []
    kept, waiting = list[NoticeIntent](), list[Decision]()
    for intent in intents:
        keys = [notice.key for notice in build_notices(case, intent)]
        states = [case.delivery_states.get(key) for key in keys]
        if all(state is not None and state.state not in ("due", "cancelled") for state in states):
            kept.append(intent)  # it was told
            continue
        look = find_look(case, intent.stands_at)
        if look is not None and not _is_held(case, intent.stands_at):
            kept.append(replace(intent, looked_again=_looked_again_zh(case, look)))
            continue
        reason = _held_reason(case, intent.stands_at) if look is not None else _WAITING
        waiting += [Decision("wait", key, reason) for key in keys if is_unnotified(case.delivery_states, key)]
        if look is not None:
            kept += [_question_intent(case, hit, intent.stands_at) for hit in look.hits]
        elif case.earliest_send_at(intent.stands_at, case.now) <= case.now and not case.is_in_outage("missing"):
            kept.append(office_intent(case, f"{intent.step}.waits", "wait", reason))
    return kept, waiting


def _looks_with_hits(case: Case) -> list[SecondLook]:
    due_at = case.occurrence.due_at
    return [look for look in case.second_looks if look.hits and (due_at is None or look.began_at >= due_at)]


def held_until(case: Case, stands_at: datetime) -> datetime | None:
    """Return until when what second looks found holds back a notice that stands at `stands_at`.

    A working day from then, or from the first such look. None where they found nothing.
    """
    first = min((look.began_at for look in _looks_with_hits(case)), default=None)
    if first is None:
        return None
    begins_at = max(first, stands_at)
    return case.office.shift(begins_at, case.office.day_of(begins_at), HELD)


def _is_held(case: Case, stands_at: datetime) -> bool:
    """Return whether the last look found something, and the county office still has time to decide about it."""
    until = held_until(case, stands_at)
    last = max(case.second_looks, key=lambda look: (look.began_at, look.id), default=None)
    return until is not None and case.now < until and last is not None and bool(last.hits)


def _held_reason(case: Case, stands_at: datetime) -> str:
    until = held_until(case, stands_at)
    day = moment_zh(until.astimezone(case.county.zone)) if until else ""
    return f"再次查看时查到标题相符的内容，待判定，至{day}暂缓上报。"


def _question_intent(case: Case, hit: Hit, stands_at: datetime) -> NoticeIntent:
    """Return the intent to ask the county office about something that a second look found."""
    where = f"在“{hit.where}”栏目" if hit.where else "在有关栏目以外"
    until = held_until(case, stands_at)
    day = moment_zh(until.astimezone(case.county.zone)) if until else ""
    reason = (
        f"再次查看时{where}查到标题相符的内容，该事项应公开的栏目中没有。请判定是否为应公开的内容：是的，请报送并认定"
        f"（duban attest {case.occurrence.key} --link {hit.url} --by 姓名）；至{day}未认定的，按办法继续上报。"
    )
    finding = Finding(case.occurrence.key, "", hit.url, hit.title, counts=False, reason=reason, awaits_person=True)
    ordinal = zlib.crc32(f"look {hit.url}".encode()) & 0x7FFFFFFF
    return office_intent(case, "decide", "decide", reason, ordinal, finding)


def _looked_again_zh(case: Case, look: SecondLook) -> str:
    """Return what a second look showed, as a notice says it."""
    zone, assignment = case.county.zone, case.duty.assignment(case.occurrence.department)
    keys = dict.fromkeys(
        key for cell in (assignment.cells if assignment else ()) for source in cell.sources for key in source.columns
    )
    columns = [column for key in keys if (column := case.county.columns.get(key)) is not None]
    searched = "、".join(dict.fromkeys(PLACES_ZH[search.place] for search in look.searches if not search.note))
    failed = "、".join(dict.fromkeys(PLACES_ZH[search.place] for search in look.searches if search.note))
    found = "".join(f"《{hit.title}》（{f'“{hit.where}”栏目，' if hit.where else ''}{hit.url}）" for hit in look.hits)
    sentences = (
        f"已于{moment_zh(look.began_at.astimezone(zone))}再次查看{quoted_zh(c.title or c.name for c in columns)}",
        f"，并查找{searched}" if searched else "",
        f"，另见标题相符的{found}，未认定为应公开的内容" if found else "，仍未查到",
        f"（{failed}未能使用）" if failed else "",
    )
    return "".join(sentences) + "。"


def next_look_at(case: Case) -> datetime | None:
    """Return from when on the next second look is wanted; None where no step to come wants one."""
    wanting = [(at, step) for at, step in case.placed_steps() if wants_look(case, step)]
    wanted = [at for step_at, step in wanting for at in _untold(case, step_at, step)]
    due_at, first = case.occurrence.due_at, min(wanted, default=None)
    if first is None or due_at is None:
        return None
    return max(case.earliest_send_at(first, first) - VALID, due_at)


def _untold(case: Case, step_at: datetime, step: Step) -> Iterator[datetime]:
    """Yield when the step or its next repeat stands that nobody was told yet."""
    numbers = [
        key.ordinal
        for key, state in case.episode_states()
        if key.step == step.name
        and key.due_revision == case.due_revision
        and state.state != "cancelled"
        and (case.shadow or key.role != SHADOW)
    ]
    if not numbers:
        yield step_at
        return
    repeats = steps.repeat_instants(step, step_at, case.occurrence, case.office, case.count_start)
    past: datetime | None = None
    for number, at in enumerate(repeats, 1):
        if at > case.now:
            yield at if past is None else past
            return
        past = at if number > max(numbers) else None
    if past is not None:
        yield past
