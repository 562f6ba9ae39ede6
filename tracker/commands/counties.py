"""`duban counties`: prints the sums of the counties of a region."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, now_option, option
from tracker.core.values.divisions import COUNTRY, NO_REGION, REGION
from tracker.core.values.message import Message

if TYPE_CHECKING:
    from tracker.reports.sums import CountySum, RegionSum, Sums
    from tracker.store.sums import MatterCounts

COUNTIES = (
    "division", "city", "county", "name", "late", "red", "yellow", "blue", "green", "grey", "decided_at", "read_at",
    "watch", "fault",
)  # fmt: skip
TABLE = ("name", "late", "red", "yellow", "blue", "green", "grey", "decided_at", "read_at", "watch")
CITIES = ("division", "city", "counties", "late", "red", "yellow", "blue", "green", "grey", "unwatched")
_LIGHTS = ("red", "yellow", "blue", "green", "grey")


@command("counties", rows=True, all_counties=True)
@option("--region", default=COUNTRY, metavar="CODE", help="`country` (the default), or 2 or 4 digits of GB/T 2260")
@option("--cities", action="store_true", help="a sum for each city")
@now_option(help="as if it were then")
def show_counties(args: Namespace, context: CommandContext) -> int:
    from tracker.reports.sums import KeptCounts, Watch, list_counties, read_sums

    if not REGION.fullmatch(args.region):
        raise UsageError(Message(NO_REGION, region=args.region))
    counties = list_counties(context.loaded, args.region)
    now = context.instant(context.loaded.schedule.zone)
    with context.open_store() as store, store.read() as tx:
        sums = read_sums(tx, counties, args.region, KeptCounts(), now)
    emit_sums(sums, args.format, cities=args.cities)
    if sums.daemon_ended_at is not None:
        say(
            "no daemon has run since {moment}",
            moment=f"{sums.daemon_ended_at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}",
        )
    say_total(sums.total)
    return int(any(each.watch is not Watch.FINE for each in sums.counties))


def emit_sums(sums: Sums, form: str, *, cities: bool, without: Collection[str] = ()) -> None:
    """Print a line for each city, or for each county; `without` these columns of a table."""
    shown = [column for column in (CITIES if cities else TABLE) if column not in without]
    if cities:
        emit(CITIES, [_city(each) for each in sums.cities], form, table=shown)
    else:
        names = {city.code: city.name for city in sums.cities}
        emit(COUNTIES, [_county(each, names) for each in sums.counties], form, table=shown)


def say_total(total: RegionSum) -> None:
    """Say how many matters are overdue in all, and how many counties are not watched."""
    say("{counties} counties: {overdue} matters overdue, {unwatched} counties not watched",
        counties=total.counties, overdue=total.matters.overdue, unwatched=total.unwatched)  # fmt: skip


def _county(of: CountySum, names: dict[str, str]) -> dict[str, Any]:
    county = of.county
    times = {"decided_at": of.decided_at, "read_at": of.read_at}
    return {
        "division": county.division.code if county.division else "", "city": names[of.city_code], "county": county.id,
        "name": county.name, **_counts(of.matters), "watch": of.watch.value, "fault": of.fault,
        **{name: at.astimezone(county.zone) if at else None for name, at in times.items()},
    }  # fmt: skip


def _city(of: RegionSum) -> dict[str, Any]:
    return {
        "division": of.code, "city": of.name, "counties": of.counties, **_counts(of.matters), "unwatched": of.unwatched,
    }  # fmt: skip


def _counts(matters: MatterCounts) -> dict[str, int]:
    lights = {light.value: count for light, count in matters.lights.items()}
    return {"late": matters.overdue, **{light: lights.get(light, 0) for light in _LIGHTS}}
