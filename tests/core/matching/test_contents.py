"""What a text must hold: literal words in any typography, numbers beside their word, names of days."""

from __future__ import annotations

import pytest

from tests.core.verdict.judging import at, changed, entry, items
from tracker.core.law.duties import Item
from tracker.core.matching.contents import HeldItem, find_held_item, holds_item, is_readable

AQI = Item(("AQI", "空气质量指数"), number=(0, 500))
DAY = Item(names="day")

HOLDS = [
    # item, title, text, held
    (Item(("水质",)), "水 质 月报", "", True),
    (Item(("水质",)), "月报", "本月水　质良好", True),
    (Item(("水质",)), "月报", "空气良好", False),
    (Item(("ＡＱＩ",)), "日报", "aqi为65", True),
    (Item(("“三公”经费预算",)), "公开", "附：“三公”\n经费预算表", True),
    (Item(("收费依据及标准",)), "公开", "收费依据\r\n及标准：无", True),
    (Item(("处置", "应对情况")), "通报", "应对情况如下", True),
    (Item(("PM2.5",)), "日报", "PM２.５浓度", True),
    (Item(("A.I",)), "日报", "AQI", False),  # a literal word, never a pattern
    (Item(("水质量",)), "水质", "量", False),  # title and text are not run together
    # numbers
    (AQI, "日报", "AQI：65", True),
    (AQI, "日报", "AQI指数为 65，优", True),
    (AQI, "日报", "空气质量指数（AQI）达到120", True),
    (AQI, "日报", "AQI：未监测", False),
    (AQI, "日报", "AQI：650", False),
    (AQI, "日报", "AQI：1200", False),
    (AQI, "日报", "今日65℃以下，AQI见附件", False),
    (AQI, "日报", "当日AQI见下表，2015年6月5日", False),
    (AQI, "日报", "65（AQI）", True),
    (AQI, "日报", "AQI 49.5", True),
    (AQI, "日报", "AQI与PM2.5见附件", False),
    (AQI, "日报", "AQI 57，空气质量良", True),  # flattened, the letters touch the number
    (AQI, "日报", "各站AQI见表。全县AQI为72", True),
    (Item(("浓度",), number=(0.5, 0.9)), "日报", "浓度0.7毫克", True),
    # names
    (DAY, "6月5日空气质量", "AQI为65", True),
    (DAY, "空气质量日报", "2015年6月5日，AQI为65", True),
    (DAY, "空气质量日报", "AQI为65", False),
    (Item(names="month"), "水质月报", "六月份水质良好", True),
]


@pytest.mark.parametrize(("item", "title", "text", "expected"), HOLDS, ids=[f"{r[1]}|{r[2]}" for r in HOLDS])
def test_version_holds_item(item, title, text, expected):
    assert holds_item(entry(title, "2015-06-06", text=text).current, item) is expected


def test_attachments_are_read_with_their_entry():
    one = entry("预算公开", "2015-03-20", text="见附件", files=[("预算.xls", "支出功能分类项级科目")])
    assert holds_item(one.current, Item(("支出功能分类项级科目",)))
    assert is_readable(one.current)


def test_attachment_that_could_not_be_read_leaves_the_entry_unread():
    assert not is_readable(entry("预算公开", "2015-03-20", text="见附件", files=[("预算.doc", None)]).current)
    assert not is_readable(entry("预算公开", "2015-03-20", text=None).current)
    assert not is_readable(entry("预算公开", "2015-03-20", text=None, state="unreadable").current)


def test_item_held_from_the_start_has_the_first_sighting_of_its_entry():
    one = changed(entry("水质", "2015-06-05", text="水质良好"), "2015-06-09", text="水质良好。补充说明")
    assert find_held_item(one, Item(("水质良好",))) == HeldItem()


def test_item_added_later_has_its_own_first_sighting():
    one = changed(entry("月报", "2015-06-05", text="空气"), "2015-06-09", text="空气、水质")
    assert find_held_item(one, Item(("水质",))) == HeldItem(held_since=at("2015-06-09"), lacked_at=at("2015-06-05"))


def test_article_read_only_later_lacked_nothing_before():
    one = changed(entry("月报", "2015-06-05", text=None), "2015-06-09", text="水质", state="read")
    assert find_held_item(one, Item(("水质",))) == HeldItem()


def test_item_taken_out_again_is_no_longer_held():
    one = changed(entry("月报", "2015-06-05", text="空气、水质"), "2015-06-09", text="空气")
    assert find_held_item(one, Item(("水质",))) is None


def test_reading_that_failed_takes_nothing_away():
    one = changed(entry("月报", "2015-06-05", text="水质"), "2015-06-09", text=None, state="unreadable")
    assert find_held_item(one, Item(("水质",))) == HeldItem()


def test_labels_name_what_is_lacking():
    assert [item.label for item in items("取消", "下放").items] == ["取消", "下放"]
    assert (AQI.label, DAY.label) == ("AQI", "所属日期")
