"""A wrapper is data: what is stored comes back equal."""

from dataclasses import replace

import pytest

from tracker.evidence.wrappers.profile import load_profiles, profile_of
from tracker.evidence.wrappers.wrapper import (
    DayPlace,
    PagerKind,
    PagerPlace,
    RecordBound,
    SourceKind,
    Wrapper,
)

_WRAPPER = Wrapper(
    "http://www.county.gov.cn/tzgg/", SourceKind.PAGE, record_path="body/div.main/ul.list",
    bound=RecordBound.TO_NEXT, link="a", title=("a@title", "a"),
    days=(DayPlace("span.date", "whole"), DayPlace("em", "ago")), others=(("source", "i.office"),), fill=0.95,
    row_length=24, pager=PagerPlace(PagerKind.NUMBERED, "body/div.main/div.page", promise=True),
    rivals=(Wrapper("http://www.county.gov.cn/tzgg/", record_path="body/div.side/ul"),),
)  # fmt: skip


def test_a_stored_wrapper_comes_back_equal() -> None:
    assert Wrapper.from_json(_WRAPPER.to_json()) == _WRAPPER
    assert Wrapper.from_json(Wrapper("http://a.gov.cn/").to_json()) == Wrapper("http://a.gov.cn/")


def test_a_wrapper_of_another_version_is_learned_again() -> None:
    assert Wrapper.from_json(replace(_WRAPPER, version=0).to_json()) is None


def test_every_shipped_profile_can_be_read() -> None:
    assert all(profile.marks for profile in load_profiles().values())


def test_a_profile_that_says_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="profile x"):
        profile_of("x", {"marks": ["a"], "pagination": "next"})
