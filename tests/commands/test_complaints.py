"""Complaints and questions are matters like any other: due by the rule file, reminded of, and met by their answer."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.commands.command_line import Duban, Said

#: The county's own pack: how many working days its departments have, which the Regulations leave open.
PACK = """\
pack: hotline
title: 样例县信息公开投诉和咨询办理规定
in_force: {from: 2015-01-01, until: 2015-12-31}
issued: 2015-01-01
events:
  hotline-complaint: {title: 收到投诉, register: complaint.receive}
  hotline-complaint-answer: {title: 答复投诉, register: complaint.answer}
  hotline-question: {title: 收到咨询, register: question.receive}
  hotline-question-answer: {title: 答复咨询, register: question.answer}
duties:
  - id: complaint
    title: 信息公开投诉答复
    clause: 第二条
    departments: all
    channels: tracker
    deadline: {within: 10 workdays, of: hotline-complaint, extension: 10 workdays}
    evidence: {record: hotline-complaint-answer}
    escalation: statutory-answer
    examples:
      - {of: hotline-complaint, event: 2015-06-01, due: 2015-06-15}
      - {of: hotline-complaint, event: 2015-06-01, entry: 投诉答复, published: 2015-06-03, proves: nothing}
  - id: question
    title: 信息公开咨询答复
    clause: 第三条
    departments: all
    channels: tracker
    deadline: {within: 5 workdays, of: hotline-question}
    evidence: {record: hotline-question-answer}
    examples:
      - {of: hotline-question, event: 2015-06-01, due: 2015-06-08}
      - {of: hotline-question, event: 2015-06-01, entry: 咨询答复, published: 2015-06-03, proves: nothing}
