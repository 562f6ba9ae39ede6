"""From a county file to the county's values: departments, contacts, and the columns of its sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import OFFICE
from tracker.core.law.duties import County, Department, Interface, SiteColumn
from tracker.rulebook.county_model import (
    AttestedModel,
    ColumnModel,
    CountyModel,
    PlaceModel,
    SiteModel,
)
from tracker.rulebook.document import Sink, Spot
from tracker.rulebook.lexicon import load_lexicon

#: Channels that every county has: proof filed by a person, and the tracker's own records.
ATTESTED, TRACKER = "attested", "tracker"
#: Words that stand for several departments in a pack.
RESERVED = ("all", "concerned")


@dataclass(frozen=True, slots=True)
class Site:
    """What one channel holds for one department (`owner`), or for all (None): names to column keys.

    `spot`: where the county's file says so. `partial`: names with an address that is nobody's, which is told already.
    """

    columns: Mapping[str, Mapping[str | None, str]]
    pages: Mapping[str, Mapping[str | None, str]]
    spot: Spot
    partial: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CountyChannels:
    """The county's channels, resolved: `shared` sites, `own` sites by department, the filed ones."""

    shared: Mapping[str, Site]
    per_department: frozenset[str]
    own: Mapping[str, Mapping[str, Site]]
    filed: frozenset[str]

    @property
    def names(self) -> set[str]:
        return {*self.shared, *self.per_department, *self.filed, TRACKER}


def build_county(model: CountyModel, spot: Spot, zone: ZoneInfo, sink: Sink) -> tuple[County, CountyChannels]:
    """The county's values; what is wrong with them is in the sink."""
    _check_names(model, spot, sink)
    sites = _Sites(model, spot, sink)
    channels = sites.channels()
    county = County(
        id=model.county,
        name=model.name,
        start=model.start,
        departments={
            id: Department(id, unit.name, tuple(unit.aliases), unit.liaison, unit.lead)
            for id, unit in model.departments.items()
        },
        roles=model.roles,
        columns=sites.columns,
        channels={name: one.title for name, one in model.channels.items() if one.title},
        hosts=frozenset({*model.hosts, *(urlsplit(column.url).hostname or "" for column in sites.columns.values())}),
        allow_private=model.allow_private,
        own_hosts=frozenset(sites.own_hosts),
        mode=model.mode,
        zone=zone,
        lexicon=load_lexicon(),
    )
    return county, channels


def _check_names(model: CountyModel, spot: Spot, sink: Sink) -> None:
    if OFFICE not in model.roles and not (spot / "roles").may_hold(OFFICE):
        sink.add(spot / "roles", f"missing role {OFFICE!r}: faults and decisions are sent there", key=True)
    for name in set(RESERVED) & set(model.departments):
        sink.add(spot / "departments" / name, f"{name!r} is a word of the rules, not a department", key=True)
    for name in {ATTESTED, TRACKER} & set(model.channels):
        sink.add(spot / "channels" / name, f"{name!r} is a channel of its own and needs no entry", key=True)
    for name in {"liaison", "lead"} & set(model.roles):
        sink.add(spot / "roles" / name, f"{name!r} stands in each department, not among the county's roles", key=True)
    for name, channel in model.channels.items():
        if isinstance(channel, AttestedModel) and not channel.attested:
            sink.add(spot / "channels" / name / "attested", "expected true", ("true",))
    _check_aliases(model, spot, sink)


def _check_aliases(model: CountyModel, spot: Spot, sink: Sink) -> None:
    """A name that two departments share could never say whose an entry is."""
    seen: dict[str, str] = {}
    for id, department in model.departments.items():
        here = spot / "departments" / id
        places = [(department.name, here / "name")]
        places += [(alias, here / "aliases" / index) for index, alias in enumerate(department.aliases)]
        for name, place in places:
            owner = seen.setdefault(name, id)
            if owner != id:
                sink.add(place, f"the name {name!r} belongs to department {owner!r} already")


