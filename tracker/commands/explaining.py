"""The lines of `duban explain`, in the language that is spoken; what is Chinese in itself is quoted among English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

from tracker.commands.certificate_lines import part_lines
from tracker.commands.language import chosen, pad, quoted, tr, word
from tracker.core.values.message import Message
from tracker.core.values.rulings import ground_zh

if TYPE_CHECKING:
    from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey
    from tracker.core.law.assumed_rules import Adoption
    from tracker.core.values.facts import Ruling, Visit
    from tracker.core.values.second_looks import SecondLook
    from tracker.core.values.verdicts import Finding, Verdict
    from tracker.core.verdict.flags import Flag
    from tracker.core.verdict.ruling_states import RulingState
    from tracker.decide.explain import ColumnSighting, Explanation

#: The width of the words that stand before the first lines, such as `Status`.
_LABEL = 9
#: The marks of a due date in English.
_MARKS = {
    "参照时限": "assumed",
    "暂定": "provisional",
    "发文前": "before its instrument",
    "督办前": "before supervision",
}


def lines_of(explanation: Explanation) -> Iterator[str]:
    """The explanation, line by line."""
    verdict = explanation.verdict
    yield explanation.occurrence.key
    title = f"{explanation.title}（{explanation.clause}）"
    yield f"  {quoted(title)}  {quoted(explanation.department)}  {quoted(explanation.period)}"
    yield ""
    yield _labelled(tr("Due"), f"{_due(explanation)}{''.join(f'  [{mark}]' for mark in _marks(explanation))}")
    yield _labelled(tr("Why"), quoted(explanation.occurrence.derivation.text))
    yield _labelled(tr("Status"), _status(explanation))
    yield _labelled(tr("Reason"), quoted(verdict.reason))
    yield f"\n{tr('Cells')}"
    yield from _cells(verdict)
    nothing = tr("nothing: proved by filing or record, or not visited yet")
    visits = [line for sighting in explanation.visits for line in _sighting(sighting, explanation)]
    yield from _section(tr("Looked at"), _indented(visits or [nothing]))
    yield from _section(tr("Looked again"), (_second_look(look, explanation) for look in explanation.second_looks[-3:]))
    yield from _section(tr("Findings"), map(_finding, verdict.findings), tr("none"))
    yield from _section(tr("Passed over, the nearest first"), map(_finding, explanation.near_misses.nearest))
    if explanation.near_misses.more:
        yield f"  {tr('and {count} further off', count=explanation.near_misses.more)}"
    yield from _section(
        tr("Flags: for a person to look at, without effect on the status"), map(_flag, explanation.flags)
    )
    yield from _section(tr("Decisions ({count} about it)", count=explanation.seen), _decisions(explanation))
    yield from _section(tr("Notices"), (_notice(*pair, explanation) for pair in explanation.notices), tr("none"))
    yield from _section(tr("Answers to them"), (_answer(answer, explanation) for answer in explanation.answers))


def _labelled(label: str, text: str) -> str:
    return pad(label, _LABEL) + text


def _section(title: str, lines: Iterable[str], otherwise: str = "") -> list[str]:
    """The lines under their title; if there are none, what to say instead, or nothing."""
    shown = [*lines] or _indented([otherwise] if otherwise else [])
    return [f"\n{title}", *shown] if shown else []


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _at(moment: datetime, explanation: Explanation) -> str:
    return f"{moment.astimezone(explanation.zone):%Y-%m-%d %H:%M}"


# -- the occurrence --------------------------------------------------------------------------------


def _due(explanation: Explanation) -> str:
    """The last day on time, or the instant where the deadline is counted in hours."""
    occurrence = explanation.occurrence
    if chosen() == "zh":
        return explanation.due
    if occurrence.due_at is None or occurrence.due_on is None:
        return "not known yet"
    local = occurrence.due_at.astimezone(explanation.zone)
    return occurrence.due_on.isoformat() if local.time() == time(0) else f"{local:%Y-%m-%d %H:%M}"


def _marks(explanation: Explanation) -> Iterable[str]:
    return explanation.marks if chosen() == "zh" else [_MARKS.get(mark, quoted(mark)) for mark in explanation.marks]


def _status(explanation: Explanation) -> str:
    verdict = explanation.verdict
    if chosen() == "zh":
        return f"{explanation.status_zh}（{word('light', verdict.light.value)}）"
    return f"{verdict.status.value} ({verdict.light.value})  {quoted(explanation.status_zh)}"


def _cells(verdict: Verdict) -> Iterator[str]:
    for cell in verdict.cells:
        yield f"  {cell.cell or '-':24} {pad(word('cell', cell.state), 8)} {quoted(cell.reason)}"


def _sighting(sighting: ColumnSighting, explanation: Explanation) -> Iterator[str]:
    """The column's last visit, and under it the certificate by which something is missing or could not be seen."""
    yield _visit(sighting.column, sighting.last, explanation)
    if sighting.lacking is not None and sighting.lacking != sighting.last:
        yield tr("  missing by the visit {visit}", visit=_visit(sighting.column, sighting.lacking, explanation))
    yield from (f"  {line}" for line in part_lines(sighting.parts))


