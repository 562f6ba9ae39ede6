"""The shipped plan is what the table transcribed from the instrument says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from tests.rules.plan_table import ANY_ONE, LEADS, PLAN, READINGS, REGULATIONS, Row
from tracker.core.law.binding import explain_not_binding
from tracker.core.law.citations import cite_basis
from tracker.core.law.duties import By, Deadline, Duty, Every, Part, Within
from tracker.core.law.instances import instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.statutes import cite
from tracker.rulebook.load import load

ROOT = Path(__file__).parents[2]
LOADED = load(ROOT, {})
RULEBOOK = next(rulebook for rulebook in LOADED.rulebooks if rulebook.county.id == "sample")
COUNTY, CALENDAR = RULEBOOK.county, LOADED.calendar
DUTIES = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "plan-2015"}
REGULATED = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "foi-2007"}

# --- the columns ----------------------------------------------------------------------------------


def _split(row: str) -> tuple[Duty, Part]:
    id, _, part = row.partition("/")
    duty = (DUTIES | REGULATED)[id]
    return duty, duty.part(part)


def _words(deadline: Deadline) -> str:
    if isinstance(deadline, By):
        return f"by {deadline.day}"
    if isinstance(deadline, Within):
        span = deadline.span
        return "same workday" if span.unit == "same-workday" else f"{span.amount} {span.unit}"
    extras = [", zero report"] * deadline.zero_report + [", upkeep"] * deadline.upkeep
    about = "" if deadline.about == "publication" else f" about {deadline.about}"
    return f"every {deadline.unit}{about}{''.join(extras)}"


def _form(deadlines: Iterable[Deadline]) -> str:
    """The reading's name where there is one, else the deadline in words; the event it waits for; what it follows."""
    said: list[str] = []
    for deadline in deadlines:
        words = deadline.reading or _words(deadline)
        if isinstance(deadline, Within) and deadline.event.name != "information-formed":
            words += f" of {deadline.event.name}"
        words += f" after {deadline.after.duty}" if deadline.after else ""
        if words not in said:
            said.append(words)
    return ", ".join(said)


def _contents(part: Part) -> str:
    items = [item.label + "?" * item.advisory for item in part.contents.items]
    return ("any of " if part.contents.mode == "kinds" else "") + " ".join(items)


def test_every_duty_of_the_plan_is_there_and_no_other() -> None:
    assert list(DUTIES) == list(dict.fromkeys(row.partition("/")[0] for row in PLAN))
    assert len(DUTIES) == 53


@pytest.mark.parametrize("row", PLAN | REGULATIONS)
def test_a_duty_has_its_clause_departments_form_channels_and_contents(row: str) -> None:
    duty, part = _split(row)
    channels = {
        "+".join(cell.name.partition("@")[2] for cell in assignment.cells if cell.part == part.name)
        for assignment in duty.assignments
    }
    assert (
        Row(
            duty.clause,
            " ".join(assignment.key for assignment in duty.assignments),
            _form(part.deadlines),
            " and ".join(sorted(channels)),
            _contents(part),
        )
        == (PLAN | REGULATIONS)[row]
    )


def test_parts_are_those_of_the_table_and_have_titles() -> None:
    said = {(id, part.name) for id, duty in DUTIES.items() for part in duty.parts if not part.contents.other_kinds}
    assert said == {(row.partition("/")[0], row.partition("/")[2]) for row in PLAN}
    assert all(re.search(r"[一-鿿]", part.title) for duty in DUTIES.values() for part in duty.parts)


def test_each_kind_that_a_clause_names_is_owed_once_a_year() -> None:
    kinds = {
        id: [part.title for part in duty.parts if part.contents.other_kinds]
        for id, duty in DUTIES.items()
        if any(part.contents.other_kinds for part in duty.parts)
    }
    of_table = {
        row.partition("/")[0]: columns.contents.removeprefix("any of ").split()
        for row, columns in PLAN.items()
        if columns.contents.startswith("any of") and row not in ANY_ONE
    }
    assert kinds == of_table
    deadlines = {
        (_words(deadline), deadline.reading, deadline.weak)
        for duty in DUTIES.values()
        for part in duty.parts
        if part.contents.other_kinds
        for deadline in part.deadlines
    }
    assert deadlines == {("every year, zero report", "cover-year", True)}


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_says_what_it_says_and_marks_what_is_ours(reading: str) -> None:
    used = [
        deadline
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if deadline.reading == reading
    ]
    said, assumed = READINGS[reading]
    own = [
        _words(deadline)
        + (" of information-formed" if reading.startswith("timely") and isinstance(deadline, Within) else "")
        for deadline in used
    ]
    assert list(dict.fromkeys(own)) == said
    assert {words for words, deadline in zip(own, used, strict=True) if deadline.assumed} == set(assumed)
    assert all(deadline.basis for deadline in used)


