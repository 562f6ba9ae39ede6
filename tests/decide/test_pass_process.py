"""A large pass runs in a process that ends after it: the same decisions, under the daemon's rules, or none at all."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import tracker
from tests.decide.small_county import Small, at
from tracker.decide import pass_process, run
from tracker.decide.pass_process import PassEndedError, PassProcess
from tracker.decide.report import TickReport
from tracker.decide.run import tick
from tracker.store.faults import list_faults
from tracker.store.tables import journal, occurrences


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pass counts as a large one."""
    monkeypatch.setattr(run, "MOST", -1)


def pass_of(county: Small, apart: PassProcess | None = None) -> TickReport:
    return tick(county.office.store, county.office.loaded, county.clock.now, apart)


def process_of(county: Small) -> PassProcess:
    return PassProcess(county.office.store, county.office.loaded)


def count(county: Small, table: sa.Table) -> int:
    with county.office.store.read() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def faults(county: Small) -> list[tuple[str, str]]:
    with county.office.store.read() as tx:
        return [(fault.subject, fault.action) for fault in list_faults(tx)]


def started(apart: PassProcess) -> int:
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


@pytest.mark.usefixtures("large")
async def test_killed_it_leaves_nothing_half_is_a_fault_and_is_tried_again(county: Small) -> None:
    before = count(county, journal)
    with process_of(county) as apart:
        os.kill(started(apart), signal.SIGKILL)
        with pytest.raises(PassEndedError):
            pass_of(county, apart)
        assert (count(county, occurrences), count(county, journal)) == (0, before)
        assert faults(county) == [("county", "tick")]
        assert pass_of(county, apart).created > 0  # in another one
    assert faults(county) == []
    assert county.differences() == {}


@pytest.mark.nightly
@pytest.mark.usefixtures("large")
async def test_killed_while_it_waits_for_its_turn_to_write_it_wrote_nothing(county: Small) -> None:
    with process_of(county) as apart:
        child = started(apart)
        with county.office.store.begin():  # whoever decides waits for it
            assert apart._child is not None
            assert apart._child.stdin is not None
            pass_process.pickle.dump(("decide", "small", county.clock.now), apart._child.stdin)
            apart._child.stdin.flush()
            os.kill(child, signal.SIGKILL)
        with pytest.raises(PassEndedError):
            apart.decide("small", county.clock.now)
    assert count(county, occurrences) == 0


@pytest.mark.nightly
def test_it_ends_with_a_daemon_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import sys
from tests.decide.table_county import load_rules
from tests.decide.small_county import PACK
from pathlib import Path
from tracker.decide.pass_process import PassProcess
from tracker.store.engine import Store
apart = PassProcess(Store("sqlite:///{tmp_path}/duban.db"), load_rules(Path({str(tmp_path)!r}), PACK))
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
    monkeypatch.setattr(pass_process, "PROGRAM", b"that of the old files")
    with process_of(county) as apart, caplog.at_level(logging.WARNING):
        assert pass_of(county, apart).created > 0
    assert [record.message for record in caplog.records] == [
        "the pass runs in this process: another version of the program answered"
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
