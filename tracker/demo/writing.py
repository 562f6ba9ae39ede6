"""Composes titles and texts for an occurrence: from authored words where there are some, else from the rule's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import re2

from tracker.core.law.county import County, Department
from tracker.core.law.duties import Duty, Every, Item, Part, Source
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.periods import previous_period, title_of
from tracker.core.law.workdays import Calendar
from tracker.demo.draw import draw_number, draw_share, pick
from tracker.demo.texts import ARTICLES, CLOSINGS, ITEMS, OPENINGS, PLACES, TITLES, WORDS

T = TypeVar("T")

_NUMBERS = {"n": (112, 480), "m": (12, 96), "k": (2, 9)}
_FIELD = re.compile(r"\{event\.([\w-]+)\}")


@dataclass(frozen=True, slots=True)
class ComposedArticle:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WritingTask:
    """What to write: for which occurrence and part, for which source, on which day; the n-th article of its kind."""

    duty: Duty
    part: Part
    occurrence: Occurrence
    source: Source
    on: date
    nth: int = 0

    def choose(self, texts: Mapping[str, Sequence[T]], salt: str) -> list[T]:
        """The texts authored for the part, else for the duty, in the order in which to try them."""
        options = list(texts.get(f"{self.duty.id}.{self.part.name}", texts.get(self.duty.id, ())))
        start = draw_number(0, 7, salt, self.occurrence.key, self.part.name) + self.nth
        return [options[(start + step) % len(options)] for step in range(len(options))]


def compose_article(
    task: WritingTask, county: County, calendar: Calendar, without: Item | None = None
) -> ComposedArticle:
    """The article; `without`: the item that its text leaves out."""
    words = _find_words(task, county, calendar)
    key, contents = (task.occurrence.key, task.nth), task.part.contents
    opening, closing = pick(OPENINGS, "opening", *key), pick(CLOSINGS, "closing", *key)
    # An article that is authored whole, if one fits.
    for draft in task.choose(ARTICLES, "draft") if without is None else ():
        title, text = (_fill(template, words) for template in draft)
        if _has_required(task.part, title + text) and title_fits(task.source, task.occurrence, title):
            return ComposedArticle(title, (opening, text, closing))
    items = contents.items
    if contents.mode == "kinds" and items:
        items = (pick(items, "kind", *key),)
    # Half of those who publish leave out an item that is only advisory.
    texts = [
        _write_paragraph(item, words)
        for item in items
        if item is not without and not (item.advisory and draw_share("advice", key[0], item.label) >= 0.5)
    ]
    return ComposedArticle(_compose_title(task, words), (opening, *filter(None, texts), closing))


def find_droppable_item(task: WritingTask, county: County, calendar: Calendar) -> Item | None:
    """An item that can be left out so that its words are nowhere in the article; None if there is none."""
    required = [item for item in task.part.contents.items if not item.advisory and item.words]
    start = draw_number(0, max(0, len(required) - 1), "lacks", task.occurrence.key, task.part.name)
    for item in required[start:] + required[:start]:
        article = compose_article(task, county, calendar, without=item)
        text = article.title + "".join(article.paragraphs)
        if not any(word in text for word in item.words):
            return item
    return None


def full_name(county: County, department: str) -> str:
    """A department as a page prints it, with the county's name: 样例县环境保护局."""
    name = max(_own_names(county.departments[department]), key=len)
    if name.startswith("县"):
        return county.name[:-1] + name if county.name.endswith("县") else name
    return county.name + name


def _own_names(department: Department) -> list[str]:
    """The department's own names, short and full; its other aliases are of its branches."""
    first = department.name
    return [name for name in department.names if name[0] == first[0] or name == f"县{first}"]


def title_fits(source: Source, occurrence: Occurrence, title: str) -> bool:
    """Whether the rule's pattern finds the title."""
    pattern = _fill_pattern(source, occurrence)
    return pattern is None or re2.search(pattern, title) is not None


def _fill_pattern(source: Source, occurrence: Occurrence) -> str | None:
    """The rule's pattern with the event's fields in their places."""
    if source.title is None:
        return None
    fields = occurrence.event.fields if occurrence.event else {}
    return _FIELD.sub(lambda match: re2.escape(str(fields.get(match[1], ""))), source.title)


