"""Writes titles and texts for an occurrence: authored words where there are some, the pack's own where not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import re2

from tracker.core.law.duties import County, Department, Duty, Every, Item, Part, Source
from tracker.core.law.occurrences import Occurrence, Window
from tracker.core.law.periods import previous_period, title_of
from tracker.core.law.workdays import Calendar
from tracker.demo.draw import number, pick, share
from tracker.demo.texts import ARTICLES, CLOSINGS, ITEMS, OPENINGS, PLACES, TITLES, WORDS

_NUMBERS = {"n": (112, 480), "m": (12, 96), "k": (2, 9)}
_FIELD = re.compile(r"\{event\.([\w-]+)\}")


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WritingTask:
    """What is to be written: for which occurrence and part, where, on which day, the n-th of its kind."""

    duty: Duty
    part: Part
    occurrence: Occurrence
    source: Source
    on: date
    nth: int = 0


def write(task: WritingTask, county: County, calendar: Calendar, without: Item | None = None) -> WrittenArticle:
    """The article; `without`: the item that its text leaves out."""
    words = _words(task, county, calendar)
    ready = _ready_article(task, words) if without is None else None
    if ready is not None:
        return ready
    title = _title(task, words)
    return WrittenArticle(title, _paragraphs(task, words, without))


def droppable(task: WritingTask, county: County, calendar: Calendar) -> Item | None:
    """An item that can be left out so that its words are nowhere in the article; None if there is none."""
    required = [item for item in task.part.contents.items if not item.advisory and item.words]
    start = number(0, max(0, len(required) - 1), "lacks", task.occurrence.key, task.part.name)
    for item in required[start:] + required[:start]:
        article = write(task, county, calendar, without=item)
        text = article.title + "".join(article.paragraphs)
        if not any(word in text for word in item.words):
            return item
    return None


def paragraph(item: Item, words: Mapping[str, str]) -> str:
    """A paragraph that holds the item."""
    if not item.words:
        return ""
    word = next((one for one in item.words if one in WORDS), item.words[0])
    if item.number is not None:
        low, high = item.number
        value = round(low + (high - low) * (0.06 + 0.2 * float(words["share"])))
        return f"{word}：{value}，空气质量级别为{'优' if value <= 50 else '良'}。"
    return _fill(WORDS.get(word, f"{word}：本期共{{n}}项，详见附表。"), words)


def own_name(county: County, department: str) -> str:
    """A department as a page prints it, with the county's name: 样例县环境保护局."""
    one = county.departments[department]
    full = max(_alike(one), key=len)
    if full.startswith("县"):
        return county.name[:-1] + full if county.name.endswith("县") else full
    return county.name + full


def _alike(department: Department) -> list[str]:
    """The names that are the department's own, short and full; its other aliases are of its branches."""
    name = department.name
    return [one for one in department.names if one[0] == name[0] or one == f"县{name}"]


def fits(source: Source, occurrence: Occurrence, title: str) -> bool:
    """Whether a title is one that the rule's pattern finds."""
    pattern = filled_pattern(source, occurrence)
    return pattern is None or re2.search(pattern, title) is not None


def filled_pattern(source: Source, occurrence: Occurrence) -> str | None:
    """The rule's pattern with the event's fields in their places."""
    if source.title is None:
        return None
    fields = occurrence.event.fields if occurrence.event else {}
    return _FIELD.sub(lambda found: re2.escape(str(fields.get(found[1], ""))), source.title)


def fields_named(duty: Duty) -> set[str]:
    """The event fields that a duty's patterns ask for."""
    sources = (source for assignment in duty.assignments for cell in assignment.cells for source in cell.sources)
    return {name for source in sources for name in _FIELD.findall(source.title or "")}


def _words(task: WritingTask, county: County, calendar: Calendar) -> dict[str, str]:
    occurrence, member = task.occurrence, task.occurrence.department.split("+")[0]
    key = (occurrence.key, task.part.name, task.nth)
    fields = occurrence.event.fields if occurrence.event else {}
    window = _spoken_of(occurrence, calendar)
    return {
        "dept": pick(_alike(county.departments[member])[:3], "name", *key),
        "period": _period(occurrence, window, task.on, key),
        "year": str(fields.get("year") or (window.first.year if window else task.on.year)),
        "item": str(fields.get("item") or pick(ITEMS, "item", *key)),
        "place": str(fields.get("place") or _place(task, key)),
        "day": f"{task.on.month}月{task.on.day}日",
        "seed": "/".join(str(one) for one in key),
        "share": str(share("share", *key)),
    }


