"""Work of large counties is done in a process that ends after it: the same results, by the daemon's rules, or none."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

import tracker
from tests.decide.small_county import COUNTY, Small, at
from tracker.decide import run, work_process
from tracker.decide.report import TickReport
from tracker.decide.run import decision_basis, tick
from tracker.decide.work_process import ProcessEndedError, WorkProcess
from tracker.store.counties import read_county
from tracker.store.faults import list_faults
from tracker.store.notices import list_notices
from tracker.store.tables import counties, journal, notices, occurrences
from tracker.store.tables_reports import standings


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pass counts as a large one."""
    monkeypatch.setattr(run, "MOST", -1)


def pass_of(county: Small, apart: WorkProcess | None = None) -> TickReport:
    return tick(county.office.store, county.office.loaded, county.clock.now, apart)


def process_of(county: Small) -> WorkProcess:
    return WorkProcess(county.office.store)


def count(county: Small, table: sa.Table) -> int:
    with county.office.store.read() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def stored(county: Small) -> dict[str, list[Mapping[str, object]]]:
    """The rows that a pass writes."""
    tables = (occurrences, standings, notices, journal, counties)
    with county.office.store.read() as tx:
        return {table.name: [dict(row) for row in tx.execute(sa.select(table)).mappings()] for table in tables}


def faults(county: Small) -> list[tuple[str, str]]:
    with county.office.store.read() as tx:
        return [(fault.subject, fault.action) for fault in list_faults(tx)]


def started(apart: WorkProcess) -> int:
    """The number of its child, which waits for what it is to decide."""
    assert apart._ready() is not None
    assert apart.pid is not None
    return apart.pid


def wait_for_end(pidfd: int) -> None:
    assert select.select([pidfd], [], [], 60)[0]
    os.close(pidfd)


@pytest.mark.nightly
@pytest.mark.both_databases
@pytest.mark.usefixtures("large")
async def test_it_decides_what_a_pass_here_decides_and_is_gone_after_it(county: Small) -> None:
    await county.office.crawl()
    lines = count(county, journal)
    county.office.store.origin = "daemon here:1"
    with process_of(county) as apart:
        child = os.pidfd_open(started(apart))
        report = pass_of(county, apart)
    wait_for_end(child)
    assert report.created == count(county, occurrences) > 0
    assert report.next_at is not None
    assert report.next_at.tzinfo is not None
    assert county.differences() == {}
    assert pass_of(county).judged == 0  # it was decided by these rules, up to the last fact
    with county.office.store.read() as tx:
        origins = tx.execute(sa.select(journal.c.origin).order_by(journal.c.height).offset(lines)).scalars().all()
    assert set(origins) == {"daemon here:1"}  # the daemon's, as of its own passes


async def test_a_small_pass_starts_none(county: Small) -> None:
    with process_of(county) as apart:
        assert pass_of(county, apart).created > 0
        assert apart.pid is None


@pytest.mark.nightly
@pytest.mark.usefixtures("large")
async def test_killed_while_it_waits_for_its_turn_to_write_it_wrote_nothing(county: Small) -> None:
    loaded = county.office.loaded
    given = loaded, loaded.rulebooks[0], county.clock.now
    with process_of(county) as apart:
        child = started(apart)
        with county.office.store.begin():  # whoever decides waits for it
            assert apart._child is not None
            assert apart._child.stdin is not None
            work_process.pickle.dump((run._decide, *given), apart._child.stdin)
            apart._child.stdin.flush()
            os.kill(child, signal.SIGKILL)
        with pytest.raises(ProcessEndedError):
            apart.run(run._decide, *given)
    assert count(county, occurrences) == 0


#: A child that has written everything, says so, and waits to be told to commit.
WAITING = """
from tracker.decide import work_process, run
mark_ticked = run.mark_ticked
def waiting(*given, **named):
    mark_ticked(*given, **named)
    open({fifo!r}, "w").close()
    open({fifo!r}).close()
run.mark_ticked = waiting
work_process.serve()
"""


