"""Answers that are no content although their status says 200: they must never be read as an empty list."""

from __future__ import annotations

import re
from typing import Literal

from tracker.evidence.page.nodes import is_hidden, up_from
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

Barrier = Literal["missing", "login", "challenge", "building", "moved"]

REASONS: dict[Barrier, str] = {
    "missing": "页面提示内容不存在",
    "login": "页面要求登录",
    "challenge": "页面为防护验证页，未显示内容",
    "building": "页面提示栏目建设中",
    "moved": "页面只含跳转，未显示内容",
}

_MISSING = re.compile(
    r"(页面|网页|内容|信息|文件|资源|地址|文章|栏目)[^。！]{0,12}(不存在|未找到|找不到|已删除|已被删除|无法找到|无法访问|已下线|已撤销)"
    r"|找不到[^。！]{0,8}(页面|网页|文件|资源)|无法找到该页|(您|你)(要)?(访问|查找|浏览|请求)的[^。！]{0,10}(不存在|删除|出错|有误)"
    r"|^\W*404(?![\d.万亿元人])|404\s*(?:错误|error)|(?:错误|error|http|代码|状态码)\D{0,4}404(?!\d)"
    r"|not\s+found|no such page|page (?:does ?n.t|not) exist",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(用户|账号|帐号|统一身份|请先|您尚未|重新)\s*(登录|登陆|认证)|^\s*(登录|登陆|sign in|log ?in)\b"
    r"|登录(页面|系统|平台)$",
    re.IGNORECASE,
)
#: What only a guard says.
_CHALLENGE = re.compile(
    r"(请|需要?)(先|您)?(完成|进行|通过|拖动|点击)[^。]{0,10}验证|请(开启|启用|打开)\s*(JavaScript|JS|Cookie)"
    r"|enable (JavaScript|cookies)"
    r"|访问(被拦截|被拒绝|过于频繁|受限|异常)|请求(被拦截|过于频繁|存在(恶意|威胁))|(您|你)的(访问|请求|IP)[^。]{0,10}(拦截|异常|禁止|频繁)"
    r"|正在(检查|验证)您?的?浏览器|浏览器安全检查|checking your browser|just a moment|access denied|request blocked",
    re.IGNORECASE,
)
#: What a guard says, and an article may speak of: taken for a guard's only where there is nothing else.
_CHALLENGE_WORDS = re.compile(r"安全验证|访问验证|人机验证|滑动验证|防火墙|创宇盾|加速乐|安全狗|云锁")
_CHALLENGE_SCRIPT = re.compile(
    r"location(\.href|\.replace|\.reload|\.assign|\s*=)|document\.cookie|__jsl|acw_sc|\$_ts|_\$\w\w\(|eval\("
    r"|setTimeout|challenge|window\[|String\.fromCharCode",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    r"(正在|在)?(建设|筹建|完善|维护|升级|整理)(中|之中)(?![心央学医小共华期长国]|(?![请敬暂])[\u4e00-\u9fff]{3})|敬请期待|即将(上线|开通)"
    r"|(栏目|页面|网站|频道|功能|模块|系统)[^。]{0,4}(暂未|尚未)(开通|开放|上线|启用)|(栏目|页面|网站|频道|系统|正在)[^。]{0,4}(升级维护|维护升级)"
    r"|(栏目|页面|网站|频道|系统)[^。]{0,4}正在(建设|筹建|维护|升级)|under construction|coming soon",
    re.IGNORECASE,
)
#: What an article's page says about it, and no page of the server's own.
_PUBLISHED = re.compile(
    r"(发布|发文|公开|更新|成文|生成)(时间|日期)\s*[:：]?\s*[\d〇○零一二]|(信息)?来源\s*[:：]\s*\S|索引号\s*[:：]?\s*\S"
)
_EMPTY = re.compile(
    r"^\W*(该栏目|本栏目|此栏目|当前栏目|对不起|抱歉|您好|目前)?[，,\s]*"
    r"(暂时?无|暂时?没有|没有(找到|查到|查询到|检索到)?|无|尚无|未找到|未查询到)(任何|相关|相应|符合条件的?|可显示的?|更多)*的?"
    r"(内容|信息|数据|记录|文章|结果|资料|公开信息|条目)[！!。.…~\s]*$"
    r"|^\W*(共|总计|合计)\s*0\s*(条|篇|项)(记录|信息|数据)?|^\s*(暂无|无)[。！.!…\s]*$|暂无(相关)?(内容|信息|数据|记录|文章|公开信息)"
)
_COLUMN_EMPTY = re.compile(r"^\W*(该|本|此|当前)栏目[^。]{0,4}(暂?无|没有)")
#: A page whose rows a script brings shows none to us, whatever it says before the script has run.
_LOADED = re.compile(
    r"\$\.(ajax|get|post|getJSON)\s*\(|\.load\s*\(\s*[\"']|XMLHttpRequest|\baxios\b|\bfetch\s*\(|\bv-for=|ng-repeat=|\{\{\s*\w+[.\[]"
    r"|<div\s+id=[\"']?(?:app|root)[\"']?\s*>\s*</div>",
    re.IGNORECASE,
)
#: A page with more to read than this is no error page, whatever words it holds.
_SHORT = 400


