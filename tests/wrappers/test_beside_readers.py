"""Learned wrappers beside today's readers: as many columns exact, no day and no entry less, and no wrong claim."""

import asyncio
from pathlib import Path

import pytest

from tests.sites.build import CORPORA, build
from tests.sites.case import load
from tests.sites.wrapped import Compared, compare_columns, differences

#: Corpora that have columns.
_SMALL = "held out third"
_ALL = tuple(name for name in CORPORA if "articles" not in name)


def _sum(results: list[Compared], of: str, reader: str) -> int:
    return sum(getattr(getattr(one, reader), of) for one in results if one.readable)


@pytest.mark.parametrize(
    "corpus",
    ["held out third", *(pytest.param(one, marks=pytest.mark.nightly) for one in _ALL if one != "held out third")],
)
def test_a_learned_wrapper_reads_what_todays_readers_read(tmp_path: Path, corpus: str) -> None:
    build(tmp_path, corpus)
    results = asyncio.run(compare_columns(load(tmp_path)))
    shown = differences(results, misses=True)
    assert not [fault for one in results for fault in one.wrapped.wrong], shown
    assert _sum(results, "exact", "wrapped") >= _sum(results, "exact", "today") - 1, shown
    assert _sum(results, "rows", "wrapped") * 1000 >= _sum(results, "rows", "today") * 997, shown
    assert _sum(results, "days", "wrapped") >= _sum(results, "days", "today"), shown
