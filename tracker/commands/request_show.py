"""`duban request show` and `list`: one request with its steps and due day, and the list of them."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.commands.context import CommandContext
from tracker.commands.language import chosen, head_of, quoted, tr, word
from tracker.commands.listed import GROUNDS, KINDS, STATES, listed
from tracker.commands.listfile import OUT, name_departments, write_list_file
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import DEPARTMENT, command, day, option
from tracker.commands.request_names import REQUEST, find_named_request, load_person_keys
from tracker.core.requests.answer_kinds import ELEMENTS, answer_title
from tracker.core.requests.lawfulness import AGAIN
from tracker.core.requests.moves import FIELD_TITLES, MOVES
from tracker.core.requests.papers import PAPERS
from tracker.core.requests.values import Move, MoveKind, Request, RequestKind, RequestState
from tracker.core.values.message import Message
from tracker.registers.persons import mask_persons
from tracker.registers.request_view import RequestView, list_awaited_days, load_dues, load_request_view
from tracker.reports.list_csv import plain
from tracker.store.engine import Tx
from tracker.store.requests import count_remarks, list_requests

REQUESTS = (
    "kind", "request", "owner", "title", "filed_on", "received", "awaits", "state", "due_on", "light", "answered_on",
    "remarks",
)  # fmt: skip
#: The columns of the list as .xlsx, and those of them that are not printed on paper.
ASIDE = ("topic", "way", "filed_on", "department", "ground")
SHEET = (
    "kind", "request", "applicant", "applicant_kind", "title", "owner", "received", "awaits", "state", "due_on",
    "light", "answered_on", "answer_kind", "remarks", *ASIDE,
)  # fmt: skip
#: Its name, by register.
TITLES: Mapping[RequestKind | None, str] = {
    None: "申请、投诉和咨询清单", "request": "依申请公开清单", "complaint": "投诉清单", "question": "咨询清单",
}  # fmt: skip
HEAD = (
    "kind", "request", "title", "topic", "department", "owner", "co", "applicant_kind", "way", "filed_on", "received",
    "state", "answer_kind", "ground", "answered_on", "undone",
)  # fmt: skip
STEPS = ("ordinal", "on", "move", "fields", "by", "reason", "undone")
REMARKS = ("ordinal", "remark", "provision", "note")
FORMER = ("at", "owner", "due_on", "derivation")
#: The state of a request that was entered by mistake.
UNDONE = "undone"
#: Nothing is due any more.
_ENDED = (RequestState.WITHDRAWN, RequestState.ABANDONED)


@command("request list", rows=True)
@listed("--kind", KINDS, metavar="KIND", help="of this register only")
@DEPARTMENT
@listed("--state", STATES, action="append", metavar="STATE", help="in this state (repeatable)")
@option("--since", type=day, metavar="DAY", help="filed on this day or later")
@option("--until", type=day, metavar="DAY", help="filed on this day or earlier")
@option("--remarks", action="store_true", help="only those with a step that was late or contrary to the law")
@option("--applicants", action="store_true", help="with who asks, masked")
@OUT
def show_requests(args: Namespace, context: CommandContext) -> None:
    """List requests, complaints and questions; --department: who has to answer."""
    with context.read() as tx:
        context.check_department()
        found = list_requests(
            tx, context.county.id, kind=args.kind, owner=args.department,
            states=[RequestState(state) for state in args.state] if args.state else None, since=args.since,
            until=args.until,
        )  # fmt: skip
        remarks, dues = count_remarks(tx, context.county.id), load_dues(tx, context.rulebook, found)
        awaited = list_awaited_days(tx, found)
        applicants = _mask_applicants(tx, context, found) if args.applicants else {}
    rows = []
    for request in found:
        due = dues.get(request.id)
        if remarks.get(request.id, 0) or not args.remarks:
            rows.append(row_of(request, SHEET, {
                "request": request.name,
                "applicant": applicants.get(request.id, ""),
                "awaits": word("day", awaited.get(request.id) or " ").strip(),
                "state": request.state.value,
                "due_on": due.due_on if due and not _is_ended(request) else None,
                "light": due.light.value if due else "",
                "answer_kind": request.answer,
                "remarks": remarks.get(request.id, 0) or "",
            }))  # fmt: skip
    if args.out:
        columns = [name for name in SHEET if name != "applicant" or args.applicants]
        write_list_file(context, args.out, TITLES[args.kind], columns, rows, aside=len(ASIDE))
        return
    if args.format == "table":
        rows = [{**row, "owner": _spoken(context, "owner", row["owner"])} for row in rows]
    shown = [*REQUESTS[:2], "applicant", *REQUESTS[2:]] if args.applicants else REQUESTS
    emit(shown, rows, args.format, chinese=("title",))


def _is_ended(request: Request) -> bool:
    """Whether it ended without an answer, put into the archive or not."""
    return request.state in _ENDED or (request.state is RequestState.ARCHIVED and request.answered_on is None)


def _mask_applicants(tx: Tx, context: CommandContext, found: Sequence[Request]) -> dict[int, str]:
    """The masked name of who asks, by the request's id."""
    masked = mask_persons(tx, load_person_keys(context), context.county.id, [request.id for request in found])
    return {id: "、".join(who.name for role, who in persons if role == "applicant") for id, persons in masked.items()}


