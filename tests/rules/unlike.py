"""What the entries of `unlike.txt` and `budgets.txt` come to under the shipped plan.

`python -m tests.rules.unlike [FILE …]` prints what does not come out as expected.

Each entry is judged alone, with its title and text, as that of its department in its duty's column.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple

from tracker.core.law.duties import Duty
from tracker.core.law.instances import from_event, instances_of
from tracker.core.values.facts import Attachment, Entry, EntryVersion, Event, Facts, Moment
from tracker.core.verdict.status import judge
from tracker.rulebook.load import load

HERE = Path(__file__).parent
SETS = (HERE / "unlike.txt", HERE / "budgets.txt")
LOADED = load(HERE.parents[1], {})
RULEBOOK = next(rulebook for rulebook in LOADED.rulebooks if rulebook.county.id == "sample")
COUNTY, CALENDAR = RULEBOOK.county, LOADED.calendar
DUTIES = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "plan-2015"}
#: What is expected, and what came out.
EXPECTED = {"+": "proves", "-": "does not prove", "?": "is put to a person"}
AFTER_ALL = datetime(2017, 1, 1, tzinfo=UTC)


class Published(NamedTuple):
    """One line of a set: what is expected of an entry that a department published on a day."""

    place: str
    expected: str
    duty: str
    part: str
    department: str
    day: date
    event: dict[str, str]
    title: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.duty}{'/' * bool(self.part)}{self.part}: {self.expected} {self.title}"


def read_set(path: Path) -> Iterator[Published]:
    """Yield the lines of a set, each with what stands in the head above it."""
    head: tuple[str, str, str, date, dict[str, str]] | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("["):
            place, department, day, *fields = line.strip("[]").split()
            duty, _, part = place.partition("/")
            head = duty, part, department, date.fromisoformat(day), dict(field.split("=", 1) for field in fields)
        elif line[:1] in EXPECTED and head is not None:
            title, _, text = line[2:].partition(" | ")
            yield Published(f"{path.name}:{number}", line[0], *head, title, text)


def outcome(line: Published) -> str:
    """Return `+` where the entry proves a cell of its part, `?` where a person is asked about it, else `-`."""
    duty, event = DUTIES[line.duty], _event(line)
    assignment = next(group for group in duty.assignments if line.department in group.members)
    own = replace(duty, assignments=(assignment,))
    occurrences = instances_of(own, CALENDAR, COUNTY, duty.in_force_until)
    occurrences += from_event(own, event, CALENDAR, COUNTY) if event else ()
    facts = Facts(entries=tuple(_entries(line, own)), events=(event,) if event else ())
    verdicts = judge(own, assignment, occurrences, facts, COUNTY, CALENDAR, AFTER_ALL).values()
    if any(cell.state == "proved" for verdict in verdicts for cell in verdict.cells if cell.cell.startswith(line.part)):
        return "+"
    return "?" if any(finding.awaits_person for verdict in verdicts for finding in verdict.findings) else "-"


def _entries(line: Published, duty: Duty) -> Iterator[Entry]:
    cells = [cell for cell in duty.assignments[0].cells if line.part in ("", cell.part)]
    columns = dict.fromkeys(column for cell in cells for source in cell.sources for column in source.columns)
    text, *files = (piece.replace("↵", "\n").replace("¦", "\t") for piece in line.text.split("▤"))
    attachments = tuple(
        Attachment(name, f"http://127.0.0.1/{name}", content)
        for name, content in zip(files[::2], files[1::2], strict=True)
    )
    seen, publisher = datetime.combine(line.day, time(12), COUNTY.zone), COUNTY.departments[line.department].name
    for number, column in enumerate(columns, 1):
        version = EntryVersion(seen, line.title, line.day, text, "read", attachments, publisher)
        yield Entry(number, column, f"{COUNTY.columns[column].url}example.html", (version,), seen, seen)


def _event(line: Published) -> Event | None:
    if "of" not in line.event:
        return None
    fields = {name: value for name, value in line.event.items() if name not in ("of", "event")}
    occurred: Moment = date.fromisoformat(line.event["event"][:10])
    recorded = datetime.combine(occurred, time(12), COUNTY.zone)
    return Event(1, line.event["of"], line.department, line.event["event"][:10], occurred, recorded, None, fields)


def main(paths: list[str]) -> int:
    """Print what did not come out as expected, and how many did; of the shipped sets if none is named."""
    counts: Counter[str] = Counter()
    for path in map(Path, paths or SETS):
        for line in read_set(path):
            found = outcome(line)
            counts[f"{line.expected} → {found}"] += 1
            if found != line.expected and not (line.expected == "-" and found == "?"):
                print(f"{line.place}: {line.expected} → {found} {line.name}")
    print(dict(sorted(counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
