"""What the token of the request opens: the first thing that whoever sets up a system tries."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tracker.console.api.call import Call, allowed
from tracker.console.context import ConsoleContext
from tracker.core.values.accounts import Scope


class TokenInfo(BaseModel):
    county: str
    county_name: str
    system: str
    scopes: list[Scope]
    department: str | None = Field(description="the only one that it reaches; null: all")
    expires_at: datetime
    now: datetime


def routes(office: ConsoleContext) -> APIRouter:
    router = APIRouter(tags=["token"])
    any_token = allowed(office, None)

    @router.get("/token", summary="What this token opens", response_model=TokenInfo)
    def show_token(call: Call = any_token) -> TokenInfo:
        token, county = call.token, call.rulebook.county
        return TokenInfo(
            county=county.id, county_name=county.name, system=token.name, department=token.department or None,
            scopes=[Scope(scope) for scope in token.scopes.split()], expires_at=token.expires_at, now=call.now,
        )  # fmt: skip

    return router
