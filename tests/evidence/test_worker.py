"""A call in the worker process ends by its bounds and not by ours: the loop runs on, and the next call is served."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.evidence.heavy_pages import ENDLESS, LARGE, MANY_ATTRIBUTES, peak_of
from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.article.read import parse_article
from tracker.evidence.page.parsed import Page
from tracker.evidence.page.worker import Worker, WorkerError
from tracker.evidence.reading import reading_process
from tracker.evidence.reading.reading_process import UnreadPageError, read_apart
from tracker.evidence.reading.readings import glance, read_article_page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Ask, Listing

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker(1, 60, (Listing, Sighting, Ask))
    yield worker
    await worker.close()


def page(markup: str) -> Page:
    return Page("http://www.yangli.gov.cn/hjbh/", markup.encode(), SHANGHAI, TODAY, "text/html")


def process(pid: int) -> int:
    """A handle on a process that becomes readable when it ends."""
    return os.pidfd_open(pid)


async def ended(handle: int) -> None:
    """Wait until the process is no more."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(handle, over.set)
    await over.wait()
    asyncio.get_running_loop().remove_reader(handle)
    os.close(handle)


class TestBounds:
    @pytest.mark.nightly
    async def test_processor_time_ends_the_process_while_the_loop_runs_on(self, worker: Worker) -> None:
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        assert await worker.run(len, [1, 2]) == 2
        handle = process(worker.pid or 0)
        turning = asyncio.create_task(turn())
        with pytest.raises(WorkerError) as failure:
            await worker.run(glance, page(ENDLESS))
        turning.cancel()
        assert failure.value.cause == "cpu"
        await ended(handle)
        assert turns > 100  # in the loop itself, parsing would have left room for one or two
        assert await worker.run(len, [1, 2, 3]) == 3

    @pytest.mark.nightly
    async def test_every_call_has_a_budget_of_its_own(self, worker: Worker) -> None:
        """What calls use up together, none of them used up alone."""
        pid = None
        for _ in range(5):
            await worker.run(sum, range(20_000_000))
            assert pid in (None, worker.pid)
            pid = worker.pid

    async def test_wall_time(self) -> None:
        worker = Worker(30, 0.5)
        with pytest.raises(WorkerError) as failure:
            await worker.run(signal.pause)
        assert (failure.value.cause, worker.pid) == ("wall", None)

    async def test_memory(self, worker: Worker) -> None:
        with pytest.raises(WorkerError) as failure:
            await worker.run(bytes, 2_000_000_000)
        assert failure.value.cause == "memory"
        assert await worker.run(len, "ab") == 2

    async def test_a_process_that_breaks_down(self, worker: Worker) -> None:
        for _ in range(2):
            with pytest.raises(WorkerError) as failure:
                await worker.run(os.abort)
            assert failure.value.cause == "died"

    async def test_pages_that_end_it_cost_the_others_nothing(self, worker: Worker) -> None:
        for _ in range(3):
            with pytest.raises(WorkerError):
                await worker.run(os.abort)
            assert await worker.run(len, "ab") == 2

    async def test_one_that_cannot_even_start_is_not_started_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        worker = Worker(1, 60)
        monkeypatch.setattr(sys, "executable", shutil.which("false"))
        for _ in range(20):
            with pytest.raises(WorkerError) as failure:
                await worker.run(len, "ab")
            assert (failure.value.cause, worker.pid) == ("died", None)
        assert worker.starts == 2  # the one that died, and the one that showed that none lives

    async def test_what_a_function_raises_is_told_and_the_process_goes_on(self, worker: Worker) -> None:
        with pytest.raises(WorkerError) as failure:
            await worker.run(itemgetter("a"), {})
        assert (failure.value.cause, failure.value.kind) == ("raised", "KeyError")
        assert "worker_child" in failure.value.trace
        assert worker.pid is not None

    async def test_no_file_is_written(self, worker: Worker, tmp_path: Path) -> None:
        with pytest.raises(WorkerError):
            await worker.run(Path.write_text, tmp_path / "a", "x" * 100)
        assert not (tmp_path / "a").exists() or not (tmp_path / "a").read_text()


class TestWhatComesBack:
    MOMENT = datetime(2015, 9, 28, 9, 30, tzinfo=SHANGHAI)

    async def test_is_equal_to_what_was_read(self, worker: Worker) -> None:
        listing = Listing((Sighting("http://x.cn/1", "公告", self.MOMENT),), next=Ask("http://x.cn/2", (("p", "2"),)))
        loaded = await worker.run(pickle.loads, pickle.dumps(listing))
        assert loaded == listing
        moment = loaded.sightings[0].claimed
        assert isinstance(moment, datetime)
        assert moment.tzinfo is ZoneInfo("Asia/Shanghai")

    @pytest.mark.parametrize("value", [VisitOutcome.READ, os.system, Path("/"), Worker], ids=str)
    async def test_is_of_permitted_classes_only(self, worker: Worker, value: object) -> None:
        """A page that took over the child runs nothing in the parent."""
        with pytest.raises(WorkerError) as failure:
            await worker.run(pickle.loads, pickle.dumps(value))
        assert (failure.value.cause, worker.pid) == ("died", None)

    async def test_a_page_is_read_as_it_is_read_here(self) -> None:
        rows = "".join(
            f"<li><a href=/a/{n}.html>第{n}号公告公示</a><span>2015-09-{n:02}</span></li>" for n in range(1, 9)
        )
        here = page(f"<html><title>环境保护</title><body><ul>{rows}</ul><a href=index_1.html>下一页</a></body></html>")
        assert await read_apart(parse_listing, here) == parse_listing(here)
        assert await read_apart(parse_article, here) == parse_article(here)
        assert await read_apart(glance, here) == glance(here)


