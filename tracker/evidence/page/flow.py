"""The text of a part of a page in lines, as a person reads it; tables in their plain form (`grid.py`)."""

from __future__ import annotations

import re

from tracker.evidence.page.grid import caption_of, lays_out, pairs_of, table_lines, table_rows, written_in
from tracker.evidence.page.nodes import names_of
from tracker.evidence.page.parsed import Node, short_text, squeeze

#: What is never text of an article.
FRAME_TAGS = {
    "script", "style", "noscript", "nav", "footer", "aside", "select", "button", "template", "textarea", "iframe",
    "input", "object", "embed", "svg", "canvas", "video", "audio", "rt", "rp", "-comment",
}  # fmt: skip
#: Words in class or id of what stands around an article. The first are nothing else; what the second name is, where
#: it is short; what the others name may be a whole article too (`print-area`), or a part of one: buttons are meant.
_FRAME_WORDS = {"nav", "menu", "foot", "footer", "copyright", "crumb", "breadcrumb", "friendlink", "sidebar"}
#: The heads of parts that are shown in turn belong to the text.
_TABS = {"tab", "tabs"}
_TABULAR = {"table", "dl"}
_TALK_WORDS = {"related", "relate", "recommend", "comment", "comments", "pinglun", "hot", "rank", "ranking"}
_BUTTON_WORDS = {
    "location", "share", "print", "pager", "qrcode", "ewm", "erweima", "bdsharebuttonbox", "toolbar", "tools",
    "page", "pages", "fenye",
}  # fmt: skip
_SMALL = 150
_BLOCKS = {
    "p", "div", "tr", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "dt", "dd", "section",
    "article", "blockquote", "center", "pre", "td", "th", "form", "fieldset", "figure", "figcaption", "hr", "main",
    "header", "caption", "tbody", "address",
}  # fmt: skip
_NOISE = re.compile(
    r"^\s*(?:[【\[(（]?(?:打印(?:本页|文章|此页)?|关闭(?:窗口|本页)?|收藏(?:本页)?|字体|字号|分享(?:到)?|返回(?:顶部|首页|列表)?|大|中|小|[Tt]|A[+-]|"
    r"扫一扫|微信|微博|QQ空间|纠错|朗读|下载|推荐|繁体|简体)[】\])）]?[:：\s|/]*){1,15}$"
    r"|^(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s*[:：]?\s*\d*\s*次?$|^[【\[]?[上下]一[篇条]|^(?:作者|编辑|责任编辑)\s*[:：]?\s*$"
    r"|^今天是.{0,40}$|^(?:当前|您(?:的|所在|现在)的?)位置\s*[:：]"
    r"|^(?:\[?\d{1,2}\]?\s+){1,20}\[?\d{0,2}\]?$|^(?!\d{2,4}$)(?:上一页|下一页|首页|尾页|末页|[\s\d|«»<>\[\]]|共\s*\d+\s*页)+$"
)
#: A figure that is another at every visit.
_COUNTER = re.compile(
    r"[【\[(（]?(?:浏览|点击|阅读|访问|点击率|人气)(?:次数|量|数|人数)?\s*[:：]\s*[\[(（]?\s*\d*\s*[\])）]?\s*(?:人?次)?[】\])）]?"
)
_RELATED = re.compile(
    r"^[【\[\s]*(?:相关(?:文章|阅读|新闻|信息|报道|链接|内容|推荐|资讯|文件|解读)|推荐(?:阅读|文章|信息)|热门(?:文章|信息|新闻)|最新(?:文章|信息|新闻)"
    r"|(?:本月|本周|今日|近期)?(?:热榜|热点|热文|热搜|(?:点击|浏览|阅读|关注)?排行榜?)(?:信息|新闻|文章)?|为您推荐|更多(?:推荐|新闻|资讯)|最新公开"
    r"|猜你喜欢|网友评论|我要评论|发表评论|最新评论|评论列表|文章评论)[】\]\s:：]*$"
)
_DAY = re.compile(r"[\[(（]?(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?")
#: Around what is inside a link, until the lines are cut: characters that no page prints.
_LINK, _END = "\ue0f0", "\ue0f1"
_LINKED = re.compile(f"{_LINK}([^{_END}]*){_END}?")
_SPACES = re.compile(f"[\\s{_LINK}{_END}]+")
#: Elements for what stands around a text; where its place is sure, and they lead nowhere, a part of it.
_ROOMS = {"nav", "footer", "aside"}
_FEET = re.compile(r"版权所有|copyright|ICP备|当前位置|责任编辑|扫一扫|分享", re.IGNORECASE)
#: Elements that are no frame whatever they are called.
_PLAIN = {"span", "font", "strong", "b", "em", "i", "u", "a", "br", "td", "tr", "th", "tbody", "sub", "sup", "img"}
#: A longer text is cut; a few characters more are read, to see that it is longer.
MAX_TEXT = 500_000
_SLACK, _MAX_STEPS = 1000, 200_000


