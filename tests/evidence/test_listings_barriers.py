"""What stands before the content, told from content that speaks of such things: both ways."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.page.barriers import barrier, says_building, strict_barrier
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]

BARRIERS = {
    "challenge": [
        "<html><title>安全验证</title><body>请完成安全验证后继续访问</body></html>",
        "<html><body><h1>访问验证</h1><p>请拖动滑块完成验证</p></body></html>",
        "<html><body>您的请求过于频繁，访问被拦截</body></html>",
        "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>",
        "<html><body><script>document.cookie='__jsl_clearance=1';location.reload()</script></body></html>",
        "<html><body>当前访问疑似黑客攻击，已被网站管理员设置为拦截。您的访问IP异常</body></html>",
        "<html><body>请开启JavaScript并刷新该页</body></html>",
        "<html><title>网站防火墙</title><body>您的请求带有不合法参数</body></html>",
    ],
    "missing": [
        "<html><title>404</title><body>很抱歉，您要访问的页面不存在</body></html>",
        "<html><title>提示信息</title><body>该文章不存在或已被删除</body></html>",
        "<html><body>404 Not Found</body></html>",
    ],
    "login": [
        "<html><title>统一身份认证</title><body>用户登录<input><input type=password></body></html>",
    ],
    "moved": ['<html><head><meta http-equiv="refresh" content="0; url=/new/"></head><body></body></html>'],
}


@pytest.mark.parametrize(("kind", "html"), [(kind, html) for kind, pages in BARRIERS.items() for html in pages])
def test_a_barrier_is_one_for_lists_and_articles(kind: str, html: str, page_of: PageOf) -> None:
    assert (barrier(page_of(html)), strict_barrier(page_of(html))) == (kind, kind)
    listing = parse_listing(page_of(html))
    assert (listing.understood, listing.barrier) == (False, kind)


META = '<meta name="ArticleTitle" content="x"><meta name="PubDate" content="2015-09-20 09:00">'


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head>{META}<title>关于统一身份认证登录平台停用的公告</title></head><body><h1>关于统一身份认证登录平台停用的公告</h1><p>请先登录新平台。</p></body></html>",
        "<html><title>关于开展网络安全验证工作的通知</title><body><h1>关于开展网络安全验证工作的通知</h1><p>发布时间：2015-09-20</p><p>请各单位完成安全验证并检查防火墙。</p></body></html>",
        "<html><title>公告</title><body><p>发布日期：2015年9月20日 来源：县住建局</p><p>经查，该公司登记的信息不存在，特此公告。</p></body></html>",
        "<html><title>证照作废公告</title><body><p>索引号：A-1</p><p>下列文件已被删除：404号档案。</p><p>二〇一五年九月二十日</p></body></html>",
        f"<html><head>{META}</head><body><h1>城南棚户区正在建设中</h1><p>项目建设中，敬请期待。</p></body></html>",
        f"<html><head>{META}</head><body><p>图片新闻</p><script>document.cookie='a=1';setTimeout(f, 1)</script></body></html>",
    ],
    ids=["login", "verification", "missing", "deleted", "building", "scripts"],
)
def test_an_article_that_speaks_of_it_is_none(html: str, page_of: PageOf) -> None:
    assert strict_barrier(page_of(html)) is None


@pytest.mark.parametrize(
    "text",
    [
        "栏目建设中",
        "本栏目正在建设中，敬请期待",
        "网站升级维护中",
        "页面建设中...",
        "该功能暂未开通",
        "系统正在维护",
        "内容整理中，请稍候",
    ],
)
def test_what_is_not_ready_says_so(text: str, page_of: PageOf) -> None:
    page = page_of(f"<html><body><div><p>{text}</p></div></body></html>")
    assert says_building(page)
    assert parse_listing(page).barrier == "building"


@pytest.mark.parametrize(
    "text", ["县工程建设中心", "新农村建设中的几个问题", "城市建设中期评估", "国土资源整理中心", "维护中小企业权益"]
)
def test_what_only_sounds_so_does_not(text: str, page_of: PageOf) -> None:
    assert not says_building(page_of(f"<html><body><div><p>{text}</p></div></body></html>"))


def test_an_empty_column_under_a_login_link_is_empty(page_of: PageOf) -> None:
    furniture = "".join(f"<a href='/{n}/'>政务公开栏目第{n}号</a>" for n in range(20))
    html = f"<html><title>环境保护</title><body><div>用户登录 | 注册</div><div>{furniture}</div><p>本栏目暂无信息</p></body></html>"
    listing = parse_listing(page_of(html))
    assert (listing.understood, listing.sightings) == (True, ())


def test_a_list_of_notices_about_such_things_is_a_list(page_of: PageOf) -> None:
    titles = [
        "关于用户登录方式变更的公告",
        "关于防火墙安全验证的通知",
        "新校区建设中标结果公示",
        "关于网站升级维护的公告",
    ]
    rows = "".join(
        f"<li><a href='/hjbh/{n}.html'>{title}</a><span>2015-09-2{n}</span></li>" for n, title in enumerate(titles)
    )
    assert [
        one.title for one in parse_listing(page_of(f"<html><body><ul>{rows}</ul></body></html>")).sightings
    ] == titles


FRAME = (
    "<html><head><title>样例县人民政府</title></head><body><div class='nav'>{nav}</div><div class='m'>{said}</div>"
    "<div class='r'><ul>{side}</ul></div></body></html>"
)
NAV = "".join(f"<a href='/{n}/'>政务公开栏目第{n}号</a>" for n in range(60))
SIDE = "".join(
    f"<li><a href='/art/{n}.html'>全县其他重要工作情况通报第{n}号</a><span>2015-09-{n}</span></li>"
    for n in range(10, 20)
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("您访问的栏目不存在或者已停用。", "missing"),
        ("对不起，该文章已被删除！", "missing"),
        ("抱歉，没有找到您要的页面", "missing"),
        ("参数错误", "missing"),
        ("系统繁忙，请稍后再试", "missing"),
        ("非法访问", "missing"),
        ("java.lang.NullPointerException", "missing"),
        ("您还没有登录，请登录后查看", "login"),
        ("请先登录", "login"),
        ("该内容需要登录后才能查看", "login"),
        ("本栏目须登录后访问", "login"),
        ("会话已过期，请重新登录", "login"),
        ("登录超时", "login"),
        ("本栏目仅限内部用户访问", "login"),
        ("请先进行身份认证", "login"),
        ("您没有访问该栏目的权限", "login"),
        ("对不起，您无权限查看", "login"),
    ],
)
def test_a_message_in_a_sites_frame_is_no_list_of_what_stands_beside(said: str, kind: str, page_of: PageOf) -> None:
    for text in (f"<p>{said}</p>", f"<div class='msg'><h2>{said}</h2></div>", f"<td>{said}</td>"):
        page = page_of(FRAME.format(nav=NAV, said=text, side=SIDE), url="http://www.yangli.gov.cn/col/col31/index.html")
        listing = parse_listing(page)
        assert (listing.understood, listing.barrier, listing.sightings) == (False, kind, ())


@pytest.mark.parametrize(
    "title",
    [
        "身份证过期换领须知",
        "请先登录新平台再申报",
        "关于部分登记信息不存在的公告",
        "系统登录错误处理办法",
        "关于网络参数异常情况的通报",
        "非法采砂专项整治通告",
    ],
)
def test_a_title_about_such_things_is_an_entry(title: str, page_of: PageOf) -> None:
    rows = f"<li><a href='/art/9.html'>{title}</a><span>2015-09-20</span></li>{SIDE}"
    page = page_of(
        FRAME.format(nav=NAV, said=f"<ul>{rows}</ul>", side=""), url="http://www.yangli.gov.cn/col/col31/index.html"
    )
    assert title in [one.title for one in parse_listing(page).sightings]


@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_an_empty_answer_is_called_empty(body: bytes, page_of: PageOf) -> None:
    assert parse_listing(page_of(body)).reason == "网页是空的，没有任何内容"
