"""The evidence of an occurrence, handed to a third person who has nothing but `unzip` and `sha256sum`."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.decide.small_county import Small, at, small_county
from tests.entered import new_filing
from tracker.commands.main import main
from tracker.evidence.attachments.filed import FiledFiles
from tracker.registers.filings import record_filing
from tracker.reports.dossier import Dossier
from tracker.reports.export import export
from tracker.store.engine import Store

WATER = "water/huanbao/2015-07"
TITLE = "小县6月份水环境质量状况"


def exported(county: Small, folder: Path, key: str = WATER, now: datetime | None = None) -> Path:
    """The zip, unpacked by the real thing."""
    target = folder / "evidence.zip"
    office = county.office
    assert office.archive is not None
    done = export(office.store, office.loaded, office.archive, folder / "filings", key, target, now)
    assert isinstance(done, Dossier), done
    return unpacked(target, folder / "unpacked")


def unpacked(archive: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-q", str(archive), "-d", str(folder)], check=True)
    else:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
    return folder


def sums_hold(folder: Path) -> bool:
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def warcio_says(path: Path) -> bytes:
    """What the library's own check finds."""
    return subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], capture_output=True, check=True).stdout


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


async def overdue(county: Small) -> None:
    """Nothing about water comes out in July, and it is looked for a week longer."""
    county.site.publish("environment", "关于召开会议的通知", at("2015-07-06"))
    await county.live(at("2015-07-30").date(), at("2015-08-07").date())


