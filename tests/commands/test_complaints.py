"""Complaints and questions are matters like any other: due by the rule file, reminded of, and met by their answer."""

from __future__ import annotations

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
    path.write_text(path.read_text("utf-8").replace("packs: [plan-2015, ", "packs: [plan-2015, hotline, "), "utf-8")
    return county


def received(duban: Duban, kind: str, title: str = "征地公告未按期公开") -> Said:
    return duban(
        "request", "receive", "--kind", kind, "--department", "guotu", "--way", "oral", "--filed", "2015-06-01",
        "--title", title, "--by", "王敏", "--now", "2015-06-01T15:00",
    )  # fmt: skip


def tick(duban: Duban, now: str) -> None:
    assert duban("tick", "--now", now).status == 0


def status(duban: Duban, duty: str) -> list[tuple[str, str, str]]:
    """Of each matter of the duty: its day, status and light."""
    rows = duban("status", "--all", "--format", "json").json
    return [(row["due_on"], row["status"], row["light"]) for row in rows if f"/hotline/{duty}/" in row["occurrence"]]


def notices(folder: Path, duty: str) -> list[tuple[str, str]]:
    """The notices about the duty: step and role."""
    with sqlite3.connect(folder / "duban.db") as connection:
        rows = connection.execute("SELECT step, role FROM notices WHERE occurrence LIKE ? ORDER BY id", (f"%/{duty}/%",))
        return [*map(tuple, rows)]


@pytest.mark.parametrize(("kind", "due"), [("complaint", "2015-06-15"), ("question", "2015-06-08")])
def test_it_is_due_by_the_rule_file_and_met_by_its_answer(hotline: Path, duban: Duban, kind: str, due: str) -> None:
    assert received(duban, kind).status == 0
    tick(duban, "2015-06-02T09:00")
    assert status(duban, kind) == [(due, "open", "none")]
    step = ["--by", "王敏", "--now", "2015-06-05T15:00"]
    assert duban("request", "register", f"{kind}/guotu/2015/1", "--on", "2015-06-01", *step).status == 0
    said = duban(
        "request", "answer", f"{kind}/guotu/2015/1", "--kind", "other", "--field", "reason=已补充公开", *step
    )
    assert said.status == 0
    assert status(duban, kind) == [(due, "met", "green")]
    tick(duban, "2015-06-16T09:00")
    assert status(duban, kind) == [(due, "met", "green")]
