"""Everything that a judgement of one occurrence rests on, gathered so that a third person can check it.

Judged as of the last tick, by the same functions: the same facts give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.core.law.duties import County, SiteColumn
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.filings import whole_of
from tracker.core.matching.visit_index import complete
from tracker.core.matching.weighing import context_of, weigh
from tracker.core.values.facts import Entry, EntryVersion, Facts, Visit, VisitOutcome
from tracker.core.values.verdicts import Finding
from tracker.decide.explain import Explanation, explain
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import prefix_of
from tracker.decide.load import load_county
from tracker.evidence.attachments.filed import FiledFiles
from tracker.registers.adoptions import in_force
from tracker.reports.dossier import Dossier, DossierVisit, filed_as, write_dossier
from tracker.rulebook.loaded import Loaded
from tracker.store.captures import READ, Capture, captures_of, listing_captures
from tracker.store.counties import CountyRow, read_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import show
from tracker.store.occurrences import load_occurrences
from tracker.store.sent import notices_about

#: Of entries that were passed over so many, the nearest, are put in.
_NEAREST = 10
#: Visits that saw a list.
_SHOWN = (VisitOutcome.READ, VisitOutcome.MOVED)


@dataclass(frozen=True, slots=True)
class BearingVisit:
    """A visit that decided something: in its `why` the titles of the parts, "" where there is but one.

    `before`: the last complete one before it was due; `lacked`: a complete one begun later that lacked it;
    `showed`: the first that saw what proves it; `failed`: could not look.
    """

    visit: Visit
    why: dict[str, list[str]]


def export(
    store: Store, loaded: Loaded, archive: Path, filings: Path, asked: str, target: Path, now: datetime | None
) -> Dossier | list[str]:
    """Write the evidence of the occurrence whose key is `asked` or ends in it to a zip; else keys that look alike.

    `archive`, `filings`: the folders of the WARC files and of the filed files. `now`: judged as of then; None: as of
    the last tick.
    """
    at = now or _last_tick(store, loaded)
    found = explain(store, loaded, asked, at)
    if isinstance(found, list):
        return found
    book = next(one for one in loaded.rulebooks if one.county.id == found.occurrence.county)
    with store.read() as tx:
        county_facts = load_county(tx, in_force(tx, loaded, book), loaded.calendar, at)
        case = _ExportCase(tx, loaded, county_facts, found, at)
        dossier = replace(case.dossier(), filed=case.filed(FiledFiles(filings, book.county.id)))
    write_dossier(dossier, archive, target)
    return dossier


def _last_tick(store: Store, loaded: Loaded) -> datetime:
    """When it was last decided, which is what an export documents."""
    with store.read() as tx:
        rows = [read_county(tx, one.county.id) for one in loaded.rulebooks]
    ticked = [row.ticked_at for row in rows if row.ticked_at is not None]
    if not ticked:
        raise LookupError("nothing was decided yet: run `duban tick` first")
    return max(ticked).astimezone(loaded.schedule.zone)


@dataclass(slots=True)
class _ExportCase:
    """One occurrence with all that is asked about it."""

    tx: Tx
    loaded: Loaded
    county_facts: CountyFacts
    found: Explanation
    at: datetime
    facts: Facts = field(init=False)
    weights: tuple[CellEvidence, ...] = field(init=False)

    def __post_init__(self) -> None:
        key = self.found.occurrence.key
        group = self.county_facts.groups.by_prefix[prefix_of(key)]
        self.facts = self.county_facts.of(group)
        desk = context_of(group.duty, group.assignment, self.facts, self.county, self.loaded.calendar, self.at)
        self.weights = weigh(desk, self.county_facts.occurrences(group))[key]

    @property
    def county(self) -> County:
        return self.county_facts.rulebook.county

    def dossier(self) -> Dossier:
        visits, considered = self._visits(), self._considered()
        entries = self._entries(considered)
        captures = self._captures(entries, visits)
        row = load_occurrences(self.tx, self.county.id).get(self.found.occurrence.key)
        county = read_county(self.tx, self.county.id)
        return Dossier(
            occurrence=self.found.occurrence.key,
            as_of=self.at,
            zone=self.county.zone,
            facts={
                **self._matter(),
                "decided_under": {"rulebook": row.rulebook, "calendar": row.calendar} if row else {},
                "rulebook": self.county_facts.rulebook.digest,
                "calendar": self.loaded.calendar.digest,
                "journal": self._journal(county),
                "entries": [_entry(one, considered.get(one.url, ())) for one in entries],
                "papers": self._papers(considered),
                "flags": self._flags(),
                "rulings": self._rulings(),
                "notices": self._notices(),
            },
            visits=tuple(self._shown(one, captures) for one in visits),
            captures=tuple(captures),
        )

    def _matter(self) -> dict[str, Any]:
        found, one, verdict = self.found, self.found.occurrence, self.found.verdict
        duty = self.county_facts.rulebook.duty(one.pack, one.duty)
        return {
            "county": self.county.name,
            "title": found.title,
            "pack": duty.pack_title if duty else one.pack,
            "clause": found.clause,
            "department": found.department,
            "period": found.period,
            "due": found.due,
            "due_on": one.due_on.isoformat() if one.due_on else "",
            "due_at": one.due_at.isoformat() if one.due_at else "",
            "derivation": one.derivation.text,
            "marks": list(found.marks),
            "status": verdict.status.value,
            "status_zh": found.status_zh,
            "light": verdict.light.value,
            "light_zh": verdict.light.zh,
            "reason": verdict.reason,
            "proved_at": verdict.proved_at.isoformat() if verdict.proved_at else "",
            "cells": [
                {"cell": cell.cell, "part": self._part(cell.part), "state": cell.state, "reason": cell.reason}
                for cell in verdict.cells
            ],
        }

    # -- what was considered -----------------------------------------------------------------------

    def _considered(self) -> dict[str, list[Finding]]:
        """The findings by what they are about: those of the verdict, then the nearest that were passed over."""
        found: dict[str, list[Finding]] = {}
        for one in (*self.found.verdict.findings, *self.found.passed_over.nearest[:_NEAREST]):
            found.setdefault(one.about, []).append(one)
        return found

    def _entries(self, considered: Mapping[str, Sequence[Finding]]) -> list[Entry]:
        entries = [one for one in self.facts.entries if one.url in considered]
        places = {url: place for place, url in enumerate(considered)}
        return sorted(entries, key=lambda one: (places[one.url], one.column))

    def _papers(self, considered: Mapping[str, Sequence[Finding]]) -> list[dict[str, Any]]:
        """What was filed or recorded, with what became of it."""
        key = self.found.occurrence.key
        filed = [
            {
                "about": f"{one.kind}:{one.id}", "form": one.form, "proof": one.title, "by": one.by,
                "file": filed_as(one.digest) if one.digest else "",
                "recorded_at": one.recorded_at.isoformat(),
                "considered": [_considered(found) for found in considered.get(f"{one.kind}:{one.id}", ())],
            }
            for one in self.facts.filings if one.occurrence == key
        ]  # fmt: skip
        events = [
            {"about": about, "considered": [_considered(found) for found in findings]}
            for about, findings in considered.items()
            if about.startswith("event:")
        ]
        return filed + events

    def filed(self, files: FiledFiles) -> dict[str, Path]:
        """Where the files lie that were filed for it, by their SHA-256."""
        key = self.found.occurrence.key
        return {
            one.digest: files.place(one.digest) for one in self.facts.filings if one.occurrence == key and one.digest
        }

    def _flags(self) -> list[dict[str, str]]:
        return [
            {"kind": one.kind, "url": one.url, "title": one.title, "question": one.question} for one in self.found.flags
        ]

    def _rulings(self) -> list[dict[str, Any]]:
        key = self.found.occurrence.key
        return [
            {
                "kind": one.kind, "target": one.target, "part": one.part or "", "as_seen": one.as_seen, "by": one.by,
                "reason": one.reason, "recorded_at": one.recorded_at.isoformat(),
            }
            | {
                name: str(said)
                for name in ("id", "ground", "basis", "until", "asked_by")
                if (said := getattr(one, name))
            }
            for one in self.facts.rulings if one.occurrence in (key, whole_of(key))
        ]  # fmt: skip

    def _notices(self) -> list[dict[str, Any]]:
        return [
            {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
            for row in notices_about(self.tx, self.county.id, self.found.occurrence.key)
        ]

    def _journal(self, county: CountyRow) -> dict[str, Any]:
        rows = show(self.tx, self.county.id, subject=self.found.occurrence.key)
        return {
            "height": county.journal_height,
            "head": county.journal_head,
            "lines": [
                {
                    "height": row.height, "at": row.at.isoformat(), "who": row.who, "action": row.action,
                    "before": row.before, "after": row.after, "reason": row.reason, "previous": row.previous,
                    "hash": row.hash,
                }
                for row in rows
            ],
        }  # fmt: skip

    # -- what was looked at ------------------------------------------------------------------------

    def _visits(self) -> list[BearingVisit]:
        """The visits that decided something, in their order, each once."""
        chosen: dict[tuple[datetime, str], BearingVisit] = {}
        for weight in self.weights:
            columns = {key: self.county.columns.get(key) for one in weight.cell.sources for key in one.columns}
            for column in columns.values():
                for visit, why in self._of_column(column, weight) if column else ():
                    parts = chosen.setdefault((visit.began_at, visit.column), BearingVisit(visit, {})).why
                    parts.setdefault(why, []).append(self._part(weight.cell.part))
        return [chosen[key] for key in sorted(chosen)]

    def _part(self, name: str) -> str:
        one = self.found.occurrence
        duty = self.county_facts.rulebook.duty(one.pack, one.duty)
        return duty.part(name).title if duty is not None and len(duty.parts) > 1 else ""

    def _of_column(self, column: SiteColumn, weight: CellEvidence) -> Iterable[tuple[Visit, str]]:
        due = self.found.occurrence.due_at
        here = sorted((one for one in self.facts.visits if one.column == column.key), key=lambda one: one.began_at)
        whole = [one for one in here if one.outcome is VisitOutcome.READ and complete(one, weight.since, column)]
        carriers = [one.entry for one in weight.proof.carriers]
        seen = {one.first_seen_at for one in carriers if one.column == column.key}
        yield from ((one, "showed") for one in here if one.began_at in seen)
        # What is proved was there when it was first seen; what is not, may have been lacking to this day.
        until = max(one.first_seen_at for one in carriers) if carriers else None
        before = [one for one in whole if due is None or one.began_at < due]
        if before:
            yield before[-1], "before"
        if due is not None and (until is None or until >= due):
            after = [one for one in here if one.began_at >= due and (until is None or one.began_at < until)]
            for one in after:
                if one in whole:
                    yield one, "lacked"
                elif one.outcome is not VisitOutcome.READ:
                    yield one, "failed"

    # -- what lies in the archive ------------------------------------------------------------------

    def _captures(self, entries: Sequence[Entry], visits: Sequence[BearingVisit]) -> list[Capture]:
        """Of each entry and its files every capture; of the columns' pages those that stood at the visits."""
        urls = {one.url for one in entries}
        counted = {about for about, found in self._considered().items() if any(self._is_own(one) for one in found)}
        urls |= {file.url for one in entries if one.url in counted for v in one.versions for file in v.attachments}
        found = captures_of(self.tx, self.county.id, urls)
        by_column = self._listings(visits)
        for one in visits:
            found += _standing(one.visit, by_column.get(one.visit.column, ()))
        unique = {(one.kind, one.url, one.at): one for one in found}
        return sorted(unique.values(), key=lambda one: (one.at, one.kind, one.url))

    def _is_own(self, one: Finding) -> bool:
        return one in self.found.verdict.findings

    def _listings(self, visits: Sequence[BearingVisit]) -> dict[str, list[Capture]]:
        """The captures of each column's pages. Columns of one address are visited as one, under the first's name."""
        wanted = {one.visit.column for one in visits}
        alike: dict[str, set[str]] = {}
        for key in wanted:
            mine = self.county.columns[key]
            alike[key] = {one.key for one in self.county.columns.values() if one.url == mine.url}
        if not wanted:
            return {}
        until = max(one.visit.ended_at for one in visits)
        held = listing_captures(self.tx, self.county.id, set().union(*alike.values()), until)
        return {key: [one for one in held if one.column in alike[key]] for key in wanted}

    def _shown(self, one: BearingVisit, captures: Sequence[Capture]) -> DossierVisit:
        column = self.county.columns.get(one.visit.column)
        same = {other.key for other in self.county.columns.values() if column and other.url == column.url}
        held = _standing(one.visit, [each for each in captures if each.kind == "listing" and each.column in same])
        visit = one.visit
        return DossierVisit(
            why={why: sorted(set(parts) - {""}) for why, parts in one.why.items()},
            column=visit.column,
            title=column.title or column.name if column else visit.column,
            url=min((each.url for each in held), key=len, default=column.url if column else ""),
            began_at=visit.began_at,
            ended_at=visit.ended_at,
            outcome=str(visit.outcome),
            reached=str(visit.reached or ""),
            pages=visit.pages,
            entries=visit.entries,
            note=visit.note,
            captures=tuple(held),
        )


