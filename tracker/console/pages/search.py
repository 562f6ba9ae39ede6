"""The search of the head of every page: matters that are the viewer's, and titles of what stands on the public site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from tracker.console.pages.matters import link_pages, read_number, word_matters
from tracker.console.pages.search_words import MAX_WORDS, find_departments, find_duties, read_words, split_words
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.core.law.county import Rulebook
from tracker.store.matters import MatterFilter, count_matters, list_matters
from tracker.store.titles import TitledEntry, find_titles

#: Matters that are shown before the list has the others; entries of one page; duties and departments that are named.
_MATTERS, _TITLES, _NAMED = 10, 25, 12


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found by its name. `query`: what lists its matters."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class TitleHit:
    """An entry of the site. `column`: its title; `day`: the one that it names, else that on which it was first seen."""

    entry: TitledEntry
    column: str
    day: date


def show_search(ask: PageRequest) -> Response:
    """What the words find, in groups; the entries are paged here, the matters by their list."""
    viewer, rulebook = ask.viewer, ask.viewer.rulebook
    county, query = rulebook.county, ask.request.query_params
    text, number = query.get("q", "").strip()[:MAX_WORDS], read_number(query.get("page", ""))
    words = split_words(rulebook, text)
    if not words:
        return ask.page("search", sought=text, words=[])
    wanted = MatterFilter(viewer.department, words=read_words(rulebook, text), all=True)
    with ask.office.store.read() as tx:
        total = sum(count_matters(tx, county.id, wanted).values())
        rows = list_matters(tx, county.id, wanted, start=0, most=_MATTERS) if total else []
        lines = word_matters(ask, tx, [row.key for row in rows]) if rows else []
        titles = find_titles(tx, county.id, words, start=(number - 1) * _TITLES, most=_TITLES + 1)
    return ask.page(
        "search",
        sought=text,
        words=words,
        lines=lines,
        total=total,
        more=urlencode({"q": text, "all": 1}) if total > len(lines) else "",
        named=_name_found(ask, words),
        titles=[_word_title(rulebook, entry) for entry in titles[:_TITLES]],
        pages_of_list=link_pages({"q": text}, number, number + (len(titles) > _TITLES)),
    )


def _name_found(ask: PageRequest, words: list[str]) -> list[Hit]:
    """The departments and duties that have one of the words, each with the query of its matters."""
    viewer, rulebook = ask.viewer, ask.viewer.rulebook
    departments = {found for word in words for found in find_departments(rulebook, word) if viewer.owns(found)}
    duties = {found for word in words for found in find_duties(rulebook, word)}
    hits = [
        Hit(unit.name, urlencode({"department": unit.id}))
        for unit in rulebook.county.departments.values()
        if unit.id in departments
    ]
    hits += [
        Hit(duty.title, urlencode({"duty": f"{duty.pack}/{duty.id}"}, safe="/"))
        for duty in rulebook.duties
        if (duty.pack, duty.id) in duties and any(viewer.owns(assignment.key) for assignment in duty.assignments)
    ]
    return hits[:_NAMED]


def _word_title(rulebook: Rulebook, entry: TitledEntry) -> TitleHit:
    county, moment = rulebook.county, entry.claimed or entry.first_seen_at
    column = county.columns.get(entry.column)
    day = moment.astimezone(county.zone).date() if isinstance(moment, datetime) else moment
    return TitleHit(entry, column.title if column else entry.column, day)


SEARCH = SignedInPage("search", "/search", show_search)
