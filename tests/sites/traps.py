"""Every place where a date may stand in an article that is the day of publication, or is not."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from tests.sites import rows, words
from tests.sites.articles import SYSTEMS, Told, write
from tests.sites.case import Case

_FAR = "各村民委员会要在{0}前完成上报"

_ADDRESS = {
    "trs": "/zwgk/gsgg/{d:%Y%m}/t{d:%Y%m%d}_{n}.html", "jcms": "/art/{d.year}/{d.month}/{d.day}/art_280_{n}.html", "ucap": "/zwgk/content/post_{n}.html",
    "boda": "/info/1116/{n}.htm", "plain": "/news_view.asp?id={n}",
}  # fmt: skip


def tag(name: str, content: str, key: str = "name") -> str:
    return f'<meta {key}="{name}" content="{content}">'


def head_table(pairs: Sequence[tuple[str, str]]) -> str:
    """A catalogue's head: two pairs a line."""
    lines = [pairs[at : at + 2] for at in range(0, len(pairs), 2)]
    return (
        '<table class="xxgk-head" border="1" width="100%">'
        + "".join(
            "<tr>" + "".join(f'<td class="l">{name}：</td><td>{value}</td>' for name, value in line) + "</tr>"
            for line in lines
        )
        + "</table>"
    )


def related(rng: Random, county: str, today: date) -> str:
    items = "".join(
        f'<li><a href="/xwzx/{rng.randrange(10**6)}.html">{words.title(rng, county, day)}</a><span>{day}</span></li>'
        for day in words.days_back(rng, today, 6)
    )
    return f'<div class="related"><h4>相关信息</h4><ul>{items}</ul></div>'


#: Prepares one article for a trap: gives its address too, or "" for the system's usual one.
Trap = Callable[[Random, Told, str], str]


def _plain_line(rng: Random, told: Told, county: str) -> str:
    told.line = f"发布时间：{told.day}　来源：{told.source}"
    return ""


def _tags(rng: Random, told: Told, county: str) -> str:
    told.meta = (
        tag("ArticleTitle", told.title) + tag("PubDate", f"{told.day} 10:32") + tag("ContentSource", told.source)
    )
    told.line = f"<span>{told.day}</span>"
    return ""


def _tags_upper(rng: Random, told: Told, county: str) -> str:
    told.meta = f'<META NAME="ARTICLETITLE" CONTENT="{told.title}"/><META NAME="PUBDATE" CONTENT="{told.day} 09:00:00"/><META NAME="CONTENTSOURCE" CONTENT="{told.source}"/>'
    told.line = "浏览次数：356"
    return ""


def _tags_lower(rng: Random, told: Told, county: str) -> str:
    told.meta = (
        f"<meta content='{told.day:%Y/%m/%d} 09:00' name='pubdate'><meta content='{told.source}' name='contentsource'>"
    )
    return ""


def _tags_equiv(rng: Random, told: Told, county: str) -> str:
    told.meta = tag("PubDate", f"{told.day}", "http-equiv") + tag("ContentSource", told.source, "http-equiv")
    return ""


def _tags_property(rng: Random, told: Told, county: str) -> str:
    told.meta = tag("PubDate", f"{told.day}T08:30:00+08:00", "property") + tag("og:title", told.title, "property")
    return ""


def _tags_empty(rng: Random, told: Told, county: str) -> str:
    told.meta = tag("ArticleTitle", "") + tag("PubDate", "") + tag("ContentSource", "")
    told.line = f"来源：{told.source}　时间：{told.day} 15:20"
    return ""


