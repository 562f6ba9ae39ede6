"""Turns the notices of one mail into its sections and lines, worst first; the days of a daily duty are one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from notifications.kind_words import KIND_WORDS, SECTIONS, Tone
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.law.wording import UNKNOWN_DUE, day_zh, days_zh

NoticeFields = Mapping[str, Any]

#: Words of a sentence that says what was seen; without one, a missing thing is only named.
_SENTENCES = ("未查到", "尚未", "未见", "待人工认定")
#: What a line of several matters says of them, by the kind of notice.
_HIDDEN = {"decide": "事项待判定", "wait": "逾期通知暂缓发出", "fault": "事项无法核验"}


@dataclass(frozen=True, slots=True)
class MailRow:
    """One row of the table. `answer`: the page on which it alone is answered; `count`: how many matters it stands for;
    `link`: the address of the publication it is about, `number`: that of the filing.

    `request`: by when and how it is to be done; `basis`: the instruments that ask for it; `timing`: how the time limit
    is counted; `raised`: to whom an escalation raises it. Of a matter of another department: `copied`, the reader leads
    that department; `asked`, the reader has to act. Of a question: the columns that were `looked` at (title, url, at),
    what a title is `expected` to say, and the titles that came `near` (title, url, reason).
    """

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
    request: str = ""
    basis: str = ""
    timing: str = ""
    reason: str = ""
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""
    number: str = ""
    answer: str = ""
    count: int = 1
    copied: bool = False
    asked: bool = False
    raised: str = ""
    looked: tuple[Mapping[str, str], ...] = ()
    expected: tuple[str, ...] = ()
    near: tuple[Mapping[str, str], ...] = ()

    @property
    def named(self) -> bool:
        """Whether the line names its department to a reader of a department."""
        return self.copied or self.asked

    @property
    def lack(self) -> str:
        """The word before `wants`: 欠缺 before missing things, 查看结果 before sentences of what was seen."""
        is_said = all(any(words in want for words in _SENTENCES) for want in self.wants)
        return "查看结果" if is_said else "欠缺"

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


def merge_roles(members: Sequence[NoticeFields]) -> list[NoticeFields]:
    """One notice where a reader gets the same in several roles, or in place of several people."""
    merged: dict[tuple[Any, ...], NoticeFields] = {}
    for index, fields in enumerate(members):
        key: tuple[Any, ...] = (index,)
        if fields.get("occurrence"):
            about = (fields.get("about") or {}).get("target", "")
            step = (fields["kind"], fields.get("step", ""), fields.get("repeat", 0), about, fields.get("reason", ""))
            key = (fields["occurrence"], *step, bool(fields.get("copied")), bool(fields.get("asked")))
        merged[key] = _merge(merged[key], fields) if key in merged else fields
    return list(merged.values())


def _merge(first: NoticeFields, second: NoticeFields) -> NoticeFields:
    """The notice that is the reader's own; where neither is, the first with the names of all whom it was meant for."""
    if not first.get("instead_of"):
        return first
    if not second.get("instead_of"):
        return second
    names = dict.fromkeys([*str(first["instead_of"]).split("、"), second["instead_of"]])
    return {**first, "instead_of": "、".join(names)}


def sections(members: Iterable[NoticeFields]) -> tuple[Section, ...]:
    """The sections that have lines, worst lines first."""
    by_section: dict[str, list[NoticeFields]] = defaultdict(list)
    for fields in sorted(members, key=_worst_first):
        by_section[_section_of(fields)].append(fields)
    return tuple(
        Section(name, words.heading, words.counted_as, tuple(_lines(by_section[name])))
        for name, words in SECTIONS.items()
        if name in by_section
    )


def _section_of(fields: NoticeFields) -> str:
    """The section of a notice. A fault of the system (a mailbox, a template, a channel) hides no matter."""
    is_system = fields["kind"] == "fault" and not any(fields.get(place) for place in ("occurrence", "column", "site"))
    section = "system" if is_system else KIND_WORDS[fields["kind"]].section
    if not section:
        raise KeyError(f"{fields['kind']} has a mail of its own")  # plain words go out instead
    return section


def _worst_first(fields: NoticeFields) -> tuple[Any, ...]:
    return (
        -rules_of(fields["kind"]).severity,
        -fields.get("days_late", 0),
        -fields.get("weight", 0),
        fields.get("due_on", ""),
        fields.get("occurrence", ""),
    )


