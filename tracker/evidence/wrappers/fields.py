"""Which places of the records hold the titles and the days: columns over all records, never properties of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import pairwise

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import MonthDay, day_of
from tracker.evidence.page.row_titles import full_title, is_no_title
from tracker.evidence.wrappers.cells import STATED_DAY, STATED_TITLE, Record, joined_places, words_at
from tracker.evidence.wrappers.day_forms import FORMS, IN_TITLE, label_weight, read_day, without_day
from tracker.evidence.wrappers.link_groups import INLINE
from tracker.evidence.wrappers.wrapper import DayPlace
from tracker.evidence.wrappers.years import with_years

_DAY_LIKE = re.compile(r"\d|[前昨今天刚]|[〇○零一二三四五六七八九]")
#: Attributes that may hold a title.
_HINTS = ("^@title", "^@data-title", "^@alt")
_LONGEST = 60
_CUT = ("…", "..", "。。", "···")
#: What an abstract has and a title has not.
_SENTENCE = re.compile(r"。|，|……")
#: A heading; of data the names of titles.
_HEADING = re.compile(r"(?:^|/)h[1-6](?:$|[./:])|(?i:^(?:\w+\.)*(?:\w*title|bt|subject|name)$)")
#: So many records are looked at to find the fields.
SAMPLE = 60


@dataclass(frozen=True, slots=True)
class DayColumn:
    """The days of one place in one form, one a record. `label`: how much what stands before them speaks for them."""

    place: DayPlace
    days: tuple[Moment | MonthDay | None, ...]
    label: float
    score: float

    @property
    def filled(self) -> int:
        return sum(day is not None for day in self.days)


@dataclass(frozen=True, slots=True)
class Fields:
    """The places of titles and days. `fill`: the share of the records that have a day; `order`: the share of its steps
    that run downwards; `weight`: how much the list looks like one of articles."""

    title: tuple[str, ...]
    days: tuple[DayPlace, ...]
    fill: float
    order: float
    weight: float


def find_fields(records: Sequence[Record], zone: tzinfo, today: date, heads: Sequence[str] = ()) -> Fields:
    """Return the places of titles and days of some records; those that a rule states, where one does."""
    sample = records[:SAMPLE]
    columns = day_columns(sample, zone, today, heads)
    if any(STATED_DAY in record.texts for record in sample):
        columns = [one for one in columns if one.place.place == STATED_DAY]
    places = frozenset(one.place.place for one in columns if one.filled * 2 >= len(sample) and _is_strict(one))
    is_stated = any(STATED_TITLE in record.texts for record in sample)
    title = STATED_TITLE if is_stated else title_place(sample, places)
    hint = next((one for one in _HINTS if sum(one in record.texts for record in sample) * 2 >= len(sample)), "")
    titles = [title_of(record, (hint, title) if hint else (title,), places) for record in sample]
    usable = [one for one in columns if not _is_title(one.place, title, sample)]
    best = max(usable, key=lambda one: one.score, default=None)
    if best is None or best.filled * 3 < len(sample) or best.score <= 0:
        best = max((one for one in columns if one.place.form == "amid"), key=lambda one: one.score, default=None)
        best = best if best is not None and best.filled * 5 >= len(sample) * 4 and _varied(best) else None
    days = _with_fallbacks(best, usable, len(sample)) if best is not None else ()
    readable = [one for one in titles if one and not is_no_title(one, "")]
    if best is not None and best.place.form in IN_TITLE:
        titles = [without_day(one) for one in titles]
    filled = sum(
        any(read_day(record.read(p.place), p.form, zone, today) is not None for p in days) for record in sample
    )
    fill = filled / len(sample) if sample else 0.0
    weight = sum(min(len(one), 40) if len(one) > 4 else 1 for one in readable) / max(1, len(sample))
    return Fields(
        (hint, title) if hint else (title,), days, fill, _order(best.days, today) if best else 0.0,
        weight * len(set(titles)) / max(1, len(titles)),
    )  # fmt: skip


# -- titles --------------------------------------------------------------------------------------


def title_place(records: Sequence[Record], days: frozenset[str]) -> str:
    """Return the place whose texts are long and different from row to row; what stands in the link is preferred."""
    scores: dict[str, float] = {}
    for place in _word_places(records):
        if place in days:
            continue
        words = [words_at(record, place, days) for record in records]
        distinct = len({one for one in words if one})
        titles = [one for one in words if one and not is_no_title(one, "")]
        if not titles or (distinct * 4 < len(words) and not place.startswith("^")):
            continue
        mean = sum(map(len, titles)) / len(titles)
        told = sum(_SENTENCE.search(one) is not None for one in words) * 2 > len(words)
        score = sum(min(_length(one), 40) for one in titles) * distinct / len(words)
        score *= (2.5 if place.startswith("^") else 1.0) * (1.5 if _HEADING.search(place) else 1.0)
        scores[place] = score * (0.4 if mean > _LONGEST else 1.0) * (0.4 if told else 1.0)
    return max(scores, key=lambda one: scores[one], default="^")


def _length(text: str) -> float:
    """Return how long a text is to read: a number of a file is short beside its title."""
    han = sum("\u4e00" <= one <= "\u9fff" for one in text)
    return han + (len(text) - han) / 4


def _word_places(records: Sequence[Record]) -> list[str]:
    counts: Counter[str] = Counter()
    for record in records:
        places = set()
        for path, _ in record.pieces:
            steps = path.partition("#")[0].split("/")
            while len(steps) > 1 and steps[-1].partition(".")[0].partition(":")[0] in INLINE:
                steps.pop()
            places.add("/".join(steps))
        counts.update(places)
    return [place for place, count in counts.items() if count * 3 >= len(records)]


def title_of(record: Record, places: Sequence[str], days: frozenset[str] = frozenset(), *, tailed: bool = False) -> str:
    """Return a record's title: the attribute where it completes the words or is all there is, else the words.

    `tailed`: the day stands behind the words.
    """
    hint = record.texts.get(places[0], "") if "@" in places[0] else ""
    words = words_at(record, places[-1], days)
    if not words and places[-1] != "^":
        words = words_at(record, "^", days)
    if not hint:
        hint = next((record.texts[one] for one in _HINTS if one in record.texts), "")
    if not hint and not words:
        hint = next(
            (text for place, text in record.texts.items() if place.startswith("^") and place.endswith("@alt")), ""
        )
    if words and hint and hint != words and is_no_title(words, "") and not is_no_title(hint, ""):
        return hint
    if tailed:
        words = without_day(words)
    title = full_title(words, hint)
    if title.endswith(_CUT) and (stem := title.rstrip("….。· ")):
        return next(
            (
                text
                for _, text in record.pieces
                if len(text) > len(stem) and text.startswith(stem) and not text.endswith(_CUT)
            ),
            title,
        )
    return title


# -- days ----------------------------------------------------------------------------------------


def day_columns(records: Sequence[Record], zone: tzinfo, today: date, heads: Sequence[str] = ()) -> list[DayColumn]:
    """Return every place and form that tells days, of each place the form that most speaks for."""
    found = []
    for place in _day_places(records):
        texts = [record.read(place) for record in records]
        present = [text for text in texts if text]
        if not present or sum(_DAY_LIKE.search(text) is not None for text in present) * 3 < len(present):
            continue
        best: DayColumn | None = None
        for form in FORMS:
            days = tuple(read_day(text, form, zone, today) for text in texts)
            if not any(days) or _is_impossible(form, present, days, today):
                continue
            if place.startswith("<") and not _is_completed(place, texts, days, records, today):
                continue
            column = _column(records, place, form, days, texts, today, heads)
            if best is None or column.score > best.score + 0.01:
                best = column
            found.append(column)
            if form == "whole" and column.filled == len(present):
                break
    return _without_ambiguous(found, today)


_IN_ORDER = 0.8


def _is_completed(
    place: str, texts: Sequence[str], days: Sequence[Moment | MonthDay | None], records: Sequence[Record], today: date
) -> bool:
    """Return whether a heading dates the rows below it: all days are possible, they run on, and are no numbers of rows
    (3, 2, 1 under a month)."""
    known = [day for day in completed(days, today) if day is not None]
    if len(known) < 2 or any(text and day is None for text, day in zip(texts, days, strict=True)):
        return False
    steps = [(above - below).days for above, below in pairwise(known)]
    if max(known) > today + timedelta(days=1) or sum(step >= 0 for step in steps) < _IN_ORDER * len(steps):
        return False
    bare = [record.read(place[1:]) for record in records] if len(place) > 1 else []
    return not bare or any(_SIGNED.search(text) for text in bare) or any(step > 1 for step in steps)


#: What a day has and the number of a row has not.
_SIGNED = re.compile(r"[日号\[【(（月/-]")


def _without_ambiguous(columns: Sequence[DayColumn], today: date) -> list[DayColumn]:
    """Return the columns without those of which nobody can tell the day from the month: 05/06/2015.

    Where one of the orders runs down the list and the other does not, it is told.
    """
    doubtful: set[str] = set()
    found = list(columns)
    for one in columns:
        for other in columns:
            same = one.place.place == other.place.place and one.place.form != other.place.form
            if not same or not {one.place.form, other.place.form} <= _THREE_NUMBERS or one.days == other.days:
                continue
            ahead, behind = _order(one.days, today), _order(other.days, today)
            if ahead - behind >= _TELLS and len(one.days) >= _MANY:
                found = [column for column in found if column is not other]
            elif abs(ahead - behind) < _TELLS or len(one.days) < _MANY:
                doubtful.add(one.place.place)
    return [one for one in found if one.place.place not in doubtful or one.place.form not in _THREE_NUMBERS]


#: An order is told by this share of steps more that run down, over so many rows.
_TELLS, _MANY = 0.25, 5


def _day_places(records: Sequence[Record]) -> list[str]:
    counts: Counter[str] = Counter()
    for record in records:
        counts.update(place for place in record.texts if place not in ("^@title", "^@alt"))
        joined = joined_places(record)
        counts.update(joined)
        if record.head:
            counts.update(["<", *(f"<{place}" for place, text in record.texts.items() if _BARE.fullmatch(text))])
            counts.update(f"<{place}" for place in joined)
        counts.update(
            place
            for place in ("^@title",)
            if "时间" in record.texts.get(place, "") or "日期" in record.texts.get(place, "")
        )
    return [place for place, count in counts.items() if count * 8 >= len(records)]


#: A day or a month and day, that a heading completes.
_BARE = re.compile(r"\W*(?:\d{1,2}\s*[-/.月]\s*)?\d{1,2}\s*日?\W*")
_THREE_NUMBERS = frozenset({"year-month-day", "day-month-year", "month-day-year"})


def _is_impossible(form: str, present: Sequence[str], days: Sequence[Moment | MonthDay | None], today: date) -> bool:
    """Return whether one of a form's texts makes no day, or one to come: then another order of the numbers is meant."""
    if form not in _THREE_NUMBERS:
        return False
    known = [day_of(day) for day in days if day is not None and not isinstance(day, MonthDay)]
    return len(known) < len(present) or max(known) > today + timedelta(days=1)


