"""Days whose month stands in a heading above their rows: 2013年5月 over 20日, 17日, 9日."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from tracker.evidence.listing.dialects.elements import Dated, Element
from tracker.evidence.page.dates import plain

_HEADING = re.compile(r"^\W*(?P<year>(?:19|20)\d\d)\s*[年./-]\s*(?P<month>\d{1,2})\s*月?份?\W*$")
_DAY = re.compile(r"^[\s\[(（【]*(?P<day>\d{1,2})\s*(?P<sign>[日号]?)[\s\])）】.、]*$")
#: Of headings without 月 only those that are no day's beginning: 2015-09 alone is one, and a place like 2013.5 too.
_LONGEST = 16


@dataclass(slots=True)
class Months:
    """Headings of months and lone days of a page, in the order in which they stand there."""

    groups: list[tuple[tuple[int, int], list[tuple[int, bool, Dated]]]] = field(default_factory=list)

    def take(self, text: str, inside: Element | None, place: int, today: date) -> bool:
        """Note a text where it is the one or the other; says whether it is a heading."""
        if len(text) > _LONGEST or inside is None:
            return False
        bare = plain(text)
        if match := _HEADING.match(bare):
            self.groups.append(((int(match["year"]), int(match["month"])), []))
            return True
        if self.groups and (match := _DAY.match(bare)) is not None:
            signed = bool(match["sign"]) or bare.strip()[0] in "[(【"
            dated = Dated(today, inside, place, text, relative=True)
            self.groups[-1][1].append((int(match["day"]), signed, dated))
        return False

    def told(self, today: date) -> list[Dated]:
        """The dates that follow; none where the numbers may be those of the rows, and not of days."""
        known = [one for _, days in self.groups for one in days]
        if not known or not (all(signed for _, signed, _ in known) or self._falls()):
            return []
        found: list[Dated] = []
        for (year, month), days in self.groups:
            for day, _, dated in days:
                try:
                    when = date(year, month, day)
                except ValueError:
                    return []
                if when > today + timedelta(days=1):
                    return []
                found.append(replace(dated, when=when))
        return found

    def _falls(self) -> bool:
        """Whether the numbers fall under every heading, and somewhere by more than one: rows are not counted so."""
        runs = [[day for day, _, _ in days] for _, days in self.groups]
        steps = [above - below for run in runs for above, below in pairwise(run)]
        return all(step >= 0 for step in steps) and any(step > 1 for step in steps)
