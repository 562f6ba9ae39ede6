"""Builds the sample year from the rules: what the county publishes, files and decides for each occurrence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from urllib.parse import urljoin

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import Assignment, Cell, Duty, Every, Source, Within
from tracker.core.law.instances import first_due, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.successions import PriorState, find_wait
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.demo.draw import SHIPPED, current_seed, draw_number, draw_office_hour, draw_share, pick, use_seed
from tracker.demo.events import draw_events, number_events
from tracker.demo.outcomes import Outcome, draw_outcome
from tracker.demo.pages import article_path
from tracker.demo.publication_times import PublicationTimes, draw_times, draw_zero_report_time
from tracker.demo.world import Publication, World, number_publications
from tracker.demo.writing import WritingTask, compose_article, find_droppable_item, full_name, title_fits

#: Month and day from which the county's site does not answer, and from which it answers again.
_OUTAGE = ((8, 18), (8, 20))
#: With another seed than the shipped one: how many days later that is, at least and at most.
_OUTAGE_MOVES = (-150, 90)
#: The page that is taken down: duty, department, and the day.
_TAKEN_DOWN = ("approval-items", "wujia", (11, 5))
#: The page that is emptied and filled again: duty, department, and the two days.
_EMPTIED = ("final-accounts", "shijian", (11, 30), (12, 4))
#: The report that has the text of the one before it: duty, department, and the labels of both.
_OLD_TEXT = ("social-insurance", "shebao", "2015-Q1", "2015-Q2")
#: The article that names nobody, so that a person must say whose it is: duty, department, quarter.
_UNSIGNED = ("proactive", "keji", "Q2")
#: Outcomes that a filing cannot have, and what they become: the office takes no earlier date and no missing item.
_OF_FILINGS = {
    Outcome.DATED_BACK: Outcome.LATE, Outcome.SHORT: Outcome.ON_TIME, Outcome.MENDED: Outcome.ON_TIME,
}  # fmt: skip


def build_world(rulebook: Rulebook, calendar: Calendar, seed: int = SHIPPED) -> World:
    """The sample year under these rules; with another seed another year."""
    with use_seed(seed):
        year = _Year(rulebook, calendar)
        for duty in rulebook.duties:
            for occurrence in _list_occurrences(duty, year.events, rulebook, calendar):
                if not _comes_too_early(occurrence, rulebook, calendar):
                    year.live_through(duty, occurrence)
        return year.finish()


def _list_occurrences(
    duty: Duty, events: Collection[Event], rulebook: Rulebook, calendar: Calendar
) -> list[Occurrence]:
    """The duty's occurrences in the year; its kinds behind what may cover them, and upkeep behind what is kept up."""
    county = rulebook.county
    occurrences = list(instances_of(duty, calendar, county, duty.in_force_until))
    for event in events:
        occurrences.extend(from_event(duty, event, calendar, county, related=events))
    kinds = {part.name for part in duty.parts if part.contents.other_kinds}
    return sorted(occurrences, key=lambda occurrence: (occurrence.upkeep, not kinds.isdisjoint(occurrence.parts)))


def _comes_too_early(occurrence: Occurrence, rulebook: Rulebook, calendar: Calendar) -> bool:
    """Whether it lies before the duty that it follows is due: nobody puts anything in a column that is not built."""
    prior = occurrence.deadline.after
    duty = rulebook.duty(occurrence.pack, prior.duty) if prior is not None else None
    if duty is None or occurrence.due_at is None:
        return False
    state = PriorState(due_at=first_due(duty, calendar, rulebook.county))
    wait = find_wait(occurrence, state, occurrence.due_at, rulebook.county.zone)
    return wait is not None and wait.never


