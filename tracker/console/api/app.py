"""The API's application: its resources, its errors, and the description that it gives of itself (OpenAPI)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from tracker.console.api import columns, counties, events, evidence, matters, token
from tracker.console.api.gate import Gate
from tracker.console.api.problems import (
    MEDIA_TYPE,
    Fault,
    Problem,
    ProblemError,
    json_response,
    on_error,
    on_http_error,
    on_invalid,
    on_problem,
)
from tracker.console.context import ConsoleContext
from tracker.console.limiter import Limiter
from tracker.reports.sums import KeptCounts

#: Where it lies below the console's base.
PLACE = "/api/v1"
#: What any request may be answered with, and what one may beside it that sends something.
_ALWAYS, _SENDING = (400, 401, 403, 404, 422, 429, 500), (408, 409, 413, 415)
_ABOUT = (
    "Events and evidence in, matters with their statuses and derivations out. What is not a result is a problem "
    "(RFC 9457) that says where and what would be right."
)


def make_api(office: ConsoleContext, checks: Limiter, sums: KeptCounts) -> list[BaseRoute]:
    """The routes at which the API is found. `checks`: of the addresses that are named for one matter; `sums`: what is
    counted of each county."""
    app = FastAPI(title="Duban 督办", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False  # it would lead wherever the Host header says
    routers = (
        token.routes(office), matters.routes(office), events.routes(office), evidence.routes(office, checks),
        columns.routes(office), counties.routes(office, sums),
    )  # fmt: skip
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_error)
    routes = [one for router in routers for one in router.routes if isinstance(one, APIRoute)]
    taking = {one.path for one in routes if one.methods and "POST" in one.methods}
    described = cache(partial(_describe, app))  # when somebody asks: it takes long

    @app.get("/openapi.json", include_in_schema=False)
    def show_description() -> Response:
        return json_response({**described(), "servers": [{"url": f"{_base_of(office)}{PLACE}"}]})

    gate = Gate(app, office, taking)
    below = Mount(PLACE, gate)
    below.path_regex = re.compile(
        below.path_regex.pattern, re.DOTALL
    )  # a line break in an address is ours to refuse too
    return [below, Route(PLACE, gate)]


def _base_of(office: ConsoleContext) -> str:
    """The path of the console's base, below which the API lies."""
    console = office.loaded.schedule.console
    return urlsplit(console.base).path.rstrip("/") if console else ""


def _describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the problems that any request may be answered with."""
    made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Fault"] = Fault.model_json_schema()
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas["Problem"] = {name: value for name, value in problem.items() if name != "$defs"}
    for path in made["paths"].values():
        for method, operation in path.items():
            operation["responses"] |= dict(_problems((*_ALWAYS, *(_SENDING if method == "post" else ()))))
    return made


def _problems(statuses: Iterable[int]) -> Iterable[tuple[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in statuses:
        yield str(status), {"description": "A problem", "content": content}
