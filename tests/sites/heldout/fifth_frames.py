"""The frames and words of the fifth set held out: four manners of building a page, none of the earlier sets' own."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from tests.sites.case import Case, Row

#: The days on which the pages are read.
OLD, MID, NEW = date(2010, 11, 17), date(2015, 9, 28), date(2022, 6, 15)

_OF = [
    "县发展改革局",
    "县住建局",
    "县农业局",
    "县民政局",
    "县环保局",
    "龙潭镇",
    "石桥乡",
    "县林业局",
    "县水务局",
    "县卫生局",
    "县人社局",
]
_ON = [
    "农村危房改造", "城区供水价格", "政府采购项目", "保障性住房分配", "耕地地力保护补贴", "集中式饮用水水源水质", "安全生产检查", "义务教育招生",
    "临时救助对象", "土地征收", "建设项目环评", "行政许可事项", "部门预算", "森林防火", "动物防疫", "食品抽检", "城乡低保", "公开招聘",
]  # fmt: skip
_AS = ["公告", "公示", "的通知", "的批复", "情况通报", "实施方案", "工作总结", "（第{n}期）", "结果", "的意见"]


def title(rng: Random) -> str:
    return f"{rng.choice(_OF)}关于{rng.choice(_ON)}{rng.choice(_AS).format(n=rng.randrange(2, 80))}"


def rows_of(rng: Random, count: int, url: str, newest: date, step: int = 7, *, inferred: bool = False) -> list[Row]:
    """Rows from new to old, no two of one address. `url` may use n and d."""
    made, day = [], newest - timedelta(days=rng.randrange(1, 3))
    for n in range(count):
        made.append(Row(title(rng), url.format(n=5120 - n * 7, d=day), day, inferred))
        day -= timedelta(days=rng.randrange(1, step))
    return made


def site(
    name: str, page: str, rows: Sequence[Row], today: date, *, url: str = "/x/", encoding: str = "utf-8",
    dialect: str = "list", **more: object,
) -> Case:  # fmt: skip
    """One column whose only page is `page`."""
    case = Case(f"fifth-{name}", today.isoformat())
    case.put(url, page, encoding=encoding)
    case.column(url, dialect, rows, traps=[name], **more)  # type: ignore[arg-type]
    return case


_MENU = ["首　页", "领导之窗", "政务动态", "公告公示", "网上办事", "乡镇部门", "旅游名胜"]


def upper(name: str, main: str, *, end: bool = True) -> str:
    """Capital letters, layout tables, nothing closed that need not be."""
    menu = "".join(
        f'<TD align=middle><A href="/class{n}.asp"><FONT color=#ffffff>{one}</FONT></A>' for n, one in enumerate(_MENU)
    )
    return (
        f'<HTML><HEAD><TITLE>{name}</TITLE><META http-equiv=Content-Type content="text/html; charset=gb2312"><LINK href="css.css" rel=stylesheet></HEAD>'
        f'<BODY leftMargin=0 topMargin=0><TABLE width=780 align=center border=0><TR><TD><IMG height=120 src="/img/banner.jpg" width=780></TABLE><TABLE width=780 align=center bgColor=#0066cc><TR>{menu}</TABLE>'
        f'<TABLE width=780 align=center><TR><TD width=180 vAlign=top><TABLE width="100%"><TR><TD background="/img/left.gif">站内搜索<TR><TD><FORM action=search.asp><INPUT size=12 name=key><INPUT type=submit value=搜索></FORM></TABLE><TD vAlign=top>您的位置：<A href="/">首页</A> &gt;&gt; {name}<BR>{main}</TABLE>'
        "<HR width=780><P align=center>版权所有：青垭县人民政府 　建议使用1024×768分辨率　 蜀ICP备05012345号"
        + ("</BODY></HTML>" if end else "")
    )


def portal(name: str, main: str, *, side: str = "", after: str = "", charset: str = "utf-8") -> str:
    """The portal of about 2015: a clock, a place, a menu of columns at the left."""
    menu = "".join(f'<li><a href="/m{n}/" target="_blank">{one}</a></li>' for n, one in enumerate(_MENU))
    left = "".join(
        f'<dd><a href="/gk/{one}/">{two}</a></dd>'
        for one, two in (
            ("ldjs", "领导介绍"),
            ("zcfg", "政策法规"),
            ("rsxx", "人事信息"),
            ("czxx", "财政信息"),
            ("ghjh", "规划计划"),
        )
    )
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n<title>{name} - 青垭县人民政府公众信息网</title>\n<script type="text/javascript" src="/js/jquery-1.8.3.min.js"></script>\n</head>\n'
        f'<body>\n<div class="top"><span id="clock">今天是2015年9月28日 星期一</span><a href="#" onclick="setHome()">设为首页</a> | <a href="#" onclick="addFav()">加入收藏</a></div>\n<div class="nav"><ul>{menu}</ul></div>\n'
        f'<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/gk/">政府信息公开</a> &gt; {name}</div>\n<div class="wrap"><div class="lbox"><dl><dt>公开目录</dt>{left}</dl></div>\n<div class="rbox"><div class="tit">{name}</div>\n{main}\n</div>{side}</div>\n'
        f'<div class="foot"><p>主办：青垭县人民政府　承办：青垭县人民政府办公室</p><p>蜀ICP备05012345号　您是第 1024311 位访问者</p></div>{after}\n</body>\n</html>'
    )


def modern(name: str, main: str, *, side: str = "", after: str = "") -> str:
    """After 2019: a header, a footer with the site's mark, a box to share."""
    menu = "".join(
        f'<a href="/{one}/">{two}</a>'
        for one, two in (("zwgk", "政务公开"), ("zwfw", "政务服务"), ("hdjl", "互动交流"), ("zjqy", "走进青垭"))
    )
    aside = f'<aside class="col-r">{side}</aside>' if side else ""
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<meta name="SiteName" content="青垭县人民政府">\n<meta name="SiteDomain" content="www.own-site.gov.cn">\n<meta name="ColumnName" content="{name}">\n<title>{name}-青垭县人民政府</title>\n</head>\n'
        f'<body>\n<header><a class="logo" href="/"><img src="/img/logo.png" alt="青垭县人民政府"></a><nav>{menu}</nav><form action="/search"><input type="text" name="q"><button type="submit">搜索</button></form></header>\n'
        f'<main class="container"><div class="crumb"><a href="/">首页</a><i>/</i><a href="/zwgk/">政务公开</a><i>/</i><span>{name}</span></div><section class="col-l"><h2>{name}</h2>\n{main}\n</section>{aside}</main>\n'
        f'<footer><a href="/about/">关于我们</a><a href="/map/">网站地图</a><p>青垭县人民政府主办　政府网站标识码5108230001　川公网安备51082302000012号</p></footer>{after}\n</body>\n</html>'
    )


def items(rows: Sequence[Row]) -> str:
    """The plainest list there is."""
    return (
        '<ul class="newslist">'
        + "".join(f'<li><span>{r.day}</span><a href="{r.url}" title="{r.title}">{r.title}</a></li>\n' for r in rows)
        + "</ul>"
    )
