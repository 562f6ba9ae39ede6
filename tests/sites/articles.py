"""Articles of each system, and every place where a date may stand that is the one, or is not."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from tests.sites.case import Case
from tests.sites.skins import SKINS, Place, side_list


@dataclass(slots=True)
class Told:
    """What an article tells, before a system has put it into its page."""

    title: str
    day: date | None
    paragraphs: list[str]
    source: str = ""
    line: str = ""  # the visible line beneath the title
    meta: str = ""
    head: str = ""  # a catalogue's head above the text
    tail: str = ""  # after the text: related articles, signature
    files: list[tuple[str, str]] = field(default_factory=list)  # name, address


#: Gives the middle of an article's page.
Form = Callable[[Random, Told], str]


def _ps(told: Told, open: str = "<p>", close: str = "</p>") -> str:
    return "\n".join(f"{open}{text}{close}" for text in told.paragraphs)


def _links(told: Told, form: str = '<p>附件：<a href="{1}" target="_blank">{0}</a></p>') -> str:
    return "".join(form.format(name, address) for name, address in told.files)


def trs(rng: Random, told: Told) -> str:
    return f"""<div class="xl_title">{told.title}</div><div class="xl_info">{told.line}<span>字体：[<a href="javascript:doZoom(16)">大</a> <a href="javascript:doZoom(14)">中</a> <a href="javascript:doZoom(12)">小</a>]</span></div>{told.head}
<div class="xl_con"><div class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:2;font-family:宋体;font-size:12pt;}}</style>{_ps(told, '<p align="justify">　　')}</div>{_links(told)}</div><div class="dy">打印本页 关闭窗口</div>{told.tail}"""


def jcms(rng: Random, told: Told) -> str:
    return f"""<table width="100%" border="0" id="article"><tr><td class="title" align="center"><!--<$[标题名称(html)]>begin-->{told.title}<!--<$[标题名称(html)]>end--></td></tr>
<tr><td align="center" class="bt-info">{told.line} 浏览次数：<script src="/module/visitcount/articlehits.jsp?colid=280&artid={rng.randrange(10**4)}"></script> 字号：[ <a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a> <a href="javascript:doZoom(14)">小</a> ]</td></tr>
<tr><td>{told.head}<div id="zoom"><!--ZJEG_RSS.content.begin--><meta name="ContentStart"/>{_ps(told, '<p style="text-indent:2em"><span style="font-size:16px">', "</span></p>")}{_links(told)}<meta name="ContentEnd"/><!--ZJEG_RSS.content.end--></div></td></tr></table>{told.tail}"""


def ucap(rng: Random, told: Told) -> str:
    return f"""<article class="detail"><h1 class="info_title">{told.title}</h1><div class="info_more">{told.line}<div class="share"><a href="#">微信</a><a href="#">微博</a></div></div>{told.head}
<div class="article-content">{_ps(told)}<div class="fjList">{_links(told, '<a class="nfw-cms-attachment" href="{1}" alt="{0}">{0}</a>')}</div></div></article>{told.tail}"""


def boda(rng: Random, told: Told) -> str:
    return f"""<form name="_newscontent_fromname"><div class="content-title"><h3>{told.title}</h3><i>{told.line} 点击：[<script>_showDynClicks("wbnews", 1, {rng.randrange(10**4)})</script>]</i></div>{told.head}
<div id="vsb_content"><div class="v_news_content">{_ps(told, '<p class="vsbcontent_start">')}</div></div>{_links(told, '<ul style="list-style-type:none;"><li>附件【<a href="{1}" target="_blank">{0}</a>】已下载<span id="nattach1">12</span>次</li></ul>')}
<p>上一条：<a href="3331.htm">关于防汛值班安排的通知</a></p><p>下一条：<a href="3329.htm">关于召开全县工作会议的通知</a></p></form>{told.tail}"""


def old_table(rng: Random, told: Told) -> str:
    return f"""<TABLE width="95%" border=0 align=center><TR><TD align=center height=50><FONT size=5 color=red><B>{told.title}</B></FONT></TD></TR><TR><TD align=center bgColor=#f0f0f0 height=24>{told.line}</TD></TR>
<TR><TD class=content>{told.head}{"<BR><BR>".join("&nbsp;&nbsp;&nbsp;&nbsp;" + text for text in told.paragraphs)}<BR>{_links(told, '<A href="{1}"><IMG src="/images/fj.gif">{0}</A><BR>')}</TD></TR></TABLE>{told.tail}"""


FORMS: dict[str, tuple[Form, str, str]] = {
    # form, skin, encoding
    "trs": (trs, "boxes", "utf-8"), "jcms": (jcms, "boxes", "utf-8"), "ucap": (ucap, "wide", "utf-8"), "boda": (boda, "wide", "utf-8"), "plain": (old_table, "tables", "gbk"),
}  # fmt: skip


def write(
    rng: Random, case: Case, system: str, told: Told, county: str, address: str, traps: Sequence[str], **truth: Any
) -> None:
    """Put one article into its system's page and tell the truth about it."""
    form, skin, encoding = FORMS[system]
    place = Place(county, "公告公示", date(2015, 9, 30), "gb2312" if encoding == "gbk" else "utf-8", meta=told.meta)
    middle = form(rng, told)
    page = SKINS[skin](rng, place, f"{told.title}_{county}人民政府", middle, side_list(rng, place, 5, "最新公开"))
    case.put(address, page, encoding=encoding)
    first, last = told.paragraphs[0][:24], told.paragraphs[-1].partition("<")[0][-20:]
    case.article(
        address, system, traps=traps, title=told.title, date=told.day.isoformat() if told.day else None,
        source=told.source if told.source in told.meta + told.head or ("源" in told.line and told.source in told.line) else None, has=[first, last], lacks=["友情链接", "网站标识码", "最新公开"],
        attachments=[url for _, url in told.files], dated=told.day is not None, **truth,
    )  # fmt: skip
