"""County sites over months, as tables: what a site shows when, when it is visited, and the statuses in the end."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import asyncio
import os
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.crawl.test_misbehaving_site import rude_server
from tests.decide.small_county import SCHEDULE, Small, at, small_county
from tests.entered import new_event
from tracker.decide.questions import open_questions
from tracker.registers.events import record_event
from tracker.store.engine import Store
from tracker.store.occurrences import list_open_questions

#: Only a site that never answers gets a short timeout: on a busy machine any other may take its time.
PATIENT = SCHEDULE.replace("timeout: 10 seconds", 'timeout: 10 seconds, archive: ""')
HURRIED = PATIENT.replace("timeout: 10 seconds", "timeout: 0.3 seconds")
PRESSES = {"overdue", "to-lead", "to-county-office"}
FAILURES = {"overdue", "incomplete", "met-late", "met-disputed"}
REPORT = (
    "东河断面高锰酸盐指数{0}.2毫克每升，氨氮0.{0}2毫克每升，总磷0.0{0}毫克每升；西河断面高锰酸盐指数{0}.6毫克每升，"
    "氨氮0.{0}7毫克每升，总磷0.1{0}毫克每升。饮用水源地水质达标率100%，总体良好。"
)


@dataclass(frozen=True)
class Row:
    """One article, and the row that leads to it."""

    day: str  # as the article shows it, with the hour or without
    title: str
    text: str = ""  # "": generated figures
    source: str = ""
    path: str = ""  # "": from the title, in the column
    listed: str | None = None  # the day as the list shows it; None: the article's day
    href: str = ""  # where the row leads instead
    body: str = ""  # the whole page instead
    ahead: bool = False  # shown before its day


#: A page, a status, a whole answer, (status, location), a function of now, or a float: no answer at all.
Answer = str | int | bytes | tuple[str, str] | float | Callable[[str], "Answer | None"]
Pages = dict[str, Answer | None]
Frame = Callable[[str, str], str]


def text_of(row: Row) -> str:
    return row.text or REPORT.format(zlib.crc32(f"{row.title}{row.day}".encode()) % 8 + 1)


def old_frame(title: str, body: str) -> str:
    """A frame of 2010: tables, a clock, a foot."""
    return (
        f"<html><head><title>{title}</title></head><body><table width='1000'><tr><td>今天是<script>today()</script></td></tr>"
        "<tr><td><a href='/'>首页</a> <a href='/zwgk/'>政务公开</a> <a href='/bsfw/'>办事服务</a> <a href='/zmhd/'>政民互动</a></td></tr></table>"
        f"<div class='position'>当前位置：<a href='/'>首页</a> &gt; {title}</div>{body}"
        "<div class='foot'>主办：清河县人民政府办公室　备案号：冀ICP备05000000号　联系电话：0319-8160000</div></body></html>"
    )


def new_frame(title: str, body: str) -> str:
    """A frame of 2015: boxes, a search box, links to friends."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}_清河县人民政府网站</title></head><body><div class='header'>"
        "<form action='/search'><input name='q' placeholder='请输入关键字'></form><ul class='nav'><li><a href='/'>首页</a></li>"
        "<li><a href='/xxgk/'>信息公开</a></li><li><a href='/fw/'>在线服务</a></li><li><a href='/hd/'>互动交流</a></li></ul></div>"
        f"<div class='crumbs'><a href='/'>首页</a>&gt;<a href='/xxgk/'>信息公开</a>&gt;{title}</div><div class='main'>{body}</div>"
        "<div class='footer'><p>清河县人民政府主办　网站标识码：1305340001　冀公网安备 13053402000001号</p></div></body></html>"
    )


def article(row: Row, frame: Frame = old_frame) -> str:
    source = f"　来源：{row.source}" if row.source else ""
    return row.body or frame(
        row.title,
        f"<h1>{row.title}</h1><div class='info'>发布时间：{row.day}{source}　浏览次数：128</div><div id='zoom'><p>{text_of(row)}</p></div>",
    )


def path_of(where: str, row: Row) -> str:
    if row.path.startswith("~"):
        return where + row.path[1:]
    return row.path or f"{where}{zlib.crc32(row.title.encode()) % 90000 + 10000}.html"


def row_html(where: str, row: Row) -> str:
    day = row.listed if row.listed is not None else row.day[:10]
    return f"<li><a href='{row.href or path_of(where, row)}' title='{row.title}'>{row.title}</a><span>{day}</span></li>"


def listing(
    where: str,
    title: str,
    rows: Sequence[Row],
    frame: Frame = old_frame,
    under: str = "",
    swap: tuple[str, str] = ("", ""),
) -> Callable[[str], str]:
    """The page that lists the rows published by then. `swap`: a text in it, and its replacement."""

    def shown(now: str) -> str:
        items = "".join(row_html(where, row) for row in rows if row.day <= now or row.ahead)
        body = f"<h2>{title}</h2><ul class='list'>{items}</ul>{under}" if items else f"<h2>{title}</h2><p>暂无信息</p>"
        return frame(title, body).replace(swap[0] or "\0", swap[1])

    return shown


