"""Due days of 84 requests beside a computation that shares nothing with the product.

`request_due_dates.tsv` was computed a day at a time from the texts of both Regulations, with the days off typed by
hand; its worked rows were checked on paper. `seen`: what was on record at the end of that day counts. A letter without
`reached` is counted from sending. `paused`: the clock stands; where a silence ends it, that is the day at most, with
the due day that follows from it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.two_regulations import ANSWERS, COUNTY, load_two_regulations
from tracker.core.law.citations import cite_basis_in_full
from tracker.core.law.counting import day_end
from tracker.core.law.instances import from_event
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Event
from tracker.rulebook.loaded import Loaded

with Path(__file__).with_name("request_due_dates.tsv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream, delimiter="\t"))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_two_regulations(tmp_path_factory.mktemp("rules"))


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row['received']} {row['facts'] or 'plain'} {row['seen']}" for row in ROWS]
)
def test_the_due_day(loaded: Loaded, row: dict[str, str]) -> None:
    rulebook, zone = loaded.rulebooks[0], loaded.rulebooks[0].county.zone
    seen = date.fromisoformat(row["seen"])
    received = _event("request-received", date.fromisoformat(row["received"]))
    facts = [fact for fact in _read_facts(row["facts"]) if fact.occurred <= seen]
    granted = [fact.occurred for fact in facts if fact.name == "foi-extended"]
    facts = [fact for fact in facts if fact.name != "foi-extended"]
    found: list[Occurrence] = []
    for pack, duty_id in ANSWERS.items():
        duty = rulebook.duty(pack, duty_id)
        assert duty is not None
        extended = {f"{COUNTY}/{pack}/{duty_id}/guotu/event:foi-request-received:1": day for day in granted}
        found += from_event(duty, received, loaded.calendar, rulebook.county, extended, facts)
    [occurrence] = found  # one of the Regulations alone governs it
    assert _word(occurrence, day_end(seen, zone)) == (row["due"], row["pause ends at most"], row["due at most"])


def test_no_article_is_cited_for_questions(loaded: Loaded) -> None:
    """None of the Regulations asks for an answer to a question."""
    rulebook, asked = loaded.rulebooks[0], date(2026, 4, 2)
    duty = rulebook.duty("foi-2019", "question-answer")
    assert duty is not None
    event = Event(1, "question-received", "guotu", "1", asked, datetime(2026, 4, 2, 9).astimezone())
    [occurrence] = from_event(duty, event, loaded.calendar, rulebook.county)
    assert re.search("第.+条", cite_basis_in_full(occurrence, duty)) is None


def _word(occurrence: Occurrence, now: datetime) -> tuple[str, str, str]:
    if occurrence.ending is not None and occurrence.ending.at <= now:
        return "closed", "", ""
    standing = occurrence.standing_at(now)
    if standing is None:
        return str(occurrence.due_on), "", ""
    return "paused", str(standing.until or ""), str(occurrence.due_on or "")


def _read_facts(text: str) -> Iterator[Event]:
    for fact in filter(None, text.split("; ")):
        name, on, *reached = fact.split()
        yield _event(name, date.fromisoformat(on), {"reached": reached[1]} if reached else {})


def _event(name: str, on: date, fields: dict[str, str] | None = None) -> Event:
    recorded = datetime(on.year, on.month, on.day, 9).astimezone()
    return Event(1, f"foi-{name}", "guotu", "1", on, recorded, fields=fields or {})


def test_both_regulations_and_every_turn_are_there() -> None:
    facts = {fact.split()[0] for row in ROWS for fact in filter(None, row["facts"].split("; "))}
    assert facts == {
        "correction-asked", "corrected", "third-party-asked", "third-party-answered", "co-maker-asked",
        "co-maker-answered", "agency-asked", "agency-answered", "fee-asked", "fee-paid", "extended", "withdrawn",
        "abandoned",
    }  # fmt: skip
    assert {row["received"] for row in ROWS} >= {"2019-05-14", "2019-05-15"}
    assert sum(row["due"][0] == "2" for row in ROWS) >= 60
