"""From what was decided to the lines of one mail: sorted worst first, days in a row folded into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tracker.core.escalation.notice_kinds import LIABLE_KINDS, rules_of
from tracker.core.law.wording import days_zh

Tone = Literal["red", "yellow", "blue", "grey", "green"]
NoticeFields = Mapping[str, Any]

#: Sections in the order of the mail: name, heading, what the subject line counts them as, kinds.
SECTIONS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("pressed", "逾期事项", "逾期", LIABLE_KINDS),
    ("decide", "待判定事项", "待判定", frozenset({"decide"})),
    ("returned", "退回的材料", "退回", frozenset({"returned"})),
    ("explained", "单位情况说明", "情况说明", frozenset({"explained"})),
    ("correction", "更正", "更正", frozenset({"correction"})),
    ("record", "起算事项待登记", "待登记", frozenset({"record"})),
    ("soon", "即将到期事项", "即将到期", frozenset({"reminder"})),
    ("blind", "暂时无法核验", "无法核验", frozenset({"wait", "fault"})),
    ("system", "系统运行提示", "系统提示", frozenset()),  # faults that no column and no matter bears
    ("restored", "栏目恢复查看", "恢复查看", frozenset({"restored"})),
    ("head", "日志存证", "日志存证", frozenset({"head"})),
    ("mended", "已补正了结", "已了结", frozenset({"mended"})),
)
_SECTION_OF = {kind: name for name, _, _, kinds in SECTIONS for kind in kinds}
_KIND_ZH = {
    "reminder": "催办提醒",
    "overdue": "逾期通知",
    "escalation": "逾期上报",
    "slip": "督办单",
    "reopened": "重新督办",
    "mended": "督办了结",
    "record": "请登记",
    "decide": "请判定",
    "returned": "退回",
    "wait": "暂缓催办",
    "fault": "系统提示",
    "restored": "恢复查看",
    "head": "日志存证",
    "explained": "情况说明",
    "correction": "更正",
}
_QUIET_TONES: Mapping[str, Tone] = {
    "mended": "green", "record": "grey", "decide": "yellow", "wait": "grey", "fault": "grey", "correction": "blue",
    "explained": "blue", "restored": "green", "returned": "yellow",
    "head": "grey",
}  # fmt: skip
#: What says of a whole matter that there is none, instead of naming what is wanting of it.
_SENTENCES = ("未查到", "尚未")


@dataclass(frozen=True, slots=True)
class MailRow:
    """One row of the table. `answer`: where it alone is answered; `count`: how many matters it stands for. Of another
    department than the reader's: `copied`, who leads it; `asked`, who has to do something for it."""

    section: str
    kind: str
    tone: Tone
    chip: str
    title: str
    period: str
    who: str = ""
    due: str = ""
    lateness: str = ""
    wants: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    basis: str = ""
    reason: str = ""
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""
    answer: str = ""
    key: str = ""
    count: int = 1
    copied: bool = False
    asked: bool = False

    @property
    def named(self) -> bool:
        """Whether a department has to be told whose matter it is."""
        return self.copied or self.asked

    @property
    def lack(self) -> str:
        """How what is wanting is introduced: things by name, or what was seen of it all."""
        return "目前" if all(want.startswith(_SENTENCES) for want in self.wants) else "欠缺"

    @property
    def head(self) -> str:
        """The line in a few words, for a subject line."""
        return f"{self.who}{self.title}" + (f"，{self.period}" if self.period else "")


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one sort under their heading."""

    name: str
    title: str
    counted_as: str
    lines: tuple[MailRow, ...] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def once(members: Sequence[NoticeFields]) -> list[NoticeFields]:
    """Each matter as often as it is to be told: who holds several roles, or reads for several, hears of a step once."""
    found: dict[tuple[Any, ...], NoticeFields] = {}
    for index, one in enumerate(members):
        about = (one.get("about") or {}).get("target", "")
        told = (one["kind"], one.get("step", ""), one.get("repeat", 0), about, one.get("reason", ""))
        whose = (bool(one.get("copied")), bool(one.get("asked")))
        key = (one["occurrence"], *told, *whose) if one.get("occurrence") else (index,)
        found[key] = _merged(found[key], one) if key in found else one
    return list(found.values())


def _merged(fields: NoticeFields, other: NoticeFields) -> NoticeFields:
    """The reader's own, or the first with everybody for whom it is read."""
    if not other.get("instead_of") or not fields.get("instead_of"):
        return fields if not fields.get("instead_of") else other
    names = dict.fromkeys([*str(fields["instead_of"]).split("、"), other["instead_of"]])
    return {**fields, "instead_of": "、".join(names)}


