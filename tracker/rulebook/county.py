"""Builds a county from its file: departments, contacts, and the columns of its sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import DEPARTMENT_ROLES, OFFICE
from tracker.core.law.county import County, Department, Interface, ListRule, SiteColumn
from tracker.core.values.message import Message
from tracker.rulebook.county_model import AttestedModel, ColumnModel, CountyModel, PlaceModel, SiteModel
from tracker.rulebook.document import Spot
from tracker.rulebook.lexicon import load_lexicon

#: Channels that every county has: proof filed by a person, and the tracker's own records.
ATTESTED, TRACKER = "attested", "tracker"
#: Words that stand for several departments in a pack.
RESERVED = ("all", "concerned")
#: The keys of one column or page by its owner; None is the owner of what all departments share.
Owned = Mapping[str | None, str]


@dataclass(frozen=True, slots=True)
class Site:
    """The columns and pages of one channel, by name, for one department or for all.

    `spot`: where the county's file describes them. `partial`: names with an address whose owner has an error.
    `also`: the columns that are looked at with a column.
    """

    columns: Mapping[str, Owned]
    pages: Mapping[str, Owned]
    spot: Spot
    partial: frozenset[str] = frozenset()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountyChannels:
    """The county's channels, resolved: `shared` sites, `own` sites by channel and department, the filed ones."""

    shared: Mapping[str, Site]
    own: Mapping[str, Mapping[str, Site]]
    filed: frozenset[str]

    @property
    def names(self) -> set[str]:
        """The names of all channels."""
        return {*self.shared, *self.own, *self.filed, TRACKER}


def build_county(model: CountyModel, zone: ZoneInfo) -> tuple[County, CountyChannels]:
    """The county and its channels; what is wrong with them is reported."""
    _check_names(model)
    sites = _SiteBuilder(model)
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
        channels={name: channel.title for name, channel in model.channels.items() if channel.title},
        hosts=frozenset({*model.hosts, *(urlsplit(column.url).hostname or "" for column in sites.columns.values())}),
        allow_private=model.allow_private,
        own_hosts=frozenset(sites.own_hosts),
        mode=model.mode,
        zone=zone,
        secrecy_review=model.secrecy_review,
        division=model.division,
        searches={
            name: channel.search
            for name, channel in model.channels.items()
            if isinstance(channel, SiteModel) and channel.search
        },
        lexicon=load_lexicon(),
    )
    _check_secrecy_review(model, sites.columns)
    return county, channels


def _check_secrecy_review(model: CountyModel, columns: Mapping[str, SiteColumn]) -> None:
    """Report columns and departments that secrecy review names and the county does not have."""
    if (rules := model.secrecy_review) is not None:
        spot, known = model.spot / "secrecy_review", {*columns, *(column.name for column in columns.values())}
        for name in rules.columns:
            if name not in known:
                among = model.spot / "channels"
                (spot / "columns" / name).report_unknown(Message("column"), name, known, among=among, key=True)
        model.known_departments.check(rules.unattributed, spot / "unattributed")


def _check_names(model: CountyModel) -> None:
    spot = model.spot
    if OFFICE not in model.roles and not (spot / "roles").may_hold(OFFICE):
        (spot / "roles").report(
            Message("missing role {office!r}: faults and decisions are sent there", office=OFFICE), key=True
        )
    for key, taken, message in (
        ("departments", {*RESERVED}, Message("{name!r} is a word of the rules, not a department")),
        ("groups", {*RESERVED}, Message("{name!r} is a word of the rules, not a group")),
        ("groups", {*model.departments}, Message("{name!r} is the name of a department already")),
        ("channels", {ATTESTED, TRACKER}, Message("{name!r} is a channel of its own and needs no entry")),
        ("roles", DEPARTMENT_ROLES, Message("{name!r} stands in each department, not among the county's roles")),
    ):
        for name in taken & getattr(model, key).keys():
            (spot / key / name).report(Message(message.template, name=name), key=True)
    for name, members in model.groups.items():
        for index, member in enumerate(members):
            place = spot / "groups" / name / index
            if model.known_departments.check(member, place) and member in members[:index]:
                place.report(Message("the department {member!r} is named twice", member=member))
    for name, channel in model.channels.items():
        if isinstance(channel, AttestedModel) and not channel.attested:
            (spot / "channels" / name / "attested").report(Message("expected true"), ("true",))
    # A name that two departments share could never say whose an entry is.
    owners: dict[str, str] = {}
    for id, department in model.departments.items():
        here = spot / "departments" / id
        aliases = ((alias, here / "aliases" / index) for index, alias in enumerate(department.aliases))
        for name, place in ((department.name, here / "name"), *aliases):
            if (owner := owners.setdefault(name, id)) != id:
                place.report(
                    Message("the name {name!r} belongs to department {owner!r} already", name=name, owner=owner)
                )


