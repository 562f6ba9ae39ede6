"""Items in tables: a head over empty cells proves nothing; numbers are looked for under and beside their heads."""
# ruff: noqa: E501  (tables are easier to read in one line)

from __future__ import annotations

import pytest

from tests.core.verdict.judging import LOOKED, WATER, duty, entry, items, verdicts
from tracker.core.law.duties import Every, Item
from tracker.core.matching.contents import ItemPlace, find_item, holds_item, is_readable
from tracker.core.matching.tables import TextTable, split_segments
from tracker.core.values.facts import Attachment, EntryVersion

LAW = Item(("法律依据",))
AQI = Item(("AQI", "空气质量指数"), number=(0, 500))


def table(*rows: str) -> str:
    """Rows written with bars, in the plain form of a table."""
    return "\n".join(row.replace(" ", "").replace("|", "\t") for row in rows)


WORDS = {
    # item, text, held
    "a column filled": (LAW, table("项目 | 法律依据", "排污许可 | 水污染防治法"), True),
    "a column empty": (LAW, table("项目 | 法律依据", "排污许可 | ", "采矿许可 | "), False),
    "a column filled in one row": (LAW, table("项目 | 法律依据", "排污许可 | ", "采矿许可 | 矿产资源法"), True),
    "an empty column, but named in the text": (LAW, "法律依据见附件。\n" + table("项目 | 法律依据", "排污许可 | "), True),
    "a column of 无": (LAW, table("项目 | 法律依据", "排污许可 | 无"), True),
    "a column of strokes": (LAW, table("项目 | 法律依据", "排污许可 | /", "采矿许可 | —"), True),
    "a column of lines to write on": (LAW, table("项目 | 法律依据", "排污许可 | ____", "采矿许可 | ……"), False),
    "a column of crosses": (LAW, table("项目 | 法律依据", "排污许可 | ×××", "采矿许可 | XX"), False),
    "dates to fill in": (Item(("办结时间",)), table("项目 | 办结时间", "排污许可 | 年月日"), False),
    "a column of pictures": (LAW, table("项目 | 法律依据", "排污许可 | （图片）"), True),
    "a row filled": (LAW, table("项目名称 | 排污许可", "法律依据 | 水污染防治法"), True),
    "a row empty": (LAW, table("项目名称 | 排污许可", "法律依据 | ", "办理期限 | 20日"), False),
    "the first row empty": (LAW, table("法律依据 | ", "项目名称 | 排污许可"), False),
    "a numbered row empty": (LAW, table("1 | 项目名称 | 排污许可", "2 | 法律依据 | "), False),
    "a row with a remark only": (LAW, table("序号 | 名称 | 依据 | 备注", "1 | 法律依据 | | 附后", "2 | 期限 | 20日 | "), False),
    "a list of names, remarks empty": (Item(("排污许可",)), table("序号 | 事项 | 备注", "1 | 排污许可 | ", "2 | 采矿 | "), True),
    "a value in a cell": (Item(("水污染防治法",)), table("项目 | 法律依据", "排污许可 | 水污染防治法"), True),
    "a label with its value in one cell": (LAW, table("法律依据：水污染防治法 | ", "收费标准：| "), True),
    "a label without its value in one cell": (Item(("收费标准",)), table("法律依据：水法 | ", "收费标准：| "), False),
    "a form of four columns, empty": (LAW, table("名称 | 排污许可 | 法律依据 | ", "窗口 | 三号 | 期限 | 20日"), False),
    "a form of four columns, filled": (LAW, table("名称 | 排污许可 | 法律依据 | 水法", "窗口 | 三号 | 期限 | 20日"), True),
    "heads in two rows, empty": (
        Item(("氨氮",)), table("断面 | 污染物浓度 | 污染物浓度", "断面 | 化学需氧量 | 氨氮", "石城 | 15 | ", "样例 | 12 | "), False,
    ),
    "heads in two rows, filled": (
        Item(("氨氮",)), table("断面 | 污染物浓度 | 污染物浓度", "断面 | 化学需氧量 | 氨氮", "石城 | 15 | 0.4"), True,
    ),
    "a head over two columns, empty": (
        Item(("污染物浓度",)), table("断面 | 污染物浓度 | 污染物浓度", "断面 | 化学需氧量 | 氨氮", "石城 | | ", "样例 | | "), False,
    ),
    "a head over two columns, one filled": (
        Item(("污染物浓度",)), table("断面 | 污染物浓度 | 污染物浓度", "断面 | 化学需氧量 | 氨氮", "石城 | | 0.4"), True,
    ),
    "a table that goes on behind a heading": (
        LAW, table("项目 | 法律依据", "甲 | ") + "\n二、行政处罚\n" + table("1.乙 | 水法", "2.丙 | 土地法"), True,
    ),
    "a category over numbered rows": (Item(("采砂",)), table("项目 | 依据 | 期限", "采砂 | | ", "1.许可 | 水法 | 20日"), True),
    "categories over rows": (Item(("采砂",)), table("项目 | 依据 | 期限", "采砂 | | ", "许可 | 水法 | 20日", "取水 | | ", "核准 | 水法 | 5日"), True),
    "a row that nobody filled in": (Item(("采砂",)), table("项目 | 依据 | 期限", "采砂 | | ", "取水 | 水法 | 5日"), False),
    "a name in a list that says no more": (Item(("采砂",)), table("类别 | 事项 | 条件", "许可 | 取水 | ", "许可 | 采砂 | "), True),
    "its head": (Item(("条件",)), table("类别 | 事项 | 条件", "许可 | 取水 | ", "许可 | 采砂 | "), False),
    "a name in a list that says more of others": (Item(("采砂",)), table("类别 | 事项 | 条件", "许可 | 取水 | 有", "许可 | 采砂 | "), False),
    "a heading of rows": (Item(("行政处罚",)), table("项目 | 法律依据", "甲 | 水法") + "\n二、行政处罚\n" + table("1.乙 | 水法"), True),
    "another table behind a heading": (
        LAW, table("项目 | 法律依据", "甲 | ") + "\n表二\n" + table("项目 | 备注", "乙 | 有"), False,
    ),
    "a caption in the table, its column empty": (LAW, table("收费目录 | | ", "单位：元 | | ", "项目 | 法律依据 | 标准", "甲 | | 5"), False),
    "a caption in the table that names it": (LAW, table("法律依据一览 | | ", "项目 | 依据 | 标准", "甲 | | 5"), True),
    "a group of rows, empty": (LAW, table("类别 | 项目 | 内容", "基本信息 | 名称 | 排污许可", "基本信息 | 法律依据 | "), False),
    "a group of rows, filled": (LAW, table("类别 | 项目 | 内容", "基本信息 | 名称 | 排污许可", "基本信息 | 法律依据 | 水法"), True),
    "one pair, and nothing under it": (LAW, table("法律依据 | 水污染防治法", " | "), True),
    "two heads, and nothing under them": (LAW, table("法律依据 | 联系电话", " | "), False),
    "heads, columns numbered, nothing filled in": (LAW, table("事项 | 法律依据 | 期限", "栏次 | 1 | 2", "许可 | | 20日"), False),
    "heads, columns numbered from one, nothing filled in": (
        LAW, table("事项 | 条件 | 法律依据 | 期限", "1 | 2 | 3 | 4=2+3", "许可 | 有 | | 20日"), False,
    ),
    "a first row that happens to be counted": (Item(("二季度",)), table("一季度 | 二季度 | 三季度", "1 | 2 | 3"), True),
    "units under the heads, nothing filled in": (Item(("结余",)), table("险种 | 参保人数 | 结余", " | （人） | （万元）", "养老 | 12033 | "), False),
    "units under the heads, figures under them": (Item(("结余",)), table("险种 | 参保人数 | 结余", " | （人） | （万元）", "养老 | | 820"), True),
    "heads divided, one half empty": (LAW, table("事项 | 事项 | 法律依据 | 法律依据", "编码 | 名称 | 法律 | 法规", "01 | 许可 | | "), False),
    "heads divided, both filled": (LAW, table("事项 | 事项 | 法律依据 | 法律依据", "编码 | 名称 | 法律 | 法规", "01 | 许可 | 水法 | "), True),
    "a value over two columns and nothing under the next row": (
        Item(("申请条件",)), table("事项 | 内容 | 内容", "申请条件 | 成年 | 本县户籍", " | | "), True,
    ),
    "what is to come later": (LAW, table("法律依据 | 待公布", "期限 | 20日"), False),
    "what is said to be told elsewhere": (LAW, table("法律依据 | 另行公布", "期限 | 20日"), False),
    "what is not yet approved": (LAW, table("法律依据 | 尚未批复", "期限 | 20日"), False),
    "marks that no page shows": (LAW, "法律\u200b依\u00ad据：水法", True),
    "a caption": (LAW, "法律依据一览表\n" + table("项目 | 依据", "甲 | "), True),
    "words of two cells are no word": (Item(("水质",)), table("水 | 质", "甲 | 乙"), False),
    "a form's line in prose": (Item(("收费标准",)), "收费标准：________\n办理期限：20日", False),
    "a form's line filled": (Item(("收费标准",)), "收费标准：__每件10元__\n办理期限：20日", True),
    "a form's line with its unit": (Item(("三公经费",)), "三公经费：_____万元", False),
    "quotation marks": (Item(("三公经费",)), "2015年“三公”经费预算", True),
    "quotation marks in the rule": (Item(("“三公”经费",)), "2015年三公经费预算", True),
    "a line to write on elsewhere": (Item(("收费标准",)), "收费标准：不收费，签名：____", True),
}  # fmt: skip


