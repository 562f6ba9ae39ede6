"""总览: the lights by department and duty, what changed, what waits for the county office, the circulars in hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from starlette.responses import Response

from tracker.console.pages.matters import word_matters
from tracker.console.pages.queue import list_open_objections
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.core.assessment.lights import MARKS, QUIET, LightMark, mark_for
from tracker.core.assessment.lines import Line
from tracker.core.law.county import Rulebook
from tracker.core.law.periods import window_of
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.questions import KINDS
from tracker.reports.snapshot import name_departments
from tracker.store.circulars import list_circulars
from tracker.store.engine import Tx
from tracker.store.matters import LIGHTS, MatterFilter, count_matters
from tracker.store.occurrences import list_open_questions
from tracker.store.overview import LightCount, count_lights, list_changed

K = TypeVar("K", bound=Hashable)

#: Changed matters that are listed.
_MOST = 20
#: The states of a circular that somebody has to take further.
_IN_HAND = ("draft", "consulting", "signed")


@dataclass(frozen=True, slots=True)
class GridCell:
    """The gravest mark of a department's matters under a duty, how many have it, and where they are listed."""

    mark: LightMark
    count: int
    title: str
    query: str

    @property
    def text(self) -> str:
        """The mark's letter, with the number where it is more than one and asks for something."""
        has_count = self.count > 1 and self.mark not in _QUIET
        return f"{self.mark.letter}{self.count if self.count < 100 else '…'}" if has_count else self.mark.letter


_QUIET = tuple(MARKS[mark] for mark in QUIET)


@dataclass(frozen=True, slots=True)
class Grid:
    """Departments in columns, duties in rows; None where a department does not owe a duty. `legend`: the marks used."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[GridCell | None]]]
    legend: Sequence[LightMark]


@dataclass(frozen=True, slots=True)
class Change:
    """A matter whose light or status changed. `before`: its status then, "" where it was not there yet."""

    line: Line
    before: str


def show_overview(ask: PageRequest) -> Response:
    since = find_last_morning(ask)
    shown, ask = ask.keep("overview", lambda tx: _read(ask, tx, since), since)
    return ask.page("overview", **shown)


def _read(ask: PageRequest, tx: Tx, since: datetime) -> Mapping[str, object]:
    """What the page shows of the county."""
    rulebook, county = ask.viewer.rulebook, ask.viewer.rulebook.county
    counts = count_lights(tx, county.id, window_of(f"{ask.today:%Y}"), county.start)
    lights = count_matters(tx, county.id, MatterFilter())
    questions = Counter(question.kind for question in list_open_questions(tx, county.id))
    changed, changes = list_changed(tx, county.id, since, most=_MOST)
    before = {matter.key: matter.before for matter in changed}
    lines = word_matters(ask, tx, list(before))
    return {
        "lights": [(light, lights[light]) for light in LIGHTS if light in lights and light != Light.NONE],
        "grid": _build_grid(rulebook, counts),
        "year": ask.today.year,
        "since": since,
        "changes": [Change(line, _name_status(before[line.key])) for line in lines],
        "more": changes - len(lines),
        "questions": [(title, questions[kind]) for kind, title in KINDS.items() if kind in questions],
        "objections": len(list_open_objections(ask, tx)),
        "unstarted": sum(each.matters for each in counts if each.status is Status.CLOCK_UNKNOWN),
        "circulars": [row for row in list_circulars(tx, county.id) if row.state in _IN_HAND],
    }


def find_last_morning(ask: PageRequest) -> datetime:
    """When the office opened on the last working day before today."""
    time = ask.office.loaded.office_time(ask.viewer.rulebook.county.zone)
    return time.opening_on(time.calendar.add_workdays(time.day_of(ask.now), -1))


def _name_status(status: Status | None) -> str:
    return status.zh if status else ""


def _build_grid(rulebook: Rulebook, counts: Sequence[LightCount]) -> Grid:
    """The grid of the pictures (`lights.build_grid`) from numbers; what the rules no longer have comes last."""
    by_cell: dict[tuple[tuple[str, str], str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for count in counts:
        mark = mark_for(
            count.status, upheld=count.upheld, mild=count.mild, waiting=count.waiting, withdrawn=count.withdrawn
        )
        for member in count.department.split("+"):
            by_cell[(count.pack, count.duty), member][mark] += count.matters
    titles = {(duty.pack, duty.id): duty.title for duty in rulebook.duties}
    duties = _order(titles, {duty for duty, _ in by_cell})
    departments = _order(rulebook.county.departments, {department for _, department in by_cell})
    names = [name_departments(rulebook.county, department) for department in departments]
    rows = []
    for duty in duties:
        cells = [
            _build_cell(duty, department, name, by_cell[duty, department]) if (duty, department) in by_cell else None
            for department, name in zip(departments, names, strict=True)
        ]
        rows.append((titles.get(duty, duty[1]), cells))
    used = {cell.mark for _, cells in rows for cell in cells if cell}
    return Grid(names, rows, [mark for mark in MARKS.values() if mark in used])


def _order(known: Mapping[K, object], found: set[K]) -> list[K]:
    """Those that were found, in the order of those that are known; the others behind them."""
    return [*(key for key in known if key in found), *sorted(found - known.keys(), key=str)]


def _build_cell(duty: tuple[str, str], department: str, name: str, marks: Mapping[str, int]) -> GridCell:
    worst = next(mark for mark in MARKS if mark in marks)
    title = f"{name}：{'，'.join(f'{MARKS[mark].zh}{marks[mark]}项' for mark in MARKS if mark in marks)}"
    query = f"department={quote(department)}&duty={quote('/'.join(duty))}&all=1"
    return GridCell(MARKS[worst], marks[worst], title, query)


def show_first(ask: PageRequest) -> Response:
    """Lead to the page that the viewer begins with."""
    is_above = ask.viewer.may_see("counties") and "county" not in ask.request.path_params
    return ask.redirect("/counties" if is_above else "/overview" if ask.viewer.may_see("overview") else "/matters")


#: Everybody may see where to begin.
FIRST = SignedInPage("matters", "/", show_first)
OVERVIEW = SignedInPage("overview", "/overview", show_overview)
