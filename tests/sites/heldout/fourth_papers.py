"""The fourth set held out: articles."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from tests.sites.case import Case
from tests.sites.heldout.fourth_frames import NEW, OLD, boot, front, phone, webform

_TITLE = "新桥水库除险加固进展"
_SAID = "截至本月，坝体防渗处理已完成，溢洪道改建过半，预计汛前全部完工，工程质量经抽检合格。"
_MORE = "下一步，将继续按照批复的设计组织施工，并于每月向社会公布情况，欢迎广大群众监督。"
_DAY, _LATE = date(2013, 5, 9), date(2023, 10, 12)
_FOUND = {"any": ["坝体防渗"], "verdict": "found"}
_LACKS = {"any": ["安置补偿"], "verdict": "missing"}
_UNSEEN = {"any": ["安置补偿"], "verdict": "unseen"}
_TEXT = f"<p>　　{_SAID}</p><p>　　{_MORE}</p>"

#: name → (frame, what stands between title and text, what stands after it, day told).
_LINES: dict[str, tuple[str, str, str, date | None]] = {
    "day-first-slashes": ("boot", f"发布时间：{_LATE:%d/%m/%Y} 来源：县水利局", "", _LATE),
    "day-in-brackets": ("front", f"（{_DAY.year}年{_DAY.month}月{_DAY.day}日）", "", _DAY),
    "read-and-close": ("front", f"[{_DAY.year}-{_DAY.month}-{_DAY.day}]　阅读[<script src='hit.asp?id=3'></script>]次　【<a href='javascript:window.close()'>关闭</a>】", "", _DAY),
    "two-digit-year": ("front", f"日期：{_DAY:%y-%m-%d}　点击：33", "", _DAY),
    "two-digit-year-slashes": ("front", f"发布时间：{_DAY:%y/%m/%d}", "", _DAY),
    "label-of-asp": ("webform", f'<span id="lblTime">{_DAY.year}/{_DAY.month}/{_DAY.day} 0:00:00</span><span id="lblFrom">县水利局</span>', "", _DAY),
    "changed-beside": ("boot", f"发布时间：{_LATE}　更新时间：2023-11-02　来源：县水利局", "", _LATE),
    "changed-before": ("boot", f"更新时间：2023-11-02　发布时间：{_LATE}", "", _LATE),
    "signed-in-numerals": ("front", "", "<p align=right>县水利局</p><p align=right>二○一三年五月九日</p>", _DAY),
    "after-the-text": ("front", "", f"<p>（{_DAY:%Y年%m月%d日} 作者：办公室）</p>", _DAY),
    "clock-and-foot": ("webform", "浏览次数：12", "", None),
    "json-ld": ("phone", "", f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{_TITLE}","datePublished":"{_LATE}T09:12:00+08:00"}}</script>', _LATE),
    "english-label": ("boot", f"Published: {_LATE} | Views: 21", "", _LATE),
    "weekday-after": ("boot", f"{_LATE:%Y年%m月%d日} 星期四 08:30　县水利局", "", _LATE),
    "relative-only": ("phone", "<em>岑下发布</em> <time>3天前</time>", "", None),
}  # fmt: skip
_FRAMES = {
    "front": (front, OLD, "gb2312"),
    "webform": (webform, OLD, "utf-8"),
    "boot": (boot, NEW, "utf-8"),
    "phone": (phone, NEW, "utf-8"),
}


def _paper(name: str, frame: str, inner: str, **truth: Any) -> Case:
    wrap, read, encoding = _FRAMES[frame]
    case = Case(f"fourth-{name}", read.isoformat())
    case.put("/n/77.html", wrap(_TITLE, inner), encoding=encoding)
    case.article("/n/77.html", "plain", traps=[name], **truth)
    return case


def _dated(rng: Random) -> list[Case]:
    made = []
    for name, (frame, line, after, day) in _LINES.items():
        inner = f'<h1 align="center">{_TITLE}</h1><p align="center">{line}</p><div>{_TEXT}</div>{after}'
        day_any = {} if day or name != "relative-only" else {"date_any": ["2023-11-05"]}
        made.append(
            _paper(
                name,
                frame,
                inner,
                title=_TITLE,
                date=day and day.isoformat(),
                has=[_SAID, _MORE],
                items=[_FOUND, _LACKS],
                **day_any,
            )
        )
    return made


def _contents(rng: Random) -> list[Case]:
    head = f"<h1>{_TITLE}</h1><p>发布时间：{_LATE} 来源：县水利局</p>"
    scans = "".join(f'<p><img src="/up/p{n}.jpg" width="680"></p>' for n in range(4))
    tabs = f'<ul><li>进展</li><li>补偿</li></ul><div>{_TEXT}</div><div style="display:none"><p>二、安置补偿。已与三十七户签订协议，款项拨付到户。</p></div>'
    paper = [
        _paper("scans-only", "boot", head + scans, kind="any", items=[_UNSEEN]),
        _paper("words-and-scans", "boot", f"{head}<p>现将有关情况公布如下：</p>{scans}", kind="any", items=[_UNSEEN]),
        _paper("flash-viewer", "boot", f'{head}<p>现将有关情况公布如下：</p><object data="/v/r.swf" type="application/x-shockwave-flash" width="700" height="900"><embed src="/v/r.swf"></object>', kind="any", items=[_UNSEEN]),
        _paper("hidden-tab", "boot", head + tabs, title=_TITLE, date=_LATE.isoformat(), items=[_FOUND, {"any": ["安置补偿"], "verdict": "found"}]),
        _paper("in-pre", "front", f"<h1>{_TITLE}</h1><pre>发布日期：{_DAY}\r\n\r\n　　{_SAID}\r\n　　{_MORE}</pre>", title=_TITLE, date=_DAY.isoformat(), has=[_SAID], items=[_FOUND, _LACKS]),
        _paper("read-more-elsewhere", "phone", f'{head}<p>{_SAID}</p><p>……</p><a class="open" href="appsched://news/77">打开客户端阅读全文</a>', kind="any", items=[_UNSEEN]),
        _paper("next-page-by-script", "front", f'<h1>{_TITLE}</h1><p>{_DAY}</p>{_TEXT}<p>[1] <a href="javascript:page(2)">[2]</a> <a href="javascript:page(2)">下一页</a></p>', kind="any", items=[_UNSEEN]),
        _paper("text-by-request", "boot", f'{head}<div id="zoom"></div><script>fetch("/api/doc/77").then(r=>r.json()).then(d=>zoom.innerHTML=d.html)</script>', kind="unverifiable", items=[_UNSEEN]),
    ]  # fmt: skip
    case = _paper("cut-in-the-text", "front", "")
    whole = front(_TITLE, f"<h1>{_TITLE}</h1><p>发布日期：{_DAY}</p>{_TEXT}")
    case.put("/n/77.html", whole[: whole.index("欢迎广大")], encoding="gb2312")
    case.articles[-1] |= {"kind": "any", "items": [_FOUND, _UNSEEN]}
    return [*paper, case]


_BARRED = {
    "filed-away": ("boot", "<div class='msg'>该信息已归档，如需查阅请依申请公开</div>"),
    "not-yet-reviewed": ("webform", "<div class='msg'>信息正在审核中，暂时无法浏览</div>"),
    "inner-net-only": ("front", "<p>本文仅限内网用户浏览</p>"),
    "no-data": ("webform", "<script>alert('参数不正确！');window.opener=null;window.close();</script>"),
    "script-first": ("bare", "<html><head><meta charset=utf-8></head><body><p>请开启JavaScript并刷新该页.</p><script src='/_guard/auto.js'></script></body></html>"),
    "puzzle": ("bare", "<html><head><meta charset=utf-8><title>安全验证</title></head><body><div class=box><p>请拖动滑块完成拼图</p><div id=slider></div></div></body></html>"),
    "single-sign-on": ("bare", "<html><head><meta charset=utf-8><title>统一身份认证平台</title></head><body><form id=fm1><input name=username placeholder=账号><input type=password name=password><button>登 录</button></form><p>忘记密码</p></body></html>"),
}  # fmt: skip


def _barred(rng: Random) -> list[Case]:
    made = []
    for name, (frame, said) in _BARRED.items():
        case = Case(f"fourth-{name}", OLD.isoformat())
        if frame == "bare":
            case.put("/n/77.html", said)
        else:
            wrap, _, encoding = _FRAMES[frame]
            case.put("/n/77.html", wrap("信息内容", said), encoding=encoding)
        case.article("/n/77.html", "barrier", traps=[name], kind="unverifiable", items=[_UNSEEN])
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_dated(rng), *_contents(rng), *_barred(rng)]
