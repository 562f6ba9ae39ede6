"""Decisions from the command line: what is written is judged at once and said, what does not fit is refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

NOW = ("--now", "2015-05-05T09:00")
BUDGET = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
REQUEST = "foi-request/keji/event:foi-request-received:7号"  # due on 12 May
MONTH = "environment-monthly/huanbao/2015-05"  # due on 31 May
BY = ("--by", "李主任", "--reason", "经核实")
ASKED = (*BY, "--asked-by", "王敏")
SECRET = ("--ground", "secret", "--basis", "政府信息公开条例第八条")


def test_a_waiver_says_what_stands_now(duban: Duban, county: Path) -> None:
    said = duban("waive", BUDGET, *SECRET, *ASKED, "--until", "2015-08-31", *NOW)
    reason = "经李主任批准豁免（国家秘密，依据：政府信息公开条例第八条，至2015年8月31日止）：经核实"
    assert said.status == 0
    assert said.out == f"waive {BUDGET} until 2015-08-31 (ruling:1)\n  {BUDGET}: waived (grey)  {reason}\n"
    shown = duban("explain", BUDGET, *NOW).out
    assert f"Reason   「{reason}」" in shown
    assert "Decisions (1 about it)" in shown
    assert "2015-05-05 09:00  ruling:1 waive until 2015-08-31, by 「李主任」, asked by 「王敏」: holds" in shown
    assert "「国家秘密」; 「政府信息公开条例第八条」; 「经核实」" in shown


def test_a_waiver_is_taken_back_and_stays_on_record(duban: Duban, county: Path) -> None:
    assert duban("waive", BUDGET, *SECRET, *ASKED, *NOW).status == 0
    said = duban("decision", "revoke", "1", "--by", "赵主任", "--reason", "已解密", *NOW)
    assert "此前的豁免已于2015年5月5日经赵主任撤销（已解密），自该日起恢复督办" in said.out
    assert [one["id"] for one in duban("decision", "list", "--format", "csv").rows] == ["2"]
    listed = duban("decision", "list", BUDGET, "--all", "--format", "csv").rows
    assert [one["state"] for one in listed] == ["holds", "revoked by 赵主任 on 2015-05-05: 已解密"]
    assert duban("journal", "verify").status == 0
    [line] = [one for one in duban("journal", "show", "--format", "csv").rows if one["action"] == "ruling.revoke"]
    assert (line["who"], line["subject"], line["reason"]) == ("赵主任", BUDGET, "已解密")


def test_a_duty_as_a_whole_does_not_apply(duban: Duban, county: Path) -> None:
    said = duban("not-applicable", "--duty", "budget", "--department", "keji", *BY, "--basis", "三定方案", *NOW)
    assert f"{BUDGET}: not-applicable (grey)  经李主任认定不适用（依据：三定方案）：经核实" in said.out
    assert "not-applicable" in duban("explain", BUDGET, *NOW).out


def test_a_postponement_moves_the_date_and_keeps_the_old_one(duban: Duban, county: Path) -> None:
    said = duban("postpone", MONTH, "--to", "2015-06-29", *ASKED, *NOW)
    assert "from 2015-05-31 to 2015-06-29" in said.out
    assert "应不晚于2015年6月29日" in said.out
    shown = duban("explain", MONTH, *NOW).out
    assert "Due      2015-06-29" in shown
    assert "due before: 2015-05-31; 「经核实」" in shown
    assert "原时限2015年5月31日，王敏申请，2015年5月5日经李主任批准延期至2015年6月29日（经核实）。" in shown


def test_a_reading_is_adopted_and_listed(duban: Duban, county: Path) -> None:
    def stands() -> dict[str, str]:
        rows = duban("reading", "list", "--format", "csv").rows
        return {one["reading"]: one["adopted"] for one in rows}

    assert stands()["timely"] == "by the county's file"
    assert stands()["half-yearly"] == "no"
    assert "参照时限" in duban("explain", "work-briefing/huanbao/2015-H1", *NOW).out
    said = duban("reading", "adopt", "plan-2015", "half-yearly", *BY, *NOW)
    assert said.out.startswith("adopted plan-2015/half-yearly: its numbers are the county's own from now on\n")
    assert stands()["half-yearly"] == "by an act"
    shown = duban("explain", "work-briefing/huanbao/2015-H1", *NOW).out
    assert "[参照时限]" not in shown
    assert "adopted the reading half-yearly, by 「李主任」" in shown
    assert duban("reading", "unadopt", "plan-2015", "half-yearly", *BY, *NOW).status == 0
    assert stands()["half-yearly"] == "no"


def test_that_named_days_stay_is_adopted_and_listed_like_a_reading(duban: Duban, county: Path) -> None:
    def stands() -> str:
        rows = duban("reading", "list", "--format", "csv").rows
        return next(row["adopted"] for row in rows if (row["pack"], row["reading"]) == ("plan-2015", "rest-days"))

    assert stands() == "by the county's file"
    file = county / "rules" / "counties" / "sample" / "county.yaml"
    file.write_text(file.read_text("utf-8").replace("year-end, rest-days]", "year-end]"), "utf-8")
    assert stands() == "no"
    month = "environment-monthly/huanbao/2015-05"  # due on Sunday, 31 May
    assert "遇休息日不顺延，系参照时限掌握，本县尚未采用" in duban("explain", month, *NOW).out
    assert duban("reading", "adopt", "plan-2015", "rest-days", *BY, *NOW).status == 0
    assert stands() == "by an act"
    shown = duban("explain", month, *NOW).out
    assert "adopted the reading rest-days, by 「李主任」" in shown
    assert "系参照时限掌握，本县已采用（2015年5月5日经李主任决定" in shown


REFUSED = {
    "a ground that the law does not know": (
        ("waive", BUDGET, "--ground", "busy", "--basis", "x", *ASKED),
        "no ground 'busy' for a waiver on 2015-05-05 (one of: secret 国家秘密《政府信息公开条例》第十四条; ",
    ),
    "a ground of a later text of the act": (
        ("waive", BUDGET, "--ground", "process", *ASKED),
        "stability 危及国家安全、公共安全、经济安全和社会稳定《政府信息公开条例》第八条; not-applicable 不适用; ",
    ),
    "a ground of the office's own without a basis": (
        ("waive", BUDGET, "--ground", "no-such-business", *ASKED), "basis is missing"
    ),
    "approved by the one who asked": (
        ("waive", BUDGET, *SECRET, *BY, "--asked-by", "李 主任"), "李主任 asked for it: somebody else must approve"
    ),
    "without a basis": (("waive", BUDGET, "--ground", "secret", "--basis", " ", *ASKED), "basis is missing"),
    "an end that has passed": (
        ("waive", BUDGET, *SECRET, *ASKED, "--until", "2015-05-04"), "would be over already"
    ),
    "neither an occurrence nor a duty": (("not-applicable", *BY, "--basis", "x"), "name one OCCURRENCE, or --duty and"),
    "a duty that is not the department's": (
        ("not-applicable", "--duty", "environment-monthly", "--department", "keji", *BY, "--basis", "x"),
        "environment-monthly is not laid on 'keji'",
    ),
    "postponed to an earlier day": (
        ("postpone", MONTH, "--to", "2015-05-30", *ASKED), "2015-05-30 is not later than the due day 2015-05-31"
    ),
    "postponed, though an act sets the limit": (
        ("postpone", REQUEST, "--to", "2015-05-29", *ASKED),
        "is due by 《政府信息公开条例》第二十四条, which nobody here can postpone: extend it as the act allows (duban",
    ),
    "postponed, though an act sets the limit and knows no extension": (
        ("postpone", BUDGET, "--to", "2015-05-29", *ASKED),
        "is due by 《预算法》第十四条, which nobody here can postpone: waive it (duban waive), or correct its event",
    ),
    "an objection to what is not late": (
        ("object", "file", REQUEST, "--statement", "x", *BY), "nothing is held against the department"
    ),
    "an objection that is not there": (("object", "decide", "7", "--upheld", *BY), "no objection 7"),
    "a decision that is not there": (("decision", "revoke", "7", *BY), "no ruling:7 in sample"),
    "a reading with a slip": (("reading", "adopt", "plan-2015", "half-yearl", *BY), "did you mean plan-2015"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_is_written(duban: Duban, county: Path, case: str) -> None:
    asked, why = REFUSED[case]
    said = duban(*asked, *NOW)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert duban("decision", "list", "--all", "--format", "csv").rows == []


def test_who_comes_second_is_told(duban: Duban, county: Path) -> None:
    assert duban("waive", BUDGET, *SECRET, *ASKED, "--seen", "0", *NOW).status == 0
    said = duban("not-applicable", BUDGET, "--by", "赵主任", "--reason", "x", "--basis", "x", "--seen", "0", *NOW)
    assert said.status == 2
    assert "李主任 decided waive on 2015-05-05 (ruling:1: 经核实), which you had not seen: look again" in said.err


def test_the_file_of_an_objection_is_looked_into_and_kept(duban: Duban, county: Path) -> None:
    late = "circular/xianfuban/2015-01"
    paper = county / "依据.pdf"
    paper.write_bytes(b"not a pdf")
    filed = ("object", "file", late, "--file", paper, "--by", "张三", "--reason", "已在县报公开", *NOW)
    assert duban(*filed).status == 2
    shutil.copy(Path(__file__).parents[1] / "evidence" / "attached" / "notice.pdf", paper)
    assert duban(*filed).status == 0
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    assert (county / "filed" / "sample" / digest[:2] / digest).read_bytes() == paper.read_bytes()


@pytest.mark.parametrize("number", ["-1", "1234567890", "99999999999999999999", "abc", ""])
def test_a_number_that_no_record_can_have_is_no_number(duban: Duban, county: Path, number: str) -> None:
    why = ["--by", "a", "--reason", "b"]
    for said in (
        duban("decision", "revoke", *why, "--", number),
        duban("object", "decide", "--upheld", *why, "--", number),
        duban("silence", "lift", *why, "--", number),
        duban("waive", BUDGET, *SECRET, *ASKED, f"--seen={number}"),
        duban("journal", "show", f"--last={number}"),
        duban("journal", "export", "x.jsonl", f"--from={number}"),
    ):
        assert (said.status, "no number" in said.err or "no count" in said.err) == (2, True), said
