"""Frames of the pages held out: a township's home-made site, a bought kit of cards, an old JSP site."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.sites.words import weekday

READ_ON = date(2024, 9, 10)
_PLACES = ["松陵县", "澜河县", "铜溪县", "岱阳县", "九渡县", "望湖县"]
_OFFICES = [
    "县应急管理局",
    "县医疗保障局",
    "县自然资源局",
    "县生态环境分局",
    "县行政审批局",
    "县卫生健康局",
    "县农业农村局",
    "县文旅局",
]
_MATTERS = [
    "医保药店定点评估",
    "危险化学品经营许可",
    "采矿权出让收益",
    "入河排污口整治",
    "惠企政策兑现",
    "疫苗接种门诊名单",
    "高标准农田建设",
    "非遗项目申报",
    "既有住宅加装电梯",
    "城市更新片区方案",
    "乡村医生招录",
    "学区划分调整",
    "耕地地力保护补贴",
    "防返贫监测",
    "生态环境损害赔偿",
    "公租房轮候",
    "水资源费征收",
    "行政复议决定",
    "双随机抽查",
    "特种设备检验",
    "食品抽检不合格情况",
    "就业见习基地",
    "老旧小区改造",
    "林长制考核",
]
_ENDS = ["公示", "公告", "的通知", "名单", "情况", "结果公开", "的批复", "信息"]
_LINES = [
    "经审核，下列单位符合条件，现予公布，公示期五个工作日。", "对公示内容有异议的，请于公示期内以实名方式提出，逾期不予受理。",
    "请相关单位按照要求抓好落实，确保按时保质完成任务。", "联系人：办公室值班人员，电话：0000-6123456。", "本通知自印发之日起执行，由县级主管部门负责解释。",
    "检查组采取听取汇报、查阅资料、实地走访等方式，对全县十四个乡镇进行了抽查。", "从结果看，总体合格率保持在较高水平，个别单位存在台账不全的问题。",
    "补助标准按照省级文件执行，资金通过一卡通直接发放到户。", "任何单位和个人不得擅自变更用途，不得拆分项目规避监管。",
]  # fmt: skip


def place(rng: Random) -> str:
    return rng.choice(_PLACES)


def office(rng: Random) -> str:
    return rng.choice(_OFFICES)


def heading(rng: Random, day: date) -> str:
    form = rng.randrange(5)
    matter = rng.choice(_MATTERS)
    if form == 0:
        return f"{rng.choice(_OFFICES)}{matter}{rng.choice(_ENDS)}"
    if form == 1:
        return f"{day.year}年{day.month}月{matter}{rng.choice(_ENDS)}"
    if form == 2:
        return f"关于{matter}有关事项{rng.choice(['的通知', '的公告', '的说明'])}"
    if form == 3:
        return f"【{rng.choice(['政策解读', '图解', '一图读懂'])}】{matter}怎么办？"
    return f"{rng.choice(_PLACES)}{matter}{rng.choice(_ENDS)}（{day.year}年第{rng.randrange(1, 60)}期）"


def lines(rng: Random, count: int) -> list[str]:
    return ["".join(rng.sample(_LINES, rng.randrange(1, 4))) for _ in range(count)]


def bystanders(rng: Random, count: int, *, days: bool = False) -> str:
    """Links to other things, in a card at the side."""
    out = []
    for n in range(count):
        day = READ_ON - timedelta(days=rng.randrange(60))
        out.append(
            f'<p><a href="/zt/{rng.randrange(10**5)}{n}.html">{heading(rng, day)[:16]}</a>{f"<small>{day:%m/%d}</small>" if days else ""}</p>'
        )
    return "".join(out)


def township(rng: Random, name: str, title: str, meta: str, charset: str, main: str, side: str) -> str:
    """Class names in pinyin, the side to the right, the clock in words of its own."""
    menu = "".join(
        f'<a href="/{k}/">{v}</a>'
        for k, v in {
            "sy": "网站首页",
            "zjgk": "镇街概况",
            "xxgk": "信息公开",
            "bmfw": "便民服务",
            "hdjl": "互动交流",
            "dwgk": "党务公开",
        }.items()
    )
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}" /><title>{title} - {name}人民政府</title>{meta}<style>{"".join(f".b{n}{{margin:{n}px;padding:{n % 7}px;line-height:{n + 20}px}}" for n in range(60))}</style></head>
<body><div class="toubu"><div class="shijian">现在是：{READ_ON} {weekday(READ_ON)} 10:22:31</div><div class="tupian"></div><div class="daohang">{menu}</div><div class="sousuo"><input placeholder="输入关键词"><input type="button" value="搜索"></div></div>
<div class="zhuti"><div class="zuoce"><p class="weizhi">您的位置：<a href="/">首页</a>&gt;&gt;<a href="/xxgk/">信息公开</a></p>{main}</div>
<div class="youce"><div class="kuang"><div class="kuangtou">热点信息</div>{side}</div><div class="kuang"><div class="kuangtou">下载中心</div>{bystanders(rng, 4)}</div></div></div>
<div class="dibu"><div class="lianjie">{"".join(f'<a href="http://x{n}.example.gov.cn">{t}</a>' for n, t in enumerate(["省政府", "市政府", "县政府", "政务服务网", "信用平台", "公共资源交易网"]))}</div>地址：{name}人民路1号 邮编：000000 ©{READ_ON.year - 5}-{READ_ON.year} 最后更新：{READ_ON}<br>网站标识码 3301840012 备案号：浙ICP备19012345号</div>
<script>var now=new Date();function tick(){{document.querySelector('.shijian');}}setInterval(tick,1000);{"var z=0;" * 150}</script></body></html>"""


