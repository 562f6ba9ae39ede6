"""A sentence without title and day at an article's address: nobody can tell what it is. Judged by form, not by words."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.article.read import NAMELESS, parse_article
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.standing_page import whole_page

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/hjbh/201509/t20150928_17.html"


def page(middle: str, title: str = "环境保护_样例县人民政府", crumb: str = "环境保护") -> str:
    return f"""<html><head><title>{title}</title></head><body>
<div class="header">今天是2015年9月30日 星期三 <a href="/wap/">手机版</a></div>
<div class="nav"><a href="/">首页</a><a href="/xw/">要闻</a><a href="/gk/">政务公开</a><a href="/fw/">办事服务</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/gk/">政务公开</a> &gt; {crumb}</div>
<div class="box"><div class="l">{middle}</div><div class="r"><h4>导航</h4><a href="/1/">指南</a><a href="/2/">制度</a></div></div>
<div class="footer">主办：样例县人民政府办公室 ICP备05001234号 2015-09-30 更新</div></body></html>"""


NOTICES = [
    "<p>请选择左侧栏目查看</p>",
    "<h3>环境保护</h3><p>请选择左侧栏目查看。</p>",
    "<p>本页面需要 Flash 插件支持</p>",
    "<noscript>您的浏览器禁用了脚本</noscript><div id='list'></div><script src='/l.js'></script>",
    "<h1>环境保护</h1><div>内容稍后呈现</div>",
    "<p>Loading...</p>",
]


@pytest.mark.parametrize("middle", NOTICES)
def test_a_sentence_of_the_site_is_no_article(middle: str, page_of: PageOf) -> None:
    read = parse_article(page_of(page(middle), url=HERE))
    assert read.state == "unreadable"
    assert whole_page(page_of(page(middle), url=HERE)).state == "unreadable"


def test_the_window_alone_gives_no_title(page_of: PageOf) -> None:
    """A shell may know what it would show."""
    html = page("<p>请选择左侧栏目查看</p>", title="关于2015年8月份水环境质量状况的公告_样例县人民政府")
    assert parse_article(page_of(html, url=HERE)).reason == NAMELESS


@pytest.mark.parametrize(
    "middle",
    [
        "<h1>关于国庆节放假的通知</h1><p>10月1日至7日放假。</p>",
        "<h1>停水公告</h1><p>发布时间：2015-09-28</p><p>今晚停水。</p>",
        "<h1>停水公告</h1><p>今晚停水。</p><p>样例县自来水公司</p><p>2015年9月28日</p>",
        "<h1>环境保护</h1><p>全县地表水水质达标率为百分之百，集中式饮用水源地水质全部达标，空气质量优良天数比例上升，总体良好。</p>",
        "<h1>环境保护</h1><p>见附件。</p><p><a href='/upload/1.pdf'>监测数据.pdf</a></p>",
    ],
    ids=["a title of its own", "a day", "signed", "more than a sentence", "a file"],
)
def test_a_short_article_is_one(middle: str, page_of: PageOf) -> None:
    assert parse_article(page_of(page(middle), url=HERE)).state == "read"


@pytest.mark.parametrize(
    "middle", ["<h2>在线举报</h2><p>欢迎举报环境违法行为</p>", "<h2>联系我们</h2><p>环保热线：0571-12369123</p>"]
)
def test_a_standing_page_may_be_as_short(middle: str, page_of: PageOf) -> None:
    title = "在线举报" if "在线" in middle else "联系我们"
    html = page(middle, title=f"{title}_样例县人民政府", crumb=title)
    assert whole_page(page_of(html, url="http://www.yangli.gov.cn/zxjb/")).state == "read"
