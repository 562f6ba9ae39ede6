"""Sites that live through months: no visit claims that something is not there which stood in its column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites.months import measure

SITES = sorted((Path(__file__).parent.parent / "sites" / "lived").glob("site_*.py"))

#: The one of which every manner of failing is small: at every change; the others at night.
_IN_THE_GATE = "site_15"


@pytest.mark.parametrize(
    ("path", "every"),
    [
        pytest.param(path, 20 if path.stem == _IN_THE_GATE else 4, id=path.stem,
                     marks=[] if path.stem == _IN_THE_GATE else [pytest.mark.nightly])
        for path in SITES
    ],
)  # fmt: skip
async def test_no_visit_calls_absent_what_stood_there(path: Path, every: int) -> None:
    assert (await measure(path, every)).wrong == []
