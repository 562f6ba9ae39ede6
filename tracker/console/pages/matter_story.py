"""Tells the story of a matter in one order: what the site showed, what was notified, answered and decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tracker.console.signed_in import PageRequest
from tracker.core.law.wording import due_of
from tracker.core.values.message import Message
from tracker.decide.explain import Explanation
from tracker.store.journal import JournalRow

#: Journal rows that are shown as they are; answers, notices and decisions come from their own tables.
STORY_ACTIONS = frozenset(
    f"{what}.{how}" for what in ("attestation", "zero-report", "upkeep") for how in ("filed", "withdrawn")
) | {"occurrence.opened", "occurrence.closed", "due.moved", "status"}


@dataclass(frozen=True, slots=True)
class StoryItem:
    """Something that happened to a matter. `url`: of the page that it is about."""

    at: datetime
    what: str
    who: str = ""
    text: str = ""
    url: str = ""


def tell_story(ask: PageRequest, rows: Sequence[JournalRow], explanation: Explanation | None) -> list[StoryItem]:
    """What happened to a matter, from first to last. `explanation`: None of one that is closed."""
    items = list(_from_journal(ask, rows))
    if explanation is not None:
        items += [*_from_site(ask, explanation), *_from_people(ask, explanation)]
    return sorted(items, key=lambda item: item.at)


def _from_journal(ask: PageRequest, rows: Sequence[JournalRow]) -> Iterator[StoryItem]:
    word = ask.catalogue.pgettext
    for row in rows:
        if row.action not in STORY_ACTIONS:
            continue
        what, who = word("happened", row.action), "" if row.who.startswith("rule:") else row.who
        match row.action:
            case "due.moved":
                days = [_due_of(ask, text) for text in (row.before, row.after)]
                what = ask.translate(Message("Due date moved from {before} to {after}"), before=days[0], after=days[1])
            case "status":
                status = _load(row.after).get("status", "")
                what = ask.translate(Message("Status: {status}"), status=word("status", status))
        yield StoryItem(row.at, what, who, row.reason)


def _due_of(ask: PageRequest, text: str) -> str:
    """The due date that a journal row holds, as people write it."""
    due_at = _load(text).get("due_at")
    if not due_at:
        return ask.translate(Message("none"))
    zone, at = ask.viewer.rulebook.county.zone, datetime.fromisoformat(due_at)
    return due_of((at - timedelta(microseconds=1)).astimezone(zone).date(), at, zone)


def _load(text: str) -> dict[str, Any]:
    return json.loads(text) if text else {}


def _from_site(ask: PageRequest, explanation: Explanation) -> Iterator[StoryItem]:
    """When each entry that the verdict names was first seen, changed and gone, and the visits that decided."""
    columns, named = ask.viewer.rulebook.county.columns, {finding.about for finding in explanation.verdict.findings}
    for entry in (each for each in explanation.entries.values() if each.url in named):
        title = f"《{entry.current.title}》"
        yield StoryItem(entry.first_seen_at, ask.translate(Message("First seen on the site")), "", title, entry.url)
        for before, version in pairwise(entry.versions):
            if None not in (before.text, version.text) and before.text != version.text:
                yield StoryItem(version.seen_at, ask.translate(Message("Text changed")), "", title, entry.url)
        if entry.gone_at is not None:
            yield StoryItem(entry.gone_at, ask.translate(Message("Gone from the site")), "", title, entry.url)
    for sighting in explanation.visits:
        if sighting.lacking is not None:
            title = columns[sighting.column].title if sighting.column in columns else sighting.column
            what = ask.translate(Message("Looked for in the whole column, and not there"))
            yield StoryItem(sighting.lacking.began_at, what, "", title)


def _from_people(ask: PageRequest, explanation: Explanation) -> Iterator[StoryItem]:
    word = ask.catalogue.pgettext
    for key, state in explanation.notices:
        what = " · ".join((word("step", key.step), word("role", key.role), word("state", state.state)))
        yield StoryItem(state.at, what)
    for answer in explanation.answers:
        yield StoryItem(answer.recorded_at, word("answer", answer.kind), answer.by, answer.text)
    for ruling, ruling_state in explanation.decisions:
        what = f"{word('kind', ruling.kind)} · {ask.translate(ruling_state.words)}"
        yield StoryItem(ruling.recorded_at, what, ruling.by, ruling.reason)
