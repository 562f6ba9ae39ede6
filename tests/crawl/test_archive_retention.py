"""What the archive lets go of by the schedule, and what stays because somebody may still ask for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.decide.small_county import SCHEDULE, Small, at
from tracker.evidence.archive import Place, county_files, raw, responses
from tracker.reports.dossier import Dossier
from tracker.reports.export import export
from tracker.store.captures import Capture, list_archive_files, load_captures

WATER = "water/huanbao/2015-07"
SHORT = SCHEDULE + "retention: {archive: 30 days}\n"


@pytest.fixture
async def year(county: Small) -> Small:
    """Water came out for July, not for June; the lists of powers came out and were left alone."""
    county.reload(schedule=SHORT)
    county.site.publish("powers", "环保局权力清单", at("2015-07-02"))
    county.site.publish("powers", "科技局权力清单", at("2015-07-03"))
    await county.live(date(2015, 7, 30), date(2015, 8, 2))
    county.site.publish("environment", "小县7月份水环境质量状况", at("2015-08-20"))
    await county.live(date(2015, 8, 21), date(2015, 8, 22))
    await county.live(date(2015, 10, 20), date(2015, 10, 21))
    return county


def archive(county: Small) -> Path:
    assert county.office.archive is not None
    return county.office.archive


def held(county: Small, *paths: str) -> list[Capture]:
    base = next(iter(county.office.loaded.rulebooks[0].county.columns.values())).url.rpartition("/")[0]
    base = base[: base.rindex("/")]
    with county.office.store.read() as tx:
        return load_captures(tx, "small", [base + path for path in paths])


@pytest.mark.nightly
async def test_what_an_unsettled_matter_rests_on_stays(year: Small, tmp_path: Path) -> None:
    assert year.rows()[WATER].status == "overdue"
    before = county_files(archive(year), "small")
    assert (await year.office.tidy()).startswith("0 decisions wrong, 0 mails emptied, 0 pages forgotten, ")
    after = county_files(archive(year), "small")
    assert [name[6:13] for name in before] == ["2015-07", "2015-08"]
    assert not set(before) & set(after)
    office = year.office
    done = export(office.store, office.loaded, archive(year), tmp_path, WATER, tmp_path / "evidence.zip", None)
    assert isinstance(done, Dossier)
    assert (done.faults, {"before", "lacked"} <= {why for one in done.visits for why in one.why}) == ([], True)
    assert all(one.captures for one in done.visits)


@pytest.mark.both_databases
async def test_what_is_settled_goes_and_what_still_stands_does_not(year: Small) -> None:
    await year.office.tidy()
    assert len(held(year, "/powers/")) == 1  # the list is as it was in July
    assert held(year, "/powers/0.html") == []  # it proved what nobody disputes
    for one in held(year, "/powers/", "/environment/"):
        place = Place(one.file, one.offset, one.length)
        assert responses(raw(archive(year), place))[-1].status == one.status == 200


@pytest.mark.nightly
async def test_what_went_is_asked_for_anew(year: Small) -> None:
    await year.office.tidy()
    year.clock.now = at("2015-12-20", "06:00")
    await year.office.crawl()
    assert len(held(year, "/powers/0.html")) == 1


@pytest.mark.nightly
async def test_a_second_run_finds_nothing_to_do(year: Small) -> None:
    await year.office.tidy()
    files = county_files(archive(year), "small")
    stamps = [(archive(year) / name).stat().st_mtime_ns for name in files]
    assert (await year.office.tidy()).endswith("0 files of the archive deleted")
    assert county_files(archive(year), "small") == files
    assert [(archive(year) / name).stat().st_mtime_ns for name in files] == stamps


async def test_a_file_that_nothing_points_to_goes_when_it_is_old(year: Small) -> None:
    for day in ("2015-07-01", "2015-10-21"):
        (archive(year) / f"small/{day}T060000-1-abc.warc.gz").write_bytes(b"torn")
    await year.office.tidy()
    with year.office.store.read() as tx:
        known = list_archive_files(tx, "small")
    assert set(county_files(archive(year), "small")) - known == {"small/2015-10-21T060000-1-abc.warc.gz"}


async def test_within_its_time_everything_stays(year: Small) -> None:
    year.reload(schedule=SCHEDULE)
    files = county_files(archive(year), "small")
    assert (await year.office.tidy()).endswith("0 files of the archive deleted")
    assert county_files(archive(year), "small") == files