def sections(members: Iterable[NoticeFields]) -> tuple[Section, ...]:
    """The sections that have something to say, worst lines first."""
    found = sorted(members, key=_worst_first)
    made = (
        Section(name, title, counted, tuple(_lines([one for one in found if _section_of(one) == name])))
        for name, title, counted, _ in SECTIONS
    )
    return tuple(section for section in made if section.lines)


def _section_of(fields: NoticeFields) -> str:
    """A fault of the system's own (nobody to write to, a mailbox, a template, a channel) leaves nothing unseen."""
    own = fields["kind"] == "fault" and not fields.get("occurrence") and not fields.get("column")
    return "system" if own else _SECTION_OF[fields["kind"]]


def _worst_first(fields: NoticeFields) -> tuple[Any, ...]:
    return (
        -rules_of(fields["kind"]).severity,
        -fields.get("days_late", 0),
        -fields.get("weight", 0),
        fields.get("due_on", ""),
        fields.get("occurrence", ""),
    )


def _lines(members: Sequence[NoticeFields]) -> Iterable[MailRow]:
    """Each group of members that say the same is one line, where its worst stood."""
    groups: dict[tuple[Any, ...], list[NoticeFields]] = {}
    for member in members:
        groups.setdefault(_sameness(member), []).append(member)
    for group in groups.values():
        yield _line(group)


def _sameness(fields: NoticeFields) -> tuple[Any, ...]:
    """Days of one daily duty are one line; one match or one fault that many duties meet is one line."""
    notes = tuple(_notes(fields))
    if fields["kind"] == "decide" and fields.get("about"):
        return ("decide", fields["about"]["target"], fields["reason"] if fields.get("flag") else "", notes)
    if fields["kind"] == "returned":  # each with its own reason
        return ("returned", fields.get("occurrence", ""), fields["reason"], notes)
    if fields["kind"] in ("wait", "fault", "restored") and (fields.get("occurrence") or fields.get("column")):
        return (fields["kind"], fields["reason"], notes)
    if fields.get("day"):
        missing = tuple(fields.get("missing", ()))
        about = (
            fields["duty_id"],
            fields["duty"],
            fields["department"],
            fields["status"],
            missing,
            bool(fields.get("copied")),
        )
        return ("days", fields["kind"], *about, notes)
    return ("one", fields.get("occurrence") or fields.get("title", ""), fields["kind"], fields.get("step", ""), notes)


def _line(group: Sequence[NoticeFields]) -> MailRow:
    worst = group[0]
    kind = worst["kind"]
    if worst.get("column"):
        return _columns(group)
    if len(group) > 1 and kind in ("decide", "wait", "fault") and all(one.get("occurrence") for one in group):
        return _gathered(group)
    section = _section_of(worst)
    plain = section in ("pressed", "soon")
    days = [date.fromisoformat(one["day"]) for one in group if one.get("day")]
    return MailRow(
        section=section,
        kind=_kind(worst) + _again(group),
        tone=_tone(worst),
        chip=_chip(worst),
        title=worst.get("duty") or worst.get("title", ""),
        period=days_zh(days) if len(days) > 1 else worst.get("period", ""),
        who=worst.get("department", ""),
        due="逐日" if len(days) > 1 else worst.get("due", ""),
        lateness=("最长" if len(days) > 1 and section == "pressed" else "") + worst.get("lateness", ""),
        wants=_wants(worst) if plain else (),
        unseen=tuple(worst.get("unseen", ())) if plain else (),
        basis=worst.get("why_short", "") if len(days) < 2 else "",
        reason="" if plain and kind != "reopened" else worst["reason"],
        marks=tuple(dict.fromkeys(mark for one in group for mark in one.get("marks", ()))),
        notes=tuple(_notes(worst)),
        link=(worst.get("about") or {}).get("target", ""),
        answer=worst.get("answer", "") if len(group) == 1 else "",
        key=worst.get("occurrence", "") if len(group) == 1 else "",
        count=len(group),
        copied=bool(worst.get("copied")),
        asked=bool(worst.get("asked")),
    )


