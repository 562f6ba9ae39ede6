"""Writes the pages of the sample site as HTML, in four skins that county sites had in 2015."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

from tracker.demo.markup import ArticleTemplate, ListTemplate
from tracker.demo.world import Publication

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
class Skin:
    """How a site writes its pages. `charset`: what a page says that it is encoded in; `is_tagged`: it has meta tags."""

    rows: ListTemplate
    article: ArticleTemplate
    encoding: str = "utf-8"
    charset: str = "utf-8"
    is_tagged: bool = True


def _article_template(head: str) -> ArticleTemplate:
    text = '<div class="text TRS_Editor" id="zoom">\n{text}{files}</div>'
    return ArticleTemplate(head + text, "<p>{}</p>\n", '<p>附件{2}：<a href="{1}">{0}</a></p>\n')


_NEWS = Skin(
    ListTemplate(
        '<ul class="list">\n',
        '<li><span>{at:%Y-%m-%d}</span><a href="{url}" title="{title}" target="_blank">{title}</a></li>\n',
        "</ul>\n",
    ),
    _article_template(
        '<h1 class="title">{title}</h1>\n'
        '<div class="info">发布时间：{at:%Y-%m-%d %H:%M}{origin}　【字体：大 中 小】</div>\n'
    ),
)
_CATALOGUE = Skin(
    ListTemplate(
        '<table class="list">\n<tr><th>索引号</th><th>信息名称</th><th>发布机构</th><th>发布日期</th></tr>\n',
        '<tr><td>{index}</td><td><a href="{url}">{title}</a></td><td>{source}</td><td>{at:%Y-%m-%d}</td></tr>\n',
        "</table>\n",
    ),
    _article_template(
        '<table class="index"><tr><td>索引号：</td><td>{index}</td><td>信息分类：</td><td>政府信息公开</td></tr>'
        "<tr><td>发布机构：</td><td>{source}</td><td>生成日期：</td><td>{formed:%Y年%m月%d日}</td></tr>"
        "<tr><td>名称：</td><td>{title}</td><td>发布日期：</td><td>{at:%Y年%m月%d日}</td></tr></table>\n"
        '<h1 class="title">{title}</h1>\n'
    ),
)
#: By name. `old` lays out with tables and has no tags; `approval` is a catalogue in GB18030.
SKINS: Mapping[str, Skin] = {
    "news": _NEWS,
    "catalogue": _CATALOGUE,
    "old": Skin(
        ListTemplate(
            '<table width="100%" border="0" cellpadding="0" cellspacing="0">\n',
            '<tr><td width="16">·</td><td><a href="{url}" class="lan">{title}</a></td>'
            '<td width="110" align="right">[{at:%Y/%m/%d}]</td></tr>\n',
            "</table>\n",
        ),
        _article_template(
            '<h1 class="title">{title}</h1>\n'
            '<div class="info">发布时间：{at.year}年{at.month}月{at.day}日{origin}　【字体：大 中 小】</div>\n'
        ),
        is_tagged=False,
    ),
    "approval": replace(_CATALOGUE, encoding="gb18030", charset="gb2312"),
}


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page stands: the name of its site, the title and the path of its column, and the site's skin."""

    site: str
    column: str
    path: str
    skin: Skin = _NEWS


def list_path(column: str, page: int) -> str:
    """The path of a column's n-th page, counted from 1."""
    return column if page == 1 else f"{column}index_{page - 1}.html"


def article_path(column: str, publication: Publication) -> str:
    """The path of an article, in the manner of the content system most counties used; it shows the claimed day."""
    return f"{column}{publication.claimed:%Y%m}/t{publication.claimed:%Y%m%d}_{publication.number}.html"


def file_path(column: str, publication: Publication, number: int) -> str:
    """The path of an article's n-th file, counted from 1."""
    return f"{column}{publication.claimed:%Y%m}/P{publication.claimed:%Y%m%d}{publication.number:06d}_{number}.xls"


def write_listing(place: PagePlace, publications: Sequence[Publication], page: int, pages: int) -> str:
    """One page of a column's list."""
    rows = place.skin.rows.fill(_fields(place.path, publication) for publication in publications)
    if not publications:
        rows = '<ul class="list"></ul>\n<p class="empty">本栏目暂无信息。</p>\n'
    pager = _write_pager(place.path, page, pages) if publications else ""
    body = f'{_write_trail(place)}<div class="box"><h2>{escape(place.column)}</h2>\n{rows}{pager}</div>'
    tags = {"SiteName": place.site, "ColumnName": place.column}
    return _write_page(place, f"{place.column}-{place.site}", body, tags)


