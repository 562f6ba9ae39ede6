"""`duban inspect` and `duban site`, and what a crawl shows while it runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.command_line import Duban, let_pass_now

KEYS = (
    "url", "kind", "dialect", "title", "published", "published_from", "source", "encoding", "entries", "pages",
    "contents", "flags", "reason",
)  # fmt: skip
SITE = (
    "county,column,title,outcome,note,last_attempt,last_success,entries,newest,days,workdays,dialect,url,"
    "reached,certificate,confirmed,asked"
)
FINANCE, LAND = "county-site/finance", "county-site/land"


@pytest.fixture
def crawled(duban: Duban, county: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two columns were read, and one of them was down the next time."""
    monkeypatch.setenv("DUBAN_SITE", site)
    schedule = county / "schedule.yaml"
    schedule.write_text(schedule.read_text("utf-8").replace("delay: 1 seconds", "delay: 0 seconds"), "utf-8")
    let_pass_now(county)
    assert duban("crawl", "--column", FINANCE, "--column", LAND).status == 0
    monkeypatch.setenv("DUBAN_SITE", "http://127.0.0.1:9/")
    assert duban("crawl", "--column", LAND).status == 1
    monkeypatch.setenv("DUBAN_SITE", site)
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as connection:
        connection.execute("UPDATE visits SET began_at = '2030-01-02 08:00:00.000000' WHERE outcome <> 'read'")
    return county


# -- inspect ---------------------------------------------------------------------------------------


def test_inspect_needs_neither_rules_nor_a_database(
    duban: Duban, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = duban("inspect", f"{site}czyjs/", "--allow-private", "--json")
    assert answer.status == 0
    told = answer.json
    assert tuple(told) == KEYS
    assert (told["kind"], told["contents"], told["reason"]) == ("listing", {}, "")
    assert len(told["entries"]) > 20
    assert set(told["entries"][0]) == {"title", "url", "date", "inferred"}
    assert list(tmp_path.iterdir()) == []


def test_inspect_looks_for_what_a_duty_asks_for(duban: Duban, site: str, county: Path) -> None:
    listed = duban("inspect", f"{site}czyjs/", "--allow-private", "--json").json["entries"]
    budget = next(one["url"] for one in listed if "部门预算" in one["title"])
    told = duban("inspect", budget, "--duty", "budget", "--allow-private", "--json").json
    assert told["kind"] == "article"
    assert told["published"]
    assert told["published_from"]
    assert told["contents"]
    assert {one["found"] for one in told["contents"].values()} <= {True, False}
    assert all(one["where"] for one in told["contents"].values() if one["found"])
    shown = duban("inspect", budget, "--duty", "plan-2015/budget", "--allow-private")
    assert (shown.status, shown.out.count("contents ")) == (0, len(told["contents"]))


def test_inspect_shows_a_table_for_people(duban: Duban, site: str) -> None:
    answer = duban("inspect", f"{site}czyjs/", "--allow-private", "--max-pages", "1")
    assert answer.status == 0
    for word in ("kind", "listing", "dialect", "encoding", "date", "title", "url"):
        assert word in answer.out


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [("nirgends/1.html", "missing", "网页无法打开（404）")],
)
def test_inspect_ends_with_1_where_there_is_nothing_to_see(
    path: str, kind: str, reason: str, duban: Duban, site: str
) -> None:
    answer = duban("inspect", f"{site}{path}", "--allow-private", "--json")
    assert (answer.status, answer.json["kind"], answer.json["reason"]) == (1, kind, reason)


