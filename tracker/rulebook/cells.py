"""What has to be proved for one department: part × channel, with the sources where the proof may lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.core.law.duties import Cell, EventRule, Source
from tracker.core.values.lexicon import Accepted
from tracker.rulebook.county import TRACKER, CountyChannels, Site
from tracker.rulebook.document import Defined, Sink, Spot
from tracker.rulebook.models import AllOfModel, AnyOfModel, DutyModel, EvidenceModel, PartModel
from tracker.rulebook.suggest import nearest

#: What the tracker itself records: no pack declares them.
OWN_RECORDS = frozenset({"overdue-report", "circular"})
_PLACES = ("column", "page", "record")


@dataclass(frozen=True, slots=True)
class CellSources:
    """A part's channels and evidence after merging, each value with the place where it is written."""

    part: str
    channels: str | AllOfModel | AnyOfModel | None
    channels_spot: Spot
    evidence: dict[str, object]
    spots: dict[str, Spot]
    spot: Spot
    accepts: tuple[Accepted, ...] = ()

    @property
    def where(self) -> Spot:
        return self.spots.get("", self.spot)


def merge(duty: DutyModel, name: str, part: PartModel | None, spot: Spot, sink: Sink) -> CellSources:
    """A part laid over its duty: key by key for the evidence; a place of its own replaces the duty's."""
    here = spot / "parts" / name if part else spot
    evidence: dict[str, object] = {}
    spots: dict[str, Spot] = {}
    for model, place in ((duty.evidence, spot / "evidence"), (part.evidence if part else None, here / "evidence")):
        if model is None:
            continue
        given = {key: value for key, value in _evidence(model) if value is not None}
        if len([key for key in _PLACES if key in given]) > 1:
            sink.add(place, "one place at a time", _PLACES)
        if any(key in given for key in _PLACES):
            evidence = {key: value for key, value in evidence.items() if key not in _PLACES}
        evidence |= given
        spots |= {key: place / key for key in given} | {"": place}
    from_part = part is not None and part.channels is not None
    channels = part.channels if part is not None and part.channels is not None else duty.channels
    if channels is None and "record" in evidence:
        # What a record proves appears in no channel but our own.
        channels = TRACKER
    elif channels is None:
        somewhere = part and any(one.channels is not None for one in duty.parts.values())
        sink.add(here if somewhere else spot, "missing key 'channels'", key=bool(somewhere))
    accepts = part.accepts if part is not None and part.accepts is not None else duty.accepts
    where = (here if from_part else spot) / "channels"
    return CellSources(name, channels, where, evidence, spots, here, tuple(accepts or ()))


def _evidence(model: EvidenceModel) -> Iterator[tuple[str, object]]:
    for name in (*_PLACES, "title", "publisher"):
        yield name, getattr(model, name)


def channel_groups(proof: CellSources) -> list[tuple[tuple[str, Spot], ...]]:
    """One group a cell: each channel of `all_of` alone, those of `any_of` together."""
    channels, spot = proof.channels, proof.channels_spot
    if isinstance(channels, AllOfModel):
        return [((name, spot / "all_of" / index),) for index, name in enumerate(channels.all_of)]
    if isinstance(channels, AnyOfModel):
        return [tuple((name, spot / "any_of" / index) for index, name in enumerate(channels.any_of))]
    return [((channels, spot),)] if channels else []


def _named(proof: CellSources, kind: str) -> list[tuple[str, Spot]]:
    """The columns, or the page, that the evidence names."""
    given, spot = proof.evidence[kind], proof.spots[kind]
    if isinstance(given, list):
        return [(str(one), spot / index) for index, one in enumerate(given)]
    return [(str(given), spot)]


