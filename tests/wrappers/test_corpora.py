"""What learned wrappers read of whole corpora: so many columns exact, and no wrong claim of absence."""

import asyncio
from pathlib import Path

import pytest

from tests.sites.build import build
from tests.sites.case import load
from tests.sites.wrapped import misses, read_columns

#: Corpus → how many of its columns are read exactly: all entries, no other, each with its day.
EXACT = {
    "corpus": 120, "held out": 21, "held out later": 12, "held out third": 9, "held out fourth": 58,
    "held out fifth": 85,
}  # fmt: skip


@pytest.mark.parametrize(
    "corpus",
    ["held out third", *(pytest.param(one, marks=pytest.mark.nightly) for one in EXACT if one != "held out third")],
)
def test_columns_are_read_exactly_and_nothing_is_wrongly_called_absent(tmp_path: Path, corpus: str) -> None:
    build(tmp_path, corpus)
    results = asyncio.run(read_columns(load(tmp_path)))
    assert not [fault for one in results for fault in one.reading.wrong], misses(results)
    assert sum(one.reading.exact for one in results if one.readable) >= EXACT[corpus], misses(results)
