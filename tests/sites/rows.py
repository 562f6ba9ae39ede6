"""The styles in which county systems write the entries of a list and print a day."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Sequence

from tests.sites.case import Row
from tests.sites.words import shortened
from tracker.demo.markup import ListTemplate

#: How a day is printed: format strings that take the day.
DASHES = "{:%Y-%m-%d}"
BRACKETED = "[{:%Y-%m-%d}]"
SLASHES = "{:%Y/%m/%d}"
DOTS = "{:%Y.%m.%d}"
UNPADDED = "{0.year}-{0.month}-{0.day}"
HAN = "{0.year}年{0.month}月{0.day}日"
NO_YEAR = "[{:%m-%d}]"

#: {r} is the row, {day} its day as printed; `fill` names the other fields.
STYLES: dict[str, ListTemplate] = {
    # the title is cut short and stands whole in the title attribute
    "items": ListTemplate('<ul class="list">', '\n<li><a href="{r.url}" title="{r.title}" target="_blank">{short22}</a><span>{day}</span></li>', "</ul>"),
    "date-first": ListTemplate('<ul class="newslist">', '\n<li><span class="date">{day}</span><i>·</i><a href="{r.url}">{r.title}</a></li>', "</ul>"),
    # a table that only lays out: a bullet, the link, the day
    "layout-rows": ListTemplate('<table width="96%" border="0" cellspacing="0" cellpadding="0">', '\n<tr><td width="18"><img src="/images/dot.gif"></td><td height="26"><a href="{r.url}" class="bt" title="{r.title}">{short28}</a></td><td width="90" class="rq">{day}</td></tr><tr><td colspan="3" height="1" background="/images/line.gif"></td></tr>', "</table>"),
    "definition": ListTemplate("<dl>", '<dt><a href="{r.url}" target="_blank">{r.title}</a></dt><dd class="time">{day}</dd>\n', "</dl>"),
    # a heading, some words of the text, a second link to the same article
    "abstracts": ListTemplate("", '<div class="item"><h3><a href="{r.url}">{r.title}</a></h3><p class="zy">各有关单位：现将有关事项公布如下，请遵照执行……<a href="{r.url}">[详细]</a></p><em>发布时间：{day}</em><em>浏览：{visits}次</em></div>\n', ""),
    # title and day both inside the link
    "inside": ListTemplate('<div class="lb">', '<a href="{r.url}"><span class="t">{r.title}</span><span class="d">{day}</span></a>\n', "</div>"),
    # the day large, year and month small beneath it
    "day-block": ListTemplate('<ul class="rl">', '<li><div class="rq"><b>{r.day:%d}</b><span>{r.day:%Y-%m}</span></div><div class="nr"><a href="{r.url}" title="{r.title}">{short30}</a></div></li>\n', "</ul>"),
    # no element around the day
    "trailing-text": ListTemplate('<div class="liebiao">', '<p><img src="/images/j.gif" /> <a href="{r.url}">{r.title}</a> {day}</p>\n', "</div>"),
    # day, month and title are all one link
    "day-inside": ListTemplate('<div class="rili">', '<a href="{r.url}" target="_blank"><p class="sj"><span>{r.day:%d}</span><span>{r.day:%Y/%m}</span></p><p class="bt">{r.title}</p></a>\n', "</div>"),
    # two entries in a line of a table
    "pairs": ListTemplate('<table width="100%">', '{line}<td>·<a href="{r.url}">{r.title}</a></td><td class="sj">{day}</td>{line_end}', "</table>"),
    # an element of its own for the day, which a person sees without its year
    "sections": ListTemplate("", '<section class="news-item"><h4><a href="{r.url}">{r.title}</a></h4><time datetime="{r.day}">{r.day.month}月{r.day.day}日</time></section>\n', ""),
    # dots behind every title, cut short or not
    "always-dotted": ListTemplate("<ul>", '\n<li><a title="{r.title}" href="{r.url}">{r.title:.20}...</a><span>{day}</span></li>', "</ul>"),
    # the day, the link, the end of the line: no element around an entry
    "broken-lines": ListTemplate("<div>", '{day} <a href="{r.url}">{r.title}</a><br/>\n', "</div>"),
    # a number before the title and a word behind it, all of it in the link
    "badged": ListTemplate("<ul>", '<li><a href="{r.url}" title="{r.title}"><i class="no">{number}</i>{r.title}<em class="hot">热</em></a><span>{day}</span></li>\n', "</ul>"),
    # office, moment and readers behind the link
    "particulars": ListTemplate("", '<div class="lines"><a href="{r.url}">{r.title}</a><span>发布单位：县政府办</span><span>{label}：{day} 10:2{minute}:33</span><span>浏览({readers})</span></div>\n', ""),
}  # fmt: skip


def write(style: str, rows: Sequence[Row], day: str = DASHES) -> str:
    """The list as HTML; a row without a day prints none."""
    return STYLES[style].fill(
        {
            "r": row, "day": day.format(row.day) if row.day else "",
            "short22": shortened(row.title), "short28": shortened(row.title, 28), "short30": shortened(row.title, 30),
            "visits": len(row.title) * 7, "number": n + 1, "label": ["时间", "发布"][n % 2], "minute": n % 9, "readers": n * 7,
            "line": "" if n % 2 else "<tr>", "line_end": "</tr>\n" if n % 2 or n + 1 == len(rows) else "",
        }
        for n, row in enumerate(rows)
    )  # fmt: skip
