"""Learns a column's wrapper anew where its layout has changed, and says whether it may be adopted unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.values.facts import Sighting
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import candidates, choose_on, own_wrapper
from tracker.evidence.wrappers.run import run_wrapper
from tracker.evidence.wrappers.stand_ins import is_stand_in
from tracker.evidence.wrappers.verify import Verification, WrapperState, verify
from tracker.evidence.wrappers.wrapper import Wrapper


@dataclass(frozen=True, slots=True)
class Relearned:
    """The wrapper of a changed page, and whether it finds what the last visit read. `adopted`: it may be used unasked;
    else a person decides."""

    wrapper: Wrapper | None
    verification: Verification

    @property
    def adopted(self) -> bool:
        return self.wrapper is not None and self.verification.state is WrapperState.OK


def relearn(page: Page, last: Sequence[Sighting], draft: Wrapper | None = None) -> Relearned:
    """Return the list of a page that holds most of the last visit's rows; else the one that looks most like one.

    Of several that do, the one that would be the column's own at first sight, with what may be it as well; what would
    not be taken for it then, is not adopted.
    """
    found = sorted(candidates(page, draft), key=lambda one: -one.score)
    learned = [
        Relearned(one.wrapper, verify(one.wrapper, run_wrapper(one.wrapper, page), last, page.today)) for one in found
    ]
    adopted = [(one, known) for one, known in zip(found, learned, strict=True) if known.adopted]
    choice = choose_on(page, [one for one, _ in adopted]) if adopted else None
    if choice is None:
        likeliest = [known for _, known in adopted] or learned
        return next(iter(likeliest), Relearned(None, Verification(WrapperState.UNPROVEN, "页面中没有可以学习的列表")))
    if is_stand_in(choice, page):
        return Relearned(choice.best.wrapper, Verification(WrapperState.CHANGED, "上次的条目只见于旁边的列表"))
    checked = next(known.verification for one, known in adopted if one.wrapper == choice.best.wrapper)
    return Relearned(own_wrapper(choice), checked)
