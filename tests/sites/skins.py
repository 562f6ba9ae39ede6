"""The frames of pages: what stands around a list or an article on a county's site, and must not be taken for it."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.sites import words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: the county's name, the column's, the day it is read, the encoding it names."""

    county: str
    column: str
    today: date = date(2015, 9, 30)
    charset: str | None = "utf-8"
    trail: tuple[str, ...] = ("政府信息公开",)
    meta: str = ""


#: Gives the whole page: place, title, the middle of the page, what stands beside it.
Skin = Callable[[Random, Place, str, str, str], str]

_NAV = [
    ("首页", "/"), ("走进{c}", "/zjxc/"), ("新闻中心", "/xwzx/"), ("政务公开", "/zwgk/"), ("政府信息公开", "/xxgk/"), ("办事服务", "/bsfw/"),
    ("政民互动", "/zmhd/"), ("专题专栏", "/ztzl/"), ("投资指南", "/tzzn/"), ("旅游{c}", "/lyxc/"),
]  # fmt: skip
_SUB = [
    "县情概况", "历史沿革", "自然资源", "领导之窗", "机构设置", "政府文件", "人事任免", "财政信息", "规划计划",
    "统计数据", "应急管理", "重点领域", "个人办事", "法人办事", "县长信箱", "在线访谈", "民意征集", "网上调查",
]  # fmt: skip
_FRIENDS = [
    "中国政府网", "省人民政府", "市人民政府", "国家发展改革委", "财政部", "民政部", "生态环境部", "省财政厅",
    "省环保厅", "省教育厅", "市环保局", "市财政局", "邻县人民政府", "新华网", "人民网", "省政府采购网", "全国人大",
    "最高人民法院",
]  # fmt: skip
_CSS = [
    "margin:0 auto", "padding:0", "float:left", "line-height:28px", "font-size:14px", "color:#333",
    "background:#f5f5f5", "border-bottom:1px dashed #ccc", "overflow:hidden", "width:1000px", "text-align:center",
    "height:36px", "position:relative", "display:none",
]  # fmt: skip


def styles(rng: Random, rules: int = 70) -> str:
    """Rules enough to make a page as heavy as real ones are."""
    return "\n".join(
        f".{rng.choice(['box', 'tit', 'con', 'nav', 'list', 'ny', 'wz', 'zw'])}{rng.randrange(99)} {rng.choice(['a', 'li', 'p', 'span', ''])}{{{';'.join(rng.sample(_CSS, 4))}}}"
        for _ in range(rules)
    )


def scripts(rng: Random) -> str:
    """Scripts as they stand in such pages: a slider, a counter, a search form, a clock without our help."""
    key = rng.randrange(10**8)
    return f"""<script type="text/javascript">
var speed={rng.randrange(20, 50)};var MyMar=null;
function Marquee(){{var a=document.getElementById("demo"),b=document.getElementById("demo1");if(!a||!b){{return;}}if(b.offsetWidth-a.scrollLeft<=0){{a.scrollLeft-=b.offsetWidth;}}else{{a.scrollLeft++;}}}}
function doSearch(f){{if(f.keyword.value==""||f.keyword.value=="请输入关键字"){{alert("请输入关键字！");f.keyword.focus();return false;}}f.action="/search/index.jsp";f.submit();return true;}}
function setHomePage(o,url){{try{{o.style.behavior='url(#default#homepage)';o.setHomePage(url);}}catch(e){{alert('您的浏览器不支持，请手动设置。');}}}}
function nTabs(thisObj,Num){{if(thisObj.className=="active")return;var tabObj=thisObj.parentNode.id;var tabList=document.getElementById(tabObj).getElementsByTagName("li");for(var i=0;i<tabList.length;i++){{if(i==Num){{thisObj.className="active";document.getElementById(tabObj+"_Content"+i).style.display="block";}}else{{tabList[i].className="normal";document.getElementById(tabObj+"_Content"+i).style.display="none";}}}}}}
var _hmt=_hmt||[];(function(){{var hm=document.createElement("script");hm.src="//hm.example.com/hm.js?{key}";var s=document.getElementsByTagName("script")[0];s.parentNode.insertBefore(hm,s);}})();
</script>"""


def clock_line(rng: Random, today: date) -> str:
    """The page's own clock: never a date of anything on it."""
    han = f"{today.year}年{today.month}月{today.day}日"
    return rng.choice(
        [f"今天是{han} {words.weekday(today)}", f"今天是{han} {words.weekday(today)}", f"当前时间：{today} 08:30:12",
         f"{han} {words.weekday(today)} 农历八月十八", f"今日：{today:%Y/%m/%d}", f"您好，现在是{han}8时30分",
         f'<div class="time">{today}&nbsp;&nbsp;{words.weekday(today)}&nbsp;&nbsp;08:30:12</div>',
         f'<time class="clock" datetime="{today}T08:30">{today}</time>',
         f'<span class="date" id="localtime">{han}{words.weekday(today)}</span>']
    )  # fmt: skip


