"""Barriers held out, and what resembles them."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from random import Random

from tests.sites.case import Case, Row
from tests.sites.heldout.frames import FRAMES, READ_ON, bystanders, place
from tests.sites.heldout.papers import SHEETS

_FRAMED = {
    "flown-away": "<div class='err'><img src='/img/404s.png'><p>抱歉，您访问的页面飞走了~</p><a href='/'>返回首页</a></div>",
    "bad-parameter": "<div class='tips'>参数错误或该信息已被管理员删除</div>",
    "log-in-first": "<div class='tips'>请先<a href='/login'>登录</a>后再查看本页内容</div>",
    "being-updated": "<div class='blank'>内容更新中，敬请关注...</div>",
    "no-right": "<div class='tips'>您没有权限访问该栏目，请联系管理员</div>",
}

_NAKED = {
    "too-often": ("<html><body>访问过于频繁，请稍后再试！</body></html>", 200),
    "too-many": ("<html><body>Too Many Requests</body></html>", 429),
    "firewall": (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>创宇盾-拦截提示</title></head><body><h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1><p>事件编号 a3f2</p></body></html>",
        200,
    ),
    "gateway": ("<html><body><h1>502 Bad Gateway</h1></body></html>", 502),
    "replaced": (
        "<html><body><script>window.location.replace('?_t='+new Date().getTime());</script></body></html>",
        200,
    ),
    "jumping": (
        "<html><head><meta charset='utf-8'></head><body>正在跳转，请稍候...<form id=f method=post action=''><input type=hidden name=token value=8f></form><script>document.getElementById('f').submit();</script></body></html>",
        200,
    ),
    "moved": (
        "<html><head><meta charset='gbk'></head><body><p>本网站已迁移至新平台，请访问新网址</p></body></html>",
        200,
    ),
    "trace": (
        "HTTP Status 500 - javax.servlet.ServletException: java.sql.SQLException: Connection refused org.apache.jasper.servlet.JspServletWrapper",
        200,
    ),
    "database": (
        "<b>Warning</b>: mysql_connect(): Too many connections in <b>/www/inc/conn.php</b> on line <b>12</b>数据库连接失败",
        200,
    ),
}

_SOUND = {
    "about-attacks": (
        "关于防范网络攻击的风险提示",
        "<p>近期部分单位网站被黑客攻击，访问页面被拦截或跳转。各单位要及时修补漏洞，出现“访问过于频繁”提示的请更换网络。</p><p>县网信办值班电话见通讯录。</p>",
    ),
    "about-rights": (
        "关于调整政务内网访问权限的通知",
        "<p>自9月起，未授权人员没有权限访问内网栏目，请联系管理员开通；请先登录统一平台提交申请。</p>",
    ),
    "about-removal": (
        "关于公布废止和宣布失效文件目录的公告",
        "<p>下列文件已被废止，相应信息已被删除，不再作为行政管理依据。</p><p>本公告自发布之日起生效。</p>",
    ),
    "very-short": ("招领启事", "<p>拾到钱包一个，请失主到窗口认领。</p>"),
}


def cases(rng: Random) -> list[Case]:
    made = []
    for n, (name, main) in enumerate(_FRAMED.items()):
        case = Case(f"blocks-{name}", READ_ON.isoformat())
        frame = list(FRAMES)[n % 3]
        for address in ("/xx/", "/xx/1.html"):
            case.put(
                address, FRAMES[frame](rng, place(rng), "信息公开", "", "utf-8", main, bystanders(rng, 6, days=True))
            )
        made.append(case)
    for name, (body, status) in _NAKED.items():
        case = Case(f"blocks-{name}", READ_ON.isoformat())
        for address in ("/xx/", "/xx/1.html"):
            case.put(address, body, status=status, encoding="gbk" if name == "moved" else "utf-8")
        made.append(case)
    for case in made:
        trap = case.name.removeprefix("blocks-")
        case.column("/xx/", "barrier", traps=[trap], outcome="unseen", complete=False)
        case.article(
            "/xx/1.html",
            "barrier",
            traps=[trap],
            kind="unverifiable",
            items=[{"any": ["监测数据"], "verdict": "unseen"}],
        )
    for n, (name, (title, text)) in enumerate(_SOUND.items()):
        case = Case(f"near-{name}", READ_ON.isoformat())
        for k, system in enumerate(["dede", "card", "bare"]):
            sheet, frame, encoding = SHEETS[system]
            case.put(
                f"/n/{k}.html",
                FRAMES[frame](
                    rng,
                    place(rng),
                    title,
                    "",
                    "gb2312" if encoding == "gbk" else encoding,
                    sheet(title, "发布时间：2024-08-15", text),
                    bystanders(rng, 5),
                ),
                encoding=encoding,
            )
            case.article(
                f"/n/{k}.html",
                system,
                traps=[f"near:{name}"],
                title=title,
                date="2024-08-15",
                has=[text[3:18]],
                attachments=[],
            )
        made.append(case)
        if n == 0:
            titles = [
                "内容更新中的智慧城管平台介绍",
                "参数错误导致的缴费失败如何处理",
                "本网站已迁移公告",
                "网页飞走了怎么办",
                "登录后再查看办件进度的方法",
            ]
            rows = [Row(one, f"/wd/{k}.html", READ_ON.replace(day=k + 1)) for k, one in enumerate(titles)]
            body = "".join(
                f'<a class="list-group-item" href="{r.url}"><h5>{r.title}</h5><small>{r.day}</small></a>' for r in rows
            )
            listed = Case("near-column", READ_ON.isoformat())
            listed.put("/wd/", FRAMES["cards"](rng, place(rng), "常见问题", "", "utf-8", body, ""))
            listed.column("/wd/", "list", rows, traps=["near:column"])
            made.append(listed)
    return made
