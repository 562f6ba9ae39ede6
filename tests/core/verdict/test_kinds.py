"""Kinds that are owed by themselves: which were published in the year, which were not, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.verdict.judging import (
    COLUMN,
    FORMED,
    attestation,
    cell,
    duty,
    entry,
    event,
    filing,
    key,
    listing,
    occurrences,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import Contents, Duty, Every, Item, Part, Source, Span, Within
from tracker.core.law.wording import duty_zh

WORDS = {"policy": "政策", "cases": "案件", "sampling": "抽检"}
QUARTER = Every(unit="quarter", reading="timely", assumed=True, adopted=True, zero_report=True)
TIMELY = (Within(span=Span(20, "workdays"), event=FORMED), QUARTER)


def of_kinds(*, cover: str = "year", adopted: bool = True, sources: tuple[Source, ...] = ()) -> Duty:
    """A timely duty whose three kinds are each owed once in the cover."""
    items = {name: Item((word,)) for name, word in WORDS.items()}
    deadline = Every(unit=cover, reading=f"cover-{cover}", assumed=True, adopted=adopted, zero_report=True)  # type: ignore[arg-type]
    parts = [Part("", "食品药品安全信息", TIMELY, Contents("kinds", tuple(items.values())))]
    for name, item in items.items():
        others = tuple(other for other in items.values() if other is not item)
        parts.append(Part(name, item.label, (deadline,), Contents("all", (item,), others), own_deadline=True))
    cells = [cell(*(sources or (listing(),)), part=part.name) for part in parts]
    return replace(duty(parts=parts, cells=cells), title="食品药品安全信息")


YEAR = of_kinds()
#: The column was read to its end every day of a week after New Year.
LOOKED = [visit(f"2016-01-0{day}") for day in range(1, 8)]
NOW = "2016-01-07"


def kinds_of(found, prefix="2015."):
    """The status and light of each kind."""
    return {
        label.removeprefix(prefix): f"{verdict.status} {verdict.light}"
        for label, verdict in found.items()
        if label.startswith(prefix)
    }


def published(*days: str, column: str = COLUMN):
    """Entries by `MM-DD title | text`."""
    entries = []
    for line in days:
        day, _, title = line.partition(" ")
        title, _, text = title.partition(" | ")
        entries.append(entry(title, f"2015-{day}", text=text or "正文", column=column))
    return entries


MET, RED, CLOSED, UNSEEN = "met green", "overdue red", "closed grey", "unverifiable grey"

TABLE = {
    "one of three kinds, every quarter": (
        ["02-10 监管政策", "05-10 监管政策", "08-10 监管政策", "11-10 监管政策"],
        {"policy": MET, "cases": RED, "sampling": RED},
    ),
    "all of them, in one quarter": (
        ["02-10 监管政策", "02-12 典型案件", "03-30 抽检结果"],
        {"policy": MET, "cases": MET, "sampling": MET},
    ),
    "two kinds in one article": (
        ["02-10 典型案件和抽检结果", "06-10 监管政策"],
        {"policy": MET, "cases": MET, "sampling": MET},
    ),
    "a kind named by the text alone": (
        ["02-10 监管情况 | 本期抽检三批", "06-10 监管政策", "07-10 案件"],
        {"policy": MET, "cases": MET, "sampling": MET},
    ),
    "a text of one kind shows that the others did not come": (
        ["02-10 监管情况 | 本期抽检三批"],
        {"policy": RED, "cases": RED, "sampling": MET},
    ),
    "nothing at all: the quarters say so": (
        [],
        {"policy": CLOSED, "cases": CLOSED, "sampling": CLOSED},
    ),
    "only what is of no kind: a person says of the quarter whether it counts": (
        ["02-10 食品安全讲座"],
        {"policy": CLOSED, "cases": CLOSED, "sampling": CLOSED},
    ),
    "of no kind beside a known kind: nothing is asked": (
        ["02-10 食品安全讲座", "05-10 监管政策"],
        {"policy": MET, "cases": RED, "sampling": RED},
    ),
    "another department's kind is none of ours": (
        ["02-10 民政局监管政策"],
        {"policy": CLOSED, "cases": CLOSED, "sampling": CLOSED},
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_which_kinds_are_met_at_the_years_end(case: str) -> None:
    entries, expected = TABLE[case]
    found = verdicts(YEAR, NOW, entries=published(*entries), visits=LOOKED)
    assert kinds_of(found) == expected


def test_one_kind_turns_the_quarter_green_and_no_other_kind() -> None:
    found = verdicts(YEAR, NOW, entries=published("02-10 监管政策"), visits=LOOKED)
    assert found["2015-Q1"].status == "met"
    assert "未查到“抽检”类内容" in found["2015.sampling"].reason
    assert "不晚于2015年12月31日" in found["2015.sampling"].reason


def test_a_silent_year_is_the_matter_of_its_quarters_alone() -> None:
    found = verdicts(YEAR, NOW, visits=LOOKED)
    assert {found[f"2015-Q{number}"].status for number in (1, 2, 3, 4)} == {"overdue"}
    assert found["2015.policy"].reason.startswith("本期内未查到该事项的任何一类")
    assert found["2015.policy"].cells == ()


def test_quarters_reported_as_quiet_are_quiet_in_every_kind() -> None:
    days = {"2015-Q1": "03-20", "2015-Q2": "06-20", "2015-Q3": "09-20", "2015-Q4": "12-20"}
    quiet = [attestation(key(label), f"2015-{day}", kind="zero-report") for label, day in days.items()]
    found = verdicts(YEAR, NOW, visits=LOOKED, filings=quiet)
    assert kinds_of(found) == dict.fromkeys(WORDS, CLOSED)


def test_what_comes_only_after_a_silent_year_brings_no_further_matter_with_it() -> None:
    late = [entry("监管政策", "2016-01-04")]
    found = verdicts(YEAR, NOW, entries=late, visits=LOOKED)
    assert found["2015-Q4"].status == "met-late"
    assert kinds_of(found) == dict.fromkeys(WORDS, CLOSED)


def test_a_kind_that_comes_late_closes_its_matter_late() -> None:
    entries = [*published("02-10 监管政策", "03-10 典型案件"), entry("抽检结果", "2016-01-05")]
    assert kinds_of(verdicts(YEAR, NOW, entries=entries, visits=LOOKED))["sampling"] == "met-late yellow"


def test_before_the_years_end_a_kind_is_open_whatever_came() -> None:
    found = verdicts(YEAR, "2015-11-20", entries=published("02-10 监管政策"), visits=[visit("2015-11-19")])
    assert kinds_of(found) == {"policy": MET, "cases": "open none", "sampling": "open none"}
    assert kinds_of(verdicts(YEAR, "2015-11-20")) == dict.fromkeys(WORDS, "open none")


class TestZeroReports:
    REPORT = attestation(key("2015.sampling"), "2015-12-20", kind="zero-report")

    def test_a_zero_report_meets_its_kind_alone(self) -> None:
        found = verdicts(YEAR, NOW, entries=published("02-10 监管政策"), visits=LOOKED, filings=[self.REPORT])
        assert kinds_of(found) == {"policy": MET, "cases": RED, "sampling": MET}
        assert "零报告" in found["2015.sampling"].reason

    def test_a_zero_report_of_a_kind_stands_in_a_silent_year_too(self) -> None:
        assert kinds_of(verdicts(YEAR, NOW, visits=LOOKED, filings=[self.REPORT]))["sampling"] == MET
        late = attestation(key("2015.sampling"), "2016-01-04", kind="zero-report")
        found = verdicts(YEAR, NOW, visits=LOOKED, filings=[late])["2015.sampling"]
        assert found.status == "met-late"
        assert not any(finding.returned for finding in found.findings)

    def test_what_came_of_the_kind_voids_it_and_meets_it(self) -> None:
        entries = published("02-10 监管政策", "12-28 抽检结果")
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED, filings=[self.REPORT])["2015.sampling"]
        assert found.status == "met"
        assert any("零报告失效" in finding.reason for finding in found.findings)

    def test_what_came_of_other_kinds_or_could_not_be_read_leaves_it_standing(self) -> None:
        entries = [*published("12-28 监管政策"), entry("第三期通告", "2015-12-29", text=None, state="unreadable")]
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED, filings=[self.REPORT])
        assert found["2015.sampling"].status == "met"


class TestWhatCouldNotBeSeen:
    def test_a_column_that_was_not_read_after_the_years_end_accuses_nobody(self) -> None:
        found = verdicts(YEAR, NOW, entries=published("02-10 监管政策"), visits=[visit("2015-12-20")])
        assert kinds_of(found) == {"policy": MET, "cases": UNSEEN, "sampling": UNSEEN}

    def test_an_unreadable_article_may_hold_any_kind_that_its_title_does_not_exclude(self) -> None:
        unread = entry("第三期通告", "2015-06-10", text=None, state="unreadable")
        found = verdicts(YEAR, NOW, entries=[*published("02-10 监管政策"), unread], visits=LOOKED)
        assert kinds_of(found) == {"policy": MET, "cases": UNSEEN, "sampling": UNSEEN}
        # Its text is of one kind, its file may hold another.
        half = entry("第三期通告", "2015-06-10", text="监管政策", files=[("附表.pdf", None)])
        found = verdicts(YEAR, NOW, entries=[*published("02-10 典型案件"), half], visits=LOOKED)
        assert kinds_of(found) == {"policy": MET, "cases": MET, "sampling": UNSEEN}
        named = entry("典型案件", "2015-06-10", text=None, state="unreadable")
        found = verdicts(YEAR, NOW, entries=[*published("02-10 监管政策"), named], visits=LOOKED)
        assert kinds_of(found) == {"policy": MET, "cases": MET, "sampling": RED}


class TestWhatIsOnlyMentioned:
    """A text that speaks of a kind in passing proves it to nobody and excludes it for nobody."""

    def test_a_person_is_asked_about_one_such_entry_at_a_time(self) -> None:
        entries = published(
            "02-10 监管政策", "03-10 工作情况通报 | 会议强调了抽检和案件。", "04-10 工作情况公告 | 下一步加强抽检。"
        )
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED)
        assert kinds_of(found)["sampling"] == UNSEEN
        asked = [finding.title for finding in found["2015.sampling"].findings if finding.awaits_person]
        assert asked == ["工作情况通报"]
        no = ruling("reject", key("2015.sampling"), entries[1].url)
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED, rulings=[no])
        asked = [finding.title for finding in found["2015.sampling"].findings if finding.awaits_person]
        assert asked == ["工作情况公告"]

    def test_nobody_is_asked_where_the_title_names_another_kind(self) -> None:
        entries = published("02-10 监管政策 | 各单位要加强抽检。", "03-10 典型案件")
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED)
        assert kinds_of(found) == {"policy": MET, "cases": MET, "sampling": RED}

    def test_a_text_of_another_kind_does_not_exclude_what_it_mentions(self) -> None:
        entries = published("02-10 工作情况通报 | 监管政策：3件。\n会议强调了抽检。", "03-10 典型案件")
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED)
        assert kinds_of(found) == {"policy": MET, "cases": MET, "sampling": UNSEEN}

    def test_what_only_mentions_kinds_does_not_show_that_kinds_came(self) -> None:
        found = verdicts(YEAR, NOW, entries=published("02-10 工作情况通报 | 会议强调了抽检。"), visits=LOOKED)
        assert kinds_of(found) == {"policy": CLOSED, "cases": CLOSED, "sampling": UNSEEN}


class TestPlacesAndEvents:
    BOTH = of_kinds(sources=(listing(), filing()))

    def test_a_filed_proof_of_a_kind_counts_where_filing_may_prove(self) -> None:
        report = attestation(key("2015.sampling"), "2015-12-20")
        accepted = ruling("accept", key("2015.sampling"), f"attestation:{report.id}")
        found = verdicts(
            self.BOTH, NOW, entries=published("02-10 监管政策"), visits=LOOKED, filings=[report], rulings=[accepted]
        )
        assert kinds_of(found) == {"policy": MET, "cases": RED, "sampling": MET}

    def test_what_nobody_can_be_named_for_shows_no_kind(self) -> None:
        own = of_kinds(sources=(listing(publisher="department"),))
        found = verdicts(own, NOW, entries=published("02-10 监管政策"), visits=LOOKED)
        assert kinds_of(found) == {"policy": UNSEEN, "cases": CLOSED, "sampling": CLOSED}

    def test_an_event_takes_the_place_of_its_quarter_and_of_no_kind(self) -> None:
        formed = event(FORMED.name, "2015-02-02")
        found = verdicts(YEAR, NOW, entries=published("02-10 监管政策"), visits=LOOKED, events=[formed])
        assert found["2015-Q1"].status == "closed"
        assert kinds_of(found) == {"policy": MET, "cases": RED, "sampling": RED}

    def test_a_person_may_accept_or_reject_an_entry_for_a_kind(self) -> None:
        entries = published("02-10 监管政策", "05-10 质量监测情况", "06-10 典型案件")
        target = key("2015.sampling")
        taken = ruling("accept", target, entries[1].url)
        struck = ruling("reject", key("2015.cases"), entries[2].url)
        found = verdicts(YEAR, NOW, entries=entries, visits=LOOKED, rulings=[taken, struck])
        assert kinds_of(found) == {"policy": MET, "cases": RED, "sampling": MET}


@pytest.mark.parametrize(
    ("entries", "first", "second"),
    [
        (["02-10 监管政策", "03-10 典型案件", "09-10 抽检结果"], "met met overdue", "overdue overdue met"),
        (["02-10 监管政策"], "met overdue overdue", "closed closed closed"),
    ],
)
def test_a_cover_of_half_a_year_asks_in_each_half(entries: list[str], first: str, second: str) -> None:
    found = verdicts(of_kinds(cover="half-year"), NOW, entries=published(*entries), visits=LOOKED)
    # What came in the second half closes the first one late.
    statuses = [[found[f"2015-H{half}.{name}"].status.value for name in WORDS] for half in (1, 2)]
    assert " ".join(statuses[0]).replace("met-late", "overdue") == first
    assert " ".join(statuses[1]) == second


def test_until_a_county_adopts_the_year_a_kind_is_yellow_at_worst() -> None:
    found = verdicts(of_kinds(adopted=False), NOW, entries=published("02-10 监管政策"), visits=LOOKED)
    assert kinds_of(found) == {"policy": MET, "cases": "overdue yellow", "sampling": "overdue yellow"}
    assert found["2015.cases"].reason.endswith("（参照时限）")


def test_an_article_of_another_kind_is_no_finding_of_this_one() -> None:
    found = verdicts(YEAR, NOW, entries=published("02-10 监管政策", "05-10 典型案件"), visits=LOOKED)
    assert [finding.title for finding in found["2015.policy"].findings] == ["监管政策"]


def test_a_matter_is_called_by_its_kind_and_the_quarter_by_the_duty() -> None:
    names = {made.label: duty_zh(YEAR, made) for made in occurrences(YEAR)}
    assert names["2015.sampling"] == "食品药品安全信息（抽检）"
    assert names["2015-Q1"] == "食品药品安全信息"
