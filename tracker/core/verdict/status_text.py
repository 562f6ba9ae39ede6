"""Writes the Chinese sentences of cells and verdicts, quoted unchanged on row, mail, page and command line.

No sentence names `now` or the latest visit, so an unchanged verdict reads the same in every pass: of the visits that
did not find a publication the first one after the deadline is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Cell, Source, Within
from tracker.core.law.occurrences import Ending, Occurrence, Standstill
from tracker.core.law.wording import (
    day_zh,
    deed_zh,
    due_zh,
    lateness_zh,
    moment_zh,
    period_zh,
    proved_by_record,
    quoted_zh,
)
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.cell_evidence import CellEvidence
from tracker.core.values.facts import Entry, Ruling
from tracker.core.values.rulings import OFFICE_GROUNDS, ground_zh
from tracker.core.values.verdicts import (
    NEVER_FILED,
    NEVER_SEEN,
    TAKEN_DOWN,
    ZERO_REPORT,
    CellVerdict,
    Finding,
    Status,
    gone_zh,
)

_MAX_TITLES = 3  # more titles than this are counted, not listed
_NOT_FOUND = "，未查到"  # behind the visits, before what they did not find
#: Reasons of cells that are told of several parts at once.
_ABOUT_PARTS = re.compile(rf"(?=.*{_NOT_FOUND}|[^：]*尚待)(.*{_NOT_FOUND})?([^：]*?)(尚待\w+)?")
_FILED = ("filing", "record")


def _place_of(context: CaseContext, evidence: CellEvidence) -> str:
    """Return the titles of the columns and pages on which the cell is searched; one of several is enough."""
    crawled = (source for source in evidence.cell.sources if source.kind not in _FILED)
    return "或".join(dict.fromkeys(_source_name(context, source) for source in crawled))


def _filing_of(context: CaseContext, evidence: CellEvidence) -> str:
    """Return what people may file in place of a publication, or ""."""
    channels = [source.channel for source in evidence.cell.sources if source.kind == "filing"]
    return f"{context.county.channels.get(channels[0], '')}佐证" if channels else ""


def _source_name(context: CaseContext, source: Source) -> str:
    channel = context.county.channels.get(source.channel, "")
    columns = [context.county.columns[key] for key in source.columns if key in context.county.columns]
    pages = all(column.kind == "page" for column in columns)
    titles = quoted_zh([column.title or column.name for column in columns])
    return f"{titles}{'页面' if pages else '栏目'}" if titles else channel or "公开网站"


def part_title(context: CaseContext, evidence: CellEvidence) -> str:
    """Return the part's title if the duty has parts, else ""."""
    part = context.duty.part(evidence.cell.part)
    return part.title if part.name else ""


def _head(context: CaseContext, evidence: CellEvidence, text: str) -> str:
    """Return the text behind the cell's part and place; what is filed has no place."""
    name, place = part_title(context, evidence), _place_of(context, evidence)
    if place and (filing := _filing_of(context, evidence)):
        place = f"{place}或{filing}"
    heading = f"{name}（{place}）" if name and place else name or place
    return f"{heading}：{text}" if heading else text


def proved_cell(context: CaseContext, evidence: CellEvidence) -> str:
    proof = evidence.proof_text or _titles([candidate.entry for candidate in evidence.proof.candidates])
    on_day = f"，{_day(evidence.proof.at, context.county.zone)}" if evidence.proof.at else ""
    return _head(context, evidence, f"{proof}{on_day}")


def open_cell(context: CaseContext, evidence: CellEvidence) -> str:
    if evidence.open_questions:
        return _head(context, evidence, evidence.open_questions[0])
    if evidence.published:
        return _head(context, evidence, _partial_text(evidence))
    return f"{part_title(context, evidence) or _place_of(context, evidence)}尚待{_deed_of_cell(evidence)}"


def taken_down_cell(context: CaseContext, evidence: CellEvidence) -> str:
    first = evidence.taken_down[0].entry
    since = f"自{_day(first.gone_at, context.county.zone)}起" if first.gone_at else "现已"
    text = f"《{first.title}》{TAKEN_DOWN}网页（{first.url}）{since}{gone_zh(first.gone_status)}"
    return _head(context, evidence, text)


