"""What a mail asks for is done on its page: the record of an event, a proof, an objection."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.console.served_pages import House, text_of
from tests.decide.small_county import at
from tests.entered import new_ruling
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.rulebook.schedule import Filings
from tracker.store.tables import events, filed_files, filings, journal, notices, rulings

AWAITS = "small/small/budget/keji/awaiting:budget-approved"
WATER = "small/small/water/huanbao/2015-07"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """The registers are tested on both databases; what a page asks of them depends on none."""
    return sqlite_url


def picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def decide(house: House, kind: str, number: int, reason: str = "文件属实", by: str = "王敏", **more: str) -> None:
    """Decide about the filing of that number."""
    office, about = house.small.office, {"occurrence": AWAITS, "target": f"attestation:{number}", **more}
    with office.store.begin() as tx:
        ruling = new_ruling(kind, by=by, reason=reason, now=house.small.clock.now, **about)
        record_ruling(tx, office.loaded.rulebooks[0], ruling)


async def next_morning(house: House) -> None:
    """What was entered is judged, and the mails of the next morning leave."""
    await house.small.turn()
    house.small.clock.now = at("2015-08-04", "08:40")
    await house.small.turn()


async def filed_event(house: House) -> str:
    """The page on which the budget's approval was entered."""
    link = house.links("keji@")[-1]
    fields = {"on": "2015-07-20", "reference": "财预〔2015〕18号", "field-year": "2015", "name": "李四"}
    status, page = await house.post(link, kind="event", **fields)
    assert (status, "2015年7月20日，财预〔2015〕18号，2015" in page) == (200, True), page
    return link


async def test_the_day_of_an_approval_counts_once_the_county_office_accepts_it(house: House) -> None:
    link = await filed_event(house)
    assert house.rows(events) == []
    (filing,) = house.rows(filings)
    assert (filing["form"], filing["occurrence"], filing["by"]) == ("event", AWAITS, "李四（keji@small.example）")
    await next_morning(house)
    told = [text_of(body) for body in house.letters.bodies("office@")]
    assert any(
        "李四（keji@small.example）于2015年8月3日报送预算批复：2015年7月20日，财预〔2015〕18号" in one for one in told
    )
    decide(house, "accept", filing["id"])
    (event,) = house.rows(events)
    assert (event["reference"], event["by"], event["fields"]) == ("财预〔2015〕18号", "王敏", {"year": "2015"})
    await house.small.turn()
    rows = house.small.rows()
    assert rows["budget/keji/event:budget-approved:财预〔2015〕18号"].due_on is not None
    (line,) = [one for one in house.rows(journal) if one["action"] == "event.recorded"]
    assert line["reason"] == f"据李四（keji@small.example）报送（编号{filing['id']}）：文件属实"
    _, page = await house.open(link)
    assert "该事项不再要求，无需回执" in page


async def test_what_the_office_returns_is_told_with_the_reason_and_may_be_entered_anew(house: House) -> None:
    await filed_event(house)
    (filing,) = house.rows(filings)
    decide(house, "reject", filing["id"], "日期与文件不符")
    await next_morning(house)
    told = text_of(house.letters.bodies("keji@")[-1])
    assert "经王敏认定不予采信：日期与文件不符" in told
    fields = {"on": "2015年7月21日", "reference": "财预〔2015〕18号", "field-year": "2015"}
    assert (await house.post(house.links("keji@")[-1], kind="event", **fields))[0] == 200
    assert [one["claimed"].isoformat() for one in house.rows(filings)] == ["2015-07-20", "2015-07-21"]


async def test_nobody_accepts_the_day_they_filed_and_what_was_recorded_is_withdrawn_as_an_event(house: House) -> None:
    await filed_event(house)
    for same in ("李四（keji@small.example）", "李四", "李 四"):
        with pytest.raises(RegisterError, match="somebody else must accept"):
            decide(house, "accept", 1, by=same)
    decide(house, "accept", 1)
    with pytest.raises(RegisterError, match="duban event"):
        decide(house, "revoke", 1, target="ruling:1", occurrence="")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"on": ""}, "请填写预算批复的日期"),
        ({"on": "昨天"}, "无法识别，请写成2015-03-02"),
        ({"on": "2015-08-04"}, "还没有到"),
        ({"reference": "2015/18"}, "其中不要有空格和 / . :"),
        ({"field-year": "15"}, "年度请填写四位数字"),
        ({"field-year": ""}, "请填写年度"),
    ],
)
async def test_a_wrong_record_is_refused_and_what_was_typed_stands_again(
    house: House, wrong: dict[str, str], words: str
) -> None:
    fields = {"on": "2015-07-20", "reference": "18号", "field-year": "2015", "name": "李四"} | wrong
    status, page = await house.post(house.links("keji@")[-1], kind="event", **fields)
    assert (status, words in page) == (422, True), page
    for value in filter(None, fields.values()):
        assert f'value="{value}"' in page
    assert house.rows(filings) == []


