"""What a text lacks because a script has yet to bring it, or because its link leads nowhere, is not missing."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.article.read import SCRIPTED, Article, parse_article
from tracker.evidence.article.unread import (
    DISK_NOTE,
    ELSEWHERE_NOTE,
    FURTHER_NOTE,
    INLINE_NOTE,
    PENDING_NOTE,
    UNLINKED_NOTE,
    UNSEEN_NOTE,
)
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
LEAD = "<p>根据有关规定，现将本乡今年以来各项惠农补贴的发放情况予以公布，发放时间和范围以县级主管部门核定的为准，请广大村民监督，有不同意见的可到乡财政所反映。</p>"


def read(page_of: PageOf, inside: str, script: str = "") -> Article:
    """An article in a place that systems keep for the text."""
    return parse_article(page_of(
        f"<html><head><title>惠农补贴公示</title></head><body><h1>惠农补贴公示</h1><p>发布时间：2015-09-25</p><div id=zoom>{inside}</div>{script}"
        "<div>版权所有：樟木乡人民政府</div></body></html>",
        "http://www.yangli.gov.cn/zmx/t20150925_771.html",
    ))  # fmt: skip


def notes(article: Article) -> list[str]:
    return [one.note for one in article.attachments]


WAITS = {
    "a place that a script names": ("<table id=list></table>", "<script>layui.render('#list')</script>", True),
    "by its own name": ("<div id=pie></div>", "<script>var p=document.getElementById('pie')</script>", True),
    "rows below the heads": ("<table id=bt><tr><th>姓名<th>金额</tr></table>", "<script>$('#bt').bootstrapTable()</script>", True),
    "bound by a library": ("<ul><li v-for='x in rows'></li></ul>", "", True),
    "left by a template": ("<p>补贴合计：{{total}}万元</p>", "", True),
    "still on its way": ("<div>数据加载中...</div>", "", True),
    "fetched when it is pressed": ("<span onclick=\"$.getJSON('/b?id=2',show)\">明细</span>", "", True),
    "an empty place that nobody names": ("<div id=spare></div>", "<script>var spares=1</script>", False),
    "a counter": ("<span id=hits></span>", "<script>$('#hits').text(9)</script>", False),
    "filled by the server all the same": ("<div v-html=body><p>大米补贴</p></div>", "", False),
    "a sentence on loading": ("<p>内容加载中请稍候的提示出现过久的，请刷新页面后再查询补贴。</p>", "", False),
    "a place with a picture": ("<div id=tu><img src=a.jpg width=300></div>", "<script>$('#tu').show()</script>", False),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "script", "waits"), WAITS.values(), ids=WAITS)
def test_a_part_that_a_script_has_yet_to_bring_is_noted(inside: str, script: str, waits: bool, page_of: PageOf) -> None:
    assert (PENDING_NOTE in notes(read(page_of, LEAD + inside, script))) is waits


@pytest.mark.parametrize("inside", ["正在加载，请稍候", "${article.body}", "<p>Loading...</p>"])
def test_nothing_but_a_place_holder_is_no_text(inside: str, page_of: PageOf) -> None:
    article = read(page_of, inside)
    assert (article.state, article.reason) == ("unreadable", SCRIPTED)


LINKS = {
    "a file named without a link": (LEAD + "<p>补贴名单.xlsx</p>", [UNLINKED_NOTE]),
    "a file named beside its link": (LEAD + "<p>补贴名单.xls</p><p><a href='/u/1.xls'>补贴名单.xls</a></p>", [""]),
    "a link that only a script follows": (LEAD + "<a data-url='/u/1.pdf'>补贴名单.pdf</a>", [UNLINKED_NOTE]),
    "a frame that a script fills": (LEAD + "<iframe id=f></iframe>", [PENDING_NOTE]),
    "a cell that a script fills": (LEAD + "<table><tr><td>合计<td><script>document.write(90)</script></tr><tr><td>户<td>3</tr></table>", [PENDING_NOTE]),
    "a file on the editor's disk": (LEAD + "<a href='D:\\公示\\名单.xls'>名单</a>", [DISK_NOTE]),
    "the same as an address": (LEAD + "<a href='file:///D|/a.doc'>名单</a>", [DISK_NOTE]),
    "a picture on a disk": ("<p>现将补贴名单公布如下：</p><img src='file:///C:/x/1.png' width=500>", [DISK_NOTE]),
    "a small one beside much text": (LEAD * 2 + "<img src='file:///C:/x/1.png' width=500>", []),
    "a picture in the page itself": ("<p>现将补贴名单公布如下：</p><img src='data:image/jpeg;base64,/9j/4AAQ'>", [INLINE_NOTE]),
    "files named at the end": (LEAD + "<p>附件：1.补贴名单</p><p>2.面积核定表</p>", [UNLINKED_NOTE]),
    "files named, and their text behind": (LEAD + "<p>附件：补贴名单</p><p>补贴名单</p>" + LEAD * 3, []),
    "files named, a table behind": (LEAD + "<p>附件：名单</p><table><tr><td>张某<td>90</tr><tr><td>王某<td>80</tr></table>", []),
    "files in a sentence": (LEAD + "<p>附件材料应当一并提交。</p>", []),
    "a text of links": ("<p>补贴公示</p><p><a href=1.html>红岩村名单</a></p><p><a href=2.html>石桥村名单</a></p>", [ELSEWHERE_NOTE]),
    "a text with a link": (LEAD + "<p><a href=1.html>县农业局网站</a></p>", []),
    "the rest under another name": (LEAD + "<p><a href='whole-88.html'>浏览全文</a></p>", [ELSEWHERE_NOTE]),
    "the rest as one page": (LEAD + "<p><a href='t20150925_771_full.html'>全文浏览</a></p>", [FURTHER_NOTE]),
    "a button for the rest": (LEAD + "<a href='javascript:all()'>展开全部</a>", [UNSEEN_NOTE]),
    "a button for what is only hidden": (LEAD + f"<div style='display:none'>{LEAD}</div><a href='javascript:all()'>展开全部</a>", []),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "expected"), LINKS.values(), ids=LINKS)
def test_what_is_linked_and_cannot_be_had_is_noted(inside: str, expected: list[str], page_of: PageOf) -> None:
    assert notes(read(page_of, inside)) == expected


FILES = {
    "called a file": ("<a href='/open?n=31'>附件2：补贴名单</a>", ["/open?n=31"]),
    "a page of files": ("<a href='/xz/31.html'>附件下载</a>", ["/xz/31.html"]),
    "a picture of a list": ("<a href='/u/md.png'>补贴名单</a>", ["/u/md.png"]),
    "a picture around a smaller one": (f"{LEAD}{LEAD}<a href='/u/big.png'><img src='/u/small.png'></a>", []),
    "a button": ("<button onclick=\"window.open('/u/md.doc')\">名单</button>", ["/u/md.doc"]),
    "opened by a call, once": ("<a href='#' onclick=\"open_('/u/md.doc')\">下载附件</a>", ["/u/md.doc"]),
    "a place of a picture": ("<map><area href='/u/md.pdf'></map>", ["/u/md.pdf"]),
    "a line to press": ("<li onclick=\"window.open('/u/md.doc')\">补贴名单</li>", ["/u/md.doc"]),
    "a viewer that comes late": ("<iframe data-src='/u/md.pdf'></iframe>", ["/u/md.pdf"]),
    "another page": ("<a href='/nyj/3.html'>县农业局通知</a>", []),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "expected"), FILES.values(), ids=FILES)
def test_what_calls_itself_a_file_is_one(inside: str, expected: list[str], page_of: PageOf) -> None:
    urls = [one.url.removeprefix("http://www.yangli.gov.cn") for one in read(page_of, LEAD + inside).attachments]
    assert urls == expected


def test_a_document_that_a_script_shows_is_the_text(page_of: PageOf) -> None:
    article = read(page_of, "<canvas id=v></canvas>", "<script>pdfjsLib.getDocument('/u/2015/md.pdf')</script>")
    assert (article.state, article.attachments[0].url) == ("read", "http://www.yangli.gov.cn/u/2015/md.pdf")


@pytest.mark.parametrize(
    "picture",
    [
        "<img src='/img/blank.gif' data-lazyload='/upload/1.jpg'>",
        "<img src='/img/grey.png' _src='/u/1.jpg?v=2' width=800>",
        "<picture><source srcset='/upload/1.webp 2x'><img></picture>",
        "<div style='background: url(/upload/1.png) no-repeat'></div>",
    ],
)
def test_pictures_that_a_script_puts_in_are_the_text_too(picture: str, page_of: PageOf) -> None:
    urls = [one.url for one in read(page_of, f"<p>现将补贴名单公布如下：</p>{picture}").attachments]
    assert [url for url in urls if "/1." in url]


SAID = {
    "headings that are pressed": ("<button>补贴标准</button><div>每亩九十元</div><button>打印</button>", "补贴标准\n每亩九十元"),
    "headings of parts shown in turn": ("<ul class='nav nav-tabs'><li><a href=#a>补贴标准</a></li></ul><div id=a>每亩九十元</div>", "补贴标准\n每亩九十元"),
    "a ranking without links": ("<table class=ranking><tr><td>村<td>户</tr><tr><td>红岩<td>3</tr></table>", "村\t户\n红岩\t3"),
    "a foot of its own": ("<div class=item-footer>补贴标准：九十元</div>", "补贴标准：九十元"),
    "a part set aside": ("<aside>补贴标准：九十元</aside>", "补贴标准：九十元"),
    "no neighbours": ("<aside><a href=1.html>上级文件</a></aside><div class=related><a href=2.html>相关</a></div>", ""),
    "words over signs": ("<ruby>补贴<rt>butie</rt></ruby>标准", "补贴标准"),
    "a drawing": ("<svg><text>补贴标准</text><text>九十元</text></svg>", "补贴标准\n九十元"),
    "figures on lines of their own": ("<div>57</div><div>户数</div><ul><li>1</li><li>下一页</li></ul>", "57\n户数"),
    "fields of a form": (
        "<table><tr><td>标准<td><input value=90></tr><tr><td>方式<td><select><option>现金<option selected>一卡通</select></tr><tr><td>说明<td><textarea>按亩</textarea></tr></table>",
        "标准\t90\n方式\t一卡通\n说明\t按亩",
    ),
    "signs in cells": ("<table><tr><td>流程图<td><a href=1.html><i></i></a></tr><tr><td>依据<td><svg></svg></tr></table>", "流程图\t（图片）\n依据\t（图片）"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "text"), SAID.values(), ids=SAID)
def test_what_stands_in_the_place_of_the_text_is_text(inside: str, text: str, page_of: PageOf) -> None:
    lead, *rest = (read(page_of, LEAD + inside).text or "").split("\n")
    assert (lead[:2], "\n".join(rest)) == ("根据", text)


KEPT = "&lt;p&gt;补贴标准为每亩九十元，按核定面积发放。&lt;/p&gt;"
TUCKED = {
    "in a field of a form": f"<div id=t></div><textarea hidden>{KEPT}</textarea>",
    "in a hidden field": f"<div id=t></div><input type=hidden value='{KEPT}'>",
    "in a frame's source": f"<iframe srcdoc='{KEPT}'></iframe>",
    "in a script's string": r"<script>var body='<div>补贴标准为每亩九十元，按核定面积发放。<\/div>';show(body)</script>",
    "the same in numbers": r'<script>show("\u003cp\u003e\u8865\u8d34\u6807\u51c6\u4e3a\u6bcf\u4ea9\u4e5d\u5341\u5143\uff0c\u6309\u6838\u5b9a\u9762\u79ef\u53d1\u653e\u3002")</script>',
}  # fmt: skip


@pytest.mark.parametrize("inside", TUCKED.values(), ids=TUCKED)
def test_a_text_that_the_page_brings_along_proves_but_lacks_nothing(inside: str, page_of: PageOf) -> None:
    article = read(page_of, inside)
    assert (article.text, notes(article)) == ("补贴标准为每亩九十元，按核定面积发放。", [PENDING_NOTE])


@pytest.mark.parametrize(
    "inside",
    [
        "<textarea>请填写您的意见和建议</textarea>",
        "<script>var t='县农业局惠农补贴网上公示系统平台欢迎您的访问和监督支持'</script>",
    ],
)
def test_fields_and_strings_without_markup_are_no_text(inside: str, page_of: PageOf) -> None:
    assert read(page_of, inside).state == "unreadable"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<table><caption>耕地 补贴表</caption><tr><td>村<td>元</tr><tr><td>红岩<td>90</tr></table>", "耕地 补贴表\n村\t元\n红岩\t90"),
        ("<table><tr><td>合计<td><input value=90 readonly></tr><tr><td>户数<td><input value=填写></tr></table>", "合计\t90\n户数\t"),
        ("<p>合计：<input disabled value=90>元</p>", "合计： 90 元"),
    ],
)  # fmt: skip
def test_captions_and_figures_in_fields_are_part_of_the_text(inside: str, text: str, page_of: PageOf) -> None:
    said = read(page_of, LEAD + inside).text or ""
    assert "".join(text.split(" ")) in "".join(said.split(" "))
