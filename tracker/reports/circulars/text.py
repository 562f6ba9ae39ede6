"""Makes the values, the words and the document of a circular from its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from notifications.wording import Wording, wording
from tracker.core.assessment.circular import (
    Criticism,
    DueCount,
    Findings,
    Warned,
    count_due,
    is_counted,
)
from tracker.core.assessment.lines import Line, group_by_member
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Within
from tracker.core.law.periods import title_of
from tracker.core.law.wording import (
    PUBLISHED,
    day_zh,
    moment_zh,
    percent_zh,
    percentage,
    span_zh,
)
from tracker.documents.official import OfficialDocument, OfficialTable, Picture, paragraph_of
from tracker.reports.circulars.grouping import about_of, group_by_duty, group_by_problem, missing_zh
from tracker.reports.circulars.tables import tables_of
from tracker.reports.pictures.enclosed import pictures_of
from tracker.reports.snapshot import CountySnapshot

#: Pack and name of the duty to rectify, which every line of an issued circular starts.
RECTIFICATION = ("rectification", "rectification")


class ColumnLook(NamedTuple):
    """A column that shows whether a matter was published. `at`: the end of its last complete visit."""

    title: str
    url: str
    at: datetime | None


def values_of(
    snapshot: CountySnapshot, findings: Findings, looked: Mapping[str, Sequence[ColumnLook]], window: int
) -> dict[str, Any]:
    """The values of the template, as JSON. `looked`: by occurrence its columns; `window`: working days to object."""
    rulebook = snapshot.rulebook
    month = title_of("month", findings.month)
    lines = [
        _criticised(criticism, number, looked.get(criticism.line.key, ()), rulebook)
        for number, criticism in enumerate(findings.criticisms, 1)
    ]
    fresh = [line for line in lines if not line["warned"]]
    head, supervisor = _head(rulebook), rulebook.county.roles.get("supervisor")
    blind = [line for line in snapshot.lines if is_counted(line, findings.month) and line.status.unjudged]
    return {
        "month": month,
        "as_of": moment_zh(snapshot.at.astimezone(rulebook.county.zone)),
        "basis": "".join(f"《{title}》" for title in _instruments(snapshot, findings)),
        "we": _we(head["issuer"]),
        "supervisor": supervisor.name if supervisor else "",
        "count": _count(findings.count),
        "rate": _percent(findings.count.rate),
        "compared": _compared(findings),
        "month_before": _count(findings.month_before),
        "year_before": _count(findings.year_before),
        "best": [snapshot.department(key) for key in findings.best],
        "worst": [snapshot.department(key) for key in findings.worst],
        "named": len(lines),
        "named_due": sum(is_counted(criticism.line, findings.month) for criticism in findings.criticisms),
        "unjudged": [f"{status}{count}项" for status, count in Counter(line.status_zh for line in blind).most_common()],
        "blind": [{"key": line.key, **_matter(line)} for line in blind],
        "table": "table-2" if lines else "table-1",
        "lines": lines,
        "groups": group_by_problem(fresh),
        "standing": [line for line in lines if line["warned"]],
        "standing_duties": group_by_duty([line for line in lines if line["warned"]]),
        "mended": [
            _mended(line, warned, number) | _seen(looked.get(line.key, ()), rulebook)
            for number, (line, warned) in enumerate(findings.mended, 1)
        ],
        "departments": _departments(snapshot, findings),
        "total": {
            "who": "合计",
            **_count(findings.count),
            "rate": _percent(findings.count.rate) or "—",
            "named": len(findings.criticisms),
        },
        "spared": [
            {"key": spared.line.key, **_matter(spared.line), "reason": spared.reason} for spared in findings.spared
        ],
        "span": _span(rulebook),
        "window": window,
        "head": head,
    }


def title_zh(head: Mapping[str, str], values: Mapping[str, Any], *, erratum: bool = False) -> str:
    """The title: issuer, subject and kind of document (党政机关公文处理工作条例, article 9)."""
    about = f"{values['month']}政府信息公开{'督办' if values['named'] else ''}情况"
    return f"{head['issuer']}关于{f'更正{about}通报有关内容' if erratum else about}的通报"


def words_of(values: Mapping[str, Any], folder: Path | None) -> Wording:
    """The paragraphs; the county's own template where it has one."""
    return wording("circular", values, folder)


