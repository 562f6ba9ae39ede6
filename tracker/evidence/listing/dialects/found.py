"""Rows of a plain list: which links and dates of a page belong together, and what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.elements import Dated, Element, Link, day
from tracker.evidence.listing.dialects.outline import Outline
from tracker.evidence.listing.dialects.printed import DAY
from tracker.evidence.listing.dialects.rows import NO_TITLE, ListingRow, full_title, is_readable
from tracker.evidence.page.dates import MonthDay, find_moment, plain
from tracker.evidence.page.parsed import Page, squeeze

#: So many characters have titles of entries on average, where no day stands by them.
ENTRY = 10
_ROW_TAGS = {"li", "tr", "dl", "dd", "dt"}
_SOURCE = re.compile(
    r"(?:发布机构|发布单位|公开单位|发文单位|信息来源|来源|作者单位)\s*[:：]\s*([^\s\]】)）|<>]{2,40})"
)
#: All that a link or a piece of text says is the name of an office.
OFFICE = re.compile(
    r"^[\[【(（\s]*([^\[\]【】()（）]{2,20}(?:局|办|委|委员会|中心|政府|办公室|厅|处|院|站|社|(?:委员|协|学|理事|联合|管委|常委|工|商)会|公司))[\]】)）\s]*$"
)
#: The last characters of whatever that matches, white space apart.
_OFFICE_END = set("局办委会心府室厅处院站社司]】)）")


@dataclass(eq=False, slots=True)
class FoundRow:
    """A row with the element it was found in; `date` None in lists without dates."""

    element: Element
    links: list[Link]
    date: Dated | None
    place: int = 0


def dated_rows(outline: Outline) -> list[FoundRow]:
    """Each link goes with the lowest element around it that also holds a date."""
    by_element: dict[int, tuple[Element, list[Link]]] = {}
    scripted: dict[int, tuple[Element, list[Link]]] = {}
    for link in outline.links:
        element: Element | None = link.inside
        while element is not None and not element.dates:
            element = element.parent
        if element is not None and link.url is not None:
            by_element.setdefault(element.key, (element, []))[1].append(link)
        elif element is not None and _titled(link):
            scripted.setdefault(element.key, (element, []))[1].append(link)
    for key, (element, links) in scripted.items():
        if element.links == 0:
            by_element.setdefault(key, (element, links))  # a row that only a script can follow
    signed = _put_to_titles(by_element)
    within: dict[int, list[Dated]] = defaultdict(list)
    for dated in outline.dates:
        holder: Element | None = dated.inside
        while holder is not None and holder.key not in by_element:
            holder = holder.parent
        if holder is not None:
            within[holder.key].append(dated)
    rows: list[FoundRow] = []
    for key, (element, links) in by_element.items():
        dates = within.get(key, [])
        dates = [one for one in dates if not one.loose] or dates
        if not dates:
            continue
        if key in signed:
            dates = [min(dates, key=_earliest)]  # of a subject's day and its last answer's
        if key in signed or element.links == 0 or _is_row(element, links, dates):
            rows.append(FoundRow(element, links, _best_date(dates), links[0].place))
        else:
            rows.extend(_paired(element, [*links, *scripted.get(key, (element, []))[1]], dates))
    return sorted(rows, key=lambda row: row.place)


def _put_to_titles(by_element: dict[int, tuple[Element, list[Link]]]) -> set[int]:
    """A day that stands by a name alone (<td><a>网友</a> 09-25</td>) is that of the title in the row around both.

    Puts the names to their titles; gives the rows that got some.
    """
    found: set[int] = set()
    for key, (element, links) in list(by_element.items()):
        above = next((one for one in element.up() if one is not element and one.key in by_element), None)
        if above is None or above.links > _ROW_LINKS or not all(_is_name(link) for link in links):
            continue
        own = by_element[above.key][1]
        if max((len(link.text) for link in own if not link.nameless), default=0) > ENTRY:
            own.extend(links)
            del by_element[key]
            found.add(above.key)
    return found


_ROW_LINKS, _NAME = 6, 8


def _is_name(link: Link) -> bool:
    return len(full_title(link.text, link.hint)) <= _NAME or link.nameless or office(link.text) is not None


def _earliest(dated: Dated) -> tuple[int, int, int]:
    when = dated.when
    return getattr(when, "year", 0), when.month, when.day


def _titled(link: Link) -> bool:
    """Whether a link that leads nowhere says what may be a title."""
    return len(full_title(link.text, link.hint)) > _WORD and not link.nameless


#: A button says no more.
_WORD = 5


def _is_row(element: Element, links: Sequence[Link], dates: Sequence[Dated]) -> bool:
    if len(links) == 1 and element.links == 1:
        return True
    if _in_turn(links, dates):
        return False  # several rows side by side
    distinct = len({link.url for link in links})
    if distinct != element.links:
        return False  # it holds other rows of their own
    return (
        distinct == 1
        or (distinct <= 6 and element.tag == "tr" and len(dates) <= 3)
        or (distinct <= 5 and len(dates) == 1)
    )


def _in_turn(links: Sequence[Link], dates: Sequence[Dated]) -> bool:
    """Whether titles and days follow one another in pairs: A 28th B 27th."""
    named = [link for link in links if not link.nameless]
    if len(named) != len(dates):
        named = [link for link in named if not office(link.text)]
    titles = [link.place for link in named]
    if len(titles) < 2 or len(titles) != len(dates):
        return False
    marks = sorted([(place, 0) for place in titles] + [(one.place, 1) for one in dates])
    return all(marks[n][1] != marks[n + 1][1] for n in range(len(marks) - 1))


def _best_date(dates: Sequence[Dated]) -> Dated:
    """发布 before 公开; never 成文; the last one where nothing is said."""
    if len(dates) == 1:
        return dates[0]
    for label in ("发布", "公开"):
        if found := [one for one in dates if label in one.text]:
            return found[0]
    strict = [one for one in dates if not one.loose] or list(dates)
    fixed = [one for one in strict if not one.relative] or strict
    whole = [one for one in fixed if "成文" not in one.text and not isinstance(one.when, MonthDay)]
    return (whole or fixed)[-1]


def _paired(element: Element, links: Sequence[Link], dates: Sequence[Dated]) -> list[FoundRow]:
    """Rows without an element of their own, a link and a date in turn: cells parted by <br>, dt and dd."""
    links = [link for link in links if not link.nameless]
    if len(dates) < 2 or len(links) < len(dates):
        return []
    turns: list[Link | Dated] = sorted([*links, *dates], key=lambda one: one.place)
    if isinstance(turns[0], Dated):
        turns.reverse()
    rows: list[FoundRow] = []
    waiting: list[Link] = []
    for one in turns:
        if isinstance(one, Link):
            waiting.append(one)
        elif waiting:
            near = waiting[-2:]
            rows.append(FoundRow(element, near, one, near[0].place))
            waiting = []
    return rows if len(rows) * 2 > len(dates) else []


def _is_moment(link: Link) -> bool:
    """Whether a link says only when something was last answered."""
    return not any(map(str.isalpha, link.text)) and not link.hint and ":" in plain(link.text)


def undated_rows(links: Iterable[Link], manners: Collection[str], rows_at: str = "") -> list[FoundRow]:
    """The rows of lists without days; menus left out, that stand in no manner of a list found already, nor where the
    page before has its rows (`rows_at`)."""
    placed = [(link, element) for link in links if (element := _row_around(link)) is not None]
    wordy = {*manners, *(element.manner for link, element in placed if not _of_a_menu(link))}
    rows: dict[int, FoundRow] = {}
    for link, element in placed:
        if (
            not (element.manner in wordy or (rows_at and element.rows_at == rows_at))
            or link.nameless
            or _is_moment(link)
        ):
            continue
        if element.links == 0 if link.url is None else True:
            if link.url is None and not _titled(link):
                continue
            if element.key not in rows:
                rows[element.key] = FoundRow(element, [], None, link.place)
            rows[element.key].links.append(link)
    return list(rows.values())


def _of_a_menu(link: Link) -> bool:
    """Whether it is plainly no entry: a word or two are all it says."""
    return link.plain and not link.hint and len(link.text) < ENTRY


def _row_around(link: Link) -> Element | None:
    inside = element = link.inside
    for _ in range(6):
        if element.links > 3:
            break
        if element.tag in _ROW_TAGS:
            return element
        if element.parent is None:
            break
        element = element.parent
    return inside if inside.links == 1 else None


def row_of(found: FoundRow, zone: tzinfo) -> ListingRow | None:
    titled = [link for link in found.links if not link.nameless]
    titled = [link for link in titled if link.hint or any(map(str.isalpha, link.text))] or titled
    named = [link for link in titled if not office(link.text)] or titled
    when: Moment | MonthDay | None = found.date.when if found.date else None
    if named:
        link = max(named, key=lambda one: len(full_title(one.text, one.hint))) if len(named) > 1 else named[0]
        title = full_title(_heading(link) or link.text, link.hint)
    elif found.links and found.element.links <= 3 and found.date is not None:
        link, title = found.links[0], _longest_text(found)
    else:
        return None
    if link.url is None or not (title[:1].isalnum() or any(map(str.isalnum, title))) or not is_readable(title):
        return None
    when, inferred = when or link.dated, found.date is not None and found.date.relative
    if when is None:
        title, when = _dated_title(title, zone)
        inferred = when is not None
    return ListingRow(link.url, title, when, _publisher(found, link), inferred)


_HEADED = re.compile(rf"^[\[【(（]\s*{DAY}\s*[\]】)）]\s*(\S.{{3,}})$|^{DAY}\s+(\S.{{3,}})$")
_ENDED = re.compile(rf"^(.{{4,}}?)\s+[\[【(（]?\s*{DAY}\s*[\]】)）]?$|^(.{{4,}})[\[【(（]\s*{DAY}\s*[\]】)）]$")


def _dated_title(title: str, zone: tzinfo) -> tuple[str, Moment | None]:
    """A title that begins or ends with a day set apart from it, and no other day in its row."""
    if (match := _HEADED.match(title)) and any(map(str.isalpha, match[2] or match[4])):
        return match[2] or match[4], find_moment(match[1] or match[3], zone)
    if (match := _ENDED.match(title)) and any(map(str.isalpha, match[1] or match[3])):
        return match[1] or match[3], find_moment(match[2] or match[4], zone)
    return title, None


def _heading(link: Link) -> str:
    """The title where a link holds a whole row: a heading, or an element named after it."""
    if link.plain or link.node.child is None:
        return ""
    node = link.node.css_first("h1, h2, h3, h4, h5, [class*=tit i]")
    return squeeze(node.text()) if node is not None else ""


def _longest_text(found: FoundRow) -> str:
    element = found.element
    while not _says_more(found, element) and (above := element.parent) is not None and above.links == element.links:
        element = above  # the title may stand in a line of its own above the one with the link
    pieces = [squeeze(piece) for piece in element.node.text(separator="\n").split("\n")]
    dates = {squeeze(found.date.text)} if found.date else set()
    texts = [one for one in pieces if one and one not in dates and not NO_TITLE.match(one) and len(one) > 3]
    return max(texts, key=len, default="")[:500]


def _says_more(found: FoundRow, element: Element) -> bool:
    """Whether an element says anything that is neither its links' words nor the row's day."""
    said = squeeze(element.node.text(separator=" ")[:1000])
    for known in (*(link.text for link in found.links), squeeze(found.date.text) if found.date else ""):
        said = said.replace(known, "", 1)
    return sum(map(str.isalpha, said)) > 3


def _publisher(found: FoundRow, title: Link) -> str:
    if found.element.links > 12:
        return ""
    for link in found.links:
        if link is not title and (match := office(plain(link.text))):
            return match[1]
    for piece in found.element.node.text(separator="\n").split("\n"):
        if match := _SOURCE.search(piece) or office(piece):
            return match[1].strip() if piece.strip() != title.text else ""
    return ""


def office(text: str) -> re.Match[str] | None:
    """Whether a text is the name of an office, and nothing else."""
    return OFFICE.match(text) if text[-1:] in _OFFICE_END or text[-1:].isspace() else None


def held(outline: Outline, holds: Callable[[Element], bool]) -> list[FoundRow]:
    """The rows of a system that marks them: one for each element that `holds` one, with all it holds."""
    rows: dict[int, FoundRow] = {}
    dates: dict[int, list[Dated]] = defaultdict(list)
    for link in outline.links:
        element = next((one for one in link.inside.up() if holds(one)), None)
        if element is not None and (link.url is not None or (element.links == 0 and _titled(link))):
            rows.setdefault(element.key, FoundRow(element, [], None, link.place)).links.append(link)
    for dated in outline.dates:
        element = next((one for one in dated.inside.up() if holds(one)), None)
        if element is not None:
            dates[element.key].append(dated)
    for key, row in rows.items():
        row.date = _best_date(dates[key]) if key in dates else None
    return list(rows.values())


def is_clock(found: FoundRow, title: str, url: str, today: date) -> bool:
    """Whether a lone row is the page's own clock and what stands beside it (手机版): its date dates no entry."""
    if found.date is None:
        return False
    if any(_CLOCK_NAMES.search(f"{one.style} {one.ident}") for one in (found.date.inside, found.element)):
        return True
    when = found.date.when
    shown = day(when)
    near = shown == MonthDay(today.month, today.day) or (isinstance(shown, date) and abs((shown - today).days) <= 1)
    if not near:
        return False
    beside = squeeze(found.element.node.text(separator=" ")[:2000])
    for link in found.links:
        beside = beside.replace(link.text, " ", 1)
    return _CLOCK_WORDS.search(beside) is not None or (len(title) <= _NAME and not ARTICLE_URL.search(url))


