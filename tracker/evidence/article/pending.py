"""What a text has yet to be given by a script: places kept for it, words that stand in until it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.evidence.article.content import Content
from tracker.evidence.page.flow import is_frame
from tracker.evidence.page.parsed import Node, Page

#: What a template leaves where nobody filled it in: {{content}}, ${item.text}, <%=body%>.
_UNFILLED = re.compile(r"\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\}|<%=?[^%\n]{1,80}%>")
#: Instead of a text until it has come. An article may speak of loading: the line says nothing else.
_COMING = re.compile(
    r"\W*(?:(?:内容|数据|正文|文章|页面|信息|附件|图表|详情)?\W{0,2}(?:正在|努力|拼命)*\W{0,2}(?:加载|载入|读取|获取)(?:之?中)?|loading)"
    r"\W*(?:请?(?:稍[等候后]|耐心等[待候])\W*)?",
    re.IGNORECASE,
)
_MAY_WAIT = re.compile(r"[{<$]|加载|载入|读取|获取|oading")
#: Elements that a script writes into by their own attribute, as libraries have it.
_BOUND = "[v-html], [v-text], [v-for], [ng-bind], [ng-bind-html], [ng-repeat], [data-bind], [x-html], [x-text], [x-for]"
#: What is pressed brings more of the text.
_FETCHES = re.compile(
    r"\.load\s*\(|ajax|getJSON|\$\.(?:get|post)\b|\bfetch\s*\(|XMLHttp|axios|load_?more|get_?more", re.IGNORECASE
)
#: Places of a page's own tools, which say nothing of what the article says.
_TOOL = re.compile(
    r"hit|count|click|view|visit|read|share|vote|qr|code|print|font|zoom|audio|video|player|voice|comment|pinglun|reply"
    r"|\bad|banner|top|back|wx|weixin|wechat|bds|jia|toolbar|tip|mask|dialog|popup|login|search|nav|menu|page|pager|map|like",
    re.IGNORECASE,
)
_IMAGES = "img, iframe, embed, object, input, textarea, video, audio, svg"
_MOST, _MOST_PLACES, _LINE = 200, 20, 40


def placeholder(line: str) -> bool:
    """Whether a line only stands in for a text that has yet to come."""
    return len(line) <= _LINE and (
        _COMING.fullmatch(line) is not None or not _UNFILLED.sub("", line).strip(" :：[]（）()")
    )


def fills_later(page: Page, content: Content | None, lines: Sequence[str]) -> bool:
    """Whether a script is to bring a part of the text: by what it says, by how it is bound, by an empty place."""
    if content is None:
        return False
    # Most lines have none of these characters: looking closely costs more than the rest.
    if any(placeholder(line) or _UNFILLED.search(line) for line in lines if _MAY_WAIT.search(line)):
        return True
    return any(
        any(map(_has_no_source, node.css("iframe")[:_MOST_PLACES]))
        or any(map(_is_written, node.css("td > script")[:_MOST_PLACES]))
        or any(map(_is_empty, node.css(_BOUND)[:_MOST]))
        or any(_FETCHES.search(one.attributes.get("onclick") or "") for one in node.css("[onclick]")[:_MOST])
        or any(_is_named(page, name) for name in _empty_places(node))
        for node in content.nodes
    )


def _is_written(script: Node) -> bool:
    """Whether a cell holds nothing but what a script writes."""
    cell = script.parent
    return cell is not None and len(cell.text().strip()) == len(script.text().strip())


def _has_no_source(frame: Node) -> bool:
    """Whether a script is to say what a frame shows."""
    attributes = frame.attributes
    if _TOOL.search(f"{attributes.get('id') or ''} {attributes.get('name') or ''}"):
        return False
    return not any((attributes.get(key) or "about:")[:6] != "about:" for key in ("src", "data-src", "srcdoc"))


def _empty_places(node: Node) -> Iterator[str]:
    """The names of elements inside the text that hold nothing, and are no tool of the page."""
    found = 0
    for one in node.css("[id]")[:_MOST]:
        name = (one.attributes.get("id") or "").strip()
        if not 1 < len(name) <= 60 or _TOOL.search(name) or is_frame(one) or not _is_empty(one):
            continue
        found += 1
        yield name
        if found >= _MOST_PLACES:
            return


def _is_empty(node: Node) -> bool:
    """Whether it says and shows nothing; a table, whether it has no row below its heads."""
    if node.css_first(_IMAGES) is not None or node.tag in ("img", "input", "a", "br", "hr", "iframe", "embed"):
        return False
    if node.tag in ("table", "tbody"):
        return node.css_first("td") is None
    return not any(not one.isspace() for one in node.text())


def _is_named(page: Page, name: str) -> bool:
    """Whether a script speaks of the place."""
    word = re.escape(name)
    pattern = re.compile(rf"#{word}\b|[\"']{word}[\"']|[(,\s]{word}\s*[),]|(?<![\w$.]){word}\.(?:inner|append|insert)")
    if pattern.search(page.scripts):
        return True
    return any(f"#{name}" in (one.attributes.get("onclick") or "") for one in page.tree.css("[onclick]")[:_MOST])
