"""What names nobody is settled for a duty's other departments once people accepted it for one."""

from __future__ import annotations

from tests.core.verdict.judging import (
    CALENDAR,
    COUNTY,
    at,
    cell,
    daily_visits,
    duty,
    entry,
    key,
    listing,
    occurrences,
    ruling,
)
from tracker.core.law.duties import Every
from tracker.core.matching.filings import accepted_urls
from tracker.core.values.facts import Entry, Facts, Ruling
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.status import judge

QUARTERLY = duty(Every(unit="quarter"), cells=[cell(listing(title="水质", publisher="department"))])
VISITS = tuple(daily_visits("2015-01-01", "2015-04-10"))


def judged(one: Entry, said: list[Ruling]) -> Verdict:
    facts = Facts((one,), VISITS, taken=accepted_urls(said))
    owed = occurrences(QUARTERLY)
    return judge(QUARTERLY, QUARTERLY.assignments[0], owed, facts, COUNTY, CALENDAR, at("2015-04-10"))[key("2015-Q1")]


def test_what_was_accepted_for_another_department_is_that_ones() -> None:
    one, other = entry("水质公告", "2015-02-20"), key("2015-Q1", "minzheng")
    said = [ruling("accept", other, one.url, "2015-04-05")]
    found = judged(one, said)
    assert (found.status, [one.awaits_person for one in found.findings]) == ("overdue", [False])
    assert found.findings[0].reason == "标题和发布机构均未指明部门，经认定属于民政局"
    said.append(ruling("reject", other, one.url, "2015-04-06"))
    assert judged(one, said).status == "unverifiable"


def test_what_names_several_is_not_settled_by_accepting_it_for_one() -> None:
    one = entry("环保局、民政局水质公告", "2015-02-20")
    assert judged(one, [ruling("accept", key("2015-Q1", "minzheng"), one.url)]).status == "unverifiable"


def test_no_attestation_and_no_file_says_whose_an_entry_is() -> None:
    assert (
        accepted_urls([ruling("accept", key("2015-Q1"), "attestation:1"), ruling("accept", key("2015-Q1"), "a.pdf")])
        == {}
    )
