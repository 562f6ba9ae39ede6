"""Lists the questions about evidence that a person has to decide (待认定事项)."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.core.law.duties import Assignment, County, Duty
from tracker.core.law.notice_fields import cells_of, day_zh, due_zh, duty_zh, period_zh, status_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.texts import Texts
from tracker.core.values.facts import Entry, Ruling, Visit
from tracker.core.values.verdicts import Finding, Status, Verdict
from tracker.core.verdict.flags import flags_of

#: In the order of the list: what changes a status first, then what waits, then what is only doubtful.
KINDS = {
    "disputed": "公开日期存疑",
    "gone": "公开后撤下",
    "contradicted": "佐证与网站不符",
    "hollow": "疑似已清空",
    "old-text": "疑似旧稿新发",
    "redated": "标注日期改动",
    "changed": "公开后改动",
    "dates": "日期不一致",
    "unattributed": "归属待认定",
    "attestation": "佐证待认定",
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
#: What is decided for each occurrence by itself.
_EACH = ("disputed", "attestation", "gone", "contradicted")
_ATTESTATION = "attestation:"
_GIVEN_UP = (Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """A duty of one department with the verdicts on it, and the facts they rest on."""

    duty: Duty
    assignment: Assignment
    occurrences: Sequence[Occurrence]
    verdicts: Mapping[str, Verdict]
    entries: Sequence[Entry]
    rulings: Sequence[Ruling]
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide. `target`: an entry's URL or `attestation:ID`; `settled`: who has decided since."""

    kind: str
    occurrence: str
    department: str
    duty: str
    period: str
    due: str
    status: str
    target: str
    title: str
    question: str
    since: datetime | None
    part: str = ""
    settled: str = ""

    @property
    def kind_zh(self) -> str:
        return KINDS[self.kind]

    @property
    def accept(self) -> str:
        """What to type so that it counts."""
        return self._command("accept")

    @property
    def reject(self) -> str:
        """What to type so that it does not count."""
        return self._command("reject")

    def _command(self, verb: str) -> str:
        part = f" --part {shlex.quote(self.part)}" if self.part else ""
        return (
            f"duban evidence {verb} {shlex.quote(self.occurrence)} {shlex.quote(self.target)}{part} --by … --reason …"
        )


def questions(county: County, judged: Iterable[JudgedGroup], texts: Texts, *, settled: bool = False) -> list[Question]:
    """What is to be decided, the same whatever the order of the facts; with `settled` also what was decided since."""
    found: list[Question] = []
    for group in judged:
        entries = _by_address(group)
        mine: dict[tuple[str, ...], Question] = {}
        # Of several periods that rest on one entry the latest asks: the earlier ones it only closed.
        for occurrence in sorted(group.occurrences, key=_begins, reverse=True):
            for one in _of(county, group, occurrence, entries, texts):
                own = (one.occurrence,) if one.kind in _EACH else ()
                mine.setdefault((one.kind, one.target, one.part, *own), one)
        found += [question for question in mine.values() if settled or not question.settled]
    return sorted(
        found, key=lambda question: (_ORDER[question.kind], question.occurrence, question.target, question.part)
    )


def occurrences_asked_about(county: County, group: JudgedGroup, texts: Texts) -> frozenset[str]:
    """The occurrences of which a person has something to decide, or may have after the next visit: a filing that was
    accepted is held against the site."""
    entries = _by_address(group)
    return frozenset(
        occurrence.key
        for occurrence in group.occurrences
        if any(
            finding.counts and finding.about.startswith(_ATTESTATION)
            for finding in group.verdicts[occurrence.key].findings
        )
        or any(not question.settled for question in _of(county, group, occurrence, entries, texts))
    )


def _by_address(group: JudgedGroup) -> dict[str, list[Entry]]:
    entries: dict[str, list[Entry]] = {}
    for entry in sorted(group.entries, key=lambda one: (one.first_seen_at, one.column, one.id)):
        entries.setdefault(entry.url, []).append(entry)
    return entries


def _begins(occurrence: Occurrence) -> tuple[date, str]:
    return (occurrence.window.first if occurrence.window else occurrence.due_on) or date.min, occurrence.key


def _of(
    county: County, group: JudgedGroup, occurrence: Occurrence, entries: Mapping[str, Sequence[Entry]], texts: Texts
) -> Iterator[Question]:
    verdict = group.verdicts[occurrence.key]
    if verdict.status in _GIVEN_UP or verdict.not_binding:
        return
    flags = flags_of(group.duty, occurrence, verdict, entries, texts, group.rulings, county, group.visits)
    asked = [(kind, finding) for finding in verdict.findings if (kind := _asked(verdict, finding))]
    if not flags and not asked:
        return
    parts = {cell.name: cell.part for cell in group.assignment.cells}
    blank = _blank(county, group.duty, occurrence, verdict)
    for kind, one in asked:
        part = parts.get(one.cell, "") if len(occurrence.parts) > 1 else ""
        since = one.first_seen_at or one.at
        yield replace(blank, kind=kind, target=one.about, title=one.title, question=one.reason, since=since, part=part)
    for flag in flags:
        part = parts.get(flag.cell, "") if len(occurrence.parts) > 1 else ""
        by = _said(flag.settled, county) if flag.settled else ""
        yield replace(
            blank, kind=flag.kind, target=flag.url, title=flag.title, question=flag.question, since=flag.at,
            part=part, settled=by,
        )  # fmt: skip


def _asked(verdict: Verdict, finding: Finding) -> str:
    """As what a finding waits for a person; "" where it does not."""
    if finding.unattributed:
        return "attestation" if finding.about.startswith(_ATTESTATION) else "unattributed"
    cells = {cell.cell for cell in verdict.cells if cell.disputed}
    disputed = verdict.status is Status.MET_DISPUTED and finding.counts and finding.disputed and finding.cell in cells
    return "disputed" if disputed else ""


def _blank(county: County, duty: Duty, occurrence: Occurrence, verdict: Verdict) -> Question:
    cells = cells_of(duty, occurrence.department, occurrence.label)
    return Question(
        kind="",
        occurrence=occurrence.key,
        department=county.department_names(occurrence.department),
        duty=duty_zh(duty, occurrence),
        period=period_zh(occurrence),
        due=due_zh(occurrence, county.zone),
        status=status_zh(verdict.status, cells, verdict.reason),
        target="",
        title="",
        question="",
        since=None,
    )


def _said(ruling: Ruling, county: County) -> str:
    verb = "采信" if ruling.kind == "accept" else "不予采信"
    return f"{ruling.by}{day_zh(ruling.recorded_at.astimezone(county.zone).date())}认定{verb}"
