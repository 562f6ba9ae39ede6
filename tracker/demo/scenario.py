"""Lives through the sample year: from the rules' occurrences to what was published, filed and decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urljoin

from tracker.core.law.duties import Assignment, Cell, County, Duty, Every, Rulebook, Source, Within
from tracker.core.law.instances import first_due, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.successions import PriorState, find_wait
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Filing, Ruling
from tracker.demo.draw import SHIPPED, at_work, number, pick, seed_in_use, share
from tracker.demo.events import happened, in_order
from tracker.demo.outcomes import Fate, fate_of
from tracker.demo.publication_times import Moments, moments_of, zero_report_at
from tracker.demo.site import article_path
from tracker.demo.world import Publication, World, numbered
from tracker.demo.writing import WritingTask, droppable, fits, moment_day, own_name, write

#: The two days on which the county's site does not answer, as month and day; the second is the first up again.
_OUTAGE = ((8, 18), (8, 20))
#: With another seed than the shipped one: the days by which it comes later or earlier.
_OUTAGE_MOVES = (-150, 90)
#: The page that is taken down: duty, department, and the day.
_TAKEN_DOWN = ("approval-items", "wujia", (11, 5))
#: The page that is emptied and filled again: duty, department, and the two days.
_EMPTIED = ("final-accounts", "shijian", (11, 30), (12, 4))
#: The report that is the one before it under a new date: duty, department, and the two labels.
_OLD_TEXT = ("social-insurance", "shebao", "2015-Q1", "2015-Q2")
#: The article that names nobody, so that a person must say whose it is: duty, department, quarter.
_UNSIGNED = ("proactive", "keji", "Q2")
#: What is filed cannot be dated back or lack an item: the office would not accept it.
_FILED = {Fate.DATED_BACK: Fate.LATE, Fate.SHORT: Fate.ON_TIME, Fate.MENDED: Fate.ON_TIME}


def live_through(rulebook: Rulebook, calendar: Calendar) -> World:
    """The year under these rules: the same for the same rules."""
    story = _Story(rulebook, calendar)
    for duty in rulebook.duties:
        for occurrence in _occurrences(duty, story.events, rulebook, calendar):
            if not _comes_too_early(occurrence, rulebook, calendar):
                story.tell(duty, occurrence)
    return story.world()


def _occurrences(duty: Duty, events: Iterable[Event], rulebook: Rulebook, calendar: Calendar) -> Iterator[Occurrence]:
    """What the duty asks in the year; upkeep comes last: it needs the thing that is kept up."""
    county = rulebook.county
    occurrences = list(instances_of(duty, calendar, county, duty.in_force_until))
    for event in events:
        occurrences.extend(from_event(duty, event, calendar, county))
    return iter(sorted(occurrences, key=lambda occurrence: occurrence.upkeep))


def _comes_too_early(occurrence: Occurrence, rulebook: Rulebook, calendar: Calendar) -> bool:
    """Whether it lies before the duty that it follows is due: nobody puts anything in a column that is not built."""
    prior = occurrence.deadline.after
    duty = rulebook.duty(occurrence.pack, prior.duty) if prior is not None else None
    if duty is None or occurrence.due_at is None:
        return False
    wait = find_wait(
        occurrence,
        PriorState(due_at=first_due(duty, calendar, rulebook.county)),
        occurrence.due_at,
        rulebook.county.zone,
    )
    return wait is not None and wait.never


class _Story:
    """The year while it is told. What is told first does not depend on what comes later."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self.county = rulebook.county
        self.calendar = calendar
        self.events = list(happened(rulebook, calendar))
        self.answers: list[Event] = []
        self.publications: list[Publication] = []
        self.filings: list[Filing] = []
        self.rulings: list[Ruling] = []
        self.fates: dict[tuple[str, str], str] = {}
        self.quiet: list[tuple[Assignment, Occurrence]] = []

    def tell(self, duty: Duty, occurrence: Occurrence) -> None:
        """What the department does about one matter."""
        assignment = duty.assignment(occurrence.department)
        assert assignment is not None
        if occurrence.upkeep:
            self._keep_up(assignment, occurrence)
        elif self._replaced(duty, occurrence):
            return
        elif _is_ours(assignment, occurrence) or _is_quiet(duty, occurrence):
            self.quiet.append((assignment, occurrence))
        else:
            for name in occurrence.parts:
                self._tell_part(duty, assignment, occurrence, name)

    def world(self) -> World:
        """All of it, in order and numbered."""
        self._file_zero_reports()
        year = min((publication.published_at.year for publication in self.publications), default=2015)
        self._take_down()
        self._empty()
        self._put_out_again()
        publications = numbered(self.publications)
        self.rulings.extend(self._claim_unsigned(publications))
        events = in_order([*self.events, *self.answers])
        filings = tuple(self.filings)
        rulings = tuple(
            replace(one, id=n)
            for n, one in enumerate(sorted(self.rulings, key=lambda ruling: ruling.recorded_at), start=1)
        )
        zone = self.county.zone
        moved = timedelta(0 if seed_in_use() == SHIPPED else number(*_OUTAGE_MOVES, "outage"))
        first, last = (datetime.combine(date(year, *day) + moved, time(0), zone) for day in _OUTAGE)
        return World(self.county, publications, events, filings, rulings, ((first, last),), self.fates)

    def _replaced(self, duty: Duty, occurrence: Occurrence) -> bool:
        """A period that holds an event of the duty is judged by the event alone."""
        window, deadline = occurrence.window, occurrence.deadline
        if window is None or not isinstance(deadline, Every) or not deadline.zero_report:
            return False
        names = {one.event.name for part in duty.parts for one in part.deadlines if isinstance(one, Within)}
        members = occurrence.department.split("+")
        return any(
            event.name in names
            and event.duty in (None, duty.id)
            and event.department in members
            and moment_day(event.occurred) in window
            for event in self.events
        )

    def _tell_part(self, duty: Duty, assignment: Assignment, occurrence: Occurrence, name: str) -> None:
        fate = fate_of(occurrence, duty.part(name))
        cells = [cell for cell in assignment.cells if cell.part == name]
        # Of several places the one that goes wrong is mostly forgotten alone.
        alone = fate is not Fate.ON_TIME and len(cells) > 1 and share("alone", occurrence.key, name) < 0.7
        wrong = number(0, len(cells) - 1, "cell", occurrence.key, name)
        for place, cell in enumerate(cells):
            self._tell_cell(duty, occurrence, cell, Fate.ON_TIME if alone and place != wrong else fate)

    def _tell_cell(self, duty: Duty, occurrence: Occurrence, cell: Cell, fate: Fate) -> None:
        source = _chosen(cell, occurrence)
        if source.kind in ("filing", "record"):
            fate = _FILED.get(fate, fate)
        self.fates[occurrence.key, cell.name] = fate.value
        if fate is Fate.NEVER:
            return
        if source.kind in ("listing", "page"):
            self._publish(duty, occurrence, cell, source, fate)
        elif source.kind == "filing":
            self._attest(duty, occurrence, cell, source, fate)
        else:
            self._record(occurrence, source, fate)

    def _publish(self, duty: Duty, occurrence: Occurrence, cell: Cell, source: Source, fate: Fate) -> None:
        if not _columns_of(source, occurrence, self.county):
            return  # what others put in their columns proves it
        part = duty.part(cell.part)
        many = 1 if fate is not Fate.ON_TIME or source.kind == "page" else _how_many(occurrence, part.contents.mode)
        for nth in range(many):
            # Places of one matter are filled on the same day; parts of a duty each in their own time.
            at = moments_of(
                occurrence, fate, self.calendar, self.county.zone, (nth, many), part.name, source.kind == "page"
            )
            task = WritingTask(duty, part, occurrence, source, at.claimed.date(), nth)
            self.publications.append(self._publication(task, fate, at))

    def _publication(self, task: WritingTask, fate: Fate, at: Moments) -> Publication:
        occurrence, member = task.occurrence, task.occurrence.department.split("+")[0]
        lacking = droppable(task, self.county, self.calendar) if fate in (Fate.SHORT, Fate.MENDED) else None
        whole = write(task, self.county, self.calendar)
        article = write(task, self.county, self.calendar, lacking) if lacking else whole
        title = whole.title
        unsigned = (task.duty.id, member) == _UNSIGNED[:2] and occurrence.label.endswith(_UNSIGNED[2]) and task.nth == 0
        if unsigned:
            for name in sorted(self.county.departments[member].names, key=len, reverse=True):
                title = title.replace(name, "")
        files = share("files", occurrence.key, task.nth) < 0.12 and fate is Fate.ON_TIME and not unsigned
        return Publication(
            number=0,
            column=pick(_columns_of(task.source, occurrence, self.county), "column", occurrence.key),
            title=title,
            paragraphs=article.paragraphs,
            published_at=at.published_at,
            claimed=at.claimed,
            source="" if unsigned else own_name(self.county, member),
            occurrence=occurrence.key,
            part=task.part.name,
            fate=fate.value,
            attachments=("附表.xls",) if files else (),
            revised_at=at.mended_at if lacking else None,
            revised=whole.paragraphs if lacking and at.mended_at else (),
        )

    def _attest(self, duty: Duty, occurrence: Occurrence, cell: Cell, source: Source, fate: Fate) -> None:
        part = duty.part(cell.part)
        at = moments_of(occurrence, fate, self.calendar, self.county.zone, salt=cell.name)
        task = WritingTask(duty, part, occurrence, source, at.published_at.date())
        statement = "".join(write(task, self.county, self.calendar).paragraphs[1:-1]) or f"{duty.title}已落实。"
        self._file("attestation", occurrence, at.published_at, cell.part or None, statement)
        self.rulings.append(
            Ruling(
                id=0,
                kind="accept",
                occurrence=occurrence.key,
                recorded_at=self._days_later(at.published_at, number(0, 2, "accept", occurrence.key, cell.name)),
                by=self._office(),
                reason="材料齐全，予以认可。",
                target=f"attestation:{len(self.filings)}",
                part=cell.part or None,
            )
        )

    def _record(self, occurrence: Occurrence, source: Source, fate: Fate) -> None:
        event = occurrence.event
        if event is None:
            return
        at = moments_of(occurrence, fate, self.calendar, self.county.zone).published_at
        self.answers.append(
            Event(
                id=0,
                name=source.record,
                department=event.department,
                reference=event.reference,
                occurred=at.date(),
                recorded_at=at,
                fields=event.fields,
                by=event.by,
            )
        )

    def _file(self, kind: str, occurrence: Occurrence, at: datetime, part: str | None = None, proof: str = "") -> None:
        department = self.county.departments[occurrence.department.split("+")[0]]
        self.filings.append(
            Filing(
                id=len(self.filings) + 1,
                kind="attestation" if kind == "attestation" else "upkeep" if kind == "upkeep" else "zero-report",
                occurrence=occurrence.key,
                recorded_at=at,
                by=department.liaison.name or department.name,
                proof=proof,
                form="statement" if proof else "",
                part=part,
                claimed=at if kind == "attestation" else None,
            )
        )

    def _keep_up(self, assignment: Assignment, occurrence: Occurrence) -> None:
        """Half say that it is still right, some bring the page up to date, the others forget."""
        window = occurrence.window
        assert window is not None
        mine = (occurrence.duty, occurrence.department)
        kept = [
            n
            for n, publication in enumerate(self.publications)
            if (publication.duty, publication.department) == mine
            and publication.fate != "short"
            and publication.published_at.date() < window.first
        ]
        filed_only = all(source.kind == "filing" for cell in assignment.cells for source in cell.sources)
        how = share("upkeep", occurrence.key)
        if how > 0.86 or mine == _TAKEN_DOWN[:2] or not (kept or filed_only):
            return
        at = moments_of(occurrence, Fate.ON_TIME, self.calendar, self.county.zone).published_at
        if how < 0.6 or filed_only or any(self.publications[n].revised_at for n in kept):
            self._file("upkeep", occurrence, at)
            return
        for n in kept:
            text = (*self.publications[n].paragraphs, f"（本页内容已于{at.year}年{at.month}月{at.day}日核对更新。）")
            self.publications[n] = replace(self.publications[n], revised_at=at, revised=text)

    def _file_zero_reports(self) -> None:
        """Last, when it is known what lies in each period: a zero report over an entry would be refused."""
        for assignment, occurrence in self.quiet:
            deadline = occurrence.deadline
            for cell in assignment.cells:
                self.fates[occurrence.key, cell.name] = Fate.QUIET.value
            if getattr(deadline, "zero_report", False) and not self._something_lies(assignment, occurrence):
                self._file("zero-report", occurrence, zero_report_at(occurrence, self.calendar, self.county.zone))

    def _something_lies(self, assignment: Assignment, occurrence: Occurrence) -> bool:
        window = occurrence.window
        assert window is not None
        sources = [source for cell in assignment.cells for source in cell.sources if source.kind == "listing"]
        return any(
            publication.column in source.columns
            and publication.claimed.date() in window
            and fits(source, occurrence, publication.title)
            and (source.publisher == "any" or publication.department in assignment.members)
            for publication in self.publications
            for source in sources
        )

    def _take_down(self) -> None:
        duty, department, day = _TAKEN_DOWN
        for n, publication in enumerate(self.publications):
            if (publication.duty, publication.department) == (duty, department):
                at = datetime.combine(date(publication.published_at.year, *day), time(10, 20), self.county.zone)
                self.publications[n] = replace(publication, removed_at=at)
                return

    def _empty(self) -> None:
        duty, department, first, last = _EMPTIED
        for n, publication in enumerate(self.publications):
            if (publication.duty, publication.department) == (duty, department):
                year, zone = publication.published_at.year, self.county.zone
                since, until = (datetime.combine(date(year, *day), time(16, 30), zone) for day in (first, last))
                self.publications[n] = replace(publication, emptied=(since, until), attachments=())
                return

    def _put_out_again(self) -> None:
        """旧稿新发: the text of one report once more, under the next one's title and date."""
        duty, department, before, after = _OLD_TEXT
        texts = {
            publication.occurrence: publication.paragraphs
            for publication in self.publications
            if publication.duty == duty
        }
        for n, one in enumerate(self.publications):
            head, _, label = one.occurrence.rpartition("/")
            if (one.duty, one.department, label) == (duty, department, after) and f"{head}/{before}" in texts:
                self.publications[n] = replace(one, paragraphs=texts[f"{head}/{before}"], attachments=())

    def _claim_unsigned(self, publications: Iterable[Publication]) -> Iterator[Ruling]:
        for publication in publications:
            if publication.source or not publication.duty:
                continue
            base = self.county.columns[publication.column].url
            yield Ruling(
                id=0,
                kind="accept",
                occurrence=publication.occurrence,
                recorded_at=self._days_later(publication.published_at, 6),
                by=self._office(),
                reason="经核实，该信息由本单位发布。",
                target=urljoin(base, article_path(base, publication)),
            )

    def _days_later(self, at: datetime, workdays: int) -> datetime:
        day = self.calendar.add_workdays(at.date(), workdays + 1)
        return at_work(day, self.county.zone, "later", at.isoformat())

    def _office(self) -> str:
        office = self.county.roles.get("county-office")
        return office.name if office and office.name else "县政府办公室"


