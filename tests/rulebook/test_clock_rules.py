"""The forms that stop, restart and end a clock: what they become, and what is wrong in them."""

from __future__ import annotations

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.assumed_rules import CLOCK_RULES, AssumedRule
from tracker.core.law.duties import EventRule, Span, Stop, Within
from tracker.rulebook.examples import check_examples

EVENTS = """  budget-approved: {title: 预算批复, needs: [year]}
  received: {title: 收到公开申请, needs: {clear: [yes, no], year: any}}
  asked: {title: 征求意见, needs: {co-maker: [yes, no]}}
  answered: {title: 收到意见}
  silent: {title: 逾期未提意见, lapse: 15 workdays, of: asked, unless: answered, where: {co-maker: yes}}
  unclear: {title: 要求补正}
  corrected: {title: 补正}
  granted: {title: 延长答复期限}
  withdrawn: {title: 撤回申请}"""
DUTY = """  - id: answer
    title: 答复
    clause: 三
    departments: all
    channels: tracker
    deadline: DEADLINE
    evidence: {record: answered}
"""
GOOD = """{within: 20 workdays, of: received, extension: {granted: 20 workdays}, restart: {unclear: corrected}, \
pause: {asked: [answered, silent]}, until: [withdrawn]}"""
SILENT = "lapse: 15 workdays, of: asked, unless: answered, where: {co-maker: yes}"


def clocks(office: Office, deadline: str = GOOD, *, examples: str = "", old: str = "", new: str = "") -> Office:
    """The office with a duty of that deadline; `old` of the events replaced by `new`."""
    assert old in EVENTS
    office.put(
        "pack", "  budget-approved: {title: 预算批复, needs: [year]}", EVENTS.replace(old, new) if old else EVENTS
    )
    lines = f"    examples:\n{examples}" if examples else ""
    office.put("pack", "  - id: budget\n", DUTY.replace("DEADLINE", deadline) + lines + "  - id: budget\n")
    return office


def test_a_clock_as_the_core_has_it(office: Office) -> None:
    (deadline,) = clocks(office).duty("answer").parts[0].deadlines
    events = office.load().rulebooks[0].events
    assert isinstance(deadline, Within)
    assert deadline.stops == (
        Stop(events["asked"], (events["answered"], events["silent"])),
        Stop(events["unclear"], (events["corrected"],), restarts=True),
    )
    assert (deadline.extension, deadline.extended_by) == (Span(20, "workdays"), events["granted"])
    assert deadline.until == (events["withdrawn"],)
    assert deadline.clock_rules == dict.fromkeys(CLOCK_RULES, AssumedRule())
    assert deadline.related_events == {"asked", "answered", "unclear", "corrected", "granted", "withdrawn"}
    assert events["silent"] == EventRule(
        "silent",
        "逾期未提意见",
        lapse=Span(15, "workdays"),
        of="asked",
        unless=("answered",),
        where={"co-maker": "yes"},
    )
    assert (events["received"].needs, events["received"].choices) == (("clear", "year"), {"clear": ("yes", "no")})


def test_a_county_adopts_the_rules_of_ours_by_name(office: Office) -> None:
    office.put("county", "adopted: {works: [listed]}", "adopted: {works: [listed, pause-days]}")
    (deadline,) = clocks(office).duty("answer").parts[0].deadlines
    assert {name: rule.adopted for name, rule in deadline.assumed_rules.items()} == {
        "pause-days": True,
        "restart-law": False,
        "lapse-sent": False,
        "unlawful-steps": False,
        "next-day": False,
        "assumed-day": False,
    }


def test_one_event_starts_the_deadline_whose_condition_it_meets(office: Office) -> None:
    forms = "[{within: 7 workdays, of: received, where: {clear: no}}, {use: twenty, of: received}]"
    office.put("pack", "readings:\n", "readings:\n  twenty: {deadline: {within: 20 workdays, where: {clear: yes}}}\n")
    lines = "".join(
        example(fields=f"{{clear: {clear}, year: 2015}}", due=due)
        for clear, due in (("no", "2015-03-11"), ("yes", "2015-03-30"))
    )
    loaded = clocks(office, forms, examples=lines).load()
    assert check_examples(loaded.rulebooks[0], loaded.calendar) == []


def example(**more: str) -> str:
    keys = {"department": "keji", "of": "received", "event": "2015-03-02", **more}
    return f"      - {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"due": "2015-03-30"}, ""),
        ({"facts": "{asked: {on: 2015-03-09, co-maker: no}}", "due": "paused"}, ""),
        ({"facts": "{asked: {on: 2015-03-09, co-maker: yes}}", "due": "paused until 2015-03-30"}, ""),
        ({"facts": "{asked: 2015-03-09, answered: 2015-03-11}", "due": "2015-04-01"}, ""),
        ({"facts": "{unclear: 2015-03-11, corrected: 2015-03-13}", "due": "2015-04-13"}, ""),
        ({"extended": "true", "due": "2015-04-28"}, ""),
        ({"facts": "{granted: 2015-03-20}", "due": "2015-04-28"}, ""),
        ({"facts": "{asked: 2015-03-09}", "due": "2015-03-30"}, "is paused, not due on 2015-03-30"),
        (
            {"facts": "{asked: {on: 2015-03-09, co-maker: yes}}", "due": "paused"},
            "is paused until 2015-03-30, not paused",
        ),
        ({"facts": "{unclear: 2015-04-09}", "due": "2015-03-30"}, ""),  # too late to stop anything
    ],
)
def test_examples_give_related_facts(office: Office, more: dict[str, str], wrong: str) -> None:
    loaded = clocks(office, examples=example(**more)).load()
    errors = [str(error) for error in check_examples(loaded.rulebooks[0], loaded.calendar)]
    assert len(errors) == bool(wrong)
    assert all(wrong in error for error in errors)


