"""The monthly circulars (通报): the county office drafts and consults, a supervisor signs, the county office issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from tracker.console.printing import print_docx
from tracker.console.signed_in import Act, MissingError, PageRequest, SignedInPage
from tracker.core.law.periods import unit_of
from tracker.documents.docx import docx_of
from tracker.documents.pdf import can_print
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.circulars.shared import document_of
from tracker.store.circulars import (
    CircularRow,
    find_latest_edition,
    list_circular_lines,
    list_circulars,
    list_dropped_lines,
    list_papers,
)

#: By act: the states of an edition in which it may be done; "": there is none yet.
_STEPS: Mapping[str, tuple[str, ...]] = {
    "draft": ("", "draft", "consulting"),
    "consult": ("draft",),
    "sign": ("draft", "consulting", "signed"),
    "issue": ("signed",),
}
#: Matters that are named as spared; all of them in the file of `duban circular show --spared`.
_MOST = 200
_MOVES: Mapping[str, Callable[[Circulars, str, str], CircularRow]] = {
    "draft": Circulars.draft, "consult": Circulars.consult, "sign": Circulars.sign, "issue": Circulars.issue,
}  # fmt: skip


def show_circulars(ask: PageRequest) -> Response:
    county = ask.viewer.rulebook.county
    with ask.office.store.read() as tx:
        rows = {row.month: row for row in list_circulars(tx, county.id) if row.state != "replaced"}
    return ask.page(
        "circulars",
        rows=sorted(rows.values(), key=lambda row: row.month, reverse=True),
        month=_last_month(ask),
        may_draft=ask.viewer.may("circulars", "draft") and ask.viewer.rulebook.circular is not None,
    )


def show_circular(ask: PageRequest) -> Response:
    month, county = _month(ask), ask.viewer.rulebook.county
    with ask.office.store.read() as tx:
        row = find_latest_edition(tx, county.id, month)
        if row is None:
            raise MissingError
        lines, dropped, papers = list_circular_lines(tx, row.id), list_dropped_lines(tx, row), list_papers(tx, row.id)
    paper = next((each for each in papers if each.line == 0), None)
    return ask.page(
        "circular",
        row=row,
        title=document_of(row, ask.viewer.rulebook, paper).title,
        paragraphs=["".join(text for text, _ in runs) for runs in (paper.text if paper else row.text)],
        number=f"〔{row.year}〕{row.number}号" if row.number is not None else "",
        lines=lines,
        dropped=dropped,
        spared=row.values.get("spared", [])[:_MOST],
        more=max(0, len(row.values.get("spared", [])) - _MOST),
        errata=[each for each in papers if each.line],
        has_pdf=(paper is not None and paper.pdf is not None) or can_print()[0],
        acts=[act for act, states in _STEPS.items() if row.state in states and ask.viewer.may("circular", act)],
    )


def show_file(ask: PageRequest) -> Response:
    """The circular as a document, as it was issued or as it would be set now."""
    month = _month(ask)
    with ask.office.store.read() as tx:
        row = find_latest_edition(tx, ask.viewer.rulebook.county.id, month)
        if row is None:
            raise MissingError
        paper = next((each for each in list_papers(tx, row.id) if each.line == 0), None)
    document = document_of(row, ask.viewer.rulebook, paper)
    content = paper.docx if paper is not None else docx_of(document)
    ending = ask.request.url.path.rpartition(".")[2]
    if ending == "pdf":
        try:
            content = (paper.pdf if paper is not None else None) or print_docx(ask, content, document)
        except RegisterError as error:
            return show_circular(replace(ask, refused=ask.translate(error.args[0])))
    return ask.file(content, f"circular-{month}.{ending}")


def take_step(ask: PageRequest) -> Response:
    """Take a month's circular one step on. Who does it is who has logged in."""
    act = ask.form.first("act")
    month = ask.request.path_params.get("month") or ask.form.first("month")
    if unit_of(month) != "month":
        raise RegisterError("{month!r} is no month: write 2026-09", month=month[:20])
    move, by = _MOVES[act], ask.viewer.account.name
    ask.record(lambda tx: move(Circulars(tx, ask.office.loaded, ask.viewer.rulebook, ask.now), month, by))
    return ask.redirect(f"/circular/{month}", act)


def _month(ask: PageRequest) -> str:
    return str(ask.request.path_params["month"])


def _last_month(ask: PageRequest) -> str:
    """The month before this one, by the county's clock."""
    return f"{ask.today.replace(day=1) - timedelta(days=1):%Y-%m}"


CIRCULARS = SignedInPage("circulars", "/circulars", show_circulars, {"draft": take_step})
CIRCULAR = SignedInPage("circular", "/circular/{month}", show_circular, dict[str, Act].fromkeys(_MOVES, take_step))
CIRCULAR_FILES = tuple(
    SignedInPage("circular", f"/circular/{{month}}/circular.{ending}", show_file) for ending in ("docx", "pdf")
)
