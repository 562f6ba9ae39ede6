"""Measures how titles are classified: `python -m tests.titles.measure FILE.tsv …`.

Each line is `DUTY<tab>TITLE<tab>thing|not`, DUTY an id of plan-2015, with `/part` where it has parts. A title is judged
as that of an entry of the right department in the right period whose text is unknown: by its rule's pattern, then by
what the title says the entry is.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tracker.core.law.county import County
from tracker.core.law.duties import Cell, Duty
from tracker.core.matching.criteria import classify_entry_title
from tracker.core.matching.title_case import TitleKind
from tracker.core.matching.title_pattern import may_match
from tracker.core.values.facts import Entry, EntryVersion
from tracker.rulebook.load import load

ROOT = Path(__file__).parents[2]
UNFIT = "no match"


class Line(NamedTuple):
    place: str
    duty: str
    title: str
    label: str


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a set; blank ones and those that begin with # are left out."""
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            duty, title, label = text.split("\t")
            if label not in ("thing", "not"):
                raise SystemExit(f"{path}:{number}: the label is `thing` or `not`, not {label!r}")
            yield Line(f"{path.name}:{number}", duty, title, label)


def load_duties() -> tuple[dict[str, Duty], County]:
    """Return the duties of plan-2015 as the sample county has them."""
    rulebook = next(rulebook for rulebook in load(ROOT, {}).rulebooks if rulebook.county.id == "sample")
    return {duty.id: duty for duty in rulebook.duties if duty.pack == "plan-2015"}, rulebook.county


def classify(duty: Duty, part: str, title: str, county: County) -> TitleKind | None:
    """Return the kind of the title for the first source that it fits; None where it fits no pattern.

    Of a duty whose parts all have names, the part "" stands for the one for which it is the thing, else any.
    """
    all_cells: tuple[Cell, ...] = duty.assignments[0].cells
    cells = [cell for cell in all_cells if cell.part == part] or ([] if part else all_cells)
    kinds = [
        classify_entry_title(duty, cell, source, _entry(title), county)
        for cell in cells
        for source in cell.sources
        if source.columns and may_match(source.title, title)
    ]
    return next((kind for kind in kinds if kind.answer == "thing"), kinds[0] if kinds else None)


def _entry(title: str) -> Entry:
    seen = datetime(2015, 7, 1, tzinfo=UTC)
    return Entry(1, "", "", (EntryVersion(seen, title, None),), seen, seen)


def main(paths: list[str]) -> int:
    duties, county = load_duties()
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for line in (line for path in paths for line in read_lines(Path(path))):
        duty, _, part = line.duty.partition("/")
        if duty not in duties:
            raise SystemExit(f"{line.place}: no such duty: {duty}")
        kind = classify(duties[duty], part, line.title, county)
        answer = kind.answer if kind else UNFIT
        counts[line.label, answer] += 1
        if (answer == "thing") != (line.label == "thing"):
            reason = kind.reason if kind else "标题不符合规则"
            wrong.append(f"{line.label:5} → {answer:9} {line.duty}: {line.title}  ({reason})")
    print("\n".join(sorted(wrong)))
    for label, name in (("thing", "true proofs"), ("not", "no proofs")):
        total = sum(count for (counted_label, _), count in counts.items() if counted_label == label)
        figures = ", ".join(f"{counts[label, answer]} {answer}" for answer in ("thing", "undecided", "about", UNFIT))
        print(f"{name}: {total}: {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
