"""Input that cannot be used: one clear line, exit status 2, no traceback."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

BUDGET = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
WHO = ("--by", "政务公开科")
WHY = (*WHO, "--reason", "核对")

WRONG = {
    "unknown duty": (("deadlines", "--duty", "budgets"), "--duty budgets: unknown (did you mean budget?)"),
    "unknown department": (("deadlines", "--department", "kj"), "--department kj: unknown (one of: bianban,"),
    "department of status": (("status", "--department", "kj"), "--department kj: unknown (one of: bianban,"),
    "deadlines backwards": (("deadlines", "--from", "2015-02-01", "--to", "2015-01-01"), "lies before --from"),
    "workdays beyond the calendar": (("workdays", "2015-01-05", "99999999"), "outside the calendar (2004-01-01 to"),
    "day before the calendar": (("workdays", "1999-01-05", "1"), "outside the calendar (2004-01-01 to"),
    "events of whom": (("event", "list", "--department", "kj"), "--department kj: unknown (one of: bianban,"),
    "events of what name": (("event", "list", "--name", "approved"), "--name approved: unknown (did you mean budget-"),
    "last lines": (("journal", "show", "--last", "0"), "'0' is no count; write 1 or more"),
    "folder to write to": (("init", "/proc/x"), "/proc/x: No such file or directory"),
    "folder of the demo": (("demo", "--dir", "/proc/x"), "/proc/x: No such file or directory"),
    "folder for schemas": (("schema", "/proc/x"), "/proc/x: No such file or directory"),
    "unknown event": (("deadlines", "--event", "approved=2015-03-02"), "NAME one of: information-formed,"),
    "event without a day": (("deadlines", "--event", "budget-approved"), "write NAME=2015-03-02 or"),
    "event on no day": (("deadlines", "--event", "budget-approved=2015-02-30"), "write a day as 2015-03-02 or"),
    "no day": (("deadlines", "--from", "2015-02-30"), "argument --from: '2015-02-30' is no day; write 2015-03-02"),
    "workdays of no day": (("workdays", "1/2/2015", "3"), "'1/2/2015' is no day; write 2015-03-02"),
    "workdays without a number": (("workdays", "2015-01-05", "many"), "invalid int value: 'many'"),
    "unknown format": (("deadlines", "--format", "xml"), "argument --format: invalid choice: 'xml'"),
    "unknown command": (("remind",), "invalid choice: 'remind'"),
    "unknown county": (("--county", "other", "status"), "--county other: no such county (one of: sample)"),
    "unknown county for a pass": (("--county", "other", "tick"), "--county other: no such county (one of: sample)"),
    "unknown light": (("status", "--light", "purple"), "invalid choice: 'purple'"),
    "instant": (("tick", "--now", "yesterday"), "--now 'yesterday': write a day as 2015-03-02 or an instant"),
    "instant of another age": (("tick", "--now", "9999-12-31"), "the year lies outside the calendar (2004-01-01 to"),
    "column": (("crawl", "--column", "county-site/finnace"), "unknown (did you mean county-site/finance"),
    "event to record": (
        ("event", "add", "budget-aproved", "--department", "keji", "--on", "2015-03-02"), "did you mean budget-approved"
    ),
    "whose event": (
        ("event", "add", "budget-approved", "--department", "kejj", "--on", "2015-03-02"), "did you mean 科技局 (keji)"
    ),
    "event's field": (
        ("event", "add", "budget-approved", "--department", "keji", "--on", "2015-03-02"), "needs year (--field year=…)"
    ),
    "field without value": (
        ("event", "add", "budget-approved", "--department", "keji", "--on", "2015-03-02", "--field", "year"),
        "--field 'year': write KEY=VALUE",
    ),
    "event's day": (
        ("event", "add", "budget-approved", "--department", "keji", "--on", "2.3.2015"), "--on '2.3.2015': write a day"
    ),
    "event of which duty": (
        ("event", "add", "information-formed", "--department", "keji", "--on", "2015-03-02"), "is recorded per duty"
    ),
    "occurrence": (("extend", "environment-monthly/huanbao", *WHY), "a key is county/pack/duty/department/label"),
    "occurrence with a typo": (("extend", BUDGET[:-1], *WHY), f"close ones: {BUDGET}"),
    "what to explain": (("explain", "bugdet/keji/event:budget-approved:2015-03-02"), f"did you mean {BUDGET}"),
    "file to attest": (("attest", BUDGET, "--file", "/nowhere/scan.pdf", *WHO), "--file /nowhere/scan.pdf: No such"),
    "attested by nobody": (("attest", BUDGET, "--statement", "已公开"), "required: --by"),
    "nothing attested": (("attest", BUDGET, *WHO), "one of the arguments --link --file --statement is required"),
    "empty reason": (("extend", BUDGET, *WHO, "--reason", " "), "reason is missing"),
    "unknown attestation": (("evidence", "accept", BUDGET, "attestation:9", *WHY), "no attestation:9 was filed"),
    "unknown part": (("evidence", "accept", BUDGET, "http://x/", "--part", "p", *WHY), "has no part 'p'"),
    "zero report": (("zero-report", BUDGET, *WHO), "takes no zero report"),
    "upkeep": (("upkeep", BUDGET, *WHO), "is not a period of upkeep"),
    "extension": (("extend", BUDGET, *WHY), "its rule has no extension"),
    "replay backwards": (("replay", "--from", "2015-02-01", "--to", "2015-01-01"), "lies before --from 2015-02-01"),
    "events file": (("replay", "--events", "none.csv"), "none.csv: No such file or directory"),
    "demo of another year": (("demo", "--until", "2016-01-01"), "--until 2016-01-01: the demo's year is 2015"),
    "demo backwards": (("demo", "--speed", "-1"), "--speed -1.0"),
    "folder without rules": (("--root", "/nowhere", "check"), "/nowhere: no schedule.yaml and rules/ here; run"),
    "database URL": (("--database", "duban.db", "status"), "not a database URL: 'duban.db' (sqlite:///duban.db or"),
    "kind of database": (("--database", "oracle://x/y", "status"), "unknown database 'oracle'"),
    "folder for a database": (("--database", "sqlite:////srv/dubna/d.db", "tick"), "there is no folder /srv/dubna;"),
    "port of a database": (("--database", "postgresql://a:secret@h:p/x", "status"), "its port is no number"),
    "options of a database": (("--database", "sqlite:///x.db?mode=ro", "tick"), "takes no options: sqlite:///duban.db"),
    "no server": (
        ("--database", "postgresql://a:secret@127.0.0.1:1/x", "status"),
        "cannot open postgresql://a:***@127.0.0.1:1/x: ",
    ),
    "init over rules": (("init", "."), "rules and schedule.yaml already there; nothing was written"),
}  # fmt: skip


@pytest.mark.parametrize(("argv", "said"), WRONG.values(), ids=WRONG.keys())
def test_input_that_cannot_be_used(duban: Duban, county: Path, argv: tuple[str, ...], said: str) -> None:
    before = (county / "duban.db").read_bytes()
    answer = duban(*argv)
    assert answer.status == 2
    assert answer.out == ""
    *usage, line = answer.err.splitlines()
    assert line.startswith("duban")
    assert said in line
    assert "secret" not in line
    assert not usage or usage[0].startswith("usage: ")
    assert (county / "duban.db").read_bytes() == before


@pytest.mark.parametrize(("gone", "there"), [("schedule.yaml", "rules/"), ("rules", "schedule.yaml")])
@pytest.mark.parametrize("command", ["check", "deadlines", "replay", "run"])
def test_half_an_office_is_not_made_whole_by_the_shipped_rules(
    duban: Duban, county: Path, command: str, gone: str, there: str
) -> None:
    (county / gone).rename(county / "elsewhere")
    answer = duban(command)
    assert (answer.status, answer.out) == (2, "")
    assert f"{county}: {there} is here and {gone}" in answer.err


@pytest.mark.nightly
def test_a_rule_file_is_named_with_line_and_column_and_nothing_else_is_done(duban: Duban, county: Path) -> None:
    schedule = county / "schedule.yaml"
    schedule.write_text(schedule.read_text("utf-8").replace("delay: 1 seconds", "delay: 1"), "utf-8")
    for argv in (("check",), ("status",), ("tick",), ("run",), ("deadlines",)):
        answer = duban(*argv)
        assert (answer.status, answer.out) == (2, "")
        path, line, column, message = answer.err.split(":", 3)
        assert (Path(path).name, column) == ("schedule.yaml", "10")
        assert schedule.read_text("utf-8").splitlines()[int(line) - 1].strip().startswith("delay: 1")
        assert "without unit" in message


def test_an_example_that_fails_is_a_fault_of_the_rules(duban: Duban, county: Path) -> None:
    pack = county / "rules" / "packs" / "plan-2015.yaml"
    pack.write_text(pack.read_text("utf-8").replace("due: 2015-03-23}", "due: 2015-03-22}", 1), "utf-8")
    answer = duban("check")
    assert answer.status == 2
    assert "plan-2015.yaml:" in answer.out
    assert "2015-03-23" in answer.out
    assert "1 examples fail" in answer.err


@pytest.mark.parametrize(
    ("revision", "argv"), [("9999", ("status",)), ("9999", ("tick",)), ("9999", ("doctor", "--offline"))], ids=str
)
def test_a_database_of_a_later_version_is_left_alone(
    duban: Duban, county: Path, revision: str, argv: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    answer = duban(*argv)
    assert answer.status == (1 if argv[0] == "doctor" else 2)
    assert f"revision {revision}" in answer.out + answer.err
    assert "upgrade duban" in answer.out + answer.err


def test_a_file_that_is_no_database_is_refused(duban: Duban, county: Path) -> None:
    other = county / "notes.txt"
    other.write_text("nothing of the kind\n" * 100)
    answer = duban("--database", f"sqlite:///{other}", "status")
    assert answer.status == 2
    assert "file is not a database" in answer.err
    assert other.read_text().startswith("nothing of the kind")


def test_bad_rows_of_an_events_file_are_named_by_line_and_none_is_used(duban: Duban, county: Path) -> None:
    rows = (
        "name,department,on,year",
        "budget-approved,keji,2015-03-02,2015",
        "budget,keji,2015-03-02,2015",
        "budget-approved,kj,2015-03-02,2015",
        "budget-approved,keji,2015-3-32,2015",
        "budget-approved,keji,2015-03-02,",
        "budget-approved,keji",
    )
    (county / "events.csv").write_text("\n".join(rows), "utf-8")
    answer = duban("replay", "--to", "2015-01-31", "--format", "csv", "--events", "events.csv")
    assert (answer.status, answer.out) == (2, "")
    lines = answer.err.removeprefix("duban: ").splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"events.csv:{number}" for number in (3, 4, 5, 6, 7)]
    words = ("'budget'", "'kj'", "'2015-3-32'", "no 年度 (year)", "no 日期 (on)")
    for word, line in zip(words, lines, strict=True):
        assert word in line


def test_an_events_file_without_its_columns_says_which(duban: Duban, county: Path) -> None:
    (county / "events.csv").write_text("name,when\n", "utf-8")
    answer = duban("replay", "--events", "events.csv")
    assert answer.status == 2
    assert "events.csv: line 1: no column 部门 (department), 日期 (on); it has when" in answer.err


def test_what_comes_from_a_terminal_in_another_encoding_is_told_so(duban: Duban, county: Path) -> None:
    name = "王敏".encode("gbk").decode("utf-8", "surrogateescape")
    said = duban("attest", "secrecy-review/keji/once", "--statement", "已建立制度", "--by", name)
    assert (said.status, "is not UTF-8: set the terminal to UTF-8" in said.err) == (2, True)
    assert duban("attest", "list", "--format", "csv").rows == []
