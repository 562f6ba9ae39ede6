"""From a county file to the county's values: departments, contacts, and the columns of its sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from tracker.core.duties import Contact, County, Department, SiteColumn
from tracker.rulebook.county_model import (
    AttestedModel,
    ContactModel,
    CountyModel,
    DepartmentModel,
    PlaceModel,
    SiteModel,
)
from tracker.rulebook.document import Sink, Spot

#: Channels that every county has: proof filed by a person, and the tracker's own records.
ATTESTED, TRACKER = "attested", "tracker"
OFFICE = "county-office"
#: Words that stand for several departments in a pack.
RESERVED = ("all", "concerned")


@dataclass(frozen=True, slots=True)
class Site:
    """What one channel holds for one department (`owner`), or for all (None): names to column keys."""

    columns: Mapping[str, Mapping[str | None, str]]
    pages: Mapping[str, Mapping[str | None, str]]


@dataclass(frozen=True, slots=True)
class Channels:
    """The county's channels, resolved: `shared` sites, `own` sites by department, the filed ones."""

    shared: Mapping[str, Site]
    per_department: frozenset[str]
    own: Mapping[str, Mapping[str, Site]]
    filed: frozenset[str]

    @property
    def names(self) -> set[str]:
        return {*self.shared, *self.per_department, *self.filed, TRACKER}


def build_county(model: CountyModel, spot: Spot, zone: ZoneInfo, sink: Sink) -> tuple[County, Channels]:
    """The county's values; what is wrong with them is in the sink."""
    _check_names(model, spot, sink)
    columns: dict[str, SiteColumn] = {}
    channels = _channels(model, spot, columns, sink)
    county = County(
        id=model.county,
        name=model.name,
        start=model.start,
        departments={id: _department(id, one) for id, one in model.departments.items()},
        roles={name: _contact(one) for name, one in model.roles.items()},
        columns=columns,
        channels={name: one.title for name, one in model.channels.items() if one.title},
        hosts=frozenset({*model.hosts, *(urlsplit(column.url).hostname or "" for column in columns.values())}),
        allow_private=model.allow_private,
        mode=model.mode,
        zone=zone,
    )
    return county, channels


def _check_names(model: CountyModel, spot: Spot, sink: Sink) -> None:
    if OFFICE not in model.roles:
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


def _department(id: str, model: DepartmentModel) -> Department:
    return Department(id, model.name, tuple(model.aliases), _contact(model.liaison), _contact(model.lead))


def _contact(model: ContactModel) -> Contact:
    return Contact(model.name or "", model.mail)


def _channels(model: CountyModel, spot: Spot, columns: dict[str, SiteColumn], sink: Sink) -> Channels:
    shared: dict[str, Site] = {}
    own: dict[str, dict[str, Site]] = {}
    filed = {ATTESTED}
    for name, channel in model.channels.items():
        if isinstance(channel, SiteModel):
            shared[name] = _site(name, channel, spot / "channels" / name, model, columns, sink, None)
        elif isinstance(channel, AttestedModel):
            filed.add(name)
        else:
            own[name] = {
                id: _site(name, one.site, spot / "departments" / id / "site", model, columns, sink, id)
                for id, one in model.departments.items()
                if one.site is not None
            }
    return Channels(shared, frozenset(own), own, frozenset(filed))


def _site(
    channel: str,
    site: SiteModel,
    spot: Spot,
    county: CountyModel,
    columns: dict[str, SiteColumn],
    sink: Sink,
    owner: str | None,
) -> Site:
    found: dict[str, dict[str, dict[str | None, str]]] = {"columns": {}, "pages": {}}
    for group, places in (("columns", site.columns), ("pages", site.pages)):
        for name, place in places.items():
            keys = found[group].setdefault(name, {})
            for department, url, where in _addresses(place, spot / group / name / "url", county, owner, sink):
                prefix = "" if group == "columns" else "page:"
                key = f"{channel}/{prefix}{name}" + (f"@{department}" if department else "")
                kind = "listing" if group == "columns" else "page"
                address = _join(site.base, url, where, sink)
                columns[key] = SiteColumn(key, channel, name, kind, place.title or name, address, department)  # type: ignore[arg-type]
                keys[department] = key
    return Site(found["columns"], found["pages"])


def _addresses(
    place: PlaceModel, spot: Spot, county: CountyModel, owner: str | None, sink: Sink
) -> Iterator[tuple[str | None, str, Spot]]:
    if isinstance(place.url, str):
        yield owner, place.url, spot
        return
    for department, url in place.url.items():
        if department not in county.departments:
            sink.unknown(spot / department, "department", department, county.departments, key=True)
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
