"""Due dates from 2008 to 2028 with their whole sentences, worked by hand from the articles and the holiday notices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.core.law.due_dates import due_of

TABLE = (Path(__file__).parent / "due_dates.txt").read_text("utf-8")
#: Rule, start, due day, sentence.
CASES = [
    (*(part.strip() for part in head.split("|")), sentence.strip())
    for head, sentence in (block.split("\n", 1) for block in TABLE.partition("\n\n")[2].strip().split("\n\n"))
]


@pytest.mark.parametrize(
    ("rule", "start", "due_on", "sentence"), CASES, ids=[f"{rule}, {start}" for rule, start, *_ in CASES]
)
def test_a_due_date_and_the_sentence_that_derives_it(rule: str, start: str, due_on: str, sentence: str) -> None:
    due = due_of(rule, start)
    assert (due.on, due.derivation.text) == (date.fromisoformat(due_on), sentence)


def test_the_table_spans_twenty_years_and_all_laws() -> None:
    years = {due_on[:4] for *_, due_on, _ in CASES}
    assert len(CASES) >= 60
    assert {str(year) for year in range(2008, 2030)} <= years
    for law in ("民法通则", "民法总则", "民法典", "行政许可法", "行政强制法", "行政处罚法", "行政复议法", "207号"):
        assert any(law in sentence for *_, sentence in CASES), law
    assert not [sentence for *_, sentence in CASES if "适用" in sentence or ".yaml" in sentence]