# Line 38 has the deadline of the duty `answer`, lines 5 to 13 have the events.
@pytest.mark.parametrize(
    ("deadline", "error"),
    [
        ("pause: {aksed: answered}", "38:59: unknown event 'aksed', did you mean 'asked'?"),
        ("pause: {asked: answred}", "38:66: unknown event 'answred', did you mean 'answered'?"),
        ("until: [withdrawn, gone]", "38:70: unknown event 'gone'"),
        ("extension: {grant: 5 workdays}", "38:63: unknown event 'grant', did you mean 'granted'?"),
        (
            "pause: {received: answered}",
            "38:59: the clock starts with 'received', which cannot stop it: name a fact that comes later",
        ),
        ("restart: {asked: received}", "the clock starts with 'received', which cannot set it going again"),
        ("until: received", "the clock starts with 'received', which cannot end it"),
        ("{within: 20 workdays, of: silent}", "'silent' is a silence: name a fact that is recorded"),
        ("pause: {silent: answered}", "'silent' is a silence: name a fact that is recorded"),
        ("pause: {asked: asked}", "'asked' would answer itself"),
        (
            "pause: {asked: answered}, restart: {asked: corrected}",
            "'asked' stands under `pause` too: a fact stops a clock in one way",
        ),
        (
            "pause: {asked: answered, answered: corrected}",
            "'answered' would stop the clock and set it going again: a circle",
        ),
        ("pause: {unclear: [corrected, silent]}", "'silent' is the silence after 'asked', not after 'unclear'"),
        ("where: {urgent: yes}", "unknown field 'urgent' of the event 'received'"),
        ("where: {clear: maybe}", "the field 'clear' of the event 'received' is never 'maybe' (allowed: yes, no)"),
        ("{within: same workday, of: received, pause: {asked: answered}}", "`same workday` cannot be paused"),
        (
            "[{within: 7 days, of: received, where: {clear: no}}, {within: 9 days, of: received, where: {year: 15}}]",
            "two `where` do not exclude each other: one event would start both (event:received:REFERENCE)",
        ),
        (
            "[{within: 7 workdays, of: received, where: {clear: no}}, {within: 9 workdays, of: received}]",
            "two `where` do not exclude each other",
        ),
        (
            "[{within: 7 workdays, of: received}, {within: 9 workdays, of: received}]",
            "two deadlines give one label: event:received:REFERENCE",
        ),
        ("pause: {}, stop: 3", "unknown key 'stop'"),
    ],
)
def test_what_is_wrong_in_a_deadline(office: Office, deadline: str, error: str) -> None:
    form = deadline if deadline[0] in "{[" else f"{{within: 20 workdays, of: received, {deadline}}}"
    errors = clocks(office, form).errors()
    assert [error in line for line in errors] == [True], errors
    assert all(line.startswith("rules/packs/works.yaml:38:") for line in errors)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            SILENT,
            "lapse: 15 workdays, unless: answered",
            "9:27: `lapse` without `of`: say whose silence it is (allowed: of: EVENT)",
        ),
        (SILENT, "of: asked", "9:27: `of` without `lapse`: only a silence has it (allowed: lapse: N workdays)"),
        (SILENT, "lapse: 15 workdays, of: aksed, unless: answered", "unknown event 'aksed', did you mean 'asked'?"),
        (SILENT, "lapse: 15 workdays, of: asked, unless: [answered, asked]", "'asked' would answer itself"),
        (
            SILENT,
            "lapse: 15 workdays, of: silent, unless: answered",
            "'silent' is a silence: name a fact that is recorded",
        ),
        (SILENT, "lapse: 15 workdays, of: asked, needs: [day]", "a silence is derived: nobody records it"),
        (SILENT, "lapse: same workday, of: asked", "`same workday` is no time for an answer"),
        (SILENT, "lapse: 15, of: asked", "a span without unit: '15'"),
        (
            "where: {co-maker: yes}",
            "where: {co-maker: sure}",
            "the field 'co-maker' of the event 'asked' is never 'sure' (allowed: yes, no)",
        ),
        ("where: {co-maker: yes}", "where: {size: big}", "unknown field 'size' of the event 'asked'"),
        ("{clear: [yes, no], year: any}", "{clear: sometimes}", "neither `any` nor a list of values: 'sometimes'"),
    ],
)
def test_what_is_wrong_in_an_event(office: Office, old: str, new: str, error: str) -> None:
    errors = clocks(office, "{within: 20 workdays, of: asked}", old=old, new=new).errors()
    assert any(error in line for line in errors), errors
    assert all(line.startswith("rules/packs/works.yaml:") for line in errors)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (
            {"facts": "{silent: 2015-03-30}", "due": "2015-03-30"},
            "'silent' is a silence: it follows from the other facts",
        ),
        ({"facts": "{askd: 2015-03-30}", "due": "2015-03-30"}, "unknown event 'askd', did you mean 'asked'?"),
        ({"facts": "{asked: {co-maker: yes}}", "due": "paused"}, "a fact without `on`, the day on which it happened"),
        ({"due": "paused"}, "a clock is `paused` by one of the `facts`"),
        ({"due": "pausing"}, "not a day: 'pausing'"),
    ],
)
def test_what_is_wrong_in_an_example(office: Office, more: dict[str, str], error: str) -> None:
    errors = clocks(office, examples=example(**more)).errors()
    assert [error in line for line in errors] == [True], errors
