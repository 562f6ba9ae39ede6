"""The yearly analysis of requests on application: by subject, answer, department and month, and how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.core.law.workdays import Calendar
from tracker.core.requests.counted import WITHDRAWN, CountedRequest
from tracker.core.requests.national_form import REMEDY_HEADS, RESULTS, TOTAL
from tracker.core.requests.national_table import NationalTable


@dataclass(frozen=True, slots=True)
class AnalysisGroup:
    """What is counted of the requests that share a subject, a department, a month or an answer.

    `done`: in the year; `timed`: of them answered by the department and with a known time limit; `on_time`: of those
    answered within it. `workdays`: in all, of the `answered` ones. `overdue`: not answered, and past its time limit.
    """

    key: str
    received: int
    done: int
    answered: int
    timed: int
    on_time: int
    workdays: int
    extended: int
    corrected: int
    overdue: int
    references: tuple[str, ...] = field(repr=False)

    @property
    def share_on_time(self) -> float | None:
        """Of what was answered with a known time limit, and of what is overdue; None where there is neither."""
        owed = self.timed + self.overdue
        return self.on_time / owed if owed else None

    @property
    def mean_workdays(self) -> float | None:
        return self.workdays / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class YearlyAnalysis:
    """The groups of a year, each by what they share; `whole`: all requests as one group.

    `late`: the references of what was answered after its time limit. `overdue`: of what is not answered and past it.
    `untimed`: of what was answered, those without a known time limit. `refusals`: by ground, or by the kind of answer
    that needs none. `appeals`: by remedy and result, as in part 四.
    """

    year: int
    whole: AnalysisGroup
    topics: tuple[AnalysisGroup, ...]
    departments: tuple[AnalysisGroup, ...]
    months: tuple[AnalysisGroup, ...]
    ways: tuple[AnalysisGroup, ...]
    answers: Mapping[str, int]
    refusals: Mapping[str, int]
    appeals: Mapping[str, Mapping[str, int]]
    late: tuple[str, ...]
    untimed: tuple[str, ...]
    overdue: tuple[str, ...]


def analyse(table: NationalTable, due: Mapping[str, date], calendar: Calendar, today: date) -> YearlyAnalysis:
    """The analysis of what is new, done or carried on in the table's year. `due`: by reference the last day on time.
    What is not answered is overdue or not as it stood on `today`, or at the year's end if that was before.

    Working days are counted after the day of receipt, with the time for which a limit stood still. Figures kept
    elsewhere have no requests, so that they are not in it.
    """
    year = table.year
    requests = [
        request
        for request in table.requests.values()
        if request.is_new(year) or request.is_done(year) or request.is_carried_on(year)
    ]
    overdue = frozenset(request.reference for request in requests if _is_overdue(request, year, due, today))
    done = [request for request in requests if request.is_done(year)]
    answered = [request for request in done if is_answered(request)]

    def group(key: str, members: Iterable[CountedRequest]) -> AnalysisGroup:
        return _group(key, list(members), year, due, calendar, overdue)

    def by(key: Callable[[CountedRequest], str]) -> tuple[AnalysisGroup, ...]:
        members: dict[str, list[CountedRequest]] = {}
        for request in requests:
            members.setdefault(key(request), []).append(request)
        groups = [group(name, found) for name, found in members.items()]
        return tuple(sorted(groups, key=lambda each: (-each.received, -each.done, each.key)))

    return YearlyAnalysis(
        year=year,
        whole=group("", requests),
        topics=by(lambda request: request.topic),
        departments=by(lambda request: request.owner),
        months=tuple(
            group(str(month), (request for request in requests if _month(request, year) == month))
            for month in range(1, 13)
        ),
        ways=by(lambda request: request.way),
        answers=Counter(request.answer for request in done),
        refusals=Counter(request.ground or request.answer for request in done if request.line.startswith("3")),
        appeals={
            remedy: {result: table.count(remedy, result) for result in RESULTS if result != TOTAL}
            for remedy in REMEDY_HEADS
        },
        late=tuple(
            request.reference for request in answered if request.reference in due and not _on_time(request, due)
        ),
        untimed=tuple(request.reference for request in answered if request.reference not in due),
        overdue=tuple(request.reference for request in requests if request.reference in overdue),
    )


def is_answered(request: CountedRequest) -> bool:
    """Whether the department answered: the applicant neither withdrew nor gave up."""
    return request.closed is not None and request.answer not in _ENDED_BY_APPLICANT


_ENDED_BY_APPLICANT = (WITHDRAWN, "uncorrected", "unpaid")


def _month(request: CountedRequest, year: int) -> int:
    """The month of the year in which it came; 0 of an earlier year."""
    return request.received.month if request.received.year == year else 0


def _on_time(request: CountedRequest, due: Mapping[str, date]) -> bool:
    return request.replied is not None and request.replied <= due[request.reference]


def _is_overdue(request: CountedRequest, year: int, due: Mapping[str, date], today: date) -> bool:
    """Whether it was not answered by the year's end, or by `today`, and its last day on time is over by then."""
    last = due.get(request.reference)
    return last is not None and request.is_carried_on(year) and last < min(today, date(year + 1, 1, 1))


def _group(
    key: str,
    members: list[CountedRequest],
    year: int,
    due: Mapping[str, date],
    calendar: Calendar,
    overdue: frozenset[str],
) -> AnalysisGroup:
    done = [request for request in members if request.is_done(year)]
    answered = [request for request in done if is_answered(request)]
    timed = [request for request in answered if request.reference in due]
    return AnalysisGroup(
        key=key,
        received=sum(request.is_new(year) for request in members),
        done=len(done),
        answered=len(answered),
        timed=len(timed),
        on_time=sum(_on_time(request, due) for request in timed),
        workdays=sum(_workdays(request, calendar) for request in answered),
        extended=sum(request.extended for request in done),
        corrected=sum(request.corrected for request in members if request.is_new(year)),
        overdue=sum(request.reference in overdue for request in members),
        references=tuple(request.reference for request in members),
    )


def _workdays(request: CountedRequest, calendar: Calendar) -> int:
    """Working days after the day of receipt up to that of the first answer; 0 for one of the same day."""
    if request.replied is None or request.replied <= request.received:
        return 0
    return calendar.workdays_between(request.received, request.replied)
