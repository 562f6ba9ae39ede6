"""`duban evidence list`: what waits for a person, and what to type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.command_line import Duban
from tracker.core.values.facts import Sighting, Visit, VisitOutcome
from tracker.store import site
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.site import NewVersion
from tracker.store.visits import record_visits

BUDGET = "sample/plan-2015/budget/keji/event:budget-approved:2015-03-02"
COLUMN = "county-site/finance"
URL = "http://127.0.0.1:8015/czyjs/1.html?id=1&page=2"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = ("--now", "2015-05-04T09:00")
WHY = ("--by", "政务公开科", "--reason", "核对")
FORMS = ("table", "csv", "json")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def on(folder: Path, work: Callable[[Tx], None]) -> None:
    with Store(f"sqlite:///{folder / 'duban.db'}") as store, store.begin() as tx:
        work(tx)


@pytest.fixture
def dated_back(county: Path) -> Path:
    """Due on 23 March 2015; not there on the 24th, on the 26th there with the date of the 20th, which then moved."""

    def work(tx: Tx) -> None:
        seq, seen = next_seq(tx, "sample"), at("2015-03-26T06:00")
        for began in ("2015-03-24T06:00", "2015-03-26T06:00"):
            visit = Visit(COLUMN, at(began), at(began), VisitOutcome.READ, "end", 1, 1)
            record_visits(tx, "sample", seq, [visit])
        listed = Sighting(URL, "科技局2015年部门预算", date(2015, 3, 20))
        site.add_entries(tx, "sample", seq, COLUMN, [listed], seen)
        known = site.load_known_entries(tx, "sample", [COLUMN])[COLUMN][URL]
        text = "支出预算按功能分类编列到项级科目。“三公”经费预算比2014年下降百分之五。"
        for number, day in ((1, 20), (2, 19)):
            version = NewVersion(
                known.id, number, at(f"2015-03-{25 + number}T06:00"), listed.title, date(2015, 3, day), "line", text,
                "read", "科技局", (), replaces=number == 1,
            )  # fmt: skip
            site.add_versions(tx, [version])

    on(county, work)
    return county


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_to_be_decided_is_listed_with_what_to_type(duban: Duban, dated_back: Path, form: str) -> None:
    said = duban("evidence", "list", *NOW, "--format", form)
    assert said.status == 0
    for words in ("公开日期存疑", "标注日期改动", "科技局", "科技局2015年部门预算", URL):
        assert words in said.out
    typed = f"duban evidence accept {BUDGET} '{URL}' --by … --reason …"
    assert typed in said.out


def test_csv_and_json_keep_their_columns(duban: Duban, dated_back: Path) -> None:
    said = duban("evidence", "list", *NOW, "--format", "csv")
    assert said.columns == (
        "kind,kind_zh,occurrence,part,department,duty,period,due,status,target,title,question,since,settled,accept,reject"
    )
    assert [row["kind"] for row in said.rows] == ["disputed", "redated"]
    assert [row["kind"] for row in duban("evidence", "list", *NOW, "--format", "json").json] == ["disputed", "redated"]
    assert {row["occurrence"] for row in said.rows} == {BUDGET}


def test_accepting_settles_it(duban: Duban, dated_back: Path) -> None:
    assert duban("evidence", "accept", BUDGET, URL, *WHY, *NOW).status == 0
    left = duban("evidence", "list", *NOW)
    assert (left.status, left.out.strip(), left.err) == (0, "", "nothing waits for a person\n")
    assert "政务公开科于2015年5月4日认定采信" in duban("evidence", "list", "--all", *NOW).out
    assert "nothing waits" in duban("evidence", "list", "--department", "caizheng", *NOW).err


def test_rejecting_settles_it_too(duban: Duban, dated_back: Path) -> None:
    assert duban("evidence", "reject", BUDGET, URL, *WHY, *NOW).status == 0
    assert duban("evidence", "list", *NOW).out.strip() == ""


def test_explain_shows_the_flags(duban: Duban, dated_back: Path) -> None:
    said = duban("explain", BUDGET, *NOW).out
    assert "Flags: for a person to look at, without effect on the status" in said
    assert "2015年3月27日发现，标注的公开日期由2015年3月20日提前为2015年3月19日，以哪个日期为准" in said


def test_a_filed_proof_waits_in_the_list(duban: Duban, county: Path) -> None:
    assert duban("attest", BUDGET, "--statement", "已在公告栏张贴", "--by", "张三", *NOW).status == 0
    assert "[佐证待认定]" in duban("evidence", "list", *NOW).out


def test_unknown_department(duban: Duban, county: Path) -> None:
    said = duban("evidence", "list", "--department", "kejj")
    assert said.status == 2
    assert "--department kejj: unknown" in said.err