def missing_cell(context: CaseContext, evidence: CellEvidence, seen_at: datetime | None) -> str:
    """Return what a complete visit lacked, or that nothing was filed. `seen_at`: the end of that visit."""
    part = part_title(context, evidence)
    if (proof := _filing_kind([evidence.cell])) != "":
        return f"{part}时限届满{NEVER_FILED}{proof}"
    place, filing = _place_of(context, evidence), _filing_of(context, evidence)
    if evidence.published:
        return f"{f'{part}：' if part else ''}{NEVER_SEEN}{place}，{_partial_text(evidence)}"
    at = moment_zh(seen_at.astimezone(context.county.zone)) if seen_at else ""
    what = _wanted(evidence) or part or "所要求的内容"
    what += ("的更新" if _deed_of_cell(evidence) == "更新" else "") + (f"，也未报送{filing}" if filing else "")
    return f"{at}{NEVER_SEEN}{place}{_NOT_FOUND}{what}"


def unseen_cell(
    context: CaseContext, evidence: CellEvidence, unseen_columns: Sequence[str], to_confirm: Sequence[str]
) -> str:
    """Return why nobody can tell whether a cell is proved: what awaits a person, could not be read, or not whole."""
    if evidence.open_questions:
        reason = evidence.open_questions[0]
    elif evidence.unread:
        entry = evidence.unread[0].entry
        dead = entry.hollow_at is not None and entry.current.state != "read"
        reason = f"《{entry.title}》的{'网页无法打开' if dead else '文章或附件未能读取'}"
    else:
        part = part_title(context, evidence)
        why = f"（{quoted_zh(to_confirm)}的列表是否无误、是否即为全部，尚待人工核对）" if to_confirm else ""
        return f"{f'{part}：' if part else ''}时限届满后未能完整检查{quoted_zh(unseen_columns)}{why}"
    return _head(context, evidence, reason)


def _deed_of_cell(evidence: CellEvidence) -> str:
    deed = deed_zh([evidence.cell])
    return "更新" if evidence.requirement.occurrence.upkeep and deed == "公开" else deed


def _filing_kind(cells: Sequence[Cell]) -> str:
    """Return how people prove cells without a crawled source, else ""."""
    if proved_by_record(cells):
        return deed_zh(cells)
    return "报送佐证材料" if deed_zh(cells) == "办理" else ""


def _wanted(evidence: CellEvidence) -> str:
    """Return the kind that the cell asks for, where the duty has others; else ""."""
    contents = evidence.requirement.criteria.contents
    return f"“{contents.items[0].label}”类内容" if contents.other_kinds else ""


def _partial_text(evidence: CellEvidence) -> str:
    missing = evidence.proof.missing_items
    return f"部分内容已公开，未见{quoted_zh(missing)}" if missing else "部分内容已公开"


# -- verdicts ------------------------------------------------------------------------------------


def released(ruling: Ruling) -> str:
    proof = "批准豁免" if ruling.kind == "waive" else "认定不适用"
    ground = ground_zh(ruling.ground)
    # That it does not apply is already said by the verb.
    named = [ground] if ground and ground != OFFICE_GROUNDS["not-applicable"] else []
    named += [f"依据：{ruling.basis}"] if ruling.basis else []
    named += [f"至{day_zh(ruling.until)}止"] if ruling.until else []
    grounded = f"（{'，'.join(named)}）" if named else ""
    return f"经{ruling.by}{proof}{grounded}：{ruling.reason}"


def objected(filed: Ruling, decided: Ruling | None) -> str:
    """Return the state of the department's objection, to follow the reason it objects to."""
    if decided is None:
        return f"；{filed.by}提出异议，待答复：{filed.reason}"
    proof = "异议成立，不作逾期处理" if decided.kind == "uphold" else "异议不成立"
    return f"；经{decided.by}认定{proof}：{decided.reason}"


def replaced(context: CaseContext, started: Occurrence) -> str:
    return f"本期内已登记{period_zh(started)}，改按该事项的时限要求，本期不再单独要求"


def void_zero_report() -> str:
    return "；此前报送的零报告因本期已有公开内容而失效"


def not_published() -> str:
    return "内容尚未首次公开，公开以后再要求更新"


