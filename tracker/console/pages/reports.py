"""Reports: the ranking of a month or year beside the one before it, and the files that the command line writes too."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from starlette.responses import Response

from notifications.ledger import TooManyRows, ledger
from tracker.console.forms import FormError
from tracker.console.printing import print_paper, print_sheet
from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.core.assessment.scoring import Score
from tracker.core.law.wording import percent_zh
from tracker.core.values.message import Message
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
from tracker.store.engine import Tx

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
            found, ask = ask.keep("ranking", lambda tx: _rank(ask, tx, label), label)
            scores, ranked = found
        except NoScoring:
            refusal = ask.translate(_NO_FORMULA if _is_period(label) else _WRONG)
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


def _rank(ask: PageRequest, tx: Tx, label: str) -> tuple[CountyScores, list[RankedDepartment]]:
    """The departments of a period, the best first, each beside itself in the period before. Raises NoScoring."""
    scores = assess(tx, _reader(ask), label, ask.now)
    try:
        earlier = assess(tx, _reader(ask), _label_before(label), ask.now).scores
    except NoScoring:
        earlier = ()
    before: Mapping[str, Score] = {score.department: score for score in earlier}
    county = ask.viewer.rulebook.county
    ranked = [
        RankedDepartment(
            county.department_names(score.department), score,
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


def _reader(ask: PageRequest) -> CountyReader:
    return CountyReader(ask.viewer.rulebook, ask.office.loaded.calendar)


# -- files -----------------------------------------------------------------------------------------


def show_file(ask: PageRequest) -> Response:
    """A report as a file, of this moment. Raises MissingError for another name."""
    name = str(ask.request.path_params["name"])
    stem, _, ending = name.partition(".")
    try:
        with ask.office.store.read() as tx:
            made = _make(ask, tx, stem, ending)
        return ask.file(_set(ask, made, ending), name)
    except (NoScoring, TooManyRows, FormError) as error:
        raise MissingError from error
    except RegisterError as error:
        return show_reports(replace(ask, refused=ask.translate(error.args[0])))


def _make(ask: PageRequest, tx: Tx, stem: str, ending: str) -> OfficialDocument | bytes:
    """The report as a paper, or as the bytes of a workbook or picture."""
    if ending in ("docx", "pdf") and stem in _PAPERS:
        return _PAPERS[stem](ask, tx)
    if ending in ("xlsx", "pdf") and stem in _SHEETS:
        return _SHEETS[stem](ask, tx)
    if ending == "svg" and stem in _PICTURES:
        snapshot = _reader(ask).read(tx, ask.now)
        return svg_of(_PICTURES[stem](snapshot, snapshot.today.year)[0]).encode()
    raise MissingError


def _set(ask: PageRequest, made: OfficialDocument | bytes, ending: str) -> bytes:
    if isinstance(made, OfficialDocument):
        return print_paper(ask, made) if ending == "pdf" else docx_of(made)
    return print_sheet(ask, made) if ending == "pdf" else made


def _ledger(ask: PageRequest, tx: Tx) -> bytes:
    out = io.BytesIO()
    write_ledger(tx, _reader(ask), ask.viewer.rulebook, ask.now, LedgerQuery(), out)
    return out.getvalue()


def _overdue_sheet(ask: PageRequest, tx: Tx) -> bytes:
    county = ask.viewer.rulebook.county
    return ledger(county.name, overdue_at(tx, _reader(ask), county.id, ask.now), ask.now.astimezone(county.zone))


def _scores(ask: PageRequest, tx: Tx) -> bytes:
    return sheets_of(assess(tx, _reader(ask), ask.request.query_params.get("period", ""), ask.now))


def _overdue_paper(ask: PageRequest, tx: Tx) -> OfficialDocument:
    report = overdue_at(tx, _reader(ask), ask.viewer.rulebook.county.id, ask.now)
    return paper_of(ask.viewer.rulebook, report, ask.today)


def _week_paper(ask: PageRequest, tx: Tx) -> OfficialDocument:
    rulebook = ask.viewer.rulebook
    week = week_at(tx, _reader(ask), rulebook.county.id, ask.now, answers=True)
    return paper_of_week(rulebook, week, ask.today)


_SHEETS: Mapping[str, Callable[[PageRequest, Tx], bytes]] = {
    "ledger": _ledger, "overdue": _overdue_sheet, "scores": _scores,
}  # fmt: skip
_PAPERS: Mapping[str, Callable[[PageRequest, Tx], OfficialDocument]] = {
    "overdue": _overdue_paper, "week": _week_paper,
}  # fmt: skip
_PICTURES: Mapping[str, Callable[[CountySnapshot, int], tuple[Drawing, ...]]] = {
    "lights": year_pictures.lights, "rate": year_pictures.rate,
}  # fmt: skip
REPORTS = SignedInPage("reports", "/reports", show_reports)
REPORT_FILE = SignedInPage("reports", "/reports/{name}", show_file)
