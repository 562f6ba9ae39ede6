"""`duban evidence heads`: how people decided about titles that do not say that the entry is the thing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.command_line import Duban
from tracker.core.values.facts import Sighting, Visit, VisitOutcome
from tracker.store import site
from tracker.store.counties import next_seq
from tracker.store.engine import Store
from tracker.store.visits import record_visits

MAY = "sample/plan-2015/environment-monthly/huanbao/2015-05"
COLUMN = "county-site/environment"
TITLES = ("4月份水质工作", "水质工作", "水环境质量改善工作方案", "4月份水环境质量月报")
NOW = ("--now", "2015-05-06T09:00")
WHY = ("--by", "政务公开科", "--reason", "核对")


def address(number: int) -> str:
    return f"http://127.0.0.1:8015/hjbh/{number}.html"


@pytest.fixture
def published(county: Path) -> Path:
    def run() -> None:
        with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
            seen = datetime(2015, 5, 5, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
            seq = next_seq(tx, "sample")
            record_visits(tx, "sample", seq, [Visit(COLUMN, seen, seen, VisitOutcome.READ, "end", 1, 1)])
            rows = [Sighting(address(n), title, date(2015, 5, 1 + n)) for n, title in enumerate(TITLES)]
            site.add_entries(tx, "sample", seq, COLUMN, rows, seen)

    run()
    return county


def test_decisions_are_counted_by_the_head_of_the_title(duban: Duban, published: Path) -> None:
    assert "nobody has decided" in duban("evidence", "heads", *NOW).err
    for number, verb in enumerate(("accept", "reject", "accept", "accept")):
        said = duban("evidence", verb, MAY, address(number), "--part", "water", *WHY, *NOW)
        assert said.status == 0, said.err
    said = duban("evidence", "heads", *NOW, "--format", "csv")
    assert said.columns == "head,kind,accepted,rejected,examples"
    assert [tuple(row.values()) for row in said.rows] == [
        ("工作", "undecided", "1", "1", "4月份水质工作；水质工作"),
        ("工作方案", "about", "1", "0", "水环境质量改善工作方案"),
    ]
    assert "工作方案" in duban("evidence", "heads", *NOW).out
    assert [row["head"] for row in duban("evidence", "heads", *NOW, "--format", "json").json] == ["工作", "工作方案"]


def test_explain_says_why_a_title_does_not_count(duban: Duban, published: Path) -> None:
    said = duban("explain", MAY, *NOW).out
    assert "标题为工作方案，不作为公开内容" in said
