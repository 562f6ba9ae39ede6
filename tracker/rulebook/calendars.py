"""The calendar: the library's table of announced years, the county's year files over it, the law beyond.

A year without a notice has its weekends and statutory days off and no make-up days: provisional (暂定).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import FIRST_DAY, LAST_DAY, REACH_BACK, Calendar
from tracker.core.values.message import Message
from tracker.rulebook.document import Document, Spot
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.festivals import FIRST_YEAR, statutory_days
from tracker.rulebook.scalars import Count, Day, Text
from tracker.rulebook.shape import Model, optional, required
from tracker.rulebook.validate import validate
from tracker.rulebook.yaml_files import read, rule_files

#: The one file of the folder that is no year's.
_NOTICES = "notices.yaml"
#: Monday first.
_WEEKDAYS = (Message("Monday"), Message("Tuesday"), Message("Wednesday"), Message("Thursday"), Message("Friday"))
# The library writes 清明; people and the year files write 清明节.
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


class OffModel(Model):
    """Days off in a row, the weekend inside them too."""

    name: Text = required("What they are called: 国庆节.")
    from_: Day = required("The first day off.", alias="from")
    to: Day = required("The last day off, itself off.")
    notice: Text | None = optional("The number of a further notice that set this stretch and its make-up days.")


class YearModel(Model):
    """One year of days off as a notice of the State Council sets it: `rules/calendar/YEAR.yaml`."""

    year: Count = required("The year, as in the file's name.")
    notice: Text | None = optional("The number of the notice, or of several.")
    off: tuple[OffModel, ...] = required("Every stretch of days off, in order.", min_length=1)
    work: tuple[Day, ...] = optional("Saturdays and Sundays that are worked (调休上班).", ())


class NoticesModel(Model):
    """The numbers of the notices of years that have no file here: `rules/calendar/notices.yaml`."""

    notices: dict[Count, Text] = required("By year: the number of its notice, or of several.", min_length=1)


@dataclass(slots=True)
class _Table:
    """Days off with their names, worked weekend days, years with a notice. A later notice replaces an earlier one."""

    off: dict[date, str] = field(default_factory=dict)
    worked: set[date] = field(default_factory=set)
    announced: set[int] = field(default_factory=set)
    own_notices: dict[date, str] = field(default_factory=dict)

    def forget(self, year: int) -> None:
        """Forget what the year's notice said; its last days of December belong to the next one's."""
        self.off = {day: name for day, name in self.off.items() if _notice_year(day) != year}
        self.worked = {day for day in self.worked if _notice_year(day) != year}

    def add(self, model: YearModel) -> None:
        """Put the year of a file in place of what is known of it."""
        self.forget(model.year)
        self.announced.add(model.year)
        for stretch in model.off:
            self.off.update(dict.fromkeys(_days_of(stretch), stretch.name))
        self.worked = (self.worked - self.off.keys()) | set(model.work)
        for day in model.work:
            self.off.pop(day, None)
        for day in {day for stretch in model.off for day in _days_of(stretch)} | set(model.work):
            # A make-up day belongs to the stretch that lies nearest.
            nearest = min(model.off, key=lambda stretch: max(stretch.from_ - day, day - stretch.to))
            if nearest.notice:
                self.own_notices[day] = nearest.notice


def load_calendar(folder: Path | None) -> Calendar:
    """The calendar under the year files of `folder`. Raises RuleErrors with every defect of every file."""
    errors: list[RuleError] = []
    is_there = folder is not None and folder.is_dir()
    years = read_years(folder, errors) if folder and is_there else {}
    notices = read_notices(folder, errors) if folder and is_there else {}
    if errors:
        raise RuleErrors(errors)
    return build_calendar(years, notices)


def build_calendar(years: Mapping[str, YearModel], notices: Mapping[int, str]) -> Calendar:
    """The calendar of the library's years and the given ones, by file name. `notices`: the numbers of other years."""
    version, table = _read_library()
    for model in sorted(years.values(), key=lambda model: model.year):
        table.add(model)
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        if year not in table.announced:
            # setdefault: a file of the year after may have said something of this December.
            for day, name in statutory_days(year).items():
                table.off.setdefault(day, name)
    own = {model.year: model.notice for model in years.values() if model.notice}
    numbers = {year: number for year, number in {**notices, **own}.items() if year in table.announced}
    version = " + ".join([version, *sorted(years)])
    return Calendar(version, table.off, table.worked, table.announced, numbers, table.own_notices)


