"""What every long-lived process does: it serves the pages, reloads the rules on SIGHUP and ends on SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from tracker.clock import Clock
from tracker.console.context import ConsoleError
from tracker.core.assessment.golive import not_live_message
from tracker.daemon.jobs import Office
from tracker.daemon.log import use_zone
from tracker.daemon.process import notify_systemd, share_one_heap
from tracker.registers.errors import RegisterError
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded

if TYPE_CHECKING:
    from tracker.console.server import ConsoleServer

log = logging.getLogger(__name__)

#: Counties that a line of the log names; of more it gives the number.
_NAMED = 10


class Service(ABC):
    """A process from its start to SIGTERM; what starts the passes is the subclass's.

    `has_pages`: whether it serves the pages that the schedule names. `load` reads the rule files again at every SIGHUP,
    given what was read before; while they are wrong the last good ones stay: a county's own where its file is wrong,
    all where what the counties share is.
    """

    def __init__(
        self, office: Office, load: Callable[[Loaded], Loaded], clock: Clock, *, has_pages: bool = True
    ) -> None:
        self._office = office
        self._load = load
        self._clock = clock
        self._holder = office.holder
        self._stopping = asyncio.Event()
        self._exit = 0
        self._has_pages = has_pages
        self._pages: ConsoleServer | None = None
        use_zone(office.loaded.schedule.zone)

    @abstractmethod
    def _prepare(self) -> str | None:
        """Bring tables and rules up to date; returns why this process cannot run here."""

    @abstractmethod
    async def _begin(self) -> None:
        """Start the passes."""

    @abstractmethod
    async def _end(self) -> None:
        """Start no more passes, give those under way a little time, and say that this process is gone."""

    @abstractmethod
    async def _follow(self, loaded: Loaded, added: Collection[str]) -> None:
        """Go on under these rules, which are in force. `added`: the counties that were not there before."""

    async def run(self) -> int:
        """Run until SIGTERM.

        Returns 0; 2 if it cannot run or the pages cannot be served; otherwise what the subclass gave as its reason.
        """
        share_one_heap()
        reason = await asyncio.to_thread(self._prepare)
        if reason is not None:
            log.error("%s", reason, extra={"action": "start"})
            return 2
        try:
            self._handle_signals()
            await self._serve_pages()
            await self._begin()
            self._log_broken()
            names = ", ".join(book.county.id for book in self._office.loaded.rulebooks)
            log.info("running for %s on %s", names, self._office.store.name, extra={"action": "start"})
            for county in await asyncio.to_thread(self._office.counties_not_live):
                log.warning("%s", not_live_message(county), extra={"action": "start"})
            await self._stopping.wait()
        except ConsoleError as error:
            log.error("%s", error, extra={"action": "start"})
            return 2
        finally:
            notify_systemd("STOPPING=1")
            await asyncio.gather(self._end(), self._stop_pages())
        log.info("stopped", extra={"action": "stop"})
        return self._exit

    def _leave(self, code: int) -> None:
        """End in order, with this exit status."""
        self._exit = code
        self._stopping.set()

    async def _serve_pages(self) -> None:
        """Serve the pages behind the links in mails as the schedule says. Raises ConsoleError."""
        settings = self._office.loaded.schedule.console
        if self._pages is None:
            if settings is None or not self._has_pages:
                return
            from tracker.console.server import ConsoleServer  # loads the web server only if it is needed

            self._pages = ConsoleServer(self._office)
        await self._pages.follow(settings)

    async def _stop_pages(self) -> None:
        if self._pages is not None:
            await self._pages.stop()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: setattr(self, "_reload", asyncio.ensure_future(self.reload())))

    async def reload(self) -> None:
        """Load the rule files again; if they are wrong, log it and keep the last good ones."""
        before = self._office.loaded
        try:
            loaded = await asyncio.to_thread(self._load, before)
        except (RuleErrors, OSError) as error:
            log.error("the rules are wrong, the last good ones stay in force:\n%s", error, extra={"action": "reload"})
            return
        except Exception:  # whatever it is, the daemon goes on
            log.exception("the rules cannot be loaded, the last good ones stay in force", extra={"action": "reload"})
            return
        try:
            await asyncio.to_thread(self._office.adopt, loaded)
        except RegisterError as error:
            log.error("the rules are refused, the last good ones stay in force:\n%s", error, extra={"action": "reload"})
            return
        except Exception:  # the database is away or locked
            log.exception("the new rules cannot be stored, the last good ones stay", extra={"action": "reload"})
            return
        loaded = self._office.loaded
        self._log_broken()
        added = _log_changes(before, loaded)
        use_zone(loaded.schedule.zone)
        try:
            await self._serve_pages()
        except ConsoleError as error:
            log.error("%s; the pages are not served", error, extra={"action": "reload"})
        await self._follow(loaded, added)

    def _log_broken(self) -> None:
        """Log which counties' files cannot be used."""
        loaded = self._office.loaded
        for county, errors in loaded.broken.items():
            stays = "its last good ones stay in force" if county in loaded.counties else "nothing is done for it"
            log.error("%s: the rules are wrong, %s:\n%s", county, stays, RuleErrors(errors), extra={"action": "rules"})


def _log_changes(before: Loaded, loaded: Loaded) -> list[str]:
    """Log which counties' rules are others than before; returns those that were not there."""
    old, new = ({book.county.id: book.digest for book in each.rulebooks} for each in (before, loaded))
    kinds = {
        "changed": [id for id, digest in new.items() if old.get(id, digest) != digest],
        "added": [id for id in new if id not in old],
        "removed": [id for id in old if id not in new],
    }
    for kind, ids in kinds.items():
        if ids:
            named = ", ".join(ids) if len(ids) <= _NAMED else len(ids)
            log.info("counties %s: %s", kind, named, extra={"action": "reload"})
    return kinds["added"]
