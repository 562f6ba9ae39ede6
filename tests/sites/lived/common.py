"""Shared helpers: titles, article texts, schedules, broken answers, browsers for check.py."""

import hashlib
import html as _html
import json as json  # the sites use it, and the next two
import random
import re as re
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urljoin
from urllib.parse import urlencode as urlencode

HOST = "http://www.own-site.gov.cn"


def h(*a):
    return int(hashlib.md5("|".join(map(str, a)).encode("utf-8")).hexdigest()[:8], 16)


TOWNS = [
    "城关镇",
    "河口镇",
    "石桥镇",
    "龙泉镇",
    "大王庄乡",
    "青山乡",
    "白马镇",
    "双河镇",
    "新街乡",
    "柳林镇",
    "马头镇",
    "高坪乡",
]
FIRMS = [
    "恒源",
    "鑫隆",
    "华泰",
    "永兴",
    "金盛",
    "宏达",
    "天宇",
    "绿源",
    "万通",
    "瑞丰",
    "东升",
    "三和",
    "德润",
    "佳禾",
    "广源",
    "泰安",
]
PROJ = [
    "年产5000吨有机肥",
    "年产2万立方米商品混凝土",
    "生猪养殖场",
    "页岩砖生产线技改",
    "加油站建设",
    "木材加工",
    "污水处理厂扩建",
    "矿泉水生产线",
    "年产10万套家具",
    "汽车维修",
    "废旧塑料再生",
    "石料加工",
    "农产品冷链物流",
    "医院住院楼",
    "垃圾中转站",
    "光伏发电",
    "乡村公路改建",
    "水库除险加固",
    "屠宰场搬迁",
    "茶叶精制加工",
]
SUF = ["有限公司", "有限责任公司", "厂", "建材有限公司", "农业开发有限公司"]
LEAD = [
    "县委书记李建国",
    "县长王志强",
    "副县长陈晓梅",
    "县人大常委会主任赵德明",
    "县政协主席刘永华",
    "常务副县长周伟",
    "局长张国平",
]
ACT = [
    "调研项目建设工作",
    "检查安全生产",
    "看望慰问困难群众",
    "督导脱贫攻坚",
    "主持召开常务会议",
    "调研防汛抗旱",
    "检查节前市场供应",
    "到乡镇调研农业生产",
    "督查环境整治",
    "接待群众来访",
    "调研教育工作",
    "观摩重点工程",
]
NEWS = [
    "我县召开{a}工作会议",
    "{t}扎实推进{a}工作",
    "全县{a}推进会在{t}召开",
    "{t}“三举措”抓好{a}",
    "市督查组来我县检查{a}工作",
    "我县{a}工作取得阶段性成效",
    "{t}开展{a}宣传活动",
    "县直机关积极参与{a}",
    "{t}{a}见实效",
    "我县部署{s}{a}工作",
    "{t}组织{a}业务培训",
]
AREA = [
    "安全生产",
    "森林防火",
    "春耕备耕",
    "环境保护",
    "农村饮水安全",
    "社会治安综合治理",
    "义务教育均衡发展",
    "计划生育",
    "道路交通安全",
    "食品安全",
    "招商引资",
    "城乡环境卫生",
    "信访维稳",
    "防汛抗旱",
    "秸秆禁烧",
    "医疗保险",
    "危房改造",
    "基层党建",
    "文明创建",
    "农业普查",
    "政务公开",
    "法治宣传",
    "优化营商环境",
]
NOTE = [
    "关于做好{y}年{a}工作的通知",
    "关于开展{a}专项检查的通知",
    "关于印发《{c}{a}实施方案》的通知",
    "关于调整{c}{a}领导小组成员的通知",
    "关于{y}年{f}放假安排的通知",
    "关于{t}停电停水的公告",
    "关于公开征求《{c}{a}管理办法》意见的公告",
    "关于进一步加强{a}工作的意见",
    "关于表彰{y0}年度{a}先进集体的决定",
    "关于召开{a}会议的通知",
    "关于{t}道路封闭施工的通告",
]
FEST = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
GOOD = [
    "糕点",
    "食用植物油",
    "肉制品",
    "饮料",
    "炒货食品",
    "酒类",
    "乳制品",
    "蔬菜制品",
    "豆制品",
    "食用农产品",
    "粮食加工品",
    "调味品",
]
SUR = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIV = [
    "建军",
    "志明",
    "晓燕",
    "永强",
    "国庆",
    "海涛",
    "丽华",
    "文斌",
    "春梅",
    "立新",
    "红霞",
    "德福",
    "俊杰",
    "玉兰",
    "成林",
]
NUMC = "一二三四五六七八九十"