class TestLife:
    async def test_nothing_starts_before_the_first_call(self) -> None:
        assert Worker(1, 1).pid is None

    async def test_it_ends_when_nobody_calls(self) -> None:
        worker = Worker(1, 60, idle=0.01)
        pid = await worker.run(os.getpid)
        if worker.pid is not None:
            await ended(process(pid))
        assert worker.pid is None

    async def test_a_fresh_one_takes_over_after_many_calls(self) -> None:
        worker = Worker(1, 60, calls=2)
        pids = [await worker.run(os.getpid) for _ in range(4)]
        assert (pids[0] == pids[1], pids[1] != pids[2], pids[2] == pids[3]) == (True, True, True)
        assert worker.pid is None

    async def test_a_call_that_is_given_up_leaves_no_process(self, worker: Worker) -> None:
        await worker.run(len, "a")
        handle = process(worker.pid or 0)
        calling = asyncio.create_task(worker.run(signal.pause))
        await asyncio.sleep(0)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await ended(handle)
        assert worker.pid is None

    async def test_calls_wait_for_one_another(self, worker: Worker) -> None:
        assert await asyncio.gather(*(worker.run(len, "a" * n) for n in range(20))) == list(range(20))
        pids = await asyncio.gather(*(worker.run(os.getpid) for _ in range(5)))
        assert set(pids) == {worker.pid}

    async def test_each_of_two_loops_gets_the_answers_to_its_own_questions(self, worker: Worker) -> None:
        """Two daemons in one process, as in the tests of faults, would take each other's articles for their own."""

        async def ask(first: int) -> bool:
            numbers = range(first, first + 60)
            return [await worker.run(len, "a" * n) for n in numbers] == list(numbers)

        asked = (asyncio.to_thread(asyncio.run, ask(first)) for first in (0, 100))
        assert await asyncio.gather(*asked) == [True, True]

    async def test_it_serves_one_loop_after_another(self) -> None:
        worker = Worker(1, 60)
        pids = [await asyncio.to_thread(asyncio.run, worker.run(os.getpid)) for _ in range(2)]
        assert pids == [worker.pid, worker.pid]
        await worker.close()

    async def test_it_knows_no_secret(self, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DUBAN_SMTP_PASSWORD", "geheim")
        environment = Path(f"/proc/{await worker.run(os.getpid)}/environ")
        assert b"geheim" not in await asyncio.to_thread(environment.read_bytes)

    async def test_a_parent_that_is_killed_leaves_no_process(self) -> None:
        code = (
            "import asyncio, os, signal\n"
            "from tracker.evidence.reading.reading_process import WORKER\n"
            "print(asyncio.run(WORKER.run(os.getpid)), flush=True)\n"
            "signal.pause()\n"
        )
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
        )
        assert parent.stdout is not None
        handle = process(int(await parent.stdout.readline()))
        parent.kill()
        await parent.communicate()
        await ended(handle)


class TestPages:
    @pytest.fixture(autouse=True)
    async def short(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
        """The program's own worker with a bound that a test can wait for; what ends by its memory may take longer."""
        worker = Worker(
            10 if "memory" in request.node.name else 1, 60, reading_process._CLASSES, data=reading_process._DATA
        )
        monkeypatch.setattr(reading_process, "WORKER", worker)
        yield
        await worker.close()

    async def test_one_that_ended_a_process_ends_no_other(self) -> None:
        for reader in (read_article_page, parse_article):
            with pytest.raises(UnreadPageError, match=r"^页面未能读取：读取用时超过"):
                await read_apart(reader, page(f"<p>{ENDLESS}"))
        assert reading_process.WORKER.starts == 1

    async def test_one_that_takes_too_much_memory_says_so_and_the_next_is_read_in_a_fresh_process(self) -> None:
        with pytest.raises(UnreadPageError, match=r"^页面未能读取：读取时占用内存过多，已停止$"):
            await read_apart(parse_listing, page(MANY_ATTRIBUTES))
        assert reading_process.WORKER.pid is None
        small = page("<title>环境保护</title><p>公告")
        assert await read_apart(parse_listing, small) == parse_listing(small)

    async def test_a_reader_that_fails_is_a_reason_and_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(UnreadPageError, match=r"^页面未能读取：读取时出错（AttributeError）$"):
            await read_apart(parse_listing, None)  # type: ignore[arg-type]
        assert "parse_listing" in caplog.text


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("markup", "too_large"), LARGE.values(), ids=LARGE)
async def test_no_page_takes_more_than_200_mb(markup: bytes, too_large: bool) -> None:
    worker = Worker(10, 60, data=reading_process._DATA)
    raised, peak = await worker.run(peak_of, markup, "http://www.yangli.gov.cn/hjbh/", SHANGHAI, TODAY)
    await worker.close()
    assert (raised, peak <= 200) == ("MemoryError" if too_large else "", True)


def test_days_without_a_clock_come_back_too() -> None:
    worker = Worker(1, 60)
    assert asyncio.run(worker.run(date, 2015, 9, 28)) == date(2015, 9, 28)
    worker.end()
    assert worker.pid is None
