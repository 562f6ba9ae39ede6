"""The small county with its pages served on loopback: two duties of one department overdue in one mail."""

from __future__ import annotations

import email
import html
import io
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import aiohttp
import sqlalchemy as sa

from notifications.channels.base import NO_LIMIT, Channel, MessageForm, Outgoing, SendResult
from tests.decide.small_county import COUNTY, PACK, SCHEDULE, Small, at, small_county, write_rules
from tests.reports.criticised import CIRCULAR, lived
from tracker.clock import Clock
from tracker.console.server import ConsoleServer
from tracker.console.shared import Shared
from tracker.rulebook.schedule import Schedule
from tracker.store.engine import Store
from tracker.store.tables import filings, journal, messages, metadata, notices
from tracker.store.tables_answers import acknowledgements

SECRET = "q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu"
AIR = """\
  - id: air
    title: 空气质量月报
    clause: 一5
    departments: [huanbao]
    channels: county-site
    deadline: {every: month, about: previous}
    evidence: {column: environment, title: 空气质量}
    contents: [优良天数, 首要污染物]
"""
WITH_AIR = PACK.replace("  - id: insurance", f"{AIR}  - id: insurance")
REPEATS = (
    SCHEDULE.replace("kind: overdue, to: [liaison]}", "kind: overdue, to: [liaison], repeat: {every: 1 workdays}}")
    .replace("due +3 workdays", "due +9 workdays")
    .replace("due +5 workdays", "due +12 workdays")
    + f"""\
console: {{listen: "127.0.0.1:1", base: "http://127.0.0.1:1/", secret: {SECRET}, quiet: 3 workdays, valid: 60 days}}
"""
)
MONDAY = date(2015, 8, 3)  # the working day after July's last one: the overdue notice goes out


