"""The frames of the sixth set held out: six manners in which an article is put on a page, none of the earlier sets' own."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.sites.case import Case

#: The days on which the pages are read.
TODAY = {"asp": "2010-11-17", "trs": "2015-09-30", "jcms": "2018-05-21", "boda": "2019-07-12", "ucap": "2023-08-08"}
#: The day on which their articles were published, where nothing else is said.
DAY = {"asp": "2010-10-19", "trs": "2015-09-03", "jcms": "2018-04-26", "boda": "2019-06-28", "ucap": "2023-07-14"}
CHARSET = {"asp": "gb2312", "trs": "utf-8", "jcms": "utf-8", "boda": "utf-8", "ucap": "utf-8"}

_BUREAUS = [
    "县财政局",
    "县民政局",
    "县教育局",
    "县交通运输局",
    "县审计局",
    "县水利局",
    "县统计局",
    "团结乡",
    "沙坝镇",
    "红星街道",
]
_MATTERS = [
    "行政事业性收费",
    "惠农补贴发放",
    "乡村公路养护",
    "临时救助",
    "政府信息公开",
    "安全生产大检查",
    "校车管理",
    "防汛抗旱",
    "畜禽养殖整治",
    "干部值班",
]
_FORMS = ["有关情况的公示", "工作的通知", "情况的通报", "实施细则", "情况的说明", "进展情况"]


def heading(rng: Random) -> str:
    return f"{rng.choice(_BUREAUS)}关于{rng.choice(_MATTERS)}{rng.choice(_FORMS)}"


#: Prose of ordinary length in which none of the items asked for stands.
PROSE = (
    "<p>　　根据县委、县政府统一安排，结合本部门工作实际，现就有关事宜予以公布，请社会各界予以监督。</p>"
    "<p>　　各股室、各下属单位要对照职责，细化措施，明确专人，按时报送工作开展情况，对推进不力的予以通报。</p>"
    "<p>　　群众如有意见和建议，可以书面形式向本部门反映，我们将在规定期限内予以答复。</p>"
)


def asp(name: str, text: str, info: str = "", *, head: str = "", column: str = "通知公告") -> str:
    """Of about 2009: nested layout tables, the title in a cell, colours in attributes."""
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>::沙坝县政府网::--{column}</title>{head}<style>td{{font-size:12px}}</style></head>'
        '<body bgcolor="#EFEFEF" topmargin="0"><table width="776" border="0" align="center" cellpadding="0" cellspacing="0"><tr><td><img src="images/top1.jpg" width="776" height="140"></td></tr>'
        '<tr><td height="26" background="images/nav.gif"><a href="index.asp">首页</a> | <a href="list.asp?bid=1">沙坝概况</a> | <a href="list.asp?bid=2">政务要闻</a> | <a href="list.asp?bid=3">通知公告</a> | <a href="book.asp">留言板</a></td></tr></table>'
        f'<table width="776" align="center" bgcolor="#FFFFFF"><tr><td height="22">当前位置：<a href="index.asp">首页</a>→{column}→浏览正文</td></tr>'
        f'<tr><td align="center" height="40"><font color="#CC0000" size="4"><b>{name}</b></font></td></tr><tr><td align="center" bgcolor="#F5F5F5">{info}</td></tr>'
        f'<tr><td style="padding:10px" class="nr">{text}</td></tr><tr><td align="right">【<a href="javascript:window.print()">打印本页</a>】【<a href="javascript:window.close()">关闭窗口</a>】</td></tr></table>'
        '<table width="776" align="center"><tr><td align="center">沙坝县人民政府办公室主办　沙坝县信息中心维护<br>Copyright 2006-2010 All Rights Reserved　建议使用IE6.0以上版本浏览</td></tr></table></body></html>'
    )


def trs(name: str, text: str, info: str = "", *, head: str = "", column: str = "部门动态", below: str = "") -> str:
    """Of about 2014: page tags in the head, the editor's place, a clock, a box to share."""
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{name}_沙坝县人民政府</title>{head}<link href="/images/css_xl.css" rel="stylesheet" type="text/css" /></head>'
        '<body><div id="header"><div class="dt"><script src="/images/date.js"></script>今天是2015年9月30日 星期三　农历八月十八</div><div class="logo"><img src="/images/logo.png" /></div><ul id="menu"><li><a href="/">首页</a></li><li><a href="/zjsb/">走进沙坝</a></li><li><a href="/xwdt/">新闻动态</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/bsfw/">办事服务</a></li></ul></div>'
        f'<div class="dqwz">您的位置：<a href="../../">首页</a>&gt;<a href="../">政务公开</a>&gt;<a href="./" class="CurrChnlCls">{column}</a></div>'
        f'<div class="xl"><div class="xl_title">{name}</div><div class="xl_info">{info}</div><div class="xl_con"><div class="TRS_Editor">{text}</div></div>{below}<div class="bdsharebuttonbox"><a href="#" class="bds_more">分享到</a></div></div>'
        '<div id="footer"><p>沙坝县人民政府主办　沙坝县人民政府办公室承办</p><p>黔ICP备07001234号　网站地图　联系我们</p></div></body></html>'
    )