def nav(rng: Random, place: Place) -> str:
    items = []
    for name, url in _NAV:
        below = "".join(
            f'<li><a href="{url}{rng.randrange(100, 999)}/">{sub}</a></li>'
            for sub in rng.sample(_SUB, rng.randrange(3, 7))
        )
        items.append(f'<li><a href="{url}">{name.format(c=place.county[:2])}</a><ul class="sub">{below}</ul></li>')
    return f'<ul class="nav">{"".join(items)}</ul>'


def friends(rng: Random) -> str:
    boxes = []
    for group in ("国家部委网站", "省直部门网站", "市县政府网站"):
        options = "".join(
            f'<option value="http://www.example{rng.randrange(99)}.gov.cn/">{name}</option>'
            for name in rng.sample(_FRIENDS, 12)
        )
        boxes.append(f'<select onchange="window.open(this.value)"><option>--{group}--</option>{options}</select>')
    return "".join(boxes)


def footer(rng: Random, place: Place) -> str:
    year = place.today.year
    updated = rng.choice(["", "", f"　更新日期：{place.today}", f"　本站更新时间：{place.today:%Y/%m/%d} 06:00"])
    return (
        f"<p><a href='/gywm/'>关于我们</a> | <a href='/wzdt/'>网站地图</a> | <a href='/lxwm/'>联系我们</a> | <a href='/mzsm/'>免责声明</a></p>"
        f"<p>主办：{place.county}人民政府办公室　承办：{place.county}信息中心　版权所有 Copyright &copy; {year - 6}-{year}</p>"
        f"<p>网站标识码：{rng.randrange(10**9, 10**10 - 1)}　<a href='http://www.beian.example.com/'>某ICP备{year - 4}{rng.randrange(1000, 9999)}号-1</a>　公安机关备案号 {rng.randrange(10**13, 10**14 - 1)}</p>"
        f"<p>联系电话：0000-{rng.randrange(1000000, 9999999)}　技术支持：某某网络科技有限公司　建议使用1024×768以上分辨率{updated}</p>"
    )


_SIDE_HEADS = ["热点推荐", "最新信息", "推荐阅读", "图片新闻", "专题聚焦", "点击排行"]


def side_list(rng: Random, place: Place, count: int = 6, heading: str = "") -> str:
    """A list beside the one that matters: with days or without, as items, paragraphs or table rows."""
    day_format = rng.choice(["", "{:%m-%d}", "{:%Y-%m-%d}"])
    form = rng.randrange(3)
    rows = []
    for n in range(count):
        day = place.today - timedelta(days=rng.randrange(3, 90))
        name = words.title(rng, place.county, day)
        link = f"/xwzx/rd/{day:%Y%m}/{rng.randrange(10**5, 10**6)}{n}.html"
        entry = f'<a href="{link}" title="{name}">{words.shortened(name, 14)}</a>'
        when = day_format.format(day)
        rows.append(
            [
                f"<li>{entry}<span>{when}</span></li>",
                f"<p>{entry} <small>{when}</small></p>",
                f"<tr><td>{entry}</td><td>{when}</td></tr>",
            ][form]
        )
    body = [f"<ul>{''.join(rows)}</ul>", "".join(rows), f"<table>{''.join(rows)}</table>"][form]
    return f'<div class="side"><h3>{heading or rng.choice(_SIDE_HEADS)}</h3>{body}</div>'


def columns_menu(rng: Random, place: Place) -> str:
    rows = "".join(f'<li><a href="/zwgk/{rng.randrange(100, 999)}/">{name}</a></li>' for name in rng.sample(_SUB, 9))
    return f'<div class="leftmenu"><h2>政务公开</h2><ul>{rows}</ul></div>'


def _charset(place: Place, form: str) -> str:
    if place.charset is None:
        return ""
    return (
        f'<meta charset="{place.charset}">'
        if form == "short"
        else f'<META http-equiv="Content-Type" content="text/html; charset={place.charset}">'
    )


def _trail(place: Place) -> str:
    return (
        " &gt; ".join(f'<a href="/{n}/">{name}</a>' for n, name in enumerate(("首页", *place.trail)))
        + f" &gt; {place.column}"
    )


