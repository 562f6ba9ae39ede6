"""Whether a list on a page only stands beside a column's own one, which the page lacks or a script brings."""

from __future__ import annotations

import re

from tracker.evidence.page.barriers import says_blocked
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.own_list import Choice

#: The column's rows are a template that a script fills.
_TEMPLATE = re.compile(r"<(?:li|tr|div|dl|a)\b[^>]{0,300}?\b(?:v-for|ng-repeat)\s*=", re.IGNORECASE)
_TEMPLATE_WORDS = ("v-for", "ng-repeat", "V-FOR", "NG-REPEAT")
#: The same in the page's own scripts: markup of rows, put together with values.
_ROW_MARKUP = re.compile(
    r"""["'`]\s*<(?:li|tr|dl|dd|div|a|p)\b[^"`]{0,200}?<?a\b[^`]{0,80}?href\s*=\s*\\?["']?(?:["']\s*\+|\$\{|"\s*\+)""",
    re.IGNORECASE,
)
_WRITERS = (".html(", ".append(", "innerHTML", "document.write", "insertAdjacentHTML")


def is_stand_in(choice: Choice, page: Page) -> bool:
    """Return whether the list that was chosen is hardly the column's own."""
    signs = choice.best.signs
    if not choice.sure and (signs.is_weak or says_blocked(page) is not None):
        return True
    return not signs.is_near and (_is_templated(page) or _is_written(page))


def _is_templated(page: Page) -> bool:
    return page.says(*_TEMPLATE_WORDS) and _TEMPLATE.search(page.text) is not None


def _is_written(page: Page) -> bool:
    """Return whether a script of the page writes rows of links."""
    return (
        page.says(*_WRITERS)
        and any(word in page.scripts for word in _WRITERS)
        and _ROW_MARKUP.search(page.scripts) is not None
    )
