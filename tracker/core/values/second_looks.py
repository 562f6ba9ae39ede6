"""Second looks: what was searched for, where, before anybody beyond the liaison is told of a matter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

#: Where a second look searches: the other columns of the county's sites, as the crawl knows them; the site's map; the
#: site's own search. Each speaks for presence only: what it does not show is not missing for that.
Place = Literal["other-columns", "sitemap", "search"]
PLACES_ZH: dict[str, str] = {"other-columns": "本站其他栏目", "sitemap": "站点地图", "search": "站内检索"}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something whose title fits. `where`: the column that shows it, "" where none does."""

    title: str
    url: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One search of a second look. `note`: why it could not be made (Chinese), "" where it was made."""

    place: Place
    url: str = ""
    note: str = ""
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A second look for one occurrence. All columns in which its proof may be found were read completely in it."""

    id: int
    occurrence: str
    began_at: datetime
    ended_at: datetime
    searches: tuple[Search, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What all searches found, each address once."""
        return tuple({hit.url: hit for search in self.searches for hit in search.hits}.values())


def searches_to_json(searches: tuple[Search, ...]) -> list[dict[str, Any]]:
    """Return searches as JSON values."""
    return [asdict(search) for search in searches]


def searches_from_json(values: list[dict[str, Any]]) -> tuple[Search, ...]:
    """Return the searches that `searches_to_json` wrote."""
    return tuple(Search(**{**value, "hits": tuple(Hit(**hit) for hit in value["hits"])}) for value in values)
