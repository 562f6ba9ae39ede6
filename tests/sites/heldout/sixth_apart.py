"""The sixth set held out: texts in pieces, texts that stand elsewhere, and pages under an article's address that are none."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from random import Random

from tests.sites.case import Case
from tests.sites.heldout.sixth import FUNCTION, SANGONG, grid
from tests.sites.heldout.sixth_files import picture
from tests.sites.heldout.sixth_frames import DAY, FRAMES, INFO, PROSE, TODAY, asked, heading, paper

_MONEY = "<p>本部门2018年“三公”经费预算为12.5万元。</p>"
_ALL = {SANGONG: "found", FUNCTION: "missing"}
_NONE = {SANGONG: "unseen"}

#: Articles on several pages: name → (frame, first page's address, the further ones', links between them, whether the last came).
PIECES: dict[str, tuple[str, str, list[str], str, bool]] = {
    "numbers": ("boda", "/info/1043/1100.htm", ["/info/1043/1100_1.htm", "/info/1043/1100_2.htm"], '<div class="page"><span>1</span> <a href="1100_1.htm">2</a> <a href="1100_2.htm">3</a> <a href="1100_1.htm">下页</a></div>', True),
    "in-brackets": ("asp", "/show.asp?id=1187", ["/show.asp?id=1187&page=2", "/show.asp?id=1187&page=3"], '<p align=center>[1] <a href="show.asp?id=1187&page=2">[2]</a> <a href="show.asp?id=1187&page=3">[3]</a></p>', True),
    "next-page-only": ("jcms", "/art/2018/4/26/art_102_7781.html", ["/art/2018/4/26/art_102_7781_2.html"], '<p style="text-align:center"><a href="art_102_7781_2.html">下一页</a></p>', True),
    "trs-script": ("trs", "/zwgk/bmdt/201509/t20150903_40871.html", ["/zwgk/bmdt/201509/t20150903_40871_1.html"], '<script>createPageHTML(2, 0, "t20150903_40871", "html");</script>', True),
    "dede": ("asp", "/a/2010/1019/88.html", ["/a/2010/1019/88_2.html", "/a/2010/1019/88_3.html"], "<ul class=pagelist><li><a>共3页: </a></li><li><a href='#'>上一页</a></li><li class=thisclass><a href='#'>1</a></li><li><a href='88_2.html'>2</a></li><li><a href='88_3.html'>3</a></li><li><a href='88_2.html'>下一页</a></li></ul>", True),
    "last-page-gone": ("boda", "/info/1043/1100.htm", ["/info/1043/1100_1.htm"], '<p>[1] <a href="1100_1.htm">[2]</a></p>', False),
    "read-on": ("ucap", "/zfxxgk/fdzdgknr/content/post_5512301.html", ["/zfxxgk/fdzdgknr/content/mpost_5512301_2.html"], '<p><a href="mpost_5512301_2.html">阅读全文&gt;&gt;</a></p>', True),
    "whole-text-shown": ("trs", "/zwgk/bmdt/201509/t20150903_40871.html", ["/zwgk/bmdt/201509/t20150903_40871_all.html"], '<p>[1] [2] <a href="t20150903_40871_all.html">全文显示</a></p>', True),
}  # fmt: skip


def _pieces(rng: Random) -> list[Case]:
    made = []
    for name, (frame, url, further, links, came) in PIECES.items():
        title = heading(rng)
        case = Case(f"sixth-pieces-{name}", TODAY[frame])
        encoding = "gb18030" if frame == "asp" else "utf-8"
        case.put(url, FRAMES[frame](title, PROSE + links, INFO[frame]), encoding=encoding)
        for n, one in enumerate(further, 2):
            text = (
                f"<p>第{n}部分：各乡镇人民政府要抓好落实，及时上报情况。</p>"
                + (_MONEY if n == len(further) + 1 else "")
                + links
            )
            if came:
                case.put(one, FRAMES[frame](title, text, INFO[frame]), encoding=encoding)
        items = {SANGONG: "found", FUNCTION: "missing"} if came else {SANGONG: "unseen", FUNCTION: "unseen"}
        case.article(url, "article", traps=[f"pieces-{name}"], title=title, date=DAY[frame], items=asked(items), has=["予以监督"])  # fmt: skip
        made.append(case)
    return made


#: Where the text really is: name → (frame, text, items, further addresses).
ELSEWHERE: dict[str, tuple[str, str, dict[str, str], dict[str, str]]] = {
    "textarea": ("boda", f'<div id="show"></div><textarea id="src" style="display:none">{PROSE + _MONEY}</textarea><script>document.getElementById("show").innerHTML=document.getElementById("src").value;</script>'.replace("<p>", "&lt;p&gt;").replace("</p>", "&lt;/p&gt;"), {SANGONG: "found"}, {}),
    "hidden-input": ("jcms", f'<div id="show"></div><input type="hidden" id="content" value="{(PROSE + _MONEY).replace("<", "&lt;").replace(">", "&gt;")}"><script>$("#show").html($("#content").val())</script>', {SANGONG: "found"}, {}),
    "script-string": ("ucap", '<div id="show"></div><script>var content = "<p>\\u672c\\u90e8\\u95e8\\u4e09\\u516c\\u7ecf\\u8d39\\u9884\\u7b9712.5\\u4e07\\u5143\\u3002<\\/p>"; $("#show").html(content);</script>', {SANGONG: "found"}, {}),
    "base64": ("ucap", f'<div id="show"></div><script>$("#show").html(Base64.decode("{b64encode((PROSE + _MONEY).encode()).decode()}"))</script>', _NONE, {}),
    "document-write": ("asp", f"<script language=javascript>document.write('{_MONEY}');</script>", {SANGONG: "found"}, {}),
    "frame": ("jcms", '<iframe src="/content/7781_body.html" frameborder="0" width="100%" height="900"></iframe>', _ALL, {"/content/7781_body.html": f"<html><meta charset=utf-8><body>{PROSE}{_MONEY}</body></html>"}),
    "frame-gone": ("jcms", '<iframe src="/content/7781_gone.html" width="100%" height="900"></iframe>', _NONE, {}),
    "frame-elsewhere": ("ucap", '<iframe src="https://data.another-place.cn/report/88" width="100%" height="900"></iframe>', _NONE, {}),
    "frame-srcdoc": ("ucap", f'<iframe srcdoc="{(PROSE + _MONEY).replace(chr(34), chr(39))}"></iframe>', {SANGONG: "found"}, {}),
    "tabs-fetched-on-click": ("ucap", PROSE + "<ul><li class=on>概述</li><li onclick=\"$('#t2').load('/api/tab?id=2')\">预算明细</li></ul><div id=t2></div>", _NONE, {}),
    "more-on-click": ("ucap", PROSE + '<a class="unfold" href="javascript:void(0)" onclick="loadMore(5512301)">点击展开全文</a>', _NONE, {}),
    "vue": ("ucap", '<div id="app" v-cloak><div v-html="detail.content"></div></div><script src="/js/app.3f2a.js"></script>', _NONE, {}),
    "handlebars": ("ucap", '<div class="con">{{content}}</div><script src="/js/render.js"></script>', _NONE, {}),
    "loading": ("jcms", '<div id="con">内容加载中，请稍候…</div><script src="/script/art.js"></script>', _NONE, {}),
    "noscript": ("boda", '<div id="con"></div><noscript>您的浏览器禁用了脚本，无法显示正文，请启用后刷新。</noscript><script src="/js/c.js"></script>', _NONE, {}),
    "pictures-of-pages": ("trs", "".join(f'<p><img src="./W0201509030{n}.jpg" oldsrc="W0201509030{n}.jpg" width="780"></p>' for n in range(5)), _NONE, {}),
    "pictures-below-a-sentence": ("boda", '<p>现将我局2019年部门预算予以公开。</p><p><img src="/__local/3/1.png" width="900"></p><p><img src="/__local/3/2.png" width="900"></p>', _NONE, {}),
    "lazy-pictures": ("ucap", '<p>现将有关情况公开如下：</p><p><img class="lazy" src="/img/blank.gif" data-original="/upload/1.png"></p>', _NONE, {}),
    "film": ("ucap", '<p>在线访谈视频：</p><video src="/v/2023.mp4" controls></video>', {SANGONG: "missing"}, {}),
    "canvas": ("ucap", '<canvas id="c" width="800" height="1200"></canvas><script>drawPages("/upload/5512301/")</script>', _NONE, {}),
    "chart": ("ucap", PROSE + '<div id="chart" style="height:400px"></div><script>echarts.init(chart).setOption({title:{text:"部门支出"}})</script>', {FUNCTION: "unseen"}, {}),
    "rows-by-script": ("ucap", PROSE + '<table id="t"><thead><tr><th>单位</th><th>“三公”经费</th></tr></thead><tbody></tbody></table><script>$.get("/api/sg?y=2023",fill)</script>', _NONE, {}),
    "map-of-links": ("trs", '<p>2015年部门预算公开专栏：</p><ul><li><a href="/ys/1.html">县财政局</a></li><li><a href="/ys/2.html">县民政局</a></li><li><a href="/ys/3.html">县教育局</a></li></ul>', _NONE, {}),
    "see-column": ("jcms", '<p>2018年部门预算详见“<a href="/col/col555/index.html">预决算公开专栏</a>”。</p>', _NONE, {}),
    "flash": ("asp", '<embed src="/flash/budget.swf" width="700" height="900" type="application/x-shockwave-flash">', _NONE, {}),
    "wechat-shell": ("ucap", '<section><section>全文请点击：<a href="https://mp.weixin.qq.com/s/AbCdEf">沙坝发布</a></section></section>', _NONE, {}),
}  # fmt: skip


def _elsewhere(rng: Random) -> list[Case]:
    made = []
    for name, (frame, text, items, further) in ELSEWHERE.items():
        case = paper(f"else-{name}", frame, text, rng, items, kind="any", dated=False)
        for url, body in further.items():
            case.put(url, body)
        if "picture" in name:
            for n in range(5):
                case.put(f"/zwgk/bmdt/201509/W0201509030{n}.jpg", picture(300, 400), type="image/png")
        made.append(case)
    return made


def _wechat(rng: Random) -> list[Case]:
    """An article of the county's public account, kept on the county's own host."""
    title = "沙坝县关于调整城乡低保标准的公告"
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{title}"><meta property="og:site_name" content="微信公众平台"><title></title></head><body id="activity-detail"><div id="js_article" class="rich_media"><div class="rich_media_inner"><h1 class="rich_media_title" id="activity-name">\n{title}\n</h1>'
        '<div id="meta_content" class="rich_media_meta_list"><span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a id="js_name">沙坝发布</a></span><em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>'
        f'<div class="rich_media_content" id="js_content" style="visibility: hidden;"><section><p><span>本次调整后，城市低保保障标准为每人每月620元。</span></p></section>{PROSE}</div></div></div>'
        "<script>var ct = \"1689300000\"; var createTime = '2023-07-14 10:00'; document.getElementById('publish_time').innerText = createTime;</script></body></html>"
    )
    case = Case("sixth-wechat", TODAY["ucap"])
    case.put("/s/AbCdEf", page)
    case.article("/s/AbCdEf", "article", traps=["wechat"], title=title, date="2023-07-14", has=["每人每月620元"], items=asked({"救助标准|保障标准": "found", "资金支出": "missing"}))  # fmt: skip
    return [case]


_BARE = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{0}</title></head><body>{1}</body></html>'
#: Pages under an article's address, all with status 200: name → the page.
NO_PAPER: dict[str, str] = {
    "deleted-in-frame": FRAMES["trs"]("信息提示", "<p>对不起，该信息已删除！</p>", ""),
    "being-approved": FRAMES["jcms"]("提示信息", "<p>您查看的内容正在审核中，请稍后访问。</p>", ""),
    "log-in": FRAMES["ucap"]("统一身份认证", '<form action="/sso"><p>请登录后查看</p><input name="user"><input type="password" name="pw"></form>', ""),
    "not-there-in-frame": FRAMES["boda"]("正文", "<p>您访问的页面不存在，3秒后将返回首页。</p>", ""),
    "not-there-picture": _BARE.format("404", '<div style="text-align:center"><img src="/images/404.png"><p><a href="/">返回首页</a></p></div>'),
    "only-a-back-link": _BARE.format("系统信息", '<p>没有找到对应的记录</p><a href="javascript:history.go(-1)">返回</a>'),
    "wrong-id": _BARE.format("出错了", "<h2>非法的ID参数</h2>"),
    "alert-only": '<script language="javascript">alert("该文章不存在或未通过审核");window.close();</script>',
    "asp-fault": '<font face="宋体" size=2><p>Microsoft OLE DB Provider for SQL Server</font> <font face="宋体" size=2>错误 \'80004005\'</font><p><font size=2>超时已过期</font><p>/show.asp<font size=2>，行 18</font>',
    "withdrawn": FRAMES["ucap"]("提示", "<p>该内容已被发布者撤回</p>", ""),
    "slide-to-prove": _BARE.format("安全验证", '<div id="nc"></div><p>请完成安全验证后继续访问</p><script src="/nc.js"></script>'),
    "too-busy": _BARE.format("提示", "<p>当前访问人数过多，请稍后再试</p>"),
    "moved-office": _BARE.format("网站迁移公告", "<p>因机构改革，本网站已停止更新，相关内容迁移至县人民政府门户网站。</p>"),
    "frame-without-article": FRAMES["asp"]("", "", ""),
    "null": FRAMES["jcms"]("null", "null", "发布日期：null　信息来源：null"),
    "white-page": "<html><head></head><body></body></html>",
}  # fmt: skip


def _none(rng: Random) -> list[Case]:
    made = []
    for name, page in NO_PAPER.items():
        case = Case(f"sixth-none-{name}", TODAY["trs"])
        case.put("/zwgk/bmdt/content_8.html", page)
        items = asked({SANGONG: "unseen"})
        case.article("/zwgk/bmdt/content_8.html", "barrier", traps=[f"none-{name}"], kind="unverifiable", items=items)
        made.append(case)
    return made


#: Sound articles that speak as barriers do: name → (frame, text, items).
SOUND: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "about-a-404-page": (
        "ucap",
        PROSE + "<p>个别链接点击后提示“您访问的页面不存在”，已责成整改。</p>",
        {SANGONG: "missing"},
    ),
    "short-notice": ("asp", "<p>因线路检修，10月20日8时至12时城北片区停电。</p>", {SANGONG: "missing"}),
    "nothing-this-month": ("boda", "<p>本月无行政处罚信息。</p>", {SANGONG: "missing"}),
    "deleted-names": (
        "trs",
        PROSE + "<p>原公示名单第12号因重复，该信息已删除。</p>" + grid([["序号", "姓名"], ["1", "王某"]]),
        {SANGONG: "missing"},
    ),
    "log-in-guide": (
        "jcms",
        PROSE + "<p>第一步：打开政务服务网，请登录个人账号；第二步：填写申请材料。</p>",
        {"申请材料|申报材料": "found", "收费标准": "missing"},
    ),
    "site-closing": ("jcms", "<p>县气象局网站自即日起停止更新，相关信息请到县政府门户网站查询。</p>", {}),
}


def _sound(rng: Random) -> list[Case]:
    return [paper(f"sound-{name}", frame, text, rng, items) for name, (frame, text, items) in SOUND.items()]


def cases(rng: Random) -> list[Case]:
    return [*_pieces(rng), *_elsewhere(rng), *_wechat(rng), *_none(rng), *_sound(rng)]
