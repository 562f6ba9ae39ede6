"""What a resource of the API knows of a request: whose token, which county, which language, when."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from tracker.catalogue import translate
from tracker.console.api.problems import Fault, Kind, ProblemError, spoken
from tracker.console.callers import caller_of
from tracker.console.context import ConsoleContext
from tracker.console.refusals import note_refusal
from tracker.core.law.county import Rulebook
from tracker.core.values.accounts import ApiToken, Scope
from tracker.core.values.message import Message
from tracker.decide.recording import record_and_judge
from tracker.registers.errors import suggest_departments
from tracker.store.api import find_api_token
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow

T = TypeVar("T")

_BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="made by `duban token add`")
_FORBIDDEN = Message("the token lacks the scope {scope}; the journal notes it")
_REVOKED = Message("the token was revoked or ran out meanwhile")
_GONE = Message("the county of the token is not served here any more")


def _printable(text: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError(Message("no control characters, which nobody sees"))
    return text


#: A text on one line that every database takes.
Line = Annotated[str, StringConstraints(max_length=512), AfterValidator(_printable)]


def _written_out(text: object) -> object:
    if not (isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)):
        raise ValueError(Message("write a day like 2026-03-02"))
    return text


#: A day; a number is none, though it might be taken for seconds since 1970.
Day = Annotated[date, BeforeValidator(_written_out)]


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a system, which its token permits."""

    office: ConsoleContext
    request: Request
    token: ApiToken
    rulebook: Rulebook
    now: datetime

    @property
    def catalogue(self) -> gettext.NullTranslations:
        return spoken(self.request)

    def translate(self, text: str) -> str:
        return translate(self.catalogue, text)

    @property
    def via(self) -> str:
        """The origin of what is recorded, for the journal."""
        return f"api {caller_of(self.request)} token:{self.token.id}"

    def record(
        self, act: Callable[[Tx], T], is_judged: Callable[[T], bool] = lambda _done: True
    ) -> tuple[T, Mapping[str, OccurrenceRow]]:
        """Run the act in a transaction that the journal knows as the system's, and judge in it what it changes.

        The body may have taken a minute to come. Raises ProblemError where the token was revoked or ran out meanwhile.
        """

        def checked(tx: Tx) -> T:
            token = find_api_token(tx, self.token.digest)
            if token is None or not token.counts(self.office.clock()):
                raise ProblemError("unauthorized", _REVOKED)
            return act(tx)

        store, loaded = self.office.store, self.office.loaded
        return record_and_judge(store, loaded, self.rulebook, checked, via=self.via, now=self.now, is_judged=is_judged)

    def refuse(self, kind: Kind, detail: str, *faults: Fault) -> ProblemError:
        """Why there is no result. What is forbidden stands in the journal."""
        if kind == "forbidden":
            token, attempt = self.token, {"method": self.request.method, "path": self.request.url.path[:200]}
            store, subject = self.office.store, f"token:{token.id}"
            note_refusal(store, token.county, token.name, subject, attempt, via=self.via, now=self.now)
        return ProblemError(kind, detail, faults)

    def find_department(self, text: str | None) -> str | None:
        """The only department that is asked for and in the token's reach, by its id or name; None: all."""
        own, county = self.token.department or None, self.rulebook.county
        if not text:
            return own
        found = county.find_department(text)
        if found is None:
            hint = Message("unknown department {name!r}: {hint}", name=text, hint=suggest_departments(text, county))
            raise self.refuse("invalid", hint, Fault(parameter="department", detail=self.translate(hint)))
        if own not in (None, found):
            raise self.refuse(
                "forbidden", Message("the token is for the department {department} alone", department=own)
            )
        return found


def allowed(office: ConsoleContext, scope: Scope | None) -> Any:
    """The parameter of a resource that a token opens only with that scope; None: with any."""

    def call(request: Request, _given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Call:
        token: ApiToken = request.state.token
        rulebook = next((book for book in office.loaded.rulebooks if book.county.id == token.county), None)
        if rulebook is None:
            raise ProblemError("forbidden", _GONE)
        made = Call(office, request, token, rulebook, office.clock())
        if scope is not None and not token.may(scope):
            raise made.refuse("forbidden", Message(_FORBIDDEN, scope=scope.value))
        return made

    return Security(call)
