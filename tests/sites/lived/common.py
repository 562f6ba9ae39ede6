"""Shared helpers: titles, schedules, and what stood on the site at an instant."""

import hashlib as hashlib  # the sites use what stands here under its own name
import json as json
import random
import re as re
from datetime import date, datetime, timedelta
from urllib.parse import urlencode as urlencode

from tests.sites.lived.answers import P as P
from tests.sites.lived.answers import Q as Q
from tests.sites.lived.answers import b_createpage as b_createpage
from tests.sites.lived.answers import b_links as b_links
from tests.sites.lived.answers import b_postback as b_postback
from tests.sites.lived.answers import cut as cut
from tests.sites.lived.answers import esc as esc
from tests.sites.lived.answers import iis500 as iis500
from tests.sites.lived.answers import maint as maint
from tests.sites.lived.answers import nginx as nginx
from tests.sites.lived.answers import npages as npages
from tests.sites.lived.answers import num as num
from tests.sites.lived.answers import out as out
from tests.sites.lived.answers import page as page
from tests.sites.lived.answers import paras as paras
from tests.sites.lived.answers import redirect as redirect
from tests.sites.lived.answers import tomcat500 as tomcat500
from tests.sites.lived.answers import waf200 as waf200
from tests.sites.lived.answers import waf521 as waf521
from tests.sites.lived.words import ACT, AREA, FEST, FIRMS, GOOD, NEWS, NOTE, NUMC, PROJ, SUF
from tests.sites.lived.words import GIV as GIV
from tests.sites.lived.words import HOST as HOST
from tests.sites.lived.words import LEAD as LEAD
from tests.sites.lived.words import SUR as SUR
from tests.sites.lived.words import TOWNS as TOWNS
from tests.sites.lived.words import h as h


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