def test_inspect_leaves_private_addresses_alone(
    duban: Duban, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a folder without rules: what the shipped ones allow is no county's
    answer = duban("inspect", f"{site}czyjs/")
    assert answer.status == 1
    assert "站点解析到内部地址，已拒绝访问" in answer.out
    assert answer.err == "give --allow-private to look at a private or loopback address\n"


def test_inspect_looks_at_private_addresses_where_the_county_has_its_sites(
    duban: Duban, site: str, county: Path
) -> None:
    assert duban("inspect", f"{site}czyjs/", "--json").json["kind"] == "listing"
    rules = county / "rules" / "counties" / "sample" / "county.yaml"
    rules.write_text(rules.read_text("utf-8").replace("allow_private: true", "allow_private: false"), "utf-8")
    assert duban("inspect", f"{site}czyjs/").status == 1
    rules.write_text("no county", "utf-8")
    assert "give --allow-private" in duban("inspect", f"{site}czyjs/").err


@pytest.mark.parametrize(
    ("url", "more", "message"),
    [
        ("www.example.gov.cn/tzgg/", (), "'www.example.gov.cn/tzgg/' is no address; write it whole, as http://…"),
        ("ftp://www.example.gov.cn/", (), "'ftp://www.example.gov.cn/' is no address"),
        ("http://[::1/", (), "'http://[::1/' is no address"),
        ("http://a:99999999/", (), "'http://a:99999999/' is no address"),
        ("http://a:b@www.example.gov.cn/", (), "an address with a user's name in it is not asked"),
        ("http://127.0.0.1/", ("--duty", "budgte"), "--duty budgte: unknown, did you mean 'budget'?"),
        ("http://127.0.0.1/", ("--max-pages", "0"), "'0' is no count"),
    ],
)
def test_inspect_refuses_what_is_no_address(
    url: str, more: tuple[str, ...], message: str, duban: Duban, county: Path
) -> None:
    answer = duban("inspect", url, *more)
    assert answer.status == 2
    assert message in answer.err


def test_inspect_reads_a_column_as_the_rules_have_it(duban: Duban, site: str, county: Path) -> None:
    rules = county / "rules" / "counties" / "sample" / "county.yaml"
    text = rules.read_text("utf-8").replace(
        "{title: 财政预决算, url: /czyjs/}", "{title: 财政预决算, url: /czyjs/, dialect: jcms}"
    )
    rules.write_text(text.replace("http://127.0.0.1:8015/", site), "utf-8")
    answer = duban("inspect", f"{site}czyjs/", "--duty", "budget", "--allow-private", "--json")
    assert (answer.status, answer.json["kind"]) == (1, "unverifiable")
    assert answer.json["reason"] == "页面不是规则所定的列表（jcms），版式可能已变"


# -- site ------------------------------------------------------------------------------------------


def test_site_tells_how_each_column_fares(duban: Duban, crawled: Path) -> None:
    answer = duban("site", "--format", "csv", "--now", "2016-01-12T09:00")
    assert (answer.status, answer.columns) == (1, SITE)
    by_column = {row["column"]: row for row in answer.rows}
    fine, down = by_column[FINANCE], by_column[LAND]
    assert (fine["outcome"], fine["note"], fine["title"]) == ("read", "", "财政预决算")
    assert fine["last_success"] == fine["last_attempt"]
    assert int(fine["entries"]) > 20
    assert fine["newest"].startswith("2015-")
    assert int(fine["days"]) > int(fine["workdays"]) > 0
    assert fine["dialect"]
    assert down["outcome"] == "unreachable"
    assert down["note"].startswith("无法连接")
    assert "" < down["last_success"] < "2030" < down["last_attempt"]
    never = by_column["county-site/news"]
    assert (never["outcome"], never["note"], never["entries"]) == ("", "从未读取", "")
    assert {row["column"] for row in duban("site", "--format", "json").json} == set(by_column)


def test_site_ends_with_0_where_every_last_visit_could_look(duban: Duban, crawled: Path) -> None:
    with closing(sqlite3.connect(crawled / "duban.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM visits WHERE outcome <> 'read'")
    answer = duban("site")
    assert answer.status == 0
    assert "财政预决算" not in answer.out  # a table for people names columns by key
    assert FINANCE in answer.out


@pytest.mark.nightly
def test_a_claim_of_tomorrow_makes_no_column_new(duban: Duban, crawled: Path) -> None:
    early = {row["column"]: row for row in duban("site", "--format", "csv", "--now", "2015-06-01T09:00").rows}
    assert early[FINANCE]["newest"] <= "2015-06-01"
    assert int(early[FINANCE]["days"]) >= 0


def test_site_says_where_nothing_was_visited_yet(duban: Duban, county: Path) -> None:
    answer = duban("site", "--format", "csv")
    assert answer.status == 0
    assert answer.err == "no column was visited yet: run `duban crawl` or `duban once` first\n"


# -- crawl -----------------------------------------------------------------------------------------


def test_a_crawl_tells_of_each_column_as_it_is_done(
    duban: Duban, county: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_SITE", site)
    answer = duban("crawl", "--column", "county-site/page:hotline")
    assert answer.status == 0
    assert answer.err.startswith("1/1 county-site/page:hotline\nsample: 1 columns, ")
