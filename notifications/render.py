"""Renders notices as mails with sandboxed Jinja2 templates that escape HTML.

Where every template fails, plain text says the same: no notice is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from notifications.kind_words import SECTIONS
from notifications.lines import MailRow, NoticeFields, Section, merge_roles, records_zh, sections
from notifications.template_sandbox import SandboxError, has_own, render_in_sandbox
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.law.wording import day_zh, moment_zh, nested
from tracker.core.values.visible import visible

TEMPLATES = Path(__file__).parent / "templates"

#: The numerals that `next()` in a template gives to its headings.
NUMERALS = "一二三四五六七八九"
#: Most characters of a template's error message, and of a subject line.
_MAX_FAULT, _MAX_SUBJECT = 300, 200
#: The most sections that a subject line counts one by one.
_MAX_COUNTS = 3
#: Background, text and border of a light, which always stand beside words.
TONES = {
    "red": ("#fdeceb", "#a61c1c", "#f1b8b5"),
    "yellow": ("#fff5d9", "#7a5600", "#ecd48f"),
    "blue": ("#e8f1fc", "#1a4f94", "#b5cfee"),
    "grey": ("#f1f2f4", "#4c535d", "#d3d6db"),
    "green": ("#e6f5ea", "#1d6a36", "#b0d9bd"),
}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """The texts of a mail. `fault`: why a template could not be used, "" where all could."""

    subject: str
    text: str
    html: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SendingOffice:
    """The office that sends the mails, by the county file: every mail takes its names from here.

    `issuer`: whose name stands under a 督办单. `person`, `tel`, `mail`: whom to ask. `window`: how many working
    days a department may object after its first overdue notice. `reply`: the address at which an answer to a mail
    arrives, "" where none does.
    """

    name: str = "政务公开主管部门"
    issuer: str = ""
    person: str = ""
    tel: str = ""
    mail: str = ""
    window: int = 5
    reply: str = ""

    @property
    def contact(self) -> str:
        """联系人：王芳，电话：0431-81234567; the mail address where no number is on file."""
        person = f"联系人：{self.person}" if self.person else ""
        line = f"电话：{self.tel}" if self.tel else f"邮箱：{self.mail}" if self.mail else ""
        return "，".join(filter(None, (person, line)))


@dataclass(frozen=True, slots=True)
class Addressee:
    """The reader of a mail. `name`: for the greeting; `department`: "" for a county role;
    `answer`: the address of the page on which the mail can be answered, "" where there is none; `is_lead`: the reader
    heads the department."""

    county: str
    name: str
    department: str = ""
    answer: str = ""
    office: SendingOffice = SendingOffice()
    is_lead: bool = False

    @property
    def is_leader(self) -> bool:
        """Whether a county leader reads it, not a department and not the office itself."""
        return not self.department and self.name != self.office.name


#: By kind, the templates of notices that do not stand in the digest.
_ALONE = {
    "question": "question",
    "report": "report",
    "week": "week",
    "slip": "slip",
    "consult": "consult",
    "circular": "issued",
    "erratum": "corrected",
}


def template_of(fields: NoticeFields) -> str:
    """The name of a notice's template. Notices with the same template stand in one mail."""
    return str(fields.get("template") or _ALONE.get(fields["kind"], "digest"))


def render(
    reader: Addressee,
    members: Sequence[NoticeFields],
    now: datetime,
    folder: Path | None = None,
    shipped: Path = TEMPLATES,
) -> RenderedMail:
    """One mail for one reader. `now`: local time of the county. A report and a slip stand alone in their mails.

    `folder`: the county's own templates, each in place of the `shipped` one of that name, rendered in a sandbox. Where
    one fails or does not end, the shipped one is used; where that fails too, plain text. Either is a fault.
    """
    members = merge_roles(members)
    name, fault = template_of(members[0]), ""
    if folder is not None and has_own(folder):
        try:
            places = [str(folder), str(shipped)]
            arguments = (asdict(reader), members, now.isoformat(), places)
            return RenderedMail(*render_in_sandbox("mail", name, folder, *arguments))
        except SandboxError as error:
            fault = f"{name}: {error}"
    try:
        return RenderedMail(*_render(reader, members, now, (shipped,)), fault)
    except Exception as error:  # a template may raise anything, endless recursion included
        return _plain(reader, members, now, fault or f"{name}: {type(error).__name__}: {str(error)[:_MAX_FAULT]}")


def render_json(
    reader: Mapping[str, Any], members: Sequence[NoticeFields], now: str, places: Sequence[str]
) -> tuple[str, str, str]:
    """Subject, text and HTML from JSON values, in the sandbox."""
    addressee = Addressee(**{**reader, "office": SendingOffice(**reader["office"])})
    return _render(addressee, members, datetime.fromisoformat(now), tuple(map(Path, places)))


