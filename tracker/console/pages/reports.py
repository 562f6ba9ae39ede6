"""Reports: the ranking of a month or year beside the one before it, and the files that the command line writes too."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from starlette.responses import Response

from notifications.ledger import TooManyRows, ledger
from tracker.console.forms import FormError
from tracker.console.printing import print_paper, print_sheet
from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.core.assessment.scoring import Score
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import percent_zh
from tracker.core.values.message import Message
from tracker.decide.work_process import Work
from tracker.documents.docx import docx_of
from tracker.documents.official import OfficialDocument
from tracker.documents.pdf import can_print
from tracker.registers.errors import RegisterError
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.overdue_paper import paper_of
from tracker.reports.pictures import year as year_pictures
from tracker.reports.pictures.drawing import Drawing, svg_of
from tracker.reports.scores import CountyScores, NoScoring, assess, period_of
from tracker.reports.scores_sheet import sheets_of
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.reports.week import week_at
from tracker.reports.week_paper import paper_of_week
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store, Tx

T = TypeVar("T")

_WRONG = Message("That is no period: write 2015-09, 2015-Q3, 2015-H2 or 2015.")
_NO_FORMULA = Message("The county has no formula of scores yet: `scoring:` in its file or a pack's.")


@dataclass(frozen=True, slots=True)
class RankedDepartment:
    """A department's marks. `rate`: its share on time; `before`: its marks in the period before, None for none."""

    name: str
    score: Score
    rate: str
    before: Score | None

    @property
    def change(self) -> float | None:
        """How many points more than in the period before; None where either is not assessed."""
        if self.before is None or not (self.before.assessed and self.score.assessed):
            return None
        return round(self.score.total - self.before.total, 2)


def show_reports(ask: PageRequest) -> Response:
    """The links, and the ranking where a period is asked for: it is counted once."""
    label = ask.request.query_params.get("period", "").strip()[:12]
    scores: CountyScores | None = None
    ranked, refusal = list[RankedDepartment](), ""
    if label:
        try:
            work = partial(_rank, label)
            (scores, ranked), ask = ask.keep("ranking", lambda _: _run(ask, work), label)
        except NoScoring:
            refusal = ask.translate(_NO_FORMULA if _is_period(label) else _WRONG)
        except RegisterError as error:
            refusal = ask.translate(error.args[0])
    prints_papers, prints_sheets = can_print()
    return ask.page(
        "reports",
        label=label or f"{ask.today.replace(day=1) - timedelta(days=1):%Y-%m}",
        scores=scores,
        ranked=ranked,
        refusal=refusal,
        year=ask.today.year,
        prints_papers=prints_papers,
        prints_sheets=prints_sheets,
        has_scoring=ask.viewer.rulebook.scoring is not None,
    )


def _is_period(label: str) -> bool:
    try:
        period_of(label)
    except NoScoring:
        return False
    return True


def _rank(
    label: str, store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime
) -> tuple[CountyScores, list[RankedDepartment]]:
    """The departments of a period, the best first, each beside itself in the period before. Raises NoScoring."""
    reader = CountyReader(rulebook, loaded.calendar)
    with store.read() as tx:
        scores = assess(tx, reader, label, now)
        try:
            earlier = assess(tx, reader, _label_before(label), now).scores
        except NoScoring:
            earlier = ()
    before: Mapping[str, Score] = {score.department: score for score in earlier}
    ranked = [
        RankedDepartment(
            rulebook.county.department_names(score.department), score,
            percent_zh(score.on_time / score.due, 0) if score.due else "", before.get(score.department),
        )
        for score in scores.scores
    ]  # fmt: skip
    return replace(scores, snapshot=replace(scores.snapshot, lines=())), ranked  # what is kept is small


def _label_before(label: str) -> str:
    """The month or the year before; "" for another kind of period, which is no period."""
    year, _, month = label.partition("-")
    if not month:
        return f"{int(year) - 1:04}"
    if not month.isdecimal():
        return ""
    return f"{int(year) - 1:04}-12" if month == "01" else f"{year}-{int(month) - 1:02}"