#: A title that is no longer names a service or a part of the site.
_NAME = 8
_CLOCK_NAMES = re.compile(r"(?<![a-z])(?:clock|today|now_?(?:time|date|day)|current_?(?:time|date)|weather|tianqi|rili|calendar)(?![a-z])")  # fmt: skip  # noqa: E501
_CLOCK_WORDS = re.compile(
    r"今天|今日|现在|当前(?:时间|日期)|(?:星期|周|礼拜)[一二三四五六日天]|农历|[上下中]午好|您好|欢迎"
)
ARTICLE_URL = re.compile(
    r"\.s?html?$|\.aspx?|\.jsp|\.php|/\d{3,}|[?&](id|aid|articleid|infoid)=|content|article|detail|info|/t\d{8}|art_",
    re.IGNORECASE,
)


def rows_in(fragments: Sequence[str], page: Page) -> list[ListingRow]:
    """The rows of a system that gives each as a piece of markup."""
    whole = "".join(f"<section>{_framed(one)}</section>" for one in fragments)
    found = held(Outline(page.holding(whole), loose=True), lambda element: element.tag == "section")
    return [row for one in found if (row := row_of(one, page.zone)) is not None]


def lost_in(fragments: Sequence[str], rows: int, page: Page) -> int:
    """How many of such pieces say something and are no row."""
    if len(fragments) == rows:
        return 0
    said = (page.holding(_framed(one)).tree.body for one in fragments)
    return max(sum(body is not None and len(squeeze(body.text())) > _WORD for body in said) - rows, 0)


def _framed(fragment: str) -> str:
    """Table rows outside a table would lose their cells."""
    return f"<table>{fragment}</table>" if re.match(r"\s*<t[rd]\b", fragment, re.IGNORECASE) else fragment
