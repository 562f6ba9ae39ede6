"""A person decides. Whatever the decision is about, it comes as a `Ruling` that has no id yet and leaves with one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Ruling, RulingKind
from tracker.registers.acceptance import weigh_proof
from tracker.registers.checks import check_name, check_now, check_words, same_person
from tracker.registers.errors import Registered, RegisterError
from tracker.registers.exemptions import exempt, postpone, revoke
from tracker.registers.objections import answer_objection
from tracker.store.counties import lock_county
from tracker.store.engine import Tx

_RECORDED: Mapping[RulingKind, Callable[[Tx, Rulebook, Ruling, int | None], Registered[Ruling]]] = {
    "accept": weigh_proof,
    "reject": weigh_proof,
    "extend": weigh_proof,
    "waive": exempt,
    "not-applicable": exempt,
    "postpone": postpone,
    "uphold": answer_objection,
    "dismiss": answer_objection,
    "revoke": revoke,
}


def decide(tx: Tx, rulebook: Rulebook, ruling: Ruling, *, seen: int | None = None) -> Registered[Ruling]:
    """Record a ruling after the checks of its kind. `by` approves, `reason` is the basis, `asked_by` is another person.

    Of uphold, dismiss and revoke the `target` says which ruling they are about, and so which occurrence.
    `seen`: how many rulings about the occurrence the person knew; where another was made since, nothing is written.
    """
    check_now(ruling.recorded_at)
    check_words(by=ruling.by, reason=ruling.reason)
    check_name("asked-by", ruling.asked_by)
    if same_person(ruling.asked_by, ruling.by):
        raise RegisterError(f"{ruling.by} asked for it: somebody else must approve")
    lock_county(tx, rulebook.county.id)
    return _RECORDED[ruling.kind](tx, rulebook, ruling, seen)