async def test_a_third_person_can_check_it(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    folder = exported(county, tmp_path)
    assert sums_hold(folder)
    named = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert named == files - {"SHA256SUMS"}
    for name in named:
        path = folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert not sums_hold(folder), name
        path.write_bytes(whole)
    assert warcio_says(folder / "evidence.warc.gz") == b""


@pytest.mark.both_databases
async def test_an_accusation_carries_the_lists_that_lacked_it(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    folder = exported(county, tmp_path)
    said = manifest(folder)
    assert (said["status"], said["due_on"]) == ("overdue", "2015-07-31")
    visits = [(one["began_at"][:10], [*one["why"]]) for one in said["visits"]]
    assert visits[0] == ("2015-07-30", ["before"])  # 6:00 in the county is the evening before in UTC
    assert visits[1:] == [(f"2015-{day}", ["lacked"]) for day in ("07-31", *(f"08-0{n}" for n in range(1, 7)))]
    captures = {one["number"]: one for one in said["captures"]}
    for visit in said["visits"]:
        bodies = [(folder / captures[number]["body"]).read_text() for number in visit["captures"]]
        assert len(bodies) == 1
        assert "关于召开会议的通知" in bodies[0]
        assert "水环境" not in bodies[0]
    assert all(one["holds"] is not False for visit in said["visits"] for one in visit["certificate"] if one["ground"])
    grounds = {one["name"]: one["reason"] for one in said["visits"][-1]["certificate"] if one["holds"]}
    assert grounds.keys() >= {"页面完整", "全部读出", "没有缺失", "已到末尾"}
    [entry] = said["entries"]
    assert (entry["title"], [one["counts"] for one in entry["considered"]]) == ("关于召开会议的通知", [False])
    sent = {(one["step"], one["recipient"]) for one in said["notices"] if one["state"] == "sent"}
    assert {("overdue", "huanbao@small.example"), ("to-county-office", "office@small.example")} <= sent
    page = (folder / "index.html").read_text()
    for words in (
        "逾期未公开",
        said["reason"],
        said["derivation"],
        "时限届满后的完整检查，未查到所要求的内容",
        *(f"✓ {name}：{reason}" for name, reason in grounds.items()),
        "2015年7月31日",
    ):
        assert words in page
    assert "<script" not in page
    assert not re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", page)  # days and hours as an office writes them
    people, check = page.split("<h2>怎样核对</h2>")
    assert said["occurrence"] not in people
    assert said["occurrence"] in check


@pytest.mark.nightly
async def test_a_proof_carries_its_article_and_the_visit_that_first_saw_it(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    county.site.publish("environment", TITLE, at("2015-08-08", "10:00"), text="全县水环境质量良好。" * 20)
    await county.live(at("2015-08-08").date(), at("2015-08-10").date())
    folder = exported(county, tmp_path)
    said = manifest(folder)
    assert said["status"] == "met-late"
    assert [[*one["why"]] for one in said["visits"]] == [["before"], *[["lacked"]] * 8, ["showed"]]
    [proof] = [one for one in said["entries"] if one["title"] == TITLE]
    assert [one["counts"] for one in proof["considered"]] == [True]
    [capture] = [one for one in said["captures"] if one["url"] == proof["url"]]
    assert "全县水环境质量良好。" in (folder / capture["body"]).read_text()
    assert capture["digest"] in capture["body"]
    assert sums_hold(folder)


async def test_what_could_not_be_looked_at_is_told_and_shown(county: Small, tmp_path: Path) -> None:
    await county.live(at("2015-07-30").date(), at("2015-07-31").date())
    county.site.instead["/environment/"] = 521
    await county.live(at("2015-08-01").date(), at("2015-08-02").date())
    said = manifest(exported(county, tmp_path))
    assert said["status"] == "unverifiable"
    failed = [one for one in said["visits"] if "failed" in one["why"]]
    statuses = [[said["captures"][number]["status"] for number in one["captures"]] for one in failed]
    assert ([one["outcome"] for one in failed], statuses) == (["refused", "refused"], [[521], [521]])


async def test_what_a_visit_met_is_shown_beside_it_and_nothing_else(county: Small, tmp_path: Path) -> None:
    """Blind by a refusal, by silence, then seeing again: each with what it met, however little changed."""
    await county.live(at("2015-07-30").date(), at("2015-07-31").date())
    county.site.instead["/environment/"] = 521
    await county.live(at("2015-08-01").date(), at("2015-08-02").date())
    del county.site.instead["/environment/"]
    await county.live(at("2015-08-03").date(), at("2015-08-03").date())
    async with county.dark():
        await county.live(at("2015-08-04").date(), at("2015-08-04").date())
    await county.live(at("2015-08-05").date(), at("2015-08-05").date())
    said = manifest(exported(county, tmp_path))
    assert said["status"] == "overdue"
    met = [
        ([*one["why"]], [said["captures"][number]["status"] for number in one["captures"]]) for one in said["visits"]
    ]
    assert met == [
        (["before"], [200]), (["failed"], [521]), (["failed"], [521]), (["lacked"], [200]), (["failed"], []),
        (["lacked"], [200]),
    ]  # fmt: skip


async def test_what_the_site_says_is_text_on_the_page(county: Small, tmp_path: Path) -> None:
    county.site.publish("environment", "&lt;script&gt;alert(1)&lt;/script&gt;水环境通知", at("2015-07-06"))
    await county.live(at("2015-07-30").date(), at("2015-08-01").date())
    folder = exported(county, tmp_path)
    assert manifest(folder)["entries"][0]["title"] == "<script>alert(1)</script>水环境通知"
    page = (folder / "index.html").read_text()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert all(path.suffix == ".txt" for path in (folder / "bodies").iterdir())


@pytest.mark.nightly
async def test_the_same_facts_give_the_same_bytes(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    exported(county, tmp_path / "a")
    county.clock.now += timedelta(minutes=7)
    exported(county, tmp_path / "b")
    one, two = ((tmp_path / name / "evidence.zip").read_bytes() for name in ("a", "b"))
    assert one == two
    await county.turn(crawl=True)
    exported(county, tmp_path / "c")
    assert (tmp_path / "c" / "evidence.zip").read_bytes() != one


@pytest.mark.nightly
async def test_what_the_archive_no_longer_gives_is_named(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    shutil.rmtree(county.root / "archive")
    office, target = county.office, tmp_path / "evidence.zip"
    assert office.archive is not None
    done = export(office.store, office.loaded, office.archive, tmp_path, WATER, target, None)
    assert isinstance(done, Dossier)
    assert "No such file" in done.faults[0]
    folder = unpacked(target, tmp_path / "unpacked")
    assert sums_hold(folder)
    assert all("fault" in one for one in manifest(folder)["captures"])
    assert "已不在存档中" in (folder / "index.html").read_text()


async def test_every_kind_of_occurrence_can_be_exported(county: Small, tmp_path: Path) -> None:
    county.site.publish("powers", "环保局权力清单", at("2015-07-03"))
    county.event("2015-07-02")
    await county.live(at("2015-07-30").date(), at("2015-08-01").date())
    for key in county.rows():
        assert sums_hold(exported(county, tmp_path, key)), key


async def test_what_was_filed_lies_in_it_as_it_was_filed(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    photo, key = b"\xff\xd8 what hangs on the board", f"small/small/{WATER}"
    files = FiledFiles(tmp_path / "filings", "small")
    digest = files.keep(photo)
    with county.office.store.begin() as tx:
        record_filing(
            tx,
            county.office.loaded.rulebooks[0],
            new_filing(
                "attestation",
                occurrence=key,
                form="file",
                proof=f"公示栏.jpg sha256:{digest}",
                by="甲",
                now=county.clock.now,
            ),
        )
    folder = exported(county, tmp_path, now=county.clock.now)
    assert (folder / "filed" / digest).read_bytes() == photo
    assert sums_hold(folder)
    assert [one["file"] for one in manifest(folder)["papers"]] == [f"filed/{digest}"]
    assert f'href="filed/{digest}" download="公示栏.jpg"' in (folder / "index.html").read_text()
    files.place(digest).write_bytes(b"another picture")
    folder = exported(county, tmp_path, now=county.clock.now)
    assert not (folder / "filed").exists()


async def test_an_unknown_occurrence_is_answered_with_what_looks_like_it(county: Small, tmp_path: Path) -> None:
    await overdue(county)
    office = county.office
    found = export(office.store, office.loaded, tmp_path, tmp_path, "water/huanbao/2015-7", tmp_path / "x.zip", None)
    assert found == [f"small/small/{WATER}"] or (isinstance(found, list) and f"small/small/{WATER}" in found)
    assert not (tmp_path / "x.zip").exists()


def test_the_command_writes_it(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_SITE", "http://127.0.0.1:9/")
    sites: list[str] = []

    async def prepare() -> None:
        with Store(sqlite_url) as store:
            async with small_county(tmp_path, store, at("2015-07-01", "06:00")) as county:
                await overdue(county)
                sites.append(os.environ["SMALL_SITE"])

    asyncio.run(prepare())
    monkeypatch.setenv("SMALL_SITE", sites[0])
    target = tmp_path / "out.zip"
    said = ["--root", str(tmp_path), "--database", sqlite_url, "evidence", "export"]
    assert main([*said, WATER, "--to", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert sums_hold(unpacked(target, tmp_path / "unpacked"))
    assert main([*said, "water/nobody/2015-07", "--to", str(target)]) == 2
    assert main([*said, WATER, "--to", str(tmp_path / "nowhere" / "out.zip")]) == 2
