"""What each kind of answer must hold, under the Regulations of 2007 and of 2019."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from tests.shipped_acts import ACTS
from tracker.core.requests.answer_kinds import ANSWER_KINDS, ELEMENTS, GROUND_LINES
from tracker.core.requests.answers import article_of, check_answer, ground_of, kinds_under

BEFORE, AFTER = date(2019, 5, 14), date(2019, 5, 15)  # the days of receipt around the change of Regulations
ANSWERED = date(2026, 3, 2)
FULL = dict.fromkeys(ELEMENTS, "某事")


def _wrong(
    kind: str, fields: Mapping[str, str] = FULL, *, ground: str = "", received: date = AFTER, answered: date = ANSWERED
) -> list[str]:
    return [str(error) for error in check_answer(kind, ground, fields, answered, received, ACTS)]


NEEDS = {
    "published": {"where"},
    "disclosed": {"where"},
    "partly": {"where", "withheld", "reason"},
    "withheld": {"reason"},
    "special-register": {"law", "where"},
    "nonexistent": {"missing", "searched"},
    "not-held": {"reason"},
    "needs-making": {"reason"},
    "unclear": {"reason"},
    "petition": {"reason"},
    "repeated": {"earlier"},
    "publications": {"where"},
    "excessive": {"asked", "reason"},
    "reissue": {"earlier", "reason"},
    "uncorrected": {"asked"},
    "unpaid": {"asked"},
    "other": {"reason"},
}
_GROUNDS = {"partly": "privacy", "withheld": "process"}


@pytest.mark.parametrize("kind", ANSWER_KINDS)
def test_a_kind_of_answer_demands_its_elements_and_no_others(kind: str) -> None:
    ground = _GROUNDS.get(kind, "")
    demanded = _wrong(kind, {}, ground=ground)
    needs = ANSWER_KINDS[kind].needs
    assert demanded == [f"an answer {kind} says {ELEMENTS[name].title} (--field {name}=…)" for name in needs]
    assert set(ANSWER_KINDS[kind].needs) == NEEDS[kind]
    assert _wrong(kind, dict.fromkeys(NEEDS[kind], "某事"), ground=ground) == []


@pytest.mark.parametrize("kind", ANSWER_KINDS)
def test_an_imported_answer_needs_no_elements_that_a_sheet_does_not_tell(kind: str) -> None:
    ground = "process" if kind == "withheld" else ""  # the national table counts refusals by it
    assert _wrong(kind, {"imported": "yes"}, ground=ground) == []


def test_an_imported_refusal_needs_a_ground_and_a_right_one() -> None:
    assert len(_wrong("withheld", {"imported": "yes"})) == 1
    assert len(_wrong("partly", {"imported": "yes"}, ground="nonsense")) == 1


def test_a_blank_says_nothing() -> None:
    assert _wrong("published", {"where": "  "}) == ["an answer published says 获取方式、途径 (--field where=…)"]


def test_an_agency_that_can_be_named_is_named_with_its_contacts() -> None:
    """2019, art. 36, no. 5; 2007, art. 21, no. 3. One that cannot be determined is left out."""
    assert _wrong("not-held", {"reason": "由交通部门制作"}) == []
    assert _wrong("not-held", {"reason": "由交通部门制作", "agency": "样例县交通局"}) == [
        "an answer not-held says 该行政机关的联系方式 (--field contact=…)"
    ]


@pytest.mark.parametrize(
    ("kind", "article_2007", "article_2019"),
    [
        ("published", "第二十一条第一项", "第三十六条第一项"),
        ("disclosed", "第二十一条第一项", "第三十六条第二项"),
        ("partly", "第二十二条", "第三十七条"),
        ("withheld", "第二十一条第二项", "第三十六条第三项"),
        ("nonexistent", "第二十一条第三项", "第三十六条第四项"),
        ("not-held", "第二十一条第三项", "第三十六条第五项"),
        ("unclear", "第二十一条第四项", "第三十条"),
        ("other", "", ""),
    ],
)
def test_kinds_of_both_regulations_with_their_articles(kind: str, article_2007: str, article_2019: str) -> None:
    assert (article_of(kind, "foi-2007"), article_of(kind, "foi-2019")) == (article_2007, article_2019)
    for received in (BEFORE, AFTER):
        assert _wrong(kind, received=received, ground={"partly": "privacy", "withheld": "secret"}.get(kind, "")) == []


@pytest.mark.parametrize("kind", sorted(ANSWER_KINDS.keys() - kinds_under("foi-2007").keys()))
def test_kinds_of_2019_alone_are_refused_for_what_was_received_before(kind: str) -> None:
    (error,) = _wrong(kind, received=BEFORE)
    assert error.startswith(
        f"kind of answer {kind!r}: 《政府信息公开条例》（国务院令第492号） has none such (one of: published,"
    )
    assert kind in kinds_under("foi-2019")


def test_an_unknown_kind_is_refused_with_those_that_are_known() -> None:
    (error,) = _wrong("refused")
    assert "(one of: published, disclosed, partly, withheld," in error


@pytest.mark.parametrize(
    ("ground", "received", "said"),
    [
        ("secret", BEFORE, None),
        ("privacy", BEFORE, None),
        ("process", BEFORE, "ground 'process': 《政府信息公开条例》（国务院令第492号） has none such"),
        ("process", AFTER, None),
        ("enforcement-file", AFTER, None),
        ("inconvenient", AFTER, "ground 'inconvenient': 《政府信息公开条例》（国务院令第711号） has none such"),
        ("", AFTER, "an answer withheld rests on a ground (one of: secret,"),
    ],
)
def test_a_refusal_rests_on_a_ground_of_its_regulations(ground: str, received: date, said: str | None) -> None:
    errors = _wrong("withheld", ground=ground, received=received)
    assert errors == [] if said is None else errors[0].startswith(said)


def test_what_is_given_rests_on_no_ground() -> None:
    assert _wrong("disclosed", ground="privacy") == ["an answer disclosed rests on no ground: leave it out"]


def test_the_article_of_a_ground_is_that_of_the_regulations_in_force() -> None:
    for received, article in ((BEFORE, "14"), (AFTER, "15")):
        found = ground_of("privacy", received, ACTS)
        assert found is not None
        assert (found[0], found[1].article) == ("个人隐私", article)


def test_nothing_could_go_unpaid_before_2021() -> None:
    assert _wrong("unpaid", answered=date(2020, 12, 31)) == ["an answer unpaid is possible from 2021-01-01 on"]
    assert _wrong("unpaid", answered=date(2021, 1, 1)) == []


def test_no_regulations_were_in_force_before_2008() -> None:
    (error,) = _wrong("disclosed", received=date(2008, 4, 30))
    assert error == "no Regulations were in force on 2008-04-30, the day of receipt"


def test_every_answer_has_a_line_of_the_national_table_and_every_ground_of_2019_too() -> None:
    assert [kind.code for kind in ANSWER_KINDS.values() if not kind.line] == ["withheld"]
    assert GROUND_LINES.keys() == next(act for act in ACTS if act.id == "foi-2019").grounds.keys()


def test_an_agency_left_blank_needs_no_contact() -> None:
    assert _wrong("not-held", {"reason": "不由本机关制作", "agency": " "}) == []
