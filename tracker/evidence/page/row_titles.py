"""Titles of rows: whole ones for shortened ones, words that are no title, letters that nobody can read."""

from __future__ import annotations

import re

from tracker.evidence.page.parsed import squeeze

MAX_TITLE = 500

#: Link texts that are never the title of an entry.
NO_TITLE = re.compile(
    r"^[\[【(（<《「\s]*(网站首页|返回首页|返回列表|返回|首\s*页|主页|[上前下后]\s*一?\s*页|尾\s*页|末\s*页|第一页|最后一?页|跳转|转到|go|更多|更多内容|查看更多|more|"
    r"\d{1,4}|[<>«»‹›…]+|打印|关闭|收藏|分享|设为首页|加入收藏|网站地图|联系我们|关于我们|网站声明|rss|登录|注册|置顶|new|"
    r"详情|详细|查看|查看详情|查看详细|详细内容|详细信息|点击查看|浏览|阅读全文|全文|\[?详细\]?|下载|附件|附件下载|点击下载|pdf|word|xls|doc)[\]】)）>》」\s.…>»]*$",
    re.IGNORECASE,
)
_BULLETS = re.compile(r"^[·•・◆■□★☆▪◎▲►»>\-\s]+(?=\S)")
_SHORTENED = re.compile(r"(…|\.{2,}|。{2,}|···)\s*$")
_CUT = ("…", "..", "。。", "···")
#: A title attribute that lists particulars: 标题：… 发布时间：…
_HINT = re.compile(
    r"(?:文章|信息)?(?:标题|名称)\s*[:：]\s*(.+?)\s*(?:(?:作\s*者|发布|发表|更新|来源|点击|时间|日期|文件)\S{0,4}\s*[:：]|$)"
)


def full_title(text: str, hint: str) -> str:
    """The title attribute where the visible text is a shortened form of it, else the visible text."""
    text, hint = squeeze(text), squeeze(hint)
    if text[:1].isalnum() and (text == hint or not (hint or text.endswith(_CUT))):
        return text[:MAX_TITLE]
    text = _BULLETS.sub("", text)
    if len(hint) > 5 and hint in text and len(text) - len(hint) <= 6:
        return hint[:MAX_TITLE]  # a number or a mark beside the title
    if found := _HINT.search(hint):
        hint = found[1]
    stem = _SHORTENED.sub("", text)
    if not text or (hint and hint != text and (hint == stem or _starts(hint, stem))):
        return (hint or text)[:MAX_TITLE]
    if stem != text and len(hint) > len(text):
        return hint[:MAX_TITLE]
    return text[:MAX_TITLE]


def is_readable(title: str) -> bool:
    """Whether a title is words, and not what became of them in the wrong letters: ???, ���ˮ, å…³äºŽ, 锟斤拷."""
    if title.isascii():
        return any(map(str.isalnum, title))
    if _BROKEN.search(title) is None:
        return True
    return len(_BROKEN.findall(title)) * 4 < len(title) and "锟斤拷" not in title


_BROKEN = re.compile("[\ufffd\x80-\xff]|锟斤拷")


def is_no_title(text: str, hint: str) -> bool:
    """Whether a link's words name no entry: 更多, 下一页, a number. Of a shortened text the whole counts."""
    words = text or hint
    return NO_TITLE.match(full_title(text, hint) if words.rstrip().endswith(_CUT) else words) is not None


def is_short_for(short: str, whole: str) -> bool:
    """Whether a title is the other one cut off."""
    stem = _SHORTENED.sub("", squeeze(short))
    return stem != squeeze(short) and len(stem) >= 2 and _starts(squeeze(whole), stem)


def _starts(whole: str, stem: str) -> bool:
    bare = _BULLETS.sub("", stem).replace(" ", "")
    return bool(bare) and len(whole.replace(" ", "")) > len(bare) and whole.replace(" ", "").startswith(bare)