@dataclass(frozen=True, slots=True)
class _SiteBuilder:
    """Builds the columns of all sites of one county, and gathers the hosts that are its own."""

    model: CountyModel
    columns: dict[str, SiteColumn] = field(default_factory=dict)
    own_hosts: set[str] = field(default_factory=set)

    def channels(self) -> CountyChannels:
        shared: dict[str, Site] = {}
        own: dict[str, dict[str, Site]] = {}
        filed = {ATTESTED}
        for name, channel in self.model.channels.items():
            if isinstance(channel, SiteModel):
                shared[name] = self._build_site(name, channel, None)
            elif isinstance(channel, AttestedModel):
                filed.add(name)
            else:
                own[name] = {
                    id: self._build_site(name, unit.site, id)
                    for id, unit in self.model.departments.items()
                    if unit.site is not None
                }
        return CountyChannels(shared, own, frozenset(filed))

    def _build_site(self, channel: str, site: SiteModel, owner: str | None) -> Site:
        groups: tuple[Mapping[str, PlaceModel], ...] = (site.columns, site.pages)
        columns, pages = (
            {name: self._add_columns(channel, name, place, site, owner) for name, place in places.items()}
            for places in groups
        )
        if site.own:
            keys = [key for owned in (*columns.values(), *pages.values()) for key in owned.values()]
            addresses = (site.base, *(self.columns[key].url for key in keys))
            self.own_hosts.update(host for address in addresses if (host := _host(address)))
        partial = {
            name
            for places in groups
            for name, place in places.items()
            if isinstance(place.url, dict)
            if (place.spot / "url").names_left_out or not place.url.keys() <= self.model.departments.keys()
        }
        return Site(columns, pages, site.spot, frozenset(partial), self._find_also(site))

    def _find_also(self, site: SiteModel) -> dict[str, tuple[str, ...]]:
        """The columns that are looked at with a column; names that the site does not have are reported."""
        for name, column in site.columns.items():
            for number, other in enumerate(column.also):
                if other not in site.columns or other == name:
                    spot = column.spot / "also" / number
                    spot.report_unknown(Message("column"), other, {*site.columns} - {name}, among=site.spot / "columns")
        return {name: tuple(column.also) for name, column in site.columns.items() if column.also}

    def _add_columns(self, channel: str, name: str, place: PlaceModel, site: SiteModel, owner: str | None) -> Owned:
        """The keys of one column or page, by its owner."""
        is_column = isinstance(place, ColumnModel)
        dialect, interface, list_rule = "", None, None
        if isinstance(place, ColumnModel):
            dialect, interface = self._find_dialect(place)
            list_rule = self._find_list_rule(place)
        keys: dict[str | None, str] = {}
        for department, url, where in self._addresses(place, owner):
            key = f"{channel}/{'' if is_column else 'page:'}{name}" + (f"@{department}" if department else "")
            self.columns[key] = SiteColumn(
                key=key,
                channel=channel,
                name=name,
                kind="listing" if is_column else "page",
                title=place.title or name,
                url=self._join_address(site.base, url, where),
                owner=department,
                dialect=dialect,
                interface=interface,
                list_rule=list_rule,
            )
            keys[department] = key
        return keys

    def _find_dialect(self, place: ColumnModel) -> tuple[str, Interface | None]:
        """The dialect that the rule forces, and the interface where the dialect is `interface`."""
        interface, spot = place.interface, place.spot
        if interface is None:
            if place.dialect == "interface":
                hint = ("interface: {items: …, …}",)
                (spot / "dialect").report(Message("the dialect 'interface' needs the interface"), hint)
            return place.dialect or "", None
        if place.dialect not in (None, "interface"):
            message = Message("an interface is not read as {dialect!r}", dialect=place.dialect)
            (spot / "dialect").report(message, ("interface",))
        if interface.pages and not interface.page:
            message = Message("`pages` counts what no `page` asks for")
            (spot / "interface" / "pages").report(message, ("page: PARAMETER",))
        return "interface", interface

    def _find_list_rule(self, place: ColumnModel) -> ListRule | None:
        """How the list is read, where the rule says it; it is read of a web page alone."""
        for key in ("dialect", "interface"):
            if place.list_rule is not None and getattr(place, key) is not None:
                message = Message("`list` says how the column is read: leave out {key!r}", key=key)
                (place.spot / key).report(message, key=True)
        return place.list_rule

    def _addresses(self, place: PlaceModel, owner: str | None) -> Iterator[tuple[str | None, str, Spot]]:
        spot = place.spot / "url"
        if isinstance(place.url, str):
            yield owner, place.url, spot
            return
        known = self.model.departments
        for department, url in place.url.items():
            if department not in known:
                among = self.model.spot / "departments"
                (spot / department).report_unknown(Message("department"), department, known, among=among, key=True)
            elif owner is not None:
                spot.report(Message("a department's own site has one owner: write one address"))
                return
            else:
                yield department, url, spot / department

    def _join_address(self, base: str, url: str, spot: Spot) -> str:
        try:
            address = urljoin(base, url)
            parts = urlsplit(address)
        except ValueError:
            spot.report(Message("not an address: {url!r}", url=url))
            return base
        if parts.scheme not in ("http", "https") or not parts.hostname:
            spot.report(Message("not an address: {url!r}", url=url), ("/path/", "http://…", "https://…"))
        return address


def _host(address: str) -> str:
    """Host and port as a request names them: the port only where it is not the scheme's own."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "\0"))
