"""Finds what differs between two snapshots, and tells it in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path

from tests.compare.snapshot import Row, Rows

#: Texts are shown around the place where they part, so many characters to each side.
AROUND = 70


@dataclass(frozen=True)
class Difference:
    """One value that is another one. `column` "": the whole row is on one side only, and the other text is None."""

    county: str
    table: str
    key: str
    column: str
    before: str | None
    after: str | None

    def lines(self) -> Iterator[str]:
        """As it is printed under its table."""
        if self.before is None or self.after is None:
            sign, text = ("-", self.before) if self.after is None else ("+", self.after)
            yield f"  {sign} {self.key}" + (f": {_cut(text or '', 0)}" if text else "")
            return
        start = _common(self.before, self.after)
        yield f"  ~ {self.key}: {self.column}"
        yield f"      before: {_cut(self.before, start)}"
        yield f"      after:  {_cut(self.after, start)}"


def differences(county: str, before: Mapping[str, Rows], after: Mapping[str, Rows]) -> Iterator[Difference]:
    """Everything that differs, table by table."""
    for table in (*before, *(name for name in after if name not in before)):
        yield from _of_table(county, table, before.get(table, {}), after.get(table, {}))


def _of_table(county: str, table: str, before: Rows, after: Rows) -> Iterator[Difference]:
    for key in (*before, *(key for key in after if key not in before)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield Difference(county, table, key, "", _row(old), _row(new))
            continue
        for column in (*old, *(column for column in new if column not in old)):
            one, other = _comparable(old.get(column, ""), new.get(column, ""))
            if one != other:
                yield Difference(county, table, key, column, one, other)


def _comparable(before: str | tuple[str, ...], after: str | tuple[str, ...]) -> tuple[str, str]:
    """Of lines, those that both sides have: what only one has is reported as a row of its own table."""
    if isinstance(before, str) or isinstance(after, str):
        return str(before), str(after)
    common = set(before) & set(after)
    one, other = ("\n".join(line for line in dict.fromkeys(lines) if line in common) for lines in (before, after))
    return one, other


def _row(row: Row | None) -> str | None:
    if row is None:
        return None
    return ", ".join(f"{column}={text}" for column, text in row.items() if text and isinstance(text, str))


def _common(before: str, after: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))


def _cut(text: str, place: int) -> str:
    """The text around the place, on one line."""
    first, last = max(0, place - AROUND), place + 2 * AROUND
    shown = " ".join(text[first:last].split()) or '""'
    return ("…" if first else "") + shown + ("…" if last < len(text) else "")


@dataclass(frozen=True)
class Explanation:
    """A line of the list of explained differences: patterns of what it explains, and why that is right.

    A column that ends in "=" explains only what is empty now.
    """

    county: str
    table: str
    key: str
    column: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        """Whether the difference is one of those."""
        pairs = (
            (difference.county, self.county),
            (difference.table, self.table),
            (difference.key, self.key),
            (difference.column, self.column.removesuffix("=")),
        )
        if self.column.endswith("=") and difference.after:
            return False
        return all(fnmatchcase(text, pattern) for text, pattern in pairs)


def read_explained(path: Path) -> list[Explanation]:
    """The explained differences. Raises ValueError for a line that has no reason."""
    explanations = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 5 or not all(parts):
            raise ValueError(f"{path}:{number}: write county | table | key | column | reason")
        explanations.append(Explanation(*parts))
    return explanations


def told(found: Sequence[Difference], most: int) -> Iterator[str]:
    """The differences as lines, `most` of a table."""
    for (county, table), group in groupby(found, key=lambda difference: (difference.county, difference.table)):
        members = list(group)
        yield f"{county}, {table}: {len(members)} differences"
        for difference in members[:most]:
            yield from difference.lines()
        if len(members) > most:
            yield f"  … and {len(members) - most} more"


def split(
    found: Iterable[Difference], explanations: Sequence[Explanation]
) -> tuple[list[Difference], dict[Explanation, int]]:
    """Those that nothing explains, and how many each explanation explains."""
    counts = dict.fromkeys(explanations, 0)
    left = []
    for difference in found:
        explained = next((one for one in explanations if one.explains(difference)), None)
        if explained is None:
            left.append(difference)
        else:
            counts[explained] += 1
    return left, counts
