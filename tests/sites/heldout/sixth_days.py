"""The sixth set held out: on which day an article came out, what it is called, and in which characters it is written."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from random import Random

from tests.sites.case import Case
from tests.sites.heldout.sixth_frames import DAY, FRAMES, PROSE, TODAY, URL, heading

_END = '<p style="text-align: right">沙坝县财政局　　</p><p style="text-align: right">{}　　</p>'
#: An address that tells no day, for those that are to be found elsewhere.
_PLAIN = "/content/detail/88412.html"


def _meta(name: str, content: str, by: str = "name") -> str:
    return f'<meta {by}="{name}" content="{content}">'


# name → (frame, info line, text's end, what stands in the head, address or "" for one that tells nothing, day)
DATED: dict[str, tuple[str, str, str, str, str, str | None]] = {
    "tag-capitals": ("trs", "", "", '<META NAME="PUBDATE" CONTENT="2015-9-3 8:05">', "", "2015-09-03"),
    "tag-turned-round": ("trs", "", "", '<meta content="2015-09-03 08:05:00" name="pubdate" />', "", "2015-09-03"),
    "tag-http-equiv-chinese": ("trs", "", "", _meta("PubDate", "2015年09月03日", "http-equiv"), "", "2015-09-03"),
    "tag-open-graph": ("ucap", "", "", _meta("article:published_time", "2023-07-14T10:00:00+08:00", "property"), "", "2023-07-14"),
    "tag-dc": ("boda", "", "", _meta("DC.date.issued", "2019-06-28"), "", "2019-06-28"),
    "tag-empty": ("trs", "发布时间：2015-09-03", "", _meta("PubDate", ""), "", "2015-09-03"),
    "tag-unfilled": ("jcms", "发布日期：2018-04-26", "", _meta("PubDate", "<!--$[pubtime]-->".replace("<", "&lt;").replace(">", "&gt;")), "", "2018-04-26"),
    "tag-epoch-begin": ("jcms", "发布日期：2018-04-26", "", _meta("PubDate", "1970-01-01 08:00"), "", "2018-04-26"),
    "tag-year-one": ("ucap", "发布日期：2023-07-14", "", _meta("PubDate", "0001-01-01 00:00:00"), "", "2023-07-14"),
    "tag-by-a-clock": ("trs", "发布时间：2015-09-03", "", _meta("PubDate", "2015-09-30 08:30:00"), "", "2015-09-03"),
    "tag-in-a-comment": ("trs", "发布时间：2015-09-03", "", "<!-- " + _meta("PubDate", "2014-01-01") + " -->", "", "2015-09-03"),
    "tag-and-line-apart": ("ucap", "发布时间：2023-07-15 00:10", "", _meta("PubDate", "2023-07-14 23:50"), "", "2023-07-14"),
    "line-in-numerals": ("trs", "发布时间：二〇一五年九月三日", "", "", "", "2015-09-03"),
    "line-no-space-before-clicks": ("asp", "发布时间：2010-10-19浏览次数：20101103", "", "", "", "2010-10-19"),
    "line-single-digits": ("asp", "日期：2010-9-3 8:05:09　点击数：12", "", "", "", "2010-09-03"),
    "line-lenticular-author": ("trs", "【2015-09-03 10:12】 【来源：县财政局】 【作者：王某】", "", "", "", "2015-09-03"),
    "line-with-hours-in-chinese": ("trs", "时间:2015年09月03日08时05分　编辑：管理员", "", "", "", "2015-09-03"),
    "line-dots": ("boda", "2019.06.28　作者：　点击：[88]", "", "", "", "2019-06-28"),
    "line-fabu-yu": ("ucap", "县财政局 发布于 2023-07-14 08:05　阅读 153 次", "", "", "", "2023-07-14"),
    "line-made-and-changed": ("trs", "创建时间：2015-09-03　最后更新：2015-09-20", "", "", "", "2015-09-03"),
    "line-changed-first": ("ucap", "<p>最近更新：2023-08-01 10:00</p><p>首次发布：2023-07-14 10:00</p>", "", "", "", "2023-07-14"),
    "line-gongbu": ("jcms", "公布日期：2018年4月26日　公布单位：县财政局", "", "", "", "2018-04-26"),
    "line-fagao": ("trs", "发稿时间：2015-09-03 15:20　稿件来源：县财政局", "", "", "", "2015-09-03"),
    "line-shangwang": ("asp", "上网时间：2010年10月19日", "", "", "", "2010-10-19"),
    "line-full-width": ("asp", "时间：２０１０年１０月１９日", "", "", "", "2010-10-19"),
    "line-midnight-24": ("boda", "2019-06-28 24:00:00　来源：县财政局", "", "", "", "2019-06-28"),
    "line-relative-with-title": ("ucap", '<span class="time" title="2023-07-14 08:05">3周前</span> 县融媒体中心', "", "", "", "2023-07-14"),
    "line-written-by-script": ("asp", "<script>document.write('发布时间：2010-10-19 10:22');</script>　<script>document.write('今天是'+new Date().toLocaleString())</script>", "", "", "", "2010-10-19"),
    "line-print-clock": ("trs", "发布时间：2015-09-03　打印时间：2015-09-30 08:30", "", "", "", "2015-09-03"),
    "line-under-the-text": ("boda", "", '<p class="fbsj">（发布时间：2019-06-28　责任编辑：李某）</p>', "", "", "2019-06-28"),
    "line-impossible-day": ("trs", "发布时间：2015-09-31", "", "", "/zwgk/201509/t20150903_40.html", "2015-09-03"),
    "line-far-future": ("trs", "发布时间：2051-09-03", "", "", "/zwgk/201509/t20150903_41.html", "2015-09-03"),
    "line-against-address": ("trs", "发布时间：2015-09-03", "", "", "/zwgk/201401/t20140122_42.html", "2015-09-03"),
    "line-data-attribute": ("ucap", '<span class="pubtime" data-time="2023-07-14 08:05:00"></span>', "", "", "", "2023-07-14"),
    "line-tuesday": ("asp", "发布日期：2010年10月19日　星期二　15:20", "", "", "", "2010-10-19"),
    "line-uploader-and-day": ("asp", "作者：王某　录入：admin　更新时间：2010-10-19　文章录入：办公室", "", "", "", "2010-10-19"),
    "line-notice-period": ("jcms", "公示时间：2018年4月27日至2018年5月7日　发布时间：2018-04-26", "", "", "", "2018-04-26"),
    "letter-box": ("ucap", "来信时间：2023-07-02　回复时间：2023-07-13　发布时间：2023-07-14", "", "", "", "2023-07-14"),
    "catalogue-square-marks": ("trs", "[索 引 号] SB-04-201509　[生成日期] 2015-08-31<br>[公开日期] 2015-09-03　[公开方式] 主动公开", "", "", "", "2015-09-03"),
    "catalogue-spaced-words": ("jcms", "<table><tr><td>索 引 号：</td><td>000014349/2018-00112</td><td>成文日期：</td><td>2018年04月20日</td></tr><tr><td>标　　题：</td><td>通知</td><td>发布日期：</td><td>2018年04月26日</td></tr></table>", "", "", "", "2018-04-26"),
    "catalogue-heads-above": ("ucap", "<table><tr><th>索引号</th><th>发文日期</th><th>发布日期</th><th>有效性</th></tr><tr><td>SB01</td><td>2023-07-03</td><td>2023-07-14</td><td>有效</td></tr></table>", "", "", "", "2023-07-14"),
    "catalogue-effect-and-end": ("ucap", "<ul><li><b>实施日期：</b>2023-08-01</li><li><b>废止日期：</b>2028-07-31</li><li><b>发布日期：</b>2023-07-14</li></ul>", "", "", "", "2023-07-14"),
    "catalogue-only-made": ("jcms", "<table><tr><td>索引号：</td><td>SB-11</td><td>成文日期：</td><td>2018-04-20</td></tr></table>", "", "", "", None),
    "json-ld": ("ucap", "", "", '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"x","datePublished":"2023-07-14T09:00:00+08:00","dateModified":"2023-08-01T09:00:00+08:00"}</script>', "", "2023-07-14"),
    "address-slashed": ("boda", "", "", "", "/2019/06/28/991233.html", "2019-06-28"),
    "address-hyphen": ("boda", "", "", "", "/html/2019-06/28/content_7712.htm", "2019-06-28"),
    "address-with-seconds": ("boda", "", "", "", "/article/20190628103307551.html", "2019-06-28"),
    "address-number-like-a-day": ("ucap", "发布时间：2023-07-14", "", "", "/content/20190229.html", "2023-07-14"),
    "address-number-no-day": ("asp", "", "", "", "/news/20101366.html", None),
    "signature-with-office": ("trs", "", '<p style="text-align:right">沙坝县财政局　2015年9月3日</p>', "", "", "2015-09-03"),
    "signature-circles": ("trs", "", _END.format("二○一五年九月三日"), "", "", "2015-09-03"),
    "signature-noughts": ("jcms", "", _END.format("二0一八年四月二十六日"), "", "", "2018-04-26"),
    "signature-open-to-public": ("trs", "", _END.format("2015年9月3日") + "<p>（此件公开发布）</p>", "", "", "2015-09-03"),
    "signature-then-files": ("boda", "", _END.format("2019年6月28日") + '<p>附件：1.申请表</p><p>　　　2.<a href="/u/2.doc">汇总表</a></p>', "", "", "2019-06-28"),
    "signature-and-contact": ("asp", "", "<p>特此公告。</p><p align=right>2010年10月19日</p><p>联系人：王某　电话：0855-6620011</p>", "", "", "2010-10-19"),
    "signature-split": ("asp", "", "<p align=right>二〇一〇年</p><p align=right>十月十九日</p>", "", "", None),
    "none-clock-only": ("trs", "来源：县财政局", "", "", "", None),
    "none-running-text": ("ucap", "", "<p>　　2023年7月3日，县政府召开专题会议，研究部署有关工作。</p><p>　　会议强调，要压实责任。</p>", "", "", None),
    "none-law-cited": ("jcms", "来源：县司法局", "<p>　　根据《沙坝县城市管理办法》（2016年3月1日起施行）的规定执行。</p>", "", "", None),
    "none-deadline": ("boda", "", "<p>　　报名截止时间：2019年7月5日17:00。</p>", "", "", None),
    "none-notice-period": ("jcms", "", "<p>　　公示期：2018年4月27日至5月7日。</p>", "", "", None),
    "none-next-article": ("ucap", "", "", "", "", None),
}  # fmt: skip


def _dated(rng: Random) -> list[Case]:
    made = []
    for name, (frame, info, end, head, url, day) in DATED.items():
        title, url = heading(rng), url or _PLAIN
        more = {"files": '<div class="pn"><p>上一篇：<a href="/content/1.html">县政府常务会议召开</a><span>2023-07-12</span></p><p>下一篇：<a href="/content/2.html">全县防汛会议</a><span>2023-07-20</span></p></div>'} if name == "none-next-article" else {}  # fmt: skip
        case = Case(f"sixth-day-{name}", TODAY[frame])
        case.put(url, FRAMES[frame](title, PROSE + end, info, head=head, **more), encoding="gb18030" if frame == "asp" else "utf-8")  # fmt: skip
        # A signature over two lines may be put together or left.
        either = {"date_any": ["2010-10-19"]} if name == "signature-split" else {}
        case.article(
            url, "article", traps=[f"day-{name}"], title=title, date=day, has=["对推进不力的予以通报"], **either
        )
        made.append(case)
    return made


_LONG = "沙坝县人民政府办公室关于印发沙坝县农村危房改造工作实施方案（2018—2020年）的通知"
# name → (frame, what stands in the title's place, <title> or "" to leave it, head, title, source)
TITLED: dict[str, tuple[str, str, str, str, str, str | None]] = {
    "shortened-in-head": ("jcms", _LONG, "沙坝县人民政府办公室关于印发沙坝县农村危…", "", _LONG, None),
    "site-name-in-head": ("asp", "关于公布2010年行政事业性收费项目的公告", "沙坝县人民政府网站", "", "关于公布2010年行政事业性收费项目的公告", None),
    "broken-by-br": ("trs", "沙坝县人民政府办公室<br/>关于做好秋季森林防火工作的通知", "", "", "沙坝县人民政府办公室关于做好秋季森林防火工作的通知", None),
    "in-fonts": ("asp", "<font face=黑体><span lang=EN-US>2010</span>年度&nbsp;低保对象<font color=red>审核</font>情况公示</font>", "", "", "2010年度 低保对象审核情况公示", None),
    "with-corrected": ("boda", "2019年教师招聘体检名单公示（更正）", "", "", "2019年教师招聘体检名单公示（更正）", None),
    "with-hyphens": ("ucap", "沙坝县“十四五”水安全保障规划（2021-2025年）", "", "", "沙坝县“十四五”水安全保障规划（2021-2025年）", None),
    "tag-and-sub-columns": ("trs", "关于开展校车安全检查的通知", "通知公告_教育局_沙坝县", _meta("ArticleTitle", "关于开展校车安全检查的通知") + _meta("ContentSource", "县教育局"), "关于开展校车安全检查的通知", "县教育局"),
    "tag-with-entities": ("jcms", "关于“两证合一”&amp;“一照一码”改革的公告", "", _meta("ArticleTitle", "关于“两证合一”&amp;“一照一码”改革的公告"), "关于“两证合一”&“一照一码”改革的公告", None),
    "logo-as-h1": ("ucap", "关于2023年中考期间交通管制的通告", "", "", "关于2023年中考期间交通管制的通告", None),
    "subtitle-below": ("trs", "让群众少跑腿", "", "", "让群众少跑腿", None),
    "source-with-link": ("boda", "全县财政工作会议召开", "", "", "全县财政工作会议召开", "县融媒体中心"),
    "source-before-clicks": ("asp", "我县粮食丰收", "", "", "我县粮食丰收", "县农业局"),
    "source-from-tag-empty": ("ucap", "我县开展联合执法", "", _meta("ContentSource", ""), "我县开展联合执法", "县市场监督管理局"),
    "source-publisher": ("jcms", "关于停水的通知", "", "", "关于停水的通知", "县住房和城乡建设局"),
}  # fmt: skip
_SAID = {
    "source-with-link": '2019-06-28 10:33　来源：<a href="http://www.example.com/">县融媒体中心</a>　作者：张某　点击：[1]',
    "source-before-clicks": "时间：2010-10-19 来源：县农业局 点击：33 次 【字体：大 中 小】",
    "source-from-tag-empty": "<span>2023-07-14 10:00</span><span>来源： 县市场监督管理局</span>",
    "source-publisher": "发布机构：县住房和城乡建设局　发布日期：2018-04-26　文号：无",
}


def _titled(rng: Random) -> list[Case]:
    made = []
    for name, (frame, shown, head_title, head, title, source) in TITLED.items():
        text = "<p>沙府办发〔2018〕33号</p>" + PROSE if name == "shortened-in-head" else PROSE
        if name == "subtitle-below":
            text = '<p align="center"><strong>——县政务服务中心“一窗受理”工作侧记</strong></p>' + PROSE
        page = FRAMES[frame](shown, text, _SAID.get(name, f"发布时间：{DAY[frame]}"), head=head)
        if head_title:
            before, _, rest = page.partition("<title>")
            page = f"{before}<title>{head_title}</title>{rest.partition('</title>')[2]}"
        elif "<" in shown:
            plain = title.replace(" ", "")
            page = page.replace(f"<title>{shown}", f"<title>{plain}")
        if name == "logo-as-h1":
            page = (
                page.replace("<header>", "<header><h1>沙坝县人民政府</h1>")
                .replace("h1 class", "h2 class")
                .replace(f"{shown}</h1>", f"{shown}</h2>")
            )
        case = Case(f"sixth-title-{name}", TODAY[frame])
        case.put(URL[frame], page, encoding="gb18030" if frame == "asp" else "utf-8")
        case.article(URL[frame], "article", traps=[f"title-{name}"], title=title, date=DAY[frame], source=source, has=["以书面形式向本部门反映"])  # fmt: skip
        made.append(case)
    return made


def _written(rng: Random) -> list[Case]:
    """The same article in bytes that say one thing and are another."""
    title = "关于䶮家坝村饮水工程竣工验收的公示"  # a character that GB2312 and GBK lack
    page = FRAMES["trs"](title, PROSE + "<p>验收组成员：朱镕、陈喆、王㛃。</p>", "发布时间：2015-09-03　来源：县水利局")
    gb = page.replace("charset=utf-8", "charset=gb2312")
    bytes_of = {
        "gb18030-called-gb2312": (gb.encode("gb18030"), "text/html"),
        "gb18030-header-says-utf-8": (gb.encode("gb18030"), "text/html; charset=utf-8"),
        "utf-8-called-gb2312": (gb.encode(), "text/html"),
        "utf-8-header-says-gbk": (page.encode(), "text/html; charset=GBK"),
        "utf-8-with-mark": (b"\xef\xbb\xbf" + gb.encode(), "text/html; charset=ISO-8859-1"),
        "utf-16": (b"\xff\xfe" + page.encode("utf-16-le"), "text/html"),
        "latin-1-header": (gb.encode("gb18030"), "text/html; charset=ISO-8859-1"),
        "no-word-of-it": (page.replace("charset=utf-8", "").encode("gb18030"), "text/html"),
        "one-part-in-gbk": (page.replace("今天是", "@@").encode().replace(b"@@", "今天是沙坝县农历".encode("gbk")), "text/html; charset=utf-8"),
        "called-x-gbk": (page.replace("charset=utf-8", "charset=x-gbk").encode("gb18030"), "text/html"),
        "references": (page.encode("ascii", "xmlcharrefreplace"), "text/html"),
        "broken-byte-in-text": (page.encode().replace("王㛃".encode(), b"\xe7\x8e"), "text/html; charset=utf-8"),
    }  # fmt: skip
    made = []
    for name, (body, type_) in bytes_of.items():
        case = Case(f"sixth-bytes-{name}", TODAY["trs"])
        case.put(URL["trs"], body, type=type_)
        case.article(URL["trs"], "article", traps=[f"bytes-{name}"], title=title, date="2015-09-03", source="县水利局", has=["验收组成员", "陈喆"])  # fmt: skip
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_dated(rng), *_titled(rng), *_written(rng)]
