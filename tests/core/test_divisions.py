"""Where a county lies, by the digits of its code."""

from __future__ import annotations

import pytest

from tracker.core.values.divisions import COUNTRY, Division, lies_in

TIANHE = Division("440106")


@pytest.mark.parametrize(
    ("division", "region", "lies"),
    [
        (TIANHE, "44", True),
        (TIANHE, "4401", True),
        (TIANHE, COUNTRY, True),
        (None, COUNTRY, True),
        (TIANHE, "4403", False),
        (TIANHE, "10", False),  # digits in the middle of its code
        (TIANHE, "", False),
        (None, "44", False),
        (None, "", False),
    ],
)
def test_a_county_lies_in_its_city_its_province_and_the_country(
    division: Division | None, region: str, *, lies: bool
) -> None:
    assert lies_in(division, region) is lies
