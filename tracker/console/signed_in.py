"""Serves the pages of who has logged in: finds whose session it is, asks the table of rights, checks every form.

A page is a function that shows, and one for each act; they run in threads and know nothing of cookies.
"""

from __future__ import annotations

import asyncio
import gettext
import logging
import math
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.catalogue import catalogue_of, translate
from tracker.console.access import Viewer
from tracker.console.addresses import PLACE, address_of, message_page, place_of, to_login
from tracker.console.callers import caller_of, is_from_here
from tracker.console.context import ConsoleContext
from tracker.console.cookies import is_secure, language_of, session_key
from tracker.console.forms import FileForms, FormError, PostedForm
from tracker.console.freshness import FRESH, LATE, NOBODY_NAMED, find_keeper, read_freshness
from tracker.console.html import CommandsLeftOut, attach_file, headers, render_page
from tracker.console.limiter import Limiter
from tracker.console.refusals import note_refusal
from tracker.console.sessions import csrf_token, is_csrf_token, is_signed, resume, sign
from tracker.console.shared import Shared
from tracker.console.typed import type_again
from tracker.console.unchanged import Asked, UnchangedPages
from tracker.core.law.county import Rulebook
from tracker.core.values.message import Message
from tracker.core.values.rulings import occurrence_of
from tracker.decide.recording import record_and_judge
from tracker.registers.errors import RegisterError
from tracker.registers.passwords import digest_of
from tracker.store.accounts import find_session
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow

log = logging.getLogger(__name__)

T = TypeVar("T")