def cards(rng: Random, name: str, title: str, meta: str, charset: str, main: str, side: str) -> str:
    """A grid of twelve columns, a breadcrumb in an ordered list, everything in cards."""
    tops = "".join(
        f'<li class="nav-item dropdown"><a class="nav-link" href="/ch/{n}.html">{t}</a><div class="dropdown-menu">{"".join(f"<a class=dropdown-item href=/ch/{n}/{k}.html>{x}</a>" for k, x in enumerate(["概况", "动态", "公告", "法规", "解读", "名录"]))}</div></li>'
        for n, t in enumerate(["首页", "公开", "服务", "互动", "数据", "专题", "营商"])
    )
    return f"""<!doctype html><html lang="zh"><head><meta charset="{charset}"><meta name="viewport" content="width=device-width"><title>{title}</title>{meta}<link rel="stylesheet" href="/lib/bootstrap.min.css"><style>{"".join(f".c-{n}>.d-{n}{{flex:{n};order:{n}}}" for n in range(90))}</style></head>
<body><nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">{name}政府网</a><ul class="navbar-nav">{tops}</ul><form class="form-inline"><input class="form-control" type="search"><button class="btn">搜</button></form><span class="navbar-text">{READ_ON.month}月{READ_ON.day}日 晴 22~31℃</span></nav>
<div class="container"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">首页</a></li><li class="breadcrumb-item active">信息公开</li></ol>
<div class="row"><div class="col-md-9"><div class="card"><div class="card-body">{main}</div></div></div>
<div class="col-md-3"><div class="card"><div class="card-header">大家在看</div><div class="card-body">{side}</div></div></div></div></div>
<footer class="footer bg-dark"><div class="container"><p>{name}大数据中心运维 <a href="https://beian.example.cn">京公网安备 11010202000001号</a></p><p>Copyright © {READ_ON.year} All Rights Reserved. 您是第 1283745 位访客</p></div></footer>
<div class="modal" id="m1"><div class="modal-dialog"><p>您即将离开本网站，是否继续？</p><button>继续</button></div></div><script src="/lib/bootstrap.bundle.min.js"></script><script>{"(function(){var q=[];window._q=q;})();" * 70}</script></body></html>"""


def jsp(rng: Random, name: str, title: str, meta: str, charset: str, main: str, side: str) -> str:
    """Spacer pictures, a moving head, unclosed elements."""
    return f"""<html><head><title>{title}</title><meta http-equiv=Content-Type content="text/html; charset={charset}">{meta}<script language=javascript>{"function f1(){return 1;}" * 120}</script></head><body topmargin=0>
<table width=980 align=center cellpadding=0><tr><td><object width=980 height=180><param name=movie value=/flash/top.swf></object><tr><td background=/img/bg.gif><a href=/index.jsp>首页</a> | <a href=/list.jsp?c=1>政务动态</a> | <a href=/list.jsp?c=2>政府公文</a> | <a href=/list.jsp?c=3>公示公告</a> | <a href=/list.jsp?c=4>招商引资</a> | <a href=/bbs/login.jsp>登陆</a>
<tr><td>北京时间：{READ_ON.year}年{READ_ON.month}月{READ_ON.day}日</table>
<table width=980 align=center><tr valign=top><td width=190>{side}<td>{main}</table>
<table width=980 align=center><tr><td align=center>{name}人民政府主办 县政府办承办<br>版权所有 未经许可不得转载 {READ_ON.year - 14}<br><img src=/img/count.gif>访问量：00918273</table></body></html>"""


Frame = Callable[[Random, str, str, str, str, str, str], str]
FRAMES: dict[str, Frame] = {"township": township, "cards": cards, "jsp": jsp}