def official(
    rulebook: Rulebook,
    values: Mapping[str, Any],
    paragraphs: Sequence[Sequence[Sequence[str]]],
    *,
    number: str = "",
    dated: date | None = None,
    erratum: bool = False,
) -> OfficialDocument:
    """The document of the frozen paragraphs. Without a number it is marked as a draft."""
    head = values.get("head") or _head(rulebook)
    attached: tuple[OfficialTable | Picture, ...] = (
        () if erratum else (*tables_of(values), *pictures_of(values.get("pictures", ())))
    )
    return OfficialDocument(
        issuer=head["issuer"],
        title=title_zh(head, values, erratum=erratum),
        addressee=head["addressee"],
        body=tuple(map(paragraph_of, paragraphs)),
        signature=head["issuer"],
        dated=dated,
        number=number,
        attachments=attached,
        copies=head["copies"],
        printed_by=head["printed_by"],
        printed_on=dated,
        note=head.get("disclosure", ""),
        draft=not number,
    )


# -- values ------------------------------------------------------------------------------------------


def _matter(line: Line) -> dict[str, Any]:
    return {
        "who": line.who,
        "title": line.title,
        "clause": line.clause,
        "basis": line.basis,
        "basis_in_full": line.basis_in_full,
        "period": line.period,
        "limit": f"时限{line.due}" if line.due_on else "时限待定",
        "due": line.due,
        "published": day_zh(line.published_on) if line.published_on else "",
        "days_late": line.days_late,
        "reason": line.reason,
        "derivation": line.derivation,
        "missing": list(line.missing),
        "proofs": [[proof.url, proof.title, proof.at.isoformat() if proof.at else ""] for proof in line.proofs],
        **({"deed": line.deed} if line.deed != PUBLISHED else {}),
    }


def _seen(looks: Sequence[ColumnLook], rulebook: Rulebook) -> dict[str, Any]:
    """The columns and when each was looked at. `checked`: the last day of a look at all (复查), "" without one."""
    zone = rulebook.county.zone
    visited = [look.at for look in looks if look.at is not None]
    return {
        "looked": [
            {
                "title": look.title,
                "url": look.url,
                "at": moment_zh(look.at.astimezone(zone)) if look.at else "",
            }
            for look in looks
        ],
        "checked": day_zh(day_of(min(visited), rulebook)) if visited and len(visited) == len(looks) else "",
    }


def _head(rulebook: Rulebook) -> dict[str, str]:
    """Issuer, addressee and foot of the document, which are frozen with its words."""
    rules = rulebook.circular
    assert rules is not None
    names = ("issuer", "addressee", "copies", "printed_by", "disclosure")
    return {name: getattr(rules, name) for name in names}


def _we(issuer: str) -> str:
    """How the issuer calls itself."""
    short = {"办": "我办", "室": "我办", "局": "我局", "委": "我委"}
    return short.get(issuer[-1:], "本机关")


def _criticised(criticism: Criticism, number: int, looks: Sequence[ColumnLook], rulebook: Rulebook) -> dict[str, Any]:
    line = criticism.line
    values = (
        _matter(line)
        | _seen(looks, rulebook)
        | {
            "key": line.key,
            "number": number,
            "anchor": f"line-{number}",
            "department": line.department,
            "duty": line.duty,
            "day": (line.day.isoformat() if line.day else line.label) if line.daily else "",
            "problem": criticism.problem,
            "problem_zh": criticism.problem_zh,
            "why": criticism.reason,
            "warned": criticism.warned.number if criticism.warned else "",
            "due_on": line.due_on.isoformat() if line.due_on else "",
            "lacking": missing_zh(line.missing) if criticism.problem == "incomplete" and line.missing else "",
        }
    )
    warned = criticism.warned
    is_rechecked = bool(looks) and all(
        warned is not None and look.at is not None and day_of(look.at, rulebook) > warned.on for look in looks
    )
    values |= {"detail": _detail(criticism, values, is_rechecked=is_rechecked)}
    return values | {"about": about_of(values)}


