"""Checks whether an answer to a request is of a kind that its Regulations know and holds what that kind must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.core.law.statutes import Act, Provision, grounds_in_force
from tracker.core.requests.answer_kinds import ANSWER_KINDS, COMPLAINT_ANSWERS, ELEMENTS, AnswerKind
from tracker.core.requests.moves import IMPORTED
from tracker.core.values.message import ListedWord, Message

#: The Regulations, by the names that `acts.yaml` gives them.
REGULATIONS = ("foi-2007", "foi-2019")


def regulations_on(received_on: date, acts: Iterable[Act]) -> Act | None:
    """The Regulations that govern a request received on that day; None where `acts` have none."""
    return next((act for act in acts if act.id in REGULATIONS and act.is_in_force(received_on)), None)


def name_regulations(act: Act) -> str:
    """《政府信息公开条例》（国务院令第711号）: both Regulations bear one title."""
    return f"《{act.short}》（{act.number}）"


def kinds_under(act: str) -> dict[str, AnswerKind]:
    """By code the kinds of answer that the act knows. `act`: its name in `acts.yaml`."""
    return {code: kind for code, kind in ANSWER_KINDS.items() if act in kind.articles}


def article_of(kind: str, act: str) -> str:
    """The article that the kind of answer rests on under the act; "" where none is sure."""
    return ANSWER_KINDS[kind].articles.get(act, "")


def ground_of(ground: str, received_on: date, acts: Iterable[Act]) -> tuple[str, Provision] | None:
    """Title and article of a ground in force on the day of receipt; None where there is none of that name."""
    act = regulations_on(received_on, acts)
    return grounds_in_force((act,), received_on).get(ground) if act else None


def check_answer(
    kind: str,
    ground: str,
    fields: Mapping[str, str],
    answered_on: date,
    received_on: date,
    acts: Iterable[Act],
) -> list[Message]:
    """Everything that is wrong with an answer, each with what would be right; empty where nothing is.

    The kinds and grounds are those of the Regulations in force on the day of receipt (assumed: neither text says
    which governs a request that was under way on 15 May 2019). An imported answer may lack its elements: a sheet says
    the kind of an answer and not what it said.
    """
    act = regulations_on(received_on, acts)
    if act is None:
        return [Message("no Regulations were in force on {day}, the day of receipt", day=received_on)]
    known = kinds_under(act.id)
    if kind not in known:
        return [
            Message(
                "kind of answer {kind!r}: {regulations} has none such (one of: {kinds})",
                kind=kind, regulations=name_regulations(act),
                kinds=f"{', '.join(known)}；{'、'.join(each.title for each in known.values())}",
            )
        ]  # fmt: skip
    is_imported = IMPORTED in fields
    errors = _kind_errors(known[kind], answered_on)
    if ground or not is_imported or not known[kind].line:  # a ground that no line counts is not asked of a sheet
        errors += _ground_errors(known[kind], ground, received_on, act)
    wanted = [] if is_imported else list(known[kind].needs)
    if fields.get("agency", "").strip() and not is_imported:  # an agency that can be named is named with its contacts
        wanted.append("contact")
    return errors + _list_missing(kind, wanted, fields)


def _list_missing(kind: str, wanted: Iterable[str], fields: Mapping[str, str]) -> list[Message]:
    """The elements that an answer of the kind lacks."""
    return [
        Message(
            "an answer {kind} says {title} (--field {name}=…)",
            kind=ListedWord("answer_kind", kind), name=ListedWord("field", name), title=ELEMENTS[name].title,
        )
        for name in wanted
        if not fields.get(name, "").strip()
    ]  # fmt: skip


def check_complaint_answer(fields: Mapping[str, str]) -> list[Message]:
    """Everything that is wrong with an answer to a complaint, each with what would be right."""
    code = fields.get("answer", "")
    kind = COMPLAINT_ANSWERS.get(code)
    if kind is None:
        known = f"{', '.join(COMPLAINT_ANSWERS)}；{'、'.join(each.title for each in COMPLAINT_ANSWERS.values())}"
        return [Message("answer {kind!r} to a complaint: there is none such (one of: {kinds})", kind=code, kinds=known)]
    return _list_missing(code, kind.needs, fields)


def _kind_errors(kind: AnswerKind, answered_on: date) -> list[Message]:
    if kind.since is None or answered_on >= kind.since:
        return []
    return [
        Message("an answer {kind} is possible from {day} on", kind=ListedWord("answer_kind", kind.code), day=kind.since)
    ]


def _ground_errors(kind: AnswerKind, ground: str, received_on: date, act: Act) -> list[Message]:
    known = grounds_in_force((act,), received_on)
    names = f"{', '.join(known)}；{'、'.join(title for title, _ in known.values())}"
    if not kind.ground:
        return (
            [Message("an answer {kind} rests on no ground: leave it out", kind=ListedWord("answer_kind", kind.code))]
            if ground
            else []
        )
    if not ground:
        return [
            Message(
                "an answer {kind} rests on a ground (one of: {names})",
                kind=ListedWord("answer_kind", kind.code),
                names=names,
            )
        ]
    if ground not in known:
        return [
            Message(
                "ground {ground!r}: {regulations} has none such (one of: {names})",
                ground=ground, regulations=name_regulations(act), names=names,
            )
        ]  # fmt: skip
    return []
