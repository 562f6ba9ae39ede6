"""A disk or database that takes no more: no mail leaves whose outcome has no room, and none leaves twice for it."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.mail import MailChannel, SmtpSettings
from tests.deliver.outbox_office import Clock, insert_due, notice, notice_states, open_faults, parse_mail, rules
from tests.journalled import assert_journal_holds
from tests.smtp_server import Catcher, serving
from tracker.daemon.doctor import run_checks
from tracker.deliver.attempts import LEASE
from tracker.deliver.report import DeliveryReport
from tracker.deliver.run import deliver
from tracker.deliver.write import Answered
from tracker.store import journal
from tracker.store.engine import Store
from tracker.store.reserve import SIZE, NoRoomError, Reserve

MAILS = ("liaison", "lead", "county-office")
MORE = LEASE + timedelta(minutes=7)  # a lease and the pause before the next attempt


async def one_pass(
    settings: SmtpSettings, store: Store, clock: Clock, unrecorded: list[Answered] | None = None
) -> DeliveryReport:
    """What a pass did; one that the database stopped in the middle counts as blocked by its words."""
    channel = MailChannel(settings)
    try:
        return await deliver(store, rules(), {"mail": channel}, clock, unrecorded=unrecorded)
    except sa.exc.DBAPIError as error:
        return DeliveryReport(blocked=str(error.orig))
    finally:
        await channel.close()
        clock.forward(MORE)


def arrived(server: Catcher) -> list[int]:
    """How often each Message-ID came."""
    return list(Counter(str(parse_mail(mail.content)["Message-ID"]) for mail in server.taken).values())


async def doctor(store: Store, clock: Clock, root: Path) -> list[str]:
    """What the doctor finds wrong about the disk and the faults."""
    url = f"sqlite:///{store.url.database}" if store.sqlite else store.url.render_as_string(hide_password=False)
    checks = await run_checks(rules(), root, url, clock(), offline=True)
    return [f"{name}: {text}" for name, state, text in checks if name in ("disk", "fault") and state == "wrong"]


# -- a small file system -------------------------------------------------------------------------


class SmallDisk:
    """A file system of 24 MB with a file that fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filler = folder, folder / "filler"

    def fill(self, leave: int = 0) -> None:
        """Until so many bytes are free."""
        with self.filler.open("ab", buffering=0) as file:
            while (free := shutil.disk_usage(self.folder).free - leave) > 0:
                with contextlib.suppress(OSError):  # full before the last page
                    file.write(bytes(min(free, 65536)))

    def make_room(self) -> None:
        self.filler.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_store(small_disk: SmallDisk, sqlite_template: Path) -> Iterator[Store]:
    path = shutil.copy(sqlite_template, small_disk.folder / "duban.db")
    with Store(f"sqlite:///{path}") as store:
        yield store


class Filling(Catcher):
    """Something else fills the disk while the first mail is taken."""

    def __init__(self, disk: SmallDisk, leave: int) -> None:
        super().__init__()
        self.disk, self.leave, self.fills = disk, leave, True

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.fills:
            self.disk.fill(self.leave)
        return answer


async def test_a_nearly_full_disk_sends_nothing_and_says_so(
    small_disk: SmallDisk, small_store: Store, clock: Clock
) -> None:
    insert_due(small_store, *(notice(role=role) for role in MAILS))
    small_disk.fill(leave=4_000_000)
    async with serving(server := Catcher()) as settings:
        for _ in range(3):
            report = await one_pass(settings, small_store, clock)
            assert "no room for 8 MB" in report.blocked
            assert not report.is_complete
        assert server.taken == []
        assert notice_states(small_store) == ["due"] * 3
        wrong = await doctor(small_store, clock, small_disk.folder)
        assert [line.partition(":")[0] for line in wrong] == ["disk", "fault"]
        assert "nothing is sent" in wrong[1]
        small_disk.make_room()
        assert (await one_pass(settings, small_store, clock)).sent == 3
    assert arrived(server) == [1] * 3
    assert await doctor(small_store, clock, small_disk.folder) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("leave", [0, 24576, 32768])
async def test_a_disk_that_fills_up_while_a_mail_leaves_doubles_nothing(
    small_disk: SmallDisk, small_store: Store, clock: Clock, leave: int
) -> None:
    """Each pass is a process of its own that remembers nothing. With `leave` bytes small changes still fit."""
    insert_due(small_store, *(notice(role=role) for role in MAILS))
    async with serving(server := Filling(small_disk, leave)) as settings:
        for _ in range(4):
            await one_pass(settings, small_store, clock)
        assert arrived(server) == [1] * len(server.taken)
        assert 1 <= len(server.taken) < 3
        assert any(line.startswith("disk: ") for line in await doctor(small_store, clock, small_disk.folder))
        small_disk.make_room()
        server.fills = False
        await one_pass(settings, small_store, clock)
    assert arrived(server) == [1] * 3
    assert notice_states(small_store) == ["sent"] * 3
    with small_store.read() as tx:
        assert len(journal.list_rows(tx, "sample", action="notice.sent")) == 3
        assert_journal_holds(tx, "sample")


