"""Words that stand around lists: those of pagers, of what promises more, of a page's foot."""

from __future__ import annotations

import re

_NEXT, _LAST = r"[下后]\s*一?\s*[页頁]", r"[尾末]\s*[页頁]|最后一?[页頁]"
_BEFORE, _BEHIND = r"[\[<\s]*", r"[\]\s>›»→]*"
_COUNT = r"共\s*\d+\s*[页頁条條篇]"
_MORE = r"更多|查看全部|显示全部|\bmore\b"

#: All of a control's words: that leads to the next page, to older entries, to the last page.
NEXT = re.compile(
    rf"{_BEFORE}(?:{_NEXT}|next(?: page)?){_BEHIND}|[>›»→＞⟩]"
    rf"|[\[<‹«←\s]*(?:(?:[较更]早|早期|以前|较?旧)的?[文日内消信条][章志容息目]|older (?:posts?|entries)){_BEHIND}",
    re.IGNORECASE,
)
LAST = re.compile(rf"{_BEFORE}(?:{_LAST}|last){_BEHIND}", re.IGNORECASE)
#: All of a text in a pager.
IN_PAGER = re.compile(rf"{_BEFORE}(?:{_NEXT}|{_LAST}){_BEHIND}|.{{0,20}}{_COUNT}.{{0,20}}|\W*\d+\s*/\s*\d+\s*[页頁]\W*")
#: What no title holds and a pager does; the way to an article's neighbours too.
OF_PAGER = re.compile(rf"[上下前后]一?[页頁篇]|[首尾末][页頁]|{_COUNT}|第\s*\d+\s*[页頁]")

#: What promises more of a list, somewhere in a few words; all of the words of such a link; what it adds to a heading.
MORE = re.compile(_MORE, re.IGNORECASE)
ALL_MORE = re.compile(rf"^[\[(（+\s]*(?:查看)?(?:{_MORE})[\])）\s>›»….+]*$", re.IGNORECASE)
ADDED_MORE = re.compile(r"[\s>»›+]|更多|more", re.IGNORECASE)

#: A page's foot: words that no title holds, and such as may stand in one.
SURE_FOOT = re.compile(r"版权所有|(?:主办|承办)(?:单位)?[:：]|ICP备|公网安备|技术支持|网站标识码")
FOOT = re.compile(rf"{SURE_FOOT.pattern}|主办单位|备案号")
