"""Gathers the evidence on which one occurrence was judged, for a third person to check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.core.law.citations import cite_basis_in_full
from tracker.core.law.county import County, SiteColumn
from tracker.core.law.duties import Duty
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.matching.filings import duty_subject
from tracker.core.matching.visit_index import is_complete
from tracker.core.values.certificate import Certificate, find_grounds, part_zh, parts_in_order
from tracker.core.values.facts import Entry, EntryVersion, Facts, Filing, Ruling, Visit, VisitOutcome
from tracker.core.values.rulings import ground_zh
from tracker.core.values.verdicts import Finding
from tracker.decide.explain import Explanation, explain
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import prefix_of
from tracker.decide.load import load_county
from tracker.evidence.attachments.filed import FiledFiles
from tracker.evidence.fetch.failures import named_status
from tracker.registers.adoptions import load_rules_in_force
from tracker.reports.dossier import Dossier, DossierVisit, filed_as, write_dossier
from tracker.rulebook.loaded import Loaded
from tracker.store.captures import READ, Capture, load_captures, load_listing_captures
from tracker.store.certificates import load_certificates
from tracker.store.counties import read_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import list_rows
from tracker.store.occurrences import load_occurrences
from tracker.store.sent import list_notices_about

#: How many of the entries that were passed over are put in, nearest first.
_NEAREST = 10
#: Outcomes of visits that saw a list.
_READABLE = (VisitOutcome.READ, VisitOutcome.MOVED)
_JOURNAL = ("height", "at", "who", "action", "before", "after", "reason", "previous", "hash")


def export(
    store: Store, loaded: Loaded, archive: Path, filings: Path, key: str, target: Path, now: datetime | None
) -> Dossier | list[str]:
    """Write the evidence of the occurrence whose key is `key` or ends in it to a zip; else return keys that look alike.

    `archive`, `filings`: the folders of the WARC files and of the filed files. `now`: judged as of then; None: as of
    the last tick.
    """
    at = now or _last_tick(store, loaded)
    explanation = explain(store, loaded, key, at)
    if isinstance(explanation, list):
        return explanation
    book = next(rulebook for rulebook in loaded.rulebooks if rulebook.county.id == explanation.occurrence.county)
    with store.read() as tx:
        county_facts = load_county(tx, load_rules_in_force(tx, loaded, book), loaded.calendar, at)
        case = _ExportCase(tx, loaded, county_facts, explanation, at)
        dossier = case.dossier(FiledFiles(filings, book.county.id))
    write_dossier(dossier, archive, target)
    return dossier


def _last_tick(store: Store, loaded: Loaded) -> datetime:
    """The instant of the last tick, in the schedule's zone."""
    with store.read() as tx:
        rows = [read_county(tx, rulebook.county.id) for rulebook in loaded.rulebooks]
    ticked = [row.ticked_at for row in rows if row.ticked_at is not None]
    if not ticked:
        raise LookupError("nothing was decided yet: run `duban tick` first")
    return max(ticked).astimezone(loaded.schedule.zone)


