"""Tells Prometheus how late the passes are, what cannot be read, what waits to leave, and the lights, at `/metrics`.

Every figure is counted by the database at the scrape; none is about a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address

from apscheduler.triggers.cron import CronTrigger
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker import __version__
from tracker.console.callers import caller_of
from tracker.console.connections import UNIX_PEER
from tracker.console.context import ConsoleContext
from tracker.deliver.late_mail import find_late_mail
from tracker.rulebook.schedule import Console, Schedule
from tracker.store.engine import Tx
from tracker.store.faults import list_faults
from tracker.store.jobs import find_last_runs, read_lease
from tracker.store.messages import count_unsent
from tracker.store.occurrences import count_open_lights
from tracker.store.visits import find_last_reads

_HEADERS = {"Cache-Control": "no-store"}
_COLUMN = "column:"


def routes(office: ConsoleContext) -> list[Route]:
    return [Route("/metrics", _answering(office), methods=["GET"])]


def _answering(office: ConsoleContext) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        console = office.loaded.schedule.console
        if console is None or not _may_read(console, caller_of(request)):
            return PlainTextResponse("", 404, headers=_HEADERS)
        registry = CollectorRegistry()
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        try:
            registry.register(Figures(office))
            return Response(encode(registry), headers={**_HEADERS, "Content-Type": kind})
        except Exception as error:  # whatever keeps the database from answering
            return PlainTextResponse(f"database: {type(error).__name__}\n", 503, headers=_HEADERS)

    return answer


def _may_read(console: Console, caller: str) -> bool:
    """Whether it is a machine that the schedule names, or this one, unless all callers look like this one."""
    return caller in console.monitors or (not console.hides_callers and (caller == UNIX_PEER or _is_here(caller)))


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class Figures(Collector):
    """Everything that is measured, read in one transaction."""

    def __init__(self, office: ConsoleContext) -> None:
        self._office = office

    def describe(self) -> list[Metric]:
        """Nothing is counted when it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        office = self._office
        now, loaded = office.clock(), office.loaded
        yield InfoMetricFamily("duban_build", "The version that runs", {"version": __version__})
        with office.store.read() as tx:
            yield from _measure_passes(tx, loaded.schedule, now)
            yield from self._measure_columns(tx, now)
            yield from _measure_outbox(tx, now)
            yield self._measure_late_mail(tx, now)
            yield self._count_lights(tx)

    def _measure_columns(self, tx: Tx, now: datetime) -> Iterator[Metric]:
        """What the crawl reads. A fault is one that `duban doctor` shows."""
        age = GaugeMetricFamily(
            "duban_column_age_seconds", "Since a column was last read", labels=["county", "site", "column"]
        )
        states = GaugeMetricFamily(
            "duban_columns", "Columns: read, failing (cannot be read), never (read)", labels=["county", "site", "state"]
        )
        open_faults = list_faults(tx)
        failing = {(each.county, each.subject) for each in open_faults}
        for rulebook in self._office.loaded.rulebooks:
            county = rulebook.county
            columns = [column for column in county.columns.values() if not column.is_unfilled]
            read_at = find_last_reads(tx, county.id, [column.key for column in columns])
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            for column in columns:
                at = read_at.get(column.key)
                if at is not None:
                    age.add_metric([county.id, column.channel, column.key], _seconds(now - at))
                is_failing = (county.id, f"{_COLUMN}{column.key}") in failing
                state = "failing" if is_failing else "read" if at is not None else "never"
                counts[column.channel][state] += 1
            for site, by_state in counts.items():
                for state in ("read", "failing", "never"):
                    states.add_metric([county.id, site, state], by_state[state])
        faults = GaugeMetricFamily("duban_faults", "Failures that did not stop a pass", labels=["county", "kind"])
        for of, count in Counter((each.county, each.action) for each in open_faults).items():
            faults.add_metric(of, count)
        yield from (age, states, faults)

    def _measure_late_mail(self, tx: Tx, now: datetime) -> Metric:
        family = GaugeMetricFamily(
            "duban_mail_late",
            "Mails and notices that should have left a day ago (overdue), or that a clock put off which ran ahead "
            "(stranded)",
            labels=["county", "why"],
        )
        counties = [rulebook.county for rulebook in self._office.loaded.rulebooks]
        late = {(mail.county, mail.is_stranded): mail.count for mail in find_late_mail(tx, counties, now)}
        for county in counties:
            for is_stranded, why in ((False, "overdue"), (True, "stranded")):
                family.add_metric([county.id, why], late.get((county.id, is_stranded), 0))
        return family

    def _count_lights(self, tx: Tx) -> Metric:
        family = GaugeMetricFamily(
            "duban_matters", "Matters that are not closed", labels=["county", "department", "light"]
        )
        counties = [rulebook.county.id for rulebook in self._office.loaded.rulebooks]
        for county, department, light, count in count_open_lights(tx, counties):
            family.add_metric([county, department, light.value], count)
        return family


def _measure_passes(tx: Tx, schedule: Schedule, now: datetime) -> Iterator[Metric]:
    """How late the jobs of the schedule are. One that never ran is late from its first slot in the daemon's time."""
    age = GaugeMetricFamily("duban_pass_age_seconds", "Since the last completed run of a job ended", labels=["pass"])
    late = GaugeMetricFamily(
        "duban_pass_late_seconds", "Since the first slot that a job has not completed; 0: none is past", labels=["pass"]
    )
    runs, lease = find_last_runs(tx, tuple(schedule.jobs), now), read_lease(tx, "scheduler")
    for job, line in schedule.jobs.items():
        run = runs.get(job)
        if run is not None:
            age.add_metric([job], _seconds(now - run.ended_at))
        since = run.slot_at if run is not None else lease.since if lease is not None else now
        trigger = CronTrigger.from_crontab(line, timezone=schedule.zone)
        slot = trigger.get_next_fire_time(None, since.astimezone(schedule.zone) + timedelta(seconds=1))
        late.add_metric([job], _seconds(now - slot) if slot is not None else 0)
    yield from (age, late)


def _measure_outbox(tx: Tx, now: datetime) -> Iterator[Metric]:
    labels = ["county", "channel"]
    depth = GaugeMetricFamily("duban_outbox_messages", "Messages that are being sent or tried again", labels=labels)
    oldest = GaugeMetricFamily("duban_outbox_oldest_seconds", "Since the oldest of them was written", labels=labels)
    for unsent in count_unsent(tx):
        depth.add_metric([unsent.county, unsent.channel], unsent.messages)
        oldest.add_metric([unsent.county, unsent.channel], _seconds(now - unsent.since))
    yield from (depth, oldest)


def _seconds(age: timedelta) -> float:
    """An age; 0 for what a clock that ran ahead has written."""
    return max(0.0, age.total_seconds())