def find_event_fields(duty: Duty) -> set[str]:
    """The event fields that the duty's patterns name."""
    sources = (source for assignment in duty.assignments for cell in assignment.cells for source in cell.sources)
    return {name for source in sources for name in _FIELD.findall(source.title or "")}


def _find_words(task: WritingTask, county: County, calendar: Calendar) -> dict[str, str]:
    """What stands for each placeholder of the authored texts."""
    occurrence, member = task.occurrence, task.occurrence.department.split("+")[0]
    key = (occurrence.key, task.part.name, task.nth)
    fields = occurrence.event.fields if occurrence.event else {}
    year, period = _name_period(task, calendar)
    # Parts that follow from one another's events are about one place.
    place_key = (task.duty.id,) if task.part.own_deadline else key
    return {
        "dept": pick(_own_names(county.departments[member])[:3], "name", *key),
        "period": period,
        "year": str(fields.get("year") or year),
        "item": str(fields.get("item") or pick(ITEMS, "item", *key)),
        "place": str(fields.get("place") or pick(PLACES, "place", *place_key)),
        "day": f"{task.on.month}月{task.on.day}日",
        "seed": "/".join(str(name) for name in key),
        "share": str(draw_share("share", *key)),
    }


def _name_period(task: WritingTask, calendar: Calendar) -> tuple[int, str]:
    """Year and name of the period that the figures are of: the one before, where the duty is about it."""
    window, deadline = task.occurrence.window, task.occurrence.deadline
    if window is None or not isinstance(deadline, Every):
        return task.on.year, f"{task.on.year}年"
    if deadline.about == "previous":
        window = previous_period(deadline.unit, window, calendar)
    year, unit = window.first.year, deadline.unit
    name = f"{year}年度" if unit == "year" else title_of(unit, window)
    # Titles of the time often leave the year out (6月份…); only where it cannot be taken for another.
    is_clear = unit in ("month", "quarter", "half-year") and year == task.on.year
    if is_clear and draw_share("bare", task.occurrence.key, task.part.name, task.nth) < 0.4:
        name = name.removeprefix(f"{year}年").removeprefix("第")
    return year, name


def _fill(text: str, words: Mapping[str, str]) -> str:
    def word_for(match: re.Match[str]) -> str:
        name = match[1]
        if name in _NUMBERS:
            return str(draw_number(*_NUMBERS[name], words["seed"], text, match.start()))
        return words.get(name, match[0])

    return re.sub(r"\{(\w+)\}", word_for, text)


def _has_required(part: Part, text: str) -> bool:
    """Whether the text has the items that the part requires."""
    has_item = [any(word in text for word in item.words) for item in part.contents.items if not item.advisory]
    return not has_item or (any(has_item) if part.contents.mode == "kinds" else all(has_item))


def _compose_title(task: WritingTask, words: Mapping[str, str]) -> str:
    for option in task.choose(TITLES, "title"):
        title = _fill(option, words)
        if title_fits(task.source, task.occurrence, title):
            return title
    # For duties that nobody wrote titles for: of the pattern's own first alternative.
    pattern = _fill_pattern(task.source, task.occurrence) or ""
    literal = re.sub(r"\(\?:|[()^$?+*.\\]|\[[^]]*\]", "", re.sub(r"\|[^|)]*", "", pattern))
    period = words["period"] if task.occurrence.window else ""
    title = f"{words['dept']}{period}{literal or task.part.title or task.duty.title}情况公开"
    return title if title_fits(task.source, task.occurrence, title) else f"{literal}：{title}"


def _write_paragraph(item: Item, words: Mapping[str, str]) -> str:
    """A paragraph that has the item."""
    if not item.words:
        return ""
    word = next((word for word in item.words if word in WORDS), item.words[0])
    if item.number is not None:
        low, high = item.number
        value = round(low + (high - low) * (0.06 + 0.2 * float(words["share"])))
        return f"{word}：{value}，空气质量级别为{'优' if value <= 50 else '良'}。"
    return _fill(WORDS.get(word, f"{word}：本期共{{n}}项，详见附表。"), words)
