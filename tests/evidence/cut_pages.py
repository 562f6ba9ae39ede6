"""The same eight rows as many systems print them, each page ready to be cut at any byte."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

TITLE = "第{}号环境监测公告"
ROWS = [(f"/hjbh/{n}.html", TITLE.format(n), f"2015-09-{n}") for n in range(28, 20, -1)]


def rows(form: str) -> str:
    return "".join(form.format(url=url, title=title, day=day, short=day[5:]) for url, title, day in ROWS)


def page(body: str, head: str = "<meta charset='utf-8'>") -> str:
    return f"<html><head>{head}<title>环境保护</title></head><body>{body}</body></html>"


ITEM = '<li><a href="{url}">{title}</a><span>{day}</span></li>'
LIST = f"<ul>{rows(ITEM)}</ul>"
RECORDS = rows(f"<record><![CDATA[{ITEM}]]></record>")
FIELDS = '{{"title":"{title}","url":"{url}","publishedTimeStr":"{day}"}},'

PAGES = {
    "a list": page(LIST),
    "a list without a charset": page(LIST, ""),
    "a list with titles in hints and days without years": page(f"<ul>{rows('<li><a href={url} title={title}>{title}</a> [{short}]</li>')}</ul>"),
    "a copyright in the head": page(LIST, "<meta name='copyright' content='样例县人民政府 版权所有'>"),
    "the host on top": page(f"<div>主办：样例县人民政府</div>{LIST}"),
    "a foot and no end": page(f"{LIST}<div>主办：样例县人民政府</div>").partition("</body>")[0],
    "a short list beside it": page(f"<ul>{rows('<li><a href={url}>{title:.5}…</a></li>')}</ul><table><tr><td>{LIST}</td></tr></table>"),
    "a table": page(f"<table><tr><th>名称</th><th>发布日期</th></tr>{rows('<tr><td><a href={url}>{title}</a></td><td>{day}</td></tr>')}</table>"),
    "lines": page(f"<div>{rows('<a href={url}>{title}</a> {day}<br>')}</div>"),
    "lines, the day first": page(f"<div>{rows('{day} <a href={url}>{title}</a><br>')}</div>"),
    "pairs": page(f"<dl>{rows('<dt><a href={url}>{title}</a></dt><dd>{day}</dd>')}</dl>"),
    "a piece of a page: a list": LIST,
    "a piece of a page: a table": f"<table>{rows('<tr><td><a href={url}>{title}</a></td><td>{day}</td></tr>')}</table>",
    "a piece of a page: bare items": rows(ITEM),
    "a piece of a page: items without an end": rows("<li><a href={url}>{title}</a> {day}"),
    "a store": f"<datastore><recordset>{RECORDS}</recordset><totalrecord>8</totalrecord></datastore>",
    "a store that begins with its total": f"<?xml version='1.0'?><datastore><totalrecord>8</totalrecord><recordset>{RECORDS}</recordset></datastore>",
    "a store in a page": page(f"<script type='text/xml'><datastore><recordset>{RECORDS}</recordset></datastore></script>"),
    "a feed": f"<?xml version='1.0'?><rss version='2.0'><channel>{rows('<item><title>{title}</title><link>http://127.0.0.1{url}</link><pubDate>{day}T09:00:00+08:00</pubDate></item>')}</channel></rss>",
    "a sitemap": f"<?xml version='1.0'?><urlset>{rows('<url><loc>http://127.0.0.1{url}</loc><lastmod>{day}</lastmod></url>')}</urlset>",
    "an interface": f'{{"success":true,"data":{{"total":8,"results":[{rows(FIELDS)[:-1]}]}}}}',
    "an interface with a callback": f'cb({{"data":{{"total":8,"results":[{rows(FIELDS)[:-1]}]}}}});',
}  # fmt: skip
