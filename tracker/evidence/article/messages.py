"""Pages inside a site's frame that are no article but a message: an error, a refusal, a closed site.

An article may speak of all these things. It then says more, or says when it was published; a message does neither.
"""

# ruff: noqa: E501  (a word list is easier to read in long lines)

from __future__ import annotations

import re

from tracker.evidence.article.blocks import Block
from tracker.evidence.page.barriers import REASONS
from tracker.evidence.page.parsed import Page, squeeze

BROKEN = "页面为程序出错信息，未显示内容"
CLOSED = "页面提示网站关停、迁移或维护"
REFUSED = "页面提示无权查看或访问受限"
NOTHING = "页面提示暂无内容"
#: A page that says more than this, links left out, is no message; a message itself is shorter.
_MOST, _LINE = 400, 120

_MESSAGES = (
    (
        REASONS["missing"],
        re.compile(
            r"(?:页面|网页|内容|信息|文件|资源|地址|文章|栏目|记录|数据|链接|网址)[^。！，,]{0,12}(?:不存在|未找到|找不到|已(?:被)?删除|被删除|无法(?:找到|访问|显示)"
            r"|已(?:经)?(?:被[^。！，,]{0,6})?(?:下线|撤销|撤回|撤稿|过期|失效)|(?:已|被)归档|(?:尚|还)?未(?:发布|审核|公开|生成)|(?:待|正在)?审核(?:之)?中|待审核|飞走|走丢)"
            r"|(?:找不到|没有找到|未找到|未能找到|无法找到)[^。！]{0,10}(?:页面|网页|文件|资源|内容|信息|文章|记录|栏目)|页面(?:飞|丢|走失)"
            r"|(?:您|你)(?:要)?(?:访问|查找|浏览|请求|查看)的[^。！]{0,14}(?:不存在|删除|出错|有误|移动|改名)"
            r"|^\W*404\W*$|\b404\s*(?:错误|error)|(?:错误|error|http|代码|状态码)\D{0,4}404(?!\d)|not\s+found|no\s+such\s+(?:page|file|column)"
            r"|(?:参数|请求|地址|编号|ID)(?:有误|错误|无效|非法|不正确|不合法)|(?:无效|非法|错误)的?(?:参数|请求|地址|编号|ID)|bad\s+request|invalid\s+(?:parameter|request|id)",
            re.IGNORECASE,
        ),
    ),
    (
        BROKEN,
        re.compile(
            r"(?:加载|载入|读取|获取|查询|打开|显示)(?:出错|失败|异常|错误)|出(?:错|现)(?:了|错误|异常|问题)|发生(?:了)?(?:未知)?(?:错误|异常)|(?:出|有)了?点(?:小)?(?:问题|状况)"
            r"|开小差|something went wrong|网络(?:错误|异常|不给力)|(?:SQL\s*Server|OLE\s*DB|ODBC|JDBC|mysql|oracle|ORA-\d)|服务器错误|运行时错误|编译错误|程序(?:出错|异常|错误)|系统(?:出错|异常|错误|繁忙)"
            r"|数据库(?:连接|出错|错误|异常)|Server Error|Runtime Error|Internal Server|Service (?:Temporarily )?Unavailable|Bad Gateway|Gateway Time"
            r"|\w*Exception\b|Stack\s?Trace|Traceback|Fatal error|Parse error|Warning:|HTTP Status|Microsoft (?:VBScript|JET)|ASP 0\d{3}|连接超时|服务(?:暂时)?不可用|网关",
            re.IGNORECASE,
        ),
    ),
    (REASONS["building"], re.compile(r"(?:栏目|频道|页面)[^。！]{0,12}(?:建设中|筹建)")),
    (
        CLOSED,
        re.compile(
            r"^\W*(?:welcome to (?:nginx|openresty|tengine|caddy|iis)|it works!|apache2? .{0,20}default page|test page for)|web server is successfully installed"
            r"|(?:网站|站点|本站|系统|平台|栏目|频道|页面)[^。！]{0,12}(?:已?关停|已?关闭|停止(?:运行|服务|更新)|暂停(?:服务|访问|开放)|下线|迁移|升级|维护|改版|建设中|筹建|备案中|整改)"
            r"|(?:正在|系统)(?:升级|维护|建设|调整)|敬请期待|内容(?:正在)?(?:更新|完善|整理|补充)中|under (?:construction|maintenance)",
            re.IGNORECASE,
        ),
    ),
    (
        REFUSED,
        re.compile(
            r"[仅只]限(?:于)?[^。！，,]{0,12}(?:用户|人员|会员|网络?)[^。！，,]{0,6}(?:访问|查看|浏览|阅读)|(?:没有|无|缺少)(?:相应的?|足够的?|此|该)?(?:权限|权利)|无权(?:限)?(?:访问|查看|浏览)?|权限不足|(?:请|须|需)您?(?:先|重新)?(?:登录|登陆)|(?:尚未|还没有?|没有|未)(?:登录|登陆)|(?:登录|登陆)(?:超时|失效|状态)|登录后(?:才能|可|方可|再)?(?:查看|访问|浏览)?|未登录"
            r"|会话(?:已)?(?:过期|超时|失效)|访问(?:被(?:拒绝|拦截|禁止)|过于频繁|受限|频率)|(?:请求|操作|访问)[^。！]{0,6}(?:频繁|过多|过快)|拒绝访问|禁止访问|forbidden"
            r"|请(?:在|使用|用|通过)[^。]{0,14}(?:客户端|微信|APP|浏览器)[^。]{0,4}(?:打开|访问|查看|浏览)|(?:请)?(?:输入|填写|绑定|验证)(?:您的?)?(?:手机号|手机|身份证?|短信)|实名(?:认证|验证)|身份(?:验证|认证|核验)"
            r"|(?:打开|下载|安装|使用)[^。]{0,8}(?:APP|客户端|小程序)|(?:APP|客户端|小程序|公众号)[^。]{0,8}(?:打开|查看|访问|浏览|阅读)|扫码[^。]{0,6}(?:查看|访问|阅读)"
            r"|access denied|too many requests|安全(?:验证|拦截|防护)|拦截|验证码|(?:可疑|恶意|攻击)(?:行为|请求|访问)",
            re.IGNORECASE,
        ),
    ),
)
_NOTHING = re.compile(
    r"^\W*(?:该|本|此|当前|对不起|抱歉|目前)?[^。，,]{0,8}(?:暂时?无|暂时?没有|没有(?:找到|查到)?|尚无|无|未找到|未查询到)(?:任何|相关|相应|可显示的|更多)*的?"
    r"(?:内容|信息|数据|记录|文章|结果|资料|显示)[^。]{0,6}\W*$|内容为空|no (?:data|content|results?)\b|nothing (?:to show|here|found)",
    re.IGNORECASE,
)
_JUMP = re.compile(
    r"(?:正在|即将|自动)(?:为您)?(?:跳转|转向|转到)|\d+\s*秒(?:钟)?(?:后|之后)?(?:自动|将)?(?:跳转|返回|转)|(?:如果|若)[^。]{0,12}没有(?:自动)?(?:跳转|转向)"
)
#: What no article prints, however long it is: the traces of programs.
_TRACE = re.compile(
    r"\bat [\w$.<>]+\([\w$]+\.(?:java|kt):\d+\)|\bjava(?:x)?\.\w+(?:\.\w+)*(?:Exception|Error)|Traceback \(most recent|Server Error in '"
    r"|\bSystem\.\w+(?:\.\w+)*Exception|in \S+\.php on line \d+|(?:Stack Trace|堆栈跟踪)\s*[:：]"
)
_ERROR_TITLE = re.compile(
    r"\W*(?:404|403|500|50\d|错误|出错了?|错误(?:提示|信息|页面)|提示(?:信息)?|系统提示|温馨提示|友情提示|error|warning|not found)\W*.{0,12}",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"今天是|今日|现在是|当前时间|当前位置|版权所有|copyright|ICP备|主办|承办|技术支持|标识码|公安备|建议使用|联系电话|设为首页|友情链接",
    re.IGNORECASE,
)


