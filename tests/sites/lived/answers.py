"""Texts of articles, answers of servers in trouble, and browsers that read a site by hand."""

import html as _html
import random
import re
from datetime import timedelta
from urllib.parse import parse_qs, urljoin

from tests.sites.lived.words import AREA, GIV, HOST, LEAD, SUR, TOWNS, h


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