@pytest.mark.parametrize(("item", "text", "expected"), WORDS.values(), ids=WORDS)
def test_a_word_in_a_table(item: Item, text: str, expected: bool) -> None:
    assert holds_item(entry("目录", "2015-06-06", text=text).current, item) is expected


NUMBERS = {
    "on a dial": ("城区空气质量\n监测日期2015年6月5日，由环保局发布\n57\nAQI\n良", True),
    "on a dial without a number": ("PM2.5\n35\nAQI\n--\n良", False),
    "on the third of three without a number": ("PM10\n61\nPM2.5\n35\nAQI\n--", False),
    "on a dial beside another": ("35\nPM2.5\n57\nAQI", True),
    "the index of a single pollutant is another": (table("日期 | PM10IAQI | AQI", "6月5日 | 38 | —"), False),
    "both indices": (table("日期 | PM10IAQI | AQI", "6月5日 | 38 | 57"), True),
    "of a pollutant, in prose": ("6月5日PM10的IAQI为38。", False),
    "under its head": (table("日期 | AQI | 等级", "6月5日 | 57 | 良"), True),
    "under another head": (table("日期 | AQI | PM2.5", "6月5日 | | 57", "6月6日 | — | 42"), False),
    "beside its row's head": (table("日期 | 6月5日", "AQI | 57"), True),
    "in the row, behind a name": (table("站点 | 项目 | 数值", "石城 | AQI | 57", "石城 | PM2.5 | 35"), True),
    "under a head over two columns": (table("站点 | AQI | AQI", "站点 | 最小 | 最大", "石城 | 35 | 78"), True),
    "a day is no number": (table("AQI | 监测日期", "— | 2015-06-05"), False),
    "in the cell itself": (table("站点 | 结果", "石城 | AQI：57，良"), True),
    "with its grade in one cell": (table("站点 | AQI", "石城 | 57（良）"), True),
    "out of bounds": (table("站点 | AQI", "石城 | 999"), False),
    "in a form": (table("站点 | 石城 | AQI | 57", "等级 | 良 | 首要污染物 | —"), True),
    "a telephone in the row": (table("AQI发布 | 0797-5523456", "项目 | 内容"), False),
    "no number at all": (table("日期 | AQI", "6月5日 | 良"), False),
    "two lines of a grid": ("AQI\n57\n等级\n良", True),
    "a grid of boxes, heads first": ("空气质量指数（AQI）\n级别\n57\n良", True),
    "grades explained": ("AQI分六级，一级0-50", False),
    "an annex": ("AQI详见附件1", False),
    "numbering before the word": ("1、AQI：未监测", False),
    "a paper's number": ("AQI日报〔2015〕57号", False),
    "an issue": ("AQI日报第57期", False),
    "a telephone": ("AQI见附件，电话 5523456", False),
    "a year": ("AQI 2015年", False),
    "a day with dashes": ("AQI 2015-06-05", False),
    "a clock": ("AQI 10:00发布", False),
    "a pollutant between": ("AQI良，PM10浓度为57", False),
    "fine dust": ("AQI、PM2.5、SO2、O3均达标", False),
    "two words, two numbers": ("AQI和PM2.5分别为57和35", True),
    "a change": ("AQI下降12，空气良", False),
    "a change to": ("AQI下降至57，空气良", True),
    "behind a comma far off": ("AQI优于昨日，二氧化硫浓度为12微克", False),
    "a range": ("AQI范围为35～78", True),
    "with days beside": ("2015年6月5日 AQI 57", True),
    "a day right behind the word, then the number": ("AQI（6月5日）：57", True),
    "good days": ("AQI达标25天", False),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_with_its_word(text: str, expected: bool) -> None:
    assert holds_item(entry("空气质量日报", "2015-06-06", text=text).current, AQI) is expected


def test_a_unit_that_the_word_asks_for_is_no_other_number() -> None:
    days = Item(("优良天数",), number=(0, 31))
    assert holds_item(entry("月报", "2015-06-06", text="本月优良天数25天").current, days)


@pytest.mark.parametrize("text", ["基金收入12345678元", "基金收入：12,345,678元", "基金收入\t12345678"])
def test_a_long_number_is_no_telephone(text: str) -> None:
    assert holds_item(entry("月报", "2015-06-06", text=text).current, Item(("基金收入",), number=(0, 1e9)))


def test_cases_are_counted() -> None:
    assert holds_item(entry("月报", "2015-06-06", text="受理案件57件").current, Item(("受理案件",), number=(0, 1e9)))


class TestWhere:
    def test_the_sentence(self) -> None:
        text = "本月空气良好。水质总体稳定，达标率100%；土壤另行公布。\n落款"
        assert find_item(entry("月报", "2015-06-05", text=text).current, Item(("水质",))) == ItemPlace(
            "正文", "水质总体稳定，达标率100%；"
        )

    def test_the_sentence_with_the_number(self) -> None:
        found = find_item(entry("日报", "2015-06-05", text="首要污染物无。今日 AQI 为 57，良。明日多云。").current, AQI)
        assert found == ItemPlace("正文", "今日 AQI 为 57，良。")

    def test_a_label_and_its_value_on_two_lines(self) -> None:
        found = find_item(entry("日报", "2015-06-05", text="首要污染物：无\nAQI：\n57\n良").current, AQI)
        assert found == ItemPlace("正文", "AQI： 57")

    def test_the_cell_beside_a_name(self) -> None:
        found = find_item(entry("日报", "2015-06-05", text="AQI（日均）\t57").current, AQI)
        assert found == ItemPlace("正文", "表1第1行“AQI（日均）”：57")

    def test_the_cell(self) -> None:
        text = "见下表\n" + table("日期 | AQI | 等级", "6月4日 | — | —", "6月5日 | 57 | 良")
        assert find_item(entry("日报", "2015-06-05", text=text).current, AQI) == ItemPlace(
            "正文", "表1第3行“AQI”列：57"
        )

    def test_the_first_filled_cell_under_the_head(self) -> None:
        text = table("项目 | 法律依据", "甲 | ", "乙 | 水法")
        found = find_item(entry("目录", "2015-06-05", text=text).current, LAW)
        assert str(found) == "正文：表1第3行“法律依据”列：水法"

    def test_the_first_of_two_columns_is_named_by_what_stands_beside_it(self) -> None:
        text = table("办理依据 | 水法", "收费标准 | 不收费")
        found = find_item(entry("指南", "2015-06-05", text=text).current, Item(("办理依据",)))
        assert found == ItemPlace("正文", "表1第1行“办理依据”：水法")

    def test_the_title_and_the_file(self) -> None:
        one = entry("预算公开", "2015-03-20", text="见附件", files=[("预算.xls", "科目\t金额\n项级科目\t5")])
        assert find_item(one.current, Item(("预算",))) == ItemPlace("标题", "预算公开")
        assert find_item(one.current, Item(("项级科目",))) == ItemPlace("附件《预算.xls》", "表1第2行“项级科目”：5")
        assert find_item(one.current, Item((".xls",))) == ItemPlace("附件《预算.xls》的名称", "预算.xls")

    def test_the_line_that_names_the_day(self) -> None:
        text = "空气质量良好\n2015年6月5日\tAQI\t57"
        assert find_item(entry("日报", "2015-06-06", text=text).current, Item(names="day")) == ItemPlace(
            "正文", "2015年6月5日 AQI 57"
        )

    @pytest.mark.parametrize(
        ("before", "after", "quote"),
        [
            (0, 118, "水质" + "乙" * 118),  # as much as is quoted
            (300, 300, "…" + "甲" * 60 + "水质" + "乙" * 58 + "…"),
            (0, 300, "水质" + "乙" * 118 + "…"),
            (300, 0, "…" + "甲" * 118 + "水质"),
        ],
    )
    def test_a_long_sentence_is_cut_around_the_word(self, before: int, after: int, quote: str) -> None:
        text = "甲" * before + "水质" + "乙" * after
        found = find_item(entry("月报", "2015-06-05", text=text).current, Item(("水质",)))
        assert found == ItemPlace("正文", quote)

    def test_a_word_over_two_lines(self) -> None:
        for text in ("附：三公\n经费预算表", "目录\n附：三公\n经费预算表\n完"):
            found = find_item(entry("公开", "2015-06-05", text=text).current, Item(("三公经费预算",)))
            assert found == ItemPlace("正文", "附：三公经费预算表")


@pytest.mark.parametrize(
    ("url", "text", "note", "whole"),
    [
        ("http://x/a.pdf", "正文", "", True),
        ("http://x/a.pdf", None, "", False),
        ("http://x/a.ofd", None, "OFD 尚不能读取", False),
        ("http://x/a.zip", "一部分", "其中一个文件未能读取", False),
        ("http://x/scan.jpg", None, "", False),
        ("http://x/film.mp4?v=2", None, "", True),
        ("http://x/reader.exe", None, "", True),
    ],
)
def test_what_was_not_read_leaves_it_open_unless_it_cannot_matter(
    url: str, text: str | None, note: str, whole: bool
) -> None:
    one = entry("公开", "2015-06-05", text="见附件").current
    version = EntryVersion(
        one.seen_at, one.title, one.claimed, one.text, one.state, (Attachment("附件", url, text, note),)
    )
    assert is_readable(version) is whole


@pytest.mark.parametrize(
    ("name", "note", "found"),
    [
        ("法律依据一览表.pdf", "附件不存在（404）", False),
        ("法律依据一览表.pdf", "附件不存在（状态码 404）", False),  # as earlier versions noted it
        ("法律依据一览表.pdf", "链接指向编辑人员本机上的文件，网站上没有该文件", False),
        ("法律依据一览表.pdf", "扫描件，没有可检索的文字", True),
    ],
)
def test_the_name_of_a_file_proves_only_where_there_is_a_file(name: str, note: str, found: bool) -> None:
    one = entry("公开", "2015-06-05", text="见附件").current
    files = (Attachment(name, "http://x/a.pdf", None, note),)
    version = EntryVersion(one.seen_at, one.title, one.claimed, one.text, one.state, files)
    assert holds_item(version, LAW) is found


@pytest.mark.parametrize(("text", "found"), [("事项\t法律依据\n许可\t水法", True), (None, False)])
def test_a_cell_that_points_to_a_file_waits_for_the_file(text: str | None, found: bool) -> None:
    one = entry("公开", "2015-06-05", text=table("事项 | 许可", "法律依据 | 详见附件")).current
    files = (Attachment("附件", "http://x/a.xls", text, "" if text else "附件未能读取：超时"),)
    version = EntryVersion(one.seen_at, one.title, one.claimed, one.text, one.state, files)
    assert (holds_item(version, LAW), is_readable(version)) == (found, text is not None)


def test_any_rows_make_a_table() -> None:
    for text in ("\t", "\t\n\t\t", "a\t\n\nb\t", "\n", "", "a\tb\nc\nd\te"):
        for one in split_segments(text):
            assert isinstance(one, str) or (isinstance(one, TextTable) and len({len(row) for row in one.rows}) == 1)


def test_a_finding_shows_where_each_item_stands_and_an_empty_column_leaves_it_incomplete() -> None:
    report = duty(Every(unit="month"), cells=[WATER], contents=items("水质类别", "超标倍数"))
    text = table("断面 | 水质类别 | 超标倍数", "石城 | Ⅱ类 | ", "样例 | Ⅲ类 | ")
    one = entry("6月份水环境质量状况", "2015-06-10", text=text)
    found = verdicts(report, "2015-07-10", entries=[one], visits=LOOKED)["2015-06"]
    (finding,) = found.findings
    assert (finding.held, finding.where) == (("水质类别",), ("正文：表1第2行“水质类别”列：Ⅱ类",))
    assert (found.status, finding.lacks) == ("incomplete", ("超标倍数",))