_EMPTY = PostedForm({})
#: The page whose forms hold passwords: what is typed there is never kept.
_OWN_PAGE = "account"
#: The pages that are about no county, or about several: they have one address alone.
_BESIDE = ("account", "counties")
#: The pages that the head of each page leads to.
MENU = (
    "counties", "overview", "matters", "queue", "events", "site", "rules", "circulars", "journal", "reports", "people",
    "account",
)  # fmt: skip
#: Titles and texts of the pages that say why there is no other.
_MISSING = (Message("There is no such page"), Message("It may have moved, or it is not yours to see."))
_BROKEN = (Message("Something went wrong"), Message("Nothing was recorded. Please try again later."))
_FOREIGN = (Message("Not taken"), Message("The form did not come from this site."))
_OLD = (Message("Not taken"), Message("The page is from an earlier log-in. Please open it again."))
_NO_ACT = (Message("Not taken"), Message("The form does not say what is to be done."))
_TOO_OFTEN = (Message("Too often"), Message("More pages were asked for than anybody reads. Please wait a minute."))
_FORBIDDEN = (Message("Not for you to do"), Message("Your account may not do this. The journal notes it."))


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What somebody asks of a page. `form`: as it was posted, empty where the page is only shown.

    `refused`: why the form was not taken, to be shown beside what was typed; `refused_for`: the matter whose decisions
    are in the way. `as_of`: when what the page says was right, if not now.
    """

    office: ConsoleContext
    request: Request
    viewer: Viewer
    key: str  # the session's
    here: str  # the page's name
    now: datetime
    shared: Shared
    form: PostedForm = _EMPTY
    refused: str = ""
    refused_for: str = ""
    as_of: datetime | None = None

    @property
    def catalogue(self) -> gettext.NullTranslations:
        """The language of the page."""
        return catalogue_of(language_of(self.request))

    def translate(self, text: str, **values: object) -> str:
        """The text as a page says it: without the commands that stand in brackets in it, for who is at a terminal."""
        return translate(CommandsLeftOut(self.catalogue), text, **values)

    @property
    def caller(self) -> str:
        return caller_of(self.request)

    @property
    def via(self) -> str:
        """The origin of what is recorded, for the journal."""
        return f"console {self.caller} {self.viewer.account.login}"

    @property
    def today(self) -> date:
        """The day by the county's clock."""
        return self.now.astimezone(self.viewer.rulebook.county.zone).date()

    def keep(self, what: str, read: Callable[[Tx], T], *about: Hashable) -> tuple[T, PageRequest]:
        """What is read of the county, kept until something changes there or the day ends; and the request as of then.

        It is the same for every viewer and in every language; `about`: what else it depends on.
        """
        with self.office.store.read() as tx:
            found = self.shared.counted.find(
                tx, self.viewer.rulebook, what, (self.today, *about), self.now, lambda: read(tx)
            )
        return found.value, replace(self, as_of=found.at)

    def record(self, act: Callable[[Tx], T]) -> T:
        """Run the act in a transaction that the journal knows as the viewer's, and judge in it what it changes.

        The form may have taken minutes to come. Raises EndedError where the session has ended meanwhile.
        """

        def checked(tx: Tx) -> T:
            if find_session(tx, digest_of(self.key)) is None:
                raise EndedError
            return act(tx)

        store, loaded = self.office.store, self.office.loaded
        done = record_and_judge(store, loaded, self.viewer.rulebook, checked, via=self.via, now=self.now)[0]
        self.shared.counted.forget(self.viewer.rulebook.county.id)
        return done

    def rehearse(self, act: Callable[[Tx], T]) -> tuple[T, list[OccurrenceRow]]:
        """Run the act as `record` does and undo it: its result, and the matters as they would stand."""
        store, loaded = self.office.store, self.office.loaded
        done, rows = record_and_judge(store, loaded, self.viewer.rulebook, act, now=self.now, undone=True)
        return done, list(rows.values())

    @property
    def place(self) -> str:
        """Where the pages about the county lie: those of another one than the account's have its name in their path."""
        home, county = place_of(self.office), self.viewer.rulebook.county.id
        return home if county == self.viewer.account.county else f"{home}/county/{county}"

    def address(self, path: str) -> str:
        """Where the browser finds the page with that path."""
        return f"{place_of(self.office) if path.removeprefix('/') in _BESIDE else self.place}{path}"

    def page(self, template: str, **values: object) -> Response:
        """The page made of a template; it knows the viewer, the form and why it was refused.

        One that was right earlier says when, and has an age (RFC 9111, 5.1).
        """
        as_of = self.as_of or self.now
        zone, fresh = self.viewer.rulebook.county.zone, read_freshness(self.office.store, self.now)

        def at(moment: datetime | None) -> str:
            return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else self.translate(Message("never"))

        times = {"now": at(as_of), "decided": at(fresh.decided_at), "read": at(fresh.read_at)}
        keeper = find_keeper(self.viewer.rulebook.county, self.viewer.account.role) or self.translate(NOBODY_NAMED)
        shown = {
            "place": self.place,
            "home": place_of(self.office),
            "here": self.here,
            "sought": "",
            "menu": [(name, self.address(f"/{name}")) for name in MENU if self.viewer.may_see(name)],
            "viewer": self.viewer,
            "county": self.viewer.rulebook.county,
            "csrf_token": csrf_token(self.key),
            "form": self.form,
            "refused": self.refused,
            "refused_for": self.refused_for,
            "done": self.request.query_params.get("done", ""),
            "outcome": self.outcome,
            "at": at,
            "stale": self.translate(LATE, keeper=keeper, **times) if fresh.late else "",
            "freshness": self.translate(FRESH, **times),
        }
        status = 422 if self.refused else 200
        made = render_page(
            f"signed_in/{template}", shown | values, status=status, style="console.css", spoken=self.catalogue
        )
        if as_of < self.now:
            made.headers["Age"] = str(math.ceil((self.now - as_of).total_seconds()))
        return made

    def redirect(self, path: str, done: str = "", outcome: str = "") -> Response:
        """Send the browser to a page: loaded anew, it records nothing again.

        `done`: the act that succeeded; `outcome`: what came of it in words, signed so that no link can put words there.
        """
        query = {"done": done, "outcome": outcome, "signature": sign(self.key, outcome) if outcome else ""}
        given = urlencode({name: value for name, value in query.items() if value})
        address = f"{self.address(path)}{f'?{given}' if given else ''}"
        return RedirectResponse(address, 303, headers("console.css"))

    def file(self, content: bytes, name: str) -> Response:
        return attach_file(content, name, style="console.css")

    @property
    def outcome(self) -> str:
        """What came of the last act, as `redirect` wrote it."""
        text, signature = (self.request.query_params.get(name, "") for name in ("outcome", "signature"))
        return text if is_signed(self.key, text, signature) else ""


