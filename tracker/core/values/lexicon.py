"""The words by which titles are read; `rulebook/titles.yaml` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The kinds of paper about a thing that a rule may accept in its place.
Accepted = Literal["news", "plan", "guide", "draft", "forward", "call", "correction"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of `rulebook/titles.yaml`, list by list; what each list means stands there."""

    lists: tuple[str, ...]
    tables: tuple[str, ...]
    records: tuple[str, ...]
    periodicals: tuple[str, ...]
    matters: tuple[str, ...]
    plans: tuple[str, ...]
    rules: tuple[str, ...]
    guides: tuple[str, ...]
    news: tuple[str, ...]
    calls: tuple[str, ...]
    reports: tuple[str, ...]
    open: tuple[str, ...]
    carriers: tuple[str, ...]
    shows: tuple[str, ...]
    deeds: tuple[str, ...]
    drafts: tuple[str, ...]
    samples: tuple[str, ...]
    forwards: tuple[str, ...]
    corrections: tuple[str, ...]
    aspects: tuple[str, ...]
    pending: tuple[str, ...]
    questions: tuple[str, ...]
    letters: tuple[str, ...]
    tags: tuple[str, ...]
    hands: tuple[str, ...]
    publishes: tuple[str, ...]
    asks: tuple[str, ...]
    works: tuple[str, ...]
    begins: tuple[str, ...]
    rulings: tuple[str, ...]
    acts: tuple[str, ...]
    occasions: tuple[str, ...]
    happens: tuple[str, ...]
    meets: tuple[str, ...]
    does: tuple[str, ...]
    zeal: tuple[str, ...]
    turns: tuple[str, ...]
    strangers: tuple[str, ...]
    people: tuple[str, ...]
    recipients: tuple[str, ...]
    neutral: tuple[str, ...]
    organs: tuple[str, ...]
    light: tuple[str, ...]
    subjects: tuple[str, ...]
    leaders: tuple[str, ...]

    def __hash__(self) -> int:
        return hash(self.lists)  # of a value that is asked for at every title
