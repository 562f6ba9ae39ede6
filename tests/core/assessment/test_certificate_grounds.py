"""Which parts a claim rests on, and for which parts' sake there is none."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.values.certificate import (
    Certificate,
    CertificatePart,
    PartName,
    find_doubts,
    find_grounds,
    part_zh,
    parts_in_order,
)

WHOLE, RESIDUE, SAME = PartName.WHOLE_PAGE, PartName.NO_RESIDUE, PartName.SAME_LIST
DAYS, END = PartName.DAYS_IN_ORDER, PartName.END_KNOWN
DAY = date(2015, 6, 1)


@pytest.mark.parametrize(
    ("holds", "left_out", "doubts"),
    [
        ({WHOLE: True, END: True, DAYS: False}, {DAYS}, ()),
        ({WHOLE: True, END: False, SAME: False, DAYS: True}, {PartName.PROMISES_MET, SAME, END}, ()),
        ({WHOLE: False, END: True, DAYS: True}, None, (WHOLE,)),
        ({WHOLE: False, RESIDUE: False, END: False, DAYS: False}, None, (WHOLE, RESIDUE)),
        ({WHOLE: True, END: None, DAYS: False}, None, (DAYS, END)),
        ({WHOLE: True, END: True, SAME: False, DAYS: False}, None, (SAME, DAYS)),
        ({}, None, (DAYS, END)),
    ],
    ids=[
        "to the end, days in disorder",
        "to a day, further pages fail",
        "a page breaks off",
        "every general part is named, and they suffice",
        "one page, no days",
        "another list follows",
        "nothing asked",
    ],
)
def test_grounds_and_doubts(
    holds: dict[PartName, bool | None], left_out: set[PartName] | None, doubts: tuple[PartName, ...]
) -> None:
    certificate = Certificate(tuple(CertificatePart(name, held) for name, held in holds.items()), DAY)
    grounds = {part.name for part in find_grounds(certificate)}
    assert grounds == (set() if left_out is None else set(PartName) - left_out)
    assert tuple(part.name for part in find_doubts(certificate)) == doubts
    assert (certificate.reached is None) == bool(doubts)


def test_every_part_has_its_place_and_a_chinese_name_of_its_own() -> None:
    assert [part.name for part in parts_in_order(Certificate())] == list(PartName)
    assert len({part_zh(name) for name in PartName}) == len(PartName)
