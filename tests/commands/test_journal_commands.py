"""The journal on the command line: what it shows, that it holds, and a copy that shows when it does not."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import shutil
import socket
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.store.tables import metadata

BUDGET = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
COLUMNS = "height,at,who,action,subject,before,after,reason,origin,form,previous,hash"
HERE = f"cli {pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()}"


def tamper(folder: Path, *statements: str, is_hidden: bool = True) -> None:
    """Past the guards, as anybody can who has the file. `is_hidden`: the guards are put back."""
    with closing(sqlite3.connect(folder / "duban.db", isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, guard in guards if is_hidden else ():
            connection.execute(guard)


def head(duban: Duban) -> tuple[int, str]:
    height, own = re.findall(r"head (\d+)-([0-9a-f]{64})", duban("journal", "verify").err)[-1]
    return int(height), own


def rewrite(folder: Path) -> None:
    """The whole chain anew without its third row, and the head with it: nothing inside can tell."""
    from tracker.store.journal import compute_digest

    names = ("county", "height", "at", "who", "action", "subject", "before", "after", "reason", "origin", "form")
    with closing(sqlite3.connect(folder / "duban.db")) as connection:
        rows = connection.execute(f"SELECT {', '.join(names)} FROM journal ORDER BY height").fetchall()
    tamper(folder, "DELETE FROM journal")
    previous, height = "", 0
    with closing(sqlite3.connect(folder / "duban.db")) as connection:
        for row in rows:
            one = dict(zip(names, row, strict=True))
            if one["height"] == 3:
                continue
            height += 1
            texts = [one[name] for name in names if name not in ("height", "origin", "form")]
            texts[1] = one["at"].replace(" ", "T") + "+00:00"
            own = compute_digest(
                one["form"], height, [text.encode() for text in texts], one["origin"].encode(), previous.encode()
            )
            values = [*(height if name == "height" else one[name] for name in names), previous, own]
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO journal ({', '.join(names)}, previous, hash) VALUES ({marks})", values)
            previous = own
        connection.commit()
    tamper(folder, f"UPDATE counties SET journal_height = {height}, journal_head = '{previous}'")


def test_show_lists_who_did_what_why_and_from_where(duban: Duban, county: Path) -> None:
    shown = duban("journal", "show", "--subject", BUDGET, "--format", "csv")
    assert shown.columns == COLUMNS
    assert shown.rows[0]["action"] == "occurrence.opened"
    recorded = duban("journal", "show", "--action", "event", "--format", "csv").rows
    assert {(row["who"], row["action"], row["origin"]) for row in recorded} == {
        ("财政局", "event.recorded", HERE),
        ("张三", "event.recorded", HERE),
    }
    assert len(duban("journal", "show", "--last", "5", "--format", "json").json) == 5


def test_what_a_file_brought_names_the_file(duban: Duban, county: Path) -> None:
    body = b"name,department,on,year\nbudget-approved,huanbao,2015-03-04,2015\n"
    (county / "events.csv").write_bytes(body)
    assert duban("event", "import", "events.csv", "--by", "财政局").status == 0
    [row] = duban(
        "journal",
        "show",
        "--action",
        "event.recorded",
        "--subject",
        "event:budget-approved:huanbao:2015-03-04",
        "--format",
        "csv",
    ).rows
    assert row["origin"] == f"{HERE} import events.csv sha256:{hashlib.sha256(body).hexdigest()}"


FILTERS = {
    "a person": (("--who", "张三"), {"event.recorded"}),
    "the rules": (("--who", "rule", "--action", "occurrence"), {"occurrence.opened"}),
    "an action": (("--action", "event.recorded"), {"event.recorded"}),
    "the end of a subject": (
        ("--subject", "budget/keji/event:budget-approved:2015-03-02"),
        {"occurrence.opened", "notice.decided"},
    ),
    "a day": (("--since", "2015-05-04", "--until", "2015-05-04", "--action", "occurrence"), {"occurrence.opened"}),
    "before it began": (("--until", "2015-05-03"), set()),
    "after it ended": (("--since", "2099-05-03"), set()),
    "to the minute": (("--until", "2015-05-04T08:59"), set()),
}


@pytest.mark.parametrize("case", FILTERS)
def test_show_picks(duban: Duban, county: Path, case: str) -> None:
    asked, actions = FILTERS[case]
    answer = duban("journal", "show", *asked, "--format", "csv")
    assert answer.status == 0
    assert {row["action"] for row in answer.rows} == actions


def test_an_untouched_chain_holds(duban: Duban, county: Path) -> None:
    height, own = head(duban)
    good = duban("journal", "verify")
    assert (good.status, good.out) == (0, "")
    assert re.fullmatch(
        f"sample: the chain holds, {height} rows; head {height}-{own}\n"
        r"sample: \d{4} rows of the tables are as the journal says\n",
        good.err,
    )


def test_a_broken_chain_names_its_rows(duban: Duban, county: Path) -> None:
    tamper(county, "UPDATE journal SET reason = '另有原因' WHERE height = 3", "DELETE FROM journal WHERE height = 7")
    broken = duban("journal", "verify")
    assert broken.status == 1
    assert broken.out == (
        "sample: row 3: changed: its contents do not give its hash\nsample: row 7: removed: row 7 is missing\n"
    )


def test_verifying_needs_no_rules(duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (county / "schedule.yaml").unlink()
    assert duban("journal", "verify", "--database", f"sqlite:///{county / 'duban.db'}").status == 0


def test_a_row_changed_past_the_journal_is_named(duban: Duban, county: Path) -> None:
    tamper(county, f"UPDATE occurrences SET status = 'met', light = 'green' WHERE key = '{BUDGET}'")
    broken = duban("journal", "verify")
    assert broken.status == 1
    assert f"sample: occurrences {BUDGET} (keji): status stands there as met, row " in broken.out
    assert f"sample: occurrences {BUDGET} (keji)：status 表中现为 met，日志第 " in duban(
        "journal", "verify", "--lang", "zh"
    ).out.replace("sample：", "sample: ")


def test_an_emptied_database_is_no_journal_that_holds(duban: Duban, county: Path) -> None:
    tamper(county, *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))
    answer = duban("journal", "verify")
    assert (answer.status, answer.err) == (1, "no county has a journal in this database\n")


def test_what_a_database_lacks_is_said(duban: Duban, county: Path) -> None:
    good = duban("migrate")
    assert (good.status, good.out) == (0, "")
    assert "all tables as this version has them" in good.err
    tamper(county, "ALTER TABLE silences DROP COLUMN reason", is_hidden=False)
    for asked in (("migrate",), ("doctor", "--offline")):
        answer = duban(*asked)
        assert answer.status == 1
        assert "table silences lacks the column reason" in answer.out
        assert "trigger journal_head_forward is missing" in answer.out


# -- heads that were kept outside ----------------------------------------------------------------


def test_a_head_from_a_mail_is_found_whole_or_short(duban: Duban, county: Path) -> None:
    height, own = head(duban)
    spaced = " ".join(own[at : at + 4] for at in range(0, 64, 4))
    for said in (own, own[:16], own.upper(), f"{height}-{own}", f"{height}-{own[:16]}", f"{height}:{own[:12]}", spaced):
        answer = duban("journal", "verify", "--head", said)
        assert (answer.status, answer.out) == (0, ""), said
        assert f"sample: the head is row {height} of this chain" in answer.err


def test_a_rewritten_chain_is_told_by_a_head_kept_outside(duban: Duban, county: Path) -> None:
    height, own = head(duban)
    rewrite(county)
    assert duban("journal", "verify").status == 0, "from inside nothing is seen"
    answer = duban("journal", "verify", "--head", own[:16])
    assert (answer.status, answer.out) == (1, f"sample: this chain was rewritten: no row of it is {own[:16]}…\n")
    answer = duban("journal", "verify", "--head", f"{height}-{own[:16]}")
    assert answer.status == 1
    assert f"rewritten or an old copy restored: it ends at row {height - 1}, not {height}" in answer.out
    assert duban("journal", "verify", "--head", f"{height - 1}-{own[:16]}").out.startswith(
        f"sample: this chain was rewritten: row {height - 1} is "
    )


def test_the_heads_in_a_kept_mail_are_looked_up(duban: Duban, county: Path) -> None:
    height, own = head(duban)
    mail = EmailMessage()
    mail.set_content(f"日志存证：简码{height}-{own[:16]}。")
    mail.add_alternative(f"<p>{height}-{own[:16]}</p>", subtype="html")
    (county / "mail.eml").write_bytes(bytes(mail))
    found = duban("journal", "verify", "--from", "mail.eml")
    assert (found.status, found.out) == (0, "")
    assert found.err.count(f"the head is row {height} of this chain") == 1
    rewrite(county)
    assert duban("journal", "verify", "--from", "mail.eml").out.startswith("sample: this chain was rewritten")


@pytest.mark.nightly
def test_an_old_copy_put_back_is_told_by_a_head_kept_outside(duban: Duban, county: Path) -> None:
    shutil.copy(county / "duban.db", county / "old.db")
    assert duban("tick", "--now", "2015-06-04T09:00").status == 0
    height, own = head(duban)
    for ending in ("", "-wal", "-shm"):
        (county / f"duban.db{ending}").unlink(missing_ok=True)
    shutil.copy(county / "old.db", county / "duban.db")
    assert duban("tick", "--now", "2015-06-04T09:01").status == 0, "and life goes on"
    assert duban("journal", "verify").status == 0
    answer = duban("journal", "verify", "--head", f"{height}-{own[:16]}")
    assert answer.status == 1
    assert "this chain was rewritten" in answer.out


# -- a copy to take away -------------------------------------------------------------------------


def test_an_export_is_gone_on_with_and_compared(duban: Duban, county: Path) -> None:
    first = duban("journal", "export", "kept.jsonl")
    assert (first.status, first.out) == (0, "kept.jsonl\n")
    height, own = head(duban)
    lines = [json.loads(line) for line in (county / "kept.jsonl").read_text("utf-8").splitlines()]
    assert [line["height"] for line in lines] == [*range(1, height + 1), height]
    assert lines[-1]["head"] == own
    assert "0 rows written" in duban("journal", "export", "kept.jsonl").err
    assert duban("tick", "--now", "2015-06-04T09:00").status == 0
    assert duban("journal", "verify", "--from", "kept.jsonl").status == 0
    assert duban("journal", "export", "kept.jsonl").status == 0
    again, _ = head(duban)
    assert again > height
    assert len((county / "kept.jsonl").read_text("utf-8").splitlines()) == again + 1


def test_an_export_tells_which_row_was_rewritten(duban: Duban, county: Path) -> None:
    assert duban("journal", "export", "kept.jsonl").status == 0
    kept = (county / "kept.jsonl").read_bytes()
    rewrite(county)
    for asked in (("verify", "--from", "kept.jsonl"), ("export", "kept.jsonl")):
        answer = duban("journal", *asked)
        assert answer.status == 1
        assert "sample: this chain was rewritten: row 3 is " in answer.out + answer.err
    assert (county / "kept.jsonl").read_bytes() == kept, "what was kept is not lost"


def test_a_broken_chain_is_not_exported(duban: Duban, county: Path) -> None:
    tamper(county, "UPDATE journal SET reason = '另有原因' WHERE height = 3")
    answer = duban("journal", "export", "kept.jsonl")
    assert (answer.status, answer.err) == (1, "sample: the chain is broken at row 3: nothing was written\n")
    assert sorted(one.name for one in county.glob("*kept*")) == []


def test_an_export_may_begin_later(duban: Duban, county: Path) -> None:
    assert duban("journal", "export", "tail.jsonl", "--from", "10").status == 0
    lines = (county / "tail.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["height"] == 10
    assert duban("journal", "verify", "--from", "tail.jsonl").status == 0


WRONG = {
    "no hash": (("verify", "--head", "xyz"), "write it as the mail prints it, like 1234-3f2a9c01d4e5f607"),
    "too short a hash": (("verify", "--head", "3f2a"), "12 to 64 hex digits"),
    "no such county": (("verify", "--county", "elsewhere"), "not in this database (one of: sample)"),
    "no such file": (("verify", "--from", "nowhere.jsonl"), "nowhere.jsonl: No such file"),
    "no export": (("verify", "--from", "schedule.yaml"), "neither an export of a journal nor a mail or document"),
    "export over another file": (("export", "schedule.yaml"), "line 1: no line of `duban journal export`"),
    "no such folder": (("export", "nowhere/kept.jsonl"), "no folder nowhere"),
    "no such row": (("export", "kept.jsonl", "--from", "999999"), "sample: there is no row 999999"),
    "no such day": (("show", "--since", "yesterday"), "write a day as 2015-03-02"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_says_what_would_be_right(duban: Duban, county: Path, case: str) -> None:
    asked, text = WRONG[case]
    before = (county / "schedule.yaml").read_bytes()
    answer = duban("journal", *asked)
    assert answer.status == 2
    assert text in answer.err
    assert (county / "schedule.yaml").read_bytes() == before