def no_kind_published() -> str:
    return "本期内未查到该事项的任何一类，已按其各期分别认定，不再按类别重复要求"


def published_late(proved_at: datetime, zone: ZoneInfo) -> str:
    return f"内容于{_day(proved_at, zone)}首次公开，晚于本期，本期不要求更新"


def awaiting(context: CaseContext, occurrence: Occurrence) -> str:
    expected = f"预计不晚于{day_zh(occurrence.expected)}，" if occurrence.expected else ""
    return f"“{event_title(occurrence)}”{expected}尚未登记，登记后起算时限"


def clock_unknown(context: CaseContext, occurrence: Occurrence, seen: Sequence[Entry], filed: Sequence[Finding]) -> str:
    expected = f"预计不晚于{day_zh(occurrence.expected)}，至今" if occurrence.expected else ""
    seen_titles = f"；栏目中已公开{_titles(seen)}" if seen else ""
    waiting = [finding.title for finding in filed if finding.awaits_person]
    request = f"已报送“{waiting[-1]}”，待人工认定" if waiting else "请补充登记"
    return f"“{event_title(occurrence)}”{expected}尚未登记，时限无法起算，{request}{seen_titles}"


def paused(context: CaseContext, occurrence: Occurrence, standing: Standstill) -> str:
    """Return since when and why the clock stands, what lets it go on, and the latest due day where that is known."""
    text = f"{day_zh(standing.since)}“{standing.cause}”，计时中止，登记{standing.awaited}后恢复"
    if standing.until is None:
        return f"{text}，恢复前不计时限、不催办"
    text += f"，至迟{day_zh(standing.until)}止"
    if occurrence.due_on is None:
        return f"{text}，届时仍未登记的不再要求"
    return f"{text}；时限最迟为{due_zh(occurrence, context.county.zone)}，中止期间不催办"


def ended(context: CaseContext, occurrence: Occurrence, ending: Ending) -> str:
    """Return by which fact it is not owed any longer, and that its limit had run out where it had."""
    late = ""
    if occurrence.due_at is not None and occurrence.due_at <= ending.at:
        late = f"（此前时限{due_zh(occurrence, context.county.zone)}已届满）"
    return f"{day_zh(ending.on)}“{ending.title}”，自此不再要求{late}"


def event_title(occurrence: Occurrence) -> str:
    deadline = occurrence.deadline
    return deadline.event.title if isinstance(deadline, Within) else occurrence.awaiting


def met(context: CaseContext, occurrence: Occurrence, proved_at: datetime, cells: Sequence[CellVerdict]) -> str:
    due = due_zh(occurrence, context.county.zone)
    return f"{_day(proved_at, context.county.zone)}{_completion(context, occurrence, cells, '已')}，未超过时限{due}"


def met_late(
    context: CaseContext,
    occurrence: Occurrence,
    proved_at: datetime,
    cells: Sequence[CellVerdict],
    since: datetime | None = None,
) -> str:
    """Return the reason of a late proof. `since`: the instant from which days late count."""
    zone, (due_at, due_on) = context.county.zone, (occurrence.due_at, occurrence.due_on)
    free = since is not None and proved_at < since
    late = f"，{lateness_zh(due_at, due_on, proved_at, context.calendar, zone, since)}" if due_at and due_on else ""
    late = "，当时不作逾期" if free else late
    done = _completion(context, occurrence, cells, "")
    return f"于{_day(proved_at, zone)}{done}，晚于时限{due_zh(occurrence, zone)}{late}"


def _completion(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict], then: str) -> str:
    """Return the completed act: 已公开, 办理齐全, 已报送零报告."""
    zero = [cell.by == ZERO_REPORT for cell in cells]
    if all(zero):
        return ZERO_REPORT
    if occurrence.upkeep and _deed_of(context, occurrence, cells) == "更新":
        return f"{then}更新或确认有效"
    whole = "齐全" if len(cells) > 1 and not then else ""
    return f"{then}{_deed_of(context, occurrence, cells)}{whole}{'、报送零报告' if any(zero) else ''}"


def _deed_of(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict]) -> str:
    """Return the act that these cells ask for, as a verb."""
    names = {cell.cell for cell in cells}
    deed = deed_zh(cell for cell in context.assignment.cells if cell.name in names)
    return "更新" if occurrence.upkeep and deed == "公开" else deed


