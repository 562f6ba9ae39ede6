"""各县: the sums of the counties of a region, by city, each line leading into the pages of its county."""

from __future__ import annotations

from starlette.responses import Response

from tracker.console.downloads import send_list
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.core.values.divisions import COUNTRY
from tracker.core.values.message import Message
from tracker.core.values.verdicts import Light
from tracker.reports.sums import Sums, list_counties, read_sums
from tracker.store.matters import LIGHTS

#: The lights that are counted; the worst first.
_LIGHTS = tuple(light for light in LIGHTS if light is not Light.NONE)
#: Of more counties than these only the sums of their cities are shown.
MOST = 300
_ALL = Message("All counties")
_COLUMNS = (
    (Message("Province"), 14), (Message("City"), 14), (Message("Code"), 10), (Message("County"), 20),
    (Message("Overdue"), 10),
    (Message("Red"), 8), (Message("Yellow"), 8), (Message("Blue"), 8), (Message("Green"), 8), (Message("Grey"), 8),
    (Message("Decided last"), 18), (Message("Read last"), 18), (Message("Watched"), 12), (Message("Fault"), 40),
)  # fmt: skip


def _read(ask: PageRequest) -> tuple[Sums, str]:
    """The sums of the region that is asked for, and its digits. It lies in the account's, or is that."""
    own, asked = ask.viewer.account.region, ask.request.query_params.get("region", "")
    region = asked if asked and (own == COUNTRY or asked.startswith(own)) else own
    counties = list_counties(ask.office.loaded, region)
    with ask.office.store.read() as tx:
        return read_sums(tx, counties, region, ask.shared.sums, ask.now), region


def show_counties(ask: PageRequest) -> Response:
    sums, region = _read(ask)
    listed = sums.counties if len(sums.counties) <= MOST else ()
    return ask.page(
        "counties",
        sums=sums,
        title=sums.total.name or ask.translate(_ALL),
        cities=[(city, [each for each in listed if each.city_code == city.code]) for city in sums.cities],
        lights=_LIGHTS,
        region=region,
        is_part=region != ask.viewer.account.region,
        files=[(end, f"counties.{end}?region={region}") for end in ("xlsx", "csv")],
    )


def show_file(ask: PageRequest) -> Response:
    """Every county of the region in a line."""
    sums, _ = _read(ask)
    names = {city.code: city.name for city in sums.cities}
    rows = []
    for each in sums.counties:
        county, zone = each.county, each.county.zone
        division = county.division
        rows.append(
            (
                division.province if division else "",
                names[each.city_code],
                division.code if division else "",
                county.name,
                each.matters.overdue,
                *(each.matters.lights.get(light, 0) for light in _LIGHTS),
                *(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in (each.decided_at, each.read_at)),
                ask.catalogue.pgettext("watch", each.watch),
                each.fault,
            )
        )
    return send_list(ask, Message("Counties"), _COLUMNS, rows, of=sums.total.name or ask.translate(_ALL))


COUNTIES = SignedInPage("counties", "/counties", show_counties)
COUNTIES_FILES = tuple(SignedInPage("counties", f"/counties.{end}", show_file) for end in ("xlsx", "csv"))
