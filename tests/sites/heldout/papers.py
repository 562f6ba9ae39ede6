"""Articles held out: other systems' templates, dates in other places, contents in other shapes."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.sites.case import Case
from tests.sites.files import FILES
from tests.sites.heldout.frames import FRAMES, READ_ON, bystanders, heading, lines, office, place

#: Puts title, the line beneath it and the text into a system's markup.
Sheet = Callable[[str, str, str], str]


def dede(title: str, line: str, text: str) -> str:
    return f'<div class="viewbox"><div class="title"><h2>{title}</h2></div><div class="info">{line}</div><div class="content"><table width="100%"><tr><td>{text}</td></tr></table></div><div class="handle"><a href="#">收藏</a><a href="#">挑错</a></div></div>'


def empire(title: str, line: str, text: str) -> str:
    return f'<div class="main"><h1 id="biaoti">{title}</h1><p class="titinfo">{line}</p><div id="text">{text}</div><div class="pre_next">上一篇：<a href="/1.html">无</a> 下一篇：<a href="/2.html">关于春节值班的安排</a></div></div>'


def server(title: str, line: str, text: str) -> str:
    return f'<div class="news_show"><p class="biaoti" style="font-size:24px;font-weight:bold">{title}</p><p class="xinxi">{line}</p><div class="neirong">{text}</div></div>'


def card(title: str, line: str, text: str) -> str:
    return f'<h3 class="card-title">{title}</h3><div class="text-muted small">{line}</div><hr><div class="card-text rich">{text}</div>'


def bare(title: str, line: str, text: str) -> str:
    return f"<center><font size=4><b>{title}</b></font></center><hr><center>{line}</center>{text}"


SHEETS: dict[str, tuple[Sheet, str, str]] = {
    "dede": (dede, "township", "utf-8"), "empire": (empire, "cards", "utf-8"), "server": (server, "township", "gbk"), "card": (card, "cards", "utf-8"), "bare": (bare, "jsp", "gb18030"),
}  # fmt: skip


def _han(day: date) -> str:
    return f"{day:%Y}年{day:%m}月{day:%d}日"


#: name → (meta, line, what is put before the text, after it) of a day and a source; the address where it matters.
_PLACES: dict[str, Callable[[date, str], tuple[str, str, str, str]]] = {
    "small-labels": lambda d, s: ("", f"<small>时间:</small>{d} 17:35<small>来源:</small>{s}<small>作者:</small>admin<small>点击:</small><script src='/plus/count.php'></script>次", "", ""),
    "bars-between": lambda d, s: ("", f"发布时间：{d.year}-{d.month}-{d.day} | 来源：{s} | 阅读：<span id=hits>0</span>", "", ""),
    "label-and-value-in-cells": lambda d, s: ("", f"<table><tr><td>发布时间</td><td>{_han(d)}</td><td>信息来源</td><td>{s}</td></tr></table>", "", ""),
    "bare-moment": lambda d, s: ("", f"<span id='con_time'>{d} 10:11:05</span>", "", ""),
    "tag-in-words": lambda d, s: (f'<meta name="PubDate" content="{_han(d)} 10:22"><meta name="ContentSource" content="{s}">', "字号：A+ A-", "", ""),
    "publishdate-tag": lambda d, s: (f'<meta name="publishdate" content="{d}">', "打印", "", ""),
    "published-time-tag": lambda d, s: (f'<meta property="article:published_time" content="{d}T08:00:00+08:00"><meta property="article:modified_time" content="{READ_ON}T08:00:00+08:00">', "", "", ""),
    "time-element": lambda d, s: ("", f'<time class="entry-date published" datetime="{d}T09:00:00+08:00">{d.month}月{d.day}日</time>', "", ""),
    "deadline-in-head": lambda d, s: ("", f"发布日期：{d}", f"<p>报名截止时间：{_han(d + timedelta(days=40))}</p><p>考试时间：{_han(d + timedelta(days=60))}</p>", ""),
    "meeting-day-in-text": lambda d, s: ("", f"{s} {d}", f"<p>会议时间：{_han(d - timedelta(days=3))}下午3时</p><p>会议地点：县行政中心</p>", ""),
    "line-after-text": lambda d, s: ("", "", "", f'<p class="bj">（发布日期：{d}　责任编辑：张某）</p>'),
    "catalogue-list": lambda d, s: ("", "", f"<ul class='xxgkhead'><li><b>索 引 号：</b>11330/2024-00{d.day}</li><li><b>发布机构：</b>{s}</li><li><b>成文日期：</b>{d - timedelta(days=20)}</li><li><b>公开日期：</b>{d}</li></ul>", ""),
    "catalogue-rows": lambda d, s: ("", "", f"<table class=bt><tr><th>信息分类</th><td>公文</td><th>文件编号</th><td>松政〔2024〕5号</td></tr><tr><th>发布机构</th><td>{s}</td><th>生成日期</th><td>{_han(d - timedelta(days=15))}</td></tr><tr><th>生效时间</th><td>2024-10-01</td><th>发布日期</th><td>{_han(d)}</td></tr></table>", ""),
    "published-label-empty": lambda d, s: ("", "发布时间：", "", f"<p align=right>{s}</p><p align=right>{_han(d)}</p>"),
    "uploaded": lambda d, s: ("", f"上传时间：{d:%Y/%m/%d} 上传人：办公室", "", ""),
    "two-lines": lambda d, s: ("", f"<div>来源：{s}</div><div>发布于 {d} 14:02</div>", "", ""),
    "full-width-digits": lambda d, s: ("", "发布时间：" + str(d).translate(str.maketrans("0123456789-", "０１２３４５６７８９－")), "", ""),
}  # fmt: skip

#: Nothing on these pages says when they were published.
_NOWHERE: dict[str, tuple[str, str]] = {
    "only-a-deadline": ("来源：县教育局", "<p>申报截止日期：2024年9月30日。</p>"),
    "only-a-law": ("", "<p>根据2019年4月3日修订的《政府信息公开条例》和2021年1月22日的决定办理。</p>"),
    "only-side-and-foot": ("阅读：23", ""),
}


def _dated(rng: Random) -> list[Case]:
    made = []
    names = list(SHEETS)
    for n, (trap, where) in enumerate(_PLACES.items()):
        case = Case(f"papers-{trap}", READ_ON.isoformat())
        for k in range(2):
            sheet, frame, encoding = SHEETS[names[(n + 2 * k) % len(names)]]
            day, source = READ_ON - timedelta(days=30 + rng.randrange(200)), office(rng)
            title, body = heading(rng, day), lines(rng, 4 + n % 4)
            meta, line, before, after = where(day, source)
            text = before + "".join(f"<p>　　{one}</p>" for one in body) + after
            _put(rng, case, f"/a{n}/{k}.html", frame, encoding, title, meta, sheet(title, line, text))
            told = f"：{source}" in line or f'"{source}"' in meta or source in before or f"</td><td>{source}" in line
            case.article(
                f"/a{n}/{k}.html",
                names[(n + 2 * k) % len(names)],
                traps=[trap],
                title=title,
                date=day.isoformat(),
                source=source if told and "small" not in trap else None,
                has=[body[0][:20], body[-1][-16:]],
                lacks=["网站标识码", "大家在看", "热点信息"],
                attachments=[],
            )
        made.append(case)
    for n, (trap, (line, extra)) in enumerate(_NOWHERE.items()):
        case = Case(f"papers-{trap}", READ_ON.isoformat())
        for k, name in enumerate(["dede", "bare", "card"]):
            sheet, frame, encoding = SHEETS[name]
            title, body = heading(rng, READ_ON), lines(rng, 4)
            text = f"<p>{body[0]}</p>{extra}" + "".join(f"<p>{one}</p>" for one in body[1:])
            _put(rng, case, f"/n{n}/{k}.html", frame, encoding, title, "", sheet(title, line, text))
            case.article(
                f"/n{n}/{k}.html",
                name,
                traps=[trap],
                title=title,
                date=None,
                has=[body[0][:20]],
                lacks=["网站标识码"],
                attachments=[],
            )
        made.append(case)
    by_address = Case("papers-address-alone", READ_ON.isoformat())
    for form in ["/art/2024/8/23/art_1229_57.html", "/c100186/20240823/9981.html", "/2024-08/23/content_66.htm"]:
        title, body = heading(rng, READ_ON), lines(rng, 5)
        _put(
            rng,
            by_address,
            form,
            "cards",
            "utf-8",
            title,
            "",
            card(title, "字体：大 中 小", "".join(f"<p>{one}</p>" for one in body)),
        )
        by_address.article(
            form, "card", traps=["address-alone"], title=title, date="2024-08-23", has=[body[0][:20]], attachments=[]
        )
    return [*made, by_address]


def _put(rng: Random, case: Case, address: str, frame: str, encoding: str, title: str, meta: str, main: str) -> None:
    charset = "gb2312" if encoding == "gbk" else encoding
    case.put(
        address,
        FRAMES[frame](rng, place(rng), title, meta, charset, main, bystanders(rng, 5, days=True)),
        encoding=encoding,
    )


def _item(*words: str, verdict: str, number: list[int] | None = None) -> dict[str, Any]:
    return {"any": list(words), "verdict": verdict} | ({"number": number} if number else {})


_HELD: list[tuple[str, str, list[tuple[str, str]], list[dict[str, Any]]]] = [
    (
        "rows-as-heads",
        "<table border=1><tr><th>姓名</th><td>赵某</td></tr><tr><th>救助金额</th><td>1200</td></tr><tr><th>救助原因</th><td></td></tr></table>",
        [],
        [_item("救助金额", verdict="found"), _item("救助原因", verdict="missing")],
    ),
    (
        "two-storey-head",
        "<table><tr><th rowspan=2>单位</th><th colspan=2>三公经费</th></tr><tr><th>预算数</th><th>决算数</th></tr><tr><td>县林业局</td><td>5.2</td><td></td></tr></table>",
        [],
        [_item("预算数", verdict="found"), _item("决算数", verdict="missing")],
    ),
    (
        "paragraph-list",
        "<p>一、收入情况。全年收入320万元。</p><p>二、支出情况。全年支出318万元。</p>",
        [],
        [_item("支出情况", verdict="found"), _item("结余情况", verdict="missing")],
    ),
    (
        "number-with-unit",
        "<p>城区8月AQI均值：43（优）；PM2.5浓度21微克/立方米。</p>",
        [],
        [_item("AQI", verdict="found", number=[0, 500]), _item("PM10", verdict="missing", number=[0, 1000])],
    ),
    ("sheet-in-zip", "<p>详见附件</p>", [("公示表", "bundle.zip")], [_item("征收依据", verdict="found")]),
    (
        "pdf-alone",
        "",
        [("2024年部门预算公开.pdf", "budget.pdf")],
        [_item("三公经费", verdict="found"), _item("国有资产占用", verdict="missing")],
    ),
    ("scan-alone", "", [("批复.pdf", "scan.pdf")], [_item("批复金额", verdict="unseen")]),
    ("saved-page", "<p>附表如下：</p>", [("合格率表.xls", "saved-page.xls")], [_item("抽检批次", verdict="found")]),
]


def _contents(rng: Random) -> list[Case]:
    made = []
    for n, (trap, text, files, items) in enumerate(_HELD):
        case = Case(f"contents-{trap}", READ_ON.isoformat())
        name = list(SHEETS)[n % len(SHEETS)]
        sheet, frame, encoding = SHEETS[name]
        title, day = heading(rng, READ_ON), READ_ON - timedelta(days=n + 3)
        links = "".join(f'<p><a href="/u/cms/www/{day:%Y%m}/{n}{file}">{label}</a></p>' for label, file in files)
        _put(rng, case, f"/c/{n}.html", frame, encoding, title, "", sheet(title, f"发布时间：{day}", text + links))
        for _, file in files:
            case.put(f"/u/cms/www/{day:%Y%m}/{n}{file}", (FILES / file).read_bytes(), type="application/octet-stream")
        case.article(
            f"/c/{n}.html",
            name,
            traps=[trap],
            title=title,
            date=day.isoformat(),
            attachments=[f"/u/cms/www/{day:%Y%m}/{n}{file}" for _, file in files],
            items=items,
        )
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_dated(rng), *_contents(rng)]