def jcms(name: str, text: str, info: str = "", *, head: str = "", column: str = "信息公开", side: str = "") -> str:
    """Of about 2018: marks of the template left in comments, a side list of the column."""
    return (
        f'<!doctype html><html><head><meta charset="UTF-8"><title>沙坝县人民政府 {column} {name}</title>{head}<script src="/script/0/1805/jquery.js"></script></head>'
        '<body><div class="bt-top"><a href="/">首页</a><a href="/col/col101/index.html">要闻</a><a href="/col/col102/index.html">公开</a><a href="/col/col103/index.html">服务</a><a href="/col/col104/index.html">互动</a></div>'
        f'<div class="bt-position">当前位置：<a href="/">首页</a> &gt; <a href="/col/col102/index.html">{column}</a></div><div class="bt-left"><div id="title" class="main-fl-tit"><!--<$[标题名称(html)]>begin-->{name}<!--<$[标题名称(html)]>end--></div><div class="main-xx">{info}</div>'
        f'<div class="main-txt" id="zoom"><!--<$[信息内容]>begin-->{text}<!--<$[信息内容]>end--></div><div class="main-gj"><a onclick="doprint()">打印</a><a onclick="window.close()">关闭</a></div></div>{side}'
        '<div class="bt-foot"><p>主办单位：沙坝县人民政府　网站标识码：5226270003</p><p>贵公网安备 52262702000111号</p></div></body></html>'
    )


def boda(name: str, text: str, info: str = "", *, head: str = "", column: str = "公示公告", files: str = "") -> str:
    """Of about 2019: a form around the article, files below it with their counters, neighbours at the end."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="UTF-8"><title>{name}-沙坝县人民政府门户网站</title><META Name="keywords" Content="沙坝县,政府">{head}</head><body>'
        '<div class="head"><a href="../../index.htm">网站首页</a><a href="../../xwzx.htm">新闻中心</a><a href="../../zwgk.htm">政务公开</a><a href="../../gsgg.htm">公示公告</a></div>'
        f'<div class="winstyle1"><a href="../../index.htm">首页</a>&gt;&gt;<a href="../../gsgg.htm">{column}</a>&gt;&gt;正文</div><form name="_newscontent_fromname"><div class="show01"><h5>{name}</h5><p>{info}</p></div>'
        f'<div id="vsb_content_2"><div class="v_news_content">{text}</div></div><div id="div_vote_id"></div>{files}<p>上一条：<a href="1101.htm">全县春耕备耕现场会召开</a></p><p>下一条：<a href="1099.htm">我县开展送教下乡活动</a></p><p>【<a href="javascript:window.opener=null;window.close();">关闭</a>】</p></form>'
        '<div class="foot">版权所有：沙坝县人民政府　地址：沙坝镇人民路1号　邮编：556600</div></body></html>'
    )


def ucap(name: str, text: str, info: str = "", *, head: str = "", column: str = "法定主动公开内容", files: str = "", catalogue: str = "") -> str:  # fmt: skip
    """Of about 2022: a catalogue's head where it has one, tools for the eye, related reading."""
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{name} - {column} - 沙坝县人民政府</title>\n{head}\n</head>\n<body>\n'
        '<header><div class="wza">无障碍浏览 长者助手 繁体</div><nav><a href="/">首页</a><a href="/zfxxgk/">政府信息公开</a><a href="/hdjl/">互动交流</a></nav></header>\n'
        f'<div class="breadcrumb"><a href="/">首页</a> / <a href="/zfxxgk/">政府信息公开</a> / <span>{column}</span></div>\n<article class="detail">{catalogue}<h1 class="detail-title">{name}</h1><div class="detail-info">{info}</div><div class="detail-content"><ucapcontent>{text}</ucapcontent></div>{files}</article>\n'
        "<footer><p>主办：沙坝县人民政府办公室</p><p>网站标识码：5226270003</p></footer>\n</body>\n</html>"
    )


