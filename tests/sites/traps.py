"""Articles that print dates of every kind: of their publication, and others that could be taken for it."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from tests.sites import rows, words
from tests.sites.articles import SYSTEMS, ArticleParts, write
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


#: What a trap sets of an article: format strings that take {parts}, its day {in_words} and {in_numerals}; or a
#: function that changes the parts and gives the article's address, "" for the system's usual one.
Trap = Mapping[str, str | None] | Callable[[Random, ArticleParts, str], str]


def _catalogue(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    written = parts.day - timedelta(days=17)
    parts.head = head_table(
        [
            ("索引号", "K0120-0203-2015-00012"),
            ("主题分类", "环境保护"),
            ("发布机构", parts.source),
            ("成文日期", f"{written}"),
            ("名　　称", parts.title),
            ("发布日期", f"{parts.day}"),
            ("文　　号", f"{county[0]}政发〔2015〕12号"),
            ("有效性", "有效"),
        ]
    )
    return ""


def _catalogue_written_last(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    written = parts.day - timedelta(days=9)
    parts.head = head_table(
        [
            ("标题", parts.title),
            ("索引号", "000014349/2015-00123"),
            ("发文机关", parts.source),
            ("公开日期", rows.HAN.format(parts.day)),
            ("生成日期", rows.HAN.format(written)),
            ("公开方式", "主动公开"),
            ("实施日期", "2015-10-01"),
            ("废止日期", "2020-09-30"),
        ]
    )
    return ""


def _text_only(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.day = None
    parts.line = f"来源：{parts.source}"
    parts.paragraphs[1] += (
        "2014年6月20日，县政府第三十二次常务会议审议通过；自2015年10月1日起施行，2013年3月5日印发的办法同时废止。"
    )
    return ""


def _related_only(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.day = None
    parts.line = "字体：大 中 小"
    parts.tail = related(rng, county, date(2015, 9, 29))
    return ""


def _line_and_text(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.line = f"{parts.source}　{parts.day}　浏览 78 次"
    parts.paragraphs[0] = "根据2012年2月15日省政府令第145号和2015年1月8日县政府会议纪要，" + parts.paragraphs[0]
    parts.paragraphs[-1] += _FAR.format("2015年12月31日")
    parts.tail = related(rng, county, date(2015, 9, 29))
    return ""


def _url_only(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.line = f"来源：{parts.source}"
    return f"/xwzx/{parts.day:%Y%m}/t{parts.day:%Y%m%d}_{rng.randrange(10**5, 10**6)}.html"


def _url_disagrees(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = f"发布时间：{parts.day} 08:15　来源：{parts.source}"
    return (
        f"/xwzx/{parts.day.year}/{parts.day:%m}/{(parts.day - timedelta(days=2)).day:02d}/{rng.randrange(10**5)}.shtml"
    )


def _signature(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = "浏览次数：210 次　【打印】【关闭】"
    parts.paragraphs += [
        f"特此公告。</p><p style='text-align:right'>{parts.source}</p><p style='text-align:right'>{rows.HAN.format(parts.day)}"
    ]
    return ""


def _signature_earlier(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = f"发布时间：{parts.day}　信息来源：{parts.source}"
    parts.paragraphs += [
        f"特此通知。</p><p style='text-align:right'>{parts.source}</p><p style='text-align:right'>{rows.HAN.format(parts.day - timedelta(days=12))}"
    ]
    return ""


def _signature_numerals(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.paragraphs += [f"{parts.source}</p><p align='right'>{words.chinese(parts.day)}"]
    return ""


def _updated(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = f"发布时间：{parts.day}　更新时间：{parts.day + timedelta(days=4)}　来源：{parts.source}"
    return ""


def _source_and_day(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.line = rng.choice(
        [f"{parts.source} {parts.day}", f"{parts.day:%Y/%m/%d} {parts.source}", f"({parts.day} 09:14:02)"]
    )
    return ""


def _other_labels(rng: Random, parts: ArticleParts, county: str) -> str:
    label = rng.choice(["发表时间", "公布时间", "发稿时间", "添加时间", "上网时间", "公开日期", "发布于", "日期"])
    parts.line = f"【{label}：{parts.day}】 【作者：管理员】 【关闭窗口】"
    return ""


def _microdata(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    seen = f"{parts.day.month}月{parts.day.day}日"
    parts.line = rng.choice(
        [
            f'<time itemprop="datePublished" datetime="{parts.day}T10:00:00+08:00">{seen}</time>',
            f'<time pubdate datetime="{parts.day}">{seen}</time>',
            f'<span itemprop="datePublished" content="{parts.day}">{seen}</span>',
        ]
    )
    return ""


def _bare_day_before_event(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = rng.choice([f"{parts.source} {parts.day}", f"{rows.HAN.format(parts.day)} {parts.source}"])
    parts.paragraphs.insert(
        0, f"比选时间：{rows.HAN.format(parts.day + timedelta(days=5))}上午9时，地点：县公共资源交易中心。"
    )
    return ""


def _label_without_value(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = "发布日期：　　来源："
    parts.paragraphs += [f"{parts.source}</p><p style='text-align:right'>{rows.HAN.format(parts.day)}"]
    return ""


def _days_of_events(rng: Random, parts: ArticleParts, county: str) -> str:
    assert parts.day
    parts.line = f"发布时间：{parts.day}"
    parts.paragraphs.insert(
        0,
        f"开标时间：{rows.HAN.format(parts.day + timedelta(days=21))}上午9时；报名时间：{parts.day + timedelta(days=2)}至{parts.day + timedelta(days=9)}；中标日期：{parts.day - timedelta(days=1)}。",
    )
    return ""


def _event_without_line(rng: Random, parts: ArticleParts, county: str) -> str:
    parts.day = None
    parts.line = ""
    parts.paragraphs.insert(0, "听证会时间：2015年8月20日上午9时。报名截止时间：2015年8月15日。")
    return ""


TRAPS: dict[str, Trap] = {
    "line": {"line": "发布时间：{parts.day}　来源：{parts.source}"},
    "tags": {
        "meta": tag("ArticleTitle", "{parts.title}") + tag("PubDate", "{parts.day} 10:32") + tag("ContentSource", "{parts.source}"),
        "line": "<span>{parts.day}</span>"
    },
    "tags-upper": {
        "meta": '<META NAME="ARTICLETITLE" CONTENT="{parts.title}"/><META NAME="PUBDATE" CONTENT="{parts.day} 09:00:00"/><META NAME="CONTENTSOURCE" CONTENT="{parts.source}"/>',
        "line": "浏览次数：356"
    },
    "tags-lower": {"meta": "<meta content='{parts.day:%Y/%m/%d} 09:00' name='pubdate'><meta content='{parts.source}' name='contentsource'>"},
    "tags-http-equiv": {"meta": tag("PubDate", "{parts.day}", "http-equiv") + tag("ContentSource", "{parts.source}", "http-equiv")},
    "tags-property": {"meta": tag("PubDate", "{parts.day}T08:30:00+08:00", "property") + tag("og:title", "{parts.title}", "property")},
    "tags-empty": {
        "meta": tag("ArticleTitle", "") + tag("PubDate", "") + tag("ContentSource", ""),
        "line": "来源：{parts.source}　时间：{parts.day} 15:20"
    },
    "line-in-words": {"line": "发布日期：{in_words}　　信息来源：{parts.source}"},
    "line-chinese-numerals": {"line": "发布日期：{in_numerals}　来源：{parts.source}"},
    "catalogue-written-first": _catalogue,
    "catalogue-written-after": _catalogue_written_last,
    "clock-and-copyright-only": {"day": None, "line": "来源：{parts.source}　作者：办公室　点击数：1024"},
    "date-in-text-only": _text_only,
    "related-list-only": _related_only,
    "bare-line-and-dates-in-text": _line_and_text,
    "url-only": _url_only,
    "url-disagrees": _url_disagrees,
    "signature-only": _signature,
    "signature-earlier": _signature_earlier,
    "signature-chinese-numerals": _signature_numerals,
    "entered": {"line": "录入时间：{parts.day} 17:05:33　　录入者：admin　　来源：{parts.source}　　阅读次数：87"},
    "structured-data": {"meta": '<script type="application/ld+json">{{"@context":"https://ziyuan.baidu.com/contexts/cambrian.jsonld","@id":"x","title":"{parts.title}","pubDate":"{parts.day}T11:02:00"}}</script>'},
    "updated-beside-published": _updated,
    "line-spaced": {"line": "发布时间：<b>{parts.day.year} 年 {parts.day.month} 月 {parts.day.day} 日</b>&nbsp;&nbsp;来 源：{parts.source}"},
    "line-dotted": {"line": "【发布日期：{parts.day:%Y.%m.%d}】【来源：{parts.source}】"},
    "line-in-cells": {"line": '<table align="center"><tr><td>信息来源：</td><td>{parts.source}</td><td>发布日期：</td><td>{parts.day}</td><td>浏览：</td><td>31</td></tr></table>'},
    "source-and-day-bare": _source_and_day,
    "line-other-labels": _other_labels,
    "microdata": _microdata,
    "label-without-value": _label_without_value,
    "bare-day-before-an-event": _bare_day_before_event,
    "days-of-events-in-text": _days_of_events,
    "day-of-event-only": _event_without_line,
}  # fmt: skip

_UNDATED_ADDRESS = {"trs": "/zwgk/gsgg/{n}.html", "jcms": "/col/col280/art_{n}.html"}


def dated(rng: Random) -> Iterator[Case]:
    """Every trap in two or three systems."""
    systems = list(SYSTEMS)
    for n, (name, trap) in enumerate(TRAPS.items()):
        case = Case(f"articles/{name}")
        for k in range(3):
            system = systems[(n + 2 * k) % len(systems)]
            county = words.COUNTIES[(n + k) % len(words.COUNTIES)]
            day = date(2015, 1, 12) + timedelta(days=rng.randrange(250))
            parts = ArticleParts(
                words.title(rng, county, day),
                day,
                words.paragraphs(rng, rng.randrange(3, 8)),
                f"{county}{rng.choice(words.DEPARTMENTS)}",
            )
            if callable(trap):
                address = trap(rng, parts, county)
            else:
                address, written = "", {"in_words": rows.HAN.format(day), "in_numerals": words.chinese(day)}
                for field, text in trap.items():
                    setattr(parts, field, text and text.format(parts=parts, **written))
            number = 1000 + 100 * n + k
            bare = parts.day is None or name.startswith(("signature", "tags-", "structured", "label-", "microdata"))
            usual = _UNDATED_ADDRESS.get(system, _ADDRESS[system]) if bare else _ADDRESS[system]
            write(rng, case, system, parts, county, address or usual.format(d=day, n=number), [name])
        yield case


def cases(rng: Random) -> list[Case]:
    return dated(rng)