def title(kind, r, d, c, i):
    y, m = d.year, d.month
    pm = d.replace(day=1) - timedelta(1)
    ch = r.choice
    firm = ch(TOWNS)[:2] + ch(FIRMS) + ch(SUF)
    if kind == "water":
        return ch([f"{c}{pm.year}年{pm.month}月集中式饮用水水源水质状况报告"])
    if kind == "water2":
        return f"{pm.year}年{pm.month}月{c}地表水环境质量状况"
    if kind == "air":
        return f"{c}环境空气质量日报（{y}年{m}月{d.day}日）"
    if kind == "airm":
        return f"{pm.year}年{pm.month}月份{c}环境空气质量月报"
    if kind == "quarter":
        q = (m - 1) // 3 or 4
        yy = y if m > 3 else y - 1
        return f"{yy}年第{NUMC[q - 1]}季度{c}饮用水水质监测信息公示"
    if kind == "eia":
        return f"{firm}{ch(PROJ)}项目环境影响评价文件受理公示"
    if kind == "eia2":
        return f"关于{firm}{ch(PROJ)}项目环境影响报告{ch(['表', '书'])}的批复"
    if kind == "eia3":
        return f"{c}环境保护局关于{y}年{m}月{d.day}日拟作出的建设项目环境影响评价文件审批意见的公示"
    if kind == "news":
        return ch(NEWS).format(a=ch(AREA), t=ch(TOWNS), s=ch(["冬季", "春季", "下半年", "汛期", "节日期间", "近期"]))
    if kind == "lead":
        a, t, b = ch(LEAD), ("到" + ch(TOWNS)) if r.random() < 0.4 else "", ch(ACT)
        return a + t + (b.replace("到乡镇", "").replace("主持召开常务会议", "召开现场办公会") if t else b)
    if kind == "note":
        return ch(NOTE).format(a=ch(AREA), t=ch(TOWNS), y=y, y0=y - 1, c=c, f=ch(FEST))
    if kind == "doc":
        return f"{c}人民政府{ch(['', '办公室'])}" + ch(
            [
                "关于印发{c}{a}工作方案的通知",
                "关于进一步加强{a}工作的实施意见",
                "关于成立{c}{a}工作领导小组的通知",
                "关于批转{y}年{a}工作要点的通知",
                "关于{t}{a}规划的批复",
                "转发市政府关于加强{a}工作的通知",
            ]
        ).format(c=c, a=ch(AREA), y=y, t=ch(TOWNS))
    if kind == "person":
        return ch(
            [
                "关于{n}等同志职务任免的通知",
                "关于{n}同志任职的通知",
                "{c}人民政府关于{n}等{k}名同志职务任免的通知",
                "关于{n}同志免职的通知",
                "{c}人大常委会任免名单（{y}年{m}月{dd}日）",
            ]
        ).format(n=ch(SUR) + ch(GIV), c=c, k=r.randint(2, 9), y=y, m=m, dd=d.day)
    if kind == "land":
        return f"{c}国土资源局国有建设用地使用权{ch(['挂牌', '拍卖', '挂牌', '招标'])}出让公告（{c[:1]}土告字〔{y}〕{r.randint(1, 60)}号）"
    if kind == "food":
        return f"{c}市场监督管理局关于{y}年第{r.randint(1, 40)}期{ch(GOOD)}食品安全监督抽检信息的{ch(['通告', '公告'])}"
    if kind == "bid":
        return f"{c}{ch(TOWNS)}{ch(['小学教学楼', '农村公路', '高标准农田', '卫生院综合楼', '污水管网', '文化广场', '河道治理', '公租房', '太阳能路灯', '办公设备'])}{ch(['建设', '改造', '采购', '维修'])}项目{ch(['招标公告', '中标公告', '竞争性谈判公告', '中标候选人公示', '成交公告'])}"
    if kind == "stat":
        return f"{pm.year}年{('1-' + str(pm.month)) if pm.month > 1 else '1'}月份{c}{ch(['主要经济指标', '国民经济主要指标完成情况'])}"
    if kind == "price":
        return f"{c}{m}月{d.day}日主要农副产品价格监测表"
    if kind == "budget":
        return f"{c}{ch(['教育局', '财政局', '水务局', '农业局', '民政局', '卫生局', '交通运输局', '文化馆', '档案局', '司法局', '审计局', '林业局', '残联', '工商联', '党校'])}{ch([y, y - 1])}年部门{ch(['预算', '决算'])}{ch(['公开', '公开说明', '信息公开'])}"
    if kind == "job":
        return f"{c}{y}年{ch(['公开招聘教师', '事业单位公开招聘工作人员', '卫生系统公开招聘', '招募“三支一扶”人员', '公益性岗位招聘', '考录公务员', '公开选调工作人员'])}{ch(['公告', '笔试成绩公示', '面试公告', '拟聘用人员公示', '体检公告', '递补公告'])}"
    if kind == "warn":
        return ch(
            [
                f"{c}气象台{y}年{m}月{d.day}日发布{ch(['暴雨', '大风', '寒潮', '大雾', '高温', '雷电', '霜冻'])}{ch(['蓝色', '黄色', '橙色'])}预警信号",
                f"{c}地质灾害气象风险{ch(['三', '四'])}级预警（{m}月{d.day}日）",
            ]
        )
    if kind == "punish":
        return f"{ch(['', '行政处罚决定书：'])}{c[:1]}{ch(['环', '安监', '市监', '城管'])}罚〔{y}〕{r.randint(1, 180)}号（{firm}）"
    if kind == "meet":
        return f"{c}第{r.randint(15, 18)}届人民政府第{r.randint(2, 80)}次常务会议"
    raise KeyError(kind)


