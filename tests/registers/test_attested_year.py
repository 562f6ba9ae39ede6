"""One scripted year on the command line: each duty of the 2015 plan that no crawl can prove, met by what people file.

Nobody looks at the site in this year. What is told to the system, when and by whom, stands in the table below; the
journal must tell the same.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registers.filed_year import ACTS, NAMES, OFFICE
from tracker.commands.main import main
from tracker.core.law.county import Rulebook
from tracker.rulebook.load import load

ATTACHED = Path(__file__).parents[1] / "evidence" / "attached"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("year") / "county"
    assert main(["init", "--sample", str(made)]) == 0
    for name, source in NAMES.items():
        shutil.copy(ATTACHED / source, made / name)
    return made


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def command(*argv: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main(list(argv)) == status, capsys.readouterr().err
        return capsys.readouterr().out

    monkeypatch.chdir(folder)
    return command


def unprovable(rulebook: Rulebook) -> set[str]:
    """The duties with a cell that is proved by filing, alone or among other ways."""
    return {
        duty.id
        for duty in rulebook.duties
        for assignment in duty.assignments
        for cell in assignment.cells
        if any(source.kind == "filing" for source in cell.sources)
    }


@pytest.mark.nightly
def test_each_duty_that_no_crawl_can_prove_is_met_by_what_people_file(folder: Path, run: Run) -> None:
    rulebook = load(folder, os.environ).rulebooks[0]
    filed = {act.matter.split("/")[0] for act in ACTS}
    assert unprovable(rulebook) <= filed, "a duty of the plan is missing from the year"
    expected = []
    month = ""
    for act in ACTS:
        if act.at[:7] != month:
            month = act.at[:7]
            run("tick", "--now", act.at)
        out = run(*act.argv)
        if act.accepted:
            number = out.split(":", 1)[1].split(";", 1)[0]
            waiting = json.loads(run("attest", "list", "--waiting", "--format", "json"))
            assert [str(row["number"]) for row in waiting] == [number]
            out = run("attest", "accept", number, "--by", OFFICE, "--reason", act.accepted, "--now", act.at)
        expected += act.journalled
        assert f"{act.key}: met (green)" in out or act.later, out
    run("tick", "--now", "2016-01-05T09:00")
    rows = json.loads(run("status", "--all", "--format", "json", status=1))
    pairs = {tuple(act.matter.split("/")[:2]) for act in ACTS}
    stands = {
        f"{row['duty']}/{row['department']}/{row['period']}": row["status"]
        for row in rows
        if (row["duty"], row["department"]) in pairs and not row["period"].startswith("awaiting:")
    }
    assert {key: status for key, status in stands.items() if status != "met"} == {}
    assert {act.matter for act in ACTS if not act.event} <= set(stands)
    check_journal(run, expected)
    check_files(folder, run)


def check_journal(run: Run, expected: list[tuple[str, str, str]]) -> None:
    """What people did, in its order, by whom and about what; and nobody has touched it since."""
    lines = json.loads(run("journal", "show", "--format", "json"))
    acts = [(line["who"], line["action"], line["subject"]) for line in lines if not line["who"].startswith("rule:")]
    assert acts == expected
    run("journal", "verify")


def check_files(folder: Path, run: Run) -> None:
    """Every file lies under its hash, once, and comes back as it was."""
    listed = json.loads(run("attest", "list", "--format", "json"))
    assert {row["state"] for row in listed} == {"accepted", "filed"}
    for row in listed:
        if row["form"] == "file":
            run("attest", "show", str(row["number"]), "--save", f"back-{row['number']}")
            assert (folder / f"back-{row['number']}").read_bytes() == (folder / row["proof"]).read_bytes()
    kept = [path for path in (folder / "filed").rglob("*") if path.is_file()]
    assert len(kept) == len({(folder / row["proof"]).read_bytes() for row in listed if row["form"] == "file"})
    doctor = run("doctor", "--offline", "--now", "2016-01-31", status=1)  # no plan is in force any longer
    assert f"{len(kept)} filed files, all as they were filed" in doctor