class _Year:
    """Collects what the county does, occurrence by occurrence."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self.county = rulebook.county
        self.calendar = calendar
        self.events = list(draw_events(rulebook, calendar))
        self.answers: list[Event] = []  # records that prove an occurrence which an event started
        self.publications: list[Publication] = []
        self.filings: list[Filing] = []
        self.rulings: list[Ruling] = []
        self.outcomes: dict[tuple[str, str], str] = {}
        self.quiet: list[tuple[Duty, Assignment, Occurrence]] = []  # nothing is published for them

    def live_through(self, duty: Duty, occurrence: Occurrence) -> None:
        """What the department does about one occurrence."""
        assignment = duty.assignment(occurrence.department)
        assert assignment is not None
        if occurrence.upkeep:
            self._keep_up(assignment, occurrence)
        elif self._is_replaced(duty, occurrence) or self._is_covered(duty, occurrence):
            return
        elif _is_proved_by_tracker(assignment, occurrence) or Outcome.QUIET in (
            draw_outcome(occurrence, duty.part(name)) for name in occurrence.parts
        ):
            self.quiet.append((duty, assignment, occurrence))
        else:
            for name in occurrence.parts:
                self._live_through_part(duty, assignment, occurrence, name)

    def finish(self) -> World:
        """The year in order and numbered."""
        self._set_scenes()
        self._file_zero_reports()
        publications = number_publications(self.publications)
        self._claim_unsigned(publications)
        rulings = sorted(self.rulings, key=lambda ruling: ruling.recorded_at)
        year = min((publication.published_at.year for publication in self.publications), default=2015)
        moved = timedelta(0 if current_seed() == SHIPPED else draw_number(*_OUTAGE_MOVES, "outage"))
        first, last = (datetime.combine(date(year, *day) + moved, time(0), self.county.zone) for day in _OUTAGE)
        return World(
            self.county,
            publications,
            number_events([*self.events, *self.answers]),
            tuple(self.filings),
            tuple(replace(ruling, id=number) for number, ruling in enumerate(rulings, start=1)),
            ((first, last),),
            self.outcomes,
        )

    def _is_replaced(self, duty: Duty, occurrence: Occurrence) -> bool:
        """Whether the period has an event of the duty: then the event's occurrence stands for it."""
        window, deadline = occurrence.window, occurrence.deadline
        if window is None or not isinstance(deadline, Every) or not deadline.zero_report:
            return False
        deadlines = [deadline for name in occurrence.parts for deadline in duty.part(name).deadlines]
        names = {deadline.event.name for deadline in deadlines if isinstance(deadline, Within)}
        return any(
            event.name in names
            and event.duty in (None, duty.id)
            and event.department in occurrence.department.split("+")
            and moment_day(event.occurred, self.county.zone) in window
            for event in self.events
        )

    def _is_covered(self, duty: Duty, occurrence: Occurrence) -> bool:
        """Whether something else that the department published under the duty proves it.

        It is one kind of several, or a part by a named day that was published by the day of a period.
        """
        part, window = duty.part(occurrence.parts[0]), occurrence.window
        if window is None and part.own_deadline and occurrence.event is None:
            return any(
                (publication.duty, publication.department, publication.part)
                == (duty.id, occurrence.department, part.name)
                for publication in self.publications
            )
        words = [word for item in part.contents.items for word in item.words] if part.contents.other_kinds else []
        if window is None or not words:
            return False
        texts = (
            "".join((publication.title, *publication.paragraphs))
            for publication in self.publications
            if (publication.duty, publication.department) == (duty.id, occurrence.department)
            and publication.claimed.date() in window
        )
        return any(word in text for text in texts for word in words)

    def _live_through_part(self, duty: Duty, assignment: Assignment, occurrence: Occurrence, name: str) -> None:
        outcome = draw_outcome(occurrence, duty.part(name))
        cells = [cell for cell in assignment.cells if cell.part == name]
        # Where several places are asked for, mostly one alone goes wrong.
        is_alone = outcome is not Outcome.ON_TIME and len(cells) > 1 and draw_share("alone", occurrence.key, name) < 0.7
        wrong = draw_number(0, len(cells) - 1, "cell", occurrence.key, name)
        for number, cell in enumerate(cells):
            self._prove(duty, occurrence, cell, Outcome.ON_TIME if is_alone and number != wrong else outcome)

    def _prove(self, duty: Duty, occurrence: Occurrence, cell: Cell, outcome: Outcome) -> None:
        source = _choose_source(cell, occurrence)
        is_published = source.kind in ("listing", "page")
        if not is_published:
            outcome = _OF_FILINGS.get(outcome, outcome)
        self.outcomes[occurrence.key, cell.name] = outcome
        if outcome is Outcome.NEVER:
            return
        if is_published:
            self._publish(duty, occurrence, cell, source, outcome)
        elif source.kind == "filing":
            self._attest(duty, occurrence, cell, source, outcome)
        elif occurrence.event is not None:
            at = draw_times(occurrence, outcome, self.calendar, self.county.zone).published_at
            answer = replace(occurrence.event, id=0, name=source.record, occurred=at.date(), recorded_at=at, duty=None)
            self.answers.append(answer)

    def _publish(self, duty: Duty, occurrence: Occurrence, cell: Cell, source: Source, outcome: Outcome) -> None:
        columns = _list_columns(source, occurrence, self.county)
        if not columns:
            return  # what others put in their columns proves it
        part, is_page = duty.part(cell.part), source.kind == "page"
        has_one = outcome is not Outcome.ON_TIME or is_page
        count = 1 if has_one else _draw_article_count(occurrence, part.contents.mode)
        for nth in range(count):
            # Places of one occurrence are filled on the same day; parts of a duty each in their own time.
            times = draw_times(
                occurrence, outcome, self.calendar, self.county.zone, (nth, count), part.name, early=is_page
            )
            task = WritingTask(duty, part, occurrence, source, times.claimed.date(), nth)
            column = pick(columns, "column", occurrence.key)
            self.publications.append(self._write_publication(task, column, outcome, times))

    def _write_publication(
        self, task: WritingTask, column: str, outcome: Outcome, times: PublicationTimes
    ) -> Publication:
        occurrence, member = task.occurrence, task.occurrence.department.split("+")[0]
        article = complete = compose_article(task, self.county, self.calendar)
        is_short = outcome in (Outcome.SHORT, Outcome.MENDED)
        item = find_droppable_item(task, self.county, self.calendar) if is_short else None
        if item is not None:
            article = compose_article(task, self.county, self.calendar, without=item)
        revised_at = times.mended_at if item is not None else None
        has_file = draw_share("files", occurrence.key, task.nth) < 0.12 and outcome is Outcome.ON_TIME
        return Publication(
            number=0,
            column=column,
            title=complete.title,
            paragraphs=article.paragraphs,
            published_at=times.published_at,
            claimed=times.claimed,
            source=full_name(self.county, member),
            occurrence=occurrence.key,
            part=task.part.name,
            outcome=outcome,
            attachments=("附表.xls",) if has_file else (),
            revised_at=revised_at,
            revised=complete.paragraphs if revised_at is not None else (),
        )

    def _attest(self, duty: Duty, occurrence: Occurrence, cell: Cell, source: Source, outcome: Outcome) -> None:
        part = duty.part(cell.part)
        at = draw_times(occurrence, outcome, self.calendar, self.county.zone, salt=cell.name).published_at
        task = WritingTask(duty, part, occurrence, source, at.date())
        paragraphs = compose_article(task, self.county, self.calendar).paragraphs[1:-1]
        proof = "".join(paragraphs) or f"{duty.title}已落实。"
        filing = self._new_filing("attestation", occurrence, at)
        self.filings.append(replace(filing, proof=proof, form="statement", part=cell.part or None, claimed=at))
        workdays = draw_number(0, 2, "accept", occurrence.key, cell.name)
        target = f"attestation:{filing.id}"
        self._accept(occurrence.key, at, workdays, "材料齐全，予以认可。", target, cell.part or None)

    def _new_filing(
        self, kind: Literal["attestation", "zero-report", "upkeep"], occurrence: Occurrence, at: datetime
    ) -> Filing:
        department = self.county.departments[occurrence.department.split("+")[0]]
        by = department.liaison.name or department.name
        return Filing(len(self.filings) + 1, kind, occurrence.key, at, by)

    def _accept(
        self, occurrence: str, after: datetime, workdays: int, reason: str, target: str, part: str | None = None
    ) -> None:
        """The county office accepts it so many workdays later."""
        day = self.calendar.add_workdays(after.date(), workdays + 1)
        at = draw_office_hour(day, self.county.zone, "later", after.isoformat())
        office = self.county.roles.get("county-office")
        by = office.name if office and office.name else "县政府办公室"
        self.rulings.append(Ruling(0, "accept", occurrence, at, by, reason, target, part))

    def _keep_up(self, assignment: Assignment, occurrence: Occurrence) -> None:
        """Most say that it is still right, some bring the page up to date, the others forget."""
        window = occurrence.window
        assert window is not None
        key = (occurrence.duty, occurrence.department)
        numbers = [
            number
            for number, publication in enumerate(self.publications)
            if (publication.duty, publication.department) == key
            and publication.outcome != "short"
            and publication.published_at.date() < window.first
        ]
        is_filed = all(source.kind == "filing" for cell in assignment.cells for source in cell.sources)
        share = draw_share("upkeep", occurrence.key)
        if share > 0.86 or key == _TAKEN_DOWN[:2] or not (numbers or is_filed):
            return
        at = draw_times(occurrence, Outcome.ON_TIME, self.calendar, self.county.zone).published_at
        if share < 0.6 or is_filed or any(self.publications[number].revised_at for number in numbers):
            self.filings.append(self._new_filing("upkeep", occurrence, at))
            return
        line = f"（本页内容已于{at.year}年{at.month}月{at.day}日核对更新。）"
        for number in numbers:
            self._change(number, revised_at=at, revised=(*self.publications[number].paragraphs, line))

    def _file_zero_reports(self) -> None:
        """Last, when it is known what lies in each period: a zero report over an entry would be refused."""
        for duty, assignment, occurrence in self.quiet:
            deadline = occurrence.deadline
            for cell in assignment.cells:
                if cell.part in occurrence.parts:
                    self.outcomes[occurrence.key, cell.name] = Outcome.QUIET
            if getattr(deadline, "zero_report", False) and not self._has_entry(duty, assignment, occurrence):
                at = draw_zero_report_time(occurrence, self.calendar, self.county.zone)
                self.filings.append(self._new_filing("zero-report", occurrence, at))

    def _has_entry(self, duty: Duty, assignment: Assignment, occurrence: Occurrence) -> bool:
        """Whether something that was published counts for the period."""
        if duty.part(occurrence.parts[0]).contents.other_kinds:
            return self._is_covered(duty, occurrence)
        window = occurrence.window
        assert window is not None
        sources = [source for cell in assignment.cells for source in cell.sources if source.kind == "listing"]
        return any(
            publication.column in source.columns
            and publication.claimed.date() in window
            and title_fits(source, occurrence, publication.title)
            and (source.publisher == "any" or publication.department in assignment.members)
            for publication in self.publications
            for source in sources
        )

    def _set_scenes(self) -> None:
        """Make the publications what the scenes at the top of this module say."""
        duty, department, day = _TAKEN_DOWN
        if (number := self._find(duty, department)) is not None:
            self._change(number, removed_at=self._at(number, day, time(10, 20)))
        duty, department, first, last = _EMPTIED
        if (number := self._find(duty, department)) is not None:
            emptied = (self._at(number, first, time(16, 30)), self._at(number, last, time(16, 30)))
            self._change(number, emptied=emptied, attachments=())
        duty, department, before, after = _OLD_TEXT
        old, number = self._find(duty, department, before), self._find(duty, department, after)
        if old is not None and number is not None:
            self._change(number, paragraphs=self.publications[old].paragraphs, attachments=())
        duty, department, quarter = _UNSIGNED
        if (number := self._find(duty, department, quarter)) is not None:
            title = self.publications[number].title
            for name in sorted(self.county.departments[department].names, key=len, reverse=True):
                title = title.replace(name, "")
            self._change(number, title=title, source="", attachments=())

    def _find(self, duty: str, department: str, label: str = "") -> int | None:
        """The place in `publications` of the first one with an occurrence whose label ends so."""
        places = (
            number
            for number, publication in enumerate(self.publications)
            if (publication.duty, publication.department) == (duty, department)
            and publication.occurrence.endswith(label)
        )
        return next(places, None)

    def _change(self, number: int, **changes: Any) -> None:
        self.publications[number] = replace(self.publications[number], **changes)

    def _at(self, number: int, day: tuple[int, int], at: time) -> datetime:
        """That day in the year of the publication."""
        return datetime.combine(date(self.publications[number].published_at.year, *day), at, self.county.zone)

    def _claim_unsigned(self, publications: Iterable[Publication]) -> None:
        for publication in publications:
            if not publication.source and publication.duty:
                base = self.county.columns[publication.column].url
                url = urljoin(base, article_path(base, publication))
                self._accept(publication.occurrence, publication.published_at, 6, "经核实，该信息由本单位发布。", url)


