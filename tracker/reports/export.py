"""Gathers all that the judgement of one occurrence rests on as of the last pass, for a third person to check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.core.law.duties import County, SiteColumn
from tracker.core.matching.case_context import build_context
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.filings import duty_subject
from tracker.core.matching.visit_index import is_complete
from tracker.core.matching.weighing import weigh_evidence
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
    book = next(rulebook for rulebook in loaded.rulebooks if rulebook.county.id == found.occurrence.county)
    with store.read() as tx:
        county_facts = load_county(tx, in_force(tx, loaded, book), loaded.calendar, at)
        case = _ExportCase(tx, loaded, county_facts, found, at)
        dossier = replace(case.dossier(), filed=case.filed(FiledFiles(filings, book.county.id)))
    write_dossier(dossier, archive, target)
    return dossier


def _last_tick(store: Store, loaded: Loaded) -> datetime:
    """When it was last decided, which is what an export documents."""
    with store.read() as tx:
        rows = [read_county(tx, rulebook.county.id) for rulebook in loaded.rulebooks]
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
        self.facts = self.county_facts.facts_of(group)
        desk = build_context(group.duty, group.assignment, self.facts, self.county, self.loaded.calendar, self.at)
        self.weights = weigh_evidence(desk, self.county_facts.occurrences(group))[key]

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
                "entries": [_entry(entry, considered.get(entry.url, ())) for entry in entries],
                "papers": self._papers(considered),
                "flags": self._flags(),
                "rulings": self._rulings(),
                "notices": self._notices(),
            },
            visits=tuple(self._shown(visit, captures) for visit in visits),
            captures=tuple(captures),
        )

    def _matter(self) -> dict[str, Any]:
        explanation, occurrence, verdict = self.found, self.found.occurrence, self.found.verdict
        duty = self.county_facts.rulebook.duty(occurrence.pack, occurrence.duty)
        return {
            "county": self.county.name,
            "title": explanation.title,
            "pack": duty.pack_title if duty else occurrence.pack,
            "clause": explanation.clause,
            "department": explanation.department,
            "period": explanation.period,
            "due": explanation.due,
            "due_on": occurrence.due_on.isoformat() if occurrence.due_on else "",
            "due_at": occurrence.due_at.isoformat() if occurrence.due_at else "",
            "derivation": occurrence.derivation.text,
            "marks": list(explanation.marks),
            "status": verdict.status.value,
            "status_zh": explanation.status_zh,
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
        for finding in (*self.found.verdict.findings, *self.found.near_misses.nearest[:_NEAREST]):
            found.setdefault(finding.about, []).append(finding)
        return found

    def _entries(self, considered: Mapping[str, Sequence[Finding]]) -> list[Entry]:
        entries = [entry for entry in self.facts.entries if entry.url in considered]
        places = {url: place for place, url in enumerate(considered)}
        return sorted(entries, key=lambda entry: (places[entry.url], entry.column))

    def _papers(self, considered: Mapping[str, Sequence[Finding]]) -> list[dict[str, Any]]:
        """What was filed or recorded, with what became of it."""
        key = self.found.occurrence.key
        filed = [
            {
                "about": f"{filing.kind}:{filing.id}", "form": filing.form, "proof": filing.title, "by": filing.by,
                "file": filed_as(filing.digest) if filing.digest else "",
                "recorded_at": filing.recorded_at.isoformat(),
                "considered": [_considered(finding) for finding in considered.get(f"{filing.kind}:{filing.id}", ())],
            }
            for filing in self.facts.filings if filing.occurrence == key
        ]  # fmt: skip
        events = [
            {"about": about, "considered": [_considered(finding) for finding in findings]}
            for about, findings in considered.items()
            if about.startswith("event:")
        ]
        return filed + events

    def filed(self, files: FiledFiles) -> dict[str, Path]:
        """Where the files lie that were filed for it, by their SHA-256."""
        key = self.found.occurrence.key
        return {
            filing.digest: files.place(filing.digest)
            for filing in self.facts.filings
            if filing.occurrence == key and filing.digest
        }

    def _flags(self) -> list[dict[str, str]]:
        return [
            {"kind": flag.kind, "url": flag.url, "title": flag.title, "question": flag.question}
            for flag in self.found.flags
        ]

    def _rulings(self) -> list[dict[str, Any]]:
        key = self.found.occurrence.key
        return [
            {
                "kind": ruling.kind, "target": ruling.target, "part": ruling.part or "", "as_seen": ruling.as_seen,
                "by": ruling.by,
                "reason": ruling.reason, "recorded_at": ruling.recorded_at.isoformat(),
            }
            | {
                name: str(said)
                for name in ("id", "ground", "basis", "until", "asked_by")
                if (said := getattr(ruling, name))
            }
            for ruling in self.facts.rulings if ruling.occurrence in (key, duty_subject(key))
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
            columns = {key: self.county.columns.get(key) for source in weight.cell.sources for key in source.columns}
            for column in columns.values():
                for visit, why in self._of_column(column, weight) if column else ():
                    parts = chosen.setdefault((visit.began_at, visit.column), BearingVisit(visit, {})).why
                    parts.setdefault(why, []).append(self._part(weight.cell.part))
        return [chosen[key] for key in sorted(chosen)]

    def _part(self, name: str) -> str:
        occurrence = self.found.occurrence
        duty = self.county_facts.rulebook.duty(occurrence.pack, occurrence.duty)
        return duty.part(name).title if duty is not None and len(duty.parts) > 1 else ""

    def _of_column(self, column: SiteColumn, weight: CellEvidence) -> Iterable[tuple[Visit, str]]:
        due = self.found.occurrence.due_at
        here = sorted(
            (visit for visit in self.facts.visits if visit.column == column.key), key=lambda visit: visit.began_at
        )
        whole = [
            visit for visit in here if visit.outcome is VisitOutcome.READ and is_complete(visit, weight.since, column)
        ]
        carriers = [carrier.entry for carrier in weight.proof.candidates]
        seen = {carrier.first_seen_at for carrier in carriers if carrier.column == column.key}
        yield from ((visit, "showed") for visit in here if visit.began_at in seen)
        # What is proved was there when it was first seen; what is not, may have been lacking to this day.
        until = max(carrier.first_seen_at for carrier in carriers) if carriers else None
        before = [visit for visit in whole if due is None or visit.began_at < due]
        if before:
            yield before[-1], "before"
        if due is not None and (until is None or until >= due):
            after = [visit for visit in here if visit.began_at >= due and (until is None or visit.began_at < until)]
            for one in after:
                if one in whole:
                    yield one, "lacked"
                elif one.outcome is not VisitOutcome.READ:
                    yield one, "failed"

    # -- what lies in the archive ------------------------------------------------------------------

    def _captures(self, entries: Sequence[Entry], visits: Sequence[BearingVisit]) -> list[Capture]:
        """Of each entry and its files every capture; of the columns' pages those that stood at the visits."""
        urls = {entry.url for entry in entries}
        counted = {
            about
            for about, findings in self._considered().items()
            if any(self._is_own(finding) for finding in findings)
        }
        urls |= {
            file.url for entry in entries if entry.url in counted for v in entry.versions for file in v.attachments
        }
        captures = captures_of(self.tx, self.county.id, urls)
        by_column = self._listings(visits)
        for visit in visits:
            captures += _standing(visit.visit, by_column.get(visit.visit.column, ()))
        unique = {(capture.kind, capture.url, capture.at): capture for capture in captures}
        return sorted(unique.values(), key=lambda capture: (capture.at, capture.kind, capture.url))

    def _is_own(self, finding: Finding) -> bool:
        return finding in self.found.verdict.findings

    def _listings(self, visits: Sequence[BearingVisit]) -> dict[str, list[Capture]]:
        """The captures of each column's pages. Columns of one address are visited as one, under the first's name."""
        wanted = {visit.visit.column for visit in visits}
        alike: dict[str, set[str]] = {}
        for key in wanted:
            mine = self.county.columns[key]
            alike[key] = {column.key for column in self.county.columns.values() if column.url == mine.url}
        if not wanted:
            return {}
        until = max(visit.visit.ended_at for visit in visits)
        captures = listing_captures(self.tx, self.county.id, set().union(*alike.values()), until)
        return {key: [capture for capture in captures if capture.column in alike[key]] for key in wanted}

    def _shown(self, one: BearingVisit, captures: Sequence[Capture]) -> DossierVisit:
        column = self.county.columns.get(one.visit.column)
        same = {other.key for other in self.county.columns.values() if column and other.url == column.url}
        held = _standing(
            one.visit, [capture for capture in captures if capture.kind == "listing" and capture.column in same]
        )
        visit = one.visit
        return DossierVisit(
            why={why: sorted(set(parts) - {""}) for why, parts in one.why.items()},
            column=visit.column,
            title=column.title or column.name if column else visit.column,
            url=min((capture.url for capture in held), key=len, default=column.url if column else ""),
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
    for capture in captures:
        if capture.at <= visit.ended_at and (
            capture.outcome == READ if visit.outcome in _SHOWN else _met(visit, capture)
        ):
            last[capture.url] = capture
    return list(last.values())


def _met(visit: Visit, capture: Capture) -> bool:
    """Whether a failed visit met this answer. One that failed as an earlier one did has no capture of its own."""
    if capture.outcome != visit.outcome:
        return False
    if capture.at >= visit.began_at:
        return True
    return f"状态码 {capture.status}" in visit.note if capture.status != 200 else "状态码" not in visit.note


def _considered(finding: Finding) -> dict[str, Any]:
    return {"cell": finding.cell, "counts": finding.counts, "reason": finding.reason}


def _entry(entry: Entry, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        "url": entry.url,
        "column": entry.column,
        "title": entry.title,
        "first_seen_at": entry.first_seen_at.isoformat(),
        "last_seen_at": entry.last_seen_at.isoformat(),
        "gone_at": entry.gone_at.isoformat() if entry.gone_at else "",
        "gone_status": entry.gone_status or "",
        "considered": [_considered(finding) for finding in findings],
        "versions": [_version(version) for version in entry.versions],
    }


def _version(version: EntryVersion) -> dict[str, Any]:
    return {
        "seen_at": version.seen_at.isoformat(),
        "title": version.title,
        "claimed": version.claimed.isoformat() if version.claimed else "",
        "claimed_from": version.claimed_from,
        "dates": [[where, moment.isoformat()] for where, moment in version.dates],
        "source": version.source,
        "state": version.state,
        "text": version.text or "",
        "text_sha256": hashlib.sha256(version.text.encode()).hexdigest() if version.text is not None else "",
        "attachments": [
            {"name": file.name, "url": file.url, "sha256": file.digest, "note": file.note}
            for file in version.attachments
        ],
    }
