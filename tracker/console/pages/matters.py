"""The list of matters, and the page of one: why this date, what was seen, notified and decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from starlette.responses import Response

from tracker.console.access import Viewer
from tracker.console.downloads import MOST_ROWS, send_list
from tracker.console.files import ACCEPTED
from tracker.console.forms import MAX_TEXT, MAX_URL, Typed
from tracker.console.pages.compare import list_comparable
from tracker.console.pages.matter_acts import ACTS, find_own, list_acts
from tracker.console.pages.matter_story import tell_story
from tracker.console.pages.search_words import MAX_WORDS, read_words
from tracker.console.signed_in import MissingError, PageRequest, SignedInPage
from tracker.console.views import build_event_form
from tracker.core.assessment.lines import Line
from tracker.core.values.message import Message
from tracker.decide.explain import explain_key
from tracker.reports.snapshot import CountyReader
from tracker.store.engine import Tx
from tracker.store.journal import list_newest_rows
from tracker.store.matters import LIGHTS, MatterFilter, count_matters, list_matters
from tracker.store.rows import batches
from tracker.store.standings import list_standings_of

#: Matters of one page.
_MOST = 50
#: Journal rows of one matter, the newest.
_MOST_JOURNAL = 300
#: The columns of the sheet and their widths.
_COLUMNS = (
    (Message("Light"), 8), (Message("Status"), 16), (Message("Duty"), 30), (Message("Basis"), 30),
    (Message("Department"), 20), (Message("Period"), 20), (Message("Due"), 16), (Message("Reason"), 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the list asks for. `duty`: `PACK/ID`, "" for all."""

    words: str
    duty: str
    number: int
    matters: MatterFilter

    @property
    def kept(self) -> dict[str, str]:
        """The same as a query, without the page's number."""
        wanted = self.matters
        query = {"q": self.words, "department": wanted.department, "duty": self.duty, "light": wanted.light}
        return {name: value for name, value in {**query, "all": "1" if wanted.all else ""}.items() if value}


def _wanted(ask: PageRequest) -> Wanted:
    query, viewer = ask.request.query_params, ask.viewer
    words = query.get("q", "").strip()[:MAX_WORDS]
    light = next((each for each in LIGHTS if each == query.get("light")), None)
    county = viewer.rulebook.county
    asked = county.find_department(query.get("department", "")) if viewer.department is None else viewer.department
    duty = query.get("duty", "")[:129]
    pack, mark, name = duty.partition("/")
    has_words = read_words(viewer.rulebook, words)
    matters = MatterFilter(asked, light, (pack, name) if mark else None, has_words, all="all" in query)
    return Wanted(words, duty, read_number(query.get("page", "")), matters)


def read_number(page: str) -> int:
    """The number of a page of a list; 1 where it is none."""
    return max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1


def show_list(ask: PageRequest) -> Response:
    wanted, county = _wanted(ask), ask.viewer.rulebook.county
    with ask.office.store.read() as tx:
        rows = list_matters(tx, county.id, wanted.matters, start=(wanted.number - 1) * _MOST, most=_MOST)
        lines = word_matters(ask, tx, [row.key for row in rows])
        counts = count_matters(tx, county.id, replace(wanted.matters, light=None))
        found = count_matters(tx, county.id, wanted.matters) if wanted.matters.light else counts
    total = sum(found.values())
    return ask.page(
        "matters",
        lines=lines,
        total=total,
        counts=[(each, counts[each]) for each in LIGHTS if counts.get(each)],
        words=wanted.words,
        light=wanted.matters.light,
        lights=LIGHTS,
        department=wanted.matters.department,
        duties=_titles(ask.viewer),
        duty=wanted.duty,
        all=wanted.matters.all,
        pages_of_list=link_pages(wanted.kept, wanted.number, -(-total // _MOST)),
        files=[(end, f"matters.{end}?{urlencode(wanted.kept)}") for end in ("xlsx", "csv")],
    )


def show_file(ask: PageRequest) -> Response:
    """The matters of the list as a file, all of its pages."""
    county = ask.viewer.rulebook.county
    with ask.office.store.read() as tx:
        rows = list_matters(tx, county.id, _wanted(ask).matters, start=0, most=MOST_ROWS)
        lines = [line for batch in batches(rows) for line in word_matters(ask, tx, [row.key for row in batch])]
    light = partial(ask.catalogue.pgettext, "light")
    cells = [
        (light(each.light), each.status_zh, each.title, each.basis, each.who, each.period, each.due, each.reason)
        for each in lines
    ]
    return send_list(ask, Message("Matters"), _COLUMNS, cells)


def show_matter(ask: PageRequest) -> Response:
    viewer, key = ask.viewer, ask.request.path_params["key"]
    county = viewer.rulebook.county
    with ask.office.store.read() as tx:
        row = find_own(ask, tx)
        lines = word_matters(ask, tx, [key])
        acts = list_acts(ask, tx, row)
        newest_rows, _ = list_newest_rows(tx, county.id, subjects=[key], most=_MOST_JOURNAL)
        journal = newest_rows[::-1]
    if not lines:
        raise MissingError
    explanation = None
    if not row.closed:
        explanation = explain_key(ask.office.store, ask.office.loaded, viewer.rulebook, key, ask.now)
    return ask.page(
        "matter",
        line=lines[0],
        explanation=explanation,
        columns=county.columns,
        acts=acts,
        event=build_event_form(viewer.rulebook, key) if "event" in acts else None,
        given=Typed({name: each[0] for name, each in ask.form.fields.items()}),
        accepted=ACCEPTED,
        megabytes=ask.office.loaded.schedule.filings.max_bytes // 1_000_000,
        limits=(MAX_TEXT, MAX_URL),
        story=tell_story(ask, journal, explanation),
        comparable=list_comparable(explanation),
        journal=journal,
    )


def _titles(viewer: Viewer) -> dict[str, str]:
    """The titles of the duties by `PACK/ID`: of all, or of those that the viewer's department owes."""
    return {
        f"{duty.pack}/{duty.id}": duty.title
        for duty in viewer.rulebook.duties
        if any(viewer.owns(assignment.key) for assignment in duty.assignments)
    }


def word_matters(ask: PageRequest, tx: Tx, keys: Collection[str]) -> list[Line]:
    """The matters as every report words them, in the order of the keys."""
    rulebook = ask.viewer.rulebook
    newest = {standing.key: standing for standing in list_standings_of(tx, rulebook.county.id, keys)}
    reader = CountyReader(rulebook, ask.office.loaded.calendar)
    return reader.lines(tx, [newest[key] for key in keys if key in newest], ask.now)


def link_pages(kept: dict[str, str], number: int, last: int) -> dict[str, object]:
    """The pages of a list: which one it is, and the addresses of the one before and the one after."""
    last = max(1, last)

    def address(page: int) -> str:
        return f"?{urlencode({**kept, 'page': page})}" if 1 <= page <= last and page != number else ""

    return {"number": number, "last": last, "before": address(number - 1), "after": address(number + 1)}


MATTERS = SignedInPage("matters", "/matters", show_list)
MATTERS_FILES = tuple(SignedInPage("matters", f"/matters.{end}", show_file) for end in ("xlsx", "csv"))
MATTER = SignedInPage("matter", "/matter/{key:path}", show_matter, ACTS)