def spoken(blocks: list[Block]) -> list[str]:
    """What a page says beside its links, its head and its foot."""
    return [one.text for one in blocks if one.linked * 2 < len(one.text) and not _AROUND.search(one.text)]


def message_of(page: Page, blocks: list[Block]) -> str:
    """Why the page shows nothing, where what it says beside its links is a message; else "".

    To be asked only of a page that names no day of publication.
    """
    said = spoken(blocks)
    if any(_TRACE.search(line) for line in said):
        return BROKEN
    if sum(map(len, said)) > _MOST:
        return ""
    if page.tree.css_first("input[type=password i]") is not None:
        return REASONS["login"]
    for reason, words in (*_MESSAGES, (REASONS["moved"], _JUMP), (NOTHING, _NOTHING)):
        if any(len(line) <= _LINE and (words.search(line) or words.search("".join(line.split()))) for line in said):
            return reason
    return REASONS["missing"] if _ERROR_TITLE.fullmatch(page.title) else ""


#: A page that says less than this beside its title, and bears neither a day nor a title of its own, may be anything.
_SENTENCE = 40
#: No paper is called by fewer characters; a column may be called by so many.
_SHORTEST, _COLUMN = 5, 12
_SAYS = re.compile(r"[^\d\W]{2}")
_BETWEEN = re.compile(r"\s*(?:[>»›＞|_\-—–·/]|\s)\s*")


def is_nameless(page: Page, blocks: list[Block], title: str, own: list[str], *, vague: bool) -> bool:
    """Whether a page without any day is one sentence under no title of its own, in whatever words: a notice of the
    site (请选择左侧栏目查看) as likely as an article. `own`: what is said besides the title; `vague`: by the page's
    blocks, since the place of the text was looked for in vain.
    """
    if not vague and any("\t" in one for one in own):
        return False  # a table is more than a notice
    beside = [one for one in spoken(blocks) if one != title]
    if min(sum(len(one) for one in lines if _SAYS.search(one)) for lines in (own, beside)) >= _SENTENCE:
        return False
    headings = [one.text for one in blocks if one.tag in ("h1", "h2", "h3") and one.zone != "after"]
    return not any(_is_own_title(page, blocks, one) for one in (title, *headings[:5]))


def _is_own_title(page: Page, blocks: list[Block], title: str) -> bool:
    """Whether a title stands on the page by itself and names neither the site nor a column that the page leads to."""
    form = "".join(title.split())
    if len(form) < _SHORTEST:
        return False
    shown = [one for one in blocks if one.linked * 2 <= len(one.text) and "".join(one.text.split()) == form]
    if not shown:
        return False
    if len(form) > _COLUMN:
        return True
    linked = {"".join(squeeze(node.text()).split()) for node in page.tree.css("a")[:2000]}
    crumbs = {word for one in blocks if one not in shown for word in _BETWEEN.split(one.text)}
    return form not in linked | crumbs
