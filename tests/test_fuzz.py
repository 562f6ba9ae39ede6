"""Each reader of foreign bytes holds against a few broken inputs here, against many more in `dev.py nightly`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest
from hypothesis import strategies as st

from fuzz.campaign import READERS, Limit, Progress, hunt, play_round, spent, table
from fuzz.file_readers import apart
from fuzz.reader import LIMIT, Reader

FEW = 3


@pytest.fixture(scope="module", autouse=True)
def _reading_process() -> Iterator[None]:
    yield
    apart().close()
    apart.cache_clear()


@pytest.mark.parametrize("name", READERS)
def test_no_input_breaks_a_reader(name: str) -> None:
    play_round(READERS[name], 1, FEW)


def check_small(number: int) -> None:
    if number > 99:
        raise RuntimeError(f"{number} is too large")


def test_what_breaks_a_reader_is_kept_small_once_and_the_hunt_goes_on(tmp_path: Path) -> None:
    reader = Reader("numbers", lambda: st.integers(0, 10_000), check_small)
    while Progress.read(tmp_path, "numbers").rounds < 3:
        hunt(reader, Limit(Progress.read(tmp_path, "numbers").seconds + 1e-9), 1, tmp_path)
    found = Progress.read(tmp_path, "numbers")
    ((place, name),) = found.broken.items()
    assert place.endswith("RuntimeError")
    kept = (tmp_path / name).read_text("utf-8")
    assert kept.startswith("seed 1000000\n100\n")
    assert "100 is too large" in kept
    assert place in table([found])


@pytest.mark.parametrize("limit", [Limit(60.0), Limit(1e9, until=0.0)], ids=["of processor time", "by the clock"])
def test_a_campaign_that_is_over_reads_nothing(tmp_path: Path, limit: Limit) -> None:
    reader = Reader("none", st.none, lambda _: pytest.fail("read"))
    Progress("none", seconds=60.0, inputs=7).write(tmp_path)
    hunt(reader, limit, 1, tmp_path)
    assert Progress.read(tmp_path, "none").inputs == 7


def test_the_processor_time_of_a_worker_that_still_runs_counts() -> None:
    burn = "import time\nwhile time.process_time() < 0.2: pass\nprint(flush=True)\ninput()"
    before = spent() - time.process_time()
    with subprocess.Popen([sys.executable, "-c", burn], stdin=PIPE, stdout=PIPE) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        running = spent() - time.process_time()
        worker.communicate(b"\n")
    assert running - before > 0.15
    assert spent() - time.process_time() >= running - 0.05


def test_what_takes_for_ever_breaks_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, LIMIT + 1))
    monkeypatch.setattr("fuzz.reader.process_time", lambda: next(times))
    with pytest.raises(AssertionError, match=r"6\.0 seconds of processor time"):
        Reader("slow", st.none, lambda _: None).try_on(None)