def _render(
    reader: Addressee, members: Sequence[NoticeFields], now: datetime, places: tuple[Path, ...]
) -> tuple[str, str, str]:
    """Subject, text and HTML. Each template is taken from the first of the folders that has it."""
    name = template_of(members[0])
    context = _context(reader, members, now)
    templates = (environment(places).get_template(f"{name}.{part}.j2") for part in ("subject", "txt", "html"))
    subject, text, html = (template.render(context, next=iter(NUMERALS).__next__) for template in templates)
    if not subject.strip() or not text.strip():
        raise ValueError(f"the {'text' if subject.strip() else 'subject'} is empty")
    return _short(" ".join(subject.split())), text.strip() + "\n", html


def missing_files(name: str, folder: Path | None, shipped: Path = TEMPLATES) -> list[str]:
    """The files of the template that neither the county's folder nor the shipped one has."""
    files = (f"{name}.{part}.j2" for part in ("subject", "txt", "html"))
    folders = [shipped, *([folder] if folder else [])]
    return [file for file in files if not any((place / file).is_file() for place in folders)]


def _short(subject: str) -> str:
    return subject if len(subject) <= _MAX_SUBJECT else subject[: _MAX_SUBJECT - 1] + "…"


#: The fields of our own classes that templates may read: they hold texts and numbers, so that all of them are safe.
_READABLE = {
    Addressee: frozenset(field.name for field in fields(Addressee)),
    SendingOffice: frozenset(field.name for field in fields(SendingOffice)) | {"contact"},
    MailRow: frozenset(field.name for field in fields(MailRow)) | {"head", "lack"},
    Section: frozenset(field.name for field in fields(Section)) | {"count"},
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that does not check each access to a field of `_READABLE`: a mail has hundreds of them."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _READABLE.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def environment(places: tuple[Path, ...] = (TEMPLATES,)) -> ImmutableSandboxedEnvironment:
    """The sandbox for the templates in the folders: HTML is escaped, a missing value is an error."""
    sandbox = _Sandbox(
        loader=FileSystemLoader(list(places)),
        autoescape=lambda name: name is None or ".html." in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=len(places) > 1,  # an office may edit its own while the daemon runs
        finalize=upright,
    )
    sandbox.filters["clock"] = moment_zh
    sandbox.filters["day"] = day_zh
    sandbox.filters["nested"] = nested
    return sandbox


def upright(value: Any) -> Any:
    """A text without unseen characters: a title from a web site must not turn what follows. Markup stays markup."""
    if not isinstance(value, str) or (seen := visible(value)) == value:
        return value
    return Markup(seen) if isinstance(value, Markup) else seen  # noqa: S704 - it was markup before


def _context(reader: Addressee, members: Sequence[NoticeFields], now: datetime) -> dict[str, Any]:
    """The values of the templates: of a report or a week, of a circular's mail, or of a digest of lines."""
    first = members[0]
    if first["kind"] in ("report", "week"):
        return {"reader": reader, "report": first, "tones": TONES}
    if rules_of(first["kind"]).once_per_reader:
        paper, contact = _merge_circular(members), _contact(reader)
        return {
            "reader": reader,
            "office": reader.office,
            "paper": paper,
            "signed": _signed(reader),
            "contact": contact,
            "now": now,
            "tones": TONES,
        }
    parts = sections(members)
    worst = parts[0].lines[0]
    return {
        "first": first,
        "reader": reader,
        "office": reader.office,
        "sections": parts,
        "counts": _counts(parts),
        "headline": _headline(parts),
        "request": _request(parts, reader),
        "worst": worst,
        "worst_head": _head(worst, reader),
        "marks": {mark for part in parts for line in part.lines for mark in line.marks},
        "decides": any(part.name == "decide" for part in parts),
        "objection": _objection(members, reader, now),
        "contact": _contact(reader),
        "records": any(part.name == "record" for part in parts),
        "signed": _signed(reader),
        "is_leader": reader.is_leader,
        "is_late": bool(late := [member for member in members if rules_of(member["kind"]).severity]),
        "answer_by": _answer_by(members),
        "next_to": "、".join(dict.fromkeys(str(to) for member in members if (to := member.get("next_to")))),
        "counted_by": records_zh(bool(member.get("recorded")) for member in late),
        "now": now,
        "tones": TONES,
        "urgent": any(member.get("urgent") for member in members),
    }


def _merge_circular(members: Sequence[NoticeFields]) -> dict[str, Any]:
    """The notices of one circular to a reader in several roles as one: every line once, in the circular's order.

    `instead_of`: the readers who cannot be written to; `meant_for`: the readers of a county in shadow mode.
    """
    lines = {line["number"]: line for member in members for line in member.get("lines", ())}
    others = {member["instead_of"]: member.get("because", "") for member in members if member.get("instead_of")}
    return {
        **members[0],
        "meant_for": list(dict.fromkeys(name for member in members for name in member.get("meant_for", ()))),
        "lines": [lines[number] for number in sorted(lines)],
        "instead_of": list(others),
        "because": next(filter(None, others.values()), ""),
    }


def _request(parts: Sequence[Section], reader: Addressee) -> str:
    """The sentence that asks the reader to act."""
    names = {part.name for part in parts}
    if names == {"confirmed"}:
        return "以下事项已查到公开内容，核对完毕，感谢配合"
    if names == {"mended"}:
        return "以下事项已整改办结，请知悉"
    if names == {"recorded"}:
        return "以下时限起算依据已经登记，请知悉"
    if names == {"system"}:
        return "督办系统运行中出现以下情况，请查看处理"
    if not any(SECTIONS[name].asks for name in names):
        return "现将以下情况告知"
    if all(line.copied for part in parts for line in part.lines):
        return "以下事项请贵单位督促有关单位办理"
    return f"以下事项请{'贵单位办理' if reader.department else '阅处'}"


def _answer_by(members: Sequence[NoticeFields]) -> str:
    """Return the day by which questions are to be answered, the first where they differ; "" where there is none."""
    days = [str(member["mend_by"]) for member in members if member["kind"] == "question" and member.get("mend_by")]
    return day_zh(date.fromisoformat(min(days))) if days else ""


def _objection(members: Sequence[NoticeFields], reader: Addressee, now: datetime) -> str:
    """Until when and to whom a department may object; "" where nothing is held against the reader's department, or
    the time for it has passed."""
    late = [member for member in members if rules_of(member["kind"]).severity and not member.get("copied")]
    if not late or not reader.department:
        return ""
    office, is_first = reader.office, all(member.get("first_notice") for member in late)
    since = "收到本通知" if is_first else "首次收到有关事项的逾期通知"
    today, untils = now.date().isoformat(), {str(member.get("object_until", "")) for member in late}
    days = sorted(day for day in untils if not day or day >= today)
    if not days:
        return ""  # the time for it has passed
    last = "、".join(day_zh(date.fromisoformat(day)) for day in days if day)
    until = f"（异议截至{last}{'，以各事项首次通知之日起算' if len(days) > 1 else ''}）" if last else ""
    return f"如对逾期认定有异议，请自{since}之日起{office.window}个工作日内{until}向{office.name}提出，并附依据。"


def _signed(reader: Addressee) -> str:
    """Return who signs: to a county leader or the head of a department the issuer, else the office."""
    office = reader.office
    return office.issuer or office.name if reader.is_leader or reader.is_lead else office.name


def _contact(reader: Addressee) -> str:
    """Whom to ask; "" to the office itself, and where nothing is on file."""
    office = reader.office
    return f"联系单位：{office.name}，{office.contact}" if office.contact and reader.name != office.name else ""


def _counts(parts: Sequence[Section]) -> str:
    return "、".join(f"{part.counted_as}{part.count}件" for part in parts)


def _headline(parts: Sequence[Section]) -> str:
    """The counts for a subject line, of which a phone shows only the beginning."""
    if len(parts) <= _MAX_COUNTS:
        return _counts(parts)
    return f"{_counts(parts[:_MAX_COUNTS])}等共{sum(part.count for part in parts)}件"


def _head(line: MailRow, reader: Addressee) -> str:
    """The worst line in a few words, to a department without its own name."""
    head = line.head.removeprefix(line.who) if reader.department and not line.named else line.head
    return head + (f"，{line.lateness}" if line.section in ("pressed", "soon") and line.lateness else "")


def _plain(reader: Addressee, members: Sequence[NoticeFields], now: datetime, fault: str) -> RenderedMail:
    """The same facts without any template."""
    lines = [f"{reader.name}：", "", "以下督办事项请办理（邮件模板出错，改以纯文本发送）："]
    for member in members:
        what = "，".join(str(member[key]) for key in ("department", "duty", "period") if member.get(key))
        due = f"；时限：{member['due']}" if member.get("due") else ""
        lines.append(f"- {what or member.get('kind', '')}{due}；{member.get('reason', '')}")
        for line in member.get("lines", ()):
            matter = f"{line['who']}：{'，'.join(text for text in (line['title'], line['period']) if text)}"
            lines.append(f"  第{line['number']}项 {matter}；{line['problem_zh']}；{line['reason']}")
    if reader.answer:
        lines += ["", f"知悉、已公开、报送材料、说明情况或者提出异议：{reader.answer}"]
    lines += ["", reader.office.name, day_zh(now)]
    return RenderedMail(f"【{reader.county}政务公开督办】{len(members)}件事项", "\n".join(lines) + "\n", "", fault)
