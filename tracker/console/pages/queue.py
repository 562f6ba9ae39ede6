"""待办: what waits for the county office, decided in place: doubts about entries, filed proofs, objections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from starlette.responses import Response

from tracker.console.forms import FormError, prose
from tracker.console.pages.matters import word_matters
from tracker.console.signed_in import Act, PageRequest, SignedInPage
from tracker.core.values.facts import Ruling, RulingKind
from tracker.core.verdict.questions import Question
from tracker.core.verdict.ruling_states import ruling_states
from tracker.registers.decisions import record_ruling
from tracker.registers.filed_events import find_awaited_event
from tracker.reports.attention import list_blind
from tracker.store.engine import Tx
from tracker.store.faults import list_faults
from tracker.store.matters import list_awaiting
from tracker.store.occurrences import list_open_questions
from tracker.store.rulings import count_rulings_about, list_rulings_of_kinds

#: Questions of one page; the next ones come up as these are decided.
_MOST = 30


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question, with how many decisions there were about its matter when the page was made."""

    question: Question
    seen: int


@dataclass(frozen=True, slots=True)
class WaitingObjection:
    """An objection that nobody has decided yet, and its matter in words."""

    id: int
    occurrence: str
    matter: str
    at: datetime
    by: str
    reason: str
    proof: str


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be mended elsewhere. `kind`: event, column or mailbox; `path`: of the page where; "" for none."""

    kind: str
    what: str
    why: str
    since: datetime | None
    path: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the office. `more`: questions beyond those of one page."""

    waiting: Sequence[WaitingQuestion]
    more: int
    objections: Sequence[WaitingObjection]
    chores: Sequence[Chore]


def show_queue(ask: PageRequest) -> Response:
    queue, ask = ask.keep("queue", lambda tx: _read(ask, tx))
    with ask.office.store.read() as tx:
        returned = _list_returning(tx, ask.viewer.rulebook.county.id)
    shown = {(each.question.target, each.question.occurrence, each.question.part) for each in queue.waiting}
    shown |= {(f"ruling:{each.id}", "", "") for each in queue.objections}
    given = tuple(ask.form.first(name) for name in ("target", "occurrence", "part"))
    return ask.page(
        "queue",
        typed=ask.form.first("reason") if given not in shown else "",
        waiting=queue.waiting,
        more=queue.more,
        objections=queue.objections,
        chores=[*queue.chores, *returned],
        may_decide=ask.viewer.may("queue", "accept"),
        given=ask.form,
    )


def _read(ask: PageRequest, tx: Tx) -> Queue:
    rulebook = ask.viewer.rulebook
    asked = list_open_questions(tx, rulebook.county.id)
    first = asked[:_MOST]
    seen = count_rulings_about(tx, rulebook.county.id, {question.occurrence for question in first})
    return Queue(
        [WaitingQuestion(each, seen.get(each.occurrence, 0)) for each in first],
        len(asked) - len(first),
        _list_objections(ask, tx),
        list_chores(ask, tx),
    )


def list_chores(ask: PageRequest, tx: Tx) -> list[Chore]:
    """What keeps matters from being judged and is not decided here."""
    rulebook = ask.viewer.rulebook
    county, chores = rulebook.county, list[Chore]()
    for row in list_awaiting(tx, county.id, _MOST):
        if (rule := find_awaited_event(rulebook, row.key)) is not None:
            what = f"{county.department_names(row.department)}：{rule.title}"
            chores.append(Chore("event", what, row.reason, None, "/events"))
    for fault in list_blind(tx, rulebook, ask.now):
        key = fault.subject.removeprefix("column:")
        title = county.columns[key].title or county.columns[key].name
        chores.append(Chore("column", title, fault.error, fault.first_at, f"/site/{key}"))
    return chores


def _list_returning(tx: Tx, county: str) -> list[Chore]:
    """The mailboxes that return mails. A delivery changes nothing else of the county, so they are read each time."""
    faults = [(fault, fault.subject.partition(":")) for fault in list_faults(tx, county)]
    return [
        Chore("mailbox", address, fault.error, fault.first_at, "")
        for fault, (kind, _, address) in faults
        if kind == "mailbox"
    ]


def list_open_objections(ask: PageRequest, tx: Tx) -> list[Ruling]:
    """The objections that nobody has decided yet, in the order in which they were filed."""
    county = ask.viewer.rulebook.county
    rulings = list_rulings_of_kinds(tx, county.id, ("object", "uphold", "dismiss", "revoke"))
    states = ruling_states(rulings, ask.now, county.zone)
    return [ruling for ruling in rulings if ruling.kind == "object" and states[ruling.id].open]


def _list_objections(ask: PageRequest, tx: Tx) -> list[WaitingObjection]:
    open_ones = list_open_objections(ask, tx)
    matters = _name_matters(ask, tx, [ruling.occurrence for ruling in open_ones])
    return [
        WaitingObjection(
            each.id,
            each.occurrence,
            matters.get(each.occurrence, each.occurrence),
            each.recorded_at,
            each.by,
            each.reason,
            each.target,
        )
        for each in open_ones
    ]


def _name_matters(ask: PageRequest, tx: Tx, keys: Sequence[str]) -> Mapping[str, str]:
    """The matters in words, by key; those of circulars' lines are not among them."""
    lines = word_matters(ask, tx, keys)
    return {line.key: "，".join(filter(None, (f"{line.who}：{line.title}", line.period))) for line in lines}


def decide(ask: PageRequest) -> Response:
    """Accept or reject an entry or a proof; uphold or dismiss an objection."""
    form = ask.form
    reason = prose(form.first("reason"))
    if not reason:
        raise FormError(422, "请填写认定的理由。")
    seen = form.first("seen")
    extra: dict[str, Any] = {"part": form.first("part") or None, "as_seen": form.first("as-seen") == "1"}
    ruling = Ruling(
        0, cast(RulingKind, form.first("act")), form.first("occurrence"), ask.now, ask.viewer.account.name, reason,
        form.first("target"), **extra,
    )  # fmt: skip
    known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else None
    done = ask.record(lambda tx: record_ruling(tx, ask.viewer.rulebook, ruling, seen=known))
    return ask.redirect("/queue", ruling.kind, ask.translate(done.message))


ACTS: Mapping[str, Act] = dict.fromkeys(("accept", "reject", "uphold", "dismiss"), decide)
QUEUE = SignedInPage("queue", "/queue", show_queue, ACTS)
