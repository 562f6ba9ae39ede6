"""From what was decided to the words of a mail: Jinja2 templates, sandboxed and escaped.

A template that fails never loses a notice: the plain fallback says the same without any template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.circular import circular
from notifications.lines import MailRow, NoticeFields, Section, once, sections
from notifications.template_sandbox import SandboxError, has_own, render_in_sandbox
from tracker.core.escalation.notice_kinds import rules_of

TEMPLATES = Path(__file__).parent / "templates"

#: What `next()` gives to the headings of a report, one after the other.
NUMERALS = "一二三四五六七八九"
#: Characters of a template's fault that are told.
_FAULT = 300
#: Characters of a subject line.
_SUBJECT = 200
#: So many counts a subject line names.
_NAMED = 3
#: Marks that turn the direction of a text, and control characters: neither is for a reader.
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Background, text and border of a light. Always beside words: colour alone says nothing.
TONES = {
    "red": ("#fdeceb", "#a61c1c", "#f1b8b5"),
    "yellow": ("#fff5d9", "#7a5600", "#ecd48f"),
    "blue": ("#e8f1fc", "#1a4f94", "#b5cfee"),
    "grey": ("#f1f2f4", "#4c535d", "#d3d6db"),
    "green": ("#e6f5ea", "#1d6a36", "#b0d9bd"),
}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail's words. `fault`: why the templates could not be used, where they could not."""

    subject: str
    text: str
    html: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MailReader:
    """Who reads the mail. `name`: how the greeting calls them; `department`: "" for a county role;
    `answer`: the address of the page on which the mail can be answered, "" where there is none."""

    county: str
    name: str
    department: str = ""
    answer: str = ""


#: The templates of papers that stand alone in their mails, by kind.
_OWN = {"report": "report", "slip": "slip", "consult": "consult", "circular": "issued", "erratum": "corrected"}


def template_of(one: NoticeFields) -> str:
    """The template that a notice asks for; those that ask for the same one stand in one mail."""
    own = _OWN.get(one["kind"], "digest")
    return str(one.get("template") or own)


def render(
    reader: MailReader,
    members: Sequence[NoticeFields],
    now: datetime,
    folder: Path | None = None,
    shipped: Path = TEMPLATES,
) -> RenderedMail:
    """One mail for one reader. `now`: local time of the county. A report and a slip stand alone in their mails.

    `folder`: the county's own templates, each in place of the `shipped` one of that name, filled in apart. One that
    fails or does not end is left aside for the shipped one; where that fails too, the plain fallback speaks. Either
    is a fault.
    """
    members = once(members)
    name, fault = template_of(members[0]), ""
    if folder is not None and has_own(folder):
        try:
            places = [str(folder), str(shipped)]
            return RenderedMail(
                *render_in_sandbox("mail", name, folder, asdict(reader), members, now.isoformat(), places)
            )
        except SandboxError as error:
            fault = f"{name}: {error}"
    try:
        return RenderedMail(*filled(reader, members, now, (shipped,)), fault)
    except Exception as error:  # whatever a template does, one that calls itself included
        return _plain(reader, members, now, fault or f"{name}: {type(error).__name__}: {str(error)[:_FAULT]}")


def filled_apart(
    reader: Mapping[str, str], members: Sequence[NoticeFields], now: str, places: Sequence[str]
) -> tuple[str, str, str]:
    """`filled`, of what came through a pipe."""
    return filled(MailReader(**reader), members, datetime.fromisoformat(now), tuple(map(Path, places)))


def filled(
    reader: MailReader, members: Sequence[NoticeFields], now: datetime, places: tuple[Path, ...]
) -> tuple[str, str, str]:
    """Subject, text and HTML by the templates in the places, the first one that has a file going before."""
    name = template_of(members[0])
    context = _paper(reader, members, now) or _digest(reader, members, now)
    made = environment(places)
    subject, text, html = (
        made.get_template(f"{name}.{part}.j2").render(context, next=iter(NUMERALS).__next__)
        for part in ("subject", "txt", "html")
    )
    if not subject.strip() or not text.strip():
        raise ValueError(f"the {'text' if subject.strip() else 'subject'} is empty")
    return _short(" ".join(subject.split())), text.strip() + "\n", html


def files_lacking(name: str, folder: Path | None, shipped: Path = TEMPLATES) -> list[str]:
    """The files that a template of that name needs and that are neither among the county's own nor the shipped ones."""
    wanted = (f"{name}.{part}.j2" for part in ("subject", "txt", "html"))
    places = [one for one in (folder, shipped) if one is not None]
    return [one for one in wanted if not any((place / one).is_file() for place in places)]


def _short(subject: str) -> str:
    """A subject line of a length that every server and program takes."""
    return subject if len(subject) <= _SUBJECT else subject[: _SUBJECT - 1] + "…"


