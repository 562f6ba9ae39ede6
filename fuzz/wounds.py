"""Bytes and texts as a broken server, a cut line or a bad hand would leave them: seeds, with wounds drawn by hypothesis."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

#: Markup, data and words that the readers of pages look for.
PIECES = [
    "<ul>", "</ul>", "<li>", "<a href='/a/1.html'>", "<a href='javascript:x()'>", "</a>", "<table><tr><td>", "</td><td>", "</table>",
    "<th>信息名称</th>", "<th>发布日期</th>", "2015-09-25", "[09-25]", "发布时间：", "二〇一五年九月", "下一页", "共9页", "暂无信息",
    "404", "<div id=zoom>", "<meta name=PubDate content='2015-9-9'>", "<base href='//[::1'>", "<script>", "</script>", "<br>", "<dl><dt>", "<dd>",
    "关于公布名录的公告", "\x00", "<![CDATA[", "<!--", "createPageHTML(", "9999-99-99", "﷐", "\ud7ff", "<a href='http://[bad'>", "<p title='",
    "<datastore>", "</datastore>", "<totalrecord>99</totalrecord>", "<nextgroup><![CDATA[<a href='./dataproxy.jsp?page=2'>]]></nextgroup>", "<record><![CDATA[",
    "]]></record>", "proxyUrl:'/x/dataproxy.jsp',ajaxParam:{a:1,b:'c'},perPage:15", "<div url='/front/page/build/unit' queryData=\"{'tagId':'列表'}\">",
    "<?xml version='1.0'?>", "<rss><channel>", "<item><title>公告</title><link>/1.html</link>", "<pubDate>Mon, 28 Sep 2015 09:30:00 +0800</pubDate></item>",
    "<feed>", "<entry>", "<urlset><url><loc>/1.html</loc>", "<lastmod>2015-09-09</lastmod></url>", "<sitemapindex>", "&nbsp;", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    '{"data":{"results":[', '{"title":"公告","url":"/1.html","publishedTime":1443403800000}', ',', ']}}', "x({", "});", "<li id='line_u9_0'>", "<li id='line_u9_1'>",
    "createPageHTML(9, 0, 'index', 'html')", "createPageHTML('p', 9, 1, 'a', 'shtml', 90)", "Pager({size:9,current:0,prefix:'a',suffix:'b'})",
    "var countPage=9,currentPage=0;", "'index_'+n+'.html'", "<iframe src=/f/>", "'/search/0123456789abcdef0123456789abcdef?_isJson=true'", "昨天", "10:32",
    "<div><span>标题</span><span>发布日期</span></div>", "<div><span><a href=/2.html>公告</a></span><span>2015-09-25</span></div>", "<h3>热点</h3>", "<h<b>", "</h<b>",
    "1e999", "-1", "null", "\\ud800", "&#xD800;", "&#x110000;", "9" * 400,
]  # fmt: skip
#: What stands in titles and in the cells of clerks: words of periods, of kinds and of states.
WORDS = [
    "2015年", "二〇一五年", "十三月", "9月", "1—9月", "第三季度", "上半年", "第53周", "9月31日", "关于", "《", "》", "（", "）", "〔2015〕9号", "公告", "通知",
    "预算", "决算", "草案", "更正", "解读", "征求意见稿", "转发", "名单", "情况", "水环境质量", "部门", "及", "、", "2015-02-30", "20150931", "１２", "廿九", "○",
    "\u200b", "\u202e", "\U0001f600", "e\u0301", "\x00", "9" * 30,
]  # fmt: skip


def soup(pieces: Sequence[str] = PIECES, most: int = 80) -> st.SearchStrategy[str]:
    """Pieces and any other text, one after the other."""
    return st.lists(st.sampled_from(pieces) | st.text(max_size=8), max_size=most).map("".join)


@st.composite
def wounded(
    draw: st.DrawFn, seeds: Sequence[bytes], pieces: Sequence[str] = PIECES, *, from_soup: bool = True
) -> bytes:
    """One of the seeds, or pieces at random, with up to eight wounds; at most 3 MB."""
    is_soup = from_soup and draw(st.booleans())
    body = bytearray(encoded(draw(soup(pieces))) if is_soup else draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, max(len(body) - 1, 0)))
        length = draw(st.integers(1, 400))
        match draw(st.sampled_from(("cut", "double", "flip", "bite", "insert", "end", "splice", "flood"))):
            case "cut":
                del body[at : at + length]
            case "double":
                body[at:at] = body[at : at + length] * draw(st.integers(1, 40))
            case "flip":
                body[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "bite":
                bite = draw(st.binary(max_size=64))
                body[at : at + len(bite)] = bite
            case "insert":
                body[at:at] = encoded(draw(st.sampled_from(pieces)))
            case "end":
                del body[at:]
            case "splice":
                other = draw(st.sampled_from(seeds))
                start = draw(st.integers(0, max(len(other) - 1, 0)))
                body[at:at] = other[start : start + 4 * length]
            case "flood":
                body[at:at] = encoded(draw(st.sampled_from(pieces))) * draw(st.integers(1, 3000))
    return bytes(body[:3_000_000])


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
