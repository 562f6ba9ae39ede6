"""Lists the questions about evidence that a person has to decide (待认定事项)."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import cells_of, day_zh, due_zh, duty_zh, period_zh, status_zh
from tracker.core.matching.texts import TextIndex
from tracker.core.values.facts import Entry, Ruling, Visit
from tracker.core.values.verdicts import Finding, Status, Verdict
from tracker.core.verdict.flags import find_flags

#: Kinds of question in the order of the list: those that change a status, doubts, then those that wait for a decision.
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
#: Kinds that are decided for each occurrence separately.
_ASKED_PER_OCCURRENCE = ("disputed", "attestation", "gone", "contradicted")
_ATTESTATION = "attestation:"


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """A duty of one department with its verdicts and the facts they rest on."""

    duty: Duty
    assignment: Assignment
    occurrences: Sequence[Occurrence]
    verdicts: Mapping[str, Verdict]
    entries: Sequence[Entry]
    rulings: Sequence[Ruling]
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question to decide. `target`: an entry's URL or `attestation:ID`; `settled`: the decision since (Chinese)."""

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
    def matter(self) -> str:
        """The department, the duty and the period."""
        return f"{self.department}：{self.duty}" + (f"，{self.period}" if self.period else "")

    @property
    def kind_zh(self) -> str:
        return KINDS[self.kind]

    @property
    def accept(self) -> str:
        """The command that accepts it."""
        return self._command("accept")

    @property
    def reject(self) -> str:
        """The command that rejects it."""
        return self._command("reject")

    def _command(self, verb: str) -> str:
        part = f" --part {shlex.quote(self.part)}" if self.part else ""
        return (
            f"duban evidence {verb} {shlex.quote(self.occurrence)} {shlex.quote(self.target)}{part} --by … --reason …"
        )


def list_questions(
    county: County, groups: Iterable[JudgedGroup], texts: TextIndex, *, settled: bool = False
) -> list[Question]:
    """Return the open questions, in an order independent of that of the facts; with `settled` also the settled ones."""
    open_questions: list[Question] = []
    for group in groups:
        asked = _keep_latest(_questions_of_group(county, group, texts))
        open_questions += [question for question in asked if settled or not question.settled]
    return in_order(open_questions)


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Return questions by their kinds, the gravest first, then by what they are about."""
    return sorted(questions, key=lambda each: (_ORDER[each.kind], each.occurrence, each.target, each.part))


def find_asking(county: County, group: JudgedGroup, texts: TextIndex) -> dict[str, tuple[Question, ...]]:
    """Return the occurrences about which a person may have to decide, each with its open questions in order.

    One with an accepted attestation, which the next visit may contradict, has none; nor has one whose questions a later
    period asks.
    """
    questions = [question for question in _questions_of_group(county, group, texts) if not question.settled]
    keys = {question.occurrence for question in questions} | {
        occurrence.key
        for occurrence in group.occurrences
        if any(
            finding.counts and finding.about.startswith(_ATTESTATION)
            for finding in group.verdicts[occurrence.key].findings
        )
    }
    asked = in_order(_keep_latest(questions))
    return {key: tuple(question for question in asked if question.occurrence == key) for key in keys}


def _questions_of_group(county: County, group: JudgedGroup, texts: TextIndex) -> list[Question]:
    """Return the questions of all occurrences of a group, those of the latest period first."""
    entries = _entries_by_url(group)
    return [
        question
        for occurrence in sorted(group.occurrences, key=_sort_key, reverse=True)
        for question in _questions_of(county, group, occurrence, entries, texts)
    ]


def _keep_latest(questions: Iterable[Question]) -> list[Question]:
    """Return one question for an entry: of several periods that rest on it only the latest asks, for the earlier ones
    it only closed late."""
    by_target: dict[tuple[str, ...], Question] = {}
    for question in questions:
        own_occurrence = (question.occurrence,) if question.kind in _ASKED_PER_OCCURRENCE else ()
        by_target.setdefault((question.kind, question.target, question.part, *own_occurrence), question)
    return list(by_target.values())


def _entries_by_url(group: JudgedGroup) -> dict[str, list[Entry]]:
    entries: dict[str, list[Entry]] = {}
    for entry in sorted(group.entries, key=lambda entry: (entry.first_seen_at, entry.column, entry.id)):
        entries.setdefault(entry.url, []).append(entry)
    return entries


def _sort_key(occurrence: Occurrence) -> tuple[date, str]:
    return (occurrence.window.first if occurrence.window else occurrence.due_on) or date.min, occurrence.key


def _questions_of(
    county: County, group: JudgedGroup, occurrence: Occurrence, entries: Mapping[str, Sequence[Entry]], texts: TextIndex
) -> Iterator[Question]:
    verdict = group.verdicts[occurrence.key]
    if verdict.status.ended or verdict.not_binding_reason:
        return
    flags = find_flags(group.duty, occurrence, verdict, entries, texts, group.rulings, county, group.visits)
    findings = [(kind, finding) for finding in verdict.findings if (kind := _question_kind(verdict, finding))]
    if not flags and not findings:
        return
    about = [
        (kind, finding.cell, finding.about, finding.title, finding.reason, finding.first_seen_at or finding.at, "")
        for kind, finding in findings
    ]
    about += [
        (flag.kind, flag.cell, flag.url, flag.title, flag.question, flag.at, _decision_text(flag.settled, county))
        for flag in flags
    ]
    parts = {cell.name: cell.part for cell in group.assignment.cells} if len(occurrence.parts) > 1 else {}
    cells = cells_of(group.duty, occurrence.department, occurrence.label)
    for kind, cell, target, title, question, since, settled in about:
        yield Question(
            kind=kind,
            occurrence=occurrence.key,
            department=county.department_names(occurrence.department),
            duty=duty_zh(group.duty, occurrence),
            period=period_zh(occurrence),
            due=due_zh(occurrence, county.zone),
            status=status_zh(verdict.status, cells, verdict.reason),
            target=target,
            title=title,
            question=question,
            since=since,
            part=parts.get(cell, ""),
            settled=settled,
        )


def _question_kind(verdict: Verdict, finding: Finding) -> str:
    """Return the kind of question that a finding raises, or ""."""
    if finding.awaits_person:
        return "attestation" if finding.about.startswith(_ATTESTATION) else "unattributed"
    cells = {cell.cell for cell in verdict.cells if cell.disputed}
    disputed = verdict.status is Status.MET_DISPUTED and finding.counts and finding.disputed and finding.cell in cells
    return "disputed" if disputed else ""


def _decision_text(ruling: Ruling | None, county: County) -> str:
    if ruling is None:
        return ""
    verb = "采信" if ruling.kind == "accept" else "不予采信"
    return f"{ruling.by}于{day_zh(ruling.recorded_at.astimezone(county.zone).date())}认定{verb}"
