"""The pages of the sample site as HTML, in the manners that county sites had in 2015.

Four skins: `news` (plain lists, page tags in the head), `catalogue` (a table, an 索引号 head),
`old` (tables for layout, no tags at all) and `approval` (a table, in GB18030).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Literal

Skin = Literal["news", "catalogue", "old", "approval"]

#: The manner of each skin: what the pages are encoded in, and what they say about it.
ENCODINGS: dict[Skin, tuple[str, str]] = {
    "news": ("utf-8", "utf-8"),
    "catalogue": ("utf-8", "utf-8"),
    "old": ("utf-8", "utf-8"),
    "approval": ("gb18030", "gb2312"),
}

_STYLE = """
body{margin:0;font:14px/1.8 "Microsoft YaHei",SimSun,sans-serif;color:#333;background:#f2f5f9}
a{color:#1a4f8b;text-decoration:none}a:hover{color:#c00;text-decoration:underline}
.top{background:linear-gradient(#1b6fb8,#0d4f8f);color:#fff;padding:26px 0 22px;border-bottom:4px solid #c8161d}
.wrap{width:1000px;margin:0 auto}
.top h1{margin:0;font:bold 34px "STZhongsong",SimSun,serif;letter-spacing:6px}
.top p{margin:4px 0 0;font-size:12px;letter-spacing:1px;opacity:.85}
.nav{background:#0d4f8f;line-height:36px}.nav a{color:#fff;margin-right:22px}
.here{padding:10px 0;color:#777;font-size:12px}.box{
background:#fff;border:1px solid #d5dfea;padding:14px 22px 20px;margin-bottom:14px}
.box h2{margin:0 0 8px;font-size:16px;color:#0d4f8f;border-bottom:2px solid #0d4f8f;padding-bottom:4px}
ul.list{list-style:none;margin:0;padding:0}ul.list li{border-bottom:1px dashed #ccd;line-height:32px;overflow:hidden}
ul.list span{float:right;color:#999}table.list{width:100%;border-collapse:collapse}
table.list th{background:#e6eef7;font-weight:normal}
table.list th,table.list td{border:1px solid #d5dfea;padding:4px 8px}
.page{text-align:center;padding:14px 0 0}.page a,.page span{margin:0 6px}
h1.title{text-align:center;font-size:22px;color:#222;margin:14px 0 6px}
.info{text-align:center;color:#888;font-size:12px;
border-bottom:1px solid #e3e8ee;padding-bottom:8px}.text p{text-indent:2em;font-size:16px;margin:10px 0}

table.index{width:100%;border-collapse:collapse;margin-bottom:10px}
table.index td{border:1px solid #d5dfea;padding:3px 8px}
.half{width:484px;float:left}.half+.half{margin-left:32px}.clear{clear:both}
.foot{text-align:center;color:#888;font-size:12px;padding:12px 0 24px;border-top:3px solid #0d4f8f}
"""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of a list: what it links to and what it prints."""

    url: str
    title: str
    claimed: datetime
    source: str
    number: int


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page stands: its site's name, its column and the column's address."""

    site: str
    column: str
    url: str
    skin: Skin


def _frame(place: PagePlace, title: str, head: str, body: str) -> str:
    charset = ENCODINGS[place.skin][1]
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="{charset}">\n<title>{escape(title)}</title>\n{head}'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<div class="top"><div class="wrap"><h1>{escape(place.site)}</h1><p>政府信息公开</p></div></div>\n'
        f'<div class="nav"><div class="wrap"><a href="/">首页</a></div></div>\n'
        f'<div class="wrap">\n{body}\n</div>\n'
        f'<div class="foot">主办：样例县人民政府办公室　本站为演示站点，内容均为虚构</div>\n</body>\n</html>\n'
    )


def _here(place: PagePlace) -> str:
    return (
        f'<div class="here">您现在的位置：<a href="/">首页</a> &gt; '
        f'<a href="{place.url}">{escape(place.column)}</a></div>\n'
    )


def list_url(base: str, page: int) -> str:
    """The address of a column's n-th page, counted from 1."""
    return base if page == 1 else f"{base}index_{page - 1}.html"


def _pager(base: str, page: int, pages: int) -> str:
    if pages <= 1:
        return ""
    links = [f"<span>共{pages}页　第{page}页</span>"]
    if page > 1:
        links.append(f'<a href="{base}">首页</a><a href="{list_url(base, page - 1)}">上一页</a>')
    if page < pages:
        links.append(f'<a href="{list_url(base, page + 1)}">下一页</a><a href="{list_url(base, pages)}">尾页</a>')
    return f'<div class="page">{"".join(links)}</div>\n'


# A line is written once: on a column that grows daily it moves on from page to page for the rest of the year.


@lru_cache(maxsize=16384)
def _plain_line(row: ListRow) -> str:
    return (
        f'<li><span>{row.claimed:%Y-%m-%d}</span><a href="{row.url}" title="{escape(row.title)}" target="_blank">'
        f"{escape(row.title)}</a></li>\n"
    )


@lru_cache(maxsize=16384)
def _table_line(row: ListRow) -> str:
    return (
        f'<tr><td>{_index_number(row)}</td><td><a href="{row.url}">{escape(row.title)}</a></td>'
        f"<td>{escape(row.source)}</td><td>{row.claimed:%Y-%m-%d}</td></tr>\n"
    )


@lru_cache(maxsize=16384)
def _old_line(row: ListRow) -> str:
    return (
        f'<tr><td width="16">·</td><td><a href="{row.url}" class="lan">{escape(row.title)}</a></td>'
        f'<td width="110" align="right">[{row.claimed:%Y/%m/%d}]</td></tr>\n'
    )


def _plain_list(rows: Sequence[ListRow]) -> str:
    return f'<ul class="list">\n{"".join(map(_plain_line, rows))}</ul>\n'


def _table_list(rows: Sequence[ListRow]) -> str:
    head = "<tr><th>索引号</th><th>信息名称</th><th>发布机构</th><th>发布日期</th></tr>\n"
    return f'<table class="list">\n{head}{"".join(map(_table_line, rows))}</table>\n'


def _old_list(rows: Sequence[ListRow]) -> str:
    body = "".join(map(_old_line, rows))
    return f'<table width="100%" border="0" cellpadding="0" cellspacing="0">\n{body}</table>\n'


_LISTS = {"news": _plain_list, "catalogue": _table_list, "old": _old_list, "approval": _table_list}


def _index_number(row: ListRow) -> str:
    return f"000014348/{row.claimed:%Y}-{row.number:05d}"


def listing(place: PagePlace, rows: Sequence[ListRow], page: int, pages: int) -> str:
    """One page of a column's list."""
    shown = _LISTS[place.skin](rows) if rows else '<ul class="list"></ul>\n<p class="empty">本栏目暂无信息。</p>\n'
    body = (
        f'{_here(place)}<div class="box"><h2>{escape(place.column)}</h2>\n{shown}{_pager(place.url, page, pages)}</div>'
    )
    head = _tags({"SiteName": place.site, "ColumnName": place.column})
    return _frame(place, f"{place.column}-{place.site}", head, body)


def _article_tags(place: PagePlace, row: ListRow) -> str:
    tags = {"SiteName": place.site, "ColumnName": place.column, "ArticleTitle": row.title}
    return _tags({**tags, "PubDate": f"{row.claimed:%Y-%m-%d %H:%M}", "ContentSource": row.source})


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in tags.items())


def _index_table(row: ListRow) -> str:
    formed = row.claimed - timedelta(days=1)
    return (
        f'<table class="index"><tr><td>索引号：</td><td>{_index_number(row)}</td>'
        f"<td>信息分类：</td><td>政府信息公开</td></tr>"
        f"<tr><td>发布机构：</td><td>{escape(row.source)}</td>"
        f"<td>生成日期：</td><td>{formed:%Y年%m月%d日}</td></tr>"
        f"<tr><td>名称：</td><td>{escape(row.title)}</td>"
        f"<td>发布日期：</td><td>{row.claimed:%Y年%m月%d日}</td></tr></table>\n"
    )


def _info_line(skin: Skin, row: ListRow) -> str:
    at = row.claimed
    day = f"{at.year}年{at.month}月{at.day}日" if skin == "old" else f"{at:%Y-%m-%d %H:%M}"
    origin = f"　来源：{escape(row.source)}" if row.source else ""
    return f'<div class="info">发布时间：{day}{origin}　【字体：大 中 小】</div>\n'


def article(place: PagePlace, row: ListRow, paragraphs: Sequence[str], attachments: Sequence[tuple[str, str]]) -> str:
    """An article page. `attachments`: name and address of each file it links."""
    catalogue = place.skin in ("catalogue", "approval")
    text = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    files = "".join(
        f'<p>附件{n}：<a href="{url}">{escape(name)}</a></p>\n' for n, (name, url) in enumerate(attachments, 1)
    )
    body = (
        f'{_here(place)}<div class="box">{_index_table(row) if catalogue else ""}'
        f'<h1 class="title">{escape(row.title)}</h1>\n{"" if catalogue else _info_line(place.skin, row)}'
        f'<div class="text TRS_Editor" id="zoom">\n{text}{files}</div></div>'
    )
    tags = "" if place.skin == "old" else _article_tags(place, row)
    return _frame(place, f"{row.title}-{place.site}", tags, body)


def home(site: str, columns: Sequence[tuple[str, Sequence[tuple[str, str]]]], news: Sequence[ListRow]) -> str:
    """The front page: latest news, and the columns of each site as (site, [(title, url)])."""
    latest = _plain_list(news) if news else "<p>暂无信息。</p>"
    groups = "".join(
        f'<div class="box"><h2>{escape(name)}</h2><p>'
        + "　".join(f'<a href="{url}">{escape(title)}</a>' for title, url in links)
        + "</p></div>\n"
        for name, links in columns
    )
    place = PagePlace(site, "首页", "/", "news")
    first = f'<div class="here">首页</div><div class="box"><h2>最新公开</h2>\n{latest}</div>\n'
    return _frame(place, site, "", first + groups)


def not_found() -> str:
    """What a missing address answers."""
    place = PagePlace("样例县人民政府", "页面不存在", "/", "news")
    body = (
        '<div class="box"><h2>页面不存在</h2><p>您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p></div>'
    )
    return _frame(place, "404 页面不存在", "", body)


def sheet(title: str, paragraphs: Sequence[str]) -> str:
    """An attachment: a table that calls itself a spreadsheet, as office suites of the time exported it."""
    rows = "".join(f"<tr><td>{number}</td><td>{escape(text)}</td></tr>" for number, text in enumerate(paragraphs, 1))
    table = f'<table border="1"><caption>{escape(title)}</caption>{rows}</table>'
    return f'<html><head><meta charset="utf-8"></head><body>{table}</body></html>'