"""


@pytest.fixture
def hotline(county: Path) -> Path:
    """The sample county with a pack of its own for complaints and questions."""
    (county / "rules" / "packs" / "hotline.yaml").write_text(PACK, "utf-8")
    path = county / "rules" / "counties" / "sample" / "county.yaml"
    text = path.read_text("utf-8").replace("packs: [plan-2015, foi-2007, ", "packs: [plan-2015, hotline, ")
    path.write_text(re.sub(r"(?m)^  foi-2007: .*\n", "", text), "utf-8")
    return county


def received(duban: Duban, kind: str, title: str = "征地公告未按期公开") -> Said:
    return duban(
        "request", "receive", "--kind", kind, "--department", "guotu", "--way", "oral", "--filed", "2015-06-01",
        "--title", title, "--by", "王敏", "--now", "2015-06-01T15:00",
    )  # fmt: skip


def tick(duban: Duban, now: str) -> None:
    assert duban("tick", "--now", now).status == 0


def status(duban: Duban, duty: str) -> list[tuple[str, str, str]]:
    """Of each matter of the duty that has a day: the day, status and light."""
    rows = duban("status", "--all", "--format", "json").json
    theirs = [row for row in rows if (row["pack"], row["duty"]) == ("hotline", duty) and row["due_on"]]
    return [(row["due_on"], row["status"], row["light"]) for row in theirs]


def steps_taken(folder: Path, duty: str) -> list[str]:
    """The steps of the policy that became notices, in their order; in trial operation all go to the county office."""
    about = f"%/hotline/{duty}/%"
    with sqlite3.connect(folder / "duban.db") as connection:
        rows = connection.execute("SELECT step FROM notices WHERE subject LIKE ? ORDER BY id", (about,))
        return [*dict.fromkeys(step for (step,) in rows)]


@pytest.mark.parametrize(
    ("kind", "due", "at_first"),
    [("complaint", "2015-06-15", ("open", "none")), ("question", "2015-06-08", ("due-soon", "blue"))],
)
def test_it_is_due_by_the_rule_file_and_met_by_its_answer(
    hotline: Path, duban: Duban, kind: str, due: str, at_first: tuple[str, str]
) -> None:
    assert received(duban, kind).status == 0
    tick(duban, "2015-06-02T09:00")
    assert status(duban, kind) == [(due, *at_first)]
    step = ["--by", "王敏", "--now", "2015-06-05T15:00"]
    assert duban("request", "register", f"{kind}:2015-guotu-1", "--on", "2015-06-01", *step).status == 0
    said = duban("request", "answer", f"{kind}:2015-guotu-1", "--kind", "other", "--field", "reason=已补充公开", *step)
    assert said.status == 0
    assert status(duban, kind) == [(due, "met", "green")]
    tick(duban, "2015-06-16T09:00")
    assert status(duban, kind) == [(due, "met", "green")]


@pytest.mark.nightly
def test_a_complaint_without_an_answer_is_reminded_of_pressed_and_met_late(hotline: Path, duban: Duban) -> None:
    received(duban, "complaint")
    for day in ("02", "09", "12", "16", "17"):  # due on Monday the 15th
        tick(duban, f"2015-06-{day}T09:00")
    assert status(duban, "complaint") == [("2015-06-15", "overdue", "red")]
    assert steps_taken(hotline, "complaint") == ["reminder", "to-lead", "overdue", "to-county-office"]
    step = ["--by", "王敏", "--now", "2015-06-18T10:00"]
    duban("request", "register", "complaint:2015-guotu-1", "--on", "2015-06-01", *step)
    duban("request", "answer", "complaint:2015-guotu-1", "--kind", "other", "--field", "reason=已补充公开", *step)
    assert status(duban, "complaint") == [("2015-06-15", "met-late", "yellow")]


@pytest.mark.nightly
def test_an_extension_of_a_complaint_moves_its_day_once(hotline: Path, duban: Duban) -> None:
    received(duban, "complaint")
    step = ["--by", "王敏", "--now", "2015-06-05T15:00", "--reason", "需要实地核实"]
    duban("request", "register", "complaint:2015-guotu-1", "--on", "2015-06-01", *step)
    assert duban("request", "extend", "complaint:2015-guotu-1", "--told", "2015-06-05", *step).status == 0
    tick(duban, "2015-06-06T09:00")
    assert status(duban, "complaint") == [("2015-06-30", "open", "none")]


@pytest.mark.nightly
def test_an_extension_holds_for_every_pack_that_asks_for_the_answer(hotline: Path, duban: Duban) -> None:
    path = hotline / "rules" / "counties" / "sample" / "county.yaml"
    path.write_text(
        path.read_text("utf-8").replace("packs: [plan-2015, hotline, ", "packs: [plan-2015, foi-2007, hotline, "),
        "utf-8",
    )
    received(duban, "complaint")
    step = ["--by", "王敏", "--now", "2015-06-05T15:00", "--reason", "需要实地核实"]
    duban("request", "register", "complaint:2015-guotu-1", "--on", "2015-06-01", *step)
    assert duban("request", "extend", "complaint:2015-guotu-1", "--told", "2015-06-05", *step).status == 0
    tick(duban, "2015-06-06T09:00")
    rows = duban("status", "--all", "--format", "json").json
    due = {
        row["pack"]: row["due_on"] for row in rows if row["duty"] in ("complaint", "complaint-answer") and row["due_on"]
    }
    assert due == {"foi-2007": "2015-07-14", "hotline": "2015-06-30"}


def test_a_complaint_has_fewer_steps_than_a_request(hotline: Path, duban: Duban) -> None:
    received(duban, "complaint")
    step = ["--by", "王敏", "--now", "2015-06-05T15:00", "--reason", "内容不明"]
    duban("request", "register", "complaint:2015-guotu-1", *step)
    said = duban("request", "correct", "complaint:2015-guotu-1", "--until", "2015-06-20", *step)
    assert said.status == 2
    assert "possible are assign, extend, review, answer, withdraw" in said.err


def test_each_register_has_its_own_numbers(hotline: Path, duban: Duban) -> None:
    for kind in ("complaint", "question", "complaint"):
        assert received(duban, kind).status == 0
    rows = duban("request", "list", "--format", "json").json
    assert [(row["kind"], row["request"]) for row in rows] == [
        ("complaint", "complaint:2015-guotu-1"), ("complaint", "complaint:2015-guotu-2"),
        ("question", "question:2015-guotu-1"),
    ]  # fmt: skip


@pytest.mark.nightly
def test_a_complaint_that_is_withdrawn_is_owed_no_more(hotline: Path, duban: Duban) -> None:
    received(duban, "complaint")
    undo = ["--by", "王敏", "--reason", "误录", "--now", "2015-06-02T15:00"]
    tick(duban, "2015-06-02T09:00")
    assert duban("request", "undo", "complaint:2015-guotu-1", "1", *undo).status == 0
    tick(duban, "2015-06-16T09:00")
    assert status(duban, "complaint") == [("2015-06-15", "closed", "grey")]
    assert steps_taken(hotline, "complaint") == []