def _standing(visit: Visit, captures: Iterable[Capture]) -> list[Capture]:
    """What stood on a column's pages when they were visited; of a visit that failed, what it met."""
    last: dict[str, Capture] = {}
    for one in captures:
        if one.at <= visit.ended_at and (one.outcome == READ if visit.outcome in _SHOWN else _met(visit, one)):
            last[one.url] = one
    return list(last.values())


def _met(visit: Visit, one: Capture) -> bool:
    """Whether a failed visit met this answer. One that failed as an earlier one did has no capture of its own."""
    if one.outcome != visit.outcome:
        return False
    if one.at >= visit.began_at:
        return True
    return f"状态码 {one.status}" in visit.note if one.status != 200 else "状态码" not in visit.note


def _considered(one: Finding) -> dict[str, Any]:
    return {"cell": one.cell, "counts": one.counts, "reason": one.reason}


def _entry(one: Entry, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        "url": one.url,
        "column": one.column,
        "title": one.title,
        "first_seen_at": one.first_seen_at.isoformat(),
        "last_seen_at": one.last_seen_at.isoformat(),
        "gone_at": one.gone_at.isoformat() if one.gone_at else "",
        "gone_status": one.gone_status or "",
        "considered": [_considered(found) for found in findings],
        "versions": [_version(version) for version in one.versions],
    }


def _version(one: EntryVersion) -> dict[str, Any]:
    return {
        "seen_at": one.seen_at.isoformat(),
        "title": one.title,
        "claimed": one.claimed.isoformat() if one.claimed else "",
        "claimed_from": one.claimed_from,
        "dates": [[where, moment.isoformat()] for where, moment in one.dates],
        "source": one.source,
        "state": one.state,
        "text": one.text or "",
        "text_sha256": hashlib.sha256(one.text.encode()).hexdigest() if one.text is not None else "",
        "attachments": [
            {"name": file.name, "url": file.url, "sha256": file.digest, "note": file.note} for file in one.attachments
        ],
    }