def write_article(place: PagePlace, publication: Publication, now: datetime) -> str:
    """The page of an article with the text that it has at this instant."""
    files = [
        (escape(name), file_path(place.path, publication, number))
        for number, name in enumerate(publication.attachments, 1)
    ]
    text = place.skin.article.fill(map(escape, publication.text(now)), files, **_fields(place.path, publication))
    tags = {
        "SiteName": place.site,
        "ColumnName": place.column,
        "ArticleTitle": publication.title,
        "PubDate": f"{publication.claimed:%Y-%m-%d %H:%M}",
        "ContentSource": publication.source,
    }
    body = f'{_write_trail(place)}<div class="box">{text}</div>'
    return _write_page(place, f"{publication.title}-{place.site}", body, tags if place.skin.is_tagged else {})


def write_home(site: str, columns: Mapping[str, Sequence[PagePlace]], news: Sequence[tuple[str, Publication]]) -> str:
    """The front page. `columns`: those of each site by its name; `news`: publications, each with its column's path."""
    latest = _NEWS.rows.fill(_fields(path, entry) for path, entry in news) if news else "<p>暂无信息。</p>"
    groups = "".join(
        f'<div class="box"><h2>{escape(name)}</h2><p>'
        + "　".join(f'<a href="{place.path}">{escape(place.column)}</a>' for place in places)
        + "</p></div>\n"
        for name, places in columns.items()
    )
    body = f'<div class="here">首页</div><div class="box"><h2>最新公开</h2>\n{latest}</div>\n{groups}'
    return _write_page(PagePlace(site, "首页", "/"), site, body, {})


def write_not_found() -> str:
    """What a missing address answers."""
    body = (
        '<div class="box"><h2>页面不存在</h2><p>您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p></div>'
    )
    return _write_page(PagePlace("样例县人民政府", "页面不存在", "/"), "404 页面不存在", body, {})


def write_sheet(title: str, paragraphs: Sequence[str]) -> str:
    """An attachment: a table that calls itself a spreadsheet, as office suites of the time exported it."""
    rows = "".join(f"<tr><td>{number}</td><td>{escape(text)}</td></tr>" for number, text in enumerate(paragraphs, 1))
    table = f'<table border="1"><caption>{escape(title)}</caption>{rows}</table>'
    return f'<html><head><meta charset="utf-8"></head><body>{table}</body></html>'


def _fields(column: str, publication: Publication) -> dict[str, object]:
    """What the templates print of a publication."""
    at, source = publication.claimed, escape(publication.source)
    return {
        "url": article_path(column, publication),
        "title": escape(publication.title),
        "source": source,
        "origin": f"　来源：{source}" if source else "",
        "at": at,
        "formed": at - timedelta(days=1),
        "index": f"000014348/{at:%Y}-{publication.number:05d}",
    }


def _write_page(place: PagePlace, title: str, body: str, tags: Mapping[str, str]) -> str:
    head = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in tags.items())
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="{place.skin.charset}">\n'
        f"<title>{escape(title)}</title>\n{head}<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<div class="top"><div class="wrap"><h1>{escape(place.site)}</h1><p>政府信息公开</p></div></div>\n'
        f'<div class="nav"><div class="wrap"><a href="/">首页</a></div></div>\n'
        f'<div class="wrap">\n{body}\n</div>\n'
        f'<div class="foot">主办：样例县人民政府办公室　本站为演示站点，内容均为虚构</div>\n</body>\n</html>\n'
    )


def _write_trail(place: PagePlace) -> str:
    return (
        f'<div class="here">您现在的位置：<a href="/">首页</a> &gt; '
        f'<a href="{place.path}">{escape(place.column)}</a></div>\n'
    )


def _write_pager(column: str, page: int, pages: int) -> str:
    links = [f"<span>共{pages}页　第{page}页</span>"]
    if page > 1:
        links.append(f'<a href="{column}">首页</a><a href="{list_path(column, page - 1)}">上一页</a>')
    if page < pages:
        links.append(f'<a href="{list_path(column, page + 1)}">下一页</a><a href="{list_path(column, pages)}">尾页</a>')
    return f'<div class="page">{"".join(links)}</div>\n'