class Cells:
    """Resolves cells against the channels of one county, whose file begins at `spot`."""

    def __init__(
        self, county: str, spot: Spot, channels: CountyChannels, events: Defined[EventRule], sink: Sink
    ) -> None:
        self.county = county
        self.spot = spot
        self.channels = channels
        self.events = events
        self.sink = sink

    def of(self, proof: CellSources, members: tuple[str, ...], alone: bool) -> Iterator[Cell]:
        """The cells of one part for one assignment; `alone`: no other department has the duty.

        No members at all: whose it is cannot be said, and only what holds for everybody is checked.
        """
        for group in channel_groups(proof):
            sources = tuple(
                source for name, spot in group for source in self._sources(proof, name, spot, members, alone, group)
            )
            yield Cell(f"{proof.part}@{'|'.join(name for name, _ in group)}", proof.part, sources)

    def _sources(
        self,
        proof: CellSources,
        name: str,
        spot: Spot,
        members: tuple[str, ...],
        alone: bool,
        group: tuple[tuple[str, Spot], ...],
    ) -> Iterator[Source]:
        if name not in self.channels.names:
            among, where = self.spot / "channels", f" in county {self.county!r}"
            self.sink.unknown(spot, "channel", name, self.channels.names, among=among, where=where)
            name = nearest(name, self.channels.names) or name
        if name not in self.channels.names:
            return
        if name == TRACKER:
            yield from self._record(proof, spot)
        elif name in self.channels.filed:
            yield Source(channel=name, kind="filing")
        elif "record" in proof.evidence:
            self.sink.add(spot, "a record is proved by the tracker's own records", (TRACKER,))
        elif self._site(name, members) or len(group) == 1:
            yield from self._published(proof, name, members, alone)

    def _record(self, proof: CellSources, spot: Spot) -> Iterator[Source]:
        record = proof.evidence.get("record")
        known = OWN_RECORDS | self.events.keys()
        if record is None:
            self.sink.add(spot, "the channel 'tracker' needs `evidence: {record: …}`")
        elif record not in known:
            self.sink.unknown(proof.spots["record"], "event", str(record), known, among=self.events.spot)
        else:
            yield Source(channel=TRACKER, kind="record", record=str(record))

    def _site(self, channel: str, members: tuple[str, ...]) -> list[Site]:
        """The sites of a channel for these departments; of several, any may lack one."""
        if channel in self.channels.shared:
            return [self.channels.shared[channel]]
        own = self.channels.own[channel]
        return [own[member] for member in members or own if member in own]

    def _published(self, proof: CellSources, channel: str, members: tuple[str, ...], alone: bool) -> Iterator[Source]:
        sites = self._site(channel, members)
        if not sites:
            if not members:
                return
            who = "+".join(members)
            self.sink.add(
                proof.channels_spot, f"department {who!r} of county {self.county!r} has no site of its own ({channel})"
            )
            return
        page = proof.evidence.get("page")
        if page is None and "column" not in proof.evidence:
            self.sink.add(proof.where, f"no place to look at on {channel!r}", ("column: NAME", "page: NAME"))
            return
        keys = self._keys(proof, channel, sites, members)
        yield Source(
            channel=channel,
            kind="listing" if page is None else "page",
            columns=keys,
            title=proof.evidence.get("title"),  # type: ignore[arg-type]
            publisher=proof.evidence.get("publisher") or ("any" if alone else "department"),  # type: ignore[arg-type]
            accepts=proof.accepts,
        )

    def _keys(self, proof: CellSources, channel: str, sites: list[Site], members: tuple[str, ...]) -> tuple[str, ...]:
        kind = "page" if "page" in proof.evidence else "column"
        # Said in the rule, `publisher: any` opens the columns of every owner, not only one's own.
        owners = None if not members or proof.evidence.get("publisher") == "any" else members
        return tuple(
            key for name, place in _named(proof, kind) for key in self._key(kind, name, place, channel, sites, owners)
        )

    def _key(
        self, kind: str, name: str, spot: Spot, channel: str, sites: list[Site], members: tuple[str, ...] | None
    ) -> Iterator[str]:
        places = [site.columns if kind == "column" else site.pages for site in sites]
        group = "columns" if kind == "column" else "pages"
        if not any(name in one for one in places):
            known = {key for one in places for key in one}
            spots = [site.spot / group for site in sites]
            among = next((place for place in spots if place.names_left_out), spots[0])
            where = f" on {channel!r} in county {self.county!r}"
            self.sink.unknown(spot, kind, name, known, among=among, where=where)
            return
        found = [
            key
            for one in places
            for owner, key in one.get(name, {}).items()
            if members is None or owner is None or owner in members
        ]
        if not found and not any(name in site.partial for site in sites):
            message = f"the {kind} {name!r} of {channel!r} has no address for department {'+'.join(members or ())!r}"
            self.sink.add(spot, message, tuple(sorted(str(owner) for one in places for owner in one.get(name, {}))))
        yield from found
