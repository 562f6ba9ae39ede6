"""robots.txt as RFC 9309 has it: asked once a day of each origin that the county does not call its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.failures import status_note

#: The name that a robots.txt means us by.
AGENT = "Duban"
#: As much of a robots.txt as must be heeded (RFC 9309, 2.5); the rest is not read.
MAX_BYTES = 512 * 1024
#: A site may slow us down to this many seconds between two requests; a pass must end.
MAX_DELAY = 10.0
#: How often an origin whose robots.txt cannot be had is asked for it in one pass.
_TRIES = 3
#: How long what it said is heeded without asking anew, and how long where it cannot be had (RFC 9309, 2.4 and 2.3.1.4).
_FRESH, _STALE = timedelta(hours=24), timedelta(days=30)

#: A line that names an agent, with a name in it; and what comes before the name.
_USER_AGENT = re.compile(r"^(\s*user[- ]?agent\s*[:\s])\s*([^\s#][^#]*)", re.IGNORECASE)

_NOT_ALLOWED = (
    "站点的 robots.txt 不允许读取该地址；如站点为本县自有，请在县文件中该站点下写明 own: true，或请站点管理员放行"
)
_NOT_HAD = "站点的 robots.txt 未能取得，按规则本轮不读取该站点（如站点为本县自有，请在县文件中写明 own: true）：{}"


@dataclass(frozen=True, slots=True)
class Word:
    """What an origin says about one address: None allows it, else why it is not asked. `delay` in seconds."""

    refusal: tuple[VisitOutcome, str] | None = None
    delay: float = 0.0
    answer: Answer | None = None  # what its robots.txt answered, where that refuses


_SILENCE = Word()


@dataclass(frozen=True, slots=True)
class Said:
    """What the robots.txt of an origin said at an instant; `text` None: there was none to heed."""

    text: str | None
    at: datetime


class Shelf(Protocol):
    """Keeps what origins said from pass to pass."""

    async def kept(self, origin: str) -> Said | None:
        """What an origin said last, however long ago."""

    async def keep(self, origin: str, said: Said) -> None:
        """Hold what an origin says now."""


@dataclass(slots=True)
class Robots:
    """The robots.txt of every origin that was asked in one pass. `ask`: fetches one; `shelf`: where it is kept
    beyond the pass, None: nowhere."""

    ask: Callable[[str], Awaitable[Answer]]
    clock: Callable[[], datetime]
    shelf: Shelf | None = None
    _rules: dict[str, Any] = field(default_factory=dict)  # by origin: protego's, None where all is allowed
    _answers: dict[str, Answer] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)

    async def word(self, url: str) -> Word:
        """Whether `url` may be asked, and how slowly."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules and (refused := await self._fetch(origin)) is not None:
            return refused
        rules = self._rules[origin]
        if rules is None:
            return _SILENCE
        delay = min(float(rules.crawl_delay(AGENT) or 0), MAX_DELAY)
        if rules.can_fetch(url, AGENT):
            return Word(None, delay)
        return Word((VisitOutcome.FORBIDDEN, _NOT_ALLOWED), delay, self._answers.get(origin))

    async def _fetch(self, origin: str) -> Word | None:
        """Ask for the origin's rules; a word only where nothing else of it may be asked."""
        if self._tries.get(origin, 0) >= _TRIES:
            return self._not_had(self._answers[origin])
        known = await self.shelf.kept(origin) if self.shelf is not None and origin not in self._tries else None
        age = self.clock() - known.at if known is not None else _STALE
        if known is not None and timedelta(0) <= age < _FRESH:
            await self._heed(origin, known)
            return None
        self._tries[origin] = self._tries.get(origin, 0) + 1
        answer = self._answers[origin] = await self.ask(f"{origin}/robots.txt")
        if answer.outcome is VisitOutcome.READ and answer.status == 200:
            await self._take(origin, Said(answer.body.decode("utf-8-sig", "replace").replace("\x00", ""), answer.at))
            return None
        if answer.outcome is VisitOutcome.FORBIDDEN and not answer.trail:
            return Word((answer.outcome, answer.note), answer=answer)  # the guard: nothing else will be dialled either
        if _unavailable(answer):
            await self._take(origin, Said(None, answer.at))
            return None
        if known is not None and age < _STALE:
            await self._heed(origin, known)
            return None
        return self._not_had(answer)

    async def _take(self, origin: str, said: Said) -> None:
        await self._heed(origin, said)
        if self.shelf is not None:
            await self.shelf.keep(origin, said)

    async def _heed(self, origin: str, said: Said) -> None:
        self._rules[origin] = None if said.text is None else await asyncio.to_thread(_parse, said.text)

    def _not_had(self, answer: Answer) -> Word:
        return Word(
            (VisitOutcome.UNREACHABLE, _NOT_HAD.format(answer.note or status_note(answer.status))), answer=answer
        )


def _unavailable(answer: Answer) -> bool:
    """Whether there is no robots.txt to heed: then everything is allowed. A fault of the server is not that."""
    if answer.status:
        return answer.status != 200 and answer.status < 500 and answer.status != 429
    # A redirect without end, or out of the county: where it leads is nothing that we could heed.
    return bool(answer.trail) and 300 <= answer.trail[-1].status < 400 and not answer.strikes


def _parse(text: str) -> Any:
    from protego import Protego

    return Protego.parse("\n".join(_USER_AGENT.sub(_name_once, line) for line in text.splitlines()))


def _name_once(line: re.Match[str]) -> str:
    """The line with one name for every agent that is not us: else each rule is kept once for each name in its group."""
    name = line[2].strip().lower().replace("*", "")
    is_ours = name and AGENT.lower().startswith(name)
    return line[0] if is_ours or line[2].strip() == "*" else f"{line[1]}another"
