"""A second set held out: articles, contents and barriers."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.sites.case import Case
from tests.sites.files import FILES
from tests.sites.heldout.later import FRAMES, READ_ON, name
from tests.sites.words import chinese

_TODAY = READ_ON.isoformat()
_SAID = [
    "　　为进一步做好相关工作，切实维护群众利益，经县人民政府同意，制定本办法。",
    "　　申请人可以通过窗口、邮寄或者网上办理，受理单位在五个工作日内答复。",
    "　　各乡镇要压实责任，每月底前将进展情况报县级牵头部门汇总。",
    "　　违反规定的，由有关部门责令改正；情节严重的，依法予以处罚。",
]
_HAS = ["切实维护群众利益", "在五个工作日内答复"]
_LACKS = ["版权所有", "本月热榜", "为您推荐"]


def _wrap_a(title: str, line: str, text: str) -> str:
    return f'<div class="arc"><h5 class="arc-t">{title}</h5><div class="arc-i">{line}</div><div class="arc-c">{text}</div><div class="arc-n"><p>上一条：没有了</p><p>下一条：<a href="/v/1.html">关于公布投诉电话的通知</a></p></div></div>'


def _wrap_b(title: str, line: str, text: str) -> str:
    return f'<div data-v-7a="" class="d-title">{title}</div><ul class="attr"><li>{line}</li><li>A+ A A-</li></ul><div data-v-7a="" class="d-body" v-html>{text}</div>'


def _wrap_c(title: str, line: str, text: str) -> str:
    return f'<div align="center"><b><font size="4">{title}</font></b><br><small>{line}</small></div><blockquote>{text}</blockquote>'


_WRAPS = [(_wrap_a, "portal"), (_wrap_b, "modern"), (_wrap_c, "centred")]

#: name → meta, line, before, after, of a day.
_WHERE: dict[str, Callable[[date], tuple[str, str, str, str]]] = {
    "list-item": lambda d: ("", f"日期：{d}", "", ""),
    "moment-and-source": lambda d: ("", f"{d} 09:10　　来源：县融媒体中心　　【字体：大 中 小】", "", ""),
    "by-whom": lambda d: ("", f"发布人：张三　{d:%Y年%m月%d日}", "", ""),
    "first-published-tag": lambda d: (
        f'<meta name="firstpublishedtime" content="{d}-09:10:22"><meta name="lastmodifiedtime" content="{READ_ON}-10:00:00">',
        "",
        "",
        "",
    ),
    "page-made-tag": lambda d: (
        f'<meta name="others" content="页面生成时间 {READ_ON} 00:01:02"><meta name="PubDate" content="{d} 08:00:00">',
        "",
        "",
        "",
    ),
    "round-noughts": lambda d: (
        "",
        "浏览：9次",
        "",
        f"<p align=right>岚岭县人民政府</p><p align=right>{chinese(d).replace('〇', '○')}</p>",
    ),
    "letter-noughts": lambda d: (
        "",
        "",
        "",
        f"<p align=right>岚岭县人民政府办公室</p><p align=right>{chinese(d).replace('〇', 'Ｏ')}</p>",
    ),
    "editor-after-text": lambda d: ("", "", "", f"<p>（来源：县日报　时间：{d}　责编：李四）</p>"),
    "head-of-labels": lambda d: (
        "",
        "",
        f"<p><b>索引号</b> 008/2023-1 <b>发文机构</b> 县府办 <b>发文日期</b> {d - timedelta(days=6)} <b>公布日期</b> {d}</p>",
        "",
    ),
    "hour-minutes-in-words": lambda d: ("", f"发布时间：{d:%Y年%m月%d日} 16时05分", "", ""),
    "read-and-print": lambda d: ("", f"[ 发布日期：{d}  阅读：33次 ][ 打印 ]", "", ""),
    "slashed-year-last-line": lambda d: ("", f"时间:{d:%Y/%-m/%-d} 10:30:00 作者:本站", "", ""),
    "events-around": lambda d: (
        "",
        f"信息时间：{d}",
        f"<p>获取招标文件时间：{d + timedelta(days=1)}至{d + timedelta(days=6)}；开标时间：{d + timedelta(days=21)} 09:30。</p>",
        f"<p>公示期：{d}至{d + timedelta(days=5)}</p>",
    ),
}

_NONE: dict[str, tuple[str, str]] = {
    "number-like-a-day": ("编号：20230304-2", "<p>统一社会信用代码：91510123MA620230304X</p>"),
    "term-of-validity": ("", "<p>本办法自2023年5月1日起施行，有效期至2028年4月30日。</p>"),
}


def _dated(rng: Random) -> list[Case]:
    made = []
    for n, (trap, where) in enumerate(_WHERE.items()):
        case = Case(f"later-{trap}", _TODAY)
        for k, (wrap, frame) in enumerate(_WRAPS):
            day = READ_ON - timedelta(days=12 + rng.randrange(300))
            meta, line, before, after = where(day)
            title = name(rng)
            text = before + "".join(f"<p>{one}</p>" for one in _SAID) + after
            case.put(
                f"/v/{n}{k}.html",
                FRAMES[frame](rng, "公示公告", f"{title} - 岚岭县人民政府", wrap(title, line, text), meta),
            )
            case.article(
                f"/v/{n}{k}.html",
                frame,
                traps=[trap],
                title=title,
                date=day.isoformat(),
                has=_HAS,
                lacks=_LACKS,
                attachments=[],
            )
        made.append(case)
    for n, (trap, (line, extra)) in enumerate(_NONE.items()):
        case = Case(f"later-{trap}", _TODAY)
        for k, (wrap, frame) in enumerate(_WRAPS):
            title = name(rng)
            text = "".join(f"<p>{one}</p>" for one in _SAID[:2]) + extra + f"<p>{_SAID[2]}</p>"
            case.put(
                f"/z/{n}{k}.html", FRAMES[frame](rng, "公示公告", f"{title} - 岚岭县人民政府", wrap(title, line, text))
            )
            case.article(
                f"/z/{n}{k}.html", frame, traps=[trap], title=title, date=None, has=_HAS, lacks=_LACKS, attachments=[]
            )
        made.append(case)
    return made


def _i(*any_of: str, verdict: str, number: list[int] | None = None) -> dict[str, Any]:
    return {"any": list(any_of), "verdict": verdict} | ({"number": number} if number else {})


_HELD: list[tuple[str, str, list[tuple[str, str]], list[dict[str, Any]]]] = [
    (
        "value-none",
        "<p>一、政府性基金预算：无。</p><p>二、国有资本经营预算：无。</p>",
        [],
        [_i("政府性基金预算", verdict="found"), _i("绩效目标", verdict="missing")],
    ),
    (
        "category-over-rows",
        "<table><tr><th>类别</th><th>事项</th><th>许可条件</th></tr><tr><td rowspan=2>许可</td><td>取水</td><td></td></tr><tr><td>采砂</td><td></td></tr></table>",
        [],
        [_i("许可条件", verdict="missing"), _i("采砂", verdict="found")],
    ),
    (
        "table-in-table",
        "<table><tr><td><table border=1><tr><td>监测点</td><td>AQI</td></tr><tr><td>县城</td><td>51</td></tr></table></td></tr></table>",
        [],
        [_i("AQI", verdict="found", number=[0, 500])],
    ),
    (
        "only-a-picture",
        '<p style="text-align:center"><img src="/up/tu.png" width="690"></p>',
        [],
        [_i("处罚金额", verdict="unseen")],
    ),
    (
        "see-the-file",
        "<p>见附件</p>",
        [("收费.xlsx", "fees.xlsx")],
        [_i("征收依据", verdict="found"), _i("减免政策", verdict="missing")],
    ),
    ("file-not-to-be-read", "<p>见附件</p>", [("决算.ofd", "report.ofd")], [_i("三公经费", verdict="unseen")]),
    (
        "two-files",
        "<p>附件如下</p>",
        [("预算.pdf", "budget.pdf"), ("扫描件.pdf", "scan.pdf")],
        [_i("三公经费", verdict="found"), _i("债务余额", verdict="unseen")],
    ),
]


def _contents(rng: Random) -> list[Case]:
    made = []
    for n, (trap, text, files, items) in enumerate(_HELD):
        case = Case(f"later-contents-{trap}", _TODAY)
        wrap, frame = _WRAPS[n % 3]
        title, day = name(rng), READ_ON - timedelta(days=4 + n)
        links = "".join(
            f'<p><img src="/i/f.gif"><a href="/attach/0/{n}/{file}" download>{label}</a></p>' for label, file in files
        )
        case.put(f"/y/{n}.html", FRAMES[frame](rng, "公示公告", title, wrap(title, f"发布时间：{day}", text + links)))
        for _, file in files:
            case.put(f"/attach/0/{n}/{file}", (FILES / file).read_bytes(), type="application/octet-stream")
        case.article(f"/y/{n}.html", frame, traps=[trap], title=title, date=day.isoformat(), items=items)
        made.append(case)
    return made


_INSIDE = {
    "no-such-paper": "<div class='m'>该文章不存在！</div>", "open-in-a-client": "<div class='m'>请使用手机客户端扫码查看</div>", "prove-your-number": "<div class='m'>此内容需验证手机号后查看</div>",
    "something-wrong": "<div class='m'><h2>出错了</h2><p>服务器开小差了，请稍后重试</p></div>", "nothing-to-show": "<div class='m'>数据加载失败，点击重试</div>", "under-repair": "<div class='m'>本栏目正在改版，暂停访问</div>",
}  # fmt: skip
_BARE = {
    "address-barred": ("<html><body>您的IP已被禁止访问，如有疑问请联系管理员</body></html>", 200), "turn-scripts-on": ("<html><head><noscript>请开启JavaScript后刷新页面</noscript><script src='/x.js'></script></head><body></body></html>", 200),
    "forwarded": ("<html><head><meta http-equiv='refresh' content='0;url=/verify?from=%2Fq%2F'></head><body></body></html>", 200), "java-trace": ("<pre>java.lang.NullPointerException\n\tat com.cms.web.ColumnAction.list(ColumnAction.java:88)</pre>", 200), "blocked-419": ("<html><body>Access Denied</body></html>", 405),
}  # fmt: skip
_SOUND = {
    "about-a-hotline": (
        "关于热线系统故障的说明",
        "<p>3月8日上午，热线系统出现故障，部分群众来电提示“出错了，请稍后重试”，现已恢复。</p><p>　　给大家带来不便，深表歉意。</p>",
    ),
    "about-a-column": (
        "关于调整网站栏目的公告",
        "<p>县政府网站“招商引资”栏目正在改版，暂停更新；“办事指南”中已不存在的事项一并删除。</p><p>请使用手机客户端扫码关注政务公众号。</p>",
    ),
}


def _barriers(rng: Random) -> list[Case]:
    made = []
    for n, (key, inside) in enumerate(_INSIDE.items()):
        case = Case(f"later-blocks-{key}", _TODAY)
        for address in ("/q/", "/q/1.html"):
            case.put(address, FRAMES[["portal", "modern", "centred"][n % 3]](rng, "公示公告", "公示公告", inside))
        made.append(case)
    for key, (body, status) in _BARE.items():
        case = Case(f"later-blocks-{key}", _TODAY)
        for address in ("/q/", "/q/1.html"):
            case.put(address, body, status=status)
        made.append(case)
    for case in made:
        trap = case.name.removeprefix("later-blocks-")
        case.column("/q/", "barrier", traps=[trap], outcome="unseen", complete=False)
        case.article(
            "/q/1.html", "barrier", traps=[trap], kind="unverifiable", items=[_i("监测数据", verdict="unseen")]
        )
    for key, (title, text) in _SOUND.items():
        case = Case(f"later-near-{key}", _TODAY)
        for k, (wrap, frame) in enumerate(_WRAPS):
            case.put(f"/s/{k}.html", FRAMES[frame](rng, "公示公告", title, wrap(title, "发布时间：2023-03-09", text)))
            case.article(
                f"/s/{k}.html",
                frame,
                traps=[f"near:{key}"],
                title=title,
                date="2023-03-09",
                has=[text[3:15]],
                attachments=[],
            )
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_dated(rng), *_contents(rng), *_barriers(rng)]