def _is_quiet(duty: Duty, occurrence: Occurrence) -> bool:
    return any(fate_of(occurrence, duty.part(name)) is Fate.QUIET for name in occurrence.parts)


def _is_ours(assignment: Assignment, occurrence: Occurrence) -> bool:
    """Whether the proof is a record that the tracker itself makes, period by period."""
    return occurrence.window is not None and all(
        source.channel == "tracker" for cell in assignment.cells for source in cell.sources
    )


def _chosen(cell: Cell, occurrence: Occurrence) -> Source:
    """Of several places that would do, mostly the site; now and then, for a period, a filed proof."""
    crawled = [source for source in cell.sources if source.kind in ("listing", "page") and source.columns]
    others = [source for source in cell.sources if source not in crawled]
    if crawled and (not others or occurrence.event or share("place", occurrence.key, cell.name) < 0.85):
        return pick(crawled, "source", occurrence.key)
    return others[0] if others else cell.sources[0]


def _how_many(occurrence: Occurrence, mode: str) -> int:
    """News comes in pieces: one to three in a quarter."""
    deadline = occurrence.deadline
    if not isinstance(deadline, Every) or deadline.unit in ("day", "workday", "week") or mode == "all":
        return 1
    return number(1, 3, "many", occurrence.key)


def _columns_of(source: Source, occurrence: Occurrence, county: County) -> list[str]:
    """The department's own columns, else those that belong to nobody."""
    members = occurrence.department.split("+")
    own = [key for key in source.columns if county.columns[key].owner in members]
    return own or [key for key in source.columns if county.columns[key].owner is None]