def _is_proved_by_tracker(assignment: Assignment, occurrence: Occurrence) -> bool:
    """Whether the proof is a record that the tracker itself makes, period by period."""
    return occurrence.window is not None and all(
        source.channel == "tracker" for cell in assignment.cells for source in cell.sources
    )


def _choose_source(cell: Cell, occurrence: Occurrence) -> Source:
    """Of several places that would do, mostly the site; now and then, for a period, a filed proof."""
    crawled = [source for source in cell.sources if source.kind in ("listing", "page") and source.columns]
    others = [source for source in cell.sources if source not in crawled]
    if crawled and (not others or occurrence.event or draw_share("place", occurrence.key, cell.name) < 0.85):
        return pick(crawled, "source", occurrence.key)
    return others[0] if others else cell.sources[0]


def _draw_article_count(occurrence: Occurrence, mode: str) -> int:
    """How many articles a period has: one to three where news comes piece by piece, in a month or more."""
    deadline = occurrence.deadline
    if not isinstance(deadline, Every) or deadline.unit in ("day", "workday", "week") or mode == "all":
        return 1
    return draw_number(1, 3, "many", occurrence.key)


def _list_columns(source: Source, occurrence: Occurrence, county: County) -> list[str]:
    """The department's own columns, else those that belong to nobody."""
    members = occurrence.department.split("+")
    own = [key for key in source.columns if county.columns[key].owner in members]
    return own or [key for key in source.columns if county.columns[key].owner is None]