# -- a database that takes no record -------------------------------------------------------------

#: What a full disk does to a record, on either database: the outcome finds no room, small changes do.
_FULL = {
    "sqlite": [
        "CREATE TRIGGER full_disk BEFORE INSERT ON journal WHEN NEW.action <> 'rows.written' "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON journal FOR EACH ROW WHEN (NEW.action <> 'rows.written') "
        "EXECUTE FUNCTION full_disk()",
    ],
}
_ROOM = {
    "sqlite": ["DROP TRIGGER IF EXISTS full_disk"],
    "postgresql": ["DROP TRIGGER IF EXISTS full_disk ON journal", "DROP FUNCTION IF EXISTS full_disk"],
}


def run(store: Store, statements: dict[str, list[str]]) -> None:
    with store.begin() as tx:
        for statement in statements[tx.dialect.name]:
            tx.execute(sa.text(statement))


@pytest.fixture
def full(store: Store) -> Iterator[Store]:
    insert_due(store, *(notice(role=role) for role in MAILS))
    run(store, _FULL)
    yield store
    run(store, _ROOM)


async def test_the_daemon_remembers_what_it_could_not_record(full: Store, clock: Clock, tmp_path: Path) -> None:
    """The passes of one process: what left is recorded first, and nothing else leaves before."""
    unrecorded: list[Answered] = []
    async with serving(server := Catcher()) as settings:
        for _ in range(4):
            assert (await one_pass(settings, full, clock, unrecorded)).blocked
        assert len(server.taken) == len(unrecorded) == 1
        assert open_faults(full) == ["database"]
        (wrong,) = await doctor(full, clock, tmp_path)
        assert "its outcome cannot be recorded" in wrong
        run(full, _ROOM)
        assert (await one_pass(settings, full, clock, unrecorded)).sent == 3
    assert arrived(server) == [1] * 3
    assert notice_states(full) == ["sent"] * 3
    assert unrecorded == []
    assert open_faults(full) == []


async def test_a_process_that_remembers_nothing_journals_a_repeat_before_it_repeats(full: Store, clock: Clock) -> None:
    """The line needs the room that the outcome needs: without it nothing leaves again."""
    async with serving(server := Catcher()) as settings:
        for _ in range(4):
            assert (await one_pass(settings, full, clock)).blocked
        assert len(server.taken) == 1
        run(full, _ROOM)
        assert (await one_pass(settings, full, clock)).sent == 3
    assert sorted(arrived(server)) == [1, 1, 2]  # nobody could know whether it had left
    with full.read() as tx:
        (line,) = journal.list_rows(tx, "sample", action="notice.repeated")
        assert_journal_holds(tx, "sample")
    assert "可能已经送达" in line.reason


async def test_a_dialogue_under_way_is_ended_and_recorded_when_the_database_fails(full: Store, clock: Clock) -> None:
    """One whose record fails stops no other in the middle: nobody would know whether that one arrived."""
    unrecorded: list[Answered] = []
    run(full, _ROOM)

    class FullAtSecond(Catcher):
        room = True

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            if len(self.taken) == 1 and self.room:
                self.room = False
                run(full, _FULL)
            return await super().handle_DATA(server, session, envelope)

    async with serving(server := FullAtSecond()) as settings:
        assert (await one_pass(settings, full, clock, unrecorded)).blocked
        assert len(server.taken) == 1 + len(unrecorded)
        run(full, _ROOM)
        await one_pass(settings, full, clock, unrecorded)
    assert arrived(server) == [1] * 3


# -- the reserve ---------------------------------------------------------------------------------


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may grow beyond half of the reserve."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_reserve_is_held_whole_or_not_at_all(tmp_path: Path, small_files: None) -> None:
    reserve = Reserve(tmp_path / "duban.db-reserve")
    with pytest.raises(NoRoomError, match=r"no room for 8 MB in .*: make room on this disk"):
        reserve.fill()
    assert list(tmp_path.iterdir()) == []


def test_a_reserve_grows_with_what_is_under_way_and_is_given_back(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "duban.db-reserve")
    reserve.fill()
    assert (reserve.is_filled(), reserve.is_filled(1)) == (True, False)
    reserve.fill(1_000_000)
    assert reserve.size == SIZE + 1_000_000
    reserve.release()
    assert list(tmp_path.iterdir()) == []
