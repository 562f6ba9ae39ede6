"""What the commands answer: columns, formats, exit statuses, and what a person can follow from one to the next."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.commands.command_line import Duban, Said, let_pass_now
from tracker.rulebook.load import load

BUDGET = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
REQUEST = "sample/plan-2015/foi-request/keji/event:foi-request-received:7号"
QUARTER = "sample/plan-2015/proactive/keji/2015-Q1"
WHO = ("--by", "政务公开科")
WHY = (*WHO, "--reason", "核对无误")
NOW = ("--now", "2015-05-05T09:00")


def of(said: Said, duty: str, department: str, period: str) -> dict[str, str]:
    """The one row that is meant."""
    wanted = {"duty": duty, "department": department, "period": period}
    (row,) = (row for row in said.rows if wanted.items() <= row.items())
    return row


# -- rules and dates -----------------------------------------------------------------------------


@pytest.mark.nightly
def test_a_tick_names_the_next_change_by_the_countys_clock(duban: Duban, county: Path) -> None:
    for hour in ("10:00", "10:30"):  # the second time its hints come from the database, in UTC
        assert "next change by 2015-05-05 17:30" in duban("tick", "--now", f"2015-05-05T{hour}").err


def test_deadlines_list_every_duty_of_the_year(duban: Duban, made: Path) -> None:
    every = duban("deadlines", "--root", made, "--format", "csv")
    answer = duban("deadlines", "--root", made, "--from", "2015-01-01", "--to", "2015-12-31", "--format", "csv")
    assert (every.status, answer.status) == (0, 0)
    assert answer.columns == "county,pack,duty,department,period,opens_on,due_on,due_at,provisional,assumed,why"
    (rulebook,) = load(made, os.environ).rulebooks
    assert {row["duty"] for row in every.rows} == {duty.id for duty in rulebook.duties}
    for row in (*every.rows, *answer.rows):
        assert row["why"]
        if row["period"].startswith("awaiting:"):
            assert row["due_on"] == row["due_at"] == ""
        else:
            assert row["due_at"].endswith("+08:00")
    assert all("2015-01-01" <= row["due_on"] <= "2015-12-31" for row in answer.rows)
    assert {row["duty"] for row in every.rows if "2015" in row["due_on"]} <= {row["duty"] for row in answer.rows}


def test_deadlines_say_which_lie_before_the_plan_was_issued(duban: Duban, made: Path) -> None:
    answer = duban("deadlines", "--root", made, "--from", "2015-01-01", "--to", "2015-12-31", "--format", "csv")
    marked = {(row["duty"], row["period"]) for row in answer.rows if "。发文前：" in row["why"]}
    assert {("air-quality", "2015-01-10"), ("social-insurance", "2015-Q1")} <= marked
    assert ("air-quality", "2015-04-21") in marked  # due on the very day
    assert ("air-quality", "2015-04-22") not in marked
    assert all(row["due_on"] <= "2015-04-21" for row in answer.rows if "发文前" in row["why"] and row["due_on"])


def test_status_says_which_lie_before_the_plan_was_issued(duban: Duban, county: Path) -> None:
    assert duban("tick", "--now", "2015-05-05T09:00").status == 0
    rows = duban("status", "--all", "--format", "csv").rows
    marked = {row["due_on"] for row in rows if "；发文前：" in row["reason"] and row["due_on"]}
    assert "2015-03-31" in marked
    assert max(marked) == "2015-04-21"
    early = [row for row in rows if "" < row["due_on"] <= "2015-04-21" and row["status"] != "closed"]
    unmarked = {row["duty"] for row in early if "发文前" not in row["reason"]}
    assert unmarked == {"budget", "annual-report", "guide-and-catalogue"}  # an act sets these, or asks for them itself


def test_deadlines_of_an_event_are_computed_without_storing_it(duban: Duban, county: Path) -> None:
    before = (county / "duban.db").read_bytes()
    asked = ("deadlines", "--duty", "budget", "--department", "keji", "--event", "budget-approved=2015-01-30")
    rows = duban(*asked, "--format", "csv").rows
    assert [(row["period"], row["due_on"]) for row in rows] == [("event:budget-approved:2015-01-30", "2015-02-25")]
    assert "春节" in rows[0]["why"]
    by_hour = duban("deadlines", "--duty", "environment-emergency", "--event", "environment-emergency=2015-10-03T22:30",
                    "--format", "json").json  # fmt: skip
    assert {"2015-10-04T22:30:00+08:00"} <= {row["due_at"] for row in by_hour}
    assert (county / "duban.db").read_bytes() == before


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_rows_come_in_three_forms_with_the_same_contents(duban: Duban, made: Path, form: str) -> None:
    answer = duban("deadlines", "--root", made, "--duty", "budget", "--department", "keji", "--format", form)
    assert answer.status == 0
    assert "awaiting:budget-approved" in answer.out


def test_an_event_that_starts_nothing_is_told(duban: Duban, made: Path) -> None:
    asked = ("deadlines", "--root", made, "--duty", "budget", "--format", "csv", "--event")
    late = duban(*asked, "budget-approved=2017-03-02")
    assert (late.rows, "budget-approved=2017-03-02 starts nothing here" in late.err) == ([], True)
    assert "starts nothing" not in duban(*asked, "budget-approved=2015-03-02").err


@pytest.mark.parametrize(
    ("day", "count", "to"),
    [
        ("2015-09-30", "3", "2015-10-10"),  # a Saturday made up for the National Day
        ("2015-09-30", "+3", "2015-10-10"),
        ("2015-10-10", "-3", "2015-09-30"),
        ("2015-02-17", "1", "2015-02-25"),  # over the Spring Festival
        ("2015-02-25", "-1", "2015-02-17"),
        ("2015-09-02", "1", "2015-09-06"),  # 3 September was a day off, the Sunday after made up
        ("2015-12-31", "1", "2016-01-04"),
    ],
)
def test_workdays_count_both_ways(duban: Duban, made: Path, day: str, count: str, to: str) -> None:
    answer = duban("workdays", "--root", made, day, count, "--format", "csv")
    assert (answer.status, answer.rows[0]["to"], answer.rows[0]["provisional"]) == (0, to, "false")


def test_workdays_of_a_year_without_a_table_are_marked(duban: Duban, made: Path) -> None:
    answer = duban("workdays", "--root", made, "2050-09-30", "1", "--format", "csv")
    assert answer.rows[0]["provisional"] == "true"
    assert "provisional" in answer.err


def test_schemas_are_printed_or_written(duban: Duban, made: Path, tmp_path: Path) -> None:
    printed = duban("schema", "--root", made).json
    assert set(printed) == {"pack", "county", "schedule", "calendar", "notices", "acts", "webhook"}
    assert duban("schema", tmp_path / "schemas").status == 0
    written = {path.name.partition(".")[0]: json.loads(path.read_text("utf-8")) for path in tmp_path.glob("schemas/*")}
    assert written == printed


def test_doctor_tells_what_is_missing(duban: Duban, county: Path) -> None:
    answer = duban("doctor", "--offline", "--format", "csv", *NOW)
    assert answer.columns == "check,state,what"
    states = {row["check"]: row["state"] for row in answer.rows}
    assert states["rules"] == states["contacts"] == states["database"] == states["clock"] == "ok"
    assert states["daemon"] == states["mail"] == "note"
    assert answer.status == 0

    assert states["archive"] == "ok"
    (county / "archive").write_text("a file where the folder should be", "utf-8")
    wrong = {
        row["check"]: row["what"]
        for row in duban("doctor", "--offline", "--format", "csv", *NOW).rows
        if row["state"] == "wrong"
    }
    assert set(wrong) == {"archive"}
    assert "cannot be written" in wrong["archive"]
    (county / "archive").unlink()

    rules = county / "rules" / "counties" / "sample" / "county.yaml"
    rules.write_text(rules.read_text("utf-8").replace("mail: keji@sample.example", 'mail: ""'), "utf-8")
    answer = duban("doctor", "--offline", "--format", "csv", *NOW)
    assert answer.status == 1
    assert any(row["state"] == "wrong" and "科技局" in row["what"] for row in answer.rows)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("console", "state", "what"),
    [
        ("", "note", "mails carry no link to answer by"),
        ("console: {base: 'https://duban.example.gov.cn'}", "wrong", "console.secret is empty"),
        (
            "console: {base: 'https://duban.example.gov.cn', secret: SECRET}",
            "ok",
            "https://duban.example.gov.cn/",
        ),
        (
            "console: {base: 'http://duban.example.gov.cn', secret: SECRET}",
            "note",
            "is not encrypted",
        ),
        (
            "console: {base: 'http://127.0.0.1:8080/', secret: SECRET}",
            "ok",
            "served at unix:pages.sock",
        ),
        (
            "console: {listen: '127.0.0.1:8080', base: 'http://127.0.0.1:8080/', secret: SECRET}",
            "ok",
            "served at 127.0.0.1:8080",
        ),
        (
            "console: {listen: '127.0.0.1:8080', base: 'https://duban.example.gov.cn', secret: SECRET}",
            "note",
            "everybody looks like one caller",
        ),
    ],
)
def test_doctor_says_whether_mails_carry_links(duban: Duban, county: Path, console: str, state: str, what: str) -> None:
    with (county / "schedule.yaml").open("a", encoding="utf-8") as schedule:
        schedule.write("\n" + console.replace("SECRET", "q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu") + "\n")
    answer = duban("doctor", "--offline", "--format", "csv", *NOW)
    said = next(row for row in answer.rows if row["check"] == "console")
    assert (said["state"], what in said["what"]) == (state, True)
    assert "q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu" not in answer.out


# -- what people tell the system -----------------------------------------------------------------


def test_an_event_is_recorded_once(duban: Duban, county: Path) -> None:
    add = ("event", "add", "budget-approved", "--department", "huanbao", "--on", "2015-03-05", "--field", "year=2015")
    assert "recorded budget-approved:2015-03-05 of huanbao" in duban(*add).out
    again = duban(*add)
    assert (again.status, again.out) == (
        0,
        "budget-approved:2015-03-05 of huanbao is on record already, nothing changed\n",
    )
    listed = duban("event", "list", "--department", "huanbao", "--format", "csv")
    assert listed.columns == "name,department,duty,reference,occurred,fields,recorded_at,by,withdrawn_at,version"
    (row,) = listed.rows
    assert (row["occurred"], row["fields"], row["withdrawn_at"]) == ("2015-03-05", "year=2015", "")
    assert row["recorded_at"].endswith("+08:00")


def test_a_filed_proof_counts_once_it_is_accepted(duban: Duban, county: Path) -> None:
    def status() -> str:
        assert duban("tick", *NOW).status == 0
        answer = duban("status", "--department", "keji", "--all", "--format", "csv")
        assert answer.columns == (
            "county,pack,duty,department,period,due_on,light,status,provisional,assumed,proved_at,reason"
        )
        return of(answer, "budget", "keji", "event:budget-approved:2015-03-02")["status"]

    assert status() == "unverifiable"
    filed = duban("attest", BUDGET, "--statement", "已在公告栏张贴", "--on", "2015-03-10", *WHO)
    number = re.match(r"filed (attestation:\d+)", filed.out)
    assert number
    assert status() == "unverifiable"
    assert "somebody else must accept it" in duban("evidence", "accept", BUDGET, number[1], *WHY).err
    assert duban("evidence", "accept", BUDGET, number[1], *WHY, "--by", "张主任").status == 0
    assert status() == "met"
    assert duban("evidence", "reject", BUDGET, number[1], *WHO, "--reason", "张贴处不符").status == 0
    assert status() == "unverifiable"
    explained = duban("explain", BUDGET).out
    assert "张贴处不符" in explained


def test_a_zero_report_answers_for_a_quarter_in_which_nothing_arose(duban: Duban, county: Path) -> None:
    filed = ("zero-report", QUARTER, "--statement", "本季度无应主动公开信息", *WHO, "--now")
    late = duban(*filed, "2015-04-01T08:00")
    assert (late.status, late.out) == (2, "")
    assert "taken only by the deadline" in late.err
    assert duban(*filed, "2015-03-30T16:00").status == 0
    assert duban("tick", *NOW).status == 0
    row = of(duban("status", "--all", "--format", "csv"), "proactive", "keji", "2015-Q1")
    assert (row["status"], row["proved_at"]) == ("met", "2015-03-30T16:00:00+08:00")
    assert "零报告" in row["reason"]


@pytest.mark.nightly
def test_upkeep_is_filed_for_its_periods_once_there_is_something_to_keep(duban: Duban, county: Path) -> None:
    items, quarter = (f"sample/plan-2015/approval-items/keji/{label}" for label in ("once", "2015-Q4"))
    now = ("--now", "2015-12-01T09:00")
    assert duban("tick", *now).status == 0
    assert "公开以后再要求更新" in duban("upkeep", quarter, *WHO, *now).err
    assert duban("attest", items, "--link", "http://127.0.0.1/qd", "--on", "2015-07-20", *WHO, *now).status == 0
    assert duban("evidence", "accept", items, "attestation:1", *WHY, "--by", "张主任", *now).status == 0
    assert duban("tick", *now).status == 0
    assert duban("upkeep", quarter, "--statement", "清单无变化", *WHO, *now).status == 0
    assert duban("tick", *now).status == 0
    answer = duban("status", "--all", "--format", "csv")
    assert of(answer, "approval-items", "keji", "once")["status"] == "met"
    assert of(answer, "approval-items", "keji", "2015-Q4")["status"] == "met"


def test_an_extension_moves_the_due_date_once(duban: Duban, county: Path) -> None:
    def due() -> str:
        assert duban("tick", *NOW).status == 0
        answer = duban("status", "--all", "--format", "csv")
        return of(answer, "foi-request", "keji", "event:foi-request-received:7号")["due_on"]

    assert due() == "2015-05-12"
    assert "too late to extend it" in duban("extend", REQUEST, *WHY, "--now", "2015-05-13T09:00").err
    assert duban("extend", REQUEST, *WHY, *NOW).status == 0
    assert due() == "2015-06-02"
    assert "nothing changed" in duban("extend", REQUEST, *WHY, *NOW).out
    assert "当日不计" in duban("explain", REQUEST).out


def test_a_deed_takes_the_short_key_that_explain_takes(duban: Duban, county: Path) -> None:
    assert BUDGET in duban("not-applicable", BUDGET.split("/", 2)[2], *WHY, "--basis", "县编委文件", *NOW).out


# -- passes --------------------------------------------------------------------------------------


def test_explain_tells_the_date_the_cells_the_visits_and_the_notices(duban: Duban, county: Path) -> None:
    full, tail = duban("explain", BUDGET, *NOW), duban("explain", BUDGET.split("/", 2)[2], *NOW)
    assert full == tail
    assert full.status == 0
    for word in (
        "Due      2015-03-23",
        "3月22日周日",
        "Cells",
        "never visited",
        "Findings",
        "Notices",
        "county-office",
    ):
        assert word in full.out


def test_deliver_writes_the_mails_that_are_due(duban: Duban, county: Path) -> None:
    answer = duban("deliver", *NOW)
    assert answer.status == 0
    mails = list((county / "mails").glob("**/*.eml"))
    assert mails
    assert answer.err.startswith(f"{len(mails)} messages sent")
    assert duban("deliver", *NOW).err.startswith("0 messages sent")


def test_a_tick_repeated_changes_nothing(duban: Duban, county: Path) -> None:
    assert duban("tick", *NOW).status == 0
    assert "0 new, 0 changed, 0 closed, 0 notices" in duban("tick", *NOW).err


def test_crawl_says_what_it_could_not_look_at(duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_SITE", "http://127.0.0.1:9/")
    let_pass_now(county)
    answer = duban("crawl", "--column", "county-site/finance")
    assert answer.status == 1
    assert "could not look at county-site/finance: unreachable" in answer.err


@pytest.mark.nightly
def test_once_does_all_three_and_status_tells_what_is_red(
    duban: Duban, county: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_SITE", site)
    schedule = county / "schedule.yaml"
    schedule.write_text(schedule.read_text("utf-8").replace("delay: 1 seconds", "delay: 0 seconds"), "utf-8")
    pack = county / "rules" / "packs" / "plan-2015.yaml"
    short = pack.read_text("utf-8").replace("until: 2015-12-31}", "until: 2015-01-31}", 1)
    pack.write_text(short.replace("issued: 2015-04-21", "issued: 2015-01-01", 1), "utf-8")
    rules = county / "rules" / "counties" / "sample" / "county.yaml"
    earlier = rules.read_text("utf-8").replace("{plan-2015: 2015-04-21}", "{plan-2015: 2015-01-01}")
    rules.write_text(earlier, "utf-8")
    answer = duban("once", "--now", "2016-01-11T09:00")
    assert answer.status == 0, answer.err
    assert re.search(r"sample: \d+ columns, \d+ requests, \d+ new", answer.err)
    red = duban("status", "--light", "red", "--format", "csv")
    assert red.status == 1
    assert {row["light"] for row in red.rows} == {"red"}
    one = red.rows[0]
    why = duban("explain", f"{one['duty']}/{one['department']}/{one['period']}", "--now", "2016-01-11T10:00")
    assert one["reason"] in why.out
    assert "reached" in why.out