#: What templates may read of our own values, which hold texts and numbers: it is safe whatever it is.
_READABLE = {
    MailReader: frozenset(field.name for field in fields(MailReader)),
    MailRow: frozenset(field.name for field in fields(MailRow)) | {"head", "lack"},
    Section: frozenset(field.name for field in fields(Section)) | {"count"},
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which does not ask at each of a mail's hundred looks at a field whether that is safe."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _READABLE.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def environment(places: tuple[Path, ...] = (TEMPLATES,)) -> ImmutableSandboxedEnvironment:
    """Where templates are filled in: sandboxed, HTML escaped, a missing value an error."""
    made = _Sandbox(
        loader=FileSystemLoader(list(places)),
        autoescape=lambda name: name is None or ".html." in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=len(places) > 1,  # an office may mend its own while the daemon runs
        finalize=upright,
    )
    made.filters["clock"] = lambda at: f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"
    return made


def upright(value: Any) -> Any:
    """Without what no reader sees: a title from a web site shall not turn what follows it, nor ring a bell."""
    return _UNSEEN.sub("", value) if isinstance(value, str) and _UNSEEN.search(value) else value


def _digest(reader: MailReader, members: Sequence[NoticeFields], now: datetime) -> dict[str, Any]:
    parts = sections(members)
    marks = {mark for part in parts for line in part.lines for mark in line.marks}
    worst = parts[0].lines[0]
    return {
        "first": members[0],
        "reader": reader,
        "sections": parts,
        "counts": _counts(parts),
        "headline": _headline(parts),
        "request": _request(parts, reader),
        "worst": worst,
        "worst_head": _head(worst, reader),
        "marks": marks,
        "decides": any(part.name == "decide" for part in parts),
        "now": now,
        "tones": TONES,
        "urgent": any(member.get("urgent") for member in members),
    }


def _paper(reader: MailReader, members: Sequence[NoticeFields], now: datetime) -> dict[str, Any] | None:
    """The values of a paper that is no digest of lines; None for all else."""
    first = members[0]
    if first["kind"] == "report":
        return {"reader": reader, "report": first, "tones": TONES}
    if rules_of(first["kind"]).once_per_reader:
        return {"reader": reader, "paper": circular(members), "now": now, "tones": TONES}
    return None


def _request(parts: Sequence[Section], reader: MailReader) -> str:
    """What the reader is asked to do with what follows."""
    names = {part.name for part in parts}
    if names == {"mended"}:
        return "以下事项已经办结，感谢支持配合" if reader.department else "以下事项已经办结，请知悉"
    if names == {"system"}:
        return "督办系统运行中出现以下情况，请查看处理"
    if names <= {"mended", "correction", "blind", "system", "restored", "head"}:
        return "现将以下情况告知"
    if all(line.copied for part in parts for line in part.lines):
        return "以下事项请贵单位督促有关单位办理"
    return f"以下事项请{'贵单位办理' if reader.department else '阅处'}"


def _counts(parts: Sequence[Section]) -> str:
    return "、".join(f"{part.counted_as}{part.count}件" for part in parts)


def _headline(parts: Sequence[Section]) -> str:
    """The counts as a subject line bears them: a phone shows the beginning of one."""
    if len(parts) <= _NAMED:
        return _counts(parts)
    return f"{_counts(parts[:_NAMED])}等共{sum(part.count for part in parts)}件"


def _head(line: MailRow, reader: MailReader) -> str:
    """The worst line in a few words; a department needs not be told its own name."""
    own = line.head.removeprefix(line.who) if reader.department and not line.named else line.head
    late = f"，{line.lateness}" if line.section in ("pressed", "soon") and line.lateness else ""
    return own + late


def _plain(reader: MailReader, members: Sequence[NoticeFields], now: datetime, fault: str) -> RenderedMail:
    """The same facts without any template."""
    lines = [f"{reader.name}：", "", "以下督办事项请办理（邮件模板出错，改以纯文本发送）："]
    for member in members:
        what = "，".join(str(member[key]) for key in ("department", "duty", "period") if member.get(key))
        due = f"；时限：{member['due']}" if member.get("due") else ""
        lines.append(f"- {what or member.get('kind', '')}{due}；{member.get('reason', '')}")
        for line in member.get("lines", ()):
            matter = f"{line['who']}：{line['title']}，{line['period']}"
            lines.append(f"  第{line['number']}项 {matter}；{line['problem_zh']}；{line['reason']}")
    if reader.answer:
        lines += ["", f"知悉／已公开／说明情况：{reader.answer}"]
    lines += ["", f"{reader.county}政务公开督办  {now:%Y-%m-%d %H:%M}"]
    return RenderedMail(f"【{reader.county}政务公开督办】{len(members)}件事项", "\n".join(lines) + "\n", "", fault)