def _run(ask: PageRequest, work: Work[T]) -> T:
    return ask.office.run_by_size(work, ask.viewer.rulebook, ask.now)


# -- files -----------------------------------------------------------------------------------------


def show_file(ask: PageRequest) -> Response:
    """A report as a file, of this moment. Raises MissingError for another name."""
    name = str(ask.request.path_params["name"])
    stem, _, ending = name.partition(".")
    try:
        work = partial(_make, stem, ending, ask.request.query_params.get("period", ""))
        return ask.file(_set(ask, _run(ask, work), ending), name)
    except (NoScoring, TooManyRows, FormError) as error:
        raise MissingError from error
    except RegisterError as error:
        return show_reports(replace(ask, refused=ask.translate(error.args[0])))


@dataclass(frozen=True, slots=True)
class _Moment:
    """A county as it is read for a file. `period`: of the scores."""

    tx: Tx
    loaded: Loaded
    rulebook: Rulebook
    now: datetime
    period: str

    @property
    def reader(self) -> CountyReader:
        return CountyReader(self.rulebook, self.loaded.calendar)

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.rulebook.county.zone)

    @property
    def overdue(self) -> dict[str, Any]:
        return overdue_at(self.tx, self.reader, self.rulebook.county.id, self.now)


def _make(
    stem: str, ending: str, period: str, store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime
) -> OfficialDocument | bytes:
    """The report as a paper, or as the bytes of a workbook or picture."""
    with store.read() as tx:
        moment = _Moment(tx, loaded, rulebook, now, period)
        if ending in ("docx", "pdf") and stem in _PAPERS:
            return _PAPERS[stem](moment)
        if ending in ("xlsx", "pdf") and stem in _SHEETS:
            return _SHEETS[stem](moment)
        if ending == "svg" and stem in _PICTURES:
            return svg_of(_PICTURES[stem](*year_pictures.read_year(tx, moment.reader, now, None))[0]).encode()
    raise MissingError


def _set(ask: PageRequest, made: OfficialDocument | bytes, ending: str) -> bytes:
    if isinstance(made, OfficialDocument):
        return print_paper(ask, made) if ending == "pdf" else docx_of(made)
    return print_sheet(ask, made) if ending == "pdf" else made


def _ledger(moment: _Moment) -> bytes:
    out = io.BytesIO()
    write_ledger(moment.tx, moment.reader, moment.rulebook, moment.now, LedgerQuery(), out)
    return out.getvalue()


def _overdue_sheet(moment: _Moment) -> bytes:
    return ledger(moment.rulebook.county.name, moment.overdue, moment.local)


def _scores(moment: _Moment) -> bytes:
    return sheets_of(assess(moment.tx, moment.reader, moment.period, moment.now))


def _overdue_paper(moment: _Moment) -> OfficialDocument:
    return paper_of(moment.rulebook, moment.overdue, moment.local.date())


def _week_paper(moment: _Moment) -> OfficialDocument:
    tx, rulebook, now = moment.tx, moment.rulebook, moment.now
    week = week_at(tx, moment.reader, rulebook.county.id, now, answers=True)
    return paper_of_week(rulebook, week, moment.local.date())


_SHEETS: Mapping[str, Callable[[_Moment], bytes]] = {
    "ledger": _ledger, "overdue": _overdue_sheet, "scores": _scores,
}  # fmt: skip
_PAPERS: Mapping[str, Callable[[_Moment], OfficialDocument]] = {
    "overdue": _overdue_paper, "week": _week_paper,
}  # fmt: skip
_PICTURES: Mapping[str, Callable[[CountySnapshot, int], tuple[Drawing, ...]]] = {
    "lights": year_pictures.lights, "rate": year_pictures.rate,
}  # fmt: skip
REPORTS = SignedInPage("reports", "/reports", show_reports)
REPORT_FILE = SignedInPage("reports", "/reports/{name}", show_file)
