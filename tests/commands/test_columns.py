"""`duban columns` and what `duban site` shows of it: what a person confirms, and what a visit may claim and why."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.core.values.certificate import Certificate, CertificatePart, PartName
from tracker.core.values.facts import Sighting, Visit, VisitOutcome
from tracker.evidence.wrappers.values import Ask, Listing
from tracker.evidence.wrappers.wrapper import DayPlace, Wrapper
from tracker.rulebook.load import load
from tracker.store.counties import next_seq
from tracker.store.engine import Store
from tracker.store.site import PageRow, add_entries, store_listing_pages
from tracker.store.visits import record_visits

FINANCE, LAND, NEWS = "county-site/finance", "county-site/land", "county-site/news"
AT = datetime(2015, 5, 4, 1, tzinfo=UTC)
BY = ("--by", "王主任")
WHOLE = CertificatePart(PartName.WHOLE_PAGE, True, "各页都已传完")
CERTIFICATES = {
    FINANCE: (1, Certificate((WHOLE, CertificatePart(PartName.END_KNOWN, None, "只有一页，没有翻页")))),
    LAND: (2, Certificate((WHOLE, CertificatePart(PartName.END_KNOWN, True, "翻到最后一页")))),
    NEWS: (
        3,
        Certificate(
            (
                CertificatePart(PartName.WHOLE_PAGE, False, "页面没有传完"),
                CertificatePart(PartName.END_KNOWN, False, "页数超过上限"),
            )
        ),
    ),
}


@pytest.fixture
def visited(county: Path) -> Path:
    """Three columns were read: a list of one page, one to its last page, and one whose page broke off."""
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        for column, (pages, certificate) in CERTIFICATES.items():
            visit = Visit(
                column,
                AT,
                AT,
                VisitOutcome.READ,
                certificate.reached,
                pages,
                4,
                certificate=certificate.digest,
            )
            record_visits(tx, "sample", 1, [visit], {certificate.digest: certificate})
        seen = [
            Sighting(f"http://x/{number}", f"第{number}号公告", date(2015, 4, number) if number else None)
            for number in (3, 0, 7, 5)
        ]
        add_entries(tx, "sample", 1, FINANCE, seen, AT)
    return county


def test_enrol_shows_what_a_person_has_to_compare(duban: Duban, visited: Path) -> None:
    answer = duban("columns", "enrol")
    assert answer.status == 1
    finance, land, news = answer.out.strip("\n").split("\n\n")
    assert finance.splitlines()[0] == f"{FINANCE}  「财政预决算」"
    assert finance.splitlines()[2:] == [
        "  2015-04-07  第7号公告",
        "  2015-04-05  第5号公告",
        "  2015-04-03  第3号公告",
        "  4 rows on 1 pages; one page: is this all?",
        "  to confirm: right-list, one-page",
    ]
    assert land.splitlines()[2:] == [
        "  (no title)",
        "  4 rows on 2 pages; its end is known: 「翻到最后一页」",
        "  to confirm: right-list",
    ]
    assert "its end was not reached: 「页数超过上限」" in news
    assert answer.err.startswith("44 columns could not be read yet")
    chinese = duban("--lang", "zh", "columns", "enrol").out
    assert "  1页，共4条；只有一页：是否已是全部？\n  待确认：标题无误，只有一页" in chinese


def test_enrol_for_programs(duban: Duban, visited: Path) -> None:
    finance = duban("columns", "enrol", "--format", "json").json[0]
    assert finance["newest_titles"][0] == {"date": "2015-04-07", "title": "第7号公告"}
    assert (finance["asked"], finance["entries"], finance["pages"]) == ("right-list one-page", 4, 1)
    assert duban("columns", "enrol", "--format", "csv").rows[0]["newest_titles"].startswith("2015-04-07 第7号公告；")


def test_one_command_confirms_them_all(duban: Duban, visited: Path) -> None:
    confirmed = duban("columns", "confirm", "--all", "--one-page", *BY, "--now", "2015-05-05T09:00")
    assert confirmed.out == "confirmed 3 columns, 1 of them as one page\n"
    assert (duban("columns", "enrol").status, duban("columns", "enrol").out) == (0, "")
    rows = duban("columns", "list", "--format", "csv").rows
    assert [(row["column"], row["kind"], row["state"], row["by"], row["entries"]) for row in rows] == [
        (FINANCE, "right-list", "holds", "王主任", "4"),
        (FINANCE, "one-page", "holds", "王主任", "4"),
        (LAND, "right-list", "holds", "王主任", "4"),
        (NEWS, "right-list", "holds", "王主任", "4"),
    ]
    assert duban("columns", "withdraw", "finance", *BY, "--reason", "还有往年").out == "withdrew 2 confirmations\n"
    assert {row["column"] for row in duban("columns", "list", "--format", "csv").rows} == {LAND, NEWS}
    assert len(duban("columns", "list", "--all", "--format", "csv").rows) == 4


def test_confirm_wants_names_or_all(duban: Duban, visited: Path) -> None:
    for words in ((), ("--all", FINANCE)):
        answer = duban("columns", "confirm", *words, *BY)
        assert (answer.status, answer.err) == (2, "duban: name the columns, or give --all\n")


def test_wrapper_shows_a_rule_to_copy_and_mend(duban: Duban, visited: Path) -> None:
    wrapper = Wrapper(
        "u", record_path="body/div.main/ul.news", link="li/a", title=("^",), days=(DayPlace("li/i", "whole"),)
    )
    framed, url = "http://127.0.0.1:8765/frame", load(visited, {}).rulebooks[0].county.columns[FINANCE].url
    pages = [
        PageRow(url, "", "", "", Listing(dialect="frame", parts=(Ask(framed),)).to_json(), AT),
        PageRow(framed, "", "", "", Listing(wrapper=wrapper.to_json()).to_json(), AT),
    ]
    with Store(f"sqlite:///{visited / 'duban.db'}") as store, store.begin() as tx:
        store_listing_pages(tx, "sample", pages)
    answer = duban("columns", "wrapper", "finance", "land")
    learned, unread = answer.out.strip().split("\n\n")
    assert learned.splitlines()[1:] == [
        "# read as: learned", "finance:", "  list:", "    rows: body > div.main > ul.news > li",
        "    link: a", "    day: i",
    ]  # fmt: skip
    assert unread.splitlines()[1:] == ["# read as: unread"]
    [row] = duban("columns", "wrapper", "finance", "--format", "json").json
    assert row["rule"] == {"list": {"rows": "body > div.main > ul.news > li", "link": "a", "day": "i"}}
    county = visited / "rules/counties/sample/county.yaml"
    text, copied = county.read_text("utf-8"), "list: {rows: 'body > div.main > ul.news > li', link: a, day: em}"
    stated = re.sub(r"(\n *)finance: \{(.*)\}", rf"\1finance: {{\2, {copied}}}", text)
    assert stated != text
    county.write_text(stated, "utf-8")
    assert "# read as: stated\n" in duban("columns", "wrapper", "finance").out
    assert "    day: em\n" in duban("columns", "wrapper", "finance").out


def test_site_tells_in_a_line_what_a_column_may_claim(duban: Duban, visited: Path) -> None:
    lines = duban("site").out.splitlines()
    claims = {column: next(line for line in lines if f" {column} " in line) for column in CERTIFICATES}
    assert "✗ days-in-order, end-known" in claims[FINANCE]
    assert " end " in claims[LAND]
    assert "✗ whole-page" in claims[NEWS]
    filled = [line for line in lines if line.strip()]
    assert len(filled) == 2 + len(duban("site", "--format", "csv").rows), "a line a column, under the heads"


def test_site_shows_one_column_whole(duban: Duban, visited: Path) -> None:
    duban("columns", "confirm", "finance", *BY, "--now", "2015-05-05T09:00")
    answer = duban("--lang", "zh", "site", "finance")
    assert answer.status == 0
    assert answer.out.splitlines()[-10:-1] == [
        "  – 列表无误  不涉及",
        "  ✓ 页面完整  各页都已传完",
        "  – 全部读出  不涉及",
        "  – 数目相符  不涉及",
        "  – 各页连贯  不涉及",
        "  – 没有缺失  不涉及",
        "  – 不是旧页  不涉及",
        "  – 日期有序  不涉及",
        "  – 已到末尾  只有一页，没有翻页",
    ]
    assert "标题无误 王主任 2015-05-05" in answer.out
    row = duban("site", "finance", "--format", "json").json[0]
    assert {part["part"]: part["holds"] for part in row["certificate"]} == {
        name.value: True if name is PartName.WHOLE_PAGE else None for name in PartName
    }
    assert row["confirmed"] == [{"kind": "right-list", "by": "王主任", "on": "2015-05-05"}]
    assert duban("site", "nirgends").err.startswith("duban: no column 'nirgends': ")


BUDGET = "budget/keji/event:budget-approved:2015-03-02"
LATER = datetime(2015, 5, 4, 22, tzinfo=UTC)
TORN = CertificatePart(PartName.WHOLE_PAGE, False, "页面没有传完")
LAST_PAGE = CertificatePart(PartName.END_KNOWN, True, "翻到最后一页")


def look(county: Path, at: datetime, *parts: CertificatePart) -> None:
    """The finance column is read with this certificate."""
    certificate = Certificate(parts)
    reached, digest = certificate.reached, certificate.digest
    visit = Visit(FINANCE, at, at, VisitOutcome.READ, reached, 1, 4, certificate=digest)
    with Store(f"sqlite:///{county / 'duban.db'}") as store, store.begin() as tx:
        record_visits(tx, "sample", next_seq(tx, "sample"), [visit], {digest: certificate})


def test_explain_quotes_the_certificate_on_which_missing_rests(duban: Duban, county: Path) -> None:
    look(county, AT, WHOLE, LAST_PAGE)
    now = ("--now", "2015-05-05T09:00")
    told = duban("explain", BUDGET, *now).out
    assert "overdue (red)" in told
    assert f"{FINANCE}: 2015-05-04 09:00-09:00 read, 1 pages, reached end\n    – right-list     not asked\n" in told
    assert "    ✓ whole-page     「各页都已传完」\n" in told
    assert "    ✓ end-known      「翻到最后一页」\n" in told
    look(county, LATER, TORN, LAST_PAGE)
    told = duban("--lang", "zh", "explain", BUDGET, *now).out
    assert f"{FINANCE}: 2015-05-05 06:00-06:00" in told
    assert f"据以认定未公开的检查：{FINANCE}: 2015-05-04 09:00-09:00" in told
    assert "    ✓ 已到末尾  翻到最后一页\n" in told
    assert "✗" not in told, "the claim rests on the earlier visit alone"


def test_explain_says_in_words_why_nothing_could_be_seen(duban: Duban, county: Path) -> None:
    look(county, AT, TORN, LAST_PAGE)
    told = duban("explain", BUDGET, "--now", "2015-05-05T09:00").out
    assert "unverifiable (grey)" in told
    assert (
        f"{FINANCE}: 2015-05-04 09:00-09:00 read, 1 pages, not complete\n    ✗ whole-page     「页面没有传完」\n"
        in told
    )
    assert "✓" not in told


def test_check_and_doctor_count_what_waits_and_since_when(duban: Duban, visited: Path) -> None:
    waits = "sample: 3 columns wait for a confirmation, the first since 2015-05-04: duban columns enrol"
    now = ("--now", "2015-05-05T09:00")
    assert f"warning: {waits}\n" in duban("check", *now).out
    duban("columns", "confirm", "land", *BY, *now)
    rows = duban("doctor", "--offline", "--format", "csv", *now).rows
    assert [(row["state"], row["what"]) for row in rows if row["check"] == "columns"] == [
        ("note", waits.replace("3 columns", "2 columns"))
    ]
    duban("columns", "confirm", "--all", "--one-page", *BY, *now)
    assert "wait for a confirmation" not in duban("check", *now).out


def test_going_live_shows_the_columns_and_confirms_them(duban: Duban, visited: Path) -> None:
    shown = duban("golive", "--dry-run", "--now", "2015-05-05T09:00")
    assert "  2015-04-07  第7号公告\n" in shown.out
    assert "  4 rows on 2 pages; its end is known: 「翻到最后一页」\n" in shown.out
    assert "going live confirms that these lists are the columns' own" in shown.err
    done = duban("golive", *BY, "--reason", "会议纪要", "--now", "2015-05-05T09:00")
    lines = done.out.splitlines()
    assert lines[1] == "the lists of 3 columns are confirmed by it"
    assert lines[2].startswith("44 columns were not read yet: county-site/")
    assert lines[3] == "they count for presence only until duban columns confirm"
    rows = duban("columns", "list", "--format", "csv").rows
    assert {(row["column"], row["kind"], row["note"]) for row in rows} == {
        (column, "right-list", "上线时核对") for column in (FINANCE, LAND, NEWS)
    }