def tables_2008(rng: Random, place: Place, title: str, main: str, side: str) -> str:
    """Nested tables, capitals, font elements, a marquee."""
    cells = "".join(
        f'<TD align=center background="/images/dh_bg.gif"><A class=dh href="{url}"><FONT color=#ffffff>{name.format(c=place.county[:2])}</FONT></A></TD>'
        for name, url in _NAV
    )
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<HTML><HEAD>{_charset(place, "long")}
<TITLE>{title}</TITLE>{place.meta}
<STYLE type=text/css>{styles(rng)}</STYLE>{scripts(rng)}</HEAD>
<BODY leftMargin=0 topMargin=0><CENTER>
<TABLE width=1002 border=0 cellSpacing=0 cellPadding=0><TR><TD><IMG src="/images/top.jpg" width=1002 height=150 alt="{place.county}人民政府"></TD></TR>
<TR><TD><TABLE width="100%" border=0><TR>{cells}</TR></TABLE></TD></TR>
<TR><TD height=28 bgColor=#eeeeee>&nbsp;{clock_line(rng, place.today)}<MARQUEE width=400 scrollAmount=3>热烈欢迎您访问{place.county}人民政府网站！</MARQUEE>
<FORM name=search onsubmit="return doSearch(this)"><INPUT name=keyword value="请输入关键字"><INPUT type=submit value=搜索></FORM></TD></TR></TABLE>
<TABLE width=1002 border=0 cellSpacing=0 cellPadding=0><TR vAlign=top><TD width=220>{columns_menu(rng, place)}{side}</TD>
<TD width=10></TD><TD><TABLE width="100%" border=0><TR><TD height=30 class=pos>您现在的位置：{_trail(place)}</TD></TR><TR><TD>
{main}
</TD></TR></TABLE></TD></TR></TABLE>
<TABLE width=1002 border=0><TR><TD align=center>{friends(rng)}</TD></TR><TR><TD align=center>{footer(rng, place)}</TD></TR></TABLE>
</CENTER></BODY></HTML>"""


def boxes_2014(rng: Random, place: Place, title: str, main: str, side: str) -> str:
    """Floated boxes of 1000 pixels."""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>{_charset(place, "long")}
<title>{title}</title>{place.meta}
<link href="/css/style.css" rel="stylesheet" type="text/css" /><style type="text/css">{styles(rng)}</style>{scripts(rng)}</head>
<body><div id="top"><div class="w1000"><span class="fl">{clock_line(rng, place.today)}</span><span class="fr"><a href="javascript:void(0)" onclick="setHomePage(this,'/')">设为首页</a> | <a href="/wap/">手机版</a> | <a href="/login.jsp">登录</a></span></div></div>
<div id="header"><img src="/images/banner.jpg" alt="" />{nav(rng, place)}
<form action="/search.jsp" method="get"><input type="text" name="q" value="请输入关键字" /><button>搜 索</button> 热门搜索：<a href="/search.jsp?q=1">公开指南</a> <a href="/search.jsp?q=2">招考</a> <a href="/search.jsp?q=3">三公经费</a></form></div>
<div class="w1000 main"><div class="left">{columns_menu(rng, place)}{side}</div>
<div class="right"><div class="position">当前位置：{_trail(place)}</div><div class="righttit"><h2>{place.column}</h2></div>
{main}
</div><div class="clear"></div></div>
<div class="links"><h3>友情链接</h3>{friends(rng)}</div><div id="footer">{footer(rng, place)}</div>
<div id="float" style="display:none"><a href="/zt/">专题：群众路线教育实践活动</a></div></body></html>"""


def wide_2020(rng: Random, place: Place, title: str, main: str, side: str) -> str:
    """Header, main, footer; the standard's site tags; a drawer for telephones that repeats the menu."""
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head>{_charset(place, "short")}<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">
<title>{title}</title>
<meta name="SiteName" content="{place.county}人民政府门户网站"><meta name="SiteDomain" content="www.own-site.gov.cn"><meta name="SiteIDCode" content="{rng.randrange(10**9, 10**10 - 1)}">
<meta name="ColumnName" content="{place.column}"><meta name="ColumnType" content="政务公开">{place.meta}
<style>{styles(rng, 110)}</style></head>
<body><header><div class="topbar"><em id="time">{clock_line(rng, place.today)}</em><a href="/en/">English</a><a href="javascript:;" id="wzayd">无障碍</a><a href="/user/login">登录</a><a href="/user/reg">注册</a></div>
<h1 class="logo"><a href="/"><img src="/img/logo.png" alt="{place.county}人民政府"></a></h1><nav>{nav(rng, place)}</nav></header>
<main class="container"><div class="crumb"><i class="icon-home"></i>{_trail(place)}</div>
<div class="layout"><aside>{columns_menu(rng, place)}{side}</aside><section class="content-wrap">
{main}
</section></div></main>
<div class="m-drawer" style="display:none">{nav(rng, place)}</div>
<footer><div class="flinks">{friends(rng)}</div>{footer(rng, place)}<a class="totop" href="#">返回顶部</a></footer>{scripts(rng)}</body></html>"""


SKINS: dict[str, Skin] = {"tables": tables_2008, "boxes": boxes_2014, "wide": wide_2020}


def frame(rng: Random, county: str, column: str, main: str, *, skin: str = "boxes", side: str = "") -> str:
    """A whole page whose title is the column's."""
    return SKINS[skin](rng, Place(county, column), column, main, side)