@dataclass
class Letterbox:
    """A channel that keeps what it takes; `refuses`: the next ones are put off."""

    taken: list[Outgoing] = field(default_factory=list)
    refuses: bool = False
    form: MessageForm = "mail"
    max_bytes: int = NO_LIMIT

    async def send(self, message: Outgoing) -> SendResult:
        self.taken.append(message)
        return SendResult(not self.refuses, "", retry=self.refuses)

    async def close(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def open(self, _schedule: Schedule, _folder: Path, _clock: Clock) -> AsyncIterator[Mapping[str, Channel]]:
        yield {"mail": self}

    def bodies(self, to: str = "huanbao@") -> list[bytes]:
        """The mails to that mailbox, the latest last."""
        return [message.body for message in self.taken if message.recipient.startswith(to)]


@dataclass
class House:
    """A county whose pages are served; `http` is whoever opens them."""

    small: Small
    http: aiohttp.ClientSession
    base: str
    letters: Letterbox
    shared: Shared

    def links(self, to: str = "huanbao@") -> list[str]:
        """The links in the mails to that mailbox, the latest last."""
        found = [re.findall(rf"{self.base}r/\S+", text_of(body)) for body in self.letters.bodies(to)]
        return [one for each in found for one in each]

    async def open(self, url: str) -> tuple[int, str]:
        async with self.http.get(url, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def post(self, url: str, /, *, page: str | None = None, **fields: str | list[str]) -> tuple[int, str]:
        """Fill in a form of the page (opened where not given) and send it off, following to where it leads."""
        if page is None:
            _, page = await self.open(url)
        stamp = re.search(r'name="stamp" value="([^"]+)"', page)
        data = [("stamp", stamp[1])] if stamp else []
        for name, value in fields.items():
            data += [(name, one) for one in (value if isinstance(value, list) else [value])]
        async with self.http.post(url, data=data) as answer:
            return answer.status, await answer.text()

    async def upload(self, url: str, file: tuple[str, bytes], /, **fields: str) -> tuple[int, str]:
        """Send off the form with a file, as a browser does."""
        _, page = await self.open(url)
        stamp = re.search(r'name="stamp" value="([^"]+)"', page)
        data = aiohttp.FormData(quote_fields=False)
        for name, value in {"stamp": stamp[1] if stamp else "", "kind": "filed", **fields}.items():
            data.add_field(name, value, content_type="text/plain; charset=utf-8")
        data.add_field("file", io.BytesIO(file[1]), filename=file[0], content_type="application/octet-stream")
        async with self.http.post(url, data=data) as answer:
            return answer.status, await answer.text()

    async def matter(self, name: str = "水环境") -> str:
        """The page of one matter of the latest mail."""
        link = self.links()[-1]
        _, page = await self.open(link)
        found = re.search(rf'<div class="item">(?:(?!<div class="item">).)*?{name}.*?href="([^"]+)"', page, re.DOTALL)
        assert found, page
        return f"{self.base}r/{html.unescape(found[1])}"

    def rows(self, table: sa.Table) -> list[sa.RowMapping]:
        """In the order of their keys: PostgreSQL gives rows in any."""
        with self.small.office.store.read() as tx:
            return list(tx.execute(sa.select(table).order_by(*table.primary_key)).mappings())

    def everything(self) -> dict[str, list[sa.RowMapping]]:
        """Every row of every table."""
        return {table.name: self.rows(table) for table in metadata.sorted_tables}

    def answers(self) -> list[tuple[str, str, str]]:
        """(duty, kind, text) of what was recorded."""
        rows = self.rows(acknowledgements)
        return [
            (one["occurrence"].split("/")[2], one["kind"], one["text"]) for one in sorted(rows, key=lambda r: r["id"])
        ]

    def filed(self) -> list[tuple[str, str]]:
        return [(one["occurrence"].split("/")[2], one["proof"]) for one in self.rows(filings)]

    def journal(self) -> list[sa.RowMapping]:
        return [one for one in self.rows(journal) if one["action"] in ("notice.answered", "attestation.filed")]

    def sent(self, step: str) -> list[tuple[str, str, str]]:
        """(day, duty, role) of the notices of a step that left."""
        with self.small.office.store.read() as tx:
            query = sa.select(notices, messages.c.claimed_at).join(messages, messages.c.id == notices.c.message)
            rows = [one for one in tx.execute(query.order_by(messages.c.claimed_at)) if one.step == step]
        zone = self.small.office.loaded.schedule.zone
        return [(f"{one.claimed_at.astimezone(zone):%m-%d}", one.subject.split("/")[2], one.role) for one in rows]


def text_of(body: bytes) -> str:
    part = email.message_from_bytes(body)
    plain = next(one for one in part.walk() if one.get_content_type() == "text/plain")
    payload = plain.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def html_of(body: bytes) -> bytes:
    part = next(one for one in email.message_from_bytes(body).walk() if one.get_content_type() == "text/html")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


@asynccontextmanager
async def served(root: Path, store: Store, schedule: str = REPEATS) -> AsyncIterator[House]:
    """On Monday morning: the mail with both matters has left."""
    async with small_county(root, store, at("2015-08-03", "06:00")) as small:
        write_rules(small.root, pack=WITH_AIR, schedule=schedule)
        small.reload(pack=WITH_AIR, schedule=schedule)
        async with opened(small) as house:
            await small.live(MONDAY, MONDAY)
            small.clock.now = at("2015-08-03", "10:00")
            yield house


@asynccontextmanager
async def in_october(root: Path, store: Store) -> AsyncIterator[House]:
    """On 16 October two matters of September are to be criticised."""
    async with small_county(root, store, at("2015-07-01", "06:00")) as small:
        await lived(small)
        rules = COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR + "mode: live\n"
        small.reload(county=rules, schedule=REPEATS)
        async with opened(small) as house:
            yield house


@asynccontextmanager
async def opened(small: Small) -> AsyncIterator[House]:
    """The pages of a county whose schedule has them, and its mails, from now on."""
    server, office, letters = ConsoleServer(small.office), small.office, Letterbox()
    office.channels = letters.open
    console = office.loaded.schedule.console
    assert console is not None
    await server.follow(replace(console, listen=(console.host, 0)))
    base = f"http://127.0.0.1:{server.port}/"
    schedule = replace(office.loaded.schedule, console=replace(console, base=base))
    office.loaded = replace(office.loaded, schedule=schedule)
    async with aiohttp.ClientSession() as http:
        yield House(small, http, base, letters, server.shared)
    await server.stop()
