"""The applicant's data on the command line: recorded from a file, shown to who handles it, its key rotated."""

from __future__ import annotations

import io
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.core.requests.values import Request
from tracker.store.engine import Store
from tracker.store.requests import add_request

NUMBER = "11010519491231002X"
APPLICANT = f"""姓名: 张三丰
证件类型: 居民身份证
证件号码: {NUMBER}
电话: "13800001234"
地址: 某镇某村12号
申请内容: |
  请公开我家
  宅基地的登记信息
"""
NAME = "request:2015-caizheng-12"
BY = ("--by", "陈静")  # the liaison of the department


@pytest.fixture
def request_on_record(county: Path) -> Path:
    """The folder of the county with a request on record, a key file, and what the applicant filled in."""
    day = date(2015, 5, 4)
    request = Request(
        0, "sample", "request", "caizheng", 2015, 12, "caizheng", "online", day, day, "natural", "登记信息",
        created_at=datetime(2015, 5, 4, tzinfo=UTC), created_by="王五",
    )  # fmt: skip
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        add_request(tx, request)
    (county / "applicant.yaml").write_text(APPLICANT, "utf-8")
    return county


def test_the_data_is_recorded_from_a_file_shown_with_a_purpose_and_each_look_listed(
    duban: Duban, request_on_record: Path
) -> None:
    assert duban("request", "key", "create").status == 0
    done = duban("request", "person", NAME, "--file", "applicant.yaml", *BY)
    assert (done.status, done.out) == (0, "the applicant is recorded, encrypted\n")
    assert "applicant.yaml was read and not kept" in done.err
    again = duban("request", "person", "2015-caizheng-12", "--file", "applicant.yaml", *BY)
    assert "on record with the same data" in again.out

    shown = duban("request", "person", NAME, "--purpose", "寄送答复书", *BY)
    for text in ("张三丰", NUMBER, "13800001234", "居民身份证", "某镇某村12号", "宅基地的登记信息"):
        assert text in shown.out
    looks = duban("request", "looks", "--format", "csv").rows
    assert [(look["request"], look["by"], look["purpose"]) for look in looks] == [
        ("request:2015-caizheng-12", "陈静", "寄送答复书")
    ]
    assert duban("request", "looks", NAME, "--since", "2030-01-01", "--format", "csv").rows == []
    journal = duban("journal", "show", "--format", "csv").out
    assert "person.recorded" in journal
    assert "person.looked" in journal
    assert not any(word in journal for word in ("张三丰", NUMBER, "13800001234", "宅基地"))


def test_standard_input_leaves_no_file(duban: Duban, request_on_record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duban("request", "key", "create")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(APPLICANT.encode())))
    assert "recorded, encrypted" in duban("request", "person", NAME, "--file", "-", *BY).out


REFUSALS = [
    (("request", "person", NAME, "--purpose", "看看", "--by", "路人"), "does not handle"),
    (("request", "person", NAME, *BY), "--purpose TEXT to look"),
    (("request", "person", NAME, *BY, "--purpose", "x", "--file", "applicant.yaml"), "--purpose TEXT to look"),
    (("request", "person", "2015-caizheng-13", "--purpose", "x", *BY), "2015-caizheng-13"),
    (("request", "person", "12", "--purpose", "x", *BY), "like 2026-guotu-12"),
    (("request", "person", "petition:2015-caizheng-12", "--purpose", "x", *BY), "no register 'petition'"),
    (("request", "person", NAME, "--file", "gone.yaml", *BY), "gone.yaml: No such file"),
    (("request", "key", "retire", *BY), "a key is named to retire it"),
    (("request", "key", "rotate", "20150101-0000000", *BY), "a key is named to retire it"),
    (("request", "key", "rotate"), "give --by WHO"),
    (("request", "key", "retire", "20150101-0000000", *BY), "has no key 20150101-0000000"),
    (("request", "key", "create"), "there is a key file already"),
]


@pytest.mark.parametrize(("words", "why"), REFUSALS)
def test_what_cannot_be_is_refused(duban: Duban, request_on_record: Path, words: tuple[str, ...], why: str) -> None:
    duban("request", "key", "create")
    refused = duban(*words)
    assert refused.status == 2
    assert why in refused.err