_STRICTNESS = {"whole": 3.0, "year-month-day": 2.0, "day-month-year": 1.9, "month-day-year": 1.9, "month-day": 2.0,
               "bare-month-day": 0.5, "ago": 1.5, "amid": 1.0, "amid-short": -1.0, "instant": 2.0,
               "tail": 0.0, "lead": 0.0}  # fmt: skip


def _column(
    records: Sequence[Record], place: str, form: str, days: tuple[Moment | MonthDay | None, ...], texts: Sequence[str],
    today: date, heads: Sequence[str],
) -> DayColumn:  # fmt: skip
    label = _label(records, place, texts, heads)
    filled = sum(day is not None for day in days)
    score = 10.0 * filled / len(records) + _STRICTNESS[form] + 1.5 * label
    score += 3.0 * _order(days, today)
    known = [day_of(day) for day in days if day is not None and not isinstance(day, MonthDay)]
    late = sum(day > today + timedelta(days=1) for day in known)
    score -= 12.0 * late / max(1, filled)
    if filled > 2 and len({str(day) for day in days if day is not None}) == 1:
        score -= 2.0
    if place.startswith("^"):
        score -= 0.5
    return DayColumn(DayPlace(place, form), days, label, score)


_CELL = re.compile(r"tr/t[dh](?::(\d+))?(?![\w:])")