async def test_a_file_is_kept_by_its_hash_and_waits_for_the_county_office(house: House) -> None:
    matter = await house.matter()
    status, page = await house.upload(matter, ("公告栏.png", picture()), on="2015-07-30", name="张三")
    assert (status, "公告栏.png\n已作为佐证报送（编号1），待" in page) == (200, True)
    digest = hashlib.sha256(picture()).hexdigest()
    (filing,) = house.rows(filings)
    assert filing["proof"] == f"公告栏.png sha256:{digest}"
    assert (filing["by"], filing["claimed"].isoformat()) == ("张三（huanbao@small.example）", "2015-07-30")
    assert [(one["digest"], one["kind"]) for one in house.rows(filed_files)] == [(digest, "png")]
    assert (house.small.root / "filed" / "small" / digest[:2] / digest).read_bytes() == picture()
    assert [one["who"] for one in house.journal()] == ["张三（huanbao@small.example）"] * 2
    assert (await house.upload(matter, ("公告栏.png", picture())))[1].count("公告栏.png") >= 1
    assert len(house.rows(filings)) == 1


@pytest.mark.parametrize(
    ("status", "name", "content", "words"),
    [
        (422, "公告.jpg", b"MZ\x90\0" + bytes(400), "文件中含有程序"),
        (422, "公告.jpg", picture(), "文件内容与文件名的后缀不符"),
        (422, "公告.png", picture()[:-20], "文件不完整"),
        (422, "公告.png", b"", "请选择要报送的文件"),
        (422, "公告.zip", b"PK\5\6" + bytes(18), "可以报送JPG、PNG、PDF"),
        (413, "公告.png", picture() + bytes(2_000_000), "文件过大，请控制在2MB以内"),
    ],
)
async def test_a_file_that_is_no_proof_is_refused_with_what_would_be_right(
    house: House, status: int, name: str, content: bytes, words: str
) -> None:
    office = house.small.office
    schedule = replace(office.loaded.schedule, filings=Filings(max_bytes=2_000_000))
    office.loaded = replace(office.loaded, schedule=schedule)
    found, page = await house.upload(await house.matter(), (name, content), on="2015-07-30", name="张三")
    assert (found, words in page) == (status, True), page
    if status == 422:
        assert 'value="2015-07-30"' in page
        assert "请重新选择文件" in page
    assert house.rows(filings) == []
    assert not (house.small.root / "filed").exists()


async def test_an_objection_is_told_to_the_office_and_taken_once(house: House) -> None:
    matter = await house.matter()
    status, page = await house.post(matter, kind="objected", reason="", proof="县办〔2015〕3号", name="张三")
    assert (status, "请填写异议的理由" in page, 'value="县办〔2015〕3号"' in page) == (422, True, True)
    status, page = await house.post(
        matter, kind="objected", reason="该事项由省厅统一公开", proof="县办〔2015〕3号", name="张三"
    )
    assert (status, "提交异议" in page, "该事项由省厅统一公开" in page) == (200, False, True)
    (ruling,) = house.rows(rulings)
    assert (ruling["kind"], ruling["occurrence"], ruling["by"]) == ("object", WATER, "张三（huanbao@small.example）")
    (told,) = [one for one in house.rows(notices) if one["kind"] == "explained"]
    assert f"duban object decide {ruling['id']} --upheld" in told["reason"]
    assert (await house.post(matter, kind="objected", reason="再次", proof="x"))[0] == 422
    assert len(house.rows(rulings)) == 1


async def test_after_its_window_no_objection_is_taken(house: House) -> None:
    matter = await house.matter()
    assert "提交异议" in (await house.open(matter))[1]
    house.small.clock.now += timedelta(days=8)
    _, page = await house.open(matter)
    assert "提交异议" not in page
    assert (await house.post(matter, kind="objected", reason="由省厅公开", proof="x"))[0] == 422
    assert house.rows(rulings) == []


async def test_a_form_that_is_too_old_keeps_what_was_typed(house: House) -> None:
    matter = await house.matter()
    _, page = await house.open(matter)
    house.small.clock.now += timedelta(hours=25)
    status, again = await house.post(matter, page=page, kind="explained", text="数据待核定", name="张三")
    assert (status, "数据待核定" in again, 'value="张三"' in again) == (403, True, True)
    assert house.answers() == []
    assert (await house.post(matter, page=again, kind="explained", text="数据待核定"))[0] == 200