def _lines(members: Sequence[NoticeFields]) -> Iterable[MailRow]:
    """One line for each group of notices that say the same, at the place of its worst."""
    groups: dict[tuple[Any, ...], list[NoticeFields]] = defaultdict(list)
    for member in members:
        groups[_group_key(member)].append(member)
    return map(_line, groups.values())


def _group_key(fields: NoticeFields) -> tuple[Any, ...]:
    """The key of a line: days of a daily duty share one, and so do duties that one match or one fault concerns."""
    notes, kind = tuple(_notes(fields)), fields["kind"]
    if kind == "decide" and fields.get("about"):
        return (kind, fields["about"]["target"], fields["reason"] if fields.get("flag") else "", notes)
    if KIND_WORDS[kind].own_reason:
        return (kind, fields.get("occurrence", ""), fields["reason"], notes)
    if kind in ("wait", "fault", "restored") and (fields.get("occurrence") or fields.get("column")):
        return (kind, fields["reason"], notes)
    if fields.get("day"):
        about = (fields[name] for name in ("duty_id", "duty", "department", "status"))
        missing = _with_period(fields.get("missing", ()), fields["period"], "")
        return ("days", kind, *about, missing, bool(fields.get("copied")), notes)
    return ("single", fields.get("occurrence") or fields.get("title", ""), kind, fields.get("step", ""), notes)


def _line(group: Sequence[NoticeFields]) -> MailRow:
    worst = group[0]
    kind, target = worst["kind"], (worst.get("about") or {}).get("target", "")
    is_address = "://" in target
    common = MailRow(
        section=_section_of(worst),
        kind=_kind(worst),
        tone=_tone(worst),
        chip=_chip(worst),
        title=worst.get("duty") or worst.get("title", ""),
        period="",
        reason=worst["reason"],
        notes=tuple(_notes(worst)),
        link=target if is_address else "",
        number="" if is_address else target.rpartition(":")[2],
        count=len(group),
    )
    if worst.get("column"):
        return _columns_line(common, group)
    if len(group) > 1 and kind in ("decide", "wait", "fault") and all(fields.get("occurrence") for fields in group):
        return _matters_line(common, group)
    is_pressed = common.section == "pressed"
    is_due = is_pressed or common.section in ("soon", "question")
    days = [date.fromisoformat(fields["day"]) for fields in group if fields.get("day")]
    is_daily = len(days) > 1
    period = days_zh(days) if is_daily else worst.get("period", "")
    if common.section == "recorded":
        period = ""  # of what awaited the record; the reason names the record that came
    return replace(
        common,
        kind=common.kind + _repeat_zh(group),
        period=period,
        who=worst.get("department", ""),
        due="逐日" if is_daily else _due(worst),
        lateness=("最长" if is_daily and is_pressed else "") + worst.get("lateness", ""),
        wants=_with_period(_wants(worst), worst.get("period", ""), period) if is_due else (),
        unseen=tuple(worst.get("unseen", ())) if is_due else (),
        request=_request(worst) if is_due else "",
        basis=basis_of(worst) if is_due or common.section == "record" else "",
        timing="" if is_daily or not is_due else worst.get("why_short", ""),
        reason="" if is_due and kind != "reopened" else worst["reason"],
        marks=tuple(dict.fromkeys(mark for fields in group for mark in fields.get("marks", ()))),
        answer=worst.get("answer", "") if len(group) == 1 else "",
        copied=bool(worst.get("copied")),
        asked=bool(worst.get("asked")),
        raised=str(worst.get("raised_to", "")),
        looked=tuple(worst.get("looked", ())),
        expected=_with_period(worst.get("expected", ()), worst.get("period", ""), period),
        near=tuple(worst.get("near", ())),
    )


def _columns_line(common: MailRow, group: Sequence[NoticeFields]) -> MailRow:
    """The columns that cannot be read for one cause."""
    titles = tuple(dict.fromkeys(fields["title"] for fields in group))
    if len(group) == 1:
        return replace(common, title=f"“{titles[0]}”栏目", link="")
    return replace(common, title=f"{len(group)}个栏目", wants=titles, link="")


def _matters_line(common: MailRow, group: Sequence[NoticeFields]) -> MailRow:
    """The matters that one cause concerns: the departments by duty and period."""
    about = group[0].get("about") or {}
    matters: dict[str, list[str]] = defaultdict(list)
    for fields in group:
        matters["，".join(filter(None, (fields["duty"], fields["period"])))].append(fields["department"])
    has_one_reason = len({fields["reason"] for fields in group}) == 1
    return replace(
        common,
        title=f"《{about['title']}》" if about.get("title") else f"{len(group)}件{_HIDDEN[group[0]['kind']]}",
        reason=common.reason if has_one_reason else "未能确定属于哪个单位，请判定是否属于以下单位之一。",
        wants=tuple(f"{'、'.join(dict.fromkeys(who))}：{matter}" for matter, who in matters.items()),
        count=1 if about else len(group),  # one match is one decision, however many matters it concerns
    )