def barrier(page: Page) -> Barrier | None:
    """What stands before the content, judged from a page in which no list and no article was found."""
    visible = page.visible
    if _is_challenge(page, visible):
        return "challenge"
    if len(visible) > 3 * _SHORT:
        return says_blocked(page)
    named = f"{page.title} {_headings(page)}"
    asked = page.tree.css_first("input[type=password i]") is not None
    if _LOGIN.search(named if len(visible) > _SHORT // 3 else f"{named} {visible}") or (
        asked and len(visible) < _SHORT
    ):
        return "login"
    if _MISSING.search(named if len(visible) >= _SHORT else f"{named} {visible}"):
        return "missing"
    if _BUILDING.search(visible[:_SHORT]) and len(visible) < _SHORT:
        return "building"
    if len(visible) < 60 and refresh_target(page) is not None:
        return "moved"
    return says_blocked(page)


def strict_barrier(page: Page) -> Barrier | None:
    """The same before an article is read: only what leaves no doubt, since an article may speak of errors."""
    visible = page.visible
    if _published(page, visible):
        return None
    if _is_challenge(page, visible):
        return "challenge"
    title = page.title
    if len(visible) < _SHORT and (
        _MISSING.search(visible)
        or re.fullmatch(r"\W*(404|not found|error|出错了?|错误(页面)?|提示信息?)\W*.{0,12}", title, re.IGNORECASE)
    ):
        return "missing"
    if page.tree.css_first("input[type=password i]") is not None and (
        _LOGIN.search(title) or len(visible) < _SHORT // 2
    ):
        return "login"
    return "moved" if len(visible) < 60 and refresh_target(page) is not None else None


def says_blocked(page: Page) -> Barrier | None:
    """Whether an element of its own says, in a page full of other things, that there is nothing to be seen here."""
    if not _BLOCKED_WORDS.search(page.text):
        return None
    for node in _small(page):
        text = short_text(node, 60)
        if text and (kind := _blocked(text)) is not None and not _is_link(node, text):
            return kind
    return None


def _blocked(text: str) -> Barrier | None:
    return next((kind for kind, pattern in _BLOCKED if pattern.search(text)), None)


def _is_link(node: Node, text: str) -> bool:
    """Whether the words are those of a link: then they are a title."""
    inside = node.css_first("a[href]")
    if inside is not None:
        return len(squeeze(inside.text())) * 5 >= len(text) * 2
    return any(one.tag == "a" for one in up_from(node.parent, 4))


#: One of these stands in whatever is looked for below.
_BLOCKED_WORDS = re.compile(
    r"不存在|已删除|被删除|未找到|没有找到|找不到|停用|已下线|已关闭|权限|无权|登[录陆]|超时|失效|[仅只]限|认证|验证|参数|出错|错误|有误|异常|Exception"
    r"|非法|繁忙|not found",
    re.IGNORECASE,
)
_SORRY = r"^\W*(?:很?抱歉|对不起|提示|系统提示|错误提示)?\W*"
_THING = r"(?:页面|网页|内容|信息|文件|资源|地址|文章|栏目|频道|记录)"
#: Whole sentences of a server, that nobody gives as a title.
_BLOCKED: tuple[tuple[Barrier, re.Pattern[str]], ...] = (
    (
        "login",
        re.compile(
            r"^[^。]{0,16}(?:先|需要?|须|必须|才能)登[录陆](?!方式|平台|系统的)[^。]{0,16}[。！!]?$"
            r"|^[^。]{0,16}登[录陆]后[^。]{0,6}(?:查看|访问|浏览|阅读|继续|再试|可见|使用|获取)[^。]{0,10}[。！!]?$"
            r"|^[^。]{0,16}(?:登[录陆]|会话|身份)(?:信息)?[^。]{0,3}(?:超时|失效|过期)|^[^。]{0,12}请?重新登[录陆]"
            r"|^[^。]{0,8}[仅只]限[^。]{0,12}(?:用户|人员|会员)[^。]{0,4}(?:访问|查看|浏览)|^[^。]{0,10}(?:需要?|请)先?(?:进行)?(?:身份|实名)(?:认证|验证)"
            rf"|{_SORRY}[您你]?(?:没有|无)(?:访问|查看|浏览)?(?:该{_THING}的?)?权限?[^。]{{0,12}}[。！!]?$"
        ),
    ),
    (
        "missing",
        re.compile(
            rf"{_SORRY}(?:[您你]所?要?(?:访问|查找|浏览|请求|查看)的|该|此|本)?[^。]{{0,4}}{_THING}[^。]{{0,6}}"
            r"(?:不存在|未找到|找不到|被?删除|停用|下线|撤销|关闭|无法访问)(?:或者?[^。]{0,12})?[。！!.]?\s*$"
            rf"|{_SORRY}(?:没有|未|无法)(?:找|查)到(?:该|此|[您你]要?的?|对应的?|指定的?){_THING}",
        ),
    ),
    (
        "missing",
        re.compile(
            rf"{_SORRY}(?:参数|访问|请求|服务器|系统|数据库|程序|页面|连接)(?:内部|运行|访问|连接|执行)?"
            r"(?:错误|有误|出错|异常|不正确|繁忙|非法|丢失)[^。]{0,16}[。！!.]?\s*$"
            rf"|{_SORRY}非法(?:访问|请求|参数|操作)(?:\W[^。]{{0,16}}[。！!]?)?\s*$|^\W*[\w.]+Exception\b"
            r"|server error\W*$|^\W*404\W*$|^\W*not found\W*$",
            re.IGNORECASE,
        ),
    ),
)


