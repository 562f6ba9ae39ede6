"""What is only near the thing proves nothing, and the thing itself is accused of nothing: `unlike.txt` by lines."""

from __future__ import annotations

import pytest

from tests.rules.unlike import DUTIES, SETS, Published, outcome, read_set

LINES = [line for path in SETS for line in read_set(path)]
#: What may come out of a line that has the sign: a thing proves at once; for the rest, a person may be asked.
ALLOWED = {"+": "+", "-": "-?", "?": "?"}


@pytest.mark.parametrize("line", LINES, ids=[line.name for line in LINES])
def test_an_entry_comes_to_what_it_is(line: Published) -> None:
    assert outcome(line) in ALLOWED[line.expected]


def test_each_duty_that_entries_prove_has_three_of_either_kind() -> None:
    for duty in DUTIES.values():
        for part in duty.parts:
            cells = [cell for cell in duty.assignments[0].cells if cell.part == part.name]
            is_kind = bool(part.contents.other_kinds)  # it is found among the entries of its duty
            is_listed = any(source.columns for cell in cells for source in cell.sources)
            if is_kind or not part.contents.items or not is_listed:
                continue
            signs = [line.expected for line in LINES if line.duty == duty.id and line.part in ("", part.name)]
            assert signs.count("+") + signs.count("?") >= 3, (duty.id, part.name)
            assert signs.count("-") >= 3, (duty.id, part.name)
