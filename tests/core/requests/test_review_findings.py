"""Which entries of the site lack their secrecy review, or were published before it: one line a case.

Reviews of the environment bureau of an invented county; the column 通知公告 is switched on from 1 March 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracker.core.law.county import County, Department, SecrecyReview, SiteColumn
from tracker.core.requests.review_links import PublishedEntry, build_address, read_numbers
from tracker.core.requests.reviews import drop_republished, find_review_findings
from tracker.core.requests.values import Review

FIRST = date(2026, 3, 1)
TITLE = "关于开展建设项目环境影响评价文件抽查的通知"
URL = "http://site.example/tzgg/1.html"
COLUMN = "county-site/notices"


def column(name: str, owner: str | None = None) -> SiteColumn:
    key = f"county-site/{name}" + (f"@{owner}" if owner else "")
    return SiteColumn(key, "county-site", name, "listing", name, f"http://site.example/{name}/", owner)


COUNTY = County(
    "sample",
    "样例县",
    date(2026, 1, 1),
    {
        "huanbao": Department("huanbao", "环保局", ("县环保局",)),
        "keji": Department("keji", "科技局"),
        "xianfuban": Department("xianfuban", "县政府办公室"),
    },
    {},
    {each.key: each for each in (column("notices"), column("news"), column("own", "keji"))},
    secrecy_review=SecrecyReview({"notices": FIRST, "own": date(2026, 4, 1)}, "xianfuban"),
)


def march(day: int) -> date:
    return date(2026, 3, day)


def entry(id: int = 1, **changes: Any) -> PublishedEntry:
    """Published on 10 March, seen on that day; the column was read to its end on the day before."""
    usual = PublishedEntry(id, COLUMN, URL, TITLE, march(10), march(10), march(9), source="县环保局")
    return replace(usual, **changes)


def review(id: int = 1, **changes: Any) -> Review:
    """Asked for on 2 March; decided on the 9th and entered on that day: 公开."""
    usual = Review(
        id, "sample", "huanbao", 2026, id, TITLE, "", "", "", "张三", march(2), datetime(2026, 3, 2, 1, tzinfo=UTC),
        reviewer="李四", decision="publish", decided_on=march(9), decided_at=datetime(2026, 3, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    return replace(usual, **changes)


def decided(day: int, recorded: int | None = None, **changes: Any) -> Review:
    return review(decided_on=march(day), decided_at=datetime(2026, 3, recorded or day, 1, tzinfo=UTC), **changes)


def kinds(entries: list[PublishedEntry], reviews: list[Review]) -> list[str]:
    return [finding.kind for finding in find_review_findings(COUNTY, entries, reviews)]


# -- before, on and after the day ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "reviewed", "found"),
    [
        # the entry, the review, what is found
        pytest.param(entry(), [], ["missing"], id="no review"),
        pytest.param(entry(), [decided(9)], [], id="decided on the day before"),
        pytest.param(entry(), [decided(10)], [], id="decided on the same day: allowed"),
        pytest.param(entry(), [decided(11)], ["early"], id="decided on the day after"),
        pytest.param(entry(), [review(decision="", decided_on=None, decided_at=None)], ["early"], id="not decided"),
        pytest.param(entry(), [decided(5, decision="refer", referred_on=march(5))], ["early"], id="only referred"),
        pytest.param(entry(), [decided(5, decision="partly")], [], id="partly"),
        pytest.param(entry(), [decided(9, recorded=10)], [], id="entered on the day of publication"),
        pytest.param(entry(), [decided(9, recorded=11)], ["doubtful"], id="decided in time, entered afterwards"),
        pytest.param(
            entry(claimed=march(5), first_seen=march(10), lacked=march(9)), [decided(8)], [],
            id="its date is older than the review, but it was not there on the 9th",
        ),
        pytest.param(
            entry(claimed=march(5), first_seen=march(10), lacked=march(7)), [decided(8)], ["doubtful"],
            id="its date is older, and nobody looked between review and publication",
        ),
        pytest.param(
            entry(claimed=march(5), first_seen=march(10), lacked=march(8)), [decided(8)], [],
            id="it was not there on the very day of the decision",
        ),
        pytest.param(
            entry(claimed=march(20), first_seen=march(10)), [decided(11)], ["early"], id="dated ahead, seen before"
        ),
    ],
)  # fmt: skip
def test_published_and_reviewed(published: PublishedEntry, reviewed: list[Review], found: list[str]) -> None:
    assert kinds([published], reviewed) == found


@pytest.mark.parametrize(
    ("published", "found"),
    [
        pytest.param(entry(claimed=FIRST, first_seen=FIRST), ["missing"], id="on the first day"),
        pytest.param(entry(claimed=date(2026, 2, 28), first_seen=FIRST), [], id="dated before it"),
        pytest.param(entry(claimed=march(3), first_seen=date(2026, 2, 28)), [], id="seen before it"),
        pytest.param(entry(column="county-site/news"), [], id="a column that is not switched on"),
        pytest.param(entry(column="county-site/own@keji", source=""), [], id="another column's first day is later"),
        pytest.param(entry(claimed=None, lacked=march(9)), ["doubtful"], id="undated, new for certain"),
        pytest.param(entry(claimed=None, lacked=None), [], id="undated, perhaps an old one"),
        pytest.param(entry(claimed=None, lacked=date(2026, 2, 28)), [], id="undated, perhaps of before the first day"),
        pytest.param(entry(claimed=None, lacked=FIRST), ["doubtful"], id="undated, not there on the first day"),
    ],
)
def test_from_which_day_entries_count(published: PublishedEntry, found: list[str]) -> None:
    assert kinds([published], []) == found


def test_nothing_is_found_before_the_county_switches_it_on() -> None:
    assert find_review_findings(replace(COUNTY, secrecy_review=None), [entry()], []) == []


# -- by what an entry is linked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "reviewed", "found"),
    [
        pytest.param(entry(title="x"), review(address="https://site.example/tzgg/1.html#top"), [], id="address"),
        pytest.param(
            entry(title="通知", opening="样环发〔2026〕18号\n各位"), review(title="x", symbol="样环发[2026]18号"), [],
            id="a number on a line of its own, other brackets",
        ),
        pytest.param(
            entry(title="关于抽查的通知（样环发〔2026〕18号）"), review(title="x", symbol="环发（2026）018号"), [],
            id="a number behind the title",
        ),
        pytest.param(
            entry(title="关于废止样环发〔2026〕18号文件的通知"), review(title="x", symbol="样环发〔2026〕18号"),
            ["doubtful"], id="a title that mentions a number",
        ),
        pytest.param(
            entry(opening="根据样环发〔2026〕18号文件，现通知如下：", title="关于年检的通知"),
            review(title="x", symbol="样环发〔2026〕18号"), ["missing"], id="a text that cites a number",
        ),
        pytest.param(entry(title=f" {TITLE}。"), review(), [], id="title, but for blanks and signs"),
        pytest.param(entry(title=f"县环保局{TITLE}"), review(), [], id="title, but for the department before it"),
        pytest.param(entry(title=TITLE[:12] + "…"), review(), ["doubtful"], id="a title that its list cuts off"),
        pytest.param(entry(title=TITLE.replace("抽查", "检查")), review(), ["doubtful"], id="titles alike"),
        pytest.param(entry(title="2026年3月" + TITLE), review(title="2026年2月" + TITLE), ["missing"],
                     id="alike but for the month"),
        pytest.param(entry(), review(department="keji"), ["doubtful"], id="asked for by another department"),
        pytest.param(entry(title="关于年检的通知"), review(), ["missing"], id="another title"),
        pytest.param(entry(title="公告"), review(title="公示"), ["missing"], id="titles too short to be alike"),
    ],
)  # fmt: skip
def test_by_what_an_entry_is_linked(published: PublishedEntry, reviewed: Review, found: list[str]) -> None:
    assert kinds([published], [reviewed]) == found


@pytest.mark.parametrize(
    ("reviewed", "found"),
    [
        pytest.param(decided(9, decision="withhold", address=URL), ["withheld"], id="by address"),
        pytest.param(decided(9, decision="withhold"), ["doubtful"], id="by its title alone: perhaps another item"),
        pytest.param(decided(11, decision="withhold", address=URL), ["withheld"], id="decided afterwards"),
    ],
)
def test_published_though_withheld(reviewed: Review, found: list[str]) -> None:
    assert kinds([entry()], [reviewed]) == found


def test_the_last_decision_before_publication_holds() -> None:
    first = decided(3, address=URL)
    withheld = replace(decided(5, decision="withhold", address=URL), id=2)
    allowed = replace(decided(8, address=URL), id=3)
    assert kinds([entry()], [first, withheld]) == ["withheld"]
    assert kinds([entry()], [first, withheld, allowed]) == []
    assert kinds([entry()], [withheld, replace(first, decided_on=march(5))]) == [], "on one day, what allows more"


def test_one_review_is_for_one_item() -> None:
    """A bulletin of one title every month: March's review is not April's."""
    march_one = entry(1)
    later = entry(2, url="http://site.example/tzgg/2.html", claimed=march(25), first_seen=march(25), lacked=march(24))
    assert kinds([march_one, later], [review(1)]) == ["doubtful"]
    assert kinds([march_one, later], [review(1), replace(decided(24), id=2)]) == []
    for day in (24, 25):
        [finding] = find_review_findings(COUNTY, [march_one, later], [replace(decided(day), id=2)])
        assert (finding.entry, finding.kind) == (march_one, "doubtful"), "the review fits the later one"


def test_one_item_is_found_once() -> None:
    copies = [
        entry(1),
        entry(2, column="county-site/own@keji"),  # the same address in two columns
        entry(3, url="http://site.example/xw/9.html"),  # the same title on the same day
    ]
    [finding] = find_review_findings(COUNTY, copies, [])
    assert finding.entry.id == 1
    [finding] = find_review_findings(COUNTY, [replace(copies[0], source=""), copies[1]], [])
    assert (finding.department, finding.kind) == ("huanbao", "missing"), "one of them prints whose it is"
    gone = [replace(copy, gone=march(20)) for copy in copies]
    assert find_review_findings(COUNTY, gone, [])[0].entry.gone == march(20)
    [finding] = find_review_findings(COUNTY, [*gone[:2], copies[2]], [])
    assert finding.entry.gone is None, "it is still up elsewhere"


LONG = "66:" + "0" * 16  # no fingerprint that can be read: texts are then the same only by their day


def test_what_stood_on_the_site_before_is_no_new_publication() -> None:
    findings = find_review_findings(COUNTY, [entry()], [])
    before = date(2025, 6, 1)
    assert drop_republished(findings, [entry(7, url="http://site.example/old.html", claimed=march(10))]) == []
    other_text = entry(7, url="http://site.example/old.html", claimed=before, first_seen=before, fingerprint=LONG)
    assert drop_republished(findings, [other_text]) == findings, "an older one of that title is another text"


@pytest.mark.parametrize(
    ("published", "department", "kind"),
    [
        pytest.param(entry(), "huanbao", "missing", id="by the source that the page prints"),
        pytest.param(entry(source=""), "xianfuban", "doubtful", id="nothing says whose it is"),
        pytest.param(entry(source="", title=f"科技局{TITLE}"), "keji", "missing", id="by its title"),
        pytest.param(
            entry(column="county-site/own@keji", claimed=date(2026, 4, 1), first_seen=date(2026, 4, 1)), "keji",
            "missing", id="by its column",
        ),
    ],
)  # fmt: skip
def test_whose_entry_it_is(published: PublishedEntry, department: str, kind: str) -> None:
    [finding] = find_review_findings(COUNTY, [published], [])
    assert (finding.department, finding.kind) == (department, kind)


def test_a_finding_says_what_it_rests_on() -> None:
    said = [
        find_review_findings(COUNTY, [entry()], reviews)[0].reason
        for reviews in ([], [decided(11, address=URL)], [decided(9, recorded=11)])
    ]
    assert said == [
        f"《{TITLE}》（{URL}）于2026年3月10日公开，未见保密审查记录。",
        f"《{TITLE}》（{URL}）于2026年3月10日公开，2026年3月10日已见于网站，"
        "保密审查2026-huanbao-1（网址一致）于2026年3月11日作出决定。",
        f"《{TITLE}》（{URL}）于2026年3月10日公开，保密审查2026-huanbao-1（标题一致）于2026年3月9日作出决定，"
        "而2026年3月11日即公开以后才登记，请核实。",
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("样环发〔2015〕18号", [("样环发", "2015", "18")]),
        ("样环发[2015]18号", [("样环发", "2015", "18")]),
        ("样环发（2015）第018号", [("样环发", "2015", "18")]),
        ("样环发【2015】18 号", [("样环发", "2015", "18")]),
        ("2015年18号", []),
    ],
)
def test_numbers_in_any_brackets(text: str, numbers: list[tuple[str, str, str]]) -> None:
    assert list(read_numbers(text)) == numbers


def test_addresses_are_compared_without_what_does_not_matter() -> None:
    same = ("http://site.example/a/1.html", "https://SITE.example:443/a/1.html#x", " http://site.example/a/1.html/ ")
    assert len({build_address(url) for url in same}) == 1
    assert build_address("http://site.example/a?id=1") != build_address("http://site.example/a?id=2")