def _visit(column: str, visit: Visit | None, explanation: Explanation) -> str:
    if visit is None:
        return tr("{column}: never visited", column=column)
    reached = tr("not complete")
    if visit.reached:
        reached = tr("reached {place}", place=word("reached", str(visit.reached)))
    note = f" ({quoted(visit.note)})" if visit.note else ""
    time = f"{_at(visit.began_at, explanation)}-{visit.ended_at.astimezone(explanation.zone):%H:%M}"
    outcome = word("outcome", visit.outcome.value)
    seen = tr("{outcome}, {pages} pages, {reached}", outcome=outcome, pages=visit.pages, reached=reached)
    return f"{column}: {time} {seen}{note}"


def _second_look(look: SecondLook, explanation: Explanation) -> str:
    lines = [f"  {_at(look.began_at, explanation)}"]
    for search in look.searches:
        found = quoted(search.note) if search.note else tr("{count} found", count=len(search.hits))
        lines.append(f"      {word('place', search.place)}: {found}{f'  {search.url}' if search.url else ''}")
        lines += [f"        {quoted(hit.title)} {quoted(hit.where)} {hit.url}" for hit in search.hits]
    return "\n".join(lines)


# -- findings --------------------------------------------------------------------------------------


def _finding(finding: Finding) -> str:
    lines = [f"  {'+' if finding.counts else '-'} {quoted(finding.title) or finding.about}"]
    lines += [f"      {finding.about}", f"      {quoted(finding.reason)}"]
    pairs = zip(finding.held, finding.where, strict=False)
    lines += [f"      {quoted(item)} ← {quoted(place)}" for item, place in pairs if place]
    return "\n".join(lines)


def _flag(flag: Flag) -> str:
    lines = [f"  ? {quoted(flag.title)}", f"      {flag.url}", f"      {quoted(flag.question)}"]
    if by := flag.settled:
        values = {"by": quoted(by.by), "kind": word("kind", by.kind), "reason": quoted(by.reason)}
        lines.append(f"      {tr('settled by {by}: {kind}, {reason}', **values)}")
    return "\n".join(lines)


# -- decisions and notices -------------------------------------------------------------------------


def _decisions(explanation: Explanation) -> Iterator[str]:
    """The adoption of the reading, and the rulings on the occurrence and its duty as a whole."""
    for name, (_, adoption) in explanation.occurrence.assumptions.items():
        if adoption is not None:
            yield from _adoption(name, adoption, explanation)
    for ruling, state in explanation.decisions:
        yield from _ruling(ruling, state, explanation)


def _adoption(reading: str, adoption: Adoption, explanation: Explanation) -> Iterator[str]:
    adopted = tr("adopted the reading {reading}, by {by}", reading=reading, by=quoted(adoption.by))
    yield f"  {_at(adoption.at, explanation)}  {adopted}"
    yield f"      {quoted(adoption.reason)}"


def _ruling(ruling: Ruling, state: RulingState, explanation: Explanation) -> Iterator[str]:
    words = f"ruling:{ruling.id} {word('kind', ruling.kind)}"
    if ruling.until:
        words += tr(" until {day}", day=ruling.until)
    words += tr(", by {by}", by=quoted(ruling.by))
    if ruling.asked_by:
        words += tr(", asked by {by}", by=quoted(ruling.asked_by))
    yield f"  {_at(ruling.recorded_at, explanation)}  {words}: {_said(state.words)}"
    target = tr("due before: {day}", day=ruling.target) if ruling.kind == "postpone" else quoted(ruling.target)
    texts = (ground_zh(ruling.ground), ruling.basis, target, ruling.reason)
    yield f"      {tr('; ').join(quoted(text) if text is not target else text for text in texts if text)}"


def _said(message: Message) -> str:
    """The sentence, with its Chinese values quoted."""
    return tr(message.template, **{name: quoted(str(value)) for name, value in message.values.items()})


def _notice(key: NoticeKey, state: DeliveryState, explanation: Explanation) -> str:
    widths = {"step": 20, "role": 16, "channel": 8}
    words = [pad(word(name, getattr(key, name)), places) for name, places in widths.items()]
    words.append(word("state", state.state))
    return f"  {_at(state.at, explanation)}  {' '.join(words)}"


def _answer(answer: Acknowledgement, explanation: Explanation) -> str:
    kind, step, role = word("answer", answer.kind), word("step", answer.step), word("role", answer.role)
    words = f"{pad(kind, 10)} {pad(step, 20)} {pad(role, 16)} {quoted(answer.by)}"
    lines = [f"  {_at(answer.recorded_at, explanation)}  {words}"]
    if answer.text:
        lines.append(f"      {quoted(answer.text)}".replace("\n", "\n      "))
    return "\n".join(lines)
