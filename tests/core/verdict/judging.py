"""A small county to judge in: builders whose defaults are a monthly water report of the 环保局; and its verdicts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.county import County, Department, SiteColumn
from tracker.core.law.duties import (
    Assignment,
    Cell,
    Contents,
    Deadline,
    Duty,
    EventRule,
    Every,
    Item,
    Part,
    Source,
    Span,
    Within,
)
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.fingerprint import fingerprint
from tracker.core.values.facts import Attachment, Entry, EntryVersion, Event, Facts, Filing, Ruling, Visit, VisitOutcome
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.status import judge
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(None)
COLUMN = "county-site/environment"
PAGE = "county-site/page:hotline"
OWN = "own-site/news@huanbao"
_IDS = itertools.count(1)


def column(key: str, title: str, *, owner: str | None = None, page: bool = False) -> SiteColumn:
    channel, name = key.split("/")
    return SiteColumn(key, channel, name, "page" if page else "listing", title, f"http://127.0.0.1/{name}", owner)


COUNTY = County(
    id="sample",
    name="样例县",
    start=date(2015, 1, 1),
    departments={
        "huanbao": Department("huanbao", "环保局", ("环境保护局",)),
        "minzheng": Department("minzheng", "民政局"),
        "weisheng": Department("weisheng", "卫生局"),
        "renji": Department("renji", "人计局", ("人口计生局", "卫生和人口计生局")),
        "xianfuban": Department("xianfuban", "县政府办公室", ("县府办",)),
    },
    roles={},
    columns={
        one.key: one
        for one in (
            column(COLUMN, "环境保护"),
            column(PAGE, "在线举报", page=True),
            column(OWN, "本局动态", owner="huanbao"),
            column("county-site/focus@minzheng", "重点领域", owner="minzheng"),
        )
    },
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """2015-07-08 or 2015-07-08T09:30, in the county's zone; a bare day is its 09:00."""
    moment = datetime.fromisoformat(text)
    if "T" not in text:
        moment = datetime.combine(moment.date(), time(9))
    return moment.replace(tzinfo=ZONE)


def moment(text: str) -> date | datetime:
    return at(text) if "T" in text else day(text)


def items(*words: str, mode: str = "all", advisory: Sequence[str] = ()) -> Contents:
    held = [Item((word,)) for word in words] + [Item((word,), advisory=True) for word in advisory]
    return Contents(mode, tuple(held))  # type: ignore[arg-type]


def listing(
    *columns: str, title: str | None = None, publisher: str = "any", channel: str = "county-site", kind: str = "listing"
) -> Source:
    return Source(channel, kind, columns or (COLUMN,), title, publisher)  # type: ignore[arg-type]


def filing() -> Source:
    return Source("attested", "filing")


def record(name: str, deed: str = "") -> Source:
    return Source("tracker", "record", record=name, deed=deed)


EVENT = EventRule("approved", "预算批复", needs=("year",))
FORMED = EventRule("information-formed", "信息形成或变更", per_duty=True)
MONTHLY = Every(unit="month", about="previous")
TIMELY: tuple[Deadline, ...] = (
    Within(span=Span(20, "workdays"), event=FORMED),
    Every(unit="quarter", zero_report=True),
)


def cell(*sources: Source, part: str = "") -> Cell:
    return Cell(f"{part}@{'|'.join(one.channel for one in sources)}", part, sources)


def duty(
    *deadlines: Deadline,
    cells: Iterable[Cell] | None = None,
    contents: Contents | None = None,
    department: str = "huanbao",
    parts: Sequence[Part] | None = None,
    until: str = "2015-12-31",
) -> Duty:
    """A duty of one department; by default one cell over the environment column, whoever publishes."""
    made = parts or (Part("", "", deadlines or (MONTHLY,), contents or Contents()),)
    held = tuple(cells) if cells is not None else tuple(cell(listing(), part=part.name) for part in made)
    return Duty(
        county="sample",
        pack="plan",
        id="duty",
        title="水环境质量",
        clause="一（七）1",
        in_force_from=date(2015, 1, 1),
        in_force_until=day(until),
        parts=tuple(made),
        assignments=(Assignment(department, tuple(department.split("+")), held),),
    )


