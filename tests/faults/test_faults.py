"""Each cell of the matrix fault x step x database; a few of them, drawn by seed, at every change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.causes import FAULTS, POSTGRES, SQLITE, DiskFull
from tests.faults.matrix import (
    BEGIN,
    DOC,
    END,
    MatrixCell,
    Outcome,
    Town,
    cells,
    compare,
    drawn,
    render,
    run_cell,
    small_disk,
)
from tests.faults.office_life import STEPS

#: The cells of every change: another seed draws others.
SEED, FEW = 11, {SQLITE: 1, POSTGRES: 1}
GATE = [cell for database, number in FEW.items() for cell in drawn(number, SEED, database)]


def of(database: str) -> list[object]:
    """The cells of a database; those that are not for every change are nightly."""
    return [
        pytest.param(cell, id=cell.name, marks=() if cell in GATE else pytest.mark.nightly)
        for cell in cells()
        if cell.database == database
    ]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("rules"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def calm(town: Town, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the county comes to undisturbed; on PostgreSQL it is the same."""
    root = tmp_path_factory.mktemp("calm")
    found = run_cell(town, None, root, f"sqlite:///{shutil.copy(sqlite_template, root / 'duban.db')}")
    assert found.broken == []
    assert set(found.arrived.values()) == {1}
    assert {"green", "red"} <= {light for _, _, light, *_ in found.decided.values()}
    assert [month for month, _ in found.circulars] == ["2015-09"]
    return found


@pytest.mark.parametrize("cell", of(SQLITE))
def test_on_sqlite(cell: MatrixCell, town: Town, calm: Outcome, sqlite_template: Path, tmp_path: Path) -> None:
    is_small = isinstance(cell.fault, DiskFull)
    if is_small and os.geteuid():
        pytest.skip("only root may mount a small file system")
    with small_disk(tmp_path, is_small) as root:
        found = run_cell(town, cell, root, f"sqlite:///{shutil.copy(sqlite_template, root / 'duban.db')}")
    assert compare(cell, calm, found) == [], found.said


@pytest.mark.parametrize("cell", of(POSTGRES))
def test_on_postgresql(cell: MatrixCell, town: Town, calm: Outcome, postgres_url: str, tmp_path: Path) -> None:
    found = run_cell(town, cell, tmp_path, postgres_url)
    assert compare(cell, calm, found) == [], found.said


def test_every_step_has_its_faults_and_every_fault_is_drawn_sometime() -> None:
    found = cells()
    assert {cell.step for cell in found} == set(STEPS)
    assert {cell.fault.name for cell in found} == {fault.name for fault in FAULTS}
    assert len({cell.name for cell in found}) == len(found)


def test_the_table_in_the_docs_is_current() -> None:
    """`python -m tests.faults.matrix --write` writes it."""
    assert DOC.read_text("utf-8").partition(BEGIN)[2].partition(END)[0] == render()