@pytest.fixture
def fifo(large: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Children wait before they commit: opened here for reading once they do, for writing so that they go on."""
    path, own_process = tmp_path / "written", work_process.own_process
    os.mkfifo(path)

    def waits(module: str, environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
        command, environment = own_process(module, environ)
        return [*command[:-2], "-c", WAITING.format(fifo=str(path))], environment

    monkeypatch.setattr(work_process, "own_process", waits)
    return path


async def test_killed_after_it_wrote_everything_it_has_changed_nothing_and_is_tried_again(
    county: Small, fifo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await county.office.crawl()
    before = stored(county)
    with process_of(county) as apart, ThreadPoolExecutor() as threads:
        deciding = threads.submit(pass_of, county, apart)
        threads.submit(fifo.read_bytes).result(60)
        assert apart.pid is not None
        os.kill(apart.pid, signal.SIGKILL)
        with pytest.raises(ProcessEndedError):
            deciding.result(60)
    assert stored(county) == before
    assert faults(county) == [("county", "tick")]
    monkeypatch.undo()
    assert pass_of(county).created > 0
    assert faults(county) == []
    assert county.differences() == {}


@pytest.mark.nightly
async def test_rules_that_are_taken_during_its_pass_count_from_the_next_one(
    county: Small, fifo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, old = county.office, county.office.loaded
    with process_of(county) as apart, ThreadPoolExecutor() as threads:
        deciding = threads.submit(pass_of, county, apart)
        threads.submit(fifo.read_bytes).result(60)
        taking = threads.submit(county.reload, county=COUNTY.replace("小县", "小小县"))  # waits to write
        threads.submit(fifo.write_bytes, b"").result(60)
        assert deciding.result(60).created > 0
        taking.result(60)
        with office.store.read() as tx:
            assert read_county(tx, "small").decided_by == decision_basis(old, old.rulebooks[0])
    monkeypatch.undo()
    assert pass_of(county).judged > 0
    with office.store.read() as tx:
        assert read_county(tx, "small").decided_by == decision_basis(office.loaded, office.loaded.rulebooks[0])
    assert office.loaded.rulebooks[0].county.name == "小小县"
    assert county.differences() == {}


@pytest.mark.nightly
def test_it_ends_with_a_daemon_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import sys
from tracker.decide.work_process import WorkProcess
from tracker.store.engine import Store
apart = WorkProcess(Store("sqlite:///{tmp_path}/duban.db"))
apart._ready()
print(apart.pid, flush=True)
sys.stdin.read()
"""
    root = str(Path(tracker.__file__).parents[1])
    daemon = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    child = os.pidfd_open(int(daemon.stdout.readline()))
    daemon.kill()
    daemon.communicate()
    wait_for_end(child)


@pytest.mark.nightly
@pytest.mark.usefixtures("large")
async def test_another_program_is_handed_nothing_and_the_pass_runs_here(
    county: Small, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an upgrade under a running daemon."""
    monkeypatch.setattr(work_process, "PROGRAM", b"that of the old files")
    with process_of(county) as apart, caplog.at_level(logging.WARNING):
        assert pass_of(county, apart).created > 0
    assert [record.message for record in caplog.records] == [
        "the work is done in this process: another version of the program answered"
    ]


@pytest.mark.nightly
@pytest.mark.usefixtures("large")
async def test_what_it_raises_is_raised_here_with_the_place(county: Small) -> None:
    pass_of(county)
    with county.office.store.begin() as tx:
        tx.execute(occurrences.update().values(status="broken"))
    county.clock.now = at("2015-09-10")
    with process_of(county) as apart, pytest.raises(ValueError, match="broken") as raised:
        pass_of(county, apart)
    assert "decide_county" in raised.value.__notes__[0]


@pytest.mark.nightly
@pytest.mark.usefixtures("large")
async def test_everything_is_decided_anew_there_once_a_day(county: Small) -> None:
    county.office.lives_on = True
    await county.office.crawl()
    assert (await county.office.tidy()).startswith("0 decisions wrong")
    with county.office.store.begin() as tx:
        tx.execute(occurrences.update().values(reason="别的"))
    wrong = int((await county.office.tidy()).split()[0])
    assert wrong > 0


@pytest.mark.nightly
@pytest.mark.both_databases
async def test_reports_of_a_large_county_are_decided_there_and_the_same(
    county: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reported() -> list[dict[str, object]]:
        office = county.office
        assert [office.report_overdue(), office.report_week()] == [1, 1]
        assert [office.report_overdue(), office.report_week()] == [0, 0]
        with office.store.begin() as tx:
            found = [dict(row) for row in list_notices(tx, "small") if row["kind"] in ("report", "week")]
            tx.execute(notices.delete().where(notices.c.kind.in_(("report", "week"))))
        return [{name: value for name, value in row.items() if name != "id"} for row in found]

    await county.turn()
    county.clock.now = at("2015-09-14", "08:00")
    here = reported()
    county.office.lives_on = True
    monkeypatch.setattr(work_process, "_MANY", -1)
    apart = reported()
    for row in (*here, *apart):
        row["detail"].pop("journal", None)  # type: ignore[attr-defined]  # its head: a line longer
    assert apart == here
    assert len(here) == 2
