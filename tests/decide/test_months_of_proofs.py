"""Months in which reports are late, back-dated, filled later, taken back or put up again: what is proved, what is not."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, column, listing, old_frame, other_news, run
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
W = "water/huanbao/2015-"
Q3 = "relief/minzheng/2015-Q3"
RELIEF = "全县城乡低保对象8,214户；医疗救助312人次；临时救助57户。"
JULY = Row("2015-07-20 09:12", "6月份水环境质量状况")


def env(until: str, *more: Row, since: str = "2015-05-01", **how: object) -> Pages:
    return column(H, T, [*other_news("环保", until, since), *more], **how)  # type: ignore[arg-type]


def relief(until: str, *more: Row, since: str = "2015-06-01") -> Pages:
    return column("/shjz/", "社会救助", [*other_news("救助", until, since), *more])


def helped(text: str, day: str = "2015-07-10 09:00") -> Row:
    """The half-year's report; what is put into its page stands in `text`."""
    row = Row(day, "2015年上半年社会救助情况", path="/shjz/half.html")
    return replace(
        row,
        body=old_frame(
            row.title, f"<h1>{row.title}</h1><p>发布时间：{day}　来源：民政局</p><div id='zoom'>{text}</div>"
        ),
    )


def word(text: str) -> bytes:
    """A Word file that says this."""
    rels = "<?xml version='1.0'?><Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>"
    kinds = "<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
    body = f"<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in (("[Content_Types].xml", kinds), ("_rels/.rels", rels), ("word/document.xml", body)):
            archive.writestr(name, part)
    return sent(packed.getvalue(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def sent(content: bytes, kind: str) -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
        + content
    )


def lists(day: str, who: str, text: str = "职权名称、法律依据、监督电话如下：行政许可3项，行政处罚12项。") -> Row:
    return Row(day, f"{who}权力清单", text)


def monthly(*rows: tuple[str, int]) -> list[Row]:
    return [Row(f"{day} 10:00", f"{month}月份水环境质量状况") for day, month in rows]


ATTACHED = "<p>2015年上半年救助情况统计表详见附件。</p><p><a href='/shjz/files/half.docx'>附件：2015年上半年救助情况统计表.docx</a></p>"
TABLE = "<table><tr><th>城乡低保</th><th>医疗救助</th><th>临时救助</th></tr><tr><td>8,214户</td><td>312人次</td><td></td></tr></table>"
SCAN = "<p style='text-align:center'><img src='/shjz/files/scan1.jpg' width='780'></p><p><img src='/shjz/files/scan2.jpg' width='780'></p>"
OFD = "<p>有关情况详见附件。</p><p><a href='/shjz/files/half.ofd'>附件：救助情况.ofd</a></p>"
SAME = "东河断面高锰酸盐指数3.2毫克每升，氨氮0.42毫克每升，总磷0.08毫克每升；西河断面高锰酸盐指数4.1毫克每升，氨氮0.57毫克每升，总磷0.11毫克每升。饮用水源地达标率100%，总体良好。"
SPRING = monthly(("2015-03-16", 2), ("2015-04-15", 3), ("2015-05-18", 4), ("2015-06-15", 5))
BEFORE = monthly(
    ("2015-01-15", 12), ("2015-02-13", 1), ("2015-03-16", 2), ("2015-06-05", 4), ("2015-06-29", 5), ("2015-07-31", 6)
)
LAND = Row(
    "2015-06-10 09:00",
    "清国土挂〔2015〕2号地块出让结果公示",
    "宗地编号QH2015-07，土地面积23,180平方米，成交价1,860万元，受让人清河县恒信房地产开发有限公司，用途为城镇住宅。",
    path="/tdgy/2.html",
)
KEPT = env("2015-10-08", JULY, *monthly(("2015-08-17", 7), ("2015-09-15", 8)), since="2015-07-01")
PURGED: Pages = dict.fromkeys(set(env("2015-10-08", *SPRING, since="2015-01-05")) - set(KEPT)) | KEPT

CASES = {
    "its file is put in after the due day": Case(
        ["relief"],
        [("07-10", relief("2015-09-28", helped("<p>2015年上半年救助情况统计表详见附件。</p>"))), ("10-15", relief("2015-10-12", helped(ATTACHED)) | {"/shjz/files/half.docx": word(RELIEF)})],
        "07-11 09-20 10-08 10-16 10-17",
        {Q3: "met-disputed"},
    ),
    "its file is put in before the due day": Case(
        ["relief"],
        [("07-10", relief("2015-08-10", helped("<p>2015年上半年救助情况统计表详见附件。</p>"))), ("08-15", relief("2015-10-12", helped(ATTACHED)) | {"/shjz/files/half.docx": word(RELIEF)})],
        "07-11 08-16 09-20 10-08",
        {Q3: "met"},
    ),
    "one thing is lacking": Case(
        ["relief"], [("07-10", relief("2015-10-10", helped("<p>全县城乡低保对象8,214户；医疗救助312人次，支出资金56万元。各项政策得到落实，群众满意度进一步提高。</p>")))], "07-11 10-02 10-08", {Q3: "incomplete"}, reasons={Q3: "临时救助"}
    ),
    "one column of its table is empty": Case(["relief"], [("07-10", relief("2015-10-10", helped(TABLE)))], "07-11 10-02 10-08", {Q3: "incomplete"}, reasons={Q3: "临时救助"}),
    "a place kept, and filled after the due day": Case(
        ["relief"],
        [("07-10", relief("2015-09-20")), ("09-28", relief("2015-10-12", helped("<p>内容正在整理，稍后补充。</p>", "2015-09-28 17:00"))), ("10-15", relief("2015-10-12", helped(f"<p>{RELIEF}</p>", "2015-09-28 17:00")))],
        "09-21 09-29 10-02 10-09 10-16",
        {Q3: "met-disputed"},
    ),
    "it is a scan": Case(["relief"], [("07-10", relief("2015-10-10", helped(SCAN)))], "07-11 10-02 10-08", {Q3: "unverifiable"}),
    "it is a scan, and nothing was asked to stand in it": Case(
        ["water"], [("07-10", env("2015-08-08", replace(JULY, body=old_frame(JULY.title, f"<h1>{JULY.title}</h1><p>发布时间：{JULY.day}</p><div id='zoom'>{SCAN}</div>"))))], "07-21 08-03", {W + "07": "met"}
    ),
    "its file is in a form that nobody reads": Case(
        ["relief"], [("07-10", relief("2015-10-10", helped(OFD)) | {"/shjz/files/half.ofd": sent(b"PK\x03\x04ofd", "application/octet-stream")})], "07-11 10-02 10-08", {Q3: "unverifiable"}
    ),
    "its file is not there": Case(["relief"], [("07-10", relief("2015-10-10", helped(ATTACHED)))], "07-11 10-02 10-08", {Q3: "unverifiable"}),
    "late, and dated back afterwards": Case(
        ["water"],
        [("07-01", env("2015-07-29")), ("08-05", env("2015-08-08", replace(JULY, day="2015-08-05 10:00", text=SAME))), ("08-12", env("2015-08-18", replace(JULY, day="2015-07-28 10:00", text=SAME)))],
        "07-17 07-29 08-03 08-06 08-13 08-14",
        {W + "07": "met-late|met-disputed"},
        questions={W + "07": "redated|disputed"},
    ),
    "late, and dated back from the first": Case(
        ["water"], [("07-01", env("2015-07-29")), ("08-05", env("2015-08-08", replace(JULY, day="2015-07-30 10:00")))], "07-17 07-31T18:00 08-01 08-03 08-06 08-10", {W + "07": "met-disputed"}
    ),
    "taken back and put up again": Case(
        ["water"],
        [("07-01", env("2015-07-18")), ("07-20", env("2015-07-29", JULY)), ("08-10", env("2015-08-08") | dict.fromkeys(set(env("2015-07-18", JULY)) - set(env("2015-07-18")))), ("08-20", env("2015-08-18", replace(JULY, path="~again.html")))],
        "07-17 07-21 08-03 08-11 08-12 08-21",
        {W + "07": "met"},
        pressed=W + "07",
    ),
    "taken back for good": Case(
        ["water"],
        [("07-01", env("2015-07-18")), ("07-20", env("2015-07-29", JULY)), ("08-10", env("2015-08-28") | dict.fromkeys(set(env("2015-07-18", JULY)) - set(env("2015-07-18"))))],
        "07-17 07-21 08-03 08-11 08-12 08-18 08-28",
        {W + "07": "incomplete"},
    ),
    "the month before's text under a new title": Case(
        ["water"], [("07-20", env("2015-07-29", replace(JULY, text=SAME))), ("08-18", env("2015-08-28", replace(JULY, text=SAME), Row("2015-08-18 10:00", "7月份水环境质量状况", SAME)))], "07-21 08-19 09-01", {W + "07": "met", W + "08": "met"}, questions={W + "08": "old-text"}
    ),
    "the quarter before's article under a new day": Case(
        ["land"],
        [("06-01", column("/tdgy/", "土地供应", [*other_news("国土", "2015-06-08"), LAND])), ("09-25", column("/tdgy/", "土地供应", [*other_news("国土", "2015-09-22"), replace(LAND, day="2015-09-25 09:00")]))],
        "06-05 06-12 07-02 09-20 09-26 10-02 10-09",
        {"land/guotu/2015-Q2": "met", "land/guotu/2015-Q3": "overdue|met|unverifiable|met-disputed"},
        questions={"land/guotu/2015-": "old-text|redated"},
        first="2015-04-01",
    ),
    "what is older than three months is thrown away at once": Case(
        ["water"],
        [("02-01", env("2015-06-30", *SPRING, since="2015-01-05")), ("07-20", env("2015-09-27", *SPRING, JULY, *monthly(("2015-08-17", 7), ("2015-09-15", 8)), since="2015-01-05")), ("10-10", PURGED)],
        "03-20 04-20 05-20 06-20 07-21 08-18 09-16 10-12 10-13 10-20",
        {W + month: "met" for month in ("03", "04", "05", "06", "07", "08", "09")},
        questions={W + month: "hollow" for month in ("03", "04", "05", "06")},
        first="2015-03-01",
    ),
    "posted twice, one of them deleted": Case(
        ["water"],
        [("07-20", env("2015-07-29", JULY, replace(JULY, path="~again.html"))), ("08-10", env("2015-08-08", replace(JULY, path="~again.html")) | dict.fromkeys(set(env("2015-07-18", JULY)) - set(env("2015-07-18"))))],
        "07-21 08-03 08-11 08-12 08-20",
        {W + "07": "met"},
    ),
    "first looked at in August": Case(
        ["water"],
        [("08-01", env("2015-08-08", *BEFORE, since="2014-11-01", per=20))],
        "08-10 08-11",
        {W + "01": "met", W + "02": "met", W + "03": "met", W + "04": "overdue", W + "05": "met-late", W + "06": "met", W + "07": "met"},
        first="2015-01-01",
    ),
    "its row leads to a chat's page": Case(
        ["water"], [("07-01", env("2015-07-14")), ("07-20", env("2015-08-08", replace(JULY, href="https://mp.weixin.qq.com/s/Zx81kd")))], "07-10 07-21 08-03 08-10", {W + "07": "met"}
    ),
    "its row leads to a chat's page, where things have to stand": Case(
        ["relief"], [("07-10", relief("2015-10-10", replace(helped(""), body="", href="https://mp.weixin.qq.com/s/Zx81kd")))], "07-11 10-02 10-08", {Q3: "unverifiable"}
    ),
    "its row leads to the province's platform, after the due day": Case(
        ["water"], [("07-01", env("2015-07-14")), ("08-04", env("2015-08-08", replace(JULY, day="2015-08-04", href="http://hb.province.example/report/6.html")))], "07-10 08-03 08-05 08-10", {W + "07": "met-late"}
    ),
    "its row leads to a file": Case(
        ["water"], [("07-01", env("2015-07-14")), ("07-20", env("2015-08-08", replace(JULY, href="/hjbh/files/6.docx")) | {"/hjbh/files/6.docx": word(SAME)})], "07-10 07-21 08-03 08-10", {W + "07": "met"}
    ),
    "the list says the last day, the article the day after": Case(
        ["water"], [("07-01", env("2015-07-29")), ("08-01T00:15", env("2015-07-29", Row("2015-08-01 00:10", JULY.title, listed="2015-07-31")))], "07-17 07-31T23:00 08-01 08-03", {W + "07": "met-late|met-disputed"}, questions={W + "07": "dates|disputed"}
    ),
    "the list says the day after, the article the last day": Case(
        ["water"], [("07-01", env("2015-07-29")), ("07-31T23:59", env("2015-07-29", Row("2015-07-31 23:59", JULY.title, listed="2015-08-01")))], "07-17 07-31T12:00 08-01 08-03", {W + "07": "met"}
    ),
    "in another column": Case(
        ["water"], [("07-01", env("2015-07-14")), ("07-20", env("2015-08-08") | column("/xwzx/", "新闻中心", [JULY]))], "07-10 07-21 08-03 08-10", {W + "07": "overdue"}
    ),
    "three departments: whole, lacking, never": Case(
        ["powers"],
        [("09-20", column("/qlqd/", "权力清单", [*other_news("放管服", "2015-10-05", "2015-08-01"), lists("2015-09-18", "环保局"), lists("2015-09-20", "民政局", "职权名称、法律依据如下：行政许可3项，行政处罚12项。")]))],
        "09-21 10-01 10-08 10-12",
        {"powers/huanbao/once": "met", "powers/minzheng/once": "incomplete", "powers/jiaoyu/once": "overdue"},
        reasons={"powers/minzheng/once": "监督"},
    ),
    "three departments: the last day, the day after, a month after": Case(
        ["powers"],
        [("09-01", column("/qlqd/", "权力清单", other_news("放管服", "2015-09-20", "2015-08-01"))), ("09-30", column("/qlqd/", "权力清单", [*other_news("放管服", "2015-09-28", "2015-08-01"), lists("2015-09-30", "县环保局")])), ("10-01T00:05", column("/qlqd/", "权力清单", [*other_news("放管服", "2015-09-28", "2015-08-01"), lists("2015-09-30", "县环保局"), lists("2015-10-01 00:04", "教体局")])), ("10-30", column("/qlqd/", "权力清单", [*other_news("放管服", "2015-10-28", "2015-08-01"), lists("2015-09-30", "县环保局"), lists("2015-10-01 00:04", "教体局"), lists("2015-10-30", "民政局")]))],
        "09-21 09-30 10-01 10-08 10-31",
        {"powers/huanbao/once": "met", "powers/jiaoyu/once": "met-late", "powers/minzheng/once": "met-late"},
    ),
    "it bears a day to come": Case(
        ["powers"], [("09-20", column("/qlqd/", "权力清单", [*other_news("放管服", "2015-09-20", "2015-08-01"), replace(lists("2015-10-20", "环保局"), ahead=True)]))], "09-28 10-01 10-08 10-21", {"powers/huanbao/once": "met"}
    ),
    "its day is renewed": Case(
        ["water"], [("07-20", env("2015-07-29", replace(JULY, text=SAME))), ("08-15", env("2015-08-13", replace(JULY, day="2015-08-15 09:00", text=SAME))), ("09-01", env("2015-09-02", replace(JULY, day="2015-08-15 09:00", text=SAME)))], "07-21 08-03 08-16 09-03 09-08", {W + "07": "met", W + "08": "overdue"}
    ),
    "its text is emptied": Case(
        ["relief"],
        [("07-10", relief("2015-08-10", helped(f"<p>{RELIEF * 4}</p>"))), ("08-15", relief("2015-10-10", helped("")))],
        "07-11 08-16 08-17 10-02 10-08 10-12",
        {Q3: "incomplete"},
    ),
    "the month before's title stands over it": Case(
        ["water"], [("07-20", env("2015-07-29", JULY)), ("08-18", env("2015-09-02", JULY, Row("2015-08-18 10:00", "6月份水环境质量状况", SAME, path="~aug.html")))], "07-21 08-03 08-19 09-01 09-08", {W + "07": "met", W + "08": "unverifiable|met"}
    ),
    "only its first row is there for a day, and nothing was published": Case(
        ["water"], [("07-01", env("2015-07-14")), ("08-03", {H: listing(H, T, other_news("环保", "2015-08-03")[:1])}), ("08-05", env("2015-08-28"))], "07-17 08-03 08-04 08-05 08-10", {W + "07": "overdue"}
    ),
    "published in time and thrown away before the due day": Case(
        ["water"],
        [("07-10", env("2015-07-14", JULY)), ("07-25", env("2015-08-08") | dict.fromkeys(set(env("2015-07-14", JULY)) - set(env("2015-07-14"))))],
        "07-21 07-27 07-28 08-03 08-10",
        {W + "07": "incomplete|overdue"},
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_what_is_proved(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []
