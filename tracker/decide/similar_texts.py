"""Finds the texts of a county that are similar to those about which a person may be asked."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.matching.texts import TextIndex, fingerprint_of
from tracker.core.verdict.questions import JudgedGroup
from tracker.decide.facts import CountyFacts
from tracker.store.engine import Tx
from tracker.store.facts import load_similar_entries


def load_similar_texts(tx: Tx, facts: CountyFacts, judged: Iterable[JudgedGroup]) -> TextIndex:
    """Return the index of the county's texts that are similar to those of the entries in question."""
    if facts.scopes is None:
        return facts.texts
    urls = {
        finding.about
        for group in judged
        for occurrence in group.occurrences
        for finding in group.verdicts[occurrence.key].findings
    }
    fingerprints = {
        fingerprint_of(version) for entry in facts.facts.entries if entry.url in urls for version in entry.versions
    } - {""}
    return TextIndex(load_similar_entries(tx, facts.rulebook.county.id, fingerprints)) if fingerprints else TextIndex()