def is_frame(node: Node) -> bool:
    """Whether an element is by its name something around the article."""
    if not (named := names_of(node)):
        return False
    words = re.split(r"[^a-z]+", named)
    if node.tag in _TABULAR and node.css_first("a") is None:
        return False  # nothing to lead elsewhere: called by what it shows (a ranking), not by what it is for
    if not _FRAME_WORDS.isdisjoint(words):
        return _TABS.isdisjoint(words)
    talk = not _TALK_WORDS.isdisjoint(words)
    if not talk and _BUTTON_WORDS.isdisjoint(words):
        return False
    linked = sum(len(one.text()) for one in node.css("a"))
    if talk and linked * 2 >= len("".join(node.text().split())):
        return "附件" not in node.text()
    text = short_text(node, _SMALL, " ")
    if text is None or "。" in text or "附件" in text:
        return False
    return talk or _NOISE.match(text) is not None or linked * 2 >= len(text)


def _is_around(node: Node, sure: bool) -> bool:
    """Whether an element is left out: none of the text, or by its name around it."""
    tag = node.tag
    if tag in _ROOMS:
        return not (sure and node.css_first("a") is None) and not (tag == "nav" and _is_tabs(node))
    if tag in FRAME_TAGS:
        return True
    return tag not in _PLAIN and is_frame(node) and not (sure and _says_itself(node))


def _says_itself(node: Node) -> bool:
    """Whether an element leads nowhere, and is no row of buttons."""
    if node.css_first("a, button, input") is not None:
        return False
    text = short_text(node, _SMALL, " ")
    return text is None or not (_NOISE.match(text) or _COUNTER.search(text) or _FEET.search(text))


def _is_tabs(node: Node) -> bool:
    return not _TABS.isdisjoint(re.split(r"[^a-z]+", names_of(node)))


def text_below(root: Node) -> str:
    """The text in lines, without frame, buttons, counters and what follows under 相关文章."""
    return "\n".join(lines_below(root))


def lines_below(root: Node, *, sure: bool = False) -> list[str]:
    """The same as a list. `sure`: all below is the text, in which no frame of the site stands: only what leads
    elsewhere is left out."""
    return _without_related(_cut("".join(_pieces(root, sure))))


def _pieces(root: Node, sure: bool) -> list[str]:
    out: list[str] = []
    size = 0
    stack: list[Node | str] = [root]
    for step in range(_MAX_STEPS):
        if not stack or size > MAX_TEXT + _SLACK:
            break
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if node.is_text_node:
            text = (node.text_content or "")[: MAX_TEXT + _SLACK]
            size += len(text)
            parent = node.parent if "\n" in text else None
            out.append(text if parent is not None and parent.tag == "pre" else _one_line(text))
            continue
        tag = node.tag
        if tag in _SPEAKING and (said := _SPEAKING[tag](node)):
            out.append(said)
            continue
        if step and _is_around(node, sure):
            continue
        if tag == "table" and not lays_out(node, rows := table_rows(node)):
            lines = [*caption_of(node), *table_lines(rows)]
            size += sum(map(len, lines))
            out += ["\n", "\n".join(lines), "\n"]
            continue
        if tag == "dl" and (pairs := pairs_of(node)):
            out += ["\n", "\n".join(pairs), "\n"]
            continue
        if tag in _BLOCKS:
            out.append("\n")
            stack.append("\n")
        elif tag == "a":
            out.append(_LINK)
            stack.append(_END)
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return out


def _heads(button: Node) -> str:
    """What is pressed to unfold a part of the text is the heading of that part."""
    text = short_text(button, _HEADING) or ""
    return f"\n{text}\n" if len(text) >= _WORD and not _PRESSED.search(text) else ""


def _drawn(picture: Node) -> str:
    """The words of a drawing."""
    return "".join(f"\n{squeeze(one.text())}\n" for one in picture.css("text")[:500])


#: Elements that are no text, and yet may say something of it.
_SPEAKING = {"input": written_in, "button": _heads, "svg": _drawn}
_HEADING, _WORD = 40, 4
_PRESSED = re.compile(
    r"搜索|查询|提交|重置|确[定认]|取消|打印|关闭|下载|复制|分享|返回|登[录陆]|注册|更多|展开|收起|收藏|点赞|评论|朗读|播放|字[体号]|切换|上一|下一|订阅|纠错|投票|发送|预约|我要|立即|点击|无障碍|长者"
)


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)


def _cut(text: str) -> list[tuple[str, int]]:
    """Lines with the number of their characters that are links."""
    lines: list[tuple[str, int]] = []
    inside = False
    for line in text.split("\n"):
        linked = 0
        if inside or _LINK in line or _END in line:
            marked = (_LINK if inside else "") + line
            linked = sum(len(one.strip()) for one in _LINKED.findall(marked))
            inside = marked.rfind(_LINK) > marked.rfind(_END)
            line = line.replace(_LINK, "").replace(_END, "")
        line = "\t".join(squeeze(cell) for cell in line.split("\t")) if "\t" in line else squeeze(line)
        if line and len(line) <= 150 and "\t" not in line:
            line = _without_counter(line)
        if line:
            lines.append((line, linked))
    return lines


def _without_counter(line: str) -> str:
    if _NOISE.match(line):
        return ""
    if "：" in line or ":" in line:
        line = squeeze(_COUNTER.sub(" ", line))
    return line


def _without_related(lines: list[tuple[str, int]]) -> list[str]:
    """Ends before a heading under which there is little but links."""
    for place, (line, _) in enumerate(lines):
        if len(line) <= 14 and _RELATED.match(line):
            after = lines[place + 1 :]
            if sum(linked for _, linked in after) * 10 >= sum(len(_DAY.sub("", one)) for one, _ in after) * 6:
                return [one for one, _ in lines[:place]]
    return [one for one, _ in lines]
