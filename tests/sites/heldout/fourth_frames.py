"""The frames and words of the fourth set held out: what county sites of 2010 to 2026 stood in."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.sites.case import Row

OLD, NEW = date(2013, 5, 21), date(2023, 11, 8)
_WHERE = [
    "岭背镇",
    "马渡乡",
    "枫树坳",
    "南关社区",
    "县直机关",
    "全县",
    "新桥水库",
    "杉木林场",
    "瓦窑工业园",
    "东山片区",
]
_WHAT = [
    "退耕还林补助兑现", "农村饮水安全工程", "中小学校舍加固", "公路养护招标", "新农合报销比例调整", "廉租房选房", "烟花爆竹销售点布设",
    "机关公务接待支出", "村级一事一议奖补", "疫苗接种门诊设置", "水库除险加固", "户外广告整治", "出租车运价听证", "粮食直补面积核对",
    "公益林管护", "殡葬改革宣传", "老旧管网改造", "夏季用电安排", "公租房租金减免", "教师资格认定",
]  # fmt: skip
_HOW = [
    "有关事项",
    "结果公告",
    "进展",
    "安排",
    "登记表",
    "征求意见",
    "问答",
    "名录",
    "实施细则",
    "补充通知",
    "（第{n}号）",
    "听证会记录",
]


def heading(rng: Random) -> str:
    return f"{rng.choice(_WHERE)}{rng.choice(_WHAT)}{rng.choice(_HOW).format(n=rng.randrange(2, 60))}"


def some(rng: Random, count: int, url: str, newest: date = OLD, step: int = 6, *, inferred: bool = False) -> list[Row]:
    """Rows from new to old. `url` may use n, d."""
    made, day = [], newest - timedelta(days=1)
    for n in range(count):
        made.append(Row(f"{heading(rng)}", url.format(n=8800 - n * 3, d=day), day, inferred))
        day -= timedelta(days=rng.randrange(1, step))
    return made


_TABS = ["走进岑溪", "县情概貌", "机构职能", "办事大厅", "书记信箱", "招商引资", "便民查询"]


def front(name: str, main: str, *, end: bool = True) -> str:
    """Tables within tables, made with FrontPage."""
    tabs = "".join(
        f'<td width="90"><a href="col{n}.htm"><font color="#FFFFFF">{one}</font></a></td>'
        for n, one in enumerate(_TABS)
    )
    foot = '<p align="center"><font size="2">主办：岑下县人民政府办公室　承办：县信息中心<br>桂ICP备05000000号　最佳浏览分辨率1024*768</font></p>'
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><meta name="GENERATOR" content="Microsoft FrontPage 4.0"><title>{name}</title></head>'
        f'<body topmargin="0" leftmargin="0" bgcolor="#FFFFFF"><div align="center"><center><table border="0" width="778" cellspacing="0"><tr><td><img src="images/top.jpg" width="778" height="110"></td></tr>'
        f'<tr bgcolor="#CC0000"><td><table border=0><tr>{tabs}</tr></table></td></tr><tr><td>今天是：<script>document.write(new Date().toLocaleString())</script></td></tr>'
        f'<tr><td><table border="0" width="100%"><tr><td width="160" valign="top" bgcolor="#FFEEEE"><p><a href="rsgz.htm">人事工作</a></p><p><a href="czgz.htm">财政工作</a></p></td><td valign="top"><p><b>{name}</b></p>{main}</td></tr></table></td></tr></table></center></div>{foot}'
        + ("</body></html>" if end else "")
    )


def webform(name: str, main: str, *, head: str = "") -> str:
    """A page of ASP.NET with its state."""
    tabs = "".join(
        f'<li><a id="ctl00_rpt_ctl0{n}_hl" href="/list.aspx?c={n}">{one}</a></li>' for n, one in enumerate(_TABS)
    )
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>\r\n\t{name}\r\n</title>{head}</head>'
        f'<body><form name="aspnetForm" method="post" action="list.aspx?c=9" id="aspnetForm"><div><input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" /><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUKMTY{"x" * 600}" /></div>'
        "<script type=\"text/javascript\">var theForm=document.forms['aspnetForm'];function __doPostBack(t,a){theForm.__EVENTTARGET.value=t;theForm.submit();}</script>"
        f'<div id="hd"><ul>{tabs}</ul></div><div id="bd"><h2><span id="ctl00_lblName">{name}</span></h2>{main}</div><div id="ft">Copyright © 2009-2013 岑下县 All Rights Reserved 技术支持：某软件</div></form></body></html>'
    )


def phone(name: str, main: str, *, after: str = "") -> str:
    """For telephones."""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{name}-岑下发布</title><link rel="stylesheet" href="/m/app.css"></head>'
        f'<body><header class="hd"><a class="back" href="javascript:history.back()"></a><h1>{name}</h1></header><main class="wrap">{main}</main>'
        f'<nav class="bar"><a href="/m/"><i></i>首页</a><a href="/m/gk/"><i></i>公开</a><a href="/m/fw/"><i></i>服务</a><a href="/m/hd/"><i></i>互动</a></nav><footer>岑下县人民政府</footer>{after}</body></html>'
    )


def boot(name: str, main: str, *, head: str = "", beside: str = "", after: str = "") -> str:
    """Rows and cells of Bootstrap."""
    tabs = "".join(
        f'<li class="nav-item"><a class="nav-link" href="/c/{n}/">{one}</a></li>' for n, one in enumerate(_TABS)
    )
    side = f'<div class="col-md-3">{beside}</div>' if beside else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}_岑下县人民政府门户网站</title><meta name="SiteName" content="岑下县人民政府">{head}</head>'
        f'<body><nav class="navbar"><ul class="navbar-nav">{tabs}</ul><form action="/s"><input name="q" placeholder="请输入关键字"></form></nav><div class="container"><ol class="breadcrumb"><li><a href="/">首页</a></li><li><a href="/c/">政务</a></li><li>{name}</li></ol><div class="row"><div class="col-md-9">{main}</div>{side}</div></div>'
        f'<footer class="container-fluid"><p>主办：岑下县人民政府　网站标识码：4504000000　桂公网安备 45040000000000号</p><p>网站地图 | 联系我们</p></footer>{after}</body></html>'
    )