class EndedError(Exception):
    """The session has ended since the request began."""


class MissingError(Exception):
    """There is no such thing, or it is not the viewer's: both get the same answer."""


Handler = Callable[[PageRequest], Response]
#: An act may look at a site; then it is awaited, and goes into threads by itself.
Act = Callable[[PageRequest], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class SignedInPage:
    """A page: its name in the table of rights, its path, the function that shows it, and its acts by their names.

    `is_kept`: a browser may keep it and ask whether it is still the same; not where it is another one each time,
    or says how people are reached.
    """

    name: str
    path: str
    show: Handler
    acts: Mapping[str, Act] = field(default_factory=dict)
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class SignedInPages:
    """The dispatcher before all pages."""

    office: ConsoleContext
    files: FileForms
    pages: Sequence[SignedInPage]
    shared: Shared
    unchanged: UnchangedPages
    requests: Limiter = field(default_factory=lambda: Limiter(300, timedelta(minutes=1)))  # of an account

    def routes(self) -> list[Route]:
        """Each page at its path, and those about a county also below the name of one."""
        places = [("", self.pages), ("/county/{county}", [page for page in self.pages if page.name not in _BESIDE])]
        return [
            Route(f"{PLACE}{place}{page.path}", self._serve(page), methods=["GET", "POST"] if page.acts else ["GET"])
            for place, pages in places
            for page in pages
        ]

    def _serve(self, page: SignedInPage) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                ask = await asyncio.to_thread(self._identify, request, page.name)
                if ask is None:
                    is_kept = request.method == "POST" and await self._keep_typed(page, request)
                    return to_login(self.office, request, to_page=is_kept)
                if ask.viewer.account.must_change and page.name != "account":
                    return ask.redirect("/account")
                if not self.requests.allows(f"account {ask.viewer.account.id}", ask.now):
                    return message_page(self.office, request, 429, *_TOO_OFTEN)
                if request.method != "POST":
                    return await asyncio.to_thread(self._show, page, ask)
                return await self._act(page, ask)
            except EndedError:
                return to_login(self.office, request)
            except MissingError:
                return message_page(self.office, request, 404, *_MISSING)
            except Exception as error:
                log.error("%s of a page failed", request.method, exc_info=error, extra={"action": "console"})
                return message_page(self.office, request, 500, *_BROKEN)

        return serve

    def _identify(self, request: Request, here: str) -> PageRequest | None:
        """Whose session it is; None where nobody is logged in. Reads. Raises MissingError for a county out of reach."""
        key, now = session_key(request, self.office), self.office.clock()
        account = resume(self.office, key, now) if key else None
        if account is None:
            return None
        rulebook = rulebook_of(self.office, request.path_params.get("county", account.county))
        if rulebook is None and "county" not in request.path_params:
            return None
        if rulebook is None or not (viewer := Viewer(account, rulebook)).reaches_county:
            raise MissingError
        self.shared.typed.note(digest_of(key), account.id)
        return PageRequest(self.office, request, viewer, key, here, now, self.shared)

    def _show(self, page: SignedInPage, ask: PageRequest) -> Response:
        if not ask.viewer.may_see(page.name):
            return self._refuse(page, ask, "see")
        if typed := self.shared.typed.find(digest_of(ask.key), address_of(ask.request), ask.now):
            shown = page.show(replace(ask, form=typed.form, refused=ask.translate(typed.why)))
            shown.status_code = 200  # this request is right: the one before it was refused
            return shown
        if not page.is_kept:
            return page.show(ask)
        asked = Asked(ask.request, ask.viewer.rulebook, ask.key, language_of(ask.request), ask.now)
        # Without https no browser obeys a log-out that says what is to be forgotten.
        return self.unchanged.answer(asked, lambda: page.show(ask), is_stored=is_secure(self.office))

    async def _act(self, page: SignedInPage, ask: PageRequest) -> Response:
        if not is_from_here(ask.request, self.office):
            return message_page(self.office, ask.request, 403, *_FOREIGN)
        try:
            form = await self.files.read(ask.request, self.office.loaded.schedule.filings.max_bytes)
        except FormError as error:
            return message_page(self.office, ask.request, error.status, Message("Not taken"), str(error))
        if not is_csrf_token(ask.key, form.first("csrf")):
            return await asyncio.to_thread(self._show_again, page, ask, form)
        self.shared.typed.drop(digest_of(ask.key))
        act = form.first("act")
        if act not in page.acts:
            return message_page(self.office, ask.request, 400, *_NO_ACT)
        asked = replace(ask, form=form)
        if not ask.viewer.may(page.name, act):
            return await asyncio.to_thread(self._refuse, page, asked, act)
        try:
            done = await asyncio.to_thread(page.acts[act], asked)
            return done if isinstance(done, Response) else await done
        except (FormError, RegisterError) as error:
            why = error.args[0] if error.args else ""
            about = occurrence_of(str(why.values.get("subject", ""))) if isinstance(why, Message) else ""
            return await asyncio.to_thread(page.show, replace(asked, refused=ask.translate(why), refused_for=about))
        except EndedError:
            kept = page.name != _OWN_PAGE and self._keep(ask.request, ask.key, ask.viewer.account.id, form)
            return to_login(self.office, ask.request, to_page=kept)

    # -- forms whose session is over -------------------------------------------------------------------

    async def _keep_typed(self, page: SignedInPage, request: Request) -> bool:
        """Keep what was typed by whose session was in this browser; whether it is kept."""
        key, now = session_key(request, self.office), self.office.clock()
        account = self.shared.typed.whose(digest_of(key))
        if account is None or page.name == _OWN_PAGE or not is_from_here(request, self.office):
            return False
        if not self.requests.allows(f"account {account}", now):
            return False
        try:
            form = await self.files.read(request, self.office.loaded.schedule.filings.max_bytes)
        except FormError:
            return False
        return is_csrf_token(key, form.first("csrf")) and self._keep(request, key, account, form)

    def _keep(self, request: Request, key: str, account: int, form: PostedForm) -> bool:
        return self.shared.typed.keep(digest_of(key), account, address_of(request), form, self.office.clock())

    def _show_again(self, page: SignedInPage, ask: PageRequest, form: PostedForm) -> Response:
        """The form again, where it was opened in an earlier log-in of the same account; its key does not count here."""
        account = ask.viewer.account.id
        is_own = self.shared.typed.is_of_earlier_session(account, form.first("csrf"))
        if not is_own or page.name == _OWN_PAGE or not ask.viewer.may_see(page.name):
            return message_page(self.office, ask.request, 403, *_OLD)
        typed = type_again(account, address_of(ask.request), form)
        return page.show(replace(ask, form=typed.form, refused=ask.translate(typed.why)))

    def _refuse(self, page: SignedInPage, ask: PageRequest, act: str) -> Response:
        """The answer is the same for every page; the journal says who tried."""
        county, who, subject = ask.viewer.rulebook.county.id, ask.viewer.account.name, f"page:{page.name}"
        note_refusal(self.office.store, county, who, subject, {"act": act}, via=ask.via, now=ask.now)
        return message_page(self.office, ask.request, 403, *_FORBIDDEN)


def rulebook_of(office: ConsoleContext, county: str) -> Rulebook | None:
    """The rules of the county; None where it is not here (any more)."""
    return next((book for book in office.loaded.rulebooks if book.county.id == county), None)