def _detail(criticism: Criticism, values: Mapping[str, Any], *, is_rechecked: bool) -> str:
    """The end of a matter's sentence: the warning and the re-check, days late, missing parts.

    `is_rechecked`: whether all its columns were looked at again on a day after the warning.
    """
    parts = []
    if criticism.warned is not None:
        checked = f"，{values['checked']}复查仍未更新到位" if is_rechecked else "，至今仍未更新到位"
        parts.append(f"{day_zh(criticism.warned.on)}{criticism.warned.number}通报{checked}")
    if criticism.problem == "gone":
        parts.append(criticism.line.gone_zh or "公开后撤下，至今未恢复")
    elif criticism.problem == "unkept":
        parts.append(f"内容已公开，至今未更新或确认，已逾期{criticism.line.days_late}个工作日")
    elif criticism.problem in ("late", "repeated"):
        parts.append(f"{values['published']}公开，逾期{criticism.line.days_late}个工作日")
    elif criticism.line.days_late:
        parts.append(f"已逾期{criticism.line.days_late}个工作日")
    if criticism.problem == "incomplete" and criticism.line.missing:
        parts.append(missing_zh(criticism.line.missing))
    return "".join(f"，{part}" for part in parts)


def _mended(line: Line, warned: Warned, number: int) -> dict[str, Any]:
    done = f"，{day_zh(line.published_on)}公开" if line.published_on else f"，{line.status_zh}"
    values = _matter(line) | {
        "key": line.key,
        "anchor": f"mended-{number}",
        "warned": warned.number,
        "detail": f"，{day_zh(warned.on)}{warned.number}通报{done}",
    }
    return values | {"about": about_of(values)}


def _departments(snapshot: CountySnapshot, findings: Findings) -> list[dict[str, Any]]:
    """The rows of the table of counts: the departments that owed something in the month or are criticised."""
    rows = []
    by_member = group_by_member(snapshot.lines)
    named_in = Counter(member for criticism in findings.criticisms for member in criticism.line.members)
    for department in snapshot.rulebook.county.departments:
        count, named = count_due(by_member.get(department, ()), findings.month), named_in[department]
        if count.due or named:
            rate = _percent(count.rate) or "—"
            rows.append({"who": snapshot.department(department), **_count(count), "rate": rate, "named": named})
    return rows


def _count(count: DueCount) -> dict[str, int]:
    return {
        "due": count.due, "on_time": count.on_time, "late": count.late,
        "overdue": count.overdue, "incomplete": count.incomplete, "unkept": count.unkept,
        "unjudged": count.unjudged, "daily": count.daily,
    }  # fmt: skip


def _percent(rate: float | None) -> str:
    return "" if rate is None else percent_zh(rate)


def _compared(findings: Findings) -> str:
    parts = []
    for name, count in (("上月", findings.month_before), ("去年同月", findings.year_before)):
        if count.rate is not None and findings.count.rate is not None:
            change = _change_zh(percentage(findings.count.rate) - percentage(count.rate))
            parts.append(f"比{name}{change}（{name}到期{count.due}项，按时公开{count.on_time}项）")
    return "".join(f"，{part}" for part in parts)


def _change_zh(difference: float) -> str:
    points = round(abs(difference), 1)
    if not points:
        return "持平"
    return f"{'提高' if difference > 0 else '下降'}{points:.1f}个百分点"


def _instruments(snapshot: CountySnapshot, findings: Findings) -> list[str]:
    """The Regulations, and the titles of the packs that the circular's matters come from."""
    mentioned = {line.pack for line in snapshot.lines if is_counted(line, findings.month)} | {
        criticism.line.pack for criticism in findings.criticisms
    }
    titles = {duty.pack: duty.pack_title for duty in snapshot.rulebook.duties if duty.pack != RECTIFICATION[0]}
    packs = [title for pack, title in titles.items() if pack in mentioned or not mentioned]
    return [*dict.fromkeys(("中华人民共和国政府信息公开条例", *packs))]


def _span(rulebook: Rulebook) -> str:
    """The time to rectify, in the words of that duty's rule."""
    duty = rulebook.duty(*RECTIFICATION)
    deadline = duty.parts[0].deadlines[0] if duty else None
    if not isinstance(deadline, Within):
        return "规定期限"
    return span_zh(deadline.span)


def day_of(at: datetime, rulebook: Rulebook) -> date:
    return at.astimezone(rulebook.county.zone).date()
