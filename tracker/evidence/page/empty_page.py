"""Pages that answer and show nothing of an article: told from those that show it as a picture."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from tracker.evidence.page.parsed import Page, resolve

#: A text with less than this says nothing.
LEAST = 20
#: What stands around an article on every page of a site: no text of its own.
_AROUND = re.compile(
    r"版权所有|主办单位?|承办单位?|技术支持|ICP备|公网安备|网站标识码|网站地图|联系我们|扫一扫|打印本?页?|关闭(窗口|本页)?"
    r"|【?字体|分享到?|上一[篇条]|下一[篇条]|来源[:：]|发布(时间|日期)[:：]|浏览(次数)?[:：]|您(现在|当前)的?位置|当前位置"
)
#: Where editors put the pictures and files of a text, not where a site keeps those of its design.
_PUT_IN = re.compile(
    r"upload|attach|userfiles?|editor|/files?/|/[WP]0\d{6}|viewer\.html|\.(?:pdf|docx?|xlsx?|ofd|swf|mp4)\b",
    re.IGNORECASE,
)
_INLINE = 4000  # an inline picture longer than this is no icon
_MOST = 500


def substance(text: str) -> int:
    """How many characters of a text are its own."""
    return sum(len("".join(line.split())) for line in text.split("\n") if not _AROUND.search(line))


def pictured(page: Page) -> bool:
    """Whether a picture or an embedded file on the page may show what its text does not."""
    if not page.is_html:
        return False
    folder = urlsplit(page.url).path.rpartition("/")[0]
    for node in islice(page.tree.css("img, iframe, embed, object, video"), _MOST):
        source = node.attributes.get("src") or node.attributes.get("data") or ""
        if source.startswith("data:"):
            if len(source) > _INLINE:
                return True
            continue
        if _PUT_IN.search(source):
            return True
        address = resolve(page.base, source) if source else None
        if address and folder and urlsplit(address).path.rpartition("/")[0] == folder:
            return True
    return False