def _label(records: Sequence[Record], place: str, texts: Sequence[str], heads: Sequence[str]) -> float:
    """Return how much the words by the days speak for them: in the same text, over the column, in the text before."""
    if heads and (cell := _CELL.match(place)) and int(cell[1] or 1) <= len(heads):
        return label_weight(heads[int(cell[1] or 1) - 1])
    if not records[0].nodes:
        return label_weight(place)  # the name of a key
    own = Counter(re.split(r"\d", text, maxsplit=1)[0].strip() for text in texts if text).most_common(1)
    if own and own[0][0] and (weight := label_weight(own[0][0])):
        return weight
    before: Counter[str] = Counter()
    base = place.strip("<+").partition("@")[0]
    for record in records:
        last = ""
        for path, text in record.pieces:
            if path == base:
                break
            last = text
        if last and len(last) <= 12:
            before[last] += 1
    common = before.most_common(1)
    if common and common[0][1] * 2 > len(records):
        return label_weight(common[0][0])
    return label_weight(base.rpartition("/")[2].partition(".")[2]) / 2


def _order(days: Sequence[Moment | MonthDay | None], today: date) -> float:
    """Return the share of steps that do not rise, or do not fall where the list is oldest first; inferred: none."""
    known = [day for day in completed(days, today) if day is not None]
    most = 0.6 if any(isinstance(day, MonthDay) for day in days) else 1.0
    steps = list(pairwise(known))
    if not steps:
        return 0.5
    falling = sum(below <= above for above, below in steps)
    rising = sum(below >= above for above, below in steps)
    return min(most, max(falling, rising - 0.1) / len(steps))


