"""Says what a title calls its entry: the thing that is owed, something about it, or undecided.

A title is read from its end. Its last noun says what the entry is, what stands before is what it is about, and the verb
after 关于 says what the paper does. Nothing is refused for being unknown: that is undecided, and left to the text or to
a person. The words stand in rulebook/titles.yaml.
"""

from __future__ import annotations

from functools import lru_cache

from tracker.core.matching.naming import flat
from tracker.core.matching.title_case import PERIOD, TitleCase, TitleKind, left_open, plain
from tracker.core.matching.title_doubts import is_doubtful
from tracker.core.matching.title_frames import by_frame
from tracker.core.matching.title_states import by_state
from tracker.core.matching.title_words import DutyWords
from tracker.core.values.lexicon import Lexicon


@lru_cache(maxsize=4096)
def kind(title: str, words: DutyWords, lexicon: Lexicon, accepts: tuple[str, ...] = ()) -> TitleKind:
    """What a title that fits a rule says its entry is. `accepts`: the kinds of paper that the rule takes as well."""
    text, brackets = plain(title)
    case = TitleCase(text, words, lexicon, frozenset(accepts), PERIOD.search(flat(title)) is not None)
    answer = by_state(case, flat(title), brackets) or by_frame(case)
    if words.page:
        return _of_page(case, answer)
    if words.free:
        # A rule that asks for nothing but an entry takes any, and leaves open what is about its own matter.
        if answer.answer == "about" and case.has_topic:
            return left_open(answer)
        return TitleKind("thing", "规则不限标题，该栏目的公开内容均可", answer.head)
    return left_open(answer) if answer.answer == "about" and is_doubtful(case, brackets) else answer


def _of_page(case: TitleCase, answer: TitleKind) -> TitleKind:
    """The very page that a rule names: what it is called never takes it away."""
    if answer.answer == "about":
        return left_open(answer)
    if answer.answer == "undecided" and answer.head not in case.lexicon.shows and (case.has_topic or case.words.free):
        return TitleKind("thing", "规则指定的网页", answer.head)
    return answer
