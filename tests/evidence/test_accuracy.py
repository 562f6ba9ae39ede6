"""How well the readers see what sites hold: floors under the figures of docs/accuracy.md."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.sites import report
from tests.sites.build import CORPORA, build
from tests.sites.case import load
from tests.sites.cut import break_off
from tests.sites.measure import Result, measure

#: Measured thing → the least precision and recall.
FLOORS = {
    "kinds": 0.98, "entries": 0.99, "entry titles": 0.99, "entry dates": 0.98, "complete": 0.97, "dates": 0.98,
    "titles": 0.97, "sources": 0.95, "texts": 0.98, "attachments": 0.95, "items": 0.95,
}  # fmt: skip


Folders = Callable[[str], Path]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Gives the files of a corpus by its name, written once."""

    @cache
    def written(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name.replace(" ", "-"))
        build(folder, name)
        return folder

    return written


def _told(results: Sequence[Result], name: str) -> str:
    """The misses of one kind, for whoever reads the failed test."""
    short = [one for one in results if name in one.scores and (s := one.scores[name]).right < max(s.claimed, s.true)]
    return f"\n{report.misses(short)}"


@pytest.mark.nightly
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", list(CORPORA))
def test_what_readers_see_of_a_corpus(folder_of: Folders, name: str):
    """One reading of each answers all: it costs more than what is asked of it.

    Nothing is called absent that is there or could not be seen, also on pages that the readers were not written for;
    no column is taken for an article nor the other way; and the readers are no worse than their floors.
    """
    results = asyncio.run(measure(load(folder_of(name))))
    accused = [one for one in results if one.wrong]
    assert not accused, f"\n{report.misses(accused)}"
    _check_kinds(results)
    for measured, floor in FLOORS.items() if name == "corpus" else ():
        score = report.total(results, measured)
        assert score.precision is not None
        assert score.recall is not None
        assert min(score.precision, score.recall) >= floor, f"{measured}: {_told(results, measured)}"


def _check_kinds(results: Sequence[Result]) -> None:
    """What each address is called by who knows nothing but it: a column listing, an article article."""
    taken = Counter((one.plain, one.seen_as) for one in results if one.plain)
    assert taken["listing", "article"] == taken["article", "listing"] == 0, taken
    for kind in {one.plain for one in results if one.plain}:
        assert taken[kind, kind] >= 0.97 * sum(count for (of, _), count in taken.items() if of == kind) > 3, taken


def test_nothing_behind_the_break_of_a_page_is_called_absent(folder_of: Folders, tmp_path: Path):
    whole = [case for case in load(folder_of("corpus")) if not case.name.startswith("odd/")]  # theirs are too small
    accused = [one for one in asyncio.run(measure(break_off(whole, tmp_path, Random(4)))) if one.wrong]
    assert not accused, f"\n{report.misses(accused)}"


@pytest.mark.sampled(7)
@pytest.mark.parametrize("name", list(CORPORA))
def test_same_seed_writes_the_same_bytes(folder_of: Folders, tmp_path: Path, name: str):
    once = folder_of(name)
    build(tmp_path, name)
    files = [path.relative_to(once) for path in sorted(once.rglob("*")) if path.is_file()]
    assert files
    assert all((once / path).read_bytes() == (tmp_path / path).read_bytes() for path in files)


@pytest.mark.parametrize("name", list(CORPORA))
def test_every_entry_and_article_of_the_truth_is_told_once(folder_of: Folders, name: str):
    for case in load(folder_of(name)):
        for column in case.columns:
            urls = [row["url"] for row in column["entries"]]
            assert len(urls) == len(set(urls)), case.name
        assert len({one["url"] for one in case.articles}) == len(case.articles), case.name
