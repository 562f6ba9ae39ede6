"""What `duban doctor` says: whether a daemon is at work, what nobody filled in, and all of it in Chinese."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.store.engine import Store
from tracker.store.faults import record_fault
from tracker.store.jobs import take_lease


def doctor(duban: Duban) -> str:
    """The table in Chinese without any blank: its lines are broken."""
    answer = duban("doctor", "--offline", "--now", "2015-05-05T09:00", "--lang", "zh")
    return "".join(answer.out.split())


def test_doctor_says_whether_a_daemon_is_at_work(duban: Duban, county: Path) -> None:
    """Exit status 0 only while a daemon renews its lease."""
    assert duban("doctor", "--daemon").status == 1
    now = datetime.now(UTC)
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        take_lease(tx, "scheduler", "there:1", now=now, until=now + timedelta(minutes=1))
    answer = duban("doctor", "--daemon", "--format", "csv")
    assert (answer.status, [(row["check"], row["state"]) for row in answer.rows]) == (0, [("daemon", "ok")])


def test_the_database_is_named_by_a_credential_too(duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its URL holds a password: systemd and containers give it as a file."""
    folder = county.parent / "credentials"
    folder.mkdir()
    (county / "duban.db").rename(county / "other.db")
    (folder / "DUBAN_DATABASE").write_text(f"sqlite:///{county / 'other.db'}\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert duban("status").status in (0, 1)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert "no database there yet" in duban("status").err


def test_check_and_doctor_say_which_duties_nobody_owes(duban: Duban, county: Path) -> None:
    """A duty without a department makes no occurrence: nothing else would tell of it."""
    file = county / "rules" / "counties" / "sample" / "county.yaml"
    text, now = file.read_text("utf-8"), ("--now", "2015-05-05T09:00", "--lang", "zh")
    file.write_text(re.sub(r"(intermediaries: \{departments: )\[[^]]*\]", r"\1[]", text), "utf-8")
    said = "规则包 plan-2015 有 1 个事项没有写明承担单位，不产生应公开事项：intermediaries；请写 `intermediaries:"
    checked = duban("check", *now)
    assert (checked.status, said in checked.out) == (0, True)
    assert said.replace(" ", "") in doctor(duban)
    file.write_text(text, "utf-8")
    assert "没有写明承担单位" not in duban("check", *now).out


def test_doctor_says_that_a_schedule_has_no_weekly_mail(duban: Duban, county: Path) -> None:
    file = county / "schedule.yaml"
    text = file.read_text("utf-8")
    hint = 'jobs 中没有 `week`，县政府办公室收不到一周督办要点；请写 `week: "10 8 * * mon"`'
    assert hint.replace(" ", "") not in doctor(duban)
    file.write_text(re.sub(r"\n  week: .*", "", text), "utf-8")
    assert hint.replace(" ", "") in doctor(duban)


def test_what_doctor_finds_in_the_database_is_said_in_chinese(duban: Duban, county: Path) -> None:
    at = datetime(2015, 5, 4, 1, tzinfo=UTC)
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        record_fault(tx, "sample", "archive", "archive", "存档未能写入：磁盘已满", at)
        record_fault(tx, "sample", "mailbox:zhoujie@keji.example", "deliver", "退回：用户不存在", at)
    said = doctor(duban)
    assert "archivearchive：存档未能写入：磁盘已满（自2015-05-0401:00起，1次）" in said
    assert re.search(r"zhoujie@keji.example：退回：用户不存在（自2015-05-0401:00起1次；其邮件", said)