def _han_line(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布日期：{rows.HAN.format(told.day)}　　信息来源：{told.source}"
    return ""


def _numerals(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布日期：{words.chinese(told.day)}　来源：{told.source}"
    return ""


def _catalogue(rng: Random, told: Told, county: str) -> str:
    assert told.day
    written = told.day - timedelta(days=17)
    told.head = head_table(
        [
            ("索引号", "K0120-0203-2015-00012"),
            ("主题分类", "环境保护"),
            ("发布机构", told.source),
            ("成文日期", f"{written}"),
            ("名　　称", told.title),
            ("发布日期", f"{told.day}"),
            ("文　　号", f"{county[0]}政发〔2015〕12号"),
            ("有效性", "有效"),
        ]
    )
    return ""


def _catalogue_written_last(rng: Random, told: Told, county: str) -> str:
    assert told.day
    written = told.day - timedelta(days=9)
    told.head = head_table(
        [
            ("标题", told.title),
            ("索引号", "000014349/2015-00123"),
            ("发文机关", told.source),
            ("公开日期", rows.HAN.format(told.day)),
            ("生成日期", rows.HAN.format(written)),
            ("公开方式", "主动公开"),
            ("实施日期", "2015-10-01"),
            ("废止日期", "2020-09-30"),
        ]
    )
    return ""


def _clock_only(rng: Random, told: Told, county: str) -> str:
    told.day = None
    told.line = f"来源：{told.source}　作者：办公室　点击数：1024"
    return ""


def _text_only(rng: Random, told: Told, county: str) -> str:
    told.day = None
    told.line = f"来源：{told.source}"
    told.paragraphs[1] += (
        "2014年6月20日，县政府第三十二次常务会议审议通过；自2015年10月1日起施行，2013年3月5日印发的办法同时废止。"
    )
    return ""


def _related_only(rng: Random, told: Told, county: str) -> str:
    told.day = None
    told.line = "字体：大 中 小"
    told.tail = related(rng, county, date(2015, 9, 29))
    return ""


def _line_and_text(rng: Random, told: Told, county: str) -> str:
    told.line = f"{told.source}　{told.day}　浏览 78 次"
    told.paragraphs[0] = "根据2012年2月15日省政府令第145号和2015年1月8日县政府会议纪要，" + told.paragraphs[0]
    told.paragraphs[-1] += _FAR.format("2015年12月31日")
    told.tail = related(rng, county, date(2015, 9, 29))
    return ""


def _url_only(rng: Random, told: Told, county: str) -> str:
    told.line = f"来源：{told.source}"
    return f"/xwzx/{told.day:%Y%m}/t{told.day:%Y%m%d}_{rng.randrange(10**5, 10**6)}.html"


def _url_disagrees(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布时间：{told.day} 08:15　来源：{told.source}"
    return f"/xwzx/{told.day.year}/{told.day:%m}/{(told.day - timedelta(days=2)).day:02d}/{rng.randrange(10**5)}.shtml"


def _signature(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = "浏览次数：210 次　【打印】【关闭】"
    told.paragraphs += [
        f"特此公告。</p><p style='text-align:right'>{told.source}</p><p style='text-align:right'>{rows.HAN.format(told.day)}"
    ]
    return ""


def _signature_earlier(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布时间：{told.day}　信息来源：{told.source}"
    told.paragraphs += [
        f"特此通知。</p><p style='text-align:right'>{told.source}</p><p style='text-align:right'>{rows.HAN.format(told.day - timedelta(days=12))}"
    ]
    return ""


def _signature_numerals(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.paragraphs += [f"{told.source}</p><p align='right'>{words.chinese(told.day)}"]
    return ""


def _entered(rng: Random, told: Told, county: str) -> str:
    told.line = f"录入时间：{told.day} 17:05:33　　录入者：admin　　来源：{told.source}　　阅读次数：87"
    return ""


def _json_ld(rng: Random, told: Told, county: str) -> str:
    told.meta = f'<script type="application/ld+json">{{"@context":"https://ziyuan.baidu.com/contexts/cambrian.jsonld","@id":"x","title":"{told.title}","pubDate":"{told.day}T11:02:00"}}</script>'
    return ""


def _updated(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布时间：{told.day}　更新时间：{told.day + timedelta(days=4)}　来源：{told.source}"
    return ""


def _spaced(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = (
        f"发布时间：<b>{told.day.year} 年 {told.day.month} 月 {told.day.day} 日</b>&nbsp;&nbsp;来 源：{told.source}"
    )
    return ""


def _dotted(rng: Random, told: Told, county: str) -> str:
    told.line = f"【发布日期：{told.day:%Y.%m.%d}】【来源：{told.source}】"
    return ""


def _in_cells(rng: Random, told: Told, county: str) -> str:
    told.line = f'<table align="center"><tr><td>信息来源：</td><td>{told.source}</td><td>发布日期：</td><td>{told.day}</td><td>浏览：</td><td>31</td></tr></table>'
    return ""


def _source_and_day(rng: Random, told: Told, county: str) -> str:
    told.line = rng.choice(
        [f"{told.source} {told.day}", f"{told.day:%Y/%m/%d} {told.source}", f"({told.day} 09:14:02)"]
    )
    return ""


def _other_labels(rng: Random, told: Told, county: str) -> str:
    label = rng.choice(["发表时间", "公布时间", "发稿时间", "添加时间", "上网时间", "公开日期", "发布于", "日期"])
    told.line = f"【{label}：{told.day}】 【作者：管理员】 【关闭窗口】"
    return ""


def _microdata(rng: Random, told: Told, county: str) -> str:
    assert told.day
    seen = f"{told.day.month}月{told.day.day}日"
    told.line = rng.choice(
        [
            f'<time itemprop="datePublished" datetime="{told.day}T10:00:00+08:00">{seen}</time>',
            f'<time pubdate datetime="{told.day}">{seen}</time>',
            f'<span itemprop="datePublished" content="{told.day}">{seen}</span>',
        ]
    )
    return ""


def _bare_day_before_event(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = rng.choice([f"{told.source} {told.day}", f"{rows.HAN.format(told.day)} {told.source}"])
    told.paragraphs.insert(
        0, f"比选时间：{rows.HAN.format(told.day + timedelta(days=5))}上午9时，地点：县公共资源交易中心。"
    )
    return ""


def _label_without_value(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = "发布日期：　　来源："
    told.paragraphs += [f"{told.source}</p><p style='text-align:right'>{rows.HAN.format(told.day)}"]
    return ""


def _days_of_events(rng: Random, told: Told, county: str) -> str:
    assert told.day
    told.line = f"发布时间：{told.day}"
    told.paragraphs.insert(
        0,
        f"开标时间：{rows.HAN.format(told.day + timedelta(days=21))}上午9时；报名时间：{told.day + timedelta(days=2)}至{told.day + timedelta(days=9)}；中标日期：{told.day - timedelta(days=1)}。",
    )
    return ""


def _event_without_line(rng: Random, told: Told, county: str) -> str:
    told.day = None
    told.line = ""
    told.paragraphs.insert(0, "听证会时间：2015年8月20日上午9时。报名截止时间：2015年8月15日。")
    return ""


TRAPS: dict[str, Trap] = {
    "line": _plain_line, "tags": _tags, "tags-upper": _tags_upper, "tags-lower": _tags_lower, "tags-http-equiv": _tags_equiv,
    "tags-property": _tags_property, "tags-empty": _tags_empty, "line-in-words": _han_line, "line-chinese-numerals": _numerals,
    "catalogue-written-first": _catalogue, "catalogue-written-after": _catalogue_written_last, "clock-and-copyright-only": _clock_only,
    "date-in-text-only": _text_only, "related-list-only": _related_only, "bare-line-and-dates-in-text": _line_and_text, "url-only": _url_only,
    "url-disagrees": _url_disagrees, "signature-only": _signature, "signature-earlier": _signature_earlier,
    "signature-chinese-numerals": _signature_numerals, "entered": _entered, "structured-data": _json_ld, "updated-beside-published": _updated,
    "line-spaced": _spaced, "line-dotted": _dotted, "line-in-cells": _in_cells, "source-and-day-bare": _source_and_day,
    "line-other-labels": _other_labels, "microdata": _microdata, "label-without-value": _label_without_value,
    "bare-day-before-an-event": _bare_day_before_event, "days-of-events-in-text": _days_of_events, "day-of-event-only": _event_without_line,
}  # fmt: skip

_UNDATED_ADDRESS = {"trs": "/zwgk/gsgg/{n}.html", "jcms": "/col/col280/art_{n}.html"}


def dated(rng: Random) -> list[Case]:
    """Every trap in two or three systems."""
    made = []
    systems = list(SYSTEMS)
    for n, (trap, prepare) in enumerate(TRAPS.items()):
        case = Case(f"articles/{trap}")
        for k in range(3):
            system = systems[(n + 2 * k) % len(systems)]
            county = words.COUNTIES[(n + k) % len(words.COUNTIES)]
            day = date(2015, 1, 12) + timedelta(days=rng.randrange(250))
            told = Told(
                words.title(rng, county, day),
                day,
                words.paragraphs(rng, rng.randrange(3, 8)),
                f"{county}{rng.choice(words.DEPARTMENTS)}",
            )
            address = prepare(rng, told, county)
            number = 1000 + 100 * n + k
            bare = told.day is None or trap.startswith(("signature", "tags-", "structured", "label-", "microdata"))
            usual = _UNDATED_ADDRESS.get(system, _ADDRESS[system]) if bare else _ADDRESS[system]
            write(rng, case, system, told, county, address or usual.format(d=day, n=number), [trap])
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return dated(rng)
