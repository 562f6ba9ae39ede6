"""The rules in force, each with its file and line, and what changed files on the disk would move."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from tracker.console.forms import FormError
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.core.escalation.notices import NoticeKey
from tracker.core.law.deadline_words import deadline_zh
from tracker.core.law.duties import Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.statutes import cite
from tracker.core.law.wording import due_zh, period_zh
from tracker.decide.preview import preview_rules
from tracker.rulebook.diff import diff
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load_process import load_in_process
from tracker.rulebook.loaded import Loaded

#: Changes that are listed.
_MOST = 300


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A deadline of a duty. `is_assumed`: its number is ours and not adopted; `place`: file and line.

    `override`: file and line where the county changes the duty, "" where it does not.
    """

    title: str
    clause: str
    departments: str
    deadline: str
    basis: str
    is_assumed: bool
    place: str
    override: str
    query: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What other rules would do to a matter or to a waiting notice."""

    changes: tuple[str, ...]
    title: str
    department: str
    period: str
    before: str = ""
    after: str = ""


def show_rules(ask: PageRequest) -> Response:
    return _show(ask)


def _show(ask: PageRequest, **values: object) -> Response:
    rulebook = ask.viewer.rulebook
    packs: dict[str, list[ShownRule]] = {}
    overrides = ask.office.loaded.places.overrides_of(rulebook.county.id)
    for duty in rulebook.duties:
        head = f"{duty.pack_title or duty.pack}（{duty.in_force_from}—{duty.in_force_until}）"
        packs.setdefault(head, []).extend(_show_duty(ask, duty, overrides))
    shown: dict[str, object] = {"packs": packs, "digest": rulebook.digest, "changes": None, "more": 0}
    return ask.page("rules", may_compare=ask.viewer.may("rules", "compare"), **(shown | values))


def _show_duty(ask: PageRequest, duty: Duty, overrides: Mapping[str, str]) -> Iterator[ShownRule]:
    county, places = ask.viewer.rulebook.county, ask.office.loaded.places
    departments = "、".join(county.department_names(assignment.key) for assignment in duty.assignments)
    for deadline in dict.fromkeys(deadline for part in duty.parts for deadline in part.deadlines):
        basis = deadline.basis or cite(deadline.law)
        yield ShownRule(
            duty.title, duty.clause, departments, deadline_zh(deadline), basis, deadline.weak,
            places.duties.get((duty.pack, duty.id), ""), overrides.get(duty.id, ""),
            f"duty={duty.pack}/{duty.id}",
        )  # fmt: skip


# -- what other rules would move -------------------------------------------------------------------


def compare(ask: PageRequest) -> Response:
    """What the files on the disk would move, compared with the rules in force. Nothing is written."""
    try:
        new = load_in_process(ask.office.folder, os.environ, ask.office.loaded)
        if (wrong := new.broken.get(ask.viewer.rulebook.county.id)) is not None:
            raise RuleErrors(wrong)
    except RuleErrors as error:
        raise FormError(422, f"磁盘上的规则文件有误，现行规则不受影响：\n{ask.translate(error.text)}") from None
    except OSError as error:
        raise FormError(422, f"规则文件无法读取：{error.strerror}。") from None
    changes = [*_list_changes(ask, new), *_list_notice_changes(ask, new)]
    return _show(ask, changes=changes[:_MOST], more=max(0, len(changes) - _MOST))


def _list_changes(ask: PageRequest, new: Loaded) -> Iterator[RuleChange]:
    """By the same comparison as `duban rules diff`, up to the last day of either rules."""
    old = ask.viewer.rulebook
    after = next((book for book in new.rulebooks if book.county.id == old.county.id), None)
    duties = (*old.duties, *(after.duties if after else ()))
    until = max((duty.in_force_until for duty in duties), default=date.min)
    found = diff(old, after, ask.office.loaded.calendar, until, new_calendar=new.calendar)
    titles = {(duty.pack, duty.id): duty.title for duty in duties}
    yield from (_name(ask, titles, ("created",), None, each) for each in found.created)
    yield from (_name(ask, titles, move.what, move.old, move.new) for move in found.moved)
    yield from (_name(ask, titles, ("closed",), each, None) for each in found.closed)


def _name(
    ask: PageRequest, titles: Mapping[tuple[str, str], str], what: Iterable[str], old: Occurrence | None,
    new: Occurrence | None,
) -> RuleChange:  # fmt: skip
    county, occurrence = ask.viewer.rulebook.county, new or old
    assert occurrence is not None
    _, pack, duty, department, _ = occurrence.key.split("/", 4)
    return RuleChange(
        tuple(what), titles.get((pack, duty), duty), county.department_names(department), period_zh(occurrence),
        due_zh(old, county.zone) if old else "", due_zh(new, county.zone) if new else "",
    )  # fmt: skip


def _list_notice_changes(ask: PageRequest, new: Loaded) -> Iterator[RuleChange]:
    """The waiting notices that the next pass would move or withdraw by the new rules."""
    county, titles = ask.viewer.rulebook.county, {duty.id: duty.title for duty in ask.viewer.rulebook.duties}

    def name(key: NoticeKey, what: str, before: str = "", after: str = "") -> RuleChange:
        parts = key.subject.split("/")
        duty, department = (parts[2], parts[3]) if len(parts) > 4 else (key.subject, "")
        step = ask.catalogue.pgettext("step", key.step)
        return RuleChange(
            (what,), titles.get(duty, duty), county.department_names(department) if department else "", step, before,
            after,
        )  # fmt: skip

    for replan in preview_rules(ask.office.store, new, ask.now, county.id):
        for notice in replan.moved:
            days = [f"{at.astimezone(county.zone):%Y-%m-%d %H:%M}" for at in (notice.before, notice.after)]
            yield name(notice.key, "notice-moved", *days)
        yield from (name(key, "notice-withdrawn") for key in replan.withdrawn)


RULES = SignedInPage("rules", "/rules", show_rules, {"compare": compare})