def read_years(folder: Path, errors: list[RuleError]) -> dict[str, YearModel]:
    """Every `YEAR.yaml` of the folder by file name. Where there are errors the calendar must not be built."""
    models = {}
    for path in rule_files(folder):
        name = str(path)
        if path.name == _NOTICES:
            continue
        if not re.fullmatch(r"\d{4}\.yaml", path.name):
            Spot(Document(name, errors)).report(
                Message("not a year file: {name!r}", name=path.name), ("YEAR.yaml", _NOTICES)
            )
            continue
        document = read(path, name, errors)
        model = validate(document, YearModel)
        if model is not None:
            _check_year(model, path.stem, Spot(document))
            models[path.name] = model
    return models


def read_notices(folder: Path, errors: list[RuleError]) -> dict[int, str]:
    """The numbers of `notices.yaml` by year; none where the folder has no such file."""
    path = folder / _NOTICES
    if not path.exists():
        return {}
    model = validate(read(path, str(path), errors), NoticesModel)
    return model.notices if model else {}


def find_years_without_number(rulebook: Rulebook, calendar: Calendar) -> list[int]:
    """The years of the county's duties, from its start on, whose notice came out and has no number on file."""
    start = rulebook.county.start
    spans = {(max(duty.in_force_from, start).year, duty.in_force_until.year) for duty in rulebook.duties}
    years = {year for first, last in spans for year in calendar.announced if first <= year <= last}
    return sorted(years - calendar.notices.keys())


def _check_year(model: YearModel, stem: str, spot: Spot) -> None:
    """Refuse what a slip of the pen would do to a thousand dates."""
    first, last = FIRST_DAY.year, LAST_DAY.year
    if str(model.year) != stem:
        (spot / "year").report(Message("the file's name says {stem}, the year is {year}", stem=stem, year=model.year))
    elif not first <= model.year <= last:
        (spot / "year").report(Message("the calendar runs from {first} to {last}", first=first, last=last))
    else:
        _check_off(model, spot / "off")
        _check_work(model, spot / "work")
        _check_statutory(model, spot / "off")


def _check_off(model: YearModel, spot: Spot) -> None:
    seen: set[date] = set()
    for index, stretch in enumerate(model.off):
        if stretch.to < stretch.from_:
            (spot / index / "to").report(Message("{last} lies before {first}", last=stretch.to, first=stretch.from_))
        elif not (_is_of_notice(stretch.from_, model.year) and _is_of_notice(stretch.to, model.year)):
            (spot / index / "from").report(Message("not a day of {year} or of the December before it", year=model.year))
        elif not seen.isdisjoint(days := list(_days_of(stretch))):
            (spot / index / "from").report(Message("overlaps the days off given before"))
        else:
            seen.update(days)


def _check_work(model: YearModel, spot: Spot) -> None:
    off = {day for stretch in model.off for day in _days_of(stretch)}
    for index, day in enumerate(model.work):
        if not _is_of_notice(day, model.year):
            (spot / index).report(Message("not a day of {year} or of the December before it", year=model.year))
        elif day.weekday() < 5:
            (spot / index).report(
                Message(
                    "{day} is a {weekday}: only a Saturday or Sunday is made a working day",
                    day=day,
                    weekday=_WEEKDAYS[day.weekday()],
                )
            )
        elif day in off:
            (spot / index).report(Message("{day} is among the days off", day=day))


def _check_statutory(model: YearModel, spot: Spot) -> None:
    """Check that every statutory day is off: a notice moves weekends, it never takes away a day of the law."""
    if model.year < FIRST_YEAR or spot.names_left_out:
        return
    off = {day for stretch in model.off for day in _days_of(stretch)}
    for day, name in statutory_days(model.year).items():
        if day not in off:
            spot.report(Message("{day} ({name}) is off by law and lies in no stretch", day=day, name=name), key=True)


def _is_of_notice(day: date, year: int) -> bool:
    """Notices reach back into the December before their year (2005-12-31, 2018-12-29)."""
    return day.year == year or (day.year, day.month) == (year - 1, 12)


def _notice_year(day: date) -> int:
    return day.year + ((day.month, day.day) >= REACH_BACK)


def _days_of(stretch: OffModel) -> Iterator[date]:
    for number in range((stretch.to - stretch.from_).days + 1):
        yield stretch.from_ + timedelta(days=number)


def _read_library() -> tuple[str, _Table]:
    """The table of `chinesecalendar` as data; its arithmetic is not used."""
    from importlib.metadata import version

    from chinese_calendar.constants import holidays, workdays

    off = {day: _NAMES.get(name, name) for day, name in holidays.items()}
    table = _Table(off, set(workdays), {day.year for day in holidays})
    return f"chinesecalendar {version('chinesecalendar')}", table
