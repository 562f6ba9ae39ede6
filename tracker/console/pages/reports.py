"""Reports: the ranking of a month or year beside the one before it, and the files that the command line writes too."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from notifications.ledger import TooManyRows, ledger
from tracker.console.forms import FormError
from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.core.assessment.scoring import Score
from tracker.core.law.wording import percent_zh
from tracker.core.values.message import Message
from tracker.documents.docx import docx_of
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.overdue_paper import paper_of
from tracker.reports.pictures import year as year_pictures
from tracker.reports.pictures.drawing import svg_of
from tracker.reports.scores import CountyScores, NoScoring, assess, assess_snapshot, period_of
from tracker.reports.scores_sheet import sheets_of
from tracker.reports.snapshot import CountyReader
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
    """The links, and the ranking where a period is asked for: it reads all matters of the county."""
    label = ask.request.query_params.get("period", "").strip()[:12]
    scores, ranked, refusal = None, list[RankedDepartment](), ""
    if label:
        try:
            scores, ranked = _rank(ask, label)
        except NoScoring:
            refusal = ask.translate(_NO_FORMULA if _is_period(label) else _WRONG)
    today = ask.now.astimezone(ask.viewer.rulebook.county.zone).date()
    return ask.page(
        "reports",
        label=label or f"{today.replace(day=1) - timedelta(days=1):%Y-%m}",
        scores=scores,
        ranked=ranked,
        refusal=refusal,
        year=today.year,
        has_scoring=ask.viewer.rulebook.scoring is not None,
    )


def _is_period(label: str) -> bool:
    try:
        period_of(label)
    except NoScoring:
        return False
    return True


def _rank(ask: PageRequest, label: str) -> tuple[CountyScores, list[RankedDepartment]]:
    """The departments of a period, the best first, each beside itself in the period before. Raises NoScoring."""
    with ask.office.store.read() as tx:
        scores = assess(tx, _reader(ask), label, ask.now)
        try:
            earlier = assess_snapshot(tx, scores.snapshot, _label_before(label), ask.now).scores
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
    return scores, ranked


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
    write = _FILES.get(name)
    if write is None:
        raise MissingError
    try:
        with ask.office.store.read() as tx:
            content = write(ask, tx)
    except (NoScoring, TooManyRows, FormError) as error:
        raise MissingError from error
    return ask.file(content, name)


def _write_ledger(ask: PageRequest, tx: Tx) -> bytes:
    out = io.BytesIO()
    write_ledger(tx, _reader(ask), ask.viewer.rulebook, ask.now, LedgerQuery(), out)
    return out.getvalue()


def _write_overdue_sheet(ask: PageRequest, tx: Tx) -> bytes:
    county = ask.viewer.rulebook.county
    return ledger(county.name, overdue_at(tx, _reader(ask), county.id, ask.now), ask.now.astimezone(county.zone))


def _write_overdue_paper(ask: PageRequest, tx: Tx) -> bytes:
    county = ask.viewer.rulebook.county
    report = overdue_at(tx, _reader(ask), county.id, ask.now)
    return docx_of(paper_of(ask.viewer.rulebook, report, ask.now.astimezone(county.zone).date()))


def _write_scores(ask: PageRequest, tx: Tx) -> bytes:
    return sheets_of(assess(tx, _reader(ask), ask.request.query_params.get("period", ""), ask.now))


def _write_lights(ask: PageRequest, tx: Tx) -> bytes:
    snapshot = _reader(ask).read(tx, ask.now)
    return svg_of(year_pictures.lights(snapshot, snapshot.today.year)[0]).encode()


def _write_rate(ask: PageRequest, tx: Tx) -> bytes:
    snapshot = _reader(ask).read(tx, ask.now)
    return svg_of(year_pictures.rate(snapshot, snapshot.today.year)[0]).encode()


_FILES: Mapping[str, Callable[[PageRequest, Tx], bytes]] = {
    "ledger.xlsx": _write_ledger,
    "overdue.xlsx": _write_overdue_sheet,
    "overdue.docx": _write_overdue_paper,
    "scores.xlsx": _write_scores,
    "lights.svg": _write_lights,
    "rate.svg": _write_rate,
}
REPORTS = SignedInPage("reports", "/reports", show_reports)
REPORT_FILE = SignedInPage("reports", "/reports/{name}", show_file)