def disputed(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict]) -> str:
    which = "；".join(cell.reason for cell in cells if cell.disputed)
    due = due_zh(occurrence, context.county.zone)
    if all(cell.late_item for cell in cells if cell.disputed):
        return f"时限{due}前已公开，但部分内容此后检查未查到，时限届满后首次查到，公开日期待认定：{which}"
    return f"标注的公开日期未超过时限{due}，但此后完整检查未查到，时限届满后首次查到，公开日期待认定：{which}"


def running(context: CaseContext, occurrence: Occurrence, status: Status, cells: Sequence[CellVerdict]) -> str:
    due, deed = due_zh(occurrence, context.county.zone), _deed_of(context, occurrence, cells)
    if any(cell.state == "proved" or (cell.published and not cell.awaits) for cell in cells):
        return f"应不晚于{due}{deed}，已{deed}一部分；{_unproved_reasons(cells)}"
    if any(cell.awaits for cell in cells):
        return f"应不晚于{due}{deed}，有待认定：{_unproved_reasons(cells)}"
    if status is Status.UPCOMING:
        opens = f"{day_zh(occurrence.opens_on)}起" if occurrence.opens_on else ""
        return f"尚未开始，{opens}可以{deed}，时限{due}"
    wanting = (
        "尚未查到"
        if deed in ("公开", "更新")
        else f"尚未{_filing_kind([cell for cell in context.assignment.cells if cell.part in occurrence.parts])}"
    )
    return f"应不晚于{due}{deed}，{wanting}"


def unverifiable(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict]) -> str:
    due, unproved = due_zh(occurrence, context.county.zone), [cell for cell in cells if cell.state != "proved"]
    if all(cell.awaits for cell in unproved):
        return f"时限{due}已届满，有待认定：{_unproved_reasons(cells)}"
    return f"时限{due}已届满，无法核验是否{_deed_of(context, occurrence, cells)}：{_unproved_reasons(cells)}"


def overdue(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict]) -> str:
    due = due_zh(occurrence, context.county.zone)
    if occurrence.upkeep and _deed_of(context, occurrence, cells) == "更新":
        return f"内容已公开，但至{due}未见更新，也未确认仍然有效"
    return f"应不晚于{due}{_deed_of(context, occurrence, cells)}；{_unproved_reasons(cells)}"


def incomplete(context: CaseContext, occurrence: Occurrence, cells: Sequence[CellVerdict]) -> str:
    due = due_zh(occurrence, context.county.zone)
    missing = _join_reasons(cell.reason for cell in cells if cell.state == "missing")
    waiting = "；".join(cell.reason for cell in cells if cell.state == "unseen" and cell.awaits)
    unseen = "；".join(cell.reason for cell in cells if cell.state == "unseen" and not cell.awaits)
    further = (f"；有待认定：{waiting}" if waiting else "") + (f"；无法核验：{unseen}" if unseen else "")
    return f"应不晚于{due}{_deed_of(context, occurrence, cells)}齐全；{missing}{further}"


def _unproved_reasons(cells: Sequence[CellVerdict]) -> str:
    return _join_reasons(cell.reason for cell in cells if cell.state != "proved")


def _join_reasons(reasons: Iterable[str]) -> str:
    """Return the reasons in one sentence; parts that the same visits did not find, or that are still to be published,
    are listed in one clause."""
    lists: dict[tuple[str, str], list[str]] = {}
    for reason in reasons:
        match = _ABOUT_PARTS.fullmatch(reason)
        before, what, after = match.groups("") if match else (reason, "", "")
        lists.setdefault((before, after), []).append(what)
    return "；".join(f"{before}{'、'.join(dict.fromkeys(what))}{after}" for (before, after), what in lists.items())


def _titles(entries: Sequence[Entry]) -> str:
    titles = list(dict.fromkeys(entry.title for entry in entries))
    listed = "".join(f"《{title}》" for title in titles[:_MAX_TITLES])
    return f"{listed}等{len(titles)}条" if len(titles) > _MAX_TITLES else listed


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return day_zh(moment_day(at, zone)) if at else ""
