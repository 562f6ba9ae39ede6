"""Markup on which a parser takes more than linear time, as pages that a site could send."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date, tzinfo
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase, digits

from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import glance

#: Each took from seconds to minutes of processor time before it was refused; the first is the page that froze a daemon.
SUPER_LINEAR = {
    "options in one list": "<select>" + "<option>x" * 64_000,
    "options that are closed": "<select>" + "<option>x</option>" * 40_000,
    "blocks in blocks": "<div>" * 60_000,
    "elements of no known name in blocks": "<my-tag>" * 30_000 + "<div>" * 30_000,
    "groups of options, nowhere in a list": "<optgroup>" * 60_000,
    "ruby outside ruby": "<rt>" * 60_000,
    "items in items of another kind": "<li><dd>" * 30_000,
    "blocks that keep noscript open": "".join(f"<noscript c={n}><dd>x</noscript>" for n in range(20_000)),
    "end tags above an open pile": "<span>" * 30_000 + "x</em>" * 30_000,
    "inline elements all different": "".join(f"<b c={n}>" for n in range(40_000)),
    "inline elements opened again in each block": "".join(f"<font c={n}>" for n in range(3_000)) + "<p>x" * 3_000,
    "a nobr left open in each list": "<select><nobr>x</select>" * 12_000,
    "attributes of one element": "<a " + " ".join(f"a{n}" for n in range(90_000)) + ">",
    "attributes of a script": "<script " + " ".join(f"a{n}" for n in range(90_000)) + "></script>",
    "attributes of the one root": "".join(f"<body a{n}>" for n in range(90_000)),
    "attributes of the one root, many a tag": "".join("<html " + " ".join(f"a{n}x{k}" for k in range(1_500)) + ">" for n in range(90)),
    "more elements than people read": "<br>" * 100_001,
}  # fmt: skip

#: What pages of old systems do, and must be read: nothing here is closed that need not be.
ORDINARY = {
    "a table of 3,000 rows without an end tag": "<table>" + "<tr><td><font color=red>第一号<td>2015-09-25" * 3_000,
    "a list of 5,000 items without an end tag": "<ul>" + "<li><a href=1.html>公告<span>2015-09-25" * 1_000 + "<li>x" * 4_000,
    "20,000 paragraphs without an end tag": "<p>第一段" * 20_000,
    "links that are never closed": "".join(f"<a href={n}.html>公告{n}<br>" for n in range(5_000)),
    "a choice of 3,000 villages": "<select>" + "<option value=1>村" * 3_000 + "</select>",
    "200 choices of a hundred": ("<select>" + "<option>x</option>" * 100 + "</select>") * 200,
    "a script that writes markup": "<script>" + "document.write('<div><div>');" * 5_000 + "</script><p>x</p>",
    "a comment that holds markup": "<!--" + "<div>" * 9_000 + "--><p>x</p>",
    "definitions in ten levels of lists": ("<dl><dt>x<dd>y" * 10 + "</dl>" * 10) * 300,
    "icons and closed items": ("<li><svg><path d='M0 0'/></svg><p>x</p></li>") * 6_000,
}  # fmt: skip

#: Passes the pre-scan, which takes the title for the beginning of a comment; the parser does not.
SLIPS_PAST = "<title><!--</title>" + "<div>" * 60_000

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
    "rows": (_filled("<tr><td><a href=/zwgk/1.html title=公告>环境影响评价公告</a><td>2015-09-25"), False),
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
