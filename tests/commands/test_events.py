"""`duban event`: what is recorded is corrected, shown, taken back; a clerk's table is read, tried and imported."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.commands.command_line import Duban, Said

BUDGET = ("budget-approved", "--department", "keji", "--reference", "2015-03-02")
WHO = ("--by", "王敏", "--reason", "批复文件日期有误")
KEY = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
HEADS = ("事项", "部门", "日期", "文号", "年度")


def journal(duban: Duban) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = duban("journal", "show", "--format", "json").json
    return found


def lines(said: Said) -> list[str]:
    return said.err.removeprefix("duban: ").splitlines()


# -- one event -----------------------------------------------------------------------------------


def test_a_correction_keeps_the_old_value_and_the_next_pass_takes_the_new_one(duban: Duban, county: Path) -> None:
    said = duban("event", "correct", *BUDGET, "--on", "2015-03-09", *WHO, "--now", "2015-05-04T10:00")
    assert said.status == 0
    assert said.out.startswith("corrected budget-approved:2015-03-02 of keji: 2015-03-02, year=2015 -> 2015-03-09")
    assert duban("tick", "--now", "2015-05-04T10:10").status == 0
    told = duban("event", "show", *BUDGET, "--format", "json").json
    assert [(one["who"], one["what"], one["occurred"], one["reason"]) for one in told["history"]] == [
        ("财政局", "recorded", "2015-03-02", ""),
        ("王敏", "corrected", "2015-03-09", "批复文件日期有误"),
    ]
    assert (told["occurred"], told["fields"]) == ("2015-03-09", "year=2015")
    assert [(one["occurrence"], one["due_on"]) for one in told["occurrences"]] == [(KEY, "2015-03-30")]
    (moved,) = [one for one in journal(duban) if one["action"] == "due.moved"]
    assert (moved["subject"], "2015-03-24" in str(moved["before"])) == (KEY, True)


def test_what_a_deed_changes_is_judged_at_once_and_told(duban: Duban, county: Path) -> None:
    closed, waits = f"{KEY}: closed (grey)", f"{KEY.rpartition('/')[0]}/awaiting:budget-approved: clock-unknown (grey)"
    withdrawn = duban("event", "withdraw", *BUDGET, *WHO, "--now", "2015-05-04T10:00")
    assert [line.strip().partition("  ")[0] for line in withdrawn.out.splitlines()[1:]] == [waits, closed]
    restored = duban("event", "correct", *BUDGET, *WHO, "--now", "2015-05-04T10:05")
    assert [line.strip().partition("  ")[0] for line in restored.out.splitlines()[1:]] == [
        f"{waits.partition(': ')[0]}: closed (grey)", f"{KEY}: unverifiable (grey)",
    ]  # fmt: skip
    assert duban("event", "correct", *BUDGET, *WHO).out.splitlines() == [
        "budget-approved:2015-03-02 of keji is on record already, nothing changed"
    ]


def test_an_event_is_shown_to_people_with_its_history_and_what_hangs_on_it(duban: Duban, county: Path) -> None:
    shown = duban("event", "show", *BUDGET)
    assert shown.status == 0
    for word in (
        "预算批复 · 科技局 · 2015-03-02",
        "recorded",
        "财政局",
        "budget/keji/event:budget-approved:2015-03-02",
        "2015-03-23",
    ):
        assert word in shown.out


def test_what_another_changed_meanwhile_is_not_overwritten(duban: Duban, county: Path) -> None:
    seen = str(duban("event", "show", *BUDGET, "--format", "json").json["version"])
    assert duban("event", "correct", *BUDGET, "--on", "2015-03-09", *WHO, "--seen", seen).status == 0
    before = (county / "duban.db").read_bytes()
    for deed in (("correct", *BUDGET, "--on", "2015-03-10"), ("withdraw", *BUDGET)):
        said = duban("event", *deed, "--by", "李娜", "--reason", "核对", "--seen", seen)
        assert said.status == 2
        assert "is another since: 王敏 changed it at" in said.err
    assert (county / "duban.db").read_bytes() == before
    assert duban("event", "withdraw", *BUDGET, "--by", "李娜", "--reason", "误录").status == 0
    assert duban("event", "correct", *BUDGET, "--by", "李娜", "--reason", "核实无误").out.startswith("restored ")


WRONG = {
    "correct what is not there": (
        ("correct", "budget-approved", "--department", "keji", "--reference", "2015-03-20", *WHO),
        "did you mean 2015-03-02",
    ),
    "correct without a reason": (("correct", *BUDGET, "--on", "2015-03-09", "--by", "王"), "--reason"),
    "correct to no day": (("correct", *BUDGET, "--on", "2015-03-32", *WHO), "--on '2015-03-32': write a day"),
    "correct a needed field away": (("correct", *BUDGET, "--field", "year=", *WHO), "budget-approved needs year"),
    "correct by adding": (
        ("add", "budget-approved", "--department", "keji", "--on", "2015-03-02", "--field", "year=2014", "--correct"),
        "say why with --reason",
    ),
    "see no version": (("correct", *BUDGET, *WHO, "--seen", "none"), "'none' is no count"),
    "show whose": (
        ("show", "budget-approved", "--department", "kejj", "--reference", "x"),
        "did you mean 科技局 (keji)",
    ),
    "show what": (
        ("show", "budget-aproved", "--department", "keji", "--reference", "x"),
        "did you mean budget-approved",
    ),
    "import nothing": (("import", "none.csv", "--by", "王"), "none.csv: No such file or directory"),
    "import by nobody": (("import", "none.csv"), "--by is missing: who says so?"),
    "import and correct without a reason": (("import", "none.csv", "--correct", "--by", "王"), "say why with --reason"),
    "import a folder": (("import", "rules", "--dry-run"), "rules: Is a directory"),
    "import what no event is": (("import", "schedule.yaml", "--dry-run", "--name", "x"), "no event 'x': "),
    "import no table": (("import", "schedule.yaml", "--dry-run"), "schedule.yaml: "),
    "template of another kind": (("template", "form.docx"), "form.docx: name it .xlsx or .csv"),
    "template over a file": (("template", "schedule.yaml"), "schedule.yaml: name it .xlsx or .csv"),
}


@pytest.mark.parametrize(("argv", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_used_is_told_and_changes_nothing(
    duban: Duban, county: Path, argv: tuple[str, ...], said: str
) -> None:
    before = (county / "duban.db").read_bytes()
    answer = duban("event", *argv)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert (county / "duban.db").read_bytes() == before


# -- a table of them -----------------------------------------------------------------------------


def a_csv(path: Path, *rows: str, code: str = "gb18030") -> Path:
    path.write_bytes("\r\n".join(("样例县预算批复登记表,,,,", ",".join(HEADS), *rows)).encode(code))
    return path


ROWS = (
    "预算批复,科技局,2015年3月2日,,2015",  # line 3: on record
    "预算批复,财政局,2015/3/4,财预〔2015〕１２号,2015",
    "预算批付,财政局,2015/3/4,,2015",
    "预算批复,民政局,2015/3/40,,",
    "预算批复,科技局,2015-03-09,2015-03-02,2015",  # line 7: the same reference as line 3
)


def test_a_trial_shows_what_each_row_would_do_and_writes_nothing(duban: Duban, county: Path) -> None:
    before = (county / "duban.db").read_bytes()
    file = a_csv(county / "批复.csv", *ROWS[:4], "预算批复,科技局,2015-03-03,2015-04-20,2015")
    said = duban("event", "import", file, "--dry-run", "--format", "json", "--now", "2015-05-04")
    assert said.status == 1
    assert [(one["line"], one["outcome"]) for one in said.json] == [
        (3, "same"), (4, "new"), (5, "bad"), (6, "bad"), (7, "new"),
    ]  # fmt: skip
    assert [said.json[row]["reference"] for row in (0, 1, 4)] == ["2015-03-02", "财预〔2015〕12号", "2015-04-20"]
    assert "did you mean 预算批复, 决算批复?" in said.json[2]["note"]
    assert "there is no such day" in said.json[3]["note"]
    assert "no 年度 (year), which budget-approved needs" in said.json[3]["note"]
    assert said.json[4]["note"] == "2015-03-02 with year=2015 too: correct that one if it is the same"
    assert "2 to record, 1 as on record, 2 bad; nothing was written" in said.err
    assert (county / "duban.db").read_bytes() == before
    shown = duban("event", "import", file, "--dry-run").out
    assert "财预〔2015〕12号" in shown
    assert not any(line.split()[:2] == ["3", "same"] for line in shown.splitlines())


def test_a_trial_makes_no_database(duban: Duban, made: Path, tmp_path: Path) -> None:
    file = a_csv(tmp_path / "批复.csv", ROWS[1])
    database = f"sqlite:///{tmp_path / 'none.db'}"
    said = duban("--root", made, "--database", database, "event", "import", file, "--dry-run")
    assert (said.status, "1 to record" in said.err) == (0, True)
    assert not (tmp_path / "none.db").exists()


def test_bad_rows_are_all_named_and_stop_the_whole_file_unless_they_are_left_out(duban: Duban, county: Path) -> None:
    file = a_csv(county / "批复.csv", *ROWS)
    before = (county / "duban.db").read_bytes()
    stopped = duban("event", "import", file, "--by", "王敏")
    assert (stopped.status, stopped.out) == (2, "")
    assert [line.partition(": ")[0] for line in lines(stopped)[:4]] == [f"{file}:{n}" for n in (3, 5, 6, 7)]
    assert "lines 3, 7 contradict each other" in stopped.err
    assert "1 to record, 4 bad; nothing was written" in stopped.err
    assert (county / "duban.db").read_bytes() == before
    done = duban("event", "import", file, "--by", "王敏", "--skip-bad")
    assert (done.status, done.out.strip()) == (1, f"{file}: 1 recorded, 4 bad (judged at the next tick)")
    again = duban("event", "import", file, "--by", "王敏", "--skip-bad")
    assert (again.status, again.out.strip()) == (1, f"{file}: 1 as on record, 4 bad")


def test_a_file_takes_the_record_over_only_where_it_is_told_to(duban: Duban, county: Path) -> None:
    file = a_csv(county / "批复.csv", "预算批复,科技局,2015-03-09,2015-03-02,2015")
    refused = duban("event", "import", file, "--by", "王敏")
    assert refused.status == 2
    assert f"{file}:3: on record: 2015-03-02, year=2015; --correct takes the file's word" in refused.err
    done = duban("event", "import", file, "--correct", *WHO)
    assert (done.status, done.out.strip()) == (0, f"{file}: 1 corrected (judged at the next tick)")
    *_, corrected, whole = journal(duban)
    assert (corrected["action"], corrected["who"]) == ("event.corrected", "王敏")
    assert corrected["reason"] == "批复文件日期有误；自批复.csv第3行导入"
    assert whole["action"] == "events.imported"
    assert json.loads(whole["after"])["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert duban("journal", "verify").status == 0


def filled(path: Path, rows: int, bad: int) -> Path:
    """Requests for information, every so many of them with a fault of one kind or another."""
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("申请登记"), book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, 3, "2015年依申请公开登记表")
        sheet.write_row(2, 0, HEADS[:4])
        step = rows // bad if bad else rows + 1
        for number in range(rows):
            fault = number // step % 4 if number % step == step - 1 else None
            at = datetime(2015, 1, 5) + timedelta(days=number % 360)
            sheet.write(number + 3, 0, "收到公开申情" if fault == 0 else "收到公开申请")
            sheet.write(number + 3, 1, "科计局" if fault == 1 else ("科技局", "环境保护局", "shebao")[number % 3])
            if fault == 2:
                sheet.write(number + 3, 2, "2015年2月30日")
            else:
                sheet.write_datetime(number + 3, 2, at, day)
            sheet.write(number + 3, 3, f"2015/{number}" if fault == 3 else f"2015-{number}号")
    return path


@pytest.mark.nightly
@pytest.mark.parametrize("rows", [2_000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_thousands_of_rows_with_many_faults_are_named_and_the_mended_file_goes_in_once(
    duban: Duban, county: Path, rows: int
) -> None:
    faults = rows // 50
    bad = filled(county / "申请.xlsx", rows, faults)
    stopped = duban("event", "import", bad, "--by", "王敏")
    assert stopped.status == 2
    named = [line.partition(": ")[0] for line in lines(stopped)[:-1]]
    assert named == [f"{bad}:{number}" for number in range(3 + 50, 3 + rows + 1, 50)]
    assert lines(stopped)[-1].endswith(
        f"{rows - faults} to record, {faults} bad; nothing was written (--skip-bad records what is right)"
    )
    good = filled(county / "申请.xlsx", rows, 0)
    assert duban("event", "import", good, "--by", "王敏").out.startswith(f"{good}: {rows} recorded")
    before = (county / "duban.db").read_bytes()
    again = duban("event", "import", good, "--by", "李娜")
    assert (again.status, again.out.strip()) == (0, f"{good}: {rows} as on record")
    assert (county / "duban.db").read_bytes() == before
    listed = duban("event", "list", "--name", "foi-request-received", "--format", "csv").rows
    assert len(listed) == rows + 1  # one was there before
    assert duban("journal", "verify").status == 0


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_form_that_is_given_out_is_read_when_it_comes_back(duban: Duban, county: Path, ending: str) -> None:
    form = county / f"登记表.{ending}"
    assert duban("event", "template", form).status == 0
    assert duban("event", "template", form).status == 2  # never over what is there
    empty = duban("event", "import", form, "--dry-run")
    assert (empty.status, "no row below the heads" in empty.err) == (0, True)
    if ending == "csv":
        heads, row = form.read_text("utf-8-sig").strip(), "预算批复,民政局,2015-3-4,,,2015,"
    else:
        (_, *said) = CalamineWorkbook.from_path(form).get_sheet_by_name("事项").to_python()
        heads, row = ",".join(map(str, said[0])), "预算批复,民政局,2015-3-4,,,2015,"
    assert heads.startswith("事项,部门,日期,文号,任务,年度,项目名称")
    (county / "填好.csv").write_text(f"{heads}\n{row}\n", "utf-8")
    assert "1 to record" in duban("event", "import", "填好.csv", "--dry-run").err
