"""What the API answers instead of a result: application/problem+json (RFC 9457)."""

from __future__ import annotations

import gettext
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tracker.catalogue import catalogue_of, translate
from tracker.console.api.schema_errors import explain
from tracker.core.values.message import Message

MEDIA_TYPE = "application/problem+json"
Kind = Literal[
    "unauthorized", "forbidden", "not-found", "method", "conflict", "too-large", "not-json", "invalid", "too-often",
    "too-slow", "internal",
]  # fmt: skip
_STATUSES: Mapping[Kind, int] = {
    "unauthorized": 401, "forbidden": 403, "not-found": 404, "method": 405, "too-slow": 408, "conflict": 409,
    "too-large": 413, "not-json": 415, "invalid": 422, "too-often": 429, "internal": 500,
}  # fmt: skip
_KINDS = {status: kind for kind, status in _STATUSES.items()}
_DETAILS: Mapping[int, Message] = {
    400: Message("the body is no JSON in UTF-8"),
    404: Message("there is no such resource; /api/v1/openapi.json lists those that there are"),
    405: Message("this resource takes other methods, which the header Allow names"),
    500: Message("something went wrong and nothing was recorded; please try again later"),
}


class Fault(BaseModel):
    """Where something is wrong, and what would be right."""

    pointer: str | None = Field(default=None, description="JSON pointer into the body (RFC 6901)")
    parameter: str | None = Field(default=None, description="name of the parameter in the address")
    number: str | None = Field(default=None, description="the sender's number of the item")
    detail: str


class Problem(BaseModel):
    """Why there is no result (RFC 9457)."""

    type: str = Field(description="urn:duban:problem: and a word of docs/api.md")
    title: str
    status: int
    detail: str = Field(description="Chinese; English where the header Accept-Language asks for it")
    errors: list[Fault] = []


class ProblemError(Exception):
    """There is no result; `detail` says what would be right."""

    def __init__(
        self, kind: Kind, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors, self.headers = kind, detail, errors, headers or {}


def spoken(request: Request) -> gettext.NullTranslations:
    """The language of texts: English where it is asked for first, else Chinese."""
    return catalogue_of("en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh")


def respond(request: Request, error: ProblemError, status: int = 0) -> Response:
    status = status or _STATUSES[error.kind]
    problem = Problem(
        type=f"urn:duban:problem:{error.kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=translate(spoken(request), error.detail),
        errors=list(error.errors),
    )
    return json_response(problem.model_dump(exclude_none=True), status, MEDIA_TYPE, error.headers)


def json_response(
    value: Any, status: int = 200, media_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Response:
    """JSON that nobody caches and no browser shows as something else. Half a character pair becomes a question mark."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    kept = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(text, status, {**kept, **(headers or {})}, media_type)


# -- errors of the framework -----------------------------------------------------------------------


async def on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return respond(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind: Kind = _KINDS.get(error.status_code, "invalid")
    detail = _DETAILS.get(error.status_code, Message("the request cannot be used"))
    return respond(request, ProblemError(kind, detail, headers=error.headers), error.status_code)


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(request, each) for each in error.errors()]
    return respond(request, ProblemError("invalid", Message("the request is not as the description says"), faults))


async def on_error(request: Request, _error: Exception) -> Response:
    return respond(request, ProblemError("internal", _DETAILS[500]))


def write_pointer(path: Iterable[object]) -> str:
    """The JSON pointer to a place (RFC 6901, 3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _fault(request: Request, error: Mapping[str, Any]) -> Fault:
    """What the validation says of one place."""
    where, *path = error["loc"]
    detail = translate(spoken(request), explain(error))
    if where == "body":
        return Fault(pointer=write_pointer(path) if error["type"] != "json_invalid" else "", detail=detail)
    return Fault(parameter=".".join(map(str, path)), detail=detail)