def test_nothing_is_assumed_outside_a_named_reading() -> None:
    loose = [
        deadline
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if not deadline.reading
    ]
    assert not any(deadline.assumed for deadline in loose)


def test_a_quarter_that_is_ours_is_never_printed_as_the_law() -> None:
    deadlines = {deadline for duty in DUTIES.values() for part in duty.parts for deadline in part.deadlines}
    lawful = {deadline.basis for deadline in deadlines if not deadline.assumed and deadline.basis}
    assert lawful == {"政府信息公开条例（2007）第十八条"}
    assert lawful.isdisjoint(deadline.basis for deadline in deadlines if deadline.assumed)


def test_the_lists_day_of_31_july_is_an_interpretation_that_the_county_has_adopted() -> None:
    """一（十）2 sets it for the county office's column alone: neither for the lists nor for the column's back end."""
    july = {
        (duty.id, deadline.assumed, deadline.weak)
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if isinstance(deadline, By) and deadline.day == date(2015, 7, 31)
    }
    assert july == {
        *(
            (id, True, False)
            for id in ("approval-items", "medical-institutions", "intermediaries", "focus-column-backend")
        ),
        ("focus-column", False, False),
    }


def test_the_plan_is_not_older_than_the_points_it_carries_out() -> None:
    assert {duty.issued for duty in DUTIES.values()} == {date(2015, 4, 21)}


def test_only_what_an_act_sets_binds_before_the_plan_was_issued() -> None:
    lawful = {
        (duty.id, _words(deadline), cite(deadline.law))
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if deadline.law and deadline.reading != "timely"
    }
    assert lawful == {
        ("budget", "20 days", "《预算法》第十四条"),
        ("final-accounts", "20 days", "《预算法》第十四条"),
        ("foi-request", "15 workdays", "《政府信息公开条例》第二十四条"),
    }
    timely = _deadlines_under("timely")
    assert {cite(deadline.law) for _, deadline in timely if isinstance(deadline, Within)} == {
        "《政府信息公开条例》第十八条"
    }
    assert {cite(deadline.law) for _, deadline in timely if isinstance(deadline, Every)} == {""}  # the quarter is ours


def test_where_art_18_does_not_reach_the_twenty_days_are_ours_and_no_act_is_named() -> None:
    """It says nothing of what firms do, nor of the column in which something stands."""
    by_plan = _deadlines_under("timely-by-plan")
    assert {duty for duty, _ in by_plan} == {"soe-changes", "focus-column-upkeep"}
    assert all(deadline.assumed and not deadline.law and "条例" not in deadline.basis for _, deadline in by_plan)


def _deadlines_under(reading: str) -> list[tuple[str, Deadline]]:
    return [
        (duty.id, deadline)
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if deadline.reading == reading
    ]


def test_whose_figures_a_quarter_half_year_or_year_publishes_is_ours_and_is_said_to_be() -> None:
    """每季度, 每半年 and 每年 name neither the day nor the period of the data; 每月 and 每日 are left to the clause."""
    said = {
        (duty.id, deadline.unit, deadline.assumed, "未定限期和所公开数据的所属期" in deadline.basis)
        for duty in DUTIES.values()
        for part in duty.parts
        for deadline in part.deadlines
        if isinstance(deadline, Every) and deadline.about == "previous"
    }
    assert said == {
        ("housing-fund", "year", True, True),
        ("social-insurance", "quarter", True, True),
        ("social-assistance", "half-year", True, True),
        ("soe-annual", "year", True, True),
        ("emissions-annual", "year", True, True),
        ("air-quality", "day", False, False),
        ("environment-monthly", "month", False, False),
    }
    relief, *_ = _occurrences(DUTIES["social-assistance"])
    assert "方案仅定每半年公开，未定限期" in relief.derivation.text
    assert "该时限系参照时限，本县已采用" in relief.derivation.text


def test_what_the_regulations_ask_of_every_year_is_all_there() -> None:
    assert [f"{id}/{part.name}".strip("/") for id, duty in REGULATED.items() for part in duty.parts] == [*REGULATIONS]