@command("request show")
@REQUEST
@option("--format", choices=("table", "json"), default="table", help="how it is printed (default: table)")
def show_request(args: Namespace, context: CommandContext) -> None:
    """Show a request: its steps, what may come next, its due day now and before."""
    with context.read() as tx:
        request = find_named_request(tx, context, args.request)
        view = load_request_view(tx, context.rulebook, context.loaded.calendar, request, context.now)
    values = _values_of(view, context)
    if args.format == "json":
        print(json.dumps(values, ensure_ascii=False, indent=1))
        return
    for name in HEAD:
        if values[name]:
            print(f"{head_of(name)}{tr(': ')}{_spoken(context, name, values[name])}")
    due, text = values["due_on"], values["derivation"]
    print(f"{head_of('due_on')}{tr(': ')}{due or tr(_say_why_undated(view))}{f'  {quoted(text)}' if text else ''}")
    if values["awaits"]:
        asked = word("day", values["awaits"])
        print(tr("The day of receipt is assumed: record the day ({day}) with duban request confirm", day=asked))
    steps = values["steps"]
    if chosen() == "zh":
        steps = [_spoken_step(context, row, move) for row, move in zip(steps, view.moves, strict=True)]
    emit(STEPS, steps, "table", title=tr("Steps"), chinese=("fields", "reason", "undone"))
    if values["remarks"]:
        emit(
            REMARKS, values["remarks"], "table", title=tr("Late, or contrary to the law"), chinese=("provision", "note")
        )
    if values["former"]:
        former = [
            {**row, **{name: _spoken(context, name, row[name]) for name in ("at", "owner")}} for row in values["former"]
        ]
        emit(FORMER, former, "table", title=tr("Due before"), chinese=("derivation",))
    allowed = tr(", ").join(word("move", name) for name in values["allowed"])
    print(tr("Possible now: {moves}", moves=allowed or tr("nothing")))


def _say_why_undated(view: RequestView) -> str:
    """Why no day is set: the clock stands, or no rule sets one."""
    return Message("the clock stands") if view.computed is not None and not view.is_again else Message("no day is set")


#: What a remark adds where the step moves no clock.
IDLE = "；不影响答复期限的计算（参照口径）"