def entry(
    title: str,
    claimed: str | None,
    *,
    seen: str | None = None,
    text: str | None = "",
    column: str = COLUMN,
    url: str | None = None,
    publisher: str = "",
    source: str = "",
    gone: str | None = None,
    gone_status: int = 404,
    hollow: str | None = None,
    dates: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, str | None]] = (),
    state: str | None = None,
) -> Entry:
    """An entry as first seen; by default at 09:00 of the day it claims, its article read."""
    number = next(_IDS)
    first = at(seen or (claimed or "")[:10])
    version = EntryVersion(
        seen_at=first,
        title=title,
        claimed=moment(claimed) if claimed else None,
        text=text,
        state=state or ("read" if text is not None else "unread"),  # type: ignore[arg-type]
        attachments=tuple(Attachment(name, f"http://127.0.0.1/{name}", held) for name, held in files),
        source=source,
        claimed_from="line" if claimed else "",
        dates=tuple((where, moment(text)) for where, text in dates),
        fingerprint=fingerprint(text or ""),
    )
    return Entry(
        id=number,
        column=column,
        url=url or f"http://127.0.0.1/{number}.html",
        versions=(version,),
        first_seen_at=first,
        last_seen_at=first,
        publisher=publisher,
        gone_at=at(gone) if gone else None,
        gone_status=gone_status if gone else None,
        hollow_at=at(hollow) if hollow else None,
    )


def changed(one: Entry, seen: str, **values: object) -> Entry:
    """The entry with a further version."""
    version = replace(one.current, seen_at=at(seen), **values)  # type: ignore[arg-type]
    version = replace(version, fingerprint=fingerprint(version.text or ""))
    return replace(one, versions=(*one.versions, version), last_seen_at=at(seen))


def visit(
    began: str, reached: str | None = "end", *, column: str = COLUMN, outcome: VisitOutcome = VisitOutcome.READ
) -> Visit:
    begun = at(began)
    far = "end" if reached == "end" else day(reached) if reached else None
    return Visit(column, begun, begun + timedelta(minutes=5), outcome, far)  # type: ignore[arg-type]


def daily_visits(first: str, last: str, **values: object) -> list[Visit]:
    days = (day(last) - day(first)).days + 1
    return [visit((day(first) + timedelta(days=n)).isoformat(), **values) for n in range(days)]  # type: ignore[arg-type]


def event(
    name: str = "approved", occurred: str = "2015-03-02", *, reference: str | None = None, **fields: str
) -> Event:
    held = moment(occurred)
    recorded = at(occurred[:10])
    per_duty = "duty" if name == FORMED.name else None
    return Event(
        next(_IDS),
        name,
        fields.pop("department", "huanbao"),
        reference or occurred[:10],
        held,
        recorded,
        per_duty,
        fields,
    )


def attestation(occurrence: str, recorded: str, *, claimed: str | None = None, kind: str = "attestation") -> Filing:
    proof = "汇报材料.pdf" if kind == "attestation" else ""
    day_claimed = moment(claimed) if claimed else None
    return Filing(next(_IDS), kind, occurrence, at(recorded), "张某", proof, "file", None, day_claimed)  # type: ignore[arg-type]


def ruling(kind: str, occurrence: str, target: str = "", recorded: str = "2015-12-01", **values: object) -> Ruling:
    return Ruling(next(_IDS), kind, occurrence, at(recorded), "县府办李某", "已核实", target, **values)  # type: ignore[arg-type]


def key(label: str, department: str = "huanbao") -> str:
    return f"sample/plan/duty/{department}/{label}"


def occurrences(one: Duty, events: Iterable[Event] = (), *, until: str = "2015-12-31") -> tuple[Occurrence, ...]:
    events = tuple(events)
    started = [made for happened in events for made in from_event(one, happened, CALENDAR, COUNTY, related=events)]
    return (*instances_of(one, CALENDAR, COUNTY, day(until)), *started, *awaiting(one, COUNTY, events))


def verdicts(
    one: Duty,
    now: str,
    *,
    entries: Iterable[Entry] = (),
    visits: Iterable[Visit] = (),
    events: Iterable[Event] = (),
    filings: Iterable[Filing] = (),
    rulings: Iterable[Ruling] = (),
    county: County = COUNTY,
    owed: Sequence[Occurrence] | None = None,
    soon: dict[str, datetime | None] | None = None,
) -> dict[str, Verdict]:
    """Verdicts by label."""
    events = tuple(events)
    facts = Facts(tuple(entries), tuple(visits), events, tuple(filings), tuple(rulings))
    held = owed if owed is not None else occurrences(one, [e for e in events if not e.name.startswith("record")])
    found = judge(one, one.assignments[0], held, facts, county, CALENDAR, at(now), due_soon_at=soon or {})
    return {name.rsplit("/", 1)[1]: verdict for name, verdict in found.items()}


WATER = cell(listing(title="水环境|水质"))
LOOKED = daily_visits("2014-12-01", "2016-03-10")
END = "2016-03-10"
PROVED = ("met", "met-late", "met-disputed")


def proved(found, *, late: bool | None = None):
    """Labels that are proved, sorted; `late` picks those proved late, or on time."""
    kept = {None: PROVED, True: ("met-late",), False: ("met", "met-disputed")}[late]
    return " ".join(sorted(label for label, verdict in found.items() if verdict.status in kept))


def reasons(found, label):
    return " | ".join(finding.reason for finding in found[label].findings)
