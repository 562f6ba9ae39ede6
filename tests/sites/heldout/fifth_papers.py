"""The fifth set held out: articles, and where their day stands."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from random import Random

from tests.sites.case import Case
from tests.sites.heldout.fifth_frames import MID, NEW, OLD, modern, portal, title, upper

_BODY = (
    "<p>　　各乡镇人民政府，县政府各部门：</p><p>　　为进一步做好有关工作，经县人民政府同意，现将有关事项通知如下，请认真贯彻执行。各单位要加强领导，落实责任，"
    "按照时间节点完成各项任务，确保工作取得实效。</p><p>　　一、明确目标任务。坚持统筹兼顾，突出重点，分步实施，全面完成年度目标。</p><p>　　二、强化督促检查。县政府督查室适时开展督查并通报结果。</p>"
)
_SIGNED = '<p style="text-align:right">青垭县人民政府办公室</p><p style="text-align:right">{}</p>'

#: name → (frame, what is above the text, what is at the text's end, below it; address; day)
DATED: dict[str, tuple[str, str, str, str, str, str | None]] = {
    "typed-in": ("upper", "<P align=center>录入时间：2010-9-6 10:22:31　录入者：admin　点击：<SCRIPT src=/count.asp?id=3></SCRIPT>次", "", "", "/x/s.asp?id=31", "2010-09-06"),
    "uploaded": ("upper", "<P align=center>上传日期：2010.9.6　　浏览次数：311", "", "", "/x/s.asp?id=32", "2010-09-06"),
    "added": ("upper", "<P align=center>添加日期:2010年9月6日 阅读:31 【<A href='javascript:doZoom(16)'>大</A> <A href='javascript:doZoom(14)'>中</A>】", "", "", "/x/s.asp?id=33", "2010-09-06"),
    "american-label": ("upper", "<P align=center>发布时间：9/6/2010 3:20:11 PM　来源：县政府办", "", "", "/x/s.aspx?id=34", "2010-09-06"),
    "american-plain": ("upper", "<P align=center>发布时间：9/26/2010 3:20:11 PM　来源：县政府办", "", "", "/x/s.aspx?id=35", "2010-09-26"),
    "short-year": ("upper", "<P align=center>发布时间：10-9-16　来源：县政府办", "", "", "/x/s.aspx?id=36", "2010-09-16"),
    "only-brackets": ("portal", '<div class="sj">[2015-09-06]</div>', "", "", "/x/37.html", "2015-09-06"),
    "lenticular": ("portal", '<div class="sj">【时间：2015/9/6】【来源：本站原创】【字体：大 中 小】【关闭】</div>', "", "", "/x/38.html", "2015-09-06"),
    "label-and-value-apart": ("modern", '<div class="info"><label>发布日期</label><span>2022-05-06</span><label>来源</label><span>县财政局</span></div>', "", "", "/x/39.html", "2022-05-06"),
    "split-in-elements": ("modern", '<div class="info"><em>发布时间</em>：<i>2022</i>年<i>05</i>月<i>06</i>日</div>', "", "", "/x/40.html", "2022-05-06"),
    "meeting-and-signature": ("portal", "", "<p>　　时间：2015年10月8日上午9:00</p><p>　　地点：三楼会议室</p>" + _SIGNED.format("2015年9月6日"), "", "/x/41.html", "2015-09-06"),
    "signature-in-numerals": ("portal", "", _SIGNED.format("二Ｏ一五年九月六日"), "", "/x/42.html", "2015-09-06"),
    "signature-then-copy-to": ("portal", "", _SIGNED.format("2015年9月6日") + "<p>抄送：县委办公室，县人大办公室。</p><p>青垭县人民政府办公室　　2015年9月8日印发</p>", "", "/x/43.html", "2015-09-06"),
    "nothing-but-neighbours": ("portal", "", "", '<div class="pn"><p>上一篇：<a href="/x/1.html">县政府常务会议召开</a> [2015-09-01]</p><p>下一篇：<a href="/x/2.html">农村公路通车</a> [2015-09-11]</p></div>', "/x/44.html", None),
    "nothing-but-related": ("modern", "", "", '<div class="rel"><h4>相关新闻</h4><ul><li><a href="/x/1.html">县政府常务会议召开</a><span>2022-05-01</span></li><li><a href="/x/2.html">公路通车</a><span>2022-05-02</span></li></ul></div>', "/x/45.html", None),
    "passed-on-in-the-head": ("portal", '<div class="sj">来源：县法制办　发布时间：2015-09-06 11:20</div>', "", "", "/x/46.html", "2015-09-06"),
    "made-and-published": ("portal", '<table class="head"><tr><td>索引号：QY-01</td><td>发文机关：县政府办</td></tr><tr><td>成文日期：2015-08-28</td><td>发布日期：2015-09-06</td></tr><tr><td>文号：青府发〔2015〕12号</td><td>有效性：有效</td></tr></table>', _SIGNED.format("2015年8月28日"), "", "/x/47.html", "2015-09-06"),
    "published-and-changed": ("modern", '<div class="info">更新时间：2022-06-01　发布时间：2022-05-06　浏览：20</div>', "", "", "/x/48.html", "2022-05-06"),
    "valid-until": ("modern", '<div class="info">有效期至：2027-05-31　发布日期：2022-05-06</div>', "", "", "/x/49.html", "2022-05-06"),
    "address-of-jcms": ("modern", "", "", "", "/art/2022/5/6/art_1234_56789.html", "2022-05-06"),
    "address-with-day": ("portal", '<div class="sj">发布时间：<script>document.write(ft("1441500000"))</script></div>', "", "", "/zwgk/20150906/1021.html", "2015-09-06"),
    "comment-below": ("modern", '<div class="info">发布时间：2022-05-06</div>', "", '<div class="cm"><h4>网友评论</h4><p>张**　2022-05-08 10:11　写得好</p></div>', "/x/50.html", "2022-05-06"),
    "clock-in-the-top": ("portal", '<div class="sj">日期：15-09-06　作者：办公室</div>', "", "", "/x/51.html", "2015-09-06"),
    "time-and-clicks": ("portal", '<div class="sj">2015-9-6 15:20:11　阅读：2015　评论：0</div>', "", "", "/x/52.html", "2015-09-06"),
    "month-only": ("portal", '<div class="sj">来源：县统计局</div>', '<p style="text-align:right">2015年9月</p>', "", "/x/53.html", None),
    "afternoon": ("upper", "<P align=center>时间：2010-9-6 下午 03:20:11", "", "", "/x/s.asp?id=54", "2010-09-06"),
    "iso-in-time": ("modern", '<p class="meta"><time datetime="2022-05-06T09:00:00+08:00">3周前</time> 县融媒体中心</p>', "", "", "/x/55.html", "2022-05-06"),
    "utc-in-time": ("modern", '<p class="meta"><time datetime="2022-05-05T16:30:00Z">2022-05-06 00:30</time> 县融媒体中心</p>', "", "", "/x/56.html", "2022-05-06"),
}  # fmt: skip
_FRAMES = {"upper": (upper, OLD, "gb2312"), "portal": (portal, MID, "utf-8"), "modern": (modern, NEW, "utf-8")}


def _dated(rng: Random) -> list[Case]:
    made = []
    for name, (frame, above, end, below, url, day) in DATED.items():
        around, today, encoding = _FRAMES[frame]
        head = title(rng)
        start = "<p>（2013年8月1日县政府第3次常务会议通过，自2013年10月1日起施行）</p>" if "passed" in name else ""
        page = around("公告", f'<h1 class="arti">{head}</h1>{above}<div class="content" id="zoom">{start}{_BODY}{end}</div>{below}')  # fmt: skip
        page = page.replace("<title>公告", f"<title>{head}").replace("<TITLE>公告", f"<TITLE>{head}")
        case = Case(f"fifth-paper-{name}", today.isoformat())
        case.put(url, page, encoding=encoding)
        case.article(url, "article", traps=[name], title=head, date=day, has=["强化督促检查"], lacks=["建议使用1024", "相关新闻", "写得好"])  # fmt: skip
        made.append(case)
    return made


#: Pages under an article's address where no article is.
NO_PAPER = {
    "deleted": portal("信息", '<div class="c"><p>该信息已被删除或不存在！</p></div>'),
    "offline": modern("信息", "<p>您访问的内容已下线</p>"),
    "under-review": modern("信息", "<p>该文章正在审核中，暂时无法查看</p>"),
    "wrong-parameter": '<html><head><meta charset="utf-8"></head><body><script>alert("参数错误！");history.back();</script></body></html>',
    "empty-body": portal("公告", f'<h1 class="arti">{"县民政局关于临时救助对象的公示"}</h1><div class="sj">发布时间：2015-09-06</div><div class="content"></div>'),
    "members-only": modern("信息", "<p>您没有权限查看该内容，请先<a href='/login'>登录</a></p>"),
}  # fmt: skip


def _none(rng: Random) -> list[Case]:
    made = []
    for name, page in NO_PAPER.items():
        case = Case(f"fifth-nopaper-{name}", MID.isoformat())
        case.put("/x/9.html", page)
        asked = [{"any": ["救助标准"], "verdict": "unseen"}]
        case.article("/x/9.html", "barrier", traps=[name], kind="unverifiable", items=asked)
        made.append(case)
    return made


#: Where the text of an article really is: name → what stands in the page instead of the text.
ELSEWHERE = {
    "pdf-viewer-frame": '<iframe src="/pdfjs/web/viewer.html?file=/u/9.pdf" width="100%" height="900"></iframe>',
    "pdf-embedded": '<embed src="/u/9.pdf" type="application/pdf" width="800" height="900">',
    "only-pictures": '<p><img src="/u/1.jpg" width="800"></p><p><img src="/u/2.jpg" width="800"></p>',
    "file-by-script": '<p>附件：<a href="javascript:void(0)" onclick="downFile(\'8821\')">城乡低保对象公示表.xls</a></p>',
    "file-not-there": '<p>附件：<a href="/u/gone.xls">城乡低保对象公示表.xls</a></p>',
    "text-by-script": '<div id="txt"></div><script>$("#txt").load("/api/content?id=9")</script>',
    "folded-in-pages": '<p>本页为第一部分。</p><div class="pg"><b>1</b> <a href="9_2.html">2</a> <a href="9_3.html">3</a></div>',
    "see-another-site": '<p>详见：<a href="http://www.other-site.org.cn/a.html">全国信用信息平台</a></p>',
}  # fmt: skip


def _elsewhere(rng: Random) -> list[Case]:
    made = []
    for name, inside in ELSEWHERE.items():
        head = title(rng)
        case = Case(f"fifth-apart-{name}", MID.isoformat())
        case.put("/x/9.html", portal(head, f'<h1>{head}</h1><div class="sj">发布时间：2015-09-06　来源：县民政局</div><div class="content">{inside}</div>'))  # fmt: skip
        asked = [{"any": ["救助标准"], "verdict": "unseen"}]
        case.article("/x/9.html", "article", traps=[name], kind="any", items=asked)
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_dated(rng), *_none(rng), *_elsewhere(rng)]