def _values_of(view: RequestView, context: CommandContext) -> dict[str, Any]:
    request, zone = view.request, context.zone
    computed, decided = view.computed, view.decided
    derivation = decided.derivation if decided is not None else computed.derivation.text if computed is not None else ""
    due_on = decided.due_on if decided is not None else computed.due_on if computed is not None else None
    if view.is_again:  # the time that the law gives for the first answer is over
        due_on, derivation = view.again_until, f"以{AGAIN}所定的期限为准"
    head = row_of(request, (*HEAD, "withdrawn_at"), {
        "request": request.name,
        "co": tr(", ").join(view.co),
        "answer_kind": request.answer,
        "withdrawn_at": request.withdrawn_at.astimezone(zone) if request.withdrawn_at else None,
        "state": UNDONE if request.withdrawn_at else request.state.value,
        "undone": _undone(request.withdrawn_at, *view.undone.get(1, ("", "")), context),
    })  # fmt: skip
    return {
        **{name: plain(value) for name, value in head.items()},
        "due_on": plain(due_on),
        "derivation": derivation,
        "awaits": view.awaits,
        "steps": [_step_row(move, view, context) for move in view.moves],
        "remarks": [
            {"ordinal": move.ordinal, "remark": remark.code, "provision": remark.provision,
             "note": remark.text + (IDLE if move.id in view.idle else "")}
            for move in view.moves if move.withdrawn_at is None
            for remark in move.remarks
        ],
        "former": [
            row_of(due, FORMER, {"at": plain(due.at.astimezone(zone)), "due_on": plain(due.due_on)})
            for due in view.former
        ],
        "allowed": [kind.value for kind in view.allowed],
    }  # fmt: skip


def _step_row(move: Any, view: RequestView, context: CommandContext) -> dict[str, Any]:
    return row_of(move, (*STEPS, "withdrawn_at"), {
        "ordinal": move.ordinal,
        "on": plain(move.on),
        "move": move.kind.value,
        "fields": _fields(move.fields.items()),
        "withdrawn_at": plain(move.withdrawn_at.astimezone(context.zone)) if move.withdrawn_at else "",
        "undone": _undone(move.withdrawn_at, *view.undone.get(move.ordinal, ("", "")), context),
    })  # fmt: skip


def _undone(at: datetime | None, by: str, reason: str, context: CommandContext) -> str:
    """When, by whom and why something was taken back as entered by mistake; "" where it was not."""
    if at is None:
        return ""
    return " ".join(filter(None, (f"{at.astimezone(context.zone):%Y-%m-%d %H:%M}", by, reason)))


def _spoken_step(context: CommandContext, row: Mapping[str, Any], move: Move) -> dict[str, Any]:
    """The row of a step with its fields in Chinese."""
    titles = {**{name: element.title for name, element in ELEMENTS.items()}, **FIELD_TITLES}
    if move.kind is MoveKind.TELL_PARTY:
        titles["what"] = PAPERS["override"].needs["what"]
    choices = MOVES[move.kind].choices
    fields = "；".join(
        f"{titles.get(name, name)}：{choices.get(name, {}).get(value) or _spoken(context, name, value)}"
        for name, value in move.fields.items()
    )
    times = {name: _spoken(context, name, row[name]) for name in ("on",)}
    return {**row, **times, "fields": fields}


def _spoken(context: CommandContext, name: str, value: str) -> str:
    """A value of a request as people say it; in English as it stands."""
    if chosen() != "zh":
        return word(name, value)
    if re.match(r"\d{4}-\d\d-\d\dT", value):
        return f"{datetime.fromisoformat(value).astimezone(context.zone):%Y-%m-%d %H:%M}"
    if name in ("ground", "interest"):
        return GROUNDS.get(value, (value,))[0]
    if name in ("answer", "answer_kind"):
        return answer_title(value)
    if name in ("department", "owner", "co"):
        return name_departments(context, re.sub("[,，、] *", "+", value))
    return "是" if (name, value) in (("assumed", "yes"), ("imported", "yes")) else word(name, value)


def _fields(fields: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={value}" for name, value in fields)