def _columns(group: Sequence[NoticeFields]) -> MailRow:
    """Columns that cannot be read, for one cause."""
    worst, titles = group[0], tuple(dict.fromkeys(one["title"] for one in group))
    return MailRow(
        section=_SECTION_OF[worst["kind"]],
        kind=_kind(worst),
        tone=_tone(worst),
        chip=_chip(worst),
        title=f"“{titles[0]}”栏目" if len(group) == 1 else f"{len(group)}个栏目",
        period="",
        reason=worst["reason"],
        wants=titles if len(group) > 1 else (),
        notes=tuple(_notes(worst)),
        count=len(group),
    )


def _gathered(group: Sequence[NoticeFields]) -> MailRow:
    """One cause that concerns many matters, with the matters named: who, under each duty and period."""
    worst = group[0]
    about = worst.get("about") or {}
    matters: dict[str, list[str]] = {}
    for one in group:
        matters.setdefault(f"{one['duty']}，{one['period']}", []).append(one["department"])
    same = len({one["reason"] for one in group}) == 1
    return MailRow(
        section=_SECTION_OF[worst["kind"]],
        kind=_kind(worst),
        tone=_tone(worst),
        chip=_chip(worst),
        title=f"《{about['title']}》" if about.get("title") else f"涉及{len(group)}件事项",
        period="",
        reason=worst["reason"] if same else "未能确定属于哪个单位，请判定是否属于以下单位之一。",
        wants=tuple(f"{matter}（{'、'.join(dict.fromkeys(who))}）" for matter, who in matters.items()),
        notes=tuple(_notes(worst)),
        link=about.get("target", ""),
        count=1 if about else len(group),  # one match is one decision, however many it concerns
    )


def _tone(fields: NoticeFields) -> Tone:
    if fields["kind"] in _QUIET_TONES:
        return _QUIET_TONES[fields["kind"]]
    light = fields.get("light", "grey")
    if fields["kind"] == "reminder" and light not in ("yellow", "red"):
        return "blue"
    return light if light in ("red", "yellow", "blue", "green") else "grey"


def _kind(fields: NoticeFields) -> str:
    if fields["kind"] == "fault" and _section_of(fields) == "blind":
        return "栏目无法查看" if fields.get("column") else "无法核验"
    return _KIND_ZH[fields["kind"]]


def _again(group: Sequence[NoticeFields]) -> str:
    """Whoever was told before shall see at once that it is no double."""
    repeats = {one.get("repeat", 0) for one in group}
    return f"·第{repeats.pop() + 1}次" if len(repeats) == 1 and 0 not in repeats else ""


def _chip(fields: NoticeFields) -> str:
    if fields.get("step") == "fallen":
        return "零报告失效"
    if fields.get("flag"):
        return str(fields["flag"])
    if fields["kind"] in _QUIET_TONES:
        return _kind(fields)
    words = fields.get("status_zh", "")
    return f"{fields['light_zh']}灯 {words}" if fields.get("light_zh") else words


def _wants(fields: NoticeFields) -> tuple[str, ...]:
    """Before the due date whatever is still open; after it what is missing, and what could not be seen apart."""
    return tuple(fields.get("open" if fields["kind"] == "reminder" else "missing", ()))


def _notes(fields: NoticeFields) -> Iterable[str]:
    if fields.get("instead_of"):
        why, whom = fields.get("because") or "未登记有效邮箱", fields.get("sent_to") or "县政务公开办公室"
        yield f"原应发{fields['instead_of']}，因{why}，改发{whom}。"
    if fields.get("copied"):
        yield "抄送贵单位：贵单位为牵头单位，本事项由上述单位办理。"
    if fields.get("meant_for"):
        yield f"试运行：正式运行时将发{fields['meant_for']}。"
