"""`duban attest` at the terminal: what is filed, kept, shown, decided and taken back; what is refused, and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

ATTACHED = Path(__file__).parents[1] / "evidence" / "attached"
KEY = "secrecy-review/keji/once"
AT = ("--now", "2015-05-05T09:00")
FILER, OFFICE = ("--by", "李梅", *AT), ("--by", "张主任", "--reason", "已核对", *AT)


@pytest.fixture
def scan(county: Path) -> Path:
    path = county / "制度.pdf"
    shutil.copy(ATTACHED / "notice.pdf", path)
    return path


def test_a_file_is_kept_listed_shown_and_accepted_by_somebody_else(duban: Duban, county: Path, scan: Path) -> None:
    filed = duban("attest", KEY, "--file", scan, *FILER)
    assert "filed attestation:1; it counts once accepted (duban attest accept 1)" in filed.out
    (row,) = duban("attest", "list", "--waiting", "--format", "csv").rows
    assert (row["number"], row["proof"], row["by"], row["state"]) == ("1", "制度.pdf", "李梅", "waiting")
    waiting = duban("attest", "list", "--waiting")
    assert KEY in waiting.out
    assert "1 to decide: duban attest accept|refuse ID --by … --reason …" in waiting.err
    shown = duban("attest", "show", "attestation:1", "--save", county / "back.pdf")
    assert (shown.status, "whole" in shown.out) == (0, True)
    assert (county / "back.pdf").read_bytes() == scan.read_bytes()
    assert "there is such a file already" in duban("attest", "show", "1", "--save", county / "back.pdf").err
    own = duban("attest", "accept", "1", *FILER, "--reason", "好")
    assert (own.status, "filed by 李梅: somebody else must accept it" in own.err) == (2, True)
    assert f"{KEY}: met (green)" in duban("attest", "accept", "1", *OFFICE).out
    assert duban("attest", "list", "--waiting", "--format", "csv").rows == []
    assert "is met, there is nothing to prove" in duban("attest", KEY, "--statement", "又一份", *FILER).err
    again = duban("attest", "file", KEY, "--file", scan, *FILER)
    assert (again.status, "was accepted by 张主任: 已核对" in again.out) == (0, True)


def test_a_refusal_is_shown_with_its_reason_and_stays_on_record(duban: Duban, county: Path) -> None:
    assert duban("attest", KEY, "--statement", "已建立制度", *FILER).status == 0
    refused = duban("attest", "refuse", "1", "--by", "张主任", "--reason", "只有口头说明", *AT)
    assert (refused.status, f"{KEY}: open (none)" in refused.out) == (0, True)
    assert "经张主任认定不予采信：只有口头说明" in duban("explain", KEY).out
    (row,) = duban("attest", "list", "--format", "csv").rows
    assert (row["state"], row["decided_by"], row["reason"]) == ("refused", "张主任", "只有口头说明")
    back = duban("attest", "withdraw", "1", "--by", "李梅", "--reason", "传错", *AT)
    assert (back.status, "it stays on record" in back.err) == (2, True)
    assert "is no file: there is nothing to save" in duban("attest", "show", "1", "--save", county / "x").err


def test_what_is_withdrawn_waits_no_longer(duban: Duban, county: Path) -> None:
    assert duban("attest", KEY, "--statement", "已建立制度", *FILER).status == 0
    assert "withdrew attestation:1" in duban("attest", "withdraw", "1", "--reason", "传错", *FILER).out
    assert [row["state"] for row in duban("attest", "list", "--format", "csv").rows] == ["withdrawn"]
    assert "attestation:1 was withdrawn by 李梅" in duban("attest", "accept", "1", *OFFICE).err
    assert duban("evidence", "list", "--department", "keji", "--format", "csv").rows == []


def test_a_changed_or_lost_file_is_found_and_mended_by_filing_it_again(duban: Duban, county: Path, scan: Path) -> None:
    assert duban("attest", KEY, "--file", scan, *FILER).status == 0
    assert "1 filed files, all as they were filed" in duban("doctor", "--offline").out
    (kept,) = [path for path in (county / "filed").rglob("*") if path.is_file()]
    kept.write_bytes(scan.read_bytes()[:-1] + b"x")
    doctor = duban("doctor", "--offline")
    assert doctor.status == 1
    assert "no longer has its hash" in doctor.out
    assert f"it supports attestation:1 of sample/plan-2015/{KEY} (制度.pdf)" in " ".join(doctor.out.split())
    shown = duban("attest", "show", "1", "--save", county / "back.pdf")
    assert (shown.status, (county / "back.pdf").exists()) == (1, False)
    kept.unlink()
    assert "lost from the disk" in duban("attest", "show", "1").out
    assert "on record already" in duban("attest", KEY, "--file", scan, *FILER).out
    assert duban("attest", "show", "1").status == 0


def test_nothing_is_kept_of_what_is_not_filed(duban: Duban, county: Path, scan: Path) -> None:
    assert "no occurrence" in duban("attest", "secrecy-review/keji/twice", "--file", scan, *FILER).err
    assert not (county / "filed").exists()


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "a name that says another kind": (("--file", "制度.jpg"), "it is a PDF document, but its name ends in .jpg"),
    "a program": (("--file", "照片.png"), "照片.png: it is a program (taken: JPEG, PNG, PDF"),
    "an empty file": (("--file", "空.pdf"), "空.pdf: it is empty"),
    "a folder": (("--file", "rules"), "rules: not a file"),
    "no such file": (("--file", "无.pdf"), "No such file"),
    "an empty statement": (("--statement", ""), "proof is missing"),
    "an empty link": (("--link", ""), "proof is missing"),
    "a link that is none": (("--link", "www.x.cn"), "give the whole address"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_filed_is_told_why(duban: Duban, county: Path, scan: Path, case: str) -> None:
    shutil.copy(scan, county / "制度.jpg")
    (county / "照片.png").write_bytes(b"MZ" + bytes(100))
    (county / "空.pdf").touch()
    argv, why = REFUSED[case]
    answer = duban("attest", KEY, *argv, *FILER)
    assert (answer.status, answer.out) == (2, "")
    assert why in answer.err
    assert duban("attest", "list", "--format", "csv").rows == []


def test_a_file_beyond_the_limit_of_the_schedule_is_refused(duban: Duban, county: Path, scan: Path) -> None:
    schedule = county / "schedule.yaml"
    text = schedule.read_text(encoding="utf-8")
    schedule.write_text(text.replace("  max_bytes: 20000000 ", "  max_bytes: 1000 "), encoding="utf-8")
    answer = duban("attest", KEY, "--file", scan, *FILER)
    assert (answer.status, "more than 1000 bytes (schedule.yaml: filings: max_bytes)" in answer.err) == (2, True)


NUMBERS = {
    "no number": (("show", "eins"), "'eins' is no number of a filing; write 12 or attestation:12"),
    "nothing under it": (("show", "7"), "nothing was filed under number 7"),
    "nothing to decide": (("refuse", "7", *OFFICE), "nothing was filed under number 7"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_a_number_that_means_nothing_is_told(duban: Duban, county: Path, case: str) -> None:
    argv, why = NUMBERS[case]
    answer = duban("attest", *argv)
    assert (answer.status, why in answer.err) == (2, True)


def test_a_zero_report_needs_nobody_and_may_be_withdrawn(duban: Duban, county: Path) -> None:
    quarter = "foi-review/keji/2015-Q2"
    assert f"{quarter}: met (green)" in duban("zero-report", quarter, *FILER).out
    assert "zero-report:1 counts by itself" in duban("attest", "accept", "1", *OFFICE).err
    assert f"{quarter}: open (none)" in duban("attest", "withdraw", "zero-report:1", "--reason", "有申请", *FILER).out


@pytest.mark.parametrize("other", ["refuse", "accept"])
def test_of_two_who_decide_at_once_the_second_is_told(duban: Duban, county: Path, other: str) -> None:
    assert duban("attest", KEY, "--statement", "已建立制度", *FILER).status == 0
    assert duban("attest", "accept", "1", *OFFICE, "--seen", "0").status == 0
    said = duban("attest", other, "1", "--by", "赵主任", "--reason", "看不清", "--seen", "0", *AT)
    assert (said.status, "张主任 decided accept on" in said.err) == (2, True)
    assert "which you had not seen: look again" in said.err
    assert "met (green)" in duban("explain", KEY).out
    zhao = ["--by", "赵主任", "--reason", "看不清", *AT]
    later = duban("evidence", "reject", KEY, "attestation:1", "--seen", "1", *zhao)
    assert later.status == 0