@dataclass(slots=True)
class _ExportCase:
    """One occurrence with the facts, rules and evidence that it is judged by."""

    tx: Tx
    loaded: Loaded
    county_facts: CountyFacts
    explanation: Explanation
    at: datetime
    facts: Facts = field(init=False)
    considered: dict[str, list[Finding]] = field(init=False)
    certificates: Mapping[str, Certificate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        group = self.county_facts.groups.by_prefix[prefix_of(self.key)]
        self.facts = self.county_facts.facts_of(group)
        # By what they are about: the findings of the verdict, then the nearest that were passed over.
        self.considered = {}
        verdict, near_misses = self.explanation.verdict, self.explanation.near_misses
        for finding in (*verdict.findings, *near_misses.nearest[:_NEAREST]):
            self.considered.setdefault(finding.about, []).append(finding)

    @property
    def county(self) -> County:
        return self.county_facts.rulebook.county

    @property
    def key(self) -> str:
        return self.explanation.occurrence.key

    @property
    def duty(self) -> Duty | None:
        return self.county_facts.rulebook.duty(self.explanation.occurrence.pack, self.explanation.occurrence.duty)

    def dossier(self, files: FiledFiles) -> Dossier:
        visits, entries = self._visits(), self._entries()
        self.certificates = load_certificates(self.tx, self.county.id, {visit.certificate for visit, _ in visits})
        captures = self._captures(entries, [visit for visit, _ in visits])
        row = load_occurrences(self.tx, self.county.id).get(self.key)
        county = read_county(self.tx, self.county.id)
        journal = list_rows(self.tx, self.county.id, subject=self.key)
        filings = [filing for filing in self.facts.filings if filing.occurrence == self.key]
        return Dossier(
            occurrence=self.key,
            as_of=self.at,
            zone=self.county.zone,
            facts={
                **self._matter(),
                "decided_under": _pick(row, "rulebook", "calendar") if row else {},
                "rulebook": self.county_facts.rulebook.digest,
                "calendar": self.loaded.calendar.digest,
                "journal": {
                    "height": county.journal_height,
                    "head": county.journal_head,
                    "lines": [_pick(row, *_JOURNAL) for row in journal],
                },
                "entries": [_entry(entry, self.considered.get(entry.url, ())) for entry in entries],
                "papers": [*map(self._filing, filings), *self._events()],
                "flags": [_pick(flag, "kind", "url", "title", "question") for flag in self.explanation.flags],
                "rulings": [
                    _ruling(ruling)
                    for ruling in self.facts.rulings
                    if ruling.occurrence in (self.key, duty_subject(self.key))
                ],
                "notices": [dict(row) for row in list_notices_about(self.tx, self.county.id, self.key)],
            },
            visits=tuple(self._dossier_visit(visit, why, captures) for visit, why in visits),
            captures=tuple(captures),
            filed={filing.digest: files.place(filing.digest) for filing in filings if filing.digest},
        )

    def _matter(self) -> dict[str, Any]:
        explanation, occurrence, verdict = self.explanation, self.explanation.occurrence, self.explanation.verdict
        return {
            "county": self.county.name,
            "title": explanation.title,
            "basis": cite_basis_in_full(occurrence, self.duty) if self.duty else explanation.clause,
            "pack": self.duty.pack_title if self.duty else occurrence.pack,
            **_pick(explanation, "clause", "department", "period", "due"),
            "due_on": _iso(occurrence.due_on),
            "due_at": _iso(occurrence.due_at),
            "derivation": occurrence.derivation.text,
            "marks": list(explanation.marks),
            "status": verdict.status.value,
            "status_zh": explanation.status_zh,
            "light": verdict.light.value,
            "light_zh": verdict.light.zh,
            "reason": verdict.reason,
            "proved_at": _iso(verdict.proved_at),
            "cells": [
                {"cell": cell.cell, "part": self._part(cell.part), "state": cell.state, "reason": cell.reason}
                for cell in verdict.cells
            ],
        }

    def _part(self, name: str) -> str:
        return self.duty.part(name).title if name and self.duty is not None and len(self.duty.parts) > 1 else ""

    # -- what was considered -----------------------------------------------------------------------

    def _entries(self) -> list[Entry]:
        entries = [entry for entry in self.facts.entries if entry.url in self.considered]
        places = {url: place for place, url in enumerate(self.considered)}
        return sorted(entries, key=lambda entry: (places[entry.url], entry.column))

    def _filing(self, filing: Filing) -> dict[str, Any]:
        about = f"{filing.kind}:{filing.id}"
        return {
            "about": about, "form": filing.form, "proof": filing.title, "by": filing.by,
            "file": filed_as(filing.digest) if filing.digest else "", "recorded_at": filing.recorded_at,
            "considered": _considered(self.considered.get(about, ())),
        }  # fmt: skip

    def _events(self) -> Iterator[dict[str, Any]]:
        for about, findings in self.considered.items():
            if about.startswith("event:"):
                yield {"about": about, "considered": _considered(findings)}

    # -- what was looked at ------------------------------------------------------------------------

    def _visits(self) -> list[tuple[Visit, dict[str, list[str]]]]:
        """The visits that decided something, in their order, each once, with `DossierVisit.why`."""
        chosen: dict[tuple[datetime, str], tuple[Visit, dict[str, list[str]]]] = {}
        for evidence in self.explanation.evidences:
            columns = {key: self.county.columns.get(key) for source in evidence.cell.sources for key in source.columns}
            for column in columns.values():
                for visit, why in self._visits_of(column, evidence) if column else ():
                    _, parts = chosen.setdefault((visit.began_at, visit.column), (visit, {}))
                    parts.setdefault(why, []).append(self._part(evidence.cell.part))
        return [chosen[key] for key in sorted(chosen)]

    def _visits_of(self, column: SiteColumn, evidence: CellEvidence) -> Iterable[tuple[Visit, str]]:
        """The column's visits that decided something of the cell, each with why."""
        due = self.explanation.occurrence.due_at
        visits = sorted(
            (visit for visit in self.facts.visits if visit.column == column.key), key=lambda visit: visit.began_at
        )
        complete = [
            visit
            for visit in visits
            if visit.outcome is VisitOutcome.READ and is_complete(visit, evidence.counts_from, column)
        ]
        proving_entries = [candidate.entry for candidate in evidence.proof.candidates]
        seen = {entry.first_seen_at for entry in proving_entries if entry.column == column.key}
        yield from ((visit, "showed") for visit in visits if visit.began_at in seen)
        # Proved contents were there when they were first seen; others may be missing to this day.
        until = max(entry.first_seen_at for entry in proving_entries) if proving_entries else None
        before = [visit for visit in complete if due is None or visit.began_at < due]
        if before:
            yield before[-1], "before"
        if due is not None and (until is None or until >= due):
            for visit in visits:
                if visit.began_at < due or (until is not None and visit.began_at >= until):
                    continue
                if visit in complete:
                    yield visit, "lacked"
                elif visit.outcome is not VisitOutcome.READ:
                    yield visit, "failed"

    # -- what lies in the archive ------------------------------------------------------------------

    def _captures(self, entries: Sequence[Entry], visits: Sequence[Visit]) -> list[Capture]:
        """Of each entry and its files every capture; of the columns' pages those that were current at the visits."""
        findings = self.explanation.verdict.findings
        urls = {entry.url for entry in entries} | {
            file.url
            for entry in entries
            if any(finding in findings for finding in self.considered[entry.url])
            for version in entry.versions
            for file in version.attachments
        }
        captures = load_captures(self.tx, self.county.id, urls)
        if visits:
            alike = {visit.column: self._columns_alike(visit.column) for visit in visits}
            until = max(visit.ended_at for visit in visits)
            listings = load_listing_captures(self.tx, self.county.id, set().union(*alike.values()), until)
            for visit in visits:
                captures += _current_at(visit, [page for page in listings if page.column in alike[visit.column]])
        unique = {(capture.kind, capture.url, capture.at): capture for capture in captures}
        return sorted(unique.values(), key=lambda capture: (capture.at, capture.kind, capture.url))

    def _columns_alike(self, key: str) -> set[str]:
        """The columns of the same address: they are visited as one, under the first's name."""
        columns = self.county.columns
        return {column.key for column in columns.values() if key in columns and column.url == columns[key].url}

    def _certificate(self, visit: Visit) -> list[dict[str, Any]]:
        """Every part of the visit's certificate, and whether its claim rests on it; none without a certificate."""
        certificate = self.certificates.get(visit.certificate)
        if certificate is None:
            return []
        grounds = {part.name for part in find_grounds(certificate)}
        return [
            {"part": part.name.value, "name": part_zh(part.name), "ground": part.name in grounds}
            | _pick(part, "holds", "reason")
            for part in parts_in_order(certificate)
        ]

    def _dossier_visit(
        self, visit: Visit, why: Mapping[str, Sequence[str]], captures: Sequence[Capture]
    ) -> DossierVisit:
        column, alike = self.county.columns.get(visit.column), self._columns_alike(visit.column)
        pages = [capture for capture in captures if capture.kind == "listing" and capture.column in alike]
        current = _current_at(visit, pages)
        return DossierVisit(
            why={name: sorted(set(parts) - {""}) for name, parts in why.items()},
            column=visit.column,
            title=column.title or column.name if column else visit.column,
            url=min((capture.url for capture in current), key=len, default=column.url if column else ""),
            began_at=visit.began_at,
            ended_at=visit.ended_at,
            outcome=str(visit.outcome),
            reached=str(visit.reached or ""),
            pages=visit.pages,
            entries=visit.entries,
            note=visit.note,
            certificate=self._certificate(visit),
            captures=tuple(current),
        )


def _current_at(visit: Visit, captures: Iterable[Capture]) -> list[Capture]:
    """The last capture of each of a column's pages before a visit ended; of a failed visit, the failures it met."""
    last: dict[str, Capture] = {}
    for capture in captures:
        if capture.at <= visit.ended_at and (
            capture.outcome == READ if visit.outcome in _READABLE else _met(visit, capture)
        ):
            last[capture.url] = capture
    return list(last.values())


def _met(visit: Visit, capture: Capture) -> bool:
    """Whether a failed visit met this answer. One that failed as an earlier one did has no capture of its own."""
    if capture.outcome != visit.outcome:
        return False
    if capture.at >= visit.began_at:
        return True
    return (named_status(visit.note) or 200) == capture.status


def _pick(record: object, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _iso(moment: date | None) -> str:
    return moment.isoformat() if moment else ""


def _considered(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [_pick(finding, "cell", "counts", "reason") for finding in findings]


def _ruling(ruling: Ruling) -> dict[str, Any]:
    named = {name: str(value) for name in ("id", "basis", "until", "asked_by") if (value := getattr(ruling, name))}
    if ruling.ground:
        named["ground"] = ground_zh(ruling.ground)
    required = _pick(ruling, "kind", "target", "part", "as_seen", "by", "reason", "recorded_at")
    return required | {"part": ruling.part or ""} | named


def _entry(entry: Entry, findings: Iterable[Finding]) -> dict[str, Any]:
    return {
        **_pick(entry, "url", "column", "title", "first_seen_at", "last_seen_at"),
        "gone_at": _iso(entry.gone_at),
        "gone_status": entry.gone_status or "",
        "considered": _considered(findings),
        "versions": [_version(version) for version in entry.versions],
    }


def _version(version: EntryVersion) -> dict[str, Any]:
    return {
        "seen_at": version.seen_at,
        "title": version.title,
        "claimed": _iso(version.claimed),
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