def _place(task: WritingTask, key: Sequence[object]) -> str:
    """What hangs together by its events happens in one place."""
    return pick(PLACES, "place", task.duty.id) if task.part.own_deadline else pick(PLACES, "place", *key)


def _spoken_of(occurrence: Occurrence, calendar: Calendar) -> Window | None:
    """The period whose figures a publication carries: the one before, where the duty is about it."""
    if occurrence.window is None or not isinstance(occurrence.deadline, Every):
        return None
    if occurrence.deadline.about == "previous":
        return previous_period(occurrence.deadline.unit, occurrence.window, calendar)
    return occurrence.window


def _period(occurrence: Occurrence, window: Window | None, on: date, key: Sequence[object]) -> str:
    if window is None or not isinstance(occurrence.deadline, Every):
        return f"{on.year}年"
    unit = occurrence.deadline.unit
    name = f"{window.first.year}年度" if unit == "year" else title_of(unit, window)
    # Titles of the time often leave the year out (6月份…); only where it cannot be taken for another.
    if unit in ("month", "quarter", "half-year") and window.first.year == on.year and share("bare", *key) < 0.4:
        name = name.removeprefix(f"{window.first.year}年").removeprefix("第")
    return name


def _fill(text: str, words: Mapping[str, str]) -> str:
    def filled(found: re.Match[str]) -> str:
        name = found[1]
        if name in _NUMBERS:
            return str(number(*_NUMBERS[name], words["seed"], text, found.start()))
        return words.get(name, found[0])

    return re.sub(r"\{(\w+)\}", filled, text)


def _keys(task: WritingTask) -> tuple[str, ...]:
    return (f"{task.duty.id}.{task.part.name}", task.duty.id) if task.part.name else (task.duty.id,)


def _ready_article(task: WritingTask, words: Mapping[str, str]) -> WrittenArticle | None:
    """One of the authored articles whose title fits and whose text holds a kind, if there is one."""
    drafts = next((ARTICLES[key] for key in _keys(task) if key in ARTICLES), ())
    start = number(0, 7, "draft", task.occurrence.key, task.part.name) + task.nth
    for step in range(len(drafts)):
        title, text = (_fill(draft, words) for draft in drafts[(start + step) % len(drafts)])
        if _holds_enough(task.part, title + text) and fits(task.source, task.occurrence, title):
            return WrittenArticle(title, (*_opening(task), text, *_closing(task)))
    return None


def _holds_enough(part: Part, text: str) -> bool:
    held = [any(word in text for word in item.words) for item in part.contents.items if not item.advisory]
    return not held or (any(held) if part.contents.mode == "kinds" else all(held))


def _title(task: WritingTask, words: Mapping[str, str]) -> str:
    options = next((TITLES[key] for key in _keys(task) if key in TITLES), ())
    start = number(0, 7, "title", task.occurrence.key, task.part.name) + task.nth
    for step in range(len(options)):
        title = _fill(options[(start + step) % len(options)], words)
        if fits(task.source, task.occurrence, title):
            return title
    return _title_from_pattern(task, words)


def _title_from_pattern(task: WritingTask, words: Mapping[str, str]) -> str:
    """A title made of the pattern's own first alternative, for duties that nobody wrote titles for."""
    pattern = filled_pattern(task.source, task.occurrence) or ""
    literal = re.sub(r"\(\?:|[()^$?+*.\\]|\[[^]]*\]", "", re.sub(r"\|[^|)]*", "", pattern))
    period = words["period"] if task.occurrence.window else ""
    title = f"{words['dept']}{period}{literal or task.part.title or task.duty.title}情况公开"
    return title if fits(task.source, task.occurrence, title) else f"{literal}：{title}"


def _opening(task: WritingTask) -> tuple[str, ...]:
    return (pick(OPENINGS, "opening", task.occurrence.key, task.nth),)


def _closing(task: WritingTask) -> tuple[str, ...]:
    return (pick(CLOSINGS, "closing", task.occurrence.key, task.nth),)


def _paragraphs(task: WritingTask, words: Mapping[str, str], without: Item | None) -> tuple[str, ...]:
    items = task.part.contents.items
    if task.part.contents.mode == "kinds" and items:
        items = (pick(items, "kind", task.occurrence.key, task.nth),)
    held = [paragraph(item, words) for item in items if item is not without and _is_held(task, item)]
    return (*_opening(task), *(text for text in held if text), *_closing(task))


def _is_held(task: WritingTask, item: Item) -> bool:
    """What is only advisory is left out by half of those who publish."""
    return not item.advisory or share("advice", task.occurrence.key, item.label) < 0.5


def moment_day(moment: date | datetime) -> date:
    """The day of a moment, in the zone it is written in."""
    return moment.date() if isinstance(moment, datetime) else moment
