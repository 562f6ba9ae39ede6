"""Classifies a title: the entry is the owed publication (`thing`), only about it (`about`), or `undecided`.

A title is read from its end: its last noun names the kind of the entry, the words before it the topic, and the verb
after 关于 the purpose of the document. Unknown words leave a title undecided; then the text or a person decides. The
words are in rulebook/titles.yaml.
"""

from __future__ import annotations

from functools import lru_cache

from tracker.core.matching.naming import flat
from tracker.core.matching.title_case import PERIOD, TitleCase, TitleKind, leave_open, to_plain_title
from tracker.core.matching.title_doubts import is_doubtful
from tracker.core.matching.title_frames import read_frame
from tracker.core.matching.title_states import read_state
from tracker.core.matching.title_words import DutyWords
from tracker.core.values.lexicon import Lexicon


@lru_cache(maxsize=4096)
def classify_title(title: str, words: DutyWords, lexicon: Lexicon, accepts: tuple[str, ...] = ()) -> TitleKind:
    """Return the kind of entry that a title names, for a title that fits a rule.

    `accepts`: the kinds of document that the rule accepts as well.
    """
    text, brackets = to_plain_title(title)
    case = TitleCase(text, words, lexicon, frozenset(accepts), PERIOD.search(flat(title)) is not None)
    answer = read_state(case, flat(title), brackets) or read_frame(case)
    if words.page:
        return _classify_page(case, answer)
    if words.free:
        # A rule that asks for nothing but an entry takes any; a title about its own topic stays undecided.
        if answer.answer == "about" and case.has_topic:
            return leave_open(answer)
        return TitleKind("thing", "规则不限标题，该栏目的公开内容均可", answer.head)
    return leave_open(answer) if answer.answer == "about" and is_doubtful(case, brackets) else answer


def _classify_page(case: TitleCase, answer: TitleKind) -> TitleKind:
    """Return the kind of the page that a rule names: its title never refuses it."""
    if answer.answer == "about":
        return leave_open(answer)
    if answer.answer == "undecided" and answer.head not in case.lexicon.shows and (case.has_topic or case.words.free):
        return TitleKind("thing", "规则指定的网页", answer.head)
    return answer
