"""How each system writes an article into its page."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from tests.sites.case import Case
from tests.sites.skins import SKINS, Place, side_list
from tracker.demo.markup import ArticleTemplate


@dataclass(slots=True)
class ArticleParts:
    """What an article consists of, before a system has put it into its page."""

    title: str
    day: date | None
    paragraphs: list[str]
    source: str = ""
    line: str = ""  # the visible line beneath the title
    meta: str = ""
    head: str = ""  # a catalogue's head above the text
    tail: str = ""  # after the text: related articles, signature
    files: list[tuple[str, str]] = field(default_factory=list)  # name, address


@dataclass(frozen=True, slots=True)
class System:
    """How a system writes an article: {parts} is the article, {number} is drawn."""

    article: ArticleTemplate
    skin: str
    encoding: str = "utf-8"


_FILE = '<p>附件：<a href="{1}" target="_blank">{0}</a></p>'

SYSTEMS: dict[str, System] = {
    "trs": System(ArticleTemplate(
        """<div class="xl_title">{parts.title}</div><div class="xl_info">{parts.line}<span>字体：[<a href="javascript:doZoom(16)">大</a> <a href="javascript:doZoom(14)">中</a> <a href="javascript:doZoom(12)">小</a>]</span></div>{parts.head}
<div class="xl_con"><div class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:2;font-family:宋体;font-size:12pt;}}</style>{text}</div>{files}</div><div class="dy">打印本页 关闭窗口</div>{parts.tail}""",
        '<p align="justify">　　{}</p>', _FILE, "\n",
    ), "boxes"),
    "jcms": System(ArticleTemplate(
        """<table width="100%" border="0" id="article"><tr><td class="title" align="center"><!--<$[标题名称(html)]>begin-->{parts.title}<!--<$[标题名称(html)]>end--></td></tr>
<tr><td align="center" class="bt-info">{parts.line} 浏览次数：<script src="/module/visitcount/articlehits.jsp?colid=280&artid={number}"></script> 字号：[ <a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a> <a href="javascript:doZoom(14)">小</a> ]</td></tr>
<tr><td>{parts.head}<div id="zoom"><!--ZJEG_RSS.content.begin--><meta name="ContentStart"/>{text}{files}<meta name="ContentEnd"/><!--ZJEG_RSS.content.end--></div></td></tr></table>{parts.tail}""",
        '<p style="text-indent:2em"><span style="font-size:16px">{}</span></p>', _FILE, "\n",
    ), "boxes"),
    "ucap": System(ArticleTemplate(
        """<article class="detail"><h1 class="info_title">{parts.title}</h1><div class="info_more">{parts.line}<div class="share"><a href="#">微信</a><a href="#">微博</a></div></div>{parts.head}
<div class="article-content">{text}<div class="fjList">{files}</div></div></article>{parts.tail}""",
        "<p>{}</p>", '<a class="nfw-cms-attachment" href="{1}" alt="{0}">{0}</a>', "\n",
    ), "wide"),
    "boda": System(ArticleTemplate(
        """<form name="_newscontent_fromname"><div class="content-title"><h3>{parts.title}</h3><i>{parts.line} 点击：[<script>_showDynClicks("wbnews", 1, {number})</script>]</i></div>{parts.head}
<div id="vsb_content"><div class="v_news_content">{text}</div></div>{files}
<p>上一条：<a href="3331.htm">关于防汛值班安排的通知</a></p><p>下一条：<a href="3329.htm">关于召开全县工作会议的通知</a></p></form>{parts.tail}""",
        '<p class="vsbcontent_start">{}</p>', '<ul style="list-style-type:none;"><li>附件【<a href="{1}" target="_blank">{0}</a>】已下载<span id="nattach1">12</span>次</li></ul>', "\n",
    ), "wide"),
    "plain": System(ArticleTemplate(
        """<TABLE width="95%" border=0 align=center><TR><TD align=center height=50><FONT size=5 color=red><B>{parts.title}</B></FONT></TD></TR><TR><TD align=center bgColor=#f0f0f0 height=24>{parts.line}</TD></TR>
<TR><TD class=content>{parts.head}{text}<BR>{files}</TD></TR></TABLE>{parts.tail}""",
        "&nbsp;&nbsp;&nbsp;&nbsp;{}", '<A href="{1}"><IMG src="/images/fj.gif">{0}</A><BR>', "<BR><BR>",
    ), "tables", "gbk"),
}  # fmt: skip


def write(
    rng: Random,
    case: Case,
    system: str,
    parts: ArticleParts,
    county: str,
    address: str,
    traps: Sequence[str],
    **truth: Any,
) -> None:
    """Put an article into its system's page, and what is true of it into the case."""
    form = SYSTEMS[system]
    charset = "gb2312" if form.encoding == "gbk" else "utf-8"
    place = Place(county, "公告公示", date(2015, 9, 30), charset, meta=parts.meta)
    number = rng.randrange(10**4) if "{number}" in form.article.page else 0
    middle = form.article.fill(parts.paragraphs, parts.files, parts=parts, number=number)
    page = SKINS[form.skin](rng, place, f"{parts.title}_{county}人民政府", middle, side_list(rng, place, 5, "最新公开"))
    case.put(address, page, encoding=form.encoding)
    first, last = parts.paragraphs[0][:24], parts.paragraphs[-1].partition("<")[0][-20:]
    case.article(
        address, system, traps=traps, title=parts.title, date=parts.day.isoformat() if parts.day else None,
        source=parts.source if parts.source in parts.meta + parts.head or ("源" in parts.line and parts.source in parts.line) else None, has=[first, last], lacks=["友情链接", "网站标识码", "最新公开"],
        attachments=[url for _, url in parts.files], dated=parts.day is not None, **truth,
    )  # fmt: skip
