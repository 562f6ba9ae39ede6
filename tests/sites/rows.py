"""The ways in which one entry of a list is written."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tests.sites.case import Row
from tests.sites.words import shortened

#: Writes the list from rows and a way to print a day.
Style = Callable[[Sequence[Row], Callable[[date], str]], str]


def dashes(day: date) -> str:
    return day.isoformat()


def bracketed(day: date) -> str:
    return f"[{day.isoformat()}]"


def slashes(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def dots(day: date) -> str:
    return f"{day:%Y.%m.%d}"


def unpadded(day: date) -> str:
    return f"{day.year}-{day.month}-{day.day}"


def han(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def no_year(day: date) -> str:
    return f"[{day:%m-%d}]"


def _printed(row: Row, form: Callable[[date], str]) -> str:
    return form(row.day) if row.day else ""


def items(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """A list whose titles are cut short and stand whole in the title attribute."""
    return (
        '<ul class="list">'
        + "".join(
            f'\n<li><a href="{r.url}" title="{r.title}" target="_blank">{shortened(r.title)}</a><span>{_printed(r, form)}</span></li>'
            for r in rows
        )
        + "</ul>"
    )


def date_first(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    return (
        '<ul class="newslist">'
        + "".join(
            f'\n<li><span class="date">{_printed(r, form)}</span><i>·</i><a href="{r.url}">{r.title}</a></li>'
            for r in rows
        )
        + "</ul>"
    )


def layout_rows(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """A table that only lays out: a bullet, the link, the day."""
    return (
        '<table width="96%" border="0" cellspacing="0" cellpadding="0">'
        + "".join(
            f'\n<tr><td width="18"><img src="/images/dot.gif"></td><td height="26"><a href="{r.url}" class="bt" title="{r.title}">{shortened(r.title, 28)}</a></td><td width="90" class="rq">{_printed(r, form)}</td></tr><tr><td colspan="3" height="1" background="/images/line.gif"></td></tr>'
            for r in rows
        )
        + "</table>"
    )


def definition(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    return (
        "<dl>"
        + "".join(
            f'<dt><a href="{r.url}" target="_blank">{r.title}</a></dt><dd class="time">{_printed(r, form)}</dd>\n'
            for r in rows
        )
        + "</dl>"
    )


def abstracts(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """A heading, some words of the text, a second link to the same article."""
    return "".join(
        f'<div class="item"><h3><a href="{r.url}">{r.title}</a></h3><p class="zy">各有关单位：现将有关事项公布如下，请遵照执行……<a href="{r.url}">[详细]</a></p><em>发布时间：{_printed(r, form)}</em><em>浏览：{len(r.title) * 7}次</em></div>\n'
        for r in rows
    )


def inside(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """Title and day both inside the link."""
    return (
        '<div class="lb">'
        + "".join(
            f'<a href="{r.url}"><span class="t">{r.title}</span><span class="d">{_printed(r, form)}</span></a>\n'
            for r in rows
        )
        + "</div>"
    )


def day_block(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """The day large, year and month small beneath it."""
    return (
        '<ul class="rl">'
        + "".join(
            f'<li><div class="rq"><b>{r.day:%d}</b><span>{r.day:%Y-%m}</span></div><div class="nr"><a href="{r.url}" title="{r.title}">{shortened(r.title, 30)}</a></div></li>\n'
            for r in rows
            if r.day
        )
        + "</ul>"
    )


def trailing_text(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """No element around the day."""
    return (
        '<div class="liebiao">'
        + "".join(
            f'<p><img src="/images/j.gif" /> <a href="{r.url}">{r.title}</a> {_printed(r, form)}</p>\n' for r in rows
        )
        + "</div>"
    )


def day_inside(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """Day, month and title are all one link."""
    return (
        '<div class="rili">'
        + "".join(
            f'<a href="{r.url}" target="_blank"><p class="sj"><span>{r.day:%d}</span><span>{r.day:%Y/%m}</span></p><p class="bt">{r.title}</p></a>\n'
            for r in rows
            if r.day
        )
        + "</div>"
    )


def pairs(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """Two entries in a line of a table."""
    cells = [f'<td>·<a href="{r.url}">{r.title}</a></td><td class="sj">{_printed(r, form)}</td>' for r in rows]
    return (
        '<table width="100%">'
        + "".join(f"<tr>{''.join(cells[at : at + 2])}</tr>\n" for at in range(0, len(cells), 2))
        + "</table>"
    )


def sections(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """An element of its own for the day, which a person sees without its year."""
    return "".join(
        f'<section class="news-item"><h4><a href="{r.url}">{r.title}</a></h4><time datetime="{r.day}">{r.day.month}月{r.day.day}日</time></section>\n'
        for r in rows
        if r.day
    )


def always_dotted(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """Dots behind every title, cut short or not."""
    return (
        "<ul>"
        + "".join(
            f'\n<li><a title="{r.title}" href="{r.url}">{r.title[:20]}...</a><span>{_printed(r, form)}</span></li>'
            for r in rows
        )
        + "</ul>"
    )


def broken_lines(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """The day, the link, the end of the line: no element around an entry."""
    return "<div>" + "".join(f'{_printed(r, form)} <a href="{r.url}">{r.title}</a><br/>\n' for r in rows) + "</div>"


def badged(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """A number before the title and a word behind it, all of it in the link."""
    return (
        "<ul>"
        + "".join(
            f'<li><a href="{r.url}" title="{r.title}"><i class="no">{n}</i>{r.title}<em class="hot">热</em></a><span>{_printed(r, form)}</span></li>\n'
            for n, r in enumerate(rows, 1)
        )
        + "</ul>"
    )


def particulars(rows: Sequence[Row], form: Callable[[date], str]) -> str:
    """Office, moment and readers behind the link."""
    return "".join(
        f'<div class="lines"><a href="{r.url}">{r.title}</a><span>发布单位：县政府办</span><span>{["时间", "发布"][n % 2]}：{_printed(r, form)} 10:2{n % 9}:33</span><span>浏览({n * 7})</span></div>\n'
        for n, r in enumerate(rows)
    )


STYLES: dict[str, Style] = {
    "items": items, "date-first": date_first, "layout-rows": layout_rows, "definition": definition,
    "abstracts": abstracts, "inside": inside, "day-block": day_block, "trailing-text": trailing_text, "day-inside": day_inside, "pairs": pairs, "sections": sections,
    "always-dotted": always_dotted, "broken-lines": broken_lines, "badged": badged, "particulars": particulars,
}  # fmt: skip
