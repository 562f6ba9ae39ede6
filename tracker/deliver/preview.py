"""Renders the messages that would be sent about one occurrence now. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from notifications.render import MailReader, RenderedMail, render
from tracker.core.assessment.golive import live_since_start
from tracker.core.escalation.case import Case
from tracker.core.escalation.current_step import build_step_intent
from tracker.core.escalation.notice_building import build_notices
from tracker.core.escalation.notice_fields import aged
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.escalation.policies import Step
from tracker.decide.explain import find_judged
from tracker.deliver.mailboxes import route
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

#: What stands where the mail that is sent bears its reader's own link: no link is made for what is not sent.
LINK_STANDS = "（发出的邮件在此处附有收件人本人的链接，预览不生成）"


class PreviewError(ValueError):
    """What was asked for cannot be shown; the message says what can."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One message: to whom, and its words. `step`: the step of the policy that it belongs to."""

    step: str
    role: str
    recipient: str
    words: RenderedMail


def preview(
    store: Store, loaded: Loaded, asked: str, now: datetime, step: str = "", role: str = ""
) -> list[Preview] | list[str]:
    """The messages of a step (default: the one that stands now, else the next), one for each role it is sent to; in a
    county that has not gone live yet as they will be then.

    The keys that look alike where no occurrence is called so. `PreviewError` for an unknown step or role.
    """
    found = find_judged(store, loaded, asked, now)
    if isinstance(found, list):
        return found
    policy, county = loaded.schedule.policies[found.group.duty.escalation], found.county_facts.rulebook.county
    if county.shadow(now):
        county = replace(county, golive=live_since_start(county, ""))
    case = Case(
        found.occurrence, found.verdict, policy, found.group.duty, county, loaded.office_time(county.zone),
        0, 0, {}, now,
    )  # fmt: skip
    chosen = _step(case, step)
    made = []
    for notice in build_notices(case, build_step_intent(case, chosen)):
        base = notice.key.role.partition("@")[0]
        if role and role not in (base, notice.key.role):
            continue
        box = route(county, notice.key.role, notice.department, office_only=county.shadow(now))
        shown = aged({**notice.detail, "instead_of": box.instead_of if box else ""}, now, loaded.calendar, county.zone)
        if notice.kind == "slip":
            shown = {**shown, "slip": f"〔{now.astimezone(county.zone).year}〕×号"}
        console, answers = loaded.schedule.console, rules_of(notice.kind).answers
        linked = console is not None and console.secret and answers
        reader = MailReader(county.name, box.reader if box else base, notice.department, LINK_STANDS if linked else "")
        words = render(reader, [shown], now.astimezone(county.zone), loaded.templates.get(county.id))
        made.append(Preview(chosen.name, notice.key.role, box.address if box else "", words))
    if not made:
        raise PreviewError(f"step {chosen.name!r} is not sent to {role!r} (to: {', '.join(chosen.to)})")
    return made


def _step(case: Case, name: str) -> Step:
    steps = {step.name: step for step in case.policy.steps}
    if not steps:
        raise PreviewError(f"the policy {case.policy.name!r} sends nothing")
    if name:
        if name not in steps:
            raise PreviewError(f"no step {name!r} in the policy {case.policy.name!r} (steps: {', '.join(steps)})")
        return steps[name]
    placed = case.placed_steps()
    stood = [step for at, step in placed if at <= case.now]
    return stood[-1] if stood else placed[0][1] if placed else next(iter(steps.values()))