def days(first, last, n, sched, seed):
    r = random.Random(h("days", seed))
    hist = []
    fut = []

    def step(d, sgn):
        o = timedelta(1) * sgn
        if sched in ("daily", "all"):
            return d + o
        if sched == "weekly":
            return d + sgn * timedelta(r.choice([5, 6, 7, 7, 7, 8, 9]))
        if sched == "rare":
            return d + sgn * timedelta(r.randint(9, 24))
        if sched == "often":
            return d + sgn * timedelta(r.randint(1, 4))
        if sched in ("monthly", "quarterly"):
            k = 1 if sched == "monthly" else 3
            m = d.year * 12 + d.month - 1 + sgn * k
            return date(m // 12, m % 12 + 1, r.randint(3, 15))
        if sched == "burst":
            return d + (sgn * timedelta(r.choice([0, 0, 0, 1, 2, 11, 17])))

    d = first
    if sched == "quarterly":
        m0 = first.year * 12 + (first.month - 1) // 3 * 3
        d = date(m0 // 12, m0 % 12 + 1, 10)
        if d >= first:
            d = step(d, -1)
        hist.append(d)
    while len(hist) < n:
        d = step(d, -1)
        if sched == "all" or sched in ("monthly", "quarterly") or d.weekday() < 5 or r.random() < 0.08:
            if sched != "daily" or r.random() < 0.75:
                hist.append(d)
    hist = [x for x in hist if x < first][:n]
    d = first if sched not in ("monthly", "quarterly") else (hist[0] if hist else first)
    if sched in ("monthly", "quarterly"):
        d = step(d, 1)
    while d <= last:
        if d >= first and (sched in ("all", "monthly", "quarterly") or d.weekday() < 5 or r.random() < 0.08):
            if sched != "daily" or r.random() < 0.75:
                fut.append(d)
        d = step(d, 1)
    return list(reversed(hist)) + fut


def gen(col, kind, first, last, n, sched, c, url, start=1000, late=0.06, prints=True, seed=0):
    r = random.Random(h(col, kind, c, seed))
    seen = set()
    rows = []
    for i, d in enumerate(days(first, last, n, sched, (col, c, seed))):
        for _ in range(30):
            t = title(kind, r, d, c, i)
            if t not in seen:
                break
        seen.add(t)
        lag = r.randint(1, 6) if r.random() < late else 0
        up = datetime(d.year, d.month, d.day, r.randint(8, 17), r.randint(0, 59)) + timedelta(lag)
        rows.append(
            {
                "column": col,
                "title": t,
                "url": None,
                "day": d if prints else None,
                "up": up,
                "down": None,
                "_d": d,
                "_kind": kind,
                "_hm": "%02d:%02d" % (r.randint(8, 17), r.randint(0, 59)),
                "_c": c,
            }
        )
    rows.sort(key=lambda x: x["up"])
    if kind == "meet":
        for k, x in enumerate(rows):
            x["title"] = f"{c}第{16 + first.year % 3}届人民政府第{20 + k}次常务会议"
    i = start
    for x in rows:
        i += r.randint(1, 9)
        x["_id"] = i
        x["url"] = url(x["_d"], i)
    return rows


def add(truth, col, title, url, day, up, id, kind="note", down=None, c=None, d=None):
    x = {
        "column": col,
        "title": title,
        "url": url,
        "day": day,
        "up": up,
        "down": down,
        "_d": d or day,
        "_id": id,
        "_kind": kind,
        "_hm": "09:%02d" % (id % 60),
        "_c": c or truth[0]["_c"],
    }
    truth.append(x)
    return x


def later(x, when, **kw):
    x.setdefault("later", []).append((when, kw))
    return x


def back(truth, x, when):
    y = dict(x)
    y["_k"] = x.get("_k") or x["up"]
    y["up"] = when
    y["down"] = None
    truth.append(y)
    return y


def at(x, now):
    if "later" not in x:
        return x
    y = dict(x)
    for w, kw in x["later"]:
        if now >= w:
            y.update(kw)
            if "day" in kw and kw["day"]:
                y["_d"] = kw["day"]
    return y


def isup(x, now):
    return x["up"] <= now and (x["down"] is None or now < x["down"])


def rows(truth, col, now, key=None):
    v = [at(x, now) for x in truth if x["column"] == col and isup(x, now)]
    v.sort(key=key or (lambda x: (x.get("_pin", 0), x["_d"], x["_id"])), reverse=True)
    return v


def pick(truth, col, after, n=0):
    v = sorted([x for x in truth if x["column"] == col and x["_d"] >= after], key=lambda x: x["up"])
    return v[n]


def byentry(x):
    return (x.get("_pin", 0), x.get("_k") or x["up"])


def renum(truth):
    """Give every article an id in the order of entry (late-entered and added ones too), in its addresses as well."""
    g = {}  # first: a planned event that came out before its row was up is put off
    for x in truth:
        g.setdefault(x["url"], []).append(x)
    for L in g.values():
        x = L[0]
        if x["down"] and x["down"] < x["up"] + timedelta(hours=20):
            gap = L[1]["up"] - x["down"] if len(L) > 1 else None
            u = x["up"] + timedelta(6)
            x["down"] = datetime(u.year, u.month, u.day, x["down"].hour, x["down"].minute)
            if gap:
                L[1]["up"] = x["down"] + gap
                L[1]["_k"] = x["up"]
        for i, (w, kw) in enumerate(x.get("later", [])):
            if w <= x["up"] and "url" not in kw:
                u = x["up"] + timedelta(9)
                w = datetime(u.year, u.month, u.day, w.hour, w.minute)
                if "day" in kw:
                    kw["day"] = w.date()
                x["later"][i] = (w, kw)
    for col in sorted({x["column"] for x in truth}):
        g = {}
        for x in truth:
            if x["column"] == col:
                g.setdefault(x["url"], []).append(x)
        i = min(x["_id"] for L in g.values() for x in L)

        def sub(u, a, b):
            return f"{b}".join(u.rsplit(str(a), 1))

        for u, L in sorted(g.items(), key=lambda k: min((y.get("_k") or y["up"]) for y in k[1])):
            seen = set()
            for x in L:
                x["url"] = sub(x["url"], x["_id"], i)
                for w, kw in x.get("later", []):
                    if "url" in kw and id(kw) not in seen:
                        kw["url"] = sub(kw["url"], x["_id"], i)
                        seen.add(id(kw))
                x["_id"] = i
            i += 1 + h(u) % 6
    return truth


_ix = {}


def find(truth, url, now):
    k = id(truth)
    if k not in _ix:
        m = {}
        for x in truth:
            us = {x["url"]} | {kw["url"] for _, kw in x.get("later", []) if "url" in kw}
            for u in us:
                m.setdefault(u.replace(HOST, ""), []).append(x)
        _ix[k] = m
    for x in _ix[k].get(url, []):
        if isup(x, now):
            return at(x, now)
    return None


def fail(F, col, now):
    for a in F:
        if a[0] in (col, "*") and a[1] <= now.date() <= a[2]:
            return a[3]
    return None


# ------------------------------------------------------------ texts
def paras(x):
    r = random.Random(h(x["title"], x["_id"]))
    c = x["_c"]
    d = x["_d"]
    t = x["title"]
    k = x["_kind"]
    S = []
    if k in ("water", "water2", "quarter", "airm", "air"):
        S = [
            f"根据环境监测计划，{c}环境监测站对辖区内监测点位开展了例行监测，现将结果公布如下。",
            f"监测点位{r.randint(1, 5)}个，监测项目{r.choice([29, 61, 64, 109, 6])}项，按照国家标准进行评价，达标率{r.choice(['100%', '100%', '98.2%', '95%'])}。",
            "评价结论：总体水质（空气）状况良好，与上月相比无明显变化。",
        ]
    elif k in ("eia", "eia2", "eia3"):
        S = [
            "根据建设项目环境影响评价审批程序的有关规定，现将有关情况予以公示，公示期为5个工作日。",
            f"项目位于{r.choice(TOWNS)}，总投资{r.randint(80, 9000)}万元，其中环保投资{r.randint(5, 300)}万元。",
            f"联系电话：0{r.randint(310, 998)}-{r.randint(2000000, 8999999)}，通讯地址：{c}人民路{r.randint(1, 200)}号。",
            "听证权利告知：依据《中华人民共和国行政许可法》，自公示起五日内申请人、利害关系人可提出听证申请。",
        ]
    elif k in ("news", "lead", "meet"):
        S = [
            f"{d.month}月{d.day}日，{r.choice(LEAD)}一行深入{r.choice(TOWNS)}，实地了解有关工作进展情况。县直有关部门负责人陪同。",
            f"会议指出，要充分认识{r.choice(AREA)}工作的重要性，进一步统一思想、明确责任、强化措施，确保各项任务落到实处。",
            f"会议强调，各乡镇、各部门要加强协作配合，形成工作合力，为全县经济社会发展作出新的贡献。（{r.choice(SUR)}{r.choice(GIV)}）",
        ]
    elif k in ("person",):
        S = [
            "各乡镇人民政府，县政府各部门：",
            f"经研究决定：{r.choice(SUR)}{r.choice(GIV)}同志任县{r.choice(['教育局', '水务局', '农业局'])}副局长，试用期一年；免去{r.choice(SUR)}{r.choice(GIV)}同志原任职务。",
            f"{c}人民政府",
        ]
    else:
        S = [
            "各乡镇人民政府，县直各单位：",
            f"为进一步做好有关工作，根据上级文件精神，结合我县实际，现将{t[:24]}有关事项公布如下。",
            f"一、提高认识，加强领导。各单位要高度重视{r.choice(AREA)}工作，主要负责人亲自抓。",
            f"二、明确责任，狠抓落实。请于{(d + timedelta(r.randint(5, 25))).month}月{r.randint(1, 28)}日前将有关情况报送办公室，联系人：{r.choice(SUR)}{r.choice(GIV)}。",
            f"特此{r.choice(['通知', '公告'])}。",
        ]
    return S


def table(x):
    """A small result table for monitoring articles."""
    r = random.Random(h("tab", x["title"]))
    if x["_kind"] not in ("water", "water2", "quarter", "airm", "air", "price", "stat"):
        return ""
    L = ["序号", "点位（品种）", "项目", "结果"]
    o = "<table border='1' cellspacing='0'><tr>" + "".join(f"<td>{a}</td>" for a in L) + "</tr>"
    for i in range(1, 5):
        o += f"<tr><td>{i}</td><td>{r.choice(TOWNS)}{i}号</td><td>{r.choice(['pH值', '氨氮', '高锰酸盐指数', 'PM10', '大米', '白菜', '增加值'])}</td><td>{r.randint(1, 900) / 100}</td></tr>"
    return o + "</table>"


def P(x, tag="<p>%s</p>"):
    return "\n".join(tag % s for s in paras(x)) + table(x)


# ------------------------------------------------------------ answers
def out(s, enc="utf-8", ctype="text/html; charset=utf-8", code=200, **hd):
    H = {"Content-Type": ctype} if ctype else {}
    H.update({k.replace("_", "-"): v for k, v in hd.items()})
    return code, H, s.encode(enc, "xmlcharrefreplace") if isinstance(s, str) else s


def redirect(u, code=302):
    return (
        code,
        {"Location": u, "Content-Type": "text/html"},
        b"<html><head><title>Object moved</title></head><body><h2>Object moved</h2></body></html>",
    )


def iis500():
    return (
        500,
        {"Content-Type": "text/html", "Server": "Microsoft-IIS/6.0"},
        "<html><head><title>“/”应用程序中的服务器错误。</title></head><body bgcolor=\"white\"><span><H1>“/”应用程序中的服务器错误。<hr width=100% size=1 color=silver></H1><h2> <i>用户 'sa' 登录失败。</i> </h2></span><b> 说明: </b>执行当前 Web 请求期间，出现未处理的异常。</body></html>".encode(),
    )


def tomcat500():
    return (
        500,
        {"Content-Type": "text/html;charset=utf-8", "Server": "Apache-Coyote/1.1"},
        b'<html><head><title>Apache Tomcat/6.0.35 - Error report</title></head><body><h1>HTTP Status 500 - </h1><HR size="1" noshade="noshade"><p><b>type</b> Exception report</p><p><b>message</b> <u></u></p><p><b>exception</b> <pre>org.apache.jasper.JasperException: java.sql.SQLException: Io exception: Connection refused</pre></p></body></html>',
    )


def nginx(code=502):
    return (
        code,
        {"Content-Type": "text/html", "Server": "nginx/1.16.1"},
        f"<html>\r\n<head><title>{code} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>{code} Bad Gateway</h1></center>\r\n<hr><center>nginx/1.16.1</center>\r\n</body>\r\n</html>\r\n".encode(),
    )


def waf521():
    return (
        521,
        {"Content-Type": "text/html", "Set-Cookie": "__jsluid_h=0a1b2c3d4e5f; path=/; HttpOnly"},
        b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+('e')+('a')+('r')+('ance')+('=')+(+!+[]+'')+'7'+'|-1|abc%3D;max-age=3600;path=/';location.href=location.pathname+location.search</script>",
    )


def waf200():
    return (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>安全验证</title><script>var _0x1f=['wzwschallenge','wzwsparams'];function check(){document.cookie='wzws_cid='+_0x1f.join('');window.location.reload();}</script></head><body onload=\"setTimeout(check,1500)\"><noscript>请开启JavaScript并刷新该页.</noscript><p>正在检查您的浏览器，请稍候……</p></body></html>".encode(),
    )


def maint(msg="系统维护中，给您带来不便敬请谅解！", enc="utf-8"):
    return (
        200,
        {"Content-Type": "text/html"},
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={enc}"><title>系统维护</title></head><body><div align=center style=\'margin-top:120px\'><h2>{msg}</h2></div></body></html>'.encode(
            enc
        ),
    )


def esc(s):
    return _html.escape(s, quote=True)


def Q(query):
    return {k: v[-1] for k, v in parse_qs(query, keep_blank_values=True).items()}


def num(s, d=1):
    try:
        return int(s)
    except Exception:
        return d


def cut(s, n, dots="…"):
    return s if len(s) <= n else s[:n] + dots


def page(v, p, per):
    return v[(p - 1) * per : p * per]


def npages(v, per):
    return max(1, -(-len(v) // per))


# ------------------------------------------------------------ browsers (for check.py only)
def b_links(fetch, start, pat):
    seen, todo, o = set(), [start], []
    while todo and len(seen) < 80:
        u = todo.pop(0)
        if u in seen:
            continue
        seen.add(u)
        t = fetch(u)
        o.append((u, t))
        for a in re.findall(r"""(?:href|src|value)\s*=\s*["']?([^"'\s>]+)""", t):
            a = _html.unescape(a)
            f = urljoin(HOST + u, a).replace(HOST, "").split("#")[0]
            if re.search(pat, f) and f not in seen:
                todo.append(f)
    return o


def b_createpage(fetch, start, name="index"):
    """TRS: createPageHTML(total, current, "index", "html")"""
    o = [(start, fetch(start))]
    m = re.search(r'createPageHTML\(\s*(\d+)\s*,\s*\d+\s*,\s*"([^"]+)"\s*,\s*"([^"]+)"', o[0][1])
    if m:
        for i in range(1, int(m.group(1))):
            u = urljoin(HOST + start, f"{m.group(2)}_{i}.{m.group(3)}").replace(HOST, "")
            o.append((u, fetch(u)))
    return o


def b_postback(fetch, start, pat):
    """WebForms: follow __doPostBack next-page links whose target matches pat."""
    t = fetch(start)
    o = [(start, t)]
    for _ in range(60):
        m = re.search(pat, _html.unescape(t))
        if not m:
            break
        hid = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*value="([^"]*)"', t))
        hid["__EVENTTARGET"] = m.group(1)
        hid["__EVENTARGUMENT"] = m.group(2)
        t = fetch(start, hid)
        o.append((start, t))
    return o