FILES = [
    ("姓名 张三", "write a field a line"),
    ("姓名: [张三]", "write a field a line"),
    ("姓名: '张三", "line 1: not YAML"),
    ("名: 张三", "no field of a person"),
    ("电话: '1'", "the name of the person is missing"),
    (f"姓名: 张三\n证件号码: {NUMBER[:-1]}1", "character 18 would be X"),
    (f"姓名: 张三\n证件号码: '{NUMBER[:-1]}'", "has 18 characters"),
    (f"姓名: 张三\n身份证号: {NUMBER[:-2]}", "has 18 characters"),
    ("姓名: 张三\n证件号码: '370402199003071235'", "character 18 would be 4"),
    ("姓名: 张三\n身份证号: '370402199003071235'", "character 18 would be 4"),
]


@pytest.mark.parametrize(("text", "why"), FILES)
def test_a_file_that_cannot_be_right_is_refused(duban: Duban, request_on_record: Path, text: str, why: str) -> None:
    duban("request", "key", "create")
    (request_on_record / "applicant.yaml").write_text(text, "utf-8")
    refused = duban("request", "person", NAME, "--file", "applicant.yaml", *BY)
    assert (refused.status, refused.out) == (2, "")
    assert why in refused.err
    assert NUMBER[:-1] not in refused.err


def test_without_a_key_nothing_is_recorded_and_a_lost_one_is_said_everywhere(
    duban: Duban, request_on_record: Path
) -> None:
    key = request_on_record / "keys" / "persons.key"
    entry = ("request", "person", NAME, "--file", "applicant.yaml", *BY)
    assert "duban request key create makes one" in duban(*entry).err
    assert "keys" not in duban("doctor", "--offline").out.split()
    duban("request", "key", "create")
    duban(*entry)
    assert "1 persons can be decrypted" in " ".join(duban("doctor", "--offline").out.split())

    key.chmod(0o644)
    for words in (entry, ("request", "key", "list"), ("request", "key", "rotate", *BY)):
        assert "others can read the key file (mode 644): chmod 600 it" in duban(*words).err
    assert "others can read the key file" in " ".join(duban("doctor", "--offline").out.split())

    copy = key.read_text("utf-8")
    key.unlink()
    doctor = duban("doctor", "--offline")
    assert doctor.status == 1
    assert "there is no key file" in " ".join(doctor.out.split())
    assert "bring" in duban("request", "key", "create").err
    duban("request", "key", "create", "--anew")
    assert "which is missing" in " ".join(duban("doctor", "--offline").out.split())
    assert "is missing" in duban("request", "person", NAME, "--purpose", "x", *BY).err

    key.write_text(copy, "utf-8")
    key.chmod(0o600)
    assert "张三丰" in duban("request", "person", NAME, "--purpose", "核对", *BY).out


def test_a_step_names_nobody_and_does_not_wait_for_a_key(duban: Duban, request_on_record: Path) -> None:
    duban("request", "key", "create")
    at = ("--now", "2015-05-05T09:00")
    received = duban(
        "request", "receive", "--department", "caizheng", "--way", "in-person", "--filed", "2015-05-04",
        "--title", "登记信息", "--applicant-file", "applicant.yaml", *BY, *at,
    )  # fmt: skip
    assert received.status == 0, received.err
    step = ("request", "register", "2015-caizheng-13", *BY, *at)
    refused = duban(*step, "--reason", "张三丰本人到场")
    assert (refused.status, "reason: it holds the 姓名 of the person" in refused.err) == (2, True)
    (request_on_record / "keys" / "persons.key").rename(request_on_record / "persons.key")
    done = duban(*step)
    assert (done.status, "is not compared with the names of the request" in done.err) == (0, True)


def test_a_key_is_rotated_and_retired(duban: Duban, request_on_record: Path) -> None:
    duban("request", "key", "create", "--now", "2015-01-05")
    duban("request", "person", NAME, "--file", "applicant.yaml", *BY)
    [old] = duban("request", "key", "list", "--format", "csv").rows
    assert (old["key"][:8], old["current"], old["persons"]) == ("20150105", "true", "1")
    rotated = duban("request", "key", "rotate", *BY)
    assert f"request key retire {old['key']}" in rotated.err
    keys = {row["key"]: row["persons"] for row in duban("request", "key", "list", "--format", "csv").rows}
    assert sorted(keys.values()) == ["0", "1"]
    assert "taken out of" in duban("request", "key", "retire", old["key"], *BY).out
    assert "张三丰" in duban("request", "person", NAME, "--purpose", "核对", *BY).out
    mode = (request_on_record / "keys" / "persons.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
