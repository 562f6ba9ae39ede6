"""No circular counts days before the county went live, nor what was made good by then."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest

from tests.decide.small_county import COUNTY, Small, at
from tests.reports.criticised import CIRCULAR, PACKS, acting
from tracker.core.values.verdicts import Status
from tracker.registers.errors import RegisterError
from tracker.registers.golive import record_golive
from tracker.reports.snapshot import CountyReader
from tracker.rulebook.load import load
from tracker.store.circulars import find_latest_edition, list_circular_lines

#: What was made good late is named too.
NAMES_LATE = CIRCULAR.replace("incomplete: 5", "incomplete: 5, late: true")


@pytest.fixture
async def trial(county: Small) -> Small:
    """On trial until Monday, 12 October: September's powers are missing, its water came eight days late."""
    shutil.copy(PACKS / "rectification.yaml", county.root / "rules" / "packs")
    county.reload(county=COUNTY.replace("packs: [small]", "packs: [small, rectification]") + NAMES_LATE)
    county.office.adopt(load(county.root, dict(os.environ)))
    county.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    county.site.publish("environment", "7月份水环境质量状况", at("2015-08-28"))
    county.site.publish("environment", "9月份水环境质量状况", at("2015-10-20"))
    county.site.publish("powers", "科技局权力清单", at("2015-09-25"))
    county.site.publish("insurance", "二季度社会保险情况", at("2015-09-29"), "参保情况、基金收支")
    await county.live(date(2015, 9, 28), date(2015, 10, 8))
    county.site.publish("environment", "8月份水环境质量状况", at("2015-10-08", "15:00"))
    await county.live(date(2015, 10, 9), date(2015, 10, 9))
    return county


async def goes_live(county: Small) -> None:
    county.clock.now = at("2015-10-12", "05:00")
    with county.office.store.begin() as tx:
        loaded = county.office.loaded
        record_golive(tx, loaded, loaded.rulebooks[0], by="陈县长", reason="纪要", now=county.clock.now)
    await county.live(date(2015, 10, 12), date(2015, 10, 12))
    await county.live(date(2015, 10, 29), date(2015, 11, 2))


@pytest.mark.nightly
async def test_days_count_from_the_day_and_what_was_made_good_before_is_held_against_nobody(trial: Small) -> None:
    await goes_live(trial)
    async with acting(trial, "2015-11-03") as circulars:
        row = circulars.draft("2015-10", "王敏")
        lines = list_circular_lines(trial_tx := circulars.tx, row.id)
        reading = CountyReader(trial.office.loaded.rulebooks[0], trial.office.loaded.calendar).read(
            trial_tx, circulars.now
        )
    assert [one.occurrence.removeprefix("small/small/") for one in lines] == ["powers/huanbao/once"]
    assert lines[0].shown["days_late"] == 17  # 12-16, 19-23, 26-30 October, 2-3 November: from the day itself on
    water = reading.by_key["small/small/water/huanbao/2015-09"]
    assert (water.status, water.days_late, water.is_liable, water.problem) == (Status.MET_LATE, 0, False, "")
    assert row.values["count"]["late"] == 0


@pytest.mark.nightly
async def test_there_is_no_circular_of_a_month_before_it(trial: Small) -> None:
    await goes_live(trial)
    async with acting(trial) as circulars:
        with pytest.raises(RegisterError, match="live from 2015-10-12 on: there is no circular of 2015-09"):
            circulars.draft("2015-09", "王敏")


@pytest.mark.nightly
async def test_the_schedule_drafts_none_of_a_month_before_it(trial: Small) -> None:
    await goes_live(trial)
    trial.clock.now = at("2015-10-20")
    assert trial.office.draft_circulars() == 0
    with trial.office.store.read() as tx:
        assert find_latest_edition(tx, "small", "2015-09") is None


async def test_there_is_none_of_a_county_that_is_not_live(trial: Small) -> None:
    async with acting(trial, "2015-10-12") as circulars:
        with pytest.raises(RegisterError, match=r"no circular of a county that is not live: small .*duban golive"):
            circulars.draft("2015-09", "王敏")
    assert trial.office.draft_circulars() == 0
    with trial.office.store.read() as tx:
        assert find_latest_edition(tx, "small", "2015-09") is None