def _tone(fields: NoticeFields) -> Tone:
    if tone := KIND_WORDS[fields["kind"]].tone:
        return tone
    light = fields.get("light", "grey")
    if fields["kind"] == "reminder" and light not in ("yellow", "red"):
        return "blue"
    return light if light in ("red", "yellow", "blue", "green") else "grey"


def _kind(fields: NoticeFields) -> str:
    if fields["kind"] == "fault" and _section_of(fields) == "blind":
        return "网站无法查看" if fields.get("site") else "栏目无法查看" if fields.get("column") else "无法核验"
    return KIND_WORDS[fields["kind"]].name


def _repeat_zh(group: Sequence[NoticeFields]) -> str:
    """·第2次, so that nobody takes a repeat for a double; "" for a first notice and for several repeats."""
    repeats = {fields.get("repeat", 0) for fields in group}
    return f"·第{repeats.pop() + 1}次" if len(repeats) == 1 and 0 not in repeats else ""


def _chip(fields: NoticeFields) -> str:
    if fields.get("step") == "fallen":
        return "零报告失效"
    if fields.get("flag"):
        return str(fields["flag"])
    if KIND_WORDS[fields["kind"]].tone:
        return _kind(fields)
    status = fields.get("status_zh", "")
    return f"{fields['light_zh']}灯 {status}" if fields.get("light_zh") else status


def _wants(fields: NoticeFields) -> tuple[str, ...]:
    """The parts that are still open before the due date, and those that are missing after it."""
    return tuple(fields.get("open" if fields["kind"] == "reminder" else "missing", ()))


def basis_of(fields: NoticeFields) -> str:
    """The instruments with clause or article: 《工作方案》一（七）1."""
    if basis := fields.get("basis"):
        return str(basis)
    pack, clause = str(fields.get("pack", "")), str(fields.get("clause", ""))
    return (f"《{pack}》" if pack and "《" not in pack else pack) + clause


def records_zh(recorded: Iterable[bool]) -> str:
    """By what days late are known: the looks at sites, or the register where its records prove the matters. For each
    matter whether a record proves it; without any: the looks."""
    kinds = set(recorded)
    words = {"公开网站的查看记录": False in kinds or not kinds, "登记簿的记录": True in kinds}
    return "逾期天数按工作日计算，以" + "和".join(name for name, holds in words.items() if holds) + "为准。"


def _due(fields: NoticeFields) -> str:
    """The time limit; "" where it cannot be counted yet."""
    due = str(fields.get("due", ""))
    return "" if due == UNKNOWN_DUE else due


def _request(fields: NoticeFields) -> str:
    """By when and how the department is to do it; "" where it is not known how."""
    if fields["kind"] == "slip":
        span = f"于收到本单之日起{fields['within']}个工作日内" if fields.get("within") else "抓紧"
        return f"请{span if not fields.get('repeat') else '立即'}办结，并书面报告办理情况。"
    how = "；".join(fields.get("how", ()))
    if not how or fields["kind"] == "question":
        return ""  # a question asks what is so; its mail says how to answer
    if fields["kind"] == "reminder":
        return f"请于时限前{how}。"
    by = fields.get("mend_by", "")
    return f"请于{day_zh(date.fromisoformat(by))}下班前{how}。" if by else f"请立即{how}。"


def _with_period(wants: Iterable[str], period: str, other: str) -> tuple[str, ...]:
    """The sentences with `other` in place of the period that they name: one run of days for several lines."""
    return tuple(want.replace(period, other) if period else want for want in wants)


def _notes(fields: NoticeFields) -> Iterable[str]:
    if fields.get("instead_of"):
        why, whom = fields.get("because") or "未登记有效邮箱", fields.get("sent_to") or "下一级联系人"
        yield f"原应发{fields['instead_of']}，因{why}，改发{whom}。"
    if looked_again := fields.get("looked_again"):
        yield str(looked_again)
    if fields.get("copied"):
        yield "抄送贵单位：贵单位为牵头单位，本事项由上述单位办理。"
    if proof := fields.get("proof"):
        yield f"公开情况：《{proof[0]}》 {proof[1]}"
    if fields.get("meant_for"):
        yield f"试运行：正式运行时将发{fields['meant_for']}。"
