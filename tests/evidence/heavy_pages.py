"""Pages that take more time or memory than a page may have, as a site could send them."""

from __future__ import annotations

from datetime import date, tzinfo
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase, digits

from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import glance

#: Elements in elements: takes a minute of processor time to parse; the page that froze a daemon was of this kind.
ENDLESS = "<div>" * 60_000

_SIZE = 5_000_000
_NAMES = " ".join(map("".join, islice(product(ascii_lowercase, ascii_lowercase + digits), 900)))


def _filled(part: str) -> bytes:
    """So much of this as a page may have."""
    encoded = part.encode()
    return encoded * (_SIZE // len(encoded))


#: Pages of 5 MB, of shapes that take much memory for it; whether more than a page may have.
LARGE = {
    "attributes": (_filled(f"<b {_NAMES}></b>"), True),
    "short texts and line ends": (_filled("公告<br>" + "x\n" * 30), True),
    "data": (b'{"rows": [' + b'{"t":1},' * 600_000 + b'{"t":1}]}', True),
    "rows": (_filled("<tr><td><a href=/zwgk/1.html title=公告>环境影响评价公告</a><td>2015-09-25"), True),
    "one text of rare characters": (_filled("\U00020000"), False),
}
#: Attributes that take more memory than a page may have, and little processor time until they do.
MANY_ATTRIBUTES = f"<b {_NAMES}></b>" * 1_100


def peak_of(markup: bytes, address: str, zone: tzinfo, today: date) -> tuple[str, int]:
    """The class of what reading this page raises, "" where nothing, and the most memory this process ever held, MB."""
    try:
        glance(Page(address, markup, zone, today, "text/html"))
        raised = ""
    except Exception as error:
        raised = type(error).__name__
    status = Path("/proc/self/status").read_text()
    return raised, int(status.split("VmHWM:")[1].split()[0]) // 1000