class _Sites:
    """Gathers the columns of all sites of one county, and the hosts that are its own."""

    def __init__(self, model: CountyModel, spot: Spot, sink: Sink) -> None:
        self.model = model
        self.spot = spot
        self.sink = sink
        self.columns: dict[str, SiteColumn] = {}
        self.own_hosts: set[str] = set()

    def channels(self) -> CountyChannels:
        shared: dict[str, Site] = {}
        own: dict[str, dict[str, Site]] = {}
        filed = {ATTESTED}
        for name, channel in self.model.channels.items():
            if isinstance(channel, SiteModel):
                shared[name] = self._site(name, channel, self.spot / "channels" / name, None)
            elif isinstance(channel, AttestedModel):
                filed.add(name)
            else:
                own[name] = {
                    id: self._site(name, one.site, self.spot / "departments" / id / "site", id)
                    for id, one in self.model.departments.items()
                    if one.site is not None
                }
        return CountyChannels(shared, frozenset(own), own, frozenset(filed))

    def _site(self, channel: str, site: SiteModel, spot: Spot, owner: str | None) -> Site:
        columns = {
            name: self._column(channel, name, one, spot / "columns" / name, site, owner)
            for name, one in site.columns.items()
        }
        pages = {
            name: self._column(channel, name, one, spot / "pages" / name, site, owner)
            for name, one in site.pages.items()
        }
        if site.own:
            keys = (key for places in (columns, pages) for one in places.values() for key in one.values())
            addresses = (site.base, *(self.columns[key].url for key in keys))
            self.own_hosts |= {host for address in addresses if (host := _host(address))}
        partial = frozenset(
            name
            for group, places in (("columns", site.columns), ("pages", site.pages))
            for name, one in places.items()
            if isinstance(one.url, dict)
            if (spot / group / name / "url").names_left_out or not one.url.keys() <= self.model.departments.keys()
        )
        return Site(columns, pages, spot, partial)

    def _column(
        self, channel: str, name: str, place: PlaceModel, spot: Spot, site: SiteModel, owner: str | None
    ) -> dict[str | None, str]:
        """The keys of one column or page, by its owner."""
        listing = isinstance(place, ColumnModel)
        dialect, interface = _form(place, spot, self.sink) if isinstance(place, ColumnModel) else ("", None)
        keys: dict[str | None, str] = {}
        for department, url, where in _addresses(place, spot / "url", self.model, owner, self.sink):
            key = f"{channel}/{'' if listing else 'page:'}{name}" + (f"@{department}" if department else "")
            self.columns[key] = SiteColumn(
                key=key,
                channel=channel,
                name=name,
                kind="listing" if listing else "page",
                title=place.title or name,
                url=_join(site.base, url, where, self.sink),
                owner=department,
                dialect=dialect,
                interface=interface,
            )
            keys[department] = key
        return keys


def _host(address: str) -> str:
    """Host and port as a request names them: the port only where it is not the scheme's own."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "\0"))


def _form(place: ColumnModel, spot: Spot, sink: Sink) -> tuple[str, Interface | None]:
    """The dialect that the rule forces, and the interface that belongs to the one of that name."""
    given = place.interface
    if given is None:
        if place.dialect == "interface":
            sink.add(spot / "dialect", "the dialect 'interface' needs the interface", ("interface: {items: …, …}",))
        return place.dialect or "", None
    if place.dialect not in (None, "interface"):
        sink.add(spot / "dialect", f"an interface is not read as {place.dialect!r}", ("interface",))
    if given.pages and not given.page:
        sink.add(spot / "interface" / "pages", "`pages` counts what no `page` asks for", ("page: PARAMETER",))
    return "interface", given


def _addresses(
    place: PlaceModel, spot: Spot, county: CountyModel, owner: str | None, sink: Sink
) -> Iterator[tuple[str | None, str, Spot]]:
    if isinstance(place.url, str):
        yield owner, place.url, spot
        return
    for department, url in place.url.items():
        if department not in county.departments:
            among = Spot(spot.document, ("departments",))
            sink.unknown(spot / department, "department", department, county.departments, among=among, key=True)
        elif owner is not None:
            sink.add(spot, "a department's own site has one owner: write one address")
            return
        else:
            yield department, url, spot / department


def _join(base: str, url: str, spot: Spot, sink: Sink) -> str:
    try:
        address = urljoin(base, url)
        parts = urlsplit(address)
    except ValueError:
        sink.add(spot, f"not an address: {url!r}")
        return base
    if parts.scheme not in ("http", "https") or not parts.hostname:
        sink.add(spot, f"not an address: {url!r}", ("/path/", "http://…", "https://…"))
    return address