def says_building(page: Page) -> bool:
    """Whether an element of its own says that the column is not ready."""
    return any(_BUILDING.search(text) and len(text) < 40 and _is_shown(node) for node, text in _messages(page))


def says_empty(page: Page) -> bool:
    """Whether an element of its own that is shown says that there is nothing in the list yet."""
    return any(_EMPTY.search(text) and _is_shown(node) for node, text in _messages(page))


def says_column_empty(page: Page) -> bool:
    """The same in so many words: 本栏目暂无信息, which no other block of the page would say."""
    return any(_COLUMN_EMPTY.search(text) and _is_shown(node) for node, text in _messages(page))


def loaded_by_script(page: Page) -> bool:
    """Whether a script may bring rows that the page itself does not hold."""
    return _LOADED.search(page.text) is not None


def refresh_target(page: Page) -> str | None:
    """Where `<meta http-equiv=refresh>` or a bare script sends a browser; None where it does not."""
    for node in page.tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            match = re.search(r"url\s*=\s*['\"]?([^'\"]+)", node.attributes.get("content") or "", re.IGNORECASE)
            if match:
                return match[1].strip()
    match = re.search(
        r"""(?:window\.|self\.|top\.|document\.)?location(?:\.href)?\s*=\s*["']([^"'+]{1,300})["']\s*;?\s*</?script""",
        page.text[:20_000],
        re.IGNORECASE,
    )
    return match[1] if match else None


def _is_challenge(page: Page, visible: str) -> bool:
    said = f"{page.title} {visible}"
    if len(visible) < _SHORT and _CHALLENGE.search(said):
        return True
    if len(visible) < _SHORT // 4 and _CHALLENGE_WORDS.search(said):
        return True
    scripts = page.tree.css_first("script") is not None
    return (
        scripts
        and len(visible) < 30
        and _CHALLENGE_SCRIPT.search(page.text) is not None
        and refresh_target(page) is None
    )


def _published(page: Page, visible: str) -> bool:
    """Whether the page says when or by whom it was published: then it is an article, whatever it speaks of."""
    if not visible:
        return False
    for node in page.tree.css("meta[content]")[:60]:
        name = node.attributes.get("name") or node.attributes.get("property") or node.attributes.get("http-equiv") or ""
        if name.lower() in _TAGS and (node.attributes.get("content") or "").strip():
            return True
    return _PUBLISHED.search(visible) is not None


_TAGS = {"pubdate", "articletitle", "article:published_time"}


def _headings(page: Page) -> str:
    return " ".join(squeeze(node.text()) for node in page.tree.css("h1, h2")[:4])


def _messages(page: Page) -> list[tuple[Node, str]]:
    """Each small element that has a text, a candidate for a message of its own."""
    if "messages" not in page.made:
        page.made["messages"] = [(node, text) for node in _small(page) if (text := short_text(node, 60))]
    messages: list[tuple[Node, str]] = page.made["messages"]
    return messages


def _is_shown(node: Node) -> bool:
    """Whether a person sees all that a small element says."""
    inner = node.css("[style], [class], [hidden], template")[:20]
    return not is_hidden(node) and not any(is_hidden(one) for one in inner)


def _small(page: Page) -> list[Node]:
    return page.tree.css("li, p, td, div, span, dd, em, strong, h2, h3, h4, font, center")[:5000]