def test_the_regulations_bind_from_their_own_day_and_assume_no_number_of_theirs() -> None:
    """31 March is the act's own; the days of guide, catalogue and reading places and the limits of complaints and
    reviews are ours."""
    assert {duty.issued for duty in REGULATED.values()} == {None}
    said = {
        (duty.id, cite(deadline.law), deadline.assumed, deadline.weak)
        for duty in REGULATED.values()
        for part in duty.parts
        for deadline in part.deadlines
    }
    assert said == {
        ("annual-report", "《政府信息公开条例》第三十一条", False, False),
        ("guide-and-catalogue", "", True, False),  # the sample county has adopted it
        ("reading-places", "", True, True),
        ("complaint-answer", "", True, True),
        ("foi-new-answer", "", False, False),  # the decision on appeal sets the day
        ("foi-new-answer", "", True, True),  # or none: then the term of the Regulations, counted anew
        ("publication-review", "", True, True),
    }
    [report] = [one for one in _occurrences(REGULATED["annual-report"]) if one.department == "keji"]
    assert report.due_on == date(2015, 3, 31)
    assert explain_not_binding(report, REGULATED["annual-report"], COUNTY) == ""
    assert cite_basis(report, REGULATED["annual-report"]) == "《政府信息公开条例》第三十一条、第三十二条"


def _occurrences(duty: Duty) -> tuple[Occurrence, ...]:
    return instances_of(duty, CALENDAR, COUNTY, duty.in_force_until)


def test_the_county_adopts_what_it_will_press_and_leaves_some_readings_weak() -> None:
    deadlines = {deadline for duty in DUTIES.values() for part in duty.parts for deadline in part.deadlines}
    assert {deadline.reading for deadline in deadlines if deadline.adopted} == {
        "timely",
        "timely-by-plan",
        "first-moment",
        "listed",
        "quarter-before",
        "half-year-before",
        "year-before",
        "backend-with-column",
        "year-end",
    }
    assert {deadline.reading for deadline in deadlines if deadline.weak} == {
        "answered",
        "instantly",
        "each-workday",
        "year-end-kept",
        "requests-sorted",
        "half-yearly",
        "monthly-supervision",
        "monthly-circular",
        "cover-year",
    }


@pytest.mark.parametrize(
    ("duty", "policy"),
    [
        ("air-quality", "daily"),
        ("approval-progress", "daily"),
        ("environment-emergency", "urgent"),
        ("budget", "standard"),
        ("foi-request", "statutory-answer"),
    ],
)
def test_daily_duties_are_batched_and_an_emergency_is_urgent(duty: str, policy: str) -> None:
    assert DUTIES[duty].escalation == policy


def test_the_lead_of_a_project_is_copied_and_owes_it_too() -> None:
    leads = {assignment.key: assignment.lead_department for assignment in DUTIES["project-approval"].assignments}
    assert leads == {"fagai": None, "chengjian": "fagai", "guotu": "fagai", "huanbao": "fagai"}


def test_a_lead_departments_sub_column_is_its_own_and_the_office_looks_into_all() -> None:
    kept = {
        assignment.key: assignment.cells[0].sources[0].columns
        for assignment in DUTIES["focus-column-upkeep"].assignments
    }
    assert kept == {department: (f"county-site/focus@{department}",) for department in LEADS.split()}
    [built] = DUTIES["focus-column"].assignments
    assert set(built.cells[0].sources[0].columns) == {key for keys in kept.values() for key in keys}


def test_a_channel_has_the_name_that_people_use_for_it() -> None:
    assert COUNTY.channels == {
        "county-site": "县政府信息网",
        "approval-site": "县行政审批网站",
        "own-site": "本部门网站",
        "news-media": "新闻媒体",
        "clinics": "医疗机构",
    }


# --- events -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "per_duty", "needs", "expected"),
    [
        ("information-formed", True, (), None),
        ("budget-approved", False, ("year",), date(2015, 3, 31)),
        ("final-accounts-approved", False, ("year",), date(2015, 10, 20)),
        ("approval-item-changed", False, ("item",), None),
        ("approval-step", False, (), None),
        ("environment-emergency", False, (), None),
        ("environment-emergency-investigated", False, (), None),
        ("foi-request-received", False, (), None),
        ("foi-third-party-asked", False, (), None),
        ("foi-third-party-answered", False, (), None),
        ("foi-withdrawn", False, (), None),
        ("foi-answer", False, (), None),
        ("overdue-report", False, (), None),
        ("circular", False, (), None),
    ],
)
def test_an_event_says_what_must_be_told_with_it(
    event: str, per_duty: bool, needs: tuple[str, ...], expected: date | None
) -> None:
    rule = RULEBOOK.events[event]
    assert (rule.per_duty, rule.needs, rule.expected) == (per_duty, needs, expected)
