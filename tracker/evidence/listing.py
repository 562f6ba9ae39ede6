"""What a column's page lists, whatever system made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.core.facts import Sighting
from tracker.evidence.dates import day_of

#: The registration number of this way of reading: a cached result of another one is read anew.
EDITION = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a column. `understood` False: no list was recognised, and `reason` (Chinese) says why.

    `next_url` and `numbered` (page number → address) lead on; `total` and `items`: how many pages and
    entries the page says there are; `more`: more pages may follow that cannot be followed. `ordered`: newest first.
    `digest`: the page shows only the first rows of several lists.
    """

    sightings: tuple[Sighting, ...] = ()
    understood: bool = True
    reason: str = ""
    dialect: str = ""
    next_url: str | None = None
    numbered: Mapping[int, str] = field(default_factory=dict)
    total: int | None = None
    items: int | None = None
    more: bool = False
    ordered: bool = True
    digest: bool = False
    barrier: str = ""

    @property
    def newest(self) -> date | None:
        return max((day_of(one.claimed) for one in self.sightings if one.claimed is not None), default=None)

    def following(self, number: int) -> str | None:
        """The address of the page after this one, the `number`-th of its column; None where none is known."""
        return self.next_url or self.numbered.get(number + 1)

    def to_json(self) -> dict[str, Any]:
        """The form that the page cache keeps."""
        return {
            "edition": EDITION,
            "rows": [[one.url, one.title, _text(one.claimed), one.publisher, one.inferred] for one in self.sightings],
            "understood": self.understood,
            "reason": self.reason,
            "dialect": self.dialect,
            "next_url": self.next_url,
            "numbered": {str(number): url for number, url in self.numbered.items()},
            "total": self.total,
            "items": self.items,
            "more": self.more,
            "ordered": self.ordered,
            "digest": self.digest,
            "barrier": self.barrier,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Listing | None:
        """None where another edition of the readers kept it."""
        if kept.get("edition") != EDITION:
            return None
        values = {
            name: kept[name] for name in ("understood", "reason", "dialect", "next_url", "total", "items", "more")
        }
        return cls(
            sightings=tuple(
                Sighting(url, title, _moment(claimed), publisher, inferred)
                for url, title, claimed, publisher, inferred in kept["rows"]
            ),
            numbered={int(number): url for number, url in kept["numbered"].items()},
            ordered=kept["ordered"],
            digest=kept["digest"],
            barrier=kept["barrier"],
            **values,
        )


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