def _varied(column: DayColumn) -> bool:
    return len({str(day) for day in column.days}) > 1


def _is_strict(column: DayColumn) -> bool:
    return column.place.form not in ("amid", "amid-short", "bare-month-day", "tail", "lead")


def _is_title(place: DayPlace, title: str, records: Sequence[Record]) -> bool:
    """Return whether a place is the title's own, so that a day in it belongs to what the title says."""
    if place.form in IN_TITLE:
        return False
    path = place.place.strip("<+").partition("#")[0]
    return path == title or (place.place.endswith("+") and (title == path or title.startswith(f"{path}/")))


def _with_fallbacks(best: DayColumn, columns: Sequence[DayColumn], count: int) -> tuple[DayPlace, ...]:
    """Return the places in the order of trial: for rows that the best does not fill, others that do."""
    places = [best.place]
    empty = {number for number, day in enumerate(best.days) if day is None}
    for one in sorted(columns, key=lambda one: -one.score):
        if not empty or len(places) >= 5:
            break
        fills = {number for number in empty if one.days[number] is not None}
        if one is best or not fills or one.label < 0 or one.place.form in ("amid-short", "bare-month-day"):
            continue
        if len(fills) == 1 and len(best.days) > _FEW and _element(one.place) != _element(best.place):
            continue  # what a single row has elsewhere may be anything's day
        places.append(one.place)
        empty -= fills
    return tuple(places)


#: Of so few rows each may be printed in its own way.
_FEW = 3


def _element(place: DayPlace) -> str:
    return re.split(r"[@#+]", place.place.strip("<"), maxsplit=1)[0]


def completed(days: Sequence[Moment | MonthDay | None], today: date) -> list[date | None]:
    """Return the calendar days, years completed."""
    return with_years([day if isinstance(day, MonthDay) or day is None else day_of(day) for day in days], today)
