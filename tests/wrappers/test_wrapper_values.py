"""A wrapper is data: what is stored comes back equal, and is known by how it reads."""

from dataclasses import replace

import pytest

from tracker.evidence.wrappers.profile import load_profiles, profile_of
from tracker.evidence.wrappers.wrapper import (
    DayPlace,
    EndKind,
    ListEnd,
    PagerKind,
    PagerPlace,
    RecordBound,
    SourceKind,
    Wrapper,
)

_WRAPPER = Wrapper(
    "http://www.county.gov.cn/tzgg/", SourceKind.PAGE, encoding="utf-8", record_path="body/div.main/ul.list",
    bound=RecordBound.TO_NEXT, link="a", title=("a@title", "a"),
    days=(DayPlace("span.date", "whole"), DayPlace("em", "ago")), others=(("source", "i.office"),), fill=0.95, rows=20,
    row_length=24, pager=PagerPlace(PagerKind.NUMBERED, "body/div.main/div.page", promise=True),
    rivals=(Wrapper("http://www.county.gov.cn/tzgg/", record_path="body/div.side/ul"),),
    end=ListEnd(EndKind.CONFIRMED, "office-1", "2015-09-30T08:30:00+08:00"),
    learned_at="2015-09-30T08:30:00+08:00", adopted_by="office-1",
)  # fmt: skip


def test_a_stored_wrapper_comes_back_equal() -> None:
    assert Wrapper.from_json(_WRAPPER.to_json()) == _WRAPPER
    assert Wrapper.from_json(Wrapper("http://a.gov.cn/").to_json()) == Wrapper("http://a.gov.cn/")


def test_a_wrapper_of_another_version_is_learned_again() -> None:
    assert Wrapper.from_json(replace(_WRAPPER, version=0).to_json()) is None


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"adopted_by": "office-2"}, True),
        ({"learned_at": "2016-01-01T00:00:00+08:00"}, True),
        ({"end": ListEnd()}, True),
        ({"title": ("a",)}, False),
        ({"days": ()}, False),
        ({"bound": RecordBound.ELEMENT}, False),
    ],
)
def test_it_is_known_by_how_it_reads_and_not_by_who_adopted_it(change: dict[str, object], same: bool) -> None:
    assert (replace(_WRAPPER, **change).digest == _WRAPPER.digest) is same


def test_every_shipped_profile_can_be_read() -> None:
    assert all(profile.marks for profile in load_profiles().values())


def test_a_profile_that_says_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="profile x"):
        profile_of("x", {"marks": ["a"], "pagination": "next"})