def column(
    where: str,
    title: str,
    rows: Iterable[Row],
    frame: Frame = old_frame,
    *,
    per: int = 1000,
    further: str = "?page={n}",
    sort: bool = True,
    first: str = "",
) -> Pages:
    """The pages of a column as it grows, and its articles; `per` rows a page, `further` the addresses of later ones."""
    all_rows = sorted(rows, key=lambda row: row.day[:10], reverse=True) if sort else list(rows)
    names = [first or where, *(where + further.format(n=n) for n in range(2, (len(all_rows) - 1) // per + 2))]

    def part(n: int) -> Answer:
        def shown(now: str) -> Answer | None:
            published = [row for row in all_rows if row.day <= now or row.ahead]
            last = max(len(published) - 1, 0) // per
            after = f"<a href='{names[n + 1]}'>下一页</a> <a href='{names[last]}'>尾页</a>" if n < last else ""
            before = f"<a href='{names[0]}'>首页</a> <a href='{names[n - 1]}'>上一页</a> " if n else ""
            pager = (
                f"<div class='page'>共{len({row.href or path_of(where, row) for row in published})}条 第{n + 1}/{last + 1}页 {before}{after}</div>"
                if published
                else ""
            )
            page = listing(where, title, published[n * per : (n + 1) * per], frame, pager)
            return page(now) if n <= last else None

        return shown

    articles: Pages = {path_of(where, row): article(row, frame) for row in all_rows if not row.href}
    return articles | {name: part(n) for n, name in enumerate(names)}


DOINGS = (
    "我县召开{0}工作推进会", "县领导调研{0}工作", "{0}专项检查全面展开", "我县{0}工作受到市级肯定",
    "{0}业务培训班开班", "我县开展{0}宣传活动", "{0}工作简报（第{1}期）", "县{0}工作领导小组成员调整",
)  # fmt: skip
SAID = "会议强调，要落实责任，扎实推进各项任务，确保取得实效。"


def other_news(about: str, until: str, since: str = "2015-05-01", every: int = 9) -> list[Row]:
    """Other rows of a column: one piece of news every `every` days, the same for the same day."""
    first, last = date.fromisoformat(since).toordinal(), date.fromisoformat(until).toordinal()
    days = (date.fromordinal(n) for n in range(last, first - 1, -1) if n % every == 0)
    return [
        Row(f"{day} 08:{day.day:02}", DOINGS[day.toordinal() // every % 8].format(about, day.toordinal() % 97 + 1), f"{day.month}月{day.day}日，{SAID}" * 3, path=f"~{day}.html")
        for day in days
    ]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One county for some months. Days are of 2015 unless they have a year; visits are at nine unless they have an hour."""

    duties: Sequence[str]
    stages: Sequence[tuple[str, Pages]]
    visits: str
    expected: Mapping[str, str]  # by occurrence: its status in the end; alternatives separated by |
    events: Sequence[tuple[str, str, str, str]] = ()  # (event, department, when, reference)
    reasons: Mapping[str, str] = field(default_factory=dict)  # by occurrence: a text in its reason
    questions: Mapping[str, str] = field(default_factory=dict)  # by occurrence: a kind of question, any of |
    pressed: str = ""  # occurrences rightly notified as late in between, though met in the end
    faults: bool = False  # the county office is notified of a fault of the site
    swap: Mapping[str, str] = field(default_factory=dict)  # texts of the county file, and their replacements
    channels: str = ""  # further channels
    county: str = ""  # further lines of the county file
    later: tuple[str, Mapping[str, str]] = ("", {})  # from when on further texts are replaced
    own: bool = True
    ahead: bool = False  # its site shows days to come
    first: str = "2015-07-01"


def split_instant(when: str) -> tuple[str, str]:
    day, _, hour = when.partition("T")
    return (day if len(day) == 10 else f"2015-{day}"), hour or "09:00"


async def run(case: Case, folder: Path, url: str, rules: Mapping[str, str], county_file: str) -> list[str]:
    """Return the mistakes of a case: lines that begin with their kind."""
    shown: Pages = {}

    async def talk(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        found = shown.get(path)
        if callable(found):
            found = found(f"{small.clock.now:%Y-%m-%d %H:%M}")
        if isinstance(found, float):
            await over.wait()
            return
        writer.write(_answer(_with_hosts(found, base)))

    visits = case.visits.split()
    with Store(url, durable=False) as store:
        async with (
            small_county(folder, store, at(*split_instant(visits[0]))) as small,
            rude_server(talk) as (base, _),
        ):
            os.environ["SMALL_SITE"] = base
            stages = [(at(*split_instant(when)), pages) for when, pages in case.stages]
            schedule = (
                HURRIED
                if any(map(_is_silent, (answer for _, pages in stages for answer in pages.values())))
                else PATIENT
            )
            own = "    own: true\n" if case.own else ""
            pack = rules["head"] + "".join(rules[duty] for duty in case.duties)
            swaps = {"start: 2015-01-01": f"start: {case.first}", "    columns:\n": f"{own}    columns:\n", **case.swap}
            county = county_file
            for name in re.findall(r"^      (\w+): {title", county_file, re.MULTILINE)[1:]:
                if f"column: {name}," not in pack:  # columns that no duty watches are left out
                    county = re.sub(rf"^      {name}: {{title.*\n", "", county, flags=re.MULTILINE)
            for text, replacement in swaps.items():
                county = county.replace(text, replacement)
            county += case.channels.replace("OTHER", base.replace("127.0.0.1", "localhost")) + case.county
            small.reload(schedule=schedule, pack=pack, county=county)
            changes, swaps = case.later[0], case.later[1]
            waiting = sorted(case.events, key=lambda event: split_instant(event[2]))
            for visit in visits:
                small.clock.now = at(*split_instant(visit))
                for when, pages in stages:
                    if when <= small.clock.now:
                        shown.update(pages)
                if changes and at(*split_instant(changes)) <= small.clock.now:
                    for text, replacement in swaps.items():
                        county = county.replace(text, replacement)
                    small.reload(schedule=schedule, pack=pack, county=county)
                    changes = ""
                while waiting and at(*split_instant(waiting[0][2])) <= small.clock.now:
                    _record(small, *waiting.pop(0))
                await small.turn(crawl=True)
            return _find_mistakes(case, small)


def _is_silent(found: Answer) -> bool:
    """Whether there is no answer: the server waits, or TLS is spoken to a server without it."""
    return isinstance(found, float) or (isinstance(found, tuple) and found[1].startswith("TLS"))


def _answer(found: Answer | None) -> bytes:
    status, more, body = "200 OK", "", b""
    if isinstance(found, bytes):
        return found
    if found is None:
        status, body = "404 Not Found", "<html><body><h1>404</h1><p>您访问的页面不存在</p></body></html>".encode()
    elif isinstance(found, int):
        status, body = f"{found} Error", f"<html><body><h1>{found}</h1></body></html>".encode()
    elif isinstance(found, tuple):
        status, more = found[0], f"Location: {found[1]}\r\n"
    else:
        body = found.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + body


def _with_hosts(found: Answer | None, base: str) -> Answer | None:
    """The answer with the addresses of the two hosts, which a table cannot know."""
    if isinstance(found, tuple):
        return (found[0], str(_with_hosts(found[1], base)))
    if not isinstance(found, str):
        return found
    secure, other = base.replace("http:", "https:"), base.replace("127.0.0.1", "localhost")
    return found.replace("BASE/", base).replace("TLS/", secure).replace("OTHER/", other)


def _record(small: Small, name: str, department: str, when: str, reference: str) -> None:
    day, hour = split_instant(when)
    occurred = at(day, hour) if "T" in when else date.fromisoformat(day)
    with small.office.store.begin() as tx:
        record_event(
            tx,
            small.office.loaded.rulebooks[0],
            new_event(
                name=name,
                department=department,
                occurred=occurred,
                by="王敏",
                now=small.clock.now,
                reference=reference,
                fields={"year": "2015"} if name == "budget-approved" else {},
            ),
        )


def _find_mistakes(case: Case, small: Small) -> list[str]:
    rows = small.rows()
    notices = [line.split() for line in small.notices()]
    pressed = {key for _, _, key, step, _, state in notices if step in PRESSES and state != "cancelled"}
    with small.office.store.read() as tx:
        (book,) = small.office.loaded.rulebooks
        questions = open_questions(tx, small.office.loaded, book, small.clock.now)
        stored = list_open_questions(tx, book.county.id)
    assert stored == questions
    assert small.differences() == {}
    mistakes = []
    for key, meant in case.expected.items():
        status, allowed = (str(rows[key].status) if key in rows else "not there"), set(meant.split("|"))
        reason = rows[key].reason if key in rows else ""
        if status not in allowed:
            mistakes.append(f"{_kind(status, allowed)}: {key} is {status}, not {meant}: {reason}")
        elif case.reasons.get(key, "") not in reason:
            mistakes.append(f"OTHERWISE: {key} should say {case.reasons[key]}: {reason}")
        if key in pressed and not allowed & FAILURES and key not in case.pressed:
            mistakes.append(f"ACCUSED: {key} was pressed on the way")
        if key not in pressed and status in ("overdue", "incomplete") and allowed <= {"overdue", "incomplete"}:
            mistakes.append(f"MISSED: {key} is {status}, and nobody was pressed")
    for key, meant in case.questions.items():
        kinds = {str(question.kind) for question in questions if key in question.occurrence}
        if not kinds & set(meant.split("|")):
            mistakes.append(f"MISSED: of {key} only {sorted(kinds)} is asked, not {meant}")
    if case.faults and not any(
        notice[3] in ("unverifiable", "fault", "outage") and notice[4] == "county-office" for notice in notices
    ):
        mistakes.append("OTHERWISE: no fault was told")
    return mistakes


def _kind(status: str, allowed: set[str]) -> str:
    if allowed <= FAILURES:
        return "MISSED" if status not in FAILURES else "OTHERWISE"
    return "ACCUSED" if status in FAILURES - {"met-disputed"} else "OTHERWISE"
