"""How well the readers see what sites hold: floors under the figures of docs/accuracy.md."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The corpora as files."""
    found = {name: tmp_path_factory.mktemp(name.replace(" ", "-")) for name in CORPORA}
    for name, folder in found.items():
        build(folder, name)
    return found


@pytest.fixture(scope="module")
def corpus(folders: dict[str, Path]) -> list[Result]:
    return asyncio.run(measure(load(folders["corpus"])))


def _told(results: Sequence[Result], name: str) -> str:
    """The misses of one kind, for whoever reads the failed test."""
    short = [one for one in results if name in one.scores and (s := one.scores[name]).right < max(s.claimed, s.true)]
    return f"\n{report.misses(short)}"


@pytest.mark.parametrize("name", list(FLOORS))
def test_readers_are_no_worse_than_their_floor(corpus: list[Result], name: str):
    score = report.total(corpus, name)
    assert score.precision is not None
    assert score.recall is not None
    assert min(score.precision, score.recall) >= FLOORS[name], _told(corpus, name)


def test_nothing_is_called_absent_that_is_there_or_could_not_be_seen(corpus: list[Result]):
    accused = [one for one in corpus if one.wrong]
    assert not accused, f"\n{report.misses(accused)}"


@pytest.mark.parametrize(
    "name",
    ["held out", "held out later", "held out third", "held out fourth", "held out fifth", "held out sixth (articles)"],
)
def test_nothing_is_called_absent_on_pages_the_readers_were_not_written_for(folders: dict[str, Path], name: str):
    accused = [one for one in asyncio.run(measure(load(folders[name]))) if one.wrong]
    assert not accused, f"\n{report.misses(accused)}"


def test_nothing_behind_the_break_of_a_page_is_called_absent(folders: dict[str, Path], tmp_path: Path):
    whole = [case for case in load(folders["corpus"]) if not case.name.startswith("odd/")]  # theirs are too small
    accused = [one for one in asyncio.run(measure(break_off(whole, tmp_path, Random(4)))) if one.wrong]
    assert not accused, f"\n{report.misses(accused)}"


@pytest.mark.parametrize("name", list(CORPORA))
def test_same_seed_writes_the_same_bytes(folders: dict[str, Path], tmp_path: Path, name: str):
    once = folders[name]
    build(tmp_path, name)
    files = [path.relative_to(once) for path in sorted(once.rglob("*")) if path.is_file()]
    assert files
    assert all((once / path).read_bytes() == (tmp_path / path).read_bytes() for path in files)


@pytest.mark.parametrize("name", list(CORPORA))
def test_every_entry_and_article_of_the_truth_is_told_once(folders: dict[str, Path], name: str):
    for case in load(folders[name]):
        for column in case.columns:
            urls = [row["url"] for row in column["entries"]]
            assert len(urls) == len(set(urls)), case.name
        assert len({one["url"] for one in case.articles}) == len(case.articles), case.name
