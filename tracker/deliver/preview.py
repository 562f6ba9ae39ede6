"""Shows messages and notices that would be sent: of one occurrence now, or of a county that goes live.

Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from notifications.render import Addressee, RenderedMail, render
from tracker.core.assessment.golive import build_golive, live_since_start
from tracker.core.escalation.case import Case
from tracker.core.escalation.current_step import build_step_intent
from tracker.core.escalation.decision import decide_notices
from tracker.core.escalation.notice_building import build_notices, is_office_notice
from tracker.core.escalation.notice_fields import aged, with_objection_day
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.escalation.notices import Notice
from tracker.core.escalation.policies import Step
from tracker.core.law.county import County
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Verdict
from tracker.decide.change_reasons import start_liability_at_entry
from tracker.decide.explain import find_judged
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.decide.near_titles import near_titles_of
from tracker.deliver.bundles import sending_office
from tracker.deliver.mailboxes import route
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

#: Stands where a sent mail has its reader's link; no link is made for a preview.
_LINK_PLACEHOLDER = "（发出的邮件在此处附有收件人本人的链接，预览不生成）"


class PreviewError(ValueError):
    """There is no such step or role; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One message with its recipient's address. `step`: the policy's step that sends it."""

    step: str
    role: str
    recipient: str
    words: RenderedMail


def preview(
    store: Store, loaded: Loaded, asked: str, now: datetime, step: str = "", role: str = ""
) -> list[Preview] | list[str]:
    """Return the messages of a step for each role, by default of the current step, else of the next.

    In a county that is not live, as they will be once it is. If no occurrence's key is or ends in `asked`: similar
    keys. Raises PreviewError for an unknown step or role.
    """
    judged = find_judged(store, loaded, asked, now)
    if isinstance(judged, list):
        return judged
    group, county = judged.group, judged.county_facts.rulebook.county
    policy = loaded.schedule.policies[group.duty.escalation]
    if county.shadow(now):
        county = replace(county, golive=live_since_start(county, ""))
    case = Case(
        judged.occurrence, judged.verdict, policy, group.duty, county,
        loaded.office_time(county.zone), 0, 0, {}, now,
    )  # fmt: skip
    chosen = _find_step(case, step)
    local, console, previews = now.astimezone(county.zone), loaded.schedule.console, []
    for notice in build_notices(case, build_step_intent(case, chosen)):
        base_role = notice.key.role.partition("@")[0]
        if role and role not in (base_role, notice.key.role):
            continue
        recipient = route(county, notice.key.role, notice.department, office_only=county.shadow(now))
        instead_of = recipient.instead_of if recipient else ""
        shown = aged({**notice.detail, "instead_of": instead_of}, now, loaded.calendar, county.zone)
        shown = with_objection_day(shown, local.date(), loaded.schedule.objections.amount, loaded.calendar)
        if notice.kind == "question":
            shown["near"] = near_titles_of(judged.county_facts, loaded.calendar, judged.occurrence.key)
        if notice.kind == "slip":
            shown = {**shown, "slip": f"〔{local.year}〕×号"}
        has_link = console is not None and console.secret and rules_of(notice.kind).answers
        reader_name = recipient.reader if recipient else base_role
        link = _LINK_PLACEHOLDER if has_link else ""
        reader = Addressee(county.name, reader_name, notice.department, link, sending_office(loaded, county))
        mail = render(reader, [shown], local, loaded.templates.get(county.id))
        previews.append(Preview(chosen.name, notice.key.role, recipient.address if recipient else "", mail))
    if not previews:
        raise PreviewError(f"step {chosen.name!r} is not sent to {role!r} (to: {', '.join(chosen.to)})")
    return previews


def _find_step(case: Case, name: str) -> Step:
    """Return the step of that name; "": the current one, else the next."""
    steps = {step.name: step for step in case.policy.steps}
    if not steps:
        raise PreviewError(f"the policy {case.policy.name!r} sends nothing")
    if name:
        if name not in steps:
            raise PreviewError(f"no step {name!r} in the policy {case.policy.name!r} (steps: {', '.join(steps)})")
        return steps[name]
    placed = case.placed_steps()
    past = [step for at, step in placed if at <= case.now]
    return past[-1] if past else placed[0][1] if placed else next(iter(steps.values()))


# -- going live ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoliveNotice:
    """One notice that would be sent. `when`: the earliest instant; `then`: the steps that follow unless something is
    done; `waits`: the site must be visited again first."""

    department: str
    role: str
    name: str
    mail: str
    occurrence: str
    due: date | None
    step: str
    when: datetime
    then: tuple[tuple[str, datetime], ...]
    waits: bool


def list_golive_notices(store: Store, loaded: Loaded, county: str, on: date, now: datetime) -> list[GoliveNotice]:
    """Return every notice that would be decided on the first day, by department; without those to the county office."""
    rulebook = next(rulebook for rulebook in loaded.rulebooks if rulebook.county.id == county)
    with store.read() as tx:
        rulebook = load_rules_in_force(tx, loaded, rulebook)
        golive = build_golive(on, now, "", "", rulebook.county.zone)
        live = replace(rulebook.county, mode="live", golive=golive)
        as_of = max(golive.begins_at, loaded.office_time(live.zone).opening_on(on))
        facts = load_county(tx, replace(rulebook, county=live), loaded.calendar, as_of, until=on)
    notices = [
        notice
        for group in facts.groups.by_prefix.values()
        for verdicts in [judge_group(loaded, facts, group, as_of)]
        for occurrence in facts.occurrences(group)
        for notice in _golive_notices(loaded, facts, group, occurrence, verdicts[occurrence.key], as_of)
    ]
    positions = {name: position for position, name in enumerate(live.departments)}
    return sorted(
        notices,
        key=lambda notice: (
            positions.get(notice.department, len(positions)), notice.role, notice.due or on, notice.occurrence,
        ),
    )  # fmt: skip


def _golive_notices(
    loaded: Loaded, facts: CountyFacts, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, as_of: datetime
) -> Iterator[GoliveNotice]:
    row, county = facts.rows.get(occurrence.key), facts.rulebook.county
    if row is not None:
        verdict = start_liability_at_entry(verdict, row, facts.began_at, county.zone)
    case = Case(
        occurrence, replace(verdict, fresh=True), loaded.schedule.policies[group.duty.escalation], group.duty, county,
        loaded.office_time(county.zone), row.due_revision if row else 0, row.episode if row else 0,
        facts.delivery_states.get(occurrence.key, {}), as_of,
        acknowledgements=facts.answers.get(occurrence.key, ()), silences=facts.silences,
    )  # fmt: skip
    later_steps = [(step.name, at) for at, step in case.placed_steps() if at > as_of]
    then = tuple((name, at.astimezone(county.zone)) for name, at in later_steps)
    waits = verdict.status.late and not verdict.fresh
    for decision in decide_notices(case):
        if decision.outcome == "send" and decision.notice is not None and not is_office_notice(decision.notice):
            yield _golive_notice(decision.notice, occurrence, county, then, waits=waits)


def _golive_notice(
    notice: Notice, occurrence: Occurrence, county: County, then: tuple[tuple[str, datetime], ...], *, waits: bool
) -> GoliveNotice:
    recipient = route(county, notice.key.role, notice.department)
    role = notice.key.role.partition("@")[0]
    return GoliveNotice(
        department=notice.department or occurrence.department,
        role=role,
        name=recipient.name if recipient else county.role_name(role),
        mail=recipient.address if recipient else "",
        occurrence=occurrence.key,
        due=occurrence.due_on,
        step=notice.key.step,
        when=notice.not_before.astimezone(county.zone),
        then=then,
        waits=waits,
    )
