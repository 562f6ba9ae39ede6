"""The sums of the counties of a token's region."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from tracker.console.api.call import Call, allowed
from tracker.console.context import ConsoleContext
from tracker.core.values.accounts import Scope
from tracker.core.values.message import Message
from tracker.core.values.verdicts import Light
from tracker.reports.sums import CountySum, KeptCounts, RegionSum, Watch, list_counties, read_sums

_DEPARTMENT = Message("the token is for the department {department} alone")


class Counts(BaseModel):
    """Matters that are not closed."""

    overdue: int
    lights: dict[Light, int]


class County(BaseModel):
    id: str
    name: str
    code: str | None
    matters: Counts
    decided_at: datetime | None
    read_at: datetime | None
    watch: Watch
    fault: str


class Region(BaseModel):
    """Counties of a city, or all that the token reaches. `unwatched`: not read and decided within 14 hours."""

    code: str
    name: str
    counties: int
    matters: Counts
    unwatched: int


class Counties(BaseModel):
    """`daemon_ended_at`: when the lease of the last daemon ran out; null while one runs."""

    counties: list[County]
    cities: list[Region]
    total: Region
    daemon_ended_at: datetime | None


def routes(office: ConsoleContext, kept: KeptCounts) -> APIRouter:
    router = APIRouter(tags=["counties"])
    permitted = allowed(office, Scope.COUNTIES_READ)

    @router.get("/counties", summary="Sums of the counties of the token's region", response_model=Counties)
    def sum_counties(call: Call = permitted) -> Counties:
        token = call.token
        if token.department:
            raise call.refuse("forbidden", Message(_DEPARTMENT, department=token.department))
        counties = list_counties(office.loaded, token.region) if token.region else [call.rulebook.county]
        with office.store.read() as tx:
            sums = read_sums(tx, counties, token.region, kept, call.now)
        return Counties(
            counties=[_county(each) for each in sums.counties],
            cities=[_region(each) for each in sums.cities],
            total=_region(sums.total),
            daemon_ended_at=sums.daemon_ended_at,
        )

    return router


def _county(of: CountySum) -> County:
    county = of.county
    return County(
        id=county.id,
        name=county.name,
        code=county.division.code if county.division else None,
        matters=Counts(overdue=of.matters.overdue, lights=dict(of.matters.lights)),
        decided_at=of.decided_at,
        read_at=of.read_at,
        watch=of.watch,
        fault=of.fault,
    )


def _region(of: RegionSum) -> Region:
    matters = Counts(overdue=of.matters.overdue, lights=dict(of.matters.lights))
    return Region(code=of.code, name=of.name, counties=of.counties, matters=matters, unwatched=of.unwatched)
