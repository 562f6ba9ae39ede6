"""Reads what a person entered into one of the forms of a page: the kind of answer and what belongs to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from tracker.console.forms import MAX_NAME, FormError, PostedForm, UploadedFile, line, prose, web_address
from tracker.console.views import ANSWER_NAMES, EventForm
from tracker.core.escalation.notice_kinds import AnswerKind
from tracker.core.law.clock import REACHED
from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.values.facts import Moment
from tracker.registers.eventdates import parse_typed
from tracker.registers.eventrules import tidy_text

#: Characters that a reference cannot hold: it becomes part of a key.
_NOT_IN_REFERENCE = "/.: \t"
_MAX_REFERENCE, _MAX_FIELD = 128, 200


@dataclass(frozen=True, slots=True)
class Given:
    """What was entered. `text`: the explanation, the grounds of an objection, or the address of what was published;
    `proof`: of an objection; `day`, `reference`, `fields`: of an event, `day` also of a proof; `file`: the proof."""

    kind: AnswerKind
    name: str = ""
    text: str = ""
    proof: str = ""
    day: Moment | None = None
    reference: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    file: UploadedFile | None = None

    @property
    def identity(self) -> str:
        """What tells it from another answer of its kind to the same notice; "" where there is one at most."""
        match self.kind:
            case "published":
                return self.text
            case "filed" if self.file is not None:
                return hashlib.sha256(self.file.content).hexdigest()
            case "event":
                return "\n".join((str(self.day), self.reference, *(f"{k}={v}" for k, v in self.fields.items())))
            case "objected":
                return f"{self.text}\n{self.proof}"
        return ""


def read_given(form: PostedForm, event: EventForm | None, county: County, now: datetime) -> Given:
    """What the form says. `event`: the record that the notice asks for. Raises FormError."""
    kind, name = form.first("kind"), line(form.first("name"), MAX_NAME)
    if kind not in ANSWER_NAMES:
        raise FormError(422, "请选择回执的种类。")
    given = Given(cast(AnswerKind, kind), name)
    match kind:
        case "published":
            return Given("published", name, web_address(form.first("url")))
        case "explained":
            return Given("explained", name, _needed(prose(form.first("text")), "请填写情况说明。"))
        case "objected":
            return read_objection(form)
        case "filed":
            if form.file is None or not form.file.content:
                raise FormError(422, "请选择要报送的文件，不能是空文件。")
            return Given("filed", name, day=_read_day(form.first("on"), county, now), file=form.file)
        case "event" if event is not None:
            return read_event(form, event, county, now)
    return given


def read_objection(form: PostedForm) -> Given:
    """The grounds and the proof of an objection. Raises FormError."""
    text = _needed(prose(form.first("reason")), "请填写异议的理由。")
    proof = _needed(prose(form.first("proof")), "请填写异议的依据：网址、文号或者材料名称。")
    return Given("objected", line(form.first("name"), MAX_NAME), text, proof)


def read_event(form: PostedForm, event: EventForm, county: County, now: datetime) -> Given:
    """The day, number and fields of an event. Raises FormError."""
    day = _read_day(_needed(form.first("on").strip(), f"请填写{event.title}的日期。"), county, now)
    assert day is not None
    reference = tidy_text(form.first("reference"))
    if len(reference) > _MAX_REFERENCE or any(letter in _NOT_IN_REFERENCE for letter in reference):
        raise FormError(422, "文号请照文件填写，不超过128个字符，其中不要有空格和 / . : 等符号，如“财预〔2015〕18号”。")
    fields = {}
    for entry in event.fields:
        value = line(tidy_text(form.first(f"field-{entry.name}")), _MAX_FIELD)
        value = _needed(value, f"请填写{entry.title}。")
        if entry.name == "year" and not (value.isascii() and value.isdecimal() and len(value) == 4):
            raise FormError(422, "年度请填写四位数字，如2015。")
        if entry.name == REACHED:
            value = str(_read_day(value, county, now))
        if entry.choices and value not in entry.choices:
            raise FormError(422, f"{entry.title}请从所列各项中选择：{'、'.join(entry.choices)}。")
        fields[entry.name] = value
    reference = reference or moment_day(day, county.zone).isoformat()
    return Given("event", line(form.first("name"), MAX_NAME), day=day, reference=reference, fields=fields)


def _read_day(text: str, county: County, now: datetime) -> Moment | None:
    """The day; None where nothing was entered. Raises FormError for no day, and for one that has not come."""
    if not text.strip():
        return None
    try:
        day = parse_typed(text, county.zone, now.astimezone(county.zone).year)
    except ValueError:
        raise FormError(422, f"日期“{line(text, 40)}”无法识别，请写成2015-03-02或者2015年3月2日。") from None
    if moment_day(day, county.zone) > moment_day(now, county.zone):
        raise FormError(422, f"日期“{line(text, 40)}”还没有到，请填写实际日期。")
    return day


def _needed(text: str, otherwise: str) -> str:
    if not text:
        raise FormError(422, otherwise)
    return text