FRAMES = {"asp": asp, "trs": trs, "jcms": jcms, "boda": boda, "ucap": ucap}

#: How each frame says when and by whom.
INFO = {
    "asp": "发布时间：2010-10-19　点击：87 次",
    "trs": '<span>发布时间：2015-09-03</span><span>来源：县财政局</span><span class="zt">字号：[<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>]</span>',
    "jcms": '<span>发布日期：2018-04-26 16:20</span><span>信息来源：县财政局</span><span>浏览次数：<script src="/module/visitcount/visit.jsp?i_webid=3"></script></span>',
    "boda": '2019-06-28 10:33:07　　来源：县财政局　　点击：[<script>_showDynClicks("wbnews", 1, 1100)</script>]',
    "ucap": '<span>发布时间：2023-07-14 09:00:00</span><span>来源：县财政局</span><span>浏览量：<i id="hits">-</i></span>',
}

#: Where the article of each frame stands.
URL = {
    "asp": "/show.asp?id=1187", "trs": "/zwgk/bmdt/201509/t20150903_40871.html", "jcms": "/art/2018/4/26/art_102_7781.html", "boda": "/info/1043/1100.htm",
    "ucap": "/zfxxgk/fdzdgknr/content/post_5512301.html",
}  # fmt: skip


def asked(items: Mapping[str, str]) -> list[dict[str, Any]]:
    """Items as short as they can be written: 甲|乙, AQI#0-500, @day; their verdict, and behind > what proves it."""
    made: list[dict[str, Any]] = []
    for told, answer in items.items():
        words, _, bounds = told.partition("#")
        verdict, _, place = answer.partition(">")
        one: dict[str, Any] = {"names": words[1:]} if words.startswith("@") else {"any": words.split("|")}
        if bounds:
            one["number"] = [int(part) for part in bounds.split("-")]
        one["verdict"] = verdict
        if place:
            one["where"] = place.split("&")
        made.append(one)
    return made


def paper(
    name: str, frame: str, text: str, rng: Random, items: Mapping[str, str] | None = None, *, title: str = "",
    kind: str = "article", has: Sequence[str] = (), lacks: Sequence[str] = (), links: Sequence[str] | None = None, dated: bool = True, **more: Any,
) -> Case:  # fmt: skip
    """One article in a frame, published on the frame's day."""
    title = title or heading(rng)
    case = Case(f"sixth-{name}", TODAY[frame])
    case.put(URL[frame], FRAMES[frame](title, text, INFO[frame], **more), encoding=CHARSET[frame])
    source = None if frame == "asp" else "县财政局"
    truth: dict[str, Any] = {"title": title, "date": DAY[frame], "source": source} if dated else {}
    case.article(
        URL[frame], "article", traps=[name], kind=kind, has=list(has) or None, lacks=list(lacks) or None,
        attachments=None if links is None else list(links), items=asked(items or {}) or None, **truth,
    )  # fmt: skip
    return case
