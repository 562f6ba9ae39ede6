"""Builds the cells of a duty: part × channel, each with the sources where its proof may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.core.law.duties import Cell, EventRule, Source
from tracker.core.values.lexicon import Accepted
from tracker.core.values.message import Message
from tracker.rulebook.county import TRACKER, CountyChannels, Site
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Defined, Spot, in_county, items_of
from tracker.rulebook.pack_model import AllOfModel, AnyOfModel, DutyModel, PartModel
from tracker.rulebook.suggest import find_intended

#: What the tracker itself records: no pack declares them.
OWN_RECORDS = frozenset({"overdue-report", "circular"})
_PLACES = ("column", "page", "record")
_KINDS = {"column": Message("column"), "page": Message("page")}
#: Channels of one cell, each with the place where it is written.
Group = tuple[tuple[str, Spot], ...]


@dataclass(frozen=True, slots=True)
class MergedPiece:
    """A part's channels and evidence after merging, each value with the place where it is written.

    `groups`: the channels of each cell. `spot`: where the part's evidence is written, else the part itself.
    """

    part: str
    groups: tuple[Group, ...]
    channels_spot: Spot
    evidence: dict[str, tuple[Any, Spot]]
    spot: Spot
    accepts: tuple[Accepted, ...] = ()

    def value(self, key: str) -> Any:
        """The value of a key of the evidence; None where it is not given."""
        return self.evidence.get(key, (None, None))[0]


def merge_piece(duty: DutyModel, name: str, piece: DutyModel | PartModel) -> MergedPiece:
    """A part laid over its duty, or the duty alone: key by key for the evidence; a part's place replaces the duty's."""
    evidence, spot = dict[str, tuple[Any, Spot]](), piece.spot
    for model in (duty.evidence, None if piece is duty else piece.evidence):
        if model is None:
            continue
        spot = model.spot
        given = {key: (value, spot / key) for key, value in model if value is not None}
        if len(given.keys() & _PLACES) > 1:
            spot.report(Message("one place at a time"), _PLACES)
        if given.keys() & _PLACES:
            evidence = {key: value for key, value in evidence.items() if key not in _PLACES}
        evidence |= given
    giver = duty if piece.channels is None else piece
    channels, channels_spot = giver.channels, giver.spot / "channels"
    if channels is None and "record" in evidence:
        # What a record proves appears in no channel but our own.
        channels = TRACKER
    elif channels is None:
        by_parts = any(part.channels is not None for part in duty.parts.values())
        (piece if by_parts else duty).spot.report(Message("missing key 'channels'"), key=by_parts)
    accepts = duty.accepts if piece.accepts is None else piece.accepts
    groups = tuple(_groups(channels, channels_spot))
    return MergedPiece(name, groups, channels_spot, evidence, spot, tuple(accepts or ()))


def _groups(channels: str | AllOfModel | AnyOfModel | None, spot: Spot) -> Iterator[Group]:
    """One group a cell: each channel of `all_of` alone, those of `any_of` together."""
    if isinstance(channels, AllOfModel):
        yield from (((name, channels.spot / "all_of" / index),) for index, name in enumerate(channels.all_of))
    elif isinstance(channels, AnyOfModel):
        yield tuple((name, channels.spot / "any_of" / index) for index, name in enumerate(channels.any_of))
    elif channels:
        yield ((channels, spot),)


@dataclass(frozen=True, slots=True)
class CellBuilder:
    """Builds cells for the channels of one county."""

    county: CountyModel
    channels: CountyChannels
    events: Defined[EventRule]

    def build(self, proof: MergedPiece, members: tuple[str, ...], alone: bool) -> Iterator[Cell]:
        """The cells of one part for one assignment. `alone`: no other department has the duty.

        Without members, only the errors that concern every department are reported.
        """
        for group in proof.groups:
            sources = (self._source(proof, name, spot, members, alone, len(group) > 1) for name, spot in group)
            usable = tuple(source for source in sources if source is not None)
            yield Cell(f"{proof.part}@{'|'.join(name for name, _ in group)}", proof.part, usable)

    def _source(
        self, proof: MergedPiece, name: str, spot: Spot, members: tuple[str, ...], alone: bool, any_of: bool
    ) -> Source | None:
        names = self.channels.names
        if name not in names:
            where = in_county(self.county.county)
            spot.report_unknown(Message("channel"), name, names, among=self.county.spot / "channels", where=where)
            name = find_intended(name, names) or ""
        if name == TRACKER:
            return self._record_source(proof, spot)
        if name in self.channels.filed:
            return Source(channel=name, kind="filing")
        if name and "record" in proof.evidence:
            spot.report(Message("a record is proved by the tracker's own records"), (TRACKER,))
        elif name and (not any_of or self._sites(name, members)):
            return self._published_source(proof, name, members, alone)
        return None

    def _record_source(self, proof: MergedPiece, spot: Spot) -> Source | None:
        if "record" not in proof.evidence:
            spot.report(Message("the channel 'tracker' needs `evidence: {record: …}`"))
            return None
        record, place = proof.evidence["record"]
        known = OWN_RECORDS | self.events.keys()
        if record not in known:
            place.report_unknown(Message("event"), record, known, among=self.events.spot)
            return None
        deed = self.events[record].deed if record in self.events else ""
        return Source(channel=TRACKER, kind="record", record=record, deed=deed)

    def _sites(self, channel: str, members: tuple[str, ...]) -> list[Site]:
        """The sites of a channel for these departments; of several, any may lack one."""
        if channel in self.channels.shared:
            return [self.channels.shared[channel]]
        own = self.channels.own[channel]
        return [own[member] for member in members or own if member in own]

    def _published_source(
        self, proof: MergedPiece, channel: str, members: tuple[str, ...], alone: bool
    ) -> Source | None:
        sites = self._sites(channel, members)
        kind = "page" if "page" in proof.evidence else "column"
        if not sites:
            if members:
                owing, county = "+".join(members), self.county.county
                proof.channels_spot.report(
                    Message(
                        "department {names!r} of county {county!r} has no site of its own ({channel})",
                        names=owing,
                        county=county,
                        channel=channel,
                    )
                )
            return None
        if kind not in proof.evidence:
            proof.spot.report(
                Message("no place to look at on {channel!r}", channel=channel), ("column: NAME", "page: NAME")
            )
            return None
        names = items_of(*proof.evidence[kind])
        if kind == "column" and all(_is_page(name, sites) for name, _ in names):
            kind = "page"
        is_stand_in = kind not in proof.evidence
        # Written in the rule, `publisher: any` opens the columns of every owner, not only one's own.
        owners = None if not members or proof.value("publisher") == "any" else members
        return Source(
            channel=channel,
            kind="page" if kind == "page" else "listing",
            columns=tuple(
                key for name, place in names for key in self._column_keys(kind, name, place, channel, sites, owners)
            ),
            # The county says that the page is what is asked for, whatever its title, and for all who owe it.
            title=None if is_stand_in else proof.value("title"),
            publisher=proof.value("publisher") or ("any" if alone or is_stand_in else "department"),
            accepts=proof.accepts,
        )

    def _column_keys(
        self, kind: str, name: str, spot: Spot, channel: str, sites: list[Site], owners: tuple[str, ...] | None
    ) -> Iterator[str]:
        """The keys of a column or page, on all the sites that have it."""
        group = f"{kind}s"
        by_name = [site.columns if kind == "column" else site.pages for site in sites]
        if not any(name in columns for columns in by_name):
            spots = [site.spot / group for site in sites]
            among = next((place for place in spots if place.names_left_out), spots[0])
            known = {key for columns in by_name for key in columns}
            where = Message(" on {channel!r} in county {county!r}", channel=channel, county=self.county.county)
            more = f"channels.{channel}.{group}: {{{name}: {{title: …, url: …}}}}"
            spot.report_unknown(_KINDS[kind], name, known, among=among, where=where, more=more)
            return
        keys = [
            (owner, key)
            for site, columns in zip(sites, by_name, strict=True)
            for one in (name, *(site.also.get(name, ()) if kind == "column" else ()))
            for owner, key in columns.get(one, {}).items()
        ]
        own = [key for owner, key in keys if owners is None or owner is None or owner in owners]
        if not own and not any(name in site.partial for site in sites):
            message = Message(
                "the {kind} {name!r} of {channel!r} has no address for department {names!r}",
                kind=_KINDS[kind],
                name=name,
                channel=channel,
                names="+".join(owners or ()),
            )
            spot.report(message, tuple(sorted(str(owner) for owner, _ in keys)))
        yield from own


def _is_page(name: str, sites: list[Site]) -> bool:
    """Whether the sites have no column of that name, but a page: a county may have on one page what others list."""
    return not any(name in site.columns for site in sites) and any(name in site.pages for site in sites)
